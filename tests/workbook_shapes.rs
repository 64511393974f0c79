//! Workbooks in the shapes that programs really write, and readers trip over: each is read cell by cell, or refused with a
//! sentence.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail like tests")]

#[path = "workbook_shapes/old.rs"]
mod old;
mod workbooks;

use std::fs;
use std::path::PathBuf;

use sagstjek::export::{Export, ExportOptions, RawCell, SheetState};
use sagstjek::locale::{Lang, Localized};

fn open(name: &str, bytes: &[u8]) -> Result<Export, String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shapes");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    Export::open(&path, "file".into(), &ExportOptions::default()).map_err(|problem| problem.text(Lang::En))
}

/// The rows of the first sheet: the number, then the cells from column A on. `#` marks numbers, `@` days, `!` errors.
fn rows(name: &str, bytes: &[u8]) -> Result<Vec<String>, String> {
    let export = open(name, bytes)?;
    let mut rows = Vec::new();
    for block in export.blocks(0).map_err(|problem| problem.text(Lang::En))? {
        for row in block.map_err(|problem| problem.text(Lang::En))?.rows() {
            let before = std::iter::repeat_n(String::new(), usize::from(row.place().first_column));
            let cells = (0..row.len()).map(|at| match row.cell(at) {
                RawCell::Empty => String::new(),
                RawCell::Text(text) => text.to_owned(),
                RawCell::Number(number) => format!("#{number}"),
                RawCell::Serial(serial) => format!("@{serial}"),
                RawCell::Bool(yes) => yes.to_string(),
                RawCell::Error(shown) => format!("!{shown}"),
            });
            rows.push(format!("{}: {}", row.place().sheet_row, before.chain(cells).collect::<Vec<_>>().join("|")));
        }
    }
    Ok(rows)
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Parts of an XLSX with one sheet; `more` adds parts or replaces them.
fn xlsx(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let workbook = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"Ark\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{RELATIONS}/sharedStrings\" Target=\"sharedStrings.xml\"/>\
         <Relationship Id=\"rId3\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let styles = format!(
        "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
    );
    let sheet = if sheet.starts_with("<?xml") || sheet.contains("worksheet") {
        sheet.to_owned()
    } else {
        format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{sheet}</sheetData></worksheet>")
    };
    let mut parts = vec![
        ("[Content_Types].xml", "<Types/>".to_owned()),
        ("_rels/.rels", root),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    parts.retain(|(name, _)| !more.iter().any(|(replaced, _)| replaced == name));
    parts.extend(more.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (*name, (*text).to_owned())));
    let parts: Vec<(&str, Vec<u8>)> = parts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    workbooks::archive(&parts)
}

fn inline(text: &str) -> String {
    format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn texts_in_all_their_forms() {
    let strings = format!(
        "<sst xmlns=\"{MAIN}\" uniqueCount=\"4\"><si><t xml:space=\"preserve\"> a </t></si>\
         <si><r><t>Bør</t></r><r><rPr><b/></rPr><t>ne</t></r><rPh sb=\"0\" eb=\"2\"><t>lyd</t></rPh><phoneticPr fontId=\"1\"/></si>\
         <si><t>&#248; &amp; &lt;</t></si><si><t>x_x000A_y</t></si></sst>"
    );
    let cells = "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" t=\"s\"><v>1</v></c><c r=\"C2\" t=\"s\"><v>2</v></c>\
                 <c r=\"D2\" t=\"s\"><v>3</v></c><c r=\"F2\" t=\"inlineStr\"><is><r><t>in</t></r><r><t>line</t></r></is></c>\
                 <c r=\"G2\" t=\"str\"><f>A1</f><v>S&#230;r</v></c></row>";
    let read = rows("texts.xlsx", &xlsx(cells, &[("xl/sharedStrings.xml", &strings)])).unwrap();
    assert_eq!(read, ["2:  a |Børne|ø & <|x\ny||inline|Sær"]);
}

#[test]
fn cells_without_a_place_stand_in_order() {
    let cells =
        format!("<row>{}<c><v>1</v></c></row><row r=\"5\">{}</row><row><c/>{}</row>", inline("a"), inline("b"), inline("c"));
    assert_eq!(rows("places.xlsx", &xlsx(&cells, &[])).unwrap(), ["1: a|#1", "5: b", "6: |c"]);
}

#[test]
fn other_names_for_the_same_elements() {
    let prefixed = format!(
        "<x:worksheet xmlns:x=\"{MAIN}\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\" t=\"inlineStr\"><x:is><x:t>a</x:t></x:is></x:c>\
         <x:c r=\"B1\"><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    );
    assert_eq!(rows("prefixed.xlsx", &xlsx(&prefixed, &[])).unwrap(), ["1: a|#2"]);
    let strict = "<worksheet xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><sheetData><row r=\"1\">\
                  <c r=\"A1\" t=\"d\"><v>2024-03-02</v></c><c r=\"B1\" t=\"d\"><v>2024-03-02T00:00:00</v></c></row></sheetData></worksheet>";
    let of_strict = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    let workbook = format!(
        "<workbook xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" conformance=\"strict\" xmlns:r=\"{of_strict}\">\
         <sheets><sheet name=\"Ark\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{of_strict}/worksheet\" Target=\"/xl/worksheets/sheet1.xml\"/></Relationships>"
    );
    let parts = [("xl/workbook.xml", &*workbook), ("xl/_rels/workbook.xml.rels", &*relations)];
    assert_eq!(rows("strict.xlsx", &xlsx(strict, &parts)).unwrap(), ["1: @45353|@45353"]);
}

#[test]
fn dimensions_that_lie_or_are_not_there() {
    let sheet = |dimension: &str| {
        let cells = format!("<row r=\"1\">{}</row><row r=\"9\">{}</row>", inline("a"), inline("b"));
        format!("<worksheet xmlns=\"{MAIN}\">{dimension}<sheetData>{cells}</sheetData></worksheet>")
    };
    for dimension in ["", "<dimension ref=\"A1\"/>", "<dimension ref=\"A1:XFD1048576\"/>", "<dimension ref=\"C3:D4\"/>"] {
        assert_eq!(rows("dimension.xlsx", &xlsx(&sheet(dimension), &[])).unwrap(), ["1: a", "9: b"], "{dimension}");
    }
    for (name, sheet) in [
        ("none.xlsx", "<worksheet><sheetData></sheetData></worksheet>"),
        ("closed.xlsx", "<worksheet><sheetData/></worksheet>"),
        ("styled.xlsx", "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" s=\"1\"/></row></sheetData></worksheet>"),
    ] {
        assert_eq!(rows(name, &xlsx(sheet, &[])), Ok(Vec::new()), "{name}");
    }
}

#[test]
fn error_cells_are_errors_of_their_kind() {
    let kinds = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];
    let cells: String = kinds.iter().map(|kind| format!("<c t=\"e\"><v>{kind}</v></c>")).collect();
    let wanted = format!("1: !{}", kinds.join("|!"));
    assert_eq!(rows("errors.xlsx", &xlsx(&format!("<row>{cells}</row>"), &[])).unwrap(), [wanted]);
    let unknown = rows("spill.xlsx", &xlsx("<row><c t=\"e\"><v>#SPILL!</v></c></row>", &[])).unwrap_err();
    assert!(unknown.contains("error cell of a kind"), "{unknown}");
}

#[test]
fn workbooks_of_1904_with_and_without_a_second_element_of_the_name() {
    let ext = "<extLst><ext uri=\"x\"><x15:workbookPr xmlns:x15=\"y\" chartTrackingRefBase=\"1\"/></ext></extLst>";
    for ext in ["", ext] {
        let workbook = format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"Ark\" sheetId=\"1\" r:id=\"rId1\"/>\
             </sheets>{ext}</workbook>"
        );
        let cells = "<row r=\"1\"><c r=\"A1\" s=\"1\"><v>43891</v></c><c r=\"B1\"><v>43891</v></c></row>";
        let bytes = xlsx(cells, &[("xl/workbook.xml", &workbook)]);
        assert_eq!(rows("1904.xlsx", &bytes).unwrap(), ["1: @45353|#43891"], "{ext}");
        assert!(open("1904.xlsx", &bytes).unwrap().epoch_1904());
    }
}

#[test]
fn sheets_that_are_hidden_or_none_of_cells() {
    let workbook = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><workbookProtection workbookPassword=\"CC1A\" lockStructure=\"1\"/><sheets>\
         <sheet name=\"Diagram\" sheetId=\"3\" r:id=\"rId9\"/><sheet name=\"Synlig\" sheetId=\"1\" r:id=\"rId1\"/>\
         <sheet name=\"Meget\" sheetId=\"2\" state=\"veryHidden\" r:id=\"rId2\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet2.xml\"/>\
         <Relationship Id=\"rId9\" Type=\"{RELATIONS}/chartsheet\" Target=\"chartsheets/sheet1.xml\"/></Relationships>"
    );
    let hidden_row = "<worksheet><sheetProtection sheet=\"1\"/><sheetData><row r=\"1\" hidden=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
    let parts = [
        ("xl/workbook.xml", &*workbook),
        ("xl/_rels/workbook.xml.rels", &*relations),
        ("xl/chartsheets/sheet1.xml", "<chartsheet/>"),
        ("xl/worksheets/sheet2.xml", hidden_row),
        ("xl/vbaProject.bin", "none"),
    ];
    let export = open("sheets.xlsm", &xlsx("<row><c><v>1</v></c></row>", &parts)).unwrap();
    let sheets: Vec<_> = export.sheets().iter().map(|sheet| (sheet.name.as_deref().unwrap(), sheet.state)).collect();
    assert_eq!(sheets, [("Synlig", SheetState::Visible), ("Meget", SheetState::VeryHidden)]);
    assert_eq!((export.hidden(0).rows, export.hidden(1).rows), (0, 1), "each sheet has its own");
}

#[test]
fn merged_cells_hold_their_value_once() {
    let sheet = format!(
        "<worksheet xmlns=\"{MAIN}\"><sheetData><row r=\"1\">{}<c/><c/></row><row r=\"2\"><c/><c><v>2</v></c></row></sheetData>\
         <mergeCells count=\"1\"><mergeCell ref=\"A1:C1\"/></mergeCells></worksheet>",
        inline("over tre")
    );
    assert_eq!(rows("merged.xlsx", &xlsx(&sheet, &[])).unwrap(), ["1: over tre", "2: |#2"]);
}

#[test]
fn parts_that_are_missing_or_wrong_get_a_sentence() {
    for (name, parts, says) in [
        ("lost.xlsx", [("xl/worksheets/sheet1.xml", "")], "is not there"),
        (
            "string.xlsx",
            [("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c t=\"s\"><v>7</v></c></row></sheetData></worksheet>")],
            "damaged",
        ),
        (
            "extra.xlsx",
            [("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c><x/></c></row></sheetData></worksheet>")],
            "damaged",
        ),
        ("cut.xlsx", [("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c><v>1</v></c></row>")], "damaged"),
    ] {
        let said = rows(name, &xlsx("", &parts)).unwrap_err();
        assert!(said.contains(says), "{name}: {said}");
    }
}

#[test]
fn cells_of_an_opendocument_sheet() {
    let cell =
        |attributes: &str, text: &str| format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>");
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let table = [
        row(&[
            cell("office:value-type=\"percentage\" office:value=\"0.46\"", "46 %"),
            cell("office:value-type=\"currency\" office:value=\"12.5\" office:currency=\"DKK\"", "12,50 kr."),
            cell("office:value-type=\"boolean\" office:boolean-value=\"true\"", "SAND"),
            cell("office:value-type=\"date\" office:date-value=\"2024-03-02\"", "02-03-2024"),
            cell("office:value-type=\"date\" office:date-value=\"2024-03-02T08:30:00\"", "02-03-2024 08:30"),
            cell("office:value-type=\"string\"", "a<text:s text:c=\"2\"/>b<text:a>c</text:a>"),
            "<table:table-cell office:value-type=\"string\"><office:annotation><text:p>note</text:p></office:annotation><text:p>x</text:p><text:p>y</text:p></table:table-cell>".to_owned(),
        ].concat()),
        format!("<table:table-row table:number-rows-repeated=\"2\">{}</table:table-row>", cell("office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"3\"", "1")),
        row(&["<table:table-cell table:number-columns-spanned=\"2\" office:value-type=\"string\"><text:p>bred</text:p></table:table-cell><table:covered-table-cell/>", &cell("office:value-type=\"float\" office:value=\"9\"", "9")].concat()),
        row(&cell("office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"", "#DIV/0!")),
    ].concat();
    let read = rows("cells.ods", &workbooks::ods(&table)).unwrap();
    assert_eq!(
        read,
        ["1: #0.46|#12.5|true|@45353|2024-03-02T08:30:00|a  bc|x\ny", "2: #1|#1|#1", "3: #1|#1|#1", "4: bred||#9", "5: #DIV/0!",]
    );
}
