//! Rows in words: the judged row, rows of a source, rows that a link leads to, rows picked by order.

use super::Speaker;
use crate::model::DatasetId;
use crate::rule::typed::{Expr, Fold, Node, Pick, RowSource, Rows, Ty};
use crate::value::Kind;

impl Speaker<'_> {
    /// Title of a dataset inside a sentence.
    pub(super) fn title_of(&self, dataset: DatasetId) -> String {
        let title = self.pack.get(dataset).title.get(self.lang);
        let title = &match title.split_once(", ") {
            Some((what, which)) => format!("{what} ({which})"),
            None => title.to_owned(),
        };
        let mut letters = title.chars();
        let second = letters.clone().nth(1);
        match letters.next() {
            // An abbreviation keeps its capitals.
            Some(first) if second.is_none_or(|c| !c.is_uppercase()) => first.to_lowercase().chain(letters).collect(),
            _ => title.to_owned(),
        }
    }

    /// A row: the judged one, a bound one by its letter, or one that a link leads to.
    pub(super) fn row(&self, expr: &Expr) -> String {
        match &expr.node {
            Node::Var(slot) if *slot == self.rule.row.1 => self.pick("rækken selv", "the row itself").to_owned(),
            Node::Var(slot) => match self.step_of(*slot) {
                Some(step) => self.named(step),
                None => self.letter(expr),
            },
            Node::Follow { row, .. } => {
                let title = match expr.ty {
                    Ty::Row(dataset) => self.title_of(dataset),
                    _ => String::new(),
                };
                match &row.node {
                    Node::Var(slot) if *slot == self.rule.row.1 => format!("{} {title}", self.pick("tilknyttet", "its")),
                    Node::Var(_) => format!("{title} {} {}", self.pick("tilknyttet", "of"), self.row(row)),
                    _ => format!("{title} {} {}", self.pick("på", "of"), self.row(row)),
                }
            }
            Node::Pick(pick, rows, by) => self.picked(*pick, rows, by),
            _ => self.value(expr),
        }
    }

    /// The name of a bound row as its author wrote it.
    fn letter(&self, expr: &Expr) -> String {
        self.rule.file.text.get(expr.span.clone()).unwrap_or("").to_owned()
    }

    /// `bevilling c på tilknyttet sag`
    pub(super) fn noun(&self, rows: &Rows) -> String {
        let own = format!("{} {}", self.title_of(rows.dataset), rows.name);
        match &rows.source {
            RowSource::Group { start, .. } => match &start.node {
                Node::Var(slot) if *slot == self.rule.row.1 => format!("{own} {}", self.pick("tilknyttet rækken", "of the row")),
                _ => format!("{own} {} {}", self.pick("på", "of"), self.row(start)),
            },
            RowSource::Through { over, .. } => {
                format!("{own} {} {}", self.pick("gennem", "through"), self.noun_without_name(over))
            }
            RowSource::Whole { .. } => own,
        }
    }

    fn noun_without_name(&self, rows: &Rows) -> String {
        let title = self.title_of(rows.dataset);
        match &rows.source {
            RowSource::Group { start, .. } => match &start.node {
                Node::Var(slot) if *slot == self.rule.row.1 => {
                    format!("{title} {}", self.pick("tilknyttet rækken", "of the row"))
                }
                _ => format!("{title} {} {}", self.pick("på", "of"), self.row(start)),
            },
            RowSource::Through { over, .. } => {
                format!("{title} {} {}", self.pick("gennem", "through"), self.noun_without_name(over))
            }
            RowSource::Whole { .. } => title,
        }
    }

    /// `bevilling c på tilknyttet sag, hvor ...` in one line.
    pub(super) fn rows_inline(&self, rows: &Rows) -> String {
        let filter: Vec<&Expr> = rows.filter.iter().collect();
        self.where_clause(self.noun(rows), &filter).flat(self.and(), self.or())
    }

    fn picked(&self, pick: Pick, rows: &Rows, by: &[Expr]) -> String {
        let keys: Vec<String> = by.iter().map(|key| self.value(key)).collect();
        let word = match pick {
            Pick::First => self.pick("den første", "the first"),
            Pick::Last => self.pick("den sidste", "the last"),
            Pick::Previous => self.pick("den forrige", "the previous"),
            Pick::Next => self.pick("den næste", "the next"),
        };
        format!("{word} {} ({} {})", self.rows_inline(rows), self.pick("ordnet efter", "by"), self.series(&keys, self.and()))
    }

    /// What rows add up to.
    pub(super) fn folded(&self, fold: Fold, args: &[Expr], rows: &Rows) -> String {
        let of = args.last().map_or_else(String::new, |of| self.closed(of));
        let of_time = args.last().is_some_and(|of| matches!(of.ty, Ty::Value(Kind::Date | Kind::Month | Kind::Timestamp)));
        let whole = args.first().map_or_else(String::new, |whole| self.value(whole));
        let listed = self.rows_inline(rows);
        let over = format!("{} {listed}", self.pick("for hver", "for each"));
        let what = match fold {
            Fold::Sum => format!("{} {of}", self.pick("summen af", "the sum of")),
            Fold::Min if of_time => format!("{} {of}", self.pick("den tidligste", "the earliest")),
            Fold::Min => format!("{} {of}", self.pick("den mindste", "the least")),
            Fold::Max if of_time => format!("{} {of}", self.pick("den seneste", "the latest")),
            Fold::Max => format!("{} {of}", self.pick("den største", "the greatest")),
            Fold::Mean => format!("{} {of}", self.pick("gennemsnittet af", "the mean of")),
            Fold::Median => format!("{} {of}", self.pick("medianen af", "the median of")),
            Fold::Uncovered => format!(
                "{} {whole}, {} {of}",
                self.pick("de dele af", "the parts of"),
                self.pick("som ikke er dækket af", "not covered by")
            ),
            Fold::Spells => format!("{} {of}", self.pick("de sammenhængende forløb af", "the unbroken spells of")),
        };
        format!("{what} {over}")
    }
}
