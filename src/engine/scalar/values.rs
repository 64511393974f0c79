//! Operators on values: exact arithmetic, calendar arithmetic, and comparisons that know when they cannot tell.

use std::cmp::Ordering;

use crate::calendar::{Date, Instant, WorkingDays};
use crate::rule::typed::{Arith, Compare, PeriodTest, TextTest};
use crate::value::{Cause, Cell, Decimal, Kind, Period, Ratio, Span, Timestamp, Value, dk};

use super::{Item, Out};

/// Which orders two values may stand in. More than one is possible where a time of day is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Possible {
    less: bool,
    equal: bool,
    greater: bool,
}

impl Possible {
    fn only(order: Ordering) -> Possible {
        Possible { less: order.is_lt(), equal: order.is_eq(), greater: order.is_gt() }
    }

    fn answer(self, op: Compare) -> Cell<bool> {
        let (less, equal, greater) = match op {
            Compare::Equal => (false, true, false),
            Compare::NotEqual => (true, false, true),
            Compare::Less => (true, false, false),
            Compare::LessEqual => (true, true, false),
            Compare::Greater => (false, false, true),
            Compare::GreaterEqual => (false, true, true),
        };
        let holds = (self.less && less) || (self.equal && equal) || (self.greater && greater);
        let fails = (self.less && !less) || (self.equal && !equal) || (self.greater && !greater);
        match (holds, fails) {
            (true, false) => Cell::Present(true),
            (false, true) => Cell::Present(false),
            _ => Cell::Unknown(Cause::TimeMissing),
        }
    }
}

/// The answer of a comparison of two present values.
pub(crate) fn compare(op: Compare, a: &Item, b: &Item) -> Cell<bool> {
    match possible(a, b) {
        Some(possible) => possible.answer(op),
        None => Cell::Unknown(Cause::Overflow),
    }
}

/// The order of two present values; `None` when it cannot be told.
pub(crate) fn order(a: &Item, b: &Item) -> Option<Ordering> {
    match possible(a, b)? {
        Possible { less: true, equal: false, greater: false } => Some(Ordering::Less),
        Possible { less: false, equal: true, greater: false } => Some(Ordering::Equal),
        Possible { less: false, equal: false, greater: true } => Some(Ordering::Greater),
        _ => None,
    }
}

fn possible(a: &Item, b: &Item) -> Option<Possible> {
    if let (Some((a_low, a_high)), Some((b_low, b_high))) = (minutes(a, b), minutes(b, a)) {
        return Some(Possible { less: a_low < b_high, equal: a_low <= b_high && b_low <= a_high, greater: a_high > b_low });
    }
    let (Item::Value(a), Item::Value(b)) = (a, b) else {
        return (a == b).then_some(Possible::only(Ordering::Equal)).or(Some(Possible {
            less: true,
            equal: false,
            greater: true,
        }));
    };
    Some(Possible::only(match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::WorkingDays(a), Value::WorkingDays(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => spans(*a, *b)?,
        (Value::List(_), Value::List(_)) | (Value::Period(_), Value::Period(_)) => {
            return Some(Possible { less: a != b, equal: a == b, greater: a != b });
        }
        _ => Number::of(a)?.order(Number::of(b)?)?,
    }))
}

/// The first and last minute a time stamp may mean. A day beside a time stamp is the extract date: the end of that day.
fn minutes(item: &Item, other: &Item) -> Option<(i64, i64)> {
    match item {
        Item::Within(low, high) => Some((low.minutes(), high.minutes())),
        Item::Value(Value::Timestamp(Timestamp::At(at))) => Some((at.minutes(), at.minutes())),
        Item::Value(Value::Timestamp(Timestamp::Day(day))) => day_minutes(*day),
        Item::Value(Value::Date(day)) => {
            let timed = matches!(other, Item::Within(..) | Item::Value(Value::Timestamp(_)));
            if timed { day_minutes(*day).map(|(_, last)| (last + 1, last + 1)) } else { None }
        }
        _ => None,
    }
}

/// First and last minute of a Danish day.
fn day_minutes(day: Date) -> Option<(i64, i64)> {
    let start = Instant::from_danish(day, 0, 0)?.minutes();
    let next = Instant::from_danish(day.add_days(1)?, 0, 0)?.minutes();
    Some((start, next - 1))
}

fn spans(a: Span, b: Span) -> Option<Ordering> {
    let short = |s: Span| s.days.checked_mul(1440)?.checked_add(s.minutes);
    if a.months == b.months {
        return Some(short(a)?.cmp(&short(b)?));
    }
    let only_months = |s: Span| s.days == 0 && s.minutes == 0;
    (only_months(a) && only_months(b)).then(|| a.months.cmp(&b.months))
}

/// A number while it is computed with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    /// A decimal.
    Exact(Decimal),
    /// A quotient.
    Quotient(Ratio),
}

impl Number {
    /// The number a value holds, whatever its unit; per cent as it is written (12.5 % is 12.5).
    pub(crate) fn of(value: &Value) -> Option<Number> {
        match value {
            Value::Number(n) | Value::Money(n) | Value::Percent(n) => Some(Number::Exact(*n)),
            Value::Ratio(r) | Value::MoneyRatio(r) => Some(Number::Quotient(*r)),
            _ => None,
        }
    }

    /// The same as a factor: 12.5 % is 0.125.
    fn factor(value: &Value) -> Option<Number> {
        match value {
            Value::Percent(n) => Some(Number::Exact(Decimal::new(n.units(), n.scale().checked_add(2)?))),
            _ => Number::of(value),
        }
    }

    pub(crate) fn ratio(self) -> Ratio {
        match self {
            Number::Exact(n) => Ratio::from(n),
            Number::Quotient(r) => r,
        }
    }

    /// Its order against another.
    pub(crate) fn order(self, other: Number) -> Option<Ordering> {
        match (self, other) {
            (Number::Exact(a), Number::Exact(b)) => Some(a.cmp(&b)),
            (a, b) => Some(a.ratio().plus(b.ratio().negate()?)?.sign()),
        }
    }

    pub(crate) fn plus(self, other: Number) -> Option<Number> {
        match (self, other) {
            (Number::Exact(a), Number::Exact(b)) => a.plus(b).map(Number::Exact),
            (a, b) => a.ratio().plus(b.ratio()).map(Number::Quotient),
        }
    }

    fn times(self, other: Number) -> Option<Number> {
        match (self, other) {
            (Number::Exact(a), Number::Exact(b)) => a.times(b).map(Number::Exact),
            (a, b) => a.ratio().times(b.ratio()).map(Number::Quotient),
        }
    }

    pub(crate) fn negate(self) -> Option<Number> {
        match self {
            Number::Exact(n) => n.negate().map(Number::Exact),
            Number::Quotient(r) => r.negate().map(Number::Quotient),
        }
    }

    /// As a value of this kind.
    pub(crate) fn wrap(self, kind: Kind) -> Option<Value> {
        match (kind, self) {
            (Kind::Ratio, n) => Some(Value::Ratio(n.ratio())),
            (Kind::MoneyRatio, n) => Some(Value::MoneyRatio(n.ratio())),
            (Kind::Money(_), Number::Exact(n)) => Some(Value::Money(n)),
            (Kind::Percent(_), Number::Exact(n)) => Some(Value::Percent(n)),
            (Kind::Integer | Kind::Decimal(_), Number::Exact(n)) => Some(Value::Number(n)),
            _ => None,
        }
    }
}

/// A value, or unknown because it does not fit.
pub(crate) fn fitting(value: Option<Value>) -> Out {
    value.map_or(Cell::Unknown(Cause::Overflow), |v| Cell::Present(Item::Value(v)))
}

/// `a op b`, of this kind.
pub(crate) fn arith(op: Arith, a: &Item, b: &Item, kind: Kind, calendar: &WorkingDays) -> Out {
    if let Item::Within(low, high) = a {
        return shift_within((*low, *high), op, b);
    }
    let (Item::Value(a), Item::Value(b)) = (a, b) else { return Cell::Unknown(Cause::Overflow) };
    if let (Value::Timestamp(Timestamp::Day(day)), Value::Duration(span)) = (a, b)
        && span.minutes != 0
    {
        return shift_day(*day, *span, op);
    }
    fitting(calculate(op, a, b, kind, calendar))
}

fn calculate(op: Arith, a: &Value, b: &Value, kind: Kind, calendar: &WorkingDays) -> Option<Value> {
    match (op, a, b) {
        (Arith::Add | Arith::Subtract, Value::Date(day), Value::Duration(span)) => {
            Some(Value::Date(shift(*day, signed(op, *span)?)?))
        }
        (Arith::Add, Value::Duration(_), Value::Date(_) | Value::Timestamp(_)) => calculate(op, b, a, kind, calendar),
        (Arith::Add, Value::WorkingDays(_), Value::Date(_)) => calculate(op, b, a, kind, calendar),
        (Arith::Add | Arith::Subtract, Value::Date(day), Value::WorkingDays(n)) => {
            Some(Value::Date(calendar.add(*day, signed_count(op, *n)?)?))
        }
        (Arith::Add | Arith::Subtract, Value::Timestamp(stamp), Value::Duration(span)) => {
            let span = signed(op, *span)?;
            let moved = on_days(*stamp, |day| shift(day, Span { minutes: 0, ..span }))?;
            Some(Value::Timestamp(match moved {
                Timestamp::At(at) => Timestamp::At(Instant::from_minutes(at.minutes().checked_add(span.minutes)?)),
                Timestamp::Day(day) => Timestamp::Day(day),
            }))
        }
        (Arith::Add | Arith::Subtract, Value::Duration(a), Value::Duration(b)) => {
            let b = signed(op, *b)?;
            Some(Value::Duration(Span {
                months: a.months.checked_add(b.months)?,
                days: a.days.checked_add(b.days)?,
                minutes: a.minutes.checked_add(b.minutes)?,
            }))
        }
        (Arith::Add | Arith::Subtract, Value::WorkingDays(a), Value::WorkingDays(b)) => {
            Some(Value::WorkingDays(a.checked_add(signed_count(op, *b)?)?))
        }
        (Arith::Multiply, Value::Duration(span), Value::Number(n))
        | (Arith::Multiply, Value::Number(n), Value::Duration(span)) => times_span(*span, n.to_i64()?).map(Value::Duration),
        (Arith::Multiply, Value::WorkingDays(days), Value::Number(n))
        | (Arith::Multiply, Value::Number(n), Value::WorkingDays(days)) => {
            Some(Value::WorkingDays(days.checked_mul(n.to_i64()?)?))
        }
        (Arith::Add, _, _) => Number::of(a)?.plus(Number::of(b)?)?.wrap(kind),
        (Arith::Subtract, _, _) => Number::of(a)?.plus(Number::of(b)?.negate()?)?.wrap(kind),
        // In products and quotients per cent is a factor: 12.5 % is 0.125.
        (Arith::Multiply, _, _) => Number::factor(a)?.times(Number::factor(b)?)?.wrap(kind),
        (Arith::Divide, _, _) => Number::Quotient(Number::factor(a)?.ratio().over(Number::factor(b)?.ratio())?).wrap(kind),
    }
}

fn signed(op: Arith, span: Span) -> Option<Span> {
    if op == Arith::Subtract { times_span(span, -1) } else { Some(span) }
}

fn signed_count(op: Arith, n: i64) -> Option<i64> {
    if op == Arith::Subtract { n.checked_neg() } else { Some(n) }
}

/// A span taken `n` times.
pub(crate) fn times_span(span: Span, n: i64) -> Option<Span> {
    Some(Span { months: span.months.checked_mul(n)?, days: span.days.checked_mul(n)?, minutes: span.minutes.checked_mul(n)? })
}

/// A day moved by months (clamped) and then days. A day has no minutes.
pub(crate) fn shift(day: Date, span: Span) -> Option<Date> {
    if span.minutes % 1440 != 0 {
        return None;
    }
    day.add_months(span.months)?.add_days(span.days.checked_add(span.minutes / 1440)?)
}

/// A time stamp moved by days: the Danish time of day stays.
fn on_days(stamp: Timestamp, to: impl Fn(Date) -> Option<Date>) -> Option<Timestamp> {
    Some(match stamp {
        Timestamp::Day(day) => Timestamp::Day(to(day)?),
        Timestamp::At(at) => {
            let (day, hour, minute) = at.danish()?;
            let moved = to(day)?;
            if moved == day { Timestamp::At(at) } else { Timestamp::At(Instant::from_danish(moved, hour, minute)?) }
        }
    })
}

/// Hours after a day whose time is missing: some minute of a stretch as long as that day.
fn shift_day(day: Date, span: Span, op: Arith) -> Out {
    let moved = signed(op, span).and_then(|span| Some((shift(day, Span { minutes: 0, ..span })?, span.minutes)));
    let range = moved.and_then(|(day, by)| {
        let (low, high) = day_minutes(day)?;
        Some((low.checked_add(by)?, high.checked_add(by)?))
    });
    range.map_or(Cell::Unknown(Cause::Overflow), |(low, high)| Cell::Present(within(low, high)))
}

fn shift_within((low, high): (Instant, Instant), op: Arith, by: &Item) -> Out {
    match by {
        Item::Value(Value::Duration(span)) if span.months == 0 => {
            let by = signed(op, *span).and_then(|s| s.days.checked_mul(1440)?.checked_add(s.minutes));
            let range = by.and_then(|by| Some((low.minutes().checked_add(by)?, high.minutes().checked_add(by)?)));
            range.map_or(Cell::Unknown(Cause::Overflow), |(low, high)| Cell::Present(within(low, high)))
        }
        _ => Cell::Unknown(Cause::TimeMissing),
    }
}

fn within(low: i64, high: i64) -> Item {
    let (low, high) = (Instant::from_minutes(low), Instant::from_minutes(high));
    match low.danish() {
        Some((day, 0, 0)) if day_minutes(day) == Some((low.minutes(), high.minutes())) => {
            Item::Value(Value::Timestamp(Timestamp::Day(day)))
        }
        _ => Item::Within(low, high),
    }
}

/// With the other sign.
pub(crate) fn negated(item: &Item, kind: Kind) -> Out {
    match item {
        Item::Value(Value::Duration(span)) => fitting(times_span(*span, -1).map(Value::Duration)),
        Item::Value(Value::WorkingDays(n)) => fitting(n.checked_neg().map(Value::WorkingDays)),
        Item::Value(value) => fitting(Number::of(value).and_then(Number::negate).and_then(|n| n.wrap(kind))),
        _ => Cell::Unknown(Cause::Overflow),
    }
}

/// The answer of a test between two texts of a kind; `None` where a value says too little: `§ 32` without its law.
pub(crate) fn text_test(test: &TextTest, kind: Kind, a: &str, b: &str) -> Option<bool> {
    Some(match test {
        TextTest::StartsWith => a.starts_with(b),
        TextTest::EndsWith => a.ends_with(b),
        TextTest::Contains => a.contains(b),
        TextTest::Matches(pattern) => pattern.0.is_match(a),
        TextTest::Under => return dk::under(kind, a, b),
    })
}

/// The Danish day of a time stamp.
pub(crate) fn date_of(item: &Item) -> Cell<Date> {
    let day_at = |at: Instant| at.danish().map(|(day, _, _)| day);
    match item {
        Item::Value(Value::Timestamp(Timestamp::Day(day)) | Value::Date(day)) => Cell::Present(*day),
        Item::Value(Value::Timestamp(Timestamp::At(at))) => day_at(*at).map_or(Cell::Unknown(Cause::Overflow), Cell::Present),
        Item::Within(low, high) => match (day_at(*low), day_at(*high)) {
            (Some(a), Some(b)) if a == b => Cell::Present(a),
            _ => Cell::Unknown(Cause::TimeMissing),
        },
        _ => Cell::Unknown(Cause::Overflow),
    }
}

/// The answer of a test between two periods, or a period and a day.
pub(crate) fn period_test(test: PeriodTest, a: &Value, b: &Value) -> Option<bool> {
    let (a, b) = (as_period(a)?, as_period(b)?);
    let ends_before = |x: Period, day: Date| x.end.is_some_and(|end| end < day);
    let contains = |outer: Period, inner: Period| {
        outer.start <= inner.start && outer.end.is_none_or(|end| inner.end.is_some_and(|inner| inner <= end))
    };
    let touches = |first: Period, then: Period| first.end.and_then(|end| end.add_days(1)) == Some(then.start);
    Some(match test {
        PeriodTest::Overlaps => !ends_before(a, b.start) && !ends_before(b, a.start),
        PeriodTest::Meets => touches(a, b) || touches(b, a),
        PeriodTest::During => contains(b, a),
        PeriodTest::Covers => contains(a, b),
    })
}

fn as_period(value: &Value) -> Option<Period> {
    match value {
        Value::Period(period) => Some(*period),
        Value::Date(day) => Some(Period { start: *day, end: Some(*day) }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Date {
        Date::parse_iso(text).expect(text)
    }

    fn day(text: &str) -> Item {
        Item::Value(Value::Date(d(text)))
    }

    fn stamp_day(text: &str) -> Item {
        Item::Value(Value::Timestamp(Timestamp::Day(d(text))))
    }

    fn at(text: &str, hour: u32, minute: u32) -> Item {
        let at = Instant::from_danish(d(text), hour, minute).expect(text);
        Item::Value(Value::Timestamp(Timestamp::At(at)))
    }

    fn span(months: i64, days: i64, minutes: i64) -> Item {
        Item::Value(Value::Duration(Span { months, days, minutes }))
    }

    fn n(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    fn add(a: &Item, b: &Item, kind: Kind) -> Out {
        arith(Arith::Add, a, b, kind, &WorkingDays::default())
    }

    const UNSURE: Cell<bool> = Cell::Unknown(Cause::TimeMissing);

    #[test]
    fn a_stamp_without_time_decides_only_for_the_whole_day() {
        let whole = stamp_day("2024-05-10");
        assert_eq!(compare(Compare::Less, &whole, &at("2024-05-11", 0, 0)), Cell::Present(true));
        assert_eq!(compare(Compare::Less, &whole, &at("2024-05-10", 12, 0)), UNSURE);
        assert_eq!(compare(Compare::LessEqual, &whole, &at("2024-05-10", 23, 59)), Cell::Present(true));
        assert_eq!(compare(Compare::Less, &whole, &at("2024-05-10", 0, 0)), Cell::Present(false));
        assert_eq!(compare(Compare::Equal, &whole, &stamp_day("2024-05-10")), UNSURE);
        assert_eq!(compare(Compare::NotEqual, &whole, &stamp_day("2024-05-11")), Cell::Present(true));
    }

    #[test]
    fn a_day_beside_a_stamp_is_its_end() {
        let extract = day("2024-05-10");
        assert_eq!(compare(Compare::Less, &at("2024-05-10", 23, 59), &extract), Cell::Present(true));
        assert_eq!(compare(Compare::LessEqual, &stamp_day("2024-05-10"), &extract), Cell::Present(true));
        assert_eq!(compare(Compare::Less, &at("2024-05-11", 0, 0), &extract), Cell::Present(false));
        assert_eq!(compare(Compare::Greater, &extract, &at("2024-05-10", 12, 0)), Cell::Present(true));
    }

    #[test]
    fn hours_are_real_hours() {
        // The night to 31 March 2024 has 23 hours, so 24 hours after noon are one o'clock.
        let due = add(&at("2024-03-30", 12, 0), &span(0, 0, 24 * 60), Kind::Timestamp);
        assert_eq!(due, Cell::Present(at("2024-03-31", 13, 0)));
        // A day later keeps the time of day.
        let next = add(&at("2024-03-30", 12, 0), &span(0, 1, 0), Kind::Timestamp);
        assert_eq!(next, Cell::Present(at("2024-03-31", 12, 0)));
    }

    #[test]
    fn hours_after_a_day_without_time_are_a_stretch() {
        let due = add(&stamp_day("2024-05-10"), &span(0, 0, 24 * 60), Kind::Timestamp);
        assert_eq!(due, Cell::Present(stamp_day("2024-05-11")));
        let Cell::Present(due) = add(&stamp_day("2024-05-10"), &span(0, 0, 36 * 60), Kind::Timestamp) else { panic!() };
        assert_eq!(compare(Compare::Less, &due, &at("2024-05-11", 11, 59)), Cell::Present(false));
        assert_eq!(compare(Compare::Less, &due, &at("2024-05-12", 12, 0)), Cell::Present(true));
        assert_eq!(compare(Compare::Less, &due, &at("2024-05-12", 11, 59)), UNSURE);
        assert_eq!(date_of(&due), Cell::Unknown(Cause::TimeMissing));
    }

    #[test]
    fn months_clamp_and_months_do_not_compare_with_days() {
        assert_eq!(add(&day("2024-01-31"), &span(1, 0, 0), Kind::Date), Cell::Present(day("2024-02-29")));
        assert_eq!(compare(Compare::Less, &span(1, 0, 0), &span(0, 31, 0)), Cell::Unknown(Cause::Overflow));
        assert_eq!(compare(Compare::Less, &span(0, 1, 0), &span(0, 0, 1441)), Cell::Present(true));
    }

    #[test]
    fn arithmetic_is_exact_and_overflow_is_unknown() {
        let money = |text: &str| Item::Value(Value::Money(n(text)));
        let percent = Item::Value(Value::Percent(n("10")));
        let product = arith(Arith::Multiply, &money("10378.38"), &percent, Kind::Money(4), &WorkingDays::default());
        assert_eq!(product, Cell::Present(money("1037.838")));
        let third = arith(Arith::Divide, &money("1.00"), &money("3.00"), Kind::Ratio, &WorkingDays::default());
        let Cell::Present(Item::Value(Value::Ratio(third))) = third else { panic!() };
        assert_eq!(third.round(4), Some(n("0.3333")));
        let huge = Item::Value(Value::Number(Decimal::new(i128::MAX, 0)));
        let one = Item::Value(Value::Number(n("1")));
        assert_eq!(add(&huge, &one, Kind::Integer), Cell::Unknown(Cause::Overflow));
        let zero = Item::Value(Value::Number(n("0")));
        assert_eq!(arith(Arith::Divide, &one, &zero, Kind::Ratio, &WorkingDays::default()), Cell::Unknown(Cause::Overflow));
    }

    #[test]
    fn periods_with_open_ends() {
        let period = |start: &str, end: Option<&str>| Value::Period(Period { start: d(start), end: end.map(d) });
        let spring = period("2024-01-01", Some("2024-05-31"));
        let from_june = period("2024-06-01", None);
        assert_eq!(period_test(PeriodTest::Overlaps, &spring, &from_june), Some(false));
        assert_eq!(period_test(PeriodTest::Meets, &spring, &from_june), Some(true));
        assert_eq!(period_test(PeriodTest::Overlaps, &spring, &period("2024-05-31", None)), Some(true));
        assert_eq!(period_test(PeriodTest::Covers, &from_june, &Value::Date(d("2030-01-01"))), Some(true));
        assert_eq!(period_test(PeriodTest::During, &from_june, &from_june), Some(true));
        assert_eq!(period_test(PeriodTest::During, &from_june, &period("2024-06-01", Some("2099-01-01"))), Some(false));
    }
}
