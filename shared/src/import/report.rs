//! How a file was judged, row by row.

use super::columns::Column;
use crate::board::Closing;
use crate::error::Problem;
use crate::participants::NewParticipant;

/// How a file was judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// The line of the headings.
    pub heading_line: usize,
    /// How many rows below the headings hold something.
    pub read: usize,
    /// The rows to import, as they stand in the file.
    pub rows: Vec<ImportRow>,
    /// What is wrong, by line.
    pub findings: Vec<Finding>,
    /// What was read otherwise than it was written.
    pub guesses: Vec<Guess>,
    /// Rows that say the same as an earlier row, and are left out.
    pub doubled: Vec<Doubled>,
    /// Rows whose participant is on the track already, and are left out.
    pub already: Vec<Already>,
    /// Rows that are imported although somebody else on the track has the same name.
    pub namesakes: Vec<Namesake>,
    /// Columns with values that are not read.
    pub unread: Vec<Unread>,
}

impl Report {
    /// How many lines are left out because of what they hold.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.lines(Consequence::LeftOut)
    }

    /// How many lines are imported, but not with all that they hold.
    #[must_use]
    pub fn lessened(&self) -> usize {
        self.lines(Consequence::WithoutValue)
    }

    fn lines(&self, consequence: Consequence) -> usize {
        let mut lines: Vec<usize> =
            self.findings.iter().filter(|finding| finding.consequence == consequence).map(|f| f.line).collect();
        lines.dedup();
        lines.len()
    }
}

/// A row that can be imported.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// The line.
    pub line: usize,
    /// The participant, whose phase is always given.
    pub participant: NewParticipant,
    /// By what a second run knows the row again.
    pub key: String,
    /// What a closing phase demands.
    pub closing: Option<Closing>,
}

/// One value that is wrong. Identity numbers in it are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The line.
    pub line: usize,
    /// The column's heading as the file has it.
    pub heading: String,
    /// The value as the file has it.
    pub value: String,
    /// What is wrong with it.
    pub fault: Fault,
    /// What becomes of the line.
    pub consequence: Consequence,
}

/// What becomes of a line with a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consequence {
    /// It is not imported.
    LeftOut,
    /// It is imported without this value.
    WithoutValue,
}

/// What can be wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// It is empty.
    Required,
    /// There is no phase.
    NoPhase,
    /// It has signs that no name has: digits, markup, a formula.
    NotAName,
    /// The track has no such phase.
    UnknownPhase,
    /// The phase closes the track, and reason or outcome is missing.
    ClosingDemanded,
    /// It is none of the reasons.
    UnknownReason,
    /// The reason is "other", which must be written.
    ReasonInWords,
    /// It is none of the outcomes.
    UnknownOutcome,
    /// It is not a date.
    NotADate,
    /// The date is unreasonably far away.
    DateOutOfRange,
    /// It holds a national identity number.
    IdentityNumber,
    /// It is longer than there is room for.
    TooLong {
        /// The most characters.
        max: usize,
    },
    /// It is not a mail address.
    NotAnEmail,
    /// It is not a phone number.
    NotAPhone,
    /// Nobody has this name or address.
    UnknownPerson,
    /// Several people have this name.
    SeveralPeople,
    /// The person does not work at INN.
    NotAtInn,
    /// The person does not work at NAV.
    NotAtNav,
    /// A reason or outcome for somebody who has not finished.
    NotClosing,
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::TooLong { max } | Problem::TooManyLines { max } => Self::TooLong { max },
            Problem::IdentityNumber => Self::IdentityNumber,
            Problem::NotADate | Problem::NotATime => Self::NotADate,
            Problem::DateOutOfRange | Problem::BeforeStart => Self::DateOutOfRange,
            Problem::NotAnEmail => Self::NotAnEmail,
            Problem::NotAPhone => Self::NotAPhone,
            Problem::UnknownChoice | Problem::NoAccess | Problem::NotInRange { .. } => Self::UnknownPerson,
            Problem::Required
            | Problem::TooMany { .. }
            | Problem::TooManyChosen { .. }
            | Problem::WrongOrder
            | Problem::NotASlug
            | Problem::NotOnRecord
            | Problem::Taken
            | Problem::NotConfirmed
            | Problem::StillIn { .. }
            | Problem::Faulty { .. }
            | Problem::TooShort { .. } => Self::Required,
        }
    }
}

/// Something that was read otherwise than it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    /// A heading.
    Heading {
        /// What the file says.
        heading: String,
        /// How it was read.
        column: Column,
    },
    /// A phase.
    Phase {
        /// What the file says.
        value: String,
        /// The name of the track's phase.
        phase: String,
        /// Where.
        lines: Vec<usize>,
    },
    /// Names written with the family name first, which were turned round.
    NamesTurned {
        /// Where.
        lines: Vec<usize>,
    },
}

impl Guess {
    /// Whether both say the same, apart from the lines.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Phase { value: one, .. }, Self::Phase { value: other, .. }) => one == other,
            (Self::NamesTurned { .. }, Self::NamesTurned { .. }) => true,
            _ => false,
        }
    }
}

/// A row that says the same as an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubled {
    /// The line.
    pub line: usize,
    /// The name.
    pub name: String,
    /// The line that counts.
    pub first_line: usize,
    /// Whether something else in the two rows differs.
    pub differs: bool,
}

/// A row whose participant is on the track already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Already {
    /// The line.
    pub line: usize,
    /// The name.
    pub name: String,
    /// Whether it was imported from this very row; else it only looks like the same person.
    pub same_row: bool,
}

/// A row that is imported although somebody else has the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namesake {
    /// The line.
    pub line: usize,
    /// The name.
    pub name: String,
}

/// A column with values that are not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The heading, which may be empty.
    pub heading: String,
    /// The column's number, counted from 1.
    pub place: usize,
    /// How many rows have a value in it.
    pub filled: usize,
}
