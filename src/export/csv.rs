//! Delimited text to blocks: decodes and splits the pieces of a file, numbers the rows, and sees whether the file was cut off.

use std::collections::BTreeMap;

use super::block::{Base, Block};
use super::charset::Charset;
use super::cutter::{Cutter, MAX_RECORD, Piece, TextFile};
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
    /// Whether the next piece begins with the line `sep=;`.
    separator_line: bool,
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
        Ok(CsvBlocks { separator_line: text.separator_line, ..CsvBlocks::from(text, cutter, row, 1) })
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
            separator_line: false,
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
        let Some(unsplit) = self.next_unsplit()? else { return Ok(None) };
        let (mut block, measure) = unsplit.split();
        block.set_base(self.settle(measure)?);
        Ok(Some(block))
    }

    /// The next piece, whole records all of it, for any thread to split.
    pub(super) fn next_unsplit(&mut self) -> Result<Option<Unsplit<'a>>, Bilingual> {
        let Some(piece) = self.cutter.next().map_err(|error| why::io(&error))? else { return Ok(None) };
        // The separator line is the first record of the first piece.
        let separator_line = std::mem::take(&mut self.separator_line);
        Ok(Some(Unsplit { text: self.text, piece, separator_line }))
    }

    /// Takes what splitting the next piece measured, and says what its rows are counted from.
    pub(super) fn settle(&mut self, measure: Measure) -> Result<Base, Bilingual> {
        let base = Base { row: self.row, line: self.line };
        // Only now is its line known.
        if measure.too_long {
            return Err(why::long_record(self.line, MAX_RECORD / (1024 * 1024)));
        }
        if let Some(line) = measure.wide {
            return Err(why::wide_record(base.line + line));
        }
        self.checkpoints.push(Checkpoint { offset: measure.offset, row: self.row, line: self.line });
        self.blank_rows += measure.blank_rows;
        self.widths.merge(measure.widths);
        if let Some((line, width)) = measure.unended {
            self.open_last_line = Some(base.line + line);
            if self.widths.is_narrow(width) {
                self.cut = Some((CutSign::ShortRecord, base.line + line));
            }
        }
        self.row = self.row.checked_add(measure.rows).ok_or_else(why::too_many_rows)?;
        self.line = self.line.checked_add(measure.lines).ok_or_else(why::too_many_rows)?;
        if let Some(lines) = measure.open_quote {
            self.cut = Some((CutSign::OpenQuote, self.line + lines));
        }
        Ok(base)
    }
}

/// Whole records that are still bytes.
#[derive(Debug)]
pub(super) struct Unsplit<'a> {
    text: &'a TextFile,
    piece: Piece,
    separator_line: bool,
}

/// What splitting a piece measured; rows and lines are counted from its beginning.
#[derive(Debug)]
pub(crate) struct Measure {
    offset: u64,
    bytes: u64,
    rows: u32,
    lines: u32,
    blank_rows: u32,
    widths: Widths,
    /// Line and width of a last record that has no line end.
    unended: Option<(u32, u32)>,
    open_quote: Option<u32>,
    /// The line of a record of too many fields: nothing of the piece counts.
    wide: Option<u32>,
    /// It stands for a record that is too long.
    too_long: bool,
}

impl Measure {
    /// Bytes of the piece.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Unsplit<'_> {
    /// Decodes and splits.
    pub(super) fn split(self) -> (Block, Measure) {
        let Unsplit { text: file, piece, separator_line } = self;
        let (grammar, unended) = (&file.grammar, piece.unended);
        let mut measure = Measure {
            offset: piece.offset,
            bytes: piece.bytes.len() as u64,
            rows: 0,
            lines: 0,
            blank_rows: 0,
            widths: Widths::default(),
            unended: None,
            open_quote: piece.open_quote,
            wide: None,
            too_long: piece.too_long,
        };
        let mut block = Block::dense(decoded(piece.bytes, file));
        let length = block.text().len();
        let mut at = 0;
        while at < length {
            let first_cell = block.cell_count();
            let (mut lines, mut filled) = (1, false);
            let mut stop = Stop::Delimiter;
            while stop == Stop::Delimiter {
                let found = field(block.text().as_bytes().get(..length).unwrap_or_default(), at, grammar);
                let (inside, holds) = push_field(&mut block, &found, grammar);
                lines += inside;
                filled |= holds;
                (at, stop) = (found.next, found.stop);
                if block.cell_count() - first_cell > MAX_COLUMNS {
                    measure.wide = Some(measure.lines);
                    block.drop_cells(first_cell);
                    return (block, measure);
                }
            }
            let width = (block.cell_count() - first_cell) as u32;
            let unended = unended && stop != Stop::Line;
            if unended {
                measure.unended = Some((measure.lines, width));
            }
            if separator_line && measure.rows == 0 {
                block.drop_cells(first_cell);
            } else if !unended && !filled {
                // What is missing of a last record may be just what would fill it.
                block.drop_cells(first_cell);
                measure.blank_rows += 1;
            } else {
                if !unended {
                    measure.widths.note(width);
                }
                block.start_row(first_cell, RowPlace { sheet_row: measure.rows, line: measure.lines, first_column: 0 });
            }
            measure.rows += 1;
            measure.lines += lines;
        }
        (block, measure)
    }
}

/// The text of a piece; what does not decode becomes U+FFFD.
fn decoded(bytes: Vec<u8>, text: &TextFile) -> String {
    // Text that is not direct was decoded before it was cut.
    let charset = if text.is_direct() { text.charset } else { Charset::UTF_8 };
    if charset != Charset::UTF_8 {
        return charset.decode(&bytes).into_owned();
    }
    // Nothing is copied as a rule.
    String::from_utf8(bytes).unwrap_or_else(|error| charset.decode(error.as_bytes()).into_owned())
}

/// Adds a field as a cell and says how many line ends it holds, and whether there is any text in it.
fn push_field(block: &mut Block, found: &Field, grammar: &Grammar) -> (u32, bool) {
    let Some(closing) = found.closing else {
        block.push_span(found.start, found.end);
        return (0, found.end > found.start);
    };
    let slice = |from: usize, to: usize| block.text().get(from..to).unwrap_or("");
    let (inner, behind) = (slice(found.start + 1, closing), slice(closing + 1, found.end));
    let lines = line_ends(inner.as_bytes());
    if behind.is_empty() && !grammar.may_escape(inner) {
        block.push_span(found.start + 1, closing);
        return (lines, closing > found.start + 1);
    }
    let mut cell = String::with_capacity(inner.len() + behind.len());
    grammar.unescaped(inner, |piece| cell.push_str(piece));
    cell.push_str(behind);
    block.push_cell(&cell);
    (lines, !cell.is_empty())
}

/// How wide the rows are, to see whether the last one is whole.
#[derive(Debug, Default)]
pub(super) struct Widths {
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

    /// Takes the rows of the next piece.
    fn merge(&mut self, later: Widths) {
        for (width, count) in later.rows.into_iter().chain([later.run]) {
            *self.rows.entry(width).or_default() += count;
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
