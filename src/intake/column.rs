//! Typed columns: a few bytes a cell, with the reasons of unknown cells in a sparse side table.
//!
//! A column whose cells are all alike so far (all empty, or all unknown for one cause) holds no cells at all. That is how a
//! column that no file delivered is held, and one that the load plan does not want: its cells are unknown
//! ([`Cause::NotDelivered`]), never empty, so that a reader who should not have asked cannot conclude anything.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Dictionary;
use crate::calendar::{Date, Instant};
use crate::value::{Cause, Cell, Decimal, Kind, Timestamp, Value};

const EMPTY32: u32 = u32::MAX;
const UNKNOWN32: u32 = u32::MAX - 1;
const EMPTY_DAY: i32 = i32::MIN;
const UNKNOWN_DAY: i32 = i32::MIN + 1;
const EMPTY64: i64 = i64::MIN;
const UNKNOWN64: i64 = i64::MIN + 1;
const EMPTY8: u8 = u8::MAX;
const UNKNOWN8: u8 = u8::MAX - 1;

/// A number that stands for a cell; two of its values say that there is nothing in it.
pub trait Lane: Copy + Ord {
    /// The cell is empty.
    const EMPTY: Self;
    /// The cell is unknown.
    const UNKNOWN: Self;

    /// Whether there is something in it.
    fn is_present(self) -> bool {
        self != Self::EMPTY && self != Self::UNKNOWN
    }
}

impl Lane for u32 {
    const EMPTY: u32 = EMPTY32;
    const UNKNOWN: u32 = UNKNOWN32;
}

impl Lane for i32 {
    const EMPTY: i32 = EMPTY_DAY;
    const UNKNOWN: i32 = UNKNOWN_DAY;
}

impl Lane for i64 {
    const EMPTY: i64 = EMPTY64;
    const UNKNOWN: i64 = UNKNOWN64;
}

impl Lane for u8 {
    const EMPTY: u8 = EMPTY8;
    const UNKNOWN: u8 = UNKNOWN8;
}

/// The cells of a column as numbers, one for each row.
#[derive(Debug, Clone, Copy)]
pub enum Lanes<'a> {
    /// All alike: unknown for this cause, or empty.
    Alike(Option<Cause>),
    /// Codes of texts.
    Text(&'a [u32], &'a Dictionary),
    /// Units at a scale.
    Number(&'a [i64], u8),
    /// Days since 1970-01-01.
    Day(&'a [i32]),
    /// No (0) and yes (1).
    Bool(&'a [u8]),
    /// Cells that no one number tells: time stamps and lists.
    Other,
}

#[derive(Debug, Clone)]
enum Data {
    /// So many cells, all unknown for this cause, or all empty.
    Alike(u32, Option<Cause>),
    Text(Vec<u32>, Dictionary),
    /// Lists are interned as their items joined by U+001F.
    List(Vec<u32>, Dictionary),
    Number(Vec<i64>, u8),
    Day(Vec<i32>),
    /// Minutes doubled; an odd number is a whole day (its minutes at 00:00 UTC of that day number).
    Stamp(Vec<i64>),
    Bool(Vec<u8>),
}

/// Distinct texts so many that it matters where they lie.
const MANY: usize = 100_000;

/// A column of one [`Kind`]; cells are appended and then read.
#[derive(Debug, Clone)]
pub struct Column {
    kind: Kind,
    data: Data,
    /// Causes of unknown cells; one that is not here is [`Cause::NotDelivered`], so that whole files without the column cost
    /// nothing.
    causes: BTreeMap<u32, Cause>,
}

impl Column {
    /// A column without cells. Kinds that only expressions have (ratio, duration, period) are held as text and never appear
    /// in a model.
    pub fn new(kind: Kind) -> Column {
        Column { kind, data: Data::Alike(0, None), causes: BTreeMap::new() }
    }

    /// A column of `len` cells, all unknown for this cause.
    pub fn unknown(kind: Kind, len: u32, cause: Cause) -> Column {
        Column { kind, data: Data::Alike(len, Some(cause)), causes: BTreeMap::new() }
    }

    /// Gives every cell its own place.
    fn settle(&mut self) {
        let Data::Alike(len, cause) = self.data else { return };
        let n = len as usize;
        let pick32 = if cause.is_some() { UNKNOWN32 } else { EMPTY32 };
        let pick64 = if cause.is_some() { UNKNOWN64 } else { EMPTY64 };
        self.data = match self.kind {
            Kind::TextList => Data::List(vec![pick32; n], Dictionary::default()),
            Kind::Integer => Data::Number(vec![pick64; n], 0),
            Kind::Decimal(scale) | Kind::Money(scale) | Kind::Percent(scale) => Data::Number(vec![pick64; n], scale),
            Kind::Date | Kind::Month => Data::Day(vec![if cause.is_some() { UNKNOWN_DAY } else { EMPTY_DAY }; n]),
            Kind::Timestamp => Data::Stamp(vec![pick64; n]),
            Kind::Bool => Data::Bool(vec![if cause.is_some() { UNKNOWN8 } else { EMPTY8 }; n]),
            _ => Data::Text(vec![pick32; n], Dictionary::default()),
        };
        if let Some(cause) = cause {
            for row in 0..len {
                self.remember(row, cause);
            }
        }
    }

    fn remember(&mut self, row: u32, cause: Cause) {
        if cause == Cause::NotDelivered {
            self.causes.remove(&row);
        } else {
            self.causes.insert(row, cause);
        }
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        match &self.data {
            Data::Alike(len, _) => *len as usize,
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
            Cell::Present(value) => {
                self.settle();
                match self.push_value(&value) {
                    true => return,
                    false => Some(Cause::Unreadable),
                }
            }
            Cell::Empty => None,
            Cell::Unknown(cause) => Some(cause),
        };
        if let Data::Alike(len, all) = &mut self.data
            && (*len == 0 || *all == cause)
        {
            *all = cause;
            *len += 1;
            return;
        }
        self.settle();
        self.push_sentinel(cause.is_none());
        if let Some(cause) = cause {
            self.remember(row, cause);
        }
    }

    /// Replaces the cell of a row that is there.
    pub fn set(&mut self, row: u32, cell: Cell) {
        self.settle();
        let mut one = Column::new(self.kind);
        one.push(cell);
        one.settle();
        let i = row as usize;
        let cause = one.causes.get(&0).copied();
        let recode = |codes: &mut Vec<u32>, dictionary: &mut Dictionary, from: u32, texts: &Dictionary| {
            codes[i] = if from < UNKNOWN32 { dictionary.intern(texts.text(from)) } else { from };
        };
        match (&mut self.data, &one.data) {
            (Data::Text(v, d), Data::Text(w, e)) | (Data::List(v, d), Data::List(w, e)) => recode(v, d, w[0], e),
            (Data::Number(v, _), Data::Number(w, _)) | (Data::Stamp(v), Data::Stamp(w)) => v[i] = w[0],
            (Data::Day(v), Data::Day(w)) => v[i] = w[0],
            (Data::Bool(v), Data::Bool(w)) => v[i] = w[0],
            _ => {}
        }
        self.causes.remove(&row);
        if let Some(cause) = cause {
            self.remember(row, cause);
        }
    }

    /// Drops the cells from row `len` on.
    pub fn truncate(&mut self, len: u32) {
        let n = len as usize;
        match &mut self.data {
            Data::Alike(held, _) => *held = len.min(*held),
            Data::Text(v, _) | Data::List(v, _) => v.truncate(n),
            Data::Number(v, _) | Data::Stamp(v) => v.truncate(n),
            Data::Day(v) => v.truncate(n),
            Data::Bool(v) => v.truncate(n),
        }
        self.causes.split_off(&len);
    }

    /// Appends all cells of another column of the same kind.
    pub fn extend(&mut self, mut other: Column) {
        if other.is_empty() {
            return;
        }
        if self.is_empty() {
            *self = other;
            return;
        }
        if let (Data::Alike(held, mine), Data::Alike(len, all)) = (&mut self.data, &other.data)
            && mine == all
        {
            *held += len;
            return;
        }
        let first = self.len() as u32;
        other.settle();
        self.settle();
        match (&mut self.data, other.data) {
            (Data::Text(v, d), Data::Text(w, e)) | (Data::List(v, d), Data::List(w, e)) => {
                let codes: Vec<u32> = e.iter().map(|text| d.intern(text)).collect();
                v.extend(w.into_iter().map(|code| codes.get(code as usize).copied().unwrap_or(code)));
            }
            (Data::Number(v, _), Data::Number(w, _)) | (Data::Stamp(v), Data::Stamp(w)) => v.extend(w),
            (Data::Day(v), Data::Day(w)) => v.extend(w),
            (Data::Bool(v), Data::Bool(w)) => v.extend(w),
            _ => {}
        }
        self.causes.extend(other.causes.into_iter().map(|(row, cause)| (first + row, cause)));
    }

    /// Appends these rows of another column of the same kind.
    pub fn append(&mut self, other: &Column, rows: &[u32]) {
        if let Data::Alike(len, all) = other.data {
            if len == 0 || rows.is_empty() {
                return;
            }
            if let Data::Alike(held, mine) = &mut self.data
                && (*held == 0 || *mine == all)
            {
                *mine = all;
                *held += rows.len() as u32;
                return;
            }
        }
        let first = self.len() as u32;
        let mut other = std::borrow::Cow::Borrowed(other);
        if matches!(other.data, Data::Alike(..)) {
            other.to_mut().settle();
        }
        self.settle();
        let recode = |v: &mut Vec<u32>, d: &mut Dictionary, w: &[u32], e: &Dictionary| {
            let codes: Vec<u32> = e.iter().map(|text| d.intern(text)).collect();
            v.extend(rows.iter().map(|&row| codes.get(w[row as usize] as usize).copied().unwrap_or(w[row as usize])));
        };
        match (&mut self.data, &other.data) {
            (Data::Text(v, d), Data::Text(w, e)) | (Data::List(v, d), Data::List(w, e)) => recode(v, d, w, e),
            (Data::Number(v, _), Data::Number(w, _)) | (Data::Stamp(v), Data::Stamp(w)) => {
                v.extend(rows.iter().map(|&row| w[row as usize]));
            }
            (Data::Day(v), Data::Day(w)) => v.extend(rows.iter().map(|&row| w[row as usize])),
            (Data::Bool(v), Data::Bool(w)) => v.extend(rows.iter().map(|&row| w[row as usize])),
            _ => {}
        }
        if !other.causes.is_empty() {
            for (row, old) in (first..).zip(rows) {
                if let Some(&cause) = other.causes.get(old) {
                    self.causes.insert(row, cause);
                }
            }
        }
    }

    /// Appends a text without making a [`Value`] of it; only for text-like kinds.
    pub fn push_text(&mut self, text: &str) {
        self.settle();
        if let Data::Text(cells, dictionary) = &mut self.data {
            let code = dictionary.intern(text);
            cells.push(code);
        } else {
            self.push(Cell::Unknown(Cause::Unreadable));
        }
    }

    fn push_sentinel(&mut self, empty: bool) {
        match &mut self.data {
            Data::Alike(len, _) => *len += 1,
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
        let unknown = || Cell::Unknown(self.causes.get(&row).copied().unwrap_or(Cause::NotDelivered));
        match &self.data {
            Data::Alike(_, Some(cause)) => Cell::Unknown(*cause),
            Data::Alike(_, None) => Cell::Empty,
            Data::Text(v, dictionary) => match v[i] {
                EMPTY32 => Cell::Empty,
                UNKNOWN32 => unknown(),
                code => Cell::Present(Value::Text(dictionary.text(code).into())),
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

    /// The cells as numbers, to work on many at once.
    pub fn lanes(&self) -> Lanes<'_> {
        match &self.data {
            Data::Alike(_, cause) => Lanes::Alike(*cause),
            Data::Text(codes, dictionary) => Lanes::Text(codes, dictionary),
            Data::Number(units, scale) => Lanes::Number(units, *scale),
            Data::Day(days) => Lanes::Day(days),
            Data::Bool(cells) => Lanes::Bool(cells),
            Data::List(..) | Data::Stamp(_) => Lanes::Other,
        }
    }

    /// The text of a row without a copy; `None` when it is not a present text.
    pub fn text(&self, row: u32) -> Option<&str> {
        match &self.data {
            Data::Text(v, dictionary) if v[row as usize] < UNKNOWN32 => Some(dictionary.text(v[row as usize])),
            _ => None,
        }
    }

    /// The order of two of its cells, as [`crate::value::compare_cells`] has it.
    pub fn compare(&self, a: u32, b: u32) -> Ordering {
        fn by<T: Copy + Ord>(v: &[T], a: u32, b: u32, marks: [T; 2], present: impl Fn(T, T) -> Ordering) -> Ordering {
            let (a, b) = (v[a as usize], v[b as usize]);
            let rank = |cell| u8::from(cell == marks[0]) + 2 * u8::from(cell == marks[1]);
            match (rank(a), rank(b)) {
                (0, 0) => present(a, b),
                (a, b) => a.cmp(&b),
            }
        }
        let texts = |v: &[u32], d: &Dictionary, compare: fn(&str, &str) -> Ordering| {
            let present = |a, b| if a == b { Ordering::Equal } else { compare(d.text(a), d.text(b)) };
            by(v, a, b, [EMPTY32, UNKNOWN32], present)
        };
        let stamp = |n: i64| if n.rem_euclid(2) == 1 { (n.div_euclid(2880) * 1440, 0) } else { (n / 2, 1) };
        let order = match &self.data {
            Data::Alike(..) => Ordering::Equal,
            Data::Text(v, d) => texts(v, d, |a, b| a.cmp(b)),
            Data::List(v, d) => texts(v, d, |a, b| a.split('\u{1f}').cmp(b.split('\u{1f}'))),
            Data::Number(v, _) => by(v, a, b, [EMPTY64, UNKNOWN64], |a, b| a.cmp(&b)),
            Data::Day(v) => by(v, a, b, [EMPTY_DAY, UNKNOWN_DAY], |a, b| a.cmp(&b)),
            Data::Stamp(v) => by(v, a, b, [EMPTY64, UNKNOWN64], |a, b| stamp(a).cmp(&stamp(b))),
            Data::Bool(v) => by(v, a, b, [EMPTY8, UNKNOWN8], |a, b| a.cmp(&b)),
        };
        let cause = |row| self.causes.get(&row).copied().unwrap_or(Cause::NotDelivered);
        if order.is_eq() && !self.causes.is_empty() && self.is_unknown(a) { cause(a).cmp(&cause(b)) } else { order }
    }

    /// A number that rises with the cells as [`Column::compare`] orders them, where one is quickly had: equal ones tell nothing.
    pub fn rank(&self, row: u32) -> u64 {
        let i = row as usize;
        let rank = |n: i64, empty: bool, unknown: bool| match (empty, unknown) {
            (false, false) => ((n as u64) ^ (1 << 63)).min(u64::MAX - 2),
            (true, _) => u64::MAX - 1,
            (false, true) => u64::MAX,
        };
        match &self.data {
            Data::Number(v, _) => rank(v[i], v[i] == EMPTY64, v[i] == UNKNOWN64),
            Data::Day(v) => rank(v[i].into(), v[i] == EMPTY_DAY, v[i] == UNKNOWN_DAY),
            Data::Bool(v) => rank(v[i].into(), v[i] == EMPTY8, v[i] == UNKNOWN8),
            Data::Alike(..) | Data::Text(..) | Data::List(..) | Data::Stamp(_) => 0,
        }
    }

    fn is_unknown(&self, row: u32) -> bool {
        let i = row as usize;
        match &self.data {
            Data::Alike(_, cause) => cause.is_some(),
            Data::Text(v, _) | Data::List(v, _) => v[i] == UNKNOWN32,
            Data::Number(v, _) | Data::Stamp(v) => v[i] == UNKNOWN64,
            Data::Day(v) => v[i] == UNKNOWN_DAY,
            Data::Bool(v) => v[i] == UNKNOWN8,
        }
    }

    /// The same cells in another order: `order[new] = old`.
    #[must_use]
    pub fn permuted(self, order: &[u32]) -> Column {
        fn pick<T: Copy>(v: &[T], order: &[u32]) -> Vec<T> {
            order.iter().map(|&old| v[old as usize]).collect()
        }
        let data = match self.data {
            Data::Alike(_, cause) => Data::Alike(order.len() as u32, cause),
            Data::Text(v, mut d) => {
                let mut codes = pick(&v, order);
                // Few texts are near one another whatever their order.
                if d.len() > MANY {
                    d.follow(&mut codes);
                }
                Data::Text(codes, d)
            }
            Data::List(v, d) => Data::List(pick(&v, order), d),
            Data::Number(v, s) => Data::Number(pick(&v, order), s),
            Data::Day(v) => Data::Day(pick(&v, order)),
            Data::Stamp(v) => Data::Stamp(pick(&v, order)),
            Data::Bool(v) => Data::Bool(pick(&v, order)),
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
        let len = self.len() as u32;
        if from == 0 {
            *self = Column::unknown(self.kind, len, cause);
            return;
        }
        self.settle();
        let i = from.min(len) as usize;
        match &mut self.data {
            Data::Alike(..) => {}
            Data::Text(v, _) | Data::List(v, _) => v[i..].fill(UNKNOWN32),
            Data::Number(v, _) | Data::Stamp(v) => v[i..].fill(UNKNOWN64),
            Data::Day(v) => v[i..].fill(UNKNOWN_DAY),
            Data::Bool(v) => v[i..].fill(UNKNOWN8),
        }
        for row in from..len {
            self.remember(row, cause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(s: &str) -> Cell {
        Cell::Present(Value::Text(s.into()))
    }

    fn cells(column: &Column) -> Vec<Cell> {
        (0..column.len() as u32).map(|row| column.get(row)).collect()
    }

    #[test]
    fn a_column_nobody_delivered_is_never_empty() {
        let column = Column::unknown(Kind::Date, 3, Cause::NotDelivered);
        assert_eq!(cells(&column), vec![Cell::Unknown(Cause::NotDelivered); 3]);
    }

    #[test]
    fn cells_keep_their_meaning_when_the_column_settles() {
        let mut column = Column::new(Kind::Text);
        column.push(Cell::Unknown(Cause::NotDelivered));
        column.push(Cell::Unknown(Cause::NotDelivered));
        column.push(Cell::Empty);
        column.push_text("a");
        column.push(Cell::Unknown(Cause::StatedUnknown));
        let absent = Cell::Unknown(Cause::NotDelivered);
        let stated = Cell::Unknown(Cause::StatedUnknown);
        assert_eq!(cells(&column), vec![absent.clone(), absent.clone(), Cell::Empty, text("a"), stated.clone()]);
        assert_eq!(cells(&column.clone().permuted(&[4, 3, 0])), vec![stated, text("a"), absent]);
    }

    #[test]
    fn cells_are_ordered_as_their_values_are() {
        let stamp = |text: Timestamp| Cell::Present(Value::Timestamp(text));
        let list = |items: &[&str]| Cell::Present(Value::List(items.iter().map(|item| Arc::from(*item)).collect()));
        let absent = [Cell::Empty, Cell::Unknown(Cause::NotDelivered), Cell::Unknown(Cause::Unreadable), Cell::Empty];
        let day = |n| Cell::Present(Value::Date(Date::from_days(n)));
        for (kind, present) in [
            (Kind::Text, vec![text("b"), text("a"), text("ab"), text("b")]),
            (Kind::TextList, vec![list(&["a", "b"]), list(&["a"]), list(&["a\u{1}"]), list(&["a", "b"])]),
            (Kind::Money(2), [5, -5, 0].map(|n| Cell::Present(Value::Money(Decimal::new(n, 2)))).to_vec()),
            (Kind::Date, vec![day(3), day(-3)]),
            (Kind::Bool, [true, false].map(|b| Cell::Present(Value::Bool(b))).to_vec()),
            (
                Kind::Timestamp,
                vec![
                    stamp(Timestamp::At(Instant::from_minutes(1440))),
                    stamp(Timestamp::Day(Date::from_days(1))),
                    stamp(Timestamp::At(Instant::from_minutes(-1))),
                    stamp(Timestamp::Day(Date::from_days(-1))),
                ],
            ),
        ] {
            let all = [present, absent.to_vec()].concat();
            let mut column = Column::new(kind);
            all.iter().for_each(|cell| column.push(cell.clone()));
            for (a, left) in (0..).zip(&all) {
                for (b, right) in (0..).zip(&all) {
                    let order = column.compare(a, b);
                    assert_eq!(order, crate::value::compare_cells(left, right), "{kind:?} {left:?} {right:?}");
                    let ranks = column.rank(a).cmp(&column.rank(b));
                    assert!(ranks.is_eq() || ranks == order, "{kind:?} {left:?} {right:?}");
                }
            }
        }
    }

    #[test]
    fn appending_translates_codes_and_causes() {
        let mut left = Column::new(Kind::Text);
        left.push_text("b");
        let mut right = Column::new(Kind::Text);
        right.push_text("a");
        right.push(Cell::Unknown(Cause::Unreadable));
        right.push_text("b");
        left.append(&right, &[2, 1, 0]);
        left.append(&Column::unknown(Kind::Text, 2, Cause::NotDelivered), &[0, 1]);
        let unread = Cell::Unknown(Cause::Unreadable);
        let absent = Cell::Unknown(Cause::NotDelivered);
        assert_eq!(cells(&left), vec![text("b"), text("b"), unread, text("a"), absent.clone(), absent]);
    }

    #[test]
    fn setting_and_truncating() {
        let mut column = Column::new(Kind::Money(2));
        let money = |units| Cell::Present(Value::Money(Decimal::new(units, 2)));
        for _ in 0..3 {
            column.push(Cell::Unknown(Cause::Unreadable));
        }
        column.set(1, money(12_50));
        assert_eq!(cells(&column)[1], money(12_50));
        column.set(1, Cell::Present(Value::Money(Decimal::new(1, 3))));
        assert_eq!(column.get(1), Cell::Unknown(Cause::Unreadable), "a third decimal does not fit");
        column.truncate(1);
        column.push(Cell::Empty);
        assert_eq!(cells(&column), vec![Cell::Unknown(Cause::Unreadable), Cell::Empty]);
    }

    #[test]
    fn a_refused_column_is_unknown_throughout() {
        let mut column = Column::new(Kind::Bool);
        column.push(Cell::Present(Value::Bool(true)));
        column.push(Cell::Empty);
        column.refuse_from(1, Cause::Unreadable);
        assert_eq!(cells(&column), vec![Cell::Present(Value::Bool(true)), Cell::Unknown(Cause::Unreadable)]);
        column.refuse_from(0, Cause::Unreadable);
        assert_eq!(cells(&column), vec![Cell::Unknown(Cause::Unreadable); 2]);
    }
}
