//! Delimited text to blocks: decodes and splits the pieces of a file, numbers the rows, and sees whether the file was cut off.

use std::collections::BTreeMap;

use super::block::Block;
use super::charset::Charset;
use super::cutter::{CutError, Cutter, MAX_RECORD, Piece, TextFile};
use super::fields::{Field, Stop, field, line_ends};
use super::grammar::Grammar;
use super::{MAX_COLUMNS, RowPlace, shown, why};
use crate::locale::Bilingual;
use crate::problem::CutSign;

/// Where a piece begins: enough to start reading there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checkpoint {
    offset: u64,
    row: u32,
    line: u32,
}

/// The blocks of a text file.
#[derive(Debug)]
pub(super) struct CsvBlocks<'a> {
    text: &'a TextFile,
    cutter: Cutter,
    /// The row and line that come next.
    row: u32,
    line: u32,
    blank_rows: u32,
    widths: Widths,
    checkpoints: Vec<Checkpoint>,
    cut: Option<(CutSign, u32)>,
    open_last_line: Option<u32>,
}

impl<'a> CsvBlocks<'a> {
    pub(super) fn new(text: &'a TextFile) -> Result<CsvBlocks<'a>, Bilingual> {
        let cutter = Cutter::new(text).map_err(|error| why::io(&error))?;
        // The separator line is a line of the file, but no row of the sheet.
        let row = u32::from(!text.separator_line);
        Ok(CsvBlocks::from(text, cutter, row, 1))
    }

    fn at(text: &'a TextFile, from: Checkpoint) -> Result<CsvBlocks<'a>, Bilingual> {
        let cutter = Cutter::at(text, from.offset).map_err(|error| why::io(&error))?;
        Ok(CsvBlocks::from(text, cutter, from.row, from.line))
    }

    fn from(text: &'a TextFile, cutter: Cutter, row: u32, line: u32) -> CsvBlocks<'a> {
        CsvBlocks {
            text,
            cutter,
            row,
            line,
            blank_rows: 0,
            widths: Widths::default(),
            checkpoints: Vec::new(),
            cut: None,
            open_last_line: None,
        }
    }

    pub(super) fn blank_rows(&self) -> u32 {
        self.blank_rows
    }

    pub(super) fn cut(&self) -> Option<(CutSign, u32)> {
        self.cut
    }

    pub(super) fn open_last_line(&self) -> Option<u32> {
        self.open_last_line
    }

    /// After the last block: where each piece began.
    pub(super) fn take_checkpoints(&mut self) -> Vec<Checkpoint> {
        std::mem::take(&mut self.checkpoints)
    }

    /// The next block; it may be empty, when its rows are blank.
    pub(super) fn next(&mut self) -> Result<Option<Block>, Bilingual> {
        let piece = match self.cutter.next() {
            Ok(Some(piece)) => piece,
            Ok(None) => return Ok(None),
            Err(CutError::Io(error)) => return Err(why::io(&error)),
            Err(CutError::Long) => return Err(why::long_record(self.line, MAX_RECORD / (1024 * 1024))),
        };
        self.checkpoints.push(Checkpoint { offset: piece.offset, row: self.row, line: self.line });
        let block = self.split(&piece)?;
        if let Some(lines) = piece.open_quote {
            self.cut = Some((CutSign::OpenQuote, self.line + lines));
        }
        Ok(Some(block))
    }

    fn split(&mut self, piece: &Piece) -> Result<Block, Bilingual> {
        let text = decode(&piece.bytes, self.text);
        let bytes = text.as_bytes();
        let mut block = Block::dense(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            let (first_cell, first_text) = (block.cell_count(), block.text_len());
            let mut lines = 1;
            let mut stop = Stop::Delimiter;
            while stop == Stop::Delimiter {
                let found = field(bytes, at, &self.text.grammar);
                lines += push_field(&mut block, &text, &found, &self.text.grammar);
                (at, stop) = (found.next, found.stop);
                if block.cell_count() - first_cell > MAX_COLUMNS {
                    return Err(why::wide_record(self.line));
                }
            }
            let width = (block.cell_count() - first_cell) as u32;
            let unended = piece.unended && stop != Stop::Line;
            // What is missing of a last record may be just what would fill it.
            let blank = !unended && block.text_len() == first_text;
            if unended {
                self.open_last_line = Some(self.line);
                if self.widths.is_narrow(width) {
                    self.cut = Some((CutSign::ShortRecord, self.line));
                }
            }
            if self.row == 0 {
                // The separator line; it can only be the first record of the first block.
                block = Block::dense(bytes.len());
            } else if blank {
                block.drop_empty_cells(first_cell);
                self.blank_rows += 1;
            } else {
                self.widths.note(width);
                block.start_row(first_cell, RowPlace { sheet_row: self.row, line: self.line, first_column: 0 });
            }
            self.row = self.row.checked_add(1).ok_or_else(why::too_many_rows)?;
            self.line = self.line.checked_add(lines).ok_or_else(why::too_many_rows)?;
        }
        Ok(block)
    }
}

/// Decodes a piece; what does not decode becomes U+FFFD.
fn decode<'p>(bytes: &'p [u8], text: &TextFile) -> std::borrow::Cow<'p, str> {
    // Text that is not direct was decoded before it was cut.
    let charset = if text.is_direct() { text.charset } else { Charset::UTF_8 };
    charset.decode(bytes)
}

/// Adds a field as a cell and says how many line ends it holds.
fn push_field(block: &mut Block, text: &str, found: &Field, grammar: &Grammar) -> u32 {
    let slice = |from: usize, to: usize| text.get(from..to).unwrap_or("");
    let mut lines = 0;
    match found.closing {
        None => block.push_text(slice(found.start, found.end)),
        Some(closing) => {
            let inner = slice(found.start + 1, closing);
            lines = line_ends(inner.as_bytes());
            grammar.unescaped(inner, |piece| block.push_text(piece));
            block.push_text(slice(closing + 1, found.end));
        }
    }
    block.end_cell();
    lines
}

/// How wide the rows are, to see whether the last one is whole.
#[derive(Debug, Default)]
struct Widths {
    rows: BTreeMap<u32, u64>,
    /// The width of the last rows and how many in a row had it.
    run: (u32, u64),
}

impl Widths {
    fn note(&mut self, width: u32) {
        if self.run.0 == width {
            self.run.1 += 1;
        } else {
            let (width_before, count) = std::mem::replace(&mut self.run, (width, 1));
            *self.rows.entry(width_before).or_default() += count;
        }
    }

    /// Whether `width` is less than the commonest width so far.
    fn is_narrow(&mut self, width: u32) -> bool {
        self.note(0);
        self.rows.remove(&0);
        self.rows.iter().max_by_key(|&(&width, &count)| (count, width)).is_some_and(|(&commonest, _)| width < commonest)
    }
}

/// The rows of a text file again, by rising sheet row. With checkpoints only the pieces that hold them are read.
pub(super) fn reread(
    text: &TextFile,
    checkpoints: &[Checkpoint],
    wanted: &[u32],
) -> Result<BTreeMap<u32, Vec<String>>, Bilingual> {
    let mut found = BTreeMap::new();
    let mut wanted: Vec<u32> = wanted.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let mut rest = &wanted[..];
    while let Some(&row) = rest.first() {
        let from = checkpoints.partition_point(|checkpoint| checkpoint.row <= row).checked_sub(1).filter(|_| text.is_direct());
        let mut blocks = match from {
            Some(index) => CsvBlocks::at(text, checkpoints[index])?,
            None => CsvBlocks::new(text)?,
        };
        // Without checkpoints this goes through the whole file, once.
        while let Some(block) = blocks.next()? {
            for row in block.rows().filter(|row| rest.binary_search(&row.place().sheet_row).is_ok()) {
                found.insert(row.place().sheet_row, shown::row(&row));
            }
            rest = &rest[rest.partition_point(|&row| row < blocks.row)..];
            if from.is_some() || rest.is_empty() {
                break;
            }
        }
        if from.is_none() || blocks.row <= row {
            break;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_narrow_against_the_commonest_width() {
        let mut widths = Widths::default();
        assert!(!widths.is_narrow(1));
        for width in [1, 5, 5, 4, 5] {
            widths.note(width);
        }
        assert!(widths.is_narrow(4));
        assert!(!widths.is_narrow(5));
        assert!(!widths.is_narrow(6));
    }
}
