//! Cells of the store made ready to be shown: where they stand, under which header, and what the gate lets through.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{CellView, FigureView, KeyView, PlaceView};
use crate::engine::result::{MessagePiece, Outcome};
use crate::intake::Delivery;
use crate::locale::{Bilingual, Lang};
use crate::model::{Column, ColumnId, TableId};
use crate::privacy::{Class, Gate, Shown};
use crate::problem::{Place, Problem};
use crate::store::{CellRef, Origin, RowRef, Store};
use crate::value::{Cause, Cell, Kind, Value};

/// Looks cells up and shows them.
#[derive(Debug)]
pub(super) struct Viewer<'a> {
    pub(super) store: &'a Store,
    pub(super) delivery: &'a Delivery,
    pub(super) gate: &'a Gate,
    /// Raw rows that were read again: (file, sheet, sheet row) to cells from column A on.
    raw: BTreeMap<(u16, u16, u32), Vec<String>>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Viewer<'a> {
    /// A viewer that has read again every row in which one of these cells could not be read.
    pub(super) fn new<'o>(
        store: &'a Store,
        delivery: &'a Delivery,
        gate: &'a Gate,
        outcomes: impl Iterator<Item = &'o Outcome>,
    ) -> Viewer<'a> {
        let mut viewer = Viewer { store, delivery, gate, raw: BTreeMap::new(), problems: Vec::new() };
        let mut wanted: BTreeMap<(u16, u16), BTreeSet<u32>> = BTreeMap::new();
        for outcome in outcomes {
            let factors = outcome.steps.iter().flat_map(|s| s.factors.iter().map(|(cell, _)| *cell));
            let cells = outcome.marks.iter().map(|m| m.cell).chain(outcome.deciding.iter().filter_map(|d| d.cell)).chain(factors);
            for cell in cells.filter(|&at| store.cell(at) == Cell::Unknown(Cause::Unreadable)) {
                if let Some(origin) = store.origin(cell) {
                    wanted.entry((origin.file, origin.sheet)).or_default().insert(origin.sheet_row);
                }
            }
        }
        for ((file, sheet), rows) in wanted {
            viewer.reread(file, sheet, &rows.into_iter().collect::<Vec<_>>());
        }
        viewer
    }

    fn reread(&mut self, file: u16, sheet: u16, rows: &[u32]) {
        let Some(reading) = self.delivery.files.get(usize::from(file)) else { return };
        let (Some(export), Some(sheet_reading)) = (&reading.export, reading.sheets.get(usize::from(sheet))) else { return };
        match export.reread(sheet_reading.index, rows) {
            Ok(found) => {
                let texts = rows.iter().zip(found).filter_map(|(row, cells)| Some(((file, sheet, *row), cells?)));
                self.raw.extend(texts);
            }
            Err(_) => self.problems.push(Problem::ChangedWhileRead {
                place: Place { file: self.gate.scrub(&reading.path).into(), sheet: sheet_reading.name.clone() },
            }),
        }
    }

    pub(super) fn column(&self, at: CellRef) -> &Column {
        &self.store.pack().get(at.dataset).columns[at.column.index()]
    }

    fn place(&self, origin: Origin) -> Option<PlaceView> {
        let file = self.delivery.files.get(usize::from(origin.file))?;
        let sheet = file.sheets.get(usize::from(origin.sheet)).and_then(|s| s.name.as_deref());
        Some(PlaceView {
            file: self.gate.scrub(&file.path).into(),
            sheet: sheet.map(|s| self.gate.scrub(s).into()),
            sheet_row: origin.sheet_row,
            line: origin.line,
            record: origin.record,
            sheet_column: origin.sheet_column,
        })
    }

    /// Where a row stands.
    pub(super) fn row_place(&self, row: RowRef) -> Option<PlaceView> {
        let origin = self.store.origin(CellRef { dataset: row.dataset, row: row.row, column: ColumnId(0) })?;
        self.place(Origin { sheet_column: None, ..origin })
    }

    /// A cell; `None` when its row stands nowhere.
    pub(super) fn cell(&self, at: CellRef, label: Option<Bilingual>) -> Option<CellView> {
        let mut origin = self.store.origin(at)?;
        let column = self.column(at);
        let value = self.store.cell(at);
        let inputs = if origin.sheet_column.is_none() { self.inputs(at) } else { Vec::new() };
        let derived = !inputs.is_empty();
        if let Some(first) = inputs.first().and_then(|&input| self.store.origin(input)) {
            origin.sheet_column = first.sheet_column;
        }
        let header = origin.sheet_column.and_then(|c| self.header(&origin, c));
        let raw = origin.sheet_column.filter(|_| !derived).and_then(|c| {
            self.raw.get(&(origin.file, origin.sheet, origin.sheet_row)).and_then(|cells| cells.get(usize::from(c)))
        });
        Some(CellView {
            at,
            dataset: self.store.pack().get(at.dataset).name.clone(),
            column: column.name.clone(),
            place: self.place(origin)?,
            header,
            derived,
            shown: self.shown(column, &value, raw.map(String::as_str)),
            label,
        })
    }

    /// The cells of the row from which a derived column is computed, by the names in its expression.
    pub(super) fn inputs(&self, at: CellRef) -> Vec<CellRef> {
        let dataset = self.store.pack().get(at.dataset);
        let Some(derived) = &dataset.columns[at.column.index()].derived else { return Vec::new() };
        let mut found: Vec<CellRef> = Vec::new();
        for name in own_names(derived.text()) {
            if let Some(column) = dataset.column(name) {
                let input = CellRef { column, ..at };
                let stands = self.store.origin(input).is_some_and(|o| o.sheet_column.is_some());
                if column != at.column && stands && !found.contains(&input) {
                    found.push(input);
                }
            }
        }
        found
    }

    fn header(&self, origin: &Origin, sheet_column: u16) -> Option<Arc<str>> {
        let sheet = self.delivery.files.get(usize::from(origin.file))?.sheets.get(usize::from(origin.sheet))?;
        let header = sheet.headers.iter().find(|h| h.sheet_column == sheet_column)?;
        Some(self.gate.scrub(header.text.trim()).into())
    }

    /// A cell's value behind the gate. Months read as months.
    pub(super) fn shown(&self, column: &Column, cell: &Cell, raw: Option<&str>) -> Shown {
        let class = if column.is_personal() { Class::Personal } else { Class::Open };
        match (column.kind, cell) {
            (Kind::Month, Cell::Present(Value::Date(day))) => Shown::Month(*day),
            _ => self.gate.cell(class, column.kind, cell, raw),
        }
    }

    /// A computed value behind the gate: text that comes from a personal cell is a pseudonym. A day that is nothing but a
    /// month cell reads as a month.
    pub(super) fn computed(&self, cell: &Cell, factors: &[CellRef]) -> Shown {
        if let ([only], Cell::Present(Value::Date(day))) = (factors, cell)
            && self.column(*only).kind == Kind::Month
            && self.store.cell(*only) == *cell
        {
            return Shown::Month(*day);
        }
        let personal = factors.iter().any(|at| self.column(*at).is_personal());
        // A text that reads as a CPR keeps the pseudonym of that CPR, whatever column it came through.
        self.gate.cell(if personal { Class::Personal } else { Class::Open }, Kind::Text, cell, None)
    }

    /// A key of a row.
    pub(super) fn key(&self, row: RowRef) -> Option<KeyView> {
        let (index, values) = self.store.key(row)?;
        Some(self.key_view(row, index, values))
    }

    pub(super) fn key_view(&self, row: RowRef, index: usize, values: Vec<Value>) -> KeyView {
        let dataset = self.store.pack().get(row.dataset);
        let columns: Vec<&Column> = dataset.keys[index].iter().map(|c| &dataset.columns[c.index()]).collect();
        let shown = columns.iter().zip(&values).map(|(c, v)| self.shown(c, &Cell::Present(v.clone()), None)).collect();
        KeyView { index, columns: columns.iter().map(|c| c.name.clone()).collect(), values, shown }
    }

    /// A message in one language.
    pub(super) fn message(&self, pieces: &[MessagePiece], lang: Lang) -> String {
        let currency = &self.store.pack().currency_sign;
        pieces
            .iter()
            .map(|piece| match piece {
                MessagePiece::Text(text) => self.gate.scrub(text).into_owned(),
                MessagePiece::Value { value, factors } => self.computed(value, factors).show(currency, lang),
            })
            .collect()
    }

    /// A message in both languages.
    pub(super) fn both(&self, da: &[MessagePiece], en: &[MessagePiece]) -> Bilingual {
        Bilingual::new(self.message(da, Lang::Da), self.message(en, Lang::En))
    }

    /// A figure, if the table has that row.
    pub(super) fn figure(&self, table: TableId, row: usize) -> Option<FigureView> {
        let table = self.store.pack().tables.get(table.index())?;
        let figure = table.rows.get(row)?;
        Some(FigureView {
            table: table.name.clone(),
            title: table.title.clone(),
            value: figure.value.clone(),
            status: figure.status,
            source: figure.source.clone(),
            from: figure.from,
        })
    }
}

/// Names in an expression that stand for columns of its own row: words outside texts that neither follow a dot nor stand
/// before a bracket or a dot.
fn own_names(expression: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = expression;
    let mut after_dot = false;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |i| i + 2);
            rest = &rest[end..];
        } else if c.is_alphabetic() {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            if !after_dot && !tail.trim_start().starts_with(['(', '[', '.']) {
                names.push(word);
            }
            rest = tail;
            after_dot = false;
        } else {
            after_dot = c == '.';
            rest = &rest[c.len_utf8()..];
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::own_names;

    #[test]
    fn names_of_the_own_row() {
        assert_eq!(own_names("psp_konto[psp]"), ["psp"]);
        assert_eq!(own_names("or_else(person.fødselsdato, cpr_date(cpr))"), ["cpr"]);
        assert_eq!(own_names("if status = \"beløb\" then beløb else 0 kr"), ["if", "status", "then", "beløb", "else", "kr"]);
    }
}
