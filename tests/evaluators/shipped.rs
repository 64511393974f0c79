//! Rules that are shipped, over deliveries that are.

#[allow(dead_code, reason = "only what writes a folder is needed here")]
#[path = "../common/answers.rs"]
mod shared;

use std::path::Path;

use sagstjek::calendar::Date;
use sagstjek::demo::{DemoOptions, municipality};
use sagstjek::engine::result::RuleState;
use sagstjek::engine::{Evaluators, prepare, state, verdicts};
use sagstjek::intake::{self, IntakeOptions};
use sagstjek::model::load::{embedded, from_dir};
use sagstjek::night::Book;
use sagstjek::rule::LoadPlan;
use sagstjek::store::Store;

/// Verdicts compared, over the rules that run.
fn agree(book: &Book, folder: &Path, extract_date: Date) -> (usize, usize) {
    let plan = LoadPlan::all(&book.pack);
    let options = IntakeOptions { sources: book.config.sources.clone(), ignore: Vec::new() };
    let mut delivery = intake::read(&book.pack, &plan, folder, &options);
    let mut store = Store::build(book.pack.clone(), std::mem::take(&mut delivery.tables));
    prepare(&mut store, &book.model, &book.rules, extract_date, &delivery.files);
    let (mut rules, mut rows) = (0, 0);
    for rule in book.rules.iter().filter(|rule| state(&store, rule) == RuleState::Ran) {
        let kernels = verdicts(&store, rule, extract_date, Evaluators::Kernels);
        let scalar = verdicts(&store, rule, extract_date, Evaluators::Scalar);
        let differs = kernels.iter().zip(&scalar).find(|(a, b)| a != b);
        assert!(kernels.len() == scalar.len() && differs.is_none(), "{}: kernels and scalar give {differs:?}", rule.id);
        rules += 1;
        rows += scalar.len();
    }
    (rules, rows)
}

#[test]
fn danish_rules_over_the_demo() {
    let cases = if std::env::var_os("SAGSTJEK_LONG").is_some() { 2000 } else { 200 };
    let files = municipality(&DemoOptions { cases, seed: 7, clean: false }).expect("municipality");
    let folder = shared::written("evaluators", files);
    let config = std::fs::read_to_string(folder.join("sagstjek.toml")).expect("config");
    let book = Book::open(embedded(), Vec::new(), Some(("sagstjek.toml", &config))).expect("pack and config are sound");
    let (rules, rows) = agree(&book, &folder, Date::from_ymd(2026, 10, 31).expect("a day"));
    assert!(rules > 20 && rows > 2000, "{rules} rules, {rows} verdicts");
}

#[test]
fn rules_of_another_country() {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packs/tarvonia");
    let book = Book::open(from_dir(&pack).expect("files"), Vec::new(), None).expect("the pack is sound");
    let (rules, rows) = agree(&book, &pack.join("delivery"), Date::from_ymd(2026, 6, 30).expect("a day"));
    assert!(rules > 30 && rows > 400, "{rules} rules, {rows} verdicts");
}
