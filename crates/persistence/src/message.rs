//! Messages: what is to be told is put down with the change that it tells of, in the same transaction, one
//! mail for each whom it concerns. Sending it is another's business.

mod decide;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::agenda::{Agenda, AgendaVersion, PersonalChange};
use domain::id::{EventId, InvitationId, MessageId, ParticipantId, PersonId};
use domain::message::{DeliveryState, MessageKind, MessageState};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::audit::columns_of;
use crate::column::{DbId, Spelled};
use crate::entity::event::event;
use crate::entity::message::{delivery, message};
use crate::entity::participation::participant;
use crate::error::Fault;
use crate::event_document::insert_all;
use crate::operation::Operation;
use crate::told::change_told;

/// Whether a message goes out at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Going {
    /// It does.
    Now,
    /// It is looked at first.
    Held,
}

/// A message that is being written.
#[derive(Debug, Clone)]
pub(crate) struct NewMessage {
    pub(crate) kind: MessageKind,
    pub(crate) going: Going,
    pub(crate) note: Option<String>,
    pub(crate) version: Option<domain::id::AgendaVersionId>,
}

/// A mail that is to be sent.
#[derive(Debug, Clone)]
pub(crate) struct NewDelivery {
    pub(crate) kind: MessageKind,
    pub(crate) person: PersonId,
    pub(crate) participant: Option<ParticipantId>,
    pub(crate) invitation: Option<InvitationId>,
    pub(crate) payload: Value,
}

/// Who goes before whom: what somebody waits for, before what many are told. All of one message goes
/// the same way: nobody's entries come before what asks them.
fn lane(kind: MessageKind) -> i32 {
    match kind {
        MessageKind::Confirmed | MessageKind::Cancelled | MessageKind::EventCancelled => 0,
        MessageKind::AgendaChanged | MessageKind::CalendarUpdate => 1,
        MessageKind::Invitation | MessageKind::Reminder | MessageKind::CredentialIssued => 2,
    }
}

impl Operation<'_> {
    /// Writes a message with a mail for each whom it is for. What waits still, and would put into a
    /// calendar what is otherwise by now, does not go.
    pub(crate) async fn tell(
        &mut self,
        event: EventId,
        new: NewMessage,
        mails: Vec<NewDelivery>,
    ) -> Result<Option<MessageId>, Fault> {
        if mails.is_empty() {
            return Ok(None);
        }
        let now = self.now();
        let id: MessageId = self.mint()?;
        let (account_id, _, _) = columns_of(self.actor());
        let (state, waits) = match new.going {
            Going::Now => (MessageState::Released, DeliveryState::Queued),
            Going::Held => (MessageState::Held, DeliveryState::Held),
        };
        let row = message::Model {
            id: DbId(id),
            workspace_id: DbId(self.workspace()),
            event_id: DbId(event),
            version: 1,
            kind: Spelled(new.kind),
            state: Spelled(state),
            note: new.note,
            agenda_version_id: new.version.map(DbId),
            account_id,
            created_at: now,
            released_at: (new.going == Going::Now).then_some(now),
        };
        self.insert::<message::Entity>(row).await?;
        self.add_mails(event, (id, new.kind, waits), mails).await?;
        Ok(Some(id))
    }

    /// Adds mails to a message: what waits still, and would say what is otherwise by now, does not go.
    pub(crate) async fn add_mails(
        &self,
        event: EventId,
        (message, kind, waits): (MessageId, MessageKind, DeliveryState),
        mails: Vec<NewDelivery>,
    ) -> Result<(), Fault> {
        self.supersede(&mails).await?;
        let now = self.now();
        let lane = lane(kind);
        let useful_until = self.is_over(event).await?;
        let mut rows = Vec::with_capacity(mails.len());
        for mail in mails {
            rows.push(delivery::Model {
                id: DbId(self.mint()?),
                workspace_id: DbId(self.workspace()),
                event_id: DbId(event),
                message_id: DbId(message),
                kind: Spelled(mail.kind),
                person_id: DbId(mail.person),
                participant_id: mail.participant.map(DbId),
                invitation_id: mail.invitation.map(DbId),
                payload: mail.payload,
                state: Spelled(waits),
                lane,
                created_at: now,
                available_at: now,
                // What somebody was given is theirs, however late it comes.
                useful_until: (mail.kind != MessageKind::CredentialIssued).then_some(useful_until),
                attempts: 0,
                unsure: 0,
                claims: 0,
                first_tried_at: None,
                claimed_until: None,
                address: None,
                subject: None,
                raw: None,
                answer: None,
                reason: None,
                remark: None,
                settled_at: None,
            });
        }
        insert_all::<delivery::Entity>(self.on(), rows).await
    }

    /// When an event is over, and nothing about it is of use any more: a day after its last.
    async fn is_over(&self, event: EventId) -> Result<DateTime<Utc>, Fault> {
        let row = crate::agenda::rows::event_row(self.on(), event).await?;
        let last = row.ends_on.checked_add_days(chrono::Days::new(2));
        let last = last.unwrap_or(row.ends_on).and_time(chrono::NaiveTime::MIN);
        Ok(row.time_zone.0.instant(last))
    }

    /// Mails to somebody who is somebody else from now on are theirs. They are no things with versions.
    pub(crate) async fn mails_go_to(&self, before: PersonId, now: PersonId) -> Result<(), Fault> {
        delivery::Entity::update_many()
            .col_expr(delivery::Column::PersonId, Expr::value(now.uuid()))
            .filter(delivery::Column::PersonId.eq(DbId(before)))
            .exec(self.on())
            .await?;
        Ok(())
    }

    /// What still waits and says what a newer mail says is not sent: calendars follow what is so now, and
    /// nobody is reminded twice. A mail that says more than that stays, and shows what is so when it is
    /// written.
    async fn supersede(&self, mails: &[NewDelivery]) -> Result<(), Fault> {
        use delivery::Column;
        let invitations: Vec<_> = mails.iter().filter_map(|mail| mail.invitation).collect();
        for some in invitations.chunks(500) {
            let about = Column::InvitationId.is_in(some.iter().copied().map(DbId));
            self.superseded(MessageKind::CalendarUpdate, about).await?;
        }
        let reminders = mails
            .iter()
            .filter(|mail| mail.kind == MessageKind::Reminder);
        let reminded: Vec<_> = reminders.filter_map(|mail| mail.participant).collect();
        for some in reminded.chunks(500) {
            let to = Column::ParticipantId.is_in(some.iter().copied().map(DbId));
            self.superseded(MessageKind::Reminder, to).await?;
        }
        Ok(())
    }

    /// Those of a kind that wait are not sent. One that is held shows what is so when it is released.
    async fn superseded(&self, kind: MessageKind, which: SimpleExpr) -> Result<(), Fault> {
        use delivery::Column;
        let waiting = [DeliveryState::Queued, DeliveryState::Deferred].map(Spelled);
        let superseded = DeliveryState::Superseded.to_string();
        delivery::Entity::update_many()
            .col_expr(Column::State, Expr::value(superseded))
            .col_expr(Column::SettledAt, Expr::value(self.now()))
            .filter(which)
            .filter(Column::Kind.eq(Spelled(kind)))
            .filter(Column::State.is_in(waiting))
            .exec(self.on())
            .await?;
        Ok(())
    }

    /// Tells each person what is otherwise for them in a version: one notice, with all of it, and their
    /// calendar follows.
    pub(crate) async fn tell_of_version(
        &mut self,
        event: &event::Model,
        version: &AgendaVersion,
        (before, after): (&Agenda, &Agenda),
        notices: &BTreeMap<PersonId, Vec<PersonalChange>>,
    ) -> Result<(), Fault> {
        let mut mails = self.calendars_follow(event, after).await?;
        let told: Vec<_> = notices.keys().copied().map(DbId).collect();
        let listed = Condition::all()
            .add(participant::Column::EventId.eq(event.id))
            .add(participant::Column::PersonId.is_in(told));
        let listed = self.listed(listed).await?;
        let listed: BTreeMap<_, _> = listed
            .iter()
            .map(|row| (row.person_id.0, row.id.0))
            .collect();
        let mut digests = Vec::with_capacity(notices.len());
        for (person, changes) in notices {
            let changes: Vec<_> = changes
                .iter()
                .map(|change| change_told(change, before, after))
                .collect();
            // Where one thing alone is otherwise in their calendar, the notice itself brings it.
            let mut theirs = mails
                .iter()
                .enumerate()
                .filter(|(_, mail)| mail.person == *person);
            let only = match (theirs.next(), theirs.next()) {
                (Some((place, _)), None) => Some(mails.remove(place)),
                _ => None,
            };
            digests.push(NewDelivery {
                kind: MessageKind::AgendaChanged,
                person: *person,
                participant: listed.get(person).copied(),
                invitation: only.as_ref().and_then(|mail| mail.invitation),
                payload: json!({
                    "version": version.number,
                    "comment": version.comment,
                    "timeZone": after.event().time.zone.to_string(),
                    "changes": changes,
                }),
            });
        }
        digests.extend(mails);
        let new = NewMessage {
            kind: MessageKind::AgendaChanged,
            going: Going::Now,
            note: version.comment.clone(),
            version: Some(version.id),
        };
        self.tell(event.id.0, new, digests).await?;
        Ok(())
    }
}
