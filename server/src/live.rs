//! Streams of news for boards that are open (server-sent events, WHATWG HTML section 9.2).

use std::convert::Infallible;
use std::time::{Duration, Instant};

use app::board::board_news;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use serde::Deserialize;
use shared::error::AppError;
use shared::live::{ENDED, EVERYTHING, NEWS};
use shared::views::Filter;
use store::{News, SignedIn, Store, StoreError, Watch};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::sleep;

use crate::forms::error_response;
use crate::state::{AppState, session_token};

/// How many streams are open at once.
pub(crate) const STREAMS: usize = 2_000;
/// How often a stream looks unasked: whether the session has ended, and what other processes have written.
const LOOK: Duration = Duration::from_secs(1);
/// Proxies close what is silent for longer.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// After so many milliseconds a browser tries again.
const RETRY: Duration = Duration::from_secs(2);

/// Where a page stands.
#[derive(Debug, Deserialize)]
pub(crate) struct Since {
    /// The number of the latest event that it shows.
    since: i64,
    /// The version of the track whose phases it shows.
    version: i32,
}

/// `GET /live/{track}`: what happens on a board from now on, and what has happened since the page was made.
pub(crate) async fn board(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Query(Since { since, version }): Query<Since>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // Whoever was cut off says what came last.
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    // The page has told its reader of whatever in it is not understood.
    let (filter, _) = Filter::parse(&query.unwrap_or_default());
    match open(&state, &slug, Since { since: last.unwrap_or(since), version }, filter, &headers).await {
        Ok(Some(live)) => {
            let news = stream::unfold(live, |mut live| async { live.next().await.map(|event| (Ok(event), live)) });
            let events = stream::iter([Ok::<_, Infallible>(Event::default().retry(RETRY))]).chain(news);
            let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            // nginx would keep the events until it has a page full of them.
            headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
            response
        }
        Ok(None) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Err(error) => error_response(&error.into()),
    }
}

/// `None` if too many streams are open.
async fn open(
    state: &AppState,
    slug: &str,
    since: Since,
    filter: Filter,
    headers: &HeaderMap,
) -> Result<Option<Live>, StoreError> {
    let token = session_token(headers).ok_or(AppError::SignedOut)?.to_owned();
    let person = state.store.still_signed_in(&token).await?;
    let happenings = state.store.happenings();
    let watch = person.watch(slug, since.since, since.version).await?;
    let Ok(place) = state.streams.clone().try_acquire_owned() else {
        tracing::warn!(STREAMS, "no more boards can be kept alive at once");
        return Ok(None);
    };
    let (store, stopping) = (state.store.clone(), state.stopping.clone());
    let checked_at = Instant::now();
    Ok(Some(Live {
        store,
        stopping,
        happenings,
        token,
        person,
        checked_at,
        watch,
        filter,
        has_ended: false,
        _place: place,
    }))
}

/// One open stream.
struct Live {
    store: Store,
    stopping: watch::Receiver<bool>,
    happenings: watch::Receiver<u64>,
    token: String,
    /// Who reads, and when it was made sure of that it is still she.
    person: SignedIn,
    checked_at: Instant,
    watch: Watch,
    /// Which cards the page shows.
    filter: Filter,
    has_ended: bool,
    _place: OwnedSemaphorePermit,
}

impl Live {
    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Event> {
        while !self.has_ended {
            match self.look().await {
                Ok(Some(event)) => return Some(event),
                Ok(None) => {}
                Err(StoreError::Refused(_)) => {
                    self.has_ended = true;
                    return Some(bare(Event::default(), ENDED));
                }
                Err(error) => tracing::error!(%error, "a board that is open got no news; it asks again"),
            }
            tokio::select! {
                Ok(_) = self.stopping.wait_for(|stop| *stop) => return None,
                Ok(()) = self.happenings.changed() => {}
                () = sleep(LOOK) => {}
            }
        }
        None
    }

    /// What is new. Refused within a second after the session has ended or the person has become somebody else than at
    /// the beginning, such as one with another role.
    async fn look(&mut self) -> Result<Option<Event>, StoreError> {
        if self.checked_at.elapsed() >= LOOK {
            let person = self.store.still_signed_in(&self.token).await?;
            if person.me() != self.person.me() {
                return Err(AppError::SignedOut.into());
            }
            self.checked_at = Instant::now();
        }
        let Some(news) = self.person.news(&mut self.watch).await? else { return Ok(None) };
        let event = Event::default().id(self.watch.as_of().to_string());
        Ok(Some(match news {
            News::Everything => bare(event, EVERYTHING),
            News::Cards(news) => {
                let news = self.person.news_for_view(&self.filter, news).await?;
                let news = board_news(self.person.me().locale.into(), news, self.person.today(), &self.filter);
                event.event(NEWS).json_data(news).map_err(|error| StoreError::Corrupt(error.to_string()))?
            }
        }))
    }
}

/// An event that says nothing but its name. Browsers pass over one without data.
fn bare(event: Event, name: &str) -> Event {
    event.event(name).data(name)
}
