//! The TOML shape of `sagstjek.toml`, and its way into a [`Config`]; all mistakes of the file are told at once.

use toml::Spanned;
use toml::de::DeValue;

use super::{Config, Entry, Selection, SourceSpans, local_figure};
use crate::engine::Limits;
use crate::export::{ExportOptions, Separator, is_encoding};
use crate::intake::{CellFormat, Source};
use crate::locale::Lang;
use crate::model::file::{Form, Notebook, Word, parse as parse_toml};
use crate::model::load::value_from_text;
use crate::model::{ColumnId, DatasetId, Figure, Pack, ProfileId, SourceFile, TableId};
use crate::problem::{Mistake, Severity};
use crate::report::FailOn;
use crate::value::{Kind, canonical_text};

const LANGUAGES: &[(&str, Lang)] = &[("da", Lang::Da), ("en", Lang::En)];
const SEVERITIES: &[(&str, Severity)] = &[("error", Severity::Failure), ("warning", Severity::Warning), ("info", Severity::Note)];

pub(super) fn parse(file: SourceFile, pack: &Pack) -> Result<Config, Vec<Mistake>> {
    let notes = Notebook::default();
    let table = parse_toml(&file, &notes);
    let mut config = read(Form::new(&file, &notes, table.get_ref(), table.span()), pack);
    let mut mistakes = notes.into_inner();
    if mistakes.is_empty() {
        config.file = Some(file.clone());
        return Ok(config);
    }
    mistakes.sort_by_key(|m| m.labels.first().map_or(0, |(span, _)| span.start));
    Err(mistakes)
}

fn read(form: Form<'_>, pack: &Pack) -> Config {
    let mut config = Config {
        lang: form.word("lang").and_then(|word| choice(&form, &word, LANGUAGES)),
        extract_date: form.date("extract_date"),
        ignore: entries(form.words("ignore")),
        ..Config::default()
    };
    if let Some(privacy) = form.form("privacy") {
        config.secret_file = privacy.word("secret_file").map(|word| word.text.into());
        privacy.done();
    }
    if let Some(rules) = form.form("rules") {
        config.selection = Selection { select: entries(rules.words("select")), ignore: entries(rules.words("ignore")) };
        let usual = Limits::default();
        config.limits = Limits {
            warn: rules.number("warn_pairs").unwrap_or(usual.warn),
            refuse: rules.number("refuse_pairs").unwrap_or(usual.refuse),
        };
        config.fail_on = rules.word("fail_on").and_then(|word| choice(&rules, &word, &FailOn::WORDS));
        if let Some(severities) = rules.form("severity") {
            config.severities =
                severities.entries().into_iter().filter_map(|(rule, value)| severity(&severities, rule, value)).collect();
        }
        rules.done();
    }
    for source in form.forms("source") {
        let (source, spans) = read_source(source, pack);
        config.sources.push(source);
        config.source_spans.push(spans);
    }
    if let Some(local) = form.form("local") {
        config.local = local.entries().into_iter().filter_map(|(name, value)| read_local(&local, &name, value, pack)).collect();
    }
    form.done();
    config
}

fn choice<T: Copy>(form: &Form<'_>, word: &Word, known: &[(&str, T)]) -> Option<T> {
    let found = known.iter().find(|(name, _)| *name == word.text).map(|(_, value)| *value);
    if found.is_none() {
        let list = known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        form.unknown(
            (&format!("ikke et af ordene {list}"), &format!("not one of {list}")),
            word,
            known.iter().map(|(name, _)| *name),
        );
    }
    found
}

fn entries(words: Vec<Word>) -> Vec<Entry> {
    words.into_iter().map(|word| Entry { text: word.text, span: Some(word.span) }).collect()
}

fn severity(form: &Form<'_>, rule: Word, value: &Spanned<DeValue<'_>>) -> Option<(Entry, Severity)> {
    let word = Word { text: value.get_ref().as_str().unwrap_or("").to_owned(), span: value.span() };
    let severity = choice(form, &word, SEVERITIES)?;
    Some((Entry { text: rule.text, span: Some(rule.span) }, severity))
}

fn read_source(form: Form<'_>, pack: &Pack) -> (Source, SourceSpans) {
    let files = form.need_word("files").map(|word| word.text).unwrap_or_default();
    let profile = form.word("profile").and_then(|word| {
        let found = pack.profile(&word.text);
        if found.is_none() {
            form.unknown(("ingen profil hedder sådan", "no such profile"), &word, pack.profiles.iter().map(|p| &*p.name));
        }
        found
    });
    let dataset = form.word("dataset").and_then(|word| dataset(&form, &word, profile, pack));
    let mut spans = SourceSpans { whole: form.span.clone(), ..SourceSpans::default() };
    let mut columns = Vec::new();
    if let Some(map) = form.form("columns") {
        for (name, header) in map.entries() {
            if let Some((dataset, column)) = model_column(&map, &name, pack) {
                match header.get_ref().as_str() {
                    Some(text) => {
                        columns.push((dataset, column, text.to_owned()));
                        spans.columns.push(name.span.start..header.span().end);
                    }
                    None => map.wrong(header.span(), "overskriften skrives som tekst", "the header is written as text"),
                }
            }
        }
    }
    let mut formats = Vec::new();
    if let Some(map) = form.form("formats") {
        for (name, value) in map.entries() {
            let word = Word { text: value.get_ref().as_str().unwrap_or("").to_owned(), span: value.span() };
            let column = model_column(&map, &name, pack);
            if let Some(((dataset, column), format)) = column.zip(choice(&map, &word, &CellFormat::WORDS)) {
                if fits(format, pack.get(dataset).columns[column.index()].kind) {
                    formats.push((dataset, column, format));
                    spans.formats.push(name.span.start..value.span().end);
                } else {
                    map.wrong(value.span(), "passer ikke til kolonnens type", "does not fit the column's type");
                }
            }
        }
    }
    let mut sentinels = Vec::new();
    if let Some(map) = form.form("sentinels") {
        for (name, value) in map.entries() {
            let texts =
                map.words_in(value, "sentinels").into_iter().map(|word| canonical_text(&word.text).into_owned()).collect();
            if let Some((dataset, column)) = model_column(&map, &name, pack) {
                sentinels.push((dataset, column, texts));
                spans.sentinels.push(name.span.start..value.span().end);
            }
        }
    }
    let source = Source {
        name: form.word("name").map_or_else(|| files.clone(), |word| word.text),
        files,
        profile,
        dataset,
        sheet: form.word("sheet").map(|word| word.text),
        header_row: form.whole("header_row", 1, u8::MAX).map(u32::from),
        columns,
        formats,
        sentinels,
        delivered: form.date("delivered"),
        required: form.flag("required", true),
        open_last_line: !form.flag("final_line_end", true),
        export: ExportOptions { encoding: encoding(&form), delimiter: delimiter(&form), piece: None },
    };
    form.done();
    (source, spans)
}

/// A dataset that the source's profile, if it names one, feeds.
fn dataset(form: &Form<'_>, word: &Word, profile: Option<ProfileId>, pack: &Pack) -> Option<DatasetId> {
    let Some(id) = pack.dataset(&word.text) else {
        form.unknown(("intet datasæt hedder sådan", "no such dataset"), word, pack.datasets.iter().map(|d| &*d.name));
        return None;
    };
    let feeds = |p: &crate::model::Profile| p.feeds.iter().any(|feed| feed.dataset == id);
    if !profile.is_none_or(|profile| feeds(&pack.profiles[profile.index()])) {
        form.wrong(word.span.clone(), "profilen giver ikke dette datasæt", "the profile does not feed this dataset");
        return None;
    }
    Some(id)
}

/// Whether cells of a kind can be written so.
fn fits(format: CellFormat, kind: Kind) -> bool {
    match format {
        CellFormat::DotGroups | CellFormat::CommaGroups => {
            matches!(kind, Kind::Integer | Kind::Decimal(_) | Kind::Money(_) | Kind::Percent(_))
        }
        CellFormat::Hundredths => matches!(kind, Kind::Money(_)),
        CellFormat::MonthFirst => matches!(kind, Kind::Date | Kind::Timestamp),
    }
}

fn encoding(form: &Form<'_>) -> Option<String> {
    let word = form.word("encoding")?;
    if !is_encoding(&word.text) {
        form.unknown(("ukendt tegnsæt", "unknown encoding"), &word, ["utf-8", "windows-1252", "cp850", "utf-16le", "utf-16be"]);
        return None;
    }
    Some(word.text)
}

fn delimiter(form: &Form<'_>) -> Option<Separator> {
    let word = form.word("delimiter")?;
    let text = if word.text == "tab" { "\t" } else { &word.text };
    let separator = Separator::new(text);
    if separator.is_none() {
        form.wrong(
            word.span,
            "et skilletegn er et til fire tegn uden bogstaver og tal, eller ordet tab",
            "a delimiter is one to four characters without letters and digits, or the word tab",
        );
    }
    separator
}

/// `"dataset.column"`.
fn model_column(form: &Form<'_>, name: &Word, pack: &Pack) -> Option<(DatasetId, ColumnId)> {
    let (dataset, column) = name.text.split_once('.').unwrap_or((&name.text, ""));
    let Some(id) = pack.dataset(dataset) else {
        form.unknown(
            ("intet datasæt hedder sådan; skriv \"datasæt.kolonne\"", "no such dataset; write \"dataset.column\""),
            name,
            pack.datasets.iter().map(|d| &*d.name),
        );
        return None;
    };
    let found = pack.get(id).column(column);
    if found.is_none() {
        let known: Vec<String> = pack.get(id).columns.iter().map(|c| format!("{dataset}.{}", c.name)).collect();
        form.unknown(
            ("datasættet har ingen sådan kolonne", "the dataset has no such column"),
            name,
            known.iter().map(String::as_str),
        );
    }
    found.map(|column| (id, column))
}

/// `[local]`: one value, or key = value for a table with one key.
fn read_local(form: &Form<'_>, name: &Word, value: &Spanned<DeValue<'_>>, pack: &Pack) -> Option<(TableId, Vec<Figure>)> {
    let Some(id) = pack.table(&name.text).filter(|id| pack.tables[id.index()].local) else {
        let local = pack.tables.iter().filter(|t| t.local).map(|t| &*t.name);
        form.unknown(("ingen lokal tabel hedder sådan", "no such local table"), name, local);
        return None;
    };
    let table = &pack.tables[id.index()];
    let figure = |value: &Spanned<DeValue<'_>>| {
        let text = form.file.text.get(value.span()).unwrap_or("").trim_matches(['"', '\'']);
        let read = value_from_text(table.kind, text);
        if read.is_none() {
            form.wrong(value.span(), "kan ikke læses som tabellens type", "does not read as the table's type");
        }
        read
    };
    let mut rows = Vec::new();
    match (value.get_ref().as_table(), table.keys.as_slice()) {
        (Some(entries), [kind]) => {
            for (key, value) in entries {
                let read = value_from_text(*kind, key.get_ref());
                if read.is_none() {
                    form.wrong(key.span(), "kan ikke læses som tabellens nøgle", "does not read as the table's key");
                }
                rows.extend(read.zip(figure(value)).map(|(key, figure)| local_figure(vec![key], figure)));
            }
        }
        (None, []) => rows.extend(figure(value).map(|figure| local_figure(Vec::new(), figure))),
        (_, []) => form.wrong(value.span(), "tabellen er én værdi", "the table is one value"),
        _ => form.wrong(value.span(), "tabellen skrives som nøgle = værdi", "the table is written as key = value"),
    }
    Some((id, rows))
}
