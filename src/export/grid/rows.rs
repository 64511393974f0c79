//! The records of a text file or a sheet, one after the other, with a look at those ahead.

use std::collections::VecDeque;

use super::layout::{Ahead, Layout};
use super::record::{Expected, Record, State, line_by_line, mended, strict};
use super::shape::filled;
use crate::export::cutter::{MAX_RECORD, TextFile};
use crate::export::grammar::Grammar;
use crate::export::reader::Blocks;
use crate::export::window::Window;
use crate::export::{MAX_COLUMNS, RowPlace, shown, why};
use crate::locale::Bilingual;

/// Text to be had ahead of the next record.
const LOOK: usize = 256 * 1024;
/// Records that are tried to be mended; in a file where more have to be, the dialect is wrong.
const TRIED: u32 = 2_000;
/// A record with odd quotes that goes on for so many lines is read line by line.
const ODD_LINES: u32 = 1;

/// A record as taken.
#[derive(Debug)]
pub(in crate::export) struct Taken {
    pub(super) cells: Vec<String>,
    pub(super) place: RowPlace,
    pub(super) mended: bool,
    /// Another width than expected.
    pub(super) uneven: bool,
}

/// Records in order; blank ones are passed over.
pub(in crate::export) trait Rows {
    /// Up to `most` records from the next on, as they stand.
    fn ahead(&mut self, most: usize) -> Result<Vec<Ahead>, Bilingual>;
    /// One of those that [`Rows::ahead`] gave, mended.
    fn mend(&self, at: usize, expected: &Expected<'_>) -> Option<Vec<String>>;
    /// The next record.
    fn next(&mut self, expected: Option<&Expected<'_>>) -> Result<Option<Taken>, Bilingual>;
    /// Where the next record stands, or about there.
    fn place(&self) -> RowPlace;
    /// A quick look: whether the next record is worth a closer one.
    fn may_begin_table(&mut self, layout: &Layout) -> bool;
    /// Blank rows passed over.
    fn blank(&self) -> u64;
}

/// Records of a text file.
pub(in crate::export) struct TextRows {
    window: Window,
    grammar: Grammar,
    place: RowPlace,
    blank: u64,
    /// Where the records of the last look ahead begin.
    starts: Vec<usize>,
    tried: u32,
}

impl TextRows {
    pub(in crate::export) fn new(text: &TextFile) -> Result<TextRows, Bilingual> {
        let mut rows = TextRows {
            window: Window::new(text)?,
            grammar: text.grammar,
            place: RowPlace { sheet_row: 1, line: 1, first_column: 0 },
            blank: 0,
            starts: Vec::new(),
            tried: 0,
        };
        if text.separator_line {
            rows.window.fill(LOOK)?;
            rows.window.at = line_by_line(&rows.window.text, 0, &rows.grammar).next;
            rows.place.line = 2;
        }
        Ok(rows)
    }

    /// The record at `at` as it stands; one with odd quotes over several lines by its first line.
    fn plain(&self, at: usize) -> Record {
        let record = strict(&self.window.text, at, &self.grammar);
        match record.state {
            State::Whole => record,
            State::Odd if record.lines <= ODD_LINES => record,
            _ => line_by_line(&self.window.text, at, &self.grammar),
        }
    }

    /// Passes over blank records.
    fn skip_blank(&mut self) -> Result<(), Bilingual> {
        loop {
            self.window.fill(LOOK)?;
            if self.window.at >= self.window.text.len() {
                return Ok(());
            }
            let record = self.plain(self.window.at);
            if filled(&record.cells) > 0 {
                return Ok(());
            }
            self.blank += 1;
            self.advance(record.next, record.lines)?;
        }
    }

    fn advance(&mut self, next: usize, lines: u32) -> Result<(), Bilingual> {
        self.window.at = next;
        self.place.sheet_row = self.place.sheet_row.checked_add(1).ok_or_else(why::too_many_rows)?;
        self.place.line = self.place.line.checked_add(lines).ok_or_else(why::too_many_rows)?;
        Ok(())
    }

    /// Makes sure that a whole record is there, unless its quotes are open to the end of the file or beyond all measure.
    fn hold_record(&mut self) -> Result<(), Bilingual> {
        let mut look = LOOK;
        self.window.fill(look)?;
        while !self.window.ended && look < MAX_RECORD {
            let record = strict(&self.window.text, self.window.at, &self.grammar);
            if record.next < self.window.text.len() {
                return Ok(());
            }
            look *= 4;
            self.window.fill(look)?;
        }
        let ahead = &self.window.text.as_bytes()[self.window.at..];
        if !self.window.ended && memchr::memchr2(b'\n', b'\r', ahead).is_none() {
            return Err(why::long_record(self.place.line, MAX_RECORD / (1024 * 1024)));
        }
        Ok(())
    }
}

impl Rows for TextRows {
    fn ahead(&mut self, most: usize) -> Result<Vec<Ahead>, Bilingual> {
        let blank = self.blank;
        self.skip_blank()?;
        self.hold_record()?;
        let mut found = Vec::new();
        self.starts.clear();
        let mut at = self.window.at;
        let mut after_blank = self.blank > blank;
        while at < self.window.text.len() && found.len() < most {
            let record = self.plain(at);
            if filled(&record.cells) == 0 {
                after_blank = true;
            } else {
                self.starts.push(at);
                found.push(Ahead { cells: record.cells, after_blank });
                after_blank = false;
            }
            at = record.next;
        }
        // The last one may be cut by the end of what is there.
        if !self.window.ended && at >= self.window.text.len() && found.len() > 1 {
            found.pop();
        }
        Ok(found)
    }

    fn mend(&self, at: usize, expected: &Expected<'_>) -> Option<Vec<String>> {
        let start = *self.starts.get(at)?;
        mended(&self.window.text, start, &self.grammar, expected).map(|record| record.cells)
    }

    fn next(&mut self, expected: Option<&Expected<'_>>) -> Result<Option<Taken>, Bilingual> {
        self.skip_blank()?;
        self.hold_record()?;
        let at = self.window.at;
        if at >= self.window.text.len() {
            return Ok(None);
        }
        let text = &self.window.text;
        let by_rules = strict(text, at, &self.grammar);
        let fits = |cells: &Vec<String>| expected.is_none_or(|expected| cells.len() == expected.width);
        let (record, is_mended) = if by_rules.state == State::Whole && fits(&by_rules.cells) {
            (by_rules, false)
        } else {
            self.tried += 1;
            let found = expected.filter(|_| self.tried <= TRIED).and_then(|expected| mended(text, at, &self.grammar, expected));
            match found {
                // Odd as it looks, there is no better reading.
                Some(record) if record.cells == by_rules.cells => {
                    (super::record::Record { state: State::Whole, ..record }, false)
                }
                Some(record) => (record, true),
                None => (self.plain(at), false),
            }
        };
        if record.cells.len() > MAX_COLUMNS {
            return Err(why::wide_record(self.place.line));
        }
        let uneven = !is_mended && (!fits(&record.cells) || record.state != State::Whole);
        let taken = Taken { cells: record.cells, place: self.place, mended: is_mended, uneven };
        self.advance(record.next, record.lines)?;
        Ok(Some(taken))
    }

    fn place(&self) -> RowPlace {
        self.place
    }

    fn may_begin_table(&mut self, layout: &Layout) -> bool {
        if self.window.fill(LOOK).is_err() || self.window.at >= self.window.text.len() {
            return false;
        }
        let record = strict(&self.window.text, self.window.at, &self.grammar);
        filled(&record.cells) == 0
            || (record.cells.len() != layout.width && record.lines == 1)
            || layout.columns.is_header(&record.cells)
            || layout.repeats_header(&record.cells)
    }

    fn blank(&self) -> u64 {
        self.blank
    }
}

/// Rows of a workbook's sheet.
pub(in crate::export) struct SheetRows<'a> {
    blocks: Blocks<'a>,
    held: VecDeque<(Vec<String>, RowPlace)>,
    place: RowPlace,
    blank: u64,
}

impl<'a> SheetRows<'a> {
    pub(in crate::export) fn new(blocks: Blocks<'a>) -> SheetRows<'a> {
        let place = RowPlace { sheet_row: 0, line: 0, first_column: 0 };
        SheetRows { blocks, held: VecDeque::new(), place, blank: 0 }
    }

    fn hold(&mut self, most: usize) -> Result<(), Bilingual> {
        while self.held.len() < most {
            let Some(block) = self.blocks.next() else { break };
            let block = block.map_err(|problem| match problem {
                crate::problem::Problem::FileUnreadable { why, .. } => why,
                _ => why::no_sheet(),
            })?;
            self.held.extend(block.rows().map(|row| (shown::row(&row), row.place())));
        }
        Ok(())
    }
}

impl Rows for SheetRows<'_> {
    fn ahead(&mut self, most: usize) -> Result<Vec<Ahead>, Bilingual> {
        self.hold(most)?;
        // A workbook leaves empty ends out; a sheet's rows are as wide as the widest.
        let widest = self.held.iter().take(most).map(|(cells, _)| cells.len()).max().unwrap_or(0);
        let mut last = self.place.sheet_row;
        let padded = |(cells, place): &(Vec<String>, RowPlace)| {
            let after_blank = place.sheet_row > last + 1;
            last = place.sheet_row;
            let cells = cells.iter().cloned().chain(std::iter::repeat_n(String::new(), widest - cells.len())).collect();
            Ahead { cells, after_blank }
        };
        Ok(self.held.iter().take(most).map(padded).collect())
    }

    fn mend(&self, _: usize, _: &Expected<'_>) -> Option<Vec<String>> {
        None
    }

    fn next(&mut self, expected: Option<&Expected<'_>>) -> Result<Option<Taken>, Bilingual> {
        self.hold(1)?;
        let Some((mut cells, place)) = self.held.pop_front() else { return Ok(None) };
        self.blank += u64::from(place.sheet_row.saturating_sub(self.place.sheet_row + 1));
        self.place = place;
        let width = expected.map_or(0, |expected| expected.width);
        if cells.len() < width {
            cells.resize(width, String::new());
        }
        Ok(Some(Taken { uneven: false, cells, place, mended: false }))
    }

    fn place(&self) -> RowPlace {
        self.held.front().map_or(self.place, |(_, place)| *place)
    }

    fn may_begin_table(&mut self, _: &Layout) -> bool {
        // Tables of one sheet stand apart.
        self.hold(1).is_ok() && self.held.front().is_some_and(|(_, place)| place.sheet_row > self.place.sheet_row + 1)
    }

    fn blank(&self) -> u64 {
        self.blank
    }
}
