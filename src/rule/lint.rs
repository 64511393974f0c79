//! Remarks on conditions that can only have one answer, told where they stand. They stop nothing.

use std::cmp::Ordering;

use super::facts::{is_nought, never_negative};
use super::messages::{self, Place, Slip};
use super::typed::{Compare, Expr, IsTest, Node, Rule, Ty};
use crate::value::{Kind, Value, compare};

/// Remarks on the conditions of a rule.
pub(super) fn lints(rule: &Rule) -> Vec<Slip> {
    let lint = Lint { rule };
    let mut found = Vec::new();
    let steps = rule.steps.iter().map(|step| (&step.expr, Place::Within));
    let whole = [(&rule.when, Place::When), (&rule.require, Place::Require), (&rule.partly, Place::Within)];
    for (expr, place) in whole.into_iter().filter_map(|(expr, place)| Some((expr.as_ref()?, place))).chain(steps) {
        lint.walk(expr, place, &mut found);
    }
    found
}

/// What a condition can be known to give.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Always,
    Never,
}

struct Lint<'a> {
    rule: &'a Rule,
}

impl Lint<'_> {
    fn walk(&self, expr: &Expr, place: Place, found: &mut Vec<Slip>) {
        found.extend(self.of(expr, place));
        // One part that never holds decides an `and`, one that always holds an `or`; else a part decides nothing.
        expr.parts(&mut |part| {
            let decides = match (&expr.node, self.answer(part)) {
                (Node::And(_), Some(Answer::Never)) | (Node::Or(_), Some(Answer::Always)) => place,
                _ => Place::Within,
            };
            self.walk(part, decides, found);
        });
    }

    fn of(&self, expr: &Expr, place: Place) -> Option<Slip> {
        if expr.ty != Ty::Value(Kind::Bool) {
            return None;
        }
        let said = match (&expr.node, self.answer(expr)) {
            (_, Some(Answer::Always)) => messages::always_holds(place),
            (_, Some(Answer::Never)) => messages::never_holds(place),
            (Node::And(parts) | Node::Or(parts), None) if pair(parts, |a, b| self.rule.same_words(a, b)) => {
                messages::twice_the_same()
            }
            (Node::Compare(..) | Node::Between(..) | Node::InItems { .. }, None) if is_constant(expr) => messages::one_answer(),
            _ => return None,
        };
        Some(Slip::lint(expr.span.clone(), said))
    }

    /// The one answer of a condition by itself, where it has one.
    fn answer(&self, expr: &Expr) -> Option<Answer> {
        match &expr.node {
            Node::And(parts) if pair(parts, |a, b| self.opposite(a, b) || self.apart(a, b)) => Some(Answer::Never),
            Node::Or(parts) if pair(parts, |a, b| self.opposite(a, b) || self.all(a, b)) => Some(Answer::Always),
            Node::Compare(op, a, b) => {
                let never_below = |a: &Expr, b: &Expr| never_negative(&self.rule.steps, a) && is_nought(b);
                let op = match (self.rule.same_words(a, b), never_below(a, b), never_below(b, a)) {
                    (true, _, _) => {
                        return Some(if op.holds(Ordering::Equal) { Answer::Always } else { Answer::Never });
                    }
                    (_, true, _) => *op,
                    (_, _, true) => op.mirrored(),
                    _ => return None,
                };
                match op {
                    Compare::GreaterEqual => Some(Answer::Always),
                    Compare::Less => Some(Answer::Never),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// One holds exactly where the other does not.
    fn opposite(&self, a: &Expr, b: &Expr) -> bool {
        match (&a.node, &b.node) {
            (Node::Not(inner), _) if self.rule.same_words(inner, b) => true,
            (_, Node::Not(inner)) => self.rule.same_words(a, inner),
            (Node::Compare(one, a, b), Node::Compare(other, c, d)) => {
                self.rule.same_words(a, c) && self.rule.same_words(b, d) && *other == one.negated()
            }
            (Node::Is { operand: a, test: one, negated: n }, Node::Is { operand: b, test: other, negated: m }) => {
                let missing = |test: &IsTest, negated: bool| match test {
                    IsTest::Missing => Some(!negated),
                    IsTest::Present => Some(negated),
                    IsTest::Known | IsTest::SameRow(_) => None,
                };
                let sides = missing(one, *n).zip(missing(other, *m));
                self.rule.same_words(a, b) && sides.is_some_and(|(one, other)| one != other)
            }
            _ => false,
        }
    }

    /// Both compare one thing with constants, and no value is on the right side of both.
    fn apart(&self, a: &Expr, b: &Expr) -> bool {
        self.bounds(a, b).is_some_and(|(one, other)| beyond(one, other) || beyond(other, one))
    }

    /// Both compare one thing with constants, and every value is on the right side of one.
    fn all(&self, a: &Expr, b: &Expr) -> bool {
        self.bounds(a, b).is_some_and(|((one, value), (other, of_other))| {
            let (one, other) = ((one.negated(), value), (other.negated(), of_other));
            beyond(one, other) || beyond(other, one)
        })
    }

    fn bounds<'e>(&self, a: &'e Expr, b: &'e Expr) -> Option<(Bound<'e>, Bound<'e>)> {
        let ((of, one), (of_other, other)) = (bound(a)?, bound(b)?);
        let alike = std::mem::discriminant(one.1) == std::mem::discriminant(other.1);
        (alike && self.rule.same_words(of, of_other)).then_some((one, other))
    }
}

type Bound<'e> = (Compare, &'e Value);

/// What a comparison with a constant asks, and of what.
fn bound(expr: &Expr) -> Option<(&Expr, Bound<'_>)> {
    let Node::Compare(op, a, b) = &expr.node else { return None };
    match (&a.node, &b.node) {
        (Node::Literal(_), Node::Literal(_)) => None,
        (_, Node::Literal(value)) => Some((a, (*op, value))),
        (Node::Literal(value), _) => Some((b, (op.mirrored(), value))),
        _ => None,
    }
}

/// Whether all that one lets through lies above all that the other does.
fn beyond(one: Bound<'_>, other: Bound<'_>) -> bool {
    let from_below = matches!(one.0, Compare::Greater | Compare::GreaterEqual | Compare::Equal);
    let from_above = matches!(other.0, Compare::Less | Compare::LessEqual | Compare::Equal);
    let meets = !(one.0 == Compare::Greater || other.0 == Compare::Less);
    from_below
        && from_above
        && match compare(one.1, other.1) {
            Ordering::Greater => true,
            Ordering::Equal => !meets,
            Ordering::Less => false,
        }
}

fn pair(parts: &[Expr], is: impl Fn(&Expr, &Expr) -> bool) -> bool {
    parts.iter().enumerate().any(|(i, a)| parts[i + 1..].iter().any(|b| is(a, b)))
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
