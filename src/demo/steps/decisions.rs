//! Decisions: a talk with the child before, a plan after (before, in placements without consent and before 2024), the first
//! follow-up within three months or when a parallel examination ends, later ones by the law of the date.

use std::collections::BTreeSet;

use super::{FollowUp, Plan, Talk, Walk, barnets_lov, followed_up, steps_of, talked_before};
use crate::calendar::{Date, WorkingDays};
use crate::demo::law::{days, extract_date, months};
use crate::demo::random::Random;
use crate::demo::record::{Grant, Municipality, OfCase};

/// Activities that are decisions about the child.
const DECISIONS: [&str; 4] = ["Afgørelse i børne- og ungeudvalget", "Samværsafgørelse", "Hjemgivelse", "Børne- og ungepålæg"];

/// Settles the days of decision: after the examination that a placement rests on, before the start.
pub(super) fn settle(m: &mut Municipality, working: &WorkingDays, seed: u64) {
    let mut random = Random::part(seed, 1 << 43);
    for grant in &mut m.grants {
        let gap = random.between(4, 12);
        if grant.decided.is_some() {
            continue;
        }
        let exams = m.exams.partition_point(|e| e.case() < grant.case)..m.exams.partition_point(|e| e.case() <= grant.case);
        let ended = m.exams[exams].iter().filter_map(|e| e.finished.date()).filter(|day| *day < grant.start).max();
        let early = days(grant.start, -gap);
        // A placement is decided when the examination is finished.
        let ended = ended.filter(|_| grant.service.kind == "Anbringelse");
        let earliest = ended.map_or(days(early, -14), |ended| days(ended, 1)).min(grant.start);
        let mut decided = early.max(earliest);
        if grant.service.decision.starts_with("BL") && decided <= barnets_lov() {
            // Granted backwards: barnets lov can only decide since 2024.
            decided = days(barnets_lov(), 7 + gap);
        }
        let on = (0..10).map(|n| days(decided, -n)).find(|d| working.is_working(*d) && *d >= earliest);
        grant.decided = Some(on.unwrap_or(decided));
    }
}

impl Walk<'_> {
    /// The steps around each decision.
    pub(super) fn decisions(&mut self) {
        // What goes on under a new grant or a new law keeps the day on which it was to be followed up: service, start, day.
        let mut carried: Vec<(&str, Date, Date)> = Vec::new();
        for (i, grant) in self.grants.iter().enumerate().filter(|(_, g)| g.status != "Kladde") {
            let goes_on = self.goes_on(i);
            let decided = grant.decided.unwrap_or(grant.start);
            if decided > extract_date() {
                continue;
            }
            self.decided(grant, decided);
            if !followed_up(grant.service.decision) {
                continue;
            }
            if !goes_on {
                self.plan(grant, decided);
            }
            let due = carried.iter().find(|(name, from, _)| (*name, *from) == (grant.service.name, grant.start));
            let due = due.map(|(_, _, due)| *due);
            if let (Some(due), Some(end)) = (self.follow_up(i, grant, due), grant.end) {
                carried.push((grant.service.name, days(end, 1), due));
            }
        }
    }

    /// Whether a grant goes on where another of its kind ended.
    fn goes_on(&self, i: usize) -> bool {
        let grant = &self.grants[i];
        self.grants[..i]
            .iter()
            .any(|before| before.service.name == grant.service.name && before.end.is_some_and(|end| days(end, 1) == grant.start))
    }

    /// The talk, and the decision as an activity that points at it.
    fn decided(&mut self, grant: &Grant, decided: Date) {
        // A converted grant rests on the decision it had.
        if self.steps.talks.last().is_some_and(|t| t.case == self.index && t.on <= decided && days(t.on, 30) > decided) {
            let activity = self.steps.talks.last().map(|t| t.activity.clone()).unwrap_or_default();
            self.decision_activity(grant, decided, &activity);
            return;
        }
        let born = self.case.child.born;
        let age = born.age_at(decided);
        let back = self.random.between(2, 14);
        let on = self.workday_before(days(decided, -back));
        let on = if on <= born { decided } else { on };
        let omitted = (age < 3).then_some("Barnets alder");
        let form = if age < 3 {
            ""
        } else {
            *self.random.pick(&["Samtale på skolen", "Samtale i hjemmet", "Samtale på kontoret", "Samtale på anbringelsesstedet"])
        };
        let activity = format!("A{:07}", 1_000_000 + self.steps.activities.len());
        self.steps.talks.push(Talk {
            case: self.index,
            on,
            on_written: None,
            omitted,
            form,
            about: "Afgørelse",
            activity: activity.clone(),
        });
        self.decision_activity(grant, decided, &activity);
    }

    /// A talk on the day of each decision that no talk since the decision before it has prepared.
    pub(super) fn talks(&mut self) {
        let granted = self.grants.iter().filter(|g| g.status != "Kladde" && talked_before(g.service.decision));
        let mut on: BTreeSet<Date> = granted.filter_map(|g| g.decided).filter(|day| *day <= extract_date()).collect();
        let acts = steps_of(&self.steps.activities, self.index, |a| a.case);
        let acts = self.steps.activities[acts].iter();
        on.extend(acts.filter(|a| DECISIONS.contains(&a.kind)).map(|a| a.at.day));
        let mut before: Option<Date> = None;
        for day in on {
            let talks = steps_of(&self.steps.talks, self.index, |t| t.case);
            let talks = &self.steps.talks[talks];
            if !talks.iter().any(|t| t.on <= day && before.is_none_or(|before| t.on > before)) {
                let omitted = (self.case.child.born.age_at(day) < 3).then_some("Barnets alder");
                let activity = String::new();
                let form = "Samtale i hjemmet";
                self.steps.talks.push(Talk {
                    case: self.index,
                    on: day,
                    on_written: None,
                    omitted,
                    form,
                    about: "Afgørelse",
                    activity,
                });
            }
            before = Some(day);
        }
    }

    /// The plan that a decision asks for, and the plan that takes over at 16.
    fn plan(&mut self, grant: &Grant, decided: Date) {
        let born = self.case.child.born;
        let placed = grant.service.kind == "Anbringelse";
        let youth = matches!(grant.service.kind, "Ungestøtte" | "Efterværn");
        let old = decided < barnets_lov();
        let forced = grant.service.decision.starts_with("BL § 47");
        let made = if old || forced || youth {
            self.workday_before(days(decided, -3))
        } else {
            let by = self.random.between(20, 70);
            self.workday(days(decided, by))
        };
        if made > self.last() {
            return;
        }
        let sixteen = born.birthday(16);
        let of_age = |day: Date| sixteen.is_some_and(|sixteen| sixteen <= day);
        let kind = match (old, youth || (placed && of_age(made))) {
            (true, _) => "Handleplan",
            (false, true) => "Ungeplan",
            (false, false) => "Barnets plan",
        };
        // The plan follows the measure for as long as it goes on under a new grant or a new law.
        let end = self.end_of_chain(grant).filter(|end| *end < self.last());
        let takes_over = sixteen.filter(|day| placed && kind != "Ungeplan" && *day > made && *day >= barnets_lov());
        let takes_over = takes_over.map(|day| self.workday(days(day, 21))).filter(|day| end.is_none_or(|end| *day < end));
        let takes_over = takes_over.filter(|day| *day <= self.last());
        self.push_plan(kind, made, takes_over.or(end));
        if let Some(day) = takes_over {
            self.push_plan("Ungeplan", day, end);
        }
        if placed && !old {
            let by = self.random.between(30, 80);
            let made = self.workday(days(decided, by));
            if made <= self.last() {
                self.push_plan("Forældreplan", made, end);
            }
        }
    }

    fn end_of_chain(&self, grant: &Grant) -> Option<Date> {
        let mut end = grant.end?;
        while let Some(next) = self.grants.iter().find(|g| g.service.kind == grant.service.kind && g.start == days(end, 1)) {
            end = next.end?;
        }
        Some(end)
    }

    fn push_plan(&mut self, kind: &'static str, made: Date, ended: Option<Date>) {
        let span = i64::from(self.last().days() - made.days());
        let revised = (ended.is_none() && span > 200).then(|| {
            let back = self.random.between(10, 150);
            self.workday_before(days(self.last(), -back))
        });
        let next = ended.is_none().then(|| months(revised.unwrap_or(made), 6));
        let next = next.map(|day| if day <= extract_date() { months(extract_date(), 1) } else { day });
        let id = format!("P{:06}", 500_000 + self.steps.plans.len());
        let goals = self.random.between(3, 5);
        self.steps.plans.push(Plan { case: self.index, id, kind, made, revised, goals, next, ended });
    }

    /// Follow-ups until the grant ends, the first of them on the day carried over, if any. The day that is left for the grant
    /// that goes on.
    fn follow_up(&mut self, i: usize, grant: &Grant, carried: Option<Date>) -> Option<Date> {
        let index = self.first_grant + i;
        let end = grant.end.map_or(self.last(), |end| end.min(self.last()));
        let goes_on = grant
            .end
            .is_some_and(|end| self.grants[i..].iter().any(|g| g.service.name == grant.service.name && g.start == days(end, 1)));
        let mut first = carried.is_none();
        let mut planned = carried.unwrap_or_else(|| {
            let latest = months(grant.start, 3);
            let parallel = self.exams.iter().filter(|e| e.kind != "Screening" && e.started <= latest);
            let parallel = parallel.filter_map(|e| e.finished.date()).filter(|day| *day >= grant.start && *day < latest).min();
            parallel.unwrap_or(latest)
        });
        loop {
            if goes_on && planned > end {
                return Some(planned);
            }
            let early = self.random.between(0, 9);
            let held = self.workday_before(days(planned, -early)).max(grant.start);
            let done = held <= end;
            let months_on = if first { 6 } else { self.random.between(4, 6) };
            // Half a year at most between them before 2024, and by the cadence that was decided since.
            let next = months(held, months_on);
            let over = !goes_on && grant.end.is_some_and(|end| next > end);
            let result = if over { "Ophør" } else { *self.random.pick(&["Fortsæt", "Fortsæt", "Fortsæt", "Justér"]) };
            let due_later = grant.end.is_none_or(|end| planned <= end) && self.case.closed.is_none();
            if done || due_later {
                self.steps.follow_ups.push(FollowUp {
                    case: self.index,
                    grant: index,
                    planned,
                    held: done.then_some(held),
                    held_written: None,
                    first,
                    result: if done { result } else { "" },
                    next: (done && !over).then_some(next),
                    next_written: None,
                });
            }
            if !done || over {
                return None;
            }
            (planned, first) = (next, false);
        }
    }
}
