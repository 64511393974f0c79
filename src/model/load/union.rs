//! Unions: a dataset of `model/` whose rows are those of others.

use std::sync::Arc;

use super::dataset::find;
use super::link::dataset;
use super::twice;
use crate::model::file::Form;
use crate::model::{Column, ColumnId, DatasetId, Pack, UnionPart, UnionSource};
use crate::value::Kind;

/// The dataset of a model file, if it is a union.
pub(super) fn named(form: &Form<'_>, pack: &Pack) -> Option<DatasetId> {
    if form.has("union") { pack.dataset(&form.word("dataset")?.text) } else { None }
}

/// Reads the `[[union]]` of a model file when all datasets are known, and which of them are unions.
pub(super) fn read(form: &Form<'_>, unions: &[DatasetId], pack: &mut Pack) {
    let Some(id) = named(form, pack) else { return };
    let parts: Vec<UnionPart> = form.forms("union").into_iter().filter_map(|item| part(item, id, unions, pack)).collect();
    if let Some(held) = pack.datasets.get_mut(id.index()) {
        held.union = parts;
    }
}

fn part(form: Form<'_>, id: DatasetId, unions: &[DatasetId], pack: &Pack) -> Option<UnionPart> {
    let word = form.need_word("dataset");
    let source = word.as_ref().and_then(|w| dataset(&form, w, pack));
    let items = form.forms("columns");
    let only = form.form("only");
    if source.is_some_and(|source| unions.contains(&source)) {
        let span = form.span_of("dataset");
        form.wrong(span, "en union kan ikke hente fra en union", "a union cannot take from a union");
        form.done();
        return None;
    }
    form.done();
    let of = pack.get(source?);
    let mut columns: Vec<(ColumnId, UnionSource)> = Vec::new();
    for item in items {
        let Some((to, from)) = column(item, &pack.get(id).columns, &of.columns, &columns) else { continue };
        columns.push((to, from));
    }
    let only = only.and_then(|item| {
        let column = item.need_word("column").and_then(|w| find(&item, &w, &of.columns));
        let texts: Vec<Arc<str>> = item.words("is").into_iter().map(|w| w.text.into()).collect();
        if texts.is_empty() {
            item.wrong(item.span.clone(), "«only» skal have column og is", "«only» must have column and is");
        }
        item.done();
        column.map(|column| (column, texts))
    });
    Some(UnionPart { dataset: source?, columns, only })
}

/// `{ to = "sagsnr" }`, `{ to = "dato", from = "afgørelse_dato" }` or `{ to = "kilde", constant = "bevilling" }`.
fn column(
    form: Form<'_>,
    mine: &[Column],
    theirs: &[Column],
    held: &[(ColumnId, UnionSource)],
) -> Option<(ColumnId, UnionSource)> {
    let word = form.need_word("to");
    let from = form.word("from");
    let constant = form.word("constant");
    if from.is_some() && constant.is_some() {
        form.wrong(form.span.clone(), "kun én kilde pr. kolonne", "only one source for a column");
    }
    let to = word.as_ref().and_then(|w| find(&form, w, mine));
    if let Some((to, word)) = to.zip(word.as_ref())
        && held.iter().any(|(other, _)| *other == to)
    {
        twice(&form, word);
    }
    let source = match (constant, from.or(word)) {
        (Some(text), _) => Some(UnionSource::Constant(text.text.into())),
        (None, Some(word)) => find(&form, &word, theirs).map(UnionSource::Column),
        (None, None) => None,
    };
    if let Some((to, source)) = to.zip(source.as_ref()) {
        check(&form, &mine[to.index()], source, theirs);
    }
    form.done();
    to.zip(source)
}

fn check(form: &Form<'_>, to: &Column, source: &UnionSource, theirs: &[Column]) {
    let UnionSource::Column(from) = source else {
        if to.kind != Kind::Text {
            form.wrong(form.span.clone(), "en konstant kræver en tekstkolonne", "a constant needs a text column");
        }
        return;
    };
    let from = &theirs[from.index()];
    if from.kind != to.kind && (from.kind, to.kind) != (Kind::Timestamp, Kind::Date) {
        form.wrong(
            form.span.clone(),
            format!("kolonnerne «{}» og «{}» er af forskellig type", from.name, to.name),
            format!("the columns «{}» and «{}» are of different kinds", from.name, to.name),
        );
    }
    if from.derived.is_some() {
        form.wrong(
            form.span.clone(),
            format!("kolonnen «{}» er afledt og kan ikke hentes; afled den i unionen", from.name),
            format!("the column «{}» is derived and cannot be taken; derive it in the union", from.name),
        );
    }
    if from.is_personal() && !to.is_personal() {
        form.wrong(
            form.span.clone(),
            format!("kolonnen «{}» er personlig, «{}» er det ikke", from.name, to.name),
            format!("the column «{}» is personal, «{}» is not", from.name, to.name),
        );
    }
}
