//! One record of delimited text, also where it is not written by the rules: stray and missing quotes, a delimiter lacking
//! beside a quote, another delimiter in one line.
//!
//! A record that follows the rules and has the width of its table is taken as it is. Otherwise every way of reading its quotes
//! is tried, within limits; the way that gives the width at the least cost wins, and that it was mended is said.

use super::search::{self, Reading};
use super::shape::{Columns, filled};
use crate::export::fields::{Stop, field, line_ends, tolerant};
use crate::export::grammar::{Grammar, Separator};

/// Characters of one record that are mended; a longer one is taken as it stands.
const LONG: usize = 16 * 1024;
/// Records wider than this are not mended.
const WIDE: usize = 512;
/// Separators that a single line may have instead.
const OTHERS: [u8; 5] = [b';', b'\t', b',', b'|', b' '];
/// What it costs to take a line for one that has such a separator.
const OTHER: usize = 4;

/// A record and how it was come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) cells: Vec<String>,
    /// Where the next one begins.
    pub(super) next: usize,
    /// Line ends in it, its own included.
    pub(super) lines: u32,
    pub(super) state: State,
}

/// How a record was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// By the rules.
    Whole,
    /// Its quotes close early or late, or never.
    Odd,
    /// Its quotes are open at the end of what is there.
    Open,
}

/// The record at `at`, by the rules; a stray quote inside quotes is text.
pub(super) fn strict(text: &str, at: usize, grammar: &Grammar) -> Record {
    let bytes = text.as_bytes();
    let mut record = Record { cells: Vec::new(), next: at, lines: 1, state: State::Whole };
    loop {
        let by_rules = field(bytes, record.next, grammar);
        let behind = by_rules.closing.map_or("", |closing| text.get(closing + 1..by_rules.end).unwrap_or(""));
        let odd = !behind.trim_end_matches(' ').is_empty();
        let found = if odd { tolerant(bytes, record.next, grammar) } else { by_rules };
        if odd {
            record.state = State::Odd;
        }
        let raw = text.get(found.start..found.end).unwrap_or("");
        let mut cell = String::new();
        match found.closing {
            None => {
                // Half a pair of quotes may have lost its delimiter.
                if memchr::memchr_iter(grammar.quote, raw.as_bytes()).count() % 2 == 1 {
                    record.state = State::Odd;
                }
                cell.push_str(raw);
            }
            Some(closing) => {
                let inner = text.get(found.start + 1..closing).unwrap_or("");
                record.lines += line_ends(inner.as_bytes());
                grammar.unescaped(inner, |piece| cell.push_str(piece));
                let behind = text.get(closing + 1..found.end).unwrap_or("");
                if !behind.trim_end_matches(' ').is_empty() {
                    cell.push(char::from(grammar.quote));
                    cell.push_str(behind);
                }
            }
        }
        record.cells.push(cell);
        record.next = found.next;
        match found.stop {
            Stop::Delimiter => {}
            Stop::Line | Stop::End => return record,
            Stop::OpenQuote => {
                record.state = State::Open;
                return record;
            }
        }
    }
}

/// What is known of the table that a record belongs to.
pub(in crate::export) struct Expected<'a> {
    pub(super) width: usize,
    pub(super) columns: &'a Columns,
}

/// The best way to read the record at `at` as one of its table, where one makes sense. `None`: no way gives the width, or
/// several do.
pub(super) fn mended(text: &str, at: usize, grammar: &Grammar, expected: &Expected<'_>) -> Option<Record> {
    if expected.width < 2 || expected.width > WIDE {
        return None;
    }
    let end = (at + LONG).min(text.len());
    let window = text.get(at..(at..=end).rev().find(|&end| text.is_char_boundary(end))?)?;
    let line = window.find(['\r', '\n']).map_or(window, |end| &window[..end]);
    let after = line.len() + line_end(&window.as_bytes()[line.len()..]);
    let has_odd_quotes = strict(line, 0, grammar).state != State::Whole;
    let mut ways = search::readings(window, grammar, expected, has_odd_quotes);
    for other in OTHERS.map(Separator::byte).into_iter().filter(|other| *other != grammar.separator) {
        let by_other = Grammar { separator: other, ..*grammar };
        let read = strict(line, 0, &by_other);
        let fits = read.state == State::Whole && read.cells.len() == expected.width && filled(&read.cells) > 1;
        if fits && !leaves(line, &by_other, grammar.separator) {
            let cost = OTHER + search::MISFIT * expected.columns.misfits(read.cells.iter().map(String::as_str));
            ways.push(Reading { cost, cells: read.cells, next: after });
        }
    }
    let least = ways.iter().map(|way| way.cost).min()?;
    let mut cheapest = ways.into_iter().filter(|way| way.cost == least);
    let best = cheapest.next()?;
    // Two ways that differ are a guess, and what fits at a high price fits anything.
    if least > 3 + expected.width || cheapest.any(|way| way.cells != best.cells) {
        return None;
    }
    let lines = line_ends(&window.as_bytes()[..best.next]).max(1);
    Some(Record { cells: best.cells, next: at + best.next, lines, state: State::Odd })
}

/// Whether a field without quotes holds what separates the fields of the other records.
fn leaves(line: &str, grammar: &Grammar, separator: Separator) -> bool {
    let mut at = 0;
    while at < line.len() {
        let found = field(line.as_bytes(), at, grammar);
        let raw = line.get(found.start..found.end).unwrap_or("");
        if found.closing.is_none() && raw.contains(separator.as_str()) {
            return true;
        }
        at = found.next;
    }
    false
}

/// The length of the line end that bytes begin with.
pub(super) fn line_end(rest: &[u8]) -> usize {
    match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// The first line at `at`, quotes that do not close in it taken as text.
pub(super) fn line_by_line(text: &str, at: usize, grammar: &Grammar) -> Record {
    let line = text[at..].find(['\r', '\n']).map_or(&text[at..], |end| &text[at..at + end]);
    let next = at + line.len() + line_end(&text.as_bytes()[at + line.len()..]);
    let mut record = strict(line, 0, grammar);
    if record.state == State::Open {
        let cells = line.split(grammar.separator.as_str()).map(str::to_owned).collect();
        record = Record { cells, next, lines: 1, state: State::Odd };
    }
    Record { next, lines: 1, ..record }
}
