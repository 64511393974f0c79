//! JSON Schema (draft 2020-12) of rules and key figures, so that editors complete it. Expressions are text to it; the checker judges.

use serde_json::{Value, json};

use crate::model::schema::{day, document, flag, many, map, object, text, texts, whole, words};

/// The schema of a rule file.
pub fn schema() -> Value {
    let legal = object(&["ref"], json!({ "ref": text(), "from": day(), "until": day() }));
    let deadline = object(&["due", "done"], json!({ "due": text(), "done": text() }));
    let said = json!({ "title": text(), "why": text(), "fix": text(), "message": text(), "label": map(text()) });
    let said = object(&["title", "why", "fix", "message"], said);
    let properties = json!({
        "id": { "type": "string", "pattern": "^[A-Za-z0-9-]+$" },
        "severity": words(&["error", "warning", "info"]),
        "since": text(),
        "tracks": texts(),
        "effort": whole(0),
        "scope": words(&["open", "all"]),
        "legal": many(legal),
        "each": { "type": "string", "pattern": "^\\S+ as \\S+$" },
        "when": text(),
        "require": text(),
        "deadline": deadline,
        "per": text(),
        "partly": text(),
        "if_missing": words(&["report", "violation", "compliant"]),
        "amount": text(),
        "refund": text(),
        "steps": texts(),
        "report": words(&["pair once"]),
        "law_date": text(),
        "mark": texts(),
        "da": said,
        "en": said,
        "example": many(example()),
    });
    let required = ["id", "severity", "since", "each", "mark", "da", "en", "example"];
    let rule = object(&required, properties);
    let off = object(&["id", "off"], json!({ "id": text(), "off": flag() }));
    document("sagstjek: a rule or key figure", json!({ "anyOf": [rule, figure(), off] }))
}

/// The schema of a key figure.
fn figure() -> Value {
    let head = json!({ "da": text(), "en": text(), "value": text(), "codes": text() });
    let head = json!({ "anyOf": [text(), object(&["da", "en", "value"], head)] });
    let share = json!({ "anyOf": [flag(), text()] });
    let column = json!({ "da": text(), "en": text(), "value": text(), "share": share });
    let said = object(&["title", "why"], json!({ "title": text(), "why": text(), "note": text() }));
    let cells = json!({ "type": "array", "items": { "type": ["string", "number"] } });
    let example = json!({
        "type": "object",
        "required": ["expect", "extract_date"],
        "properties": {
            "expect": many(cells.clone()),
            "across": cells,
            "extract_date": day(),
            "incomplete": texts(),
            "rates": map(many(json!({ "type": "object", "required": ["value"] }))),
        },
        "additionalProperties": many(json!({ "type": "object" })),
    });
    let properties = json!({
        "id": { "type": "string", "pattern": "^[A-Za-z0-9-]+$" },
        "since": text(),
        "tracks": texts(),
        "source": text(),
        "scope": words(&["open", "all"]),
        "each": { "type": "string", "pattern": "^\\S+ as \\S+$" },
        "steps": texts(),
        "per": text(),
        "when": text(),
        "group": texts(),
        "let": map(text()),
        "by": many(head.clone()),
        "across": head,
        "columns": many(object(&["da", "en", "value"], column)),
        "order": text(),
        "top": whole(1),
        "rows": whole(1),
        "total": flag(),
        "da": said,
        "en": said,
        "example": many(example),
    });
    object(&["id", "since", "each", "columns", "da", "en", "example"], properties)
}

/// Datasets are keys of their own, so that any other key is a list of rows.
fn example() -> Value {
    let verdict = words(&["compliant", "partly", "violation", "not applicable", "not assessed"]);
    json!({
        "type": "object",
        "required": ["expect", "extract_date"],
        "properties": {
            "expect": { "anyOf": [verdict, map(verdict.clone())] },
            "extract_date": day(),
            "incomplete": texts(),
            "rates": map(many(json!({ "type": "object", "required": ["value"] }))),
        },
        "additionalProperties": many(json!({ "type": "object" })),
    })
}
