//! What a key figure says of itself, as plain data.

use super::figure::{KeyFigure, Whole};
use super::typed::{Expr, Scope};
use crate::locale::Lang;
use crate::model::Pack;

/// A key figure, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureExplanation {
    /// Title of its folder.
    pub folder: String,
    /// Key and expression as written, in the order of computing.
    pub expressions: Vec<(&'static str, String)>,
    /// Heading and expression of each column, and what it is a share of.
    pub columns: Vec<(String, String, Option<String>)>,
    /// Columns read, as `dataset.column`.
    pub reads: Vec<String>,
    /// Tables of figures looked up.
    pub tables: Vec<String>,
}

/// Explains a key figure in a language.
pub fn explain_figure(figure: &KeyFigure, pack: &Pack, lang: Lang) -> FigureExplanation {
    let written = |expr: &Expr| figure.file.text.get(expr.span.clone()).unwrap_or("").to_owned();
    let mut expressions = Vec::new();
    if figure.scope == Scope::Open {
        expressions.push(("scope", "open".to_owned()));
    }
    expressions.extend(figure.per.iter().map(|per| ("per", format!("{} in {}", per.name, written(&per.items)))));
    expressions.extend(figure.steps.iter().map(|step| ("steps", format!("{} = {}", step.name, written(&step.expr)))));
    expressions.extend(figure.when.iter().map(|when| ("when", written(when))));
    if let Some(grouping) = &figure.grouping {
        expressions.extend(grouping.keys.iter().map(|key| ("group", format!("{} = {}", key.name, written(&key.expr)))));
        expressions.extend(grouping.lets.iter().map(|step| ("let", format!("{} = {}", step.name, written(&step.expr)))));
    }
    expressions.extend(figure.by.iter().map(|head| ("by", written(&head.value))));
    expressions.extend(figure.across.iter().map(|head| ("across", written(&head.value))));
    expressions.extend(figure.order.iter().map(|order| ("order", written(order))));
    expressions.extend(figure.top.iter().map(|top| ("top", top.to_string())));
    expressions.extend(figure.rows.iter().map(|rows| ("rows", rows.to_string())));
    let folder = pack.figure_folders.iter().find(|folder| *folder.folder == *figure.folder);
    let columns = figure.columns.iter().map(|column| {
        let share = column.share.as_ref().map(|whole| match whole {
            Whole::Rows(_) => lang.pick("af rækkens antal", "of the row's count").to_owned(),
            Whole::Of(whole) => format!("{} {}", lang.pick("af", "of"), written(whole)),
            Whole::Total => lang.pick("af kolonnen i alt", "of the column's total").to_owned(),
        });
        (column.title.get(lang).to_owned(), written(&column.value), share)
    });
    FigureExplanation {
        folder: folder.map_or_else(|| figure.folder.to_string(), |folder| folder.title.get(lang).to_owned()),
        expressions,
        columns: columns.collect(),
        reads: figure
            .reads
            .columns
            .iter()
            .map(|(dataset, column)| {
                let dataset = pack.get(*dataset);
                format!("{}.{}", dataset.name, dataset.columns[column.index()].name)
            })
            .collect(),
        tables: figure.reads.tables.iter().map(|table| pack.tables[table.index()].name.to_string()).collect(),
    }
}
