//! Looks a zipped workbook over before calamine may read it.
//!
//! calamine trusts what a file says of itself: it reserves as many strings as `uniqueCount` promises, unfolds repeated ODS
//! cells into memory, and waits for ever for the end of a table in an ODS that was cut off. So every part is unpacked once
//! through a counter, which also finds archives cut off in the middle, and these promises are checked. On the way it sees what
//! calamine does not tell: hidden rows and columns, and cells of binary workbooks.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::binary::{Lost, Records};
use super::gauge::Gauge;
use super::hidden::{Hidden, Scan};
use super::{Format, MAX_COLUMNS, MAX_ROWS, why};
use crate::locale::Bilingual;

/// Parts an archive may have.
const MAX_PARTS: usize = 10_000;
/// Bytes one part, and all parts, may unpack to. A million rows of a hundred columns are some 4 GiB.
const MAX_PART: u64 = 4 << 30;
const MAX_TOTAL: u64 = 8 << 30;
/// From this size on a part may unpack to at most this many times its packed size; worksheets reach 30.
const SUSPECT_FROM: u64 = 64 << 20;
const MAX_RATIO: u64 = 250;
/// How deep the elements of an ODS may be nested.
const MAX_DEPTH: usize = 256;
/// Cells an ODS may unfold to; calamine holds them all in memory.
const MAX_ODS_CELLS: u64 = 20_000_000;
/// Bytes of text and formulas in them.
const MAX_ODS_TEXT: u64 = 512 << 20;
/// The shortest shared string there is: `<si/>`.
const SHORTEST_STRING: u64 = 5;
/// Bytes and tags the shared strings may have, which calamine holds in memory, and bytes of parts that say what the others are.
const MAX_STRINGS: u64 = 1 << 30;
const MAX_STRING_TAGS: u64 = 60_000_000;
const MAX_CATALOGUE: u64 = 64 << 20;
/// How much of the manifest of an ODS is looked at.
const MAX_MANIFEST: u64 = 1 << 20;

type Archive = ZipArchive<BufReader<File>>;

/// What a look over a package gave.
pub(super) struct Package {
    pub(super) format: Format,
    /// What was seen of each sheet, in the order of the workbook; empty where nobody tells.
    pub(super) sheets: Vec<Seen>,
    /// Whether the formulas are left to be worked out by the program that opens it.
    pub(super) uncalculated: bool,
}

/// What was seen of a sheet that calamine does not tell.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) hidden: Hidden,
    /// By rising rows.
    pub(super) lost: Arc<[Lost]>,
}

/// A part, unpacked once.
struct Part {
    /// In lower case.
    name: String,
    seen: Seen,
    /// The relations that lead to the sheets, in the part of a binary workbook that lists them.
    sheets: Vec<String>,
}

/// Which kind of workbook a zip archive is, once it has been found harmless.
///
/// # Errors
/// The reason why it will not be read.
pub(super) fn look_over(path: &Path) -> Result<Package, Bilingual> {
    let file = File::open(path).map_err(|error| why::io(&error))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| why::damaged())?;
    if archive.len() > MAX_PARTS {
        return Err(why::too_many_parts());
    }
    let parts = unpack_all(&mut archive)?;
    let format = kind(&mut archive, &parts)?;
    if format == Format::Ods && is_encrypted_ods(&mut archive, &parts)? {
        return Err(why::encrypted());
    }
    let mut package = Package { format, sheets: Vec::new(), uncalculated: false };
    for (index, part) in parts.iter().enumerate() {
        match format {
            Format::Xlsx if part.name.ends_with("sharedstrings.xml") => check_shared_strings(&mut archive, index)?,
            Format::Ods if part.name == "content.xml" => {
                let hidden = check_ods(&mut archive, index)?;
                package.sheets = hidden.into_iter().map(|hidden| Seen { hidden, ..Seen::default() }).collect();
            }
            _ => {}
        }
    }
    if matches!(format, Format::Xlsx | Format::Xlsb) {
        let book = catalogue(&mut archive, &parts)?;
        package.uncalculated = book.uncalculated;
        package.sheets = book.sheets.iter().map(|sheet| book.seen(sheet, &parts)).collect();
    }
    Ok(package)
}

/// Unpacks every part and throws it away.
fn unpack_all(archive: &mut Archive) -> Result<Vec<Part>, Bilingual> {
    let mut parts = Vec::with_capacity(archive.len());
    let mut total = 0;
    let mut buffer = vec![0; 256 * 1024];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| why::damaged())?;
        if part.encrypted() {
            return Err(why::encrypted());
        }
        let name = part.name().map_err(|_| why::damaged())?.replace('\\', "/").to_ascii_lowercase();
        let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
        let is_strings = name.contains("sharedstrings.");
        let is_catalogue = name.ends_with(".rels")
            || ["workbook.xml", "workbook.bin", "styles.xml", "styles.bin"].iter().any(|end| name.ends_with(end));
        let mut gauge = is_xml.then(Gauge::default);
        let mut records = (name.ends_with(".bin") && !is_strings).then(Records::default);
        let mut scan = (is_xml && !is_strings && name != "content.xml").then(Scan::default);
        let packed = part.compressed_size();
        let mut unpacked = 0;
        loop {
            let read = part.read(&mut buffer).map_err(|_| why::damaged())? as u64;
            if read == 0 {
                break;
            }
            unpacked += read;
            total += read;
            let suspect = unpacked > SUSPECT_FROM && unpacked / MAX_RATIO > packed;
            let most = if is_catalogue { MAX_CATALOGUE } else { MAX_PART };
            if suspect || unpacked > most || total > MAX_TOTAL {
                return Err(why::bomb());
            }
            let bytes = &buffer[..read as usize];
            if gauge.as_mut().is_some_and(|gauge| !gauge.feed(bytes)) {
                return Err(why::long_token());
            }
            if is_strings && (unpacked > MAX_STRINGS || gauge.as_ref().is_some_and(|gauge| gauge.tags() > MAX_STRING_TAGS)) {
                return Err(why::too_many_cells());
            }
            if let Some(scan) = &mut scan {
                scan.feed(bytes);
            }
            if records.as_mut().is_some_and(|records| !records.feed(bytes)) {
                return Err(why::too_many_cells());
            }
        }
        let Records { hidden, lost, sheets, .. } = records.unwrap_or_default();
        let hidden = scan.map_or(hidden, Scan::finish);
        parts.push(Part { name, seen: Seen { hidden, lost: lost.into() }, sheets });
    }
    Ok(parts)
}

/// What a workbook says of its sheets.
#[derive(Default)]
struct Catalogue {
    /// The relation that leads to each.
    sheets: Vec<String>,
    /// Where relations lead, in lower case.
    targets: BTreeMap<String, String>,
    uncalculated: bool,
}

impl Catalogue {
    /// What was seen of the sheet that a relation leads to.
    fn seen(&self, relation: &str, parts: &[Part]) -> Seen {
        // Targets are relative to the workbook, or begin at the root.
        let target = self.targets.get(relation).map(|target| target.trim_start_matches(['.', '/']));
        let part = target.and_then(|target| {
            parts
                .iter()
                .find(|part| part.name.strip_suffix(target).is_some_and(|before| before.is_empty() || before.ends_with('/')))
        });
        part.map(|part| part.seen.clone()).unwrap_or_default()
    }
}

fn catalogue(archive: &mut Archive, parts: &[Part]) -> Result<Catalogue, Bilingual> {
    let of_binary = parts.iter().find(|part| part.name.ends_with("workbook.bin")).map(|part| part.sheets.clone());
    let mut book = Catalogue { sheets: of_binary.unwrap_or_default(), ..Catalogue::default() };
    for end in ["workbook.xml", "_rels/workbook.xml.rels", "_rels/workbook.bin.rels"] {
        let Some(index) = parts.iter().position(|part| part.name.ends_with(end)) else { continue };
        let part = archive.by_index(index).map_err(|_| why::damaged())?;
        let mut reader = Reader::from_reader(BufReader::new(part));
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|_| why::damaged())? {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "sheet" => book.sheets.push(text_attribute(&tag, "id")?.unwrap_or_default()),
                    "calcPr" => {
                        let on_load = text_attribute(&tag, "fullCalcOnLoad")?;
                        book.uncalculated = on_load.is_some_and(|value| matches!(value.as_str(), "1" | "true"));
                    }
                    "Relationship" => {
                        let target = text_attribute(&tag, "Target")?.unwrap_or_default().to_ascii_lowercase();
                        book.targets.insert(text_attribute(&tag, "Id")?.unwrap_or_default(), target);
                    }
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
        }
    }
    Ok(book)
}

fn kind(archive: &mut Archive, parts: &[Part]) -> Result<Format, Bilingual> {
    let has = |end: &str| parts.iter().any(|part| part.name.ends_with(end));
    if let Some(index) = parts.iter().position(|part| part.name == "mimetype") {
        let mut mime = String::new();
        let part = archive.by_index(index).map_err(|_| why::damaged())?;
        part.take(100).read_to_string(&mut mime).map_err(|_| why::damaged())?;
        return match mime.starts_with("application/vnd.oasis.opendocument.spreadsheet") {
            true => Ok(Format::Ods),
            false => Err(why::not_a_workbook()),
        };
    }
    if !has("[content_types].xml") {
        let apple = has(".iwa") || has("index.zip");
        return Err(if apple { why::numbers() } else { why::archive() });
    }
    match (has("workbook.bin"), has("workbook.xml")) {
        (true, _) => Ok(Format::Xlsb),
        (_, true) => Ok(Format::Xlsx),
        _ => Err(why::not_a_workbook()),
    }
}

/// An ODS is encrypted part by part, and its manifest says so.
fn is_encrypted_ods(archive: &mut Archive, parts: &[Part]) -> Result<bool, Bilingual> {
    let Some(index) = parts.iter().position(|part| part.name == "meta-inf/manifest.xml") else { return Ok(false) };
    let mut manifest = Vec::new();
    let part = archive.by_index(index).map_err(|_| why::damaged())?;
    part.take(MAX_MANIFEST).read_to_end(&mut manifest).map_err(|_| why::damaged())?;
    Ok(memmem::find(&manifest, b"encryption-data").is_some())
}

/// `uniqueCount` may not promise more strings than the part has room for.
fn check_shared_strings(archive: &mut Archive, index: usize) -> Result<(), Bilingual> {
    let part = archive.by_index(index).map_err(|_| why::damaged())?;
    let room = part.size() / SHORTEST_STRING;
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| why::damaged())? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "sst" => {
                let promised = attribute(&tag, "uniqueCount")?.unwrap_or(0);
                return if promised > room { Err(why::damaged()) } else { Ok(()) };
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// A whole-number attribute, by local name.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<u64>, Bilingual> {
    text_attribute(tag, name)?.map(|text| text.trim().parse().map_err(|_| why::damaged())).transpose()
}

/// An attribute as it stands, by local name.
fn text_attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Bilingual> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| why::damaged())?;
        if attribute.key.local_name().as_ref() == name {
            return Ok(Some(attribute.value.into_owned()));
        }
    }
    Ok(None)
}

/// What calamine would unfold of one table.
#[derive(Default)]
struct OdsTable {
    /// Rows up to the last one with content.
    rows: u64,
    /// Empty rows seen since.
    empty_rows: u64,
    /// Columns up to the last cell with content, in the widest row.
    width: u64,
    /// Cells calamine keeps while it reads, before it repeats rows.
    kept: u64,
    hidden: Hidden,
    /// Columns that were described.
    described: u64,
}

/// The elements must close, may not lie too deep, and may not unfold to more cells than fit into memory. Gives what is hidden
/// of each table.
fn check_ods(archive: &mut Archive, index: usize) -> Result<Vec<Hidden>, Bilingual> {
    let part = archive.by_index(index).map_err(|_| why::damaged())?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    check_ods_xml(&mut reader)
}

fn check_ods_xml(reader: &mut Reader<impl BufRead>) -> Result<Vec<Hidden>, Bilingual> {
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    let mut cells = 0_u64;
    let mut table = OdsTable::default();
    let (mut repeat_row, mut columns, mut empty_columns, mut is_hidden) = (1, 0_u64, 0_u64, false);
    let (mut repeat_cell, mut of_cell, mut of_row, mut text) = (1, 0_u64, 0_u64, 0_u64);
    let mut hidden = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| why::damaged())? {
            Event::Start(tag) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(why::too_deep());
                }
                match tag.local_name().as_ref() {
                    "table" => table = OdsTable::default(),
                    "table-row" => {
                        repeat_row = attribute(&tag, "number-rows-repeated")?.unwrap_or(1).min(u64::from(MAX_ROWS));
                        (columns, empty_columns, of_row) = (0, 0, 0);
                        is_hidden = is_invisible(&tag)?;
                    }
                    "table-column" => {
                        let repeat = attribute(&tag, "number-columns-repeated")?.unwrap_or(1).min(MAX_COLUMNS as u64);
                        if is_invisible(&tag)? {
                            table.hidden.add_columns(table.described, table.described + repeat.max(1) - 1);
                        }
                        table.described += repeat;
                    }
                    "table-cell" | "covered-table-cell" => {
                        let repeat = attribute(&tag, "number-columns-repeated")?.unwrap_or(1).min(MAX_COLUMNS as u64);
                        // Each repeated cell, and each cell of a repeated row, gets a copy.
                        (repeat_cell, of_cell) = (repeat, tag.attributes().flatten().map(|a| a.value.len() as u64).sum());
                        // A cell with a value or a formula says so in its attributes.
                        let filled =
                            tag.attributes().flatten().any(|a| matches!(a.key.local_name().as_ref(), "value-type" | "formula"));
                        if filled {
                            columns += empty_columns + repeat;
                            empty_columns = 0;
                        } else {
                            empty_columns += repeat;
                        }
                    }
                    _ => {}
                }
            }
            Event::End(tag) => {
                depth = depth.checked_sub(1).ok_or_else(why::damaged)?;
                match tag.local_name().as_ref() {
                    "table-cell" | "covered-table-cell" => {
                        of_row += of_cell.saturating_mul(repeat_cell);
                        of_cell = 0;
                    }
                    "table-row" if columns > 0 => {
                        text = text.saturating_add(of_row.saturating_mul(repeat_row));
                        table.rows += table.empty_rows + repeat_row;
                        table.empty_rows = 0;
                        table.width = table.width.max(columns);
                        table.kept += columns;
                        if is_hidden {
                            table.hidden.rows = table.hidden.rows.saturating_add(repeat_row as u32);
                        }
                    }
                    "table-row" => table.empty_rows += repeat_row,
                    "table" => {
                        cells += table.kept.max(table.rows.min(u64::from(MAX_ROWS)) * table.width);
                        hidden.push(std::mem::take(&mut table.hidden));
                    }
                    _ => {}
                }
                if cells.max(table.kept) > MAX_ODS_CELLS || text > MAX_ODS_TEXT {
                    return Err(why::too_many_cells());
                }
            }
            Event::Text(piece) => of_cell += piece.len() as u64,
            Event::CData(piece) => of_cell += piece.len() as u64,
            Event::Eof if depth == 0 => return Ok(hidden),
            Event::Eof => return Err(why::damaged()),
            _ => {}
        }
    }
}

/// Whether a row or columns are hidden, by a person or by a filter.
fn is_invisible(tag: &BytesStart<'_>) -> Result<bool, Bilingual> {
    Ok(text_attribute(tag, "visibility")?.is_some_and(|value| matches!(value.as_str(), "collapse" | "filter")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;

    fn ods(body: &str) -> Result<Vec<Hidden>, String> {
        let xml = format!("<office:document><table:table table:name='a'>{body}</table:table></office:document>");
        check_ods_xml(&mut Reader::from_reader(xml.as_bytes())).map_err(|why| why.get(Lang::En).to_owned())
    }

    #[test]
    fn what_an_ods_unfolds_to_is_counted_before_it_happens() {
        let cell = "<table:table-cell office:value-type='float' office:value='1'/>";
        assert_eq!(ods(&format!("<table:table-row>{cell}</table:table-row>")), Ok(vec![Hidden::default()]));
        // LibreOffice ends a sheet with a million empty rows of 16,384 empty cells.
        let tail = "<table:table-row table:number-rows-repeated='1048575'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>";
        assert_eq!(ods(&format!("<table:table-row>{cell}</table:table-row>{tail}")), Ok(vec![Hidden::default()]));
        let wide = "<table:table-cell table:number-columns-repeated='16383'/>";
        let far = format!("<table:table-row>{wide}{cell}</table:table-row>{tail}<table:table-row>{cell}</table:table-row>");
        assert!(ods(&far).unwrap_err().contains("more cells"));
        let text = "x".repeat(1000);
        let long = |columns: u32, rows: u32| {
            format!(
                "<table:table-row table:number-rows-repeated='{rows}'><table:table-cell office:value-type='string' table:number-columns-repeated='{columns}'><text:p>{text}</text:p></table:table-cell></table:table-row>"
            )
        };
        assert!(ods(&long(100, 1_000)).is_ok());
        assert!(ods(&long(1_000, 1_000)).unwrap_err().contains("more cells"), "a gigabyte of copies");
    }

    #[test]
    fn hidden_rows_and_columns_of_an_ods() {
        let row = |more: &str| format!("<table:table-row {more}><table:table-cell office:value-type='float'/></table:table-row>");
        let columns = "<table:table-column table:number-columns-repeated='2'/><table:table-column table:visibility='collapse'/>";
        let filtered = row("table:visibility='filter' table:number-rows-repeated='3'");
        let empty =
            "<table:table-row table:visibility='collapse' table:number-rows-repeated='900'><table:table-cell/></table:table-row>";
        let body = [columns, &row(""), &filtered, &row("table:visibility='collapse'"), empty].concat();
        assert_eq!(ods(&body), Ok(vec![Hidden { rows: 4, columns: vec![(2, 2)] }]));
    }

    #[test]
    fn an_ods_must_close_its_elements_and_not_nest_for_ever() {
        assert!(check_ods_xml(&mut Reader::from_reader(&b"<a><table:table><table:table-row>"[..])).is_err());
        assert!(check_ods_xml(&mut Reader::from_reader(&b"<a></b></a>"[..])).is_err());
        assert!(ods(&format!("{}{}", "<x>".repeat(300), "</x>".repeat(300))).unwrap_err().contains("nested"));
    }
}
