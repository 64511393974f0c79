//! One sheet from its first row to its last: profile, header, records, and what became of them.

use std::sync::Arc;

use foldhash::quality::RandomState;

use super::cells::{self, Read, Tally};
use super::header::HeaderRow;
use super::layout::{From, Layout, Names, Resolver, Slot};
use super::matching::{FIRST_ROWS, Matcher};
use super::part::Part;
use super::pass::{self, Last, Pass};
use super::read::Counted;
use super::{HeaderReading, SheetReading, Skip, Source};
use crate::calendar::Date;
use crate::export::{Block, Blocks, Format, RawCell};
use crate::locale::{Bilingual, Lang};
use crate::model::{ColumnId, DatasetId, Pack, ProfileId};
use crate::problem::{CutSign, Place, Problem, Severity};
use crate::progress::Progress;
use crate::rule::LoadPlan;
use crate::value::Decimal;

/// What all sheets are read by.
pub(super) struct Context<'a> {
    pub(super) pack: &'a Pack,
    pub(super) matcher: &'a Matcher,
    /// The columns whose cells are wanted.
    pub(super) plan: &'a LoadPlan,
    /// For each dataset its key and link columns: without them rows cannot be found.
    pub(super) finders: &'a [Vec<ColumnId>],
    /// Hashes the cells of rows, which are compared by them.
    pub(super) hasher: &'a RandomState,
    /// Where to tell how far reading is.
    pub(super) progress: &'a Progress,
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
    counted: &mut Counted<'_>,
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
    let ended = pass.run(first_blocks, &mut blocks, counted);
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

/// Lengths at which systems cut texts.
pub(super) const CUT_AT: [usize; 3] = [40, 50, 255];
/// So many texts of just that length, and none longer, were cut.
const FEWEST_CUT: u32 = 3;

/// Fewer shifted rows than this are mishaps of their own.
const FEWEST_SHIFTED: u32 = 5;

impl Pass<'_, '_, '_> {
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
        for part in &mut self.rows.parts {
            let slots = &self.rows.slots;
            part.settle(|slot, dotted| slots[slot].reader.settle(dotted));
        }
        for slot in &mut self.rows.slots {
            slot.malformed += slot.reader.unsettled();
        }
        let optional = source.is_some_and(|source| !source.required);
        let is_shifted = self.is_shifted_throughout(place, outcome);
        if self.rows.reading.records == 0 && !is_shifted && !optional {
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
        outcome.refused = self.rows.refused;
        outcome.snapshot = self.rows.snapshot;
        let mut reading = self.rows.reading;
        reading.profile = Some(profile);
        reading.header_row = Some(self.header.sheet_row);
        reading.headers = headers(self.header, (&self.layout, &self.rows.slots), &self.rows.filled);
        reading.repairs = self.rows.tally.repairs;
        reading.cpr_read = self.rows.tally.cpr_read;
        reading.cpr_modulus_failed = self.rows.tally.cpr_modulus_failed;
        outcome.reading = reading;
        outcome.parts = self.rows.parts;
    }

    /// Where a fifth of the rows is shifted, the others may be too, with as many fields as the header: none is used.
    fn is_shifted_throughout(&mut self, place: &Place, outcome: &mut SheetOutcome) -> bool {
        let refused = self.rows.reading.skipped.get(&Skip::Shifted).copied().unwrap_or(0);
        let rows = self.rows.reading.records + refused;
        // A delimiter behind every row is a habit; behind some rows only, a field came in somewhere.
        let shifted = if self.rows.wide < self.rows.reading.records { refused + self.rows.wide } else { refused };
        if shifted < FEWEST_SHIFTED || u64::from(shifted) * 5 <= u64::from(rows) {
            return false;
        }
        self.rows.parts.iter_mut().for_each(|part| part.truncate(0));
        self.rows.reading.skipped.insert(Skip::Shifted, rows);
        self.rows.reading.records = 0;
        self.rows.refused += rows - refused;
        outcome.problems.push(Problem::RowsShifted { place: place.clone(), shifted, rows });
        true
    }

    /// How the sheet shows that it was cut off. A last record that may not be whole is taken back.
    fn cut(&mut self, blocks: &Blocks<'_>, must_end: bool) -> Option<(CutSign, u32)> {
        let found = match blocks.cut() {
            // A total row may be shorter than the others.
            Some((CutSign::ShortRecord, _)) if self.rows.last == Last::Total => None,
            found => found,
        };
        let open = blocks.open_last_line().filter(|_| must_end).map(|line| (CutSign::NoLineEnd, line));
        let found = found.or(open);
        match found.map(|(sign, _)| sign) {
            Some(CutSign::ShortRecord | CutSign::NoLineEnd) => self.take_back(),
            Some(CutSign::OpenQuote) => {
                self.rows.skip(Skip::Cut);
                self.rows.refused += 1;
            }
            Some(CutSign::NoTotal | CutSign::OpenTable) | None => {}
        }
        found.or_else(|| self.rows.totals.is_missing().then_some((CutSign::NoTotal, self.rows.line)))
    }

    fn take_back(&mut self) {
        match self.rows.last {
            Last::Taken => {
                self.rows.parts.iter_mut().zip(&self.rows.before).for_each(|(part, before)| part.truncate(*before));
                self.rows.reading.records -= 1;
                self.rows.refused += 1;
            }
            Last::Refused => {
                if let Some(shifted) = self.rows.reading.skipped.get_mut(&Skip::Shifted) {
                    *shifted -= 1;
                }
                self.rows.reading.skipped.retain(|_, count| *count > 0);
            }
            Last::Total | Last::None => return,
        }
        self.rows.skip(Skip::Cut);
    }

    /// Totals of a sheet that was cut off say nothing new.
    fn totals(&mut self, place: &Place, whole: bool, outcome: &mut SheetOutcome) {
        for checked in self.rows.totals.check() {
            let (header, stated, computed) = (checked.header, checked.stated, checked.computed);
            self.rows.reading.totals.push((header.clone(), stated.clone(), computed.clone(), checked.agrees));
            if !checked.agrees && whole {
                let (stated, computed) = (in_both(&stated), in_both(&computed));
                outcome.problems.push(Problem::TotalMismatch { place: place.clone(), header, stated, computed });
            }
        }
    }

    /// A column of which more than a fifth does not read is not what its header says: all of it becomes unknown, and so does
    /// what it decides.
    fn refuse_columns(&mut self, place: &Place, outcome: &mut SheetOutcome) {
        for (i, slot) in self.rows.slots.iter().enumerate() {
            let own = (slot.filled, slot.malformed, slot.header);
            let of_code =
                slot.only.map(|only| (self.rows.codes[only].0, self.rows.codes[only].1, self.layout.conditions[only].header));
            // Every row carries the day of the extract.
            let blank = self.rows.reading.records.saturating_sub(slot.filled);
            let of_snapshot = self.snapshots.contains(&i).then_some((self.rows.reading.records, blank, slot.header));
            let mut refused = [Some(own), of_code, of_snapshot].into_iter().flatten();
            let too_many = |&(filled, malformed, _): &(u32, u32, usize)| u64::from(malformed) * 5 > u64::from(filled);
            let Some((filled, malformed, header)) = refused.rfind(too_many) else { continue };
            for (part, plan) in self.rows.parts.iter_mut().zip(&self.layout.feeds) {
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
        let mut readers: Vec<cells::Reader<'_>> = self.rows.slots.iter().filter(is_refused).map(|s| s.reader.again()).collect();
        readers.retain(|reader| !reader.is_text());
        if readers.is_empty() {
            return;
        }
        for (i, slot) in self.rows.slots.iter().enumerate().filter(|(_, slot)| slot.reader.is_text()) {
            let finds = |&(dataset, column): &(DatasetId, ColumnId)| {
                self.context.finders.get(dataset.index()).is_some_and(|of| of.contains(&column))
            };
            if slot.targets.iter().any(finds) {
                continue;
            }
            let held = self.rows.parts.iter().zip(&self.layout.feeds).find_map(|(part, plan)| part.texts(plan, i));
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
            for (part, plan) in self.rows.parts.iter_mut().zip(&self.layout.feeds) {
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
        if self.rows.tally.garbled + headers > 0 {
            outcome.problems.push(Problem::Garbled { place: place.clone(), cells: self.rows.tally.garbled, headers });
        }
        if self.rows.tally.tests_met > 0 {
            outcome.problems.push(Problem::TestPersons { place: place.clone(), cells: self.rows.tally.tests_met });
        }
        for slot in self.rows.slots.iter().filter(|slot| CUT_AT.contains(&slot.longest.0) && slot.longest.1 >= FEWEST_CUT) {
            let header = self.header.headers.get(slot.header).map_or_else(|| "".into(), |header| header.text.clone());
            let (length, cells) = (slot.longest.0 as u32, slot.longest.1);
            outcome.problems.push(Problem::TextsCut { place: place.clone(), header, length, cells });
        }
    }

    /// A sheet whose name should hold the year and does not: its months are unknown, and so are its keys.
    fn month_without_year(&self, place: &Place, outcome: &mut SheetOutcome) {
        for (plan, part) in self.layout.feeds.iter().zip(&self.rows.parts) {
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

fn headers(header: &HeaderRow, (layout, slots): (&Layout<'_>, &[Slot<'_>]), filled: &[u32]) -> Vec<HeaderReading> {
    let reading = |(i, (header, &filled)): (usize, (&super::header::Header, &u32))| {
        let reads = |slot: &&Slot<'_>| match &slot.from {
            From::One(column) => *column == header.sheet_column,
            From::Joined(columns, _) => columns.contains(&header.sheet_column),
        };
        let decides = |slot: &&Slot<'_>| slot.only.is_some_and(|only| layout.conditions[only].header == i);
        let mut feeds: Vec<_> = slots.iter().filter(|s| reads(s) || decides(s)).flat_map(|s| s.targets.clone()).collect();
        feeds.sort_unstable();
        feeds.dedup();
        let malformed: u32 = slots.iter().filter(reads).map(|slot| slot.malformed).sum();
        HeaderReading {
            text: header.text.clone(),
            sheet_column: header.sheet_column,
            feeds,
            filled,
            malformed: malformed.min(filled),
            shapes: slots.iter().filter(reads).flat_map(|slot| slot.shapes.clone()).take(pass::SHAPES).collect(),
        }
    };
    header.headers.iter().zip(filled).enumerate().map(reading).collect()
}

/// A plain number as each language writes it.
fn in_both(plain: &str) -> Bilingual {
    let show = |lang| Decimal::parse(plain).map_or_else(|| plain.to_owned(), |n| n.show(lang));
    Bilingual::new(show(Lang::Da), show(Lang::En))
}
