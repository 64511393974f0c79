//! Generated pages stand as they would be made today: the index of the rules, and a page for each.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sagstjek::model::load::{embedded, load};
use sagstjek::report::{figure_pages, pages};
use sagstjek::rule::{load_figures, load_rules};

const REWRITE: &str = "SAGSTJEK_REWRITE=1 cargo test --test generated";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a file with what it must hold, or writes it.
fn same(path: &Path, text: &str) {
    if std::env::var_os("SAGSTJEK_REWRITE").is_some() {
        std::fs::write(path, text).expect("write");
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == text, "{} is stale; rewrite it with: {REWRITE}", path.display());
}

#[test]
fn every_rule_has_its_page_and_no_page_is_left_over() {
    let pack = load(embedded()).expect("pack");
    let rules = load_rules(&pack).expect("rules").rules;
    let folder = root().join("docs/rules");
    std::fs::create_dir_all(&folder).expect("folder");
    for rule in &rules {
        same(&folder.join(format!("{}.md", rule.id)), &pages::page(&pack, rule));
    }
    let named: BTreeSet<String> = rules.iter().map(|rule| format!("{}.md", rule.id)).collect();
    let there = std::fs::read_dir(&folder).expect("folder").map(|entry| entry.expect("entry").file_name());
    let there: BTreeSet<String> = there.map(|name| name.to_string_lossy().into_owned()).collect();
    assert_eq!(there, named, "pages of rules");
}

#[test]
fn every_key_figure_has_its_page_and_no_page_is_left_over() {
    let pack = load(embedded()).expect("pack");
    let figures = load_figures(&pack, &[]).expect("figures");
    let folder = root().join("docs/figures");
    std::fs::create_dir_all(&folder).expect("folder");
    for figure in &figures {
        same(&folder.join(format!("{}.md", figure.id)), &figure_pages::figure_page(&pack, figure));
    }
    let named: BTreeSet<String> = figures.iter().map(|figure| format!("{}.md", figure.id)).collect();
    let there = std::fs::read_dir(&folder).expect("folder").map(|entry| entry.expect("entry").file_name());
    let there: BTreeSet<String> = there.map(|name| name.to_string_lossy().into_owned()).collect();
    assert_eq!(there, named, "pages of key figures");
}

#[test]
fn the_index_lists_rules_datasets_and_figures() {
    let pack = load(embedded()).expect("pack");
    let rules = load_rules(&pack).expect("rules").rules;
    let figures = load_figures(&pack, &[]).expect("figures");
    let path = root().join("rules/README.md");
    let mut text = std::fs::read_to_string(&path).expect("rules/README.md").replace("\r\n", "\n");
    let parts = [
        ("rules", pages::rule_index(&pack, &rules)),
        ("key figures", figure_pages::figure_index(&pack, &figures)),
        ("datasets", pages::dataset_index(&pack)),
        ("figures", pages::unprinted_index(&pack)),
    ];
    for (name, part) in &parts {
        text = pages::fill(&text, name, part)
            .unwrap_or_else(|| panic!("rules/README.md has no <!-- {name} --> ... <!-- /{name} -->"));
    }
    same(&path, &text);
}

/// Ids of rules, such as `SAG-103`, in a text.
fn ids(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let id = |word: &&str| {
        let Some((family, number)) = word.split_once('-') else { return false };
        ["SAG", "BEV", "FOR", "TAF"].contains(&family) && number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit())
    };
    words.filter(id).map(str::to_owned).collect()
}

#[test]
fn the_coverage_names_every_rule_and_only_rules() {
    let pack = load(embedded()).expect("pack");
    let shipped: BTreeSet<String> = load_rules(&pack).expect("rules").rules.iter().map(|rule| rule.id.to_string()).collect();
    let text = std::fs::read_to_string(root().join("rules/COVERAGE.md")).expect("rules/COVERAGE.md");
    let named = ids(&text);
    assert_eq!(named.difference(&shipped).collect::<Vec<_>>(), Vec::<&String>::new(), "no such rules");
    assert_eq!(shipped.difference(&named).collect::<Vec<_>>(), Vec::<&String>::new(), "rules that COVERAGE.md does not name");
}

#[test]
fn every_row_of_the_coverage_says_what_becomes_of_it() {
    let text = std::fs::read_to_string(root().join("rules/COVERAGE.md")).expect("rules/COVERAGE.md");
    let mut rows = 0;
    for line in text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| step |")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 3, "{line}");
        let said = cells[1];
        let decided = !ids(said).is_empty() || said.starts_with("later") || said == "no export" || said == "no rule";
        assert!(decided && !cells[2].is_empty(), "{line}");
        rows += 1;
    }
    assert!(rows > 100, "{rows} rows");
}
