//! Reminders of tasks: before the date, on the day, and once a week when it has passed.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::AlertKind;
use super::choices::Choices;
use crate::time::oslo_date;
use crate::workdays::{working_day_from, working_days_before};

/// How long somebody is reminded of a task whose date has passed, in weeks. After that she knows.
const OVERDUE_WEEKS: u64 = 26;

/// One reminder of one task to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminder {
    /// What it tells.
    pub kind: AlertKind,
    /// When it comes (UTC).
    pub at: DateTime<Utc>,
    /// Which one of its kind for this date: the week after the date for [`AlertKind::TaskOverdue`], else 0.
    pub round: i32,
}

/// The latest reminder of a task that is due on `date`, if its time has come. Earlier ones that were missed,
/// because nothing was running, are not made up for.
///
/// What lies before `known_since` is not reminded of: the person has been told of task and date just then.
#[must_use]
pub fn reminder(
    choices: &Choices,
    date: NaiveDate,
    known_since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<Reminder> {
    let at = |day: NaiveDate| choices.morning_of(working_day_from(day));
    let soon = (choices.remind_days > 0).then(|| Reminder {
        kind: AlertKind::TaskDueSoon,
        at: choices.morning_of(working_days_before(date, choices.remind_days)),
        round: 0,
    });
    // On a day when nobody works there is no reminder; the one before has told.
    let today = (working_day_from(date) == date).then(|| Reminder {
        kind: AlertKind::TaskDueToday,
        at: choices.morning_of(date),
        round: 0,
    });
    let overdue = (0..OVERDUE_WEEKS).filter_map(|week| {
        let day = date.checked_add_days(Days::new(1 + 7 * week))?;
        Some(Reminder { kind: AlertKind::TaskOverdue, at: at(day), round: i32::try_from(week).ok()? })
    });
    let all = soon.into_iter().chain(today).chain(overdue);
    let latest = all.take_while(|reminder| reminder.at <= now).last()?;
    let is_stale = latest.kind != AlertKind::TaskOverdue && oslo_date(now) > date;
    (latest.at > known_since && !is_stale).then_some(latest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeDelta, TimeZone};
    use proptest::prelude::*;

    fn utc(month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, month, day, hour, minute, 0).single().unwrap_or_default()
    }

    fn date(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
    }

    fn kind(date: NaiveDate, now: DateTime<Utc>) -> Option<(AlertKind, i32)> {
        reminder(&Choices::default(), date, utc(1, 5, 0, 0), now).map(|reminder| (reminder.kind, reminder.round))
    }

    #[test]
    fn a_task_is_reminded_of_the_working_day_before_on_the_day_and_weekly_afterwards() {
        let friday = date(11, 27);
        assert_eq!(kind(friday, utc(11, 26, 6, 59)), None);
        assert_eq!(kind(friday, utc(11, 26, 7, 0)), Some((AlertKind::TaskDueSoon, 0)));
        assert_eq!(kind(friday, utc(11, 27, 7, 0)), Some((AlertKind::TaskDueToday, 0)));
        assert_eq!(kind(friday, utc(11, 30, 7, 0)), Some((AlertKind::TaskOverdue, 0)), "Monday, not Saturday");
        assert_eq!(kind(friday, utc(12, 4, 7, 0)), Some((AlertKind::TaskOverdue, 0)), "not daily");
        assert_eq!(kind(friday, utc(12, 7, 7, 0)), Some((AlertKind::TaskOverdue, 1)), "a week later");
    }

    #[test]
    fn a_date_on_a_sunday_is_reminded_of_on_friday_and_monday() {
        let sunday = date(11, 29);
        assert_eq!(kind(sunday, utc(11, 27, 8, 0)), Some((AlertKind::TaskDueSoon, 0)));
        assert_eq!(kind(sunday, utc(11, 29, 8, 0)), Some((AlertKind::TaskDueSoon, 0)), "still the same reminder");
        assert_eq!(kind(sunday, utc(11, 30, 8, 0)), Some((AlertKind::TaskOverdue, 0)));
    }

    #[test]
    fn nobody_is_reminded_of_what_she_was_told_since() {
        let (friday, thursday_noon) = (date(11, 27), utc(11, 26, 11, 0));
        let choices = Choices::default();
        assert_eq!(reminder(&choices, friday, thursday_noon, thursday_noon), None);
        let on_the_day = reminder(&choices, friday, thursday_noon, utc(11, 27, 7, 0));
        assert_eq!(on_the_day.map(|reminder| reminder.kind), Some(AlertKind::TaskDueToday));
    }

    #[test]
    fn whoever_wants_no_reminder_before_gets_one_on_the_day() {
        let choices = Choices { remind_days: 0, ..Choices::default() };
        assert_eq!(reminder(&choices, date(11, 27), utc(1, 5, 0, 0), utc(11, 26, 12, 0)), None);
        assert!(reminder(&choices, date(11, 27), utc(1, 5, 0, 0), utc(11, 27, 12, 0)).is_some());
    }

    #[test]
    fn what_was_missed_over_the_date_is_told_as_overdue_when_that_comes() {
        // Nothing ran from Wednesday to Saturday.
        assert_eq!(kind(date(11, 27), utc(11, 28, 12, 0)), None);
        assert_eq!(kind(date(11, 27), utc(11, 30, 12, 0)), Some((AlertKind::TaskOverdue, 0)));
    }

    proptest! {
        #[test]
        fn of_one_task_there_is_never_more_than_one_reminder_a_day(offset in 0u64..400, days_before in 0u32..=10) {
            let choices = Choices { remind_days: days_before, ..Choices::default() };
            let due = date(1, 1) + Days::new(offset);
            let mut told: Vec<(NaiveDate, AlertKind, i32)> = Vec::new();
            let mut now = due.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::days(30);
            for _ in 0..(90 * 2) {
                now += TimeDelta::hours(12);
                if let Some(reminder) = reminder(&choices, due, DateTime::UNIX_EPOCH, now) {
                    let this = (oslo_date(reminder.at), reminder.kind, reminder.round);
                    if !told.iter().any(|(_, kind, round)| (*kind, *round) == (this.1, this.2)) {
                        told.push(this);
                    }
                }
            }
            let mut days: Vec<NaiveDate> = told.iter().map(|(day, ..)| *day).collect();
            days.dedup();
            prop_assert_eq!(days.len(), told.len(), "{:?}", told);
        }
    }
}
