//! Writing for a terminal: colours, columns, wrapped lines.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::RenderOptions;
pub(super) use crate::finding::excerpt::wrapped;
use crate::locale::{Lang, grouped};
use crate::privacy::{Gate, terminal};
use crate::problem::Severity;
use crate::value::Decimal;

/// The few looks a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Bold,
    Dim,
    Red,
    Yellow,
    Cyan,
    Green,
}

/// Looks of a severity.
pub(super) fn look_of(severity: Severity) -> Look {
    match severity {
        Severity::Failure => Look::Red,
        Severity::Warning => Look::Yellow,
        Severity::Note => Look::Cyan,
    }
}

/// Options and what every line needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen<'a> {
    pub(super) lang: Lang,
    pub(super) width: usize,
    pub(super) unicode: bool,
    pub(super) colour: bool,
    pub(super) currency: &'a str,
    pub(super) gate: &'a Gate,
}

impl<'a> Pen<'a> {
    pub(super) fn new(options: &RenderOptions, currency: &'a str, gate: &'a Gate) -> Pen<'a> {
        let RenderOptions { lang, colour, width, unicode } = *options;
        Pen { lang, width: width.max(60), unicode, colour, currency, gate }
    }

    pub(super) fn paint(&self, look: Look, text: &str) -> String {
        let code = match look {
            _ if !self.colour || text.is_empty() => return text.to_owned(),
            Look::Bold => "1",
            Look::Dim => "2",
            Look::Red => "31",
            Look::Yellow => "33",
            Look::Cyan => "36",
            Look::Green => "32",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// Text from a delivery: behind the gate and harmless.
    pub(super) fn safe(&self, text: &str) -> String {
        terminal(&self.gate.scrub(text)).into_owned()
    }

    pub(super) fn money(&self, amount: Decimal) -> String {
        format!("{} {}", amount.at_least(2).show(self.lang), self.currency)
    }

    pub(super) fn count(&self, n: u64) -> String {
        grouped(i128::from(n), self.lang)
    }

    /// `1 fund`, `12 fund`: a number and the word that goes with it.
    pub(super) fn counted(&self, n: u64, da: (&str, &str), en: (&str, &str)) -> String {
        let (one, many) = match self.lang {
            Lang::Da => da,
            Lang::En => en,
        };
        format!("{} {}", self.count(n), if n == 1 { one } else { many })
    }

    pub(super) fn dot(&self) -> &'static str {
        if self.unicode { " · " } else { " - " }
    }

    /// A small word before a text that may run over several lines.
    pub(super) fn labelled(&self, label: &str, text: &str) -> String {
        let indent = label.width() + 4;
        let lines = wrapped(text, self.width.saturating_sub(indent));
        let mut out = String::new();
        for (i, line) in lines.iter().enumerate() {
            let lead = if i == 0 { format!("  {}: ", self.paint(Look::Cyan, label)) } else { " ".repeat(indent) };
            out.push_str(&format!("{lead}{line}\n"));
        }
        out
    }

    /// For nothing in a table.
    pub(super) fn dash(&self) -> &'static str {
        if self.unicode { "–" } else { "-" }
    }

    /// A thin line over the whole width.
    pub(super) fn line(&self) -> String {
        self.paint(Look::Dim, &if self.unicode { "─" } else { "-" }.repeat(self.width))
    }

    /// A heading and the thin line behind it.
    pub(super) fn heading(&self, text: &str) -> String {
        let rest = self.width.saturating_sub(text.width() + 1);
        let line = if self.unicode { "─" } else { "-" }.repeat(rest);
        format!("{} {}\n", self.paint(Look::Bold, text), self.paint(Look::Dim, &line))
    }
}

/// Filled up with spaces behind.
pub(super) fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Filled up with spaces before.
pub(super) fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// Parts joined by a mark, in lines of at most `width` columns that break between parts.
pub(super) fn joined(parts: &[String], mark: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if line.width() + mark.width() + part.width() <= width => {
                line.push_str(mark);
                line.push_str(part);
            }
            _ => lines.push(part.clone()),
        }
    }
    lines
}

/// The middle of a text left out, so that its beginning and end can still be read.
pub(super) fn middle(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let keep = width.saturating_sub(1);
    let tail = keep.min(8.max(keep / 3));
    let head: String = chars[..keep.saturating_sub(tail).min(chars.len())].iter().collect();
    let tail: String = chars[chars.len().saturating_sub(tail)..].iter().collect();
    Cow::Owned(format!("{head}…{tail}"))
}
