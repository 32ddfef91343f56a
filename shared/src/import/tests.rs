use proptest::prelude::*;

use super::*;
use crate::board::PhaseKind;
use crate::id::PhaseId;

const HEADINGS: [&str; 9] =
    ["Deltaker", "Fase", "Startdato", "Språk", "INN-kontakt", "NAV-kontakt", "E-post", "Telefon", "Mål"];
const LINA: [&str; 9] = [
    "Lina Testesen",
    "I program",
    "03.02.2026",
    "nb",
    "inn@example.no",
    "Nav-kontakt Prøve",
    "lina@example.org",
    "900 00 001",
    "Fagbrev kokk",
];

fn id(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

fn context() -> Context {
    let phase = |number, name: &str, kind| Phase {
        id: PhaseId(id(number)),
        name: name.to_owned(),
        kind,
        limit: None,
        agreed_days: None,
        rules: crate::phases::Rules::default(),
    };
    let person = |number, name: &str, email: &str, side| Staff {
        id: UserId(id(number)),
        name: name.to_owned(),
        email: EmailAddress::parse(email).unwrap_or_else(|_| unreachable!()),
        side,
        organisation: OrganisationId(id(number + 100)),
    };
    Context {
        phases: vec![
            phase(1, "Bosetting", PhaseKind::Ordinary),
            phase(2, "Kompetansekartlegging", PhaseKind::Ordinary),
            phase(3, "I program", PhaseKind::Ordinary),
            phase(4, "Avsluttet", PhaseKind::Closing),
        ],
        people: vec![
            person(11, "Inn-kontakt Prøve", "inn@example.no", Side::Inn),
            person(12, "Nav-kontakt Prøve", "nav@example.no", Side::Nav),
            person(13, "Tvilling Prøve", "tvilling.1@example.no", Side::Inn),
            person(14, "Tvilling Prøve", "tvilling.2@example.no", Side::Inn),
        ],
        known: Vec::new(),
        today: NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or_default(),
    }
}

fn grid(rows: &[[&str; 9]]) -> Vec<GridRow> {
    let row = |(number, texts): (usize, &[&str; 9])| GridRow {
        line: number + 1,
        cells: texts.iter().map(|text| Cell::Text((*text).to_owned())).collect(),
    };
    std::iter::once(&HEADINGS).chain(rows).enumerate().map(row).collect()
}

fn judge_rows(rows: &[[&str; 9]]) -> Report {
    judge(&grid(rows), &context(), &Choices::default()).unwrap_or_default()
}

/// Lina's row with one cell changed.
fn lina(place: usize, text: &'static str) -> [&'static str; 9] {
    let mut row = LINA;
    row[place] = text;
    row
}

fn only_fault(row: [&str; 9]) -> Option<(Fault, Consequence, usize)> {
    let report = judge_rows(&[row]);
    let [finding] = report.findings.as_slice() else { return None };
    Some((finding.fault, finding.consequence, report.rows.len()))
}

#[test]
fn a_good_row_is_read_whole() {
    let report = judge_rows(&[LINA]);
    assert_eq!((report.findings.len(), report.guesses.len(), report.rows.len()), (0, 0, 1));
    let participant = &report.rows[0].participant;
    assert_eq!(participant.details.name.as_str(), "Lina Testesen");
    assert_eq!(participant.phase, Some(PhaseId(id(3))));
    assert_eq!(participant.started_on, NaiveDate::from_ymd_opt(2026, 2, 3).unwrap_or_default());
    assert_eq!((participant.inn_contact, participant.nav_contact), (Some(UserId(id(11))), Some(UserId(id(12)))));
    assert_eq!(participant.details.nav_office, Some(OrganisationId(id(112))));
}

#[test]
fn without_name_phase_or_date_the_line_is_left_out() {
    let left_out = |fault| Some((fault, Consequence::LeftOut, 0));
    assert_eq!(only_fault(lina(0, "  ")), left_out(Fault::Required));
    assert_eq!(only_fault(lina(0, "=HYPERLINK(\"x\")")), left_out(Fault::NotAName));
    assert_eq!(only_fault(lina(0, "<b>Lina</b> Testesen")), left_out(Fault::NotAName));
    assert_eq!(only_fault(lina(0, "Lina 2")), left_out(Fault::NotAName));
    assert_eq!(only_fault(lina(0, "Lina, Amina, Omar")), left_out(Fault::NotAName));
    assert_eq!(only_fault(lina(0, "-")), left_out(Fault::NotAName));
    assert_eq!(only_fault(lina(1, "Praksis")), left_out(Fault::UnknownPhase));
    assert_eq!(only_fault(lina(1, "")), left_out(Fault::NoPhase));
    assert_eq!(only_fault(lina(1, "Avsluttet")), left_out(Fault::ClosingDemanded));
    assert_eq!(only_fault(lina(2, "31.02.2025")), left_out(Fault::NotADate));
    assert_eq!(only_fault(lina(2, "01.02.2026 eller mars")), left_out(Fault::NotADate));
    assert_eq!(only_fault(lina(2, "01.02.1925")), left_out(Fault::DateOutOfRange));
}

#[test]
fn without_another_value_the_person_is_imported_all_the_same() {
    let without = |fault| Some((fault, Consequence::WithoutValue, 1));
    assert_eq!(only_fault(lina(4, "ukjent@example.no")), without(Fault::UnknownPerson));
    assert_eq!(only_fault(lina(4, "nav@example.no")), without(Fault::NotAtInn));
    assert_eq!(only_fault(lina(4, "Tvilling Prøve")), without(Fault::SeveralPeople));
    assert_eq!(only_fault(lina(5, "Inn-kontakt Prøve")), without(Fault::NotAtNav));
    assert_eq!(only_fault(lina(6, "ikke en adresse")), without(Fault::NotAnEmail));
    assert_eq!(only_fault(lina(7, "ring først")), without(Fault::NotAPhone));
    assert_eq!(only_fault(lina(4, "Prøve, Inn-kontakt")), None);
}

#[test]
fn an_identity_number_is_neither_kept_nor_shown() {
    for (place, text) in
        [(0, "13897240054"), (6, "13897240054@example.org"), (7, "138972 40054"), (8, "fnr 13897240054")]
    {
        let report = judge_rows(&[lina(place, text)]);
        assert!(report.findings.iter().any(|finding| finding.fault == Fault::IdentityNumber), "{text}");
        assert!(!format!("{report:?}").contains("40054"), "{text}");
    }
}

#[test]
fn what_was_guessed_is_told_once_with_its_lines() {
    let mut omar = lina(1, "  i  Program");
    omar[0] = "Testesen, Omar";
    let report = judge_rows(&[lina(1, "Kartlegging"), lina(0, "Testesen, Amina"), omar]);
    let phase =
        |value: &str, phase: &str, line| Guess::Phase { value: value.into(), phase: phase.into(), lines: vec![line] };
    let guesses = vec![
        phase("Kartlegging", "Kompetansekartlegging", 2),
        Guess::NamesTurned { lines: vec![3, 4] },
        phase("  i  Program", "I program", 4),
    ];
    assert_eq!(report.guesses, guesses);
    assert_eq!(report.rows[1].participant.details.name.as_str(), "Amina Testesen");
}

#[test]
fn what_is_there_already_is_not_guessed_again() {
    let report = judge_rows(&[LINA, lina(0, "Testesen, Lina")]);
    assert_eq!((report.doubled.len(), report.guesses.len()), (1, 0));
}

#[test]
fn a_row_that_stands_twice_is_imported_once() {
    let report = judge_rows(&[LINA, lina(8, "Et annet mål"), LINA]);
    let lines: Vec<_> =
        report.doubled.iter().map(|doubled| (doubled.line, doubled.first_line, doubled.differs)).collect();
    assert_eq!(lines, [(3, 2, true), (4, 2, false)]);
    assert_eq!(report.rows.len(), 1);
}

#[test]
fn a_bad_row_that_stands_twice_is_told_once_and_hides_no_good_one() {
    let bad = lina(1, "Praksis");
    let report = judge_rows(&[bad, bad, LINA]);
    assert_eq!(report.doubled, [Doubled { line: 3, name: "Lina Testesen".into(), first_line: 2, differs: false }]);
    assert_eq!((report.findings.len(), report.rows.len()), (1, 1));
}

#[test]
fn two_people_of_the_same_name_are_both_kept() {
    let mut other = lina(6, "lina.2@example.org");
    other[7] = "";
    let report = judge_rows(&[LINA, other]);
    assert_eq!(report.rows.len(), 2);
    assert_eq!(report.namesakes, [Namesake { line: 3, name: "Lina Testesen".into() }]);
    assert_ne!(report.rows[0].key, report.rows[1].key);
}

#[test]
fn a_second_run_finds_everybody_there_also_after_changes() {
    let first = judge_rows(&[LINA, lina(6, "")]);
    let known = |row: &ImportRow, name: &str| Known {
        name: name.to_owned(),
        started_on: row.participant.started_on,
        email: None,
        phone: None,
        key: Some(row.key.clone()),
    };
    let mut context = context();
    context.known = vec![known(&first.rows[0], "Lina Nyttnavn")];
    let second = judge(&grid(&[LINA, lina(1, "Praksis")]), &context, &Choices::default()).unwrap_or_default();
    assert_eq!((second.rows.len(), second.already.len(), second.doubled.len(), second.findings.len()), (0, 1, 1, 0));
}

#[test]
fn somebody_registered_by_hand_is_known_by_name_and_date() {
    let mut context = context();
    let started_on = NaiveDate::from_ymd_opt(2026, 2, 3).unwrap_or_default();
    context.known = vec![Known { name: "lina testesen".into(), started_on, email: None, phone: None, key: None }];
    let mut namesake = lina(6, "lina.2@example.org");
    namesake[7] = "";
    let report = judge(&grid(&[LINA, namesake]), &context, &Choices::default()).unwrap_or_default();
    assert_eq!(report.already, [Already { line: 2, name: "Lina Testesen".into(), same_row: false }]);
    assert_eq!(report.rows.len(), 1, "one person can't stand for two");
}

#[test]
fn reason_and_outcome_come_from_the_person_who_imports_where_the_file_has_none() {
    let choices =
        Choices { reason: Some(ClosingReason::Completed), outcome: Some(Outcome::Other), ..Choices::default() };
    let report = judge(&grid(&[lina(1, "Avsluttet"), LINA]), &context(), &choices).unwrap_or_default();
    let closed: Vec<bool> = report.rows.iter().map(|row| row.closing.is_some()).collect();
    assert_eq!(closed, [true]);
    assert_eq!(report.doubled.len(), 1);
}

#[test]
fn columns_that_are_not_read_are_told_if_they_hold_something() {
    let mut rows = grid(&[LINA]);
    rows[0].cells.extend([Cell::Text("Kommentar".into()), Cell::Text("Tom".into())]);
    rows[1].cells.extend([Cell::Text("husk bleier".into()), Cell::Empty, Cell::Number(3.0)]);
    let report = judge(&rows, &context(), &Choices::default()).unwrap_or_default();
    let unread: Vec<_> = report.unread.iter().map(|unread| (unread.heading.as_str(), unread.place)).collect();
    assert_eq!(unread, [("Kommentar", 10), ("", 12)]);
}

#[test]
fn names_in_two_columns_are_put_together() {
    let text = |text: &str| Cell::Text(text.to_owned());
    let rows = [
        GridRow { line: 1, cells: ["Etternavn", "Fornavn", "Fase", "Startdato"].map(text).to_vec() },
        GridRow { line: 2, cells: ["Testesen", "Lina", "Bosetting", "01.02.2026"].map(text).to_vec() },
    ];
    let report = judge(&rows, &context(), &Choices::default()).unwrap_or_default();
    assert_eq!(report.rows.first().map(|row| row.participant.details.name.as_str()), Some("Lina Testesen"));
    assert!(report.unread.is_empty());
}

#[test]
fn what_is_too_large_or_empty_is_refused() {
    let refusal = |rows: &[GridRow]| judge(rows, &context(), &Choices::default()).err();
    assert_eq!(refusal(&[]), Some(Refusal::Empty));
    let wide = GridRow { line: 7, cells: vec![Cell::Number(1.0); COLUMNS_MAX + 1] };
    assert_eq!(refusal(&[wide]), Some(Refusal::TooManyColumns { line: 7 }));
    let rows = vec![GridRow { line: 1, cells: vec![Cell::Number(1.0)] }; ROWS_MAX + 1];
    assert_eq!(refusal(&rows), Some(Refusal::TooManyRows));
}

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        ".{0,20}".prop_map(Cell::Text),
        prop::sample::select(HEADINGS.to_vec()).prop_map(|text| Cell::Text(text.to_owned())),
        prop::sample::select(LINA.to_vec()).prop_map(|text| Cell::Text(text.to_owned())),
        any::<f64>().prop_map(Cell::Number),
        (0u64..60_000).prop_map(|days| Cell::Date(NaiveDate::default() + chrono::Days::new(days))),
    ]
}

fn any_grid() -> impl Strategy<Value = Vec<GridRow>> {
    prop::collection::vec(prop::collection::vec(any_cell(), 0..12), 0..12).prop_map(|rows| {
        let numbered = rows.into_iter().enumerate();
        numbered.map(|(number, cells)| GridRow { line: number + 2, cells }).collect()
    })
}

/// Headings, and then rows that are right, wrong or doubled.
fn any_list() -> impl Strategy<Value = Vec<GridRow>> {
    any_grid().prop_map(|rows| grid(&[LINA]).into_iter().take(1).chain(rows).collect())
}

proptest! {
    #[test]
    fn any_grid_is_judged_without_panic(rows in any_grid()) {
        let _ = judge(&rows, &context(), &Choices::default());
    }

    #[test]
    fn every_row_is_accounted_for(rows in any_list()) {
        let report = judge(&rows, &context(), &Choices::default()).unwrap_or_default();
        let accounted = report.rows.len() + report.already.len() + report.doubled.len() + report.left_out();
        prop_assert_eq!(report.read, accounted);
    }

    #[test]
    fn bad_lines_change_no_good_one(bad in prop::collection::vec(0usize..4, 0..8), place in 0usize..8) {
        let kinds = [lina(0, "<b>"), lina(1, "Praksis"), lina(2, "31.02.2025"), lina(1, "")];
        let mut rows: Vec<_> = bad.iter().map(|kind| kinds[*kind]).collect();
        rows.insert(place.min(rows.len()), LINA);
        let report = judge_rows(&rows);
        let alone = judge_rows(&[LINA]);
        prop_assert_eq!(report.rows.len(), 1);
        prop_assert_eq!(&report.rows[0].participant, &alone.rows[0].participant);
        prop_assert_eq!(&report.rows[0].key, &alone.rows[0].key);
    }

    #[test]
    fn the_kind_of_cell_does_not_matter(rows in any_list()) {
        let texts: Vec<GridRow> = rows
            .iter()
            .map(|row| GridRow { line: row.line, cells: row.cells.iter().map(|cell| Cell::Text(cell.text())).collect() })
            .collect();
        let (context, choices) = (context(), Choices::default());
        prop_assert_eq!(judge(&rows, &context, &choices), judge(&texts, &context, &choices));
    }
}
