//! Rows: where they come from, searches (`every`, `some`, `no`), and gathering them for counts, folds and picks.
//!
//! A witness decides whatever else is unknown. Everything else rests on absence: it holds only where the dataset arrived
//! whole, no further row may belong to the group, and every candidate is settled.

use std::borrow::Cow;

use crate::model::{ColumnId, DatasetId, LinkId};
use crate::rule::typed::{Compare, Expr, RowSource, Rows};
use crate::store::{CellRef, RowRef, Target};
use crate::value::{Cause, Cell};

use super::trace::{LISTED, Undecided};
use super::values;
use super::{Entry, Evaluator, Item, World};

/// Rows that may belong to a source.
pub(super) struct Candidates<'w> {
    pub(super) rows: Cow<'w, [u32]>,
    /// Why there may be more of them, if so, and in which dataset.
    more: Option<(DatasetId, Cause)>,
}

impl World<'_> {
    /// Why a row cannot be found by any way of a link: each way lacks a value in it.
    pub(in crate::engine) fn without_key(&self, row: RowRef, link: LinkId, forward: bool) -> Option<Cause> {
        let mut why = None;
        for way in &self.pack().links[link.index()].ways {
            let lacking = way.iter().find_map(|&(from, to)| {
                let at = CellRef { dataset: row.dataset, row: row.row, column: if forward { from } else { to } };
                match self.store.cell(at) {
                    Cell::Present(_) => None,
                    Cell::Empty => Some(Cause::Empty),
                    Cell::Unknown(cause) => Some(cause),
                }
            });
            why = why.or(Some(lacking?));
        }
        why
    }

    /// Rows of a whole dataset whose key is unknown, so that they might have any.
    pub(in crate::engine) fn unsure(&self, dataset: DatasetId, column: ColumnId) -> &[u32] {
        self.unsure.get(&(dataset, column)).map_or(&[][..], Vec::as_slice)
    }
}

impl<'w> Evaluator<'w> {
    pub(super) fn candidates(&mut self, rows: &Rows) -> Result<Candidates<'w>, Cause> {
        match &rows.source {
            RowSource::Group { start, link, forward } => match self.need(start)? {
                Item::Row(start) => self.group(start, *link, *forward),
                _ => Err(Cause::Overflow),
            },
            RowSource::Through { over, link, forward } => {
                let before = self.candidates(over)?;
                let bound = self.bound(over.slot);
                let mut all = Vec::new();
                let mut more = before.more;
                for &row in before.rows.iter() {
                    let start = RowRef { dataset: over.dataset, row };
                    self.bind(over.slot, Cell::Present(Item::Row(start)));
                    match self.member(over, start) {
                        Cell::Present(true) => match self.group(start, *link, *forward) {
                            Ok(group) => {
                                all.extend_from_slice(&group.rows);
                                more = more.or(group.more);
                            }
                            Err(cause) => more = more.or(Some((rows.dataset, cause))),
                        },
                        Cell::Present(false) => {}
                        Cell::Empty => more = more.or(Some((over.dataset, Cause::Empty))),
                        Cell::Unknown(cause) => more = more.or(Some((over.dataset, cause))),
                    }
                }
                self.restore(over.slot, bound);
                all.sort_unstable();
                all.dedup();
                let more = more.or(self.world.not_whole(rows.dataset).map(|cause| (rows.dataset, cause)));
                Ok(Candidates { rows: all.into(), more })
            }
            RowSource::Whole { equal } => {
                let more = self.world.not_whole(rows.dataset).map(|cause| (rows.dataset, cause));
                let Some((column, key)) = equal.first() else {
                    return Ok(Candidates { rows: (0..self.world.store.rows(rows.dataset)).collect(), more });
                };
                let Item::Value(key) = self.need(key)? else { return Err(Cause::Overflow) };
                let found = self.world.store.rows_where(rows.dataset, *column, &key);
                let unsure = self.world.unsure(rows.dataset, *column);
                let rows = if unsure.is_empty() { found.into() } else { [found, unsure].concat().into() };
                Ok(Candidates { rows, more })
            }
        }
    }

    fn group(&mut self, start: RowRef, link: LinkId, forward: bool) -> Result<Candidates<'w>, Cause> {
        let world = self.world;
        let definition = &world.pack().links[link.index()];
        let other = if forward { definition.to } else { definition.from };
        let more = self.world.not_whole(other).map(|cause| (other, cause));
        if forward && definition.one {
            return match world.store.links().follow(link, true, start.row) {
                Target::Row { row, way } => {
                    self.trace.add(|| Entry::Way(link, way));
                    Ok(Candidates { rows: vec![row].into(), more: None })
                }
                Target::Unknown(cause) => {
                    self.log_keys(start, link, true, Some(cause));
                    Err(more.map_or(cause, |(_, cause)| cause))
                }
            };
        }
        let (rows, doubtful) = world.store.links().group(link, forward, start.row);
        if rows.is_empty() {
            let lacking = world.without_key(start, link, forward);
            self.log_keys(start, link, forward, lacking);
            if let Some(cause) = lacking {
                return Err(cause);
            }
        } else if self.trace.on() && !forward {
            let mut ways: Vec<u8> = Vec::new();
            for &row in rows {
                if let Target::Row { way, .. } = world.store.links().follow(link, true, row)
                    && !ways.contains(&way)
                {
                    ways.push(way);
                    self.trace.add(|| Entry::Way(link, way));
                }
            }
        }
        let more = more.or(doubtful.then_some((other, Cause::Ambiguous)));
        Ok(Candidates { rows: rows.into(), more })
    }

    /// Whether the bound candidate belongs to the source.
    pub(super) fn member(&mut self, rows: &Rows, row: RowRef) -> Cell<bool> {
        let mark = self.trace.mark();
        let mut unknown = None;
        if let RowSource::Whole { equal } = &rows.source {
            for (column, key) in equal {
                let at = CellRef { dataset: row.dataset, row: row.row, column: *column };
                let value = self.world.store.cell(at);
                let answer = match (&value, self.need(key)) {
                    (Cell::Present(value), Ok(key)) => values::compare(Compare::Equal, &Item::Value(value.clone()), &key),
                    (Cell::Unknown(cause), _) => Cell::Unknown(*cause),
                    (_, Err(cause)) => Cell::Unknown(cause),
                    // An empty key equals nothing.
                    (Cell::Empty, Ok(_)) => Cell::Present(false),
                };
                match answer {
                    Cell::Present(true) => {}
                    Cell::Present(false) => {
                        self.trace.truncate(mark);
                        self.trace.add(|| Entry::Cell { at, value, cause: None });
                        return Cell::Present(false);
                    }
                    Cell::Empty => unknown = unknown.or(Some(Cause::Empty)),
                    Cell::Unknown(cause) => {
                        self.trace.add(|| Entry::Cell { at, value, cause: Some(cause) });
                        unknown = unknown.or(Some(cause));
                    }
                }
            }
        }
        match (self.settle(&rows.filter, false), unknown) {
            (Cell::Present(true), Some(cause)) => Cell::Unknown(cause),
            (answer, _) => answer,
        }
    }

    /// Whether some row of the source satisfies (or, for `wanted` = false, fails) the condition. A row that does stays
    /// bound, so that marks can name it.
    pub(super) fn search(&mut self, rows: &Rows, satisfies: Option<&Expr>, wanted: bool) -> Cell<bool> {
        let candidates = match self.candidates(rows) {
            Ok(candidates) => candidates,
            Err(cause) => return Cell::Unknown(cause),
        };
        let base = self.trace.mark();
        let bound = self.bound(rows.slot);
        let mut unknown = None;
        let mut undecided = Undecided::default();
        let (mut listed, mut unlisted) = (0, 0);
        for &row in candidates.rows.iter() {
            let row = RowRef { dataset: rows.dataset, row };
            self.bind(rows.slot, Cell::Present(Item::Row(row)));
            let mark = self.trace.mark();
            let answer = match self.member(rows, row) {
                Cell::Present(true) => self.condition(satisfies, wanted, mark),
                Cell::Unknown(cause) => {
                    let inside = self.trace.mark();
                    match self.condition(satisfies, wanted, mark) {
                        Cell::Present(true) => {
                            self.trace.truncate(inside);
                            Cell::Unknown(cause)
                        }
                        answer => answer,
                    }
                }
                answer => answer,
            };
            match answer {
                Cell::Present(true) => {
                    self.trace.forget(base, mark);
                    return Cell::Present(true);
                }
                Cell::Present(false) if listed < LISTED => listed += 1,
                Cell::Present(false) => {
                    self.trace.truncate(mark);
                    unlisted += 1;
                }
                Cell::Empty => unknown = unknown.or(Some(Cause::Empty)),
                Cell::Unknown(cause) => {
                    unknown = unknown.or(Some(cause));
                    undecided.take(&mut self.trace, mark);
                    if self.hasty && undecided.are_plenty(candidates.rows.len()) {
                        break;
                    }
                }
            }
        }
        self.restore(rows.slot, bound);
        match self.conclude(&candidates, unknown, undecided, base, unlisted) {
            Ok(()) => Cell::Present(false),
            Err(cause) => Cell::Unknown(cause),
        }
    }

    /// Whether the absence of further rows may be relied on; the account keeps what stands in the way.
    pub(super) fn conclude(
        &mut self,
        candidates: &Candidates<'_>,
        unknown: Option<Cause>,
        undecided: Undecided,
        base: usize,
        unlisted: u64,
    ) -> Result<(), Cause> {
        if let Some((dataset, cause)) = candidates.more {
            self.trace.truncate(base);
            self.trace.add(|| Entry::Dataset(dataset, cause));
            undecided.tell(&mut self.trace);
            return Err(unknown.unwrap_or(cause));
        }
        if let Some(cause) = unknown {
            self.trace.truncate(base);
            undecided.tell(&mut self.trace);
            return Err(cause);
        }
        if unlisted > 0 {
            self.trace.add(|| Entry::Unlisted(unlisted));
        }
        Ok(())
    }

    /// The condition of a bound candidate; where it fails, it alone says why the candidate is out.
    fn condition(&mut self, satisfies: Option<&Expr>, wanted: bool, member: usize) -> Cell<bool> {
        let Some(satisfies) = satisfies else { return Cell::Present(wanted) };
        let mark = self.trace.mark();
        let answer = self.truth(satisfies).map(|yes| yes == wanted);
        if answer == Cell::Present(false) {
            self.trace.forget(member, mark);
        }
        answer
    }

    /// All rows of the source. With `account`, the cells that let rows in or kept them out are kept.
    pub(super) fn gather(&mut self, rows: &Rows, account: bool) -> Result<Vec<RowRef>, Cause> {
        let candidates = self.candidates(rows)?;
        let base = self.trace.mark();
        let bound = self.bound(rows.slot);
        let mut members = Vec::with_capacity(candidates.rows.len());
        let mut unknown = None;
        let mut undecided = Undecided::default();
        let (mut listed, mut unlisted) = (0, 0);
        for &row in candidates.rows.iter() {
            let row = RowRef { dataset: rows.dataset, row };
            self.bind(rows.slot, Cell::Present(Item::Row(row)));
            let mark = self.trace.mark();
            match self.member(rows, row) {
                Cell::Present(inside) => {
                    if inside {
                        members.push(row);
                    }
                    if !account {
                        self.trace.truncate(mark);
                    } else if listed < LISTED {
                        listed += 1;
                    } else {
                        self.trace.truncate(mark);
                        unlisted += 1;
                    }
                }
                Cell::Empty => unknown = unknown.or(Some(Cause::Empty)),
                Cell::Unknown(cause) => {
                    unknown = unknown.or(Some(cause));
                    undecided.take(&mut self.trace, mark);
                }
            }
        }
        self.restore(rows.slot, bound);
        self.conclude(&candidates, unknown, undecided, base, unlisted)?;
        Ok(members)
    }

    /// The value of an expression for each member; a value that lacks makes the whole unknown.
    pub(super) fn each_value(&mut self, of: &Expr, rows: &Rows, members: &[RowRef]) -> Result<Vec<Item>, Cause> {
        let base = self.trace.mark();
        let bound = self.bound(rows.slot);
        let mut items = Vec::with_capacity(members.len());
        let mut unlisted = 0;
        let mut failed = None;
        for (i, &row) in members.iter().enumerate() {
            self.bind(rows.slot, Cell::Present(Item::Row(row)));
            let mark = self.trace.mark();
            match self.need(of) {
                Ok(item) => items.push(item),
                Err(cause) => {
                    self.trace.forget(base, mark);
                    failed = Some(cause);
                    break;
                }
            }
            if i as u64 >= LISTED {
                self.trace.truncate(mark);
                unlisted += 1;
            }
        }
        self.restore(rows.slot, bound);
        if let Some(cause) = failed {
            return Err(cause);
        }
        if unlisted > 0 {
            self.trace.add(|| Entry::Unlisted(unlisted));
        }
        Ok(items)
    }
}
