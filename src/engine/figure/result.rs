//! What key figures give: a table of cells, each with what it lacks.

use std::cmp::Ordering;

use crate::engine::result::{Reasons, RuleState};
use crate::store::RowRef;
use crate::value::{self, Cause, Cell, Decimal, Value};

/// Rows that a figure would need and does not have, with the reasons.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lack {
    /// How many; a row is counted once.
    pub rows: u64,
    /// Why: of each row the first reason.
    pub reasons: Reasons,
}

impl Lack {
    /// Adds rows that no other part has.
    pub fn merge(&mut self, other: &Lack) {
        self.rows += other.rows;
        for (reason, rows) in &other.reasons {
            *self.reasons.entry(*reason).or_default() += rows;
        }
    }

    /// Whether nothing lacks.
    pub fn is_empty(&self) -> bool {
        self.rows == 0 && self.reasons.is_empty()
    }
}

/// What the rows of a group have in common in one key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KeyPart {
    /// A value.
    Value(Value),
    /// A row; only inside the first of two stages.
    Row(RowRef),
    /// The key is empty, or what it is made of is.
    Empty,
    /// It is not known.
    Unknown,
}

impl KeyPart {
    /// Whether it is a value or a row, so that rows that share it belong together.
    pub fn is_known(&self) -> bool {
        matches!(self, KeyPart::Value(_) | KeyPart::Row(_))
    }

    /// Values in their order, then rows, then the empty and the unknown key.
    pub fn order(&self, other: &KeyPart) -> Ordering {
        let class = |part: &KeyPart| match part {
            KeyPart::Value(_) => 0,
            KeyPart::Row(_) => 1,
            KeyPart::Empty => 2,
            KeyPart::Unknown => 3,
        };
        match (self, other) {
            (KeyPart::Value(a), KeyPart::Value(b)) => value::compare(a, b),
            (KeyPart::Row(a), KeyPart::Row(b)) => a.cmp(b),
            (a, b) => class(a).cmp(&class(b)),
        }
    }
}

/// Whether a cell stands in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It does.
    Shown,
    /// No row has this key and this head of the pivot.
    Absent,
    /// It is not among the first of its ranking.
    Outside,
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureCell {
    /// Whether it stands in the table.
    pub place: Place,
    /// The figure; empty where there is nothing to take a mean of.
    pub value: Cell,
    /// What the rows that are known come to; the same as the value where nothing lacks.
    pub known: Cell,
    /// What it is a share of.
    pub whole: Option<Cell>,
    /// The same of the rows that are known, where these are the same rows as those of the figure.
    pub known_whole: Option<Cell>,
    /// What the figure lacks, or else what its whole lacks.
    pub lack: Lack,
}

impl FigureCell {
    /// The share in whole per cent, rounded half up from the exact quotient; empty where the whole is not positive.
    pub fn percent(&self) -> Option<Cell<i128>> {
        self.whole.as_ref().map(|whole| percent(&self.value, whole))
    }

    /// The same of the rows that are known.
    pub fn known_percent(&self) -> Option<Cell<i128>> {
        self.known_whole.as_ref().map(|whole| percent(&self.known, whole))
    }
}

fn percent(part: &Cell, whole: &Cell) -> Cell<i128> {
    let number = |cell: &Cell| match cell {
        Cell::Present(Value::Number(n) | Value::Money(n)) => Cell::Present(*n),
        Cell::Present(_) => Cell::Unknown(Cause::Overflow),
        Cell::Empty => Cell::Empty,
        Cell::Unknown(cause) => Cell::Unknown(*cause),
    };
    match (number(part), number(whole)) {
        (Cell::Unknown(cause), _) | (_, Cell::Unknown(cause)) => Cell::Unknown(cause),
        (Cell::Present(part), Cell::Present(whole)) if whole > Decimal::whole(0) => {
            let hundreds = part.times(Decimal::whole(100)).and_then(|part| part.over(whole));
            let half = Decimal::new(5, 1);
            let up = hundreds.and_then(|share| share.plus(half.into())).map(|share| share.floor().units());
            up.map_or(Cell::Unknown(Cause::Overflow), Cell::Present)
        }
        _ => Cell::Empty,
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureRow {
    /// Its keys; none for the total.
    pub keys: Option<Vec<KeyPart>>,
    /// Rows without this key, where it is empty or unknown, and why.
    pub without_key: Lack,
    /// For each head of the pivot, one for each column that is shown.
    pub cells: Vec<FigureCell>,
}

/// A key figure computed.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureResult {
    /// Whether it could be computed at all.
    pub state: RuleState,
    /// Columns shown: index into the figure's columns.
    pub columns: Vec<usize>,
    /// Columns that cannot be computed from what was delivered, and why.
    pub left_out: Vec<(usize, RuleState)>,
    /// Heads of the pivot; `None` is the total.
    pub across: Vec<Option<KeyPart>>,
    /// Rows, the total last.
    pub rows: Vec<FigureRow>,
    /// Groups whose place in a ranking cannot be told, with what they lack.
    pub unranked: (u64, Lack),
    /// Rows of the dataset that were refused when it was read; they are in no figure.
    pub refused: u32,
}
