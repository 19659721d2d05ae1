//! Ids on the wire: `ID` in the schema, a typed id in Rust. An id of another kind is refused
//! before any resolver runs.

use std::borrow::Cow;

use async_graphql::registry::Registry;
use async_graphql::{ID, InputType, InputValueError, InputValueResult, Value};
use domain::Id;
use domain::id::Kind;

/// The id of a `K`, as an argument.
pub(crate) struct GlobalId<K>(pub(crate) Id<K>);

impl<K> Clone for GlobalId<K> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<K: Kind> InputType for GlobalId<K> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        ID::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        text.parse().map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// An id, as an answer.
pub(crate) fn global<K: Kind>(id: Id<K>) -> ID {
    ID(id.to_string())
}
