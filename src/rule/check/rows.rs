//! What ranges over rows: quantifiers, counts, folds and picks.

use std::ops::Range;

use super::call::ADDED;
use super::compare::{conjuncts, is_ordered};
use super::name::Step;
use super::{Binding, Checker, scale_of, truth};
use crate::model::DatasetId;
use crate::rule::ast::{Ast, RowsAst, Word};
use crate::rule::messages;
use crate::rule::typed::{Compare, Expr, Fold, Node, Pick, Quantifier, RowSource, Rows, Slot, Ty};
use crate::value::Kind;

/// Where the rows come from, before the filter is known.
enum Source {
    Path(DatasetId, RowSource),
    Whole(DatasetId),
}

impl Checker<'_> {
    /// Checks a source, then `body` with its variable in scope.
    fn over<T>(&mut self, ast: &RowsAst, body: impl FnOnce(&mut Self) -> T) -> (Option<Rows>, T) {
        self.check_new_name(&ast.name.text, ast.name.span.clone());
        let source = self.source(&ast.path);
        let dataset = match &source {
            Some(Source::Path(dataset, _) | Source::Whole(dataset)) => Some(*dataset),
            None => None,
        };
        let slot = self.row_slot(&ast.name, dataset);
        self.scope.push(Binding { name: ast.name.text.clone(), slot, ty: dataset.map(Ty::Row) });
        let filter = match &ast.filter {
            Some(filter) => self.row_conditions(filter, &ast.name, slot, dataset.is_some()),
            None => Some(Vec::new()),
        };
        let out = body(self);
        self.scope.pop();
        let rows = source.zip(dataset).zip(filter).map(|((source, dataset), filter)| {
            let source = match source {
                Source::Path(_, source) => source,
                Source::Whole(_) => Self::indexed(slot, &filter),
            };
            Rows { slot, name: ast.name.text.clone(), dataset, source, filter }
        });
        (rows, out)
    }

    /// The slot of a row variable. In conditions, sources of one name and dataset that do not stand inside each other share it.
    fn row_slot(&mut self, name: &Word, dataset: Option<DatasetId>) -> Slot {
        let ty = dataset.map(Ty::Row);
        if self.in_condition {
            let shared = self.witnesses.iter().find(|w| w.name == name.text && w.ty == ty).map(|w| w.slot);
            if let Some(slot) = shared.filter(|slot| self.scope.iter().all(|b| b.slot != *slot)) {
                return slot;
            }
        }
        let slot = self.new_slot();
        if self.in_condition && dataset.is_some() {
            self.witnesses.push(Binding { name: name.text.clone(), slot, ty });
        }
        slot
    }

    /// Conjuncts of `where` or `satisfies`; each must mention the row.
    fn row_conditions(&mut self, ast: &Ast, name: &Word, slot: Slot, known: bool) -> Option<Vec<Expr>> {
        let mut out = Vec::new();
        for part in conjuncts(ast) {
            let expr = self.condition(part);
            if let Some(expr) = &expr
                && known
                && !expr.mentions(slot)
            {
                self.say(expr.span.clone(), messages::conjunct_without_row(&name.text));
            }
            out.push(expr);
        }
        out.into_iter().collect()
    }

    fn source(&mut self, path: &[Word]) -> Option<Source> {
        let (first, rest) = path.split_first()?;
        let span = first.span.clone();
        let mut source: Option<(DatasetId, RowSource)> = None;
        let mut row: Option<Expr>;
        if let Some(bound) = self.scope.iter().rev().find(|b| b.name == first.text) {
            let expr = Expr { node: Node::Var(bound.slot), ty: bound.ty?, span: span.clone() };
            if !matches!(expr.ty, Ty::Row(_)) || rest.is_empty() {
                self.say(span, messages::value_as_rows(&first.text));
                return None;
            }
            row = Some(expr);
        } else if let Some((dataset, slot)) = self.implicit
            && self.pack.paths(dataset).contains_key(&*first.text)
        {
            let implicit = Expr { node: Node::Var(slot), ty: Ty::Row(dataset), span: span.start..span.start };
            (row, source) = self.next_step(implicit, first, rest.is_empty(), span.clone());
        } else if let Some(dataset) = self.pack.dataset(&first.text) {
            if rest.is_empty() {
                return Some(Source::Whole(dataset));
            }
            self.say(span, messages::path_starts_at_row(&first.text));
            return None;
        } else {
            let mut known = self.known_names();
            if rest.is_empty() {
                known = self.pack.datasets.iter().map(|d| d.name.clone()).collect();
                let said = messages::unknown_dataset(&first.text, known.iter().map(|n| &**n));
                self.say(span, said);
            } else {
                let said = messages::unknown_name(&first.text, known.iter().map(|n| &**n));
                self.say(span, said);
            }
            return None;
        }
        let mut written = first.text.to_string();
        for (i, word) in rest.iter().enumerate() {
            let last = i + 1 == rest.len();
            let span = first.span.start..word.span.end;
            if let Some(over) = source.take() {
                source = Some(self.through(over, word, &written)?);
            } else {
                let before = row.take()?;
                let Ty::Row(dataset) = before.ty else { return None };
                if self.step(before.clone(), &word.text, span.clone()).is_none() {
                    self.no_step(dataset, Some(&written), word, true);
                    return None;
                }
                (row, source) = self.next_step(before, word, last, span);
            }
            written = format!("{written}.{}", word.text);
        }
        source.map(|(dataset, source)| Source::Path(dataset, source))
    }

    /// One step of a source's path that starts at a row: the next row, or (for the last step always) a group.
    fn next_step(
        &mut self,
        row: Expr,
        word: &Word,
        last: bool,
        span: Range<usize>,
    ) -> (Option<Expr>, Option<(DatasetId, RowSource)>) {
        match self.step(row.clone(), &word.text, span) {
            Some(Step::Row(next)) => match (&next.node, next.ty) {
                (Node::Follow { link, forward, .. }, Ty::Row(dataset)) if last => {
                    let source = RowSource::Group { start: Box::new(row), link: *link, forward: *forward };
                    (None, Some((dataset, source)))
                }
                _ => (Some(next), None),
            },
            Some(Step::Group { link, forward, dataset }) => {
                (None, Some((dataset, RowSource::Group { start: Box::new(row), link, forward })))
            }
            Some(Step::Column(_)) => {
                self.say(word.span.clone(), messages::value_as_rows(&word.text));
                (None, None)
            }
            None => (None, None),
        }
    }

    /// One step from a group.
    fn through(&mut self, over: (DatasetId, RowSource), word: &Word, written: &str) -> Option<(DatasetId, RowSource)> {
        let (dataset, source) = over;
        let Some(&(link, forward)) = self.pack.paths(dataset).get(&*word.text) else {
            if self.pack.get(dataset).column(&word.text).is_some() {
                self.say(word.span.clone(), messages::value_as_rows(&word.text));
            } else {
                self.no_step(dataset, Some(written), word, true);
            }
            return None;
        };
        let over = Rows { slot: self.new_slot(), name: self.pack.get(dataset).name.clone(), dataset, source, filter: Vec::new() };
        let through = &self.pack.links[link.index()];
        let to = if forward { through.to } else { through.from };
        Some((to, RowSource::Through { over: Box::new(over), link, forward }))
    }

    /// A whole dataset, with the equalities that index it; there may be none.
    fn indexed(slot: Slot, filter: &[Expr]) -> RowSource {
        let mut equal = Vec::new();
        for part in filter {
            let Node::Compare(Compare::Equal, a, b) = &part.node else { continue };
            for (inner, outer) in [(a, b), (b, a)] {
                if let Node::Field(row, column) = &inner.node
                    && row.node == Node::Var(slot)
                    && !outer.mentions(slot)
                    && mentions_any(outer)
                {
                    equal.push((*column, (**outer).clone()));
                    break;
                }
            }
        }
        RowSource::Whole { equal }
    }

    /// An expression that ranges over rows. A whole dataset that nothing indexes is searched once for all rows, so the
    /// expression must be the same for all of them.
    fn ranging(&mut self, node: Node, ty: Ty, ast: &RowsAst, span: Range<usize>) -> Option<Expr> {
        let expr = Expr { node, ty, span };
        if let Some(rows) = expr.rows()
            && matches!(&rows.source, RowSource::Whole { equal } if equal.is_empty())
            && !expr.is_closed()
        {
            let span = ast.path.first().map_or(0..0, |word| word.span.clone());
            self.say(span, messages::whole_dataset(&ast.name.text, &self.pack.get(rows.dataset).name));
            return None;
        }
        Some(expr)
    }

    pub(super) fn quantified(
        &mut self,
        quantifier: Quantifier,
        ast: &RowsAst,
        satisfies: Option<&Ast>,
        span: Range<usize>,
    ) -> Option<Expr> {
        let (rows, satisfies) = self.over(ast, |c| {
            let bound = c.scope.last().map(|b| (b.slot, b.ty.is_some()));
            satisfies.zip(bound).map(|(s, (slot, known))| {
                let parts = c.row_conditions(s, &ast.name, slot, known)?;
                let mut parts = parts.into_iter();
                match (parts.next(), parts.len()) {
                    (Some(only), 0) => Some(only),
                    (first, _) => {
                        let all: Vec<Expr> = first.into_iter().chain(parts).collect();
                        Some(truth(Node::And(all), s.span.clone()))
                    }
                }
            })
        });
        let satisfies = match satisfies {
            Some(checked) => Some(Box::new(checked?)),
            None => None,
        };
        self.ranging(Node::Quantified { quantifier, rows: rows?, satisfies }, Ty::Value(Kind::Bool), ast, span)
    }

    pub(super) fn count(&mut self, ast: &RowsAst, span: Range<usize>) -> Option<Expr> {
        let (rows, ()) = self.over(ast, |_| ());
        self.ranging(Node::Count(rows?), Ty::Value(Kind::Integer), ast, span)
    }

    pub(super) fn count_distinct(&mut self, what: &Ast, ast: &RowsAst, span: Range<usize>) -> Option<Expr> {
        let (rows, what) = self.over(ast, |c| c.row_value(what, &ast.name));
        self.ranging(Node::CountDistinct(Box::new(what?), rows?), Ty::Value(Kind::Integer), ast, span)
    }

    /// A value taken of every row.
    fn row_value(&mut self, ast: &Ast, name: &Word) -> Option<Expr> {
        let expr = self.expr(ast)?;
        if let Some(bound) = self.scope.last()
            && bound.name == name.text
            && bound.ty.is_some()
            && !expr.mentions(bound.slot)
        {
            let said = messages::conjunct_without_row(&name.text);
            self.say(expr.span.clone(), said);
            return None;
        }
        if !matches!(expr.ty, Ty::Value(_)) {
            let said = messages::wanted(
                &crate::locale::Bilingual::new("en værdi", "a value"),
                &messages::type_words(expr.ty, self.pack),
            );
            self.say(expr.span, said);
            return None;
        }
        Some(expr)
    }

    pub(super) fn fold(&mut self, fold: Fold, parts: &[Ast], ast: &RowsAst, span: Range<usize>) -> Option<Expr> {
        let wants = if fold == Fold::Uncovered { 2 } else { 1 };
        if parts.len() != wants {
            let name = super::call::fold_name(fold);
            let usage = if fold == Fold::Uncovered { "uncovered(period, period for rows)" } else { "sum(value for rows)" };
            self.over(ast, |_| ());
            self.say(span, messages::argument_count(name, &wants.to_string(), parts.len(), usage));
            return None;
        }
        // The first argument of `uncovered` is the whole, which does not range over the rows.
        let whole = (fold == Fold::Uncovered).then(|| parts.first()).flatten().map(|whole| self.expr(whole));
        let whole = whole.map(|whole| whole.and_then(|whole| self.want(whole, &[Kind::Period])));
        let (rows, part) = self.over(ast, |c| parts.last().and_then(|part| c.row_value(part, &ast.name)));
        let (part, ty) = self.folded(fold, part?)?;
        let mut args = Vec::new();
        if let Some(whole) = whole {
            args.push(whole?);
        }
        args.push(part);
        self.ranging(Node::Fold(fold, args, rows?), ty, ast, span)
    }

    /// What is folded, if its type will do, and the type of the result.
    pub(super) fn folded(&mut self, fold: Fold, part: Expr) -> Option<(Expr, Ty)> {
        Some(match fold {
            Fold::Uncovered | Fold::Spells => (self.want(part, &[Kind::Period])?, Ty::Periods),
            Fold::Sum | Fold::Mean | Fold::Median => {
                let added = if fold == Fold::Sum { ADDED } else { &ADDED[..2] };
                let part = self.want(part, added)?;
                let Ty::Value(kind) = part.ty else { return None };
                let ty = match (fold, kind) {
                    (Fold::Sum, kind) => kind,
                    (_, Kind::Money(_)) => Kind::MoneyRatio,
                    _ => Kind::Ratio,
                };
                (part, Ty::Value(ty))
            }
            Fold::Min | Fold::Max => {
                let ty = part.ty;
                let Ty::Value(kind) = ty else { return None };
                if !is_ordered(kind) {
                    self.say(part.span, messages::no_order(&messages::type_words(ty, self.pack)));
                    return None;
                }
                if matches!(kind, Kind::Money(_)) && scale_of(kind) > 2 {
                    self.say(part.span, messages::product_must_be_rounded());
                    return None;
                }
                (part, ty)
            }
        })
    }

    pub(super) fn pick(&mut self, pick: Pick, ast: &RowsAst, by: &[Ast], span: Range<usize>) -> Option<Expr> {
        let (rows, by) = self.over(ast, |c| {
            let mut checked = Vec::with_capacity(by.len());
            for key in by {
                let key = c.row_value(key, &ast.name);
                checked.push(key.and_then(|key| match key.ty {
                    Ty::Value(kind) if is_ordered(kind) || kind.is_textual() || kind == Kind::Bool => Some(key),
                    Ty::Value(Kind::Ratio | Kind::MoneyRatio) => {
                        c.say(key.span, messages::must_be_rounded());
                        None
                    }
                    ty => {
                        c.say(key.span, messages::no_order(&messages::type_words(ty, c.pack)));
                        None
                    }
                }));
            }
            checked.into_iter().collect::<Option<Vec<Expr>>>()
        });
        let rows = rows?;
        if matches!(pick, Pick::Previous | Pick::Next) && self.each != Some(rows.dataset) {
            let name = if pick == Pick::Previous { "previous" } else { "next" };
            let each = self.each.map(|each| self.pack.get(each).name.clone());
            self.say(span, messages::relative_to_each(name, each.as_deref()));
            return None;
        }
        let dataset = rows.dataset;
        self.ranging(Node::Pick(pick, rows, by?), Ty::Row(dataset), ast, span)
    }
}

/// Whether an expression depends on any variable.
fn mentions_any(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |e| found |= matches!(e.node, Node::Var(_)));
    found
}
