//! What a file is, by its first bytes and never by its name.

use super::why;
use crate::locale::Bilingual;

/// How much of a file's beginning is looked at.
pub(super) const HEAD: usize = 64 * 1024;

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// Delimited text, as far as one can see.
    Text,
    /// A zip archive: perhaps XLSX, XLSB or ODS.
    Zip,
    /// An OLE compound file: perhaps XLS, or any encrypted workbook.
    Compound,
}

/// What a file beginning with `head` is.
///
/// # Errors
/// The reason why it cannot be an export.
pub(super) fn nature(head: &[u8]) -> Result<Nature, Bilingual> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Nature::Zip);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Ok(Nature::Compound);
    }
    if head.starts_with(b"%PDF-") {
        return Err(why::pdf());
    }
    if [&b"\x1F\x8B"[..], b"7z\xBC\xAF\x27\x1C", b"Rar!\x1A\x07"].iter().any(|magic| head.starts_with(magic)) {
        return Err(why::archive());
    }
    let text = readable_start(head);
    if [&b"<!doctype html"[..], b"<html", b"<head", b"<body", b"<table", b"<meta", b"<style"]
        .iter()
        .any(|tag| text.starts_with(tag))
    {
        return Err(why::html());
    }
    if text.starts_with(b"<?xml") {
        return Err(if contains(&text, b"<html") { why::html() } else { why::xml() });
    }
    if utf16_order(head).is_some() {
        return Ok(Nature::Text);
    }
    // Text may hold a stray control or NUL byte; what is full of them is something else.
    let zeros = memchr::memchr_iter(0, head).count();
    if zeros * 3 > head.len() {
        return Err(why::zeros());
    }
    // The four from 0x1C on are made to separate records and fields.
    let controls = head.iter().filter(|&&b| matches!(b, 1..=8 | 0x0B | 0x0E..=0x19 | 0x1B | 0x7F)).count();
    if controls * 20 > head.len() {
        return Err(why::not_text());
    }
    Ok(Nature::Text)
}

/// The first 512 bytes that are not zero, a byte order mark or leading white space, in lower case: UTF-16 reads like ASCII.
fn readable_start(head: &[u8]) -> Vec<u8> {
    head.iter()
        .filter(|&&b| b != 0)
        .skip_while(|b| b.is_ascii_whitespace() || matches!(b, 0xEF | 0xBB | 0xBF | 0xFE | 0xFF))
        .take(512)
        .map(u8::to_ascii_lowercase)
        .collect()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// The byte order of UTF-16 text, by its mark or by where the zeros of its ASCII letters stand; `true` = little-endian.
pub(super) fn utf16_order(head: &[u8]) -> Option<bool> {
    match head {
        [0xFF, 0xFE, ..] => return Some(true),
        [0xFE, 0xFF, ..] => return Some(false),
        _ => {}
    }
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in head.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let most = |zeros: usize| zeros * 10 >= pairs * 7;
    let few = |zeros: usize| zeros * 20 <= pairs;
    match (even, odd) {
        (even, odd) if most(odd) && few(even) => Some(true),
        (even, odd) if most(even) && few(odd) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;

    #[test]
    fn known_kinds_are_told_by_their_bytes() {
        assert_eq!(nature(b"PK\x03\x04rest"), Ok(Nature::Zip));
        assert_eq!(nature(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), Ok(Nature::Compound));
        assert_eq!(nature(b"a;b\n1;2\n"), Ok(Nature::Text));
        assert_eq!(nature(b"a;b\n1;\x002\n"), Ok(Nature::Text));
        assert_eq!(nature(b"<15 aar;antal\n1;2\n"), Ok(Nature::Text));
        let says = |head: &[u8]| nature(head).unwrap_err().get(Lang::En).to_owned();
        assert!(says(b"\xEF\xBB\xBF\n <TABLE border=1>").contains("web page"));
        assert!(says(b"<?xml version='1.0'?><Workbook>").contains("XML"));
        assert!(says(b"%PDF-1.7").contains("PDF"));
        assert!(says(&[0; 4096]).contains("zero bytes"));
        assert!(says(b"\x01\x02\x03\x04abc").contains("neither text"));
    }

    #[test]
    fn utf16_without_a_mark_is_seen_by_its_zeros() {
        assert_eq!(utf16_order(b"a\0;\0b\0\n\0"), Some(true));
        assert_eq!(utf16_order(b"\0a\0;\0b\0\n"), Some(false));
        assert_eq!(utf16_order(b"a;b\nc;d\n"), None);
    }
}
