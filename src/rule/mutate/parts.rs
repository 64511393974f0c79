//! The parts of a node that may be changed.

use crate::rule::function::Function;
use crate::rule::typed::{Compare, Expr, Node, RowSource, Rows};

/// Where rows come from, and what a whole dataset is searched by, stays.
pub(super) fn of(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.node {
        Node::Literal(_) | Node::ExtractDate | Node::Var(_) => Vec::new(),
        Node::Field(a, _) | Node::Follow { row: a, .. } | Node::Not(a) | Node::Negate(a) => vec![a],
        Node::And(parts) | Node::Or(parts) => parts.iter_mut().collect(),
        // The number of decimals is part of the type.
        Node::Call(Function::Round, parts) => parts.iter_mut().take(1).collect(),
        Node::Call(_, parts) => parts.iter_mut().collect(),
        // A constant beside a comparison is changed with it, for what is one off depends on the other side.
        Node::Compare(_, a, b) => [a, b].into_iter().map(|side| &mut **side).filter(|side| !is_literal(side)).collect(),
        Node::Between(a, b, c) => [a, b, c].into_iter().map(|side| &mut **side).filter(|side| !is_literal(side)).collect(),
        Node::Arith(_, a, b)
        | Node::Either { first: a, second: b, .. }
        | Node::InList { value: a, list: b, .. }
        | Node::Text { left: a, right: b, .. }
        | Node::Period { left: a, right: b, .. } => vec![a, b],
        Node::If(a, b, c) => vec![a, b, c],
        Node::Is { operand, .. } => vec![operand],
        // Items are changed by leaving them out.
        Node::InItems { value, .. } => vec![value],
        Node::InCodes { value, at, .. } => std::iter::once(&mut **value).chain(at.iter_mut().map(|at| &mut **at)).collect(),
        Node::Lookup { keys, at, .. } => keys.iter_mut().chain(at.iter_mut().map(|at| &mut **at)).collect(),
        Node::Quantified { rows, satisfies, .. } => {
            filters(rows).into_iter().chain(satisfies.iter_mut().map(|s| &mut **s)).collect()
        }
        Node::Count(rows) => filters(rows),
        Node::CountDistinct(what, rows) => filters(rows).into_iter().chain([&mut **what]).collect(),
        Node::Fold(_, parts, rows) | Node::Pick(_, rows, parts) => filters(rows).into_iter().chain(parts).collect(),
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr.node, Node::Literal(_))
}

/// Whether a whole dataset is searched by this part of `where`.
pub(super) fn is_search(rows: &Rows, part: &Expr) -> bool {
    matches!((&rows.source, &part.node), (RowSource::Whole { .. }, Node::Compare(Compare::Equal, ..)))
}

fn filters(rows: &mut Rows) -> Vec<&mut Expr> {
    let searched: Vec<bool> = rows.filter.iter().map(|part| is_search(rows, part)).collect();
    rows.filter.iter_mut().zip(searched).filter(|(_, searched)| !searched).map(|(part, _)| part).collect()
}
