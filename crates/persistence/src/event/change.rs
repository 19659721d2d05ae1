//! Changing events: made, described, announced, declared over, called off, removed.

use std::collections::HashMap;

use domain::Refusals;
use domain::access::{Actor, Permission};
use domain::event::{
    Event, EventCancelRefused, EventConcludeRefused, EventCreateRefused, EventPatch,
    EventPublishRefused, EventRemoveRefused, EventState, EventStatus, EventTransitionRefused,
    EventUpdateRefused,
};
use domain::id::{EventId, WorkspaceId, kind};
use domain::refusal::{IllegalState, Missing, Stale};
use domain::text::passage;
use domain::time::EventTime;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{
    appointment_letter, award, award_grantor, award_recipient, letter_issuer,
};
use crate::entity::credential::credential;
use crate::entity::directory::{membership, organization, party};
use crate::entity::event::{event, series};
use crate::entity::follow_up::{action_item, action_item_responsible, report, resolution};
use crate::entity::message::message;
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::entity::place::{room, venue};
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Retry, Seen, Uses};
use crate::record::{Record, ids, parties};
use crate::store::Store;

/// An event to be made. What is not said is not known.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// When it is to be.
    pub time: EventTime,
    /// What else is said of it.
    pub fields: EventPatch,
}

impl Store {
    /// Makes an event, as a draft.
    pub async fn create_event(
        &self,
        actor: &Actor,
        new: NewEvent,
        retry: Option<&Retry>,
    ) -> Result<EventId, Refused<EventCreateRefused>> {
        let name = "eventCreate";
        let mut operation = self
            .operate(actor, name, Permission::EventEdit, new.workspace)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        operation
            .event_references(&new.fields, &mut refusals)
            .await?;
        let id = operation.mint()?;
        let mut event = Event::draft(id, new.workspace, new.time.clone());
        refusals.checked("time", new.time.check());
        new.fields.apply(&mut event, &mut refusals);
        let row = event::Model::of(event, self.now());
        operation.add::<event::Entity, _>(row, refusals).await
    }

    /// Changes what is said of an event.
    pub async fn update_event(
        &self,
        actor: &Actor,
        seen: Seen<kind::Event>,
        patch: EventPatch,
    ) -> Result<(), Refused<EventUpdateRefused>> {
        let name = "eventUpdate";
        let (mut operation, before, mut refusals) = self
            .change::<event::Entity, _>(actor, name, Permission::EventEdit, seen)
            .await?;
        refusals.enter("patch");
        operation.event_references(&patch, &mut refusals).await?;
        if let Some(parent) = patch.parent_id.set()
            && operation.is_part_of(*parent, seen.id).await?
        {
            refusals.invalid("parentId", "an event cannot be part of itself");
        }
        // To whom it is shown is a matter of publishing it, once it is published.
        if before.published_at.is_some()
            && patch
                .visibility
                .set()
                .is_some_and(|to| *to != before.visibility.0)
        {
            actor.may(Permission::EventPublish, operation.workspace())?;
        }
        let mut event = before.clone().event()?;
        patch.apply(&mut event, &mut refusals);
        // Another zone moves every instant of the agenda.
        if event.time.zone != before.time_zone.0 {
            operation.touch_agenda();
        }
        let after = event::Model {
            updated_at: before.updated_at,
            ..event::Model::of(event, before.created_at)
        };
        operation
            .claim::<event::Entity, _>(&after, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        operation.update::<event::Entity>(&before, after).await?;
        operation.calendars_of_event().await?;
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Announces an event that was a draft. Whoever has seen it at a version says at which.
    pub async fn publish_event(
        &self,
        actor: &Actor,
        id: EventId,
        expected_version: Option<i32>,
    ) -> Result<Event, Refused<EventPublishRefused>> {
        let now = self.now();
        self.step(actor, "eventPublish", id, expected_version, |status, _| {
            status.publish(now)
        })
        .await
    }

    /// Declares an event that was announced to be over.
    pub async fn conclude_event(
        &self,
        actor: &Actor,
        id: EventId,
        expected_version: Option<i32>,
    ) -> Result<Event, Refused<EventConcludeRefused>> {
        let now = self.now();
        self.step(actor, "eventConclude", id, expected_version, |status, _| {
            status.conclude(now)
        })
        .await
    }

    /// Calls an event off, and says why to those concerned.
    pub async fn cancel_event(
        &self,
        actor: &Actor,
        id: EventId,
        expected_version: Option<i32>,
        reason: Option<&str>,
    ) -> Result<Event, Refused<EventCancelRefused>> {
        let now = self.now();
        self.step(
            actor,
            "eventCancel",
            id,
            expected_version,
            |status, refusals| {
                let told = reason.map(passage).transpose();
                let told = refusals.checked("reason", told).flatten();
                status.cancel(now, told)
            },
        )
        .await
    }

    /// One step in the life of an event.
    async fn step<R: From<Stale> + From<IllegalState>>(
        &self,
        actor: &Actor,
        name: &'static str,
        id: EventId,
        expected_version: Option<i32>,
        step: impl FnOnce(EventStatus, &mut Refusals<R>) -> Result<EventStatus, EventTransitionRefused>,
    ) -> Result<Event, Refused<R>> {
        let (mut operation, before) = self
            .operate_on::<event::Entity, _>(actor, name, Permission::EventPublish, id)
            .await?;
        let mut refusals = Refusals::default();
        if expected_version.is_some_and(|expected| expected != before.version) {
            let stale = Stale {
                id: id.to_string(),
                current: before.version,
            };
            refusals.say("expectedVersion", stale);
        }
        let mut after = before.clone();
        match step(before.status()?, &mut refusals) {
            Ok(status) => after.set_status(status),
            Err(refused) => refusals.say("id", IllegalState::from(refused)),
        }
        refusals.refuse_if_any()?;
        after.updated_at = self.now();
        after.version += 1;
        let reason = after.cancellation_reason.clone();
        operation.put::<event::Entity>(&before, after).await?;
        operation.freeze_first_agenda(id).await?;
        let after = operation.event_as_it_is().await?;
        if after.status.0 == EventState::Cancelled {
            Box::pin(operation.call_off(&after, reason.as_deref())).await?;
        }
        let after = operation.event_as_it_is().await?;
        operation.finish(Effect::Apply, &[]).await?;
        Ok(after.event()?)
    }

    /// Removes an event that was never announced, with all that belongs to it. Says how many things
    /// go with it.
    pub async fn remove_event(
        &self,
        actor: &Actor,
        seen: Seen<kind::Event>,
        effect: Effect,
    ) -> Result<u32, Refused<EventRemoveRefused>> {
        let name = "eventRemove";
        let (mut operation, row, mut refusals) = self
            .change::<event::Entity, _>(actor, name, Permission::EventPublish, seen)
            .await?;
        if row.published_at.is_some() || row.status.0 != EventState::Draft {
            let message = "only a draft can be removed: what was announced is called off";
            refusals.say("id", IllegalState(message.to_owned()));
        }
        let uses = vec![
            Uses::of::<event::Entity>(event::Column::ParentId, seen.id.uuid()),
            Uses::of::<organization::Entity>(organization::Column::FoundingEventId, seen.id.uuid()),
            Uses::of::<credential::Entity>(credential::Column::EventId, seen.id.uuid()),
        ];
        operation.must_be_unused(uses, &mut refusals).await?;
        operation.letters_are_unused(seen.id, &mut refusals).await?;
        refusals.refuse_if_any()?;
        let gone = operation.remove_parts(seen.id).await?;
        operation.remove::<event::Entity>(&row).await?;
        operation.agenda_is_gone(seen.id);
        operation.finish(effect, &[]).await?;
        Ok(gone)
    }
}

impl Operation<'_> {
    async fn event_references<R: From<Missing>>(
        &self,
        fields: &EventPatch,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let venue = fields.venue_id.set().copied();
        self.refer::<venue::Entity, _>("venueId", venue, refusals)
            .await?;
        let room = fields.room_id.set().copied();
        self.refer::<room::Entity, _>("roomId", room, refusals)
            .await?;
        let parent = fields.parent_id.set().copied();
        self.refer::<event::Entity, _>("parentId", parent, refusals)
            .await?;
        let series = fields.series_id.set().copied();
        self.refer::<series::Entity, _>("seriesId", series, refusals)
            .await?;
        Ok(())
    }

    /// Whether an event is this one or a part of it, at any depth.
    async fn is_part_of(&self, part: EventId, whole: EventId) -> Result<bool, Fault> {
        let mut seen = std::collections::HashSet::new();
        let mut next = Some(part);
        while let Some(id) = next.filter(|id| seen.insert(*id)) {
            if id == whole {
                return Ok(true);
            }
            let row = event::Entity::find_by_id(DbId(id)).one(self.on()).await?;
            next = row.and_then(|row| row.parent_id).map(|id| id.0);
        }
        Ok(false)
    }

    /// Says so if letters of an event were issued, or memberships rest on them.
    async fn letters_are_unused<R: From<domain::refusal::InUse> + From<IllegalState>>(
        &self,
        event: EventId,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let letters = appointment_letter::Entity::find()
            .filter(appointment_letter::Column::EventId.eq(DbId(event)))
            .all(self.on())
            .await?;
        let draft = domain::appointment_letter::LetterState::Draft;
        if letters.iter().any(|letter| letter.status.0 != draft) {
            let message = "a letter of it was issued: what was issued is not removed";
            refusals.say("id", IllegalState(message.to_owned()));
        }
        let uses = letters.iter().map(|letter| {
            Uses::of::<membership::Entity>(membership::Column::LetterId, letter.id.0.uuid())
        });
        self.must_be_unused(uses.collect(), refusals).await
    }

    /// Removes all that belongs to an event, in an order in which nothing is referred to any more.
    async fn remove_parts(&mut self, event: EventId) -> Result<u32, Fault> {
        let mut gone = 0_usize;
        macro_rules! remove {
            ($($table:ident),+ $(,)?) => {$(
                let rows = $table::Entity::find()
                    .filter($table::Column::EventId.eq(DbId(event)))
                    .all(self.on())
                    .await?;
                gone += rows.len();
                self.remove_all::<$table::Entity>(&rows).await?;
            )+};
        }
        macro_rules! remove_with_list {
            ($table:ident, $links:ident, $name:literal $(, $more:ident as $other:literal)?) => {
                let rows = $table::Entity::find()
                    .filter($table::Column::EventId.eq(DbId(event)))
                    .all(self.on())
                    .await?;
                gone += rows.len();
                let mut lists = self
                    .lists_beside::<$links::Entity>(rows.iter().map(|row| row.id.0.uuid()))
                    .await?;
                for row in rows {
                    let list = lists.remove(&row.id.0.uuid()).unwrap_or_default();
                    let rest = [
                        ($name.to_owned(), ids(&list)),
                        $(($other.to_owned(), parties(&$more.remove(&row.id.0).unwrap_or_default())),)?
                    ];
                    let rest = Record::from_iter(rest);
                    self.remove_with::<$table::Entity>(&row, rest).await?;
                }
            };
        }
        // Its mails go with a message.
        remove!(message, report, resolution);
        remove_with_list!(action_item, action_item_responsible, "responsible");
        remove_with_list!(appointment_letter, letter_issuer, "issuers");
        // Who got an award is told with it too, and goes before it.
        let rows = award_recipient::Entity::find()
            .filter(award_recipient::Column::EventId.eq(DbId(event)))
            .order_by_asc(award_recipient::Column::Position)
            .order_by_asc(award_recipient::Column::Id)
            .all(self.on())
            .await?;
        gone += rows.len();
        let mut recipients: HashMap<_, Vec<_>> = HashMap::new();
        for row in &rows {
            let who = party(row.person_id, row.organization_id);
            recipients.entry(row.award_id.0).or_default().extend(who);
        }
        self.remove_all::<award_recipient::Entity>(&rows).await?;
        remove_with_list!(award, award_grantor, "grantors", recipients as "recipients");
        remove!(release, appearance);
        // A tree goes in one statement: each refers to the one above it.
        let items = agenda_item::Entity::find()
            .filter(agenda_item::Column::EventId.eq(DbId(event)))
            .all(self.on())
            .await?;
        gone += items.len();
        self.remove_tree(&items).await?;
        remove!(track, participant, participant_group, event_organization);
        Ok(u32::try_from(gone).unwrap_or(u32::MAX))
    }
}
