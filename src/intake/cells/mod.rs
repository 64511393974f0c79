//! One cell to one value: a reader per column kind, straight from the raw cell.
//!
//! Nothing here decides by guess: what does not read as its kind is malformed and becomes unknown.

mod code;
mod date;
mod number;
mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{CellFormat, Repair};
use crate::export::RawCell;
use crate::model::CodeList;
use crate::value::{Cause, Cell, Decimal, Kind, Timestamp, Value, canonical_text};
use code::Codes;
use date::When;
pub(super) use number::{Dot, Dots, Dotted, Number, as_kind};
pub(super) use text::is_garbled;

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Read<'a> {
    /// Nothing.
    Empty,
    /// A text of a textual kind, canonical.
    Text(Cow<'a, str>),
    /// Any other value.
    Value(Value),
    /// A number whose dot has a meaning only the whole column can tell.
    Dotted(Dotted),
    /// Unknown, and rightly so: the source says it does not know.
    Unknown(Cause),
    /// Unknown, because it does not read as its kind.
    Malformed,
}

impl Read<'_> {
    /// Independent of the cell it came from.
    pub(super) fn into_owned(self) -> Read<'static> {
        match self {
            Read::Empty => Read::Empty,
            Read::Text(text) => Read::Text(Cow::Owned(text.into_owned())),
            Read::Value(value) => Read::Value(value),
            Read::Dotted(dotted) => Read::Dotted(dotted),
            Read::Unknown(cause) => Read::Unknown(cause),
            Read::Malformed => Read::Malformed,
        }
    }

    /// As the cell to store. A dotted number is unknown until its column is settled.
    pub(super) fn to_cell(&self) -> Cell {
        match self {
            Read::Empty => Cell::Empty,
            Read::Text(text) => Cell::Present(Value::Text(text.as_ref().into())),
            Read::Value(value) => Cell::Present(value.clone()),
            Read::Unknown(cause) => Cell::Unknown(*cause),
            Read::Dotted(_) | Read::Malformed => Cell::Unknown(Cause::Unreadable),
        }
    }
}

/// What reading counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    /// Repairs by kind.
    pub(super) repairs: BTreeMap<Repair, u32>,
    /// CPR numbers read.
    pub(super) cpr_read: u32,
    /// Those that fail modulus 11.
    pub(super) cpr_modulus_failed: u32,
    /// CPR numbers of test persons, without separators.
    pub(super) test_persons: Vec<std::sync::Arc<str>>,
    /// Cells that hold one of them.
    pub(super) tests_met: u32,
    /// Cells whose letters were damaged: UTF-8 read as Windows-1252 and saved again.
    pub(super) garbled: u32,
}

impl Tally {
    /// Adds what reading further cells counted.
    pub(super) fn append(&mut self, later: &Tally) {
        for (repair, count) in &later.repairs {
            *self.repairs.entry(*repair).or_default() += count;
        }
        self.cpr_read += later.cpr_read;
        self.cpr_modulus_failed += later.cpr_modulus_failed;
        self.tests_met += later.tests_met;
        self.garbled += later.garbled;
    }

    fn add(&mut self, repair: Repair) {
        *self.repairs.entry(repair).or_default() += 1;
    }
}

/// What the config says of how a column's cells are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Habits {
    /// How numbers or days are written.
    pub(super) format: Option<CellFormat>,
    /// Texts that mean "no value".
    pub(super) sentinels: Vec<String>,
}

/// Reads the cells of one column.
#[derive(Debug)]
pub(super) struct Reader<'p> {
    kind: Kind,
    codes: Option<Codes<'p>>,
    /// Yes and no turned round.
    negated: bool,
    /// People's names, which may have the last name first.
    names: bool,
    /// The workbook counts days from 1904.
    epoch_1904: bool,
    /// What the dots of this column have shown so far.
    dots: Dots,
    /// Dotted numbers: all, those that read as thousands, those that read as decimals.
    dotted: (u32, u32, u32),
    habits: Habits,
}

impl<'p> Reader<'p> {
    /// A reader for a kind, whose codes are on a list perhaps.
    pub(super) fn new(kind: Kind, codes: Option<&'p CodeList>, negated: bool) -> Reader<'p> {
        let (dots, habits) = (Dots::default(), Habits::default());
        Reader { kind, codes: codes.map(Codes::new), negated, names: false, epoch_1904: false, dots, dotted: (0, 0, 0), habits }
    }

    /// The same, with what the config says of the cells.
    pub(super) fn with(mut self, habits: Habits) -> Reader<'p> {
        self.dots = match habits.format {
            Some(CellFormat::DotGroups) => Dots::told(Dot::Thousands),
            Some(CellFormat::CommaGroups) => Dots::told(Dot::Decimals),
            _ => Dots::default(),
        };
        self.habits = habits;
        self
    }

    /// A reader of the same cells that has read nothing yet.
    pub(super) fn again(&self) -> Reader<'p> {
        let codes = self.codes.as_ref().map(|codes| Codes::new(codes.list()));
        let (names, epoch_1904) = (self.names, self.epoch_1904);
        let plain = Reader { codes, names, epoch_1904, ..Reader::new(self.kind, None, self.negated) };
        plain.with(self.habits.clone())
    }

    /// Adds what a reader of further cells saw.
    pub(super) fn append(&mut self, later: &Reader<'_>) {
        self.dots.append(later.dots);
        let (a, b) = (self.dotted, later.dotted);
        self.dotted = (a.0 + b.0, a.1 + b.1, a.2 + b.2);
    }

    /// For people's names.
    pub(super) fn of_names(self, names: bool) -> Reader<'p> {
        Reader { names, ..self }
    }

    /// For a workbook that counts days from 1904.
    pub(super) fn set_epoch_1904(&mut self, epoch_1904: bool) {
        self.epoch_1904 = epoch_1904;
    }

    /// Whether any text reads.
    pub(super) fn is_text(&self) -> bool {
        self.kind == Kind::Text && self.codes.is_none()
    }

    /// After the last cell: what a dotted number says.
    pub(super) fn settle(&self, dotted: Dotted) -> Option<Value> {
        self.dots.settle(dotted).and_then(|n| as_kind(n, self.kind))
    }

    /// After the last cell: how many dotted numbers do not read.
    pub(super) fn unsettled(&self) -> u32 {
        let (all, thousands, decimals) = self.dotted;
        all - match self.dots.meaning() {
            Some(Dot::Thousands) => thousands,
            Some(Dot::Decimals) => decimals,
            None => 0,
        }
    }

    /// Reads a cell.
    pub(super) fn read<'a>(&mut self, raw: RawCell<'a>, tally: &mut Tally) -> Read<'a> {
        match raw {
            RawCell::Empty => Read::Empty,
            RawCell::Text(text) => self.read_text(text, tally),
            RawCell::Number(n) => self.read_number(n, tally),
            RawCell::Serial(n) => self.read_serial(n),
            RawCell::Bool(yes) => self.read_bool(yes),
            RawCell::Error(_) => Read::Malformed,
        }
    }

    fn read_text<'a>(&mut self, raw: &'a str, tally: &mut Tally) -> Read<'a> {
        let text = canonical_text(raw);
        if text.len() < raw.len() {
            tally.add(Repair::Trimmed);
        }
        if text.is_empty() {
            return Read::Empty;
        }
        if self.habits.sentinels.iter().any(|sentinel| *sentinel == *text) {
            tally.add(Repair::Placeholder);
            return Read::Empty;
        }
        tally.garbled += u32::from(text::is_garbled(&text));
        if let Some((found, respelled)) = self.codes.as_mut().and_then(|codes| codes.find(&text)) {
            if respelled {
                tally.add(Repair::CodeSpelling);
            }
            return match self.kind {
                Kind::TextList => Read::Value(Value::List([found].into())),
                _ => Read::Text(Cow::Owned(found.to_string())),
            };
        }
        match text::plain(&text) {
            text::Plain::Placeholder => {
                tally.add(Repair::Placeholder);
                return Read::Empty;
            }
            text::Plain::StatedUnknown => return Read::Unknown(Cause::StatedUnknown),
            text::Plain::Error => return Read::Malformed,
            text::Plain::Content => {}
        }
        match self.kind {
            Kind::Integer | Kind::Decimal(_) | Kind::Money(_) | Kind::Percent(_) => self.number_of_text(&text, tally),
            Kind::Date | Kind::Timestamp => match self.day(&text) {
                Some((when, serial)) => self.read_when(when, serial, tally),
                None => match date::short_year(&text).filter(|_| self.habits.format != Some(CellFormat::MonthFirst)) {
                    Some(day) => {
                        tally.add(Repair::ShortYear);
                        self.when(When::On(day, None))
                    }
                    None => Read::Malformed,
                },
            },
            Kind::Month => date::month(&text).map_or(Read::Malformed, |day| Read::Value(Value::Date(day))),
            Kind::Bool => text::yes_no(&text).map_or(Read::Malformed, |yes| self.read_bool(yes)),
            kind if kind.is_dk() => code::vocabulary(kind, &text, tally),
            Kind::TextList => self.list(&text, tally),
            _ if self.codes.as_ref().is_some_and(|codes| !codes.others()) || text::is_shortened(&text) => Read::Malformed,
            _ => match text.strip_prefix('\'').filter(|bare| bare.starts_with(|c: char| c.is_ascii_digit())) {
                Some(bare) => {
                    tally.add(Repair::Trimmed);
                    Read::Text(Cow::Owned(bare.to_owned()))
                }
                None => match self.names.then(|| text::first_name_first(&text)).flatten() {
                    Some(turned) => {
                        tally.add(Repair::NameOrder);
                        Read::Text(Cow::Owned(turned))
                    }
                    None => Read::Text(text),
                },
            },
        }
    }

    /// A day as text; the month stands first only where the config says so.
    fn day(&self, text: &str) -> Option<(When, bool)> {
        match self.habits.format {
            Some(CellFormat::MonthFirst) => date::parse(&date::month_first(text)?),
            _ => date::parse(text),
        }
    }

    fn number_of_text(&mut self, text: &str, tally: &mut Tally) -> Read<'static> {
        // Too few to be told, or too wide for its column.
        if text::is_suppressed(text) {
            return Read::Unknown(Cause::StatedUnknown);
        }
        let percent = matches!(self.kind, Kind::Percent(_));
        let parsed = match self.habits.format {
            Some(CellFormat::CommaGroups) => number::parse(&text.replace(',', ""), percent),
            _ => number::parse(text, percent),
        };
        let Some((number, taken)) = parsed else { return Read::Malformed };
        if taken.trailing_minus {
            tally.add(Repair::TrailingMinus);
        }
        if taken.trimmed {
            tally.add(Repair::Trimmed);
        }
        self.dots.see(number);
        match number {
            Number::Sure(n, _) => self.of_unit(n).and_then(|n| as_kind(n, self.kind)).map_or(Read::Malformed, Read::Value),
            Number::Dotted(_) if self.habits.format == Some(CellFormat::Hundredths) => Read::Malformed,
            Number::Dotted(dotted) => {
                let reads = |dot| u32::from(dotted.under(dot).and_then(|n| as_kind(n, self.kind)).is_some());
                self.dotted.0 += 1;
                self.dotted.1 += reads(Dot::Thousands);
                self.dotted.2 += reads(Dot::Decimals);
                Read::Dotted(dotted)
            }
        }
    }

    fn list<'a>(&mut self, text: &str, tally: &mut Tally) -> Read<'a> {
        let mut items = Vec::new();
        for item in text.split([';', '|', '\n']).map(canonical_text).filter(|item| !item.is_empty()) {
            match self.codes.as_mut() {
                None => items.push(item.as_ref().into()),
                Some(codes) => match codes.find(&item) {
                    Some((found, respelled)) => {
                        if respelled {
                            tally.add(Repair::CodeSpelling);
                        }
                        items.push(found);
                    }
                    None if codes.others() => items.push(item.as_ref().into()),
                    None => return Read::Malformed,
                },
            }
        }
        if items.is_empty() { Read::Empty } else { Read::Value(Value::List(items.into())) }
    }

    fn read_number<'a>(&mut self, n: f64, tally: &mut Tally) -> Read<'a> {
        let Some((number, noise)) = number::of_workbook(n) else { return Read::Malformed };
        if noise {
            tally.add(Repair::FloatNoise);
        }
        match self.kind {
            // 0,46 under a per cent format and 0,46 without one look the same here.
            Kind::Percent(_)
                if number.scale() > 0 && number.floor().and_then(|w| w.to_i64()).is_some_and(|w| matches!(w, -1 | 0)) =>
            {
                Read::Malformed
            }
            Kind::Integer | Kind::Decimal(_) | Kind::Money(_) | Kind::Percent(_) => {
                self.of_unit(number).and_then(|n| as_kind(n, self.kind)).map_or(Read::Malformed, Read::Value)
            }
            Kind::Date | Kind::Timestamp => match date::plain_number(self.counted_from_1904(number)) {
                Some((when, serial)) => self.read_when(when, serial, tally),
                None => Read::Malformed,
            },
            Kind::Month => date::month(&number.plain()).map_or(Read::Malformed, |day| Read::Value(Value::Date(day))),
            Kind::Bool => match number.to_i64() {
                Some(0) => self.read_bool(false),
                Some(1) => self.read_bool(true),
                _ => Read::Malformed,
            },
            // A spreadsheet holds 15 digits; an id or number of more has lost its last ones.
            _ if noise || number.units().unsigned_abs() >= 1_000_000_000_000_000 => Read::Malformed,
            _ => self.read_text(&number.plain(), tally).into_owned(),
        }
    }

    /// A number in the column's unit: whole hundredths where the config says so.
    fn of_unit(&self, n: Decimal) -> Option<Decimal> {
        match self.habits.format {
            Some(CellFormat::Hundredths) => Some(Decimal::new(n.rescale(0)?.units(), 2)),
            _ => Some(n),
        }
    }

    /// A number without date format that is a day of a workbook which counts from 1904.
    fn counted_from_1904(&self, number: Decimal) -> Decimal {
        let is_day = || number.floor().and_then(|n| n.to_i64()).is_some_and(|n| (18_538..=78_538).contains(&n));
        let moved = if self.epoch_1904 && is_day() { number.plus(Decimal::whole(1_462)) } else { None };
        moved.unwrap_or(number)
    }

    fn read_serial<'a>(&mut self, n: f64) -> Read<'a> {
        let Some(when) = number::of_workbook(n).and_then(|(n, _)| date::serial(n)) else { return Read::Malformed };
        let day = match when {
            When::On(day, _) => Some(day),
            When::OpenEnd | When::NoDate => None,
        };
        match (self.kind, day) {
            (Kind::Date | Kind::Timestamp, _) => self.when(when),
            (Kind::Month, Some(day)) => Read::Value(Value::Date(day.start_of_month())),
            (Kind::Text, Some(day)) if self.codes.is_none() => Read::Text(Cow::Owned(day.show(crate::locale::Lang::Da))),
            _ => Read::Malformed,
        }
    }

    fn read_when<'a>(&self, when: When, serial: bool, tally: &mut Tally) -> Read<'a> {
        match when {
            When::OpenEnd => tally.add(Repair::OpenEnd),
            When::NoDate => tally.add(Repair::NoDate),
            When::On(..) if serial => tally.add(Repair::SerialDate),
            When::On(..) => {}
        }
        self.when(when)
    }

    fn when<'a>(&self, when: When) -> Read<'a> {
        match (when, self.kind) {
            (When::OpenEnd | When::NoDate, _) => Read::Empty,
            (When::On(day, at), Kind::Timestamp) => Read::Value(Value::Timestamp(at.map_or(Timestamp::Day(day), Timestamp::At))),
            (When::On(day, _), _) => Read::Value(Value::Date(day)),
        }
    }

    fn read_bool<'a>(&self, yes: bool) -> Read<'a> {
        match self.kind {
            Kind::Bool => Read::Value(Value::Bool(yes != self.negated)),
            Kind::Text if self.codes.is_none() => Read::Text(Cow::Borrowed(if yes { "SAND" } else { "FALSK" })),
            _ => Read::Malformed,
        }
    }
}

/// A cell of a summed column: the number in it, if any; `None` when it is no number.
pub(super) fn amount(raw: RawCell<'_>) -> Option<Option<Number>> {
    match raw {
        RawCell::Empty => Some(None),
        RawCell::Number(n) => Some(Some(Number::Sure(number::of_workbook(n)?.0, false))),
        RawCell::Text(text) => {
            let text = canonical_text(text);
            match text::plain(&text) {
                _ if text.is_empty() => Some(None),
                text::Plain::Placeholder => Some(None),
                text::Plain::Content => Some(Some(number::parse(&text, false)?.0)),
                text::Plain::StatedUnknown | text::Plain::Error => None,
            }
        }
        RawCell::Serial(_) | RawCell::Bool(_) | RawCell::Error(_) => None,
    }
}

/// A day found in running text: the only one there is, in any of the forms with a four-digit year.
pub(super) fn day_in(text: &str) -> Option<crate::calendar::Date> {
    let word = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '/');
    let mut found = None;
    for part in text.split(|c| !word(c)).map(|part| part.trim_matches(['-', '.', '/'])) {
        let Some((When::On(day, None), false)) = (part.len() >= 8).then(|| date::parse(part)).flatten() else {
            continue;
        };
        // Eight digits may be any number; only a year of our time makes them a day.
        if !(1990..=2100).contains(&day.year()) {
            continue;
        }
        if found.is_some_and(|other| other != day) {
            return None;
        }
        found = Some(day);
    }
    found
}

#[cfg(test)]
mod tests;
