//! Changing venues and their rooms.

use async_graphql::{Context, Object, Result};
use domain::id::kind;
use domain::venue as facts;

use super::Venue;
use crate::change::{about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::word::Permission;

editable! {
    facts::VenuePatch [] {
        /// The caller's own name for it, unique among the venues of the workspace.
        external_id: Optional String => external_id,
        /// What it is called.
        name: Required String => name,
        /// Its postal address.
        address: Optional String => address,
    }
    /// A venue to be made known.
    create VenueCreateInput {
        /// The workspace.
        workspace_id: GlobalId<kind::Workspace>,
    }
    /// What is to be otherwise of a venue.
    patch VenuePatch
    /// Which venue to change, and how.
    update VenueUpdateInput (kind::Venue)
}

payload! {
    /// What became of making a venue known.
    VenueCreatePayload {
        /// The venue; null if there were problems.
        venue: Venue
    }
}
payload! {
    /// What became of changing the venue.
    VenueUpdatePayload {
        /// The venue as it is now; null if there were problems.
        venue: Venue
    }
}
removal!(VenueRemoveInput, VenueRemovePayload, kind::Venue, "venue");

/// Changing venues.
#[derive(Debug, Default)]
pub(crate) struct VenueMutation;

#[Object]
impl VenueMutation {
    /// Makes a venue known. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn venue_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: VenueCreateInput,
    ) -> Result<VenueCreatePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.create_venue(
            &session.actor,
            input.workspace_id.0,
            input.fields(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(VenueCreatePayload {
            venue: thing!(ctx, id, Venue),
            user_errors,
        })
    }

    /// Changes what is known of a venue. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn venue_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: VenueUpdateInput,
    ) -> Result<VenueUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_venue(
            &session.actor,
            input.seen(),
            input.patch.fields(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(VenueUpdatePayload {
            venue: thing!(ctx, id, Venue),
            user_errors,
        })
    }

    /// Removes a venue that has no rooms and where no event takes place. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn venue_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: VenueRemoveInput,
    ) -> Result<VenueRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.remove_venue(&session.actor, input.seen())).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(VenueRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
