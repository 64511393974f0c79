//! Rules as sentences: every rule of every pack and every function of the language can be said, and what means something else is
//! said otherwise.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[allow(dead_code, reason = "other tests read more of the tables")]
mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::language_table::lines;
use sagstjek::locale::Lang;
use sagstjek::model::load::{embedded, from_dir, load};
use sagstjek::model::{Pack, SourceFile};
use sagstjek::rule::mutate::mutants;
use sagstjek::rule::typed::Rule;
use sagstjek::rule::{load_rules, sentence};

const LANGUAGES: [Lang; 2] = [Lang::Da, Lang::En];

fn packs() -> Vec<(Pack, Vec<Rule>)> {
    let foreign = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packs/tarvonia");
    let files = [embedded(), from_dir(&foreign).expect("files")];
    files
        .into_iter()
        .map(|files| {
            let pack = load(files).expect("pack");
            let rules = load_rules(&pack).expect("rules").rules;
            (pack, rules)
        })
        .collect()
}

/// What must be so of every sentence: whole, and nothing of the code left in it.
fn sound(id: &str, said: &[String]) {
    let text = said.join("\n");
    assert!(!said.is_empty() && said.iter().all(|line| !line.trim().is_empty()), "{id}: {text}");
    for fault in ["«»", "  -  ", " ,", " .", "()", "::", " : ", "..", "_", "{", "}"] {
        assert!(!text.contains(fault), "{id}: «{fault}» in\n{text}");
    }
    let words = text.lines().map(|line| line.trim_start());
    assert!(words.clone().all(|line| !line.contains("  ")), "{id}: two blanks in\n{text}");
    // A line that promises a list has one, and only such a line.
    for (line, next) in said.iter().zip(said.iter().skip(1).map(String::as_str).chain([""])) {
        let depth =
            |line: &str| if line.trim_start().starts_with("- ") { (line.len() - line.trim_start().len()) / 2 + 1 } else { 0 };
        assert_eq!(line.ends_with(':'), depth(next) > depth(line), "{id}: {line}\n{next}");
    }
}

#[test]
fn every_rule_can_be_said() {
    for (pack, rules) in packs() {
        for lang in LANGUAGES {
            let mut known: BTreeMap<String, String> = BTreeMap::new();
            for rule in &rules {
                let said = sentence(rule, &pack, lang);
                sound(&rule.id, &said);
                if let Some(other) = known.insert(said.join("\n"), rule.id.to_string()) {
                    panic!("{} and {other} are said alike", rule.id);
                }
            }
        }
    }
}

/// Another operator, a condition left out or turned round, another date, a constant one off: another sentence.
#[test]
fn what_means_something_else_is_said_otherwise() {
    for (pack, rules) in packs() {
        let mut changes = 0;
        for rule in &rules {
            for lang in LANGUAGES {
                let said = sentence(rule, &pack, lang);
                for mutant in mutants(&pack, rule) {
                    changes += 1;
                    assert_ne!(sentence(&mutant.rule, &pack, lang), said, "{}: {}", rule.id, mutant.what.en);
                }
            }
        }
        assert!(changes > 500, "{changes}");
    }
}

fn rule_of(require: &str) -> String {
    format!(
        r#"id = "EX-1"
severity = "error"
since = "1.0.0"
scope = "all"
each = "bevilling as b"
require = '''{require}'''
mark = ["b.slut"]
[da]
title = 'Prøve'
why = 'Prøve'
fix = 'Prøve'
message = 'Prøve'
[en]
title = 'Test'
why = 'Test'
fix = 'Test'
message = 'Test'
[[example]]
expect = {{ "A" = "compliant", "B" = "violation" }}
extract_date = 2024-06-30
bevilling = [{{ ydelse_id = "A" }}, {{ ydelse_id = "B" }}]
"#
    )
}

/// The sentence of a rule with this requirement, without its first words.
fn said(pack: &mut Pack, require: &str, lang: Lang) -> Vec<String> {
    pack.rules = vec![SourceFile { path: "rules/bevilling/eksempel.toml".into(), text: rule_of(require).into() }];
    let loaded = load_rules(pack).unwrap_or_else(|m| panic!("{require}: {}", m[0].message.en));
    sentence(&loaded.rules[0], pack, lang)
}

#[test]
fn every_word_of_the_language_can_be_said() {
    let mut pack = load(embedded()).expect("pack");
    let mut seen = 0;
    for line in lines() {
        if line.ty == "periods" || line.ty == "months" || line.example.contains("b.vurderet") || line.name == "either" {
            continue;
        }
        let require = if line.ty == "bool" { line.example.clone() } else { format!("({}) is missing", line.example) };
        for lang in LANGUAGES {
            sound(&require, &said(&mut pack, &require, lang));
        }
        seen += 1;
    }
    assert!(seen > 60, "{seen}");
}

/// Operators and their negations, each with a sentence of its own.
#[test]
fn operators_and_negations_differ() {
    let mut pack = load(embedded()).expect("pack");
    let conditions = [
        "b.start = extract_date",
        "b.start != extract_date",
        "b.start < extract_date",
        "b.start <= extract_date",
        "b.start > extract_date",
        "b.start >= extract_date",
        "not b.start < extract_date",
        "b.start between extract_date and 2024-01-01",
        "b.takst < 1 kr",
        "b.takst <= 1 kr",
        "b.takst > 1 kr",
        "b.takst >= 1 kr",
        "b.slut is missing",
        "b.slut is present",
        "b.slut is known",
        "b.slut is not known",
        "b.ydelsestype starts with \"a\"",
        "b.ydelsestype ends with \"a\"",
        "b.ydelsestype contains \"a\"",
        "b.ydelsestype matches \"a\"",
        "b.ydelsestype not contains \"a\"",
        "b.ydelsestype in [\"a\", \"b\"]",
        "b.ydelsestype not in [\"a\", \"b\"]",
        "period(b.start, b.slut) overlaps period(b.start, extract_date)",
        "period(b.start, b.slut) meets period(b.start, extract_date)",
        "period(b.start, b.slut) during period(b.start, extract_date)",
        "period(b.start, b.slut) covers period(b.start, extract_date)",
        "period(b.start, b.slut) not overlaps period(b.start, extract_date)",
        "some x in b.betaling satisfies x.dag > b.slut",
        "no x in b.betaling satisfies x.dag > b.slut",
        "every x in b.betaling satisfies x.dag > b.slut",
        "not (every x in b.betaling satisfies x.dag > b.slut)",
        "b.slut is missing and b.start < extract_date",
        "b.slut is missing or b.start < extract_date",
        "not (b.slut is missing and b.start < extract_date)",
        "not (b.slut is missing or b.start < extract_date)",
        "(b.slut is missing or b.start < extract_date) and b.takst > 1 kr",
        "b.slut is missing or (b.start < extract_date and b.takst > 1 kr)",
        "(1 + 2) * 3 = 9",
        "1 + 2 * 3 = 9",
        "10 - (3 - 2) = 9",
        "10 - 3 - 2 = 9",
        "round(8 / (4 / 2), 0) = 4",
        "round(8 / 4 / 2, 0) = 4",
        "round(8 / 4, 0) + 2 = 4",
        "round(8 / 4 + 2, 0) = 4",
    ];
    for lang in LANGUAGES {
        let mut known: BTreeMap<Vec<String>, &str> = BTreeMap::new();
        for condition in conditions {
            if let Some(other) = known.insert(said(&mut pack, condition, lang), condition) {
                panic!("{condition} and {other} are said alike: {:?}", said(&mut pack, condition, lang));
            }
        }
    }
}
