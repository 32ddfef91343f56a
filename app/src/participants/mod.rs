//! Participants: registering one, the record, and changing it.

pub mod api;
#[cfg(feature = "ssr")]
mod details;
#[cfg(feature = "ssr")]
mod edit_page;
#[cfg(feature = "ssr")]
mod new_page;
#[cfg(feature = "ssr")]
mod record_page;
#[cfg(feature = "ssr")]
mod side;
#[cfg(feature = "ssr")]
mod timeline;

#[cfg(feature = "ssr")]
pub(crate) use details::people_choices;
#[cfg(feature = "ssr")]
pub(crate) use edit_page::EditParticipantPage;
#[cfg(feature = "ssr")]
pub(crate) use new_page::NewParticipantPage;
#[cfg(feature = "ssr")]
pub(crate) use record_page::RecordPage;
#[cfg(feature = "ssr")]
pub(crate) use timeline::summary;
