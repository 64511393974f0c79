//! Links resolved once: for each row the row it leads to and the way that matched, and the groups back.

use rayon::prelude::*;

use super::Store;
use super::groups::Groups;
use super::way::{Side, Way};
use crate::model::{Link, LinkId};
use crate::value::Cause;

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One row, found by this way (index into the link's ways).
    Row {
        /// Row of the other dataset.
        row: u32,
        /// Index into [`Link::ways`].
        way: u8,
    },
    /// Unmatched, ambiguous, or a key is unknown.
    Unknown(Cause),
}

/// All links of a store.
#[derive(Debug, Default)]
pub struct Links {
    links: Vec<Resolved>,
}

#[derive(Debug, Default)]
struct Resolved {
    /// For each `from` row of a link to one.
    targets: Vec<Target>,
    /// For each `from` row of a link of many: all rows it leads to.
    many: Groups,
    /// For each `to` row: the `from` rows that lead to it.
    back: Groups,
    /// Number of `to` rows.
    to_rows: u32,
    /// `to` rows that an ambiguous `from` row may lead to.
    doubtful: Vec<bool>,
    /// Rows matched, by way.
    matched: Vec<u64>,
    unmatched: u64,
    ambiguous: u64,
}

/// How a link fared, for the reading report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkCounts {
    /// Rows matched, by way.
    pub matched: Vec<u64>,
    /// Rows that found nothing.
    pub unmatched: u64,
    /// Rows that found several.
    pub ambiguous: u64,
}

impl Links {
    /// Where the link leads from a row. Backward (`forward` false) only for links whose group has at most one row: an empty
    /// group is unmatched, several rows are ambiguous.
    pub fn follow(&self, link: LinkId, forward: bool, row: u32) -> Target {
        let resolved = &self.links[link.index()];
        if forward {
            return resolved.targets.get(row as usize).copied().unwrap_or(Target::Unknown(Cause::DatasetMissing));
        }
        if row >= resolved.to_rows {
            return Target::Unknown(Cause::DatasetMissing);
        }
        match resolved.back.get(row) {
            [only] => Target::Row { row: *only, way: 0 },
            [] => Target::Unknown(Cause::Unmatched),
            _ => Target::Unknown(Cause::Ambiguous),
        }
    }

    /// The rows that a link of many leads to from a row, or, backward, those of any link that lead to it, in the store's
    /// order. The second part tells that an ambiguous row may belong to the group too.
    pub fn group(&self, link: LinkId, forward: bool, row: u32) -> (&[u32], bool) {
        let resolved = &self.links[link.index()];
        if forward {
            return (resolved.many.get(row), false);
        }
        (resolved.back.get(row), resolved.doubtful.get(row as usize).copied().unwrap_or(false))
    }

    /// How a link fared.
    pub fn counts(&self, link: LinkId) -> LinkCounts {
        let resolved = &self.links[link.index()];
        LinkCounts { matched: resolved.matched.clone(), unmatched: resolved.unmatched, ambiguous: resolved.ambiguous }
    }

    /// All links of a store whose tables are in place.
    pub(super) fn resolve(store: &Store) -> Links {
        let side =
            |dataset| Side { rows: store.rows(dataset), columns: store.table(dataset).map_or(&[][..], |table| &table.columns) };
        let resolved = |link: &Link| Resolved::new(link, side(link.from), side(link.to));
        Links { links: store.pack.links.par_iter().map(resolved).collect() }
    }
}

impl Resolved {
    fn new(link: &Link, from: Side<'_>, to: Side<'_>) -> Resolved {
        let ways: Vec<Way> = link.ways.iter().map(|way| Way::new(way, from, to)).collect();
        let mut resolved = Resolved {
            to_rows: to.rows,
            doubtful: vec![false; to.rows as usize],
            matched: vec![0; ways.len()],
            ..Resolved::default()
        };
        if link.one {
            resolved.targets = (0..from.rows).map(|row| resolved.one(&ways, row)).collect();
            resolved.back = Groups::of(resolved.targets.iter().map(|target| match target {
                Target::Row { row, .. } => Some(*row),
                Target::Unknown(_) => None,
            }));
        } else {
            let pairs: Vec<(u32, u32)> =
                (0..from.rows).flat_map(|row| resolved.all(&ways, row).map(move |to| (row, to))).collect();
            resolved.many = Groups::of_pairs(pairs.iter().copied());
            resolved.back = Groups::of_pairs(pairs.iter().map(|&(row, to)| (to, row)));
        }
        resolved
    }

    /// The row that the first way leads to that finds exactly one.
    fn one(&mut self, ways: &[Way], row: u32) -> Target {
        let mut several: Option<&[u32]> = None;
        for (w, way) in ways.iter().enumerate() {
            match way.found(row) {
                [] => {}
                [only] => {
                    self.matched[w] += 1;
                    return Target::Row { row: *only, way: w as u8 };
                }
                rows => several = several.or(Some(rows)),
            }
        }
        let Some(rows) = several else {
            self.unmatched += 1;
            return Target::Unknown(Cause::Unmatched);
        };
        self.ambiguous += 1;
        for &to in rows {
            self.doubtful[to as usize] = true;
        }
        Target::Unknown(Cause::Ambiguous)
    }

    /// The rows that the first way leads to that finds any, for a link of many.
    fn all<'w>(&mut self, ways: &'w [Way], row: u32) -> impl Iterator<Item = u32> + use<'w> {
        let found = ways.iter().map(|way| way.found(row)).enumerate().find(|(_, rows)| !rows.is_empty());
        match found {
            Some((w, _)) => self.matched[w] += 1,
            None => self.unmatched += 1,
        }
        self.targets.push(Target::Unknown(if found.is_some() { Cause::Ambiguous } else { Cause::Unmatched }));
        found.map_or(&[][..], |(_, rows)| rows).iter().copied()
    }
}
