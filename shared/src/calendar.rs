//! One's own tasks in one's own calendar program, which reads them at a secret address.

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{ParticipantId, TaskId};
use crate::locale::Locale;

/// What a person sees of her secret address. The address itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarAddress {
    /// When it was made (UTC).
    pub made_at: DateTime<Utc>,
    /// When a calendar program last asked there, to the hour (UTC), if ever.
    pub read_at: Option<DateTime<Utc>>,
}

/// What a calendar program is given: a person's open tasks, as she may see them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Her language.
    pub locale: Locale,
    /// By date.
    pub tasks: Vec<CalendarTask>,
}

/// An open task in a calendar. It leaves the house as a mail does, and tells no more than one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarTask {
    /// Which.
    pub id: TaskId,
    /// About whom.
    pub participant: ParticipantId,
    /// That participant's reference.
    pub reference: String,
    /// That participant's name or initials, where mails may tell them.
    pub who: Option<String>,
    /// What to do, where mails may tell it.
    pub title: Option<String>,
    /// The date.
    pub due: NaiveDate,
    /// How many times it has been changed.
    pub version: i32,
    /// When it was last made, changed or opened again (UTC).
    pub changed_at: DateTime<Utc>,
}
