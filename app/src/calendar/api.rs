//! What the page about one's calendar asks of the server.

use leptos::prelude::*;
use shared::error::AppError;

/// Makes a new secret address, in place of the one before. The page shows it once.
#[server(endpoint = "calendar/make")]
pub async fn make_calendar_address() -> Result<(), AppError> {
    let visit = crate::visit::visit();
    let secret = crate::visit::signed_in()?.make_calendar_address().await?;
    crate::visit::show_once(&visit, secret.as_str());
    crate::visit::done_here("calendar");
    Ok(())
}

/// Takes the secret address away.
#[server(endpoint = "calendar/remove")]
pub async fn remove_calendar_address() -> Result<(), AppError> {
    crate::visit::signed_in()?.remove_calendar_address().await?;
    crate::visit::done_here("calendar-removed");
    Ok(())
}
