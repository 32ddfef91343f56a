//! What the forms about notes ask of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::error::AppError;
use shared::id::NoteId;
use shared::notes::{NoteEditForm, NoteForm};

/// Keeps a note and tells the followers.
#[server(endpoint = "notes/save")]
pub async fn save_note(
    /// What was sent.
    form: NoteForm,
) -> Result<(), AppError> {
    let saved = crate::visit::signed_in()?.save_note(&form).await?;
    crate::visit::done_here(&format!("note-{}", saved.alerted));
    Ok(())
}

/// Writes a note anew.
#[server(endpoint = "notes/edit")]
pub async fn edit_note(
    /// What was sent.
    form: NoteEditForm,
) -> Result<(), AppError> {
    crate::visit::signed_in()?.edit_note(&form).await?;
    crate::visit::done_here("edited");
    Ok(())
}

/// A note.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteForm {
    /// Which.
    pub note: NoteId,
}

/// Deletes a note that one has just written, and takes back what has not been told of it.
#[server(endpoint = "notes/delete")]
pub async fn delete_note(
    /// What was sent.
    form: DeleteForm,
) -> Result<(), AppError> {
    let recalled = crate::visit::signed_in()?.delete_note(form.note).await?;
    let code = format!("deleted-{}-{}", recalled.withdrawn, recalled.gone);
    crate::visit::done_undoably(&code, shared::undo::Undoable::NoteDeleted(form.note));
    Ok(())
}
