//! Cells of a workbook, as calamine gives them, to rows and blocks.

use std::sync::mpsc::SyncSender;

use calamine::{Data, DataRef, Range};

use super::binary::LostValue;
use super::block::{Block, PlacedCell, PlacedValue};
use super::workbook::Wanted;
use super::{MAX_COLUMNS, MAX_ROWS, RowPlace, why};
use crate::calendar::Date;
use crate::locale::Bilingual;

/// A block ends with the row that reaches this many bytes of text or cells.
const BLOCK_TEXT: usize = 1024 * 1024;
const BLOCK_CELLS: usize = 64 * 1024;
/// Text one row may hold, as for text files.
const MAX_ROW_TEXT: usize = super::cutter::MAX_RECORD;
/// What a formula shows that was saved without a value.
const UNVALUED: &str = "=?";

/// Gathers cells to rows and rows to blocks.
pub(super) struct RowBuilder {
    send: SyncSender<Block>,
    wanted: Wanted,
    /// How many of the cells that calamine does not give were added.
    lost: usize,
    /// Formulas without a value.
    unvalued: u32,
    /// Added to serial numbers.
    pub(super) shift: f64,
    block: Block,
    /// 0-based sheet row of `cells`.
    row: u32,
    cells: Vec<PlacedCell>,
    row_text: usize,
}

impl RowBuilder {
    pub(super) fn new(send: SyncSender<Block>, wanted: Wanted) -> RowBuilder {
        RowBuilder {
            send,
            wanted,
            lost: 0,
            unvalued: 0,
            shift: 0.0,
            block: Block::placed(),
            row: 0,
            cells: Vec::new(),
            row_text: 0,
        }
    }

    /// Adds the cells that calamine does not give, up to a row; `false` when nobody wants more.
    pub(super) fn add_lost(&mut self, up_to: u32) -> Result<bool, Bilingual> {
        let lost = self.wanted.lost.clone();
        while let Some(cell) = lost.get(self.lost).filter(|cell| cell.place.0 <= up_to) {
            self.lost += 1;
            if !self.begin(cell.place)? {
                return Ok(false);
            }
            let value = match &cell.value {
                LostValue::Error(shown) => self.text(shown)?.map(|(start, end)| PlacedValue::Error(start, end)),
                LostValue::Text(text) => self.text(text)?.map(|(start, end)| PlacedValue::Text(start, end)),
            };
            self.put(cell.place.1, value);
        }
        Ok(true)
    }

    pub(super) fn add_range(&mut self, range: &Range<Data>, formulas: &Range<String>) -> Result<(), Bilingual> {
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut values = range.rows().zip(first_row..).peekable();
        let (formula_row, formula_column) = formulas.start().unwrap_or_default();
        let mut formulas = formulas.rows().zip(formula_row..).peekable();
        // Formulas may stand where no value is.
        while let Some(row) = values.peek().map(|next| next.1).into_iter().chain(formulas.peek().map(|next| next.1)).min() {
            let cells = values.next_if(|next| next.1 == row).map_or(&[][..], |next| next.0);
            for (cell, column) in cells.iter().zip(first_column..) {
                if !self.add((row, column), &borrowed(cell))? {
                    return Ok(());
                }
            }
            let of_row = formulas.next_if(|next| next.1 == row).map_or(&[][..], |next| next.0);
            for (_, column) in of_row.iter().zip(formula_column..).filter(|(formula, _)| !formula.is_empty()) {
                let value = column.checked_sub(first_column).and_then(|at| cells.get(at as usize));
                if value.is_none_or(|value| *value == Data::Empty) && !self.add_result((row, column), &DataRef::Empty, true)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Adds a cell that may be a formula; `false` when nobody wants more.
    pub(super) fn add_result(&mut self, place: (u32, u32), value: &DataRef<'_>, is_formula: bool) -> Result<bool, Bilingual> {
        let is_zero = || matches!(value, DataRef::Int(0)) || matches!(value, DataRef::Float(number) if number.abs() == 0.0);
        if !is_formula || !(matches!(value, DataRef::Empty) || (self.wanted.uncalculated && is_zero())) {
            return self.add(place, value);
        }
        let wanted = self.begin(place)?;
        if wanted {
            self.unvalued = self.unvalued.saturating_add(1);
            let shown = self.text(UNVALUED)?.map(|(start, end)| PlacedValue::Error(start, end));
            self.put(place.1, shown);
        }
        Ok(wanted)
    }

    /// Adds a cell; `false` when nobody wants more.
    pub(super) fn add(&mut self, place: (u32, u32), cell: &DataRef<'_>) -> Result<bool, Bilingual> {
        let wanted = self.begin(place)?;
        if wanted {
            let value = self.value(cell)?;
            self.put(place.1, value);
        }
        Ok(wanted)
    }

    /// Goes to the row of a cell; `false` when nobody wants more.
    fn begin(&mut self, (row, column): (u32, u32)) -> Result<bool, Bilingual> {
        if row >= MAX_ROWS || column as usize >= MAX_COLUMNS {
            return Err(why::beyond_excel());
        }
        if row != self.row {
            if row < self.row {
                return Err(why::rows_out_of_order());
            }
            if !self.end_row() || row >= self.wanted.last_row {
                return Ok(false);
            }
            self.row = row;
        }
        Ok(true)
    }

    /// Puts a value into the row.
    fn put(&mut self, column: u32, value: Option<PlacedValue>) {
        let Some(value) = value else { return };
        let cell = PlacedCell { column: column as u16, value };
        match self.cells.last() {
            // Out of order, or the same cell twice: the later one counts.
            Some(last) if last.column >= cell.column => match self.cells.binary_search_by_key(&cell.column, |c| c.column) {
                Ok(at) => self.cells[at] = cell,
                Err(at) => self.cells.insert(at, cell),
            },
            _ => self.cells.push(cell),
        }
    }

    fn value(&mut self, cell: &DataRef<'_>) -> Result<Option<PlacedValue>, Bilingual> {
        Ok(match cell {
            DataRef::Empty => None,
            DataRef::Int(number) => Some(PlacedValue::Number(*number as f64)),
            DataRef::Float(number) => Some(PlacedValue::Number(*number)),
            DataRef::Bool(yes) => Some(PlacedValue::Bool(*yes)),
            // A length of time is a number of days, not a day.
            DataRef::DateTime(moment) if moment.is_duration() => Some(PlacedValue::Number(moment.as_f64())),
            DataRef::DateTime(moment) => Some(PlacedValue::Serial(moment.as_f64() + self.shift)),
            DataRef::DateTimeIso(text) => match iso_serial(text) {
                Some(serial) => Some(PlacedValue::Serial(serial)),
                None => self.text(text)?.map(|(start, end)| PlacedValue::Text(start, end)),
            },
            DataRef::String(text) | DataRef::DurationIso(text) => {
                self.text(text)?.map(|(start, end)| PlacedValue::Text(start, end))
            }
            DataRef::SharedString(text) => self.text(text)?.map(|(start, end)| PlacedValue::Text(start, end)),
            DataRef::Error(error) => self.text(&error.to_string())?.map(|(start, end)| PlacedValue::Error(start, end)),
        })
    }

    /// Where the text stands in the block; an empty text is an empty cell.
    fn text(&mut self, text: &str) -> Result<Option<(u32, u32)>, Bilingual> {
        self.row_text += text.len();
        if self.row_text > MAX_ROW_TEXT {
            return Err(why::long_record(self.row + 1, MAX_ROW_TEXT >> 20));
        }
        let start = self.block.text_len() as u32;
        self.block.push_text(text);
        Ok((!text.is_empty()).then(|| (start, self.block.text_len() as u32)))
    }

    /// `false` when nobody wants more.
    fn end_row(&mut self) -> bool {
        if let Some(first) = self.cells.first() {
            let place = RowPlace { sheet_row: self.row + 1, line: self.row + 1, first_column: first.column };
            self.block.push_row(place, &self.cells);
            self.cells.clear();
        }
        self.row_text = 0;
        if self.block.text_len() < BLOCK_TEXT && self.block.cell_count() < BLOCK_CELLS {
            return true;
        }
        self.send.send(std::mem::replace(&mut self.block, Block::placed())).is_ok()
    }

    pub(super) fn finish(mut self) -> Result<u32, Bilingual> {
        self.end_row();
        if self.block.row_count() > 0 {
            // When nobody waits for it, it is not missed.
            let _ = self.send.send(self.block);
        }
        Ok(self.unvalued)
    }
}

fn borrowed(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// The serial number of a day as ODS writes it; a moment within a day stays text.
fn iso_serial(text: &str) -> Option<f64> {
    let day = Date::parse_iso(text.strip_suffix("T00:00:00").unwrap_or(text))?;
    let epoch = Date::from_ymd(1899, 12, 30)?;
    // Up to February 1900 workbooks count a day that never was.
    (day >= Date::from_ymd(1900, 3, 1)?).then(|| f64::from(day.days() - epoch.days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_days_become_serials() {
        assert_eq!(iso_serial("2024-03-02"), Some(45_353.0));
        assert_eq!(iso_serial("2024-03-02T00:00:00"), Some(45_353.0));
        assert_eq!(iso_serial("2024-03-02T08:30:00"), None);
        assert_eq!(iso_serial("1899-12-31"), None);
    }
}
