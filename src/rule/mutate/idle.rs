//! Changes of a node that nobody could tell from the rule, because of what stands around it.

use std::cmp::Ordering;
use std::ops::Range;

use super::Family;
use super::change::{Changer, Site};
use crate::rule::function::Function;
use crate::rule::typed::{Compare, Expr, IsTest, Node};

/// A node, and which of its changes mean nothing.
pub(super) struct Idle {
    span: Range<usize>,
    why: Why,
}

enum Why {
    /// Where the test counts it is unknown, whatever it asks: `x is not known and x <= d`, or a test of `x` in what follows the
    /// `else` of `if x is known`.
    Unknown,
    /// `done is present or due < extract_date` in `when` beside a deadline: where nothing is done and `due` lies ahead, the row
    /// is not applicable by the deadline, whatever `when` says. So it is the same as any comparison that agrees up to then.
    Ahead(Compare),
    /// `if a <= b then a else b`: where both are equal either will do. So it is the same as any comparison that agrees elsewhere.
    Either(Compare),
    /// `last(r in R where r.day = d by r.day)`: all rows are equal in the order, so there is one, none, or a tie.
    Tied,
}

impl Idle {
    pub(super) fn covers(&self, site: &Site) -> bool {
        if site.expr.span != self.span {
            return false;
        }
        let agree = |op: Compare, orders: [Ordering; 2]| match site.expr.node {
            Node::Compare(to, ..) => orders.iter().all(|order| op.holds(*order) == to.holds(*order)),
            _ => false,
        };
        match self.why {
            Why::Unknown => matches!(site.family, Family::Comparison | Family::Constant | Family::Negation),
            Why::Ahead(op) => site.family == Family::Comparison && agree(op, [Ordering::Less, Ordering::Equal]),
            Why::Either(op) => site.family == Family::Comparison && agree(op, [Ordering::Less, Ordering::Greater]),
            Why::Tied => site.family == Family::Word,
        }
    }
}

impl Changer<'_> {
    /// The nodes within `expr` of which some changes mean nothing.
    pub(super) fn idle(&self, expr: &Expr) -> Vec<Idle> {
        let mut all = Vec::new();
        expr.walk(&mut |part| self.idle_around(part, &mut all));
        all
    }

    fn idle_around(&self, expr: &Expr, out: &mut Vec<Idle>) {
        let mut add = |of: &Expr, why| out.push(Idle { span: of.span.clone(), why });
        match &expr.node {
            Node::And(parts) => {
                let unknown = parts.iter().filter_map(|part| match &part.node {
                    Node::Is { operand, test: IsTest::Known, negated: true } => Some(&**operand),
                    _ => None,
                });
                for operand in unknown {
                    parts.iter().filter(|part| self.tests(part, operand)).for_each(|part| add(part, Why::Unknown));
                }
            }
            Node::Or(parts) => parts.iter().for_each(|part| {
                if let Some(op) = self.ahead(parts, part) {
                    add(part, Why::Ahead(op));
                }
            }),
            Node::If(condition, then, otherwise) => {
                if let Node::Is { operand, test: IsTest::Known, negated: false } = &condition.node {
                    otherwise.walk(&mut |part| {
                        if self.tests(part, operand) {
                            add(part, Why::Unknown);
                        }
                    });
                }
                condition.walk(&mut |part| {
                    if let Node::Compare(op, a, b) = &part.node
                        && ((self.rule.same_words(a, then) && self.rule.same_words(b, otherwise))
                            || (self.rule.same_words(a, otherwise) && self.rule.same_words(b, then)))
                    {
                        add(part, Why::Either(*op));
                    }
                });
            }
            Node::Pick(_, rows, by) => {
                let fixed = |key: &Expr| {
                    rows.filter.iter().any(|part| match &part.node {
                        Node::Compare(Compare::Equal, a, b) => self.rule.same_words(a, key) || self.rule.same_words(b, key),
                        _ => false,
                    })
                };
                if by.iter().all(fixed) {
                    add(expr, Why::Tied);
                }
            }
            _ => {}
        }
    }

    /// Whether `part` is a test that is unknown where `operand` is.
    fn tests(&self, part: &Expr, operand: &Expr) -> bool {
        match &part.node {
            Node::Compare(_, a, b) => self.rule.same_words(a, operand) || self.rule.same_words(b, operand),
            Node::Is { operand: of, test: IsTest::Missing | IsTest::Present | IsTest::SameRow(_), .. } => {
                self.rule.same_words(of, operand)
            }
            _ => false,
        }
    }

    /// How `part` compares the due day of the deadline with the day of the extract, in `when`, beside `done is present`.
    fn ahead(&self, parts: &[Expr], part: &Expr) -> Option<Compare> {
        let (Some(deadline), Some(when), Node::Compare(op, due, day)) = (&self.rule.deadline, &self.rule.when, &part.node) else {
            return None;
        };
        let due = match &due.node {
            Node::Call(Function::DateOf, args) => args.first().unwrap_or(due),
            _ => due,
        };
        let is_done = |test: &Expr| match &test.node {
            Node::Is { operand, test: IsTest::Present, negated: false } => self.rule.same_words(operand, &deadline.done),
            _ => false,
        };
        let within = when.span.start <= part.span.start && part.span.end <= when.span.end;
        let ahead =
            within && day.node == Node::ExtractDate && self.rule.same_words(due, &deadline.due) && parts.iter().any(is_done);
        ahead.then_some(*op)
    }
}
