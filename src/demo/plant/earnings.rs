//! TAF-102: the month's gross benefit is at most the cap's share, but for those from before 2011.

use super::{Answer, Hit, Judged, Plant, lives};
use crate::demo::law;
use crate::demo::record::{Earnings, Month, Municipality, of_case};
use crate::value::Decimal;

pub(super) static EARNINGS: &[Plant] = &[
    lives(
        "TAF-102",
        10,
        "loft-ikke-nedsat-efter-timer",
        "Loftet er brugt uden at blive nedsat efter timerne, januar-juni 2024",
        "The cap was applied without being reduced by the hours, January to June 2024",
        |m, case| {
            paid(m, case, 2024, 0..6, |e| law::share(e.wage, e.hours.unwrap_or(e.norm), e.norm).min(law::cap(2024).at_least(2)))
        },
    ),
    lives(
        "TAF-102",
        19,
        "loft-glemt",
        "Hele lønnen er udbetalt, som om der ikke var noget loft, april-juni 2025",
        "The whole wage was paid as if there were no cap, April to June 2025",
        |m, case| paid(m, case, 2025, 3..6, |e| law::share(e.wage, e.hours.unwrap_or(e.norm), e.norm)),
    ),
    lives(
        "TAF-102",
        19,
        "næste-års-loft-i-december",
        "Loftet for 2026 er brugt allerede i december 2025",
        "The cap of 2026 was used in December 2025 already",
        |m, case| paid(m, case, 2025, 11..12, |e| law::share(law::cap(2026), e.hours.unwrap_or(e.norm), e.norm)),
    ),
    lives(
        "TAF-102",
        8,
        "timer-delt-med-forkert-normtid",
        "Timerne er delt med 32 i stedet for normtiden, februar-marts 2026",
        "The hours were divided by 32 instead of the working hours, February and March 2026",
        |m, case| paid(m, case, 2026, 1..3, |e| law::share(law::cap(2026), e.hours.unwrap_or(e.norm), 32)),
    ),
    lives("TAF-102", 16, "måned-med-fejlværdi", "August 2025 viser #N/A", "August 2025 shows #N/A", |m, case| {
        let Some(i) = year(m, case, 2025) else { return Vec::new() };
        m.earnings[i].months[7] = Month::Failed;
        vec![(Judged::Month(i, 7), Answer::NotAssessed, None)]
    }),
    lives(
        "TAF-102",
        17,
        "timer-ikke-udfyldt",
        "Timer om ugen er ikke udfyldt i arket for 2024",
        "Hours a week are not filled in on the sheet of 2024",
        |m, case| {
            let Some(i) = year(m, case, 2024) else { return Vec::new() };
            m.earnings[i].hours = None;
            let months = (0..12).filter(|n| m.earnings[i].months[*n] != Month::None);
            months.map(|n| (Judged::Month(i, n), Answer::NotAssessed, Some("Timer/uge"))).collect()
        },
    ),
];

fn year(m: &Municipality, case: usize, year: i32) -> Option<usize> {
    of_case(&m.earnings, case).find(|&i| m.earnings[i].year == year)
}

fn paid(m: &mut Municipality, case: usize, of: i32, span: std::ops::Range<usize>, amount: fn(&Earnings) -> Decimal) -> Vec<Hit> {
    let Some(i) = year(m, case, of) else { return Vec::new() };
    let amount = amount(&m.earnings[i]);
    let mut hits = Vec::new();
    for month in span {
        m.earnings[i].months[month] = Month::Paid(amount);
        hits.push((Judged::Month(i, month), Answer::Violation, None));
    }
    hits
}
