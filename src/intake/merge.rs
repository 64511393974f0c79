//! Rows that stand in several places: where else, and which of their cells came from there. Only such rows cost anything.

use std::collections::BTreeMap;

use crate::model::ColumnId;
use crate::value::{Cause, Cell};

/// Another place of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elsewhere {
    /// Row of the table.
    pub row: u32,
    /// Index into the table's chunks: file, sheet and layout of the place.
    pub chunk: u32,
    /// 1-based data record of the sheet.
    pub record: u32,
    /// 1-based row as a spreadsheet shows it.
    pub sheet_row: u32,
    /// 1-based physical line.
    pub line: u32,
    /// For a row of an unfolded feed its month, 1-12, else 0.
    pub month: u8,
}

/// All other places of a table's rows.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    /// Ordered by row.
    places: Vec<Elsewhere>,
    /// Cells that came from another place: index into `places`.
    cells: BTreeMap<(u32, ColumnId), u32>,
}

impl Merged {
    /// Whether every row stands in one place.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The other places of a row.
    pub fn of_row(&self, row: u32) -> &[Elsewhere] {
        let first = self.places.partition_point(|place| place.row < row);
        let end = self.places.partition_point(|place| place.row <= row);
        &self.places[first..end]
    }

    /// The place that a cell came from, if it is not the row's own.
    pub fn of_cell(&self, row: u32, column: ColumnId) -> Option<&Elsewhere> {
        self.places.get(*self.cells.get(&(row, column))? as usize)
    }

    /// Cells that came from elsewhere: row, column, place.
    pub(super) fn cells(&self) -> impl Iterator<Item = (u32, ColumnId, &Elsewhere)> {
        self.cells.iter().filter_map(|(&(row, column), &place)| Some((row, column, self.places.get(place as usize)?)))
    }

    /// All other places.
    pub(super) fn places(&self) -> &[Elsewhere] {
        &self.places
    }

    /// Adds a place; its number is for [`Merged::give`].
    pub(super) fn add(&mut self, place: Elsewhere) -> u32 {
        self.places.push(place);
        self.places.len() as u32 - 1
    }

    /// A cell came from a place.
    pub(super) fn give(&mut self, row: u32, column: ColumnId, place: u32) {
        self.cells.insert((row, column), place);
    }

    /// Puts the places in the order of their rows.
    pub(super) fn sort(&mut self) {
        let mut order: Vec<u32> = (0..self.places.len() as u32).collect();
        order.sort_by_key(|&i| (self.places[i as usize].row, i));
        let mut moved = vec![0_u32; order.len()];
        for (new, &old) in (0_u32..).zip(&order) {
            moved[old as usize] = new;
        }
        self.places = order.iter().map(|&i| self.places[i as usize]).collect();
        self.cells.values_mut().for_each(|place| *place = moved[*place as usize]);
    }
}

/// How much a cell says. Of two cells of one row the one that says more is used; two values must be equal.
pub(super) fn says(cell: &Cell) -> u8 {
    match cell {
        Cell::Present(_) => 3,
        Cell::Unknown(Cause::NotDelivered) => 0,
        Cell::Unknown(_) => 2,
        Cell::Empty => 1,
    }
}
