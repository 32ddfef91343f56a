//! Every route and every layer on one screen.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate, SizeAbove};
use tower_http::timeout::TimeoutLayer;

use crate::state::AppState;
use crate::{assets, calendar, forms, health, live, pages, security, track_file, unsubscribe};

/// No answer takes longer than this.
const PATIENCE: Duration = Duration::from_secs(30);

/// All routes. Pages are whatever is left: `app` knows their addresses, and has one for those that don't exist.
pub(crate) fn router(state: AppState) -> Router {
    let layers = ServiceBuilder::new()
        .layer(from_fn(health::measure))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        // A board of a thousand cards takes longer at higher levels than the network gains. Fonts are
        // compressed already.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(1)).compress_when(
            DefaultPredicate::new().and(NotForContentType::const_new("font/")).and(SizeAbove::new(1024)),
        ))
        .layer(from_fn_with_state(state.clone(), security::only_own_pages_change))
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/api/{*function}", post(forms::call))
        .route("/pkg/{file}", get(assets::serve))
        .route("/calendar/{file}", get(calendar::feed))
        .route("/live/{track}", get(live::board))
        .route("/admin/tracks/{slug}/file", get(track_file::download))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::figures))
        .route("/unsubscribe/{token}", get(pages::page).post(unsubscribe::one_click).layer(DefaultBodyLimit::max(1024)))
        .fallback(get(pages::page))
        .layer(layers)
        .with_state(state)
}

#[cfg(test)]
mod tests;
