//! What the board asks of the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::board::{MoveForm, Moved, Undone};
use shared::error::AppError;
use shared::id::{CommandId, MoveId};
use shared::many::{ContactOfManyForm, FollowManyForm, ManyDone, ManyMoved, ManyUndone, MoveManyForm};

/// Moves a card. Drag, keyboard, menu and plain form all send this.
#[server(endpoint = "board/move-card")]
pub async fn move_card(
    /// What was sent.
    form: MoveForm,
) -> Result<Moved, AppError> {
    let moved = crate::visit::signed_in()?.move_card(&form).await?;
    match moved.undo {
        Some(id) => crate::visit::done_undoably("moved", shared::undo::Undoable::Moved(id)),
        None => crate::visit::done_here("moved"),
    }
    Ok(moved)
}

/// A move.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UndoForm {
    /// Which.
    pub undone: MoveId,
}

/// Takes one of one's own moves back, and the alerts about it that have not been sent.
#[server(endpoint = "board/undo-move")]
pub async fn undo_move(
    /// What was sent.
    form: UndoForm,
) -> Result<Undone, AppError> {
    Ok(crate::visit::signed_in()?.undo_move(form.undone).await?)
}

/// Moves several cards.
#[server(endpoint = "board/move-many")]
pub async fn move_many(
    /// What was sent.
    form: MoveManyForm,
) -> Result<ManyMoved, AppError> {
    let moved = crate::visit::signed_in()?.move_many(&form).await?;
    done_with_many("moved", moved.cards.len(), moved.undo);
    Ok(moved)
}

/// Makes somebody the contact of several participants.
#[server(endpoint = "board/contact-of-many")]
pub async fn contact_of_many(
    /// What was sent.
    form: ContactOfManyForm,
) -> Result<ManyDone, AppError> {
    let done = crate::visit::signed_in()?.choose_contact_of_many(&form).await?;
    done_with_many("contact", done.count, done.undo);
    Ok(done)
}

/// Begins or ceases to follow several participants.
#[server(endpoint = "board/follow-many")]
pub async fn follow_many(
    /// What was sent.
    form: FollowManyForm,
) -> Result<ManyDone, AppError> {
    let done = crate::visit::signed_in()?.follow_many(&form).await?;
    done_with_many(if form.follow { "followed" } else { "left" }, done.count, done.undo);
    Ok(done)
}

/// What was done with many cards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UndoManyForm {
    /// Which.
    pub undone: CommandId,
}

/// Takes back what one has done with many cards, and the alerts about it that have not been sent.
#[server(endpoint = "board/undo-many")]
pub async fn undo_many(
    /// What was sent.
    form: UndoManyForm,
) -> Result<ManyUndone, AppError> {
    Ok(crate::visit::signed_in()?.undo_many(form.undone).await?)
}

#[cfg(feature = "ssr")]
fn done_with_many(what: &str, count: usize, undo: Option<CommandId>) {
    let code = format!("many-{what}-{count}");
    match undo {
        Some(id) => crate::visit::done_undoably(&code, shared::undo::Undoable::Many(id)),
        None => crate::visit::done_here(&code),
    }
}
