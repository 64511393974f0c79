//! Rule files: what a good one gives, and that every mistake of every file is told at once.

use super::*;
use crate::calendar::Date;
use crate::rule::testing::{pack, pack_with, snippet};
use crate::rule::typed::{RowSource, Verdict};
use crate::rule::{LoadPlan, compile_model};
use crate::value::{Cause, Cell, Decimal, Value};

const GOOD: &str = r#"
id       = "BEV-101"
severity = "error"
since    = "0.1.0"
tracks   = ["A.4"]
effort   = 10
legal    = [{ ref = "Lov A", from = 2024-01-01 }, { ref = "Lov B", until = 2023-12-31 }]
each     = "bevilling as b"
steps    = ['længde = days_between(b.start, extract_date)']
when     = 'b.start <= extract_date and længde > 3'
require  = 'no c in b.sag.bevilling where c is not b satisfies period(b.start, b.slut) overlaps period(c.start, c.slut)'
report   = "pair once"
mark     = ["b.slut", "c.start"]

[da]
title   = 'Overlap'
why     = 'Fordi'
fix     = 'Ret'
message = 'Bevillingen fra {b.start} {{ overlapper {c.ydelse_id}'
label   = { "b.slut" = 'slut {længde}' }
[en]
title   = 'Overlap'
why     = 'Because'
fix     = 'Mend'
message = '''
The grant from {b.start} overlaps {c.ydelse_id}'''
label   = { "b.slut" = 'end' }

[[example]]
expect = { "B1" = "violation", "B2" = "violation" }
extract_date = 2024-06-30
bevilling = [
  { ydelse_id = "B1", sagsnr = "S1", start = 2024-01-01, timer = 12.50, paragraf = "BL § 32, stk. 1" },
  { ydelse_id = "B2", sagsnr = "S1", start = 2024-02-01, slut = { unknown = "unreadable" }, vurderet = 2024-02-01T08:30 },
]
sag = [{ sagsnr = "S1" }]
incomplete = ["betaling"]
rates = { taf_loft = [{ from = 2024-01-01, value = 30_576.50 }] }

[[example]]
expect = "compliant"
extract_date = 2024-06-30
bevilling = [{ ydelse_id = "B1", sagsnr = "S1", start = 2024-01-01, "årsag" = ["svigt"] }]
"#;

fn good() -> Rule {
    let pack = pack_with(&[("bevilling/overlap.toml", GOOD)]);
    let loaded = load_rules(&pack).expect("a good rule");
    assert_eq!(loaded.lints, []);
    loaded.rules.into_iter().next().expect("one rule")
}

#[test]
fn a_good_rule() {
    let pack = pack();
    let rule = good();
    assert_eq!((&*rule.id, &*rule.name, &*rule.family), ("BEV-101", "overlap", "bevilling"));
    assert_eq!(rule.severity, Severity::Failure);
    assert_eq!((rule.effort, rule.scope, rule.pair_once, rule.local), (10, Scope::Open, true, true));
    assert_eq!(rule.legal_on(Date::from_ymd(2023, 5, 1)).map(|l| &*l.reference), Some("Lov B"));
    // The witness that the second mark and the message name is the row that `require` binds.
    let Some(Node::Quantified { rows, .. }) = rule.require.as_ref().map(|e| &e.node) else { panic!("no source") };
    assert!(matches!(rows.source, RowSource::Group { .. }));
    assert!(rule.marks[1].cell.mentions(rows.slot));
    assert_eq!(rule.da.message.pieces.len(), 4);
    assert_eq!(rule.da.message.pieces[2], Piece::Text(" { overlapper ".to_owned()));
    assert_eq!(rule.en.message.pieces[0], Piece::Text("The grant from ".to_owned()));
    assert_eq!(rule.da.labels.len(), 2);
    assert!(rule.da.labels[0].is_some() && rule.da.labels[1].is_none());
    // Spans are bytes of the file.
    let when = rule.when.as_ref().map(|e| &GOOD[e.span.clone()]);
    assert_eq!(when, Some("b.start <= extract_date and længde > 3"));
    let column = |name: &str| (rule.each, pack.get(rule.each).column(name).expect(name));
    assert!(rule.reads.columns.contains(&column("slut")));
    assert!(rule.reads.shown.contains(&column("ydelse_id")) && !rule.reads.columns.contains(&column("ydelse_id")));
    assert_eq!(rule.reads.absence.len(), 1);
}

#[test]
fn examples_are_typed_by_the_model() {
    let pack = pack();
    let rule = good();
    let example = &rule.examples[0];
    assert_eq!(example.expect[0], (Some("B1".to_owned()), Verdict::Violation));
    assert_eq!(example.incomplete, [pack.dataset("betaling").expect("betaling")]);
    let table = &example.tables[0];
    let cell = |row: usize, name: &str| &table.rows[row][pack.get(table.dataset).column(name).expect(name).index()];
    let Cell::Present(Value::Number(hours)) = cell(0, "timer") else { panic!("no hours") };
    assert_eq!((hours.units(), hours.scale()), (1250, 2));
    assert_eq!(*cell(0, "slut"), Cell::Empty);
    assert_eq!(*cell(1, "slut"), Cell::Unknown(Cause::Unreadable));
    assert!(matches!(cell(1, "vurderet"), Cell::Present(Value::Timestamp(_))));
    assert_eq!(example.rates[0].1[0].value, Value::Money(Decimal::new(3_057_650, 2)));
    assert_eq!(rule.examples[1].expect, [(None, Verdict::Compliant)]);
}

#[test]
fn the_load_plan_follows_links_and_keys() {
    let mut pack = pack_with(&[("bevilling/overlap.toml", GOOD)]);
    let sag = pack.dataset("sag").expect("sag");
    pack.datasets[sag.index()].columns[3].derived = Some(snippet("person.fødselsdato"));
    let rules = load_rules(&pack).expect("a good rule").rules;
    let model = compile_model(&pack).expect("the model");
    let plan = LoadPlan::of(&pack, &model, &[&rules[0]]);
    let names: Vec<String> =
        plan.columns.iter().map(|(d, c)| format!("{}.{}", pack.get(*d).name, pack.get(*d).columns[c.index()].name)).collect();
    // The derived date of the case brings in the person and the keys of the link to it.
    for wanted in [
        "bevilling.ydelse_id",
        "bevilling.sagsnr",
        "bevilling.vurderet",
        "sag.sagsnr",
        "sag.cpr",
        "person.cpr",
        "person.fødselsdato",
    ] {
        assert!(names.iter().any(|n| n == wanted), "{wanted} in {names:?}");
    }
    assert!(!names.iter().any(|n| n == "bevilling.paragraf" || n.starts_with("betaling.")), "{names:?}");
    assert_eq!(plan.datasets.len(), 3);
}

#[test]
fn ten_mistakes_of_one_file_are_told_at_once() {
    let bad = r#"
id       = "BEV 1"
severity = "fatal"
sinse    = "0.1.0"
since    = "0.1.0"
each     = "bevilling as b"
when     = 'b.strat <= extract_date and b.slut = missing'
require  = 'b.timer > 1 kr'
mark     = ["b.slut", "b.sag"]
[da]
title   = 'T'
why     = 'W'
message = 'M {b.sluut} {'
label   = { "b.start" = 'x' }
[en]
title   = 'T'
why     = 'W'
fix     = 'F'
message = 'M'
[[example]]
expect = "violation"
extract_date = 2024-06-30
bevilling = [{ ydelse_id = "B1", timer = 1.255, beløb = 3 }]
"#
    .replace("beløb", "\"beløb\"");
    let pack = pack_with(&[("bevilling/Overlap.toml", &bad), ("bevilling/overlap.toml", GOOD)]);
    let mistakes = load_rules(&pack).expect_err("mistakes");
    let said: Vec<(&str, &str)> = mistakes.iter().map(|m| (&m.source[m.labels[0].0.clone()], m.message.en.as_str())).collect();
    let expected = [
        ("", "a rule file is named lower-case-with-hyphens.toml"),
        ("\"BEV 1\"", "an id is letters, digits and hyphens"),
        ("\"fatal\"", "must be one of: error, warning, info"),
        ("sinse", "the key «sinse» is not known"),
        ("strat", "the dataset «bevilling» has no column «strat»"),
        ("= missing", "«missing» is no value"),
        ("b.timer > 1 kr", "an amount (kr) cannot be compared with a decimal number"),
        ("b.sag", "a mark is a column of a row in the rule"),
        ("sluut", "the dataset «bevilling» has no column «sluut»"),
        ("{", "{ is never closed"),
        ("\"b.start\"", "«b.start» is not in mark"),
        ("[da]", "the key «fix» is missing"),
        ("1.255", "«timer» has at most 2 decimals"),
        ("\"beløb\"", "the dataset «bevilling» has no column «beløb»"),
        ("[[example]]", "the rule lacks an example that is compliant"),
    ];
    for wanted in expected {
        assert!(said.contains(&wanted), "{wanted:?} in {said:#?}");
    }
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    assert!(mistakes.iter().all(|m| &*m.file == "bevilling/Overlap.toml"));
    assert_eq!(mistakes.iter().find(|m| m.message.en.contains("strat")).map(Mistake::line_column), Some((7, 15)));
}

#[test]
fn escapes_are_refused_where_spans_matter() {
    let text = GOOD.replace("'b.start <= extract_date and længde > 3'", r#""b.ydelse_id = \"x\" and længde > 3""#);
    let mistakes = load_rules(&pack_with(&[("bevilling/overlap.toml", &text)])).expect_err("refused");
    assert_eq!(mistakes[0].message.en, "expressions and texts are written without backslashes");
}

#[test]
fn ids_are_unique_and_lints_come_back() {
    let mistakes = load_rules(&pack_with(&[("bevilling/a.toml", GOOD), ("bevilling/b.toml", GOOD)])).expect_err("twice");
    assert_eq!(mistakes[0].message.en, "the id «BEV-101» is also used in bevilling/a.toml");
    let unused = GOOD.replace(" and længde > 3", "").replace("slut {længde}", "slut");
    let loaded = load_rules(&pack_with(&[("bevilling/a.toml", &unused)])).expect("only a lint");
    assert_eq!(loaded.lints.len(), 1);
    assert_eq!(loaded.lints[0].message.en, "the step «længde» is not used");
}

#[test]
fn rules_come_in_the_order_of_families() {
    let named = |id: &str| GOOD.replace("BEV-101", id);
    let files = [("tabt/a.toml", named("A-1")), ("bevilling/b.toml", named("B-2")), ("bevilling/c.toml", named("B-1"))];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let ids: Vec<String> = load_rules(&pack_with(&files)).expect("good").rules.iter().map(|r| r.id.to_string()).collect();
    assert_eq!(ids, ["B-1", "B-2", "A-1"]);
}

#[test]
fn deadlines_per_and_amounts() {
    let text = r#"
id = "T-1"
severity = "info"
since = "0.1.0"
scope = "all"
each = "betaling as p"
per = 'm in months(period(p.dato, extract_date))'
steps = ['loft = taf_loft at m', 'for_meget = p.beløb - round(loft / 3, 2)']
deadline = { due = 'p.dato + 4 months', done = 'p.bevilling.slut' }
require = 'for_meget <= 0 kr'
amount = 'for_meget'
if_missing = "violation"
mark = ["p.beløb"]
[da]
title = 'T'
why = 'W'
fix = 'F'
message = 'M {m} {loft}'
[en]
title = 'T'
why = 'W'
fix = 'F'
message = 'M'
[[example]]
expect = { "1 2024-01" = "compliant", "1 2024-02" = "violation" }
extract_date = 2024-06-30
betaling = [{ id = "1", dato = 2024-01-01 }]
"#;
    let rule = &load_rules(&pack_with(&[("tabt/a.toml", text)])).expect("good").rules[0];
    assert_eq!(rule.per.as_ref().map(|p| p.items.ty), Some(Ty::Months));
    assert_eq!(rule.steps[1].expr.ty, Ty::Value(Kind::Money(2)));
    assert_eq!((rule.if_missing, rule.scope), (IfMissing::Violation, Scope::All));
    let mixed = text.replace("'p.bevilling.slut'", "'p.bevilling.vurderet'");
    let mistakes = load_rules(&pack_with(&[("tabt/a.toml", &mixed)])).expect_err("mixed");
    assert_eq!(mistakes[0].message.en, "due and done must both be dates or both time stamps");
}

#[test]
fn model_expressions_are_ordered_and_cycles_told() {
    let mut pack = pack();
    let betaling = pack.dataset("betaling").expect("betaling");
    let set = |pack: &mut Pack, dataset: DatasetId, name: &str, text: &str| {
        let column = pack.get(dataset).column(name).expect(name);
        pack.datasets[dataset.index()].columns[column.index()].derived = Some(snippet(text));
    };
    set(&mut pack, betaling, "dato", "måned");
    set(&mut pack, betaling, "måned", "start_of_month(bevilling.start)");
    set(&mut pack, betaling, "konto", "psp_konto[id]");
    let model = compile_model(&pack).expect("the model");
    let names: Vec<&str> = model.derived.iter().map(|(d, c, _)| &*pack.get(*d).columns[c.index()].name).collect();
    assert_eq!(names, ["måned", "konto", "dato"]);
    assert_eq!(model.closed.as_ref().map(|(d, _)| *d), pack.dataset("sag"));

    set(&mut pack, betaling, "måned", "start_of_month(dato)");
    let mistakes = compile_model(&pack).expect_err("a cycle");
    assert_eq!(mistakes.len(), 2);
    assert_eq!(mistakes[0].message.en, "the column is derived from itself: betaling.dato <- betaling.måned");

    set(&mut pack, betaling, "måned", "bevilling.strat");
    let mistakes = compile_model(&pack).expect_err("a slip");
    assert_eq!(mistakes[0].message.en, "the dataset «bevilling» has no column «strat»");
    assert_eq!(mistakes[0].help.as_ref().map(|h| h.en.as_str()), Some("did you mean «start»?"));

    set(&mut pack, betaling, "måned", "antal");
    let mistakes = compile_model(&pack).expect_err("another kind");
    assert_eq!(mistakes[0].message.en, "the column is a month, but the expression is a whole number");
}

#[test]
fn it_explains_itself() {
    use crate::locale::Lang;
    let pack = pack();
    let said = crate::rule::explain::explain(&good(), &pack, Lang::Da);
    assert_eq!(said.legal, ["Lov A (fra 01-01-2024)", "Lov B (til 31-12-2023)"]);
    assert_eq!(said.expressions[0], ("steps", "længde = days_between(b.start, extract_date)".to_owned()));
    assert_eq!(said.expressions[1].0, "when");
    assert!(said.columns.contains(&"bevilling.slut".to_owned()));
}

#[test]
fn readings_of_the_law() {
    let with =
        |require: &str| GOOD.replace("when     = 'b.start <= extract_date and længde > 3'", &format!("when = '{require}'"));
    let load = |text: &str| {
        let pack = pack_with(&[("bevilling/overlap.toml", text)]);
        load_rules(&pack).map(|loaded| loaded.rules[0].questions).map_err(|mistakes| mistakes[0].message.en.clone())
    };
    // Equal words are one question.
    let twice = "b.start <= either(extract_date, b.start) and længde > 3 and either(extract_date,  b.start) > b.start";
    assert_eq!(load(&with(twice)), Ok(1));
    assert_eq!(load(&with(&twice.replace("extract_date,  b.start", "b.start, extract_date"))), Ok(2));
    assert_eq!(load(GOOD), Ok(0));
    let four = (1..=4).map(|n| format!("længde > either({n}, 5{n})")).collect::<Vec<_>>().join(" and ");
    assert_eq!(load(&with(&four)), Err("a rule can have 3 different either at most".to_owned()));
    let per = GOOD.replace("report   = \"pair once\"", "per = 'm in months(period(either(b.start, b.slut), b.slut))'");
    let message = "either can only stand in the conditions, deadline, amounts, steps and texts of a rule";
    assert_eq!(load(&per), Err(message.to_owned()));
}

#[test]
fn a_refund_is_part_of_an_amount() {
    let with = |keys: &str| {
        let text = GOOD.replace("report   = \"pair once\"", keys);
        load_rules(&pack_with(&[("bevilling/overlap.toml", &text)])).map_err(|mistakes| mistakes[0].message.en.clone())
    };
    assert_eq!(with("refund = '1 kr'").err().as_deref(), Some("refund needs amount"));
    assert_eq!(
        with("amount = '2 kr'\nrefund = '1'").err().as_deref(),
        Some("an amount (kr) is wanted here, but this is a whole number")
    );
    assert!(with("amount = '2 kr'\nrefund = '1 kr'").is_ok_and(|loaded| loaded.rules[0].refund.is_some()));
}

#[test]
fn conditions_with_one_answer_are_remarked_on() {
    let said = |condition: &str| {
        let text = GOOD.replace("'b.start <= extract_date and længde > 3'", &format!("'længde > 3 and ({condition})'"));
        let loaded = load_rules(&pack_with(&[("bevilling/overlap.toml", &text)])).expect(condition);
        loaded.lints.iter().map(|lint| lint.message.en.clone()).collect::<Vec<_>>()
    };
    let (never, always) = ("this condition can never hold", "this condition always holds");
    assert_eq!(said("b.slut is missing and b.slut is present"), [never]);
    assert_eq!(said("b.slut is not missing or b.slut is not present"), [always]);
    assert_eq!(said("b.timer = 1 and b.timer = 2"), [never]);
    assert_eq!(said("b.timer < 1 or b.timer >= 1"), [always]);
    assert_eq!(said("not b.start < b.slut and b.start < b.slut"), [never]);
    assert_eq!(said("b.start <= b.start"), [always]);
    assert_eq!(said("b.start != b.start"), [never]);
    assert_eq!(said("b.timer > 1 or b.timer >  1"), ["the same condition stands here twice"]);
    assert_eq!(said("1 < 2"), ["this condition has one answer only, whatever the row"]);
    assert_eq!(said("b.timer = 1 or b.timer = 2"), [] as [&str; 0]);
    assert_eq!(said("b.slut is missing or b.start <= b.slut"), [] as [&str; 0]);
    assert_eq!(said("b.timer < 1 or b.timer > 1"), [] as [&str; 0]);
}
