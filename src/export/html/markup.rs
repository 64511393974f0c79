//! The tokens of HTML, leniently: tags, text, and what is neither. Text may come piece by piece.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use memchr::memmem;
use quick_xml::escape::resolve_html5_entity;

/// The longest name of an entity, and its marks.
const LONGEST_ENTITY: usize = 34;

/// A token; its parts as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    Text(&'t str),
    /// A tag that opens, with its attributes.
    Open(&'t str, &'t str),
    Close(&'t str),
    /// A comment or a declaration.
    Other,
}

/// The token that `text` begins with, and its length; `None` when its end is still to come. `ended` = there is no more text.
pub(super) fn token(text: &str, ended: bool) -> Option<(Token<'_>, usize)> {
    let whole = |found: Option<(Token<'static>, usize)>| found.or_else(|| ended.then_some((Token::Other, text.len())));
    if let Some(comment) = text.strip_prefix("<!--") {
        return whole(memmem::find(comment.as_bytes(), b"-->").map(|at| (Token::Other, at + 7)));
    }
    if !ended && text.len() < 4 && "<!--".starts_with(text) {
        return None;
    }
    match text.as_bytes().get(1) {
        Some(b'!' | b'?') if text.starts_with('<') => {
            whole(memchr::memchr(b'>', text.as_bytes()).map(|at| (Token::Other, at + 1)))
        }
        Some(b'/') if text.starts_with("</") => match memchr::memchr(b'>', text.as_bytes()) {
            Some(end) => Some((Token::Close(name(&text[2..end])), end + 1)),
            None => whole(None),
        },
        Some(first) if text.starts_with('<') && first.is_ascii_alphabetic() => match tag_end(text) {
            Some(end) => {
                let tag = &text[1..end];
                let name = name(tag);
                Some((Token::Open(name, &tag[name.len()..]), end + 1))
            }
            None => whole(None),
        },
        _ => {
            // A `<` before anything else is text, as in `< 5`.
            let next = memchr::memchr(b'<', &text.as_bytes()[1.min(text.len())..]).map(|at| at + 1);
            let end = next.or(ended.then_some(text.len()))?;
            Some((Token::Text(&text[..end]), end))
        }
    }
}

fn name(tag: &str) -> &str {
    tag.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or("")
}

/// Where the `>` of a tag stands; one inside a quoted value does not count.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = b' ';
    for (at, &byte) in text.as_bytes().iter().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    None
}

/// The value of an attribute, by its name in lower case.
pub(super) fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/'))?.max(1);
        let (found, after) = (rest.get(..end)?, rest.get(end..)?.trim_start());
        let Some(value) = after.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after;
    }
}

/// Text with its entities put in; what is none stays as it stands.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let length = entity.bytes().take(LONGEST_ENTITY).position(|b| b == b';');
        match length.and_then(|end| Some((resolved(&entity[1..end])?, end + 1))) {
            Some((letters, length)) => {
                out.push_str(&letters);
                rest = &entity[length..];
            }
            None => {
                out.push('&');
                rest = &entity[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn resolved(entity: &str) -> Option<Cow<'static, str>> {
    let Some(number) = entity.strip_prefix('#') else { return resolve_html5_entity(entity).map(Cow::Borrowed) };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    let code = code.ok().filter(|_| !number.contains('+'))?;
    Some(match u8::try_from(code) {
        // Browsers take the controls for letters of Windows-1252.
        Ok(byte @ 0x80..=0x9F) => Cow::Owned(WINDOWS_1252.decode_without_bom_handling(&[byte]).0.into_owned()),
        _ => Cow::Owned(char::from_u32(code).filter(|&c| c != '\0').unwrap_or('\u{fffd}').to_string()),
    })
}

/// The charset that a page claims for itself in a `meta` tag; `head` is its beginning.
pub(super) fn claimed_charset(head: &[u8]) -> Option<String> {
    let head = head.to_ascii_lowercase();
    let value = &head[memmem::find(&head, b"charset=")? + 8..];
    let value = value.iter().skip_while(|b| matches!(b, b'"' | b'\'' | b' '));
    Some(value.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).map(|&b| char::from(b)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(mut text: &str) -> Vec<Token<'_>> {
        let mut found = Vec::new();
        while !text.is_empty() {
            let (token, length) = token(text, true).unwrap();
            assert!(length > 0);
            found.push(token);
            text = &text[length..];
        }
        found
    }

    #[test]
    fn tags_text_and_neither() {
        use Token::{Close, Open, Other, Text};
        assert_eq!(
            tokens("<!DOCTYPE html><TD a='x>y' b>1 < 5 <b/></TD ><!-- <td> -->z"),
            [Other, Open("TD", " a='x>y' b"), Text("1 "), Text("< 5 "), Open("b", "/"), Close("TD"), Other, Text("z")]
        );
        assert_eq!(tokens("a<td"), [Text("a"), Other]);
        assert_eq!(tokens("it's <p title=it's>x"), [Text("it's "), Open("p", " title=it's"), Text("x")]);
    }

    #[test]
    fn what_is_not_whole_waits() {
        for part in ["<", "<!", "<!-", "<!-- a", "<!-- a -", "<td a='>", "</td", "text", "<?xml "] {
            assert_eq!(token(part, false), None, "{part}");
            assert!(token(part, true).is_some(), "{part}");
        }
    }

    #[test]
    fn attributes_quoted_and_not() {
        let of = " COLSPAN=2 class='a b' x:num=\"1.5\" nowrap rowspan = 3/";
        let value = |name| attribute(of, name);
        assert_eq!((value("colspan"), value("class"), value("x:num")), (Some("2"), Some("a b"), Some("1.5")));
        assert_eq!((value("rowspan"), value("nowrap"), value("id")), (Some("3/"), None, None));
    }

    #[test]
    fn entities_and_what_looks_like_them() {
        assert_eq!(unescaped("S&oslash;ren &amp; &Aring;se&nbsp;&#248;&#xE6;"), "Søren & Åse\u{a0}øæ");
        assert_eq!(unescaped("A&B; R&D &;&#;&#x110000;&#150;&#0;"), "A&B; R&D &;&#;\u{fffd}–\u{fffd}");
        assert!(matches!(unescaped("plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn the_charset_of_a_meta_tag() {
        assert_eq!(claimed_charset(b"<META content=\"text/html; Charset=ISO-8859-1\">").as_deref(), Some("iso-8859-1"));
        assert_eq!(claimed_charset(b"<meta charset='utf-8'>").as_deref(), Some("utf-8"));
        assert_eq!(claimed_charset(b"<meta>"), None);
    }
}
