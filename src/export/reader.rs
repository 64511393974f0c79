//! Opening an export and streaming its rows.

use std::path::Path;
use std::sync::Arc;

use super::{Dialect, ExportOptions, Format, RawCell, RowPlace, SheetInfo};
use crate::problem::{CutSign, Problem};

/// A file, opened and recognised; rows are read on demand.
#[derive(Debug)]
pub struct Export {}

impl Export {
    /// Opens and recognises a file. `shown` is its path relative to the delivery.
    ///
    /// # Errors
    /// [`Problem::FileUnreadable`] or [`Problem::FileEmpty`].
    pub fn open(_path: &Path, _shown: Arc<str>, _options: &ExportOptions) -> Result<Export, Problem> {
        unimplemented!()
    }

    /// What it is.
    pub fn format(&self) -> Format {
        unimplemented!()
    }

    /// How it is written, for text files.
    pub fn dialect(&self) -> Option<&Dialect> {
        unimplemented!()
    }

    /// Size in bytes.
    pub fn size(&self) -> u64 {
        unimplemented!()
    }

    /// SHA-256 of its bytes, hexadecimal.
    pub fn sha256(&self) -> &str {
        unimplemented!()
    }

    /// Its sheets, in order; text files have one without a name.
    pub fn sheets(&self) -> &[SheetInfo] {
        unimplemented!()
    }

    /// Streams the rows of a sheet, blank rows left out but counted in the places.
    ///
    /// # Errors
    /// [`Problem::FileUnreadable`] when the sheet cannot be read.
    pub fn blocks(&self, _sheet: usize) -> Result<Blocks<'_>, Problem> {
        unimplemented!()
    }

    /// The raw texts of rows of a sheet, each by its 1-based sheet row in rising order; cells from sheet column A on.
    /// `None` for a row that is not there any more.
    ///
    /// # Errors
    /// [`Problem::ChangedWhileRead`] when the file is no longer the one that was read.
    pub fn reread(&self, _sheet: usize, _sheet_rows: &[u32]) -> Result<Vec<Option<Vec<String>>>, Problem> {
        unimplemented!()
    }
}

/// Rows of a sheet, block by block.
#[derive(Debug)]
pub struct Blocks<'a> {
    _export: &'a Export,
}

impl Blocks<'_> {
    /// After the last block: how the data shows that it was cut off, and the physical line, if it does.
    pub fn cut(&self) -> Option<(CutSign, u32)> {
        unimplemented!()
    }

    /// After the last block: the physical line of a last record that has no line end.
    pub fn open_last_line(&self) -> Option<u32> {
        unimplemented!()
    }
}

impl Iterator for Blocks<'_> {
    type Item = Result<Block, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        unimplemented!()
    }
}

/// A run of rows that owns its text, so that blocks can be handed to other threads.
#[derive(Debug)]
pub struct Block {}

impl Block {
    /// Its rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        std::iter::empty()
    }
}

/// A row of raw cells.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    _block: &'a Block,
}

impl<'a> Row<'a> {
    /// Where it stands.
    pub fn place(&self) -> RowPlace {
        unimplemented!()
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        unimplemented!()
    }

    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell at an index counted from the row's first column; [`RawCell::Empty`] behind the last.
    pub fn cell(&self, _index: usize) -> RawCell<'a> {
        unimplemented!()
    }
}
