//! The verdict of one rule on every row, by either evaluator: what their tests and benches compare.

use crate::calendar::Date;
use crate::rule::typed::{Rule, Verdict};
use crate::store::Store;
use crate::value::Value;

use super::judge::{Judge, Per};
use super::kernel::{Kernels, Plan};
use super::result::Counts;
use super::scalar::World;
use super::{run, walk};

/// One of the two evaluators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evaluators {
    /// The columnar one, which judges many rows at once.
    Kernels,
    /// The one that goes row by row and can explain.
    Scalar,
}

/// The row, the item of `per` if it is known, and the verdict.
pub type RowVerdict = (u32, Option<Value>, Verdict);

/// Judges every row of a prepared store by one rule, on this thread; row by row in the store's order.
pub fn verdicts(store: &Store, rule: &Rule, extract_date: Date, by: Evaluators) -> Vec<RowVerdict> {
    let mut all = Vec::new();
    each(store, rule, extract_date, by, &mut |row, per, verdict| {
        let item = match per {
            Per::Item(value) => Some(value.clone()),
            Per::None | Per::Unknown(_) => None,
        };
        all.push((row, item, verdict));
    });
    all
}

/// The same, only counted.
pub fn tally(store: &Store, rule: &Rule, extract_date: Date, by: Evaluators) -> Counts {
    let mut counts = Counts::default();
    each(store, rule, extract_date, by, &mut |_, _, verdict| counts.add(verdict));
    counts
}

fn each(store: &Store, rule: &Rule, extract_date: Date, by: Evaluators, tell: &mut dyn FnMut(u32, &Per, Verdict)) {
    let world = World::new(store, extract_date, walk::exprs(rule));
    match by {
        Evaluators::Kernels => {
            let plan = Plan::of(&world, rule);
            for rows in run::chunks(store, rule.each) {
                let found = Kernels::new(&world, rule, &plan).judge(rows);
                let items = found.items.iter().chain(std::iter::repeat(&Per::None));
                for ((&row, item), &verdict) in found.rows.iter().zip(items).zip(&found.verdicts) {
                    tell(row, item, verdict);
                }
            }
        }
        Evaluators::Scalar => {
            let mut judge = Judge::new(&world, rule, false);
            for row in 0..store.rows(rule.each) {
                for per in judge.items(row) {
                    let verdict = judge.rule_on(row, &per).verdict;
                    tell(row, &per, verdict);
                }
            }
        }
    }
}
