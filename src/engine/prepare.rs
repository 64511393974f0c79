//! What a store needs before rules run over it: derived columns, closed cases, indexes, and a look at whether the rows
//! are what their dataset expects.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Date;
use crate::intake::{self, FileReading};
use crate::model::{ColumnId, DatasetId};
use crate::problem::{Place, Problem};
use crate::rule::typed::{Expr, ModelExprs, Rule, Slot};
use crate::store::{CaseState, CellRef, RowRef, Store};
use crate::value::{Cause, Cell};

use super::scalar::{Evaluator, World};
use super::walk;

/// The slot of the row in expressions of the model.
const ROW: Slot = Slot(0);

/// Rows that fail an expectation before it tells anything: one or two are typing errors.
const ODDITIES: u32 = 3;

/// Tells which parts of the delivery do not meet their dataset's expectations, and makes the columns that an expectation
/// names unknown there; computes derived columns where the cell was not delivered or is empty, marks closed cases, builds
/// the indexes that searches through whole datasets need. `files` names the parts; they are those the store's tables came
/// from.
pub fn prepare(store: &mut Store, model: &ModelExprs, rules: &[Rule], extract_date: Date, files: &[FileReading]) -> Vec<Problem> {
    let of_model: BTreeSet<(DatasetId, ColumnId)> = walk::model_exprs(model).into_iter().flat_map(walk::indexed).collect();
    of_model.into_iter().for_each(|(dataset, column)| store.index(dataset, column));
    let mut problems = Vec::new();
    // All are asked before any column is refused: what one refuses, another may need to see.
    let mut refused = Vec::new();
    for (dataset, expr, least) in &model.expectations {
        let truths = truths(store, *dataset, expr, model.slots, extract_date);
        for (part, met, of) in implausible(store, *dataset, *least, &truths) {
            let definition = store.pack().get(*dataset);
            problems.push(Problem::Implausible {
                place: place(files, part.0, part.1),
                dataset: definition.name.clone(),
                expectation: definition.file.text.get(expr.span.clone()).unwrap_or("").into(),
                met,
                of,
            });
            refused.extend(walk::fields(expr).into_iter().map(|column| (*dataset, column, part)));
        }
    }
    refused.into_iter().for_each(|(dataset, column, part)| store.refuse(dataset, column, part));
    for (dataset, column, expr) in &model.derived {
        derive(store, *dataset, *column, expr, model.slots, extract_date);
    }
    if let Some((cases, expr)) = &model.closed {
        let states: Vec<CaseState> = truths(store, *cases, expr, model.slots, extract_date).into_iter().map(case_state).collect();
        store.set_cases(*cases, &states);
    }
    let of_rules: BTreeSet<(DatasetId, ColumnId)> = rules.iter().flat_map(walk::exprs).flat_map(walk::indexed).collect();
    of_rules.into_iter().for_each(|(dataset, column)| store.index(dataset, column));
    problems
}

fn case_state(closed: Cell<bool>) -> CaseState {
    match closed {
        Cell::Present(true) => CaseState::Closed,
        Cell::Present(false) => CaseState::Open,
        Cell::Empty => CaseState::Unknown(Cause::Empty),
        Cell::Unknown(cause) => CaseState::Unknown(cause),
    }
}

fn derive(store: &mut Store, dataset: DatasetId, column: ColumnId, expr: &Expr, slots: usize, extract_date: Date) {
    let mut cells = intake::Column::new(store.pack().get(dataset).columns[column.index()].kind);
    {
        let world = World::new(store, extract_date, [expr]);
        let mut evaluator = Evaluator::new(&world, &[], slots.max(1), false);
        for row in 0..store.rows(dataset) {
            let delivered = store.cell(CellRef { dataset, row, column });
            cells.push(match delivered {
                Cell::Empty | Cell::Unknown(Cause::NotDelivered) => {
                    evaluator.enter(ROW, RowRef { dataset, row });
                    evaluator.value(expr)
                }
                delivered => delivered,
            });
        }
    }
    store.set_derived(dataset, column, cells);
}

fn truths(store: &Store, dataset: DatasetId, expr: &Expr, slots: usize, extract_date: Date) -> Vec<Cell<bool>> {
    let world = World::new(store, extract_date, [expr]);
    let mut evaluator = Evaluator::new(&world, &[], slots.max(1), false);
    let rows = 0..store.rows(dataset);
    rows.map(|row| {
        evaluator.enter(ROW, RowRef { dataset, row });
        evaluator.truth(expr)
    })
    .collect()
}

/// Parts of the delivery (file and sheet) too few of whose rows meet an expectation, with the number that meet it and the
/// number of rows. Rows of which it cannot be told do not count.
fn implausible(store: &Store, dataset: DatasetId, least: u8, truths: &[Cell<bool>]) -> Vec<((u16, u16), u32, u32)> {
    let mut parts: BTreeMap<(u16, u16), (u32, u32)> = BTreeMap::new();
    for (row, truth) in (0_u32..).zip(truths) {
        let (Some(chunk), Cell::Present(met)) = (store.chunk(RowRef { dataset, row }), truth) else { continue };
        let (count, of) = parts.entry((chunk.file, chunk.sheet)).or_default();
        *count += u32::from(*met);
        *of += 1;
    }
    let too_few = |met: u32, of: u32| of - met >= ODDITIES && u64::from(met) * 100 < u64::from(of) * u64::from(least);
    let parts = parts.into_iter().map(|(part, (met, of))| (part, met, of));
    parts.filter(|(_, met, of)| too_few(*met, *of)).collect()
}

fn place(files: &[FileReading], file: u16, sheet: u16) -> Place {
    let Some(reading) = files.get(usize::from(file)) else { return Place::file("") };
    let sheet = reading.sheets.get(usize::from(sheet)).and_then(|sheet| sheet.name.clone());
    Place { file: reading.path.clone(), sheet }
}
