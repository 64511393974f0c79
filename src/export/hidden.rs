//! Rows and columns that a spreadsheet program does not show: what a filter or a person hid. They are read like all others, and
//! told.

use std::borrow::Cow;

use memchr::memmem;
use quick_xml::events::BytesStart;

/// Tags that are longer say nothing of rows and columns.
const LONGEST_TAG: usize = 4096;

/// What of a sheet is hidden.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hidden {
    /// Rows with cells.
    pub rows: u32,
    /// Columns, 0-based, first and last; they may go beyond the data.
    pub columns: Vec<(u16, u16)>,
}

impl Hidden {
    /// Whether a column is hidden.
    pub fn has_column(&self, column: u16) -> bool {
        self.columns.iter().any(|&(first, last)| (first..=last).contains(&column))
    }

    /// Adds columns by their 0-based numbers, as far as a sheet has them.
    pub(super) fn add_columns(&mut self, first: u64, last: u64) {
        if let Ok(first) = u16::try_from(first) {
            self.columns.push((first, last.min(u64::from(u16::MAX)) as u16));
        }
    }
}

/// Finds hidden rows and columns of an XLSX sheet as its XML goes by, by the one word that all of them hold.
#[derive(Default)]
pub(super) struct Scan {
    hidden: Hidden,
    /// A tag whose end is still to come.
    open: Vec<u8>,
}

impl Scan {
    /// The next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let text = match self.open.is_empty() {
            true => Cow::Borrowed(bytes),
            false => Cow::Owned([&self.open[..], bytes].concat()),
        };
        let whole = memchr::memrchr(b'<', &text).filter(|&at| memchr::memchr(b'>', &text[at..]).is_none()).unwrap_or(text.len());
        let mut at = 0;
        for word in memmem::find_iter(&text[..whole], b"hidden=") {
            let tag = word.checked_sub(1).and_then(|before| memchr::memrchr(b'<', &text[at..before])).map(|start| at + start);
            let Some((start, end)) = tag.and_then(|start| Some((start, start + memchr::memchr(b'>', &text[start..])?))) else {
                continue;
            };
            if end > word {
                self.tag(&text[start + 1..end]);
                at = end;
            }
        }
        let open = &text[whole..];
        self.open = if open.len() <= LONGEST_TAG { open.to_vec() } else { Vec::new() };
    }

    fn tag(&mut self, tag: &[u8]) {
        let Ok(text) = std::str::from_utf8(tag) else { return };
        let (content, empty) = text.strip_suffix('/').map_or((text, false), |content| (content, true));
        let length = content.find(|c: char| c.is_ascii_whitespace()).unwrap_or(content.len());
        let tag = BytesStart::from_content(content, length);
        let value = |name: &str| {
            let mut all = tag.attributes().flatten();
            all.find(|attribute| attribute.key.local_name().as_ref() == name).map(|attribute| attribute.value.into_owned())
        };
        if !value("hidden").is_some_and(|value| matches!(value.as_ref(), "1" | "true")) {
            return;
        }
        match tag.local_name().as_ref() {
            "row" if !empty => self.hidden.rows += 1,
            "col" => {
                let number = |name| value(name).and_then(|value| value.parse::<u64>().ok()?.checked_sub(1));
                if let Some((first, last)) = number("min").zip(number("max")) {
                    self.hidden.add_columns(first, last);
                }
            }
            _ => {}
        }
    }

    /// After the last byte.
    pub(super) fn finish(self) -> Hidden {
        self.hidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_and_columns_are_found_however_the_text_comes() {
        let sheet = "<worksheet><cols><col min=\"2\" max=\"3\" hidden=\"1\"/><col min='5' max='5' hidden='0'/></cols><sheetData>\
                     <row r=\"1\"><c t=\"inlineStr\"><is><t>row hidden=\"1\" </t></is></c></row>\
                     <x:row hidden=\"true\" r='2'><c/></x:row><row r='3' hidden='1' /><row r=\"4\"  hidden=\"1\" ><c/></row>";
        for step in [1, 7, 1000] {
            let mut scan = Scan::default();
            sheet.as_bytes().chunks(step).for_each(|piece| scan.feed(piece));
            let hidden = scan.finish();
            assert_eq!(hidden, Hidden { rows: 2, columns: vec![(1, 2)] }, "{step}");
            assert!(hidden.has_column(2) && !hidden.has_column(3));
        }
    }
}
