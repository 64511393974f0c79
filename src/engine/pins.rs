//! What the examples of a rule hold fast: which conditions they answer both ways, and which small changes of the rule they
//! would notice.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::locale::Bilingual;
use crate::model::Pack;
use crate::problem::{Mistake, Severity};
use crate::rule::mutate::{Mutant, mutants};
use crate::rule::typed::{Expr, IfMissing, IsTest, ModelExprs, Node, Rule, Ty, Verdict};
use crate::store::Store;
use crate::value::{Cell, Kind, Value};

use super::examples::{ExampleOutcome, compared, run_examples, store, verdicts};
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
    let mut unnoticed: Vec<Mutant> = all.into_par_iter().filter(|mutant| !notices(mutant)).collect();
    unnoticed.sort_by_key(|mutant| mutant.span.start);
    Mutation { tried, unnoticed }
}

/// Remarks on a rule whose examples leave something open. They stop nothing.
pub fn remarks(pack: &Arc<Pack>, model: &ModelExprs, rule: &Rule) -> Vec<Mistake> {
    let say = |span: Range<usize>, da: String, en: String| {
        let mut remark = Mistake::at(&rule.file.path, &rule.file.text, span, Bilingual::new(da, en));
        remark.severity = Severity::Warning;
        remark
    };
    if !run_examples(pack, model, rule).iter().all(ExampleOutcome::passed) {
        return Vec::new();
    }
    let mut all = Vec::new();
    let answers: Vec<Verdict> = rule.examples.iter().flat_map(|e| e.expect.iter().map(|(_, verdict)| *verdict)).collect();
    if let Some(when) = &rule.when
        && !answers.contains(&Verdict::NotApplicable)
    {
        let (da, en) =
            ("intet eksempel viser en række, som reglen ikke gælder", "no example shows a row that the rule does not concern");
        all.push(say(when.span.clone(), da.to_owned(), en.to_owned()));
    }
    if let Some(expr) = rule.require.as_ref().or(rule.deadline.as_ref().map(|d| &d.due))
        && rule.if_missing == IfMissing::Report
        && may_lack(expr)
        && !answers.contains(&Verdict::NotAssessed)
    {
        let (da, en) = (
            "kan være uvist, hvor data mangler; intet eksempel viser det",
            "may be unknown where data lacks; no example shows it",
        );
        all.push(say(expr.span.clone(), da.to_owned(), en.to_owned()));
    }
    let mutation = mutate(pack, model, rule);
    if let Some(first) = mutation.unnoticed.first() {
        let (n, id) = (mutation.unnoticed.len(), &rule.id);
        let how = format!("rules test {id} --mutate");
        let (da, en) = if n == 1 {
            ("1 lille ændring".to_owned(), "1 small change".to_owned())
        } else {
            (format!("{n} små ændringer"), format!("{n} small changes"))
        };
        let da = format!("eksemplerne opdager ikke {da} af reglen, her: {} ({how})", first.what.da);
        let en = format!("the examples do not notice {en} of the rule, here: {} ({how})", first.what.en);
        all.push(say(first.span.clone(), da, en));
    }
    all
}

/// Whether it uses a value of a row in another way than asking whether it is there.
fn may_lack(expr: &Expr) -> bool {
    match &expr.node {
        Node::Is { test: IsTest::Missing | IsTest::Present | IsTest::Known, .. } => false,
        Node::Field(..) => true,
        _ => {
            let mut lacks = false;
            expr.parts(&mut |part| lacks |= may_lack(part));
            lacks
        }
    }
}
