//! Reads a file value by value, and remembers what is wrong.

use std::collections::BTreeSet;

use toml::de::{DeInteger, DeTable, DeValue};

use super::{FILE_MAX, Fault, VERSION, VERSION_KEY, Wrong};
use crate::board::{ContactRole, PhaseKind};
use crate::error::Problem;
use crate::phases::{DueIn, NeededField, RULE_TASKS_MAX, RuleTask, Rules};
use crate::text::Line;
use crate::tracks::{NewPhase, Number, PHASES_MAX, PhaseName, TrackTemplate, check_order, same_name};

/// The track, or all that is wrong, in the order of the lines.
pub(super) fn read(text: &str) -> Result<TrackTemplate, Vec<Fault>> {
    let whole = |line, wrong| Fault { line, phase: None, name: String::new(), wrong };
    if text.len() > FILE_MAX {
        return Err(vec![whole(1, Wrong::Value(Problem::TooLong { max: FILE_MAX }))]);
    }
    let breaks = text.match_indices('\n').map(|(byte, _)| byte).collect();
    let mut reader = Reader { breaks, names: Vec::new(), faults: Vec::new() };
    let (root, errors) = DeTable::parse_recoverable(text);
    let track = if errors.is_empty() { reader.track(root.get_ref()) } else { None };
    // What stands around a line that can't be read may mean anything, so nothing else is told then.
    for error in errors {
        let line = reader.line(error.span().map_or(text.len(), |span| span.start));
        reader.faults.push(whole(line, Wrong::NotToml(error.message().to_owned())));
    }
    reader.faults.sort_by_key(|fault| fault.line);
    // The second thing that can't be read in a line comes of the first.
    reader.faults.dedup_by(|one, other| one.line == other.line && matches!(one.wrong, Wrong::NotToml(_)));
    track.filter(|_| reader.faults.is_empty()).ok_or(reader.faults)
}

/// A table in the file.
struct At<'a> {
    table: &'a DeTable<'a>,
    /// Where it begins.
    line: usize,
    phase: Option<usize>,
}

impl At<'_> {
    fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }
}

/// Reads, and remembers what is wrong. What is wrong counts as absent meanwhile.
struct Reader {
    /// Where lines end.
    breaks: Vec<usize>,
    /// The phases so far, each with its line.
    names: Vec<(PhaseName, usize)>,
    faults: Vec<Fault>,
}

impl Reader {
    fn track(&mut self, root: &DeTable<'_>) -> Option<TrackTemplate> {
        let at = At { table: root, line: 1, phase: None };
        let version = self.required(&at, VERSION_KEY, |value| {
            let is_ours = value.as_integer().map(DeInteger::as_str) == Some(VERSION);
            is_ours.then_some(()).ok_or(Wrong::OtherVersion)
        });
        // A file of another version may be right in its own way: nothing else is told of it.
        if version.is_none() && at.has(VERSION_KEY) {
            return None;
        }
        self.only(&at, &[VERSION_KEY, "name", "phases"]);
        let name = self.required(&at, "name", line);
        if !at.has("phases") {
            self.fault(1, &at, "phases", Wrong::Missing);
        }
        let found = (1..).zip(self.tables(&at, "phases", PHASES_MAX));
        let phases: Vec<NewPhase> =
            found.filter_map(|(number, at)| self.phase(&At { phase: Some(number), ..at })).collect();
        // Whatever is wrong with the phases themselves comes first.
        if self.faults.is_empty() {
            let kinds: Vec<PhaseKind> = phases.iter().map(|phase| phase.kind).collect();
            if let Err(problem) = check_order(&kinds) {
                self.fault(self.line_of(&at, "phases"), &at, "phases", Wrong::Value(problem));
            }
        }
        Some(TrackTemplate { name: name?, phases })
    }

    fn phase(&mut self, at: &At<'_>) -> Option<NewPhase> {
        self.only(at, &["name", "kind", "limit", "agreed_days", "on_entry"]);
        let name = self.required(at, "name", line);
        if let Some(name) = &name {
            self.check_name(at, name);
        }
        let kind = self.required(at, "kind", |value| one_of(value, &PhaseKind::ALL, PhaseKind::code));
        let limit = self.optional(at, "limit", number);
        let agreed_days = self.optional(at, "agreed_days", number);
        let on_entry = self.table(at, "on_entry").map(|at| self.rules(&at)).unwrap_or_default();
        Some(NewPhase { name: name?, kind: kind?, limit, agreed_days, on_entry })
    }

    /// No two phases may have the same name.
    fn check_name(&mut self, at: &At<'_>, name: &PhaseName) {
        match self.names.iter().find(|(other, _)| same_name(other.as_str(), name.as_str())) {
            Some((_, line)) => self.fault(self.line_of(at, "name"), at, "name", Wrong::Doubled(*line)),
            None => self.names.push((name.clone(), self.line_of(at, "name"))),
        }
    }

    fn rules(&mut self, at: &At<'_>) -> Rules {
        self.only(at, &["reason", "outcome", "fields", "tasks"]);
        let reason = self.optional(at, "reason", yes_or_no).unwrap_or_default();
        let outcome = self.optional(at, "outcome", yes_or_no).unwrap_or_default();
        let mut fields = BTreeSet::new();
        for (value, line) in self.list(at, "fields") {
            match one_of(value, &NeededField::ALL, NeededField::code) {
                Ok(field) => fields.extend([field]),
                Err(wrong) => self.fault(line, at, "fields", wrong),
            }
        }
        let found = self.tables(at, "tasks", RULE_TASKS_MAX);
        let tasks = found.into_iter().filter_map(|at| self.task(&at)).collect();
        Rules { reason, outcome, fields, tasks }
    }

    fn task(&mut self, at: &At<'_>) -> Option<RuleTask> {
        self.only(at, &["title", "for", "due"]);
        let title = self.required(at, "title", line);
        let role = self.required(at, "for", |value| one_of(value, &ContactRole::ALL, ContactRole::code));
        if !at.has("due") {
            self.fault(at.line, at, "due", Wrong::Missing);
        }
        let due = self.table(at, "due").and_then(|at| self.due(&at));
        Some(RuleTask { title: title?, role: role?, due: due? })
    }

    /// Either days or working days.
    fn due(&mut self, at: &At<'_>) -> Option<DueIn> {
        const UNITS: &[&str] = &["days", "working_days"];
        self.only(at, UNITS);
        let days = self.optional(at, "days", number).map(DueIn::Days);
        let working_days = self.optional(at, "working_days", number).map(DueIn::WorkingDays);
        if at.has("days") == at.has("working_days") {
            self.fault(at.line, at, "due", Wrong::NotOneOf(UNITS.to_vec()));
        }
        days.or(working_days)
    }

    /// Complains about what may not stand in a table.
    fn only(&mut self, at: &At<'_>, known: &'static [&'static str]) {
        for key in at.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            // Somebody may have written anything there.
            let name: String = key.get_ref().chars().take(40).collect();
            self.fault(self.line(key.span().start), at, &name, Wrong::Unknown(known));
        }
    }

    fn required<'a, T>(
        &mut self,
        at: &At<'a>,
        name: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Result<T, Wrong>,
    ) -> Option<T> {
        if !at.has(name) {
            self.fault(at.line, at, name, Wrong::Missing);
        }
        self.optional(at, name, read)
    }

    fn optional<'a, T>(
        &mut self,
        at: &At<'a>,
        name: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Result<T, Wrong>,
    ) -> Option<T> {
        let value = at.table.get(name)?;
        read(value.get_ref()).map_err(|wrong| self.fault(self.line(value.span().start), at, name, wrong)).ok()
    }

    fn table<'a>(&mut self, at: &At<'a>, name: &str) -> Option<At<'a>> {
        let table = self.optional(at, name, |value| value.as_table().ok_or(Wrong::NotATable))?;
        Some(At { table, line: self.line_of(at, name), phase: at.phase })
    }

    /// The values of a list, each with its line; none where there is no list.
    fn list<'a>(&mut self, at: &At<'a>, name: &str) -> Vec<(&'a DeValue<'a>, usize)> {
        let list = self.optional(at, name, |value| value.as_array().ok_or(Wrong::NotAList));
        list.into_iter().flatten().map(|value| (value.get_ref(), self.line(value.span().start))).collect()
    }

    /// The tables of a list. Of one that is too long nothing else is told.
    fn tables<'a>(&mut self, at: &At<'a>, name: &str, max: usize) -> Vec<At<'a>> {
        let found = self.list(at, name);
        if found.len() > max {
            self.fault(self.line_of(at, name), at, name, Wrong::Value(Problem::TooMany { max }));
            return Vec::new();
        }
        let mut tables = Vec::new();
        for (value, line) in found {
            match value.as_table() {
                Some(table) => tables.push(At { table, line, phase: at.phase }),
                None => self.fault(line, at, name, Wrong::NotATable),
            }
        }
        tables
    }

    /// The line in which a value begins.
    fn line_of(&self, at: &At<'_>, name: &str) -> usize {
        at.table.get(name).map_or(at.line, |value| self.line(value.span().start))
    }

    /// The line of a byte, from 1.
    fn line(&self, byte: usize) -> usize {
        1 + self.breaks.partition_point(|end| *end < byte)
    }

    fn fault(&mut self, line: usize, at: &At<'_>, name: &str, wrong: Wrong) {
        self.faults.push(Fault { line, phase: at.phase, name: name.to_owned(), wrong });
    }
}

fn line<const MAX: usize>(value: &DeValue<'_>) -> Result<Line<MAX>, Wrong> {
    Line::parse(value.as_str().ok_or(Wrong::NotText)?).map_err(Wrong::Value)
}

fn number<const MAX: i32>(value: &DeValue<'_>) -> Result<Number<MAX>, Wrong> {
    let number = value.as_integer().and_then(|integer| i32::from_str_radix(integer.as_str(), integer.radix()).ok());
    number.ok_or(Problem::NotInRange { max: MAX }).and_then(Number::try_from).map_err(Wrong::Value)
}

fn yes_or_no(value: &DeValue<'_>) -> Result<bool, Wrong> {
    value.as_bool().ok_or(Wrong::NotYesOrNo)
}

fn one_of<T: Copy>(value: &DeValue<'_>, all: &[T], code: fn(T) -> &'static str) -> Result<T, Wrong> {
    let found = value.as_str().and_then(|word| all.iter().copied().find(|one| code(*one) == word));
    found.ok_or_else(|| Wrong::NotOneOf(all.iter().copied().map(code).collect()))
}
