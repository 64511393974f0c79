//! The cheapest way to read a damaged record so that it has the width of its table, and whether it is the only one at its
//! price.
//!
//! Every field may close at any of its quotes, and at most once in a record a delimiter is taken to be lacking, or one too
//! many, or the last cell to be missing. What is odd costs; so does a cell that does not look like its column. The costs add
//! up field by field, so that the cheapest way to the end is found without trying all of them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::record::{Expected, line_end};
use super::shape::Shape;
use crate::export::fields::{Stop, field, tolerant};
use crate::export::grammar::{Escape, Grammar};

/// Steps that are gone before giving up; a long cell takes several.
const STEPS: usize = 30_000;
/// Bytes of a cell to one step.
const BYTES: usize = 256;
/// Line breaks in a cell that is mended.
const LINES: u32 = 8;
/// A longer cell is not taken for two without a quote between them.
const SEAM: usize = 400;
/// Ways to one place that are kept: enough to see that two of them differ.
const WAYS: u8 = 3;
/// What a cell costs that does not look like its column.
pub(super) const MISFIT: usize = 2;
/// What it costs to take a delimiter for lacking beside a quote: less than two stray quotes.
const LACKING: usize = 3;
/// What it costs to take an empty cell for one too many, or for missing at the end.
const SPARE: usize = 4;
/// What it costs to take a delimiter for lacking where no quote shows it.
const GROWN: usize = 5;

/// A reading: its price, its cells, and where the next record begins.
pub(super) struct Reading {
    pub(super) cost: usize,
    pub(super) cells: Vec<String>,
    pub(super) next: usize,
}

/// The cheapest readings of the record that `text` begins with: one, or two that differ at the same price. `has_odd_quotes`
/// tells whether its quotes may be other than they are.
pub(super) fn readings(text: &str, grammar: &Grammar, expected: &Expected<'_>, has_odd_quotes: bool) -> Vec<Reading> {
    let start = Node { came_from: None, cell: Cell::None, cost: 0, state: State::default() };
    let mut search = Search {
        text,
        grammar,
        expected,
        has_odd_quotes,
        steps: STEPS,
        nodes: vec![start],
        queue: BinaryHeap::from([Reverse((0, 0))]),
    };
    search.run()
}

/// What a cell is made of.
#[derive(Debug, Clone, Copy)]
enum Cell {
    /// No cell: the beginning, or an empty one that was too many.
    None,
    Bare(usize, usize),
    /// Between quotes, and whether a quote belongs to its end.
    Quoted(usize, usize, bool),
}

/// The one thing that was put right beside quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Edit {
    #[default]
    None,
    /// A delimiter beside a quote.
    AtQuote,
    /// A delimiter or an empty cell; only what the columns look like speaks for it.
    ByColumns,
}

/// How far a reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct State {
    at: usize,
    cells: usize,
    misfits: usize,
    edit: Edit,
    whole: bool,
}

#[derive(Debug)]
struct Node {
    came_from: Option<usize>,
    cell: Cell,
    cost: usize,
    state: State,
}

/// Where a field may end.
#[derive(Debug, Clone, Copy)]
enum End {
    Delimiter(usize),
    Line(usize),
    /// The delimiter is lacking; the next field begins here.
    Lacking(usize, Edit),
}

struct Search<'a> {
    text: &'a str,
    grammar: &'a Grammar,
    expected: &'a Expected<'a>,
    has_odd_quotes: bool,
    steps: usize,
    nodes: Vec<Node>,
    /// Cheapest first; of equals the one found first.
    queue: BinaryHeap<Reverse<(usize, usize)>>,
}

impl Search<'_> {
    fn run(&mut self) -> Vec<Reading> {
        let mut found: Vec<Reading> = Vec::new();
        let mut ways: BTreeMap<State, u8> = BTreeMap::new();
        while let Some(Reverse((cost, index))) = self.queue.pop() {
            if found.first().is_some_and(|best| cost > best.cost) || self.steps == 0 {
                break;
            }
            let state = self.nodes[index].state;
            let been = ways.entry(state).or_default();
            if *been >= WAYS {
                continue;
            }
            *been += 1;
            if !state.whole {
                self.fields_from(index);
                continue;
            }
            let cells = self.cells(index);
            if found.first().is_none_or(|best| best.cells != cells) {
                found.push(Reading { cost, cells, next: state.at });
            }
            if found.len() > 1 {
                break;
            }
        }
        found
    }

    fn cells(&self, mut index: usize) -> Vec<String> {
        let mut cells = Vec::new();
        loop {
            let node = &self.nodes[index];
            cells.extend(self.text_of(node.cell));
            match node.came_from {
                Some(before) => index = before,
                None => break,
            }
        }
        cells.reverse();
        cells.resize(cells.len().max(self.expected.width), String::new());
        cells
    }

    fn text_of(&self, cell: Cell) -> Option<String> {
        let slice = |from: usize, to: usize| self.text.get(from..to).unwrap_or("");
        match cell {
            Cell::None => None,
            Cell::Bare(from, to) => Some(slice(from, to).to_owned()),
            Cell::Quoted(from, to, quote_at_end) => {
                let mut text = String::new();
                self.grammar.unescaped(slice(from, to), |piece| text.push_str(piece));
                if quote_at_end {
                    text.push(char::from(self.grammar.quote));
                }
                Some(text)
            }
        }
    }

    /// All fields that may begin where a reading has come to.
    fn fields_from(&mut self, index: usize) {
        let state = self.nodes[index].state;
        let bytes = self.text.as_bytes();
        if state.edit == Edit::None {
            self.spare(index);
        }
        if state.cells >= self.expected.width {
            return;
        }
        if bytes.get(state.at) == Some(&self.grammar.quote) {
            self.quoted(index);
            if self.has_odd_quotes {
                self.bare(index, 1);
            }
        } else {
            self.bare(index, 0);
        }
    }

    /// An empty cell that is one too many, or the last one that is missing.
    fn spare(&mut self, index: usize) {
        let state = self.nodes[index].state;
        if state.misfits > 0 {
            return;
        }
        let full = state.cells == self.expected.width;
        match self.end_at(state.at) {
            Some(End::Delimiter(next)) => self.push(index, Cell::None, SPARE, State { at: next, edit: Edit::ByColumns, ..state }),
            Some(End::Line(next)) if full => {
                self.push(index, Cell::None, SPARE, State { at: next, edit: Edit::ByColumns, whole: true, ..state });
            }
            _ => {}
        }
    }

    fn push(&mut self, from: usize, cell: Cell, cost: usize, state: State) {
        let cost = self.nodes[from].cost + cost;
        self.queue.push(Reverse((cost, self.nodes.len())));
        self.nodes.push(Node { came_from: Some(from), cell, cost, state });
    }

    /// A cell and what ends it.
    fn go_on(&mut self, from: usize, cell: Cell, end: End, mut cost: usize) {
        let state = self.nodes[from].state;
        let text = self.text_of(cell).unwrap_or_default();
        self.steps = self.steps.saturating_sub(1 + text.len() / BYTES);
        // A stray quote has its price already.
        let bare = if matches!(cell, Cell::Bare(..)) { text.trim_start_matches(char::from(self.grammar.quote)) } else { &text };
        let misfits = state.misfits + usize::from(self.expected.columns.is_misfit(state.cells, bare));
        cost += MISFIT * (misfits - state.misfits);
        let mut next = State { cells: state.cells + 1, misfits, ..state };
        let missing = self.expected.width - next.cells;
        match end {
            End::Delimiter(at) => next.at = at,
            End::Lacking(at, edit) => {
                if state.edit != Edit::None || missing == 0 {
                    return;
                }
                cost += if edit == Edit::AtQuote { LACKING } else { GROWN };
                (next.at, next.edit) = (at, edit);
            }
            End::Line(at) => {
                (next.at, next.whole) = (at, true);
                match missing {
                    0 => {}
                    1 if state.edit == Edit::None && self.expected.columns.speak() => {
                        next.edit = Edit::ByColumns;
                        next.misfits += usize::from(self.expected.columns.is_misfit(next.cells, ""));
                        cost += SPARE;
                    }
                    _ => return,
                }
            }
        }
        if next.edit == Edit::ByColumns && next.misfits > 0 {
            return;
        }
        self.push(from, cell, cost, next);
    }

    /// What stands at a place: the end of a field, or nothing of the kind.
    fn end_at(&self, at: usize) -> Option<End> {
        let rest = self.text.as_bytes().get(at..).unwrap_or(&[]);
        if rest.starts_with(self.grammar.separator.as_bytes()) {
            return Some(End::Delimiter(at + self.grammar.separator.length()));
        }
        let line = line_end(rest);
        (line > 0 || rest.is_empty()).then_some(End::Line(at + line))
    }

    /// A field that begins with a quote: it may close at any later one.
    fn quoted(&mut self, index: usize) {
        let bytes = self.text.as_bytes();
        let quote = self.grammar.quote;
        let start = self.nodes[index].state.at + 1;
        let (mut at, mut cost, mut wrapped) = (start, 0, 0);
        while let Some(offset) = memchr::memchr3(quote, b'\n', b'\\', &bytes[at..]) {
            at += offset;
            if self.steps == 0 {
                return;
            }
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
            if bytes[at] == b'\\' {
                at += if pair && self.grammar.escape == Escape::Backslash { 2 } else { 1 };
                continue;
            }
            if pair {
                // By the rules a quote; else the end of the cell behind a quote, or of a cell whose delimiter is lacking.
                if let Some(end) = self.end_at(at + 2) {
                    self.go_on(index, Cell::Quoted(start, at, true), end, cost + 1);
                }
                // Two quotes and nothing between them are the end of the cell rather than an empty one.
                if bytes.get(at + 2) != Some(&quote) {
                    self.go_on(index, Cell::Quoted(start, at, false), End::Lacking(at + 1, Edit::AtQuote), cost);
                }
                at += 2;
                continue;
            }
            let end = self.end_at(at + 1);
            let lacking = End::Lacking(at + 1, Edit::AtQuote);
            // Behind a delimiter a quote opens rather than closes.
            let opens = end.is_none() && bytes[start..at].ends_with(self.grammar.separator.as_bytes());
            self.go_on(index, Cell::Quoted(start, at, false), end.unwrap_or(lacking), cost + if opens { LACKING } else { 0 });
            if end.is_some() && !self.has_odd_quotes {
                return;
            }
            cost += if end.is_some() { 4 } else { 1 };
            at += 1;
        }
    }

    /// A field as it stands: to the next delimiter, or to where the delimiter may be lacking.
    fn bare(&mut self, index: usize, cost: usize) {
        let start = self.nodes[index].state.at;
        let bytes = self.text.as_bytes();
        // No byte of UTF-8 text is this one.
        let plain = Grammar { quote: 0xFF, ..*self.grammar };
        let found = field(bytes, start, &plain);
        let raw = self.text.get(found.start..found.end).unwrap_or("");
        let quote = char::from(self.grammar.quote);
        // What opens with a quote and closes in its line is a quoted field, whatever is inside.
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
        self.go_on(index, Cell::Bare(start, found.end), end, cost + odd);
        // Behind a quote that opens a cell its text begins.
        let opens = |at: usize| raw.get(at + 1..).is_some_and(|behind| !behind.is_empty() && !behind.starts_with(' '));
        for (at, _) in raw.match_indices(quote).filter(|&(at, _)| at > 0 && opens(at)).take(4) {
            self.go_on(index, Cell::Bare(start, start + at), End::Lacking(start + at, Edit::AtQuote), cost);
        }
        if !raw.contains(quote) && raw.len() <= SEAM && self.expected.columns.speak() {
            let (column, columns) = (self.nodes[index].state.cells, self.expected.columns);
            let written =
                |left: &str, right: &str| columns.is_as_written(column, left) || columns.is_as_written(column + 1, right);
            for at in seams(raw, written) {
                self.go_on(index, Cell::Bare(start, start + at), End::Lacking(start + at, Edit::ByColumns), cost);
            }
        }
    }
}

/// The places where two cells may have grown together: where the kind of character changes and no number is cut, or where a
/// date or time is whole, or a cell is as it is `written` in its column.
fn seams(cell: &str, written: impl Fn(&str, &str) -> bool) -> impl Iterator<Item = usize> {
    let kind = |c: char| match c {
        c if c.is_numeric() => 0,
        c if c.is_alphabetic() => 1,
        _ => 2,
    };
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let mut before = None;
    cell.char_indices().filter_map(move |(at, next)| {
        let before = before.replace(next)?;
        let (left, right) = cell.split_at(at);
        let blank = before == ' ' || next == ' ';
        let inside = number(before) && number(next);
        let whole = |text: &str| text.len() >= 5 && matches!(Shape::of(text), Shape::Date | Shape::Time);
        let changes = kind(before) != kind(next) && !blank && !inside;
        (changes || whole(left) || whole(right) || written(left, right)).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_grow_together_where_characters_change_and_no_number_is_cut() {
        let split = |cell: &str| {
            seams(cell, |left, _| left == "52820").map(|at| format!("{}+{}", &cell[..at], &cell[at..])).collect::<Vec<_>>()
        };
        assert_eq!(split("Plejevederlag1.234,50"), ["Plejevederlag+1.234,50"]);
        assert_eq!(split("12,50kr"), ["12,50+kr"]);
        assert_eq!(split("Ana Holm"), [] as [&str; 0]);
        assert_eq!(split("5282012"), ["52820+12"]);
        assert!(split("28/01/201800:15").contains(&"28/01/2018+00:15".to_owned()));
        assert!(split("00:1512").contains(&"00:15+12".to_owned()));
    }
}
