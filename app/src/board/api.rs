//! What the board asks of the server.

use leptos::prelude::*;
use shared::board::{MoveForm, Moved};
use shared::error::AppError;

/// Moves a card. Drag, keyboard, menu and plain form all send this.
#[server(endpoint = "board/move-card")]
pub async fn move_card(
    /// What was sent.
    form: MoveForm,
) -> Result<Moved, AppError> {
    let moved = crate::visit::signed_in()?.move_card(&form).await?;
    crate::visit::done_here("moved");
    Ok(moved)
}
