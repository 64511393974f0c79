//! TAF-106, TAF-108 and TAF-109: paid after the 18th birthday, while the child is placed, after grant and wind-down.

use super::earnings::{unknown, year};
use super::{Answer, Beside, Hit, Judged, Plant, lives};
use crate::calendar::Date;
use crate::demo::law::{self, day, days};
use crate::demo::record::{Day, Month, Municipality, find, of_case};

pub(super) static LAPSED: &[Plant] = &[
    lives(
        "TAF-106",
        18,
        "ydelse-efter-18-år",
        "Ydelsen er regnet igen for september og oktober 2026, måneder efter at barnet fyldte 18",
        "The benefit was computed again for September and October 2026, months after the child became 18",
        |m, case| {
            let Some(i) = year(m, case, 2026) else { return Vec::new() };
            [8, 9].map(|n| again(m, i, n)).into_iter().collect()
        },
    )
    .besides(|m, case| {
        let Some(i) = year(m, case, 2026) else { return Vec::new() };
        [8, 9].map(|n| ("TAF-109", (Judged::Month(i, n), Answer::Violation, None))).to_vec()
    }),
    lives(
        "TAF-106",
        18,
        "fejlværdi-efter-18-år",
        "August 2026 viser #N/A, efter at barnet fyldte 18",
        "August 2026 shows #N/A, after the child became 18",
        |m, case| {
            let Some(i) = year(m, case, 2026) else { return Vec::new() };
            vec![failed(m, i, 7)]
        },
    )
    .besides(|m, case| {
        let Some(i) = year(m, case, 2026) else { return Vec::new() };
        vec![("TAF-109", (Judged::Month(i, 7), Answer::NotAssessed, None))]
    }),
    lives(
        "TAF-108",
        31,
        "ydelse-under-anbringelse",
        "Ydelsen er regnet i to måneder ud over de 14 uger, mens barnet er anbragt",
        "The benefit was computed for two months beyond the 14 weeks, while the child is placed",
        |m, case| {
            let places: Vec<_> = (0..2).filter_map(|n| placed(m, case, n)).collect();
            places.into_iter().map(|(i, n)| again(m, i, n)).collect()
        },
    ),
    lives(
        "TAF-108",
        31,
        "fejlværdi-under-anbringelse",
        "En måned under anbringelsen viser #N/A",
        "A month during the placement shows #N/A",
        |m, case| placed(m, case, 2).map(|(i, n)| failed(m, i, n)).into_iter().collect(),
    )
    .besides(|m, case| {
        let Some((i, n)) = placed(m, case, 2) else { return Vec::new() };
        ["TAF-102", "TAF-109"].map(|rule| (rule, (Judged::Month(i, n), Answer::NotAssessed, None))).to_vec()
    }),
    lives(
        "TAF-109",
        17,
        "bevilling-udløbet",
        "Arket for 2026 har en bevilling, der sluttede 31-03-2025",
        "The sheet of 2026 has a grant that ended on 31-03-2025",
        |m, case| {
            let Some(i) = year(m, case, 2026) else { return Vec::new() };
            m.earnings[i].until = Day::On(day(2025, 3, 31));
            unknown(m, i, "").into_iter().map(|(judged, ..)| (judged, Answer::Violation, None)).collect()
        },
    ),
    lives(
        "TAF-109",
        34,
        "bevillingens-slutdato-ulæselig",
        "Bevillingens sidste dag er skrevet som «ukendt» i arket for 2026",
        "The last day of the grant is written as «ukendt» on the sheet of 2026",
        |m, case| {
            let Some(i) = year(m, case, 2026) else { return Vec::new() };
            m.earnings[i].until = Day::Typed("ukendt");
            unknown(m, i, "Bevilling til")
        },
    )
    .besides(unreadable_end),
];

fn unreadable_end(m: &Municipality, case: usize) -> Vec<Beside> {
    super::earnings::beside(m, case, 2026, &["TAF-105"], "Bevilling til")
}

/// A month paid like January, or by the wage.
fn again(m: &mut Municipality, i: usize, month: usize) -> Hit {
    let row = &m.earnings[i];
    let amount = match row.months[0] {
        Month::Paid(amount) => amount,
        Month::None | Month::Failed => law::share(row.wage, row.hours.unwrap_or(row.norm), row.norm),
    };
    m.earnings[i].months[month] = Month::Paid(amount);
    (Judged::Month(i, month), Answer::Violation, None)
}

fn failed(m: &mut Municipality, i: usize, month: usize) -> Hit {
    m.earnings[i].months[month] = Month::Failed;
    (Judged::Month(i, month), Answer::NotAssessed, None)
}

/// Row and month, counted from the first that begins 14 weeks after the child was placed.
fn placed(m: &Municipality, case: usize, later: i64) -> Option<(usize, usize)> {
    let start: Date = find(&m.grants, case, "anbringelse").map(|i| m.grants[i].start)?;
    let over = days(start, 98);
    let first = if over.day() == 1 { over } else { law::months(over.start_of_month(), 1) };
    let month = law::months(first, later);
    let i = of_case(&m.earnings, case).find(|&i| m.earnings[i].year == month.year())?;
    Some((i, month.month() as usize - 1))
}
