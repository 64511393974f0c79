//! FOR-101 to FOR-103: every placement has a decision on what the parents pay; the amount is the formula's; nothing is
//! collected below 100 kr. a month or in permanent placement. FOR-104: what is paid is booked as art 7.9 on gruppering 092.
//! FOR-108: no more is charged than was computed.

use super::{Answer, Hit, Judged, Plant, steps};
use crate::calendar::Date;
use crate::demo::law::{self, day};
use crate::demo::record::{BookFault, Municipality, kr};
use crate::demo::service::UNMAPPED_ACCOUNT;
use crate::demo::steps::Parental;
use crate::value::Decimal;

pub(super) static PARENTS: &[Plant] = &[
    steps(
        "FOR-101",
        31,
        "ingen-afgørelse-om-betaling",
        "Ingen har taget stilling til, hvad forældrene skal betale",
        "Nobody decided what the parents are to pay",
        |m, case| {
            rows(m, case, |_| true, |row| row.forgotten = true);
            placed(m, case, Answer::Violation)
        },
    ),
    steps(
        "FOR-101",
        30,
        "fritagelse-uden-begrundelse",
        "Forældrene er fritaget, men ingen begrundelse er skrevet",
        "The parents are exempt, but no reason is written",
        |m, case| {
            rows(m, case, |_| true, |row| row.exempt = Some(""));
            placed(m, case, Answer::Violation)
        },
    ),
    steps(
        "FOR-101",
        0,
        "afgørelse-ikke-fornyet",
        "Afgørelsen om betaling udløb med 2025 og er ikke fornyet",
        "The decision on payment ran out with 2025 and was not renewed",
        |m, case| {
            rows(m, case, this_year, |row| row.forgotten = true);
            placed(m, case, Answer::Partly)
        },
    ),
    steps(
        "FOR-101",
        20,
        "anbringelsens-slutdato-findes-ikke",
        "Anbringelsens slutdato er skrevet 31-11-2026 og findes ikke, så ingen ved, om den løber",
        "The placement's last day is written 31-11-2026, which no calendar has, so nobody knows whether it runs",
        |m, case| {
            let hits = placed(m, case, Answer::NotAssessed);
            if let Some((Judged::Placement(i), ..)) = hits.first() {
                m.steps.placements[*i].end_written = Some("31-11-2026");
            }
            hits.into_iter().map(|(judged, answer, _)| (judged, answer, Some("SAG_VTIL"))).collect()
        },
    ),
    steps(
        "FOR-102",
        4,
        "år-delt-i-elleve",
        "Beløbet for 2026 er et års beløb delt i elleve rater i stedet for tolv",
        "The amount of 2026 is a year's amount in eleven parts instead of twelve",
        |m, case| amount(m, case, |row| row.monthly = part(row.monthly, 12, 11)),
    ),
    steps(
        "FOR-102",
        7,
        "grænsen-ikke-trukket-fra",
        "18 % af hele indkomsten i 2026; grænsen er ikke trukket fra",
        "18 % of the whole income in 2026; the threshold was not deducted",
        |m, case| amount(m, case, |row| row.monthly = part(row.income, 18, 1_200)),
    ),
    steps(
        "FOR-102",
        1,
        "halveret-for-to-søskende",
        "Beløbet for 2026 er halveret, fordi to søskende er anbragt, uden at en fritagelse er begrundet",
        "The amount of 2026 was halved since two siblings are placed, without a stated exemption",
        |m, case| amount(m, case, |row| row.monthly = part(row.monthly, 1, 2)),
    ),
    steps(
        "FOR-102",
        5,
        "indkomst-afventer-skat",
        "Indkomstgrundlaget for 2026 er skrevet som «afventer årsopgørelse»",
        "The income base of 2026 is written as «afventer årsopgørelse» (awaiting the tax return)",
        |m, case| {
            let found = rows(m, case, this_year, |row| row.income_written = Some("afventer årsopgørelse"));
            found.into_iter().map(|i| (Judged::Parental(i), Answer::NotAssessed, Some("Indkomstgrundlag"))).collect()
        },
    ),
    steps(
        "FOR-102",
        3,
        "beløb-i-hele-kroner",
        "Alle beløb er afrundet til hele kroner; det er inden for tolerancen",
        "All amounts are rounded to whole kroner, which is tolerated",
        |m, case| {
            rows(
                m,
                case,
                |_| true,
                |row| {
                    row.monthly = row.monthly.round(0).and_then(|n| n.plus(Decimal::new(0, 2))).unwrap_or(row.monthly);
                    row.collect();
                },
            );
            Vec::new()
        },
    ),
    steps(
        "FOR-102",
        2,
        "delvis-fritagelse-med-begrundelse",
        "I 2026 betales det halve; begrundelsen for den delvise fritagelse står der, og det er nok",
        "In 2026 half is paid; the reason for the exemption in part stands, which suffices",
        |m, case| {
            rows(m, case, this_year, |row| {
                row.monthly = part(row.monthly, 1, 2);
                row.reduced = Some("delvis fritagelse: særlige udgifter til samvær");
                row.collect();
            });
            Vec::new()
        },
    ),
    steps(
        "FOR-103",
        21,
        "betaling-i-permanent-anbringelse",
        "Moren betaler i 2026, selv om anbringelsen er permanent (§ 67)",
        "The mother pays in 2026, although the placement is permanent (section 67)",
        |m, case| {
            charged(m, case, this_year, |row| {
                row.exempt = None;
                row.collect();
            })
        },
    ),
    steps(
        "FOR-103",
        29,
        "opkrævet-under-100-kr",
        "Der er opkrævet 61,50 kr. om måneden, som ikke må opkræves",
        "61.50 kr. a month was collected, which may not be",
        |m, case| {
            charged(
                m,
                case,
                |row| row.from.year() == 2025,
                |row| {
                    row.income = kr(law::parental_threshold(2025) + 4_100);
                    row.monthly = law::parental_payment(row.income, 2025);
                    row.collected = row.monthly;
                },
            )
        },
    ),
    steps(
        "FOR-103",
        37,
        "opkrævet-skrevet-som-tekst",
        "Det opkrævede beløb for 2026 er skrevet som «se aftale»",
        "What is collected in 2026 is written as «se aftale» (see the agreement)",
        |m, case| {
            let found = rows(m, case, this_year, |row| row.collected_written = Some("se aftale"));
            found.into_iter().map(|i| (Judged::Parental(i), Answer::NotAssessed, Some("Opkrævet"))).collect()
        },
    )
    .besides(|m, case| {
        let found = m.steps.parental.iter().enumerate().filter(|(_, row)| row.case == case && this_year(row));
        found.map(|(i, _)| ("FOR-108", (Judged::Parental(i), Answer::NotAssessed, Some("Opkrævet")))).collect()
    }),
    steps(
        "FOR-108",
        7,
        "opkrævet-to-gange",
        "Der er opkrævet det dobbelte af det beregnede i 2025",
        "Twice the computed amount was charged in 2025",
        |m, case| charged(m, case, |row| row.from.year() == 2025, |row| row.collected = part(row.monthly, 2, 1)),
    ),
    steps(
        "FOR-108",
        20,
        "opkrævet-efter-gammel-afgørelse",
        "I 2026 opkræves 480 kr. mere om måneden end det, der er beregnet",
        "In 2026 480 kr. a month more are charged than was computed",
        |m, case| charged(m, case, this_year, |row| row.collected = row.monthly.plus(kr(480)).unwrap_or(row.monthly)),
    ),
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

fn this_year(row: &Parental) -> bool {
    row.from.year() == law::extract_date().year()
}

/// Changes those of a case's rows that are asked for; their indexes.
fn rows(m: &mut Municipality, case: usize, which: fn(&Parental) -> bool, change: fn(&mut Parental)) -> Vec<usize> {
    let rows = m.steps.parental.iter_mut().enumerate().filter(|(_, row)| row.case == case && which(row));
    rows.map(|(i, row)| {
        change(row);
        i
    })
    .collect()
}

/// Another amount in the rows of this year, which is then collected.
fn amount(m: &mut Municipality, case: usize, change: fn(&mut Parental)) -> Vec<Hit> {
    let found = rows(m, case, this_year, change);
    found
        .into_iter()
        .map(|i| {
            m.steps.parental[i].collect();
            (Judged::Parental(i), Answer::Violation, Some("Betaling pr. md."))
        })
        .collect()
}

/// What should not be collected is.
fn charged(m: &mut Municipality, case: usize, which: fn(&Parental) -> bool, change: fn(&mut Parental)) -> Vec<Hit> {
    let found = rows(m, case, which, change);
    found.into_iter().map(|i| (Judged::Parental(i), Answer::Violation, Some("Opkrævet"))).collect()
}

/// The answer on the case's newest placement.
fn placed(m: &Municipality, case: usize, answer: Answer) -> Vec<Hit> {
    let newest = m.steps.placements.iter().rposition(|p| p.case == case);
    newest.map(|i| (Judged::Placement(i), answer, Some("SAG_VFRA"))).into_iter().collect()
}

/// So many parts of so many of an amount, to the øre.
fn part(amount: Decimal, of: i64, parts: i64) -> Decimal {
    let part = amount.times(Decimal::whole(of)).and_then(|n| n.over(Decimal::whole(parts))).and_then(|n| n.round(2));
    part.unwrap_or(amount)
}

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
        let mut fault = BookFault { case, role: "egenbetaling", month, art: None, konto: None, payer: None, on_child: false };
        what(&mut fault);
        hits.push((Judged::Posting(m.book_faults.len()), answer, Some(column)));
        m.book_faults.push(fault);
    }
    hits
}

fn collected(m: &Municipality, case: usize, month: Date) -> bool {
    m.steps.parental_at(case, month).is_some_and(|p| p.collected > Decimal::whole(0))
}
