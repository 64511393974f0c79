//! The table of a key figure: groups put in rows and, where it is pivoted, columns; ranked, cut and totalled.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::engine::examples::written;
use crate::engine::scalar::{Evaluator, Item, Out, compare};
use crate::model::ListId;
use crate::rule::figure::{Head, Whole};
use crate::rule::typed::Compare;
use crate::value::Cell;

use super::gather::{Groups, Stage};
use super::made::Group;
use super::result::{FigureCell, FigureResult, FigureRow, KeyPart, Lack, Place};
use super::{Maker, Outputs};

/// Fills in rows and pivot of a result.
pub(super) fn fill<'w>(maker: &Maker<'w>, stage: &Stage<'w>, groups: Groups, result: &mut FigureResult) {
    let figure = maker.figure;
    let margins = Margins::of(maker, stage, &groups);
    let mut table = Table { maker, stage, groups, margins, evaluator: maker.evaluator() };
    let pivoted = figure.across.is_some();
    let mut heads: Vec<KeyPart> = Vec::new();
    if pivoted {
        heads = table.groups.keys().filter_map(|key| key.last().cloned()).collect::<HashSet<_>>().into_iter().collect();
        heads.sort_by(|a, b| table.order(figure.across.as_ref(), a, b));
    }
    let width = figure.by.len();
    let mut keys: Vec<Vec<KeyPart>> =
        table.groups.keys().map(|key| key[..width].to_vec()).collect::<HashSet<_>>().into_iter().collect();
    keys.sort_by(|a, b| table.order_keys(a, b));
    let mut slots: Vec<Option<KeyPart>> = heads.iter().cloned().map(Some).collect();
    if !pivoted {
        slots.push(None);
    }
    let outside = table.rank(&mut keys, &slots, result);
    if pivoted && figure.total {
        slots.push(None);
    }
    for key in &keys {
        let row = table.row(Some(key), &slots, &outside, &result.columns);
        result.rows.push(row);
    }
    // Without keys the one row is of everything already, and there is one even where nothing was gathered.
    if figure.total && width > 0 || width == 0 && keys.is_empty() {
        let row = table.row(None, &slots, &outside, &result.columns);
        result.rows.push(row);
    }
    if pivoted {
        result.across = slots;
    }
}

/// Cells that are not among the first of their ranking.
type OutsideCells = HashSet<(Vec<KeyPart>, Option<KeyPart>)>;

/// All groups of a row, of a head, and of the table.
struct Margins {
    rows: Groups,
    heads: HashMap<KeyPart, Group>,
    all: Group,
}

impl Margins {
    fn of(maker: &Maker<'_>, stage: &Stage<'_>, groups: &Groups) -> Margins {
        let figure = maker.figure;
        let mut margins = Margins { rows: Groups::new(), heads: HashMap::new(), all: stage.empty() };
        let shares = figure.columns.iter().any(|column| column.share == Some(Whole::Total));
        if !figure.total && !shares {
            return margins;
        }
        for (key, group) in groups {
            margins.all.merge(group, stage.aggregates);
            if let (Some(_), Some((head, row))) = (&figure.across, key.split_last()) {
                stage.merge(&mut margins.rows, row.to_vec(), group.clone());
                match margins.heads.get_mut(head) {
                    Some(own) => own.merge(group, stage.aggregates),
                    None => drop(margins.heads.insert(head.clone(), group.clone())),
                }
            }
        }
        margins
    }
}

struct Table<'a, 'w> {
    maker: &'a Maker<'w>,
    stage: &'a Stage<'w>,
    groups: Groups,
    margins: Margins,
    evaluator: Evaluator<'w>,
}

impl Table<'_, '_> {
    /// Codes in the order of their list, other values in their own.
    fn order(&self, head: Option<&Head>, a: &KeyPart, b: &KeyPart) -> Ordering {
        let place = |list: ListId, part: &KeyPart| match part {
            KeyPart::Value(value) => {
                let written = written(value, false);
                let codes = &self.maker.world.store.pack().lists[list.index()].codes;
                codes.iter().position(|code| *code.code == *written).unwrap_or(usize::MAX)
            }
            _ => usize::MAX,
        };
        match head.and_then(|head| head.codes) {
            Some(list) => place(list, a).cmp(&place(list, b)).then_with(|| a.order(b)),
            None => a.order(b),
        }
    }

    fn order_keys(&self, a: &[KeyPart], b: &[KeyPart]) -> Ordering {
        let heads = self.maker.figure.by.iter();
        let orders = heads.zip(a.iter().zip(b)).map(|(head, (a, b))| self.order(Some(head), a, b));
        orders.fold(Ordering::Equal, Ordering::then)
    }

    /// The group of a key and head; `None` stands for all keys or heads.
    fn group(&self, key: Option<&[KeyPart]>, head: Option<&KeyPart>) -> Option<&Group> {
        match (key, head) {
            (Some(key), Some(head)) => {
                let whole: Vec<KeyPart> = key.iter().chain([head]).cloned().collect();
                self.groups.get(&whole)
            }
            (Some(key), None) if self.maker.figure.across.is_none() => self.groups.get(key),
            (Some(key), None) => self.margins.rows.get(key),
            (None, Some(head)) => self.margins.heads.get(head),
            (None, None) => Some(&self.margins.all),
        }
    }

    fn row(
        &mut self,
        key: Option<&Vec<KeyPart>>,
        slots: &[Option<KeyPart>],
        outside: &OutsideCells,
        columns: &[usize],
    ) -> FigureRow {
        let mut cells = Vec::new();
        let mut without_key = Lack::default();
        for head in slots {
            let group = self.group(key.map(Vec::as_slice), head.as_ref()).cloned();
            let place = match (&group, key) {
                (None, Some(_)) => Place::Absent,
                (_, Some(key)) if outside.contains(&(key.clone(), head.clone())) => Place::Outside,
                _ => Place::Shown,
            };
            let group = group.unwrap_or_else(|| self.stage.empty());
            if key.is_some() && head.is_some() == self.maker.figure.across.is_some() {
                without_key.merge(&group.without_key);
            }
            for &column in columns {
                let mut cell = self.cell(&group, column, head.as_ref());
                cell.place = place;
                cells.push(cell);
            }
        }
        FigureRow { keys: key.cloned(), without_key, cells }
    }

    fn cell(&mut self, group: &Group, column: usize, head: Option<&KeyPart>) -> FigureCell {
        let figure = self.maker.figure;
        let made = self.maker.make(self.stage, column, group, &mut self.evaluator);
        let whole = match (&figure.columns[column].share, Outputs::whole_of(figure, column)) {
            (Some(Whole::Total), _) => {
                let all = self.group(None, head).cloned().unwrap_or_else(|| self.stage.empty());
                Some(self.maker.make(self.stage, column, &all, &mut self.evaluator))
            }
            (_, Some(output)) => Some(self.maker.make(self.stage, output, group, &mut self.evaluator)),
            _ => None,
        };
        // A part and its whole that lack other rows than each other are no share of what is known.
        let alike = whole.as_ref().filter(|whole| made.lack.is_empty() || made.lack == whole.lack);
        let known_whole = alike.map(|whole| shown(whole.known.clone()));
        let lack = match &whole {
            Some(whole) if made.lack.is_empty() => whole.lack.clone(),
            _ => made.lack,
        };
        FigureCell {
            place: Place::Shown,
            value: shown(made.out),
            known: shown(made.known),
            known_whole,
            whole: whole.map(|whole| shown(whole.out)),
            lack,
        }
    }

    /// Puts the keys in the order of their ranking and drops those that are in none. Keys that are empty or unknown rank with
    /// nobody and stay, last.
    fn rank(&mut self, keys: &mut Vec<Vec<KeyPart>>, slots: &[Option<KeyPart>], result: &mut FigureResult) -> OutsideCells {
        let figure = self.maker.figure;
        let mut outside = OutsideCells::new();
        if figure.order.is_none() && figure.top.is_none() {
            return outside;
        }
        let output = Outputs::order(figure);
        let mut ranks: BTreeMap<(usize, usize), Item> = BTreeMap::new();
        for (k, key) in keys.iter().enumerate().filter(|(_, key)| key.last().is_none_or(KeyPart::is_known)) {
            for (s, head) in slots.iter().enumerate() {
                let Some(group) = self.group(Some(key), head.as_ref()).cloned() else { continue };
                let made = self.maker.make(self.stage, output, &group, &mut self.evaluator);
                match made.out {
                    Cell::Present(item) => drop(ranks.insert((k, s), item)),
                    Cell::Empty => {}
                    Cell::Unknown(_) if figure.top.is_some() => {
                        result.unranked.0 += 1;
                        result.unranked.1.merge(&made.lack);
                    }
                    Cell::Unknown(_) => {}
                }
            }
        }
        let prefix = |key: &[KeyPart]| key[..key.len().saturating_sub(1)].to_vec();
        let mut first: HashSet<(usize, usize)> = ranks.keys().copied().collect();
        if let Some(top) = figure.top {
            for (s, head) in slots.iter().enumerate() {
                let mut partitions: HashMap<Vec<KeyPart>, Vec<usize>> = HashMap::new();
                for &(k, _) in ranks.keys().filter(|(_, of)| *of == s) {
                    partitions.entry(prefix(&keys[k])).or_default().push(k);
                }
                for mut partition in partitions.into_values() {
                    partition.sort_by(|a, b| greatest_first(ranks.get(&(*a, s)), ranks.get(&(*b, s))));
                    let last = partition.get(top as usize - 1).copied();
                    for &k in partition.iter().skip(top as usize) {
                        let tied = last.is_some_and(|last| greatest_first(ranks.get(&(k, s)), ranks.get(&(last, s))).is_eq());
                        if !tied {
                            first.remove(&(k, s));
                            outside.insert((keys[k].clone(), head.clone()));
                        }
                    }
                }
            }
        }
        // Heads that are no value rank last; the last value leads.
        let lead: Vec<usize> = {
            let known = |s: &usize| slots[*s].as_ref().is_none_or(KeyPart::is_known);
            let all: Vec<usize> = (0..slots.len()).rev().collect();
            all.iter().copied().filter(known).chain(all.iter().copied().filter(|s| !known(s))).collect()
        };
        let ranked: HashSet<usize> = first.iter().map(|(k, _)| *k).collect();
        let loose = |k: usize| !keys[k].last().is_none_or(KeyPart::is_known);
        let mut kept: Vec<usize> = (0..keys.len()).filter(|k| figure.top.is_none() || ranked.contains(k) || loose(*k)).collect();
        kept.sort_by(|&a, &b| {
            let partition = self.order_keys_before_last(&keys[a], &keys[b]);
            let by_rank = lead.iter().map(|&s| {
                let rank = |k: usize| ranks.get(&(k, s)).filter(|_| first.contains(&(k, s)));
                greatest_first(rank(a), rank(b))
            });
            let ranks = by_rank.fold(Ordering::Equal, Ordering::then);
            partition.then(loose(a).cmp(&loose(b))).then(ranks).then_with(|| self.order_keys(&keys[a], &keys[b]))
        });
        if let Some(rows) = figure.rows {
            let mut left = rows as usize;
            kept.retain(|&k| {
                let keep = loose(k) || left > 0;
                left = left.saturating_sub(usize::from(!loose(k)));
                keep
            });
        }
        *keys = kept.into_iter().map(|k| keys[k].clone()).collect();
        outside
    }

    fn order_keys_before_last(&self, a: &[KeyPart], b: &[KeyPart]) -> Ordering {
        let before = a.len().saturating_sub(1);
        self.order_keys(&a[..before], &b[..before])
    }
}

/// The greatest first, those without a place last.
fn greatest_first(a: Option<&Item>, b: Option<&Item>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => {
            let holds = |op| compare(op, a, b) == Cell::Present(true);
            if holds(Compare::Greater) {
                Ordering::Less
            } else if holds(Compare::Less) {
                Ordering::Greater
            } else {
                Ordering::Equal
            }
        }
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn shown(out: Out) -> Cell {
    match out {
        Cell::Present(item) => item.shown(),
        Cell::Empty => Cell::Empty,
        Cell::Unknown(cause) => Cell::Unknown(cause),
    }
}
