//! Tables of figures and code lists.

use std::collections::HashMap;

use crate::calendar::Date;
use crate::model::{Code, CodeList, ListId, Table, TableId};
use crate::rule::typed::Expr;
use crate::value::{self, Cause, Cell, Kind, Value, dk};

use super::{Entry, Evaluator, Item, Out, World, date_of};

/// The rows of a table by their keys, a banded last key left out.
#[derive(Debug)]
pub(super) struct FigureIndex {
    rows: HashMap<Vec<Value>, Vec<usize>>,
}

impl FigureIndex {
    pub(super) fn new(table: &Table) -> FigureIndex {
        let mut rows: HashMap<Vec<Value>, Vec<usize>> = HashMap::new();
        for (i, figure) in table.rows.iter().enumerate() {
            rows.entry(exact(&figure.keys, table.banded).to_vec()).or_default().push(i);
        }
        FigureIndex { rows }
    }

    /// The row that holds for these keys on this day: of each band the row that began last, unless it has ended; then the
    /// highest band that is not above the key.
    fn find(&self, table: &Table, keys: &[Value], day: Option<Date>) -> Option<usize> {
        let candidates = self.rows.get(exact(keys, table.banded))?;
        let band_of = |i: usize| if table.banded { table.rows[i].keys.last() } else { None };
        let begun = |i: usize| !table.dated || table.rows[i].from.is_none_or(|from| day.is_some_and(|day| from <= day));
        let ended = |i: usize| table.dated && table.rows[i].until.is_some_and(|until| day.is_none_or(|day| until < day));
        let followed = |i: usize| {
            candidates.iter().any(|&j| begun(j) && band_of(j) == band_of(i) && table.rows[j].from > table.rows[i].from)
        };
        let reached = |i: usize| match (band_of(i), keys.last()) {
            (Some(bound), Some(key)) => value::compare(bound, key).is_le(),
            (bound, _) => bound.is_none(),
        };
        candidates.iter().copied().filter(|&i| begun(i) && !ended(i) && !followed(i) && reached(i)).max_by(|&a, &b| {
            match (band_of(a), band_of(b)) {
                (Some(a), Some(b)) => value::compare(a, b),
                _ => std::cmp::Ordering::Equal,
            }
        })
    }
}

fn exact(keys: &[Value], banded: bool) -> &[Value] {
    if banded { keys.split_last().map_or(&[], |(_, rest)| rest) } else { keys }
}

impl World<'_> {
    /// The row of a table that holds for these keys on this day.
    pub(in crate::engine) fn figure(&self, table: TableId, keys: &[Value], day: Option<Date>) -> Option<usize> {
        self.figures[table.index()].find(&self.pack().tables[table.index()], keys, day)
    }
}

impl Evaluator<'_> {
    pub(super) fn look_up(&mut self, table: TableId, keys: &[Expr], at: Option<&Expr>) -> Out {
        let mark = self.trace.mark();
        let keys: Vec<Result<Item, Cause>> = keys.iter().map(|key| self.need(key)).collect();
        let day = at.map(|at| self.day(at));
        let definition = &self.world.pack().tables[table.index()];
        if definition.local && definition.rows.is_empty() {
            self.trace.blame(mark, Cause::LocalNotSet);
            return Cell::Unknown(Cause::LocalNotSet);
        }
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            match key {
                Ok(Item::Value(value)) => found.push(value),
                Ok(_) => return Cell::Unknown(Cause::Overflow),
                Err(cause) => return Cell::Unknown(cause),
            }
        }
        let day = match day.transpose() {
            Ok(day) => day,
            Err(cause) => return Cell::Unknown(cause),
        };
        match self.world.figure(table, &found, day) {
            Some(row) => {
                self.trace.add(|| Entry::Figure(table, row));
                Cell::Present(Item::Value(definition.rows[row].value.clone()))
            }
            None => {
                self.trace.blame(mark, Cause::NoFigure);
                self.trace.add(|| Entry::NoFigure(table, found, day));
                Cell::Unknown(Cause::NoFigure)
            }
        }
    }

    fn day(&mut self, expr: &Expr) -> Result<Date, Cause> {
        day_of(self.need(expr))
    }

    pub(super) fn in_codes(&mut self, value: &Expr, id: ListId, at: Option<&Expr>) -> Cell<bool> {
        let mark = self.trace.mark();
        let value = self.need(value);
        let day = at.map(|at| self.day(at));
        let text = match value {
            Ok(Item::Value(Value::Text(text))) => text,
            Ok(_) => return Cell::Unknown(Cause::Overflow),
            Err(cause) => return Cell::Unknown(cause),
        };
        let answer = coded(&self.world.pack().lists[id.index()], &text, &day);
        match answer {
            Cell::Present(true) => {}
            Cell::Present(false) | Cell::Empty => self.trace.add(|| Entry::NotListed(id, text, day.and_then(Result::ok))),
            Cell::Unknown(why) => self.trace.blame(mark, why),
        }
        answer
    }
}

/// A day; of a time stamp its Danish day.
pub(in crate::engine) fn day_of(item: Result<Item, Cause>) -> Result<Date, Cause> {
    match date_of(&item?) {
        Cell::Present(day) => Ok(day),
        Cell::Empty => Err(Cause::Empty),
        Cell::Unknown(cause) => Err(cause),
    }
}

/// Whether a code stands in a list, on that day where one is asked for.
pub(in crate::engine) fn coded(list: &CodeList, text: &str, day: &Option<Result<Date, Cause>>) -> Cell<bool> {
    // A code that the value may or may not lie under (`5.28.22` and `5.28.22.1.092`) leaves it open.
    let fits = |code: &Code| match list.kind {
        Kind::Konto | Kind::Paragraf => dk::under(list.kind, text, &code.code),
        _ => Some(&*code.code == text),
    };
    let mut doubt = None;
    for code in &list.codes {
        let in_force = match day {
            None => Some(true),
            Some(Ok(day)) => Some(holds(code, *day)),
            Some(Err(_)) => (code.from.is_none() && code.until.is_none()).then_some(true),
        };
        match (fits(code), in_force) {
            (Some(false), _) | (_, Some(false)) => {}
            (Some(true), Some(true)) => return Cell::Present(true),
            (None, _) => doubt = doubt.or(Some(Cause::Unreadable)),
            (Some(true), None) => doubt = day.as_ref().and_then(|day| day.as_ref().err().copied()).or(doubt),
        }
    }
    doubt.map_or(Cell::Present(false), Cell::Unknown)
}

fn holds(code: &Code, day: Date) -> bool {
    code.from.is_none_or(|from| from <= day) && code.until.is_none_or(|until| day <= until)
}
