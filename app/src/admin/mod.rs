//! The administrator's pages about mail.

pub mod api;
#[cfg(feature = "ssr")]
mod mail_content_page;
#[cfg(feature = "ssr")]
mod mail_page;
#[cfg(feature = "ssr")]
mod mail_table;
#[cfg(feature = "ssr")]
mod mail_test;

#[cfg(feature = "ssr")]
pub(crate) use mail_content_page::MailContentPage;
#[cfg(feature = "ssr")]
pub(crate) use mail_page::MailPage;
