//! Bytes to raw cells: what a file is, its encoding and dialect, its rows, and where each stands.
//!
//! An [`Export`] knows nothing of datasets. It hands out [`Block`]s of rows whose cells borrow from the block, each row with
//! the numbers a person needs to find it; [`Export::reread`] fetches rows again when they must be shown.

use std::sync::Arc;

/// Limits and overrides for opening one file; `config` fills them from `[[source]]`.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// Encoding label (`windows-1252`, `cp850`), instead of detection.
    pub encoding: Option<String>,
    /// Field delimiter, instead of detection.
    pub delimiter: Option<Separator>,
    /// About how many bytes of a text file are read at a time, instead of a megabyte. What is read does not depend on it.
    pub piece: Option<usize>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Delimited text.
    Csv,
    /// A printed list of SAP.
    SapList,
    /// Tables of a web page, whatever its name.
    Html,
    /// Excel workbook (OOXML).
    Xlsx,
    /// Old Excel workbook.
    Xls,
    /// Binary Excel workbook.
    Xlsb,
    /// OpenDocument spreadsheet.
    Ods,
}

/// Whether Excel shows a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SheetState {
    /// Shown.
    Visible,
    /// Hidden.
    Hidden,
    /// Hidden from the menu too.
    VeryHidden,
}

/// A sheet of a workbook, or the one table of a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetInfo {
    /// Name; `None` for text files.
    pub name: Option<Arc<str>>,
    /// Whether Excel shows it.
    pub state: SheetState,
}

/// How a text file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// Encoding name as the WHATWG has it, or `IBM850`.
    pub encoding: &'static str,
    /// Whether the file began with a byte order mark.
    pub bom: bool,
    /// How fields are separated and quoted; a web page does neither.
    pub grammar: Option<Grammar>,
    /// Bytes that did not decode, replaced by U+FFFD.
    pub undecodable: u64,
    /// NUL characters in the text; kept where they stand.
    pub nuls: u64,
}

/// A raw cell, borrowed from its block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RawCell<'a> {
    /// Nothing.
    Empty,
    /// Text as written, quotes removed, white space kept.
    Text(&'a str),
    /// A workbook number; never computed with, only printed to at most 15 significant digits and read as a decimal.
    Number(f64),
    /// A workbook number under a date format: days since the workbook's epoch, already moved to the 1900 system.
    Serial(f64),
    /// A workbook yes/no.
    Bool(bool),
    /// An error cell, as shown (`#N/A`).
    Error(&'a str),
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowPlace {
    /// 1-based row as a spreadsheet shows it: a quoted line break stays inside its row, a blank line is a row.
    pub sheet_row: u32,
    /// 1-based physical line where the row begins; for workbooks the same as `sheet_row`.
    pub line: u32,
    /// 0-based sheet column of the row's first cell (workbooks may start right of A).
    pub first_column: u16,
}

/// Columns a sheet, and fields a record, may have: Excel's own limit.
pub(crate) const MAX_COLUMNS: usize = 16_384;
/// Rows a workbook sheet may have: Excel's own limit. Text files may have more.
pub(crate) const MAX_ROWS: u32 = 1_048_576;

mod binary;
mod block;
mod charset;
mod compound;
mod csv;
mod cutter;
mod detect;
mod dialect;
mod encoding;
mod fields;
mod gather;
mod gauge;
mod grammar;
mod grid;
mod hidden;
mod html;
mod ods;
mod package;
mod reader;
mod sap_list;
mod shared_strings;
mod shown;
mod survey;
mod why;
mod window;
mod workbook;

pub use block::{Block, Row};
pub use charset::is_encoding;
pub use grammar::{Escape, Grammar, Separator};
pub(crate) use why::io as io_why;

pub(crate) use block::Base;
pub use grid::{GridReport, Piece};
pub use hidden::Hidden;
pub use reader::{Blocks, Export};
pub(crate) use reader::{Measured, Rough};
pub use workbook::THREAD as WORKBOOK_THREAD;
