//! One pass over the records of a sheet. Its pieces are read on all threads, each by itself, and put together in their order, so
//! that what comes out does not depend on how many threads there are.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::cells::{Read, Tally};
use super::header::{HeaderRow, cell_at, is_blank, text_of};
use super::layout::{Condition, From, Layout, Slot};
use super::part::{Part, Stand};
use super::read::Counted;
use super::sheet::{CUT_AT, Context, Snapshot};
use super::totals::Totals;
use super::{SheetReading, Skip};
use crate::export::{Base, Block, Blocks, Format, Measured, RawCell, Rough, Row};
use crate::model::{ColumnId, DatasetId, Profile, Role};
use crate::privacy::shape;
use crate::problem::Problem;
use crate::value::{Cause, Value};

/// Malformed cells of a column whose look is kept.
pub(super) const SHAPES: usize = 3;

/// Pieces that a thread has before it.
const AHEAD: usize = 2;

/// What became of the last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    None,
    Taken,
    Refused,
    Total,
}

/// How the records of a sheet are read, and what they gave so far.
pub(super) struct Pass<'c, 'p, 'a> {
    pub(super) context: &'c Context<'p>,
    pub(super) header: &'a HeaderRow,
    pub(super) layout: Layout<'p>,
    pub(super) profile: &'p Profile,
    /// Whether a row with fewer cells than the header cannot be told apart: text files only, a workbook leaves empty ends out.
    strict: bool,
    /// Slots that state the day of the extract.
    pub(super) snapshots: Vec<usize>,
    pub(super) rows: Rows<'p>,
}

/// What some records gave.
pub(super) struct Rows<'p> {
    pub(super) parts: Vec<Part>,
    /// Slots with what their cells showed.
    pub(super) slots: Vec<Slot<'p>>,
    pub(super) totals: Totals<'p>,
    pub(super) reading: SheetReading,
    pub(super) filled: Vec<u32>,
    /// For each condition: filled cells, and those of them that are no code.
    pub(super) codes: Vec<(u32, u32)>,
    pub(super) tally: Tally,
    pub(super) snapshot: Snapshot,
    record: u32,
    /// Sheet rows of the first and the last record.
    span: Option<(u32, u32)>,
    /// Line of the last record.
    pub(super) line: u32,
    pub(super) last: Last,
    /// Rows of each part before the last record.
    pub(super) before: Vec<u32>,
    pub(super) refused: u32,
    /// Rows with more fields than the header, the surplus empty.
    pub(super) wide: u32,
}

impl<'c, 'p, 'a> Pass<'c, 'p, 'a> {
    pub(super) fn new(
        context: &'c Context<'p>,
        profile: &'p Profile,
        header: &'a HeaderRow,
        layout: Layout<'p>,
        format: Format,
    ) -> Self {
        let wanted = |dataset, column| {
            context.plan.columns.contains(&(dataset, column))
                || context.finders.get(dataset.index()).is_some_and(|of| of.contains(&column))
        };
        let part = |plan| Part::new(context, plan, &layout.slots, |column| wanted(plan.feed.dataset, column));
        let parts: Vec<Part> = layout.feeds.iter().map(part).collect();
        let is_snapshot = |&(dataset, column): &(DatasetId, ColumnId)| {
            context.pack.get(dataset).columns.get(column.index()).is_some_and(|c| c.role == Some(Role::Snapshot))
        };
        let snapshots = (0..layout.slots.len()).filter(|&i| layout.slots[i].targets.iter().any(is_snapshot)).collect();
        let rows = Rows {
            before: vec![0; parts.len()],
            parts,
            slots: layout.slots.iter().map(Slot::fresh).collect(),
            totals: Totals::new(profile.total.as_ref(), header),
            reading: SheetReading::default(),
            filled: vec![0; header.headers.len()],
            codes: vec![(0, 0); layout.conditions.len()],
            tally: Tally { test_persons: context.pack.test_persons.clone(), ..Tally::default() },
            snapshot: Snapshot::Silent,
            record: 0,
            span: Some((header.sheet_row, header.sheet_row)),
            line: 0,
            last: Last::None,
            refused: 0,
            wide: 0,
        };
        Pass {
            context,
            header,
            layout,
            profile,
            strict: matches!(format, Format::Csv | Format::SapList | Format::Html),
            snapshots,
            rows,
        }
    }

    /// Takes all rows behind the header. While some pieces are read, those before them are put together and the next ones cut.
    pub(super) fn run(&mut self, first: Vec<Block>, blocks: &mut Blocks<'_>, counted: &mut Counted<'_>) -> Result<(), Problem> {
        let mut rows = self.fresh();
        std::mem::swap(&mut rows, &mut self.rows);
        first.iter().for_each(|block| rows.block(self, block, Some(self.header.sheet_row)));
        drop(first);
        let pass = &*self;
        let (mut ahead, mut done) = (next_pieces(blocks), Vec::new());
        let ended = loop {
            if ahead.is_empty() && done.is_empty() {
                break Ok(());
            }
            let (read, next) = rayon::join(
                || ahead.into_par_iter().map(|rough| pass.piece(rough)).collect::<Vec<_>>(),
                || {
                    rows.put_together(done, blocks, counted)?;
                    Ok(next_pieces(blocks))
                },
            );
            match next {
                Ok(next) => (ahead, done) = (next, read),
                Err(problem) => break Err(problem),
            }
        };
        if ended.is_ok() {
            blocks.finish();
        }
        self.rows = rows;
        ended
    }

    /// A piece read by itself.
    fn piece(&self, rough: Result<Rough<'_>, Problem>) -> Piece<'p> {
        let (block, measured) = rough?.split();
        let mut rows = self.fresh();
        rows.block(self, &block, None);
        Ok((rows, measured))
    }

    /// Room for further rows.
    fn fresh(&self) -> Rows<'p> {
        let held = &self.rows;
        Rows {
            parts: held.parts.iter().map(Part::fresh).collect(),
            slots: self.layout.slots.iter().map(Slot::fresh).collect(),
            totals: held.totals.fresh(),
            reading: SheetReading::default(),
            filled: vec![0; held.filled.len()],
            codes: vec![(0, 0); held.codes.len()],
            tally: Tally { test_persons: held.tally.test_persons.clone(), ..Tally::default() },
            snapshot: Snapshot::Silent,
            record: 0,
            span: None,
            line: 0,
            last: Last::None,
            before: vec![0; held.parts.len()],
            refused: 0,
            wide: 0,
        }
    }

    /// Cells behind the last header, or (in text files) too few cells: no cell can be trusted to stand under its header.
    fn is_shifted(&self, row: &Row<'_>) -> bool {
        let first = usize::from(row.place().first_column);
        let end = self.header.end();
        let beyond = (end.saturating_sub(first)..row.len()).any(|i| !is_blank(row.cell(i)));
        beyond || (self.strict && first + row.len() < end)
    }
}

/// What a piece gave, if it could be read.
type Piece<'p> = Result<(Rows<'p>, Measured), Problem>;

fn next_pieces<'b>(blocks: &mut Blocks<'b>) -> Vec<Result<Rough<'b>, Problem>> {
    let mut pieces = Vec::new();
    while pieces.len() < AHEAD * rayon::current_num_threads()
        && let Some(piece) = blocks.next_rough()
    {
        pieces.push(piece);
    }
    pieces
}

impl<'p> Rows<'p> {
    /// Takes the rows of a block, those at or above the header left out.
    fn block(&mut self, pass: &Pass<'_, 'p, '_>, block: &Block, header: Option<u32>) {
        let mut values: Vec<Read<'_>> = Vec::with_capacity(self.slots.len());
        for row in block.rows() {
            let place = row.place();
            self.line = place.line;
            if header.is_some_and(|header| place.sheet_row <= header) {
                continue;
            }
            self.stands_at(place.sheet_row, place.sheet_row);
            self.row(pass, &row, &mut values);
        }
    }

    /// Notes where rows stand, and the blank rows before them.
    fn stands_at(&mut self, first: u32, last: u32) {
        let span = self.span.get_or_insert((first, first));
        let blank = first.saturating_sub(span.1.saturating_add(1));
        span.1 = last;
        if blank > 0 {
            *self.reading.skipped.entry(Skip::Blank).or_default() += blank;
        }
    }

    fn row<'r>(&mut self, pass: &Pass<'_, 'p, '_>, row: &Row<'r>, values: &mut Vec<Read<'r>>) {
        self.record += 1;
        if pass.header.is_repeated_by(row) {
            self.skip(Skip::RepeatedHeader);
        } else if self.totals.take(row) {
            self.skip(Skip::Total);
            self.last = Last::Total;
        } else if pass.is_shifted(row) {
            self.skip(Skip::Shifted);
            self.last = Last::Refused;
            self.refused += 1;
        } else {
            let place = row.place();
            let stand = Stand { record: self.record, sheet_row: place.sheet_row, line: place.line };
            self.totals.add(row);
            self.wide += u32::from(pass.strict && usize::from(place.first_column) + row.len() > pass.header.width);
            self.values(pass, row, values);
            for ((part, plan), before) in self.parts.iter_mut().zip(&pass.layout.feeds).zip(&mut self.before) {
                *before = part.len();
                part.take(plan, values, stand);
            }
            self.reading.records += 1;
            self.last = Last::Taken;
        }
    }

    pub(super) fn skip(&mut self, why: Skip) {
        *self.reading.skipped.entry(why).or_default() += 1;
    }

    /// Reads the row's slots.
    fn values<'r>(&mut self, pass: &Pass<'_, 'p, '_>, row: &Row<'r>, values: &mut Vec<Read<'r>>) {
        for (filled, header) in self.filled.iter_mut().zip(&pass.header.headers) {
            *filled += u32::from(!is_blank(cell_at(row, header.sheet_column)));
        }
        let conditions = &pass.layout.conditions;
        let met: Vec<Option<bool>> = conditions.iter().map(|condition| is_met(condition, row)).collect();
        for (condition, tally) in conditions.iter().zip(&mut self.codes) {
            let text = text_of(cell_at(row, condition.sheet_column)).filter(|text| !text.trim().is_empty());
            tally.0 += u32::from(text.is_some());
            tally.1 += u32::from(text.is_some_and(|text| !condition.is_code(&text)));
        }
        values.clear();
        for slot in &mut self.slots {
            let read = match slot.only.map(|only| met[only]) {
                Some(Some(false)) => Read::Empty,
                // Without its code nobody can tell what the cell holds.
                Some(None) if slot.is_blank(row) => Read::Empty,
                Some(None) => Read::Unknown(Cause::Unreadable),
                None | Some(Some(true)) => slot.read(row, &mut self.tally),
            };
            values.push(read);
        }
        for &slot in &pass.snapshots {
            self.snapshot = self.snapshot.and(match &values[slot] {
                Read::Value(Value::Date(day)) => Snapshot::Day(*day),
                _ => Snapshot::Mixed,
            });
        }
    }

    /// Adds pieces in their order, up to the first that could not be read.
    fn put_together(
        &mut self,
        pieces: Vec<Piece<'p>>,
        blocks: &mut Blocks<'_>,
        counted: &mut Counted<'_>,
    ) -> Result<(), Problem> {
        for piece in pieces {
            let (rows, measured) = piece?;
            counted.add(measured.bytes());
            let base = blocks.settle(measured)?;
            self.append(rows, base);
        }
        Ok(())
    }

    /// Adds the rows of the next piece, which counts its places from `base`.
    fn append(&mut self, later: Rows<'p>, base: Base) {
        let Some((first, last)) = later.span else { return };
        self.stands_at(first + base.row, last + base.row);
        if later.last != Last::None {
            self.last = later.last;
            self.before = self.parts.iter().zip(later.before).map(|(part, before)| part.len() + before).collect();
        }
        self.line = later.line + base.line;
        for (part, more) in self.parts.iter_mut().zip(later.parts) {
            part.append(more, Stand { record: self.record, sheet_row: base.row, line: base.line });
        }
        self.slots.iter_mut().zip(later.slots).for_each(|(slot, more)| slot.append(more));
        self.totals.append(&later.totals);
        self.record += later.record;
        self.reading.records += later.reading.records;
        for (why, count) in later.reading.skipped {
            *self.reading.skipped.entry(why).or_default() += count;
        }
        self.filled.iter_mut().zip(later.filled).for_each(|(filled, more)| *filled += more);
        self.codes.iter_mut().zip(later.codes).for_each(|(codes, more)| *codes = (codes.0 + more.0, codes.1 + more.1));
        self.tally.append(&later.tally);
        self.snapshot = self.snapshot.and(later.snapshot);
        self.refused += later.refused;
        self.wide += later.wide;
    }
}

/// `None` when the cell that decides says nothing or cannot be read.
fn is_met(condition: &Condition, row: &Row<'_>) -> Option<bool> {
    match cell_at(row, condition.sheet_column) {
        RawCell::Error(_) => None,
        cell if is_blank(cell) => None,
        cell => {
            let text = Condition::fold(&text_of(cell).unwrap_or_default());
            Some(condition.texts.contains(&text))
        }
    }
}

impl Slot<'_> {
    fn is_blank(&self, row: &Row<'_>) -> bool {
        match &self.from {
            From::One(column) => is_blank(cell_at(row, *column)),
            From::Joined(columns, _) => columns.iter().all(|column| is_blank(cell_at(row, *column))),
        }
    }

    /// Keeps what the first malformed cells look like.
    fn note_shape(&mut self, row: &Row<'_>) {
        if self.shapes.len() >= SHAPES {
            return;
        }
        let text = match &self.from {
            From::One(column) => text_of(cell_at(row, *column)),
            From::Joined(columns, _) => columns.iter().find_map(|column| text_of(cell_at(row, *column))),
        };
        let seen = text.map(|text| shape(text.trim()));
        self.shapes.extend(seen.filter(|seen| !self.shapes.contains(seen)));
    }

    fn note_length(&mut self, (length, count): (usize, u32)) {
        self.longest = match length.cmp(&self.longest.0) {
            Ordering::Greater => (length, count),
            Ordering::Equal => (length, self.longest.1 + count),
            Ordering::Less => self.longest,
        };
    }

    /// Adds what the cells of the next piece showed.
    fn append(&mut self, later: Slot<'_>) {
        self.filled += later.filled;
        self.malformed += later.malformed;
        for seen in later.shapes {
            if self.shapes.len() < SHAPES && !self.shapes.contains(&seen) {
                self.shapes.push(seen);
            }
        }
        self.note_length(later.longest);
        self.reader.append(&later.reader);
    }

    fn read<'r>(&mut self, row: &Row<'r>, tally: &mut Tally) -> Read<'r> {
        let read = match &self.from {
            From::One(column) => {
                let cell = cell_at(row, *column);
                self.filled += u32::from(!is_blank(cell));
                self.reader.read(cell, tally)
            }
            From::Joined(columns, by) => {
                let cells = columns.iter().map(|column| cell_at(row, *column)).filter(|cell| !is_blank(*cell));
                let texts: Vec<String> = cells.filter_map(text_of).map(|text| text.trim().to_owned()).collect();
                self.filled += u32::from(!texts.is_empty());
                self.reader.read(RawCell::Text(&texts.join(by)), tally).into_owned()
            }
        };
        if read == Read::Malformed {
            self.malformed += 1;
            self.note_shape(row);
        }
        if let Read::Text(text) = &read
            && text.len() >= CUT_AT[0]
        {
            self.note_length((text.chars().count(), 1));
        }
        read
    }
}
