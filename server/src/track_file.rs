//! A track's set-up as a file to keep, or to take to another office.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use shared::error::AppError;
use store::StoreError;

use crate::pages::plain_answer;
use crate::state::{AppState, session_token};

/// `GET /admin/tracks/{slug}/file`. Whoever is not logged in is led to the login, and from there to the track's page.
pub(crate) async fn download(State(state): State<AppState>, Path(slug): Path<String>, headers: HeaderMap) -> Response {
    match file(&state, &slug, &headers).await {
        Ok(text) => {
            let name = format!("attachment; filename=\"{slug}.toml\"");
            let kind = [(header::CONTENT_TYPE, "application/toml; charset=utf-8")];
            (kind, [(header::CONTENT_DISPOSITION, name), (header::CACHE_CONTROL, "no-store".to_owned())], text)
                .into_response()
        }
        Err(StoreError::Refused(AppError::SignedOut)) => {
            let next = serde_urlencoded::to_string([("next", format!("/admin/tracks/{slug}"))]).unwrap_or_default();
            Redirect::to(&format!("/login?{next}")).into_response()
        }
        Err(error) => plain_answer(&headers, &error.into()),
    }
}

async fn file(state: &AppState, slug: &str, headers: &HeaderMap) -> Result<String, StoreError> {
    let token = session_token(headers).ok_or(AppError::SignedOut)?;
    let track = state.store.signed_in(token).await?.managed_track(slug).await?;
    let template = track.template().map_err(|problem| StoreError::Corrupt(format!("{slug}: {problem}")))?;
    template.to_toml().map_err(|error| StoreError::Corrupt(format!("{slug}: {error}")))
}
