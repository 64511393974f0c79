//! Findings: what an [`Outcome`](crate::engine::result::Outcome) means, made concrete. A [`Finding`] holds every cell,
//! text and figure that a reader sees, in both languages and already behind the [`Gate`](crate::privacy::Gate); reports
//! only lay it out.

mod build;
pub mod excerpt;
mod fingerprint;
mod view;
pub mod why;

use std::sync::Arc;

use crate::locale::Bilingual;
use crate::model::Status;
use crate::privacy::Shown;
use crate::problem::{Problem, Severity};
use crate::rule::typed::Verdict;
use crate::store::{CellRef, RowRef};
use crate::value::{Cause, Decimal, Value};

pub use build::{Source, build};

/// Everything one run found, ordered by rule, then as the engine ordered the outcomes (business key, item, partner).
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Violations and partly-verdicts.
    pub findings: Vec<Finding>,
    /// Rows that could not be judged.
    pub unassessed: Vec<Unassessed>,
    /// Files that changed while they were read.
    pub problems: Vec<Problem>,
}

/// A violation or partly-verdict.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Index into the rules given.
    pub rule: usize,
    /// [`Verdict::Violation`] or [`Verdict::Partly`].
    pub verdict: Verdict,
    /// The rule's severity.
    pub severity: Severity,
    /// The judged row.
    pub row: RowRef,
    /// Its 1-based data record in its sheet.
    pub record: u32,
    /// Whose row it is.
    pub subject: Subject,
    /// Keyed digest by which a ledger knows it again; `#2`, `#3` where rows have equal keys.
    pub fingerprint: String,
    /// The same under the row's other keys.
    pub other_fingerprints: Vec<String>,
    /// The cell it is about.
    pub primary: CellView,
    /// Other cells that decided it or explain it.
    pub related: Vec<CellView>,
    /// Key cells of the rows above, for recognition.
    pub context: Vec<CellView>,
    /// How it was computed.
    pub steps: Vec<StepView>,
    /// Figures it rests on.
    pub figures: Vec<FigureView>,
    /// Money at stake; positive = paid too much.
    pub amount: Option<Decimal>,
    /// The state's part of it.
    pub refund: Option<Decimal>,
    /// The day the finding lies on: its deadline, else the rule's `law_date`.
    pub day: Option<crate::calendar::Date>,
    /// The cell the amount belongs to: totals count it once.
    pub amount_cell: CellRef,
    /// The law in force.
    pub law: Option<Arc<str>>,
    /// Days late, for a deadline.
    pub days_late: Option<i64>,
    /// What it says, with what is told of codes that are not in their list.
    pub message: Bilingual,
    /// Links walked, and by which columns they matched.
    pub matches: Vec<MatchView>,
    /// Datasets whose absence of rows it rests on, with the number of their rows that were refused.
    pub refused: Vec<(Arc<str>, u32)>,
    /// Candidate rows that were looked at but whose cells are not listed.
    pub unlisted: u64,
}

/// Whose row was judged.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The strongest key the row has; `None` = the finding cannot be known again tomorrow.
    pub key: Option<KeyView>,
    /// The `per` item.
    pub item: Option<Shown>,
    /// Key of the partner row.
    pub partner: Option<KeyView>,
    /// The case: its number, or the pseudonym of its person.
    pub case: Option<String>,
    /// The caseworker.
    pub owner: Option<String>,
    /// The team.
    pub team: Option<String>,
}

impl Subject {
    /// The key in one line: its values joined by ` · `.
    pub fn key_line(&self, currency: &str, lang: crate::locale::Lang) -> Option<String> {
        let key = self.key.as_ref()?;
        Some(key.shown.iter().map(|s| s.show(currency, lang)).collect::<Vec<_>>().join(" · "))
    }
}

/// A business key.
#[derive(Debug, Clone)]
pub struct KeyView {
    /// Index into the dataset's keys.
    pub index: usize,
    /// Names of its columns.
    pub columns: Vec<Arc<str>>,
    /// Its values, canonical; never to be shown.
    pub values: Vec<Value>,
    /// Its values as they may be shown.
    pub shown: Vec<Shown>,
}

/// A cell, placed and ready to be shown.
#[derive(Debug, Clone)]
pub struct CellView {
    /// The cell.
    pub at: CellRef,
    /// Its dataset.
    pub dataset: Arc<str>,
    /// Its column in the model.
    pub column: Arc<str>,
    /// Where it stands.
    pub place: PlaceView,
    /// The header above it, as written (scrubbed); `None` when it stands in no column.
    pub header: Option<Arc<str>>,
    /// Whether the value was computed from other cells of the row; `place` is then that of the first of them.
    pub derived: bool,
    /// Its value.
    pub shown: Shown,
    /// What a finding says of it.
    pub label: Option<Bilingual>,
}

impl CellView {
    /// Header, or the model's name where the value stands under none.
    pub fn name(&self) -> &str {
        match (&self.header, self.derived) {
            (Some(header), false) => header,
            _ => &self.column,
        }
    }
}

/// Where a row or cell stands. Texts are scrubbed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceView {
    /// Path relative to the delivery.
    pub file: Arc<str>,
    /// Sheet, for workbooks.
    pub sheet: Option<Arc<str>>,
    /// 1-based row as a spreadsheet shows it.
    pub sheet_row: u32,
    /// 1-based physical line.
    pub line: u32,
    /// 1-based data record of the sheet.
    pub record: u32,
    /// 0-based sheet column, where the value stands in one.
    pub sheet_column: Option<u16>,
}

impl PlaceView {
    /// 1-based column for `path:row:col`; 1 where the value stands in no column.
    pub fn column_number(&self) -> u32 {
        self.sheet_column.map_or(1, |c| u32::from(c) + 1)
    }

    /// `2024!E7` in a workbook, `E7` elsewhere; without a column `2024!7`.
    pub fn excel(&self) -> String {
        let sheet = self.sheet.as_ref().map_or(String::new(), |s| format!("{s}!"));
        format!("{sheet}{}{}", self.sheet_column.map_or(String::new(), letters), self.sheet_row)
    }

    /// `path:row:col`.
    pub fn colon(&self) -> String {
        format!("{}:{}:{}", self.file, self.sheet_row, self.column_number())
    }
}

/// The letters of a 0-based sheet column: `A`, ..., `Z`, `AA`.
pub fn letters(column: u16) -> String {
    let mut out = Vec::new();
    let mut n = u32::from(column) + 1;
    while n > 0 {
        out.push(char::from(b'A' + ((n - 1) % 26) as u8));
        n = (n - 1) / 26;
    }
    out.iter().rev().collect()
}

/// A step of the computation.
#[derive(Debug, Clone)]
pub struct StepView {
    /// Its name in the rule.
    pub name: Arc<str>,
    /// Its value.
    pub value: Shown,
    /// The cells it was computed from.
    pub factors: Vec<CellView>,
    /// Figures it looked up.
    pub figures: Vec<FigureView>,
}

/// A figure from a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureView {
    /// Table name in rules.
    pub table: Arc<str>,
    /// Its title.
    pub title: Bilingual,
    /// The figure.
    pub value: Value,
    /// How far to trust it.
    pub status: Status,
    /// Where it is printed.
    pub source: Arc<str>,
    /// First day it holds.
    pub from: Option<crate::calendar::Date>,
}

/// A link and how it matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchView {
    /// Name of the path.
    pub link: Arc<str>,
    /// Dataset it starts from and dataset it leads to.
    pub datasets: (Arc<str>, Arc<str>),
    /// Columns of the starting dataset that matched.
    pub columns: Vec<Arc<str>>,
    /// Whether a stronger way exists that did not match.
    pub weaker: bool,
}

/// A row that could not be judged.
#[derive(Debug, Clone)]
pub struct Unassessed {
    /// Index into the rules given.
    pub rule: usize,
    /// The row.
    pub row: RowRef,
    /// Whose row it is.
    pub subject: Subject,
    /// Where the row stands.
    pub place: Option<PlaceView>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Of figures that a table lacks: whether it is the day, and what is nearest.
    pub notes: Vec<Bilingual>,
    /// What each reading gives, where the law is unclear; else empty.
    pub readings: Vec<ReadingView>,
}

/// What one reading of an unclear law gives.
#[derive(Debug, Clone)]
pub struct ReadingView {
    /// For each open question of the rule, the side that this reading takes, as the rule writes it.
    pub sides: Vec<String>,
    /// Its verdict.
    pub verdict: Verdict,
    /// The day by which it had to be done, for a deadline.
    pub due: Option<crate::calendar::Date>,
    /// Values of the rule's steps, in order.
    pub steps: Vec<StepView>,
}

/// Why something could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The cause.
    pub cause: Cause,
    /// The dataset it lies in.
    pub dataset: Option<Arc<str>>,
    /// The column it lies in.
    pub column: Option<Arc<str>>,
    /// The cell: where it stands.
    pub place: Option<PlaceView>,
}

impl Reason {
    /// `bevilling.slut: feltet er tomt`.
    pub fn text(&self, lang: crate::locale::Lang) -> String {
        let what: Vec<&str> = [self.dataset.as_deref(), self.column.as_deref()].into_iter().flatten().collect();
        if what.is_empty() { self.cause.text(lang).to_owned() } else { format!("{}: {}", what.join("."), self.cause.text(lang)) }
    }
}

/// Why no finding could be made of an outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindingError {
    /// Nothing in the outcome stands anywhere: a mistake in the program.
    #[error("rule {rule} gave an outcome for row {row} that has no place in any file")]
    NoPrimary {
        /// The rule's id.
        rule: Arc<str>,
        /// Row in the store.
        row: u32,
    },
}

/// Collects the cells of a finding; it refuses to be built without a primary cell.
#[derive(Debug, Default)]
pub struct Cells {
    primary: Option<CellView>,
    related: Vec<CellView>,
}

impl Cells {
    /// The cell the finding is about. A second one becomes related.
    pub fn at(&mut self, cell: CellView) {
        match &self.primary {
            None => self.primary = Some(cell),
            Some(_) => self.also(cell),
        }
    }

    /// A cell that explains it; a cell already there is not added again, but gives its label if that one has none.
    pub fn also(&mut self, cell: CellView) {
        match self.primary.iter_mut().chain(self.related.iter_mut()).find(|c| c.at == cell.at) {
            Some(known) => known.label = known.label.take().or(cell.label),
            None => self.related.push(cell),
        }
    }

    /// Whether there is a primary cell.
    pub fn has_primary(&self) -> bool {
        self.primary.is_some()
    }

    /// Primary and related cells, or `None` without a primary.
    pub fn finish(self) -> Option<(CellView, Vec<CellView>)> {
        Some((self.primary?, self.related))
    }
}

#[cfg(test)]
mod tests;
