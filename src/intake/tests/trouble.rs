//! Files that are not as they should be.

use super::*;
use crate::locale::Bilingual;

const POSTER: &str = "Bilag;Beløb;Modtagernr.;Kode\r\n\
    B1;100,00;0712031234;02\r\n\
    B2;200,00;1503124321;02\r\n\
    B3;300,00;2206984444;02\r\n\
    I alt;600,00;;\r\n";

fn problems(reading: &Reading) -> Vec<String> {
    reading.delivery.problems.iter().map(|p| crate::locale::Localized::text(p, crate::locale::Lang::En)).collect()
}

#[test]
fn two_columns_swapped_are_refused_whole() {
    let swapped =
        "Sagsnummer;CPR-nr.;Navn;Sagsstatus;Oprettet\nS1;01-02-2024;Ea;Åben;071203-1234\nS2;03-04-2024;Bo;Åben;150312-4321\n";
    let reading = read_all("swapped", &[("sager.csv", swapped)]);
    assert_eq!(reading.codes(), ["column-malformed", "column-malformed"]);
    assert_eq!(reading.column("sag", "cpr"), [UNREADABLE, UNREADABLE]);
    assert_eq!(reading.column("sag", "oprettet"), [UNREADABLE, UNREADABLE]);
    assert_eq!(reading.column("sag", "status"), [text("åben"), text("åben")]);
    assert_eq!(reading.incomplete(), ["sag", "person"], "cpr finds the rows of both");
    assert!(problems(&reading).iter().all(|p| !p.contains("0712") && !p.contains("1503")), "no cell in a message");
}

#[test]
fn a_malformed_column_that_finds_nothing_leaves_the_dataset_whole() {
    let sheet = "Sagsnummer;Sagsstatus;Oprettet\nS1;Åben;x\nS2;Åben;y\n";
    let reading = read_all("malformed", &[("sager.csv", sheet)]);
    assert_eq!(reading.codes(), ["column-malformed"]);
    assert!(reading.incomplete().is_empty());
}

#[test]
fn a_fifth_malformed_is_borne() {
    let sheet = "Sagsnummer;Sagsstatus;Oprettet\nS1;Åben;31-13-2024\nS2;Åben;01-02-2024\nS3;Åben;01-02-2024\nS4;Åben;01-02-2024\nS5;Åben;01-02-2024\nS6;Åben;\n";
    let reading = read_all("fifth", &[("sager.csv", sheet)]);
    assert_eq!(reading.codes(), Vec::<&str>::new());
    assert_eq!(reading.column("sag", "oprettet")[..2], [UNREADABLE, day("2024-02-01")]);
    let header = &reading.sheet(0).headers[2];
    assert_eq!((header.filled, header.malformed), (5, 1));
}

#[test]
fn a_file_without_rows() {
    let reading = read_all("empty", &[("p.csv", "Bilag;Beløb;Modtagernr.;Kode\n")]);
    assert!(reading.codes().contains(&"sheet-empty"));
    assert_eq!(reading.incomplete(), ["post"]);
    assert!(reading.table("post").records.is_empty());
    let nothing = read_all("nothing", &[("p.csv", "")]);
    assert_eq!(nothing.codes(), ["file-empty"]);
    assert!(nothing.delivery.tables.is_empty());
}

#[test]
fn a_file_cut_inside_a_record() {
    let cut = &POSTER[..POSTER.find("2206").expect("B3")];
    let reading = read_all("cut", &[("p.csv", cut)]);
    let told = Problem::CutOff { place: Place::file("p.csv"), line: 4, sign: crate::problem::CutSign::ShortRecord };
    assert_eq!(reading.delivery.problems, [told]);
    assert_eq!(reading.column("post", "id"), [text("B1"), text("B2")]);
    assert_eq!(reading.incomplete(), ["post"]);
    assert_eq!(reading.table("post").refused, 1);
    assert_eq!(reading.sheet(0).skipped, BTreeMap::from([(Skip::Cut, 1)]));
}

#[test]
fn a_file_cut_in_its_last_field() {
    let cut = &POSTER[..POSTER.find(";02\r\nI alt").expect("B3") + 2];
    let reading = read_all("cutfield", &[("p.csv", cut)]);
    assert!(matches!(&reading.delivery.problems[..], [Problem::CutOff { sign: crate::problem::CutSign::NoLineEnd, .. }]));
    assert_eq!(reading.column("post", "id"), [text("B1"), text("B2")], "0 may have been 02");
    assert_eq!(reading.incomplete(), ["post"]);
}

#[test]
fn a_file_cut_between_records_lacks_its_total() {
    let cut = &POSTER[..POSTER.find("B3").expect("B3")];
    let reading = read_all("nototal", &[("p.csv", cut)]);
    assert!(matches!(&reading.delivery.problems[..], [Problem::CutOff { sign: crate::problem::CutSign::NoTotal, line: 3, .. }]));
    assert_eq!(reading.column("post", "id").len(), 2);
    assert_eq!(reading.incomplete(), ["post"]);
}

#[test]
fn a_total_that_does_not_agree() {
    let reading = read_all("total", &[("p.csv", &POSTER.replace("B2;200,00;1503124321;02\r\n", ""))]);
    let told = Problem::TotalMismatch {
        place: Place::file("p.csv"),
        header: "Beløb".into(),
        stated: Bilingual::new("600,00", "600.00"),
        computed: Bilingual::new("400,00", "400.00"),
    };
    assert_eq!(reading.delivery.problems, [told]);
    assert_eq!(reading.incomplete(), ["post"]);
}

#[test]
fn two_exports_in_one_file_each_with_its_total() {
    let body = POSTER.replace("B1", "C1").replace("B2", "C2").replace("B3", "C3");
    let reading = read_all("two-totals", &[("p.csv", &format!("{POSTER}{body}"))]);
    assert_eq!(reading.codes(), Vec::<&str>::new());
    assert_eq!(reading.column("post", "id").len(), 6);
    let skipped = [(Skip::Total, 2), (Skip::RepeatedHeader, 1)];
    assert_eq!(reading.sheet(0).skipped, BTreeMap::from(skipped));
    let cut = read_all("two-totals-cut", &[("p.csv", &format!("{POSTER}C1;100,00;;\r\n"))]);
    assert_eq!(cut.codes(), ["cut-off"]);
}

#[test]
fn shifted_rows_are_refused_one_by_one() {
    let sheet = "Sagsnummer;CPR-nr.;Sagsstatus\nS1;071203-1234;Åben\nS2;150312-4321;Åben;x\nS3;Åben\nS4;220698-4444;Åben;;\nS5;220698-4444;Åben\n";
    let reading = read_all("shifted", &[("sager.csv", sheet)]);
    assert_eq!(reading.column("sag", "sagsnr"), [text("S1"), text("S4"), text("S5")], "empty cells behind shift nothing");
    assert_eq!(reading.sheet(0).skipped, BTreeMap::from([(Skip::Shifted, 2)]));
    assert_eq!((reading.table("sag").refused, reading.table("person").refused), (2, 2));
    assert_eq!(reading.codes(), Vec::<&str>::new());
    assert_eq!(reading.table("sag").records, [1, 4, 5]);
}

#[test]
fn an_unreadable_file_harms_only_what_it_was_to_feed() {
    let sager = "Sagsnummer;Sagsstatus\nS1;Åben\n";
    let alone = read_all("broken", &[("a.csv", sager), ("b.xlsx", "PK\u{3}\u{4}garbage")]);
    assert_eq!(alone.codes(), ["file-unreadable"]);
    assert!(alone.incomplete().is_empty());
    let source = Source {
        name: "b".into(),
        files: "b*".into(),
        profile: alone.pack.profile("sager"),
        required: true,
        ..Source::default()
    };
    let options = IntakeOptions { sources: vec![source], ..IntakeOptions::default() };
    let claimed = read_with("broken2", &[("a.csv", sager), ("b.xlsx", "PK\u{3}\u{4}garbage")], &options);
    assert_eq!(claimed.codes(), ["file-unreadable"]);
    assert_eq!(claimed.incomplete(), ["sag"]);
}

#[test]
fn nothing_hostile_stops_the_reading() {
    let wild = "=cmd|'/c calc'!A1;\u{0};\u{202e}\n\"\n;;;;;\n\u{feff}Sagsnummer;Sagsstatus\n";
    let deep = "Sagsnummer;Sagsstatus\n".repeat(40);
    let wide = format!("Sagsnummer;Sagsstatus{}\nS1;Åben\n", ";x".repeat(70_000));
    let reading = read_all("hostile", &[("a.csv", wild), ("b.csv", &deep), ("c.csv", &wide)]);
    assert_eq!(reading.delivery.files.len(), 3);
}
