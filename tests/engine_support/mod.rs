//! A small pack for the tests of the engine, and helpers that run rules over it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use sagstjek::calendar::{Date, Instant};
use sagstjek::engine::{self, ExampleOutcome};
use sagstjek::intake::{Chunk, Column, Table};
use sagstjek::model::{Pack, SourceFile, load};
use sagstjek::problem::Mistake;
use sagstjek::rule::typed::{ModelExprs, Rule};
use sagstjek::rule::{compile_model, load_rules};
use sagstjek::store::Store;
use sagstjek::value::{Cause, Cell, Timestamp, Value};

const FILES: &[(&str, &str)] = &[
    (
        "pack.toml",
        r#"name = "test"
version = "1"
vocabulary = ["dk"]
currency = "kr"
[[family]]
folder = "regler"
title = { da = "Regler", en = "Rules" }
"#,
    ),
    (
        "model/sag.toml",
        r#"dataset = "sag"
title = { da = "Sag", en = "Case" }
keys = [["sagsnr"]]
closed = 'lukket = true'
[[column]]
name = "sagsnr"
kind = "text"
open = true
role = "case"
[[column]]
name = "lukket"
kind = "bool"
[[column]]
name = "født"
kind = "date"
[[column]]
name = "modtaget"
kind = "timestamp"
"#,
    ),
    (
        "model/bevilling.toml",
        r#"dataset = "bevilling"
title = { da = "Bevilling", en = "Grant" }
keys = [["id"]]
[[column]]
name = "id"
kind = "text"
open = true
[[column]]
name = "sagsnr"
kind = "text"
open = true
role = "case"
[[column]]
name = "art"
kind = "text"
open = true
[[column]]
name = "start"
kind = "date"
[[column]]
name = "slut"
kind = "date"
[[column]]
name = "beløb"
kind = "money"
[[column]]
name = "timer"
kind = "decimal(2)"
[[column]]
name = "alder"
kind = "integer"
derived = 'age(sag.født, start)'
"#,
    ),
    (
        "model/betaling.toml",
        r#"dataset = "betaling"
title = { da = "Betaling", en = "Payment" }
keys = [["nr"]]
[[column]]
name = "nr"
kind = "text"
open = true
[[column]]
name = "id"
kind = "text"
open = true
[[column]]
name = "beløb"
kind = "money"
[[column]]
name = "dato"
kind = "date"
"#,
    ),
    (
        "links.toml",
        r#"[[link]]
from = "bevilling"
to = "sag"
via = [["sagsnr"]]
[[link]]
from = "betaling"
to = "bevilling"
via = [["id"]]
"#,
    ),
    (
        "satser/loft.toml",
        r#"table = "loft"
title = { da = "Loft", en = "Cap" }
kind = "money"
[[row]]
from = 2024-01-01
until = 2024-12-31
value = 35247
status = "printed"
source = "prøve"
[[row]]
from = 2025-01-01
value = 36622
status = "derived"
source = "prøve"
"#,
    ),
    (
        "satser/atp.toml",
        r#"table = "atp"
title = { da = "ATP-andel", en = "ATP share" }
keys = ["decimal(2)"]
banded = true
kind = "money"
[[row]]
from = 2016-01-01
keys = [0]
value = 0
status = "printed"
source = "prøve"
[[row]]
from = 2016-01-01
keys = [39]
value = 99
status = "printed"
source = "prøve"
[[row]]
from = 2016-01-01
keys = [78]
value = 198
status = "printed"
source = "prøve"
[[row]]
from = 2016-01-01
until = 2023-12-31
keys = [117]
value = 284
status = "printed"
source = "prøve"
[[row]]
from = 2024-01-01
keys = [117]
value = 297
status = "printed"
source = "prøve"
"#,
    ),
    (
        "satser/lokal.toml",
        r#"table = "lokal_grænse"
title = { da = "Lokal grænse", en = "Local limit" }
kind = "money"
local = true
"#,
    ),
];

/// The pack, with these rule files under `regler/`.
pub(crate) fn pack(rules: &[(&str, &str)]) -> Pack {
    let file = |path: String, text: &str| SourceFile { path: path.into(), text: text.into() };
    let rules = rules.iter().map(|(name, text)| file(format!("regler/{name}.toml"), text));
    let files = FILES.iter().map(|(path, text)| file((*path).to_owned(), text)).chain(rules);
    load::load(files.collect()).unwrap_or_else(|mistakes| panic!("{}", told(&mistakes)))
}

/// A rule file around this body; `each` stands in the body. Without a mark of its own it marks the key.
pub(crate) fn rule_text(body: &str, examples: &str) -> String {
    let mark = match (body.contains("mark ="), body.contains("\"sag as s\"")) {
        (true, _) => "",
        (false, true) => "mark = [\"s.sagsnr\"]",
        (false, false) => "mark = [\"b.id\"]",
    };
    format!(
        r#"id = "T-1"
severity = "error"
since = "1"
tracks = []
effort = 5
legal = [{{ ref = "Loven § 2", from = 2025-01-01 }}, {{ ref = "Loven § 1", until = 2024-12-31 }}]
{body}
{mark}
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
{examples}
"#
    )
}

/// The pack with one rule, compiled.
pub(crate) fn compile(body: &str, examples: &str) -> (Arc<Pack>, ModelExprs, Rule) {
    let (pack, model, rule, _) = compile_with_lints(body, examples);
    (pack, model, rule)
}

/// The same, and the remarks on the rule.
pub(crate) fn compile_with_lints(body: &str, examples: &str) -> (Arc<Pack>, ModelExprs, Rule, Vec<Mistake>) {
    let text = rule_text(body, examples);
    let pack = pack(&[("proeve", &text)]);
    let model = compile_model(&pack).unwrap_or_else(|mistakes| panic!("{}", told(&mistakes)));
    let loaded = load_rules(&pack).unwrap_or_else(|mistakes| panic!("{}", told(&mistakes)));
    let rule = loaded.rules.into_iter().next().expect("one rule");
    (Arc::new(pack), model, rule, loaded.lints)
}

/// Runs the examples of a rule.
pub(crate) fn outcomes(body: &str, examples: &str) -> Vec<ExampleOutcome> {
    let (pack, model, rule) = compile(body, examples);
    engine::run_examples(&pack, &model, &rule)
}

/// Runs the examples of a rule and asserts that all come as expected.
pub(crate) fn holds(body: &str, examples: &str) {
    for outcome in outcomes(body, examples) {
        assert!(outcome.passed(), "{body}\n{outcome:#?}");
    }
}

/// A dataset as delivered: its columns by name, and its rows as texts; `-` is empty, `?` unreadable.
pub(crate) struct Given<'a> {
    pub dataset: &'a str,
    pub columns: &'a [&'a str],
    pub rows: Vec<Vec<String>>,
}

/// Rows of texts from a table with `|` between cells.
pub(crate) fn given<'a>(dataset: &'a str, columns: &'a [&'a str], rows: &str) -> Given<'a> {
    let lines = rows.lines().map(str::trim).filter(|line| !line.is_empty());
    let rows = lines.map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect();
    Given { dataset, columns, rows }
}

/// A store of these datasets, prepared for the rules.
pub(crate) fn store(pack: &Arc<Pack>, model: &ModelExprs, rules: &[Rule], extract_date: &str, data: &[Given<'_>]) -> Store {
    let tables = data.iter().map(|given| table(pack, given)).collect();
    let mut store = Store::build(pack.clone(), tables);
    let problems = engine::prepare(&mut store, model, rules, day(extract_date), &[]);
    assert_eq!(problems, []);
    store
}

fn table(pack: &Pack, given: &Given<'_>) -> Table {
    let dataset = pack.dataset(given.dataset).expect(given.dataset);
    let columns = &pack.get(dataset).columns;
    let place = |name: &str| given.columns.iter().position(|c| *c == name);
    let rows = given.rows.len() as u32;
    let cells = columns.iter().map(|column| {
        let mut cells = Column::new(column.kind);
        for row in &given.rows {
            let text = place(&column.name).and_then(|i| row.get(i)).map_or("-", String::as_str);
            cells.push(match text {
                "-" => Cell::Empty,
                "?" => Cell::Unknown(Cause::Unreadable),
                text if column.kind == sagstjek::value::Kind::Timestamp => Cell::Present(Value::Timestamp(stamp(text))),
                text if column.kind == sagstjek::value::Kind::Bool => Cell::Present(Value::Bool(text == "ja")),
                text => Cell::Present(load::value_from_text(column.kind, text).expect(text)),
            });
        }
        cells
    });
    Table {
        dataset,
        columns: cells.collect(),
        chunks: vec![Chunk {
            file: 0,
            sheet: 0,
            first: 0,
            rows,
            sheet_columns: vec![None; columns.len()],
            month_columns: None,
            delivered: columns.iter().map(|column| place(&column.name).is_some()).collect(),
        }],
        records: (1..=rows).collect(),
        places: (1..=rows).map(|row| (row + 1, row + 1)).collect(),
        unfolded: vec![0; given.rows.len()],
        merged: sagstjek::intake::Merged::default(),
        incomplete: Vec::new(),
        refused: 0,
    }
}

/// A time stamp: `2024-03-30T12:00` in Danish time, or a day alone.
fn stamp(text: &str) -> Timestamp {
    let Some((date, time)) = text.split_once('T') else { return Timestamp::Day(day(text)) };
    let (hour, minute) = time.split_once(':').expect(text);
    let at = Instant::from_danish(day(date), hour.parse().expect(text), minute.parse().expect(text));
    Timestamp::At(at.expect(text))
}

/// Mistakes in a few words each.
pub(crate) fn told(mistakes: &[sagstjek::problem::Mistake]) -> String {
    let at = |m: &sagstjek::problem::Mistake| {
        m.labels.first().map_or("", |(span, _)| m.source.get(span.clone()).unwrap_or("")).to_owned()
    };
    mistakes.iter().map(|m| format!("{}: {} at `{}`", m.file, m.message.en, at(m))).collect::<Vec<_>>().join("\n")
}

/// A day.
pub(crate) fn day(text: &str) -> Date {
    Date::parse_iso(text).expect(text)
}
