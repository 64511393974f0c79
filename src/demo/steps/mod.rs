//! The steps that the law of each date demands around examinations and grants: notifications, child talks, plans, follow-ups,
//! supervision, placements, parents' payments, and the activities of the case system.
//!
//! They are taken when the lives stand, faults included, so that a planted fault stays the only one.

mod activities;
mod decisions;
mod houses;
mod incidents;
mod notifications;
mod parents;
mod placements;

use super::law::{self, day, days};
use super::random::Random;
use super::record::{Case, Day, Exam, Grant, Municipality, of_case};
use crate::calendar::{Date, WorkingDays};
use crate::value::Decimal;
pub(super) use houses::POINTS;

/// A day and a time of day, in Danish time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clock {
    pub(super) day: Date,
    /// Minutes since midnight.
    pub(super) minute: i64,
}

impl Clock {
    /// Some minutes later.
    pub(super) fn later(self, minutes: i64) -> Clock {
        let minute = self.minute + minutes;
        Clock { day: days(self.day, minute.div_euclid(1_440)), minute: minute.rem_euclid(1_440) }
    }
}

/// What stands in a cell for a day and a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// Nothing.
    Empty,
    /// A day and a time of day.
    At(Clock),
    /// The day alone.
    On(Date),
    /// Something typed by hand.
    Typed(&'static str),
}

/// A notification.
#[derive(Debug)]
pub(super) struct Notification {
    pub(super) case: usize,
    pub(super) id: String,
    pub(super) received: Clock,
    /// Whether its time of day is written.
    pub(super) hour_written: bool,
    pub(super) assessed: Time,
    /// Who sent it, and why.
    pub(super) from: &'static str,
    pub(super) reason: &'static str,
    /// Acknowledged; nobody can thank an anonymous sender.
    pub(super) acknowledged: Option<Date>,
    /// What stands in its cell instead.
    pub(super) acknowledged_written: Option<&'static str>,
    /// When a professional sender was told what came of it.
    pub(super) told: Option<Date>,
    pub(super) outcome: &'static str,
    /// Re-assessed, in a case with an active measure.
    pub(super) reassessed: Option<Date>,
    /// Workers who assessed it.
    pub(super) workers: Vec<usize>,
}

/// A talk with the child, or why there was none.
#[derive(Debug)]
pub(super) struct Talk {
    pub(super) case: usize,
    pub(super) on: Date,
    /// What stands in its cell instead.
    pub(super) on_written: Option<&'static str>,
    /// Why it was left out; nothing when nobody wrote why.
    pub(super) omitted: Option<&'static str>,
    pub(super) form: &'static str,
    pub(super) about: &'static str,
    /// The activity whose decision rests on it.
    pub(super) activity: String,
}

/// A plan.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) case: usize,
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) made: Date,
    pub(super) revised: Option<Date>,
    pub(super) goals: i64,
    pub(super) next: Option<Date>,
    pub(super) ended: Option<Date>,
}

/// A follow-up of a grant.
#[derive(Debug)]
pub(super) struct FollowUp {
    pub(super) case: usize,
    pub(super) grant: usize,
    pub(super) planned: Date,
    pub(super) held: Option<Date>,
    /// What stands in its cell instead.
    pub(super) held_written: Option<&'static str>,
    pub(super) first: bool,
    pub(super) result: &'static str,
    pub(super) next: Option<Date>,
    /// What stands in its cell instead.
    pub(super) next_written: Option<&'static str>,
}

/// A supervision visit to a placed child.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) case: usize,
    pub(super) grant: usize,
    pub(super) on: Date,
    pub(super) announced: bool,
    pub(super) workers: [usize; 2],
    pub(super) next: Date,
}

/// A placement as it is reported to the statistics.
#[derive(Debug)]
pub(super) struct Placement {
    pub(super) case: usize,
    pub(super) grant: usize,
    pub(super) decided: Day,
    pub(super) consent: &'static str,
    /// Codes of the statistics: place, event, where from, why it ended, where to.
    pub(super) place: &'static str,
    /// What stands for the last day, where it is no day.
    pub(super) end_written: Option<&'static str>,
    pub(super) event: &'static str,
    pub(super) before: &'static str,
    pub(super) reason: &'static str,
    pub(super) after: &'static str,
    pub(super) reported: Date,
}

/// What a parent pays for a placed child in a year.
#[derive(Debug)]
pub(super) struct Parental {
    pub(super) case: usize,
    /// CPR of the parent.
    pub(super) parent: String,
    pub(super) placed: Date,
    pub(super) income: Decimal,
    /// By the formula.
    pub(super) monthly: Decimal,
    /// What is collected; nothing when exempt or below the least amount.
    pub(super) collected: Decimal,
    pub(super) exempt: Option<&'static str>,
    /// Why less than the formula's is paid.
    pub(super) reduced: Option<&'static str>,
    pub(super) decided: Date,
    pub(super) from: Date,
    pub(super) until: Option<Date>,
    /// What stands for the income and for what is collected, where it is no amount.
    pub(super) income_written: Option<&'static str>,
    pub(super) collected_written: Option<&'static str>,
    /// Nobody decided: the row does not exist.
    pub(super) forgotten: bool,
}

impl Parental {
    /// What is collected follows from the amount a month, unless somebody is exempt.
    pub(super) fn collect(&mut self) {
        let nothing = self.exempt.is_some() || self.monthly < Decimal::whole(100);
        self.collected = if nothing { Decimal::new(0, 2) } else { self.monthly };
    }
}

/// An activity of the case system.
#[derive(Debug)]
pub(super) struct Activity {
    pub(super) case: usize,
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) sub: &'static str,
    pub(super) at: Clock,
    pub(super) due: Option<Date>,
    pub(super) sent: Option<Date>,
    pub(super) reason: &'static str,
}

/// A child's course at the børnehus.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) case: usize,
    pub(super) referred: Date,
    pub(super) admitted: Date,
    pub(super) ended: Option<Date>,
    pub(super) kind: &'static str,
    /// Who leads it, of the house's own staff.
    pub(super) by: &'static str,
}

/// A point of the management supervision of a case.
#[derive(Debug)]
pub(super) struct Supervised {
    pub(super) case: usize,
    /// First day of the month in which it was judged.
    pub(super) month: Date,
    /// Index of the point.
    pub(super) point: usize,
    /// How far it is met, where it is relevant.
    pub(super) degree: Option<&'static str>,
}

/// All steps, case by case.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub(super) notifications: Vec<Notification>,
    pub(super) talks: Vec<Talk>,
    pub(super) plans: Vec<Plan>,
    pub(super) follow_ups: Vec<FollowUp>,
    pub(super) visits: Vec<Visit>,
    pub(super) placements: Vec<Placement>,
    pub(super) parental: Vec<Parental>,
    pub(super) activities: Vec<Activity>,
    pub(super) courses: Vec<Course>,
    pub(super) supervised: Vec<Supervised>,
}

impl Steps {
    /// What a parent pays for the month that begins on `first`: nothing in the month of the placement, since nothing is
    /// collected before the decision.
    pub(super) fn parental_at(&self, case: usize, first: Date) -> Option<&Parental> {
        let of = steps_of(&self.parental, case, |p| p.case);
        self.parental[of]
            .iter()
            .find(|p| !p.forgotten && p.from <= first && p.decided < first && p.until.is_none_or(|until| until >= first))
    }
}

/// The indexes of a case's steps of one kind; steps are taken case by case.
pub(super) fn steps_of<T>(steps: &[T], case: usize, of: impl Fn(&T) -> usize) -> std::ops::Range<usize> {
    steps.partition_point(|step| of(step) < case)..steps.partition_point(|step| of(step) <= case)
}

/// What the steps of one case are made from.
struct Walk<'a> {
    index: usize,
    case: &'a Case,
    exams: &'a [Exam],
    grants: &'a [Grant],
    /// Index of the first of the grants.
    first_grant: usize,
    /// How many workers there are to ask for help.
    workers: usize,
    /// How many cases there are.
    cases: usize,
    working: &'a WorkingDays,
    random: Random,
    steps: &'a mut Steps,
}

/// Settles the days of decision, and takes every step.
pub(super) fn take(m: &mut Municipality, seed: u64) {
    let working = law::working_days();
    decisions::settle(m, &working, seed);
    let mut steps = Steps::default();
    let workers = m.workers.len();
    for (index, case) in m.cases.iter().enumerate() {
        let grants = of_case(&m.grants, index);
        let mut walk = Walk {
            index,
            case,
            exams: &m.exams[of_case(&m.exams, index)],
            first_grant: grants.start,
            grants: &m.grants[grants],
            workers,
            cases: m.cases.len(),
            working: &working,
            random: Random::part(seed, (1 << 42) + index as u64),
            steps: &mut steps,
        };
        walk.notifications();
        walk.decisions();
        walk.placements();
        walk.parents();
        walk.incidents();
        walk.courses();
        walk.supervised();
        walk.talks();
    }
    m.steps = steps;
}

impl Walk<'_> {
    /// The first working day from `from` on.
    fn workday(&self, from: Date) -> Date {
        (0..14).map(|n| days(from, n)).find(|d| self.working.is_working(*d)).unwrap_or(from)
    }

    /// The last working day up to `until`.
    fn workday_before(&self, until: Date) -> Date {
        (0..14).map(|n| days(until, -n)).find(|d| self.working.is_working(*d)).unwrap_or(until)
    }

    /// A time of the working day.
    fn office(&mut self, day: Date) -> Clock {
        Clock { day, minute: self.random.between(8 * 60, 15 * 60) }
    }

    /// Somebody else than the case's own worker, where there is one.
    fn colleague(&mut self) -> usize {
        let n = self.random.between(0, self.workers as i64 - 1) as usize;
        if n == self.case.worker { (n + 1) % self.workers.max(1) } else { n }
    }

    /// The last day on which anything happens: the extract, or the day the case was closed.
    fn last(&self) -> Date {
        self.case.closed.map_or(law::extract_date(), |closed| closed.min(law::extract_date()))
    }
}

/// First day of barnets lov.
fn barnets_lov() -> Date {
    day(2024, 1, 1)
}

/// Whether a decision under a section is one that both laws want a talk with the child before.
pub(super) fn talked_before(section: &str) -> bool {
    let bare: String = section.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    ["BL§32", "BL§46", "BL§47", "BL§67", "SEL§52", "SEL§58", "SEL§68a"].iter().any(|under| bare.starts_with(under))
}

/// Whether a section is one of those under which measures are followed up: §§ 32, 46, 47, 67 and § 52 before 2024.
fn followed_up(section: &str) -> bool {
    let bare: String = section.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    ["BL§32", "BL§46", "BL§47", "BL§67", "BL§114", "SEL§52", "SEL§76"].iter().any(|under| bare.starts_with(under))
}
