//! All that two agendas hold otherwise, thing by thing, whether or not anybody reads it.

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::hash::Hash;

use super::Change;
use super::order::side_by_side;
use crate::agenda::{Agenda, AgendaItem, AgendaParts, Track};
use crate::appearance::Appearance;
use crate::availability::Availability;
use crate::award::Award;
use crate::event::Event;
use crate::id::{
    AgendaItemId, AppearanceId, AwardId, OrganizationId, ParticipantGroupId, PersonId, ReleaseId,
    RoomId, TrackId,
};
use crate::organization::Organization;
use crate::participant::ParticipantGroup;
use crate::person::Person;
use crate::release::Release;
use crate::venue::Room;

/// A thing that an agenda holds.
pub(super) trait Entry: Clone + PartialEq + 'static {
    /// What its kind goes by.
    type Id: Copy + Ord + Hash + Debug;
    /// Its id.
    fn id(&self) -> Self::Id;
    /// Whether a reader who knew it as this finds nothing new in the other. Versions and the names
    /// that callers have for it are not read; nor are places, but only the order that they make;
    /// nor is what the organisers plan with.
    fn reads_like(&self, other: &Self) -> bool;
}

/// Declares what an agenda holds, each with its id and with what of it is not read.
macro_rules! entries {
    ($( $thing:ident $id:ident { $( $unread:ident ),+ } )+) => { $(
        impl Entry for $thing {
            type Id = $id;

            fn id(&self) -> $id {
                self.id
            }

            fn reads_like(&self, other: &Self) -> bool {
                let mut same = self.clone();
                $( same.$unread.clone_from(&other.$unread); )+
                same == *other
            }
        }
    )+ };
}

entries! {
    AgendaItem AgendaItemId { version, external_id, position, expected_audience }
    Track TrackId { version, external_id, position }
    Room RoomId { version, external_id, position, availability }
    Appearance AppearanceId { version, position }
    ParticipantGroup ParticipantGroupId { version, external_id, position }
    Release ReleaseId { version, external_id, position }
    Person PersonId { version, external_id }
    Organization OrganizationId { version, external_id }
}

impl Entry for Award {
    type Id = AwardId;

    fn id(&self) -> AwardId {
        self.id
    }

    fn reads_like(&self, other: &Self) -> bool {
        // Of those who got it, a reader sees who they are.
        let got = |award: &Self| -> Vec<_> {
            let recipients = award.recipients.iter();
            recipients.map(|recipient| recipient.recipient).collect()
        };
        let same = Self {
            version: other.version,
            external_id: other.external_id.clone(),
            position: other.position,
            recipients: other.recipients.clone(),
            ..self.clone()
        };
        got(self) == got(other) && same == *other
    }
}

/// Whether two lists read alike: the same things in the same order.
pub(super) fn read_alike<'a, T: Entry>(
    older: impl IntoIterator<Item = &'a T>,
    newer: impl IntoIterator<Item = &'a T>,
) -> bool {
    let mut newer = newer.into_iter();
    let same = older.into_iter().all(|before| {
        newer
            .next()
            .is_some_and(|after| before.id() == after.id() && before.reads_like(after))
    });
    same && newer.next().is_none()
}

/// Puts things that are kept without an order into one.
pub(super) fn sorted<'a, T: Entry, K: Ord>(
    things: impl Iterator<Item = &'a T>,
    by: impl Fn(&T) -> K,
) -> Vec<&'a T> {
    let mut list: Vec<_> = things.collect();
    list.sort_by_key(|thing| (by(thing), thing.id()));
    list
}

/// Every thing that is otherwise, by kind and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entries {
    event: Option<Change<Event>>,
    items: Vec<Change<AgendaItem>>,
    tracks: Vec<Change<Track>>,
    rooms: Vec<Change<Room>>,
    appearances: Vec<Change<Appearance>>,
    groups: Vec<Change<ParticipantGroup>>,
    releases: Vec<Change<Release>>,
    awards: Vec<Change<Award>>,
    people: Vec<Change<Person>>,
    organizations: Vec<Change<Organization>>,
    availability: Option<HashMap<PersonId, Availability>>,
}

impl Entries {
    /// What makes the one after of the one before.
    pub(super) fn between(before: &Agenda, after: &Agenda) -> Self {
        Self {
            event: (before.event != after.event).then(|| Change::Changed {
                before: before.event.clone(),
                after: after.event.clone(),
            }),
            items: changes(&before.items, &after.items),
            tracks: changes(before.tracks.values(), after.tracks.values()),
            rooms: changes(
                before.rooms.values().map(AsRef::as_ref),
                after.rooms.values().map(AsRef::as_ref),
            ),
            appearances: changes(
                before.appearances.values().flatten(),
                after.appearances.values().flatten(),
            ),
            groups: changes(before.groups.values(), after.groups.values()),
            releases: changes(
                before.releases.values().flatten(),
                after.releases.values().flatten(),
            ),
            awards: changes(
                before.awards.values().flatten(),
                after.awards.values().flatten(),
            ),
            people: changes(
                before.people.values().map(AsRef::as_ref),
                after.people.values().map(AsRef::as_ref),
            ),
            organizations: changes(
                before.organizations.values().map(AsRef::as_ref),
                after.organizations.values().map(AsRef::as_ref),
            ),
            availability: (before.availability != after.availability)
                .then(|| after.availability.clone()),
        }
    }

    /// Whether event, tracks, rooms, groups, people and organizations read as before.
    pub(super) fn leave_the_surroundings(&self) -> bool {
        // Of the event, an agenda shows by which clocks its times go, and no more.
        let same_event = self.event.as_ref().is_none_or(|change| {
            let zone = |event: &Event| event.time.zone;
            change.before().map(zone) == change.after().map(zone)
        });
        same_event
            && all_unread(&self.tracks)
            && all_unread(&self.rooms)
            && all_unread(&self.groups)
            && all_unread(&self.people)
            && all_unread(&self.organizations)
    }

    /// Lays it over an agenda.
    pub(super) fn lay_over(&self, agenda: &Agenda) -> AgendaParts {
        let event = self.event.as_ref().and_then(Change::after);
        let availability = self.availability.as_ref();
        AgendaParts {
            event: event.unwrap_or(&agenda.event).clone(),
            items: laid_over(&agenda.items, &self.items),
            tracks: laid_over(agenda.tracks.values(), &self.tracks),
            rooms: laid_over(agenda.rooms.values().map(AsRef::as_ref), &self.rooms),
            appearances: laid_over(agenda.appearances.values().flatten(), &self.appearances),
            groups: laid_over(agenda.groups.values(), &self.groups),
            releases: laid_over(agenda.releases.values().flatten(), &self.releases),
            awards: laid_over(agenda.awards.values().flatten(), &self.awards),
            people: laid_over(agenda.people.values().map(AsRef::as_ref), &self.people),
            organizations: laid_over(
                agenda.organizations.values().map(AsRef::as_ref),
                &self.organizations,
            ),
            availability: availability.unwrap_or(&agenda.availability).clone(),
        }
    }
}

fn all_unread<T: Entry>(changes: &[Change<T>]) -> bool {
    changes.iter().all(|change| match change {
        Change::Added(_) | Change::Removed(_) => false,
        Change::Changed { before, after } => before.reads_like(after),
    })
}

fn changes<'a, T: Entry>(
    older: impl IntoIterator<Item = &'a T>,
    newer: impl IntoIterator<Item = &'a T>,
) -> Vec<Change<T>> {
    let by_id = |_: &T| ();
    let older = sorted(older.into_iter(), by_id);
    let newer = sorted(newer.into_iter(), by_id);
    side_by_side(older, &newer)
        .into_iter()
        .filter(|change| change.before() != change.after())
        .map(Change::cloned)
        .collect()
}

fn laid_over<'a, T: Entry>(
    things: impl IntoIterator<Item = &'a T>,
    changes: &'a [Change<T>],
) -> Vec<T> {
    let spoken_of: HashSet<T::Id> = changes
        .iter()
        .flat_map(|change| change.before().into_iter().chain(change.after()))
        .map(Entry::id)
        .collect();
    let kept = things
        .into_iter()
        .filter(|thing| !spoken_of.contains(&thing.id()));
    kept.chain(changes.iter().filter_map(Change::after))
        .cloned()
        .collect()
}
