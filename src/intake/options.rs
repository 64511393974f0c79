//! What the caller may settle about reading; `config` fills it.

use std::path::PathBuf;

use crate::export::ExportOptions;
use crate::model::ProfileId;

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
    /// Sheet name, instead of all visible sheets.
    pub sheet: Option<String>,
    /// Sheet row of the header, instead of finding it.
    pub header_row: Option<u32>,
    /// Header spellings for columns of the profile: dataset, column, header as written.
    pub columns: Vec<(String, String, String)>,
    /// Whether its absence is a failure.
    pub required: bool,
    /// The last line of these files need not end, whatever the profile says.
    pub open_last_line: bool,
    /// Encoding and delimiter.
    pub export: ExportOptions,
}

/// A file of the delivery that could be an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Path to open.
    pub path: PathBuf,
    /// Path relative to the delivery, forward slashes.
    pub shown: String,
}
