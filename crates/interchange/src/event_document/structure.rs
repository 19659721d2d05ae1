//! What is wrong with the structure of a document, in words for a person; and the document without
//! it, so that the rest can be looked at as well.

use std::collections::BTreeMap;

use domain::problem::{Path, Problem};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::leaf::{FORMATS, cut};
use super::schema::{self, Schema, takes};
use super::spelling::nearest;

/// More faults than anybody mends before trying again: those beyond are only counted.
const ENOUGH: usize = 1_000;

/// What was found.
pub(super) struct Found {
    pub(super) problems: Vec<Problem>,
    /// How many there are, those beyond enough included.
    pub(super) count: usize,
    /// The document, with something harmless in place of what is wrong; none if too much is.
    pub(super) repaired: Option<Value>,
}

/// Checks a document against the schema.
pub(super) fn check(schema: &Schema, mut document: Value) -> Found {
    if document.is_null() {
        return hopeless("is empty: a document begins with `key: …`");
    }
    let mut faults: BTreeMap<Vec<String>, Fault> = BTreeMap::new();
    let mut count = 0;
    for error in schema.validator.iter_errors(&document) {
        for (path, fault) in faults_of(schema, &error) {
            if faults.len() >= ENOUGH && !faults.contains_key(&path) {
                count += 1;
                continue;
            }
            match faults.get_mut(&path) {
                Some(told) if fault.rank < told.rank => *told = fault,
                Some(_) => {}
                None => {
                    count += 1;
                    faults.insert(path, fault);
                }
            }
        }
    }

    let mendable = !faults.contains_key(&Vec::new()) && count == faults.len();
    let repaired = mendable.then(|| mended(schema, document, &faults)).flatten();
    Found {
        problems: faults
            .into_iter()
            .map(|(path, fault)| Problem::invalid(&Path(path), fault.message))
            .collect(),
        count,
        repaired,
    }
}

/// The document with something harmless in place of what is wrong.
fn mended(schema: &Schema, mut document: Value, faults: &BTreeMap<Vec<String>, Fault>) -> Option<Value> {
    for (path, fault) in faults {
        mend(schema, &mut document, path, fault.rank);
    }
    // What is taken out may leave too little behind: that is mended in turn.
    for _again in 0..3 {
        let left: Vec<_> = schema
            .validator
            .iter_errors(&document)
            .flat_map(|error| faults_of(schema, &error))
            .map(|(path, fault)| (path, fault.rank))
            .collect();
        if left.is_empty() {
            return Some(document);
        }
        for (path, rank) in left {
            mend(schema, &mut document, &path, rank);
        }
    }
    None
}

fn hopeless(message: &str) -> Found {
    Found { problems: vec![Problem::invalid(&Path::root(), message)], count: 1, repaired: None }
}

/// What is wrong at one place.
struct Fault {
    /// Of several things wrong at one place the one of the lowest rank is told.
    rank: Rank,
    message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Unknown,
    Missing,
    Type,
    Word,
    Value,
}

fn faults_of(schema: &Schema, error: &ValidationError<'_>) -> Vec<(Vec<String>, Fault)> {
    let path: Vec<String> = error.instance_path().segments().map(|step| step.to_string()).collect();
    let here = schema.at(&path);
    let found = error.instance();
    let one = |rank, message: String| vec![(path.clone(), Fault { rank, message })];
    let within = |member: &str, rank, message: String| {
        let path = path.iter().cloned().chain([member.to_owned()]).collect();
        (path, Fault { rank, message })
    };
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                let known = here.into_iter().flat_map(schema::members);
                // What is there already is not what was meant.
                let known = known.filter(|member| found.get(member).is_none());
                let guess = nearest(name, known);
                let guess = guess.map_or_else(String::new, |guess| format!(" (did you mean `{guess}`?)"));
                within(name, Rank::Unknown, format!("is not a known member{guess}"))
            })
            .collect(),
        Kind::PropertyNames { error } => {
            let name = error.instance().as_str().unwrap_or_default();
            let message = malformed(error.kind(), name).unwrap_or_else(|| error.to_string());
            vec![within(name, Rank::Unknown, message)]
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![within(name, Rank::Missing, "is missing".to_owned())]
        }
        Kind::Type { .. } => {
            let expected = here.map_or_else(|| "something else".to_owned(), expected);
            one(Rank::Type, format!("must be {expected}, not {}", described(found)))
        }
        Kind::Enum { options } => {
            let set = here.and_then(|schema| schema.get("title")).and_then(Value::as_str).unwrap_or("word");
            let words: Vec<_> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let word = found.as_str().unwrap_or_default();
            let guess = nearest(word, words.iter().copied());
            let guess = guess.map_or_else(String::new, |guess| format!(" (did you mean {guess}?)"));
            let (word, words) = (cut(word), words.join(", "));
            one(Rank::Word, format!("`{word}` is not a known {set}{guess}; use one of {words}"))
        }
        Kind::Minimum { limit } => one(Rank::Value, format!("must be at least {limit}")),
        Kind::Maximum { limit } => one(Rank::Value, format!("must be at most {limit}")),
        Kind::OneOfNotValid { .. } | Kind::OneOfMultipleValid { .. } | Kind::MaxProperties { .. } => {
            one(Rank::Value, format!("must name exactly one of {}", choices(here)))
        }
        Kind::MinProperties { .. } if here.is_some_and(|schema| takes(schema, "string")) => {
            one(Rank::Value, "must have a text in one language at least".to_owned())
        }
        Kind::MinProperties { .. } => {
            one(Rank::Value, format!("must name exactly one of {}", choices(here)))
        }
        kind => {
            let message = malformed(kind, found.as_str().unwrap_or_default());
            one(Rank::Value, message.unwrap_or_else(|| error.to_string()))
        }
    }
}

/// What the check behind a format says of a text.
fn malformed(kind: &Kind, text: &str) -> Option<String> {
    let Kind::Format { format } = kind else { return None };
    let (_, check) = FORMATS.iter().find(|(name, _)| name == format)?;
    check(text).err()
}

/// The members of which there must be exactly one, such as `person` and `group`.
fn choices(schema: Option<&Value>) -> String {
    let of_choices = |schema: &Value| -> Vec<String> {
        let choices = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        choices.flat_map(schema::required).map(|name| format!("`{name}`")).collect()
    };
    let mut names = schema.map(of_choices).unwrap_or_default();
    if names.is_empty() {
        let members = schema.into_iter().flat_map(schema::members);
        names = members.map(|name| format!("`{name}`")).collect();
        // Alphabetical in the schema; people first for people.
        names.reverse();
    }
    let last = names.pop().unwrap_or_default();
    format!("{} and {last}", names.join(", "))
}

/// What a schema asks for.
fn expected(schema: &Value) -> String {
    let is = |wanted| takes(schema, wanted);
    let like = || {
        let examples = schema.get("examples").and_then(Value::as_array);
        examples.and_then(|examples| examples.first()).and_then(Value::as_str).unwrap_or("…")
    };
    let format = schema.get("format").and_then(Value::as_str);
    match format {
        _ if schema.get("enum").is_some() => {
            let set = schema.get("title").and_then(Value::as_str).unwrap_or("word");
            let words = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
            let words: Vec<_> = words.filter_map(Value::as_str).collect();
            format!("a known {set}: one of {}", words.join(", "))
        }
        _ if is("string") && is("object") => "a text, or texts by language tag".to_owned(),
        _ if is("string") && is("number") => "a text or a number".to_owned(),
        Some("slug" | "key" | "language-tag" | "time-zone" | "date" | "local-time" | "date-time") => {
            let (article, noun) = match format {
                Some("slug") => ("a", "slug"),
                Some("key") => ("a", "key"),
                Some("language-tag") => ("a", "language tag"),
                Some("time-zone") => ("a", "time zone"),
                Some("date") => ("a", "date"),
                Some("local-time") => ("a", "time"),
                _ => ("a", "time with its offset"),
            };
            format!("{article} {noun} such as {}", like())
        }
        _ if is("string") => "a text".to_owned(),
        _ if is("integer") => "a whole number".to_owned(),
        _ if is("boolean") => "true or false".to_owned(),
        _ if is("array") => "a list".to_owned(),
        _ => {
            let mut names: Vec<_> = schema::required(schema).map(|name| format!("`{name}: …`")).collect();
            if names.is_empty() {
                names.extend(schema::members(schema).last().map(|name| format!("`{name}: …`")));
            }
            let names = names.join(" and ");
            if names.is_empty() { "a set of members".to_owned() } else { format!("a set of members such as {names}") }
        }
    }
}

/// What was found, in few words.
fn described(found: &Value) -> String {
    match found {
        Value::Null => "nothing".to_owned(),
        Value::Bool(found) => format!("`{found}` without quotes"),
        Value::Number(found) => format!("the number {found}"),
        Value::String(found) => format!("the text `{}`", cut(found)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a set of members".to_owned(),
    }
}

/// Takes out what is wrong at a path, or puts something harmless in its place.
fn mend(schema: &Schema, document: &mut Value, path: &[String], rank: Rank) {
    let Some((last, parents)) = path.split_last() else { return };
    let parent = parents.iter().try_fold(document, |value, step| match value {
        Value::Object(members) => members.get_mut(step),
        Value::Array(entries) => entries.get_mut(step.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    });
    let placeholder = || schema.at(path).map(|wanted| schema.placeholder(wanted)).unwrap_or_default();
    match parent {
        Some(Value::Object(members)) => {
            let of_parent = schema.at(parents);
            let needed = of_parent.is_some_and(|parent| {
                schema::required(parent).any(|name| name == last)
                    || parent.get("oneOf").is_some()
                    || parent.get("minProperties").is_some()
            });
            if rank != Rank::Unknown && needed {
                members.insert(last.clone(), placeholder());
            } else {
                members.remove(last);
            }
        }
        Some(Value::Array(entries)) => {
            let entry = last.parse::<usize>().ok().and_then(|index| entries.get_mut(index));
            if let Some(entry) = entry {
                *entry = placeholder();
            }
        }
        _ => {}
    }
}
