//! Norwegian working days: Monday to Friday without the public holidays, computed for any year.
//!
//! The days are those of the law on public holidays (lov om helligdager og helligdagsfred, § 2) and of the law
//! on 1 and 17 May.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Whether people are at work on this day.
#[must_use]
pub fn is_working_day(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !is_public_holiday(day)
}

/// Whether it is a public holiday. Sundays are, by law; Christmas Eve and New Year's Eve are not.
#[must_use]
pub fn is_public_holiday(day: NaiveDate) -> bool {
    let fixed = [(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)];
    // Maundy Thursday, Good Friday, Easter Day and Monday, Ascension Day, Whit Sunday and Monday.
    let after_easter = [-3, -2, 0, 1, 39, 49, 50];
    day.weekday() == Weekday::Sun
        || fixed.contains(&(day.month(), day.day()))
        || after_easter.contains(&(day - easter(day.year())).num_days())
}

/// The first working day on or after this day.
#[must_use]
pub fn working_day_from(day: NaiveDate) -> NaiveDate {
    day.iter_days().take(ROW_OF_FREE_DAYS).find(|day| is_working_day(*day)).unwrap_or(day)
}

/// The day that lies this many working days before.
#[must_use]
pub fn working_days_before(day: NaiveDate, count: u32) -> NaiveDate {
    let mut reached = day;
    for _ in 0..count {
        let mut before = (1..).map_while(|days| reached.checked_sub_days(Days::new(days))).take(ROW_OF_FREE_DAYS);
        reached = before.find(|day| is_working_day(*day)).unwrap_or(reached);
    }
    reached
}

/// The day that lies this many working days after.
#[must_use]
pub fn working_days_after(day: NaiveDate, count: u32) -> NaiveDate {
    (0..count).fold(day, |reached, _| reached.checked_add_days(Days::new(1)).map_or(reached, working_day_from))
}

/// More days than are ever free in a row; the longest is the five from Maundy Thursday to Easter Monday.
const ROW_OF_FREE_DAYS: usize = 14;

/// Easter Day in the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher (Jean Meeus,
/// "Astronomical Algorithms", chapter 8).
#[expect(clippy::many_single_char_names, reason = "the letters of the algorithm as it is published")]
fn easter(year: i32) -> NaiveDate {
    let a = year.rem_euclid(19);
    let (b, c) = (year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
    let f = (b + 8).div_euclid(25);
    let g = (b - f + 1).div_euclid(3);
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c.div_euclid(4), c.rem_euclid(4));
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l).div_euclid(451);
    let month_and_day = h + l - 7 * m + 114;
    let month = u32::try_from(month_and_day / 31).unwrap_or(3);
    let day = u32::try_from(month_and_day % 31 + 1).unwrap_or(1);
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    #[test]
    fn easter_falls_as_the_almanac_says() {
        for (year, month, day) in
            [(1818, 3, 22), (2000, 4, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)]
        {
            assert_eq!(easter(year), date(year, month, day));
        }
    }

    #[test]
    fn the_public_holidays_of_2027_are_free() {
        let free: Vec<_> = date(2027, 1, 1)
            .iter_days()
            .take(365)
            .filter(|day| is_public_holiday(*day) && day.weekday() != Weekday::Sun)
            .map(|day| (day.month(), day.day()))
            .collect();
        // 1 May and 25 December are Saturdays, Easter Day and 26 December Sundays.
        let expected = [(1, 1), (3, 25), (3, 26), (3, 29), (5, 1), (5, 6), (5, 17), (12, 25)];
        assert_eq!(free, expected, "Whit Monday is 17 May this year");
    }

    #[test]
    fn christmas_eve_is_a_working_day() {
        assert!(is_working_day(date(2026, 12, 24)));
        assert!(!is_working_day(date(2026, 12, 25)));
    }

    #[test]
    fn before_and_after_easter_lies_a_long_weekend() {
        assert_eq!(working_day_from(date(2027, 3, 25)), date(2027, 3, 30));
        assert_eq!(working_days_before(date(2027, 3, 30), 1), date(2027, 3, 24));
        assert_eq!(working_days_before(date(2027, 3, 30), 2), date(2027, 3, 23));
        assert_eq!(working_days_before(date(2027, 3, 30), 0), date(2027, 3, 30));
    }

    proptest! {
        #[test]
        fn the_next_working_day_is_the_first(days in 0u64..60_000) {
            let day = date(1990, 1, 1) + Days::new(days);
            let next = working_day_from(day);
            prop_assert!(is_working_day(next) && next >= day);
            prop_assert!(day.iter_days().take_while(|between| *between < next).all(|between| !is_working_day(between)));
        }

        #[test]
        fn counting_back_and_forth_comes_home(days in 0u64..60_000) {
            let day = working_day_from(date(1990, 1, 1) + Days::new(days));
            let before = working_days_before(day, 1);
            prop_assert!(before < day && is_working_day(before));
            prop_assert_eq!(working_days_after(before, 1), day);
        }

        #[test]
        fn counting_forward_and_back_comes_home(days in 0u64..60_000, count in 0u32..60) {
            let day = working_day_from(date(1990, 1, 1) + Days::new(days));
            prop_assert_eq!(working_days_before(working_days_after(day, count), count), day);
        }
    }
}
