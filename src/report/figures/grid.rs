//! The grid of a table: aligned columns, headings over them in several lines, cut into blocks where the width does not hold
//! them all.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::Words;
use crate::engine::figures::FigureResult;
use crate::finding::excerpt::{clip, wrapped};
use crate::report::pen::{Look, Pen, left, right};

/// Widest text of a key.
const WIDEST_KEY: usize = 40;
/// Between columns.
const GAP: usize = 3;

struct Column {
    heading: Vec<String>,
    cells: Vec<String>,
    width: usize,
}

pub(super) fn render(words: &Words<'_>, result: &FigureResult, pen: &Pen<'_>) -> String {
    let figure = words.figure;
    if result.rows.is_empty() {
        return format!("  {}\n", words.lang.pick("ingen rækker", "no rows"));
    }
    let caption = match (&figure.across, result.columns.as_slice()) {
        (Some(across), [only]) => {
            let title = figure.columns[*only].title.get(words.lang);
            let by = words.lang.pick("efter", "by");
            Some(format!("{title}, {by} {}", lower(across.title.get(words.lang))))
        }
        _ => None,
    };
    let keys: Vec<Column> = (0..figure.by.len()).map(|k| key_column(words, result, k, pen)).collect();
    let count = result.rows.first().map_or(0, |row| row.cells.len());
    let figures: Vec<Column> = (0..count).map(|at| figure_column(words, result, at, pen)).collect();
    let lead: usize = 2 + keys.iter().map(|key| key.width + GAP).sum::<usize>();
    let mut out = String::new();
    if let Some(caption) = caption {
        let _ = writeln!(out, "  {}", pen.paint(Look::Dim, &clip(&pen.safe(&caption), pen.width - 2)));
    }
    let mut from = 0;
    while from < figures.len() {
        let mut width = lead;
        let mut to = from;
        while to < figures.len() && (to == from || width + figures[to].width <= pen.width) {
            width += figures[to].width + GAP;
            to += 1;
        }
        if from > 0 {
            out.push('\n');
        }
        block(&mut out, &keys, &figures[from..to], result, pen);
        from = to;
    }
    out
}

fn block(out: &mut String, keys: &[Column], figures: &[Column], result: &FigureResult, pen: &Pen<'_>) {
    let height = keys.iter().chain(figures).map(|column| column.heading.len()).max().unwrap_or(0);
    let gap = " ".repeat(GAP);
    let line =
        |cells: &mut dyn Iterator<Item = String>| format!("  {}", cells.collect::<Vec<_>>().join(&gap)).trim_end().to_owned();
    for at in 0..height {
        // Headings stand on the ground.
        let of = |column: &Column| {
            let skip = height - column.heading.len();
            at.checked_sub(skip).and_then(|i| column.heading.get(i)).cloned().unwrap_or_default()
        };
        let texts = keys.iter().map(|c| left(&of(c), c.width)).chain(figures.iter().map(|c| right(&of(c), c.width)));
        let _ = writeln!(out, "{}", pen.paint(Look::Dim, &line(&mut { texts })));
    }
    for (r, row) in result.rows.iter().enumerate() {
        let of = |column: &Column| column.cells.get(r).cloned().unwrap_or_default();
        let texts = keys.iter().map(|c| left(&of(c), c.width)).chain(figures.iter().map(|c| right(&of(c), c.width)));
        let text = line(&mut { texts });
        let total = row.keys.is_none() && result.rows.len() > 1;
        let _ = writeln!(out, "{}", if total { pen.paint(Look::Bold, &text) } else { text });
    }
}

fn key_column(words: &Words<'_>, result: &FigureResult, k: usize, pen: &Pen<'_>) -> Column {
    let head = &words.figure.by[k];
    let mut before: Option<String> = None;
    let mut cells = Vec::new();
    for row in &result.rows {
        let text = match row.keys.as_ref().and_then(|keys| keys.get(k)) {
            Some(part) => clip(&pen.safe(&words.key(head, part)), WIDEST_KEY).to_string(),
            None if k == 0 => words.total().to_owned(),
            None => String::new(),
        };
        // The first of several keys is not written again.
        let again = k + 1 < words.figure.by.len() && k == 0 && before.as_ref() == Some(&text);
        cells.push(if again { String::new() } else { text.clone() });
        before = Some(text);
    }
    let widest = cells.iter().map(|cell| cell.width()).max().unwrap_or(0);
    let heading = titled(&pen.safe(head.title.get(words.lang)), widest.max(12));
    let width = widest.max(heading.iter().map(|line| line.width()).max().unwrap_or(0));
    Column { heading, cells, width }
}

fn figure_column(words: &Words<'_>, result: &FigureResult, at: usize, pen: &Pen<'_>) -> Column {
    let pairs: Vec<(String, String)> = result
        .rows
        .iter()
        .map(|row| row.cells.get(at).map_or_else(Default::default, |cell| words.cell(cell, pen.dash())))
        .collect();
    let share = pairs.iter().map(|(_, share)| share.width()).max().unwrap_or(0);
    let cells: Vec<String> = pairs
        .iter()
        .map(|(value, percent)| if share == 0 { value.clone() } else { format!("{value}  {}", right(percent, share)) })
        .collect();
    let widest = cells.iter().map(|cell| cell.width()).max().unwrap_or(0);
    let (head, title) = words.heading(result, at);
    let mut heading: Vec<String> = head.iter().flat_map(|head| titled(&pen.safe(head), widest.max(8))).collect();
    if head.is_none() || result.columns.len() > 1 {
        heading.extend(titled(&pen.safe(&title), widest.max(10)));
    }
    let width = widest.max(heading.iter().map(|line| line.width()).max().unwrap_or(0));
    Column { heading, cells, width }
}

/// A heading in lines of about this width; words are not cut.
fn titled(text: &str, width: usize) -> Vec<String> {
    let longest = text.split_whitespace().map(|word| word.width()).max().unwrap_or(0);
    wrapped(text, width.max(longest))
}

/// With a small first letter, to stand inside a sentence.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
