//! What the rows of each lane add up to. Sums, least and greatest of plain numbers are taken as they come; everything else
//! is gathered lane by lane and handed to the scalar evaluator's functions.

use std::rc::Rc;

use crate::engine::scalar::folds::{chosen, distinct, folded};
use crate::engine::scalar::{Item, Out, functions, periods};
use crate::intake::Lane;
use crate::rule::typed::{Expr, Fold, Pick, Rows};
use crate::store::RowRef;
use crate::value::{Cause, Cell, Kind, Period, Value};

use super::frame::Frame;
use super::vector::{OPEN, Vector};
use super::{Kernels, Shared};

/// The period between two days in each lane.
pub(super) fn period<'w>(start: &Vector<'w>, end: &Vector<'w>, lanes: usize) -> Vector<'w> {
    let known = match (start, end) {
        (Vector::Days(starts), Vector::Days(ends)) => Some((starts, ends.clone())),
        (Vector::Days(starts), Vector::Same(Cell::Empty)) => Some((starts, vec![i32::EMPTY; lanes])),
        (Vector::Days(starts), Vector::Same(Cell::Present(Item::Value(Value::Date(end))))) => {
            Some((starts, vec![end.days(); lanes]))
        }
        _ => None,
    };
    if let Some((starts, mut ends)) = known {
        let starts = starts.iter().zip(&ends).map(
            |(&start, &end)| {
                if start.is_present() & (end != i32::UNKNOWN) { start } else { i32::UNKNOWN }
            },
        );
        let starts = starts.collect();
        ends.iter_mut().filter(|end| **end == i32::EMPTY).for_each(|end| *end = OPEN);
        return Vector::Periods(starts, ends);
    }
    Vector::packed((0..lanes).map(|lane| functions::period(start.need(lane), end.item(lane))).collect())
}

impl<'w> Kernels<'w> {
    pub(super) fn count_distinct(&self, of: &'w Expr, rows: &'w Rows, frame: &Rc<Frame<'w>>) -> Vector<'w> {
        self.gathered(of, rows, frame, distinct)
    }

    pub(super) fn fold(&self, fold: Fold, args: &'w [Expr], rows: &'w Rows, kind: Kind, frame: &Rc<Frame<'w>>) -> Vector<'w> {
        let Some((of, fixed)) = args.split_last() else { return Vector::unknown() };
        match fold {
            Fold::Uncovered => self.uncovered(fixed, of, rows, frame),
            Fold::Sum | Fold::Min | Fold::Max => self.running(fold, of, rows, kind, frame),
            Fold::Mean | Fold::Median | Fold::Spells => self.gathered(of, rows, frame, |items| folded(fold, items, kind)),
        }
    }

    /// The values of all rows of a lane, put together.
    fn gathered(&self, of: &'w Expr, rows: &'w Rows, frame: &Rc<Frame<'w>>, together: impl Fn(Vec<Item>) -> Out) -> Vector<'w> {
        let sources = self.sources(rows, frame);
        let mut unknown: Vec<bool> = sources.iter().map(super::rows::Source::is_open).collect();
        let mut results: Vec<Option<Out>> = vec![None; frame.len];
        let mut at: Option<(u32, Vec<Item>)> = None;
        let mut lacking = Vec::new();
        let mut close = |held: Option<(u32, Vec<Item>)>| {
            if let Some((lane, items)) = held {
                results[lane as usize] = Some(together(items));
            }
        };
        self.over_members(rows, &sources, frame, &mut unknown, &mut |pairs| {
            let values = self.eval(of, &pairs.frame);
            for (i, &lane) in pairs.lanes.iter().enumerate() {
                if at.as_ref().is_none_or(|(held, _)| *held != lane) {
                    close(at.replace((lane, Vec::new())));
                }
                match (values.need(i), &mut at) {
                    (Ok(item), Some((_, items))) => items.push(item),
                    _ => lacking.push(lane),
                }
            }
        });
        close(at.take());
        lacking.iter().for_each(|&lane| unknown[lane as usize] = true);
        let of = |(result, unknown): (Option<Out>, bool)| match (result, unknown) {
            (_, true) => Cell::Unknown(Cause::Incomplete),
            (Some(result), _) => result,
            (None, _) => together(Vec::new()),
        };
        Vector::packed(results.into_iter().zip(unknown).map(of).collect())
    }

    /// Sums, least and greatest, taken piece by piece.
    fn running(&self, fold: Fold, of: &'w Expr, rows: &'w Rows, kind: Kind, frame: &Rc<Frame<'w>>) -> Vector<'w> {
        let sources = self.sources(rows, frame);
        let mut unknown: Vec<bool> = sources.iter().map(super::rows::Source::is_open).collect();
        let mut results: Vec<Out> = vec![folded(fold, Vec::new(), kind); frame.len];
        let mut lacking = Vec::new();
        self.over_members(rows, &sources, frame, &mut unknown, &mut |pairs| {
            let values = self.eval(of, &pairs.frame);
            let mut start = 0;
            for run in pairs.lanes.chunk_by(|a, b| a == b) {
                let (lane, range) = (run[0], start..start + run.len());
                start = range.end;
                match piece(fold, &values, range, kind) {
                    Err(_) => lacking.push(lane),
                    Ok(items) => {
                        let result = &mut results[lane as usize];
                        let before = match std::mem::replace(result, Cell::Empty) {
                            Cell::Present(before) => Some(before),
                            Cell::Empty => None,
                            // What does not fit or cannot be ordered stays so, whatever comes after it.
                            Cell::Unknown(_) => {
                                lacking.push(lane);
                                continue;
                            }
                        };
                        *result = folded(fold, before.into_iter().chain(items).collect(), kind);
                    }
                }
            }
        });
        lacking.iter().for_each(|&lane| unknown[lane as usize] = true);
        let of = |(result, unknown): (Out, bool)| if unknown { Cell::Unknown(Cause::Incomplete) } else { result };
        Vector::packed(results.into_iter().zip(unknown).map(of).collect())
    }

    /// What is left of a period; parts that cover all of it decide whatever else is unknown.
    fn uncovered(&self, whole: &'w [Expr], part: &'w Expr, rows: &'w Rows, frame: &Rc<Frame<'w>>) -> Vector<'w> {
        let Some(whole) = whole.first() else { return Vector::unknown() };
        let wholes = self.eval(whole, frame);
        let sources = self.sources(rows, frame);
        let mut unknown: Vec<bool> = sources.iter().map(super::rows::Source::is_open).collect();
        let mut parts: Vec<Vec<Period>> = vec![Vec::new(); frame.len];
        let mut lacking = Vec::new();
        self.over_members(rows, &sources, frame, &mut unknown, &mut |pairs| {
            let values = self.eval(part, &pairs.frame);
            for (i, &lane) in pairs.lanes.iter().enumerate() {
                match values.need(i) {
                    Ok(Item::Value(Value::Period(period))) => parts[lane as usize].push(period),
                    _ => lacking.push(lane),
                }
            }
        });
        lacking.iter().for_each(|&lane| unknown[lane as usize] = true);
        let of = |lane: usize| {
            let whole = match wholes.need(lane) {
                Ok(Item::Value(Value::Period(period))) => period,
                Ok(_) => return Cell::Unknown(Cause::Overflow),
                Err(cause) => return Cell::Unknown(cause),
            };
            if matches!(sources[lane], super::rows::Source::Unknown) {
                return Cell::Unknown(Cause::Unmatched);
            }
            let left = periods::uncovered(whole, &parts[lane]);
            if left.is_empty() || !unknown[lane] {
                Cell::Present(Item::Periods(left.into()))
            } else {
                Cell::Unknown(Cause::Incomplete)
            }
        };
        Vector::packed((0..frame.len).map(of).collect())
    }

    pub(super) fn pick(&self, pick: Pick, rows: &'w Rows, by: &'w [Expr], frame: &Rc<Frame<'w>>) -> Vector<'w> {
        let sources = self.sources(rows, frame);
        let mut unknown: Vec<bool> = sources.iter().map(super::rows::Source::is_open).collect();
        let judged = frame.slot(self.rule.row.1);
        let each = |lane: u32| match judged.as_ref()?.item(lane as usize) {
            Cell::Present(Item::Row(row)) => Some(row),
            _ => None,
        };
        let mut results: Vec<Option<Out>> = vec![None; frame.len];
        let mut at: Option<(u32, Vec<RowRef>, Vec<Vec<Item>>)> = None;
        let mut lacking = Vec::new();
        let one = |lane: u32, members: &[RowRef], keys: &[Vec<Item>]| match chosen(pick, members, keys, each(lane)) {
            Ok(Some(row)) => Cell::Present(Item::Row(row)),
            Ok(None) => Cell::Empty,
            Err(cause) => Cell::Unknown(cause),
        };
        let mut close = |held: Option<(u32, Vec<RowRef>, Vec<Vec<Item>>)>| {
            if let Some((lane, members, keys)) = held {
                results[lane as usize] = Some(one(lane, &members, &keys));
            }
        };
        self.over_members(rows, &sources, frame, &mut unknown, &mut |pairs| {
            let values: Vec<Shared<'w>> = by.iter().map(|key| self.eval(key, &pairs.frame)).collect();
            for (i, (&lane, &row)) in pairs.lanes.iter().zip(&pairs.rows).enumerate() {
                if at.as_ref().is_none_or(|(held, ..)| *held != lane) {
                    close(at.replace((lane, Vec::new(), Vec::new())));
                }
                let keys: Result<Vec<Item>, Cause> = values.iter().map(|key| key.need(i)).collect();
                match (keys, &mut at) {
                    (Ok(keys), Some((_, members, all))) => {
                        members.push(RowRef { dataset: rows.dataset, row });
                        all.push(keys);
                    }
                    _ => lacking.push(lane),
                }
            }
        });
        close(at.take());
        lacking.iter().for_each(|&lane| unknown[lane as usize] = true);
        let of = |(lane, (result, unknown)): (usize, (Option<Out>, bool))| match (result, unknown) {
            (_, true) => Cell::Unknown(Cause::Incomplete),
            (Some(result), _) => result,
            (None, _) => one(lane as u32, &[], &[]),
        };
        Vector::packed(results.into_iter().zip(unknown).enumerate().map(of).collect())
    }
}

/// What a piece of a lane's values comes to, as values that can be folded with the others.
fn piece(fold: Fold, values: &Vector<'_>, range: std::ops::Range<usize>, kind: Kind) -> Result<Vec<Item>, Cause> {
    fn least<T: Lane>(lanes: &[T], fold: Fold) -> Result<Option<T>, Cause> {
        if lanes.iter().any(|lane| !lane.is_present()) {
            return Err(Cause::Empty);
        }
        Ok(if fold == Fold::Min { lanes.iter().copied().min() } else { lanes.iter().copied().max() })
    }
    match (fold, values) {
        (Fold::Sum, Vector::Units(units, unit)) => {
            let units = &units[range];
            if units.iter().any(|units| !units.is_present()) {
                return Err(Cause::Empty);
            }
            let sum: i128 = units.iter().map(|&units| i128::from(units)).sum();
            let total = crate::value::Decimal::new(sum, unit.scale);
            Ok(vec![Item::Value(match kind {
                Kind::Money(_) => Value::Money(total),
                Kind::Percent(_) => Value::Percent(total),
                _ => Value::Number(total),
            })])
        }
        (Fold::Min | Fold::Max, Vector::Days(days)) => {
            let day = least(&days[range], fold)?;
            Ok(day.map(|day| Item::Value(Value::Date(crate::calendar::Date::from_days(day)))).into_iter().collect())
        }
        (Fold::Min | Fold::Max, Vector::Units(units, unit)) => {
            let units = least(&units[range], fold)?;
            Ok(units.map(|units| Item::Value(unit.value(units))).into_iter().collect())
        }
        _ => range.map(|i| values.need(i)).collect(),
    }
}
