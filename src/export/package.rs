//! Looks a zipped workbook over before calamine may read it.
//!
//! calamine trusts what a file says of itself: it reserves as many strings as `uniqueCount` promises, unfolds repeated ODS
//! cells into memory, and waits for ever for the end of a table in an ODS that was cut off. So every part is unpacked once
//! through a counter, which also finds archives cut off in the middle, and these promises are checked. On the way it sees what
//! calamine does not tell: hidden rows and columns, and cells of binary workbooks.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::binary::{Lost, Records};
use super::gauge::Gauge;
use super::hidden::{Hidden, Scan};
use super::{Format, ods, why};
use crate::locale::Bilingual;

/// Parts an archive may have.
const MAX_PARTS: usize = 10_000;
/// Bytes one part, and all parts, may unpack to. A million rows of a hundred columns are some 4 GiB.
const MAX_PART: u64 = 4 << 30;
const MAX_TOTAL: u64 = 8 << 30;
/// From this size on a part may unpack to at most this many times its packed size; worksheets reach 30.
const SUSPECT_FROM: u64 = 64 << 20;
const MAX_RATIO: u64 = 250;
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
                let content = archive.by_index(index).map_err(|_| why::damaged())?;
                let hidden = ods::check(&mut Reader::from_reader(BufReader::new(content)))?;
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
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<u64>, Bilingual> {
    text_attribute(tag, name)?.map(|text| text.trim().parse().map_err(|_| why::damaged())).transpose()
}

/// An attribute as it stands, by local name.
pub(super) fn text_attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Bilingual> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| why::damaged())?;
        if attribute.key.local_name().as_ref() == name {
            return Ok(Some(attribute.value.into_owned()));
        }
    }
    Ok(None)
}
