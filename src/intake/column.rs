//! Typed columns: a few bytes a cell, with the reasons of unknown cells in a sparse side table.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::calendar::{Date, Instant};
use crate::value::{Cause, Cell, Decimal, Kind, Timestamp, Value};

/// Distinct texts in the order they were first met. Nothing observable depends on that order.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    texts: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
}

impl Dictionary {
    /// The code of `text`, adding it if new.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(&code) = self.codes.get(text) {
            return code;
        }
        let code = self.texts.len() as u32;
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.codes.insert(text, code);
        code
    }

    /// The text of a code.
    pub fn text(&self, code: u32) -> &Arc<str> {
        &self.texts[code as usize]
    }

    /// The code of a text that is there.
    pub fn code(&self, text: &str) -> Option<u32> {
        self.codes.get(text).copied()
    }

    /// Number of distinct texts.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

const EMPTY32: u32 = u32::MAX;
const UNKNOWN32: u32 = u32::MAX - 1;
const EMPTY_DAY: i32 = i32::MIN;
const UNKNOWN_DAY: i32 = i32::MIN + 1;
const EMPTY64: i64 = i64::MIN;
const UNKNOWN64: i64 = i64::MIN + 1;
const EMPTY8: u8 = u8::MAX;
const UNKNOWN8: u8 = u8::MAX - 1;

#[derive(Debug, Clone)]
enum Data {
    Text(Vec<u32>, Dictionary),
    /// Lists are interned as their items joined by U+001F.
    List(Vec<u32>, Dictionary),
    Number(Vec<i64>, u8),
    Day(Vec<i32>),
    /// Minutes doubled; an odd number is a whole day (its minutes at 00:00 UTC of that day number).
    Stamp(Vec<i64>),
    Bool(Vec<u8>),
}

/// A column of one [`Kind`]; cells are appended and then read.
#[derive(Debug, Clone)]
pub struct Column {
    kind: Kind,
    data: Data,
    causes: BTreeMap<u32, Cause>,
}

impl Column {
    /// An empty column. Kinds that only expressions have (ratio, duration, period) are held as text and never appear in a model.
    pub fn new(kind: Kind) -> Column {
        let data = match kind {
            Kind::TextList => Data::List(Vec::new(), Dictionary::default()),
            Kind::Integer => Data::Number(Vec::new(), 0),
            Kind::Decimal(scale) | Kind::Money(scale) | Kind::Percent(scale) => Data::Number(Vec::new(), scale),
            Kind::Date | Kind::Month => Data::Day(Vec::new()),
            Kind::Timestamp => Data::Stamp(Vec::new()),
            Kind::Bool => Data::Bool(Vec::new()),
            _ => Data::Text(Vec::new(), Dictionary::default()),
        };
        Column { kind, data, causes: BTreeMap::new() }
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        match &self.data {
            Data::Text(v, _) | Data::List(v, _) => v.len(),
            Data::Number(v, _) | Data::Stamp(v) => v.len(),
            Data::Day(v) => v.len(),
            Data::Bool(v) => v.len(),
        }
    }

    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a cell. A value that is not of the column's kind, or a number that does not fit its scale, becomes unknown
    /// (unreadable); never a different value.
    pub fn push(&mut self, cell: Cell) {
        let row = self.len() as u32;
        let cause = match cell {
            Cell::Present(value) => match self.push_value(&value) {
                true => return,
                false => Cause::Unreadable,
            },
            Cell::Empty => {
                self.push_sentinel(true);
                return;
            }
            Cell::Unknown(cause) => cause,
        };
        self.push_sentinel(false);
        self.causes.insert(row, cause);
    }

    /// Appends a text without making a [`Value`] of it; only for text-like kinds.
    pub fn push_text(&mut self, text: &str) {
        if let Data::Text(cells, dictionary) = &mut self.data {
            let code = dictionary.intern(text);
            cells.push(code);
        } else {
            self.push(Cell::Unknown(Cause::Unreadable));
        }
    }

    fn push_sentinel(&mut self, empty: bool) {
        match &mut self.data {
            Data::Text(v, _) | Data::List(v, _) => v.push(if empty { EMPTY32 } else { UNKNOWN32 }),
            Data::Number(v, _) | Data::Stamp(v) => v.push(if empty { EMPTY64 } else { UNKNOWN64 }),
            Data::Day(v) => v.push(if empty { EMPTY_DAY } else { UNKNOWN_DAY }),
            Data::Bool(v) => v.push(if empty { EMPTY8 } else { UNKNOWN8 }),
        }
    }

    fn push_value(&mut self, value: &Value) -> bool {
        match (&mut self.data, value) {
            (Data::Text(cells, dictionary), Value::Text(text)) => cells.push(dictionary.intern(text)),
            (Data::List(cells, dictionary), Value::List(items)) => {
                let joined = items.join("\u{1f}");
                cells.push(dictionary.intern(&joined));
            }
            (Data::Number(cells, scale), Value::Number(n) | Value::Money(n) | Value::Percent(n)) => {
                let Some(units) = n.rescale(*scale).and_then(|n| i64::try_from(n.units()).ok()) else { return false };
                if units <= UNKNOWN64 {
                    return false;
                }
                cells.push(units);
            }
            (Data::Day(cells), Value::Date(day)) => cells.push(day.days()),
            (Data::Stamp(cells), Value::Timestamp(stamp)) => cells.push(match stamp {
                Timestamp::At(at) => at.minutes() * 2,
                Timestamp::Day(day) => i64::from(day.days()) * 2880 + 1,
            }),
            (Data::Bool(cells), Value::Bool(yes)) => cells.push(u8::from(*yes)),
            _ => return false,
        }
        true
    }

    /// The cell of a row.
    pub fn get(&self, row: u32) -> Cell {
        let i = row as usize;
        let unknown = || Cell::Unknown(self.causes.get(&row).copied().unwrap_or(Cause::Unreadable));
        match &self.data {
            Data::Text(v, dictionary) => match v[i] {
                EMPTY32 => Cell::Empty,
                UNKNOWN32 => unknown(),
                code => Cell::Present(Value::Text(dictionary.text(code).clone())),
            },
            Data::List(v, dictionary) => match v[i] {
                EMPTY32 => Cell::Empty,
                UNKNOWN32 => unknown(),
                code => Cell::Present(Value::List(dictionary.text(code).split('\u{1f}').map(Arc::from).collect())),
            },
            Data::Number(v, scale) => match v[i] {
                EMPTY64 => Cell::Empty,
                UNKNOWN64 => unknown(),
                units => {
                    let n = Decimal::new(i128::from(units), *scale);
                    Cell::Present(match self.kind {
                        Kind::Money(_) => Value::Money(n),
                        Kind::Percent(_) => Value::Percent(n),
                        _ => Value::Number(n),
                    })
                }
            },
            Data::Day(v) => match v[i] {
                EMPTY_DAY => Cell::Empty,
                UNKNOWN_DAY => unknown(),
                days => Cell::Present(Value::Date(Date::from_days(days))),
            },
            Data::Stamp(v) => match v[i] {
                EMPTY64 => Cell::Empty,
                UNKNOWN64 => unknown(),
                n if n.rem_euclid(2) == 1 => {
                    Cell::Present(Value::Timestamp(Timestamp::Day(Date::from_days(n.div_euclid(2880) as i32))))
                }
                n => Cell::Present(Value::Timestamp(Timestamp::At(Instant::from_minutes(n / 2)))),
            },
            Data::Bool(v) => match v[i] {
                EMPTY8 => Cell::Empty,
                UNKNOWN8 => unknown(),
                b => Cell::Present(Value::Bool(b == 1)),
            },
        }
    }

    /// The text of a row without a copy; `None` when it is not a present text.
    pub fn text(&self, row: u32) -> Option<&Arc<str>> {
        match &self.data {
            Data::Text(v, dictionary) if v[row as usize] < UNKNOWN32 => Some(dictionary.text(v[row as usize])),
            _ => None,
        }
    }

    /// The same cells in another order: `order[new] = old`.
    #[must_use]
    pub fn permuted(&self, order: &[u32]) -> Column {
        fn pick<T: Copy>(v: &[T], order: &[u32]) -> Vec<T> {
            order.iter().map(|&old| v[old as usize]).collect()
        }
        let data = match &self.data {
            Data::Text(v, d) => Data::Text(pick(v, order), d.clone()),
            Data::List(v, d) => Data::List(pick(v, order), d.clone()),
            Data::Number(v, s) => Data::Number(pick(v, order), *s),
            Data::Day(v) => Data::Day(pick(v, order)),
            Data::Stamp(v) => Data::Stamp(pick(v, order)),
            Data::Bool(v) => Data::Bool(pick(v, order)),
        };
        let causes = if self.causes.is_empty() {
            BTreeMap::new()
        } else {
            (0_u32..).zip(order).filter_map(|(new, old)| Some((new, *self.causes.get(old)?))).collect()
        };
        Column { kind: self.kind, data, causes }
    }

    /// Makes every cell from row `from` on unknown for this cause: a column that was refused for one file.
    pub fn refuse_from(&mut self, from: u32, cause: Cause) {
        let i = from as usize;
        match &mut self.data {
            Data::Text(v, _) | Data::List(v, _) => v[i..].fill(UNKNOWN32),
            Data::Number(v, _) | Data::Stamp(v) => v[i..].fill(UNKNOWN64),
            Data::Day(v) => v[i..].fill(UNKNOWN_DAY),
            Data::Bool(v) => v[i..].fill(UNKNOWN8),
        }
        for row in from..self.len() as u32 {
            self.causes.insert(row, cause);
        }
    }
}
