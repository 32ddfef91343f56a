//! "Angre" in the notice that says what was done, and Ctrl+Z.

pub mod api;
mod notice;

pub(crate) use notice::is_undo;
#[cfg(feature = "ssr")]
pub(crate) use notice::undo_form;
