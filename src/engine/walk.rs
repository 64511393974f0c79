//! Walks over typed trees: what a rule's expressions read, without evaluating them.

use crate::model::{ColumnId, DatasetId};
use crate::rule::typed::{Expr, IsTest, ModelExprs, Node, Piece, RowSource, Rows, Rule};

/// Calls `seen` for an expression and everything inside it.
pub(crate) fn visit<'e>(expr: &'e Expr, seen: &mut dyn FnMut(&'e Expr)) {
    seen(expr);
    match &expr.node {
        Node::Literal(_) | Node::ExtractDate | Node::Var(_) => {}
        Node::Field(a, _) | Node::Not(a) | Node::Negate(a) | Node::Follow { row: a, .. } => visit(a, seen),
        Node::And(parts) | Node::Or(parts) | Node::Call(_, parts) => parts.iter().for_each(|part| visit(part, seen)),
        Node::Compare(_, a, b) | Node::Arith(_, a, b) => [a, b].into_iter().for_each(|e| visit(e, seen)),
        Node::Between(a, b, c) | Node::If(a, b, c) => [a, b, c].into_iter().for_each(|e| visit(e, seen)),
        Node::Is { operand, test, .. } => {
            visit(operand, seen);
            if let IsTest::SameRow(other) = test {
                visit(other, seen);
            }
        }
        Node::InItems { value, items, .. } => {
            visit(value, seen);
            items.iter().for_each(|item| visit(item, seen));
        }
        Node::InList { value: a, list: b, .. }
        | Node::Text { left: a, right: b, .. }
        | Node::Period { left: a, right: b, .. } => {
            [a, b].into_iter().for_each(|e| visit(e, seen));
        }
        Node::InCodes { value, at, .. } => {
            visit(value, seen);
            at.iter().for_each(|at| visit(at, seen));
        }
        Node::Lookup { keys, at, .. } => {
            keys.iter().for_each(|key| visit(key, seen));
            at.iter().for_each(|at| visit(at, seen));
        }
        Node::Quantified { rows, satisfies, .. } => {
            visit_rows(rows, seen);
            satisfies.iter().for_each(|s| visit(s, seen));
        }
        Node::Count(rows) => visit_rows(rows, seen),
        Node::CountDistinct(of, rows) => {
            visit_rows(rows, seen);
            visit(of, seen);
        }
        Node::Fold(_, args, rows) | Node::Pick(_, rows, args) => {
            visit_rows(rows, seen);
            args.iter().for_each(|arg| visit(arg, seen));
        }
    }
}

fn visit_rows<'e>(rows: &'e Rows, seen: &mut dyn FnMut(&'e Expr)) {
    match &rows.source {
        RowSource::Group { start, .. } => visit(start, seen),
        RowSource::Through { over, .. } => visit_rows(over, seen),
        RowSource::Whole { equal } => equal.iter().for_each(|(_, key)| visit(key, seen)),
    }
    rows.filter.iter().for_each(|part| visit(part, seen));
}

/// The row source of a node, if it has one.
pub(crate) fn rows_of(expr: &Expr) -> Option<&Rows> {
    match &expr.node {
        Node::Quantified { rows, .. } | Node::Count(rows) => Some(rows),
        Node::CountDistinct(_, rows) | Node::Fold(_, _, rows) | Node::Pick(_, rows, _) => Some(rows),
        _ => None,
    }
}

/// Columns by which whole datasets are searched inside an expression: those that need an index.
pub(crate) fn indexed(expr: &Expr) -> Vec<(DatasetId, ColumnId)> {
    let mut found = Vec::new();
    visit(expr, &mut |inner| {
        let mut rows = rows_of(inner);
        while let Some(source) = rows {
            rows = match &source.source {
                RowSource::Whole { equal } => {
                    found.extend(equal.first().map(|(column, _)| (source.dataset, *column)));
                    None
                }
                RowSource::Through { over, .. } => Some(over),
                RowSource::Group { .. } => None,
            };
        }
    });
    found
}

/// Every expression of a rule.
pub(crate) fn exprs(rule: &Rule) -> Vec<&Expr> {
    let mut all: Vec<&Expr> = Vec::new();
    all.extend([&rule.when, &rule.require, &rule.partly, &rule.amount, &rule.law_date].into_iter().flatten());
    all.extend(rule.deadline.iter().flat_map(|d| [&d.due, &d.done]));
    all.extend(rule.per.iter().map(|p| &p.items));
    all.extend(rule.steps.iter().map(|s| &s.expr));
    all.extend(rule.marks.iter().map(|m| &m.cell));
    for texts in [&rule.da, &rule.en] {
        let templates = std::iter::once(&texts.message).chain(texts.labels.iter().flatten());
        all.extend(templates.flat_map(|t| &t.pieces).filter_map(|piece| match piece {
            Piece::Expr(expr) => Some(expr),
            Piece::Text(_) => None,
        }));
    }
    all
}

/// Every expression of a model.
pub(crate) fn model_exprs(model: &ModelExprs) -> Vec<&Expr> {
    let derived = model.derived.iter().map(|(_, _, expr)| expr);
    derived.chain(model.closed.iter().map(|(_, expr)| expr)).chain(model.expectations.iter().map(|(_, expr, _)| expr)).collect()
}
