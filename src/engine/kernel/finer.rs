//! A finer index: where the rows of a large group must have an outer value in a column, only those that may have it are
//! candidates.

use std::collections::HashMap;
use std::rc::Rc;

use crate::model::{ColumnId, DatasetId};
use crate::rule::typed::{Compare, Expr, Node, Quantifier, RowSource, Rows};
use crate::store::{CellRef, Store};
use crate::value::{Cell, Kind, Value};

/// Rows of a group from which on it is worth while.
pub(in crate::engine) const LARGE: usize = 64;
/// Rows without a value in the column that are candidates for every value. Where there are more the group stays whole.
const FEW: usize = 16;

/// Large groups in parts, by source and by the row that the group starts at; nothing where a group stays whole.
pub(super) type PartsByGroup = HashMap<(usize, u32), Option<Rc<Parts>>>;

/// The column of a source's rows that a condition compares with an outer value, and that value.
pub(in crate::engine) fn equality(expr: &Expr, kind: impl Fn(DatasetId, ColumnId) -> Kind) -> Option<(ColumnId, &Expr)> {
    let rows = expr.rows()?;
    if !matches!(rows.source, RowSource::Group { .. }) {
        return None;
    }
    let satisfies = match &expr.node {
        Node::Quantified { quantifier: Quantifier::Some | Quantifier::No, satisfies: Some(satisfies), .. } => {
            match &satisfies.node {
                Node::And(parts) => parts.as_slice(),
                _ => std::slice::from_ref(&**satisfies),
            }
        }
        _ => &[],
    };
    rows.filter.iter().chain(satisfies).find_map(|part| {
        let Node::Compare(Compare::Equal, a, b) = &part.node else { return None };
        [(a, b), (b, a)].into_iter().find_map(|(inner, outer)| match &inner.node {
            Node::Field(row, column)
                if row.node == Node::Var(rows.slot) && !outer.mentions(rows.slot) && is_exact(kind(rows.dataset, *column)) =>
            {
                Some((*column, &**outer))
            }
            _ => None,
        })
    })
}

/// Whether two values of a kind are equal exactly when they are the same.
fn is_exact(kind: Kind) -> bool {
    kind.is_textual()
        || matches!(
            kind,
            Kind::Integer | Kind::Decimal(_) | Kind::Money(_) | Kind::Percent(_) | Kind::Date | Kind::Month | Kind::Bool
        )
}

/// A large group by the values of a column.
#[derive(Debug)]
pub(in crate::engine) struct Parts {
    of: HashMap<Value, Rc<[u32]>>,
    /// Rows that may have any value.
    unsure: Rc<[u32]>,
}

impl Parts {
    /// The parts of a group; `None` where it stays whole.
    pub(in crate::engine) fn of(store: &Store, rows: &Rows, column: ColumnId, group: &[u32]) -> Option<Parts> {
        if group.len() < LARGE {
            return None;
        }
        let mut unsure: Vec<u32> = Vec::new();
        let mut of: HashMap<Value, Vec<u32>> = HashMap::new();
        for &row in group {
            match store.cell(CellRef { dataset: rows.dataset, row, column }) {
                Cell::Present(value) => of.entry(value).or_default().push(row),
                Cell::Empty | Cell::Unknown(_) => unsure.push(row),
            }
            if unsure.len() > FEW {
                return None;
            }
        }
        let of = of.into_iter().map(|(value, rows)| (value, rows.into_iter().chain(unsure.iter().copied()).collect())).collect();
        Some(Parts { of, unsure: unsure.into() })
    }

    /// The rows that may have a value.
    pub(in crate::engine) fn rows(&self, value: &Value) -> &Rc<[u32]> {
        self.of.get(value).unwrap_or(&self.unsure)
    }
}
