//! The agenda: the tree of what happens at an event, with its rooms, tracks and people, as one
//! value that is loaded whole and never changes.

pub mod batch;
mod conflict;
mod diff;
pub mod edit;
pub mod history;
mod notice;
#[cfg(test)]
mod sample;
pub mod shift;
mod version;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::appearance::Appearance;
use crate::availability::Availability;
use crate::award::Award;
use crate::event::Event;
use crate::id::{
    AgendaItemId, EventId, OrganizationId, ParticipantGroupId, PersonId, RoomId, TrackId,
};
use crate::link::Link;
use crate::organization::Organization;
use crate::participant::ParticipantGroup;
use crate::person::Person;
use crate::release::Release;
use crate::text::{Key, LanguageTag, LocalizedText};
use crate::venue::Room;

pub use conflict::{Conflict, ConflictKind};
pub use diff::{AgendaDiff, Change, ItemAspect, ItemChange, ItemChangeKind};
pub use notice::PersonalChange;
pub use version::{AgendaRevision, AgendaVersion};

/// The levels of the deepest agenda that anybody can read.
pub const DEEPEST: usize = 8;

words! {
    /// What happens.
    AgendaItemKind, "agenda item kind" {
        /// The opening.
        Opening = "OPENING",
        /// A speech (讲话).
        Speech = "SPEECH",
        /// A speech of congratulation (致辞).
        CongratulatorySpeech = "CONGRATULATORY_SPEECH",
        /// A briefing (通报).
        Briefing = "BRIEFING",
        /// A keynote (主旨报告).
        Keynote = "KEYNOTE",
        /// A talk.
        Talk = "TALK",
        /// A panel.
        Panel = "PANEL",
        /// A discussion.
        Discussion = "DISCUSSION",
        /// A round table (座谈).
        RoundTable = "ROUND_TABLE",
        /// An analysis.
        Analysis = "ANALYSIS",
        /// Something is made public (发布).
        Release = "RELEASE",
        /// Awards are given (颁奖、授牌).
        AwardCeremony = "AWARD_CEREMONY",
        /// People are appointed and receive their letters (聘书).
        AppointmentCeremony = "APPOINTMENT_CEREMONY",
        /// Something is founded or set going (启动、揭牌).
        Launch = "LAUNCH",
        /// Something is signed (签约).
        Signing = "SIGNING",
        /// A visit on the spot (考察).
        Visit = "VISIT",
        /// A workshop.
        Workshop = "WORKSHOP",
        /// A break.
        Break = "BREAK",
        /// A meal.
        Meal = "MEAL",
        /// Signing in (签到).
        SignIn = "SIGN_IN",
        /// The closing.
        Closing = "CLOSING",
        /// Anything else, a day or a block of several items included.
        Other = "OTHER",
    }
}

impl AgendaItemKind {
    /// What such an item is called where it has no title of its own, in the language that suits
    /// the reader best of those we speak: Chinese and English.
    pub fn label(self, wished: &[LanguageTag]) -> &'static str {
        let chinese = wished
            .iter()
            .find_map(|tag| match tag.and_wider().last() {
                Some("zh") => Some(true),
                Some("en") => Some(false),
                _ => None,
            })
            .unwrap_or(false);
        let (chinese_label, english_label) = match self {
            Self::Opening => ("开幕", "Opening"),
            Self::Speech => ("讲话", "Speech"),
            Self::CongratulatorySpeech => ("致辞", "Congratulatory speech"),
            Self::Briefing => ("通报", "Briefing"),
            Self::Keynote => ("主旨报告", "Keynote"),
            Self::Talk => ("报告", "Talk"),
            Self::Panel => ("圆桌对话", "Panel"),
            Self::Discussion => ("讨论", "Discussion"),
            Self::RoundTable => ("座谈", "Round table"),
            Self::Analysis => ("分析", "Analysis"),
            Self::Release => ("发布", "Release"),
            Self::AwardCeremony => ("颁奖授牌", "Award ceremony"),
            Self::AppointmentCeremony => ("颁发聘书", "Appointment ceremony"),
            Self::Launch => ("启动仪式", "Launch"),
            Self::Signing => ("签约仪式", "Signing ceremony"),
            Self::Visit => ("考察", "Visit"),
            Self::Workshop => ("研讨", "Workshop"),
            Self::Break => ("休息", "Break"),
            Self::Meal => ("用餐", "Meal"),
            Self::SignIn => ("签到", "Sign-in"),
            Self::Closing => ("闭幕", "Closing"),
            Self::Other => ("议程", "Agenda item"),
        };
        if chinese {
            chinese_label
        } else {
            english_label
        }
    }
}

/// A node of the agenda tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaItem {
    /// Its id.
    pub id: AgendaItemId,
    /// The event.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What happens.
    pub kind: AgendaItemKind,
    /// What it is called; an item without a title goes by its kind.
    pub title: Option<LocalizedText>,
    /// What stands below the title.
    pub subtitle: Option<LocalizedText>,
    /// What it is about.
    pub summary: Option<LocalizedText>,
    /// The language it is held in.
    pub language: Option<LanguageTag>,
    /// The item that it is part of.
    pub parent_id: Option<AgendaItemId>,
    /// Its place among its siblings, from 0.
    pub position: i32,
    /// When it begins, by the clocks of the event's zone.
    pub starts_at: Option<NaiveDateTime>,
    /// When it ends, by the clocks of the event's zone.
    pub ends_at: Option<NaiveDateTime>,
    /// Where.
    pub room_id: Option<RoomId>,
    /// In which strand.
    pub track_id: Option<TrackId>,
    /// How many the organisers think will come to it.
    pub expected_audience: Option<i32>,
    /// Its own page.
    pub url: Option<String>,
    /// Where more about it is to be read, in order.
    pub links: Vec<Link>,
    /// What is handed out: slides, papers, in order.
    pub attachments: Vec<Link>,
}

/// A strand of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Its id.
    pub id: TrackId,
    /// The event.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What it is called.
    pub name: String,
    /// Its colour, `#rrggbb`.
    pub color: Option<String>,
    /// Its place in the list, from 0.
    pub position: i32,
}

/// All that an agenda is made of, as the store reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaParts {
    /// The event.
    pub event: Event,
    /// Its items, in any order.
    pub items: Vec<AgendaItem>,
    /// Its tracks.
    pub tracks: Vec<Track>,
    /// The rooms that its items are in.
    pub rooms: Vec<Room>,
    /// Who does what, on items and on the whole event.
    pub appearances: Vec<Appearance>,
    /// The groups that appear.
    pub groups: Vec<ParticipantGroup>,
    /// What is made public.
    pub releases: Vec<Release>,
    /// What is awarded.
    pub awards: Vec<Award>,
    /// The people who appear, or in whose name others do.
    pub people: Vec<Person>,
    /// The organizations that appear, in whose name others do, that grant or get what is awarded, or
    /// that groups come from.
    pub organizations: Vec<Organization>,
    /// When people are there, of those who are not there all the time.
    pub availability: HashMap<PersonId, Availability>,
}

/// When and where an item takes place, as far as anything says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakesPlace {
    /// When it begins, by the clocks there.
    pub starts_at: Option<NaiveDateTime>,
    /// When it ends, by the clocks there.
    pub ends_at: Option<NaiveDateTime>,
    /// In which room.
    pub room_id: Option<RoomId>,
}

/// The agenda of an event at one revision, loaded whole. Items stand in the order in which they
/// happen: each before its children, siblings by their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    event: Event,
    items: Vec<AgendaItem>,
    places: HashMap<AgendaItemId, usize>,
    children: HashMap<AgendaItemId, Vec<usize>>,
    tracks: HashMap<TrackId, Track>,
    rooms: HashMap<RoomId, Arc<Room>>,
    appearances: HashMap<Option<AgendaItemId>, Vec<Appearance>>,
    groups: HashMap<ParticipantGroupId, ParticipantGroup>,
    releases: HashMap<Option<AgendaItemId>, Vec<Release>>,
    awards: HashMap<Option<AgendaItemId>, Vec<Award>>,
    people: HashMap<PersonId, Arc<Person>>,
    organizations: HashMap<OrganizationId, Arc<Organization>>,
    availability: HashMap<PersonId, Availability>,
}

impl Agenda {
    /// Puts the parts in order. Items whose parent is not among them, or that are their own
    /// ancestors, would be lost: they are kept, as roots, after the rest.
    pub fn new(parts: AgendaParts) -> Self {
        let items = in_order(parts.items);
        let mut children: HashMap<_, Vec<_>> = HashMap::new();
        for (place, item) in items.iter().enumerate() {
            if let Some(parent) = item.parent_id {
                children.entry(parent).or_default().push(place);
            }
        }
        let mut releases = parts.releases;
        releases.sort_by_key(|release| (release.position, release.id));
        let mut awards = parts.awards;
        awards.sort_by_key(|award| (award.position, award.id));
        let mut appearances = parts.appearances;
        appearances.sort_by_key(|appearance| (appearance.position, appearance.id));
        Self {
            event: parts.event,
            places: items
                .iter()
                .enumerate()
                .map(|(place, item)| (item.id, place))
                .collect(),
            items,
            children,
            tracks: parts
                .tracks
                .into_iter()
                .map(|track| (track.id, track))
                .collect(),
            rooms: parts
                .rooms
                .into_iter()
                .map(|room| (room.id, Arc::new(room)))
                .collect(),
            appearances: grouped(appearances, |appearance| appearance.item_id),
            groups: parts
                .groups
                .into_iter()
                .map(|group| (group.id, group))
                .collect(),
            releases: grouped(releases, |release| release.item_id),
            awards: grouped(awards, |award| award.item_id),
            people: parts
                .people
                .into_iter()
                .map(|person| (person.id, Arc::new(person)))
                .collect(),
            organizations: parts
                .organizations
                .into_iter()
                .map(|organization| (organization.id, Arc::new(organization)))
                .collect(),
            availability: parts.availability,
        }
    }

    /// The agenda of an event on which nothing stands.
    pub fn empty(event: Event) -> Self {
        Self::new(AgendaParts {
            event,
            items: Vec::new(),
            tracks: Vec::new(),
            rooms: Vec::new(),
            appearances: Vec::new(),
            groups: Vec::new(),
            releases: Vec::new(),
            awards: Vec::new(),
            people: Vec::new(),
            organizations: Vec::new(),
            availability: HashMap::new(),
        })
    }

    /// The event.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// Every item, in the order in which they happen, whatever their depth.
    pub fn items(&self) -> &[AgendaItem] {
        &self.items
    }

    /// The item with this id.
    pub fn item(&self, id: AgendaItemId) -> Option<&AgendaItem> {
        self.items.get(self.place(id)?)
    }

    /// Where among [`Agenda::items`] the item with this id stands.
    pub fn place(&self, id: AgendaItemId) -> Option<usize> {
        self.places.get(&id).copied()
    }

    /// The items directly under `parent`, in order.
    pub fn children(&self, parent: AgendaItemId) -> impl Iterator<Item = &AgendaItem> {
        let places = self.children.get(&parent).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.items.get(*place))
    }

    /// Everybody's appearances on items, in no order.
    pub fn all_appearances(&self) -> impl Iterator<Item = &Appearance> {
        let on_items = self.appearances.iter().filter(|(item, _)| item.is_some());
        on_items.flat_map(|(_, all)| all)
    }

    /// All that is made public at items, in no order.
    pub fn all_releases(&self) -> impl Iterator<Item = &Release> {
        let at_items = self.releases.iter().filter(|(item, _)| item.is_some());
        at_items.flat_map(|(_, all)| all)
    }

    /// All that is awarded at items, in no order.
    pub fn all_awards(&self) -> impl Iterator<Item = &Award> {
        let at_items = self.awards.iter().filter(|(item, _)| item.is_some());
        at_items.flat_map(|(_, all)| all)
    }

    /// What is made public beside the items, in order.
    pub fn releases_beside(&self) -> &[Release] {
        self.releases.get(&None).map_or(&[], Vec::as_slice)
    }

    /// What is awarded beside the items, in order.
    pub fn awards_beside(&self) -> &[Award] {
        self.awards.get(&None).map_or(&[], Vec::as_slice)
    }

    /// Every strand, in no order.
    pub fn all_tracks(&self) -> impl Iterator<Item = &Track> {
        self.tracks.values()
    }

    /// Who appears on an item, or on the whole event, in order.
    pub fn appearances(&self, item: Option<AgendaItemId>) -> &[Appearance] {
        self.appearances.get(&item).map_or(&[], Vec::as_slice)
    }

    /// What is made public at an item, in order.
    pub fn releases(&self, item: AgendaItemId) -> &[Release] {
        self.releases.get(&Some(item)).map_or(&[], Vec::as_slice)
    }

    /// What is awarded at an item, in order.
    pub fn awards(&self, item: AgendaItemId) -> &[Award] {
        self.awards.get(&Some(item)).map_or(&[], Vec::as_slice)
    }

    /// The track with this id.
    pub fn track(&self, id: TrackId) -> Option<&Track> {
        self.tracks.get(&id)
    }

    /// The room with this id.
    pub fn room(&self, id: RoomId) -> Option<&Arc<Room>> {
        self.rooms.get(&id)
    }

    /// The group with this id.
    pub fn group(&self, id: ParticipantGroupId) -> Option<&ParticipantGroup> {
        self.groups.get(&id)
    }

    /// The person with this id, if they appear.
    pub fn person(&self, id: PersonId) -> Option<&Arc<Person>> {
        self.people.get(&id)
    }

    /// The organization with this id, if it appears.
    pub fn organization(&self, id: OrganizationId) -> Option<&Arc<Organization>> {
        self.organizations.get(&id)
    }

    /// When a person is there, if anything is said about it.
    pub fn availability(&self, person: PersonId) -> Option<&Availability> {
        self.availability.get(&person)
    }

    /// When and where an item takes place: what it does not say itself, it has from the item that it
    /// is part of.
    pub fn takes_place(&self, item: &AgendaItem) -> TakesPlace {
        let mut place = TakesPlace::default();
        let mut seen = HashSet::new();
        let mut next = Some(item);
        while let Some(item) = next.filter(|item| seen.insert(item.id)) {
            if place.starts_at.is_none() && item.starts_at.is_some() {
                (place.starts_at, place.ends_at) = (item.starts_at, item.ends_at);
            }
            place.room_id = place.room_id.or(item.room_id);
            next = item.parent_id.and_then(|id| self.item(id));
        }
        place
    }

    /// The instant that a wall-clock time of this agenda stands for.
    pub fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        self.event.time.zone.instant(local)
    }
}

fn grouped<T>(
    things: Vec<T>,
    item: impl Fn(&T) -> Option<AgendaItemId>,
) -> HashMap<Option<AgendaItemId>, Vec<T>> {
    let mut groups: HashMap<_, Vec<T>> = HashMap::new();
    for thing in things {
        groups.entry(item(&thing)).or_default().push(thing);
    }
    groups
}

/// Walks the tree: each item before its children, siblings by place and then by age.
fn in_order(mut items: Vec<AgendaItem>) -> Vec<AgendaItem> {
    let known: std::collections::HashSet<_> = items.iter().map(|item| item.id).collect();
    // Popped from the end, so the first comes last.
    items.sort_by_key(|item| std::cmp::Reverse((item.position, item.id)));
    let count = items.len();
    let mut waiting: HashMap<Option<AgendaItemId>, Vec<AgendaItem>> = HashMap::new();
    for item in items {
        let parent = item.parent_id.filter(|parent| known.contains(parent));
        waiting.entry(parent).or_default().push(item);
    }
    let mut ordered = Vec::with_capacity(count);
    let mut open = waiting.remove(&None).unwrap_or_default();
    loop {
        while let Some(item) = open.pop() {
            open.extend(waiting.remove(&Some(item.id)).unwrap_or_default());
            ordered.push(item);
        }
        // Only circles are left, if anything: break one open and go on.
        let Some(&circle) = waiting.keys().min() else {
            return ordered;
        };
        open = waiting.remove(&circle).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::Id;

    fn item(number: u128, parent: Option<u128>, position: i32) -> AgendaItem {
        let id = |number| Id::from_uuid(Uuid::from_u128(number));
        AgendaItem {
            parent_id: parent.map(id),
            position,
            ..AgendaItem::unknown(id(number), Id::from_uuid(Uuid::nil()))
        }
    }

    #[test]
    fn walks_the_tree_in_order() {
        let ordered = in_order(vec![
            item(5, Some(2), 1),
            item(1, None, 1),
            item(2, None, 0),
            item(4, Some(2), 0),
            item(3, Some(1), 0),
        ]);
        let numbers: Vec<_> = ordered
            .iter()
            .map(|item| item.id.uuid().as_u128())
            .collect();
        assert_eq!(numbers, [2, 4, 5, 1, 3]);
    }

    proptest! {
        /// Whatever the parents are, circles and strangers included, no item is lost or doubled,
        /// and a child of a sound tree follows its parent.
        #[test]
        fn loses_nothing(parents in prop::collection::vec(prop::option::of(0u128..12), 0..12)) {
            let items: Vec<_> = parents
                .iter()
                .enumerate()
                .map(|(number, parent)| item(number as u128, *parent, 0))
                .collect();
            let ordered = in_order(items);
            let mut numbers: Vec<_> = ordered.iter().map(|item| item.id.uuid().as_u128()).collect();
            numbers.sort_unstable();
            prop_assert_eq!(numbers, (0..parents.len() as u128).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_item_without_a_title_goes_by_its_kind() {
        let tag = |text: &str| vec![text.parse::<LanguageTag>().unwrap()];
        assert_eq!(AgendaItemKind::Speech.label(&tag("zh-Hans")), "讲话");
        assert_eq!(AgendaItemKind::Speech.label(&tag("fr")), "Speech");
        assert_eq!(AgendaItemKind::Speech.label(&[]), "Speech");
    }
}
