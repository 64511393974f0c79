//! `docs/language.md` against the language: every function is listed, every example has the type that is claimed.
#![allow(clippy::expect_used, clippy::panic, reason = "a test")]

mod common;
mod engine_support;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use common::language_table::{lines, type_name};
use engine_support::{Given, day, given, store};
use sagstjek::engine::{evaluate, rows_by_key, run_examples, run_figure_examples};
use sagstjek::model::{Pack, SourceFile, load};
use sagstjek::rule::function::Function;
use sagstjek::rule::{compile_model, load_figures, load_rules, parse_for_row};
use sagstjek::store::{RowRef, Store};
use sagstjek::value::{Cell, Kind};

/// What ranges over rows, apart from functions.
const OVER_ROWS: &[&str] = &[
    "every",
    "some",
    "no",
    "count",
    "count distinct",
    "sum",
    "min",
    "max",
    "mean",
    "median",
    "uncovered",
    "first",
    "last",
    "previous",
    "next",
];

#[test]
fn every_function_is_listed_and_nothing_else() {
    let listed: BTreeSet<String> = lines().into_iter().map(|line| line.name).collect();
    let known: BTreeSet<String> =
        Function::ALL.iter().map(|f| f.name()).chain(OVER_ROWS.iter().copied()).map(str::to_owned).collect();
    assert_eq!(listed, known);
}

/// The Danish pack, with a time stamp for `date_of`: none of its columns is one yet.
fn pack() -> Pack {
    let mut pack = load::load(load::embedded()).expect("the pack loads");
    let bevilling = pack.dataset("bevilling").expect("bevilling").index();
    let mut column = pack.datasets[bevilling].columns[0].clone();
    (column.name, column.kind, column.role) = ("vurderet".into(), Kind::Timestamp, None);
    pack.datasets[bevilling].columns.push(column);
    pack
}

#[test]
fn every_example_has_its_type() {
    let pack = pack();
    let bevilling = pack.dataset("bevilling").expect("bevilling");
    let mut seen = 0;
    for line in lines() {
        let expr = match parse_for_row(&pack, bevilling, "b", &line.example) {
            Ok(expr) => expr,
            Err(mistakes) => panic!("docs/language.md:{}: {}: {}", line.line, line.example, mistakes[0].message.en),
        };
        assert_eq!(type_name(expr.ty), line.ty, "docs/language.md:{}: {}", line.line, line.example);
        seen += 1;
    }
    assert!(seen >= Function::ALL.len() + OVER_ROWS.len(), "{seen} examples read");
}

/// The rows of the guide: tables whose first heading is `dataset: column`.
fn rows(pack: &Arc<Pack>) -> Store {
    let guide = include_str!("../docs/language.md");
    let tables: Vec<Vec<Vec<&str>>> = guide
        .split("\n\n")
        .filter(|part| part.starts_with('|') && part.lines().next().is_some_and(|line| line.contains(": ")))
        .map(|part| part.lines().map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect())
        .collect();
    let names: Vec<(&str, Vec<&str>)> = tables
        .iter()
        .map(|table| {
            let (dataset, key) = table[0][0].split_once(": ").expect("dataset: column");
            (dataset, std::iter::once(key).chain(table[0][1..].iter().copied()).collect())
        })
        .collect();
    let data: Vec<Given<'_>> = names
        .iter()
        .zip(&tables)
        .map(|((dataset, columns), table)| {
            given(dataset, columns, &table[2..].iter().map(|row| row.join("|")).collect::<Vec<_>>().join("\n"))
        })
        .collect();
    assert_eq!(data.len(), 3);
    store(pack, &compile_model(pack).expect("the model compiles"), &[], "2024-06-30", &data)
}

#[test]
fn every_example_gives_what_is_claimed() {
    let pack = Arc::new(pack());
    let bevilling = pack.dataset("bevilling").expect("bevilling");
    let store = rows(&pack);
    let row = RowRef { dataset: bevilling, row: rows_by_key(&store, bevilling, "B1")[0] };
    let value = |line: usize, text: &str| match parse_for_row(&pack, bevilling, "b", text) {
        Ok(expr) => evaluate(&store, &expr, Some(row), day("2024-06-30")).value,
        Err(mistakes) => panic!("docs/language.md:{line}: {text}: {}", mistakes[0].message.en),
    };
    let mut without = Vec::new();
    for line in lines() {
        let Some(gives) = line.gives else {
            without.push(line.name);
            continue;
        };
        let found = value(line.line, &line.example);
        let holds = match gives.as_str() {
            "empty" => found == Cell::Empty,
            "unknown" => matches!(found, Cell::Unknown(_)),
            gives => matches!(found, Cell::Present(_)) && found == value(line.line, gives),
        };
        assert!(holds, "docs/language.md:{}: {} gives {found:?}, not {gives}", line.line, line.example);
    }
    // Only a list, which no expression is equal to, has no value beside it.
    assert_eq!(without, ["months"]);
}

/// Every block of `docs/language.md` that begins with `# rule: PATH` is a whole rule over the Danish model.
#[test]
fn every_rule_of_the_guide_does_what_its_examples_say() {
    let mut pack = load::load(load::embedded()).expect("the pack loads");
    let guide = include_str!("../docs/language.md");
    let blocks = guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let rules: Vec<SourceFile> = blocks
        .filter_map(|text| Some((text.lines().next()?.strip_prefix("# rule: ")?, text)))
        .map(|(path, text)| SourceFile { path: format!("rules/{path}").into(), text: text.into() })
        .collect();
    assert!(!rules.is_empty());
    pack.rules = rules;
    let loaded = load_rules(&pack).unwrap_or_else(|mistakes| panic!("{}", mistakes[0].message.en));
    assert_eq!(loaded.lints, []);
    let (pack, model) = (Arc::new(pack.clone()), compile_model(&pack).expect("the model compiles"));
    for rule in &loaded.rules {
        for outcome in run_examples(&pack, &model, rule) {
            assert!(outcome.passed(), "{}: {:?}", rule.name, outcome.rows);
        }
    }
}

/// Every block of `docs/language.md` that begins with `# pattern: TITLE` judges rows of Tarvonia; the keys that do not judge
/// are added here.
#[test]
fn every_pattern_of_the_guide_does_what_its_example_says() {
    let tarvonia = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packs/tarvonia");
    let mut pack = load::load(load::from_dir(&tarvonia).expect("files")).expect("the pack loads");
    let guide = include_str!("../docs/language.md");
    let blocks = guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let patterns = blocks.filter_map(|text| Some((text.lines().next()?.strip_prefix("# pattern: ")?, text)));
    pack.rules = patterns
        .enumerate()
        .map(|(i, (title, text))| {
            let (judges, examples) = text.split_once("\n[[example]]").unwrap_or_else(|| panic!("{title}: no example"));
            let each = judges.lines().find(|line| line.starts_with("each")).expect("each");
            let row = each.trim_end_matches('"').rsplit(' ').next().expect("a row");
            let words = "title = 't'\nwhy = 'w'\nfix = 'f'\nmessage = 'm'";
            let text = format!(
                "id = \"P-{i}\"\nseverity = \"error\"\nsince = \"1\"\nscope = \"all\"\nmark = [\"{row}.child_id\"]\n{judges}\n\
                 [da]\n{words}\n[en]\n{words}\n[[example]]{examples}"
            );
            SourceFile { path: format!("identity/pattern-{i}.toml").into(), text: text.into() }
        })
        .collect();
    assert!(pack.rules.len() >= 20, "{} patterns", pack.rules.len());
    let loaded = load_rules(&pack)
        .unwrap_or_else(|mistakes| panic!("{}: {:?}: {}", mistakes[0].file, mistakes[0].line_column(), mistakes[0].message.en));
    let (pack, model) = (Arc::new(pack.clone()), compile_model(&pack).expect("the model compiles"));
    for rule in &loaded.rules {
        for outcome in run_examples(&pack, &model, rule) {
            assert!(outcome.passed(), "{}: {:?}", rule.file.text.lines().nth(5).unwrap_or(""), outcome.rows);
        }
    }
}

/// The table of messages in `docs/language.md`: what is written of a grant `b`, the one thing that is said of it, and how to mend it.
#[test]
fn every_message_of_the_guide_is_what_authors_are_told() {
    let pack = pack();
    let bevilling = pack.dataset("bevilling").expect("bevilling");
    let guide = include_str!("../docs/language.md");
    let (_, table) = guide.split_once("| written | answer | advice |\n|---|---|---|\n").expect("the table");
    let mut seen = 0;
    for line in table.lines().take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let &[written, answer, advice] = cells.as_slice() else { panic!("{line}") };
        let written = written.trim_matches('`');
        let Err(mistakes) = parse_for_row(&pack, bevilling, "b", written) else { panic!("{written} is no mistake") };
        let told: Vec<_> =
            mistakes.iter().map(|m| (m.message.en.as_str(), m.help.as_ref().map_or("", |h| h.en.as_str()))).collect();
        assert_eq!(told, [(answer, advice)], "{written}");
        let (message, help) = (&mistakes[0].message, mistakes[0].help.as_ref().map_or("", |h| h.da.as_str()));
        assert!(message.da != message.en && help.is_empty() == advice.is_empty(), "{written}: {message:?} {help}");
        seen += 1;
    }
    assert!(seen >= 60, "{seen} messages read");
}

/// Every block of `docs/language.md` that begins with `# figure: PATH` is a whole key figure over the Danish model.
#[test]
fn every_key_figure_of_the_guide_does_what_its_examples_say() {
    let mut pack = load::load(load::embedded()).expect("the pack loads");
    let guide = include_str!("../docs/language.md");
    let blocks = guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let folder = pack.figure_folders.first().expect("a folder").folder.clone();
    let named = |text: &str| {
        let path = text.lines().next()?.strip_prefix("# figure: ")?;
        Some(path.rsplit('/').next()?.to_owned())
    };
    let figures =
        blocks.filter_map(|text| Some(SourceFile { path: format!("{folder}/{}", named(text)?).into(), text: text.into() }));
    pack.figures = figures.collect();
    let figures = load_figures(&pack, &[]).unwrap_or_else(|mistakes| panic!("{}", mistakes[0].message.en));
    assert_eq!(figures.len(), 2);
    let (pack, model) = (Arc::new(pack.clone()), compile_model(&pack).expect("the model compiles"));
    for figure in &figures {
        for outcome in run_figure_examples(&pack, &model, figure) {
            assert!(outcome.passed(), "{}: expected {:#?} got {:#?}", figure.name, outcome.expected, outcome.got);
        }
    }
}
