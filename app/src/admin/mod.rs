//! The administrator's page about mail delivery.

pub mod api;
#[cfg(feature = "ssr")]
mod mail_page;

#[cfg(feature = "ssr")]
pub(crate) use mail_page::MailPage;
