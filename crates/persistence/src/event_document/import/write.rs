//! Writing an event: every row that a complete document asks for, and none besides.

mod parties;
mod parts;

use std::collections::{HashMap, HashSet};

use domain::access::{Actor, Permission};
use domain::availability::{Availability, Window};
use domain::event::{Event, EventKind, EventState, EventStatus, EventVisibility};
use domain::event_document::{AppearingKey, EventDocument, PartyKey};
use domain::id::{
    AgendaItemId, AppointmentLetterId, EventId, OrganizationId, ParticipantGroupId, PersonId,
    RoomId, SeriesId, TrackId, VenueId, WorkspaceId,
};
use domain::organization::Party;
use domain::problem::{Path, ProblemCode};
use domain::{Id, Key, LocalizedText, Problem};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{ImportRefused, event_of, refuse_if_any};
use crate::agenda::revision;
use crate::agenda::rows::{event_row, rows_of};
use crate::agenda::version::freeze;
use crate::audit::Trail;
use crate::column::{DbId, Json, Spelled};
use crate::directory::folded;
use crate::entity::ceremony::appointment_letter;
use crate::entity::event::event;
use crate::error::{Error, Fault};
use crate::event_document::directory::{Directory, Scope, key};
use crate::event_document::sync::{ImportChanges, Ledger, Table};
use crate::record::Record;
use crate::store::Store;

/// Brings the rows to what the document says.
pub(super) async fn write(
    store: &Store,
    on: &impl ConnectionTrait,
    actor: &Actor,
    workspace: WorkspaceId,
    existing: Option<event::Model>,
    document: EventDocument,
) -> Result<(Event, ImportChanges), Error<ImportRefused>> {
    let mut scope = Scope::default();
    scope.add_keys_of(&document);
    let directory = Directory::load(on, workspace, &scope).await?;
    let mut writing = Writing {
        event_id: match &existing {
            Some(row) => row.id.0,
            None => store.mint()?,
        },
        store,
        workspace,
        ids: Ids::default(),
        problems: Vec::new(),
    };
    writing.ids.of_directory(store, &directory, &document)?;
    writing.letters(on, &document).await?;
    let parent_id = writing.parent(on, &document).await?;

    let mut places = parties::Places::prepare(&writing, &directory, &document);
    let mut people = parties::Parties::prepare(&mut writing, &directory, &document)?;
    let mut parts = parts::Parts::prepare(&mut writing, on, &document).await?;
    let mut events =
        Table::<EventId, event::Entity>::new(existing.clone().map(|row| (writing.event_id, row)));
    let row = writing.event(
        actor,
        existing.as_ref(),
        parent_id,
        parts.agenda_changes(),
        &document,
    )?;
    let now = store.now();
    // The agenda has a revision of its own: a new item does not make the event another version.
    let same_but_for_agenda = existing.as_ref().is_some_and(|before| {
        let before = event::Model {
            agenda_revision: row.agenda_revision,
            ..before.clone()
        };
        before == row
    });
    let rest = (Record::new(), Record::new());
    events.should_be_as(&writing.event_id, row, rest, |row| {
        row.version += i32::from(!same_but_for_agenda);
        row.updated_at = now;
    });
    refuse_if_any(std::mem::take(&mut writing.problems))?;

    let mut ledger = Ledger {
        store,
        changes: ImportChanges::default(),
        trail: Trail::new(store.mint()?, "eventImport"),
    };
    places.write(on, &mut ledger).await?;
    events.write(on, &mut ledger).await?;
    people.write(on, &mut ledger).await?;
    parts.write(on, &mut ledger).await?;
    people.write_memberships(on, &mut ledger).await?;
    parts.delete(on, &mut ledger).await?;
    let operation_id = ledger.trail.operation_id();
    let before = existing.map_or(0, |row| row.agenda_revision);
    let mut row = event_row(on, writing.event_id).await?;
    if row.agenda_revision != before {
        let change = revision::Change {
            workspace,
            operation_id,
            operation: ledger.trail.operation(),
            undoes: None,
        };
        let revisions = [(row.id.0, row.agenda_revision)];
        revision::note(store, on, actor, &change, &revisions).await?;
    }
    if row.published_at.is_some() && row.agenda_version.is_none() {
        let rows = rows_of(on, row).await?;
        freeze(store, on, actor, operation_id, &rows, None).await?;
        row = event_row(on, writing.event_id).await?;
        let nothing = (Record::new(), Record::new());
        let (before, after) = (Some(&rows.event), Some(&row));
        ledger
            .trail
            .add::<event::Entity>(store, before, after, nothing)?;
    }
    ledger.trail.write(store, on, actor).await?;
    Ok((row.event()?, ledger.changes))
}

/// What every part of the writing needs.
struct Writing<'a> {
    store: &'a Store,
    workspace: WorkspaceId,
    event_id: EventId,
    ids: Ids,
    problems: Vec<Problem>,
}

/// The ids that the document's keys stand for.
#[derive(Default)]
struct Ids {
    series: HashMap<Key, SeriesId>,
    venues: HashMap<Key, VenueId>,
    rooms: HashMap<Key, RoomId>,
    organizations: HashMap<Key, OrganizationId>,
    people: HashMap<Key, PersonId>,
    groups: HashMap<Key, ParticipantGroupId>,
    tracks: HashMap<Key, TrackId>,
    items: HashMap<Key, AgendaItemId>,
    letters: HashMap<Key, AppointmentLetterId>,
    /// The letters of this event as they are, those that are to go included.
    own_letters: HashSet<AppointmentLetterId>,
}

/// Gives each key the id of the row that it names, or a new one.
fn allot<'k, K>(
    store: &Store,
    ids: &mut HashMap<Key, Id<K>>,
    keys: impl IntoIterator<Item = &'k Key>,
) -> Result<(), Fault> {
    for key in keys {
        if !ids.contains_key(key) {
            ids.insert(key.clone(), store.mint()?);
        }
    }
    Ok(())
}

impl Ids {
    fn of_directory(
        &mut self,
        store: &Store,
        directory: &Directory,
        document: &EventDocument,
    ) -> Result<(), Fault> {
        for row in directory.series.values() {
            self.series
                .insert(key(row.external_id.as_ref(), row.id.0)?, row.id.0);
        }
        for row in directory.venues.values() {
            self.venues
                .insert(key(row.external_id.as_ref(), row.id.0)?, row.id.0);
        }
        for id in directory.organizations.keys() {
            self.organizations
                .insert(directory.organization_key(*id)?, *id);
        }
        for id in directory.people.keys() {
            self.people.insert(directory.person_key(*id)?, *id);
        }
        let placed: HashMap<&Key, &Key> = document
            .venues
            .iter()
            .flat_map(|venue| venue.rooms.iter().map(|room| (&room.key, &venue.key)))
            .collect();
        let room_keys = directory.room_keys()?;
        for row in &directory.rooms {
            let Some(key) = room_keys.get(&row.id.0) else {
                continue;
            };
            // A room of this key in another venue is another room: events may be in it.
            let here = |venue: &&Key| self.venues.get(*venue).copied().map(DbId) == row.venue_id;
            if placed.get(key).is_none_or(here) {
                self.rooms.insert(key.clone(), row.id.0);
            }
        }
        allot(
            store,
            &mut self.series,
            document.series.iter().map(|entry| &entry.key),
        )?;
        allot(
            store,
            &mut self.venues,
            document.venues.iter().map(|entry| &entry.key),
        )?;
        let rooms = document.venues.iter().flat_map(|venue| &venue.rooms);
        allot(store, &mut self.rooms, rooms.map(|room| &room.key))?;
        allot(
            store,
            &mut self.organizations,
            document.organizations.iter().map(|entry| &entry.key),
        )?;
        allot(
            store,
            &mut self.people,
            document.people.iter().map(|entry| &entry.key),
        )
    }

    fn organization(&self, key: Option<&Key>) -> Option<DbId<domain::id::kind::Organization>> {
        key.and_then(|key| self.organizations.get(key))
            .copied()
            .map(DbId)
    }

    fn person(&self, key: Option<&Key>) -> Option<DbId<domain::id::kind::Person>> {
        key.and_then(|key| self.people.get(key)).copied().map(DbId)
    }

    fn party(&self, party: Option<&PartyKey>) -> Option<Party> {
        match party? {
            PartyKey::Person(key) => self.people.get(key).copied().map(Party::Person),
            PartyKey::Organization(key) => self
                .organizations
                .get(key)
                .copied()
                .map(Party::Organization),
        }
    }

    fn appearing(&self, who: &AppearingKey) -> Option<domain::appearance::Appearing> {
        use domain::appearance::Appearing;
        match who {
            AppearingKey::Person(key) => self.people.get(key).copied().map(Appearing::Person),
            AppearingKey::Organization(key) => self
                .organizations
                .get(key)
                .copied()
                .map(Appearing::Organization),
            AppearingKey::Group(key) => self.groups.get(key).copied().map(Appearing::Group),
        }
    }
}

/// A place in a list, as it is stored.
fn place(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

/// When someone is there, or a room can be used, as it is stored: the document was checked.
fn availability(windows: &[Window]) -> Json<Availability> {
    Json(Availability::new(windows.to_vec()).unwrap_or_default())
}

/// The keys that the store can give no id: the document was checked, so there are none.
fn unnamed(table: &'static str, column: &'static str) -> Fault {
    Fault::inconsistent(table, column, uuid::Uuid::nil())
}

impl Writing<'_> {
    fn workspace_id(&self) -> DbId<domain::id::kind::Workspace> {
        DbId(self.workspace)
    }

    fn event_id(&self) -> DbId<domain::id::kind::Event> {
        DbId(self.event_id)
    }

    fn illegal(&mut self, path: &Path, refused: impl std::fmt::Display) {
        self.problems.push(Problem {
            code: ProblemCode::IllegalState,
            path: path.0.clone(),
            message: refused.to_string(),
        });
    }

    /// The ids of the letters: memberships refer to them, and are prepared before them.
    async fn letters(
        &mut self,
        on: &impl ConnectionTrait,
        document: &EventDocument,
    ) -> Result<(), Fault> {
        let rows = appointment_letter::Entity::find()
            .filter(appointment_letter::Column::EventId.eq(self.event_id()))
            .all(on)
            .await?;
        for row in rows {
            self.ids
                .letters
                .insert(key(row.external_id.as_ref(), row.id.0)?, row.id.0);
            self.ids.own_letters.insert(row.id.0);
        }
        let keys = document.letters.iter().map(|entry| &entry.key);
        allot(self.store, &mut self.ids.letters, keys)
    }

    /// The organizations that these keys stand for.
    fn organizations(&self, keys: &[Key]) -> Vec<OrganizationId> {
        keys.iter()
            .filter_map(|key| self.ids.organizations.get(key))
            .copied()
            .collect()
    }

    /// The event that this one is part of. No event is part of its own parts.
    async fn parent(
        &mut self,
        on: &impl ConnectionTrait,
        document: &EventDocument,
    ) -> Result<Option<EventId>, Fault> {
        let path = Path::root().at("parent");
        let Some(slug) = &document.parent else {
            return Ok(None);
        };
        let Some(parent) = event_of(on, self.workspace, slug).await? else {
            let message = format!("there is no event `{slug}` in this workspace");
            self.problems.push(Problem::not_found(&path, message));
            return Ok(None);
        };
        let mut ancestor = Some(parent.id);
        let mut seen = std::collections::HashSet::new();
        while let Some(id) = ancestor {
            if id.0 == self.event_id {
                let message = format!("`{slug}` is itself part of this event");
                self.problems.push(Problem::invalid(&path, message));
                return Ok(None);
            }
            if !seen.insert(id.0) {
                break;
            }
            let row = event::Entity::find_by_id(id).one(on).await?;
            ancestor = row.and_then(|row| row.parent_id);
        }
        Ok(Some(parent.id.0))
    }

    fn event(
        &mut self,
        actor: &Actor,
        existing: Option<&event::Model>,
        parent_id: Option<EventId>,
        agenda_changes: bool,
        document: &EventDocument,
    ) -> Result<event::Model, Error<ImportRefused>> {
        let now = self.store.now();
        let status = match existing {
            Some(row) => row.status()?,
            None => EventStatus::Draft,
        };
        let before = status.state();
        let wanted = document.status.unwrap_or(before);
        if wanted != before {
            actor.may(Permission::EventPublish, self.workspace)?;
        }
        let reason = document.cancellation_reason.clone();
        let status = match status.reach(wanted, now, reason) {
            Ok(status) => status,
            Err(refused) => {
                self.illegal(&Path::root().at("status"), refused);
                EventStatus::Draft
            }
        };
        let title = &document.title;
        let theme = document.theme.iter().flat_map(LocalizedText::main_first);
        let further = document.alternative_titles.iter().map(String::as_str);
        let searched = title.main_first().chain(further).chain(theme);
        let searched = searched.chain(document.locality.as_deref());
        // To whom it is shown is a matter of publishing it, once it is published.
        let shown = existing.filter(|row| row.published_at.is_some());
        if shown.is_some_and(|row| document.visibility.is_some_and(|to| to != row.visibility.0)) {
            actor.may(Permission::EventPublish, self.workspace)?;
        }
        // Another zone moves every instant of the agenda.
        let moved = existing.is_some_and(|row| row.time_zone.0 != document.time.zone);
        // Sticky like the status: what was kept among colleagues is not published by an omission.
        let visibility = document.visibility.or(existing.map(|row| row.visibility.0));
        let visibility = visibility.unwrap_or(EventVisibility::Public);
        let mut row = event::Model {
            id: self.event_id(),
            workspace_id: self.workspace_id(),
            version: 1,
            slug: Spelled(document.key.clone()),
            kind: Spelled(document.kind.unwrap_or(EventKind::Other)),
            status: Spelled(EventState::Draft),
            published_at: None,
            ended_at: None,
            cancellation_reason: None,
            visibility: Spelled(visibility),
            title: Json(title.clone()),
            sort_title: title.main_text().to_owned(),
            search_text: folded(searched),
            alternative_titles: Json(document.alternative_titles.clone()),
            theme: document.theme.clone().map(Json),
            topics: Json(document.topics.clone()),
            locality: document.locality.clone(),
            time_zone: Spelled(document.time.zone),
            starts_on: document.time.starts_on,
            ends_on: document.time.ends_on,
            day_part: document.time.day_part.map(Spelled),
            starts_at: document.time.starts_at,
            ends_at: document.time.ends_at,
            venue_id: document
                .venue
                .as_ref()
                .and_then(|key| self.ids.venues.get(key))
                .copied()
                .map(DbId),
            room_id: document
                .room
                .as_ref()
                .and_then(|key| self.ids.rooms.get(key))
                .copied()
                .map(DbId),
            capacity: document.capacity,
            room_change_minutes: document.room_change_minutes,
            parent_id: parent_id.map(DbId),
            series_id: document
                .series
                .as_ref()
                .and_then(|entry| self.ids.series.get(&entry.key))
                .copied()
                .map(DbId),
            agenda_revision: existing.map_or(0, |row| row.agenda_revision)
                + i32::from(agenda_changes || moved),
            agenda_version: existing.and_then(|row| row.agenda_version),
            created_at: existing.map_or(now, |row| row.created_at),
            updated_at: existing.map_or(now, |row| row.updated_at),
        };
        row.set_status(status);
        Ok(row)
    }
}
