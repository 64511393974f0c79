//! What a run gives: per rule the five counts, and for every row that is not simply compliant or not applicable an outcome
//! with the cells that decided it.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::calendar::Date;
use crate::locale::Bilingual;
use crate::model::{ColumnId, DatasetId, LinkId, TableId};
use crate::rule::typed::Verdict;
use crate::store::{CellRef, RowRef};
use crate::value::{Cause, Cell, Decimal, Value};

/// The result of a run over one delivery; immutable.
#[derive(Debug)]
pub struct RunResult {
    /// The day the data describes.
    pub extract_date: Date,
    /// One entry per selected rule, in the order of the rules given.
    pub rules: Vec<RuleResult>,
}

/// What one rule gave.
#[derive(Debug)]
pub struct RuleResult {
    /// Whether it ran.
    pub state: RuleState,
    /// Candidate pairs of a row and another row that it may look at; 0 where it was not to run anyway.
    pub pairs: u64,
    /// Verdicts; they sum to the rows (or row x item) examined.
    pub counts: Counts,
    /// Violations, partly-verdicts and rows not assessed, ordered by business key, then item, then partner key.
    pub outcomes: Vec<Outcome>,
}

/// Whether a rule ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleState {
    /// It looked at rows (perhaps none).
    Ran,
    /// Nobody delivered these datasets or columns.
    InputMissing {
        /// Datasets that are not there at all.
        datasets: Vec<DatasetId>,
        /// Columns that no file of a delivered dataset has.
        columns: Vec<(DatasetId, ColumnId)>,
    },
    /// A local figure is not set.
    LocalNotSet(Vec<TableId>),
    /// It would look at too many candidate pairs.
    TooCostly {
        /// How many.
        pairs: u64,
        /// How many may be.
        limit: u64,
    },
}

/// Rows by verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the verdicts' names")]
pub struct Counts {
    pub not_applicable: u64,
    pub compliant: u64,
    pub partly: u64,
    pub violation: u64,
    pub not_assessed: u64,
}

impl Counts {
    /// Counts one verdict.
    pub fn add(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::Compliant => &mut self.compliant,
            Verdict::Partly => &mut self.partly,
            Verdict::Violation => &mut self.violation,
            Verdict::NotAssessed => &mut self.not_assessed,
        } += 1;
    }

    /// Adds the counts of another part.
    pub fn merge(&mut self, other: Counts) {
        self.not_applicable += other.not_applicable;
        self.compliant += other.compliant;
        self.partly += other.partly;
        self.violation += other.violation;
        self.not_assessed += other.not_assessed;
    }

    /// Rows examined.
    pub fn examined(&self) -> u64 {
        self.not_applicable + self.compliant + self.partly + self.violation + self.not_assessed
    }

    /// Rows that count in a share: compliant, partly and violation.
    pub fn judged(&self) -> u64 {
        self.compliant + self.partly + self.violation
    }
}

/// A row that is violated, partly compliant or not assessed, explained.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The judged row.
    pub row: RowRef,
    /// The `per` item, if the rule has one.
    pub item: Option<Value>,
    /// The verdict.
    pub verdict: Verdict,
    /// The rule's marks that could be placed: index into the rule's marks, cell, and label in Danish and English.
    pub marks: Vec<MarkedCell>,
    /// The cells that decided it, with the cause where unknown; no cell is listed twice.
    pub deciding: Vec<Deciding>,
    /// Candidate rows that were looked at but whose cells are not in `deciding`: those beyond the first 20 of a search.
    pub unlisted: u64,
    /// Values of the rule's steps, in order.
    pub steps: Vec<StepValue>,
    /// What each reading gives, where the law is unclear and they differ; else empty.
    pub readings: Vec<Reading>,
    /// Money at stake.
    pub amount: Option<Decimal>,
    /// The state's part of it.
    pub refund: Option<Decimal>,
    /// The day that counts: the deadline, else the rule's `law_date`.
    pub day: Option<Date>,
    /// Index into the rule's `legal` of the entry in force.
    pub law: Option<usize>,
    /// Days late, for a deadline.
    pub days_late: Option<i64>,
    /// What the finding says.
    pub message_da: Vec<MessagePiece>,
    /// The same in English.
    pub message_en: Vec<MessagePiece>,
    /// Of codes that are not in their list, and figures that a table lacks: whether it is the day, and what is nearest.
    pub notes: Vec<Bilingual>,
    /// The witness or counterexample row that `mark` names, if another row of the same dataset.
    pub partner: Option<RowRef>,
    /// Links walked and the way that matched (index into the link's ways).
    pub ways: Vec<(LinkId, u8)>,
    /// Figures looked up: table and row in the table.
    pub figures: Vec<(TableId, usize)>,
}

/// A labelled cell.
#[derive(Debug, Clone)]
pub struct MarkedCell {
    /// Index into the rule's marks.
    pub mark: usize,
    /// The cell.
    pub cell: CellRef,
    /// Label, Danish.
    pub label_da: Vec<MessagePiece>,
    /// Label, English.
    pub label_en: Vec<MessagePiece>,
}

/// A cell that decided a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deciding {
    /// The cell; `None` when the reason is not a cell (a dataset that is not whole).
    pub cell: Option<CellRef>,
    /// The dataset, when there is no cell.
    pub dataset: Option<DatasetId>,
    /// Why it is unknown, if it is.
    pub cause: Option<Cause>,
}

/// What one reading of an unclear law gives.
#[derive(Debug, Clone)]
pub struct Reading {
    /// For each open question of the rule, the bytes of the side that this reading takes.
    pub sides: Vec<Range<usize>>,
    /// Its verdict.
    pub verdict: Verdict,
    /// The day by which it had to be done, for a deadline.
    pub due: Option<Date>,
    /// Values of the rule's steps, in order.
    pub steps: Vec<StepValue>,
}

/// The value of a step.
#[derive(Debug, Clone)]
pub struct StepValue {
    /// Index into the rule's steps.
    pub step: usize,
    /// Its value.
    pub value: Cell,
    /// The cells of its factors, each with its value; earlier steps are not unfolded.
    pub factors: Vec<(CellRef, Cell)>,
    /// Figures it looked up.
    pub figures: Vec<(TableId, usize)>,
}

/// A piece of a message: text, or a value with the cells it came from (they decide whether it may be shown).
#[derive(Debug, Clone)]
pub enum MessagePiece {
    /// As written by the rule's author.
    Text(String),
    /// A computed value.
    Value {
        /// The value.
        value: Cell,
        /// Every cell it was computed from.
        factors: Vec<CellRef>,
    },
}

/// Counts of unknown causes over a rule's outcomes: (cause, dataset, column) to rows.
pub type Reasons = BTreeMap<(Cause, Option<(DatasetId, Option<ColumnId>)>), u64>;
