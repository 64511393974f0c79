//! One field of delimited text: where it begins, where it ends, and what ended it.
//!
//! The one place that knows the quoting rules: a field is quoted when its first byte is `"`; inside, `""` is a quote and line
//! breaks are text; what stands between the closing quote and the next delimiter is kept as written, and so is a quote inside
//! an unquoted field. A record ends at LF, CRLF or CR.

use memchr::{memchr, memchr3};

/// What ended a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A delimiter: the record goes on.
    Delimiter,
    /// A line end: the record is whole.
    Line,
    /// The end of the bytes.
    End,
    /// The end of the bytes inside quotes.
    OpenQuote,
}

/// A field as it stands in the bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where the closing quote of a quoted field stands.
    pub(super) closing: Option<usize>,
    pub(super) stop: Stop,
    /// Where the next field begins.
    pub(super) next: usize,
}

/// The field that begins at `start`.
#[inline]
pub(super) fn field(bytes: &[u8], start: usize, delimiter: u8) -> Field {
    let mut from = start;
    let mut closing = None;
    if bytes.get(start) == Some(&b'"') {
        from = start + 1;
        loop {
            match memchr(b'"', &bytes[from..]) {
                None => {
                    let end = bytes.len();
                    return Field { start, end, closing: None, stop: Stop::OpenQuote, next: end };
                }
                Some(offset) if bytes.get(from + offset + 1) == Some(&b'"') => from += offset + 2,
                Some(offset) => {
                    closing = Some(from + offset);
                    from += offset + 1;
                    break;
                }
            }
        }
    }
    let Some(offset) = memchr3(delimiter, b'\n', b'\r', &bytes[from..]) else {
        return Field { start, end: bytes.len(), closing, stop: Stop::End, next: bytes.len() };
    };
    let end = from + offset;
    if bytes[end] == delimiter {
        return Field { start, end, closing, stop: Stop::Delimiter, next: end + 1 };
    }
    let crlf = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
    Field { start, end, closing, stop: Stop::Line, next: end + if crlf { 2 } else { 1 } }
}

/// Line ends in `bytes`: LF, CRLF and CR count one each.
pub(super) fn line_ends(bytes: &[u8]) -> u32 {
    memchr::memchr2_iter(b'\n', b'\r', bytes).filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_ends_at_delimiter_line_or_end() {
        let text = b"ab;c\r\nd";
        let first = field(text, 0, b';');
        assert_eq!((first.end, first.stop, first.next), (2, Stop::Delimiter, 3));
        let second = field(text, 3, b';');
        assert_eq!((second.end, second.stop, second.next), (4, Stop::Line, 6));
        assert_eq!(field(text, 6, b';').stop, Stop::End);
    }

    #[test]
    fn quotes_hold_delimiters_and_line_breaks() {
        let text = b"\"a;\"\"b\r\nc\" x;d";
        let quoted = field(text, 0, b';');
        assert_eq!((quoted.closing, quoted.end, quoted.stop), (Some(9), 12, Stop::Delimiter));
        assert_eq!(field(b"a\"b;c", 0, b';').end, 3);
        assert_eq!(field(b"\"abc;d", 0, b';').stop, Stop::OpenQuote);
    }

    #[test]
    fn every_kind_of_line_end_counts_one() {
        assert_eq!(line_ends(b"a\nb\r\nc\rd"), 3);
        assert_eq!(line_ends(b"\r\r\n\n"), 3);
    }
}
