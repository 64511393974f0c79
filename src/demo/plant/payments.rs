//! BEV-104: a payment names a grant that was approved. BEV-105: payments stop with the grant. BEV-106: a grant that runs is
//! paid.

use super::{Answer, Hit, Judged, Plant, lives, steps};
use crate::calendar::Date;
use crate::demo::law::{day, extract_date, months};
use crate::demo::record::{Day, Municipality, PayFault, Wrong, find};

pub(super) static PAYMENTS: &[Plant] = &[
    steps(
        "BEV-104",
        31,
        "betaling-på-ukendt-ydelse",
        "Betalingen for september 2026 har et ciffer for meget i ydelses-ID, og ingen bevilling har det",
        "The payment of September 2026 has a digit too many in its ydelses-ID, which no grant has",
        |m, case| {
            let id = find(&m.grants, case, "anbringelse").map(|i| format!("{}7", m.grants[i].id));
            named(m, case, "anbringelse", day(2026, 9, 1), id, Answer::Violation)
        },
    ),
    steps(
        "BEV-104",
        0,
        "betaling-uden-ydelse",
        "Betalingen for august 2026 har intet ydelses-ID",
        "The payment of August 2026 has no ydelses-ID",
        |m, case| named(m, case, "anbringelse", day(2026, 8, 1), Some(String::new()), Answer::NotAssessed),
    ),
    steps(
        "BEV-104",
        12,
        "betaling-af-ikke-godkendt-ydelse",
        "Kompensationsydelsen er betalt hver måned, men bevillingen er kun forventet og aldrig godkendt",
        "The compensation was paid each month, but the grant is only expected and was never approved",
        |m, case| {
            let Some(grant) = find(&m.grants, case, "kompensation") else { return Vec::new() };
            m.grants[grant].status = "Forventet";
            let mut hits = Vec::new();
            let mut month = extract_date().start_of_month();
            while month >= m.grants[grant].start {
                hits.push((Judged::Payment(m.pay_faults.len()), Answer::Violation, Some("activity_id")));
                m.pay_faults.push(PayFault { grant, month, wrong: Wrong::Grant });
                month = months(month, -1);
            }
            hits
        },
    ),
    lives(
        "BEV-105",
        33,
        "betalt-efter-slutdatoen",
        "Afløsningen sluttede 15-07-2026, men betalingerne fortsatte",
        "The relief ended on 15-07-2026, but the payments went on",
        |m, case| {
            let Some(i) = find(&m.grants, case, "afløsning") else { return Vec::new() };
            m.grants[i].end_written = Day::On(day(2026, 7, 15));
            m.grants[i].status = "Afsluttet";
            vec![(Judged::Grant(i), Answer::Violation, Some("Slutdato"))]
        },
    ),
    steps(
        "BEV-105",
        20,
        "betaling-på-den-gamle-ydelse",
        "Betalingen for oktober 2026 står på ydelsen fra før 2024, men en ny bevilling dækker den",
        "The payment of October 2026 stands on the ydelse from before 2024, but a new grant covers it",
        |m, case| {
            let Some(old) = find(&m.grants, case, "anbringelse før 2024") else { return Vec::new() };
            let id = Some(m.grants[old].id.clone());
            named(m, case, "anbringelse", day(2026, 10, 1), id, Answer::Partly);
            vec![(Judged::Grant(old), Answer::Partly, Some("Slutdato"))]
        },
    ),
    steps(
        "BEV-106",
        30,
        "bevilling-uden-betaling-siden-maj",
        "Det egne værelse er ikke betalt siden april 2026, men bevillingen løber",
        "The own room has not been paid since April 2026, but the grant runs",
        |m, case| unpaid(m, case, "anbringelse", 5..=10),
    ),
    steps(
        "BEV-106",
        2,
        "måneder-uden-betaling-men-betalt-siden",
        "Plejefamilien er ikke betalt for maj-august 2026, men igen fra september",
        "The foster family was not paid for May to August 2026, but again from September on",
        |m, case| {
            unpaid(m, case, "anbringelse", 5..=8);
            Vec::new()
        },
    ),
];

/// The payment of a month names another ydelse, or none.
fn named(m: &mut Municipality, case: usize, role: &str, month: Date, id: Option<String>, answer: Answer) -> Vec<Hit> {
    let (Some(grant), Some(id)) = (find(&m.grants, case, role), id) else { return Vec::new() };
    m.pay_faults.push(PayFault { grant, month, wrong: Wrong::Names(id) });
    vec![(Judged::Payment(m.pay_faults.len() - 1), answer, Some("activity_id"))]
}

/// Nothing is paid under the grant in these months of 2026.
fn unpaid(m: &mut Municipality, case: usize, role: &str, during: std::ops::RangeInclusive<u32>) -> Vec<Hit> {
    let Some(grant) = find(&m.grants, case, role) else { return Vec::new() };
    m.pay_faults.extend(during.map(|month| PayFault { grant, month: day(2026, month, 1), wrong: Wrong::Missing }));
    vec![(Judged::Grant(grant), Answer::Violation, Some("Startdato"))]
}
