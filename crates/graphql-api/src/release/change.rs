//! Changing what is made public at an event.

use async_graphql::{Context, Object, Result};
use domain::id::kind;
use domain::release as facts;

use super::Release;
use crate::change::{LocalizedTextInput, about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::scalar::Url;
use crate::word::Permission;

editable! {
    facts::ReleasePatch [order] {
        /// The caller's own name for it, unique among the releases of the event.
        external_id: Optional String => external_id,
        /// The item at which it is made public.
        item_id: Optional GlobalId<kind::AgendaItem> => item_id,
        /// What it is called.
        title: Required LocalizedTextInput => title,
        /// What it is: "directory", "policy".
        kind: Optional String => kind,
        /// Where it can be read: an address that begins with https:// or http://.
        url: Optional Url => url,
        /// Whether it is made public again and again.
        recurring: Optional bool => recurrence,
    }
    /// Something that is made public at an event.
    create ReleaseAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
    }
    /// What is to be otherwise of a release.
    patch ReleasePatch
    /// Which release to change, and how.
    update ReleaseUpdateInput (kind::Release)
}

payload! {
    /// What became of adding a release.
    ReleaseAddPayload {
        /// The release; null if there were problems.
        release: Release
    }
}
payload! {
    /// What became of changing the release.
    ReleaseUpdatePayload {
        /// The release as it is now; null if there were problems.
        release: Release
    }
}
removal!(
    ReleaseRemoveInput,
    ReleaseRemovePayload,
    kind::Release,
    "release"
);

/// Changing releases.
#[derive(Debug, Default)]
pub(crate) struct ReleaseMutation;

#[Object]
impl ReleaseMutation {
    /// Adds something that is made public at an event. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn release_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: ReleaseAddInput,
    ) -> Result<ReleaseAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_release(
            &session.actor,
            input.event_id.0,
            input.fields(),
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(ReleaseAddPayload {
            release: thing!(ctx, id, Release),
            user_errors,
        })
    }

    /// Changes what is said of a release. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn release_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: ReleaseUpdateInput,
    ) -> Result<ReleaseUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_release(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ReleaseUpdatePayload {
            release: thing!(ctx, id, Release),
            user_errors,
        })
    }

    /// Removes a release. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn release_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: ReleaseRemoveInput,
    ) -> Result<ReleaseRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.remove_release(&session.actor, input.seen())).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ReleaseRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
