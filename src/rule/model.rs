//! Expressions of model files: derived columns, closed cases, expectations. Bare names are the columns and links of the row.

use std::collections::BTreeMap;

use super::check::Checker;
use super::messages::{self, Slip};
use super::parser::{KEYWORDS, parse};
use super::typed::{Expr, ModelExprs, Node, Ty};
use crate::model::{ColumnId, DatasetId, Pack, Snippet};
use crate::problem::Mistake;
use crate::value::Kind;

/// Names of datasets, tables and code lists that rules could not use: words of the language, no names at all, or taken twice.
fn names(pack: &Pack) -> Vec<Mistake> {
    let datasets = pack.datasets.iter().map(|d| (&d.name, &d.file));
    let tables = pack.tables.iter().map(|t| (&t.name, &t.file));
    let lists = pack.lists.iter().map(|l| (&l.name, &l.file));
    let mut mistakes = Vec::new();
    for (name, file) in datasets.clone().chain(tables.clone()).chain(lists.clone()) {
        let known = |word: &str| datasets.clone().any(|(other, _)| **other == *word);
        let of_dataset = datasets.clone().any(|(_, other)| std::ptr::eq(other, file));
        let is_name =
            name.chars().next().is_some_and(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let said = if KEYWORDS.contains(&&**name) {
            messages::keyword_as_name(name)
        } else if !is_name {
            messages::not_a_name(name)
        } else if !of_dataset && known(name) {
            messages::name_taken(name, "et datasæt", "a dataset")
        } else {
            continue;
        };
        let start = file.text.find(&format!("\"{name}\"")).unwrap_or(0);
        mistakes.push(Slip::new(start..start + name.len() + 2, said).into_mistake(file));
    }
    mistakes
}

/// Compiles the model's expressions; their row is slot 0. Derived columns come in an order in which each uses only earlier ones.
///
/// # Errors
/// Every mistake in them, with its place.
pub fn compile_model(pack: &Pack) -> Result<ModelExprs, Vec<Mistake>> {
    let mut mistakes = names(pack);
    let mut out = ModelExprs::default();
    let mut derived = BTreeMap::new();
    for (d, dataset) in pack.datasets.iter().enumerate() {
        let id = DatasetId(d as u16);
        for (c, column) in dataset.columns.iter().enumerate() {
            let Some(snippet) = &column.derived else { continue };
            let checked = compile(pack, id, snippet, &mut mistakes, &mut out.slots, |checker, expr| {
                let stands = matches!(expr.ty, Ty::Value(found) if Checker::storable(found, column.kind));
                if !stands {
                    let said = messages::derived_kind(
                        &messages::type_words(Ty::Value(column.kind), pack),
                        &messages::type_words(expr.ty, pack),
                    );
                    checker.say(expr.span.clone(), said);
                }
                stands
            });
            if let Some(expr) = checked {
                derived.insert((id, ColumnId(c as u16)), expr);
            }
        }
        let mut condition = |snippet: &Snippet| {
            compile(pack, id, snippet, &mut mistakes, &mut out.slots, |checker, expr| {
                let stands = expr.ty == Ty::Value(Kind::Bool);
                if !stands {
                    let yes = messages::type_words(Ty::Value(Kind::Bool), pack);
                    checker.say(expr.span.clone(), messages::wanted(&yes, &messages::type_words(expr.ty, pack)));
                }
                stands
            })
        };
        if let Some(snippet) = &dataset.closed
            && let Some(expr) = condition(snippet)
        {
            out.closed.get_or_insert((id, expr));
        }
        for (snippet, least) in &dataset.expectations {
            if let Some(expr) = condition(snippet) {
                out.expectations.push((id, expr, *least));
            }
        }
    }
    order(pack, derived, &mut out, &mut mistakes);
    if mistakes.is_empty() { Ok(out) } else { Err(mistakes) }
}

fn compile(
    pack: &Pack,
    dataset: DatasetId,
    snippet: &Snippet,
    mistakes: &mut Vec<Mistake>,
    slots: &mut usize,
    stands: impl FnOnce(&mut Checker<'_>, &Expr) -> bool,
) -> Option<Expr> {
    let mut slips = Vec::new();
    let ast = parse(snippet.text(), snippet.span.start, &pack.currency, &mut slips);
    let mut checker = Checker::new(pack, &snippet.file.text);
    let row = checker.new_slot();
    checker.implicit = Some((dataset, row));
    let expr = checker.expr(&ast);
    if checker.questions() > 0 {
        checker.say(snippet.span.clone(), messages::either_in_rules_only());
    }
    let expr = expr.filter(|expr| stands(&mut checker, expr));
    *slots = checker.slots().max(*slots);
    slips.append(&mut checker.slips);
    let failed = slips.iter().any(|slip| slip.severity == crate::problem::Severity::Failure);
    mistakes.extend(slips.into_iter().filter(is_mistake).map(|slip| slip.into_mistake(&snippet.file)));
    expr.filter(|_| !failed)
}

fn is_mistake(slip: &Slip) -> bool {
    slip.severity == crate::problem::Severity::Failure
}

/// Derived columns, each after those it uses.
fn order(pack: &Pack, mut left: BTreeMap<(DatasetId, ColumnId), Expr>, out: &mut ModelExprs, mistakes: &mut Vec<Mistake>) {
    while !left.is_empty() {
        let ready: Vec<_> = left.iter().filter(|(_, expr)| !uses(expr, |c| left.contains_key(&c))).map(|(c, _)| *c).collect();
        if ready.is_empty() {
            break;
        }
        for column in ready {
            if let Some(expr) = left.remove(&column) {
                out.derived.push((column.0, column.1, expr));
            }
        }
    }
    for (&(dataset, column), expr) in &left {
        let of = pack.get(dataset);
        let Some(snippet) = &of.columns[column.index()].derived else { continue };
        let others = left.keys().filter(|&&other| uses(expr, |c| c == other));
        let names = others.map(|(d, c)| format!("{}.{}", pack.get(*d).name, pack.get(*d).columns[c.index()].name));
        let path = format!("{}.{} <- {}", of.name, of.columns[column.index()].name, names.collect::<Vec<_>>().join(", "));
        let slip = Slip::new(snippet.span.clone(), messages::derived_cycle(&path));
        mistakes.push(slip.into_mistake(&snippet.file));
    }
}

fn uses(expr: &Expr, is: impl Fn((DatasetId, ColumnId)) -> bool) -> bool {
    let mut found = false;
    expr.walk(&mut |e| {
        if let Node::Field(row, column) = &e.node
            && let Ty::Row(dataset) = row.ty
        {
            found |= is((dataset, *column));
        }
    });
    found
}
