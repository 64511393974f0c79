//! The columnar evaluator: any typed tree for many rows at once, verdicts only.
//!
//! A [`frame::Frame`] holds lanes; an expression evaluates to a [`vector::Vector`], a value for each lane. Quantifiers, folds
//! and picks stand on a frame of pairs of a lane and a row, worked off in pieces of bounded size. It gives what the scalar
//! evaluator gives, without the account: a property test (`tests/evaluators.rs`) holds the two equal.

mod arith;
mod compare;
pub(super) mod finer;
mod folds;
mod frame;
mod plan;
mod rows;
mod vector;
mod verdict;

use std::cell::RefCell;
use std::rc::Rc;

use crate::engine::scalar::{Item, Out, World, functions, kind_of, lookup, values};
use crate::intake::{Lane, Lanes};
use crate::model::{ColumnId, DatasetId, LinkId};
use crate::rule::function::Function;
use crate::rule::typed::{Compare, Expr, IsTest, Node, Quantifier, Rule, Slot, TextTest, Ty};
use crate::store::{CellRef, RowRef, Target};
use crate::value::{Cause, Cell, Value};

use frame::Frame;
pub(super) use plan::{Plan, conjuncts, judged_by};
use vector::{EMPTY, Measure, NO, UNKNOWN, Unit, Vector, YES, truth};

/// A vector that may be kept elsewhere too.
type Shared<'w> = Rc<Vector<'w>>;

/// Evaluates one rule over the lanes of one piece of work.
pub(super) struct Kernels<'w> {
    world: &'w World<'w>,
    rule: &'w Rule,
    plan: &'w Plan<'w>,
    /// Bit n is set where question n of the rule is read in the second way.
    reading: u8,
    /// The lanes that are judged.
    root: Rc<Frame<'w>>,
    /// For each step what is known of it.
    steps: RefCell<Vec<Step<'w>>>,
    /// Large groups by the values of a column.
    parts: RefCell<finer::PartsByGroup>,
    /// One lane, for what is the same in every lane.
    unit: Rc<Frame<'w>>,
}

/// The values of a step in the lanes where something asked for it.
struct Step<'w> {
    known: Vec<bool>,
    values: Shared<'w>,
}

impl<'w> Kernels<'w> {
    pub(super) fn new(world: &'w World<'w>, rule: &'w Rule, plan: &'w Plan<'w>) -> Kernels<'w> {
        let root = Frame::root(0, Vec::new());
        let (steps, parts, unit) = (RefCell::default(), RefCell::default(), Frame::root(1, Vec::new()));
        Kernels { world, rule, plan, reading: 0, root, steps, parts, unit }
    }

    /// Begins with other lanes.
    fn enter(&mut self, lanes: usize, bound: Vec<(Slot, Vector<'w>)>) -> Rc<Frame<'w>> {
        self.root = Frame::root(lanes, bound);
        let nothing = || Step { known: vec![false; lanes], values: Rc::new(Vector::unknown()) };
        *self.steps.borrow_mut() = self.rule.steps.iter().map(|_| nothing()).collect();
        self.root.clone()
    }

    /// What an expression gives in each lane.
    fn eval(&self, expr: &'w Expr, frame: &Rc<Frame<'w>>) -> Shared<'w> {
        match &expr.node {
            Node::Literal(value) => return Rc::new(Vector::Same(Cell::Present(Item::Value(value.clone())))),
            Node::ExtractDate => return Rc::new(Vector::Same(date(self.world.extract_date))),
            Node::Var(slot) => return self.variable(*slot, frame),
            _ => {}
        }
        if let Some(known) = self.world.closed(expr) {
            return Rc::new(Vector::Same(known.clone()));
        }
        let reads = self.plan.reads(expr);
        if reads.none() && !Rc::ptr_eq(frame, &self.unit) {
            return Rc::new(Vector::Same(self.node(expr, &self.unit.clone()).item(0)));
        }
        match frame.home(|slot| reads.has(slot)) {
            Some((home, lanes)) => Rc::new(home.keep(expr, || self.node(expr, &home)).gather(&lanes)),
            None => Rc::new(self.node(expr, frame)),
        }
    }

    /// A condition in each lane: yes, no, or unknown.
    fn truths(&self, expr: &'w Expr, frame: &Rc<Frame<'w>>) -> Vec<u8> {
        Rc::unwrap_or_clone(self.eval(expr, frame)).into_truths(frame.len)
    }

    fn variable(&self, slot: Slot, frame: &Rc<Frame<'w>>) -> Shared<'w> {
        if let Some(bound) = frame.slot(slot) {
            return bound;
        }
        match self.rule.steps.iter().position(|step| step.slot == slot) {
            Some(step) => self.step(step, frame),
            None => Rc::new(Vector::unknown()),
        }
    }

    /// The value of a step, computed in the judged lanes that these lanes stand over.
    fn step(&self, step: usize, frame: &Rc<Frame<'w>>) -> Shared<'w> {
        let lanes = frame.lowest();
        let missing: Vec<u32> = {
            let known = &mut self.steps.borrow_mut()[step].known;
            let mut ask = |lane: u32| !std::mem::replace(&mut known[lane as usize], true);
            match &lanes {
                None => (0..frame.len as u32).filter(|&lane| ask(lane)).collect(),
                Some(lanes) => {
                    let mut missing: Vec<u32> = lanes.iter().copied().filter(|&lane| ask(lane)).collect();
                    missing.sort_unstable();
                    missing
                }
            }
        };
        if !missing.is_empty() {
            let expr = &self.rule.steps[step].expr;
            let part = if missing.len() == self.root.len {
                self.eval(expr, &self.root)
            } else {
                self.eval(expr, &self.root.some(&missing[..]))
            };
            let mut steps = self.steps.borrow_mut();
            Rc::make_mut(&mut steps[step].values).scatter(self.root.len, &missing, &part);
        }
        let values = self.steps.borrow()[step].values.clone();
        lanes.map_or_else(|| values.clone(), |lanes| Rc::new(values.gather(&lanes)))
    }

    fn node(&self, expr: &'w Expr, frame: &Rc<Frame<'w>>) -> Vector<'w> {
        let lanes = frame.len;
        let each = |of: &dyn Fn(usize) -> Out| Vector::packed((0..lanes).map(of).collect());
        match &expr.node {
            Node::Literal(_) | Node::ExtractDate | Node::Var(_) => Rc::unwrap_or_clone(self.eval(expr, frame)),
            Node::Field(row, column) => {
                let Ty::Row(dataset) = row.ty else { return Vector::unknown() };
                self.field(&self.eval(row, frame).rows(lanes), dataset, *column)
            }
            Node::Follow { row, link, forward } => {
                let Ty::Row(to) = expr.ty else { return Vector::unknown() };
                self.follow(&self.eval(row, frame).rows(lanes), *link, *forward, to)
            }
            Node::Not(operand) => Vector::Truths(compare::negate(self.truths(operand, frame), true)),
            Node::And(parts) => Vector::Truths(self.settle(parts, NO, frame)),
            Node::Or(parts) => Vector::Truths(self.settle(parts, YES, frame)),
            Node::Compare(op, a, b) => Vector::Truths(compare::compared(*op, &self.eval(a, frame), &self.eval(b, frame), lanes)),
            Node::Between(value, low, high) => {
                let value = self.eval(value, frame);
                let side = |op, bound| compare::compared(op, &value, &self.eval(bound, frame), lanes);
                let low = side(Compare::GreaterEqual, low);
                Vector::Truths(compare::and(low, &side(Compare::LessEqual, high)))
            }
            Node::Is { operand, test, negated } => Vector::Truths(compare::negate(self.is(operand, test, frame), *negated)),
            Node::InItems { value, items, negated } => {
                let value = self.eval(value, frame);
                let equal = |item| compare::compared(Compare::Equal, &value, &self.eval(item, frame), lanes);
                let found = items.iter().fold(vec![NO; lanes], |found, item| compare::or(found, &equal(item)));
                // Without items there is still the value, which may be unknown.
                let found = if items.is_empty() { compare::and(value_known(&value, lanes), &found) } else { found };
                Vector::Truths(compare::negate(found, *negated))
            }
            Node::InList { value, list, negated } => {
                let (value, list) = (self.eval(value, frame), self.eval(list, frame));
                let of = |lane| match (value.need(lane), list.need(lane)) {
                    (Ok(Item::Value(Value::Text(text))), Ok(Item::Value(Value::List(list)))) => {
                        if list.contains(&text) {
                            YES
                        } else {
                            NO
                        }
                    }
                    _ => UNKNOWN,
                };
                Vector::Truths(compare::negate((0..lanes).map(of).collect(), *negated))
            }
            Node::InCodes { value, list, at, negated } => {
                let list = &self.world.pack().lists[list.index()];
                let value = self.eval(value, frame);
                let at = at.as_ref().map(|at| self.eval(at, frame));
                let found = match (&*value, &at) {
                    (Vector::Codes(codes, texts), None) => {
                        compare::by_text(codes, texts, UNKNOWN, |text| truth(&lookup::coded(list, text, &None)))
                    }
                    _ => {
                        let of = |lane| match value.need(lane) {
                            Ok(Item::Value(Value::Text(text))) => {
                                let day = at.as_ref().map(|at| lookup::day_of(at.need(lane)));
                                truth(&lookup::coded(list, &text, &day))
                            }
                            _ => UNKNOWN,
                        };
                        (0..lanes).map(of).collect()
                    }
                };
                Vector::Truths(compare::negate(found, *negated))
            }
            Node::Text { test, left, right, negated } => {
                let answers = self.text_test(test, left, right, frame);
                Vector::Truths(compare::negate(answers, *negated))
            }
            Node::Period { test, left, right, negated } => {
                let answers = compare::periods(*test, &self.eval(left, frame), &self.eval(right, frame), lanes);
                Vector::Truths(compare::negate(answers, *negated))
            }
            Node::Arith(op, a, b) => {
                let (a, b) = (self.eval(a, frame), self.eval(b, frame));
                arith::arith(*op, &a, &b, kind_of(expr), &self.world.pack().working_days, lanes)
            }
            Node::Negate(operand) => arith::negated(&self.eval(operand, frame), kind_of(expr), lanes),
            Node::Lookup { table, keys, at } => {
                let keys: Vec<Shared<'w>> = keys.iter().map(|key| self.eval(key, frame)).collect();
                let at = at.as_ref().map(|at| self.eval(at, frame));
                self.plan.look_up(self.world, *table, &keys, at.as_deref(), lanes)
            }
            Node::Call(function, args) => self.call(*function, args, expr, frame),
            Node::If(condition, then, otherwise) => {
                let answers = self.truths(condition, frame);
                let mut chosen = Vector::unknown();
                for (answer, branch) in [(YES, then), (NO, otherwise)] {
                    let of = compare::lanes_of(&answers, answer);
                    if !of.is_empty() {
                        chosen.scatter(lanes, &of, &self.eval(branch, &frame.some(&of[..])));
                    }
                }
                chosen
            }
            Node::Either { question, first, second } => {
                let second_way = self.reading & (1 << question) != 0;
                Rc::unwrap_or_clone(self.eval(if second_way { second } else { first }, frame))
            }
            Node::Quantified { quantifier, rows, satisfies } => {
                let satisfies = satisfies.as_deref();
                Vector::Truths(match quantifier {
                    Quantifier::Some => self.search(rows, satisfies, true, frame),
                    Quantifier::No => compare::negate(self.search(rows, satisfies, true, frame), true),
                    Quantifier::Every => compare::negate(self.search(rows, satisfies, false, frame), true),
                })
            }
            Node::Count(rows) => {
                let counts = self.count(rows, frame);
                each(&|lane| counts[lane].map_or(Cell::Unknown(Cause::Incomplete), arith::count))
            }
            Node::CountDistinct(of, rows) => self.count_distinct(of, rows, frame),
            Node::Fold(fold, args, rows) => self.fold(*fold, args, rows, kind_of(expr), frame),
            Node::Pick(pick, rows, by) => self.pick(*pick, rows, by, frame),
        }
    }

    /// A column of these rows.
    fn field(&self, rows: &[u32], dataset: DatasetId, column: ColumnId) -> Vector<'w> {
        let store = self.world.store;
        let (Some(held), false) = (store.lanes(dataset, column), store.patchy(dataset, column)) else {
            return self.cells(rows, dataset, column);
        };
        match held {
            Lanes::Text(codes, texts) => Vector::Codes(gathered(codes, rows), texts),
            Lanes::Day(days) => Vector::Days(gathered(days, rows)),
            Lanes::Bool(cells) => {
                let of = |cell: u8| match cell {
                    0 => NO,
                    1 => YES,
                    u8::MAX => EMPTY,
                    _ => UNKNOWN,
                };
                Vector::Truths(gathered(cells, rows).into_iter().map(of).collect())
            }
            Lanes::Number(units, scale) => match measure(store.pack().get(dataset).columns[column.index()].kind) {
                Some(measure) => Vector::Units(gathered(units, rows), Unit { measure, scale }),
                None => self.cells(rows, dataset, column),
            },
            Lanes::Alike(_) | Lanes::Other => self.cells(rows, dataset, column),
        }
    }

    /// A column of these rows, cell by cell.
    fn cells(&self, rows: &[u32], dataset: DatasetId, column: ColumnId) -> Vector<'w> {
        let of = |&row: &u32| match row {
            u32::EMPTY => Cell::Empty,
            u32::UNKNOWN => Cell::Unknown(Cause::Unmatched),
            row => self.world.store.cell(CellRef { dataset, row, column }).map(Item::Value),
        };
        Vector::packed(rows.iter().map(of).collect())
    }

    fn follow(&self, rows: &[u32], link: LinkId, forward: bool, to: DatasetId) -> Vector<'w> {
        let links = self.world.store.links();
        let of = |&row: &u32| {
            if !row.is_present() {
                return row;
            }
            match links.follow(link, forward, row) {
                Target::Row { row, .. } => row,
                Target::Unknown(_) => u32::UNKNOWN,
            }
        };
        Vector::Rows(rows.iter().map(of).collect(), to)
    }

    /// `and` (decided by [`NO`]) and `or` (decided by [`YES`]): what is decided is not asked again.
    fn settle(&self, parts: &'w [Expr], decided: u8, frame: &Rc<Frame<'w>>) -> Vec<u8> {
        let mut answers = vec![YES - decided; frame.len];
        for part in self.plan.in_order(parts) {
            let open = compare::other_than(&answers, decided);
            if open.is_empty() {
                break;
            }
            let join = if decided == NO { u8::min } else { u8::max };
            if open.len() == frame.len || (open.len() > frame.len / 2 && self.plan.is_cheap(part)) {
                let of_all = self.truths(part, frame);
                answers.iter_mut().zip(of_all).for_each(|(answer, part)| *answer = join(*answer, part));
            } else {
                let of_open = self.truths(part, &frame.some(&open[..]));
                for (&lane, part) in open.iter().zip(of_open) {
                    answers[lane as usize] = join(answers[lane as usize], part);
                }
            }
        }
        answers
    }

    fn is(&self, operand: &'w Expr, test: &'w IsTest, frame: &Rc<Frame<'w>>) -> Vec<u8> {
        let out = self.eval(operand, frame);
        let map = |of: fn(u8) -> u8| out.states(frame.len).into_iter().map(of).collect();
        match test {
            IsTest::Known => map(|state| if state == UNKNOWN { NO } else { YES }),
            IsTest::Present => map(|state| if state == EMPTY { NO } else { state }),
            IsTest::Missing => map(|state| match state {
                EMPTY => YES,
                YES => NO,
                _ => UNKNOWN,
            }),
            IsTest::SameRow(other) => {
                let other = self.eval(other, frame);
                compare::ordered(Compare::Equal, &out.rows(frame.len), compare::Side::Each(&other.rows(frame.len)))
            }
        }
    }

    fn text_test(&self, test: &TextTest, left: &'w Expr, right: &'w Expr, frame: &Rc<Frame<'w>>) -> Vec<u8> {
        let (a, b) = (self.eval(left, frame), self.eval(right, frame));
        let kind = kind_of(left);
        let ask = |a: &str, b: &str| match values::text_test(test, kind, a, b) {
            Some(true) => YES,
            Some(false) => NO,
            None => UNKNOWN,
        };
        if let (Vector::Codes(codes, texts), Vector::Same(Cell::Present(Item::Value(Value::Text(b))))) = (&*a, &*b) {
            return compare::by_text(codes, texts, UNKNOWN, |a| ask(a, b));
        }
        let of = |lane| match (a.need(lane), b.need(lane)) {
            (Ok(Item::Value(Value::Text(a))), Ok(Item::Value(Value::Text(b)))) => ask(&a, &b),
            _ => UNKNOWN,
        };
        (0..frame.len).map(of).collect()
    }

    fn call(&self, function: Function, args: &'w [Expr], expr: &'w Expr, frame: &Rc<Frame<'w>>) -> Vector<'w> {
        let lanes = frame.len;
        match function {
            Function::OrElse => {
                let mut chosen = Vector::Same(Cell::Empty);
                for arg in args {
                    let empty = compare::lanes_of(&chosen.states(lanes), EMPTY);
                    match empty.len() {
                        0 => break,
                        all if all == lanes => chosen = Rc::unwrap_or_clone(self.eval(arg, frame)),
                        _ => chosen.scatter(lanes, &empty, &self.eval(arg, &frame.some(&empty[..]))),
                    }
                }
                chosen
            }
            Function::Same => {
                let [a, b] = args else { return Vector::unknown() };
                let (a, b) = (self.eval(a, frame), self.eval(b, frame));
                Vector::packed((0..lanes).map(|lane| functions::same(a.item(lane), b.item(lane))).collect())
            }
            Function::Period => {
                let [start, end] = args else { return Vector::unknown() };
                folds::period(&self.eval(start, frame), &self.eval(end, frame), lanes)
            }
            _ => {
                let args: Vec<Shared<'w>> = args.iter().map(|arg| self.eval(arg, frame)).collect();
                let calendar = &self.world.pack().working_days;
                let mut items = Vec::with_capacity(args.len());
                let of = |lane| {
                    items.clear();
                    for arg in &args {
                        match arg.need(lane) {
                            Ok(item) => items.push(item),
                            Err(cause) => return Cell::Unknown(cause),
                        }
                    }
                    functions::apply(function, &items, kind_of(expr), calendar)
                };
                Vector::packed((0..lanes).map(of).collect())
            }
        }
    }

    fn judged(&self, row: u32) -> RowRef {
        RowRef { dataset: self.rule.each, row }
    }
}

fn value_known(value: &Vector<'_>, lanes: usize) -> Vec<u8> {
    value.states(lanes).into_iter().map(|state| if state == YES { YES } else { UNKNOWN }).collect()
}

fn date(day: crate::calendar::Date) -> Out {
    Cell::Present(Item::Value(Value::Date(day)))
}

/// Cells of these rows; no row gives no cell, for the same reason.
fn gathered<T: Lane>(cells: &[T], rows: &[u32]) -> Vec<T> {
    let of = |&row: &u32| cells.get(row as usize).copied().unwrap_or(if row == u32::EMPTY { T::EMPTY } else { T::UNKNOWN });
    rows.iter().map(of).collect()
}

fn measure(kind: crate::value::Kind) -> Option<Measure> {
    use crate::value::Kind;
    match kind {
        Kind::Integer | Kind::Decimal(_) => Some(Measure::Number),
        Kind::Money(_) => Some(Measure::Money),
        Kind::Percent(_) => Some(Measure::Percent),
        _ => None,
    }
}
