//! One expression worked out over a delivery, for one row of it or for none.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use super::{Book, CheckOptions, extract_date};
use crate::engine::{Evaluated, evaluate, prepare, rows_by_key};
use crate::intake::{self, IntakeOptions};
use crate::model::Pack;
use crate::privacy::{Class, Gate, Shown};
use crate::problem::Mistake;
use crate::rule::typed::{Expr, Node, Ty};
use crate::rule::{LoadPlan, parse_expression, parse_for_row};
use crate::store::{RowRef, Store};
use crate::value::{Cell, Kind};

/// What an expression gives, and every part of it.
#[derive(Debug)]
pub struct Answer {
    /// Its value; `None` where it is a row.
    pub value: Option<Shown>,
    /// Bytes and value of each part, in the order of evaluation; rows are left out.
    pub steps: Vec<(Range<usize>, Shown)>,
    /// Values of parts that are left out because the part has so many.
    pub unlisted: u64,
}

/// The row that an expression speaks of.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'a> {
    /// Its dataset.
    pub dataset: &'a str,
    /// Its name in the expression.
    pub name: &'a str,
    /// The values of one of its keys in order, with a space between.
    pub key: &'a str,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum NoAnswer {
    /// Mistakes in the expression.
    Mistakes(Vec<Mistake>),
    /// The pack has no such dataset.
    Dataset,
    /// So many rows go by the key, and not one.
    Rows(usize),
}

impl Answer {
    /// Works an expression out without any data: figures, code lists and functions of the pack.
    ///
    /// # Errors
    /// Mistakes in the expression.
    pub fn alone(book: &Book, text: &str, extract_date: crate::calendar::Date) -> Result<Answer, NoAnswer> {
        let expr = parse_expression(&book.pack, text).map_err(NoAnswer::Mistakes)?;
        let store = Store::build(book.pack.clone(), Vec::new());
        let found = evaluate(&store, &expr, None, extract_date);
        Ok(Answer::shown(&book.pack, &expr, found, &Gate::new(None, false)))
    }

    /// Reads a delivery as [`super::Night::check`] does, every column of it, and works an expression out over it.
    ///
    /// # Errors
    /// See [`NoAnswer`].
    pub fn over(
        book: &Book,
        root: &Path,
        gate: &Gate,
        options: &CheckOptions,
        text: &str,
        row: Option<Spoken<'_>>,
    ) -> Result<Answer, NoAnswer> {
        let dataset = row.map(|row| book.pack.dataset(row.dataset).ok_or(NoAnswer::Dataset)).transpose()?;
        let expr = match row.zip(dataset) {
            Some((row, dataset)) => parse_for_row(&book.pack, dataset, row.name, text),
            None => parse_expression(&book.pack, text),
        };
        let expr = expr.map_err(NoAnswer::Mistakes)?;
        let ignore = book.config.ignored().chain(options.ignore.iter().cloned()).collect();
        let intake_options = IntakeOptions { sources: book.config.sources.clone(), ignore };
        let mut delivery = intake::read(&book.pack, &LoadPlan::all(&book.pack), root, &intake_options);
        let dates = (options.extract_date, options.today);
        let (day, _) = extract_date(&book.config, dates, &delivery, &mut Vec::new());
        let mut store = Store::build(book.pack.clone(), std::mem::take(&mut delivery.tables));
        prepare(&mut store, &book.model, &[], day, &delivery.files);
        let row = match row.zip(dataset) {
            Some((row, dataset)) => match rows_by_key(&store, dataset, row.key).as_slice() {
                [row] => Some(RowRef { dataset, row: *row }),
                rows => return Err(NoAnswer::Rows(rows.len())),
            },
            None => None,
        };
        Ok(Answer::shown(&book.pack, &expr, evaluate(&store, &expr, row, day), gate))
    }

    fn shown(pack: &Pack, expr: &Expr, found: Evaluated, gate: &Gate) -> Answer {
        let mut parts: HashMap<(usize, usize), (Class, Kind)> = HashMap::new();
        expr.walk(&mut |part| {
            let kind = if let Ty::Value(kind) = part.ty { kind } else { Kind::Text };
            let known = parts.entry((part.span.start, part.span.end)).or_insert((Class::Open, kind));
            if is_personal(pack, part) {
                known.0 = Class::Personal;
            }
        });
        let show = |span: &Range<usize>, cell: &Cell| {
            let (class, kind) = parts.get(&(span.start, span.end)).copied().unwrap_or((Class::Personal, Kind::Text));
            gate.cell(class, kind, cell, None)
        };
        let is_row = matches!(expr.ty, Ty::Row(_)) && found.value == Cell::Empty;
        Answer {
            value: (!is_row).then(|| show(&expr.span, &found.value)),
            steps: found.steps.iter().map(|(span, cell)| (span.clone(), show(span, cell))).collect(),
            unlisted: found.unlisted,
        }
    }
}

/// Whether an expression reads a personal column.
fn is_personal(pack: &Pack, expr: &Expr) -> bool {
    let mut personal = false;
    expr.walk(&mut |part| {
        if let Node::Field(row, column) = &part.node
            && let Ty::Row(dataset) = row.ty
        {
            personal |= pack.get(dataset).columns[column.index()].is_personal();
        }
    });
    personal
}
