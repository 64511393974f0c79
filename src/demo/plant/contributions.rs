//! TAF-103 and TAF-104: pension and ATP of lost earnings.

use super::earnings::{unknown, year};
use super::{Answer, Hit, Plant, lives};
use crate::demo::law;
use crate::demo::record::{Earnings, Month, Municipality};
use crate::value::Decimal;

pub(super) static CONTRIBUTIONS: &[Plant] = &[
    lives(
        "TAF-103",
        16,
        "pension-af-hele-lønnen",
        "Pensionen for 2024 er 10 % af lønnen i stedet for af ydelsen",
        "The pension of 2024 is 10 % of the wage instead of the benefit",
        |m, case| row(m, case, 2024, "Pension pr. md.", |e| e.pension = e.wage.over(Decimal::whole(10)).and_then(|n| n.round(2))),
    ),
    lives(
        "TAF-103",
        16,
        "arbejdsgiverbidrag-overset",
        "Pensionen for 2026 er 10 % af ydelsen, men arbejdsgiveren betalte kun 8 %",
        "The pension of 2026 is 10 % of the benefit, but the employer paid 8 % only",
        |m, case| {
            row(m, case, 2026, "Pension pr. md.", |e| {
                if let Month::Paid(benefit) = e.months[0] {
                    e.pension = benefit.over(Decimal::whole(10)).and_then(|n| n.round(2));
                }
            })
        },
    ),
    lives(
        "TAF-103",
        8,
        "arbejdsgiverpension-ikke-udfyldt",
        "Arbejdsgiverens pensionsbidrag er ikke udfyldt i arket for 2025",
        "The employer's pension contribution is not filled in on the sheet of 2025",
        |m, case| {
            let Some(i) = year(m, case, 2025) else { return Vec::new() };
            m.earnings[i].employer = None;
            unknown(m, i, "Arbejdsgiverpension")
        },
    ),
    lives(
        "TAF-104",
        10,
        "fuld-atp-for-få-timer",
        "Der er betalt fuld ATP for en fjerdedel til to tredjedele af ugen i 2024",
        "Full ATP was paid for a quarter to two thirds of the week in 2024",
        |m, case| row(m, case, 2024, "ATP pr. md.", |e| e.atp = Month::Paid(law::atp(37))),
    ),
    lives(
        "TAF-104",
        19,
        "atp-efter-gammel-sats",
        "ATP for 2024 er betalt efter satsen til og med 2023",
        "The ATP of 2024 was paid by the rate until 2023",
        |m, case| row(m, case, 2024, "ATP pr. md.", |e| e.atp = Month::Paid(Decimal::new(28_400, 2))),
    ),
    lives("TAF-104", 8, "atp-med-fejlværdi", "ATP for 2026 viser #N/A", "The ATP of 2026 shows #N/A", |m, case| {
        let Some(i) = year(m, case, 2026) else { return Vec::new() };
        m.earnings[i].atp = Month::Failed;
        unknown(m, i, "ATP pr. md.")
    }),
];

/// Changes a row of a year; every month with benefit is a violation.
fn row(m: &mut Municipality, case: usize, of: i32, column: &'static str, change: impl Fn(&mut Earnings)) -> Vec<Hit> {
    let Some(i) = year(m, case, of) else { return Vec::new() };
    change(&mut m.earnings[i]);
    unknown(m, i, column).into_iter().map(|(judged, _, column)| (judged, Answer::Violation, column)).collect()
}
