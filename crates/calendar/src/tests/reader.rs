//! A reader of calendar objects, as small as can be, that knows nothing of the writer.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, TimeDelta, Utc};

/// A component: its properties as they stand, in order, and the components in it.
#[derive(Debug, Default)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) properties: Vec<Property>,
    pub(super) components: Vec<Component>,
}

#[derive(Debug, Clone)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) value: String,
}

/// Reads an object, and fails where it is not as RFC 5545 says, to the octet.
pub(super) fn read(bytes: &[u8]) -> Component {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    assert!(text.ends_with("\r\n"));
    let mut lines: Vec<String> = Vec::new();
    for physical in text.strip_suffix("\r\n").unwrap().split("\r\n") {
        assert!(
            physical.len() <= 75,
            "{} octets: {physical}",
            physical.len()
        );
        let is_forbidden = |character: char| character.is_control() && character != '\t';
        assert!(!physical.contains(is_forbidden), "{physical:?}");
        match physical.strip_prefix(' ') {
            Some(rest) => lines
                .last_mut()
                .expect("a line to go on with")
                .push_str(rest),
            None => lines.push(physical.to_owned()),
        }
    }
    let mut open = vec![Component::default()];
    for line in lines {
        let property = split(&line);
        match property.name.as_str() {
            "BEGIN" => open.push(Component {
                name: property.value,
                ..Component::default()
            }),
            "END" => {
                let done = open.pop().unwrap();
                assert_eq!(done.name, property.value);
                open.last_mut()
                    .expect("something to end in")
                    .components
                    .push(done);
            }
            _ => open.last_mut().unwrap().properties.push(property),
        }
    }
    assert_eq!(open.len(), 1, "every BEGIN has its END");
    let mut all = open.pop().unwrap();
    assert_eq!((all.components.len(), all.properties.len()), (1, 0));
    all.components.remove(0)
}

/// name *(";" param) ":" value
fn split(line: &str) -> Property {
    let is_word = |text: &str| {
        let is_good = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
        !text.is_empty() && text.bytes().all(is_good)
    };
    let (mut parts, mut quoted, mut value) = (vec![String::new()], false, None);
    for (place, character) in line.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ';' if !quoted => {
                parts.push(String::new());
                continue;
            }
            ':' if !quoted => {
                value = Some(line.split_at(place + 1).1.to_owned());
                break;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(character);
    }
    let name = parts.remove(0);
    assert!(is_word(&name), "{line}");
    let mut parameters = BTreeMap::new();
    for part in parts {
        let (name, value) = part.split_once('=').expect("a parameter with a value");
        assert!(is_word(name), "{line}");
        let value = match value.strip_prefix('"') {
            Some(rest) => rest.strip_suffix('"').expect("a closing quote"),
            None => value,
        };
        assert!(!value.contains('"'), "{line}");
        assert!(
            parameters
                .insert(name.to_owned(), uncareted(value))
                .is_none(),
            "{line}"
        );
    }
    Property {
        name,
        parameters,
        value: value.expect("a value"),
    }
}

/// RFC 6868.
fn uncareted(value: &str) -> String {
    let mut characters = value.chars();
    let mut text = String::new();
    while let Some(character) = characters.next() {
        text.push(match character {
            '^' => match characters.next() {
                Some('n') => '\n',
                Some('\'') => '"',
                Some('^') => '^',
                other => panic!("^{other:?}"),
            },
            other => other,
        });
    }
    text
}

impl Component {
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Component> {
        self.components
            .iter()
            .filter(move |component| component.name == name)
    }

    /// The one property of that name, if it is there.
    pub(super) fn property(&self, name: &str) -> Option<&Property> {
        let mut found = self
            .properties
            .iter()
            .filter(|property| property.name == name);
        let property = found.next();
        assert!(found.next().is_none(), "two of {name}");
        property
    }

    pub(super) fn value(&self, name: &str) -> &str {
        &self
            .property(name)
            .unwrap_or_else(|| panic!("no {name}"))
            .value
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.properties
            .iter()
            .map(|property| property.name.as_str())
            .collect()
    }
}

impl Property {
    /// The texts that it says (RFC 5545, 3.3.11), split where a comma stands bare.
    pub(super) fn texts(&self) -> Vec<String> {
        let (mut texts, mut characters) = (vec![String::new()], self.value.chars());
        while let Some(character) = characters.next() {
            let said = match character {
                ',' => {
                    texts.push(String::new());
                    continue;
                }
                ';' => panic!("a bare semicolon in {}", self.value),
                '\\' => match characters.next() {
                    Some('n' | 'N') => '\n',
                    Some(escaped @ ('\\' | ';' | ',')) => escaped,
                    other => panic!("\\{other:?}"),
                },
                other => other,
            };
            texts.last_mut().unwrap().push(said);
        }
        texts
    }

    pub(super) fn text(&self) -> String {
        let texts = self.texts();
        assert_eq!(texts.len(), 1, "one text: {}", self.value);
        texts[0].clone()
    }
}

/// Each moment from which a VTIMEZONE says that the clocks show so much, up to the end of a year.
pub(super) fn onsets(zone: &Component, last: i32) -> Vec<(DateTime<Utc>, i32)> {
    let mut onsets = Vec::new();
    for observance in &zone.components {
        assert!(["STANDARD", "DAYLIGHT"].contains(&observance.name.as_str()));
        let from = offset(observance.value("TZOFFSETFROM"));
        let to = offset(observance.value("TZOFFSETTO"));
        let start = local(observance.value("DTSTART"));
        let mut add = |onset: NaiveDateTime| {
            onsets.push((onset.and_utc() - Duration::seconds(from.into()), to));
        };
        match observance.property("RRULE") {
            None => add(start),
            Some(rule) => {
                let days = yearly(&rule.value, start.year(), last);
                assert_eq!(days.first(), Some(&start.date()), "DTSTART is the first");
                for day in days {
                    add(day.and_time(start.time()));
                }
            }
        }
    }
    onsets.sort_unstable();
    onsets
}

/// The days of `FREQ=YEARLY;BYMONTH=…;BYDAY=…` with or without BYMONTHDAY.
fn yearly(rule: &str, first: i32, last: i32) -> Vec<NaiveDate> {
    let parts: BTreeMap<_, _> = rule
        .split(';')
        .map(|part| part.split_once('=').unwrap())
        .collect();
    assert_eq!(parts["FREQ"], "YEARLY");
    assert!(
        parts
            .keys()
            .all(|key| ["FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY"].contains(key))
    );
    let (nth, weekday) = parts["BYDAY"].split_at(parts["BYDAY"].len() - 2);
    let month: u32 = parts["BYMONTH"].parse().unwrap();
    let mut found = Vec::new();
    for year in first..=last {
        let mut days: Vec<NaiveDate> = (1..=31)
            .filter_map(|day| NaiveDate::from_ymd_opt(year, month, day))
            .filter(|day| {
                day.format("%a")
                    .to_string()
                    .to_uppercase()
                    .starts_with(weekday)
            })
            .collect();
        if let Some(allowed) = parts.get("BYMONTHDAY") {
            let allowed: Vec<u32> = allowed.split(',').map(|day| day.parse().unwrap()).collect();
            days.retain(|day| allowed.contains(&day.day()));
        }
        if let Ok(nth) = nth.parse::<i32>() {
            let place = if nth < 0 {
                i32::try_from(days.len()).unwrap() + nth
            } else {
                nth - 1
            };
            days = vec![days[usize::try_from(place).unwrap()]];
        }
        found.extend(days);
    }
    found
}

pub(super) fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap()
}

fn offset(text: &str) -> i32 {
    let (sign, digits) = text.split_at(1);
    let number = |from: usize| {
        digits
            .get(from..from + 2)
            .map_or(0, |part| part.parse().unwrap())
    };
    let seconds =
        TimeDelta::hours(number(0)) + TimeDelta::minutes(number(2)) + TimeDelta::seconds(number(4));
    let seconds = i32::try_from(seconds.num_seconds()).unwrap();
    if sign == "-" { -seconds } else { seconds }
}
