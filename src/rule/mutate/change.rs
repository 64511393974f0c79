//! What may be changed at a node itself.

use std::ops::Range;

use super::{Family, parts};
use crate::locale::Bilingual;
use crate::model::{ColumnId, Pack};
use crate::rule::facts::{is_nought, never_negative};
use crate::rule::function::Function;
use crate::rule::typed::{Arith, Compare, Expr, Fold, Node, PeriodTest, Pick, Quantifier, Rows, Rule, TextTest, Ty};
use crate::value::{Decimal, Kind, Span, Value};

/// A change of one node: what it becomes.
pub(super) struct Site {
    pub(super) span: Range<usize>,
    pub(super) family: Family,
    pub(super) what: Bilingual,
    pub(super) expr: Expr,
}

/// Changes the nodes of one rule.
pub(super) struct Changer<'a> {
    pack: &'a Pack,
    pub(super) rule: &'a Rule,
}

impl<'a> Changer<'a> {
    pub(super) fn new(pack: &'a Pack, rule: &'a Rule) -> Changer<'a> {
        Changer { pack, rule }
    }

    /// Every change at this node.
    pub(super) fn at(&self, expr: &Expr) -> Vec<Site> {
        let mut out = Sites { expr, all: Vec::new() };
        match &expr.node {
            Node::Compare(op, a, b) => {
                for to in self.comparisons(*op, a, b) {
                    let (from, to_word) = (op.word(), to.word());
                    let what = (format!("{from} bliver til {to_word}"), format!("{from} becomes {to_word}"));
                    out.node(Family::Comparison, what, Node::Compare(to, a.clone(), b.clone()));
                }
                for (constant, node) in [
                    (a, one_side(a, b, |a| Node::Compare(*op, a, b.clone()))),
                    (b, one_side(b, a, |b| Node::Compare(*op, a.clone(), b))),
                ] {
                    node.into_iter().for_each(|(what, node)| out.of(constant.span.clone(), Family::Constant, what, node));
                }
            }
            Node::Between(value, low, high) => {
                let side = |op, bound: &Expr| expr_of(Node::Compare(op, value.clone(), Box::new(bound.clone())), expr);
                for (a, b, bound) in [(Compare::Greater, Compare::LessEqual, low), (Compare::GreaterEqual, Compare::Less, high)] {
                    let node = Node::And(vec![side(a, low), side(b, high)]);
                    out.of(bound.span.clone(), Family::Comparison, said("grænsen ikke med", "without this bound"), node);
                }
                for (constant, node) in [
                    (low, one_side(low, value, |low| Node::Between(value.clone(), low, high.clone()))),
                    (high, one_side(high, value, |high| Node::Between(value.clone(), low.clone(), high))),
                ] {
                    node.into_iter().for_each(|(what, node)| out.of(constant.span.clone(), Family::Constant, what, node));
                }
            }
            Node::And(all) => {
                dropped(all).for_each(|(span, rest)| out.of(span, Family::LeftOut, left_out(), Node::And(rest)));
                out.node(Family::Joined, said("and bliver til or", "and becomes or"), Node::Or(all.clone()));
            }
            Node::Or(all) => {
                dropped(all).for_each(|(span, rest)| out.of(span, Family::LeftOut, left_out(), Node::Or(rest)));
                out.node(Family::Joined, said("or bliver til and", "or becomes and"), Node::And(all.clone()));
            }
            Node::Not(inner) => out.node(Family::Negation, said("uden not", "without not"), inner.node.clone()),
            Node::Is { operand, test, negated } => {
                out.turned(Node::Is { operand: operand.clone(), test: test.clone(), negated: !negated })
            }
            Node::InItems { value, items, negated } => {
                out.turned(Node::InItems { value: value.clone(), items: items.clone(), negated: !negated });
                if items.len() > 1 {
                    dropped(items).for_each(|(span, items)| {
                        let node = Node::InItems { value: value.clone(), items, negated: *negated };
                        out.of(span, Family::LeftOut, left_out(), node);
                    });
                }
            }
            Node::InList { value, list, negated } => {
                out.turned(Node::InList { value: value.clone(), list: list.clone(), negated: !negated });
            }
            Node::InCodes { value, list, at, negated } => {
                let other = |at, negated| Node::InCodes { value: value.clone(), list: *list, at, negated };
                out.turned(other(at.clone(), !negated));
                // A list that holds the same codes on every day does not care for the day.
                let dated = self.pack.lists[list.index()].codes.iter().any(|code| code.from.is_some() || code.until.is_some());
                if let (Some(at), true) = (at, dated) {
                    out.of(at.span.clone(), Family::Date, said("uden at", "without at"), other(None, *negated));
                    out.extract_date(at, |day| other(Some(day), *negated));
                }
            }
            Node::Lookup { table, keys, at: Some(at) } => {
                out.extract_date(at, |day| Node::Lookup { table: *table, keys: keys.clone(), at: Some(day) });
            }
            Node::Text { test, left, right, negated } => {
                let other = |test, negated| Node::Text { test, left: left.clone(), right: right.clone(), negated };
                out.turned(other(test.clone(), !negated));
                let edges =
                    [(TextTest::StartsWith, "starts with"), (TextTest::EndsWith, "ends with"), (TextTest::Contains, "contains")];
                if edges.iter().any(|(edge, _)| edge == test) {
                    for (to, word) in edges.into_iter().filter(|(edge, _)| edge != test) {
                        out.node(Family::Word, instead(word), other(to, *negated));
                    }
                }
            }
            Node::Period { test, left, right, negated } => {
                let other = |test, negated| Node::Period { test, left: left.clone(), right: right.clone(), negated };
                out.turned(other(*test, !negated));
                // A date has no other word.
                if left.ty == right.ty {
                    for (to, word) in PERIOD_TESTS.into_iter().filter(|(to, _)| to != test) {
                        out.node(Family::Word, instead(word), other(to, *negated));
                    }
                }
            }
            Node::Arith(op @ (Arith::Add | Arith::Subtract), a, b) => {
                let (to, what) = match op {
                    Arith::Add => (Arith::Subtract, said("+ bliver til -", "+ becomes -")),
                    _ => (Arith::Add, said("- bliver til +", "- becomes +")),
                };
                out.node(Family::Sign, what, Node::Arith(to, a.clone(), b.clone()));
            }
            Node::Negate(inner) => out.node(Family::Sign, said("uden minus", "without minus"), inner.node.clone()),
            Node::Literal(value) => {
                for (value, what) in one_off(value, false) {
                    out.node(Family::Constant, what, Node::Literal(value));
                }
            }
            Node::Field(row, column) => {
                for (other, name) in self.other_dates(expr, row, *column) {
                    out.node(Family::Date, instead(name), Node::Field(row.clone(), other));
                }
            }
            Node::Call(function, args) => {
                let other = match function {
                    Function::Min => Some(Function::Max),
                    Function::Max => Some(Function::Min),
                    Function::Floor => Some(Function::Ceil),
                    Function::Ceil => Some(Function::Floor),
                    _ => None,
                };
                if let Some(other) = other {
                    out.node(Family::Word, instead(other.name()), Node::Call(other, args.clone()));
                }
                match (function, args.as_slice()) {
                    (Function::OrElse, [first, second]) => {
                        out.of(second.span.clone(), Family::LeftOut, left_out(), first.node.clone());
                    }
                    (Function::OrElse, all) => dropped(all)
                        .for_each(|(span, rest)| out.of(span, Family::LeftOut, left_out(), Node::Call(Function::OrElse, rest))),
                    _ => {}
                }
            }
            Node::If(condition, then, otherwise) => {
                let node = Node::If(condition.clone(), otherwise.clone(), then.clone());
                out.of(condition.span.clone(), Family::Negation, said("vendt om", "turned round"), node);
            }
            Node::Either { first, second, .. } => {
                out.of(first.span.clone(), Family::Reading, said("kun denne læsning", "this reading only"), first.node.clone());
                out.of(second.span.clone(), Family::Reading, said("kun denne læsning", "this reading only"), second.node.clone());
            }
            Node::Quantified { quantifier, rows, satisfies } => {
                for (to, word) in QUANTIFIERS.into_iter().filter(|(to, _)| to != quantifier) {
                    // `every` has no meaning without `satisfies`.
                    if satisfies.is_some() || to != Quantifier::Every {
                        let node = Node::Quantified { quantifier: to, rows: rows.clone(), satisfies: satisfies.clone() };
                        out.node(Family::Word, instead(word), node);
                    }
                }
                for (span, rows) in without_filter(rows) {
                    let node = Node::Quantified { quantifier: *quantifier, rows, satisfies: satisfies.clone() };
                    out.of(span, Family::LeftOut, left_out(), node);
                }
            }
            Node::Count(rows) => {
                for (span, rows) in without_filter(rows) {
                    out.of(span, Family::LeftOut, left_out(), Node::Count(rows));
                }
            }
            Node::CountDistinct(of, rows) => {
                for (span, rows) in without_filter(rows) {
                    out.of(span, Family::LeftOut, left_out(), Node::CountDistinct(of.clone(), rows));
                }
            }
            Node::Fold(fold, args, rows) => {
                let other = match fold {
                    Fold::Min => Some((Fold::Max, "max")),
                    Fold::Max => Some((Fold::Min, "min")),
                    Fold::Mean => Some((Fold::Median, "median")),
                    Fold::Median => Some((Fold::Mean, "mean")),
                    Fold::Sum | Fold::Uncovered | Fold::Spells => None,
                };
                if let Some((other, word)) = other {
                    out.node(Family::Word, instead(word), Node::Fold(other, args.clone(), rows.clone()));
                }
                for (span, rows) in without_filter(rows) {
                    out.of(span, Family::LeftOut, left_out(), Node::Fold(*fold, args.clone(), rows));
                }
            }
            Node::Pick(pick, rows, by) => {
                let (other, word) = match pick {
                    Pick::First => (Pick::Last, "last"),
                    Pick::Last => (Pick::First, "first"),
                    Pick::Previous => (Pick::Next, "next"),
                    Pick::Next => (Pick::Previous, "previous"),
                };
                out.node(Family::Word, instead(word), Node::Pick(other, rows.clone(), by.clone()));
                for (span, rows) in without_filter(rows) {
                    out.of(span, Family::LeftOut, left_out(), Node::Pick(*pick, rows, by.clone()));
                }
            }
            Node::ExtractDate | Node::Var(_) | Node::Follow { .. } | Node::Lookup { .. } | Node::Arith(..) => {}
        }
        out.all
    }

    /// The comparisons that an author could write instead.
    fn comparisons(&self, op: Compare, a: &Expr, b: &Expr) -> Vec<Compare> {
        let ordered = matches!(
            a.ty,
            Ty::Value(
                Kind::Integer
                    | Kind::Decimal(_)
                    | Kind::Money(_)
                    | Kind::Percent(_)
                    | Kind::Date
                    | Kind::Month
                    | Kind::Timestamp
                    | Kind::Duration
                    | Kind::WorkingDays
            )
        );
        let others = Compare::ALL.into_iter().filter(|to| *to != op);
        if !ordered {
            return others.filter(|to| matches!(to, Compare::Equal | Compare::NotEqual)).collect();
        }
        // A number of rows or days is never below nought, so that beside 0 some comparisons are one.
        let same = |to: &Compare| match (
            never_negative(&self.rule.steps, a) && is_nought(b),
            never_negative(&self.rule.steps, b) && is_nought(a),
        ) {
            (true, _) => side(op) == side(*to),
            (_, true) => side(op.mirrored()) == side(to.mirrored()),
            _ => false,
        };
        others.filter(|to| !same(to)).collect()
    }

    /// Other columns of the row with the same kind of day. A computed column only where the rule reads it: else nobody computes it.
    fn other_dates(&self, expr: &Expr, row: &Expr, column: ColumnId) -> Vec<(ColumnId, &'a str)> {
        let (Ty::Value(kind @ (Kind::Date | Kind::Month | Kind::Timestamp)), Ty::Row(dataset)) = (expr.ty, row.ty) else {
            return Vec::new();
        };
        let columns = self.pack.get(dataset).columns.iter().enumerate();
        columns
            .map(|(i, other)| (ColumnId(i as u16), other))
            .filter(|(id, other)| *id != column && other.kind == kind)
            .filter(|(id, other)| other.derived.is_none() || self.rule.reads.columns.contains(&(dataset, *id)))
            .map(|(id, other)| (id, &*other.name))
            .collect()
    }
}

/// Collects the changes of one node.
struct Sites<'e> {
    expr: &'e Expr,
    all: Vec<Site>,
}

impl Sites<'_> {
    fn of(&mut self, span: Range<usize>, family: Family, (da, en): (String, String), node: Node) {
        self.all.push(Site { span, family, what: Bilingual::new(da, en), expr: expr_of(node, self.expr) });
    }

    fn node(&mut self, family: Family, what: (String, String), node: Node) {
        self.of(self.expr.span.clone(), family, what, node);
    }

    fn turned(&mut self, node: Node) {
        self.node(Family::Negation, said("vendt om", "turned round"), node);
    }

    /// The day of the extract in place of `at`.
    fn extract_date(&mut self, at: &Expr, node: impl FnOnce(Box<Expr>) -> Node) {
        if at.node != Node::ExtractDate {
            let day = Expr { node: Node::ExtractDate, ty: Ty::Value(Kind::Date), span: at.span.clone() };
            self.of(at.span.clone(), Family::Date, instead("extract_date"), node(Box::new(day)));
        }
    }
}

fn expr_of(node: Node, like: &Expr) -> Expr {
    Expr { node, ty: like.ty, span: like.span.clone() }
}

fn said(da: &str, en: &str) -> (String, String) {
    (da.to_owned(), en.to_owned())
}

fn left_out() -> (String, String) {
    said("udeladt", "left out")
}

fn instead(word: &str) -> (String, String) {
    (format!("{word} i stedet"), format!("{word} instead"))
}

const QUANTIFIERS: [(Quantifier, &str); 3] = [(Quantifier::Every, "every"), (Quantifier::Some, "some"), (Quantifier::No, "no")];

const PERIOD_TESTS: [(PeriodTest, &str); 4] = [
    (PeriodTest::Overlaps, "overlaps"),
    (PeriodTest::Meets, "meets"),
    (PeriodTest::During, "during"),
    (PeriodTest::Covers, "covers"),
];

/// What `n op 0` asks of a number that is not negative.
fn side(op: Compare) -> u8 {
    match op {
        Compare::Equal | Compare::LessEqual => 0,
        Compare::NotEqual | Compare::Greater => 1,
        Compare::Less => 2,
        Compare::GreaterEqual => 3,
    }
}

/// The changes of a constant that stands beside `other`.
fn one_side(constant: &Expr, other: &Expr, node: impl Fn(Box<Expr>) -> Node) -> Vec<((String, String), Node)> {
    let Node::Literal(value) = &constant.node else { return Vec::new() };
    let months = other.ty == Ty::Value(Kind::Month);
    let with = |value| node(Box::new(expr_of(Node::Literal(value), constant)));
    one_off(value, months).into_iter().map(|(value, what)| (what, with(value))).collect()
}

/// The parts with one left out, each in turn, and where that one stands.
fn dropped(parts: &[Expr]) -> impl Iterator<Item = (Range<usize>, Vec<Expr>)> {
    parts.iter().enumerate().map(|(i, part)| {
        let rest = parts.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, part)| part.clone()).collect();
        (part.span.clone(), rest)
    })
}

/// The rows without one condition, each in turn. What a whole dataset is searched by cannot go.
fn without_filter(rows: &Rows) -> impl Iterator<Item = (Range<usize>, Rows)> {
    rows.filter.iter().enumerate().filter(|(_, part)| !parts::is_search(rows, part)).map(|(i, part)| {
        let mut without = rows.clone();
        without.filter.remove(i);
        (part.span.clone(), without)
    })
}

/// A constant one off, up and down, and what it is then. Beside a month a day is too little: months begin on the first.
fn one_off(value: &Value, months: bool) -> Vec<(Value, (String, String))> {
    let mut all = Vec::new();
    for (sign, da, en) in [(1, "mere", "more"), (-1, "mindre", "less")] {
        let mut add = |value: Option<Value>, da_unit: &str, en_unit: &str| {
            all.extend(value.map(|value| (value, (format!("{da_unit} {da}"), format!("{en_unit} {en}")))));
        };
        let by = |n: Decimal, units, scale| n.plus(Decimal::new(units, scale));
        let one = i128::from(sign);
        match value {
            Value::Number(n) => add(by(*n, one, 0).map(Value::Number), "1", "1"),
            Value::Percent(n) => add(by(*n, one, 0).map(Value::Percent), "1", "1"),
            Value::Money(n) => {
                add(by(*n, one, 0).map(Value::Money), "1", "1");
                add(by(*n, one, 2).map(Value::Money), "0,01", "0.01");
            }
            Value::Date(day) if months => {
                add(day.add_months(sign).map(Value::Date), "1 måned", "1 month");
            }
            Value::Date(day) => add(day.add_days(sign).map(Value::Date), "1 dag", "1 day"),
            Value::WorkingDays(n) => add(Some(Value::WorkingDays(n + sign)), "1 arbejdsdag", "1 working day"),
            Value::Duration(span) if span.months != 0 => {
                let span = Span { months: span.months + sign, ..*span };
                add(Some(Value::Duration(span)), "1 måned", "1 month");
            }
            Value::Duration(span) if span.days != 0 => {
                let span = Span { days: span.days + sign, ..*span };
                add(Some(Value::Duration(span)), "1 dag", "1 day");
            }
            Value::Duration(span) => {
                let span = Span { minutes: span.minutes + 60 * sign, ..*span };
                add(Some(Value::Duration(span)), "1 time", "1 hour");
            }
            _ => {}
        }
    }
    all
}
