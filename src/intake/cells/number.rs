//! Numbers as people and systems write them, exact: decimal comma, grouped thousands, signs before and behind.
//!
//! A dot in a number without a comma may group thousands or mark decimals. That is settled per column once the whole sheet
//! has been seen ([`Dots`]); until then such a cell is [`Number::Dotted`].

use std::fmt::Write as _;

use crate::value::{Decimal, Kind, Value};

/// A number read from a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Number {
    /// There is one way to read it. The flag tells that it settles the dot of its column: there is a comma, or several dots.
    Sure(Decimal, bool),
    /// One dot and no comma.
    Dotted(Dotted),
}

/// A number with one dot and no comma; both readings have the same digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) struct Dotted {
    units: i64,
    /// Digits behind the dot.
    scale: u8,
    /// Whether the digits stand as grouped thousands do.
    groups: bool,
}

/// What a dot means in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Dot {
    /// It groups thousands.
    Thousands,
    /// It marks decimals.
    Decimals,
}

impl Dotted {
    /// The number under one reading of the dot; `None` when the digits do not stand so.
    pub(in crate::intake) fn under(self, dot: Dot) -> Option<Decimal> {
        match dot {
            Dot::Thousands => self.groups.then(|| Decimal::new(i128::from(self.units), 0)),
            Dot::Decimals => Some(Decimal::new(i128::from(self.units), self.scale)),
        }
    }
}

/// What the cells of a column have shown of the meaning of its dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::intake) struct Dots {
    thousands: bool,
    decimals: bool,
}

impl Dots {
    /// A meaning that somebody told, before any cell.
    pub(in crate::intake) fn told(dot: Dot) -> Dots {
        Dots { thousands: dot == Dot::Thousands, decimals: dot == Dot::Decimals }
    }

    /// Takes a cell as evidence.
    pub(in crate::intake) fn see(&mut self, number: Number) {
        match number {
            Number::Sure(_, settles) => self.thousands |= settles,
            Number::Dotted(Dotted { groups, .. }) => self.decimals |= !groups,
        }
    }

    /// Takes what further cells have shown.
    pub(in crate::intake) fn append(&mut self, later: Dots) {
        self.thousands |= later.thousands;
        self.decimals |= later.decimals;
    }

    /// What the dot means: a comma anywhere makes it a thousands mark; else a dot that cannot group makes it a decimal mark;
    /// else nobody can tell.
    pub(in crate::intake) fn meaning(self) -> Option<Dot> {
        match self {
            Dots { thousands: true, .. } => Some(Dot::Thousands),
            Dots { decimals: true, .. } => Some(Dot::Decimals),
            _ => None,
        }
    }

    /// What a dotted number says in this column.
    pub(in crate::intake) fn settle(self, dotted: Dotted) -> Option<Decimal> {
        dotted.under(self.meaning()?)
    }
}

/// What was taken off a number to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::intake) struct Taken {
    /// The minus stood behind.
    pub(in crate::intake) trailing_minus: bool,
    /// Apostrophe or currency.
    pub(in crate::intake) trimmed: bool,
}

/// Longest run of digits that is still a number here: more would not fit exact arithmetic.
const MOST_DIGITS: usize = 30;

/// Reads trimmed text. `percent` allows a per cent sign behind.
pub(in crate::intake) fn parse(text: &str, percent: bool) -> Option<(Number, Taken)> {
    if let Some(number) = plain(text.as_bytes()) {
        return Some((number, Taken::default()));
    }
    // `1250,--` may be whole kroner or a minus behind whole kroner.
    if text.contains(",--") {
        return None;
    }
    let mut taken = Taken::default();
    let mut rest = text;
    if let Some(bare) = rest.strip_prefix('\'') {
        (rest, taken.trimmed) = (bare, true);
    }
    if percent && let Some(bare) = rest.strip_suffix('%') {
        rest = bare.trim_end();
    }
    let mut negative = None;
    rest = unsigned(rest, &mut negative, &mut taken)?;
    rest = without_currency(rest, &mut taken);
    rest = unsigned(rest, &mut negative, &mut taken)?;
    let number = digits(rest)?;
    let turn = |n: Decimal| if negative == Some(true) { n.negate() } else { Some(n) };
    let number = match number {
        Number::Sure(n, settles) => Number::Sure(turn(n)?, settles),
        Number::Dotted(dotted) if negative == Some(true) => Number::Dotted(Dotted { units: -dotted.units, ..dotted }),
        Number::Dotted(dotted) => Number::Dotted(dotted),
    };
    Some((number, taken))
}

/// Digits, perhaps with a minus before and a comma between them: nearly all numbers there are.
fn plain(text: &[u8]) -> Option<Number> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let (mut units, mut comma) = (0_i64, None);
    for (at, &byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => units = units * 10 + i64::from(byte - b'0'),
            b',' if at > 0 && comma.is_none() => comma = Some(at),
            _ => return None,
        }
        // So many digits always fit.
        if at >= 18 {
            return None;
        }
    }
    let scale = match comma {
        Some(at) => digits.len() - at - 1,
        None => 0,
    };
    if digits.is_empty() || (comma.is_some() && scale == 0) {
        return None;
    }
    let units = if digits.len() < text.len() { -units } else { units };
    Some(Number::Sure(Decimal::new(i128::from(units), scale as u8), comma.is_some()))
}

const MINUS: [char; 3] = ['-', '\u{2212}', '\u{2013}'];

/// Takes a sign off either end; a second sign is no number. CR is minus, DR is plus, parentheses are minus.
fn unsigned<'a>(text: &'a str, negative: &mut Option<bool>, taken: &mut Taken) -> Option<&'a str> {
    let mut rest = text.trim();
    let mut sign = |is_negative: bool| match negative.replace(is_negative) {
        Some(_) => None,
        None => Some(()),
    };
    if let Some(inner) = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')) {
        sign(true)?;
        rest = inner.trim();
    }
    if let Some(bare) = rest.strip_prefix(MINUS) {
        sign(true)?;
        rest = bare.trim_start();
    } else if let Some(bare) = rest.strip_prefix('+') {
        sign(false)?;
        rest = bare.trim_start();
    }
    if let Some(bare) = rest.strip_suffix(MINUS) {
        // `1.250,-` is how whole kroner are written, not a minus.
        if !bare.ends_with(',') {
            sign(true)?;
            taken.trailing_minus = true;
            rest = bare.trim_end();
        }
    } else if let Some(bare) = rest.strip_suffix("CR").or_else(|| rest.strip_suffix("cr")) {
        sign(true)?;
        rest = bare.trim_end();
    } else if let Some(bare) = rest.strip_suffix("DR").or_else(|| rest.strip_suffix("dr")) {
        sign(false)?;
        rest = bare.trim_end();
    }
    Some(rest)
}

fn without_currency<'a>(text: &'a str, taken: &mut Taken) -> &'a str {
    let mut rest = text;
    for word in ["kr.", "kr", "Kr.", "Kr", "KR.", "KR", "DKK", "dkk"] {
        if let Some(bare) = rest.strip_prefix(word) {
            (rest, taken.trimmed) = (bare.trim_start(), true);
            break;
        }
        if let Some(bare) = rest.strip_suffix(word) {
            (rest, taken.trimmed) = (bare.trim_end(), true);
            break;
        }
    }
    for dash in [",-", ",\u{2013}", ",\u{2212}"] {
        if let Some(bare) = rest.strip_suffix(dash) {
            (rest, taken.trimmed) = (bare, true);
            break;
        }
    }
    rest
}

/// Digits with one comma, dots or spaces at most.
fn digits(text: &str) -> Option<Number> {
    let (whole, decimals) = match text.split_once(',') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    if decimals.is_some_and(|d| d.is_empty() || !d.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let dots = whole.matches('.').count();
    let spaced = whole.chars().any(is_group_space);
    if decimals.is_none() && dots == 1 {
        let (front, behind) = whole.split_once('.').filter(|(_, behind)| !behind.is_empty())?;
        let front_digits = if spaced { ungrouped(front, is_group_space)? } else { front.to_owned() };
        let decimal = exact(&front_digits, behind)?;
        let units = i64::try_from(decimal.units()).ok()?;
        return Some(Number::Dotted(Dotted {
            units,
            scale: decimal.scale(),
            groups: !spaced && is_grouped(whole, |c| c == '.'),
        }));
    }
    let whole = match (dots, spaced) {
        (0, false) => whole.to_owned(),
        (0, true) => ungrouped(whole, is_group_space)?,
        (_, false) => ungrouped(whole, |c| c == '.')?,
        (_, true) => return None,
    };
    Some(Number::Sure(exact(&whole, decimals.unwrap_or(""))?, decimals.is_some() || dots > 1))
}

fn is_group_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{200a}' | '\u{202f}')
}

/// One to three digits, not a lone zero in front, then groups of exactly three.
fn is_grouped(text: &str, mark: impl Fn(char) -> bool) -> bool {
    let mut groups = text.split(mark);
    let first = groups.next().unwrap_or("");
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0') && groups.all(|g| g.len() == 3 && digits(g))
}

fn ungrouped(text: &str, mark: impl Fn(char) -> bool + Copy) -> Option<String> {
    is_grouped(text, mark).then(|| text.chars().filter(|c| !mark(*c)).collect())
}

fn exact(whole: &str, decimals: &str) -> Option<Decimal> {
    let digits = whole.bytes().chain(decimals.bytes());
    if (whole.is_empty() && decimals.is_empty()) || whole.len() + decimals.len() > MOST_DIGITS || decimals.len() > 18 {
        return None;
    }
    let mut units: i128 = 0;
    for b in digits {
        if !b.is_ascii_digit() {
            return None;
        }
        units = units.checked_mul(10)?.checked_add(i128::from(b - b'0'))?;
    }
    Some(Decimal::new(units, decimals.len() as u8))
}

/// A workbook number as the decimal that 15 significant digits give, without trailing zeros, and whether digits beyond them
/// were cut. The number is printed, never computed with.
pub(in crate::intake) fn of_workbook(n: f64) -> Option<(Decimal, bool)> {
    if !n.is_finite() {
        return None;
    }
    let mut text = Buffer::default();
    write!(text, "{n:.14e}").ok()?;
    let (mantissa, exponent) = text.text()?.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let mut units: i128 = 0;
    let mut scale: i32 = -exponent;
    let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |m| (true, m));
    for (i, b) in mantissa.bytes().filter(u8::is_ascii_digit).enumerate() {
        units = units * 10 + i128::from(b - b'0');
        scale += i32::from(i > 0);
    }
    while units != 0 && scale > 0 && units % 10 == 0 {
        (units, scale) = (units / 10, scale - 1);
    }
    if units == 0 {
        return Some((Decimal::whole(0), false));
    }
    if scale < 0 {
        units = units.checked_mul(10_i128.checked_pow(scale.unsigned_abs())?)?;
        scale = 0;
    }
    let mut shortest = Buffer::default();
    write!(shortest, "{n:e}").ok()?;
    let written = shortest.text()?.split_once('e')?.0.bytes().filter(u8::is_ascii_digit).count();
    Some((Decimal::new(if negative { -units } else { units }, u8::try_from(scale).ok()?), written > 15))
}

/// A short text on the stack: numbers are printed by the million.
#[derive(Debug)]
struct Buffer {
    bytes: [u8; 40],
    len: usize,
}

impl Default for Buffer {
    fn default() -> Buffer {
        Buffer { bytes: [0; 40], len: 0 }
    }
}

impl Buffer {
    fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes[..self.len]).ok()
    }
}

impl std::fmt::Write for Buffer {
    fn write_str(&mut self, s: &str) -> std::fmt::Result {
        let end = self.len + s.len();
        self.bytes.get_mut(self.len..end).ok_or(std::fmt::Error)?.copy_from_slice(s.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// The number as a value of the kind; `None` when it carries more decimals than the kind has.
pub(in crate::intake) fn as_kind(n: Decimal, kind: Kind) -> Option<Value> {
    let (scale, wrap): (u8, fn(Decimal) -> Value) = match kind {
        Kind::Integer => (0, Value::Number),
        Kind::Decimal(scale) => (scale, Value::Number),
        Kind::Money(scale) => (scale, Value::Money),
        Kind::Percent(scale) => (scale, Value::Percent),
        _ => return None,
    };
    let n = if n.scale() <= scale { n.rescale(scale)? } else { return None };
    i64::try_from(n.units()).ok().map(|_| wrap(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    fn sure(text: &str) -> Option<Decimal> {
        match parse(text, false)?.0 {
            Number::Sure(n, _) => Some(n),
            Number::Dotted(_) => None,
        }
    }

    #[test]
    fn reads_what_has_one_meaning() {
        for (text, n) in [
            ("0", "0"),
            ("1250", "1250"),
            ("1.250,00", "1250.00"),
            ("79.849.584,99", "79849584.99"),
            ("110.023.324", "110023324"),
            ("1 250,5", "1250.5"),
            ("1\u{a0}250,50", "1250.50"),
            ("1\u{2009}250\u{202f}000", "1250000"),
            (",50", "0.50"),
            ("-12,5", "-12.5"),
            ("- 12,5", "-12.5"),
            ("\u{2212}12,5", "-12.5"),
            ("1.250,00-", "-1250.00"),
            ("(1.250,00)", "-1250.00"),
            ("1.250,00 CR", "-1250.00"),
            ("1.250,00 DR", "1250.00"),
            ("1.250,00 kr.", "1250.00"),
            ("kr. 1.250,00", "1250.00"),
            ("kr. -1.250,00", "-1250.00"),
            ("-1.250,00 kr.", "-1250.00"),
            ("1250,-", "1250"),
            ("1250,- kr.", "1250"),
            ("kr. 1250,-", "1250"),
            ("-1250,-", "-1250"),
            ("'1250", "1250"),
            ("+7", "7"),
        ] {
            let read = sure(text);
            assert_eq!(read, Some(d(n)), "{text}");
            assert_eq!(read.map(Decimal::scale), Some(d(n).scale()), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in [
            "",
            "-",
            "kr.",
            "12,",
            "1,2,3",
            "1.25.00",
            "1.2500,00",
            "01.250.000",
            "1,250.00",
            "--5",
            "-5-",
            "(-5)",
            "-(5)",
            "5-CR",
            "*",
            "***",
            "12a",
            "1e5",
            "1,5E+03",
            "\u{663}",
            "12 50",
            "1.250 000,00",
            "1,-5",
            "5,--",
            "%",
            "5 %",
            "1234567890123456789012345678901",
            "0,1234567890123456789",
            "()",
            "+-1",
            "NaN",
            "inf",
            "1\n250",
            "1\t250",
            "5.",
        ] {
            assert_eq!(parse(text, false), None, "{text}");
        }
    }

    #[test]
    fn a_lone_dot_waits_for_its_column() {
        let dotted = |text: &str| match parse(text, false).expect(text).0 {
            Number::Dotted(dotted) => dotted,
            other @ Number::Sure(..) => panic!("{text} was {other:?}"),
        };
        let column = |texts: &[&str]| {
            let mut dots = Dots::default();
            texts.iter().for_each(|t| dots.see(parse(t, false).expect(t).0));
            dots
        };
        assert_eq!(Dots::default().settle(dotted("1.000")), None);
        assert_eq!(column(&["1.000", "250", "2.500"]).settle(dotted("1.000")), None);
        assert_eq!(column(&["12,50"]).settle(dotted("1.000")), Some(d("1000")));
        assert_eq!(column(&["1.000.000"]).settle(dotted("-1.000")), Some(d("-1000")));
        assert_eq!(column(&["12,50", "0.5"]).settle(dotted("0.5")), None);
        assert_eq!(column(&["12.5"]).settle(dotted("1.000")), Some(d("1.000")));
        assert_eq!(column(&["0.500"]).settle(dotted("0.500")), Some(d("0.5")));
        assert_eq!(column(&["1 250.50"]).settle(dotted("1 250.50")), Some(d("1250.50")));
        assert_eq!(column(&["1234.500"]).settle(dotted("1234.500")), Some(d("1234.5")));
    }

    #[test]
    fn per_cent_only_where_it_is_meant() {
        assert_eq!(parse("46 %", true).map(|(n, _)| n), Some(Number::Sure(d("46"), false)));
        assert_eq!(parse("12,5%", true).map(|(n, _)| n), Some(Number::Sure(d("12.5"), true)));
        assert_eq!(parse("46 %", false), None);
    }

    #[test]
    fn tells_what_it_took_off() {
        assert!(parse("5,00-", false).expect("number").1.trailing_minus);
        assert!(!parse("5,-", false).expect("number").1.trailing_minus);
        assert!(parse("5,- kr.", false).expect("number").1.trimmed);
        assert_eq!(parse("-5", false).expect("number").1, Taken::default());
    }

    #[test]
    fn workbook_numbers_are_read_as_printed() {
        for (n, text, noise) in [
            (0.0, "0", false),
            (-0.0, "0", false),
            (45353.0, "45353", false),
            (-1250.5, "-1250.5", false),
            (0.1 + 0.2, "0.3", true),
            (1234.56, "1234.56", false),
            (35247.0 * 15.0 / 37.0, "14289.3243243243", true),
            (101_701_234.0, "101701234", false),
            (1e15, "1000000000000000", false),
            (123_456_789_012_345_680.0, "123456789012346000", true),
            (0.005, "0.005", false),
        ] {
            assert_eq!(of_workbook(n), Some((d(text), noise)), "{n}");
        }
        for n in [f64::NAN, f64::INFINITY, 1e300, 1e-300] {
            assert_eq!(of_workbook(n), None, "{n}");
        }
    }

    #[test]
    fn more_decimals_than_the_column_has_are_refused_not_rounded() {
        assert_eq!(as_kind(d("12.345"), Kind::Money(2)), None);
        assert_eq!(as_kind(d("12.340"), Kind::Money(2)), None, "1.000 in a column of two decimals is no amount");
        assert_eq!(as_kind(d("12.3"), Kind::Money(2)), Some(Value::Money(d("12.30"))));
        assert_eq!(as_kind(d("12"), Kind::Integer), Some(Value::Number(d("12"))));
        assert_eq!(as_kind(d("99999999999999999999"), Kind::Integer), None);
    }
}
