//! The lost-earnings workbook: a sheet a year under a title, a column a month.

use super::xlsx::{Book, Field};
use super::{hyphened, order, places};
use crate::demo::facit::Layouts;
use crate::demo::plant::Judged;
use crate::demo::record::{Day, Month, Municipality};
use crate::demo::{DemoError, Outlet};

const WORKBOOK: &str = "Tabt_arbejdsfortjeneste_2026-10-31.xlsx";
/// Headers of the month columns.
pub(in crate::demo) const MONTHS: [&str; 12] =
    ["Januar", "Februar", "Marts", "April", "Maj", "Juni", "Juli", "August", "September", "Oktober", "November", "December"];

/// Every year's sheet, also where it has no rows.
pub(super) fn lost_earnings(m: &Municipality, outlet: &mut dyn Outlet, layouts: &mut Layouts) -> Result<(), DemoError> {
    let mut book = Book::new()?;
    let sorted = order(&m.earnings, |e| (e.parent.cpr.clone(), m.cases[e.case].child.cpr.clone()));
    for year in 2024..=2026 {
        let sheet = year.to_string();
        book.sheet(&sheet)?;
        book.row(&[Field::Text(&format!("Tabt arbejdsfortjeneste {year}"))])?;
        book.row(&[])?;
        let names = "Forælder CPR|Barnets CPR|Timer/uge|Normtid|Månedsløn|Før 2011|Bevilling fra|Bevilling til|\
                     Arbejdsgiverpension|Pension pr. md.|ATP pr. md.|Sagsbehandler";
        book.header(&format!("{names}|{}", MONTHS.join("|")))?;
        let of_year: Vec<usize> = sorted.iter().copied().filter(|&i| m.earnings[i].year == year).collect();
        for &i in &of_year {
            let row = &m.earnings[i];
            let case = &m.cases[row.case];
            let (parent, child) = (hyphened(&row.parent.cpr), hyphened(&case.child.cpr));
            let head = [
                Field::Text(&parent),
                Field::Text(&child),
                row.hours.map_or(Field::Empty, Field::Whole),
                Field::Whole(row.norm),
                Field::Amount(row.wage),
                Field::Text(row.before_2011.map_or("", |before| if before { "Ja" } else { "Nej" })),
                written(row.from),
                written(row.until),
                row.employer.map_or(Field::Empty, Field::Amount),
                row.pension.map_or(Field::Empty, Field::Amount),
                amount(row.atp),
                Field::Text(&m.workers[case.worker].initials),
            ];
            book.row(&head.into_iter().chain(row.months.iter().copied().map(amount)).collect::<Vec<_>>())?;
        }
        places(layouts, WORKBOOK, Some(&sheet), 3, of_year.into_iter().map(|i| Judged::Month(i, 0)));
    }
    Ok(book.save(outlet.open(WORKBOOK)?)?)
}

fn amount<'a>(month: Month) -> Field<'a> {
    match month {
        Month::None => Field::Empty,
        Month::Paid(amount) => Field::Amount(amount),
        Month::Failed => Field::NotAvailable,
    }
}

fn written<'a>(day: Day) -> Field<'a> {
    match day {
        Day::Empty => Field::Empty,
        Day::On(date) => Field::Day(date),
        Day::Typed(text) => Field::Text(text),
        Day::Never => Field::Text("31-12-9999"),
    }
}
