//! Who looks at the page, in which language, and what they have just sent in vain.
//!
//! The server makes one [`Visit`] for each request, before anything is rendered; pages and server
//! functions find it in their context.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;
use shared::error::AppError;
use shared::locale::Locale;
use shared::undo::Undoable;
use store::{SessionToken, SignedIn, Store};

use crate::texts::Texts;

/// The name of the cookie that keeps the session.
pub const SESSION_COOKIE: &str = "samlop_session";
/// The name of the cookie that keeps the language of somebody who is not logged in.
pub const LOCALE_COOKIE: &str = "samlop_locale";

/// The name of the cookie that carries a secret to the page that shows it once.
pub const SHOWN_COOKIE: &str = "samlop_shown";

/// One request.
#[derive(Clone)]
pub struct Visit {
    /// The store, for the visitor's door.
    pub store: Store,
    /// The person who is logged in.
    pub person: Option<Arc<SignedIn>>,
    /// The token of the session, if the browser sent one.
    pub token: Option<String>,
    /// The language.
    pub locale: Locale,
    /// Where the request came from.
    pub address: IpAddr,
    /// The path and query of the page.
    pub path: String,
    /// A secret that the page shall show this once, as the browser brings it; somebody else may have put it there.
    pub shown_once: Option<String>,
    /// The address at which people open Samløp, without a slash at the end.
    pub public_url: Arc<str>,
    /// Whether cookies may only travel over https.
    pub secure: bool,
    /// What was sent in vain, when a form's page is shown again.
    pub rejected: Option<Arc<Rejected>>,
    /// The files that pages link to.
    pub assets: Assets,
}

/// The files that pages link to; their names change with their content.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The path of the script that wakes the islands.
    pub start: Arc<str>,
    /// The path of the WebAssembly library's loader.
    pub library: Arc<str>,
    /// The path of the WebAssembly library.
    pub wasm: Arc<str>,
    /// The path of the style sheet.
    pub css: Arc<str>,
    /// The path of the icon.
    pub icon: Arc<str>,
    /// The paths of the fonts that every page needs.
    pub fonts: [Arc<str>; 3],
    /// The path of the script behind the key that leads to the search field.
    pub find_key: Arc<str>,
    /// What lets windows share a stream of news.
    pub line: Arc<str>,
    /// The path of the script that reads a chosen file of a track.
    pub track_file: Arc<str>,
}

/// A form that was not accepted: why, and everything that was typed.
#[derive(Debug)]
pub struct Rejected {
    /// The path to which it was posted.
    pub action: String,
    /// The fields as they came. Passwords are left out.
    pub fields: HashMap<String, String>,
    /// Why.
    pub error: AppError,
}

impl Visit {
    /// The texts in the reader's language.
    #[must_use]
    pub fn texts(&self) -> Texts {
        self.locale.into()
    }

    /// The page's query, as written in the address.
    #[must_use]
    pub fn whole_query(&self) -> &str {
        self.path.split_once('?').map(|(_, query)| query).unwrap_or_default()
    }

    /// A value of the page's query.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        let pairs: HashMap<String, String> = serde_urlencoded::from_str(self.whole_query()).ok()?;
        pairs.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// The path without the query.
    #[must_use]
    pub fn bare_path(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }
}

/// This request.
#[must_use]
pub fn visit() -> Visit {
    expect_context()
}

/// The door of the person who is logged in.
pub fn signed_in() -> Result<Arc<SignedIn>, AppError> {
    use_context::<Visit>().and_then(|visit| visit.person).ok_or(AppError::SignedOut)
}

/// The address to which a form of this page is posted: the function's path, and the page to come back to.
/// When a form is shown again, the browser's own address is the function's, so it must be told.
#[must_use]
pub fn action(function: &str) -> String {
    // A page is still being made when the browser has gone, and then its context has gone too.
    let path = use_context::<Visit>().map(|visit| visit.path).unwrap_or_default();
    let page = serde_urlencoded::to_string([("page", path)]).unwrap_or_default();
    format!("{function}?{page}")
}

/// Sends the browser to another page of ours after a form has been accepted.
pub fn go_to(path: &str) {
    set_header(http::header::LOCATION, path);
}

/// Sends the browser back to the page of the form, which then says what was done (see `words::done`).
pub fn done_here(code: &str) {
    set_header(DONE_HEADER, code);
}

/// The same, for what can be taken back.
pub fn done_undoably(code: &str, undone: Undoable) {
    done_here(&format!("{code}~{undone}"));
}

/// Sends the browser to another page of ours, which then says what was done.
pub fn done_at(path: &str, code: &str) {
    go_to(path);
    done_here(code);
}

/// Says to the server's form handler what was done; it never leaves the server.
pub const DONE_HEADER: http::HeaderName = http::HeaderName::from_static("samlop-done");

/// Keeps a session in the browser.
pub fn keep_session(visit: &Visit, token: &SessionToken) {
    // Lax, not Strict: the link in a mail must find the session.
    set_cookie(visit, SESSION_COOKIE, token.as_str(), "HttpOnly; SameSite=Lax");
}

/// Takes the session out of the browser.
pub fn forget_session(visit: &Visit) {
    set_cookie(visit, SESSION_COOKIE, "", "HttpOnly; SameSite=Lax; Max-Age=0");
}

/// Keeps the language in the browser, for pages before login.
pub fn keep_locale(visit: &Visit, locale: Locale) {
    set_cookie(visit, LOCALE_COOKIE, locale.tag(), "HttpOnly; SameSite=Lax; Max-Age=31536000");
}

/// Lets the page to which the browser comes next show a secret that is kept nowhere else.
pub fn show_once(visit: &Visit, secret: &str) {
    set_cookie(visit, SHOWN_COOKIE, secret, "HttpOnly; SameSite=Lax; Max-Age=60");
}

/// Takes the secret that is being shown out of the browser.
pub fn forget_shown(visit: &Visit) {
    set_cookie(visit, SHOWN_COOKIE, "", "HttpOnly; SameSite=Lax; Max-Age=0");
}

/// Makes the page an answer that only leads on (303); see [`go_to`].
pub fn see_other() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(http::StatusCode::SEE_OTHER);
    }
}

/// Sets the status of the page.
pub fn set_status(error: &AppError) {
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
}

/// Sets a header of the response; a value that a header can't hold is left out.
pub fn set_header(name: http::HeaderName, value: &str) {
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(value) = http::HeaderValue::from_str(value)
    {
        response.insert_header(name, value);
    }
}

fn set_cookie(visit: &Visit, name: &str, value: &str, attributes: &str) {
    let secure = if visit.secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; {attributes}{secure}");
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(cookie) = http::HeaderValue::from_str(&cookie)
    {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
}
