//! The store: tables sorted by cluster, links resolved once, indexes, origins. Immutable while rules run.

mod build;
mod cluster;
mod groups;
mod index;
mod link;
mod way;

use std::collections::HashMap;
use std::sync::Arc;

use crate::intake::{Chunk, Column, Elsewhere, Lanes, Merged};
use crate::model::{ColumnId, DatasetId, LinkId, Pack};
use crate::problem::Place;
use crate::value::{Cause, Cell, Value};

use index::Index;
pub use link::{Links, Target};

/// A row of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    /// The dataset.
    pub dataset: DatasetId,
    /// Row in the store's order.
    pub row: u32,
}

/// A cell of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// The dataset.
    pub dataset: DatasetId,
    /// Row in the store's order.
    pub row: u32,
    /// The column.
    pub column: ColumnId,
}

/// Where a cell stands in the delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Index into the delivery's files.
    pub file: u16,
    /// Index into the file's sheets.
    pub sheet: u16,
    /// 1-based data record of the sheet.
    pub record: u32,
    /// 1-based row as a spreadsheet shows it.
    pub sheet_row: u32,
    /// 1-based physical line.
    pub line: u32,
    /// 0-based sheet column; `None` when the value came from no cell (sheet name, constant, derived, not delivered).
    pub sheet_column: Option<u16>,
}

/// Whether the case of a row is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseState {
    /// It is, or the row is no part of a case.
    Open,
    /// It is closed.
    Closed,
    /// The case was not found, or what tells it is unknown.
    Unknown(Cause),
}

/// How whole a dataset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// Everything that feeds it arrived whole.
    Whole,
    /// Something that feeds it is missing, unreadable, cut off or refused.
    Incomplete,
    /// Nobody delivered it.
    Missing,
}

/// One dataset's rows, in the store's order.
#[derive(Debug)]
struct StoreTable {
    columns: Vec<Column>,
    chunks: Vec<Chunk>,
    /// Row in intake order (which chunks, records and places follow), by row of the store.
    source: Vec<u32>,
    records: Vec<u32>,
    places: Vec<(u32, u32)>,
    unfolded: Vec<u8>,
    /// By row in intake order.
    merged: Merged,
    clusters: Vec<u32>,
    incomplete: Vec<Place>,
    refused: u32,
    /// Whether each row's case is open.
    cases: Vec<CaseState>,
    /// Columns that were computed; their cells say all there is to say.
    derived: Vec<ColumnId>,
}

/// All tables of one delivery, joined.
#[derive(Debug)]
pub struct Store {
    pack: Arc<Pack>,
    tables: Vec<Option<StoreTable>>,
    links: Links,
    indexes: HashMap<(DatasetId, ColumnId), Index>,
}

impl Store {
    /// The pack it was built for.
    pub fn pack(&self) -> &Arc<Pack> {
        &self.pack
    }

    /// Number of rows of a dataset.
    pub fn rows(&self, dataset: DatasetId) -> u32 {
        self.table(dataset).map_or(0, |t| t.source.len() as u32)
    }

    /// The value of a cell. A column that the row's file does not have is unknown, [`Cause::NotDelivered`].
    pub fn cell(&self, at: CellRef) -> Cell {
        let Some(table) = self.table(at.dataset) else { return Cell::Unknown(Cause::DatasetMissing) };
        match table.columns[at.column.index()].get(at.row) {
            Cell::Empty if !table.delivers(at) => Cell::Unknown(Cause::NotDelivered),
            cell => cell,
        }
    }

    /// The cells of a column as numbers. An empty one may be unknown where the column is [`Store::patchy`].
    pub fn lanes(&self, dataset: DatasetId, column: ColumnId) -> Option<Lanes<'_>> {
        Some(self.table(dataset)?.columns.get(column.index())?.lanes())
    }

    /// Whether some part of what feeds a dataset lacks a column.
    pub fn patchy(&self, dataset: DatasetId, column: ColumnId) -> bool {
        self.table(dataset).is_some_and(|table| {
            !table.derived.contains(&column) && table.chunks.iter().any(|chunk| !chunk.delivered[column.index()])
        })
    }

    /// Where a cell stands.
    pub fn origin(&self, at: CellRef) -> Option<Origin> {
        let table = self.table(at.dataset)?;
        let own = table.own_place(at.row)?;
        let place = table.merged.of_cell(own.row, at.column).copied().unwrap_or(own);
        Some(table.chunks.get(place.chunk as usize)?.origin(&place, at.column))
    }

    /// The other places that say the same of a row, or filled its gaps. Cells come from [`Store::origin`].
    pub fn also_at(&self, row: RowRef) -> Vec<Origin> {
        let Some((table, own)) = self.table(row.dataset).and_then(|table| Some((table, table.own_place(row.row)?))) else {
            return Vec::new();
        };
        let origin = |place: &Elsewhere| {
            let origin = table.chunks.get(place.chunk as usize)?.origin(place, ColumnId(0));
            Some(Origin { sheet_column: None, ..origin })
        };
        table.merged.of_row(own.row).iter().filter_map(origin).collect()
    }

    /// How whole a dataset is.
    pub fn completeness(&self, dataset: DatasetId) -> Completeness {
        match self.table(dataset) {
            None => Completeness::Missing,
            Some(t) if t.incomplete.is_empty() => Completeness::Whole,
            Some(_) => Completeness::Incomplete,
        }
    }

    /// Places because of which a dataset is not whole.
    pub fn incomplete_because(&self, dataset: DatasetId) -> &[Place] {
        self.table(dataset).map_or(&[], |t| &t.incomplete)
    }

    /// Rows of a dataset that were refused one by one.
    pub fn refused(&self, dataset: DatasetId) -> u32 {
        self.table(dataset).map_or(0, |t| t.refused)
    }

    /// Whether any file delivered the column (or it is derived).
    pub fn delivered(&self, dataset: DatasetId, column: ColumnId) -> bool {
        self.pack.get(dataset).columns[column.index()].derived.is_some()
            || self.table(dataset).is_some_and(|t| t.chunks.iter().any(|c| c.delivered[column.index()]))
    }

    /// Whether the case of a row is open. Rows of datasets that are no part of a case count as open.
    pub fn case_state(&self, row: RowRef) -> CaseState {
        self.table(row.dataset).map_or(CaseState::Open, |t| t.cases[row.row as usize])
    }

    /// The link by which rows of a dataset find their case.
    pub fn case_link(&self, dataset: DatasetId) -> Option<LinkId> {
        self.pack.case_link(dataset)
    }

    /// The cluster of a row: rows of one cluster stand together and have one number.
    pub fn cluster(&self, row: RowRef) -> u32 {
        self.table(row.dataset).map_or(0, |t| t.clusters[row.row as usize])
    }

    /// The row of the case a row belongs to: itself in the case dataset, else what its link to the case dataset finds.
    pub fn case_of(&self, row: RowRef) -> Option<RowRef> {
        let cases = self.pack.case_dataset()?;
        if row.dataset == cases {
            return Some(row);
        }
        match self.links.follow(self.case_link(row.dataset)?, true, row.row) {
            Target::Row { row, .. } => Some(RowRef { dataset: cases, row }),
            Target::Unknown(_) => None,
        }
    }

    /// Links, resolved.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// Rows of a dataset whose column has this value, in the store's order.
    pub fn rows_where(&self, dataset: DatasetId, column: ColumnId, value: &Value) -> &[u32] {
        let found = self.indexes.get(&(dataset, column)).zip(self.column(dataset, column));
        found.map_or(&[], |(index, cells)| index.rows(cells, value))
    }

    /// Rows of a dataset whose column is unknown, so that they might have any value.
    pub fn rows_unknown(&self, dataset: DatasetId, column: ColumnId) -> Vec<u32> {
        (0..self.rows(dataset)).filter(|&row| matches!(self.cell(CellRef { dataset, row, column }), Cell::Unknown(_))).collect()
    }

    /// The first key of the dataset all of whose columns are present in this row: which key, and its values.
    pub fn key(&self, row: RowRef) -> Option<(usize, Vec<Value>)> {
        let keys = &self.pack.get(row.dataset).keys;
        keys.iter().enumerate().find_map(|(i, key)| Some((i, self.key_values(row, key)?)))
    }

    /// The values of a list of columns, if all are present.
    pub fn key_values(&self, row: RowRef, key: &[ColumnId]) -> Option<Vec<Value>> {
        key.iter().map(|&column| self.cell(CellRef { dataset: row.dataset, row: row.row, column }).present()).collect()
    }

    /// The part of the delivery a row came from.
    pub fn chunk(&self, row: RowRef) -> Option<&Chunk> {
        self.table(row.dataset)?.chunk(row.row)
    }

    fn column(&self, dataset: DatasetId, column: ColumnId) -> Option<&Column> {
        self.table(dataset)?.columns.get(column.index())
    }

    fn table(&self, dataset: DatasetId) -> Option<&StoreTable> {
        self.tables.get(dataset.index()).and_then(Option::as_ref)
    }
}

impl Chunk {
    /// Where a cell of a place in this sheet stands.
    fn origin(&self, place: &Elsewhere, column: ColumnId) -> Origin {
        let plain = self.sheet_columns.get(column.index()).copied().flatten();
        let of_month = self
            .month_columns
            .as_ref()
            .and_then(|months| months.iter().find(|(of, _)| *of == column))
            .and_then(|(_, columns)| columns.get(usize::from(place.month).checked_sub(1)?).copied().flatten());
        Origin {
            file: self.file,
            sheet: self.sheet,
            record: place.record,
            sheet_row: place.sheet_row,
            line: place.line,
            sheet_column: of_month.or(plain),
        }
    }
}

impl StoreTable {
    fn chunk(&self, row: u32) -> Option<&Chunk> {
        self.chunks.get(self.chunk_number(*self.source.get(row as usize)?)?)
    }

    fn chunk_number(&self, source: u32) -> Option<usize> {
        self.chunks.partition_point(|chunk| chunk.first <= source).checked_sub(1)
    }

    /// The place that the row's chunk names.
    fn own_place(&self, row: u32) -> Option<Elsewhere> {
        let source = *self.source.get(row as usize)?;
        let i = source as usize;
        let (sheet_row, line) = self.places[i];
        Some(Elsewhere {
            row: source,
            chunk: self.chunk_number(source)? as u32,
            record: self.records[i],
            sheet_row,
            line,
            month: self.unfolded.get(i).copied().unwrap_or(0),
        })
    }

    fn delivers(&self, at: CellRef) -> bool {
        let delivers = |chunk: &Chunk| chunk.delivered[at.column.index()];
        let elsewhere = || {
            let source = self.source.get(at.row as usize).filter(|_| !self.merged.is_empty());
            let places = source.map_or(&[][..], |&source| self.merged.of_row(source));
            places.iter().any(|place| self.chunks.get(place.chunk as usize).is_some_and(delivers))
        };
        self.derived.contains(&at.column) || self.chunk(at.row).is_none_or(delivers) || elsewhere()
    }
}
