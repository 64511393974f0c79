//! Expressions without rows: three-valued truth, figures, and the worked examples of the lost-earnings formula.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod engine_support;

use std::sync::Arc;

use engine_support::{day, pack, told};
use sagstjek::engine::eval;
use sagstjek::locale::Lang;
use sagstjek::rule::parse_expression;
use sagstjek::value::{Cause, Cell, Value, show};

fn value(text: &str) -> Cell {
    let pack = Arc::new(pack(&[]));
    let expr = parse_expression(&pack, text).unwrap_or_else(|mistakes| panic!("{text}: {}", told(&mistakes)));
    eval(&pack, &expr, day("2024-06-30")).value
}

fn shown(text: &str) -> String {
    match value(text) {
        Cell::Present(value) => show(&value, "kr", Lang::En),
        other => format!("{other:?}"),
    }
}

/// Yes, no, and a condition that nobody can tell: the table has no figure for that day.
const CONDITIONS: [(&str, Option<bool>); 3] =
    [("true", Some(true)), ("false", Some(false)), ("(loft at 2020-01-01 > 1 kr)", None)];

fn truth(text: &str) -> Option<bool> {
    match value(text) {
        Cell::Present(Value::Bool(yes)) => Some(yes),
        Cell::Unknown(Cause::NoFigure) => None,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn kleene_tables() {
    for (a_text, a) in CONDITIONS {
        assert_eq!(truth(&format!("not {a_text}")), a.map(|yes| !yes), "not {a_text}");
        for (b_text, b) in CONDITIONS {
            let and = match (a, b) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
            let or = match (a, b) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
            assert_eq!(truth(&format!("{a_text} and {b_text}")), and, "{a_text} and {b_text}");
            assert_eq!(truth(&format!("{a_text} or {b_text}")), or, "{a_text} or {b_text}");
        }
    }
}

#[test]
fn unknown_is_not_missing_and_is_not_replaced() {
    assert_eq!(value("(loft at 2020-01-01) is known"), Cell::Present(Value::Bool(false)));
    assert_eq!(value("(loft at 2024-01-01) is known"), Cell::Present(Value::Bool(true)));
    assert_eq!(value("(loft at 2020-01-01) is missing"), Cell::Unknown(Cause::NoFigure));
    assert_eq!(value("or_else(loft at 2020-01-01, 1 kr)"), Cell::Unknown(Cause::NoFigure));
    assert_eq!(value("lokal_grænse + 1 kr"), Cell::Unknown(Cause::LocalNotSet));
}

#[test]
fn figures_by_day_and_band() {
    assert_eq!(shown("loft at 2024-12-31"), "35,247.00 kr");
    assert_eq!(shown("loft at 2025-01-01"), "36,622.00 kr");
    assert_eq!(shown("atp[52] at 2024-05-01"), "99.00 kr");
    assert_eq!(shown("atp[38.99] at 2024-05-01"), "0.00 kr");
    assert_eq!(shown("atp[78] at 2024-05-01"), "198.00 kr");
    assert_eq!(shown("atp[160.33] at 2023-12-31"), "284.00 kr");
    assert_eq!(shown("atp[160.33] at 2024-01-01"), "297.00 kr");
    assert_eq!(value("atp[160.33] at 2015-12-31"), Cell::Unknown(Cause::NoFigure));
}

/// The worked examples of the lost-earnings formula, to the øre.
#[test]
fn lost_earnings_to_the_oere() {
    // 12 of 37 hours, 32,000 kr.
    assert_eq!(shown("round(32_000 kr * 12 / 37, 2)"), "10,378.38 kr");
    assert_eq!(shown("round(35_247 kr * 12 / 37, 2)"), "11,431.46 kr");
    assert_eq!(shown("min(round(10 % * 10_378.38 kr, 2), round(8 % * round(32_000 kr * 12 / 37, 2), 2))"), "830.27 kr");
    assert_eq!(shown("round(10 % * 10_378.38 kr, 2)"), "1,037.84 kr");
    // 15 of 37 hours, 45,000 kr: the cap's share decides.
    assert_eq!(shown("round(45_000 kr * 15 / 37, 2)"), "18,243.24 kr");
    let gross = "min(round(45_000 kr * 15 / 37, 2), round(loft at 2024-05-01 * 15 / 37, 2))";
    assert_eq!(shown(gross), "14,289.32 kr");
    assert_eq!(shown(&format!("round(45_000 kr * 15 / 37, 2) - {gross}")), "3,953.92 kr");
    // A part-time parent: the whole is 30 hours, not 37.
    assert_eq!(shown("round(28_000 kr * 10 / 30, 2)"), "9,333.33 kr");
    assert_eq!(shown("round(28_000 kr * 10 / 37, 2)"), "7,567.57 kr");
    // Hours a month and the band of ATP.
    assert_eq!(shown("round(37 * 52 / 12, 2)"), "160.33");
    assert_eq!(shown("atp[round(15 * 52 / 12, 2)] at 2024-05-01"), "99.00 kr");
}

#[test]
fn indexing_and_stop_of_lost_earnings() {
    let one = "round(20_000 kr * 103.5 %, 2)";
    let two = format!("round({one} * 103.9 %, 2)");
    let three = format!("round({two} * 104.8 %, 2)");
    assert_eq!(shown(one), "20,700.00 kr");
    assert_eq!(shown(&two), "21,507.30 kr");
    assert_eq!(shown(&three), "22,539.65 kr");
    assert_eq!(shown("round(12.5 % * 240_000 kr, 2)"), "30,000.00 kr");
    assert_eq!(shown("2024-09-30 + 14 weeks"), "06-01-2025");
}

#[test]
fn every_part_is_told_with_its_place() {
    let pack = Arc::new(pack(&[]));
    let text = "round(loft at 2024-05-01 * 15 / 37, 2) + 1 kr";
    let expr = parse_expression(&pack, text).expect("checks");
    let told = eval(&pack, &expr, day("2024-06-30"));
    let parts: Vec<(&str, String)> = told
        .steps
        .iter()
        .map(|(span, cell)| {
            let Cell::Present(value) = cell else { panic!("{cell:?}") };
            (&text[span.clone()], show(value, "kr", Lang::Da))
        })
        .collect();
    assert_eq!(parts[0], ("loft at 2024-05-01", "35.247,00 kr".to_owned()));
    assert_eq!(parts[1], ("loft at 2024-05-01 * 15", "528.705,00 kr".to_owned()));
    assert_eq!(parts[2], ("loft at 2024-05-01 * 15 / 37", "14.289,3243 kr".to_owned()));
    assert_eq!(parts[3], ("round(loft at 2024-05-01 * 15 / 37, 2)", "14.289,32 kr".to_owned()));
    assert_eq!(parts[4], (text, "14.290,32 kr".to_owned()));
    assert_eq!(parts.len(), 5);
}
