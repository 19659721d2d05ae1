//! Changing who takes part in an event.

use std::collections::{HashMap, HashSet};

use domain::access::{Actor, Permission};
use domain::credential::CredentialState;
use domain::event::EventState;
use domain::id::{EventId, EventOrganizationId, OrganizationId, ParticipantId, PersonId, kind};
use domain::message::MessageKind;
use domain::participant::{
    DelegateRole, Participant, ParticipantAddRefused, ParticipantBulkAddRefused,
    ParticipantCancelRefused, ParticipantPatch, ParticipantRemoveRefused, ParticipantState,
    ParticipantStatus, ParticipantUpdateRefused, let_in,
};
use domain::refusal::{IllegalState, Invalid, Missing};
use domain::text::passage;
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::bulk::{Bulk, BulkRow, Bulky};
use crate::column::{DbId, Spelled};
use crate::entity::agenda::appearance;
use crate::entity::credential::credential;
use crate::entity::directory::{organization, person};
use crate::entity::participation::{event_organization, participant};
use crate::error::Fault;
use crate::message::{Going, NewMessage};
use crate::operation::{Effect, Operation, Refused, Retry, Seen, Uses};
use crate::store::Store;

/// Who is to be put on the list.
#[derive(Debug, Clone)]
pub struct NewParticipant {
    /// Who.
    pub person: PersonId,
    /// What is said of them there. What is printed is what they are called, if nothing else is said.
    pub fields: ParticipantPatch,
}

fn list(event: EventId) -> Condition {
    Condition::all().add(participant::Column::EventId.eq(DbId(event)))
}

impl Store {
    /// Puts a person on the list of an event.
    pub async fn add_participant(
        &self,
        actor: &Actor,
        event: EventId,
        new: NewParticipant,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<ParticipantId, Refused<ParticipantAddRefused>> {
        let name = "participantAdd";
        let mut operation = self
            .operate_in(actor, name, Permission::ParticipantEdit, event)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let found = operation
            .refer::<person::Entity, _>("personId", Some(new.person), &mut refusals)
            .await?;
        let printed = match found {
            Some(person) => {
                let posts = operation.posts_held([new.person]).await?;
                (person.name, posts.into_values().next().unwrap_or_default())
            }
            None => Default::default(),
        };
        let sent_by = operation
            .participant_references(&new.fields, &mut refusals)
            .await?;
        let id = operation.mint()?;
        let position = operation
            .place::<participant::Entity, _>(list(event), id, order, None, &mut refusals)
            .await?;
        let mut participant = Participant::listed(id, event, new.person, printed, position);
        participant.representing_id = sent_by;
        new.fields
            .apply(&mut participant, self.now(), &mut refusals);
        operation.leads_alone(&participant, &mut refusals).await?;
        let row = participant::Model::of(operation.workspace(), participant);
        operation.add::<participant::Entity, _>(row, refusals).await
    }

    /// Puts many people on the list of an event at once, in this order.
    pub async fn add_participants(
        &self,
        actor: &Actor,
        event: EventId,
        bulk: Bulk<NewParticipant>,
        retry: Option<&Retry>,
    ) -> Result<
        Bulky<kind::Participant, ParticipantBulkAddRefused>,
        Refused<ParticipantBulkAddRefused>,
    > {
        let name = "participantBulkAdd";
        let mut operation = self
            .operate_in(actor, name, Permission::ParticipantEdit, event)
            .await?;
        let before = operation.answered(retry).await?;
        let known = Known::of(&operation, &bulk.rows).await?;
        let mut place = operation
            .last_place::<participant::Entity>(list(event))
            .await?;
        let mut led = known.led.clone();
        let mut participants = Vec::with_capacity(bulk.rows.len());
        for new in bulk.rows {
            let mut refusals = Refusals::default();
            known.check(&new, &mut refusals);
            let printed = known.printed(new.person);
            let id = operation.mint()?;
            let mut participant = Participant::listed(id, event, new.person, printed, place);
            participant.representing_id = known.sent_by(&new.fields);
            new.fields
                .apply(&mut participant, self.now(), &mut refusals);
            if let (Some(delegation), Some(DelegateRole::Head)) =
                (participant.delegation_id, participant.delegate_role)
                && !led.insert(delegation)
            {
                refusals.invalid("delegateRole", LED_ALREADY);
            }
            place = place.saturating_add(1);
            participants.push(BulkRow {
                row: participant::Model::of(operation.workspace(), participant),
                refusals,
            });
        }
        operation
            .add_bulk::<participant::Entity, _>(before, participants, bulk.on_error, bulk.effect)
            .await
    }

    /// Changes what is said of a participant.
    pub async fn update_participant(
        &self,
        actor: &Actor,
        seen: Seen<kind::Participant>,
        patch: ParticipantPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<ParticipantUpdateRefused>> {
        let name = "participantUpdate";
        let (mut operation, before, mut refusals) = self
            .change::<participant::Entity, _>(actor, name, Permission::ParticipantEdit, seen)
            .await?;
        refusals.enter("patch");
        operation
            .participant_references(&patch, &mut refusals)
            .await?;
        let mut participant = before.clone().participant();
        patch.apply(&mut participant, self.now(), &mut refusals);
        operation.leads_alone(&participant, &mut refusals).await?;
        participant.position = operation
            .place::<participant::Entity, _>(
                list(participant.event_id),
                seen.id,
                order,
                Some(participant.position),
                &mut refusals,
            )
            .await?;
        let after = participant::Model::of(operation.workspace(), participant);
        refusals.refuse_if_any()?;
        operation
            .update::<participant::Entity>(&before, after.clone())
            .await?;
        // Whether they are expected decides what their calendar shows.
        if after.status != before.status {
            operation.calendar_of(&after, None).await?;
        }
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Strikes somebody off, who is told so with the reason if they were invited. Who waits longest gets
    /// the place: gives those who come now.
    pub async fn cancel_participant(
        &self,
        actor: &Actor,
        seen: Seen<kind::Participant>,
        reason: Option<String>,
    ) -> Result<Vec<ParticipantId>, Refused<ParticipantCancelRefused>> {
        let name = "participantCancel";
        let (mut operation, before, mut refusals) = self
            .change::<participant::Entity, _>(actor, name, Permission::ParticipantEdit, seen)
            .await?;
        let reason = reason.as_deref().map(passage).transpose();
        let reason = refusals.checked("reason", reason).flatten();
        let mut participant = before.clone().participant();
        let now = self.now();
        let status = participant
            .status
            .clone()
            .reach(ParticipantState::Cancelled, Some(now));
        match status {
            Ok(status) if status != participant.status => participant.status = status,
            Ok(_) => refusals.say("id", IllegalState("they were struck off before".to_owned())),
            Err(refused) => refusals.say("id", IllegalState(refused.to_string())),
        }
        refusals.refuse_if_any()?;
        participant.answered_through = None;
        let after = participant::Model::of(operation.workspace(), participant);
        operation
            .update::<participant::Entity>(&before, after.clone())
            .await?;
        operation.calendar_of(&after, reason.as_deref()).await?;
        let promoted = operation.let_in().await?;
        operation.finish(Effect::Apply, &[]).await?;
        Ok(promoted)
    }

    /// Takes someone off the list who appears nowhere, as if they had never been on it. Who was
    /// invited and does not come is struck off instead: that is remembered.
    pub async fn remove_participant(
        &self,
        actor: &Actor,
        seen: Seen<kind::Participant>,
    ) -> Result<(), Refused<ParticipantRemoveRefused>> {
        let name = "participantRemove";
        let (operation, row, mut refusals) = self
            .change::<participant::Entity, _>(actor, name, Permission::ParticipantEdit, seen)
            .await?;
        let certified = Uses::within::<credential::Entity>(
            credential::Column::ParticipantId,
            seen.id.uuid(),
            credential::Column::Status.eq(Spelled(CredentialState::Valid)),
        );
        let appearances = Uses::within::<appearance::Entity>(
            appearance::Column::PersonId,
            row.person_id.0.uuid(),
            appearance::Column::EventId.eq(row.event_id),
        );
        operation
            .must_be_unused(vec![appearances, certified], &mut refusals)
            .await?;
        let invited = operation.invitations_of(std::slice::from_ref(&row));
        if !invited.await?.is_empty() {
            let message =
                "they were invited: who does not come is struck off, with status CANCELLED";
            refusals.say("id", IllegalState(message.to_owned()));
        }
        operation
            .delete_from::<participant::Entity, _>(list(row.event_id.0), &row, refusals)
            .await
    }
}

impl Operation<'_> {
    /// Lets in who waits longest while places are free, and tells them. To an event without a limit
    /// nobody waits.
    async fn let_in(&mut self) -> Result<Vec<ParticipantId>, Fault> {
        let event = self.event_as_it_is().await?;
        let (Some(capacity), EventState::Published) = (event.capacity, event.status.0) else {
            return Ok(Vec::new());
        };
        let waiting = participant::Column::Status.eq(Spelled(ParticipantState::Waitlisted));
        let mut waiting: HashMap<_, _> = self
            .listed(list(event.id.0).add(waiting))
            .await?
            .into_iter()
            .map(|row| (row.id.0, row))
            .collect();
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        let comes = [ParticipantState::Confirmed, ParticipantState::Attended];
        let taken = participant::Entity::find()
            .filter(list(event.id.0))
            .filter(participant::Column::Status.is_in(comes.map(Spelled)))
            .count(self.on())
            .await?;
        let line = waiting.iter().map(|(id, row)| (row.status_since, *id));
        let taken = usize::try_from(taken).unwrap_or(usize::MAX);
        let promoted = let_in(capacity, taken, line.collect());
        let mut rows = Vec::with_capacity(promoted.len());
        for id in &promoted {
            let Some(before) = waiting.remove(id) else {
                continue;
            };
            let mut participant = before.clone().participant();
            participant.status = ParticipantStatus::Confirmed {
                at: Some(self.now()),
            };
            let after = participant::Model::of(self.workspace(), participant);
            self.update::<participant::Entity>(&before, after.clone())
                .await?;
            rows.push(after);
        }
        let mails = self
            .asking(&rows, MessageKind::Confirmed, &json!({}))
            .await?;
        let new = NewMessage {
            kind: MessageKind::Confirmed,
            going: Going::Now,
            note: None,
            version: None,
        };
        self.tell(event.id.0, new, mails).await?;
        Ok(promoted)
    }

    /// Gives the organization that sends a delegate: they come from there, if nothing else is said.
    async fn participant_references<R: From<Missing> + From<Invalid>>(
        &self,
        fields: &ParticipantPatch,
        refusals: &mut Refusals<R>,
    ) -> Result<Option<OrganizationId>, Fault> {
        let from = fields.representing_id.set().copied();
        self.refer::<organization::Entity, _>("representingId", from, refusals)
            .await?;
        self.refer_party("onBehalfOf", fields.on_behalf_of.set(), refusals)
            .await?;
        let delegation = fields.delegation_id.set().copied();
        let sending = self
            .refer::<event_organization::Entity, _>("delegationId", delegation, refusals)
            .await?;
        if sending
            .as_ref()
            .is_some_and(|role| role.has_delegation == 0)
        {
            refusals.invalid("delegationId", SENDS_NONE);
        }
        Ok(sending.map(|role| role.organization_id.0))
    }

    /// Says so if somebody else leads the delegation that a participant is to lead.
    async fn leads_alone<R: From<Invalid>>(
        &self,
        leading: &Participant,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let (Some(delegation), Some(DelegateRole::Head)) =
            (leading.delegation_id, leading.delegate_role)
        else {
            return Ok(());
        };
        let other = participant::Entity::find()
            .filter(participant::Column::DelegationId.eq(DbId(delegation)))
            .filter(participant::Column::DelegateRole.eq(Spelled(DelegateRole::Head)))
            .filter(participant::Column::Id.ne(DbId(leading.id)))
            .one(self.on())
            .await?;
        if other.is_some() {
            refusals.invalid("delegateRole", LED_ALREADY);
        }
        Ok(())
    }
}

const SENDS_NONE: &str = "the organization sends no delegation";
const LED_ALREADY: &str = "somebody else leads the delegation";

/// What the rows of a list refer to, looked up at once.
struct Known {
    people: HashMap<PersonId, person::Model>,
    posts: HashMap<PersonId, Vec<String>>,
    organizations: HashMap<OrganizationId, organization::Model>,
    delegations: HashMap<EventOrganizationId, event_organization::Model>,
    /// The delegations that somebody leads.
    led: HashSet<EventOrganizationId>,
}

impl Known {
    async fn of(operation: &Operation<'_>, rows: &[NewParticipant]) -> Result<Self, Fault> {
        use domain::organization::Party;
        let mut people: Vec<_> = rows.iter().map(|row| row.person).collect();
        let mut organizations = Vec::new();
        for row in rows {
            organizations.extend(row.fields.representing_id.set().copied());
            match row.fields.on_behalf_of.set() {
                Some(Party::Person(id)) => people.push(*id),
                Some(Party::Organization(id)) => organizations.push(*id),
                None => {}
            }
        }
        let delegations = rows.iter().filter_map(|row| row.fields.delegation_id.set());
        let delegations = operation
            .known::<event_organization::Entity>(delegations.copied())
            .await?;
        let heads = participant::Entity::find()
            .filter(participant::Column::DelegationId.is_in(delegations.keys().copied().map(DbId)))
            .filter(participant::Column::DelegateRole.eq(Spelled(DelegateRole::Head)))
            .all(operation.on())
            .await?;
        let people = operation.known::<person::Entity>(people).await?;
        let posts = operation.posts_held(people.keys().copied()).await?;
        Ok(Self {
            people,
            posts,
            organizations: operation
                .known::<organization::Entity>(organizations)
                .await?,
            delegations,
            led: heads
                .into_iter()
                .filter_map(|row| row.delegation_id)
                .map(|id| id.0)
                .collect(),
        })
    }

    fn check<R: From<Missing> + From<Invalid>>(
        &self,
        new: &NewParticipant,
        refusals: &mut Refusals<R>,
    ) {
        use domain::organization::Party;
        if !self.people.contains_key(&new.person) {
            refusals.say("personId", Missing::of::<kind::Person>());
        }
        let from = new.fields.representing_id.set();
        if from.is_some_and(|id| !self.organizations.contains_key(id)) {
            refusals.say("representingId", Missing::of::<kind::Organization>());
        }
        match new.fields.on_behalf_of.set() {
            Some(Party::Person(id)) if !self.people.contains_key(id) => {
                refusals.say("onBehalfOf.personId", Missing::of::<kind::Person>());
            }
            Some(Party::Organization(id)) if !self.organizations.contains_key(id) => {
                let missing = Missing::of::<kind::Organization>();
                refusals.say("onBehalfOf.organizationId", missing);
            }
            _ => {}
        }
        if let Some(delegation) = new.fields.delegation_id.set() {
            match self.delegations.get(delegation) {
                None => refusals.say("delegationId", Missing::of::<kind::EventOrganization>()),
                Some(role) if role.has_delegation == 0 => {
                    refusals.invalid("delegationId", SENDS_NONE);
                }
                Some(_) => {}
            }
        }
    }

    fn sent_by(&self, fields: &ParticipantPatch) -> Option<OrganizationId> {
        let role = self.delegations.get(fields.delegation_id.set()?)?;
        Some(role.organization_id.0)
    }

    fn printed(&self, person: PersonId) -> (String, Vec<String>) {
        let name = self.people.get(&person).map(|row| row.name.clone());
        let posts = self.posts.get(&person).cloned();
        (name.unwrap_or_default(), posts.unwrap_or_default())
    }
}
