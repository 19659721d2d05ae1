//! The schema: what is committed is what the program has, and the documented example shows all.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::examples;
use crate::event_document::json_schema;
use crate::event_document::schema::SCHEMA;
use crate::event_document::source;

#[test]
fn the_committed_schema_is_ours() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/event-document.schema.json");
    let ours = serde_json::to_string_pretty(&json_schema()).unwrap() + "\n";
    #[expect(
        clippy::disallowed_methods,
        reason = "a test that writes what it compares, if told so"
    )]
    let update = std::env::var_os("UPDATE").is_some();
    if update {
        std::fs::write(&path, &ours).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == ours,
        "docs/event-document.schema.json is out of date: run this test with UPDATE=1"
    );
}

#[test]
fn the_schema_can_be_used_and_asks_for_no_null() {
    assert!(SCHEMA.is_some());
    let text = json_schema().to_string();
    assert!(!text.contains("null"), "{text}");
    // Errors of these are hard to tell in words; where they stand, they are told in our own.
    assert!(!text.contains("anyOf"), "{text}");
    assert_eq!(text.matches("oneOf").count(), 1);
}

#[test]
fn every_member_is_described() {
    each_member(&json_schema(), &mut |owner, name, schema| {
        let described = schema.get("description").is_some() || schema.get("$ref").is_some();
        assert!(described, "{owner}.{name}");
    });
}

#[test]
fn the_documented_example_has_every_member() {
    let schema = SCHEMA.as_ref().unwrap();
    let (node, _) = source::parse(examples::text("every-field")).unwrap();
    let document = schema.fit(&node);

    let mut used = BTreeSet::new();
    walk(&schema.root, &schema.root, &document, &mut used);
    each_member(&schema.root, &mut |owner, name, _| {
        // A text names its main language only where nothing else tells it.
        let shown =
            used.contains(&(owner.to_owned(), name.to_owned())) || owner.starts_with("Localized");
        assert!(shown, "the example does not show {owner}.{name}");
    });
}

fn each_member(root: &Value, found: &mut dyn FnMut(&str, &str, &Value)) {
    let definitions = root["$defs"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, schema)| (name.as_str(), schema));
    for (owner, schema) in definitions.chain([("", root)]) {
        for (name, schema) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            found(owner, name, schema);
        }
    }
}

fn walk(root: &Value, schema: &Value, document: &Value, used: &mut BTreeSet<(String, String)>) {
    let (mut owner, mut schema) = (String::new(), schema);
    while let Some(name) = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|name| name.strip_prefix("#/$defs/"))
    {
        name.clone_into(&mut owner);
        schema = &root["$defs"][name];
    }
    match document {
        Value::Object(members) => {
            for (name, value) in members {
                if let Some(schema) = schema
                    .get("properties")
                    .and_then(|properties| properties.get(name))
                {
                    used.insert((owner.clone(), name.clone()));
                    walk(root, schema, value, used);
                }
            }
        }
        Value::Array(entries) => {
            for entry in entries {
                walk(root, &schema["items"], entry, used);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
