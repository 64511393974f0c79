//! The encodings a text file may be in: those of the WHATWG, and code page 850, which Danish hosts and DOS programs wrote and
//! the WHATWG leaves out.

use std::borrow::Cow;

use encoding_rs::{CoderResult, DecoderResult, Encoding, UTF_8, WINDOWS_1252};

/// What the bytes 0x80 to 0xFF are in code page 850.
const UPPER_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»\
    ░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
const LABELS_850: [&str; 5] = ["cp850", "ibm850", "cp-850", "850", "dos-850"];

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Web(&'static Encoding),
    Dos,
}

/// Whether a label names an encoding that files can be read in.
pub fn is_encoding(label: &str) -> bool {
    Charset::for_label(label).is_some()
}

impl Charset {
    pub(super) const UTF_8: Charset = Charset::Web(UTF_8);

    /// By a label of the WHATWG, or one of code page 850.
    pub(super) fn for_label(label: &str) -> Option<Charset> {
        if LABELS_850.iter().any(|known| label.trim().eq_ignore_ascii_case(known)) {
            return Some(Charset::Dos);
        }
        Encoding::for_label(label.as_bytes()).map(Charset::Web)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Charset::Web(encoding) => encoding.name(),
            Charset::Dos => "IBM850",
        }
    }

    /// Whether fields whose separator is ASCII can be cut before decoding.
    pub(super) fn is_ascii_by_byte(self) -> bool {
        match self {
            Charset::Web(encoding) => encoding == UTF_8 || encoding.is_single_byte(),
            Charset::Dos => true,
        }
    }

    /// Whether it is none of those that the bytes themselves tell.
    pub(super) fn is_beyond_guessing(self) -> bool {
        match self {
            Charset::Web(encoding) => encoding.is_single_byte() && encoding != WINDOWS_1252,
            Charset::Dos => true,
        }
    }

    /// All of `bytes`; what does not decode becomes U+FFFD.
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Charset::Web(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Charset::Dos => match std::str::from_utf8(bytes) {
                Ok(text) if text.is_ascii() => Cow::Borrowed(text),
                _ => Cow::Owned(bytes.iter().map(|&byte| letter_850(byte)).collect()),
            },
        }
    }

    /// For bytes that come piece by piece.
    pub(super) fn decoder(self) -> Decoder {
        match self {
            Charset::Web(encoding) => Decoder::Web(Box::new(encoding.new_decoder_without_bom_handling())),
            Charset::Dos => Decoder::Dos,
        }
    }
}

fn letter_850(byte: u8) -> char {
    if byte.is_ascii() { char::from(byte) } else { UPPER_850.chars().nth(usize::from(byte - 0x80)).unwrap_or('\u{fffd}') }
}

/// Decodes piece by piece.
pub(super) enum Decoder {
    Web(Box<encoding_rs::Decoder>),
    Dos,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Decoder")
    }
}

impl Decoder {
    /// Decodes `bytes` onto the end of `text`; what does not decode becomes U+FFFD.
    pub(super) fn decode_onto(&mut self, mut bytes: &[u8], last: bool, text: &mut String) {
        let decoder = match self {
            Decoder::Web(decoder) => decoder,
            Decoder::Dos => return text.push_str(&Charset::Dos.decode(bytes)),
        };
        loop {
            text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
            let (result, read, _) = decoder.decode_to_string(bytes, text, last);
            bytes = &bytes[read..];
            if result == CoderResult::InputEmpty {
                return;
            }
        }
    }

    /// Decodes `bytes` into `scratch` and throws it away; counts what does not decode, and NUL characters.
    pub(super) fn count(&mut self, mut bytes: &[u8], last: bool, scratch: &mut [u8], invalid: &mut u64, nuls: &mut u64) {
        let decoder = match self {
            Decoder::Web(decoder) => decoder,
            Decoder::Dos => {
                *nuls += memchr::memchr_iter(0, bytes).count() as u64;
                return;
            }
        };
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_page_850_has_a_letter_for_every_byte() {
        assert_eq!(UPPER_850.chars().count(), 128);
        assert_eq!(Charset::Dos.decode(b"R\x9Dd gr\x9Bd med fl\x91de \x86 \x92\x8F"), "RØd grød med flæde å ÆÅ");
        assert_eq!(Charset::Dos.decode(b"a\xF5\xCF\xFFb"), "a§¤\u{a0}b");
        assert!(matches!(Charset::Dos.decode(b"plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn labels() {
        for label in ["cp850", "IBM850", "windows-1252", "utf-8", "ibm866", "macintosh"] {
            assert!(is_encoding(label), "{label}");
        }
        assert!(!is_encoding("cp851") && !is_encoding(""));
    }
}
