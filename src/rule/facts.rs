//! What can be said of expressions without evaluating them.

use std::cmp::Ordering;

use super::function::Function;
use super::typed::{Compare, Expr, Node, Rule, Step};
use crate::value::Value;

impl Compare {
    /// Every operator.
    pub(super) const ALL: [Compare; 6] =
        [Compare::Equal, Compare::NotEqual, Compare::Less, Compare::LessEqual, Compare::Greater, Compare::GreaterEqual];

    /// As written in rules.
    pub(super) fn word(self) -> &'static str {
        match self {
            Compare::Equal => "=",
            Compare::NotEqual => "!=",
            Compare::Less => "<",
            Compare::LessEqual => "<=",
            Compare::Greater => ">",
            Compare::GreaterEqual => ">=",
        }
    }

    /// Whether it holds where the left side stands so to the right one.
    pub(super) fn holds(self, order: Ordering) -> bool {
        match self {
            Compare::Equal => order.is_eq(),
            Compare::NotEqual => order.is_ne(),
            Compare::Less => order.is_lt(),
            Compare::LessEqual => order.is_le(),
            Compare::Greater => order.is_gt(),
            Compare::GreaterEqual => order.is_ge(),
        }
    }

    /// The operator that holds exactly where this one does not.
    pub(super) fn negated(self) -> Compare {
        match self {
            Compare::Equal => Compare::NotEqual,
            Compare::NotEqual => Compare::Equal,
            Compare::Less => Compare::GreaterEqual,
            Compare::LessEqual => Compare::Greater,
            Compare::Greater => Compare::LessEqual,
            Compare::GreaterEqual => Compare::Less,
        }
    }

    /// The operator that says the same with the sides exchanged.
    pub(super) fn mirrored(self) -> Compare {
        match self {
            Compare::Less => Compare::Greater,
            Compare::LessEqual => Compare::GreaterEqual,
            Compare::Greater => Compare::Less,
            Compare::GreaterEqual => Compare::LessEqual,
            Compare::Equal | Compare::NotEqual => self,
        }
    }
}

/// Counts, lengths and spans of days are never below nought, also where a step names them.
pub(super) fn never_negative(steps: &[Step], expr: &Expr) -> bool {
    match &expr.node {
        Node::Count(_) | Node::CountDistinct(..) => true,
        Node::Call(Function::DaysIn | Function::Length | Function::Abs | Function::HowMany, _) => true,
        Node::Var(slot) => steps.iter().find(|step| step.slot == *slot).is_some_and(|step| never_negative(steps, &step.expr)),
        _ => false,
    }
}

pub(super) fn is_nought(expr: &Expr) -> bool {
    match &expr.node {
        Node::Literal(Value::Number(n) | Value::Money(n) | Value::Percent(n)) => n.units() == 0,
        _ => false,
    }
}

impl Rule {
    /// Whether two expressions of the rule are written in the same words.
    pub(super) fn same_words(&self, a: &Expr, b: &Expr) -> bool {
        let words = |expr: &Expr| self.file.text.get(expr.span.clone()).map(|text| text.split_whitespace().collect::<Vec<_>>());
        words(a).is_some() && words(a) == words(b)
    }
}
