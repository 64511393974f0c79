//! What the examples of a rule hold fast: which conditions they answer both ways, and which small changes of the rule they
//! would notice.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::Pack;
use crate::rule::mutate::{Mutant, mutants};
use crate::rule::typed::{Expr, ModelExprs, Node, Rule, Ty};
use crate::store::Store;
use crate::value::{Cell, Kind, Value};

use super::examples::{compared, store, verdicts};
use super::judge::Judge;
use super::scalar::World;
use super::walk;

/// A condition, and the answers it gave over all examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// Its bytes in the rule file.
    pub span: Range<usize>,
    /// It was yes at least once.
    pub yes: bool,
    /// It was no at least once.
    pub no: bool,
    /// It was unknown at least once.
    pub unknown: bool,
}

impl Covered {
    /// Whether it was both yes and no.
    pub fn both(&self) -> bool {
        self.yes && self.no
    }
}

/// Every condition of a rule that is not made of others, in the order of the file, and what the examples gave.
pub fn coverage(pack: &Arc<Pack>, model: &ModelExprs, rule: &Rule) -> Vec<Covered> {
    let mut conditions: BTreeMap<(usize, usize), Covered> = BTreeMap::new();
    let deadline = rule.deadline.iter().flat_map(|d| [&d.due, &d.done]);
    let steps = rule.steps.iter().map(|step| &step.expr);
    for expr in [&rule.when, &rule.require, &rule.partly].into_iter().flatten().chain(deadline).chain(steps) {
        expr.walk(&mut |part| {
            if is_condition(part) {
                let span = part.span.clone();
                let covered = Covered { span: span.clone(), yes: false, no: false, unknown: false };
                conditions.entry((span.start, span.end)).or_insert(covered);
            }
        });
    }
    for example in &rule.examples {
        let store = store(pack, model, rule, example);
        let world = World::new(&store, example.extract_date, walk::exprs(rule));
        let mut judge = Judge::new(&world, rule, false);
        judge.evaluator.watch();
        for row in 0..store.rows(rule.each) {
            for per in judge.items(row) {
                judge.rule_on(row, &per);
            }
        }
        for (span, value) in judge.evaluator.watched() {
            let Some(covered) = conditions.get_mut(&(span.start, span.end)) else { continue };
            match value {
                Cell::Present(Value::Bool(true)) => covered.yes = true,
                Cell::Present(Value::Bool(false)) => covered.no = true,
                Cell::Present(_) => {}
                Cell::Empty | Cell::Unknown(_) => covered.unknown = true,
            }
        }
    }
    conditions.into_values().collect()
}

fn is_condition(expr: &Expr) -> bool {
    let made_of_others = matches!(expr.node, Node::And(_) | Node::Or(_) | Node::Not(_) | Node::Var(_) | Node::Literal(_));
    expr.ty == Ty::Value(Kind::Bool) && !made_of_others
}

/// The small changes of a rule, and those of them that its examples do not notice.
#[derive(Debug, Clone)]
pub struct Mutation {
    /// How many changes were tried.
    pub tried: usize,
    /// Those under which every example still gives what it should.
    pub unnoticed: Vec<Mutant>,
}

/// Changes a rule in every small way and runs its examples again. Says nothing of a rule whose examples fail as it is.
pub fn mutate(pack: &Arc<Pack>, model: &ModelExprs, rule: &Rule) -> Mutation {
    let stores: Vec<Store> = rule.examples.iter().map(|example| store(pack, model, rule, example)).collect();
    let all = mutants(pack, rule);
    let tried = all.len();
    let notices = |mutant: &Mutant| {
        rule.examples.iter().zip(&stores).any(|(example, store)| {
            let verdicts = verdicts(store, &mutant.rule, example.extract_date);
            compared(example, &verdicts).iter().any(|row| !row.passed())
        })
    };
    let unnoticed = all.into_par_iter().filter(|mutant| !notices(mutant)).collect();
    Mutation { tried, unnoticed }
}
