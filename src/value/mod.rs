//! Values: what a cell or an expression can hold, and the three ways of not holding one.
//!
//! Numbers are exact ([`Decimal`], [`Ratio`]); nothing in sagstjek computes with floating point. National kinds of value
//! (CPR, account, legal section) are vocabularies, see [`dk`].

pub mod decimal;
pub mod dk;

use std::sync::Arc;

use crate::calendar::{Date, Instant};
use crate::locale::Lang;
pub use decimal::{Decimal, Ratio};

/// The kind of a value; the static type of every column and expression that is not a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text, compared exactly after trim and NFC.
    Text,
    /// A list of texts.
    TextList,
    /// A whole number.
    Integer,
    /// A decimal number with this many decimals.
    Decimal(u8),
    /// Money with this many decimals; only at scale 2 or less may it be compared, shown or stored.
    Money(u8),
    /// Per cent with this many decimals: `12.5 %` is 12.5 at scale 1.
    Percent(u8),
    /// An exact quotient of numbers, the result of `/`; must be rounded before use.
    Ratio,
    /// An exact quotient in money.
    MoneyRatio,
    /// A day.
    Date,
    /// A month, held as its first day; stands wherever a date may stand.
    Month,
    /// An instant, or a day whose time of day was not given.
    Timestamp,
    /// A span of months, days or minutes.
    Duration,
    /// A number of working days.
    WorkingDays,
    /// A span of days, its end perhaps open.
    Period,
    /// Yes or no.
    Bool,
    /// Danish personal identity number, canonical form ten digits.
    Cpr,
    /// Danish legal section, canonical form `BL § 32, stk. 1, nr. 3`.
    Paragraf,
    /// Danish municipal account, canonical dotted form (`5.28.20.1.092`, art `7.9`).
    Konto,
    /// Danish company number, eight digits.
    Cvr,
    /// Danish municipality, three digits.
    Kommune,
}

impl Kind {
    /// Whether values of this kind are held as text ([`Value::Text`]).
    pub fn is_textual(self) -> bool {
        matches!(self, Kind::Text | Kind::Cpr | Kind::Paragraf | Kind::Konto | Kind::Cvr | Kind::Kommune)
    }

    /// Whether the kind exists only under the vocabulary `dk`.
    pub fn is_dk(self) -> bool {
        matches!(self, Kind::Cpr | Kind::Paragraf | Kind::Konto | Kind::Cvr | Kind::Kommune)
    }
}

/// A span of time: months do not compare with days, so the parts are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// Calendar months (a year is twelve).
    pub months: i64,
    /// Days (a week is seven).
    pub days: i64,
    /// Minutes (an hour is sixty).
    pub minutes: i64,
}

/// A time stamp: an instant, or a whole Danish day when the source gave no time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timestamp {
    /// To the minute.
    At(Instant),
    /// Some time on this Danish day.
    Day(Date),
}

/// Days from `start` to `end`, both included; no end means open. A period never holds an unknown end: the period itself
/// is unknown then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// First day.
    pub start: Date,
    /// Last day, if any.
    pub end: Option<Date>,
}

/// A present value. Which variant a [`Kind`] uses is fixed: text-like kinds use `Text`, integers and decimals `Number`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Text and every domain kind, in canonical form.
    Text(Arc<str>),
    /// A list of texts.
    List(Arc<[Arc<str>]>),
    /// Integer or decimal.
    Number(Decimal),
    /// Money.
    Money(Decimal),
    /// Per cent.
    Percent(Decimal),
    /// Quotient of numbers.
    Ratio(Ratio),
    /// Quotient in money.
    MoneyRatio(Ratio),
    /// A day; also a month, as its first day.
    Date(Date),
    /// Instant or day.
    Timestamp(Timestamp),
    /// Span of time.
    Duration(Span),
    /// Working days.
    WorkingDays(i64),
    /// Period.
    Period(Period),
    /// Yes or no.
    Bool(bool),
}

/// A value, or one of the two ways a cell or expression has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<T = Value> {
    /// There is a value.
    Present(T),
    /// The source says nothing, or says "no end".
    Empty,
    /// There may be a value, but it is not known to us.
    Unknown(Cause),
}

impl<T> Cell<T> {
    /// The value, if present.
    pub fn present(self) -> Option<T> {
        match self {
            Cell::Present(value) => Some(value),
            Cell::Empty | Cell::Unknown(_) => None,
        }
    }

    /// Applies `f` to a present value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Cell<U> {
        match self {
            Cell::Present(value) => Cell::Present(f(value)),
            Cell::Empty => Cell::Empty,
            Cell::Unknown(cause) => Cell::Unknown(cause),
        }
    }
}

/// A total order over cells of one kind, for sorting only: present before empty before unknown.
pub fn compare_cells(a: &Cell, b: &Cell) -> std::cmp::Ordering {
    let rank = |cell: &Cell| match cell {
        Cell::Present(_) => 0,
        Cell::Empty => 1,
        Cell::Unknown(_) => 2,
    };
    match (a, b) {
        (Cell::Present(a), Cell::Present(b)) => compare(a, b),
        (Cell::Unknown(a), Cell::Unknown(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

/// A total order over values of one kind, for sorting only; it is not the language's `<`.
pub fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
    use std::cmp::Ordering;
    let stamp = |t: &Timestamp| match t {
        Timestamp::At(at) => (at.minutes(), 1),
        Timestamp::Day(day) => (i64::from(day.days()) * 1440, 0),
    };
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::List(a), Value::List(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) | (Value::Money(a), Value::Money(b)) | (Value::Percent(a), Value::Percent(b)) => {
            a.cmp(b)
        }
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Timestamp(a), Value::Timestamp(b)) => stamp(a).cmp(&stamp(b)),
        (Value::Duration(a), Value::Duration(b)) => (a.months, a.days, a.minutes).cmp(&(b.months, b.days, b.minutes)),
        (Value::WorkingDays(a), Value::WorkingDays(b)) => a.cmp(b),
        (Value::Period(a), Value::Period(b)) => (a.start, a.end.is_none(), a.end).cmp(&(b.start, b.end.is_none(), b.end)),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        // Ratios never stand in columns or keys.
        _ => Ordering::Equal,
    }
}

/// Why something is unknown. Where it is unknown (which cell) is kept by whoever recorded it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The cell holds something that does not read as its type.
    Unreadable,
    /// The source states that the value is unknown ("Ukendt", CPR 0000000000).
    StatedUnknown,
    /// The file the row came from has no such column.
    NotDelivered,
    /// A value was needed and the cell is empty.
    Empty,
    /// A link found no row.
    Unmatched,
    /// A link found several rows.
    Ambiguous,
    /// A conclusion from absence over a dataset that did not arrive whole.
    Incomplete,
    /// Nobody delivered the dataset at all.
    DatasetMissing,
    /// The table has no figure for this key or day.
    NoFigure,
    /// A local figure is not set in the config.
    LocalNotSet,
    /// Rows are equal in every ordering key.
    Tie,
    /// A time of day is missing, and the answer depends on it.
    TimeMissing,
    /// The result does not fit, or a division by zero.
    Overflow,
    /// The law leaves it open and the readings disagree.
    LawUnclear,
}

impl Cause {
    /// The cause in a few words.
    pub fn text(self, lang: Lang) -> &'static str {
        let (da, en) = match self {
            Cause::Unreadable => ("kan ikke læses", "cannot be read"),
            Cause::StatedUnknown => ("oplyst som ukendt", "stated as unknown"),
            Cause::NotDelivered => ("kolonnen er ikke leveret", "the column was not delivered"),
            Cause::Empty => ("feltet er tomt", "the cell is empty"),
            Cause::Unmatched => ("ingen række passer", "no row matches"),
            Cause::Ambiguous => ("flere rækker passer", "several rows match"),
            Cause::Incomplete => ("datasættet er ikke komplet", "the dataset is not complete"),
            Cause::DatasetMissing => ("datasættet er ikke leveret", "the dataset was not delivered"),
            Cause::NoFigure => ("tabellen har intet tal", "the table has no figure"),
            Cause::LocalNotSet => ("lokal værdi er ikke sat", "local value is not set"),
            Cause::Tie => ("rækkefølgen kan ikke afgøres", "the order cannot be settled"),
            Cause::TimeMissing => ("klokkeslættet mangler", "the time of day is missing"),
            Cause::Overflow => ("resultatet er uden for talområdet", "the result is out of range"),
            Cause::LawUnclear => ("loven er ikke klar", "the law is unclear"),
        };
        lang.pick(da, en)
    }

    /// The same in one stable English word, for machine formats.
    pub fn code(self) -> &'static str {
        match self {
            Cause::Unreadable => "unreadable",
            Cause::StatedUnknown => "stated-unknown",
            Cause::NotDelivered => "not-delivered",
            Cause::Empty => "empty",
            Cause::Unmatched => "unmatched",
            Cause::Ambiguous => "ambiguous",
            Cause::Incomplete => "incomplete",
            Cause::DatasetMissing => "dataset-missing",
            Cause::NoFigure => "no-figure",
            Cause::LocalNotSet => "local-not-set",
            Cause::Tie => "tie",
            Cause::TimeMissing => "time-missing",
            Cause::Overflow => "overflow",
            Cause::LawUnclear => "law-unclear",
        }
    }
}

/// Trims Unicode white space and zero-width marks at both ends and normalises to NFC: the form in which text is compared.
pub fn canonical_text(raw: &str) -> std::borrow::Cow<'_, str> {
    use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
    // Letters below U+0300 compose with nothing before them, and are one or two bytes: nearly all text, and quickly seen.
    let bytes = raw.as_bytes();
    let starts = |byte: u8| byte.is_ascii_graphic() || byte >= 0xC3;
    // The two spaces beyond ASCII end so.
    let ends = |byte: u8| byte.is_ascii_graphic() || (byte >= 0x80 && !matches!(byte, 0x85 | 0xA0));
    if bytes.first().is_none_or(|&byte| starts(byte))
        && bytes.last().is_none_or(|&byte| ends(byte))
        && bytes.iter().all(|&byte| byte < 0xCC)
    {
        return raw.into();
    }
    let trimmed = raw.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{200e}' | '\u{200f}'));
    match is_nfc_quick(trimmed.chars()) {
        IsNormalized::Yes => trimmed.into(),
        IsNormalized::No | IsNormalized::Maybe => trimmed.nfc().collect::<String>().into(),
    }
}

/// Writes a value for a reader: dates `dd-mm-yyyy`, amounts `1.234,56 kr.` (da) or `1,234.56 kr.` (en). Says nothing of
/// privacy: whoever shows a text value asks the privacy room first.
pub fn show(value: &Value, currency: &str, lang: Lang) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::List(items) => items.join(", "),
        Value::Number(n) => n.show(lang),
        Value::Money(n) => format!("{} {currency}", n.at_least(2).show(lang)),
        Value::Percent(n) => format!("{} %", n.show(lang)),
        Value::Ratio(r) => r.show(lang),
        Value::MoneyRatio(r) => format!("{} {currency}", r.show(lang)),
        Value::Date(day) => day.show(lang),
        Value::Timestamp(Timestamp::Day(day)) => day.show(lang),
        Value::Timestamp(Timestamp::At(at)) => match at.danish() {
            Some((day, hour, minute)) => format!("{} {hour:02}:{minute:02}", day.show(lang)),
            None => at.minutes().to_string(),
        },
        Value::Duration(span) => show_span(*span, lang),
        Value::WorkingDays(n) => format!("{n} {}", lang.pick("arbejdsdage", "working days")),
        Value::Period(p) => match p.end {
            Some(end) => format!("{} – {}", p.start.show(lang), end.show(lang)),
            None => format!("{} –", p.start.show(lang)),
        },
        Value::Bool(yes) => lang.pick(if *yes { "ja" } else { "nej" }, if *yes { "yes" } else { "no" }).to_owned(),
    }
}

fn show_span(span: Span, lang: Lang) -> String {
    let mut parts = Vec::new();
    let mut part = |n: i64, da: &str, en: &str| {
        if n != 0 {
            parts.push(format!("{n} {}", lang.pick(da, en)));
        }
    };
    part(span.months, "måneder", "months");
    part(span.days, "dage", "days");
    part(span.minutes, "minutter", "minutes");
    if parts.is_empty() { format!("0 {}", lang.pick("dage", "days")) } else { parts.join(" ") }
}
