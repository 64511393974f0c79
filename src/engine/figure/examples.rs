//! Runs the examples of key figures, and writes tables as examples do.

use std::ops::Range;
use std::sync::Arc;

use crate::engine::examples::{store, written};
use crate::engine::result::RuleState;
use crate::engine::run::RunOptions;
use crate::model::Pack;
use crate::rule::figure::{Head, KeyFigure, Printed};
use crate::rule::typed::{Example, ModelExprs, Ty};
use crate::value::{Cell, Kind};

use super::result::{FigureCell, FigureResult, KeyPart, Place};
use super::{prepare_figures, run_figures};

/// How an example of a key figure came out.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureOutcome {
    /// Byte range of the `[[example]]` in the file.
    pub span: Range<usize>,
    /// Whether the figure could be computed.
    pub state: RuleState,
    /// What was expected.
    pub expected: Printed,
    /// What came.
    pub got: Printed,
}

impl FigureOutcome {
    /// Whether everything came as expected.
    pub fn passed(&self) -> bool {
        self.state == RuleState::Ran && self.got == self.expected
    }
}

/// Runs every example of a key figure, as those of rules are run.
pub fn run_figure_examples(pack: &Arc<Pack>, model: &ModelExprs, figure: &KeyFigure) -> Vec<FigureOutcome> {
    let run = |example: &Example<Printed>| {
        let mut store = store(pack, model, &[], example);
        prepare_figures(&mut store, std::slice::from_ref(figure));
        let options = RunOptions { extract_date: example.extract_date, threads: 1 };
        let results = run_figures(&store, std::slice::from_ref(figure), &options);
        let (state, got) = match results.first() {
            Some(result) => (result.state.clone(), printed(figure, result)),
            None => (RuleState::Ran, Printed::default()),
        };
        FigureOutcome { span: example.span.clone(), state, expected: example.expect.clone(), got }
    };
    figure.examples.iter().map(run).collect()
}

/// A table as examples write it: values as in the example's rows, `134 24 %` for a share, `? 3` for a figure that three rows
/// lack, `-` for none, `*` for one outside its ranking; `empty`, `unknown` and `total` for keys.
pub fn printed(figure: &KeyFigure, result: &FigureResult) -> Printed {
    let across = result.across.iter().map(|head| match (head, &figure.across) {
        (Some(part), Some(head)) => key(head, part),
        _ => "total".to_owned(),
    });
    let rows = result.rows.iter().map(|row| {
        let mut cells: Vec<String> = match &row.keys {
            Some(keys) => figure.by.iter().zip(keys).map(|(head, part)| key(head, part)).collect(),
            None => figure.by.iter().enumerate().map(|(i, _)| if i == 0 { "total".into() } else { String::new() }).collect(),
        };
        cells.extend(row.cells.iter().map(cell));
        cells
    });
    Printed { across: across.collect(), rows: rows.collect() }
}

fn key(head: &Head, part: &KeyPart) -> String {
    match part {
        KeyPart::Value(value) => written(value, head.value.ty == Ty::Value(Kind::Month)),
        KeyPart::Empty => "empty".to_owned(),
        KeyPart::Row(_) | KeyPart::Unknown => "unknown".to_owned(),
    }
}

fn cell(cell: &FigureCell) -> String {
    match cell.place {
        Place::Absent => return "-".to_owned(),
        Place::Outside => return "*".to_owned(),
        Place::Shown => {}
    }
    let value = match &cell.value {
        Cell::Present(value) => written(value, false),
        Cell::Empty => "-".to_owned(),
        Cell::Unknown(_) => return format!("? {}", cell.lack.rows),
    };
    match cell.percent() {
        None => value,
        Some(Cell::Present(share)) => format!("{value} {share} %"),
        Some(Cell::Empty) => format!("{value} -"),
        Some(Cell::Unknown(_)) => format!("{value} ? {}", cell.lack.rows),
    }
}
