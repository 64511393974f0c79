//! The JSON Schemas that editors use take every shipped file, and refuse what the loader refuses by shape.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use jsonschema::Validator;
use sagstjek::model::load::{embedded, load};
use sagstjek::model::schema as model;
use sagstjek::rule::schema as rule;
use serde_json::Value;

fn validator(schema: &Value) -> Validator {
    jsonschema::validator_for(schema).expect("a schema")
}

/// A TOML file as the JSON that editors validate: days become text.
fn json(text: &str) -> Value {
    fn value(of: toml::Value) -> Value {
        match of {
            toml::Value::Datetime(day) => Value::String(day.to_string()),
            toml::Value::Array(items) => items.into_iter().map(value).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(key, item)| (key, value(item))).collect(),
            other => serde_json::to_value(other).expect("JSON"),
        }
    }
    value(toml::Value::Table(toml::from_str(text).expect("TOML")))
}

fn is_rule(text: &str) -> bool {
    json(text).get("each").is_some()
}

#[test]
fn every_file_of_the_pack_meets_its_schema() {
    let (rules, data) = (validator(&rule::schema()), validator(&model::schema()));
    let mut seen = (0, 0);
    for file in embedded() {
        let file_json = json(&file.text);
        let (validator, count) = if is_rule(&file.text) { (&rules, &mut seen.0) } else { (&data, &mut seen.1) };
        *count += 1;
        let errors: Vec<String> = validator.iter_errors(&file_json).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", file.path);
    }
    assert!(seen.0 >= 4 && seen.1 >= 70, "{seen:?}");
}

#[test]
fn the_config_of_the_demo_meets_its_schema_and_mistakes_do_not() {
    let pack = load(embedded()).expect("the pack loads");
    let schema = validator(&sagstjek::config::schema::schema(&pack));
    let demo = include_str!("../fixtures/demo/sagstjek.toml");
    assert!(schema.is_valid(&json(demo)));
    for mistake in [
        "lang = \"dk\"",
        "secret = 1",
        "[[source]]\nprofile = \"dubu-sager\"",
        "[[source]]\nfiles = \"*\"\nprofile = \"dubu\"",
        "[[source]]\nfiles = \"*\"\ncolumns = { \"sag.nummer\" = \"Nr\" }",
        "[local]\nloft = 1",
    ] {
        assert!(!schema.is_valid(&json(mistake)), "{mistake}");
    }
}

#[test]
fn keys_that_a_rule_lacks_or_nobody_knows_are_refused() {
    let schema = validator(&rule::schema());
    let file = embedded().into_iter().find(|file| is_rule(&file.text)).expect("a rule");
    let whole = json(&file.text);
    assert!(schema.is_valid(&whole));
    for key in ["id", "severity", "each", "da", "en", "mark", "example"] {
        let mut without = whole.clone();
        without.as_object_mut().expect("a table").remove(key);
        assert!(!schema.is_valid(&without), "without {key}");
    }
    let mut more = whole.clone();
    more["require_all"] = Value::String("true".into());
    assert!(!schema.is_valid(&more));
    assert!(schema.is_valid(&json("id = \"BEV-101\"\noff = true")));
}
