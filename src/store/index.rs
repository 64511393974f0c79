//! The rows of each value of a column.

use std::collections::HashMap;

use super::groups::Groups;
use crate::intake::{Column, Lane, Lanes};
use crate::value::{Cell, Value};

/// Which rows hold a value.
#[derive(Debug)]
pub(super) enum Index {
    /// By the code of a text.
    Codes(Groups),
    /// By the value.
    Values(HashMap<Value, Vec<u32>>),
}

impl Index {
    /// Of the present cells of a column.
    pub(super) fn of(column: &Column) -> Index {
        if let Lanes::Text(codes, _) = column.lanes() {
            let codes = codes.iter().map(|&code| Some(code).filter(|code| code.is_present()));
            return Index::Codes(Groups::of(codes));
        }
        let mut index: HashMap<Value, Vec<u32>> = HashMap::new();
        for row in 0..column.len() as u32 {
            if let Cell::Present(value) = column.get(row) {
                index.entry(value).or_default().push(row);
            }
        }
        Index::Values(index)
    }

    /// The rows that hold a value, in the store's order. `column` is the one it is of.
    pub(super) fn rows(&self, column: &Column, value: &Value) -> &[u32] {
        match (self, value) {
            (Index::Codes(groups), Value::Text(text)) => {
                let Lanes::Text(_, dictionary) = column.lanes() else { return &[] };
                dictionary.code(text).map_or(&[], |code| groups.get(code))
            }
            (Index::Codes(_), _) => &[],
            (Index::Values(index), value) => index.get(value).map_or(&[], Vec::as_slice),
        }
    }
}
