//! The mutation report: for each rule, its faults at drawn places of a municipality without others are all found, and nothing
//! else fires. `SAGSTJEK_LONG=1 cargo test --test mutations -- --nocapture` takes twenty seeds and prints the table.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]
#![allow(clippy::disallowed_macros, reason = "the report is what it is run for")]

#[path = "common/answers.rs"]
mod shared;

use std::collections::BTreeSet;

use sagstjek::demo::{DemoOptions, Planting, municipality_planted, plants};
use sagstjek::model::load::embedded;
use sagstjek::night::Book;
use shared::{answers, check, facit, written};

/// Of one rule, over all seeds.
#[derive(Default)]
struct Line {
    deliveries: usize,
    injected: usize,
    found: usize,
    elsewhere: usize,
    lacking: Vec<String>,
    extra: Vec<String>,
}

fn judged(rule: &str, seeds: u64, cases: u32) -> Line {
    let mut line = Line::default();
    for seed in 1..=seeds {
        let options = DemoOptions { cases, seed, clean: false };
        let files = municipality_planted(&options, Planting::Drawn { rule, seed }).expect("municipality");
        let folder = written(&format!("mutation-{rule}"), files);
        let wanted: BTreeSet<_> = facit(&folder).into_iter().map(|(answer, _)| answer).collect();
        let got: Vec<_> = check(&folder, |_, _, found| answers(&found)).into_iter().map(|(answer, _)| answer).collect();
        line.deliveries += 1;
        line.injected += wanted.iter().filter(|(of, ..)| of == rule).count();
        line.elsewhere += wanted.iter().filter(|(of, ..)| of != rule).count();
        line.found += wanted.iter().filter(|answer| answer.0 == rule && got.contains(answer)).count();
        line.lacking.extend(wanted.iter().filter(|a| !got.contains(a)).map(|a| format!("seed {seed}: not found {a:?}")));
        line.extra.extend(got.iter().filter(|a| !wanted.contains(a)).map(|a| format!("seed {seed}: not injected {a:?}")));
        assert_eq!(got.len(), got.iter().collect::<BTreeSet<_>>().len(), "{rule}, seed {seed}: found twice");
    }
    line
}

#[test]
fn faults_at_drawn_places_are_found_and_nothing_else_fires() {
    let long = std::env::var_os("SAGSTJEK_LONG").is_some();
    let (seeds, cases) = if long { (20, 120) } else { (2, 80) };
    let book = Book::open(embedded(), Vec::new(), None).expect("the pack is sound");
    println!("rule    | plants | deliveries | injected | found | extra | answers of other rules, foreseen");
    let (mut wrong, mut all) = (Vec::new(), Line::default());
    for rule in &book.rules {
        let planted = plants().filter(|(_, of)| *of == &*rule.id).count();
        let line = judged(&rule.id, seeds, cases);
        let (injected, found, extra) = (line.injected, line.found, line.extra.len());
        println!(
            "{} | {planted:6} | {:10} | {injected:8} | {found:5} | {extra:5} | {}",
            rule.id, line.deliveries, line.elsewhere
        );
        if injected == 0 {
            wrong.push(format!("{}: no plant speaks to it", rule.id));
        }
        wrong.extend(line.lacking.into_iter().chain(line.extra).take(10).map(|what| format!("{}, {what}", rule.id)));
        all.deliveries += line.deliveries;
        all.injected += injected;
        all.found += found;
    }
    println!("in all  | {:6} | {:10} | {:8} | {:5} |", plants().count(), all.deliveries, all.injected, all.found);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
