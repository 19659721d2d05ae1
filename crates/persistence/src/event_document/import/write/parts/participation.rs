//! Writing who takes part: organizations with their roles, groups, participants.

use std::collections::{HashMap, HashSet};

use domain::event_document::{
    AppearanceEntry, AppearingKey, EventDocument, ItemEntry, ParticipantEntry,
};
use domain::id::{EventOrganizationId, ParticipantGroupId, kind};
use domain::participant::{DelegateRole, ParticipantCategory, ParticipantStatus};
use domain::problem::Path;
use domain::{Key, Problem};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{Lookup, Parts, all};
use crate::column::{DbId, Json, Spelled};
use crate::entity::directory::party_columns;
use crate::entity::message::invitation;
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::error::Fault;
use crate::event_document::import::write::{Writing, allot, availability, place, unnamed};

impl Parts {
    pub(super) fn roles(
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
                version: 1,
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
            self.roles.should_be(&key, row);
        }
        Ok(())
    }

    pub(super) fn groups(
        &mut self,
        writing: &mut Writing<'_>,
        document: &EventDocument,
    ) -> Result<(), Fault> {
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
                version: 1,
                event_id: writing.event_id(),
                external_id: stored_key!(existing, entry),
                description: entry.description.clone(),
                expected_count: entry.expected_count,
                organization_id: writing.ids.organization(entry.organization.as_ref()),
                position: place(index),
            };
            self.groups.should_be(&entry.key, row);
        }
        Ok(())
    }

    /// Those whom the document lists, then everybody who appears or is a delegate: speaking at an
    /// event makes one a participant.
    pub(super) fn participants(
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
                    availability: Vec::new(),
                };
                let path = Path::root().at("participants");
                self.participant(writing, &entry, position, &path, &delegations, lookup)?;
                position += 1;
            }
        }
        Ok(())
    }

    /// Whose delegate each person is.
    pub(super) fn delegations<'a>(
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

    pub(super) fn participant(
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
            Some(row) => row.status(),
            None => ParticipantStatus::Listed,
        };
        let status = match entry.status {
            None => before,
            // One who is new to us is what the document says; one whom we know gets there by the
            // rules. When, the document does not say, and the hour of the import is not it.
            Some(state) if existing.is_none() => ParticipantStatus::new(state, None),
            Some(state) => match before.clone().reach(state, None) {
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
            version: 1,
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
            availability: availability(&entry.availability),
            link_generation: existing.map_or(1, |row| row.link_generation),
            answered_through: existing.and_then(|row| row.answered_through),
            answer_by: existing.and_then(|row| row.answer_by),
        };
        self.participants.should_be(&person_id.0, row);
        Ok(())
    }

    /// Whoever was invited has it in their calendar: they are struck off, and told so. They do not vanish.
    pub(super) async fn invited_stay(
        &self,
        writing: &mut Writing<'_>,
        on: &impl ConnectionTrait,
    ) -> Result<(), Fault> {
        let mut invited = HashSet::new();
        for some in self.participants.leftovers().chunks(5_000) {
            let found: Vec<DbId<kind::Participant>> = invitation::Entity::find()
                .select_only()
                .column(invitation::Column::ParticipantId)
                .distinct()
                .filter(invitation::Column::ParticipantId.is_in(some.iter().copied()))
                .into_tuple()
                .all(on)
                .await?;
            invited.extend(found.into_iter().map(|id| id.0));
        }
        if invited.is_empty() {
            return Ok(());
        }
        let path = Path::root().at("participants");
        let named = writing.ids.people.iter();
        let keys: HashMap<_, _> = named.map(|(key, id)| (*id, key.clone())).collect();
        for row in all::<participant::Entity>(writing, on).await? {
            if invited.contains(&row.id.0) {
                let name = keys.get(&row.person_id.0).map(Key::as_str);
                let name = name.unwrap_or("somebody");
                writing.problems.push(Problem::invalid(
                    &path,
                    format!("`{name}` was invited: who does not come is struck off, with status CANCELLED"),
                ));
            }
        }
        Ok(())
    }
}

/// The people among those who appear.
fn appearing(appearances: &[AppearanceEntry]) -> impl Iterator<Item = &Key> {
    appearances.iter().filter_map(|entry| match &entry.who {
        AppearingKey::Person(key) => Some(key),
        AppearingKey::Organization(_) | AppearingKey::Group(_) => None,
    })
}
