//! What the administrator's pages ask of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::error::AppError;
use shared::id::MailId;

#[cfg(feature = "ssr")]
use crate::visit::{done_at, done_here, signed_in};

/// Sends a test mail to oneself, and waits for a while for its end.
#[server(endpoint = "admin/send-test-mail")]
pub async fn send_test_mail() -> Result<(), AppError> {
    let person = signed_in()?;
    let mail = person.send_test_mail().await?;
    for _ in 0..TEST_LOOKS {
        tokio::time::sleep(TEST_PAUSE).await;
        if person.mail_was_tried(mail).await? {
            done_here("test-mail");
            return Ok(());
        }
    }
    done_here("test-mail-waits");
    Ok(())
}

/// How often somebody who waits for a test mail looks for its end. With the pause between it is less than a
/// request may take.
#[cfg(feature = "ssr")]
const TEST_LOOKS: u32 = 20;
#[cfg(feature = "ssr")]
const TEST_PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

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
    signed_in()?.resend_mail(form.mail).await?;
    done_here("resent");
    Ok(())
}

/// Whether mails shall wait.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PauseForm {
    /// Whether they shall.
    pub pause: bool,
}

/// Keeps all mails back, or lets them go again.
#[server(endpoint = "admin/pause-mails")]
pub async fn pause_mails(
    /// What was sent.
    form: PauseForm,
) -> Result<(), AppError> {
    signed_in()?.pause_mails(form.pause).await?;
    done_here(if form.pause { "paused" } else { "resumed" });
    Ok(())
}

/// What mails may tell, and whether the warning about it has been read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailContentForm {
    /// The code of a [`shared::outbox::ContentLevel`].
    #[serde(default)]
    pub level: String,
    /// Anything, if the warning has been read.
    #[serde(default)]
    pub understood: String,
}

/// Chooses what mails may tell. More than nothing only after the warning has been read.
#[server(endpoint = "admin/choose-mail-content")]
pub async fn choose_mail_content(
    /// What was sent.
    form: MailContentForm,
) -> Result<(), AppError> {
    use shared::error::Problem;
    use shared::outbox::ContentLevel;
    let unknown = || AppError::field("level", Problem::UnknownChoice);
    let level = ContentLevel::from_code(&form.level).ok_or_else(unknown)?;
    if level != ContentLevel::Nothing && form.understood.is_empty() {
        return Err(AppError::field("understood", Problem::NotConfirmed));
    }
    signed_in()?.choose_mail_content(level).await?;
    done_at("/admin/mail", "mail-content");
    Ok(())
}
