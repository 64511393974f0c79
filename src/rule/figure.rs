//! Key figures, typed: tables of counts, sums and means over groups of rows (`docs/language.md`, key figures).

use std::sync::Arc;

use super::typed::{Example, Expr, Per, Reads, Scope, Slot, Step};
use crate::locale::{Bilingual, Lang};
use crate::model::{DatasetId, ListId, SourceFile};
use crate::value::Kind;

/// What an aggregate makes of the rows of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Aggregation {
    /// All rows, or those where a condition holds.
    Count,
    /// Different values.
    Distinct,
    Sum,
    Mean,
    Median,
    Min,
    Max,
}

/// An aggregate of a key figure. Expressions over a group hold its slot where it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Where its result is kept.
    pub slot: Slot,
    /// What it makes.
    pub over: Aggregation,
    /// Of what, for each row; nothing for `count()`.
    pub of: Option<Expr>,
    /// Kind of the result.
    pub kind: Kind,
}

/// Rows put together by keys before the table is made: `group` and `let`.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouping {
    /// What rows of one group have in common: values or rows.
    pub keys: Vec<Step>,
    /// What each group comes to.
    pub lets: Vec<Step>,
    /// Aggregates inside `lets`.
    pub aggregates: Vec<Aggregate>,
}

/// A key of the table's rows, or of its columns where it is pivoted.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Its heading.
    pub title: Bilingual,
    /// Its value, for each row or group.
    pub value: Expr,
    /// The code list that titles its values.
    pub codes: Option<ListId>,
    /// Whether its text is personal.
    pub personal: bool,
}

/// What a share is a share of.
#[derive(Debug, Clone, PartialEq)]
pub enum Whole {
    /// The number of rows in the same group.
    Rows(Expr),
    /// This, over the same group.
    Of(Expr),
    /// The same column of the total.
    Total,
}

impl Whole {
    /// The expression that gives it, unless it is the total's.
    pub fn expr(&self) -> Option<&Expr> {
        match self {
            Whole::Rows(whole) | Whole::Of(whole) => Some(whole),
            Whole::Total => None,
        }
    }
}

/// A column of figures.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureColumn {
    /// Its heading.
    pub title: Bilingual,
    /// Its value over the group.
    pub value: Expr,
    /// Shown in per cent of this too.
    pub share: Option<Whole>,
}

/// Texts of a key figure in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureTexts {
    /// One line.
    pub title: String,
    /// What it is for, and what exactly is counted.
    pub why: String,
    /// What a reader of the table must know; printed under it.
    pub note: Option<String>,
}

/// What an example of a key figure must print: the pivot's heads, and each row's keys and cells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Printed {
    /// Heads of the pivot, in order.
    pub across: Vec<String>,
    /// Rows: keys, then cells.
    pub rows: Vec<Vec<String>>,
}

/// A key figure, ready to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyFigure {
    /// Stable id, `NT-201`.
    pub id: Arc<str>,
    /// Name: the file's stem.
    pub name: Arc<str>,
    /// Folder of the pack it stands in.
    pub folder: Arc<str>,
    /// The file.
    pub file: SourceFile,
    /// Pack version it came with.
    pub since: String,
    /// Recovery-plan tracks.
    pub tracks: Vec<String>,
    /// Where limits and definitions come from.
    pub source: Option<String>,
    /// Rows of closed cases too?
    pub scope: Scope,
    /// The dataset counted.
    pub each: DatasetId,
    /// Name and slot of its row.
    pub row: (Arc<str>, Slot),
    /// Named values of a row.
    pub steps: Vec<Step>,
    /// Several members for each row.
    pub per: Option<Per>,
    /// Which rows count.
    pub when: Option<Expr>,
    /// Two stages: what rows are put together first.
    pub grouping: Option<Grouping>,
    /// Keys of the table's rows.
    pub by: Vec<Head>,
    /// Pivot: its values become columns.
    pub across: Option<Head>,
    /// Columns.
    pub columns: Vec<FigureColumn>,
    /// Aggregates inside columns, shares and order.
    pub aggregates: Vec<Aggregate>,
    /// Rows are ranked by this, greatest first.
    pub order: Option<Expr>,
    /// Only the first of each ranking.
    pub top: Option<u32>,
    /// Only the first rows of a pivot.
    pub rows: Option<u32>,
    /// With a row for everything, and for a pivot a column.
    pub total: bool,
    /// Danish texts.
    pub da: FigureTexts,
    /// English texts.
    pub en: FigureTexts,
    /// Examples.
    pub examples: Vec<Example<Printed>>,
    /// What it reads.
    pub reads: Reads,
    /// Number of slots a frame needs.
    pub slots: usize,
}

impl KeyFigure {
    /// Texts in a language.
    pub fn texts(&self, lang: Lang) -> &FigureTexts {
        match lang {
            Lang::Da => &self.da,
            Lang::En => &self.en,
        }
    }

    /// Title in both languages.
    pub fn title(&self) -> Bilingual {
        Bilingual::new(self.da.title.clone(), self.en.title.clone())
    }

    /// Every expression of it.
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut all: Vec<&Expr> = self.row_exprs();
        if let Some(grouping) = &self.grouping {
            all.extend(grouping.lets.iter().map(|step| &step.expr));
            all.extend(self.by.iter().chain(&self.across).map(|head| &head.value));
            all.extend(self.aggregates.iter().filter_map(|a| a.of.as_ref()));
        }
        for column in &self.columns {
            all.push(&column.value);
            all.extend(column.share.as_ref().and_then(Whole::expr));
        }
        all.extend(&self.order);
        all
    }

    /// The expressions that are evaluated for each row.
    pub fn row_exprs(&self) -> Vec<&Expr> {
        let mut all: Vec<&Expr> = self.steps.iter().map(|step| &step.expr).collect();
        all.extend(self.per.iter().map(|per| &per.items));
        all.extend(&self.when);
        match &self.grouping {
            Some(grouping) => {
                all.extend(grouping.keys.iter().map(|step| &step.expr));
                all.extend(grouping.aggregates.iter().filter_map(|a| a.of.as_ref()));
            }
            None => {
                all.extend(self.by.iter().chain(&self.across).map(|head| &head.value));
                all.extend(self.aggregates.iter().filter_map(|a| a.of.as_ref()));
            }
        }
        all
    }
}
