//! Comparisons and tests over all lanes at once. What is not plain numbers goes through the scalar evaluator's functions.

use crate::engine::scalar::values;
use crate::engine::scalar::{Item, compare};
use crate::intake::{Dictionary, Lane};
use crate::rule::typed::{Compare, PeriodTest};
use crate::value::{Cell, Value};

use super::vector::{NO, OPEN, UNKNOWN, Unit, Vector, YES, truth};

/// The other operand: its own number in each lane, or one for all.
#[derive(Clone, Copy)]
pub(super) enum Side<'v, T> {
    Each(&'v [T]),
    One(T),
}

fn answer(known: bool, yes: bool) -> u8 {
    if known { u8::from(yes) * YES } else { UNKNOWN }
}

fn tested<T: Lane>(a: &[T], b: Side<'_, T>, test: impl Fn(T, T) -> bool) -> Vec<u8> {
    match b {
        Side::Each(b) => a.iter().zip(b).map(|(&a, &b)| answer(a.is_present() & b.is_present(), test(a, b))).collect(),
        Side::One(b) => a.iter().map(|&a| answer(a.is_present() & b.is_present(), test(a, b))).collect(),
    }
}

pub(super) fn ordered<T: Lane>(op: Compare, a: &[T], b: Side<'_, T>) -> Vec<u8> {
    match op {
        Compare::Equal => tested(a, b, |a, b| a == b),
        Compare::NotEqual => tested(a, b, |a, b| a != b),
        Compare::Less => tested(a, b, |a, b| a < b),
        Compare::LessEqual => tested(a, b, |a, b| a <= b),
        Compare::Greater => tested(a, b, |a, b| a > b),
        Compare::GreaterEqual => tested(a, b, |a, b| a >= b),
    }
}

fn turned(op: Compare) -> Compare {
    match op {
        Compare::Less => Compare::Greater,
        Compare::LessEqual => Compare::GreaterEqual,
        Compare::Greater => Compare::Less,
        Compare::GreaterEqual => Compare::LessEqual,
        Compare::Equal | Compare::NotEqual => op,
    }
}

/// `a op b` in each lane.
pub(super) fn compared(op: Compare, a: &Vector<'_>, b: &Vector<'_>, lanes: usize) -> Vec<u8> {
    match (a, b) {
        (Vector::Same(_), Vector::Same(_)) => return vec![truth(&both(op, a, b, 0)); lanes],
        (Vector::Same(Cell::Present(_)), _) => return compared(turned(op), b, a, lanes),
        (Vector::Same(_), _) | (_, Vector::Same(Cell::Empty | Cell::Unknown(_))) => return vec![UNKNOWN; lanes],
        (Vector::Days(a), Vector::Days(b)) => return ordered(op, a, Side::Each(b)),
        (Vector::Days(a), Vector::Same(Cell::Present(Item::Value(Value::Date(day))))) => {
            return ordered(op, a, Side::One(day.days()));
        }
        (Vector::Units(a, unit), Vector::Units(b, other)) if unit.scale == other.scale => {
            return ordered(op, a, Side::Each(b));
        }
        (Vector::Units(a, unit), Vector::Same(Cell::Present(Item::Value(value)))) => {
            if let Some((units, _)) = at_scale(value, unit.scale) {
                return ordered(op, a, Side::One(units));
            }
        }
        (Vector::Codes(a, texts), Vector::Codes(b, others)) if matches!(op, Compare::Equal | Compare::NotEqual) => {
            if std::ptr::eq(*texts, *others) {
                return ordered(op, a, Side::Each(b));
            }
            let same = |a: u32, b: u32| (texts.text(a) == others.text(b)) == (op == Compare::Equal);
            let of = |(&a, &b): (&u32, &u32)| {
                if a.is_present() && b.is_present() { answer(true, same(a, b)) } else { UNKNOWN }
            };
            return a.iter().zip(b).map(of).collect();
        }
        (Vector::Codes(a, texts), Vector::Same(Cell::Present(Item::Value(Value::Text(text)))))
            if matches!(op, Compare::Equal | Compare::NotEqual) =>
        {
            return match texts.code(text) {
                Some(code) => ordered(op, a, Side::One(code)),
                None => a.iter().map(|a| answer(a.is_present(), op == Compare::NotEqual)).collect(),
            };
        }
        _ => {}
    }
    (0..lanes).map(|lane| truth(&both(op, a, b, lane))).collect()
}

/// A number in units of a scale, where no digit is lost and it fits.
fn at_scale(value: &Value, scale: u8) -> Option<(i64, Unit)> {
    let (Value::Number(n) | Value::Money(n) | Value::Percent(n)) = value else { return None };
    let n = n.rescale(scale)?;
    Unit::of(&Value::Number(n))
}

fn both(op: Compare, a: &Vector<'_>, b: &Vector<'_>, lane: usize) -> Cell<bool> {
    match (a.need(lane), b.need(lane)) {
        (Ok(a), Ok(b)) => compare(op, &a, &b),
        (Err(cause), _) | (_, Err(cause)) => Cell::Unknown(cause),
    }
}

/// A test between periods, or a period and a day.
pub(super) fn periods(test: PeriodTest, a: &Vector<'_>, b: &Vector<'_>, lanes: usize) -> Vec<u8> {
    if let (Some(a), Some(b)) = (Span::of(a), Span::of(b)) {
        return match test {
            PeriodTest::Overlaps => Span::tested(&a, &b, lanes, |a, b| a.1 >= b.0 && b.1 >= a.0),
            PeriodTest::Meets => Span::tested(&a, &b, lanes, |a, b| follows(a, b) || follows(b, a)),
            PeriodTest::During => Span::tested(&a, &b, lanes, |a, b| b.0 <= a.0 && a.1 <= b.1),
            PeriodTest::Covers => Span::tested(&a, &b, lanes, |a, b| a.0 <= b.0 && b.1 <= a.1),
        };
    }
    let of = |lane| match (a.need(lane), b.need(lane)) {
        (Ok(Item::Value(a)), Ok(Item::Value(b))) => values::period_test(test, &a, &b).map_or(UNKNOWN, |yes| answer(true, yes)),
        _ => UNKNOWN,
    };
    (0..lanes).map(of).collect()
}

fn follows(first: (i32, i32), then: (i32, i32)) -> bool {
    first.1 != OPEN && first.1 + 1 == then.0
}

/// First and last day in each lane; an open end is later than every day.
struct Span<'v> {
    starts: Side<'v, i32>,
    ends: Side<'v, i32>,
}

impl<'v> Span<'v> {
    fn of(vector: &'v Vector<'_>) -> Option<Span<'v>> {
        let (starts, ends) = match vector {
            Vector::Periods(starts, ends) => (Side::Each(&starts[..]), Side::Each(&ends[..])),
            Vector::Days(days) => (Side::Each(&days[..]), Side::Each(&days[..])),
            Vector::Same(Cell::Present(Item::Value(Value::Period(period)))) => {
                (Side::One(period.start.days()), Side::One(period.end.map_or(OPEN, |end| end.days())))
            }
            Vector::Same(Cell::Present(Item::Value(Value::Date(day)))) => (Side::One(day.days()), Side::One(day.days())),
            _ => return None,
        };
        Some(Span { starts, ends })
    }

    fn at(&self, lane: usize) -> (i32, i32) {
        let of = |side: &Side<'_, i32>| match side {
            Side::Each(days) => days[lane],
            Side::One(day) => *day,
        };
        (of(&self.starts), of(&self.ends))
    }

    fn tested(a: &Span<'_>, b: &Span<'_>, lanes: usize, test: impl Fn((i32, i32), (i32, i32)) -> bool) -> Vec<u8> {
        if let (
            Span { starts: Side::Each(a), ends: Side::Each(a_ends) },
            Span { starts: Side::Each(b), ends: Side::Each(b_ends) },
        ) = (a, b)
        {
            let a = a.iter().zip(*a_ends);
            let b = b.iter().zip(*b_ends);
            return a
                .zip(b)
                .map(|((&a, &a_end), (&b, &b_end))| answer(a.is_present() & b.is_present(), test((a, a_end), (b, b_end))))
                .collect();
        }
        let of = |lane| {
            let (a, b) = (a.at(lane), b.at(lane));
            answer(a.0.is_present() & b.0.is_present(), test(a, b))
        };
        (0..lanes).map(of).collect()
    }
}

/// A predicate on texts: asked once for each distinct text where texts recur, else in each lane.
pub(super) fn by_text<T: Copy>(codes: &[u32], texts: &Dictionary, absent: T, ask: impl Fn(&str) -> T) -> Vec<T> {
    if texts.len() > 2 * codes.len() {
        return codes.iter().map(|&code| if code.is_present() { ask(texts.text(code)) } else { absent }).collect();
    }
    let mut known: Vec<Option<T>> = vec![None; texts.len()];
    let mut of = |code: u32| *known[code as usize].get_or_insert_with(|| ask(texts.text(code)));
    codes.iter().map(|&code| if code.is_present() { of(code) } else { absent }).collect()
}

/// `not` in each lane, where wanted.
pub(super) fn negate(mut truths: Vec<u8>, negated: bool) -> Vec<u8> {
    if negated {
        truths.iter_mut().for_each(|truth| *truth = YES - *truth);
    }
    truths
}

/// The smaller of each two: `and`.
pub(super) fn and(mut a: Vec<u8>, b: &[u8]) -> Vec<u8> {
    a.iter_mut().zip(b).for_each(|(a, b)| *a = (*a).min(*b));
    a
}

/// The larger of each two: `or`.
pub(super) fn or(mut a: Vec<u8>, b: &[u8]) -> Vec<u8> {
    a.iter_mut().zip(b).for_each(|(a, b)| *a = (*a).max(*b));
    a
}

/// The lanes whose answer is not this one.
pub(super) fn other_than(answers: &[u8], settled: u8) -> Vec<u32> {
    (0_u32..).zip(answers).filter(|(_, answer)| **answer != settled).map(|(lane, _)| lane).collect()
}

/// The lanes of this answer.
pub(super) fn lanes_of(answers: &[u8], wanted: u8) -> Vec<u32> {
    (0_u32..).zip(answers).filter(|(_, answer)| **answer == wanted).map(|(lane, _)| lane).collect()
}

const _: () = assert!(NO < UNKNOWN && UNKNOWN < YES && NO + YES == YES);
