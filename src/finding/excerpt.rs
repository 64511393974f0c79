//! A sparse source for miette: the concerned rows only, of each only the concerned columns, under true row numbers.
//!
//! Works for workbooks too, which have no lines of text. Rows of several files stand in one excerpt, each under its own name.

use std::collections::BTreeMap;
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthStr;

use super::{CellView, Finding, PlaceView};
use crate::locale::Lang;
use crate::privacy::terminal;

/// Longest header and value an excerpt shows, in terminal columns.
const CELL_WIDTH: usize = 32;

/// How an excerpt is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    /// Word behind amounts.
    pub currency: &'a str,
    /// Language of values.
    pub lang: Lang,
    /// Stands between cells.
    pub bar: char,
    /// Widest row, in terminal columns: cells that only help to recognise the row give way.
    pub width: usize,
}

/// Another sheet than the primary cell's, the sheet, another row than the primary cell's, the row.
type RowOrder = (bool, PlaceView, bool, u32);

/// Rows of one finding, laid out as text.
#[derive(Debug, Clone)]
pub struct Excerpt {
    text: String,
    rows: Vec<ExcerptRow>,
}

/// One row of it.
#[derive(Debug, Clone)]
pub struct ExcerptRow {
    /// Byte range in the excerpt's text, without line end.
    pub span: Range<usize>,
    /// Where the row stands; `sheet_column` is that of its first labelled cell.
    pub place: PlaceView,
    /// Labelled cells: byte range of the value, label.
    pub labels: Vec<(Range<usize>, Option<String>)>,
    /// Whether the finding's primary cell stands in it.
    pub primary: bool,
}

impl Excerpt {
    /// The excerpt of a finding: the primary cell's row first, then the other rows of its sheet, then
    /// those of other sheets by place. Texts are made harmless for a
    /// terminal.
    pub fn of(finding: &Finding, layout: &Layout<'_>) -> Excerpt {
        // What stands in no cell (a sheet's name, say) and has nothing to tell is left to the recalculation.
        let tells = |cell: &&CellView| cell.place.sheet_column.is_some() || cell.label.is_some();
        let marked = std::iter::once(&finding.primary).chain(finding.related.iter().filter(tells));
        let mut rows: BTreeMap<RowOrder, Vec<(&CellView, bool)>> = BTreeMap::new();
        let sheet = |place: &PlaceView| PlaceView { sheet_row: 0, line: 0, record: 0, sheet_column: None, ..place.clone() };
        let first = &finding.primary.place;
        let key =
            |place: &PlaceView| (sheet(place) != sheet(first), sheet(place), place.sheet_row != first.sheet_row, place.sheet_row);
        for cell in marked {
            rows.entry(key(&cell.place)).or_default().push((cell, true));
        }
        for cell in &finding.context {
            if let Some(cells) = rows.get_mut(&key(&cell.place)) {
                cells.push((cell, false));
            }
        }
        let mut excerpt = Excerpt { text: String::new(), rows: Vec::new() };
        for ((elsewhere, _, other, _), mut cells) in rows {
            let Some(place) = cells.first().map(|(cell, _)| cell.place.clone()) else { continue };
            // Cells of a column first come first; those of no column last.
            cells.sort_by_key(|(c, _)| (c.derived, c.place.sheet_column.unwrap_or(u16::MAX), c.at));
            // One sheet column may feed several datasets; it is shown once, with its label if any.
            let mut distinct: Vec<(&CellView, bool)> = Vec::new();
            for (cell, marked) in cells {
                let same = |(c, _): &&mut (&CellView, bool)| {
                    !c.derived
                        && !cell.derived
                        && c.place.sheet_column.is_some()
                        && c.place.sheet_column == cell.place.sheet_column
                };
                match distinct.iter_mut().find(same) {
                    Some(known) if known.0.label.is_none() && (marked && !known.1 || cell.label.is_some()) => {
                        *known = (cell, marked)
                    }
                    Some(_) => {}
                    None => distinct.push((cell, marked)),
                }
            }
            fit(&mut distinct, finding, layout);
            for cells in lines(&distinct, layout) {
                excerpt.row(place.clone(), !elsewhere && !other, cells, finding, layout);
            }
        }
        excerpt
    }

    fn row(&mut self, mut place: PlaceView, primary: bool, cells: &[(&CellView, bool)], finding: &Finding, layout: &Layout<'_>) {
        let lang = layout.lang;
        let start = self.text.len();
        let mut labels = Vec::new();
        for (i, (cell, marked)) in cells.iter().enumerate() {
            if i > 0 {
                self.text.push_str(&format!(" {} ", layout.bar));
            }
            let (name, value, tail) = parts(cell, layout);
            self.text.push_str(&name);
            self.text.push(' ');
            let from = self.text.len();
            self.text.push_str(&value);
            let value = from..self.text.len();
            self.text.push_str(tail);
            // A label hangs under the middle of its value, a little to the right.
            let middle = self.text[start..value.start].width() + self.text[value.clone()].width() / 2;
            let room = layout.width.saturating_sub(middle + LABEL_INDENT).max(LABEL);
            if *marked {
                let label = cell.label.as_ref().map(|l| wrapped(&terminal(l.get(lang)), room).join("\n"));
                let label = label.filter(|l| !l.is_empty());
                labels.push((value, label));
            }
        }
        let lead = cells.iter().find(|(c, _)| c.at == finding.primary.at).or_else(|| cells.iter().find(|(_, marked)| *marked));
        place.sheet_column = lead.and_then(|(c, _)| c.place.sheet_column);
        self.rows.push(ExcerptRow { span: start..self.text.len(), place, labels, primary });
        self.text.push('\n');
    }

    /// Its rows in order.
    pub fn rows(&self) -> &[ExcerptRow] {
        &self.rows
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Header, value, and a word on where it comes from.
fn parts(cell: &CellView, layout: &Layout<'_>) -> (String, String, &'static str) {
    let name = clip(&terminal(cell.name()), CELL_WIDTH);
    let value = clip(&terminal(&cell.shown.show(layout.currency, layout.lang)), CELL_WIDTH);
    (name, value, if cell.derived { layout.lang.pick(" (beregnet)", " (computed)") } else { "" })
}

/// Narrowest column into which a label is wrapped, and how far right of the middle of its value it starts.
const LABEL: usize = 16;
const LABEL_INDENT: usize = 4;

/// Columns that cells take side by side, the last one's label included.
fn width(cells: &[(&CellView, bool)], layout: &Layout<'_>) -> usize {
    let one = |cell: &CellView| {
        let (name, value, tail) = parts(cell, layout);
        (name.width() + value.width() + tail.width() + 4, value.width() / 2 + tail.width())
    };
    let row: usize = cells.iter().map(|(cell, _)| one(cell).0).sum::<usize>().saturating_sub(3);
    let label = cells.last().filter(|(_, marked)| *marked).and_then(|(cell, _)| Some((cell, cell.label.as_ref()?)));
    let over =
        label.map_or(0, |(cell, label)| (LABEL_INDENT + label.get(layout.lang).width().min(LABEL)).saturating_sub(one(cell).1));
    row + over
}

/// The cells of a row in as many lines as they need.
fn lines<'a, 'c>(cells: &'a [(&'c CellView, bool)], layout: &Layout<'_>) -> Vec<&'a [(&'c CellView, bool)]> {
    let mut lines = Vec::new();
    let mut start = 0;
    for end in 1..=cells.len() {
        if end == cells.len() || width(&cells[start..=end], layout) > layout.width {
            lines.push(&cells[start..end]);
            start = end;
        }
    }
    lines
}

/// Drops cells until the row fits: first those that only help to recognise it, then those without a label.
fn fit(cells: &mut Vec<(&CellView, bool)>, finding: &Finding, layout: &Layout<'_>) {
    while width(cells, layout) > layout.width {
        let spare = |(cell, _): &(&CellView, bool)| cell.label.is_none() && cell.at != finding.primary.at;
        let Some(drop) = cells.iter().rposition(|c| !c.1 && spare(c)).or_else(|| cells.iter().rposition(spare)) else { return };
        cells.remove(drop);
    }
}

/// A text cut to a width in terminal columns.
pub fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + 2 > width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// Words in lines of at most `width` columns; a word longer than that is broken.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace().flat_map(|word| broken(word, width.max(1))) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A word in pieces of at most `width` columns.
fn broken(word: &str, width: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, c) in word.char_indices() {
        if at > start && word[start..at + c.len_utf8()].width() > width {
            pieces.push(&word[start..at]);
            start = at;
        }
    }
    pieces.push(&word[start..]);
    pieces
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let within = |row: &&ExcerptRow| row.span.start <= span.offset() && span.offset() + span.len() <= row.span.end;
        let row = self.rows.iter().find(within).ok_or(MietteError::OutOfBounds)?;
        let name = terminal(&row.place.file).into_owned();
        Ok(Box::new(MietteSpanContents::new_named(
            name,
            &self.text.as_bytes()[row.span.clone()],
            (row.span.start, row.span.len()).into(),
            row.place.sheet_row.saturating_sub(1) as usize,
            row.place.column_number() as usize - 1,
            1,
        )))
    }
}
