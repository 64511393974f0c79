//! The tables of a file as they are written: rows above them dropped, headers found, damaged records mended where only one
//! reading makes sense, several tables told apart. No profile and no model; what was done is counted.

mod layout;
mod record;
mod rows;
mod search;
mod shape;

use super::RowPlace;
use crate::locale::Bilingual;
use layout::{Ahead, Layout, joined};
use record::Expected;
use rows::{Rows, Taken};

pub(super) use rows::{SheetRows, TextRows};

/// Records looked at to see how a table is laid out.
const SAMPLE: usize = 300;
/// Places of mended or uneven rows that are kept; the rest is counted.
const PLACES: usize = 20;

/// A part of a file's tables, in their order.
#[derive(Debug)]
pub enum Piece<'a> {
    /// A table begins.
    Table {
        /// Its header, several lines joined by blanks; `None` when its first row is a record.
        header: Option<&'a [String]>,
        /// The row of its header's last line, or of its first record.
        place: RowPlace,
    },
    /// A record.
    Row {
        /// Its cells, at least as many as the table is wide.
        cells: &'a [String],
        /// Where it stands.
        place: RowPlace,
        /// Whether its cells surely stand under their headers: it was not mended and has the width of its table.
        sure: bool,
    },
}

/// What was seen and done while reading a sheet's tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GridReport {
    /// Tables.
    pub tables: u32,
    /// Records.
    pub records: u64,
    /// Rows above headers, dropped.
    pub above: u64,
    /// Blank rows.
    pub blank: u64,
    /// Header lines of the first table.
    pub header_lines: u32,
    /// Records that were mended, and the physical lines of the first of them.
    pub mended: (u64, Vec<u32>),
    /// Records that have more or fewer cells than their table, kept as written, and the lines of the first of them.
    pub uneven: (u64, Vec<u32>),
}

impl GridReport {
    fn note(held: &mut (u64, Vec<u32>), line: u32) {
        held.0 += 1;
        if held.1.len() < PLACES {
            held.1.push(line);
        }
    }
}

/// Reads all tables of `rows`. `sink` says whether to go on.
pub(super) fn read(rows: &mut dyn Rows, sink: &mut dyn FnMut(Piece<'_>) -> bool) -> Result<GridReport, Bilingual> {
    let mut report = GridReport::default();
    while one_table(rows, sink, &mut report)? {}
    report.blank = rows.blank();
    Ok(report)
}

/// Reads a table; whether there may be another.
fn one_table(rows: &mut dyn Rows, sink: &mut dyn FnMut(Piece<'_>) -> bool, report: &mut GridReport) -> Result<bool, Bilingual> {
    let ahead = rows.ahead(SAMPLE)?;
    if ahead.is_empty() {
        return Ok(false);
    }
    let layout = Layout::of(&ahead, |at, width, columns| rows.mend(at, &Expected { width, columns }));
    let expected = Expected { width: layout.width, columns: &layout.columns };
    for _ in 0..layout.above {
        rows.next(None)?;
    }
    report.above += layout.above as u64;
    let mut lines = Vec::new();
    let mut place = rows.place();
    // A header does not look like the records.
    let of_header = Expected { width: layout.width, columns: &shape::Columns::default() };
    for _ in 0..layout.header_lines {
        place = rows.place();
        let Some(line) = rows.next(Some(&of_header))? else { break };
        place.line = line.place.line;
        place.sheet_row = line.place.sheet_row;
        if line.mended {
            GridReport::note(&mut report.mended, line.place.line);
        }
        let cells = without_spare_cell(line.cells, layout.width);
        if cells.len() != layout.width {
            GridReport::note(&mut report.uneven, line.place.line);
        }
        lines.push(cells);
    }
    if report.tables == 0 {
        report.header_lines = lines.len() as u32;
    }
    report.tables += 1;
    let header = (!lines.is_empty()).then(|| joined(&lines, layout.width));
    let mut go_on = sink(Piece::Table { header: header.as_deref(), place });
    let mut is_first = true;
    while go_on {
        if !is_first && begins_table(rows, &layout)? {
            return Ok(true);
        }
        is_first = false;
        let Some(mut taken) = rows.next(Some(&expected))? else { return Ok(false) };
        count(&taken, &layout, report);
        let sure = !taken.mended && !taken.uneven && taken.cells.len() <= layout.width;
        if taken.cells.len() < layout.width {
            taken.cells.resize(layout.width, String::new());
        }
        go_on = sink(Piece::Row { cells: &taken.cells, place: taken.place, sure });
    }
    Ok(false)
}

fn count(taken: &Taken, layout: &Layout, report: &mut GridReport) {
    report.records += 1;
    if taken.mended {
        GridReport::note(&mut report.mended, taken.place.line);
    } else if taken.uneven || taken.cells.len() > layout.width {
        GridReport::note(&mut report.uneven, taken.place.line);
    }
}

/// A header with one cell more than its records, that one empty.
fn without_spare_cell(mut cells: Vec<String>, width: usize) -> Vec<String> {
    let mut empty = (0..cells.len()).filter(|&at| cells[at].trim().is_empty());
    if let (true, Some(at), None) = (cells.len() == width + 1, empty.next(), empty.next()) {
        cells.remove(at);
    }
    cells
}

/// Whether another table begins at the next record: words over columns of its own, or a title behind a blank row.
fn begins_table(rows: &mut dyn Rows, layout: &Layout) -> Result<bool, Bilingual> {
    if layout.width < 2 || !rows.may_begin_table(layout) {
        return Ok(false);
    }
    let ahead = rows.ahead(12)?;
    let Some(first) = ahead.first() else { return Ok(false) };
    let is_title = first.after_blank && shape::filled(&first.cells) == 1;
    let head = if is_title { ahead.get(1) } else { Some(first) };
    let Some(head) = head else { return Ok(false) };
    let width = head.cells.len();
    let behind: Vec<&Ahead> = ahead[1 + usize::from(is_title)..].iter().take_while(|record| !record.after_blank).collect();
    let alike = behind.iter().take_while(|record| record.cells.len() == width).count();
    if layout.repeats_header(&head.cells) {
        return Ok(true);
    }
    if width < 2 || shape::filled(&head.cells) < 2 || alike == 0 || (alike < 2 && alike < behind.len()) {
        return Ok(false);
    }
    let columns = shape::Columns::of(behind[..alike].iter().map(|record| &record.cells), width);
    Ok(columns.is_header(&head.cells) && (width != layout.width || layout.columns.is_header(&head.cells)))
}
