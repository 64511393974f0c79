//! Each system's own way of writing: columns, formats and dirt.
//!
//! A writer also says where each judged record came to stand, for the facit.

mod csv;
mod dubu;
mod forms;
mod journal;
mod ods;
mod opus;
mod pecunia;
mod providers;
mod reference;
mod taf;
mod xlsx;

use std::rc::Rc;

use super::facit::{Layouts, Place};
use super::ledger::{self, Entry};
use super::plant::{Judged, Planted};
use super::record::{Day, Municipality};
use super::steps::{Clock, Time};
use super::{DemoError, DemoOptions, Outlet};
use crate::calendar::{Date, Instant};

pub(super) use taf::MONTHS;

/// Every file of records.
pub(super) fn records(m: &Municipality, outlet: &mut dyn Outlet, layouts: &mut Layouts) -> Result<(), DemoError> {
    dubu::cases(m, outlet)?;
    dubu::parents(m, outlet)?;
    dubu::examinations(m, outlet, layouts)?;
    dubu::grants(m, outlet, layouts)?;
    journal::notifications(m, outlet, layouts)?;
    journal::talks(m, outlet)?;
    journal::plans(m, outlet)?;
    journal::follow_ups(m, outlet, layouts)?;
    journal::activities(m, outlet)?;
    forms::placements(m, outlet, layouts)?;
    forms::visits(m, outlet)?;
    forms::parental(m, outlet, layouts)?;
    forms::workers(m, outlet)?;
    providers::measures(m, outlet)?;
    providers::forecast(m, outlet)?;
    providers::courses(m, outlet)?;
    reference::combinations(outlet)?;
    reference::supervision(m, outlet)?;
    taf::lost_earnings(m, outlet, layouts)
}

/// Payments and postings, as they are booked; how many there are of each.
pub(super) fn books(
    planted: &Planted,
    options: &DemoOptions,
    outlet: &mut dyn Outlet,
    layouts: &mut Layouts,
) -> Result<(u32, u32), DemoError> {
    let m = &planted.m;
    let mut payments = pecunia::Payments::new(m, outlet)?;
    let mut postings = opus::Postings::new(outlet);
    ledger::book(m, options.seed, |entry| -> Result<(), DemoError> {
        match entry {
            Entry::Payment(payment) => {
                let place = payments.row(&payment)?;
                if let Some(fault) = payment.fault {
                    layouts.put(Judged::Payment(fault), place);
                }
            }
            Entry::Posting(posting) => {
                let place = postings.row(&posting)?;
                if let (Some(fault), Some(place)) = (posting.fault, place) {
                    layouts.put(Judged::Posting(fault), place);
                }
            }
        }
        Ok(())
    })?;
    Ok((payments.close()?, postings.close()?))
}

/// The places of records in the order written, after `above` sheet rows of title and header.
fn places(layouts: &mut Layouts, file: &str, sheet: Option<&str>, above: u32, order: impl Iterator<Item = Judged>) {
    let (file, sheet): (Rc<str>, Option<Rc<str>>) = (file.into(), sheet.map(Into::into));
    for (record, judged) in (1..).zip(order) {
        let place = Place { file: file.clone(), sheet: sheet.clone(), record, row: above + record, id: None };
        layouts.put(judged, place);
    }
}

/// The indexes of `records`, sorted by what `key` says of them.
fn order<T, K: Ord>(records: &[T], key: impl Fn(&T) -> K) -> Vec<usize> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_cached_key(|&i| key(&records[i]));
    order
}

/// `31-12-2026` with the mark given.
fn danish(day: Date, mark: char) -> String {
    format!("{:02}{mark}{:02}{mark}{:04}", day.day(), day.month(), day.year())
}

/// The same with hyphens, empty where there is no day.
fn maybe(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| danish(day, '-'))
}

/// What stands in a date cell of text.
fn cell(day: Day) -> String {
    match day {
        Day::Empty => String::new(),
        Day::On(date) => danish(date, '-'),
        Day::Typed(text) => text.to_owned(),
        Day::Never => "31-12-9999".to_owned(),
    }
}

/// `31-12-2026 14:05`.
fn danish_time(at: Clock) -> String {
    format!("{} {:02}:{:02}", danish(at.day, '-'), at.minute / 60, at.minute % 60)
}

/// The same of a cell that may hold less or something else.
fn time(time: Time) -> String {
    match time {
        Time::Empty => String::new(),
        Time::At(at) => danish_time(at),
        Time::On(day) => danish(day, '-'),
        Time::Typed(text) => text.to_owned(),
    }
}

/// `2026-12-31T13:05:00Z`: the interface's own time, which is not Danish.
fn zulu(at: Clock) -> String {
    let instant = Instant::from_danish(at.day, (at.minute / 60) as u32, (at.minute % 60) as u32);
    // An hour that the clocks skipped is told as if they had not.
    let minutes = instant.map_or(i64::from(at.day.days()) * 1_440 + at.minute - 60, Instant::minutes);
    let (day, minute) = (Date::from_days(minutes.div_euclid(1_440) as i32), minutes.rem_euclid(1_440));
    format!("{day}T{:02}:{:02}:00Z", minute / 60, minute % 60)
}

/// `ddmmyy-xxxx`.
fn hyphened(cpr: &str) -> String {
    cpr.split_at_checked(6).map_or_else(|| cpr.to_owned(), |(day, serial)| format!("{day}-{serial}"))
}
