//! What the findings of the Danish rules say: amounts, refund, legal basis by date and days late, computed by hand.
#![allow(clippy::expect_used, clippy::panic)]

use sagstjek::calendar::Date;
use sagstjek::engine::result::{MessagePiece, Outcome};
use sagstjek::engine::{RunOptions, prepare, run};
use sagstjek::intake::{Chunk, Column, Table};
use sagstjek::locale::Lang;
use sagstjek::model::load::{embedded, value_from_text};
use sagstjek::model::{Pack, Status};
use sagstjek::night::Book;
use sagstjek::rule::typed::{Rule, Verdict};
use sagstjek::store::Store;
use sagstjek::value::{Cell, Value, show};

fn d(text: &str) -> Date {
    Date::parse_iso(text).expect(text)
}

/// A table from rows of (column, text as a pack writes it); columns that no row names are empty.
fn table(pack: &Pack, name: &str, rows: &[&[(&str, &str)]]) -> Table {
    let dataset = pack.dataset(name).expect(name);
    let columns = &pack.get(dataset).columns;
    let filled = columns.iter().map(|column| {
        let mut cells = Column::new(column.kind);
        for row in rows {
            let text = row.iter().find(|(name, _)| **name == *column.name).map(|(_, text)| *text);
            cells.push(text.map_or(Cell::Empty, |t| Cell::Present(value_from_text(column.kind, t).expect(t))));
        }
        cells
    });
    let count = rows.len() as u32;
    Table {
        dataset,
        columns: filled.collect(),
        chunks: vec![Chunk {
            file: 0,
            sheet: 0,
            first: 0,
            rows: count,
            sheet_columns: vec![None; columns.len()],
            month_columns: None,
            delivered: vec![true; columns.len()],
        }],
        records: (1..=count).collect(),
        places: (1..=count).map(|row| (row, row)).collect(),
        unfolded: vec![0; rows.len()],
        merged: sagstjek::intake::Merged::default(),
        incomplete: Vec::new(),
        refused: 0,
    }
}

/// The outcomes of one rule over one table and two open cases, in the order of their keys.
fn outcomes(id: &str, dataset: &str, rows: &[&[(&str, &str)]]) -> (Book, Rule, Vec<Outcome>) {
    outcomes_over(id, &[(dataset, rows)])
}

/// Rows of a table, each as columns and their texts.
type Rows<'a> = &'a [&'a [(&'a str, &'a str)]];

/// The same over several tables; the rule judges one of them.
fn outcomes_over(id: &str, tables: &[(&str, Rows<'_>)]) -> (Book, Rule, Vec<Outcome>) {
    let book = Book::open(embedded(), Vec::new(), None).expect("the pack is sound");
    let rule = book.rules.iter().find(|r| *r.id == *id).expect(id).clone();
    let cases: &[&[(&str, &str)]] = &[&[("sagsnr", "S1"), ("status", "åben")], &[("sagsnr", "S2"), ("status", "åben")]];
    let tables = tables.iter().map(|(dataset, rows)| table(&book.pack, dataset, rows));
    let tables = std::iter::once(table(&book.pack, "sag", cases)).chain(tables).collect();
    let mut store = Store::build(book.pack.clone(), tables);
    let rules = vec![rule.clone()];
    prepare(&mut store, &book.model, &rules, d("2026-10-31"), &[]);
    let result = run(&store, &rules, &RunOptions { extract_date: d("2026-10-31"), threads: 1 });
    let outcomes = result.rules.into_iter().next().expect("one rule").outcomes;
    (book, rule, outcomes)
}

fn said(pieces: &[MessagePiece], lang: Lang) -> String {
    let piece = |piece: &MessagePiece| match piece {
        MessagePiece::Text(text) => text.clone(),
        MessagePiece::Value { value: Cell::Present(value), .. } => show(value, "kr.", lang),
        MessagePiece::Value { .. } => "?".to_owned(),
    };
    pieces.iter().map(piece).collect()
}

const PARENT: &str = "1307851234";
const CHILD: &str = "0511124327";

fn month<'a>(month: &'a str, hours: &'a str, wage: &'a str, paid: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("forælder_cpr", PARENT),
        ("barn_cpr", CHILD),
        ("måned", month),
        ("timer_uge", hours),
        ("normtid", "37"),
        ("bruttoløn_md", wage),
        ("beregnet_md", paid),
        ("før_2011", "false"),
    ]
}

#[test]
fn lost_earnings_above_the_cap_show_the_steps_and_the_refund() {
    // 35,247 x 15 / 37 = 14,289.32; 45,000 x 15 / 37 = 18,243.24; the difference is 3,953.92, half of it refunded.
    let rows = [month("2024-04-01", "15", "45000.00", "18243.24")];
    let (book, rule, outcomes) = outcomes("TAF-102", "taf_måned", &[&rows[0]]);
    let [outcome] = outcomes.as_slice() else { panic!("{outcomes:#?}") };
    assert_eq!(outcome.verdict, Verdict::Violation);
    let steps: Vec<_> = outcome
        .steps
        .iter()
        .map(|s| match &s.value {
            Cell::Present(Value::Money(n)) => (&*rule.steps[s.step].name, n.at_least(2).plain()),
            other => panic!("{other:?}"),
        })
        .collect();
    let wanted = [("loftandel", "14289.32"), ("uden_loft", "18243.24"), ("for_meget", "3953.92")];
    assert_eq!(steps, wanted.map(|(name, amount)| (name, amount.to_owned())));
    assert_eq!(outcome.amount.map(|n| n.plain()), Some("3953.92".to_owned()));
    assert_eq!(outcome.refund.map(|n| n.plain()), Some("1976.96".to_owned()));
    assert_eq!(
        said(&outcome.message_da, Lang::Da),
        "Ydelsen er 18.243,24 kr., men loftets andel er 14.289,32 kr.: 3.953,92 kr. for meget (uden loft: 18.243,24 kr.)"
    );
    assert_eq!(outcome.law.map(|i| &*rule.legal[i].reference), Some("Barnets lov § 87, stk. 3"));
    let status: Vec<_> = outcome.figures.iter().map(|(t, row)| book.pack.tables[t.index()].rows[*row].status).collect();
    assert!(!status.is_empty() && status.iter().all(|s| *s == Status::Printed), "{status:?}");
}

#[test]
fn the_law_and_the_trust_in_the_cap_follow_the_month() {
    let rows = [
        month("2023-12-01", "37", "45000.00", "35247.00"),
        month("2025-08-01", "37", "45000.00", "40000.00"),
        month("2025-09-01", "37", "45000.00", "40000.00"),
    ];
    let rows: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).collect();
    let (book, rule, outcomes) = outcomes("TAF-102", "taf_måned", &rows);
    let found: Vec<_> = outcomes
        .iter()
        .map(|o| {
            let law = o.law.map(|i| rule.legal[i].reference.to_string()).unwrap_or_default();
            let derived = o.figures.iter().any(|(t, row)| book.pack.tables[t.index()].rows[*row].status == Status::Derived);
            (law, derived, o.amount.map(|n| n.plain()).unwrap_or_default())
        })
        .collect();
    let wanted = [
        ("Serviceloven § 42, stk. 3", false, "1192.00"), // 35,247 - 34,055
        ("Barnets lov § 87, stk. 3", true, "3378.00"),   // 40,000 - 36,622
        ("Barnets lov § 87, stk. 3; BEK 1064/2025 § 9", true, "3378.00"),
    ];
    assert_eq!(found, wanted.map(|(law, derived, amount)| (law.to_owned(), derived, amount.to_owned())));
}

#[test]
fn a_late_examination_names_the_law_of_its_due_day() {
    let exam = |sagsnr: &'static str, aware: &'static str, end: &'static str| {
        [("sagsnr", sagsnr), ("type", "børnefaglig"), ("startet", "2023-09-04"), ("opmærksom", aware), ("afsluttet", end)]
    };
    // Due 31 December 2023, ended the day after; due 1 January 2024, ended ten days after.
    let rows = [exam("S1", "2023-08-31", "2024-01-01"), exam("S2", "2023-09-01", "2024-01-11")];
    let (_, rule, outcomes) = outcomes("SAG-103", "undersøgelse", &[&rows[0], &rows[1]]);
    let found: Vec<_> = outcomes.iter().map(|o| (o.law.map(|i| &*rule.legal[i].reference), o.days_late)).collect();
    assert_eq!(found, [(Some("Serviceloven § 50, stk. 7"), Some(1)), (Some("Barnets lov § 20, stk. 3"), Some(10))]);
    assert_eq!(
        said(&outcomes[1].message_da, Lang::Da),
        "Undersøgelsen skulle være afsluttet senest 01-01-2024, og der er ingen foreløbig vurdering inden fristen"
    );
}

#[test]
fn an_open_ended_grant_names_the_law_of_its_decision() {
    let rows = [[
        ("ydelse_id", "B1"),
        ("sagsnr", "S1"),
        ("status", "godkendt"),
        ("start", "2024-01-02"),
        ("afgørelsesparagraf", "BL § 46, stk. 1"),
    ]];
    let (_, rule, outcomes) = outcomes("BEV-101", "bevilling", &[&rows[0]]);
    let [outcome] = outcomes.as_slice() else { panic!("{outcomes:#?}") };
    assert_eq!(outcome.verdict, Verdict::Violation);
    let law = outcome.law.map(|i| &*rule.legal[i].reference);
    assert_eq!(law, Some("Barnets lov § 32, stk. 3, § 46, stk. 1, og § 47, stk. 2"));
    assert_eq!(said(&outcome.message_en, Lang::En), "The grant from 02-01-2024 has neither an end date nor an expected duration");
    assert_eq!(outcome.amount, None);
}

/// A grant of case S1 that ended on 31 March 2026, one of case S2 that runs, and payments under both.
fn paid(id: &str) -> Vec<Outcome> {
    let grants: &[&[(&str, &str)]] = &[
        &[("ydelse_id", "B1"), ("sagsnr", "S1"), ("status", "afsluttet"), ("start", "2025-04-01"), ("slut", "2026-03-31")],
        &[("ydelse_id", "B2"), ("sagsnr", "S2"), ("status", "godkendt"), ("start", "2025-04-01"), ("takst", "4200.00")],
    ];
    let payment = |id, grant, from, until, amount, day| {
        [
            ("id", id),
            ("ydelse_id", grant),
            ("sagsnr", if grant == "B2" { "S2" } else { "S1" }),
            ("periode_fra", from),
            ("periode_til", until),
            ("beløb", amount),
            ("forfald", day),
            ("betalt_dato", day),
        ]
    };
    let payments = [
        payment("P1", "B1", "2026-03-01", "2026-03-31", "1000.00", "2026-05-04"),
        payment("P2", "B1", "2026-04-01", "2026-04-30", "1000.00", "2026-05-04"),
        payment("P3", "B1", "2026-06-01", "2026-06-30", "2000.50", "2026-06-04"),
        payment("P4", "B9", "2026-06-01", "2026-06-30", "750.25", "2026-06-04"),
        payment("P5", "B2", "2026-02-01", "2026-02-28", "4200.00", "2026-05-29"),
    ];
    let payments: Vec<&[(&str, &str)]> = payments.iter().map(<[_; 8]>::as_slice).collect();
    outcomes_over(id, &[("bevilling", grants), ("betaling", &payments)]).2
}

#[test]
fn payments_after_the_end_are_added_up() {
    let outcomes = paid("BEV-105");
    let [outcome] = outcomes.as_slice() else { panic!("{outcomes:#?}") };
    assert_eq!(outcome.verdict, Verdict::Violation);
    // April and June; March was invoiced late, which it may be.
    assert_eq!(outcome.amount.map(|n| n.plain()), Some("3000.50".to_owned()));
    assert_eq!(
        said(&outcome.message_da, Lang::Da),
        "Bevillingen sluttede 31-03-2026, men der er betalt 3.000,50 kr. for tiden efter"
    );
}

#[test]
fn a_payment_with_no_grant_is_all_at_stake() {
    let outcomes = paid("BEV-104");
    let [outcome] = outcomes.as_slice() else { panic!("{outcomes:#?}") };
    assert_eq!((outcome.verdict, outcome.amount.map(|n| n.plain())), (Verdict::Violation, Some("750.25".to_owned())));
    assert_eq!(said(&outcome.message_en, Lang::En), "750.25 kr. was paid for ydelse B9, which no grant has");
}

#[test]
fn an_unpaid_grant_tells_when_it_was_last_paid_for() {
    let outcomes = paid("BEV-106");
    let [outcome] = outcomes.as_slice() else { panic!("{outcomes:#?}") };
    assert_eq!((outcome.verdict, outcome.amount), (Verdict::Violation, None));
    // The payment of February was put down to February, though it was made on 29 May.
    let Some(last) = outcome.steps.last() else { panic!("{outcome:#?}") };
    assert_eq!(last.value, Cell::Present(Value::Date(d("2026-02-01"))));
    assert_eq!(said(&outcome.message_da, Lang::Da), "Bevillingen fra 01-04-2025 har ingen betaling for tiden siden 01-06-2026");
}
