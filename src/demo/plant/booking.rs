//! FOR-105: another municipality's payment is booked as art 7.7 on the cost's own gruppering. FOR-106 and FOR-107: a grant's
//! function is that of the child's place, and one of the chart's.

use super::{Answer, Beside, Hit, Judged, Plant, lives, steps};
use crate::demo::law::day;
use crate::demo::record::{BookFault, Municipality, find};

pub(super) static BOOKING: &[Plant] = &[
    steps(
        "FOR-105",
        6,
        "kommunes-betaling-på-art-79",
        "Den anden kommunes betaling for oktober 2026 er bogført som andre indtægter (art 7.9)",
        "The other municipality's payment of October 2026 is booked as other income (art 7.9)",
        |m, case| other_municipality(m, case, 10, Some("79900000"), None, Answer::Violation),
    ),
    steps(
        "FOR-105",
        6,
        "kommunes-betaling-på-gruppering-092",
        "Den anden kommunes betaling for september 2026 er bogført på forældrebetalingens gruppering 092",
        "The other municipality's payment of September 2026 is booked on gruppering 092, which is for parents' payments",
        |m, case| other_municipality(m, case, 9, None, Some("5.28.22.1.092"), Answer::Violation),
    ),
    steps(
        "FOR-105",
        6,
        "kommunes-betaling-på-ulæselig-art",
        "Arten på den anden kommunes betaling for august 2026 er skrevet «77???»",
        "The art of the other municipality's payment of August 2026 is written «77???»",
        |m, case| other_municipality(m, case, 8, Some("77???"), None, Answer::NotAssessed),
    ),
    lives(
        "FOR-106",
        5,
        "døgninstitution-på-opholdssteders-funktion",
        "Barnet er på en døgninstitution, men bevillingen står på opholdsstedernes funktion 5.28.20",
        "The child is in an institution, but the grant stands on the function of residential homes, 5.28.20",
        |m, case| function(m, case, "anbringelse", "5.28.20", Answer::Violation),
    ),
    lives(
        "FOR-106",
        31,
        "efterskole-på-plejefamiliers-funktion",
        "Barnet er på efterskole, men bevillingen står på plejefamiliernes funktion 5.28.22",
        "The child is at a boarding school, but the grant stands on the function of foster families, 5.28.22",
        |m, case| function(m, case, "anbringelse", "5.28.22", Answer::Violation),
    ),
    lives(
        "FOR-106",
        3,
        "funktion-uden-sidste-led",
        "Bevillingens funktion er kun skrevet som hovedfunktionen 5.28",
        "The grant's function is written as hovedfunktion 5.28 only",
        |m, case| function(m, case, "anbringelse", "5.28", Answer::NotAssessed),
    )
    .besides(|m, case| {
        let hits = find(&m.grants, case, "anbringelse").map(|i| (Judged::Grant(i), Answer::NotAssessed, Some("Funktion")));
        hits.map(|hit| -> Beside { ("FOR-107", hit) }).into_iter().collect()
    }),
    lives(
        "FOR-107",
        8,
        "funktion-med-ombyttede-cifre",
        "Bevillingens funktion er 5.82.21; to cifre er byttet om",
        "The grant's function is 5.82.21; two digits are swapped",
        |m, case| function(m, case, "støtte", "5.82.21", Answer::Violation),
    ),
    lives(
        "FOR-107",
        23,
        "funktion-tastet-forkert",
        "Bevillingens funktion er 5.28.12, som ikke findes",
        "The grant's function is 5.28.12, which does not exist",
        |m, case| function(m, case, "støtte", "5.28.12", Answer::Violation),
    ),
    lives(
        "FOR-107",
        24,
        "funktion-som-tekst",
        "Bevillingens funktion er skrevet som «forebyggende»",
        "The grant's function is written as «forebyggende» (preventive)",
        |m, case| function(m, case, "støtte", "forebyggende", Answer::NotAssessed),
    ),
];

/// A fault in the posting of another municipality's payment of a month of 2026.
fn other_municipality(
    m: &mut Municipality,
    case: usize,
    month: u32,
    art: Option<&'static str>,
    konto: Option<&'static str>,
    answer: Answer,
) -> Vec<Hit> {
    m.book_faults.push(BookFault {
        case,
        role: "mellemkommunal",
        month: day(2026, month, 1),
        art,
        konto,
        payer: None,
        on_child: false,
    });
    // The art is the first cell that the rule labels, whichever half of the booking is wrong.
    vec![(Judged::Posting(m.book_faults.len() - 1), answer, Some("Artskonto"))]
}

/// A grant's function as the case system has it.
fn function(m: &mut Municipality, case: usize, role: &str, function: &'static str, answer: Answer) -> Vec<Hit> {
    let Some(i) = find(&m.grants, case, role) else { return Vec::new() };
    m.grants[i].function = Some(function);
    vec![(Judged::Grant(i), answer, Some("Funktion"))]
}
