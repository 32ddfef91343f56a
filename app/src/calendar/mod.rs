//! The secret address of one's own tasks, for calendar programs.

pub mod api;
mod copy;
#[cfg(feature = "ssr")]
mod page;

#[cfg(feature = "ssr")]
pub(crate) use page::CalendarPage;
