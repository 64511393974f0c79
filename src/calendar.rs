//! Days, months, birthdays and working days, and Danish local time.
//!
//! A [`Date`] is a day of the proleptic Gregorian calendar. Nothing here reads a clock.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeZone, Timelike};
use chrono_tz::Europe::Copenhagen;

use crate::locale::Lang;

/// A calendar day, stored as days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The day `year-month-day`, if the calendar has it and it lies in the years 1 to 9999.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Date> {
        (1..=9999).contains(&year).then(|| NaiveDate::from_ymd_opt(year, month, day)).flatten().map(Date::from_naive)
    }

    /// The day `days` after 1970-01-01.
    pub fn from_days(days: i32) -> Date {
        Date(days)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// Reads `yyyy-mm-dd`.
    pub fn parse_iso(text: &str) -> Option<Date> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let part = |range: std::ops::Range<usize>| {
            let part = text.get(range)?;
            part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten()
        };
        Date::from_ymd(i32::try_from(part(0..4)?).ok()?, part(5..7)?, part(8..10)?)
    }

    fn from_naive(day: NaiveDate) -> Date {
        Date(day.num_days_from_ce() - 719_163)
    }

    fn naive(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(719_163)).unwrap_or(NaiveDate::MAX)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.naive().year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.naive().month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        self.naive().day()
    }

    /// 1 = Monday ... 7 = Sunday.
    pub fn weekday(self) -> u32 {
        self.naive().weekday().number_from_monday()
    }

    /// `months` later (earlier when negative), clamped to the month's end: 31 January + 1 month = 28 or 29 February.
    /// `None` outside the calendar.
    pub fn add_months(self, months: i64) -> Option<Date> {
        let by = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
        let day = self.naive();
        let moved = if months < 0 { day.checked_sub_months(by) } else { day.checked_add_months(by) };
        moved.filter(|d| (1..=9999).contains(&d.year())).map(Date::from_naive)
    }

    /// `days` later (earlier when negative). `None` outside the calendar.
    pub fn add_days(self, days: i64) -> Option<Date> {
        let by = Days::new(days.unsigned_abs());
        let day = self.naive();
        let moved = if days < 0 { day.checked_sub_days(by) } else { day.checked_add_days(by) };
        moved.filter(|d| (1..=9999).contains(&d.year())).map(Date::from_naive)
    }

    /// The day somebody born on this day turns `years`. One born on 29 February turns on 28 February in a common year
    /// (settled here, in one place; no Danish act that says so was found, so treat it as unverified).
    pub fn birthday(self, years: i64) -> Option<Date> {
        self.add_months(years.checked_mul(12)?)
    }

    /// Whole years from this day (of birth) to `at`; negative before it.
    pub fn age_at(self, at: Date) -> i64 {
        let mut years = i64::from(at.year()) - i64::from(self.year());
        if self.birthday(years).is_none_or(|day| day > at) {
            years -= 1;
        }
        years
    }

    /// Whole months from this day to `to`: the largest `n` with `self + n months <= to`; negative, and counted the same way
    /// back, when `to` is earlier.
    pub fn months_until(self, to: Date) -> i64 {
        if to < self {
            return -to.months_until(self);
        }
        let mut months = (i64::from(to.year()) - i64::from(self.year())) * 12 + i64::from(to.month()) - i64::from(self.month());
        if self.add_months(months).is_none_or(|day| day > to) {
            months -= 1;
        }
        months
    }

    /// The first day of this day's month.
    pub fn start_of_month(self) -> Date {
        Date(self.0 - self.day() as i32 + 1)
    }

    /// The last day of this day's month.
    pub fn end_of_month(self) -> Date {
        self.start_of_month().add_months(1).map_or(self, |next| Date(next.0 - 1))
    }

    /// 1 January of this day's year.
    pub fn start_of_year(self) -> Date {
        Date::from_ymd(self.year(), 1, 1).unwrap_or(self)
    }

    /// `31-12-2024` in both languages: the form the case system shows.
    pub fn show(self, _lang: Lang) -> String {
        format!("{:02}-{:02}-{:04}", self.day(), self.month(), self.year())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Days that are not working days: Sundays, the holidays a pack lists, and Saturdays unless they count.
#[derive(Debug, Clone, Default)]
pub struct WorkingDays {
    holidays: std::sync::Arc<std::collections::BTreeSet<Date>>,
    saturdays: bool,
}

impl WorkingDays {
    /// Working days with these public holidays.
    pub fn new(holidays: impl IntoIterator<Item = Date>) -> WorkingDays {
        WorkingDays { holidays: std::sync::Arc::new(holidays.into_iter().collect()), saturdays: false }
    }

    /// The same with Saturdays among the working days.
    pub fn with_saturdays(&self) -> WorkingDays {
        WorkingDays { holidays: self.holidays.clone(), saturdays: true }
    }

    /// Whether `day` is Monday to Friday (or Saturday, where they count) and no holiday.
    pub fn is_working(&self, day: Date) -> bool {
        day.weekday() <= if self.saturdays { 6 } else { 5 } && !self.holidays.contains(&day)
    }

    /// The `count`th working day after `from` (before it when negative); the day itself is not counted.
    pub fn add(&self, from: Date, count: i64) -> Option<Date> {
        let step = if count < 0 { -1 } else { 1 };
        let mut day = from;
        let mut left = count.unsigned_abs();
        while left > 0 {
            day = day.add_days(step)?;
            if self.is_working(day) {
                left -= 1;
            }
        }
        Some(day)
    }

    /// Working days after `from` up to and including `to`; negative when `to` lies before `from`.
    pub fn between(&self, from: Date, to: Date) -> i64 {
        let (low, high, sign) = if to >= from { (from, to, 1) } else { (to, from, -1) };
        let count = (low.0 + 1..=high.0).filter(|&d| self.is_working(Date(d))).count();
        sign * count as i64
    }
}

/// An instant, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    minutes: i64,
}

impl Instant {
    /// The instant `minutes` after 1970-01-01 00:00 UTC.
    pub fn from_minutes(minutes: i64) -> Instant {
        Instant { minutes }
    }

    /// Minutes since 1970-01-01 00:00 UTC.
    pub fn minutes(self) -> i64 {
        self.minutes
    }

    /// The instant of a Danish wall clock time; the earlier one in the autumn's double hour, the later end of the spring's gap.
    pub fn from_danish(day: Date, hour: u32, minute: u32) -> Option<Instant> {
        let wall = day.naive().and_hms_opt(hour, minute, 0)?;
        let found = Copenhagen.from_local_datetime(&wall);
        let at = found.earliest().or_else(|| Copenhagen.from_local_datetime(&(wall + chrono::Duration::hours(1))).earliest())?;
        Some(Instant { minutes: at.timestamp().div_euclid(60) })
    }

    /// The Danish day, hour and minute.
    pub fn danish(self) -> Option<(Date, u32, u32)> {
        let at = DateTime::from_timestamp(self.minutes.checked_mul(60)?, 0)?.with_timezone(&Copenhagen);
        Some((Date::from_naive(at.date_naive()), at.hour(), at.minute()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Date {
        Date::parse_iso(text).expect(text)
    }

    #[test]
    fn epoch_and_iso() {
        assert_eq!(d("1970-01-01").days(), 0);
        assert_eq!(d("2024-02-29").to_string(), "2024-02-29");
        assert_eq!(Date::parse_iso("2024-02-30"), None);
        assert_eq!(Date::parse_iso("2024-2-3"), None);
        assert_eq!(Date::parse_iso("+024-02-03"), None);
    }

    #[test]
    fn months_clamp_to_the_end() {
        assert_eq!(d("2024-10-31").add_months(4), Some(d("2025-02-28")));
        assert_eq!(d("2024-03-31").add_months(-1), Some(d("2024-02-29")));
        assert_eq!(d("9999-12-01").add_months(1), None);
    }

    #[test]
    fn birthdays_on_29_february() {
        assert_eq!(d("2008-02-29").birthday(18), Some(d("2026-02-28")));
        assert_eq!(d("2008-02-29").age_at(d("2026-02-27")), 17);
        assert_eq!(d("2008-02-29").age_at(d("2026-02-28")), 18);
    }

    #[test]
    fn whole_months_between() {
        assert_eq!(d("2024-01-31").months_until(d("2024-02-29")), 1);
        assert_eq!(d("2024-01-15").months_until(d("2024-02-14")), 0);
        assert_eq!(d("2024-02-14").months_until(d("2024-01-15")), 0);
        assert_eq!(d("2024-02-15").months_until(d("2024-01-15")), -1);
    }

    #[test]
    fn working_days_skip_weekends_and_holidays() {
        let days = WorkingDays::new([d("2024-12-25"), d("2024-12-26")]);
        assert_eq!(days.add(d("2024-12-24"), 1), Some(d("2024-12-27")));
        assert_eq!(days.between(d("2024-12-20"), d("2024-12-30")), 4);
        assert_eq!(days.add(d("2024-12-30"), -1), Some(d("2024-12-27")));
        let days = days.with_saturdays();
        assert_eq!(days.add(d("2024-12-24"), 2), Some(d("2024-12-28")));
        assert_eq!(days.between(d("2024-12-20"), d("2024-12-30")), 6);
        assert_eq!(days.add(d("2024-12-30"), -1), Some(d("2024-12-28")));
    }

    #[test]
    fn danish_time_follows_summer_time() {
        let spring = Instant::from_danish(d("2024-04-01"), 0, 0).map(Instant::minutes);
        assert_eq!(spring, Some((i64::from(d("2024-03-31").days()) * 24 + 22) * 60));
        let at = Instant::from_minutes(i64::from(d("2024-03-31").days()) * 1440 + 22 * 60);
        assert_eq!(at.danish(), Some((d("2024-04-01"), 0, 0)));
    }
}
