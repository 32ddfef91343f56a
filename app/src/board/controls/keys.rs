//! Moving a card by keyboard: space lifts it, arrows carry it, space or enter drops it, escape puts it back.
//! While no card is lifted, arrows go from card to card.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::wasm_bindgen::JsCast;
use leptos::prelude::document;
use web_sys::{Element, FocusEvent, KeyboardEvent};

use super::Controls;
use super::dom::{CardEl, Spot, board};
use crate::hear::on;

type Lifted = Rc<RefCell<Option<(CardEl, Spot)>>>;

/// Begins to hear keys on the board.
pub(super) fn listen(controls: Controls) {
    let Some(board) = board() else { return };
    let lifted: Lifted = Rc::default();
    let state = lifted.clone();
    on(&board, "keydown", move |event: KeyboardEvent| press(controls, &state, &event));
    let state = lifted.clone();
    on(&document(), "pointerdown", move |_: web_sys::Event| put_back(controls, &state));
    on(&document(), "focusin", move |event: FocusEvent| {
        // Whoever goes on to something else has let go.
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let here = target.as_ref().and_then(CardEl::around);
        let is_other =
            lifted.try_borrow().is_ok_and(|held| held.as_ref().is_some_and(|(card, _)| Some(card) != here.as_ref()));
        if is_other {
            put_back(controls, &lifted);
        }
    });
}

fn press(controls: Controls, state: &Lifted, event: &KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let on_name = target.as_ref().is_some_and(|target| target.class_list().contains("name"));
    let Some(card) = target.as_ref().and_then(CardEl::around) else { return };
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() || card.is_busy() {
        return;
    }
    let is_lifted = state.borrow().is_some();
    match (event.key().as_str(), is_lifted) {
        (" ", false) if on_name => lift(controls, state, &card),
        (" " | "Enter", true) => release(controls, state),
        ("Escape", true) => put_back(controls, state),
        ("ArrowUp", true) => carry(controls, &card, previous(&card)),
        ("ArrowDown", true) => carry(controls, &card, next(&card)),
        ("ArrowLeft", true) => carry(controls, &card, beside(&card, -1)),
        ("ArrowRight", true) => carry(controls, &card, beside(&card, 1)),
        ("ArrowUp", false) => go(card.0.previous_element_sibling().as_ref()),
        ("ArrowDown", false) => go(card.0.next_element_sibling().as_ref()),
        ("ArrowLeft", false) => go(card_beside(&card, -1).as_ref()),
        ("ArrowRight", false) => go(card_beside(&card, 1).as_ref()),
        _ => return,
    }
    event.prevent_default();
}

fn lift(controls: Controls, state: &Lifted, card: &CardEl) {
    *state.borrow_mut() = Some((card.clone(), Spot::of(card)));
    card.toggle("lifted", true);
    let along = controls.selection.seen();
    controls.say(if along.len() > 1 && along.contains(card) {
        controls.texts.select_lifted(&along.len().to_string())
    } else {
        controls.texts.board_lifted(&card.name())
    });
}

/// A place in a list: before a card, or at the end.
type Destination = (Element, Option<Element>);

fn carry(controls: Controls, card: &CardEl, destination: Option<Destination>) {
    let Some((list, before)) = destination else { return };
    card.glide(|| drop(list.insert_before(&card.0, before.as_ref().map(AsRef::as_ref))));
    card.focus();
    card.show();
    let phase = card.phase_id().and_then(|id| controls.phase(&id)).map(|phase| phase.name).unwrap_or_default();
    let place = position(card.0.as_ref()) + 1;
    let count = list.child_element_count();
    controls.say(controls.texts.board_over(&phase, &place.to_string(), &count.to_string()));
}

fn previous(card: &CardEl) -> Option<Destination> {
    Some((card.0.parent_element()?, Some(card.0.previous_element_sibling()?)))
}

fn next(card: &CardEl) -> Option<Destination> {
    let next = card.0.next_element_sibling()?;
    Some((card.0.parent_element()?, next.next_element_sibling()))
}

/// The same height in the column to the left (-1) or right (1).
fn beside(card: &CardEl, way: i32) -> Option<Destination> {
    let column = column_beside(card, way)?;
    let list = column.query_selector(".cards").ok().flatten()?;
    let before = list.children().item(position(card.0.as_ref()));
    Some((list, before))
}

fn card_beside(card: &CardEl, way: i32) -> Option<Element> {
    let mut column = column_beside(card, way);
    // Empty columns are passed over: there is nothing to focus.
    while let Some(here) = column {
        let list = here.query_selector(".cards").ok().flatten()?;
        let lowest = list.child_element_count().checked_sub(1);
        if let Some(lowest) = lowest {
            return list.children().item(position(card.0.as_ref()).min(lowest));
        }
        column = sibling(&here, way);
    }
    None
}

fn column_beside(card: &CardEl, way: i32) -> Option<Element> {
    sibling(&card.column()?, way)
}

fn sibling(column: &Element, way: i32) -> Option<Element> {
    if way < 0 { column.previous_element_sibling() } else { column.next_element_sibling() }
}

fn position(element: &Element) -> u32 {
    let mut place = 0;
    let mut above = element.previous_element_sibling();
    while let Some(card) = above {
        place += 1;
        above = card.previous_element_sibling();
    }
    place
}

fn go(card: Option<&Element>) {
    if let Some(card) = card.and_then(CardEl::around) {
        card.focus();
        card.show();
    }
}

fn release(controls: Controls, state: &Lifted) {
    let Some((card, origin)) = let_go(state) else { return };
    if origin.holds(&card) {
        say_back(controls, &card, &origin);
    } else {
        controls.ask_for_place(card.clone(), origin);
    }
    card.focus();
}

fn put_back(controls: Controls, state: &Lifted) {
    let Some((card, origin)) = let_go(state) else { return };
    origin.take_back(&card);
    say_back(controls, &card, &origin);
}

fn let_go(state: &Lifted) -> Option<(CardEl, Spot)> {
    let (card, origin) = state.borrow_mut().take()?;
    card.toggle("lifted", false);
    Some((card, origin))
}

fn say_back(controls: Controls, card: &CardEl, origin: &Spot) {
    let phase = origin.phase_id().and_then(|id| controls.phase(&id)).map(|phase| phase.name).unwrap_or_default();
    controls.say(controls.texts.board_put_back(&card.name(), &phase));
}
