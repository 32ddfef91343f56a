//! The demo's calendar: working days counted from today, and a time of day for what happened on them.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use shared::time::oslo_date;

/// Office hours begin at this minute of the day in UTC, which is 7.40 or 8.40 in Oslo.
const OPENS: u64 = 6 * 60 + 40;
/// So many minutes later the last thing of the day begins.
const OPEN_MINUTES: u64 = 7 * 60;
/// This morning's first thing happened so many minutes ago.
const THIS_MORNING: u64 = 100;

/// Days and times, seen from the moment at which the demo is made.
#[derive(Debug)]
pub(super) struct Calendar {
    now: DateTime<Utc>,
    today: NaiveDate,
}

impl Calendar {
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        Self { now, today: oslo_date(now) }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The working day so many working days from today. 0 is today itself, also on a Sunday.
    pub(super) fn day(&self, offset: i64) -> NaiveDate {
        let mut day = self.today;
        for _ in 0..offset.unsigned_abs() {
            day = if offset < 0 { day - Days::new(1) } else { day + Days::new(1) };
            while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
                day = if offset < 0 { day - Days::new(1) } else { day + Days::new(1) };
            }
        }
        day
    }

    /// The date so many calendar days from today.
    pub(super) fn date(&self, days: i64) -> NaiveDate {
        self.today + TimeDelta::days(days)
    }

    /// When something happened on a working day: at a time that `turn` decides, but after `earlier`.
    pub(super) fn instant(&self, offset: i64, turn: u64, earlier: Option<DateTime<Utc>>) -> DateTime<Utc> {
        let minutes = |minutes: u64| TimeDelta::minutes(i64::try_from(minutes).unwrap_or_default());
        let mixed = mixed(turn);
        let seconds = TimeDelta::seconds(i64::try_from(mixed >> 40 & 31).unwrap_or_default());
        let at = if offset == 0 {
            self.now - minutes(THIS_MORNING) + minutes(mixed % (THIS_MORNING - 20))
        } else {
            let midnight = self.day(offset).and_time(chrono::NaiveTime::MIN).and_utc();
            midnight + minutes(OPENS) + minutes(mixed % OPEN_MINUTES)
        };
        let after = earlier.map(|earlier| earlier + minutes(2 + mixed % 3));
        (at + seconds).max(after.unwrap_or(at)).min(self.now - TimeDelta::minutes(1))
    }
}

/// A number that looks accidental but is the same each time (`SplitMix64`).
fn mixed(turn: u64) -> u64 {
    let mut mixed = (turn + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn on(year: i32, month: u32, day: u32) -> Calendar {
        Calendar::new(Utc.with_ymd_and_hms(year, month, day, 7, 30, 0).unwrap())
    }

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn weekends_are_passed_over() {
        let tuesday = on(2026, 11, 24);
        assert_eq!(tuesday.day(-1), date(2026, 11, 23));
        assert_eq!(tuesday.day(-2), date(2026, 11, 20));
        assert_eq!(tuesday.day(4), date(2026, 11, 30));
        let sunday = on(2026, 11, 22);
        assert_eq!((sunday.day(-1), sunday.day(0)), (date(2026, 11, 20), date(2026, 11, 22)));
    }

    #[test]
    fn everything_has_happened_and_in_order() {
        let calendar = on(2026, 11, 24);
        let mut earlier = None;
        for (turn, day) in [-3, -3, -3, -1, -1, 0, 0, 0].into_iter().enumerate() {
            let at = calendar.instant(day, turn as u64, earlier);
            assert!(earlier.is_none_or(|earlier| earlier < at) && at < calendar.now(), "{at}");
            assert!(day == 0 || oslo_date(at) == calendar.day(day), "{at}");
            earlier = Some(at);
        }
    }
}
