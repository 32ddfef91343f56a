//! What others do on the board, while it is open.
//!
//! A stream tells of cards as they are now, so that hearing of one twice, or late, does no harm. Cards stand in the order
//! of their ranks; a card that the person holds stays in her hand, and what has become of it is shown when she lets go.

mod rest;
mod show;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use js_sys::wasm_bindgen::{JsCast, JsValue};
use js_sys::{Array, Date, Function, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::live::{BoardNews, ENDED, EVERYTHING, NEWS, NewsCard};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, DomParser, Event, EventSource, MessageEvent, Response, SupportedType};

use super::Controls;
use super::dom::{all_elements_in, board, when_complete, write};
use crate::hear::on;

/// So long the line may be gone before the person is told.
const BLIP: Duration = Duration::from_secs(3);
/// After so long a stream that the browser has given up is opened anew.
const PAUSE: Duration = Duration::from_secs(5);

/// Begins to hear of others.
pub(super) fn listen(controls: Controls) {
    let Some(board) = board() else { return };
    let told = |name| board.get_attribute(name);
    let (Some(track), Some(view), Some(as_of), Some(version)) =
        (told("data-track"), told("data-view"), told("data-as-of"), told("data-version"))
    else {
        return;
    };
    let state = Rc::new(RefCell::new(State { as_of, ..State::default() }));
    let line = Line { controls, track: track.into(), version: version.into(), view: view.into(), state };
    // News of a card that has not come yet would make it come twice.
    when_complete(move || line.bring_rest(Line::begin));
}

/// The line to the server.
#[derive(Clone)]
struct Line {
    controls: Controls,
    track: Rc<str>,
    /// The version of the track whose phases the page shows.
    version: Rc<str>,
    /// Which cards the page shows, as in its address.
    view: Rc<str>,
    state: Rc<RefCell<State>>,
}

#[derive(Default)]
struct State {
    /// The number of the event that was heard of last.
    as_of: String,
    /// The stream, while the page is seen.
    source: Option<EventSource>,
    /// When the line last worked, as hours and minutes; nothing while it works.
    lost_at: Option<String>,
    /// Cards that must wait until the person lets go of them.
    waiting: HashMap<String, NewsCard>,
}

impl Line {
    /// Hears of others for as long as the page is seen.
    fn begin(self) {
        self.open_if_seen();
        on(
            &document(),
            "visibilitychange",
            move |_: Event| if document().hidden() { self.close() } else { self.open_if_seen() },
        );
    }

    fn open_if_seen(&self) {
        if document().hidden() || self.state.borrow().source.is_some() {
            return;
        }
        let Some(source) = self.source() else { return };
        let line = self.clone();
        on(&source, "open", move |_: Event| line.found());
        let line = self.clone();
        on(&source, NEWS, move |event: MessageEvent| {
            line.heard(&event);
            if let Some(news) = event.data().as_string().and_then(|news| serde_json::from_str(&news).ok()) {
                line.apply(news);
            }
        });
        let line = self.clone();
        on(&source, EVERYTHING, move |event: MessageEvent| {
            line.heard(&event);
            line.clone().read_everything();
        });
        on(&source, ENDED, |_: Event| leave());
        let line = self.clone();
        on(&source, "error", move |_: Event| line.lost());
        self.state.borrow_mut().source = Some(source);
    }

    /// The stream, which windows that show the same share where the browser can (`public/line.js`).
    fn source(&self) -> Option<EventSource> {
        let as_of = self.state.borrow().as_of.clone();
        let path = format!("/live/{}?{}&version={}", self.track, self.view, self.version);
        let Some(open) = Reflect::get(&window(), &"openLine".into()).ok()?.dyn_into::<Function>().ok() else {
            return EventSource::new(&format!("{path}&since={as_of}")).ok();
        };
        let names = [NEWS, EVERYTHING, ENDED].into_iter().map(JsValue::from).collect::<Array>();
        let source = open.call3(&JsValue::NULL, &path.into(), &as_of.into(), &names).ok()?;
        Some(source.unchecked_into())
    }

    fn close(&self) {
        if let Some(source) = self.state.borrow_mut().source.take() {
            source.close();
        }
    }

    fn heard(&self, event: &MessageEvent) {
        self.state.borrow_mut().as_of = event.last_event_id();
    }

    fn found(&self) {
        self.controls.is_live.set(true);
        if self.state.borrow_mut().lost_at.take().is_some() {
            say_offline("");
        }
    }

    fn lost(&self) {
        self.controls.is_live.set(false);
        let has_given_up =
            self.state.borrow().source.as_ref().is_some_and(|source| source.ready_state() == EventSource::CLOSED);
        if has_given_up {
            // The server has answered, but not with a stream.
            self.close();
            let line = self.clone();
            set_timeout(move || line.open_if_seen(), PAUSE);
            self.clone().leave_if_logged_out();
        }
        if self.state.borrow().lost_at.is_some() {
            return;
        }
        let now = Date::new_0();
        self.state.borrow_mut().lost_at = Some(format!("{:02}.{:02}", now.get_hours(), now.get_minutes()));
        let line = self.clone();
        set_timeout(
            move || {
                if let Some(time) = &line.state.borrow().lost_at {
                    say_offline(&line.controls.texts.board_offline(time));
                }
            },
            BLIP,
        );
    }

    fn leave_if_logged_out(self) {
        spawn_local(async move {
            if self.page().await.is_some_and(|answer| answer.redirected()) {
                leave();
            }
        });
    }

    /// The board's page with all cards, as the server makes it now.
    async fn page(&self) -> Option<Response> {
        let address = format!("/tracks/{}?all=1&{}", self.track, self.view);
        JsFuture::from(window().fetch_with_str(&address)).await.ok()?.dyn_into().ok()
    }

    /// Reads the whole board anew, and shows what is different.
    fn read_everything(self) {
        spawn_local(async move {
            match self.fetch().await {
                Some(Fetched::Board(news, as_of)) => {
                    self.state.borrow_mut().as_of = as_of;
                    self.apply(news);
                }
                Some(Fetched::OtherPhases) => reload_when_free(),
                None => set_timeout(move || self.read_everything(), PAUSE),
            }
        });
    }

    async fn fetch(&self) -> Option<Fetched> {
        let page = document_in(self.page().await?).await?;
        let board = page.get_element_by_id("board")?;
        if board.get_attribute("data-version")? != *self.version {
            return Some(Fetched::OtherPhases);
        }
        let as_of = board.get_attribute("data-as-of")?;
        let columns = all_elements_in(&board, ".phase");
        let (mut cards, mut counts) = (Vec::new(), Vec::new());
        for column in columns {
            let phase = column.get_attribute("data-phase")?.parse().ok()?;
            counts.push((phase, super::dom::count_in(&column)?));
            for card in all_elements_in(&column, ".card") {
                cards.push(NewsCard { id: card.id().parse().ok()?, phase, html: card.outer_html() });
            }
        }
        let stays = |id: &str| page.get_element_by_id(id).is_some();
        let here = all_elements_in(super::dom::board()?.as_ref(), ".card");
        let gone = here.into_iter().filter(|card| !stays(&card.id())).filter_map(|card| card.id().parse().ok());
        Some(Fetched::Board(BoardNews { cards, gone: gone.collect(), counts }, as_of))
    }
}

/// The board as the server shows it now.
enum Fetched {
    /// What is on it, and the number of the latest event.
    Board(BoardNews, String),
    /// Its phases are not those of this page.
    OtherPhases,
}

/// Loads the page anew, with the phases that the track has now, as soon as the person holds no card and has nothing open.
fn reload_when_free() {
    if is_hand_full() || is_any("dialog[open], :popover-open, .card.lifted") {
        set_timeout(reload_when_free, BLIP);
    } else {
        leave();
    }
}

/// Whether a card is carried, or has just been let go and the server has not answered.
fn is_hand_full() -> bool {
    is_any(".card.placeholder, .card[aria-busy=true]")
}

fn is_any(selector: &str) -> bool {
    document().query_selector(selector).ok().flatten().is_some()
}

/// A page that has come, to read in.
async fn document_in(page: Response) -> Option<Document> {
    let html = JsFuture::from(page.text().ok()?).await.ok()?.as_string()?;
    DomParser::new().ok()?.parse_from_string(&html, SupportedType::TextHtml).ok()
}

/// Whoever is logged out must not leave a board on the screen.
fn leave() {
    // A page that can't be loaded anew stays what it is.
    let _ = window().location().reload();
}

fn say_offline(text: &str) {
    write(document().query_selector(".line-state").ok().flatten(), text);
}
