//! Which encoding a text file is in, and how much of it does not decode.
//!
//! The order of trust: the config, a byte order mark, UTF-16 by its zeros, UTF-8, then Windows-1252 or code page 850, whichever
//! makes Danish words. The whole file is judged, not its beginning: the first `ø` may stand in row 50,000.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::charset::{Charset, Decoder};
use super::{Dialect, Grammar, detect, why};
use crate::locale::Bilingual;

/// What is known of the encoding before the whole file has been seen.
pub(super) struct Start {
    /// The encoding, unless the whole file must tell.
    charset: Option<Charset>,
    /// Length of the byte order mark.
    pub(super) bom: usize,
}

/// Looks at the beginning of a file. `label` is what the config says, `claimed` what a page says of itself.
///
/// # Errors
/// The reason, when the config names an encoding that does not exist.
pub(super) fn start(head: &[u8], label: Option<&str>, claimed: Option<&str>) -> Result<Start, Bilingual> {
    let marked = Encoding::for_bom(head);
    let bom = marked.map_or(0, |(_, length)| length);
    let charset = match label {
        Some(label) => Some(Charset::for_label(label).ok_or_else(|| why::unknown_encoding(label))?),
        None => marked
            .map(|(encoding, _)| encoding)
            .or_else(|| detect::utf16_order(head).map(|little| if little { UTF_16LE } else { UTF_16BE }))
            .map(Charset::Web)
            .or_else(|| claimed.and_then(Charset::for_label).filter(|charset| charset.is_beyond_guessing())),
    };
    Ok(Start { charset, bom })
}

/// What the whole file says.
pub(super) struct Verdict {
    pub(super) charset: Charset,
    /// Bytes or byte sequences that decode to U+FFFD.
    pub(super) undecodable: u64,
    /// NUL characters.
    pub(super) nuls: u64,
}

impl Verdict {
    pub(super) fn dialect(&self, bom: bool, grammar: Option<Grammar>) -> Dialect {
        Dialect { encoding: self.charset.name(), bom, grammar, undecodable: self.undecodable, nuls: self.nuls }
    }
}

/// Watches a file's bytes go by.
pub(super) enum Survey {
    /// UTF-8 for certain or perhaps.
    Utf8 { certain: bool, seen: Seen },
    /// Something else that is known.
    Known { charset: Charset, decoder: Decoder, scratch: Vec<u8>, invalid: u64, nuls: u64 },
}

impl Survey {
    /// A survey of the bytes behind the byte order mark.
    pub(super) fn new(start: &Start) -> Survey {
        match start.charset {
            Some(charset) if charset != Charset::UTF_8 => {
                let (decoder, scratch) = (charset.decoder(), vec![0; 256 * 1024]);
                Survey::Known { charset, decoder, scratch, invalid: 0, nuls: 0 }
            }
            known => Survey::Utf8 { certain: known.is_some(), seen: Seen::default() },
        }
    }

    /// The next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        match self {
            Survey::Utf8 { seen, .. } => seen.feed(bytes),
            Survey::Known { decoder, scratch, invalid, nuls, .. } => decoder.count(bytes, false, scratch, invalid, nuls),
        }
    }

    /// After the last byte.
    pub(super) fn finish(self) -> Verdict {
        match self {
            Survey::Utf8 { certain, seen } => {
                let invalid = seen.invalid + u64::from(!seen.open.is_empty());
                // A file cut inside a letter, or with one foreign name pasted in, is still UTF-8. In text of one byte a letter
                // nearly every æ, ø and å is invalid as UTF-8.
                let is_utf8 = certain || invalid == 0 || invalid < seen.multibyte;
                let (charset, undecodable) = match is_utf8 {
                    true => (Charset::UTF_8, invalid),
                    false if seen.dos > seen.windows => (Charset::Dos, 0),
                    false => (Charset::Web(WINDOWS_1252), 0),
                };
                Verdict { charset, undecodable, nuls: seen.nuls }
            }
            Survey::Known { charset, mut decoder, mut scratch, mut invalid, mut nuls } => {
                decoder.count(&[], true, &mut scratch, &mut invalid, &mut nuls);
                Verdict { charset, undecodable: invalid, nuls }
            }
        }
    }
}

/// What a file that may be UTF-8 showed so far.
#[derive(Default)]
pub(super) struct Seen {
    /// The last byte that is settled.
    before: u8,
    /// A letter whose end is still to come.
    open: Vec<u8>,
    /// Letters beyond ASCII, and sequences that are none.
    multibyte: u64,
    invalid: u64,
    nuls: u64,
    /// Danish letters inside words, if the text were in Windows-1252 or in code page 850. What are letters in one are signs
    /// (a dagger, a closing quote) or nothing in the other, and those do not stand behind a letter as a rule.
    windows: u64,
    dos: u64,
}

impl Seen {
    fn feed(&mut self, bytes: &[u8]) {
        self.nuls += memchr::memchr_iter(0, bytes).count() as u64;
        let mut open = std::mem::take(&mut self.open);
        if open.is_empty() {
            self.open = self.count(bytes).to_vec();
        } else {
            open.extend_from_slice(bytes);
            self.open = self.count(&open).to_vec();
        }
    }

    /// Counts letters and sequences that are none; what is left may be the beginning of a letter.
    fn count<'a>(&mut self, mut bytes: &'a [u8]) -> &'a [u8] {
        loop {
            let (valid, rest, length) = match std::str::from_utf8(bytes) {
                Ok(_) => (bytes, &bytes[bytes.len()..], None),
                Err(error) => {
                    let (valid, rest) = bytes.split_at(error.valid_up_to());
                    (valid, rest, error.error_len())
                }
            };
            self.multibyte += valid.iter().filter(|&&b| b >= 0xC0).count() as u64;
            self.before = valid.last().copied().unwrap_or(self.before);
            let Some(length) = length else { return rest };
            self.invalid += 1;
            if self.before.is_ascii_alphabetic() {
                self.windows += u64::from(matches!(rest[0], 0xE5 | 0xE6 | 0xF8 | 0xC5 | 0xC6 | 0xD8));
                self.dos += u64::from(matches!(rest[0], 0x86 | 0x91 | 0x9B | 0x8F | 0x9D));
            }
            self.before = rest[length - 1];
            bytes = &rest[length..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(bytes: &[u8], label: Option<&str>, step: usize) -> (&'static str, u64, u64) {
        let start = start(bytes, label, None).unwrap();
        let mut survey = Survey::new(&start);
        for piece in bytes[start.bom..].chunks(step) {
            survey.feed(piece);
        }
        let verdict = survey.finish();
        (verdict.charset.name(), verdict.undecodable, verdict.nuls)
    }

    #[test]
    fn the_encoding_is_settled_over_the_whole_file_however_it_arrives() {
        for step in [1, 2, 3, 1000] {
            assert_eq!(verdict("navn;ærø\n".as_bytes(), None, step), ("UTF-8", 0, 0));
            assert_eq!(verdict(b"navn;\xE6r\xF8\n", None, step), ("windows-1252", 0, 0));
            assert_eq!(verdict(b"navn;a\0b\n", None, step), ("UTF-8", 0, 1));
            assert_eq!(verdict("\u{feff}æ;ø\n".as_bytes(), None, step), ("UTF-8", 0, 0));
            assert_eq!(verdict(b"\xEF\xBB\xBFa;\xE6\n", None, step), ("UTF-8", 1, 0));
            assert_eq!(verdict(b"\xFF\xFEa\0;\0\xE6\0\n\0", None, step), ("UTF-16LE", 0, 0));
            assert_eq!(verdict(b"\xFE\xFF\0a\0;\xD8\x00\0b", None, step), ("UTF-16BE", 1, 0));
        }
    }

    #[test]
    fn code_page_850_is_told_by_its_letters_inside_words() {
        for step in [1, 2, 1000] {
            assert_eq!(verdict(b"navn;R\x9Bdgr\x9Bd;p\x86\n", None, step), ("IBM850", 0, 0));
            assert_eq!(verdict(b"navn;S\xF8ren;\x86 \x91x\x92\n", None, step), ("windows-1252", 0, 0));
            assert_eq!(verdict(b"navn;\x8Bx\x9B;\x84y\x93;M\xFCller;S\xF8\n", None, step), ("windows-1252", 0, 0));
        }
        assert_eq!(verdict(b"navn;R\x9Bd\n", Some("windows-1252"), 3), ("windows-1252", 0, 0), "the config is obeyed");
        assert_eq!(verdict(b"navn;S\xF8ren\0\n", Some("CP850"), 3), ("IBM850", 0, 1), "the config is obeyed");
    }

    #[test]
    fn a_file_cut_inside_a_letter_is_still_utf8() {
        let text = "æøå;æøå".as_bytes();
        assert_eq!(verdict(&text[..text.len() - 1], None, 4), ("UTF-8", 1, 0));
    }

    #[test]
    fn the_config_is_obeyed_or_refused() {
        assert_eq!(verdict(b"a;\x91\n", Some("ibm866"), 2), ("IBM866", 0, 0));
        assert!(start(b"a;b", Some("ebcdic-dk"), None).is_err());
    }

    #[test]
    fn what_a_page_claims_counts_where_the_bytes_cannot_tell() {
        let charset = |claimed| start(b"<html>\xA4", None, Some(claimed)).unwrap().charset;
        assert_eq!(charset("iso-8859-15").map(Charset::name), Some("ISO-8859-15"));
        for told_by_the_bytes in ["utf-8", "iso-8859-1", "utf-16", "nonsense"] {
            assert_eq!(charset(told_by_the_bytes), None, "{told_by_the_bytes}");
        }
    }
}
