//! Rows of one dataset from one sheet, while they are read.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use rayon::prelude::*;

use super::Column;
use super::cells::{Dotted, Read};
use super::layout::{FeedPlan, Supply};
use super::sheet::Context;
use super::unfold;
use crate::model::{ColumnId, DatasetId, Role};
use crate::value::{Cause, Cell, Value};

/// Where a row stands: record, sheet row, line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand {
    pub(super) record: u32,
    pub(super) sheet_row: u32,
    pub(super) line: u32,
}

/// A cell whose dot waits for the rest of its column.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    slot: u16,
    column: u16,
    row: u32,
    dotted: Dotted,
}

/// The rows.
#[derive(Debug)]
pub(super) struct Part {
    /// The dataset.
    pub(super) dataset: DatasetId,
    /// Whether equal rows fold silently.
    pub(super) distinct: bool,
    /// One per column of the dataset; a column that is not wanted holds no cells.
    pub(super) columns: Vec<Column>,
    /// Where each row stands.
    pub(super) stands: Vec<Stand>,
    /// Month of each unfolded row, else 0.
    pub(super) unfolded: Vec<u8>,
    /// A hash of all values of each row, those of unwanted columns too, but not of the snapshot day: equal rows have equal ones.
    pub(super) hashes: Vec<u64>,
    /// Sheet column of each dataset column.
    pub(super) sheet_columns: Vec<Option<u16>>,
    /// Sheet columns of what comes once a month.
    pub(super) month_columns: Option<Vec<(ColumnId, [Option<u16>; 12])>>,
    /// Whether each dataset column was delivered.
    pub(super) delivered: Vec<bool>,
    /// Whether its rows only add to rows that stand elsewhere.
    pub(super) secondary: bool,
    /// For each column that is compared but not held: a short hash of each cell; 0 = says nothing.
    pub(super) prints: Vec<Vec<u16>>,
    wanted: Vec<bool>,
    compared: Vec<bool>,
    waiting: Vec<Waiting>,
    hasher: RandomState,
}

impl Part {
    /// For a feed of a sheet.
    pub(super) fn new(
        context: &Context<'_>,
        plan: &FeedPlan<'_>,
        slots: &[super::layout::Slot<'_>],
        wanted: impl Fn(ColumnId) -> bool,
    ) -> Part {
        let dataset = context.pack.get(plan.feed.dataset);
        Part {
            dataset: plan.feed.dataset,
            distinct: plan.feed.distinct,
            columns: dataset.columns.iter().map(|column| Column::new(column.kind)).collect(),
            stands: Vec::new(),
            unfolded: Vec::new(),
            hashes: Vec::new(),
            sheet_columns: plan.sheet_columns(slots),
            month_columns: plan.month_columns(slots),
            delivered: plan.supplies.iter().map(|supply| !matches!(supply, Supply::Absent)).collect(),
            secondary: plan.feed.secondary,
            prints: vec![Vec::new(); dataset.columns.len()],
            wanted: (0..dataset.columns.len() as u16).map(|i| wanted(ColumnId(i))).collect(),
            compared: dataset.columns.iter().map(|column| column.role != Some(Role::Snapshot)).collect(),
            waiting: Vec::new(),
            hasher: context.hasher.clone(),
        }
    }

    /// A part like this one, without rows.
    pub(super) fn fresh(&self) -> Part {
        Part {
            columns: self.columns.iter().map(|column| Column::new(column.kind())).collect(),
            stands: Vec::new(),
            unfolded: Vec::new(),
            hashes: Vec::new(),
            sheet_columns: self.sheet_columns.clone(),
            month_columns: self.month_columns.clone(),
            delivered: self.delivered.clone(),
            prints: vec![Vec::new(); self.prints.len()],
            wanted: self.wanted.clone(),
            compared: self.compared.clone(),
            waiting: Vec::new(),
            hasher: self.hasher.clone(),
            ..*self
        }
    }

    /// Adds the rows of the next piece of the sheet, which counts its records, rows and lines from `base`.
    pub(super) fn append(&mut self, later: Part, base: Stand) {
        let rows = self.len();
        self.columns.par_iter_mut().zip(later.columns).for_each(|(column, more)| column.extend(more));
        self.stands.extend(later.stands.into_iter().map(|stand| Stand {
            record: stand.record + base.record,
            sheet_row: stand.sheet_row + base.sheet_row,
            line: stand.line + base.line,
        }));
        self.unfolded.extend(later.unfolded);
        self.hashes.extend(later.hashes);
        for (prints, more) in self.prints.iter_mut().zip(later.prints).filter(|(_, more)| !more.is_empty()) {
            prints.resize(rows as usize, 0);
            prints.extend(more);
        }
        self.waiting.extend(later.waiting.into_iter().map(|waiting| Waiting { row: waiting.row + rows, ..waiting }));
    }

    /// Number of rows.
    pub(super) fn len(&self) -> u32 {
        self.stands.len() as u32
    }

    /// Takes a record: one row, one a month, or none where a needed column is empty.
    pub(super) fn take(&mut self, plan: &FeedPlan<'_>, values: &[Read<'_>], stand: Stand) {
        let empty = |column: &ColumnId| match &plan.supplies[column.index()] {
            Supply::Slot(slot) => values[*slot] == Read::Empty,
            Supply::Fixed(read) => *read == Read::Empty,
            Supply::Absent => true,
            Supply::Month | Supply::ByMonth(_) => false,
        };
        if plan.feed.needs.iter().any(empty) {
            return;
        }
        if let Some((first, last)) = plan.spread {
            match unfold::months_touched(&values[first], &values[last]) {
                Some(months) => {
                    for day in months {
                        self.push(plan, values, stand, Some((day.month() as usize - 1, &Read::Value(Value::Date(day)))));
                    }
                }
                // The period is not known, so the months are not.
                None => self.push(plan, values, stand, None),
            }
            return;
        }
        let Some(months) = &plan.months else {
            self.push(plan, values, stand, None);
            return;
        };
        for (i, slot) in months.values.iter().enumerate() {
            // A month without a cell, or with an empty one, is a month without a row.
            if slot.is_some_and(|slot| values[slot] != Read::Empty) {
                let day = months.first_day(values, i as u32 + 1);
                self.push(plan, values, stand, Some((i, &day)));
            }
        }
    }

    fn push(&mut self, plan: &FeedPlan<'_>, values: &[Read<'_>], stand: Stand, month: Option<(usize, &Read<'static>)>) {
        let row = self.len();
        let mut hash = 0_u64;
        for (i, supply) in plan.supplies.iter().enumerate() {
            let slot = match supply {
                Supply::Slot(slot) => Some(*slot),
                Supply::ByMonth(slots) => month.and_then(|(i, _)| slots[i]),
                _ => None,
            };
            let read = match (supply, slot, month) {
                (_, Some(slot), _) => &values[slot],
                (Supply::Fixed(read), ..) => read,
                (Supply::Month, _, Some((_, day))) => day,
                (Supply::Month, _, None) => &Read::Malformed,
                _ => {
                    self.columns[i].push(Cell::Unknown(Cause::NotDelivered));
                    continue;
                }
            };
            let column = i as u16;
            if let (Read::Dotted(dotted), Some(slot)) = (read, slot) {
                self.waiting.push(Waiting { slot: slot as u16, column, row, dotted: *dotted });
            }
            if self.compared[i] {
                let of_cell = if matches!(read, Read::Dotted(_)) { 0 } else { cell_hash(&self.hasher, column, read) };
                hash = hash.wrapping_add(of_cell);
                if !self.wanted[i] {
                    self.prints[i].resize(row as usize, 0);
                    self.prints[i].push(print(read, of_cell));
                }
            }
            match read {
                _ if !self.wanted[i] => self.columns[i].push(Cell::Unknown(Cause::NotDelivered)),
                Read::Text(text) => self.columns[i].push_text(text),
                read => self.columns[i].push(read.to_cell()),
            }
        }
        self.hashes.push(hash);
        self.stands.push(stand);
        self.unfolded.push(month.map_or(0, |(i, _)| i as u8 + 1));
    }

    /// Drops the rows from `len` on.
    pub(super) fn truncate(&mut self, len: u32) {
        self.columns.iter_mut().for_each(|column| column.truncate(len));
        self.stands.truncate(len as usize);
        self.unfolded.truncate(len as usize);
        self.hashes.truncate(len as usize);
        self.prints.iter_mut().for_each(|prints| prints.truncate(len as usize));
        self.waiting.retain(|waiting| waiting.row < len);
    }

    /// After the last row: gives the cells that waited their values.
    pub(super) fn settle(&mut self, read: impl Fn(usize, Dotted) -> Option<Value>) {
        for Waiting { slot, column, row, dotted } in std::mem::take(&mut self.waiting) {
            let read = read(usize::from(slot), dotted).map_or(Read::Malformed, Read::Value);
            let (i, at) = (usize::from(column), row as usize);
            if self.compared[i] {
                let of_cell = cell_hash(&self.hasher, column, &read);
                self.hashes[at] = self.hashes[at].wrapping_add(of_cell);
                if !self.wanted[i] {
                    self.set_print(i, row, print(&read, of_cell));
                }
            }
            if self.wanted[i] && read != Read::Malformed {
                self.columns[i].set(row, read.to_cell());
            }
        }
    }

    /// The texts that a slot fed, if this part holds them.
    pub(super) fn texts(&self, plan: &FeedPlan<'_>, slot: usize) -> Option<Vec<&str>> {
        let fed = plan.supplies.iter().position(|supply| matches!(supply, Supply::Slot(of) if *of == slot))?;
        let column = self.columns.get(fed).filter(|_| self.wanted[fed])?;
        Some((0..self.len()).filter_map(|row| column.text(row)).collect())
    }

    /// Whether the cells of a column tell rows apart.
    pub(super) fn is_compared(&self, column: usize) -> bool {
        self.compared[column]
    }

    /// Whether a column holds no cells, only short hashes.
    pub(super) fn is_printed(&self, column: usize) -> bool {
        !self.wanted[column]
    }

    /// The short hash of a cell that is not held.
    pub(super) fn print(&self, column: usize, row: u32) -> u16 {
        self.prints[column].get(row as usize).copied().unwrap_or(0)
    }

    /// Replaces a short hash.
    pub(super) fn set_print(&mut self, column: usize, row: u32, print: u16) {
        let prints = &mut self.prints[column];
        if prints.len() <= row as usize {
            prints.resize(row as usize + 1, 0);
        }
        prints[row as usize] = print;
    }

    /// Makes what a refused slot fed unknown.
    pub(super) fn refuse(&mut self, plan: &FeedPlan<'_>, slot: usize) {
        for (i, supply) in plan.supplies.iter().enumerate() {
            if matches!(supply, Supply::Slot(of) if *of == slot) {
                self.prints[i].clear();
            }
        }
        for (i, supply) in plan.supplies.iter().enumerate().filter(|(i, _)| self.wanted[*i]) {
            match supply {
                Supply::Slot(of) if *of == slot => self.columns[i].refuse_from(0, Cause::Unreadable),
                Supply::Month if plan.spread.is_some_and(|(first, last)| first == slot || last == slot) => {
                    self.columns[i].refuse_from(0, Cause::Unreadable);
                }
                Supply::ByMonth(slots) => {
                    let Some(month) = slots.iter().position(|of| *of == Some(slot)) else { continue };
                    let rows = (0_u32..).zip(&self.unfolded).filter(|(_, of)| usize::from(**of) == month + 1);
                    for (row, _) in rows {
                        self.columns[i].set(row, Cell::Unknown(Cause::Unreadable));
                    }
                }
                _ => {}
            }
        }
    }
}

/// The short hash of a cell: 0 where it says nothing that could contradict another.
fn print(read: &Read<'_>, hash: u64) -> u16 {
    match read {
        Read::Text(_) | Read::Value(_) => ((hash >> 48) as u16).max(1),
        Read::Empty | Read::Unknown(_) | Read::Malformed | Read::Dotted(_) => 0,
    }
}

/// Column hashes add up, so that a cell that waits can be added late. An empty cell is as good as one not delivered.
fn cell_hash(hasher: &RandomState, column: u16, read: &Read<'_>) -> u64 {
    match read {
        Read::Empty => 0,
        Read::Text(text) => hasher.hash_one((column, 1_u8, &**text)),
        Read::Value(value) => hasher.hash_one((column, 2_u8, value)),
        Read::Unknown(cause) => hasher.hash_one((column, 3_u8, cause)),
        Read::Malformed | Read::Dotted(_) => hasher.hash_one((column, 4_u8)),
    }
}
