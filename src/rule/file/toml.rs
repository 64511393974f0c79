//! TOML with the place of everything: keys, values, and the bytes of texts inside their quotes.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::calendar::Date;
use crate::model::SourceFile;
use crate::problem::{Mistake, Severity};
use crate::rule::messages::{self, Said};
use crate::value::Decimal;

/// A TOML value with its place.
pub(super) type Item<'a> = Spanned<DeValue<'a>>;

/// Reads values out of a file and collects what is wrong with them.
pub(super) struct Toml<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) mistakes: Vec<Mistake>,
}

/// A text as it stands in the file.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// The text between the quotes.
    pub(super) text: String,
    /// Where it begins in the file.
    pub(super) base: usize,
}

impl Written {
    /// Byte range in the file.
    pub(super) fn span(&self) -> Range<usize> {
        self.base..self.base + self.text.len()
    }
}

impl<'a> Toml<'a> {
    pub(super) fn new(file: &'a SourceFile) -> Toml<'a> {
        Toml { file, mistakes: Vec::new() }
    }

    /// The whole file, unless it is no TOML.
    pub(super) fn parse(&mut self) -> Option<Spanned<DeTable<'a>>> {
        let (table, errors) = DeTable::parse_recoverable(&self.file.text);
        for error in &errors {
            self.say(error.span().unwrap_or(0..0), messages::toml(error.message()));
        }
        errors.is_empty().then_some(table)
    }

    pub(super) fn say(&mut self, span: Range<usize>, said: Said) {
        let mut mistake = Mistake::at(&self.file.path, &self.file.text, span, said.message);
        mistake.help = said.help;
        self.mistakes.push(mistake);
    }

    /// Whether anything so far stops the rule.
    pub(super) fn failed(&self) -> bool {
        self.mistakes.iter().any(|m| m.severity == Severity::Failure)
    }

    /// Says which keys a table may not have.
    pub(super) fn known(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys() {
            let word: &str = key.get_ref();
            if !known.contains(&word) {
                self.say(key.span(), messages::unknown_key(word, known.iter().copied()));
            }
        }
    }

    /// A key that must be there; `at` is where to say that it is not.
    pub(super) fn required<'t>(&mut self, table: &'t DeTable<'a>, key: &str, at: &Range<usize>) -> Option<&'t Item<'a>> {
        let found = table.get(key);
        if found.is_none() {
            self.say(at.clone(), messages::missing_key(key));
        }
        found
    }

    pub(super) fn text<'t>(&mut self, item: &'t Item<'a>) -> Option<&'t str> {
        let text = item.get_ref().as_str();
        if text.is_none() {
            self.say(item.span(), messages::toml_wants("en tekst", "a text"));
        }
        text
    }

    /// A text that an expression or a template is read from: its bytes in the file, which needs a text without escapes.
    pub(super) fn written(&mut self, item: &Item<'a>) -> Option<Written> {
        self.text(item)?;
        let span = item.span();
        let raw = self.file.text.get(span.clone())?;
        let (quotes, escapes) = match raw.as_bytes() {
            [b'\'', b'\'', b'\'', ..] if raw.len() >= 6 => (3, false),
            [b'"', b'"', b'"', ..] if raw.len() >= 6 => (3, true),
            [b'\'', ..] => (1, false),
            _ => (1, true),
        };
        let mut inner = raw.get(quotes..raw.len().saturating_sub(quotes))?;
        if escapes && inner.contains('\\') {
            self.say(span, messages::literal_string());
            return None;
        }
        let mut base = span.start + quotes;
        if quotes == 3 {
            let rest = inner.strip_prefix("\r\n").or_else(|| inner.strip_prefix('\n')).unwrap_or(inner);
            base += inner.len() - rest.len();
            inner = rest;
        }
        Some(Written { text: inner.to_owned(), base })
    }

    pub(super) fn array<'t>(&mut self, item: &'t Item<'a>) -> Option<&'t [Item<'a>]> {
        let array = item.get_ref().as_array();
        if array.is_none() {
            self.say(item.span(), messages::toml_wants("en liste i [ ]", "a list in [ ]"));
        }
        array.map(|array| &**array)
    }

    pub(super) fn table<'t>(&mut self, item: &'t Item<'a>) -> Option<&'t DeTable<'a>> {
        let table = item.get_ref().as_table();
        if table.is_none() {
            self.say(item.span(), messages::toml_wants("en tabel", "a table"));
        }
        table
    }

    /// A TOML date without time.
    pub(super) fn day(&mut self, item: &Item<'a>) -> Option<Date> {
        let day = item.get_ref().as_datetime().filter(|d| d.time.is_none()).and_then(|d| d.date).and_then(to_day);
        if day.is_none() {
            self.say(
                item.span(),
                messages::toml_wants("en dato, åååå-mm-dd uden anførselstegn", "a date, yyyy-mm-dd without quotes"),
            );
        }
        day
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, item: &Item<'a>, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(item)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let list: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let said = messages::one_of(&list, text);
            self.say(item.span(), said);
        }
        found
    }
}

/// The day of a TOML date.
pub(super) fn to_day(date: toml::value::Date) -> Option<Date> {
    Date::from_ymd(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

/// A TOML number from its source text, never through a float.
pub(super) fn number(item: &DeValue<'_>) -> Option<Decimal> {
    match item {
        DeValue::Integer(n) if n.radix() == 10 => Decimal::parse(n.as_str().trim_start_matches('+')),
        DeValue::Float(n) => Decimal::parse(n.as_str().trim_start_matches('+')),
        _ => None,
    }
}
