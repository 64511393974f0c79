//! Reading the TOML of pack and config files so that every mistake of every file is told at once, each at its span.
//!
//! A deserialiser stops at its first mistake; a [`Form`] goes on: each getter notes what is wrong and gives `None`, and
//! [`Form::done`] names the keys nobody asked for.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Snippet, SourceFile};
use crate::calendar::Date;
use crate::locale::Bilingual;
use crate::problem::{Mistake, nearest};

/// Mistakes of all files.
#[derive(Debug, Default)]
pub(crate) struct Notebook(RefCell<Vec<Mistake>>);

impl Notebook {
    pub(crate) fn add(&self, mistake: Mistake) {
        self.0.borrow_mut().push(mistake);
    }

    pub(crate) fn into_inner(self) -> Vec<Mistake> {
        self.0.into_inner()
    }
}

/// A text of a file and where it stands (quotes included).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

/// A TOML table being read.
pub(crate) struct Form<'a> {
    pub(crate) file: &'a SourceFile,
    notes: &'a Notebook,
    table: &'a DeTable<'a>,
    /// Where the table stands, to point at when a key is missing.
    pub(crate) span: Range<usize>,
    asked: RefCell<BTreeSet<&'static str>>,
}

/// Parses a file; syntax mistakes are noted and what could be read is given.
pub(crate) fn parse<'a>(file: &'a SourceFile, notes: &Notebook) -> Spanned<DeTable<'a>> {
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    for error in errors {
        let said = error.message();
        let text = Bilingual::new(format!("filen er ikke gyldig TOML: {said}"), format!("the file is not valid TOML: {said}"));
        notes.add(Mistake::at(&file.path, &file.text, error.span().unwrap_or(0..0), text));
    }
    table
}

impl<'a> Form<'a> {
    pub(crate) fn new(file: &'a SourceFile, notes: &'a Notebook, table: &'a DeTable<'a>, span: Range<usize>) -> Form<'a> {
        // A whole file's span is pointless to underline: point at its start.
        let span = if span.start == 0 { 0..file.text.find('\n').unwrap_or(file.text.len()) } else { span };
        Form { file, notes, table, span, asked: RefCell::default() }
    }

    /// Notes a mistake.
    pub(crate) fn wrong(&self, span: Range<usize>, da: impl Into<String>, en: impl Into<String>) {
        self.wrong_with(span, da, en, None);
    }

    /// Notes a mistake with advice.
    pub(crate) fn wrong_with(
        &self,
        span: Range<usize>,
        da: impl Into<String>,
        en: impl Into<String>,
        help: Option<(String, String)>,
    ) {
        let mistake = Mistake::at(&self.file.path, &self.file.text, span, Bilingual::new(da, en));
        self.notes.add(match help {
            Some((da, en)) => mistake.with_help(Bilingual::new(da, en)),
            None => mistake,
        });
    }

    /// Notes that `word` is not among `known`, with the nearest of them.
    pub(crate) fn unknown<'k>(&self, what: (&str, &str), word: &Word, known: impl IntoIterator<Item = &'k str>) {
        let help = nearest(&word.text, known).map(|near| (format!("mente du «{near}»?"), format!("did you mean «{near}»?")));
        let (da, en) = what;
        self.wrong_with(word.span.clone(), format!("{da}: «{}»", word.text), format!("{en}: «{}»", word.text), help);
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().insert(key);
        self.table.get(key)
    }

    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// Where the value of a key stands.
    pub(crate) fn span_of(&self, key: &'static str) -> Range<usize> {
        self.get(key).map_or(self.span.clone(), Spanned::span)
    }

    fn missing(&self, key: &str) {
        self.wrong(self.span.clone(), format!("nøglen «{key}» mangler"), format!("the key «{key}» is missing"));
    }

    fn kind(&self, value: &Spanned<DeValue<'_>>, key: &str, da: &str, en: &str) {
        self.wrong(value.span(), format!("«{key}» skal være {da}"), format!("«{key}» must be {en}"));
    }

    /// The value of a key that must be there, as it stands.
    pub(crate) fn need_raw(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        let value = self.get(key);
        if value.is_none() {
            self.missing(key);
        }
        value
    }

    pub(crate) fn word(&self, key: &'static str) -> Option<Word> {
        let value = self.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(Word { text: text.to_owned(), span: value.span() }),
            None => {
                self.kind(value, key, "en tekst", "a text");
                None
            }
        }
    }

    pub(crate) fn need_word(&self, key: &'static str) -> Option<Word> {
        if !self.has(key) {
            self.missing(key);
        }
        self.word(key)
    }

    pub(crate) fn flag(&self, key: &'static str, default: bool) -> bool {
        let Some(value) = self.get(key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.kind(value, key, "true eller false", "true or false");
            default
        })
    }

    pub(crate) fn date(&self, key: &'static str) -> Option<Date> {
        let value = self.get(key)?;
        let day = value.get_ref().as_datetime().filter(|d| d.time.is_none()).and_then(|d| d.date);
        let day = day.and_then(|d| Date::from_ymd(i32::from(d.year), u32::from(d.month), u32::from(d.day)));
        if day.is_none() {
            self.kind(value, key, "en dato uden anførselstegn, 2024-01-31", "a date without quotes, 2024-01-31");
        }
        day
    }

    /// A whole number from `low` to `high`.
    pub(crate) fn whole(&self, key: &'static str, low: u8, high: u8) -> Option<u8> {
        let value = self.get(key)?;
        let number = value.get_ref().as_integer().and_then(|n| n.as_str().parse::<u8>().ok());
        let number = number.filter(|n| (low..=high).contains(n));
        if number.is_none() {
            self.kind(value, key, &format!("et helt tal fra {low} til {high}"), &format!("a whole number from {low} to {high}"));
        }
        number
    }

    /// A whole number that is not negative.
    pub(crate) fn number(&self, key: &'static str) -> Option<u64> {
        let value = self.get(key)?;
        let number = value.get_ref().as_integer().and_then(|n| n.as_str().replace('_', "").parse().ok());
        if number.is_none() {
            self.kind(value, key, "et helt tal, der ikke er negativt", "a whole number that is not negative");
        }
        number
    }

    /// `{ da = "...", en = "..." }`.
    pub(crate) fn bilingual(&self, key: &'static str) -> Option<Bilingual> {
        let form = self.form(key)?;
        let both = form.need_word("da").zip(form.need_word("en"));
        form.done();
        both.map(|(da, en)| Bilingual::new(da.text, en.text))
    }

    pub(crate) fn need_bilingual(&self, key: &'static str) -> Bilingual {
        if !self.has(key) {
            self.missing(key);
        }
        self.bilingual(key).unwrap_or_default()
    }

    /// A text or a list of texts.
    pub(crate) fn words(&self, key: &'static str) -> Vec<Word> {
        self.get(key).map_or(Vec::new(), |value| self.words_in(value, key))
    }

    pub(crate) fn words_in(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Vec<Word> {
        let word = |v: &Spanned<DeValue<'_>>| v.get_ref().as_str().map(|t| Word { text: t.to_owned(), span: v.span() });
        let words = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(word).collect::<Option<Vec<_>>>(),
            _ => word(value).map(|w| vec![w]),
        };
        words.unwrap_or_else(|| {
            self.kind(value, key, "en tekst eller en liste af tekster", "a text or a list of texts");
            Vec::new()
        })
    }

    /// A list whose items are a text or a list of texts.
    pub(crate) fn word_lists(&self, key: &'static str) -> Vec<Vec<Word>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        match value.get_ref().as_array() {
            Some(items) => items.iter().map(|item| self.words_in(item, key)).collect(),
            None => {
                self.kind(value, key, "en liste", "a list");
                Vec::new()
            }
        }
    }

    pub(crate) fn items(&self, key: &'static str) -> Vec<&'a Spanned<DeValue<'a>>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        match value.get_ref().as_array() {
            Some(items) => items.iter().collect(),
            None => {
                self.kind(value, key, "en liste", "a list");
                Vec::new()
            }
        }
    }

    /// A table under a key.
    pub(crate) fn form(&self, key: &'static str) -> Option<Form<'a>> {
        let value = self.get(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Form::new(self.file, self.notes, table, self.within(value.span()))),
            None => {
                self.kind(value, key, "en tabel, { ... }", "a table, { ... }");
                None
            }
        }
    }

    /// A list of tables.
    pub(crate) fn forms(&self, key: &'static str) -> Vec<Form<'a>> {
        let mut forms = Vec::new();
        for item in self.items(key) {
            match item.get_ref().as_table() {
                Some(table) => forms.push(Form::new(self.file, self.notes, table, self.within(item.span()))),
                None => self.kind(item, key, "en liste af tabeller", "a list of tables"),
            }
        }
        forms
    }

    fn within(&self, span: Range<usize>) -> Range<usize> {
        if span.is_empty() { self.span.clone() } else { span }
    }

    /// An expression: a literal string, so that its span is a slice of the file.
    pub(crate) fn snippet(&self, key: &'static str) -> Option<Snippet> {
        let word = self.word(key)?;
        let span = self.inside_quotes(&word);
        if span.is_none() {
            self.wrong(
                word.span,
                format!("«{key}» er et udtryk og skrives i enkelte anførselstegn, '...'"),
                format!("«{key}» is an expression and is written in single quotes, '...'"),
            );
        }
        span.map(|span| Snippet { file: self.file.clone(), span })
    }

    fn inside_quotes(&self, word: &Word) -> Option<Range<usize>> {
        let raw = self.file.text.get(word.span.clone())?;
        let (start, end) = match raw.strip_prefix("'''") {
            Some(rest) => (3 + rest.len() - rest.trim_start_matches(['\r', '\n']).len(), 3),
            None => (1, 1),
        };
        let span = word.span.start + start..word.span.end.checked_sub(end)?;
        (raw.starts_with(['\'', '"']) && self.file.text.get(span.clone())?.trim() == word.text.trim()).then_some(span)
    }

    /// Every key with its value, for tables whose keys the file's author chooses.
    pub(crate) fn entries(&self) -> Vec<(Word, &'a Spanned<DeValue<'a>>)> {
        self.table.iter().map(|(key, value)| (Word { text: key.get_ref().to_string(), span: key.span() }, value)).collect()
    }

    /// Notes every key that was not asked for, with the nearest that was.
    pub(crate) fn done(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name: &DeString<'_> = key.get_ref();
            if !asked.contains(name.as_ref()) {
                let word = Word { text: name.to_string(), span: key.span() };
                self.unknown(("ukendt nøgle", "unknown key"), &word, asked.iter().copied());
            }
        }
    }
}
