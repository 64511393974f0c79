//! Planting: each plant puts one fault, or one harmless oddity, into the lives, and says what the rules must answer.
//!
//! The answers are reasoned from the fault and the law; nothing here runs a rule.

mod earnings;
mod examinations;
mod grants;
mod parents;
mod steps;

use super::life::BLOCK;
use super::record::Municipality;

/// What a rule must answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// `violation`.
    Violation,
    /// `not assessed`.
    NotAssessed,
}

/// The record that is judged, by its index in the municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Judged {
    /// An examination.
    Exam(usize),
    /// A grant.
    Grant(usize),
    /// A notification.
    Notification(usize),
    /// A posting, by the index of the fault in it.
    Posting(usize),
    /// A month, 0 to 11, of lost earnings.
    Month(usize, usize),
}

/// One expected finding or unassessed row.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    /// Name of the plant.
    pub(super) cause: &'static str,
    /// Rule id.
    pub(super) rule: &'static str,
    /// What is judged.
    pub(super) judged: Judged,
    /// The answer.
    pub(super) answer: Answer,
    /// Header of the cell that carries the fault; `None` for the month's own.
    pub(super) column: Option<&'static str>,
    /// Whether it merely follows from the fault: a further row of the same cause.
    pub(super) also: bool,
}

/// A fault to plant.
pub(super) struct Plant {
    /// Its name, unique.
    pub(super) name: &'static str,
    /// The rule it speaks to.
    pub(super) rule: &'static str,
    /// The part in the block that it happens to.
    pub(super) part: usize,
    /// What was done, in Danish.
    pub(super) da: &'static str,
    /// The same in English.
    pub(super) en: &'static str,
    /// When it is planted.
    pub(super) phase: Phase,
    act: Act,
    besides: Option<Besides>,
}

impl Plant {
    /// The fault is also seen by other rules: what these must answer, told after it was planted.
    const fn besides(mut self, seen: Besides) -> Plant {
        self.besides = Some(seen);
        self
    }
}

/// Before the steps around the lives are taken, or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Into the lives.
    Lives,
    /// Into the steps, and into what the books will show.
    Steps,
}

type Act = fn(&mut Municipality, usize) -> Vec<Hit>;
type Hit = (Judged, Answer, Option<&'static str>);
/// A further rule, and its answer.
type Beside = (&'static str, Hit);
type Besides = fn(&Municipality, usize) -> Vec<Beside>;

/// A municipality, and what the rules must answer on it.
#[derive(Debug)]
pub(super) struct Planted {
    pub(super) m: Municipality,
    pub(super) expected: Vec<Expected>,
}

impl Planted {
    /// Without faults.
    pub(super) fn new(m: Municipality) -> Planted {
        Planted { m, expected: Vec::new() }
    }
}

/// Plants every plant of a phase in every block that has its part.
pub(super) fn plant(planted: &mut Planted, phase: Phase) {
    let Planted { m, expected } = planted;
    for first in (0..m.cases.len()).step_by(BLOCK) {
        for plant in all().filter(|p| p.phase == phase) {
            let case = first + plant.part;
            if case >= m.cases.len() {
                continue;
            }
            let hits = (plant.act)(m, case).into_iter().enumerate();
            expected.extend(hits.map(|(n, (judged, answer, column))| Expected {
                cause: plant.name,
                rule: plant.rule,
                judged,
                answer,
                column,
                also: n > 0,
            }));
            let besides = plant.besides.map(|seen| seen(m, case)).unwrap_or_default();
            expected.extend(besides.into_iter().map(|(rule, (judged, answer, column))| Expected {
                cause: plant.name,
                rule,
                judged,
                answer,
                column,
                also: true,
            }));
        }
    }
}

/// Every plant, by rule.
pub(super) fn all() -> impl Iterator<Item = &'static Plant> {
    [examinations::EXAMINATIONS, steps::STEPS, grants::GRANTS, parents::PARENTS, earnings::EARNINGS].into_iter().flatten()
}

const fn lives(rule: &'static str, part: usize, name: &'static str, da: &'static str, en: &'static str, act: Act) -> Plant {
    Plant { name, rule, part, da, en, phase: Phase::Lives, act, besides: None }
}

const fn steps(rule: &'static str, part: usize, name: &'static str, da: &'static str, en: &'static str, act: Act) -> Plant {
    Plant { name, rule, part, da, en, phase: Phase::Steps, act, besides: None }
}
