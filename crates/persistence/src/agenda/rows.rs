//! All rows that an agenda is made of: read at once, and written down whole.

use std::collections::{BTreeSet, HashMap};

use domain::agenda::{Agenda, AgendaItem, AgendaParts, Track};
use domain::appearance::Appearance;
use domain::availability::Availability;
use domain::id::{AwardId, EventId, OrganizationId, PersonId, RoomId, kind};
use domain::organization::Organization;
use domain::participant::ParticipantGroup;
use domain::person::Person;
use domain::release::Release;
use domain::venue::Room;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::ceremony::recipient;
use crate::column::{DbId, Json};
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{award, award_grantor, award_recipient};
use crate::entity::directory::{organization, person};
use crate::entity::event::event;
use crate::entity::participation::{participant, participant_group};
use crate::entity::place::room;
use crate::error::Fault;
use crate::record::{Recorded, Thing};

/// SQLite takes 32,766 values in a statement. Whoever asks for so many agendas that one is not
/// enough, is served with more.
const IDS_A_STATEMENT: usize = 30_000;

/// What a published agenda does not tell: how to reach people, and what the organisers plan with.
const UNTOLD: &[&str] = &[
    "email",
    "telephone",
    "availability",
    "expected_audience",
    "room_change_minutes",
];

/// The rows of one agenda, and those of the directory that they refer to.
#[derive(Debug, Clone)]
pub(crate) struct AgendaRows {
    pub(crate) event: event::Model,
    pub(crate) tracks: Vec<track::Model>,
    pub(crate) items: Vec<agenda_item::Model>,
    pub(crate) groups: Vec<participant_group::Model>,
    pub(crate) appearances: Vec<appearance::Model>,
    pub(crate) releases: Vec<release::Model>,
    pub(crate) awards: Vec<award::Model>,
    pub(crate) grantors: HashMap<AwardId, Vec<OrganizationId>>,
    pub(crate) recipients: Vec<award_recipient::Model>,
    pub(crate) rooms: Vec<room::Model>,
    pub(crate) people: Vec<person::Model>,
    pub(crate) organizations: Vec<organization::Model>,
    /// When people are there, of those of whom it is said. What was published does not tell.
    pub(crate) availability: HashMap<PersonId, Availability>,
}

impl AgendaRows {
    /// The rows of the agendas of some events, each in the order of its list. Twelve statements,
    /// however many.
    pub(crate) async fn load(
        on: &impl ConnectionTrait,
        events: Vec<event::Model>,
    ) -> Result<Vec<Self>, Fault> {
        let ids: Vec<_> = events.iter().map(|event| event.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        macro_rules! parts {
            ($($table:ident),+ $(,)?) => {($(
                by_event(
                    $table::Entity::find()
                        .filter($table::Column::EventId.is_in(ids.iter().copied()))
                        .order_by_asc($table::Column::Position)
                        .order_by_asc($table::Column::Id)
                        .all(on)
                        .await?,
                    |row| row.event_id.0,
                )
            ),+)};
        }
        let (mut tracks, mut items, mut groups, mut appearances) =
            parts!(track, agenda_item, participant_group, appearance);
        let (mut releases, mut awards, mut recipients) = parts!(release, award, award_recipient);
        let awarded = awards.values().flatten().map(|row: &award::Model| row.id);
        let mut grantors: HashMap<AwardId, Vec<OrganizationId>> = HashMap::new();
        let query = award_grantor::Entity::find()
            .filter(award_grantor::Column::AwardId.is_in(awarded))
            .order_by_asc(award_grantor::Column::Position);
        for row in query.all(on).await? {
            grantors
                .entry(row.award_id.0)
                .or_default()
                .push(row.organization_id.0);
        }
        let mut availability = availability(on, &ids).await?;
        let mut agendas = Vec::with_capacity(events.len());
        for event in events {
            let id = event.id.0;
            let awards = awards.remove(&id).unwrap_or_default();
            agendas.push(Self {
                event,
                tracks: tracks.remove(&id).unwrap_or_default(),
                items: items.remove(&id).unwrap_or_default(),
                groups: groups.remove(&id).unwrap_or_default(),
                appearances: appearances.remove(&id).unwrap_or_default(),
                releases: releases.remove(&id).unwrap_or_default(),
                grantors: awards
                    .iter()
                    .filter_map(|row| Some((row.id.0, grantors.remove(&row.id.0)?)))
                    .collect(),
                awards,
                recipients: recipients.remove(&id).unwrap_or_default(),
                rooms: Vec::new(),
                people: Vec::new(),
                organizations: Vec::new(),
                availability: availability.remove(&id).unwrap_or_default(),
            });
        }
        refer(on, &mut agendas).await?;
        Ok(agendas)
    }

    /// The agenda. It is shown to everybody and is kept: how to reach people is no part of it.
    pub(crate) fn agenda(self) -> Result<Agenda, Fault> {
        let mut recipients: HashMap<AwardId, Vec<_>> = HashMap::new();
        for row in self.recipients {
            let recipient = recipient(row)?;
            recipients
                .entry(recipient.award_id)
                .or_default()
                .push(recipient);
        }
        let mut grantors = self.grantors;
        let awards = self.awards.into_iter().map(|row| {
            let id = row.id.0;
            let grantors = grantors.remove(&id).unwrap_or_default();
            row.award(grantors, recipients.remove(&id).unwrap_or_default())
        });
        let appearances: Vec<Appearance> = self
            .appearances
            .into_iter()
            .map(appearance::Model::appearance)
            .collect::<Result<_, _>>()?;
        let people = self.people.into_iter().map(Person::from);
        Ok(Agenda::new(AgendaParts {
            event: self.event.event()?,
            items: self.items.into_iter().map(AgendaItem::from).collect(),
            tracks: self.tracks.into_iter().map(Track::from).collect(),
            rooms: self.rooms.into_iter().map(Room::from).collect(),
            groups: self
                .groups
                .into_iter()
                .map(ParticipantGroup::from)
                .collect(),
            releases: self.releases.into_iter().map(Release::from).collect(),
            awards: awards.collect(),
            people: people.map(Person::without_contacts).collect(),
            organizations: self
                .organizations
                .into_iter()
                .map(Organization::from)
                .collect(),
            appearances,
            availability: self.availability,
        }))
    }

    /// What everybody who may see the agenda may see of other lists besides: what stands on its
    /// items, and what those refer to.
    pub(crate) fn parts(&self) -> BTreeSet<Uuid> {
        fn ids<E: Thing>(rows: &[E::Model]) -> impl Iterator<Item = Uuid> {
            rows.iter().map(E::uuid)
        }
        let mut parts: BTreeSet<Uuid> = ids::<track::Entity>(&self.tracks)
            .chain(ids::<agenda_item::Entity>(&self.items))
            .chain(ids::<room::Entity>(&self.rooms))
            .collect();
        macro_rules! with_item {
            ($($rows:ident),+) => {$(
                let rows = self.$rows.iter().filter(|row| row.item_id.is_some());
                parts.extend(rows.map(|row| row.id.0.uuid()));
            )+};
        }
        with_item!(appearances, releases, awards);
        for one in self.appearances.iter().filter(|row| row.item_id.is_some()) {
            let people = [one.person_id, one.on_behalf_of_person_id];
            let bodies = [one.organization_id, one.on_behalf_of_organization_id];
            parts.extend(people.into_iter().flatten().map(|id| id.0.uuid()));
            parts.extend(bodies.into_iter().flatten().map(|id| id.0.uuid()));
        }
        let mut awarded: Vec<_> = self.awards.iter().map(|row| row.id).collect();
        awarded.retain(|id| parts.contains(&id.0.uuid()));
        for id in &awarded {
            let grantors = self.grantors.get(&id.0);
            parts.extend(grantors.into_iter().flatten().map(|id| id.uuid()));
        }
        for one in self
            .recipients
            .iter()
            .filter(|row| awarded.contains(&row.award_id))
        {
            parts.insert(one.id.0.uuid());
            parts.extend(one.person_id.map(|id| id.0.uuid()));
            parts.extend(one.organization_id.map(|id| id.0.uuid()));
        }
        parts
    }

    /// All of it, as JSON. What nobody is told by an agenda is left out.
    pub(crate) fn written(&self) -> String {
        fn list<M: Recorded>(rows: &[M]) -> Value {
            let records = rows.iter().map(Recorded::record);
            let told = records.map(|mut record| {
                record.retain(|name, value| !value.is_null() && !UNTOLD.contains(&name.as_str()));
                Value::Object(record)
            });
            told.collect()
        }
        let grantors: Map<String, Value> = self
            .grantors
            .iter()
            .map(|(award, list)| (award.to_string(), crate::record::ids(list)))
            .collect();
        let mut event = self.event.record();
        event.retain(|name, _| !UNTOLD.contains(&name.as_str()));
        serde_json::json!({
            "event": event,
            "tracks": list(&self.tracks),
            "items": list(&self.items),
            "groups": list(&self.groups),
            "appearances": list(&self.appearances),
            "releases": list(&self.releases),
            "awards": list(&self.awards),
            "grantors": grantors,
            "recipients": list(&self.recipients),
            "rooms": list(&self.rooms),
            "people": list(&self.people),
            "organizations": list(&self.organizations),
        })
        .to_string()
    }

    /// The same, read back; nothing, where the text is not of such rows.
    pub(crate) fn read(text: &str) -> Option<Self> {
        fn list<M: Recorded>(whole: &mut Map<String, Value>, name: &str) -> Option<Vec<M>> {
            let Value::Array(records) = whole.remove(name)? else {
                return None;
            };
            let rows = records.into_iter().map(|record| {
                let Value::Object(record) = record else {
                    return None;
                };
                M::from_record(record)
            });
            rows.collect()
        }
        let Value::Object(mut whole) = serde_json::from_str(text).ok()? else {
            return None;
        };
        let whole = &mut whole;
        let Some(Value::Object(event)) = whole.remove("event") else {
            return None;
        };
        let Some(Value::Object(grantors)) = whole.remove("grantors") else {
            return None;
        };
        let grantors = grantors.into_iter().map(|(award, list)| {
            let list = list.as_array()?.iter();
            let list = list.map(|id| id.as_str()?.parse().ok());
            Some((award.parse().ok()?, list.collect::<Option<_>>()?))
        });
        let mut event = event::Model::from_record(event)?;
        // How long it takes to change rooms is not told, and so nobody else is told that it is too
        // little.
        event.room_change_minutes = Some(0);
        Some(Self {
            event,
            tracks: list(whole, "tracks")?,
            items: list(whole, "items")?,
            groups: list(whole, "groups")?,
            appearances: list(whole, "appearances")?,
            releases: list(whole, "releases")?,
            awards: list(whole, "awards")?,
            grantors: grantors.collect::<Option<_>>()?,
            recipients: list(whole, "recipients")?,
            rooms: list(whole, "rooms")?,
            people: list(whole, "people")?,
            organizations: list(whole, "organizations")?,
            availability: HashMap::new(),
        })
    }
}

/// What an agenda refers to outside of itself: its rooms, and the people and organizations that appear,
/// in whose name others do, that grant or get what is awarded, or that groups come from.
#[derive(Default)]
pub(super) struct References {
    pub(super) rooms: BTreeSet<RoomId>,
    pub(super) people: BTreeSet<PersonId>,
    pub(super) organizations: BTreeSet<OrganizationId>,
}

impl References {
    pub(super) fn of(rows: &AgendaRows) -> Self {
        let mut all = Self::default();
        let rooms = rows.items.iter().filter_map(|row| row.room_id);
        all.rooms.extend(rooms.map(|id| id.0));
        let people = rows.appearances.iter();
        let people = people.flat_map(|row| [row.person_id, row.on_behalf_of_person_id]);
        let people = people.chain(rows.recipients.iter().map(|row| row.person_id));
        all.people.extend(people.flatten().map(|id| id.0));
        let bodies = rows.appearances.iter();
        let bodies = bodies.flat_map(|row| [row.organization_id, row.on_behalf_of_organization_id]);
        let bodies = bodies.chain(rows.recipients.iter().map(|row| row.organization_id));
        let bodies = bodies.chain(rows.groups.iter().map(|row| row.organization_id));
        all.organizations.extend(bodies.flatten().map(|id| id.0));
        let grantors = rows.grantors.values().flatten();
        all.organizations.extend(grantors.copied());
        all
    }
}

/// Reads what agendas refer to. Three statements, however many.
async fn refer(on: &impl ConnectionTrait, agendas: &mut [AgendaRows]) -> Result<(), Fault> {
    let here: Vec<_> = agendas.iter().map(References::of).collect();
    macro_rules! each {
        ($($list:ident of $table:ident),+) => {$(
            let all: BTreeSet<_> = here.iter().flat_map(|one| &one.$list).copied().collect();
            let all: Vec<_> = all.into_iter().map(DbId).collect();
            let mut found = HashMap::new();
            for some in all.chunks(IDS_A_STATEMENT) {
                let these = $table::Column::Id.is_in(some.iter().copied());
                let rows = $table::Entity::find().filter(these).all(on).await?;
                found.extend(rows.into_iter().map(|row| (row.id.0, row)));
            }
            for (agenda, here) in agendas.iter_mut().zip(&here) {
                let theirs = here.$list.iter().filter_map(|id| found.get(id).cloned());
                agenda.$list = theirs.collect();
            }
        )+};
    }
    each!(rooms of room, people of person, organizations of organization);
    Ok(())
}

/// When the participants of events are there, of those of whom it is said.
async fn availability(
    on: &impl ConnectionTrait,
    events: &[DbId<kind::Event>],
) -> Result<HashMap<EventId, HashMap<PersonId, Availability>>, Fault> {
    use participant::Column;
    type Row = (DbId<kind::Event>, DbId<kind::Person>, Json<Availability>);
    let rows: Vec<Row> = participant::Entity::find()
        .select_only()
        .column(Column::EventId)
        .column(Column::PersonId)
        .column(Column::Availability)
        .filter(Column::EventId.is_in(events.iter().copied()))
        .filter(Column::Availability.ne(Json(Availability::default())))
        .into_tuple()
        .all(on)
        .await?;
    let mut found: HashMap<_, HashMap<_, _>> = HashMap::new();
    for (event, person, availability) in rows {
        let there = found.entry(event.0).or_default();
        there.insert(person.0, availability.0);
    }
    Ok(found)
}

fn by_event<T>(rows: Vec<T>, event: impl Fn(&T) -> EventId) -> HashMap<EventId, Vec<T>> {
    let mut groups: HashMap<EventId, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(event(&row)).or_default().push(row);
    }
    groups
}

/// The rows of one event's agenda.
pub(crate) async fn rows_of(
    on: &impl ConnectionTrait,
    event: event::Model,
) -> Result<AgendaRows, Fault> {
    let id = event.id.0.uuid();
    let found = AgendaRows::load(on, vec![event]).await?.pop();
    found.ok_or_else(|| Fault::inconsistent("event", "id", id))
}

/// An event as it is.
pub(crate) async fn event_row(
    on: &impl ConnectionTrait,
    id: EventId,
) -> Result<event::Model, Fault> {
    let row = event::Entity::find_by_id(DbId(id)).one(on).await?;
    row.ok_or_else(|| Fault::inconsistent("event", "id", id.uuid()))
}
