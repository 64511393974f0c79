//! Planting: each plant puts one fault, or one harmless oddity, into the lives, and says what the rules must answer.
//!
//! The answers are reasoned from the fault and the law; nothing here runs a rule.

mod booking;
mod contributions;
mod doubles;
mod earnings;
mod earnings_booked;
mod examinations;
mod grants;
mod lapsed;
mod limits;
mod parents;
mod payments;
mod steps;

use std::collections::BTreeSet;

use super::Planting;
use super::life::BLOCK;
use super::random::Random;
use super::record::Municipality;

/// What a rule must answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// `violation`.
    Violation,
    /// `partly`.
    Partly,
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
    /// A placement.
    Placement(usize),
    /// A follow-up.
    FollowUp(usize),
    /// The decision that stands on a grant, by the grant.
    Decision(usize),
    /// What a parent pays in a year.
    Parental(usize),
    /// A payment, by the index of the fault in it.
    Payment(usize),
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
    /// Names of the plants that were planted somewhere.
    pub(super) plants: BTreeSet<&'static str>,
}

impl Planted {
    /// Without faults.
    pub(super) fn new(m: Municipality) -> Planted {
        Planted { m, expected: Vec::new(), plants: BTreeSet::new() }
    }
}

/// Whether the plant of this number is planted in this block, of the `blocks` that have its part.
fn chosen(planting: Planting, number: usize, plant: &Plant, block: usize, blocks: usize) -> bool {
    match planting {
        Planting::Nothing => false,
        Planting::Everything => true,
        Planting::Drawn { rule, seed } => {
            let mut random = Random::part(seed, (number as u64) << 24);
            let surely = random.between(0, blocks as i64 - 1);
            let coin = Random::part(seed, ((number as u64) << 24) + 1 + block as u64).between(0, 1);
            plant.rule == rule && (block as i64 == surely || coin == 1)
        }
    }
}

/// Plants the plants of a phase, each in the chosen ones of the blocks that have its part.
pub(super) fn plant(planted: &mut Planted, phase: Phase, planting: Planting) {
    let Planted { m, expected, plants } = planted;
    let cases = m.cases.len();
    for (block, first) in (0..cases).step_by(BLOCK).enumerate() {
        for (number, plant) in all().enumerate().filter(|(_, p)| p.phase == phase) {
            let case = first + plant.part;
            let blocks = cases.saturating_sub(plant.part).div_ceil(BLOCK);
            if case >= cases || !chosen(planting, number, plant, block, blocks) {
                continue;
            }
            plants.insert(plant.name);
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
    [
        examinations::EXAMINATIONS,
        steps::STEPS,
        grants::GRANTS,
        limits::LIMITS,
        doubles::DOUBLES,
        payments::PAYMENTS,
        parents::PARENTS,
        booking::BOOKING,
        earnings::EARNINGS,
        contributions::CONTRIBUTIONS,
        lapsed::LAPSED,
        earnings_booked::BOOKED,
    ]
    .into_iter()
    .flatten()
}

const fn lives(rule: &'static str, part: usize, name: &'static str, da: &'static str, en: &'static str, act: Act) -> Plant {
    Plant { name, rule, part, da, en, phase: Phase::Lives, act, besides: None }
}

const fn steps(rule: &'static str, part: usize, name: &'static str, da: &'static str, en: &'static str, act: Act) -> Plant {
    Plant { name, rule, part, da, en, phase: Phase::Steps, act, besides: None }
}
