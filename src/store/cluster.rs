//! Clusters: rows connected through case keys and persons, found by union-find over the values of those columns.

use std::collections::HashMap;
use std::sync::Arc;

use crate::intake::Table;
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

/// The cluster of every row of every table, in intake order. Clusters are numbered by their smallest value, so that the
/// numbers do not depend on the order of the input; rows with neither case nor person share the last number.
pub(super) fn clusters(pack: &Pack, tables: &[Table]) -> Vec<Vec<u32>> {
    let mut forest = Forest::default();
    let mut nodes: HashMap<(Role, Arc<str>), u32> = HashMap::new();
    let mut of_rows: Vec<Vec<Option<u32>>> = Vec::with_capacity(tables.len());
    for table in tables {
        let columns = linking_columns(pack, table);
        let rows = table.records.len() as u32;
        let mut of_table = Vec::with_capacity(rows as usize);
        for row in 0..rows {
            let mut first: Option<u32> = None;
            for &(role, column) in &columns {
                let Some(text) = table.columns[column.index()].text(row) else { continue };
                let node = *nodes.entry((role, text.clone())).or_insert_with(|| forest.add());
                match first {
                    Some(first) => forest.join(first, node),
                    None => first = Some(node),
                }
            }
            of_table.push(first);
        }
        of_rows.push(of_table);
    }
    let mut smallest: HashMap<u32, (Role, Arc<str>)> = HashMap::new();
    for (value, node) in nodes {
        let name = smallest.entry(forest.root(node)).or_insert_with(|| value.clone());
        if value < *name {
            *name = value;
        }
    }
    let mut ordered: Vec<((Role, Arc<str>), u32)> = smallest.into_iter().map(|(root, name)| (name, root)).collect();
    ordered.sort();
    let numbers: HashMap<u32, u32> = (0..).zip(&ordered).map(|(number, (_, root))| (*root, number)).collect();
    let alone = ordered.len() as u32;
    let number = |node: Option<u32>, forest: &mut Forest| node.map_or(alone, |node| numbers[&forest.root(node)]);
    of_rows.into_iter().map(|rows| rows.into_iter().map(|node| number(node, &mut forest)).collect()).collect()
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
