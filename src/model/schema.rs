//! JSON Schema (draft 2020-12) of a pack's data files, so that editors complete them. The loader stays the judge: it also
//! knows what refers to what.

use serde_json::{Value, json};

/// `{ da = "...", en = "..." }`.
pub(crate) fn bilingual() -> Value {
    object(&["da", "en"], json!({ "da": text(), "en": text() }))
}

pub(crate) fn text() -> Value {
    json!({ "type": "string" })
}

pub(crate) fn texts() -> Value {
    json!({ "type": "array", "items": text() })
}

/// One text or several.
pub(crate) fn one_or_more() -> Value {
    json!({ "anyOf": [text(), texts()] })
}

/// A list whose items are one text or several.
pub(crate) fn lists() -> Value {
    json!({ "type": "array", "items": one_or_more() })
}

/// A TOML date, which schemas see as text.
pub(crate) fn day() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}

pub(crate) fn flag() -> Value {
    json!({ "type": "boolean" })
}

pub(crate) fn whole(least: u32) -> Value {
    json!({ "type": "integer", "minimum": least })
}

pub(crate) fn words(words: &[&str]) -> Value {
    json!({ "enum": words })
}

pub(crate) fn many(item: Value) -> Value {
    json!({ "type": "array", "items": item })
}

/// A table with these keys and no others.
pub(crate) fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

/// A table of any keys whose values are alike.
pub(crate) fn map(value: Value) -> Value {
    json!({ "type": "object", "additionalProperties": value })
}

/// A document of its own.
pub(crate) fn document(title: &str, schema: Value) -> Value {
    let mut document = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "title": title });
    if let (Some(whole), Value::Object(parts)) = (document.as_object_mut(), schema) {
        whole.extend(parts);
    }
    document
}

/// A figure, a code or a key, as a table of the pack holds it.
fn value() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// The schema of every data file of a pack: `pack.toml`, `links.toml`, `helligdage.toml` and the files under `model/`,
/// `profiler/`, `satser/`, `kodelister/` and `kontoplan/`. The keys of a file tell which of them it is.
pub fn schema() -> Value {
    let kinds = [pack(), dataset(), links(), profile(), table(), list(), holidays()];
    document("sagstjek: data files of a pack", json!({ "anyOf": kinds }))
}

/// A folder of rules or of key figures.
fn folder() -> Value {
    object(&["folder", "title"], json!({ "folder": text(), "title": bilingual() }))
}

fn pack() -> Value {
    let amounts = json!({ "years_back": whole(1), "source": text(), "status": status() });
    let properties = json!({
        "name": text(),
        "version": text(),
        "vocabulary": many(words(&["dk"])),
        "currency": text(),
        "currency_sign": text(),
        "test_persons": one_or_more(),
        "amounts": object(&["years_back", "source", "status"], amounts),
        "family": many(folder()),
        "figures": many(folder()),
    });
    object(&["name", "version", "currency"], properties)
}

fn status() -> Value {
    words(&["printed", "derived", "unverified", "local"])
}

fn kind() -> Value {
    let plain = "text|text list|integer|money|date|month|timestamp|bool|cpr|paragraf|konto|cvr|kommune";
    json!({ "type": "string", "pattern": format!("^({plain}|decimal\\([0-9]\\)|percent\\([0-9]\\))$") })
}

fn dataset() -> Value {
    let column = json!({
        "name": text(),
        "kind": kind(),
        "open": flag(),
        "names": flag(),
        "role": words(&["case", "owner", "team", "person", "amount", "snapshot", "place"]),
        "codes": text(),
        "derived": text(),
        "aliases": one_or_more(),
    });
    let taken = json!({ "to": text(), "from": text(), "constant": text() });
    let only = object(&["column", "is"], json!({ "column": text(), "is": one_or_more() }));
    let union = json!({ "dataset": text(), "only": only, "columns": many(object(&["to"], taken)) });
    let properties = json!({
        "dataset": text(),
        "title": bilingual(),
        "keys": lists(),
        "repeats": flag(),
        "closed": text(),
        "expect": many(object(&["that"], json!({ "that": text(), "share": whole(1) }))),
        "column": many(object(&["name", "kind"], column)),
        "union": many(object(&["dataset", "columns"], union)),
    });
    object(&["dataset", "title"], properties)
}

fn links() -> Value {
    let link = json!({ "from": text(), "to": text(), "via": lists(), "name": text(), "back": text(), "one": flag() });
    object(&["link"], json!({ "link": many(object(&["from", "to", "via"], link)) }))
}

fn source() -> Value {
    json!({
        "header": one_or_more(),
        "negated": one_or_more(),
        "join": lists(),
        "with": text(),
        "sheet_name": flag(),
        "file_name": flag(),
        "constant": text(),
    })
}

/// A source with further keys beside it.
fn source_with(more: Value) -> Value {
    let mut source = source();
    if let (Some(whole), Value::Object(more)) = (source.as_object_mut(), more) {
        whole.extend(more);
    }
    source
}

fn profile() -> Value {
    let only = object(&["header", "is"], json!({ "header": one_or_more(), "is": one_or_more() }));
    let column = object(&["to"], source_with(json!({ "to": text(), "exact": flag(), "only": only })));
    let also = object(&["to", "header"], json!({ "to": text(), "header": one_or_more() }));
    let unfold = json!({
        "value": text(),
        "month": text(),
        "year": object(&[], source()),
        "months": lists(),
        "also": many(also),
    });
    let spread = json!({ "month": text(), "first": one_or_more(), "last": one_or_more() });
    let feed = json!({
        "dataset": text(),
        "distinct": flag(),
        "secondary": flag(),
        "needs": one_or_more(),
        "columns": many(column),
        "unfold": object(&["value", "month", "year", "months"], unfold),
        "spread": object(&["month", "first", "last"], spread),
    });
    let total = json!({ "marks": one_or_more(), "sums": lists(), "required": flag() });
    let properties = json!({
        "profile": text(),
        "system": text(),
        "title": bilingual(),
        "signature": lists(),
        "signature_columns": one_or_more(),
        "without": lists(),
        "files": one_or_more(),
        "final_line_end": flag(),
        "total": object(&["marks"], total),
        "feeds": many(object(&["dataset", "columns"], feed)),
    });
    object(&["profile", "system", "title", "feeds"], properties)
}

fn table() -> Value {
    let row = json!({
        "from": day(),
        "until": day(),
        "keys": many(value()),
        "value": value(),
        "status": status(),
        "source": text(),
    });
    let properties = json!({
        "table": text(),
        "title": bilingual(),
        "keys": one_or_more(),
        "kind": kind(),
        "local": flag(),
        "banded": flag(),
        "dated": flag(),
        "row": many(object(&["value", "status", "source"], row)),
    });
    object(&["table", "title", "kind"], properties)
}

fn list() -> Value {
    let code = json!({ "code": text(), "title": bilingual(), "aliases": one_or_more(), "from": day(), "until": day() });
    let properties = json!({
        "list": text(),
        "title": bilingual(),
        "kind": kind(),
        "status": status(),
        "source": text(),
        "others": flag(),
        "code": many(object(&["code"], code)),
    });
    object(&["list", "title", "status", "source"], properties)
}

fn holidays() -> Value {
    let holiday = object(&["title", "days"], json!({ "title": bilingual(), "days": many(day()) }));
    object(&["holiday", "source", "status"], json!({ "source": text(), "status": status(), "holiday": many(holiday) }))
}
