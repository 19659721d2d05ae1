//! The texts that a document is made of in the end: keys, tags, dates, times, words, lines.
//!
//! Each has a JSON Schema format of its own, so that the schema tells all that are malformed at
//! once; what the schema takes, the types take.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use chrono::{
    DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Timelike as _, Utc,
};
use domain::time::TimeZone;
use domain::{Key, LanguageTag, Slug, Word, text};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// What can be written as one text.
pub(super) trait Leaf: Sized {
    /// What the schema calls it.
    const NAME: &'static str;
    /// Its format in the schema.
    const FORMAT: &'static str;
    /// What it is, for people.
    const DESCRIPTION: &'static str;
    /// How it looks.
    const EXAMPLE: &'static str;
    /// Reads it, or says why it cannot be read.
    fn parse(text: &str) -> Result<Self, String>;
    /// Spells it as [`Leaf::parse`] reads it.
    fn spell(&self) -> Cow<'_, str>;
}

/// The check behind each format, with what it says of a text that does not pass.
pub(super) const FORMATS: &[(&str, Check)] = &[
    (Slug::FORMAT, checks::<Slug>),
    (Key::FORMAT, checks::<Key>),
    (LanguageTag::FORMAT, checks::<LanguageTag>),
    (TextMember::FORMAT, checks::<TextMember>),
    (TimeZone::FORMAT, checks::<TimeZone>),
    (Line::FORMAT, checks::<Line>),
    (Passage::FORMAT, checks::<Passage>),
    (NaiveDate::FORMAT, checks::<NaiveDate>),
    (LocalTime::FORMAT, checks::<LocalTime>),
    (DateTime::<Utc>::FORMAT, checks::<DateTime<Utc>>),
];

/// Says what is wrong with a text.
type Check = fn(&str) -> Result<(), String>;

fn checks<T: Leaf>(text: &str) -> Result<(), String> {
    T::parse(text).map(|_| ())
}

/// A leaf as it stands in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written<T>(pub(super) T);

impl<T: Leaf> Serialize for Written<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.spell())
    }
}

impl<'de, T: Leaf> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Spelled<T>(PhantomData<T>);

        impl<T: Leaf> Visitor<'_> for Spelled<T> {
            type Value = Written<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::DESCRIPTION)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                T::parse(text).map(Written).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Spelled(PhantomData))
    }
}

impl<T: Leaf> JsonSchema for Written<T> {
    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": T::FORMAT,
            "description": T::DESCRIPTION,
            "examples": [T::EXAMPLE],
        })
    }
}

impl Leaf for Slug {
    const NAME: &'static str = "Slug";
    const FORMAT: &'static str = "slug";
    const DESCRIPTION: &'static str = "The name of an event in web addresses: lower-case letters a to z, digits and single hyphens.";
    const EXAMPLE: &'static str = "autumn-forum-2024";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|error: text::TextError| error.to_string())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Leaf for Key {
    const NAME: &'static str = "Key";
    const FORMAT: &'static str = "key";
    const DESCRIPTION: &'static str = "Your own name for a thing, by which the document refers to it and a \
         second document finds it again. It can be read where the thing can: that of a person by those who may \
         read whole events, all others by everybody. So it is no e-mail address and no staff number.";
    const EXAMPLE: &'static str = "education-bureau";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|error: text::TextError| error.to_string())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Leaf for LanguageTag {
    const NAME: &'static str = "LanguageTag";
    const FORMAT: &'static str = "language-tag";
    const DESCRIPTION: &'static str = "A language tag (RFC 5646).";
    const EXAMPLE: &'static str = "zh-Hans";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|error: text::TextError| error.to_string())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Leaf for TimeZone {
    const NAME: &'static str = "TimeZone";
    const FORMAT: &'static str = "time-zone";
    const DESCRIPTION: &'static str = "A time zone of the IANA database.";
    const EXAMPLE: &'static str = "Asia/Shanghai";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|error: domain::time::UnknownTimeZone| error.to_string())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

/// A text of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line(pub(super) String);

impl Leaf for Line {
    const NAME: &'static str = "Line";
    const FORMAT: &'static str = "line";
    const DESCRIPTION: &'static str = "A text of one line.";
    const EXAMPLE: &'static str = "…";

    fn parse(text: &str) -> Result<Self, String> {
        if text.trim().contains('\n') {
            return Err("must be a single line".to_owned());
        }
        text::line(text)
            .map(Self)
            .map_err(|error| error.to_string())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.0.as_str().into()
    }
}

/// A text of one or more paragraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passage(pub(super) String);

impl Leaf for Passage {
    const NAME: &'static str = "Passage";
    const FORMAT: &'static str = "passage";
    const DESCRIPTION: &'static str = "A text of one or more paragraphs.";
    const EXAMPLE: &'static str = "…";

    fn parse(text: &str) -> Result<Self, String> {
        text::passage(text)
            .map(Self)
            .map_err(|error| error.to_string())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.0.as_str().into()
    }
}

impl Leaf for NaiveDate {
    const NAME: &'static str = "Date";
    const FORMAT: &'static str = "date";
    const DESCRIPTION: &'static str = "A day.";
    const EXAMPLE: &'static str = "2024-05-14";

    fn parse(text: &str) -> Result<Self, String> {
        let date = shaped_date(text)
            .ok_or_else(|| format!("`{}` is not a date such as {}", cut(text), Self::EXAMPLE))?;
        in_known_years(date, text)?;
        Ok(date)
    }

    fn spell(&self) -> Cow<'_, str> {
        self.format("%Y-%m-%d").to_string().into()
    }
}

fn shaped_date(text: &str) -> Option<NaiveDate> {
    // Years of other lengths, or with a sign, are for astronomers.
    let shape = text.len() == 10 && text.starts_with(|c: char| c.is_ascii_digit());
    shape
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
}

/// Refuses the years that no database and no client has in common with us.
fn in_known_years(day: NaiveDate, text: &str) -> Result<(), String> {
    if (1..=9999).contains(&day.year()) {
        Ok(())
    } else {
        Err(format!("`{}` is not in the years 1 to 9999", cut(text)))
    }
}

/// Refuses what is finer than a second: databases keep different fractions, so that what was
/// written would not be what is read.
fn in_whole_seconds(nanoseconds: u32, text: &str) -> Result<(), String> {
    if nanoseconds == 0 {
        Ok(())
    } else {
        Err(format!(
            "`{}` is finer than a second: times are kept in whole seconds",
            cut(text)
        ))
    }
}

/// A time by the clocks of the event's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LocalTime {
    /// On a day that is said.
    On(NaiveDateTime),
    /// On the only day of the event.
    Clock(NaiveTime),
}

impl LocalTime {
    /// The shortest spelling that says it all, where `day` is the event's only one.
    pub(super) fn short(time: NaiveDateTime, day: Option<NaiveDate>) -> Self {
        if day == Some(time.date()) {
            Self::Clock(time.time())
        } else {
            Self::On(time)
        }
    }
}

impl Leaf for LocalTime {
    const NAME: &'static str = "LocalTime";
    const FORMAT: &'static str = "local-time";
    const DESCRIPTION: &'static str = "A time by the clocks of the event's time zone: day and time, or the time alone \
         where the event lasts one day.";
    const EXAMPLE: &'static str = "2024-05-14T09:00";

    fn parse(text: &str) -> Result<Self, String> {
        let clock = |text: &str| -> Option<NaiveTime> {
            let mut forms = ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"].iter();
            forms
                .find_map(|form| NaiveTime::parse_from_str(text, form).ok())
                // A leap second is no time that anything is planned at.
                .filter(|time| time.nanosecond() < 1_000_000_000)
        };
        let time = match text.split_once('T') {
            Some((day, time)) => shaped_date(day)
                .and_then(|day| clock(time).map(|time| Self::On(day.and_time(time)))),
            None => clock(text).map(Self::Clock),
        };
        let time = time.ok_or_else(|| {
            let (found, like) = (cut(text), Self::EXAMPLE);
            format!("`{found}` is not a time such as {like}, or 09:00 on the only day of the event")
        })?;
        match time {
            Self::On(on) => {
                in_known_years(on.date(), text)?;
                in_whole_seconds(on.nanosecond(), text)?;
            }
            Self::Clock(clock) => in_whole_seconds(clock.nanosecond(), text)?,
        }
        Ok(time)
    }

    fn spell(&self) -> Cow<'_, str> {
        let (day, time) = match self {
            Self::On(time) => (Some(time.date()), time.time()),
            Self::Clock(time) => (None, *time),
        };
        let seconds = if (time.second(), time.nanosecond()) == (0, 0) {
            "%H:%M"
        } else {
            "%H:%M:%S%.f"
        };
        let clock = time.format(seconds);
        day.map_or_else(
            || clock.to_string(),
            |day| format!("{}T{clock}", day.spell()),
        )
        .into()
    }
}

impl Leaf for DateTime<Utc> {
    const NAME: &'static str = "Instant";
    const FORMAT: &'static str = "date-time";
    const DESCRIPTION: &'static str = "A day and time with the offset of its time zone (RFC 3339).";
    const EXAMPLE: &'static str = "2024-05-01T18:00:00+08:00";

    fn parse(text: &str) -> Result<Self, String> {
        let instant = DateTime::parse_from_rfc3339(text)
            .ok()
            .filter(|instant| instant.timestamp_subsec_nanos() < 1_000_000_000)
            .map(|instant| instant.with_timezone(&Utc));
        let instant = instant.ok_or_else(|| {
            let (found, like) = (cut(text), Self::EXAMPLE);
            format!("`{found}` is not a time with its offset such as {like}")
        })?;
        in_known_years(instant.date_naive(), text)?;
        in_whole_seconds(instant.timestamp_subsec_nanos(), text)?;
        Ok(instant)
    }

    fn spell(&self) -> Cow<'_, str> {
        self.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()
    }
}

/// The name of a member of a text in several languages: a language tag, or `main`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextMember(Option<LanguageTag>);

impl TextMember {
    /// The member that says which language is the main one; too long for a language tag.
    pub(super) const MAIN: &'static str = "main";
}

impl Leaf for TextMember {
    const NAME: &'static str = "TextMember";
    const FORMAT: &'static str = "text-member";
    const DESCRIPTION: &'static str = "A language tag, or `main`.";
    const EXAMPLE: &'static str = "en";

    fn parse(text: &str) -> Result<Self, String> {
        if text == Self::MAIN {
            Ok(Self(None))
        } else {
            LanguageTag::parse(text).map(|tag| Self(Some(tag)))
        }
    }

    fn spell(&self) -> Cow<'_, str> {
        self.0
            .as_ref()
            .map_or(Self::MAIN, LanguageTag::as_str)
            .into()
    }
}

/// A figure: a text, or a number that is kept as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure(pub(super) String);

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.parse::<i64>() {
            Ok(number) if number.to_string() == self.0 => serializer.serialize_i64(number),
            _ => serializer.serialize_str(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Numbers were made texts when the document was fitted to the schema.
        Written::<Line>::deserialize(deserializer).map(|line| Self(line.0.0))
    }
}

impl JsonSchema for Figure {
    fn schema_name() -> Cow<'static, str> {
        "Figure".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "number"],
            "format": Line::FORMAT,
            "description": "A figure, kept as it is written.",
            "examples": ["12.4%", 159],
        })
    }
}

/// One of a closed set of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OneOf<T>(pub(super) T);

impl<T: Word> Serialize for OneOf<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl<'de, T: Word> Deserialize<'de> for OneOf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spelling = String::deserialize(deserializer)?;
        spelling
            .parse()
            .map(Self)
            .map_err(|_unknown: domain::UnknownWord| {
                D::Error::invalid_value(Unexpected::Str(&spelling), &T::SET)
            })
    }
}

impl<T: Word> JsonSchema for OneOf<T> {
    fn schema_name() -> Cow<'static, str> {
        let words = T::SET.split(' ').map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
                .collect::<String>()
        });
        words.collect::<String>().into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<Value> = T::ALL.iter().map(|word| word.as_str().into()).collect();
        // The title is what messages call the set.
        json_schema!({ "type": "string", "title": T::SET, "enum": words })
    }
}

/// The beginning of a text, for a message.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    if text.chars().nth(60).is_none() {
        text.into()
    } else {
        text.chars()
            .take(59)
            .chain(['…'])
            .collect::<String>()
            .into()
    }
}
