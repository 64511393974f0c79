//! BEV-101: an approved, started grant under sections 32 and 46 of barnets lov states an end date or an expected duration.

use super::{Answer, Beside, Hit, Judged, Plant, lives};
use crate::demo::law::{self, day};
use crate::demo::record::{Day, Municipality, find};

pub(super) static GRANTS: &[Plant] = &[
    lives(
        "BEV-101",
        0,
        "bevilling-uden-slutdato",
        "Anbringelsen har hverken slutdato eller forventet varighed",
        "The placement has neither an end date nor an expected duration",
        |m, case| open_ended(m, case, "anbringelse", Day::Empty, "", true),
    ),
    lives(
        "BEV-101",
        11,
        "slutdato-9999-som-tal",
        "Slutdatoen er systemets «ingen ende», 31-12-9999, som serienummer",
        "The end date is the system's «no end», 31-12-9999, as a serial number",
        |m, case| open_ended(m, case, "støtte", Day::Never, "", true),
    ),
    lives(
        "BEV-101",
        5,
        "slutdato-9999-som-tekst",
        "Slutdatoen er 31-12-9999, skrevet som tekst",
        "The end date is 31-12-9999, typed as text",
        |m, case| open_ended(m, case, "anbringelse", Day::Typed("31-12-9999"), "", true),
    ),
    lives(
        "BEV-101",
        10,
        "varighed-kun-mellemrum",
        "Slutdatoen er tom, og forventet varighed er et hårdt mellemrum",
        "The end date is empty, and the expected duration is a no-break space",
        |m, case| open_ended(m, case, "støtte", Day::Empty, "\u{a0}", true),
    ),
    lives(
        "BEV-101",
        11,
        "startet-på-udtræksdagen",
        "Aflastningen begyndte på udtræksdagen, uden slutdato og varighed",
        "The respite began on the day of the extract, without an end date or a duration",
        |m, case| {
            if let Some(i) = find(&m.grants, case, "aflastning") {
                m.grants[i].start = law::extract_date();
            }
            open_ended(m, case, "aflastning", Day::Empty, "", true)
        },
    ),
    lives(
        "BEV-101",
        9,
        "slutdato-findes-ikke",
        "Slutdatoen er skrevet 31-13-2024, og forventet varighed er tom",
        "The end date is written 31-13-2024, and the expected duration is empty",
        |m, case| unreadable_end(m, case, "støtte", Day::Typed("31-13-2024"), ""),
    )
    .besides(|m, case| beside_unreadable(m, case, "støtte", "BEV-101")),
    lives(
        "BEV-101",
        3,
        "slutdato-ukendt",
        "Slutdatoen er skrevet som «ukendt», og forventet varighed er tom",
        "The end date is written as «ukendt» (unknown), and the expected duration is empty",
        |m, case| unreadable_end(m, case, "anbringelse", Day::Typed("ukendt"), ""),
    )
    .besides(|m, case| beside_unreadable(m, case, "anbringelse", "BEV-101")),
    lives(
        "BEV-101",
        4,
        "slutdato-findes-ikke-men-varighed",
        "Slutdatoen er skrevet 31-13-2027, men den forventede varighed står der, og det er nok",
        "The end date is written 31-13-2027, but the expected duration stands, which suffices",
        |m, case| {
            unreadable_end(m, case, "anbringelse", Day::Typed("31-13-2027"), "36 måneder");
            Vec::new()
        },
    )
    .besides(|m, case| beside_unreadable(m, case, "anbringelse", "BEV-101")),
    lives(
        "BEV-101",
        13,
        "lukket-sag-med-åben-bevilling",
        "Bevillingen i en lukket sag har ingen slutdato; reglen ser kun på åbne sager",
        "The grant of a closed case has no end date; the rule looks at open cases only",
        |m, case| {
            open_ended(m, case, "støtte", Day::Empty, "", false);
            Vec::new()
        },
    ),
];

fn open_ended(m: &mut Municipality, case: usize, role: &str, end: Day, duration: &str, truly: bool) -> Vec<Hit> {
    let Some(i) = find(&m.grants, case, role) else { return Vec::new() };
    let grant = &mut m.grants[i];
    grant.status = "Godkendt";
    grant.end_written = end;
    duration.clone_into(&mut grant.duration);
    if truly {
        grant.end = None;
    }
    vec![(Judged::Grant(i), Answer::Violation, Some("Slutdato"))]
}

fn unreadable_end(m: &mut Municipality, case: usize, role: &str, end: Day, duration: &str) -> Vec<Hit> {
    open_ended(m, case, role, end, duration, false);
    let Some(i) = find(&m.grants, case, role) else { return Vec::new() };
    vec![(Judged::Grant(i), Answer::NotAssessed, Some("Slutdato"))]
}

/// What is written as the grant's end, and the answer to it.
pub(super) fn ends(m: &mut Municipality, case: usize, role: &str, end: Day, answer: Answer) -> Vec<Hit> {
    let Some(i) = find(&m.grants, case, role) else { return Vec::new() };
    m.grants[i].end_written = end;
    vec![(Judged::Grant(i), answer, Some("Slutdato"))]
}

/// The rules but this one that cannot tell without the grant's end: whether there is one, whether it lies beyond the child's age, whether money was paid
/// after it, whether a grant that runs was paid, and, of a grant that has ended, how long it held.
pub(super) fn beside_unreadable(m: &Municipality, case: usize, role: &str, rule: &str) -> Vec<Beside> {
    let Some(i) = find(&m.grants, case, role) else { return Vec::new() };
    let grant = &m.grants[i];
    let section: String = grant.service.decision.chars().filter(|c| !c.is_whitespace()).collect();
    let under = |of: &[&str]| of.iter().any(|of| section.starts_with(of));
    let runs = grant.status == "Godkendt";
    let started = grant.start <= law::extract_date();
    let paid = grant.service.kind != "Pålæg" && grant.start <= day(2026, 6, 1);
    let asked = [
        ("BEV-102", under(&["BL§32", "BL§46", "BL§47", "BL§86", "BL§87", "BL§114", "SEL§42", "SEL§52", "SEL§76"])),
        ("BEV-103", !runs),
        ("BEV-105", true),
        ("BEV-106", runs && paid),
        ("BEV-107", runs && started && under(&["BL§38", "BL§87"])),
        ("BEV-108", !runs && under(&["BL§46", "BL§47", "BL§67"])),
    ];
    let answer = (Judged::Grant(i), Answer::NotAssessed, Some("Slutdato"));
    asked.into_iter().filter(|(of, asked)| *asked && *of != rule).map(|(rule, _)| (rule, answer)).collect()
}
