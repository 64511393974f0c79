//! What the caller may settle about reading; `config` fills it.

use std::path::PathBuf;

use crate::calendar::Date;
use crate::export::ExportOptions;
use crate::model::{ColumnId, DatasetId, ProfileId};

/// How to read a delivery.
#[derive(Debug, Clone, Default)]
pub struct IntakeOptions {
    /// Sources of the config, in its order; the first whose pattern matches a file settles how it is read.
    pub sources: Vec<Source>,
    /// Files that are no exports (config, secret, facit): paths relative to the delivery, `*` matches within a name.
    pub ignore: Vec<String>,
}

/// One `[[source]]` of the config.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Name shown when it is missing.
    pub name: String,
    /// File name pattern relative to the delivery, `*` and `?` within a name; upper and lower case are the same.
    pub files: String,
    /// Profile, instead of matching headers.
    pub profile: Option<ProfileId>,
    /// The only dataset that these files feed.
    pub dataset: Option<DatasetId>,
    /// Sheet name, instead of all visible sheets.
    pub sheet: Option<String>,
    /// Sheet row of the header, instead of finding it.
    pub header_row: Option<u32>,
    /// Headers of columns, as written.
    pub columns: Vec<(DatasetId, ColumnId, String)>,
    /// How the cells of a column are written, where they cannot tell themselves.
    pub formats: Vec<(DatasetId, ColumnId, CellFormat)>,
    /// Texts of a column that mean "no value".
    pub sentinels: Vec<(DatasetId, ColumnId, Vec<String>)>,
    /// The day these files describe, whatever they say.
    pub delivered: Option<Date>,
    /// Whether its absence is a failure.
    pub required: bool,
    /// The last line of these files need not end, whatever the profile says.
    pub open_last_line: bool,
    /// Encoding and delimiter.
    pub export: ExportOptions,
}

/// How cells of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellFormat {
    /// `1.234,56`: the dot groups thousands.
    DotGroups,
    /// `1,234.56`: the comma groups thousands.
    CommaGroups,
    /// Whole øre: `123456` is 1.234,56.
    Hundredths,
    /// `12/31/2026`: the month before the day.
    MonthFirst,
}

impl CellFormat {
    /// The formats and how the config writes them: by an example.
    pub const WORDS: [(&'static str, CellFormat); 4] = [
        ("1.234,56", CellFormat::DotGroups),
        ("1,234.56", CellFormat::CommaGroups),
        ("øre", CellFormat::Hundredths),
        ("mm/dd/yyyy", CellFormat::MonthFirst),
    ];
}

/// A file of the delivery that could be an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Path to open.
    pub path: PathBuf,
    /// Path relative to the delivery, forward slashes.
    pub shown: String,
}
