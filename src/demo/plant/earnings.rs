//! TAF-101, TAF-102 and TAF-105: the month's gross benefit follows wage and hours, stays below the cap's share, and is
//! regulated each January.

use super::{Answer, Beside, Hit, Judged, Plant, lives};
use crate::demo::law;
use crate::demo::record::{Day, Earnings, Month, Municipality, kr, of_case};
use crate::value::Decimal;

pub(super) static EARNINGS: &[Plant] = &[
    lives(
        "TAF-101",
        34,
        "timer-delt-med-37",
        "Moren arbejder 32 timer, men timerne er delt med 37, i bevillingens første år",
        "The mother works 32 hours, but the hours were divided by 37, in the first year of the grant",
        |m, case| {
            let first = of_case(&m.earnings, case).start;
            let of = m.earnings.get(first).map_or(0, |e| e.year);
            paid(m, case, of, 0..12, |e| law::share(e.wage, hours(e), 37))
        },
    ),
    lives(
        "TAF-101",
        16,
        "tillæg-regnet-med-to-gange",
        "Et tillæg på 1.000 kr. er regnet med to gange i lønnen, februar-juni 2024",
        "A supplement of 1,000 kr. was counted twice in the wage, February to June 2024",
        |m, case| paid(m, case, 2024, 1..6, |e| law::share(e.wage.plus(kr(1_000)).unwrap_or(e.wage), hours(e), e.norm)),
    ),
    lives(
        "TAF-101",
        19,
        "bevilling-uden-startdato",
        "Bevillingens første dag er ikke udfyldt i arket for 2026",
        "The first day of the grant is not filled in on the sheet of 2026",
        |m, case| {
            let Some(i) = year(m, case, 2026) else { return Vec::new() };
            m.earnings[i].from = Day::Empty;
            unknown(m, i, "Bevilling fra")
        },
    )
    .besides(|m, case| beside(m, case, 2026, &["TAF-105"], "Bevilling fra")),
    lives(
        "TAF-101",
        18,
        "før-2011-ikke-udfyldt",
        "Det står ikke i arket for 2024, om faren søgte før 2011",
        "The sheet of 2024 does not say whether the father applied before 2011",
        |m, case| {
            let Some(i) = year(m, case, 2024) else { return Vec::new() };
            m.earnings[i].before_2011 = None;
            unknown(m, i, "Før 2011")
        },
    )
    .besides(|m, case| beside(m, case, 2024, &["TAF-102"], "Før 2011")),
    lives(
        "TAF-102",
        10,
        "loft-ikke-nedsat-efter-timer",
        "Loftet er brugt uden at blive nedsat efter timerne, januar-juni 2024",
        "The cap was applied without being reduced by the hours, January to June 2024",
        |m, case| paid(m, case, 2024, 0..6, |e| law::share(e.wage, hours(e), e.norm).min(law::cap(2024).at_least(2))),
    ),
    lives(
        "TAF-102",
        19,
        "loft-glemt",
        "Hele lønnen er udbetalt, som om der ikke var noget loft, april-juni 2025",
        "The whole wage was paid as if there were no cap, April to June 2025",
        |m, case| paid(m, case, 2025, 3..6, |e| law::share(e.wage, hours(e), e.norm)),
    ),
    lives(
        "TAF-102",
        19,
        "næste-års-loft-i-december",
        "Loftet for 2026 er brugt allerede i december 2025",
        "The cap of 2026 was used in December 2025 already",
        |m, case| paid(m, case, 2025, 11..12, |e| law::share(law::cap(2026), hours(e), e.norm)),
    ),
    lives(
        "TAF-102",
        8,
        "timer-delt-med-forkert-normtid",
        "Timerne er delt med 32 i stedet for normtiden, februar-marts 2026",
        "The hours were divided by 32 instead of the working hours, February and March 2026",
        |m, case| paid(m, case, 2026, 1..3, |e| law::share(law::cap(2026), hours(e), 32)),
    ),
    lives("TAF-102", 16, "måned-med-fejlværdi", "August 2025 viser #N/A", "August 2025 shows #N/A", |m, case| {
        let Some(i) = year(m, case, 2025) else { return Vec::new() };
        m.earnings[i].months[7] = Month::Failed;
        vec![(Judged::Month(i, 7), Answer::NotAssessed, None)]
    })
    .besides(|m, case| {
        let Some(i) = year(m, case, 2025) else { return Vec::new() };
        let rules = ["TAF-103", "TAF-104", "TAF-105", "TAF-109"];
        rules.map(|rule| (rule, (Judged::Month(i, 7), Answer::NotAssessed, None))).to_vec()
    }),
    lives(
        "TAF-102",
        10,
        "timer-ikke-udfyldt",
        "Timer om ugen er ikke udfyldt i arket for 2026",
        "Hours a week are not filled in on the sheet of 2026",
        |m, case| {
            let Some(i) = year(m, case, 2026) else { return Vec::new() };
            m.earnings[i].hours = None;
            unknown(m, i, "Timer/uge")
        },
    )
    .besides(|m, case| beside(m, case, 2026, &["TAF-103", "TAF-104", "TAF-105"], "Timer/uge")),
    lives(
        "TAF-105",
        17,
        "januar-ikke-reguleret",
        "Ydelsen for 2024 er udbetalt uændret i hele 2025",
        "The benefit of 2024 was paid unchanged all through 2025",
        |m, case| regulated(m, case, 2025, 0),
    ),
    lives(
        "TAF-105",
        35,
        "satsregulering-brugt",
        "Januar 2026 er reguleret med satsreguleringsprocenten 4,5 i stedet for 4,8",
        "January 2026 was regulated by the satsreguleringsprocent 4.5 instead of 4.8",
        |m, case| regulated(m, case, 2026, 45),
    ),
    lives(
        "TAF-105",
        18,
        "ny-regulering-til-gammel-ansøger",
        "Faren søgte før 2011, men januar 2025 er reguleret med 3,9 i stedet for 3,6",
        "The father applied before 2011, but January 2025 was regulated by 3.9 instead of 3.6",
        |m, case| regulated(m, case, 2025, 39),
    ),
];

fn hours(e: &Earnings) -> i64 {
    e.hours.unwrap_or(e.norm)
}

/// The index of a case's row of a year.
pub(super) fn year(m: &Municipality, case: usize, year: i32) -> Option<usize> {
    of_case(&m.earnings, case).find(|&i| m.earnings[i].year == year)
}

/// Every month with benefit of a row.
pub(super) fn months(m: &Municipality, i: usize) -> impl Iterator<Item = usize> {
    (0..12).filter(move |n| m.earnings[i].months[*n] != Month::None)
}

/// Every month with benefit of a row is not assessed for this cell.
pub(super) fn unknown(m: &Municipality, i: usize, column: &'static str) -> Vec<Hit> {
    months(m, i).map(|n| (Judged::Month(i, n), Answer::NotAssessed, Some(column))).collect()
}

/// The same of further rules.
pub(super) fn beside(m: &Municipality, case: usize, of: i32, rules: &[&'static str], column: &'static str) -> Vec<Beside> {
    let Some(i) = year(m, case, of) else { return Vec::new() };
    rules.iter().flat_map(|rule| unknown(m, i, column).into_iter().map(|hit| (*rule, hit))).collect()
}

/// Whether the grant covers the whole month.
fn whole(m: &Municipality, judged: Judged) -> bool {
    let Judged::Month(i, n) = judged else { return true };
    let row = &m.earnings[i];
    row.until.date().is_none_or(|until| until >= law::day(row.year, n as u32 + 1, 1).end_of_month())
}

/// Months of a year paid otherwise, where they are paid at all.
fn paid(m: &mut Municipality, case: usize, of: i32, span: std::ops::Range<usize>, amount: fn(&Earnings) -> Decimal) -> Vec<Hit> {
    let Some(i) = year(m, case, of) else { return Vec::new() };
    let amount = amount(&m.earnings[i]);
    let mut hits = Vec::new();
    for month in span {
        if m.earnings[i].months[month] != Month::None {
            m.earnings[i].months[month] = Month::Paid(amount);
            hits.push((Judged::Month(i, month), Answer::Violation, None));
        }
    }
    hits
}

/// December's amount raised by tenths of a per cent in the year's whole months.
fn regulated(m: &mut Municipality, case: usize, of: i32, tenths: i128) -> Vec<Hit> {
    let (Some(before), Some(i)) = (year(m, case, of - 1), year(m, case, of)) else { return Vec::new() };
    let Month::Paid(december) = m.earnings[before].months[11] else { return Vec::new() };
    let raised = december.times(Decimal::new(1_000 + tenths, 3)).and_then(|n| n.round(2)).unwrap_or(december);
    let mut hits = Vec::new();
    for month in 0..12 {
        if m.earnings[i].months[month] != Month::None && whole(m, Judged::Month(i, month)) {
            m.earnings[i].months[month] = Month::Paid(raised);
            hits.push((Judged::Month(i, month), Answer::Violation, None));
        }
    }
    hits
}
