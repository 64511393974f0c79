//! Small workbooks of every kind, made by hand where no library writes them. Each has one sheet, «Ark», with the text «Sag ø»
//! in C4 and the number 1250.5 in D4.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]
#![allow(dead_code, reason = "each test file uses some of them")]

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub(crate) fn xlsx() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Ark").unwrap();
    sheet.write(3, 2, "Sag ø").unwrap().write(3, 3, 1250.5).unwrap();
    workbook.save_to_buffer().unwrap()
}

/// A zip archive of the given parts.
pub(crate) fn archive(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The same archive with the content of one part changed; parts are counted round.
pub(crate) fn with_part(bytes: &[u8], part: usize, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut parts = parts(bytes);
    let at = part % parts.len();
    parts[at].1 = change(std::mem::take(&mut parts[at].1));
    let parts: Vec<(&str, Vec<u8>)> = parts.iter().map(|(name, content)| (name.as_str(), content.clone())).collect();
    archive(&parts)
}

/// The same archive with `from` replaced by `to` in the part `name`, which must hold it.
pub(crate) fn patched(bytes: &[u8], name: &str, from: &str, to: &str) -> Vec<u8> {
    let part = parts(bytes).iter().position(|part| part.0 == name).unwrap();
    with_part(bytes, part, |content| {
        let text = String::from_utf8(content).unwrap();
        assert!(text.contains(from), "{text}");
        text.replacen(from, to, 1).into_bytes()
    })
}

/// Names and contents.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        parts.push((part.name().unwrap().into_owned(), content));
    }
    parts
}

pub(crate) fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\">\
         <office:body><office:spreadsheet><table:table table:name=\"Ark\">{rows}</table:table></office:spreadsheet></office:body>\
         </office:document-content>"
    );
    archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("META-INF/manifest.xml", b"<manifest:manifest xmlns:manifest=\"m\"></manifest:manifest>".to_vec()),
        ("content.xml", content.into_bytes()),
    ])
}

/// The rows that put the two cells into C4 and D4, and a day into E4.
pub(crate) fn ods_rows() -> String {
    "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\
     <table:table-row><table:table-cell table:number-columns-repeated=\"2\"/>\
     <table:table-cell office:value-type=\"string\"><text:p>Sag ø</text:p></table:table-cell>\
     <table:table-cell office:value-type=\"float\" office:value=\"1250.5\"/>\
     <table:table-cell office:value-type=\"date\" office:date-value=\"2024-03-02\"/></table:table-row>"
        .to_owned()
}

/// An ODS of these texts.
pub(crate) fn ods_table(rows: &[Vec<&str>]) -> Vec<u8> {
    let cell = |text: &&str| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>");
    let row = |cells: &Vec<&str>| format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>());
    ods(&rows.iter().map(row).collect::<String>())
}

/// An XLSX of these texts.
pub(crate) fn xlsx_table(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_row_matrix(0, 0, rows.iter().map(|row| row.iter().copied())).unwrap();
    workbook.save_to_buffer().unwrap()
}

pub(crate) fn biff(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// An XLS; `rows` is the number of rows its dimensions declare.
pub(crate) fn xls(rows: u32) -> Vec<u8> {
    let text = biff(0x0204, &[&[3, 0, 2, 0, 0, 0, 5, 0, 0][..], b"Sag \xF8"].concat());
    let number = biff(0x0203, &[&[3, 0, 3, 0, 0, 0][..], &1250.5_f64.to_le_bytes()].concat());
    xls_of(rows, &[text, number].concat())
}

/// An XLS of these texts, in Windows-1252.
pub(crate) fn xls_table(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut cells = Vec::new();
    for (row, texts) in rows.iter().enumerate() {
        for (column, text) in texts.iter().enumerate() {
            let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
            let head = [row as u16, column as u16, 0, bytes.len() as u16].map(u16::to_le_bytes).concat();
            cells.extend(biff(0x0204, &[&head, &[0][..], &bytes].concat()));
        }
    }
    xls_of(rows.len() as u32, &cells)
}

fn xls_of(rows: u32, cells: &[u8]) -> Vec<u8> {
    xls_with(0x0600, &[], rows, cells)
}

/// An XLS of a version (0x0600 is Excel 97, 0x0500 is Excel 95), with records before its sheets and in its sheet.
pub(crate) fn xls_with(version: u16, before: &[u8], rows: u32, cells: &[u8]) -> Vec<u8> {
    let is_old = version < 0x0600;
    let bof = |kind: u16| biff(0x0809, &[&version.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let mut globals = [&bof(0x0005), before].concat();
    let name = if is_old { &b"\x03Ark"[..] } else { b"\x03\0Ark" };
    let bound = |at: u32| biff(0x0085, &[&at.to_le_bytes()[..], &[0, 0], name].concat());
    let sheet_at = (globals.len() + bound(0).len() + 4) as u32;
    globals.extend(bound(sheet_at));
    globals.extend(biff(0x000A, &[]));
    let mut sheet = bof(0x0010);
    let first = rows.min(4) - 1;
    let wide = [&first.to_le_bytes()[..], &rows.to_le_bytes(), &[0, 0, 4, 0, 0, 0]].concat();
    let narrow = [&first.to_le_bytes()[..2], &rows.to_le_bytes()[..2], &[0, 0, 4, 0, 0, 0]].concat();
    sheet.extend(biff(0x0200, if is_old { &narrow } else { &wide }));
    sheet.extend(cells);
    sheet.extend(biff(0x000A, &[]));
    compound(if is_old { "Book" } else { "Workbook" }, &[globals, sheet].concat())
}

/// A compound file with one stream: sector 0 the FAT, 1 the directory, 2-9 the stream, filled up to 4,096 bytes.
pub(crate) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    const END: u32 = 0xFFFF_FFFE;
    const FREE: u32 = 0xFFFF_FFFF;
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(24, &[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    put(44, &1_u32.to_le_bytes());
    put(48, &1_u32.to_le_bytes());
    put(56, &4096_u32.to_le_bytes());
    put(60, &END.to_le_bytes());
    put(68, &END.to_le_bytes());
    put(76, &0_u32.to_le_bytes());
    put(80, &[0xFF; 432]);

    let mut fat = vec![0xFFFF_FFFD, END];
    fat.extend((3..10).chain([END]));
    fat.resize(128, FREE);
    let fat: Vec<u8> = fat.into_iter().flat_map(u32::to_le_bytes).collect();

    let entry = |name: &str, kind: u8, start: u32, length: u32| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend((name.len() as u16 * 2 + 2).to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([0xFF; 12]);
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend(u64::from(length).to_le_bytes());
        entry
    };
    let mut directory = [entry("Root Entry", 5, END, 0), entry(name, 2, 2, 4096)].concat();
    directory.resize(512, 0);
    let mut stream = stream.to_vec();
    stream.resize(4096, 0);
    [header, fat, directory, stream].concat()
}

/// A record of a binary workbook.
pub(crate) fn brt(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = if kind < 0x80 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
    assert!(data.len() < 128);
    bytes.push(data.len() as u8);
    bytes.extend(data);
    bytes
}

pub(crate) fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    [(units.len() as u32).to_le_bytes().to_vec(), units.into_iter().flat_map(u16::to_le_bytes).collect()].concat()
}

pub(crate) fn xlsb() -> Vec<u8> {
    xlsb_of(&[])
}

/// An XLSB whose E4 names a shared string that is not there.
pub(crate) fn xlsb_without_strings() -> Vec<u8> {
    xlsb_of(&brt(0x0007, &[4_u32, 0, 7].into_iter().flat_map(u32::to_le_bytes).collect::<Vec<u8>>()))
}

fn xlsb_of(more: &[u8]) -> Vec<u8> {
    let row = brt(0x0000, &[3_u32.to_le_bytes().to_vec(), vec![0; 13]].concat());
    let cell = |column: u32| [column.to_le_bytes(), [0; 4]].concat();
    let text = brt(0x0006, &[cell(2), wide("Sag ø")].concat());
    let number = brt(0x0005, &[cell(3), 1250.5_f64.to_le_bytes().to_vec()].concat());
    xlsb_with([3, 3, 2, 3], &[row, text, number, more.to_vec()].concat())
}

/// An XLSB of these texts.
pub(crate) fn xlsb_table(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut records = Vec::new();
    for (row, texts) in rows.iter().enumerate() {
        records.extend(brt(0x0000, &[(row as u32).to_le_bytes().to_vec(), vec![0; 13]].concat()));
        for (column, text) in texts.iter().enumerate() {
            records.extend(brt(0x0006, &[(column as u32).to_le_bytes().to_vec(), vec![0; 4], wide(text)].concat()));
        }
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(1) as u32;
    xlsb_with([0, rows.len() as u32 - 1, 0, width - 1], &records)
}

pub(crate) fn xlsb_with(dimensions: [u32; 4], rows: &[u8]) -> Vec<u8> {
    let workbook = [
        brt(0x0099, &[0; 8]),
        brt(0x009C, &[vec![0; 4], 1_u32.to_le_bytes().to_vec(), wide("rId1"), wide("Ark")].concat()),
        brt(0x0090, &[]),
        brt(0x009D, &[0; 4]),
    ]
    .concat();
    let dimensions: Vec<u8> = dimensions.into_iter().flat_map(u32::to_le_bytes).collect();
    let sheet = [brt(0x0081, &[]), brt(0x0094, &dimensions), brt(0x0091, &[]), rows.to_vec(), brt(0x0092, &[])].concat();
    let relations = b"<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.bin\"/></Relationships>".to_vec();
    archive(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/workbook.bin", workbook),
        ("xl/_rels/workbook.bin.rels", relations),
        ("xl/worksheets/sheet1.bin", sheet),
    ])
}
