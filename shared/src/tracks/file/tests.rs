use super::*;
use crate::board::ContactRole;
use crate::board::PhaseKind;
use crate::error::AppError;
use crate::phases::{DueIn, NeededField, RULE_TASKS_MAX, RuleTask, Rules};
use crate::text::Line;
use crate::tracks::{
    AgreedDays, CardLimit, NewPhase, Number, PHASES_MAX, Shipped, TrackFileForm, TrackName, same_name,
};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const RIGHT: &str = r#"samlop_track_template = 1
name = "Introløp vest"

[[phases]]
name = "Kartlegging"
kind = "ordinary"
agreed_days = 30

[phases.on_entry]
fields = ["goal", "plan"]
tasks = [{ title = "Ring", for = "nav_contact", due = { working_days = 5 } }]

[[phases]]
name = "Avsluttet"
kind = "closing"
"#;

/// Line, phase, name and fault of each, when some text in the right file is another.
fn faults(from: &str, to: &str) -> Vec<(usize, Option<usize>, String, Wrong)> {
    assert!(RIGHT.contains(from), "{from}");
    let faults = TrackTemplate::from_toml(&RIGHT.replacen(from, to, 1)).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.line, fault.phase, fault.name, fault.wrong)).collect()
}

fn one(
    line: usize,
    phase: impl Into<Option<usize>>,
    name: &str,
    wrong: Wrong,
) -> Vec<(usize, Option<usize>, String, Wrong)> {
    vec![(line, phase.into(), name.to_owned(), wrong)]
}

#[test]
fn a_right_file_is_read_however_its_lines_end() {
    let read = TrackTemplate::from_toml(RIGHT).map(|track| (track.name.to_string(), track.phases.len()));
    assert_eq!(read, Ok(("Introløp vest".to_owned(), 2)));
    assert!(TrackTemplate::from_toml(&format!("\u{feff}{}", RIGHT.replace('\n', "\r\n"))).is_ok());
}

#[test]
fn each_fault_is_told_with_its_line() {
    let too_long = format!("name = \"{}\"", "a".repeat(81));
    for (from, to, told) in [
        ("template = 1", "template = 2", one(1, None, VERSION_KEY, Wrong::OtherVersion)),
        ("samlop_track_template = 1", "", one(1, None, VERSION_KEY, Wrong::Missing)),
        (
            "agreed_days = 30",
            "agred_days = 30",
            one(7, 1, "agred_days", Wrong::Unknown(&["name", "kind", "limit", "agreed_days", "on_entry"])),
        ),
        (
            "agreed_days = 30",
            "agreed_days = 3651",
            one(7, 1, "agreed_days", Wrong::Value(Problem::NotInRange { max: 3650 })),
        ),
        (
            "agreed_days = 30",
            "agreed_days = \"30\"",
            one(7, 1, "agreed_days", Wrong::Value(Problem::NotInRange { max: 3650 })),
        ),
        ("name = \"Kartlegging\"", &too_long, one(5, 1, "name", Wrong::Value(Problem::TooLong { max: 80 }))),
        ("name = \"Kartlegging\"", "name = 7", one(5, 1, "name", Wrong::NotText)),
        ("name = \"Kartlegging\"", "", one(4, 1, "name", Wrong::Missing)),
        ("\"Kartlegging\"", "\"fnr 13897240054\"", one(5, 1, "name", Wrong::Value(Problem::IdentityNumber))),
        ("\"Avsluttet\"", "\"KARTLEGGING\"", one(14, 2, "name", Wrong::Doubled(5))),
        ("\"ordinary\"", "\"begin\"", one(6, 1, "kind", Wrong::NotOneOf(vec!["ordinary", "closing"]))),
        ("\"closing\"", "\"ordinary\"", one(4, None, "phases", Wrong::Value(Problem::WrongOrder))),
        ("fields = [\"goal\", \"plan\"]", "fields = \"goal\"", one(10, 1, "fields", Wrong::NotAList)),
        ("fields = [\"goal\", \"plan\"]", "reason = 1", one(10, 1, "reason", Wrong::NotYesOrNo)),
        (", due = { working_days = 5 }", "", one(11, 1, "due", Wrong::Missing)),
        (
            "{ working_days = 5 }",
            "{ days = 1, working_days = 5 }",
            one(11, 1, "due", Wrong::NotOneOf(vec!["days", "working_days"])),
        ),
        ("{ working_days = 5 }", "5", one(11, 1, "due", Wrong::NotATable)),
    ] {
        assert_eq!(faults(from, to), told, "{to}");
    }
    assert!(matches!(&faults("kind = \"ordinary\"", "kind = ordinary")[..], [(6, None, _, Wrong::NotToml(_))]));
    assert!(matches!(&faults("agreed_days = 30", "kind = \"closing\"")[..], [(7, None, _, Wrong::NotToml(_))]));
}

#[test]
fn all_faults_are_told_at_once_and_in_the_order_of_the_lines() {
    let told = faults("name = \"Kartlegging\"\nkind = \"ordinary\"", "nam = 1\nkind = 2");
    assert_eq!(told.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [4, 5, 6]);
    // A doubled name is told even where the phase is wrong in other ways.
    let told = faults("\"Avsluttet\"\nkind", "\"kartlegging\"\nknd");
    assert_eq!(told.len(), 3, "{told:?}");
    let told = faults("name = \"Introløp vest\"", "name = Introløp vest\nkind = ordinary");
    assert_eq!(told.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn of_ten_thousand_phases_one_thing_is_told() {
    let too_long = Wrong::Value(Problem::TooLong { max: FILE_MAX });
    let too_many = Wrong::Value(Problem::TooMany { max: PHASES_MAX });
    let begins = "samlop_track_template = 1\nname = \"A\"\n";
    for (huge, told) in [
        ("[[phases]]\n".repeat(10_000), too_long.clone()),
        (format!("{begins}{}", "[[phases]]\n".repeat(5_000)), too_many.clone()),
        (format!("{begins}phases = [{}]", "{},".repeat(10_000)), too_many),
        ("a".repeat(FILE_MAX + 1), too_long),
    ] {
        let faults = TrackTemplate::from_toml(&huge).err().unwrap_or_default();
        assert_eq!(faults.into_iter().map(|fault| fault.wrong).collect::<Vec<_>>(), [told]);
    }
    // Loops can't be written; the nearest to it is a list without an end.
    assert!(TrackTemplate::from_toml(&format!("a = {}", "[".repeat(60_000))).is_err());
}

#[test]
fn a_mark_tells_files_apart_by_their_phases() {
    let mark = |text: &str| TrackTemplate::from_toml(text).map(|track| track.mark()).unwrap_or_default();
    assert_eq!(mark(RIGHT), mark(&format!("# Some words\n{}", RIGHT.replace("Introløp", "Norskløp"))));
    for (from, to) in [("30", "31"), ("Kartlegging", "Karlegging"), ("working_days", "days"), ("\"goal\", ", "")] {
        assert_ne!(mark(RIGHT), mark(&RIGHT.replace(from, to)), "{to}");
    }
}

#[test]
fn the_form_takes_the_name_in_the_file_unless_another_is_typed() {
    let form =
        |name: &str, file: &str| TrackFileForm { name: name.into(), file: file.into(), ..TrackFileForm::default() };
    let named = |name: &str| form(name, RIGHT).parse().map(|track| track.name.to_string());
    assert_eq!((named(" "), named("Øst")), (Ok("Introløp vest".to_owned()), Ok("Øst".to_owned())));
    let error = form("13897240054", "kind = 1").parse().err();
    let problem = |field| error.as_ref().and_then(|error| error.problem(field));
    assert_eq!(problem("name"), Some(&Problem::IdentityNumber));
    assert_eq!(problem("file"), Some(&Problem::Faulty { count: 4 }));
    assert_eq!(form("", " \r\n").parse(), Err(AppError::field("file", Problem::Required)));
}

#[test]
fn only_what_was_shown_is_made() {
    let form = TrackFileForm { file: RIGHT.into(), ..TrackFileForm::default() };
    let Ok(track) = form.parse() else { panic!("not right") };
    assert_eq!(form.check_shown(&track), Err(AppError::field("shown", Problem::NotConfirmed)));
    assert_eq!(TrackFileForm { shown: track.mark(), ..form }.check_shown(&track), Ok(()));
}

#[test]
fn the_example_in_the_documentation_holds_everything_and_is_right() {
    let documentation = include_str!("../../../../docs/track-template.md");
    let example = documentation.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    let phase = |name, agreed_days, on_entry| NewPhase {
        name,
        kind: PhaseKind::Ordinary,
        limit: CardLimit::try_from(25).ok(),
        agreed_days: AgreedDays::try_from(agreed_days).ok(),
        on_entry,
    };
    let (Ok(five), Ok(fourteen)) = (Number::try_from(5), Number::try_from(14)) else { panic!("no numbers") };
    let task = |title: &str, role, due| Line::parse(title).map(|title| RuleTask { title, role, due });
    let lines = ["Introløp vest", "Kartlegging", "Praksis", "Avsluttet"].map(Line::<80>::parse);
    let tasks = [
        task("Avtal trepartsmøte", ContactRole::Nav, DueIn::WorkingDays(five)),
        task("Send praksisavtalen", ContactRole::Inn, DueIn::Days(fourteen)),
    ];
    let ([Ok(name), Ok(first), Ok(second), Ok(last)], [Ok(one), Ok(other)]) = (lines, tasks) else {
        panic!("no lines")
    };
    let rules = Rules {
        reason: true,
        outcome: false,
        fields: [NeededField::Goal, NeededField::NavContact].into(),
        tasks: vec![one, other],
    };
    let phases = vec![
        NewPhase { limit: None, ..phase(first, 30, Rules::default()) },
        phase(second, 90, rules),
        NewPhase::named(last, PhaseKind::Closing),
    ];
    assert_eq!(TrackTemplate::from_toml(example), Ok(TrackTemplate { name, phases }));
    for name in NeededField::ALL.map(NeededField::code).into_iter().chain(ContactRole::ALL.map(ContactRole::code)) {
        assert!(documentation.contains(&format!("`{name}`")), "{name} is not in the documentation");
    }
}

#[test]
fn what_samlop_brings_along_is_the_same_after_a_file() {
    for template in Shipped::ALL.into_iter().filter_map(|shipped| shipped.read().ok()) {
        assert_eq!(template.to_toml().ok().map(|file| TrackTemplate::from_toml(&file)), Some(Ok(template)));
    }
}

fn any_line<const MAX: usize>() -> impl Strategy<Value = Line<MAX>> {
    any::<String>().prop_filter_map("no line", |text| Line::parse(&text).ok())
}

fn any_number<const MAX: i32>() -> impl Strategy<Value = Number<MAX>> {
    (1..=MAX).prop_filter_map("no number", |number| Number::try_from(number).ok())
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let due = prop_oneof![any_number().prop_map(DueIn::Days), any_number().prop_map(DueIn::WorkingDays)];
    let task = (any_line(), select(&ContactRole::ALL[..]), due);
    let tasks = vec(task.prop_map(|(title, role, due)| RuleTask { title, role, due }), 0..=RULE_TASKS_MAX);
    let fields = btree_set(select(&NeededField::ALL[..]), 0..5);
    (any::<bool>(), any::<bool>(), fields, tasks).prop_map(|(reason, outcome, fields, tasks)| Rules {
        reason,
        outcome,
        fields,
        tasks,
    })
}

fn any_track() -> impl Strategy<Value = TrackTemplate> {
    let agreed = (option::of(any_number()), option::of(any_number()), any_rules());
    let phases = vec((any_line(), agreed), 2..8).prop_filter("names", |phases| {
        phases.iter().enumerate().all(|(place, (name, _)): (usize, &(Line<80>, _))| {
            phases.iter().take(place).all(|(other, _)| !same_name(other.as_str(), name.as_str()))
        })
    });
    (any_line(), phases).prop_map(|(name, phases): (TrackName, Vec<_>)| {
        let last = phases.len() - 1;
        let phases = phases.into_iter().enumerate().map(|(place, (name, (limit, agreed_days, on_entry)))| {
            let (limit, agreed_days): (Option<CardLimit>, Option<AgreedDays>) = (limit, agreed_days);
            let kind = if place == last { PhaseKind::Closing } else { PhaseKind::Ordinary };
            NewPhase { name, kind, limit, agreed_days, on_entry }
        });
        TrackTemplate { phases: phases.collect(), name }
    })
}

/// Reads a text, and checks that faults lie in its lines.
fn check_lines(text: &str) -> Result<(), TestCaseError> {
    let lines = 1 + text.matches('\n').count();
    for fault in TrackTemplate::from_toml(text).err().unwrap_or_default() {
        prop_assert!((1..=lines).contains(&fault.line), "{:?}", fault);
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_track_is_the_same_after_a_file(track in any_track()) {
        let file = track.to_toml().unwrap_or_default();
        prop_assert_eq!(TrackTemplate::from_toml(&file), Ok(track), "{}", file);
    }

    #[test]
    fn a_file_cut_or_changed_anywhere_is_read_or_told_of_with_lines_that_are_there(
        track in any_track(),
        (from, length) in (0_usize..1_000, 0_usize..60),
        put in "[\\[\\]{}=\"'a-z0-9.,#\r\n \u{0}\u{feff}æ]{0,20}",
    ) {
        let file: Vec<char> = track.to_toml().unwrap_or_default().chars().collect();
        let begin = file.iter().take(from);
        let text: String = begin.copied().chain(put.chars()).chain(file.iter().skip(from + length).copied()).collect();
        check_lines(&text)?;
    }

    #[test]
    fn no_text_is_too_strange_to_be_read(text in any::<String>(), words in "(samlop_track_template = 1\n)?[\\[\\]{}=\"'a-z0-9.#\n ]{0,200}") {
        check_lines(&text)?;
        check_lines(&words)?;
    }
}
