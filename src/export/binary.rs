//! The records of a binary workbook (XLSB), as they go by: what calamine passes over in silence. That are formulas whose value
//! is an error, and texts with formatting inside a cell; and what is hidden.

use super::hidden::Hidden;

/// Records whose content is wanted are no longer than this; a cell holds 32,767 characters.
const MAX_RECORD: usize = 1 << 20;
/// Memory that the cells of a sheet may take.
const MAX_CELLS: usize = 256 << 20;

const ROW: u16 = 0x0000;
const ERROR_OF_FORMULA: u16 = 0x000B;
const COLUMNS: u16 = 0x003C;
const RICH_TEXT: u16 = 0x003E;
const SHEET: u16 = 0x009C;

/// A cell that calamine does not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lost {
    /// 0-based row and column.
    pub(super) place: (u32, u32),
    pub(super) value: LostValue,
}

/// What it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LostValue {
    /// As shown.
    Error(&'static str),
    Text(String),
}

/// What a part of a binary workbook showed so far.
#[derive(Default)]
pub(super) struct Records {
    /// A record whose end is still to come, if it is wanted.
    open: Vec<u8>,
    /// Bytes of one that is not.
    passing: usize,
    row: u32,
    /// Whether the row is hidden and had no cell yet.
    hidden_row: bool,
    memory: usize,
    pub(super) hidden: Hidden,
    /// In the order of the rows.
    pub(super) lost: Vec<Lost>,
    /// The relations that lead to the sheets.
    pub(super) sheets: Vec<String>,
}

impl Records {
    /// The next bytes; `false` when they would take too much memory.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> bool {
        let mut held = std::mem::take(&mut self.open);
        let skipped = self.passing.min(bytes.len());
        self.passing -= skipped;
        held.extend_from_slice(&bytes[skipped..]);
        let mut at = 0;
        while let Some((kind, length, head)) = header(&held[at..]) {
            let start = at + head;
            let end = start + length;
            let wanted = matches!(kind, ROW | ERROR_OF_FORMULA | COLUMNS | RICH_TEXT | SHEET) && length <= MAX_RECORD;
            if !wanted {
                // Numbers, texts, yes and no, errors: 2 to 11.
                self.cell(matches!(kind, 2..=11));
                self.passing = end.saturating_sub(held.len());
                at = end.min(held.len());
                continue;
            }
            let Some(data) = held.get(start..end) else { break };
            self.record(kind, data);
            at = end;
        }
        self.open = held.split_off(at);
        self.memory <= MAX_CELLS
    }

    fn cell(&mut self, is_cell: bool) {
        if is_cell && std::mem::take(&mut self.hidden_row) {
            self.hidden.rows = self.hidden.rows.saturating_add(1);
        }
    }

    fn record(&mut self, kind: u16, data: &[u8]) {
        match kind {
            ROW => {
                self.row = long(data, 0).unwrap_or(self.row);
                self.hidden_row = data.get(11).is_some_and(|flags| flags & 0x10 != 0);
            }
            COLUMNS if data.get(16).is_some_and(|flags| flags & 1 != 0) => {
                if let Some((first, last)) = long(data, 0).zip(long(data, 4)) {
                    self.hidden.add_columns(u64::from(first), u64::from(last));
                }
            }
            ERROR_OF_FORMULA => self.lose(data, data.get(8).map(|code| LostValue::Error(error(*code)))),
            RICH_TEXT => self.lose(data, wide(data, 9).map(|(text, _)| LostValue::Text(text))),
            SHEET => {
                let relation = wide(data, 8).map(|(relation, _)| relation).unwrap_or_default();
                self.sheets.push(relation);
            }
            _ => {}
        }
    }

    fn lose(&mut self, data: &[u8], value: Option<LostValue>) {
        self.cell(true);
        if let Some((column, value)) = long(data, 0).zip(value) {
            self.memory += size_of::<Lost>() + if let LostValue::Text(text) = &value { text.len() } else { 0 };
            self.lost.push(Lost { place: (self.row, column), value });
        }
    }
}

/// Kind and length of a record, and how many bytes say so.
fn header(bytes: &[u8]) -> Option<(u16, usize, usize)> {
    let first = *bytes.first()?;
    let (kind, mut at) = match first & 0x80 {
        0 => (u16::from(first), 1),
        _ => (u16::from(first & 0x7F) | u16::from(bytes.get(1)? & 0x7F) << 7, 2),
    };
    let mut length = 0;
    for shift in [0, 7, 14, 21] {
        let byte = *bytes.get(at)?;
        at += 1;
        length |= usize::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some((kind, length, at))
}

fn long(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// A text in UTF-16 behind the number of its units, and where it ends.
fn wide(data: &[u8], at: usize) -> Option<(String, usize)> {
    let units = long(data, at)? as usize;
    let end = units.checked_mul(2)?.checked_add(at + 4)?;
    let units: Vec<u16> = data.get(at + 4..end)?.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
    Some((String::from_utf16_lossy(&units), end))
}

fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let mut bytes = if kind < 0x80 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
        bytes.extend([data.len() as u8 | 0x80, (data.len() >> 7) as u8]);
        bytes.extend(data);
        bytes
    }

    #[test]
    fn what_calamine_passes_over_is_found_however_the_records_come() {
        let row = |row: u8, flags: u8| record(ROW, &[&[row, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, flags][..], &[0; 5]].concat());
        let text = [&[2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0xE6, 0, b'x', 0][..], &[0; 200]].concat();
        let records = [
            record(COLUMNS, &[&[1, 0, 0, 0, 3, 0, 0, 0][..], &[0; 8], &[1, 0]].concat()),
            row(4, 0x10),
            record(0x0005, &[0; 300]),
            row(5, 0x10),
            row(6, 0),
            record(ERROR_OF_FORMULA, &[1, 0, 0, 0, 0, 0, 0, 0, 0x2A, 0, 0]),
            record(RICH_TEXT, &text),
            record(SHEET, &[&[0; 8][..], &[2, 0, 0, 0, b'r', 0, b'1', 0], &[0; 4]].concat()),
        ]
        .concat();
        for step in [1, 3, 10_000] {
            let mut seen = Records::default();
            assert!(records.chunks(step).all(|piece| seen.feed(piece)));
            assert_eq!(seen.hidden, Hidden { rows: 1, columns: vec![(1, 3)] }, "{step}");
            let error = Lost { place: (6, 1), value: LostValue::Error("#N/A") };
            let text = Lost { place: (6, 2), value: LostValue::Text("æx".to_owned()) };
            assert_eq!(seen.lost, [error, text], "{step}");
            assert_eq!(seen.sheets, ["r1"]);
        }
    }

    #[test]
    fn records_that_lie_about_their_length_harm_nothing() {
        let mut seen = Records::default();
        assert!(seen.feed(&[0x0B, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3]) && seen.feed(&[0x3E, 0x0A, 0, 0]));
        assert!(seen.lost.is_empty());
        let mut seen = Records::default();
        assert!(seen.feed(&record(RICH_TEXT, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF])));
        assert!(seen.lost.is_empty());
    }
}
