//! Writing what belongs to the event itself: who takes part, the agenda, awards, letters, and
//! what remains of it.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use domain::Key;
use domain::action_item::ActionItemStatus;
use domain::appearance::{AppearanceRole, Appearing};
use domain::appointment_letter::LetterStatus;
use domain::event_document::{
    AppearanceEntry, AppearingKey, AwardEntry, EventDocument, ItemEntry, LetterEntry,
    OrganizationEntry, ParticipantEntry, PersonEntry, ReleaseEntry, ResolutionEntry,
};
use domain::event_organization::EventOrganizationRole;
use domain::id::{
    AgendaItemId, AppointmentLetterId, AwardId, EventOrganizationId, OrganizationId,
    ParticipantGroupId, PersonId, TrackId, kind,
};
use domain::organization::Party;
use domain::participant::{DelegateRole, ParticipantCategory, ParticipantStatus};
use domain::person::held_on;
use domain::problem::Path;
use domain::release::Recurrence;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Writing, allot, place, unnamed};
use crate::column::{DbId, Json, Spelled};
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{
    appointment_letter, award, award_grantor, award_recipient, letter_issuer,
};
use crate::entity::directory::{membership, party, party_columns};
use crate::entity::follow_up::{action_item, action_item_responsible, report, resolution};
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::error::Fault;
use crate::event_document::directory::key;
use crate::event_document::sync::{ImportChanges, Table, insert_all};
use crate::owned::{self, Of, Owned};

type Keyed<E> = Table<Key, E>;
type AppearanceKey = (Option<AgendaItemId>, Appearing, AppearanceRole);

/// The rows that belong to the event.
pub(super) struct Parts {
    roles: Table<(OrganizationId, EventOrganizationRole), event_organization::Entity>,
    groups: Keyed<participant_group::Entity>,
    participants: Table<PersonId, participant::Entity>,
    tracks: Keyed<track::Entity>,
    items: Keyed<agenda_item::Entity>,
    appearances: Table<AppearanceKey, appearance::Entity>,
    releases: Keyed<release::Entity>,
    awards: Keyed<award::Entity>,
    grantors: Links<kind::Award>,
    recipients: Table<(AwardId, Party), award_recipient::Entity>,
    letters: Keyed<appointment_letter::Entity>,
    issuers: Links<kind::AppointmentLetter>,
    resolutions: Keyed<resolution::Entity>,
    action_items: Keyed<action_item::Entity>,
    responsible: Links<kind::ActionItem>,
    reports: Keyed<report::Entity>,
}

/// The organizations that stand in order beside one row each: grantors, issuers, responsible.
struct Links<K> {
    existing: HashMap<domain::Id<K>, Vec<OrganizationId>>,
    /// The lists that are to be otherwise.
    wanted: Vec<(domain::Id<K>, Vec<OrganizationId>)>,
}

impl<K> Links<K> {
    fn new(rows: impl IntoIterator<Item = (domain::Id<K>, OrganizationId)>) -> Self {
        let mut existing: HashMap<_, Vec<_>> = HashMap::new();
        for (owner, organization) in rows {
            existing.entry(owner).or_default().push(organization);
        }
        Self {
            existing,
            wanted: Vec::new(),
        }
    }

    fn should_be(&mut self, owner: domain::Id<K>, list: Vec<OrganizationId>) {
        if self.existing.remove(&owner).unwrap_or_default() != list {
            self.wanted.push((owner, list));
        }
    }
}

async fn all<E: Owned>(
    writing: &Writing<'_>,
    on: &impl ConnectionTrait,
) -> Result<Vec<E::Model>, Fault> {
    let actor = domain::access::Actor::System {
        reason: "imports an event",
    };
    let of = Of::Events(vec![writing.event_id]);
    owned::rows::<E>(on, &actor, domain::access::Permission::EventImport, of).await
}

/// Rows by their keys, and the ids that the keys stand for.
macro_rules! keyed {
    ($writing:ident, $on:ident, $table:ident) => {{
        let rows = all::<$table::Entity>($writing, $on).await?;
        let mut by_key = Vec::with_capacity(rows.len());
        for row in rows {
            by_key.push((key(row.external_id.as_ref(), row.id.0)?, row));
        }
        by_key
    }};
}

/// The id of a keyed row: its own, or a new one.
macro_rules! own_or_new {
    ($writing:ident, $existing:expr) => {
        match $existing {
            Some(row) => row.id,
            None => DbId($writing.store.mint()?),
        }
    };
}

/// The key that a row is stored with: its own, even if none; for a new row the document's.
macro_rules! stored_key {
    ($existing:expr, $entry:expr) => {
        match $existing {
            Some(row) => row.external_id.clone(),
            None => Some(Spelled($entry.key.clone())),
        }
    };
}

/// What of the document is looked up again and again.
struct Lookup<'a> {
    people: HashMap<&'a Key, &'a PersonEntry>,
    organizations: HashMap<&'a Key, &'a OrganizationEntry>,
    groups: HashMap<&'a Key, &'a str>,
    first_day: NaiveDate,
}

impl<'a> Lookup<'a> {
    fn of(document: &'a EventDocument) -> Self {
        Self {
            people: document
                .people
                .iter()
                .map(|entry| (&entry.key, entry))
                .collect(),
            organizations: document
                .organizations
                .iter()
                .map(|entry| (&entry.key, entry))
                .collect(),
            groups: document
                .groups
                .iter()
                .map(|one| (&one.key, one.description.as_str()))
                .collect(),
            first_day: document.time.starts_on,
        }
    }

    fn person_name(&self, key: &Key) -> String {
        self.people
            .get(key)
            .map(|entry| entry.name.clone())
            .unwrap_or_default()
    }

    /// The titles of the posts that a person held when the event began.
    fn person_posts(&self, key: &Key) -> Vec<String> {
        let posts = self.people.get(key).map_or(&[][..], |entry| &entry.posts);
        let held = posts
            .iter()
            .filter(|post| held_on(post.since, post.until, self.first_day));
        held.map(|post| post.title.clone()).collect()
    }

    fn organization_name(&self, key: &Key) -> String {
        self.organizations
            .get(key)
            .map(|entry| entry.name.main_text().to_owned())
            .unwrap_or_default()
    }
}

impl Parts {
    pub(super) async fn prepare(
        writing: &mut Writing<'_>,
        on: &impl ConnectionTrait,
        document: &EventDocument,
    ) -> Result<Self, Fault> {
        let mut parts = Self::load(writing, on).await?;
        let lookup = Lookup::of(document);
        parts.roles(writing, document, &lookup)?;
        parts.groups(writing, document)?;
        parts.participants(writing, document, &lookup)?;
        parts.tracks(writing, document)?;
        parts.appearances(writing, None, &document.appearances, &lookup)?;
        parts.items(
            writing,
            None,
            &document.agenda,
            &Path::root().at("agenda"),
            &lookup,
        )?;
        parts.releases(writing, None, &document.releases)?;
        parts.awards(writing, None, &document.awards)?;
        parts.resolutions(writing, None, &document.resolutions)?;
        parts.letters(writing, document)?;
        parts.action_items(writing, document)?;
        parts.reports(writing, document)?;
        parts.nothing_else();
        Ok(parts)
    }

    async fn load(writing: &mut Writing<'_>, on: &impl ConnectionTrait) -> Result<Self, Fault> {
        let groups = keyed!(writing, on, participant_group);
        let tracks = keyed!(writing, on, track);
        let items = keyed!(writing, on, agenda_item);
        let awards = keyed!(writing, on, award);
        let action_items = keyed!(writing, on, action_item);
        let letters = keyed!(writing, on, appointment_letter);
        writing
            .ids
            .groups
            .extend(groups.iter().map(|(key, row)| (key.clone(), row.id.0)));
        writing
            .ids
            .tracks
            .extend(tracks.iter().map(|(key, row)| (key.clone(), row.id.0)));
        writing
            .ids
            .items
            .extend(items.iter().map(|(key, row)| (key.clone(), row.id.0)));

        let grantors = award_grantor::Entity::find()
            .filter(award_grantor::Column::AwardId.is_in(awards.iter().map(|(_, row)| row.id)))
            .order_by_asc(award_grantor::Column::Position)
            .all(on)
            .await?;
        let issuers = letter_issuer::Entity::find()
            .filter(letter_issuer::Column::LetterId.is_in(letters.iter().map(|(_, row)| row.id)))
            .order_by_asc(letter_issuer::Column::Position)
            .all(on)
            .await?;
        let responsible = action_item_responsible::Entity::find()
            .filter(
                action_item_responsible::Column::ActionItemId
                    .is_in(action_items.iter().map(|(_, row)| row.id)),
            )
            .order_by_asc(action_item_responsible::Column::Position)
            .all(on)
            .await?;
        let roles = all::<event_organization::Entity>(writing, on).await?;
        let participants = all::<participant::Entity>(writing, on).await?;
        let recipients = all::<award_recipient::Entity>(writing, on).await?;
        let mut appearances = Vec::new();
        for row in all::<appearance::Entity>(writing, on).await? {
            let one = row.clone().appearance()?;
            appearances.push(((one.item_id, one.who, one.role), row));
        }
        Ok(Self {
            roles: Table::new(
                roles
                    .into_iter()
                    .map(|row| ((row.organization_id.0, row.role.0), row)),
            ),
            groups: Table::new(groups),
            participants: Table::new(participants.into_iter().map(|row| (row.person_id.0, row))),
            tracks: Table::new(tracks),
            items: Table::new(items),
            appearances: Table::new(appearances),
            releases: Table::new(keyed!(writing, on, release)),
            awards: Table::new(awards),
            grantors: Links::new(
                grantors
                    .into_iter()
                    .map(|row| (row.award_id.0, row.organization_id.0)),
            ),
            recipients: Table::new(recipients.into_iter().filter_map(|row| {
                let who = party(row.person_id, row.organization_id)?;
                Some(((row.award_id.0, who), row))
            })),
            letters: Table::new(letters),
            issuers: Links::new(
                issuers
                    .into_iter()
                    .map(|row| (row.letter_id.0, row.organization_id.0)),
            ),
            resolutions: Table::new(keyed!(writing, on, resolution)),
            action_items: Table::new(action_items),
            responsible: Links::new(
                responsible
                    .into_iter()
                    .map(|row| (row.action_item_id.0, row.organization_id.0)),
            ),
            reports: Table::new(keyed!(writing, on, report)),
        })
    }

    fn nothing_else(&mut self) {
        self.roles.nothing_else();
        self.groups.nothing_else();
        self.participants.nothing_else();
        self.tracks.nothing_else();
        self.items.nothing_else();
        self.appearances.nothing_else();
        self.releases.nothing_else();
        self.awards.nothing_else();
        self.recipients.nothing_else();
        self.letters.nothing_else();
        self.resolutions.nothing_else();
        self.action_items.nothing_else();
        self.reports.nothing_else();
    }

    fn roles(
        &mut self,
        writing: &Writing<'_>,
        document: &EventDocument,
        lookup: &Lookup<'_>,
    ) -> Result<(), Fault> {
        for (index, entry) in document.roles.iter().enumerate() {
            let Some(organization_id) = writing.ids.organization(Some(&entry.organization)) else {
                continue;
            };
            let key = (organization_id.0, entry.role);
            let existing = self.roles.existing(&key);
            let printed_name = entry.printed_name.clone();
            let printed_name =
                printed_name.or_else(|| existing.map(|row| row.printed_name.clone()));
            let delegation = entry.delegation.clone().unwrap_or_default();
            let row = event_organization::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                role: Spelled(entry.role),
                position: place(index),
                organization_id,
                printed_name: printed_name
                    .unwrap_or_else(|| lookup.organization_name(&entry.organization)),
                has_delegation: i32::from(entry.delegation.is_some()),
                quota: delegation.quota,
                liaison_id: writing.ids.person(delegation.liaison.as_ref()),
                due_at: delegation.due_at,
                returned_at: delegation.returned_at,
            };
            self.roles.should_be(&key, row, |_| {});
        }
        Ok(())
    }

    fn groups(&mut self, writing: &mut Writing<'_>, document: &EventDocument) -> Result<(), Fault> {
        allot(
            writing.store,
            &mut writing.ids.groups,
            document.groups.iter().map(|one| &one.key),
        )?;
        for (index, entry) in document.groups.iter().enumerate() {
            let id: ParticipantGroupId = *writing
                .ids
                .groups
                .get(&entry.key)
                .ok_or_else(|| unnamed("participant_group", "external_id"))?;
            let existing = self.groups.existing(&entry.key);
            let row = participant_group::Model {
                id: DbId(id),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                external_id: stored_key!(existing, entry),
                description: entry.description.clone(),
                expected_count: entry.expected_count,
                organization_id: writing.ids.organization(entry.organization.as_ref()),
                position: place(index),
            };
            self.groups.should_be(&entry.key, row, |_| {});
        }
        Ok(())
    }

    /// Those whom the document lists, then everybody who appears or is a delegate: speaking at an
    /// event makes one a participant.
    fn participants(
        &mut self,
        writing: &mut Writing<'_>,
        document: &EventDocument,
        lookup: &Lookup<'_>,
    ) -> Result<(), Fault> {
        let delegations = self.delegations(writing, document);
        let mut listed: HashSet<&Key> = HashSet::new();
        let mut position = 0;
        for (index, entry) in document.participants.iter().enumerate() {
            listed.insert(&entry.person);
            let path = Path::root().at("participants").at(index).at("status");
            self.participant(writing, entry, position, &path, &delegations, lookup)?;
            position += 1;
        }
        let mut others = Vec::new();
        for role in &document.roles {
            let delegation = role.delegation.iter();
            others.extend(delegation.flat_map(|one| one.head.iter().chain(&one.delegates)));
        }
        others.extend(appearing(&document.appearances));
        let mut open: Vec<&ItemEntry> = document.agenda.iter().rev().collect();
        while let Some(item) = open.pop() {
            others.extend(appearing(&item.appearances));
            open.extend(item.items.iter().rev());
        }
        for person in others {
            if listed.insert(person) {
                let entry = ParticipantEntry {
                    person: person.clone(),
                    category: None,
                    status: None,
                    representing: None,
                    on_behalf_of: None,
                    printed_name: None,
                    printed_posts: None,
                };
                let path = Path::root().at("participants");
                self.participant(writing, &entry, position, &path, &delegations, lookup)?;
                position += 1;
            }
        }
        Ok(())
    }

    /// Whose delegate each person is.
    fn delegations<'a>(
        &self,
        writing: &Writing<'_>,
        document: &'a EventDocument,
    ) -> HashMap<&'a Key, (EventOrganizationId, DelegateRole, &'a Key)> {
        let mut delegations = HashMap::new();
        for entry in &document.roles {
            let Some(delegation) = &entry.delegation else {
                continue;
            };
            let Some(organization) = writing.ids.organization(Some(&entry.organization)) else {
                continue;
            };
            let Some(id) = self.roles.wanted_id(&(organization.0, entry.role)) else {
                continue;
            };
            let id = domain::Id::from_uuid(id);
            if let Some(head) = &delegation.head {
                delegations.insert(head, (id, DelegateRole::Head, &entry.organization));
            }
            for one in &delegation.delegates {
                delegations.insert(one, (id, DelegateRole::Delegate, &entry.organization));
            }
        }
        delegations
    }

    fn participant(
        &mut self,
        writing: &mut Writing<'_>,
        entry: &ParticipantEntry,
        position: usize,
        path: &Path,
        delegations: &HashMap<&Key, (EventOrganizationId, DelegateRole, &Key)>,
        lookup: &Lookup<'_>,
    ) -> Result<(), Fault> {
        let Some(person_id) = writing.ids.person(Some(&entry.person)) else {
            return Ok(());
        };
        let existing = self.participants.existing(&person_id.0);
        let before = match existing {
            Some(row) => row.status()?,
            None => ParticipantStatus::Listed,
        };
        let status = match entry.status {
            None => before,
            // One who is new to us is what the document says; one whom we know gets there by the rules.
            Some(state) if existing.is_none() => ParticipantStatus::new(state, writing.store.now()),
            Some(state) => match before.clone().reach(state, writing.store.now()) {
                Ok(status) => status,
                Err(refused) => {
                    writing.illegal(path, refused);
                    before
                }
            },
        };
        let delegation = delegations.get(&entry.person);
        let representing = entry
            .representing
            .as_ref()
            .or(delegation.map(|(.., from)| *from));
        let (on_behalf_of_person_id, on_behalf_of_organization_id) =
            party_columns(writing.ids.party(entry.on_behalf_of.as_ref()));
        let printed_name = entry.printed_name.clone();
        let printed_name = printed_name.or_else(|| existing.map(|row| row.printed_name.clone()));
        let printed_posts = entry.printed_posts.clone();
        let printed_posts =
            printed_posts.or_else(|| existing.map(|row| row.printed_posts.0.clone()));
        let row = participant::Model {
            id: own_or_new!(writing, existing),
            workspace_id: writing.workspace_id(),
            event_id: writing.event_id(),
            version: existing.map_or(1, |row| row.version),
            person_id,
            category: Spelled(entry.category.unwrap_or(ParticipantCategory::Regular)),
            status: Spelled(status.state()),
            status_since: status.since(),
            representing_id: writing.ids.organization(representing),
            on_behalf_of_person_id,
            on_behalf_of_organization_id,
            printed_name: printed_name.unwrap_or_else(|| lookup.person_name(&entry.person)),
            printed_posts: Json(
                printed_posts.unwrap_or_else(|| lookup.person_posts(&entry.person)),
            ),
            position: place(position),
            delegation_id: delegation.map(|(id, ..)| DbId(*id)),
            delegate_role: delegation.map(|(_, role, _)| Spelled(*role)),
        };
        self.participants
            .should_be(&person_id.0, row, |row| row.version += 1);
        Ok(())
    }

    fn tracks(&mut self, writing: &mut Writing<'_>, document: &EventDocument) -> Result<(), Fault> {
        allot(
            writing.store,
            &mut writing.ids.tracks,
            document.tracks.iter().map(|one| &one.key),
        )?;
        for (index, entry) in document.tracks.iter().enumerate() {
            let id: TrackId = *writing
                .ids
                .tracks
                .get(&entry.key)
                .ok_or_else(|| unnamed("track", "external_id"))?;
            let existing = self.tracks.existing(&entry.key);
            let row = track::Model {
                id: DbId(id),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                external_id: stored_key!(existing, entry),
                name: entry.name.clone(),
                color: entry.color.clone(),
                position: place(index),
            };
            self.tracks.should_be(&entry.key, row, |_| {});
        }
        Ok(())
    }

    fn items(
        &mut self,
        writing: &mut Writing<'_>,
        parent: Option<AgendaItemId>,
        items: &[ItemEntry],
        list: &Path,
        lookup: &Lookup<'_>,
    ) -> Result<(), Fault> {
        allot(
            writing.store,
            &mut writing.ids.items,
            items.iter().map(|item| &item.key),
        )?;
        for (index, entry) in items.iter().enumerate() {
            let id: AgendaItemId = *writing
                .ids
                .items
                .get(&entry.key)
                .ok_or_else(|| unnamed("agenda_item", "external_id"))?;
            let existing = self.items.existing(&entry.key);
            let room = entry
                .room
                .as_ref()
                .and_then(|key| writing.ids.rooms.get(key));
            let track = entry
                .track
                .as_ref()
                .and_then(|key| writing.ids.tracks.get(key));
            let row = agenda_item::Model {
                id: DbId(id),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                version: existing.map_or(1, |row| row.version),
                external_id: stored_key!(existing, entry),
                kind: Spelled(entry.kind),
                title: entry.title.clone().map(Json),
                summary: entry.summary.clone().map(Json),
                language: entry.language.clone().map(Spelled),
                parent_id: parent.map(DbId),
                position: place(index),
                starts_at: entry.starts_at,
                ends_at: entry.ends_at,
                room_id: room.copied().map(DbId),
                track_id: track.copied().map(DbId),
            };
            self.items
                .should_be(&entry.key, row, |row| row.version += 1);
            self.appearances(writing, Some(id), &entry.appearances, lookup)?;
            self.releases(writing, Some(id), &entry.releases)?;
            self.awards(writing, Some(id), &entry.awards)?;
            self.resolutions(writing, Some(id), &entry.resolutions)?;
            self.items(
                writing,
                Some(id),
                &entry.items,
                &list.at(index).at("items"),
                lookup,
            )?;
        }
        Ok(())
    }

    fn appearances(
        &mut self,
        writing: &Writing<'_>,
        item: Option<AgendaItemId>,
        appearances: &[AppearanceEntry],
        lookup: &Lookup<'_>,
    ) -> Result<(), Fault> {
        for (index, entry) in appearances.iter().enumerate() {
            let Some(who) = writing.ids.appearing(&entry.who) else {
                continue;
            };
            let key = (item, who, entry.role);
            let existing = self.appearances.existing(&key);
            let (name, posts) = match &entry.who {
                AppearingKey::Person(key) => (lookup.person_name(key), lookup.person_posts(key)),
                AppearingKey::Organization(key) => (lookup.organization_name(key), Vec::new()),
                AppearingKey::Group(key) => (
                    lookup
                        .groups
                        .get(key)
                        .copied()
                        .unwrap_or_default()
                        .to_owned(),
                    Vec::new(),
                ),
            };
            let printed_name = entry.printed_name.clone();
            let printed_name =
                printed_name.or_else(|| existing.map(|row| row.printed_name.clone()));
            let printed_posts = entry.printed_posts.clone();
            let printed_posts =
                printed_posts.or_else(|| existing.map(|row| row.printed_posts.0.clone()));
            let (on_behalf_of_person_id, on_behalf_of_organization_id) =
                party_columns(writing.ids.party(entry.on_behalf_of.as_ref()));
            let row = appearance::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                item_id: item.map(DbId),
                role: Spelled(entry.role),
                position: place(index),
                person_id: match who {
                    Appearing::Person(id) => Some(DbId(id)),
                    Appearing::Organization(_) | Appearing::Group(_) => None,
                },
                organization_id: match who {
                    Appearing::Organization(id) => Some(DbId(id)),
                    Appearing::Person(_) | Appearing::Group(_) => None,
                },
                group_id: match who {
                    Appearing::Group(id) => Some(DbId(id)),
                    Appearing::Person(_) | Appearing::Organization(_) => None,
                },
                on_behalf_of_person_id,
                on_behalf_of_organization_id,
                printed_name: printed_name.unwrap_or(name),
                printed_posts: Json(printed_posts.unwrap_or(posts)),
            };
            self.appearances.should_be(&key, row, |_| {});
        }
        Ok(())
    }

    fn releases(
        &mut self,
        writing: &Writing<'_>,
        item: Option<AgendaItemId>,
        releases: &[ReleaseEntry],
    ) -> Result<(), Fault> {
        for (index, entry) in releases.iter().enumerate() {
            let existing = self.releases.existing(&entry.key);
            let row = release::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                item_id: item.map(DbId),
                external_id: stored_key!(existing, entry),
                title: Json(entry.title.clone()),
                kind: entry.kind.clone(),
                url: entry.url.clone(),
                recurrence: Spelled(Recurrence::from_flag(entry.recurring)),
                position: place(index),
            };
            self.releases.should_be(&entry.key, row, |_| {});
        }
        Ok(())
    }

    fn awards(
        &mut self,
        writing: &Writing<'_>,
        item: Option<AgendaItemId>,
        awards: &[AwardEntry],
    ) -> Result<(), Fault> {
        for (index, entry) in awards.iter().enumerate() {
            let existing = self.awards.existing(&entry.key);
            let row = award::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                version: existing.map_or(1, |row| row.version),
                item_id: item.map(DbId),
                external_id: stored_key!(existing, entry),
                title: Json(entry.title.clone()),
                kind: Spelled(entry.kind),
                level: entry.level.clone(),
                citation: entry.citation.clone().map(Json),
                position: place(index),
            };
            let award_id = row.id;
            self.awards
                .should_be(&entry.key, row, |row| row.version += 1);
            self.grantors
                .should_be(award_id.0, writing.organizations(&entry.grantors));
            for (index, who) in entry.recipients.iter().enumerate() {
                let Some(who) = writing.ids.party(Some(who)) else {
                    continue;
                };
                let key = (award_id.0, who);
                let (person_id, organization_id) = party_columns(Some(who));
                let row = award_recipient::Model {
                    id: own_or_new!(writing, self.recipients.existing(&key)),
                    workspace_id: writing.workspace_id(),
                    event_id: writing.event_id(),
                    award_id,
                    person_id,
                    organization_id,
                    position: place(index),
                };
                self.recipients.should_be(&key, row, |_| {});
            }
        }
        Ok(())
    }

    fn resolutions(
        &mut self,
        writing: &Writing<'_>,
        item: Option<AgendaItemId>,
        resolutions: &[ResolutionEntry],
    ) -> Result<(), Fault> {
        for (index, entry) in resolutions.iter().enumerate() {
            let existing = self.resolutions.existing(&entry.key);
            let row = resolution::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                item_id: item.map(DbId),
                external_id: stored_key!(existing, entry),
                text: entry.text.clone(),
                position: place(index),
            };
            self.resolutions.should_be(&entry.key, row, |_| {});
        }
        Ok(())
    }

    fn letters(
        &mut self,
        writing: &mut Writing<'_>,
        document: &EventDocument,
    ) -> Result<(), Fault> {
        for (index, entry) in document.letters.iter().enumerate() {
            let id: AppointmentLetterId = *writing
                .ids
                .letters
                .get(&entry.key)
                .ok_or_else(|| unnamed("appointment_letter", "external_id"))?;
            let (Some(appointee_id), Some(body_id)) = (
                writing.ids.person(Some(&entry.appointee)),
                writing.ids.organization(Some(&entry.body)),
            ) else {
                continue;
            };
            let existing = self.letters.existing(&entry.key);
            let status = letter_status(writing, existing, entry, index)?;
            let mut row = appointment_letter::Model {
                id: DbId(id),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                version: existing.map_or(1, |row| row.version),
                external_id: stored_key!(existing, entry),
                status: Spelled(domain::appointment_letter::LetterState::Draft),
                issued_on: None,
                revoked_on: None,
                revocation_reason: None,
                appointee_id,
                body_id,
                post: entry.post.clone(),
                since: entry.since,
                until: entry.until,
                signatory: entry.signatory.clone(),
                number: entry.number.clone(),
                position: place(index),
            };
            row.set_status(status);
            self.letters
                .should_be(&entry.key, row, |row| row.version += 1);
            self.issuers
                .should_be(id, writing.organizations(&entry.issuers));
        }
        Ok(())
    }

    fn action_items(
        &mut self,
        writing: &mut Writing<'_>,
        document: &EventDocument,
    ) -> Result<(), Fault> {
        for (index, entry) in document.action_items.iter().enumerate() {
            let existing = self.action_items.existing(&entry.key);
            let before = match existing {
                Some(row) => row.status()?,
                None => ActionItemStatus::Open,
            };
            let now = writing.store.now();
            let status = match entry.status {
                None => before,
                Some(state) if existing.is_none() => ActionItemStatus::new(state, now),
                Some(state) => match before.clone().reach(state, now) {
                    Ok(status) => status,
                    Err(refused) => {
                        let path = Path::root().at("actionItems").at(index).at("status");
                        writing.illegal(&path, refused);
                        before
                    }
                },
            };
            let row = action_item::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                version: existing.map_or(1, |row| row.version),
                external_id: stored_key!(existing, entry),
                description: entry.description.clone(),
                status: Spelled(status.state()),
                status_since: status.since(),
                progress: entry.progress.clone(),
                set_by_id: writing.ids.person(entry.set_by.as_ref()),
                due_on: entry.due_on,
                recurrence: Spelled(Recurrence::from_flag(entry.recurring)),
                position: place(index),
            };
            let id = row.id.0;
            self.action_items
                .should_be(&entry.key, row, |row| row.version += 1);
            self.responsible
                .should_be(id, writing.organizations(&entry.responsible));
        }
        Ok(())
    }

    fn reports(&mut self, writing: &Writing<'_>, document: &EventDocument) -> Result<(), Fault> {
        for (index, entry) in document.reports.iter().enumerate() {
            let existing = self.reports.existing(&entry.key);
            let row = report::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                external_id: stored_key!(existing, entry),
                title: entry.title.clone(),
                publisher: entry.publisher.clone(),
                published_on: entry.published_on,
                published_at: entry.published_at,
                language: Spelled(entry.language.clone()),
                url: entry.url.clone(),
                credits: Json(entry.credits.clone()),
                key_figures: Json(entry.key_figures.clone()),
                documents_cited: Json(entry.documents_cited.clone()),
                position: place(index),
            };
            self.reports.should_be(&entry.key, row, |_| {});
        }
        Ok(())
    }

    /// Whether the agenda will be otherwise than it was.
    pub(super) fn agenda_changes(&self) -> bool {
        self.tracks.has_changes()
            || self.items.has_changes()
            || self.appearances.has_changes()
            || self.releases.has_changes()
            || self.awards.has_changes()
            || self.recipients.has_changes()
            || !self.grantors.wanted.is_empty()
    }

    pub(super) async fn write(
        &mut self,
        on: &impl ConnectionTrait,
        changes: &mut ImportChanges,
    ) -> Result<(), Fault> {
        self.roles.write(on, changes).await?;
        self.groups.write(on, changes).await?;
        self.participants.write(on, changes).await?;
        self.tracks.write(on, changes).await?;
        self.items.write(on, changes).await?;
        self.appearances.write(on, changes).await?;
        self.releases.write(on, changes).await?;
        self.awards.write(on, changes).await?;
        self.recipients.write(on, changes).await?;
        self.letters.write(on, changes).await?;
        self.resolutions.write(on, changes).await?;
        self.action_items.write(on, changes).await?;
        self.reports.write(on, changes).await?;
        self.write_links(on).await
    }

    async fn write_links(&mut self, on: &impl ConnectionTrait) -> Result<(), Fault> {
        let wanted = std::mem::take(&mut self.grantors.wanted);
        let owners = wanted.iter().map(|(id, _)| DbId(*id)).collect::<Vec<_>>();
        if !owners.is_empty() {
            let these = award_grantor::Column::AwardId.is_in(owners);
            award_grantor::Entity::delete_many()
                .filter(these)
                .exec(on)
                .await?;
        }
        let rows = linked(wanted).map(|(owner, position, organization_id)| award_grantor::Model {
            award_id: owner,
            position,
            organization_id,
        });
        insert_all::<award_grantor::Entity>(on, rows.collect()).await?;

        let wanted = std::mem::take(&mut self.issuers.wanted);
        let owners = wanted.iter().map(|(id, _)| DbId(*id)).collect::<Vec<_>>();
        if !owners.is_empty() {
            let these = letter_issuer::Column::LetterId.is_in(owners);
            letter_issuer::Entity::delete_many()
                .filter(these)
                .exec(on)
                .await?;
        }
        let rows = linked(wanted).map(|(owner, position, organization_id)| letter_issuer::Model {
            letter_id: owner,
            position,
            organization_id,
        });
        insert_all::<letter_issuer::Entity>(on, rows.collect()).await?;

        let wanted = std::mem::take(&mut self.responsible.wanted);
        let owners = wanted.iter().map(|(id, _)| DbId(*id)).collect::<Vec<_>>();
        if !owners.is_empty() {
            let these = action_item_responsible::Column::ActionItemId.is_in(owners);
            action_item_responsible::Entity::delete_many()
                .filter(these)
                .exec(on)
                .await?;
        }
        let rows = linked(wanted).map(|(owner, position, organization_id)| {
            action_item_responsible::Model {
                action_item_id: owner,
                position,
                organization_id,
            }
        });
        insert_all::<action_item_responsible::Entity>(on, rows.collect()).await
    }

    pub(super) async fn delete(
        &mut self,
        on: &impl ConnectionTrait,
        changes: &mut ImportChanges,
    ) -> Result<(), Fault> {
        self.reports.delete(on, changes).await?;
        self.action_items.delete(on, changes).await?;
        self.resolutions.delete(on, changes).await?;
        if !self.letters.leftovers().is_empty() {
            // A membership outlives the letter that it rested on.
            let rested =
                membership::Column::LetterId.is_in(self.letters.leftovers().iter().copied());
            membership::Entity::update_many()
                .col_expr(
                    membership::Column::LetterId,
                    sea_orm::sea_query::Expr::value(Option::<uuid::Uuid>::None),
                )
                .filter(rested)
                .exec(on)
                .await?;
        }
        self.letters.delete(on, changes).await?;
        self.recipients.delete(on, changes).await?;
        self.awards.delete(on, changes).await?;
        self.releases.delete(on, changes).await?;
        self.appearances.delete(on, changes).await?;
        self.items.delete(on, changes).await?;
        self.tracks.delete(on, changes).await?;
        self.participants.delete(on, changes).await?;
        self.groups.delete(on, changes).await?;
        self.roles.delete(on, changes).await
    }
}

/// The rows of a link table.
fn linked<K>(
    wanted: Vec<(domain::Id<K>, Vec<OrganizationId>)>,
) -> impl Iterator<Item = (DbId<K>, i32, DbId<kind::Organization>)> {
    wanted.into_iter().flat_map(|(owner, list)| {
        let list = list.into_iter().enumerate();
        list.map(move |(index, organization)| (DbId(owner), place(index), DbId(organization)))
    })
}

/// The people among those who appear.
fn appearing(appearances: &[AppearanceEntry]) -> impl Iterator<Item = &Key> {
    appearances.iter().filter_map(|entry| match &entry.who {
        AppearingKey::Person(key) => Some(key),
        AppearingKey::Organization(_) | AppearingKey::Group(_) => None,
    })
}

fn letter_status(
    writing: &mut Writing<'_>,
    existing: Option<&appointment_letter::Model>,
    entry: &LetterEntry,
    index: usize,
) -> Result<LetterStatus, Fault> {
    let before = match existing {
        Some(row) => row.status()?,
        None => LetterStatus::Draft,
    };
    let Some(wanted) = &entry.status else {
        return Ok(before);
    };
    match before.clone().reach(wanted) {
        Ok(status) => Ok(status),
        Err(refused) => {
            let path = Path::root().at("letters").at(index).at("status");
            writing.illegal(&path, refused);
            Ok(before)
        }
    }
}
