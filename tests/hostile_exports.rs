//! Files that are broken or mean harm get an answer with a sentence in both languages: never a panic, never a hang.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail like tests")]

mod workbooks;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::Duration;

use proptest::prelude::*;
use sagstjek::export::{Export, ExportOptions, Format};
use sagstjek::locale::{Lang, Localized};
use sagstjek::problem::Problem;

fn write(name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// Opens a file and reads everything there is to read, or says in English why not.
fn read_all(path: &Path) -> Result<usize, String> {
    let say = |problem: Problem| {
        let (da, en) = (problem.text(Lang::Da), problem.text(Lang::En));
        assert!(!da.is_empty() && !en.is_empty() && da != en, "{problem:?}");
        en
    };
    let export = Export::open(path, "file".into(), &ExportOptions::default()).map_err(say)?;
    let mut rows = 0;
    for sheet in 0..export.sheets().len() {
        export.tables(sheet, &mut |_| true).map_err(say)?;
        for block in export.blocks(sheet).map_err(say)? {
            for row in block.map_err(say)?.rows() {
                for cell in 0..=row.len() {
                    row.cell(cell);
                }
                rows += 1;
            }
        }
        export.reread(sheet, &[1, 2, 4, 1_000]).map_err(say)?;
    }
    Ok(rows)
}

/// [`read_all`], which must come to an end.
fn answer(path: &Path) -> Result<usize, String> {
    let (send, receive) = channel();
    let owned = path.to_owned();
    let reading = std::thread::spawn(move || {
        let _ = send.send(read_all(&owned));
    });
    match receive.recv_timeout(Duration::from_secs(120)) {
        Ok(answer) => answer,
        Err(_) if reading.is_finished() => panic!("panicked on {}", path.display()),
        Err(_) => panic!("hangs on {}", path.display()),
    }
}

fn refused(name: &str, bytes: impl AsRef<[u8]>, because: &str) {
    let said = answer(&write(name, bytes)).unwrap_err();
    assert!(said.contains(because), "{name}: {said}");
}

fn page() -> String {
    let row = "<tr><td rowspan=1>1</td><td colspan='2'>S&oslash;ren <!-- x --> &lt;ø&gt;</td></tr>\n";
    format!("<html><head><title>t</title></head><body><p>31-10-2026</p><table>\n{}</table></body></html>", row.repeat(20))
}

fn kinds() -> Vec<(&'static str, Vec<u8>)> {
    let text = "\u{feff}nr;note\r\n1;\"æ\r\nø\"\r\n".repeat(20);
    let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        ("csv", text.into_bytes()),
        ("txt", utf16),
        ("xlsx", workbooks::xlsx()),
        ("xlsb", workbooks::xlsb()),
        ("xls", workbooks::xls(4)),
        ("ods", workbooks::ods(&workbooks::ods_rows())),
        ("html", page().into_bytes()),
    ]
}

#[test]
fn files_cut_off_anywhere_get_an_answer() {
    for (kind, bytes) in kinds() {
        assert!(answer(&write(&format!("whole.{kind}"), &bytes)).is_ok(), "{kind}");
        for length in (0..bytes.len()).step_by(97) {
            let answer = answer(&write(&format!("cut.{kind}"), &bytes[..length]));
            if ["xlsx", "xlsb", "ods"].contains(&kind) {
                assert!(answer.is_err(), "a {kind} of {length} bytes was read");
            }
        }
    }
}

#[test]
fn files_with_a_wrong_byte_anywhere_get_an_answer() {
    for (kind, bytes) in kinds() {
        for at in (0..bytes.len()).step_by(97) {
            for wrong in [0x00, 0xFF, bytes[at] ^ 1] {
                let mut bytes = bytes.clone();
                bytes[at] = wrong;
                let _ = answer(&write(&format!("wrong.{kind}"), &bytes));
            }
        }
    }
}

/// Cases of a property: many where there is time, `SAGSTJEK_LONG=1`.
fn cases(usual: u32) -> u32 {
    if std::env::var_os("SAGSTJEK_LONG").is_some() { usual * 40 } else { usual }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(150)) })]

    /// What a real file becomes when bytes of it are lost, doubled and overwritten.
    #[test]
    fn mutated_files_get_an_answer(kind in 0..7_usize, changes in proptest::collection::vec((0..3_u8, any::<u16>(), any::<u16>(), any::<u8>()), 1..8)) {
        let (name, mut bytes) = kinds().swap_remove(kind);
        for (what, at, length, byte) in changes {
            let at = usize::from(at) % bytes.len().max(1);
            let end = (at + usize::from(length) % 64).min(bytes.len());
            match what {
                0 => { bytes.drain(at..end); }
                1 => { let again = bytes[at..end].to_vec(); bytes.splice(at..at, again); }
                _ => { bytes[at..end].fill(byte); }
            }
            if bytes.is_empty() {
                break;
            }
        }
        let _ = answer(&write(&format!("mutated.{name}"), &bytes));
    }

    /// Text out of all that is special, as tables.
    #[test]
    fn tables_of_random_text_lose_no_line(text in "[a1;,|\"'\\\\ \r\n\t]{0,300}") {
        let path = write("tables.csv", &text);
        if let Ok(export) = Export::open(&path, "file".into(), &ExportOptions::default()) {
            let (mut last, mut sure) = (0, true);
            export.tables(0, &mut |piece| {
                if let sagstjek::export::Piece::Row { place, .. } = piece {
                    sure &= place.sheet_row > last;
                    last = place.sheet_row;
                }
                true
            }).unwrap();
            prop_assert!(sure, "rows come in order");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(300)) })]

    #[test]
    fn random_bytes_get_an_answer(start in 0..6_usize, mut bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let compound = workbooks::compound("Workbook", &bytes);
        let magic: &[u8] = match start {
            0 => b"PK\x03\x04",
            1 => &compound[..76],
            2 => b"\xEF\xBB\xBF",
            3 => b"\xFF\xFE",
            4 => b"a;b;\"c\r\n",
            _ => b"",
        };
        bytes.splice(0..0, magic.iter().copied());
        let _ = answer(&write("random.bin", &bytes));
        let _ = answer(&write("random.xls", &compound));
    }

    #[test]
    fn random_text_gives_rows_that_reread_the_same(text in "[a;\"\r\n ø]{0,200}") {
        let path = write("random.csv", &text);
        if let Ok(export) = Export::open(&path, "file".into(), &ExportOptions::default()) {
            let mut rows = Vec::new();
            let mut cells = Vec::new();
            for block in export.blocks(0).unwrap() {
                for row in block.unwrap().rows() {
                    rows.push(row.place().sheet_row);
                    cells.push(row.len());
                }
            }
            prop_assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
            let again: Vec<usize> = export.reread(0, &rows).unwrap().into_iter().map(|row| row.unwrap().len()).collect();
            prop_assert_eq!(again, cells);
        }
    }
}

#[test]
fn what_is_no_file_of_rows_is_said_to_be_so() {
    refused("empty.csv", "", "is empty");
    refused("bom.csv", "\u{feff}", "is empty");
    refused("bom16.txt", b"\xFF\xFE", "is empty");
    refused("login.xls", "<html><form>Log ind</form></html>", "without any table");
    refused("page16.xls", "\u{feff}<HTML>".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(), "without any table");
    refused("book.xls", "<?xml version=\"1.0\"?><Workbook><Worksheet/></Workbook>", "XML");
    refused("data.csv", "[{\"cpr\": 1}]", "JSON");
    refused("photo.csv", b"\xFF\xD8\xFF\xE0\0\x10JFIF", "picture");
    refused("data.gz", b"\x1F\x8B\x08\0\0", "unpack");
    refused("table.numbers", workbooks::archive(&[("Index/Document.iwa", b"x".to_vec())]), "Apple");
    refused("print.csv", "%PDF-1.4 ...", "PDF");
    refused("~$sager.xlsx", "Nogen", "lock file");
    refused("zeros.csv", vec![0; 10_000], "zero bytes");
    refused("parts.zip", workbooks::archive(&[("sager.csv", b"a;b\n".to_vec())]), "packed archive");
    let document = [("[Content_Types].xml", b"<Types/>".to_vec()), ("word/document.xml", b"<w/>".to_vec())];
    refused("brev.docx", workbooks::archive(&document), "not a workbook");
    refused("secret.xlsx", workbooks::compound("EncryptedPackage", b"..."), "password");
    let locked = [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        (
            "META-INF/manifest.xml",
            b"<manifest><file-entry full-path='content.xml'><encryption-data/></file-entry></manifest>".to_vec(),
        ),
        ("content.xml", vec![0xE3, 0x91, 0x07, 0xFA]),
    ];
    refused("secret.ods", workbooks::archive(&locked), "password");
    refused("mail.msg", workbooks::compound("__properties", b"..."), "not a workbook");
    assert_eq!(answer(&write("list.xls", "a;b\n1;2\n")), Ok(2));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hostile").join("x.csv");
    fs::create_dir_all(&folder).unwrap();
    assert!(answer(&folder).unwrap_err().contains("folder"));
    assert!(answer(&folder.join("missing.csv")).unwrap_err().contains("does not exist"));
}

#[cfg(unix)]
#[test]
fn links_pipes_and_closed_files_do_not_stop_the_night() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hostile").join("links");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    symlink(folder.join("a.csv"), folder.join("b.csv")).unwrap();
    symlink(folder.join("b.csv"), folder.join("a.csv")).unwrap();
    assert!(answer(&folder.join("a.csv")).unwrap_err().contains("symbolic link"));
    let pipe = folder.join("pipe.csv");
    if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        assert!(answer(&pipe).unwrap_err().contains("not a regular file"));
    }
    let closed = folder.join("closed.csv");
    fs::write(&closed, "a;b\n").unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).unwrap();
    // Root may open everything.
    if fs::File::open(&closed).is_err() {
        assert!(answer(&closed).unwrap_err().contains("may not open"));
    }
}

#[test]
fn pages_that_are_cut_off_or_without_end() {
    let whole = page();
    let open = |text: &str| {
        let export = Export::open(&write("open.html", text), "file".into(), &ExportOptions::default()).unwrap();
        assert_eq!(export.format(), Format::Html);
        let mut blocks = export.blocks(0).unwrap();
        let rows: usize = blocks.by_ref().map(|block| block.unwrap().row_count()).sum();
        (rows, blocks.cut())
    };
    use sagstjek::problem::CutSign;
    assert_eq!(open(&whole), (21, None));
    assert_eq!(open(&whole[..whole.find("</table>").unwrap()]), (21, Some((CutSign::OpenTable, 22))));
    assert_eq!(open(&whole[..whole.rfind("&lt;").unwrap()]), (21, Some((CutSign::ShortRecord, 21))));
    refused("deep.html", "<table><tr><td>".repeat(200), "nested far too deep");
    refused("wide.html", format!("<table><tr>{}", "<td colspan=1000>x".repeat(20)), "more than 16,384 fields");
    refused("spans.html", format!("<table>{}", format!("<tr>{}", "<td colspan=1000>x".repeat(16)).repeat(2_000)), "more cells");
    refused("comment.html", "<table><tr><td>1</table><!--".to_owned() + &"x".repeat(20 << 20), "is longer than 16 MiB");
    refused("cell.html", "<table><tr><td>".to_owned() + &"x<b>".repeat(20 << 20), "is longer than 16 MiB");
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    let bomb = workbooks::archive(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/worksheets/sheet1.xml", [b"<c/>", &[b' '; 4096][..]].concat().repeat(20 << 10)),
    ]);
    assert!(bomb.len() < 1 << 20);
    refused("bomb.xlsx", bomb, "unpacks to far more");
    let one = |name: &str, content: &[u8]| {
        workbooks::archive(&[("[Content_Types].xml", b"<Types/>".to_vec()), (name, content.to_vec())])
    };
    refused("text.xlsx", one("xl/sharedStrings.xml", &[b"<si><t>", &b"x".repeat(20 << 20)[..]].concat()), "more than 16 MiB");
    refused("remark.xlsx", one("xl/workbook.xml", &[b"<!--", &b"<".repeat(20 << 20)[..]].concat()), "more than 16 MiB");
    refused("attribute.xlsx", one("xl/workbook.xml", &[b"<a b='", &b"x".repeat(20 << 20)[..]].concat()), "more than 16 MiB");
}

#[test]
fn promises_no_workbook_can_keep_are_not_believed() {
    let xlsx = workbooks::xlsx();
    let sheet = "xl/worksheets/sheet1.xml";
    let dimension = |to: &str| workbooks::patched(&xlsx, sheet, "ref=\"C4:D4\"", &format!("ref=\"A1:{to}\""));
    assert_eq!(answer(&write("dimension.xlsx", dimension("XFD1048576"))), Ok(1));
    refused("rows.xlsx", dimension("D1048577"), "more rows or columns");
    refused("columns.xlsx", dimension("XFE4"), "more rows or columns");
    refused("cell.xlsx", workbooks::patched(&xlsx, sheet, "r=\"D4\"", "r=\"D1048577\""), "more rows or columns");
    refused("order.xlsx", workbooks::patched(&xlsx, sheet, "r=\"D4\"", "r=\"D3\""), "not in order");
    let strings =
        |count| workbooks::patched(&xlsx, "xl/sharedStrings.xml", "uniqueCount=\"1\"", &format!("uniqueCount=\"{count}\""));
    refused("strings.xlsx", strings("1000000000000"), "damaged");
    assert_eq!(answer(&write("overflow.xlsx", workbooks::patched(&xlsx, sheet, "r=\"D4\"", "r=\"D99999999999\""))).ok(), None);

    // calamine panics here; the panic stays on its thread.
    refused("strings.xlsb", workbooks::xlsb_without_strings(), "the reader gave up");
    refused("rows.xls", workbooks::xls(u32::MAX), "more rows or columns");
    let cell = "<table:table-cell office:value-type=\"float\" office:value=\"1\"/>";
    let wide = cell.replace("/>", " table:number-columns-repeated=\"16384\"/>");
    let rows = format!("<table:table-row>{wide}</table:table-row>").repeat(2_000);
    refused("wide.ods", workbooks::ods(&rows), "more cells");
    let long = cell.replace(
        "/>",
        &format!(" table:number-columns-repeated=\"1000\"><text:p>{}</text:p></table:table-cell>", "x".repeat(1000)),
    );
    let copies =
        format!("<table:table-row table:number-rows-repeated=\"19000\">{}</table:table-row>", long.replace("float", "string"));
    refused("copies.ods", workbooks::ods(&copies), "more cells");
    refused("open.ods", workbooks::ods("<table:table-row>"), "damaged");
}

#[test]
fn text_without_end_is_not_kept_in_memory() {
    let mut long = b"a;b\n1;2\n".to_vec();
    long.resize(17 << 20, b'x');
    refused("long.csv", &long, "the row at line 3");
    let wide = ["a;b\n".to_owned(), ";".repeat(20_000), "\n".to_owned()].concat();
    refused("wide.csv", wide, "more than 16,384 fields");
    long[8] = b'"';
    let export = Export::open(&write("quote.csv", &long), "file".into(), &ExportOptions::default()).unwrap();
    let mut blocks = export.blocks(0).unwrap();
    assert_eq!(blocks.by_ref().map(|block| block.unwrap().row_count()).sum::<usize>(), 2);
    assert_eq!(blocks.cut(), Some((sagstjek::problem::CutSign::OpenQuote, 3)));
    assert_eq!(export.format(), Format::Csv);
}

#[test]
fn tables_of_hostile_text_come_to_an_end() {
    let mut long = b"a;b\n1;2\n\"".to_vec();
    long.resize(40 << 20, b'x');
    refused("open.csv", &long, "the row at line 3");
    let stray = "\"a\"b\";\"c".repeat(20) + "\n";
    let mended = answer(&write("stray.csv", "x;y;z\n".to_owned() + &stray.repeat(100)));
    assert!(mended.is_ok(), "{mended:?}");
    let uneven: String = (0..1_000).map(|i| ";".repeat(i % 40) + "x\n").collect();
    assert!(answer(&write("uneven.csv", uneven)).is_ok());
    let utf16: Vec<u8> = "nr;navn\n1;Åse\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(answer(&write("be.csv", utf16)), Ok(2));
    assert_eq!(answer(&write("really-xlsx.csv", workbooks::xlsx())), answer(&write("named.xlsx", workbooks::xlsx())));
}

#[test]
fn a_file_that_grows_or_vanishes_while_it_is_read_gets_an_answer() {
    let path = write("growing.csv", "a;b\n1;2\n");
    let export = Export::open(&path, "file".into(), &ExportOptions::default()).unwrap();
    fs::write(&path, "a;b\n1;2\n3;4\n").unwrap();
    let rows = |export: &Export| export.blocks(0).map(|blocks| blocks.map(|block| block.unwrap().row_count()).sum::<usize>());
    assert!(rows(&export).unwrap() >= 2);
    assert!(matches!(export.reread(0, &[2]), Err(Problem::ChangedWhileRead { .. })));
    fs::remove_file(&path).unwrap();
    assert!(rows(&export).is_err() && export.tables(0, &mut |_| true).is_err());
    assert!(matches!(export.reread(0, &[2]), Err(Problem::ChangedWhileRead { .. })));
}
