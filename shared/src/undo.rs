//! What can be taken back, as the notice after it names it.

use std::fmt;
use std::str::FromStr;

use crate::alerts::Recalled;
use crate::error::AppError;
use crate::id::{CommandId, MoveId, NoteId, TaskId};

/// For how long a deleted note can be brought back, in minutes.
pub const RESTORE_MINUTES: i64 = 15;

/// Something that a person has just done and can take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undoable {
    /// A task was done.
    TaskDone(TaskId),
    /// A note was deleted.
    NoteDeleted(NoteId),
    /// A card was moved.
    Moved(MoveId),
    /// Something was done with many cards.
    Many(CommandId),
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBack {
    /// The task is open, the card where it was.
    Done(Recalled),
    /// The note is back, and so many are told of it, again or for the first time.
    NoteRestored(usize),
}

impl fmt::Display for Undoable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TaskDone(task) => write!(f, "task_{task}"),
            Self::NoteDeleted(note) => write!(f, "note_{note}"),
            Self::Moved(id) => write!(f, "move_{id}"),
            Self::Many(id) => write!(f, "many_{id}"),
        }
    }
}

impl FromStr for Undoable {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        let (kind, id) = text.split_once('_').ok_or(AppError::Malformed)?;
        let malformed = |_| AppError::Malformed;
        Ok(match kind {
            "task" => Self::TaskDone(id.parse().map_err(malformed)?),
            "note" => Self::NoteDeleted(id.parse().map_err(malformed)?),
            "move" => Self::Moved(id.parse().map_err(malformed)?),
            "many" => Self::Many(id.parse().map_err(malformed)?),
            _ => return Err(AppError::Malformed),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_can_be_taken_back_is_read_back_from_its_name() {
        let id = Uuid::from_u128(7);
        let (task, note) = (Undoable::TaskDone(TaskId(id)), Undoable::NoteDeleted(NoteId(id)));
        for each in [task, note, Undoable::Moved(MoveId(id)), Undoable::Many(CommandId(id))] {
            assert_eq!(each.to_string().parse(), Ok(each));
        }
        for wrong in ["", "task", "task_", "tasks_00000000-0000-0000-0000-000000000007", "task_7"] {
            assert_eq!(wrong.parse::<Undoable>(), Err(AppError::Malformed), "{wrong}");
        }
    }
}
