//! For those who run Samløp: is it alive, is it ready, how much does it do.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics::{counter, gauge, histogram};
use std::time::Instant;

use crate::state::AppState;

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers and has the newest shape.
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match state.store.is_ready().await {
        Ok(true) => (StatusCode::OK, "ok\n"),
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "the database is not migrated\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

/// `GET /metrics`: figures in Prometheus's text format, without personal data.
pub(crate) async fn figures(State(state): State<AppState>) -> Response {
    match state.store.system("metrics").mail_figures().await {
        Ok(figures) => {
            for (mail_state, count) in figures.counts {
                #[expect(clippy::cast_precision_loss, reason = "far fewer mails than 2^52")]
                gauge!("samlop_mails", "state" => mail_state.code()).set(count as f64);
            }
            let waited = figures.oldest.map_or(0, |oldest| (state.store.now() - oldest).num_seconds());
            #[expect(clippy::cast_precision_loss, reason = "far fewer seconds than 2^52")]
            gauge!("samlop_mail_oldest_waiting_seconds").set(waited as f64);
        }
        Err(error) => tracing::warn!(%error, "no figures about mails"),
    }
    state.metrics.render().into_response()
}

/// Counts and times requests, by status alone: an address could name a participant.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let response = next.run(request).await;
    counter!("samlop_http_requests_total", "status" => response.status().as_u16().to_string()).increment(1);
    histogram!("samlop_http_request_seconds").record(begun.elapsed().as_secs_f64());
    response
}
