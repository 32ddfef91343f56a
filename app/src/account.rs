//! One's own account: language, sessions, logging out.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::error::AppError;
use shared::locale::Locale;

#[cfg(feature = "ssr")]
pub(crate) use page::AccountPage;

/// The language that somebody chose, and the page on which it was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LocaleForm {
    /// The language.
    pub locale: Locale,
    /// The page.
    #[serde(default)]
    pub path: String,
}

/// Chooses the language of pages and mails; before login it is kept in the browser.
#[server(endpoint = "account/choose-locale")]
pub async fn choose_locale(
    /// What was sent.
    form: LocaleForm,
) -> Result<(), AppError> {
    let visit = crate::visit::visit();
    crate::visit::keep_locale(&visit, form.locale);
    if let Some(person) = &visit.person {
        person.choose_locale(form.locale).await?;
    }
    Ok(())
}

/// What somebody chose about keys.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeysForm {
    /// Whether keys that are pressed alone may do something.
    pub single_keys: bool,
}

/// Chooses whether keys that are pressed alone may do something.
#[server(endpoint = "account/choose-keys")]
pub async fn choose_keys(
    /// What was sent.
    form: KeysForm,
) -> Result<(), AppError> {
    crate::visit::signed_in()?.choose_single_keys(form.single_keys).await?;
    crate::visit::done_here("keys");
    Ok(())
}

/// Logs out here.
#[server(endpoint = "account/log-out")]
pub async fn log_out() -> Result<(), AppError> {
    let visit = crate::visit::visit();
    let person = crate::visit::signed_in()?;
    person.log_out(visit.token.as_deref().unwrap_or_default()).await?;
    crate::visit::forget_session(&visit);
    crate::visit::go_to("/login");
    Ok(())
}

/// Logs out in every browser.
#[server(endpoint = "account/log-out-everywhere")]
pub async fn log_out_everywhere() -> Result<(), AppError> {
    let visit = crate::visit::visit();
    crate::visit::signed_in()?.log_out_everywhere().await?;
    crate::visit::forget_session(&visit);
    crate::visit::go_to("/login");
    Ok(())
}

#[cfg(feature = "ssr")]
mod page {
    use leptos::prelude::*;
    use server_fn::ServerFn;
    use shared::access::Role;

    use super::{ChooseKeys, LogOutEverywhere};
    use crate::frame::{Page, Part, page};
    use crate::visit::action;

    #[component]
    pub(crate) fn AccountPage() -> impl IntoView {
        page(async |visit, person| {
            let texts = visit.texts();
            let me = person.me();
            let role = match me.role {
                Role::Administrator => texts.role_administrator(),
                Role::Leader => texts.role_leader(),
                Role::InnAdviser => texts.role_inn_adviser(),
                Role::NavContact => texts.role_nav_contact(),
            };
            let sessions = person.session_count().await?;
            let organisation = person.organisation_name().await?;
            let sessions_text = match sessions {
                0 | 1 => texts.account_one_session().to_owned(),
                many => texts.account_session_count(&many.to_string()),
            };
            let (keys_text, keys_button) = if me.single_keys {
                (texts.account_keys_on(), texts.account_turn_keys_off())
            } else {
                (texts.account_keys_off(), texts.account_turn_keys_on())
            };
            let title = texts.account_title();
            let body = view! {
                <div class="page-head"><h1>{title}</h1></div>
                <dl class="facts">
                    <dt>{texts.field_name()}</dt><dd>{me.name.clone()}</dd>
                    <dt>{texts.field_email()}</dt><dd>{me.email.to_string()}</dd>
                    <dt>{texts.account_role()}</dt><dd>{role}</dd>
                    <dt>{texts.account_organisation()}</dt><dd>{organisation}</dd>
                </dl>
                <section aria-labelledby="alerts">
                    <h2 id="alerts">{texts.account_alerts()}</h2>
                    <p class="ds-paragraph"><a class="ds-link" href="/account/alerts">{texts.account_choose_alerts()}</a></p>
                </section>
                <section aria-labelledby="calendar">
                    <h2 id="calendar">{texts.calendar_title()}</h2>
                    <p class="ds-paragraph"><a class="ds-link" href="/account/calendar">{texts.calendar_link()}</a></p>
                </section>
                <section aria-labelledby="keys">
                    <h2 id="keys">{texts.account_keys()}</h2>
                    <p class="ds-paragraph">{keys_text}</p>
                    <form method="post" action=action(ChooseKeys::PATH)>
                        <input type="hidden" name="form[single_keys]" value=(!me.single_keys).to_string()/>
                        <button class="ds-button" data-variant="secondary" type="submit">{keys_button}</button>
                    </form>
                </section>
                <section aria-labelledby="sessions">
                    <h2 id="sessions">{texts.account_sessions()}</h2>
                    <p class="ds-paragraph">{sessions_text}</p>
                    <form method="post" action=action(LogOutEverywhere::PATH)>
                        <button class="ds-button" data-variant="secondary" type="submit">{texts.account_log_out_everywhere()}</button>
                    </form>
                </section>
            }
            .into_any();
            Ok(Page { part: Part::Account, title: title.to_owned(), class: "page", body })
        })
    }
}
