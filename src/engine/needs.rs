//! Whether a rule can judge anything at all from what was delivered.
//!
//! A rule is skipped when its dataset is not there, or when `when`, the deadline or the requirement would be unknown on
//! every row: what it cannot do without is a column that no file delivers, a dataset that nobody delivered, or a local
//! figure that is not set. Where another branch could still decide (`or`, `or_else`, a search that a witness settles) the
//! rule runs, and rows that stay unknown are reported one by one.

use std::collections::BTreeSet;

use crate::model::{ColumnId, DatasetId, TableId};
use crate::rule::figure::{KeyFigure, Whole};
use crate::rule::function::Function;
use crate::rule::typed::{Expr, IsTest, Node, RowSource, Rows, Rule, Slot, Ty};
use crate::store::{CellRef, Completeness, Store};
use crate::value::{Cause, Cell};

use super::result::RuleState;

/// Something a rule cannot do without and that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lack {
    Dataset(DatasetId),
    Column(DatasetId, ColumnId),
    Local(TableId),
}

type Lacks = BTreeSet<Lack>;

/// Whether the rule runs over this store.
pub(super) fn state(store: &Store, rule: &Rule) -> RuleState {
    let needs = Needs { store, defined: rule.steps.iter().map(|step| (step.slot, &step.expr)).collect() };
    let mut lacks = needs.dataset(rule.each);
    if lacks.is_empty() {
        lacks.extend(rule.when.iter().flat_map(|when| needs.applies(when)));
        match (&rule.deadline, &rule.require) {
            (Some(deadline), excuse) => {
                let excuse = excuse.as_ref().map(|excuse| needs.value(excuse));
                // What excuses lateness may decide where the deadline cannot.
                if excuse.as_ref().is_none_or(|lacks| !lacks.is_empty()) {
                    lacks.extend(needs.any([&deadline.due, &deadline.done]));
                    lacks.extend(excuse.into_iter().flatten());
                }
            }
            (None, Some(require)) => lacks.extend(needs.value(require)),
            (None, None) => {}
        }
        lacks.extend(rule.per.iter().flat_map(|per| needs.value(&per.items)));
    }
    stopped_by(lacks)
}

/// Whether a key figure can be computed over this store, and each of its columns.
pub(super) fn states_of_figure(store: &Store, figure: &KeyFigure) -> (RuleState, Vec<RuleState>) {
    let grouping = figure.grouping.iter();
    let named = grouping.clone().flat_map(|grouping| grouping.keys.iter().chain(&grouping.lets)).chain(&figure.steps);
    let aggregates = grouping.flat_map(|grouping| &grouping.aggregates).chain(&figure.aggregates);
    let made = aggregates.filter_map(|aggregate| Some((aggregate.slot, aggregate.of.as_ref()?)));
    let needs = Needs { store, defined: named.map(|step| (step.slot, &step.expr)).chain(made).collect() };
    let mut lacks = needs.dataset(figure.each);
    if lacks.is_empty() {
        lacks.extend(figure.when.iter().flat_map(|when| needs.applies(when)));
        lacks.extend(figure.per.iter().flat_map(|per| needs.value(&per.items)));
        let heads = figure.by.iter().chain(&figure.across).map(|head| &head.value);
        lacks.extend(needs.any(heads.chain(&figure.order)));
        let keys = figure.grouping.iter().flat_map(|grouping| &grouping.keys);
        lacks.extend(needs.any(keys.map(|key| &key.expr)));
    }
    let columns = figure.columns.iter().map(|column| {
        let whole = column.share.as_ref().and_then(Whole::expr);
        stopped_by(needs.any(std::iter::once(&column.value).chain(whole)))
    });
    (stopped_by(lacks), columns.collect())
}

fn stopped_by(lacks: Lacks) -> RuleState {
    let (mut datasets, mut columns, mut tables) = (Vec::new(), Vec::new(), Vec::new());
    for lack in lacks {
        match lack {
            Lack::Dataset(dataset) => datasets.push(dataset),
            Lack::Column(dataset, column) => columns.push((dataset, column)),
            Lack::Local(table) => tables.push(table),
        }
    }
    match (datasets.is_empty() && columns.is_empty(), tables.is_empty()) {
        (false, _) => RuleState::InputMissing { datasets, columns },
        (true, false) => RuleState::LocalNotSet(tables),
        (true, true) => RuleState::Ran,
    }
}

struct Needs<'a> {
    store: &'a Store,
    /// What names stand for.
    defined: Vec<(Slot, &'a Expr)>,
}

impl Needs<'_> {
    fn dataset(&self, dataset: DatasetId) -> Lacks {
        let missing = self.store.completeness(dataset) == Completeness::Missing;
        missing.then_some(Lack::Dataset(dataset)).into_iter().collect()
    }

    /// Why a condition can never be known to hold: any conjunct is enough.
    fn applies(&self, expr: &Expr) -> Lacks {
        match &expr.node {
            Node::And(parts) => parts.iter().flat_map(|part| self.applies(part)).collect(),
            _ => self.value(expr),
        }
    }

    /// Why a value is unknown on every row.
    fn value(&self, expr: &Expr) -> Lacks {
        match &expr.node {
            Node::Literal(_) | Node::ExtractDate => Lacks::new(),
            Node::Var(slot) => {
                let expr = self.defined.iter().find(|(defined, _)| defined == slot);
                expr.map_or_else(Lacks::new, |(_, expr)| self.value(expr))
            }
            Node::Field(row, column) => self.field(row, *column),
            Node::Follow { row, .. } => {
                let mut lacks = self.value(row);
                if let Ty::Row(dataset) = expr.ty {
                    lacks.extend(self.dataset(dataset));
                }
                lacks
            }
            Node::Not(a) | Node::Negate(a) => self.value(a),
            Node::And(parts) | Node::Or(parts) => self.every(parts.iter()),
            Node::If(condition, then, otherwise) => {
                let mut lacks = self.value(condition);
                lacks.extend(self.every([&**then, &**otherwise].into_iter()));
                lacks
            }
            Node::Is { test: IsTest::Known, .. } => Lacks::new(),
            Node::Is { operand, .. } => self.value(operand),
            // Under the reading that lacks it nothing can be told, so nothing can be told at all.
            Node::Either { first, second, .. } => self.any([&**first, &**second]),
            Node::InItems { value, .. } | Node::InCodes { value, .. } => self.value(value),
            Node::Call(Function::OrElse, args) => args.first().map_or_else(Lacks::new, |first| self.value(first)),
            Node::Call(_, args) => args.iter().flat_map(|arg| self.value(arg)).collect(),
            Node::Compare(_, a, b) | Node::Arith(_, a, b) => self.any([&**a, &**b]),
            Node::Text { left, right, .. } | Node::Period { left, right, .. } => self.any([&**left, &**right]),
            Node::InList { value, list, .. } => self.any([&**value, &**list]),
            Node::Between(a, b, c) => {
                let mut lacks = self.value(a);
                lacks.extend(self.every([&**b, &**c].into_iter()));
                lacks
            }
            Node::Lookup { table, keys, .. } => {
                let mut lacks = self.any(keys);
                if self.unset(*table) {
                    lacks.insert(Lack::Local(*table));
                }
                lacks
            }
            Node::Quantified { .. } | Node::Count(_) | Node::CountDistinct(..) | Node::Fold(..) | Node::Pick(..) => {
                expr.rows().map_or_else(Lacks::new, |rows| self.source(rows))
            }
        }
    }

    fn any<'e>(&self, parts: impl IntoIterator<Item = &'e Expr>) -> Lacks {
        parts.into_iter().flat_map(|part| self.value(part)).collect()
    }

    /// All parts must lack something, else one of them may decide.
    fn every<'e>(&self, parts: impl Iterator<Item = &'e Expr>) -> Lacks {
        let mut all = Lacks::new();
        for part in parts {
            let lacks = self.value(part);
            if lacks.is_empty() {
                return Lacks::new();
            }
            all.extend(lacks);
        }
        all
    }

    fn source(&self, rows: &Rows) -> Lacks {
        let mut lacks = self.dataset(rows.dataset);
        match &rows.source {
            RowSource::Group { start, .. } => lacks.extend(self.value(start)),
            RowSource::Through { over, .. } => lacks.extend(self.source(over)),
            // Without the first key nothing is found; a row that differs in the first is out, whatever the others.
            RowSource::Whole { equal } => lacks.extend(self.any(equal.first().map(|(_, key)| key))),
        }
        lacks
    }

    fn field(&self, row: &Expr, column: ColumnId) -> Lacks {
        let mut lacks = self.value(row);
        let Ty::Row(dataset) = row.ty else { return lacks };
        if self.store.completeness(dataset) == Completeness::Missing {
            lacks.extend(self.dataset(dataset));
        } else if !self.store.delivered(dataset, column) {
            lacks.insert(Lack::Column(dataset, column));
        } else if self.store.pack().get(dataset).columns[column.index()].derived.is_some() {
            if self.unknown_everywhere(dataset, column, Cause::LocalNotSet) {
                lacks.extend(self.unset_behind(dataset, column).map(Lack::Local));
            } else if self.unknown_everywhere(dataset, column, Cause::NotDelivered) {
                lacks.insert(Lack::Column(dataset, column));
            }
        }
        lacks
    }

    fn unset(&self, table: TableId) -> bool {
        let table = &self.store.pack().tables[table.index()];
        table.local && table.rows.is_empty()
    }

    /// The local tables that a derived column names and that are not set.
    fn unset_behind(&self, dataset: DatasetId, column: ColumnId) -> impl Iterator<Item = TableId> {
        let pack = self.store.pack();
        let derived = pack.get(dataset).columns[column.index()].derived.as_ref();
        let words: BTreeSet<&str> =
            derived.map_or("", |d| d.text()).split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        let tables = (0..pack.tables.len()).map(|i| TableId(i as u16));
        tables.filter(move |table| self.unset(*table) && words.contains(&*pack.tables[table.index()].name))
    }

    /// Whether a derived column is unknown everywhere for one and the same reason: a local figure is not set, or no file
    /// delivers what it is derived from.
    fn unknown_everywhere(&self, dataset: DatasetId, column: ColumnId, cause: Cause) -> bool {
        let rows = self.store.rows(dataset);
        rows > 0 && (0..rows).all(|row| self.store.cell(CellRef { dataset, row, column }) == Cell::Unknown(cause))
    }
}
