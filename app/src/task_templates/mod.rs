//! Templates of tasks: the list of one's organisation's, and their forms.

pub mod api;
#[cfg(feature = "ssr")]
mod form_page;
#[cfg(feature = "ssr")]
mod page;

#[cfg(feature = "ssr")]
pub(crate) use form_page::EditTaskTemplatePage;
#[cfg(feature = "ssr")]
pub(crate) use page::TaskTemplatesPage;
