//! What the board asks of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::board::{MoveForm, Moved, Undone};
use shared::error::AppError;
use shared::id::MoveId;

/// Moves a card. Drag, keyboard, menu and plain form all send this.
#[server(endpoint = "board/move-card")]
pub async fn move_card(
    /// What was sent.
    form: MoveForm,
) -> Result<Moved, AppError> {
    let moved = crate::visit::signed_in()?.move_card(&form).await?;
    match moved.undo {
        Some(id) => crate::visit::done_undoably("moved", shared::undo::Undoable::Moved(id)),
        None => crate::visit::done_here("moved"),
    }
    Ok(moved)
}

/// A move.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UndoForm {
    /// Which.
    pub undone: MoveId,
}

/// Takes one of one's own moves back, and the alerts about it that have not been sent.
#[server(endpoint = "board/undo-move")]
pub async fn undo_move(
    /// What was sent.
    form: UndoForm,
) -> Result<Undone, AppError> {
    Ok(crate::visit::signed_in()?.undo_move(form.undone).await?)
}
