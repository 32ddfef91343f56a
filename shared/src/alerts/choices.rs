//! What each person has chosen about alerts by mail, and when a mail is sent therefore.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::AlertKind;
use crate::error::{AppError, Problem, Problems};
use crate::id::UserId;
use crate::participants::parse_id;
use crate::time::{from_oslo, oslo, parse_date_near, parse_time};
use crate::workdays::{is_working_day, working_day_from};

/// How long a mail about a move waits, in seconds. Moves are often corrected at once.
const MOVE_SETTLES_SECONDS: i64 = 30;
/// The most working days before a date that a reminder can come.
pub const REMIND_DAYS_MAX: u32 = 10;
/// The choices of how long a mail waits for the alert to be read in Samløp, in minutes.
pub const GRACE_MINUTES: [u32; 4] = [0, 2, 10, 30];

/// How alerts of one kind come by mail. In Samløp itself they are always seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// At once.
    Now,
    /// Once a working day, together with others.
    Digest,
    /// Not at all.
    Off,
}

impl Way {
    /// All ways, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Now, Self::Digest, Self::Off];

    /// The word for it in forms and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Digest => "digest",
            Self::Off => "off",
        }
    }

    /// The way for a word written by [`Way::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }
}

/// Everything that one person has chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// The kinds for which she has chosen a way; the others come at once.
    pub ways: BTreeMap<AlertKind, Way>,
    /// When the working day begins in Oslo: the time of digest and reminders, and the end of quiet hours.
    pub morning: NaiveTime,
    /// When quiet hours begin in Oslo; `None` for mails at any time of any day. They last until the next
    /// working day's morning.
    pub quiet_from: Option<NaiveTime>,
    /// How many working days before its date a task is reminded of; 0 for not before the day itself.
    pub remind_days: u32,
    /// How many minutes a mail waits, and is not sent if the alert is read in Samløp meanwhile.
    pub grace_minutes: u32,
    /// Whether she is told every week how many of those whose contact she is need action.
    pub weekly_need: bool,
    /// Leave.
    pub leave: Option<Leave>,
}

/// Days on which somebody else is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// The first day (Oslo).
    pub from: NaiveDate,
    /// The last day (Oslo).
    pub until: NaiveDate,
    /// Who is told instead.
    pub deputy: UserId,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            ways: BTreeMap::new(),
            morning: NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default(),
            quiet_from: None,
            remind_days: 1,
            grace_minutes: 0,
            weekly_need: true,
            leave: None,
        }
    }
}

impl Choices {
    /// How alerts of a kind come.
    #[must_use]
    pub fn way(&self, kind: AlertKind) -> Way {
        self.ways.get(&kind).copied().unwrap_or(Way::Now)
    }

    /// Who is told instead of her on this day.
    #[must_use]
    pub fn deputy_on(&self, day: NaiveDate) -> Option<UserId> {
        self.leave.filter(|leave| (leave.from..=leave.until).contains(&day)).map(|leave| leave.deputy)
    }

    /// When a mail about something that happens now is sent; `None` if there shall be none.
    #[must_use]
    pub fn due(&self, kind: AlertKind, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.way(kind) {
            Way::Off => None,
            Way::Digest => Some(self.next_digest(now)),
            Way::Now => {
                let settled = if kind == AlertKind::Moved { MOVE_SETTLES_SECONDS } else { 0 };
                let wait = settled.max(i64::from(self.grace_minutes) * 60);
                Some(self.after_quiet_hours(now + TimeDelta::seconds(wait)))
            }
        }
    }

    /// The first digest after this instant.
    #[must_use]
    pub fn next_digest(&self, after: DateTime<Utc>) -> DateTime<Utc> {
        let local = oslo(after);
        let tomorrow = Days::new(u64::from(local.time() >= self.morning));
        let day = local.date().checked_add_days(tomorrow).unwrap_or(local.date());
        self.morning_of(working_day_from(day))
    }

    /// The beginning of a working day.
    #[must_use]
    pub fn morning_of(&self, day: NaiveDate) -> DateTime<Utc> {
        from_oslo(NaiveDateTime::new(day, self.morning))
    }

    /// This instant, or the next working day's morning if it lies in quiet hours.
    fn after_quiet_hours(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let Some(quiet_from) = self.quiet_from else { return at };
        let local = oslo(at);
        let is_open = is_working_day(local.date()) && (self.morning..quiet_from).contains(&local.time());
        if is_open { at } else { self.next_digest(at) }
    }
}

/// The form of choices, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ChoicesForm {
    /// The time of digest and reminders.
    #[serde(default)]
    pub morning: String,
    /// The time from which mails wait for the next working day; empty for never.
    #[serde(default)]
    pub quiet_from: String,
    /// How many working days before its date a task is reminded of.
    #[serde(default)]
    pub remind_days: String,
    /// How many minutes a mail waits to be read in Samløp.
    #[serde(default)]
    pub grace_minutes: String,
    /// "yes" or "no": whether those who need action are counted every week.
    #[serde(default)]
    pub weekly_need: String,
    /// The first day of leave; empty for none.
    #[serde(default)]
    pub leave_from: String,
    /// The last day of leave.
    #[serde(default)]
    pub leave_until: String,
    /// The id of the deputy.
    #[serde(default)]
    pub deputy: String,
    /// The code of a [`Way`] for the code of each kind.
    #[serde(flatten)]
    pub ways: BTreeMap<String, String>,
}

impl ChoicesForm {
    /// The form for what somebody has chosen.
    #[must_use]
    pub fn filled(choices: &Choices) -> Self {
        let leave = choices.leave;
        let code = |kind: AlertKind| (kind.code().to_owned(), choices.way(kind).code().to_owned());
        Self {
            morning: choices.morning.format("%H:%M").to_string(),
            quiet_from: choices.quiet_from.map(|time| time.format("%H:%M").to_string()).unwrap_or_default(),
            remind_days: choices.remind_days.to_string(),
            grace_minutes: choices.grace_minutes.to_string(),
            weekly_need: if choices.weekly_need { "yes" } else { "no" }.to_owned(),
            leave_from: leave.map(|leave| leave.from.to_string()).unwrap_or_default(),
            leave_until: leave.map(|leave| leave.until.to_string()).unwrap_or_default(),
            deputy: leave.map(|leave| leave.deputy.to_string()).unwrap_or_default(),
            ways: AlertKind::ALL.map(code).into(),
        }
    }

    /// Checks all fields and tells all that is wrong at once.
    pub fn parse(&self, today: NaiveDate) -> Result<Choices, AppError> {
        let mut problems = Problems::default();
        let mut ways = BTreeMap::new();
        for kind in AlertKind::ALL {
            let typed = self.ways.get(kind.code()).map(String::as_str).unwrap_or_default();
            let way = Way::from_code(typed).ok_or(Problem::UnknownChoice);
            if let Some(way) = problems.check(kind.code(), way).filter(|way| *way != Way::Now) {
                ways.insert(kind, way);
            }
        }
        let morning = problems.check("morning", parse_time(&self.morning));
        let quiet_from = match self.quiet_from.trim() {
            "" => Some(None),
            typed => problems.check("quiet_from", parse_time(typed).map(Some)),
        };
        if let (Some(morning), Some(Some(quiet_from))) = (morning, quiet_from)
            && quiet_from <= morning
        {
            problems.check::<()>("quiet_from", Err(Problem::BeforeStart));
        }
        let remind_days = problems.check("remind_days", number(&self.remind_days, |days| days <= REMIND_DAYS_MAX));
        let grace = number(&self.grace_minutes, |minutes| GRACE_MINUTES.contains(&minutes));
        let grace_minutes = problems.check("grace_minutes", grace);
        let weekly_need = problems.check("weekly_need", yes_or_no(&self.weekly_need));
        let leave = self.leave(today, &mut problems);
        let (Some(morning), Some(quiet_from), Some(remind_days), Some(grace_minutes), Some(weekly_need)) =
            (morning, quiet_from, remind_days, grace_minutes, weekly_need)
        else {
            return Err(problems.into());
        };
        problems.into_result()?;
        Ok(Choices { ways, morning, quiet_from, remind_days, grace_minutes, weekly_need, leave })
    }

    /// All three fields of leave, or none of them.
    fn leave(&self, today: NaiveDate, problems: &mut Problems) -> Option<Leave> {
        if [&self.leave_from, &self.leave_until, &self.deputy].iter().all(|field| field.trim().is_empty()) {
            return None;
        }
        let from = problems.check("leave_from", parse_date_near(&self.leave_from, today, 2));
        let until = problems.check("leave_until", parse_date_near(&self.leave_until, today, 2));
        let deputy = if self.deputy.is_empty() { Err(Problem::Required) } else { parse_id(&self.deputy) };
        let deputy = problems.check("deputy", deputy);
        let (from, until, deputy) = (from?, until?, deputy?);
        if until < from {
            problems.check::<()>("leave_until", Err(Problem::BeforeStart));
        }
        Some(Leave { from, until, deputy })
    }
}

fn number(typed: &str, is_allowed: impl Fn(u32) -> bool) -> Result<u32, Problem> {
    typed.trim().parse().ok().filter(|number| is_allowed(*number)).ok_or(Problem::UnknownChoice)
}

fn yes_or_no(typed: &str) -> Result<bool, Problem> {
    match typed {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Problem::UnknownChoice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn utc(month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, month, day, hour, minute, 0).single().unwrap_or_default()
    }

    fn quiet() -> Choices {
        Choices { quiet_from: NaiveTime::from_hms_opt(17, 0, 0), ..Choices::default() }
    }

    #[test]
    fn whoever_chooses_nothing_is_told_of_everything_at_once() {
        let now = utc(11, 22, 1, 0);
        for kind in AlertKind::ALL.into_iter().filter(|kind| *kind != AlertKind::Moved) {
            assert_eq!(Choices::default().due(kind, now), Some(now), "{kind:?}");
        }
        assert_eq!(Choices::default().due(AlertKind::Moved, now), Some(utc(11, 22, 1, 0) + TimeDelta::seconds(30)));
    }

    #[test]
    fn a_digest_comes_on_the_next_working_days_morning_in_oslo() {
        let choices = Choices { ways: [(AlertKind::Moved, Way::Digest)].into(), ..Choices::default() };
        let due = |at| choices.due(AlertKind::Moved, at);
        assert_eq!(due(utc(11, 24, 6, 59)), Some(utc(11, 24, 7, 0)), "before eight on a Tuesday");
        assert_eq!(due(utc(11, 24, 7, 0)), Some(utc(11, 25, 7, 0)), "at eight itself it is too late");
        assert_eq!(due(utc(11, 27, 12, 0)), Some(utc(11, 30, 7, 0)), "over the weekend");
        assert_eq!(due(utc(12, 24, 12, 0)), Some(utc(12, 28, 7, 0)), "over Christmas");
        assert_eq!(due(utc(6, 1, 12, 0)), Some(utc(6, 2, 6, 0)), "eight o'clock in summer");
    }

    #[test]
    fn in_quiet_hours_a_mail_waits_for_the_next_working_day() {
        let due = |at| quiet().due(AlertKind::NoteWritten, at);
        assert_eq!(due(utc(11, 24, 15, 59)), Some(utc(11, 24, 15, 59)));
        assert_eq!(due(utc(11, 24, 16, 0)), Some(utc(11, 25, 7, 0)), "after five");
        assert_eq!(due(utc(11, 25, 3, 0)), Some(utc(11, 25, 7, 0)), "at night");
        assert_eq!(due(utc(11, 28, 11, 0)), Some(utc(11, 30, 7, 0)), "on a Saturday");
        assert_eq!(due(utc(5, 16, 11, 0)), Some(utc(5, 18, 6, 0)), "17 May is a Sunday");
    }

    #[test]
    fn a_grace_time_that_reaches_into_quiet_hours_is_followed_by_them() {
        let choices = Choices { grace_minutes: 10, ..quiet() };
        assert_eq!(choices.due(AlertKind::NoteWritten, utc(11, 24, 15, 55)), Some(utc(11, 25, 7, 0)));
    }

    #[test]
    fn a_deputy_is_told_on_the_first_and_last_day_of_leave_and_between() {
        let deputy = UserId(uuid::Uuid::from_u128(7));
        let [before, from, until, after] =
            [(11, 23), (11, 24), (11, 27), (11, 28)].map(|(m, d)| oslo(utc(m, d, 9, 0)).date());
        let choices = Choices { leave: Some(Leave { from, until, deputy }), ..Choices::default() };
        assert_eq!(
            [before, from, until, after].map(|day| choices.deputy_on(day).is_some()),
            [false, true, true, false]
        );
    }

    #[test]
    fn a_form_gives_back_what_was_chosen() {
        let today = oslo(utc(11, 24, 9, 0)).date();
        let leave = Some(Leave { from: today, until: today, deputy: UserId(uuid::Uuid::from_u128(7)) });
        let ways = [(AlertKind::Moved, Way::Digest), (AlertKind::TaskDone, Way::Off)].into();
        let choices = Choices { ways, remind_days: 3, grace_minutes: 10, leave, ..quiet() };
        assert_eq!(ChoicesForm::filled(&choices).parse(today), Ok(choices));
        assert_eq!(ChoicesForm::filled(&Choices::default()).parse(today), Ok(Choices::default()));
    }

    #[test]
    fn a_form_tells_all_that_is_wrong_at_once() {
        let today = oslo(utc(11, 24, 9, 0)).date();
        let mut form = ChoicesForm {
            morning: "25:00".into(),
            quiet_from: "kveld".into(),
            remind_days: "-1".into(),
            grace_minutes: "7".into(),
            leave_from: "01.12.2026".into(),
            ..ChoicesForm::filled(&Choices::default())
        };
        form.ways.insert("moved".into(), "perhaps".into());
        let error = form.parse(today).err().unwrap_or(AppError::NotFound);
        for field in ["moved", "morning", "quiet_from", "remind_days", "grace_minutes", "leave_until", "deputy"] {
            assert!(error.problem(field).is_some(), "{field}: {error:?}");
        }
        let backwards = ChoicesForm { quiet_from: "07:00".into(), ..ChoicesForm::filled(&Choices::default()) };
        let error = backwards.parse(today).err().unwrap_or(AppError::NotFound);
        assert_eq!(error.problem("quiet_from"), Some(&Problem::BeforeStart));
    }

    proptest! {
        #[test]
        fn a_mail_is_never_early_and_comes_at_a_time_at_which_it_may(minutes in 0i64..2_000_000, grace in 0u32..60) {
            let now = utc(1, 1, 0, 0) + TimeDelta::minutes(minutes);
            let choices = Choices { grace_minutes: grace, ..quiet() };
            let due = choices.due(AlertKind::NoteWritten, now).unwrap_or_default();
            prop_assert!(due >= now + TimeDelta::minutes(grace.into()));
            let local = oslo(due);
            prop_assert!(is_working_day(local.date()));
            prop_assert!((choices.morning..NaiveTime::from_hms_opt(17, 0, 0).unwrap_or_default()).contains(&local.time()));
            prop_assert!(due - now < TimeDelta::days(8));
        }
    }
}
