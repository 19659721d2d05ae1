//! The `schedule.json` of the c3voc: version 1, as frab and pretalx write it, where events stand in
//! rooms and rooms in days; and version 2, where they stand in a list of their own.
//!
//! Both are read by the same code, which takes each part from wherever it stands.

mod tree;

use domain::problem::Problem;

use super::oddity::{Oddities, OddityKind, Place, quoted};
use super::{Day, Event, Link, Person, Room, Schedule, Text, Track, impossible, some};
use tree::Node;

/// Members that the formats know and Convoke has no place for.
const NOT_KEPT: &[&str] = &[
    "answers",
    "assembly",
    "avatar",
    "avatar_url",
    "biography",
    "colors",
    "daysCount",
    "do_not_record",
    "do_not_stream",
    "email",
    "features",
    "feedback_url",
    "generator",
    "license",
    "links",
    "logo",
    "meta",
    "origin_url",
    "recording_license",
    "service",
    "slug",
    "stream_id",
    "timeslot_duration",
    "type",
    "url",
    "version",
    "description",
    "video_download_url",
];

/// Whether it looks like a schedule.
pub(super) fn is_schedule(text: &str) -> bool {
    let root = tree::parse(text);
    let members = root.as_ref().ok().and_then(Node::members);
    let named = |wanted: &str| {
        members.is_some_and(|members| members.iter().any(|(name, _)| name == wanted))
    };
    named("schedule") || (named("conference") && !named("key"))
}

/// Reads a schedule.
pub(super) fn read(text: &str) -> Result<(Schedule, Oddities), Problem> {
    let root = tree::parse(text)?;
    let mut reading = Reading {
        schedule: Schedule::default(),
        oddities: Oddities::default(),
    };
    let at = At::default();
    let Some(members) = root.members() else {
        return Err(impossible("is no schedule: it is not an object"));
    };
    if let Some((name, schedule)) = members.iter().find(|(name, _)| name == "schedule") {
        for (other, node) in members {
            if other != name && other != "$schema" {
                reading.left_out("", other, node, &at.member(other));
            }
        }
        reading.root(schedule, &at.member(name));
    } else if members.iter().any(|(name, _)| name == "conference") {
        reading.root(&root, &at);
    } else {
        return Err(impossible("is no schedule: it has no member `schedule`"));
    }
    Ok((reading.schedule, reading.oddities))
}

/// A path in the document, which is spelled only where something is to be told of it.
#[derive(Clone, Copy, Default)]
struct At<'a> {
    around: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Default)]
enum Step<'a> {
    #[default]
    Root,
    Member(&'a str),
    Entry(usize),
}

impl<'a> At<'a> {
    fn member(&'a self, name: &'a str) -> Self {
        Self {
            around: Some(self),
            step: Step::Member(name),
        }
    }

    fn entry(&'a self, index: usize) -> Self {
        Self {
            around: Some(self),
            step: Step::Entry(index),
        }
    }

    fn place(&self) -> Place {
        let mut path = String::new();
        self.spell(&mut path);
        Place::Path(path)
    }

    fn spell(&self, path: &mut String) {
        if let Some(around) = self.around {
            around.spell(path);
        }
        match self.step {
            Step::Root => {}
            Step::Member(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.extend(name.chars().take(80));
            }
            Step::Entry(index) => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
        }
    }
}

struct Reading {
    schedule: Schedule,
    oddities: Oddities,
}

impl Reading {
    fn root(&mut self, node: &Node, at: &At<'_>) {
        for (name, node) in defined_first(self.members(node, at)) {
            let at = at.member(name);
            match name.as_str() {
                "conference" => self.conference(node, &at),
                "base_url" => self.schedule.conference.base_url = self.text(node, &at),
                "tracks" => self.each(node, &at, Self::track),
                "rooms" => self.each(node, &at, Self::room),
                "days" => self.days(node, &at),
                "events" => self.events(node, &at, None, None),
                _ => self.left_out("schedule", name, node, &at),
            }
        }
    }

    fn conference(&mut self, node: &Node, at: &At<'_>) {
        for (name, node) in defined_first(self.members(node, at)) {
            let at = at.member(name);
            match name.as_str() {
                "title" => self.schedule.conference.title = self.texts(node, &at),
                "subtitle" => self.schedule.conference.subtitle = self.texts(node, &at),
                "description" => self.schedule.conference.description = self.texts(node, &at),
                "acronym" => self.schedule.conference.acronym = self.text(node, &at),
                "start" => self.schedule.conference.start = self.text(node, &at),
                "end" => self.schedule.conference.end = self.text(node, &at),
                "day_change" => self.schedule.conference.day_change = self.text(node, &at),
                "time_zone_name" => self.schedule.conference.time_zone = self.text(node, &at),
                "venue" => self.schedule.conference.venue = self.text(node, &at),
                "city" => self.schedule.conference.city = self.text(node, &at),
                "base_url" => self.schedule.conference.base_url = self.text(node, &at),
                "url" => {
                    // Not kept, but good enough to make relative addresses whole.
                    if self.schedule.conference.base_url.is_none() {
                        self.schedule.conference.base_url = self.text(node, &at);
                    }
                    self.left_out("conference", name, node, &at);
                }
                "language" | "languages" => {
                    self.schedule.conference.languages = self.strings(node, &at);
                }
                "keywords" => self.schedule.conference.keywords = self.strings(node, &at),
                "tracks" => self.each(node, &at, Self::track),
                "rooms" => self.each(node, &at, Self::room),
                "days" => self.days(node, &at),
                "events" => self.events(node, &at, None, None),
                _ => self.left_out("conference", name, node, &at),
            }
        }
    }

    /// Calls `read` for each entry of a list.
    fn each(&mut self, node: &Node, at: &At<'_>, read: fn(&mut Self, &Node, &At<'_>)) {
        for (index, node) in self.entries(node, at).iter().enumerate() {
            read(self, node, &at.entry(index));
        }
    }

    fn track(&mut self, node: &Node, at: &At<'_>) {
        let mut track = Track {
            place: at.place(),
            ..Track::default()
        };
        if let Node::Text(name) = node {
            track.name.clone_from(name);
        } else {
            for (name, node) in self.members(node, at) {
                let at = at.member(name);
                match name.as_str() {
                    "name" => track.name = self.text(node, &at).unwrap_or_default(),
                    "color" => track.color = self.text(node, &at),
                    _ => self.left_out("track", name, node, &at),
                }
            }
        }
        if let Some(name) = some(&track.name) {
            self.schedule.tracks.push(Track { name, ..track });
        }
    }

    fn room(&mut self, node: &Node, at: &At<'_>) {
        let mut room = Room {
            place: at.place(),
            ..Room::default()
        };
        if let Node::Text(name) = node {
            room.name.clone_from(name);
        } else {
            for (name, node) in self.members(node, at) {
                let at = at.member(name);
                match name.as_str() {
                    "name" => room.name = self.text(node, &at).unwrap_or_default(),
                    "guid" => room.guid = self.text(node, &at),
                    "capacity" => room.capacity = self.text(node, &at),
                    _ => self.left_out("room", name, node, &at),
                }
            }
        }
        if let Some(name) = some(&room.name) {
            self.schedule.add_room(Room { name, ..room });
        }
    }

    fn days(&mut self, node: &Node, at: &At<'_>) {
        for (index, node) in self.entries(node, at).iter().enumerate() {
            let at = at.entry(index);
            let place = self.schedule.days.len();
            self.schedule.days.push(Day {
                place: at.place(),
                ..Day::default()
            });
            let mut day = Day {
                place: at.place(),
                ..Day::default()
            };
            for (name, node) in self.members(node, &at) {
                let at = at.member(name);
                match name.as_str() {
                    "index" => day.index = self.text(node, &at),
                    "date" => day.date = self.text(node, &at),
                    "day_start" | "start" => day.start = self.text(node, &at),
                    "day_end" | "end" => day.end = self.text(node, &at),
                    "rooms" => self.rooms_of_day(node, &at, place),
                    "events" => self.events(node, &at, Some(place), None),
                    _ => self.left_out("day", name, node, &at),
                }
            }
            if let Some(noted) = self.schedule.days.get_mut(place) {
                *noted = day;
            }
        }
    }

    /// The rooms of a day: an object of lists of events, by the names of the rooms.
    fn rooms_of_day(&mut self, node: &Node, at: &At<'_>, day: usize) {
        for (name, node) in self.members(node, at) {
            let Some(room) = some(name) else {
                self.events(node, &at.member(name), Some(day), None);
                continue;
            };
            self.schedule.add_room(Room {
                name: room.clone(),
                place: at.member(name).place(),
                ..Room::default()
            });
            self.events(node, &at.member(name), Some(day), Some(&room));
        }
    }

    fn events(&mut self, node: &Node, at: &At<'_>, day: Option<usize>, room: Option<&str>) {
        for (index, node) in self.entries(node, at).iter().enumerate() {
            let at = at.entry(index);
            if node.members().is_none() {
                self.shape(&at, "an object");
                continue;
            }
            let mut event = self.event(node, &at);
            event.day = day;
            event.in_room = room.map(ToOwned::to_owned);
            self.schedule.events.push(event);
        }
    }

    fn event(&mut self, node: &Node, at: &At<'_>) -> Event {
        let mut event = Event {
            place: at.place(),
            ..Event::default()
        };
        let mut code = None;
        for (name, node) in self.members(node, at) {
            let at = at.member(name);
            match name.as_str() {
                "id" => event.id = self.text(node, &at),
                "code" => code = self.text(node, &at),
                "guid" => event.guid = self.text(node, &at),
                "slug" => event.slug = self.text(node, &at),
                "date" => event.date = self.text(node, &at),
                "start" => event.start = self.text(node, &at),
                "end" => event.end = self.text(node, &at),
                "duration" => event.duration = self.text(node, &at),
                "room" => event.room = self.room_named(node, &at),
                "title" => event.title = self.texts(node, &at),
                "subtitle" => event.subtitle = self.texts(node, &at),
                "abstract" => event.summary = self.texts(node, &at),
                "description" => event.description = self.texts(node, &at),
                "track" => event.track = self.named(node, &at),
                "type" => event.kind = self.named(node, &at),
                "language" => event.language = self.text(node, &at),
                "url" => event.url = self.text(node, &at),
                "persons" | "participants" | "speakers" => {
                    for (index, node) in self.entries(node, &at).iter().enumerate() {
                        let person = self.person(node, &at.entry(index));
                        event.persons.push(person);
                    }
                }
                "links" => event.links.append(&mut self.links(node, &at)),
                "attachments" => event.attachments.append(&mut self.links(node, &at)),
                _ => self.left_out("event", name, node, &at),
            }
        }
        event.id = event.id.or(code);
        event
    }

    /// A room by its name, or by an object that has one.
    fn room_named(&mut self, node: &Node, at: &At<'_>) -> Option<String> {
        let members = node.members().unwrap_or_default();
        let member = |wanted: &str| {
            let found = members.iter().find(|(name, _)| name == wanted);
            found.and_then(|(_, node)| node.as_text())
        };
        let Some(guid) = member("guid") else {
            return self.named(node, at);
        };
        let known = self.schedule.rooms.iter();
        let known = known
            .filter(|room| room.guid.as_ref() == Some(&guid))
            .map(|room| room.name.clone())
            .next();
        // A room that is described nowhere else goes by what is known of it.
        let name = known
            .or_else(|| member("name"))
            .unwrap_or_else(|| guid.clone());
        self.schedule.add_room_of(&name, guid, at);
        Some(name)
    }

    /// What is named by a text, or by an object with a name.
    fn named(&mut self, node: &Node, at: &At<'_>) -> Option<String> {
        let members = node.members().unwrap_or_default();
        match members.iter().find(|(name, _)| name == "name") {
            Some((_, Node::Object(_))) => {
                let texts = self.texts(node, at);
                texts.into_iter().next().map(|text| text.text)
            }
            Some((name, node)) => self.text(node, &at.member(name)),
            // In several languages: the first.
            None if !members.is_empty() => {
                let texts = self.texts(node, at);
                texts.into_iter().next().map(|text| text.text)
            }
            None => self.text(node, at),
        }
    }

    fn person(&mut self, node: &Node, at: &At<'_>) -> Person {
        let mut person = Person {
            place: at.place(),
            ..Person::default()
        };
        if let Node::Text(name) = node {
            person.name = some(name);
            return person;
        }
        let (mut code, mut public) = (None, None);
        for (name, node) in self.members(node, at) {
            let at = at.member(name);
            match name.as_str() {
                "id" => person.id = self.text(node, &at),
                "code" => code = self.text(node, &at),
                "guid" => person.guid = self.text(node, &at),
                "name" => person.name = self.text(node, &at),
                "public_name" | "full_public_name" => {
                    public = self.text(node, &at).or(public);
                }
                "role" => person.role = self.text(node, &at),
                _ => self.left_out("person", name, node, &at),
            }
        }
        person.id = person.id.or(code);
        person.name = public.or(person.name);
        person
    }

    fn links(&mut self, node: &Node, at: &At<'_>) -> Vec<Link> {
        let mut links = Vec::new();
        for (index, node) in self.entries(node, at).iter().enumerate() {
            let at = at.entry(index);
            let mut link = Link {
                place: at.place(),
                ..Link::default()
            };
            if let Node::Text(url) = node {
                link.url = some(url);
            } else {
                for (name, node) in self.members(node, &at) {
                    let at = at.member(name);
                    match name.as_str() {
                        "url" | "href" => link.url = self.text(node, &at),
                        "title" | "name" => link.title = self.text(node, &at),
                        "type" => link.kind = self.text(node, &at),
                        _ => self.left_out("link", name, node, &at),
                    }
                }
            }
            link.title
                .take_if(|title| Some(&*title) == link.url.as_ref());
            links.push(link);
        }
        links
    }

    /// The members of an object; none of what is none.
    fn members<'n>(&mut self, node: &'n Node, at: &At<'_>) -> &'n [(String, Node)] {
        if node.members().is_none() && !node.is_blank() {
            self.shape(at, "an object");
        }
        node.members().unwrap_or_default()
    }

    /// The entries of a list; the values of an object, which some write for a list.
    fn entries<'n>(&mut self, node: &'n Node, at: &At<'_>) -> &'n [Node] {
        if let Node::List(entries) = node {
            return entries;
        }
        if !node.is_blank() {
            self.shape(at, "a list");
        }
        &[]
    }

    fn text(&mut self, node: &Node, at: &At<'_>) -> Option<String> {
        let text = node.as_text();
        if text.is_none() && !node.is_blank() {
            self.shape(at, "a text");
        }
        text
    }

    /// A text, or an object of texts by their languages.
    fn texts(&mut self, node: &Node, at: &At<'_>) -> Vec<Text> {
        let Some(members) = node.members() else {
            return self.text(node, at).into_iter().map(Text::plain).collect();
        };
        let mut texts = Vec::new();
        for (language, node) in members {
            if let Some(text) = self.text(node, &at.member(language)) {
                let language = Some(language.clone());
                texts.push(Text { language, text });
            }
        }
        texts
    }

    fn strings(&mut self, node: &Node, at: &At<'_>) -> Vec<String> {
        if let Node::Text(text) = node {
            return some(text).into_iter().collect();
        }
        let mut strings = Vec::new();
        for (index, node) in self.entries(node, at).iter().enumerate() {
            strings.extend(self.text(node, &at.entry(index)));
        }
        strings
    }

    fn shape(&mut self, at: &At<'_>, due: &str) {
        let message = format!("is not {due}, and left out");
        self.oddities
            .add(OddityKind::ShapeUnknown, &at.place(), None, message);
    }

    /// Notes a member that is not read, unless it says nothing.
    fn left_out(&mut self, around: &str, name: &str, node: &Node, at: &At<'_>) {
        if node.is_blank() {
            return;
        }
        let (kind, why) = if NOT_KEPT.contains(&name) {
            (OddityKind::NotKept, "has no place in Convoke")
        } else {
            (OddityKind::PartUnknown, "is not known")
        };
        let full = quoted(format!("{around}.{name}").trim_start_matches('.'));
        self.oddities
            .tally(kind, &at.place(), format!("{full} {why}"));
    }
}

/// The members, those that refer to others behind them: rooms may be named by their guids.
fn defined_first(members: &[(String, Node)]) -> impl Iterator<Item = &(String, Node)> {
    let refers = |name: &str| matches!(name, "days" | "events");
    let first = members.iter().filter(move |(name, _)| !refers(name));
    first.chain(members.iter().filter(move |(name, _)| refers(name)))
}

impl Schedule {
    /// Notes a room that an event describes, unless its guid is known.
    fn add_room_of(&mut self, name: &str, guid: String, at: &At<'_>) {
        let known = self.rooms.iter();
        if !known
            .into_iter()
            .any(|room| room.guid.as_ref() == Some(&guid))
        {
            self.rooms.push(Room {
                name: name.to_owned(),
                guid: Some(guid),
                capacity: None,
                place: at.place(),
            });
        }
    }
}
