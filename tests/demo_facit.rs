//! Municipalities of the demo, checked as a user would check them, answer exactly what their facit says: rule, key, verdict,
//! place and primary cell, and nothing else. The facit was written from what was planted, not from a run.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "common/answers.rs"]
mod shared;

use std::collections::BTreeSet;
use std::path::Path;

use sagstjek::demo::{DemoOptions, municipality};
use shared::{answers, check, facit, written};

fn agrees(folder: &Path) {
    check(folder, |_, _, found| {
        let wanted = facit(folder);
        let got = answers(&found);
        let lacking: Vec<_> = wanted.iter().filter(|(answer, _)| !got.iter().any(|(g, _)| g == answer)).collect();
        let beside: Vec<_> = got.iter().filter(|(answer, _)| !wanted.iter().any(|(w, _)| w == answer)).collect();
        assert!(lacking.is_empty() && beside.is_empty(), "not found: {lacking:#?}\nnot planted: {beside:#?}");
        assert_eq!(got.len(), wanted.len(), "nothing is found twice");
        for (answer, header) in &wanted {
            let shown = got.iter().find(|(g, _)| g == answer).map(|(_, headers)| headers);
            // What the law leaves open lies in no cell.
            let points = |headers: &BTreeSet<String>| headers.contains(header) || (header.is_empty() && headers.is_empty());
            assert!(shown.is_some_and(points), "{answer:?} does not point at «{header}»: {shown:?}");
        }
    });
}

#[test]
fn the_committed_demo_answers_its_facit() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo");
    agrees(&folder);
    check(&folder, |book, report, _| {
        assert_eq!(report.exit_code(), 1);
        for (rule, judged) in book.rules.iter().zip(&report.run.rules) {
            let counts = judged.counts;
            assert!(
                counts.violation > 0 && counts.not_assessed > 0 && counts.compliant > counts.violation,
                "{}: {counts:?}",
                rule.id
            );
            let rows = report.reading.store.expect("tables").rows(rule.each);
            assert_eq!(counts.examined(), u64::from(rows), "{}: one verdict for every row", rule.id);
        }
    });
}

/// Cases of a municipality: enough to hold everything, or as many as a real one has.
fn cases() -> u32 {
    if std::env::var_os("SAGSTJEK_LONG").is_some() { 2000 } else { 200 }
}

#[test]
fn other_municipalities_answer_theirs() {
    for seed in 1..=6 {
        let options = DemoOptions { cases: cases(), seed, clean: false };
        agrees(&written(&format!("facit-{seed}"), municipality(&options).expect("municipality")));
    }
}

#[test]
fn a_municipality_without_faults_has_no_findings() {
    for seed in 1..=6 {
        let options = DemoOptions { cases: cases(), seed, clean: true };
        let folder = written(&format!("facit-clean-{seed}"), municipality(&options).expect("municipality"));
        assert!(facit(&folder).is_empty());
        agrees(&folder);
        check(&folder, |_, report, _| assert_eq!(report.exit_code(), 0));
    }
}
