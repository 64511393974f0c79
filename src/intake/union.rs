//! Unions: datasets whose rows are those of others. Each row keeps the place of the row it is.

use std::collections::BTreeMap;

use super::merge::Elsewhere;
use super::{Chunk, Column, Merged, Table};
use crate::model::{ColumnId, Dataset, DatasetId, Pack, UnionPart, UnionSource};
use crate::problem::Place;
use crate::rule::LoadPlan;
use crate::value::{Cause, Cell, Kind, Timestamp, Value};

/// Adds the tables of the unions that are wanted, in the order of the datasets. A union none of whose datasets was delivered
/// has none.
pub(super) fn add(pack: &Pack, plan: &LoadPlan, tables: &mut Vec<Table>) {
    for (i, dataset) in pack.datasets.iter().enumerate() {
        let id = DatasetId(i as u16);
        if dataset.union.is_empty() || !plan.datasets.contains(&id) {
            continue;
        }
        if let Some(table) = united(pack, id, dataset, tables) {
            let at = tables.partition_point(|held| held.dataset < id);
            tables.insert(at, table);
        }
    }
}

fn united(pack: &Pack, id: DatasetId, dataset: &Dataset, tables: &[Table]) -> Option<Table> {
    let mut table = Table {
        dataset: id,
        columns: dataset.columns.iter().map(|column| Column::new(column.kind)).collect(),
        chunks: Vec::new(),
        records: Vec::new(),
        places: Vec::new(),
        unfolded: Vec::new(),
        merged: Merged::default(),
        incomplete: Vec::new(),
        refused: 0,
    };
    let mut delivered = false;
    for part in &dataset.union {
        match tables.iter().find(|held| held.dataset == part.dataset) {
            Some(source) => {
                delivered = true;
                take(&mut table, part, source);
            }
            // Rows may be missing: nothing can be concluded from what the union lacks.
            None => table.incomplete.push(Place::file(pack.get(part.dataset).name.clone())),
        }
    }
    delivered.then_some(table)
}

fn take(table: &mut Table, part: &UnionPart, source: &Table) {
    let (kept, undecided) = rows(part, source);
    let of = |to: usize| part.columns.iter().find(|(column, _)| column.index() == to).map(|(_, from)| from);
    for (to, column) in table.columns.iter_mut().enumerate() {
        match of(to) {
            Some(UnionSource::Column(from)) => fill(column, &source.columns[from.index()], &kept),
            Some(UnionSource::Constant(text)) => kept.iter().for_each(|_| column.push_text(text)),
            None => {
                let cells = Column::unknown(column.kind(), kept.len() as u32, Cause::NotDelivered);
                column.append(&cells, &(0..kept.len() as u32).collect::<Vec<_>>());
            }
        }
    }
    elsewhere(table, part, source, &kept);
    let width = table.columns.len();
    for chunk in &source.chunks {
        let rows = kept.iter().filter(|row| (chunk.first..chunk.first + chunk.rows).contains(row));
        let first = table.records.len() as u32;
        for &row in rows {
            table.records.push(source.records[row as usize]);
            table.places.push(source.places[row as usize]);
            table.unfolded.push(source.unfolded[row as usize]);
        }
        let column = |to: usize| match of(to) {
            Some(UnionSource::Column(from)) => Some(from.index()),
            _ => None,
        };
        table.chunks.push(Chunk {
            file: chunk.file,
            sheet: chunk.sheet,
            first,
            rows: table.records.len() as u32 - first,
            sheet_columns: (0..width).map(|to| chunk.sheet_columns[column(to)?]).collect(),
            month_columns: chunk.month_columns.as_ref().map(|months| {
                let renamed = |to: usize| {
                    let (_, sheet_columns) = months.iter().find(|(from, _)| Some(from.index()) == column(to))?;
                    Some((ColumnId(to as u16), *sheet_columns))
                };
                (0..width).filter_map(renamed).collect()
            }),
            delivered: (0..width)
                .map(|to| match of(to) {
                    Some(UnionSource::Column(from)) => chunk.delivered[from.index()],
                    Some(UnionSource::Constant(_)) => true,
                    None => false,
                })
                .collect(),
        });
    }
    table
        .incomplete
        .extend(source.incomplete.iter().filter(|place| !table.incomplete.contains(place)).cloned().collect::<Vec<_>>());
    table.refused += source.refused + undecided;
}

/// The other places of rows that were kept.
fn elsewhere(table: &mut Table, part: &UnionPart, source: &Table, kept: &[u32]) {
    if source.merged.is_empty() {
        return;
    }
    let (first, chunks) = (table.records.len() as u32, table.chunks.len() as u32);
    let row_of = |row: u32| kept.binary_search(&row).ok().map(|i| first + i as u32);
    let mut moved: BTreeMap<Elsewhere, u32> = BTreeMap::new();
    for place in source.merged.places() {
        if let Some(row) = row_of(place.row) {
            moved.insert(*place, table.merged.add(Elsewhere { row, chunk: chunks + place.chunk, ..*place }));
        }
    }
    for (row, from, place) in source.merged.cells() {
        let (Some(row), Some(&number)) = (row_of(row), moved.get(place)) else { continue };
        for (to, _) in part.columns.iter().filter(|(_, of)| *of == UnionSource::Column(from)) {
            table.merged.give(row, *to, number);
        }
    }
}

/// The rows that belong to the union, and how many of which it cannot be told.
fn rows(part: &UnionPart, source: &Table) -> (Vec<u32>, u32) {
    let all = 0..source.records.len() as u32;
    let Some((column, texts)) = &part.only else { return (all.collect(), 0) };
    let mut undecided = 0;
    let kept = all.filter(|row| match source.columns[column.index()].get(*row) {
        Cell::Present(Value::Text(text)) => texts.contains(&text),
        Cell::Unknown(_) => {
            undecided += 1;
            false
        }
        _ => false,
    });
    (kept.collect(), undecided)
}

fn fill(column: &mut Column, from: &Column, rows: &[u32]) {
    if column.kind() == from.kind() {
        column.append(from, rows);
        return;
    }
    for &row in rows {
        column.push(match from.get(row) {
            Cell::Present(value) if column.kind() == Kind::Date => {
                day_of(&value).map_or(Cell::Unknown(Cause::Unreadable), Cell::Present)
            }
            Cell::Present(_) => Cell::Unknown(Cause::Unreadable),
            other => other,
        });
    }
}

fn day_of(value: &Value) -> Option<Value> {
    match value {
        Value::Timestamp(Timestamp::Day(day)) => Some(Value::Date(*day)),
        Value::Timestamp(Timestamp::At(at)) => at.danish().map(|(day, ..)| Value::Date(day)),
        _ => None,
    }
}
