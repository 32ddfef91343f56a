//! What the notice asks of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::error::AppError;

#[cfg(feature = "ssr")]
use shared::undo::TakenBack;

/// What a notice named.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeBackForm {
    /// An [`shared::undo::Undoable`] as text.
    pub undone: String,
}

/// Takes back what one has just done, and the alerts about it that have not been sent.
#[server(endpoint = "undo")]
pub async fn take_back(
    /// What was sent.
    form: TakeBackForm,
) -> Result<(), AppError> {
    let undone = form.undone.parse()?;
    let code = match crate::visit::signed_in()?.take_back(undone).await? {
        TakenBack::Done(recalled) => format!("undone-{}-{}", recalled.withdrawn, recalled.gone),
        TakenBack::NoteRestored(alerted) => format!("restored-{alerted}"),
    };
    crate::visit::done_here(&code);
    Ok(())
}
