//! The committed demo folder is what the generator makes, and says true things of itself.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sagstjek::demo::{DemoFile, DemoOptions, municipality};

const OPTIONS: DemoOptions = DemoOptions { cases: 80, seed: 20_261_031, clean: false };

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo")
}

fn text<'a>(files: &'a [DemoFile], name: &str) -> &'a str {
    std::str::from_utf8(&files.iter().find(|f| f.name == name).expect(name).bytes).expect(name)
}

fn facit(files: &[DemoFile]) -> toml::Table {
    text(files, "facit.toml").parse().expect("facit.toml is TOML")
}

#[test]
fn the_committed_folder_is_what_the_generator_makes() {
    let made = municipality(&OPTIONS).unwrap();
    let folder = folder();
    if std::env::var_os("SAGSTJEK_REWRITE").is_some() {
        fs::create_dir_all(&folder).unwrap();
        for old in fs::read_dir(&folder).unwrap() {
            fs::remove_file(old.unwrap().path()).unwrap();
        }
        for file in &made {
            fs::write(folder.join(&file.name), &file.bytes).unwrap();
        }
    }
    const REPAIR: &str = "run SAGSTJEK_REWRITE=1 cargo test --test demo_files, and read the difference before committing it";
    let there: BTreeSet<String> =
        fs::read_dir(&folder).expect(REPAIR).map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, made.iter().map(|f| f.name.clone()).collect(), "fixtures/demo holds other files; {REPAIR}");
    for file in made {
        let committed = fs::read(folder.join(&file.name)).unwrap();
        assert!(committed == file.bytes, "fixtures/demo/{} differs from the generator; {REPAIR}", file.name);
    }
}

#[test]
fn equal_options_give_equal_bytes_and_another_seed_does_not() {
    let options = DemoOptions { cases: 47, ..OPTIONS };
    assert!(municipality(&options).unwrap() == municipality(&options).unwrap());
    let other = municipality(&DemoOptions { seed: 1, ..OPTIONS }).unwrap();
    for (a, b) in municipality(&OPTIONS).unwrap().iter().zip(&other) {
        let fixed = ["DUBU_Blanket20_2026.xlsx", "sagstjek.toml", "hemmelighed.txt"].contains(&a.name.as_str());
        assert_eq!(a.bytes == b.bytes, fixed, "{}", a.name);
    }
}

#[test]
fn a_clean_municipality_expects_nothing() {
    let files = municipality(&DemoOptions { cases: 40, clean: true, ..OPTIONS }).unwrap();
    let facit = facit(&files);
    assert!(!facit.contains_key("finding") && !facit.contains_key("plant"));
    for file in files.iter().filter(|f| f.name.ends_with(".csv")) {
        let text = String::from_utf8_lossy(&file.bytes);
        for dirt in ["ukendt", "31-02", "31-13", "0000000000", "77000000;;XG-5282200000-00092"] {
            assert!(!text.contains(dirt), "{} holds {dirt}", file.name);
        }
    }
}

#[test]
fn every_plant_of_a_block_grows_in_every_block() {
    let causes = |cases| {
        let files = municipality(&DemoOptions { cases, ..OPTIONS }).unwrap();
        let facit = facit(&files);
        let mut causes: BTreeMap<String, usize> = BTreeMap::new();
        let mut keys = BTreeSet::new();
        for finding in facit["finding"].as_array().unwrap() {
            *causes.entry(finding["cause"].as_str().unwrap().to_owned()).or_default() += 1;
            let key = format!("{}{}", finding["rule"], finding["key"]);
            assert!(keys.insert(key.clone()), "{key} is expected twice among {cases} cases");
        }
        causes
    };
    assert!(causes(1).len() < causes(7).len());
    let (one, three) = (causes(40), causes(120));
    assert!(one.len() > 100, "{}", one.len());
    assert_eq!(one.keys().collect::<Vec<_>>(), three.keys().collect::<Vec<_>>());
    assert!(three.values().all(|found| *found >= 3), "{three:?}");
}

/// A cell of a CSV file of the delivery by data record and header, the lines split on `;` alone.
fn csv_cell(bytes: &[u8], record: usize, column: &str) -> String {
    let (text, ..) = encoding_rs::WINDOWS_1252.decode(bytes);
    let text = std::str::from_utf8(bytes).map_or(text.into_owned(), str::to_owned);
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let at = lines.next().unwrap().split(';').position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"));
    lines.nth(record - 1).unwrap().split(';').nth(at).unwrap().to_owned()
}

#[test]
fn the_facit_points_at_the_planted_cells() {
    use calamine::{Data, Reader, Xlsx};
    let files = municipality(&OPTIONS).unwrap();
    let facit = facit(&files);
    let mut shown = BTreeSet::new();
    for finding in facit["finding"].as_array().unwrap() {
        let get = |name: &str| finding[name].as_str().unwrap();
        let (record, row) = (finding["record"].as_integer().unwrap(), finding["sheet_row"].as_integer().unwrap());
        let file = files.iter().find(|f| f.name == get("file")).unwrap();
        // A fault of the row as a whole points at no cell.
        if get("column").is_empty() {
            continue;
        }
        let cell = if file.name.ends_with(".csv") {
            assert_eq!(row, record + 1);
            csv_cell(&file.bytes, record as usize, get("column"))
        } else {
            let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(file.bytes.clone())).unwrap();
            let range = book.worksheet_range(get("sheet")).unwrap();
            assert_eq!(range.start(), Some((0, 0)));
            let header = usize::try_from(row - record - 1).expect("the header stands above the records");
            let header = range.rows().nth(header).unwrap();
            let at = header.iter().position(|name| *name == *get("column")).unwrap();
            match range.get_value((row as u32 - 1, at as u32)) {
                None | Some(Data::Empty) => String::new(),
                Some(cell) => cell.to_string(),
            }
        };
        shown.insert(format!("{} = {cell}", get("cause")));
    }
    // By hand: the unreduced share 45,000 x 15/37, the wage 41,000, the caps, 38,380 x 20/32.
    for planted in [
        "opmærksom-dato-ukendt = ukendt",
        "opmærksom-dato-tom = ",
        "afsluttet-dato-findes-ikke = 31-02-2025",
        "undersøgelse-overskredet-i-går = ",
        "bevilling-uden-slutdato = ",
        "slutdato-9999-som-tal = 2958465",
        "slutdato-9999-som-tekst = 31-12-9999",
        "slutdato-findes-ikke = 31-13-2024",
        "egenbetaling-på-art-77 = 77000000",
        "egenbetaling-på-art-78 = 78000000",
        "egenbetaling-uden-for-092 = 79900000",
        "psp-uden-konto = XG-5282000000-00199",
        "betaler-oplyst-som-ukendt = 0000000000",
        "loft-ikke-nedsat-efter-timer = 18243.24",
        "næste-års-loft-i-december = 38380",
        "timer-delt-med-forkert-normtid = 23987.5",
        "timer-ikke-udfyldt = ",
        "måned-med-fejlværdi = #N/A",
    ] {
        assert!(shown.contains(planted), "{planted} is not among {shown:#?}");
    }
}

#[test]
fn the_total_of_the_postings_adds_up() {
    let files = municipality(&DemoOptions { cases: 100, ..OPTIONS }).unwrap();
    let postings = files.iter().find(|f| f.name.starts_with("OPUS_posteringer")).unwrap();
    let (text, _, bad) = encoding_rs::WINDOWS_1252.decode(&postings.bytes);
    assert!(!bad && text.ends_with("\r\n") && std::str::from_utf8(&postings.bytes).is_err());
    let oere = |cell: &str| {
        let digits: i64 = cell.replace(['.', ',', '-'], "").parse().unwrap();
        if cell.ends_with('-') { -digits } else { digits }
    };
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(';').collect()).collect();
    let (last, rows) = rows.split_last().unwrap();
    assert!(rows.iter().all(|row| row.len() == 25) && last.len() == 25);
    assert_eq!((last[0], oere(last[6])), ("I alt", rows.iter().map(|row| oere(row[6])).sum()));
    let ids: BTreeSet<&str> = rows.iter().map(|row| row[24]).collect();
    assert_eq!(ids.len(), rows.len());
}
