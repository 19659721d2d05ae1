//! The part of a workspace's directory that an event speaks of: its places, organizations and
//! people, by id and by key.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::event_document::{
    EventDocument, MembershipEntry, OrganizationEntry, PartyKey, PersonEntry, PostEntry, RoomEntry,
    SeriesEntry, VenueEntry,
};
use domain::id::{
    AppointmentLetterId, EventId, Kind, OrganizationId, PersonId, RoomId, SeriesId, VenueId,
    WorkspaceId,
};
use domain::organization::Party;
use domain::{Id, Key};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use crate::column::{DbId, Spelled};
use crate::entity::directory::{membership, organization, party, person, post};
use crate::entity::event::series;
use crate::entity::place::{room, venue};
use crate::error::Fault;
use crate::record::Thing;

/// SQLite takes 32,766 values in a statement.
const IDS_A_STATEMENT: usize = 30_000;

/// What is looked up: by id, as rows refer to it, or by key, as documents do.
#[derive(Clone)]
pub(crate) struct Wanted<K> {
    pub(crate) ids: BTreeSet<Id<K>>,
    pub(crate) keys: BTreeSet<Key>,
}

impl<K> Default for Wanted<K> {
    fn default() -> Self {
        Self {
            ids: BTreeSet::new(),
            keys: BTreeSet::new(),
        }
    }
}

/// What to load of a directory.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) venues: Wanted<domain::id::kind::Venue>,
    pub(crate) rooms: BTreeSet<RoomId>,
    /// Rooms by the keys of their venue and their own.
    named_rooms: BTreeSet<(Key, Key)>,
    pub(crate) series: Wanted<domain::id::kind::Series>,
    pub(crate) organizations: Wanted<domain::id::kind::Organization>,
    pub(crate) people: Wanted<domain::id::kind::Person>,
}

impl Scope {
    /// What a document names.
    pub(crate) fn add_keys_of(&mut self, document: &EventDocument) {
        self.venues
            .keys
            .extend(document.venues.iter().map(|entry| entry.key.clone()));
        for venue in &document.venues {
            let rooms = venue.rooms.iter();
            let names = rooms.map(|room| (venue.key.clone(), room.key.clone()));
            self.named_rooms.extend(names);
        }
        self.series
            .keys
            .extend(document.series.iter().map(|entry| entry.key.clone()));
        self.organizations
            .keys
            .extend(document.organizations.iter().map(|entry| entry.key.clone()));
        self.people
            .keys
            .extend(document.people.iter().map(|entry| entry.key.clone()));
    }
}

/// The rows.
#[derive(Default)]
pub(crate) struct Directory {
    pub(crate) series: HashMap<SeriesId, series::Model>,
    pub(crate) venues: HashMap<VenueId, venue::Model>,
    pub(crate) rooms: Vec<room::Model>,
    named_rooms: BTreeSet<(Key, Key)>,
    pub(crate) organizations: HashMap<OrganizationId, organization::Model>,
    pub(crate) people: HashMap<PersonId, person::Model>,
    pub(crate) posts: Vec<post::Model>,
    /// Of the organizations that were asked for, not of those that came along with them: else
    /// one committee would pull in the next.
    pub(crate) memberships: Vec<membership::Model>,
}

/// The key of a row: the caller's, or its id where no caller ever named it.
pub(crate) fn key<K: Kind>(external_id: Option<&Spelled<Key>>, id: Id<K>) -> Result<Key, Fault> {
    match external_id {
        Some(key) => Ok(key.0.clone()),
        None => id
            .to_string()
            .parse()
            .map_err(|_never| Fault::inconsistent("any", "external_id", id.uuid())),
    }
}

/// The rows whose `column` has one of these values, those of one value in the order that is asked
/// for.
async fn rows_in<E: EntityTrait, V: Into<sea_orm::Value> + Clone>(
    on: &impl ConnectionTrait,
    select: Select<E>,
    column: E::Column,
    values: Vec<V>,
) -> Result<Vec<E::Model>, Fault> {
    let mut rows = Vec::new();
    for some in values.chunks(IDS_A_STATEMENT) {
        let select = select.clone().filter(column.is_in(some.iter().cloned()));
        rows.extend(select.all(on).await?);
    }
    Ok(rows)
}

/// The rows of a workspace that a key or an id leads to, each once.
async fn wanted<K: Kind, E: Thing>(
    on: &impl ConnectionTrait,
    wanted: &Wanted<K>,
    in_workspace: SimpleExpr,
    external_id: E::Column,
) -> Result<Vec<E::Model>, Fault> {
    let by_key = wanted
        .keys
        .iter()
        .filter_map(|key| key.as_str().parse::<Id<K>>().ok());
    let ids = wanted.ids.iter().copied().chain(by_key).map(DbId).collect();
    let keys = wanted.keys.iter().cloned().map(Spelled).collect();
    let select = E::find().filter(in_workspace);
    let mut rows = rows_in(on, select.clone(), E::ID, ids).await?;
    let met: HashSet<_> = rows.iter().map(E::uuid).collect();
    let named = rows_in(on, select, external_id, keys).await?;
    rows.extend(named.into_iter().filter(|row| !met.contains(&E::uuid(row))));
    Ok(rows)
}

impl Directory {
    /// Loads what is in scope, and what it refers to.
    pub(crate) async fn load(
        on: &impl ConnectionTrait,
        workspace: WorkspaceId,
        scope: &Scope,
    ) -> Result<Self, Fault> {
        let mut directory = Self {
            named_rooms: scope.named_rooms.clone(),
            ..Self::default()
        };
        directory.load_places(on, workspace, scope).await?;
        directory.load_parties(on, workspace, scope).await?;
        Ok(directory)
    }

    async fn load_places(
        &mut self,
        on: &impl ConnectionTrait,
        workspace: WorkspaceId,
        scope: &Scope,
    ) -> Result<(), Fault> {
        let rows = wanted::<_, series::Entity>(
            on,
            &scope.series,
            series::Column::WorkspaceId.eq(DbId(workspace)),
            series::Column::ExternalId,
        )
        .await?;
        self.series = rows.into_iter().map(|row| (row.id.0, row)).collect();

        // A room is written down in its venue, so the venue comes with it.
        let used = rows_in(
            on,
            room::Entity::find().filter(room::Column::WorkspaceId.eq(DbId(workspace))),
            room::Column::Id,
            scope.rooms.iter().copied().map(DbId).collect(),
        )
        .await?;
        let mut venues = scope.venues.clone();
        venues
            .ids
            .extend(used.iter().filter_map(|room| room.venue_id).map(|id| id.0));
        let rows = wanted::<_, venue::Entity>(
            on,
            &venues,
            venue::Column::WorkspaceId.eq(DbId(workspace)),
            venue::Column::ExternalId,
        )
        .await?;
        self.venues = rows.into_iter().map(|row| (row.id.0, row)).collect();
        self.rooms = rows_in(
            on,
            room::Entity::find()
                .order_by_asc(room::Column::Position)
                .order_by_asc(room::Column::Id),
            room::Column::VenueId,
            self.venues.keys().copied().map(DbId).collect(),
        )
        .await?;
        Ok(())
    }

    async fn load_parties(
        &mut self,
        on: &impl ConnectionTrait,
        workspace: WorkspaceId,
        scope: &Scope,
    ) -> Result<(), Fault> {
        let (mut organizations, mut people) = (scope.organizations.clone(), scope.people.clone());
        let mut first = true;
        // Each round follows one more step of references: posts to organizations, parts to wholes.
        while !(organizations.ids.is_empty()
            && organizations.keys.is_empty()
            && people.ids.is_empty()
            && people.keys.is_empty())
        {
            let found = wanted::<_, organization::Entity>(
                on,
                &organizations,
                organization::Column::WorkspaceId.eq(DbId(workspace)),
                organization::Column::ExternalId,
            )
            .await?;
            let met = wanted::<_, person::Entity>(
                on,
                &people,
                person::Column::WorkspaceId.eq(DbId(workspace)),
                person::Column::ExternalId,
            )
            .await?;
            let posts = rows_in(
                on,
                post::Entity::find()
                    .order_by_asc(post::Column::Position)
                    .order_by_asc(post::Column::Id),
                post::Column::PersonId,
                met.iter().map(|row| row.id).collect(),
            )
            .await?;
            if first {
                self.memberships = rows_in(
                    on,
                    membership::Entity::find()
                        .order_by_asc(membership::Column::Position)
                        .order_by_asc(membership::Column::Id),
                    membership::Column::OrganizationId,
                    found.iter().map(|row| row.id).collect(),
                )
                .await?;
                first = false;
            }
            let mut next_organizations: BTreeSet<_> = found
                .iter()
                .filter_map(|row| row.parent_id)
                .map(|id| id.0)
                .collect();
            next_organizations.extend(
                posts
                    .iter()
                    .filter_map(|row| row.organization_id)
                    .map(|id| id.0),
            );
            let mut next_people = BTreeSet::new();
            for row in &self.memberships {
                match party(row.member_person_id, row.member_organization_id) {
                    Some(Party::Person(id)) => drop(next_people.insert(id)),
                    Some(Party::Organization(id)) => drop(next_organizations.insert(id)),
                    None => {}
                }
            }
            self.organizations
                .extend(found.into_iter().map(|row| (row.id.0, row)));
            self.people
                .extend(met.into_iter().map(|row| (row.id.0, row)));
            self.posts.extend(posts);
            next_organizations.retain(|id| !self.organizations.contains_key(id));
            next_people.retain(|id| !self.people.contains_key(id));
            organizations = Wanted {
                ids: next_organizations,
                keys: BTreeSet::new(),
            };
            people = Wanted {
                ids: next_people,
                keys: BTreeSet::new(),
            };
        }
        Ok(())
    }

    pub(crate) fn organization_key(&self, id: OrganizationId) -> Result<Key, Fault> {
        let row = self.organizations.get(&id);
        key(row.and_then(|row| row.external_id.as_ref()), id)
    }

    pub(crate) fn person_key(&self, id: PersonId) -> Result<Key, Fault> {
        key(
            self.people
                .get(&id)
                .and_then(|row| row.external_id.as_ref()),
            id,
        )
    }

    pub(crate) fn party_key(&self, party: Party) -> Result<PartyKey, Fault> {
        Ok(match party {
            Party::Person(id) => PartyKey::Person(self.person_key(id)?),
            Party::Organization(id) => PartyKey::Organization(self.organization_key(id)?),
        })
    }

    /// The rooms as documents name them: by a key that is unique among all venues of the document.
    pub(crate) fn room_keys(&self) -> Result<HashMap<RoomId, Key>, Fault> {
        let mut taken: BTreeSet<Key> = BTreeSet::new();
        let mut keys = HashMap::new();
        let mut others = Vec::new();
        // A room that a document names in its venue is the one that has the key there.
        for row in &self.rooms {
            let own = key(row.external_id.as_ref(), row.id.0)?;
            let venue = row.venue_id.and_then(|id| self.venues.get(&id.0));
            let named = match venue {
                Some(venue) => {
                    let venue = key(venue.external_id.as_ref(), venue.id.0)?;
                    self.named_rooms.contains(&(venue, own.clone()))
                }
                None => false,
            };
            if named && taken.insert(own.clone()) {
                keys.insert(row.id.0, own);
            } else {
                others.push((row, own));
            }
        }
        for (row, own) in others {
            // Two venues may each have a room `101`: the second goes by its id.
            let unique = if taken.contains(&own) {
                key(None, row.id.0)?
            } else {
                own
            };
            taken.insert(unique.clone());
            keys.insert(row.id.0, unique);
        }
        Ok(keys)
    }

    pub(crate) fn series_entry(&self, id: SeriesId) -> Result<Option<SeriesEntry>, Fault> {
        let Some(row) = self.series.get(&id) else {
            return Ok(None);
        };
        let key = key(row.external_id.as_ref(), id)?;
        Ok(Some(SeriesEntry {
            key,
            title: row.title.0.clone(),
        }))
    }

    pub(crate) fn venue_entries(&self) -> Result<Vec<VenueEntry>, Fault> {
        let room_keys = self.room_keys()?;
        let mut rooms: HashMap<_, Vec<_>> = HashMap::new();
        for room in &self.rooms {
            rooms
                .entry(room.venue_id.map(|id| id.0))
                .or_default()
                .push(room);
        }
        let mut venues: Vec<_> = self.venues.values().collect();
        venues.sort_by_key(|row| row.id.0);
        venues
            .into_iter()
            .map(|row| {
                let rooms = rooms
                    .remove(&Some(row.id.0))
                    .unwrap_or_default()
                    .into_iter();
                let rooms = rooms.filter_map(|room| {
                    Some(RoomEntry {
                        key: room_keys.get(&room.id.0)?.clone(),
                        name: room.name.clone(),
                        floor: room.floor.clone(),
                        capacity: room.capacity,
                        accessibility: room.accessibility.clone(),
                        availability: room.availability.0.windows().to_vec(),
                    })
                });
                Ok(VenueEntry {
                    key: key(row.external_id.as_ref(), row.id.0)?,
                    name: row.name.clone(),
                    address: row.address.clone(),
                    rooms: rooms.collect(),
                })
            })
            .collect()
    }

    /// The organizations, in the order in which they were entered. `event` is the one that the
    /// document is about; `letters` has the keys of its letters.
    pub(crate) fn organization_entries(
        &self,
        event: Option<EventId>,
        letters: &BTreeMap<AppointmentLetterId, Key>,
    ) -> Result<Vec<OrganizationEntry>, Fault> {
        let mut memberships: HashMap<_, Vec<_>> = HashMap::new();
        for one in &self.memberships {
            memberships
                .entry(one.organization_id.0)
                .or_default()
                .push(one);
        }
        let mut rows: Vec<_> = self.organizations.values().collect();
        rows.sort_by_key(|row| row.id.0);
        rows.into_iter()
            .map(|row| {
                let founded = row.founding_event_id.map(|id| id.0);
                let memberships = memberships
                    .remove(&row.id.0)
                    .unwrap_or_default()
                    .into_iter();
                Ok(OrganizationEntry {
                    key: self.organization_key(row.id.0)?,
                    kind: Some(row.kind.0),
                    name: row.name.0.clone(),
                    aliases: row.aliases.0.clone(),
                    parent: row
                        .parent_id
                        .map(|id| self.organization_key(id.0))
                        .transpose()?,
                    protocol_order: row.protocol_order,
                    founded_here: (founded.is_some() && founded == event).then_some(true),
                    level: row.level.clone(),
                    goals: row.goals.0.clone(),
                    memberships: memberships
                        .map(|one| self.membership_entry(one, letters))
                        .collect::<Result<_, _>>()?,
                })
            })
            .collect()
    }

    fn membership_entry(
        &self,
        row: &membership::Model,
        letters: &BTreeMap<AppointmentLetterId, Key>,
    ) -> Result<MembershipEntry, Fault> {
        let member = party(row.member_person_id, row.member_organization_id).ok_or_else(|| {
            Fault::inconsistent("membership", "member_person_id", row.id.0.uuid())
        })?;
        Ok(MembershipEntry {
            member: self.party_key(member)?,
            post: row.post.clone(),
            since: row.since,
            until: row.until,
            // A letter of another event cannot be named here; the membership keeps it.
            letter: row.letter_id.and_then(|id| letters.get(&id.0).cloned()),
        })
    }

    pub(crate) fn person_entries(&self) -> Result<Vec<PersonEntry>, Fault> {
        let mut posts: HashMap<_, Vec<_>> = HashMap::new();
        for post in &self.posts {
            posts.entry(post.person_id.0).or_default().push(post);
        }
        let mut rows: Vec<_> = self.people.values().collect();
        rows.sort_by_key(|row| row.id.0);
        rows.into_iter()
            .map(|row| {
                let posts = posts.remove(&row.id.0).unwrap_or_default().into_iter();
                let posts = posts.map(|post| {
                    let organization = post.organization_id.map(|id| self.organization_key(id.0));
                    Ok(PostEntry {
                        title: post.title.clone(),
                        organization: organization.transpose()?,
                        since: post.since,
                        until: post.until,
                    })
                });
                Ok(PersonEntry {
                    key: self.person_key(row.id.0)?,
                    name: row.name.clone(),
                    transcription: row.transcription.clone(),
                    further_names: row.further_names.0.clone(),
                    email: row.email.clone(),
                    telephone: row.telephone.clone(),
                    language: row.language.as_ref().map(|tag| tag.0.clone()),
                    posts: posts.collect::<Result<_, Fault>>()?,
                })
            })
            .collect()
    }
}
