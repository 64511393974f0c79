//! Remarks on conditions that can only have one answer, told where they stand. They stop nothing.

use super::messages::{self, Slip};
use super::typed::{Compare, Expr, IsTest, Node, Rule, Ty};
use crate::value::{Kind, Value};

/// Remarks on the conditions of a rule.
pub(super) fn lints(rule: &Rule) -> Vec<Slip> {
    let lint = Lint { text: &rule.file.text };
    let mut found = Vec::new();
    let steps = rule.steps.iter().map(|step| &step.expr);
    for expr in [&rule.when, &rule.require, &rule.partly].into_iter().flatten().chain(steps) {
        expr.walk(&mut |part| found.extend(lint.of(part)));
    }
    found
}

struct Lint<'a> {
    text: &'a str,
}

impl Lint<'_> {
    fn of(&self, expr: &Expr) -> Option<Slip> {
        if expr.ty != Ty::Value(Kind::Bool) {
            return None;
        }
        let said = match &expr.node {
            Node::And(parts) if self.pair(parts, |a, b| self.opposite(a, b) || self.excludes(a, b)) => messages::never_holds(),
            Node::Or(parts) if self.pair(parts, |a, b| self.opposite(a, b)) => messages::always_holds(),
            Node::And(parts) | Node::Or(parts) if self.pair(parts, |a, b| self.same(a, b)) => messages::twice_the_same(),
            Node::Compare(op, a, b) if self.same(a, b) => match op {
                Compare::Equal | Compare::LessEqual | Compare::GreaterEqual => messages::always_holds(),
                Compare::NotEqual | Compare::Less | Compare::Greater => messages::never_holds(),
            },
            Node::Compare(..) | Node::Between(..) | Node::InItems { .. } if is_constant(expr) => messages::one_answer(),
            _ => return None,
        };
        Some(Slip::lint(expr.span.clone(), said))
    }

    fn pair(&self, parts: &[Expr], is: impl Fn(&Expr, &Expr) -> bool) -> bool {
        parts.iter().enumerate().any(|(i, a)| parts[i + 1..].iter().any(|b| is(a, b)))
    }

    /// Written in the same words.
    fn same(&self, a: &Expr, b: &Expr) -> bool {
        let words = |expr: &Expr| self.text.get(expr.span.clone()).map(|text| text.split_whitespace().collect::<Vec<_>>());
        words(a).is_some() && words(a) == words(b)
    }

    /// One holds exactly where the other does not.
    fn opposite(&self, a: &Expr, b: &Expr) -> bool {
        match (&a.node, &b.node) {
            (Node::Not(inner), _) if self.same(inner, b) => true,
            (_, Node::Not(inner)) => self.same(a, inner),
            (Node::Compare(one, a, b), Node::Compare(other, c, d)) => {
                self.same(a, c) && self.same(b, d) && *other == against(*one)
            }
            (Node::Is { operand: a, test: one, negated: n }, Node::Is { operand: b, test: other, negated: m }) => {
                let missing = |test: &IsTest, negated: bool| match test {
                    IsTest::Missing => Some(!negated),
                    IsTest::Present => Some(negated),
                    IsTest::Known | IsTest::SameRow(_) => None,
                };
                let sides = missing(one, *n).zip(missing(other, *m));
                self.same(a, b) && sides.is_some_and(|(one, other)| one != other)
            }
            _ => false,
        }
    }

    /// Equal to one constant and to another.
    fn excludes(&self, a: &Expr, b: &Expr) -> bool {
        let constant = |expr: &Expr| match &expr.node {
            Node::Literal(value) => Some(value.clone()),
            _ => None,
        };
        let (Node::Compare(Compare::Equal, a, x), Node::Compare(Compare::Equal, b, y)) = (&a.node, &b.node) else {
            return false;
        };
        let values: Option<(Value, Value)> = constant(x).zip(constant(y));
        self.same(a, b) && values.is_some_and(|(x, y)| x != y)
    }
}

fn against(op: Compare) -> Compare {
    match op {
        Compare::Equal => Compare::NotEqual,
        Compare::NotEqual => Compare::Equal,
        Compare::Less => Compare::GreaterEqual,
        Compare::LessEqual => Compare::Greater,
        Compare::Greater => Compare::LessEqual,
        Compare::GreaterEqual => Compare::Less,
    }
}

/// Whether nothing in it depends on a row or a day.
fn is_constant(expr: &Expr) -> bool {
    let mut constant = true;
    expr.walk(&mut |part| {
        constant &= !matches!(part.node, Node::Var(_) | Node::Field(..) | Node::ExtractDate | Node::Lookup { .. })
            && part.rows().is_none();
    });
    constant
}
