//! Everything that happened to a participant, as the record tells it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::board::{ClosingReason, Outcome};
use crate::id::TaskId;
use crate::notes::Note;
use crate::participants::WaitingOn;

/// One entry of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The number of the event; later ones are higher.
    pub number: i64,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Who did it; `None` where an import or the demo did.
    pub by: Option<String>,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A note was written.
    Note(Note),
    /// A note was deleted by its author shortly after it was written.
    NoteDeleted,
    /// A note that had been deleted was brought back.
    NoteRestored,
    /// The participant changed phase.
    Moved {
        /// The track's name.
        track: String,
        /// The phase's name before.
        from: String,
        /// The phase's name after.
        to: String,
        /// Whether it took back the move before.
        is_undo: bool,
        /// Why, where the phase demanded a reason from the list.
        reason: Option<ClosingReason>,
        /// Why, in words.
        reason_text: Option<String>,
        /// Where it led, where the phase demanded that.
        outcome: Option<Outcome>,
    },
    /// The participant was put on a track.
    Enrolled {
        /// The track's name.
        track: String,
        /// The first phase's name.
        phase: String,
    },
    /// A task was made, done or opened again.
    Task {
        /// Which.
        task: TaskId,
        /// What was done with it.
        step: TaskStep,
        /// What to do.
        title: String,
        /// Who shall do it.
        assignee: String,
        /// The date.
        due: NaiveDate,
    },
    /// Something else changed, with what it was before and after.
    Changed(Vec<Change>),
}

/// What was done with a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskStep {
    /// It was made.
    Made,
    /// It was done.
    Done,
    /// It was opened again.
    Reopened,
    /// It was changed.
    Changed,
    /// The item of its checklist that says this was ticked.
    ItemDone(String),
    /// The tick was taken away from it.
    ItemReopened(String),
}

/// One field that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which field.
    pub field: Field,
    /// What it was; empty for nothing.
    pub before: String,
    /// What it is; empty for nothing.
    pub after: String,
}

/// A field whose changes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The name.
    Name,
    /// The language.
    Language,
    /// The phone number.
    Phone,
    /// The mail address.
    Email,
    /// The goal.
    Goal,
    /// The integration plan: a date, `made` or empty.
    Plan,
    /// The NAV office.
    NavOffice,
    /// The contact at INN.
    InnContact,
    /// The contact at NAV.
    NavContact,
    /// Whom the participant waits for, as the code of a [`WaitingOn`].
    Waiting,
}

impl Field {
    /// Whether it is one of the details, which one form changes together.
    #[must_use]
    pub fn is_detail(self) -> bool {
        match self {
            Self::Name | Self::Language | Self::Phone | Self::Email | Self::Goal | Self::Plan | Self::NavOffice => true,
            Self::InnContact | Self::NavContact | Self::Waiting => false,
        }
    }
}

/// A change of whom the participant waits for.
#[must_use]
pub fn waiting_change(before: Option<WaitingOn>, after: Option<WaitingOn>) -> Change {
    let code = |on: Option<WaitingOn>| on.map(WaitingOn::code).unwrap_or_default().to_owned();
    Change { field: Field::Waiting, before: code(before), after: code(after) }
}

/// Which entries the reader wants to see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Filter {
    /// Everything.
    #[default]
    All,
    /// Only notes.
    Notes,
    /// Only moves.
    Moves,
    /// Only tasks.
    Tasks,
}

impl Filter {
    /// All filters, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::All, Self::Notes, Self::Moves, Self::Tasks];

    /// The word for it in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Notes => "notes",
            Self::Moves => "moves",
            Self::Tasks => "tasks",
        }
    }

    /// The filter for a word in an address; everything if it is none.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|filter| filter.code() == code).unwrap_or_default()
    }
}
