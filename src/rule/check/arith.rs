//! Arithmetic: exact numbers, money that stays money, days and durations.

use std::ops::Range;

use super::compare::{Unit, unit};
use super::{Checker, class, value};
use crate::rule::ast::Ast;
use crate::rule::messages;
use crate::rule::typed::{Arith, Expr, Node, Ty};
use crate::value::{Kind, Value};

/// Most decimals that a product may carry.
const MAX_SCALE: u8 = 18;

impl Checker<'_> {
    pub(super) fn negate(&mut self, a: &Ast, span: Range<usize>) -> Option<Expr> {
        let a = self.expr(a)?;
        let a = self.want(
            a,
            &[
                Kind::Decimal(0),
                Kind::Money(2),
                Kind::Percent(0),
                Kind::Ratio,
                Kind::MoneyRatio,
                Kind::Duration,
                Kind::WorkingDays,
            ],
        )?;
        let ty = a.ty;
        Some(Expr { node: Node::Negate(Box::new(a)), ty, span })
    }

    pub(super) fn arithmetic(&mut self, op: Arith, a: &Ast, b: &Ast, span: Range<usize>) -> Option<Expr> {
        let (a, b) = (self.expr(a), self.expr(b));
        let (a, b) = (a?, b?);
        let kind = match (a.ty, b.ty) {
            (Ty::Value(x), Ty::Value(y)) => match op {
                Arith::Add => added(x, y).or_else(|| added(y, x)),
                Arith::Subtract => subtracted(x, y),
                Arith::Multiply => multiplied(x, y).or_else(|| multiplied(y, x)),
                Arith::Divide => divided(x, y),
            },
            _ => None,
        };
        let Some(kind) = kind else {
            let said = self.no_arithmetic(op, &a, &b);
            self.say(span, said);
            return None;
        };
        if kind == Kind::Date && [&a, &b].iter().any(|side| unit(side) == Some(Unit::Minutes)) {
            self.say(span, messages::hours_to_date());
            return None;
        }
        if kind == Kind::Date && adds_months(&b) && matches!(&a.node, Node::Arith(_, _, before) if adds_months(before)) {
            self.slips.push(messages::Slip::lint(span.clone(), messages::months_twice()));
        }
        Some(value(Node::Arith(op, Box::new(a), Box::new(b)), kind, span))
    }

    fn no_arithmetic(&self, op: Arith, a: &Expr, b: &Expr) -> messages::Said {
        let sign = match op {
            Arith::Add => "+",
            Arith::Subtract => "-",
            Arith::Multiply => "*",
            Arith::Divide => "/",
        };
        let (left, right) = (self.words(a.ty), self.words(b.ty));
        let classes = match (a.ty, b.ty) {
            (Ty::Value(x), Ty::Value(y)) => (class(x), class(y)),
            _ => return messages::no_arithmetic(sign, &left, &right),
        };
        match (op, classes) {
            (Arith::Multiply, (Kind::Money(_) | Kind::MoneyRatio, Kind::Money(_) | Kind::MoneyRatio)) => {
                messages::money_times_money()
            }
            (Arith::Add | Arith::Subtract, (Kind::Money(_), Kind::Decimal(_)) | (Kind::Decimal(_), Kind::Money(_))) => {
                messages::money_with_number(sign, &left, &right, &self.pack.currency)
            }
            (Arith::Subtract, (Kind::Date | Kind::Timestamp, Kind::Date | Kind::Timestamp)) => messages::dates_apart(),
            (Arith::Add | Arith::Subtract, (Kind::Date, Kind::Decimal(_))) => {
                let number = match &b.node {
                    Node::Literal(Value::Number(n)) => Some(n.plain()),
                    _ => None,
                };
                messages::date_plus_number(sign, number.as_deref())
            }
            (Arith::Add, (Kind::Text, Kind::Text)) => messages::text_plus(),
            _ => messages::no_arithmetic(sign, &left, &right),
        }
    }
}

fn adds_months(expr: &Expr) -> bool {
    unit(expr) == Some(Unit::Months)
}

/// `x + y`; also tried the other way round.
fn added(x: Kind, y: Kind) -> Option<Kind> {
    Some(match (x, y) {
        (Kind::Date | Kind::Month, Kind::Duration | Kind::WorkingDays) => Kind::Date,
        (Kind::Timestamp, Kind::Duration) => Kind::Timestamp,
        _ => summed(x, y)?,
    })
}

fn subtracted(x: Kind, y: Kind) -> Option<Kind> {
    Some(match (x, y) {
        (Kind::Date | Kind::Month, Kind::Duration | Kind::WorkingDays) => Kind::Date,
        (Kind::Timestamp, Kind::Duration) => Kind::Timestamp,
        _ => summed(x, y).or_else(|| summed(y, x))?,
    })
}

/// Sum or difference of two quantities of one class, at the larger scale.
fn summed(x: Kind, y: Kind) -> Option<Kind> {
    Some(match (x, y) {
        (Kind::Integer, Kind::Integer) => Kind::Integer,
        (Kind::Decimal(_) | Kind::Integer, Kind::Decimal(_) | Kind::Integer)
        | (Kind::Money(_), Kind::Money(_))
        | (Kind::Percent(_), Kind::Percent(_)) => super::join(x, y)?,
        (Kind::Ratio, Kind::Ratio | Kind::Integer | Kind::Decimal(_)) => Kind::Ratio,
        (Kind::MoneyRatio, Kind::MoneyRatio | Kind::Money(_)) => Kind::MoneyRatio,
        (Kind::Duration, Kind::Duration) => Kind::Duration,
        (Kind::WorkingDays, Kind::WorkingDays) => Kind::WorkingDays,
        _ => return None,
    })
}

/// `x * y`; also tried the other way round. Scales add; a percentage carries two decimals more.
fn multiplied(x: Kind, y: Kind) -> Option<Kind> {
    let scale = |x: Kind| match x {
        Kind::Decimal(scale) | Kind::Money(scale) => Some(scale),
        Kind::Percent(scale) => scale.checked_add(2),
        _ => Some(0),
    };
    let both = scale(x)?.checked_add(scale(y)?).filter(|scale| *scale <= MAX_SCALE);
    Some(match (x, y) {
        (Kind::Integer, Kind::Integer) => Kind::Integer,
        (Kind::Integer | Kind::Decimal(_), Kind::Integer | Kind::Decimal(_) | Kind::Percent(_)) => Kind::Decimal(both?),
        (Kind::Money(_), Kind::Integer | Kind::Decimal(_) | Kind::Percent(_)) => Kind::Money(both?),
        (Kind::Ratio, Kind::Ratio | Kind::Integer | Kind::Decimal(_) | Kind::Percent(_)) => Kind::Ratio,
        (Kind::MoneyRatio, Kind::Ratio | Kind::Integer | Kind::Decimal(_) | Kind::Percent(_)) => Kind::MoneyRatio,
        (Kind::Money(_), Kind::Ratio) => Kind::MoneyRatio,
        (Kind::Duration, Kind::Integer) => Kind::Duration,
        (Kind::WorkingDays, Kind::Integer) => Kind::WorkingDays,
        _ => return None,
    })
}

fn divided(x: Kind, y: Kind) -> Option<Kind> {
    Some(match (x, y) {
        (Kind::Integer | Kind::Decimal(_) | Kind::Ratio, Kind::Integer | Kind::Decimal(_) | Kind::Ratio)
        | (Kind::Money(_) | Kind::MoneyRatio, Kind::Money(_) | Kind::MoneyRatio)
        | (Kind::Percent(_), Kind::Percent(_)) => Kind::Ratio,
        (Kind::Money(_) | Kind::MoneyRatio, Kind::Integer | Kind::Decimal(_) | Kind::Ratio) => Kind::MoneyRatio,
        _ => return None,
    })
}
