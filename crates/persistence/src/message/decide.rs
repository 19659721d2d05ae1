//! What becomes of messages and their mails by somebody's will: what was held goes out or is dropped, and
//! what failed is tried again.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::access::{Actor, Permission};
use domain::id::{DeliveryId, InvitationId, MessageId, PersonId, kind};
use domain::invitation::InvitationStatus;
use domain::message::{
    DeliveryRetryRefused, DeliveryState, Message, MessageDiscardRefused, MessageKind,
    MessageReleaseRefused, MessageState,
};
use domain::participant::ParticipantState;
use domain::refusal::{IllegalState, Missing, Refusals};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::{Going, NewDelivery, NewMessage};
use crate::calendar_entry::Followed;
use crate::column::{DbId, Spelled};
use crate::entity::directory::person;
use crate::entity::message::{delivery, invitation, message, suppression};
use crate::entity::participation::participant;
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Seen};
use crate::record::Record;
use crate::store::Store;

impl Store {
    /// Lets a message go out that was held. To who has answered by now, or was struck off, it does not.
    pub async fn release_message(
        &self,
        actor: &Actor,
        seen: Seen<kind::Message>,
    ) -> Result<(), Refused<MessageReleaseRefused>> {
        let name = "messageRelease";
        let (mut operation, before, mut refusals) = self
            .change::<message::Entity, _>(actor, name, Permission::ParticipantEdit, seen)
            .await?;
        operation.is_announced("id", &mut refusals)?;
        let after = operation.decided(&before, MessageState::Released, &mut refusals);
        refusals.refuse_if_any()?;
        operation.update::<message::Entity>(&before, after).await?;
        let needless = Query::select()
            .column(participant::Column::Id)
            .from(participant::Entity)
            .and_where(participant::Column::EventId.eq(before.event_id))
            .and_where(participant::Column::Status.is_in([
                Spelled(ParticipantState::Declined),
                Spelled(ParticipantState::Cancelled),
            ]))
            .take();
        let needless = delivery::Column::ParticipantId.in_subquery(needless);
        operation
            .held_become(seen.id, DeliveryState::Superseded, needless.into())
            .await?;
        operation
            .held_become(seen.id, DeliveryState::Queued, Condition::all())
            .await?;
        if before.kind.0 == MessageKind::Invitation {
            operation.bring_what_came_since(&before).await?;
        }
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Drops a message that was held. Whom it was to ask was not asked.
    pub async fn discard_message(
        &self,
        actor: &Actor,
        seen: Seen<kind::Message>,
    ) -> Result<(), Refused<MessageDiscardRefused>> {
        let name = "messageDiscard";
        let (mut operation, before, mut refusals) = self
            .change::<message::Entity, _>(actor, name, Permission::ParticipantEdit, seen)
            .await?;
        let after = operation.decided(&before, MessageState::Discarded, &mut refusals);
        refusals.refuse_if_any()?;
        operation.update::<message::Entity>(&before, after).await?;
        operation
            .held_become(seen.id, DeliveryState::Discarded, Condition::all())
            .await?;
        if before.kind.0 == MessageKind::Invitation {
            operation.unask(seen.id).await?;
        }
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Tries mails of a message again that were given up or put off: those that are named, or all that
    /// may be. What was given up is written anew, to the address that they have now.
    pub async fn retry_deliveries(
        &self,
        actor: &Actor,
        message: MessageId,
        named: Option<Vec<DeliveryId>>,
    ) -> Result<Vec<DeliveryId>, Refused<DeliveryRetryRefused>> {
        let name = "deliveryRetry";
        let (mut operation, row) = self
            .operate_on::<message::Entity, _>(actor, name, Permission::ParticipantEdit, message)
            .await?;
        let mut refusals = Refusals::default();
        if row.state.0 != MessageState::Released {
            let message = "its message was not released: nothing of it was sent";
            refusals.say("messageId", IllegalState(message.to_owned()));
        }
        let mails = operation.mails(message, named.as_deref()).await?;
        let people = mails.iter().map(|mail| mail.person);
        let closed = operation.closed(people.collect()).await?;
        let mut again = Vec::new();
        let mut found: HashMap<_, _> = mails.iter().map(|mail| (mail.id, mail)).collect();
        if let Some(named) = named {
            refusals.enter("ids");
            for (index, id) in named.iter().enumerate() {
                let index = index.to_string();
                match found.remove(id) {
                    // Said twice, it is tried once.
                    None if again.iter().any(|mail: &&Mail| mail.id == *id) => {}
                    None => refusals.say(&index, Missing::of::<kind::Delivery>()),
                    Some(mail) if !mail.state.may_be_retried() => {
                        let message = format!("it is {}, and not tried again", mail.state);
                        refusals.say(&index, IllegalState(message));
                    }
                    Some(mail) => match closed.get(&mail.person) {
                        Some(why) => refusals.say(&index, IllegalState((*why).to_owned())),
                        None => again.push(mail),
                    },
                }
            }
            refusals.leave();
        } else {
            let open = mails.iter();
            again.extend(open.filter(|mail| !closed.contains_key(&mail.person)));
        }
        refusals.refuse_if_any()?;
        for mail in &again {
            let state = |state: DeliveryState| {
                let state = ("state".to_owned(), Value::from(state.to_string()));
                Record::from_iter([state])
            };
            let change = (state(mail.state), state(DeliveryState::Queued));
            operation.marked(row.event_id.0, mail.id, change)?;
        }
        operation.queue_again(&again).await?;
        operation.finish(Effect::Apply, &[]).await?;
        Ok(again.into_iter().map(|mail| mail.id).collect())
    }
}

/// A mail, as far as it matters for trying it again.
struct Mail {
    id: DeliveryId,
    state: DeliveryState,
    person: PersonId,
}

type MailRow = (
    DbId<kind::Delivery>,
    Spelled<DeliveryState>,
    DbId<kind::Person>,
);

impl Operation<'_> {
    /// A message that was held, as it is once it was decided about.
    fn decided<R: From<IllegalState>>(
        &self,
        before: &message::Model,
        state: MessageState,
        refusals: &mut Refusals<R>,
    ) -> message::Model {
        let mut message = Message::from(before.clone());
        if let Err(refused) = message.decide(state, self.now()) {
            refusals.say("id", refused);
        }
        message::Model {
            state: Spelled(message.state),
            released_at: message.released_at,
            ..before.clone()
        }
    }

    /// What becomes of the mails of a message that are held.
    async fn held_become(
        &self,
        message: MessageId,
        state: DeliveryState,
        which: Condition,
    ) -> Result<(), Fault> {
        use delivery::Column;
        let now = self.now();
        let settled = (!state.is_open()).then_some(now);
        delivery::Entity::update_many()
            .col_expr(Column::State, Expr::value(state.to_string()))
            .col_expr(Column::AvailableAt, Expr::value(now))
            .col_expr(Column::SettledAt, Expr::value(settled))
            .filter(Column::MessageId.eq(DbId(message)))
            .filter(Column::State.eq(Spelled(DeliveryState::Held)))
            .filter(which)
            .exec(self.on())
            .await?;
        Ok(())
    }

    /// What those whom a message asks are part of since it was held: it brings their calendars that too.
    /// While it was held, nothing else told them.
    async fn bring_what_came_since(&self, message: &message::Model) -> Result<(), Fault> {
        use delivery::Column;
        let asked: Vec<(DbId<kind::Participant>, DbId<kind::Person>)> = delivery::Entity::find()
            .select_only()
            .column(Column::ParticipantId)
            .column(Column::PersonId)
            .filter(Column::MessageId.eq(message.id))
            .filter(Column::Kind.eq(Spelled(MessageKind::Invitation)))
            .filter(Column::State.eq(Spelled(DeliveryState::Queued)))
            .into_tuple()
            .all(self.on())
            .await?;
        let people: HashMap<_, _> = asked.iter().map(|(id, of)| (id.0, of.0)).collect();
        let brought = Query::select()
            .column(Column::InvitationId)
            .from(delivery::Entity)
            .and_where(Column::MessageId.eq(message.id))
            .and_where(Column::InvitationId.is_not_null())
            .take();
        let mut mails = Vec::new();
        for some in asked.chunks(5_000) {
            let missing = invitation::Entity::find()
                .filter(invitation::Column::ParticipantId.is_in(some.iter().map(|one| one.0)))
                .filter(invitation::Column::Status.eq(Spelled(InvitationStatus::Standing)))
                .filter(invitation::Column::Id.not_in_subquery(brought.clone()))
                .order_by_asc(invitation::Column::Id)
                .all(self.on())
                .await?;
            for row in missing {
                let Some(person) = people.get(&row.participant_id.0) else {
                    continue;
                };
                mails.push(NewDelivery {
                    kind: MessageKind::CalendarUpdate,
                    person: *person,
                    participant: Some(row.participant_id.0),
                    invitation: Some(row.id.0),
                    payload: json!({}),
                });
            }
        }
        let into = (message.id.0, message.kind.0, DeliveryState::Queued);
        self.add_mails(message.event_id.0, into, mails).await
    }

    /// Whom a message was to ask that was dropped, is listed as before. What stands in no calendar yet
    /// goes without a word; what another mail has put there since is taken back.
    async fn unask(&mut self, message: MessageId) -> Result<(), Fault> {
        let asked = Query::select()
            .column(delivery::Column::ParticipantId)
            .from(delivery::Entity)
            .and_where(delivery::Column::MessageId.eq(DbId(message)))
            .and_where(delivery::Column::Kind.eq(Spelled(MessageKind::Invitation)))
            .take();
        let invited = participant::Column::Status.eq(Spelled(ParticipantState::Invited));
        let which = Condition::all()
            .add(participant::Column::Id.in_subquery(asked))
            .add(invited);
        let mut rows = Vec::new();
        for before in self.listed(which).await? {
            let mut participant = before.clone().participant();
            participant.never_asked();
            let after = participant::Model::of(self.workspace(), participant);
            self.update::<participant::Entity>(&before, after.clone())
                .await?;
            rows.push(after);
        }
        let event = self.event_as_it_is().await?;
        let agenda = self.shown_agenda(&event).await?;
        let mut followed = self.follow(&event, agenda.as_deref(), &rows).await?;
        let told = self.told(followed.iter().map(|one| one.id)).await?;
        followed.retain(|one| told.contains(&one.id));
        let mails = followed.into_iter().map(Followed::mail).collect();
        let new = NewMessage {
            kind: MessageKind::CalendarUpdate,
            going: Going::Now,
            note: None,
            version: None,
        };
        self.tell(event.id.0, new, mails).await?;
        Ok(())
    }

    /// Which of some invitations a mail has told of, or will.
    pub(crate) async fn told(
        &self,
        ids: impl Iterator<Item = InvitationId>,
    ) -> Result<BTreeSet<InvitationId>, Fault> {
        let ids: Vec<_> = ids.map(DbId).collect();
        let untold = [
            DeliveryState::Held,
            DeliveryState::Discarded,
            DeliveryState::Superseded,
        ];
        let mut told = BTreeSet::new();
        for some in ids.chunks(5_000) {
            let found: Vec<DbId<kind::Invitation>> = delivery::Entity::find()
                .select_only()
                .column(delivery::Column::InvitationId)
                .distinct()
                .filter(delivery::Column::InvitationId.is_in(some.iter().copied()))
                .filter(delivery::Column::State.is_not_in(untold.map(Spelled)))
                .into_tuple()
                .all(self.on())
                .await?;
            told.extend(found.into_iter().map(|id| id.0));
        }
        Ok(told)
    }

    /// The mails of a message that are named, or all that may be tried again, in order.
    async fn mails(
        &self,
        message: MessageId,
        named: Option<&[DeliveryId]>,
    ) -> Result<Vec<Mail>, Fault> {
        use delivery::Column;
        let which = if let Some(ids) = named {
            Column::Id.is_in(ids.iter().copied().map(DbId))
        } else {
            let states = <DeliveryState as domain::Word>::ALL.iter().copied();
            let states = states.filter(|state| state.may_be_retried());
            Column::State.is_in(states.map(Spelled))
        };
        let rows: Vec<MailRow> = delivery::Entity::find()
            .select_only()
            .columns([Column::Id, Column::State, Column::PersonId])
            .filter(Column::MessageId.eq(DbId(message)))
            .filter(which)
            .order_by_asc(Column::Id)
            .into_tuple()
            .all(self.on())
            .await?;
        let mail = |(id, state, person): MailRow| Mail {
            id: id.0,
            state: state.0,
            person: person.0,
        };
        Ok(rows.into_iter().map(mail).collect())
    }

    /// Whom no mail reaches, and why.
    async fn closed(
        &self,
        people: BTreeSet<PersonId>,
    ) -> Result<HashMap<PersonId, &'static str>, Fault> {
        let known = self.known::<person::Entity>(people.iter().copied()).await?;
        let address = |person: &PersonId| {
            let address = known.get(person)?.email.as_deref()?;
            Some(address.to_lowercase())
        };
        let addresses: Vec<_> = people.iter().filter_map(address).collect();
        let mut suppressed: BTreeSet<String> = BTreeSet::new();
        for some in addresses.chunks(5_000) {
            let found: Vec<String> = suppression::Entity::find()
                .select_only()
                .column(suppression::Column::Address)
                .filter(suppression::Column::WorkspaceId.eq(DbId(self.workspace())))
                .filter(suppression::Column::Address.is_in(some))
                .into_tuple()
                .all(self.on())
                .await?;
            suppressed.extend(found);
        }
        let why = |person: &PersonId| match address(person) {
            None => Some("no address of theirs is known"),
            Some(address) if suppressed.contains(&address) => {
                Some("their address takes no mail: see the list of suppressions")
            }
            Some(_) => None,
        };
        let each = people.iter();
        Ok(each.filter_map(|one| Some((*one, why(one)?))).collect())
    }

    /// Puts mails into the queue again. One that was merely put off stays as it was written; one that was
    /// given up is written anew, and has as many tries as a new one.
    async fn queue_again(&self, mails: &[&Mail]) -> Result<(), Fault> {
        use delivery::Column;
        for some in mails.chunks(500) {
            let ids = some.iter().map(|mail| DbId(mail.id));
            let given_up = some.iter();
            let given_up = given_up.filter(|mail| mail.state != DeliveryState::Deferred);
            let given_up: Vec<_> = given_up.map(|mail| DbId(mail.id)).collect();
            if !given_up.is_empty() {
                delivery::Entity::update_many()
                    .col_expr(Column::Raw, Expr::value(None::<Vec<u8>>))
                    .col_expr(Column::Address, Expr::value(None::<String>))
                    .col_expr(Column::Subject, Expr::value(None::<String>))
                    .col_expr(Column::Attempts, Expr::value(0))
                    .col_expr(Column::FirstTriedAt, Expr::value(None::<DateTime<Utc>>))
                    .filter(Column::Id.is_in(given_up))
                    .filter(Column::State.is_in(RETRIED.map(Spelled)))
                    .exec(self.on())
                    .await?;
            }
            delivery::Entity::update_many()
                .col_expr(
                    Column::State,
                    Expr::value(DeliveryState::Queued.to_string()),
                )
                .col_expr(Column::AvailableAt, Expr::value(self.now()))
                .col_expr(Column::Reason, Expr::value(None::<String>))
                .col_expr(Column::SettledAt, Expr::value(None::<DateTime<Utc>>))
                .filter(Column::Id.is_in(ids))
                // Whoever sends may have claimed one since it was looked at: then it is underway already.
                .filter(Column::State.is_in(RETRIED.map(Spelled)))
                .exec(self.on())
                .await?;
        }
        Ok(())
    }
}

/// What may be tried again ([`DeliveryState::may_be_retried`]).
const RETRIED: [DeliveryState; 4] = [
    DeliveryState::Deferred,
    DeliveryState::Failed,
    DeliveryState::Suppressed,
    DeliveryState::Bounced,
];
