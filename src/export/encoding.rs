//! Which encoding a text file is in, and how much of it does not decode.
//!
//! The order of trust: the config, a byte order mark, UTF-16 by its zeros, UTF-8, else Windows-1252. UTF-8 is judged over the
//! whole file, not over its beginning: the first `ø` may stand in row 50,000.

use encoding_rs::{CoderResult, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{detect, why};
use crate::locale::Bilingual;

/// What is known of the encoding before the whole file has been seen.
pub(super) struct Start {
    /// The encoding, unless it is UTF-8 or Windows-1252 and the whole file must tell.
    encoding: Option<&'static Encoding>,
    /// Length of the byte order mark.
    pub(super) bom: usize,
}

/// Looks at the beginning of a file.
///
/// # Errors
/// The reason, when the config names an encoding that does not exist.
pub(super) fn start(head: &[u8], label: Option<&str>) -> Result<Start, Bilingual> {
    let marked = Encoding::for_bom(head);
    let bom = marked.map_or(0, |(_, length)| length);
    let encoding = match label {
        Some(label) => Some(Encoding::for_label(label.as_bytes()).ok_or_else(|| why::unknown_encoding(label))?),
        None => marked
            .map(|(encoding, _)| encoding)
            .or_else(|| detect::utf16_order(head).map(|little| if little { UTF_16LE } else { UTF_16BE })),
    };
    Ok(Start { encoding, bom })
}

/// What the whole file says.
pub(super) struct Verdict {
    pub(super) encoding: &'static Encoding,
    /// Bytes or byte sequences that decode to U+FFFD.
    pub(super) undecodable: u64,
    /// NUL characters.
    pub(super) nuls: u64,
}

/// Watches a file's bytes go by.
pub(super) enum Survey {
    /// UTF-8 for certain or perhaps.
    Utf8 { certain: bool, open: Vec<u8>, multibyte: u64, invalid: u64, nuls: u64 },
    /// Something else that is known.
    Known { encoding: &'static Encoding, decoder: Box<encoding_rs::Decoder>, scratch: Vec<u8>, invalid: u64, nuls: u64 },
}

impl Survey {
    /// A survey of the bytes behind the byte order mark.
    pub(super) fn new(start: &Start) -> Survey {
        match start.encoding {
            Some(encoding) if encoding != UTF_8 => Survey::Known {
                encoding,
                decoder: Box::new(encoding.new_decoder_without_bom_handling()),
                scratch: vec![0; 256 * 1024],
                invalid: 0,
                nuls: 0,
            },
            known => Survey::Utf8 { certain: known.is_some(), open: Vec::new(), multibyte: 0, invalid: 0, nuls: 0 },
        }
    }

    /// The next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        match self {
            Survey::Utf8 { open, multibyte, invalid, nuls, .. } => {
                *nuls += memchr::memchr_iter(0, bytes).count() as u64;
                if open.is_empty() {
                    *open = count_utf8(bytes, multibyte, invalid).to_vec();
                } else {
                    open.extend_from_slice(bytes);
                    let joined = std::mem::take(open);
                    *open = count_utf8(&joined, multibyte, invalid).to_vec();
                }
            }
            Survey::Known { decoder, scratch, invalid, nuls, .. } => {
                decode_counting(decoder, bytes, false, scratch, invalid, nuls)
            }
        }
    }

    /// After the last byte.
    pub(super) fn finish(self) -> Verdict {
        match self {
            Survey::Utf8 { certain, open, multibyte, mut invalid, nuls } => {
                invalid += u64::from(!open.is_empty());
                // A file cut inside a letter, or with one foreign name pasted in, is still UTF-8. In Windows-1252 text nearly
                // every æ, ø and å is invalid as UTF-8.
                if certain || invalid == 0 || invalid < multibyte {
                    Verdict { encoding: UTF_8, undecodable: invalid, nuls }
                } else {
                    Verdict { encoding: WINDOWS_1252, undecodable: 0, nuls }
                }
            }
            Survey::Known { encoding, mut decoder, mut scratch, mut invalid, mut nuls } => {
                decode_counting(&mut decoder, &[], true, &mut scratch, &mut invalid, &mut nuls);
                Verdict { encoding, undecodable: invalid, nuls }
            }
        }
    }
}

/// Counts the letters beyond ASCII and the invalid sequences of `bytes`; the rest is a letter whose end is still to come.
fn count_utf8<'a>(mut bytes: &'a [u8], multibyte: &mut u64, invalid: &mut u64) -> &'a [u8] {
    loop {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                *multibyte += letters_beyond_ascii(text.as_bytes());
                return &[];
            }
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                *multibyte += letters_beyond_ascii(valid);
                match error.error_len() {
                    None => return rest,
                    Some(length) => {
                        *invalid += 1;
                        bytes = &rest[length..];
                    }
                }
            }
        }
    }
}

fn letters_beyond_ascii(valid: &[u8]) -> u64 {
    valid.iter().filter(|&&b| b >= 0xC0).count() as u64
}

fn decode_counting(
    decoder: &mut encoding_rs::Decoder,
    mut bytes: &[u8],
    last: bool,
    scratch: &mut [u8],
    invalid: &mut u64,
    nuls: &mut u64,
) {
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(bytes, scratch, last);
        *nuls += memchr::memchr_iter(0, &scratch[..written]).count() as u64;
        bytes = &bytes[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => *invalid += 1,
        }
    }
}

/// Decodes `bytes` onto the end of `text`; what does not decode becomes U+FFFD.
pub(super) fn decode_onto(decoder: &mut encoding_rs::Decoder, mut bytes: &[u8], last: bool, text: &mut String) {
    loop {
        text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
        let (result, read, _) = decoder.decode_to_string(bytes, text, last);
        bytes = &bytes[read..];
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(bytes: &[u8], label: Option<&str>, step: usize) -> (&'static str, u64, u64) {
        let start = start(bytes, label).unwrap();
        let mut survey = Survey::new(&start);
        for piece in bytes[start.bom..].chunks(step) {
            survey.feed(piece);
        }
        let verdict = survey.finish();
        (verdict.encoding.name(), verdict.undecodable, verdict.nuls)
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
    fn a_file_cut_inside_a_letter_is_still_utf8() {
        let text = "æøå;æøå".as_bytes();
        assert_eq!(verdict(&text[..text.len() - 1], None, 4), ("UTF-8", 1, 0));
    }

    #[test]
    fn the_config_is_obeyed_or_refused() {
        assert_eq!(verdict(b"a;\x91\n", Some("ibm866"), 2), ("IBM866", 0, 0));
        assert!(start(b"a;b", Some("ebcdic-dk")).is_err());
    }
}
