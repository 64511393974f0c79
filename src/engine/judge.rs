//! The verdict of one rule on one row (or row and item): exactly one, as the language defines it.

use crate::calendar::Date;
use crate::rule::typed::{Compare, Deadline, Expr, IfMissing, Rule, Scope, Verdict};
use crate::store::{CaseState, RowRef};
use crate::value::{Cause, Cell, Value};

use super::scalar::{Evaluator, Item, Out, World, compare, date_of};

/// What is judged beside the row: nothing, an item of `per`, or items that cannot be told.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Per {
    None,
    Item(Value),
    Unknown(Cause),
}

impl Per {
    /// What a list of items asks for.
    pub(super) fn listed(items: Out) -> Vec<Per> {
        match items {
            Cell::Present(Item::Months(months)) => months.iter().map(|month| Per::Item(Value::Date(*month))).collect(),
            Cell::Present(Item::Periods(periods)) => periods.iter().map(|period| Per::Item(Value::Period(*period))).collect(),
            Cell::Present(_) => vec![Per::Unknown(Cause::Overflow)],
            Cell::Empty => vec![Per::Unknown(Cause::Empty)],
            Cell::Unknown(cause) => vec![Per::Unknown(cause)],
        }
    }
}

/// A verdict and what a deadline said on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ruling {
    pub(super) verdict: Verdict,
    /// The day by which it had to be done.
    pub(super) due: Option<Date>,
    /// Days late, where it is late.
    pub(super) days_late: Option<i64>,
    /// Why it is not assessed.
    pub(super) cause: Option<Cause>,
}

impl Ruling {
    fn plain(verdict: Verdict) -> Ruling {
        Ruling { verdict, due: None, days_late: None, cause: None }
    }

    fn unknown(cause: Cause) -> Ruling {
        Ruling { cause: Some(cause), ..Ruling::plain(Verdict::NotAssessed) }
    }
}

/// Judges rows by one rule.
pub(super) struct Judge<'w> {
    pub(super) world: &'w World<'w>,
    pub(super) rule: &'w Rule,
    pub(super) evaluator: Evaluator<'w>,
}

impl<'w> Judge<'w> {
    /// A judge; `explain` keeps the account of what decided.
    pub(super) fn new(world: &'w World<'w>, rule: &'w Rule, explain: bool) -> Judge<'w> {
        Judge { world, rule, evaluator: Evaluator::new(world, &rule.steps, rule.slots, explain) }
    }

    /// What is to be judged of a row: one thing, or the items of `per` (perhaps none).
    pub(super) fn items(&mut self, row: u32) -> Vec<Per> {
        let Some(per) = &self.rule.per else { return vec![Per::None] };
        let row = RowRef { dataset: self.rule.each, row };
        if self.case_state(row) == CaseState::Closed {
            return vec![Per::None];
        }
        self.evaluator.enter(self.rule.row.1, row);
        Per::listed(self.evaluator.eval(&per.items))
    }

    /// The verdict under every reading of what the law leaves open: that of all of them, or *law unclear*. When explaining,
    /// the evaluator's account then holds what decided it, and its frame the first reading.
    pub(super) fn rule_on(&mut self, row: u32, per: &Per) -> Ruling {
        self.evaluator.reading = 0;
        if self.rule.questions == 0 {
            return self.rule_on_reading(row, per);
        }
        let last = self.readings().end - 1;
        let mut others = Vec::new();
        let mut differ = false;
        let mut second: Option<Verdict> = None;
        for reading in (1..=last).rev() {
            self.evaluator.reading = reading;
            let verdict = self.rule_on_reading(row, per).verdict;
            differ |= second.is_some_and(|known| known != verdict);
            second = Some(verdict);
            let looked_at = self.evaluator.trace.take();
            others.extend(self.unfolded(&looked_at));
        }
        self.evaluator.reading = 0;
        let first = self.rule_on_reading(row, per);
        if !differ && second == Some(first.verdict) {
            return first;
        }
        self.evaluator.trace.extend(others);
        Ruling { due: first.due, ..Ruling::unknown(Cause::LawUnclear) }
    }

    /// The readings of the rule's open questions; one where it has none.
    pub(super) fn readings(&self) -> std::ops::Range<u8> {
        0..1 << self.rule.questions
    }

    /// The verdict under the evaluator's reading.
    pub(super) fn rule_on_reading(&mut self, row: u32, per: &Per) -> Ruling {
        let row = RowRef { dataset: self.rule.each, row };
        match self.case_state(row) {
            CaseState::Closed => Ruling::plain(Verdict::NotApplicable),
            CaseState::Open => self.rule_on_open(row, per),
            CaseState::Unknown(cause) => {
                let ruling = self.rule_on_open(row, per);
                // Whether the rule concerns the row depends on a case that nobody knows.
                if ruling.verdict == Verdict::NotApplicable {
                    return ruling;
                }
                self.evaluator.trace.truncate(0);
                if let Some(link) = self.world.store.case_link(row.dataset) {
                    self.evaluator.follow(row, link, true);
                }
                Ruling::unknown(cause)
            }
        }
    }

    fn rule_on_open(&mut self, row: RowRef, per: &Per) -> Ruling {
        let rule = self.rule;
        self.evaluator.enter(rule.row.1, row);
        self.evaluator.trace.truncate(0);
        if let Some(definition) = &rule.per {
            let out: Out = match per {
                Per::Item(value) => Cell::Present(Item::Value(value.clone())),
                Per::Unknown(cause) => Cell::Unknown(*cause),
                Per::None => Cell::Unknown(Cause::Empty),
            };
            self.evaluator.bind(definition.slot, out);
        }
        let applies = rule.when.as_ref().map_or(Cell::Present(true), |when| self.evaluator.truth(when));
        if applies == Cell::Present(false) {
            return Ruling::plain(Verdict::NotApplicable);
        }
        if let (Per::Unknown(cause), Some(definition)) = (per, &rule.per) {
            self.evaluator.trace.truncate(0);
            self.evaluator.eval(&definition.items);
            return Ruling::unknown(*cause);
        }
        if let Cell::Unknown(cause) = applies {
            return Ruling::unknown(cause);
        }
        self.evaluator.trace.truncate(0);
        let mut ruling = Ruling::plain(Verdict::Compliant);
        let kept = match &rule.deadline {
            None => None,
            Some(deadline) => {
                let kept = self.deadline(deadline, &mut ruling);
                if ruling.verdict == Verdict::NotApplicable {
                    return ruling;
                }
                Some(kept)
            }
        };
        let required = self.either(kept, rule.require.as_ref());
        ruling.verdict = match required {
            Cell::Present(true) => Verdict::Compliant,
            Cell::Present(false) => self.violation(),
            Cell::Empty | Cell::Unknown(_) => match rule.if_missing {
                IfMissing::Report => {
                    ruling.cause = if let Cell::Unknown(cause) = required { Some(cause) } else { None };
                    Verdict::NotAssessed
                }
                IfMissing::Violation => self.violation(),
                IfMissing::Compliant => Verdict::Compliant,
            },
        };
        if matches!(ruling.verdict, Verdict::Compliant | Verdict::NotAssessed) {
            ruling.days_late = None;
        }
        ruling
    }

    pub(super) fn case_state(&self, row: RowRef) -> CaseState {
        match self.rule.scope {
            Scope::Open => self.world.store.case_state(row),
            Scope::All => CaseState::Open,
        }
    }

    /// Violation, or partly where the milder condition is known to hold.
    fn violation(&mut self) -> Verdict {
        let Some(partly) = &self.rule.partly else { return Verdict::Violation };
        let mark = self.evaluator.trace.mark();
        if self.evaluator.truth(partly) == Cell::Present(true) {
            return Verdict::Partly;
        }
        self.evaluator.trace.truncate(mark);
        Verdict::Violation
    }

    /// Whether the deadline was kept. Sets the ruling to not applicable while it is not due yet.
    fn deadline(&mut self, deadline: &Deadline, ruling: &mut Ruling) -> Cell<bool> {
        let due = self.evaluator.need(&deadline.due);
        let done = self.evaluator.eval(&deadline.done);
        let due = match due {
            Ok(due) => due,
            Err(cause) => return Cell::Unknown(cause),
        };
        ruling.due = date_of(&due).present();
        let extract = Item::Value(Value::Date(self.world.extract_date));
        let (kept, ended) = match done {
            Cell::Unknown(cause) => return Cell::Unknown(cause),
            Cell::Present(done) => (compare(Compare::LessEqual, &done, &due), done),
            Cell::Empty => {
                let kept = compare(Compare::Less, &due, &extract).map(|overdue| !overdue);
                if kept == Cell::Present(true) {
                    ruling.verdict = Verdict::NotApplicable;
                }
                (kept, extract)
            }
        };
        if kept == Cell::Present(false) {
            let days = |day: Date| i64::from(day.days());
            ruling.days_late = ruling.due.zip(date_of(&ended).present()).map(|(due, ended)| days(ended) - days(due));
        }
        kept
    }

    /// The deadline or what excuses lateness; the account keeps the side that decides.
    fn either(&mut self, kept: Option<Cell<bool>>, require: Option<&Expr>) -> Cell<bool> {
        let Some(kept) = kept else {
            return require.map_or(Cell::Present(true), |require| self.evaluator.truth(require));
        };
        let Some(require) = require else { return kept };
        if kept == Cell::Present(true) {
            return kept;
        }
        let mark = self.evaluator.trace.mark();
        let excused = self.evaluator.truth(require);
        match (&kept, &excused) {
            (_, Cell::Present(true)) | (Cell::Present(false), Cell::Present(false)) => excused,
            (Cell::Present(false), _) => {
                self.evaluator.trace.forget(0, mark);
                excused
            }
            (_, Cell::Present(false)) => {
                self.evaluator.trace.truncate(mark);
                kept
            }
            _ => kept,
        }
    }
}
