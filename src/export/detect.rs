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
    /// A web page.
    Html,
    /// A zip archive: perhaps XLSX, XLSB or ODS.
    Zip,
    /// An OLE compound file: perhaps XLS, or any encrypted workbook.
    Compound,
}

/// The first bytes of files of some kind, and what to say of them.
type Magic = (&'static [u8], fn() -> Bilingual);

/// Kinds of files that are no exports.
const FOREIGN: &[Magic] = &[
    (b"%PDF-", why::pdf),
    (b"\x1F\x8B", why::archive),
    (b"7z\xBC\xAF\x27\x1C", why::archive),
    (b"Rar!\x1A\x07", why::archive),
    (b"BZh", why::archive),
    (b"\xFD7zXZ\0", why::archive),
    (b"\x28\xB5\x2F\xFD", why::archive),
    (b"\x89PNG\r\n\x1A\n", why::image),
    (b"\xFF\xD8\xFF", why::image),
    (b"GIF87a", why::image),
    (b"GIF89a", why::image),
    (b"II*\0", why::image),
    (b"MM\0*", why::image),
    (b"PAR1", why::parquet),
    (b"\x09\0\x04\0", why::old_excel),
    (b"\x09\x02\x06\0", why::old_excel),
    (b"\x09\x04\x06\0", why::old_excel),
    (b"\x09\x08\x08\0", why::old_excel),
    (b"SQLite format 3\0", why::database),
    (b"\0\x01\0\0Standard ", why::database),
    (b"{\\rtf", why::not_a_workbook),
];

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
    if let Some((_, why)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(why());
    }
    let text = readable_start(head);
    if is_html(&text) {
        return Ok(Nature::Html);
    }
    if text.starts_with(b"<?xml") {
        return Err(why::xml());
    }
    if text.starts_with(b"mime-version:") {
        return Err(why::web_archive());
    }
    if is_json(&text) {
        return Err(why::json());
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

/// Whether text begins as a page does, or as a part of one that holds a table.
fn is_html(text: &[u8]) -> bool {
    let starts = |tags: &[&[u8]]| tags.iter().any(|tag| text.starts_with(tag));
    let part: [&[u8]; 10] = [b"<?xml", b"<!--", b"<style", b"<div", b"<span", b"<center", b"<font", b"<h1", b"<p>", b"<b>"];
    starts(&[b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta"])
        || (starts(&part) && [&b"<html"[..], b"<table"].iter().any(|tag| contains(text, tag)))
}

/// The first 4,096 bytes that are not zero, a byte order mark or leading white space, in lower case: UTF-16 reads like ASCII.
fn readable_start(head: &[u8]) -> Vec<u8> {
    head.iter()
        .filter(|&&b| b != 0)
        .skip_while(|b| b.is_ascii_whitespace() || matches!(b, 0xEF | 0xBB | 0xBF | 0xFE | 0xFF))
        .take(4096)
        .map(u8::to_ascii_lowercase)
        .collect()
}

/// Whether text begins as JSON does: brackets, then a name and a colon, or a list of such.
fn is_json(text: &[u8]) -> bool {
    let inner = text.iter().position(|b| !matches!(b, b'{' | b'[') && !b.is_ascii_whitespace());
    let Some((brackets, inner)) = inner.filter(|&at| at > 0).map(|at| text.split_at(at)) else { return false };
    let name = inner.strip_prefix(b"\"").and_then(|rest| Some(rest.split_at(memchr::memchr(b'"', rest)?).1));
    let colon = name.is_some_and(|rest| rest[1..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':'));
    colon && brackets.contains(&b'{')
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
        for page in ["\u{feff}\n <TABLE border=1>", "<!DOCTYPE HTML>", "<div>\n<table>", "<?xml version='1.0'?><html>"] {
            assert_eq!(nature(page.as_bytes()), Ok(Nature::Html), "{page}");
        }
        assert_eq!(nature(b"<p>;<b>\n1;2\n"), Ok(Nature::Text));
        assert!(says(b"<?xml version='1.0'?><Workbook>").contains("XML"));
        assert!(says(b"%PDF-1.7").contains("PDF"));
        assert!(says(b"\x89PNG\r\n\x1A\n\0\0").contains("picture"));
        assert!(says(b"\xFF\xD8\xFF\xE0\0\x10JFIF").contains("picture"));
        assert!(says(b"\x09\x04\x06\0\0\0\x10\0").contains("before 1995"));
        assert!(says(b"PAR1\x15\x04").contains("Parquet"));
        assert!(says(b"SQLite format 3\0").contains("database"));
        assert!(says(b"{\\rtf1\\ansi").contains("not a workbook"));
        assert!(says(b"BZh91AY").contains("unpack"));
        assert!(says(b"MIME-Version: 1.0\r\n").contains("web archive"));
        for json in ["{\"a\": 1}", "[\n {\"a\":1}]", "\u{feff}[{ \"a b\" : [] }]"] {
            assert!(says(json.as_bytes()).contains("JSON"), "{json}");
        }
        for text in ["{a};b\n", "[\"a\";\"b\"]\n", "{\"a\";1}\n", "a:b\n", "[x]\n{\"y\":1}", "{", ""] {
            assert_eq!(nature(text.as_bytes()), Ok(Nature::Text), "{text}");
        }
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
