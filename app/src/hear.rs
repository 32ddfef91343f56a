//! Hearing what happens in the browser.

use js_sys::wasm_bindgen::JsCast;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::prelude::Closure;
use web_sys::{AddEventListenerOptions, EventTarget};

/// Hears an event for as long as the page is open.
pub(crate) fn on<E: FromWasmAbi + 'static>(target: &EventTarget, name: &str, hear: impl FnMut(E) + 'static) {
    let closure = Closure::<dyn FnMut(E)>::new(hear);
    let options = AddEventListenerOptions::new();
    // Some of them forbid scrolling while a card is carried.
    options.set_passive(false);
    let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
        name,
        closure.as_ref().unchecked_ref(),
        &options,
    );
    closure.forget();
}
