//! Tasks: one's own list, and the forms.

pub mod api;
#[cfg(feature = "ssr")]
mod checklist;
#[cfg(feature = "ssr")]
mod form_pages;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod view;

#[cfg(feature = "ssr")]
pub(crate) use form_pages::{EditTaskPage, NewTaskPage};
#[cfg(feature = "ssr")]
pub(crate) use page::TasksPage;
#[cfg(feature = "ssr")]
pub(crate) use view::{new_task_form, task_list};
