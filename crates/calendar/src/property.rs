//! One property of a calendar object, from typed values to the line that is sent.
//!
//! The `ics` crate prints what it is given: it escapes nothing, quotes nothing, and a line break in a
//! name would be a property of its own. So nobody else in this crate makes a property or a parameter.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use domain::time::TimeZone;
use ics::components::{Component, Parameter as Printed, Property};

use crate::fold::fold;
use crate::zone;

/// What a property says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    /// A word of the format, such as `PUBLISH`: never anything that a person wrote.
    Word(&'static str),
    /// What a person wrote (RFC 5545, 3.3.11).
    Text(&'a str),
    /// Several of them.
    Texts(&'a [String]),
    /// An address of the web (RFC 5545, 3.3.13).
    Uri(&'a str),
    /// An address of mail, without `mailto:` (RFC 5545, 3.3.3).
    Address(&'a str),
    /// A count.
    Number(u32),
    /// A place on the earth: latitude and longitude in degrees (RFC 5545, 3.8.1.6).
    Position(f64, f64),
    /// An instant, written in UTC.
    Instant(DateTime<Utc>),
    /// A time by the clocks of a zone, which goes by with the property where it is not UTC.
    Clock(TimeZone, NaiveDateTime),
    /// A time by clocks that are told of elsewhere: those of the observance that begins.
    Local(NaiveDateTime),
    /// A day.
    Day(NaiveDate),
    /// How long.
    Duration(TimeDelta),
    /// Seconds east of UTC (RFC 5545, 3.3.14).
    Offset(i32),
    /// When it comes again; the writer knows how (RFC 5545, 3.3.10).
    Rule(&'a zone::Rule),
}

/// What a parameter says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Parameter<'a> {
    /// A word of the format.
    Word(&'static str),
    /// What a person wrote, or a language.
    Text(&'a str),
    /// An address of mail, without `mailto:`.
    Address(&'a str),
}

/// Adds a property to a component.
pub(crate) fn add(
    component: &mut Component<'_>,
    name: &'static str,
    parameters: &[(&'static str, Parameter<'_>)],
    value: Value<'_>,
) {
    let mut property = Property::new(name, written(value));
    for (name, parameter) in parameters {
        property.add(Printed::new(*name, quoted(*parameter)));
    }
    match value {
        Value::Clock(zone, _) if !zone::is_utc(zone) => {
            property.add(Printed::new("TZID", quoted(Parameter::Text(zone.as_str()))));
        }
        Value::Day(_) => property.add(Printed::new("VALUE", "DATE")),
        Value::Word(_)
        | Value::Text(_)
        | Value::Texts(_)
        | Value::Uri(_)
        | Value::Address(_)
        | Value::Number(_)
        | Value::Position(..)
        | Value::Instant(_)
        | Value::Clock(..)
        | Value::Local(_)
        | Value::Duration(_)
        | Value::Offset(_)
        | Value::Rule(_) => {}
    }
    component.add_property(property);
}

/// The bytes of a component and all that it holds.
pub(crate) fn print(component: &Component<'_>) -> Vec<u8> {
    fold(&component.to_string()).into_bytes()
}

fn written(value: Value<'_>) -> String {
    match value {
        Value::Word(word) => word.to_owned(),
        Value::Text(text) => escaped(text),
        Value::Texts(texts) => {
            let texts: Vec<_> = texts.iter().map(|text| escaped(text)).collect();
            texts.join(",")
        }
        Value::Uri(uri) => uri_of(uri),
        Value::Address(address) => mailto(address),
        Value::Number(number) => number.to_string(),
        Value::Position(latitude, longitude) => format!("{latitude:.6};{longitude:.6}"),
        Value::Instant(instant) => instant.format("%Y%m%dT%H%M%SZ").to_string(),
        Value::Clock(zone, local) if zone::is_utc(zone) => {
            local.format("%Y%m%dT%H%M%SZ").to_string()
        }
        Value::Clock(_, local) | Value::Local(local) => local.format("%Y%m%dT%H%M%S").to_string(),
        Value::Day(day) => day.format("%Y%m%d").to_string(),
        Value::Duration(duration) => span(duration),
        Value::Offset(seconds) => offset(seconds),
        Value::Rule(rule) => rule.to_string(),
    }
}

/// The text without what no reader wants to meet: every line break is a line feed, and other control
/// characters are dropped, save the tab.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                plain.push('\n');
            }
            // Readers in Python end a line at these two as well.
            '\u{2028}' | '\u{2029}' => plain.push('\n'),
            '\n' | '\t' => plain.push(character),
            control if control.is_control() => {}
            other => plain.push(other),
        }
    }
    plain
}

/// RFC 5545, 3.3.11.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in plain(text).chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            other => escaped.push(other),
        }
    }
    escaped
}

/// RFC 5545, 3.2, and RFC 6868 for what it cannot hold.
fn quoted(parameter: Parameter<'_>) -> String {
    let text = match parameter {
        Parameter::Word(word) => return word.to_owned(),
        Parameter::Address(address) => mailto(address),
        Parameter::Text(text) => text.to_owned(),
    };
    let mut encoded = String::with_capacity(text.len() + 2);
    for character in plain(&text).chars() {
        match character {
            '^' => encoded.push_str("^^"),
            '"' => encoded.push_str("^'"),
            '\n' => encoded.push_str("^n"),
            '\t' => encoded.push(' '),
            // No rule says what it means here, and to some readers it swallows the closing quote.
            '\\' => encoded.push('/'),
            other => encoded.push(other),
        }
    }
    let is_bare =
        !encoded.is_empty() && encoded.trim() == encoded && !encoded.contains([':', ';', ',']);
    if is_bare {
        encoded
    } else {
        format!("\"{encoded}\"")
    }
}

/// An address as a URI (RFC 6068, section 2).
fn mailto(address: &str) -> String {
    encoded("mailto:", address, |byte| {
        byte.is_ascii_alphanumeric() || b"-._~!$'()*+,:@".contains(&byte)
    })
}

/// What is not yet one is made a URI (RFC 3986): characters that may not stand there are encoded,
/// the percent sign is taken to be one of a URI.
fn uri_of(text: &str) -> String {
    encoded("", text.trim(), |byte| {
        byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)
    })
}

fn encoded(scheme: &str, text: &str, may_stand: impl Fn(u8) -> bool) -> String {
    let mut uri = scheme.to_owned();
    for byte in text
        .chars()
        .filter(|character| !character.is_control())
        .collect::<String>()
        .bytes()
    {
        if may_stand(byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// RFC 5545, 3.3.6, in the one spelling that every reader knows: without weeks, not negative.
fn span(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds().max(0);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let mut span = String::from("P");
    if days > 0 {
        let _ = write!(span, "{days}D");
    }
    if rest > 0 || days == 0 {
        span.push('T');
        let parts = [(rest / 3_600, 'H'), (rest / 60 % 60, 'M'), (rest % 60, 'S')];
        for (count, unit) in parts {
            if count > 0 || (rest == 0 && unit == 'S') {
                let _ = write!(span, "{count}{unit}");
            }
        }
    }
    span
}

fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let all = seconds.unsigned_abs();
    let (hours, minutes, rest) = (all / 3_600, all / 60 % 60, all % 60);
    if rest == 0 {
        format!("{sign}{hours:02}{minutes:02}")
    } else {
        format!("{sign}{hours:02}{minutes:02}{rest:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        assert_eq!(
            escaped("a,b;c\\d\r\ne\rf\u{2028}g\u{7}\u{85}"),
            "a\\,b\\;c\\\\d\\ne\\nf\\ng"
        );
        assert_eq!(escaped("说：“好”\t🎉"), "说：“好”\t🎉");
    }

    #[test]
    fn parameters_are_quoted_where_they_must_be() {
        let text = |text| quoted(Parameter::Text(text));
        assert_eq!(text("Zhang San"), "Zhang San");
        assert_eq!(text("Zhang, San"), "\"Zhang, San\"");
        assert_eq!(text("the \"Boss\"\r\n^"), "the ^'Boss^'^n^^");
        assert_eq!(text("a\\"), "a/");
        assert_eq!(text(""), "\"\"");
        assert_eq!(
            quoted(Parameter::Address("a@example.org")),
            "\"mailto:a@example.org\""
        );
    }

    #[test]
    fn addresses_become_uris() {
        assert_eq!(
            mailto("o'brien+x@example.org"),
            "mailto:o'brien+x@example.org"
        );
        assert_eq!(mailto("a/b&c@example.org"), "mailto:a%2Fb%26c@example.org");
        assert_eq!(mailto("a\r\nX:y@example.org"), "mailto:aX:y@example.org");
        assert_eq!(
            uri_of("https://example.org/会?a=1,2;3#%41"),
            "https://example.org/%E4%BC%9A?a=1,2;3#%41"
        );
    }

    #[test]
    fn spans_and_offsets_are_spelt_the_plain_way() {
        let minutes = |count| span(TimeDelta::minutes(count));
        assert_eq!(
            (minutes(60).as_str(), minutes(0).as_str()),
            ("PT1H", "PT0S")
        );
        assert_eq!(
            (minutes(1_500).as_str(), minutes(2_880).as_str()),
            ("P1DT1H", "P2D")
        );
        assert_eq!(
            (offset(28_800).as_str(), offset(-12_600).as_str()),
            ("+0800", "-0330")
        );
        assert_eq!(
            (offset(-2_670).as_str(), offset(0).as_str()),
            ("-004430", "+0000")
        );
    }
}
