//! What every request needs, and who is behind a request.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use app::visit::{Assets, LOCALE_COOKIE, Rejected, SESSION_COOKIE, SHOWN_COOKIE, Visit};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use metrics_exporter_prometheus::PrometheusHandle;
use shared::error::AppError;
use shared::locale::Locale;
use store::{Store, StoreError};
use tokio::sync::{Semaphore, watch};

/// What every request needs.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) store: Store,
    pub(crate) assets: Assets,
    /// The address at which people open Samløp, without a slash at the end.
    pub(crate) public_url: Arc<str>,
    /// Proxies whose word about a visitor's address is believed.
    pub(crate) trusted_proxies: Arc<[IpAddr]>,
    pub(crate) metrics: PrometheusHandle,
    /// Becomes true when the server is told to stop.
    pub(crate) stopping: watch::Receiver<bool>,
    /// Room for boards that are kept alive.
    pub(crate) streams: Arc<Semaphore>,
}

impl AppState {
    /// Whether people reach Samløp over https.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Who is behind a request for the page at `path`.
    pub(crate) async fn visit(
        &self,
        parts: &Parts,
        peer: SocketAddr,
        path: String,
        rejected: Option<Rejected>,
    ) -> Result<Visit, AppError> {
        let token = session_token(&parts.headers).map(str::to_owned);
        let person = match &token {
            None => None,
            Some(token) => match self.store.signed_in(token).await {
                Ok(person) => Some(Arc::new(person)),
                Err(StoreError::Refused(AppError::SignedOut)) => None,
                Err(error) => return Err(error.into()),
            },
        };
        let locale = person.as_ref().map_or_else(|| visitor_locale(&parts.headers), |person| person.me().locale);
        Ok(Visit {
            store: self.store.clone(),
            person,
            token,
            locale,
            address: self.address(&parts.headers, peer),
            path,
            shown_once: cookie(&parts.headers, SHOWN_COOKIE).filter(|secret| !secret.is_empty()).map(str::to_owned),
            public_url: self.public_url.clone(),
            secure: self.is_secure(),
            rejected: rejected.map(Arc::new),
            assets: self.assets.clone(),
        })
    }

    /// Where a request came from: the peer, or what a trusted proxy says last.
    fn address(&self, headers: &HeaderMap, peer: SocketAddr) -> IpAddr {
        let peer = peer.ip().to_canonical();
        if !self.trusted_proxies.contains(&peer) {
            return peer;
        }
        let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or_default();
        forwarded.rsplit(',').next().and_then(|last| last.trim().parse().ok()).unwrap_or(peer)
    }
}

/// The language of somebody who is not logged in.
pub(crate) fn visitor_locale(headers: &HeaderMap) -> Locale {
    let header =
        |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok()).unwrap_or_default();
    let chosen = cookie(headers, LOCALE_COOKIE).and_then(Locale::from_tag);
    chosen.unwrap_or_else(|| Locale::from_accept_language(header(header::ACCEPT_LANGUAGE)))
}

/// The token of the session, if the browser sent one.
pub(crate) fn session_token(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SESSION_COOKIE)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}
