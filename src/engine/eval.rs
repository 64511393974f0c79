//! One expression on its own, without rows, with the value of everything inside it.

use std::ops::Range;
use std::sync::Arc;

use crate::calendar::Date;
use crate::model::Pack;
use crate::rule::typed::Expr;
use crate::store::Store;
use crate::value::Cell;

use super::scalar::{Evaluator, World};

/// What an expression gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// Its value. A list of periods or months is shown as a list of texts.
    pub value: Cell,
    /// Span and value of each part that was evaluated, in the order of evaluation; literals are left out.
    pub steps: Vec<(Range<usize>, Cell)>,
}

/// Evaluates an expression that reads no rows: figures, code lists and functions of the pack.
pub fn eval(pack: &Arc<Pack>, expr: &Expr, extract_date: Date) -> Evaluated {
    let store = Store::build(pack.clone(), Vec::new());
    let world = World::new(&store, extract_date, [expr]);
    let mut evaluator = Evaluator::new(&world, &[], 0, false);
    evaluator.watch();
    let value = evaluator.value(expr);
    Evaluated { value, steps: evaluator.watched() }
}
