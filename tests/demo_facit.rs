//! Municipalities of the demo, read and judged by the embedded pack, answer what their facit says, row for row and nothing
//! else. The facit was written from what was planted, not from a run.
#![allow(clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sagstjek::demo::{DemoOptions, municipality};
use sagstjek::engine::result::{Outcome, RunResult};
use sagstjek::engine::{RunOptions, prepare, run};
use sagstjek::intake::{self, Delivery, IntakeOptions};
use sagstjek::model::load::embedded;
use sagstjek::model::{ColumnId, DatasetId};
use sagstjek::night::Book;
use sagstjek::rule::LoadPlan;
use sagstjek::rule::typed::Verdict;
use sagstjek::store::{CellRef, Store};
use sagstjek::value::Value;

/// Rule, file and sheet, sheet row, month (0 = none), verdict.
type Answer = (String, String, u64, u64, String);

/// Answers of a facit, with the header of the cell that shows each.
fn facit(folder: &Path) -> Vec<(Answer, String)> {
    let text = std::fs::read_to_string(folder.join("facit.toml")).expect("facit");
    let table: toml::Table = toml::from_str(&text).expect("toml");
    let mut answers = Vec::new();
    for finding in table.get("finding").and_then(toml::Value::as_array).into_iter().flatten() {
        let text = |key: &str| finding.get(key).and_then(toml::Value::as_str).unwrap_or("").to_owned();
        let row = finding["sheet_row"].as_integer().expect("row") as u64;
        let month = finding["key"].as_array().and_then(|k| k.get(2)).and_then(toml::Value::as_str).unwrap_or("");
        let month = if text("rule") == "TAF-102" { month[5..7].parse().expect("month") } else { 0 };
        let answer = (text("rule"), format!("{} {}", text("file"), text("sheet")), row, month, text("verdict"));
        answers.push((answer, text("column")));
    }
    answers
}

struct Checked {
    book: Book,
    delivery: Delivery,
    store: Store,
    result: RunResult,
}

fn check(folder: &Path) -> Checked {
    let config = std::fs::read_to_string(folder.join("sagstjek.toml")).expect("config");
    let book = Book::open(embedded(), Vec::new(), Some(("sagstjek.toml", &config))).expect("pack and config are sound");
    let plan = LoadPlan::of(&book.pack, &book.model, &book.rules.iter().collect::<Vec<_>>());
    let options = IntakeOptions { sources: book.config.sources.clone(), ignore: book.config.ignore.clone() };
    let mut delivery = intake::read(&book.pack, &plan, folder, &options);
    assert_eq!(delivery.problems, []);
    let extract_date = delivery.extract_date.newest.expect("stated");
    let mut store = Store::build(book.pack.clone(), std::mem::take(&mut delivery.tables));
    assert_eq!(prepare(&mut store, &book.model, &book.rules, extract_date, &delivery.files), []);
    let result = run(&store, &book.rules, &RunOptions { extract_date, threads: 1 });
    Checked { book, delivery, store, result }
}

impl Checked {
    /// Every outcome, with the headers of the cells that it labels or rests on.
    fn answers(&self) -> Vec<(Answer, BTreeSet<String>)> {
        let rules = self.book.rules.iter().zip(&self.result.rules);
        rules.flat_map(|(rule, judged)| judged.outcomes.iter().map(|o| self.answer(&rule.id, o))).collect()
    }

    fn answer(&self, rule: &str, outcome: &Outcome) -> (Answer, BTreeSet<String>) {
        let dataset = outcome.row.dataset;
        let at = |column| CellRef { dataset, row: outcome.row.row, column };
        let columns = (0..self.book.pack.get(dataset).columns.len() as u16).map(ColumnId);
        let origin = columns.filter_map(|column| self.store.origin(at(column))).next().expect("a cell of a file");
        let file = &self.delivery.files[usize::from(origin.file)];
        let sheet = file.sheets[usize::from(origin.sheet)].name.clone().unwrap_or_else(|| "".into());
        let month = self.book.pack.get(dataset).column("måned").and_then(|column| self.store.cell(at(column)).present());
        let month = if let Some(Value::Date(day)) = month { u64::from(day.month()) } else { 0 };
        let verdict = match outcome.verdict {
            Verdict::Violation => "violation",
            Verdict::NotAssessed => "not assessed",
            Verdict::Partly => "partly",
            Verdict::Compliant | Verdict::NotApplicable => "fine",
        };
        let place = format!("{} {sheet}", file.path);
        let answer = (rule.to_owned(), place, u64::from(origin.sheet_row), month, verdict.to_owned());
        let cells = outcome.marks.iter().map(|m| m.cell).chain(outcome.deciding.iter().filter_map(|d| d.cell));
        (answer, cells.filter_map(|cell| self.header(cell)).collect())
    }

    fn header(&self, cell: CellRef) -> Option<String> {
        let origin = self.store.origin(cell)?;
        let sheet = &self.delivery.files[usize::from(origin.file)].sheets[usize::from(origin.sheet)];
        let found = sheet.headers.iter().find(|h| Some(h.sheet_column) == origin.sheet_column)?;
        Some(found.text.to_string())
    }

    fn rows(&self, dataset: &str) -> u32 {
        self.store.rows(self.book.pack.dataset(dataset).unwrap_or(DatasetId(0)))
    }
}

fn agrees(folder: &Path) -> Checked {
    let wanted = facit(folder);
    let checked = check(folder);
    let got = checked.answers();
    let lacking: Vec<_> = wanted.iter().filter(|(answer, _)| !got.iter().any(|(g, _)| g == answer)).collect();
    let beside: Vec<_> = got.iter().filter(|(answer, _)| !wanted.iter().any(|(w, _)| w == answer)).collect();
    assert!(lacking.is_empty() && beside.is_empty(), "not found: {lacking:#?}\nnot planted: {beside:#?}");
    for (answer, header) in wanted {
        let shown = got.iter().find(|(g, _)| *g == answer).map(|(_, headers)| headers);
        assert!(shown.is_some_and(|headers| headers.contains(&header)), "{answer:?} does not show «{header}»: {shown:?}");
    }
    checked
}

fn written(name: &str, options: &DemoOptions) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("folder");
    for file in municipality(options).expect("municipality") {
        std::fs::write(folder.join(file.name), file.bytes).expect("file");
    }
    folder
}

#[test]
fn the_committed_demo_answers_its_facit() {
    let checked = agrees(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo"));
    for (rule, judged) in checked.book.rules.iter().zip(&checked.result.rules) {
        assert!(judged.counts.violation > 0 && judged.counts.not_assessed > 0, "{}: {:?}", rule.id, judged.counts);
        assert!(judged.counts.compliant > judged.counts.violation, "{}: {:?}", rule.id, judged.counts);
        let each = &checked.book.pack.get(rule.each).name;
        assert_eq!(judged.counts.examined(), u64::from(checked.rows(each)), "{}: a verdict for every row", rule.id);
    }
}

#[test]
fn other_municipalities_answer_theirs() {
    for seed in 1..=4 {
        agrees(&written(&format!("facit-{seed}"), &DemoOptions { cases: 60, seed, clean: false }));
    }
}

#[test]
fn a_municipality_without_faults_has_no_findings() {
    let folder = written("facit-clean", &DemoOptions { cases: 60, seed: 7, clean: true });
    assert_eq!(facit(&folder), []);
    agrees(&folder);
}
