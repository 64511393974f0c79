//! Key figures as JSON.

use super::{both, canonical, cause, plain, v1};
use crate::engine::figures::{FigureCell, FigureResult, KeyPart, Place};
use crate::engine::result::{Counts, RuleState};
use crate::locale::{Bilingual, Lang};
use crate::report::figures::{Tables, Words, causes};
use crate::rule::figure::{Head, KeyFigure};
use crate::scorecard;
use crate::value::Cell;

pub(super) fn all(tables: &Tables<'_>) -> Vec<v1::KeyFigure> {
    tables.figures.iter().zip(tables.counted).map(|(figure, result)| one(tables, figure, result)).collect()
}

/// The document of `sagstjek figures --json`.
pub fn document(tables: &Tables<'_>) -> String {
    let document = v1::Figures {
        schema: "sagstjek-figures/1",
        extract_date: tables.day.to_string(),
        protected: tables.gate.protected(),
        figures: all(tables),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn text(text: &Bilingual) -> v1::Text {
    both(|lang| text.get(lang).to_owned())
}

fn one(tables: &Tables<'_>, figure: &KeyFigure, result: &FigureResult) -> v1::KeyFigure {
    let reason = |state: &RuleState| {
        let state = scorecard::state(tables.pack, state, &Counts::default());
        state.reason(Lang::Da).map(|_| both(|lang| state.reason(lang).unwrap_or_default()))
    };
    let words = |lang| Words { pack: tables.pack, gate: tables.gate, figure, lang };
    let key = |head: &Head, part: &KeyPart| v1::FigureKey {
        state: match part {
            KeyPart::Value(_) => "present",
            KeyPart::Empty => "empty",
            KeyPart::Row(_) | KeyPart::Unknown => "unknown",
        },
        value: words(Lang::En).plain_key(head, part).as_ref().and_then(plain),
        shown: both(|lang| tables.gate.scrub(&words(lang).key(head, part)).into_owned()),
    };
    let total = || v1::FigureKey { state: "total", value: None, shown: both(|lang| words(lang).total().to_owned()) };
    let note = figure.da.note.as_ref().map(|_| both(|lang| figure.texts(lang).note.clone().unwrap_or_default()));
    let heads = result.across.iter().map(|head| match (head, &figure.across) {
        (Some(part), Some(head)) => key(head, part),
        _ => total(),
    });
    let rows = result.rows.iter().map(|row| v1::FigureRow {
        keys: match &row.keys {
            Some(keys) => figure.by.iter().zip(keys).map(|(head, part)| key(head, part)).collect(),
            None => vec![total()],
        },
        rows_without_key: row.without_key.rows,
        cells: row.cells.iter().map(|cell| of_cell(&words(Lang::En), cell)).collect(),
    });
    v1::KeyFigure {
        id: figure.id.to_string(),
        name: figure.name.to_string(),
        title: text(&figure.title()),
        note,
        source: figure.source.clone(),
        state: match &result.state {
            RuleState::Ran => "ran",
            RuleState::InputMissing { .. } => "input-missing",
            RuleState::LocalNotSet(_) => "local-not-set",
            RuleState::TooCostly { .. } => "too-costly",
        },
        reason: reason(&result.state),
        keys: figure.by.iter().map(|head| text(&head.title)).collect(),
        across: figure.across.as_ref().map(|head| text(&head.title)),
        heads: heads.collect(),
        columns: result.columns.iter().map(|&column| text(&figure.columns[column].title)).collect(),
        left_out: result
            .left_out
            .iter()
            .filter_map(|(column, state)| {
                Some(v1::LeftOut { column: text(&figure.columns[*column].title), reason: reason(state)? })
            })
            .collect(),
        rows: rows.collect(),
        unranked: result.unranked.0,
        refused_rows: result.refused,
    }
}

fn of_cell(words: &Words<'_>, cell: &FigureCell) -> v1::FigureCell {
    let value = |cell: &Cell| if let Cell::Present(value) = cell { Some(canonical(value)) } else { None };
    let share = |share: Option<Cell<i128>>| match share {
        Some(Cell::Present(share)) => Some(share.to_string()),
        _ => None,
    };
    let state = match (cell.place, &cell.value) {
        (Place::Absent, _) => "absent",
        (Place::Outside, _) => "outside",
        (Place::Shown, Cell::Present(_)) => "present",
        (Place::Shown, Cell::Empty) => "empty",
        (Place::Shown, Cell::Unknown(_)) => "unknown",
    };
    let shown = cell.place == Place::Shown;
    let lacking = || v1::Lacking {
        rows: cell.lack.rows,
        causes: causes(words, &cell.lack).iter().map(cause).collect(),
        value_of_the_others: value(&cell.known),
        percent_of_the_others: share(cell.known_percent()),
    };
    v1::FigureCell {
        state,
        value: value(&cell.value).filter(|_| shown),
        percent: share(cell.percent()).filter(|_| shown),
        lacking: (shown && !cell.lack.is_empty()).then(lacking),
    }
}
