//! The island that makes a rendered board move: by pointer, by keyboard and by menu.
//!
//! The cards themselves are plain HTML from the server and stay so; there may be thousands. Three ways
//! in ([`drag`], [`keys`], [`menu`]) lead to one way out: [`Controls::ask`].

mod dom;
mod drag;
mod entry;
mod keys;
mod live;
mod many;
mod menu;
mod select;
mod select_bar;
mod toast;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::board::{MoveForm, Moved, Phase, PhaseKind};
use shared::error::{AppError, StaleMove};
use shared::locale::Locale;
use web_sys::Element;

use super::api::move_card;
use crate::texts::Texts;
use crate::words::{card_count, days, explain, moved_by_other};
use dom::{CardEl, Spot, when_complete};
use entry::{EntryDialog, Wish};
use menu::MoveMenu;
use select::Selection;
use select_bar::SelectBar;
use toast::{Again, Notice, Toast, Undo};

/// Everything around the board that only a browser needs.
#[island]
pub fn BoardControls(
    /// The language.
    locale: Locale,
    /// The track's phases, in order.
    phases: Vec<Phase>,
) -> impl IntoView {
    let controls = Controls::new(locale.into(), phases);
    Effect::new(move || {
        drag::listen(controls);
        keys::listen(controls);
        live::listen(controls);
        menu::listen(controls);
        select::listen(controls);
        toast::listen(controls);
    });
    view! {
        <SelectBar controls/>
        <MoveMenu controls/>
        <EntryDialog controls/>
        <Toast controls/>
        <div class="visually-hidden" aria-live="assertive">{move || controls.spoken.get()}</div>
    }
}

/// What the parts of the island share.
#[derive(Clone, Copy)]
struct Controls {
    texts: Texts,
    phases: StoredValue<Vec<Phase>>,
    /// What a screen reader says next.
    spoken: RwSignal<String>,
    /// The card whose menu is open, by id, and its name.
    menu: RwSignal<Option<(String, String)>>,
    /// The move that waits for what its phase demands.
    entry: RwSignal<Option<Wish>>,
    /// What became of the last move.
    notice: RwSignal<Option<Notice>>,
    /// Whether news of others come in.
    is_live: RwSignal<bool>,
    /// The cards that are chosen, for doing something with all of them.
    selection: Selection,
}

/// A move that somebody wants.
#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    /// The card's id.
    card: String,
    form: MoveForm,
    /// The ids of all chosen cards, it among them, if they go along.
    along: Vec<String>,
}

impl Controls {
    fn new(texts: Texts, phases: Vec<Phase>) -> Self {
        Self {
            texts,
            phases: StoredValue::new(phases),
            spoken: RwSignal::new(String::new()),
            menu: RwSignal::new(None),
            entry: RwSignal::new(None),
            notice: RwSignal::new(None),
            is_live: RwSignal::new(false),
            selection: Selection::new(texts),
        }
    }

    fn phase(self, id: &str) -> Option<Phase> {
        self.phases.with_value(|phases| phases.iter().find(|phase| phase.id.to_string() == id).cloned())
    }

    fn say(self, text: String) {
        self.spoken.set(text);
    }

    /// Asks for what a card's new place means. The card lies where the person put it; `origin` is where it
    /// came from, and where it returns to if nothing comes of it.
    fn ask_for_place(self, card: CardEl, origin: Spot) {
        // Before that, the card's new neighbours may not have come yet.
        when_complete(move || {
            if self.ask_for_many(&card, &origin) {
                return;
            }
            match card.wanted() {
                Some(wanted) => self.ask(&card, &origin, wanted),
                None => origin.take_back(&card),
            }
        });
    }

    /// The one way out: opens the form for what the phase demands, or sends the move. The server asks the same.
    fn ask(self, card: &CardEl, origin: &Spot, wanted: Wanted) {
        let lacking = self.lacking(card, origin, &wanted);
        match lacking {
            Some(refused @ AppError::NotAdmitted(_)) => {
                origin.take_back(card);
                self.refuse_moves(&refused, wanted);
            }
            Some(lacking) => {
                origin.take_back(card);
                self.entry.set(Some(Wish { wanted, lacking }));
            }
            None if wanted.along.is_empty() => self.send(card.clone(), origin.clone(), wanted),
            None => self.send_many(card.clone(), origin.clone(), wanted),
        }
    }

    /// What a move lacks by the rules that this page knows. The card lies where it shall be, and came from `origin`.
    fn lacking(self, card: &CardEl, origin: &Spot, wanted: &Wanted) -> Option<AppError> {
        let to = wanted.form.to?.to_string();
        let phase = self.phase(&to)?;
        if wanted.along.is_empty() {
            let changes_phase = origin.phase_id().is_some_and(|from| from != to);
            return phase.admit(&wanted.form, card.filled()).err().filter(|_| changes_phase);
        }
        let from = |one: &CardEl| if one == card { origin.phase_id() } else { one.phase_id() };
        let along = wanted.along.iter().filter_map(|id| CardEl::by_id(id));
        let coming_in: Vec<_> = along
            .filter(|one| from(one).is_some_and(|from| from != to))
            .filter_map(|one| Some((one.id().parse().ok()?, one.name(), one.filled())))
            .collect();
        if coming_in.is_empty() { None } else { phase.admit_all(&wanted.form, coming_in).err() }
    }

    fn send(self, card: CardEl, origin: Spot, wanted: Wanted) {
        self.notice.set(None);
        card.set_busy(true);
        spawn_local(async move {
            let answer = move_card(wanted.form.clone()).await;
            card.set_busy(false);
            match answer {
                Ok(moved) => self.settle(&card, &origin, &wanted, &moved),
                Err(AppError::Stale(stale)) => self.show_stale(&card, &origin, Some(wanted), &stale),
                // The rules are others than those that this page knows.
                Err(lacking @ AppError::Invalid(_)) => {
                    origin.take_back(&card);
                    self.entry.set(Some(Wish { wanted, lacking }));
                }
                Err(error) => {
                    origin.take_back(&card);
                    let (heading, text) = explain(self.texts, &error);
                    let may_help = matches!(error, AppError::Unreachable | AppError::Internal(_));
                    let again = may_help.then(|| (Again::Move(wanted), self.texts.board_try_again().to_owned()));
                    self.notice.set(Some(Notice::Refused(format!("{heading}. {text}"), again)));
                }
            }
        });
    }

    /// The server has placed the card: shows the same.
    fn settle(self, card: &CardEl, origin: &Spot, wanted: &Wanted, moved: &Moved) {
        let phase_id = moved.phase.to_string();
        let Some(phase) = self.phase(&phase_id) else { return };
        if card.phase_id().as_deref() != Some(&phase_id) || wanted.form.places_by_rule() {
            // Before it glides: what is on its way can't be scrolled to.
            card.glide(|| {
                card.move_as_asked(&wanted.form, &phase);
                card.show();
            });
        }
        card.set_version(moved.version);
        card.forget_rank();
        if origin.phase_id().as_deref() != Some(&phase_id) {
            card.set_days(&days(self.texts, moved.days));
            self.shift_count(origin, &phase_id);
        }
        card.show();
        let text = self.texts.board_moved(&card.name(), &phase.name);
        self.say(text.clone());
        if let Some(undone) = moved.undo {
            self.notice.set(Some(Notice::Moved(text, Undo::One { card: card.id(), undone })));
        }
    }

    /// Writes new counts over the column that a card left and the one to which it came. The stream of news tells
    /// the same, if there is one.
    fn shift_count(self, origin: &Spot, phase: &str) {
        if self.is_live.get_untracked() {
            return;
        }
        let columns = [(origin.phase_id().as_deref().and_then(dom::column_of), -1), (dom::column_of(phase), 1)];
        for (column, change) in columns {
            let Some(column) = column else { continue };
            let count = dom::count_in(&column).unwrap_or_default().saturating_add_signed(change);
            self.set_count(&column, count);
        }
    }

    fn set_count(self, column: &Element, count: usize) {
        let is_closing = column.has_attribute("data-closing");
        let kind = if is_closing { PhaseKind::Closing } else { PhaseKind::Ordinary };
        dom::set_count(column, count, |count, limit| card_count(self.texts, kind, count, limit));
    }

    /// Somebody else was first: the card goes where it really is, and the person may repeat the move that she
    /// wanted.
    fn show_stale(self, card: &CardEl, origin: &Spot, wanted: Option<Wanted>, stale: &StaleMove) {
        self.show_where(card, origin, stale);
        let text = moved_by_other(self.texts, &stale.moved_by, &stale.phase_name, stale.moved_at);
        let again = wanted.map(|mut again| {
            again.form.version = stale.version;
            (Again::Move(again), self.texts.board_move_anyway().to_owned())
        });
        self.notice.set(Some(Notice::Refused(format!("{}: {text}", card.name()), again)));
    }

    /// Shows a card where somebody else has put it.
    fn show_where(self, card: &CardEl, origin: &Spot, stale: &StaleMove) {
        card.glide(|| card.move_to(&stale.phase.to_string(), stale.after.map(|id| id.to_string()).as_deref()));
        card.set_version(stale.version);
        card.forget_rank();
        card.set_days(&days(self.texts, stale.days));
        if origin.phase_id().as_deref() != Some(&stale.phase.to_string()) {
            self.shift_count(origin, &stale.phase.to_string());
        }
    }

    /// Sends a refused move once more, from where the card is now.
    fn repeat(self, wanted: Wanted) {
        self.notice.set(None);
        if let Some(card) = CardEl::by_id(&wanted.card) {
            let origin = Spot::of(&card);
            self.ask(&card, &origin, wanted);
        }
    }
}
