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

#[test]
fn equal_keys_with_different_values_stay_and_are_told() {
    let rows = "31-10-2026;S1;071203-1234;Ea;Åben\n31-10-2026;S1;071203-1234;Ea;Lukket\n\
                31-10-2026;S1;071203-1234;Ea;Lukket\n31-10-2026;S2;071203-1234;Eva;Lukket\n";
    let reading = read_all("conflict", &[("a.csv", &sager(rows))]);
    let told = |dataset: &str| Problem::KeyConflict { dataset: dataset.into(), keys: 1 };
    assert_eq!(reading.delivery.problems, [told("sag"), told("person")]);
    assert_eq!(reading.column("sag", "status"), [text("åben"), text("lukket"), text("lukket")]);
    assert_eq!(reading.column("person", "navn"), [text("Ea"), text("Eva")]);
    assert_eq!(reading.sheet(0).skipped, BTreeMap::from([(Skip::Folded, 1)]));
}

#[test]
fn values_that_are_not_held_tell_rows_apart_all_the_same() {
    let rows = "31-10-2026;S1;071203-1234;Ea;Åben\n31-10-2026;S1;071203-1234;Ea;Lukket\n";
    let folder = Folder::new("unheld", &[("a.csv", &sager(rows))]);
    let delivery = read(&pack(), &LoadPlan::default(), &folder.0, &IntakeOptions::default());
    assert_eq!(delivery.problems, [Problem::KeyConflict { dataset: "sag".into(), keys: 1 }]);
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
