//! Cards, columns and places as they stand in the page.

use std::iter::successors;

use js_sys::wasm_bindgen::JsCast;
use leptos::prelude::document;
use shared::board::{MoveForm, Phase, PhaseKind};
use shared::id::EnrolmentId;
use shared::phases::Filled;
use wasm_bindgen::prelude::Closure;
use web_sys::{AddEventListenerOptions, Element, Event, HtmlElement};

use super::Wanted;
use crate::hear::on;

/// A card in the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CardEl(pub(super) HtmlElement);

impl CardEl {
    /// The card around an element, if it is in one.
    pub(super) fn around(element: &Element) -> Option<Self> {
        element.closest(".card").ok().flatten()?.dyn_into().ok().map(Self)
    }

    pub(super) fn by_id(id: &str) -> Option<Self> {
        document().get_element_by_id(id)?.dyn_into().ok().map(Self)
    }

    pub(super) fn id(&self) -> String {
        self.0.id()
    }

    pub(super) fn name(&self) -> String {
        self.child(".name").and_then(|name| name.text_content()).unwrap_or_default()
    }

    pub(super) fn child(&self, selector: &str) -> Option<HtmlElement> {
        self.0.query_selector(selector).ok().flatten()?.dyn_into().ok()
    }

    /// The card above it.
    pub(super) fn above(&self) -> Option<Self> {
        self.0.previous_element_sibling()?.dyn_into().ok().map(Self)
    }

    /// The card below it.
    pub(super) fn below(&self) -> Option<Self> {
        self.0.next_element_sibling()?.dyn_into().ok().map(Self)
    }

    /// The column in which it is.
    pub(super) fn column(&self) -> Option<Element> {
        self.0.closest(".phase").ok().flatten()
    }

    pub(super) fn phase_id(&self) -> Option<String> {
        self.column()?.get_attribute("data-phase")
    }

    /// The card's address of the participant, such as `/participants/…`.
    pub(super) fn href(&self) -> String {
        self.child(".name").and_then(|name| name.get_attribute("href")).unwrap_or_default()
    }

    /// The move that its place in the page means.
    pub(super) fn wanted(&self) -> Option<Wanted> {
        let neighbour = |element: Option<Element>| element.and_then(|element| element.id().parse().ok());
        Some(Wanted {
            card: self.id(),
            form: MoveForm {
                after: neighbour(self.0.previous_element_sibling()),
                before: neighbour(self.0.next_element_sibling()),
                ..self.wanted_in(&self.phase_id()?)?.form
            },
            along: Vec::new(),
        })
    }

    /// A move to a phase, without a place in it.
    pub(super) fn wanted_in(&self, phase: &str) -> Option<Wanted> {
        let version = self.0.get_attribute("data-version")?.parse().ok()?;
        let form = MoveForm {
            enrolment: Some(self.id().parse().ok()?),
            version,
            to: Some(phase.parse().ok()?),
            ..MoveForm::default()
        };
        Some(Wanted { card: self.id(), form, along: Vec::new() })
    }

    /// What is known of the participant, as far as a phase can demand it.
    pub(super) fn filled(&self) -> Filled {
        let bits = self.0.get_attribute("data-filled").and_then(|bits| bits.parse().ok());
        Filled::from_bits(bits.unwrap_or_default())
    }

    pub(super) fn set_version(&self, version: i32) {
        let _ = self.0.set_attribute("data-version", &version.to_string());
    }

    /// Writes the number of days into "D-4821 · 12 dager". That it stood too long elsewhere is over.
    pub(super) fn set_days(&self, days: &str) {
        if let Some(flag) = self.child("[data-flag=still]") {
            flag.remove();
        }
        if let Some(meta) = self.child(".meta") {
            let text = meta.text_content().unwrap_or_default();
            let reference = text.split(" · ").next().unwrap_or_default();
            meta.set_text_content(Some(&format!("{reference} · {days}")));
        }
    }

    /// While the server is asked, the card can't be taken up again.
    pub(super) fn set_busy(&self, busy: bool) {
        let _ = if busy { self.0.set_attribute("aria-busy", "true") } else { self.0.remove_attribute("aria-busy") };
    }

    pub(super) fn is_busy(&self) -> bool {
        self.0.has_attribute("aria-busy")
    }

    /// Whether the person has it in her hand, or has just let it go, so that its place is not the board's yet.
    pub(super) fn is_held(&self) -> bool {
        self.is_busy() || self.0.class_list().contains("placeholder") || self.0.class_list().contains("lifted")
    }

    pub(super) fn version(&self) -> Option<i32> {
        self.0.get_attribute("data-version")?.parse().ok()
    }

    /// Its place in the order of a column, unless only the server knows.
    pub(super) fn rank(&self) -> Option<String> {
        self.0.get_attribute("data-rank")
    }

    /// The card lies where a person put it, and the server has not told its rank.
    pub(super) fn forget_rank(&self) {
        let _ = self.0.remove_attribute("data-rank");
    }

    /// Whether it is where the board has it, as far as this page knows.
    fn is_settled(&self) -> bool {
        self.rank().is_some() && !self.is_held()
    }

    /// The card before which it belongs in a list.
    pub(super) fn next_by_rank(&self, list: &Element) -> Option<Element> {
        let rank = self.rank()?;
        let cards = list.children();
        let cards = (0..cards.length()).filter_map(|place| cards.item(place)?.dyn_into().ok().map(Self));
        let mut others = cards.filter(|card| card != self && card.is_settled());
        others.find(|card| card.rank().is_some_and(|other| other > rank)).map(|card| card.0.into())
    }

    /// The next card below it that is settled. One in somebody's hand may lie between.
    pub(super) fn next_settled(&self) -> Option<Element> {
        successors(self.below(), Self::below).find(Self::is_settled).map(|card| card.0.into())
    }

    pub(super) fn toggle(&self, class: &str, on: bool) {
        let _ = self.0.class_list().toggle_with_force(class, on);
    }

    /// Gives the link of the card the focus. A moved element loses it.
    pub(super) fn focus(&self) {
        if let Some(name) = self.child(".name") {
            let _ = name.focus();
        }
    }

    /// Scrolls as little as is needed to show it.
    pub(super) fn show(&self) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
        self.0.scroll_into_view_with_scroll_into_view_options(&options);
    }

    /// Puts it under another card, or at the top of a phase.
    pub(super) fn move_to(&self, phase: &str, after: Option<&str>) {
        let Some(list) = list_of(phase) else { return };
        let above = after.and_then(Self::by_id).filter(|above| above.0.parent_element().as_ref() == Some(&list));
        match above {
            Some(above) => drop(above.0.after_with_node_1(&self.0)),
            None => drop(list.prepend_with_node_1(&self.0)),
        }
    }

    /// Puts it where the store does: under the card above it, else over the one below, else at the bottom of an
    /// ordinary phase and at the top of a closing one.
    pub(super) fn move_as_asked(&self, form: &MoveForm, phase: &Phase) {
        let Some(list) = list_of(&phase.id.to_string()) else { return };
        let there = |id: Option<EnrolmentId>| {
            Self::by_id(&id?.to_string()).filter(|card| card.0.parent_element().as_ref() == Some(&list))
        };
        let _ = match (there(form.after), there(form.before), phase.kind) {
            (Some(above), ..) => above.0.after_with_node_1(&self.0),
            (None, Some(below), _) => below.0.before_with_node_1(&self.0),
            (None, None, PhaseKind::Ordinary) => list.append_with_node_1(&self.0),
            (None, None, PhaseKind::Closing) => list.prepend_with_node_1(&self.0),
        };
    }

    /// Changes the card's place so that the eye can follow, and keeps the focus.
    pub(super) fn glide(&self, change: impl FnOnce()) {
        let before = self.0.get_bounding_client_rect();
        let focused = document().active_element().filter(|element| self.0.contains(Some(element)));
        change();
        if let Some(focused) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = focused.focus();
        }
        self.glide_from(before.left(), before.top());
    }

    /// Lets it glide from a place in the window to where it is.
    pub(super) fn glide_from(&self, left: f64, top: f64) {
        let now = self.0.get_bounding_client_rect();
        let style = self.0.style();
        self.toggle("settling", false);
        let _ = style.set_property("translate", &format!("{}px {}px", left - now.left(), top - now.top()));
        // Reading a measure makes the browser take the place just set as the beginning.
        let _ = self.0.offset_width();
        self.toggle("settling", true);
        let _ = style.remove_property("translate");
        let card = self.clone();
        let done = Closure::once_into_js(move || card.toggle("settling", false));
        let _ = self.0.add_event_listener_with_callback_and_add_event_listener_options(
            "transitionend",
            done.unchecked_ref(),
            &once(),
        );
    }
}

/// A place in a column, remembered before a card is taken from it.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    list: Option<Element>,
    next: Option<Element>,
}

impl Spot {
    pub(super) fn of(card: &CardEl) -> Self {
        Self { list: card.0.parent_element(), next: card.0.next_element_sibling() }
    }

    /// Puts a card here, without any show.
    pub(super) fn put(&self, card: &CardEl) {
        if let Some(list) = &self.list {
            let _ = list.insert_before(&card.0, self.next_to(card, list).as_ref().map(AsRef::as_ref));
        }
    }

    /// Lets a card glide back here, unless it is here.
    pub(super) fn take_back(&self, card: &CardEl) {
        if !self.holds(card) {
            card.glide(|| self.put(card));
        }
    }

    /// Whether a card is here.
    pub(super) fn holds(&self, card: &CardEl) -> bool {
        let Some(list) = &self.list else { return false };
        card.0.parent_element().as_ref() == Some(list) && card.0.next_element_sibling() == self.next_to(card, list)
    }

    /// The card in front of which this place is. Others may have moved what stood around it; a card that the person has
    /// put there herself is where she remembers it.
    fn next_to(&self, card: &CardEl, list: &Element) -> Option<Element> {
        let remembered = self.next.clone().filter(|next| next.parent_element().as_ref() == Some(list));
        let is_unsettled = |next: &Element| CardEl::around(next).is_some_and(|next| !next.is_settled());
        if card.rank().is_none() || remembered.as_ref().is_some_and(is_unsettled) {
            remembered
        } else {
            card.next_by_rank(list)
        }
    }

    pub(super) fn phase_id(&self) -> Option<String> {
        self.list.as_ref()?.closest(".phase").ok().flatten()?.get_attribute("data-phase")
    }
}

/// Does something when the whole page is there, which may be now: the board can be used while it is on its way.
pub(super) fn when_complete(act: impl FnOnce() + 'static) {
    if document().ready_state() != "loading" {
        return act();
    }
    let mut act = Some(act);
    on(&document(), "DOMContentLoaded", move |_: Event| act.take().map_or((), |act| act()));
}

/// The column of a phase.
pub(super) fn column_of(phase: &str) -> Option<Element> {
    document().query_selector(&format!(".phase[data-phase='{phase}']")).ok().flatten()
}

/// The list of cards of a phase.
pub(super) fn list_of(phase: &str) -> Option<Element> {
    column_of(phase)?.query_selector(".cards").ok().flatten()
}

/// The elements in another one that a selector names, in order.
pub(super) fn all_elements_in(element: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = element.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|place| found.item(place)?.dyn_into().ok()).collect()
}

/// The cards in an element that a selector names, in order.
pub(super) fn all_in(element: &Element, selector: &str) -> Vec<CardEl> {
    all_elements_in(element, selector).into_iter().filter_map(|card| card.dyn_into().ok().map(CardEl)).collect()
}

/// The element that holds the columns.
pub(super) fn board() -> Option<HtmlElement> {
    document().get_element_by_id("board")?.dyn_into().ok()
}

/// How many cards a column says that it has.
pub(super) fn count_in(column: &Element) -> Option<usize> {
    column.query_selector(".count").ok().flatten()?.get_attribute("data-count")?.parse().ok()
}

/// Writes over a column how many cards it has.
pub(super) fn set_count(column: &Element, count: usize, text: impl Fn(usize, Option<usize>) -> String) {
    let Some(label) = column.query_selector(".count").ok().flatten() else { return };
    let limit = label.get_attribute("data-limit").and_then(|limit| limit.parse().ok());
    let _ = label.set_attribute("data-count", &count.to_string());
    let _ = label.toggle_attribute_with_force("data-over", limit.is_some_and(|limit| count > limit));
    write(Some(label), &text(count, limit));
}

/// Writes a text into an element, which is left alone if it says so already.
pub(super) fn write(element: Option<Element>, text: &str) {
    if let Some(element) = element.filter(|element| element.text_content().as_deref() != Some(text)) {
        element.set_text_content(Some(text));
    }
}

fn once() -> AddEventListenerOptions {
    let options = AddEventListenerOptions::new();
    options.set_once(true);
    options
}
