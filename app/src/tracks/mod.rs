//! The administrator's pages about tracks and their phases.

pub mod api;
#[cfg(feature = "ssr")]
mod fault;
#[cfg(feature = "ssr")]
mod file_page;
mod order;
#[cfg(feature = "ssr")]
mod phase_page;
#[cfg(feature = "ssr")]
mod retire_page;
#[cfg(feature = "ssr")]
mod retire_track_page;
#[cfg(feature = "ssr")]
mod rules_fields;
#[cfg(feature = "ssr")]
mod steps;
#[cfg(feature = "ssr")]
mod track_page;
#[cfg(feature = "ssr")]
mod tracks_page;

#[cfg(feature = "ssr")]
pub(crate) use file_page::TrackFilePage;
#[cfg(feature = "ssr")]
pub(crate) use phase_page::PhasePage;
#[cfg(feature = "ssr")]
pub(crate) use retire_page::RetirePhasePage;
#[cfg(feature = "ssr")]
pub(crate) use retire_track_page::RetireTrackPage;
#[cfg(feature = "ssr")]
pub(crate) use track_page::ManagedTrackPage;
#[cfg(feature = "ssr")]
pub(crate) use tracks_page::{ManagedTracksPage, NewTrackPage};
