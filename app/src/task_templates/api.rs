//! What the pages about templates of tasks ask of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::error::AppError;
use shared::id::TaskTemplateId;
use shared::task_templates::TaskTemplateForm;

#[cfg(feature = "ssr")]
use crate::visit::{done_at, signed_in};

/// Where the list of templates is.
#[cfg(feature = "ssr")]
pub(super) const LIST: &str = "/task-templates";

/// Makes a template.
#[server(endpoint = "task-templates/add")]
pub async fn add_task_template(
    /// What was sent.
    form: TaskTemplateForm,
) -> Result<(), AppError> {
    signed_in()?.add_task_template(&form).await?;
    done_at(LIST, "template");
    Ok(())
}

/// A changed template.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeTemplateForm {
    /// Which.
    pub id: TaskTemplateId,
    /// The version that the person saw, as text: a flattened form has nothing else.
    pub version: String,
    /// What was typed.
    #[serde(flatten)]
    pub template: TaskTemplateForm,
}

/// Changes a template.
#[server(endpoint = "task-templates/change")]
pub async fn change_task_template(
    /// What was sent.
    form: ChangeTemplateForm,
) -> Result<(), AppError> {
    let version = form.version.parse().map_err(|_| AppError::Malformed)?;
    signed_in()?.change_task_template(form.id, version, &form.template).await?;
    done_at(LIST, "template-changed");
    Ok(())
}

/// A template that is not wanted any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveTemplateForm {
    /// Which.
    pub id: TaskTemplateId,
}

/// Removes a template.
#[server(endpoint = "task-templates/remove")]
pub async fn remove_task_template(
    /// What was sent.
    form: RemoveTemplateForm,
) -> Result<(), AppError> {
    signed_in()?.remove_task_template(form.id).await?;
    done_at(LIST, "template-removed");
    Ok(())
}
