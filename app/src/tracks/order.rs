//! Dragging a phase to another place in the list. The buttons beside each phase do the same without a script.

use js_sys::wasm_bindgen::JsCast;
use leptos::prelude::*;
use web_sys::{Element, HtmlFormElement, HtmlInputElement, PointerEvent};

use crate::hear::on;

/// Makes the list of phases hear the pointer.
#[island]
pub fn PhaseOrder() -> impl IntoView {
    Effect::new(move || {
        let Some(list) = document().get_element_by_id("phases") else { return };
        let _ = list.set_attribute("data-draggable", "");
        let (lifting, moving, dropping, stopping) = (list.clone(), list.clone(), list.clone(), list.clone());
        on(&list, "pointerdown", move |event: PointerEvent| lift(&lifting, &event));
        on(&list, "pointermove", move |event: PointerEvent| drag(&moving, &event));
        on(&list, "pointerup", move |_: PointerEvent| drop_there(&dropping));
        on(&list, "pointercancel", move |_: PointerEvent| leave(&stopping));
    });
}

fn lift(list: &Element, event: &PointerEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let handle = target.and_then(|target| target.closest(".handle").ok().flatten());
    let Some(row) = handle.and_then(|handle| handle.closest("li").ok().flatten()) else { return };
    if event.button() != 0 {
        return;
    }
    event.prevent_default();
    let _ = list.set_pointer_capture(event.pointer_id());
    let _ = row.class_list().add_1("lifted");
}

/// The row goes to where the pointer is, but no end comes before a phase that is none.
fn drag(list: &Element, event: &PointerEvent) {
    let Some(row) = lifted(list) else { return };
    event.prevent_default();
    let height = f64::from(event.client_y());
    let same_kind: Vec<Element> = rows(list)
        .into_iter()
        .filter(|other| other.get_attribute("data-kind") == row.get_attribute("data-kind"))
        .collect();
    let is_below = |other: &&Element| {
        let place = other.get_bounding_client_rect();
        **other != row && height < place.top() + place.height() / 2.0
    };
    let before = match same_kind.iter().find(is_below) {
        Some(below) => Some(below.clone()),
        None => same_kind.last().filter(|last| **last != row).and_then(Element::next_element_sibling),
    };
    let is_last = same_kind.last() == Some(&row) && !same_kind.iter().any(|other| is_below(&other));
    if !is_last && before.as_ref() != Some(&row) {
        let _ = list.insert_before(&row, before.as_ref().map(AsRef::as_ref));
    }
}

/// Sends where the row lies now.
fn drop_there(list: &Element) {
    let Some(row) = lifted(list) else { return };
    let _ = row.class_list().remove_1("lifted");
    let phase = |row: Option<Element>| row.and_then(|row| row.get_attribute("data-phase")).unwrap_or_default();
    let form = document().get_element_by_id("place-phase").and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form else { return };
    let field = |name: &str| {
        let found = form.query_selector(&format!("[name='form[{name}]']")).ok().flatten()?;
        found.dyn_into::<HtmlInputElement>().ok()
    };
    if let Some(field) = field("phase") {
        field.set_value(&phase(Some(row.clone())));
    }
    if let Some(field) = field("before") {
        let before = phase(row.next_element_sibling());
        // Nothing stands for the end, and an empty id for nothing that anybody could mean.
        field.set_disabled(before.is_empty());
        field.set_value(&before);
    }
    let _ = form.submit();
}

/// The pointer was taken away: the page shows again what the server knows.
fn leave(list: &Element) {
    if lifted(list).is_some() {
        let _ = window().location().reload();
    }
}

fn lifted(list: &Element) -> Option<Element> {
    list.query_selector("li.lifted").ok().flatten()
}

fn rows(list: &Element) -> Vec<Element> {
    let rows = list.children();
    (0..rows.length()).filter_map(|place| rows.item(place)).collect()
}
