//! Clusters: rows connected through case keys and persons, found by union-find over the values of those columns.

use std::collections::HashMap;

use crate::intake::{Lanes, Table};
use crate::model::{ColumnId, Pack, Role};

/// Union-find with path halving.
#[derive(Default)]
struct Forest {
    parents: Vec<u32>,
}

impl Forest {
    fn add(&mut self) -> u32 {
        let id = self.parents.len() as u32;
        self.parents.push(id);
        id
    }

    fn root(&mut self, mut node: u32) -> u32 {
        while self.parents[node as usize] != node {
            let up = self.parents[self.parents[node as usize] as usize];
            self.parents[node as usize] = up;
            node = up;
        }
        node
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }
}

/// No node: the cell says nothing.
const NONE: u32 = u32::MAX;

/// A column by which rows are connected, its codes as nodes of the forest.
struct Linking<'t> {
    codes: &'t [u32],
    nodes: Vec<u32>,
}

impl Linking<'_> {
    fn node(&self, row: usize) -> Option<u32> {
        self.nodes.get(self.codes[row] as usize).copied().filter(|node| *node != NONE)
    }
}

/// The cluster of every row of every table, in intake order. Clusters are numbered by their smallest value, so that the
/// numbers do not depend on the order of the input; rows with neither case nor person share the last number.
pub(super) fn clusters(pack: &Pack, tables: &[Table]) -> Vec<Vec<u32>> {
    let mut forest = Forest::default();
    let mut nodes: HashMap<(Role, &str), u32> = HashMap::new();
    let mut linking: Vec<Vec<Linking<'_>>> = Vec::with_capacity(tables.len());
    for table in tables {
        let mut of_table = Vec::new();
        for (role, column) in linking_columns(pack, table) {
            let Lanes::Text(codes, dictionary) = table.columns[column.index()].lanes() else { continue };
            // A text of the dictionary may stand in no row any more.
            let mut met = vec![NONE; dictionary.len()];
            for &code in codes {
                if let Some(node) = met.get_mut(code as usize).filter(|node| **node == NONE) {
                    *node = *nodes.entry((role, dictionary.text(code))).or_insert_with(|| forest.add());
                }
            }
            of_table.push(Linking { codes, nodes: met });
        }
        if of_table.len() > 1 {
            for row in 0..table.records.len() {
                let mut found = of_table.iter().filter_map(|column| column.node(row));
                let Some(first) = found.next() else { continue };
                found.for_each(|node| forest.join(first, node));
            }
        }
        linking.push(of_table);
    }
    let mut smallest: HashMap<u32, (Role, &str)> = HashMap::new();
    for (&value, &node) in &nodes {
        let name = smallest.entry(forest.root(node)).or_insert(value);
        *name = value.min(*name);
    }
    let mut ordered: Vec<((Role, &str), u32)> = smallest.into_iter().map(|(root, name)| (name, root)).collect();
    ordered.sort_unstable();
    let alone = ordered.len() as u32;
    let mut numbers = vec![alone; forest.parents.len()];
    for (number, (_, root)) in (0..).zip(ordered) {
        numbers[root as usize] = number;
    }
    let numbers: Vec<u32> = (0..numbers.len() as u32).map(|node| numbers[forest.root(node) as usize]).collect();
    let number = |columns: &[Linking<'_>], row| {
        let node = columns.iter().find_map(|column| column.node(row));
        node.map_or(alone, |node| numbers[node as usize])
    };
    let of_tables = tables.iter().zip(&linking);
    of_tables.map(|(table, columns)| (0..table.records.len()).map(|row| number(columns, row)).collect()).collect()
}

fn linking_columns(pack: &Pack, table: &Table) -> Vec<(Role, ColumnId)> {
    let columns = pack.get(table.dataset).columns.iter().enumerate();
    columns
        .filter_map(|(i, column)| match column.role {
            Some(role @ (Role::Case | Role::Person)) => Some((role, ColumnId(i as u16))),
            _ => None,
        })
        .collect()
}
