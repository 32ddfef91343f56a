//! Choosing several cards: with Ctrl or Shift and the mouse, by keyboard, or by tapping while "Velg flere" is pressed.
//!
//! While anything is chosen, or can be by tapping, each card has a checkbox; what is chosen is marked on the card too.

use js_sys::wasm_bindgen::JsCast;
use leptos::prelude::*;
use shared::id::EnrolmentId;
use shared::many::ChosenCards;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent, MouseEvent};

use super::Controls;
use super::dom::{CardEl, all_in, board};
use crate::hear::on;
use crate::texts::Texts;

/// Which cards are chosen.
#[derive(Clone, Copy)]
pub(super) struct Selection {
    texts: Texts,
    /// Their ids.
    cards: RwSignal<Vec<String>>,
    /// Whether a plain press on a card chooses it.
    by_tapping: RwSignal<bool>,
    /// The card from which a range goes.
    anchor: StoredValue<Option<String>>,
}

impl Selection {
    pub(super) fn new(texts: Texts) -> Self {
        Self {
            texts,
            cards: RwSignal::new(Vec::new()),
            by_tapping: RwSignal::new(false),
            anchor: StoredValue::new(None),
        }
    }

    /// How many are chosen.
    pub(super) fn count(self) -> usize {
        self.cards.with(Vec::len)
    }

    /// Whether there is something to show of it.
    pub(super) fn is_on(self) -> bool {
        self.count() > 0 || self.by_tapping.get()
    }

    fn is_on_now(self) -> bool {
        self.count_now() > 0 || self.by_tapping.get_untracked()
    }

    fn count_now(self) -> usize {
        self.cards.with_untracked(Vec::len)
    }

    pub(super) fn holds(self, card: &CardEl) -> bool {
        self.cards.with_untracked(|cards| cards.contains(&card.id()))
    }

    /// The chosen cards that can be seen, from the top of the first column on.
    pub(super) fn seen(self) -> Vec<CardEl> {
        let Some(board) = board() else { return Vec::new() };
        all_in(&board, ".card").into_iter().filter(|card| self.holds(card) && !card.0.hidden()).collect()
    }

    pub(super) fn clear(self) {
        self.anchor.set_value(None);
        self.by_tapping.set(false);
        self.cards.set(Vec::new());
    }

    fn set(self, card: &CardEl, on: bool) {
        self.cards.update(|cards| {
            cards.retain(|id| *id != card.id());
            if on {
                cards.push(card.id());
            }
        });
    }

    /// Shows on all cards what is chosen, and forgets those that are gone or can't be seen.
    pub(super) fn show(self) {
        let Some(board) = board() else { return };
        let seen: Vec<String> = self.seen().iter().map(CardEl::id).collect();
        if self.cards.with_untracked(|cards| cards.len() != seen.len()) {
            self.cards.set(seen);
        }
        let is_on = self.is_on_now();
        for card in all_in(&board, ".card") {
            card.show_choice(self.texts, is_on, self.holds(&card));
        }
    }
}

/// These cards with the versions that the person sees.
pub(super) fn chosen(cards: &[CardEl]) -> ChosenCards {
    cards.iter().filter_map(|card| Some((card.id().parse::<EnrolmentId>().ok()?, card.version()?))).collect()
}

/// Begins to hear what chooses cards.
pub(super) fn listen(controls: Controls) {
    let Some(board) = board() else { return };
    on(&board, "click", move |event: MouseEvent| click(controls, &event));
    on(&board, "keydown", move |event: KeyboardEvent| press(controls, &event));
    on(&document(), "keydown", move |event: KeyboardEvent| end(controls, &event));
    if let Some(button) = start_button() {
        let _ = button.set_attribute("aria-pressed", "false");
        on(&button, "click", move |event: Event| {
            event.prevent_default();
            let selection = controls.selection;
            if selection.is_on_now() { selection.clear() } else { selection.by_tapping.set(true) }
        });
    }
    Effect::new(move || {
        let is_on = controls.selection.is_on();
        controls.selection.show();
        if let Some(button) = start_button() {
            let _ = button.set_attribute("aria-pressed", if is_on { "true" } else { "false" });
        }
    });
}

fn start_button() -> Option<HtmlElement> {
    document().get_element_by_id("select-several")?.dyn_into().ok()
}

fn click(controls: Controls, event: &MouseEvent) {
    let selection = controls.selection;
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(card) = target.as_ref().and_then(CardEl::around) else { return };
    if target.as_ref().is_some_and(|target| target.closest("button").ok().flatten().is_some()) {
        return;
    }
    let pick = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    // A name is a link, which opens in another tab or window as any other, until something is chosen.
    let is_link = target.as_ref().is_some_and(|target| target.closest("a").ok().flatten().is_some());
    if is_link && !selection.is_on_now() {
        return;
    }
    let chooses_one = event.ctrl_key() || event.meta_key() || selection.by_tapping.get_untracked();
    match pick {
        Some(pick) if !event.shift_key() => return controls.choose(&card, pick.checked()),
        None if !event.shift_key() && !chooses_one => return,
        Some(_) => {}
        None => event.prevent_default(),
    }
    if event.shift_key() {
        controls.choose_range(&card);
    } else {
        controls.choose(&card, !selection.holds(&card));
    }
}

fn press(controls: Controls, event: &KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(card) = target.as_ref().and_then(CardEl::around) else { return };
    let is_command = event.ctrl_key() || event.meta_key();
    if event.alt_key() || event.default_prevented() || card.0.class_list().contains("lifted") {
        return;
    }
    match (event.key().as_str(), is_command, event.shift_key()) {
        ("x" | "X", false, false) | (" ", true, false) => controls.choose(&card, !controls.selection.holds(&card)),
        ("ArrowUp", false, true) => controls.extend(&card, card.0.previous_element_sibling(), true),
        ("ArrowDown", false, true) => controls.extend(&card, card.0.next_element_sibling(), false),
        ("a" | "A", true, false) => controls.choose_column(&card),
        ("Enter", true, false) if controls.selection.is_on_now() => super::select_bar::focus(),
        _ => return,
    }
    event.prevent_default();
}

/// Escape ends it, unless it closes something else.
fn end(controls: Controls, event: &KeyboardEvent) {
    let over = document().query_selector(":popover-open, dialog[open], .card.lifted, .in-hand").ok().flatten();
    if event.key() == "Escape" && !event.default_prevented() && over.is_none() && controls.selection.is_on_now() {
        event.prevent_default();
        controls.end_selection();
    }
}

impl Controls {
    fn choose(self, card: &CardEl, on: bool) {
        self.selection.set(card, on);
        self.selection.anchor.set_value(Some(card.id()));
        let count = self.selection.count_now().to_string();
        let (texts, name) = (self.texts, card.name());
        self.say(if on { texts.select_selected(&name, &count) } else { texts.select_unselected(&name, &count) });
    }

    /// Chooses all from the card that was chosen last to this one, if they are in the same column.
    fn choose_range(self, card: &CardEl) {
        let anchor = self.selection.anchor.get_value().and_then(|id| CardEl::by_id(&id));
        let column = seen_in_column(card);
        let place = |of: &CardEl| column.iter().position(|one| one == of);
        if let (Some(from), Some(to)) = (anchor.as_ref().and_then(place), place(card)) {
            for one in column.iter().take(from.max(to) + 1).skip(from.min(to)) {
                self.selection.set(one, true);
            }
        }
        self.choose(card, true);
        self.selection.anchor.set_value(anchor.map(|anchor| anchor.id()).or_else(|| Some(card.id())));
    }

    /// Chooses this card and the next one that can be seen, and goes there.
    fn extend(self, card: &CardEl, next: Option<Element>, upwards: bool) {
        self.selection.set(card, true);
        let mut next = next;
        while let Some(element) = next {
            if let Some(other) = CardEl::around(&element).filter(|other| !other.0.hidden()) {
                self.choose(&other, true);
                other.focus();
                other.show();
                return;
            }
            next = if upwards { element.previous_element_sibling() } else { element.next_element_sibling() };
        }
        self.choose(card, true);
    }

    fn choose_column(self, card: &CardEl) {
        for one in seen_in_column(card) {
            self.selection.set(&one, true);
        }
        self.choose(card, true);
    }

    /// Nothing is chosen any more; the focus stays where something is left.
    pub(super) fn end_selection(self) {
        let first = self.selection.seen().into_iter().next();
        let in_bar = super::select_bar::has_focus();
        let in_card = document().active_element().as_ref().and_then(CardEl::around);
        self.selection.clear();
        self.selection.show();
        self.say(self.texts.select_cleared().to_owned());
        match (in_card, first) {
            (Some(card), _) => card.focus(),
            (None, Some(card)) if in_bar => card.focus(),
            (None, None) if in_bar => drop(start_button().map(|button| button.focus())),
            _ => {}
        }
    }
}

fn seen_in_column(card: &CardEl) -> Vec<CardEl> {
    let column = card.column().map(|column| all_in(&column, ".card")).unwrap_or_default();
    column.into_iter().filter(|card| !card.0.hidden()).collect()
}

impl CardEl {
    /// The checkbox, while there is one.
    fn pick(&self) -> Option<HtmlInputElement> {
        self.child(".pick")?.dyn_into().ok()
    }

    fn show_choice(&self, texts: Texts, is_on: bool, is_chosen: bool) {
        let _ = self.0.toggle_attribute_with_force("data-selected", is_chosen);
        match (self.pick(), is_on) {
            (Some(pick), true) => pick.set_checked(is_chosen),
            (Some(pick), false) => pick.remove(),
            (None, true) => self.add_pick(texts, is_chosen),
            (None, false) => {}
        }
    }

    fn add_pick(&self, texts: Texts, is_chosen: bool) {
        let pick = document().create_element("input").ok().and_then(|pick| pick.dyn_into::<HtmlInputElement>().ok());
        let Some(pick) = pick else { return };
        pick.set_type("checkbox");
        pick.set_class_name("ds-input pick");
        pick.set_checked(is_chosen);
        let _ = self.0.prepend_with_node_1(&pick);
        self.name_pick(texts);
    }

    /// Says whom the checkbox chooses.
    pub(super) fn name_pick(&self, texts: Texts) {
        if let Some(pick) = self.pick() {
            let _ = pick.set_attribute("aria-label", &texts.select_one(&self.name()));
        }
    }
}
