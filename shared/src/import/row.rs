//! Reading one row.

use super::columns::Column;
use super::headings::Headings;
use super::likeness::Identity;
use super::mask::mask;
use super::phases::{Found, Phases};
use super::words::words;
use super::{Choices, Consequence, Context, Fault, Finding, GridRow, ImportRow, Side, Staff, closing};
use crate::board::{Closing, Phase, PhaseKind};
use crate::email::EmailAddress;
use crate::identity_number::holds_identity_number;
use crate::participants::{Details, NewParticipant, Plan};
use crate::text::{Line, PersonName, Text, parse_phone};
use crate::time::parse_date_near;

/// How many years a start date may lie from today, as in the form for a new participant.
const START_YEARS: u64 = 15;

/// What is needed to read a row.
pub(super) struct Reader<'a> {
    pub(super) headings: &'a Headings,
    pub(super) phases: &'a Phases<'a>,
    pub(super) context: &'a Context,
    pub(super) choices: &'a Choices,
}

/// One row as read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) line: usize,
    /// Who it is about, where name and start date could be read.
    pub(super) identity: Option<Identity>,
    /// What to import, where nothing essential is wrong.
    pub(super) row: Option<ImportRow>,
    pub(super) findings: Vec<Finding>,
    pub(super) name_turned: bool,
    /// What the file says and the phase as which it was read.
    pub(super) phase_guess: Option<(String, String)>,
    /// The whole row, to compare it with others.
    pub(super) content: String,
}

impl Reader<'_> {
    pub(super) fn read(&self, row: &GridRow) -> Reading {
        let mut values = Values { headings: self.headings, row, findings: Vec::new() };
        let (typed_name, name_column) = values.name();
        let name = values.check(name_column, read_name(&typed_name));
        let started_on = values.read(Column::StartedOn, |typed| {
            let date = without_time(typed).ok_or(Fault::NotADate)?;
            parse_date_near(&date, self.context.today, START_YEARS).map_err(Fault::from)
        });
        let found = values.read(Column::Phase, |typed| self.phases.find(typed));
        let phase = found.as_ref().map(|(Found::Certain(phase) | Found::Guessed(phase))| *phase);
        let phase_guess = match found {
            Some(Found::Guessed(phase)) => Some((values.shown(Column::Phase), phase.name.clone())),
            _ => None,
        };
        let closing = phase.and_then(|phase| self.closing(phase, &mut values));
        let is_left_out = !values.findings.is_empty();

        let language = values.read(Column::Language, |typed| Line::optional(typed).map_err(Fault::from)).flatten();
        let email = values.read(Column::Email, read_email).flatten();
        let phone = values.read(Column::Phone, |typed| parse_phone(typed).map_err(Fault::from)).flatten();
        let goal = values.read(Column::Goal, |typed| Text::optional(typed).map_err(Fault::from)).flatten();
        let inn = values.read(Column::InnContact, |typed| self.contact(typed, Side::Inn)).flatten();
        let nav = values.read(Column::NavContact, |typed| self.contact(typed, Side::Nav)).flatten();
        if phase.is_some_and(|phase| phase.kind == PhaseKind::Ordinary) {
            values.refuse_filled(Column::Reason);
            values.refuse_filled(Column::Outcome);
        }

        let mut findings = values.findings;
        if is_left_out {
            for finding in &mut findings {
                finding.consequence = Consequence::LeftOut;
            }
        }
        let mut reading = Reading {
            line: row.line,
            findings,
            name_turned: name.as_ref().is_some_and(|name| name.turned),
            phase_guess,
            content: row.cells.iter().map(|cell| words(&cell.text()) + "\n").collect::<String>().trim_end().to_owned(),
            ..Reading::default()
        };
        let (Some(Name { name, .. }), Some(started_on)) = (name, started_on) else { return reading };
        let email_text = email.as_ref().map(EmailAddress::as_str);
        let identity = Identity::new(name.as_str(), started_on, email_text, phone.as_ref().map(Line::as_str));
        if let (Some(phase), false) = (phase, is_left_out) {
            let nav_office = nav.map(|person| person.organisation);
            let details = Details { name, language, phone, email, goal, plan: Plan::Missing, nav_office };
            let participant = NewParticipant {
                details,
                phase: Some(phase.id),
                started_on,
                inn_contact: inn.map(|person| person.id),
                nav_contact: nav.map(|person| person.id),
            };
            reading.row = Some(ImportRow { line: row.line, participant, key: identity.key(), closing });
        }
        reading.identity = Some(identity);
        reading
    }

    fn closing(&self, phase: &Phase, values: &mut Values) -> Option<Closing> {
        if phase.kind == PhaseKind::Ordinary {
            return None;
        }
        let (reason, outcome) = (values.text(Column::Reason), values.text(Column::Outcome));
        match closing::read(&reason, &outcome, self.choices) {
            Ok(closing) => Some(closing),
            Err((column, fault)) => values.check(column, Err(fault)),
        }
    }

    /// Finds a person by mail address or by name.
    fn contact(&self, typed: &str, side: Side) -> Result<Option<&Staff>, Fault> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let (name, address) = (words(&in_speaking_order(typed).0), typed.to_lowercase());
        let is_meant = |person: &&Staff| person.email.as_str() == address || words(&person.name) == name;
        let meant: Vec<&Staff> = self.context.people.iter().filter(is_meant).collect();
        let of_side: Vec<&Staff> = meant.iter().copied().filter(|person| person.side == side).collect();
        match (of_side.as_slice(), meant.is_empty(), side) {
            ([person], ..) => Ok(Some(*person)),
            ([_, _, ..], ..) => Err(Fault::SeveralPeople),
            ([], false, Side::Inn) => Err(Fault::NotAtInn),
            ([], false, Side::Nav) => Err(Fault::NotAtNav),
            ([], true, _) if holds_identity_number(typed) => Err(Fault::IdentityNumber),
            ([], true, _) => Err(Fault::UnknownPerson),
        }
    }
}

/// A row's values by column, and what is wrong with them.
struct Values<'a> {
    headings: &'a Headings,
    row: &'a GridRow,
    findings: Vec<Finding>,
}

impl Values<'_> {
    /// The text in a column; empty if the file does not have it.
    fn text(&self, column: Column) -> String {
        let cell = self.headings.place(column).and_then(|place| self.row.cells.get(place));
        cell.map(super::Cell::text).unwrap_or_default()
    }

    fn shown(&self, column: Column) -> String {
        mask(&self.text(column))
    }

    /// The name as typed, and the column to which a fault in it belongs.
    fn name(&self) -> (String, Column) {
        if self.headings.has_whole_name() {
            (self.text(Column::Name), Column::Name)
        } else {
            let whole = format!("{} {}", self.text(Column::GivenName), self.text(Column::FamilyName));
            (whole, Column::FamilyName)
        }
    }

    fn read<T>(&mut self, column: Column, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        let text = self.text(column);
        self.check(column, read(&text))
    }

    fn check<T>(&mut self, column: Column, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.add(column, fault)).ok()
    }

    fn refuse_filled(&mut self, column: Column) {
        if !self.text(column).trim().is_empty() {
            self.add(column, Fault::NotClosing);
        }
    }

    fn add(&mut self, column: Column, fault: Fault) {
        let value = if column == Column::FamilyName { mask(self.name().0.trim()) } else { self.shown(column) };
        self.findings.push(Finding {
            line: self.row.line,
            heading: mask(self.headings.text(column)),
            value,
            fault,
            consequence: Consequence::WithoutValue,
        });
    }
}

/// A name, and whether it was written with the family name first.
struct Name {
    name: PersonName,
    turned: bool,
}

fn read_name(typed: &str) -> Result<Name, Fault> {
    let (name, turned) = in_speaking_order(typed);
    let name = PersonName::parse(&name).map_err(Fault::from)?;
    let is_name = name.as_str().chars().any(char::is_alphabetic) && !name.as_str().chars().any(is_foreign_to_names);
    if is_name { Ok(Name { name, turned }) } else { Err(Fault::NotAName) }
}

/// Turns `Etternavn, Fornavn` round, and says whether it did.
fn in_speaking_order(name: &str) -> (String, bool) {
    let parts: Vec<&str> = name.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [family, given] => (format!("{given} {family}"), true),
        parts => (parts.join(", "), false),
    }
}

fn read_email(typed: &str) -> Result<Option<EmailAddress>, Fault> {
    match typed.trim() {
        "" => Ok(None),
        address if holds_identity_number(address) => Err(Fault::IdentityNumber),
        address => EmailAddress::parse(address).map(Some).map_err(Fault::from),
    }
}

/// Digits, signs of markup, formulas and addresses, lists of several people, and broken encodings.
fn is_foreign_to_names(character: char) -> bool {
    character.is_numeric() || "<>=@{}[]|\\^~*_#$%&,;:\"/!?+\u{fffd}".contains(character)
}

/// The date in a text that may have a time behind it; `None` if something else stands there.
fn without_time(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let (date, time) = typed.split_once([' ', 'T']).unwrap_or((typed, ""));
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_digit() || ".:/- ".contains(c));
    if time.is_empty() || (time.contains(':') && is_plain(time.trim_end_matches('Z'))) {
        return Some(date.to_owned());
    }
    // "1. 2. 2026"
    is_plain(typed).then(|| typed.replace(' ', ""))
}
