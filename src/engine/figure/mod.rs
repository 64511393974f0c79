//! Key figures over a store: rows gathered into groups, groups perhaps again, and the table that they give.
//!
//! An aggregate over rows that lack is unknown, never smaller; beside it stands what the known rows come to. Nothing rests
//! on the order of rows or the number of threads: sums are exact, and groups are ordered by their keys.

mod examples;
mod gather;
mod made;
pub mod result;
mod table;

use crate::calendar::Date;
use crate::rule::figure::{FigureColumn, KeyFigure, Whole};
use crate::rule::typed::{Expr, Slot};
use crate::store::{Completeness, Store};
use crate::value::{Cause, Cell};

pub use examples::{FigureOutcome, printed, run_figure_examples};

use self::gather::{First, Groups, Named, Stage};
use self::made::Group;
use self::result::{FigureResult, KeyPart, Lack};
use super::needs;
use super::result::{Reasons, RuleState};
use super::run::RunOptions;
use super::scalar::{Evaluator, Item, Out, World};
use super::walk;

/// Builds the indexes that searches of key figures through whole datasets need.
pub fn prepare_figures(store: &mut Store, figures: &[KeyFigure]) {
    let exprs = figures.iter().flat_map(KeyFigure::exprs);
    let indexed: std::collections::BTreeSet<_> = exprs.flat_map(walk::indexed).collect();
    indexed.into_iter().for_each(|(dataset, column)| store.index(dataset, column));
}

/// Computes every key figure. The store must have been prepared for them ([`prepare_figures`]).
pub fn run_figures(store: &Store, figures: &[KeyFigure], options: &RunOptions) -> Vec<FigureResult> {
    let run = || figures.iter().map(|figure| compute(store, figure, options.extract_date)).collect();
    match rayon::ThreadPoolBuilder::new().num_threads(options.threads).build() {
        Ok(pool) => pool.install(run),
        // No threads to be had: rayon's own pool then, which works with what there is.
        Err(_) => run(),
    }
}

fn compute(store: &Store, figure: &KeyFigure, extract_date: Date) -> FigureResult {
    let (state, columns) = needs::states_of_figure(store, figure);
    let mut result = FigureResult {
        state,
        columns: Vec::new(),
        left_out: Vec::new(),
        across: Vec::new(),
        rows: Vec::new(),
        unranked: (0, Lack::default()),
        refused: store.refused(figure.each),
    };
    for (i, state) in columns.into_iter().enumerate() {
        match state {
            RuleState::Ran => result.columns.push(i),
            state => result.left_out.push((i, state)),
        }
    }
    if result.state == RuleState::Ran
        && result.columns.is_empty()
        && let Some((_, state)) = result.left_out.first()
    {
        result.state = state.clone();
    }
    if result.state == RuleState::Ran {
        let world = World::new(store, extract_date, figure.exprs());
        let maker = Maker { world: &world, figure };
        let (stage, groups) = maker.gathered();
        table::fill(&maker, &stage, groups, &mut result);
    }
    result
}

/// Makes figures of groups.
struct Maker<'w> {
    world: &'w World<'w>,
    figure: &'w KeyFigure,
}

/// Where the outputs of the table's stage stand.
struct Outputs;

impl<'w> Maker<'w> {
    /// The stage that gives the table, and its groups.
    fn gathered(&self) -> (Stage<'w>, Groups) {
        let figure = self.figure;
        let heads = figure.by.iter().chain(&figure.across).map(|head| &head.value).collect();
        let last = Stage { keys: heads, aggregates: &figure.aggregates, outputs: Outputs::of(figure) };
        let Some(grouping) = &figure.grouping else {
            let groups = gather::rows(self.world, figure, &last);
            return (last, groups);
        };
        let first = Stage {
            keys: grouping.keys.iter().map(|key| &key.expr).collect(),
            aggregates: &grouping.aggregates,
            outputs: grouping.lets.iter().map(|step| &step.expr).collect(),
        };
        let mut evaluator = self.evaluator();
        let groups = gather::rows(self.world, figure, &first);
        let groups: Vec<First> = groups.iter().map(|(key, group)| self.named(&first, key, group, &mut evaluator)).collect();
        let groups = gather::groups(self.world, figure, &last, &groups);
        (last, groups)
    }

    fn evaluator(&self) -> Evaluator<'w> {
        Evaluator::new(self.world, &[], self.figure.slots, false)
    }

    /// A group of the first stage with its names. Rows whose key is empty or unknown belong to groups that nobody knows: how
    /// many these are, and what each comes to, is unknown.
    fn named(&self, stage: &Stage<'_>, key: &[KeyPart], group: &Group, evaluator: &mut Evaluator<'w>) -> First {
        let mut values = Vec::new();
        let whole = key.iter().all(KeyPart::is_known);
        let cause = |lack: &Lack| lack.reasons.keys().next().map_or(Cause::Empty, |(cause, _)| *cause);
        let keys = self.figure.grouping.iter().flat_map(|grouping| &grouping.keys);
        for (step, part) in keys.zip(key) {
            let out = match part {
                KeyPart::Value(value) => Cell::Present(Item::Value(value.clone())),
                KeyPart::Row(row) => Cell::Present(Item::Row(*row)),
                KeyPart::Empty => Cell::Unknown(Cause::Empty),
                KeyPart::Unknown => {
                    let causes = group.without_key.reasons.keys().map(|(cause, _)| *cause);
                    Cell::Unknown(causes.filter(|cause| *cause != Cause::Empty).min().unwrap_or(Cause::Unmatched))
                }
            };
            values.push(Named { slot: step.slot, out, lack: group.without_key.clone() });
        }
        let lets = self.figure.grouping.iter().flat_map(|grouping| &grouping.lets);
        for (i, step) in lets.enumerate() {
            let made = self.make(stage, i, group, evaluator);
            values.push(match whole {
                true => Named { slot: step.slot, out: made.arrived.0, lack: made.arrived.1 },
                false => {
                    Named { slot: step.slot, out: Cell::Unknown(cause(&group.without_key)), lack: group.without_key.clone() }
                }
            });
        }
        let lack = match (whole, group.members) {
            (false, _) => Some(&group.without_key),
            (true, 0) => Some(&group.doubtful),
            _ => None,
        };
        First { values, doubt: lack.map(|lack| (lack.clone(), cause(lack))) }
    }

    /// An output of a stage over a group.
    fn make(&self, stage: &Stage<'_>, output: usize, group: &Group, evaluator: &mut Evaluator<'w>) -> MadeOutput {
        let expr: &Expr = stage.outputs[output];
        let used = stage.aggregates.iter().enumerate().filter(|(_, aggregate)| expr.mentions(aggregate.slot));
        let results: Vec<(Slot, Out, Out)> = used
            .map(|(i, aggregate)| {
                let (out, known) = group.result(i, aggregate);
                (aggregate.slot, out, known)
            })
            .collect();
        let mut lack = group.lacks[output].clone();
        let incomplete = self.not_whole().filter(|_| !results.is_empty());
        let mut over = |known: bool| {
            for (slot, out, of_known) in &results {
                evaluator.bind(*slot, if known { of_known.clone() } else { out.clone() });
            }
            evaluator.eval(expr)
        };
        let known = nothing_is_empty(over(true));
        let mut out = if lack.is_empty() { known.clone() } else { over(false) };
        let arrived = (out.clone(), lack.clone());
        if let Some(cause) = incomplete {
            lack.reasons.insert((cause, Some((self.figure.each, None))), 0);
            out = Cell::Unknown(cause);
        }
        if let Cell::Unknown(cause) = out
            && lack.is_empty()
        {
            lack.reasons = Reasons::from([((cause, None), 0)]);
        }
        MadeOutput { out, known, lack, arrived }
    }

    fn not_whole(&self) -> Option<Cause> {
        match self.world.store.completeness(self.figure.each) {
            Completeness::Whole => None,
            Completeness::Incomplete => Some(Cause::Incomplete),
            Completeness::Missing => Some(Cause::DatasetMissing),
        }
    }
}

/// An output over a group.
struct MadeOutput {
    out: Out,
    /// Over the rows that are known.
    known: Out,
    lack: Lack,
    /// The output and its lack as if what arrived were all: the first stage leaves it to the table to say that it is not.
    arrived: (Out, Lack),
}

/// A mean of no rows is empty, and stays so when it is rounded.
fn nothing_is_empty(out: Out) -> Out {
    match out {
        Cell::Unknown(Cause::Empty) => Cell::Empty,
        out => out,
    }
}

impl Outputs {
    /// Columns, then the wholes of shares, then the order.
    fn of(figure: &KeyFigure) -> Vec<&Expr> {
        let columns = figure.columns.iter().map(|column| &column.value);
        let wholes = figure.columns.iter().filter_map(|column| column.share.as_ref().and_then(Whole::expr));
        columns.chain(wholes).chain(&figure.order).collect()
    }

    /// The output that is the whole of a column's share.
    fn whole_of(figure: &KeyFigure, column: usize) -> Option<usize> {
        let has = |column: &FigureColumn| column.share.as_ref().is_some_and(|whole| whole.expr().is_some());
        let before = figure.columns[..column].iter().filter(|column| has(column)).count();
        has(&figure.columns[column]).then(|| figure.columns.len() + before)
    }

    /// The output that ranks: the order, else the first column.
    fn order(figure: &KeyFigure) -> usize {
        match &figure.order {
            Some(_) => Outputs::of(figure).len() - 1,
            None => 0,
        }
    }
}
