//! Changing who takes part in an event.

use async_graphql::{Context, Object, Result};
use domain::id::kind;
use domain::participant as facts;

use super::Participant;
use crate::availability::AvailabilityWindowInput;
use crate::bulk::{OnError, bulk, bulk_payload, bulky, effect};
use crate::change::{PartyInput, about, editable, given, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::user_error::UserError;
use crate::word::{DelegateRole, ParticipantCategory, ParticipantStatus, Permission};

editable! {
    facts::ParticipantPatch [order] {
        /// In what capacity.
        category: Optional ParticipantCategory => category,
        /// How far it has come, by the rules of what can become what.
        status: Optional ParticipantStatus => status,
        /// The organization they come from; a delegate who is added comes from the one that sends them,
        /// if nothing is said.
        representing_id: Optional GlobalId<kind::Organization> => representing_id,
        /// In whose stead they come.
        on_behalf_of: Optional PartyInput => on_behalf_of,
        /// The name as printed for this event; their name, if nothing is said.
        printed_name: Optional String => printed_name,
        /// The posts as printed for this event, in order; those held when it begins, if nothing is
        /// said. Given, it replaces all.
        printed_posts: Optional Vec<String> => printed_posts,
        /// Whose delegate they are.
        delegation_id: Optional GlobalId<kind::EventOrganization> => delegation_id,
        /// What they are in that delegation.
        delegate_role: Optional DelegateRole => delegate_role,
        /// When they are there, if not all the time. Given, it replaces all.
        availability: Optional Vec<AvailabilityWindowInput> => availability,
    }
    /// A person to be put on the list of an event.
    create ParticipantAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
        /// Who.
        person_id: GlobalId<kind::Person>,
    }
    /// What is to be otherwise of a participant.
    patch ParticipantPatch
    /// Which participant to change, and how.
    update ParticipantUpdateInput (kind::Participant)
}

payload! {
    /// What became of adding a participant.
    ParticipantAddPayload {
        /// The participant; null if there were problems.
        participant: Participant
    }
}
payload! {
    /// What became of changing the participant.
    ParticipantUpdatePayload {
        /// The participant as it is now; null if there were problems.
        participant: Participant
    }
}

/// Whose link is to be useless from now on.
#[derive(async_graphql::InputObject)]
pub(crate) struct ParticipantLinkRenewInput {
    /// Which participant.
    id: GlobalId<kind::Participant>,
    /// The version that the caller has seen: if it is at another by now, nothing happens.
    expected_version: i32,
}

payload! {
    /// What became of renewing the link.
    ParticipantLinkRenewPayload {
        /// The participant with the new link; null if there were problems.
        participant: Participant
    }
}
/// Who is to be struck off.
#[derive(async_graphql::InputObject)]
pub(crate) struct ParticipantCancelInput {
    /// Which participant.
    id: GlobalId<kind::Participant>,
    /// The version that the caller has seen: if it is at another by now, nothing happens.
    expected_version: i32,
    /// Why, as they are told.
    reason: Option<String>,
}

/// What became of striking somebody off.
#[derive(async_graphql::SimpleObject)]
pub(crate) struct ParticipantCancelPayload {
    /// The participant as they are now; null if there were problems.
    participant: Option<Participant>,
    /// Those who waited for a place and come now, who waited longest first. Empty for who may not see
    /// who takes part.
    promoted: List<Participant>,
    /// Everything that was wrong, at once. If there is anything, nothing was changed.
    user_errors: List<UserError>,
}
removal!(
    ParticipantRemoveInput,
    ParticipantRemovePayload,
    kind::Participant,
    "participant"
);

/// A person to be put on the list of an event, one of many.
#[derive(Clone, async_graphql::InputObject)]
pub(crate) struct ParticipantBulkAddRow {
    /// Who.
    person_id: GlobalId<kind::Person>,
    /// In what capacity.
    category: Option<ParticipantCategory>,
    /// How far it has come.
    status: Option<ParticipantStatus>,
    /// The organization they come from.
    representing_id: Option<GlobalId<kind::Organization>>,
    /// In whose stead they come.
    on_behalf_of: Option<PartyInput>,
    /// The name as printed for this event; their name, if nothing is said.
    printed_name: Option<String>,
    /// The posts as printed for this event, in order; those held when it begins, if nothing is said.
    printed_posts: Option<Vec<String>>,
    /// Whose delegate they are.
    delegation_id: Option<GlobalId<kind::EventOrganization>>,
    /// What they are in that delegation.
    delegate_role: Option<DelegateRole>,
    /// When they are there, if not all the time.
    availability: Option<Vec<AvailabilityWindowInput>>,
}

bulk! {
    /// People to be put on the list of an event, in this order, behind those who are on it.
    ParticipantBulkAddInput of ParticipantBulkAddRow {
        /// The event.
        event_id: GlobalId<kind::Event>,
    }
}
bulk_payload! {
    /// What became of putting people on the list.
    ParticipantBulkAddPayload of
    /// What became of one of many participants.
    ParticipantBulkAddResult {
        /// The participant; null if this row was bad, and if none was put on the list.
        participant: Participant
    }
}

/// Changing participants.
#[derive(Debug, Default)]
pub(crate) struct ParticipantMutation;

#[Object]
impl ParticipantMutation {
    /// Puts a person on the list of an event. Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: ParticipantAddInput,
    ) -> Result<ParticipantAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_participant(
            &session.actor,
            input.event_id.0,
            persistence::NewParticipant {
                person: input.person_id.0,
                fields: input.fields(),
            },
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(ParticipantAddPayload {
            participant: thing!(ctx, id, Participant),
            user_errors,
        })
    }

    /// Changes what is said of a participant. Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: ParticipantUpdateInput,
    ) -> Result<ParticipantUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_participant(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ParticipantUpdatePayload {
            participant: thing!(ctx, id, Participant),
            user_errors,
        })
    }

    /// Makes the link of a participant useless, as one that fell into other hands; they have another
    /// from now on. Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_link_renew(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose link.")] input: ParticipantLinkRenewInput,
    ) -> Result<ParticipantLinkRenewPayload> {
        let session = session(ctx)?;
        let seen = persistence::Seen {
            id: input.id.0,
            version: input.expected_version,
        };
        let done = Box::pin(session.store.renew_participant_link(&session.actor, seen)).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ParticipantLinkRenewPayload {
            participant: thing!(ctx, id, Participant),
            user_errors,
        })
    }

    /// Strikes somebody off who does not come after all. Who was invited is told so with the reason, and
    /// their entries go from their calendar; who waits longest gets the place, and is told as well. Needs
    /// the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is struck off, and why.")] input: ParticipantCancelInput,
    ) -> Result<ParticipantCancelPayload> {
        let session = session(ctx)?;
        let seen = persistence::Seen {
            id: input.id.0,
            version: input.expected_version,
        };
        let done = Box::pin(
            session
                .store
                .cancel_participant(&session.actor, seen, input.reason),
        )
        .await;
        let (promoted, user_errors) = outcome(ctx, done).await?;
        let id = promoted.as_ref().map(|_| input.id.0);
        let ids = promoted.unwrap_or_default();
        let mut found = session.many(&ids).await?;
        let promoted = ids.iter().filter_map(|id| found.remove(id));
        Ok(ParticipantCancelPayload {
            participant: thing!(ctx, id, Participant),
            promoted: promoted.map(Participant).collect(),
            user_errors,
        })
    }

    /// Takes someone off the list who appears nowhere, as if they had never been on it; who does not come is struck off instead (status `CANCELLED`). Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: ParticipantRemoveInput,
    ) -> Result<ParticipantRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .remove_participant(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ParticipantRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }

    /// Puts many people on the list of an event at once. Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_bulk_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who they are, and what becomes of the good rows where some are bad.")]
        input: ParticipantBulkAddInput,
    ) -> Result<ParticipantBulkAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let bulk = input.bulk(|row| persistence::NewParticipant {
            person: row.person_id.0,
            fields: facts::ParticipantPatch {
                category: given(row.category),
                status: given(row.status),
                representing_id: given(row.representing_id),
                on_behalf_of: given(row.on_behalf_of),
                printed_name: given(row.printed_name),
                printed_posts: given(row.printed_posts),
                delegation_id: given(row.delegation_id),
                delegate_role: given(row.delegate_role),
                availability: given(row.availability),
            },
        })?;
        let keys = vec![None; input.rows.len()];
        let event = input.event_id.0;
        let made = Box::pin(session.store.add_participants(
            &session.actor,
            event,
            bulk,
            retry.as_ref(),
        ))
        .await;
        bulky!(ctx, made, keys, ParticipantBulkAddPayload, ParticipantBulkAddResult, participant: Participant)
    }
}
