//! Recording what an event decided.

use async_graphql::{Context, Object, Result};
use domain::id::kind;
use domain::resolution as facts;

use super::Resolution;
use crate::change::{about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::word::Permission;

editable! {
    facts::ResolutionPatch [order] {
        /// The caller's own name for it, unique among the resolutions of the event.
        external_id: Optional String => external_id,
        /// The item at which it was decided.
        item_id: Optional GlobalId<kind::AgendaItem> => item_id,
        /// What was decided, in words.
        text: Required String => text,
    }
    /// Something that an event decided.
    create ResolutionAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
    }
    /// What is to be otherwise of a resolution.
    patch ResolutionPatch
    /// Which resolution to change, and how.
    update ResolutionUpdateInput (kind::Resolution)
}

payload! {
    /// What became of adding a resolution.
    ResolutionAddPayload {
        /// The resolution; null if there were problems.
        resolution: Resolution
    }
}
payload! {
    /// What became of changing the resolution.
    ResolutionUpdatePayload {
        /// The resolution as it is now; null if there were problems.
        resolution: Resolution
    }
}
removal!(
    ResolutionRemoveInput,
    ResolutionRemovePayload,
    kind::Resolution,
    "resolution"
);

/// Recording resolutions.
#[derive(Debug, Default)]
pub(crate) struct ResolutionMutation;

#[Object]
impl ResolutionMutation {
    /// Records what an event decided. Needs the permission `FOLLOW_UP_EDIT`.
    #[graphql(directive = requires::apply(Permission::FollowUpEdit))]
    async fn resolution_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: ResolutionAddInput,
    ) -> Result<ResolutionAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_resolution(
            &session.actor,
            input.event_id.0,
            input.fields(),
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(ResolutionAddPayload {
            resolution: thing!(ctx, id, Resolution),
            user_errors,
        })
    }

    /// Changes the record of a resolution. Needs the permission `FOLLOW_UP_EDIT`.
    #[graphql(directive = requires::apply(Permission::FollowUpEdit))]
    async fn resolution_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: ResolutionUpdateInput,
    ) -> Result<ResolutionUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_resolution(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ResolutionUpdatePayload {
            resolution: thing!(ctx, id, Resolution),
            user_errors,
        })
    }

    /// Removes a resolution. Needs the permission `FOLLOW_UP_EDIT`.
    #[graphql(directive = requires::apply(Permission::FollowUpEdit))]
    async fn resolution_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: ResolutionRemoveInput,
    ) -> Result<ResolutionRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .remove_resolution(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ResolutionRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
