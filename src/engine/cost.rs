//! What a rule costs before it runs: how many candidate pairs of a row and another row it may look at, from the sizes of the
//! groups in this delivery. A search that finds its witness early looks at fewer.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::calendar::Date;
use crate::model::{ColumnId, DatasetId, LinkId};
use crate::rule::typed::{Expr, Node, RowSource, Rows, Rule, Scope, Slot, Ty};
use crate::store::{CaseState, CellRef, RowRef, Store, Target};
use crate::value::{Cell, Value};

use super::kernel::finer::{LARGE, Parts};
use super::kernel::{Kernels, Plan, judged_by};
use super::run::chunks;
use super::scalar::World;
use super::walk;

/// How many candidate pairs are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A rule above this runs, with a warning.
    pub warn: u64,
    /// A rule above this does not run.
    pub refuse: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { warn: 500_000_000, refuse: 20_000_000_000 }
    }
}

/// What a rule costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// Rows it judges, or rows and items: those of closed cases do not count where it leaves them out.
    pub rows: u64,
    /// Each source of rows.
    pub sources: Vec<SourceCost>,
    /// Candidate pairs of all of them.
    pub pairs: u64,
}

/// What one source of rows costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCost {
    /// Byte range in the rule file of the expression that ranges over it.
    pub span: Range<usize>,
    /// Groups that are looked through.
    pub groups: u64,
    /// Rows of the largest of them.
    pub largest: u64,
    /// Candidate pairs.
    pub pairs: u64,
}

/// Counts the candidate pairs of a rule over a prepared store.
pub fn cost(store: &Store, rule: &Rule, extract_date: Date) -> Cost {
    let world = World::new(store, extract_date, walk::exprs(rule));
    of(&world, rule, &Plan::of(&world, rule))
}

/// The same, in a world that is there already.
pub(super) fn of(world: &World<'_>, rule: &Rule, plan: &Plan<'_>) -> Cost {
    let store = world.store;
    let mut judged = vec![0_u64; store.rows(rule.each) as usize];
    let mut kernels = Kernels::new(world, rule, plan);
    for rows in chunks(store, rule.each) {
        for row in kernels.lanes(rows).0 {
            let state = store.case_state(RowRef { dataset: rule.each, row });
            judged[row as usize] += u64::from(rule.scope == Scope::All || state != CaseState::Closed);
        }
    }
    let rows = judged.iter().sum();
    let mut counter = Counter { store, plan, sources: Vec::new(), stack: Vec::new() };
    counter.stack.push(Lanes { count: rows, bound: vec![Bound { slot: rule.row.1, rows: judged.into() }] });
    for expr in judged_by(rule) {
        counter.visit(expr);
    }
    let readings = 1_u64 << rule.questions;
    for source in &mut counter.sources {
        source.pairs = source.pairs.saturating_mul(readings);
    }
    let pairs = counter.sources.iter().fold(0_u64, |sum, source| sum.saturating_add(source.pairs));
    Cost { rows, sources: counter.sources, pairs }
}

/// How many lanes there are, and in how many of them each row stands in each slot.
struct Lanes {
    count: u64,
    bound: Vec<Bound>,
}

#[derive(Clone)]
struct Bound {
    slot: Slot,
    rows: Arc<[u64]>,
}

struct Counter<'a> {
    store: &'a Store,
    plan: &'a Plan<'a>,
    sources: Vec<SourceCost>,
    /// The judged rows first, then a level for each source that we are inside of.
    stack: Vec<Lanes>,
}

/// What going over a source comes to.
struct Gone {
    groups: u64,
    largest: u64,
    pairs: u64,
    /// In how many pairs each row of the source stands.
    inner: Vec<u64>,
    /// Pairs for each row of the slot that the source starts at, if it starts at one.
    per_start: Option<(Slot, Vec<u64>)>,
}

impl Counter<'_> {
    fn visit(&mut self, expr: &Expr) {
        let Some(rows) = expr.rows() else {
            let mut parts = Vec::new();
            expr.parts(&mut |part| parts.push(part));
            return parts.into_iter().for_each(|part| self.visit(part));
        };
        // What does not read the inner rows is asked once for each outer lane.
        let reads = self.plan.reads(expr);
        let level = self.stack.iter().rposition(|lanes| lanes.bound.last().is_some_and(|bound| reads.has(bound.slot)));
        let kept = self.stack.split_off(level.unwrap_or(0) + 1);
        let gone = self.source(rows);
        self.sources.push(SourceCost { span: expr.span.clone(), groups: gone.groups, largest: gone.largest, pairs: gone.pairs });
        let inner = self.inside(rows.slot, gone);
        self.stack.push(inner);
        let mut parts = Vec::new();
        expr.parts(&mut |part| parts.push(part));
        for part in parts {
            self.visit(part);
        }
        self.stack.truncate(level.unwrap_or(0) + 1);
        self.stack.extend(kept);
    }

    fn top(&self) -> (u64, &[Bound]) {
        self.stack.last().map_or((0, &[]), |lanes| (lanes.count, &lanes.bound))
    }

    /// The lanes of the pairs of a source.
    fn inside(&self, slot: Slot, gone: Gone) -> Lanes {
        let (count, bound) = self.top();
        let scaled = |of: &Bound| -> Arc<[u64]> {
            match &gone.per_start {
                Some((start, pairs)) if *start == of.slot => pairs.as_slice().into(),
                _ => {
                    let scale = |&lanes: &u64| {
                        let lanes = u128::from(lanes) * u128::from(gone.pairs) / u128::from(count.max(1));
                        u64::try_from(lanes).unwrap_or(u64::MAX)
                    };
                    of.rows.iter().map(scale).collect()
                }
            }
        };
        let mut all: Vec<Bound> = bound.iter().map(|of| Bound { slot: of.slot, rows: scaled(of) }).collect();
        all.push(Bound { slot, rows: gone.inner.into() });
        Lanes { count: gone.pairs, bound: all }
    }

    fn source(&mut self, rows: &Rows) -> Gone {
        let size = self.store.rows(rows.dataset) as usize;
        match &rows.source {
            RowSource::Group { start, link, forward } => self.group_source(rows, start, (*link, *forward), size),
            RowSource::Through { over, link, forward } => {
                let before = self.source(over);
                let gone = self.groups(&before.inner, *link, *forward, size);
                Gone { pairs: before.pairs.saturating_add(gone.pairs), ..gone }
            }
            RowSource::Whole { equal } => self.whole(rows.dataset, equal.first(), size),
        }
    }

    /// The groups of one relation; of large ones only the part that a finer index leaves.
    fn group_source(&self, rows: &Rows, start: &Expr, (link, forward): (LinkId, bool), size: usize) -> Gone {
        let (slot, places) = self.place(start);
        let bound = slot.and_then(|slot| self.top().1.iter().find(|bound| bound.slot == slot));
        let (Some(bound), Some(places)) = (bound, places) else {
            return self.groups(&self.weights(start, None, None), link, forward, size);
        };
        let weights = self.weights(start, slot, Some(&places));
        let mut gone = self.groups(&weights, link, forward, size);
        let finer = self.plan.finer(rows).filter(|_| gone.largest >= LARGE as u64);
        let Some((column, keys)) = finer.and_then(|(column, key)| Some((column, self.keys_of(key, bound)?))) else {
            let of = |(lanes, place): (&u64, &Option<u32>)| {
                place.map_or(0, |row| lanes.saturating_mul(self.group(row, link, forward).len() as u64))
            };
            gone.per_start = Some((bound.slot, bound.rows.iter().zip(&places).map(of).collect()));
            return gone;
        };
        let mut parts: HashMap<u32, Option<Parts>> = HashMap::new();
        gone = Gone { groups: 0, largest: 0, pairs: 0, inner: vec![0; size], per_start: None };
        // Rows that start at one group with one key see the same rows.
        let mut seen: HashMap<(u32, Option<&Value>), (u64, u64)> = HashMap::new();
        let mut per_start = vec![0; bound.rows.len()];
        for (row, (&lanes, place)) in bound.rows.iter().zip(&places).enumerate().filter(|(_, (lanes, _))| **lanes > 0) {
            let Some(place) = *place else { continue };
            let group = self.group(place, link, forward);
            let mut key = None;
            let mut found = group.len() as u64;
            let parts = parts.entry(place).or_insert_with(|| Parts::of(self.store, rows, column, &group));
            if let (Some(parts), Some(value)) = (parts, keys[row].as_ref()) {
                key = Some(value);
                found = parts.rows(value).len() as u64;
            }
            per_start[row] = lanes.saturating_mul(found);
            let all = seen.entry((place, key)).or_insert((0, found));
            all.0 = all.0.saturating_add(lanes);
        }
        for ((place, key), (lanes, found)) in seen {
            gone.add(lanes, found);
            let part = key.and_then(|key| Some(parts.get(&place)?.as_ref()?.rows(key).clone()));
            let whole = self.group(place, link, forward);
            for &member in part.as_deref().unwrap_or(&whole) {
                gone.inner[member as usize] = gone.inner[member as usize].saturating_add(lanes);
            }
        }
        gone.per_start = Some((bound.slot, per_start));
        gone
    }

    /// The value of a key for each row of a slot, where it is a column of that row (or of one that a path leads to) or the
    /// same for all.
    fn keys_of(&self, key: &Expr, bound: &Bound) -> Option<Vec<Option<Value>>> {
        match &key.node {
            Node::Literal(value) => Some(vec![Some(value.clone()); bound.rows.len()]),
            Node::Field(row, column) => {
                let (slot, places) = self.place(row);
                let Ty::Row(dataset) = row.ty else { return None };
                let cell = |row: u32| self.store.cell(CellRef { dataset, row, column: *column }).present();
                let values = places?.into_iter().map(|row| row.and_then(cell)).collect();
                (slot == Some(bound.slot)).then_some(values)
            }
            _ => None,
        }
    }

    /// The groups of these rows, each looked through so many times.
    fn groups(&self, weights: &[u64], link: LinkId, forward: bool, size: usize) -> Gone {
        let mut gone = Gone { groups: 0, largest: 0, pairs: 0, inner: vec![0; size], per_start: None };
        for (row, &weight) in (0_u32..).zip(weights).filter(|(_, weight)| **weight > 0) {
            let group = self.group(row, link, forward);
            gone.add(weight, group.len() as u64);
            for &member in group.iter() {
                let inner = &mut gone.inner[member as usize];
                *inner = inner.saturating_add(weight);
            }
        }
        gone
    }

    fn group(&self, row: u32, link: LinkId, forward: bool) -> std::borrow::Cow<'_, [u32]> {
        let links = self.store.links();
        if forward && self.store.pack().links[link.index()].one {
            return match links.follow(link, true, row) {
                Target::Row { row, .. } => vec![row].into(),
                Target::Unknown(_) => Vec::new().into(),
            };
        }
        links.group(link, forward, row).0.into()
    }

    /// A whole dataset, searched by its index for each lane's key.
    fn whole(&self, dataset: DatasetId, equal: Option<&(ColumnId, Expr)>, size: usize) -> Gone {
        let mut gone = Gone { groups: 0, largest: 0, pairs: 0, inner: vec![0; size], per_start: None };
        let Some((column, key)) = equal else {
            // Nothing indexes it: it is searched once, for all rows alike.
            gone.add(1, size as u64);
            gone.inner.fill(1);
            return gone;
        };
        let lanes = self.top().0;
        let unsure = self.store.rows_unknown(dataset, *column);
        for (value, weight) in self.keys(key, dataset, *column) {
            let found = self.store.rows_where(dataset, *column, &value);
            gone.add(weight, (found.len() + unsure.len()) as u64);
            for &row in found {
                gone.inner[row as usize] = gone.inner[row as usize].saturating_add(weight);
            }
        }
        unsure.iter().for_each(|&row| gone.inner[row as usize] = lanes);
        gone
    }

    /// The values a key has, and in how many lanes. Where that cannot be said beforehand they are taken as those of the
    /// column itself.
    fn keys(&self, key: &Expr, dataset: DatasetId, column: ColumnId) -> HashMap<Value, u64> {
        let mut keys: HashMap<Value, u64> = HashMap::new();
        let lanes = self.top().0;
        let mut of_column = |rows: &mut dyn Iterator<Item = (u32, u64)>, dataset, column| {
            for (row, weight) in rows.filter(|(_, weight)| *weight > 0) {
                if let Cell::Present(value) = self.store.cell(CellRef { dataset, row, column }) {
                    *keys.entry(value).or_default() += weight;
                }
            }
        };
        match &key.node {
            Node::Literal(value) => return HashMap::from([(value.clone(), lanes)]),
            Node::Field(row, own) => {
                let (slot, places) = self.place(row);
                if let (Some(_), Ty::Row(of)) = (slot, row.ty) {
                    let weights = self.weights(row, slot, places.as_deref());
                    of_column(&mut (0_u32..).zip(weights), of, *own);
                    return keys;
                }
            }
            _ => {}
        }
        let rows = self.store.rows(dataset);
        let each = lanes.div_ceil(u64::from(rows.max(1)));
        of_column(&mut (0..rows).map(|row| (row, each)), dataset, column);
        keys
    }

    /// The slot that a path of rows starts at, and for each row of that slot the row that the path leads to.
    fn place(&self, expr: &Expr) -> (Option<Slot>, Option<Vec<Option<u32>>>) {
        match &expr.node {
            Node::Var(slot) => match self.top().1.iter().find(|bound| bound.slot == *slot) {
                Some(bound) => (Some(*slot), Some((0..bound.rows.len() as u32).map(Some).collect())),
                None => (None, None),
            },
            Node::Follow { row, link, forward } => {
                let (slot, places) = self.place(row);
                let follow = |row: u32| match self.store.links().follow(*link, *forward, row) {
                    Target::Row { row, .. } => Some(row),
                    Target::Unknown(_) => None,
                };
                (slot, places.map(|places| places.into_iter().map(|row| row.and_then(follow)).collect()))
            }
            _ => (None, None),
        }
    }

    /// In how many lanes each row is where a source starts. A start that is no path may be any row.
    fn weights(&self, start: &Expr, slot: Option<Slot>, places: Option<&[Option<u32>]>) -> Vec<u64> {
        let Ty::Row(dataset) = start.ty else { return Vec::new() };
        let rows = self.store.rows(dataset);
        let (lanes, all) = self.top();
        let bound = slot.and_then(|slot| all.iter().find(|bound| bound.slot == slot));
        let (Some(bound), Some(places)) = (bound, places) else {
            return vec![lanes.div_ceil(u64::from(rows.max(1))); rows as usize];
        };
        let mut weights = vec![0_u64; rows as usize];
        for (lanes, place) in bound.rows.iter().zip(places) {
            if let Some(row) = place {
                weights[*row as usize] = weights[*row as usize].saturating_add(*lanes);
            }
        }
        weights
    }
}

impl Gone {
    fn add(&mut self, weight: u64, size: u64) {
        self.groups += u64::from(size > 0);
        self.largest = self.largest.max(size);
        self.pairs = self.pairs.saturating_add(weight.saturating_mul(size));
    }
}
