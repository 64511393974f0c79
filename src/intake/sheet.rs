//! One sheet from its first row to its last: profile, header, records, and what became of them.

use std::cmp::Ordering;
use std::sync::Arc;

use super::cells::{self, Read, Tally};
use super::header::{HeaderRow, cell_at, is_blank, text_of};
use super::layout::{Condition, From, Layout, Names, Resolver, Slot};
use super::matching::{FIRST_ROWS, Matcher};
use super::part::{Part, Stand};
use super::totals::Totals;
use super::{HeaderReading, SheetReading, Skip, Source};
use crate::calendar::Date;
use crate::export::{Block, Blocks, Format, RawCell, Row};
use crate::locale::{Bilingual, Lang};
use crate::model::{ColumnId, DatasetId, Pack, Profile, ProfileId, Role};
use crate::privacy::shape;
use crate::problem::{CutSign, Place, Problem, Severity};
use crate::rule::LoadPlan;
use crate::value::{Cause, Decimal, Value};

/// Malformed cells of a column whose look is kept.
const SHAPES: usize = 3;

/// What all sheets are read by.
pub(super) struct Context<'a> {
    pub(super) pack: &'a Pack,
    pub(super) matcher: &'a Matcher,
    /// The columns whose cells are wanted.
    pub(super) plan: &'a LoadPlan,
    /// For each dataset its key and link columns: without them rows cannot be found.
    pub(super) finders: &'a [Vec<ColumnId>],
}

/// What a sheet, or a file, says of the day it was extracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Snapshot {
    /// Nothing.
    #[default]
    Silent,
    /// This day in every row.
    Day(Date),
    /// Several days, or none in some rows.
    Mixed,
}

impl Snapshot {
    /// The one day, if it is one.
    pub(super) fn day(self) -> Option<Date> {
        match self {
            Snapshot::Day(day) => Some(day),
            Snapshot::Silent | Snapshot::Mixed => None,
        }
    }

    /// Both together.
    pub(super) fn and(self, other: Snapshot) -> Snapshot {
        match (self, other) {
            (Snapshot::Silent, known) | (known, Snapshot::Silent) => known,
            (Snapshot::Day(a), Snapshot::Day(b)) if a == b => self,
            _ => Snapshot::Mixed,
        }
    }
}

/// What a sheet gave.
#[derive(Debug, Default)]
pub(super) struct SheetOutcome {
    /// Its part of the reading report.
    pub(super) reading: SheetReading,
    /// Rows by feed.
    pub(super) parts: Vec<Part>,
    /// What went wrong.
    pub(super) problems: Vec<Problem>,
    /// Datasets that are not whole because of this sheet.
    pub(super) incomplete: Vec<DatasetId>,
    /// Rows refused one by one.
    pub(super) refused: u32,
    /// What its snapshot column says.
    pub(super) snapshot: Snapshot,
    /// The day in the rows above its header.
    pub(super) title_day: Option<Date>,
    /// Whether it has any row at all.
    pub(super) has_rows: bool,
}

/// Reads a sheet.
pub(super) fn read(
    context: &Context<'_>,
    mut blocks: Blocks<'_>,
    format: Format,
    place: &Place,
    file_name: &str,
    source: Option<&Source>,
) -> SheetOutcome {
    let mut outcome = SheetOutcome::default();
    let (first_blocks, rows) = match first_rows(&mut blocks, source.and_then(|s| s.header_row)) {
        Ok(first) => first,
        Err(problem) => {
            outcome.problems.push(problem);
            return outcome;
        }
    };
    outcome.has_rows = !rows.is_empty();
    // Behind the single rows come two rows as one header, which only win where they tell more.
    let single = rows.len();
    let joined: Vec<HeaderRow> = rows.windows(2).filter_map(|pair| pair[0].joined(&pair[1])).collect();
    let rows = [rows, joined].concat();
    let Some(found) = context.matcher.choose(&rows, source, &place.file) else {
        if outcome.has_rows {
            outcome.problems.push(Problem::Unmapped { place: place.clone() });
        }
        return outcome;
    };
    let (Some(profile), Some(header)) = (context.pack.profiles.get(found.profile.index()), rows.get(found.row)) else {
        return outcome;
    };
    if let Some(rival) = found.rival.and_then(|id| context.pack.profiles.get(id.index())) {
        let (first, second) = (profile.name.clone(), rival.name.clone());
        outcome.problems.push(Problem::ProfileUnclear { place: place.clone(), first, second });
    }
    let above = rows[..single]
        .iter()
        .filter(|row| row.sheet_row < header.sheet_row)
        .flat_map(|row| &row.headers)
        .map(|cell| &*cell.text)
        .collect::<Vec<_>>()
        .join(" ");
    outcome.title_day = cells::day_in(&above);
    let names = Names { sheet: place.sheet.as_deref(), file: file_name };
    let mut layout = Resolver::new(context.pack, header, names, source).resolve(profile);
    layout.slots.iter_mut().for_each(|slot| slot.reader.set_epoch_1904(blocks.epoch_1904()));
    let mut pass = Pass::new(context, profile, header, layout, format);
    let ended = pass.run(&first_blocks, &mut blocks);
    pass.close(found.profile, &blocks, ended, place, source, &mut outcome);
    outcome.reading.rival = found.rival;
    (outcome.reading.score, outcome.reading.runner_up) = (found.score, found.runner_up);
    outcome
}

/// The first rows, as headers, and the blocks that were read for them.
fn first_rows(blocks: &mut Blocks<'_>, header_row: Option<u32>) -> Result<(Vec<Block>, Vec<HeaderRow>), Problem> {
    let mut held = Vec::new();
    let mut rows: Vec<HeaderRow> = Vec::new();
    let enough = |rows: &[HeaderRow]| match header_row {
        Some(n) => rows.last().is_some_and(|row| row.sheet_row >= n),
        None => rows.len() >= FIRST_ROWS,
    };
    while !enough(&rows) {
        let Some(block) = blocks.next().transpose()? else { break };
        for row in block.rows() {
            if enough(&rows) {
                break;
            }
            rows.push(HeaderRow::of(&row));
        }
        held.push(block);
    }
    Ok((held, rows))
}

/// What became of the last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    None,
    Taken,
    Refused,
    Total,
}

/// Lengths at which systems cut texts.
const CUT_AT: [usize; 3] = [40, 50, 255];
/// So many texts of just that length, and none longer, were cut.
const FEWEST_CUT: u32 = 3;

/// Fewer shifted rows than this are mishaps of their own.
const FEWEST_SHIFTED: u32 = 5;

/// One pass over the records.
struct Pass<'c, 'p, 'a> {
    context: &'c Context<'p>,
    header: &'a HeaderRow,
    layout: Layout<'p>,
    parts: Vec<Part>,
    totals: Totals<'p>,
    profile: &'p Profile,
    /// Whether a row with fewer cells than the header cannot be told apart: text files only, a workbook leaves empty ends out.
    strict: bool,
    reading: SheetReading,
    filled: Vec<u32>,
    /// For each condition: filled cells, and those of them that are no code.
    codes: Vec<(u32, u32)>,
    tally: Tally,
    snapshots: Vec<usize>,
    snapshot: Snapshot,
    record: u32,
    line: u32,
    sheet_row: u32,
    last: Last,
    /// Rows of each part before the last record.
    before: Vec<u32>,
    refused: u32,
    /// Rows with more fields than the header, the surplus empty.
    wide: u32,
}

impl<'c, 'p, 'a> Pass<'c, 'p, 'a> {
    fn new(context: &'c Context<'p>, profile: &'p Profile, header: &'a HeaderRow, layout: Layout<'p>, format: Format) -> Self {
        let wanted = |dataset, column| {
            context.plan.columns.contains(&(dataset, column))
                || context.finders.get(dataset.index()).is_some_and(|of| of.contains(&column))
        };
        let part = |plan| Part::new(context.pack, plan, &layout.slots, |column| wanted(plan.feed.dataset, column));
        let parts: Vec<Part> = layout.feeds.iter().map(part).collect();
        let is_snapshot = |&(dataset, column): &(DatasetId, ColumnId)| {
            context.pack.get(dataset).columns.get(column.index()).is_some_and(|c| c.role == Some(Role::Snapshot))
        };
        let snapshots = (0..layout.slots.len()).filter(|&i| layout.slots[i].targets.iter().any(is_snapshot)).collect();
        Pass {
            context,
            header,
            before: vec![0; parts.len()],
            parts,
            totals: Totals::new(profile.total.as_ref(), header),
            profile,
            strict: matches!(format, Format::Csv | Format::SapList | Format::Html),
            reading: SheetReading::default(),
            filled: vec![0; header.headers.len()],
            codes: vec![(0, 0); layout.conditions.len()],
            tally: Tally { test_persons: context.pack.test_persons.clone(), ..Tally::default() },
            snapshots,
            snapshot: Snapshot::Silent,
            record: 0,
            line: 0,
            sheet_row: header.sheet_row,
            last: Last::None,
            refused: 0,
            wide: 0,
            layout,
        }
    }

    /// Takes all rows behind the header.
    fn run(&mut self, first: &[Block], blocks: &mut Blocks<'_>) -> Result<(), Problem> {
        for block in first {
            self.block(block);
        }
        for block in blocks {
            self.block(&block?);
        }
        Ok(())
    }

    fn block(&mut self, block: &Block) {
        let mut values: Vec<Read<'_>> = Vec::with_capacity(self.layout.slots.len());
        for row in block.rows() {
            let place = row.place();
            self.line = place.line;
            if place.sheet_row <= self.header.sheet_row {
                continue;
            }
            let blank = place.sheet_row.saturating_sub(self.sheet_row + 1);
            if blank > 0 {
                *self.reading.skipped.entry(Skip::Blank).or_default() += blank;
            }
            self.sheet_row = place.sheet_row;
            self.row(&row, &mut values);
        }
    }

    fn row<'r>(&mut self, row: &Row<'r>, values: &mut Vec<Read<'r>>) {
        self.record += 1;
        if self.header.is_repeated_by(row) {
            self.skip(Skip::RepeatedHeader);
        } else if self.totals.take(row) {
            self.skip(Skip::Total);
            self.last = Last::Total;
        } else if self.is_shifted(row) {
            self.skip(Skip::Shifted);
            self.last = Last::Refused;
            self.refused += 1;
        } else {
            let place = row.place();
            let stand = Stand { record: self.record, sheet_row: place.sheet_row, line: place.line };
            self.totals.add(row);
            self.wide += u32::from(self.strict && usize::from(place.first_column) + row.len() > self.header.width);
            self.values(row, values);
            for ((part, plan), before) in self.parts.iter_mut().zip(&self.layout.feeds).zip(&mut self.before) {
                *before = part.len();
                part.take(plan, values, stand);
            }
            self.reading.records += 1;
            self.last = Last::Taken;
        }
    }

    fn skip(&mut self, why: Skip) {
        *self.reading.skipped.entry(why).or_default() += 1;
    }

    /// Cells behind the last header, or (in text files) too few cells: no cell can be trusted to stand under its header.
    fn is_shifted(&self, row: &Row<'_>) -> bool {
        let first = usize::from(row.place().first_column);
        let end = self.header.end();
        let beyond = (end.saturating_sub(first)..row.len()).any(|i| !is_blank(row.cell(i)));
        beyond || (self.strict && first + row.len() < end)
    }

    /// Reads the row's slots.
    fn values<'r>(&mut self, row: &Row<'r>, values: &mut Vec<Read<'r>>) {
        for (filled, header) in self.filled.iter_mut().zip(&self.header.headers) {
            *filled += u32::from(!is_blank(cell_at(row, header.sheet_column)));
        }
        let met: Vec<Option<bool>> = self.layout.conditions.iter().map(|condition| is_met(condition, row)).collect();
        for (condition, tally) in self.layout.conditions.iter().zip(&mut self.codes) {
            let text = text_of(cell_at(row, condition.sheet_column)).filter(|text| !text.trim().is_empty());
            tally.0 += u32::from(text.is_some());
            tally.1 += u32::from(text.is_some_and(|text| !condition.is_code(&text)));
        }
        values.clear();
        for slot in &mut self.layout.slots {
            let read = match slot.only.map(|only| met[only]) {
                Some(Some(false)) => Read::Empty,
                // Without its code nobody can tell what the cell holds.
                Some(None) if slot.is_blank(row) => Read::Empty,
                Some(None) => Read::Unknown(Cause::Unreadable),
                None | Some(Some(true)) => slot.read(row, &mut self.tally),
            };
            values.push(read);
        }
        for &slot in &self.snapshots {
            self.snapshot = self.snapshot.and(match &values[slot] {
                Read::Value(Value::Date(day)) => Snapshot::Day(*day),
                _ => Snapshot::Mixed,
            });
        }
    }

    /// After the last row: what was cut off, what the totals say, which columns do not read.
    fn close(
        mut self,
        profile: ProfileId,
        blocks: &Blocks<'_>,
        ended: Result<(), Problem>,
        place: &Place,
        source: Option<&Source>,
        outcome: &mut SheetOutcome,
    ) {
        let readable = ended.is_ok();
        if let Err(problem) = ended {
            outcome.problems.push(problem);
        }
        let must_end = self.profile.final_line_end && source.is_none_or(|source| !source.open_last_line);
        let cut = if readable { self.cut(blocks, must_end) } else { None };
        if let Some((sign, line)) = cut {
            outcome.problems.push(Problem::CutOff { place: place.clone(), line, sign });
        }
        let cells = blocks.formulas_without_value();
        if cells > 0 {
            outcome.problems.push(Problem::FormulasWithoutValue { place: place.clone(), cells });
        }
        self.totals(place, cut.is_none() && readable, outcome);
        for part in &mut self.parts {
            let slots = &self.layout.slots;
            part.settle(|slot, dotted| slots[slot].reader.settle(dotted));
        }
        for slot in &mut self.layout.slots {
            slot.malformed += slot.reader.unsettled();
        }
        let optional = source.is_some_and(|source| !source.required);
        let is_shifted = self.is_shifted_throughout(place, outcome);
        if self.reading.records == 0 && !is_shifted && !optional {
            outcome.problems.push(Problem::SheetEmpty { place: place.clone() });
        }
        if outcome.problems.iter().any(|problem| problem.severity() == Severity::Failure) {
            outcome.incomplete.extend(self.profile.feeds.iter().map(|feed| feed.dataset));
        }
        if !is_shifted {
            self.refuse_columns(place, outcome);
            self.refuse_swapped_texts(place, outcome);
            self.month_without_year(place, outcome);
        }
        self.damaged(place, outcome);
        outcome.refused = self.refused;
        outcome.snapshot = self.snapshot;
        let mut reading = self.reading;
        reading.profile = Some(profile);
        reading.header_row = Some(self.header.sheet_row);
        reading.headers = headers(self.header, &self.layout, &self.filled);
        reading.repairs = self.tally.repairs;
        reading.cpr_read = self.tally.cpr_read;
        reading.cpr_modulus_failed = self.tally.cpr_modulus_failed;
        outcome.reading = reading;
        outcome.parts = self.parts;
    }

    /// Where a fifth of the rows is shifted, the others may be too, with as many fields as the header: none is used.
    fn is_shifted_throughout(&mut self, place: &Place, outcome: &mut SheetOutcome) -> bool {
        let refused = self.reading.skipped.get(&Skip::Shifted).copied().unwrap_or(0);
        let rows = self.reading.records + refused;
        // A delimiter behind every row is a habit; behind some rows only, a field came in somewhere.
        let shifted = if self.wide < self.reading.records { refused + self.wide } else { refused };
        if shifted < FEWEST_SHIFTED || u64::from(shifted) * 5 <= u64::from(rows) {
            return false;
        }
        self.parts.iter_mut().for_each(|part| part.truncate(0));
        self.reading.skipped.insert(Skip::Shifted, rows);
        self.reading.records = 0;
        self.refused += rows - refused;
        outcome.problems.push(Problem::RowsShifted { place: place.clone(), shifted, rows });
        true
    }

    /// How the sheet shows that it was cut off. A last record that may not be whole is taken back.
    fn cut(&mut self, blocks: &Blocks<'_>, must_end: bool) -> Option<(CutSign, u32)> {
        let found = match blocks.cut() {
            // A total row may be shorter than the others.
            Some((CutSign::ShortRecord, _)) if self.last == Last::Total => None,
            found => found,
        };
        let open = blocks.open_last_line().filter(|_| must_end).map(|line| (CutSign::NoLineEnd, line));
        let found = found.or(open);
        match found.map(|(sign, _)| sign) {
            Some(CutSign::ShortRecord | CutSign::NoLineEnd) => self.take_back(),
            Some(CutSign::OpenQuote) => {
                self.skip(Skip::Cut);
                self.refused += 1;
            }
            Some(CutSign::NoTotal | CutSign::OpenTable) | None => {}
        }
        found.or_else(|| self.totals.is_missing().then_some((CutSign::NoTotal, self.line)))
    }

    fn take_back(&mut self) {
        match self.last {
            Last::Taken => {
                self.parts.iter_mut().zip(&self.before).for_each(|(part, before)| part.truncate(*before));
                self.reading.records -= 1;
                self.refused += 1;
            }
            Last::Refused => {
                if let Some(shifted) = self.reading.skipped.get_mut(&Skip::Shifted) {
                    *shifted -= 1;
                }
                self.reading.skipped.retain(|_, count| *count > 0);
            }
            Last::Total | Last::None => return,
        }
        self.skip(Skip::Cut);
    }

    /// Totals of a sheet that was cut off say nothing new.
    fn totals(&mut self, place: &Place, whole: bool, outcome: &mut SheetOutcome) {
        for checked in self.totals.check() {
            let (header, stated, computed) = (checked.header, checked.stated, checked.computed);
            self.reading.totals.push((header.clone(), stated.clone(), computed.clone(), checked.agrees));
            if !checked.agrees && whole {
                let (stated, computed) = (in_both(&stated), in_both(&computed));
                outcome.problems.push(Problem::TotalMismatch { place: place.clone(), header, stated, computed });
            }
        }
    }

    /// A column of which more than a fifth does not read is not what its header says: all of it becomes unknown, and so does
    /// what it decides.
    fn refuse_columns(&mut self, place: &Place, outcome: &mut SheetOutcome) {
        for (i, slot) in self.layout.slots.iter().enumerate() {
            let own = (slot.filled, slot.malformed, slot.header);
            let of_code = slot.only.map(|only| (self.codes[only].0, self.codes[only].1, self.layout.conditions[only].header));
            // Every row carries the day of the extract.
            let blank = self.reading.records.saturating_sub(slot.filled);
            let of_snapshot = self.snapshots.contains(&i).then_some((self.reading.records, blank, slot.header));
            let mut refused = [Some(own), of_code, of_snapshot].into_iter().flatten();
            let too_many = |&(filled, malformed, _): &(u32, u32, usize)| u64::from(malformed) * 5 > u64::from(filled);
            let Some((filled, malformed, header)) = refused.rfind(too_many) else { continue };
            for (part, plan) in self.parts.iter_mut().zip(&self.layout.feeds) {
                part.refuse(plan, i);
            }
            let mut named: Vec<&Arc<str>> = Vec::new();
            for &(dataset, column) in &slot.targets {
                let Some(model) = self.context.pack.get(dataset).columns.get(column.index()) else { continue };
                if self.context.finders.get(dataset.index()).is_some_and(|of| of.contains(&column)) {
                    outcome.incomplete.push(dataset);
                }
                if !named.contains(&&model.name) {
                    named.push(&model.name);
                    outcome.problems.push(Problem::ColumnMalformed {
                        place: place.clone(),
                        header: self.header.headers.get(header).map_or_else(|| "".into(), |header| header.text.clone()),
                        column: model.name.clone(),
                        malformed,
                        filled,
                    });
                }
            }
        }
    }

    /// Any text reads as text. Where a column of numbers, days or codes was refused, a text column that reads just like it is
    /// taken for the other half of a swap, unless rows are found by it: then they find nothing, which is told anyway.
    fn refuse_swapped_texts(&mut self, place: &Place, outcome: &mut SheetOutcome) {
        let is_refused = |slot: &&Slot<'_>| u64::from(slot.malformed) * 5 > u64::from(slot.filled);
        let mut readers: Vec<cells::Reader<'_>> = self.layout.slots.iter().filter(is_refused).map(|s| s.reader.again()).collect();
        readers.retain(|reader| !reader.is_text());
        if readers.is_empty() {
            return;
        }
        for (i, slot) in self.layout.slots.iter().enumerate().filter(|(_, slot)| slot.reader.is_text()) {
            let finds = |&(dataset, column): &(DatasetId, ColumnId)| {
                self.context.finders.get(dataset.index()).is_some_and(|of| of.contains(&column))
            };
            if slot.targets.iter().any(finds) {
                continue;
            }
            let held = self.parts.iter().zip(&self.layout.feeds).find_map(|(part, plan)| part.texts(plan, i));
            let Some(texts) = held.filter(|texts| !texts.is_empty()) else { continue };
            let reads = |reader: &mut cells::Reader<'_>| {
                let mut tally = Tally::default();
                let all =
                    texts.iter().filter(|t| matches!(reader.read(RawCell::Text(t), &mut tally), Read::Value(_) | Read::Text(_)));
                all.count() * 5 >= texts.len() * 4
            };
            if !readers.iter_mut().any(reads) {
                continue;
            }
            let count = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            for (part, plan) in self.parts.iter_mut().zip(&self.layout.feeds) {
                part.refuse(plan, i);
            }
            let column = slot.targets.first().and_then(|&(d, c)| self.context.pack.get(d).columns.get(c.index()));
            outcome.problems.push(Problem::ColumnMalformed {
                place: place.clone(),
                header: self.header.headers.get(slot.header).map_or_else(|| "".into(), |header| header.text.clone()),
                column: column.map_or_else(|| "".into(), |column| column.name.clone()),
                malformed: count,
                filled: count,
            });
        }
    }

    /// What was read all the same, and is not what somebody once wrote.
    fn damaged(&self, place: &Place, outcome: &mut SheetOutcome) {
        let headers = self.header.headers.iter().filter(|header| cells::is_garbled(&header.text)).count() as u32;
        if self.tally.garbled + headers > 0 {
            outcome.problems.push(Problem::Garbled { place: place.clone(), cells: self.tally.garbled, headers });
        }
        if self.tally.tests_met > 0 {
            outcome.problems.push(Problem::TestPersons { place: place.clone(), cells: self.tally.tests_met });
        }
        for slot in self.layout.slots.iter().filter(|slot| CUT_AT.contains(&slot.longest.0) && slot.longest.1 >= FEWEST_CUT) {
            let header = self.header.headers.get(slot.header).map_or_else(|| "".into(), |header| header.text.clone());
            let (length, cells) = (slot.longest.0 as u32, slot.longest.1);
            outcome.problems.push(Problem::TextsCut { place: place.clone(), header, length, cells });
        }
    }

    /// A sheet whose name should hold the year and does not: its months are unknown, and so are its keys.
    fn month_without_year(&self, place: &Place, outcome: &mut SheetOutcome) {
        for (plan, part) in self.layout.feeds.iter().zip(&self.parts) {
            let (Some(months), Some(unfold)) = (&plan.months, &plan.feed.unfold) else { continue };
            if !months.is_without_year() || part.len() == 0 {
                continue;
            }
            let Some(model) = self.context.pack.get(part.dataset).columns.get(unfold.month.index()) else { continue };
            outcome.incomplete.push(part.dataset);
            outcome.problems.push(Problem::ColumnMalformed {
                place: place.clone(),
                header: model.name.clone(),
                column: model.name.clone(),
                malformed: part.len(),
                filled: part.len(),
            });
        }
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
            let length = text.chars().count();
            self.longest = match length.cmp(&self.longest.0) {
                Ordering::Greater => (length, 1),
                Ordering::Equal => (length, self.longest.1 + 1),
                Ordering::Less => self.longest,
            };
        }
        read
    }
}

fn headers(header: &HeaderRow, layout: &Layout<'_>, filled: &[u32]) -> Vec<HeaderReading> {
    let reading = |(i, (header, &filled)): (usize, (&super::header::Header, &u32))| {
        let reads = |slot: &&Slot<'_>| match &slot.from {
            From::One(column) => *column == header.sheet_column,
            From::Joined(columns, _) => columns.contains(&header.sheet_column),
        };
        let decides = |slot: &&Slot<'_>| slot.only.is_some_and(|only| layout.conditions[only].header == i);
        let mut feeds: Vec<_> = layout.slots.iter().filter(|s| reads(s) || decides(s)).flat_map(|s| s.targets.clone()).collect();
        feeds.sort_unstable();
        feeds.dedup();
        let malformed: u32 = layout.slots.iter().filter(reads).map(|slot| slot.malformed).sum();
        HeaderReading {
            text: header.text.clone(),
            sheet_column: header.sheet_column,
            feeds,
            filled,
            malformed: malformed.min(filled),
            shapes: layout.slots.iter().filter(reads).flat_map(|slot| slot.shapes.clone()).take(SHAPES).collect(),
        }
    };
    header.headers.iter().zip(filled).enumerate().map(reading).collect()
}

/// A plain number as each language writes it.
fn in_both(plain: &str) -> Bilingual {
    let show = |lang| Decimal::parse(plain).map_or_else(|| plain.to_owned(), |n| n.show(lang));
    Bilingual::new(show(Lang::Da), show(Lang::En))
}
