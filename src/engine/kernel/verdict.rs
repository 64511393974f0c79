//! The verdicts of one rule on many rows: as [`super::super::judge::Judge`] gives them one by one.

use std::ops::Range;
use std::rc::Rc;

use crate::engine::judge::Per;
use crate::engine::scalar::Item;
use crate::rule::typed::{Compare, IfMissing, Scope, Verdict};
use crate::store::CaseState;
use crate::value::{Cause, Cell};

use super::compare::{compared, lanes_of, or};
use super::frame::Frame;
use super::vector::{EMPTY, NO, UNKNOWN, Vector, YES};
use super::{Kernels, date};

/// Verdicts by lane: the rows they are on, and the items where the rule has `per`.
#[derive(Debug, Default)]
pub(in crate::engine) struct Verdicts {
    /// The row of each lane.
    pub(in crate::engine) rows: Vec<u32>,
    /// The item of each lane; empty without `per`.
    pub(in crate::engine) items: Vec<Per>,
    /// The verdict of each lane.
    pub(in crate::engine) verdicts: Vec<Verdict>,
}

impl<'w> Kernels<'w> {
    /// The verdicts on these rows, in the order of the rows.
    pub(in crate::engine) fn judge(&mut self, rows: Range<u32>) -> Verdicts {
        let (rows, items) = self.lanes(rows);
        let states: Vec<CaseState> = rows.iter().map(|&row| self.case_state(row)).collect();
        let mut verdicts = vec![Verdict::NotApplicable; rows.len()];
        let open: Vec<u32> = (0..rows.len() as u32).filter(|&lane| states[lane as usize] != CaseState::Closed).collect();
        if !open.is_empty() {
            let of_open = self.under_every_reading(&rows, &items, &open);
            for (&lane, verdict) in open.iter().zip(of_open) {
                let known = states[lane as usize] == CaseState::Open || verdict == Verdict::NotApplicable;
                verdicts[lane as usize] = if known { verdict } else { Verdict::NotAssessed };
            }
        }
        Verdicts { rows, items, verdicts }
    }

    fn case_state(&self, row: u32) -> CaseState {
        match self.rule.scope {
            Scope::Open => self.world.store.case_state(self.judged(row)),
            Scope::All => CaseState::Open,
        }
    }

    /// A lane for each row, or for each row and item.
    pub(in crate::engine) fn lanes(&mut self, rows: Range<u32>) -> (Vec<u32>, Vec<Per>) {
        let Some(per) = &self.rule.per else { return (rows.collect(), Vec::new()) };
        let open: Vec<u32> = rows.clone().filter(|&row| self.case_state(row) != CaseState::Closed).collect();
        let frame = self.enter(open.len(), vec![(self.rule.row.1, Vector::Rows(open, self.rule.each))]);
        let lists = self.eval(&per.items, &frame);
        let (mut of_rows, mut items) = (Vec::new(), Vec::new());
        let mut next = 0;
        for row in rows {
            let found = if self.case_state(row) == CaseState::Closed {
                vec![Per::None]
            } else {
                next += 1;
                Per::listed(lists.item(next - 1))
            };
            of_rows.extend(std::iter::repeat_n(row, found.len()));
            items.extend(found);
        }
        (of_rows, items)
    }

    /// The verdict that all readings of what the law leaves open agree on, else that it cannot be told.
    fn under_every_reading(&mut self, rows: &[u32], items: &[Per], open: &[u32]) -> Vec<Verdict> {
        let mut agreed: Option<Vec<Verdict>> = None;
        for reading in 0..1 << self.rule.questions {
            self.reading = reading;
            let verdicts = self.under_reading(rows, items, open);
            agreed = Some(match agreed {
                None => verdicts,
                Some(before) => {
                    let both = |(a, b)| if a == b { a } else { Verdict::NotAssessed };
                    before.into_iter().zip(verdicts).map(both).collect()
                }
            });
        }
        self.reading = 0;
        agreed.unwrap_or_default()
    }

    fn under_reading(&mut self, rows: &[u32], items: &[Per], open: &[u32]) -> Vec<Verdict> {
        let rule = self.rule;
        let judged = open.iter().map(|&lane| rows[lane as usize]).collect();
        let mut bound = vec![(rule.row.1, Vector::Rows(judged, rule.each))];
        let mut unknown_item = vec![false; open.len()];
        if let Some(per) = &rule.per {
            let item = |(&lane, unknown): (&u32, &mut bool)| match &items[lane as usize] {
                Per::Item(value) => Cell::Present(Item::Value(value.clone())),
                Per::Unknown(cause) => {
                    *unknown = true;
                    Cell::Unknown(*cause)
                }
                Per::None => Cell::Unknown(Cause::Empty),
            };
            bound.push((per.slot, Vector::packed(open.iter().zip(&mut unknown_item).map(item).collect())));
        }
        let frame = self.enter(open.len(), bound);
        let applies = rule.when.as_ref().map_or_else(|| vec![YES; open.len()], |when| self.truths(when, &frame));
        let mut verdicts: Vec<Verdict> =
            applies.iter().map(|applies| if *applies == NO { Verdict::NotApplicable } else { Verdict::NotAssessed }).collect();
        let mut concerned = lanes_of(&applies, YES);
        concerned.retain(|&lane| !unknown_item[lane as usize]);
        if !concerned.is_empty() {
            let some = if concerned.len() == open.len() { frame } else { frame.some(&concerned[..]) };
            for (&lane, verdict) in concerned.iter().zip(self.required(&some)) {
                verdicts[lane as usize] = verdict;
            }
        }
        verdicts
    }

    /// The verdicts on rows that the rule concerns.
    fn required(&self, frame: &Rc<Frame<'w>>) -> Vec<Verdict> {
        let rule = self.rule;
        let deadline = rule.deadline.as_ref().map(|deadline| {
            let due = self.eval(&deadline.due, frame);
            let done = self.eval(&deadline.done, frame);
            self.kept(&due, &done, frame.len)
        });
        let due: Vec<u8> = deadline.as_ref().map_or_else(|| vec![NO; frame.len], |(_, waits)| waits.clone());
        let holds = match (deadline, &rule.require) {
            (None, None) => vec![YES; frame.len],
            (None, Some(require)) => self.truths(require, frame),
            (Some((kept, _)), None) => kept,
            (Some((mut kept, waits)), Some(require)) => {
                let open = |lane: &u32| kept[*lane as usize] != YES && waits[*lane as usize] != YES;
                let open: Vec<u32> = (0..frame.len as u32).filter(open).collect();
                let of_open: Vec<u8> = open.iter().map(|&lane| kept[lane as usize]).collect();
                let excused = or(of_open, &self.truths(require, &frame.some(&open[..])));
                open.iter().zip(excused).for_each(|(&lane, excused)| kept[lane as usize] = excused);
                kept
            }
        };
        let missing = match rule.if_missing {
            IfMissing::Report => UNKNOWN,
            IfMissing::Violation => NO,
            IfMissing::Compliant => YES,
        };
        let holds: Vec<u8> = holds.into_iter().map(|holds| if holds == UNKNOWN { missing } else { holds }).collect();
        let mut partly = vec![NO; frame.len];
        if let Some(milder) = &rule.partly {
            let failed: Vec<u32> = lanes_of(&holds, NO).into_iter().filter(|&lane| due[lane as usize] != YES).collect();
            if !failed.is_empty() {
                let of_failed = self.truths(milder, &frame.some(&failed[..]));
                failed.iter().zip(of_failed).for_each(|(&lane, milder)| partly[lane as usize] = milder);
            }
        }
        let verdict = |((holds, waits), partly): ((u8, u8), u8)| match (waits, holds, partly) {
            (YES, _, _) => Verdict::NotApplicable,
            (_, YES, _) => Verdict::Compliant,
            (_, UNKNOWN, _) => Verdict::NotAssessed,
            (_, _, YES) => Verdict::Partly,
            _ => Verdict::Violation,
        };
        holds.into_iter().zip(due).zip(partly).map(verdict).collect()
    }

    /// Whether each lane's deadline was kept, and whether it is not due yet.
    fn kept(&self, due: &Vector<'w>, done: &Vector<'w>, lanes: usize) -> (Vec<u8>, Vec<u8>) {
        let extract = Vector::Same(date(self.world.extract_date));
        let in_time = compared(Compare::LessEqual, done, due, lanes);
        let overdue = compared(Compare::Less, due, &extract, lanes);
        let states = done.states(lanes);
        let kept = (0..lanes).map(|lane| match states[lane] {
            EMPTY => YES - overdue[lane],
            _ => in_time[lane],
        });
        let waits = (0..lanes).map(|lane| if states[lane] == EMPTY && overdue[lane] == NO { YES } else { NO });
        (kept.collect(), waits.collect())
    }
}
