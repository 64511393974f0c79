//! What a pack says of its data: datasets, columns, keys, links, roles, code lists, tables of figures and profiles.
//!
//! A [`Pack`] is loaded from a folder of TOML files (`docs/pack.md`) by [`load`]; the engine knows a pack only through the
//! types here. Expressions in model files stay text until `rule` compiles them.

pub(crate) mod file;
mod gaps;
pub mod load;
pub mod schema;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::calendar::{Date, WorkingDays};
use crate::locale::Bilingual;
use crate::value::{Kind, Value};
pub use gaps::Gap;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            /// As an index.
            pub fn index(self) -> usize {
                usize::from(self.0)
            }
        }
    };
}

id!(
    /// Index into [`Pack::datasets`].
    DatasetId
);
id!(
    /// Index into [`Dataset::columns`].
    ColumnId
);
id!(
    /// Index into [`Pack::links`].
    LinkId
);
id!(
    /// Index into [`Pack::tables`].
    TableId
);
id!(
    /// Index into [`Pack::lists`].
    ListId
);
id!(
    /// Index into [`Pack::profiles`].
    ProfileId
);

/// A file of the pack, kept whole so that mistakes can point into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path inside the pack, forward slashes.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
}

/// An expression of a pack file, not yet compiled: its text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The file.
    pub file: SourceFile,
    /// Byte range of the expression text inside the file (inside the quotes).
    pub span: Range<usize>,
}

impl Snippet {
    /// The expression.
    pub fn text(&self) -> &str {
        self.file.text.get(self.span.clone()).unwrap_or("")
    }
}

/// How many years before the extract date the amounts that lie there are counted apart, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearsBack {
    /// Number of years.
    pub years: u8,
    /// How far to trust it.
    pub status: Status,
    /// Where it comes from.
    pub source: Arc<str>,
}

/// A whole pack.
#[derive(Debug, Clone, Default)]
pub struct Pack {
    /// `name` of pack.toml.
    pub name: String,
    /// `version` of pack.toml.
    pub version: String,
    /// Whether the vocabulary `dk` is on.
    pub vocabulary_dk: bool,
    /// Currency word of money literals: `kr`.
    pub currency: String,
    /// What stands behind amounts that are shown: `kr.`; the same word unless the pack says otherwise.
    pub currency_sign: String,
    /// How far back amounts are counted apart, if the pack says so.
    pub years_back: Option<YearsBack>,
    /// Rule families in the order the scorecard shows them.
    pub families: Vec<Family>,
    /// Datasets, by name.
    pub datasets: Vec<Dataset>,
    /// Links between them.
    pub links: Vec<Link>,
    /// Tables of figures.
    pub tables: Vec<Table>,
    /// Code lists.
    pub lists: Vec<CodeList>,
    /// Profiles of the systems' layouts.
    pub profiles: Vec<Profile>,
    /// Public holidays.
    pub working_days: WorkingDays,
    /// Rule files, not yet parsed, ordered by path.
    pub rules: Vec<SourceFile>,
    /// Folders of key figures, in the order in which they are shown.
    pub figure_folders: Vec<Family>,
    /// Files of key figures, not yet parsed, ordered by path.
    pub figures: Vec<SourceFile>,
    /// CPR numbers of test persons.
    pub test_persons: Vec<Arc<str>>,
    /// SHA-256 over all files of the pack, hexadecimal.
    pub hash: String,
}

/// A folder of rules, or of key figures, that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Folder name.
    pub folder: String,
    /// Title.
    pub title: Bilingual,
}

/// One kind of record.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// Name in rules, such as `bevilling`.
    pub name: Arc<str>,
    /// Title.
    pub title: Bilingual,
    /// Columns.
    pub columns: Vec<Column>,
    /// Keys, strongest first; each a list of columns.
    pub keys: Vec<Vec<ColumnId>>,
    /// Whether equal rows of one sheet are rows of their own, for rules that look for them.
    pub repeats: bool,
    /// For the dataset that holds the cases: a row of it is a closed case where this holds.
    pub closed: Option<Snippet>,
    /// What the dataset expects of its rows, with the least share (per cent) that must meet it.
    pub expectations: Vec<(Snippet, u8)>,
    /// Datasets whose rows it holds; empty unless it is a union, which no profile feeds.
    pub union: Vec<UnionPart>,
    /// The model file.
    pub file: SourceFile,
}

/// Rows of another dataset as rows of a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnionPart {
    /// The other dataset; no union itself.
    pub dataset: DatasetId,
    /// Columns of the union and what fills them; the others are not delivered by this part.
    pub columns: Vec<(ColumnId, UnionSource)>,
    /// Only rows whose column (of the other dataset) is one of these texts.
    pub only: Option<(ColumnId, Vec<Arc<str>>)>,
}

/// What fills a column of a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnionSource {
    /// A column of the other dataset, of the same kind; a timestamp also fills a date, with its Danish day.
    Column(ColumnId),
    /// Always the same text.
    Constant(Arc<str>),
}

impl Dataset {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<ColumnId> {
        self.columns.iter().position(|c| &*c.name == name).map(|i| ColumnId(i as u16))
    }

    /// The first column with this role.
    pub fn with_role(&self, role: Role) -> Option<ColumnId> {
        self.columns.iter().position(|c| c.role == Some(role)).map(|i| ColumnId(i as u16))
    }
}

/// What the program may know of a column without its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The case key.
    Case,
    /// The caseworker.
    Owner,
    /// The team.
    Team,
    /// A person whose rows belong to one cluster.
    Person,
    /// An amount.
    Amount,
    /// The day the row was extracted.
    Snapshot,
    /// A place.
    Place,
}

/// A typed column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Name in rules.
    pub name: Arc<str>,
    /// Type.
    pub kind: Kind,
    /// Whether its text may be shown; text that is not open is personal.
    pub open: bool,
    /// Role, if any.
    pub role: Option<Role>,
    /// Whether it holds people's names, perhaps with the last name first.
    pub names: bool,
    /// Allowed codes.
    pub codes: Option<ListId>,
    /// Computed for rows whose file does not deliver it, or where the cell is empty.
    pub derived: Option<Snippet>,
    /// Header names common to all profiles, besides `name` itself.
    pub aliases: Vec<String>,
}

impl Column {
    /// Whether its values are personal: text that the model does not mark open.
    pub fn is_personal(&self) -> bool {
        !self.open && (self.kind.is_textual() || self.kind == Kind::TextList) && self.codes.is_none()
    }
}

/// How rows of one dataset find rows of another.
#[derive(Debug, Clone)]
pub struct Link {
    /// The side that points.
    pub from: DatasetId,
    /// The side pointed at.
    pub to: DatasetId,
    /// Name of the path from a `from` row (`b.sag`).
    pub name: Arc<str>,
    /// Name of the path from a `to` row back (`s.bevilling`).
    pub back: Arc<str>,
    /// Ways to match, strongest first: pairs of (column of `from`, column of `to`).
    pub ways: Vec<Vec<(ColumnId, ColumnId)>>,
    /// Whether a `from` row has one target; otherwise the path is a group.
    pub one: bool,
}

/// How far a figure of law can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Printed in an act or by its ministry.
    Printed,
    /// Computed from printed figures.
    Derived,
    /// From a secondary source, or inferred.
    Unverified,
    /// Set by the municipality.
    Local,
}

impl Status {
    /// Its word in pack files and machine formats.
    pub fn word(self) -> &'static str {
        match self {
            Status::Printed => "printed",
            Status::Derived => "derived",
            Status::Unverified => "unverified",
            Status::Local => "local",
        }
    }
}

/// A table of figures: dated, and perhaps keyed, the last key perhaps banded (greatest lower bound).
#[derive(Debug, Clone)]
pub struct Table {
    /// Name in rules.
    pub name: Arc<str>,
    /// Title.
    pub title: Bilingual,
    /// Kinds of its keys, in order.
    pub keys: Vec<Kind>,
    /// Whether the last key is a lower bound.
    pub banded: bool,
    /// Whether rows hold from a day; then `at` is needed.
    pub dated: bool,
    /// Kind of the value.
    pub kind: Kind,
    /// Whether the figures are the municipality's own; empty until the config fills them.
    pub local: bool,
    /// Rows in file order.
    pub rows: Vec<Figure>,
    /// The file.
    pub file: SourceFile,
}

/// One row of a [`Table`].
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// First day it holds.
    pub from: Option<Date>,
    /// Last day it holds.
    pub until: Option<Date>,
    /// Its keys.
    pub keys: Vec<Value>,
    /// The figure.
    pub value: Value,
    /// How far to trust it.
    pub status: Status,
    /// Where it is printed.
    pub source: Arc<str>,
}

/// A list of codes with the days they hold.
#[derive(Debug, Clone)]
pub struct CodeList {
    /// Name in rules.
    pub name: Arc<str>,
    /// Title.
    pub title: Bilingual,
    /// Kind of the codes: text, konto or paragraf. Codes of kind konto and paragraf match by prefix (`under`).
    pub kind: Kind,
    /// Codes in file order.
    pub codes: Vec<Code>,
    /// Whether cells may hold other texts than these codes, as written; otherwise such a cell is unreadable.
    pub others: bool,
    /// How far to trust it.
    pub status: Status,
    /// Where it comes from.
    pub source: Arc<str>,
    /// The file.
    pub file: SourceFile,
}

/// One code.
#[derive(Debug, Clone)]
pub struct Code {
    /// Canonical form.
    pub code: Arc<str>,
    /// What it stands for.
    pub title: Bilingual,
    /// Other spellings in exports.
    pub aliases: Vec<String>,
    /// First day it holds.
    pub from: Option<Date>,
    /// Last day it holds.
    pub until: Option<Date>,
}

/// One system's layout: how to recognise it, how to read it, which datasets it feeds.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Name in the config.
    pub name: Arc<str>,
    /// The system, as users call it.
    pub system: String,
    /// Title.
    pub title: Bilingual,
    /// Headers that must all be there (each a list of spellings).
    pub signature: Vec<Vec<String>>,
    /// Headers that must not be there.
    pub without: Vec<Vec<String>>,
    /// Patterns, one of which the file's path must meet; empty for any.
    pub files: Vec<String>,
    /// Whether the system always ends its last line, so that a file without that line end was cut off.
    pub final_line_end: bool,
    /// Totals row, if the system writes one.
    pub total: Option<TotalRow>,
    /// What it feeds.
    pub feeds: Vec<Feed>,
    /// The file.
    pub file: SourceFile,
}

/// The totals row of a layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotalRow {
    /// Texts by which its first filled cell is known.
    pub marks: Vec<String>,
    /// Headers (each a list of spellings) of the columns it sums.
    pub sums: Vec<Vec<String>>,
    /// Whether the system always writes it, so that its absence means cut off.
    pub required: bool,
}

/// One dataset fed by a sheet of a profile.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The dataset.
    pub dataset: DatasetId,
    /// Whether equal rows fold into one (a case repeated on each of its grants).
    pub distinct: bool,
    /// Whether its rows only add to rows that stand elsewhere; alone they do not make the dataset complete.
    pub secondary: bool,
    /// A row is fed only where all these columns have a value.
    pub needs: Vec<ColumnId>,
    /// Where each column's value comes from.
    pub columns: Vec<FeedColumn>,
    /// One row becomes one row a month.
    pub unfold: Option<Unfold>,
    /// One row of a period becomes one row for each month that the period touches.
    pub spread: Option<Spread>,
}

/// Where a column of a feed comes from.
#[derive(Debug, Clone)]
pub struct FeedColumn {
    /// The dataset's column.
    pub to: ColumnId,
    /// The source.
    pub from: FeedSource,
    /// Whether only the spellings of the source will do, not the column's own.
    pub exact: bool,
    /// Taken only where another header (spellings) has one of these texts; empty elsewhere.
    pub only: Option<(Vec<String>, Vec<String>)>,
}

/// A source of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedSource {
    /// A header under any of these spellings, then the column's own aliases.
    Header(Vec<String>),
    /// A yes/no header, turned round.
    Negated(Vec<String>),
    /// Several headers (each a list of spellings) joined by a text.
    Joined(Vec<Vec<String>>, String),
    /// The sheet's name.
    SheetName,
    /// The file's name without its ending.
    FileName,
    /// Always the same text.
    Constant(String),
}

/// How a row with a cell a month becomes rows a month.
#[derive(Debug, Clone)]
pub struct Unfold {
    /// Twelve headers, each a list of spellings, January first.
    pub months: Vec<Vec<String>>,
    /// The column that takes the month's cell.
    pub value: ColumnId,
    /// The column that takes the month.
    pub month: ColumnId,
    /// Where the year stands.
    pub year: FeedSource,
    /// Headers that come once a month too, as `{month} pension`: (column, spellings with `{month}`).
    pub also: Vec<(ColumnId, Vec<String>)>,
}

/// How a row of a period becomes rows a month.
#[derive(Debug, Clone)]
pub struct Spread {
    /// The column that takes the month.
    pub month: ColumnId,
    /// Spellings of the header of the first day.
    pub first: Vec<String>,
    /// Spellings of the header of the last day, which is included.
    pub last: Vec<String>,
}

impl Pack {
    /// The dataset of this name.
    pub fn dataset(&self, name: &str) -> Option<DatasetId> {
        self.datasets.iter().position(|d| &*d.name == name).map(|i| DatasetId(i as u16))
    }

    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<TableId> {
        self.tables.iter().position(|t| &*t.name == name).map(|i| TableId(i as u16))
    }

    /// The code list of this name.
    pub fn list(&self, name: &str) -> Option<ListId> {
        self.lists.iter().position(|l| &*l.name == name).map(|i| ListId(i as u16))
    }

    /// The profile of this name.
    pub fn profile(&self, name: &str) -> Option<ProfileId> {
        self.profiles.iter().position(|p| &*p.name == name).map(|i| ProfileId(i as u16))
    }

    /// Dataset by id.
    pub fn get(&self, id: DatasetId) -> &Dataset {
        &self.datasets[id.index()]
    }

    /// Paths that start at a row of `dataset`: name, link, and whether it is walked forward.
    pub fn paths(&self, dataset: DatasetId) -> BTreeMap<&str, (LinkId, bool)> {
        let mut paths = BTreeMap::new();
        for (i, link) in self.links.iter().enumerate() {
            let id = LinkId(i as u16);
            if link.from == dataset {
                paths.insert(&*link.name, (id, true));
            }
            if link.to == dataset {
                paths.insert(&*link.back, (id, false));
            }
        }
        paths
    }

    /// The dataset whose rows are the cases: the one that says when a case is closed.
    pub fn case_dataset(&self) -> Option<DatasetId> {
        self.datasets.iter().position(|d| d.closed.is_some()).map(|i| DatasetId(i as u16))
    }

    /// The link by which rows of a dataset find their case.
    pub fn case_link(&self, dataset: DatasetId) -> Option<LinkId> {
        let cases = self.case_dataset()?;
        let link = self.links.iter().position(|l| l.from == dataset && l.to == cases && l.one)?;
        Some(LinkId(link as u16))
    }
}

impl CodeList {
    /// The code that `text` spells, by its code, title or alias; case and white space do not matter.
    pub fn find(&self, text: &str) -> Option<&Code> {
        let fold = |s: &str| s.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = fold(text);
        let spelled = |s: &str| fold(s) == wanted;
        self.codes
            .iter()
            .find(|c| spelled(&c.code))
            .or_else(|| self.codes.iter().find(|c| spelled(&c.title.da) || c.aliases.iter().any(|a| spelled(a))))
    }
}
