//! A person's open tasks for her calendar program (iCalendar, RFC 5545), at a secret address.
//!
//! Calendar programs can't log in, and what they fetch lies on servers of others. Therefore a calendar tells what
//! a mail does: the reference and a link that needs login, and no more, unless an administrator has decided
//! otherwise for her organisation. Tasks are events of a whole day: Outlook and Google show no to-dos (`VTODO`) of a
//! calendar that is subscribed to.

use std::hash::{DefaultHasher, Hash, Hasher};

use app::texts::Texts;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use shared::alerts::Subject;
use shared::calendar::{Calendar, CalendarTask};
use shared::error::AppError;
use shared::time::format_date;

use crate::pages::plain_answer;
use crate::state::AppState;

/// How the address of a calendar ends, by which programs know what it is.
const ENDING: &str = ".ics";
/// After how long a program shall ask again. Most go their own way.
const REFRESH: &str = "PT1H";
/// How many octets a line has at most, without its end.
const LINE_OCTETS: usize = 75;

/// `GET /calendar/{secret}.ics`. An address that has been taken away answers as one that never was.
pub(crate) async fn feed(State(state): State<AppState>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    // Whatever stands there is looked up, so that nobody learns from the time how a secret looks.
    let secret = file.strip_suffix(ENDING).unwrap_or_default();
    let calendar = match state.store.visitor().calendar(secret).await {
        Ok(calendar) => calendar,
        Err(error) => return plain_answer(&headers, &AppError::from(error)),
    };
    let text = write(&calendar, &state.public_url);
    let tag = tag(&text);
    let kept = [(header::CACHE_CONTROL, "private, no-cache".to_owned()), (header::ETAG, tag.clone())];
    if is_known(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response()
}

/// The calendar as text; `base` is the address at which people open Samløp.
fn write(calendar: &Calendar, base: &str) -> String {
    let texts = Texts::from(calendar.locale);
    let mut lines = Lines::default();
    lines.add("BEGIN", "VCALENDAR");
    lines.add("VERSION", "2.0");
    lines.add("PRODID", "-//Samløp//Samløp//NO");
    lines.add("METHOD", "PUBLISH");
    for name in ["NAME", "X-WR-CALNAME"] {
        lines.add(name, &escaped(texts.calendar_name()));
    }
    for name in ["REFRESH-INTERVAL;VALUE=DURATION", "X-PUBLISHED-TTL"] {
        lines.add(name, REFRESH);
    }
    for task in &calendar.tasks {
        event(&mut lines, texts, task, base);
    }
    lines.add("END", "VCALENDAR");
    lines.0
}

fn event(lines: &mut Lines, texts: Texts, task: &CalendarTask, base: &str) {
    let link = format!("{base}/participants/{}?at={}", task.participant, Subject::Task(task.id).place());
    let description = texts.calendar_task_description(&format_date(task.due), &link);
    // The same until the task changes, so that an unchanged calendar is the same text.
    let changed_at = task.changed_at.format("%Y%m%dT%H%M%SZ").to_string();
    // The end of a whole day is the next one (section 3.6.1).
    let end = task.due.checked_add_days(Days::new(1)).unwrap_or(task.due);
    lines.add("BEGIN", "VEVENT");
    lines.add("UID", &format!("task-{}@{}", task.id, host(base)));
    lines.add("SEQUENCE", &task.version.saturating_sub(1).max(0).to_string());
    lines.add("DTSTAMP", &changed_at);
    lines.add("LAST-MODIFIED", &changed_at);
    lines.add("DTSTART;VALUE=DATE", &day(task.due));
    lines.add("DTEND;VALUE=DATE", &day(end));
    lines.add("SUMMARY", &escaped(&summary(texts, task)));
    lines.add("DESCRIPTION", &escaped(&description));
    lines.add("URL", &link);
    lines.add("CLASS", "PRIVATE");
    // A date is no appointment: nobody is busy all day because of it.
    lines.add("TRANSP", "TRANSPARENT");
    lines.add("END", "VEVENT");
}

fn summary(texts: Texts, task: &CalendarTask) -> String {
    match (&task.title, &task.who) {
        (Some(title), Some(who)) => texts.calendar_task_title(title, &task.reference, who),
        (_, Some(who)) => texts.calendar_task_who(&task.reference, who),
        (_, None) => texts.calendar_task(&task.reference),
    }
}

fn day(date: NaiveDate) -> String {
    date.format("%Y%m%d").to_string()
}

/// A text as a value (section 3.3.11).
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// Content lines, each folded before it has more than 75 octets and never within a letter (section 3.1).
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for letter in name.chars().chain([':']).chain(value.chars()) {
            if octets + letter.len_utf8() > LINE_OCTETS {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(letter);
            octets += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// The name of the site, so that tasks of two are never taken for one.
fn host(base: &str) -> &str {
    base.split_once("://").map_or(base, |(_, rest)| rest.split(['/', ':']).next().unwrap_or(rest))
}

/// A weak name of the text (RFC 9110, section 8.8.3): what travels may be compressed.
fn tag(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// Whether the program has this text already (RFC 9110, section 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|tags| tags.split(',')).any(|one| strong(one) == strong(tag) || one.trim() == "*")
}

#[cfg(test)]
mod tests;
