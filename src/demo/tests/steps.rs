//! The steps are those that the law of their day demands, read from the records by hand-written law.

use std::collections::{BTreeMap, BTreeSet};

use super::{SEEDS, books, town};
use crate::calendar::{Date, Instant};
use crate::demo::law::{self, day, days, extract_date, months};
use crate::demo::plant::Judged;
use crate::demo::record::{Grant, Municipality, of_case};
use crate::demo::steps::{Clock, Time};
use crate::value::Decimal;

fn bare(grant: &Grant) -> String {
    grant.service.decision.chars().filter(|c| !c.is_whitespace() && *c != ',').collect()
}

fn under(grant: &Grant, sections: &[&str]) -> bool {
    sections.iter().any(|section| bare(grant).starts_with(section))
}

/// Real minutes, whatever the clocks did.
fn minutes(clock: Clock) -> i64 {
    let instant = Instant::from_danish(clock.day, (clock.minute / 60) as u32, (clock.minute % 60) as u32);
    instant.expect("a time that was").minutes()
}

/// What of the steps breaks the law, and what cannot be told.
pub(super) fn broken(m: &Municipality, broken: &mut BTreeSet<Judged>, unclear: &mut BTreeSet<Judged>) {
    for (i, n) in m.steps.notifications.iter().enumerate() {
        let whole = |day: Date| (minutes(Clock { day, minute: 0 }), minutes(Clock { day, minute: 24 * 60 - 1 }));
        let (early, late) = if n.hour_written { (minutes(n.received), minutes(n.received)) } else { whole(n.received.day) };
        let (least, most) = match n.assessed {
            Time::Typed(_) => {
                unclear.insert(Judged::Notification(i));
                continue;
            }
            Time::At(at) => (minutes(at), minutes(at)),
            Time::On(day) => whole(day),
            Time::Empty => (i64::MAX, i64::MAX),
        };
        if least > late + 24 * 60 {
            broken.insert(Judged::Notification(i));
        } else if most > early + 24 * 60 {
            unclear.insert(Judged::Notification(i));
        }
    }
}

fn decided(grant: &Grant) -> Date {
    grant.decided.expect("settled")
}

/// Grants that were decided and have begun.
fn begun(m: &Municipality) -> impl Iterator<Item = (usize, &Grant)> {
    m.grants.iter().enumerate().filter(|(_, g)| g.status != "Kladde" && g.start <= extract_date())
}

#[test]
fn notifications_are_assessed_and_acknowledged() {
    let working = law::working_days();
    for seed in SEEDS {
        let m = town(seed, true).m;
        for n in &m.steps.notifications {
            let Time::At(assessed) = n.assessed else { panic!("{n:?}") };
            let taken = minutes(assessed) - minutes(n.received);
            assert!((1..=24 * 60).contains(&taken), "{n:?}");
            match n.acknowledged {
                Some(on) => assert!(on >= n.received.day && working.between(n.received.day, on) <= 6, "{n:?}"),
                None => assert!(n.from == "Anonym" || days(n.received.day, 7) > extract_date(), "{n:?}"),
            }
            if n.reassessed.is_some() {
                assert!(n.workers.len() == 2 && n.workers[0] != n.workers[1], "{n:?}");
            }
        }
        for exam in m.exams.iter().filter(|e| e.kind != "Screening") {
            let aware = exam.aware.date();
            let notified = m.steps.notifications.iter().any(|n| n.case == exam.case && Some(n.received.day) == aware);
            assert!(notified, "{exam:?}");
        }
    }
}

#[test]
fn a_child_is_talked_with_before_each_decision() {
    for seed in SEEDS {
        let m = town(seed, true).m;
        let mut talks: BTreeMap<usize, Vec<(Date, bool)>> = BTreeMap::new();
        for talk in &m.steps.talks {
            talks.entry(talk.case).or_default().push((talk.on, talk.omitted.is_some()));
        }
        for (_, grant) in begun(&m) {
            let talked = talks[&grant.case].iter().any(|(on, _)| *on <= decided(grant) && days(*on, 60) > decided(grant));
            assert!(talked, "{grant:?}");
        }
        for talk in m.steps.talks.iter().filter(|t| t.omitted.is_some()) {
            assert!(m.cases[talk.case].child.born.age_at(talk.on) < 3, "{talk:?}");
        }
    }
}

#[test]
fn placements_rest_on_an_examination_that_is_finished() {
    for seed in SEEDS {
        let m = town(seed, true).m;
        for (_, grant) in
            begun(&m).filter(|(_, g)| g.service.kind == "Anbringelse" && !matches!(g.role, "anbringelse før 2024" | "akut"))
        {
            let exams = &m.exams[of_case(&m.exams, grant.case)];
            let rests =
                exams.iter().filter_map(|e| e.finished.date().filter(|_| e.role == "bfu")).any(|end| end < decided(grant));
            assert!(rests, "{grant:?}");
            assert!(decided(grant) <= grant.start, "{grant:?}");
        }
        for (_, grant) in begun(&m) {
            let old = bare(grant).starts_with("SEL");
            let converted = grant.start == day(2024, 1, 1);
            assert!(converted || old == (decided(grant) < day(2024, 1, 1)), "{grant:?}");
        }
    }
}

#[test]
fn plans_come_in_time() {
    for seed in SEEDS {
        let m = town(seed, true).m;
        for (_, grant) in begun(&m).filter(|(_, g)| g.service.kind == "Anbringelse") {
            let born = m.cases[grant.case].child.born;
            let plans: Vec<_> = m.steps.plans.iter().filter(|p| p.case == grant.case && p.kind != "Forældreplan").collect();
            let before = bare(grant).starts_with("BL§47") || decided(grant) < day(2024, 1, 1);
            let due = if before { decided(grant) } else { months(decided(grant), 3) };
            let open = |on: Date| plans.iter().any(|p| p.made <= on && p.ended.is_none_or(|end| end >= on));
            assert!(due > extract_date() || open(due), "{grant:?} {plans:#?}");
            let sixteen = born.birthday(16).expect("a birthday").max(decided(grant)).max(day(2024, 1, 1));
            let due = months(sixteen, 3);
            if due <= extract_date() && grant.end.is_none_or(|end| end >= due) && decided(grant) >= day(2024, 1, 1) {
                assert!(plans.iter().any(|p| p.kind == "Ungeplan" && p.made <= due), "{grant:?} {plans:#?}");
            }
        }
        assert!(m.steps.plans.iter().all(|p| (3..=5).contains(&p.goals) && p.made <= extract_date()));
    }
}

#[test]
fn follow_ups_keep_the_law_of_their_day() {
    for seed in SEEDS {
        let m = town(seed, true).m;
        for (i, grant) in begun(&m) {
            if !under(grant, &["BL§32", "BL§46", "BL§47", "BL§114", "SEL§52", "SEL§76"]) {
                continue;
            }
            let held: Vec<_> = m.steps.follow_ups.iter().filter(|f| f.grant == i).collect();
            let goes_on = m.grants[of_case(&m.grants, grant.case)]
                .iter()
                .any(|g| g.service.name == grant.service.name && g.end.is_some_and(|end| days(end, 1) == grant.start));
            let exams = &m.exams[of_case(&m.exams, grant.case)];
            let latest = months(grant.start, 3);
            let parallel = exams.iter().filter(|e| e.role != "screening" && e.started <= latest);
            let parallel = parallel.filter_map(|e| e.finished.date()).filter(|end| *end >= grant.start).min();
            let due = parallel.map_or(latest, |end| end.min(latest));
            let runs_on = |on: Date| on < extract_date() && grant.end.is_none_or(|end| end > on);
            if !goes_on && runs_on(due) && m.cases[grant.case].closed.is_none_or(|closed| closed > due) {
                assert!(held.first().is_some_and(|f| f.first && f.held.is_some_and(|on| on <= due)), "{grant:?} {held:#?}");
            }
            for pair in held.windows(2) {
                let (Some(before), on) = (pair[0].held, pair[1].held.unwrap_or(pair[1].planned)) else { panic!("{held:#?}") };
                assert!(pair[0].next.is_some_and(|next| on <= next), "the cadence is kept: {held:#?}");
                assert!(on <= months(before, 6) && before < on, "{held:#?}");
            }
            let overdue = held.iter().filter(|f| f.held.is_none() && f.planned < days(extract_date(), -10)).count();
            assert_eq!(overdue, 0, "{grant:?} {held:#?}");
        }
        let keys: BTreeSet<_> = m.steps.follow_ups.iter().map(|f| (f.grant, f.planned)).collect();
        assert_eq!(keys.len(), m.steps.follow_ups.len());
    }
}

#[test]
fn placed_children_are_visited_twice_a_year() {
    for seed in SEEDS {
        let m = town(seed, true).m;
        for (i, grant) in begun(&m).filter(|(_, g)| g.service.kind == "Anbringelse") {
            let mut visits: Vec<Date> = m.steps.visits.iter().filter(|v| v.grant == i).map(|v| v.on).collect();
            let end = grant.end.map_or(extract_date(), |end| end.min(extract_date()));
            visits.push(days(end, 1));
            let mut on = grant.start;
            for visit in visits {
                assert!(i64::from(visit.days() - on.days()) <= 182, "{grant:?}");
                on = visit;
            }
        }
        assert!(m.steps.visits.iter().all(|v| v.workers[0] != v.workers[1]));
    }
}

#[test]
fn parents_pay_by_the_formula_and_not_before_the_decision() {
    for seed in SEEDS {
        let m = town(seed, true).m;
        let placed = begun(&m).filter(|(_, g)| g.service.kind == "Anbringelse").count();
        assert!(m.steps.parental.len() >= placed, "every placement has a decision on payment");
        for row in &m.steps.parental {
            assert_eq!(row.monthly, law::parental_payment(row.income, row.from.year()));
            let hundred = Decimal::whole(100);
            let nothing = row.exempt.is_some() || row.monthly < hundred;
            assert_eq!(row.collected, if nothing { Decimal::whole(0) } else { row.monthly });
            assert!(row.decided >= row.placed && row.until.is_none_or(|until| until >= row.from), "{row:?}");
        }
        for posting in books(&m, seed).1.iter().filter(|p| p.role == "egenbetaling") {
            let rows = m.steps.parental.iter().filter(|p| p.case == posting.case && p.parent == posting.payer.0);
            let due = rows.filter(|p| p.decided < posting.period.0 && p.from <= posting.period.0);
            assert!(due.clone().any(|p| p.collected.negate() == Some(posting.amount)), "{posting:?}");
        }
    }
}

#[test]
fn nobody_has_too_many_cases_and_nobody_who_left_has_an_open_one() {
    for seed in SEEDS {
        let m = town(seed, true).m;
        let mut open: BTreeMap<usize, i64> = BTreeMap::new();
        for case in m.cases.iter().filter(|c| c.closed.is_none()) {
            *open.entry(case.worker).or_default() += 1;
        }
        for (worker, cases) in open {
            assert!(m.workers[worker].until.is_none() && (10..=40).contains(&cases), "{:?} has {cases}", m.workers[worker]);
        }
    }
}

#[test]
fn children_are_mostly_of_the_age_that_municipalities_report() {
    let m = town(9, true).m;
    let ages: Vec<i64> = m.cases.iter().map(|c| c.child.born.age_at(extract_date())).collect();
    let teenagers = ages.iter().filter(|age| (11..=17).contains(*age)).count();
    assert!(teenagers * 10 >= ages.len() * 6, "{teenagers} of {}", ages.len());
    let siblings =
        m.cases.windows(2).filter(|pair| pair[0].mother.cpr == pair[1].mother.cpr && pair[0].child.cpr != pair[1].child.cpr);
    assert!(siblings.count() * 20 >= m.cases.len());
}

#[test]
fn incidents_keep_the_limits_of_their_day() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in SEEDS {
        let m = town(seed, true).m;
        let of = |kind: &'static str| m.steps.activities.iter().filter(move |a| a.kind == kind);
        let soon = |case: usize, kind: &'static str, from: Date, within: i64| {
            of(kind).any(|a| a.case == case && a.at.day >= from && a.at.day <= days(from, within))
        };
        for activity in &m.steps.activities {
            *seen.entry(activity.kind).or_default() += 1;
            let (on, late) = (activity.at.day, |last: Date| activity.sent.is_some_and(|sent| sent > last));
            match activity.kind {
                "Formandsafgørelse" => {
                    assert!(!late(days(on, 1)), "told within 24 hours: {activity:?}");
                    assert!(soon(activity.case, "Afgørelse i børne- og ungeudvalget", on, 6), "{activity:?}");
                    let next = m.grants.iter().any(|g| {
                        g.case == activity.case && g.role == "anbringelse" && decided(g) >= on && decided(g) <= months(on, 1)
                    });
                    assert!(next, "decided anew within the month: {activity:?}");
                }
                "Magtanvendelse" => {
                    let within = if on >= day(2025, 9, 1) { 3 } else { 1 };
                    assert!(activity.sent.is_some() && !late(days(on, within)), "{activity:?}");
                }
                "Klage" => {
                    assert!(
                        days(on, 28) > extract_date() || soon(activity.case, "Genvurdering af klage", on, 28),
                        "{activity:?}"
                    );
                    let within = |g: &&Grant| decided(g) <= on && on <= days(decided(g), 28);
                    assert!(m.grants.iter().filter(|g| g.case == activity.case).any(|g| within(&g)), "{activity:?}");
                }
                "Anmodning om hjemgivelse" => assert!(soon(activity.case, "Hjemgivelse", on, 7), "{activity:?}"),
                "Samværsafgørelse" => {
                    assert!(activity.sub.ends_with("børne- og ungeudvalget") && activity.due.is_some(), "{activity:?}");
                }
                "Brev om forlænget frist" => {
                    let grants = m.grants.iter().filter(|g| g.case == activity.case);
                    let new = activity.due.expect("a new day");
                    assert!(grants.into_iter().any(|g| decided(g) > on && decided(g) <= new), "{activity:?}");
                }
                _ => {}
            }
        }
        for course in &m.steps.courses {
            assert!(course.referred <= course.admitted && course.ended.is_none_or(|end| end > course.admitted), "{course:?}");
        }
    }
    for kind in [
        "Formandsafgørelse",
        "Magtanvendelse",
        "Klage",
        "Anmodning om hjemgivelse",
        "Samværsafgørelse",
        "Brev om forlænget frist",
    ] {
        assert!(seen.get(kind).is_some_and(|n| *n > SEEDS.len()), "{kind} is hardly there: {seen:?}");
    }
}
