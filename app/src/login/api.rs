//! What the login page asks of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::accounts::LoginForm;
use shared::error::AppError;

/// The login form with the page that the person was on the way to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Form {
    /// That page.
    #[serde(default)]
    pub next: String,
    /// What was typed.
    #[serde(flatten)]
    pub login: LoginForm,
}

/// Logs somebody in.
#[server(endpoint = "login")]
pub async fn log_in(
    /// What was sent.
    form: Form,
) -> Result<(), AppError> {
    let visit = crate::visit::visit();
    let session = visit.store.visitor().log_in(form.login.parse()?, visit.address).await?;
    crate::visit::keep_session(&visit, &session.token);
    crate::visit::keep_locale(&visit, session.locale);
    crate::visit::go_to(own_page(&form.next));
    Ok(())
}

/// A page of ours, whatever the address says: `//evil.example` and `/\evil.example` are not.
#[cfg(feature = "ssr")]
fn own_page(next: &str) -> &str {
    let is_ours = next.starts_with('/') && !next[1..].starts_with(['/', '\\']) && !next.chars().any(char::is_control);
    if is_ours { next } else { "/" }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::own_page;

    #[test]
    fn after_login_nobody_is_sent_to_another_site() {
        for next in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb", "javascript:alert(1)"]
        {
            assert_eq!(own_page(next), "/", "{next:?}");
        }
        assert_eq!(own_page("/participants/1#note-2"), "/participants/1#note-2");
    }
}
