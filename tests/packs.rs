//! Packs that we ship as examples of other countries: their rules load without advice, their examples come true, and their
//! deliveries give the expected rows. Their examples, and those of the Danish pack, notice every small change of the rules.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

use sagstjek::calendar::Date;
use sagstjek::engine::{mutate, remarks, run_examples};
use sagstjek::locale::{Lang, Localized};
use sagstjek::model::load::{embedded, from_dir};
use sagstjek::night::{Book, CheckOptions, Night};
use sagstjek::privacy::Gate;
use sagstjek::problem::Mistake;
use sagstjek::report::{Format, RenderOptions, render};
use sagstjek::rule::typed::Verdict;

fn told(mistakes: &[Mistake]) -> String {
    let line = |m: &Mistake| {
        let (line, column) = m.line_column();
        format!("{}:{line}:{column}: {} {}", m.file, m.text(Lang::En), m.help(Lang::En).unwrap_or_default())
    };
    mistakes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The packs of `fixtures/packs`.
fn packs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packs");
    let mut packs: Vec<PathBuf> = std::fs::read_dir(folder).expect("packs").map(|e| e.expect("entry").path()).collect();
    packs.sort();
    packs
}

fn book(pack: &Path) -> Book {
    let files = from_dir(pack).expect("files");
    Book::open(files, Vec::new(), None).unwrap_or_else(|mistakes| panic!("{}", told(&mistakes)))
}

#[test]
fn their_examples_come_true() {
    for pack in packs() {
        let book = book(&pack);
        assert_eq!(told(&book.lints), "");
        assert!(book.rules.len() >= 30, "{}: {} rules", pack.display(), book.rules.len());
        let mut wrong = Vec::new();
        for rule in &book.rules {
            for (i, outcome) in run_examples(&book.pack, &book.model, rule).into_iter().enumerate() {
                if !outcome.passed() {
                    let rows: Vec<_> = outcome.rows.iter().filter(|row| !row.passed()).collect();
                    wrong.push(format!("{} example {}: {:?} {rows:?}", rule.id, i + 1, outcome.state));
                }
            }
            let expected = |verdict| rule.examples.iter().flat_map(|e| &e.expect).any(|(_, v)| *v == verdict);
            assert!(expected(Verdict::Compliant) && expected(Verdict::Violation), "{}", rule.id);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Small changes of a rule that no example of it notices, and remarks on it.
fn loose(book: &Book) -> Vec<String> {
    let remarks = book.rules.iter().flat_map(|rule| remarks(&book.pack, &book.model, rule));
    let all: Vec<Mistake> = book.lints.iter().cloned().chain(remarks).collect();
    let mut loose = vec![told(&all)];
    for rule in &book.rules {
        for mutant in mutate(&book.pack, &book.model, rule).unnoticed {
            let text = rule.file.text.get(mutant.span.clone()).unwrap_or("");
            loose.push(format!("{}: no example notices: {text}: {}", rule.id, mutant.what.en));
        }
    }
    loose.retain(|line| !line.is_empty());
    loose
}

#[test]
fn their_rules_notice_every_small_change() {
    for pack in packs() {
        assert_eq!(loose(&book(&pack)), [""; 0], "{}", pack.display());
    }
}

#[test]
fn the_shipped_rules_notice_every_small_change() {
    let book = Book::open(embedded(), Vec::new(), None).unwrap_or_else(|mistakes| panic!("{}", told(&mistakes)));
    assert_eq!(loose(&book), [""; 0]);
}

#[test]
fn their_deliveries_give_the_expected_rows() {
    for pack in packs() {
        let (book, folder) = (book(&pack), pack.join("delivery"));
        let gate = Gate::new(Some(b"a secret of this test"), false);
        let options = CheckOptions {
            extract_date: None,
            today: Date::from_days(0),
            selection: Default::default(),
            fail_on: None,
            exit_zero: false,
            threads: 2,
            ignore: Vec::new(),
        };
        let night = Night::check(&book, &folder, &gate, &options).expect("every outcome has a place");
        let report = night.report(&gate);
        assert_eq!(report.problems, []);
        assert_eq!(report.run.extract_date.to_string(), "2026-06-30");
        let expected = std::fs::read_to_string(pack.join("expected.txt")).expect("expected.txt");
        assert_eq!(render(&report, Format::Rows, &RenderOptions::default()), expected);
        let program = Command::new(env!("CARGO_BIN_EXE_sagstjek"))
            .args(["check", "--format", "rows", "--pack"])
            .args([&pack, &folder])
            .env_clear()
            .output()
            .expect("the program runs");
        assert_eq!(String::from_utf8_lossy(&program.stdout), expected, "{}", String::from_utf8_lossy(&program.stderr));
    }
}

/// A small pack of two layouts with the same headers, told apart by the file's name; a return that is judged once; and rows
/// that stand twice.
#[test]
fn layouts_by_name_rows_that_repeat_and_a_whole_return() {
    let columns =
        "\n[[column]]\nname = \"CHILD\"\nkind = \"text\"\nopen = true\n\n[[column]]\nname = \"MOTHER\"\nkind = \"bool\"\n";
    let title = "title = { da = \"x\", en = \"x\" }\n";
    let feed = "signature = [\"CHILD\", \"MOTHER\"]\n\n[[feeds]]\ncolumns = [{ to = \"CHILD\" }, { to = \"MOTHER\" }]\n";
    let rule = |id: &str, body: &str, examples: &str| {
        let words = "title = 'x'\nwhy = 'x'\nfix = 'x'\nmessage = 'x'\n";
        format!("id = \"{id}\"\nseverity = \"error\"\nsince = \"1\"\n{body}\n[da]\n{words}\n[en]\n{words}\n{examples}")
    };
    let twice = "[[example]]\nextract_date = 2024-01-01\nexpect = { A = \"compliant\", B = \"violation\" }\nheader = [{ CHILD = \"A\" }, { CHILD = \"B\" }, { CHILD = \"B\" }]\n";
    let whole = "[[example]]\nextract_date = 2024-01-01\nexpect = \"compliant\"\nwhole = [{ id = \"1\" }]\nheader = [{ CHILD = \"A\" }]\nheader_last = []\n\
                 [[example]]\nextract_date = 2024-01-01\nexpect = \"violation\"\nwhole = [{ id = \"1\" }]\nheader = []\nheader_last = [{ CHILD = \"A\" }]\n";
    let files = [
        ("pack/pack.toml", format!("name = \"p\"\nversion = \"1\"\ncurrency = \"kr\"\n[[family]]\nfolder = \"rules\"\n{title}")),
        ("pack/model/header.toml", format!("dataset = \"header\"\n{title}keys = [[\"CHILD\"]]\nrepeats = true\n{columns}")),
        ("pack/model/header_last.toml", format!("dataset = \"header_last\"\n{title}keys = [[\"CHILD\"]]\n{columns}")),
        (
            "pack/model/whole.toml",
            format!("dataset = \"whole\"\n{title}keys = [[\"id\"]]\n\n[[column]]\nname = \"id\"\nkind = \"text\"\nopen = true\n"),
        ),
        (
            "pack/profiler/header.toml",
            format!(
                "profile = \"header\"\nsystem = \"s\"\n{title}{}\n[[feeds]]\ndataset = \"whole\"\ndistinct = true\ncolumns = [{{ to = \"id\", constant = \"the return\" }}]\n",
                feed.replace("[[feeds]]", "[[feeds]]\ndataset = \"header\"")
            ),
        ),
        (
            "pack/profiler/header-last.toml",
            format!(
                "profile = \"header-last\"\nsystem = \"s\"\n{title}files = [\"*_last.csv\"]\n{}",
                feed.replace("[[feeds]]", "[[feeds]]\ndataset = \"header_last\"")
            ),
        ),
        (
            "pack/rules/stands-twice.toml",
            rule(
                "T-1",
                "each = \"header as h\"\nrequire = 'no x in header where x.CHILD = h.CHILD satisfies x is not h'\nmark = [\"h.CHILD\"]",
                twice,
            ),
        ),
        (
            "pack/rules/fewer-than-last-year.toml",
            rule(
                "T-2",
                "each = \"whole as w\"\nrequire = 'count(h in header) >= count(p in header_last)'\nmark = [\"w.id\"]",
                whole,
            ),
        ),
        ("in/header.csv", "CHILD,MOTHER\nA,yes\nB,no\nB,no\n".to_owned()),
        ("in/header_last.csv", "CHILD,MOTHER\nA,0\nB,0\nC,0\nD,1\n".to_owned()),
    ];
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packs-small");
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let program = Command::new(env!("CARGO_BIN_EXE_sagstjek"))
        .args(["check", "--format", "rows", "--extract-date", "2024-01-01", "--pack"])
        .args([folder.join("pack"), folder.join("in")])
        .env_clear()
        .output()
        .expect("the program runs");
    let (out, err) = (String::from_utf8_lossy(&program.stdout), String::from_utf8_lossy(&program.stderr));
    assert_eq!(out, "T-1;2\nT-1;3\nT-2;1\n", "{err}");
}
