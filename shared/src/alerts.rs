//! Alerts: that something happened, for one recipient, in the app and by mail.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::email::EmailAddress;
use crate::id::{AlertId, MailId, NoteId, ParticipantId, TaskId};
use crate::locale::Locale;

/// The most alerts that the list shows.
pub const ALERTS_SHOWN: u64 = 200;
/// The most mails that the administrator's list shows.
pub const MAILS_SHOWN: u64 = 200;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Somebody wrote a note about a participant whom the recipient follows.
    NoteWritten,
    /// Somebody gave the recipient a task.
    TaskAssigned,
}

impl AlertKind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::NoteWritten, Self::TaskAssigned];

    /// The word for it in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoteWritten => "note_written",
            Self::TaskAssigned => "task_assigned",
        }
    }

    /// The kind for a word written by [`AlertKind::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The thing that an alert is about, to which its link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A note.
    Note(NoteId),
    /// A task.
    Task(TaskId),
}

/// An alert in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Which.
    pub id: AlertId,
    /// What happened.
    pub kind: AlertKind,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Who did it.
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
}

/// Where a promised mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailState {
    /// It waits to be sent, perhaps again.
    Queued,
    /// The mail server has taken it.
    Sent,
    /// The mail server has refused it for good, or it was tried for too long.
    Failed,
    /// It was not needed any more when its turn came: the recipient has no access or no account now.
    Dropped,
}

impl MailState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Failed, Self::Dropped];

    /// The word for it in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    /// The state for a word written by [`MailState::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A mail in the administrator's list. It tells nothing about the participant but the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Which.
    pub id: MailId,
    /// To whom.
    pub recipient: String,
    /// What happened; `None` for a test mail.
    pub kind: Option<AlertKind>,
    /// The participant's reference; empty for a test mail.
    pub reference: String,
    /// Where it stands.
    pub state: MailState,
    /// How many times it has been tried.
    pub attempts: i32,
    /// When it was promised (UTC).
    pub created_at: DateTime<Utc>,
    /// When it is tried next (UTC), while it is queued.
    pub due_at: DateTime<Utc>,
    /// When the server took it (UTC).
    pub sent_at: Option<DateTime<Utc>>,
    /// The mail server's own words at the last try.
    pub answer: Option<String>,
}

/// What a mail is made of at the moment of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Which; its Message-ID is made of this, so that a receiver can drop a double.
    pub id: MailId,
    /// The recipient's address.
    pub to: EmailAddress,
    /// The recipient's language.
    pub locale: Locale,
    /// What it tells.
    pub content: LetterContent,
    /// How many times it has been tried before.
    pub attempts: i32,
}

/// What a mail tells: never a name, a phase or a word of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterContent {
    /// Something happened.
    Alert {
        /// What.
        kind: AlertKind,
        /// The participant's reference.
        reference: String,
        /// The participant, for the link.
        participant: ParticipantId,
        /// About what, for the link.
        subject: Subject,
    },
    /// A test that an administrator asked for.
    Test,
}

/// How a try to send ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The server took it, with these words.
    Sent(String),
    /// Try again later; the server's or our own words.
    Retry(String),
    /// The server refused it for good.
    Refused(String),
}

/// The first pause after a failed try, in seconds; it doubles each time.
const FIRST_PAUSE_SECONDS: i64 = 10;
/// The longest pause, in seconds.
const LONGEST_PAUSE_SECONDS: i64 = 3_600;
/// How long a mail is tried before it is given up, in days (RFC 5321, section 4.5.4.1: four to five days).
pub const GIVE_UP_AFTER_DAYS: i64 = 5;

/// Seconds to wait after this many failed tries: ten, doubling, at most an hour.
#[must_use]
pub fn pause_seconds(failed_attempts: i32) -> i64 {
    let doublings = u32::try_from(failed_attempts.saturating_sub(1)).unwrap_or(0).min(20);
    (FIRST_PAUSE_SECONDS << doublings).min(LONGEST_PAUSE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        let pauses: Vec<i64> = (1..=12).map(pause_seconds).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]);
        assert_eq!(pause_seconds(i32::MAX), 3600);
        assert_eq!(pause_seconds(0), 10);
    }
}
