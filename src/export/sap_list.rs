//! Printed lists as SAP writes them to a file: columns between `|` at fixed places, dashed rules, a header on every page, and
//! records that may wrap to further lines with a header line of their own.
//!
//! Lines are cut where the header has its marks, so that a `|` inside a text is text. Sheet rows count the header and the
//! records; the line is the physical one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use super::block::Block;
use super::cutter::TextFile;
use super::{MAX_COLUMNS, RowPlace, shown, why};
use crate::locale::Bilingual;
use crate::problem::CutSign;

/// Fewer columns are no list.
const FEWEST_COLUMNS: usize = 4;
/// Lines of a header at most.
const MOST_LINES: usize = 4;
/// A line may not be longer.
const MAX_LINE: u64 = 1024 * 1024;
/// Rows of a block.
const ROWS: usize = 2_000;

/// Where a list has its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListLayout {
    /// The header's lines.
    header: Vec<HeaderLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct HeaderLine {
    text: String,
    /// Character positions of its marks, the first and the last one too.
    marks: Vec<usize>,
}

impl HeaderLine {
    fn new(line: &str) -> Option<HeaderLine> {
        let marks: Vec<usize> = line.chars().enumerate().filter(|(_, c)| *c == '|').map(|(i, _)| i).collect();
        (is_row(line) && marks.len() >= 2).then(|| HeaderLine { text: line.to_owned(), marks })
    }

    /// The cells of a line; `None` when it has no mark where the header has one.
    fn cells<'l>(&self, line: &'l str) -> Option<Vec<&'l str>> {
        let places: Vec<usize> = if line.is_ascii() {
            self.marks.iter().copied().filter(|&mark| line.as_bytes().get(mark) == Some(&b'|')).collect()
        } else {
            let bytes: Vec<(usize, char)> = line.char_indices().collect();
            self.marks.iter().filter_map(|&mark| bytes.get(mark).filter(|(_, c)| *c == '|').map(|(at, _)| *at)).collect()
        };
        (places.len() == self.marks.len()).then(|| places.windows(2).map(|pair| line[pair[0] + 1..pair[1]].trim()).collect())
    }
}

/// Whether a line is a row of a list: marks at both ends.
fn is_row(line: &str) -> bool {
    line.len() > 1 && line.starts_with('|') && line.ends_with('|') && !is_rule(line)
}

/// Whether a line is nothing but a dashed rule.
fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.contains('-') && line.bytes().all(|b| matches!(b, b'-' | b'|' | b'+' | b'='))
}

fn clean(line: &str) -> &str {
    line.trim_end_matches(['\r', '\n', ' ']).trim_start_matches('\u{c}')
}

/// The layout of a text that begins with `sample`, if it is such a list: a header between rules, and rows whose marks stand under
/// those of the header.
pub(super) fn layout(sample: &str) -> Option<ListLayout> {
    let lines: Vec<&str> = sample.lines().map(clean).collect();
    let first = lines.iter().position(|line| is_row(line))?;
    // Text that came before a header is a few lines of a page, not data.
    if first > 30 || !first.checked_sub(1).is_some_and(|before| is_rule(lines[before])) {
        return None;
    }
    let header: Vec<HeaderLine> = lines[first..].iter().take(MOST_LINES + 1).map_while(|line| HeaderLine::new(line)).collect();
    let behind = first + header.len();
    if header.is_empty() || header.len() > MOST_LINES || !lines.get(behind).is_some_and(|line| is_rule(line)) {
        return None;
    }
    let columns: usize = header.iter().map(|line| line.marks.len() - 1).sum();
    let layout = ListLayout { header };
    let rows: Vec<&&str> = lines[behind..].iter().filter(|line| is_row(line)).take(200).collect();
    let fits = |line: &&&&str| layout.header.iter().any(|of| of.cells(line).is_some());
    let aligned = rows.iter().filter(fits).count();
    ((FEWEST_COLUMNS..=MAX_COLUMNS).contains(&columns) && aligned * 5 >= rows.len() * 4).then_some(layout)
}

/// The blocks of a printed list.
#[derive(Debug)]
pub(super) struct ListBlocks<'a> {
    text: &'a TextFile,
    layout: &'a ListLayout,
    lines: BufReader<File>,
    /// The row and line that come next.
    row: u32,
    line: u32,
    blank_rows: u32,
    record: Record,
    cut: Option<(CutSign, u32)>,
    open_last_line: Option<u32>,
    finished: bool,
}

/// A record of which some lines have come.
#[derive(Debug, Default)]
struct Record {
    cells: Vec<String>,
    lines: usize,
    first_line: u32,
    /// Its first cell is stars.
    total: bool,
    /// A line of it does not stand under the header.
    torn: bool,
}

impl<'a> ListBlocks<'a> {
    pub(super) fn new(text: &'a TextFile, layout: &'a ListLayout) -> Result<ListBlocks<'a>, Bilingual> {
        let mut file = File::open(&text.path).map_err(|error| why::io(&error))?;
        file.seek(SeekFrom::Start(text.bom)).map_err(|error| why::io(&error))?;
        Ok(ListBlocks {
            text,
            layout,
            lines: BufReader::with_capacity(256 * 1024, file),
            row: 1,
            line: 0,
            blank_rows: 0,
            record: Record::default(),
            cut: None,
            open_last_line: None,
            finished: false,
        })
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

    /// The next block; `None` behind the last one.
    pub(super) fn next(&mut self) -> Result<Option<Block>, Bilingual> {
        if self.finished {
            return Ok(None);
        }
        let mut block = Block::dense(String::with_capacity(ROWS * 256));
        let mut bytes = Vec::new();
        while block.row_count() < ROWS {
            bytes.clear();
            let read = self.lines.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes).map_err(|error| why::io(&error))?;
            if read == 0 {
                self.finished = true;
                if self.record.lines > 0 {
                    self.cut = Some((CutSign::ShortRecord, self.record.first_line)).filter(|_| !self.record.total);
                    self.end_record(&mut block)?;
                }
                break;
            }
            if read as u64 == MAX_LINE {
                return Err(why::long_record(self.line + 1, 1));
            }
            self.line = self.line.checked_add(1).ok_or_else(why::too_many_rows)?;
            let decoded = self.text.charset.decode(&bytes);
            self.take(clean(&decoded), &mut block)?;
            if !bytes.ends_with(b"\n") {
                self.open_last_line = Some(self.line);
            }
        }
        Ok(Some(block))
    }

    fn take(&mut self, line: &str, block: &mut Block) -> Result<(), Bilingual> {
        if line.is_empty() {
            self.blank_rows += 1;
            return Ok(());
        }
        if !line.starts_with('|') || is_rule(line) {
            // A rule, or what stands above and below a page.
            return self.end_record(block);
        }
        let is_header = |i: usize| self.layout.header.get(i).is_some_and(|of| of.text == line);
        let is_total = || {
            line[1..].trim_start().starts_with('*')
                && self.layout.header[0]
                    .cells(line)
                    .is_some_and(|cells| cells.first().is_some_and(|cell| !cell.is_empty() && cell.bytes().all(|b| b == b'*')))
        };
        let (again, total) = (is_header(0), is_total());
        // A header or a total begins anew, whatever the record before lacks.
        if self.record.lines > 0 && ((again && !is_header(self.record.lines)) || (total && self.record.total)) {
            self.end_record(block)?;
        }
        let record = &mut self.record;
        if record.lines == 0 {
            *record = Record { first_line: self.line, total, ..Record::default() };
        }
        match self.layout.header[record.lines].cells(line) {
            Some(cells) => record.cells.extend(cells.into_iter().map(str::to_owned)),
            None => record.torn = true,
        }
        record.lines += 1;
        if record.lines == self.layout.header.len() { self.end_record(block) } else { Ok(()) }
    }

    /// Hands out the record. A torn one has too few cells, so that nothing is read from it.
    fn end_record(&mut self, block: &mut Block) -> Result<(), Bilingual> {
        let record = std::mem::take(&mut self.record);
        if record.lines == 0 {
            return Ok(());
        }
        let first = block.cell_count();
        let whole: usize = self.layout.header.iter().map(|line| line.marks.len() - 1).sum();
        let shown = if record.torn { &record.cells[..0] } else { &record.cells[..] };
        let width = if record.total { whole } else { shown.len().max(1) };
        for i in 0..width {
            block.push_cell(shown.get(i).map_or("", String::as_str));
        }
        block.start_row(first, RowPlace { sheet_row: self.row, line: record.first_line, first_column: 0 });
        self.row = self.row.checked_add(1).ok_or_else(why::too_many_rows)?;
        Ok(())
    }
}

/// The rows of a list again, by their sheet rows.
pub(super) fn reread(text: &TextFile, layout: &ListLayout, wanted: &[u32]) -> Result<BTreeMap<u32, Vec<String>>, Bilingual> {
    let mut found = BTreeMap::new();
    let mut blocks = ListBlocks::new(text, layout)?;
    while let Some(block) = blocks.next()? {
        for row in block.rows().filter(|row| wanted.contains(&row.place().sheet_row)) {
            found.insert(row.place().sheet_row, shown::row(&row));
        }
        if wanted.iter().all(|&row| row < blocks.row) {
            break;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str =
        "Dynamisk listevisning      1\n-----------\n|Nr |Tekst|\n|Dato|  Kr|\n-----------\n|1  |a | b|\n|3.4.|  5-|\n";

    #[test]
    fn a_header_between_rules_makes_a_list() {
        let found = layout(LIST).expect("a list");
        assert_eq!(found.header.iter().map(|line| &line.marks[..]).collect::<Vec<_>>(), [[0, 4, 10], [0, 5, 10]]);
        for text in ["|a|b|c|d|\n|1|2|3|4|\n", "---\n|a|\n---\n|1|\n", "a;b\n1;2\n", "", "-----\n|a|b|c|d|\n-----\n|1||2|3|4|\n"]
        {
            assert_eq!(layout(text), None, "{text}");
        }
    }

    #[test]
    fn a_mark_inside_a_text_is_text() {
        let found = layout(LIST).expect("a list");
        assert_eq!(found.header[0].cells("|1  |a | b|"), Some(vec!["1", "a | b"]));
        assert_eq!(found.header[0].cells("|æ  |ø | å|"), Some(vec!["æ", "ø | å"]));
        assert_eq!(found.header[0].cells("|1 |a | b |"), None, "its marks stand elsewhere");
    }
}
