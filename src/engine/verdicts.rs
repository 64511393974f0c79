//! The verdict of one rule on every row, by either evaluator: what their tests and benches compare.

use crate::calendar::Date;
use crate::rule::typed::{Rule, Verdict};
use crate::store::Store;
use crate::value::Value;

use super::judge::{Judge, Per};
use super::kernel::{Kernels, Plan};
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
    let world = World::new(store, extract_date, walk::exprs(rule));
    let item = |per: &Per| match per {
        Per::Item(value) => Some(value.clone()),
        Per::None | Per::Unknown(_) => None,
    };
    let mut all = Vec::new();
    match by {
        Evaluators::Kernels => {
            let plan = Plan::of(&world, rule);
            for rows in run::chunks(store, rule.each) {
                let found = Kernels::new(&world, rule, &plan).judge(rows);
                let items = found.items.iter().map(item).chain(std::iter::repeat(None));
                let lanes = found.rows.into_iter().zip(items).zip(found.verdicts);
                all.extend(lanes.map(|((row, item), verdict)| (row, item, verdict)));
            }
        }
        Evaluators::Scalar => {
            let mut judge = Judge::new(&world, rule, false);
            for row in 0..store.rows(rule.each) {
                for per in judge.items(row) {
                    all.push((row, item(&per), judge.rule_on(row, &per).verdict));
                }
            }
        }
    }
    all
}
