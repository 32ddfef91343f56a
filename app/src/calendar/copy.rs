//! A button that copies what stands in a field, so that nobody has to mark it.

use js_sys::wasm_bindgen::JsCast;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::locale::Locale;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use crate::texts::Texts;

/// Copies a field. Where the browser does not let it, the field is marked instead.
#[island]
pub fn CopyButton(
    /// The id of the field.
    field: String,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let texts = Texts::from(locale);
    let said = RwSignal::new("");
    // Without a script there is no button that does nothing.
    let is_awake = RwSignal::new(false);
    Effect::new(move || is_awake.set(true));
    let copy = move |_| {
        let Some(input) = input(&field) else { return };
        spawn_local(async move {
            // Only where the page has come over https, or from this machine.
            let may_copy = window().is_secure_context();
            if may_copy && JsFuture::from(window().navigator().clipboard().write_text(&input.value())).await.is_ok() {
                return said.set(texts.calendar_copied());
            }
            input.select();
            said.set(texts.calendar_copy_yourself());
        });
    };
    view! {
        <button class="ds-button" data-variant="secondary" type="button" hidden=move || !is_awake.get() on:click=copy>
            {texts.calendar_copy()}
        </button>
        <span class="muted" aria-live="polite">{move || said.get()}</span>
    }
}

fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
