//! JSON as a tree whose objects keep their order: that of rooms is the order of the schedule.

use std::cell::Cell;
use std::fmt;

use domain::problem::Problem;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::schedule::{MOST_PARTS, impossible, some};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Nothing.
    Null,
    /// True or false.
    Flag(bool),
    /// A number, as it is usually written.
    Number(String),
    /// A text.
    Text(String),
    /// Several values.
    List(Vec<Node>),
    /// Values by their names.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The members, if it is an object.
    pub(super) fn members(&self) -> Option<&[(String, Node)]> {
        if let Self::Object(members) = self {
            Some(members)
        } else {
            None
        }
    }

    /// The text or number, if it is one and says anything.
    pub(super) fn as_text(&self) -> Option<String> {
        match self {
            Self::Text(text) => some(text),
            Self::Number(number) => Some(number.clone()),
            Self::Null | Self::Flag(_) | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// Whether it says nothing.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Null | Self::Flag(false) => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(entries) => entries.iter().all(Self::is_blank),
            Self::Object(members) => members.iter().all(|(_, node)| node.is_blank()),
            Self::Flag(true) | Self::Number(_) => false,
        }
    }
}

/// Reads a document.
pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    // The parser itself goes no deeper than a hundred and some.
    let mut reader = serde_json::Deserializer::from_str(text);
    let parts = Cell::new(0);
    let node = Seed(&parts).deserialize(&mut reader);
    let node = node.and_then(|node| reader.end().map(|()| node));
    node.map_err(|error| impossible(format!("cannot be read as JSON: {error}")))
}

/// What reads a value, and counts all of them.
#[derive(Clone, Copy)]
struct Seed<'a>(&'a Cell<usize>);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.0.set(self.0.get() + 1);
        if self.0.get() > MOST_PARTS {
            return Err(D::Error::custom(format!(
                "it has more than {MOST_PARTS} values"
            )));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::Flag(flag))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element_seed(self)? {
            entries.push(entry);
        }
        Ok(Node::List(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = object.next_key::<String>()? {
            members.push((name, object.next_value_seed(self)?));
        }
        Ok(Node::Object(members))
    }
}
