//! The XML of schedules, as pentabarf, frab, pretalx and their kin write it.
//!
//! The elements are looked for by name, in whatever order they stand; what is not understood is
//! noted by name, once, with how often it was there.

mod tree;

use domain::problem::Problem;

use super::oddity::{Oddities, OddityKind, quoted};
use super::{Day, Event, Link, Person, Room, Schedule, Text, Track, html, impossible, some};
use tree::Element;

/// Elements and attributes that the formats know and Convoke has no place for.
const NOT_KEPT: &[&str] = &[
    "answer",
    "answers",
    "avatar",
    "biography",
    "color",
    "colors",
    "days",
    "do_not_record",
    "do_not_stream",
    "email",
    "feedback_url",
    "generator",
    "license",
    "logo",
    "online_qa",
    "optout",
    "recording",
    "recording_license",
    "slug",
    "timeslot_duration",
    "url",
    "version",
    "video_download_url",
];

/// Reads a schedule.
pub(super) fn read(text: &str) -> Result<(Schedule, Oddities), Problem> {
    let (root, entities) = tree::parse(text)?;
    if root.name != "schedule" {
        let name = quoted(&root.name);
        return Err(impossible(format!(
            "is no schedule: its root is {name}, not `schedule`"
        )));
    }
    let mut reading = Reading {
        source: text,
        schedule: Schedule::default(),
        oddities: Oddities::default(),
    };
    for (name, place) in entities {
        let message = format!(
            "the entity {} is not known, and kept as written",
            quoted(&name)
        );
        reading
            .oddities
            .tally(OddityKind::PartUnknown, &place, message);
    }
    reading.root(&root);
    Ok((reading.schedule, reading.oddities))
}

struct Reading<'a> {
    source: &'a str,
    schedule: Schedule,
    oddities: Oddities,
}

/// Where in the schedule an event was found.
#[derive(Clone, Copy)]
struct Around<'a> {
    day: Option<usize>,
    room: Option<&'a str>,
}

impl Reading<'_> {
    fn root(&mut self, root: &Element) {
        let source = self.source;
        self.attributes(root, &[]);
        let nowhere = Around {
            day: None,
            room: None,
        };
        for child in &root.children {
            match child.name.as_str() {
                "conference" => self.conference(child),
                "tracks" => self.tracks(child),
                "track" => self.track(child),
                "day" => self.day(child),
                "room" => self.room(child, nowhere),
                "event" => self.event(child, nowhere),
                "base_url" => self.schedule.conference.base_url = text(child, source),
                _ => self.left_out(root, child),
            }
        }
    }

    fn conference(&mut self, element: &Element) {
        let source = self.source;
        self.attributes(element, &[]);
        for child in &element.children {
            let conference = &mut self.schedule.conference;
            match child.name.as_str() {
                "title" => conference.title = texts(child, source),
                "subtitle" => conference.subtitle = texts(child, source),
                "description" => conference.description = texts(child, source),
                "acronym" => conference.acronym = text(child, source),
                "start" => conference.start = text(child, source),
                "end" => conference.end = text(child, source),
                "day_change" => conference.day_change = text(child, source),
                "time_zone_name" => conference.time_zone = text(child, source),
                "language" => conference.languages.extend(text(child, source)),
                "venue" => conference.venue = text(child, source),
                "city" => conference.city = text(child, source),
                "base_url" => conference.base_url = text(child, source),
                "url" => {
                    // Not kept, but good enough to make relative addresses whole.
                    if conference.base_url.is_none() {
                        conference.base_url = text(child, source);
                    }
                    self.left_out(element, child);
                }
                "tracks" => self.tracks(child),
                "track" => self.track(child),
                _ => self.left_out(element, child),
            }
        }
    }

    fn tracks(&mut self, element: &Element) {
        self.attributes(element, &[]);
        for child in &element.children {
            match child.name.as_str() {
                "track" => self.track(child),
                _ => self.left_out(element, child),
            }
        }
    }

    fn track(&mut self, element: &Element) {
        self.attributes(element, &["name", "color"]);
        if let Some(name) = text(element, self.source).or_else(|| element.attribute("name")) {
            self.schedule.tracks.push(Track {
                name,
                color: element.attribute("color"),
                place: element.place(),
            });
        }
    }

    fn day(&mut self, element: &Element) {
        self.attributes(element, &["index", "date", "start", "end"]);
        let day = self.schedule.days.len();
        self.schedule.days.push(Day {
            index: element.attribute("index"),
            date: element.attribute("date"),
            start: element.attribute("start"),
            end: element.attribute("end"),
            place: element.place(),
        });
        let around = Around {
            day: Some(day),
            room: None,
        };
        for child in &element.children {
            match child.name.as_str() {
                "room" => self.room(child, around),
                "event" => self.event(child, around),
                _ => self.left_out(element, child),
            }
        }
    }

    fn room(&mut self, element: &Element, around: Around<'_>) {
        self.attributes(element, &["name", "guid", "capacity"]);
        let name = element.attribute("name");
        if let Some(name) = &name {
            self.schedule.add_room(Room {
                name: name.clone(),
                guid: element.attribute("guid"),
                capacity: element.attribute("capacity"),
                place: element.place(),
            });
        }
        let around = Around {
            room: name.as_deref(),
            ..around
        };
        for child in &element.children {
            match child.name.as_str() {
                "event" => self.event(child, around),
                _ => self.left_out(element, child),
            }
        }
    }

    fn event(&mut self, element: &Element, around: Around<'_>) {
        let source = self.source;
        self.attributes(element, &["id", "guid", "code"]);
        let mut event = Event {
            id: element
                .attribute("id")
                .or_else(|| element.attribute("code")),
            guid: element.attribute("guid"),
            day: around.day,
            in_room: around.room.map(ToOwned::to_owned),
            place: element.place(),
            ..Event::default()
        };
        for child in &element.children {
            match child.name.as_str() {
                "date" => event.date = text(child, source),
                "start" => event.start = text(child, source),
                "end" => event.end = text(child, source),
                "duration" => event.duration = text(child, source),
                "room" => event.room = text(child, source),
                "slug" => event.slug = text(child, source),
                "title" => event.title = texts(child, source),
                "subtitle" => event.subtitle = texts(child, source),
                "abstract" => event.summary = texts(child, source),
                "description" => event.description = texts(child, source),
                "track" => event.track = text(child, source),
                "type" => event.kind = text(child, source),
                "language" => event.language = text(child, source),
                "url" => event.url = text(child, source),
                "persons" => {
                    for person in &child.children {
                        match person.name.as_str() {
                            "person" => event.persons.push(self.person(person)),
                            _ => self.left_out(child, person),
                        }
                    }
                }
                "person" => event.persons.push(self.person(child)),
                "links" => event.links.append(&mut self.links(child, "link")),
                "link" => event.links.push(self.link(child)),
                "attachments" => {
                    event
                        .attachments
                        .append(&mut self.links(child, "attachment"));
                }
                "attachment" => event.attachments.push(self.link(child)),
                _ => self.left_out(element, child),
            }
        }
        self.schedule.events.push(event);
    }

    fn person(&mut self, element: &Element) -> Person {
        self.attributes(element, &["id", "guid", "code", "name", "role"]);
        Person {
            id: element
                .attribute("id")
                .or_else(|| element.attribute("code")),
            guid: element.attribute("guid"),
            name: text(element, self.source).or_else(|| element.attribute("name")),
            role: element.attribute("role"),
            place: element.place(),
        }
    }

    fn links(&mut self, element: &Element, name: &str) -> Vec<Link> {
        let mut links = Vec::new();
        for child in &element.children {
            if child.name == name {
                links.push(self.link(child));
            } else {
                self.left_out(element, child);
            }
        }
        links
    }

    fn link(&mut self, element: &Element) -> Link {
        self.attributes(element, &["href", "url", "title", "type"]);
        let href = element
            .attribute("href")
            .or_else(|| element.attribute("url"));
        let title = text(element, self.source).or_else(|| element.attribute("title"));
        // Some write the address as the text.
        let (url, title) = match href {
            Some(url) => (Some(url), title),
            None => (title, None),
        };
        Link {
            title: title.filter(|title| Some(title) != url.as_ref()),
            url,
            kind: element.attribute("type"),
            place: element.place(),
        }
    }

    /// Notes an element that is not read, unless it says nothing.
    fn left_out(&mut self, around: &Element, element: &Element) {
        if !element.is_blank() {
            let name = format!("{}/{}", around.name, element.name);
            self.note(&element.name, &name, element);
        }
    }

    /// Notes the attributes that are not read.
    fn attributes(&mut self, element: &Element, read: &[&str]) {
        for (name, value) in &element.attributes {
            let of_xml = name.starts_with("xml") || name.contains(':');
            if !of_xml && !value.trim().is_empty() && !read.contains(&name.as_str()) {
                self.note(name, &format!("{}/@{name}", element.name), element);
            }
        }
    }

    fn note(&mut self, name: &str, full: &str, element: &Element) {
        let (kind, why) = if NOT_KEPT.contains(&name) {
            (OddityKind::NotKept, "has no place in Convoke")
        } else {
            (OddityKind::PartUnknown, "is not known")
        };
        self.oddities
            .tally(kind, &element.place(), format!("{} {why}", quoted(full)));
    }
}

/// What an element says: its text, or where it holds elements, its contents as HTML if that is what
/// they are.
fn text(element: &Element, source: &str) -> Option<String> {
    if element.children.is_empty() {
        return some(&element.text);
    }
    let inner = element.inner(source);
    if html::is_html(inner) {
        return some(inner);
    }
    some(&element.all_text())
}

fn texts(element: &Element, source: &str) -> Vec<Text> {
    let language = element.attribute("xml:lang");
    text(element, source)
        .map(|text| Text { language, text })
        .into_iter()
        .collect()
}
