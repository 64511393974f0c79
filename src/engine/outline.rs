//! How a rule will be evaluated, for its author: what is asked in which order, where rows come from, and what that is called
//! in the rule file.

use std::ops::Range;
use std::sync::Arc;

use crate::calendar::Date;
use crate::model::{Pack, TableId};
use crate::rule::typed::{Expr, Fold, Node, Pick, Quantifier, RowSource, Rows, Rule};
use crate::store::Store;

use super::kernel::{Plan, conjuncts};
use super::scalar::World;
use super::walk;

/// How a rule will be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its parts, in the order they are asked.
    pub parts: Vec<Part>,
    /// Tables whose figures are laid out by day.
    pub by_day: Vec<TableId>,
}

/// A part of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub of: PartOf,
    /// What is asked, in order.
    pub lines: Vec<Line>,
}

/// Which part of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the keys of a rule file")]
pub enum PartOf {
    Per,
    When,
    Due,
    Done,
    Require,
    Partly,
    /// The step of this index; it is computed where something asks for it.
    Step(usize),
}

/// Something that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How deep it stands in sources of rows.
    pub depth: usize,
    /// Its bytes in the rule file.
    pub span: Range<usize>,
    /// What it is.
    pub what: What,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A condition or value of the rows at hand.
    Value,
    /// A value by which rows are ordered.
    Key,
    /// Something taken over other rows.
    Rows {
        /// The word before the source: `no`, `count`, `first`.
        word: &'static str,
        /// The variable and where its rows come from: `c in b.sag.bevilling`.
        source: String,
        /// By what they are found.
        found: Found,
    },
}

/// By what the rows of a source are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The group of a relation; of a large one only the rows that have an outer value in this column.
    Relation(Option<Arc<str>>),
    /// The groups of several rows, put together.
    Through,
    /// All rows of a dataset, looked through once for all judged rows.
    All,
    /// An index over a column of the whole dataset.
    Index(Arc<str>),
}

/// How a rule will be evaluated.
pub fn outline(pack: &Arc<Pack>, rule: &Rule, extract_date: Date) -> Outline {
    let store = Store::build(pack.clone(), Vec::new());
    let world = World::new(&store, extract_date, walk::exprs(rule));
    let plan = Plan::of(&world, rule);
    let mut parts = Vec::new();
    let mut part = |of: PartOf, expr: &Expr| {
        let mut writer = Writer { pack, plan: &plan, rule, lines: Vec::new() };
        writer.conditions(expr, 0);
        parts.push(Part { of, lines: writer.lines });
    };
    rule.per.iter().for_each(|per| part(PartOf::Per, &per.items));
    rule.when.iter().for_each(|when| part(PartOf::When, when));
    if let Some(deadline) = &rule.deadline {
        part(PartOf::Due, &deadline.due);
        part(PartOf::Done, &deadline.done);
    }
    rule.require.iter().for_each(|require| part(PartOf::Require, require));
    rule.partly.iter().for_each(|partly| part(PartOf::Partly, partly));
    rule.steps.iter().enumerate().for_each(|(i, step)| part(PartOf::Step(i), &step.expr));
    let tables = rule.reads.tables.iter().copied();
    Outline { parts, by_day: tables.filter(|table| plan.is_by_day(&world, *table)).collect() }
}

struct Writer<'a> {
    pack: &'a Pack,
    plan: &'a Plan<'a>,
    rule: &'a Rule,
    lines: Vec<Line>,
}

impl Writer<'_> {
    /// A condition, its conjuncts one by one.
    fn conditions(&mut self, expr: &Expr, depth: usize) {
        match &expr.node {
            Node::And(parts) => {
                self.plan.in_order(parts).into_iter().for_each(|part| self.conditions(part, depth));
            }
            _ => self.line(expr, depth),
        }
    }

    fn line(&mut self, expr: &Expr, depth: usize) {
        let Some(rows) = expr.rows() else {
            self.lines.push(Line { depth, span: expr.span.clone(), what: What::Value });
            return self.inside(expr, depth + 1);
        };
        let what = What::Rows { word: word(expr), source: self.source(rows), found: self.found(rows) };
        self.lines.push(Line { depth, span: expr.span.clone(), what });
        let satisfies = match &expr.node {
            Node::Quantified { quantifier, satisfies, .. } => {
                satisfies.as_deref().map(|satisfies| (satisfies, *quantifier != Quantifier::Every))
            }
            _ => None,
        };
        conjuncts(self.plan, rows, satisfies).into_iter().for_each(|(part, _)| self.line(part, depth + 1));
        let values: &[Expr] = match &expr.node {
            Node::CountDistinct(of, _) => std::slice::from_ref(of),
            Node::Fold(_, args, _) => args,
            Node::Pick(_, _, by) => by,
            _ => &[],
        };
        let first = self.lines.len();
        values.iter().for_each(|value| self.line(value, depth + 1));
        if matches!(expr.node, Node::Pick(..)) {
            let keys = self.lines[first..].iter_mut().filter(|line| line.depth == depth + 1 && line.what == What::Value);
            keys.for_each(|line| line.what = What::Key);
        }
    }

    /// Sources that stand inside an expression.
    fn inside(&mut self, expr: &Expr, depth: usize) {
        expr.parts(&mut |part| if part.rows().is_some() { self.line(part, depth) } else { self.inside(part, depth) });
    }

    fn source(&self, rows: &Rows) -> String {
        format!("{} in {}", rows.name, self.path(rows))
    }

    fn path(&self, rows: &Rows) -> String {
        let step = |link: crate::model::LinkId, forward: bool| {
            let link = &self.pack.links[link.index()];
            if forward { link.name.clone() } else { link.back.clone() }
        };
        match &rows.source {
            RowSource::Group { start, link, forward } => {
                let start = self.rule.file.text.get(start.span.clone()).unwrap_or_default();
                format!("{start}.{}", step(*link, *forward))
            }
            RowSource::Through { over, link, forward } => format!("{}.{}", self.path(over), step(*link, *forward)),
            RowSource::Whole { .. } => self.pack.get(rows.dataset).name.to_string(),
        }
    }

    fn found(&self, rows: &Rows) -> Found {
        match &rows.source {
            RowSource::Group { .. } => {
                let column = self.plan.finer(rows).map(|(column, _)| column);
                Found::Relation(column.map(|column| self.pack.get(rows.dataset).columns[column.index()].name.clone()))
            }
            RowSource::Through { .. } => Found::Through,
            RowSource::Whole { equal } => match equal.first() {
                Some((column, _)) => Found::Index(self.pack.get(rows.dataset).columns[column.index()].name.clone()),
                None => Found::All,
            },
        }
    }
}

fn word(expr: &Expr) -> &'static str {
    match &expr.node {
        Node::Quantified { quantifier: Quantifier::Every, .. } => "every",
        Node::Quantified { quantifier: Quantifier::Some, .. } => "some",
        Node::Quantified { quantifier: Quantifier::No, .. } => "no",
        Node::Count(_) => "count",
        Node::CountDistinct(..) => "count distinct",
        Node::Fold(fold, ..) => match fold {
            Fold::Sum => "sum",
            Fold::Min => "min",
            Fold::Max => "max",
            Fold::Mean => "mean",
            Fold::Median => "median",
            Fold::Uncovered => "uncovered",
            Fold::Spells => "spells_of",
        },
        Node::Pick(pick, ..) => match pick {
            Pick::First => "first",
            Pick::Last => "last",
            Pick::Previous => "previous",
            Pick::Next => "next",
        },
        _ => "",
    }
}
