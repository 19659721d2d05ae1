//! The schedules that conferences publish: the XML of pentabarf, frab and pretalx, and the
//! `schedule.json` of the c3voc in both of its versions.
//!
//! None of the files that are published keep to the letter of the format, so reading is liberal:
//! [`read`] takes what it understands and notes what is odd, [`lower`] makes an event document of
//! it and notes what has no place there. Only what leaves nothing to import is a problem.

mod conflict;
mod html;
mod json;
mod key;
mod kind;
mod lower;
mod oddity;
mod time;
mod url;
mod xml;

use domain::event_document::EventDocument;
use domain::problem::{Path, Problem};
use domain::time::TimeZone;
use domain::{LanguageTag, Slug};

pub use conflict::{Conflict, Slot, Where, conflicts};
pub use lower::lower;
pub use oddity::{MOST_TOLD, Oddities, Oddity, OddityKind, Place};

/// The most bytes that a schedule may have: ten times the largest that is known.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;
/// The most elements, or JSON values, that a schedule may have.
const MOST_PARTS: usize = 1_000_000;
/// More rooms than anything has.
const MOST_ROOMS: usize = 10_000;
/// The deepest that elements, or JSON values, may stand in each other.
const DEEPEST: usize = 64;

/// How a schedule is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// XML.
    Xml,
    /// JSON, of either version.
    Json,
}

/// What the one who imports says of a schedule that does not say it, or says it otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The event's slug; else made of the acronym or the title.
    pub slug: Option<Slug>,
    /// The zone by whose clocks it goes; else the one that the schedule names.
    pub time_zone: Option<TimeZone>,
    /// The language of all texts that do not say theirs.
    pub language: Option<LanguageTag>,
}

/// A schedule as it was written, whatever the format. A text that is not there, or is blank, is
/// `None`; what it means is found out by [`lower`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    /// What it is the schedule of.
    pub conference: Conference,
    /// The strands that are declared, in order; events may name others.
    pub tracks: Vec<Track>,
    /// The rooms, each again where more is said of it, in order.
    pub rooms: Vec<Room>,
    /// The days, in order.
    pub days: Vec<Day>,
    /// What happens, in order.
    pub events: Vec<Event>,
}

/// The conference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conference {
    /// What it is called.
    pub title: Vec<Text>,
    /// What stands below the title.
    pub subtitle: Vec<Text>,
    /// What it is about.
    pub description: Vec<Text>,
    /// What it is called for short.
    pub acronym: Option<String>,
    /// The first day, perhaps with a time.
    pub start: Option<String>,
    /// The last day, perhaps with a time.
    pub end: Option<String>,
    /// Until when in the night it is still the day before.
    pub day_change: Option<String>,
    /// The name of its time zone.
    pub time_zone: Option<String>,
    /// The languages that are spoken, the most important first.
    pub languages: Vec<String>,
    /// The building.
    pub venue: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// What its relative addresses are relative to.
    pub base_url: Option<String>,
    /// Its subjects.
    pub keywords: Vec<String>,
}

/// A text, and its language where that is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The language.
    pub language: Option<String>,
    /// The text.
    pub text: String,
}

impl Text {
    /// A text that does not say its language.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            language: None,
            text: text.into(),
        }
    }
}

/// A strand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Track {
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub color: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Room {
    /// What it is called.
    pub name: String,
    /// Its id in the whole world.
    pub guid: Option<String>,
    /// How many it holds.
    pub capacity: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A day, which may end in the small hours of the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    /// Its number, from 1.
    pub index: Option<String>,
    /// Its date.
    pub date: Option<String>,
    /// When it begins.
    pub start: Option<String>,
    /// When it ends.
    pub end: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// Something that happens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its id in the schedule.
    pub id: Option<String>,
    /// Its id in the whole world.
    pub guid: Option<String>,
    /// Its name in web addresses.
    pub slug: Option<String>,
    /// On which of the days it stands, by the place among them.
    pub day: Option<usize>,
    /// The name of the room that it stands in.
    pub in_room: Option<String>,
    /// The name of the room that it says itself.
    pub room: Option<String>,
    /// When it begins: date and time.
    pub date: Option<String>,
    /// When it begins: the time, or in version 2 date and time.
    pub start: Option<String>,
    /// When it ends.
    pub end: Option<String>,
    /// How long it lasts.
    pub duration: Option<String>,
    /// What it is called.
    pub title: Vec<Text>,
    /// What stands below the title.
    pub subtitle: Vec<Text>,
    /// What it is about, in short.
    pub summary: Vec<Text>,
    /// What it is about, at length.
    pub description: Vec<Text>,
    /// Its strand, by the name.
    pub track: Option<String>,
    /// What kind of event.
    pub kind: Option<String>,
    /// The language it is held in.
    pub language: Option<String>,
    /// Its own page.
    pub url: Option<String>,
    /// Who is on stage, in order.
    pub persons: Vec<Person>,
    /// Where more is to be read, in order.
    pub links: Vec<Link>,
    /// What is handed out, in order.
    pub attachments: Vec<Link>,
    /// Where it stands.
    pub place: Place,
}

/// Someone on stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Their id, or code, where the schedule was made.
    pub id: Option<String>,
    /// Their id in the whole world.
    pub guid: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// What they do.
    pub role: Option<String>,
    /// Where they stand.
    pub place: Place,
}

/// A link or an attachment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// The address.
    pub url: Option<String>,
    /// What it is called.
    pub title: Option<String>,
    /// What it is.
    pub kind: Option<String>,
    /// Where it stands.
    pub place: Place,
}

impl Schedule {
    /// Notes a room, unless that says nothing new.
    fn add_room(&mut self, room: Room) {
        let adds = |new: &Option<String>, known: &Option<String>| new.is_some() && new != known;
        // More than can be imported need not be told apart.
        let known = self.rooms.len() <= MOST_ROOMS
            && self.rooms.iter().any(|one| {
                let more = adds(&room.guid, &one.guid) || adds(&room.capacity, &one.capacity);
                one.name == room.name && !more
            });
        if !known {
            self.rooms.push(room);
        }
    }
}

/// A schedule as an event document, and what was odd about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lowered {
    /// The document.
    pub document: EventDocument,
    /// All that was odd.
    pub oddities: Oddities,
}

/// Reads a schedule: what was understood of it, and what was odd.
pub fn read(text: &str, format: Format) -> Result<(Schedule, Oddities), Problem> {
    if text.len() > MOST_BYTES {
        let most = MOST_BYTES / 1024 / 1024;
        return Err(impossible(format!("has more than {most} MiB")));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        Format::Xml => xml::read(text),
        Format::Json => json::read(text),
    }
}

/// Whether a text is the JSON of a schedule, and not of something else such as an event document.
pub fn is_json(text: &str) -> bool {
    json::is_schedule(text)
}

/// Reads a schedule, and makes an event document of it.
pub fn import(text: &str, format: Format, choices: &Choices) -> Result<Lowered, Vec<Problem>> {
    let (schedule, oddities) = read(text, format).map_err(|problem| vec![problem])?;
    lower(&schedule, choices, oddities)
}

fn impossible(message: impl std::fmt::Display) -> Problem {
    Problem::invalid(&Path::root(), message)
}

/// A text without blanks around it, if there is one.
fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
