//! Raw blocks to typed tables: which profile a sheet follows, where its header is, what each column means, what each cell
//! says; repairs, totals, duplicates, and a report of all of it.

mod cells;
pub mod column;
mod dictionary;
mod files;
mod fold;
mod header;
mod layout;
mod matching;
mod merge;
mod options;
mod part;
mod pass;
mod read;
mod sheet;
mod totals;
mod unfold;
mod union;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use column::{Column, Lane, Lanes};
pub use dictionary::Dictionary;
pub use files::meets;
pub use matching::{is_known, same_header};
pub use merge::{Elsewhere, Merged};
pub use options::{CellFormat, Found, IntakeOptions, Source};
pub use read::{read, read_watched};

use crate::calendar::Date;
use crate::export::{Dialect, Export, Format, Hidden};
use crate::model::{ColumnId, DatasetId, ProfileId};
use crate::problem::{Place, Problem};

/// Everything that was read in one night: tables, and what happened on the way.
#[derive(Debug)]
pub struct Delivery {
    /// Files in the order of their paths.
    pub files: Vec<FileReading>,
    /// One table per dataset that a sheet fed; unions of their sources. Ordered by dataset.
    pub tables: Vec<Table>,
    /// Problems of all files, in file order.
    pub problems: Vec<Problem>,
    /// Files and folders left out because the config or the caller said so.
    pub ignored: Vec<String>,
    /// Extract date stated by snapshot columns or file names.
    pub extract_date: ExtractDate,
}

/// What the files say of the day they describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExtractDate {
    /// The oldest stated day.
    pub oldest: Option<Date>,
    /// The newest stated day.
    pub newest: Option<Date>,
}

/// What reading one file gave: its part of the reading report.
#[derive(Debug)]
pub struct FileReading {
    /// Path relative to the delivery, forward slashes.
    pub path: Arc<str>,
    /// SHA-256, hexadecimal; empty when it could not be read.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
    /// What it is; `None` when unreadable.
    pub format: Option<Format>,
    /// How it is written, for text files.
    pub dialect: Option<Dialect>,
    /// Its sheets.
    pub sheets: Vec<SheetReading>,
    /// The open export, for `reread`; `None` when unreadable.
    pub export: Option<Export>,
}

/// What reading one sheet gave.
#[derive(Debug, Clone, Default)]
pub struct SheetReading {
    /// Sheet name; `None` for text files.
    pub name: Option<Arc<str>>,
    /// Index for [`Export::reread`].
    pub index: usize,
    /// Whether it was left out because Excel hides it.
    pub hidden: bool,
    /// Rows and columns that Excel does not show; they were read all the same.
    pub concealed: Hidden,
    /// The profile chosen.
    pub profile: Option<ProfileId>,
    /// Another profile that fits equally well.
    pub rival: Option<ProfileId>,
    /// Headers that mean something to the profile, of all headers.
    pub score: (u32, u32),
    /// The next best profile, and its score.
    pub runner_up: Option<(ProfileId, (u32, u32))>,
    /// Sheet row of the header.
    pub header_row: Option<u32>,
    /// Headers as written, by sheet column, and what each is used for (several datasets may use one).
    pub headers: Vec<HeaderReading>,
    /// Data records read.
    pub records: u32,
    /// Records left out, by reason.
    pub skipped: BTreeMap<Skip, u32>,
    /// Repairs, by kind.
    pub repairs: BTreeMap<Repair, u32>,
    /// Control totals: header, stated and computed as text, and whether they agree.
    pub totals: Vec<(Arc<str>, String, String, bool)>,
    /// CPR numbers read, and how many of them fail modulus 11 (information only).
    pub cpr_read: u32,
    /// See `cpr_read`.
    pub cpr_modulus_failed: u32,
}

/// A header and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderReading {
    /// As written.
    pub text: Arc<str>,
    /// 0-based sheet column.
    pub sheet_column: u16,
    /// Dataset columns fed from it; empty = not mapped.
    pub feeds: Vec<(DatasetId, ColumnId)>,
    /// Cells with something in them.
    pub filled: u32,
    /// Cells that do not read as their type.
    pub malformed: u32,
    /// What the first of those look like: digits as `#`, letters as `x`.
    pub shapes: Vec<String>,
}

/// Why a record was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// All cells empty.
    Blank,
    /// A total row.
    Total,
    /// The header again.
    RepeatedHeader,
    /// Not whole: the file was cut off here.
    Cut,
    /// Same content as a row already read (equal keys, equal values; its origin is kept).
    Folded,
    /// Filled gaps of a row with the same key in another file or sheet.
    Merged,
    /// A newer snapshot has a different row of the same key.
    Older,
    /// More or fewer cells than the header, so that cells cannot be told apart.
    Shifted,
}

/// What reading changed to make sense of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repair {
    /// A lost leading zero of a CPR was put back.
    CprZero,
    /// A number without date format was read as a day.
    SerialDate,
    /// A minus behind the number.
    TrailingMinus,
    /// White space, apostrophe or currency taken off.
    Trimmed,
    /// An end date that means "no end" (31-12-9999).
    OpenEnd,
    /// A date that means "no date" (01-01-1900).
    NoDate,
    /// A placeholder such as `-` or `N/A` read as empty.
    Placeholder,
    /// Another spelling of a code.
    CodeSpelling,
    /// A year of two digits read as one of four.
    ShortYear,
    /// `Efternavn, Fornavn` turned round.
    NameOrder,
    /// Floating-point noise beyond 15 digits taken off a workbook number.
    FloatNoise,
}

/// A dataset's rows from all its sources, in source order.
#[derive(Debug, Clone)]
pub struct Table {
    /// The dataset.
    pub dataset: DatasetId,
    /// One column per column of the dataset, in its order. Cells of a sheet that lacks the column are unknown
    /// ([`crate::value::Cause::NotDelivered`]), also in derived columns; so are those of a column that was not wanted.
    pub columns: Vec<Column>,
    /// Chunks of rows by source, covering all rows in order.
    pub chunks: Vec<Chunk>,
    /// For each row: its record (1-based data record of its sheet).
    pub records: Vec<u32>,
    /// For each row: sheet row and line.
    pub places: Vec<(u32, u32)>,
    /// For each row of an unfolded feed its month, 1-12, else 0.
    pub unfolded: Vec<u8>,
    /// Rows that stand in several places.
    pub merged: Merged,
    /// Why the dataset is not complete, if it is not: a place that is missing, cut off, unreadable or refused.
    pub incomplete: Vec<Place>,
    /// Rows refused one by one (cut, shifted), named on findings that rest on absence.
    pub refused: u32,
}

/// Rows of a table that came from one sheet.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// Index into [`Delivery::files`].
    pub file: u16,
    /// Index into [`FileReading::sheets`].
    pub sheet: u16,
    /// First row of the table that belongs to it.
    pub first: u32,
    /// Number of rows.
    pub rows: u32,
    /// Sheet column of each dataset column; `None` = not delivered by this sheet (constants and sheet names are delivered).
    pub sheet_columns: Vec<Option<u16>>,
    /// For an unfolded feed: the columns that come once a month, each with its sheet column for January to December.
    pub month_columns: Option<Vec<(ColumnId, [Option<u16>; 12])>>,
    /// Whether each dataset column was delivered.
    pub delivered: Vec<bool>,
}

#[cfg(test)]
mod tests;
