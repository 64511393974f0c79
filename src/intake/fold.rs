//! Parts of all sheets to one table a dataset. Rows of one key that say the same fold; rows that fill each other's gaps become
//! one; of two snapshots the newest counts; rows that contradict each other stay and are told.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::merge::{Elsewhere, Merged, says};
use super::part::Part;
use super::{Chunk, Column, Table};
use crate::calendar::Date;
use crate::model::{ColumnId, Dataset, DatasetId, ProfileId};
use crate::value::{Cell, Value};

/// Where a part came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Whence {
    /// Index of the file.
    pub(super) file: u16,
    /// Index of the sheet in the file.
    pub(super) sheet: u16,
    /// The layout.
    pub(super) profile: ProfileId,
    /// The day it describes, if it says so.
    pub(super) day: Option<Date>,
}

impl Whence {
    /// Whether `other` is a newer snapshot of the same layout.
    fn is_older_than(&self, other: &Whence) -> bool {
        self.profile == other.profile && self.day.zip(other.day).is_some_and(|(mine, newer)| mine < newer)
    }
}

/// What became of the rows of a part that were not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Folds {
    /// Said again what a row says.
    pub(super) folded: u32,
    /// Filled gaps of a row.
    pub(super) merged: u32,
    /// Older than a row of a newer snapshot, and different.
    pub(super) older: u32,
}

/// Two rows of one key that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conflict {
    /// File, sheet and sheet row of both.
    pub(super) at: [(u16, u16, u32); 2],
    /// The columns.
    pub(super) columns: Vec<ColumnId>,
}

/// A table that grows part by part, in the order of the files.
#[derive(Debug)]
pub(super) struct Folder {
    table: Table,
    /// Where each chunk came from.
    whence: Vec<Whence>,
    /// Hash of each row's values.
    hashes: Vec<u64>,
    /// For each column that is not held, a short hash of each of its cells; 0 = says nothing.
    prints: Vec<Vec<u16>>,
    /// First row of each key, by hash of which key and its values; a clash of hashes takes the next free number.
    first: HashMap<u64, u32>,
    /// Rows that share the key of a first row but not its values.
    others: BTreeMap<u32, Vec<u32>>,
    /// The chunks that filled gaps of a row.
    filled_by: BTreeMap<u32, Vec<u32>>,
    conflict: Option<Conflict>,
    /// Rows without a key of feeds that fold, by hash of their values.
    keyless: BTreeSet<u64>,
    /// Whether a feed that holds all rows of the dataset was there.
    whole: bool,
}

/// Who tells rows apart: the first key of the dataset whose columns are all known, and its values.
type Key = (usize, Vec<Value>);

/// What becomes of a row.
enum Fate {
    New,
    Folded(u32),
    Merged(u32),
    Older,
    /// A row that only adds to others, and there is no other.
    Dropped,
}

/// The part that is being added.
struct Adding {
    part: Part,
    whence: Whence,
    /// Rows of it that were added.
    kept: Vec<u32>,
    /// Row number of the first of them.
    first: u32,
    /// Number of its chunk.
    chunk: u32,
}

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
            merged: Merged::default(),
            incomplete: Vec::new(),
            refused: 0,
        };
        Folder {
            table,
            whence: Vec::new(),
            hashes: Vec::new(),
            prints: vec![Vec::new(); dataset.columns.len()],
            first: HashMap::new(),
            others: BTreeMap::new(),
            filled_by: BTreeMap::new(),
            conflict: None,
            keyless: BTreeSet::new(),
            whole: false,
        }
    }

    /// Whether a feed that holds all rows of the dataset was there.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Adds the rows of a sheet, less those that fold into rows already here. Feeds that only add to others come last, newer
    /// snapshots before older ones.
    pub(super) fn add(&mut self, dataset: &Dataset, part: Part, whence: Whence) -> Folds {
        let mut folds = Folds::default();
        self.whole |= !part.secondary;
        let (first, chunk) = (self.table.records.len() as u32, self.table.chunks.len() as u32);
        let mut adding = Adding { kept: Vec::with_capacity(part.stands.len()), part, whence, first, chunk };
        for row in 0..adding.part.len() {
            match self.fate(dataset, &mut adding, row) {
                Fate::New => {
                    adding.kept.push(row);
                    self.hashes.push(adding.part.hashes[row as usize]);
                }
                Fate::Folded(held) => {
                    folds.folded += 1;
                    // That a case stands on each of its grants is no news.
                    if !adding.part.distinct {
                        self.table.merged.add(adding.elsewhere(row, held));
                    }
                }
                Fate::Merged(held) => {
                    folds.merged += 1;
                    self.merge(&mut adding, row, held);
                }
                Fate::Older => folds.older += 1,
                Fate::Dropped => {}
            }
        }
        let Adding { part, kept, .. } = adding;
        if first == 0 && kept.len() == part.stands.len() {
            self.table.columns = part.columns;
        } else {
            for (column, new) in self.table.columns.iter_mut().zip(&part.columns) {
                column.append(new, &kept);
            }
        }
        for (held, new) in self.prints.iter_mut().zip(&part.prints).filter(|(held, new)| !held.is_empty() || !new.is_empty()) {
            held.resize(first as usize, 0);
            held.extend(kept.iter().map(|&row| new.get(row as usize).copied().unwrap_or(0)));
        }
        for stand in kept.iter().map(|&row| part.stands[row as usize]) {
            self.table.records.push(stand.record);
            self.table.places.push((stand.sheet_row, stand.line));
        }
        self.table.unfolded.extend(kept.iter().map(|&row| part.unfolded[row as usize]));
        self.whence.push(whence);
        self.table.chunks.push(Chunk {
            file: whence.file,
            sheet: whence.sheet,
            first,
            rows: kept.len() as u32,
            sheet_columns: part.sheet_columns,
            month_columns: part.month_columns,
            delivered: part.delivered,
        });
        folds
    }

    fn fate(&mut self, dataset: &Dataset, adding: &mut Adding, row: u32) -> Fate {
        let number = adding.first + adding.kept.len() as u32;
        let hash = adding.part.hashes[row as usize];
        let alone = if adding.part.secondary && self.whole { Fate::Dropped } else { Fate::New };
        let Some(key) = key_of(dataset, &adding.part.columns, row) else {
            let again = adding.part.distinct && !self.keyless.insert(hash);
            return if again { Fate::Dropped } else { alone };
        };
        let mut at = key_hash(&key);
        let held = loop {
            let Some(&held) = self.first.get(&at) else {
                if matches!(alone, Fate::New) {
                    self.first.insert(at, number);
                }
                return alone;
            };
            let other = match held.checked_sub(adding.first) {
                Some(i) => key_of(dataset, &adding.part.columns, adding.kept[i as usize]),
                None => key_of(dataset, &self.table.columns, held),
            };
            if other.as_ref() == Some(&key) {
                break held;
            }
            at = at.wrapping_add(1);
        };
        let others = self.others.get(&held).map_or(&[][..], Vec::as_slice);
        let same = || std::iter::once(held).chain(others.iter().copied());
        if let Some(equal) = same().find(|&other| self.hashes[other as usize] == hash) {
            let stays = dataset.repeats && equal >= adding.first;
            return if stays { Fate::New } else { Fate::Folded(equal) };
        }
        if same().any(|other| self.stands_newer(other, adding)) {
            return Fate::Older;
        }
        let mut mergeable = same().filter(|&other| self.may_merge(other, adding));
        if let Some(found) = mergeable.find(|&other| self.differing(other, adding, row).is_empty()) {
            return Fate::Merged(found);
        }
        if self.conflict.is_none() {
            let columns = self.differing(held, adding, row).into_iter().map(|c| ColumnId(c as u16)).collect();
            self.conflict = Some(Conflict { at: [self.place(held, adding), adding.place(row)], columns });
        }
        self.others.entry(held).or_default().push(number);
        Fate::New
    }

    /// Whether a row stands in a newer snapshot of the layout that is being added.
    fn stands_newer(&self, row: u32, adding: &Adding) -> bool {
        if row >= adding.first || adding.whence.day.is_none() {
            return false;
        }
        let newer = |chunk: usize| self.whence.get(chunk).is_some_and(|of| adding.whence.is_older_than(of));
        newer(self.chunk_of(row)) || self.filled_by.get(&row).is_some_and(|by| by.iter().any(|&chunk| newer(chunk as usize)))
    }

    fn chunk_of(&self, row: u32) -> usize {
        self.table.chunks.partition_point(|chunk| chunk.first <= row).saturating_sub(1)
    }

    /// Two rows of one sheet are two records, unless the feed says the same again and again.
    fn may_merge(&self, row: u32, adding: &Adding) -> bool {
        adding.part.distinct || (row < adding.first && self.filled_by.get(&row).is_none_or(|by| !by.contains(&adding.chunk)))
    }

    /// Columns in which a row that is here and one of the part say different things.
    fn differing(&self, held: u32, adding: &Adding, row: u32) -> Vec<usize> {
        let part = &adding.part;
        let differs = |&c: &usize| {
            if part.is_printed(c) {
                let (a, b) = (self.print(held, adding, c), part.print(c, row));
                return a != 0 && b != 0 && a != b;
            }
            match (self.cell(held, adding, c), part.columns[c].get(row)) {
                (Cell::Present(a), Cell::Present(b)) => a != b,
                _ => false,
            }
        };
        (0..part.columns.len()).filter(|&c| part.is_compared(c)).filter(differs).collect()
    }

    fn cell(&self, row: u32, adding: &Adding, column: usize) -> Cell {
        match row.checked_sub(adding.first) {
            Some(i) => adding.part.columns[column].get(adding.kept[i as usize]),
            None => self.table.columns[column].get(row),
        }
    }

    fn print(&self, row: u32, adding: &Adding, column: usize) -> u16 {
        match row.checked_sub(adding.first) {
            Some(i) => adding.part.print(column, adding.kept[i as usize]),
            None => self.prints[column].get(row as usize).copied().unwrap_or(0),
        }
    }

    fn place(&self, row: u32, adding: &Adding) -> (u16, u16, u32) {
        match row.checked_sub(adding.first) {
            Some(i) => adding.place(adding.kept[i as usize]),
            None => {
                let chunk = &self.table.chunks[self.chunk_of(row)];
                (chunk.file, chunk.sheet, self.table.places[row as usize].0)
            }
        }
    }

    /// Fills the gaps of a row that is here.
    fn merge(&mut self, adding: &mut Adding, row: u32, held: u32) {
        let mut place = None;
        for c in 0..adding.part.columns.len() {
            let new = adding.part.columns[c].get(row);
            if !adding.part.is_printed(c) && says(&new) > says(&self.cell(held, adding, c)) {
                let place = *place.get_or_insert_with(|| self.table.merged.add(adding.elsewhere(row, held)));
                self.table.merged.give(held, ColumnId(c as u16), place);
                match held.checked_sub(adding.first) {
                    Some(i) => adding.part.columns[c].set(adding.kept[i as usize], new),
                    None => self.table.columns[c].set(held, new),
                }
            }
            let print = adding.part.print(c, row);
            if print != 0 && self.print(held, adding, c) == 0 {
                match held.checked_sub(adding.first) {
                    Some(i) => adding.part.set_print(c, adding.kept[i as usize], print),
                    None => {
                        let rows = self.table.records.len();
                        let prints = &mut self.prints[c];
                        prints.resize(rows, 0);
                        prints[held as usize] = print;
                    }
                }
            }
        }
        if place.is_none() && !adding.part.distinct {
            self.table.merged.add(adding.elsewhere(row, held));
        }
        let by = self.filled_by.entry(held).or_default();
        if !by.contains(&adding.chunk) {
            by.push(adding.chunk);
        }
    }

    /// The table, the number of keys that stand in rows with different values, and the first of them.
    pub(super) fn finish(mut self) -> (Table, u32, Option<Conflict>) {
        self.table.merged.sort();
        (self.table, self.others.len() as u32, self.conflict)
    }
}

impl Adding {
    fn elsewhere(&self, row: u32, held: u32) -> Elsewhere {
        let stand = self.part.stands[row as usize];
        let month = self.part.unfolded[row as usize];
        let (record, sheet_row, line) = (stand.record, stand.sheet_row, stand.line);
        Elsewhere { row: held, chunk: self.chunk, record, sheet_row, line, month }
    }

    fn place(&self, row: u32) -> (u16, u16, u32) {
        (self.whence.file, self.whence.sheet, self.part.stands[row as usize].sheet_row)
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
