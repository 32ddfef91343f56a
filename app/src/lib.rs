//! What Samløp shows: pages, server functions, and the islands that need the browser.
//!
//! Pages are rendered on the server and work without a script. The browser gets only the islands
//! ([`board`]'s controls, a note's draft, the button that copies an address), so that it has little to load.

#![recursion_limit = "256"]

pub mod account;
pub mod admin;
pub mod alerts;
pub mod board;
pub mod calendar;
pub mod login;
pub mod notes;
pub mod participants;
pub mod task_templates;
pub mod tasks;
pub mod texts;
pub mod tracks;
pub mod undo;
pub mod views;
pub mod words;

mod hear;

#[cfg(feature = "ssr")]
mod accessibility;
#[cfg(feature = "ssr")]
mod escape;
#[cfg(feature = "ssr")]
mod find;
#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
pub mod frame;
#[cfg(feature = "ssr")]
pub mod visit;

/// Wakes the islands of a page that the server has rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
