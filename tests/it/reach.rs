//! Operations that reach every field of the schema, made from the schema itself: so that a new
//! field is not forgotten by the tests that must hold for all of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::event_document::EventDocument;
use serde_json::{Value, json};
use tests::{Client, Field, Kind, Sdl, TypeRef, example};

/// The example that has every member, as an event of its own that is a draft, with everything in
/// it that a draft can have.
pub fn every_member(key: &str) -> EventDocument {
    let text = example("every-field");
    let mut document = interchange::event_document::read(&text).expect("the example is sound");
    document.key = key.parse().expect("a slug");
    document.status = None;
    document.cancellation_reason = None;
    document.parent = None;
    document
}

/// The types that have ids.
pub fn node_types(sdl: &Sdl) -> Vec<&str> {
    sdl.objects("Node")
}

/// Whether a field gives a paper that was set for one request: it costs as much as thousands of others, and
/// is no text. What it is and who may have it is tested by itself.
pub fn is_set_in_type(told: &Field) -> bool {
    told.of.name() == "Printout"
}

/// Everything that a type tells, and of what it refers to, as many nodes deep as is said; beyond
/// that only which node it is.
pub fn everything(sdl: &Sdl, name: &str, deep: usize) -> String {
    let fields = sdl.of(name).fields.iter();
    let fields = fields.filter(|(_, told)| !is_set_in_type(told));
    let told = fields.map(|(field, told)| {
        for (argument, asked) in &told.arguments {
            let needless = asked.of.is_nullable() || asked.default.is_some();
            assert!(
                needless,
                "{name}.{field} needs {argument}: say here what to give"
            );
        }
        of_field(sdl, field, &told.of, deep)
    });
    let told: Vec<_> = std::iter::once("__typename".to_owned())
        .chain(told)
        .collect();
    told.join(" ")
}

/// The same in parts, none of which is longer than one request may be.
pub fn everything_in_parts(sdl: &Sdl, name: &str, deep: usize) -> Vec<String> {
    let words = |text: &str| text.split_whitespace().count();
    let mut parts: Vec<String> = Vec::new();
    for (field, told) in &sdl.of(name).fields {
        if is_set_in_type(told) {
            continue;
        }
        let more = of_field(sdl, field, &told.of, deep);
        match parts.last_mut() {
            Some(part) if words(part) + words(&more) < WORDS_A_REQUEST => {
                part.push(' ');
                part.push_str(&more);
            }
            _ => parts.push(format!("__typename {more}")),
        }
    }
    parts
}

/// The anonymous may send 2,000 tokens.
const WORDS_A_REQUEST: usize = 1_500;

/// One field, with everything behind it.
pub fn of_field(sdl: &Sdl, field: &str, of: &TypeRef, deep: usize) -> String {
    let objects = sdl.objects(of.name());
    if objects.is_empty() {
        return field.to_owned();
    }
    let inner = |name: &str| {
        let is_node = sdl.of(name).implements.iter().any(|one| one == "Node");
        match (is_node, deep) {
            (true, 0) => "__typename id".to_owned(),
            (true, deep) => everything(sdl, name, deep - 1),
            (false, deep) => everything(sdl, name, deep),
        }
    };
    if sdl.of(of.name()).kind == Kind::Object {
        return format!("{field} {{ {} }}", inner(of.name()));
    }
    let each = objects
        .iter()
        .map(|name| format!("... on {name} {{ {} }}", inner(name)));
    format!(
        "{field} {{ __typename {} }}",
        each.collect::<Vec<_>>().join(" ")
    )
}

/// Reads nodes of one type.
pub fn nodes_operation(name: &str, selection: &str) -> String {
    format!(
        "query Nodes($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {name} {{ {selection} }} }} }}"
    )
}

/// The ids of all that can be reached from some, by type, in the order in which they are met.
pub async fn reachable(
    client: &Client<'_>,
    sdl: &Sdl,
    from: &[String],
) -> BTreeMap<String, Vec<String>> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut met: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut fresh: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let heads = client.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }",
        json!({ "ids": from }),
    );
    meet(heads.await.expect_data(), &mut known, &mut fresh);
    while !fresh.is_empty() {
        for (name, ids) in std::mem::take(&mut fresh) {
            met.entry(name.clone())
                .or_default()
                .extend(ids.iter().cloned());
            for ids in ids.chunks(50) {
                let operation = nodes_operation(&name, &everything(sdl, &name, 0));
                let answer = client.ask(&operation, json!({ "ids": ids })).await;
                meet(answer.expect_data(), &mut known, &mut fresh);
            }
        }
    }
    met
}

fn meet(value: &Value, known: &mut BTreeSet<String>, fresh: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::Object(members) => {
            if let (Some(Value::String(name)), Some(Value::String(id))) =
                (members.get("__typename"), members.get("id"))
                && known.insert(id.clone())
            {
                fresh.entry(name.clone()).or_default().push(id.clone());
            }
            for value in members.values() {
                meet(value, known, fresh);
            }
        }
        Value::Array(all) => {
            for value in all {
                meet(value, known, fresh);
            }
        }
        _ => {}
    }
}
