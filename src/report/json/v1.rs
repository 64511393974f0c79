//! The shape of `sagstjek-report/1`. Frozen: a field may be added, none may change or go; a change is version 2.
//!
//! Numbers that are money or decimals are texts with a dot (`"1234.50"`), days are `yyyy-mm-dd`, texts for readers come in
//! both languages. Personal values are pseudonyms unless `manifest.personal_shown` is true.

#![expect(missing_docs, reason = "each field is named for what it holds in the report's own data, which is documented")]

use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Report {
    pub schema: &'static str,
    pub manifest: Manifest,
    pub exit: Exit,
    pub problems: Vec<Problem>,
    pub files: Vec<File>,
    pub links: Vec<Link>,
    pub scorecard: Scorecard,
    pub rules: Vec<Rule>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<KeyFigure>,
    pub findings: Vec<Finding>,
    pub not_assessed: Vec<NotAssessed>,
}

#[derive(Debug, Serialize)]
pub struct Text {
    pub da: String,
    pub en: String,
}

#[derive(Debug, Serialize)]
pub struct Manifest {
    pub tool: &'static str,
    pub tool_version: String,
    pub pack: String,
    pub pack_version: String,
    pub pack_sha256: String,
    pub config_sha256: Option<String>,
    pub extract_date: String,
    pub extract_date_from: &'static str,
    pub protected: bool,
    pub secret: Option<String>,
    pub personal_shown: bool,
    pub changed_rules: Vec<ChangedRule>,
}

#[derive(Debug, Serialize)]
pub struct ChangedRule {
    pub rule: String,
    pub change: &'static str,
}

#[derive(Debug, Serialize)]
pub struct Exit {
    pub code: u8,
    pub meaning: Text,
}

#[derive(Debug, Serialize)]
pub struct Problem {
    pub code: &'static str,
    pub severity: &'static str,
    pub text: Text,
    pub help: Option<Text>,
}

#[derive(Debug, Serialize)]
pub struct File {
    pub path: String,
    pub sha256: String,
    pub bytes: u64,
    pub format: Option<&'static str>,
    pub encoding: Option<&'static str>,
    pub bom: Option<bool>,
    pub delimiter: Option<String>,
    pub undecodable: Option<u64>,
    pub sheets: Vec<Sheet>,
}

#[derive(Debug, Serialize)]
pub struct Sheet {
    pub name: Option<String>,
    pub hidden: bool,
    pub hidden_rows: u32,
    pub profile: Option<String>,
    pub header_row: Option<u32>,
    pub records: u32,
    pub headers: Vec<Header>,
    pub skipped: Vec<Count>,
    pub repairs: Vec<Count>,
    pub totals: Vec<Total>,
    pub cpr_read: u32,
    pub cpr_modulus_failed: u32,
}

#[derive(Debug, Serialize)]
pub struct Header {
    pub text: String,
    pub column: u32,
    pub hidden: bool,
    pub feeds: Vec<String>,
    pub filled: u32,
    pub malformed: u32,
}

#[derive(Debug, Serialize)]
pub struct Count {
    pub kind: &'static str,
    pub count: u32,
}

#[derive(Debug, Serialize)]
pub struct Total {
    pub header: String,
    pub stated: String,
    pub computed: String,
    pub met: bool,
}

#[derive(Debug, Serialize)]
pub struct Link {
    pub from: String,
    pub to: String,
    pub name: String,
    pub ways: Vec<Way>,
    pub unmatched: u64,
    pub ambiguous: u64,
}

#[derive(Debug, Serialize)]
pub struct Way {
    pub columns: Vec<String>,
    pub matched: u64,
}

#[derive(Debug, Serialize)]
pub struct Scorecard {
    pub total: Score,
    pub families: Vec<Family>,
    pub top_rules: Vec<String>,
    pub owners: Vec<Holder>,
    pub teams: Vec<Holder>,
    pub not_assessed_causes: Vec<Cause>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recent: Option<Recent>,
    pub cases: Vec<Case>,
}

#[derive(Debug, Serialize)]
pub struct Recent {
    pub years_back: u8,
    pub since: String,
    pub status: &'static str,
    pub source: String,
}

#[derive(Debug, Serialize)]
pub struct Case {
    pub case: String,
    pub findings: u64,
    #[serde(flatten)]
    pub stake: Stake,
}

#[derive(Debug, Serialize)]
pub struct Stake {
    pub at_stake: String,
    pub paid_too_much: String,
    pub paid_too_little: String,
    pub refund: String,
    pub recent_at_stake: String,
    pub recent_refund: String,
    pub undated_at_stake: String,
    pub undated_refund: String,
}

#[derive(Debug, Serialize)]
pub struct Family {
    pub folder: String,
    pub title: Text,
    pub rules: Vec<String>,
    pub score: Score,
}

#[derive(Debug, Serialize)]
pub struct Score {
    pub examined: u64,
    pub not_applicable: u64,
    pub compliant: u64,
    pub partly: u64,
    pub violation: u64,
    pub not_assessed: u64,
    pub fully_percent: Option<u64>,
    pub fully_or_partly_percent: Option<u64>,
    #[serde(flatten)]
    pub stake: Stake,
}

#[derive(Debug, Serialize)]
pub struct Holder {
    pub name: Option<String>,
    pub findings: u64,
    pub at_stake: String,
}

#[derive(Debug, Serialize)]
pub struct Cause {
    pub cause: &'static str,
    pub dataset: Option<String>,
    pub column: Option<String>,
    pub rows: u64,
}

#[derive(Debug, Serialize)]
pub struct Rule {
    pub id: String,
    pub name: String,
    pub family: String,
    pub severity: &'static str,
    pub title: Text,
    pub legal: Vec<String>,
    pub tracks: Vec<String>,
    pub state: &'static str,
    pub reason: Option<Text>,
    pub score: Score,
    pub not_assessed_causes: Vec<Cause>,
}

#[derive(Debug, Serialize)]
pub struct Finding {
    pub fingerprint: String,
    pub other_fingerprints: Vec<String>,
    pub rule: String,
    pub verdict: &'static str,
    pub severity: &'static str,
    pub message: Text,
    pub file: String,
    pub sheet: Option<String>,
    pub record: u32,
    #[serde(flatten)]
    pub subject: Subject,
    pub primary: Cell,
    pub related: Vec<Cell>,
    pub context: Vec<Cell>,
    pub steps: Vec<Step>,
    pub figures: Vec<Figure>,
    pub amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    pub days_late: Option<i64>,
    pub law: Option<String>,
    pub links: Vec<Match>,
    pub refused_rows: Vec<Refused>,
    pub unlisted_rows: u64,
}

#[derive(Debug, Serialize)]
pub struct Subject {
    pub key: Option<Vec<KeyPart>>,
    pub item: Option<String>,
    pub partner: Option<Vec<KeyPart>>,
    pub case: Option<String>,
    pub owner: Option<String>,
    pub team: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct KeyPart {
    pub column: String,
    pub value: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Cell {
    pub dataset: String,
    pub column: String,
    pub header: Option<String>,
    pub file: String,
    pub sheet: Option<String>,
    pub row: u32,
    pub line: u32,
    pub record: u32,
    pub col: Option<u32>,
    pub letter: Option<String>,
    pub derived: bool,
    pub state: &'static str,
    pub cause: Option<&'static str>,
    pub value: Option<String>,
    pub shown: Text,
    pub label: Option<Text>,
}

#[derive(Debug, Serialize)]
pub struct Step {
    pub name: String,
    pub value: Option<String>,
    pub shown: Text,
    pub factors: Vec<Cell>,
    pub figures: Vec<Figure>,
}

#[derive(Debug, Serialize)]
pub struct Figure {
    pub table: String,
    pub title: Text,
    pub value: String,
    pub status: &'static str,
    pub source: String,
    pub from: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Match {
    pub link: String,
    pub from: String,
    pub to: String,
    pub columns: Vec<String>,
    pub weaker: bool,
}

#[derive(Debug, Serialize)]
pub struct Refused {
    pub dataset: String,
    pub rows: u32,
}

#[derive(Debug, Serialize)]
pub struct NotAssessed {
    pub rule: String,
    pub file: Option<String>,
    pub sheet: Option<String>,
    pub row: Option<u32>,
    pub record: Option<u32>,
    #[serde(flatten)]
    pub subject: Subject,
    pub reasons: Vec<Reason>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
}

#[derive(Debug, Serialize)]
pub struct Reading {
    pub sides: Vec<String>,
    pub verdict: &'static str,
    pub due: Option<String>,
    pub steps: Vec<Step>,
}

#[derive(Debug, Serialize)]
pub struct Reason {
    pub cause: &'static str,
    pub dataset: Option<String>,
    pub column: Option<String>,
    pub file: Option<String>,
    pub cell: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Figures {
    pub schema: &'static str,
    pub extract_date: String,
    pub protected: bool,
    pub figures: Vec<KeyFigure>,
}

#[derive(Debug, Serialize)]
pub struct KeyFigure {
    pub id: String,
    pub name: String,
    pub title: Text,
    pub note: Option<Text>,
    pub source: Option<String>,
    pub state: &'static str,
    pub reason: Option<Text>,
    pub keys: Vec<Text>,
    pub across: Option<Text>,
    pub heads: Vec<FigureKey>,
    pub columns: Vec<Text>,
    pub left_out: Vec<LeftOut>,
    pub rows: Vec<FigureRow>,
    pub unranked: u64,
    pub refused_rows: u32,
}

#[derive(Debug, Serialize)]
pub struct FigureKey {
    pub state: &'static str,
    pub value: Option<String>,
    pub shown: Text,
}

#[derive(Debug, Serialize)]
pub struct LeftOut {
    pub column: Text,
    pub reason: Text,
}

#[derive(Debug, Serialize)]
pub struct FigureRow {
    pub keys: Vec<FigureKey>,
    pub rows_without_key: u64,
    pub cells: Vec<FigureCell>,
}

#[derive(Debug, Serialize)]
pub struct FigureCell {
    pub state: &'static str,
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lacking: Option<Lacking>,
}

#[derive(Debug, Serialize)]
pub struct Lacking {
    pub rows: u64,
    pub causes: Vec<Cause>,
    pub value_of_the_others: Option<String>,
    pub percent_of_the_others: Option<String>,
}
