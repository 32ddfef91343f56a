//! A whole Samløp without a network: requests go straight into the router.
//!
//! Every answer is held against what holds for all of them, so each test proves that on the way.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use any_spawner::Executor;
use app::visit::{Assets, SESSION_COOKIE, Visit};
use axum::Router;
use axum::body::{Body, BodyDataStream, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use leptos::server_fn::error::FromServerFnError;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use shared::accounts::Login;
use shared::email::EmailAddress;
use shared::error::AppError;
use shared::locale::Locale;
use store::testing::{Engine, PASSWORD, TestStore};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

use super::html::{Html, check_is_clean, nonce_in};
use crate::router::router;
use crate::state::AppState;

/// The address at which people open it.
pub(super) const PUBLIC_URL: &str = "https://samlop.example.no";
/// The proxy that it trusts.
pub(super) const PROXY: &str = "10.0.0.1";
/// Everybody who has an account.
pub(super) const PEOPLE: [&str; 8] = ["inn", "inn2", "leder", "nav", "nav-west", "admin", "stranger", "nav-stranger"];

/// A Samløp with its people, each logged in once.
pub(super) struct Site {
    pub(super) test: TestStore,
    state: AppState,
    router: Router,
    tokens: HashMap<&'static str, String>,
}

impl Site {
    /// On SQLite.
    pub(super) async fn new() -> Self {
        Self::with(TestStore::new(Engine::Sqlite).await).await
    }

    /// On the store of a test.
    pub(super) async fn with(test: TestStore) -> Self {
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        Self::measured(test, metrics, PUBLIC_URL).await
    }

    /// With figures and an address of its own.
    pub(super) async fn measured(test: TestStore, metrics: PrometheusHandle, public_url: &str) -> Self {
        // Fails when another test has done it before, which is as good.
        let _ = Executor::init_tokio();
        let state = AppState {
            store: test.store.clone(),
            // The same whether or not `cargo xtask` has built them.
            assets: Assets {
                start: "/pkg/start.js".into(),
                library: "/pkg/samlop.js".into(),
                wasm: "/pkg/samlop_bg.wasm".into(),
                css: "/pkg/samlop.css".into(),
                icon: "/pkg/icon.svg".into(),
                fonts: ["400", "500", "600"].map(|weight| format!("/pkg/inter-{weight}.woff2").into()),
                find_key: "/pkg/find_key.js".into(),
                line: "/pkg/line.js".into(),
                track_file: "/pkg/track_file.js".into(),
            },
            public_url: public_url.into(),
            trusted_proxies: [PROXY.parse().unwrap()].into(),
            metrics,
            stopping: watch::channel(false).1,
            streams: Arc::new(Semaphore::new(2)),
        };
        let mut tokens = HashMap::new();
        for name in PEOPLE {
            let login = Login { email: address_of(name), password: PASSWORD.to_owned() };
            let session = test.store.visitor().log_in(login, [127, 0, 0, 1].into()).await.unwrap();
            tokens.insert(name, session.token.as_str().to_owned());
        }
        Self { test, router: router(state.clone()), state, tokens }
    }

    /// What pages find in their context when nobody in particular asks.
    pub(super) async fn visit(&self) -> Visit {
        let (parts, ()) = Request::new(()).into_parts();
        self.state.visit(&parts, ([192, 0, 2, 1], 4711).into(), "/".to_owned(), None).await.unwrap()
    }

    /// A request for a page or a file.
    pub(super) fn get(&self, path: &str) -> Call<'_> {
        Call::new(self, Method::GET, path, Bytes::new())
    }

    /// A request as one of our own pages sends it.
    pub(super) fn post(&self, path: &str, body: impl Into<Bytes>) -> Call<'_> {
        Call::new(self, Method::POST, path, body.into())
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
    }

    /// What somebody's browser keeps.
    pub(super) fn token(&self, name: &str) -> &str {
        &self.tokens[name]
    }

    /// Whether everybody is still logged in.
    pub(super) async fn all_are_logged_in(&self) -> bool {
        for token in self.tokens.values() {
            if self.test.store.signed_in(token).await.is_err() {
                return false;
            }
        }
        true
    }

    /// Lets a person read another language.
    pub(super) async fn choose_locale(&self, name: &str, locale: Locale) {
        self.test.person(name).await.choose_locale(locale).await.unwrap();
    }
}

/// Somebody's mail address.
pub(super) fn address_of(name: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{name}@example.no")).unwrap()
}

/// A request that is being put together.
pub(super) struct Call<'a> {
    site: &'a Site,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    peer: IpAddr,
}

impl<'a> Call<'a> {
    fn new(site: &'a Site, method: Method, path: &str, body: Bytes) -> Self {
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("samlop.example.no"))]);
        Self { site, method, path: path.to_owned(), headers, body, peer: [192, 0, 2, 1].into() }
    }

    /// Sent by somebody who is logged in.
    pub(super) fn by(self, name: &str) -> Self {
        let cookie = format!("{SESSION_COOKIE}={}", self.site.token(name));
        self.header("cookie", &cookie)
    }

    /// Sent by the form on a page, without a script.
    pub(super) fn plain(mut self, page: &str) -> Self {
        let query = serde_urlencoded::to_string([("page", page)]).unwrap();
        self.path = format!("{}?{query}", self.path);
        let referer = format!("{PUBLIC_URL}{}", page.replace(char::is_control, ""));
        self.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8").header("referer", &referer)
    }

    /// With this header.
    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    /// Without this header.
    pub(super) fn without(mut self, name: &'static str) -> Self {
        self.headers.remove(name);
        self
    }

    /// With this method.
    pub(super) fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// From this address.
    pub(super) fn from(mut self, address: &str) -> Self {
        self.peer = address.parse().unwrap();
        self
    }

    /// Sends it, and checks what holds for every answer.
    pub(super) async fn send(self) -> Answer {
        let is_secure = self.site.state.is_secure();
        let answer = self.send_to_broken().await;
        assert!(answer.status < 500, "{}: {} {}", answer.what, answer.status, answer.text());
        answer.check(is_secure);
        answer
    }

    /// Sends it, and begins to read an answer that has no end.
    pub(super) async fn stream(self) -> BodyDataStream {
        let answer = self.site.router.clone().oneshot(self.request()).await.unwrap();
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        answer.into_body().into_data_stream()
    }

    /// Sends it to a Samløp that can't be well, or takes an answer that can't be read without more ado.
    pub(super) async fn send_to_broken(self) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        let router = self.site.router.clone();
        let (parts, body) = router.oneshot(self.request()).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { what, status: parts.status.as_u16(), headers: parts.headers, body }
    }

    fn request(self) -> Request<Body> {
        let mut request = Request::new(Body::from(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().unwrap();
        *request.headers_mut() = self.headers;
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.peer, 4711)));
        request
    }
}

/// What came back.
pub(super) struct Answer {
    what: String,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// A header's value, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The body as text.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body without what differs from answer to answer.
    pub(super) fn lasting_text(&self) -> String {
        self.text().replace(nonce_in(self.header("content-security-policy")), "nonce")
    }

    /// The body as a page.
    pub(super) fn html(&self) -> Html {
        assert!(self.is_html(), "{}: {} {}", self.what, self.status, self.text());
        Html::parse(self.text())
    }

    /// The body as the error that the browser's library reads.
    pub(super) fn error(&self) -> AppError {
        assert_eq!(self.header("content-type"), "application/json", "{}: {}", self.what, self.text());
        AppError::de(self.body.clone())
    }

    /// The value of a cookie that is set, with its attributes.
    pub(super) fn cookie(&self, name: &str) -> Option<(&str, &str)> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        let cookie = cookies.filter_map(|cookie| cookie.split_once('=')).find(|(key, _)| *key == name);
        cookie.map(|(_, rest)| rest.split_once(';').unwrap_or((rest, "")))
    }

    fn is_html(&self) -> bool {
        self.header("content-type").starts_with("text/html")
    }

    /// What holds for every answer, whatever was asked.
    fn check(&self, is_secure: bool) {
        let what = format!("{}: {}", self.what, self.status);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", if is_secure { "max-age=31536000" } else { "" }),
        ] {
            assert_eq!(self.header(name), value, "{what}: {name}");
        }
        assert!(self.header("permissions-policy").contains("camera=()"), "{what}");
        let kept = match self.status {
            200 if self.what.starts_with("GET /pkg/") => "public, max-age=31536000, immutable",
            200 | 304 if self.what.starts_with("GET /calendar/") => "private, no-cache",
            _ => "no-store",
        };
        assert_eq!(self.header("cache-control"), kept, "{what}");
        assert!(!self.headers.contains_key("samlop-done"), "{what}: only for the form handler");
        for cookie in self.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax"] {
                assert!(cookie.contains(attribute), "{what}: {cookie}");
            }
            assert_eq!(cookie.ends_with("; Secure"), is_secure, "{what}: {cookie}");
        }
        let location = self.header("location");
        let is_ours = location.starts_with('/') && !location[1..].starts_with(['/', '\\']);
        assert!(location.is_empty() || is_ours, "{what}: leads to {location}");
        let policy = self.header("content-security-policy");
        if !self.header("content-encoding").is_empty() {
            assert!(policy.contains("default-src 'none'"), "{what}");
        } else if self.is_html() {
            check_is_clean(&what, policy, self.text());
        } else {
            assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "{what}");
        }
    }
}
