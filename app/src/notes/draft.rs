//! A draft that survives a reload, an expired login and a closed window.
//!
//! It is kept in the browser under the participant's id, so that it can never come up on another's page.

use js_sys::wasm_bindgen::JsCast;
use leptos::prelude::*;
use shared::locale::Locale;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlTextAreaElement, Storage};

use crate::texts::Texts;

/// Keeps what is typed into a field, and brings it back when the page is opened again.
#[island]
pub fn KeepDraft(
    /// The id of the text area.
    field: String,
    /// Under which name the draft is kept; holds the participant's id.
    key: String,
    /// Whether the text has just been saved, so that the draft is not needed any more.
    saved: bool,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let texts = Texts::from(locale);
    let restored = RwSignal::new(false);
    let (area_id, draft_key) = (field.clone(), key.clone());
    Effect::new(move || {
        let (Some(area), Some(storage)) = (area(&area_id), storage()) else { return };
        if saved {
            let _ = storage.remove_item(&draft_key);
        }
        // A text that the server sent back is newer than the draft.
        let draft = storage.get_item(&draft_key).ok().flatten().filter(|_| area.value().is_empty());
        if let Some(draft) = draft {
            area.set_value(&draft);
            restored.set(true);
        }
        let key = draft_key.clone();
        let typed = area.clone();
        let keep = Closure::<dyn FnMut()>::new(move || {
            let text = typed.value();
            let _ = if text.is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, &text) };
        });
        let _ = area.add_event_listener_with_callback("input", keep.as_ref().unchecked_ref());
        keep.forget();
    });
    let discard = move |_| {
        if let (Some(area), Some(storage)) = (area(&field), storage()) {
            area.set_value("");
            let _ = storage.remove_item(&key);
            let _ = area.focus();
        }
        restored.set(false);
    };
    let discard = StoredValue::new(discard);
    view! {
        <Show when=move || restored.get()>
            <p class="muted" role="status">
                {texts.notes_draft_kept()} " "
                <button class="ds-link" type="button" on:click=move |event| discard.with_value(|discard| discard(event))>{texts.notes_draft_discard()}</button>
            </p>
        </Show>
    }
}

fn area(id: &str) -> Option<HtmlTextAreaElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
