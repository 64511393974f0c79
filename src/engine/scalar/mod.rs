//! The scalar evaluator: any typed tree for one row, with or without an account of what decided it.
//!
//! Three-valued throughout: a condition is yes, no, or unknown for a [`Cause`]; nothing is concluded from data that is
//! not there.

pub(super) mod folds;
pub(super) mod functions;
pub(super) mod lookup;
pub(super) mod periods;
mod rows;
mod trace;
pub(super) mod values;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::calendar::{Date, Instant};
use crate::model::{ColumnId, DatasetId, LinkId, Pack};
use crate::rule::typed::{Compare, Expr, IsTest, Node, Quantifier, Slot, Step, TextTest, Ty};
use crate::store::{CellRef, RowRef, Store, Target};
use crate::value::{Cause, Cell, Decimal, Kind, Period, Timestamp, Value};

use super::walk;
pub(crate) use folds::median_of;
use lookup::FigureIndex;
use trace::LISTED;
pub(crate) use trace::{Entry, Trace};
pub(crate) use values::{Number, compare, date_of};

/// What an expression gives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// A value.
    Value(Value),
    /// A row.
    Row(RowRef),
    /// A list of periods.
    Periods(Arc<[Period]>),
    /// A list of months (or years), each by its first day.
    Months(Arc<[Date]>),
    /// A time stamp of which only bounds are known, both included: hours after a day whose time is missing.
    Within(Instant, Instant),
}

/// What an expression gives, or one of the two ways of having nothing.
pub(crate) type Out = Cell<Item>;

/// What all rows of a run share: the data, the day, and indexes over figures.
pub(crate) struct World<'a> {
    pub(crate) store: &'a Store,
    pub(crate) extract_date: Date,
    figures: Vec<FigureIndex>,
    /// Rows of whole-dataset sources whose key is unknown.
    unsure: HashMap<(DatasetId, ColumnId), Vec<u32>>,
    /// Expressions that search all of a dataset: what they give is the same for every row, and found out once.
    closed: Vec<(&'a Expr, OnceLock<Closed>)>,
}

/// What a closed expression gives, its account, and the row that decided it.
struct Closed {
    out: Out,
    entries: Vec<Entry>,
    witness: Option<Out>,
}

impl<'a> World<'a> {
    /// The world of these expressions.
    pub(crate) fn new(store: &'a Store, extract_date: Date, exprs: impl IntoIterator<Item = &'a Expr>) -> World<'a> {
        let mut keys: BTreeSet<(DatasetId, ColumnId)> = BTreeSet::new();
        let mut closed = Vec::new();
        for expr in exprs {
            keys.extend(walk::indexed(expr));
            expr.walk(&mut |part| {
                if part.searches_all() {
                    closed.push((part, OnceLock::new()));
                }
            });
        }
        World {
            store,
            extract_date,
            closed,
            figures: store.pack().tables.iter().map(FigureIndex::new).collect(),
            unsure: keys.into_iter().map(|(dataset, column)| ((dataset, column), store.rows_unknown(dataset, column))).collect(),
        }
    }

    pub(super) fn pack(&self) -> &'a Pack {
        self.store.pack()
    }

    /// Why nothing may be concluded from the absence of rows of a dataset, if so.
    pub(super) fn not_whole(&self, dataset: DatasetId) -> Option<Cause> {
        use crate::store::Completeness;
        match self.store.completeness(dataset) {
            Completeness::Whole => None,
            Completeness::Incomplete => Some(Cause::Incomplete),
            Completeness::Missing => Some(Cause::DatasetMissing),
        }
    }
    /// What an expression that searches all of a dataset gives for every row alike.
    pub(super) fn closed(&self, expr: &Expr) -> Option<&Out> {
        let (_, known) = self.closed.iter().find(|(closed, _)| std::ptr::eq(*closed, expr))?;
        Some(&known.get_or_init(|| self.evaluate_closed(expr)).out)
    }

    fn evaluate_closed(&self, expr: &Expr) -> Closed {
        let mut evaluator = Evaluator::new(self, &[], 0, true);
        let out = evaluator.node(expr);
        let witness = expr.rows().and_then(|rows| evaluator.bound(rows.slot));
        Closed { out, entries: evaluator.trace.take(), witness }
    }
}

/// Values of nodes in the order of evaluation. Each of a node is listed once, and of many only the first.
#[derive(Default)]
struct Visits {
    listed: Vec<(Range<usize>, Cell)>,
    known: HashMap<(usize, usize), Vec<Cell>>,
    unlisted: u64,
}

impl Visits {
    fn add(&mut self, span: &Range<usize>, out: &Out) {
        let value = match out {
            // A row that is there has no value to show.
            Cell::Present(Item::Row(_)) => return,
            Cell::Present(item) => item.shown(),
            Cell::Empty => Cell::Empty,
            Cell::Unknown(cause) => Cell::Unknown(*cause),
        };
        let known = self.known.entry((span.start, span.end)).or_default();
        if known.contains(&value) {
            return;
        }
        if known.len() as u64 >= LISTED {
            self.unlisted += 1;
            return;
        }
        known.push(value.clone());
        self.listed.push((span.clone(), value));
    }
}

/// Evaluates the expressions of one rule for one row after another.
pub(crate) struct Evaluator<'w> {
    world: &'w World<'w>,
    steps: &'w [Step],
    each: Option<RowRef>,
    slots: Vec<Option<Out>>,
    step_entries: Vec<Vec<Entry>>,
    /// Bit n is set where question n of the rule is read in the second way.
    pub(crate) reading: u8,
    /// Whether a search may give up once so many candidates cannot be decided.
    pub(crate) hasty: bool,
    pub(crate) trace: Trace,
    /// What the parts gave, if wanted.
    visits: Option<Visits>,
}

impl<'w> Evaluator<'w> {
    /// An evaluator with a frame of `slots` slots; `explain` keeps the account.
    pub(crate) fn new(world: &'w World<'w>, steps: &'w [Step], slots: usize, explain: bool) -> Evaluator<'w> {
        Evaluator {
            world,
            steps,
            each: None,
            slots: vec![None; slots],
            step_entries: vec![Vec::new(); steps.len()],
            reading: 0,
            hasty: false,
            trace: Trace::new(explain),
            visits: None,
        }
    }

    /// Starts to remember the value of every node.
    pub(crate) fn watch(&mut self) {
        self.visits = Some(Visits::default());
    }

    /// What [`Evaluator::watch`] remembered: span and values of every node evaluated, in order, and how many more there were.
    pub(crate) fn watched(self) -> (Vec<(Range<usize>, Cell)>, u64) {
        let visits = self.visits.unwrap_or_default();
        (visits.listed, visits.unlisted)
    }

    /// Clears the frame and puts the judged row in its slot.
    pub(crate) fn enter(&mut self, slot: Slot, row: RowRef) {
        self.slots.fill(None);
        for entries in &mut self.step_entries {
            entries.clear();
        }
        self.each = Some(row);
        self.bind(slot, Cell::Present(Item::Row(row)));
    }

    /// Gives a slot its content.
    pub(crate) fn bind(&mut self, slot: Slot, out: Out) {
        let i = usize::from(slot.0);
        if self.slots.len() <= i {
            self.slots.resize(i + 1, None);
        }
        self.slots[i] = Some(out);
    }

    /// What a slot holds now, to be put back after a search that found nothing: an earlier witness may share the slot.
    fn bound(&self, slot: Slot) -> Option<Out> {
        self.slots.get(usize::from(slot.0)).cloned().flatten()
    }

    fn restore(&mut self, slot: Slot, content: Option<Out>) {
        if let Some(place) = self.slots.get_mut(usize::from(slot.0)) {
            *place = content;
        }
    }

    /// The entries of a step's own evaluation, earlier steps not unfolded.
    pub(crate) fn step_entries(&self, step: usize) -> &[Entry] {
        self.step_entries.get(step).map_or(&[], Vec::as_slice)
    }

    /// A condition: yes, no, or unknown.
    pub(crate) fn truth(&mut self, expr: &Expr) -> Cell<bool> {
        match self.eval(expr) {
            Cell::Present(Item::Value(Value::Bool(yes))) => Cell::Present(yes),
            Cell::Present(_) => Cell::Unknown(Cause::Overflow),
            Cell::Empty => {
                self.trace.blame_empty();
                Cell::Unknown(Cause::Empty)
            }
            Cell::Unknown(cause) => Cell::Unknown(cause),
        }
    }

    /// A value for somebody to read.
    pub(crate) fn value(&mut self, expr: &Expr) -> Cell {
        match self.eval(expr) {
            Cell::Present(item) => item.shown(),
            Cell::Empty => Cell::Empty,
            Cell::Unknown(cause) => Cell::Unknown(cause),
        }
    }

    /// What an expression gives.
    pub(crate) fn eval(&mut self, expr: &Expr) -> Out {
        let world = self.world;
        // Whoever watches wants to see the parts.
        let known = world.closed.iter().find(|(closed, _)| std::ptr::eq(*closed, expr) && self.visits.is_none());
        if let Some((_, known)) = known {
            let known = known.get_or_init(|| world.evaluate_closed(expr));
            self.trace.extend(known.entries.clone());
            if let (Some(rows), Some(witness)) = (expr.rows(), &known.witness) {
                self.bind(rows.slot, witness.clone());
            }
            return known.out.clone();
        }
        let out = self.node(expr);
        if let Some(visits) = &mut self.visits
            && !matches!(expr.node, Node::Literal(_))
        {
            visits.add(&expr.span, &out);
        }
        out
    }

    /// A present item; empty becomes the cause [`Cause::Empty`].
    pub(crate) fn need(&mut self, expr: &Expr) -> Result<Item, Cause> {
        match self.eval(expr) {
            Cell::Present(item) => Ok(item),
            Cell::Empty => {
                self.trace.blame_empty();
                Err(Cause::Empty)
            }
            Cell::Unknown(cause) => Err(cause),
        }
    }

    /// Both operands, each evaluated whatever the other gives, so that the account names both.
    fn both(&mut self, a: &Expr, b: &Expr) -> Result<(Item, Item), Cause> {
        let (a, b) = (self.need(a), self.need(b));
        Ok((a?, b?))
    }

    fn node(&mut self, expr: &Expr) -> Out {
        match &expr.node {
            Node::Literal(value) => Cell::Present(Item::Value(value.clone())),
            Node::ExtractDate => Cell::Present(Item::Value(Value::Date(self.world.extract_date))),
            Node::Var(slot) => self.variable(*slot),
            Node::Field(row, column) => match self.eval(row) {
                Cell::Present(Item::Row(row)) => {
                    let at = CellRef { dataset: row.dataset, row: row.row, column: *column };
                    let value = self.world.store.cell(at);
                    self.trace.add(|| Entry::Cell { at, value: value.clone(), cause: None });
                    value.map(Item::Value)
                }
                Cell::Present(_) => Cell::Unknown(Cause::Overflow),
                nothing => nothing,
            },
            Node::Follow { row, link, forward } => match self.eval(row) {
                Cell::Present(Item::Row(row)) => self.follow(row, *link, *forward),
                Cell::Present(_) => Cell::Unknown(Cause::Overflow),
                nothing => nothing,
            },
            Node::Not(operand) => yes_no(self.truth(operand).map(|yes| !yes)),
            Node::And(parts) => yes_no(self.settle(parts, false)),
            Node::Or(parts) => yes_no(self.settle(parts, true)),
            Node::Compare(op, a, b) => {
                let answer = self.both(a, b).map(|(a, b)| values::compare(*op, &a, &b));
                yes_no(answer.unwrap_or_else(Cell::Unknown))
            }
            Node::Between(value, low, high) => yes_no(self.between(value, low, high)),
            Node::Is { operand, test, negated } => yes_no(turned(self.is(operand, test), *negated)),
            Node::InItems { value, items, negated } => yes_no(turned(self.in_items(value, items), *negated)),
            Node::InList { value, list, negated } => {
                let answer = self.both(value, list).map(|both| match both {
                    (Item::Value(Value::Text(text)), Item::Value(Value::List(list))) => Cell::Present(list.contains(&text)),
                    _ => Cell::Unknown(Cause::Overflow),
                });
                yes_no(turned(answer.unwrap_or_else(Cell::Unknown), *negated))
            }
            Node::InCodes { value, list, at, negated } => yes_no(turned(self.in_codes(value, *list, at.as_deref()), *negated)),
            Node::Text { test, left, right, negated } => yes_no(turned(self.text_test(test, left, right), *negated)),
            Node::Period { test, left, right, negated } => {
                let answer = self.both(left, right).map(|both| match both {
                    (Item::Value(a), Item::Value(b)) => {
                        values::period_test(*test, &a, &b).map_or(Cell::Unknown(Cause::Overflow), Cell::Present)
                    }
                    _ => Cell::Unknown(Cause::Overflow),
                });
                yes_no(turned(answer.unwrap_or_else(Cell::Unknown), *negated))
            }
            Node::Arith(op, a, b) => match self.both(a, b) {
                Ok((a, b)) => values::arith(*op, &a, &b, kind_of(expr), &self.world.pack().working_days),
                Err(cause) => Cell::Unknown(cause),
            },
            Node::Negate(operand) => match self.need(operand) {
                Ok(item) => values::negated(&item, kind_of(expr)),
                Err(cause) => Cell::Unknown(cause),
            },
            Node::Lookup { table, keys, at } => self.look_up(*table, keys, at.as_deref()),
            Node::Call(function, args) => self.call(*function, args, expr),
            Node::If(condition, then, otherwise) => match self.truth(condition) {
                Cell::Present(true) => self.eval(then),
                Cell::Present(false) => self.eval(otherwise),
                Cell::Empty => Cell::Unknown(Cause::Empty),
                Cell::Unknown(cause) => Cell::Unknown(cause),
            },
            Node::Either { question, first, second } => {
                let second_way = self.reading & (1 << question) != 0;
                self.eval(if second_way { second } else { first })
            }
            Node::Quantified { quantifier, rows, satisfies } => {
                let satisfies = satisfies.as_deref();
                yes_no(match quantifier {
                    Quantifier::Some => self.search(rows, satisfies, true),
                    Quantifier::No => self.search(rows, satisfies, true).map(|found| !found),
                    Quantifier::Every => self.search(rows, satisfies, false).map(|found| !found),
                })
            }
            Node::Count(rows) => match self.gather(rows, true) {
                Ok(members) => Cell::Present(Item::Value(Value::Number(Decimal::whole(members.len() as i64)))),
                Err(cause) => Cell::Unknown(cause),
            },
            Node::CountDistinct(of, rows) => self.count_distinct(of, rows),
            Node::Fold(fold, args, rows) => self.fold(*fold, args, rows, kind_of(expr)),
            Node::Pick(pick, rows, by) => self.pick(*pick, rows, by),
        }
    }

    fn variable(&mut self, slot: Slot) -> Out {
        let step = self.steps.iter().position(|step| step.slot == slot);
        if let (Some(index), false) = (step, self.bound(slot).is_some()) {
            let steps = self.steps;
            let mark = self.trace.mark();
            let out = self.eval(&steps[index].expr);
            self.step_entries[index] = self.trace.split_off(mark);
            self.bind(slot, out);
        }
        if let Some(index) = step {
            self.trace.add(|| Entry::Step(index));
        }
        self.bound(slot).unwrap_or(Cell::Unknown(Cause::Unmatched))
    }

    pub(in crate::engine) fn follow(&mut self, row: RowRef, link: LinkId, forward: bool) -> Out {
        let definition = &self.world.pack().links[link.index()];
        match self.world.store.links().follow(link, forward, row.row) {
            Target::Row { row, way } => {
                self.trace.add(|| Entry::Way(link, way));
                let dataset = if forward { definition.to } else { definition.from };
                Cell::Present(Item::Row(RowRef { dataset, row }))
            }
            Target::Unknown(cause) => {
                let other = if forward { definition.to } else { definition.from };
                match self.world.not_whole(other) {
                    Some(missing @ Cause::DatasetMissing) => {
                        self.trace.add(|| Entry::Dataset(other, missing));
                        Cell::Unknown(missing)
                    }
                    _ => {
                        self.log_keys(row, link, forward, Some(cause));
                        Cell::Unknown(cause)
                    }
                }
            }
        }
    }

    /// Adds the key cells of a row for a link: what an unmatched row or an empty group rests on.
    fn log_keys(&mut self, row: RowRef, link: LinkId, forward: bool, cause: Option<Cause>) {
        if !self.trace.on() {
            return;
        }
        for &(from, to) in self.world.pack().links[link.index()].ways.iter().flatten() {
            let at = CellRef { dataset: row.dataset, row: row.row, column: if forward { from } else { to } };
            let value = self.world.store.cell(at);
            let cause = match value {
                Cell::Present(_) => cause.filter(|cause| matches!(cause, Cause::Unmatched | Cause::Ambiguous)),
                Cell::Empty => cause.map(|_| Cause::Empty),
                Cell::Unknown(_) => None,
            };
            self.trace.add(|| Entry::Cell { at, value, cause });
        }
    }

    /// `and` (`stop` = false) and `or` (`stop` = true): one part that is `stop` decides alone.
    fn settle(&mut self, parts: &[Expr], stop: bool) -> Cell<bool> {
        let start = self.trace.mark();
        let mut unknown = None;
        let mut undecided = Vec::new();
        for part in parts {
            let mark = self.trace.mark();
            match self.truth(part) {
                Cell::Present(answer) if answer == stop => {
                    self.trace.forget(start, mark);
                    return Cell::Present(stop);
                }
                Cell::Present(_) => {}
                Cell::Empty => {}
                Cell::Unknown(cause) => {
                    unknown = unknown.or(Some(cause));
                    undecided.extend(self.trace.split_off(mark));
                }
            }
        }
        match unknown {
            None => Cell::Present(!stop),
            Some(cause) => {
                self.trace.truncate(start);
                self.trace.extend(undecided);
                Cell::Unknown(cause)
            }
        }
    }

    fn between(&mut self, value: &Expr, low: &Expr, high: &Expr) -> Cell<bool> {
        let (value, low, high) = (self.need(value), self.need(low), self.need(high));
        let value = match value {
            Ok(value) => value,
            Err(cause) => return Cell::Unknown(cause),
        };
        let side = |op, bound: Result<Item, Cause>| match bound {
            Ok(bound) => values::compare(op, &value, &bound),
            Err(cause) => Cell::Unknown(cause),
        };
        match (side(Compare::GreaterEqual, low), side(Compare::LessEqual, high)) {
            (Cell::Present(false), _) | (_, Cell::Present(false)) => Cell::Present(false),
            (Cell::Present(true), Cell::Present(true)) => Cell::Present(true),
            (Cell::Unknown(cause), _) | (_, Cell::Unknown(cause)) => Cell::Unknown(cause),
            _ => Cell::Unknown(Cause::Empty),
        }
    }

    fn is(&mut self, operand: &Expr, test: &IsTest) -> Cell<bool> {
        let out = self.eval(operand);
        match test {
            IsTest::Known => Cell::Present(!matches!(out, Cell::Unknown(_))),
            IsTest::Missing | IsTest::Present => match out {
                Cell::Present(_) => Cell::Present(*test == IsTest::Present),
                Cell::Empty => Cell::Present(*test == IsTest::Missing),
                Cell::Unknown(cause) => Cell::Unknown(cause),
            },
            IsTest::SameRow(other) => match (out, self.eval(other)) {
                (Cell::Present(a), Cell::Present(b)) => Cell::Present(a == b),
                (Cell::Unknown(cause), _) | (_, Cell::Unknown(cause)) => Cell::Unknown(cause),
                _ => Cell::Unknown(Cause::Empty),
            },
        }
    }

    fn in_items(&mut self, value: &Expr, items: &[Expr]) -> Cell<bool> {
        let value = match self.need(value) {
            Ok(value) => value,
            Err(cause) => return Cell::Unknown(cause),
        };
        let mut unknown = None;
        for item in items {
            let answer = match self.need(item) {
                Ok(item) => values::compare(Compare::Equal, &value, &item),
                Err(cause) => Cell::Unknown(cause),
            };
            match answer {
                Cell::Present(true) => return Cell::Present(true),
                Cell::Unknown(cause) => unknown = unknown.or(Some(cause)),
                _ => {}
            }
        }
        unknown.map_or(Cell::Present(false), Cell::Unknown)
    }

    fn text_test(&mut self, test: &TextTest, left: &Expr, right: &Expr) -> Cell<bool> {
        let mark = self.trace.mark();
        let (a, b) = match self.both(left, right) {
            Ok((Item::Value(Value::Text(a)), Item::Value(Value::Text(b)))) => (a, b),
            Ok(_) => return Cell::Unknown(Cause::Overflow),
            Err(cause) => return Cell::Unknown(cause),
        };
        match values::text_test(test, kind_of(left), &a, &b) {
            Some(answer) => Cell::Present(answer),
            None => {
                self.trace.blame(mark, Cause::Unreadable);
                Cell::Unknown(Cause::Unreadable)
            }
        }
    }
}

impl Item {
    /// As a value that can be shown; rows and lists have none.
    pub(crate) fn shown(&self) -> Cell {
        match self {
            Item::Value(value) => Cell::Present(value.clone()),
            Item::Within(low, high) => match (low.danish(), high.danish()) {
                (Some((a, _, _)), Some((b, _, _))) if a == b => Cell::Present(Value::Timestamp(Timestamp::Day(a))),
                _ => Cell::Unknown(Cause::TimeMissing),
            },
            Item::Periods(periods) => Cell::Present(Value::List(periods.iter().map(|p| periods::text(*p).into()).collect())),
            Item::Months(months) => {
                Cell::Present(Value::List(months.iter().map(|m| format!("{:04}-{:02}", m.year(), m.month()).into()).collect()))
            }
            Item::Row(_) => Cell::Empty,
        }
    }
}

fn yes_no(answer: Cell<bool>) -> Out {
    answer.map(|yes| Item::Value(Value::Bool(yes)))
}

fn turned(answer: Cell<bool>, negated: bool) -> Cell<bool> {
    answer.map(|yes| yes != negated)
}

/// The kind of an expression's value; text for rows and lists, which have none.
pub(super) fn kind_of(expr: &Expr) -> Kind {
    match expr.ty {
        Ty::Value(kind) => kind,
        Ty::Row(_) | Ty::Periods | Ty::Months => Kind::Text,
    }
}
