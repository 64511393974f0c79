//! Rows that say the same, and rows that do not.

use super::*;

const HEADER: &str = "Dato;Sagsnummer;CPR-nr.;Navn;Sagsstatus";

fn sager(rows: &str) -> String {
    format!("{HEADER}\n{rows}")
}

#[test]
fn equal_rows_fold_across_files() {
    let a = sager("31-10-2026;S1;071203-1234;Ea;Åben\n31-10-2026;S2;150312-4321;Bo;Åben\n");
    let b = sager("30-10-2026;S1;0712031234;Ea;aktiv\n30-10-2026;S3;150312-4321;Bo;Lukket\n");
    let reading = read_all("fold", &[("a.csv", &a), ("b.csv", &b)]);
    assert_eq!(reading.codes(), Vec::<&str>::new());
    assert_eq!(reading.column("sag", "sagsnr"), [text("S1"), text("S2"), text("S3")]);
    assert_eq!(reading.sheet(0).skipped, BTreeMap::new());
    assert_eq!(reading.sheet(1).skipped, BTreeMap::from([(Skip::Folded, 1)]), "persons fold silently");
    let table = reading.table("sag");
    let chunks: Vec<_> = table.chunks.iter().map(|c| (c.file, c.first, c.rows)).collect();
    assert_eq!(chunks, [(0, 0, 2), (1, 2, 1)]);
    assert_eq!(table.records, [1, 2, 2]);
    assert_eq!(reading.table("person").records.len(), 2);
}

/// The problem told of two rows of one file.
fn told(dataset: &str, file: &str, rows: [u32; 2], columns: &[&str]) -> Problem {
    let at = |row| (Place::file(file), row);
    let columns = columns.iter().map(|c| Arc::from(*c)).collect();
    Problem::KeyConflict { dataset: dataset.into(), keys: 1, first: at(rows[0]), second: at(rows[1]), columns }
}

#[test]
fn equal_keys_with_different_values_stay_and_are_told() {
    let rows = "31-10-2026;S1;071203-1234;Ea;Åben\n31-10-2026;S1;071203-1234;Ea;Lukket\n\
                31-10-2026;S1;071203-1234;Ea;Lukket\n31-10-2026;S2;071203-1234;Eva;Lukket\n";
    let reading = read_all("conflict", &[("a.csv", &sager(rows))]);
    assert_eq!(
        reading.delivery.problems,
        [told("sag", "a.csv", [2, 3], &["status"]), told("person", "a.csv", [2, 5], &["navn"])]
    );
    assert_eq!(reading.column("sag", "status"), [text("åben"), text("lukket"), text("lukket")]);
    assert_eq!(reading.column("person", "navn"), [text("Ea"), text("Eva")]);
    assert_eq!(reading.sheet(0).skipped, BTreeMap::from([(Skip::Folded, 1)]));
}

#[test]
fn values_that_are_not_held_tell_rows_apart_all_the_same() {
    let rows = "31-10-2026;S1;071203-1234;Ea;Åben\n31-10-2026;S1;071203-1234;Ea;Lukket\n";
    let folder = Folder::new("unheld", &[("a.csv", &sager(rows))]);
    let delivery = read(&pack(), &LoadPlan::default(), &folder.0, &IntakeOptions::default());
    assert_eq!(delivery.problems, [told("sag", "a.csv", [2, 3], &["status"])]);
}

#[test]
fn rows_that_fill_each_others_gaps_become_one() {
    let a = "Sagsnummer;Sagsstatus;Oprettet\nS1;Åben;01-02-2026\nS2;;\n";
    let b = "Sagsnummer;CPR-nr.;Sagsstatus;Afsluttet\nS9;150312-4321;Åben;\nS2;071203-1234;Lukket;03-02-2026\nS1;;;\n";
    let reading = read_all("merge", &[("a.csv", a), ("b.csv", b)]);
    assert_eq!(reading.codes(), Vec::<&str>::new());
    assert_eq!(reading.column("sag", "sagsnr"), [text("S1"), text("S2"), text("S9")]);
    assert_eq!(reading.column("sag", "status"), [text("åben"), text("lukket"), text("åben")]);
    let held = reading.column("sag", "oprettet");
    assert_eq!(held, [day("2026-02-01"), Cell::Empty, NOT_DELIVERED], "S2 says nothing; the file of S9 has no such column");
    let cells = reading.column("sag", "afsluttet");
    assert_eq!(cells, [Cell::Empty, day("2026-02-03"), Cell::Empty], "a column that another file delivers is known");
    assert_eq!(reading.sheet(1).skipped, BTreeMap::from([(Skip::Merged, 2)]));
    let table = reading.table("sag");
    let id = |column: &str| reading.pack.get(table.dataset).column(column).expect("a column");
    let from =
        |column| table.merged.of_cell(1, id(column)).map(|place| (table.chunks[place.chunk as usize].file, place.sheet_row));
    let elsewhere = Some((1, 3));
    assert_eq!(["sagsnr", "status", "oprettet", "afsluttet", "cpr"].map(from), [None, elsewhere, None, elsewhere, elsewhere]);
    assert_eq!(table.merged.of_row(0).len(), 1, "a place that says nothing new is kept too");
}

#[test]
fn gaps_are_filled_alike_whatever_is_held() {
    let a = "Sagsnummer;Sagsstatus;Oprettet\nS1;Åben;01-02-2026\nS2;Åben;01-02-2026\n";
    let b = "Sagsnummer;Sagsstatus;Afsluttet\nS1;Åben;03-02-2026\nS2;Lukket;\n";
    let folder = Folder::new("unheld-merge", &[("a.csv", a), ("b.csv", b)]);
    let delivery = read(&pack(), &LoadPlan::default(), &folder.0, &IntakeOptions::default());
    let [Problem::KeyConflict { keys: 1, first, second, columns, .. }] = &delivery.problems[..] else {
        panic!("{:?}", delivery.problems)
    };
    assert_eq!((first, second), (&(Place::file("a.csv"), 3), &(Place::file("b.csv"), 3)));
    assert_eq!(columns.iter().map(|c| &**c).collect::<Vec<_>>(), ["status"]);
    assert_eq!(delivery.tables[0].records.len(), 3);
}

#[test]
fn an_unreadable_cell_does_not_hide_what_another_file_says() {
    let a = "Sagsnummer;Sagsstatus;Oprettet\nS1;Åben;i går\nS2;Åben;01-02-2026\nS3;Åben;01-02-2026\nS4;Åben;01-02-2026\n\
             S5;Åben;01-02-2026\nS6;Åben;01-02-2026\n";
    let b = "Sagsnummer;Sagsstatus;Oprettet\nS1;;02-02-2026\n";
    let reading = read_all("unreadable-merge", &[("a.csv", a), ("b.csv", b)]);
    assert_eq!(reading.codes(), Vec::<&str>::new());
    assert_eq!(reading.column("sag", "oprettet")[0], day("2026-02-02"));
}

#[test]
fn two_rows_of_one_sheet_are_never_made_one() {
    let a = "Sagsnummer;Sagsstatus;Oprettet;Afsluttet\nS1;Åben;01-02-2026;\nS1;Åben;;03-02-2026\n";
    let reading = read_all("one-sheet", &[("a.csv", a)]);
    assert_eq!(reading.table("sag").records.len(), 2);
    assert_eq!(reading.codes(), ["key-conflict"]);
}

#[test]
fn the_newest_snapshot_wins() {
    let old = sager("30-10-2026;S1;071203-1234;Ea;Åben\n30-10-2026;S2;150312-4321;Bo;Åben\n30-10-2026;S4;;;Åben\n");
    let new =
        sager("31-10-2026;S1;071203-1234;Ea;Lukket\n31-10-2026;S2;150312-4321;Bo;Åben\n31-10-2026;S3;150312-4321;Bo;Åben\n");
    let reading = read_all("newest", &[("a.csv", &old), ("b.csv", &new)]);
    assert_eq!(reading.column("sag", "sagsnr"), ["S1", "S2", "S3", "S4"].map(text));
    assert_eq!(reading.column("sag", "status")[0], text("lukket"));
    let both = |day: &str, en: &str| crate::locale::Bilingual::new(day, en);
    let told = Problem::OlderSnapshot {
        place: Place::file("a.csv"),
        dataset: "sag".into(),
        day: both("30-10-2026", "30-10-2026"),
        newest: both("31-10-2026", "31-10-2026"),
        older: 1,
        only_here: 1,
    };
    assert_eq!(reading.delivery.problems, [told]);
    assert_eq!(reading.sheet(0).skipped, BTreeMap::from([(Skip::Folded, 1), (Skip::Older, 1)]));
    assert_eq!(reading.sheet(1).skipped, BTreeMap::new());
}

#[test]
fn what_others_tell_in_passing_adds_to_cases_and_makes_none() {
    let ydelser = "Ydelse;Sag nr.;Navn på sag;CPR-nr.\nY1;S1;x;071203-1234\nY2;S1;x;071203-1234\nY3;S7;x;150312-4321\n";
    let sager = "Sagsnummer;Sagsstatus\nS1;Åben\nS2;Åben\n";
    let both = read_all("secondary", &[("a.csv", ydelser), ("b.csv", sager)]);
    assert_eq!(both.codes(), Vec::<&str>::new());
    assert_eq!(both.column("sag", "sagsnr"), ["S1", "S2"].map(text), "S7 is nowhere but on its grant");
    assert_eq!(both.column("sag", "cpr"), [text("0712031234"), NOT_DELIVERED]);
    assert_eq!(both.incomplete(), Vec::<&str>::new());
    assert_eq!(both.sheet(0).skipped, BTreeMap::new());
    let alone = read_all("secondary-alone", &[("a.csv", ydelser)]);
    assert_eq!(alone.column("sag", "sagsnr"), ["S1", "S7"].map(text));
    assert_eq!(alone.column("sag", "status"), [NOT_DELIVERED, NOT_DELIVERED]);
    assert_eq!(alone.incomplete(), ["sag"], "more cases may exist");
}

#[test]
fn rows_without_a_key_never_fold_unless_the_feed_does() {
    let rows = "31-10-2026;;-;;Åben\n31-10-2026;;-;;Åben\n31-10-2026;S3;x;Bo;Åben\n31-10-2026;S4;x;Bo;Åben\n\
                31-10-2026;S5;071203-1234;Ea;Åben\n31-10-2026;S6;071203-1234;Ea;Åben\n31-10-2026;S7;150312-4321;Ib;Åben\n\
                31-10-2026;S8;220698-4444;Ib;Åben\n31-10-2026;S9;220698-4444;Ib;Åben\n31-10-2026;S10;220698-4444;Ib;Åben\n\
                31-10-2026;S11;220698-4444;Ib;Åben\n31-10-2026;S12;220698-4444;Ib;Åben\n";
    let reading = read_all("keyless", &[("a.csv", &sager(rows))]);
    assert_eq!(reading.codes(), Vec::<&str>::new());
    assert_eq!(reading.table("sag").records.len(), 12);
    let persons = reading.column("person", "cpr");
    assert_eq!(persons, [UNREADABLE, text("0712031234"), text("1503124321"), text("2206984444")]);
}
