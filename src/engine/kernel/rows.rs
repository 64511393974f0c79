//! Rows: where they come from in each lane, pairs of lanes and rows, searches and counts.

use std::rc::Rc;

use crate::engine::scalar::{Item, compare};
use crate::intake::Lane;
use crate::model::{DatasetId, LinkId};
use crate::rule::typed::{Compare, Expr, RowSource, Rows};
use crate::store::{CellRef, RowRef, Target};
use crate::value::Cell;

use super::compare::{lanes_of, negate, other_than};
use super::finer::{LARGE, Parts};
use super::frame::{Frame, address};
use super::vector::{NO, UNKNOWN, YES, truth};
use super::{Kernels, plan};

/// Pairs worked off at once.
const PAIRS: usize = 1 << 16;
/// Rows of a lane that a search looks at first; then ever more, for the lanes that are still open.
const FIRST: usize = 16;

/// Rows that may belong to a lane's source.
pub(super) enum Source<'w> {
    /// It cannot be told which.
    Unknown,
    /// These; whether there may be more.
    Rows(Group<'w>, bool),
}

pub(super) enum Group<'w> {
    One(u32),
    Kept(&'w [u32]),
    Part(Rc<[u32]>),
    Own(Vec<u32>),
}

impl Source<'_> {
    pub(super) fn rows(&self) -> &[u32] {
        match self {
            Source::Unknown => &[],
            Source::Rows(Group::One(row), _) => std::slice::from_ref(row),
            Source::Rows(Group::Kept(rows), _) => rows,
            Source::Rows(Group::Part(rows), _) => rows,
            Source::Rows(Group::Own(rows), _) => rows,
        }
    }

    /// Whether nothing may be concluded from what is not among the rows.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Source::Unknown | Source::Rows(_, true))
    }
}

impl<'w> Kernels<'w> {
    /// The rows of a source in each lane.
    pub(super) fn sources(&self, rows: &'w Rows, frame: &Rc<Frame<'w>>) -> Vec<Source<'w>> {
        match &rows.source {
            RowSource::Group { start, link, forward } => {
                let starts = self.eval(start, frame);
                let starts = starts.rows(frame.len);
                let of = |&row: &u32| if row.is_present() { self.group(row, *link, *forward) } else { Source::Unknown };
                let groups = starts.iter().map(of).collect();
                self.narrowed(rows, groups, &starts, frame)
            }
            RowSource::Through { over, link, forward } => self.through(over, *link, *forward, rows.dataset, frame),
            RowSource::Whole { equal } => {
                let Some((column, key)) = equal.first() else { return unknown(frame.len) };
                let keys = self.eval(key, frame);
                let more = self.world.not_whole(rows.dataset).is_some();
                let unsure = self.world.unsure(rows.dataset, *column);
                let of = |lane| match keys.need(lane) {
                    Ok(Item::Value(key)) => {
                        let found = self.world.store.rows_where(rows.dataset, *column, &key);
                        let found = if unsure.is_empty() { Group::Kept(found) } else { Group::Own([found, unsure].concat()) };
                        Source::Rows(found, more)
                    }
                    _ => Source::Unknown,
                };
                (0..frame.len).map(of).collect()
            }
        }
    }

    fn group(&self, start: u32, link: LinkId, forward: bool) -> Source<'w> {
        let definition = &self.world.pack().links[link.index()];
        let links = self.world.store.links();
        if forward && definition.one {
            return match links.follow(link, true, start) {
                Target::Row { row, .. } => Source::Rows(Group::One(row), false),
                Target::Unknown(_) => Source::Unknown,
            };
        }
        let (here, other) = if forward { (definition.from, definition.to) } else { (definition.to, definition.from) };
        let (rows, doubtful) = links.group(link, forward, start);
        if rows.is_empty() && self.world.without_key(RowRef { dataset: here, row: start }, link, forward).is_some() {
            return Source::Unknown;
        }
        Source::Rows(Group::Kept(rows), doubtful || self.world.not_whole(other).is_some())
    }

    /// Of large groups only the rows that may have the value that they are compared with.
    fn narrowed(&self, rows: &'w Rows, mut groups: Vec<Source<'w>>, starts: &[u32], frame: &Rc<Frame<'w>>) -> Vec<Source<'w>> {
        let Some((column, key)) = self.plan.finer(rows) else { return groups };
        if groups.iter().all(|group| group.rows().len() < LARGE) {
            return groups;
        }
        let keys = self.eval(key, frame);
        let mut parts = self.parts.borrow_mut();
        for (lane, (group, &start)) in groups.iter_mut().zip(starts).enumerate() {
            let Source::Rows(Group::Kept(whole), more) = group else { continue };
            let known = parts
                .entry((address(rows), start))
                .or_insert_with(|| Parts::of(self.world.store, rows, column, whole).map(Rc::new));
            let Some(known) = known else { continue };
            if let Ok(Item::Value(key)) = keys.need(lane) {
                *group = Source::Rows(Group::Part(known.rows(&key).clone()), *more);
            }
        }
        groups
    }

    fn through(&self, over: &'w Rows, link: LinkId, forward: bool, dataset: DatasetId, frame: &Rc<Frame<'w>>) -> Vec<Source<'w>> {
        let before = self.sources(over, frame);
        let more = self.world.not_whole(dataset).is_some();
        let mut found: Vec<(Vec<u32>, bool)> = before.iter().map(|source| (Vec::new(), more || source.is_open())).collect();
        self.over_pairs(over, None, &before, frame, &mut |pairs, answers| {
            for ((&lane, &row), answer) in pairs.lanes.iter().zip(&pairs.rows).zip(answers) {
                let (rows, open) = &mut found[lane as usize];
                match *answer {
                    NO => {}
                    YES => {
                        let group = self.group(row, link, forward);
                        rows.extend_from_slice(group.rows());
                        *open |= group.is_open();
                    }
                    _ => *open = true,
                }
            }
        });
        let of = |(source, (mut rows, open)): (&Source<'w>, (Vec<u32>, bool))| match source {
            Source::Unknown => Source::Unknown,
            Source::Rows(..) => {
                rows.sort_unstable();
                rows.dedup();
                Source::Rows(Group::Own(rows), open)
            }
        };
        before.iter().zip(found).map(of).collect()
    }

    /// Whether each pair's row belongs to the source and satisfies the condition (or, if `false` is wanted, fails it).
    fn members(&self, rows: &'w Rows, satisfies: Option<(&'w Expr, bool)>, pairs: &Pairs<'w>) -> Vec<u8> {
        let frame = &pairs.frame;
        let mut answers = match &rows.source {
            RowSource::Whole { equal } => self.equal(rows, equal, pairs),
            RowSource::Group { .. } | RowSource::Through { .. } => vec![YES; frame.len],
        };
        for (part, wanted) in plan::conjuncts(self.plan, rows, satisfies) {
            let open = other_than(&answers, NO);
            if open.is_empty() {
                break;
            }
            if open.len() == frame.len || (open.len() > frame.len / 2 && self.plan.is_cheap(part)) {
                let of_all = negate(self.truths(part, frame), !wanted);
                answers.iter_mut().zip(of_all).for_each(|(answer, part)| *answer = part.min(*answer));
            } else {
                let of_open = negate(self.truths(part, &frame.some(&open[..])), !wanted);
                for (&lane, part) in open.iter().zip(of_open) {
                    answers[lane as usize] = answers[lane as usize].min(part);
                }
            }
        }
        answers
    }

    /// The equalities by which a whole dataset is searched. A row whose key is empty equals nothing.
    fn equal(&self, rows: &'w Rows, equal: &'w [(crate::model::ColumnId, Expr)], pairs: &Pairs<'w>) -> Vec<u8> {
        let mut answers = vec![YES; pairs.frame.len];
        for (column, key) in equal {
            let keys = self.eval(key, &pairs.frame);
            for (lane, (answer, &row)) in answers.iter_mut().zip(&pairs.rows).enumerate() {
                let cell = self.world.store.cell(CellRef { dataset: rows.dataset, row, column: *column });
                let same = match (cell, keys.need(lane)) {
                    (Cell::Present(value), Ok(key)) => truth(&compare(Compare::Equal, &Item::Value(value), &key)),
                    (Cell::Unknown(_), _) | (_, Err(_)) => UNKNOWN,
                    (Cell::Empty, Ok(_)) => NO,
                };
                *answer = same.min(*answer);
            }
        }
        answers
    }

    /// Whether some row of the source satisfies the condition (or, if `false` is wanted, fails it).
    pub(super) fn search(&self, rows: &'w Rows, satisfies: Option<&'w Expr>, wanted: bool, frame: &Rc<Frame<'w>>) -> Vec<u8> {
        let sources = self.sources(rows, frame);
        let satisfies = satisfies.map(|satisfies| (satisfies, wanted));
        let mut answers = vec![NO; frame.len];
        let never = satisfies.is_none() && !wanted;
        let has_rows = |lane: &u32| !never && !sources[*lane as usize].rows().is_empty();
        let mut open: Vec<u32> = (0..frame.len as u32).filter(has_rows).collect();
        let (mut from, mut share) = (0, FIRST);
        while !open.is_empty() {
            let mut next = 0;
            while next < open.len() {
                let mut pairs = Piece::default();
                while let Some(&lane) = open.get(next) {
                    let rest = sources[lane as usize].rows().get(from..).unwrap_or(&[]);
                    let rest = &rest[..rest.len().min(share)];
                    if !pairs.fits(rest.len()) {
                        break;
                    }
                    pairs.add(lane, rest);
                    next += 1;
                }
                let pairs = pairs.stand(frame, rows);
                for (&lane, answer) in pairs.lanes.iter().zip(self.members(rows, satisfies, &pairs)) {
                    answers[lane as usize] = answers[lane as usize].max(answer);
                }
            }
            from += share;
            share = (share * 4).min(PAIRS);
            open.retain(|&lane| answers[lane as usize] != YES && sources[lane as usize].rows().len() > from);
        }
        let concluded = |(answer, source): (u8, &Source<'_>)| if source.is_open() { answer.max(UNKNOWN) } else { answer };
        answers.into_iter().zip(&sources).map(concluded).collect()
    }

    /// Goes over all pairs, lane by lane and row by row.
    pub(super) fn over_pairs(
        &self,
        rows: &'w Rows,
        satisfies: Option<(&'w Expr, bool)>,
        sources: &[Source<'w>],
        frame: &Rc<Frame<'w>>,
        visit: &mut dyn FnMut(&Pairs<'w>, &[u8]),
    ) {
        let mut piece = Piece::default();
        let work = |piece: &mut Piece, visit: &mut dyn FnMut(&Pairs<'w>, &[u8])| {
            if !piece.rows.is_empty() {
                let pairs = std::mem::take(piece).stand(frame, rows);
                let answers = self.members(rows, satisfies, &pairs);
                visit(&pairs, &answers);
            }
        };
        for (lane, source) in (0_u32..).zip(sources) {
            let mut rest = source.rows();
            while !rest.is_empty() {
                let (now, later) = rest.split_at(rest.len().min(PAIRS));
                if !piece.fits(now.len()) {
                    work(&mut piece, visit);
                }
                piece.add(lane, now);
                rest = later;
            }
        }
        work(&mut piece, visit);
    }

    /// How many rows each lane's source has; `None` where it cannot be told.
    pub(super) fn count(&self, rows: &'w Rows, frame: &Rc<Frame<'w>>) -> Vec<Option<u64>> {
        let sources = self.sources(rows, frame);
        let mut counts: Vec<Option<u64>> = sources.iter().map(|source| (!source.is_open()).then_some(0)).collect();
        self.over_pairs(rows, None, &sources, frame, &mut |pairs, answers| {
            for (&lane, &answer) in pairs.lanes.iter().zip(answers) {
                let count = &mut counts[lane as usize];
                match (answer, count) {
                    (YES, Some(count)) => *count += 1,
                    (UNKNOWN, count) => *count = None,
                    _ => {}
                }
            }
        });
        counts
    }

    /// Goes over the pairs whose row belongs to the source, lane by lane. Marks the lanes of which that cannot be told.
    pub(super) fn over_members(
        &self,
        rows: &'w Rows,
        sources: &[Source<'w>],
        frame: &Rc<Frame<'w>>,
        unknown: &mut [bool],
        visit: &mut dyn FnMut(&Pairs<'w>),
    ) {
        self.over_pairs(rows, None, sources, frame, &mut |pairs, answers| {
            for (&lane, _) in pairs.lanes.iter().zip(answers).filter(|(_, answer)| **answer == UNKNOWN) {
                unknown[lane as usize] = true;
            }
            let inside = lanes_of(answers, YES);
            if inside.len() == answers.len() {
                return visit(pairs);
            }
            let of = |all: &[u32]| -> Vec<u32> { inside.iter().map(|&lane| all[lane as usize]).collect() };
            let (lanes, rows) = (of(&pairs.lanes), of(&pairs.rows));
            visit(&Pairs { frame: pairs.frame.some(&inside[..]), lanes: lanes.into(), rows });
        });
    }
}

fn unknown<'w>(lanes: usize) -> Vec<Source<'w>> {
    std::iter::repeat_with(|| Source::Unknown).take(lanes).collect()
}

/// Pairs being gathered.
#[derive(Default)]
struct Piece {
    lanes: Vec<u32>,
    rows: Vec<u32>,
}

/// Pairs of a lane and a row, and the frame in which the row is bound.
pub(super) struct Pairs<'w> {
    pub(super) frame: Rc<Frame<'w>>,
    pub(super) lanes: Rc<[u32]>,
    pub(super) rows: Vec<u32>,
}

impl Piece {
    fn fits(&self, more: usize) -> bool {
        self.rows.is_empty() || self.rows.len() + more <= PAIRS
    }

    fn add(&mut self, lane: u32, rows: &[u32]) {
        self.lanes.extend(std::iter::repeat_n(lane, rows.len()));
        self.rows.extend_from_slice(rows);
    }

    fn stand<'w>(self, frame: &Rc<Frame<'w>>, rows: &Rows) -> Pairs<'w> {
        let lanes: Rc<[u32]> = self.lanes.into();
        let over = frame.pairs(lanes.clone(), rows.slot, rows.dataset, self.rows.clone());
        Pairs { frame: over, lanes, rows: self.rows }
    }
}
