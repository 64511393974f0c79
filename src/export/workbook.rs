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
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use calamine::{
    Dimensions, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};

use super::binary::Lost;
use super::block::Block;
use super::gather::RowBuilder;
use super::package::Seen;
use super::{Format, MAX_COLUMNS, MAX_ROWS, SheetInfo, SheetState, why};
use crate::locale::Bilingual;

/// Name of the threads calamine runs on.
pub const THREAD: &str = "workbook";
/// Blocks that may wait to be taken.
const WAITING: usize = 2;
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
