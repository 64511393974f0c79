//! What is worked out once for a rule, before any lane is: which slots each expression reads, what it costs to ask, and
//! figures by day.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::calendar::Date;
use crate::engine::scalar::{Item, World, lookup};
use crate::intake::Lane;
use crate::model::{ColumnId, TableId};
use crate::rule::typed::{Expr, Node, Pick, RowSource, Rows, Rule, Slot};
use crate::value::{Cause, Cell, Value};

use super::frame::address;
use super::vector::{Unit, Vector};
use super::{Shared, finer};

/// Days that a table is laid out for at most: some four hundred years.
const LONGEST: i64 = 150_000;

/// The slots an expression reads. Slots from 127 on are told apart no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct Reads(u128);

impl Reads {
    fn of(slot: Slot) -> Reads {
        Reads(1 << slot.0.min(127))
    }

    pub(in crate::engine) fn none(self) -> bool {
        self.0 == 0
    }

    pub(in crate::engine) fn has(self, slot: Slot) -> bool {
        self.0 & Reads::of(slot).0 != 0
    }
}

/// What is known of a rule before it runs; shared by every piece of work.
#[derive(Debug)]
pub(in crate::engine) struct Plan<'w> {
    rule: &'w Rule,
    reads: HashMap<usize, Reads>,
    cheap: HashSet<usize>,
    figures: Vec<OnceLock<Option<ByDay>>>,
    /// For a source of rows the column that is compared with an outer value.
    finer: HashMap<usize, (ColumnId, &'w Expr)>,
}

impl<'w> Plan<'w> {
    /// The plan of a rule.
    pub(in crate::engine) fn of(world: &World<'_>, rule: &'w Rule) -> Plan<'w> {
        let figures = std::iter::repeat_with(OnceLock::new).take(world.pack().tables.len()).collect();
        let mut plan = Plan { rule, reads: HashMap::new(), cheap: HashSet::new(), finer: HashMap::new(), figures };
        for expr in judged_by(rule) {
            plan.note(expr);
            expr.walk(&mut |part| {
                let kind = |dataset, column: ColumnId| world.pack().get(dataset).columns[column.index()].kind;
                if let (Some(rows), Some(equality)) = (part.rows(), finer::equality(part, kind)) {
                    plan.finer.insert(address(rows), equality);
                }
            });
        }
        plan
    }

    fn note(&mut self, expr: &Expr) -> Reads {
        let mut all = match &expr.node {
            Node::Var(slot) => Reads::of(*slot).0,
            // Relative to the judged row, which they do not name.
            Node::Pick(Pick::Previous | Pick::Next, ..) => Reads::of(self.rule.row.1).0,
            _ => 0,
        };
        expr.parts(&mut |part| all |= self.note(part).0);
        let mut rows = expr.rows();
        while let Some(source) = rows {
            if source.slot.0 < 127 {
                all &= !Reads::of(source.slot).0;
            }
            rows = match &source.source {
                RowSource::Through { over, .. } => Some(over),
                RowSource::Group { .. } | RowSource::Whole { .. } => None,
            };
        }
        self.reads.insert(address(expr), Reads(all));
        let mut cheap = expr.rows().is_none();
        let is_step = |slot: Slot| self.rule.steps.iter().any(|step| step.slot == slot);
        cheap &= !matches!(&expr.node, Node::Var(slot) if is_step(*slot));
        expr.parts(&mut |part| cheap &= self.cheap.contains(&address(part)));
        if cheap {
            self.cheap.insert(address(expr));
        }
        Reads(all)
    }

    /// The column of a source that is compared with an outer value, if one is, and that value.
    pub(in crate::engine) fn finer(&self, rows: &Rows) -> Option<(ColumnId, &'w Expr)> {
        self.finer.get(&address(rows)).copied()
    }

    /// The slots an expression of the rule reads. One that it does not know may read any.
    pub(in crate::engine) fn reads(&self, expr: &Expr) -> Reads {
        self.reads.get(&address(expr)).copied().unwrap_or(Reads(u128::MAX))
    }

    /// Whether asking it costs next to nothing: it looks at no other rows.
    pub(in crate::engine) fn is_cheap(&self, expr: &Expr) -> bool {
        self.cheap.contains(&address(expr))
    }

    /// Conditions in the order they are asked: cheap ones first.
    pub(in crate::engine) fn in_order<'e>(&self, parts: impl IntoIterator<Item = &'e Expr>) -> Vec<&'e Expr> {
        let mut parts: Vec<&Expr> = parts.into_iter().collect();
        parts.sort_by_key(|part| !self.is_cheap(part));
        parts
    }

    /// Whether a table is laid out by day.
    pub(in crate::engine) fn is_by_day(&self, world: &World<'_>, table: TableId) -> bool {
        self.by_day(world, table).is_some()
    }

    fn by_day(&self, world: &World<'_>, table: TableId) -> Option<&ByDay> {
        self.figures[table.index()].get_or_init(|| ByDay::of(world, table)).as_ref()
    }

    /// The figure of a table in each lane.
    pub(super) fn look_up<'v>(
        &self,
        world: &World<'v>,
        table: TableId,
        keys: &[Shared<'v>],
        at: Option<&Vector<'v>>,
        lanes: usize,
    ) -> Vector<'v> {
        let definition = &world.pack().tables[table.index()];
        if definition.local && definition.rows.is_empty() {
            return Vector::Same(Cell::Unknown(Cause::LocalNotSet));
        }
        if let ([], Some(Vector::Days(days))) = (keys, at)
            && let Some(by_day) = self.by_day(world, table)
        {
            return Vector::Units(days.iter().map(|&day| by_day.at(day)).collect(), by_day.unit);
        }
        let of = |lane| {
            let keys: Result<Vec<Item>, Cause> = keys.iter().map(|key| key.need(lane)).collect();
            let mut values = Vec::new();
            for key in keys? {
                let Item::Value(value) = key else { return Err(Cause::Overflow) };
                values.push(value);
            }
            let day = at.map(|at| lookup::day_of(at.need(lane))).transpose()?;
            let row = world.figure(table, &values, day).ok_or(Cause::NoFigure)?;
            Ok(Item::Value(definition.rows[row].value.clone()))
        };
        Vector::packed((0..lanes).map(|lane| of(lane).map_or_else(Cell::Unknown, Cell::Present)).collect())
    }
}

/// Every expression that a verdict rests on.
pub(in crate::engine) fn judged_by(rule: &Rule) -> impl Iterator<Item = &Expr> {
    let conditions = [&rule.when, &rule.require, &rule.partly].into_iter().flatten();
    let deadline = rule.deadline.iter().flat_map(|deadline| [&deadline.due, &deadline.done]);
    let items = rule.per.iter().map(|per| &per.items);
    conditions.chain(deadline).chain(items).chain(rule.steps.iter().map(|step| &step.expr))
}

/// A dated table without keys, laid out by day.
#[derive(Debug)]
struct ByDay {
    unit: Unit,
    first: i32,
    /// The figure of each day from `first` on.
    figures: Vec<i64>,
    before: i64,
    after: i64,
}

impl ByDay {
    /// `None` where the figures are no plain numbers at one scale, or lie too far apart.
    fn of(world: &World<'_>, table: TableId) -> Option<ByDay> {
        let definition = &world.pack().tables[table.index()];
        let (_, unit) = Unit::of(&definition.rows.first()?.value)?;
        let plain = |value: &Value| Unit::of(value).is_some_and(|(_, other)| other == unit);
        if !definition.rows.iter().all(|row| plain(&row.value)) {
            return None;
        }
        // Between two of these days nothing changes.
        let starts = definition.rows.iter().filter_map(|row| row.from);
        let ends = definition.rows.iter().filter_map(|row| row.until.and_then(|until| until.add_days(1)));
        let mut changes: Vec<i32> = starts.chain(ends).map(Date::days).collect();
        changes.sort_unstable();
        changes.dedup();
        let (&first, &last) = (changes.first()?, changes.last()?);
        if i64::from(last) - i64::from(first) > LONGEST {
            return None;
        }
        let figure = |day: i32| {
            let row = world.figure(table, &[], Some(Date::from_days(day)));
            row.and_then(|row| Unit::of(&definition.rows[row].value)).map_or(i64::UNKNOWN, |(units, _)| units)
        };
        let mut figures = Vec::new();
        for (i, &change) in changes.iter().enumerate() {
            let next = changes.get(i + 1).copied().unwrap_or(change + 1);
            figures.extend(std::iter::repeat_n(figure(change), (next - change) as usize));
        }
        Some(ByDay { unit, first, figures, before: figure(first - 1), after: figure(last) })
    }

    fn at(&self, day: i32) -> i64 {
        if !day.is_present() {
            return i64::UNKNOWN;
        }
        match usize::try_from(i64::from(day) - i64::from(self.first)) {
            Ok(place) => self.figures.get(place).copied().unwrap_or(self.after),
            Err(_) => self.before,
        }
    }
}

/// The conditions of a source, and what its rows must satisfy (or, if `false` is wanted, fail), in the order they are asked.
pub(in crate::engine) fn conjuncts<'r>(
    plan: &Plan<'_>,
    rows: &'r Rows,
    satisfies: Option<(&'r Expr, bool)>,
) -> Vec<(&'r Expr, bool)> {
    let mut all: Vec<(&Expr, bool)> = rows.filter.iter().map(|part| (part, true)).collect();
    match satisfies {
        Some((Expr { node: Node::And(parts), .. }, true)) => all.extend(parts.iter().map(|part| (part, true))),
        other => all.extend(other),
    }
    all.sort_by_key(|(part, _)| !plan.is_cheap(part));
    all
}
