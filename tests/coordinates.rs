//! Where things stand: sheet row, line and column of rows and cells, each counted by hand.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

mod workbooks;

use std::fs;
use std::path::PathBuf;

use rust_xlsxwriter::Workbook;
use sagstjek::export::{Export, ExportOptions, Format, RawCell, RowPlace, SheetInfo, SheetState};
use sagstjek::problem::{CutSign, Problem};

fn write(name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("coordinates");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn open(path: &std::path::Path) -> Export {
    Export::open(path, "file".into(), &ExportOptions::default()).unwrap()
}

/// Sheet row, line and the cells as words.
type Seen = (u32, u32, Vec<String>);

fn word(cell: RawCell<'_>) -> String {
    match cell {
        RawCell::Empty => String::new(),
        RawCell::Text(text) => text.to_owned(),
        other => format!("{other:?}"),
    }
}

fn rows(export: &Export) -> Vec<Seen> {
    let mut seen = Vec::new();
    for block in export.blocks(0).unwrap() {
        for row in block.unwrap().rows() {
            let RowPlace { sheet_row, line, first_column } = row.place();
            assert_eq!(first_column, 0);
            seen.push((sheet_row, line, (0..row.len()).map(|i| word(row.cell(i))).collect()));
        }
    }
    seen
}

fn csv(name: &str, bytes: impl AsRef<[u8]>) -> Vec<Seen> {
    rows(&open(&write(name, bytes)))
}

fn seen(sheet_row: u32, line: u32, cells: &[&str]) -> Seen {
    (sheet_row, line, cells.iter().map(|&cell| cell.to_owned()).collect())
}

#[test]
fn a_quoted_line_break_stays_inside_its_row() {
    let found = csv("quoted.csv", "nr;note\n1;\"første\nanden\r\ntredje\"\n2;\"sagde \"\"ja\"\"\"\n");
    let note = "første\nanden\r\ntredje";
    assert_eq!(found, [seen(1, 1, &["nr", "note"]), seen(2, 2, &["1", note]), seen(3, 5, &["2", "sagde \"ja\""])]);
}

#[test]
fn blank_lines_are_rows_that_are_not_handed_out() {
    let export = open(&write("blank.csv", "\r\n\r\na;b\r\n\r\n1;2\r\n;\r\n3;4\r\n\r\n"));
    let mut blocks = export.blocks(0).unwrap();
    let found: Vec<_> = blocks.by_ref().flat_map(|b| b.unwrap().rows().map(|r| r.place()).collect::<Vec<_>>()).collect();
    let place = |n| RowPlace { sheet_row: n, line: n, first_column: 0 };
    assert_eq!(found, [place(3), place(5), place(7)]);
    assert_eq!(blocks.blank_rows(), 5);
    assert_eq!((blocks.cut(), blocks.open_last_line()), (None, None));
}

#[test]
fn every_line_end_counts_the_same() {
    let expected = [seen(1, 1, &["a", "b"]), seen(3, 3, &["1", "2"]), seen(4, 4, &["3", "4"])];
    assert_eq!(csv("lf.csv", "a;b\n\n1;2\n3;4\n"), expected);
    assert_eq!(csv("crlf.csv", "a;b\r\n\r\n1;2\r\n3;4\r\n"), expected);
    assert_eq!(csv("cr.csv", "a;b\r\r1;2\r3;4\r"), expected);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_cell() {
    let export = open(&write("bom.csv", "\u{feff}\"æ\";b\n1;2\n"));
    assert_eq!(rows(&export), [seen(1, 1, &["æ", "b"]), seen(2, 2, &["1", "2"])]);
    assert!(export.dialect().unwrap().bom);
    assert_eq!(export.dialect().unwrap().encoding, "UTF-8");
}

#[test]
fn the_separator_line_is_a_line_but_no_row() {
    let export = open(&write("sep.csv", "sep=,\r\na,b;c\r\n1,2;3\r\n"));
    assert_eq!(export.dialect().unwrap().grammar.unwrap().separator, b','.into());
    assert_eq!(rows(&export), [seen(1, 2, &["a", "b;c"]), seen(2, 3, &["1", "2;3"])]);
    assert_eq!(export.reread(0, &[2, 3]).unwrap(), [Some(vec!["1".into(), "2;3".into()]), None]);
}

#[test]
fn windows_1252_and_utf16_are_read_with_their_rows_and_lines() {
    let ansi = open(&write("ansi.csv", b"k\xF8n;\x80\r\n\"a\r\nb\";\xE6\r\nc;\xE5\r\n"));
    let expected = [seen(1, 1, &["køn", "€"]), seen(2, 2, &["a\r\nb", "æ"]), seen(3, 4, &["c", "å"])];
    assert_eq!(rows(&ansi), expected);
    assert_eq!(ansi.dialect().unwrap().encoding, "windows-1252");

    let text = "\u{feff}køn\t€\r\n\"a\r\nb\"\tæ\r\nc\tå\r\n";
    for (name, big) in [("le.txt", false), ("be.txt", true)] {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
        let export = open(&write(name, bytes));
        assert_eq!(rows(&export), expected);
        assert_eq!(export.dialect().unwrap().encoding, if big { "UTF-16BE" } else { "UTF-16LE" });
        assert_eq!(export.reread(0, &[1, 3]).unwrap()[1], Some(vec!["c".to_owned(), "å".to_owned()]));
    }
}

#[test]
fn a_stray_quote_is_text() {
    let found = csv("stray.csv", "a;b;c\n5\" rør;\"x\" y \"z\";\" \"\n");
    assert_eq!(found[1], seen(2, 2, &["5\" rør", "x y \"z\"", " "]));
}

#[test]
fn nul_and_undecodable_bytes_are_counted() {
    let export = open(&write("dirty.csv", b"\xEF\xBB\xBFa;b\n\xE6;2\0\n\xFF\xFF;4\n"));
    assert_eq!((export.dialect().unwrap().undecodable, export.dialect().unwrap().nuls), (3, 1));
    assert_eq!(rows(&export)[1], seen(2, 2, &["\u{fffd}", "2\0"]));
}

fn ending(name: &str, bytes: impl AsRef<[u8]>) -> (usize, Option<(CutSign, u32)>, Option<u32>) {
    let export = open(&write(name, bytes));
    let mut blocks = export.blocks(0).unwrap();
    let count = blocks.by_ref().map(|block| block.unwrap().row_count()).sum();
    (count, blocks.cut(), blocks.open_last_line())
}

#[test]
fn a_file_that_was_cut_off_says_where() {
    assert_eq!(ending("whole.csv", "a;b\n1;2\n3;4\n"), (3, None, None));
    assert_eq!(ending("no_line_end.csv", "a;b\n1;2\n\"3\n\";4"), (3, None, Some(3)));
    assert_eq!(ending("short.csv", "a;b;c\n1;2;3\n\n4;5"), (3, Some((CutSign::ShortRecord, 4)), Some(4)));
    assert_eq!(ending("titled.csv", "Udtrukket\n\na;b;c\n1;2;3\n1;2;3\n4;5"), (5, Some((CutSign::ShortRecord, 6)), Some(6)));
    assert_eq!(ending("empty_end.csv", "a;b;c\n1;2;3\n;"), (3, Some((CutSign::ShortRecord, 3)), Some(3)));
    // The quote opens on line 4; what it swallowed is not handed out.
    assert_eq!(ending("open.csv", "a;b\n1;2\n\"x\ny\";\"z\n5;6\n7;8\n"), (2, Some((CutSign::OpenQuote, 4)), None));
    assert_eq!(ending("control_z.csv", "a;b\r\n1;2\r\n\x1a"), (2, None, None));
}

#[test]
fn places_and_rereading_hold_across_blocks() {
    // 60,000 rows of 41 bytes are well over two blocks; every seventh row holds a line break.
    let mut text = String::from("nr;tekst\n");
    let mut expected = vec![(1, 1)];
    let mut line = 2;
    for n in 2..60_002_u32 {
        expected.push((n, line));
        let breaks = n % 7 == 0;
        text += &format!("{n};\"{}tekst på række {n:08} uden ende\"\n", if breaks { "\n" } else { " " });
        line += if breaks { 2 } else { 1 };
    }
    let export = open(&write("long.csv", &text));
    let before = export.reread(0, &[2, 60_001]).unwrap();
    let mut blocks = 0;
    let mut found = Vec::new();
    for block in export.blocks(0).unwrap() {
        blocks += 1;
        found.extend(block.unwrap().rows().map(|row| (row.place().sheet_row, row.place().line)));
    }
    assert!(blocks >= 3, "{blocks}");
    assert_eq!(found, expected);

    let rows = [1, 2, 14, 30_000, 59_999, 60_001, 60_002];
    let texts = export.reread(0, &rows).unwrap();
    assert_eq!(texts[0], Some(vec!["nr".into(), "tekst".into()]));
    assert_eq!(texts[2], Some(vec!["14".into(), "\ntekst på række 00000014 uden ende".into()]));
    assert_eq!(texts[3], Some(vec!["30000".into(), " tekst på række 00030000 uden ende".into()]));
    assert_eq!(texts[5], Some(vec!["60001".into(), " tekst på række 00060001 uden ende".into()]));
    assert_eq!(texts[6], None);
    assert_eq!(before, [texts[1].clone(), texts[5].clone()]);
}

#[test]
fn a_file_that_changed_is_not_reread() {
    let path = write("changed.csv", "a;b\n1;2\n");
    let export = open(&path);
    assert_eq!(export.reread(0, &[2]).unwrap(), [Some(vec!["1".into(), "2".into()])]);
    fs::write(&path, "a;b\n1;3\n").unwrap();
    assert!(matches!(export.reread(0, &[2]), Err(Problem::ChangedWhileRead { .. })));
}

#[test]
fn the_hash_is_that_of_the_bytes() {
    let export = open(&write("abc.csv", "abc"));
    assert_eq!(export.sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(export.size(), 3);
}

/// Rows of a workbook sheet: place and cells as words.
fn sheet_rows(export: &Export, sheet: usize) -> Vec<(RowPlace, Vec<String>)> {
    let mut seen = Vec::new();
    for block in export.blocks(sheet).unwrap() {
        for row in block.unwrap().rows() {
            seen.push((row.place(), (0..row.len()).map(|i| word(row.cell(i))).collect()));
        }
    }
    seen
}

#[test]
fn a_workbook_of_any_kind_keeps_its_rows_and_columns() {
    let kinds = [
        ("a.xlsx", workbooks::xlsx(), Format::Xlsx),
        ("a.xlsb", workbooks::xlsb(), Format::Xlsb),
        ("a.xls", workbooks::xls(4), Format::Xls),
        ("a.ods", workbooks::ods(&workbooks::ods_rows()), Format::Ods),
        // The name says nothing.
        ("xlsx.csv", workbooks::xlsx(), Format::Xlsx),
        ("xls.txt", workbooks::xls(4), Format::Xls),
    ];
    for (name, bytes, format) in kinds {
        let export = open(&write(name, bytes));
        assert_eq!(export.format(), format, "{name}");
        assert_eq!(export.sheets(), [SheetInfo { name: Some("Ark".into()), state: SheetState::Visible }], "{name}");
        let found = sheet_rows(&export, 0);
        assert_eq!(found.len(), 1, "{name}");
        // The fourth row; the third column is C.
        assert_eq!(found[0].0, RowPlace { sheet_row: 4, line: 4, first_column: 2 }, "{name}");
        assert_eq!(found[0].1[..2], ["Sag ø", "Number(1250.5)"], "{name}");
        if format == Format::Ods {
            assert_eq!(found[0].1[2], "Serial(45353.0)");
        }
        let texts = export.reread(0, &[3, 4]).unwrap();
        assert_eq!(texts[0], None, "{name}");
        assert_eq!(texts[1].as_ref().unwrap()[..4], ["", "", "Sag ø", "1250.5"], "{name}");
    }
}

#[test]
fn workbook_cells_keep_their_kinds_and_gaps_stay_empty() {
    let mut workbook = Workbook::new();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd-mm-yyyy");
    let length = rust_xlsxwriter::Format::new().set_num_format("[h]:mm");
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let sheet = workbook.add_worksheet().set_name("Ydelser").unwrap();
    sheet.write(0, 1, "Titel").unwrap();
    sheet.write(2, 1, true).unwrap().write(2, 4, 101_901_234).unwrap();
    sheet.write_with_format(2, 5, 45_353, &day).unwrap().write_with_format(2, 6, 1.5, &length).unwrap();
    sheet.write_rich_string(2, 7, &[(&bold, "fed"), (&rust_xlsxwriter::Format::new(), " og ikke")]).unwrap();
    sheet.write_formula(3, 0, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A")).unwrap();
    sheet.merge_range(4, 1, 4, 3, "flettet", &bold).unwrap();
    workbook.add_worksheet().set_name("Skjult").unwrap().set_hidden(true);
    workbook.add_worksheet().set_name("Gemt").unwrap().set_very_hidden(true);
    let export = open(&write("kinds.xlsx", workbook.save_to_buffer().unwrap()));

    let found = sheet_rows(&export, 0);
    let at = |row: u32, first_column| RowPlace { sheet_row: row, line: row, first_column };
    assert_eq!(found[0], (at(1, 1), vec!["Titel".to_owned()]));
    let cells = ["Bool(true)", "", "", "Number(101901234.0)", "Serial(45353.0)", "Number(1.5)", "fed og ikke"];
    assert_eq!(found[1], (at(3, 1), cells.map(str::to_owned).to_vec()));
    assert_eq!(found[2], (at(4, 0), vec!["Error(\"#N/A\")".to_owned()]));
    assert_eq!(found[3], (at(5, 1), vec!["flettet".to_owned()]));
    let states: Vec<_> = export.sheets().iter().map(|sheet| (sheet.name.as_deref().unwrap(), sheet.state)).collect();
    let expected = [("Ydelser", SheetState::Visible), ("Skjult", SheetState::Hidden), ("Gemt", SheetState::VeryHidden)];
    assert_eq!(states, expected);

    let texts = export.reread(0, &[3]).unwrap().remove(0).unwrap();
    assert_eq!(texts, ["", "TRUE", "", "", "101901234", "02-03-2024", "1.5", "fed og ikke"]);
    assert!(sheet_rows(&export, 1).is_empty());
    let mut blocks = export.blocks(0).unwrap();
    assert_eq!(blocks.by_ref().count(), 1);
    assert_eq!((blocks.blank_rows(), blocks.cut()), (1, None));
    assert!(matches!(export.blocks(3), Err(Problem::FileUnreadable { .. })));
}

#[test]
fn a_workbook_that_counts_from_1904_is_moved() {
    let mut workbook = Workbook::new();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd-mm-yyyy");
    // 2 March 2024 is day 45,353 from 1900 and day 43,891 from 1904.
    workbook.add_worksheet().write_with_format(0, 0, 43_891, &day).unwrap().write(0, 1, 43_891).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let moved = workbooks::patched(&bytes, "xl/workbook.xml", "<workbookPr ", "<workbookPr date1904=\"1\" ");

    let old = open(&write("1900.xlsx", bytes));
    assert!(!old.epoch_1904());
    assert_eq!(sheet_rows(&old, 0)[0].1, ["Serial(43891.0)", "Number(43891.0)"]);
    let new = open(&write("1904.xlsx", moved));
    assert!(new.epoch_1904());
    assert_eq!(sheet_rows(&new, 0)[0].1, ["Serial(45353.0)", "Number(43891.0)"]);
    assert_eq!(new.reread(0, &[1]).unwrap()[0].as_ref().unwrap()[0], "02-03-2024");
}

#[test]
fn a_long_sheet_comes_in_several_blocks_and_may_be_left_early() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..10_000 {
        for column in 0..7 {
            sheet.write(row, column, row * 10 + u32::from(column)).unwrap();
        }
    }
    let export = open(&write("long.xlsx", workbook.save_to_buffer().unwrap()));
    let blocks: Vec<_> = export.blocks(0).unwrap().map(Result::unwrap).collect();
    assert!(blocks.len() >= 2, "{}", blocks.len());
    let places: Vec<u32> = blocks.iter().flat_map(|block| block.rows().map(|row| row.place().sheet_row)).collect();
    assert_eq!(places, (1..=10_000).collect::<Vec<u32>>());
    assert_eq!(export.blocks(0).unwrap().take(1).count(), 1);
    let texts = export.reread(0, &[10_000, 10_001]).unwrap();
    assert_eq!(texts[0].as_ref().unwrap()[6], "99996");
    assert_eq!(texts[1], None);
}
