//! Pages: finding out who asks, and letting Leptos render.

use std::net::SocketAddr;

use app::frame::shell;
use app::texts::Texts;
use app::visit::Visit;
use app::words::explain;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::provide_context;
use shared::error::AppError;

use crate::state::{AppState, visitor_locale};

/// Answers with the page at the request's address.
pub(crate) async fn page(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let path = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    match state.visit(&parts, peer, path, None).await {
        Ok(visit) => render(visit, Request::from_parts(parts, Body::empty())).await,
        Err(error) => plain_answer(&parts.headers, &error),
    }
}

/// Renders the page of a visit.
pub(crate) async fn render(visit: Visit, request: Request) -> Response {
    leptos_axum::render_app_async_with_context(move || provide_context(visit.clone()), shell)(request).await
}

/// An answer without a page around it, for what goes wrong before one can be made.
pub(crate) fn plain_answer(headers: &HeaderMap, error: &AppError) -> Response {
    let (heading, text) = explain(Texts::from(visitor_locale(headers)), error);
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, kind, format!("{heading}\n\n{text}\n")).into_response()
}
