//! The typed tree: a rule after parsing and checking, as the engine evaluates it.
//!
//! Names are resolved to slots, columns, links and tables; every node has its type and its span in the rule file.

use std::ops::Range;
use std::sync::Arc;

use crate::calendar::Date;
use crate::locale::Bilingual;
use crate::model::{ColumnId, DatasetId, LinkId, ListId, SourceFile, TableId};
use crate::problem::Severity;
use crate::value::{Cell, Kind, Value};

/// Type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ty {
    /// A value.
    Value(Kind),
    /// A row of a dataset; may be missing.
    Row(DatasetId),
    /// A list of periods, from `uncovered` or `spells_of`.
    Periods,
    /// A list of months, from `months(period)`.
    Months,
}

/// Where a variable or step lives while a row is judged: an index into the evaluator's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u16);

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Its type.
    pub ty: Ty,
    /// Byte range in the rule file.
    pub span: Range<usize>,
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Compare {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// Arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Arith {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Tests between two texts (or domain values for `Under`).
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
    /// The whole text matches this pattern (compiled and anchored at check time).
    Matches(Pattern),
    /// The left domain value lies under the right one (`BL § 32, stk. 1 under BL § 32`).
    Under,
}

/// A regular expression, compared by its text.
#[derive(Debug, Clone)]
pub struct Pattern(pub regex::Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// Tests between two periods; `During` and `Covers` also take a date on the inner side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum PeriodTest {
    Overlaps,
    Meets,
    During,
    Covers,
}

/// What `is` asks.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum IsTest {
    Missing,
    Present,
    Known,
    /// The same row as this one.
    SameRow(Box<Expr>),
}

/// Quantifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Quantifier {
    Every,
    Some,
    No,
}

/// Folds over rows whose arguments are evaluated per row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Fold {
    Sum,
    Min,
    Max,
    Mean,
    Median,
    /// `uncovered(whole, part for rows)`: the parts of the period `whole` that no `part` covers.
    Uncovered,
    /// `spells_of(part for rows)`: the parts joined where they overlap or meet.
    Spells,
}

/// Picks of one row by order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Pick {
    First,
    Last,
    /// The one before the `each` row in this order.
    Previous,
    /// The one after the `each` row in this order.
    Next,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the language's own words, see docs/language.md")]
pub enum Node {
    Literal(Value),
    ExtractDate,
    /// A row variable, a `per` item or a step.
    Var(Slot),
    /// A column of a row.
    Field(Box<Expr>, ColumnId),
    /// The one row that a link leads to; `forward` = from the link's `from` side. A backward link is one only if declared so.
    Follow {
        row: Box<Expr>,
        link: LinkId,
        forward: bool,
    },
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(Compare, Box<Expr>, Box<Expr>),
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    Is {
        operand: Box<Expr>,
        test: IsTest,
        negated: bool,
    },
    InItems {
        value: Box<Expr>,
        items: Vec<Expr>,
        negated: bool,
    },
    /// `"x" in n.årsag` where the right side is a list column.
    InList {
        value: Box<Expr>,
        list: Box<Expr>,
        negated: bool,
    },
    /// `x in kodeliste at date`; without `at` the code may hold on any day.
    InCodes {
        value: Box<Expr>,
        list: ListId,
        at: Option<Box<Expr>>,
        negated: bool,
    },
    Text {
        test: TextTest,
        left: Box<Expr>,
        right: Box<Expr>,
        negated: bool,
    },
    Period {
        test: PeriodTest,
        left: Box<Expr>,
        right: Box<Expr>,
        negated: bool,
    },
    Arith(Arith, Box<Expr>, Box<Expr>),
    Negate(Box<Expr>),
    Lookup {
        table: TableId,
        keys: Vec<Expr>,
        at: Option<Box<Expr>>,
    },
    Call(super::function::Function, Vec<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `either(a, b)`: two readings of what the law leaves open. `question` counts the distinct ones of the rule from 0.
    Either {
        question: u8,
        first: Box<Expr>,
        second: Box<Expr>,
    },
    Quantified {
        quantifier: Quantifier,
        rows: Rows,
        satisfies: Option<Box<Expr>>,
    },
    Count(Rows),
    CountDistinct(Box<Expr>, Rows),
    Fold(Fold, Vec<Expr>, Rows),
    /// The picked row (`Ty::Row`).
    Pick(Pick, Rows, Vec<Expr>),
}

/// A source of rows bound to a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The row variable's slot.
    pub slot: Slot,
    /// Its name.
    pub name: Arc<str>,
    /// Dataset of the rows.
    pub dataset: DatasetId,
    /// Where they come from.
    pub source: RowSource,
    /// Conjuncts of `where`; each mentions the variable.
    pub filter: Vec<Expr>,
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub enum RowSource {
    /// The group of rows that a link leads to from one row. A path of several steps nests: `start` is the row before the last step.
    Group {
        /// The row it starts from (`Ty::Row`).
        start: Box<Expr>,
        /// The last link.
        link: LinkId,
        /// Whether the link is walked from its `from` side.
        forward: bool,
    },
    /// A group reached through a group: every row of `over`, then its rows by the link.
    Through {
        /// The rows before.
        over: Box<Rows>,
        /// The last link.
        link: LinkId,
        /// Whether the link is walked from its `from` side.
        forward: bool,
    },
    /// A whole dataset, narrowed by equalities with outer values; they index it. Where there is none, what ranges over it is
    /// [closed](Expr::is_closed) and evaluated once.
    Whole {
        /// `column = outer expression`. The same conjuncts stand in [`Rows::filter`] too.
        equal: Vec<(ColumnId, Expr)>,
    },
}

/// How a rule closes when its requirement is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IfMissing {
    /// Not assessed, with the reasons.
    #[default]
    Report,
    /// A violation.
    Violation,
    /// Compliant.
    Compliant,
}

/// Which rows a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Rows of open cases.
    Open,
    /// Rows of closed cases too.
    All,
}

/// An entry of `legal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Legal {
    /// The reference, as shown.
    pub reference: Arc<str>,
    /// First day it is in force.
    pub from: Option<Date>,
    /// Last day it is in force.
    pub until: Option<Date>,
}

/// A text with `{expressions}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its pieces in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a [`Template`].
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// As it stands.
    Text(String),
    /// A value, computed per finding.
    Expr(Expr),
}

/// Texts of a rule in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Texts {
    /// One line.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// What to do about it.
    pub fix: String,
    /// What a finding says.
    pub message: Template,
    /// A label for each of [`Rule::marks`], in its order.
    pub labels: Vec<Option<Template>>,
}

/// A cell that findings label.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// As written: `b.slut`.
    pub text: Arc<str>,
    /// A [`Node::Field`] expression; its row may be bound inside `require` (the witness or counterexample).
    pub cell: Expr,
}

/// A named intermediate value.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: Arc<str>,
    /// Where its value is kept.
    pub slot: Slot,
    /// Its expression; may use earlier steps.
    pub expr: Expr,
}

/// `deadline = { due, done }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Deadline {
    /// Date or timestamp by which it must be done.
    pub due: Expr,
    /// When it was done.
    pub done: Expr,
}

/// `per = 'm in months(...)'`: one verdict per (row, item).
#[derive(Debug, Clone, PartialEq)]
pub struct Per {
    /// The variable.
    pub name: Arc<str>,
    /// Its slot.
    pub slot: Slot,
    /// What it ranges over: [`Ty::Months`] or [`Ty::Periods`].
    pub items: Expr,
}

/// Outcome words of examples and findings; exactly one per rule and row (or per-item).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The rule does not concern the row.
    NotApplicable,
    /// The requirement holds.
    Compliant,
    /// Violated, but the milder condition holds.
    Partly,
    /// Violated.
    Violation,
    /// Cannot be told from the data.
    NotAssessed,
}

/// Verdict per key of the `each` row; one unkeyed entry for a single row.
pub type Verdicts = Vec<(Option<String>, Verdict)>;

/// An example: a tiny delivery and what it must give: the verdicts of a rule, unless it is of something else.
#[derive(Debug, Clone, PartialEq)]
pub struct Example<E = Verdicts> {
    /// What it must give.
    pub expect: E,
    /// The day the data describes.
    pub extract_date: Date,
    /// Rows per dataset: column values as the model types them; a column not given is empty, a cell written
    /// `{ unknown = "unreadable" }` or `{ unknown = "not delivered" }` is unknown.
    pub tables: Vec<ExampleTable>,
    /// Own figures: table and rows, replacing the pack's.
    pub rates: Vec<(TableId, Vec<crate::model::Figure>)>,
    /// Datasets that did not arrive whole.
    pub incomplete: Vec<DatasetId>,
    /// Byte range of the `[[example]]` in the rule file.
    pub span: Range<usize>,
}

/// Rows of one dataset in an [`Example`].
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleTable {
    /// The dataset.
    pub dataset: DatasetId,
    /// Rows; each has a cell for every column of the dataset, derived columns computed by the store.
    pub rows: Vec<Vec<Cell>>,
}

/// What a rule reads: the load plan is the union over the selected rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reads {
    /// Columns that verdicts rest on, by dataset.
    pub columns: std::collections::BTreeSet<(DatasetId, ColumnId)>,
    /// Other columns, which only amounts, marks and texts show; a rule runs without them.
    pub shown: std::collections::BTreeSet<(DatasetId, ColumnId)>,
    /// Links walked.
    pub links: std::collections::BTreeSet<LinkId>,
    /// Tables looked up.
    pub tables: std::collections::BTreeSet<TableId>,
    /// Datasets whose completeness a conclusion may rest on.
    pub absence: std::collections::BTreeSet<DatasetId>,
}

/// A rule, ready to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Stable id, `BEV-101`.
    pub id: Arc<str>,
    /// Name: the file's stem, `bevilling-uden-slutdato`.
    pub name: Arc<str>,
    /// Folder of the pack it stands in (its family).
    pub family: Arc<str>,
    /// The file.
    pub file: SourceFile,
    /// `Failure` = error, `Warning`, `Note` = info.
    pub severity: Severity,
    /// Pack version it came with.
    pub since: String,
    /// Recovery-plan tracks.
    pub tracks: Vec<String>,
    /// Minutes to mend one finding.
    pub effort: u32,
    /// Rows of closed cases too?
    pub scope: Scope,
    /// Legal basis.
    pub legal: Vec<Legal>,
    /// The dataset judged.
    pub each: DatasetId,
    /// Name and slot of the `each` row.
    pub row: (Arc<str>, Slot),
    /// Whom it applies to.
    pub when: Option<Expr>,
    /// What must hold.
    pub require: Option<Expr>,
    /// By when something must be done.
    pub deadline: Option<Deadline>,
    /// One verdict per item.
    pub per: Option<Per>,
    /// What makes a violation partly compliant.
    pub partly: Option<Expr>,
    /// What an unknown requirement means.
    pub if_missing: IfMissing,
    /// Money at stake, positive = paid too much.
    pub amount: Option<Expr>,
    /// The state's part of the amount, by sign as the amount.
    pub refund: Option<Expr>,
    /// Intermediate values, in order.
    pub steps: Vec<Step>,
    /// `report = "pair once"`: two rows that violate against each other give one finding.
    pub pair_once: bool,
    /// The day that chooses the entry of `legal`, when there is no deadline.
    pub law_date: Option<Expr>,
    /// Cells to label; the first is primary.
    pub marks: Vec<Mark>,
    /// Danish texts.
    pub da: Texts,
    /// English texts.
    pub en: Texts,
    /// Examples.
    pub examples: Vec<Example>,
    /// What it reads.
    pub reads: Reads,
    /// Number of slots a frame needs.
    pub slots: usize,
    /// Questions that the law leaves open: distinct `either`s. The rule is judged under every combination of their readings.
    pub questions: u8,
    /// Whether every path stays in the row's cluster (no whole-dataset source).
    pub local: bool,
}

impl Rule {
    /// Texts in a language.
    pub fn texts(&self, lang: crate::locale::Lang) -> &Texts {
        match lang {
            crate::locale::Lang::Da => &self.da,
            crate::locale::Lang::En => &self.en,
        }
    }

    /// The entry of `legal` in force on `day`; the first that has no bounds when the day is not known.
    pub fn legal_on(&self, day: Option<Date>) -> Option<&Legal> {
        match day {
            Some(day) => self.legal.iter().find(|l| l.from.is_none_or(|f| f <= day) && l.until.is_none_or(|u| day <= u)),
            None => self.legal.first(),
        }
    }

    /// Title in both languages.
    pub fn title(&self) -> Bilingual {
        Bilingual::new(self.da.title.clone(), self.en.title.clone())
    }
}

/// Expressions of the model, compiled: derived columns, closed cases, expectations. Their row is slot 0.
#[derive(Debug, Clone, Default)]
pub struct ModelExprs {
    /// Derived columns in an order in which each uses only earlier ones.
    pub derived: Vec<(DatasetId, ColumnId, Expr)>,
    /// When a row of the case dataset is a closed case.
    pub closed: Option<(DatasetId, Expr)>,
    /// Expectations: dataset, expression, least share in per cent.
    pub expectations: Vec<(DatasetId, Expr, u8)>,
    /// Slots a frame needs.
    pub slots: usize,
}
