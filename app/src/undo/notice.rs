//! The button in the notice, and its key.

use js_sys::wasm_bindgen::JsCast;
use leptos::ev;
use leptos::prelude::*;
use web_sys::{Element, HtmlFormElement, KeyboardEvent};

#[cfg(feature = "ssr")]
use {
    super::api::TakeBack,
    crate::frame::wake_islands,
    crate::visit::{Visit, action},
    server_fn::ServerFn,
    shared::undo::Undoable,
};

/// The button that takes back what the notice tells of.
#[cfg(feature = "ssr")]
pub(crate) fn undo_form(visit: &Visit, undone: Undoable) -> AnyView {
    let texts = visit.texts();
    view! {
        <form method="post" action=action(TakeBack::PATH) id=FORM>
            <input type="hidden" name="form[undone]" value=undone.to_string()/>
            <button class="ds-button compact" data-variant="secondary" type="submit" aria-keyshortcuts="Control+Z">{texts.board_undo()}</button>
        </form>
        <UndoKey form=FORM.to_owned()/>
        {wake_islands(visit)}
    }
    .into_any()
}

#[cfg(feature = "ssr")]
const FORM: &str = "undo";

/// Sends the form at Ctrl+Z.
#[island]
pub fn UndoKey(
    /// The form's id.
    form: String,
) -> impl IntoView {
    Effect::new(move || {
        let form = form.clone();
        window_event_listener(ev::keydown, move |event| {
            let form = document().get_element_by_id(&form).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
            if let Some(form) = form.filter(|_| is_undo(&event)) {
                event.prevent_default();
                // Refused only by a button that is not the form's.
                let _ = form.request_submit();
            }
        });
    });
}

/// Whether somebody pressed Ctrl+Z, or ⌘Z, outside of text fields.
pub(crate) fn is_undo(event: &KeyboardEvent) -> bool {
    let is_undo = event.key().eq_ignore_ascii_case("z") && (event.ctrl_key() || event.meta_key());
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let in_text = target.is_some_and(|target| target.closest("input, textarea").ok().flatten().is_some());
    is_undo && !event.shift_key() && !event.alt_key() && !in_text
}
