//! What feeds make of good files.

use super::*;

const SAGER: &str = "Dato;Sagsnummer;CPR-nr.;Navn;Sagsstatus;Oprettet;Ekstra\r\n\
    31-10-2026;S1;071203-1234;Ea;Aktiv;01-02-2024;x\r\n\
    31-10-2026;S2;712031234;Ea;Lukket;02.02.2024;\r\n\
    31-10-2026;S3;150312-4321;Bo;-;31-12-9999;\r\n";

#[test]
fn one_sheet_feeds_two_datasets() {
    let reading = read_all("two", &[("sager.csv", SAGER)]);
    assert_eq!(reading.codes(), Vec::<&str>::new());
    assert_eq!(reading.column("sag", "cpr"), [text("0712031234"), text("0712031234"), text("1503124321")]);
    assert_eq!(reading.column("sag", "status"), [text("åben"), text("lukket"), Cell::Empty]);
    assert_eq!(reading.column("sag", "oprettet"), [day("2024-02-01"), day("2024-02-02"), Cell::Empty]);
    assert_eq!(reading.column("sag", "afsluttet"), vec![NOT_DELIVERED; 3]);
    assert_eq!(reading.column("person", "navn"), [text("Ea"), text("Bo")], "a person of two cases is one person");
    let sheet = reading.sheet(0);
    assert_eq!(sheet.records, 3);
    assert_eq!(sheet.header_row, Some(1));
    assert_eq!(sheet.skipped, BTreeMap::new());
    assert_eq!((sheet.cpr_read, sheet.cpr_modulus_failed), (3, 3), "each cell is read once, whatever it feeds");
    let repairs = [(Repair::CprZero, 1), (Repair::OpenEnd, 1), (Repair::Placeholder, 1), (Repair::CodeSpelling, 1)];
    assert_eq!(sheet.repairs, BTreeMap::from(repairs));
    let unmapped: Vec<&str> = sheet.headers.iter().filter(|h| h.feeds.is_empty()).map(|h| &*h.text).collect();
    assert_eq!(unmapped, ["Ekstra"]);
    assert_eq!(sheet.headers[6].filled, 1);
    assert_eq!(reading.delivery.extract_date.oldest, Date::from_ymd(2026, 10, 31));
}

#[test]
fn rows_remember_where_they_stand() {
    let reading = read_all("stand", &[("sager.csv", &SAGER.replace("31-10-2026;S2", "\r\n31-10-2026;\"S\n2\""))]);
    let table = reading.table("sag");
    assert_eq!(table.records, [1, 2, 3]);
    assert_eq!(table.places, [(2, 2), (4, 4), (5, 6)]);
    assert_eq!(table.chunks.len(), 1);
    assert_eq!(table.chunks[0].sheet_columns, [Some(0), Some(1), Some(2), Some(4), Some(5), None]);
    assert_eq!(table.chunks[0].delivered, [true, true, true, true, true, false]);
    assert_eq!(reading.sheet(0).skipped, BTreeMap::from([(Skip::Blank, 1)]));
}

#[test]
fn a_column_nobody_wants_is_counted_and_not_held() {
    let folder = Folder::new("unwanted", &[("sager.csv", &SAGER.replace("01-02-2024", "xx"))]);
    let pack = pack();
    let sag = pack.dataset("sag").expect("sag");
    let oprettet = pack.get(sag).column("oprettet").expect("column");
    let mut plan = everything(&pack);
    plan.columns.remove(&(sag, oprettet));
    let delivery = read(&pack, &plan, &folder.0, &IntakeOptions::default());
    let table = delivery.tables.iter().find(|t| t.dataset == sag).expect("table");
    assert_eq!(table.columns[oprettet.index()].get(1), NOT_DELIVERED, "never empty");
    assert!(table.chunks[0].delivered[oprettet.index()]);
    assert_eq!(delivery.files[0].sheets[0].headers[5].malformed, 1);
    let bare = read(&pack, &LoadPlan::default(), &folder.0, &IntakeOptions::default());
    let table = bare.tables.iter().find(|t| t.dataset == sag).expect("table");
    let held = |name: &str| table.columns[pack.get(sag).column(name).expect("column").index()].get(0);
    assert_eq!(held("sagsnr"), text("S1"), "keys are always held");
    assert_eq!(held("cpr"), text("0712031234"), "and so are links");
    assert_eq!(held("status"), NOT_DELIVERED);
}

#[test]
fn one_number_means_what_its_code_says() {
    let reading = read_all(
        "only",
        &[(
            "poster.csv",
            "Bilag;Beløb;Modtagernr.;Kode\nB1;1.250,00-;0712031234;02\nB2;10,50;12345678;03\nB3;0,00;;\nI alt;-1.239,50;;\n",
        )],
    );
    assert_eq!(reading.codes(), Vec::<&str>::new());
    assert_eq!(reading.column("post", "beløb"), [money("-1250"), money("10.5"), money("0")]);
    assert_eq!(reading.column("post", "modtager"), [text("0712031234"), Cell::Empty, Cell::Empty]);
    assert_eq!(reading.column("post", "firma"), [Cell::Empty, text("12345678"), Cell::Empty]);
    assert_eq!(reading.column("post", "art"), [text("drift"), text("drift"), text("drift")]);
    let sheet = reading.sheet(0);
    assert_eq!(sheet.totals, [("Beløb".into(), "-1239.50".into(), "-1239.50".into(), true)]);
    assert_eq!(sheet.skipped, BTreeMap::from([(Skip::Total, 1)]));
    assert!(sheet.headers.iter().all(|h| !h.feeds.is_empty()), "the code is used too");
}

#[test]
fn the_code_column_gone_nobody_knows_whose_number_it_is() {
    let reading = read_all("code", &[("poster.csv", "Bilag;Beløb;Modtagernr.\nB1;1,00;0712031234\nI alt;1,00;\n")]);
    assert_eq!(reading.column("post", "modtager"), [NOT_DELIVERED]);
}

#[test]
fn months_unfold_to_rows() {
    let months = "Januar;Februar;Marts;April;Maj;Juni;Juli;August;September;Oktober;November;December";
    let sheet = format!("Barnets CPR;Timer/uge;{months}\n071203-1234;15,5;100,00;;-;0,00;x;;;;;;;200,00\n");
    let reading = read_all("unfold", &[("timer 2025.csv", &sheet)]);
    let months = ["2025-01-01", "2025-04-01", "2025-05-01", "2025-12-01"].map(day);
    assert_eq!(reading.column("md", "måned"), months);
    assert_eq!(reading.column("md", "ydelse"), [money("100"), money("0"), UNREADABLE, money("200")]);
    assert_eq!(reading.column("md", "timer").len(), 4);
    let table = reading.table("md");
    assert_eq!(table.unfolded, [1, 4, 5, 12]);
    assert_eq!(table.records, [1, 1, 1, 1]);
    let columns = table.chunks[0].month_columns.as_ref().expect("months");
    assert_eq!(columns.len(), 1);
    assert_eq!(columns[0].1, std::array::from_fn(|i| Some(i as u16 + 2)));
    assert_eq!(reading.codes(), ["column-malformed"], "one cell of one in May");
}

#[test]
fn a_year_that_is_nowhere_makes_the_months_unknown() {
    let sheet = "Barnets CPR;Januar\n071203-1234;100,00\n";
    let reading = read_all("noyear", &[("timer.csv", sheet)]);
    assert_eq!(reading.column("md", "måned"), [UNREADABLE]);
    assert_eq!(reading.incomplete(), ["md"]);
}

#[test]
fn the_dot_is_settled_by_the_whole_column() {
    let file = |rows: &str| format!("Bilag;Beløb\n{rows}I alt;\n");
    let thousands = read_all("dot1", &[("p.csv", &file("B1;1.000\nB2;2.500,00\n"))]);
    assert_eq!(thousands.column("post", "beløb"), [money("1000"), money("2500")]);
    let decimals = read_all("dot2", &[("p.csv", &file("B1;1000.5\nB2;2500.00\n"))]);
    assert_eq!(decimals.column("post", "beløb"), [money("1000.5"), money("2500")]);
    let either = read_all("dot3", &[("p.csv", &file("B1;1.000\nB2;500\n"))]);
    assert_eq!(either.column("post", "beløb"), [UNREADABLE, UNREADABLE], "half of the column cannot be read");
    assert_eq!(either.codes(), ["column-malformed"]);
}

#[test]
fn a_total_is_summed_under_the_same_dot() {
    let reading = read_all("dottotal", &[("p.csv", "Bilag;Beløb\nB1;1.000\nB2;2.500,25\nI alt;3.500,25\n")]);
    assert_eq!(reading.sheet(0).totals, [("Beløb".into(), "3500.25".into(), "3500.25".into(), true)]);
}
