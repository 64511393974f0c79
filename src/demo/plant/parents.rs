//! FOR-104: a parent's payment towards a placement is booked as art 7.9 on gruppering 092.

use super::{Answer, Hit, Judged, Plant, books};
use crate::demo::record::{Municipality, find};
use crate::demo::service::UNMAPPED_ACCOUNT;

pub(super) static PARENTS: &[Plant] = &[
    books(
        "FOR-104",
        2,
        "egenbetaling-på-art-77",
        "Farens betaling er bogført som betaling fra en kommune (art 7.7)",
        "The father's payment is booked as a payment from a municipality (art 7.7)",
        |m, case| booked(m, case, "egenbetaling far", Some("77000000"), None),
    ),
    books(
        "FOR-104",
        5,
        "egenbetaling-på-art-78",
        "Morens betaling er bogført som betaling fra en region (art 7.8)",
        "The mother's payment is booked as a payment from a region (art 7.8)",
        |m, case| booked(m, case, "egenbetaling mor", Some("78000000"), None),
    ),
    books(
        "FOR-104",
        3,
        "egenbetaling-uden-for-092",
        "Morens betaling er bogført på udgiftens gruppering 002",
        "The mother's payment is booked on the cost's own gruppering 002",
        |m, case| booked(m, case, "egenbetaling mor", None, Some("5.28.22.1.002")),
    ),
    books(
        "FOR-104",
        7,
        "egenbetaling-forkert-art-og-gruppering",
        "Morens betaling er bogført både på art 7.7 og på gruppering 002",
        "The mother's payment is booked both on art 7.7 and on gruppering 002",
        |m, case| booked(m, case, "egenbetaling mor", Some("77000000"), Some("5.28.22.1.002")),
    ),
    books(
        "FOR-104",
        4,
        "psp-uden-konto",
        "Farens betaling står på et PSP-element, som ingen konto er knyttet til",
        "The father's payment stands on a PSP element that no account is mapped to",
        |m, case| {
            let Some(i) = find(&m.postings, case, "egenbetaling far") else { return Vec::new() };
            m.postings[i].konto = UNMAPPED_ACCOUNT;
            vec![(Judged::Posting(i), Answer::NotAssessed, Some("PSP-element"))]
        },
    ),
    books(
        "FOR-104",
        1,
        "betaler-oplyst-som-ukendt",
        "Betaleren er skrevet som 0000000000, så ingen ved, om det er en forælder",
        "The payer is written as 0000000000, so nobody knows whether it is a parent",
        |m, case| {
            let Some(i) = find(&m.postings, case, "egenbetaling mor") else { return Vec::new() };
            m.postings[i].payer.0 = "0000000000".to_owned();
            vec![(Judged::Posting(i), Answer::NotAssessed, Some("Betalingsmodtagernr."))]
        },
    ),
];

fn booked(m: &mut Municipality, case: usize, role: &str, art: Option<&'static str>, konto: Option<&'static str>) -> Vec<Hit> {
    let Some(i) = find(&m.postings, case, role) else { return Vec::new() };
    let posting = &mut m.postings[i];
    posting.art = art.unwrap_or(posting.art);
    posting.konto = konto.unwrap_or(posting.konto);
    // The art is the first cell that the rule labels, whichever half of the booking is wrong.
    vec![(Judged::Posting(i), Answer::Violation, Some("Artskonto"))]
}
