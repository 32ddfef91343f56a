//! What the page of alerts asks of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::alerts::choices::ChoicesForm;
use shared::error::AppError;
use shared::id::AlertId;

/// Marks all of one's alerts as read.
#[server(endpoint = "alerts/mark-all-read")]
pub async fn mark_all_read() -> Result<(), AppError> {
    crate::visit::signed_in()?.mark_all_read().await?;
    crate::visit::done_here("read");
    Ok(())
}

/// An alert.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadForm {
    /// Which.
    pub alert: AlertId,
}

/// Marks one of one's alerts as read.
#[server(endpoint = "alerts/mark-read")]
pub async fn mark_alert_read(
    /// What was sent.
    form: ReadForm,
) -> Result<(), AppError> {
    crate::visit::signed_in()?.mark_alert_read(form.alert).await?;
    crate::visit::done_here("read");
    Ok(())
}

/// Chooses which alerts come by mail, and when.
#[server(endpoint = "alerts/choose")]
pub async fn choose_alerts(
    /// What was sent.
    form: ChoicesForm,
) -> Result<(), AppError> {
    crate::visit::signed_in()?.choose_alerts(&form).await?;
    crate::visit::done_here("choices");
    Ok(())
}

/// A link to stop mails.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnsubscribeForm {
    /// What the link names.
    pub token: String,
}

/// Stops mails of one kind, for whoever has the link; nobody needs to be logged in.
#[server(endpoint = "alerts/unsubscribe")]
pub async fn unsubscribe(
    /// What was sent.
    form: UnsubscribeForm,
) -> Result<(), AppError> {
    crate::visit::visit().store.visitor().unsubscribe(&form.token).await?;
    crate::visit::done_here("unsubscribed");
    Ok(())
}
