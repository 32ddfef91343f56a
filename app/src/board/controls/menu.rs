//! The menu of a card: one for the whole board, opened beside the button that was pressed.

use js_sys::wasm_bindgen::JsCast;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};

use super::Controls;
use super::dom::{CardEl, Spot, board};
use crate::hear::on;

/// Begins to hear the buttons of the cards.
pub(super) fn listen(controls: Controls) {
    let Some(board) = board() else { return };
    on(&board, "click", move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("button.more").ok().flatten());
        let Some(card) = button.as_ref().and_then(CardEl::around) else { return };
        event.prevent_default();
        if !card.is_busy() {
            controls.menu.set(Some((card.id(), card.name())));
        }
    });
}

#[component]
pub(super) fn MoveMenu(controls: Controls) -> AnyView {
    let texts = controls.texts;
    let menu = NodeRef::<html::Div>::new();
    Effect::new(move || {
        let Some(menu) = menu.get() else { return };
        if let Some((card, _)) = controls.menu.get() {
            open_beside(&menu, &card);
        }
    });
    let choose = move |phase: String| {
        let Some(card) = controls.menu.get_untracked().and_then(|(id, _)| CardEl::by_id(&id)) else { return };
        close(menu);
        if let Some(button) = card.child("button.more") {
            let _ = button.focus();
        }
        if let Some(wanted) = card.wanted_in(&phase) {
            controls.ask(&card, &Spot::of(&card), wanted);
        }
    };
    let items = move || {
        let current = controls.menu.get().and_then(|(id, _)| CardEl::by_id(&id)).and_then(|card| card.phase_id());
        controls.phases.with_value(|phases| {
            phases
                .iter()
                .map(|phase| {
                    let id = phase.id.to_string();
                    let is_current = current.as_ref() == Some(&id);
                    view! {
                        <button role="menuitem" type="button" tabindex="-1" aria-disabled=is_current.then_some("true")
                            on:click=move |_| if !is_current { choose(id.clone()) }>
                            {texts.card_move_to(&phase.name)}
                        </button>
                    }
                })
                .collect_view()
        })
    };
    let task_href = move || {
        let card = controls.menu.get().and_then(|(id, _)| CardEl::by_id(&id))?;
        let path = window().location().pathname().unwrap_or_default();
        let slug = path.rsplit('/').next().unwrap_or_default();
        Some(format!("{}/tasks/new?track={slug}", card.href()))
    };
    let label = move || controls.menu.get().map(|(_, name)| texts.card_move(&name));
    view! {
        <div class="menu" role="menu" popover="auto" node_ref=menu aria-label=label on:keydown=move |event| walk(&event, menu)
            on:toggle=move |event: ev::Event| forget_when_closed(&event, controls)>
            {items}
            <hr/>
            <a role="menuitem" tabindex="-1" href=task_href>{texts.card_new_task()}</a>
        </div>
    }
    .into_any()
}

/// Shows the menu below the card's button, or where there is room, and goes to its first choice.
fn open_beside(menu: &HtmlElement, card: &str) {
    let Some(button) = CardEl::by_id(card).and_then(|card| card.child("button.more")) else { return };
    let _ = menu.show_popover();
    let (beside, size) = (button.get_bounding_client_rect(), menu.get_bounding_client_rect());
    let length =
        |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
    let (width, height) = (length(window().inner_width()), length(window().inner_height()));
    let left = (beside.right() - size.width()).clamp(4.0, (width - size.width() - 4.0).max(4.0));
    let below = beside.bottom() + 4.0;
    let top = if below + size.height() > height { (height - size.height() - 4.0).max(4.0) } else { below };
    let _ = menu.style().set_property("left", &format!("{left}px"));
    let _ = menu.style().set_property("top", &format!("{top}px"));
    if let Some(first) = choices(menu).first() {
        let _ = first.focus();
    }
}

fn close(menu: NodeRef<html::Div>) {
    if let Some(menu) = menu.get_untracked() {
        let _ = menu.hide_popover();
    }
}

/// The next press of the same button must open it again.
fn forget_when_closed(event: &ev::Event, controls: Controls) {
    let menu = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_open = menu.is_some_and(|menu| menu.matches(":popover-open").unwrap_or_default());
    if !is_open {
        controls.menu.set(None);
    }
}

/// Arrows, home and end go from choice to choice (WAI-ARIA Authoring Practices, menu button).
pub(super) fn walk(event: &KeyboardEvent, menu: NodeRef<html::Div>) {
    let Some(menu) = menu.get_untracked() else { return };
    let choices = choices(&menu);
    let Some(last) = choices.len().checked_sub(1) else { return };
    let active = document().active_element();
    let now = choices.iter().position(|choice| active.as_ref() == Some(choice.as_ref())).unwrap_or_default();
    let next = match event.key().as_str() {
        "ArrowDown" => {
            if now == last {
                0
            } else {
                now + 1
            }
        }
        "ArrowUp" => {
            if now == 0 {
                last
            } else {
                now - 1
            }
        }
        "Home" => 0,
        "End" => last,
        "Tab" => {
            let _ = menu.hide_popover();
            return;
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(choice) = choices.get(next) {
        let _ = choice.focus();
    }
}

fn choices(menu: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(items) = menu.query_selector_all("[role=menuitem]:not([aria-disabled])") else { return Vec::new() };
    (0..items.length()).filter_map(|index| items.item(index)?.dyn_into().ok()).collect()
}
