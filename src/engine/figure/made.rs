//! What aggregates have made of the rows so far. Parts of a dataset are made apart and put together; the result does not
//! depend on how it was parted.

use std::collections::HashSet;

use crate::engine::scalar::{Item, Number, Out, median_of};
use crate::rule::figure::{Aggregate, Aggregation};
use crate::value::{self, Cause, Cell, Decimal, Value};

use super::result::Lack;

/// One aggregate over the rows of one group.
#[derive(Debug, Clone)]
enum Made {
    Count(u64),
    /// Total (unless it does not fit), and number of values.
    Sum(Option<Decimal>, u64),
    Distinct(HashSet<Value>),
    /// The least or greatest value.
    Extreme(Option<Value>),
    Values(Vec<Value>),
}

/// A group of rows: what its aggregates come to, and what each output lacks.
#[derive(Debug, Clone)]
pub(super) struct Group {
    made: Vec<Made>,
    /// For each aggregate the least cause for which a row lacks.
    unknown: Vec<Option<Cause>>,
    /// For each output, the rows that lack.
    pub(super) lacks: Vec<Lack>,
    /// Rows that are certainly in it.
    pub(super) members: u64,
    /// Rows of which it is not known whether they count.
    pub(super) doubtful: Lack,
    /// Rows whose key is empty or unknown.
    pub(super) without_key: Lack,
}

/// What a row gives to an aggregate: a value, nothing, or a reason why not.
pub(super) type Gift = Result<Option<Value>, Cause>;

impl Group {
    pub(super) fn new(aggregates: &[Aggregate], outputs: usize) -> Group {
        let made = aggregates.iter().map(|aggregate| match aggregate.over {
            Aggregation::Count => Made::Count(0),
            Aggregation::Distinct => Made::Distinct(HashSet::new()),
            Aggregation::Sum | Aggregation::Mean => Made::Sum(Some(Decimal::whole(0)), 0),
            Aggregation::Median => Made::Values(Vec::new()),
            Aggregation::Min | Aggregation::Max => Made::Extreme(None),
        });
        Group {
            made: made.collect(),
            unknown: vec![None; aggregates.len()],
            lacks: vec![Lack::default(); outputs],
            members: 0,
            doubtful: Lack::default(),
            without_key: Lack::default(),
        }
    }

    /// Adds what a row gives to each aggregate.
    pub(super) fn add(&mut self, aggregates: &[Aggregate], gifts: Vec<Gift>) {
        self.members += 1;
        for (i, (gift, aggregate)) in gifts.into_iter().zip(aggregates).enumerate() {
            match gift {
                Ok(Some(value)) => self.made[i].take(value, aggregate.over),
                Ok(None) => {}
                Err(cause) => self.lacks_one(i, cause),
            }
        }
    }

    fn lacks_one(&mut self, aggregate: usize, cause: Cause) {
        let unknown = &mut self.unknown[aggregate];
        *unknown = Some(unknown.map_or(cause, |other| other.min(cause)));
    }

    /// Adds rows of which it is not known whether they count.
    pub(super) fn doubt(&mut self, lack: &Lack, cause: Cause) {
        self.doubtful.merge(lack);
        (0..self.made.len()).for_each(|i| self.lacks_one(i, cause));
        self.lacks.iter_mut().for_each(|own| own.merge(lack));
    }

    /// Adds the rows of another part of the same group.
    pub(super) fn merge(&mut self, other: &Group, aggregates: &[Aggregate]) {
        self.members += other.members;
        self.doubtful.merge(&other.doubtful);
        self.without_key.merge(&other.without_key);
        for (i, (made, aggregate)) in other.made.iter().zip(aggregates).enumerate() {
            self.made[i].merge(made, aggregate.over);
            if let Some(cause) = other.unknown[i] {
                self.lacks_one(i, cause);
            }
        }
        self.lacks.iter_mut().zip(&other.lacks).for_each(|(own, lack)| own.merge(lack));
    }

    /// What an aggregate comes to, and what it comes to over the rows that are known.
    pub(super) fn result(&self, i: usize, aggregate: &Aggregate) -> (Out, Out) {
        let known = self.made[i].result(aggregate);
        match self.unknown[i] {
            Some(cause) => (Cell::Unknown(cause), known),
            None => (known.clone(), known),
        }
    }
}

impl Made {
    fn take(&mut self, value: Value, over: Aggregation) {
        match self {
            Made::Count(n) => *n += 1,
            Made::Sum(total, n) => {
                *total = total.zip(number(&value)).and_then(|(total, n)| total.plus(n));
                *n += 1;
            }
            Made::Distinct(values) => drop(values.insert(value)),
            Made::Extreme(best) => extend(best, value, over),
            Made::Values(values) => values.push(value),
        }
    }

    fn merge(&mut self, other: &Made, over: Aggregation) {
        match (self, other) {
            (Made::Count(n), Made::Count(m)) => *n += m,
            (Made::Sum(total, n), Made::Sum(more, m)) => {
                *total = total.zip(*more).and_then(|(total, more)| total.plus(more));
                *n += m;
            }
            (Made::Distinct(values), Made::Distinct(more)) => values.extend(more.iter().cloned()),
            (Made::Extreme(best), Made::Extreme(other)) => other.iter().for_each(|value| extend(best, value.clone(), over)),
            (Made::Values(values), Made::Values(more)) => values.extend_from_slice(more),
            // Both were made by the same aggregate.
            _ => {}
        }
    }

    fn result(&self, aggregate: &Aggregate) -> Out {
        let found = match self {
            Made::Count(n) => whole(*n),
            Made::Distinct(values) => whole(values.len() as u64),
            Made::Extreme(None) => return Cell::Empty,
            Made::Extreme(Some(value)) => Some(value.clone()),
            Made::Sum(_, 0) if aggregate.over == Aggregation::Mean => return Cell::Empty,
            Made::Sum(total, n) => total.and_then(|total| match aggregate.over {
                Aggregation::Mean => Number::Quotient(total.over(Decimal::new(i128::from(*n), 0))?).wrap(aggregate.kind),
                _ => Number::Exact(total).wrap(aggregate.kind),
            }),
            Made::Values(values) if values.is_empty() => return Cell::Empty,
            Made::Values(values) => median_of(values, aggregate.kind),
        };
        found.map_or(Cell::Unknown(Cause::Overflow), |value| Cell::Present(Item::Value(value)))
    }
}

/// The better of two values that are always ordered: numbers of one kind, days, durations in one unit.
fn extend(best: &mut Option<Value>, value: Value, over: Aggregation) {
    let better = best.as_ref().is_none_or(|best| {
        let order = value::compare(&value, best);
        if over == Aggregation::Min { order.is_lt() } else { order.is_gt() }
    });
    if better {
        *best = Some(value);
    }
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(n) | Value::Money(n) | Value::Percent(n) => Some(*n),
        _ => None,
    }
}

fn whole(n: u64) -> Option<Value> {
    Some(Value::Number(Decimal::new(i128::from(n), 0)))
}
