//! The bridges between the domain's values and the database's columns: one for ids, one for what
//! has a canonical spelling, one for what is kept as JSON.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use domain::access::Permission;
use domain::availability::{Availability, Window};
use domain::link::Link;
use domain::report::{Credit, KeyFigure};
use domain::{Id, LanguageTag, LocalizedText};
use sea_orm::sea_query::{ArrayType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{
    ActiveValue, ColIdx, ColumnType, DbErr, IntoActiveValue, QueryResult, TryFromU64, TryGetError,
    TryGetable, Value,
};
use serde_json::{Value as JsonValue, json};
use uuid::Uuid;

use crate::record::Written;

/// An id in a column: a UUID on PostgreSQL, sixteen bytes on SQLite; both sort alike.
pub(crate) struct DbId<K>(pub(crate) Id<K>);

/// A value in a text column, by its canonical spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Spelled<T>(pub(crate) T);

/// A value in a JSON column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Json<T>(pub(crate) T);

/// What has a canonical spelling.
pub(crate) trait Spelling: FromStr + Display + Clone + PartialEq + Debug + 'static {}
impl<T: FromStr + Display + Clone + PartialEq + Debug + 'static> Spelling for T {}

/// What is kept as JSON.
pub(crate) trait AsJson: Sized + Clone + PartialEq + Debug + 'static {
    fn to_json(&self) -> JsonValue;
    /// Nothing, where the column holds something else.
    fn from_json(json: JsonValue) -> Option<Self>;
}

impl<K> Clone for DbId<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for DbId<K> {}
impl<K> PartialEq for DbId<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for DbId<K> {}
impl<K> Debug for DbId<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Debug::fmt(&self.0.uuid(), f)
    }
}

fn wrong<T>(what: &str) -> Result<T, TryGetError> {
    Err(TryGetError::DbErr(DbErr::Type(format!(
        "a column holds no valid {what}"
    ))))
}

impl<K> From<DbId<K>> for Value {
    fn from(id: DbId<K>) -> Self {
        Self::Uuid(Some(id.0.uuid()))
    }
}
impl<K> TryGetable for DbId<K> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        Uuid::try_get_by(row, index).map(|uuid| Self(Id::from_uuid(uuid)))
    }
}
impl<K> ValueType for DbId<K> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <Uuid as ValueType>::try_from(value).map(|uuid| Self(Id::from_uuid(uuid)))
    }
    fn type_name() -> String {
        "DbId".to_owned()
    }
    fn array_type() -> ArrayType {
        ArrayType::Uuid
    }
    fn column_type() -> ColumnType {
        ColumnType::Uuid
    }
}
impl<K> Nullable for DbId<K> {
    fn null() -> Value {
        Value::Uuid(None)
    }
}
impl<K> TryFromU64 for DbId<K> {
    fn try_from_u64(_number: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("DbId"))
    }
}
impl<K> IntoActiveValue<Self> for DbId<K> {
    fn into_active_value(self) -> ActiveValue<Self> {
        ActiveValue::Set(self)
    }
}

impl<T: Spelling> From<Spelled<T>> for Value {
    fn from(value: Spelled<T>) -> Self {
        Self::from(value.0.to_string())
    }
}
impl<T: Spelling> TryGetable for Spelled<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        match String::try_get_by(row, index)?.parse() {
            Ok(value) => Ok(Self(value)),
            Err(_unreadable) => wrong(std::any::type_name::<T>()),
        }
    }
}
impl<T: Spelling> ValueType for Spelled<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        let text = <String as ValueType>::try_from(value)?;
        text.parse().map(Self).map_err(|_unreadable| ValueTypeErr)
    }
    fn type_name() -> String {
        "Spelled".to_owned()
    }
    fn array_type() -> ArrayType {
        ArrayType::String
    }
    fn column_type() -> ColumnType {
        ColumnType::Text
    }
}
impl<T: Spelling> Nullable for Spelled<T> {
    fn null() -> Value {
        Value::String(None)
    }
}
impl<T: Spelling> IntoActiveValue<Self> for Spelled<T> {
    fn into_active_value(self) -> ActiveValue<Self> {
        ActiveValue::Set(self)
    }
}

impl<T: AsJson> From<Json<T>> for Value {
    fn from(value: Json<T>) -> Self {
        Self::from(value.0.to_json())
    }
}
impl<T: AsJson> TryGetable for Json<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        match T::from_json(JsonValue::try_get_by(row, index)?) {
            Some(value) => Ok(Self(value)),
            None => wrong(std::any::type_name::<T>()),
        }
    }
}
impl<T: AsJson> ValueType for Json<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        let json = <JsonValue as ValueType>::try_from(value)?;
        T::from_json(json).map(Self).ok_or(ValueTypeErr)
    }
    fn type_name() -> String {
        "Json".to_owned()
    }
    fn array_type() -> ArrayType {
        ArrayType::Json
    }
    fn column_type() -> ColumnType {
        ColumnType::JsonBinary
    }
}
impl<T: AsJson> Nullable for Json<T> {
    fn null() -> Value {
        Value::Json(None)
    }
}
impl<T: AsJson> IntoActiveValue<Self> for Json<T> {
    fn into_active_value(self) -> ActiveValue<Self> {
        ActiveValue::Set(self)
    }
}

/// A column and the domain's value in it.
pub(crate) trait Stored {
    type Value;
    fn value(self) -> Self::Value;
    fn store(value: Self::Value) -> Self;
}

impl<K> Stored for DbId<K> {
    type Value = Id<K>;
    fn value(self) -> Id<K> {
        self.0
    }
    fn store(value: Id<K>) -> Self {
        Self(value)
    }
}
impl<T> Stored for Spelled<T> {
    type Value = T;
    fn value(self) -> T {
        self.0
    }
    fn store(value: T) -> Self {
        Self(value)
    }
}
impl<T> Stored for Json<T> {
    type Value = T;
    fn value(self) -> T {
        self.0
    }
    fn store(value: T) -> Self {
        Self(value)
    }
}
impl<S: Stored> Stored for Option<S> {
    type Value = Option<S::Value>;
    fn value(self) -> Option<S::Value> {
        self.map(Stored::value)
    }
    fn store(value: Option<S::Value>) -> Self {
        value.map(Stored::store)
    }
}

macro_rules! stored_as_is {
    ($($type:ty),+ $(,)?) => {$(
        impl Stored for $type {
            type Value = Self;
            fn value(self) -> Self {
                self
            }
            fn store(value: Self) -> Self {
                value
            }
        }
    )+};
}

stored_as_is!(String, i32, NaiveDate, NaiveDateTime, DateTime<Utc>);

fn string(json: JsonValue) -> Option<String> {
    if let JsonValue::String(text) = json {
        Some(text)
    } else {
        None
    }
}

fn array<T>(json: JsonValue, item: impl Fn(JsonValue) -> Option<T>) -> Option<Vec<T>> {
    let JsonValue::Array(items) = json else {
        return None;
    };
    items.into_iter().map(item).collect()
}

impl AsJson for Vec<String> {
    fn to_json(&self) -> JsonValue {
        json!(self)
    }
    fn from_json(json: JsonValue) -> Option<Self> {
        array(json, string)
    }
}

impl AsJson for BTreeMap<LanguageTag, String> {
    fn to_json(&self) -> JsonValue {
        self.iter()
            .map(|(tag, text)| (tag.to_string(), json!(text)))
            .collect()
    }
    fn from_json(json: JsonValue) -> Option<Self> {
        let JsonValue::Object(texts) = json else {
            return None;
        };
        texts
            .into_iter()
            .map(|(tag, text)| Some((tag.parse().ok()?, string(text)?)))
            .collect()
    }
}

impl AsJson for LocalizedText {
    fn to_json(&self) -> JsonValue {
        json!({ "main": self.main_language().as_str(), "texts": self.texts().to_json() })
    }
    fn from_json(mut json: JsonValue) -> Option<Self> {
        let main = string(json.get_mut("main")?.take())?.parse().ok()?;
        let texts = AsJson::from_json(json.get_mut("texts")?.take())?;
        Self::new(main, texts).ok()
    }
}

impl AsJson for Vec<Credit> {
    fn to_json(&self) -> JsonValue {
        self.iter()
            .map(|credit| json!({ "role": credit.role, "name": credit.name }))
            .collect()
    }
    fn from_json(json: JsonValue) -> Option<Self> {
        array(json, |mut item| {
            Some(Credit {
                role: string(item.get_mut("role")?.take())?,
                name: string(item.get_mut("name")?.take())?,
            })
        })
    }
}

impl AsJson for Vec<KeyFigure> {
    fn to_json(&self) -> JsonValue {
        self.iter()
            .map(|figure| {
                json!({
                    "label": figure.label,
                    "value": figure.value,
                    "unit": figure.unit,
                    "note": figure.note,
                })
            })
            .collect()
    }
    fn from_json(json: JsonValue) -> Option<Self> {
        array(json, |mut item| {
            Some(KeyFigure {
                label: string(item.get_mut("label")?.take())?,
                value: string(item.get_mut("value")?.take())?,
                unit: item.get_mut("unit").map(JsonValue::take).and_then(string),
                note: item.get_mut("note").map(JsonValue::take).and_then(string),
            })
        })
    }
}

impl AsJson for Vec<Link> {
    fn to_json(&self) -> JsonValue {
        self.iter()
            .map(|link| json!({ "url": link.url, "title": link.title, "kind": link.kind }))
            .collect()
    }
    fn from_json(json: JsonValue) -> Option<Self> {
        array(json, |mut item| {
            Some(Link {
                url: string(item.get_mut("url")?.take())?,
                title: item.get_mut("title").map(JsonValue::take).and_then(string),
                kind: item.get_mut("kind").map(JsonValue::take).and_then(string),
            })
        })
    }
}

impl AsJson for Availability {
    fn to_json(&self) -> JsonValue {
        let windows = self.windows().iter();
        let windows = windows.map(|window| {
            json!({
                "startsAtLocal": window.starts_at.write(),
                "endsAtLocal": window.ends_at.write(),
            })
        });
        windows.collect()
    }
    fn from_json(json: JsonValue) -> Option<Self> {
        // What was written down before anybody could say, says nothing.
        if json.is_null() {
            return Some(Self::default());
        }
        let windows = array(json, |mut item| {
            Some(Window {
                starts_at: Written::read(item.get_mut("startsAtLocal")?.take())?,
                ends_at: Written::read(item.get_mut("endsAtLocal")?.take())?,
            })
        });
        Self::new(windows?).ok()
    }
}

/// The permissions that a token is confined to.
pub(crate) type Scopes = std::collections::BTreeSet<Permission>;

impl AsJson for Scopes {
    fn to_json(&self) -> JsonValue {
        self.iter()
            .map(|permission| json!(permission.to_string()))
            .collect()
    }
    fn from_json(json: JsonValue) -> Option<Self> {
        let spellings = array(json, string)?;
        // A permission that a later version knew and this one does not, is none here.
        Some(
            spellings
                .iter()
                .filter_map(|spelling| spelling.parse().ok())
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_columns_give_back_what_they_took() {
        let tag = |text: &str| text.parse::<LanguageTag>().unwrap();
        let title = LocalizedText::new(
            tag("zh-Hans"),
            BTreeMap::from([
                (tag("zh-Hans"), "论坛".to_owned()),
                (tag("en"), "Forum".to_owned()),
            ]),
        )
        .unwrap();
        assert_eq!(LocalizedText::from_json(title.to_json()), Some(title));
        let figures = vec![KeyFigure {
            label: "增速".to_owned(),
            value: "12.4%".to_owned(),
            unit: None,
            note: Some("高于全市".to_owned()),
        }];
        assert_eq!(
            Vec::<KeyFigure>::from_json(figures.to_json()),
            Some(figures)
        );
        let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        let availability = Availability::new(vec![Window {
            starts_at: at("2024-01-15T09:00:00"),
            ends_at: at("2024-01-15T12:30:00"),
        }]);
        let availability = availability.unwrap();
        let json = availability.to_json();
        let expected = json!([
            { "startsAtLocal": "2024-01-15T09:00:00", "endsAtLocal": "2024-01-15T12:30:00" },
        ]);
        assert_eq!(json, expected);
        assert_eq!(Availability::from_json(json), Some(availability));
        let nothing = Availability::from_json(JsonValue::Null);
        assert_eq!(nothing, Some(Availability::default()));
        assert_eq!(Vec::<String>::from_json(json!(["a", 1])), None);
        assert_eq!(
            LocalizedText::from_json(json!({ "main": "en", "texts": {} })),
            None
        );
    }
}
