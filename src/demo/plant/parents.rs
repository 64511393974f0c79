//! FOR-104: a parent's payment towards a placement is booked as art 7.9 on gruppering 092.

use super::{Answer, Hit, Judged, Plant, steps};
use crate::calendar::Date;
use crate::demo::law::{self, day};
use crate::demo::record::{BookFault, Municipality};
use crate::demo::service::UNMAPPED_ACCOUNT;
use crate::value::Decimal;

pub(super) static PARENTS: &[Plant] = &[
    steps(
        "FOR-104",
        2,
        "egenbetaling-på-art-77",
        "Farens betaling er bogført som betaling fra en kommune (art 7.7), august-oktober 2026",
        "The father's payment is booked as a payment from a municipality (art 7.7), August to October 2026",
        |m, case| booked(m, case, 3, Some("77000000"), None),
    ),
    steps(
        "FOR-104",
        5,
        "egenbetaling-på-art-78",
        "Morens betaling er bogført som betaling fra en region (art 7.8)",
        "The mother's payment is booked as a payment from a region (art 7.8)",
        |m, case| booked(m, case, 1, Some("78000000"), None),
    ),
    steps(
        "FOR-104",
        3,
        "egenbetaling-uden-for-092",
        "Morens betaling er bogført på udgiftens gruppering 002",
        "The mother's payment is booked on the cost's own gruppering 002",
        |m, case| booked(m, case, 1, None, Some("5.28.22.1.002")),
    ),
    steps(
        "FOR-104",
        7,
        "egenbetaling-forkert-art-og-gruppering",
        "Morens betaling er bogført både på art 7.7 og på gruppering 002",
        "The mother's payment is booked both on art 7.7 and on gruppering 002",
        |m, case| booked(m, case, 1, Some("77000000"), Some("5.28.22.1.002")),
    ),
    steps(
        "FOR-104",
        4,
        "psp-uden-konto",
        "Farens betaling står på et PSP-element, som ingen konto er knyttet til",
        "The father's payment stands on a PSP element that no account is mapped to",
        |m, case| fault(m, case, 1, |fault| fault.konto = Some(UNMAPPED_ACCOUNT), Answer::NotAssessed, "PSP-element"),
    ),
    steps(
        "FOR-104",
        1,
        "betaler-oplyst-som-ukendt",
        "Betaleren er skrevet som 0000000000, så ingen ved, om det er en forælder",
        "The payer is written as 0000000000, so nobody knows whether it is a parent",
        |m, case| fault(m, case, 1, |fault| fault.payer = Some("0000000000"), Answer::NotAssessed, "Betalingsmodtagernr."),
    ),
];

/// The parent's payments of the last months are booked on another art or account.
fn booked(m: &mut Municipality, case: usize, last: i64, art: Option<&'static str>, konto: Option<&'static str>) -> Vec<Hit> {
    // The art is the first cell that the rule labels, whichever half of the booking is wrong.
    fault(m, case, last, |fault| (fault.art, fault.konto) = (art, konto), Answer::Violation, "Artskonto")
}

/// Faults in the postings of the parent's payments of the last months, the newest first.
fn fault(
    m: &mut Municipality,
    case: usize,
    last: i64,
    what: impl Fn(&mut BookFault),
    answer: Answer,
    column: &'static str,
) -> Vec<Hit> {
    let mut hits = Vec::new();
    for back in 0..last {
        let month = law::months(day(2026, 10, 1), -back);
        if !collected(m, case, month) {
            continue;
        }
        let mut fault = BookFault { case, role: "egenbetaling", month, art: None, konto: None, payer: None };
        what(&mut fault);
        hits.push((Judged::Posting(m.book_faults.len()), answer, Some(column)));
        m.book_faults.push(fault);
    }
    hits
}

fn collected(m: &Municipality, case: usize, month: Date) -> bool {
    m.steps.parental_at(case, month).is_some_and(|p| p.collected > Decimal::whole(0))
}
