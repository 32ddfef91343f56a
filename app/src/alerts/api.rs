//! What the page of alerts asks of the server.

use leptos::prelude::*;
use shared::error::AppError;

/// Marks all of one's alerts as read.
#[server(endpoint = "alerts/mark-all-read")]
pub async fn mark_all_read() -> Result<(), AppError> {
    crate::visit::signed_in()?.mark_all_read().await?;
    crate::visit::done_here("read");
    Ok(())
}
