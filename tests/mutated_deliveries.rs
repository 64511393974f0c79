//! Whole deliveries with one file of each format damaged at random: reading comes to an end, says what it could not read, and
//! loses nothing of the file beside it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail like tests")]

mod workbooks;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::mpsc::channel;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use sagstjek::intake::{self, Delivery, IntakeOptions};
use sagstjek::locale::{Lang, Localized};
use sagstjek::model::load::{embedded, load};
use sagstjek::model::{ColumnId, DatasetId, Pack};
use sagstjek::problem::Severity;
use sagstjek::rule::LoadPlan;

const ROWS: [[&str; 5]; 5] = [
    ["Sagsnummer", "CPR-nr.", "Sag status", "Oprettet", "Sagstype"],
    ["S1", "0511124327", "Åben", "02-01-2026", "Børnesag"],
    ["S2", "", "Lukket", "03-01-2026", "Børnesag"],
    ["S3", "0511124327", "Åben", "04-01-2026", "Børnesag"],
    ["S4", "", "Åben", "05-01-2026", "Børnesag"],
];
const BESIDE: &str = "Sagsnummer;CPR-nr.;Sag status;Oprettet;Sagstype\r\nH1;;Åben;02-01-2026;Børnesag\r\n";

/// A file of each format and encoding.
fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let fixture = |name: &str| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/awkward").join(name)).unwrap();
    let rows = ROWS.map(Vec::from);
    let text = ROWS.map(|row| row.join(";") + "\r\n").concat();
    let windows = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
    let wide = |order: fn(u16) -> [u8; 2]| {
        "\u{feff}".chars().chain(text.chars()).collect::<String>().encode_utf16().flat_map(order).collect()
    };
    vec![
        ("utf8.csv", text.clone().into_bytes()),
        ("windows.csv", windows),
        ("dos.csv", fixture("Q08_cp850.csv")),
        ("le.txt", wide(u16::to_le_bytes)),
        ("be.txt", wide(u16::to_be_bytes)),
        ("list.txt", fixture("Q11_cji3.txt")),
        ("page.xls", fixture("Q20_webside.xls")),
        ("book.xlsx", workbooks::xlsx_table(&rows)),
        ("book.xls", workbooks::xls_table(&rows)),
        ("book.xlsb", workbooks::xlsb_table(&rows)),
        ("book.ods", workbooks::ods_table(&rows)),
    ]
}

struct World {
    pack: Pack,
    plan: LoadPlan,
    root: PathBuf,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let pack = load(embedded()).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
        let datasets = (0..pack.datasets.len() as u16).map(DatasetId);
        let columns = datasets.clone().flat_map(|d| (0..pack.get(d).columns.len() as u16).map(move |c| (d, ColumnId(c))));
        let plan = LoadPlan { columns: columns.collect(), datasets: datasets.collect() };
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("mutated");
        let _ = fs::remove_dir_all(&root);
        World { pack, plan, root }
    })
}

/// Reads a delivery of the file and of one that is sound, which must come to an end.
fn delivery(test: &str, name: &str, bytes: &[u8]) -> Delivery {
    let world = world();
    let folder = world.root.join(test).join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), bytes).unwrap();
    fs::write(folder.join("z_beside.csv"), BESIDE).unwrap();
    let (send, receive) = channel();
    let reading =
        std::thread::spawn(move || send.send(intake::read(&world.pack, &world.plan, &folder, &IntakeOptions::default())));
    match receive.recv_timeout(Duration::from_secs(120)) {
        Ok(delivery) => delivery,
        Err(_) if reading.is_finished() => panic!("panicked on {name}"),
        Err(_) => panic!("hangs on {name}"),
    }
}

/// What holds of every delivery, whatever became of the file. Gives the number of cases that were read from it.
fn sound(read: &Delivery) -> usize {
    let [damaged, beside] = &read.files[..] else { panic!("two files") };
    assert_eq!(beside.sheets[0].records, 1, "the file beside it");
    for problem in &read.problems {
        let (da, en) = (problem.text(Lang::Da), problem.text(Lang::En));
        assert!(!da.is_empty() && !en.is_empty() && da != en, "{problem:?}");
    }
    let failed = read.problems.iter().any(|problem| problem.severity() == Severity::Failure);
    assert!(failed || damaged.export.is_some(), "a file that was not read is told");
    for table in &read.tables {
        assert!(table.columns.iter().all(|column| column.len() == table.records.len()));
        assert_eq!(table.chunks.iter().map(|chunk| chunk.rows as usize).sum::<usize>(), table.records.len());
    }
    let cases = world().pack.dataset("sag").unwrap();
    read.tables.iter().find(|table| table.dataset == cases).map_or(0, |table| table.records.len() - 1)
}

#[test]
fn the_seeds_are_read() {
    for (name, bytes) in seeds() {
        let read = delivery("whole", name, &bytes);
        let failures: Vec<String> =
            read.problems.iter().filter(|p| p.severity() == Severity::Failure).map(|p| p.text(Lang::En)).collect();
        assert_eq!(failures, Vec::<String>::new(), "{name}");
        let cases = match name {
            "list.txt" => 0,
            "dos.csv" => 1,
            "page.xls" => 2,
            _ => 4,
        };
        assert_eq!(sound(&read), cases, "{name}");
    }
}

/// A change of a file: what, where and how much of it, and a byte.
type Change = (u8, u32, u16, u8);

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for &(what, at, length, byte) in changes {
        let at = at as usize % bytes.len().max(1);
        let end = (at + 1 + usize::from(length) % 48).min(bytes.len());
        match what {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            2 => bytes[at..end].fill(byte),
            3 => bytes.truncate(at),
            4 => bytes[at] ^= 1 << (byte % 8),
            _ => drop(bytes.splice(at..end, SPECIAL[usize::from(byte) % SPECIAL.len()].bytes())),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// What means something to one format or the other.
const SPECIAL: [&str; 24] = [
    "\"",
    ";",
    "\r",
    "\n",
    "\0",
    "\u{feff}",
    "sep=;\n",
    "|",
    "<",
    ">",
    "&",
    "</row>",
    "<row r=\"9\">",
    "r=\"A1048577\"",
    "</table>",
    "<table>",
    "<td colspan=1000>",
    "<!--",
    "<![CDATA[",
    "4294967295",
    "-1",
    "1e999",
    "9999999999",
    "\u{1a}",
];

/// Changes the file itself, or in a zip the content of one part, which a changed checksum would hide otherwise.
fn damaged(bytes: &[u8], inside: Option<u8>, changes: &[Change]) -> Vec<u8> {
    match inside {
        Some(part) if bytes.starts_with(b"PK") => {
            workbooks::with_part(bytes, usize::from(part), |content| changed(content, changes))
        }
        _ => changed(bytes.to_vec(), changes),
    }
}

#[test]
fn damaged_files_are_read_or_refused_and_harm_nothing_else() {
    let change = (0..6_u8, any::<u32>(), any::<u16>(), any::<u8>());
    let all = (0..seeds().len(), any::<Option<u8>>(), proptest::collection::vec(change, 1..6));
    // Where there is time: some twelve minutes.
    let cases = if std::env::var_os("SAGSTJEK_LONG").is_some() { 120_000 } else { 600 };
    let config = ProptestConfig { failure_persistence: None, cases, ..ProptestConfig::default() };
    let seeds = seeds();
    let outcome = TestRunner::new(config).run(&all, |(seed, inside, changes)| {
        let (name, bytes) = &seeds[seed];
        sound(&delivery("damaged", name, &damaged(bytes, inside, &changes)));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
