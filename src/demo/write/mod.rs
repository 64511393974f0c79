//! Each system's own way of writing: columns, formats and dirt.
//!
//! A writer also says where each record came to stand, for the facit.

mod csv;
mod dubu;
mod opus;
mod pecunia;
mod taf;
mod xlsx;

use std::collections::BTreeMap;

use super::DemoFile;
use super::record::Municipality;
use crate::calendar::Date;

pub(super) use dubu::{examinations, grants};
pub(super) use opus::postings;
pub(super) use taf::{MONTHS, lost_earnings};

/// Where the records of one kind stand.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// File name.
    pub(super) file: String,
    /// By index of the record: its sheet, its data record in the sheet (from 1), its row as Excel shows it.
    pub(super) places: BTreeMap<usize, (Option<String>, u32, u32)>,
}

impl Layout {
    fn new(file: &str) -> Layout {
        Layout { file: file.to_owned(), places: BTreeMap::new() }
    }

    /// Records in the order written, after `above` sheet rows of title and header.
    fn in_order(file: &str, sheet: Option<&str>, order: &[usize], above: u32) -> Layout {
        let mut layout = Layout::new(file);
        layout.add(sheet, order, above);
        layout
    }

    fn add(&mut self, sheet: Option<&str>, order: &[usize], above: u32) {
        for (record, index) in (1..).zip(order) {
            self.places.insert(*index, (sheet.map(str::to_owned), record, above + record));
        }
    }
}

/// The files that no facit speaks of: cases and payments.
pub(super) fn cases_and_payments(m: &Municipality) -> [DemoFile; 2] {
    [dubu::cases(m), pecunia::payments(m)]
}

/// The indexes of `records`, sorted by what `key` says of them.
fn order<T, K: Ord>(records: &[T], key: impl Fn(&T) -> K) -> Vec<usize> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|&i| key(&records[i]));
    order
}

/// `31-12-2026` with the mark given.
fn danish(day: Date, mark: char) -> String {
    format!("{:02}{mark}{:02}{mark}{:04}", day.day(), day.month(), day.year())
}

/// `ddmmyy-xxxx`.
fn hyphened(cpr: &str) -> String {
    cpr.split_at_checked(6).map_or_else(|| cpr.to_owned(), |(day, serial)| format!("{day}-{serial}"))
}
