//! The little law that believable lives need: working days, the four months of an examination, the lost-earnings cap.
//!
//! Written apart from the rule pack on purpose: a figure or a rounding that is wrong in one of them shows as a difference.

use crate::calendar::{Date, WorkingDays};
use crate::value::Decimal;

/// The day the delivery describes, 2026-10-31.
pub(super) fn extract_date() -> Date {
    day(2026, 10, 31)
}

/// A day that is known to exist.
pub(super) fn day(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd(year, month, day).unwrap_or(Date::from_days(0))
}

/// `months` later, clamped to the month's end.
pub(super) fn months(from: Date, months: i64) -> Date {
    from.add_months(months).unwrap_or(from)
}

/// `days` later.
pub(super) fn days(from: Date, days: i64) -> Date {
    from.add_days(days).unwrap_or(from)
}

/// Last day on which an examination may be finished: four calendar months after the municipality became aware.
pub(super) fn examination_due(aware: Date) -> Date {
    months(aware, 4)
}

/// Easter Sunday (Gauss, in the form of Meeus).
fn easter(year: i32) -> Date {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    day(year, (n / 31) as u32, (n % 31 + 1) as u32)
}

/// Danish public holidays of the years a demo can show. Store bededag is one until 2023.
pub(super) fn working_days() -> WorkingDays {
    let holidays = (2008..=2028).flat_map(|year| {
        let moving = [-3, -2, 1, 39, 50].map(|offset| days(easter(year), offset));
        let prayer = (year <= 2023).then(|| days(easter(year), 26));
        let fixed = [(1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31)].map(|(month, d)| day(year, month, d));
        moving.into_iter().chain(prayer).chain(fixed)
    });
    WorkingDays::new(holidays)
}

/// The monthly cap on lost earnings; 2025 and 2026 are derived by the act's own method.
pub(super) fn cap(year: i32) -> Decimal {
    Decimal::whole(match year {
        ..=2024 => 35_247,
        2025 => 36_622,
        _ => 38_380,
    })
}

/// A monthly amount's part for `hours` of `norm` working hours, to the øre.
pub(super) fn share(amount: Decimal, hours: i64, norm: i64) -> Decimal {
    let part = amount.times(Decimal::whole(hours)).and_then(|n| n.over(Decimal::whole(norm))).and_then(|n| n.round(2));
    part.unwrap_or(Decimal::new(0, 2))
}

/// Gross lost-earnings benefit of a month: the wage's share, at most the cap's share.
pub(super) fn gross(wage: Decimal, hours: i64, norm: i64, year: i32, capped: bool) -> Decimal {
    let uncapped = share(wage, hours, norm);
    if capped { uncapped.min(share(cap(year), hours, norm)) } else { uncapped }
}

/// Threshold of the parents' income and normalbidrag a month; those from 2025 on are derived by the orders' own methods.
fn parental_rates(year: i32) -> (i64, i64) {
    match year {
        ..=2022 => (147_100, 1_460),
        2023 => (151_100, 1_500),
        2024 => (155_900, 1_548),
        2025 => (161_500, 1_603),
        _ => (168_800, 1_675),
    }
}

/// The income up to which parents pay nothing.
pub(super) fn parental_threshold(year: i32) -> i64 {
    parental_rates(year).0
}

/// What a parent pays a month for a placed child: 18 % of the income above the threshold, at most 5/3 of normalbidrag; 9 % of
/// the rest; in all at most 10/3. To the øre.
pub(super) fn parental_payment(income: Decimal, year: i32) -> Decimal {
    let (threshold, normal) = parental_rates(year);
    // Øre, times 100 for the per cents.
    let above = (income.units() - i128::from(threshold) * 100).max(0);
    let most = i128::from(normal) * 20 * 100 * 100;
    let first = (above * 18).min(most);
    // What the first part used of the income, rounded up to whole øre.
    let rest = (above - (first + 17) / 18).max(0);
    let yearly = (first + rest * 9).min(2 * most);
    Decimal::new(yearly, 4).over(Decimal::whole(12)).and_then(|n| n.round(2)).unwrap_or(Decimal::new(0, 2))
}

/// The regulation of a January in tenths of a per cent: 2.0 % and the tilpasningsprocent, or the satsreguleringsprocent for who
/// applied before 2011.
fn regulation(year: i32, before_2011: bool) -> i64 {
    let (new, old) = match year {
        ..=2011 => (19, 19),
        2012 => (32, 29),
        2013 => (16, 16),
        2014 => (18, 18),
        2015 => (15, 15),
        2016 => (14, 14),
        2017..=2020 => (22, 20),
        2021 => (23, 20),
        2022 => (12, 12),
        2023 => (30, 27),
        2024 => (35, 32),
        2025 => (39, 36),
        _ => (48, 45),
    };
    if before_2011 { old } else { new }
}

/// An amount one year on: to whole kroner until 2023, to the øre from 2024, when the order no longer says how to round.
pub(super) fn indexed(amount: Decimal, year: i32, before_2011: bool) -> Decimal {
    let places = if year <= 2023 { 0 } else { 2 };
    let factor = Decimal::new(i128::from(1000 + regulation(year, before_2011)), 3);
    amount.times(factor).and_then(|n| n.round(places)).map_or(amount, |n| n.at_least(2))
}

/// ATP a month by hours a week, from 2024: nothing below 39 hours a month, a third, two thirds, from 117 hours all of it.
pub(super) fn atp(hours: i64) -> Decimal {
    let third = [117, 78, 39].iter().filter(|least| hours * 52 >= **least * 12).count();
    Decimal::new(99_00 * third as i128, 2)
}

/// Pension a month: 10 % of the benefit, at most the employer's contribution for the hours, nor more of the benefit than the
/// employer paid of the wage.
pub(super) fn pension(gross: Decimal, wage: Decimal, employer: Decimal, (hours, norm): (i64, i64)) -> Decimal {
    let zero = Decimal::new(0, 2);
    let tenth = gross.over(Decimal::whole(10)).and_then(|n| n.round(2)).unwrap_or(zero);
    let part = gross.times(employer).and_then(|n| n.over(wage)).and_then(|n| n.round(2)).unwrap_or(zero);
    tenth.min(part).min(share(employer, hours, norm))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_moves() {
        for (year, month, d) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2023, 4, 9)] {
            assert_eq!(easter(year), day(year, month, d));
        }
    }

    #[test]
    fn lost_earnings_by_the_worked_examples() {
        let kr = |text: &str| Decimal::parse(text).expect(text);
        assert_eq!(gross(kr("32000"), 12, 37, 2024, true), kr("10378.38"));
        assert_eq!(gross(kr("45000"), 15, 37, 2024, true), kr("14289.32"));
        assert_eq!(gross(kr("45000"), 15, 37, 2024, false), kr("18243.24"));
        assert_eq!(gross(kr("28000"), 10, 30, 2024, true), kr("9333.33"));
        assert_eq!(indexed(indexed(kr("20700"), 2025, false), 2026, false), kr("22539.65"));
        assert_eq!(indexed(kr("20000"), 2023, true), kr("20540.00"));
        assert_eq!(pension(kr("10378.38"), kr("32000"), kr("2560"), (12, 37)), kr("830.27"));
        assert_eq!(pension(kr("32000.00"), kr("32000"), kr("3840"), (37, 37)), kr("3200.00"));
        assert_eq!(
            [8, 9, 17, 18, 26, 27, 37].map(|h| atp(h).plain()),
            ["0.00", "99.00", "99.00", "198.00", "198.00", "297.00", "297.00"]
        );
    }

    #[test]
    fn parental_payment_by_the_worked_examples() {
        // 18 % of 244,100 is 43,938, capped at 30,960 (172,000 of the income); 9 % of 72,100 is 6,489: 37,449 a year.
        let kr = |text: &str| Decimal::parse(text).expect(text);
        assert_eq!(parental_payment(kr("400000.00"), 2024), kr("3120.75"));
        assert_eq!(parental_payment(kr("160000.00"), 2024), kr("61.50"));
        assert_eq!(parental_payment(kr("155900.00"), 2024), kr("0.00"));
        assert_eq!(parental_payment(kr("2000000.00"), 2024), kr("5160.00"));
    }

    #[test]
    fn four_months_are_calendar_months() {
        assert_eq!(examination_due(day(2024, 10, 31)), day(2025, 2, 28));
    }

    #[test]
    fn store_bededag_was_abolished() {
        let working = working_days();
        assert!(!working.is_working(day(2023, 5, 5)));
        assert!(working.is_working(day(2024, 4, 26)));
    }
}
