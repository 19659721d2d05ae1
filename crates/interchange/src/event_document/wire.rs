//! What a document looks like: the types that read and write it, and that its schema is made from.
//!
//! The names of the members are those that [`domain::event_document::check`] speaks of. The
//! comments on members are what the schema, and so an editor, tells the person who writes.

mod agenda;
mod directory;
mod follow_up;
mod participation;
mod text;

use chrono::NaiveDate;
use domain::event::{EventKind, EventState, EventVisibility};
use domain::time::{DayPart, TimeZone};
use domain::{Key, LanguageTag, Slug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::leaf::{Line, LocalTime, OneOf, Passage, Written};

pub(super) use agenda::{Appearance, Award, Item, Link, Release, Resolution, Track};
pub(super) use directory::{Membership, Organization, Party, Person, Post, Room, Venue};
pub(super) use follow_up::{ActionItem, Credit, KeyFigure, Letter, LetterWord, Report};
pub(super) use participation::{Delegation, Group, Participant, Role};
pub(super) use text::{Names, Text};

/// A whole event: what it is, who takes part, what happens, what came of it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Event {
    /// The event's slug. A document with the same key is the same event.
    pub(super) key: Written<Slug>,
    /// What kind of event it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<OneOf<EventKind>>,
    /// The state that it is in or is to be brought to. Left out: untouched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<OneOf<EventState>>,
    /// Why it was called off; only with the status CANCELLED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cancellation_reason: Option<Written<Passage>>,
    /// Who may see it once it is published. Left out: untouched, and PUBLIC for a new event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) visibility: Option<OneOf<EventVisibility>>,
    /// The language of every text that does not say its own.
    pub(super) language: Written<LanguageTag>,
    /// What it is called.
    pub(super) title: Text<Line>,
    /// What it is also called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) alternative_titles: Vec<Written<Line>>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) theme: Option<Text<Passage>>,
    /// The subjects it deals with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) topics: Vec<Written<Line>>,
    /// The town or district.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) locality: Option<Written<Line>>,
    /// When it takes place.
    pub(super) time: Time,
    /// The building, by its key in `venues`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) venue: Option<Written<Key>>,
    /// The room, by its key in the rooms of `venues`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) room: Option<Written<Key>>,
    /// How many can take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub(super) capacity: Option<i32>,
    /// How many minutes people have to get from one room to another; five, if nothing is said. With
    /// 0 it is not looked at. Only organisers are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 240))]
    pub(super) room_change_minutes: Option<i32>,
    /// The event that it is part of, by its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parent: Option<Written<Slug>>,
    /// The series that it is one of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) series: Option<Series>,
    /// The places that the document speaks of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) venues: Vec<Venue>,
    /// The organizations that the document speaks of, in any role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) organizations: Vec<Organization>,
    /// The people that the document speaks of, in any role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) people: Vec<Person>,
    /// What organizations are at the event, in protocol order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) roles: Vec<Role>,
    /// People whom nobody has named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<Group>,
    /// The participants, in protocol order. Who appears is one without being named here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) participants: Vec<Participant>,
    /// Who does what for the whole event: chairs it, leads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) appearances: Vec<Appearance>,
    /// The strands of the agenda.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) tracks: Vec<Track>,
    /// What happens, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) agenda: Vec<Item>,
    /// What is made public, but at no item of the agenda that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) releases: Vec<Release>,
    /// What is awarded, but at no item of the agenda that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) awards: Vec<Award>,
    /// The appointment letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) letters: Vec<Letter>,
    /// What was decided, but at no item of the agenda that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) resolutions: Vec<Resolution>,
    /// What must now be done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) action_items: Vec<ActionItem>,
    /// How the event was reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) reports: Vec<Report>,
}

/// When an event takes place, exactly as far as it is known.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "what the member is called")]
pub(super) struct Time {
    /// The time zone whose clocks the event goes by.
    pub(super) time_zone: Written<TimeZone>,
    /// The first day.
    pub(super) starts_on: Written<NaiveDate>,
    /// The last day, where it is not the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ends_on: Option<Written<NaiveDate>>,
    /// The part of the day, where no clock time is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) day_part: Option<OneOf<DayPart>>,
    /// When it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) starts_at: Option<Written<LocalTime>>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ends_at: Option<Written<LocalTime>>,
}

/// A stretch of time.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Window {
    /// When it begins.
    pub(super) starts_at: Written<LocalTime>,
    /// When it ends.
    pub(super) ends_at: Written<LocalTime>,
}

/// A series of events.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Series {
    /// Its key.
    pub(super) key: Written<Key>,
    /// What it is called.
    pub(super) title: Text<Line>,
}
