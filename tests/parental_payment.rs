//! What the parents of a placed child pay, case by case, against a second reading of the orders in whole numbers: nothing is
//! taken from the pack, neither its figures nor its formula, and the months agree to the øre. Then what the findings say.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeMap;

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

/// Satsreguleringsprocent of 2020 to 2026, in tenths (BEK 855/2019 to BEK 1056/2025).
const SATS: [i64; 7] = [20, 20, 12, 27, 32, 36, 45];

/// An amount one year on, to the nearest multiple of `step`.
fn regulated(amount: i64, tenths: i64, step: i64) -> i64 {
    let thousandths = amount * (1_000 + tenths);
    (thousandths + 500 * step) / (1_000 * step) * step
}

/// The income up to which nothing is paid: 139,700 in 2019, regulated each year, to whole hundreds (BEK 535/2019 § 9).
fn threshold(year: i64) -> i64 {
    (2020..=year).fold(139_700, |kroner, year| regulated(kroner, SATS[(year - 2020) as usize], 100))
}

/// Normalbidrag a month: 1,443 in 2021; 1,293 and a supplement of 167 in 2022, each regulated to whole kroner since.
fn normalbidrag(year: i64) -> i64 {
    if year == 2021 {
        return 1_443;
    }
    let on = |kroner| (2023..=year).fold(kroner, |kroner, year| regulated(kroner, SATS[(year - 2020) as usize], 1));
    on(1_293) + on(167)
}

/// What is paid a month, in øre, of an income in øre. Counted in two-hundredths of an øre, so that 18 % and 9 % are whole.
fn month(income: i64, year: i64) -> i64 {
    let above = (income - 100 * threshold(year)).max(0);
    // 5/3 of twelve months' normalbidrag is 20 of them; in all it is twice as much.
    let first_at_most = 20 * normalbidrag(year) * 100 * 200;
    let first = (36 * above).min(first_at_most);
    // Each øre above the income that fills the first part costs half as much.
    let rest = (36 * above - first) / 2;
    let year = (first + rest).min(2 * first_at_most);
    (year + 1_200) / 2_400
}

fn d(text: &str) -> Date {
    Date::parse_iso(text).expect(text)
}

fn table(pack: &Pack, name: &str, rows: &[Vec<(&str, String)>]) -> Table {
    let dataset = pack.dataset(name).expect(name);
    let columns = &pack.get(dataset).columns;
    let filled = columns.iter().map(|column| {
        let mut cells = Column::new(column.kind);
        for row in rows {
            let text = row.iter().find(|(name, _)| **name == *column.name).map(|(_, text)| text);
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

/// Year and income in øre of every case: around the threshold, around the two caps, between them, odd øre, and far above.
fn cases() -> Vec<(i64, i64)> {
    let mut all = Vec::new();
    for year in 2021..=2026 {
        let (from, normal) = (threshold(year), normalbidrag(year));
        // The income that fills the first part, and the one that fills both (100/18 and 100/9 of 20 months), rounded down.
        let (first, both) = (from + normal * 2_000 / 18, from + normal * 2_000 / 18 + normal * 2_000 / 9);
        let around = |kroner: i64| [kroner * 100 - 100, kroner * 100, kroner * 100 + 1, kroner * 100 + 100];
        all.extend(around(from).map(|income| (year, income)));
        all.extend(around(first).map(|income| (year, income)));
        all.extend(around(both).map(|income| (year, income)));
        let odd = [0, 10_000_000, 16_000_000, 21_234_567, 30_000_037, 40_000_000, 47_777_777, 55_555_555, 150_000_000];
        all.extend(odd.map(|income| (year, income)));
    }
    all
}

/// A row for each case, a day each, with an amount that is right for none of them.
fn rows(cases: &[(i64, i64)]) -> Vec<Vec<(&'static str, String)>> {
    let mut days: BTreeMap<i64, i64> = BTreeMap::new();
    let row = |&(year, income): &(i64, i64)| {
        let day = days.entry(year).or_default();
        *day += 1;
        let from = format!("{year}-{:02}-{:02}", (*day - 1) / 28 + 1, (*day - 1) % 28 + 1);
        vec![
            ("barn_cpr", "0511124327".to_owned()),
            ("forælder_cpr", "1307851234".to_owned()),
            ("gyldig_fra", from),
            ("indkomst", format!("{}.{:02}", income / 100, income % 100)),
            ("beregnet_md", "9999.99".to_owned()),
        ]
    };
    cases.iter().map(row).collect()
}

fn judged(cases: &[(i64, i64)]) -> (Book, Rule, Vec<Outcome>) {
    outcomes("FOR-102", &[("forældrebetaling", rows(cases))])
}

/// Rows of one dataset.
type Given = (&'static str, Vec<Vec<(&'static str, String)>>);

/// What a rule says of its rows over these tables, in the order of their keys.
fn outcomes(id: &str, given: &[Given]) -> (Book, Rule, Vec<Outcome>) {
    let book = Book::open(embedded(), Vec::new(), None).expect("the pack is sound");
    let rule = book.rules.iter().find(|r| *r.id == *id).expect("the rule").clone();
    let tables = given.iter().map(|(name, rows)| table(&book.pack, name, rows)).collect();
    let mut store = Store::build(book.pack.clone(), tables);
    let rules = vec![rule.clone()];
    prepare(&mut store, &book.model, &rules, d("2026-10-31"), &[]);
    let result = run(&store, &rules, &RunOptions { extract_date: d("2026-10-31"), threads: 1 });
    let outcomes = result.rules.into_iter().next().expect("one rule").outcomes;
    (book, rule, outcomes)
}

/// A step that is an amount, in øre.
fn step(rule: &Rule, outcome: &Outcome, name: &str) -> i128 {
    let found = outcome.steps.iter().find(|s| &*rule.steps[s.step].name == name).expect(name);
    match &found.value {
        Cell::Present(Value::Money(amount)) => amount.at_least(2).units(),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn the_figures_of_the_second_reading_are_the_printed_ones() {
    let of = |year| (threshold(year), 20 * normalbidrag(year), 40 * normalbidrag(year));
    assert_eq!(of(2021), (145_400, 28_860, 57_720));
    assert_eq!(of(2024), (155_900, 30_960, 61_920));
    assert_eq!([2022, 2023, 2025, 2026].map(threshold), [147_100, 151_100, 161_500, 168_800]);
    assert_eq!([2022, 2023, 2025, 2026].map(normalbidrag), [1_460, 1_500, 1_603, 1_675]);
    assert_eq!((month(40_000_000, 2024), month(16_000_000, 2024)), (312_075, 6_150));
}

#[test]
fn every_month_agrees_to_the_øre() {
    let cases = cases();
    assert!(cases.len() >= 100);
    let (_, rule, outcomes) = judged(&cases);
    assert_eq!(outcomes.len(), cases.len());
    for ((year, income), outcome) in cases.iter().zip(&outcomes) {
        assert_eq!(outcome.verdict, Verdict::Violation);
        let due = i128::from(month(*income, *year));
        assert_eq!(step(&rule, outcome, "pr_måned"), due, "{year}: {income} øre");
        assert_eq!(outcome.amount.map(|n| n.at_least(2).units()), Some(999_999 - due), "{year}: {income} øre");
    }
}

#[test]
fn the_parts_add_up_to_the_year_and_keep_their_caps() {
    let cases = cases();
    let (_, rule, outcomes) = judged(&cases);
    for ((year, income), outcome) in cases.iter().zip(&outcomes) {
        let [first, rest, whole] = ["del_18", "del_9", "pr_år"].map(|name| step(&rule, outcome, name));
        let normal = i128::from(normalbidrag(*year)) * 100;
        assert_eq!(first + rest, whole, "{year}: {income} øre");
        assert!(first <= 20 * normal && whole <= 40 * normal && (rest == 0 || first == 20 * normal), "{year}: {income} øre");
    }
    // 2024, 400,000 kr.: 18 % of 172,000, then 9 % of 72,100.
    let worked = cases.iter().position(|case| *case == (2024, 40_000_000)).expect("the worked example");
    let parts = ["over_grænsen", "del_18", "del_9", "pr_år", "pr_måned"].map(|name| step(&rule, &outcomes[worked], name));
    assert_eq!(parts, [24_410_000, 3_096_000, 648_900, 3_744_900, 312_075]);
}

fn row(cells: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    cells.iter().map(|(column, text)| (*column, (*text).to_owned())).collect()
}

fn said(pieces: &[MessagePiece], lang: Lang) -> String {
    let piece = |piece: &MessagePiece| match piece {
        MessagePiece::Text(text) => text.clone(),
        MessagePiece::Value { value: Cell::Present(value), .. } => show(value, "kr.", lang),
        MessagePiece::Value { .. } => "?".to_owned(),
    };
    pieces.iter().map(piece).collect()
}

fn law<'a>(rule: &'a Rule, outcome: &Outcome) -> &'a str {
    outcome.law.map_or("", |i| &*rule.legal[i].reference)
}

#[test]
fn a_charge_that_may_not_be_names_why_and_the_order_of_its_day() {
    let charge = |from, amount| {
        row(&[("barn_cpr", "0511124327"), ("forælder_cpr", "1307851234"), ("gyldig_fra", from), ("opkrævet_md", amount)])
    };
    let placed = row(&[("cpr", "0511124327"), ("start", "2024-01-15"), ("paragraf", "BL § 67, stk. 1")]);
    let charges = vec![charge("2023-12-31", "99.99"), charge("2024-01-31", "2500.00"), charge("2024-02-01", "61.50")];
    let (_, rule, outcomes) = outcomes("FOR-103", &[("forældrebetaling", charges), ("anbringelse", vec![placed])]);
    let found: Vec<_> = outcomes.iter().map(|o| (law(&rule, o), said(&o.message_da, Lang::Da))).collect();
    let wanted = [
        ("Serviceloven § 159; BEK 535/2019 § 1, stk. 5", "Der opkræves 99,99 kr. om måneden og dermed under mindstebeløbet"),
        (
            "Barnets lov § 187, stk. 2; BEK 535/2019 § 1, stk. 5",
            "Der opkræves 2.500,00 kr. om måneden i en permanent anbringelse (§ 67)",
        ),
        (
            "Barnets lov § 187, stk. 2; BEK 95/2024 § 2, stk. 4",
            "Der opkræves 61,50 kr. om måneden og dermed under mindstebeløbet",
        ),
    ];
    assert_eq!(found, wanted.map(|(law, text)| (law, text.to_owned())));
    assert_eq!(outcomes.iter().map(|o| o.amount.map(|n| n.plain())).next(), Some(Some("99.99".to_owned())));
}

#[test]
fn a_wrong_amount_tells_the_parts_in_both_languages() {
    let (_, rule, outcomes) = judged(&[(2024, 40_000_000)]);
    let [outcome] = outcomes.as_slice() else { panic!("{outcomes:#?}") };
    assert_eq!(
        said(&outcome.message_da, Lang::Da),
        "Forældrebetalingen er 9.999,99 kr. om måneden, men formlen giver 3.120,75 kr.: \
         30.960,00 kr. (18 %) + 6.489,00 kr. (9 %) = 37.449,00 kr. om året"
    );
    assert_eq!(
        said(&outcome.message_en, Lang::En),
        "The parental payment is 9,999.99 kr. a month, but the formula gives 3,120.75 kr.: \
         30,960.00 kr. (18 %) + 6,489.00 kr. (9 %) = 37,449.00 kr. a year"
    );
    assert_eq!(law(&rule, outcome), "Barnets lov § 187, stk. 1; BEK 535/2019 §§ 1-2", "January 2024 runs under the old order");
}

#[test]
fn a_placement_whose_decision_ran_out_is_partly_in_order() {
    let placed = |cpr: &str| row(&[("sagsnr", "S1"), ("cpr", cpr), ("start", "2024-03-15"), ("paragraf", "BL § 46, stk. 1")]);
    let decided = row(&[
        ("barn_cpr", "0511124327"),
        ("forælder_cpr", "1307851234"),
        ("gyldig_fra", "2024-04-01"),
        ("gyldig_til", "2025-12-31"),
        ("beregnet_md", "2125.50"),
    ]);
    let given = [
        ("anbringelse", vec![placed("0511124327"), placed("2803144219")]),
        ("forældrebetaling", vec![decided]),
        ("sag", vec![row(&[("sagsnr", "S1"), ("status", "åben")])]),
    ];
    let (_, rule, outcomes) = outcomes("FOR-101", &given);
    let found: Vec<_> = outcomes.iter().map(|o| (o.verdict, law(&rule, o))).collect();
    let basis = "Barnets lov § 187, stk. 1; BEK 95/2024 §§ 1-2 og 5-7";
    assert_eq!(found, [(Verdict::Partly, basis), (Verdict::Violation, basis)]);
}

#[test]
fn years_without_printed_figures_say_so_and_the_law_follows_the_day() {
    let (book, rule, outcomes) = judged(&[(2021, 40_000_000), (2023, 40_000_000), (2024, 40_000_000), (2026, 40_000_000)]);
    let found: Vec<_> = outcomes
        .iter()
        .map(|o| {
            let figures = o.figures.iter().map(|(t, row)| book.pack.tables[t.index()].rows[*row].status);
            (law(&rule, o), figures.max().expect("figures"))
        })
        .collect();
    let wanted = [
        ("Serviceloven § 159; BEK 535/2019 §§ 1-2", Status::Printed),
        ("Serviceloven § 159; BEK 535/2019 §§ 1-2", Status::Derived),
        ("Barnets lov § 187, stk. 1; BEK 535/2019 §§ 1-2", Status::Printed),
        ("Barnets lov § 187, stk. 1; BEK 95/2024 §§ 2-3", Status::Derived),
    ];
    assert_eq!(found, wanted);
}
