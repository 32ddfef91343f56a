//! What can go wrong, as a person must be told it.
//!
//! One type crosses from store to server to browser. The screen turns each variant into a sentence
//! in the reader's language; the server turns it into an HTTP status, here and nowhere else.

use std::fmt;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use uuid::Uuid;

use crate::id::{EnrolmentId, PhaseId};
use crate::phases::NeededField;
use crate::tracks::TrackChanged;

/// Why something was not done. Nothing has been changed when one of these is returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    /// Nobody is logged in, or the session has ended.
    #[error("not logged in")]
    SignedOut,
    /// The address and password do not fit. Says the same whether or not the account exists.
    #[error("wrong e-mail address or password")]
    WrongLogin,
    /// Too many failed attempts to log in.
    #[error("too many attempts, wait {minutes} minutes")]
    TooManyAttempts {
        /// Whole minutes until the next attempt is let through.
        minutes: i64,
    },
    /// The role does not allow this.
    #[error("not allowed")]
    Forbidden,
    /// It does not exist, or the person may not know that it does.
    #[error("not found")]
    NotFound,
    /// Somebody else moved the card first.
    #[error("moved by {} in the meantime", .0.moved_by)]
    Stale(Box<StaleMove>),
    /// Somebody else moved some of several cards first.
    #[error("some were moved in the meantime")]
    StaleMany(Vec<StaleCard>),
    /// Somebody else changed the same text first.
    #[error("changed by {by} in the meantime")]
    Changed {
        /// The name of the one who was first.
        by: String,
        /// When, in Oslo time.
        at: NaiveDateTime,
    },
    /// Somebody else changed the track first: what was changed since, the latest first.
    #[error("the track has been changed in the meantime")]
    TrackChanged(Vec<TrackChanged>),
    /// The person chosen has no access to these participants, by name.
    #[error("the person has no access to some of them")]
    NoAccessTo(Vec<String>),
    /// The phase demands what is not known of these participants.
    #[error("the phase does not admit some of them")]
    NotAdmitted(Vec<RefusedCard>),
    /// What somebody wants to take back has been built upon by others since.
    #[error("built upon since")]
    BuiltUpon(Vec<Meanwhile>),
    /// What somebody wants to take back was done too long ago.
    #[error("too late to take back")]
    TooLate {
        /// For how many minutes it could be.
        minutes: i64,
    },
    /// Fields that must be mended.
    #[error("invalid fields")]
    Invalid(Vec<FieldError>),
    /// The request could not be read at all.
    #[error("the request could not be read")]
    Malformed,
    /// The request is larger than is taken.
    #[error("the request is too large")]
    TooLarge,
    /// The request came from another site.
    #[error("the request came from another site")]
    ForeignOrigin,
    /// A fault of ours; the id stands beside the cause in the server's log.
    #[error("internal error {0}")]
    Internal(Uuid),
    /// The server could not be reached (seen only in the browser).
    #[error("the server could not be reached")]
    Unreachable,
}

impl AppError {
    /// The HTTP status (RFC 9110; 422 and 429 from RFC 9110 and RFC 6585).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut | Self::WrongLogin => 401,
            Self::Forbidden | Self::ForeignOrigin => 403,
            Self::NotFound => 404,
            Self::Stale(_)
            | Self::StaleMany(_)
            | Self::Changed { .. }
            | Self::TrackChanged(_)
            | Self::BuiltUpon(_)
            | Self::TooLate { .. } => 409,
            Self::TooLarge => 413,
            Self::Invalid(_) | Self::NoAccessTo(_) | Self::NotAdmitted(_) => 422,
            Self::TooManyAttempts { .. } => 429,
            Self::Malformed => 400,
            Self::Internal(_) => 500,
            Self::Unreachable => 503,
        }
    }

    /// A single field that must be mended.
    #[must_use]
    pub fn field(field: &str, problem: Problem) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), problem }])
    }

    /// What is wrong with one field, if that is what this error says.
    #[must_use]
    pub fn problem(&self, field: &str) -> Option<&Problem> {
        match self {
            Self::Invalid(errors) => errors.iter().find(|error| error.field == field).map(|error| &error.problem),
            _ => None,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::Malformed
            }
            _ => Self::Internal(Uuid::nil()),
        }
    }
}

/// One field and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Problem {
    /// It is empty.
    #[error("required")]
    Required,
    /// It has more characters than there is room for.
    #[error("longer than {max} characters")]
    TooLong {
        /// The most characters.
        max: usize,
    },
    /// It has fewer characters than is safe.
    #[error("shorter than {min} characters")]
    TooShort {
        /// The fewest characters.
        min: usize,
    },
    /// It holds a national identity number.
    #[error("holds an identity number")]
    IdentityNumber,
    /// It is not a date.
    #[error("not a date")]
    NotADate,
    /// The date is unreasonably far away.
    #[error("date out of range")]
    DateOutOfRange,
    /// It is not a time of day.
    #[error("not a time")]
    NotATime,
    /// It lies before the beginning that the form names too.
    #[error("before its beginning")]
    BeforeStart,
    /// What must be confirmed has not been.
    #[error("not confirmed")]
    NotConfirmed,
    /// Participants are still in the track.
    #[error("{count} participants are still in it")]
    StillIn {
        /// How many.
        count: usize,
    },
    /// It is not a mail address.
    #[error("not a mail address")]
    NotAnEmail,
    /// It is not a phone number.
    #[error("not a phone number")]
    NotAPhone,
    /// It is not one of the choices.
    #[error("not one of the choices")]
    UnknownChoice,
    /// The person chosen has no access to this participant.
    #[error("the person has no access")]
    NoAccess,
    /// It is not a whole number from 1 to `max`.
    #[error("not a whole number from 1 to {max}")]
    NotInRange {
        /// The largest number.
        max: i32,
    },
    /// The phases can't stand like this.
    #[error("no order for phases")]
    WrongOrder,
    /// The participant's record does not have it.
    #[error("not on the record")]
    NotOnRecord,
    /// It is not a part of an address.
    #[error("not a part of an address")]
    NotASlug,
    /// There would be too many of them.
    #[error("more than {max}")]
    TooMany {
        /// The most.
        max: usize,
    },
    /// It has more lines than there is room for.
    #[error("more than {max} lines")]
    TooManyLines {
        /// The most lines.
        max: usize,
    },
    /// It is a file with faults, which its page tells one by one.
    #[error("a file with {count} faults")]
    Faulty {
        /// How many.
        count: usize,
    },
    /// More are chosen than can be done at once.
    #[error("more than {max} at once")]
    TooManyChosen {
        /// The most.
        max: usize,
    },
    /// It exists already.
    #[error("exists already")]
    Taken,
}

/// Gathers what is wrong with a form, so that all of it is told at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldError>);

impl Problems {
    /// The value, or `None` with the problem remembered.
    pub fn check<T>(&mut self, field: &str, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.0.push(FieldError { field: field.to_owned(), problem })).ok()
    }

    /// Nothing, if nothing was wrong.
    pub fn into_result(self) -> Result<(), AppError> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into()) }
    }
}

impl From<Problems> for AppError {
    fn from(problems: Problems) -> Self {
        Self::Invalid(problems.0)
    }
}

/// What another has done with something in the meantime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meanwhile {
    /// What it is called on the screen: the title of a task, the name on a card.
    pub what: String,
    /// The name of whoever did it; empty where the server itself did.
    pub by: String,
    /// When, in Oslo time.
    pub at: NaiveDateTime,
}

/// A move that came too late: who was first, and where the card is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaleMove {
    /// The card.
    pub enrolment: EnrolmentId,
    /// The name of the one who was first.
    pub moved_by: String,
    /// When, in Oslo time.
    pub moved_at: NaiveDateTime,
    /// The phase it is in now.
    pub phase: PhaseId,
    /// That phase's name.
    pub phase_name: String,
    /// Whole days in that phase.
    pub days: i64,
    /// The card above it now, if any.
    pub after: Option<EnrolmentId>,
    /// Its version now; a new try must name this one.
    pub version: i32,
}

/// One of several cards that a phase does not admit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedCard {
    /// The card.
    pub enrolment: EnrolmentId,
    /// The name on it.
    pub name: String,
    /// What the phase demands and is not in order; at least one.
    pub missing: Vec<NeededField>,
}

/// One of several cards that somebody else was first to move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaleCard {
    /// The name on it.
    pub name: String,
    /// Who was first, and where it is now.
    pub stale: StaleMove,
}

impl fmt::Display for StaleMove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} moved it to {}", self.moved_by, self.phase_name)
    }
}
