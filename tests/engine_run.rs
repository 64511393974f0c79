//! Whole runs: counts, what decided, steps, amounts, law, pairs; and that neither threads nor the order of the input matter.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod engine_support;

use std::sync::Arc;

use engine_support::{Given, compile, day, given, store};
use proptest::prelude::*;
use sagstjek::engine::result::{Counts, MessagePiece, Outcome, RuleState, RunResult};
use sagstjek::engine::{RunOptions, run};
use sagstjek::locale::Lang;
use sagstjek::model::Pack;
use sagstjek::rule::typed::{Rule, Verdict};
use sagstjek::store::{CellRef, RowRef, Store};
use sagstjek::value::{Cause, Cell, Decimal, show};

const EXAMPLES: &str = r#"
[[example]]
extract_date = 2024-06-30
expect = { a = "compliant", b = "violation" }
sag = [{ sagsnr = "S" }]
betaling = []
"#;

struct Ran {
    pack: Arc<Pack>,
    store: Store,
    rule: Rule,
    result: RunResult,
}

fn ran(body: &str, example_rows: &str, data: &[Given<'_>]) -> Ran {
    let (pack, model, rule) = compile(body, &format!("{EXAMPLES}{example_rows}"));
    let store = store(&pack, &model, std::slice::from_ref(&rule), "2024-06-30", data);
    let result = run(&store, std::slice::from_ref(&rule), &RunOptions { extract_date: day("2024-06-30"), threads: 1 });
    Ran { pack, store, rule, result }
}

impl Ran {
    fn counts(&self) -> Counts {
        self.result.rules[0].counts
    }

    fn key(&self, row: RowRef) -> String {
        let (_, values) = self.store.key(row).expect("a key");
        values.iter().map(|value| show(value, "kr", Lang::En)).collect::<Vec<_>>().join(" ")
    }

    fn outcome(&self, key: &str) -> &Outcome {
        let outcomes = &self.result.rules[0].outcomes;
        outcomes.iter().find(|outcome| self.key(outcome.row) == key).unwrap_or_else(|| panic!("{key}: {outcomes:#?}"))
    }

    /// `dataset.column@key`
    fn name(&self, cell: CellRef) -> String {
        let dataset = self.pack.get(cell.dataset);
        let key = self.key(RowRef { dataset: cell.dataset, row: cell.row });
        format!("{}.{}@{key}", dataset.name, dataset.columns[cell.column.index()].name)
    }

    fn deciding(&self, key: &str) -> Vec<String> {
        let told = self.outcome(key).deciding.iter().map(|deciding| {
            let cause = deciding.cause.map_or(String::new(), |cause| format!(" {}", cause.code()));
            match (deciding.cell, deciding.dataset) {
                (Some(cell), _) => format!("{}{cause}", self.name(cell)),
                (None, Some(dataset)) => format!("{}{cause}", self.pack.get(dataset).name),
                (None, None) => cause,
            }
        });
        told.collect()
    }
}

fn text(pieces: &[MessagePiece]) -> String {
    let piece = |piece: &MessagePiece| match piece {
        MessagePiece::Text(text) => text.clone(),
        MessagePiece::Value { value: Cell::Present(value), .. } => show(value, "kr", Lang::Da),
        MessagePiece::Value { value, .. } => format!("{value:?}"),
    };
    pieces.iter().map(piece).collect()
}

const BEVILLING: &[&str] = &["id", "sagsnr", "art", "start", "slut", "beløb", "timer"];

#[test]
fn a_violation_is_explained_to_the_cell() {
    let ran = ran(
        "scope = \"all\"\neach = \"bevilling as b\"\nwhen = 'b.art = \"x\"'\n\
         steps = ['andel = b.timer / 37', 'grænse = min(30_000 kr, round(loft at b.start * andel, 2))']\n\
         require = 'b.beløb <= grænse and b.start <= extract_date'\namount = 'b.beløb - grænse'\n\
         refund = 'round((b.beløb - grænse) * 50 %, 2)'\nlaw_date = 'b.start'\n\
         mark = [\"b.beløb\", \"b.sag.født\"]",
        r#"bevilling = [
            { id = "a", art = "x", start = 2024-01-01, "beløb" = 1, timer = 37 },
            { id = "b", art = "x", start = 2024-01-01, "beløb" = 90000, timer = 37 },
        ]"#,
        &[
            given("sag", &["sagsnr", "født"], "S | 2010-01-02"),
            given(
                "bevilling",
                BEVILLING,
                "A | S | x | 2024-02-01 | - | 20000.00 | 15
                 B | S | x | 2024-02-01 | - | 14289.32 | 15
                 C | Z | x | 2023-02-01 | - | 20000.00 | 15
                 D | S | y | 2023-02-01 | - | 20000.00 | 15
                 E | S | x | 2025-02-01 | - | 1.00     | 15",
            ),
        ],
    );
    let expected = Counts { not_applicable: 1, compliant: 1, partly: 0, violation: 2, not_assessed: 1 };
    assert_eq!(ran.counts(), expected);
    let a = ran.outcome("A");
    assert_eq!(a.verdict, Verdict::Violation);
    // 35,247 x 15 / 37 = 14,289.32 by hand.
    assert_eq!(a.amount, Decimal::parse("5710.68"));
    assert_eq!(a.refund, Decimal::parse("2855.34"));
    assert_eq!(a.day, Some(day("2024-02-01")));
    assert_eq!(a.law.map(|i| ran.rule.legal[i].reference.to_string()), Some("Loven § 1".to_owned()));
    assert_eq!(ran.deciding("A"), ["bevilling.beløb@A", "bevilling.start@A", "bevilling.timer@A"]);
    assert_eq!(a.steps.len(), 2);
    let factors: Vec<String> = a.steps[1].factors.iter().map(|(cell, _)| ran.name(*cell)).collect();
    assert_eq!(factors, ["bevilling.start@A"], "the earlier step is not unfolded");
    assert_eq!(a.steps[1].figures.len(), 1);
    assert_eq!(a.figures, a.steps[1].figures);
    let marks: Vec<String> = a.marks.iter().map(|mark| ran.name(mark.cell)).collect();
    assert_eq!(marks, ["bevilling.beløb@A", "sag.født@S"]);
    assert_eq!(a.ways.len(), 1);
    // The failing side of `and` alone.
    assert_eq!(ran.deciding("E"), ["bevilling.start@E"]);
    assert_eq!(ran.outcome("E").law, Some(0));
    // No figure for 2023: the figure's day is what is told.
    assert_eq!(ran.outcome("C").verdict, Verdict::NotAssessed);
    assert_eq!(ran.deciding("C"), ["bevilling.beløb@C", "bevilling.start@C no-figure", "bevilling.timer@C"]);
    assert_eq!((ran.outcome("C").amount, ran.outcome("C").refund), (None, None));
    assert_eq!(ran.outcome("C").marks.len(), 1, "the unmatched case has no cell to mark");
}

#[test]
fn pairs_are_told_once_with_their_partner() {
    let ran = ran(
        "scope = \"all\"\neach = \"bevilling as b\"\nreport = \"pair once\"\n\
         require = 'no c in b.sag.bevilling where c is not b and c.art = b.art satisfies period(b.start, b.slut) overlaps period(c.start, c.slut)'\n\
         mark = [\"b.start\", \"c.start\"]",
        r#"bevilling = [
            { id = "a", sagsnr = "S", art = "y", start = 2024-01-01 },
            { id = "b", sagsnr = "S", art = "x", start = 2024-01-01 },
            { id = "c", sagsnr = "S", art = "x", start = 2024-01-01 },
        ]"#,
        &[
            given("sag", &["sagsnr"], "S"),
            given(
                "bevilling",
                BEVILLING,
                "B | S | x | 2024-02-01 | - | - | -
                 A | S | x | 2024-01-01 | 2024-02-01 | - | -
                 C | S | x | 2023-01-01 | 2023-12-31 | - | -
                 D | S | - | 2023-01-01 | - | - | -",
            ),
        ],
    );
    assert_eq!(ran.counts(), Counts { violation: 2, not_assessed: 2, ..Counts::default() });
    let told: Vec<String> = ran.result.rules[0].outcomes.iter().map(|o| ran.key(o.row)).collect();
    assert_eq!(told, ["A", "C", "D"]);
    assert_eq!(ran.outcome("A").partner.map(|row| ran.key(row)), Some("B".to_owned()));
    let marks: Vec<String> = ran.outcome("A").marks.iter().map(|mark| ran.name(mark.cell)).collect();
    assert_eq!(marks, ["bevilling.start@A", "bevilling.start@B"]);
    assert_eq!(ran.deciding("C"), ["bevilling.art@D empty", "bevilling.art@C"]);
}

#[test]
fn what_kept_every_candidate_out_is_told() {
    let many: String = (0..25).map(|i| format!("Q{i:02} | many | {i}.00 | -\n")).collect();
    let payments = format!("P1 | few | 5.00 | -\nP2 | few | 500.00 | 2024-01-01\n{many}");
    let ran = ran(
        "scope = \"all\"\neach = \"bevilling as b\"\n\
         require = 'some q in b.betaling where q.dato is missing satisfies q.beløb > 100 kr'",
        r#"bevilling = [{ id = "a" }, { id = "b" }]
"#,
        &[
            given("sag", &["sagsnr"], "S"),
            given(
                "bevilling",
                BEVILLING,
                "few | S | - | - | - | - | -\n none | S | - | - | - | - | -\n many | S | - | - | - | - | -",
            ),
            given("betaling", &["nr", "id", "beløb", "dato"], &payments),
        ],
    );
    assert_eq!(ran.counts().violation, 3);
    assert_eq!(ran.deciding("few"), ["betaling.beløb@P1", "betaling.dato@P2"]);
    assert_eq!(ran.outcome("few").unlisted, 0);
    assert_eq!(ran.deciding("none"), ["bevilling.id@none"], "an empty group rests on its key");
    assert_eq!(ran.outcome("many").deciding.len(), 20);
    assert_eq!(ran.outcome("many").unlisted, 5);
    assert_eq!(ran.outcome("few").ways.len(), 1);
}

#[test]
fn of_many_candidates_that_cannot_be_decided_the_first_are_told() {
    let payments: String = (0..25).map(|i| format!("Q{i:02} | many | ? | -\n")).collect();
    let ran = ran(
        "scope = \"all\"\neach = \"bevilling as b\"\n\
         require = 'some q in b.betaling satisfies q.beløb > 100 kr'",
        r#"bevilling = [{ id = "a" }, { id = "b" }]
"#,
        &[
            given("sag", &["sagsnr"], "S"),
            given("bevilling", BEVILLING, "many | S | - | - | - | - | -"),
            given("betaling", &["nr", "id", "beløb", "dato"], &payments),
        ],
    );
    assert_eq!(ran.counts().not_assessed, 1);
    assert_eq!(ran.outcome("many").deciding.len(), 20);
    assert_eq!(ran.outcome("many").unlisted, 5);
}

#[test]
fn deadlines_count_the_days_and_choose_the_law() {
    let ran = ran(
        "scope = \"all\"\neach = \"bevilling as b\"\ndeadline = { due = 'b.start + 1 month', done = 'b.slut' }",
        r#"bevilling = [
            { id = "a", start = 2024-01-01, slut = 2024-01-02 }, { id = "b", start = 2024-01-01 },
        ]"#,
        &[
            given("sag", &["sagsnr"], "S"),
            given(
                "bevilling",
                BEVILLING,
                "sen | S | - | 2024-01-31 | 2024-03-10 | - | -
                 aaben | S | - | 2024-05-20 | - | - | -
                 rod | S | - | 2024-05-20 | ? | - | -
                 venter | S | - | 2025-05-20 | - | - | -",
            ),
        ],
    );
    assert_eq!(ran.counts(), Counts { violation: 2, not_assessed: 1, not_applicable: 1, ..Counts::default() });
    // Due 29 February; done ten days after.
    assert_eq!(ran.outcome("sen").days_late, Some(10));
    assert_eq!(ran.outcome("sen").law, Some(1));
    // Due 20 June, extracted 30 June.
    assert_eq!(ran.outcome("aaben").days_late, Some(10));
    assert_eq!(ran.deciding("aaben"), ["bevilling.start@aaben", "bevilling.slut@aaben"]);
    assert_eq!(ran.deciding("rod"), ["bevilling.start@rod", "bevilling.slut@rod unreadable"]);
}

#[test]
fn messages_show_values_with_the_cells_they_came_from() {
    let (pack, model, rule) = {
        let body = "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.slut is present'";
        let examples = format!(
            "{EXAMPLES}bevilling = [{{ id = \"a\", slut = 2024-01-01 }}, {{ id = \"b\", start = 2024-01-01, \"beløb\" = 1 }}]"
        );
        let text = engine_support::rule_text(body, &examples)
            .replace("message = 'Prøve'", "message = 'Fra {b.start} over {b.beløb * 2}, født {b.sag.født}'");
        let pack = Arc::new(engine_support::pack(&[("proeve", &text)]));
        let model = sagstjek::rule::compile_model(&pack).expect("model");
        let rules = sagstjek::rule::load_rules(&pack).unwrap_or_else(|m| panic!("{}", engine_support::told(&m)));
        (pack, model, rules.rules.into_iter().next().expect("a rule"))
    };
    let data = [
        given("sag", &["sagsnr", "født"], "S | 2010-01-02"),
        given("bevilling", BEVILLING, "A | S | - | 2024-02-01 | - | 1000.50 | -"),
    ];
    let store = store(&pack, &model, std::slice::from_ref(&rule), "2024-06-30", &data);
    let result = run(&store, &[rule], &RunOptions { extract_date: day("2024-06-30"), threads: 1 });
    let message = &result.rules[0].outcomes[0].message_da;
    assert_eq!(text(message), "Fra 01-02-2024 over 2.001,00 kr, født 02-01-2010");
    let cells: Vec<usize> = message
        .iter()
        .filter_map(|piece| match piece {
            MessagePiece::Value { factors, .. } => Some(factors.len()),
            MessagePiece::Text(_) => None,
        })
        .collect();
    assert_eq!(cells, [1, 1, 1]);
}

#[test]
fn a_column_derived_from_one_that_nobody_delivered_skips_too() {
    let rows = r#"bevilling = [{ id = "a", start = 2024-01-01, sagsnr = "S" }, { id = "b" }]"#;
    let data = |columns: &'static [&'static str], row| {
        [given("bevilling", columns, row), given("sag", &["sagsnr", "født"], "S | 2010-01-02")]
    };
    let rule = "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.alder is known'";
    assert_eq!(
        ran(rule, rows, &data(&["id", "sagsnr"], "A | S")).result.rules[0].state,
        RuleState::Ran,
        "asks whether it is known"
    );
    let rule = "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.alder < 18'";
    let skipped = ran(rule, rows, &data(&["id", "sagsnr"], "A | S"));
    assert!(matches!(&skipped.result.rules[0].state, RuleState::InputMissing { columns, .. } if columns.len() == 1));
    let judged = ran(rule, rows, &data(&["id", "sagsnr", "start"], "A | S | 2024-02-01"));
    assert_eq!((judged.result.rules[0].state.clone(), judged.counts().compliant), (RuleState::Ran, 1));
}

#[test]
fn a_column_that_nobody_delivered_skips_only_what_cannot_be_judged() {
    let rows = r#"bevilling = [{ id = "a", slut = 2024-01-01, art = "x" }, { id = "b" }]"#;
    let columns = &["id", "sagsnr", "art"];
    let data = || [given("bevilling", columns, "A | S | x"), given("sag", &["sagsnr"], "S")];
    let skipped = ran("scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.slut is present'", rows, &data());
    let RuleState::InputMissing { datasets, columns } = &skipped.result.rules[0].state else { panic!() };
    assert!(datasets.is_empty());
    assert_eq!(columns.len(), 1);
    assert_eq!(skipped.counts().examined(), 0);
    // Another branch can decide: the rule runs.
    let judged = ran("scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.slut is present or b.art = \"x\"'", rows, &data());
    assert_eq!(judged.result.rules[0].state, RuleState::Ran);
    assert_eq!(judged.counts(), Counts { compliant: 1, ..Counts::default() });
    let unassessed = ran(
        "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.slut is present or b.art = \"y\"'",
        &rows.replace("art = \"x\"", "art = \"y\""),
        &data(),
    );
    assert_eq!(unassessed.deciding("A"), ["bevilling.slut@A not-delivered"]);
    assert_eq!(Cause::NotDelivered.code(), "not-delivered");
}

#[test]
fn a_row_that_is_not_assessed_always_says_why() {
    let ran = ran(
        "scope = \"all\"\neach = \"bevilling as b\"\n\
         require = 'previous(c in b.sag.bevilling by c.start) is missing'",
        r#"bevilling = [
            { id = "a", sagsnr = "S", start = 2024-01-01 }, { id = "b", sagsnr = "S", start = 2024-01-02 },
        ]"#,
        &[
            given("sag", &["sagsnr"], "S\nT\nU"),
            given(
                "bevilling",
                BEVILLING,
                "A | S | - | 2024-02-01 | - | - | -
                 B | S | - | 2024-02-01 | - | - | -
                 C | Z | - | 2024-02-01 | - | - | -
                 D | - | - | 2024-02-01 | - | - | -
                 E | T | - | - | - | - | -",
            ),
        ],
    );
    assert_eq!(ran.deciding("A"), [" tie"]);
    assert_eq!(ran.deciding("C"), ["bevilling.sagsnr@C unmatched"]);
    assert_eq!(ran.deciding("D"), ["bevilling.sagsnr@D empty"]);
    assert_eq!(ran.deciding("E"), ["bevilling.start@E empty"]);
}

/// Rows of made-up cases, grants and payments, in an order given by `order`.
fn municipality(order: &[usize]) -> Vec<Given<'static>> {
    let cases: Vec<Vec<String>> = (0..30).map(|i| vec![format!("S{i:03}"), format!("{}-01-15", 2005 + i % 12)]).collect();
    let grants: Vec<Vec<String>> = (0..400)
        .map(|i: usize| {
            let start = format!("2024-{:02}-01", 1 + i % 12);
            let end = if i.is_multiple_of(7) { "-".to_owned() } else { format!("2024-{:02}-28", 1 + (i * 5) % 12) };
            let amount = if i.is_multiple_of(11) { "?".to_owned() } else { format!("{}.50", (i * 37) % 9000) };
            let cells = [format!("G{:03}", i % 390), format!("S{:03}", i % 33), format!("a{}", i % 3), start, end, amount];
            cells.into_iter().chain(["12".to_owned()]).collect()
        })
        .collect();
    let payments: Vec<Vec<String>> = (0..400)
        .map(|i: usize| {
            let id = if i.is_multiple_of(50) { "?".to_owned() } else { format!("G{:03}", (i * 3) % 400) };
            vec![format!("P{i:03}"), id, format!("{}.00", (i * 53) % 700), "2024-03-01".to_owned()]
        })
        .collect();
    let shuffled = |rows: Vec<Vec<String>>| {
        let mut keyed: Vec<(usize, Vec<String>)> =
            rows.into_iter().enumerate().map(|(i, row)| (order[i % order.len()].wrapping_mul(i + 7) % 1009, row)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(_, row)| row).collect()
    };
    vec![
        Given { dataset: "sag", columns: &["sagsnr", "født"], rows: shuffled(cases) },
        Given { dataset: "bevilling", columns: BEVILLING, rows: shuffled(grants) },
        Given { dataset: "betaling", columns: &["nr", "id", "beløb", "dato"], rows: shuffled(payments) },
    ]
}

/// A run as text, without row numbers of the store or the input.
fn told(body: &str, examples: &str, order: &[usize], threads: usize) -> String {
    let (pack, model, rule) = compile(body, &format!("{EXAMPLES}{examples}"));
    let store = store(&pack, &model, std::slice::from_ref(&rule), "2024-06-30", &municipality(order));
    let result = run(&store, std::slice::from_ref(&rule), &RunOptions { extract_date: day("2024-06-30"), threads });
    let ran = Ran { pack, store, rule, result };
    let mut out = format!("{:?}\n", ran.counts());
    assert_eq!(ran.counts().examined(), 400);
    for outcome in &ran.result.rules[0].outcomes {
        let key = ran.key(outcome.row);
        let deciding: Vec<String> = outcome
            .deciding
            .iter()
            .map(|deciding| format!("{:?} {:?}", deciding.cell.map(|cell| ran.name(cell)), deciding.cause))
            .collect();
        let partner = outcome.partner.map(|row| ran.key(row));
        out.push_str(&format!(
            "{key} {:?} {deciding:?} {partner:?} {:?} {}\n",
            outcome.verdict, outcome.amount, outcome.unlisted
        ));
    }
    out
}

const RULES: &[(&str, &str)] = &[
    (
        "scope = \"all\"\neach = \"bevilling as b\"\nwhen = 'b.beløb > 100 kr'\namount = 'b.beløb'\n\
         require = 'no c in b.sag.bevilling where c is not b and c.art = b.art satisfies period(b.start, b.slut) overlaps period(c.start, c.slut)'\n\
         mark = [\"b.start\", \"c.start\"]\nreport = \"pair once\"",
        "bevilling = [{ id = \"a\", \"beløb\" = 500, sagsnr = \"S\", art = \"x\", start = 2024-01-01, slut = 2024-01-02 },\n\
         { id = \"b\", \"beløb\" = 500, sagsnr = \"S\", art = \"y\", start = 2024-01-01, slut = 2024-01-02 },\n\
         { id = \"c\", \"beløb\" = 500, sagsnr = \"S\", art = \"y\", start = 2024-01-01, slut = 2024-01-02 }]",
    ),
    (
        "scope = \"all\"\neach = \"bevilling as b\"\n\
         require = 'sum(q.beløb for q in betaling where q.id = b.id) <= b.beløb'",
        "bevilling = [{ id = \"a\", \"beløb\" = 500 }, { id = \"b\", \"beløb\" = -1 }]",
    ),
    (
        "scope = \"all\"\neach = \"bevilling as b\"\n\
         require = 'previous(c in b.sag.bevilling where c.art = b.art by c.start, c.id).beløb < b.beløb'\nif_missing = \"compliant\"",
        "bevilling = [{ id = \"a\", sagsnr = \"S\", art = \"x\", start = 2024-01-01, \"beløb\" = 500 },\n\
         { id = \"b\", sagsnr = \"S\", art = \"x\", start = 2024-01-02, \"beløb\" = 5 }]",
    ),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn neither_threads_nor_input_order_matter(order in proptest::collection::vec(1_usize..1000, 40)) {
        for (body, examples) in RULES {
            let first = told(body, examples, &[1], 1);
            prop_assert!(first.lines().count() > 20, "{}", first);
            for threads in [1, 2, 8] {
                let again = told(body, examples, &order, threads);
                prop_assert_eq!(&first, &again);
            }
        }
    }
}

#[test]
fn what_excuses_lateness_is_judged_without_the_deadline() {
    let body = r#"scope = "all"
each = "bevilling as b"
deadline = { due = 'b.start + 1 month', done = 'b.slut' }
require = 'b.art = "fri"'"#;
    let rows = "bevilling = [{ id = \"a\", art = \"fri\", start = 2024-01-01, slut = 2024-03-01 }, { id = \"b\", art = \"x\", start = 2024-01-01 }]";
    let data = [given("bevilling", &["id", "art", "start"], "fri|fri|2024-03-04\nandre|x|2024-03-04")];
    let ran = ran(body, rows, &data);
    assert_eq!(ran.result.rules[0].state, RuleState::Ran);
    assert_eq!((ran.counts().compliant, ran.counts().not_assessed), (1, 1));
}

#[test]
fn an_unclear_law_is_told_with_what_each_reading_gives() {
    let body = r#"scope = "all"
each = "bevilling as b"
steps = ['frist = either(add_working_days(b.start, 6), add_working_days(b.start, 6, "saturdays"))']
deadline = { due = 'frist', done = 'b.slut' }"#;
    let rows = "bevilling = [{ id = \"a\", start = 2024-03-04, slut = 2024-03-11 }, { id = \"b\", start = 2024-03-04, slut = 2024-03-13 }]";
    let data = [given("bevilling", &["id", "start", "slut"], "begge|2024-03-04|2024-03-11\nen|2024-03-04|2024-03-12")];
    let ran = ran(body, rows, &data);
    assert_eq!((ran.counts().compliant, ran.counts().not_assessed), (1, 1));
    let unclear = ran.outcome("en");
    assert!(unclear.deciding.iter().any(|d| d.cause == Some(Cause::LawUnclear)));
    let said: Vec<(Verdict, String)> =
        unclear.readings.iter().map(|r| (r.verdict, r.due.map(|day| day.to_string()).unwrap_or_default())).collect();
    assert_eq!(said, [(Verdict::Compliant, "2024-03-12".to_owned()), (Verdict::Violation, "2024-03-11".to_owned())]);
    assert_ne!(unclear.readings[0].steps[0].value, unclear.readings[1].steps[0].value);
    let side = |i: usize| &ran.rule.file.text[unclear.readings[i].sides[0].clone()];
    assert_eq!((side(0), side(1)), ("add_working_days(b.start, 6)", "add_working_days(b.start, 6, \"saturdays\")"));
}
