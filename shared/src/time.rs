//! Norwegian time: what clock and calendar show in Oslo.

use chrono::Datelike;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Europe::Oslo;

use crate::error::Problem;

/// The wall clock in Oslo at this instant.
#[must_use]
pub fn oslo(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&Oslo).naive_local()
}

/// The date in Oslo at this instant.
#[must_use]
pub fn oslo_date(at: DateTime<Utc>) -> NaiveDate {
    oslo(at).date()
}

/// The instant at which the clock in Oslo shows this. Where it shows it twice, in autumn, the first one; where
/// it never does, in spring, an hour later.
#[must_use]
pub fn from_oslo(local: NaiveDateTime) -> DateTime<Utc> {
    let found = |local| Oslo.from_local_datetime(&local).earliest();
    let instant = found(local).or_else(|| found(local + TimeDelta::hours(1)));
    instant.map_or_else(|| local.and_utc(), |instant| instant.with_timezone(&Utc))
}

/// Whole calendar days in Oslo from one instant to another; never negative.
#[must_use]
pub fn days_between(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    (oslo_date(to) - oslo_date(from)).num_days().max(0)
}

/// When a task is due, seen from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// The date has passed.
    Overdue,
    /// Today.
    Today,
    /// Later this week, Sunday included.
    ThisWeek,
    /// After this week.
    Later,
}

impl Due {
    /// All of them, nearest first.
    pub const ALL: [Self; 4] = [Self::Overdue, Self::Today, Self::ThisWeek, Self::Later];

    /// Where a date falls, seen from today.
    #[must_use]
    pub fn of(date: NaiveDate, today: NaiveDate) -> Self {
        let sunday = today.week(Weekday::Mon).checked_last_day().unwrap_or(today);
        if date < today {
            Self::Overdue
        } else if date == today {
            Self::Today
        } else if date <= sunday {
            Self::ThisWeek
        } else {
            Self::Later
        }
    }
}

/// Reads a date as Norwegians write it (`31.12.2026`, `31.12.26`, `31/12-2026`) or as browsers send it
/// (`2026-12-31`).
pub fn parse_date(typed: &str) -> Result<NaiveDate, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Problem::Required);
    }
    let date = typed.split(['T', ' ']).next().unwrap_or_default();
    let numbers: Vec<Option<i32>> = date.split(['.', '-', '/']).map(|part| part.parse().ok()).collect();
    let [Some(first), Some(month), Some(last)] = numbers[..] else { return Err(Problem::NotADate) };
    let (year, day) = if first > 31 { (first, last) } else { (if last < 100 { 2000 + last } else { last }, first) };
    let (Ok(month), Ok(day)) = (u32::try_from(month), u32::try_from(day)) else { return Err(Problem::NotADate) };
    NaiveDate::from_ymd_opt(year, month, day).ok_or(Problem::NotADate)
}

/// Reads a date that must lie within `years` of today, either way.
pub fn parse_date_near(typed: &str, today: NaiveDate, years: u64) -> Result<NaiveDate, Problem> {
    let date = parse_date(typed)?;
    let reach = Days::new(years * 366);
    let first = today.checked_sub_days(reach).unwrap_or(NaiveDate::MIN);
    let last = today.checked_add_days(reach).unwrap_or(NaiveDate::MAX);
    if (first..=last).contains(&date) { Ok(date) } else { Err(Problem::DateOutOfRange) }
}

/// Reads a time of day as Norwegians write it (`08:00`, `8.00`).
pub fn parse_time(typed: &str) -> Result<NaiveTime, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Problem::Required);
    }
    let (hour, minute) = typed.split_once([':', '.']).ok_or(Problem::NotATime)?;
    let (Ok(hour), Ok(minute)) = (hour.parse(), minute.parse()) else { return Err(Problem::NotATime) };
    NaiveTime::from_hms_opt(hour, minute, 0).ok_or(Problem::NotATime)
}

/// A date as Norwegians write it: `31.12.2026`.
#[must_use]
pub fn format_date(date: NaiveDate) -> String {
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
    }

    #[test]
    fn the_day_turns_at_midnight_in_oslo() {
        let evening = Utc.with_ymd_and_hms(2026, 6, 1, 21, 59, 0).single().unwrap_or_default();
        let after_midnight = Utc.with_ymd_and_hms(2026, 6, 1, 22, 1, 0).single().unwrap_or_default();
        assert_eq!(oslo_date(evening), date(2026, 6, 1));
        assert_eq!(oslo_date(after_midnight), date(2026, 6, 2));
        assert_eq!(days_between(evening, after_midnight), 1);
    }

    #[test]
    fn the_clock_in_oslo_is_read_in_winter_in_summer_and_when_it_is_changed() {
        let at = |month, day, hour| date(2026, month, day).and_hms_opt(hour, 30, 0).unwrap_or_default();
        for (local, hours_ahead) in [(at(1, 15, 8), 1), (at(7, 15, 8), 2), (at(10, 25, 2), 2)] {
            assert_eq!(from_oslo(local).naive_utc(), local - TimeDelta::hours(hours_ahead), "{local}");
        }
        assert_eq!(oslo(from_oslo(at(3, 29, 2))), at(3, 29, 3), "half past two never was");
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).ok_or(Problem::NotATime);
        for (typed, expected) in [("08:00", time(8, 0)), (" 8.30 ", time(8, 30))] {
            assert_eq!(parse_time(typed), expected, "{typed}");
        }
        for typed in ["25:00", "8:60", "8", "kveld", "8:00:00", "-1:00"] {
            assert_eq!(parse_time(typed), Err(Problem::NotATime), "{typed}");
        }
    }

    #[test]
    fn dates_are_read_as_people_and_browsers_write_them() {
        for typed in ["31.12.2026", "31.12.26", " 31/12-2026 ", "2026-12-31", "2026-12-31T00:00:00"] {
            assert_eq!(parse_date(typed), Ok(date(2026, 12, 31)), "{typed}");
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        for typed in ["31.02.2025", "32.01.2025", "1.13.2025", "i morgen", "2025", "1.2", "-1.-2.-3"] {
            assert_eq!(parse_date(typed), Err(Problem::NotADate), "{typed}");
        }
    }

    #[test]
    fn a_typing_error_in_the_year_is_caught() {
        let today = date(2026, 11, 21);
        assert_eq!(parse_date_near("01.12.2206", today, 10), Err(Problem::DateOutOfRange));
        assert_eq!(parse_date_near("01.12.2026", today, 10), Ok(date(2026, 12, 1)));
    }

    #[test]
    fn a_week_ends_on_sunday() {
        let wednesday = date(2026, 11, 18);
        assert_eq!(Due::of(date(2026, 11, 17), wednesday), Due::Overdue);
        assert_eq!(Due::of(wednesday, wednesday), Due::Today);
        assert_eq!(Due::of(date(2026, 11, 22), wednesday), Due::ThisWeek);
        assert_eq!(Due::of(date(2026, 11, 23), wednesday), Due::Later);
    }

    proptest! {
        #[test]
        fn a_written_date_is_read_back(days in 0u64..40_000) {
            let written = date(1990, 1, 1) + Days::new(days);
            prop_assert_eq!(parse_date(&format_date(written)), Ok(written));
        }

        #[test]
        fn any_text_is_judged_without_panic(text in ".{0,30}") {
            let _ = parse_date(&text);
        }
    }
}
