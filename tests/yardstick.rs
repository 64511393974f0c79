//! The pack that speed is measured by: its examples come true. Its rows over the generated data are compared by
//! `benches/yardstick/compare.py`.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::path::Path;

use sagstjek::engine::run_examples;
use sagstjek::model::load::from_dir;
use sagstjek::night::Book;

#[test]
fn its_examples_come_true() {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/yardstick");
    let files = from_dir(&pack).expect("files");
    let book = Book::open(files, Vec::new(), None).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    assert_eq!(book.rules.len(), 11);
    for rule in &book.rules {
        for (i, outcome) in run_examples(&book.pack, &book.model, rule).into_iter().enumerate() {
            assert!(outcome.passed(), "{} example {}: {:?}", rule.id, i + 1, outcome.rows);
        }
    }
}
