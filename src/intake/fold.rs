//! Parts of all sheets to one table a dataset; rows that say the same fold, rows that contradict each other are counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::part::Part;
use super::{Chunk, Column, Table};
use crate::model::{ColumnId, Dataset, DatasetId};
use crate::value::Value;

/// A table that grows part by part, in the order of the files.
#[derive(Debug)]
pub(super) struct Folder {
    table: Table,
    /// Hash of each row's values.
    hashes: Vec<u64>,
    /// First row of each key, by hash of which key and its values; a clash of hashes takes the next free number.
    first: HashMap<u64, u32>,
    /// Rows that share the key of a first row but not its values.
    others: BTreeMap<u32, Vec<u32>>,
    /// Rows without a key of feeds that fold, by hash of their values.
    keyless: BTreeSet<u64>,
}

/// Who tells rows apart: the first key of the dataset whose columns are all known, and its values.
type Key = (usize, Vec<Value>);

impl Folder {
    /// An empty table.
    pub(super) fn new(id: DatasetId, dataset: &Dataset) -> Folder {
        let table = Table {
            dataset: id,
            columns: dataset.columns.iter().map(|column| Column::new(column.kind)).collect(),
            chunks: Vec::new(),
            records: Vec::new(),
            places: Vec::new(),
            unfolded: Vec::new(),
            incomplete: Vec::new(),
            refused: 0,
        };
        Folder { table, hashes: Vec::new(), first: HashMap::new(), others: BTreeMap::new(), keyless: BTreeSet::new() }
    }

    /// Adds the rows of a sheet, less those that fold into rows already here. Gives the number that folded.
    pub(super) fn add(&mut self, dataset: &Dataset, part: Part, file: u16, sheet: u16) -> u32 {
        let first = self.table.records.len() as u32;
        let mut kept: Vec<u32> = Vec::with_capacity(part.stands.len());
        for row in 0..part.len() {
            let number = first + kept.len() as u32;
            if self.is_new(dataset, &part, &kept, first, row, number) {
                kept.push(row);
                self.hashes.push(part.hashes[row as usize]);
            }
        }
        if first == 0 && kept.len() == part.stands.len() {
            self.table.columns = part.columns;
        } else {
            for (column, new) in self.table.columns.iter_mut().zip(&part.columns) {
                column.append(new, &kept);
            }
        }
        for stand in kept.iter().map(|&row| part.stands[row as usize]) {
            self.table.records.push(stand.record);
            self.table.places.push((stand.sheet_row, stand.line));
        }
        self.table.unfolded.extend(kept.iter().map(|&row| part.unfolded[row as usize]));
        self.table.chunks.push(Chunk {
            file,
            sheet,
            first,
            rows: kept.len() as u32,
            sheet_columns: part.sheet_columns,
            month_columns: part.month_columns,
            delivered: part.delivered,
        });
        part.stands.len() as u32 - kept.len() as u32
    }

    fn is_new(&mut self, dataset: &Dataset, part: &Part, kept: &[u32], first: u32, row: u32, number: u32) -> bool {
        let hash = part.hashes[row as usize];
        let Some(key) = key_of(dataset, &part.columns, row) else {
            return !part.distinct || self.keyless.insert(hash);
        };
        let mut at = key_hash(&key);
        let held = loop {
            let Some(&held) = self.first.get(&at) else {
                self.first.insert(at, number);
                return true;
            };
            let other = match held.checked_sub(first) {
                Some(i) => key_of(dataset, &part.columns, kept[i as usize]),
                None => key_of(dataset, &self.table.columns, held),
            };
            if other.as_ref() == Some(&key) {
                break held;
            }
            at = at.wrapping_add(1);
        };
        let others = self.others.get(&held).map_or(&[][..], Vec::as_slice);
        if std::iter::once(&held).chain(others).any(|&other| self.hashes[other as usize] == hash) {
            return false;
        }
        self.others.entry(held).or_default().push(number);
        true
    }

    /// The table, and the number of keys that stand in rows with different values.
    pub(super) fn finish(self) -> (Table, u32) {
        (self.table, self.others.len() as u32)
    }
}

fn key_of(dataset: &Dataset, columns: &[Column], row: u32) -> Option<Key> {
    let values = |key: &Vec<ColumnId>| key.iter().map(|column| columns[column.index()].get(row).present()).collect::<Option<_>>();
    dataset.keys.iter().enumerate().find_map(|(i, key)| Some((i, values(key)?)))
}

fn key_hash(key: &Key) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
