//! The board: the list of tracks, one track's columns and cards, and moving a card.

pub mod api;
#[cfg(feature = "ssr")]
mod card;
mod controls;
#[cfg(feature = "ssr")]
mod entry_fields;
#[cfg(feature = "ssr")]
mod live;
#[cfg(feature = "ssr")]
mod move_page;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod select_page;
#[cfg(feature = "ssr")]
mod tracks_page;

pub use api::{MoveCard, move_card};
#[cfg(feature = "ssr")]
pub use live::board_news;
#[cfg(feature = "ssr")]
pub(crate) use move_page::MovePage;
#[cfg(feature = "ssr")]
pub(crate) use page::{BoardPage, board_with_all};
#[cfg(feature = "ssr")]
pub(crate) use select_page::SelectPage;
#[cfg(feature = "ssr")]
pub(crate) use tracks_page::TracksPage;
