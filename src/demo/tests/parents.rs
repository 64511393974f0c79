//! What parents pay for placed children, judged by hand: a decision for every placement, the formula's amount, nothing below
//! 100 kr. a month or in permanent placement, no more charged than computed.

use std::collections::BTreeSet;

use crate::calendar::Date;
use crate::demo::law::{self, day, days, extract_date};
use crate::demo::plant::Judged;
use crate::demo::record::Municipality;
use crate::demo::steps::Parental;
use crate::value::Decimal;

/// A section without spaces and commas.
fn bare(section: &str) -> String {
    section.chars().filter(|c| !c.is_whitespace() && *c != ',').collect()
}

/// Whether the first whole month after `start` was over before the extract.
fn a_month_old(start: Date) -> bool {
    let first = if start.day() == 1 { start } else { days(start.end_of_month(), 1) };
    first.end_of_month() < extract_date()
}

/// Whether what the row says settles who pays: an amount, or an exemption with its reason.
fn settles(row: &Parental) -> bool {
    row.exempt != Some("")
}

fn holds(row: &Parental, on: Date) -> bool {
    row.from <= on && row.until.is_none_or(|until| until >= on)
}

/// More than a krone apart, which is no rounding.
fn off(a: Decimal, b: Decimal) -> bool {
    let difference = a.minus(b).unwrap_or(a);
    difference > Decimal::whole(1) || difference < Decimal::whole(-1)
}

/// What of it breaks the law, and what cannot be told.
pub(super) fn broken(m: &Municipality, broken: &mut BTreeSet<Judged>, unclear: &mut BTreeSet<Judged>) {
    let of = |case| m.steps.parental.iter().filter(move |row| row.case == case && !row.forgotten);
    for (i, placement) in m.steps.placements.iter().enumerate() {
        let grant = &m.grants[placement.grant];
        let pays = ["BL§46", "BL§47", "SEL§52stk.3nr.7"].iter().any(|under| bare(grant.service.decision).starts_with(under));
        let case = &m.cases[placement.case];
        let adult = case.child.born.age_at(extract_date()) >= 18;
        if !pays || adult || case.closed.is_some() || !a_month_old(grant.start) {
            continue;
        }
        if placement.end_written.is_some() {
            unclear.insert(Judged::Placement(i));
        } else if grant.end.is_none_or(|end| end >= extract_date())
            && !of(placement.case).any(|row| holds(row, extract_date()) && settles(row))
        {
            broken.insert(Judged::Placement(i));
        }
    }
    let permanent = |case, row: &Parental| {
        let placed = m.steps.placements.iter().filter(|p| p.case == case).map(|p| &m.grants[p.grant]);
        placed.filter(|g| bare(g.service.decision).starts_with("BL§67")).any(|g| row.until.is_none_or(|until| until >= g.start))
    };
    for (i, row) in m.steps.parental.iter().enumerate().filter(|(_, row)| !row.forgotten) {
        let asked = row.exempt.is_none() && m.cases[row.case].child.born.age_at(row.from) < 18;
        if asked && row.income_written.is_some() || row.collected_written.is_some() {
            unclear.insert(Judged::Parental(i));
            continue;
        }
        let right = law::parental_payment(row.income, row.from.year());
        let formula = asked && off(row.monthly, right) && (row.monthly > right || row.reduced.is_none());
        let nothing = row.collected == Decimal::whole(0);
        let forbidden = !nothing && (row.collected < Decimal::whole(100) || permanent(row.case, row));
        let more = row.collected > row.monthly && off(row.collected, row.monthly);
        assert!(row.from >= day(2022, 1, 1), "a year whose figures are known: {row:?}");
        if formula || forbidden || more {
            broken.insert(Judged::Parental(i));
        }
    }
}
