//! Arithmetic over all lanes at once, in 64 bits where the result provably fits; else exact as the scalar evaluator does it.

use crate::calendar::{Date, WorkingDays};
use crate::engine::scalar::{Item, Out, values};
use crate::intake::Lane;
use crate::rule::typed::Arith;
use crate::value::{Cause, Cell, Kind, Span, Value};

use super::compare::Side;
use super::vector::{Measure, Unit, Vector};

/// The two least numbers stand for no value.
const SPARE: u64 = 2;

/// `a op b` in each lane, of this kind.
pub(super) fn arith<'w>(
    op: Arith,
    a: &Vector<'w>,
    b: &Vector<'w>,
    kind: Kind,
    calendar: &WorkingDays,
    lanes: usize,
) -> Vector<'w> {
    if let (Vector::Same(_), Vector::Same(_), 2..) = (a, b, lanes) {
        return Vector::Same(arith(op, a, b, kind, calendar, 1).item(0));
    }
    let exact = match (op, a, b) {
        (Arith::Add | Arith::Subtract, Vector::Days(days), Vector::Same(Cell::Present(Item::Value(Value::Duration(span))))) => {
            let span = if op == Arith::Subtract { values::times_span(*span, -1) } else { Some(*span) };
            span.map(|span| Vector::Days(shifted(days, span)))
        }
        (Arith::Add, Vector::Same(_), Vector::Days(_)) => return arith(op, b, a, kind, calendar, lanes),
        (Arith::Add | Arith::Subtract | Arith::Multiply, _, _) => units(op, a, b, kind),
        _ => None,
    };
    exact.unwrap_or_else(|| {
        let of = |lane| match (a.need(lane), b.need(lane)) {
            (Ok(a), Ok(b)) => values::arith(op, &a, &b, kind, calendar),
            (Err(cause), _) | (_, Err(cause)) => Cell::Unknown(cause),
        };
        Vector::packed((0..lanes).map(of).collect())
    })
}

fn shifted(days: &[i32], span: Span) -> Vec<i32> {
    let (Some(first), Some(last)) = (Date::from_ymd(1, 1, 1), Date::from_ymd(9999, 12, 31)) else {
        return vec![i32::UNKNOWN; days.len()];
    };
    let unknown = |day: i32| if day.is_present() { Some(day) } else { None };
    if span.months == 0
        && span.minutes == 0
        && let Ok(by) = i32::try_from(span.days)
    {
        let to = |day: i32| day.checked_add(by).filter(|to| (first.days()..=last.days()).contains(to)).unwrap_or(i32::UNKNOWN);
        return days.iter().map(|&day| unknown(day).map_or(i32::UNKNOWN, to)).collect();
    }
    let to = |day: i32| values::shift(Date::from_days(day), span).map_or(i32::UNKNOWN, Date::days);
    days.iter().map(|&day| unknown(day).map_or(i32::UNKNOWN, to)).collect()
}

/// Sums, differences and products of units that fit 64 bits whatever the lanes hold.
fn units<'w>(op: Arith, a: &Vector<'w>, b: &Vector<'w>, kind: Kind) -> Option<Vector<'w>> {
    let ((a, unit_a), (b, unit_b)) = (side(a)?, side(b)?);
    let measure = match kind {
        Kind::Integer | Kind::Decimal(_) => Measure::Number,
        Kind::Money(_) => Measure::Money,
        Kind::Percent(_) => Measure::Percent,
        _ => return None,
    };
    let (bound_a, bound_b) = (bound(a)?, bound(b)?);
    if op == Arith::Multiply {
        // As a factor per cent has two decimals more.
        let factor = |unit: Unit| unit.scale.checked_add(if unit.measure == Measure::Percent { 2 } else { 0 });
        let scale = factor(unit_a)?.checked_add(factor(unit_b)?)?;
        i64::try_from(bound_a.checked_mul(bound_b)?.checked_add(SPARE)?).ok()?;
        return Some(Vector::Units(combined(a, b, |a, b| a * b), Unit { measure, scale }));
    }
    let scale = unit_a.scale.max(unit_b.scale);
    let (by_a, by_b) = (power(scale - unit_a.scale)?, power(scale - unit_b.scale)?);
    let largest = bound_a.checked_mul(u64::try_from(by_a).ok()?)?.checked_add(bound_b.checked_mul(u64::try_from(by_b).ok()?)?)?;
    i64::try_from(largest.checked_add(SPARE)?).ok()?;
    let by_b = if op == Arith::Subtract { -by_b } else { by_b };
    Some(Vector::Units(combined(a, b, |a, b| a * by_a + b * by_b), Unit { measure, scale }))
}

fn power(scale: u8) -> Option<i64> {
    10_i64.checked_pow(u32::from(scale))
}

fn side<'v>(vector: &'v Vector<'_>) -> Option<(Side<'v, i64>, Unit)> {
    match vector {
        Vector::Units(units, unit) => Some((Side::Each(units), *unit)),
        Vector::Same(Cell::Present(Item::Value(value))) => Unit::of(value).map(|(units, unit)| (Side::One(units), unit)),
        _ => None,
    }
}

/// The largest magnitude among the lanes.
fn bound(side: Side<'_, i64>) -> Option<u64> {
    match side {
        Side::One(units) => Some(units.unsigned_abs()),
        Side::Each(units) => {
            let magnitude = |&units: &i64| if units.is_present() { units.unsigned_abs() } else { 0 };
            Some(units.iter().map(magnitude).max().unwrap_or(0))
        }
    }
}

fn combined(a: Side<'_, i64>, b: Side<'_, i64>, with: impl Fn(i64, i64) -> i64) -> Vec<i64> {
    let of = |a: i64, b: i64| if a.is_present() & b.is_present() { with(a, b) } else { i64::UNKNOWN };
    match (a, b) {
        (Side::Each(a), Side::Each(b)) => a.iter().zip(b).map(|(&a, &b)| of(a, b)).collect(),
        (Side::Each(a), Side::One(b)) => a.iter().map(|&a| of(a, b)).collect(),
        (Side::One(a), Side::Each(b)) => b.iter().map(|&b| of(a, b)).collect(),
        (Side::One(a), Side::One(b)) => vec![of(a, b)],
    }
}

/// `-a` in each lane.
pub(super) fn negated<'w>(a: &Vector<'w>, kind: Kind, lanes: usize) -> Vector<'w> {
    if let Vector::Units(units, unit) = a {
        // The most negative numbers stand for no value, so that every other has its opposite.
        return Vector::Units(units.iter().map(|&n| if n.is_present() { -n } else { i64::UNKNOWN }).collect(), *unit);
    }
    let of = |lane| -> Out {
        match a.need(lane) {
            Ok(item) => values::negated(&item, kind),
            Err(cause) => Cell::Unknown(cause),
        }
    };
    Vector::packed((0..lanes).map(of).collect())
}

/// A number, or unknown where it does not fit.
pub(super) fn count(n: u64) -> Out {
    i64::try_from(n)
        .map_or(Cell::Unknown(Cause::Overflow), |n| Cell::Present(Item::Value(Value::Number(crate::value::Decimal::whole(n)))))
}
