//! Totals rows: known, left out of the data, and held against the rows above them.

use std::sync::Arc;

use super::cells::{self, Dot, Dots, Number};
use super::header::{HeaderRow, cell_at, is_blank, is_named, normalise};
use crate::export::{RawCell, Row};
use crate::model::TotalRow;
use crate::value::Decimal;

/// A sum in the making. A dotted number counts under both readings of its dot until the column is settled.
#[derive(Debug, Clone, Copy)]
struct Running {
    /// Dotted numbers added.
    waits: u32,
    sure: Decimal,
    thousands: Option<Decimal>,
    decimals: Option<Decimal>,
}

impl Running {
    fn zero() -> Running {
        let zero = Decimal::whole(0);
        Running { waits: 0, sure: zero, thousands: Some(zero), decimals: Some(zero) }
    }

    fn add(&mut self, number: Number) -> Option<()> {
        match number {
            Number::Sure(n, _) => self.sure = self.sure.plus(n)?,
            Number::Dotted(dotted) => {
                self.waits += 1;
                let plus = |sum: Option<Decimal>, dot| sum.and_then(|sum| sum.plus(dotted.under(dot)?));
                self.thousands = plus(self.thousands, Dot::Thousands);
                self.decimals = plus(self.decimals, Dot::Decimals);
            }
        }
        Some(())
    }

    fn plus(self, later: Running) -> Option<Running> {
        let plus = |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).and_then(|(a, b)| a.plus(b));
        Some(Running {
            waits: self.waits + later.waits,
            sure: self.sure.plus(later.sure)?,
            thousands: plus(self.thousands, later.thousands),
            decimals: plus(self.decimals, later.decimals),
        })
    }

    fn settle(self, dot: Option<Dot>) -> Option<Decimal> {
        let dotted = match dot {
            Some(Dot::Thousands) => self.thousands,
            Some(Dot::Decimals) => self.decimals,
            None if self.waits == 0 => Some(Decimal::whole(0)),
            None => None,
        };
        self.sure.plus(dotted?)
    }
}

/// A summed column.
#[derive(Debug)]
struct Sum {
    header: Arc<str>,
    sheet_column: u16,
    dots: Dots,
    /// Over all rows, and over the rows since the last totals row.
    all: Running,
    since: Running,
    /// A row could not be added; then the sum agrees with nothing.
    broken: bool,
    /// What the last totals row says, and the sums above it.
    stated: Option<(Option<Running>, Running, Running)>,
}

/// A control total held against its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Checked {
    /// The header.
    pub(super) header: Arc<str>,
    /// What the totals row says.
    pub(super) stated: String,
    /// What the rows give.
    pub(super) computed: String,
    /// Whether they agree.
    pub(super) agrees: bool,
}

/// The totals of one sheet.
#[derive(Debug, Default)]
pub(super) struct Totals<'p> {
    rule: Option<&'p TotalRow>,
    /// Marks as compared; one of signs only (`*`) stays as it is.
    marks: Vec<(&'p str, String)>,
    sums: Vec<Sum>,
    /// Totals rows.
    seen: u32,
    rows_since: u32,
}

impl Sum {
    fn fresh(header: Arc<str>, sheet_column: u16) -> Sum {
        let (all, since) = (Running::zero(), Running::zero());
        Sum { header, sheet_column, dots: Dots::default(), all, since, broken: false, stated: None }
    }

    /// Adds the rows of the next piece, in which so many totals rows stand.
    fn append(&mut self, later: &Sum, seen: u32) {
        let plus = |a: Running, b: Running, broken: &mut bool| {
            a.plus(b).unwrap_or_else(|| {
                *broken = true;
                a
            })
        };
        let mut broken = self.broken | later.broken;
        self.dots.append(later.dots);
        if seen > 0 {
            self.stated = later.stated.map(|(stated, all, since)| {
                let since = if seen == 1 { plus(self.since, since, &mut broken) } else { since };
                (stated, plus(self.all, all, &mut broken), since)
            });
        }
        self.all = plus(self.all, later.all, &mut broken);
        self.since = if seen > 0 { later.since } else { plus(self.since, later.since, &mut broken) };
        self.broken = broken;
    }
}

impl<'p> Totals<'p> {
    /// For a sheet with this header.
    pub(super) fn new(rule: Option<&'p TotalRow>, header: &HeaderRow) -> Totals<'p> {
        let found = rule.into_iter().flat_map(|rule| &rule.sums).filter_map(|spellings| header.find_any(spellings));
        let sums = found.map(|i| Sum::fresh(header.headers[i].text.clone(), header.headers[i].sheet_column));
        let marks = rule.into_iter().flat_map(|rule| &rule.marks).map(|mark| (mark.trim(), normalise(mark))).collect();
        Totals { rule, marks, sums: sums.collect(), seen: 0, rows_since: 0 }
    }

    /// The same, before any row.
    pub(super) fn fresh(&self) -> Totals<'p> {
        let sums = self.sums.iter().map(|sum| Sum::fresh(sum.header.clone(), sum.sheet_column)).collect();
        Totals { rule: self.rule, marks: self.marks.clone(), sums, seen: 0, rows_since: 0 }
    }

    /// Adds the rows of the next piece.
    pub(super) fn append(&mut self, later: &Totals<'_>) {
        self.sums.iter_mut().zip(&later.sums).for_each(|(sum, more)| sum.append(more, later.seen));
        self.rows_since = if later.seen > 0 { later.rows_since } else { self.rows_since + later.rows_since };
        self.seen += later.seen;
    }

    /// Whether a row is a totals row; if so, what it says is kept.
    pub(super) fn take(&mut self, row: &Row<'_>) -> bool {
        if self.rule.is_none() {
            return false;
        }
        let first = (0..row.len()).map(|i| row.cell(i)).find(|cell| !is_blank(*cell));
        let is_mark = |text: &str| {
            self.marks.iter().any(|(mark, name)| if name.is_empty() { text.trim() == *mark } else { is_named(text, name) })
        };
        if !matches!(first, Some(RawCell::Text(text)) if is_mark(text)) {
            return false;
        }
        for sum in &mut self.sums {
            sum.stated = match cells::amount(cell_at(row, sum.sheet_column)) {
                Some(None) => None,
                Some(Some(number)) => {
                    sum.dots.see(number);
                    let mut stated = Running::zero();
                    Some((stated.add(number).map(|()| stated), sum.all, sum.since))
                }
                None => Some((None, sum.all, sum.since)),
            };
            sum.since = Running::zero();
        }
        self.seen += 1;
        self.rows_since = 0;
        true
    }

    /// Adds a data row.
    pub(super) fn add(&mut self, row: &Row<'_>) {
        self.rows_since += 1;
        for sum in &mut self.sums {
            if let Some(Some(number)) = cells::amount(cell_at(row, sum.sheet_column)) {
                sum.dots.see(number);
                let added = sum.all.add(number).and_then(|()| sum.since.add(number));
                sum.broken |= added.is_none();
            }
        }
    }

    /// Whether the system always writes a totals row and none closes this sheet.
    pub(super) fn is_missing(&self) -> bool {
        self.rule.is_some_and(|rule| rule.required) && (self.seen == 0 || self.rows_since > 0)
    }

    /// After the last row: the totals of the last totals row against all rows above it, or those since the totals row before.
    /// A column whose dots nobody can tell is not held against anything.
    pub(super) fn check(&self) -> Vec<Checked> {
        let checked = |sum: &Sum| {
            let (stated, all, since) = sum.stated?;
            let dot = sum.dots.meaning();
            let (all, since) = (all.settle(dot)?, since.settle(dot)?);
            let stated = match stated {
                Some(stated) => Some(stated.settle(dot)?),
                None => None,
            };
            let agrees = !sum.broken && (stated == Some(all) || stated == Some(since));
            Some(Checked {
                header: sum.header.clone(),
                stated: stated.map_or_else(|| "?".to_owned(), |n| n.at_least(all.scale()).plain()),
                computed: all.at_least(stated.map_or(0, Decimal::scale)).plain(),
                agrees,
            })
        };
        self.sums.iter().filter_map(checked).collect()
    }
}
