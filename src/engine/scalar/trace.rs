//! What an evaluation looked at: an append-only log with marks, so that what turned out not to decide is taken back.

use std::sync::Arc;

use crate::calendar::Date;
use crate::model::{DatasetId, LinkId, ListId, TableId};
use crate::store::CellRef;
use crate::value::{Cause, Cell, Value};

/// Candidates of one search whose cells are listed; the rest is counted.
pub(crate) const LISTED: u64 = 20;

/// Candidates of a search from which on it may be hasty: left once as many are undecided as are told.
const MANY: usize = 1_000;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    /// A cell and what it held. `cause` is given where the cell is a key that found no row or
    /// figure, or is empty where a value was needed.
    Cell { at: CellRef, value: Cell, cause: Option<Cause> },
    /// A dataset over which nothing can be concluded from absence.
    Dataset(DatasetId, Cause),
    /// A link walked, and the way that matched.
    Way(LinkId, u8),
    /// A figure: its row in the table.
    Figure(TableId, usize),
    /// A value that a code list does not have, on that day where one is asked for.
    NotListed(ListId, Arc<str>, Option<Date>),
    /// Keys for which a table has no figure, on that day where it is dated.
    NoFigure(TableId, Vec<Value>, Option<Date>),
    /// The value of a step, by index.
    Step(usize),
    /// This many candidates more.
    Unlisted(u64),
}

/// The log; switched off while only verdicts are wanted.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    entries: Option<Vec<Entry>>,
}

impl Trace {
    /// A log that is kept, or not.
    pub(crate) fn new(on: bool) -> Trace {
        Trace { entries: on.then(Vec::new) }
    }

    pub(crate) fn on(&self) -> bool {
        self.entries.is_some()
    }

    /// Adds what `entry` gives, if the log is kept.
    pub(crate) fn add(&mut self, entry: impl FnOnce() -> Entry) {
        if let Some(entries) = &mut self.entries {
            entries.push(entry());
        }
    }

    /// Says of the cell added last that its being empty is why something is unknown.
    pub(crate) fn blame_empty(&mut self) {
        if let Some(Entry::Cell { value: Cell::Empty, cause, .. }) = self.entries.as_mut().and_then(|entries| entries.last_mut())
        {
            *cause = Some(Cause::Empty);
        }
    }

    /// Says of the cells from `mark` on that they are why something is unknown.
    pub(crate) fn blame(&mut self, mark: usize, why: Cause) {
        let entries = self.entries.as_mut().and_then(|entries| entries.get_mut(mark..));
        for entry in entries.into_iter().flatten() {
            if let Entry::Cell { cause: cause @ None, .. } = entry {
                *cause = Some(why);
            }
        }
    }

    /// The present end, for the calls below.
    pub(crate) fn mark(&self) -> usize {
        self.entries.as_ref().map_or(0, Vec::len)
    }

    /// Takes everything from `mark` on out of the log.
    pub(crate) fn split_off(&mut self, mark: usize) -> Vec<Entry> {
        self.entries.as_mut().map_or_else(Vec::new, |entries| entries.split_off(mark.min(entries.len())))
    }

    /// Forgets everything from `mark` on.
    pub(crate) fn truncate(&mut self, mark: usize) {
        if let Some(entries) = &mut self.entries {
            entries.truncate(mark);
        }
    }

    /// Forgets what lies between two marks.
    pub(crate) fn forget(&mut self, from: usize, to: usize) {
        if let Some(entries) = &mut self.entries {
            entries.drain(from..to.min(entries.len()).max(from));
        }
    }

    /// Puts entries back.
    pub(crate) fn extend(&mut self, more: Vec<Entry>) {
        if let Some(entries) = &mut self.entries {
            entries.extend(more);
        }
    }

    /// Everything so far; the log is empty afterwards.
    pub(crate) fn take(&mut self) -> Vec<Entry> {
        self.split_off(0)
    }
}

/// The accounts of candidates that cannot be decided: those of the first ones are kept, the rest is counted.
#[derive(Debug, Default)]
pub(super) struct Undecided {
    entries: Vec<Entry>,
    candidates: u64,
}

impl Undecided {
    /// Takes what the log says of a candidate since `mark`.
    pub(super) fn take(&mut self, trace: &mut Trace, mark: usize) {
        if self.candidates < LISTED {
            self.entries.extend(trace.split_off(mark));
        } else {
            trace.truncate(mark);
        }
        self.candidates += 1;
    }

    /// Whether a hasty search among so many candidates looks no further.
    pub(super) fn are_plenty(&self, among: usize) -> bool {
        among > MANY && self.candidates >= LISTED
    }

    /// Puts the account into the log.
    pub(super) fn tell(self, trace: &mut Trace) {
        trace.extend(self.entries);
        if self.candidates > LISTED {
            trace.add(|| Entry::Unlisted(self.candidates - LISTED));
        }
    }
}
