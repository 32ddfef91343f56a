//! What calendar programs get, read by another reader than the one who wrote it.

use chrono::{DateTime, NaiveDate, Utc};
use icalendar::parser::{read_calendar, unfold};
use icalendar::{Component, DatePerhapsTime};
use proptest::prelude::*;
use shared::locale::Locale;

use super::*;

const BASE: &str = "https://samlop.example.no";
const PARTICIPANT: &str = "019ab5c0-0000-7000-8000-000000000001";
const TASK: &str = "019ab5c0-0000-7000-8000-000000000002";

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn task() -> CalendarTask {
    CalendarTask {
        id: TASK.parse().unwrap(),
        participant: PARTICIPANT.parse().unwrap(),
        reference: "D-4821".into(),
        who: None,
        title: None,
        due: date(2026, 12, 31),
        version: 3,
        changed_at: DateTime::<Utc>::UNIX_EPOCH,
    }
}

fn calendar(tasks: Vec<CalendarTask>) -> Calendar {
    Calendar { locale: Locale::Nb, tasks }
}

/// Each line, still folded, without the line break that must end it.
fn lines(text: &str) -> Vec<&str> {
    assert!(text.ends_with("\r\n"));
    text.strip_suffix("\r\n").unwrap().split("\r\n").collect()
}

#[test]
fn at_the_usual_level_a_task_is_a_whole_day_with_a_reference_and_a_link() {
    let text = write(&calendar(vec![task()]), BASE);
    let expected = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Samløp//Samløp//NO",
        "METHOD:PUBLISH",
        "NAME:Oppgaver i Samløp",
        "X-WR-CALNAME:Oppgaver i Samløp",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        "UID:task-019ab5c0-0000-7000-8000-000000000002@samlop.example.no",
        "SEQUENCE:2",
        "DTSTAMP:19700101T000000Z",
        "LAST-MODIFIED:19700101T000000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Oppgave D-4821",
        "DESCRIPTION:Frist 31.12.2026. Logg inn for å se oppgaven: https://samlop.e",
        " xample.no/participants/019ab5c0-0000-7000-8000-000000000001?at=task-019ab5",
        " c0-0000-7000-8000-000000000002",
        "URL:https://samlop.example.no/participants/019ab5c0-0000-7000-8000-00000000",
        " 0001?at=task-019ab5c0-0000-7000-8000-000000000002",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ];
    assert_eq!(lines(&text), expected);
}

#[test]
fn a_higher_level_tells_initials_or_everything() {
    let summary = |who: Option<&str>, title: Option<&str>| {
        let task = CalendarTask { who: who.map(str::to_owned), title: title.map(str::to_owned), ..task() };
        super::summary(Texts::Nb, &task)
    };
    assert_eq!(summary(Some("LS"), None), "Oppgave D-4821, LS");
    assert_eq!(summary(Some("Lina Solstråle"), Some("Ring")), "Ring (D-4821, Lina Solstråle)");
}

#[test]
fn an_empty_calendar_is_a_calendar() {
    let text = write(&calendar(Vec::new()), BASE);
    let read = read_calendar(&unfold(&text)).map(|read| read.components.len());
    assert_eq!(read, Ok(0));
}

#[test]
fn the_site_is_named_without_scheme_port_and_folder() {
    for (base, expected) in
        [(BASE, "samlop.example.no"), ("http://127.0.0.1:3000", "127.0.0.1"), ("https://a.no/samlop", "a.no")]
    {
        assert_eq!(host(base), expected);
    }
}

#[test]
fn a_known_text_is_known_again_also_as_a_proxy_names_it() {
    let is_known = |sent: &str| {
        let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, sent.parse().unwrap())]);
        super::is_known(&headers, "W/\"ab\"")
    };
    for sent in ["W/\"ab\"", "\"ab\"", "\"x\", W/\"ab\"", "*"] {
        assert!(is_known(sent), "{sent}");
    }
    for sent in ["\"abc\"", "ab", ""] {
        assert!(!is_known(sent), "{sent}");
    }
    assert!(!super::is_known(&HeaderMap::new(), "W/\"ab\""));
}

proptest! {
    /// Blanks of all kinds, what must be escaped, and letters of one to four octets at every place of a line.
    #[test]
    fn any_title_is_read_back_and_no_line_has_more_than_75_octets(
        title in "[ a-zæøåÆØÅ老🎉,;:\\\\\"\u{a0}]{0,160}",
        who in "[A-ZÆØÅ][a-zæøå ,;-]{0,60}",
    ) {
        let told = CalendarTask { title: Some(title.clone()), who: Some(who.clone()), ..task() };
        let text = write(&calendar(vec![told, task()]), BASE);
        prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        for line in lines(&text) {
            prop_assert!(line.len() <= 75, "{} octets: {line}", line.len());
        }
        let read: icalendar::Calendar = text.parse().unwrap();
        let events: Vec<_> = read.events().collect();
        prop_assert_eq!(events.len(), 2);
        let summary = Texts::Nb.calendar_task_title(&title, "D-4821", &who);
        prop_assert_eq!(events[0].get_summary(), Some(summary.as_str()));
        prop_assert_eq!(events[1].get_summary(), Some("Oppgave D-4821"));
        prop_assert_eq!(events[0].get_start(), Some(DatePerhapsTime::Date(date(2026, 12, 31))));
        prop_assert_eq!(events[0].get_end(), Some(DatePerhapsTime::Date(date(2027, 1, 1))));
    }
}
