//! Key figures: aggregates over the rows of a group, and the values of groups.

use std::ops::Range;

use super::{Binding, Checker};
use crate::locale::Bilingual;
use crate::rule::ast::{Ast, AstNode, Word};
use crate::rule::figure::{Aggregate, Aggregation};
use crate::rule::messages;
use crate::rule::typed::{Expr, Fold, Node, Slot, Ty};
use crate::value::Kind;

/// The name of a group in the second stage of a key figure.
pub(crate) const GROUP: &str = "g";

/// Where expressions of a key figure stand.
#[derive(Debug, Default)]
pub(crate) struct OverGroup {
    /// Aggregates met so far; `None` where none may stand.
    pub(crate) aggregates: Option<Vec<Aggregate>>,
    /// Whether the expression is what an aggregate is made of.
    inside: bool,
    /// Values of a group, in the second stage.
    pub(crate) values: Option<Vec<Binding>>,
}

impl OverGroup {
    /// Whether the name is that of a group.
    pub(super) fn is_group(&self, name: &str) -> bool {
        self.values.is_some() && name == GROUP
    }
}

impl Checker<'_> {
    /// `g.name`, if that is what stands here.
    pub(super) fn of_group(&mut self, row: &Ast, word: &Word, span: Range<usize>) -> Option<Option<Expr>> {
        let AstNode::Name(name) = &row.node else { return None };
        if !self.over_group.is_group(name) {
            return None;
        }
        let values = self.over_group.values.as_deref().unwrap_or_default();
        match values.iter().find(|value| value.name == word.text) {
            Some(Binding { slot, ty, .. }) => Some(ty.map(|ty| Expr { node: Node::Var(*slot), ty, span })),
            None => {
                let said = messages::no_group_value(&word.text, values.iter().map(|value| &*value.name));
                self.say(word.span.clone(), said);
                Some(None)
            }
        }
    }

    /// `count()`, `count(condition)`, `sum(value)`, ...
    pub(super) fn aggregate(&mut self, over: Aggregation, of: Option<&Ast>, span: Range<usize>) -> Option<Expr> {
        if self.over_group.aggregates.is_none() || self.over_group.inside {
            let inside = self.over_group.inside;
            self.say(span, if inside { messages::aggregate_in_aggregate() } else { messages::aggregate_not_here() });
            return None;
        }
        self.over_group.inside = true;
        let of = of.map(|of| self.aggregated(over, of));
        self.over_group.inside = false;
        let (of, kind) = match of {
            Some(checked) => checked.map(|(of, kind)| (Some(of), kind))?,
            None => (None, Kind::Integer),
        };
        let slot = self.new_slot();
        self.over_group.aggregates.get_or_insert_default().push(Aggregate { slot, over, of, kind });
        Some(Expr { node: Node::Var(slot), ty: Ty::Value(kind), span })
    }

    /// What an aggregate is made of, and the kind of its result.
    fn aggregated(&mut self, over: Aggregation, of: &Ast) -> Option<(Expr, Kind)> {
        let fold = match over {
            Aggregation::Count => return Some((self.condition(of)?, Kind::Integer)),
            Aggregation::Distinct => {
                let of = self.expr(of)?;
                return Some((self.told_apart(of)?, Kind::Integer));
            }
            Aggregation::Sum => Fold::Sum,
            Aggregation::Mean => Fold::Mean,
            Aggregation::Median => Fold::Median,
            Aggregation::Min => Fold::Min,
            Aggregation::Max => Fold::Max,
        };
        let of = self.expr(of)?;
        if of.ty == Ty::Value(Kind::Timestamp) {
            return self.want(of, &[Kind::Date]).map(|of| (of, Kind::Date));
        }
        let (of, ty) = self.folded(fold, of)?;
        match ty {
            // Months do not compare with days: which of two durations is longer may depend on a third.
            Ty::Value(Kind::Duration) => {
                self.say(of.span, messages::no_order(&messages::type_words(ty, self.pack)));
                None
            }
            Ty::Value(kind) => Some((of, kind)),
            _ => None,
        }
    }

    /// A value of which it can always be told whether it is the same as another: what rows are counted or grouped by.
    pub(crate) fn told_apart(&mut self, of: Expr) -> Option<Expr> {
        let said = match of.ty {
            Ty::Value(Kind::Timestamp) => return self.want(of, &[Kind::Date]),
            Ty::Value(Kind::Ratio | Kind::MoneyRatio) => messages::must_be_rounded(),
            Ty::Value(Kind::Money(scale)) if scale > 2 => messages::product_must_be_rounded(),
            Ty::Value(Kind::TextList | Kind::Duration | Kind::WorkingDays | Kind::Period)
            | Ty::Row(_)
            | Ty::Periods
            | Ty::Months => messages::wanted(
                &Bilingual::new("en værdi, rækker kan samles efter", "a value that rows can be gathered by"),
                &self.words(of.ty),
            ),
            Ty::Value(_) => return Some(of),
        };
        self.say(of.span, said);
        None
    }

    /// Says that a value of single rows stands outside every aggregate, if so. `rows` are the slots that only rows have.
    pub(crate) fn only_aggregates(&mut self, expr: &Expr, rows: &[Slot]) -> bool {
        let mut bare = None;
        expr.walk(&mut |part| {
            if let Node::Var(slot) = part.node
                && rows.contains(&slot)
            {
                bare = bare.take().or(Some(part.span.clone()));
            }
        });
        let Some(span) = bare else { return true };
        self.say(span, messages::not_aggregated());
        false
    }
}
