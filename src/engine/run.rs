//! Runs rules over a store. The result is the same for any number of threads and any order of the input.

use std::cmp::Ordering;
use std::ops::Range;

use rayon::prelude::*;

use crate::calendar::Date;
use crate::model::DatasetId;
use crate::progress::Progress;
use crate::rule::typed::{Rule, Verdict};
use crate::store::{RowRef, Store};
use crate::value::{self, Value};

use super::cost::{self, Limits};
use super::judge::{Judge, Per};
use super::kernel::{Kernels, Plan};
use super::result::{Counts, Outcome, RuleResult, RuleState, RunResult};
use super::scalar::World;
use super::{needs, walk};

/// Rows in a piece of work, before it is extended to the end of its cluster.
const CHUNK: u32 = 4096;

/// How to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOptions {
    /// The day the data describes.
    pub extract_date: Date,
    /// Threads to use; 0 = as many as there are processors.
    pub threads: usize,
}

/// Judges every row by every rule. The store must have been prepared for these rules ([`super::prepare()`]).
pub fn run(store: &Store, rules: &[Rule], options: &RunOptions) -> RunResult {
    run_watched(store, rules, options, Limits::default(), &Progress::default())
}

/// [`run()`] within other limits, above which a rule is refused, and telling how far it is.
pub fn run_watched(store: &Store, rules: &[Rule], options: &RunOptions, limits: Limits, progress: &Progress) -> RunResult {
    match rayon::ThreadPoolBuilder::new().num_threads(options.threads).build() {
        Ok(pool) => pool.install(|| run_here(store, rules, options, limits, progress)),
        // No threads to be had: rayon's own pool then, which works with what there is.
        Err(_) => run_here(store, rules, options, limits, progress),
    }
}

fn run_here(store: &Store, rules: &[Rule], options: &RunOptions, limits: Limits, progress: &Progress) -> RunResult {
    let world = World::new(store, options.extract_date, rules.iter().flat_map(walk::exprs));
    let plans: Vec<Plan<'_>> = rules.iter().map(|rule| Plan::of(&world, rule)).collect();
    let states: Vec<(RuleState, u64)> =
        rules.par_iter().zip(&plans).map(|(rule, plan)| state_within(&world, rule, plan, limits)).collect();
    let work: Vec<(usize, Range<u32>)> = rules
        .iter()
        .zip(&states)
        .enumerate()
        .filter(|(_, (_, (state, _)))| *state == RuleState::Ran)
        .flat_map(|(i, (rule, _))| chunks(store, rule.each).into_iter().map(move |chunk| (i, chunk)))
        .collect();
    progress.judging.expect(work.iter().map(|(_, rows)| u64::from(rows.end - rows.start)).sum());
    let pieces: Vec<(usize, Counts, Vec<Outcome>)> = work
        .into_par_iter()
        .map(|(i, rows)| {
            let all = rows.end - rows.start;
            let (counts, outcomes) = judge_rows(&world, &rules[i], &plans[i], rows);
            progress.judging.add(u64::from(all));
            (i, counts, outcomes)
        })
        .collect();
    let mut results: Vec<RuleResult> = states
        .into_iter()
        .map(|(state, pairs)| RuleResult { state, pairs, counts: Counts::default(), outcomes: Vec::new() })
        .collect();
    for (i, counts, outcomes) in pieces {
        let result = &mut results[i];
        result.counts.merge(counts);
        result.outcomes.extend(outcomes);
    }
    results.par_iter_mut().zip(rules).for_each(|(result, rule)| {
        let outcomes = std::mem::take(&mut result.outcomes);
        result.outcomes = ordered(store, outcomes);
        if rule.pair_once {
            pair_once(&mut result.outcomes);
        }
    });
    RunResult { extract_date: options.extract_date, rules: results }
}

/// Whether a rule runs, and how many candidate pairs it may look at.
fn state_within(world: &World<'_>, rule: &Rule, plan: &Plan<'_>, limits: Limits) -> (RuleState, u64) {
    match needs::state(world.store, rule) {
        RuleState::Ran => {
            let pairs = cost::of(world, rule, plan).pairs;
            let limit = limits.refuse;
            (if pairs > limit { RuleState::TooCostly { pairs, limit } } else { RuleState::Ran }, pairs)
        }
        state => (state, 0),
    }
}

/// A dataset's rows cut into pieces at cluster borders.
pub(super) fn chunks(store: &Store, dataset: DatasetId) -> Vec<Range<u32>> {
    let rows = store.rows(dataset);
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < rows {
        let mut end = start.saturating_add(CHUNK).min(rows);
        // A cluster that is larger still is cut: what it says does not depend on where.
        let most = start.saturating_add(4 * CHUNK);
        while end < rows.min(most)
            && store.cluster(RowRef { dataset, row: end - 1 }) == store.cluster(RowRef { dataset, row: end })
        {
            end += 1;
        }
        chunks.push(start..end);
        start = end;
    }
    chunks
}

/// The verdict on each row from the kernels, and the account of those that are not simply in order from the explainer.
fn judge_rows(world: &World<'_>, rule: &Rule, plan: &Plan<'_>, rows: Range<u32>) -> (Counts, Vec<Outcome>) {
    let found = Kernels::new(world, rule, plan).judge(rows);
    let mut explainer = Judge::new(world, rule, true);
    let mut counts = Counts::default();
    let mut outcomes = Vec::new();
    for (lane, (&row, &verdict)) in found.rows.iter().zip(&found.verdicts).enumerate() {
        let verdict = if matches!(verdict, Verdict::Violation | Verdict::Partly | Verdict::NotAssessed) {
            let outcome = explainer.explain_as(row, found.items.get(lane).unwrap_or(&Per::None), verdict);
            debug_assert_eq!(outcome.verdict, verdict, "{} on row {row}: the evaluators disagree", rule.id);
            let verdict = outcome.verdict;
            outcomes.push(outcome);
            verdict
        } else {
            verdict
        };
        counts.add(verdict);
    }
    (counts, outcomes)
}

/// Outcomes by business key, then item, then the partner's key. Rows without a key come last, in the store's order, which
/// does not depend on the input's.
fn ordered(store: &Store, outcomes: Vec<Outcome>) -> Vec<Outcome> {
    let mut keyed: Vec<(Key, Option<Key>, Outcome)> = outcomes
        .into_iter()
        .map(|outcome| (Key::of(store, outcome.row), outcome.partner.map(|partner| Key::of(store, partner)), outcome))
        .collect();
    keyed.sort_by(|(a, a_partner, a_outcome), (b, b_partner, b_outcome)| {
        a.order(b)
            .then_with(|| compare_options(a_outcome.item.as_ref(), b_outcome.item.as_ref(), value::compare))
            .then_with(|| compare_options(a_partner.as_ref(), b_partner.as_ref(), Key::order))
    });
    keyed.into_iter().map(|(_, _, outcome)| outcome).collect()
}

struct Key {
    key: Option<(usize, Vec<Value>)>,
    row: u32,
}

impl Key {
    fn of(store: &Store, row: RowRef) -> Key {
        Key { key: store.key(row), row: row.row }
    }

    fn order(&self, other: &Key) -> Ordering {
        let keys = match (&self.key, &other.key) {
            (Some((a, a_values)), Some((b, b_values))) => a.cmp(b).then_with(|| {
                let pairs = a_values.iter().zip(b_values);
                pairs.map(|(a, b)| value::compare(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            }),
            (a, b) => a.is_none().cmp(&b.is_none()),
        };
        keys.then_with(|| self.row.cmp(&other.row))
    }
}

fn compare_options<T>(a: Option<&T>, b: Option<&T>, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// Of two rows that violate against each other only the first is told; both stay counted.
fn pair_once(outcomes: &mut Vec<Outcome>) {
    let mut told = std::collections::HashSet::new();
    outcomes.retain(|outcome| match outcome.partner {
        Some(partner) if outcome.verdict != Verdict::NotAssessed => {
            if told.contains(&(partner, outcome.row, outcome.item.clone())) {
                return false;
            }
            told.insert((outcome.row, partner, outcome.item.clone()));
            true
        }
        _ => true,
    });
}
