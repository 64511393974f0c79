//! Changes of the rule's own keys.

use super::{Family, Mutant};
use crate::locale::Bilingual;
use crate::model::Pack;
use crate::rule::facts::is_nought;
use crate::rule::function::Function;
use crate::rule::typed::{Arith, Compare, Expr, IfMissing, Node, Rule, Scope, Ty};
use crate::value::{Kind, Span, Value};

/// `used` tells the steps that verdicts rest on.
pub(super) fn changes(pack: &Pack, rule: &Rule, used: &[bool]) -> Vec<Mutant> {
    let mut all = Vec::new();
    let mut add = |span: std::ops::Range<usize>, family, (da, en): (&str, &str), rule: Rule| {
        all.push(Mutant { span, family, what: Bilingual::new(da, en), rule });
    };
    if let Some(deadline) = &rule.deadline {
        let span = deadline.due.span.clone();
        for (days, what) in [
            (1, ("fristen en dag senere", "the deadline a day later")),
            (-1, ("fristen en dag før", "the deadline a day earlier")),
        ] {
            let mut changed = rule.clone();
            if let Some(deadline) = &mut changed.deadline {
                deadline.due = moved(deadline.due.clone(), days);
            }
            add(span.clone(), Family::Constant, what, changed);
        }
        if let Some(require) = &rule.require {
            let what = ("uden require", "without require");
            add(require.span.clone(), Family::LeftOut, what, Rule { require: None, ..rule.clone() });
            add(span, Family::LeftOut, ("uden deadline", "without deadline"), Rule { deadline: None, ..rule.clone() });
        }
    }
    if let Some(when) = &rule.when {
        add(when.span.clone(), Family::LeftOut, ("uden when", "without when"), Rule { when: None, ..rule.clone() });
    }
    if let Some(partly) = &rule.partly {
        add(partly.span.clone(), Family::LeftOut, ("uden partly", "without partly"), Rule { partly: None, ..rule.clone() });
    }
    // Rows of a dataset that belongs to no case are judged under either scope.
    if pack.case_link(rule.each).is_some() || pack.case_dataset() == Some(rule.each) {
        let (scope, what) = match rule.scope {
            Scope::Open => (Scope::All, ("også lukkede sager", "closed cases too")),
            Scope::All => (Scope::Open, ("kun åbne sager", "open cases only")),
        };
        add(scope_key(&rule.file.text), Family::Reading, what, Rule { scope, ..rule.clone() });
    }
    for (i, step) in rule.steps.iter().enumerate() {
        let number = matches!(step.expr.ty, Ty::Value(Kind::Integer | Kind::Decimal(_) | Kind::Money(_) | Kind::Percent(_)));
        if number && used[i] && sign_matters(rule, used, i) {
            let mut changed = rule.clone();
            let negative = Node::Negate(Box::new(step.expr.clone()));
            changed.steps[i].expr = Expr { node: negative, ty: step.expr.ty, span: step.expr.span.clone() };
            add(step.expr.span.clone(), Family::Sign, ("med modsat fortegn", "with the other sign"), changed);
        }
    }
    let span = rule.require.as_ref().or(rule.deadline.as_ref().map(|d| &d.due)).map_or(0..0, |expr| expr.span.clone());
    for (if_missing, what) in [
        (IfMissing::Report, ("if_missing = report", "if_missing = report")),
        (IfMissing::Violation, ("if_missing = violation", "if_missing = violation")),
        (IfMissing::Compliant, ("if_missing = compliant", "if_missing = compliant")),
    ] {
        if if_missing != rule.if_missing {
            add(span.clone(), Family::Reading, what, Rule { if_missing, ..rule.clone() });
        }
    }
    all
}

/// Where `scope` stands in a rule file, or else `each`.
fn scope_key(text: &str) -> std::ops::Range<usize> {
    let find = |key: &str| {
        let mut at = 0;
        text.split_inclusive('\n').find_map(|line| {
            let start = at;
            at += line.len();
            line.starts_with(key).then_some(start..start + key.len())
        })
    };
    find("scope").or_else(|| find("each")).unwrap_or(0..0)
}

/// A date or time stamp some days later.
fn moved(due: Expr, days: i64) -> Expr {
    let span = due.span.clone();
    let day = Value::Duration(Span { days, ..Span::default() });
    let day = Expr { node: Node::Literal(day), ty: Ty::Value(Kind::Duration), span: span.clone() };
    let ty = if due.ty == Ty::Value(Kind::Month) { Ty::Value(Kind::Date) } else { due.ty };
    Expr { node: Node::Arith(Arith::Add, Box::new(due), Box::new(day)), ty, span }
}

/// Whether some condition could tell the step from its negative. Its distance from nought has no sign, nor has nought.
fn sign_matters(rule: &Rule, used: &[bool], step: usize) -> bool {
    let slot = rule.steps[step].slot;
    let is_step = |expr: &Expr| matches!(expr.node, Node::Var(s) if s == slot);
    let (mut mentions, mut signless) = (0, 0);
    let deadline = rule.deadline.iter().flat_map(|d| [&d.due, &d.done]);
    let conditions = [&rule.when, &rule.require, &rule.partly].into_iter().flatten().chain(deadline);
    let steps = rule.steps.iter().zip(used).filter(|(_, used)| **used).map(|(step, _)| &step.expr);
    for expr in conditions.chain(steps).chain(rule.per.iter().map(|per| &per.items)) {
        expr.walk(&mut |part| {
            mentions += usize::from(is_step(part));
            signless += usize::from(match &part.node {
                Node::Call(Function::Abs, args) => args.first().is_some_and(is_step),
                Node::Compare(Compare::Equal | Compare::NotEqual, a, b) => {
                    (is_step(a) && is_nought(b)) || (is_step(b) && is_nought(a))
                }
                _ => false,
            });
        });
    }
    mentions > signless
}
