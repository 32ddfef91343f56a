//! Tasks that come back: which date the next one has.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::time::parse_date_near;
use crate::workdays::working_day_from;

/// How many times a task comes back at most, if somebody says how many.
pub const TIMES_MAX: u16 = 100;
/// How many dates in the past are passed over when a task was done very late: a century of weeks.
const PASSED_OVER_MAX: usize = 5_300;
/// The longest step, in weeks and in months: a year.
const WEEKS_MAX: u8 = 52;
const MONTHS_MAX: u8 = 12;

/// How often a task comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Every so many weeks, on the same weekday.
    Weeks(u8),
    /// Every so many months, on the same day of the month, or its last day where there is none.
    Months(u8),
}

impl Every {
    /// What forms offer.
    pub const OFFERED: [Self; 8] = [
        Self::Weeks(1),
        Self::Weeks(2),
        Self::Weeks(3),
        Self::Weeks(4),
        Self::Months(1),
        Self::Months(2),
        Self::Months(3),
        Self::Months(6),
    ];

    /// The word for it in a form.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Weeks(weeks) => format!("weeks-{weeks}"),
            Self::Months(months) => format!("months-{months}"),
        }
    }

    /// What a word written by [`Every::code`] means.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let (unit, step) = code.split_once('-')?;
        let step = step.parse().ok().filter(|step| *step >= 1)?;
        match unit {
            "weeks" if step <= WEEKS_MAX => Some(Self::Weeks(step)),
            "months" if step <= MONTHS_MAX => Some(Self::Months(step)),
            _ => None,
        }
    }

    /// The date that lies so many steps after another. Counted from there and not from one date to the next, so that
    /// the 31st comes back after a month with 30 days.
    fn after(self, from: NaiveDate, steps: u32) -> Option<NaiveDate> {
        match self {
            Self::Weeks(weeks) => from.checked_add_days(Days::new(u64::from(weeks) * 7 * u64::from(steps))),
            Self::Months(months) => from.checked_add_months(Months::new(u32::from(months).checked_mul(steps)?)),
        }
    }
}

/// The rule by which a task comes back, and where in it the task stands. The next task carries it on; a task
/// without one is the last of its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// How often.
    pub every: Every,
    /// The date from which all others are counted.
    pub from: NaiveDate,
    /// How many steps after that date this task's date lies.
    pub steps: u32,
    /// No task has a date after this one.
    pub until: Option<NaiveDate>,
    /// How many tasks there are at most, from this one on and with it; at least 1.
    pub times: Option<u16>,
}

impl Repeat {
    /// Reads the rule of a task that is due on this date. Nothing is chosen: it does not come back.
    pub(super) fn parse(
        form: &super::TaskForm,
        due: NaiveDate,
        today: NaiveDate,
    ) -> Result<Option<Self>, RepeatProblem> {
        if form.repeat.is_empty() {
            return Ok(None);
        }
        let every = Every::from_code(&form.repeat).ok_or(("repeat", Problem::UnknownChoice))?;
        let filled = |typed: &str| !typed.trim().is_empty();
        let until = match form.repeat_until.as_str() {
            typed if filled(typed) => {
                Some(parse_date_near(typed, today, 5).map_err(|problem| ("repeat_until", problem))?)
            }
            _ => None,
        };
        if until.is_some_and(|until| until < due) {
            return Err(("repeat_until", Problem::BeforeStart));
        }
        let times = match form.repeat_times.trim() {
            "" => None,
            typed => {
                let times = typed.parse().ok().filter(|times| (1..=TIMES_MAX).contains(times));
                Some(times.ok_or(("repeat_times", Problem::NotInRange { max: TIMES_MAX.into() }))?)
            }
        };
        Ok(Some(Self { every, from: due, steps: 0, until, times }))
    }

    /// The same rule after a change of a task whose date is the same: it goes on being counted from where it was, so
    /// that a date that was moved because of a holiday moves only once.
    #[must_use]
    pub fn going_on_from(self, before: &Self) -> Self {
        if self.every == before.every { Self { from: before.from, steps: before.steps, ..self } } else { self }
    }

    /// The date of the next task, and the rule that it carries on; `None` if this was the last.
    ///
    /// It is the first date of the rule after this task's that does not lie in the past, or the next working day if
    /// people are free on it.
    #[must_use]
    pub fn next(&self, today: NaiveDate) -> Option<(NaiveDate, Self)> {
        let times = match self.times {
            None => None,
            Some(times) => Some(times.checked_sub(1).filter(|left| *left > 0)?),
        };
        let dates = (self.steps.saturating_add(1)..)
            .map_while(|steps| Some((steps, working_day_from(self.every.after(self.from, steps)?))));
        let (steps, due) = dates.take(PASSED_OVER_MAX).find(|(_, due)| *due >= today)?;
        let is_over = self.until.is_some_and(|until| due > until);
        (!is_over).then(|| (due, Self { steps, times, ..self.clone() }))
    }
}

/// A field of the form, and what is wrong with it.
pub(super) type RepeatProblem = (&'static str, Problem);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workdays::is_working_day;
    use chrono::Datelike;
    use proptest::prelude::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    fn repeat(every: Every, from: NaiveDate) -> Repeat {
        Repeat { every, from, steps: 0, until: None, times: None }
    }

    /// The dates that follow, each task being done on its date.
    fn dates(rule: Repeat, most: usize) -> Vec<NaiveDate> {
        let mut today = rule.from;
        let mut rule = Some(rule);
        let mut dates = Vec::new();
        while let Some((due, next)) = rule.take().and_then(|rule| rule.next(today)).filter(|_| dates.len() < most) {
            dates.push(due);
            (today, rule) = (due, Some(next));
        }
        dates
    }

    #[test]
    fn the_last_of_the_month_stays_the_last_and_is_moved_to_a_working_day() {
        let from = date(2027, 1, 31);
        // 31 January and 28 February are Sundays; 30 April and 31 May are not free.
        let expected = [date(2027, 3, 1), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)];
        assert_eq!(dates(repeat(Every::Months(1), from), 4), expected);
    }

    #[test]
    fn a_date_that_a_holiday_has_moved_moves_none_of_those_after_it() {
        // Mondays; 17 May and, in 2027, Easter Monday are free.
        let expected = [date(2027, 3, 30), date(2027, 4, 5)];
        assert_eq!(dates(repeat(Every::Weeks(1), date(2027, 3, 22)), 2), expected);
    }

    #[test]
    fn a_task_done_weeks_late_comes_back_on_the_next_date_and_not_on_those_that_were_missed() {
        let rule = repeat(Every::Weeks(1), date(2026, 11, 2));
        let (due, next) = rule.next(date(2026, 11, 24)).unwrap_or((date(1, 1, 1), rule.clone()));
        assert_eq!((due, next.steps), (date(2026, 11, 30), 4));
        assert_eq!(rule.next(date(2026, 11, 23)).map(|(due, _)| due), Some(date(2026, 11, 23)));
    }

    #[test]
    fn done_early_it_comes_back_after_its_own_date() {
        let rule = repeat(Every::Weeks(2), date(2026, 12, 7));
        assert_eq!(rule.next(date(2026, 11, 20)).map(|(due, _)| due), Some(date(2026, 12, 21)));
    }

    #[test]
    fn a_row_ends_after_its_last_time_or_date() {
        let rule = repeat(Every::Weeks(1), date(2026, 11, 2));
        assert_eq!(dates(Repeat { times: Some(3), ..rule.clone() }, 9).len(), 2);
        assert_eq!(dates(Repeat { times: Some(1), ..rule.clone() }, 9).len(), 0);
        let until = dates(Repeat { until: Some(date(2026, 11, 16)), ..rule }, 9);
        assert_eq!(until, [date(2026, 11, 9), date(2026, 11, 16)]);
    }

    #[test]
    fn what_forms_offer_is_read_back_and_nothing_longer_than_a_year() {
        for every in Every::OFFERED {
            assert_eq!(Every::from_code(&every.code()), Some(every));
        }
        for wrong in ["", "weeks", "weeks-0", "weeks-53", "months-13", "months--1", "days-1", "weeks-256"] {
            assert_eq!(Every::from_code(wrong), None, "{wrong}");
        }
    }

    fn any_rule() -> impl Strategy<Value = Repeat> {
        let every = prop_oneof![(1..=WEEKS_MAX).prop_map(Every::Weeks), (1..=MONTHS_MAX).prop_map(Every::Months)];
        let until = prop::option::of((0u64..2_000).prop_map(|days| date(2024, 1, 1) + Days::new(days)));
        (every, 0u64..1_500, 0u32..40, until, prop::option::of(1..=TIMES_MAX)).prop_map(
            |(every, days, steps, until, times)| {
                let from = date(2024, 1, 1) + Days::new(days);
                Repeat { every, from, steps, until, times }
            },
        )
    }

    proptest! {
        #[test]
        fn the_next_date_is_a_working_day_after_this_one_and_never_in_the_past(rule in any_rule(), late in 0u64..900) {
            let this = rule.every.after(rule.from, rule.steps).unwrap_or_default();
            let today = date(2024, 1, 1) + Days::new(late);
            if let Some((due, next)) = rule.next(today) {
                prop_assert!(is_working_day(due) && due >= today && due > working_day_from(this));
                prop_assert!(rule.until.is_none_or(|until| due <= until));
                prop_assert_eq!(next.times.map(|left| left + 1), rule.times);
                prop_assert_eq!((next.every, next.from, next.until), (rule.every, rule.from, rule.until));
                // No date between was passed over but those in the past.
                for steps in rule.steps + 1..next.steps {
                    let passed = rule.every.after(rule.from, steps).unwrap_or_default();
                    prop_assert!(working_day_from(passed) < today);
                }
            } else {
                prop_assert!(rule.until.is_some() || rule.times == Some(1));
            }
        }

        #[test]
        fn weeks_keep_the_weekday_and_months_the_day_or_the_last_of_the_month(rule in any_rule()) {
            let Some(planned) = rule.every.after(rule.from, rule.steps) else { return Ok(()) };
            match rule.every {
                Every::Weeks(_) => prop_assert_eq!(planned.weekday(), rule.from.weekday()),
                Every::Months(_) => {
                    let is_last = planned.succ_opt().is_some_and(|next| next.day() == 1);
                    prop_assert!(planned.day() == rule.from.day() || (is_last && planned.day() < rule.from.day()));
                }
            }
        }

        #[test]
        fn a_row_of_so_many_times_has_so_many_tasks(rule in any_rule(), times in 1..=TIMES_MAX) {
            let rule = Repeat { times: Some(times), until: None, steps: 0, ..rule };
            prop_assert_eq!(dates(rule, 200).len() + 1, usize::from(times));
        }
    }
}
