//! What the administrator's page asks of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::error::AppError;
use shared::id::MailId;

/// Sends a test mail to oneself.
#[server(endpoint = "admin/send-test-mail")]
pub async fn send_test_mail() -> Result<(), AppError> {
    crate::visit::signed_in()?.send_test_mail().await?;
    crate::visit::done_here("test-mail");
    Ok(())
}

/// A mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResendForm {
    /// Which.
    pub mail: MailId,
}

/// Sends a mail again that was refused or given up.
#[server(endpoint = "admin/resend-mail")]
pub async fn resend_mail(
    /// What was sent.
    form: ResendForm,
) -> Result<(), AppError> {
    crate::visit::signed_in()?.resend_mail(form.mail).await?;
    crate::visit::done_here("resent");
    Ok(())
}
