//! JSON as a tree. YAML takes nearly all of JSON, but not its pairs of surrogates.

use std::fmt;

use domain::problem::{Path, Problem};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Builder, Cost, Node};

pub(super) fn parse(text: &str) -> Result<(Node, Vec<Problem>), Problem> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| {
        let (told, line, column) = (without_place(&error), error.line(), error.column());
        let message = format!("cannot be read as JSON: {told} (line {line}, column {column})");
        Problem::invalid(&Path::root(), message)
    })?;
    let mut builder = Builder::default();
    let node = builder.json(raw)?;
    Ok((node, builder.problems))
}

impl Builder {
    fn json(&mut self, raw: &RawValue) -> Result<Node, Problem> {
        self.spend(Cost::text(""))?;
        match raw.get().bytes().next() {
            Some(b'{') => {
                let members: Members<'_> = self.take(raw)?;
                let mut nodes = Vec::with_capacity(members.0.len());
                for (name, value) in members.0 {
                    self.step_into(&name)?;
                    nodes.push((name, self.json(value)?));
                    self.step_out();
                }
                Ok(self.once(nodes))
            }
            Some(b'[') => {
                let entries: Vec<&RawValue> = self.take(raw)?;
                let mut nodes = Vec::with_capacity(entries.len());
                for (index, entry) in entries.into_iter().enumerate() {
                    self.step_into(index)?;
                    nodes.push(self.json(entry)?);
                    self.step_out();
                }
                Ok(Node::List(nodes))
            }
            Some(b'"') => self.take(raw).map(Node::Text),
            Some(b'n') => Ok(Node::Null),
            _ => Ok(Node::Plain(raw.get().to_owned())),
        }
    }

    fn take<'de, T: Deserialize<'de>>(&self, raw: &'de RawValue) -> Result<T, Problem> {
        // The place would be counted from where this value begins; its path tells more.
        serde_json::from_str(raw.get()).map_err(|error| {
            self.refuse(format!("cannot be read as JSON: {}", without_place(&error)))
        })
    }
}

fn without_place(error: &serde_json::Error) -> String {
    let told = error.to_string();
    told.rsplit_once(" at line ")
        .map_or(told.as_str(), |(what, _)| what)
        .to_owned()
}

/// Members in their order, doubled ones included.
struct Members<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Gather;

        impl<'de> Visitor<'de> for Gather {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("members")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Gather)
    }
}
