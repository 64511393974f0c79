//! The closed list of functions. Every argument is needed: an empty or unknown one makes the result unknown. The exceptions
//! are `or_else`, which replaces what is empty, and the end of `period`, which may be open.

use crate::calendar::{Date, WorkingDays};
use crate::rule::function::Function;
use crate::rule::typed::{Compare, Expr};
use crate::value::{Cause, Cell, Decimal, Kind, Period, Ratio, Span, Value, canonical_text, dk};

use super::values::{self, Number, date_of};
use super::{Evaluator, Item, Out, kind_of, periods};

impl Evaluator<'_> {
    pub(super) fn call(&mut self, function: Function, args: &[Expr], expr: &Expr) -> Out {
        match function {
            Function::OrElse => {
                for arg in args {
                    match self.eval(arg) {
                        Cell::Empty => {}
                        settled => return settled,
                    }
                }
                Cell::Empty
            }
            Function::Period => match args {
                [start, end] => {
                    let (start, end) = (self.need(start), self.eval(end));
                    period(start, end)
                }
                _ => Cell::Unknown(Cause::Overflow),
            },
            Function::Same => match args {
                [a, b] => same(self.eval(a), self.eval(b)),
                _ => Cell::Unknown(Cause::Overflow),
            },
            _ => {
                // Each is evaluated whatever the others give, so that the account names them all.
                let args: Vec<Result<Item, Cause>> = args.iter().map(|arg| self.need(arg)).collect();
                match args.into_iter().collect::<Result<Vec<Item>, Cause>>() {
                    Ok(args) => apply(function, &args, kind_of(expr), &self.world.pack().working_days),
                    Err(cause) => Cell::Unknown(cause),
                }
            }
        }
    }
}

/// The period between two days or time stamps; an empty end is open.
pub(in crate::engine) fn period(start: Result<Item, Cause>, end: Out) -> Out {
    let start = match start.map(|start| date_of(&start)) {
        Ok(Cell::Present(start)) => start,
        Ok(Cell::Empty) => return Cell::Unknown(Cause::Empty),
        Ok(Cell::Unknown(cause)) | Err(cause) => return Cell::Unknown(cause),
    };
    let end = match end {
        Cell::Present(end) => match date_of(&end) {
            Cell::Present(end) => Some(end),
            Cell::Empty => return Cell::Unknown(Cause::Empty),
            Cell::Unknown(cause) => return Cell::Unknown(cause),
        },
        Cell::Empty => None,
        Cell::Unknown(cause) => return Cell::Unknown(cause),
    };
    Cell::Present(Item::Value(Value::Period(Period { start, end })))
}

/// Whether two values are equal or both empty.
pub(in crate::engine) fn same(a: Out, b: Out) -> Out {
    let answer = match (a, b) {
        (Cell::Unknown(cause), _) | (_, Cell::Unknown(cause)) => Cell::Unknown(cause),
        (Cell::Present(a), Cell::Present(b)) => values::compare(Compare::Equal, &a, &b),
        (a, b) => Cell::Present(a == b),
    };
    answer.map(|same| Item::Value(Value::Bool(same)))
}

/// The value of a function for present arguments; unknown where it does not fit.
pub(in crate::engine) fn apply(function: Function, args: &[Item], kind: Kind, calendar: &WorkingDays) -> Out {
    result(function, args, kind, calendar).unwrap_or(Cell::Unknown(Cause::Overflow))
}

fn result(function: Function, args: &[Item], kind: Kind, calendar: &WorkingDays) -> Option<Out> {
    // The checker lets only the word for Saturdays stand third.
    let week = |args: &[Item]| if args.len() > 2 { calendar.with_saturdays() } else { calendar.clone() };
    let value = match function {
        Function::Round => {
            let scale = args.get(1).map_or(Some(0), whole).and_then(|n| u8::try_from(n).ok())?;
            let rounded = match number(args.first()?)? {
                Number::Exact(n) => n.round(scale)?,
                Number::Quotient(r) => r.round(scale)?,
            };
            Number::Exact(rounded).wrap(kind)?
        }
        Function::Floor => Number::Exact(floor(number(args.first()?)?)?).wrap(kind)?,
        Function::Ceil => Number::Exact(floor(number(args.first()?)?.negate()?)?.negate()?).wrap(kind)?,
        Function::Abs => match number(args.first()?)? {
            Number::Exact(n) => Number::Exact(n.abs()?).wrap(kind)?,
            Number::Quotient(r) if r.sign().is_lt() => Number::Quotient(r.negate()?).wrap(kind)?,
            quotient => quotient.wrap(kind)?,
        },
        Function::Min | Function::Max => return extreme(function, args, kind),
        Function::OrElse | Function::Either | Function::Period | Function::Same => return None,
        Function::HowMany => {
            let yes = |arg: &Item| matches!(arg, Item::Value(Value::Bool(true)));
            integer(args.iter().filter(|arg| yes(arg)).count() as i64)
        }
        Function::Length => integer(text(args.first()?)?.chars().count() as i64),
        Function::ToInteger => {
            let digits = text(args.first()?)?;
            let number = digits.bytes().all(|c| c.is_ascii_digit()).then(|| digits.parse::<i64>().ok()).flatten();
            return Some(number.map_or(Cell::Unknown(Cause::Unreadable), |n| Cell::Present(Item::Value(integer(n)))));
        }
        Function::Upper => Value::Text(text(args.first()?)?.to_uppercase().into()),
        Function::Lower => Value::Text(text(args.first()?)?.to_lowercase().into()),
        Function::Trim => return Some(text_or_empty(&canonical_text(text(args.first()?)?))),
        Function::Substring => {
            let from = whole(args.get(1)?)?;
            let length = args.get(2).map(whole);
            return substring(text(args.first()?)?, from, length);
        }
        Function::Split => {
            let (text, by) = (text(args.first()?)?, text(args.get(1)?)?);
            Value::List(text.split(by).map(|part| canonical_text(part).into()).collect())
        }
        Function::Replace => {
            return Some(text_or_empty(&text(args.first()?)?.replace(text(args.get(1)?)?, text(args.get(2)?)?)));
        }
        Function::Year => integer(i64::from(day(args.first()?)?.year())),
        Function::Month => integer(i64::from(day(args.first()?)?.month())),
        Function::Day => integer(i64::from(day(args.first()?)?.day())),
        Function::Date => {
            let (year, month, day) = (whole(args.first()?)?, whole(args.get(1)?)?, whole(args.get(2)?)?);
            Value::Date(Date::from_ymd(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)?)
        }
        Function::DateOf => return Some(date_of(args.first()?).map(|day| Item::Value(Value::Date(day)))),
        Function::StartOfMonth => Value::Date(day(args.first()?)?.start_of_month()),
        Function::EndOfMonth => Value::Date(day(args.first()?)?.end_of_month()),
        Function::StartOfYear => Value::Date(day(args.first()?)?.start_of_year()),
        Function::Months => return months(args.first()?),
        Function::Years => return years(args.first()?),
        Function::QuarterOf => integer(i64::from((day(args.first()?)?.month() - 1) / 3 + 1)),
        Function::Age => integer(day(args.first()?)?.age_at(day(args.get(1)?)?)),
        Function::Birthday => Value::Date(day(args.first()?)?.birthday(whole(args.get(1)?)?)?),
        Function::Weekday => integer(i64::from(day(args.first()?)?.weekday())),
        Function::DaysBetween => integer(i64::from(day(args.get(1)?)?.days()) - i64::from(day(args.first()?)?.days())),
        Function::MonthsBetween => integer(day(args.first()?)?.months_until(day(args.get(1)?)?)),
        Function::Days => Value::Duration(Span { days: whole(args.first()?)?, ..Span::default() }),
        Function::Weeks => Value::Duration(Span { days: whole(args.first()?)?.checked_mul(7)?, ..Span::default() }),
        Function::MonthsOf => Value::Duration(Span { months: whole(args.first()?)?, ..Span::default() }),
        Function::WorkingDays => Value::WorkingDays(whole(args.first()?)?),
        Function::AddWorkingDays => Value::Date(week(args).add(day(args.first()?)?, whole(args.get(1)?)?)?),
        Function::WorkingDaysBetween => integer(week(args).between(day(args.first()?)?, day(args.get(1)?)?)),
        Function::StartOf => Value::Date(one_period(args.first()?)?.start),
        Function::EndOf => match one_period(args.first()?)?.end {
            Some(end) => Value::Date(end),
            None => return Some(Cell::Empty),
        },
        Function::DaysIn => return Some(days_in(&spans(args.first()?)?)),
        Function::Clip => return clip(args),
        Function::LongestRun => return Some(longest_run(&spans(args.first()?)?)),
        Function::SpellsOf => {
            let parts: Vec<Period> = args.iter().map(spans).collect::<Option<Vec<_>>>()?.concat();
            return Some(Cell::Present(Item::Periods(periods::spells(&parts).into())));
        }
        Function::CprDate => return Some(known(dk::cpr_date(text(args.first()?)?).map(Value::Date))),
        Function::CprClass => return Some(known(dk::cpr_class(text(args.first()?)?).map(|class| Value::Text(class.into())))),
        Function::CprModulusOk => return Some(known(dk::cpr_modulus_ok(text(args.first()?)?).map(Value::Bool))),
        Function::AccountPart => {
            let part = dk::account_part(text(args.first()?)?, text(args.get(1)?)?);
            return Some(part.map_or(Cell::Empty, |part| Cell::Present(Item::Value(Value::Text(part.into())))));
        }
    };
    Some(Cell::Present(Item::Value(value)))
}

/// What a domain value does not say is unknown.
fn known(value: Option<Value>) -> Out {
    value.map_or(Cell::Unknown(Cause::StatedUnknown), |value| Cell::Present(Item::Value(value)))
}

fn integer(n: i64) -> Value {
    Value::Number(Decimal::whole(n))
}

fn number(item: &Item) -> Option<Number> {
    match item {
        Item::Value(value) => Number::of(value),
        _ => None,
    }
}

fn whole(item: &Item) -> Option<i64> {
    match item {
        Item::Value(Value::Number(n)) => n.to_i64(),
        _ => None,
    }
}

fn text(item: &Item) -> Option<&str> {
    match item {
        Item::Value(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn day(item: &Item) -> Option<Date> {
    date_of(item).present()
}

fn one_period(item: &Item) -> Option<Period> {
    match item {
        Item::Value(Value::Period(period)) => Some(*period),
        _ => None,
    }
}

fn text_or_empty(text: &str) -> Out {
    if text.is_empty() { Cell::Empty } else { Cell::Present(Item::Value(Value::Text(text.into()))) }
}

fn floor(n: Number) -> Option<Decimal> {
    match n {
        Number::Exact(n) => n.floor(),
        Number::Quotient(r) => Some(Ratio::floor(r)),
    }
}

fn extreme(function: Function, args: &[Item], kind: Kind) -> Option<Out> {
    let wanted = if function == Function::Min { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater };
    let mut best = args.first()?;
    for arg in args.get(1..)? {
        match values::order(arg, best) {
            None => return Some(Cell::Unknown(Cause::TimeMissing)),
            Some(order) if order == wanted => best = arg,
            Some(_) => {}
        }
    }
    Some(match number(best) {
        Some(number) => values::fitting(number.wrap(kind)),
        None => Cell::Present(best.clone()),
    })
}

/// `length` characters from the `from`th on (1 is the first, -1 the last); to the end without a length.
fn substring(text: &str, from: i64, length: Option<Option<i64>>) -> Option<Out> {
    let count = text.chars().count() as i64;
    let start = if from < 0 { count.checked_add(from)? } else { from.checked_sub(1)? };
    if start < 0 || from == 0 {
        return None;
    }
    let length = match length {
        None => count,
        Some(length) => length.filter(|n| *n >= 0)?,
    };
    let part: String = text.chars().skip(usize::try_from(start).ok()?).take(usize::try_from(length).ok()?).collect();
    Some(text_or_empty(&part))
}

/// The periods an argument stands for.
fn spans(item: &Item) -> Option<Vec<Period>> {
    match item {
        Item::Value(Value::Period(period)) => Some(vec![*period]),
        Item::Periods(periods) => Some(periods.to_vec()),
        _ => None,
    }
}

fn days_in(periods: &[Period]) -> Out {
    let lengths: Option<Vec<i64>> = periods.iter().copied().map(periods::days).collect();
    match lengths {
        Some(lengths) => Cell::Present(Item::Value(integer(lengths.into_iter().sum()))),
        // An open end has no number of days.
        None => Cell::Unknown(Cause::Empty),
    }
}

/// The longest period, the first of several; an open one is the longest. Nothing where there is none.
fn longest_run(periods: &[Period]) -> Out {
    let length = |p: &Period| periods::days(*p).unwrap_or(i64::MAX);
    let longest = periods.iter().rev().max_by_key(|p| length(p));
    longest.map_or(Cell::Empty, |period| Cell::Present(Item::Value(Value::Period(*period))))
}

fn months(item: &Item) -> Option<Out> {
    let Item::Value(Value::Period(period)) = item else { return None };
    Some(periods::months(*period).map_or(Cell::Unknown(Cause::Empty), |months| Cell::Present(Item::Months(months.into()))))
}

/// Whole years from the first day to the day after the last.
fn years(item: &Item) -> Option<Out> {
    let Item::Value(Value::Period(period)) = item else { return None };
    let Some(end) = period.end else { return Some(Cell::Unknown(Cause::Empty)) };
    Some(Cell::Present(Item::Value(integer((period.start.months_until(end.add_days(1)?) / 12).max(0)))))
}

/// The part of a period that lies inside another; nothing where they have no day in common.
fn clip(args: &[Item]) -> Option<Out> {
    let (Item::Value(Value::Period(period)), Item::Value(Value::Period(inside))) = (args.first()?, args.get(1)?) else {
        return None;
    };
    let common = periods::common(*period, *inside);
    Some(common.map_or(Cell::Empty, |part| Cell::Present(Item::Value(Value::Period(part)))))
}
