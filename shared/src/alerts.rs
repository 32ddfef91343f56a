//! Alerts: that something happened, for one recipient, in the app and by mail.

pub mod choices;
pub mod reminders;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{AlertId, NoteId, ParticipantId, TaskId};
use crate::outbox::Cause;

/// The most alerts that the list shows.
pub const ALERTS_SHOWN: u64 = 200;
/// For how long after a mail further alerts of its kind about the same participant need no mail of their own,
/// in minutes, as long as the recipient has not been to see.
pub const TOLD_FOR_MINUTES: i64 = 5;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Somebody wrote a note.
    NoteWritten,
    /// Somebody named the recipient in a note.
    Mentioned,
    /// Somebody gave the recipient a task.
    TaskAssigned,
    /// Somebody changed a task.
    TaskChanged,
    /// A task was done.
    TaskDone,
    /// A task's date is near.
    TaskDueSoon,
    /// A task's date is today.
    TaskDueToday,
    /// A task's date has passed.
    TaskOverdue,
    /// Somebody moved the participant to another phase.
    Moved,
    /// The recipient became contact.
    MadeContact,
    /// The recipient's office became responsible.
    HandedOver,
}

impl AlertKind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::NoteWritten,
        Self::Mentioned,
        Self::TaskAssigned,
        Self::TaskChanged,
        Self::TaskDone,
        Self::TaskDueSoon,
        Self::TaskDueToday,
        Self::TaskOverdue,
        Self::Moved,
        Self::MadeContact,
        Self::HandedOver,
    ];

    /// The word for it in forms, addresses and the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoteWritten => "note_written",
            Self::Mentioned => "mentioned",
            Self::TaskAssigned => "task_assigned",
            Self::TaskChanged => "task_changed",
            Self::TaskDone => "task_done",
            Self::TaskDueSoon => "task_due_soon",
            Self::TaskDueToday => "task_due_today",
            Self::TaskOverdue => "task_overdue",
            Self::Moved => "moved",
            Self::MadeContact => "made_contact",
            Self::HandedOver => "handed_over",
        }
    }

    /// The kind for a word written by [`AlertKind::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it comes of itself, because of a task's date.
    #[must_use]
    pub fn is_reminder(self) -> bool {
        matches!(self, Self::TaskDueSoon | Self::TaskDueToday | Self::TaskOverdue)
    }
}

/// Why somebody is told. Somebody with several reasons is told once, with the first of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Named in the note.
    Mentioned,
    /// The task is, or was, hers.
    Assignee,
    /// She made the task.
    MadeTask,
    /// She is contact.
    Contact,
    /// Her office is responsible.
    Office,
    /// She follows the participant.
    Follows,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 6] =
        [Self::Mentioned, Self::Assignee, Self::MadeTask, Self::Contact, Self::Office, Self::Follows];

    /// The word for it in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Mentioned => "mentioned",
            Self::Assignee => "assignee",
            Self::MadeTask => "made_task",
            Self::Contact => "contact",
            Self::Office => "office",
            Self::Follows => "follows",
        }
    }

    /// The reason for a word written by [`Reason::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// The thing that an alert is about, to which its link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A note.
    Note(NoteId),
    /// A task.
    Task(TaskId),
    /// The record as a whole.
    Record,
}

impl Subject {
    /// The id of its place on the record's page.
    #[must_use]
    pub fn place(self) -> String {
        match self {
            Self::Note(note) => format!("note-{note}"),
            Self::Task(task) => format!("task-{task}"),
            Self::Record => "timeline".to_owned(),
        }
    }
}

/// An alert in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Which.
    pub id: AlertId,
    /// What happened.
    pub kind: AlertKind,
    /// Why this person is told.
    pub reason: Reason,
    /// The colleague on leave in whose place she is told.
    pub on_behalf_of: Option<String>,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Who did it; empty where nobody did, as with a date that comes near.
    pub by: String,
    /// About whom.
    pub participant: ParticipantId,
    /// That participant's name.
    pub participant_name: String,
    /// That participant's reference.
    pub participant_reference: String,
    /// About what.
    pub subject: Subject,
    /// Whether the recipient has read it.
    pub read: bool,
    /// What became of the mail about it.
    pub mailed: Mailed,
}

/// What became of the mail about an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mailed {
    /// It is to be sent at this time (UTC), perhaps again.
    Waits(DateTime<Utc>),
    /// The mail server took it at this time (UTC).
    Sent(DateTime<Utc>),
    /// It could not be delivered.
    Failed(Option<Cause>),
    /// There is none.
    No(Unmailed),
    /// It is so long ago that it is not known any more.
    Forgotten,
}

/// Why there is no mail about an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unmailed {
    /// The person has chosen no mails of this kind.
    Off,
    /// She is on leave, and a colleague was told.
    PassedOn,
    /// She had read the alert in Samløp before.
    Read,
    /// What it told of was taken back before.
    Withdrawn,
    /// She could not see the participant, or what was written, any more.
    NoAccess,
    /// It was not true any more: the task was done, had another date or was somebody else's.
    Outdated,
}

impl Unmailed {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Off, Self::PassedOn, Self::Read, Self::Withdrawn, Self::NoAccess, Self::Outdated];

    /// The word for it in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::PassedOn => "passed_on",
            Self::Read => "read",
            Self::Withdrawn => "withdrawn",
            Self::NoAccess => "no_access",
            Self::Outdated => "outdated",
        }
    }

    /// The reason for a word written by [`Unmailed::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unmailed| unmailed.code() == code)
    }
}

/// Whether somebody was told of an event, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// She was.
    Told(HeardOf),
    /// She was, until it was taken back.
    Withdrawn,
    /// She did it herself.
    Own,
    /// She did not follow the participant then.
    NotFollowing,
    /// Only others are told of such a thing.
    Others,
}

/// How somebody was told of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardOf {
    /// As what.
    pub kind: AlertKind,
    /// Why.
    pub reason: Reason,
    /// The colleague on leave in whose place she was told.
    pub on_behalf_of: Option<String>,
    /// What became of the mail.
    pub mailed: Mailed,
}

/// How many alerts were taken back, after what they told of was undone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recalled {
    /// Their mails were not sent and never will be.
    pub withdrawn: usize,
    /// Their mails had been sent.
    pub gone: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_in_the_database_is_read_back() {
        assert!(AlertKind::ALL.into_iter().all(|kind| AlertKind::from_code(kind.code()) == Some(kind)));
        assert!(Reason::ALL.into_iter().all(|reason| Reason::from_code(reason.code()) == Some(reason)));
        assert!(Unmailed::ALL.into_iter().all(|unmailed| Unmailed::from_code(unmailed.code()) == Some(unmailed)));
    }
}
