//! Tables of a web page as the rows of one sheet: what web systems and report writers save under the name `.xls`.
//!
//! Rows follow each other as they stand in the file; an empty row lies between tables, and text outside tables is a row of one
//! cell (titles often tell the day). A cell that spans several columns or rows fills the first, as in a spreadsheet. A table
//! in a cell without a text before it is a table of its own (pages use tables for layout); else its text belongs to the cell.

mod markup;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use markup::Token;
use table::{Line, Page};

use super::block::Block;
use super::cutter::{MAX_RECORD, TextFile};
use super::window::Window;
use super::{RowPlace, shown, why};
use crate::locale::Bilingual;
use crate::problem::CutSign;

/// Text and cells of a block, about.
const BLOCK_TEXT: usize = 1024 * 1024;
const BLOCK_CELLS: usize = 64 * 1024;
/// Text read at a time.
const READ: usize = 64 * 1024;
/// What stands in these is not shown.
const UNSEEN: [&str; 6] = ["script", "style", "title", "xml", "template", "noscript"];

/// The blocks of a web page.
pub(super) struct HtmlBlocks {
    window: Window,
    page: Page,
    /// The element whose content is passed over.
    unseen: Option<&'static str>,
    /// Physical line of the next token.
    line: u32,
    /// Sheet row of the last row.
    row: u32,
    /// Whether a table began or ended since.
    gap: bool,
    blank_rows: u32,
    cut: Option<(CutSign, u32)>,
    finished: bool,
}

impl std::fmt::Debug for HtmlBlocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HtmlBlocks").field("line", &self.line).finish_non_exhaustive()
    }
}

impl HtmlBlocks {
    pub(super) fn new(text: &TextFile) -> Result<HtmlBlocks, Bilingual> {
        Ok(HtmlBlocks {
            window: Window::new(text)?,
            page: Page::default(),
            unseen: None,
            line: 1,
            row: 0,
            gap: false,
            blank_rows: 0,
            cut: None,
            finished: false,
        })
    }

    pub(super) fn blank_rows(&self) -> u32 {
        self.blank_rows
    }

    pub(super) fn cut(&self) -> Option<(CutSign, u32)> {
        self.cut
    }

    /// The next block; `None` behind the last.
    ///
    /// # Errors
    /// The reason why it is none of ours: no table in it, nested too deep, too much in one row.
    pub(super) fn next(&mut self) -> Result<Option<Block>, Bilingual> {
        if self.finished {
            return Ok(None);
        }
        let mut block = Block::dense(String::new());
        while block.text_len() < BLOCK_TEXT && block.cell_count() < BLOCK_CELLS {
            if !self.step(&mut block)? {
                self.finished = true;
                break;
            }
        }
        Ok(Some(block))
    }

    /// Takes one token; `false` at the end.
    fn step(&mut self, block: &mut Block) -> Result<bool, Bilingual> {
        let mut wanted = READ;
        let (token, length) = loop {
            self.window.fill(wanted)?;
            let ahead = self.window.ahead();
            if ahead.is_empty() {
                return self.end(block).map(|()| false);
            }
            if let Some(name) = self.unseen {
                if let Some(at) = closing(ahead, name) {
                    self.unseen = None;
                    break (Token::Other, at);
                }
                // All but what may be the beginning of the closing tag; a letter may not be cut.
                let mut keep = if self.window.ended { 0 } else { name.len() + 2 };
                while !ahead.is_char_boundary(ahead.len() - keep) {
                    keep += 1;
                }
                break (Token::Other, ahead.len() - keep);
            }
            match markup::token(ahead, self.window.ended) {
                Some(found) => break found,
                None if ahead.len() >= MAX_RECORD => return Err(why::long_record(self.line, MAX_RECORD >> 20)),
                None => wanted = (ahead.len() * 2).min(MAX_RECORD),
            }
        };
        match token {
            Token::Text(text) => self.page.text(text, self.line),
            Token::Open(name, attributes) => {
                let name = name.to_ascii_lowercase();
                self.unseen = UNSEEN.into_iter().find(|unseen| *unseen == name).filter(|_| !attributes.ends_with('/'));
                self.page.open(&name, attributes, self.line)?;
            }
            Token::Close(name) => self.page.close(&name.to_ascii_lowercase()),
            Token::Other => {}
        }
        let lines = memchr::memchr_iter(b'\n', &self.window.ahead().as_bytes()[..length]).count();
        self.line = u32::try_from(lines).ok().and_then(|n| self.line.checked_add(n)).ok_or_else(why::too_many_rows)?;
        self.window.at += length;
        self.hand_out(block)?;
        Ok(true)
    }

    fn end(&mut self, block: &mut Block) -> Result<(), Bilingual> {
        let open = self.page.end(self.line);
        self.hand_out(block)?;
        if !self.page.has_table() {
            return Err(why::no_table());
        }
        self.cut = open.map(|(in_row, line)| (if in_row { CutSign::ShortRecord } else { CutSign::OpenTable }, line));
        Ok(())
    }

    /// Rows that ended, into the block.
    fn hand_out(&mut self, block: &mut Block) -> Result<(), Bilingual> {
        if self.page.text_len() > MAX_RECORD {
            return Err(why::long_record(self.line, MAX_RECORD >> 20));
        }
        for line in self.page.ready() {
            let Line::Row(row) = line else {
                self.gap = self.row > 0;
                continue;
            };
            self.row = self.row.checked_add(1 + u32::from(self.gap)).ok_or_else(why::too_many_rows)?;
            self.gap = false;
            if row.is_blank() {
                self.blank_rows += 1;
                continue;
            }
            let first = block.cell_count();
            for cell in row.cells() {
                block.push_cell(cell);
            }
            block.start_row(first, RowPlace { sheet_row: self.row, line: row.line(), first_column: 0 });
        }
        Ok(())
    }
}

/// Where the closing tag of `name` stands.
fn closing(text: &str, name: &str) -> Option<usize> {
    let is_it = |at: &usize| {
        let tag = text.get(at + 2..at + 2 + name.len());
        text[*at..].starts_with("</") && tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name))
    };
    memchr::memchr_iter(b'<', text.as_bytes()).find(is_it)
}

/// The charset that a page claims for itself; `head` is its beginning.
pub(super) fn claimed_charset(head: &[u8]) -> Option<String> {
    markup::claimed_charset(head)
}

/// The texts of some rows.
pub(super) fn reread(text: &TextFile, wanted: &[u32]) -> Result<BTreeMap<u32, Vec<String>>, Bilingual> {
    let wanted: BTreeSet<u32> = wanted.iter().copied().collect();
    let mut blocks = HtmlBlocks::new(text)?;
    let mut found = BTreeMap::new();
    while wanted.last().is_some_and(|last| blocks.row < *last)
        && let Some(block) = blocks.next()?
    {
        for row in block.rows().filter(|row| wanted.contains(&row.place().sheet_row)) {
            found.insert(row.place().sheet_row, shown::row(&row));
        }
    }
    Ok(found)
}
