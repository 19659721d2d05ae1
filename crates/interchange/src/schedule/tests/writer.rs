//! Schedules written as XML and as JSON of both versions: for tests alone.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::schedule::{Event, Link, Person, Schedule, Text};

/// Text with the marks of XML written out.
fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

fn attribute(name: &str, value: Option<&String>) -> String {
    value.map_or_else(String::new, |value| {
        format!(" {name}=\"{}\"", escaped(value))
    })
}

fn element(name: &str, value: Option<&String>) -> Option<String> {
    value.map(|value| format!("<{name}>{}</{name}>", escaped(value)))
}

fn texts(name: &str, texts: &[Text]) -> Option<String> {
    element(name, texts.first().map(|text| &text.text))
}

/// As XML. `shift` turns the order of the elements of each conference and event.
pub(super) fn xml(schedule: &Schedule, shift: usize) -> String {
    let conference = &schedule.conference;
    let parts = [
        texts("title", &conference.title),
        texts("subtitle", &conference.subtitle),
        texts("description", &conference.description),
        element("acronym", conference.acronym.as_ref()),
        element("start", conference.start.as_ref()),
        element("end", conference.end.as_ref()),
        element("day_change", conference.day_change.as_ref()),
        element("time_zone_name", conference.time_zone.as_ref()),
        element("venue", conference.venue.as_ref()),
        element("city", conference.city.as_ref()),
        element("base_url", conference.base_url.as_ref()),
        conference
            .languages
            .first()
            .and_then(|tag| element("language", Some(tag))),
    ];
    let mut xml = format!(
        "<?xml version=\"1.0\"?>\n<!-- made -->\n<schedule>\n<conference>{}</conference>\n<tracks>",
        turned(parts, shift)
    );
    for track in &schedule.tracks {
        let color = attribute("color", track.color.as_ref());
        write!(xml, "<track{color}>{}</track>", escaped(&track.name)).unwrap();
    }
    xml.push_str("</tracks>\n");
    for (number, day) in schedule.days.iter().enumerate() {
        write!(
            xml,
            "<day{}{}{}{}>",
            attribute("index", day.index.as_ref()),
            attribute("date", day.date.as_ref()),
            attribute("start", day.start.as_ref()),
            attribute("end", day.end.as_ref()),
        )
        .unwrap();
        for room in &schedule.rooms {
            let (name, guid) = (Some(&room.name), room.guid.as_ref());
            write!(
                xml,
                "<room{}{}{}>",
                attribute("name", name),
                attribute("guid", guid),
                attribute("capacity", room.capacity.as_ref()),
            )
            .unwrap();
            for event in &schedule.events {
                if event.day == Some(number) && event.in_room.as_ref() == name {
                    xml.push_str(&event_xml(event, shift));
                }
            }
            xml.push_str("</room>");
        }
        xml.push_str("</day>\n");
    }
    xml.push_str("</schedule>\n");
    xml
}

fn event_xml(event: &Event, shift: usize) -> String {
    let each = |name: &str, links: &[Link]| {
        let links = links.iter().map(|link| {
            format!(
                "<{name}{}{}>{}</{name}>",
                attribute("href", link.url.as_ref()),
                attribute("type", link.kind.as_ref()),
                escaped(link.title.as_deref().unwrap_or_default())
            )
        });
        Some(format!(
            "<{name}s>\n{}</{name}s>",
            links.collect::<String>()
        ))
    };
    let persons = event.persons.iter().map(|person| {
        format!(
            "<person{}{}{}>{}</person>",
            attribute("id", person.id.as_ref()),
            attribute("guid", person.guid.as_ref()),
            attribute("role", person.role.as_ref()),
            escaped(person.name.as_deref().unwrap_or_default())
        )
    });
    let parts = [
        element("date", event.date.as_ref()),
        element("start", event.start.as_ref()),
        element("duration", event.duration.as_ref()),
        element("room", event.room.as_ref()),
        element("slug", event.slug.as_ref()),
        texts("title", &event.title),
        texts("subtitle", &event.subtitle),
        texts("abstract", &event.summary),
        texts("description", &event.description),
        element("track", event.track.as_ref()),
        element("type", event.kind.as_ref()),
        element("language", event.language.as_ref()),
        element("url", event.url.as_ref()),
        Some(format!(
            "<persons>{}</persons>",
            persons.collect::<String>()
        )),
        each("link", &event.links),
        each("attachment", &event.attachments),
    ];
    format!(
        "<event{}{}>{}</event>",
        attribute("id", event.id.as_ref()),
        attribute("guid", event.guid.as_ref()),
        turned(parts, shift)
    )
}

fn turned<const N: usize>(mut parts: [Option<String>; N], shift: usize) -> String {
    parts.rotate_left(shift % N);
    parts.into_iter().flatten().collect()
}

/// As JSON of version 1. The object of a day's rooms keeps their order, so it is written by hand.
pub(super) fn json_1(schedule: &Schedule) -> String {
    let days = schedule.days.iter().enumerate().map(|(number, day)| {
        let rooms = schedule.rooms.iter().map(|room| {
            let events = schedule.events.iter();
            let here = events
                .filter(|event| event.day == Some(number) && event.in_room.as_ref() == Some(&room.name));
            let events: Vec<Value> = here.map(|event| event_json(event, "persons")).collect();
            format!("{}: {}", Value::from(room.name.clone()), Value::from(events))
        });
        format!(
            "{{ \"index\": {}, \"date\": {}, \"day_start\": {}, \"day_end\": {}, \"rooms\": {{ {} }} }}",
            json!(day.index),
            json!(day.date),
            json!(day.start),
            json!(day.end),
            rooms.collect::<Vec<_>>().join(", ")
        )
    });
    let mut conference = conference_json(schedule);
    let rooms = rooms_json(schedule);
    conference.insert("rooms".to_owned(), rooms);
    let head = Value::Object(conference).to_string();
    let head = head.strip_suffix('}').unwrap();
    format!(
        "{{ \"schedule\": {{ \"conference\": {head}, \"days\": [{}] }} }} }}",
        days.collect::<Vec<_>>().join(", ")
    )
}

/// As JSON of version 2, where every event has its date in `start`.
pub(super) fn json_2(schedule: &Schedule) -> String {
    let mut conference = conference_json(schedule);
    conference.insert("rooms".to_owned(), rooms_json(schedule));
    let days = schedule.days.iter().map(
        |day| json!({ "index": day.index, "date": day.date, "start": day.start, "end": day.end }),
    );
    conference.insert("days".to_owned(), days.collect());
    let events: Vec<Value> = schedule
        .events
        .iter()
        .map(|event| {
            let mut json = event_json(event, "participants");
            let room = schedule
                .rooms
                .iter()
                .find(|room| Some(&room.name) == event.room.as_ref());
            if let Some(guid) = room.and_then(|room| room.guid.clone()) {
                json["room"] = json!({ "guid": guid });
            }
            json
        })
        .collect();
    json!({ "$schema": "x", "schedule": { "conference": conference, "events": events } })
        .to_string()
}

fn conference_json(schedule: &Schedule) -> Map<String, Value> {
    let conference = &schedule.conference;
    let tracks = schedule.tracks.iter();
    let tracks = tracks.map(|track| json!({ "name": track.name, "color": track.color }));
    let json = json!({
        "title": text(&conference.title),
        "subtitle": text(&conference.subtitle),
        "description": text(&conference.description),
        "acronym": conference.acronym,
        "start": conference.start,
        "end": conference.end,
        "day_change": conference.day_change,
        "time_zone_name": conference.time_zone,
        "languages": conference.languages,
        "keywords": conference.keywords,
        "venue": conference.venue,
        "city": conference.city,
        "base_url": conference.base_url,
        "tracks": tracks.collect::<Vec<_>>(),
    });
    let Value::Object(members) = json else {
        unreachable!("it is an object")
    };
    members
}

fn rooms_json(schedule: &Schedule) -> Value {
    let rooms = schedule.rooms.iter();
    rooms
        .map(|room| json!({ "name": room.name, "guid": room.guid, "capacity": room.capacity }))
        .collect()
}

fn text(texts: &[Text]) -> Value {
    match texts {
        [] => Value::Null,
        [one] if one.language.is_none() => json!(one.text),
        many => many
            .iter()
            .map(|text| (text.language.clone().unwrap_or_default(), json!(text.text)))
            .collect(),
    }
}

fn event_json(event: &Event, persons: &str) -> Value {
    let person = |person: &Person| json!({ "id": person.id, "guid": person.guid, "name": person.name, "role": person.role });
    let link = |link: &Link| json!({ "url": link.url, "title": link.title, "type": link.kind });
    json!({
        "id": event.id,
        "guid": event.guid,
        "slug": event.slug,
        "date": event.date,
        "start": event.start,
        "end": event.end,
        "duration": event.duration,
        "room": event.room,
        "title": text(&event.title),
        "subtitle": text(&event.subtitle),
        "abstract": text(&event.summary),
        "description": text(&event.description),
        "track": event.track,
        "type": event.kind,
        "language": event.language,
        "url": event.url,
        persons: event.persons.iter().map(person).collect::<Vec<_>>(),
        "links": event.links.iter().map(link).collect::<Vec<_>>(),
        "attachments": event.attachments.iter().map(link).collect::<Vec<_>>(),
    })
}
