//! The demo municipality against its facit, which was written from what was planted: every finding is found, nothing else is,
//! and each says the cell that was planted.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sagstjek::calendar::Date;
use sagstjek::engine::result::Outcome;
use sagstjek::engine::{RunOptions, prepare, run};
use sagstjek::intake::{self, Delivery, IntakeOptions};
use sagstjek::locale::Lang;
use sagstjek::model::load::embedded;
use sagstjek::night::Book;
use sagstjek::privacy::Gate;
use sagstjek::rule::LoadPlan;
use sagstjek::rule::typed::Verdict;
use sagstjek::store::{CellRef, RowRef, Store};
use sagstjek::value::{Kind, Value, show};

/// File, sheet row and header of a cell.
type Spot = (String, u32, String);

fn spot(store: &Store, delivery: &Delivery, cell: CellRef) -> Option<Spot> {
    let origin = store.origin(cell)?;
    let file = &delivery.files[usize::from(origin.file)];
    let headers = &file.sheets[usize::from(origin.sheet)].headers;
    let header = headers.iter().find(|header| Some(header.sheet_column) == origin.sheet_column)?;
    Some((file.path.to_string(), origin.sheet_row, header.text.to_string()))
}

fn spots(store: &Store, delivery: &Delivery, outcome: &Outcome) -> BTreeSet<Spot> {
    let cells = outcome.marks.iter().map(|mark| mark.cell).chain(outcome.deciding.iter().filter_map(|deciding| deciding.cell));
    cells.filter_map(|cell| spot(store, delivery, cell)).collect()
}

/// A key as the facit writes it: months without their day, people by their pseudonym.
fn key(store: &Store, gate: &Gate, row: RowRef) -> Vec<String> {
    let definition = store.pack().get(row.dataset);
    let (which, values) = store.key(row).expect("a key");
    let kinds = definition.keys[which].iter().map(|column| definition.columns[column.index()].kind);
    let part = |(kind, value): (Kind, &Value)| match (kind, value) {
        (Kind::Cpr, Value::Text(cpr)) => gate.pseudonym(kind, cpr),
        (Kind::Month, Value::Date(month)) => format!("{:04}-{:02}", month.year(), month.month()),
        (_, Value::Date(day)) => day.to_string(),
        (_, other) => show(other, "kr", Lang::En),
    };
    kinds.zip(&values).map(part).collect()
}

fn verdict(text: &str) -> Verdict {
    match text {
        "violation" => Verdict::Violation,
        "partly" => Verdict::Partly,
        "not assessed" => Verdict::NotAssessed,
        other => panic!("{other}"),
    }
}

#[test]
fn the_demo_comes_out_as_its_facit_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo");
    let config = std::fs::read_to_string(root.join("sagstjek.toml")).expect("the demo's config");
    let book = Book::open(embedded(), Vec::new(), Some(("sagstjek.toml", &config))).expect("pack and config");
    let plan = LoadPlan::of(&book.pack, &book.model, &book.rules.iter().collect::<Vec<_>>());
    let options = IntakeOptions { sources: book.config.sources.clone(), ignore: book.config.ignore.clone() };
    let mut delivery = intake::read(&book.pack, &plan, &root, &options);
    let extract_date = Date::from_ymd(2026, 10, 31).expect("a day");
    let mut store = Store::build(book.pack.clone(), std::mem::take(&mut delivery.tables));
    assert_eq!(prepare(&mut store, &book.model, &book.rules, extract_date, &delivery.files), []);
    let result = run(&store, &book.rules, &RunOptions { extract_date, threads: 2 });

    let secret = std::fs::read(root.join("hemmelighed.txt")).expect("the demo's secret");
    let gate = Gate::new(Some(&secret), false);
    let facit = std::fs::read_to_string(root.join("facit.toml")).expect("the facit");
    let facit: toml::Table = facit.parse().expect("the facit is TOML");
    let mut expected: BTreeMap<(String, Vec<String>), (Verdict, Spot)> = BTreeMap::new();
    for finding in facit["finding"].as_array().expect("findings") {
        let text = |name: &str| finding[name].as_str().unwrap_or_else(|| panic!("{name}")).to_owned();
        let key = finding["key"].as_array().expect("a key").iter();
        let key = key.map(|part| part.as_str().expect("text").to_owned()).collect();
        let row = u32::try_from(finding["sheet_row"].as_integer().expect("a row")).expect("a row");
        expected.insert((text("rule"), key), (verdict(&text("verdict")), (text("file"), row, text("column"))));
    }
    for (rule, result) in book.rules.iter().zip(&result.rules) {
        assert_eq!(result.counts.examined(), u64::from(store.rows(rule.each)), "{}", rule.id);
        for outcome in &result.outcomes {
            let key = key(&store, &gate, outcome.row);
            let wanted = expected.remove(&(rule.id.to_string(), key.clone()));
            let (verdict, planted) = wanted.unwrap_or_else(|| panic!("{} {key:?} is not in the facit: {outcome:#?}", rule.id));
            assert_eq!(outcome.verdict, verdict, "{} {key:?}", rule.id);
            let told = spots(&store, &delivery, outcome);
            assert!(told.contains(&planted), "{} {key:?}: {planted:?} is not among {told:?}", rule.id);
        }
    }
    assert!(expected.is_empty(), "not found: {expected:#?}");
}
