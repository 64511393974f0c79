//! Comparisons, `in`, text and period tests, and literals that take the kind of what they stand beside.

use std::ops::Range;

use super::{Checker, class, fits, scale_of, truth};
use crate::model::ListId;
use crate::rule::ast::{Ast, AstNode, TextWord};
use crate::rule::lexer::iso_shape;
use crate::rule::messages;
use crate::rule::typed::{Compare, Expr, Node, Pattern, PeriodTest, TextTest, Ty};
use crate::value::dk;
use crate::value::{Kind, Value};

impl Checker<'_> {
    pub(super) fn compare(&mut self, op: Compare, a: &Ast, b: &Ast, span: Range<usize>) -> Option<Expr> {
        let a = self.expr(a);
        let b = self.beside(a.as_ref(), b);
        let (a, b) = self.comparable(op, a?, b?, span.clone())?;
        Some(truth(Node::Compare(op, Box::new(a), Box::new(b)), span))
    }

    /// The right side of a comparison. A word that nobody knows beside a text was meant as a text.
    fn beside(&mut self, left: Option<&Expr>, right: &Ast) -> Option<Expr> {
        if let (Some(Ty::Value(Kind::Text)), AstNode::Name(word)) = (left.map(|left| left.ty), &right.node)
            && !self.known_names().contains(word)
            && self.pack.dataset(word).is_none()
            && self.pack.list(word).is_none()
            && crate::rule::habits::instead(word).is_none()
        {
            self.say(right.span.clone(), messages::text_needs_quotes(word));
            return None;
        }
        self.expr(right)
    }

    pub(super) fn between(&mut self, x: &Ast, low: &Ast, high: &Ast, span: Range<usize>) -> Option<Expr> {
        let (x, low, high) = (self.expr(x), self.expr(low), self.expr(high));
        let (x, low, high) = (x?, low?, high?);
        let (x, low) = self.comparable(Compare::LessEqual, x, low, span.clone())?;
        let (x, high) = self.comparable(Compare::LessEqual, x, high, span.clone())?;
        Some(truth(Node::Between(Box::new(x), Box::new(low), Box::new(high)), span))
    }

    pub(super) fn in_items(&mut self, left: &Ast, items: &[Ast], negated: bool, span: Range<usize>) -> Option<Expr> {
        let left = self.expr(left);
        let items: Vec<Option<Expr>> = items.iter().map(|item| self.beside(left.as_ref(), item)).collect();
        let mut left = left?;
        let mut checked = Vec::with_capacity(items.len());
        for item in items {
            let Some(item) = item else {
                checked.push(None);
                continue;
            };
            let at = item.span.clone();
            match self.comparable(Compare::Equal, left.clone(), item, at) {
                Some((a, item)) => {
                    left = a;
                    checked.push(Some(item));
                }
                None => checked.push(None),
            }
        }
        let items = checked.into_iter().collect::<Option<Vec<Expr>>>()?;
        Some(truth(Node::InItems { value: Box::new(left), items, negated }, span))
    }

    /// Both sides of a comparison, or a message at `span`.
    pub(super) fn comparable(&mut self, op: Compare, a: Expr, b: Expr, span: Range<usize>) -> Option<(Expr, Expr)> {
        let (a, b) = self.alike(a, b)?;
        let (Ty::Value(x), Ty::Value(y)) = (a.ty, b.ty) else {
            let rows = matches!(a.ty, Ty::Row(_)) && matches!(b.ty, Ty::Row(_));
            let said =
                if rows { messages::rows_with_is() } else { messages::not_comparable(&self.words(a.ty), &self.words(b.ty)) };
            self.say(span, said);
            return None;
        };
        for side in [&a, &b] {
            if matches!(side.ty, Ty::Value(Kind::Ratio | Kind::MoneyRatio)) {
                self.say(side.span.clone(), messages::must_be_rounded());
                return None;
            }
        }
        for side in [&a, &b] {
            if matches!(side.ty, Ty::Value(Kind::Money(scale)) if scale > 2) {
                self.say(side.span.clone(), messages::product_must_be_rounded());
                return None;
            }
        }
        let (left, right) = (self.words(a.ty), self.words(b.ty));
        if class(x) != class(y) {
            let instant_and_end_of_day = |date: &Expr, other: Kind| other == Kind::Timestamp && date.node == Node::ExtractDate;
            if instant_and_end_of_day(&a, y) || instant_and_end_of_day(&b, x) {
                return Some((a, b));
            }
            let said = match (class(x), class(y)) {
                (Kind::Money(_), Kind::Decimal(_)) => self.amount_with_number(&a, &b),
                (Kind::Decimal(_), Kind::Money(_)) => self.amount_with_number(&b, &a),
                (Kind::Date | Kind::Timestamp, Kind::Text) if is_text_literal(&b) => date_literal(&b),
                (Kind::Text, Kind::Date | Kind::Timestamp) if is_text_literal(&a) => date_literal(&a),
                (Kind::Date, Kind::Timestamp) | (Kind::Timestamp, Kind::Date) => messages::date_with_timestamp(&left, &right),
                (Kind::TextList, Kind::Text) | (Kind::Text, Kind::TextList) => messages::list_with_in(),
                (Kind::Bool, Kind::Text | Kind::Decimal(_)) => messages::yes_no_alone(&right),
                (Kind::Text | Kind::Decimal(_), Kind::Bool) => messages::yes_no_alone(&left),
                (Kind::Decimal(_), Kind::Text) | (Kind::Text, Kind::Decimal(_)) => {
                    let written = [&a, &b].into_iter().find_map(|side| match &side.node {
                        Node::Literal(Value::Text(text)) if text.bytes().all(|c| c.is_ascii_digit()) => Some(text.to_string()),
                        Node::Literal(Value::Number(n)) => Some(format!("\"{}\"", n.plain())),
                        _ => None,
                    });
                    match written {
                        Some(written) => messages::text_with_number(&left, &right, &written),
                        None => messages::not_comparable(&left, &right),
                    }
                }
                _ => messages::not_comparable(&left, &right),
            };
            self.say(span, said);
            return None;
        }
        if x == Kind::TextList {
            self.say(span, messages::list_with_in());
            return None;
        }
        let orders = !matches!(op, Compare::Equal | Compare::NotEqual);
        if orders && !is_ordered(x) {
            self.say(span, messages::no_order(&left));
            return None;
        }
        if let (Some(a), Some(b)) = (unit(&a), unit(&b))
            && a != b
        {
            self.say(span, messages::months_with_days());
            return None;
        }
        Some((a, b))
    }

    fn amount_with_number(&self, amount: &Expr, number: &Expr) -> messages::Said {
        let literal = match &number.node {
            Node::Literal(Value::Number(n)) => Some(n.plain()),
            _ => None,
        };
        messages::amount_with_number(&self.words(amount.ty), &self.words(number.ty), literal.as_deref(), &self.pack.currency)
    }

    /// A text literal takes the kind of the other side, and must be one of its codes.
    pub(super) fn alike(&mut self, a: Expr, b: Expr) -> Option<(Expr, Expr)> {
        let (a, b) = match (a.ty, b.ty) {
            (Ty::Value(kind), _) if is_text_literal(&b) => {
                let b = self.as_kind(b, kind)?;
                (a, b)
            }
            (_, Ty::Value(kind)) if is_text_literal(&a) => {
                let a = self.as_kind(a, kind)?;
                (a, b)
            }
            _ => (a, b),
        };
        self.check_codes(&a, &b)?;
        self.check_codes(&b, &a)?;
        Some((a, b))
    }

    /// A text literal read as a value of a national kind; everything else stays.
    pub(super) fn as_kind(&mut self, expr: Expr, kind: Kind) -> Option<Expr> {
        if !kind.is_dk() {
            return Some(expr);
        }
        let Node::Literal(Value::Text(text)) = &expr.node else { return Some(expr) };
        if expr.ty != Ty::Value(Kind::Text) {
            return Some(expr);
        }
        match dk::parse(kind, text).value() {
            Some(canonical) => {
                let node = Node::Literal(Value::Text(canonical.into()));
                Some(Expr { node, ty: Ty::Value(kind), span: expr.span })
            }
            None => {
                let said = messages::not_canonical(text, &self.words(Ty::Value(kind)));
                self.say(expr.span, said);
                None
            }
        }
    }

    /// Says that a literal is not among the codes of what it stands beside, if so.
    pub(super) fn check_codes(&mut self, literal: &Expr, coded: &Expr) -> Option<()> {
        let Node::Literal(Value::Text(text)) = &literal.node else { return Some(()) };
        let Some((list, column)) = self.codes_of(coded) else { return Some(()) };
        let list = &self.pack.lists[list.index()];
        if list.codes.iter().any(|c| c.code == *text) {
            return Some(());
        }
        let near =
            list.find(text).map(|c| &*c.code).or_else(|| crate::problem::nearest(text, list.codes.iter().map(|c| &*c.code)));
        let said = messages::not_code(&column, near);
        self.say(literal.span.clone(), said);
        None
    }

    /// The codes of an expression's column, and the column's name.
    fn codes_of(&self, expr: &Expr) -> Option<(ListId, String)> {
        match &expr.node {
            Node::Field(row, column) => {
                let Ty::Row(dataset) = row.ty else { return None };
                let column = &self.pack.get(dataset).columns[column.index()];
                Some((column.codes?, column.name.to_string()))
            }
            Node::Call(crate::rule::function::Function::OrElse, args) => self.codes_of(args.first()?),
            Node::If(_, a, b) => self.codes_of(a).or_else(|| self.codes_of(b)),
            _ => None,
        }
    }

    pub(super) fn text_test(
        &mut self,
        test: TextWord,
        left: &Ast,
        right: &Ast,
        negated: bool,
        span: Range<usize>,
    ) -> Option<Expr> {
        let (left, right) = (self.expr(left), self.expr(right));
        let (left, right) = (left?, right?);
        let (test, left, right) = if test == TextWord::Under {
            let (left, right) = self.alike(left, right)?;
            if !matches!(left.ty, Ty::Value(Kind::Paragraf | Kind::Konto)) {
                let said = messages::under_what(&self.words(left.ty));
                self.say(left.span, said);
                return None;
            }
            if left.ty != right.ty {
                let said = messages::not_comparable(&self.words(left.ty), &self.words(right.ty));
                self.say(span, said);
                return None;
            }
            (TextTest::Under, left, right)
        } else {
            if left.ty == Ty::Value(Kind::Period) && test == TextWord::Contains {
                self.say(span, messages::period_and_date());
                return None;
            }
            let (left, right) = (self.want(left, &[Kind::Text]), self.want(right, &[Kind::Text]));
            let (left, right) = (left?, right?);
            let test = match test {
                TextWord::StartsWith => TextTest::StartsWith,
                TextWord::EndsWith => TextTest::EndsWith,
                TextWord::Contains => TextTest::Contains,
                TextWord::Matches => TextTest::Matches(self.pattern(&right)?),
                TextWord::Under => TextTest::Under,
            };
            (test, left, right)
        };
        Some(truth(Node::Text { test, left: Box::new(left), right: Box::new(right), negated }, span))
    }

    /// The pattern of `matches`, anchored at both ends.
    fn pattern(&mut self, text: &Expr) -> Option<Pattern> {
        let Node::Literal(Value::Text(pattern)) = &text.node else {
            self.say(text.span.clone(), messages::pattern_literal());
            return None;
        };
        match regex::Regex::new(&format!("^(?:{pattern})$")) {
            Ok(regex) => Some(Pattern(regex)),
            Err(why) => {
                self.say(text.span.clone(), messages::bad_pattern(&why.to_string()));
                None
            }
        }
    }

    pub(super) fn period_test(
        &mut self,
        test: PeriodTest,
        left: &Ast,
        right: &Ast,
        negated: bool,
        span: Range<usize>,
    ) -> Option<Expr> {
        const PERIOD: &[Kind] = &[Kind::Period];
        const EITHER: &[Kind] = &[Kind::Period, Kind::Date];
        let (left, right) = (self.expr(left), self.expr(right));
        let (wants_left, wants_right) = match test {
            PeriodTest::Overlaps | PeriodTest::Meets => (PERIOD, PERIOD),
            PeriodTest::During => (EITHER, PERIOD),
            PeriodTest::Covers => (PERIOD, EITHER),
        };
        if let (PeriodTest::Overlaps | PeriodTest::Meets, Some(a), Some(b)) = (test, &left, &right)
            && [a, b].iter().any(|side| matches!(side.ty, Ty::Value(Kind::Date | Kind::Month)))
        {
            self.say(span, messages::period_and_date());
            return None;
        }
        let left = left.and_then(|left| self.want(left, wants_left));
        let right = right.and_then(|right| self.want(right, wants_right));
        Some(truth(Node::Period { test, left: Box::new(left?), right: Box::new(right?), negated }, span))
    }

    /// Whether a column of `kind` can take values of an expression of kind `found`.
    pub(crate) fn storable(found: Kind, kind: Kind) -> bool {
        let month = kind == Kind::Month && found != Kind::Month;
        fits(found, kind) && !month && scale_of(found) <= scale_of(kind)
    }
}

/// Whether `<` is meant for values of this kind.
pub(super) fn is_ordered(kind: Kind) -> bool {
    matches!(
        class(kind),
        Kind::Decimal(_) | Kind::Money(_) | Kind::Percent(_) | Kind::Date | Kind::Timestamp | Kind::Duration | Kind::WorkingDays
    )
}

/// What to say of a text where a date is wanted.
fn date_literal(text: &Expr) -> messages::Said {
    let iso = match &text.node {
        Node::Literal(Value::Text(text)) => iso_shape(text),
        _ => None,
    };
    messages::date_without_quotes(iso.as_deref())
}

fn is_text_literal(expr: &Expr) -> bool {
    matches!(expr.node, Node::Literal(Value::Text(_))) && expr.ty == Ty::Value(Kind::Text)
}

/// The parts of a duration that do not compare with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Months,
    Days,
    Minutes,
}

/// The unit of a duration, where the text of the expression settles it. A length of nothing has none.
pub(super) fn unit(expr: &Expr) -> Option<Unit> {
    use crate::rule::function::Function;
    use crate::rule::typed::Arith;
    if expr.ty != Ty::Value(Kind::Duration) {
        return None;
    }
    match &expr.node {
        Node::Literal(Value::Duration(span)) => match (span.months != 0, span.days != 0, span.minutes != 0) {
            (true, false, false) => Some(Unit::Months),
            (false, true, false) => Some(Unit::Days),
            (false, false, true) => Some(Unit::Minutes),
            _ => None,
        },
        Node::Call(Function::MonthsOf, _) => Some(Unit::Months),
        Node::Call(Function::Days | Function::Weeks, _) => Some(Unit::Days),
        Node::Negate(a) => unit(a),
        Node::Arith(Arith::Add | Arith::Subtract, a, b) => unit(a).filter(|u| unit(b) == Some(*u)),
        Node::Arith(Arith::Multiply, a, b) => unit(a).or_else(|| unit(b)),
        _ => None,
    }
}

/// Whether an untyped expression is a conjunction that is not bracketed.
pub(super) fn conjuncts(ast: &Ast) -> &[Ast] {
    match &ast.node {
        AstNode::And(parts) if !ast.bracketed => parts,
        _ => std::slice::from_ref(ast),
    }
}
