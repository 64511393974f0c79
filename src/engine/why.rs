//! Why a row got its verdict, whichever it is: every part of every condition with its value and what it rests on.

use std::ops::Range;

use crate::calendar::Date;
use crate::model::TableId;
use crate::rule::typed::{Expr, Node, Rule, Verdict};
use crate::store::{CaseState, CellRef, RowRef, Store};
use crate::value::{Cause, Cell, Value};

use super::examples::row_names;
use super::judge::{Judge, Per};
use super::result::{Outcome, RuleState};
use super::scalar::{Entry, World};
use super::{needs, walk};

/// The account of one row, or of one row and item.
#[derive(Debug, Clone)]
pub struct Why {
    /// What the engine says of the row, for compliant rows and rows that the rule does not concern too.
    pub outcome: Outcome,
    /// The day by which it had to be done, for a deadline.
    pub due: Option<Date>,
    /// Whether its case is open.
    pub case: CaseState,
    /// The rule's conditions, in the order of judging. None where the case is closed: nothing is looked at then.
    pub conditions: Vec<Condition>,
}

/// A condition, or a part of one.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The key of the rule file it stands under: `when`, `deadline.due`, ...
    pub key: &'static str,
    /// How deep it lies in the condition, from 0.
    pub depth: usize,
    /// Byte range in the rule file.
    pub span: Range<usize>,
    /// How its parts are joined, which follow it; `None` where it has none.
    pub joined: Option<Joined>,
    /// What it gives.
    pub value: Cell,
    /// The cells it rests on, with the cause where one is unknown. Empty where it has parts.
    pub cells: Vec<(CellRef, Option<Cause>)>,
    /// Figures it looked up.
    pub figures: Vec<(TableId, usize)>,
}

/// How the parts of a condition are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// All must hold.
    All,
    /// One must hold.
    Any,
}

impl Why {
    /// The condition, or the part of it, that decided the verdict: of joined ones the part that settles them, or all together
    /// where no part does alone.
    pub fn deciding(&self) -> Option<&Condition> {
        let verdict = self.outcome.verdict;
        let settles = |condition: &Condition| match verdict {
            Verdict::NotApplicable => condition.value == Cell::Present(Value::Bool(false)),
            Verdict::NotAssessed => matches!(condition.value, Cell::Unknown(_)),
            Verdict::Compliant | Verdict::Partly | Verdict::Violation => true,
        };
        let keys: &[&str] = match verdict {
            Verdict::NotApplicable => &["when", "deadline.due"],
            Verdict::NotAssessed => &["per", "when", "deadline.due", "deadline.done", "require"],
            _ => &["require", "deadline.due"],
        };
        let whole = |key: &&str| self.conditions.iter().position(|c| c.depth == 0 && c.key == *key && settles(c));
        let deadline = || self.conditions.iter().position(|c| c.key == "deadline.due");
        let mut at = keys.iter().find_map(whole).or_else(deadline)?;
        while let Some(part) = self.settling_part(at) {
            at = part;
        }
        self.conditions.get(at)
    }

    /// The part of a joined condition that settles it alone.
    fn settling_part(&self, at: usize) -> Option<usize> {
        let whole = &self.conditions[at];
        let alone = match &whole.value {
            Cell::Present(Value::Bool(yes)) => *yes == (whole.joined? == Joined::Any),
            Cell::Unknown(_) => whole.joined.is_some(),
            _ => false,
        };
        let parts = self.conditions[at + 1..].iter().take_while(|part| part.depth > whole.depth);
        let settles = |(_, part): &(usize, &Condition)| {
            part.depth == whole.depth + 1
                && match (&part.value, &whole.value) {
                    (Cell::Unknown(_), Cell::Unknown(_)) => true,
                    (part, whole) => part == whole,
                }
        };
        if !alone {
            return None;
        }
        parts.enumerate().find(settles).map(|(i, _)| at + 1 + i)
    }
}

/// Whether a rule can judge anything of this store.
pub fn state(store: &Store, rule: &Rule) -> RuleState {
    needs::state(store, rule)
}

/// What a key means: a row, and the item of `per` where it names one.
pub type Asked = (u32, Option<String>);

/// Rows of the rule's dataset that go by `key`: the values of one of its keys in order, with a space between, and perhaps an
/// item. Where none does, every row with its names.
///
/// # Errors
/// The names of all rows, when none is meant.
pub fn find(store: &Store, rule: &Rule, key: &str) -> Result<Vec<Asked>, Vec<(u32, Vec<String>)>> {
    let named: Vec<(u32, Vec<String>)> = (0..store.rows(rule.each)).map(|row| (row, row_names(store, rule.each, row))).collect();
    let found: Vec<Asked> = named
        .iter()
        .filter_map(|(row, names)| Some((*row, names.iter().find_map(|name| item_behind(rule, name, key))?)))
        .collect();
    if found.is_empty() { Err(named) } else { Ok(found) }
}

/// What `key` says behind a row's name: nothing, or an item; `None` when it is another name.
pub fn item_behind(rule: &Rule, name: &str, key: &str) -> Option<Option<String>> {
    match key.strip_prefix(name)? {
        "" => Some(None),
        rest if rule.per.is_some() => rest.strip_prefix(' ').map(|item| Some(item.to_owned())),
        _ => None,
    }
}

/// Judges one row by one rule, with every item of `per`, and tells everything.
pub fn why(store: &Store, rule: &Rule, extract_date: Date, row: u32) -> Vec<Why> {
    let world = World::new(store, extract_date, walk::exprs(rule));
    let mut judge = Judge::new(&world, rule, true);
    judge.items(row).iter().map(|per| judge.why(row, per)).collect()
}

impl Judge<'_> {
    fn why(&mut self, row: u32, per: &Per) -> Why {
        let at = RowRef { dataset: self.rule.each, row };
        let case = self.case_state(at);
        self.evaluator.enter(self.rule.row.1, at);
        let (outcome, due) = self.explain_with_due(row, per);
        let mut conditions = Vec::new();
        if case != CaseState::Closed {
            let rule = self.rule;
            if let Some(definition) = rule.per.as_ref().filter(|_| !matches!(per, Per::Item(_))) {
                self.condition("per", &definition.items, 0, &mut conditions);
            }
            let deadline = rule.deadline.as_ref();
            let parts = [
                ("when", rule.when.as_ref()),
                ("deadline.due", deadline.map(|d| &d.due)),
                ("deadline.done", deadline.map(|d| &d.done)),
                ("require", rule.require.as_ref()),
                ("partly", rule.partly.as_ref()),
            ];
            for (key, expr) in parts {
                if let Some(expr) = expr {
                    self.condition(key, expr, 0, &mut conditions);
                }
            }
        }
        Why { outcome, due, case, conditions }
    }

    /// A condition with its value and cells; of several joined ones each part.
    fn condition(&mut self, key: &'static str, expr: &Expr, depth: usize, out: &mut Vec<Condition>) {
        self.evaluator.trace.truncate(0);
        let value = self.evaluator.value(expr);
        let looked_at = self.evaluator.trace.take();
        let joined = match &expr.node {
            Node::And(_) => Some(Joined::All),
            Node::Or(_) => Some(Joined::Any),
            _ => None,
        };
        let mut condition =
            Condition { key, depth, span: expr.span.clone(), joined, value, cells: Vec::new(), figures: Vec::new() };
        if let Node::And(parts) | Node::Or(parts) = &expr.node {
            out.push(condition);
            parts.iter().for_each(|part| self.condition(key, part, depth + 1, out));
            return;
        }
        for entry in self.unfolded(&looked_at) {
            match entry {
                Entry::Cell { at, value, cause } => {
                    let cause = if let Cell::Unknown(own) = value { Some(own) } else { cause };
                    if condition.cells.iter().all(|(known, _)| *known != at) {
                        condition.cells.push((at, cause));
                    }
                }
                Entry::Figure(table, row) if !condition.figures.contains(&(table, row)) => condition.figures.push((table, row)),
                _ => {}
            }
        }
        out.push(condition);
    }
}
