//! The scalars of the schema: days, instants, wall-clock times, zones, language tags, addresses.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{
    DateTime as Instant, Datelike, NaiveDate, NaiveDateTime, SecondsFormat, Timelike, Utc,
};

/// The years that can be written and stored everywhere.
fn has_four_digits(year: i32) -> bool {
    (1..=9999).contains(&year)
}

/// Times are kept in whole seconds, here as in event documents: databases keep different fractions,
/// so that what was written would not be what is read. A leap second is a fraction to chrono.
fn is_whole_second(time: &impl Timelike) -> bool {
    time.nanosecond() == 0
}

/// A wall-clock time, to the second.
fn spelled(local: &NaiveDateTime) -> String {
    local.format("%Y-%m-%dT%H:%M:%S").to_string()
}

macro_rules! text_scalar {
    ($(#[$meta:meta])* $name:ident($inner:ty), $name_in_schema:literal, $url:literal, $parse:expr, $print:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(crate) struct $name(pub(crate) $inner);

        $(#[$meta])*
        #[Scalar(name = $name_in_schema, specified_by_url = $url)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                match value {
                    Value::String(text) => {
                        let parse: fn(&str) -> Option<$inner> = $parse;
                        parse(&text)
                            .map(Self)
                            .ok_or_else(|| InputValueError::custom(format!("`{text}` is none")))
                    }
                    other => Err(InputValueError::expected_type(other)),
                }
            }

            fn to_value(&self) -> Value {
                let print: fn(&$inner) -> String = $print;
                Value::String(print(&self.0))
            }
        }
    };
}

text_scalar! {
    /// A day of the calendar: `2024-07-23` (RFC 3339, full-date).
    Date(NaiveDate),
    "Date",
    "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    // Chrono takes `+2024-7-23` and spaces as well; a day has one spelling.
    |text| {
        let day = text.parse::<NaiveDate>().ok()?;
        Some(day).filter(|day| has_four_digits(day.year()) && day.to_string() == text)
    },
    ToString::to_string
}

text_scalar! {
    /// An instant: `2024-07-23T06:30:00Z` (RFC 3339, date-time). Answers are always in UTC.
    DateTime(Instant<Utc>),
    "DateTime",
    "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    |text| {
        let instant = Instant::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
        Some(instant).filter(|instant| has_four_digits(instant.year()) && is_whole_second(instant))
    },
    |instant| instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

text_scalar! {
    /// What clocks show at the place, without a zone: `2024-07-23T14:30:00` (ISO 8601). The zone
    /// stands beside it, in `timeZone`.
    LocalDateTime(NaiveDateTime),
    "LocalDateTime",
    "https://262.ecma-international.org/15.0/#sec-date-time-string-format",
    |text| {
        let local = text.parse::<NaiveDateTime>().ok()?;
        // What may follow the seconds is `.0`.
        let is_spelled = text.starts_with(&spelled(&local));
        let is_kept = has_four_digits(local.year()) && is_whole_second(&local);
        Some(local).filter(|_local| is_spelled && is_kept)
    },
    spelled
}

text_scalar! {
    /// A time zone of the IANA database, by its name: `Asia/Shanghai`.
    TimeZone(domain::time::TimeZone),
    "TimeZone",
    "https://www.rfc-editor.org/rfc/rfc6557",
    |text| text.parse().ok(),
    ToString::to_string
}

text_scalar! {
    /// A language tag (BCP 47): `en`, `zh-Hans`, `de-AT`.
    LanguageTag(domain::LanguageTag),
    "LanguageTag",
    "https://www.rfc-editor.org/rfc/rfc5646",
    |text| text.parse().ok(),
    ToString::to_string
}

text_scalar! {
    /// A web address, absolute.
    Url(String),
    "URL",
    "https://url.spec.whatwg.org/",
    |text| Some(text.to_owned()),
    Clone::clone
}
