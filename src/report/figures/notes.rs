//! What a reader must know of a table: the rows that lack and what the others come to, columns left out, where limits come from.

use std::fmt::Write;

use super::{Tables, Words};
use crate::engine::figures::{FigureCell, FigureResult, FigureRow, Lack, Place};
use crate::finding::excerpt::wrapped;
use crate::report::pen::{Look, Pen};
use crate::rule::figure::Whole;
use crate::scorecard::{self, CauseCount};
use crate::value::Cell;

/// Rows of the table whose lacks are told one by one.
const TOLD: usize = 8;

pub(super) fn render(tables: &Tables<'_>, words: &Words<'_>, result: &FigureResult, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let mut notes: Vec<String> = Vec::new();
    if result.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.place == Place::Outside) {
        let top = words.figure.top.unwrap_or_default();
        notes.push(lang.pick("* ikke blandt de {} første", "* not among the first {}").replace("{}", &top.to_string()));
    }
    let because = tables.store.incomplete_because(words.figure.each);
    if !because.is_empty() {
        let files: Vec<String> = because.iter().map(|place| place.file.to_string()).collect();
        let name = &tables.pack.get(words.figure.each).name;
        notes.push(format!(
            "? {name}: {} ({})",
            lang.pick("datasættet er ikke komplet", "the dataset is not complete"),
            files.join(", ")
        ));
    }
    let lacking: Vec<String> = result.rows.iter().filter_map(|row| of_row(words, result, row, pen)).collect();
    let more = lacking.len().saturating_sub(TOLD) as u64;
    notes.extend(lacking.into_iter().take(TOLD));
    if more > 0 {
        notes.push(format!(
            "+ {}",
            pen.counted(more, ("række mere med ?", "rækker mere med ?"), ("more row with ?", "more rows with ?"))
        ));
    }
    notes.extend(unsure_share(words, result, pen));
    if result.unranked.0 > 0 {
        let said = pen.counted(
            result.unranked.0,
            ("kan ikke rangordnes", "kan ikke rangordnes"),
            ("cannot be ranked", "cannot be ranked"),
        );
        notes.push(format!("{said}: {}", reasons(words, &result.unranked.1, pen)));
    }
    for (column, state) in &result.left_out {
        let title = words.figure.columns[*column].title.get(lang);
        let state = scorecard::state(tables.pack, state, &crate::engine::result::Counts::default());
        let reason = state.reason(lang).unwrap_or_default();
        notes.push(format!("«{title}» {}: {reason}", lang.pick("er udeladt", "is left out")));
    }
    if result.refused > 0 {
        let rows = pen.counted(u64::from(result.refused), ("række", "rækker"), ("row", "rows"));
        let said = lang.pick("kunne ikke læses og er ikke med", "could not be read and are not counted");
        notes.push(format!("{rows} {said}"));
    }
    notes.extend(words.figure.texts(lang).note.clone());
    if let Some(source) = &words.figure.source {
        notes.push(format!("{}: {source}", lang.pick("Kilde", "Source")));
    }
    let mut out = String::new();
    for note in notes {
        let note = note.split_whitespace().collect::<Vec<_>>().join(" ");
        for (i, line) in wrapped(&pen.safe(&note), pen.width.saturating_sub(4)).into_iter().enumerate() {
            let _ = writeln!(out, "{}{}", if i == 0 { "  " } else { "    " }, pen.paint(Look::Dim, &line));
        }
    }
    out
}

/// `2024: 3 rækker mangler (…); uden dem: Gns. dage 130`, if anything lacks in the row.
fn of_row(words: &Words<'_>, result: &FigureResult, row: &FigureRow, pen: &Pen<'_>) -> Option<String> {
    let lang = pen.lang;
    let name = match &row.keys {
        Some(keys) => {
            let keys = words.figure.by.iter().zip(keys).map(|(head, part)| words.key(head, part));
            keys.collect::<Vec<_>>().join(", ")
        }
        None => words.total().to_owned(),
    };
    let mut parts: Vec<String> = Vec::new();
    if !row.without_key.is_empty() {
        let rows = pen.counted(row.without_key.rows, ("række", "rækker"), ("row", "rows"));
        parts.push(format!("{rows} ({})", reasons(words, &row.without_key, pen)));
    }
    let unsure = |at: &usize| row.cells.get(*at).is_some_and(|cell| is_unsure(cell, of_total(words, result, *at)));
    let most = (0..row.cells.len()).filter(unsure).map(|at| &row.cells[at].lack).max_by_key(|lack| lack.rows);
    // Of rows without their key it is said already why they lack.
    if let Some(lack) = most.filter(|lack| **lack != row.without_key) {
        let rows = match lack.rows {
            0 => reasons(words, lack, pen),
            n => {
                let rows = pen.counted(n, ("række mangler", "rækker mangler"), ("row lacks", "rows lack"));
                format!("{rows} ({})", reasons(words, lack, pen))
            }
        };
        parts.push(rows);
    }
    let known: Vec<String> = (0..row.cells.len())
        .filter(unsure)
        .filter_map(|at| {
            let cell = &row.cells[at];
            let Cell::Present(_) = cell.known else { return None };
            let (value, share) = words.pair(&cell.known, cell.known_percent(), pen.dash());
            let title = named(words, result, at);
            Some(if share.is_empty() { format!("{title} {value}") } else { format!("{title} {value} ({share})") })
        })
        .collect();
    if parts.is_empty() {
        return None;
    }
    let mut said = if name.is_empty() { parts.join("; ") } else { format!("{name}: {}", parts.join("; ")) };
    if !known.is_empty() && row.keys.as_ref().is_none_or(|_| row.without_key.is_empty()) {
        let _ = write!(said, ". {} {}", lang.pick("De øvrige giver:", "The others give:"), known.join(", "));
    }
    Some(said)
}

/// Whether a cell is a share of its column's total.
fn of_total(words: &Words<'_>, result: &FigureResult, at: usize) -> bool {
    let column = result.columns.get(at % result.columns.len().max(1));
    column.is_some_and(|&column| words.figure.columns[column].share == Some(Whole::Total))
}

/// Whether a figure or its share cannot be given. That a total is not known is told once, not of each share of it.
fn is_unsure(cell: &FigureCell, of_total: bool) -> bool {
    let share = !of_total && matches!(cell.percent(), Some(Cell::Unknown(_)));
    cell.place == Place::Shown && (matches!(cell.value, Cell::Unknown(_)) || share)
}

/// A share of a total that is not known, where the total has no row that says so.
fn unsure_share(words: &Words<'_>, result: &FigureResult, pen: &Pen<'_>) -> Option<String> {
    if result.rows.iter().any(|row| row.keys.is_none()) {
        return None;
    }
    let cells = result.rows.iter().flat_map(|row| row.cells.iter().enumerate());
    let unsure = cells.filter(|(at, cell)| {
        let share = matches!((&cell.value, cell.percent()), (Cell::Present(_), Some(Cell::Unknown(_))));
        cell.place == Place::Shown && share && of_total(words, result, *at)
    });
    let lack = unsure.map(|(_, cell)| &cell.lack).max_by_key(|lack| lack.rows)?;
    let rows = pen.counted(lack.rows, ("række mangler", "rækker mangler"), ("row lacks", "rows lack"));
    Some(format!("{}: {rows} ({})", pen.lang.pick("Andel af i alt", "Share of the total"), reasons(words, lack, pen)))
}

/// A column of the table by its headings.
fn named(words: &Words<'_>, result: &FigureResult, at: usize) -> String {
    match words.heading(result, at) {
        (Some(head), title) if result.columns.len() > 1 => format!("{head} {title}"),
        (Some(head), _) => head,
        (None, title) => title,
    }
}

/// `indskrivning.dage: feltet er tomt (2), ...`, most rows first.
fn reasons(words: &Words<'_>, lack: &Lack, pen: &Pen<'_>) -> String {
    let mut causes = causes(words, lack);
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.rows));
    let only = causes.len() == 1;
    let texts = causes.iter().map(|cause| {
        if only || cause.rows == 0 {
            cause.text(pen.lang)
        } else {
            format!("{} ({})", cause.text(pen.lang), pen.count(cause.rows))
        }
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// The reasons with names.
pub(in crate::report) fn causes(words: &Words<'_>, lack: &Lack) -> Vec<CauseCount> {
    let named = lack.reasons.iter().map(|((cause, at), rows)| {
        let dataset = at.map(|(dataset, _)| words.pack.get(dataset));
        let column = at.and_then(|(dataset, column)| Some(words.pack.get(dataset).columns[column?.index()].name.clone()));
        CauseCount { cause: *cause, dataset: dataset.map(|dataset| dataset.name.clone()), column, rows: *rows }
    });
    named.collect()
}
