//! Alerts: the list of one's own.

pub mod api;
#[cfg(feature = "ssr")]
mod page;

#[cfg(feature = "ssr")]
pub(crate) use page::AlertsPage;
