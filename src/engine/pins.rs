//! What the examples of a rule hold fast: which conditions they answer both ways, and which small changes of the rule they
//! would notice.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::Pack;
use crate::problem::Mistake;
use crate::rule::mutate::{Family, Mutant, mutants};
use crate::rule::typed::{Example, Expr, IfMissing, ModelExprs, Node, Rule, Ty, Verdict};
use crate::rule::{Said, Slip, examples_fail, no_other_row, no_unknown_row, not_pinned};
use crate::store::Store;
use crate::value::{Cause, Cell, Kind, Value};

use super::examples::{compared, run_examples, store, verdicts};
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
        let store = store(pack, model, std::slice::from_ref(rule), example);
        let world = World::new(&store, example.extract_date, walk::exprs(rule));
        let mut judge = Judge::new(&world, rule, false);
        judge.evaluator.watch();
        for row in 0..store.rows(rule.each) {
            for per in judge.items(row) {
                judge.rule_on(row, &per);
            }
        }
        for (span, value) in judge.evaluator.watched().0 {
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
    /// How many changes of each kind were tried.
    pub tried: BTreeMap<Family, usize>,
    /// Those under which every example still gives what it should.
    pub unnoticed: Vec<Mutant>,
}

impl Mutation {
    /// How many changes were tried.
    pub fn total(&self) -> usize {
        self.tried.values().sum()
    }
}

/// Changes a rule in every small way and runs its examples again. Says nothing of a rule whose examples fail as it is.
pub fn mutate(pack: &Arc<Pack>, model: &ModelExprs, rule: &Rule) -> Mutation {
    let stores: Vec<Store> =
        rule.examples.iter().map(|example| store(pack, model, std::slice::from_ref(rule), example)).collect();
    let all = mutants(pack, rule);
    let mut tried = BTreeMap::new();
    all.iter().for_each(|mutant| *tried.entry(mutant.family).or_default() += 1);
    let notices = |mutant: &Mutant| {
        rule.examples.iter().zip(&stores).any(|(example, store)| {
            let verdicts = verdicts(store, &mutant.rule, example.extract_date);
            compared(example, &verdicts).iter().any(|row| !row.passed())
        })
    };
    let mut unnoticed: Vec<Mutant> = all.into_par_iter().filter(|mutant| !notices(mutant)).collect();
    // What an unknown requirement means is no change where none can come about.
    let of_unknown = |mutant: &Mutant| mutant.rule.if_missing != rule.if_missing;
    if unnoticed.iter().any(of_unknown) && !may_be_unknown(pack, model, rule) {
        let idle = unnoticed.iter().filter(|mutant| of_unknown(mutant)).count();
        unnoticed.retain(|mutant| !of_unknown(mutant));
        *tried.entry(Family::Reading).or_default() -= idle;
    }
    unnoticed.sort_by_key(|mutant| mutant.span.start);
    Mutation { tried, unnoticed }
}

/// Remarks on a rule whose examples leave something open. They stop nothing.
pub fn remarks(pack: &Arc<Pack>, model: &ModelExprs, rule: &Rule) -> Vec<Mistake> {
    let say = |span: Range<usize>, said: Said| Slip::lint(span, said).into_mistake(&rule.file);
    // Of a rule whose examples fail nothing else can be said.
    if let Some(failed) = run_examples(pack, model, rule).iter().find(|outcome| !outcome.passed()) {
        return vec![say(failed.span.clone(), examples_fail(&rule.id))];
    }
    let (mut all, mut no_unknown) = (Vec::new(), false);
    let answers: Vec<Verdict> = rule.examples.iter().flat_map(|e| e.expect.iter().map(|(_, verdict)| *verdict)).collect();
    if let Some(when) = &rule.when
        && !answers.contains(&Verdict::NotApplicable)
    {
        all.push(say(when.span.clone(), no_other_row()));
    }
    if let Some(expr) = rule.require.as_ref().or(rule.deadline.as_ref().map(|d| &d.due))
        && rule.if_missing == IfMissing::Report
        && !answers.contains(&Verdict::NotAssessed)
        && may_be_unknown(pack, model, rule)
    {
        all.push(say(expr.span.clone(), no_unknown_row()));
        no_unknown = true;
    }
    let mut unnoticed = mutate(pack, model, rule).unnoticed;
    // What an unknown requirement means is said once.
    unnoticed.retain(|mutant| !no_unknown || mutant.rule.if_missing == rule.if_missing);
    if let Some(first) = unnoticed.first() {
        all.push(say(first.span.clone(), not_pinned(unnoticed.len(), &first.what, &rule.id)));
    }
    all
}

/// Whether the requirement of a row that the rule concerns can be unknown: tried with every cell of every example made
/// unreadable, and with every dataset not whole.
fn may_be_unknown(pack: &Arc<Pack>, model: &ModelExprs, rule: &Rule) -> bool {
    let (bad, good) =
        (Rule { if_missing: IfMissing::Violation, ..rule.clone() }, Rule { if_missing: IfMissing::Compliant, ..rule.clone() });
    let differs = |example: &Example| {
        let store = store(pack, model, std::slice::from_ref(rule), example);
        verdicts(&store, &bad, example.extract_date) != verdicts(&store, &good, example.extract_date)
    };
    rule.examples.par_iter().any(|example| differs(example) || damaged(example).any(|example| differs(&example)))
}

/// The example with one cell unreadable, each in turn, and with one dataset not whole.
fn damaged(example: &Example) -> impl Iterator<Item = Example> {
    let cells = example.tables.iter().enumerate().flat_map(|(t, table)| {
        let of_row = move |(r, row): (usize, &Vec<Cell>)| (0..row.len()).map(move |c| (t, r, c)).collect::<Vec<_>>();
        table.rows.iter().enumerate().flat_map(of_row)
    });
    let unreadable = cells.map(|(t, r, c)| {
        let mut damaged = example.clone();
        damaged.tables[t].rows[r][c] = Cell::Unknown(Cause::Unreadable);
        damaged
    });
    let parts = example.tables.iter().map(|table| {
        let mut damaged = example.clone();
        damaged.incomplete.push(table.dataset);
        damaged
    });
    unreadable.chain(parts)
}
