//! The untyped tree: an expression as written, every node with its bytes in the file.

use std::ops::Range;
use std::sync::Arc;

use super::figure::Aggregation;
use super::typed::{Arith, Compare, Fold, PeriodTest, Pick, Quantifier};
use crate::value::Value;

/// Deepest tree, and deepest nesting of brackets, that an expression may have.
pub(crate) const MAX_DEPTH: u16 = 64;

/// A name and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// The name, NFC.
    pub(crate) text: Arc<str>,
    /// Byte range in the file.
    pub(crate) span: Range<usize>,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ast {
    pub(crate) node: AstNode,
    /// Byte range in the file, with the brackets around it.
    pub(crate) span: Range<usize>,
    /// Whether it stands in round brackets of its own.
    pub(crate) bracketed: bool,
    height: u16,
}

/// Tests between two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextWord {
    StartsWith,
    EndsWith,
    Contains,
    Matches,
    Under,
}

/// What `is` asks, as written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum IsWord {
    Missing,
    Present,
    Known,
    Row(Box<Ast>),
}

/// What an expression is, as written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AstNode {
    /// A place where the text could not be read; reported already.
    Error,
    /// Expressions that nothing joins; reported already, and checked one by one.
    Pieces(Vec<Ast>),
    Literal(Value),
    Name(Arc<str>),
    /// `x.name`
    Dot(Box<Ast>, Word),
    /// `name[keys] at day`; at least one of keys and day is there.
    Lookup {
        name: Word,
        keys: Vec<Ast>,
        at: Option<Box<Ast>>,
    },
    Call(Word, Vec<Ast>),
    Negate(Box<Ast>),
    Not(Box<Ast>),
    And(Vec<Ast>),
    Or(Vec<Ast>),
    Compare(Compare, Box<Ast>, Box<Ast>),
    Between(Box<Ast>, Box<Ast>, Box<Ast>),
    Is {
        operand: Box<Ast>,
        test: IsWord,
        negated: bool,
    },
    InItems {
        value: Box<Ast>,
        items: Vec<Ast>,
        negated: bool,
    },
    In {
        value: Box<Ast>,
        right: Box<Ast>,
        negated: bool,
    },
    Text {
        test: TextWord,
        left: Box<Ast>,
        right: Box<Ast>,
        negated: bool,
    },
    Period {
        test: PeriodTest,
        left: Box<Ast>,
        right: Box<Ast>,
        negated: bool,
    },
    Arith(Arith, Box<Ast>, Box<Ast>),
    If(Box<Ast>, Box<Ast>, Box<Ast>),
    Quantified {
        quantifier: Quantifier,
        rows: RowsAst,
        satisfies: Option<Box<Ast>>,
    },
    Count(RowsAst),
    CountDistinct(Box<Ast>, RowsAst),
    Fold(Fold, Vec<Ast>, RowsAst),
    Pick(Pick, RowsAst, Vec<Ast>),
    /// `count()`, `sum(x)`: over the rows of the group, in key figures.
    Aggregate(Aggregation, Option<Box<Ast>>),
}

/// `name in path where filter`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowsAst {
    pub(crate) name: Word,
    pub(crate) path: Vec<Word>,
    pub(crate) filter: Option<Box<Ast>>,
}

impl RowsAst {
    fn height(&self) -> u16 {
        self.filter.as_ref().map_or(0, |f| f.height).max(u16::try_from(self.path.len()).unwrap_or(u16::MAX))
    }
}

impl Ast {
    pub(crate) fn new(node: AstNode, span: Range<usize>) -> Ast {
        let height = node.height().saturating_add(1);
        Ast { node, span, bracketed: false, height }
    }

    pub(crate) fn error(span: Range<usize>) -> Ast {
        Ast::new(AstNode::Error, span)
    }

    /// Levels of the tree.
    pub(crate) fn height(&self) -> u16 {
        self.height
    }
}

impl AstNode {
    /// Height of the highest part.
    fn height(&self) -> u16 {
        let all = |parts: &[Ast]| parts.iter().map(|p| p.height).max().unwrap_or(0);
        match self {
            AstNode::Error | AstNode::Literal(_) | AstNode::Name(_) => 0,
            AstNode::Dot(a, _) | AstNode::Negate(a) | AstNode::Not(a) => a.height,
            AstNode::Lookup { keys, at, .. } => all(keys).max(at.as_ref().map_or(0, |a| a.height)),
            AstNode::Pieces(parts) | AstNode::Call(_, parts) | AstNode::And(parts) | AstNode::Or(parts) => all(parts),
            AstNode::Compare(_, a, b) | AstNode::Arith(_, a, b) => a.height.max(b.height),
            AstNode::Between(a, b, c) | AstNode::If(a, b, c) => a.height.max(b.height).max(c.height),
            AstNode::Is { operand, test, .. } => match test {
                IsWord::Row(row) => operand.height.max(row.height),
                IsWord::Missing | IsWord::Present | IsWord::Known => operand.height,
            },
            AstNode::InItems { value, items, .. } => value.height.max(all(items)),
            AstNode::In { value: a, right: b, .. }
            | AstNode::Text { left: a, right: b, .. }
            | AstNode::Period { left: a, right: b, .. } => a.height.max(b.height),
            AstNode::Quantified { rows, satisfies, .. } => rows.height().max(satisfies.as_ref().map_or(0, |s| s.height)),
            AstNode::Count(rows) => rows.height(),
            AstNode::CountDistinct(a, rows) => a.height.max(rows.height()),
            AstNode::Fold(_, parts, rows) | AstNode::Pick(_, rows, parts) => all(parts).max(rows.height()),
            AstNode::Aggregate(_, of) => of.as_ref().map_or(0, |of| of.height),
        }
    }
}
