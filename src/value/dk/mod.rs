//! Danish vocabularies: the kinds of value that every municipality's exports share, parsed once into one canonical form.
//!
//! [`parse`] reads a cell or a literal; the other functions work on canonical text only.

mod cpr;
mod konto;
mod paragraf;

use super::Kind;

pub use cpr::{cpr_class, cpr_date, cpr_modulus_ok};
pub use konto::{PARTS as ACCOUNT_PARTS, account_part};

/// What a text says in a kind of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// A value, in canonical form; another way of writing the same (hyphen, dots, spaces) is no repair.
    Value(String),
    /// A value in canonical form that something on the way had damaged.
    Repaired(String, Mended),
    /// The source states that the value is unknown (CPR 0000000000).
    StatedUnknown,
    /// It does not read as the kind, or may mean several things.
    Unreadable,
}

/// What was damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mended {
    /// A leading zero was lost.
    LostZero,
    /// An apostrophe before the value, as spreadsheets use to force text.
    Apostrophe,
    /// `.0` behind a number that passed through floating point.
    FloatTail,
}

impl Parsed {
    /// The canonical value, if there is one.
    pub fn value(self) -> Option<String> {
        match self {
            Parsed::Value(text) | Parsed::Repaired(text, _) => Some(text),
            Parsed::StatedUnknown | Parsed::Unreadable => None,
        }
    }

    /// The same value, marked as mended unless it is already.
    fn mended(self, what: Mended) -> Parsed {
        match self {
            Parsed::Value(text) => Parsed::Repaired(text, what),
            other => other,
        }
    }
}

/// Reads `text` as a value of a `dk` kind; other kinds are unreadable. An empty text is unreadable: whoever reads cells
/// settles empty ones first.
pub fn parse(kind: Kind, text: &str) -> Parsed {
    let text = super::canonical_text(text);
    match text.strip_prefix('\'') {
        Some(rest) => parse_clean(kind, rest.trim_start()).mended(Mended::Apostrophe),
        None => parse_clean(kind, &text),
    }
}

fn parse_clean(kind: Kind, text: &str) -> Parsed {
    match kind {
        Kind::Cpr => without_float_tail(text, cpr::parse),
        Kind::Cvr => without_float_tail(text, cvr),
        Kind::Kommune => without_float_tail(text, kommune),
        Kind::Konto => konto::parse(text),
        Kind::Paragraf => paragraf::parse(text),
        _ => Parsed::Unreadable,
    }
}

/// Whether canonical `a` is `b` or lies under it: `5.28.20.1.092` under `5.28.20`, `BL § 32, stk. 1` under `BL § 32`.
/// `None` when `a` says too little to tell: `5.28` may or may not be `5.28.20`, and a section without its law may be of any law.
pub fn under(kind: Kind, a: &str, b: &str) -> Option<bool> {
    match kind {
        Kind::Konto => konto::under(a, b),
        Kind::Paragraf => paragraf::under(a, b),
        _ => Some(a == b),
    }
}

fn without_float_tail(text: &str, read: impl Fn(&str) -> Parsed) -> Parsed {
    match text.strip_suffix(".0") {
        Some(whole) => read(whole).mended(Mended::FloatTail),
        None => read(text),
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Eight digits, perhaps after `DK` and grouped by spaces.
fn cvr(text: &str) -> Parsed {
    let body = text.strip_prefix("DK").or_else(|| text.strip_prefix("dk")).unwrap_or(text);
    let digits: String = body.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    match (all_digits(&digits), digits.len()) {
        (true, 8) if digits.bytes().all(|b| b == b'0') => Parsed::StatedUnknown,
        (true, 8) => Parsed::Value(digits),
        _ => Parsed::Unreadable,
    }
}

/// Three digits, perhaps behind a filling zero. Names are not read.
fn kommune(text: &str) -> Parsed {
    let digits = if text.len() == 4 { text.strip_prefix('0').unwrap_or(text) } else { text };
    match (all_digits(digits), digits.len()) {
        (true, 3) if digits == "000" => Parsed::StatedUnknown,
        (true, 3) if !digits.starts_with('0') => Parsed::Value(digits.to_owned()),
        _ => Parsed::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Parsed {
        Parsed::Value(text.to_owned())
    }

    #[test]
    fn reads_company_numbers() {
        assert_eq!(parse(Kind::Cvr, "12345678"), value("12345678"));
        assert_eq!(parse(Kind::Cvr, "DK 12 34 56 78"), value("12345678"));
        assert_eq!(parse(Kind::Cvr, "12345678.0"), Parsed::Repaired("12345678".into(), Mended::FloatTail));
        assert_eq!(parse(Kind::Cvr, "1234567"), Parsed::Unreadable, "one digit short");
        assert_eq!(parse(Kind::Cvr, "1012345678"), Parsed::Unreadable, "a P-number is no company number");
    }

    #[test]
    fn reads_municipalities() {
        assert_eq!(parse(Kind::Kommune, "0607"), value("607"));
        assert_eq!(parse(Kind::Kommune, " 607 "), value("607"));
        assert_eq!(parse(Kind::Kommune, "60"), Parsed::Unreadable);
        assert_eq!(parse(Kind::Kommune, "6077"), Parsed::Unreadable);
        assert_eq!(parse(Kind::Kommune, "Fredericia"), Parsed::Unreadable);
        assert_eq!(parse(Kind::Kommune, "'0607"), Parsed::Repaired("607".into(), Mended::Apostrophe));
    }

    #[test]
    fn other_kinds_have_no_vocabulary() {
        assert_eq!(parse(Kind::Text, "x"), Parsed::Unreadable);
        assert_eq!(under(Kind::Cvr, "12345678", "12345678"), Some(true));
    }
}
