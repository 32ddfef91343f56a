//! The report in plain language.

use std::fmt::Write;
use std::path::Path;

use app::texts::Texts;
use shared::import::{
    COLUMNS_MAX, Column, Consequence, Context, Fault, Finding, Guess, ROWS_MAX, Refusal, Report, Unread,
};

use super::file::{Kind, MEGABYTES_MAX, Unreadable};

/// How much of a value is shown.
const VALUE_MAX: usize = 60;
/// How many line numbers are shown in a row.
const LINES_MAX: usize = 40;

/// Why the file could not be read, and what to do.
pub(super) fn unreadable(texts: Texts, path: &Path, error: &Unreadable) -> String {
    let file = &name(path);
    match error {
        Unreadable::NotFound => texts.import_refusal_not_found(file),
        Unreadable::Denied(reason) => texts.import_refusal_denied(file, reason),
        Unreadable::Folder => texts.import_refusal_folder(file),
        Unreadable::TooLarge => texts.import_refusal_too_large(file, &MEGABYTES_MAX.to_string()),
        Unreadable::WrongKind => texts.import_refusal_wrong_kind(file),
        Unreadable::Empty => texts.import_refusal_empty(file),
        Unreadable::NotText => texts.import_refusal_not_text(file),
        Unreadable::Locked => texts.import_refusal_locked(file),
        Unreadable::Broken(reason) => texts.import_refusal_broken(file, &shown(texts, reason)),
    }
}

/// Why the list was refused as a whole, and what to do.
pub(super) fn refusal(texts: Texts, path: &Path, refusal: &Refusal, context: &Context) -> String {
    match refusal {
        Refusal::Empty => texts.import_refusal_empty(&name(path)),
        Refusal::TooManyRows => texts.import_refusal_too_many_rows(&ROWS_MAX.to_string()),
        Refusal::TooManyColumns { line } => {
            texts.import_refusal_too_many_columns(&line.to_string(), &COLUMNS_MAX.to_string())
        }
        Refusal::MissingColumns { missing, found } => {
            let missing: Vec<&str> = missing.iter().map(|missing| column(texts, *missing)).collect();
            let found: Vec<String> = found.iter().map(|heading| shown(texts, heading)).collect();
            texts.import_refusal_missing_columns(&missing.join(", "), &found.join(", "))
        }
        Refusal::NoSuchPhase { name } => texts.import_refusal_no_such_phase(name, &phases(context)),
    }
}

/// How the list was judged: what was guessed, what is wrong and what to do about it, and the totals.
pub(super) fn report(texts: Texts, path: &Path, kind: &Kind, report: &Report, context: &Context) -> String {
    let mut printer = Printer { texts, context, out: String::new() };
    printer.source(path, kind, report);
    printer.section(texts.import_guesses(), report.guesses.iter().map(|guess| guessed(texts, guess)));
    printer.section(
        texts.import_namesakes(),
        report.namesakes.iter().map(|namesake| format!("{}: {}", line(texts, namesake.line), namesake.name)),
    );
    printer.findings(texts.import_left_out(), report, Consequence::LeftOut);
    printer.findings(texts.import_without_value(), report, Consequence::WithoutValue);
    printer.section(
        texts.import_doubled(),
        report.doubled.iter().map(|doubled| {
            let first = doubled.first_line.to_string();
            let same = if doubled.differs { texts.import_nearly_same_as(&first) } else { texts.import_same_as(&first) };
            format!("{}: {}, {same}", line(texts, doubled.line), doubled.name)
        }),
    );
    let alike = report.already.iter().filter(|already| !already.same_row);
    printer.section(
        texts.import_already(),
        alike.map(|already| format!("{}: {}", line(texts, already.line), already.name)),
    );
    printer.section(texts.import_unread(), report.unread.iter().map(|column| unread(texts, column)));
    printer.totals(report);
    printer.out
}

struct Printer<'a> {
    texts: Texts,
    context: &'a Context,
    out: String,
}

impl Printer<'_> {
    fn source(&mut self, path: &Path, kind: &Kind, report: &Report) {
        let (texts, file, line) = (self.texts, name(path), report.heading_line.to_string());
        match kind {
            Kind::Csv { encoding, delimiter } => {
                let delimiter = match delimiter {
                    ';' => texts.import_semicolon(),
                    ',' => texts.import_comma(),
                    _ => texts.import_tab(),
                };
                self.line(&texts.import_read_csv(&file, &line, delimiter, encoding));
            }
            Kind::Workbook { sheet, others } => {
                self.line(&texts.import_read_workbook(sheet, &file, &line));
                if !others.is_empty() {
                    self.line(&texts.import_other_sheets(&others.join(", ")));
                }
            }
        }
    }

    /// A heading with what belongs below it, if there is something.
    fn section(&mut self, heading: &str, lines: impl Iterator<Item = String>) {
        let mut lines = lines.peekable();
        if lines.peek().is_some() {
            self.line("");
            self.line(heading);
        }
        for line in lines {
            self.line(&format!("  {line}"));
        }
    }

    /// All findings with this consequence. Those with the same fault stand together below what to do.
    fn findings(&mut self, heading: &str, report: &Report, consequence: Consequence) {
        let mut findings: Vec<(String, &Finding)> = report
            .findings
            .iter()
            .filter(|finding| finding.consequence == consequence)
            .map(|finding| (self.remedy(finding), finding))
            .collect();
        // A stable sort: within a fault the lines stay in order.
        findings.sort_by_key(|(_, finding)| finding.fault);
        let mut said = "";
        for (place, (remedy, finding)) in findings.iter().enumerate() {
            if place == 0 {
                self.line("");
                self.line(heading);
            }
            if remedy != said {
                self.line(&format!("  {remedy}"));
                said = remedy;
            }
            let value = shown(self.texts, &finding.value);
            self.line(&format!("    {}, {}: {value}", line(self.texts, finding.line), finding.heading));
        }
    }

    fn totals(&mut self, report: &Report) {
        let [read, rows, lessened, left_out, doubled, already] = [
            report.read,
            report.rows.len(),
            report.lessened(),
            report.left_out(),
            report.doubled.len(),
            report.already.len(),
        ]
        .map(|count| count.to_string());
        self.line("");
        self.line(&self.texts.import_totals(&read, &rows, &lessened, &left_out, &doubled, &already));
    }

    /// What is wrong and what to do about it.
    fn remedy(&self, finding: &Finding) -> String {
        let texts = self.texts;
        let text = match finding.fault {
            Fault::Required => texts.import_fault_required(),
            Fault::NoPhase => return texts.import_fault_no_phase(&phases(self.context)),
            Fault::NotAName => texts.import_fault_not_a_name(),
            Fault::UnknownPhase => {
                return texts.import_fault_unknown_phase(&phases(self.context), &shown(texts, &finding.value));
            }
            Fault::ClosingDemanded => {
                return texts.import_fault_closing_demanded(texts.import_reasons(), texts.import_outcomes());
            }
            Fault::UnknownReason => return texts.import_fault_unknown_reason(texts.import_reasons()),
            Fault::ReasonInWords => texts.import_fault_reason_in_words(),
            Fault::UnknownOutcome => return texts.import_fault_unknown_outcome(texts.import_outcomes()),
            Fault::NotADate => texts.import_fault_not_a_date(),
            Fault::DateOutOfRange => texts.import_fault_date_out_of_range(),
            Fault::IdentityNumber => texts.import_fault_identity_number(),
            Fault::TooLong { max } => return texts.import_fault_too_long(&max.to_string()),
            Fault::NotAnEmail => texts.import_fault_not_an_email(),
            Fault::NotAPhone => texts.import_fault_not_a_phone(),
            Fault::UnknownPerson => texts.import_fault_unknown_person(),
            Fault::SeveralPeople => texts.import_fault_several_people(),
            Fault::NotAtInn => texts.import_fault_not_at_inn(),
            Fault::NotAtNav => texts.import_fault_not_at_nav(),
            Fault::NotClosing => texts.import_fault_not_closing(),
        };
        text.to_owned()
    }

    fn line(&mut self, text: &str) {
        // Writing to a string can't fail.
        let _ = writeln!(self.out, "{text}");
    }
}

fn guessed(texts: Texts, guess: &Guess) -> String {
    match guess {
        Guess::Heading { heading, column: read } => {
            texts.import_guessed_heading(&shown(texts, heading), column(texts, *read))
        }
        Guess::Phase { value, phase, lines } => {
            texts.import_guessed_phase(&shown(texts, value), phase, &numbers(texts, lines))
        }
        Guess::NamesTurned { lines } => texts.import_turned_names(&numbers(texts, lines)),
    }
}

fn unread(texts: Texts, unread: &Unread) -> String {
    let heading = if unread.heading.is_empty() {
        texts.import_no_heading().to_owned()
    } else {
        format!("«{}»", shown(texts, &unread.heading))
    };
    texts.import_unread_column(&heading, &letters(unread.place), &unread.filled.to_string())
}

fn column(texts: Texts, column: Column) -> &'static str {
    match column {
        Column::Name => texts.import_column_name(),
        Column::GivenName => texts.import_column_given_name(),
        Column::FamilyName => texts.import_column_family_name(),
        Column::Phase => texts.import_column_phase(),
        Column::StartedOn => texts.import_column_started_on(),
        Column::Language => texts.import_column_language(),
        Column::InnContact => texts.import_column_inn_contact(),
        Column::NavContact => texts.import_column_nav_contact(),
        Column::Email => texts.import_column_email(),
        Column::Phone => texts.import_column_phone(),
        Column::Goal => texts.import_column_goal(),
        Column::Reason => texts.import_column_reason(),
        Column::Outcome => texts.import_column_outcome(),
    }
}

fn phases(context: &Context) -> String {
    context.phases.iter().map(|phase| phase.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn line(texts: Texts, number: usize) -> String {
    texts.import_line(&number.to_string())
}

fn numbers(texts: Texts, lines: &[usize]) -> String {
    let mut numbers: Vec<String> = lines.iter().take(LINES_MAX).map(usize::to_string).collect();
    if lines.len() > LINES_MAX {
        numbers.push(texts.import_more_lines(&(lines.len() - LINES_MAX).to_string()));
    }
    numbers.join(", ")
}

/// A value on one line, without control characters that a terminal might obey, and not too long.
fn shown(texts: Texts, value: &str) -> String {
    let plain: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return texts.import_empty_cell().to_owned();
    }
    let mut short: String = words.chars().take(VALUE_MAX).collect();
    if short.len() < words.len() {
        short.push('…');
    }
    short
}

/// A column as Excel names it: A to Z, then AA.
fn letters(place: usize) -> String {
    let letter = |number: usize| char::from(b'A' + u8::try_from(number % 26).unwrap_or_default());
    match place.saturating_sub(1) {
        number @ 0..26 => letter(number).to_string(),
        number => format!("{}{}", letter(number / 26 - 1), letter(number)),
    }
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
