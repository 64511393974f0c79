//! Workbooks to blocks, through calamine.
//!
//! Everything of calamine runs on a thread of its own. Its cell readers borrow from the workbook, and a thread can own both
//! while the blocks go out through a channel; and calamine indexes without looking on damaged input (`xlsb`: a shared string
//! that is not there; `xlsx`: a cell reference beyond 32 bits), so that a panic ends the thread and becomes a sentence. The
//! panic hook still sees it; the threads are named [`THREAD`] so that a program can keep it quiet.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use calamine::{
    Data, DataRef, Dimensions, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError,
    Xlsx, XlsxError,
};

use super::binary::{Lost, LostValue};
use super::block::{Block, PlacedCell, PlacedValue};
use super::package::Seen;
use super::{Format, MAX_COLUMNS, MAX_ROWS, RowPlace, SheetInfo, SheetState, why};
use crate::calendar::Date;
use crate::locale::Bilingual;

/// Name of the threads calamine runs on.
pub const THREAD: &str = "workbook";
/// Blocks that may wait to be taken.
const WAITING: usize = 2;
/// A block ends with the row that reaches this many bytes of text or cells.
const BLOCK_TEXT: usize = 1024 * 1024;
const BLOCK_CELLS: usize = 64 * 1024;
/// Text one row may hold, as for text files.
const MAX_ROW_TEXT: usize = super::cutter::MAX_RECORD;
/// What a formula shows that was saved without a value.
const UNVALUED: &str = "=?";
/// Days between the first days of the 1900 and the 1904 system.
const EPOCH_1904: f64 = 1462.0;

type Input = BufReader<File>;

/// What a workbook says of itself.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) sheets: Vec<SheetInfo>,
    /// What a look over the file has seen of each.
    pub(super) seen: Vec<Seen>,
    /// Whether it counts days from 1904.
    pub(super) epoch_1904: bool,
}

/// Opens a workbook and lists its sheets of cells. `seen` goes by all its sheets.
pub(super) fn contents(path: &Path, format: Format, seen: Vec<Seen>) -> Result<Contents, Bilingual> {
    let path = path.to_owned();
    let reading = spawn(move || {
        let workbook = Workbook::open(&path, format)?;
        let seen = seen.into_iter().chain(std::iter::repeat_with(Seen::default));
        let of_cells = workbook.sheets().iter().zip(seen).filter(|(sheet, _)| sheet.typ == SheetType::WorkSheet);
        let (sheets, seen) = of_cells.map(|(sheet, seen)| (info(sheet), seen)).unzip();
        Ok(Contents { sheets, seen, epoch_1904: workbook.epoch_1904() })
    })?;
    reading.join().unwrap_or_else(|_| Err(why::gave_up()))
}

fn info(sheet: &Sheet) -> SheetInfo {
    let state = match sheet.visible {
        SheetVisible::Visible => SheetState::Visible,
        SheetVisible::Hidden => SheetState::Hidden,
        SheetVisible::VeryHidden => SheetState::VeryHidden,
    };
    SheetInfo { name: Some(sheet.name.as_str().into()), state }
}

fn spawn<T: Send + 'static>(job: impl FnOnce() -> Result<T, Bilingual> + Send + 'static) -> Result<Reading<T>, Bilingual> {
    thread::Builder::new().name(THREAD.to_owned()).spawn(job).map_err(|error| why::io(&error))
}

type Reading<T> = JoinHandle<Result<T, Bilingual>>;

/// What is wanted of a workbook.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) sheet: Arc<str>,
    /// The last 1-based sheet row.
    pub(super) last_row: u32,
    /// Whether a formula whose value is 0 may never have been worked out.
    pub(super) uncalculated: bool,
    /// Cells that calamine does not give, by rising rows.
    pub(super) lost: Arc<[Lost]>,
}

/// The blocks of one sheet.
#[derive(Debug)]
pub(super) struct WorkbookBlocks {
    blocks: Option<Receiver<Block>>,
    reading: Option<Reading<u32>>,
    /// Rows handed out, and the sheet row of the last one.
    handed_out: u32,
    last_row: u32,
    /// After the last block: formulas without a value.
    unvalued: u32,
}

impl WorkbookBlocks {
    /// Begins to read.
    pub(super) fn new(path: PathBuf, format: Format, wanted: Wanted) -> Result<WorkbookBlocks, Bilingual> {
        let (send, receive) = sync_channel(WAITING);
        let sheet = wanted.sheet.clone();
        let rows = RowBuilder::new(send, wanted);
        let reading = spawn(move || Workbook::open(&path, format)?.read(&sheet, rows))?;
        Ok(WorkbookBlocks { blocks: Some(receive), reading: Some(reading), handed_out: 0, last_row: 0, unvalued: 0 })
    }

    pub(super) fn next(&mut self) -> Result<Option<Block>, Bilingual> {
        if let Some(block) = self.blocks.as_ref().and_then(|blocks| blocks.recv().ok()) {
            self.handed_out += block.row_count() as u32;
            self.last_row = block.rows().last().map_or(self.last_row, |row| row.place().sheet_row);
            return Ok(Some(block));
        }
        match self.reading.take().map(JoinHandle::join) {
            None => Ok(None),
            Some(Ok(Ok(unvalued))) => {
                self.unvalued = unvalued;
                Ok(None)
            }
            Some(Ok(Err(why))) => Err(why),
            Some(Err(_)) => Err(why::gave_up()),
        }
    }

    pub(super) fn blank_rows(&self) -> u32 {
        self.last_row - self.handed_out
    }

    pub(super) fn unvalued(&self) -> u32 {
        self.unvalued
    }
}

impl Drop for WorkbookBlocks {
    /// Nobody wants the rest: the thread notices at its next block.
    fn drop(&mut self) {
        self.blocks = None;
        if let Some(reading) = self.reading.take() {
            let _ = reading.join();
        }
    }
}

enum Workbook {
    Xlsx(Box<Xlsx<Input>>),
    Xlsb(Box<Xlsb<Input>>),
    Xls(Box<Xls<Input>>),
    Ods(Box<Ods<Input>>),
}

impl Workbook {
    fn open(path: &Path, format: Format) -> Result<Workbook, Bilingual> {
        let input = BufReader::new(File::open(path).map_err(|error| why::io(&error))?);
        Ok(match format {
            Format::Xlsx => Workbook::Xlsx(Box::new(Xlsx::new(input).map_err(|error| xlsx_why(&error))?)),
            Format::Xlsb => Workbook::Xlsb(Box::new(Xlsb::new(input).map_err(|error| xlsb_why(&error))?)),
            Format::Xls => Workbook::Xls(Box::new(Xls::new(input).map_err(|error| xls_why(&error))?)),
            Format::Ods => Workbook::Ods(Box::new(Ods::new(input).map_err(|error| ods_why(&error))?)),
            Format::Csv | Format::SapList | Format::Html => return Err(why::not_a_workbook()),
        })
    }

    fn sheets(&self) -> &[Sheet] {
        match self {
            Workbook::Xlsx(book) => book.sheets_metadata(),
            Workbook::Xlsb(book) => book.sheets_metadata(),
            Workbook::Xls(book) => book.sheets_metadata(),
            Workbook::Ods(book) => book.sheets_metadata(),
        }
    }

    fn epoch_1904(&self) -> bool {
        match self {
            Workbook::Xlsx(book) => book.has_1904_epoch(),
            Workbook::Xlsb(book) => book.has_1904_epoch(),
            Workbook::Xls(book) => book.has_1904_epoch(),
            Workbook::Ods(_) => false,
        }
    }

    /// Reads a sheet cell by cell; XLS and ODS are in memory whole. Gives the number of formulas without a value.
    fn read(&mut self, sheet: &str, mut rows: RowBuilder) -> Result<u32, Bilingual> {
        rows.shift = if self.epoch_1904() { EPOCH_1904 } else { 0.0 };
        match self {
            Workbook::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| xlsx_why(&error))?;
                check(cells.dimensions())?;
                while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| xlsx_why(&error))? {
                    if !rows.add_result(cell.pos, &cell.value, cell.formula.is_some())? {
                        break;
                    }
                }
            }
            Workbook::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| xlsb_why(&error))?;
                check(cells.dimensions())?;
                while let Some(cell) = cells.next_cell().map_err(|error| xlsb_why(&error))? {
                    let place = cell.get_position();
                    if !rows.add_lost(place.0)? || !rows.add(place, cell.get_value())? {
                        return rows.finish();
                    }
                }
                rows.add_lost(u32::MAX)?;
            }
            Workbook::Xls(book) => {
                let range = book.worksheet_range(sheet).map_err(|error| xls_why(&error))?;
                rows.add_range(&range, &Range::default())?;
            }
            Workbook::Ods(book) => {
                let range = book.worksheet_range(sheet).map_err(|error| ods_why(&error))?;
                let formulas = book.worksheet_formula(sheet).map_err(|error| ods_why(&error))?;
                rows.add_range(&range, &formulas)?;
            }
        }
        rows.finish()
    }
}

fn check(dimensions: Dimensions) -> Result<(), Bilingual> {
    let (row, column) = dimensions.end;
    if row >= MAX_ROWS || column as usize >= MAX_COLUMNS { Err(why::beyond_excel()) } else { Ok(()) }
}

// calamine's own sentences may quote a cell, so only their kind is passed on.
fn xlsx_why(error: &XlsxError) -> Bilingual {
    match error {
        XlsxError::Password => why::encrypted(),
        XlsxError::CellError(_) => why::odd_error(),
        XlsxError::WorksheetNotFound(_) | XlsxError::NotAWorksheet(_) => why::no_sheet(),
        _ => why::damaged(),
    }
}

fn xlsb_why(error: &XlsbError) -> Bilingual {
    match error {
        XlsbError::Password => why::encrypted(),
        XlsbError::WorksheetNotFound(_) => why::no_sheet(),
        _ => why::damaged(),
    }
}

fn xls_why(error: &XlsError) -> Bilingual {
    match error {
        XlsError::Password => why::encrypted(),
        XlsError::WorksheetNotFound(_) => why::no_sheet(),
        _ => why::damaged(),
    }
}

fn ods_why(error: &OdsError) -> Bilingual {
    match error {
        OdsError::Password => why::encrypted(),
        OdsError::WorksheetNotFound(_) => why::no_sheet(),
        OdsError::CellLimitExceeded { .. } => why::too_many_cells(),
        _ => why::damaged(),
    }
}

/// Gathers cells to rows and rows to blocks.
struct RowBuilder {
    send: SyncSender<Block>,
    wanted: Wanted,
    /// How many of the cells that calamine does not give were added.
    lost: usize,
    /// Formulas without a value.
    unvalued: u32,
    /// Added to serial numbers.
    shift: f64,
    block: Block,
    /// 0-based sheet row of `cells`.
    row: u32,
    cells: Vec<PlacedCell>,
    row_text: usize,
}

impl RowBuilder {
    fn new(send: SyncSender<Block>, wanted: Wanted) -> RowBuilder {
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
    fn add_lost(&mut self, up_to: u32) -> Result<bool, Bilingual> {
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

    fn add_range(&mut self, range: &Range<Data>, formulas: &Range<String>) -> Result<(), Bilingual> {
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
    fn add_result(&mut self, place: (u32, u32), value: &DataRef<'_>, is_formula: bool) -> Result<bool, Bilingual> {
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
    fn add(&mut self, place: (u32, u32), cell: &DataRef<'_>) -> Result<bool, Bilingual> {
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

    fn finish(mut self) -> Result<u32, Bilingual> {
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
