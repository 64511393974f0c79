//! Walking over the typed tree.

use super::typed::{Expr, IsTest, Node, Pick, RowSource, Rows, Slot};

impl Expr {
    /// Calls `f` with each direct part; parts of row sources (start, index, filter) come before what ranges over them.
    pub fn parts<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        match &self.node {
            Node::Literal(_) | Node::ExtractDate | Node::Var(_) => {}
            Node::Field(a, _) | Node::Follow { row: a, .. } | Node::Not(a) | Node::Negate(a) => f(a),
            Node::And(parts) | Node::Or(parts) | Node::Call(_, parts) => parts.iter().for_each(f),
            Node::Compare(_, a, b)
            | Node::Arith(_, a, b)
            | Node::Either { first: a, second: b, .. }
            | Node::InList { value: a, list: b, .. }
            | Node::Text { left: a, right: b, .. }
            | Node::Period { left: a, right: b, .. } => {
                f(a);
                f(b);
            }
            Node::Between(a, b, c) | Node::If(a, b, c) => {
                f(a);
                f(b);
                f(c);
            }
            Node::Is { operand, test, .. } => {
                f(operand);
                if let IsTest::SameRow(row) = test {
                    f(row);
                }
            }
            Node::InItems { value, items, .. } => {
                f(value);
                items.iter().for_each(f);
            }
            Node::InCodes { value, at, .. } => {
                f(value);
                at.iter().for_each(|at| f(at));
            }
            Node::Lookup { keys, at, .. } => {
                keys.iter().for_each(&mut *f);
                at.iter().for_each(|at| f(at));
            }
            Node::Quantified { rows, satisfies, .. } => {
                rows.parts(f);
                satisfies.iter().for_each(|s| f(s));
            }
            Node::Count(rows) => rows.parts(f),
            Node::CountDistinct(what, rows) => {
                rows.parts(f);
                f(what);
            }
            Node::Fold(_, parts, rows) | Node::Pick(_, rows, parts) => {
                rows.parts(f);
                parts.iter().for_each(f);
            }
        }
    }

    /// The row source of this node, if it has one.
    pub fn rows(&self) -> Option<&Rows> {
        match &self.node {
            Node::Quantified { rows, .. }
            | Node::Count(rows)
            | Node::CountDistinct(_, rows)
            | Node::Fold(_, _, rows)
            | Node::Pick(_, rows, _) => Some(rows),
            _ => None,
        }
    }

    /// Calls `f` with this expression and everything in it.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        f(self);
        self.parts(&mut |part| part.walk(f));
    }

    /// Whether it is the same for every row that is judged: it names no variable but its own rows, and rests on no reading of
    /// the law.
    pub fn is_closed(&self) -> bool {
        let mut own = Vec::new();
        self.walk(&mut |e| {
            let mut rows = e.rows();
            while let Some(source) = rows {
                own.push(source.slot);
                rows = match &source.source {
                    RowSource::Through { over, .. } => Some(over),
                    RowSource::Group { .. } | RowSource::Whole { .. } => None,
                };
            }
        });
        let mut closed = true;
        self.walk(&mut |e| {
            closed &= match &e.node {
                Node::Var(slot) => own.contains(slot),
                Node::Either { .. } | Node::Pick(Pick::Previous | Pick::Next, ..) => false,
                _ => true,
            };
        });
        closed
    }

    /// Whether it searches a whole dataset that nothing indexes: such an expression is [closed](Expr::is_closed).
    pub fn searches_all(&self) -> bool {
        self.rows().is_some_and(|rows| matches!(&rows.source, RowSource::Whole { equal } if equal.is_empty()))
    }

    /// Whether the variable in `slot` occurs in it.
    pub fn mentions(&self, slot: Slot) -> bool {
        let mut found = false;
        self.walk(&mut |e| found |= matches!(e.node, Node::Var(s) if s == slot));
        found
    }
}

impl Rows {
    /// Calls `f` with the expressions of the source and its filter.
    pub fn parts<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        match &self.source {
            RowSource::Group { start, .. } => f(start),
            RowSource::Through { over, .. } => over.parts(f),
            RowSource::Whole { equal } => equal.iter().for_each(|(_, e)| f(e)),
        }
        self.filter.iter().for_each(f);
    }
}
