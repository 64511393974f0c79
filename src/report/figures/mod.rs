//! Key figures as tables: for a terminal, and for spreadsheets.
//!
//! A figure that cannot be given is `?`; under the table stand the rows that lack, why, and what the others come to.

mod csv;
mod grid;
mod notes;

use std::fmt::Write;

use super::RenderOptions;
use super::pen::{Look, Pen};
use crate::calendar::Date;
use crate::engine::figures::{FigureCell, FigureResult, KeyPart, Place};
use crate::locale::Lang;
use crate::model::Pack;
use crate::privacy::{Class, Gate, Shown};
use crate::rule::figure::{Head, KeyFigure};
use crate::rule::typed::Ty;
use crate::scorecard;
use crate::store::Store;
use crate::value::{Cell, Decimal, Kind, Value};

pub use csv::csv;
pub(super) use notes::causes;

/// Key figures and what they came to.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The day the data describes.
    pub day: Date,
    /// The figures.
    pub figures: &'a [KeyFigure],
    /// What each came to.
    pub counted: &'a [FigureResult],
    /// The data, for what is missing of it.
    pub store: &'a Store,
    /// What may be shown.
    pub gate: &'a Gate,
}

/// Every table, one below the other, under a line with the day. Ends with a line end unless there are none.
pub fn render(tables: &Tables<'_>, options: &RenderOptions) -> String {
    let pen = Pen::new(options, &tables.pack.currency_sign, tables.gate);
    let mut out = String::new();
    if !tables.figures.is_empty() {
        let said = pen.lang.pick("Nøgletal pr.", "Key figures on");
        let _ = writeln!(out, "{}", pen.paint(Look::Bold, &format!("{said} {}", tables.day.show(pen.lang))));
    }
    for (figure, result) in tables.figures.iter().zip(tables.counted) {
        out.push('\n');
        out.push_str(&one(tables, figure, result, &pen));
    }
    out
}

fn one(tables: &Tables<'_>, figure: &KeyFigure, result: &FigureResult, pen: &Pen<'_>) -> String {
    let mut out = pen.heading(&pen.safe(&format!("{} {}", figure.id, figure.texts(pen.lang).title)));
    let words = Words { pack: tables.pack, gate: tables.gate, figure, lang: pen.lang };
    if let Some(reason) = skipped(tables.pack, result, pen.lang) {
        let said = pen.lang.pick("kan ikke opgøres:", "cannot be computed:");
        let _ = writeln!(out, "  {said} {}", pen.safe(&reason));
        return out;
    }
    out.push_str(&grid::render(&words, result, pen));
    out.push_str(&notes::render(tables, &words, result, pen));
    out
}

/// Why a figure could not be computed at all, if so.
pub(super) fn skipped(pack: &Pack, result: &FigureResult, lang: Lang) -> Option<String> {
    scorecard::state(pack, &result.state, &crate::engine::result::Counts::default()).reason(lang)
}

/// Words of one figure.
pub(super) struct Words<'a> {
    pub(super) pack: &'a Pack,
    pub(super) gate: &'a Gate,
    pub(super) figure: &'a KeyFigure,
    pub(super) lang: Lang,
}

impl Words<'_> {
    /// A key for readers: codes by their title, personal text by its pseudonym.
    pub(super) fn key(&self, head: &Head, part: &KeyPart) -> String {
        let lang = self.lang;
        let value = match part {
            KeyPart::Value(value) => value,
            KeyPart::Empty => return lang.pick("(ikke oplyst)", "(not stated)").to_owned(),
            KeyPart::Row(_) | KeyPart::Unknown => return lang.pick("(ukendt)", "(unknown)").to_owned(),
        };
        let plain = match value {
            Value::Text(text) => Some(text.to_string()),
            Value::Number(n) => Some(n.plain()),
            _ => None,
        };
        if let (Some(list), Some(plain)) = (head.codes, &plain)
            && let Some(code) = self.pack.lists[list.index()].codes.iter().find(|code| *code.code == **plain)
        {
            return code.title.get(lang).to_owned();
        }
        match (head.value.ty, value, plain) {
            // A year is no amount: no thousands are set apart.
            (_, Value::Number(_), Some(plain)) => plain,
            (Ty::Value(Kind::Month), Value::Date(month), _) => Shown::Month(*month).show("", lang),
            (Ty::Value(kind), value, _) => {
                let class = if head.personal { Class::Personal } else { Class::Open };
                self.gate.value(class, kind, value).show(&self.pack.currency_sign, lang)
            }
            _ => String::new(),
        }
    }

    /// A key for machines.
    pub(super) fn plain_key(&self, head: &Head, part: &KeyPart) -> Option<Shown> {
        let KeyPart::Value(value) = part else { return None };
        let Ty::Value(kind) = head.value.ty else { return None };
        let class = if head.personal { Class::Personal } else { Class::Open };
        Some(match value {
            Value::Date(month) if kind == Kind::Month => Shown::Month(*month),
            value => self.gate.value(class, kind, value),
        })
    }

    pub(super) fn total(&self) -> &'static str {
        self.lang.pick("I alt", "Total")
    }

    /// A figure as it stands in its column, whose heading says the unit.
    fn number(&self, value: &Value) -> String {
        match value {
            Value::Money(n) => n.at_least(2).show(self.lang),
            value => crate::value::show(value, "", self.lang),
        }
    }

    /// The figure and its share, apart.
    fn cell(&self, cell: &FigureCell, dash: &str) -> (String, String) {
        match cell.place {
            Place::Shown => self.pair(&cell.value, cell.percent(), dash),
            Place::Absent => (dash.to_owned(), String::new()),
            Place::Outside => ("*".to_owned(), String::new()),
        }
    }

    fn pair(&self, value: &Cell, percent: Option<Cell<i128>>, dash: &str) -> (String, String) {
        let figure = match value {
            Cell::Present(value) => self.number(value),
            Cell::Empty => dash.to_owned(),
            Cell::Unknown(_) => "?".to_owned(),
        };
        let share = match percent {
            None => String::new(),
            Some(Cell::Present(share)) => format!("{} %", Decimal::new(share, 0).show(self.lang)),
            Some(Cell::Empty) => dash.to_owned(),
            Some(Cell::Unknown(_)) => "? %".to_owned(),
        };
        (figure, share)
    }

    /// The heading of a column of the table: head of the pivot and title of the figure's column.
    fn heading(&self, result: &FigureResult, at: usize) -> (Option<String>, String) {
        let columns = &result.columns;
        let title = columns.get(at % columns.len().max(1)).map_or("", |&c| self.figure.columns[c].title.get(self.lang));
        let head = result.across.get(at / columns.len().max(1)).map(|head| match (head, &self.figure.across) {
            (Some(part), Some(head)) => self.key(head, part),
            _ => self.total().to_owned(),
        });
        (head, title.to_owned())
    }
}
