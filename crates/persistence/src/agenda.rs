//! Reading agendas: each whole, as one value, in a fixed number of statements however many
//! items it has and however many agendas are read.

use std::collections::{BTreeSet, HashMap};

use domain::access::{Actor, Permission};
use domain::agenda::{Agenda, AgendaItem, AgendaParts, Track};
use domain::appearance::{Appearance, Appearing};
use domain::event::Event;
use domain::id::{AgendaItemId, EventId, OrganizationId, PersonId, kind};
use domain::organization::{Organization, Party};
use domain::participant::ParticipantGroup;
use domain::person::Person;
use domain::release::Release;
use domain::venue::Room;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::ceremony;
use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::directory::{organization, person};
use crate::entity::event::event;
use crate::entity::participation::participant_group;
use crate::entity::place::room;
use crate::error::Fault;
use crate::owned::{self, Of};
use crate::sight;
use crate::store::Store;

/// SQLite takes 32,766 values in a statement. Whoever asks for so many agendas that one is not
/// enough, is served with more.
const IDS_A_STATEMENT: usize = 30_000;

impl Store {
    /// The agendas of events as they are now: for who may edit them, of every event; for all
    /// others, of those that are published. Twelve statements, which see one moment.
    pub async fn agendas(&self, actor: &Actor, events: &[EventId]) -> Result<Vec<Agenda>, Fault> {
        let tx = self.snapshot().await?;
        let events: Vec<Event> = event::Entity::find()
            .filter(event::Column::Id.is_in(events.iter().copied().map(DbId)))
            .filter(
                Condition::any()
                    .add(sight::events(&actor.sight(Permission::AgendaEdit)))
                    .add(
                        sight::events(&actor.sight(Permission::PublicRead))
                            .add(event::Column::PublishedAt.is_not_null()),
                    ),
            )
            .all(tx.on())
            .await?
            .into_iter()
            .map(event::Model::event)
            .collect::<Result<_, _>>()?;
        let agendas = agendas(tx.on(), actor, events).await?;
        tx.commit().await?;
        Ok(agendas)
    }

    /// Which events agenda items belong to: the way from an item to its agenda.
    pub async fn events_of_items(
        &self,
        actor: &Actor,
        ids: &[AgendaItemId],
    ) -> Result<HashMap<AgendaItemId, EventId>, Fault> {
        let rows: Vec<(DbId<kind::AgendaItem>, DbId<kind::Event>)> = agenda_item::Entity::find()
            .select_only()
            .column(agenda_item::Column::Id)
            .column(agenda_item::Column::EventId)
            .filter(agenda_item::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::not_of_a_draft(
                actor,
                agenda_item::Column::WorkspaceId,
                agenda_item::Column::EventId,
            ))
            .filter(sight::owned_by_event(
                &actor.sight(Permission::PublicRead),
                agenda_item::Column::WorkspaceId,
                agenda_item::Column::EventId,
            ))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(item, event)| (item.0, event.0))
            .collect())
    }

    /// Tracks, in order.
    pub async fn tracks(&self, actor: &Actor, of: Of<kind::Track>) -> Result<Vec<Track>, Fault> {
        let permission = Permission::PublicRead;
        let rows = owned::rows::<track::Entity>(self.read(), actor, permission, of);
        Ok(rows.await?.into_iter().map(Track::from).collect())
    }

    /// Appearances, in order, on items and on whole events.
    pub async fn appearances(
        &self,
        actor: &Actor,
        of: Of<kind::Appearance>,
    ) -> Result<Vec<Appearance>, Fault> {
        let permission = Permission::PublicRead;
        let rows = owned::rows::<appearance::Entity>(self.read(), actor, permission, of);
        rows.await?
            .into_iter()
            .map(appearance::Model::appearance)
            .collect()
    }

    /// Releases, in order.
    pub async fn releases(
        &self,
        actor: &Actor,
        of: Of<kind::Release>,
    ) -> Result<Vec<Release>, Fault> {
        let permission = Permission::PublicRead;
        let rows = owned::rows::<release::Entity>(self.read(), actor, permission, of);
        Ok(rows.await?.into_iter().map(Release::from).collect())
    }
}

async fn agendas(
    on: &impl ConnectionTrait,
    actor: &Actor,
    events: Vec<Event>,
) -> Result<Vec<Agenda>, Fault> {
    let ids: Vec<EventId> = events.iter().map(|event| event.id).collect();
    let of = || Of::Events(ids.clone());
    let public = Permission::PublicRead;
    let items = owned::rows::<agenda_item::Entity>(on, actor, public, of()).await?;
    let tracks = owned::rows::<track::Entity>(on, actor, public, Of::Events(ids.clone())).await?;
    let appearances =
        owned::rows::<appearance::Entity>(on, actor, public, Of::Events(ids.clone())).await?;
    let appearances: Vec<Appearance> = appearances
        .into_iter()
        .map(appearance::Model::appearance)
        .collect::<Result<_, _>>()?;
    let groups =
        owned::rows::<participant_group::Entity>(on, actor, public, Of::Events(ids.clone()))
            .await?;
    let releases =
        owned::rows::<release::Entity>(on, actor, public, Of::Events(ids.clone())).await?;
    let awards = ceremony::awards(on, actor, Of::Events(ids.clone())).await?;

    // What these refer to is of the same workspace, and seen by whoever sees the agenda.
    let mut room_ids: Vec<_> = items.iter().filter_map(|item| item.room_id).collect();
    room_ids.sort_by_key(|id| id.0);
    room_ids.dedup();
    let mut rooms = Vec::new();
    for ids in room_ids.chunks(IDS_A_STATEMENT) {
        let these = room::Column::Id.is_in(ids.iter().copied());
        rooms.extend(room::Entity::find().filter(these).all(on).await?);
    }
    let (people_ids, organization_ids) = parties(&appearances);
    let people_ids: Vec<_> = people_ids.into_iter().map(DbId).collect();
    let mut people = Vec::new();
    for ids in people_ids.chunks(IDS_A_STATEMENT) {
        let these = person::Column::Id.is_in(ids.iter().copied());
        people.extend(person::Entity::find().filter(these).all(on).await?);
    }
    let organization_ids: Vec<_> = organization_ids.into_iter().map(DbId).collect();
    let mut organizations = Vec::new();
    for ids in organization_ids.chunks(IDS_A_STATEMENT) {
        let these = organization::Column::Id.is_in(ids.iter().copied());
        organizations.extend(organization::Entity::find().filter(these).all(on).await?);
    }

    let rooms: HashMap<_, Room> = rooms
        .into_iter()
        .map(|row| (row.id.0, Room::from(row)))
        .collect();
    // An agenda is shown to everybody and is kept: how to reach people is no part of it.
    let people: HashMap<_, Person> = people
        .into_iter()
        .map(|row| (row.id.0, Person::from(row).without_contacts()))
        .collect();
    let organizations: HashMap<_, Organization> = organizations
        .into_iter()
        .map(|row| (row.id.0, Organization::from(row)))
        .collect();
    let mut items = by_event(items.into_iter().map(AgendaItem::from), |item| {
        item.event_id
    });
    let mut tracks = by_event(tracks.into_iter().map(Track::from), |track| track.event_id);
    let mut appearances = by_event(appearances, |appearance| appearance.event_id);
    let mut groups = by_event(groups.into_iter().map(ParticipantGroup::from), |one| {
        one.event_id
    });
    let mut releases = by_event(releases.into_iter().map(Release::from), |one| one.event_id);
    let mut awards = by_event(awards, |award| award.event_id);

    let agendas = events.into_iter().map(|event| {
        let id = event.id;
        let items = items.remove(&id).unwrap_or_default();
        let appearances = appearances.remove(&id).unwrap_or_default();
        let (people_here, organizations_here) = parties(&appearances);
        let rooms_here: BTreeSet<_> = items.iter().filter_map(|item| item.room_id).collect();
        Agenda::new(AgendaParts {
            rooms: rooms_here
                .iter()
                .filter_map(|id| rooms.get(id).cloned())
                .collect(),
            people: people_here
                .iter()
                .filter_map(|id| people.get(id).cloned())
                .collect(),
            organizations: organizations_here
                .iter()
                .filter_map(|id| organizations.get(id).cloned())
                .collect(),
            event,
            items,
            tracks: tracks.remove(&id).unwrap_or_default(),
            appearances,
            groups: groups.remove(&id).unwrap_or_default(),
            releases: releases.remove(&id).unwrap_or_default(),
            awards: awards.remove(&id).unwrap_or_default(),
        })
    });
    Ok(agendas.collect())
}

/// Everybody who appears, or in whose name others do.
fn parties(appearances: &[Appearance]) -> (BTreeSet<PersonId>, BTreeSet<OrganizationId>) {
    let mut people = BTreeSet::new();
    let mut organizations = BTreeSet::new();
    for appearance in appearances {
        match appearance.who {
            Appearing::Person(id) => drop(people.insert(id)),
            Appearing::Organization(id) => drop(organizations.insert(id)),
            Appearing::Group(_) => {}
        }
        match appearance.on_behalf_of {
            Some(Party::Person(id)) => drop(people.insert(id)),
            Some(Party::Organization(id)) => drop(organizations.insert(id)),
            None => {}
        }
    }
    (people, organizations)
}

fn by_event<T>(
    things: impl IntoIterator<Item = T>,
    event: impl Fn(&T) -> EventId,
) -> HashMap<EventId, Vec<T>> {
    let mut groups: HashMap<EventId, Vec<T>> = HashMap::new();
    for thing in things {
        groups.entry(event(&thing)).or_default().push(thing);
    }
    groups
}
