//! The stages of reading a delimited file, beside a count of its line feeds: the least that touches every byte once. Run with
//! `cargo bench --bench reading`; the ratios count, not the seconds.
#![allow(clippy::expect_used, clippy::panic, clippy::disallowed_methods, clippy::disallowed_macros, reason = "a bench")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use sagstjek::export::{Export, ExportOptions};
use sagstjek::intake::{IntakeOptions, read};
use sagstjek::model::load::from_dir;
use sagstjek::night::Book;
use sagstjek::rule::LoadPlan;
use sagstjek::store::Store;

const ROWS: u32 = 200_000;
const ROUNDS: usize = 9;

/// Payments as the yardstick has them.
fn payments() -> String {
    let mut text = String::from("sags_id;bevilling_id;kontostreng;art;beløb;dato;tekst\n");
    for i in 0..ROWS {
        let n = i.wrapping_mul(2_654_435_761);
        let note = if i % 50 == 0 { "\"Faktura \"\"12\"\"; merudgifter\"" } else { "Støttekontaktperson" };
        let (case, grant, day, month) = (n % 2_000, n % 4_000, n % 28 + 1, n % 12 + 1);
        let account = format!("05.32.{:02}.1.{:03}-{:06}", n % 97, n % 991, n % 999_983);
        let amount = format!("{},{:02}", n % 30_000, n % 100);
        writeln!(text, "S{case:07};B{grant:08};{account};Løbende;{amount};{day:02}-{month:02}-2024;{note}").expect("a string");
    }
    text
}

/// The median of the rounds, in seconds.
fn median(mut work: impl FnMut() -> usize) -> f64 {
    let mut seconds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[ROUNDS / 2]
}

fn main() {
    let folder = std::env::temp_dir().join(format!("sagstjek-reading-{}", std::process::id()));
    let path = folder.join("betalinger.csv");
    let text = payments();
    std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, &text)).expect("a folder to write to");
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/yardstick");
    let book = Book::open(from_dir(&pack).expect("files"), Vec::new(), None).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let plan = LoadPlan::of(&book.pack, &book.model, &book.rules.iter().collect::<Vec<_>>());
    let open = || Export::open(&path, "betalinger.csv".into(), &ExportOptions::default()).expect("a file");
    let tables = || read(&book.pack, &plan, &folder, &IntakeOptions::default()).tables;

    let least = median(|| memchr::memchr_iter(b'\n', black_box(text.as_bytes())).count());
    let export = open();
    let stages = [
        ("count line feeds", least),
        ("open: hash, encoding, dialect", median(|| open().sheets().len())),
        ("cut, decode, split (one thread)", median(|| export.blocks(0).expect("rows").flatten().map(|b| b.row_count()).sum())),
        ("read: all of it, typed and folded", median(|| tables().len())),
        (
            "read, then order and join",
            median(|| Store::build(book.pack.clone(), tables()).rows(sagstjek::model::DatasetId(0)) as usize),
        ),
    ];
    for (stage, seconds) in stages {
        let speed = text.len() as f64 / 1e6 / seconds;
        println!("{stage:34} {speed:8.0} MB/s   {:6.1} times the count", seconds / least);
    }
    let _ = std::fs::remove_dir_all(&folder);
}
