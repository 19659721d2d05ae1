//! Text in one or more languages, as it is written: one text, or texts by language tag.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::LanguageTag;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

use crate::event_document::leaf::{Leaf, Line, TextMember, Written};

/// A text with its languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::event_document) enum Text<T> {
    /// In the language of the document alone.
    Plain(T),
    /// By language tag.
    ByLanguage {
        /// The main language, where the texts do not tell.
        main: Option<LanguageTag>,
        /// The texts, by tags as they are written.
        texts: BTreeMap<String, T>,
    },
}

impl<T: Leaf> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(text) => serializer.serialize_str(&text.spell()),
            Self::ByLanguage { main, texts } => {
                let mut map = serializer.serialize_map(None)?;
                if let Some(main) = main {
                    map.serialize_entry(TextMember::MAIN, main.as_str())?;
                }
                for (tag, text) in texts {
                    map.serialize_entry(tag, &text.spell())?;
                }
                map.end()
            }
        }
    }
}

impl<'de, T: Leaf> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => T::parse(&text).map(Self::Plain).map_err(D::Error::custom),
            Value::Object(members) => {
                let (mut main, mut texts) = (None, BTreeMap::new());
                for (member, value) in members {
                    let text = String::deserialize(value).map_err(D::Error::custom)?;
                    if member == TextMember::MAIN {
                        main = Some(LanguageTag::parse(&text).map_err(D::Error::custom)?);
                    } else {
                        texts.insert(member, T::parse(&text).map_err(D::Error::custom)?);
                    }
                }
                Ok(Self::ByLanguage { main, texts })
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
                Err(D::Error::custom("must be a text, or texts by language tag"))
            }
        }
    }
}

impl<T: Leaf> JsonSchema for Text<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Localized{}", T::NAME).into()
    }

    /// Without `anyOf`, whose errors nobody understands: each keyword concerns one of both types.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = generator.subschema_for::<Written<T>>();
        let tag = generator.subschema_for::<Written<LanguageTag>>();
        json_schema!({
            "type": ["string", "object"],
            "description": "A text in the language of the document, or texts by language tag. The main one is \
                            that in the language of the document, unless `main` names another.",
            "format": T::FORMAT,
            "properties": { "main": tag },
            "propertyNames": { "format": TextMember::FORMAT },
            "additionalProperties": text,
            "minProperties": 1,
            "examples": ["Forum", { "en": "Forum", "zh-Hans": "论坛" }],
        })
    }
}

/// Names of a person by language tag.
#[derive(Debug, Default)]
pub(in crate::event_document) struct Names(
    pub(in crate::event_document) BTreeMap<String, Written<Line>>,
);

impl Names {
    pub(in crate::event_document) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for Names {
    fn schema_name() -> Cow<'static, str> {
        "Names".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let name = generator.subschema_for::<Written<Line>>();
        json_schema!({
            "type": "object",
            "description": "Names by language tag.",
            "propertyNames": { "format": LanguageTag::FORMAT },
            "additionalProperties": name,
            "examples": [{ "zh-Hans": "王芳" }],
        })
    }
}
