//! One record of delimited text, also where it is not written by the rules: stray and missing quotes, a delimiter lacking
//! beside a quote, another delimiter in one line.
//!
//! A record that follows the rules and has the width of its table is taken as it is. Otherwise every way of reading its quotes
//! is tried, within limits; the way that gives the width at the least cost wins, and that it was mended is said.

use super::shape::{Columns, Shape, filled};
use crate::export::fields::{Stop, field, line_ends, tolerant};
use crate::export::grammar::{Escape, Grammar, Separator};

/// Ways to read one record that are tried.
const STEPS: usize = 8_000;
/// Characters of one record that are mended; a longer one is taken as it stands.
const LONG: usize = 16 * 1024;
/// Line breaks in a cell that is mended.
const LINES: u32 = 8;
/// A longer cell is not taken for two.
const SEAM: usize = 400;
/// Records wider than this are not mended.
const WIDE: usize = 512;
/// Separators that a single line may have instead.
const OTHERS: [u8; 5] = [b';', b'\t', b',', b'|', b' '];

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

/// The best way to read the record at `at` as one of its table, and whether it had to be mended. `None`: no way gives the width.
pub(super) fn mended(text: &str, at: usize, grammar: &Grammar, expected: &Expected<'_>) -> Option<Record> {
    if expected.width < 2 || expected.width > WIDE {
        return None;
    }
    let end = (at + LONG).min(text.len());
    let window = text.get(at..(at..=end).rev().find(|&end| text.is_char_boundary(end))?)?;
    let mut search = Search { text: window, grammar, expected, steps: STEPS, cells: Vec::new(), best: None };
    search.from(0, 0);
    let mut best = search.best;
    let line = window.find(['\r', '\n']).map_or(window, |end| &window[..end]);
    let after = at + line.len() + line_end(&window[line.len()..]);
    let mut offer = |cost: usize, cells: Vec<String>| {
        let cost = cost + 2 * expected.columns.misfits(cells.iter().map(String::as_str));
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, Record { cells, next: after - at, lines: 1, state: State::Odd }));
        }
    };
    for other in OTHERS.map(Separator::byte).into_iter().filter(|other| *other != grammar.separator) {
        let read = strict(line, 0, &Grammar { separator: other, ..*grammar });
        if read.state == State::Whole && read.cells.len() == expected.width && filled(&read.cells) > 1 {
            offer(4, read.cells);
        }
    }
    let plain = strict(line, 0, grammar);
    if plain.state == State::Whole {
        for cells in refitted(&plain.cells, expected) {
            offer(3, cells);
        }
    }
    let (cost, record) = best?;
    // What fits at such a price fits anything.
    (cost <= 3 + expected.width).then_some(Record { next: record.next + at, ..record })
}

fn line_end(rest: &str) -> usize {
    match rest.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// The first line at `at`, quotes that do not close in it taken as text.
pub(super) fn line_by_line(text: &str, at: usize, grammar: &Grammar) -> Record {
    let line = text[at..].find(['\r', '\n']).map_or(&text[at..], |end| &text[at..at + end]);
    let next = at + line.len() + line_end(&text[at + line.len()..]);
    let mut record = strict(line, 0, grammar);
    if record.state == State::Open {
        let cells = line.split(grammar.separator.as_str()).map(str::to_owned).collect();
        record = Record { cells, next, lines: 1, state: State::Odd };
    }
    Record { next, lines: 1, ..record }
}

/// A record with a cell too many or too few, put right where the shapes of the columns leave one way only.
fn refitted(cells: &[String], expected: &Expected<'_>) -> Vec<Vec<String>> {
    let mut ways: Vec<Vec<String>> = Vec::new();
    // Where a quote stands at the seam, the quotes are to tell.
    let quote = |c: char| matches!(c, '"' | '\'');
    let mut at_quote = false;
    if cells.len() == expected.width + 1 {
        for at in (0..cells.len()).filter(|&at| cells[at].trim().is_empty()) {
            ways.push(cells.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, cell)| cell.clone()).collect());
        }
    } else if cells.len() + 1 == expected.width && expected.columns.speak() {
        ways.push(cells.iter().cloned().chain([String::new()]).collect());
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.len() <= SEAM) {
            for (left, right) in splits(cell) {
                at_quote |= left.ends_with(quote) || right.starts_with(quote);
                let whole = cells[..at].iter().map(String::as_str).chain([left, right]);
                ways.push(whole.chain(cells[at + 1..].iter().map(String::as_str)).map(str::to_owned).collect());
            }
        }
    }
    ways.retain(|way| expected.columns.misfits(way.iter().map(String::as_str)) == 0);
    ways.dedup();
    // Two ways that differ are a guess.
    if at_quote || ways.windows(2).any(|pair| pair[0] != pair[1]) {
        Vec::new()
    } else {
        ways.truncate(1);
        ways
    }
}

/// The places where two cells may have grown together: where the kind of character changes, or a date or time ends.
fn splits(cell: &str) -> impl Iterator<Item = (&str, &str)> {
    let kind = |c: char| match c {
        c if c.is_numeric() => 0,
        c if c.is_alphabetic() => 1,
        ' ' => 2,
        _ => 3,
    };
    let inside = cell.char_indices().skip(1).map(|(at, _)| cell.split_at(at));
    inside.filter(move |(left, right)| {
        let seam = left.chars().next_back().zip(right.chars().next());
        let changes = seam.is_some_and(|(before, after)| kind(before) != kind(after) && kind(before) != 2 && kind(after) != 2);
        let whole = |text: &str| matches!(Shape::of(text), Shape::Date | Shape::Time) && text.len() >= 5;
        // `2018` ends no date if digits follow it that could be its own.
        changes || whole(left) || whole(right)
    })
}

/// Tries the ways of reading a record's quotes.
struct Search<'a> {
    text: &'a str,
    grammar: &'a Grammar,
    expected: &'a Expected<'a>,
    steps: usize,
    cells: Vec<String>,
    best: Option<(usize, Record)>,
}

/// Where a field may end.
enum End {
    Delimiter(usize),
    Line(usize),
    /// The delimiter is lacking; the next field begins here.
    Lacking(usize),
}

impl Search<'_> {
    fn from(&mut self, at: usize, cost: usize) {
        if self.steps == 0
            || self.cells.len() >= self.expected.width
            || self.best.as_ref().is_some_and(|(least, _)| cost >= *least)
        {
            return;
        }
        self.steps -= 1;
        let bytes = self.text.as_bytes();
        if bytes.get(at) == Some(&self.grammar.quote) {
            self.quoted(at, cost);
            self.bare(at, cost + 1);
        } else {
            self.bare(at, cost);
        }
    }

    /// What stands at a place: the end of a field, or nothing of the kind.
    fn end_at(&self, at: usize) -> Option<End> {
        let rest = &self.text.as_bytes()[at..];
        if rest.starts_with(self.grammar.separator.as_bytes()) {
            return Some(End::Delimiter(at + self.grammar.separator.length()));
        }
        let line = line_end(self.text.get(at..).unwrap_or(""));
        (line > 0 || rest.is_empty()).then_some(End::Line(at + line))
    }

    fn go_on(&mut self, cell: String, end: End, cost: usize) {
        self.cells.push(cell);
        match end {
            End::Delimiter(next) => self.from(next, cost),
            End::Lacking(next) => self.from(next, cost + 4),
            End::Line(next) if self.cells.len() == self.expected.width => {
                let cost = cost + 2 * self.expected.columns.misfits(self.cells.iter().map(String::as_str));
                if self.best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    let lines = line_ends(&self.text.as_bytes()[..next]).max(1);
                    let record = Record { cells: self.cells.clone(), next, lines, state: State::Odd };
                    self.best = Some((cost, record));
                }
            }
            End::Line(_) => {}
        }
        self.cells.pop();
    }

    /// A field that begins with a quote: it may close at any later one.
    fn quoted(&mut self, start: usize, mut cost: usize) {
        let bytes = self.text.as_bytes();
        let quote = self.grammar.quote;
        let (mut cell, mut from, mut at) = (String::new(), start + 1, start + 1);
        let mut wrapped = 0;
        while let Some(offset) = memchr::memchr3(quote, b'\n', b'\\', &bytes[at..]) {
            at += offset;
            if self.steps == 0 || self.best.as_ref().is_some_and(|(least, _)| cost >= *least) {
                return;
            }
            self.steps -= 1;
            if bytes[at] == b'\n' {
                // Most cells have no line break.
                cost += if wrapped > 0 { 0 } else { 6 };
                (wrapped, at) = (wrapped + 1, at + 1);
                if wrapped > LINES {
                    return;
                }
                continue;
            }
            let pair = bytes.get(at + 1) == Some(&quote);
            let upto = |cell: &str, end: usize| format!("{cell}{}", self.text.get(from..end).unwrap_or(""));
            if bytes[at] == b'\\' {
                if pair && self.grammar.escape == Escape::Backslash {
                    cell = upto(&cell, at);
                    from = at + 1;
                    at += 1;
                }
                at += 1;
                continue;
            }
            if pair {
                // By the rules a quote; else the end of the cell behind a quote, or of a cell whose delimiter is lacking.
                let whole = upto(&cell, at);
                if let Some(end) = self.end_at(at + 2) {
                    self.go_on(format!("{whole}{}", char::from(quote)), end, cost + 1);
                }
                self.go_on(whole.clone(), End::Lacking(at + 1), cost);
                cell = whole;
                (from, at) = (at + 1, at + 2);
                continue;
            }
            let whole = upto(&cell, at);
            match self.end_at(at + 1) {
                Some(end) => {
                    self.go_on(whole, end, cost);
                    cost += 4;
                }
                None => {
                    self.go_on(whole, End::Lacking(at + 1), cost);
                    cost += 1;
                }
            }
            at += 1;
        }
    }

    /// A field as it stands: to the next delimiter, or to a quote where the delimiter may be lacking.
    fn bare(&mut self, start: usize, cost: usize) {
        let bytes = self.text.as_bytes();
        // No byte of UTF-8 text is this one.
        let plain = Grammar { quote: 0xFF, ..*self.grammar };
        let found = field(bytes, start, &plain);
        let raw = self.text.get(found.start..found.end).unwrap_or("");
        // What opens with a quote and closes in its line is a quoted field, whatever is inside.
        let quote = char::from(self.grammar.quote);
        let closes = || {
            let by_rules = tolerant(bytes, start, self.grammar);
            by_rules.closing.is_some_and(|closing| closing + 1 == by_rules.end && !bytes[start..closing].contains(&b'\n'))
        };
        let has_more = || bytes[start + 1..].iter().take_while(|&&b| b != b'\n').any(|&b| b == self.grammar.quote);
        let odd = match raw.starts_with(quote) {
            true if closes() => 3,
            true if has_more() => 2,
            true => 0,
            false => 2 * usize::from(raw.contains(quote)),
        };
        let end = match found.stop {
            Stop::Delimiter => End::Delimiter(found.next),
            _ => End::Line(found.next),
        };
        self.go_on(raw.to_owned(), end, cost + odd);
        for (at, _) in raw.match_indices(char::from(self.grammar.quote)).filter(|(at, _)| *at > 0).take(4) {
            self.go_on(raw[..at].to_owned(), End::Lacking(start + at), cost);
        }
    }
}
