//! Writing the directory's part of a document: places, organizations, people, memberships.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use domain::Key;
use domain::event_document::{EventDocument, OrganizationEntry, PersonEntry};
use domain::id::{OrganizationId, PersonId, RoomId, SeriesId, VenueId};
use domain::organization::{OrganizationKind, Party};
use sea_orm::ConnectionTrait;

use super::{Writing, availability, place, unnamed};
use crate::column::{DbId, Json, Spelled};
use crate::directory::folded;
use crate::entity::directory::{membership, organization, party, party_columns, person, post};
use crate::entity::event::series;
use crate::entity::place::{room, venue};
use crate::error::Fault;
use crate::event_document::directory::Directory;
use crate::event_document::sync::{Ledger, Table};

/// Series, venues and rooms. None of them ever goes by an import: other events may use them.
pub(super) struct Places {
    series: Table<SeriesId, series::Entity>,
    venues: Table<VenueId, venue::Entity>,
    rooms: Table<RoomId, room::Entity>,
}

impl Places {
    pub(super) fn prepare(
        writing: &Writing<'_>,
        directory: &Directory,
        document: &EventDocument,
    ) -> Self {
        let series = directory.series.iter().map(|(id, row)| (*id, row.clone()));
        let venues = directory.venues.iter().map(|(id, row)| (*id, row.clone()));
        let mut places = Self {
            series: Table::new(series),
            venues: Table::new(venues),
            rooms: Table::new(directory.rooms.iter().map(|row| (row.id.0, row.clone()))),
        };
        if let Some(entry) = &document.series
            && let Some(id) = writing.ids.series.get(&entry.key)
        {
            let existing = places.series.existing(id);
            let row = series::Model {
                id: DbId(*id),
                workspace_id: writing.workspace_id(),
                version: 1,
                external_id: external_id(&entry.key, existing.map(|row| &row.external_id)),
                title: Json(entry.title.clone()),
            };
            places.series.should_be(id, row);
        }
        for entry in &document.venues {
            let Some(id) = writing.ids.venues.get(&entry.key) else {
                continue;
            };
            let existing = places.venues.existing(id);
            let row = venue::Model {
                id: DbId(*id),
                workspace_id: writing.workspace_id(),
                version: 1,
                external_id: external_id(&entry.key, existing.map(|row| &row.external_id)),
                name: entry.name.clone(),
                address: entry.address.clone(),
            };
            places.venues.should_be(id, row);
            for (index, entry) in entry.rooms.iter().enumerate() {
                let Some(room_id) = writing.ids.rooms.get(&entry.key) else {
                    continue;
                };
                let existing = places.rooms.existing(room_id);
                let row = room::Model {
                    id: DbId(*room_id),
                    workspace_id: writing.workspace_id(),
                    version: 1,
                    venue_id: Some(DbId(*id)),
                    external_id: external_id(&entry.key, existing.map(|row| &row.external_id)),
                    name: entry.name.clone(),
                    floor: entry.floor.clone(),
                    capacity: entry.capacity,
                    accessibility: entry.accessibility.clone(),
                    availability: availability(&entry.availability),
                    position: place(index),
                };
                places.rooms.should_be(room_id, row);
            }
        }
        places
    }

    pub(super) async fn write(
        &mut self,
        on: &impl ConnectionTrait,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), Fault> {
        self.series.write(on, ledger).await?;
        self.venues.write(on, ledger).await?;
        self.rooms.write(on, ledger).await
    }
}

/// The key that a row is stored with: it keeps the one it has, or has none, where the document
/// names it by its id.
fn external_id(key: &Key, existing: Option<&Option<Spelled<Key>>>) -> Option<Spelled<Key>> {
    match existing {
        Some(external_id) => external_id.clone(),
        None => Some(Spelled(key.clone())),
    }
}

type PostKey = (PersonId, String, Option<OrganizationId>, Option<NaiveDate>);
type MembershipKey = (OrganizationId, Party, Option<String>, Option<NaiveDate>);

/// Organizations and people, with posts and memberships. None of them ever goes by an import:
/// they belong to the workspace, and other events may speak of them.
pub(super) struct Parties {
    organizations: Table<OrganizationId, organization::Entity>,
    people: Table<PersonId, person::Entity>,
    posts: Table<PostKey, post::Entity>,
    memberships: Table<MembershipKey, membership::Entity>,
}

impl Parties {
    pub(super) fn prepare(
        writing: &mut Writing<'_>,
        directory: &Directory,
        document: &EventDocument,
    ) -> Result<Self, Fault> {
        // Only what belongs to those whom the document names is compared with it.
        let named_people: HashSet<_> = document
            .people
            .iter()
            .filter_map(|one| writing.ids.people.get(&one.key))
            .collect();
        let posts = directory
            .posts
            .iter()
            .filter(|row| named_people.contains(&row.person_id.0));
        let posts = posts.map(|row| {
            let organization = row.organization_id.map(|id| id.0);
            (
                (row.person_id.0, row.title.clone(), organization, row.since),
                row.clone(),
            )
        });
        let memberships = directory.memberships.iter().filter_map(|row| {
            let member = party(row.member_person_id, row.member_organization_id)?;
            Some((
                (row.organization_id.0, member, row.post.clone(), row.since),
                row.clone(),
            ))
        });
        let organizations = directory
            .organizations
            .iter()
            .map(|(id, row)| (*id, row.clone()));
        let mut parties = Self {
            organizations: Table::new(organizations),
            people: Table::new(directory.people.iter().map(|(id, row)| (*id, row.clone()))),
            posts: Table::new(posts),
            memberships: Table::new(memberships),
        };
        for entry in parents_first(&document.organizations) {
            parties.organization(writing, entry)?;
        }
        for entry in &document.people {
            parties.person(writing, entry)?;
        }
        Ok(parties)
    }

    fn organization(
        &mut self,
        writing: &Writing<'_>,
        entry: &OrganizationEntry,
    ) -> Result<(), Fault> {
        let id = writing.ids.organizations.get(&entry.key).copied();
        let id = id.ok_or_else(|| unnamed("organization", "external_id"))?;
        let existing = self.organizations.existing(&id);
        let founded_before = existing.and_then(|row| row.founding_event_id);
        let founding_event_id = match entry.founded_here {
            Some(true) => Some(writing.event_id()),
            // What was founded elsewhere stays so; what was said to be founded here, was not.
            Some(false) | None => founded_before.filter(|event| event.0 != writing.event_id),
        };
        let aliases = entry.aliases.iter().map(String::as_str);
        let searched = entry.name.main_first().chain(aliases);
        let row = organization::Model {
            id: DbId(id),
            workspace_id: writing.workspace_id(),
            version: 1,
            external_id: external_id(&entry.key, existing.map(|row| &row.external_id)),
            kind: Spelled(entry.kind.unwrap_or(OrganizationKind::Other)),
            name: Json(entry.name.clone()),
            sort_name: entry.name.main_text().to_owned(),
            search_text: folded(searched),
            aliases: Json(entry.aliases.clone()),
            parent_id: writing.ids.organization(entry.parent.as_ref()),
            protocol_order: entry.protocol_order,
            founding_event_id,
            level: entry.level.clone(),
            goals: Json(entry.goals.clone()),
        };
        self.organizations.should_be(&id, row);

        let without_beginning: HashSet<_> = entry
            .memberships
            .iter()
            .filter(|one| one.since.is_none())
            .map(|one| (writing.ids.party(Some(&one.member)), &one.post))
            .collect();
        for (index, entry) in entry.memberships.iter().enumerate() {
            let Some(member) = writing.ids.party(Some(&entry.member)) else {
                continue;
            };
            let mut key = (id, member, entry.post.clone(), entry.since);
            // The document holds all that is known. So a row whose beginning was not known, and
            // that is not in it as such, is the one whose beginning is now known.
            let before = (id, member, entry.post.clone(), None);
            if self.memberships.existing(&key).is_none()
                && self.memberships.existing(&before).is_some()
                && !without_beginning.contains(&(Some(member), &entry.post))
            {
                key = before;
            }
            let existing = self.memberships.existing(&key);
            let (member_person_id, member_organization_id) = party_columns(Some(member));
            let letter = entry
                .letter
                .as_ref()
                .and_then(|key| writing.ids.letters.get(key));
            let row = membership::Model {
                id: match existing {
                    Some(row) => row.id,
                    None => DbId(writing.store.mint()?),
                },
                workspace_id: writing.workspace_id(),
                version: 1,
                organization_id: DbId(id),
                member_person_id,
                member_organization_id,
                post: entry.post.clone(),
                since: entry.since,
                until: entry.until,
                // A letter of another event cannot be named in this document: it stays.
                letter_id: letter.copied().map(DbId).or(existing.and_then(|row| {
                    row.letter_id
                        .filter(|id| !writing.ids.own_letters.contains(&id.0))
                })),
                position: place(index),
            };
            self.memberships.should_be(&key, row);
        }
        Ok(())
    }

    fn person(&mut self, writing: &Writing<'_>, entry: &PersonEntry) -> Result<(), Fault> {
        let id = writing.ids.people.get(&entry.key).copied();
        let id = id.ok_or_else(|| unnamed("person", "external_id"))?;
        let existing = self.people.existing(&id);
        let names = std::iter::once(&entry.name).chain(&entry.transcription);
        let searched = names
            .chain(entry.further_names.values())
            .map(String::as_str);
        let row = person::Model {
            id: DbId(id),
            workspace_id: writing.workspace_id(),
            version: 1,
            external_id: external_id(&entry.key, existing.map(|row| &row.external_id)),
            name: entry.name.clone(),
            search_text: folded(searched),
            transcription: entry.transcription.clone(),
            further_names: Json(entry.further_names.clone()),
            email: entry.email.clone(),
            telephone: entry.telephone.clone(),
            language: entry.language.clone().map(Spelled),
        };
        self.people.should_be(&id, row);

        let without_beginning: HashSet<_> = entry
            .posts
            .iter()
            .filter(|post| post.since.is_none())
            .map(|post| (&post.title, &post.organization))
            .collect();
        for (index, entry) in entry.posts.iter().enumerate() {
            let organization_id = writing.ids.organization(entry.organization.as_ref());
            let organization = organization_id.map(|id| id.0);
            let mut key = (id, entry.title.clone(), organization, entry.since);
            // As with memberships.
            let before = (id, entry.title.clone(), organization, None);
            if self.posts.existing(&key).is_none()
                && self.posts.existing(&before).is_some()
                && !without_beginning.contains(&(&entry.title, &entry.organization))
            {
                key = before;
            }
            let row = post::Model {
                id: match self.posts.existing(&key) {
                    Some(row) => row.id,
                    None => DbId(writing.store.mint()?),
                },
                workspace_id: writing.workspace_id(),
                version: 1,
                person_id: DbId(id),
                title: entry.title.clone(),
                organization_id,
                since: entry.since,
                until: entry.until,
                position: place(index),
            };
            self.posts.should_be(&key, row);
        }
        Ok(())
    }

    pub(super) async fn write(
        &mut self,
        on: &impl ConnectionTrait,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), Fault> {
        self.organizations.write(on, ledger).await?;
        self.people.write(on, ledger).await?;
        self.posts.write(on, ledger).await
    }

    /// After the letters that they rest on.
    pub(super) async fn write_memberships(
        &mut self,
        on: &impl ConnectionTrait,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), Fault> {
        self.memberships.write(on, ledger).await
    }
}

/// A whole before its parts, so that each row finds what it refers to.
fn parents_first(entries: &[OrganizationEntry]) -> Vec<&OrganizationEntry> {
    let by_key: BTreeMap<_, _> = entries.iter().map(|entry| (&entry.key, entry)).collect();
    let mut done: HashSet<&Key> = HashSet::new();
    let mut ordered = Vec::with_capacity(entries.len());
    for entry in entries {
        // Up to the first that is done already, then down again. A circle, which no checked
        // document has, would end where it began.
        let mut way = Vec::new();
        let mut next = Some(entry);
        while let Some(entry) = next.filter(|entry| done.insert(&entry.key)) {
            way.push(entry);
            next = entry
                .parent
                .as_ref()
                .and_then(|key| by_key.get(key))
                .copied();
        }
        ordered.extend(way.into_iter().rev());
    }
    ordered
}
