//! A value for each lane. Common kinds are plain numbers, of which two say that there is none ([`Lane`]); everything else
//! is kept as the scalar evaluator keeps it.

use std::borrow::Cow;

use crate::calendar::Date;
use crate::engine::scalar::{Item, Out};
use crate::intake::{Dictionary, Lane};
use crate::model::DatasetId;
use crate::store::RowRef;
use crate::value::{Cause, Cell, Decimal, Period, Value};

/// No. Conditions are numbers so that `and` is the smaller, `or` the larger and `not` what is left of [`YES`].
pub(super) const NO: u8 = 0;
/// It cannot be told.
pub(super) const UNKNOWN: u8 = 1;
/// Yes.
pub(super) const YES: u8 = 2;
/// A yes-or-no column whose cell is empty. As a condition it is unknown.
pub(super) const EMPTY: u8 = 3;

/// The end of an open period.
pub(super) const OPEN: i32 = i32::MAX;

/// What units count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Number,
    Money,
    Percent,
}

/// What units are units of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) measure: Measure,
    pub(super) scale: u8,
}

/// A value for each lane.
#[derive(Debug, Clone)]
pub(super) enum Vector<'w> {
    /// The same in every lane.
    Same(Out),
    /// Days since 1970-01-01.
    Days(Vec<i32>),
    /// Numbers, all at one scale.
    Units(Vec<i64>, Unit),
    /// Texts of a dictionary.
    Codes(Vec<u32>, &'w Dictionary),
    /// Rows of a dataset.
    Rows(Vec<u32>, DatasetId),
    /// Yes, no, unknown, empty.
    Truths(Vec<u8>),
    /// First days and last days ([`OPEN`] = no end); the first day says whether there is a period.
    Periods(Vec<i32>, Vec<i32>),
    /// Anything.
    Items(Vec<Out>),
}

fn cell<T: Lane>(lane: T, value: impl FnOnce(T) -> Value) -> Out {
    if lane.is_present() {
        Cell::Present(Item::Value(value(lane)))
    } else if lane == T::EMPTY {
        Cell::Empty
    } else {
        // Verdicts need no cause; whoever explains asks the scalar evaluator.
        Cell::Unknown(Cause::NotDelivered)
    }
}

impl Unit {
    pub(super) fn value(self, units: i64) -> Value {
        let n = Decimal::new(i128::from(units), self.scale);
        match self.measure {
            Measure::Number => Value::Number(n),
            Measure::Money => Value::Money(n),
            Measure::Percent => Value::Percent(n),
        }
    }

    /// A number as units, if it fits.
    pub(super) fn of(value: &Value) -> Option<(i64, Unit)> {
        let (n, measure) = match value {
            Value::Number(n) => (n, Measure::Number),
            Value::Money(n) => (n, Measure::Money),
            Value::Percent(n) => (n, Measure::Percent),
            _ => return None,
        };
        let units = i64::try_from(n.units()).ok().filter(|units| units.is_present())?;
        Some((units, Unit { measure, scale: n.scale() }))
    }
}

/// What a condition says as a number.
pub(super) fn truth(answer: &Cell<bool>) -> u8 {
    match answer {
        Cell::Present(true) => YES,
        Cell::Present(false) => NO,
        Cell::Empty | Cell::Unknown(_) => UNKNOWN,
    }
}

fn picked<T: Copy>(from: &[T], lanes: &[u32]) -> Vec<T> {
    lanes.iter().map(|&lane| from[lane as usize]).collect()
}

impl<'w> Vector<'w> {
    /// Nothing is known in any lane.
    pub(super) fn unknown() -> Vector<'w> {
        Vector::Same(Cell::Unknown(Cause::NotDelivered))
    }

    /// What stands in a lane.
    pub(super) fn item(&self, lane: usize) -> Out {
        match self {
            Vector::Same(out) => out.clone(),
            Vector::Days(days) => cell(days[lane], |day| Value::Date(Date::from_days(day))),
            Vector::Units(units, unit) => cell(units[lane], |units| unit.value(units)),
            Vector::Codes(codes, dictionary) => cell(codes[lane], |code| Value::Text(dictionary.text(code).into())),
            Vector::Rows(rows, dataset) => match rows[lane] {
                row if row.is_present() => Cell::Present(Item::Row(RowRef { dataset: *dataset, row })),
                row => cell(row, |_| Value::Bool(false)),
            },
            Vector::Truths(truths) => match truths[lane] {
                UNKNOWN => Cell::Unknown(Cause::NotDelivered),
                EMPTY => Cell::Empty,
                truth => Cell::Present(Item::Value(Value::Bool(truth == YES))),
            },
            Vector::Periods(starts, ends) => cell(starts[lane], |start| {
                let end = (ends[lane] != OPEN).then(|| Date::from_days(ends[lane]));
                Value::Period(Period { start: Date::from_days(start), end })
            }),
            Vector::Items(items) => items[lane].clone(),
        }
    }

    /// A present item; empty is a cause of its own.
    pub(super) fn need(&self, lane: usize) -> Result<Item, Cause> {
        match self.item(lane) {
            Cell::Present(item) => Ok(item),
            Cell::Empty => Err(Cause::Empty),
            Cell::Unknown(cause) => Err(cause),
        }
    }

    /// Each lane's state: [`YES`] = present, [`EMPTY`] or [`UNKNOWN`].
    pub(super) fn states(&self, lanes: usize) -> Vec<u8> {
        fn state<T: Lane>(lane: T) -> u8 {
            if lane.is_present() {
                YES
            } else if lane == T::EMPTY {
                EMPTY
            } else {
                UNKNOWN
            }
        }
        fn of(out: &Out) -> u8 {
            match out {
                Cell::Present(_) => YES,
                Cell::Empty => EMPTY,
                Cell::Unknown(_) => UNKNOWN,
            }
        }
        match self {
            Vector::Same(out) => vec![of(out); lanes],
            Vector::Days(days) | Vector::Periods(days, _) => days.iter().copied().map(state).collect(),
            Vector::Units(units, _) => units.iter().copied().map(state).collect(),
            Vector::Codes(codes, _) => codes.iter().copied().map(state).collect(),
            Vector::Rows(rows, _) => rows.iter().copied().map(state).collect(),
            Vector::Truths(truths) => truths.iter().map(|truth| if *truth == NO { YES } else { *truth }).collect(),
            Vector::Items(items) => items.iter().map(of).collect(),
        }
    }

    /// As conditions.
    pub(super) fn into_truths(self, lanes: usize) -> Vec<u8> {
        let of = |out: &Out| match out {
            Cell::Present(Item::Value(Value::Bool(true))) => YES,
            Cell::Present(Item::Value(Value::Bool(false))) => NO,
            _ => UNKNOWN,
        };
        match self {
            Vector::Truths(mut truths) => {
                truths.iter_mut().filter(|truth| **truth == EMPTY).for_each(|truth| *truth = UNKNOWN);
                truths
            }
            Vector::Same(out) => vec![of(&out); lanes],
            Vector::Items(items) => items.iter().map(of).collect(),
            _ => vec![UNKNOWN; lanes],
        }
    }

    /// The rows in the lanes.
    pub(super) fn rows(&self, lanes: usize) -> Cow<'_, [u32]> {
        let of = |out: &Out| match out {
            Cell::Present(Item::Row(row)) => row.row,
            Cell::Empty => u32::EMPTY,
            _ => u32::UNKNOWN,
        };
        match self {
            Vector::Rows(rows, _) => rows.into(),
            Vector::Same(out) => vec![of(out); lanes].into(),
            Vector::Items(items) => items.iter().map(of).collect(),
            _ => vec![u32::UNKNOWN; lanes].into(),
        }
    }

    /// The lanes at these places.
    pub(super) fn gather(&self, lanes: &[u32]) -> Vector<'w> {
        match self {
            Vector::Same(out) => Vector::Same(out.clone()),
            Vector::Days(days) => Vector::Days(picked(days, lanes)),
            Vector::Units(units, unit) => Vector::Units(picked(units, lanes), *unit),
            Vector::Codes(codes, dictionary) => Vector::Codes(picked(codes, lanes), dictionary),
            Vector::Rows(rows, dataset) => Vector::Rows(picked(rows, lanes), *dataset),
            Vector::Truths(truths) => Vector::Truths(picked(truths, lanes)),
            Vector::Periods(starts, ends) => Vector::Periods(picked(starts, lanes), picked(ends, lanes)),
            Vector::Items(items) => Vector::Items(lanes.iter().map(|&lane| items[lane as usize].clone()).collect()),
        }
    }

    /// A vector of these, as plain numbers where they are.
    pub(super) fn packed(items: Vec<Out>) -> Vector<'w> {
        fn all<T: Lane>(items: &[Out], lane: impl Fn(&Item) -> Option<T>) -> Option<Vec<T>> {
            let lane = |out: &Out| match out {
                Cell::Present(item) => lane(item).filter(|lane| lane.is_present()),
                Cell::Empty => Some(T::EMPTY),
                Cell::Unknown(_) => Some(T::UNKNOWN),
            };
            items.iter().map(lane).collect()
        }
        let first = items.iter().find_map(|out| match out {
            Cell::Present(item) => Some(item),
            _ => None,
        });
        let typed = match first {
            Some(Item::Value(Value::Date(_))) => all(&items, |item| match item {
                Item::Value(Value::Date(day)) => Some(day.days()),
                _ => None,
            })
            .map(Vector::Days),
            Some(Item::Value(Value::Bool(_))) => Some(Vector::Truths(
                items
                    .iter()
                    .map(|out| match out {
                        Cell::Present(Item::Value(Value::Bool(true))) => YES,
                        Cell::Present(Item::Value(Value::Bool(false))) => NO,
                        Cell::Empty => EMPTY,
                        _ => UNKNOWN,
                    })
                    .collect(),
            )),
            Some(Item::Row(RowRef { dataset, .. })) => {
                let dataset = *dataset;
                all(&items, |item| match item {
                    Item::Row(row) => Some(row.row),
                    _ => None,
                })
                .map(|rows| Vector::Rows(rows, dataset))
            }
            Some(Item::Value(Value::Period(_))) => all(&items, |item| match item {
                Item::Value(Value::Period(period)) => Some(period.start.days()),
                _ => None,
            })
            .map(|starts| {
                let end = |out: &Out| match out {
                    Cell::Present(Item::Value(Value::Period(Period { end: Some(end), .. }))) => end.days(),
                    _ => OPEN,
                };
                Vector::Periods(starts, items.iter().map(end).collect())
            }),
            Some(Item::Value(value)) => Unit::of(value).and_then(|(_, unit)| {
                let units = all(&items, |item| match item {
                    Item::Value(value) => Unit::of(value).filter(|(_, other)| *other == unit).map(|(units, _)| units),
                    _ => None,
                });
                units.map(|units| Vector::Units(units, unit))
            }),
            _ => None,
        };
        typed.unwrap_or(Vector::Items(items))
    }

    /// Puts `part` into these lanes of a vector of `of` lanes; the others keep what they hold.
    pub(super) fn scatter(&mut self, of: usize, lanes: &[u32], part: &Vector<'w>) {
        fn put<T: Copy>(into: &mut [T], lanes: &[u32], part: &[T]) {
            for (&lane, &value) in lanes.iter().zip(part) {
                into[lane as usize] = value;
            }
        }
        if lanes.len() == of && !matches!(part, Vector::Same(_)) {
            // Lanes are distinct and in order.
            *self = part.clone();
            return;
        }
        let spread;
        let part = match part {
            Vector::Same(out) => {
                spread = Vector::packed(vec![out.clone(); lanes.len()]);
                &spread
            }
            part => part,
        };
        if let Vector::Same(out @ (Cell::Empty | Cell::Unknown(_))) = &*self
            && let Some(blank) = part.blank(of, *out == Cell::Empty)
        {
            *self = blank;
        }
        match (&mut *self, part) {
            (Vector::Days(a), Vector::Days(b)) => return put(a, lanes, b),
            (Vector::Units(a, unit), Vector::Units(b, other)) if unit == other => return put(a, lanes, b),
            (Vector::Codes(a, texts), Vector::Codes(b, others)) if std::ptr::eq(*texts, *others) => return put(a, lanes, b),
            (Vector::Rows(a, dataset), Vector::Rows(b, other)) if dataset == other => return put(a, lanes, b),
            (Vector::Truths(a), Vector::Truths(b)) => return put(a, lanes, b),
            (Vector::Periods(a, ends), Vector::Periods(b, others)) => {
                put(a, lanes, b);
                return put(ends, lanes, others);
            }
            _ => {}
        }
        let mut items: Vec<Out> = (0..of).map(|lane| self.item(lane)).collect();
        for (i, &lane) in lanes.iter().enumerate() {
            items[lane as usize] = part.item(i);
        }
        *self = Vector::packed(items);
    }
    /// A vector of this kind with nothing in any lane.
    fn blank(&self, of: usize, empty: bool) -> Option<Vector<'w>> {
        fn none<T: Lane>(of: usize, empty: bool) -> Vec<T> {
            vec![if empty { T::EMPTY } else { T::UNKNOWN }; of]
        }
        Some(match self {
            Vector::Days(_) => Vector::Days(none(of, empty)),
            Vector::Units(_, unit) => Vector::Units(none(of, empty), *unit),
            Vector::Codes(_, texts) => Vector::Codes(none(of, empty), texts),
            Vector::Rows(_, dataset) => Vector::Rows(none(of, empty), *dataset),
            Vector::Truths(_) => Vector::Truths(vec![if empty { EMPTY } else { UNKNOWN }; of]),
            Vector::Periods(..) => Vector::Periods(none(of, empty), vec![OPEN; of]),
            Vector::Same(_) | Vector::Items(_) => return None,
        })
    }
}
