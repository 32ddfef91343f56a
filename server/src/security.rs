//! What protects every request: only our own pages may change anything, and browsers are told what to refuse.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use shared::error::AppError;

use crate::forms::error_response;
use crate::pages::plain_answer;
use crate::state::AppState;
use crate::unsubscribe;

/// Refuses changes that another site's page asks for (OWASP, "Cross-Site Request Forgery Prevention").
pub(crate) async fn only_own_pages_change(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Mail programs press this button, and the link in it is signed; a session would not matter.
    let needs_no_page = request.uri().path().starts_with(unsubscribe::PREFIX);
    if is_safe || needs_no_page || comes_from_own_page(request.headers(), &state.public_url) {
        return next.run(request).await;
    }
    let error = AppError::ForeignOrigin;
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")));
    if wants_page { plain_answer(request.headers(), &error) } else { error_response(&error) }
}

/// Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`. Without either there
/// is no browser, or one that hides it; both are refused.
fn comes_from_own_page(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let Some(origin) = text(header::ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == public_url || (host.is_some() && host == text(header::HOST))
}

/// Says to the browser what it must refuse. Pages set their own Content-Security-Policy (`frame.rs` in `app`).
pub(crate) async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // The addresses of our pages name participants: other sites get nothing, our own forms need them.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    // Nothing about participants stays in a browser's or a proxy's store.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if state.is_secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers =
            pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        comes_from_own_page(&headers.collect(), "https://samlop.example.no")
    }

    #[test]
    fn own_pages_may_change_things() {
        assert!(judged(&[("sec-fetch-site", "same-origin")]));
        assert!(judged(&[("origin", "https://samlop.example.no")]));
        assert!(judged(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]));
    }

    #[test]
    fn others_and_the_nameless_may_not() {
        assert!(!judged(&[("sec-fetch-site", "cross-site"), ("origin", "https://samlop.example.no")]));
        assert!(!judged(&[("sec-fetch-site", "same-site")]));
        assert!(!judged(&[("sec-fetch-site", "none")]));
        assert!(!judged(&[("origin", "https://evil.example"), ("host", "samlop.example.no")]));
        assert!(!judged(&[("origin", "null"), ("host", "samlop.example.no")]));
        assert!(!judged(&[("host", "samlop.example.no")]));
    }
}
