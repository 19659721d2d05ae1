//! The JSON Schema of event documents, made from the types that read them, and the way around it.

use std::sync::LazyLock;

use jsonschema::{Draft, Validator};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Number, Value};

use super::leaf::FORMATS;
use super::source::Node;
use super::wire::Event;

/// The JSON Schema of event documents (2020-12).
pub fn json_schema() -> Value {
    let schema = SchemaSettings::draft2020_12()
        .for_deserialize()
        .into_generator();
    let mut schema = schema.into_root_schema_for::<Event>().to_value();
    without_null(&mut schema);
    if let Value::Object(members) = &mut schema {
        members.insert("title".to_owned(), "Convoke event document".into());
    }
    schema
}

/// The schema, ready to use. A test shows that it is there.
pub(super) static SCHEMA: LazyLock<Option<Schema>> = LazyLock::new(|| {
    let root = json_schema();
    let mut options = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true);
    for (format, check) in FORMATS {
        options = options.with_format(*format, move |text: &str| check(text).is_ok());
    }
    let validator = options.build(&root).ok()?;
    Some(Schema { root, validator })
});

/// A schema with its validator.
pub(super) struct Schema {
    pub(super) root: Value,
    pub(super) validator: Validator,
}

impl Schema {
    /// The document as JSON, each scalar as what its place in the schema asks for: `2024` is a text
    /// where a text is due. Members that hold nothing are left out.
    pub(super) fn fit(&self, node: &Node) -> Value {
        self.fitted(Some(&self.root), node)
    }

    fn fitted(&self, schema: Option<&Value>, node: &Node) -> Value {
        let schema = schema.map(|schema| self.resolve(schema));
        match node {
            Node::Null => Value::Null,
            Node::Text(text) => Value::String(text.clone()),
            Node::Plain(text) => {
                let value = scalar(text);
                let text_is_due = schema.is_some_and(|schema| takes(schema, "string"));
                if value.is_number() && text_is_due {
                    text.clone().into()
                } else {
                    value
                }
            }
            Node::List(entries) => {
                let schema = schema.and_then(|schema| schema.get("items"));
                entries
                    .iter()
                    .map(|entry| self.fitted(schema, entry))
                    .collect()
            }
            Node::Members(members) => members
                .iter()
                .filter(|(_, node)| *node != Node::Null)
                .map(|(name, node)| {
                    let schema = schema.and_then(|schema| member(schema, name));
                    (name.clone(), self.fitted(schema, node))
                })
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    /// The schema of what stands at a path.
    pub(super) fn at(&self, path: &[String]) -> Option<&Value> {
        path.iter()
            .try_fold(self.resolve(&self.root), |schema, step| {
                let next = member(schema, step).or_else(|| schema.get("items"))?;
                Some(self.resolve(next))
            })
    }

    /// Something that the schema takes, to stand where nothing readable stands.
    pub(super) fn placeholder(&self, schema: &Value) -> Value {
        let schema = self.resolve(schema);
        if takes(schema, "object") && !takes(schema, "string") {
            let choices = schema.get("oneOf").or_else(|| schema.get("anyOf"));
            let choice = choices
                .and_then(Value::as_array)
                .and_then(|choices| choices.first());
            let required = [Some(schema), choice]
                .into_iter()
                .flatten()
                .flat_map(required);
            let mut members: Map<_, _> = required
                .filter_map(|name| Some((name.to_owned(), self.placeholder(member(schema, name)?))))
                .collect();
            if members.is_empty() && schema.get("minProperties").is_some() {
                let first = schema
                    .get("properties")
                    .and_then(Value::as_object)
                    .and_then(|all| all.iter().next());
                members
                    .extend(first.map(|(name, schema)| (name.clone(), self.placeholder(schema))));
            }
            return members.into();
        }
        // No key that anybody would choose.
        if matches!(schema.get("format").and_then(Value::as_str), Some("key")) {
            return "\u{2026}".into();
        }
        let sample = |keyword| {
            schema
                .get(keyword)
                .and_then(Value::as_array)
                .and_then(|all| all.first())
        };
        match sample("enum").or_else(|| sample("examples")) {
            Some(sample) => sample.clone(),
            None if takes(schema, "array") => Value::Array(Vec::new()),
            None if takes(schema, "boolean") => Value::Bool(false),
            None => schema.get("minimum").cloned().unwrap_or_default(),
        }
    }

    fn resolve<'a>(&'a self, mut schema: &'a Value) -> &'a Value {
        while let Some(target) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix('#'))
            .and_then(|pointer| self.root.pointer(pointer))
        {
            schema = target;
        }
        schema
    }
}

/// The schema of a member.
fn member<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    let named = schema
        .get("properties")
        .and_then(|properties| properties.get(name));
    named.or_else(|| {
        schema
            .get("additionalProperties")
            .filter(|other| other.is_object())
    })
}

/// The names of the members that must be there.
pub(super) fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// The names of the members that may be there.
pub(super) fn members(schema: &Value) -> impl Iterator<Item = &str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
}

/// Whether a schema takes values of a type.
pub(super) fn takes(schema: &Value, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == wanted,
        Some(Value::Array(several)) => several.iter().any(|one| one == wanted),
        _ => false,
    }
}

/// What a scalar without quotes is where nothing else is asked for (YAML 1.2, core schema, without
/// its octal and hexadecimal numbers).
fn scalar(text: &str) -> Value {
    match text {
        "true" | "True" | "TRUE" => return true.into(),
        "false" | "False" | "FALSE" => return false.into(),
        _ => {}
    }
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
    {
        return text.into();
    }
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    match text.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be exact")]
        Ok(number) if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 => {
            (number as i64).into()
        }
        Ok(number) => Number::from_f64(number).map_or_else(|| text.into(), Value::Number),
        Err(_) => text.into(),
    }
}

/// Takes `null` out of a schema: what is not known is left out. Members of `null` are read as left
/// out all the same.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Array(entries) => entries.iter_mut().for_each(without_null),
        Value::Object(members) => {
            members.remove("default");
            // The range says it for us, and only we know this format.
            if members
                .get("format")
                .is_some_and(|format| format == "int32")
            {
                members.remove("format");
            }
            if let Some(Value::Array(types)) = members.get_mut("type") {
                types.retain(|one| one != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    members.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
                if choices.len() == 1
                    && let Some(Value::Object(only)) = choices.pop()
                {
                    members.remove("anyOf");
                    members.extend(only);
                }
            }
            members.values_mut().for_each(without_null);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
