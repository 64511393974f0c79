//! JSON Schema (draft 2020-12) of `sagstjek.toml` for a pack, so that editors complete it.

use serde_json::{Map, Value, json};

use crate::intake::CellFormat;
use crate::model::schema::{day, document, flag, many, map, object, one_or_more, text, words};
use crate::model::{Pack, Table};

/// The schema of a config for this pack: its profiles, local tables and columns are known by name.
pub fn schema(pack: &Pack) -> Value {
    let profiles: Vec<&str> = pack.profiles.iter().map(|profile| &*profile.name).collect();
    let source = json!({
        "name": text(),
        "files": text(),
        "profile": words(&profiles),
        "dataset": words(&pack.datasets.iter().map(|dataset| &*dataset.name).collect::<Vec<_>>()),
        "sheet": text(),
        "header_row": { "type": "integer", "minimum": 1, "maximum": 255 },
        "encoding": text(),
        "delimiter": text(),
        "columns": columns(pack, &text()),
        "formats": columns(pack, &words(&CellFormat::WORDS.map(|(word, _)| word))),
        "sentinels": columns(pack, &one_or_more()),
        "delivered": day(),
        "required": flag(),
        "final_line_end": flag(),
    });
    let severity = words(&["error", "warning", "info"]);
    let fail_on: Vec<&str> = crate::report::FailOn::WORDS.iter().map(|(word, _)| *word).collect();
    let rules = json!({
        "select": one_or_more(),
        "ignore": one_or_more(),
        "fail_on": words(&fail_on),
        "warn_pairs": { "type": "integer", "minimum": 0 },
        "refuse_pairs": { "type": "integer", "minimum": 0 },
        "severity": map(severity),
    });
    let properties = json!({
        "lang": words(&["da", "en"]),
        "extract_date": day(),
        "ignore": one_or_more(),
        "privacy": object(&[], json!({ "secret_file": text() })),
        "rules": object(&[], rules),
        "source": many(object(&["files"], source)),
        "local": local(pack),
    });
    document("sagstjek.toml", object(&[], properties))
}

/// `"dataset.column" = ...`.
fn columns(pack: &Pack, value: &Value) -> Value {
    let of = |d: &crate::model::Dataset| d.columns.iter().map(|c| format!("{}.{}", d.name, c.name)).collect::<Vec<_>>();
    let names: Map<String, Value> = pack.datasets.iter().flat_map(of).map(|name| (name, value.clone())).collect();
    object(&[], Value::Object(names))
}

fn local(pack: &Pack) -> Value {
    let value = json!({ "type": ["string", "number", "boolean"] });
    let shape = |table: &Table| if table.keys.is_empty() { value.clone() } else { map(value.clone()) };
    let tables = pack.tables.iter().filter(|table| table.local).map(|table| (table.name.to_string(), shape(table)));
    object(&[], Value::Object(tables.collect()))
}
