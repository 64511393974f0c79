//! Folders, files and rule packs that are broken or mean harm get an answer: never a panic, never a hang.

use std::fs;
use std::process::Command;

use sagstjek::locale::{Lang, Localized};
use sagstjek::model::SourceFile;
use sagstjek::model::load::{embedded, from_dir};
use sagstjek::night::Book;
use sagstjek::problem::Mistake;

use super::harness::*;

fn told(mistakes: &[Mistake]) -> Vec<(String, usize, usize)> {
    mistakes.iter().map(|m| (m.file.to_string(), m.line_column().0, m.line_column().1)).collect()
}

/// A rule of the pack as another file says it.
fn rule(changes: &[(&str, &str)]) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/bevilling/bevilling-uden-slutdato.toml");
    changes.iter().fold(fs::read_to_string(folder).unwrap(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

fn place(text: &str, of: &str) -> (usize, usize) {
    let at = text.find(of).unwrap();
    let line = text[..at].matches('\n').count() + 1;
    (line, text[..at].rsplit('\n').next().unwrap().chars().count() + 1)
}

#[test]
fn all_mistakes_of_a_rule_file_are_told_at_once() {
    let text = rule(&[
        ("severity = \"error\"", "severity = \"eror\""),
        ("effort   = 10", "efort    = 10"),
        ("b.status = \"godkendt\"", "b.status = \"godkent\""),
        ("b.start <= extract_date", "b.strat <= extract_date"),
        ("afgjort > 2024-01-01", "afgjort > 2024-02-30"),
        ("under \"BL § 46\"", "under 46"),
        ("'b.slut is present or", "'b.slut = missing or"),
        ("law_date = 'afgjort'", "law_date = 'b.takst'"),
        ("{b.start} har hverken", "{b.stat} har hverken"),
        ("B2 = \"compliant\"", "B2 = \"complaint\""),
    ]);
    let file = SourceFile { path: "bevilling/egen.toml".into(), text: text.as_str().into() };
    let mistakes = Book::open(embedded(), vec![file], None).expect_err("ten mistakes");
    let places: Vec<(usize, usize)> = told(&mistakes).into_iter().map(|(_, line, column)| (line, column)).collect();
    for wrong in [
        "\"eror\"",
        "efort",
        "\"godkent\"",
        "strat <=",
        "2024-02-30",
        "under 46",
        "= missing or",
        "b.takst",
        "stat} har",
        "\"complaint\"",
    ] {
        let (line, column) = place(&text, wrong);
        let near = places.iter().any(|&(l, c)| l == line && c.abs_diff(column) <= 24);
        assert!(
            near,
            "{wrong} at {line}:{column} is not among {:#?}",
            mistakes.iter().map(|m| (m.line_column(), m.text(Lang::En))).collect::<Vec<_>>()
        );
    }
    assert!(mistakes.iter().all(|m| &*m.file == "bevilling/egen.toml"));
}

#[test]
fn mistakes_of_two_files_are_told_together_and_nothing_runs() {
    let delivery = Delivery::new();
    let rules = Delivery::empty();
    fs::create_dir(rules.folder.join("bevilling")).unwrap();
    rules.write("bevilling/a.toml", rule(&[("b.slut is present", "b.slutt is present")]));
    rules.write("bevilling/b.toml", rule(&[("id       = \"BEV-101\"", "id       = \"BEV-900\""), ("b.start <=", "c.start <=")]));
    let mistakes = Book::open(embedded(), from_dir(&rules.folder).unwrap(), None).expect_err("two mistakes");
    let files: Vec<String> = told(&mistakes).into_iter().map(|(file, ..)| file).collect();
    assert_eq!(files, ["bevilling/a.toml", "bevilling/b.toml"], "{mistakes:#?}");
    let args = ["check", delivery.folder.to_str().unwrap(), "--rules", rules.folder.to_str().unwrap(), "--lang", "en"];
    let ran = Command::new(env!("CARGO_BIN_EXE_sagstjek")).args(args).env_clear().output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!((ran.status.code(), ran.stdout.len()), (Some(2), 0));
    assert!(said.contains("a.toml:") && said.contains("b.toml:") && said.contains("2 mistakes"), "{said}");
}

#[test]
fn a_rule_folder_without_toml_sense_is_told() {
    let rules = Delivery::empty();
    fs::create_dir(rules.folder.join("bevilling")).unwrap();
    rules.write("bevilling/a.toml", "id = \"X\nseverity = [");
    rules.write("bevilling/b.toml", "id = 1\nid = 2\n");
    rules.write("pack.toml", "\u{0}\u{1}");
    let mistakes = Book::open(embedded(), from_dir(&rules.folder).unwrap(), None).expect_err("no TOML");
    let files: std::collections::BTreeSet<String> = told(&mistakes).into_iter().map(|(file, ..)| file).collect();
    assert!(files.contains("bevilling/a.toml") && files.contains("bevilling/b.toml") && files.contains("pack.toml"), "{files:?}");
    rules.write("bevilling/c.toml", [0xFF, 0xFE, 0x00]);
    assert!(from_dir(&rules.folder).is_err(), "bytes that are no UTF-8");
    #[cfg(unix)]
    {
        let rules = Delivery::empty();
        std::os::unix::fs::symlink(&rules.folder, rules.folder.join("loop")).unwrap();
        rules.write("a.toml", "x = 1");
        assert_eq!(from_dir(&rules.folder).unwrap().len(), 1);
    }
}

#[test]
fn a_config_with_mistakes_is_told_with_the_rules_mistakes() {
    let config = "lang = 'dansk'\nextract_date = '31/10'\n[[source]]\nname = 1\nfiles = 'x'\nprofil = 'y'\n[rules]\nselect = 3\n";
    let mistakes = open(Some(config)).expect_err("a wrong config");
    let lines: std::collections::BTreeSet<usize> = mistakes.iter().map(|m| m.line_column().0).collect();
    for line in [1, 2, 4, 6, 8] {
        assert!(lines.contains(&line), "line {line} is not among {lines:?}");
    }
    assert!(open(Some("[[source]\n")).is_err_and(|m| m[0].line_column().0 == 1));
}

#[test]
fn an_empty_folder_is_nothing_delivered() {
    let delivery = Delivery::empty();
    let checked = delivery.check();
    assert_eq!((checked.code, checked.failures().len()), (2, 22), "twenty-one required sources, and nothing at all");
    let checked = delivery.check_bare();
    assert_eq!(
        (checked.code, checked.failures().len()),
        (2, 1),
        "nothing is required without a config, but an empty folder is no delivery"
    );
    for id in RULES {
        assert_eq!(checked.state(id), "input-missing", "{id}");
    }
}

#[test]
fn one_file_alone_is_checked() {
    let book = open(None).expect("the pack");
    let checked = check(&book, &demo().join(EARNINGS), 2);
    assert_eq!(checked.counts("TAF-102"), WHOLE.counts("TAF-102"));
    let checked = check(&book, &demo().join("no-such-file.csv"), 2);
    assert_eq!(checked.code, 2);
}

/// Subfolders are part of a delivery. Links that lead back are not followed, files nobody may read are named.
#[test]
fn a_delivery_in_subfolders_is_checked() {
    let delivery = Delivery::empty();
    let inner = delivery.folder.join("2026/oktober");
    fs::create_dir_all(&inner).unwrap();
    for file in EXPORTS {
        fs::copy(demo().join(file), inner.join(file)).unwrap();
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&delivery.folder, inner.join("loop")).unwrap();
        std::os::unix::fs::symlink(inner.join("nowhere"), inner.join("dangling.csv")).unwrap();
    }
    let checked = delivery.check_bare();
    for id in ["SAG-103", "BEV-101", "TAF-102"] {
        assert_eq!(checked.counts(id), WHOLE.counts(id), "{id}");
    }
    if cfg!(unix) {
        let failures = checked.failures();
        assert!(checked.code == 2 && failures.len() == 1 && failures[0].contains("dangling.csv"), "{failures:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_nobody_may_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let delivery = Delivery::new();
    let path = delivery.folder.join(POSTINGS);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        // Whoever runs this may read everything.
        return;
    }
    let checked = delivery.check();
    assert!(checked.code == 2 && checked.failures().iter().any(|text| text.contains(POSTINGS)), "{:?}", checked.failures());
    checked.assert_no_bolder(&["FOR-104"], "no permission");
}

#[test]
fn odd_tables_get_an_answer() {
    let mut wide = Delivery::new().sheets(CASES).remove(0);
    for (i, row) in wide.rows.iter_mut().enumerate() {
        row.extend((0..288).map(|c| Cell::text(&if i == 0 { format!("Felt {c}") } else { format!("{c}") })));
    }
    let delivery = Delivery::new();
    delivery.write(CASES, csv(&wide, ';', Charset::Utf8Bom));
    let checked = delivery.check();
    assert_eq!((checked.code, checked.counts("SAG-103")), (1, WHOLE.counts("SAG-103")), "300 columns");

    let mut big = Delivery::new().sheets(PAYMENTS).remove(0);
    let note = big.column("note");
    big.records()[3][note] = Cell::text(&"lang \"note\"; ".repeat(5 * 1024 * 1024 / 13));
    let delivery = Delivery::new();
    delivery.write(PAYMENTS, csv(&big, ';', Charset::Utf8));
    let checked = delivery.check();
    assert_eq!((checked.code, checked.counts("FOR-104")), (1, WHOLE.counts("FOR-104")), "a cell of 5 MB");

    let delivery = Delivery::new();
    delivery.write(EXAMINATIONS, "\r\n".repeat(50_000));
    let checked = delivery.check();
    assert!(checked.code == 2 && checked.failures().iter().any(|text| text.contains(EXAMINATIONS)), "{:?}", checked.failures());
    checked.assert_no_bolder(&["SAG-103"], "newlines only");

    for file in [CASES, EXAMINATIONS, GRANTS, PAYMENTS, POSTINGS] {
        let delivery = Delivery::new();
        delivery.change(file, |sheets| {
            let header = sheets[0].rows[sheets[0].header].clone();
            let at = sheets[0].header + 1;
            sheets[0].rows.insert(at, header.clone());
            sheets[0].rows.insert(at + 7, header);
        });
        let checked = delivery.check();
        assert_eq!((checked.code, checked.failures()), (1, Vec::new()), "{file}: the header twice");
        RULES.iter().for_each(|id| assert_eq!(checked.counts(id), WHOLE.counts(id), "{file}: the header twice"));
    }
}
