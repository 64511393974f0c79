//! Personal identity numbers: ten characters `ddmmyyxxxx`, the seventh digit tells the century.
//!
//! Modulus 11 is not a validity test (numbers without it are given since 2007), so it is information only. Replacement
//! numbers, which carry letters or the day plus 60 in practice, are a class of their own and no error.

use super::{Mended, Parsed, all_digits};
use crate::calendar::Date;

const WEIGHTS: [u32; 10] = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

pub(super) fn parse(text: &str) -> Parsed {
    let Some(body) = without_separator(text) else { return Parsed::Unreadable };
    if body.bytes().all(|b| b == b'0') && (1..=10).contains(&body.len()) {
        return Parsed::StatedUnknown;
    }
    if body.len() == 9 && all_digits(&body) {
        let padded = format!("0{body}");
        return if birth_date(&padded).is_some() { Parsed::Repaired(padded, Mended::LostZero) } else { Parsed::Unreadable };
    }
    if class(&body).is_some() { Parsed::Value(body) } else { Parsed::Unreadable }
}

/// Letters and digits in upper case, one separator before the last four taken off.
fn without_separator(text: &str) -> Option<String> {
    let cut = text.len().checked_sub(4).filter(|&i| text.is_char_boundary(i))?;
    let (head, tail) = text.split_at(cut);
    let head = head.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'));
    let body = format!("{head}{tail}").to_ascii_uppercase();
    (body.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(body)
}

/// `cpr` for a number whose first six digits are a day of its century, `erstatning` for a replacement number.
/// `None` for text that is no canonical CPR.
pub fn cpr_class(cpr: &str) -> Option<&'static str> {
    class(cpr)
}

fn class(cpr: &str) -> Option<&'static str> {
    let (head, tail) = (cpr.get(..6)?, cpr.get(6..)?);
    if cpr.len() != 10 || !all_digits(head) {
        return None;
    }
    if !all_digits(tail) {
        let letters = tail.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        return (letters && some_century(head)).then_some("erstatning");
    }
    if birth_date(cpr).is_some() {
        return Some("cpr");
    }
    some_century(head).then_some("erstatning").filter(|_| day(head) > 60)
}

fn day(head: &str) -> u32 {
    head.get(..2).and_then(|d| d.parse().ok()).unwrap_or(0)
}

/// Whether the six digits are a day in any century, the day perhaps raised by 60.
fn some_century(head: &str) -> bool {
    let number = |range: std::ops::Range<usize>| head.get(range).and_then(|d| d.parse::<u32>().ok()).unwrap_or(0);
    let day = if number(0..2) > 60 { number(0..2) - 60 } else { number(0..2) };
    [1800, 1900, 2000].into_iter().any(|century| Date::from_ymd(century + number(4..6) as i32, number(2..4), day).is_some())
}

/// The day of birth that an ordinary number states; `None` for a replacement number, whose day is not to be trusted.
pub fn cpr_date(cpr: &str) -> Option<Date> {
    if cpr.len() == 10 && all_digits(cpr) { birth_date(cpr) } else { None }
}

fn birth_date(cpr: &str) -> Option<Date> {
    let number = |range: std::ops::Range<usize>| cpr.get(range)?.parse::<u32>().ok();
    let (day, month, year) = (number(0..2)?, number(2..4)?, number(4..6)?);
    let century = match (number(6..7)?, year) {
        (0..=3, _) => 1900,
        (4 | 9, 0..=36) => 2000,
        (4 | 9, _) => 1900,
        (_, 0..=57) => 2000,
        _ => 1800,
    };
    Date::from_ymd(century + i32::try_from(year).ok()?, month, day)
}

/// Whether modulus 11 holds: information only. `None` for replacement numbers with letters.
pub fn cpr_modulus_ok(cpr: &str) -> Option<bool> {
    if cpr.len() != 10 || !all_digits(cpr) {
        return None;
    }
    let sum: u32 = cpr.bytes().zip(WEIGHTS).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    Some(sum.is_multiple_of(11))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Kind;
    use crate::value::dk;

    fn d(text: &str) -> Option<Date> {
        Some(Date::parse_iso(text).expect(text))
    }

    #[test]
    fn seventh_digit_tells_the_century() {
        for (cpr, born) in [
            ("1207581234", "1958-07-12"), // 0-3: always 1900s
            ("2402004123", "2000-02-24"), // 4 with 00-36
            ("1506364123", "2036-06-15"),
            ("1506374123", "1937-06-15"), // 4 with 37-99
            ("0204109876", "2010-04-02"), // 9 with 00-36
            ("1506379123", "1937-06-15"), // 9 with 37-99
            ("2902005111", "2000-02-29"), // 5-8 with 00-57
            ("1207585678", "1858-07-12"), // 5-8 with 58-99
        ] {
            assert_eq!(cpr_date(cpr), d(born), "{cpr}");
            assert_eq!(cpr_class(cpr), Some("cpr"), "{cpr}");
        }
        assert_eq!(cpr_date("2902001111"), None, "1900 was no leap year");
    }

    #[test]
    fn reads_every_spelling() {
        let ten = |t: &str| Parsed::Value(t.to_owned());
        for text in ["0204109876", "020410-9876", "020410 9876", " 020410\u{2013}9876\u{a0}", "020410 - 9876"] {
            assert_eq!(dk::parse(Kind::Cpr, text), ten("0204109876"), "{text}");
        }
        assert_eq!(dk::parse(Kind::Cpr, "204109876"), Parsed::Repaired("0204109876".into(), Mended::LostZero));
        assert_eq!(dk::parse(Kind::Cpr, "20410-9876"), Parsed::Repaired("0204109876".into(), Mended::LostZero));
        assert_eq!(dk::parse(Kind::Cpr, "204109876.0"), Parsed::Repaired("0204109876".into(), Mended::LostZero));
        assert_eq!(dk::parse(Kind::Cpr, "1507996543.0"), Parsed::Repaired("1507996543".into(), Mended::FloatTail));
        assert_eq!(dk::parse(Kind::Cpr, "'020410-9876"), Parsed::Repaired("0204109876".into(), Mended::Apostrophe));
    }

    #[test]
    fn refuses_what_is_no_day_and_keeps_the_unknown_apart() {
        for text in ["3213109876", "0013109876", "02041098", "02041098765", "2902001111", "abc", "æøå123", "02.04.10-9876"] {
            assert_eq!(dk::parse(Kind::Cpr, text), Parsed::Unreadable, "{text}");
        }
        for text in ["0000000000", "000000-0000", "000000000"] {
            assert_eq!(dk::parse(Kind::Cpr, text), Parsed::StatedUnknown, "{text}");
        }
    }

    #[test]
    fn replacement_numbers_are_a_class_of_their_own() {
        for text in ["620410-9876", "020410-12ab", "0204109XX7"] {
            let canonical = dk::parse(Kind::Cpr, text).value().expect(text);
            assert_eq!(cpr_class(&canonical), Some("erstatning"), "{text}");
            assert_eq!(cpr_date(&canonical), None, "{text}");
        }
        assert_eq!(dk::parse(Kind::Cpr, "020410-12ab"), Parsed::Value("02041012AB".into()));
        assert_eq!(cpr_class("9204109876"), None, "day 92 - 60 is no day");
        assert_eq!(cpr_class("x"), None);
    }

    #[test]
    fn modulus_is_information() {
        // By hand: 0*4 2*3 0*2 4*7 1*6 0*5 9*4 8*3 7*2 6*1 = 120, and 120 is no multiple of 11.
        assert_eq!(cpr_modulus_ok("0204109876"), Some(false));
        assert_eq!(cpr_modulus_ok("0000000000"), Some(true));
        assert_eq!(cpr_modulus_ok("02041012AB"), None);
        assert_eq!(dk::parse(Kind::Cpr, "0204109876"), Parsed::Value("0204109876".into()), "failing it is no error");
    }
}
