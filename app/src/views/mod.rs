//! Views: which participants are shown, on a board and in the list over all tracks.

pub mod api;
#[cfg(feature = "ssr")]
mod filter;
#[cfg(feature = "ssr")]
mod keep;
#[cfg(feature = "ssr")]
mod page;

#[cfg(feature = "ssr")]
pub(crate) use filter::{Place, filter_bar};
#[cfg(feature = "ssr")]
pub(crate) use page::ParticipantsPage;
