//! How fast the columnar kernels are: each shape beside a loop written by hand over the same numbers, and beside the scalar
//! evaluator. `cargo bench --bench kernels` prints the times of one run on one thread.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a program that prints its measurements"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use sagstjek::calendar::Date;
use sagstjek::engine::result::Counts;
use sagstjek::engine::{Evaluators, prepare, tally};
use sagstjek::intake::{Chunk, Column, Merged, Table};
use sagstjek::model::{LinkId, Pack, SourceFile, load};
use sagstjek::rule::typed::{Rule, Verdict};
use sagstjek::rule::{compile_model, load_rules};
use sagstjek::store::{CellRef, Store};
use sagstjek::value::{Cell, Decimal, Value};

const CASES: u32 = 20_000;
const GRANTS: u32 = 10;
const PAYMENTS: u32 = 4;
/// No value, as the loops write it.
const NONE: i32 = i32::MIN;

const FILES: &[(&str, &str)] = &[
    (
        "pack.toml",
        "name = \"bench\"\nversion = \"1\"\ncurrency = \"kr\"\n[[family]]\nfolder = \"regler\"\ntitle = { da = \"R\", en = \"R\" }\n",
    ),
    (
        "model/sag.toml",
        "dataset = \"sag\"\ntitle = { da = \"S\", en = \"S\" }\nkeys = [[\"sagsnr\"]]\n\
         [[column]]\nname = \"sagsnr\"\nkind = \"text\"\nopen = true\nrole = \"case\"\n",
    ),
    (
        "model/bevilling.toml",
        "dataset = \"bevilling\"\ntitle = { da = \"B\", en = \"B\" }\nkeys = [[\"id\"]]\n\
         [[column]]\nname = \"id\"\nkind = \"text\"\nopen = true\n[[column]]\nname = \"sagsnr\"\nkind = \"text\"\nopen = true\n\
         role = \"case\"\n[[column]]\nname = \"art\"\nkind = \"text\"\nopen = true\n[[column]]\nname = \"start\"\nkind = \"date\"\n\
         [[column]]\nname = \"slut\"\nkind = \"date\"\n[[column]]\nname = \"beløb\"\nkind = \"money\"\n",
    ),
    (
        "model/betaling.toml",
        "dataset = \"betaling\"\ntitle = { da = \"P\", en = \"P\" }\nkeys = [[\"nr\"]]\n\
         [[column]]\nname = \"nr\"\nkind = \"text\"\nopen = true\n[[column]]\nname = \"id\"\nkind = \"text\"\nopen = true\n\
         [[column]]\nname = \"beløb\"\nkind = \"money\"\n",
    ),
    (
        "links.toml",
        "[[link]]\nfrom = \"bevilling\"\nto = \"sag\"\nvia = [[\"sagsnr\"]]\n\
         [[link]]\nfrom = \"betaling\"\nto = \"bevilling\"\nvia = [[\"id\"]]\n",
    ),
    (
        "satser/loft.toml",
        "table = \"loft\"\ntitle = { da = \"L\", en = \"L\" }\nkind = \"money\"\n\
         [[row]]\nfrom = 2000-01-01\nuntil = 2019-12-31\nvalue = 500\nstatus = \"printed\"\nsource = \"x\"\n\
         [[row]]\nfrom = 2020-01-01\nuntil = 2022-06-30\nvalue = 600\nstatus = \"printed\"\nsource = \"x\"\n\
         [[row]]\nfrom = 2022-07-01\nvalue = 700\nstatus = \"printed\"\nsource = \"x\"\n",
    ),
];

fn rule_text(id: usize, require: &str) -> String {
    format!(
        "id = \"B-{id}\"\nseverity = \"error\"\nsince = \"1\"\nscope = \"all\"\neach = \"bevilling as b\"\nrequire = '{require}'\n\
         mark = [\"b.id\"]\n[da]\ntitle = 'P'\nwhy = 'P'\nfix = 'P'\nmessage = 'P'\n[en]\ntitle = 'P'\nwhy = 'P'\nfix = 'P'\n\
         message = 'P'\n[[example]]\nexpect = {{ x = \"compliant\", y = \"violation\" }}\nextract_date = 2024-06-30\n"
    )
}

/// The numbers that the loops go over, in the store's order.
struct Plain {
    starts: Vec<i32>,
    ends: Vec<i32>,
    kinds: Vec<u32>,
    amounts: Vec<i64>,
    paid: Vec<i64>,
    payments: Groups,
    siblings: Groups,
    /// For each grant its case.
    cases: Vec<u32>,
    caps: (i32, Vec<i64>),
}

/// Rows of each group, one group behind the other.
struct Groups {
    from: Vec<u32>,
    rows: Vec<u32>,
}

impl Groups {
    fn of(&self, i: u32) -> &[u32] {
        &self.rows[self.from[i as usize] as usize..self.from[i as usize + 1] as usize]
    }
}

fn main() {
    let requires = [
        "b.start <= b.slut",
        "b.art in [\"a\", \"c\"]",
        "b.beløb <= loft at b.start",
        "no p in b.betaling where p.beløb < 0 kr",
        "sum(p.beløb for p in b.betaling) <= b.beløb",
        "no c in b.sag.bevilling where c is not b satisfies period(b.start, b.slut) overlaps period(c.start, c.slut)",
    ];
    let (pack, rules, store) = setting(&requires);
    let plain = plain(&pack, &store);
    let loops: [fn(&Plain) -> Counts; 6] = [dates, texts, figures, none, sums, overlaps];
    let day = Date::from_ymd(2024, 6, 30).expect("a day");
    println!("{} grants; times are nanoseconds a grant, the best of several runs", store.rows(rules[0].each));
    println!("{:>8} {:>8} {:>8}  {:>13} {:>15}", "by hand", "kernels", "scalar", "kernels:hand", "kernels:scalar");
    for (rule, by_hand) in rules.iter().zip(loops) {
        let of = |by| tally(&store, rule, day, by);
        assert_eq!(by_hand(&plain), of(Evaluators::Kernels), "{}", rule.id);
        assert_eq!(of(Evaluators::Scalar), of(Evaluators::Kernels), "{}", rule.id);
        let hand = best(15, || by_hand(&plain));
        let kernels = best(15, || of(Evaluators::Kernels));
        let scalar = best(3, || of(Evaluators::Scalar));
        let each = |time: Duration| time.as_nanos() as f64 / f64::from(store.rows(rule.each));
        let (hand, kernels, scalar) = (each(hand), each(kernels), each(scalar));
        let require = rule.require.as_ref().and_then(|require| rule.file.text.get(require.span.clone()));
        println!(
            "{hand:>8.2} {kernels:>8.2} {scalar:>8.1}  {:>13.1} {:>15.3}   {}",
            kernels / hand,
            kernels / scalar,
            require.unwrap_or_default()
        );
    }
}

fn best(runs: usize, mut work: impl FnMut() -> Counts) -> Duration {
    let once = |_| {
        let before = Instant::now();
        std::hint::black_box(work());
        before.elapsed()
    };
    (0..runs).map(once).min().unwrap_or_default()
}

fn setting(requires: &[&str]) -> (Arc<Pack>, Vec<Rule>, Store) {
    let file = |path: String, text: String| SourceFile { path: path.into(), text: text.into() };
    let fixed = FILES.iter().map(|(path, text)| file((*path).into(), (*text).into()));
    let rules = requires.iter().enumerate().map(|(i, text)| file(format!("regler/r{i}.toml"), rule_text(i, text)));
    let pack = Arc::new(load::load(fixed.chain(rules).collect()).unwrap_or_else(|mistakes| panic!("{mistakes:?}")));
    let model = compile_model(&pack).expect("the model is sound");
    let mut rules = load_rules(&pack).unwrap_or_else(|mistakes| panic!("{mistakes:?}")).rules;
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let mut store = Store::build(pack.clone(), tables(&pack));
    prepare(&mut store, &model, &rules, Date::from_ymd(2024, 6, 30).expect("a day"), &[]);
    (pack, rules, store)
}

/// The same numbers every time, spread without any order.
fn spread(n: u64) -> u64 {
    let mut z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^ (z >> 27)
}

fn tables(pack: &Pack) -> Vec<Table> {
    let text = |text: String| Cell::Present(Value::Text(text.as_str().into()));
    let money = |units: u64| Cell::Present(Value::Money(Decimal::new(i128::from(units), 2)));
    let grant = |n: u32, name: &str| {
        // The grants of a case follow one another, so that none overlaps.
        let (case, place) = (n / GRANTS, n % GRANTS);
        let start = 16_000 + (place * 300) as i32 + (spread(u64::from(n)) % 40) as i32;
        match name {
            "id" => text(format!("B{n}")),
            "sagsnr" => text(format!("S{case}")),
            "art" => text(["a", "b", "c", "d"][(spread(u64::from(n)) % 4) as usize].into()),
            "start" => Cell::Present(Value::Date(Date::from_days(start))),
            "slut" if spread(u64::from(n) + 7).is_multiple_of(50) => Cell::Unknown(sagstjek::value::Cause::Unreadable),
            "slut" => Cell::Present(Value::Date(Date::from_days(start + 200))),
            _ => money(50_000 + spread(u64::from(n) + 3) % 30_000),
        }
    };
    let payment = |n: u32, name: &str| match name {
        "nr" => text(format!("P{n}")),
        "id" => text(format!("B{}", n / PAYMENTS)),
        _ => money(spread(u64::from(n) + 5) % 20_000),
    };
    let case = |n: u32, _: &str| text(format!("S{n}"));
    let grants = CASES * GRANTS;
    vec![
        table(pack, "sag", CASES, &case),
        table(pack, "bevilling", grants, &grant),
        table(pack, "betaling", grants * PAYMENTS, &payment),
    ]
}

fn table(pack: &Pack, name: &str, rows: u32, cell: &dyn Fn(u32, &str) -> Cell) -> Table {
    let dataset = pack.dataset(name).expect(name);
    let columns = &pack.get(dataset).columns;
    let filled = columns.iter().map(|column| {
        let mut cells = Column::new(column.kind);
        (0..rows).for_each(|row| cells.push(cell(row, &column.name)));
        cells
    });
    Table {
        dataset,
        columns: filled.collect(),
        chunks: vec![Chunk {
            file: 0,
            sheet: 0,
            first: 0,
            rows,
            sheet_columns: vec![None; columns.len()],
            month_columns: None,
            delivered: vec![true; columns.len()],
        }],
        records: (1..=rows).collect(),
        places: (1..=rows).map(|row| (row + 1, row + 1)).collect(),
        unfolded: vec![0; rows as usize],
        merged: Merged::default(),
        incomplete: Vec::new(),
        refused: 0,
    }
}

fn plain(pack: &Pack, store: &Store) -> Plain {
    let column = |dataset: &str, name: &str| {
        let dataset = pack.dataset(dataset).expect(dataset);
        let column = pack.get(dataset).column(name).expect(name);
        (0..store.rows(dataset)).map(move |row| store.cell(CellRef { dataset, row, column }))
    };
    let days = |name| {
        let day = |cell| if let Cell::Present(Value::Date(day)) = cell { day.days() } else { NONE };
        column("bevilling", name).map(day).collect()
    };
    let money = |dataset, name| {
        let units = |cell| if let Cell::Present(Value::Money(n)) = cell { n.units() as i64 } else { i64::MIN };
        column(dataset, name).map(units).collect()
    };
    let groups = |link: usize, rows: u32| {
        let mut groups = Groups { from: vec![0], rows: Vec::new() };
        for row in 0..rows {
            groups.rows.extend_from_slice(store.links().group(LinkId(link as u16), false, row).0);
            groups.from.push(groups.rows.len() as u32);
        }
        groups
    };
    let code = |cell| match cell {
        Cell::Present(Value::Text(text)) => u32::from(text.as_bytes()[0] - b'a'),
        _ => u32::MAX,
    };
    let grants = CASES * GRANTS;
    let siblings = groups(0, CASES);
    let mut cases = vec![0; grants as usize];
    (0..CASES).for_each(|case| siblings.of(case).iter().for_each(|&grant| cases[grant as usize] = case));
    let first = Date::from_ymd(2000, 1, 1).expect("a day").days();
    let day = |y, m| Date::from_ymd(y, m, 1).expect("a day").days();
    let cap = |n: i32| match first + n {
        at if at < day(2020, 1) => 50_000,
        at if at < day(2022, 7) => 60_000,
        _ => 70_000,
    };
    Plain {
        starts: days("start"),
        ends: days("slut"),
        kinds: column("bevilling", "art").map(code).collect(),
        amounts: money("bevilling", "beløb"),
        paid: money("betaling", "beløb"),
        payments: groups(1, grants),
        siblings,
        cases,
        caps: (first, (0..12_000).map(cap).collect()),
    }
}

fn counted(verdicts: impl Iterator<Item = Verdict>) -> Counts {
    let mut counts = Counts::default();
    verdicts.for_each(|verdict| counts.add(verdict));
    counts
}

fn verdict(known: bool, holds: bool) -> Verdict {
    match (known, holds) {
        (false, _) => Verdict::NotAssessed,
        (_, true) => Verdict::Compliant,
        _ => Verdict::Violation,
    }
}

fn dates(p: &Plain) -> Counts {
    counted(p.starts.iter().zip(&p.ends).map(|(&start, &end)| verdict(start != NONE && end != NONE, start <= end)))
}

fn texts(p: &Plain) -> Counts {
    counted(p.kinds.iter().map(|&kind| verdict(kind != u32::MAX, kind == 0 || kind == 2)))
}

fn figures(p: &Plain) -> Counts {
    let (first, caps) = &p.caps;
    let of =
        |(&start, &amount): (&i32, &i64)| verdict(start != NONE && amount != i64::MIN, amount <= caps[(start - first) as usize]);
    counted(p.starts.iter().zip(&p.amounts).map(of))
}

fn none(p: &Plain) -> Counts {
    let of = |grant| verdict(true, !p.payments.of(grant).iter().any(|&payment| p.paid[payment as usize] < 0));
    counted((0..p.starts.len() as u32).map(of))
}

fn sums(p: &Plain) -> Counts {
    let of = |grant: u32| {
        let sum: i64 = p.payments.of(grant).iter().map(|&payment| p.paid[payment as usize]).sum();
        verdict(p.amounts[grant as usize] != i64::MIN, sum <= p.amounts[grant as usize])
    };
    counted((0..p.starts.len() as u32).map(of))
}

fn overlaps(p: &Plain) -> Counts {
    let of = |grant: u32| {
        let i = grant as usize;
        let (mut found, mut unknown) = (false, false);
        for &other in p.siblings.of(p.cases[i]).iter().filter(|&&other| other != grant) {
            let j = other as usize;
            if p.ends[i] == NONE || p.ends[j] == NONE {
                unknown = true;
            } else if p.starts[i] <= p.ends[j] && p.starts[j] <= p.ends[i] {
                found = true;
                break;
            }
        }
        verdict(found || !unknown, !found)
    };
    counted((0..p.starts.len() as u32).map(of))
}
