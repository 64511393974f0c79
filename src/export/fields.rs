//! One field of delimited text: where it begins, where it ends, and what ended it.
//!
//! The one place that knows the quoting rules: a field is quoted when its first byte is the quote (`"`, as a rule); inside, a
//! doubled quote is a quote and line breaks are text; what stands between the closing quote and the next delimiter is kept as
//! written, and so is a quote inside an unquoted field. A record ends at LF, CRLF or CR.

use memchr::{memchr, memchr2, memchr3};

use super::grammar::{Escape, Grammar};

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
pub(super) fn field(bytes: &[u8], start: usize, grammar: &Grammar) -> Field {
    let mut from = start;
    let mut closing = None;
    if bytes.get(start) == Some(&grammar.quote) {
        let Some(at) = closing_quote(bytes, start + 1, grammar) else {
            let end = bytes.len();
            return Field { start, end, closing: None, stop: Stop::OpenQuote, next: end };
        };
        closing = Some(at);
        from = at + 1;
    }
    let separator = grammar.separator;
    loop {
        let Some(offset) = memchr3(separator.first(), b'\n', b'\r', &bytes[from..]) else {
            return Field { start, end: bytes.len(), closing, stop: Stop::End, next: bytes.len() };
        };
        let end = from + offset;
        if bytes[end] == separator.first() {
            // Most separators are one byte.
            if separator.length() == 1 || bytes[end..].starts_with(separator.as_bytes()) {
                return Field { start, end, closing, stop: Stop::Delimiter, next: end + separator.length() };
            }
            from = end + 1;
            continue;
        }
        let crlf = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
        return Field { start, end, closing, stop: Stop::Line, next: end + if crlf { 2 } else { 1 } };
    }
}

/// Where the quote stands that closes a field whose text begins at `from`.
fn closing_quote(bytes: &[u8], mut from: usize, grammar: &Grammar) -> Option<usize> {
    loop {
        let at = from
            + match grammar.escape {
                Escape::Doubled => memchr(grammar.quote, &bytes[from..])?,
                Escape::Backslash => memchr2(grammar.quote, b'\\', &bytes[from..])?,
            };
        let pair = bytes.get(at + 1) == Some(&grammar.quote);
        match (pair, bytes[at] == grammar.quote) {
            (false, true) => return Some(at),
            (pair, _) => from = at + if pair { 2 } else { 1 },
        }
    }
}

/// The field that begins at `start`, its closing quote the first that a delimiter or line end follows, where there is one in
/// the line in which the first of them stands.
pub(super) fn tolerant(bytes: &[u8], start: usize, grammar: &Grammar) -> Field {
    let found = field(bytes, start, grammar);
    let Some(first) = found.closing.filter(|&closing| closing + 1 < found.end) else { return found };
    let mut from = first + 1;
    while let Some(offset) = memchr3(grammar.quote, b'\n', b'\r', &bytes[from..]) {
        let at = from + offset;
        if bytes[at] != grammar.quote {
            break;
        }
        let rest = &bytes[at + 1..];
        let next = at + 1;
        let (stop, length) = match rest {
            [] => (Stop::End, 0),
            [b'\r', b'\n', ..] => (Stop::Line, 2),
            [b'\r' | b'\n', ..] => (Stop::Line, 1),
            _ if rest.starts_with(grammar.separator.as_bytes()) => (Stop::Delimiter, grammar.separator.length()),
            _ => {
                from = next;
                continue;
            }
        };
        return Field { start, end: next, closing: Some(at), stop, next: next + length };
    }
    found
}

/// Line ends in `bytes`: LF, CRLF and CR count one each.
pub(super) fn line_ends(bytes: &[u8]) -> u32 {
    memchr::memchr2_iter(b'\n', b'\r', bytes).filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::grammar::Separator;

    fn field(bytes: &[u8], start: usize, delimiter: u8) -> Field {
        super::field(bytes, start, &Grammar::plain(Separator::byte(delimiter)))
    }

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

    #[test]
    fn separators_may_be_longer_and_quotes_others() {
        let grammar = Grammar { quote: b'\'', ..Grammar::plain(Separator::new("||").unwrap()) };
        let text = b"a|b||'c||''d'||e";
        let first = super::field(text, 0, &grammar);
        assert_eq!((first.end, first.next), (3, 5));
        let second = super::field(text, 5, &grammar);
        assert_eq!((second.closing, second.end, second.next), (Some(12), 13, 15));
        let backslash = Grammar { escape: Escape::Backslash, ..Grammar::plain(Separator::byte(b',')) };
        assert_eq!(super::field(b"\"a\\\",b\",c", 0, &backslash).closing, Some(6));
    }
}
