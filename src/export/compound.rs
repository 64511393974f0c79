//! Looks an OLE compound file (XLS, or any encrypted workbook) over before calamine may read it.
//!
//! calamine follows sector chains without looking where they lead (an index out of bounds, or a circle for ever) and reserves
//! as many cells as a DIMENSIONS record promises. This reads the same chains and records, and refuses what does not add up.

use std::path::Path;

use super::hidden::Hidden;
use super::{shared_strings, survey, why};
use crate::locale::Bilingual;

/// Larger files are refused; calamine holds the whole file in memory.
const MAX_BYTES: usize = 512 << 20;
/// Limits of the old workbook format.
const MAX_XLS_ROWS: u32 = 65_536;
const MAX_XLS_COLUMNS: u32 = 256;
const MAX_SHEETS: usize = 1_024;
/// Cells that all sheets may span; calamine fills in the gaps.
const MAX_CELLS: u64 = 20_000_000;
/// Characters that cells may hold through shared strings; calamine copies them for each cell.
const MAX_SHARED: u64 = 256 << 20;
/// Characters of a string.
const LONGEST_STRING: u32 = 32_767;

const HEADER: usize = 512;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const NO_SECTOR: u32 = 0xFFFF_FFFA;
/// Streams shorter than this lie in small sectors.
const SMALL_STREAM: u64 = 4096;
const SMALL_SECTOR: usize = 64;

/// Finds out whether a compound file is an XLS that is fit to be read, and what is hidden of each of its sheets.
///
/// # Errors
/// The reason why it will not be read.
pub(super) fn look_over(path: &Path) -> Result<Vec<Hidden>, Bilingual> {
    let bytes = survey::head(path, MAX_BYTES + 1).map_err(|error| why::io(&error))?;
    if bytes.len() > MAX_BYTES {
        return Err(why::too_large((MAX_BYTES >> 20) as u64));
    }
    let stream = workbook_stream(&bytes)?;
    check_records(&stream)
}

/// The workbook inside a compound file.
fn workbook_stream(bytes: &[u8]) -> Result<Vec<u8>, Bilingual> {
    let compound = Compound::read(bytes).ok_or_else(why::damaged)?;
    if compound.entry("EncryptedPackage").is_some() {
        return Err(why::encrypted());
    }
    // calamine takes the second only when the first cannot be read, so both must be sound.
    let streams: Vec<Option<Vec<u8>>> =
        ["Workbook", "Book"].iter().filter_map(|name| compound.entry(name)).map(|entry| compound.stream(entry)).collect();
    if streams.is_empty() {
        return Err(why::not_a_workbook());
    }
    let mut streams = streams.into_iter().collect::<Option<Vec<_>>>().ok_or_else(why::damaged)?;
    Ok(streams.swap_remove(0))
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 2).map(|b| u32::from(b[0]) | u32::from(b[1]) << 8)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

struct Entry {
    name: String,
    start: u32,
    length: u64,
}

struct Compound<'a> {
    /// Sectors, behind the header.
    sectors: &'a [u8],
    sector_size: usize,
    fat: Vec<u32>,
    small: Vec<u8>,
    small_fat: Vec<u32>,
    entries: Vec<Entry>,
}

impl<'a> Compound<'a> {
    fn read(bytes: &'a [u8]) -> Option<Compound<'a>> {
        let sector_size = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let sectors = bytes.get(HEADER.max(sector_size)..)?;
        let sector = |id: u32| {
            let start = (id as usize).checked_mul(sector_size)?;
            sectors.get(start..sectors.len().min(start + sector_size)).filter(|s| s.len() == sector_size)
        };
        let sector_count = sectors.len() / sector_size;

        // The list of FAT sectors: 109 in the header, more in a chain whose links stand last in each sector.
        let mut fat_sectors: Vec<u32> = words(bytes.get(76..HEADER)?).collect();
        let mut next = u32_at(bytes, 68)?;
        let mut steps = 0;
        while next < NO_SECTOR {
            steps += 1;
            if steps > sector_count {
                return None;
            }
            fat_sectors.extend(words(sector(next)?));
            next = fat_sectors.pop()?;
        }
        fat_sectors.retain(|&id| id < 0xFFFF_FFFC);
        if fat_sectors.len() > sector_count {
            return None;
        }
        let mut fat = Vec::new();
        for id in fat_sectors {
            fat.extend(words(sector(id)?));
        }

        let directory = chain(u32_at(bytes, 48)?, &fat, u64::MAX, sector_size, sectors)?;
        let entries: Vec<Entry> =
            directory.chunks_exact(128).map(|entry| Entry::read(entry, sector_size)).collect::<Option<_>>()?;
        let root = entries.first()?;
        let small_fat_sectors = u32_at(bytes, 64)?;
        let (small, small_fat) = if small_fat_sectors > 0 {
            let length = u64::from(small_fat_sectors) * sector_size as u64;
            let fat_bytes = chain(u32_at(bytes, 60)?, &fat, length, sector_size, sectors)?;
            (chain(root.start, &fat, root.length, sector_size, sectors)?, words(&fat_bytes).collect())
        } else {
            (Vec::new(), Vec::new())
        };
        Some(Compound { sectors, sector_size, fat, small, small_fat, entries })
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn stream(&self, entry: &Entry) -> Option<Vec<u8>> {
        if entry.length < SMALL_STREAM {
            chain(entry.start, &self.small_fat, entry.length, SMALL_SECTOR, &self.small)
        } else {
            chain(entry.start, &self.fat, entry.length, self.sector_size, self.sectors)
        }
    }
}

impl Entry {
    fn read(bytes: &[u8], sector_size: usize) -> Option<Entry> {
        let units: Vec<u16> =
            bytes[..64].chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).take_while(|&u| u != 0).collect();
        let low = u64::from(u32_at(bytes, 120)?);
        let high = if sector_size == 512 { 0 } else { u64::from(u32_at(bytes, 124)?) };
        Some(Entry { name: String::from_utf16_lossy(&units), start: u32_at(bytes, 116)?, length: high << 32 | low })
    }
}

/// The bytes of a chain of sectors; `None` when it leads outside or goes in a circle.
fn chain(start: u32, fat: &[u32], length: u64, sector_size: usize, sectors: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut id = start;
    let mut steps = 0;
    while id != END_OF_CHAIN {
        steps += 1;
        if steps > fat.len() + 1 {
            return None;
        }
        let from = (id as usize).checked_mul(sector_size)?;
        let sector = sectors.get(from..sectors.len().min(from.checked_add(sector_size)?))?;
        let room = usize::try_from(length - bytes.len() as u64).unwrap_or(usize::MAX);
        bytes.extend_from_slice(&sector[..sector.len().min(room)]);
        if bytes.len() as u64 >= length {
            break;
        }
        id = *fat.get(id as usize)?;
    }
    Some(bytes)
}

/// Records of a workbook stream from `at` on, up to the end-of-part record.
fn records(stream: &[u8], mut at: usize) -> impl Iterator<Item = Option<(u32, &[u8])>> {
    let mut done = false;
    std::iter::from_fn(move || {
        if done || at >= stream.len() {
            return None;
        }
        let record = u16_at(stream, at).zip(u16_at(stream, at + 2)).and_then(|(kind, length)| {
            let data = stream.get(at + 4..at + 4 + length as usize)?;
            at += 4 + length as usize;
            Some((kind, data))
        });
        done = record.is_none_or(|(kind, _)| kind == 0x000A);
        Some(record)
    })
}

/// Checks what the records promise: dimensions, and the area that cells span. Gives what is hidden of each sheet.
fn check_records(stream: &[u8]) -> Result<Vec<Hidden>, Bilingual> {
    let mut sheets = Vec::new();
    let (mut strings, mut before) = (Vec::new(), 0);
    for record in records(stream, 0) {
        let (kind, data) = record.ok_or_else(why::damaged)?;
        // The shared strings, and the records that continue them.
        if kind == 0x00FC || (kind == 0x003C && before == 0x00FC) {
            strings.push(data);
            before = 0x00FC;
            continue;
        }
        before = kind;
        match kind {
            0x002F if u16_at(data, 0).is_none_or(|method| method != 0) => return Err(why::encrypted()),
            0x0085 => sheets.push(u32_at(data, 0).ok_or_else(why::damaged)? as usize),
            _ => {}
        }
    }
    if sheets.len() > MAX_SHEETS {
        return Err(why::too_many_parts());
    }
    let lengths = shared_strings::lengths(&strings);
    let mut shared = 0;
    let mut cells = 0;
    let mut walked = 0;
    let mut all_hidden = Vec::with_capacity(sheets.len());
    for start in sheets {
        if start > stream.len() {
            return Err(why::damaged());
        }
        let mut area = Area::default();
        let mut hidden = Hidden::default();
        for record in records(stream, start) {
            let (kind, data) = record.ok_or_else(why::damaged)?;
            walked += data.len() + 4;
            // Sheets that share their records would be read over and over.
            if walked > stream.len().saturating_mul(4) {
                return Err(why::damaged());
            }
            if let Some(string) = u32_at(data, 6).filter(|_| kind == 0x00FD) {
                shared += u64::from(lengths.get(string as usize).copied().unwrap_or(LONGEST_STRING));
            }
            match kind {
                0x0200 => check_dimensions(data)?,
                0x0208 => hidden.rows += u32::from(is_hidden_row(data)),
                0x007D if u16_at(data, 8).is_some_and(|flags| flags & 1 != 0) => {
                    if let Some((first, last)) = u16_at(data, 0).zip(u16_at(data, 2)) {
                        hidden.add_columns(u64::from(first), u64::from(last));
                    }
                }
                0x0006 | 0x0203 | 0x0204 | 0x0205 | 0x00D6 | 0x00FD | 0x027E => area.add(data, 2),
                0x00BD => {
                    area.add(data, 2);
                    area.add(data, data.len().saturating_sub(2));
                }
                _ => {}
            }
        }
        cells += area.cells();
        if cells > MAX_CELLS || shared > MAX_SHARED {
            return Err(why::too_many_cells());
        }
        all_hidden.push(hidden);
    }
    Ok(all_hidden)
}

/// Whether a ROW record with cells has no height.
fn is_hidden_row(data: &[u8]) -> bool {
    u16_at(data, 2) < u16_at(data, 4) && u16_at(data, 12).is_some_and(|flags| flags & 0x20 != 0)
}

fn check_dimensions(data: &[u8]) -> Result<(), Bilingual> {
    let read = || match data.len() {
        10 => Some([u16_at(data, 0)?, u16_at(data, 2)?, u16_at(data, 6)?]),
        14 | 16 => Some([u32_at(data, 0)?, u32_at(data, 4)?, u16_at(data, 10)?]),
        _ => None,
    };
    let [first_row, end_row, end_column] = read().ok_or_else(why::damaged)?;
    if end_row > MAX_XLS_ROWS || end_column > MAX_XLS_COLUMNS {
        return Err(why::beyond_excel());
    }
    // calamine takes the end from the start.
    if first_row >= end_row && end_row > 0 && end_column > 0 { Err(why::damaged()) } else { Ok(()) }
}

/// The smallest rectangle around all cells.
#[derive(Default)]
struct Area {
    rows: Option<(u32, u32)>,
    columns: Option<(u32, u32)>,
}

impl Area {
    fn add(&mut self, data: &[u8], column_at: usize) {
        let grow = |range: &mut Option<(u32, u32)>, n| {
            let (low, high) = range.unwrap_or((n, n));
            *range = Some((low.min(n), high.max(n)));
        };
        if let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, column_at)) {
            grow(&mut self.rows, row);
            grow(&mut self.columns, column);
        }
    }

    fn cells(&self) -> u64 {
        match (self.rows, self.columns) {
            (Some(rows), Some(columns)) => u64::from(rows.1 - rows.0 + 1) * u64::from(columns.1 - columns.0 + 1),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    /// A workbook stream with one sheet of the given records.
    fn stream(sheet: &[Vec<u8>]) -> Vec<u8> {
        let globals = 4 + 8 + 4;
        let mut bytes = record(0x0085, &[&(globals as u32).to_le_bytes()[..], &[0, 0, 0, 0]].concat());
        bytes.extend(record(0x000A, &[]));
        bytes.extend(sheet.concat());
        bytes.extend(record(0x000A, &[]));
        bytes
    }

    fn dimensions(first_row: u32, end_row: u32, end_column: u16) -> Vec<u8> {
        let mut data = Vec::new();
        data.extend(first_row.to_le_bytes());
        data.extend(end_row.to_le_bytes());
        data.extend(0_u16.to_le_bytes());
        data.extend(end_column.to_le_bytes());
        data.extend([0, 0]);
        record(0x0200, &data)
    }

    fn says(sheet: &[Vec<u8>]) -> String {
        check_records(&stream(sheet)).map_or_else(|why| why.get(Lang::En).to_owned(), |_| "fine".to_owned())
    }

    #[test]
    fn dimensions_are_believed_only_within_the_format() {
        assert_eq!(says(&[dimensions(0, 65_536, 256)]), "fine");
        assert!(says(&[dimensions(0, u32::MAX, 256)]).contains("1,048,576"));
        assert!(says(&[dimensions(0, 10, 257)]).contains("1,048,576"));
        assert!(says(&[dimensions(9, 3, 2)]).contains("damaged"));
    }

    #[test]
    fn two_cells_far_apart_would_fill_the_memory() {
        let number = |row: u16, column: u16| record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat());
        assert_eq!(says(&[number(0, 0), number(65_535, 255)]), "fine");
        assert!(says(&[number(0, 0), number(65_535, 65_535)]).contains("more cells"));
    }

    #[test]
    fn a_long_string_in_many_cells_would_fill_the_memory() {
        let long = [&[1, 0, 0, 0, 1, 0, 0, 0, 0x00, 0x10, 0][..], &[b'x'; 0x1000]].concat();
        let cell = |row: u16, column: u16| record(0x00FD, &[row, column, 0, 0, 0].map(u16::to_le_bytes).concat());
        let book = |rows: u16| {
            let strings = record(0x00FC, &long);
            let globals = 4 + 8 + strings.len() + 4;
            let mut bytes = record(0x0085, &[&(globals as u32).to_le_bytes()[..], &[0, 0, 0, 0]].concat());
            bytes.extend([strings, record(0x000A, &[])].concat());
            bytes.extend((0..rows).flat_map(|row| (0..8).flat_map(move |column| cell(row, column))));
            bytes.extend(record(0x000A, &[]));
            check_records(&bytes)
        };
        assert!(book(4_000).is_ok());
        assert!(book(9_000).unwrap_err().get(Lang::En).contains("more cells"));
    }

    #[test]
    fn hidden_rows_and_columns() {
        let row = |cells: u16, flags: u16| {
            record(0x0208, &[[1, 0, 0, 0], [cells as u8, 0, 255, 0], [0; 4], [flags as u8, 1, 0, 0]].concat())
        };
        let columns = record(0x007D, &[2, 0, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        let seen = check_records(&stream(&[columns, row(4, 0x20), row(4, 0), row(0, 0x20)]));
        assert_eq!(seen, Ok(vec![Hidden { rows: 1, columns: vec![(2, 3)] }]));
    }

    #[test]
    fn a_chain_that_leads_nowhere_or_round_is_refused() {
        let sectors = vec![7; 1024];
        assert_eq!(chain(0, &[1, END_OF_CHAIN], u64::MAX, 512, &sectors).map(|b| b.len()), Some(1024));
        assert_eq!(chain(0, &[1, END_OF_CHAIN], 600, 512, &sectors).map(|b| b.len()), Some(600));
        assert_eq!(chain(0, &[1, 0], u64::MAX, 512, &sectors), None);
        assert_eq!(chain(0, &[5, 0], u64::MAX, 512, &sectors), None);
        assert_eq!(chain(0, &[], 2000, 512, &sectors), None);
    }
}
