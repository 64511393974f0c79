//! Blocks: runs of rows that own their text, and the rows and cells that borrow from them.
//!
//! A cell costs no allocation: text cells are spans of the piece of the file that the block was made of, workbook cells lie in one
//! vector.

use super::{RawCell, RowPlace};

/// A run of rows that owns its text, so that blocks can be handed to other threads.
#[derive(Debug)]
pub struct Block {
    text: String,
    cells: Cells,
    rows: Vec<RowHead>,
    /// What the places of its rows are counted from.
    base: Base,
}

/// Rows and lines before a block, where the places of its own rows are counted from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Base {
    /// Rows of the sheet.
    pub(crate) row: u32,
    /// Physical lines.
    pub(crate) line: u32,
}

#[derive(Debug)]
enum Cells {
    /// Where each cell's text begins and ends.
    Dense(Vec<(u32, u32)>),
    /// Cells that hold something, by rising column within a row.
    Placed(Vec<PlacedCell>),
}

#[derive(Debug, Clone, Copy)]
struct RowHead {
    first: u32,
    place: RowPlace,
}

/// A workbook cell with its sheet column; texts point into the block.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacedCell {
    pub(super) column: u16,
    pub(super) value: PlacedValue,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum PlacedValue {
    Text(u32, u32),
    Error(u32, u32),
    Number(f64),
    Serial(f64),
    Bool(bool),
}

impl Block {
    /// A block without rows over delimited text; cells are spans of it.
    pub(super) fn dense(text: String) -> Block {
        let length = text.len();
        let (cells, rows) = (Vec::with_capacity(length / 12), Vec::with_capacity(length / 96));
        Block { text, cells: Cells::Dense(cells), rows, base: Base::default() }
    }

    /// An empty block for workbook rows.
    pub(super) fn placed() -> Block {
        Block { text: String::new(), cells: Cells::Placed(Vec::new()), rows: Vec::new(), base: Base::default() }
    }

    /// Adds a piece of text, for workbook cells to point at.
    pub(super) fn push_text(&mut self, piece: &str) {
        self.text.push_str(piece);
    }

    /// Adds a cell that is a span of the text (dense blocks).
    pub(super) fn push_span(&mut self, start: usize, end: usize) {
        if let Cells::Dense(spans) = &mut self.cells {
            spans.push((start as u32, end as u32));
        }
    }

    /// Adds a cell with a text of its own (dense blocks).
    pub(super) fn push_cell(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.push_span(start, self.text.len());
    }

    /// The text; pieces pushed stand behind what it was made with.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Counts the places of its rows from here.
    pub(super) fn set_base(&mut self, base: Base) {
        self.base = base;
    }

    /// Number of cells so far.
    pub(super) fn cell_count(&self) -> usize {
        match &self.cells {
            Cells::Dense(spans) => spans.len(),
            Cells::Placed(cells) => cells.len(),
        }
    }

    /// Takes back the cells from index `first` on.
    pub(super) fn drop_cells(&mut self, first: usize) {
        if let Cells::Dense(spans) = &mut self.cells {
            spans.truncate(first);
        }
    }

    /// Adds a whole workbook row (placed blocks).
    pub(super) fn push_row(&mut self, place: RowPlace, row: &[PlacedCell]) {
        self.start_row(self.cell_count(), place);
        if let Cells::Placed(cells) = &mut self.cells {
            cells.extend_from_slice(row);
        }
    }

    /// Notes that the cells from index `first` on are a row.
    pub(super) fn start_row(&mut self, first: usize, place: RowPlace) {
        self.rows.push(RowHead { first: first as u32, place });
    }

    /// Bytes of text so far.
    pub(super) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// Its rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).map(move |index| {
            let head = self.rows[index];
            let end = self.rows.get(index + 1).map_or(self.cell_count(), |next| next.first as usize);
            let place = RowPlace {
                sheet_row: head.place.sheet_row + self.base.row,
                line: head.place.line + self.base.line,
                ..head.place
            };
            Row { block: self, place, first: head.first as usize, end }
        })
    }
}

/// A row of raw cells.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    block: &'a Block,
    place: RowPlace,
    first: usize,
    end: usize,
}

impl<'a> Row<'a> {
    /// Where it stands.
    pub fn place(&self) -> RowPlace {
        self.place
    }

    /// Number of cells, from its first column to its last one.
    pub fn len(&self) -> usize {
        match &self.block.cells {
            Cells::Dense(_) => self.end - self.first,
            Cells::Placed(cells) => cells[self.first..self.end]
                .last()
                .map_or(0, |last| usize::from(last.column) + 1 - usize::from(self.place.first_column)),
        }
    }

    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.first == self.end
    }

    /// The cell at an index counted from the row's first column; [`RawCell::Empty`] behind the last.
    pub fn cell(&self, index: usize) -> RawCell<'a> {
        match &self.block.cells {
            Cells::Dense(spans) => {
                let at = self.first + index;
                let Some(&(start, end)) = spans.get(at).filter(|_| at < self.end) else { return RawCell::Empty };
                match self.block.slice(start, end) {
                    "" => RawCell::Empty,
                    text => RawCell::Text(text),
                }
            }
            Cells::Placed(cells) => {
                let row = &cells[self.first..self.end];
                let column = usize::from(self.place.first_column) + index;
                // Rows are dense as a rule; then the cell is where its index says.
                let found = match row.get(index) {
                    Some(cell) if usize::from(cell.column) == column => Some(cell),
                    _ => row.binary_search_by_key(&column, |cell| usize::from(cell.column)).ok().map(|at| &row[at]),
                };
                found.map_or(RawCell::Empty, |cell| self.block.value(cell.value))
            }
        }
    }
}

impl Block {
    fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    fn value(&self, value: PlacedValue) -> RawCell<'_> {
        match value {
            PlacedValue::Text(start, end) => RawCell::Text(self.slice(start, end)),
            PlacedValue::Error(start, end) => RawCell::Error(self.slice(start, end)),
            PlacedValue::Number(number) => RawCell::Number(number),
            PlacedValue::Serial(serial) => RawCell::Serial(serial),
            PlacedValue::Bool(yes) => RawCell::Bool(yes),
        }
    }
}
