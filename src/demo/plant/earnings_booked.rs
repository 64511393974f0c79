//! TAF-107: lost earnings are booked on the parent's CPR and on gruppering 015.

use super::{Answer, Hit, Judged, Plant, steps};
use crate::demo::law::day;
use crate::demo::record::{BookFault, Municipality};
use crate::demo::service::UNMAPPED_ACCOUNT;

pub(super) static BOOKED: &[Plant] = &[
    steps(
        "TAF-107",
        16,
        "ydelse-bogført-på-barnet",
        "Ydelsen for september 2026 er bogført på barnets CPR",
        "The benefit of September 2026 is booked on the child's CPR",
        |m, case| booked(m, case, 9, None, true, Answer::Violation, "Ydelsesmodtagernr."),
    ),
    steps(
        "TAF-107",
        8,
        "ydelse-bogført-som-merudgift",
        "Ydelsen for august 2026 er bogført på merudgifternes gruppering 009",
        "The benefit of August 2026 is booked on the gruppering of additional expenses, 009",
        |m, case| booked(m, case, 8, Some("5.57.72.1.009"), false, Answer::Violation, "Ydelsesmodtagernr."),
    ),
    steps(
        "TAF-107",
        17,
        "ydelse-på-psp-uden-konto",
        "Ydelsen for oktober 2026 står på et PSP-element, som ingen konto er knyttet til",
        "The benefit of October 2026 stands on a PSP element that no account is mapped to",
        |m, case| booked(m, case, 10, Some(UNMAPPED_ACCOUNT), false, Answer::NotAssessed, "PSP-element"),
    ),
];

fn booked(
    m: &mut Municipality,
    case: usize,
    month: u32,
    konto: Option<&'static str>,
    on_child: bool,
    answer: Answer,
    column: &'static str,
) -> Vec<Hit> {
    let judged = Judged::Posting(m.book_faults.len());
    let (role, month) = ("tabt arbejdsfortjeneste", day(2026, month, 1));
    m.book_faults.push(BookFault { case, role, month, art: None, konto, payer: None, on_child });
    vec![(judged, answer, Some(column))]
}
