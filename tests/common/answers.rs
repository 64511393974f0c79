//! Checks a folder of the demo, and reads its facit: shared by the tests that compare them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sagstjek::calendar::Date;
use sagstjek::demo::DemoFile;
use sagstjek::finding::letters;
use sagstjek::model::load::embedded;
use sagstjek::night::{Book, CheckOptions, Night};
use sagstjek::privacy::Gate;
use sagstjek::report::Report;
use sagstjek::report::json::{document, v1};

/// Rule, key, verdict, file, sheet, record, sheet row.
pub(crate) type Answer = (String, Vec<String>, String, String, String, u64, u64);

/// Answers of a facit, each with the header of its primary cell.
pub(crate) fn facit(folder: &Path) -> BTreeSet<(Answer, String)> {
    let text = std::fs::read_to_string(folder.join("facit.toml")).expect("facit");
    let table: toml::Table = toml::from_str(&text).expect("toml");
    let findings = table.get("finding").and_then(toml::Value::as_array).into_iter().flatten();
    let answers: Vec<(Answer, String)> = findings
        .map(|finding| {
            let text = |key: &str| finding.get(key).and_then(toml::Value::as_str).unwrap_or("").to_owned();
            let number = |key: &str| finding.get(key).and_then(toml::Value::as_integer).expect("a number") as u64;
            let key = finding["key"].as_array().expect("a key").iter();
            let key = key.map(|part| part.as_str().expect("text").to_owned()).collect();
            let place = (number("record"), number("sheet_row"));
            ((text("rule"), key, text("verdict"), text("file"), text("sheet"), place.0, place.1), text("column"))
        })
        .collect();
    let distinct: BTreeSet<_> = answers.iter().cloned().collect();
    assert_eq!(distinct.len(), answers.len(), "the facit says nothing twice");
    distinct
}

/// Checks a folder with its own config and secret; `look` sees the report.
pub(crate) fn check<T>(folder: &Path, look: impl FnOnce(&Book, &Report<'_>, v1::Report) -> T) -> T {
    let config = std::fs::read_to_string(folder.join("sagstjek.toml")).expect("config");
    let book = Book::open(embedded(), Vec::new(), Some(("sagstjek.toml", &config))).expect("pack and config are sound");
    let secret = std::fs::read(folder.join("hemmelighed.txt")).expect("secret");
    let gate = Gate::new(Some(&secret), false);
    let options = CheckOptions {
        extract_date: None,
        today: Date::from_days(0),
        selection: Default::default(),
        fail_on: None,
        exit_zero: false,
        threads: 2,
        ignore: Vec::new(),
    };
    let night = Night::check(&book, folder, &gate, &options).expect("every outcome has a place");
    let report = night.report(&gate);
    assert_eq!(report.problems, []);
    look(&book, &report, document(&report))
}

fn key(subject: &v1::Subject) -> Vec<String> {
    subject.key.iter().flatten().map(|part| part.value.clone().unwrap_or_default()).collect()
}

/// Findings, each with the header of its primary cell; rows not assessed, each with the headers of the cells to blame.
pub(crate) fn answers(found: &v1::Report) -> Vec<(Answer, BTreeSet<String>)> {
    let headers = |file: &str, sheet: &str| {
        let file = found.files.iter().find(|f| f.path == file).expect("a file");
        file.sheets.iter().find(|s| s.name.as_deref().unwrap_or("") == sheet).expect("a sheet").headers.iter()
    };
    let mut all = Vec::new();
    for finding in &found.findings {
        let sheet = finding.sheet.clone().unwrap_or_default();
        let cell = &finding.primary;
        assert_eq!((&cell.file, cell.record), (&finding.file, finding.record), "the primary cell stands in the judged row");
        let place = (u64::from(finding.record), u64::from(cell.row));
        let answer = (
            finding.rule.clone(),
            key(&finding.subject),
            finding.verdict.to_owned(),
            finding.file.clone(),
            sheet,
            place.0,
            place.1,
        );
        all.push((answer, cell.header.iter().cloned().collect()));
    }
    for row in &found.not_assessed {
        let (file, sheet) = (row.file.clone().expect("a file"), row.sheet.clone().unwrap_or_default());
        let place = (u64::from(row.record.expect("a record")), u64::from(row.row.expect("a row")));
        let blamed: BTreeSet<String> = headers(&file, &sheet)
            .filter(|h| {
                row.reasons.iter().filter(|r| r.file == row.file).any(|r| {
                    r.cell.as_ref().is_some_and(|cell| cell.ends_with(&format!("{}{}", letters(h.column as u16 - 1), place.1)))
                })
            })
            .map(|h| h.text.clone())
            .collect();
        all.push(((row.rule.clone(), key(&row.subject), "not assessed".to_owned(), file, sheet, place.0, place.1), blamed));
    }
    all
}

/// Writes files to a new folder of this name.
pub(crate) fn written(name: &str, files: Vec<DemoFile>) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("folder");
    for file in files {
        std::fs::write(folder.join(file.name), file.bytes).expect("file");
    }
    folder
}
