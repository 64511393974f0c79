//! One way of a link: which rows of the other dataset hold the values that a row holds.
//!
//! Values become numbers first, column by column, so that millions of rows are compared without looking at a value twice.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

use super::groups::Groups;
use crate::intake::{Column, Lane, Lanes};
use crate::model::ColumnId;
use crate::value::Value;

/// A dataset at one end of a link.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side<'s> {
    /// Number of rows.
    pub(super) rows: u32,
    /// Its columns; none when nobody delivered it.
    pub(super) columns: &'s [Column],
}

impl<'s> Side<'s> {
    fn column(self, id: ColumnId) -> Option<&'s Column> {
        self.columns.get(id.index())
    }
}

/// The key of each row, as a number; `None` where a value lacks, or no row of the other side has it.
type Keys = Vec<Option<u32>>;

/// The rows of one way.
#[derive(Debug)]
pub(super) struct Way {
    /// By `from` row.
    keys: Keys,
    /// `to` rows by key.
    rows: Groups,
}

impl Way {
    /// Matches the columns of both sides.
    pub(super) fn new(columns: &[(ColumnId, ColumnId)], from: Side<'_>, to: Side<'_>) -> Way {
        let of_column = |&(of_from, of_to): &(ColumnId, ColumnId)| match (from.column(of_from), to.column(of_to)) {
            (Some(of_from), Some(of_to)) => keys(of_from, of_to),
            _ => (vec![None; from.rows as usize], vec![None; to.rows as usize]),
        };
        let all = columns.iter().map(of_column).reduce(|(from, to), (more_from, more_to)| {
            let pair = |(a, b): (&Option<u32>, &Option<u32>)| a.zip(*b);
            numbered(from.iter().zip(&more_from).map(pair), to.iter().zip(&more_to).map(pair))
        });
        let (keys, to) = all.unwrap_or_default();
        Way { keys, rows: Groups::of(to.into_iter()) }
    }

    /// The `to` rows that a `from` row leads to.
    pub(super) fn found(&self, row: u32) -> &[u32] {
        self.keys.get(row as usize).copied().flatten().map_or(&[], |key| self.rows.get(key))
    }
}

/// The keys of two columns of one kind.
fn keys(from: &Column, to: &Column) -> (Keys, Keys) {
    if let (Lanes::Text(from, from_texts), Lanes::Text(to, to_texts)) = (from.lanes(), to.lanes()) {
        let translated: Keys = from_texts.iter().map(|text| to_texts.code(text)).collect();
        let known = |code: &u32| Some(*code).filter(|code| code.is_present());
        let from = from.iter().map(|&code| translated.get(code as usize).copied().flatten());
        return (from.collect(), to.iter().map(known).collect());
    }
    let values = |column: &Column| (0..column.len() as u32).map(|row| column.get(row).present()).collect::<Vec<Option<Value>>>();
    numbered(values(from).into_iter(), values(to).into_iter())
}

/// Numbers for the values of both sides; those of the `to` side get one each.
fn numbered<T: Eq + Hash>(from: impl Iterator<Item = Option<T>>, to: impl Iterator<Item = Option<T>>) -> (Keys, Keys) {
    let mut numbers: HashMap<T, u32, RandomState> = HashMap::default();
    let to = to.map(|value| {
        let next = numbers.len() as u32;
        value.map(|value| *numbers.entry(value).or_insert(next))
    });
    let to: Keys = to.collect();
    (from.map(|value| numbers.get(&value?).copied()).collect(), to)
}
