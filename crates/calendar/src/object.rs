//! A calendar object: the frame around entries, the zones that they name, and the entries.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use domain::time::{DayPart, TimeZone};
use ics::components::Component;

use crate::entry::{Attendee, Entry, KnownAnswer, Method, Organizer, Role, Status, When};
use crate::property::{Parameter, Value, add};
use crate::{wording, zone};

/// Who made the object (PRODID; RFC 5545, 3.7.3). Without a version, so that the bytes stay the same
/// over releases.
const MADE_BY: &str = "-//Convoke//Calendar//EN";

/// An object with nothing in it (VCALENDAR; RFC 5545, 3.4).
pub(crate) fn frame(method: &'static str) -> Component<'static> {
    let mut object = Component::new("VCALENDAR");
    add(&mut object, "VERSION", &[], Value::Word("2.0"));
    add(&mut object, "PRODID", &[], Value::Text(MADE_BY));
    add(&mut object, "CALSCALE", &[], Value::Word("GREGORIAN"));
    add(&mut object, "METHOD", &[], Value::Word(method));
    object
}

/// Adds what is told of every zone that the entries go by: no TZID without its VTIMEZONE.
pub(crate) fn add_zones<'a>(
    object: &mut Component<'static>,
    entries: impl IntoIterator<Item = &'a Entry>,
) {
    let mut years: BTreeMap<&'static str, (TimeZone, i32, i32)> = BTreeMap::new();
    for entry in entries {
        let Some((zone, starts_at, ends_at)) = clocks(&entry.when) else {
            continue;
        };
        if !zone::is_utc(zone) {
            let (first, last) = (starts_at.year(), ends_at.unwrap_or(starts_at).year());
            let known = years.entry(zone.as_str()).or_insert((zone, first, last));
            *known = (zone, known.1.min(first), known.2.max(last));
        }
    }
    for (zone, first, last) in years.into_values() {
        object.add_component(zone::component(zone, first, last));
    }
}

/// An entry as it is at a moment (VEVENT).
pub(crate) fn event(entry: &Entry, stamp: DateTime<Utc>) -> Component<'static> {
    let mut event = Component::new("VEVENT");
    add(&mut event, "UID", &[], Value::Text(&entry.uid));
    add(&mut event, "DTSTAMP", &[], Value::Instant(stamp));
    add(&mut event, "SEQUENCE", &[], Value::Number(entry.sequence));
    if let Some(created) = entry.created {
        add(&mut event, "CREATED", &[], Value::Instant(created));
    }
    add(
        &mut event,
        "LAST-MODIFIED",
        &[],
        Value::Instant(entry.last_modified),
    );
    let blocks = add_time(&mut event, &entry.when);
    add_texts(&mut event, entry);
    if let Some(at) = entry.position {
        add(
            &mut event,
            "GEO",
            &[],
            Value::Position(at.latitude, at.longitude),
        );
    }
    if let Some(url) = said(entry.url.as_deref()) {
        add(&mut event, "URL", &[], Value::Uri(url));
    }
    if let Some(conference) = entry
        .conference
        .as_ref()
        .filter(|there| !there.url.trim().is_empty())
    {
        let mut parameters = vec![("VALUE", Parameter::Word("URI"))];
        let label = said(conference.label.as_deref()).map(Parameter::Text);
        parameters.extend(label.map(|label| ("LABEL", label)));
        add(
            &mut event,
            "CONFERENCE",
            &parameters,
            Value::Uri(&conference.url),
        );
    }
    let status = match entry.status {
        Status::Tentative => "TENTATIVE",
        Status::Confirmed => "CONFIRMED",
        Status::Cancelled => "CANCELLED",
    };
    add(&mut event, "STATUS", &[], Value::Word(status));
    let blocks = blocks && entry.status != Status::Cancelled;
    add(
        &mut event,
        "TRANSP",
        &[],
        Value::Word(if blocks { "OPAQUE" } else { "TRANSPARENT" }),
    );
    add_organizer(&mut event, &entry.organizer);
    event
}

/// Adds the one who is asked to come (RFC 5546, 3.2.2), or who is told that it is off.
pub(crate) fn add_attendee(event: &mut Component<'_>, attendee: &Attendee, method: Method) {
    let role = match attendee.role {
        Role::Chair => "CHAIR",
        Role::Required => "REQ-PARTICIPANT",
        Role::Optional => "OPT-PARTICIPANT",
        Role::Informed => "NON-PARTICIPANT",
    };
    let (answer, is_open) = match attendee.answer {
        KnownAnswer::Awaited => ("NEEDS-ACTION", true),
        KnownAnswer::Tentative => ("TENTATIVE", true),
        KnownAnswer::Accepted => ("ACCEPTED", false),
        KnownAnswer::Declined => ("DECLINED", false),
    };
    let mut parameters = vec![
        ("CUTYPE", Parameter::Word("INDIVIDUAL")),
        ("ROLE", Parameter::Word(role)),
        ("PARTSTAT", Parameter::Word(answer)),
    ];
    if method == Method::Request {
        parameters.push((
            "RSVP",
            Parameter::Word(if is_open { "TRUE" } else { "FALSE" }),
        ));
    }
    let name = said(attendee.name.as_deref()).map(Parameter::Text);
    parameters.extend(name.map(|name| ("CN", name)));
    add(
        event,
        "ATTENDEE",
        &parameters,
        Value::Address(&attendee.address),
    );
}

fn add_organizer(event: &mut Component<'_>, organizer: &Organizer) {
    let name = said(organizer.name.as_deref()).map(|name| ("CN", Parameter::Text(name)));
    let sender = said(organizer.sent_by.as_deref()).map(|by| ("SENT-BY", Parameter::Address(by)));
    let parameters: Vec<_> = name.into_iter().chain(sender).collect();
    add(
        event,
        "ORGANIZER",
        &parameters,
        Value::Address(&organizer.address),
    );
}

/// Adds when it is, and says whether one is busy then.
fn add_time(event: &mut Component<'_>, when: &When) -> bool {
    if let Some((zone, start, end)) = clocks(when) {
        add(event, "DTSTART", &[], Value::Clock(zone, start));
        if let Some(end) = end {
            add(event, "DTEND", &[], Value::Clock(zone, end));
        }
        return end.is_some();
    }
    if let When::Days { first, last } | When::DayPart { first, last, .. } = *when {
        add(event, "DTSTART", &[], Value::Day(first));
        add(event, "DTEND", &[], Value::Day(day_after(last.max(first))));
    }
    false
}

/// What clocks show when it begins and, if that is known, when it ends; and whose clocks. Of times that
/// need explaining every reader makes something else, so there are none: a time that clocks skip has
/// its name after the gap, and where they show one twice, both are written in UTC.
fn clocks(when: &When) -> Option<(TimeZone, NaiveDateTime, Option<NaiveDateTime>)> {
    let (zone, starts_at, ends_at) = match *when {
        When::Span {
            zone,
            starts_at,
            ends_at,
        } => (zone, starts_at, Some(ends_at)),
        When::Onset { zone, starts_at } => (zone, starts_at, None),
        When::Days { .. } | When::DayPart { .. } => return None,
    };
    let start = zone.instant(starts_at);
    let end = ends_at.map(|ends_at| zone.instant(ends_at));
    // An end must come later than the beginning (RFC 5545, 3.8.2.2).
    let end = end.filter(|end| *end > start);
    let is_twice = std::iter::once(start)
        .chain(end)
        .any(|instant| is_shown_again(zone, instant));
    let zone = if is_twice { TimeZone::UTC } else { zone };
    Some((zone, zone.local(start), end.map(|end| zone.local(end))))
}

/// Whether clocks that are put back show later what they show at an instant.
fn is_shown_again(zone: TimeZone, instant: DateTime<Utc>) -> bool {
    let local = zone.local(instant);
    let Some(tomorrow) = instant.checked_add_signed(TimeDelta::days(1)) else {
        return false;
    };
    let offset = zone.local(tomorrow) - tomorrow.naive_utc();
    let again = (local - offset).and_utc();
    again > instant && zone.local(again) == local
}

fn day_after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

fn add_texts(event: &mut Component<'_>, entry: &Entry) {
    let part = match entry.when {
        When::DayPart { part, .. } => Some(part),
        When::Span { .. } | When::Onset { .. } | When::Days { .. } => None,
    };
    let language = entry
        .language
        .as_ref()
        .filter(|tag| **tag != domain::LanguageTag::undetermined());
    let of_language: Vec<_> = language
        .map(|tag| ("LANGUAGE", Parameter::Text(tag.as_str())))
        .into_iter()
        .collect();
    // An object that is sent has a title, be it empty (RFC 5546, 3.2).
    let summary = summary(entry, part);
    add(event, "SUMMARY", &of_language, Value::Text(&summary));
    let description = description(entry, part);
    let texts = [("DESCRIPTION", &description), ("LOCATION", &entry.location)];
    for (name, text) in texts {
        if let Some(text) = said(text.as_deref()) {
            add(event, name, &of_language, Value::Text(text));
        }
    }
    let categories = entry
        .categories
        .iter()
        .map(|category| category.trim().to_owned());
    let categories: Vec<_> = categories.filter(|category| !category.is_empty()).collect();
    if !categories.is_empty() {
        add(event, "CATEGORIES", &of_language, Value::Texts(&categories));
    }
}

fn summary(entry: &Entry, part: Option<DayPart>) -> String {
    match part {
        Some(part) => wording::title(&entry.summary, part, entry.language.as_ref()),
        None => entry.summary.clone(),
    }
}

fn description(entry: &Entry, part: Option<DayPart>) -> Option<String> {
    let hour = part.map(|part| wording::hour_unknown(part, entry.language.as_ref()));
    match (hour, said(entry.description.as_deref())) {
        (Some(hour), Some(text)) => Some(format!("{hour}\n\n{text}")),
        (Some(hour), None) => Some(hour),
        (None, text) => text.map(ToOwned::to_owned),
    }
}

/// A text that says something.
fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !crate::property::plain(text).trim().is_empty())
}
