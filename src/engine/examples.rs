//! Runs the examples of a rule: each is a tiny delivery with the verdicts it must give.

use std::ops::Range;
use std::sync::Arc;

use crate::calendar::Date;
use crate::intake::{Chunk, Column, Merged, Table};
use crate::model::{ColumnId, DatasetId, Pack};
use crate::problem::Place;
use crate::rule::typed::{Example, ExampleTable, ModelExprs, Rule, Ty, Verdict};
use crate::store::{CellRef, RowRef, Store};
use crate::value::{Cell, Kind, Timestamp, Value};

use super::judge::{Judge, Per};
use super::prepare::prepare;
use super::result::RuleState;
use super::scalar::World;
use super::why::{Why, why};
use super::{needs, walk};

/// How an example came out.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleOutcome {
    /// Byte range of the `[[example]]` in the rule file.
    pub span: Range<usize>,
    /// Whether the rule ran; an example of a rule that is skipped fails.
    pub state: RuleState,
    /// What was expected, and what came.
    pub rows: Vec<ExampleRow>,
}

/// One expectation of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleRow {
    /// Key of the row, and its item after a space where the rule has `per`; `None` for an example of a single row.
    pub key: Option<String>,
    /// The verdict it must give.
    pub expected: Verdict,
    /// The verdicts it gave: none where no row has the key.
    pub got: Vec<Verdict>,
    /// What decided the first verdict that is not the expected one.
    pub because: Option<Because>,
}

/// The part of a condition that decided a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// Its bytes in the rule file.
    pub span: Range<usize>,
    /// What it gave.
    pub value: Cell,
    /// The columns it rests on, and what they hold.
    pub cells: Vec<(Arc<str>, Cell)>,
}

impl ExampleRow {
    /// Whether it came as expected.
    pub fn passed(&self) -> bool {
        !self.got.is_empty() && self.got.iter().all(|got| *got == self.expected)
    }
}

impl ExampleOutcome {
    /// Whether everything came as expected.
    pub fn passed(&self) -> bool {
        self.state == RuleState::Ran && self.rows.iter().all(ExampleRow::passed)
    }
}

/// Runs every example of a rule. Figures that an example states replace the pack's. A dataset that it does not name was
/// not delivered; a column that a row does not give is empty. A row is named by its key, the values of several columns with
/// a space between, and then its item where the rule has `per`.
pub fn run_examples(pack: &Arc<Pack>, model: &ModelExprs, rule: &Rule) -> Vec<ExampleOutcome> {
    rule.examples.iter().map(|example| run_example(pack, model, rule, example)).collect()
}

fn run_example(pack: &Arc<Pack>, model: &ModelExprs, rule: &Rule, example: &Example) -> ExampleOutcome {
    let store = store(pack, model, std::slice::from_ref(rule), example);
    let state = needs::state(&store, rule);
    let verdicts = if state == RuleState::Ran { verdicts(&store, rule, example.extract_date) } else { Vec::new() };
    let mut rows = compared(example, &verdicts);
    if rows.iter().any(|row| !row.passed()) {
        let accounts: Vec<Why> =
            (0..store.rows(rule.each)).flat_map(|row| why(&store, rule, example.extract_date, row)).collect();
        for row in rows.iter_mut().filter(|row| !row.passed()) {
            let wrong = |(names, verdict): &(Vec<String>, Verdict)| is_named(names, row.key.as_ref()) && *verdict != row.expected;
            let account = verdicts.iter().position(wrong).and_then(|i| accounts.get(i));
            row.because = account.and_then(|account| because(&store, account));
        }
    }
    ExampleOutcome { span: example.span.clone(), state, rows }
}

/// What was expected of each row beside what came.
pub(super) fn compared(example: &Example, verdicts: &[(Vec<String>, Verdict)]) -> Vec<ExampleRow> {
    example
        .expect
        .iter()
        .map(|(key, expected)| ExampleRow {
            key: key.clone(),
            expected: *expected,
            got: verdicts.iter().filter(|(names, _)| is_named(names, key.as_ref())).map(|(_, verdict)| *verdict).collect(),
            because: None,
        })
        .collect()
}

fn is_named(names: &[String], key: Option<&String>) -> bool {
    key.is_none_or(|key| names.contains(key))
}

fn because(store: &Store, account: &Why) -> Option<Because> {
    let condition = account.deciding()?;
    let cell = |&(at, _): &(CellRef, _)| (store.pack().get(at.dataset).columns[at.column.index()].name.clone(), store.cell(at));
    Some(Because {
        span: condition.span.clone(),
        value: condition.value.clone(),
        cells: condition.cells.iter().map(cell).collect(),
    })
}

/// The delivery of an example, prepared for these rules.
pub(super) fn store<E>(pack: &Arc<Pack>, model: &ModelExprs, rules: &[Rule], example: &Example<E>) -> Store {
    let mut pack = Pack::clone(pack);
    for (table, figures) in &example.rates {
        pack.tables[table.index()].rows = figures.clone();
    }
    let tables = example.tables.iter().map(|given| table(&pack, given, example.incomplete.contains(&given.dataset))).collect();
    let mut store = Store::build(Arc::new(pack), tables);
    prepare(&mut store, model, rules, example.extract_date, &[]);
    store
}

/// The rows of an example as if one sheet had delivered them with every column.
fn table(pack: &Pack, given: &ExampleTable, incomplete: bool) -> Table {
    let columns = &pack.get(given.dataset).columns;
    let rows = given.rows.len() as u32;
    let filled = columns.iter().enumerate().map(|(i, column)| {
        let mut cells = Column::new(column.kind);
        given.rows.iter().filter_map(|row| row.get(i)).for_each(|cell| cells.push(cell.clone()));
        cells
    });
    Table {
        dataset: given.dataset,
        columns: filled.collect(),
        chunks: vec![Chunk {
            file: 0,
            sheet: 0,
            first: 0,
            rows,
            sheet_columns: vec![None; columns.len()],
            month_columns: None,
            delivered: vec![true; columns.len()],
        }],
        records: (1..=rows).collect(),
        places: (1..=rows).map(|row| (row, row)).collect(),
        unfolded: vec![0; given.rows.len()],
        merged: Merged::default(),
        incomplete: if incomplete { vec![Place::file("example")] } else { Vec::new() },
        refused: 0,
    }
}

/// Every verdict of a rule with the names its row goes by.
pub(super) fn verdicts(store: &Store, rule: &Rule, extract_date: Date) -> Vec<(Vec<String>, Verdict)> {
    let world = World::new(store, extract_date, walk::exprs(rule));
    let mut judge = Judge::new(&world, rule, false);
    let mut all = Vec::new();
    for row in 0..store.rows(rule.each) {
        for per in judge.items(row) {
            let verdict = judge.rule_on(row, &per).verdict;
            let names = row_names(store, rule.each, row);
            let names = match &per {
                Per::Item(value) => {
                    let items = item_names(rule, value);
                    names.iter().flat_map(|name| items.iter().map(move |item| format!("{name} {item}"))).collect()
                }
                Per::None | Per::Unknown(_) => names,
            };
            all.push((names, verdict));
        }
    }
    all
}

/// Whether a month in a key is written `2024-01`, or by its first day like a date: an example may do either.
const MONTHS: [bool; 2] = [true, false];

/// Every name a row goes by.
pub(super) fn row_names(store: &Store, dataset: DatasetId, row: u32) -> Vec<String> {
    let mut all: Vec<String> = MONTHS.iter().flat_map(|&months| names(store, dataset, row, months)).collect();
    all.dedup();
    all
}

/// Every way an item of `per` is written.
pub fn item_names(rule: &Rule, item: &Value) -> Vec<String> {
    let of_months = rule.per.as_ref().is_some_and(|per| per.items.ty == Ty::Months);
    MONTHS.iter().map(|&months| written(item, of_months && months)).collect()
}

/// A row by each key all of whose values it has: the values in order, with a space between.
fn names(store: &Store, dataset: DatasetId, row: u32, months: bool) -> Vec<String> {
    let definition = store.pack().get(dataset);
    let name = |key: &Vec<ColumnId>| {
        let values = store.key_values(RowRef { dataset, row }, key)?;
        let of_month = key.iter().map(|column| definition.columns[column.index()].kind == Kind::Month);
        let parts = of_month.zip(&values).map(|(of_month, value)| written(value, of_month && months));
        Some(parts.collect::<Vec<_>>().join(" "))
    };
    definition.keys.iter().filter_map(name).collect()
}

/// A key value as an example writes it; a period by its first day.
pub(super) fn written(value: &Value, as_month: bool) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Number(n) | Value::Money(n) | Value::Percent(n) => n.plain(),
        Value::Date(month) if as_month => format!("{:04}-{:02}", month.year(), month.month()),
        Value::Date(day) | Value::Timestamp(Timestamp::Day(day)) => day.to_string(),
        Value::Period(period) => period.start.to_string(),
        other => crate::value::show(other, "", crate::locale::Lang::En),
    }
}
