//! Where this language meets FEEL (DMN) and CQL it answers as they do, or says why not. The cases are data: `feel.toml`, `cql.toml`.
#![allow(clippy::expect_used, clippy::panic, reason = "a test")]

#[path = "../engine_support/mod.rs"]
mod engine_support;

use std::collections::BTreeSet;
use std::sync::Arc;

use engine_support::{day, given, pack, told};
use sagstjek::engine::evaluate;
use sagstjek::model::{ColumnId, Pack};
use sagstjek::rule::{compile_model, parse_for_row};
use sagstjek::store::{CellRef, RowRef, Store};
use sagstjek::value::{Cell, Value};

/// The grants that cases speak of as `b`: K has no end and hours that cannot be read; L's payments are 1, 2 and 3; M's are 6, 1, 2
/// and 3, two of one day; N's second has no amount; Z has none. The case of K, L and M
/// came at noon, that of N and Z some time that day.
fn store(pack: &Arc<Pack>) -> Store {
    let data = [
        given("sag", &["sagsnr", "født", "modtaget"], "S | 2010-02-28 | 2024-03-30T12:00\nT | - | 2024-03-30"),
        given(
            "bevilling",
            &["id", "sagsnr", "art", "start", "slut", "beløb", "timer"],
            "K | S | foobar | 2024-01-15 | - | 10.50 | ?
             L | S | a | 2024-01-01 | - | 1.00 | 1
             M | S | b | 2024-02-01 | - | 1.00 | 1
             N | T | b | 2024-02-01 | - | 1.00 | 1
             Z | T | b | 2024-02-02 | - | 1.00 | 1",
        ),
        given(
            "betaling",
            &["nr", "id", "beløb", "dato"],
            "P1 | L | 1.00 | 2024-03-01
             P2 | L | 2.00 | 2024-02-01
             P3 | L | 3.00 | 2024-01-15
             P6 | M | 6.00 | 2024-01-15
             P7 | M | 1.00 | 2024-02-01
             P8 | M | 2.00 | 2024-03-01
             P9 | M | 3.00 | 2024-03-01
             Q1 | N | 1.00 | 2024-01-01
             Q2 | N | - | 2024-01-02",
        ),
    ];
    let model = compile_model(pack).unwrap_or_else(|mistakes| panic!("{}", told(&mistakes)));
    engine_support::store(pack, &model, &[], "2024-06-30", &data)
}

fn row(pack: &Pack, store: &Store, id: &str) -> RowRef {
    let dataset = pack.dataset("bevilling").expect("bevilling");
    let is_it =
        |row: &u32| store.cell(CellRef { dataset, row: *row, column: ColumnId(0) }) == Cell::Present(Value::Text(id.into()));
    RowRef { dataset, row: (0..store.rows(dataset)).find(is_it).expect("the row") }
}

#[test]
fn answers_as_the_standards_do_or_says_why_not() {
    let pack = Arc::new(pack(&[]));
    let bevilling = pack.dataset("bevilling").expect("bevilling");
    let store = store(&pack);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (standard, text) in [("FEEL", include_str!("feel.toml")), ("CQL", include_str!("cql.toml"))] {
        let table: toml::Table = toml::from_str(text).unwrap_or_else(|error| panic!("{standard}: {error}"));
        let groups = table["group"].as_array().expect("groups");
        let constructs: BTreeSet<&str> = groups.iter().map(|group| group["construct"].as_str().expect("a construct")).collect();
        assert_eq!(constructs.len(), groups.len(), "{standard}: each construct once");
        for group in groups {
            let construct = group["construct"].as_str().expect("a construct");
            let row = row(&pack, &store, group.get("row").and_then(toml::Value::as_str).unwrap_or("K"));
            for case in group["cases"].as_array().expect("cases") {
                let part = |i: usize| case[i].as_str().expect("an expression");
                let value = |text: &str| match parse_for_row(&pack, bevilling, "b", text) {
                    Ok(expr) => Ok(evaluate(&store, &expr, Some(row), day("2024-06-30")).value),
                    Err(mistakes) => Err(told(&mistakes)),
                };
                let found = value(part(0));
                let holds = match part(1) {
                    "empty" => found == Ok(Cell::Empty),
                    "unknown" => matches!(found, Ok(Cell::Unknown(_))),
                    gives => matches!(found, Ok(Cell::Present(_))) && found == value(gives),
                };
                if !holds {
                    wrong.push(format!("{standard}, {construct}: {} gives {found:?}, not {}", part(0), part(1)));
                }
                seen += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {seen}\n{}", wrong.len(), wrong.join("\n"));
    assert!(seen > 400, "{seen} cases");
}

/// What is a value there and a mistake here: no conversion without being asked, no chain of comparisons, no null to write.
#[test]
fn refuses_what_the_standards_convert() {
    let pack = Arc::new(pack(&[]));
    let bevilling = pack.dataset("bevilling").expect("bevilling");
    for text in [
        "\"1\" = 1",
        "1 + \"1\"",
        "\"foo\" + \"bar\"",
        "b.slut = null",
        "1 < 2 < 3",
        "\"a\" < \"b\"",
        "2024-01-02 - 2024-01-01",
        "b.beløb > 0",
        "1 month < 31 days",
        "24 hours = 1 day",
        "2020-01-01 - 24 hours",
        "b.sag.modtaget = 2024-01-01",
        "not 1",
        "if 1 then 2 else 3",
        "10 / 4 = 2.5",
        "today()",
    ] {
        assert!(parse_for_row(&pack, bevilling, "b", text).is_err(), "{text}");
    }
}
