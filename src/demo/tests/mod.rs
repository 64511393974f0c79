//! The lives are lawful, and the plants break the law exactly where the facit says: read from the records, by hand-written
//! law, for many cases and several seeds.

use std::collections::BTreeSet;

use crate::demo::law::{self, examination_due, extract_date};
use crate::demo::ledger::{self, Entry};
use crate::demo::life::BLOCK;
use crate::demo::plant::{self, Answer, Judged, Planted};
use crate::demo::record::{Day, Month, Municipality, Payment, Posting, Supplier, find};
use crate::demo::service;
use crate::demo::{DemoOptions, planted};
use crate::value::dk::{Parsed, parse};
use crate::value::{Decimal, Kind};

const CASES: usize = 12 * BLOCK + 27;
/// The rules whose law [`broken`] tells.
const BY_HAND: [&str; 9] = ["SAG-101", "SAG-103", "BEV-101", "FOR-101", "FOR-102", "FOR-103", "FOR-104", "FOR-108", "TAF-102"];
const SEEDS: [u64; 8] = [1, 2, 3, 4, 5, 6, 7, 20_261_031];

fn town(seed: u64, clean: bool) -> Planted {
    let options = DemoOptions { cases: CASES as u32, seed, clean };
    planted(&options, options.planting())
}

fn books(m: &Municipality, seed: u64) -> (Vec<Payment>, Vec<Posting>) {
    let (mut payments, mut postings) = (Vec::new(), Vec::new());
    let done: Result<(), ()> = ledger::book(m, seed, |entry| {
        match entry {
            Entry::Payment(payment) => payments.push(payment),
            Entry::Posting(posting) => postings.push(posting),
        }
        Ok(())
    });
    assert_eq!(done, Ok(()));
    (payments, postings)
}

fn unreadable(day: Day) -> bool {
    matches!(day, Day::Typed(text) if text != "31-12-9999")
}

/// What breaks the law, and what cannot be told, straight from the records. A posting without a planted fault is nobody's.
fn broken(m: &Municipality, seed: u64) -> (BTreeSet<Judged>, BTreeSet<Judged>) {
    let (mut broken, mut unclear) = (BTreeSet::new(), BTreeSet::new());
    for (i, exam) in m.exams.iter().enumerate().filter(|(_, e)| !matches!(e.kind, "Screening" | "Afdækning")) {
        let Some(due) = exam.aware.date().map(examination_due) else {
            unclear.insert(Judged::Exam(i));
            continue;
        };
        let excused = exam.preliminary.date().is_some_and(|day| day <= due);
        let late = exam.finished.date().unwrap_or(extract_date()) > due;
        if m.cases[exam.case].closed.is_some() {
            assert!(!late, "{exam:?}");
            continue;
        }
        if unreadable(exam.finished) && !excused {
            unclear.insert(Judged::Exam(i));
        } else if late && !excused {
            broken.insert(Judged::Exam(i));
        }
    }
    for (i, grant) in m.grants.iter().enumerate() {
        let section: String = grant.service.decision.chars().filter(|c| !c.is_whitespace()).collect();
        let asked = ["BL§32", "BL§46", "BL§47"].iter().any(|s| section.starts_with(s));
        let asked = asked && grant.decided.unwrap_or(grant.start) > law::day(2024, 1, 1);
        let open = m.cases[grant.case].closed.is_none();
        if asked && open && grant.status == "Godkendt" && grant.start <= extract_date() && grant.duration.trim().is_empty() {
            if unreadable(grant.end_written) {
                unclear.insert(Judged::Grant(i));
            } else if grant.end_written.date().is_none() {
                broken.insert(Judged::Grant(i));
            }
        }
    }
    steps::broken(m, &mut broken, &mut unclear);
    parents::broken(m, &mut broken, &mut unclear);
    for posting in books(m, seed).1 {
        let i = posting.fault.unwrap_or(usize::MAX);
        let of = &m.cases[posting.case];
        let parent = posting.payer.0 == of.mother.cpr || of.father.as_ref().is_some_and(|f| f.cpr == posting.payer.0);
        let income = posting.amount < Decimal::whole(0);
        if income && (posting.payer.0 == "0000000000" || service::psp(posting.konto) == service::UNMAPPED_PSP) {
            unclear.insert(Judged::Posting(i));
        } else if income && parent && !(posting.art == "79900000" && posting.konto.ends_with(".1.092")) {
            broken.insert(Judged::Posting(i));
        }
    }
    for (i, row) in m.earnings.iter().enumerate() {
        for (n, month) in row.months.iter().enumerate() {
            match (month, row.hours) {
                (Month::None, _) => {}
                _ if row.before_2011 == Some(true) => {}
                (Month::Failed, _) | (_, None) => drop(unclear.insert(Judged::Month(i, n))),
                (Month::Paid(paid), Some(hours)) => {
                    if row.before_2011.is_none() {
                        unclear.insert(Judged::Month(i, n));
                    } else if *paid > law::share(law::cap(row.year), hours, row.norm) {
                        broken.insert(Judged::Month(i, n));
                    }
                }
            }
        }
    }
    (broken, unclear)
}

#[test]
fn lives_without_plants_are_lawful() {
    for seed in SEEDS {
        assert_eq!(broken(&town(seed, true).m, seed), (BTreeSet::new(), BTreeSet::new()), "seed {seed}");
    }
}

#[test]
fn the_expected_answers_are_all_there_is() {
    for seed in SEEDS {
        let Planted { m, expected, .. } = town(seed, false);
        let by_hand = expected.iter().filter(|e| BY_HAND.contains(&e.rule));
        // What is broken in part is broken.
        let told = |answer| if answer == Answer::Partly { Answer::Violation } else { answer };
        let of = |answer: Answer| by_hand.clone().filter(|e| told(e.answer) == answer).map(|e| e.judged).collect::<BTreeSet<_>>();
        let (broken, unclear) = broken(&m, seed);
        assert_eq!(broken.symmetric_difference(&of(Answer::Violation)).collect::<Vec<_>>(), [] as [&Judged; 0], "seed {seed}");
        assert_eq!(unclear.symmetric_difference(&of(Answer::NotAssessed)).collect::<Vec<_>>(), [] as [&Judged; 0], "seed {seed}");
        let answers: BTreeSet<_> = expected.iter().map(|e| (e.rule, e.judged)).collect();
        assert_eq!(answers.len(), expected.len(), "one answer to a rule and row");
    }
}

#[test]
fn every_plant_has_one_primary_finding_or_none() {
    let expected = town(3, false).expected;
    let blocks = CASES / BLOCK;
    for plant in plant::all() {
        let primary = expected.iter().filter(|e| e.cause == plant.name && !e.also).count();
        let harmless = [
            "screening-uden-opmærksom-dato",
            "slutdato-findes-ikke-men-varighed",
            "lukket-sag-med-åben-bevilling",
            "slut-på-18-årsdagen",
            "skiftedag-i-begge-bevillinger",
            "måneder-uden-betaling-men-betalt-siden",
            "beløb-i-hele-kroner",
            "delvis-fritagelse-med-begrundelse",
            "underretning-vurderet-i-sidste-minut",
            "underretning-uden-klokkeslæt-vurderet-samme-dag",
            "handleplan-fra-2023-gælder-videre",
            "anonym-uden-kvittering",
            "samtale-før-den-forrige-afgørelse-men-tilknyttet",
            "samtale-udeladt-med-grund",
            "første-opfølgning-på-fristens-dag",
            "næste-opfølgning-på-den-aftalte-dag",
        ];
        let wanted = if harmless.contains(&plant.name) { 0 } else { blocks + usize::from(plant.part < CASES % BLOCK) };
        assert_eq!(primary, wanted, "{}", plant.name);
    }
    let names: BTreeSet<_> = plant::all().map(|p| p.name).collect();
    assert_eq!(names.len(), plant::all().count());
}

#[test]
fn days_follow_one_another() {
    for m in [town(4, true).m, town(4, false).m] {
        for case in &m.cases {
            assert!(case.opened <= extract_date() && case.child.born <= extract_date());
            let adult = if case.kind == "Efterværnssag" { 21 } else { 18 };
            // Who has become 18 has a closed case.
            let adult = if case.closed.is_some() { 19 } else { adult };
            assert!((0..adult).contains(&case.child.born.age_at(extract_date())), "{} {}", case.sagsnr, case.child.born);
            assert!(case.mother.born.age_at(case.child.born) >= 20);
        }
        for exam in &m.exams {
            let case = &m.cases[exam.case];
            let aware = exam.aware.date().unwrap_or(exam.started);
            assert!(
                case.child.born <= aware && aware <= exam.started && exam.started <= extract_date(),
                "{} {exam:?}",
                case.sagsnr
            );
            if let Day::On(finished) = exam.finished {
                assert!(exam.started < finished && finished <= extract_date(), "{} {exam:?}", case.sagsnr);
            }
        }
        for (i, grant) in m.grants.iter().enumerate() {
            let case = &m.cases[grant.case];
            assert!(case.child.born <= grant.start && grant.end.is_none_or(|end| grant.start < end), "{} {grant:?}", case.sagsnr);
            let until = if grant.role == "ungestøtte" { 23 } else { 18 };
            assert!(grant.end.is_none_or(|end| case.child.born.birthday(until).is_some_and(|adult| end < adult)), "{grant:?}");
            if let (Some(exam), "anbringelse") = (find(&m.exams, grant.case, "bfu"), grant.role) {
                assert!(m.exams[exam].finished.date().is_none_or(|end| end < grant.start), "{} {i}", case.sagsnr);
                assert!(grant.start.weekday() <= 5, "{}", grant.start);
            }
        }
    }
}

#[test]
fn amounts_are_believable() {
    let m = town(5, true).m;
    for grant in &m.grants {
        let (low, high) = match grant.service.kind {
            "Anbringelse" if grant.service.name == "Plejefamilie" => (20_000, 45_000),
            "Anbringelse" if matches!(grant.service.name, "Eget værelse" | "Efterskole") => (6_000, 16_000),
            "Anbringelse" if grant.service.name == "Døgninstitution" => (75_000, 230_000),
            "Anbringelse" if matches!(grant.supplier, Supplier::Company(..)) => (60_000, 100_000),
            "Anbringelse" => (9_000, 18_000),
            "Pålæg" => (0, 0),
            "Foranstaltning" | "Ungestøtte" | "Efterværn" => (2_000, 9_000),
            _ => (1_000, 45_000),
        };
        assert!(grant.amount >= Decimal::whole(low) && grant.amount <= Decimal::whole(high), "{grant:?}");
    }
    for posting in books(&m, 5).1.iter().filter(|p| p.role == "egenbetaling") {
        assert!(posting.amount >= Decimal::whole(-5_584) && posting.amount <= Decimal::whole(-100), "{posting:?}");
    }
}

#[test]
fn the_vocabularies_read_what_is_written() {
    for (psp, konto) in service::PSP {
        assert_eq!(parse(Kind::Konto, konto), Parsed::Value(konto.to_owned()), "{psp}");
    }
    assert_eq!(parse(Kind::Konto, service::UNMAPPED_PSP), Parsed::Unreadable);
    for grant in &town(1, true).m.grants {
        for section in [grant.service.decision, grant.service.measure] {
            assert!(matches!(parse(Kind::Paragraf, section), Parsed::Value(_) | Parsed::Repaired(..)), "{section}");
        }
    }
    let read = |text| parse(Kind::Paragraf, text).value();
    assert_eq!(read("BL §  46 stk. 1"), read("BL § 46, stk. 1"));
    assert_eq!(read("BL §32 stk. 1"), read("BL § 32 stk. 1"));
}

mod parents;
mod steps;
