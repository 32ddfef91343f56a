//! Server functions, for the browser's library and for plain forms alike.
//!
//! A plain form that is accepted leads back to a page (303). One that is not leads to the same page again,
//! with what is wrong and everything that was typed. Statuses are set here and nowhere else.

use std::collections::HashMap;
use std::net::SocketAddr;

use app::visit::{DONE_HEADER, Rejected};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::provide_context;
use leptos::server_fn::error::{FromServerFnError, SERVER_FN_ERROR_HEADER};
use shared::error::AppError;

use crate::pages::{plain_answer, render};
use crate::state::AppState;

/// The most bytes of a form: the longest note, each of its characters as four percent-encoded bytes, and some.
const BODY_MAX: usize = 256 * 1024;

/// Runs a server function.
pub(crate) async fn call(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    // Leptos would answer such a request with a redirect that carries the error in the address.
    let accept = parts.headers.remove(header::ACCEPT);
    let is_plain_form = accept.is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")));
    let call = Call { state, peer, page: page_of(&parts.uri, &parts.headers), parts };
    let outcome = match to_bytes(body, BODY_MAX).await {
        Ok(body) => call.run(body.clone()).await.map_err(|error| (error, body)),
        Err(_) => Err((AppError::TooLarge, Bytes::new())),
    };
    match outcome {
        Ok(response) if is_plain_form => call.lead_on(response.headers()),
        Ok(mut response) => {
            response.headers_mut().remove(DONE_HEADER);
            response
        }
        Err((error, body)) if is_plain_form => call.show_again(error, &body).await,
        Err((error, _)) => error_response(&error),
    }
}

/// One call of a server function.
struct Call {
    state: AppState,
    peer: SocketAddr,
    parts: Parts,
    /// The path and query of the page with the form.
    page: String,
}

impl Call {
    async fn run(&self, body: Bytes) -> Result<Response, AppError> {
        let visit = self.state.visit(&self.parts, self.peer, self.page.clone(), None).await?;
        if leptos::server_fn::axum::get_server_fn_service(self.parts.uri.path(), self.parts.method.clone()).is_none() {
            return Err(AppError::NotFound);
        }
        let request = Request::from_parts(self.parts.clone(), Body::from(body));
        let context = move || provide_context(visit.clone());
        let response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
        if response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
            let body = to_bytes(response.into_body(), BODY_MAX).await.unwrap_or_default();
            return Err(AppError::de(body));
        }
        Ok(response)
    }

    /// To the page that the function chose, else back to the one with the form.
    fn lead_on(&self, headers: &HeaderMap) -> Response {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let path = text(header::LOCATION).unwrap_or(&self.page);
        let location = match text(DONE_HEADER) {
            Some(done) => with_done(path, done),
            None => path.to_owned(),
        };
        let mut response = StatusCode::SEE_OTHER.into_response();
        for cookie in headers.get_all(header::SET_COOKIE) {
            response.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        if let Ok(location) = HeaderValue::from_str(&location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }

    async fn show_again(&self, error: AppError, body: &Bytes) -> Response {
        let fields = serde_urlencoded::from_bytes::<Vec<(String, String)>>(body).unwrap_or_default();
        let fields: HashMap<_, _> = fields.into_iter().filter(|(name, _)| !name.contains("password")).collect();
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let rejected = Rejected { action: self.parts.uri.path().to_owned(), fields, error };
        let uri: Uri = self.page.parse().unwrap_or_default();
        let mut request = Request::new(Body::empty());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = uri;
        *request.headers_mut() = self.parts.headers.clone();
        match self.state.visit(&self.parts, self.peer, self.page.clone(), Some(rejected)).await {
            Ok(visit) => {
                let mut response = render(visit, request).await;
                if response.status() == StatusCode::OK {
                    *response.status_mut() = status;
                }
                response
            }
            Err(error) => plain_answer(&self.parts.headers, &error),
        }
    }
}

/// An error for the browser's library.
pub(crate) fn error_response(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [(header::CONTENT_TYPE.as_str(), "application/json"), (SERVER_FN_ERROR_HEADER, "1")];
    (status, headers, error.ser()).into_response()
}

/// The path and query of the page with the form, as its action says, else as the browser tells. Only a path is
/// used, so nobody is led to another site.
fn page_of(uri: &Uri, headers: &HeaderMap) -> String {
    let named = uri.query().and_then(|query| serde_urlencoded::from_str::<HashMap<String, String>>(query).ok());
    let named = named.and_then(|mut query| query.remove("page")).and_then(|page| page.parse::<PathAndQuery>().ok());
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = named.or_else(|| referer?.parse::<Uri>().ok()?.path_and_query().cloned());
    match path {
        // Browsers read `/\evil.example` as `//evil.example`.
        Some(path) if path.path().starts_with('/') && !path.path()[1..].starts_with(['/', '\\']) => {
            without_done(path.as_str())
        }
        _ => "/".to_owned(),
    }
}

/// The path with what was done in its query, before the part after `#`.
fn with_done(path: &str, done: &str) -> String {
    let (path, fragment) =
        path.split_once('#').map_or((path, String::new()), |(path, part)| (path, format!("#{part}")));
    let path = without_done(path);
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}done={done}{fragment}")
}

fn without_done(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("done=")).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_said_once_and_before_the_fragment() {
        assert_eq!(with_done("/a", "task"), "/a?done=task");
        assert_eq!(with_done("/a?show=notes&done=moved#timeline", "task"), "/a?show=notes&done=task#timeline");
        assert_eq!(with_done("/a?done=moved", "task"), "/a?done=task");
    }

    #[test]
    fn a_form_says_to_which_page_it_belongs() {
        let page = |action: &str| page_of(&action.parse().unwrap(), &HeaderMap::new());
        assert_eq!(
            page("/api/notes/save?page=%2Fparticipants%2F1%3Fshow%3Dnotes%26done%3Dtask"),
            "/participants/1?show=notes"
        );
        for foreign in ["//evil.example", "https://evil.example/", "/%5Cevil.example", "evil", ""] {
            let page = page(&format!("/api/notes/save?page={}", foreign.replace('/', "%2F").replace(':', "%3A")));
            assert!(
                page.starts_with('/') && !page.starts_with("//") && !page.starts_with("/\\"),
                "{foreign} leads to {page}"
            );
        }
    }

    #[test]
    fn without_that_only_the_path_of_the_referring_page_counts() {
        let uri = Uri::from_static("/api/notes/save");
        let page = |referer: &'static str| {
            page_of(&uri, &HeaderMap::from_iter([(header::REFERER, HeaderValue::from_static(referer))]))
        };
        assert_eq!(page("http://127.0.0.1:3000/participants/1?show=notes&done=task"), "/participants/1?show=notes");
        assert_eq!(page("https://evil.example//evil.example/x"), "/");
        assert_eq!(page("rubbish"), "/");
        assert_eq!(page_of(&uri, &HeaderMap::new()), "/");
    }
}
