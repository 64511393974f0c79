//! Links resolved once: for each row the row it leads to and the way that matched, and the groups back.

use crate::model::{Link, LinkId, Pack};
use crate::value::{Cause, Cell, Value};

use std::collections::HashMap;

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
    /// For each `from` row.
    targets: Vec<Target>,
    /// For each `from` row of a link of many: all rows it leads to.
    many: Vec<Vec<u32>>,
    /// For each `to` row: the `from` rows that lead to it.
    back: Vec<Vec<u32>>,
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
        match resolved.back.get(row as usize).map(Vec::as_slice) {
            Some([only]) => Target::Row { row: *only, way: 0 },
            Some([]) => Target::Unknown(Cause::Unmatched),
            Some(_) => Target::Unknown(Cause::Ambiguous),
            None => Target::Unknown(Cause::DatasetMissing),
        }
    }

    /// The rows a link leads to from a row, in the store's order. The second part tells that an ambiguous row may belong
    /// to the group too.
    pub fn group(&self, link: LinkId, forward: bool, row: u32) -> (&[u32], bool) {
        let resolved = &self.links[link.index()];
        let i = row as usize;
        if forward {
            return (resolved.many.get(i).map_or(&[], Vec::as_slice), false);
        }
        (resolved.back.get(i).map_or(&[], Vec::as_slice), resolved.doubtful.get(i).copied().unwrap_or(false))
    }

    /// How a link fared.
    pub fn counts(&self, link: LinkId) -> LinkCounts {
        let resolved = &self.links[link.index()];
        LinkCounts { matched: resolved.matched.clone(), unmatched: resolved.unmatched, ambiguous: resolved.ambiguous }
    }

    pub(super) fn resolve(
        pack: &Pack,
        rows: impl Fn(crate::model::DatasetId) -> u32,
        cell: impl Fn(super::CellRef) -> Cell,
    ) -> Links {
        Links { links: pack.links.iter().map(|link| Resolved::new(link, rows(link.from), rows(link.to), &cell)).collect() }
    }
}

impl Resolved {
    fn new(link: &Link, from_rows: u32, to_rows: u32, cell: &impl Fn(super::CellRef) -> Cell) -> Resolved {
        let indexes: Vec<HashMap<Vec<Value>, Vec<u32>>> = link
            .ways
            .iter()
            .map(|way| {
                let mut index: HashMap<Vec<Value>, Vec<u32>> = HashMap::new();
                for row in 0..to_rows {
                    let key = way.iter().map(|&(_, column)| cell(super::CellRef { dataset: link.to, row, column }).present());
                    if let Some(key) = key.collect::<Option<Vec<_>>>() {
                        index.entry(key).or_default().push(row);
                    }
                }
                index
            })
            .collect();
        let mut resolved = Resolved {
            back: vec![Vec::new(); to_rows as usize],
            doubtful: vec![false; to_rows as usize],
            matched: vec![0; link.ways.len()],
            ..Resolved::default()
        };
        for row in 0..from_rows {
            resolved.add(link, &indexes, row, cell);
        }
        resolved
    }

    fn add(&mut self, link: &Link, indexes: &[HashMap<Vec<Value>, Vec<u32>>], row: u32, cell: &impl Fn(super::CellRef) -> Cell) {
        let mut several: Option<&[u32]> = None;
        let mut found: Option<(u32, u8)> = None;
        for (w, (way, index)) in link.ways.iter().zip(indexes).enumerate() {
            let key = way.iter().map(|&(column, _)| cell(super::CellRef { dataset: link.from, row, column }).present());
            let Some(key) = key.collect::<Option<Vec<_>>>() else { continue };
            match index.get(&key).map(Vec::as_slice) {
                None | Some([]) => {}
                Some(rows) if !link.one => {
                    self.matched[w] += 1;
                    for &to in rows {
                        self.back[to as usize].push(row);
                    }
                    self.targets.push(Target::Unknown(Cause::Ambiguous));
                    self.many.push(rows.to_vec());
                    return;
                }
                Some([only]) => {
                    found = Some((*only, w as u8));
                    break;
                }
                Some(rows) => several = several.or(Some(rows)),
            }
        }
        let target = match (found, several) {
            (Some((to, way)), _) => {
                self.matched[usize::from(way)] += 1;
                self.back[to as usize].push(row);
                Target::Row { row: to, way }
            }
            (None, Some(rows)) => {
                self.ambiguous += 1;
                for &to in rows {
                    self.doubtful[to as usize] = true;
                }
                Target::Unknown(Cause::Ambiguous)
            }
            (None, None) => {
                self.unmatched += 1;
                Target::Unknown(Cause::Unmatched)
            }
        };
        self.targets.push(target);
        self.many.push(match target {
            Target::Row { row, .. } => vec![row],
            Target::Unknown(_) => Vec::new(),
        });
    }
}
