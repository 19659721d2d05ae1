//! Changing the groups at an event whom nobody has named.

use async_graphql::{Context, Object, Result};
use domain::id::kind;
use domain::participant as facts;

use super::ParticipantGroup;
use crate::change::{about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::word::Permission;

editable! {
    facts::ParticipantGroupPatch [order] {
        /// The caller's own name for it, unique among the groups of the event.
        external_id: Optional String => external_id,
        /// Who they are: "heads of academic affairs".
        description: Required String => description,
        /// How many they are, if that is known.
        expected_count: Optional i32 => expected_count,
        /// The organization they come from.
        organization_id: Optional GlobalId<kind::Organization> => organization_id,
    }
    /// People at an event whom nobody has named.
    create ParticipantGroupAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
    }
    /// What is to be otherwise of a group.
    patch ParticipantGroupPatch
    /// Which group to change, and how.
    update ParticipantGroupUpdateInput (kind::ParticipantGroup)
}

payload! {
    /// What became of adding a group.
    ParticipantGroupAddPayload {
        /// The group; null if there were problems.
        participant_group: ParticipantGroup
    }
}
payload! {
    /// What became of changing the group.
    ParticipantGroupUpdatePayload {
        /// The group as it is now; null if there were problems.
        participant_group: ParticipantGroup
    }
}
removal!(
    ParticipantGroupRemoveInput,
    ParticipantGroupRemovePayload,
    kind::ParticipantGroup,
    "group"
);

/// Changing groups.
#[derive(Debug, Default)]
pub(crate) struct ParticipantGroupMutation;

#[Object]
impl ParticipantGroupMutation {
    /// Adds people whom nobody has named. Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_group_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: ParticipantGroupAddInput,
    ) -> Result<ParticipantGroupAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_participant_group(
            &session.actor,
            input.event_id.0,
            input.fields(),
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(ParticipantGroupAddPayload {
            participant_group: thing!(ctx, id, ParticipantGroup),
            user_errors,
        })
    }

    /// Changes what is said of a group. Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_group_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: ParticipantGroupUpdateInput,
    ) -> Result<ParticipantGroupUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_participant_group(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ParticipantGroupUpdatePayload {
            participant_group: thing!(ctx, id, ParticipantGroup),
            user_errors,
        })
    }

    /// Removes a group that appears nowhere. Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn participant_group_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: ParticipantGroupRemoveInput,
    ) -> Result<ParticipantGroupRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .remove_participant_group(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ParticipantGroupRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
