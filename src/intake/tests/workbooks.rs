//! Workbooks: titles, sheets, numbers that are days and persons.

use rust_xlsxwriter::{Workbook, Worksheet};

use super::*;

fn row(sheet: &mut Worksheet, row: u32, first: u16, cells: &[&str]) {
    for (column, text) in (first..).zip(cells) {
        match text.strip_prefix('#').and_then(|n| n.parse::<f64>().ok()) {
            Some(n) => sheet.write_number(row, column, n).map(|_| ()),
            None if text.is_empty() => Ok(()),
            None => sheet.write_string(row, column, *text).map(|_| ()),
        }
        .expect("a cell");
    }
}

fn read_book(name: &str, file: &str, make: impl FnOnce(&mut Workbook)) -> Reading {
    let folder = Folder::new(name, &[]);
    let mut book = Workbook::new();
    make(&mut book);
    book.save(folder.0.join(file)).expect("saved");
    let pack = pack();
    let delivery = read(&pack, &everything(&pack), &folder.0, &IntakeOptions::default());
    Reading { pack, delivery }
}

const HEADER: [&str; 4] = ["Sagsnummer", "CPR-nr.", "Sagsstatus", "Oprettet"];

#[test]
fn numbers_are_days_and_persons_where_the_column_says_so() {
    let reading = read_book("book", "sager.xlsx", |book| {
        let sheet = book.add_worksheet();
        row(sheet, 1, 2, &["Sager. Udtrukket den 31-10-2026"]);
        row(sheet, 3, 2, &HEADER);
        row(sheet, 4, 2, &["#2024001", "#712031234", "Åben", "#45322"]);
        row(sheet, 6, 2, &["S2", "", "Lukket", "#2958465"]);
    });
    assert_eq!(reading.codes(), Vec::<&str>::new());
    assert_eq!(reading.column("sag", "sagsnr"), [text("2024001"), text("S2")]);
    assert_eq!(reading.column("sag", "cpr"), [text("0712031234"), Cell::Empty]);
    assert_eq!(reading.column("sag", "oprettet"), [day("2024-01-31"), Cell::Empty]);
    let table = reading.table("sag");
    assert_eq!(table.places, [(5, 5), (7, 7)]);
    assert_eq!(table.chunks[0].sheet_columns[1], Some(2), "counted from sheet column A");
    let sheet = reading.sheet(0);
    assert_eq!(sheet.header_row, Some(4));
    assert_eq!(sheet.skipped, BTreeMap::from([(Skip::Blank, 1)]));
    assert_eq!(sheet.repairs, BTreeMap::from([(Repair::CprZero, 1), (Repair::SerialDate, 1), (Repair::OpenEnd, 1)]));
    assert_eq!(reading.delivery.extract_date.oldest, Date::from_ymd(2026, 10, 31));
}

#[test]
fn every_visible_sheet_is_read_and_told_apart() {
    let reading = read_book("sheets", "sager.xlsx", |book| {
        for (name, id) in [("Nord", "N1"), ("Syd", "S1"), ("Skjult", "X1")] {
            let sheet = book.add_worksheet().set_name(name).expect("name");
            row(sheet, 0, 0, &HEADER);
            row(sheet, 1, 0, &[id, "", "Åben", ""]);
            sheet.set_hidden(name == "Skjult");
        }
        row(book.add_worksheet().set_name("Noter").expect("name"), 0, 0, &["Husk at ringe"]);
        book.add_worksheet().set_name("Ark5").expect("name");
    });
    assert_eq!(reading.column("sag", "sagsnr"), [text("N1"), text("S1")]);
    let noter = Place { file: "sager.xlsx".into(), sheet: Some("Noter".into()) };
    assert_eq!(reading.delivery.problems, [Problem::Unmapped { place: noter }]);
    let sheets = &reading.delivery.files[0].sheets;
    assert_eq!(sheets.iter().map(|s| s.hidden).collect::<Vec<_>>(), [false, false, true, false, false]);
    let chunks: Vec<_> = reading.table("sag").chunks.iter().map(|c| (c.file, c.sheet, c.first, c.rows)).collect();
    assert_eq!(chunks, [(0, 0, 0, 1), (0, 1, 1, 1)]);
    assert!(reading.incomplete().is_empty(), "a spare sheet of a new workbook means nothing");
}

#[test]
fn a_sheet_that_lost_its_rows() {
    let reading = read_book("lost", "sager.xlsx", |book| {
        let sheet = book.add_worksheet().set_name("Nord").expect("name");
        row(sheet, 0, 0, &HEADER);
        row(sheet, 1, 0, &["N1", "", "Åben", ""]);
        book.add_worksheet().set_name("Syd").expect("name");
        row(book.add_worksheet().set_name("Vest").expect("name"), 0, 0, &HEADER);
    });
    let place = |sheet: &str| Place { file: "sager.xlsx".into(), sheet: Some(sheet.into()) };
    let empty = |sheet: &str| Problem::SheetEmpty { place: place(sheet) };
    assert_eq!(reading.delivery.problems, [empty("Syd"), empty("Vest")]);
    assert_eq!(reading.table("sag").incomplete, [place("Syd"), place("Vest")]);
}

#[test]
fn a_cell_beside_the_table_refuses_its_row() {
    let reading = read_book("beside", "sager.xlsx", |book| {
        let sheet = book.add_worksheet();
        row(sheet, 0, 0, &HEADER);
        row(sheet, 1, 0, &["S1", "", "Åben", ""]);
        row(sheet, 2, 0, &["S2", "", "", "Åben", "x"]);
        row(sheet, 3, 0, &["S3"]);
    });
    assert_eq!(reading.column("sag", "sagsnr"), [text("S1"), text("S3")], "a workbook leaves empty ends out");
    assert_eq!(reading.table("sag").refused, 1);
}

#[test]
fn amounts_of_a_workbook_are_what_it_shows() {
    let reading = read_book("amounts", "p.xlsx", |book| {
        let sheet = book.add_worksheet();
        row(sheet, 0, 0, &["Bilag", "Beløb"]);
        sheet.write_string(1, 0, "B1").expect("cell");
        sheet.write_number(1, 1, 0.1 + 0.2).expect("cell");
        row(sheet, 2, 0, &["B2", "#-1250.5"]);
        row(sheet, 3, 0, &["I alt", "#-1250.2"]);
    });
    assert_eq!(reading.codes(), Vec::<&str>::new(), "no line end and no cut in a workbook");
    assert_eq!(reading.column("post", "beløb"), [money("0.3"), money("-1250.5")]);
    assert_eq!(reading.sheet(0).totals, [("Beløb".into(), "-1250.2".into(), "-1250.2".into(), true)]);
}
