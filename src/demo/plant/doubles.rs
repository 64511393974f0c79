//! BEV-103: the same help is granted once at a time. BEV-108: a child is placed under one section at a time.

use super::grants::{beside_unreadable, ends};
use super::{Answer, Beside, Hit, Judged, Plant, lives, steps};
use crate::demo::law::{day, days, extract_date};
use crate::demo::record::{Day, Municipality, find};
use crate::demo::service;

pub(super) static DOUBLES: &[Plant] = &[
    lives(
        "BEV-103",
        8,
        "gammel-bevilling-ikke-afsluttet",
        "Den gamle bevilling slutter tyve dage efter, at den nye af samme slags begyndte",
        "The old grant ends twenty days after the new one of the same kind began",
        |m, case| into_the_next(m, case, 20),
    ),
    lives(
        "BEV-103",
        10,
        "skiftedag-i-begge-bevillinger",
        "Den gamle bevilling slutter den dag, den nye begynder; det er et skifte og ikke et overlap",
        "The old grant ends on the day the new one begins, which is a change and no overlap",
        |m, case| {
            into_the_next(m, case, 0);
            Vec::new()
        },
    ),
    lives(
        "BEV-103",
        29,
        "afsluttet-men-slutdato-findes-ikke",
        "Den afsluttede anbringelses slutdato er skrevet 31-02-2025, så ingen ved, hvor længe den gjaldt",
        "The end date of the ended placement is written 31-02-2025, so nobody knows how long it held",
        |m, case| ends(m, case, "anbringelse", Day::Typed("31-02-2025"), Answer::NotAssessed),
    )
    .besides(|m, case| beside_unreadable(m, case, "anbringelse", "BEV-103")),
    steps(
        "BEV-108",
        21,
        "anbragt-efter-§-46-og-§-67",
        "Anbringelsen efter § 46 er ikke afsluttet, da den blev permanent: i januar 2024 gælder begge",
        "The placement under § 46 was not ended when it became permanent: in January 2024 both hold",
        |m, case| {
            let Some(i) = find(&m.grants, case, "anbringelse før 2024") else { return Vec::new() };
            m.grants[i].service = &service::CONVERTED_FOSTER;
            m.grants[i].end_written = Day::On(day(2024, 1, 31));
            vec![(Judged::Grant(i), Answer::Violation, Some("Afgørelsesparagraf"))]
        },
    )
    .besides(|m, case| {
        // The same family under the same kind of grant: a double grant too.
        let first = find(&m.grants, case, "anbringelse før 2024");
        first.map(|i| -> Beside { ("BEV-103", (Judged::Grant(i), Answer::Violation, Some("Startdato"))) }).into_iter().collect()
    }),
];

/// The grant before the present one is of the same supplier and ends so many days after the present one began.
fn into_the_next(m: &mut Municipality, case: usize, by: i64) -> Vec<Hit> {
    let (Some(old), Some(new)) = (find(&m.grants, case, "tidligere"), find(&m.grants, case, "støtte")) else {
        return Vec::new();
    };
    let end = days(m.grants[new].start, by);
    m.grants[old].supplier = m.grants[new].supplier.clone();
    m.grants[old].end_written = Day::On(end);
    if end >= extract_date() {
        m.grants[old].status = "Godkendt";
    }
    vec![(Judged::Grant(old), Answer::Violation, Some("Startdato"))]
}
