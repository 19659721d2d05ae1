//! Event documents: a whole event in one piece, made for a person to write and to send again.
//!
//! Things are named by the writer's own keys, never by ids. [`check`] says all that is wrong with
//! a document at once; [`merge`] lays a document over what is already known, so that what it does
//! not mention stays; [`replace`] lets it go, as far as it is the event's own.

mod check;
mod merge;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::action_item::ActionItemState;
use crate::agenda::AgendaItemKind;
use crate::appearance::AppearanceRole;
use crate::appointment_letter::LetterStatus;
use crate::availability::Window;
use crate::award::AwardKind;
use crate::event::{EventKind, EventState, EventVisibility};
use crate::event_organization::EventOrganizationRole;
use crate::link::Link;
use crate::organization::OrganizationKind;
use crate::participant::{ParticipantCategory, ParticipantState};
use crate::report::{Credit, KeyFigure};
use crate::text::{Key, LanguageTag, LocalizedText, Slug};
use crate::time::EventTime;

pub use check::check;
pub use merge::{merge, replace};

/// A whole event by its writer's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDocument {
    /// The event's slug: what it is found by when the document is sent again.
    pub key: Slug,
    /// What kind of event.
    pub kind: Option<EventKind>,
    /// The state it is in, or is to be brought to; untouched where not said.
    pub status: Option<EventState>,
    /// Why it was called off.
    pub cancellation_reason: Option<String>,
    /// Who may see it once it is published.
    pub visibility: Option<EventVisibility>,
    /// What it is called.
    pub title: LocalizedText,
    /// What it is also called.
    pub alternative_titles: Vec<String>,
    /// What it is about.
    pub theme: Option<LocalizedText>,
    /// The subjects it deals with.
    pub topics: Vec<String>,
    /// The town or district.
    pub locality: Option<String>,
    /// When it takes place.
    pub time: EventTime,
    /// The building, by its key in `venues`.
    pub venue: Option<Key>,
    /// The room, by its key in the venues' rooms.
    pub room: Option<Key>,
    /// How many can take part.
    pub capacity: Option<i32>,
    /// How many minutes people have to get from one room to another.
    pub room_change_minutes: Option<i32>,
    /// The event that it is part of, by its slug.
    pub parent: Option<Slug>,
    /// The series that it is one of.
    pub series: Option<SeriesEntry>,
    /// The places that the document speaks of.
    pub venues: Vec<VenueEntry>,
    /// The organizations that the document speaks of.
    pub organizations: Vec<OrganizationEntry>,
    /// The people that the document speaks of.
    pub people: Vec<PersonEntry>,
    /// The roles of organizations, in protocol order.
    pub roles: Vec<RoleEntry>,
    /// People whom nobody has named.
    pub groups: Vec<GroupEntry>,
    /// The participants, in protocol order.
    pub participants: Vec<ParticipantEntry>,
    /// Who does what for the whole event, in order.
    pub appearances: Vec<AppearanceEntry>,
    /// The strands of the agenda.
    pub tracks: Vec<TrackEntry>,
    /// The agenda, as a tree, in order.
    pub agenda: Vec<ItemEntry>,
    /// What is made public outside the agenda.
    pub releases: Vec<ReleaseEntry>,
    /// What is awarded outside the agenda.
    pub awards: Vec<AwardEntry>,
    /// The appointment letters.
    pub letters: Vec<LetterEntry>,
    /// What was decided.
    pub resolutions: Vec<ResolutionEntry>,
    /// What must now be done.
    pub action_items: Vec<ActionItemEntry>,
    /// How it was reported.
    pub reports: Vec<ReportEntry>,
}

/// A series, by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesEntry {
    /// Its key in the workspace.
    pub key: Key,
    /// What it is called.
    pub title: LocalizedText,
}

/// A venue with its rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueEntry {
    /// Its key in the workspace.
    pub key: Key,
    /// What it is called.
    pub name: String,
    /// Its postal address.
    pub address: Option<String>,
    /// Its rooms, in order.
    pub rooms: Vec<RoomEntry>,
}

/// A room of a venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomEntry {
    /// Its key, unique in the document.
    pub key: Key,
    /// What it is called.
    pub name: String,
    /// The floor.
    pub floor: Option<String>,
    /// How many it holds.
    pub capacity: Option<i32>,
    /// How it can be reached and used by people with disabilities.
    pub accessibility: Option<String>,
    /// When it can be used; always, where not said.
    pub availability: Vec<Window>,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationEntry {
    /// Its key in the workspace.
    pub key: Key,
    /// What it is.
    pub kind: Option<OrganizationKind>,
    /// What it is called.
    pub name: LocalizedText,
    /// What it is also called.
    pub aliases: Vec<String>,
    /// The organization that it is part of.
    pub parent: Option<Key>,
    /// Its rank among its siblings by protocol.
    pub protocol_order: Option<i32>,
    /// Whether it was founded at this event.
    pub founded_here: Option<bool>,
    /// Its standing.
    pub level: Option<String>,
    /// What it was founded for.
    pub goals: Vec<String>,
    /// Who belongs to it, in order.
    pub memberships: Vec<MembershipEntry>,
}

/// A person or an organization, by key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartyKey {
    /// A key in `people`.
    Person(Key),
    /// A key in `organizations`.
    Organization(Key),
}

/// Who appears, by key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AppearingKey {
    /// A key in `people`.
    Person(Key),
    /// A key in `organizations`.
    Organization(Key),
    /// A key in `groups`.
    Group(Key),
}

/// A member of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipEntry {
    /// Who.
    pub member: PartyKey,
    /// As what.
    pub post: Option<String>,
    /// The first day of the term.
    pub since: Option<NaiveDate>,
    /// The last day of the term.
    pub until: Option<NaiveDate>,
    /// The letter it rests on, by its key in `letters`.
    pub letter: Option<Key>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonEntry {
    /// Their key in the workspace.
    pub key: Key,
    /// Their full name as they write it.
    pub name: String,
    /// The name in Latin letters.
    pub transcription: Option<String>,
    /// The name in further scripts and languages.
    pub further_names: BTreeMap<LanguageTag, String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their telephone number.
    pub telephone: Option<String>,
    /// The language that they are written to in.
    pub language: Option<LanguageTag>,
    /// The positions they hold or held, in order.
    pub posts: Vec<PostEntry>,
}

/// A position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostEntry {
    /// What it is called.
    pub title: String,
    /// Where.
    pub organization: Option<Key>,
    /// The first day.
    pub since: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

/// The role of an organization in the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleEntry {
    /// The organization.
    pub organization: Key,
    /// The role.
    pub role: EventOrganizationRole,
    /// Its name as printed; what it is called, where not said.
    pub printed_name: Option<String>,
    /// The delegation that it sends.
    pub delegation: Option<DelegationEntry>,
}

/// A delegation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DelegationEntry {
    /// How many it may send.
    pub quota: Option<i32>,
    /// Who leads it.
    pub head: Option<Key>,
    /// Who sees to it.
    pub liaison: Option<Key>,
    /// Until when the list is to be returned.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was returned.
    pub returned_at: Option<DateTime<Utc>>,
    /// The delegates, the head not among them.
    pub delegates: Vec<Key>,
}

/// People whom nobody has named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupEntry {
    /// Its key in the event.
    pub key: Key,
    /// Who they are.
    pub description: String,
    /// How many.
    pub expected_count: Option<i32>,
    /// Where they come from.
    pub organization: Option<Key>,
}

/// A participant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantEntry {
    /// The person.
    pub person: Key,
    /// In what capacity.
    pub category: Option<ParticipantCategory>,
    /// How far it has come; untouched where not said.
    pub status: Option<ParticipantState>,
    /// The organization they come from.
    pub representing: Option<Key>,
    /// In whose stead.
    pub on_behalf_of: Option<PartyKey>,
    /// The name as printed; the person's, where not said.
    pub printed_name: Option<String>,
    /// The posts as printed; those held on the first day, where not said.
    pub printed_posts: Option<Vec<String>>,
    /// When they are there; all the time, where not said.
    pub availability: Vec<Window>,
}

/// An appearance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppearanceEntry {
    /// What they do.
    pub role: AppearanceRole,
    /// Who.
    pub who: AppearingKey,
    /// In whose name.
    pub on_behalf_of: Option<PartyKey>,
    /// The name as printed.
    pub printed_name: Option<String>,
    /// The posts as printed.
    pub printed_posts: Option<Vec<String>>,
}

/// A strand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackEntry {
    /// Its key in the event.
    pub key: Key,
    /// What it is called.
    pub name: String,
    /// Its colour, `#rrggbb`.
    pub color: Option<String>,
}

/// A node of the agenda tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemEntry {
    /// Its key in the event.
    pub key: Key,
    /// What happens.
    pub kind: AgendaItemKind,
    /// What it is called.
    pub title: Option<LocalizedText>,
    /// What stands below the title.
    pub subtitle: Option<LocalizedText>,
    /// What it is about.
    pub summary: Option<LocalizedText>,
    /// The language it is held in.
    pub language: Option<LanguageTag>,
    /// When it begins, by the clocks there.
    pub starts_at: Option<NaiveDateTime>,
    /// When it ends, by the clocks there.
    pub ends_at: Option<NaiveDateTime>,
    /// Where, by the room's key.
    pub room: Option<Key>,
    /// In which strand, by the track's key.
    pub track: Option<Key>,
    /// How many the organisers think will come.
    pub expected_audience: Option<i32>,
    /// Its own page.
    pub url: Option<String>,
    /// Where more about it is to be read, in order.
    pub links: Vec<Link>,
    /// What is handed out: slides, papers, in order.
    pub attachments: Vec<Link>,
    /// Who does what, in order.
    pub appearances: Vec<AppearanceEntry>,
    /// What is made public.
    pub releases: Vec<ReleaseEntry>,
    /// What is awarded.
    pub awards: Vec<AwardEntry>,
    /// What was decided.
    pub resolutions: Vec<ResolutionEntry>,
    /// The items that it is made of, in order.
    pub items: Vec<ItemEntry>,
}

/// Something made public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseEntry {
    /// Its key in the event.
    pub key: Key,
    /// What it is called.
    pub title: LocalizedText,
    /// What it is.
    pub kind: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// Whether it is made public again and again.
    pub recurring: Option<bool>,
}

/// An award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardEntry {
    /// Its key in the event.
    pub key: Key,
    /// What is given.
    pub kind: AwardKind,
    /// What it is called.
    pub title: LocalizedText,
    /// Its standing.
    pub level: Option<String>,
    /// What for.
    pub citation: Option<LocalizedText>,
    /// Who grants it, in order.
    pub grantors: Vec<Key>,
    /// Who got it, in order; empty where not known.
    pub recipients: Vec<PartyKey>,
}

/// An appointment letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterEntry {
    /// Its key in the event.
    pub key: Key,
    /// Who is appointed.
    pub appointee: Key,
    /// To which body.
    pub body: Key,
    /// To which post.
    pub post: String,
    /// The first day of the term.
    pub since: Option<NaiveDate>,
    /// The last day of the term.
    pub until: Option<NaiveDate>,
    /// Who issues it, in order.
    pub issuers: Vec<Key>,
    /// Who signs.
    pub signatory: Option<String>,
    /// The number it bears.
    pub number: Option<String>,
    /// What it is worth; untouched where not said.
    pub status: Option<LetterStatus>,
}

/// Something decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolutionEntry {
    /// Its key in the event.
    pub key: Key,
    /// What was decided.
    pub text: String,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionItemEntry {
    /// Its key in the event.
    pub key: Key,
    /// What.
    pub description: String,
    /// How far it has come; untouched where not said.
    pub status: Option<ActionItemState>,
    /// What was reported of it last.
    pub progress: Option<String>,
    /// Who set it.
    pub set_by: Option<Key>,
    /// Who is to do it, in order.
    pub responsible: Vec<Key>,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// Whether it is to be done again and again.
    pub recurring: Option<bool>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportEntry {
    /// Its key in the event.
    pub key: Key,
    /// What it is called.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: String,
    /// The day.
    pub published_on: Option<NaiveDate>,
    /// The time, by the clocks of the event's zone.
    pub published_at: Option<NaiveDateTime>,
    /// The language it is written in.
    pub language: LanguageTag,
    /// Where it can be read.
    pub url: Option<String>,
    /// Who made it.
    pub credits: Vec<Credit>,
    /// The figures it gives.
    pub key_figures: Vec<KeyFigure>,
    /// The documents it cites.
    pub documents_cited: Vec<String>,
}
