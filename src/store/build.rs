//! Building a store: clusters, order, links. What derived columns and closed cases need is set afterwards by the engine,
//! which can evaluate; then the store is never changed again.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::cluster::clusters;
use super::groups::Groups;
use super::index::Index;
use super::{CaseState, CellRef, Completeness, Links, Store, StoreTable, Target};
use crate::intake::{Column, Table};
use crate::model::{ColumnId, DatasetId, LinkId, Pack};
use crate::value::{Cause, Cell, Kind};

impl Store {
    /// Joins the tables of a delivery. Each table's rows are ordered by cluster, then business key, then content, so that
    /// nothing later depends on the order of the input.
    pub fn build(pack: Arc<Pack>, tables: Vec<Table>) -> Store {
        let clusters = clusters(&pack, &tables);
        let mut placed: Vec<Option<StoreTable>> = std::iter::repeat_with(|| None).take(pack.datasets.len()).collect();
        for (table, clusters) in tables.into_iter().zip(clusters) {
            let dataset = table.dataset;
            placed[dataset.index()] = Some(StoreTable::ordered(&pack, table, clusters));
        }
        let mut store = Store { pack, tables: placed, links: Links::default(), indexes: HashMap::new() };
        store.links = Links::resolve(&store);
        store
    }

    /// Puts the computed cells of a derived column in place, one for each row in the store's order.
    pub fn set_derived(&mut self, dataset: DatasetId, column: ColumnId, cells: Column) {
        if let Some(table) = self.tables.get_mut(dataset.index()).and_then(Option::as_mut) {
            table.columns[column.index()] = cells;
            table.derived.push(column);
        }
    }

    /// Tells each row whether its case is open, given the state of each row of the case dataset.
    pub fn set_cases(&mut self, cases: DatasetId, states: &[CaseState]) {
        for i in 0..self.tables.len() {
            let dataset = DatasetId(i as u16);
            let of_rows: Vec<CaseState> = match self.case_link(dataset) {
                _ if dataset == cases => states.to_vec(),
                None => continue,
                Some(link) => (0..self.rows(dataset)).map(|row| self.state_through(link, row, states)).collect(),
            };
            if let Some(table) = self.tables[i].as_mut() {
                table.cases = of_rows;
            }
        }
    }

    fn state_through(&self, link: LinkId, row: u32, states: &[CaseState]) -> CaseState {
        match self.links.follow(link, true, row) {
            Target::Row { row: case, way } if self.is_sure(link, row, way) => states[case as usize],
            Target::Row { .. } => CaseState::Unknown(Cause::Incomplete),
            Target::Unknown(cause) => CaseState::Unknown(cause),
        }
    }

    /// Whether more rows could not have led elsewhere. Over a dataset that did not all arrive that is so only for the first
    /// way whose columns the row fills, and only where no two rows share them: a weaker way may find another row of the same
    /// person.
    fn is_sure(&self, link: LinkId, row: u32, way: u8) -> bool {
        let link = &self.pack.links[link.index()];
        if self.completeness(link.to) == Completeness::Whole {
            return true;
        }
        let fills = |way: &[(ColumnId, ColumnId)]| {
            let mut cells = way.iter().map(|&(column, _)| self.cell(CellRef { dataset: link.from, row, column }));
            cells.all(|cell| matches!(cell, Cell::Present(_)))
        };
        let is_first = link.ways.iter().position(|way| fills(way)) == Some(usize::from(way));
        let to: Vec<ColumnId> = link.ways.get(usize::from(way)).into_iter().flatten().map(|&(_, to)| to).collect();
        is_first && self.pack.get(link.to).keys.iter().any(|key| key.iter().all(|column| to.contains(column)))
    }

    /// Makes a column unknown in the rows of one part (file and sheet) of the delivery: what stands there is not what its
    /// header says.
    pub fn refuse(&mut self, dataset: DatasetId, column: ColumnId, part: (u16, u16)) {
        let Some(table) = self.tables.get_mut(dataset.index()).and_then(Option::as_mut) else { return };
        let of_part = |row: &u32| {
            let other = table.source.get(*row as usize).and_then(|&source| table.merged.of_cell(source, column));
            let chunk = match other {
                Some(place) => table.chunks.get(place.chunk as usize),
                None => table.chunk(*row),
            };
            chunk.is_some_and(|chunk| (chunk.file, chunk.sheet) == part)
        };
        let rows: Vec<u32> = (0..table.source.len() as u32).filter(of_part).collect();
        let Some(cells) = table.columns.get_mut(column.index()) else { return };
        rows.into_iter().for_each(|row| cells.set(row, Cell::Unknown(Cause::Unreadable)));
    }

    /// Builds the index that [`Store::rows_where`] answers from.
    pub fn index(&mut self, dataset: DatasetId, column: ColumnId) {
        if let Some(table) = self.table(dataset) {
            let index = Index::of(&table.columns[column.index()]);
            self.indexes.insert((dataset, column), index);
        }
    }
}

impl StoreTable {
    fn ordered(pack: &Pack, table: Table, clusters: Vec<u32>) -> StoreTable {
        let rows = table.records.len() as u32;
        let keys = pack.get(table.dataset).keys.iter().flatten().map(|column| column.index());
        // Of the rest, texts come last: they lie far apart in memory.
        let is_text =
            |&column: &usize| matches!(table.columns[column].kind(), Kind::TextList) || table.columns[column].kind().is_textual();
        let (texts, others): (Vec<usize>, Vec<usize>) = (0..table.columns.len()).partition(is_text);
        let mut compared: Vec<usize> = Vec::with_capacity(table.columns.len());
        for column in keys.chain(others).chain(texts) {
            if !compared.contains(&column) {
                compared.push(column);
            }
        }
        let rank = |row| compared.first().map_or(0, |&column| table.columns[column].rank(row));
        let order = order(&clusters, rank, |a, b| {
            let mut orders = compared.iter().map(|&column| table.columns[column].compare(a, b));
            orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
        StoreTable {
            columns: table.columns.into_par_iter().map(|column| column.permuted(&order)).collect(),
            chunks: table.chunks,
            clusters: order.iter().map(|&old| clusters[old as usize]).collect(),
            source: order,
            records: table.records,
            places: table.places,
            unfolded: table.unfolded,
            merged: table.merged,
            incomplete: table.incomplete,
            refused: table.refused,
            cases: vec![CaseState::Open; rows as usize],
            derived: Vec::new(),
        }
    }
}

/// Rows of a cluster so many that they are worth sorting on several threads.
const MANY: usize = 4_096;

/// The rows by cluster, and those of a cluster in the order of their content; equal ones stay as they are. `rank` may tell the
/// order of two rows beforehand.
fn order(clusters: &[u32], rank: impl Fn(u32) -> u64 + Sync, compare: impl Fn(u32, u32) -> Ordering + Sync) -> Vec<u32> {
    let groups = Groups::of(clusters.iter().map(|&cluster| Some(cluster)));
    let mut slices: Vec<&mut [u32]> = Vec::with_capacity(groups.len());
    let (ends, mut order) = groups.into_parts();
    let (mut rest, mut start) = (&mut order[..], 0);
    for end in ends {
        let (slice, behind) = rest.split_at_mut((end - start) as usize);
        slices.push(slice);
        (rest, start) = (behind, end);
    }
    slices.into_par_iter().filter(|slice| slice.len() > 1).for_each(|slice| {
        let mut ranked: Vec<(u64, u32)> = slice.iter().map(|&row| (rank(row), row)).collect();
        let compare = |a: &(u64, u32), b: &(u64, u32)| a.0.cmp(&b.0).then_with(|| compare(a.1, b.1));
        if ranked.len() < MANY {
            ranked.sort_by(compare)
        } else {
            ranked.par_sort_by(compare)
        }
        slice.iter_mut().zip(ranked).for_each(|(row, (_, sorted))| *row = sorted);
    });
    order
}
