//! Cuts a text file into pieces of whole records, still as bytes: the part of reading CSV that has to go from the beginning
//! to the end. Decoding and splitting a piece needs nothing but the piece and where it begins.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;

use super::charset::{Charset, Decoder};
use super::fields::{Stop, field, line_ends};
use super::grammar::Grammar;

/// Bytes of a piece, about, unless the caller wants otherwise.
pub(super) const PIECE: usize = 1024 * 1024;
/// A record may not be longer. A quoted field that goes on for so long was never closed.
pub(super) const MAX_RECORD: usize = 16 * 1024 * 1024;
/// Bytes read at a time where decoding comes before cutting.
const READ: usize = 256 * 1024;
/// Old systems end a text file with this byte.
const CONTROL_Z: u8 = 0x1A;

/// A text file whose encoding and dialect are settled.
#[derive(Debug, Clone)]
pub(super) struct TextFile {
    pub(super) path: PathBuf,
    pub(super) charset: Charset,
    /// Length of the byte order mark.
    pub(super) bom: u64,
    pub(super) grammar: Grammar,
    /// Whether the first line is `sep=;`.
    pub(super) separator_line: bool,
    /// Bytes of a piece, about.
    pub(super) piece: usize,
}

impl TextFile {
    /// Whether fields can be cut before decoding, so that offsets are offsets in the file. Otherwise (UTF-16) the whole text
    /// is turned into UTF-8 first.
    pub(super) fn is_direct(&self) -> bool {
        self.charset == Charset::UTF_8 || (self.charset.is_ascii_by_byte() && self.grammar.separator.is_ascii())
    }
}

/// Whole records, one after the other.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    /// Where it begins, for [`Cutter::at`].
    pub(super) offset: u64,
    /// Whether its last record ends with the file instead of a line end.
    pub(super) unended: bool,
    /// The file ends inside quotes: line ends between the end of this piece and that quote.
    pub(super) open_quote: Option<u32>,
    /// It holds nothing and stands for a record that is longer than [`MAX_RECORD`].
    pub(super) too_long: bool,
}

impl Piece {
    fn too_long(offset: u64) -> Piece {
        Piece { bytes: Vec::new(), offset, unended: false, open_quote: None, too_long: true }
    }
}

/// The pieces of a file.
#[derive(Debug)]
pub(super) struct Cutter {
    source: Source,
    grammar: Grammar,
    piece: usize,
    /// Bytes read and not yet handed out.
    pending: Vec<u8>,
    offset: u64,
    at_end: bool,
    finished: bool,
}

impl Cutter {
    /// Pieces from the beginning of the text.
    pub(super) fn new(text: &TextFile) -> io::Result<Cutter> {
        Cutter::at(text, text.bom)
    }

    /// Pieces from the beginning of an earlier piece, if [`TextFile::is_direct`].
    pub(super) fn at(text: &TextFile, offset: u64) -> io::Result<Cutter> {
        let mut file = File::open(&text.path)?;
        file.seek(SeekFrom::Start(offset))?;
        let source = if text.is_direct() {
            Source::Direct(file)
        } else {
            Source::Decoded { file, decoder: text.charset.decoder(), text: String::new(), raw: Vec::new() }
        };
        Ok(Cutter {
            source,
            grammar: text.grammar,
            piece: text.piece,
            pending: Vec::new(),
            offset,
            at_end: false,
            finished: false,
        })
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        let mut wanted = self.piece;
        loop {
            if self.finished {
                return Ok(None);
            }
            while !self.at_end && self.pending.len() < wanted {
                self.at_end = !self.source.read_onto(&mut self.pending, wanted)?;
                if self.at_end && self.pending.last() == Some(&CONTROL_Z) {
                    self.pending.pop();
                }
            }
            let (whole, rest) = whole_records(&self.pending, &self.grammar, self.at_end);
            let too_long = self.pending.len() - whole >= MAX_RECORD;
            if self.at_end || (too_long && whole == 0) {
                self.finished = true;
                return match rest {
                    Rest::Open(quote) => {
                        let lines = line_ends(&self.pending[whole..quote]);
                        Ok(Some(self.hand_out(whole, false, Some(lines))))
                    }
                    Rest::Partial if !self.at_end => Ok(Some(Piece::too_long(self.offset))),
                    _ if self.pending.is_empty() => Ok(None),
                    Rest::Partial => Ok(Some(self.hand_out(self.pending.len(), true, None))),
                    Rest::Nothing => Ok(Some(self.hand_out(whole, false, None))),
                };
            }
            if whole > 0 {
                return Ok(Some(self.hand_out(whole, false, None)));
            }
            wanted = self.pending.len() * 2;
        }
    }

    fn hand_out(&mut self, length: usize, unended: bool, open_quote: Option<u32>) -> Piece {
        let rest = self.pending.split_off(length);
        let bytes = std::mem::replace(&mut self.pending, rest);
        let offset = self.offset;
        self.offset += length as u64;
        Piece { bytes, offset, unended, open_quote, too_long: false }
    }
}

/// What stands behind the last whole record.
enum Rest {
    Nothing,
    /// A record without a line end.
    Partial,
    /// A record inside quotes that open here.
    Open(usize),
}

/// Where the last whole record of `bytes` ends, and what follows it.
fn whole_records(bytes: &[u8], grammar: &Grammar, at_end: bool) -> (usize, Rest) {
    // Up to a line end outside quotes all is whole; only what follows needs a closer look.
    let mut whole = if grammar.separator.length() == 1 { last_line_end(bytes, grammar) } else { 0 };
    let mut at = whole;
    while at < bytes.len() {
        let found = field(bytes, at, grammar);
        match found.stop {
            Stop::Delimiter if found.next == bytes.len() => return (whole, Rest::Partial),
            Stop::Delimiter => {}
            // A CR may be the first half of a CRLF.
            Stop::Line if found.next == bytes.len() && bytes[found.next - 1] == b'\r' && !at_end => {
                return (whole, Rest::Partial);
            }
            Stop::Line => whole = found.next,
            Stop::End => return (whole, Rest::Partial),
            Stop::OpenQuote => return (whole, Rest::Open(found.start)),
        }
        at = found.next;
    }
    (whole, Rest::Nothing)
}

/// One past a line end outside quotes, as late as can be seen from the quotes alone; a CR counts only where no LF follows.
fn last_line_end(bytes: &[u8], grammar: &Grammar) -> usize {
    let opens = |at: usize| {
        at.checked_sub(1)
            .is_none_or(|before| matches!(bytes[before], b'\n' | b'\r') || bytes[before] == grammar.separator.first())
    };
    let (mut end, mut from) = (0, 0);
    let mut see = |outside: std::ops::Range<usize>| {
        let found = memchr::memrchr(b'\n', &bytes[outside.clone()]);
        end = found.map_or(end, |at| outside.start + at + 1);
    };
    let mut at = 0;
    while let Some(quote) = memchr::memchr(grammar.quote, &bytes[at..]).map(|offset| at + offset) {
        if !opens(quote) {
            at = quote + 1;
            continue;
        }
        see(from..quote);
        let found = field(bytes, quote, grammar);
        let Some(closing) = found.closing else { return end };
        (from, at) = (closing + 1, closing + 1);
    }
    see(from..bytes.len());
    end
}

#[derive(Debug)]
enum Source {
    Direct(File),
    Decoded { file: File, decoder: Decoder, text: String, raw: Vec<u8> },
}

impl Source {
    /// Reads on until `buffer` holds `wanted` bytes or so; `false` at the end of the file.
    fn read_onto(&mut self, buffer: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
        match self {
            Source::Direct(file) => {
                let missing = wanted.saturating_sub(buffer.len()) as u64;
                let read = file.by_ref().take(missing).read_to_end(buffer)?;
                Ok(read as u64 == missing)
            }
            Source::Decoded { file, decoder, text, raw } => {
                raw.clear();
                let read = file.by_ref().take(READ as u64).read_to_end(raw)?;
                let last = read < READ;
                text.clear();
                decoder.decode_onto(raw, last, text);
                buffer.extend_from_slice(text.as_bytes());
                Ok(!last)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::grammar::Separator;

    fn cut(bytes: &[u8], at_end: bool) -> (usize, &'static str) {
        let (whole, rest) = whole_records(bytes, &Grammar::plain(Separator::byte(b';')), at_end);
        (
            whole,
            match rest {
                Rest::Nothing => "nothing",
                Rest::Partial => "partial",
                Rest::Open(_) => "open",
            },
        )
    }

    #[test]
    fn pieces_end_where_records_end() {
        assert_eq!(cut(b"a;b\nc;d\n", false), (8, "nothing"));
        assert_eq!(cut(b"a;b\nc;", true), (4, "partial"));
        assert_eq!(cut(b"a;b\n\"c\nd", false), (4, "open"));
        assert_eq!(cut(b"a;\"b\n\"\n\"", false), (7, "open"));
    }

    #[test]
    fn quotes_tell_where_records_end() {
        for text in
            ["a;b\nc\n", "a;\"b\n\";\n\"", "\"a\"\"\n\"\nb", "a\"b\nc\"\n", "\"a\"b\"\n;\"\n", "a\r\"b\r\nc\"\r\nd", ";;\n", ""]
        {
            let grammar = Grammar::plain(Separator::byte(b';'));
            let (mut at, mut ends) = (0, vec![0]);
            while at < text.len() {
                let found = field(text.as_bytes(), at, &grammar);
                at = found.next;
                if found.stop == Stop::Line {
                    ends.push(at);
                }
            }
            assert!(ends.contains(&last_line_end(text.as_bytes(), &grammar)), "{text:?}");
        }
    }

    #[test]
    fn a_cr_at_the_seam_waits_for_its_lf() {
        assert_eq!(cut(b"a\r\nb\r", false), (3, "partial"));
        assert_eq!(cut(b"a\r\nb\r", true), (5, "nothing"));
    }
}
