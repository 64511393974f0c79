//! From tags and text to rows: which cell a text belongs to, which columns cells take, where rows and tables end.

use super::markup::{attribute, unescaped};
use crate::export::{MAX_COLUMNS, why};
use crate::locale::Bilingual;

/// How deep tables may lie in each other.
const MAX_DEPTH: usize = 64;
/// As browsers limit them.
const MAX_COLUMN_SPAN: usize = 1000;
const MAX_ROW_SPAN: u32 = 65_534;
/// Cells that spans may leave empty, in a whole file.
const MAX_PADDING: usize = 20_000_000;
/// Tags that do not end a line of text.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "big", "code", "em", "font", "i", "img", "input", "label", "nobr", "o:p", "s", "small", "span", "strike",
    "strong", "sub", "sup", "tt", "u",
];

/// What is ready to be handed out.
#[derive(Debug)]
pub(super) enum Line {
    Row(Row),
    /// A table began or ended.
    Gap,
}

/// A row of cells, its text end to end.
#[derive(Debug, Default)]
pub(super) struct Row {
    text: String,
    ends: Vec<usize>,
    line: u32,
}

impl Row {
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| self.text.get(start..end).unwrap_or(""))
    }

    /// Where the cell that is open begins.
    fn start(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Adds text, white space folded as a browser does.
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            let fresh = self.text.len() == self.start();
            match c {
                _ if fresh && c.is_whitespace() => {}
                _ if !c.is_ascii_whitespace() => self.text.push(c),
                _ if !self.text.ends_with([' ', '\n']) => self.text.push(' '),
                _ => {}
            }
        }
    }

    /// A line break inside the cell that is open.
    fn push_break(&mut self) {
        self.trim();
        if self.text.len() > self.start() {
            self.text.push('\n');
        }
    }

    fn trim(&mut self) {
        let start = self.start();
        let kept = self.text.get(start..).unwrap_or("").trim_end().len();
        self.text.truncate(start + kept);
    }

    fn end_cell(&mut self) {
        self.trim();
        self.ends.push(self.text.len());
    }

    /// Empty cells up to a width; how many.
    fn pad(&mut self, width: usize) -> usize {
        let missing = width.saturating_sub(self.ends.len());
        self.ends.resize(self.ends.len() + missing, self.text.len());
        missing
    }
}

#[derive(Debug, Default)]
struct Table {
    /// Its text belongs to a cell of the table around it.
    nested: bool,
    /// No tag began it.
    implied: bool,
    /// For each column: rows, from the open one on, that a cell of this or an earlier row covers.
    carried: Vec<u32>,
    row: Option<Row>,
    /// Columns of the open cell.
    cell: Option<usize>,
}

/// Rows as they come out of tags and text.
#[derive(Debug, Default)]
pub(super) struct Page {
    tables: Vec<Table>,
    /// Text outside cells.
    loose: Row,
    ready: Vec<Line>,
    has_table: bool,
    padding: usize,
}

impl Page {
    /// Whether there was any table so far.
    pub(super) fn has_table(&self) -> bool {
        self.has_table
    }

    /// Bytes of text in rows that are not ready.
    pub(super) fn text_len(&self) -> usize {
        self.loose.text.len() + self.tables.iter().filter_map(|table| table.row.as_ref()).map(|row| row.text.len()).sum::<usize>()
    }

    /// Rows that are ready, once.
    pub(super) fn ready(&mut self) -> impl Iterator<Item = Line> {
        std::mem::take(&mut self.ready).into_iter()
    }

    /// The innermost table that has rows of its own.
    fn own(&mut self) -> Option<&mut Table> {
        self.tables.iter_mut().rev().find(|table| !table.nested)
    }

    /// The row whose cell is open.
    fn open_cell(&mut self) -> Option<&mut Row> {
        self.own().filter(|table| table.cell.is_some()).and_then(|table| table.row.as_mut())
    }

    fn is_nested(&self) -> bool {
        self.tables.last().is_some_and(|table| table.nested)
    }

    pub(super) fn text(&mut self, text: &str, line: u32) {
        let text = unescaped(text);
        if let Some(row) = self.open_cell() {
            return row.push(&text);
        }
        if self.loose.text.is_empty() {
            // Leading line ends are of the lines before.
            let before = text.len() - text.trim_start().len();
            self.loose.line = line.saturating_add(text[..before].matches('\n').count() as u32);
        }
        self.loose.push(&text);
    }

    /// A tag opens.
    pub(super) fn open(&mut self, name: &str, attributes: &str, line: u32) -> Result<(), Bilingual> {
        match name {
            "table" => {
                self.end_loose();
                let nested = self.is_nested() || self.open_cell().is_some_and(|row| !row.is_blank());
                self.begin_table(Table { nested, ..Table::default() })
            }
            "tr" => self.begin_row(line),
            "td" | "th" if self.is_nested() => {
                self.text(" ", line);
                Ok(())
            }
            "td" | "th" => self.begin_cell(attributes, line),
            name => {
                self.end_part(name);
                Ok(())
            }
        }
    }

    /// A tag closes.
    pub(super) fn close(&mut self, name: &str) {
        match name {
            "body" | "html" => {
                while !self.tables.is_empty() {
                    self.end_table();
                }
                self.end_loose();
            }
            "table" => self.end_table(),
            "tr" if !self.is_nested() => self.end_row(),
            "td" | "th" if self.is_nested() => self.text(" ", 0),
            "td" | "th" => self.end_cell(),
            name => self.end_part(name),
        }
    }

    /// The end of the text; where the row or table begins that is still open.
    pub(super) fn end(&mut self, line: u32) -> Option<(bool, u32)> {
        let open = self.own().filter(|table| !table.implied).map(|table| table.row.as_ref().map(|row| row.line));
        self.close("html");
        open.map(|row| (row.is_some(), row.unwrap_or(line)))
    }

    /// A tag that is none of a table's, or a section of one.
    fn end_part(&mut self, name: &str) {
        match name {
            _ if INLINE.contains(&name) => {}
            "thead" | "tbody" | "tfoot" if !self.is_nested() => self.end_row(),
            _ => match self.open_cell() {
                Some(row) => row.push_break(),
                None => self.end_loose(),
            },
        }
    }

    fn begin_table(&mut self, table: Table) -> Result<(), Bilingual> {
        if self.tables.len() >= MAX_DEPTH {
            return Err(why::too_deep());
        }
        if !table.nested {
            self.has_table = true;
            self.ready.push(Line::Gap);
        }
        self.tables.push(table);
        Ok(())
    }

    fn end_table(&mut self) {
        if self.is_nested() {
            self.tables.pop();
            return self.end_part("table");
        }
        self.end_row();
        if self.tables.pop().is_some() {
            self.ready.push(Line::Gap);
        }
    }

    fn begin_row(&mut self, line: u32) -> Result<(), Bilingual> {
        if self.is_nested() {
            self.end_part("tr");
            return Ok(());
        }
        self.end_row();
        if self.tables.is_empty() {
            self.begin_table(Table { implied: true, ..Table::default() })?;
        }
        if let Some(table) = self.own() {
            table.row = Some(Row { line, ..Row::default() });
        }
        Ok(())
    }

    fn end_row(&mut self) {
        self.end_cell();
        self.end_loose();
        let Some(table) = self.own() else { return };
        let Some(mut row) = table.row.take() else { return };
        let covered = table.carried.iter().rposition(|rows| *rows > 0).map_or(0, |last| last + 1);
        let padding = row.pad(covered);
        table.carried.truncate(covered);
        table.carried.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        self.padding += padding;
        self.ready.push(Line::Row(row));
    }

    fn begin_cell(&mut self, attributes: &str, line: u32) -> Result<(), Bilingual> {
        self.end_cell();
        self.end_loose();
        if self.own().is_none_or(|table| table.row.is_none()) {
            self.begin_row(line)?;
        }
        let span = |name| attribute(attributes, name).and_then(|value| value.trim_end_matches('/').trim().parse::<u32>().ok());
        let columns = span("colspan").map_or(1, |n| (n as usize).clamp(1, MAX_COLUMN_SPAN));
        let rows = span("rowspan").map_or(1, |n| if n == 0 { MAX_ROW_SPAN } else { n.min(MAX_ROW_SPAN) });
        let Some(table) = self.own() else { return Ok(()) };
        let Some(row) = &mut table.row else { return Ok(()) };
        let mut column = row.ends.len();
        while table.carried.get(column).is_some_and(|rows| *rows > 0) {
            column += 1;
        }
        if column + columns > MAX_COLUMNS {
            return Err(why::wide_record(row.line));
        }
        let padding = row.pad(column) + columns - 1;
        table.cell = Some(columns);
        if rows > 1 {
            table.carried.resize(table.carried.len().max(column + columns), 0);
            table.carried[column..column + columns].fill(rows);
        }
        self.padding += padding;
        if self.padding > MAX_PADDING { Err(why::too_many_cells()) } else { Ok(()) }
    }

    fn end_cell(&mut self) {
        let Some(table) = self.own() else { return };
        if let (Some(columns), Some(row)) = (table.cell.take(), &mut table.row) {
            row.end_cell();
            let width = row.ends.len() + columns - 1;
            row.pad(width);
        }
    }

    fn end_loose(&mut self) {
        let mut row = std::mem::take(&mut self.loose);
        row.end_cell();
        if !row.is_blank() {
            self.ready.push(Line::Row(row));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::markup::{Token, token};
    use super::*;

    /// The rows of a page, cells between `|`, tables apart by `--`.
    fn rows(mut html: &str) -> Vec<String> {
        let mut page = Page::default();
        while !html.is_empty() {
            let (token, length) = token(html, true).unwrap();
            match token {
                Token::Text(text) => page.text(text, 1),
                Token::Open(name, attributes) => page.open(name, attributes, 1).unwrap(),
                Token::Close(name) => page.close(name),
                Token::Other => {}
            }
            html = &html[length..];
        }
        page.end(1);
        let shown = |line| match line {
            Line::Row(row) => row.cells().collect::<Vec<_>>().join("|"),
            Line::Gap => "--".to_owned(),
        };
        page.ready().map(shown).collect()
    }

    #[test]
    fn cells_end_where_the_next_begins() {
        assert_eq!(rows("<table><tr><td>a<td>b<tr><th>c</th>\n<td> d  e </td></tr></table>"), ["--", "a|b", "c|d e", "--"]);
        assert_eq!(rows("<tr><td>a</td></tr>"), ["--", "a", "--"]);
        assert_eq!(rows("<table><td>a<br>b<p>c</p></td><td></td></table>"), ["--", "a\nb\nc|", "--"]);
    }

    #[test]
    fn spans_leave_cells_empty() {
        let spans = "<table><tr><td rowspan=2>a<td colspan='2'>b<td>c<tr><td>d<td>e<td>f<tr><td>g</table>";
        assert_eq!(rows(spans), ["--", "a|b||c", "|d|e|f", "g", "--"]);
        assert_eq!(rows("<table><tr><td>a<td rowspan=2>b<tr><td>c<tr><td>d<td>e</table>"), ["--", "a|b", "c|", "d|e", "--"]);
    }

    #[test]
    fn text_outside_tables_is_a_row() {
        let page = "<h1>Ydelser</h1> <p>pr. <b>31-10</b>-2026</p><table><caption>x</caption><tr><td>a</table>slut";
        assert_eq!(rows(page), ["Ydelser", "pr. 31-10-2026", "--", "x", "a", "--", "slut"]);
    }

    #[test]
    fn a_table_in_a_cell_is_of_its_own_or_of_the_cell() {
        let layout = "<table><tr><td><table><tr><td>a<td>b</table></td><td>c</table>";
        assert_eq!(rows(layout), ["--", "--", "a|b", "--", "|c", "--"]);
        let inside = "<table><tr><td>S1<td><td>x <table><tr><td>a<td>b</table> y<td>z</table>";
        assert_eq!(rows(inside), ["--", "S1||x\na b\ny|z", "--"]);
    }

    #[test]
    fn what_is_still_open_at_the_end_is_told() {
        let mut page = Page::default();
        page.open("table", "", 1).unwrap();
        assert_eq!(page.end(7), Some((false, 7)));
        page.open("table", "", 1).unwrap();
        page.open("td", "", 3).unwrap();
        assert_eq!(page.end(7), Some((true, 3)));
        page.open("table", "", 1).unwrap();
        page.close("html");
        assert_eq!(page.end(7), None);
        page.open("td", "", 3).unwrap();
        assert_eq!(page.end(7), None, "no tag began the table");
    }

    #[test]
    fn spans_cannot_fill_the_memory() {
        let mut page = Page::default();
        let wide = (0..20).try_for_each(|_| page.open("td", " colspan=99999", 1));
        assert!(wide.is_err());
        let mut page = Page::default();
        let deep = (0..100).try_for_each(|_| page.open("table", "", 1));
        assert!(deep.is_err());
    }
}
