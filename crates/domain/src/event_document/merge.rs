//! Laying a document over what is known: what it says holds, what it leaves out stays.

mod flat;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use flat::Flat;

use super::{
    ActionItemEntry, AppearanceEntry, AppearingKey, AwardEntry, DelegationEntry, EventDocument,
    GroupEntry, ItemEntry, LetterEntry, MembershipEntry, OrganizationEntry, ParticipantEntry,
    PartyKey, PersonEntry, PostEntry, ReleaseEntry, ReportEntry, ResolutionEntry, RoleEntry,
    RoomEntry, SeriesEntry, TrackEntry, VenueEntry,
};
use crate::appearance::AppearanceRole;
use crate::event::EventState;
use crate::event_organization::EventOrganizationRole;
use crate::text::{Key, LocalizedText};

/// Lays `new` over `known`. Entries are matched by their keys; those that only `known` has keep
/// their place behind those that they followed. A value that `new` leaves out keeps what `known`
/// says; a text keeps the languages that `new` does not speak.
pub fn merge(mut new: EventDocument, mut known: EventDocument) -> EventDocument {
    take_moved_delegates(&mut known.roles, &new.roles);
    take_moved_rooms(&mut known.venues, &new.venues);
    let status = new.status.or(known.status);
    let agenda = Flat::take(&mut new).over(Flat::take(&mut known));
    let mut merged = EventDocument {
        key: new.key,
        kind: new.kind.or(known.kind),
        status,
        // A reason goes with its state: where `new` brings the event to another, it is void.
        cancellation_reason: new
            .cancellation_reason
            .or(known.cancellation_reason)
            .filter(|_| status == Some(EventState::Cancelled)),
        visibility: new.visibility.or(known.visibility),
        title: text(new.title, Some(known.title)),
        alternative_titles: list(new.alternative_titles, known.alternative_titles),
        theme: optional_text(new.theme, known.theme),
        topics: list(new.topics, known.topics),
        locality: new.locality.or(known.locality),
        time: new.time,
        venue: new.venue.or(known.venue),
        room: new.room.or(known.room),
        capacity: new.capacity.or(known.capacity),
        room_change_minutes: new.room_change_minutes.or(known.room_change_minutes),
        parent: new.parent.or(known.parent),
        series: match (new.series, known.series) {
            (Some(new), Some(known)) if new.key == known.key => Some(new.over(known)),
            (new, known) => new.or(known),
        },
        venues: rows(new.venues, known.venues),
        organizations: rows(new.organizations, known.organizations),
        people: rows(new.people, known.people),
        roles: rows(new.roles, known.roles),
        groups: rows(new.groups, known.groups),
        participants: rows(new.participants, known.participants),
        appearances: rows(new.appearances, known.appearances),
        tracks: rows(new.tracks, known.tracks),
        agenda: Vec::new(),
        releases: Vec::new(),
        awards: Vec::new(),
        letters: rows(new.letters, known.letters),
        resolutions: Vec::new(),
        action_items: rows(new.action_items, known.action_items),
        reports: rows(new.reports, known.reports),
    };
    agenda.put(&mut merged);
    merged
}

/// Puts `new` in the place of `known`: of the event's own, nothing is left that `new` does not
/// hold. Places, organizations and people belong to the workspace and not to the event: what is
/// known of them stays, as [`merge`] has it, and so do their posts and members. Only that a body
/// was founded here, and the letter that a membership rests on, are the event's own.
pub fn replace(new: EventDocument, mut known: EventDocument) -> EventDocument {
    take_moved_rooms(&mut known.venues, &new.venues);
    let founded: BTreeSet<Key> = new
        .organizations
        .iter()
        .filter(|entry| entry.founded_here == Some(true))
        .map(|entry| entry.key.clone())
        .collect();
    let letters: BTreeSet<&Key> = new.letters.iter().map(|entry| &entry.key).collect();
    let venues_named: BTreeSet<&Key> = new.venues.iter().map(|entry| &entry.key).collect();
    let venues = known
        .venues
        .into_iter()
        .filter(|old| venues_named.contains(&old.key))
        .collect();
    // Of organizations and people all that is known is kept: one that `new` names may be part of
    // one that it does not name, have a post there or be its member.
    let mut organizations = rows(new.organizations, known.organizations);
    for entry in &mut organizations {
        entry.founded_here = founded.contains(&entry.key).then_some(true);
        for membership in &mut entry.memberships {
            membership.letter.take_if(|key| !letters.contains(key));
        }
    }
    EventDocument {
        venues: rows(new.venues, venues),
        people: rows(new.people, known.people),
        organizations,
        ..new
    }
}

/// A person is in one delegation, as its head or as a delegate: where `new` says, no longer where
/// `known` says.
fn take_moved_delegates(known: &mut [RoleEntry], new: &[RoleEntry]) {
    let named: BTreeSet<&Key> = new
        .iter()
        .filter_map(|role| role.delegation.as_ref())
        .flat_map(|delegation| delegation.head.iter().chain(&delegation.delegates))
        .collect();
    for delegation in known.iter_mut().filter_map(|role| role.delegation.as_mut()) {
        delegation.head.take_if(|head| named.contains(head));
        delegation.delegates.retain(|one| !named.contains(one));
    }
}

/// A room is in one venue: where `new` says, no longer where `known` says.
fn take_moved_rooms(known: &mut [VenueEntry], new: &[VenueEntry]) {
    let named: BTreeMap<&Key, &Key> = new
        .iter()
        .flat_map(|venue| venue.rooms.iter().map(|room| (&room.key, &venue.key)))
        .collect();
    for venue in known {
        venue.rooms.retain(|room| {
            named
                .get(&room.key)
                .is_none_or(|placed| **placed == venue.key)
        });
    }
}

fn list<T>(new: Vec<T>, known: Vec<T>) -> Vec<T> {
    if new.is_empty() { known } else { new }
}

fn text(new: LocalizedText, known: Option<LocalizedText>) -> LocalizedText {
    let Some(known) = known else { return new };
    let mut texts = known.texts().clone();
    texts.extend(new.texts().clone());
    LocalizedText::new(new.main_language().clone(), texts).unwrap_or(new)
}

fn optional_text(
    new: Option<LocalizedText>,
    known: Option<LocalizedText>,
) -> Option<LocalizedText> {
    match new {
        Some(new) => Some(text(new, known)),
        None => known,
    }
}

/// An entry that can be told from its siblings, and laid over an older one of itself.
trait Entry: Sized {
    type Key: Ord;
    fn key(&self) -> Self::Key;
    fn over(self, known: Self) -> Self;
}

fn rows<T: Entry>(new: Vec<T>, known: Vec<T>) -> Vec<T> {
    let mut places = BTreeMap::new();
    for (place, entry) in known.iter().enumerate() {
        // Of two with one key, which no document has, the first is taken.
        places.entry(entry.key()).or_insert(place);
    }
    let mut known: Vec<Option<T>> = known.into_iter().map(Some).collect();
    let merged = new.into_iter().map(|entry| {
        let place = places.get(&entry.key()).copied();
        match place.and_then(|place| known.get_mut(place)?.take()) {
            Some(old) => (place, entry.over(old)),
            None => (None, entry),
        }
    });
    let merged = merged.collect();
    in_order(merged, known)
}

/// Puts the entries that only `known` has among the merged ones, each of which comes with the
/// place of its known self, if it has one. The merged ones keep their order; the others stay behind
/// the known entry that they followed, or before all. One that is quite new stays behind the one
/// that it follows.
fn in_order<T>(merged: Vec<(Option<usize>, T)>, known: Vec<Option<T>>) -> Vec<T> {
    let anchors: BTreeSet<usize> = merged.iter().filter_map(|(place, _)| *place).collect();
    let mut followers: BTreeMap<Option<usize>, Vec<T>> = BTreeMap::new();
    let mut anchor = None;
    for (place, entry) in known.into_iter().enumerate() {
        if anchors.contains(&place) {
            anchor = Some(place);
        }
        followers.entry(anchor).or_default().extend(entry);
    }
    let mut ordered = followers.remove(&None).unwrap_or_default();
    let mut behind = Vec::new();
    for (place, entry) in merged {
        if place.is_some() {
            ordered.append(&mut behind);
            behind = followers.remove(&place).unwrap_or_default();
        }
        ordered.push(entry);
    }
    ordered.append(&mut behind);
    ordered
}

/// One of the terms for which somebody holds a post: told from others of the same post by its
/// beginning, which may become known later.
trait Term: Entry {
    type Post: Ord;
    fn post(&self) -> Self::Post;
    fn since(&mut self) -> &mut Option<NaiveDate>;
}

fn terms<T: Term>(mut new: Vec<T>, mut known: Vec<T>) -> Vec<T> {
    fn others<'a, T: Term>(
        terms: &'a mut [T],
        matched: &BTreeSet<T::Key>,
    ) -> BTreeMap<T::Post, Vec<&'a mut Option<NaiveDate>>> {
        let mut others: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for term in terms
            .iter_mut()
            .filter(|term| !matched.contains(&term.key()))
        {
            others.entry(term.post()).or_default().push(term.since());
        }
        others
    }

    let of_new: BTreeSet<_> = new.iter().map(Entry::key).collect();
    let of_known: BTreeSet<_> = known.iter().map(Entry::key).collect();
    let mut open = others(&mut known, &of_new);
    for (post, mut said) in others(&mut new, &of_known) {
        let [since] = said.as_mut_slice() else {
            continue;
        };
        let mut candidates = open.remove(&post).unwrap_or_default();
        // A beginning that was not known fits any; one that is left out fits the only one.
        if since.is_some() {
            candidates.retain(|old| old.is_none());
        }
        if let [old] = candidates.as_mut_slice() {
            let settled = since.or(**old);
            (**since, **old) = (settled, settled);
        }
    }
    rows(new, known)
}

impl Entry for VenueEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            address: self.address.or(known.address),
            rooms: rows(self.rooms, known.rooms),
            ..self
        }
    }
}

impl Entry for RoomEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            floor: self.floor.or(known.floor),
            capacity: self.capacity.or(known.capacity),
            accessibility: self.accessibility.or(known.accessibility),
            availability: list(self.availability, known.availability),
            ..self
        }
    }
}

impl Entry for SeriesEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            title: text(self.title, Some(known.title)),
            ..self
        }
    }
}

impl Entry for OrganizationEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            key: self.key,
            kind: self.kind.or(known.kind),
            name: text(self.name, Some(known.name)),
            aliases: list(self.aliases, known.aliases),
            parent: self.parent.or(known.parent),
            protocol_order: self.protocol_order.or(known.protocol_order),
            founded_here: self.founded_here.or(known.founded_here),
            level: self.level.or(known.level),
            goals: list(self.goals, known.goals),
            memberships: terms(self.memberships, known.memberships),
        }
    }
}

impl Entry for MembershipEntry {
    type Key = (PartyKey, Option<String>, Option<NaiveDate>);
    fn key(&self) -> Self::Key {
        (self.member.clone(), self.post.clone(), self.since)
    }
    fn over(self, known: Self) -> Self {
        Self {
            until: self.until.or(known.until),
            letter: self.letter.or(known.letter),
            ..self
        }
    }
}

impl Term for MembershipEntry {
    type Post = (PartyKey, Option<String>);
    fn post(&self) -> Self::Post {
        (self.member.clone(), self.post.clone())
    }
    fn since(&mut self) -> &mut Option<NaiveDate> {
        &mut self.since
    }
}

impl Entry for PersonEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        let mut further_names = known.further_names;
        further_names.extend(self.further_names);
        Self {
            key: self.key,
            name: self.name,
            transcription: self.transcription.or(known.transcription),
            further_names,
            email: self.email.or(known.email),
            telephone: self.telephone.or(known.telephone),
            language: self.language.or(known.language),
            posts: terms(self.posts, known.posts),
        }
    }
}

impl Entry for PostEntry {
    type Key = (String, Option<Key>, Option<NaiveDate>);
    fn key(&self) -> Self::Key {
        (self.title.clone(), self.organization.clone(), self.since)
    }
    fn over(self, known: Self) -> Self {
        Self {
            until: self.until.or(known.until),
            ..self
        }
    }
}

impl Term for PostEntry {
    type Post = (String, Option<Key>);
    fn post(&self) -> Self::Post {
        (self.title.clone(), self.organization.clone())
    }
    fn since(&mut self) -> &mut Option<NaiveDate> {
        &mut self.since
    }
}

impl Entry for RoleEntry {
    type Key = (Key, EventOrganizationRole);
    fn key(&self) -> Self::Key {
        (self.organization.clone(), self.role)
    }
    fn over(self, known: Self) -> Self {
        let delegation = match (self.delegation, known.delegation) {
            (Some(new), Some(known)) => Some(DelegationEntry {
                quota: new.quota.or(known.quota),
                head: new.head.or(known.head),
                liaison: new.liaison.or(known.liaison),
                due_at: new.due_at.or(known.due_at),
                returned_at: new.returned_at.or(known.returned_at),
                delegates: list(new.delegates, known.delegates),
            }),
            (new, known) => new.or(known),
        };
        Self {
            printed_name: self.printed_name.or(known.printed_name),
            delegation,
            ..self
        }
    }
}

impl Entry for GroupEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            expected_count: self.expected_count.or(known.expected_count),
            organization: self.organization.or(known.organization),
            ..self
        }
    }
}

impl Entry for ParticipantEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.person.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            person: self.person,
            category: self.category.or(known.category),
            status: self.status.or(known.status),
            representing: self.representing.or(known.representing),
            on_behalf_of: self.on_behalf_of.or(known.on_behalf_of),
            printed_name: self.printed_name.or(known.printed_name),
            printed_posts: self.printed_posts.or(known.printed_posts),
            availability: list(self.availability, known.availability),
        }
    }
}

impl Entry for AppearanceEntry {
    type Key = (AppearingKey, AppearanceRole);
    fn key(&self) -> Self::Key {
        (self.who.clone(), self.role)
    }
    fn over(self, known: Self) -> Self {
        Self {
            on_behalf_of: self.on_behalf_of.or(known.on_behalf_of),
            printed_name: self.printed_name.or(known.printed_name),
            printed_posts: self.printed_posts.or(known.printed_posts),
            ..self
        }
    }
}

impl Entry for TrackEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            color: self.color.or(known.color),
            ..self
        }
    }
}

impl Entry for ItemEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            title: optional_text(self.title, known.title),
            subtitle: optional_text(self.subtitle, known.subtitle),
            summary: optional_text(self.summary, known.summary),
            language: self.language.or(known.language),
            // A time is one value: a new beginning does not keep an old end.
            ends_at: if self.starts_at.is_some() {
                self.ends_at
            } else {
                known.ends_at
            },
            starts_at: self.starts_at.or(known.starts_at),
            room: self.room.or(known.room),
            track: self.track.or(known.track),
            expected_audience: self.expected_audience.or(known.expected_audience),
            url: self.url.or(known.url),
            links: list(self.links, known.links),
            attachments: list(self.attachments, known.attachments),
            appearances: rows(self.appearances, known.appearances),
            // What hangs on an item is merged on its own: see `Flat`.
            ..self
        }
    }
}

impl Entry for ReleaseEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            key: self.key,
            title: text(self.title, Some(known.title)),
            kind: self.kind.or(known.kind),
            url: self.url.or(known.url),
            recurring: self.recurring.or(known.recurring),
        }
    }
}

impl Entry for AwardEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            key: self.key,
            kind: self.kind,
            title: text(self.title, Some(known.title)),
            level: self.level.or(known.level),
            citation: optional_text(self.citation, known.citation),
            grantors: list(self.grantors, known.grantors),
            recipients: rows(self.recipients, known.recipients),
        }
    }
}

/// A recipient is nothing but who it is.
impl Entry for PartyKey {
    type Key = Self;
    fn key(&self) -> Self {
        self.clone()
    }
    fn over(self, _known: Self) -> Self {
        self
    }
}

impl Entry for LetterEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            since: self.since.or(known.since),
            until: self.until.or(known.until),
            issuers: list(self.issuers, known.issuers),
            signatory: self.signatory.or(known.signatory),
            number: self.number.or(known.number),
            status: self.status.or(known.status),
            ..self
        }
    }
}

impl Entry for ResolutionEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, _known: Self) -> Self {
        self
    }
}

impl Entry for ActionItemEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        Self {
            status: self.status.or(known.status),
            progress: self.progress.or(known.progress),
            set_by: self.set_by.or(known.set_by),
            responsible: list(self.responsible, known.responsible),
            due_on: self.due_on.or(known.due_on),
            recurring: self.recurring.or(known.recurring),
            ..self
        }
    }
}

impl Entry for ReportEntry {
    type Key = Key;
    fn key(&self) -> Key {
        self.key.clone()
    }
    fn over(self, known: Self) -> Self {
        // Day and time of publication are one fact.
        let dated = self.published_on.is_some() || self.published_at.is_some();
        let (published_on, published_at) = if dated {
            (self.published_on, self.published_at)
        } else {
            (known.published_on, known.published_at)
        };
        Self {
            title: self.title.or(known.title),
            published_on,
            published_at,
            url: self.url.or(known.url),
            credits: list(self.credits, known.credits),
            key_figures: list(self.key_figures, known.key_figures),
            documents_cited: list(self.documents_cited, known.documents_cited),
            ..self
        }
    }
}
