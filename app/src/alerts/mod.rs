//! Alerts: the list of one's own, which of them come by mail, and stopping those.

pub mod api;
#[cfg(feature = "ssr")]
mod choices_page;
#[cfg(feature = "ssr")]
mod history;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod unsubscribe_page;

#[cfg(feature = "ssr")]
pub(crate) use choices_page::AlertChoicesPage;
#[cfg(feature = "ssr")]
pub(crate) use page::AlertsPage;
#[cfg(feature = "ssr")]
pub(crate) use unsubscribe_page::UnsubscribePage;
