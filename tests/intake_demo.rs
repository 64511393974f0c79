//! The demo municipality's delivery, read with the Danish pack: every file finds its profile, every control total is met, and
//! the rows are those of the files, counted by hand from their lines.

#![allow(clippy::expect_used, reason = "a test stops at what it did not expect")]

use std::path::{Path, PathBuf};

use sagstjek::demo::{DemoOptions, municipality};
use sagstjek::intake::{self, Delivery, IntakeOptions, Repair, Skip};
use sagstjek::model::{ColumnId, DatasetId, Pack, load};
use sagstjek::rule::LoadPlan;
use sagstjek::value::Cell;

/// A municipality of eighty cases, written for one of the tests.
fn demo(test: &str) -> (Pack, Delivery, PathBuf) {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("intake-demo-{test}"));
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).expect("a folder");
    for file in municipality(&DemoOptions { cases: 80, seed: 20_261_031, clean: false }).expect("municipality") {
        std::fs::write(root.join(file.name), file.bytes).expect("a file");
    }
    let pack = load::load(load::embedded()).expect("the Danish pack loads");
    let ignore = ["facit.toml", "hemmelighed.txt", "sagstjek.toml"].map(str::to_owned).to_vec();
    let options = IntakeOptions { ignore, ..IntakeOptions::default() };
    let datasets = (0..pack.datasets.len() as u16).map(DatasetId);
    let columns = datasets.clone().flat_map(|d| (0..pack.get(d).columns.len() as u16).map(move |c| (d, ColumnId(c))));
    let plan = LoadPlan { columns: columns.collect(), datasets: datasets.collect() };
    let delivery = intake::read(&pack, &plan, &root, &options);
    (pack, delivery, root)
}

/// Lines of a text file, less its header.
fn lines(root: &Path, file: &str) -> u32 {
    let bytes = std::fs::read(root.join(file)).expect(file);
    bytes.iter().filter(|b| **b == b'\n').count() as u32 - 1
}

#[test]
fn every_file_follows_its_profile_and_nothing_is_wrong() {
    let (pack, delivery, _) = demo("profiles");
    assert_eq!(delivery.problems, []);
    let profiles: Vec<Vec<&str>> = delivery
        .files
        .iter()
        .map(|f| f.sheets.iter().map(|s| s.profile.map_or("-", |id| &*pack.profiles[id.index()].name)).collect())
        .collect();
    assert_eq!(
        profiles,
        [
            vec!["boernehus-indskrivninger"],
            vec!["calibra-prognose"],
            vec!["blanket-20"; 5],
            vec!["dubu-aktiviteter"],
            vec!["anbringelser"],
            vec!["boernesamtaler"],
            vec!["medarbejdere"],
            vec!["opfoelgninger"],
            vec!["personer"],
            vec!["planer"],
            vec!["dubu-sager"],
            vec!["underretninger"],
            vec!["dubu-undersoegelser"],
            vec!["dubu-ydelser"],
            vec!["foraeldrebetaling"],
            vec!["tilsynspunkter"],
            vec!["opus-omposteringer"],
            vec!["pecunia-betalinger"],
            vec!["tilsyn"],
            vec!["sofus-indsatser"],
            vec!["tabt-arbejdsfortjeneste"; 3],
        ]
    );
    let day = sagstjek::calendar::Date::from_ymd(2026, 10, 31);
    assert_eq!((delivery.extract_date.oldest, delivery.extract_date.newest), (day, day));
}

#[test]
fn records_are_the_lines_of_the_files() {
    let (_, delivery, root) = demo("records");
    for (file, extra) in [
        ("DUBU_sager_2026-10-31.csv", 0),
        ("DUBU_underretninger_2026-10-31.csv", 0),
        ("DUBU_boernesamtaler_2026-10-31.csv", 0),
        ("DUBU_planer_2026-10-31.csv", 0),
        ("DUBU_opfoelgninger_2026-10-31.csv", 0),
        ("DUBU_aktiviteter_2026-10-31.csv", 0),
        ("DUBU_anbringelser_2026-10-31.csv", 0),
        ("DUBU_brugere_2026-10-31.csv", 0),
        ("DUBU_personer_2026-10-31.csv", 0),
        ("Sofus_indsatser_2026-10-31.csv", 0),
        ("DUBU_undersoegelser_2026-10-31.csv", 0),
        ("OPUS_posteringer_2026-10.csv", 1),
        ("Pecunia_betalinger_2026-10.csv", 0),
    ] {
        let reading = delivery.files.iter().find(|f| *f.path == *file).expect(file);
        assert_eq!(reading.sheets[0].records, lines(&root, file) - extra, "{file}");
        assert_eq!(reading.sheets[0].skipped.get(&Skip::Total).copied().unwrap_or(0), extra, "{file}");
    }
    let opus = delivery.files.iter().find(|f| f.path.starts_with("OPUS")).expect("OPUS");
    assert!(
        matches!(&opus.sheets[0].totals[..], [(_, stated, computed, true)] if stated == computed),
        "{:?}",
        opus.sheets[0].totals
    );
    let grants = delivery.files.iter().find(|f| f.path.starts_with("DUBU_ydelser")).expect("grants");
    assert!(grants.sheets[0].repairs.get(&Repair::SerialDate).is_some_and(|n| *n > 0));
    assert!(grants.sheets[0].repairs.get(&Repair::CprZero).is_some_and(|n| *n > 0));
}

#[test]
fn keys_are_there_and_numbers_are_nobodys() {
    let (pack, delivery, _) = demo("keys");
    for table in &delivery.tables {
        let dataset = pack.get(table.dataset);
        for row in 0..table.records.len() as u32 {
            let is_there = |column: &ColumnId| matches!(table.columns[column.index()].get(row), Cell::Present(_));
            assert!(dataset.keys.iter().any(|key| key.iter().all(is_there)), "{} row {row}", dataset.name);
        }
    }
    for sheet in delivery.files.iter().flat_map(|f| &f.sheets) {
        assert_eq!(sheet.cpr_read, sheet.cpr_modulus_failed);
    }
}
