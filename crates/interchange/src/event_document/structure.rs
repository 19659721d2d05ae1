//! What is wrong with the structure of a document, in words for a person; and the document without
//! it, so that the rest can be looked at as well.

use std::collections::BTreeMap;

use domain::problem::{Path, Problem};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::MOST_PROBLEMS;
use super::leaf::{FORMATS, cut};
use super::schema::{self, Schema, takes};
use super::spelling::nearest;

/// More faults than anybody mends before trying again: those beyond are only counted.
const ENOUGH: usize = 2 * MOST_PROBLEMS;

/// What was found.
pub(super) struct Found {
    pub(super) problems: Vec<Problem>,
    /// How many there are, those beyond enough included.
    pub(super) count: usize,
    /// The document, with something harmless in place of what is wrong; none if too much is.
    pub(super) repaired: Option<Value>,
    /// Where that is.
    pub(super) touched: Vec<Vec<String>>,
}

/// Checks a document against the schema.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the validator's; one kind tells of several"
)]
pub(super) fn check(schema: &Schema, document: Value) -> Found {
    if document.is_null() {
        return hopeless("is empty: a document begins with `key: …`");
    }
    let mut faults: BTreeMap<Vec<String>, Fault> = BTreeMap::new();
    let mut count = 0;
    for error in schema.validator.iter_errors(&document) {
        let several = match error.kind() {
            Kind::AdditionalProperties { unexpected } => unexpected.len(),
            _ => 1,
        };
        if faults.len() >= ENOUGH {
            count += several;
            continue;
        }
        count += several.saturating_sub(ENOUGH);
        for (path, fault) in faults_of(schema, &error) {
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
    let mut touched: Vec<_> = faults.keys().cloned().collect();
    let repaired = mendable
        .then(|| mended(schema, document, &faults, &mut touched))
        .flatten();
    Found {
        problems: faults
            .into_iter()
            .map(|(path, fault)| Problem::invalid(&Path(path), fault.message))
            .collect(),
        count,
        repaired,
        touched,
    }
}

/// The document with something harmless in place of what is wrong.
fn mended(
    schema: &Schema,
    mut document: Value,
    faults: &BTreeMap<Vec<String>, Fault>,
    touched: &mut Vec<Vec<String>>,
) -> Option<Value> {
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
            touched.push(path);
        }
    }
    None
}

fn hopeless(message: &str) -> Found {
    let problems = vec![Problem::invalid(&Path::root(), message)];
    Found {
        problems,
        count: 1,
        repaired: None,
        touched: Vec::new(),
    }
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

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the validator's; our schema has few of them"
)]
fn faults_of(schema: &Schema, error: &ValidationError<'_>) -> Vec<(Vec<String>, Fault)> {
    let path: Vec<String> = error
        .instance_path()
        .segments()
        .map(|step| step.to_string())
        .collect();
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
            .take(ENOUGH)
            .map(|name| {
                let known = here.into_iter().flat_map(schema::members);
                // What is there already is not what was meant.
                let known = known.filter(|member| found.get(member).is_none());
                let guess = nearest(name, known);
                let guess =
                    guess.map_or_else(String::new, |guess| format!(" (did you mean `{guess}`?)"));
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
            let wanted = here.map_or_else(|| "something else".to_owned(), expected);
            let words = here.map_or_else(String::new, words);
            let words = if words.is_empty() {
                words
            } else {
                format!("; use one of {words}")
            };
            let message = match described(found) {
                Some(found) => format!("must be {wanted}, not {found}{words}"),
                None => format!("is empty: must be {wanted}{words}"),
            };
            one(Rank::Type, message)
        }
        Kind::Enum { .. } => {
            let set = here.map_or("word", set);
            let words = here.map_or_else(String::new, words);
            let word = found.as_str().unwrap_or_default();
            let guess = nearest(word, words.split(", "));
            let guess = guess.map_or_else(String::new, |guess| format!(" (did you mean {guess}?)"));
            one(
                Rank::Word,
                format!(
                    "`{}` is not a known {set}{guess}; use one of {words}",
                    cut(word)
                ),
            )
        }
        Kind::Minimum { limit } => one(Rank::Value, format!("must be at least {limit}")),
        Kind::Maximum { limit } => one(Rank::Value, format!("must be at most {limit}")),
        Kind::MinProperties { .. } if here.is_some_and(|schema| takes(schema, "string")) => one(
            Rank::Value,
            "must have a text in one language at least".to_owned(),
        ),
        Kind::OneOfNotValid { .. }
        | Kind::OneOfMultipleValid { .. }
        | Kind::MaxProperties { .. }
        | Kind::MinProperties { .. } => one(
            Rank::Value,
            format!("must name exactly one of {}", choices(here)),
        ),
        kind => {
            let message = malformed(kind, found.as_str().unwrap_or_default());
            one(Rank::Value, message.unwrap_or_else(|| error.to_string()))
        }
    }
}

/// What the check behind a format says of a text.
fn malformed(kind: &Kind, text: &str) -> Option<String> {
    let Kind::Format { format } = kind else {
        return None;
    };
    let (_, check) = FORMATS.iter().find(|(name, _)| name == format)?;
    check(text).err()
}

/// The members of which there must be exactly one, such as `person` and `group`.
fn choices(schema: Option<&Value>) -> String {
    let of_choices = |schema: &Value| -> Vec<String> {
        let choices = schema
            .get("oneOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        choices
            .flat_map(schema::required)
            .map(|name| format!("`{name}`"))
            .collect()
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
        examples
            .and_then(|examples| examples.first())
            .and_then(Value::as_str)
            .unwrap_or("…")
    };
    let format = schema.get("format").and_then(Value::as_str);
    match format {
        _ if schema.get("enum").is_some() => format!("a known {}", set(schema)),
        _ if is("string") && is("object") => "a text, or texts by language tag".to_owned(),
        _ if is("string") && is("number") => "a text or a number".to_owned(),
        Some("slug") => format!("a slug such as {}", like()),
        Some("key") => format!("a key such as {}", like()),
        Some("language-tag") => format!("a language tag such as {}", like()),
        Some("time-zone") => format!("a time zone such as {}", like()),
        Some("date") => format!("a date such as {}", like()),
        Some("local-time") => format!("a time such as {}", like()),
        Some("date-time") => format!("a time with its offset such as {}", like()),
        _ if is("string") => "a text".to_owned(),
        _ if is("integer") => "a whole number".to_owned(),
        _ if is("boolean") => "true or false".to_owned(),
        _ if is("array") => "a list".to_owned(),
        _ => {
            let mut names: Vec<_> = schema::required(schema).take(2).collect();
            if names.is_empty() {
                names.extend(schema::members(schema).last());
            }
            let names: Vec<_> = names
                .into_iter()
                .map(|name| format!("`{name}: …`"))
                .collect();
            format!("a set of members such as {}", names.join(" and "))
        }
    }
}

/// What the schema calls a set of words.
fn set(schema: &Value) -> &str {
    schema
        .get("title")
        .and_then(Value::as_str)
        .unwrap_or("word")
}

/// The words that a schema allows, as a list to read; empty where it allows any.
fn words(schema: &Value) -> String {
    let words = schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    words
        .filter_map(Value::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What was found, in few words, if anything was.
fn described(found: &Value) -> Option<String> {
    match found {
        Value::Null => None,
        Value::Bool(found) => Some(format!("`{found}` without quotes")),
        Value::Number(found) => Some(format!("the number {found}")),
        Value::String(found) => Some(format!("the text `{}`", cut(found))),
        Value::Array(_) => Some("a list".to_owned()),
        Value::Object(_) => Some("a set of members".to_owned()),
    }
}

/// Takes out what is wrong at a path, or puts something harmless in its place.
fn mend(schema: &Schema, document: &mut Value, path: &[String], rank: Rank) {
    let Some((last, parents)) = path.split_last() else {
        return;
    };
    let parent = parents
        .iter()
        .try_fold(document, |value, step| match value {
            Value::Object(members) => members.get_mut(step),
            Value::Array(entries) => entries.get_mut(step.parse::<usize>().ok()?),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        });
    let placeholder = || {
        schema
            .at(path)
            .map(|wanted| schema.placeholder(wanted))
            .unwrap_or_default()
    };
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
            let entry = last
                .parse::<usize>()
                .ok()
                .and_then(|index| entries.get_mut(index));
            if let Some(entry) = entry {
                *entry = placeholder();
            }
        }
        _ => {}
    }
}
