//! What the forms about tasks ask of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::error::AppError;
use shared::id::{TaskId, TaskItemId};
use shared::tasks::TaskForm;

#[cfg(feature = "ssr")]
use shared::undo::Undoable;

#[cfg(feature = "ssr")]
use crate::visit::{done_at, done_here, done_undoably, signed_in};

/// A new task, and the page to return to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddForm {
    /// The track whose board the person came from; empty for the record.
    #[serde(default)]
    pub back: String,
    /// What was typed.
    #[serde(flatten)]
    pub task: TaskForm,
}

/// Makes a task.
#[server(endpoint = "tasks/add")]
pub async fn add_task(
    /// What was sent.
    form: AddForm,
) -> Result<(), AppError> {
    signed_in()?.add_task(&form.task).await?;
    let back = match form.back.as_str() {
        "" => format!("/participants/{}", form.task.participant),
        slug => format!("/tracks/{slug}"),
    };
    done_at(&back, "task");
    Ok(())
}

/// A changed task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeForm {
    /// Which.
    pub id: TaskId,
    /// The version that the person saw, as text: a flattened form has nothing else.
    pub version: String,
    /// What was typed.
    #[serde(flatten)]
    pub task: TaskForm,
}

/// Changes a task.
#[server(endpoint = "tasks/change")]
pub async fn change_task(
    /// What was sent.
    form: ChangeForm,
) -> Result<(), AppError> {
    let version = form.version.parse().map_err(|_| AppError::Malformed)?;
    signed_in()?.change_task(form.id, version, &form.task).await?;
    done_at(&format!("/participants/{}", form.task.participant), "task-changed");
    Ok(())
}

/// A task that is done, or not after all.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DoneForm {
    /// Which.
    pub task: TaskId,
    /// Whether it is done.
    pub done: bool,
}

/// Marks a task as done, or as not done after all.
#[server(endpoint = "tasks/set-done")]
pub async fn set_task_done(
    /// What was sent.
    form: DoneForm,
) -> Result<(), AppError> {
    signed_in()?.set_task_done(form.task, form.done).await?;
    if form.done {
        done_undoably("task-done", Undoable::TaskDone(form.task));
    } else {
        done_here("task-open");
    }
    Ok(())
}

/// An item of a checklist that is ticked, or not after all.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TickForm {
    /// Which.
    pub item: TaskItemId,
    /// Whether it is ticked.
    pub done: bool,
}

/// Ticks an item of a checklist, or takes the tick away.
#[server(endpoint = "tasks/tick-item")]
pub async fn tick_item(
    /// What was sent.
    form: TickForm,
) -> Result<(), AppError> {
    // Back to where the person was in the list.
    let place = format!("{}#item-{}", crate::visit::visit().path, form.item);
    signed_in()?.tick_item(form.item, form.done).await?;
    done_at(&place, if form.done { "item-done" } else { "item-open" });
    Ok(())
}
