//! Reading the list that an office keeps today.
//!
//! A spreadsheet that several people have edited for years is full of small faults. Each row is judged
//! alone: what is certain is taken, what is likely is taken and told as a guess, and what is doubtful is
//! listed with line, column and value, so that a person can mend it. Nothing here reads a file or writes
//! to the database.

mod closing;
mod columns;
mod headings;
mod likeness;
mod mask;
mod phases;
mod report;
mod row;
mod words;

use std::collections::HashMap;
use std::str::FromStr;

use chrono::NaiveDate;

use crate::board::{ClosingReason, Outcome, Phase};
use crate::email::EmailAddress;
use crate::id::{OrganisationId, UserId};
use crate::text::Line;
use crate::time::format_date;

pub use columns::Column;
use headings::Headings;
use likeness::{Identity, Known as KnownIdentities};
use phases::Phases;
pub use report::{Already, Consequence, Doubled, Fault, Finding, Guess, ImportRow, Namesake, Report, Unread};
use row::{Reader, Reading};

/// The most rows with something in them.
pub const ROWS_MAX: usize = 20_000;
/// The most columns.
pub const COLUMNS_MAX: usize = 100;

/// One row of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GridRow {
    /// The line on which it begins, or the row's number in a workbook, counted from 1.
    pub line: usize,
    /// The cells from the left.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A date that the workbook knows to be one.
    Date(NaiveDate),
    /// A number, often a phone number.
    Number(f64),
}

impl Cell {
    /// What a person sees in the cell. All cells are judged by it, so that the same list gives the same
    /// participants whatever kind of file it is in.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Date(date) => format_date(*date),
            Self::Number(number) => number.to_string(),
        }
    }

    fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Date(_) | Self::Number(_) => false,
        }
    }
}

/// What is known before the file is read.
#[derive(Debug, Clone)]
pub struct Context {
    /// The track's phases, in order.
    pub phases: Vec<Phase>,
    /// The people who can be contacts on the track.
    pub people: Vec<Staff>,
    /// Those who are on the track already.
    pub known: Vec<Known>,
    /// The date in Oslo.
    pub today: NaiveDate,
}

/// A person who can be a contact.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Who.
    pub id: UserId,
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: EmailAddress,
    /// For whom the person works.
    pub side: Side,
    /// The organisation to which the person belongs; a NAV contact's is the participant's NAV office.
    pub organisation: OrganisationId,
}

/// For whom a contact works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// INN.
    Inn,
    /// NAV.
    Nav,
}

/// A participant who is on the track already.
#[derive(Debug, Clone)]
pub struct Known {
    /// The name.
    pub name: String,
    /// The day on which the track began.
    pub started_on: NaiveDate,
    /// Mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// The key of the row from which the participant was imported.
    pub key: Option<String>,
}

/// What the person who imports has decided.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// How phases in the file are to be read.
    pub phases: Vec<PhaseChoice>,
    /// The reason where the file gives none.
    pub reason: Option<ClosingReason>,
    /// The reason in words, for [`ClosingReason::Other`].
    pub reason_text: Option<Line<200>>,
    /// The outcome where the file gives none.
    pub outcome: Option<Outcome>,
}

/// That a phase in the file is to be read as one of the track's, written `Praksis=I program`.
/// With nothing before `=` it says how an empty phase is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseChoice {
    /// What the file says.
    pub from: String,
    /// The name of the track's phase.
    pub to: String,
}

impl FromStr for PhaseChoice {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((from, to)) if !to.trim().is_empty() => {
                Ok(Self { from: from.trim().to_owned(), to: to.trim().to_owned() })
            }
            _ => Err("write it as \"phase in the file=phase of the track\""),
        }
    }
}

/// Why a whole file is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing in it.
    Empty,
    /// More than [`ROWS_MAX`] rows.
    TooManyRows,
    /// More than [`COLUMNS_MAX`] columns, on this line.
    TooManyColumns {
        /// The line.
        line: usize,
    },
    /// Columns that cannot be done without are not there.
    MissingColumns {
        /// Which.
        missing: Vec<Column>,
        /// The headings that were found.
        found: Vec<String>,
    },
    /// A [`PhaseChoice`] names a phase that the track does not have.
    NoSuchPhase {
        /// The name that was given.
        name: String,
    },
}

/// Whether these rows have headings that Samløp knows; so a workbook's right sheet is found.
#[must_use]
pub fn has_headings(grid: &[GridRow]) -> bool {
    Headings::find(grid).is_some_and(|headings| headings.has_name())
}

/// Judges every row of a file.
pub fn judge(grid: &[GridRow], context: &Context, choices: &Choices) -> Result<Report, Refusal> {
    let filled = || grid.iter().filter(|row| row.cells.iter().any(|cell| !cell.is_blank()));
    if filled().count() > ROWS_MAX {
        return Err(Refusal::TooManyRows);
    }
    let is_wide = |row: &&GridRow| row.cells.iter().skip(COLUMNS_MAX).any(|cell| !cell.is_blank());
    if let Some(row) = grid.iter().find(is_wide) {
        return Err(Refusal::TooManyColumns { line: row.line });
    }
    let phases = Phases::new(&context.phases, &choices.phases)?;
    let headings = Headings::find(grid).ok_or(Refusal::Empty)?;
    headings.demand(phases.reads_empty())?;

    let rows: Vec<&GridRow> = filled().filter(|row| row.line > headings.line).collect();
    let reader = Reader { headings: &headings, phases: &phases, context, choices };
    let readings = rows.iter().map(|row| reader.read(row)).collect();
    let mut report = Report {
        heading_line: headings.line,
        read: rows.len(),
        guesses: headings.guesses.clone(),
        unread: headings.unread(&rows),
        ..Report::default()
    };
    report.sort_out(readings, &context.known);
    Ok(report)
}

impl Report {
    /// Puts each row where it belongs: doubled, known already, to be imported, or left out.
    fn sort_out(&mut self, readings: Vec<Reading>, known: &[Known]) {
        let keys = readings.iter().filter_map(|reading| reading.identity.as_ref()).map(Identity::key);
        let mut known = KnownIdentities::new(known, keys.collect());
        let mut seen: HashMap<String, Vec<Seen>> = HashMap::new();
        for mut reading in readings {
            let Some(identity) = reading.identity.take() else {
                self.take(reading);
                continue;
            };
            let (line, name, row) = (reading.line, identity.shown.clone(), reading.row.is_some());
            let content = std::mem::take(&mut reading.content);
            let namesakes = seen.entry(identity.name.clone()).or_default();
            // A row that is left out stands in the way of another bad one only.
            let is_first = |other: &&Seen| (other.counts || !row) && other.identity.is_same(&identity);
            if let Some(first) = namesakes.iter().find(is_first) {
                let differs = first.content != content;
                self.doubled.push(Doubled { line, name, first_line: first.line, differs });
                continue;
            }
            let same_row = known.take(&identity);
            if let Some(same_row) = same_row {
                self.already.push(Already { line, name, same_row });
            } else {
                if row && (namesakes.iter().any(|other| other.counts) || known.has_name(&identity)) {
                    self.namesakes.push(Namesake { line, name });
                }
                self.take(reading);
            }
            namesakes.push(Seen { line, identity, content, counts: row || same_row.is_some() });
        }
    }

    /// Takes a row that is neither doubled nor known, good or bad.
    fn take(&mut self, reading: Reading) {
        if reading.name_turned {
            self.guess(reading.line, Guess::NamesTurned { lines: Vec::new() });
        }
        if let Some((value, phase)) = reading.phase_guess {
            self.guess(reading.line, Guess::Phase { value, phase, lines: Vec::new() });
        }
        self.findings.extend(reading.findings);
        self.rows.extend(reading.row);
    }

    /// Sums up equal guesses, so that a thousand names turned round are one sentence.
    fn guess(&mut self, line: usize, new: Guess) {
        let known = self.guesses.iter().position(|known| known.is_like(&new));
        let place = known.unwrap_or_else(|| {
            self.guesses.push(new);
            self.guesses.len() - 1
        });
        if let Guess::Phase { lines, .. } | Guess::NamesTurned { lines } = &mut self.guesses[place] {
            lines.push(line);
        }
    }
}

/// A row that came before.
struct Seen {
    line: usize,
    identity: Identity,
    content: String,
    /// Whether its participant is, or will be, on the track.
    counts: bool,
}

#[cfg(test)]
mod tests;
