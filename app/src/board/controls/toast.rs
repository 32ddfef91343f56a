//! What was done, with a button to take it back; or why it was not done, with a button to try again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::error::AppError;
use shared::id::{CommandId, MoveId};
use web_sys::KeyboardEvent;

use super::dom::{CardEl, Spot};
use super::many::Act;
use super::{Controls, Wanted};
use crate::board::api::{UndoForm, undo_move};
use crate::hear::on;
use crate::undo::is_undo;
use crate::words::{days, explain};

/// What the toast says.
#[derive(Clone)]
pub(super) enum Notice {
    /// It did not happen: why, and the same anew with what the button for it says.
    Refused(String, Option<(Again, String)>),
    /// It happened, and can be taken back.
    Moved(String, Undo),
    /// It was taken back.
    Undone(String),
}

/// Something that was refused, to be done once more.
#[derive(Clone)]
pub(super) enum Again {
    /// A move.
    Move(Wanted),
    /// Something else with these cards.
    Many(Act, Vec<String>),
}

impl Again {
    /// With how many cards.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Move(wanted) => wanted.along.len().max(1),
            Self::Many(_, cards) => cards.len(),
        }
    }
}

/// What can be taken back.
#[derive(Clone, PartialEq)]
pub(super) enum Undo {
    /// The move of one card.
    One {
        /// The card's id.
        card: String,
        undone: MoveId,
    },
    /// What was done with many.
    Many(CommandId),
}

/// Begins to hear Ctrl+Z, or ⌘Z, outside of text fields.
pub(super) fn listen(controls: Controls) {
    on(&document(), "keydown", move |event: KeyboardEvent| {
        if is_undo(&event)
            && let Some(Notice::Moved(_, undo)) = controls.notice.get_untracked()
        {
            event.prevent_default();
            controls.take_back(&undo);
        }
    });
}

impl Controls {
    fn take_back(self, undo: &Undo) {
        match undo {
            Undo::One { card, undone } => self.take_back_one(card, *undone),
            Undo::Many(undone) => self.take_back_many(*undone),
        }
    }

    fn do_again(self, again: Again) {
        match again {
            Again::Move(wanted) => self.repeat(wanted),
            Again::Many(act, cards) => self.repeat_many(act, &cards),
        }
    }

    /// Takes a move back.
    fn take_back_one(self, card: &str, undone: MoveId) {
        let Some(card) = CardEl::by_id(card).filter(|card| !card.is_busy()) else { return };
        let form = UndoForm { undone };
        self.notice.set(None);
        card.set_busy(true);
        spawn_local(async move {
            let answer = undo_move(form).await;
            card.set_busy(false);
            match answer {
                Ok(undone) => {
                    let origin = Spot::of(&card);
                    let phase = undone.moved.phase.to_string();
                    let after = undone.after.map(|id| id.to_string());
                    card.glide(|| {
                        card.move_to(&phase, after.as_deref());
                        card.show();
                    });
                    card.set_version(undone.moved.version);
                    card.forget_rank();
                    card.set_days(&days(self.texts, undone.moved.days));
                    self.shift_count(&origin, &phase);
                    card.focus();
                    let mut text = self.texts.board_undone(&card.name(), &undone.phase_name);
                    let recalled = undone.recalled;
                    if recalled.withdrawn + recalled.gone > 0 {
                        let (withdrawn, gone) = (recalled.withdrawn.to_string(), recalled.gone.to_string());
                        text = format!("{text} {}", self.texts.board_recalled(&withdrawn, &gone));
                    }
                    self.notice.set(Some(Notice::Undone(text)));
                }
                Err(AppError::Stale(stale)) => self.show_stale(&card, &Spot::of(&card), None, &stale),
                Err(error) => {
                    let (heading, text) = explain(self.texts, &error);
                    self.notice.set(Some(Notice::Refused(format!("{heading}. {text}"), None)));
                }
            }
        });
    }
}

/// The toast.
#[component]
pub(super) fn Toast(controls: Controls) -> AnyView {
    let texts = controls.texts;
    let toast = move || {
        controls.notice.get().map(|notice| {
            // A move is announced already.
            let role = match notice {
                Notice::Refused(..) => Some("alert"),
                Notice::Moved(..) => None,
                Notice::Undone(_) => Some("status"),
            };
            let (text, button) = match notice {
                Notice::Refused(text, again) => {
                    let again = again.map(|(again, label)| {
                        view! { <button type="button" on:click=move |_| controls.do_again(again.clone())>{label}</button> }
                            .into_any()
                    });
                    (text, again)
                }
                Notice::Moved(text, undo) => {
                    let button = view! {
                        <button type="button" on:click=move |_| controls.take_back(&undo)>{texts.board_undo()}</button>
                    };
                    (text, Some(button.into_any()))
                }
                Notice::Undone(text) => (text, None),
            };
            view! {
                <div class="toast" role=role>
                    <span>{text}</span>
                    {button}
                    <button type="button" aria-label=texts.board_close() on:click=move |_| controls.notice.set(None)>"×"</button>
                </div>
            }
        })
    };
    toast.into_any()
}
