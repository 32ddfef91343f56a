//! Carrying a card with mouse, pen or finger.
//!
//! A mouse or pen carries after a few pixels. A finger must hold still for a moment, else it scrolls. The
//! card itself lies as place-holder where it will land; a copy follows the pointer.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Date;
use js_sys::wasm_bindgen::{JsCast, JsValue};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::{document, request_animation_frame, set_timeout_with_handle, window};
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};

use super::Controls;
use super::dom::{CardEl, Spot, all_elements_in, all_in, board};
use crate::hear::on;

/// A mouse or pen carries after so many pixels.
const CARRY_AFTER: f64 = 5.0;
/// A finger that moves so many pixels before the card is lifted scrolls.
const SCROLLS_AFTER: f64 = 10.0;
/// A finger lifts a card after this time.
const HOLD: Duration = Duration::from_millis(250);
/// So near an edge, in pixels, things begin to scroll.
const EDGE: f64 = 56.0;
/// The most pixels that scroll per millisecond.
const SCROLL_SPEED: f64 = 1.1;
/// A frame that took more milliseconds than this scrolls no further, so that nothing jumps.
const LONGEST_FRAME: f64 = 64.0;

/// A pointer that is down on a card.
struct Press {
    card: CardEl,
    pointer: i32,
    by_touch: bool,
    start: (f64, f64),
    now: (f64, f64),
    hold: Option<TimeoutHandle>,
    /// Set once the card is lifted.
    carried: Option<Carried>,
}

struct Carried {
    origin: Spot,
    ghost: HtmlElement,
    /// From the ghost's corner to the pointer.
    grip: (f64, f64),
    /// The column under the pointer.
    target: Option<Element>,
    /// When the last frame was, in milliseconds.
    last_frame: f64,
}

type Pressed = Rc<RefCell<Option<Press>>>;

/// Begins to hear pointers on the board.
pub(super) fn listen(controls: Controls) {
    let Some(board) = board() else { return };
    let pressed: Pressed = Rc::default();

    on(&board, "dragstart", |event: web_sys::Event| event.prevent_default());
    let state = pressed.clone();
    on(&board, "pointerdown", move |event: PointerEvent| press(&state, &event));
    let state = pressed.clone();
    on(&document(), "pointermove", move |event: PointerEvent| follow(&state, &event));
    let state = pressed.clone();
    on(&document(), "pointerup", move |event: PointerEvent| {
        if is_of(&state, &event) {
            release(&state, controls);
        }
    });
    let state = pressed.clone();
    on(&document(), "pointercancel", move |event: PointerEvent| {
        if is_of(&state, &event) {
            put_back(&state, controls);
        }
    });
    let state = pressed.clone();
    on(&board, "touchmove", move |event: web_sys::Event| {
        if is_carrying(&state) && event.cancelable() {
            event.prevent_default();
        }
    });
    let state = pressed.clone();
    on(&board, "contextmenu", move |event: web_sys::Event| {
        // Holding a finger on a link opens the browser's menu, unless the card is being lifted.
        if state.borrow().as_ref().is_some_and(|press| press.by_touch) {
            event.prevent_default();
        }
    });
    on(&document(), "keydown", move |event: KeyboardEvent| {
        if event.key() == "Escape" && is_carrying(&pressed) {
            event.prevent_default();
            put_back(&pressed, controls);
        }
    });
}

fn press(state: &Pressed, event: &PointerEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(card) = target.as_ref().and_then(CardEl::around) else { return };
    let on_button = target.is_some_and(|target| target.closest("button, input").ok().flatten().is_some());
    if event.button() != 0 || !event.is_primary() || on_button || card.is_busy() || state.borrow().is_some() {
        return;
    }
    let by_touch = event.pointer_type() == "touch";
    let at = (f64::from(event.client_x()), f64::from(event.client_y()));
    let hold = by_touch.then(|| {
        let state = state.clone();
        set_timeout_with_handle(move || lift(&state), HOLD).ok()
    });
    let press =
        Press { card, pointer: event.pointer_id(), by_touch, start: at, now: at, hold: hold.flatten(), carried: None };
    *state.borrow_mut() = Some(press);
}

fn follow(state: &Pressed, event: &PointerEvent) {
    if !is_of(state, event) {
        return;
    }
    let mut lifts = false;
    let mut scrolls = false;
    if let Some(press) = state.borrow_mut().as_mut() {
        press.now = (f64::from(event.client_x()), f64::from(event.client_y()));
        let moved = (press.now.0 - press.start.0).hypot(press.now.1 - press.start.1);
        if press.carried.is_none() {
            lifts = !press.by_touch && moved > CARRY_AFTER;
            scrolls = press.by_touch && moved > SCROLLS_AFTER;
        }
    }
    if lifts {
        lift(state);
    } else if scrolls {
        forget(state);
    }
}

/// Lifts the card: the copy follows the pointer from now on.
fn lift(state: &Pressed) {
    let lifted = {
        let mut held = state.borrow_mut();
        let Some(press) = held.as_mut() else { return };
        let Some(ghost) = ghost_of(&press.card) else { return };
        let corner = press.card.0.get_bounding_client_rect();
        let grip = (press.start.0 - corner.left(), press.start.1 - corner.top());
        // So that its cursor shows wherever the pointer is; refused only if the pointer is gone already.
        let _ = ghost.set_pointer_capture(press.pointer);
        let origin = Spot::of(&press.card);
        press.card.toggle("placeholder", true);
        carry_along(&press.card, &ghost);
        press.carried = Some(Carried { origin, ghost, grip, target: None, last_frame: Date::now() });
        true
    };
    if lifted {
        set_dragging(true);
        step(state.clone());
    }
}

/// One frame: the copy to the pointer, scrolling at the edges, the place-holder to where the card would land.
fn step(state: Pressed) {
    {
        let mut held = state.borrow_mut();
        let Some(Press { card, now: (x, y), carried: Some(carried), .. }) = held.as_mut() else { return };
        let (x, y) = (*x, *y);
        let now = Date::now();
        // After a scroll, the next frame knows better.
        let column = column_at(x, y, carried.target.as_ref());
        scroll_at_edges(x, y, column.as_ref(), (now - carried.last_frame).clamp(0.0, LONGEST_FRAME));
        carried.last_frame = now;
        aim_at(&mut carried.target, column);
        match &carried.target {
            Some(column) => place_in(column, card, y),
            None if !carried.origin.holds(card) => carried.origin.put(card),
            None => {}
        }
        // Last, so that nothing above has to wait for the browser to lay it out.
        set_corner(&carried.ghost, x - carried.grip.0, y - carried.grip.1);
    }
    request_animation_frame(move || step(state));
}

/// The column under the pointer, which is likely to be the same as before. Asking the browser what is there takes four
/// times as long, since it looks through all cards.
fn column_at(x: f64, y: f64, before: Option<&Element>) -> Option<Element> {
    let is_there = |element: &Element| {
        let place = element.get_bounding_client_rect();
        (place.left()..place.right()).contains(&x) && (place.top()..place.bottom()).contains(&y)
    };
    let board = board().filter(|board| is_there(board))?;
    let same = before.filter(|column| is_there(column)).cloned();
    same.or_else(|| all_elements_in(&board, ".phase").into_iter().find(|column| is_there(column)))
}

/// Puts the place-holder where the pointer is in this column.
fn place_in(column: &Element, card: &CardEl, y: f64) {
    let Some(list) = column.query_selector(".cards").ok().flatten() else { return };
    let before = first_below(&list, y);
    let is_there = card.0.parent_element().as_ref() == Some(&list)
        && (before.as_ref() == Some(card.0.as_ref()) || card.0.next_element_sibling() == before);
    if !is_there {
        let _ = list.insert_before(&card.0, before.as_ref().map(AsRef::as_ref));
    }
}

/// The first card of a list whose middle is below `y`.
fn first_below(list: &Element, y: f64) -> Option<Element> {
    let cards = list.query_selector_all(".card:not([hidden])").ok()?;
    let card = |place| cards.item(place).and_then(|card| card.dyn_into::<Element>().ok());
    let (mut low, mut high) = (0, cards.length());
    while low < high {
        let middle = low.midpoint(high);
        if card(middle).is_some_and(|card| is_above_middle(&card, y)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    card(low)
}

fn is_above_middle(element: &Element, y: f64) -> bool {
    let place = element.get_bounding_client_rect();
    y < place.top() + place.height() / 2.0
}

/// Lets go: asks for the new place, or puts the card back where it was.
fn release(state: &Pressed, controls: Controls) {
    let Some((card, carried)) = land(state) else { return };
    if carried.target.is_some() && !carried.origin.holds(&card) {
        controls.ask_for_place(card, carried.origin);
    } else {
        carried.origin.take_back(&card);
    }
}

fn put_back(state: &Pressed, controls: Controls) {
    let Some((card, carried)) = land(state) else { return };
    carried.origin.take_back(&card);
    let phase = carried.origin.phase_id().and_then(|id| controls.phase(&id));
    controls.say(controls.texts.board_put_back(&card.name(), &phase.map(|phase| phase.name).unwrap_or_default()));
}

/// Ends the carrying: the copy is gone, and the card glides from there to where it lies.
fn land(state: &Pressed) -> Option<(CardEl, Carried)> {
    let press = forget(state)?;
    let carried = press.carried?;
    let place = carried.ghost.get_bounding_client_rect();
    if let Some(list) = carried.ghost.parent_element() {
        list.remove();
    }
    press.card.toggle("placeholder", false);
    press.card.glide_from(place.left(), place.top());
    set_dragging(false);
    if let Some(target) = &carried.target {
        let _ = target.class_list().remove_1("target");
    }
    swallow_click();
    Some((press.card, carried))
}

fn forget(state: &Pressed) -> Option<Press> {
    let press = state.borrow_mut().take()?;
    if let Some(hold) = press.hold {
        hold.clear();
    }
    Some(press)
}

fn is_of(state: &Pressed, event: &PointerEvent) -> bool {
    state.borrow().as_ref().is_some_and(|press| press.pointer == event.pointer_id())
}

fn is_carrying(state: &Pressed) -> bool {
    state.borrow().as_ref().is_some_and(|press| press.carried.is_some())
}

/// Shows that all chosen cards go along, and how many they are.
fn carry_along(card: &CardEl, ghost: &HtmlElement) {
    let Some(board) = board() else { return };
    let count = all_in(&board, ".card[data-selected]:not([hidden])").len();
    let go_along = count > 1 && card.0.has_attribute("data-selected");
    let _ = board.class_list().toggle_with_force("carries-many", go_along);
    if go_along {
        let _ = ghost.set_attribute("data-count", &count.to_string());
    }
}

/// A copy of the card that follows the pointer, in a list of its own at the end of the page's main part.
fn ghost_of(card: &CardEl) -> Option<HtmlElement> {
    let ghost: HtmlElement = card.0.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    let list = document().create_element("ol").ok()?;
    let place = card.0.get_bounding_client_rect();
    list.set_class_name("in-hand");
    let _ = list.set_attribute("inert", "");
    list.append_with_node_1(&ghost).ok()?;
    ghost.set_id("");
    ghost.set_class_name("card ghost");
    let _ = ghost.style().set_property("width", &format!("{}px", place.width()));
    set_corner(&ghost, place.left(), place.top());
    document().query_selector("main").ok().flatten()?.append_with_node_1(&list).ok()?;
    Some(ghost)
}

fn set_corner(element: &HtmlElement, left: f64, top: f64) {
    let _ = element.style().set_property("transform", &format!("translate({left}px, {top}px) rotate(2deg)"));
}

/// Scrolls as far as is right for this many milliseconds, with the pointer over this column.
fn scroll_at_edges(x: f64, y: f64, column: Option<&Element>, time: f64) {
    let pull = |at, low, high| Some(pull(at, low, high, time)).filter(|pixels| *pixels != 0);
    if let Some(board) = board() {
        let place = board.get_bounding_client_rect();
        if let Some(pixels) = pull(x, place.left(), place.right()) {
            board.set_scroll_left(board.scroll_left() + pixels);
        }
    }
    if let Some(list) = column.and_then(|column| column.query_selector(".cards").ok().flatten()) {
        let place = list.get_bounding_client_rect();
        if let Some(pixels) = pull(y, place.top(), place.bottom()) {
            // Where all of it fits, the browser does nothing.
            list.set_scroll_top(list.scroll_top() + pixels);
        }
    }
    let height = window().inner_height().ok().and_then(|height| JsValue::as_f64(&height)).unwrap_or_default();
    if let Some(pixels) = pull(y, 0.0, height) {
        window().scroll_by_with_x_and_y(0.0, pixels.into());
    }
}

/// How many pixels to scroll in this time, faster towards the edge.
fn pull(at: f64, low: f64, high: f64, time: f64) -> i32 {
    let strength = |depth: f64| (depth / EDGE).clamp(0.0, 1.0) * SCROLL_SPEED * time;
    #[expect(clippy::cast_possible_truncation, reason = "at most some dozens of pixels")]
    let pixels = (strength(at - (high - EDGE)) - strength(low + EDGE - at)) as i32;
    pixels
}

/// Marks the column in which the card would land.
fn aim_at(target: &mut Option<Element>, column: Option<Element>) {
    if *target == column {
        return;
    }
    if let Some(column) = &column {
        let _ = column.class_list().add_1("target");
    }
    if let Some(before) = std::mem::replace(target, column) {
        let _ = before.class_list().remove_1("target");
    }
}

fn set_dragging(on: bool) {
    if let Some(board) = board() {
        let _ = board.class_list().toggle_with_force("dragging", on);
        if !on {
            let _ = board.class_list().remove_1("carries-many");
        }
    }
}

/// Letting go of a card over its own link is no click on it.
fn swallow_click() {
    let swallow = js_sys::wasm_bindgen::closure::Closure::once_into_js(|event: web_sys::Event| {
        event.prevent_default();
        event.stop_propagation();
    });
    let function: &js_sys::Function = swallow.unchecked_ref();
    let _ = document().add_event_listener_with_callback_and_bool("click", function, true);
    let function = function.clone();
    leptos::prelude::set_timeout(
        move || drop(document().remove_event_listener_with_callback_and_bool("click", &function, true)),
        Duration::ZERO,
    );
}
