//! Texts with `{expressions}`; `{{` is a brace.

use std::ops::Range;

use super::toml::Written;
use crate::rule::messages::{self, Slip};

/// A piece of a text, its expression not yet parsed.
pub(super) enum Raw {
    Text(String),
    /// Byte range inside the text.
    Expr(Range<usize>),
}

/// Cuts a text into pieces.
pub(super) fn cut(written: &Written, slips: &mut Vec<Slip>) -> Vec<Raw> {
    let text = written.text.as_str();
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("{{") {
            plain.push('{');
            at += 2;
        } else if let Some(inner) = rest.strip_prefix('{') {
            let Some(length) = closing(inner) else {
                let open = written.base + at;
                slips.push(Slip::new(open..open + 1, messages::brace_never_closed()));
                break;
            };
            if !plain.is_empty() {
                pieces.push(Raw::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Raw::Expr(at + 1..at + 1 + length));
            at += length + 2;
        } else {
            let next = rest.find('{').unwrap_or(rest.len());
            plain.push_str(&rest[..next]);
            at += next;
        }
    }
    if !plain.is_empty() {
        pieces.push(Raw::Text(plain));
    }
    for piece in &mut pieces {
        if let Raw::Text(text) = piece {
            *text = text.replace("\r\n", "\n");
        }
    }
    pieces
}

/// Where the brace closes that was opened before `rest`; one inside a quoted text does not.
fn closing(rest: &str) -> Option<usize> {
    let mut quoted = false;
    rest.char_indices().find_map(|(i, c)| {
        quoted ^= c == '"';
        (c == '}' && !quoted).then_some(i)
    })
}
