//! Names and paths: variables, columns, links.

use std::ops::Range;
use std::sync::Arc;

use super::{Binding, Checker, aggregate, value};
use crate::model::{DatasetId, LinkId};
use crate::rule::ast::{Ast, AstNode, Word};
use crate::rule::messages;
use crate::rule::typed::{Expr, Node, Ty};
use crate::value::Kind;

/// What a name after a dot leads to.
pub(super) enum Step {
    Column(Expr),
    /// One row.
    Row(Expr),
    /// Several rows.
    Group {
        link: LinkId,
        forward: bool,
        dataset: DatasetId,
    },
}

impl Checker<'_> {
    /// A name standing alone.
    pub(super) fn name(&mut self, name: &Arc<str>, span: Range<usize>) -> Option<Expr> {
        if let Some(found) = self.scope.iter().rev().find(|b| b.name == *name) {
            let ty = found.ty?;
            return Some(Expr { node: Node::Var(found.slot), ty, span });
        }
        if &**name == "extract_date" {
            return Some(value(Node::ExtractDate, Kind::Date, span));
        }
        if let Some((dataset, slot)) = self.implicit {
            let row = Expr { node: Node::Var(slot), ty: Ty::Row(dataset), span: span.start..span.start };
            match self.step(row, name, span.clone()) {
                Some(Step::Column(expr) | Step::Row(expr)) => return Some(expr),
                Some(Step::Group { .. }) => {
                    self.say(span, messages::group_as_value(name));
                    return None;
                }
                None => {}
            }
        }
        if let Some(table) = self.pack.table(name) {
            return self.figure(table, Vec::new(), None, span);
        }
        let said = if self.over_group.is_group(name) {
            messages::group_alone()
        } else if self.pack.dataset(name).is_some() {
            messages::dataset_as_value(name)
        } else if self.pack.list(name).is_some() {
            messages::list_as_value(name)
        } else if let Some((dataset, _)) = self.implicit {
            let known = self.known_names();
            let near = crate::problem::nearest(name, known.iter().map(|n| &**n));
            messages::no_column(&self.pack.get(dataset).name, name, near)
        } else if let Some(row) = self.row_with(name) {
            messages::column_of(name, &row)
        } else {
            let known = self.known_names();
            messages::unknown_name(name, known.iter().map(|n| &**n))
        };
        self.say(span, said);
        None
    }

    /// A row in scope of the dataset that stands where a row should.
    fn row_of(&self, ast: &Ast) -> Option<Arc<str>> {
        let AstNode::Name(name) = &ast.node else { return None };
        if self.scope.iter().any(|b| b.name == *name) || self.implicit.is_some() {
            return None;
        }
        let dataset = self.pack.dataset(name)?;
        self.scope.iter().rev().find(|b| b.ty == Some(Ty::Row(dataset))).map(|b| b.name.clone())
    }

    /// A row in scope that has a column of this name.
    fn row_with(&self, column: &str) -> Option<Arc<str>> {
        let has = |b: &&Binding| matches!(b.ty, Some(Ty::Row(dataset)) if self.pack.get(dataset).column(column).is_some());
        self.scope.iter().rev().find(has).map(|b| b.name.clone())
    }

    /// Names that may stand alone here.
    pub(super) fn known_names(&self) -> Vec<Arc<str>> {
        let mut known: Vec<Arc<str>> = self.scope.iter().map(|b| b.name.clone()).collect();
        if let Some((dataset, _)) = self.implicit {
            known.extend(self.pack.get(dataset).columns.iter().map(|c| c.name.clone()));
            known.extend(self.pack.paths(dataset).keys().map(|&name| Arc::from(name)));
        }
        known.extend(self.pack.tables.iter().map(|t| t.name.clone()));
        known.push("extract_date".into());
        known.extend(self.over_group.values.as_ref().map(|_| Arc::from(aggregate::GROUP)));
        known
    }

    /// `row.word`
    pub(super) fn dot(&mut self, row: &Ast, word: &Word, span: Range<usize>) -> Option<Expr> {
        if let Some(value) = self.of_group(row, word, span.clone()) {
            return value;
        }
        let path = written(row);
        if let (AstNode::Name(name), Some(each)) = (&row.node, self.row_of(row)) {
            let said = messages::row_of_dataset(name, &each, &word.text);
            self.say(row.span.clone(), said);
            return None;
        }
        let before = self.expr(row)?;
        let Ty::Row(dataset) = before.ty else {
            let said = messages::dot_on_value(&self.words(before.ty), &word.text);
            self.say(word.span.clone(), said);
            return None;
        };
        match self.step(before, &word.text, span.clone()) {
            Some(Step::Column(expr) | Step::Row(expr)) => Some(expr),
            Some(Step::Group { .. }) => {
                let shown = path.map_or_else(|| word.text.to_string(), |path| format!("{path}.{}", word.text));
                self.say(span, messages::group_as_value(&shown));
                None
            }
            None => {
                self.no_step(dataset, path.as_deref(), word, false);
                None
            }
        }
    }

    /// One step from a row, if there is one of this name. Columns come before links.
    pub(super) fn step(&self, row: Expr, name: &str, span: Range<usize>) -> Option<Step> {
        let Ty::Row(dataset) = row.ty else { return None };
        let of = self.pack.get(dataset);
        if let Some(column) = of.column(name) {
            let kind = of.columns[column.index()].kind;
            return Some(Step::Column(value(Node::Field(Box::new(row), column), kind, span)));
        }
        let &(link, forward) = self.pack.paths(dataset).get(name)?;
        let through = &self.pack.links[link.index()];
        let to = if forward { through.to } else { through.from };
        if forward && through.one {
            let node = Node::Follow { row: Box::new(row), link, forward };
            return Some(Step::Row(Expr { node, ty: Ty::Row(to), span }));
        }
        Some(Step::Group { link, forward, dataset: to })
    }

    /// Says that a dataset has no such column or link, with the nearest of both.
    pub(super) fn no_step(&mut self, dataset: DatasetId, path: Option<&str>, word: &Word, wants_rows: bool) {
        let of = self.pack.get(dataset);
        let links = self.pack.paths(dataset);
        let columns: Vec<&str> = of.columns.iter().map(|c| &*c.name).collect();
        let near_column = crate::problem::nearest(&word.text, columns.iter().copied()).filter(|_| !wants_rows);
        let near_link = crate::problem::nearest(&word.text, links.keys().copied());
        let said = match (near_column, near_link) {
            (None, Some(link)) => {
                // The path as the author would write it, without the variable it starts from.
                let before = path.and_then(|p| p.split_once('.')).map(|(_, rest)| rest);
                let full = before.map_or_else(|| link.to_owned(), |before| format!("{before}.{link}"));
                messages::no_relation(Some(&full))
            }
            (None, None) if wants_rows => messages::no_relation(None),
            (column, _) => messages::no_column(&of.name, &word.text, column),
        };
        self.say(word.span.clone(), said);
    }
}

/// A path as written, where it is nothing but names.
pub(super) fn written(ast: &Ast) -> Option<String> {
    match &ast.node {
        AstNode::Name(name) => Some(name.to_string()),
        AstNode::Dot(row, word) => Some(format!("{}.{}", written(row)?, word.text)),
        _ => None,
    }
}
