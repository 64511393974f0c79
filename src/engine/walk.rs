//! Walks over typed trees: what a rule's expressions read, without evaluating them.

use crate::model::{ColumnId, DatasetId};
use crate::rule::typed::{Expr, ModelExprs, Node, Piece, RowSource, Rule};

/// Columns by which whole datasets are searched inside an expression: those that need an index.
pub(crate) fn indexed(expr: &Expr) -> Vec<(DatasetId, ColumnId)> {
    let mut found = Vec::new();
    expr.walk(&mut |inner| {
        let mut rows = inner.rows();
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
    all.extend([&rule.when, &rule.require, &rule.partly, &rule.amount, &rule.refund, &rule.law_date].into_iter().flatten());
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

/// The columns of a row that an expression of the model reads of that row itself.
pub(crate) fn fields(expr: &Expr) -> Vec<ColumnId> {
    let mut found = Vec::new();
    expr.walk(&mut |part| {
        if let Node::Field(row, column) = &part.node
            && matches!(row.node, Node::Var(_))
            && !found.contains(column)
        {
            found.push(*column);
        }
    });
    found
}
