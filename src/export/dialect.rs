//! Which byte separates the fields of a text file.
//!
//! Every candidate splits the first lines; the one that gives the most rows of one and the same width, and the widest, wins.
//! A first line `sep=;` settles it and is no row.

use std::collections::BTreeMap;

use super::fields::{Stop, field};

/// In order of preference when nothing tells them apart.
const CANDIDATES: [u8; 4] = [b';', b'\t', b',', b'|'];
const RECORDS: usize = 200;
/// Beyond this, wider is no sign of being right.
const WIDE: usize = 30;

/// The delimiter named by a first line `sep=;`, as Excel reads and writes it.
pub(super) fn separator_line(sample: &str) -> Option<u8> {
    let line = sample.split(['\r', '\n']).next()?;
    let named = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line.as_bytes()[4..])?;
    match named {
        [delimiter] if usable(*delimiter) => Some(*delimiter),
        _ => None,
    }
}

/// Whether a byte can separate fields.
pub(super) fn usable(delimiter: u8) -> bool {
    delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric() && !matches!(delimiter, b'"' | b'\r' | b'\n' | 0)
}

/// The delimiter of a text that begins with `sample`; `whole` = there is no more of it.
pub(super) fn sniff(sample: &str, whole: bool) -> u8 {
    let mut best = (0, CANDIDATES[0]);
    for candidate in CANDIDATES {
        let score = score(&widths(sample.as_bytes(), candidate, whole));
        if score > best.0 {
            best = (score, candidate);
        }
    }
    best.1
}

/// Fields of each of the first records, blank lines left out.
fn widths(sample: &[u8], delimiter: u8, whole: bool) -> Vec<usize> {
    let mut widths = Vec::new();
    let (mut at, mut start, mut width) = (0, 0, 0);
    while at < sample.len() && widths.len() < RECORDS {
        let found = field(sample, at, delimiter);
        at = found.next;
        width += 1;
        match found.stop {
            Stop::Delimiter => continue,
            Stop::Line if found.end > start => widths.push(width),
            Stop::End if whole || widths.is_empty() => widths.push(width),
            _ => {}
        }
        (start, width) = (at, 0);
    }
    widths
}

/// Rows of the commonest width, squared, times how far that width is beyond one.
fn score(widths: &[usize]) -> usize {
    let mut rows = BTreeMap::new();
    for &width in widths.iter().filter(|&&width| width > 1) {
        *rows.entry(width).or_insert(0_usize) += 1;
    }
    rows.into_iter().map(|(width, rows)| rows * rows * (width.min(WIDE) - 1)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_consistent_delimiter_wins() {
        assert_eq!(sniff("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n", true), b';');
        assert_eq!(sniff("a,b,c\n1,\"x;y;z\",3\n", true), b',');
        assert_eq!(sniff("a\tb\n1,0\t2\n", true), b'\t');
        assert_eq!(sniff("a|b|c\r1|2|3\r", true), b'|');
        assert_eq!(sniff("Udtrukket, i dag\n\nnavn;beløb;dato\nA;1,00;x\nB;2,00;y\n", true), b';');
        assert_eq!(sniff("kun en kolonne\n1\n2\n", true), b';');
        assert_eq!(sniff("", true), b';');
    }

    #[test]
    fn a_delimiter_inside_quotes_is_none() {
        assert_eq!(sniff("\"a,b\";\"c\nd,e\"\n\"1,2\";\"3,4\"\n", true), b';');
    }

    #[test]
    fn the_separator_line_is_read_as_excel_writes_it() {
        assert_eq!(separator_line("sep=;\r\na;b"), Some(b';'));
        assert_eq!(separator_line("SEP=\t\na\tb"), Some(b'\t'));
        assert_eq!(separator_line("sep=ab\n"), None);
        assert_eq!(separator_line("separat;b\n"), None);
        assert_eq!(separator_line(""), None);
    }
}
