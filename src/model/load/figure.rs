//! Tables of figures and code lists: what law, ministry and chart say, each with its source and how far to trust it.

use toml::Spanned;
use toml::de::DeValue;

use super::twice;
use crate::calendar::Date;
use crate::locale::Bilingual;
use crate::model::file::{Form, Word};
use crate::model::{Code, CodeList, Figure, Pack, Status, Table};
use crate::value::{Decimal, Kind, Value, dk};

/// The kind a pack file names: `text`, `text list`, `integer`, `decimal(2)`, `money`, `percent(1)`, `date`, `month`,
/// `timestamp`, `bool`, `cpr`, `paragraf`, `konto`, `cvr`, `kommune`.
pub fn kind_from_text(text: &str) -> Option<Kind> {
    let (word, decimals) = match text.split_once('(') {
        Some((word, rest)) => (word, Some(rest.strip_suffix(')')?.parse::<u8>().ok().filter(|n| *n <= 9)?)),
        None => (text, None),
    };
    Some(match (word, decimals) {
        ("text", None) => Kind::Text,
        ("text list", None) => Kind::TextList,
        ("integer", None) => Kind::Integer,
        ("decimal", Some(n)) => Kind::Decimal(n),
        ("money", None) => Kind::Money(2),
        ("percent", Some(n)) => Kind::Percent(n),
        ("date", None) => Kind::Date,
        ("month", None) => Kind::Month,
        ("timestamp", None) => Kind::Timestamp,
        ("bool", None) => Kind::Bool,
        ("cpr", None) => Kind::Cpr,
        ("paragraf", None) => Kind::Paragraf,
        ("konto", None) => Kind::Konto,
        ("cvr", None) => Kind::Cvr,
        ("kommune", None) => Kind::Kommune,
        _ => return None,
    })
}

/// Names that [`kind_from_text`] knows, for advice.
pub(super) const KINDS: [&str; 15] = [
    "text",
    "text list",
    "integer",
    "decimal(2)",
    "money",
    "percent(1)",
    "date",
    "month",
    "timestamp",
    "bool",
    "cpr",
    "paragraf",
    "konto",
    "cvr",
    "kommune",
];

/// A kind named by a file; `dk` kinds only under that vocabulary.
pub(super) fn kind(form: &Form<'_>, word: &Word, pack: &Pack) -> Option<Kind> {
    let Some(kind) = kind_from_text(&word.text) else {
        form.unknown(("ukendt type", "unknown kind"), word, KINDS);
        return None;
    };
    if kind.is_dk() && !pack.vocabulary_dk {
        form.wrong(
            word.span.clone(),
            format!("typen «{}» kræver vocabulary = [\"dk\"] i pack.toml", word.text),
            format!("the kind «{}» needs vocabulary = [\"dk\"] in pack.toml", word.text),
        );
        return None;
    }
    Some(kind)
}

/// A value of `kind` from its text as a pack or config file writes it (`30576`, `12.5`, `2024-01-31`, `BL § 32`): read from
/// the text, never through a float. `None` when it is none, or has more decimals than the kind.
pub fn value_from_text(kind: Kind, text: &str) -> Option<Value> {
    let number = |scale: u8| Decimal::parse(&text.replace('_', "")).and_then(|n| n.rescale(scale));
    match kind {
        Kind::Text => Some(Value::Text(crate::value::canonical_text(text).into())),
        Kind::Integer => number(0).map(Value::Number),
        Kind::Decimal(scale) => number(scale).map(Value::Number),
        Kind::Money(scale) => number(scale).map(Value::Money),
        Kind::Percent(scale) => number(scale).map(Value::Percent),
        Kind::Date => Date::parse_iso(text).map(Value::Date),
        Kind::Month => Date::parse_iso(text).filter(|d| d.day() == 1).map(Value::Date),
        Kind::Bool => match text {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        kind if kind.is_dk() => dk::parse(kind, text).value().map(|t| Value::Text(t.into())),
        _ => None,
    }
}

/// A value of `kind` as it stands in a file: its own source text decides.
fn value(kind: Kind, item: &Spanned<DeValue<'_>>, form: &Form<'_>) -> Option<Value> {
    let quoted = item.get_ref().as_str();
    let text = quoted.or_else(|| form.file.text.get(item.span()));
    let value = text.filter(|_| quoted.is_some() == kind.is_textual()).and_then(|text| value_from_text(kind, text));
    if value.is_none() {
        form.wrong(item.span(), "værdien passer ikke til typen", "the value does not fit its kind");
    }
    value
}

pub(super) fn date(item: &Spanned<DeValue<'_>>) -> Option<Date> {
    let day = item.get_ref().as_datetime().filter(|d| d.time.is_none())?.date?;
    Date::from_ymd(i32::from(day.year), u32::from(day.month), u32::from(day.day))
}

fn status(form: &Form<'_>) -> Option<Status> {
    let word = form.word("status")?;
    let known = [Status::Printed, Status::Derived, Status::Unverified, Status::Local].map(|status| (status.word(), status));
    let found = known.iter().find(|(name, _)| *name == word.text).map(|(_, status)| *status);
    if found.is_none() {
        form.unknown(("ukendt status", "unknown status"), &word, known.map(|(name, _)| name));
    }
    found
}

pub(super) fn need_status(form: &Form<'_>) -> Option<Status> {
    if !form.has("status") {
        form.wrong_with(
            form.span.clone(),
            "nøglen «status» mangler",
            "the key «status» is missing",
            Some((
                "printed (lov, ministerium), derived (beregnet), unverified eller local".into(),
                "printed (law, ministry), derived (computed), unverified or local".into(),
            )),
        );
    }
    status(form)
}

/// Reads a file of `satser/`, `kodelister/` or `kontoplan/`: one table or one code list.
pub(super) fn read(form: Form<'_>, pack: &mut Pack) {
    match (form.has("table"), form.has("list")) {
        (true, false) => table(form, pack),
        (false, true) => list(form, pack),
        _ => form.wrong(
            form.span.clone(),
            "filen skal have enten «table» eller «list»",
            "the file must have either «table» or «list»",
        ),
    }
}

fn table(form: Form<'_>, pack: &mut Pack) {
    let name = form.need_word("table");
    let title = form.need_bilingual("title");
    let keys: Vec<Kind> = form.words("keys").iter().filter_map(|w| kind(&form, w, pack)).collect();
    let value_kind = form.need_word("kind").and_then(|w| kind(&form, &w, pack));
    let local = form.flag("local", false);
    let banded = form.flag("banded", false);
    if banded && keys.is_empty() {
        form.wrong(form.span_of("banded"), "et trin kræver en nøgle i «keys»", "a band needs a key in «keys»");
    }
    let rows = form.forms("row");
    let mut figures: Vec<(Figure, std::ops::Range<usize>)> = Vec::new();
    let has_dates = rows.iter().any(|r| r.has("from") || r.has("until"));
    let count = rows.len();
    for row in rows {
        let span = row.span.clone();
        if let Some(figure) = value_kind.and_then(|kind| figure(row, &keys, kind, local)) {
            overlap(&form, &figures, &figure, &span);
            figures.push((figure, span));
        }
    }
    if !local && count == 0 {
        form.wrong(form.span.clone(), "tabellen har ingen [[row]]", "the table has no [[row]]");
    }
    let dated = form.flag("dated", has_dates);
    if let Some((name, kind)) = name.as_ref().zip(value_kind) {
        if taken(pack, &name.text) {
            twice(&form, name);
        }
        pack.tables.push(Table {
            name: name.text.as_str().into(),
            title,
            keys,
            banded,
            dated,
            kind,
            local,
            rows: figures.into_iter().map(|(figure, _)| figure).collect(),
            file: form.file.clone(),
        });
    }
    form.done();
}

/// Tables and lists share one space of names, since both stand in expressions.
fn taken(pack: &Pack, name: &str) -> bool {
    pack.table(name).is_some() || pack.list(name).is_some()
}

fn figure(row: Form<'_>, kinds: &[Kind], kind: Kind, local: bool) -> Option<Figure> {
    let (from, until) = days(&row);
    let items = row.items("keys");
    if items.len() != kinds.len() {
        row.wrong(
            row.span_of("keys"),
            format!("rækken har {} nøgler, tabellen {}", items.len(), kinds.len()),
            format!("the row has {} keys, the table {}", items.len(), kinds.len()),
        );
    }
    let keys: Vec<Value> = items.iter().zip(kinds).filter_map(|(item, kind)| value(*kind, item, &row)).collect();
    let status = need_status(&row);
    if let Some(found) = status
        && (found == Status::Local) != local
    {
        let span = row.span_of("status");
        row.wrong(span, "status «local» hører til local = true", "the status «local» belongs to local = true");
    }
    let source = row.need_word("source");
    if let Some(empty) = source.as_ref().filter(|s| s.text.trim().is_empty()) {
        row.wrong(empty.span.clone(), "kilden er tom", "the source is empty");
    }
    let figure = row.need_raw("value").and_then(|item| value(kind, item, &row));
    let complete = keys.len() == kinds.len();
    row.done();
    let source = source?.text.into();
    complete.then_some(Figure { from, until, keys, value: figure?, status: status?, source })
}

fn days(form: &Form<'_>) -> (Option<Date>, Option<Date>) {
    let (from, until) = (form.date("from"), form.date("until"));
    if let (Some(first), Some(last)) = (from, until)
        && last < first
    {
        form.wrong(form.span_of("until"), "«until» ligger før «from»", "«until» lies before «from»");
    }
    (from, until)
}

fn meet(a: (Option<Date>, Option<Date>), b: (Option<Date>, Option<Date>)) -> bool {
    let starts = |from: Option<Date>, until: Option<Date>| from.zip(until).is_none_or(|(from, until)| from <= until);
    starts(a.0, b.1) && starts(b.0, a.1)
}

fn overlap(form: &Form<'_>, known: &[(Figure, std::ops::Range<usize>)], new: &Figure, span: &std::ops::Range<usize>) {
    let same = |old: &Figure| old.keys == new.keys && meet((old.from, old.until), (new.from, new.until));
    if known.iter().any(|(old, _)| same(old)) {
        form.wrong(
            span.clone(),
            "perioden overlapper en anden række med samme nøgle",
            "the period overlaps another row with the same key",
        );
    }
}

fn list(form: Form<'_>, pack: &mut Pack) {
    let name = form.need_word("list");
    let title = form.need_bilingual("title");
    let kind = form.word("kind").map_or(Some(Kind::Text), |w| match kind(&form, &w, pack) {
        Some(kind) if !matches!(kind, Kind::Text | Kind::Konto | Kind::Paragraf | Kind::Kommune) => {
            form.wrong(
                w.span,
                "en kodeliste er af text, konto, paragraf eller kommune",
                "a code list is of text, konto, paragraf or kommune",
            );
            None
        }
        kind => kind,
    });
    let status = need_status(&form);
    let source = form.need_word("source");
    let others = form.flag("others", false);
    let mut codes: Vec<Code> = Vec::new();
    for item in form.forms("code") {
        if let Some(code) = code(item, kind.unwrap_or(Kind::Text), &codes) {
            codes.push(code);
        }
    }
    if codes.is_empty() {
        form.wrong(form.span.clone(), "listen har ingen [[code]]", "the list has no [[code]]");
    }
    if let (Some(name), Some(kind), Some(status), Some(source)) = (name, kind, status, source) {
        if taken(pack, &name.text) {
            twice(&form, &name);
        }
        let file = form.file.clone();
        pack.lists.push(CodeList {
            name: name.text.into(),
            title,
            kind,
            codes,
            others,
            status,
            source: source.text.into(),
            file,
        });
    }
    form.done();
}

fn code(form: Form<'_>, kind: Kind, known: &[Code]) -> Option<Code> {
    let word = form.need_word("code");
    let code = word.as_ref().and_then(|word| match value_from_text(kind, &word.text) {
        Some(Value::Text(code)) => Some(code),
        _ => {
            form.wrong(
                word.span.clone(),
                format!("koden «{}» passer ikke til listens type", word.text),
                format!("the code «{}» does not fit the list's kind", word.text),
            );
            None
        }
    });
    let title = form.bilingual("title");
    let aliases = form.words("aliases").into_iter().map(|w| w.text).collect();
    let (from, until) = days(&form);
    if let Some((code, word)) = code.as_ref().zip(word.as_ref()) {
        let again = |old: &Code| old.code == *code && meet((old.from, old.until), (from, until));
        if known.iter().any(again) {
            twice(&form, word);
        }
    }
    form.done();
    let code = code?;
    let title = title.unwrap_or_else(|| Bilingual::new(code.to_string(), code.to_string()));
    Some(Code { code, title, aliases, from, until })
}
