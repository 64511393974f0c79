//! Small changes of a rule that its examples should notice: `<=` for `<`, a condition left out, another date, a constant one
//! off, a test turned round.

use std::ops::Range;

use super::function::Function;
use super::typed::{Arith, Compare, Expr, IsTest, Node, RowSource, Rows, Rule, Scope, Ty};
use crate::locale::Bilingual;
use crate::model::{ColumnId, DatasetId, Pack};
use crate::value::{Decimal, Kind, Span, Value};

/// A changed rule.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// The bytes of the rule file that it reads otherwise.
    pub span: Range<usize>,
    /// What is changed.
    pub what: Bilingual,
    /// The rule with the change.
    pub rule: Rule,
}

/// Every change of a rule. What only texts, amounts and marks show is left alone: examples speak of verdicts.
pub fn mutants(pack: &Pack, rule: &Rule) -> Vec<Mutant> {
    let dates = dates(pack, rule);
    let mut all = Vec::new();
    for slot in 0..exprs(&mut rule.clone()).len() {
        let mut sites = Vec::new();
        if let Some(expr) = exprs(&mut rule.clone()).into_iter().nth(slot) {
            collect(pack, expr, &dates, &mut Vec::new(), &mut sites);
        }
        for site in sites {
            let mut changed = rule.clone();
            if let Some(expr) = exprs(&mut changed).into_iter().nth(slot)
                && let Some(place) = at(expr, &site.path)
            {
                *place = site.expr;
                all.push(Mutant { span: site.span, what: site.what, rule: changed });
            }
        }
    }
    all.extend(whole(rule));
    all
}

/// Changes of the rule's own keys.
fn whole(rule: &Rule) -> Vec<Mutant> {
    let mut all = Vec::new();
    if rule.deadline.is_some() {
        let mut changed = rule.clone();
        if let Some(deadline) = &mut changed.deadline {
            let due = deadline.due.clone();
            let day = Value::Duration(Span { days: 1, ..Span::default() });
            let day = Expr { node: Node::Literal(day), ty: Ty::Value(Kind::Duration), span: due.span.clone() };
            let ty = if due.ty == Ty::Value(Kind::Month) { Ty::Value(Kind::Date) } else { due.ty };
            let span = due.span.clone();
            deadline.due = Expr { node: Node::Arith(Arith::Add, Box::new(due), Box::new(day)), ty, span };
        }
        let span = changed.deadline.as_ref().map_or(0..0, |d| d.due.span.clone());
        all.push(Mutant { span, what: Bilingual::new("fristen en dag senere", "the deadline a day later"), rule: changed });
        if rule.require.is_some() {
            let changed = Rule { require: None, ..rule.clone() };
            let span = rule.require.as_ref().map_or(0..0, |r| r.span.clone());
            all.push(Mutant { span, what: Bilingual::new("uden require", "without require"), rule: changed });
        }
    }
    if let Some(when) = &rule.when {
        let changed = Rule { when: None, ..rule.clone() };
        all.push(Mutant { span: when.span.clone(), what: Bilingual::new("uden when", "without when"), rule: changed });
    }
    if let Some(partly) = &rule.partly {
        let changed = Rule { partly: None, ..rule.clone() };
        all.push(Mutant { span: partly.span.clone(), what: Bilingual::new("uden partly", "without partly"), rule: changed });
    }
    if rule.scope == Scope::Open {
        let changed = Rule { scope: Scope::All, ..rule.clone() };
        let what = Bilingual::new("også lukkede sager", "closed cases too");
        all.push(Mutant { span: 0..0, what, rule: changed });
    }
    all
}

/// The expressions that verdicts rest on.
fn exprs(rule: &mut Rule) -> Vec<&mut Expr> {
    let deadline = rule.deadline.iter_mut().flat_map(|d| [&mut d.due, &mut d.done]);
    let conditions = [&mut rule.when, &mut rule.require, &mut rule.partly].into_iter().flatten();
    let per = rule.per.iter_mut().map(|per| &mut per.items);
    per.chain(rule.steps.iter_mut().map(|step| &mut step.expr)).chain(conditions).chain(deadline).collect()
}

/// Date columns that the rule reads.
fn dates(pack: &Pack, rule: &Rule) -> Vec<(DatasetId, ColumnId)> {
    let is_date = |&&(dataset, column): &&(DatasetId, ColumnId)| pack.get(dataset).columns[column.index()].kind == Kind::Date;
    rule.reads.columns.iter().filter(is_date).copied().collect()
}

/// A change, and the way to the node that it replaces: which part at each level.
struct Site {
    path: Vec<usize>,
    span: Range<usize>,
    what: Bilingual,
    expr: Expr,
}

fn collect(pack: &Pack, expr: &mut Expr, dates: &[(DatasetId, ColumnId)], path: &mut Vec<usize>, out: &mut Vec<Site>) {
    for (span, what, changed) in changes(pack, expr, dates) {
        out.push(Site { path: path.clone(), span, what, expr: changed });
    }
    for (i, part) in parts(expr).into_iter().enumerate() {
        path.push(i);
        collect(pack, part, dates, path, out);
        path.pop();
    }
}

/// The node at the end of a path.
fn at<'e>(expr: &'e mut Expr, path: &[usize]) -> Option<&'e mut Expr> {
    match path {
        [] => Some(expr),
        [first, rest @ ..] => at(parts(expr).into_iter().nth(*first)?, rest),
    }
}

type Change = (Range<usize>, Bilingual, Expr);

/// What may be changed at a node itself.
fn changes(pack: &Pack, expr: &Expr, dates: &[(DatasetId, ColumnId)]) -> Vec<Change> {
    let with = |node: Node| Expr { node, ty: expr.ty, span: expr.span.clone() };
    let whole = |da: String, en: String, node: Node| (expr.span.clone(), Bilingual::new(da, en), with(node));
    match &expr.node {
        Node::Compare(op, a, b) => {
            let (from, to) = swapped(*op);
            let node = Node::Compare(to.0, a.clone(), b.clone());
            vec![whole(format!("{from} bliver til {}", to.1), format!("{from} becomes {}", to.1), node)]
        }
        Node::And(parts) => dropped(parts).map(|(span, rest)| (span, left_out(), with(Node::And(rest)))).collect(),
        Node::Or(parts) => dropped(parts).map(|(span, rest)| (span, left_out(), with(Node::Or(rest)))).collect(),
        Node::Not(inner) => vec![(expr.span.clone(), Bilingual::new("uden not", "without not"), (**inner).clone())],
        Node::Is { operand, test: IsTest::Missing, negated } => {
            vec![turned(expr, Node::Is { operand: operand.clone(), test: IsTest::Missing, negated: !negated })]
        }
        Node::Is { operand, test: IsTest::Present, negated } => {
            vec![turned(expr, Node::Is { operand: operand.clone(), test: IsTest::Present, negated: !negated })]
        }
        Node::InItems { value, items, negated } => {
            let mut all = vec![turned(expr, Node::InItems { value: value.clone(), items: items.clone(), negated: !negated })];
            if items.len() > 1 {
                all.extend(dropped(items).map(|(span, items)| {
                    (span, left_out(), with(Node::InItems { value: value.clone(), items, negated: *negated }))
                }));
            }
            all
        }
        Node::InCodes { value, list, at, negated } => {
            vec![turned(expr, Node::InCodes { value: value.clone(), list: *list, at: at.clone(), negated: !negated })]
        }
        Node::Text { test, left, right, negated } => {
            let (test, left, right) = (test.clone(), left.clone(), right.clone());
            vec![turned(expr, Node::Text { test, left, right, negated: !negated })]
        }
        Node::Period { test, left, right, negated } => {
            vec![turned(expr, Node::Period { test: *test, left: left.clone(), right: right.clone(), negated: !negated })]
        }
        Node::Literal(value) => one_off(value)
            .map(|(value, da, en)| (expr.span.clone(), Bilingual::new(da, en), with(Node::Literal(value))))
            .into_iter()
            .collect(),
        Node::Field(row, column) => other_date(expr, row, *column, dates)
            .map(|other| {
                let name = match row.ty {
                    Ty::Row(dataset) => pack.get(dataset).columns[other.index()].name.to_string(),
                    _ => String::new(),
                };
                whole(format!("{name} i stedet"), format!("{name} instead"), Node::Field(row.clone(), other))
            })
            .into_iter()
            .collect(),
        Node::Quantified { quantifier, rows, satisfies } => without_filter(rows)
            .map(|(span, rows)| {
                (span, left_out(), with(Node::Quantified { quantifier: *quantifier, rows, satisfies: satisfies.clone() }))
            })
            .collect(),
        Node::Count(rows) => without_filter(rows).map(|(span, rows)| (span, left_out(), with(Node::Count(rows)))).collect(),
        Node::Fold(fold, args, rows) => {
            without_filter(rows).map(|(span, rows)| (span, left_out(), with(Node::Fold(*fold, args.clone(), rows)))).collect()
        }
        Node::Pick(pick, rows, by) => {
            without_filter(rows).map(|(span, rows)| (span, left_out(), with(Node::Pick(*pick, rows, by.clone())))).collect()
        }
        _ => Vec::new(),
    }
}

fn left_out() -> Bilingual {
    Bilingual::new("udeladt", "left out")
}

fn turned(expr: &Expr, node: Node) -> Change {
    let what = Bilingual::new("vendt om", "turned round");
    (expr.span.clone(), what, Expr { node, ty: expr.ty, span: expr.span.clone() })
}

/// The comparison that an author most easily writes instead.
fn swapped(op: Compare) -> (&'static str, (Compare, &'static str)) {
    match op {
        Compare::Equal => ("=", (Compare::NotEqual, "!=")),
        Compare::NotEqual => ("!=", (Compare::Equal, "=")),
        Compare::Less => ("<", (Compare::LessEqual, "<=")),
        Compare::LessEqual => ("<=", (Compare::Less, "<")),
        Compare::Greater => (">", (Compare::GreaterEqual, ">=")),
        Compare::GreaterEqual => (">=", (Compare::Greater, ">")),
    }
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
    rows.filter.iter().enumerate().filter(|(_, part)| !is_search(rows, part)).map(|(i, part)| {
        let mut without = rows.clone();
        without.filter.remove(i);
        (part.span.clone(), without)
    })
}

fn is_search(rows: &Rows, part: &Expr) -> bool {
    matches!((&rows.source, &part.node), (RowSource::Whole { .. }, Node::Compare(Compare::Equal, ..)))
}

/// A constant one off, and what it is then.
fn one_off(value: &Value) -> Option<(Value, String, String)> {
    let more = |n: Decimal| n.plus(Decimal::whole(1));
    let said = |what: &str, en: &str| (format!("{what} mere"), format!("{en} more"));
    let (value, (da, en)) = match value {
        Value::Number(n) => (Value::Number(more(*n)?), said("1", "1")),
        Value::Money(n) => (Value::Money(more(*n)?), said("1", "1")),
        Value::Percent(n) => (Value::Percent(more(*n)?), said("1", "1")),
        Value::Date(day) => (Value::Date(day.add_days(1)?), said("1 dag", "1 day")),
        Value::WorkingDays(n) => (Value::WorkingDays(n + 1), said("1 arbejdsdag", "1 working day")),
        Value::Duration(span) if span.months != 0 => {
            (Value::Duration(Span { months: span.months + 1, ..*span }), said("1 måned", "1 month"))
        }
        Value::Duration(span) if span.days != 0 => {
            (Value::Duration(Span { days: span.days + 1, ..*span }), said("1 dag", "1 day"))
        }
        Value::Duration(span) => (Value::Duration(Span { minutes: span.minutes + 60, ..*span }), said("1 time", "1 hour")),
        _ => return None,
    };
    Some((value, da, en))
}

/// Another date of the same row that the rule reads too.
fn other_date(expr: &Expr, row: &Expr, column: ColumnId, dates: &[(DatasetId, ColumnId)]) -> Option<ColumnId> {
    let (Ty::Value(Kind::Date), Ty::Row(dataset)) = (expr.ty, row.ty) else { return None };
    let mut of_row = dates.iter().filter(|(d, _)| *d == dataset).map(|(_, c)| *c);
    of_row.find(|other| *other != column)
}

/// The parts of a node that may be changed. Where rows come from, and what a whole dataset is searched by, stays.
fn parts(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.node {
        Node::Literal(_) | Node::ExtractDate | Node::Var(_) => Vec::new(),
        Node::Field(a, _) | Node::Follow { row: a, .. } | Node::Not(a) | Node::Negate(a) => vec![a],
        Node::And(parts) | Node::Or(parts) => parts.iter_mut().collect(),
        // The number of decimals is part of the function.
        Node::Call(Function::Round, parts) => parts.iter_mut().take(1).collect(),
        Node::Call(_, parts) => parts.iter_mut().collect(),
        Node::Compare(_, a, b)
        | Node::Arith(_, a, b)
        | Node::Either { first: a, second: b, .. }
        | Node::InList { value: a, list: b, .. }
        | Node::Text { left: a, right: b, .. }
        | Node::Period { left: a, right: b, .. } => vec![a, b],
        Node::Between(a, b, c) | Node::If(a, b, c) => vec![a, b, c],
        Node::Is { operand, .. } => vec![operand],
        Node::InItems { value, .. } | Node::InCodes { value, .. } => vec![value],
        Node::Lookup { keys, at, .. } => keys.iter_mut().chain(at.iter_mut().map(|at| &mut **at)).collect(),
        Node::Quantified { rows, satisfies, .. } => {
            filters(rows).into_iter().chain(satisfies.iter_mut().map(|s| &mut **s)).collect()
        }
        Node::Count(rows) => filters(rows),
        Node::CountDistinct(what, rows) => filters(rows).into_iter().chain([&mut **what]).collect(),
        Node::Fold(_, parts, rows) | Node::Pick(_, rows, parts) => filters(rows).into_iter().chain(parts).collect(),
    }
}

fn filters(rows: &mut Rows) -> Vec<&mut Expr> {
    let searched: Vec<bool> = rows.filter.iter().map(|part| is_search(rows, part)).collect();
    rows.filter.iter_mut().zip(searched).filter(|(_, searched)| !searched).map(|(part, _)| part).collect()
}
