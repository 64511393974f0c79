//! What rows add up to: distinct counts, folds, what periods leave uncovered, and picks by order.

use std::cmp::Ordering;

use crate::rule::typed::{Compare, Expr, Fold, Pick, Rows};
use crate::store::RowRef;
use crate::value::{Cause, Cell, Decimal, Kind, Period, Value};

use super::trace::{LISTED, Undecided};
use super::values::{self, Number};
use super::{Evaluator, Item, Out, periods};

impl Evaluator<'_> {
    pub(super) fn count_distinct(&mut self, of: &Expr, rows: &Rows) -> Out {
        let items = self.gather(rows, false).and_then(|members| self.each_value(of, rows, &members));
        let items = match items {
            Ok(items) => items,
            Err(cause) => return Cell::Unknown(cause),
        };
        distinct(items)
    }

    pub(super) fn fold(&mut self, fold: Fold, args: &[Expr], rows: &Rows, kind: Kind) -> Out {
        let Some((of, fixed)) = args.split_last() else { return Cell::Unknown(Cause::Overflow) };
        if fold == Fold::Uncovered {
            return self.uncovered(fixed, of, rows);
        }
        let items = self.gather(rows, false).and_then(|members| self.each_value(of, rows, &members));
        let items = match items {
            Ok(items) => items,
            Err(cause) => return Cell::Unknown(cause),
        };
        folded(fold, items, kind)
    }

    /// What is left of a period; parts that cover all of it decide whatever else is unknown.
    fn uncovered(&mut self, whole: &[Expr], part: &Expr, rows: &Rows) -> Out {
        let whole = match whole.first().map_or(Err(Cause::Overflow), |whole| self.need(whole)) {
            Ok(Item::Value(Value::Period(period))) => period,
            Ok(_) => return Cell::Unknown(Cause::Overflow),
            Err(cause) => return Cell::Unknown(cause),
        };
        let candidates = match self.candidates(rows) {
            Ok(candidates) => candidates,
            Err(cause) => return Cell::Unknown(cause),
        };
        let base = self.trace.mark();
        let bound = self.bound(rows.slot);
        let mut parts = Vec::new();
        let mut unknown = None;
        let mut undecided = Undecided::default();
        let (mut listed, mut unlisted) = (0, 0);
        for &row in candidates.rows.iter() {
            let row = RowRef { dataset: rows.dataset, row };
            self.bind(rows.slot, Cell::Present(Item::Row(row)));
            let mark = self.trace.mark();
            let found = match self.member(rows, row) {
                Cell::Present(true) => self.need(part),
                Cell::Present(false) => {
                    self.trace.truncate(mark);
                    continue;
                }
                Cell::Empty => Err(Cause::Empty),
                Cell::Unknown(cause) => Err(cause),
            };
            match found {
                Ok(Item::Value(Value::Period(period))) => {
                    parts.push(period);
                    if listed < LISTED {
                        listed += 1;
                    } else {
                        self.trace.truncate(mark);
                        unlisted += 1;
                    }
                }
                Ok(_) => unknown = unknown.or(Some(Cause::Overflow)),
                Err(cause) => {
                    unknown = unknown.or(Some(cause));
                    undecided.take(&mut self.trace, mark);
                }
            }
        }
        self.restore(rows.slot, bound);
        let left = periods::uncovered(whole, &parts);
        if left.is_empty() {
            return Cell::Present(Item::Periods(left.into()));
        }
        match self.conclude(&candidates, unknown, undecided, base, unlisted) {
            Ok(()) => Cell::Present(Item::Periods(left.into())),
            Err(cause) => Cell::Unknown(cause),
        }
    }

    pub(super) fn pick(&mut self, pick: Pick, rows: &Rows, by: &[Expr]) -> Out {
        match self.picked(pick, rows, by) {
            Ok(Some(row)) => {
                self.bind(rows.slot, Cell::Present(Item::Row(row)));
                if self.trace.on() {
                    by.iter().for_each(|key| drop(self.eval(key)));
                }
                Cell::Present(Item::Row(row))
            }
            Ok(None) => Cell::Empty,
            Err(cause) => Cell::Unknown(cause),
        }
    }

    fn picked(&mut self, pick: Pick, rows: &Rows, by: &[Expr]) -> Result<Option<RowRef>, Cause> {
        let members = self.gather(rows, false)?;
        let mut keys: Vec<Vec<Item>> = vec![Vec::with_capacity(by.len()); members.len()];
        let base = self.trace.mark();
        for key in by {
            for (items, item) in keys.iter_mut().zip(self.each_value(key, rows, &members)?) {
                items.push(item);
            }
        }
        self.trace.truncate(base);
        chosen(pick, &members, &keys, self.each)
    }
}

/// How many different values there are.
pub(in crate::engine) fn distinct(items: Vec<Item>) -> Out {
    let mut distinct: Vec<Item> = Vec::new();
    for item in items {
        let mut known = false;
        for other in &distinct {
            match values::compare(Compare::Equal, &item, other) {
                Cell::Present(same) => known |= same,
                Cell::Empty => return Cell::Unknown(Cause::Empty),
                Cell::Unknown(cause) => return Cell::Unknown(cause),
            }
        }
        if !known {
            distinct.push(item);
        }
    }
    Cell::Present(Item::Value(Value::Number(Decimal::whole(distinct.len() as i64))))
}

/// What the values of all rows add up to. `uncovered` does not: it needs its whole.
pub(in crate::engine) fn folded(fold: Fold, items: Vec<Item>, kind: Kind) -> Out {
    let folded = match fold {
        Fold::Sum => sum(&items, kind),
        Fold::Spells => {
            let parts: Option<Vec<Period>> = items.iter().map(period).collect();
            let spells = parts.map(|parts| Item::Periods(periods::spells(&parts).into()));
            return spells.map_or(Cell::Unknown(Cause::Overflow), Cell::Present);
        }
        _ if items.is_empty() => return Cell::Empty,
        Fold::Min => return extreme(items, Ordering::Less),
        Fold::Max => return extreme(items, Ordering::Greater),
        Fold::Mean => mean(&items, kind),
        Fold::Median => median(&items, kind),
        Fold::Uncovered => None,
    };
    values::fitting(folded)
}

/// The row that a pick picks of these, given the values each is ordered by, and the judged row.
pub(in crate::engine) fn chosen(
    pick: Pick,
    members: &[RowRef],
    keys: &[Vec<Item>],
    each: Option<RowRef>,
) -> Result<Option<RowRef>, Cause> {
    let mut ordered: Vec<(&[Item], RowRef)> = keys.iter().map(Vec::as_slice).zip(members.iter().copied()).collect();
    let wanted = match pick {
        Pick::First | Pick::Next => Ordering::Less,
        Pick::Last | Pick::Previous => Ordering::Greater,
    };
    if matches!(pick, Pick::Previous | Pick::Next) {
        let each = each.ok_or(Cause::Unmatched)?;
        let own = ordered.iter().find(|(_, row)| *row == each).map(|(keys, _)| *keys).ok_or(Cause::Unmatched)?;
        let mut beyond = Vec::new();
        for (keys, row) in ordered {
            if row == each {
                continue;
            }
            match order_by(keys, own)? {
                Ordering::Equal => return Err(Cause::Tie),
                // Behind the row: `next` wants later rows, `previous` earlier ones.
                order if order == wanted.reverse() => beyond.push((keys, row)),
                _ => {}
            }
        }
        ordered = beyond;
    }
    let mut best: Option<(&[Item], RowRef)> = None;
    let mut tied = false;
    for candidate in ordered {
        match best {
            None => best = Some(candidate),
            Some((keys, _)) => match order_by(candidate.0, keys)? {
                Ordering::Equal => tied = true,
                order if order == wanted => {
                    best = Some(candidate);
                    tied = false;
                }
                _ => {}
            },
        }
    }
    if tied { Err(Cause::Tie) } else { Ok(best.map(|(_, row)| row)) }
}

fn order_by(a: &[Item], b: &[Item]) -> Result<Ordering, Cause> {
    for (a, b) in a.iter().zip(b) {
        match values::order(a, b).ok_or(Cause::TimeMissing)? {
            Ordering::Equal => {}
            order => return Ok(order),
        }
    }
    Ok(Ordering::Equal)
}

fn numbers(items: &[Item]) -> Option<Vec<Number>> {
    let number = |item: &Item| match item {
        Item::Value(value) => Number::of(value),
        _ => None,
    };
    items.iter().map(number).collect()
}

fn total(numbers: &[Number]) -> Option<Number> {
    numbers.iter().try_fold(Number::Exact(Decimal::whole(0)), |total, n| total.plus(*n))
}

fn sum(items: &[Item], kind: Kind) -> Option<Value> {
    total(&numbers(items)?)?.wrap(kind)
}

fn mean(items: &[Item], kind: Kind) -> Option<Value> {
    let total = total(&numbers(items)?)?.ratio();
    Number::Quotient(total.over(Decimal::whole(items.len() as i64).into())?).wrap(kind)
}

/// The middle value, or the mean of the two in the middle.
fn median(items: &[Item], kind: Kind) -> Option<Value> {
    middle(numbers(items)?, kind)
}

/// The same of values.
pub(crate) fn median_of(values: &[Value], kind: Kind) -> Option<Value> {
    middle(values.iter().map(Number::of).collect::<Option<Vec<Number>>>()?, kind)
}

fn middle(mut numbers: Vec<Number>, kind: Kind) -> Option<Value> {
    let mut failed = false;
    numbers.sort_by(|a, b| {
        a.order(*b).unwrap_or_else(|| {
            failed = true;
            Ordering::Equal
        })
    });
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    let lower = if numbers.len().is_multiple_of(2) { *numbers.get(middle.checked_sub(1)?)? } else { upper };
    let mean = lower.plus(upper)?.ratio().over(Decimal::whole(2).into())?;
    if failed { None } else { Number::Quotient(mean).wrap(kind) }
}

fn extreme(items: Vec<Item>, wanted: Ordering) -> Out {
    let mut best: Option<Item> = None;
    for item in items {
        match &best {
            None => best = Some(item),
            Some(other) => match values::order(&item, other) {
                None => return Cell::Unknown(Cause::TimeMissing),
                Some(order) if order == wanted => best = Some(item),
                Some(_) => {}
            },
        }
    }
    best.map_or(Cell::Empty, Cell::Present)
}

fn period(item: &Item) -> Option<Period> {
    match item {
        Item::Value(Value::Period(period)) => Some(*period),
        _ => None,
    }
}
