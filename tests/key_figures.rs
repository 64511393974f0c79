//! Key figures against a naive recomputation: random tables with every way of missing, any order of rows, any number of threads.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod engine_support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine_support::{Given, day, pack, told};
use proptest::prelude::*;
use sagstjek::engine::{self, RunOptions, prepare_figures, printed, run_figures};
use sagstjek::locale::{Bilingual, percent_half_up};
use sagstjek::model::{Family, Pack, SourceFile};
use sagstjek::rule::figure::{KeyFigure, Printed};
use sagstjek::rule::typed::ModelExprs;
use sagstjek::rule::{compile_model, load_figures};
use sagstjek::store::Store;

const TEXTS: &str = r#"
[da]
title = "Prøve"
why = "Prøve"
[en]
title = "Test"
why = "Test"
[[example]]
extract_date = 2024-06-30
"#;

/// A key figure of these keys; its example is of no interest here.
fn figure(body: &str) -> Result<(Arc<Pack>, ModelExprs, KeyFigure), String> {
    let mut pack = pack(&[]);
    pack.figure_folders.push(Family { folder: "tal".into(), title: Bilingual::new("Tal", "Figures") });
    let across = if body.contains("across") { "across = []\n" } else { "" };
    let text = format!("id = \"NT-1\"\nsince = \"1\"\n{body}\n{TEXTS}expect = []\n{across}");
    pack.figures = vec![SourceFile { path: "tal/proeve.toml".into(), text: text.into() }];
    let figure = load_figures(&pack, &[]).map_err(|mistakes| told(&mistakes))?.remove(0);
    let model = compile_model(&pack).expect("a model");
    Ok((Arc::new(pack), model, figure))
}

fn run(of: &(Arc<Pack>, ModelExprs, KeyFigure), data: &[Given<'_>], threads: usize) -> Printed {
    let (pack, model, figure) = of;
    let mut store: Store = engine_support::store(pack, model, &[], "2024-06-30", data);
    prepare_figures(&mut store, std::slice::from_ref(figure));
    let options = RunOptions { extract_date: day("2024-06-30"), threads };
    let results = run_figures(&store, std::slice::from_ref(figure), &options);
    printed(figure, &results[0])
}

const COLUMNS: &[&str] = &["id", "sagsnr", "art", "start", "beløb", "timer"];

/// A row of `bevilling`: case, kind, year of the start, øre, hundredths of hours. `-` is empty, `?` unreadable.
type Row = (String, String, String, String, String);

fn cells(row: &Row, n: usize) -> Vec<String> {
    let (case, kind, year, amount, hours) = row;
    let start = if year.len() == 1 { year.clone() } else { format!("{year}-03-01") };
    vec![format!("B{n}"), case.clone(), kind.clone(), start, amount.clone(), hours.clone()]
}

fn data(rows: &[Row]) -> Vec<Given<'static>> {
    let rows = rows.iter().enumerate().map(|(n, row)| cells(row, n)).collect();
    vec![
        Given { dataset: "bevilling", columns: COLUMNS, rows },
        Given { dataset: "sag", columns: &["sagsnr"], rows: ["S1", "S2", "S3"].map(|s| vec![s.to_owned()]).to_vec() },
    ]
}

fn one_of(values: &[&str]) -> BoxedStrategy<String> {
    let known: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
    prop_oneof![6 => prop::sample::select(known), 1 => Just("-".to_owned()), 1 => Just("?".to_owned())].boxed()
}

fn row() -> impl Strategy<Value = Row> {
    (
        one_of(&["S1", "S2", "S3"]),
        one_of(&["a", "b"]),
        one_of(&["2022", "2023"]),
        one_of(&["0.10", "5.00", "-3.25", "100.00", "7.77"]),
        one_of(&["0.00", "1.50", "2.00", "37.00"]),
    )
}

/// A number as øre or hundredths, if it is one.
fn number(text: &str) -> Option<i128> {
    if text == "-" || text == "?" { None } else { text.replace('.', "").parse().ok() }
}

fn key(text: &str) -> String {
    match text {
        "-" => "empty".to_owned(),
        "?" => "unknown".to_owned(),
        text => text.to_owned(),
    }
}

/// Rows and heads stand by value, then empty, then unknown.
fn order(keys: &BTreeSet<String>) -> Vec<String> {
    let late = |key: &String| matches!(key.as_str(), "empty" | "unknown");
    let mut all: Vec<String> = keys.iter().filter(|key| !late(key)).cloned().collect();
    all.extend(keys.iter().filter(|key| late(key)).cloned());
    all
}

fn hundredths(n: i128) -> String {
    format!("{}{}.{:02}", if n < 0 { "-" } else { "" }, n.abs() / 100, n.abs() % 100)
}

/// `a / b` rounded half away from zero.
fn rounded(a: i128, b: i128) -> i128 {
    let magnitude = (a.abs() * 2 + b) / (b * 2);
    if a < 0 { -magnitude } else { magnitude }
}

/// What the columns of [`SINGLE`] give over rows, by the words of docs/language.md alone: a row whose hours are unknown or
/// empty may or may not count, and one that counts must have what is summed.
fn naive(rows: &[&Row]) -> Vec<String> {
    let doubtful = rows.iter().filter(|row| number(&row.4).is_none()).count();
    let counted: Vec<&&Row> = rows.iter().filter(|row| number(&row.4).is_some_and(|hours| hours > 100)).collect();
    let lacking = counted.iter().filter(|row| number(&row.3).is_none()).count();
    let amounts: Vec<i128> = counted.iter().filter_map(|row| number(&row.3)).collect();
    let unless = |lacking: usize, value: String| if lacking > 0 { format!("? {lacking}") } else { value };
    let of_amounts = |value: String| unless(doubtful + lacking, value);
    let some = |value: &dyn Fn() -> String| if amounts.is_empty() { "-".to_owned() } else { value() };
    let mut sorted = amounts.clone();
    sorted.sort_unstable();
    let middle = |n: usize| sorted[(n - 1) / 2] + sorted[n / 2];
    let large = amounts.iter().filter(|amount| **amount > 500).count() as u64;
    let share = percent_half_up(large, counted.len() as u64).map_or("-".to_owned(), |share| format!("{share} %"));
    let sum: i128 = amounts.iter().sum();
    let distinct: BTreeSet<&i128> = amounts.iter().collect();
    vec![
        unless(doubtful, counted.len().to_string()),
        of_amounts(if amounts.is_empty() { "0".into() } else { hundredths(sum) }),
        of_amounts(some(&|| hundredths(rounded(sum, amounts.len() as i128)))),
        of_amounts(some(&|| hundredths(rounded(middle(sorted.len()), 2)))),
        of_amounts(some(&|| hundredths(sorted[0]))),
        of_amounts(some(&|| hundredths(sorted[sorted.len() - 1]))),
        of_amounts(distinct.len().to_string()),
        of_amounts(format!("{large} {share}")),
    ]
}

const SINGLE: &str = r#"
each = "bevilling as b"
when = 'b.timer > 1'
by = ['b.art', 'year(b.start)']
total = true
columns = [
    { da = "n", en = "n", value = 'count()' },
    { da = "sum", en = "sum", value = 'sum(b.beløb)' },
    { da = "mean", en = "mean", value = 'round(mean(b.beløb), 2)' },
    { da = "median", en = "median", value = 'round(median(b.beløb), 2)' },
    { da = "min", en = "min", value = 'min(b.beløb)' },
    { da = "max", en = "max", value = 'max(b.beløb)' },
    { da = "distinct", en = "distinct", value = 'count(distinct b.beløb)' },
    { da = "large", en = "large", value = 'count(b.beløb > 5 kr)', share = true },
]
"#;

/// A row counts in no group where it is known not to.
fn in_play(row: &&Row) -> bool {
    number(&row.4).is_none_or(|hours| hours > 100)
}

fn expected(rows: &[Row]) -> Vec<Vec<String>> {
    let playing: Vec<&Row> = rows.iter().filter(in_play).collect();
    let of = |row: &Row| (key(&row.1), key(&row.2));
    let mut groups: BTreeMap<(String, String), Vec<&Row>> = BTreeMap::new();
    playing.iter().for_each(|row| groups.entry(of(row)).or_default().push(row));
    let (kinds, years) = (groups.keys().map(|k| k.0.clone()).collect(), groups.keys().map(|k| k.1.clone()).collect());
    let mut table = Vec::new();
    for kind in order(&kinds) {
        for year in order(&years) {
            if let Some(rows) = groups.get(&(kind.clone(), year.clone())) {
                table.push([vec![kind.clone(), year], naive(rows)].concat());
            }
        }
    }
    table.push([vec!["total".into(), String::new()], naive(&playing)].concat());
    table
}

const STAGED: &str = r#"
each = "bevilling as b"
group = ['b.sagsnr', 'år = year(b.start)']
let = { sum = 'sum(b.beløb)', n = 'count()' }
by = [{ da = "År", en = "Year", value = 'g.år' }]
columns = [
    { da = "sager", en = "cases", value = 'count()' },
    { da = "store", en = "large", value = 'count(g.sum > 5 kr)', share = true },
    { da = "rækker", en = "rows", value = 'sum(g.n)' },
]
"#;

/// Two stages by hand: cases of a year, those over five kroner, and their rows. Rows that no case or year holds are of
/// groups nobody knows.
fn expected_staged(rows: &[Row]) -> Vec<Vec<String>> {
    let mut years: BTreeMap<String, (BTreeMap<String, Vec<&Row>>, usize)> = BTreeMap::new();
    for row in rows {
        let known = number(&row.2).is_some();
        let year = key(&row.2);
        let place = years.entry(year).or_default();
        match row.0.as_str() {
            "-" | "?" => place.1 += 1,
            _ if !known => place.1 += 1,
            case => place.0.entry(case.to_owned()).or_default().push(row),
        }
    }
    let mut table = Vec::new();
    for year in order(&years.keys().cloned().collect()) {
        let (cases, nowhere) = &years[&year];
        let unless = |lacking: usize, value: String| if lacking > 0 { format!("? {lacking}") } else { value };
        let lacks = |rows: &Vec<&Row>| rows.iter().filter(|row| number(&row.3).is_none()).count();
        let lacking: usize = cases.values().map(lacks).sum();
        let sum = |rows: &Vec<&Row>| rows.iter().filter_map(|row| number(&row.3)).sum::<i128>();
        let large = cases.values().filter(|rows| lacks(rows) == 0 && sum(rows) > 500).count() as u64;
        let share = percent_half_up(large, cases.len() as u64).map_or("-".to_owned(), |share| format!("{share} %"));
        let members: usize = cases.values().map(Vec::len).sum();
        table.push(vec![
            year,
            unless(*nowhere, cases.len().to_string()),
            unless(nowhere + lacking, format!("{large} {share}")),
            unless(*nowhere, members.to_string()),
        ]);
    }
    table
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn figures_equal_a_naive_recomputation(rows in prop::collection::vec(row(), 0..24), turn in 0_usize..24) {
        let of = figure(SINGLE).expect("a figure");
        let wanted = expected(&rows);
        prop_assert_eq!(&run(&of, &data(&rows), 1).rows, &wanted);
        let mut turned = rows.clone();
        turned.rotate_left(turn.min(rows.len()));
        turned.reverse();
        prop_assert_eq!(&run(&of, &data(&turned), 3).rows, &wanted);
    }

    #[test]
    fn two_stages_equal_a_naive_recomputation(rows in prop::collection::vec(row(), 0..24), turn in 0_usize..24) {
        let of = figure(STAGED).expect("a figure");
        let wanted = expected_staged(&rows);
        prop_assert_eq!(&run(&of, &data(&rows), 1).rows, &wanted);
        let mut turned = rows.clone();
        turned.rotate_left(turn.min(rows.len()));
        turned.reverse();
        prop_assert_eq!(&run(&of, &data(&turned), 3).rows, &wanted);
    }
}

/// Rows from lines of `case kind year amount hours`.
fn rows(text: &str) -> Vec<Row> {
    let row = |line: &str| {
        let cells: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        (cells[0].clone(), cells[1].clone(), cells[2].clone(), cells[3].clone(), cells[4].clone())
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(row).collect()
}

#[test]
fn a_dataset_that_is_not_complete_gives_no_figure() {
    let of = figure("each = \"bevilling as b\"\ncolumns = [{ da = \"n\", en = \"n\", value = 'count()' }]").expect("a figure");
    let found = run(&of, &data(&rows("S1 a 2022 1.00 2.00")), 1);
    assert_eq!(found.rows, [["1"]]);
    let (pack, model, figure) = &of;
    let example = "extract_date = 2024-06-30\nexpect = [[\"? 0\"]]\nincomplete = [\"bevilling\"]\nbevilling = [{ id = \"B\" }]";
    let text = figure.file.text.replace("extract_date = 2024-06-30\nexpect = []\n", example);
    let mut pack = Pack::clone(pack);
    pack.figures = vec![SourceFile { path: figure.file.path.clone(), text: text.into() }];
    let figure = load_figures(&pack, &[]).expect("a figure").remove(0);
    let outcomes = engine::run_figure_examples(&Arc::new(pack), model, &figure);
    assert!(outcomes[0].passed(), "{outcomes:#?}");
}

#[test]
fn rankings_keep_ties_and_cut_each_partition() {
    let of = figure(
        "each = \"bevilling as b\"\nby = ['year(b.start)', 'b.art']\norder = 'sum(b.beløb)'\ntop = 1\n\
         columns = [{ da = \"kr\", en = \"kr\", value = 'sum(b.beløb)' }]",
    )
    .expect("a figure");
    let found = run(
        &of,
        &data(&rows(
            "S1 a 2022 1.00 0.00\nS1 b 2022 1.00 0.00\nS1 c 2022 0.50 0.00\nS1 a 2023 2.00 0.00\nS1 b 2023 3.00 0.00\nS1 - 2023 9.00 0.00",
        )),
        1,
    );
    assert_eq!(found.rows, [["2022", "a", "1.00"], ["2022", "b", "1.00"], ["2023", "b", "3.00"], ["2023", "empty", "9.00"]]);
}

#[test]
fn authors_are_told_what_cannot_stand() {
    let column = |value: &str| {
        format!("each = \"bevilling as b\"\nby = ['b.art']\ncolumns = [{{ da = \"x\", en = \"x\", value = '{value}' }}]")
    };
    for (body, said) in [
        (column("b.beløb"), "the value belongs to each row, not to the group at `b`"),
        (column("sum(b.beløb) + b.beløb"), "the value belongs to each row, not to the group at `b`"),
        (column("sum(sum(b.beløb))"), "an aggregate cannot stand inside another at `sum(b.beløb)`"),
        (column("mean(b.beløb)"), "rounded"),
        (column("sum(b.art)"), "wanted"),
        (column("count(b.beløb)"), "wanted"),
        ("each = \"bevilling as b\"\nwhen = 'count() > 1'\ncolumns = []".into(), "no group to reckon over at `count()`"),
        ("each = \"bevilling as b\"\ncolums = []".into(), "the key «colums» is not known"),
        (
            "each = \"bevilling as b\"\ngroup = ['b.sag']\nby = ['g.sagen']\ncolumns = [{ da = \"x\", en = \"x\", value = 'count()' }]".into(),
            "the group has nothing called «sagen»",
        ),
        (
            "each = \"bevilling as b\"\ngroup = ['b.sag']\nby = ['b.art']\ncolumns = [{ da = \"x\", en = \"x\", value = 'count()' }]".into(),
            "«b»",
        ),
        (
            "each = \"bevilling as b\"\ncolumns = [{ da = \"x\", en = \"x\", value = 'count()', share = 'sum(b.beløb)' }]".into(),
            "a share needs two figures of one kind",
        ),
    ] {
        let found = figure(&body).map(|_| ()).expect_err(&body);
        assert!(found.contains(said), "{body}\nsays: {found}");
    }
}
