//! Inviting people, hearing their answers, and what stands in their calendars.

mod asked;

use chrono::{DateTime, Utc};
use domain::access::{Actor, Permission};
use domain::agenda::Agenda;
use domain::event::EventState;
use domain::id::{EventId, InvitationId, MessageId, OrganizationId, ParticipantId, PersonId};
use domain::invitation::{
    AnswerChannel, Invitation, InvitationAnswer, InvitationReply, ParticipantAnswerRefused,
    ParticipantInviteRefused, ParticipantRemindRefused,
};
use domain::message::MessageKind;
use domain::participant::{Participant, ParticipantState};
use domain::refusal::{IllegalState, Refusals};
use domain::text::passage;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value as JsonValue, json};

use crate::calendar_entry::Followed;
use crate::column::{DbId, Spelled};
use crate::entity::event::event;
use crate::entity::message::invitation;
use crate::entity::participation::participant;
use crate::error::Fault;
use crate::message::{Going, NewDelivery, NewMessage};
use crate::operation::{Effect, Operation, Refused, Retry};
use crate::participation::ParticipantFilter;
use crate::record::Written;
use crate::sight;
use crate::store::Store;

/// Whom to invite, and how.
#[derive(Debug, Clone)]
pub struct ParticipantInvite {
    /// To which event.
    pub event: EventId,
    /// People, whether they are on the list or not.
    pub people: Vec<PersonId>,
    /// Some who are on the list.
    pub participants: Vec<ParticipantId>,
    /// The delegates of organizations.
    pub organizations: Vec<OrganizationId>,
    /// All on the list who are like this.
    pub like: Option<ParticipantFilter>,
    /// Until when they are asked to answer.
    pub answer_by: Option<DateTime<Utc>>,
    /// What is said besides.
    pub note: Option<String>,
    /// Whether it goes out at once.
    pub going: Going,
    /// Whether it happens, or is only tried.
    pub effect: Effect,
}

/// Who was invited, or would be.
#[derive(Debug, Clone, Default)]
pub struct Invited {
    /// Those who are asked, in the order of the list.
    pub participants: Vec<ParticipantId>,
    /// Of these, those whom no mail reaches: no address is known, or it takes none.
    pub unreachable: Vec<ParticipantId>,
    /// Those who were asked before, or were struck off: they are not asked again.
    pub passed_over: Vec<ParticipantId>,
    /// All of these as they are now, or would be; nobody, for who may not see who takes part.
    pub known: Vec<Participant>,
    /// The message; none where it was only tried, or there was nobody to ask.
    pub message: Option<MessageId>,
}

/// An answer that a participant gives themselves, or an organiser records.
#[derive(Debug, Clone)]
pub struct ParticipantAnswer {
    /// Who answers.
    pub participant: ParticipantId,
    /// What.
    pub answer: InvitationAnswer,
    /// What they say besides.
    pub comment: Option<String>,
}

impl Store {
    /// Asks people whether they come: those who were not asked yet, or said no. Who was not on the list
    /// is on it since.
    pub async fn invite_participants(
        &self,
        actor: &Actor,
        invite: ParticipantInvite,
        retry: Option<&Retry>,
    ) -> Result<Invited, Refused<ParticipantInviteRefused>> {
        let name = "participantInvite";
        let mut operation = self
            .operate_in(actor, name, Permission::ParticipantEdit, invite.event)
            .await?;
        if let Some(before) = operation.answered(retry).await? {
            return Ok(operation.invited_before(&before).await?);
        }
        let mut refusals = Refusals::default();
        operation.is_announced("eventId", &mut refusals)?;
        let now = self.now();
        if invite.answer_by.is_some_and(|by| by <= now) {
            refusals.invalid("answerBy", "is over");
        }
        let note = invite.note.as_deref().map(passage).transpose();
        let note = refusals.checked("note", note).flatten();
        operation.look_up_whom(&invite, &mut refusals).await?;
        refusals.refuse_if_any()?;

        operation.take_part(invite.people.clone()).await?;
        let rows = operation.meant(&invite).await?;
        let mut invited = Invited::default();
        let mut asked = Vec::new();
        for row in rows {
            let before = row.clone();
            let mut participant = row.participant();
            let status = participant
                .status
                .clone()
                .reach(ParticipantState::Invited, Some(now));
            match status {
                Ok(status) if status != participant.status => participant.status = status,
                Ok(_) | Err(_) => {
                    invited.passed_over.push(participant.id);
                    invited.known.push(participant);
                    continue;
                }
            }
            participant.answered_through = None;
            participant.answer_by = invite.answer_by;
            invited.participants.push(participant.id);
            participant.version = participant.version.saturating_add(1);
            let after = participant::Model::of(operation.workspace(), participant);
            operation.noted::<participant::Entity>(&before, &after)?;
            invited.known.push(after.clone().participant());
            asked.push(after);
        }
        operation.are_asked(&asked).await?;
        invited.unreachable = operation.unreachable(&asked).await?;

        let payload = json!({ "answerBy": invite.answer_by.map(|by| by.write()), "note": note });
        let mails = operation
            .asking(&asked, MessageKind::Invitation, &payload)
            .await?;
        let new = NewMessage {
            kind: MessageKind::Invitation,
            going: invite.going,
            note,
            version: None,
        };
        let message = operation.tell(invite.event, new, mails).await?;
        if invite.effect == Effect::Apply {
            invited.message = message;
        }
        operation.show_who(&mut invited);
        operation
            .finish(invite.effect, &invited.to_be_kept())
            .await?;
        Ok(invited)
    }

    /// Reminds those who were asked and have not answered: all of them, or some.
    pub async fn remind_participants(
        &self,
        actor: &Actor,
        event: EventId,
        participants: Option<Vec<ParticipantId>>,
        note: Option<String>,
        effect: Effect,
        retry: Option<&Retry>,
    ) -> Result<Invited, Refused<ParticipantRemindRefused>> {
        let name = "participantRemind";
        let mut operation = self
            .operate_in(actor, name, Permission::ParticipantEdit, event)
            .await?;
        if let Some(before) = operation.answered(retry).await? {
            return Ok(operation.invited_before(&before).await?);
        }
        let mut refusals = Refusals::default();
        operation.is_announced("eventId", &mut refusals)?;
        let note = note.as_deref().map(passage).transpose();
        let note = refusals.checked("note", note).flatten();
        operation
            .refer_each::<participant::Entity, _>(
                "participantIds",
                participants.as_ref(),
                &mut refusals,
            )
            .await?;
        refusals.refuse_if_any()?;
        let mut which = Condition::all()
            .add(participant::Column::EventId.eq(DbId(event)))
            .add(participant::Column::Status.is_in([
                Spelled(ParticipantState::Invited),
                Spelled(ParticipantState::Tentative),
            ]))
            .add(asked::have_heard());
        if let Some(ids) = &participants {
            which = which.add(participant::Column::Id.is_in(ids.iter().copied().map(DbId)));
        }
        let rows = operation.listed(which).await?;
        let mut invited = Invited {
            participants: rows.iter().map(|row| row.id.0).collect(),
            ..Invited::default()
        };
        let others = participants.iter().flatten();
        let others = others.filter(|id| !invited.participants.contains(id));
        let others: std::collections::BTreeSet<_> = others.copied().collect();
        let passed_over = operation.known::<participant::Entity>(others.iter().copied());
        let passed_over = passed_over.await?.into_values();
        invited.passed_over = others.into_iter().collect();
        let known = rows.iter().cloned().chain(passed_over);
        invited.known = known.map(participant::Model::participant).collect();
        invited.unreachable = operation.unreachable(&rows).await?;
        let mut mails = Vec::with_capacity(rows.len());
        let standing = operation.invitations_of(&rows).await?;
        for row in &rows {
            let to_event = standing.get(&(row.id.0, None));
            mails.push(NewDelivery {
                kind: MessageKind::Reminder,
                person: row.person_id.0,
                participant: Some(row.id.0),
                invitation: to_event.map(|one| one.id),
                payload: json!({ "answerBy": row.answer_by.map(|by| by.write()), "note": note }),
            });
        }
        let new = NewMessage {
            kind: MessageKind::Reminder,
            going: Going::Now,
            note,
            version: None,
        };
        let message = operation.tell(event, new, mails).await?;
        if effect == Effect::Apply {
            invited.message = message;
        }
        operation.show_who(&mut invited);
        operation.finish(effect, &invited.to_be_kept()).await?;
        Ok(invited)
    }

    /// Takes the answer of a participant: their own, by their link, or one that an organiser records.
    pub async fn answer_invitation(
        &self,
        actor: &Actor,
        given: ParticipantAnswer,
    ) -> Result<(), Refused<ParticipantAnswerRefused>> {
        let name = "participantAnswer";
        let (channel, doer) = match actor {
            // Who holds the link of another is told that there is no such participant.
            Actor::Guest(guest) if guest.participant_id == given.participant => {
                (AnswerChannel::Link, &BY_LINK)
            }
            Actor::Guest(_) => return Err(domain::access::Denied::NotFound.into()),
            Actor::Anonymous | Actor::Account(_) | Actor::System { .. } => {
                (AnswerChannel::Organiser, actor)
            }
        };
        let (mut operation, row) = self
            .operate_on::<participant::Entity, _>(
                doer,
                name,
                Permission::ParticipantEdit,
                given.participant,
            )
            .await?;
        // Who has a link sees the event once it is announced.
        if channel == AnswerChannel::Link && operation.event()?.status.0 == EventState::Draft {
            return Err(domain::access::Denied::NotFound.into());
        }
        let mut refusals = Refusals::default();
        let comment = given.comment.as_deref().map(passage).transpose();
        let comment = refusals.checked("comment", comment).flatten();
        if let Err(refused) = operation.event_is_on() {
            refusals.say("id", refused);
        }
        refusals.refuse_if_any()?;
        let reply = Answered {
            answer: given.answer,
            channel,
            sequence: None,
            stamp: None,
            comment,
        };
        if let Err(refused) = operation.take_answer(row, reply).await? {
            return Err(Refusals::one("answer", IllegalState(refused)).into());
        }
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Invitations by id, as far as the actor sees whose they are.
    pub async fn invitations_by_id(
        &self,
        actor: &Actor,
        ids: &[InvitationId],
    ) -> Result<Vec<Invitation>, Fault> {
        let seen = sea_orm::sea_query::Query::select()
            .column(participant::Column::Id)
            .from(participant::Entity)
            .cond_where(sight::participants(actor))
            .take();
        let rows = invitation::Entity::find()
            .filter(invitation::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(invitation::Column::ParticipantId.in_subquery(seen))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Invitation::from).collect())
    }

    /// The invitations of participants, that to the event first.
    pub async fn invitations(
        &self,
        actor: &Actor,
        participants: &[ParticipantId],
    ) -> Result<Vec<Invitation>, Fault> {
        let seen = sea_orm::sea_query::Query::select()
            .column(participant::Column::Id)
            .from(participant::Entity)
            .and_where(participant::Column::Id.is_in(participants.iter().copied().map(DbId)))
            .cond_where(sight::participants(actor))
            .take();
        let rows = invitation::Entity::find()
            .filter(invitation::Column::ParticipantId.in_subquery(seen))
            .order_by_asc(invitation::Column::Id)
            .all(self.read())
            .await?;
        let mut all: Vec<_> = rows.into_iter().map(Invitation::from).collect();
        all.sort_by_key(|one| (one.item_id.is_some(), one.id));
        Ok(all)
    }
}

/// On whose behalf the holder of a link changes the one thing that they may.
const BY_LINK: Actor = Actor::System {
    reason: "a participant answered by their link",
};

/// An answer as it is taken, by whatever way it came.
pub(crate) struct Answered {
    pub(crate) answer: InvitationAnswer,
    pub(crate) channel: AnswerChannel,
    /// The sequence that they had seen, if that is said.
    pub(crate) sequence: Option<i32>,
    pub(crate) stamp: Option<DateTime<Utc>>,
    pub(crate) comment: Option<String>,
}

impl Operation<'_> {
    /// Says so if the event is not announced, or will not be: nobody is invited to it then.
    pub(crate) fn is_announced<R: From<IllegalState>>(
        &self,
        member: &str,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let event = self.event()?;
        let why = match event.status.0 {
            EventState::Published => return Ok(()),
            EventState::Draft => "the event is not announced yet",
            EventState::Concluded => "the event is over",
            EventState::Cancelled => "the event was called off",
        };
        refusals.say(member, IllegalState(why.to_owned()));
        Ok(())
    }

    fn event_is_on(&self) -> Result<(), IllegalState> {
        let state = self.event().map(|event| event.status.0);
        match state {
            Ok(EventState::Cancelled) => Err(IllegalState("the event was called off".to_owned())),
            _ => Ok(()),
        }
    }

    pub(crate) async fn listed(&self, which: Condition) -> Result<Vec<participant::Model>, Fault> {
        Ok(participant::Entity::find()
            .filter(which)
            .order_by_asc(participant::Column::Position)
            .order_by_asc(participant::Column::Id)
            .all(self.on())
            .await?)
    }

    /// A mail for each, with what it puts into their calendar, and further mails for what else does.
    pub(crate) async fn asking(
        &mut self,
        rows: &[participant::Model],
        kind: MessageKind,
        payload: &JsonValue,
    ) -> Result<Vec<NewDelivery>, Fault> {
        let event = self.event_as_it_is().await?;
        let agenda = self.shown_agenda(&event).await?;
        let followed = self.follow(&event, agenda.as_deref(), rows).await?;
        // Who is asked again may have an entry that nothing has become of since.
        let standing = self.invitations_of(rows).await?;
        let mut mails = Vec::with_capacity(rows.len() + followed.len());
        for row in rows {
            let to_event = standing.get(&(row.id.0, None));
            mails.push(NewDelivery {
                kind,
                person: row.person_id.0,
                participant: Some(row.id.0),
                invitation: to_event.map(|one| one.id),
                payload: payload.clone(),
            });
        }
        let more = followed.into_iter().filter(|one| one.item.is_some());
        mails.extend(more.map(Followed::mail));
        Ok(mails)
    }

    /// The agenda as everybody sees it.
    pub(crate) async fn shown_agenda(
        &self,
        event: &event::Model,
    ) -> Result<Option<std::sync::Arc<Agenda>>, Fault> {
        match event.agenda_version {
            Some(number) => Ok(Some(self.content(event.id.0, number).await?)),
            None => Ok(None),
        }
    }

    /// Takes an answer down with the participant and their invitation. What the rules say against it.
    pub(crate) async fn take_answer(
        &mut self,
        row: participant::Model,
        answered: Answered,
    ) -> Result<Result<(), String>, Fault> {
        let now = self.now();
        let before = row.clone();
        let mut participant = row.participant();
        if let Err(refused) = participant.answer(answered.answer, answered.channel, now) {
            return Ok(Err(refused.to_string()));
        }
        let was = before.status.0;
        let state = participant.status.state();
        let after = participant::Model::of(self.workspace(), participant);
        self.update::<participant::Entity>(&before, after.clone())
            .await?;
        let found = self.invitations_of(std::slice::from_ref(&after)).await?;
        if let Some(one) = found.get(&(after.id.0, None)) {
            let mut one = one.clone();
            one.reply = Some(InvitationReply {
                answer: answered.answer,
                at: now,
                channel: answered.channel,
                sequence: answered.sequence.unwrap_or(one.sequence),
                stamp: answered.stamp,
                comment: answered.comment,
            });
            self.keep_invitation(one).await?;
        }
        let confirmed = state == ParticipantState::Confirmed && was != state;
        let mut mails = Vec::new();
        if was == ParticipantState::Declined && state != was && !found.is_empty() {
            // While they did not come, their entries were left alone: what has changed since follows.
            let event = self.event_as_it_is().await?;
            let agenda = self.shown_agenda(&event).await?;
            let rows = std::slice::from_ref(&after);
            let followed = self.follow(&event, agenda.as_deref(), rows).await?;
            let own = |one: &Followed| !confirmed || one.item.is_some();
            mails.extend(followed.into_iter().filter(own).map(Followed::mail));
        }
        if confirmed {
            let to_event = found.get(&(after.id.0, None)).map(|one| one.id);
            let mail = NewDelivery {
                kind: MessageKind::Confirmed,
                person: after.person_id.0,
                participant: Some(after.id.0),
                invitation: to_event,
                payload: json!({}),
            };
            mails.insert(0, mail);
        }
        let new = NewMessage {
            kind: if confirmed {
                MessageKind::Confirmed
            } else {
                MessageKind::CalendarUpdate
            },
            going: Going::Now,
            note: None,
            version: None,
        };
        self.tell(after.event_id.0, new, mails).await?;
        Ok(Ok(()))
    }
}
