//! Workbooks, made here: Q1, Q5, Q6, Q10, Q17 to Q19, Q22.

use rust_xlsxwriter::{Format, Formula, Workbook};

use super::harness::{Read, folder, read};
use super::workbooks::patched;

const HEADERS: [&str; 5] = ["Sagsnummer", "CPR-nr.", "Sag status", "Oprettet", "Sagstype"];

/// Writes a workbook and reads it.
fn book(name: &str, fill: impl FnOnce(&mut Workbook)) -> Read {
    let mut book = Workbook::new();
    fill(&mut book);
    let path = folder(name).join("bog.xlsx");
    book.save(&path).expect("a workbook");
    read(&path)
}

#[test]
fn q01_q05_q22_numbers_where_texts_and_days_should_be() {
    let read = book("numbers", |book| {
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, HEADERS).expect("headers");
        for row in 1..=5_u32 {
            sheet.write(row, 0, 20_260_000 + row).expect("a number");
            sheet.write(row, 1, 712_031_234).expect("a number");
            sheet.write(row, 2, "Åben").expect("a text");
            sheet.write(row, 3, 46_053).expect("a number");
        }
        sheet.write(5, 0, 1_234_567_890_123_456_789_f64).expect("a number");
    });
    let rows = read.rows("sag", &["sagsnr", "cpr", "oprettet"]);
    assert_eq!(rows[0], "20260001 | 0712031234 | 31-01-2026");
    assert_eq!(rows[4], "(kan ikke læses) | 0712031234 | 31-01-2026", "more than 15 digits");
    read.says(&["5 CPR med tabt nul", "5 serietal læst som dato", "«Sagsnummer» (sagsnr): 1 af 5"]);
}

#[test]
fn q06_a_workbook_that_counts_from_1904() {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd-mm-yyyy");
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, HEADERS).expect("headers");
    // 31 January 2026 is day 46,053 from 1900 and day 44,591 from 1904.
    sheet.write_row(1, 0, ["S1", "", "Åben"]).expect("a row");
    sheet.write_with_format(1, 3, 44_591, &day).expect("a day");
    sheet.write_row(2, 0, ["S2", "", "Åben"]).expect("a row");
    sheet.write(2, 3, 44_591).expect("a number without date format");
    let bytes = book.save_to_buffer().expect("a workbook");
    let moved = patched(&bytes, "xl/workbook.xml", "<workbookPr ", "<workbookPr date1904=\"1\" ");
    let path = folder("q06").join("1904.xlsx");
    std::fs::write(&path, moved).expect("a file");
    let read = read(&path);
    assert_eq!(read.column("sag", "oprettet"), ["31-01-2026", "31-01-2026"]);
    read.says(&["1 serietal læst som dato"]);
}

#[test]
fn q10_a_merged_header() {
    let read = book("merged", |book| {
        let sheet = book.add_worksheet();
        let plain = Format::new();
        sheet.write(0, 0, "Ydelser").expect("a title");
        sheet.merge_range(2, 2, 2, 3, "Ydelse", &plain).expect("merged");
        sheet.write(2, 4, "Øvrigt").expect("a text");
        let below = ["Ydelses-ID", "Sagsnummer", "startdato", "slutdato", "Ydelsestype", "Afgørelsesparagraf", "Status"];
        sheet.write_row(3, 0, below).expect("headers");
        sheet.write_row(4, 0, ["Y1", "S1", "01-02-2026", "", "Kontaktperson", "BL § 32", "Godkendt"]).expect("a row");
    });
    assert_eq!(read.rows("bevilling", &["ydelse_id", "start", "slut", "ydelsestype"]), ["Y1 | 01-02-2026 | tom | Kontaktperson"]);
    assert_eq!(read.problems(), Vec::<String>::new());
}

#[test]
fn q17_error_cells() {
    let read = book("errors", |book| {
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, HEADERS).expect("headers");
        for row in 1..=6_u32 {
            sheet
                .write_row(row, 0, [format!("S{row}"), String::new(), "Åben".into(), "02-01-2026".into(), "Børnesag".into()])
                .expect("a row");
        }
        sheet.write_formula(1, 4, Formula::new("=NA()").set_result("#N/A")).expect("an error");
    });
    assert_eq!(read.column("sag", "sagstype")[..2], ["(kan ikke læses)", "Børnesag"]);
    read.says(&["«Sagstype» (sagstype): 1 af 6"]);
}

#[test]
fn q18_a_formula_counts_as_the_value_that_was_saved_with_it() {
    let read = book("formulas", |book| {
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, HEADERS).expect("headers");
        sheet.write_row(1, 0, ["S1", "", "Åben", "02-01-2026"]).expect("a row");
        sheet.write_formula(1, 4, Formula::new("=\"Børne\"&\"sag\"").set_result("Børnesag")).expect("a formula");
    });
    assert_eq!(read.column("sag", "sagstype"), ["Børnesag"]);
}

#[test]
fn q18_a_formula_without_a_value_is_unknown_and_told() {
    let fill = |sheet: &mut rust_xlsxwriter::Worksheet| {
        sheet.write_row(0, 0, HEADERS).expect("headers");
        for row in 1..=6_u32 {
            sheet.write_row(row, 0, [format!("S{row}"), String::new(), "Åben".into(), "02-01-2026".into()]).expect("a row");
            sheet.write_formula(row, 4, Formula::new("=\"Børne\"&\"sag\"").set_result("Børnesag")).expect("a formula");
        }
    };
    let told = |name: &str, from: &str, to: &str| {
        let mut book = Workbook::new();
        fill(book.add_worksheet());
        let bytes = patched(&book.save_to_buffer().expect("a workbook"), "xl/worksheets/sheet1.xml", from, to);
        let path = folder(name).join("bog.xlsx");
        std::fs::write(&path, bytes).expect("a file");
        let read = read(&path);
        (read.column("sag", "sagstype").swap_remove(0), read.problems())
    };
    let warning = "bog.xlsx [Sheet1]: 1 formler er gemt uden værdi; cellerne regnes som ulæselige".to_owned();
    let without = ("(kan ikke læses)".to_owned(), vec![warning]);
    assert_eq!(told("q18none", " t=\"str\"><f>\"Børne\"&amp;\"sag\"</f><v>Børnesag</v>", "><f>A1</f>"), without);
    assert_eq!(told("q18empty", " t=\"str\"><f>\"Børne\"&amp;\"sag\"</f><v>Børnesag</v>", "><f>A1</f><v></v>"), without);
    // The writer says that all is to be worked out on loading, and writes 0 where it knows no result.
    assert_eq!(told("q18zero", " t=\"str\"><f>\"Børne\"&amp;\"sag\"</f><v>Børnesag</v>", "><f>A1</f><v>0</v>"), without);
    assert_eq!(told("q18text", "<v>Børnesag</v>", "<v></v>"), ("tom".to_owned(), Vec::new()), "an empty text is a value");
}

#[test]
fn q18_a_formula_of_an_ods_without_a_value() {
    let cell = |text: &str| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>");
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let header = row(&HEADERS.map(cell));
    let formula = |more: &str| format!("<table:table-cell table:formula=\"of:=[.A1]\" {more}/>");
    let of_case = |id: &str, last: String| row(&[cell(id), cell(""), cell("Åben"), cell("02-01-2026"), last]);
    let rest: String = (3..9).map(|n| of_case(&format!("S{n}"), cell("Børnesag"))).collect();
    let valued = formula("office:value-type=\"string\" office:string-value=\"Børnesag\"");
    let rows = [header, of_case("S1", formula("")), of_case("S2", valued), rest].concat();
    let path = folder("q18ods").join("bog.ods");
    std::fs::write(&path, super::workbooks::ods(&rows)).expect("a file");
    let read = read(&path);
    assert_eq!(read.column("sag", "sagstype")[..2], ["(kan ikke læses)", "Børnesag"]);
    assert_eq!(read.problems(), ["bog.ods [Ark]: 1 formler er gemt uden værdi; cellerne regnes som ulæselige"]);
}

#[test]
fn q19_hidden_rows_and_columns_are_read_and_told() {
    let read = book("hiddenrows", |book| {
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, HEADERS).expect("headers");
        for row in 1..=4_u32 {
            let cells = [format!("S{row}"), String::new(), "Åben".into(), "02-01-2026".into(), "Børnesag".into()];
            sheet.write_row(row, 0, cells).expect("a row");
        }
        sheet.set_row_hidden(2).expect("hidden").set_row_hidden(3).expect("hidden").set_row_hidden(900).expect("hidden");
        sheet.set_column_hidden(3).expect("hidden").set_column_hidden(70).expect("hidden");
    });
    assert_eq!(read.column("sag", "sagsnr"), ["S1", "S2", "S3", "S4"]);
    assert_eq!(read.problems(), Vec::<String>::new());
    read.says(&["skjult 2 rækker, «Oprettet» (læst alligevel)"]);
}

#[test]
fn q19_hidden_sheets_and_a_sheet_a_year() {
    let read = book("sheets", |book| {
        for (name, parent) in [("2024", "1307851234"), ("2025", "2409831177"), ("Gammelt", "1805154321")] {
            let sheet = book.add_worksheet().set_name(name).expect("a name");
            let mut headers = vec!["Forælder CPR", "Barnets CPR", "Timer/uge", "Januar"];
            headers.push("December");
            sheet.write_row(0, 0, headers).expect("headers");
            sheet.write_row(1, 0, [parent, "0511124327", "20", "1.000,00", "2.000,00"]).expect("a row");
            sheet.set_hidden(name == "Gammelt");
        }
    });
    let wanted = ["1307851234 | 01-01-2024", "1307851234 | 01-12-2024", "2409831177 | 01-01-2025", "2409831177 | 01-12-2025"];
    assert_eq!(read.rows("taf_måned", &["forælder_cpr", "måned"]), wanted);
    read.says(&["ark Gammelt: 0 rækker, skjult: ikke brugt"]);
}
