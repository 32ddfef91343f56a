//! The button of mail programs that stops mails with one press (RFC 8058). They send it without a session and
//! from no page of ours; the signed link itself says whose mails shall stop.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::error::AppError;

use crate::pages::plain_answer;
use crate::state::AppState;

/// Where the pages and the button are.
pub(crate) const PREFIX: &str = "/unsubscribe/";
/// What mail programs send (RFC 8058, section 3.2).
const ONE_CLICK: &str = "One-Click";

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Button {
    #[serde(rename = "List-Unsubscribe", default)]
    list_unsubscribe: String,
}

/// Stops mails of the kind that the link names. The second press does no harm.
pub(crate) async fn one_click(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(button): Form<Button>,
) -> Response {
    if button.list_unsubscribe != ONE_CLICK {
        return plain_answer(&headers, &AppError::Malformed);
    }
    match state.store.visitor().unsubscribe(&token).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => plain_answer(&headers, &error.into()),
    }
}
