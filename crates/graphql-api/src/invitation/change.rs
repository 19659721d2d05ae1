//! Inviting people, reminding them, and taking their answers.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use domain::id::{EventId, ParticipantId, kind};
use persistence::{Going, Invited};

use crate::bulk::effect;
use crate::change::{about, outcome, payload, retry, thing};
use crate::event::Event;
use crate::id::GlobalId;
use crate::list::List;
use crate::message::Message;
use crate::participant::{Participant, ParticipantFilter};
use crate::request::session;
use crate::requires::requires;
use crate::scalar::DateTime;
use crate::user_error::UserError;
use crate::word::{InvitationAnswer, Permission};

/// Whom to invite, and how. All ways of saying whom add up.
#[derive(InputObject)]
pub(crate) struct ParticipantInviteInput {
    /// To which event. It must be announced.
    event_id: GlobalId<kind::Event>,
    /// People, whether they are on the list or not: who was not, is from then on.
    person_ids: Option<Vec<GlobalId<kind::Person>>>,
    /// Some who are on the list.
    participant_ids: Option<Vec<GlobalId<kind::Participant>>>,
    /// The delegates of these organizations.
    organization_ids: Option<Vec<GlobalId<kind::Organization>>>,
    /// All on the list who are like this; with an empty filter, everybody on it.
    filter: Option<ParticipantFilter>,
    /// Until when they are asked to answer.
    answer_by: Option<DateTime>,
    /// What is said besides, in each mail.
    note: Option<String>,
    /// Whether it is looked at before it goes out: then nothing is sent until `messageRelease`.
    #[graphql(default = false)]
    hold: bool,
    /// Whether it is only tried: the answer says who would be invited, and nobody is.
    #[graphql(default = false)]
    dry_run: bool,
    /// The caller's own key for this request: sent again within 24 hours with the same input, it
    /// invites nobody twice and gets the same answer.
    idempotency_key: Option<String>,
}

/// What became of inviting people.
#[derive(SimpleObject)]
pub(crate) struct ParticipantInvitePayload {
    /// The event; null if there were problems.
    event: Option<Event>,
    /// Who is asked, or would be, in the order of the list. Empty for who may not see who takes part;
    /// `recipientCount` tells how many there are, and `message.deliveries` who they are, page by page.
    participants: List<Participant>,
    /// Those of them whom no mail reaches: no address is known, or it takes none (`suppressions`).
    unreachable: List<Participant>,
    /// Those who were meant and are not asked again: they were asked before, have answered, or were
    /// struck off.
    passed_over: List<Participant>,
    /// What is told, with the mail to each of them; null if there were problems, where it was only
    /// tried, and where nobody is asked.
    message: Option<Message>,
    /// How many are asked, or would be, those of `unreachable` among them.
    recipient_count: i32,
    /// Everything that was wrong, at once. If there is anything, nobody was invited.
    user_errors: List<UserError>,
}

/// Whom to remind.
#[derive(InputObject)]
pub(crate) struct ParticipantRemindInput {
    /// Of which event.
    event_id: GlobalId<kind::Event>,
    /// Some of those who have not answered; else all of them.
    participant_ids: Option<Vec<GlobalId<kind::Participant>>>,
    /// What is said besides, in each mail.
    note: Option<String>,
    /// Whether it is only tried: the answer says who would be reminded, and nobody is.
    #[graphql(default = false)]
    dry_run: bool,
    /// The caller's own key for this request: sent again within 24 hours with the same input, it
    /// reminds nobody twice and gets the same answer.
    idempotency_key: Option<String>,
}

/// What became of reminding people.
#[derive(SimpleObject)]
pub(crate) struct ParticipantRemindPayload {
    /// The event; null if there were problems.
    event: Option<Event>,
    /// Who is reminded, or would be: those who were asked and have not answered, or only said that they
    /// may come. Empty for who may not see who takes part; `recipientCount` tells how many there are.
    participants: List<Participant>,
    /// Those of them whom no mail reaches: no address is known, or it takes none (`suppressions`).
    unreachable: List<Participant>,
    /// Those who were meant and are not reminded: they were not asked, have answered, or what asks them
    /// is held still.
    passed_over: List<Participant>,
    /// What is told, with the mail to each of them; null if there were problems, where it was only
    /// tried, and where nobody is reminded.
    message: Option<Message>,
    /// How many are reminded, or would be, those of `unreachable` among them.
    recipient_count: i32,
    /// Everything that was wrong, at once. If there is anything, nobody was reminded.
    user_errors: List<UserError>,
}

/// An answer that is given, or recorded for somebody.
#[derive(InputObject)]
pub(crate) struct ParticipantAnswerInput {
    /// Who answers.
    id: GlobalId<kind::Participant>,
    /// Whether they come.
    answer: InvitationAnswer,
    /// What they say besides.
    comment: Option<String>,
}

payload! {
    /// What became of an answer.
    ParticipantAnswerPayload {
        /// The participant as they are now; null if there were problems.
        participant: Participant
    }
}

/// Inviting people.
#[derive(Debug, Default)]
pub(crate) struct InvitationMutation;

#[Object]
impl InvitationMutation {
    /// Asks people whether they come: those who were not asked yet, or said no. Each gets a mail, and an
    /// entry in their calendar for the event and for each item that they appear on. Needs the permission
    /// `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to invite, and how.")] input: ParticipantInviteInput,
    ) -> Result<ParticipantInvitePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let event = input.event_id.0;
        let invite = persistence::ParticipantInvite {
            event,
            people: plain(input.person_ids),
            participants: plain(input.participant_ids),
            organizations: plain(input.organization_ids),
            like: input.filter.map(ParticipantFilter::checked).transpose()?,
            answer_by: input.answer_by.map(|by| by.0),
            note: input.note,
            going: if input.hold { Going::Held } else { Going::Now },
            effect: effect(input.dry_run),
        };
        let done = Box::pin(session.store.invite_participants(
            &session.actor,
            invite,
            retry.as_ref(),
        ))
        .await;
        let (invited, user_errors) = outcome(ctx, done).await?;
        let Asked {
            event,
            participants,
            unreachable,
            passed_over,
            message,
            recipient_count,
        } = Asked::of(ctx, event, invited).await?;
        Ok(ParticipantInvitePayload {
            event,
            participants,
            unreachable,
            passed_over,
            message,
            recipient_count,
            user_errors,
        })
    }

    /// Reminds those who were asked and have not answered, or only said that they may come. Needs the
    /// permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_remind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to remind.")] input: ParticipantRemindInput,
    ) -> Result<ParticipantRemindPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let event = input.event_id.0;
        let done = Box::pin(session.store.remind_participants(
            &session.actor,
            event,
            input.participant_ids.map(|ids| plain(Some(ids))),
            input.note,
            effect(input.dry_run),
            retry.as_ref(),
        ))
        .await;
        let (reminded, user_errors) = outcome(ctx, done).await?;
        let Asked {
            event,
            participants,
            unreachable,
            passed_over,
            message,
            recipient_count,
        } = Asked::of(ctx, event, reminded).await?;
        Ok(ParticipantRemindPayload {
            event,
            participants,
            unreachable,
            passed_over,
            message,
            recipient_count,
            user_errors,
        })
    }

    /// Takes an answer to an invitation: one that an organiser records, or that a participant gives
    /// themselves, by their own link and for nobody else. Who accepts is told that it was understood.
    /// Needs the permission `PARTICIPANT_EDIT`, or the link of that participant.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who answers, and what.")] input: ParticipantAnswerInput,
    ) -> Result<ParticipantAnswerPayload> {
        let session = session(ctx)?;
        let given = persistence::ParticipantAnswer {
            participant: input.id.0,
            answer: input.answer.into(),
            comment: input.comment,
        };
        let done = Box::pin(session.store.answer_invitation(&session.actor, given)).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ParticipantAnswerPayload {
            participant: thing!(ctx, id, Participant),
            user_errors,
        })
    }
}

fn plain<K>(ids: Option<Vec<GlobalId<K>>>) -> Vec<domain::Id<K>> {
    let ids = ids.into_iter().flatten();
    ids.map(|id| id.0).collect()
}

/// Who is asked or reminded, as a payload tells it.
struct Asked {
    event: Option<Event>,
    participants: List<Participant>,
    unreachable: List<Participant>,
    passed_over: List<Participant>,
    message: Option<Message>,
    recipient_count: i32,
}

impl Asked {
    /// What comes back; nothing of it, if there were problems.
    async fn of(ctx: &Context<'_>, event: EventId, invited: Option<Invited>) -> Result<Self> {
        let event = invited.as_ref().map(|_| event);
        let invited = invited.unwrap_or_default();
        let known = invited.known.into_iter();
        let known: HashMap<ParticipantId, _> = known.map(|one| (one.id, Arc::new(one))).collect();
        let told = |ids: &[ParticipantId]| {
            let ids = ids.iter().filter_map(|id| known.get(id));
            ids.cloned().map(Participant).collect()
        };
        Ok(Self {
            event: thing!(ctx, event, Event),
            participants: told(&invited.participants),
            unreachable: told(&invited.unreachable),
            passed_over: told(&invited.passed_over),
            message: thing!(ctx, invited.message, Message),
            recipient_count: i32::try_from(invited.participants.len()).unwrap_or(i32::MAX),
        })
    }
}
