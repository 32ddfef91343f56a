//! Notes: writing them, with a draft that survives, and showing them.

pub mod api;
mod draft;
#[cfg(feature = "ssr")]
mod markdown;
#[cfg(feature = "ssr")]
mod view;

#[cfg(feature = "ssr")]
pub(crate) use view::{new_note_form, note_entry};
