//! Looks a zipped workbook over before calamine may read it.
//!
//! calamine trusts what a file says of itself: it reserves as many strings as `uniqueCount` promises, unfolds repeated ODS
//! cells into memory, and waits for ever for the end of a table in an ODS that was cut off. So every part is unpacked once
//! through a counter, which also finds archives cut off in the middle, and these promises are checked.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

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
/// The shortest shared string there is: `<si/>`.
const SHORTEST_STRING: u64 = 5;

type Archive = ZipArchive<BufReader<File>>;

/// Which kind of workbook a zip archive is, once it has been found harmless.
///
/// # Errors
/// The reason why it will not be read.
pub(super) fn look_over(path: &Path) -> Result<Format, Bilingual> {
    let file = File::open(path).map_err(|error| why::io(&error))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| why::damaged())?;
    if archive.len() > MAX_PARTS {
        return Err(why::too_many_parts());
    }
    let names = unpack_all(&mut archive)?;
    let format = kind(&mut archive, &names)?;
    for (index, name) in names.iter().enumerate() {
        match format {
            Format::Xlsx if name.ends_with("sharedstrings.xml") => check_shared_strings(&mut archive, index)?,
            Format::Ods if name == "content.xml" => check_ods(&mut archive, index)?,
            _ => {}
        }
    }
    Ok(format)
}

/// Unpacks every part and throws it away; gives the names in lower case.
fn unpack_all(archive: &mut Archive) -> Result<Vec<String>, Bilingual> {
    let mut names = Vec::with_capacity(archive.len());
    let mut total = 0;
    let mut buffer = vec![0; 256 * 1024];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| why::damaged())?;
        if part.encrypted() {
            return Err(why::encrypted());
        }
        names.push(part.name().map_err(|_| why::damaged())?.replace('\\', "/").to_ascii_lowercase());
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
            if suspect || unpacked > MAX_PART || total > MAX_TOTAL {
                return Err(why::bomb());
            }
        }
    }
    Ok(names)
}

fn kind(archive: &mut Archive, names: &[String]) -> Result<Format, Bilingual> {
    let has = |end: &str| names.iter().any(|name| name.ends_with(end));
    if let Some(index) = names.iter().position(|name| name == "mimetype") {
        let mut mime = String::new();
        let part = archive.by_index(index).map_err(|_| why::damaged())?;
        part.take(100).read_to_string(&mut mime).map_err(|_| why::damaged())?;
        return match mime.starts_with("application/vnd.oasis.opendocument.spreadsheet") {
            true => Ok(Format::Ods),
            false => Err(why::not_a_workbook()),
        };
    }
    if !has("[content_types].xml") {
        let apple = names.iter().any(|name| name.ends_with(".iwa")) || has("index.zip");
        return Err(if apple { why::numbers() } else { why::archive() });
    }
    match (has("workbook.bin"), has("workbook.xml")) {
        (true, _) => Ok(Format::Xlsb),
        (_, true) => Ok(Format::Xlsx),
        _ => Err(why::not_a_workbook()),
    }
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
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| why::damaged())?;
        if attribute.key.local_name().as_ref() == name {
            let text: &str = attribute.value.as_ref();
            return text.trim().parse().map(Some).map_err(|_| why::damaged());
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
}

/// The elements must close, may not lie too deep, and may not unfold to more cells than fit into memory.
fn check_ods(archive: &mut Archive, index: usize) -> Result<(), Bilingual> {
    let part = archive.by_index(index).map_err(|_| why::damaged())?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    check_ods_xml(&mut reader)
}

fn check_ods_xml(reader: &mut Reader<impl BufRead>) -> Result<(), Bilingual> {
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    let mut cells = 0_u64;
    let mut table = OdsTable::default();
    let (mut repeat_row, mut columns, mut empty_columns) = (1, 0_u64, 0_u64);
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
                        (columns, empty_columns) = (0, 0);
                    }
                    "table-cell" | "covered-table-cell" => {
                        let repeat = attribute(&tag, "number-columns-repeated")?.unwrap_or(1).min(MAX_COLUMNS as u64);
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
                    "table-row" if columns > 0 => {
                        table.rows += table.empty_rows + repeat_row;
                        table.empty_rows = 0;
                        table.width = table.width.max(columns);
                        table.kept += columns;
                    }
                    "table-row" => table.empty_rows += repeat_row,
                    "table" => cells += table.kept.max(table.rows.min(u64::from(MAX_ROWS)) * table.width),
                    _ => {}
                }
                if cells.max(table.kept) > MAX_ODS_CELLS {
                    return Err(why::too_many_cells());
                }
            }
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(why::damaged()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;

    fn ods(body: &str) -> Result<(), String> {
        let xml = format!("<office:document><table:table table:name='a'>{body}</table:table></office:document>");
        check_ods_xml(&mut Reader::from_reader(xml.as_bytes())).map_err(|why| why.get(Lang::En).to_owned())
    }

    #[test]
    fn what_an_ods_unfolds_to_is_counted_before_it_happens() {
        let cell = "<table:table-cell office:value-type='float' office:value='1'/>";
        assert_eq!(ods(&format!("<table:table-row>{cell}</table:table-row>")), Ok(()));
        // LibreOffice ends a sheet with a million empty rows of 16,384 empty cells.
        let tail = "<table:table-row table:number-rows-repeated='1048575'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>";
        assert_eq!(ods(&format!("<table:table-row>{cell}</table:table-row>{tail}")), Ok(()));
        let wide = "<table:table-cell table:number-columns-repeated='16383'/>";
        let far = format!("<table:table-row>{wide}{cell}</table:table-row>{tail}<table:table-row>{cell}</table:table-row>");
        assert!(ods(&far).unwrap_err().contains("more cells"));
    }

    #[test]
    fn an_ods_must_close_its_elements_and_not_nest_for_ever() {
        assert!(check_ods_xml(&mut Reader::from_reader(&b"<a><table:table><table:table-row>"[..])).is_err());
        assert!(check_ods_xml(&mut Reader::from_reader(&b"<a></b></a>"[..])).is_err());
        assert!(ods(&format!("{}{}", "<x>".repeat(300), "</x>".repeat(300))).unwrap_err().contains("nested"));
    }
}
