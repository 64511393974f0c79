//! One expression on its own, with the value of everything inside it.

use std::ops::Range;
use std::sync::Arc;

use crate::calendar::Date;
use crate::model::{DatasetId, Pack};
use crate::rule::typed::{Expr, Slot};
use crate::store::{RowRef, Store};
use crate::value::Cell;

use super::examples::row_names;
use super::scalar::{Evaluator, World};

/// The slot of the row that an expression speaks of.
const ROW: Slot = Slot(0);

/// What an expression gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// Its value. A list of periods or months is shown as a list of texts.
    pub value: Cell,
    /// Span and value of each part that was evaluated, in the order of evaluation; literals and rows are left out.
    pub steps: Vec<(Range<usize>, Cell)>,
    /// Values that are left out because their part was evaluated so often.
    pub unlisted: u64,
}

/// Evaluates an expression that reads no rows: figures, code lists and functions of the pack.
pub fn eval(pack: &Arc<Pack>, expr: &Expr, extract_date: Date) -> Evaluated {
    evaluate(&Store::build(pack.clone(), Vec::new()), expr, None, extract_date)
}

/// Evaluates an expression over a prepared store, for a row or for none.
pub fn evaluate(store: &Store, expr: &Expr, row: Option<RowRef>, extract_date: Date) -> Evaluated {
    let world = World::new(store, extract_date, [expr]);
    let mut evaluator = Evaluator::new(&world, &[], 1, false);
    if let Some(row) = row {
        evaluator.enter(ROW, row);
    }
    evaluator.watch();
    let value = evaluator.value(expr);
    let (steps, unlisted) = evaluator.watched();
    Evaluated { value, steps, unlisted }
}

/// Rows that go by a key: the values of one of their keys in order, with a space between.
pub fn rows_by_key(store: &Store, dataset: DatasetId, key: &str) -> Vec<u32> {
    (0..store.rows(dataset)).filter(|row| row_names(store, dataset, *row).iter().any(|name| name == key)).collect()
}
