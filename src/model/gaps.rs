//! Days for which a dated table has no figure.

use std::collections::BTreeMap;

use super::{Figure, Table};
use crate::calendar::Date;
use crate::locale::Lang;
use crate::value::{Value, show};

/// A stretch of days without a figure; both days included.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// The keys that lack it; of a banded table without the last one, since every band counts.
    pub keys: Vec<Value>,
    /// First day without.
    pub from: Date,
    /// Last day without.
    pub until: Date,
}

impl Table {
    /// The days between its first figure and `until` that no figure covers, for each of its keys. A table that is not dated
    /// has no gaps.
    pub fn gaps(&self, until: Date) -> Vec<Gap> {
        if !self.dated {
            return Vec::new();
        }
        let mut of_key: BTreeMap<String, Vec<&Figure>> = BTreeMap::new();
        for figure in &self.rows {
            let keys = self.plain_keys(figure).iter().map(|key| show(key, "", Lang::En));
            of_key.entry(keys.collect::<Vec<_>>().join("\u{1f}")).or_default().push(figure);
        }
        let mut gaps = Vec::new();
        for mut figures in of_key.into_values() {
            figures.sort_by_key(|figure| figure.from);
            let mut covered: Option<Date> = None;
            for figure in &figures {
                if let (Some(last), Some(from)) = (covered, figure.from)
                    && let Some(first) = last.add_days(1)
                    && first < from
                    && let Some(before) = from.add_days(-1)
                    && first <= until
                {
                    gaps.push(Gap { keys: self.plain_keys(figure).to_vec(), from: first, until: before.min(until) });
                }
                let Some(end) = figure.until else {
                    covered = None;
                    break;
                };
                covered = Some(covered.map_or(end, |last| last.max(end)));
            }
            if let (Some(last), Some(figure)) = (covered, figures.first())
                && let Some(first) = last.add_days(1)
                && first <= until
            {
                gaps.push(Gap { keys: self.plain_keys(figure).to_vec(), from: first, until });
            }
        }
        gaps
    }

    fn plain_keys<'f>(&self, figure: &'f Figure) -> &'f [Value] {
        let keys = figure.keys.len();
        figure.keys.get(..if self.banded { keys.saturating_sub(1) } else { keys }).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "helpers of tests")]

    use super::*;
    use crate::model::load::{embedded, load};

    fn day(text: &str) -> Date {
        Date::parse_iso(text).expect("a day")
    }

    #[test]
    fn holes_between_figures_and_after_the_last_one_are_told() {
        let pack = load(embedded()).expect("the pack loads");
        let mut table = pack.tables[pack.table("taf_loft").expect("the cap").index()].clone();
        assert_eq!(table.gaps(day("2026-12-31")), []);
        table.rows.retain(|row| row.from != Some(day("2024-01-01")));
        let gap = |from: &str, until: &str| Gap { keys: Vec::new(), from: day(from), until: day(until) };
        assert_eq!(table.gaps(day("2026-12-31")), [gap("2024-01-01", "2024-12-31")]);
        assert_eq!(table.gaps(day("2024-03-31")), [gap("2024-01-01", "2024-03-31")]);
        let last = table.rows.iter().filter_map(|row| row.until).max().expect("a last day");
        let beyond = last.add_days(10).expect("a day");
        assert_eq!(table.gaps(beyond).last().expect("a gap").from, last.add_days(1).expect("a day"));
    }

    #[test]
    fn a_figure_without_an_end_leaves_no_hole_after_it() {
        let pack = load(embedded()).expect("the pack loads");
        let table = &pack.tables[pack.table("statsrefusion_taf").expect("the refund").index()];
        assert_eq!(table.gaps(day("2099-12-31")), []);
    }
}
