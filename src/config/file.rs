//! The TOML shape of `sagstjek.toml`, and its way into a [`Config`].

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Config, Entry, FailOn, Selection, local_figure};
use crate::calendar::Date;
use crate::export::ExportOptions;
use crate::intake::Source;
use crate::locale::{Bilingual, Lang};
use crate::model::load::parse_value;
use crate::model::{Figure, Pack, SourceFile, TableId};
use crate::problem::{Mistake, Severity, nearest};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    lang: Option<Spanned<String>>,
    extract_date: Option<Spanned<Datetime>>,
    #[serde(default)]
    ignore: Vec<String>,
    #[serde(default)]
    privacy: PrivacyFile,
    #[serde(default)]
    rules: RulesFile,
    #[serde(default)]
    source: Vec<Spanned<SourceEntry>>,
    #[serde(default)]
    local: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct PrivacyFile {
    secret_file: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    #[serde(default)]
    select: Vec<Spanned<String>>,
    #[serde(default)]
    ignore: Vec<Spanned<String>>,
    fail_on: Option<Spanned<String>>,
    #[serde(default)]
    severity: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceEntry {
    name: Option<String>,
    files: String,
    profile: Option<Spanned<String>>,
    sheet: Option<String>,
    header_row: Option<u32>,
    encoding: Option<String>,
    delimiter: Option<Spanned<String>>,
    #[serde(default = "yes")]
    required: bool,
    /// `columns = { "bevilling.slut" = "Stopdato" }`
    #[serde(default)]
    columns: BTreeMap<Spanned<String>, String>,
}

fn yes() -> bool {
    true
}

/// Collects mistakes while the parts are checked.
struct Checker<'a> {
    file: SourceFile,
    pack: &'a Pack,
    mistakes: Vec<Mistake>,
}

pub(super) fn parse(file: SourceFile, pack: &Pack) -> Result<Config, Vec<Mistake>> {
    let read: ConfigFile = match toml::from_str(&file.text) {
        Ok(read) => read,
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let message = Bilingual::new(
                format!("filen kan ikke læses: {}", error.message()),
                format!("the file cannot be read: {}", error.message()),
            );
            return Err(vec![Mistake::at(&file.path, &file.text, span, message)]);
        }
    };
    let mut checker = Checker { file: file.clone(), pack, mistakes: Vec::new() };
    let source_spans = read.source.iter().map(Spanned::span).collect();
    let config = Config {
        lang: read.lang.and_then(|word| checker.word(&word, &[("da", Lang::Da), ("en", Lang::En)])),
        extract_date: read.extract_date.and_then(|day| checker.day(&day)),
        sources: read.source.into_iter().map(|source| checker.source(source.into_inner())).collect(),
        ignore: read.ignore,
        secret_file: read.privacy.secret_file.map(Into::into),
        selection: Selection { select: entries(read.rules.select), ignore: entries(read.rules.ignore) },
        fail_on: read.rules.fail_on.and_then(|word| checker.word(&word, FAIL_ON)),
        severities: read
            .rules
            .severity
            .iter()
            .filter_map(|(rule, word)| Some((entry(rule), checker.word(word, SEVERITIES)?)))
            .collect(),
        local: read.local.iter().filter_map(|(name, value)| checker.local(name, value)).collect(),
        source_spans,
        file: Some(file),
    };
    if checker.mistakes.is_empty() { Ok(config) } else { Err(checker.mistakes) }
}

/// Words of `fail_on` and `--fail-on`.
pub const FAIL_ON: &[(&str, FailOn)] = &[
    ("partly", FailOn::Partly),
    ("info", FailOn::Info),
    ("warning", FailOn::Warning),
    ("error", FailOn::Error),
    ("never", FailOn::Never),
];

const SEVERITIES: &[(&str, Severity)] = &[("error", Severity::Failure), ("warning", Severity::Warning), ("info", Severity::Note)];

fn entry(word: &Spanned<String>) -> Entry {
    Entry { text: word.get_ref().clone(), span: Some(word.span()) }
}

fn entries(words: Vec<Spanned<String>>) -> Vec<Entry> {
    words.iter().map(entry).collect()
}

impl Checker<'_> {
    fn mistake(&mut self, span: Range<usize>, da: String, en: String, near: Option<&str>) {
        let mut mistake = Mistake::at(&self.file.path, &self.file.text, span, Bilingual { da, en });
        mistake.help = near.map(|near| Bilingual::new(format!("mente du «{near}»?"), format!("did you mean «{near}»?")));
        self.mistakes.push(mistake);
    }

    fn word<T: Copy>(&mut self, word: &Spanned<String>, known: &[(&str, T)]) -> Option<T> {
        let text = word.get_ref().as_str();
        let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            let list = known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            let near = nearest(text, known.iter().map(|(name, _)| *name));
            self.mistake(
                word.span(),
                format!("«{text}» er ikke et af ordene {list}"),
                format!("«{text}» is not one of {list}"),
                near,
            );
        }
        found
    }

    fn day(&mut self, day: &Spanned<Datetime>) -> Option<Date> {
        let text = day.get_ref().to_string();
        let found = Date::parse_iso(&text);
        if found.is_none() {
            self.mistake(
                day.span(),
                format!("«{text}» er ikke en dato; skriv 2024-12-31"),
                format!("«{text}» is not a date; write 2024-12-31"),
                None,
            );
        }
        found
    }

    fn source(&mut self, source: SourceEntry) -> Source {
        let profile = source.profile.as_ref().and_then(|name| {
            let found = self.pack.profile(name.get_ref());
            if found.is_none() {
                let near = nearest(name.get_ref(), self.pack.profiles.iter().map(|p| &*p.name)).map(str::to_owned);
                let text = name.get_ref();
                self.mistake(
                    name.span(),
                    format!("ingen profil hedder «{text}»"),
                    format!("no profile is called «{text}»"),
                    near.as_deref(),
                );
            }
            found
        });
        let delimiter = source.delimiter.as_ref().and_then(|text| {
            let written = if text.get_ref() == "tab" { "\t" } else { text.get_ref().as_str() };
            if let [byte] = written.as_bytes() {
                return Some(*byte);
            }
            self.mistake(
                text.span(),
                "et skilletegn er ét tegn, eller ordet tab".to_owned(),
                "a delimiter is one character, or the word tab".to_owned(),
                None,
            );
            None
        });
        if let Some(label) = &source.encoding
            && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
        {
            let at = self.file.text.find(label.as_str()).unwrap_or(0);
            self.mistake(
                at..at + label.len(),
                format!("tegnsættet «{label}» kendes ikke"),
                format!("the encoding «{label}» is not known"),
                None,
            );
        }
        let columns = source.columns.iter().filter_map(|(name, header)| self.source_column(name, header)).collect();
        Source {
            name: source.name.unwrap_or_else(|| source.files.clone()),
            files: source.files,
            profile,
            sheet: source.sheet,
            header_row: source.header_row,
            columns,
            required: source.required,
            export: ExportOptions { encoding: source.encoding, delimiter },
        }
    }

    fn source_column(&mut self, name: &Spanned<String>, header: &str) -> Option<(String, String, String)> {
        let text = name.get_ref().clone();
        let (dataset, column) = text.split_once('.').unwrap_or((&text, ""));
        let Some(id) = self.pack.dataset(dataset) else {
            let near = nearest(dataset, self.pack.datasets.iter().map(|d| &*d.name)).map(str::to_owned);
            self.mistake(
                name.span(),
                format!("intet datasæt hedder «{dataset}»; skriv \"datasæt.kolonne\""),
                format!("no dataset is called «{dataset}»; write \"dataset.column\""),
                near.as_deref(),
            );
            return None;
        };
        if self.pack.get(id).column(column).is_none() {
            let near = nearest(column, self.pack.get(id).columns.iter().map(|c| &*c.name)).map(str::to_owned);
            self.mistake(
                name.span(),
                format!("datasættet «{dataset}» har ingen kolonne «{column}»"),
                format!("the dataset «{dataset}» has no column «{column}»"),
                near.as_deref(),
            );
            return None;
        }
        Some((dataset.to_owned(), column.to_owned(), header.to_owned()))
    }

    /// `[local]`: a single value, or a table of key to value for a table with one key.
    fn local(&mut self, name: &Spanned<String>, value: &Spanned<toml::Value>) -> Option<(TableId, Vec<Figure>)> {
        let text = name.get_ref();
        let local = self.pack.tables.iter().filter(|t| t.local);
        let Some(id) = self.pack.table(text).filter(|id| self.pack.tables[id.index()].local) else {
            let near = nearest(text, local.map(|t| &*t.name)).map(str::to_owned);
            self.mistake(
                name.span(),
                format!("ingen lokal tabel hedder «{text}»"),
                format!("no local table is called «{text}»"),
                near.as_deref(),
            );
            return None;
        };
        let table = &self.pack.tables[id.index()];
        let mut rows = Vec::new();
        match (value.get_ref(), table.keys.as_slice()) {
            (toml::Value::Table(entries), [kind]) => {
                for (key, figure) in entries {
                    let parsed = (parse_value(*kind, key), parse_value(table.kind, &scalar_text(figure)));
                    match parsed {
                        (Some(key), Some(figure)) => rows.push(local_figure(vec![key], figure)),
                        (None, _) => self.unreadable(value.span(), key),
                        (_, None) => self.unreadable(value.span(), &scalar_text(figure)),
                    }
                }
            }
            (scalar, []) => match parse_value(table.kind, &scalar_text(scalar)) {
                Some(figure) => rows.push(local_figure(Vec::new(), figure)),
                None => self.unreadable(value.span(), &scalar_text(scalar)),
            },
            _ => self.mistake(
                value.span(),
                format!("tabellen «{text}» skrives som en liste af nøgle = værdi"),
                format!("the table «{text}» is written as a list of key = value"),
                None,
            ),
        }
        Some((id, rows))
    }

    fn unreadable(&mut self, span: Range<usize>, text: &str) {
        self.mistake(
            span,
            format!("«{text}» kan ikke læses som tabellens type"),
            format!("«{text}» does not read as the table's type"),
            None,
        );
    }
}

/// The text of a TOML value; numbers as people write them. Floats are refused by their text: write decimals as text.
fn scalar_text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(n) => n.to_string(),
        other => other.to_string(),
    }
}
