//! Tables for a spreadsheet: each with its title, headings and rows, a blank line between. Danish spreadsheets part cells by
//! semicolons, since the comma is the decimal mark.

use super::{Tables, Words, skipped};
use crate::engine::figures::{FigureCell, Place};
use crate::locale::Lang;
use crate::report::tables::csv_row;
use crate::value::{Cell, Decimal, Value};

/// Every table as CSV, with the mark by which spreadsheets know UTF-8. Shares have a column of their own.
pub fn csv(tables: &Tables<'_>, lang: Lang) -> String {
    let separator = if lang == Lang::Da { ';' } else { ',' };
    let mut out = String::from("\u{feff}");
    let mut line = |cells: &[String]| csv_row(&mut out, cells, separator, true);
    for (i, (figure, result)) in tables.figures.iter().zip(tables.counted).enumerate() {
        if i > 0 {
            line(&[]);
        }
        let words = Words { pack: tables.pack, gate: tables.gate, figure, lang };
        line(&[figure.id.to_string(), figure.texts(lang).title.clone(), tables.day.show(lang)]);
        if let Some(reason) = skipped(tables.pack, result, lang) {
            line(&[format!("{} {reason}", lang.pick("kan ikke opgøres:", "cannot be computed:"))]);
            continue;
        }
        let width = result.rows.first().map_or(0, |row| row.cells.len());
        let shared: Vec<bool> = (0..width)
            .map(|at| result.rows.iter().any(|row| row.cells.get(at).is_some_and(|cell| cell.whole.is_some())))
            .collect();
        let mut heads: Vec<String> = figure.by.iter().map(|head| head.title.get(lang).to_owned()).collect();
        for (at, shared) in shared.iter().enumerate() {
            let (head, title) = words.heading(result, at);
            let title = head.map_or_else(|| title.clone(), |head| format!("{head} {title}"));
            heads.push(title.clone());
            if *shared {
                heads.push(format!("{title} %"));
            }
        }
        line(&heads);
        for row in &result.rows {
            let mut cells: Vec<String> = match &row.keys {
                Some(keys) => {
                    let keys = figure.by.iter().zip(keys).map(|(head, part)| words.key(head, part));
                    keys.map(|key| tables.gate.scrub(&key).into_owned()).collect()
                }
                None => figure.by.iter().enumerate().map(|(i, _)| if i == 0 { words.total() } else { "" }.to_owned()).collect(),
            };
            for (cell, shared) in row.cells.iter().zip(&shared) {
                cells.push(value(cell, lang));
                if *shared {
                    cells.push(percent(cell));
                }
            }
            line(&cells);
        }
    }
    out
}

/// Ungrouped, so that a spreadsheet reads a number.
fn value(cell: &FigureCell, lang: Lang) -> String {
    match (cell.place, &cell.value) {
        (Place::Absent, _) | (_, Cell::Empty) => String::new(),
        (Place::Outside, _) => "*".to_owned(),
        (_, Cell::Unknown(_)) => "?".to_owned(),
        (_, Cell::Present(Value::Number(n) | Value::Money(n) | Value::Percent(n))) => n.plain().replace('.', lang.pick(",", ".")),
        (_, Cell::Present(value)) => crate::value::show(value, "", lang),
    }
}

fn percent(cell: &FigureCell) -> String {
    match (cell.place, cell.percent()) {
        (Place::Shown, Some(Cell::Present(share))) => Decimal::new(share, 0).plain(),
        (Place::Shown, Some(Cell::Unknown(_))) => "?".to_owned(),
        _ => String::new(),
    }
}
