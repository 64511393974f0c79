//! Rows, or groups of rows, gathered by their keys.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::engine::result::Reasons;
use crate::engine::scalar::{Entry, Evaluator, Item, Out, World};
use crate::rule::figure::{Aggregate, Aggregation, KeyFigure};
use crate::rule::typed::{Expr, Scope, Slot};
use crate::store::{CaseState, RowRef};
use crate::value::{Cause, Cell, Value};

use super::made::{Gift, Group};
use super::result::{KeyPart, Lack};

/// Rows in a piece of work.
const CHUNK: usize = 8192;

pub(super) type Groups = HashMap<Vec<KeyPart>, Group>;

/// What a stage gathers: by which keys, into which aggregates, for which outputs.
pub(super) struct Stage<'a> {
    pub(super) keys: Vec<&'a Expr>,
    pub(super) aggregates: &'a [Aggregate],
    pub(super) outputs: Vec<&'a Expr>,
}

impl<'a> Stage<'a> {
    /// For each output, the aggregates in it.
    fn parts(&self) -> Vec<Vec<usize>> {
        let of = |output: &&Expr| {
            let holds = |(i, a): (usize, &Aggregate)| output.mentions(a.slot).then_some(i);
            self.aggregates.iter().enumerate().filter_map(holds).collect()
        };
        self.outputs.iter().map(of).collect()
    }

    pub(super) fn empty(&self) -> Group {
        Group::new(self.aggregates, self.outputs.len())
    }

    pub(super) fn merge(&self, into: &mut Groups, key: Vec<KeyPart>, group: Group) {
        match into.get_mut(&key) {
            Some(own) => own.merge(&group, self.aggregates),
            None => drop(into.insert(key, group)),
        }
    }
}

/// Gathers the rows of a key figure.
pub(super) fn rows(world: &World<'_>, figure: &KeyFigure, stage: &Stage<'_>) -> Groups {
    let rows: Vec<u32> = (0..world.store.rows(figure.each)).collect();
    let parts = stage.parts();
    let pieces: Vec<Groups> = rows
        .par_chunks(CHUNK)
        .map(|rows| {
            let mut gatherer = Gatherer::new(world, figure, stage, &parts);
            rows.iter().for_each(|&row| gatherer.row(row));
            gatherer.groups
        })
        .collect();
    let mut all = Groups::new();
    for (key, group) in pieces.into_iter().flatten() {
        stage.merge(&mut all, key, group);
    }
    all
}

/// Gathers the groups of the first stage into the table of the second.
pub(super) fn groups<'w>(world: &'w World<'w>, figure: &'w KeyFigure, stage: &Stage<'_>, first: &[First]) -> Groups {
    let mut plain = Evaluator::new(world, &[], figure.slots, false);
    let mut telling = Evaluator::new(world, &[], figure.slots, true);
    let parts = stage.parts();
    let mut all = Groups::new();
    for group in first {
        for value in &group.values {
            plain.bind(value.slot, value.out.clone());
            telling.bind(value.slot, value.out.clone());
        }
        let mut why = |expr: &Expr| {
            let known = group.values.iter().filter(|value| expr.mentions(value.slot) && matches!(value.out, Cell::Unknown(_)));
            let most = known.map(|value| &value.lack).max_by_key(|lack| lack.rows);
            most.cloned().unwrap_or_else(|| reason(&mut telling, expr))
        };
        put(&mut all, stage, &parts, &mut plain, &mut why, group.doubt.clone());
    }
    all
}

/// A group of the first stage.
pub(super) struct First {
    /// Its keys and what it comes to.
    pub(super) values: Vec<Named>,
    /// Why it is not known whether this is one group, if so.
    pub(super) doubt: Option<(Lack, Cause)>,
}

/// A value of a group of the first stage.
pub(super) struct Named {
    pub(super) slot: Slot,
    pub(super) out: Out,
    /// Why it is unknown, if it is.
    pub(super) lack: Lack,
}

struct Gatherer<'a, 'w> {
    world: &'w World<'w>,
    figure: &'w KeyFigure,
    stage: &'a Stage<'a>,
    parts: &'a [Vec<usize>],
    plain: Evaluator<'w>,
    telling: Evaluator<'w>,
    groups: Groups,
}

impl<'a, 'w> Gatherer<'a, 'w> {
    fn new(world: &'w World<'w>, figure: &'w KeyFigure, stage: &'a Stage<'a>, parts: &'a [Vec<usize>]) -> Gatherer<'a, 'w> {
        let evaluator = |explain| Evaluator::new(world, &figure.steps, figure.slots, explain);
        let (plain, telling) = (evaluator(false), evaluator(true));
        Gatherer { world, figure, stage, parts, plain, telling, groups: Groups::new() }
    }

    fn row(&mut self, row: u32) {
        let row = RowRef { dataset: self.figure.each, row };
        let state = match self.figure.scope {
            Scope::Open => self.world.store.case_state(row),
            Scope::All => CaseState::Open,
        };
        if state == CaseState::Closed {
            return;
        }
        let slot = self.figure.row.1;
        let Some(per) = &self.figure.per else { return self.member(row, state, None) };
        self.plain.enter(slot, row);
        let values = |items: Vec<Value>| items.into_iter().map(|value| Cell::Present(Item::Value(value))).collect();
        let items: Vec<Out> = match self.plain.eval(&per.items) {
            Cell::Present(Item::Months(months)) => values(months.iter().map(|month| Value::Date(*month)).collect()),
            Cell::Present(Item::Periods(periods)) => values(periods.iter().map(|period| Value::Period(*period)).collect()),
            Cell::Present(_) => vec![Cell::Unknown(Cause::Overflow)],
            Cell::Empty => vec![Cell::Unknown(Cause::Empty)],
            Cell::Unknown(cause) => vec![Cell::Unknown(cause)],
        };
        for item in items {
            self.member(row, state, Some((per.slot, item, &per.items)));
        }
    }

    /// One member: a row, or a row and an item of `per`.
    fn member(&mut self, row: RowRef, state: CaseState, item: Option<(Slot, Out, &Expr)>) {
        for evaluator in [&mut self.plain, &mut self.telling] {
            evaluator.enter(self.figure.row.1, row);
            if let Some((slot, out, _)) = &item {
                evaluator.bind(*slot, out.clone());
            }
        }
        let applies = self.figure.when.as_ref().map_or(Cell::Present(true), |when| self.plain.truth(when));
        if applies == Cell::Present(false) {
            return;
        }
        let telling = &mut self.telling;
        let doubt = match (state, applies, &item) {
            (CaseState::Unknown(cause), ..) => {
                telling.trace.truncate(0);
                if let Some(link) = self.world.store.case_link(row.dataset) {
                    telling.follow(row, link, true);
                }
                let entries = telling.trace.take();
                Some((one_row(telling, &entries, cause), cause))
            }
            (_, Cell::Unknown(cause), _) => self.figure.when.as_ref().map(|when| (reason(telling, when), cause)),
            (_, _, Some((_, Cell::Unknown(cause), items))) => Some((reason(telling, items), *cause)),
            _ => None,
        };
        let mut why = |expr: &Expr| match &item {
            Some((slot, Cell::Unknown(_), items)) if expr.mentions(*slot) => reason(telling, items),
            _ => reason(telling, expr),
        };
        put(&mut self.groups, self.stage, self.parts, &mut self.plain, &mut why, doubt);
    }
}

/// Puts one member where its keys say. `why` gives the reasons for which an expression is unknown for it.
fn put(
    groups: &mut Groups,
    stage: &Stage<'_>,
    parts: &[Vec<usize>],
    evaluator: &mut Evaluator<'_>,
    why: &mut dyn FnMut(&Expr) -> Lack,
    doubt: Option<(Lack, Cause)>,
) {
    let key: Vec<KeyPart> = stage.keys.iter().map(|key| part(evaluator.eval(key))).collect();
    let lacking = stage.keys.iter().zip(&key).find(|(_, part)| !part.is_known());
    let without_key = lacking.map(|(expr, _)| why(expr));
    let group = groups.entry(key).or_insert_with(|| stage.empty());
    if let Some(lack) = &without_key {
        group.without_key.merge(lack);
    }
    if let Some((lack, cause)) = doubt {
        return group.doubt(&lack, cause);
    }
    let gifts: Vec<Gift> = stage.aggregates.iter().map(|aggregate| gift(aggregate, evaluator)).collect();
    if gifts.iter().any(Result::is_err) {
        for (lack, parts) in group.lacks.iter_mut().zip(parts) {
            let failed = parts.iter().find(|&&i| gifts[i].is_err());
            if let Some(of) = failed.and_then(|&i| stage.aggregates[i].of.as_ref()) {
                lack.merge(&why(of));
            }
        }
    }
    group.add(stage.aggregates, gifts);
}

fn part(out: Out) -> KeyPart {
    match out {
        Cell::Present(Item::Value(value)) => KeyPart::Value(value),
        Cell::Present(Item::Row(row)) => KeyPart::Row(row),
        // The year of an empty date is not stated either.
        Cell::Empty | Cell::Unknown(Cause::Empty) => KeyPart::Empty,
        Cell::Present(_) | Cell::Unknown(_) => KeyPart::Unknown,
    }
}

fn gift(aggregate: &Aggregate, evaluator: &mut Evaluator<'_>) -> Gift {
    let Some(of) = &aggregate.of else { return Ok(Some(Value::Bool(true))) };
    if aggregate.over == Aggregation::Count {
        return match evaluator.truth(of) {
            Cell::Present(yes) => Ok(yes.then_some(Value::Bool(true))),
            Cell::Empty => Err(Cause::Empty),
            Cell::Unknown(cause) => Err(cause),
        };
    }
    match evaluator.need(of)? {
        Item::Value(value) => Ok(Some(value)),
        _ => Err(Cause::Overflow),
    }
}

/// The first reason for which an expression has no value in the frame of an evaluator that keeps its account.
fn reason(evaluator: &mut Evaluator<'_>, expr: &Expr) -> Lack {
    evaluator.trace.truncate(0);
    let cause = match evaluator.need(expr) {
        Ok(_) => return Lack { rows: 1, reasons: Reasons::new() },
        Err(cause) => cause,
    };
    let entries = evaluator.trace.take();
    one_row(evaluator, &entries, cause)
}

fn one_row(evaluator: &Evaluator<'_>, entries: &[Entry], cause: Cause) -> Lack {
    let mut found = Vec::new();
    causes(evaluator, entries, &mut found);
    let exact = found.iter().find(|(own, _)| *own == cause).or_else(|| found.first());
    let reason = exact.copied().unwrap_or((cause, None));
    Lack { rows: 1, reasons: Reasons::from([(reason, 1)]) }
}

type Reason = (Cause, Option<(crate::model::DatasetId, Option<crate::model::ColumnId>)>);

/// What the account blames, steps unfolded.
fn causes(evaluator: &Evaluator<'_>, entries: &[Entry], found: &mut Vec<Reason>) {
    for entry in entries {
        match entry {
            Entry::Cell { at, value, cause } => {
                let own = if let Cell::Unknown(own) = value { Some(*own) } else { *cause };
                found.extend(own.map(|cause| (cause, Some((at.dataset, Some(at.column))))));
            }
            Entry::Dataset(dataset, cause) => found.push((*cause, Some((*dataset, None)))),
            Entry::Step(step) => causes(evaluator, evaluator.step_entries(*step), found),
            Entry::Way(..) | Entry::Figure(..) | Entry::NotListed(..) | Entry::NoFigure(..) | Entry::Unlisted(_) => {}
        }
    }
}
