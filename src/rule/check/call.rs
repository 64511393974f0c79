//! Calls of functions: the signatures of `docs/language.md`.

use std::ops::Range;

use super::compare::is_ordered;
use super::name::written as path_of;
use super::{Checker, scale_of};
use crate::locale::Bilingual;
use crate::rule::ast::{Ast, AstNode, Word};
use crate::rule::function::Function;
use crate::rule::lexer::iso_shape;
use crate::rule::messages;
use crate::rule::parser::{FOLDS, PICKS};
use crate::rule::typed::{Compare, Expr, Node, Ty};
use crate::value::{Kind, Value};

const INTEGER: &[Kind] = &[Kind::Integer];
const TEXT: &[Kind] = &[Kind::Text];
const DATE: &[Kind] = &[Kind::Date];
const PERIOD: &[Kind] = &[Kind::Period];

/// Distinct `either`s that a rule may have: eight readings.
const MOST_QUESTIONS: usize = 3;

/// The third argument of the functions of working days.
const SATURDAYS: &str = "saturdays";

/// Parts that `account_part` knows; the first are accounts themselves, `dranst` and `gruppering` are text.
const ACCOUNT_PARTS: &[&str] = &["hovedkonto", "hovedfunktion", "funktion", "dranst", "gruppering", "art", "hovedart"];

impl Checker<'_> {
    pub(super) fn call(&mut self, name: &Word, args: &[Ast], span: Range<usize>) -> Option<Expr> {
        let function = Function::from_name(&name.text).filter(|f| self.pack.vocabulary_dk || !f.is_dk());
        let given = args.len();
        let written = args;
        if let (Some(Function::Min | Function::Max), [only]) = (function, args) {
            let path = path_of(only);
            let column = path.as_ref().and_then(|path| path.rsplit_once('.')).filter(|(path, _)| path.contains('.'));
            let (path, column) = column.map_or((path.as_deref(), None), |(path, column)| (Some(path), Some(column)));
            self.say(span, messages::rows_wanted(&name.text, path, column));
            return None;
        }
        // The arguments of another language's function mean nothing here.
        let foreign = function.is_none() && crate::rule::habits::instead(&name.text).is_some();
        let args: Vec<Option<Expr>> = if foreign { Vec::new() } else { args.iter().map(|arg| self.expr(arg)).collect() };
        let Some(function) = function else {
            let functions = Function::ALL.iter().filter(|f| self.pack.vocabulary_dk || !f.is_dk()).map(|f| f.name());
            let folds = FOLDS.iter().map(|f| f.0).chain(PICKS.iter().map(|p| p.0)).chain(["count"]);
            let said = messages::unknown_function(&name.text, functions.chain(folds));
            self.say(name.span.clone(), said);
            return None;
        };
        let (least, most) = arity(function);
        if !(least..=most).contains(&given) {
            let wants = match (least, most) {
                (a, usize::MAX) => format!("{a}+"),
                (a, b) if a == b => a.to_string(),
                (a, b) => format!("{a}-{b}"),
            };
            let said = match (function, written) {
                (Function::Date, [Ast { node: AstNode::Literal(Value::Text(text)), .. }]) => {
                    messages::date_without_quotes(iso_shape(text).as_deref())
                }
                (Function::Days, [_, _]) => messages::argument_count("days", &wants, given, Function::DaysBetween.usage()),
                (Function::WorkingDays, [_, _]) => {
                    messages::argument_count("working_days", &wants, given, Function::WorkingDaysBetween.usage())
                }
                (Function::Months, [_, _]) => messages::argument_count("months", &wants, given, Function::MonthsBetween.usage()),
                _ => messages::argument_count(function.name(), &wants, given, function.usage()),
            };
            self.say(span, said);
            return None;
        }
        let args = args.into_iter().collect::<Option<Vec<Expr>>>()?;
        if function == Function::Either {
            return self.either(args, span);
        }
        let (args, ty) = self.signature(function, args, span.clone())?;
        Some(Expr { node: Node::Call(function, args), ty, span })
    }

    /// The arguments, checked, and the type of the result.
    fn signature(&mut self, function: Function, args: Vec<Expr>, span: Range<usize>) -> Option<(Vec<Expr>, Ty)> {
        use Function as F;
        let (wants, result): (&[&[Kind]], Kind) = match function {
            F::Round | F::Floor | F::Ceil => return self.rounding(function, args),
            F::Min | F::Max => return self.extreme(args, span),
            F::OrElse | F::Either => return self.one_of(args, span),
            F::Same => return self.same(args, span),
            F::HowMany => return self.how_many(args),
            F::DaysIn | F::LongestRun | F::SpellsOf => return self.periods(function, args),
            F::AccountPart => return self.account_part(args),
            F::AddWorkingDays => return self.working_days(args, &[DATE, INTEGER], Kind::Date),
            F::WorkingDaysBetween => return self.working_days(args, &[DATE, DATE], Kind::Integer),
            F::Abs => {
                let kinds = &[Kind::Decimal(0), Kind::Money(2), Kind::Percent(0), Kind::Ratio, Kind::MoneyRatio];
                let args = self.args(args, &[kinds])?;
                let ty = args.first()?.ty;
                return Some((args, ty));
            }
            F::Months => {
                let args = self.args(args, &[PERIOD])?;
                return Some((args, Ty::Months));
            }
            F::Length | F::ToInteger => (&[TEXT], Kind::Integer),
            F::Upper | F::Lower | F::Trim => (&[TEXT], Kind::Text),
            F::Substring => (&[TEXT, INTEGER, INTEGER], Kind::Text),
            F::Split => (&[TEXT, TEXT], Kind::TextList),
            F::Replace => (&[TEXT, TEXT, TEXT], Kind::Text),
            F::Year | F::Month | F::Day | F::QuarterOf | F::Weekday => (&[DATE], Kind::Integer),
            F::Date => (&[INTEGER, INTEGER, INTEGER], Kind::Date),
            F::DateOf => (&[&[Kind::Timestamp]], Kind::Date),
            F::StartOfMonth => (&[DATE], Kind::Month),
            F::EndOfMonth | F::StartOfYear => (&[DATE], Kind::Date),
            F::Years => (&[PERIOD], Kind::Integer),
            F::Age | F::DaysBetween | F::MonthsBetween => (&[DATE, DATE], Kind::Integer),
            F::Birthday => (&[DATE, INTEGER], Kind::Date),
            F::Days | F::Weeks | F::MonthsOf => (&[INTEGER], Kind::Duration),
            F::WorkingDays => (&[INTEGER], Kind::WorkingDays),
            F::Period => (&[DATE, DATE], Kind::Period),
            F::StartOf | F::EndOf => (&[PERIOD], Kind::Date),
            F::Clip => (&[PERIOD, PERIOD], Kind::Period),
            F::CprDate => (&[&[Kind::Cpr]], Kind::Date),
            F::CprClass => (&[&[Kind::Cpr]], Kind::Text),
            F::CprModulusOk => (&[&[Kind::Cpr]], Kind::Bool),
        };
        let args = self.args(args, wants)?;
        Some((args, Ty::Value(result)))
    }

    /// Each argument of one of its kinds; a text literal is read as the national kind that is wanted.
    fn args(&mut self, args: Vec<Expr>, wants: &[&[Kind]]) -> Option<Vec<Expr>> {
        let mut out = Vec::with_capacity(args.len());
        for (arg, kinds) in args.into_iter().zip(wants) {
            let arg = match kinds.first() {
                Some(&kind) => self.as_kind(arg, kind),
                None => Some(arg),
            };
            out.push(arg.and_then(|arg| self.want(arg, kinds)));
        }
        out.into_iter().collect()
    }

    /// `round(x, n)`, `floor(x)`, `ceil(x)`.
    fn rounding(&mut self, function: Function, mut args: Vec<Expr>) -> Option<(Vec<Expr>, Ty)> {
        let mut decimals = 0;
        if let Some(n) = args.get(1) {
            let written = match &n.node {
                Node::Literal(Value::Number(n)) => n.to_i64().and_then(|n| u8::try_from(n).ok()).filter(|n| *n <= 6),
                _ => None,
            };
            let Some(written) = written else {
                self.say(n.span.clone(), messages::decimals_literal());
                return None;
            };
            decimals = written;
        }
        let x = args.first()?.clone();
        let kinds = &[Kind::Decimal(0), Kind::Money(2), Kind::Percent(0), Kind::Ratio, Kind::MoneyRatio];
        let x = if matches!(x.ty, Ty::Value(Kind::Ratio | Kind::MoneyRatio)) { x } else { self.want(x, kinds)? };
        let Ty::Value(kind) = x.ty else { return None };
        let kind = match kind {
            Kind::Money(_) | Kind::MoneyRatio => Kind::Money(decimals.max(2)),
            Kind::Percent(_) => Kind::Percent(decimals),
            _ if decimals == 0 => Kind::Integer,
            _ => Kind::Decimal(decimals),
        };
        if function != Function::Round {
            args.truncate(1);
        }
        if let Some(first) = args.first_mut() {
            *first = x;
        }
        Some((args, Ty::Value(kind)))
    }

    /// `min(a, b, ...)`, `max(a, b, ...)`.
    fn extreme(&mut self, args: Vec<Expr>, span: Range<usize>) -> Option<(Vec<Expr>, Ty)> {
        let mut ty = args.first()?.ty;
        for arg in &args {
            let Ty::Value(kind) = arg.ty else {
                self.say(arg.span.clone(), messages::no_order(&messages::type_words(arg.ty, self.pack)));
                return None;
            };
            if matches!(kind, Kind::Ratio | Kind::MoneyRatio) {
                self.say(arg.span.clone(), messages::must_be_rounded());
                return None;
            }
            if scale_of(kind) > 2 && matches!(kind, Kind::Money(_)) {
                self.say(arg.span.clone(), messages::product_must_be_rounded());
                return None;
            }
            if !is_ordered(kind) {
                self.say(arg.span.clone(), messages::no_order(&messages::type_words(arg.ty, self.pack)));
                return None;
            }
            let so_far = Expr { ty, ..arg.clone() };
            ty = self.joined(&so_far, arg, span.clone())?;
        }
        Some((args, ty))
    }

    /// `either(a, b)`: the same words are the same question, wherever in the rule they stand.
    fn either(&mut self, args: Vec<Expr>, span: Range<usize>) -> Option<Expr> {
        let (args, ty) = self.one_of(args, span.clone())?;
        let [first, second] = <[Expr; 2]>::try_from(args).ok()?;
        let written = self.source.get(span.clone()).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let question = self.eithers.iter().position(|known| *known == written).unwrap_or_else(|| {
            self.eithers.push(written);
            self.eithers.len() - 1
        });
        if question >= MOST_QUESTIONS {
            self.say(span, messages::too_many_eithers(MOST_QUESTIONS));
            return None;
        }
        let (first, second) = (Box::new(first), Box::new(second));
        Some(Expr { node: Node::Either { question: question as u8, first, second }, ty, span })
    }

    /// `or_else(a, b, ...)`, `either(a, b)`: the result is one of the arguments.
    fn one_of(&mut self, args: Vec<Expr>, span: Range<usize>) -> Option<(Vec<Expr>, Ty)> {
        let mut rest = args.into_iter();
        let mut first = rest.next()?;
        let mut ty = first.ty;
        let mut others = Vec::new();
        for arg in rest {
            let (a, b) = self.alike(first, arg)?;
            ty = self.joined(&Expr { ty, ..a.clone() }, &b, span.clone())?;
            first = a;
            others.push(b);
        }
        others.insert(0, first);
        Some((others, ty))
    }

    /// `same(a, b)`: as `a = b`, but two empty values are the same, and an empty and a present one are not.
    fn same(&mut self, args: Vec<Expr>, span: Range<usize>) -> Option<(Vec<Expr>, Ty)> {
        let mut args = args.into_iter();
        let (a, b) = self.comparable(Compare::Equal, args.next()?, args.next()?, span)?;
        Some((vec![a, b], Ty::Value(Kind::Bool)))
    }

    /// `how_many(condition, ...)`
    fn how_many(&mut self, args: Vec<Expr>) -> Option<(Vec<Expr>, Ty)> {
        let checked: Vec<Option<Expr>> = args.into_iter().map(|arg| self.want(arg, &[Kind::Bool])).collect();
        Some((checked.into_iter().collect::<Option<Vec<Expr>>>()?, Ty::Value(Kind::Integer)))
    }

    /// Functions of periods and lists of periods.
    fn periods(&mut self, function: Function, args: Vec<Expr>) -> Option<(Vec<Expr>, Ty)> {
        for arg in &args {
            let one = arg.ty == Ty::Value(Kind::Period) && function != Function::LongestRun;
            if !one && arg.ty != Ty::Periods {
                let wanted = if function == Function::LongestRun {
                    messages::type_words(Ty::Periods, self.pack)
                } else {
                    Bilingual::new("en periode eller en liste af perioder", "a period or a list of periods")
                };
                let said = messages::wanted(&wanted, &messages::type_words(arg.ty, self.pack));
                self.say(arg.span.clone(), said);
                return None;
            }
        }
        let ty = match function {
            Function::DaysIn => Ty::Value(Kind::Integer),
            Function::LongestRun => Ty::Value(Kind::Period),
            _ => Ty::Periods,
        };
        Some((args, ty))
    }

    /// Functions of working days; a third argument says that Saturdays count.
    fn working_days(&mut self, args: Vec<Expr>, wants: &[&[Kind]], result: Kind) -> Option<(Vec<Expr>, Ty)> {
        let week = args.get(2).cloned();
        let mut args = self.args(args, wants)?;
        if let Some(week) = week {
            if !matches!(&week.node, Node::Literal(Value::Text(text)) if &**text == SATURDAYS) {
                self.say(week.span, messages::saturdays_literal());
                return None;
            }
            args.push(week);
        }
        Some((args, Ty::Value(result)))
    }

    /// `account_part(konto, "funktion")`
    fn account_part(&mut self, args: Vec<Expr>) -> Option<(Vec<Expr>, Ty)> {
        let args = self.args(args, &[&[Kind::Konto], TEXT])?;
        let part = args.get(1)?;
        let known = match &part.node {
            Node::Literal(Value::Text(text)) => ACCOUNT_PARTS.iter().find(|p| **p == &**text),
            _ => None,
        };
        let Some(known) = known else {
            self.say(part.span.clone(), messages::part_literal(&ACCOUNT_PARTS.join(", ")));
            return None;
        };
        let kind = if matches!(*known, "dranst" | "gruppering") { Kind::Text } else { Kind::Konto };
        Some((args, Ty::Value(kind)))
    }
}

/// Least and most arguments.
fn arity(function: Function) -> (usize, usize) {
    use Function as F;
    match function {
        F::Min | F::Max | F::OrElse | F::HowMany => (2, usize::MAX),
        F::SpellsOf => (1, usize::MAX),
        F::Round => (1, 2),
        F::Substring | F::AddWorkingDays | F::WorkingDaysBetween => (2, 3),
        F::Replace | F::Date => (3, 3),
        F::Either
        | F::Same
        | F::Split
        | F::Age
        | F::Birthday
        | F::DaysBetween
        | F::MonthsBetween
        | F::Period
        | F::Clip
        | F::AccountPart => (2, 2),
        _ => (1, 1),
    }
}

/// Kinds that `sum` and `mean` add up.
pub(super) const ADDED: &[Kind] = &[Kind::Decimal(0), Kind::Money(2), Kind::Percent(0)];

/// The name of a fold.
pub(super) fn fold_name(fold: crate::rule::typed::Fold) -> &'static str {
    FOLDS.iter().find(|f| f.1 == fold).map_or("", |f| f.0)
}
