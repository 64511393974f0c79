//! Tables of figures and code lists.

use std::ops::Range;

use super::{Checker, fits, truth, value};
use crate::model::{ListId, TableId};
use crate::rule::ast::{Ast, AstNode, Word};
use crate::rule::messages;
use crate::rule::typed::{Expr, Node, Ty};
use crate::value::{Kind, Value};

impl Checker<'_> {
    /// `table[keys] at day`
    pub(super) fn lookup(&mut self, name: &Word, keys: &[Ast], at: Option<&Ast>, span: Range<usize>) -> Option<Expr> {
        let bound = self.scope.iter().rev().find(|b| b.name == name.text);
        if bound.is_some_and(|b| matches!(b.ty, Some(Ty::Row(_)))) {
            let column = match keys {
                [Ast { node: AstNode::Literal(Value::Text(text)), .. }] => Some(&**text),
                _ => None,
            };
            self.say(span, messages::row_column(&name.text, column));
            return None;
        }
        let keys = self.exprs(keys);
        let day = at.map(|at| self.day(at));
        let Some(table) = self.pack.table(&name.text) else {
            let said = if self.pack.list(&name.text).is_some() {
                messages::list_as_value(&name.text)
            } else {
                let known: Vec<&str> = self.pack.tables.iter().map(|t| &*t.name).collect();
                messages::unknown_table(&name.text, known)
            };
            self.say(name.span.clone(), said);
            return None;
        };
        let day = match day {
            Some(day) => Some(day?),
            None => None,
        };
        self.figure(table, keys?, day, span)
    }

    /// A figure of a table.
    pub(super) fn figure(&mut self, id: TableId, keys: Vec<Expr>, at: Option<Expr>, span: Range<usize>) -> Option<Expr> {
        let pack = self.pack;
        let table = &pack.tables[id.index()];
        if keys.len() != table.keys.len() {
            self.say(span, messages::key_count(&table.name, table.keys.len(), keys.len()));
            return None;
        }
        let mut checked = Vec::with_capacity(keys.len());
        for (key, &kind) in keys.into_iter().zip(&table.keys) {
            checked.push(self.as_kind(key, kind).and_then(|key| self.want(key, &[kind])));
        }
        match (&at, table.dated) {
            (None, true) => {
                self.say(span, messages::needs_at(&table.name));
                return None;
            }
            (Some(at), false) => {
                self.say(at.span.clone(), messages::at_not_wanted(&table.name));
                return None;
            }
            _ => {}
        }
        let keys = checked.into_iter().collect::<Option<Vec<Expr>>>()?;
        Some(value(Node::Lookup { table: id, keys, at: at.map(Box::new) }, table.kind, span))
    }

    /// A day, as `at` takes it.
    fn day(&mut self, at: &Ast) -> Option<Expr> {
        let at = self.expr(at)?;
        self.want(at, &[Kind::Date])
    }

    /// `x in ...` where the right side is no bracketed list: a code list, or a column of several values.
    pub(super) fn in_right(&mut self, left: &Ast, right: &Ast, negated: bool, span: Range<usize>) -> Option<Expr> {
        let left = self.expr(left);
        let (name, keys, at) = match &right.node {
            AstNode::Name(name) => (Some(Word { text: name.clone(), span: right.span.clone() }), 0, None),
            AstNode::Lookup { name, keys, at } => (Some(name.clone()), keys.len(), at.as_deref()),
            _ => (None, 0, None),
        };
        if let Some(name) = name {
            if let Some(list) = self.pack.list(&name.text) {
                let at = at.map(|at| self.day(at));
                if keys > 0 {
                    self.say(name.span, messages::list_with_keys(&name.text));
                    return None;
                }
                return self.in_codes(left?, list, at, negated, span);
            }
            let is_name = self.known_names().contains(&name.text);
            if !is_name && self.pack.dataset(&name.text).is_none() {
                let known: Vec<&str> = self.pack.lists.iter().map(|l| &*l.name).collect();
                self.say(name.span, messages::unknown_list(&name.text, known));
                return None;
            }
        }
        let list = self.expr(right)?;
        let left = left?;
        if list.ty != Ty::Value(Kind::TextList) {
            let said = if list.ty == Ty::Value(Kind::Period) { messages::in_period() } else { messages::in_what() };
            self.say(list.span, said);
            return None;
        }
        let left = self.want(left, &[Kind::Text])?;
        self.check_codes(&left, &list)?;
        Some(truth(Node::InList { value: Box::new(left), list: Box::new(list), negated }, span))
    }

    fn in_codes(
        &mut self,
        left: Expr,
        list: ListId,
        at: Option<Option<Expr>>,
        negated: bool,
        span: Range<usize>,
    ) -> Option<Expr> {
        let kind = self.pack.lists[list.index()].kind;
        let left = self.as_kind(left, kind)?;
        if !matches!(left.ty, Ty::Value(found) if fits(found, kind)) {
            let said = messages::not_comparable(&self.words(left.ty), &self.words(Ty::Value(kind)));
            self.say(span, said);
            return None;
        }
        let at = match at {
            Some(at) => Some(Box::new(at?)),
            None => None,
        };
        Some(truth(Node::InCodes { value: Box::new(left), list, at, negated }, span))
    }
}
