//! The board: a track's phases as columns, enrolments as cards, and the rules of a move.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::alerts::Recalled;
use crate::error::{AppError, Problem, Problems};
use crate::id::{EnrolmentId, MoveId, OrganisationId, ParticipantId, PhaseId, TrackId, UserId};
use crate::participants::{Plan, Waiting};
use crate::phases::{Filled, Rules};
use crate::text::Line;

/// How many of a closing phase's cards are shown, the latest first; the others are counted.
pub const CLOSED_SHOWN: usize = 25;
/// A closing phase's cards are counted up to so many: those who have left over the years are many, and counting those
/// whom a reader may see would take longer than all else on a board.
pub const CLOSED_COUNTED: usize = 500;
/// How many cards of each column a board's page brings at once, which is as many as a large window shows; the others follow.
pub const FIRST_SHOWN: usize = 10;
/// The most open cards that one board shows.
pub const CARDS_SHOWN: u64 = 5_000;

/// A track as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Which.
    pub id: TrackId,
    /// Its part of the address, such as `introlop`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its phases in order, with how many cards each has that the reader may see, as [`Column::count`] says.
    pub phases: Vec<(Phase, usize)>,
}

/// A board with everything on it that the reader may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The track's id.
    pub track: TrackId,
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The number of the latest event that it shows; what happens later is news.
    pub as_of: i64,
    /// The version of the track whose phases these are; another one is news too.
    pub version: i32,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The phase.
    pub phase: Phase,
    /// Its cards, in order.
    pub cards: Vec<Card>,
    /// All its cards, also those that are not shown; of a closing phase at most [`CLOSED_COUNTED`].
    pub count: usize,
}

/// One phase of a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// Which.
    pub id: PhaseId,
    /// Its name.
    pub name: String,
    /// What kind of phase.
    pub kind: PhaseKind,
    /// How many participants the office means to have here at once, if it has set a number.
    pub limit: Option<i32>,
    /// How many days a participant is meant to stay here at most, from 1 to 3,650, if that is agreed.
    pub agreed_days: Option<i32>,
    /// What it demands and does when a card comes in.
    pub rules: Rules,
}

/// What kind of phase it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhaseKind {
    /// A participant is under way here.
    Ordinary,
    /// The track ends here: a reason and an outcome are demanded.
    Closing,
}

impl PhaseKind {
    /// Both kinds, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Ordinary, Self::Closing];

    /// The word for it in forms, in templates and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Closing => "closing",
        }
    }

    /// The kind for a word written by [`PhaseKind::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The enrolment that it shows.
    pub id: EnrolmentId,
    /// The participant.
    pub participant: ParticipantId,
    /// How many times it has been placed; a move must name it.
    pub version: i32,
    /// Its place in the column: cards stand in the order of these words.
    pub rank: String,
    /// The participant's name.
    pub name: String,
    /// The public reference, such as `D-4821`.
    pub reference: String,
    /// Whole days in this phase.
    pub days: i64,
    /// How many days the office means somebody to stay in this phase, if it has set a number.
    pub agreed_days: Option<i32>,
    /// The contact at INN.
    pub inn_contact: Option<Contact>,
    /// The contact at NAV.
    pub nav_contact: Option<Contact>,
    /// The NAV office.
    pub nav_office: Option<OrganisationId>,
    /// The open task that is due first.
    pub next_task: Option<NextTask>,
    /// Whether there is an integration plan.
    pub plan: Plan,
    /// Whom the participant waits for.
    pub waiting: Option<Waiting>,
    /// Whether there is a note that the reader has not read.
    pub unread_note: bool,
    /// Whole days since the last note that the reader may read, or since the participant was registered; known only
    /// where a view asks.
    pub days_since_note: Option<i64>,
    /// Whether the participant became the reader's lately; known only where a view asks.
    pub is_new: bool,
    /// What is known of the participant, as far as a phase can demand it.
    pub filled: Filled,
}

/// Who is contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub id: UserId,
    /// The name.
    pub name: String,
}

/// Which of a card's two contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ContactRole {
    /// At INN.
    #[serde(rename = "inn_contact")]
    Inn,
    /// At NAV.
    #[serde(rename = "nav_contact")]
    Nav,
}

impl ContactRole {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Inn, Self::Nav];

    /// The word for it in forms, which is also the name of the field that names the person.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Inn => "inn_contact",
            Self::Nav => "nav_contact",
        }
    }

    /// The role for a word written by [`ContactRole::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// The open task that is due first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextTask {
    /// What to do.
    pub title: String,
    /// When, in Oslo.
    pub due: NaiveDate,
    /// Whether this or another one is due today.
    pub one_is_due_today: bool,
}

/// Why a participant left a track.
///
/// Illness is not among them on purpose: health has no field in Samløp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosingReason {
    /// The programme was completed as planned.
    Completed,
    /// Left for a job before the end.
    LeftForWork,
    /// Left for education before the end.
    LeftForEducation,
    /// Moved away.
    MovedAway,
    /// The participant chose to stop.
    OwnWish,
    /// Did not come.
    NoShow,
    /// Something else, which must be written.
    Other,
}

impl ClosingReason {
    /// All reasons, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Completed,
        Self::LeftForWork,
        Self::LeftForEducation,
        Self::MovedAway,
        Self::OwnWish,
        Self::NoShow,
        Self::Other,
    ];

    /// The word for it in forms and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::LeftForWork => "left_for_work",
            Self::LeftForEducation => "left_for_education",
            Self::MovedAway => "moved_away",
            Self::OwnWish => "own_wish",
            Self::NoShow => "no_show",
            Self::Other => "other",
        }
    }

    /// The reason for a word written by [`ClosingReason::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// Where a closed enrolment led.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Work that fits the participant's field (fagrelevant).
    RelevantWork,
    /// Other work.
    OtherWork,
    /// Education.
    Education,
    /// Neither work nor education.
    Other,
}

impl Outcome {
    /// All outcomes, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::RelevantWork, Self::OtherWork, Self::Education, Self::Other];

    /// The word for it in forms and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::RelevantWork => "relevant_work",
            Self::OtherWork => "other_work",
            Self::Education => "education",
            Self::Other => "other",
        }
    }

    /// The outcome for a word written by [`Outcome::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// What a closing phase demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Why.
    pub reason: ClosingReason,
    /// In words, where the reason is [`ClosingReason::Other`]; never else.
    pub reason_text: Option<Line<200>>,
    /// Where it led.
    pub outcome: Outcome,
}

/// A move as the board or a plain form sends it: never a rank, only neighbours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveForm {
    /// The card.
    pub enrolment: Option<EnrolmentId>,
    /// The version that the person saw.
    pub version: i32,
    /// The phase in which it shall be.
    pub to: Option<PhaseId>,
    /// The card that shall be right above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<EnrolmentId>,
    /// The card that shall be right below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<EnrolmentId>,
    /// The code of a [`ClosingReason`], for a closing phase.
    #[serde(default)]
    pub reason: String,
    /// The reason in words.
    #[serde(default)]
    pub reason_text: String,
    /// The code of an [`Outcome`], for a phase that demands one.
    #[serde(default)]
    pub outcome: String,
}

/// A move that can be asked of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveCard {
    /// The card.
    pub enrolment: EnrolmentId,
    /// The version that the person saw.
    pub version: i32,
    /// The phase in which it shall be.
    pub to: PhaseId,
    /// Where in that phase.
    pub place: Place,
}

/// Where in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Where a card without a place goes: at the bottom of an ordinary phase, at the top of a closing one.
    ByRule,
    /// Between two cards. The store holds to the one above; is it gone, then to the one below;
    /// are both gone, the card goes where one without a place goes.
    Between {
        /// The card above, or `None` at the top.
        after: Option<EnrolmentId>,
        /// The card below, or `None` at the bottom.
        before: Option<EnrolmentId>,
    },
}

impl MoveForm {
    /// The move, apart from what a closing phase demands.
    pub fn parse(&self) -> Result<MoveCard, AppError> {
        let (Some(enrolment), Some(to)) = (self.enrolment, self.to) else { return Err(AppError::Malformed) };
        let place = match (self.after, self.before) {
            (None, None) => Place::ByRule,
            (after, before) => Place::Between { after, before },
        };
        Ok(MoveCard { enrolment, version: self.version, to, place })
    }

    /// Whether it names no neighbours, so that the store puts the card where its rule says.
    #[must_use]
    pub fn places_by_rule(&self) -> bool {
        self.after.is_none() && self.before.is_none()
    }

    /// What a closing phase demands before a card comes in from another phase; the rules are in `phases.rs`.
    pub(crate) fn closing(&self, problems: &mut Problems) -> Option<Closing> {
        let reason = problems.check("reason", choice(&self.reason, ClosingReason::from_code));
        let outcome = problems.check("outcome", choice(&self.outcome, Outcome::from_code));
        let reason_text = match reason {
            Some(ClosingReason::Other) => problems.check("reason_text", Line::parse(&self.reason_text).map(Some)),
            _ => Some(None),
        };
        Some(Closing { reason: reason?, reason_text: reason_text?, outcome: outcome? })
    }
}

/// What the board is told after a move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The card.
    pub enrolment: EnrolmentId,
    /// The version that the next move must name.
    pub version: i32,
    /// The phase in which it is.
    pub phase: PhaseId,
    /// Whole days in that phase.
    pub days: i64,
    /// What to name to take this move back; `None` where the phase stayed the same.
    pub undo: Option<MoveId>,
}

/// A move that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// Where the card is now.
    pub moved: Moved,
    /// The name of that phase.
    pub phase_name: String,
    /// The card above it, if any.
    pub after: Option<EnrolmentId>,
    /// What became of the alerts about the move.
    pub recalled: Recalled,
}

/// Reads the code of a choice.
pub fn choice<T>(code: &str, from_code: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
    if code.is_empty() { Err(Problem::Required) } else { from_code(code).ok_or(Problem::UnknownChoice) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        assert!(ClosingReason::ALL.into_iter().all(|reason| ClosingReason::from_code(reason.code()) == Some(reason)));
        assert!(Outcome::ALL.into_iter().all(|outcome| Outcome::from_code(outcome.code()) == Some(outcome)));
    }
}
