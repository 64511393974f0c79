//! Which profile, which header row, which files.

use super::*;

const GOOD: &str = "Sagsnummer;Sagsstatus;Oprettet\nS1;Åben;01-02-2024\n";

#[test]
fn the_header_is_found_below_titles_and_may_be_written_otherwise() {
    let sheet = "Sagsliste;;\n\nUdtrukket den 31-10-2026;;\nSAGS-NUMMER;sagsstatus_;Sagsnummer\nS1;Åben;S9\n";
    let reading = read_all("title", &[("liste.csv", sheet)]);
    assert_eq!(reading.column("sag", "sagsnr"), [text("S1")], "of two equal headers the first is meant");
    assert_eq!(reading.sheet(0).header_row, Some(4));
    assert!(reading.sheet(0).headers[2].feeds.is_empty());
    assert_eq!(reading.delivery.extract_date.newest, Date::from_ymd(2026, 10, 31));
}

#[test]
fn the_day_in_the_name_comes_before_the_day_in_the_title() {
    let reading = read_all("day", &[("liste_2026-09-30.csv", &format!("Udtrukket den 31-10-2026;;\n{GOOD}"))]);
    assert_eq!(reading.delivery.extract_date.oldest, Date::from_ymd(2026, 9, 30));
}

#[test]
fn files_that_disagree_on_the_day_are_both_told() {
    let other = "Bilag;Beløb\nB1;1,00\nI alt;1,00\n";
    let reading = read_all("days", &[("a_20260930.csv", GOOD), ("b_31-10-2026.csv", other), ("c_01-01-2020.csv", "x;y\n1;2\n")]);
    let ExtractDate { oldest, newest } = reading.delivery.extract_date;
    assert_eq!((oldest, newest), (Date::from_ymd(2026, 9, 30), Date::from_ymd(2026, 10, 31)));
    assert_eq!(reading.codes(), ["unmapped"]);
}

#[test]
fn a_layout_without_its_signature_needs_the_config() {
    let sheet = "Sagsnummer;CPR-nr.;Oprettet\nS1;071203-1234;01-02-2024\n";
    let alone = read_all("unsigned", &[("sager.csv", sheet)]);
    assert_eq!(alone.codes(), ["unmapped"]);
    assert!(alone.delivery.tables.is_empty());
    let profile = alone.pack.profile("sager");
    let source = Source { name: "sager".into(), files: "SAGER*.csv".into(), profile, required: true, ..Source::default() };
    let options = IntakeOptions { sources: vec![source], ..IntakeOptions::default() };
    let told = read_with("unsigned2", &[("sager.csv", sheet)], &options);
    assert_eq!(told.column("sag", "sagsnr"), [text("S1")]);
    assert_eq!(told.column("sag", "status"), [NOT_DELIVERED]);
    assert!(told.incomplete().is_empty(), "the rows are all there");
}

#[test]
fn the_config_names_headers_and_the_header_row() {
    let sheet = "Sagsnummer;Sagsstatus;Oprettet\nNummer;Stand;Lavet\nS1;Åben;01-02-2024\n";
    let pack = pack();
    let sag = pack.dataset("sag").expect("sag");
    let own = |column: &str, header: &str| (sag, pack.get(sag).column(column).expect(column), header.to_owned());
    let source = Source {
        name: "sager".into(),
        files: "*.csv".into(),
        profile: pack.profile("sager"),
        header_row: Some(2),
        columns: vec![own("sagsnr", "Nummer"), own("status", "Stand"), own("oprettet", "Lavet")],
        ..Source::default()
    };
    let reading = read_with("config", &[("x.csv", sheet)], &IntakeOptions { sources: vec![source], ..IntakeOptions::default() });
    assert_eq!(reading.column("sag", "sagsnr"), [text("S1")]);
    assert_eq!(reading.column("sag", "status"), [text("åben")]);
    assert_eq!(reading.column("sag", "oprettet"), [day("2024-02-01")]);
}

#[test]
fn a_required_source_that_is_not_there() {
    let pack = pack();
    let source = |name: &str, profile: &str, required| Source {
        name: name.into(),
        files: format!("{name}*.csv"),
        profile: pack.profile(profile),
        required,
        ..Source::default()
    };
    let options = IntakeOptions {
        sources: vec![source("sager", "sager", true), source("gamle", "sager", true), source("poster", "poster", true)],
        ..IntakeOptions::default()
    };
    let reading = read_with("missing", &[("sager.csv", GOOD)], &options);
    assert_eq!(reading.codes(), ["source-missing", "source-missing"]);
    assert_eq!(reading.incomplete(), ["sag"], "half of the cases are missing");
    assert_eq!(reading.table("sag").incomplete, [Place::file("gamle*.csv")]);
    assert!(reading.try_table("post").is_none(), "nobody delivered postings");
}

#[test]
fn two_profiles_that_fit_alike_are_told() {
    let mut pack = pack();
    let mut twin = pack.profiles[0].clone();
    twin.name = "tvilling".into();
    pack.profiles.push(twin);
    let first = pack.profiles[0].clone();
    let folder = Folder::new("twins", &[("a.csv", &first_header(&first))]);
    let delivery = read(&pack, &everything(&pack), &folder.0, &IntakeOptions::default());
    let told = Problem::ProfileUnclear { place: Place::file("a.csv"), first: first.name, second: "tvilling".into() };
    assert_eq!(delivery.problems.first(), Some(&told));
}

/// A sheet that bears a profile's signature and one row.
fn first_header(profile: &crate::model::Profile) -> String {
    let headers: Vec<&str> = profile.signature.iter().map(|s| s[0].as_str()).collect();
    format!("{}\n{}\n", headers.join(";"), vec!["1"; headers.len()].join(";"))
}
