//! Days and times as exports write them. Day before month, always: a form that could only be read as month/day is no date.

use crate::calendar::{Date, Instant};
use crate::value::Decimal;

/// What a cell says of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum When {
    /// A Danish day, and the instant when there is a time of day. The day is kept as written: local time before 1894 was not
    /// whole minutes from UTC.
    On(Date, Option<Instant>),
    /// 31-12-9999 and its like: no end.
    OpenEnd,
    /// 01-01-0001, 01-01-1900, zeros: no date.
    NoDate,
}

/// Last serial number of a spreadsheet: 31-12-9999.
const LAST_SERIAL: i128 = 2_958_465;
/// Serial number 0 of the 1900 system, from March 1900 on.
const SERIAL_ZERO: (i32, u32, u32) = (1899, 12, 30);

impl When {
    /// A written day with the marks for "no end" and "no date" told apart.
    fn of_ymd(year: i32, month: u32, day: u32) -> Option<When> {
        match (year, month, day) {
            (0, 0, 0) | (1, 1, 1) | (1900, 1, 0 | 1) | (1899, 12, 30 | 31) => Some(When::NoDate),
            (9999, _, _) => Date::from_ymd(year, month, day).map(|_| When::OpenEnd),
            _ => Date::from_ymd(year, month, day).map(|day| When::On(day, None)),
        }
    }
}

/// Reads trimmed text. The flag tells that it was a serial number.
pub(in crate::intake) fn parse(text: &str) -> Option<(When, bool)> {
    if matches!(text, "0" | "-1") {
        return Some((When::NoDate, false));
    }
    let bytes = text.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == bytes.len() {
        return match digits {
            8 => compact(text).map(|when| (when, false)),
            5 => serial_in_text(text),
            7 if text == "2958465" => Some((When::OpenEnd, true)),
            _ => None,
        };
    }
    if digits == 5 && matches!(bytes.get(5), Some(b'.' | b',')) {
        return serial_in_text(text);
    }
    if let Some((year, month, day)) = plain(bytes) {
        return Some((When::of_ymd(year, month, day)?, false));
    }
    let (year, month, day, rest) = if digits == 4 { year_first(text)? } else { day_first(text)? };
    let when = When::of_ymd(year, month, day)?;
    let Some((hour, minute, zone)) = time(rest)? else { return Some((when, false)) };
    let When::On(day, _) = when else { return Some((when, false)) };
    let Some(offset) = zone else {
        return Some((When::On(day, Some(Instant::from_danish(day, hour, minute)?)), false));
    };
    let minutes = i64::from(day.days()) * 1440 + i64::from(hour) * 60 + i64::from(minute) - i64::from(offset);
    let at = Instant::from_minutes(minutes);
    Some((When::On(at.danish()?.0, Some(at)), false))
}

/// `dd-mm-yyyy` in just so many digits, also with `.` or `/`: nearly all days there are.
fn plain(text: &[u8]) -> Option<(i32, u32, u32)> {
    let &[d1, d2, mark @ (b'-' | b'.' | b'/'), m1, m2, again, y1, y2, y3, y4] = text else { return None };
    if mark != again || ![d1, d2, m1, m2, y1, y2, y3, y4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |byte: u8| u32::from(byte - b'0');
    let year = digit(y1) * 1000 + digit(y2) * 100 + digit(y3) * 10 + digit(y4);
    Some((year as i32, digit(m1) * 10 + digit(m2), digit(d1) * 10 + digit(d2)))
}

/// A text whose month stands before its day, written the other way round; years first stay as they are.
pub(in crate::intake) fn month_first(text: &str) -> Option<String> {
    let mark = text.find(['/', '-', '.'])?;
    if mark == 4 {
        return Some(text.to_owned());
    }
    let (month, rest) = (text.get(..mark)?, text.get(mark + 1..)?);
    let next = rest.find(['/', '-', '.'])?;
    let (day, rest) = rest.split_at(next);
    Some(format!("{day}{}{month}{rest}", text.get(mark..=mark)?))
}

/// `dd-mm-yy`: the year is of this century up to 68, else of the last.
pub(in crate::intake) fn short_year(text: &str) -> Option<Date> {
    let (day, rest) = number(text, 2)?;
    let mark = rest.chars().next().filter(|c| matches!(c, '-' | '.' | '/'))?;
    let (month, rest) = number(&rest[1..], 2)?;
    let (year, rest) = two(rest.strip_prefix(mark)?)?;
    let year = i32::try_from(year).ok()?;
    let century = if year <= 68 { 2000 } else { 1900 };
    if rest.is_empty() { Date::from_ymd(century + year, month, day) } else { None }
}

/// `yyyymmdd`.
fn compact(text: &str) -> Option<When> {
    When::of_ymd(text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?, text.get(6..8)?.parse().ok()?)
}

fn serial_in_text(text: &str) -> Option<(When, bool)> {
    let n = Decimal::parse(&text.replace(',', "."))?;
    plain_number(n)
}

/// A number that stands where a day should: a serial number of the years 1954 to 2119, or `yyyymmdd`; the flag tells which.
pub(in crate::intake) fn plain_number(n: Decimal) -> Option<(When, bool)> {
    let whole = n.floor()?.to_i64()?;
    match whole {
        20_000..=80_000 => serial(n).map(|when| (when, true)),
        2_958_465 => Some((When::OpenEnd, true)),
        // One is a count where a date should stand, not the first day of a calendar that nobody means.
        -1..=0 if n == Decimal::whole(whole) => Some((When::NoDate, false)),
        10_101..=99_991_231 if n == Decimal::whole(whole) => compact(&format!("{whole:08}")).map(|when| (when, false)),
        _ => None,
    }
}

/// A serial number under a date format: days since the start of the 1900 system, the fraction is the time of day.
pub(in crate::intake) fn serial(n: Decimal) -> Option<When> {
    let whole = n.floor()?;
    let days = whole.to_i64()?;
    if !(0..=LAST_SERIAL as i64).contains(&days) {
        return None;
    }
    if days <= 1 {
        return Some(When::NoDate);
    }
    if days as i128 == LAST_SERIAL {
        return Some(When::OpenEnd);
    }
    let (year, month, day) = SERIAL_ZERO;
    // Spreadsheets hold 1900 for a leap year: day 60 does not exist, and the days before it count from a day later.
    if days == 60 {
        return None;
    }
    let day = Date::from_ymd(year, month, day)?.add_days(days + i64::from(days < 60))?;
    let fraction = n.minus(whole)?;
    if fraction.units() == 0 {
        return Some(When::On(day, None));
    }
    // To the second first: 14:30 is held as a fraction that falls a hair short of it.
    let seconds = fraction.times(Decimal::whole(86_400))?.round(0)?.to_i64()?;
    let (day, seconds) = if seconds >= 86_400 { (day.add_days(1)?, 0) } else { (day, seconds) };
    let (hour, minute) = (u32::try_from(seconds / 3600).ok()?, u32::try_from(seconds / 60 % 60).ok()?);
    Some(When::On(day, Some(Instant::from_danish(day, hour, minute)?)))
}

/// `yyyy-mm-dd`, also with `.` or `/`.
fn year_first(text: &str) -> Option<(i32, u32, u32, &str)> {
    let mark = text.as_bytes().get(4).copied().filter(|b| matches!(b, b'-' | b'.' | b'/'))?;
    let (month, rest) = number(text.get(5..)?, 2)?;
    let (day, rest) = number(rest.strip_prefix(char::from(mark))?, 2)?;
    Some((text.get(..4)?.parse().ok()?, month, day, rest))
}

/// `dd-mm-yyyy`, also with `.` or `/`, or with the month as a word; the year always has four digits.
fn day_first(text: &str) -> Option<(i32, u32, u32, &str)> {
    let (day, rest) = number(text, 2)?;
    let mark = rest.chars().next().filter(|c| matches!(c, '-' | '.' | '/'))?;
    let rest = &rest[1..];
    let (month, rest) = match number(rest, 2) {
        Some(found) => found,
        None => month_word(rest)?,
    };
    let rest = rest.strip_prefix(mark)?;
    let year = rest.get(..4).filter(|y| y.bytes().all(|b| b.is_ascii_digit()))?;
    let rest = rest.get(4..)?;
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some((year.parse().ok()?, month, day, rest))
}

fn month_word(text: &str) -> Option<(u32, &str)> {
    const MONTHS: [[&str; 2]; 12] = [
        ["jan", "jan"],
        ["feb", "feb"],
        ["mar", "mar"],
        ["apr", "apr"],
        ["maj", "may"],
        ["jun", "jun"],
        ["jul", "jul"],
        ["aug", "aug"],
        ["sep", "sep"],
        ["okt", "oct"],
        ["nov", "nov"],
        ["dec", "dec"],
    ];
    let word = text.get(..3)?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|names| names.contains(&word.as_str()))?;
    Some((month as u32 + 1, text.get(3..)?))
}

/// A month by its whole name or its first three letters.
fn named_month(text: &str) -> Option<u32> {
    const NAMES: [&str; 12] =
        ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"];
    let word = text.to_lowercase();
    let month = NAMES.iter().position(|name| *name == word).map(|i| i as u32 + 1);
    month.or_else(|| month_word(&word).filter(|(_, rest)| matches!(*rest, "" | "t")).map(|(month, _)| month))
}

/// One digit to `most` digits from the front.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    ((1..=most).contains(&len)).then(|| Some((text[..len].parse().ok()?, &text[len..])))?
}

/// Hour, minute and offset from UTC in minutes.
type Time = (u32, u32, Option<i32>);

/// The time behind a day: nothing, or `T14:30`, ` 14:30:05`, ` 14.30`, then perhaps `Z` or an offset.
fn time(rest: &str) -> Option<Option<Time>> {
    if rest.is_empty() {
        return Some(None);
    }
    let rest = rest.strip_prefix('T').or_else(|| rest.strip_prefix(char::is_whitespace).map(str::trim_start))?;
    let rest = rest.strip_prefix("kl.").map_or(rest, str::trim_start);
    let (hour, rest) = number(rest, 2)?;
    let mark = rest.chars().next().filter(|c| matches!(c, ':' | '.'))?;
    let (minute, mut rest) = two(&rest[1..])?;
    if let Some(more) = rest.strip_prefix(mark) {
        let (second, more) = two(more)?;
        if second > 60 {
            return None;
        }
        rest = match more.strip_prefix(['.', ',']) {
            Some(fraction) => {
                let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                (after.len() < fraction.len()).then_some(after)?
            }
            None => more,
        };
    }
    if hour > 23 || minute > 59 {
        return None;
    }
    let zone = match rest.trim_start() {
        "" => None,
        "Z" | "z" | "UTC" => Some(0),
        offset => Some(self::offset(offset)?),
    };
    Some(Some((hour, minute, zone)))
}

fn two(text: &str) -> Option<(u32, &str)> {
    let part = text.get(..2).filter(|p| p.bytes().all(|b| b.is_ascii_digit()))?;
    Some((part.parse().ok()?, text.get(2..)?))
}

fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, rest) = two(rest)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = if rest.is_empty() { (0, rest) } else { two(rest)? };
    (rest.is_empty() && hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes) as i32)
}

/// A month as its first day: `2024-08`, `08-2024`, `2024 08`, `202408`, `august 2024`, `aug. 2024`, or any day of it.
pub(in crate::intake) fn month(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(|c: char| matches!(c, '-' | '.' | '/') || c.is_whitespace()).collect();
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let first = |year: &str, month: &str| Date::from_ymd(year.parse().ok()?, month.parse().ok()?, 1);
    match parts[..] {
        [year, month] if year.len() == 4 && (1..=2).contains(&month.len()) && digits(year) && digits(month) => first(year, month),
        [month, year] if year.len() == 4 && (1..=2).contains(&month.len()) && digits(year) && digits(month) => first(year, month),
        [word, .., year] if year.len() == 4 && digits(year) && parts.len() <= 3 && !word.is_empty() && !digits(word) => {
            Date::from_ymd(
                year.parse().ok()?,
                named_month(text.strip_suffix(year)?.trim_end_matches([' ', '.', '-', '/', '\u{a0}']))?,
                1,
            )
        }
        [both] if both.len() == 6 && digits(both) => first(both.get(..4)?, both.get(4..)?),
        _ => match parse(text)?.0 {
            When::On(day, _) => Some(day.start_of_month()),
            When::OpenEnd | When::NoDate => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> When {
        When::On(Date::parse_iso(text).expect(text), None)
    }

    fn read(text: &str) -> Option<When> {
        parse(text).map(|(when, _)| when)
    }

    fn danish(text: &str) -> Option<(String, u32, u32)> {
        match read(text)? {
            When::On(on, Some(at)) => at.danish().filter(|(day, ..)| *day == on).map(|(day, h, m)| (day.to_string(), h, m)),
            _ => None,
        }
    }

    #[test]
    fn reads_days() {
        for text in [
            "31-01-2024",
            "31.01.2024",
            "31/01/2024",
            "31-1-2024",
            "2024-01-31",
            "2024/01/31",
            "20240131",
            "45322",
            "45322.0",
            "31-JAN-2024",
        ] {
            assert_eq!(read(text), Some(day("2024-01-31")), "{text}");
        }
        assert_eq!(read("01-02-2024"), Some(day("2024-02-01")), "day before month, always");
        assert_eq!(read("31-maj-2024"), Some(day("2024-05-31")));
        assert!(parse("45322").expect("serial").1);
    }

    #[test]
    fn refuses_what_is_no_day() {
        for text in [
            "31-13-2024",
            "30-02-2024",
            "01/31/2024",
            "31-12-24",
            "2024-13-01",
            "2024-02-30",
            "20241301",
            "31-01.2024",
            "31 01 2024",
            "2024",
            "202401",
            "1-1-20245",
            "1-2024-1",
            "abc",
            "31-01-2024x",
            "31-01-2024 25:00",
            "31-01-2024 12:60",
            "31-01-2024 12",
            "15000",
            "81000",
            "-45322",
            "31-01-2024 12:00+99:00",
            "٣١-٠١-٢٠٢٤",
            "00-01-2024",
            "01-00-2024",
            "",
            "-",
            "--",
            "æ-ø-å",
            "31-æøå-2024",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn knows_the_marks_for_no_end_and_no_date() {
        for text in
            ["31-12-9999", "9999-12-31", "99991231", "31-DEC-9999", "31.12.9999 23:59:59", "9999-12-31T00:00:00Z", "2958465"]
        {
            assert_eq!(read(text), Some(When::OpenEnd), "{text}");
        }
        for text in
            ["01-01-0001", "0001-01-01", "00010101", "01-01-1900", "1900-01-01T00:00:00", "00000000", "00-00-0000", "0", "-1"]
        {
            assert_eq!(read(text), Some(When::NoDate), "{text}");
        }
        assert_eq!(read("02-01-1900"), Some(day("1900-01-02")));
    }

    #[test]
    fn times_are_danish_unless_they_say_otherwise() {
        assert_eq!(danish("2024-03-31T22:00:00Z"), Some(("2024-04-01".into(), 0, 0)), "summer time");
        assert_eq!(danish("2024-01-31T23:30:00.123Z"), Some(("2024-02-01".into(), 0, 30)));
        assert_eq!(danish("2024-01-31T12:00:00+01:00"), Some(("2024-01-31".into(), 12, 0)));
        assert_eq!(danish("2024-01-31T12:00:00-0500"), Some(("2024-01-31".into(), 18, 0)));
        assert_eq!(danish("31-01-2024 14:30"), Some(("2024-01-31".into(), 14, 30)));
        assert_eq!(danish("31-01-2024 kl. 14.30"), Some(("2024-01-31".into(), 14, 30)));
        assert_eq!(danish("31-01-2024 00:00:59"), Some(("2024-01-31".into(), 0, 0)));
    }

    #[test]
    fn serial_numbers() {
        let n = |text: &str| Decimal::parse(text).expect(text);
        assert_eq!(serial(n("45322")), Some(day("2024-01-31")));
        assert_eq!(serial(n("61")), Some(day("1900-03-01")));
        assert_eq!(serial(n("59")), Some(day("1900-02-28")));
        assert_eq!(serial(n("60")), None, "29 February 1900");
        assert_eq!(serial(n("1")), Some(When::NoDate));
        assert_eq!(serial(n("2958465")), Some(When::OpenEnd));
        assert_eq!(serial(n("2958466")), None);
        assert_eq!(serial(n("-3")), None);
        let at = match serial(n("45322.604166666664")) {
            Some(When::On(_, Some(at))) => at.danish(),
            _ => None,
        };
        assert_eq!(at.map(|(_, h, m)| (h, m)), Some((14, 30)));
        assert_eq!(plain_number(n("20240131")), Some((day("2024-01-31"), false)));
        assert_eq!(plain_number(n("45322")), Some((day("2024-01-31"), true)));
        assert_eq!(plain_number(n("99991231")), Some((When::OpenEnd, false)));
        assert_eq!(plain_number(n("19999")), None);
        assert_eq!(plain_number(n("0.5")), None);
    }

    #[test]
    fn years_of_two_digits() {
        let iso = |text: &str| short_year(text).map(|day| day.to_string());
        assert_eq!(iso("31-12-24").as_deref(), Some("2024-12-31"));
        assert_eq!(iso("01.02.69").as_deref(), Some("1969-02-01"));
        for text in ["12-31-24", "31-12-2024", "31-12-2", "24-12", "31.12-24", "31-12-24 10:00"] {
            assert_eq!(iso(text), None, "{text}");
        }
    }

    #[test]
    fn months() {
        let august = Date::from_ymd(2024, 8, 1);
        for text in [
            "2024-08",
            "08-2024",
            "8.2024",
            "2024 08",
            "202408",
            "2024/8",
            "17-08-2024",
            "2024-08-31",
            "august 2024",
            "Aug. 2024",
            "aug-2024",
            "AUG 2024",
        ] {
            assert_eq!(month(text), august, "{text}");
        }
        for text in ["2024-13", "202413", "24-08", "2024", "08", "august", "31-12-9999", "augist 2024", "uge 2024"] {
            assert_eq!(month(text), None, "{text}");
        }
    }
}
