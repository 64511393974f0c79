//! The checker: untyped tree to typed tree. It resolves names, gives every node its type, and says what is wrong at the
//! bytes where it is wrong. A part that failed is left out, so that the rest is still checked.

mod aggregate;
mod arith;
mod call;
mod compare;
mod name;
mod rows;
mod table;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use self::aggregate::OverGroup;
use super::ast::{Ast, AstNode, IsWord};
use super::messages::{self, Said, Slip};
use super::parser::KEYWORDS;
use super::typed::{Expr, IsTest, Node, Slot, Ty};
use crate::locale::Bilingual;
use crate::model::{DatasetId, Pack};
use crate::value::{Kind, Value};

/// A name in scope.
#[derive(Debug, Clone)]
pub(crate) struct Binding {
    pub(crate) name: Arc<str>,
    pub(crate) slot: Slot,
    /// `None` where its definition failed: uses of it say nothing more.
    pub(crate) ty: Option<Ty>,
}

/// Checks expressions against a pack and the names in scope.
pub(crate) struct Checker<'p> {
    pub(crate) pack: &'p Pack,
    /// What was found wrong so far.
    pub(crate) slips: Vec<Slip>,
    /// Names in scope, innermost last.
    pub(crate) scope: Vec<Binding>,
    /// The row whose columns and links are bare names, in model expressions.
    pub(crate) implicit: Option<(DatasetId, Slot)>,
    /// The judged row's dataset, for `previous` and `next`.
    pub(crate) each: Option<DatasetId>,
    /// Rows bound in conditions. Sources of one name and dataset that are never in scope together share a slot, so that a
    /// mark can name the row whichever of them bound it.
    pub(crate) witnesses: Vec<Binding>,
    /// Whether row variables are witnesses now.
    pub(crate) in_condition: bool,
    /// What aggregates may stand and what they are, in key figures.
    pub(crate) over_group: OverGroup,
    /// The file's text, by which one `either` is known from another.
    source: Arc<str>,
    /// The distinct `either`s so far, as written.
    eithers: Vec<String>,
    next_slot: u16,
}

impl<'p> Checker<'p> {
    /// A checker of expressions whose spans lie in `source`.
    pub(crate) fn new(pack: &'p Pack, source: &Arc<str>) -> Checker<'p> {
        Checker {
            pack,
            slips: Vec::new(),
            scope: Vec::new(),
            implicit: None,
            each: None,
            witnesses: Vec::new(),
            in_condition: false,
            over_group: OverGroup::default(),
            source: source.clone(),
            eithers: Vec::new(),
            next_slot: 0,
        }
    }

    /// Number of slots handed out.
    pub(crate) fn slots(&self) -> usize {
        usize::from(self.next_slot)
    }

    /// Number of distinct `either`s so far.
    pub(crate) fn questions(&self) -> u8 {
        self.eithers.len() as u8
    }

    pub(crate) fn new_slot(&mut self) -> Slot {
        let slot = Slot(self.next_slot);
        self.next_slot = self.next_slot.saturating_add(1);
        slot
    }

    pub(crate) fn say(&mut self, span: Range<usize>, said: Said) {
        self.slips.push(Slip::new(span, said));
    }

    /// Says that a name cannot be given to a variable or step, if so.
    pub(crate) fn check_new_name(&mut self, name: &str, span: Range<usize>) {
        let starts = name.chars().next().is_some_and(char::is_alphabetic);
        let said = if KEYWORDS.contains(&name) {
            messages::keyword_as_name(name)
        } else if !starts {
            messages::not_a_name(name)
        } else if self.pack.dataset(name).is_some() {
            messages::name_taken(name, "et datasæt", "a dataset")
        } else if self.pack.table(name).is_some() {
            messages::name_taken(name, "en tabel", "a table")
        } else if self.pack.list(name).is_some() {
            messages::name_taken(name, "en kodeliste", "a code list")
        } else if self.scope.iter().any(|b| &*b.name == name) {
            messages::name_taken(name, "en anden variabel eller et trin", "another variable or step")
        } else {
            return;
        };
        self.say(span, said);
    }

    /// Brings a name into scope and gives its slot.
    pub(crate) fn bind(&mut self, name: &Arc<str>, ty: Option<Ty>) -> Slot {
        let slot = self.new_slot();
        self.scope.push(Binding { name: name.clone(), slot, ty });
        slot
    }

    /// A condition: an expression that is yes or no.
    pub(crate) fn condition(&mut self, ast: &Ast) -> Option<Expr> {
        let expr = self.expr(ast)?;
        self.want(expr, &[Kind::Bool])
    }

    /// Checks an expression.
    pub(crate) fn expr(&mut self, ast: &Ast) -> Option<Expr> {
        let span = ast.span.clone();
        match &ast.node {
            AstNode::Error => None,
            AstNode::Pieces(parts) => {
                self.exprs(parts);
                None
            }
            AstNode::Literal(value) => Some(literal(value, span)),
            AstNode::Name(name) => self.name(name, span),
            AstNode::Dot(row, word) => self.dot(row, word, span),
            AstNode::Lookup { name, keys, at } => self.lookup(name, keys, at.as_deref(), span),
            AstNode::Call(name, args) => self.call(name, args, span),
            AstNode::Negate(a) => self.negate(a, span),
            AstNode::Not(a) => {
                let a = self.condition(a)?;
                Some(truth(Node::Not(Box::new(a)), span))
            }
            AstNode::And(parts) => self.conditions(parts).map(|parts| truth(Node::And(parts), span)),
            AstNode::Or(parts) => self.conditions(parts).map(|parts| truth(Node::Or(parts), span)),
            AstNode::Compare(op, a, b) => self.compare(*op, a, b, span),
            AstNode::Between(x, low, high) => self.between(x, low, high, span),
            AstNode::Is { operand, test, negated } => self.is_test(operand, test, *negated, span),
            AstNode::InItems { value, items, negated } => self.in_items(value, items, *negated, span),
            AstNode::In { value, right, negated } => self.in_right(value, right, *negated, span),
            AstNode::Text { test, left, right, negated } => self.text_test(*test, left, right, *negated, span),
            AstNode::Period { test, left, right, negated } => self.period_test(*test, left, right, *negated, span),
            AstNode::Arith(op, a, b) => self.arithmetic(*op, a, b, span),
            AstNode::If(when, then, other) => self.choice(when, then, other, span),
            AstNode::Quantified { quantifier, rows, satisfies } => self.quantified(*quantifier, rows, satisfies.as_deref(), span),
            AstNode::Count(rows) => self.count(rows, span),
            AstNode::CountDistinct(what, rows) => self.count_distinct(what, rows, span),
            AstNode::Fold(fold, parts, rows) => self.fold(*fold, parts, rows, span),
            AstNode::Pick(pick, rows, by) => self.pick(*pick, rows, by, span),
            AstNode::Aggregate(over, of) => self.aggregate(*over, of.as_deref(), span),
        }
    }

    /// Every part, or none when one failed; all are checked.
    fn conditions(&mut self, parts: &[Ast]) -> Option<Vec<Expr>> {
        let compares = |part: &Ast| matches!(part.node, AstNode::Compare(..) | AstNode::Text { .. });
        let checked: Vec<Option<Expr>> = parts
            .iter()
            .enumerate()
            .map(|(i, part)| {
                // `x = "a" or "b"`
                let bare = if let AstNode::Not(inner) = &part.node { inner } else { part };
                if matches!(&bare.node, AstNode::Literal(value) if !matches!(value, Value::Bool(_)))
                    && parts[..i].iter().any(compares)
                {
                    self.say(bare.span.clone(), messages::whole_comparison());
                    return None;
                }
                self.condition(part)
            })
            .collect();
        checked.into_iter().collect()
    }

    /// Every part, or none when one failed; all are checked.
    fn exprs(&mut self, parts: &[Ast]) -> Option<Vec<Expr>> {
        let checked: Vec<Option<Expr>> = parts.iter().map(|part| self.expr(part)).collect();
        checked.into_iter().collect()
    }

    fn is_test(&mut self, operand: &Ast, test: &IsWord, negated: bool, span: Range<usize>) -> Option<Expr> {
        let operand = self.expr(operand);
        let test = match test {
            IsWord::Missing => IsTest::Missing,
            IsWord::Present => IsTest::Present,
            IsWord::Known => IsTest::Known,
            IsWord::Row(row) => {
                let row = self.expr(row);
                let (Some(a), Some(b)) = (&operand, &row) else { return None };
                match (a.ty, b.ty) {
                    (Ty::Row(x), Ty::Row(y)) if x == y => {}
                    (Ty::Row(x), Ty::Row(y)) => {
                        let said = messages::same_dataset(&self.pack.get(x).name, &self.pack.get(y).name);
                        self.say(span, said);
                        return None;
                    }
                    (Ty::Value(_), Ty::Value(_)) => {
                        self.say(span, messages::is_between_values(negated));
                        return None;
                    }
                    (Ty::Row(_), other) | (other, _) => {
                        let wrong = if matches!(a.ty, Ty::Row(_)) { b.span.clone() } else { a.span.clone() };
                        let row = Bilingual::new("en række", "a row");
                        let said = messages::wanted(&row, &messages::type_words(other, self.pack));
                        self.say(wrong, said);
                        return None;
                    }
                }
                IsTest::SameRow(Box::new(row?))
            }
        };
        Some(truth(Node::Is { operand: Box::new(operand?), test, negated }, span))
    }

    fn choice(&mut self, when: &Ast, then: &Ast, other: &Ast, span: Range<usize>) -> Option<Expr> {
        let when = self.condition(when);
        let (then, other) = (self.expr(then), self.expr(other));
        let (then, other) = self.alike(then?, other?)?;
        let ty = self.joined(&then, &other, span.clone())?;
        Some(Expr { node: Node::If(Box::new(when?), Box::new(then), Box::new(other)), ty, span })
    }

    /// The type of a value that is one of two.
    fn joined(&mut self, a: &Expr, b: &Expr, span: Range<usize>) -> Option<Ty> {
        let joined = match (a.ty, b.ty) {
            (Ty::Value(a), Ty::Value(b)) => join(a, b).map(Ty::Value),
            (a, b) if a == b && !matches!(a, Ty::Row(_)) => Some(a),
            _ => None,
        };
        if joined.is_none() {
            let said = messages::branches_differ(&self.words(a.ty), &self.words(b.ty));
            self.say(span, said);
        }
        joined
    }

    fn words(&self, ty: Ty) -> Bilingual {
        messages::type_words(ty, self.pack)
    }

    /// The expression, if it is of one of these kinds (scales do not matter, a month is a date).
    fn want(&mut self, expr: Expr, kinds: &[Kind]) -> Option<Expr> {
        if let Ty::Value(found) = expr.ty
            && kinds.iter().any(|&kind| fits(found, kind))
        {
            return Some(expr);
        }
        let wanted = kinds.first().map_or(expr.ty, |&kind| Ty::Value(kind));
        let (wanted_words, found) = (self.words(wanted), self.words(expr.ty));
        let said = match (expr.ty, wanted) {
            (Ty::Value(Kind::Timestamp), Ty::Value(Kind::Date)) => messages::wanted_timestamp_day(&found, &wanted_words),
            (Ty::Value(Kind::Ratio | Kind::MoneyRatio), _) => messages::must_be_rounded(),
            _ => messages::wanted(&wanted_words, &found),
        };
        self.say(expr.span, said);
        None
    }
}

/// Whether a value of kind `found` may stand where `wanted` is wanted. Scales do not matter.
pub(crate) fn fits(found: Kind, wanted: Kind) -> bool {
    class(found) == class(wanted) && (wanted != Kind::Integer || matches!(found, Kind::Integer | Kind::Decimal(0)))
}

/// Kinds that compare with each other fall in one class: scales are left out, a month is a date, a whole number a number.
pub(crate) fn class(kind: Kind) -> Kind {
    match kind {
        Kind::Integer | Kind::Decimal(_) => Kind::Decimal(0),
        Kind::Money(_) => Kind::Money(2),
        Kind::Percent(_) => Kind::Percent(0),
        Kind::Month => Kind::Date,
        other => other,
    }
}

/// The kind that holds values of both, if they are of one class.
pub(crate) fn join(a: Kind, b: Kind) -> Option<Kind> {
    if a == b {
        return Some(a);
    }
    if class(a) != class(b) {
        return None;
    }
    let scale = scale_of(a).max(scale_of(b));
    Some(match class(a) {
        Kind::Decimal(_) => Kind::Decimal(scale),
        Kind::Money(_) => Kind::Money(scale),
        Kind::Percent(_) => Kind::Percent(scale),
        other => other,
    })
}

pub(crate) fn scale_of(kind: Kind) -> u8 {
    match kind {
        Kind::Decimal(scale) | Kind::Money(scale) | Kind::Percent(scale) => scale,
        _ => 0,
    }
}

/// A yes-or-no expression.
fn truth(node: Node, span: Range<usize>) -> Expr {
    value(node, Kind::Bool, span)
}

fn value(node: Node, kind: Kind, span: Range<usize>) -> Expr {
    Expr { node, ty: Ty::Value(kind), span }
}

fn literal(of: &Value, span: Range<usize>) -> Expr {
    let kind = match of {
        Value::Text(_) => Kind::Text,
        Value::List(_) => Kind::TextList,
        Value::Number(n) if n.scale() == 0 => Kind::Integer,
        Value::Number(n) => Kind::Decimal(n.scale()),
        Value::Money(n) => Kind::Money(n.scale()),
        Value::Percent(n) => Kind::Percent(n.scale()),
        Value::Ratio(_) => Kind::Ratio,
        Value::MoneyRatio(_) => Kind::MoneyRatio,
        Value::Date(_) => Kind::Date,
        Value::Timestamp(_) => Kind::Timestamp,
        Value::Duration(_) => Kind::Duration,
        Value::WorkingDays(_) => Kind::WorkingDays,
        Value::Period(_) => Kind::Period,
        Value::Bool(_) => Kind::Bool,
    };
    value(Node::Literal(of.clone()), kind, span)
}
