//! Changing the rooms of venues.

use async_graphql::{Context, Object, Result};
use domain::id::kind;
use domain::venue as facts;

use super::Room;
use crate::availability::AvailabilityWindowInput;
use crate::change::{about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::word::Permission;

editable! {
    facts::RoomPatch [order] {
        /// The caller's own name for it, unique among the rooms of the venue.
        external_id: Optional String => external_id,
        /// What it is called.
        name: Required String => name,
        /// The floor, as people there say it.
        floor: Optional String => floor,
        /// How many it holds.
        capacity: Optional i32 => capacity,
        /// How it can be reached and used by people with disabilities.
        accessibility: Optional String => accessibility,
        /// When it can be used, if not always. Given, it replaces all.
        availability: Optional Vec<AvailabilityWindowInput> => availability,
    }
    /// A room of a venue.
    create RoomAddInput {
        /// The venue that it is in.
        venue_id: GlobalId<kind::Venue>,
    }
    /// What is to be otherwise of a room.
    patch RoomPatch
    /// Which room to change, and how.
    update RoomUpdateInput (kind::Room)
}

payload! {
    /// What became of adding a room.
    RoomAddPayload {
        /// The room; null if there were problems.
        room: Room
    }
}
payload! {
    /// What became of changing the room.
    RoomUpdatePayload {
        /// The room as it is now; null if there were problems.
        room: Room
    }
}
removal!(RoomRemoveInput, RoomRemovePayload, kind::Room, "room");

/// Changing rooms.
#[derive(Debug, Default)]
pub(crate) struct RoomMutation;

#[Object]
impl RoomMutation {
    /// Adds a room to a venue. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn room_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: RoomAddInput,
    ) -> Result<RoomAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_room(
            &session.actor,
            input.venue_id.0,
            input.fields(),
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(RoomAddPayload {
            room: thing!(ctx, id, Room),
            user_errors,
        })
    }

    /// Changes what is known of a room. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn room_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: RoomUpdateInput,
    ) -> Result<RoomUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_room(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(RoomUpdatePayload {
            room: thing!(ctx, id, Room),
            user_errors,
        })
    }

    /// Removes a room in which nothing takes place. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn room_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: RoomRemoveInput,
    ) -> Result<RoomRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.remove_room(&session.actor, input.seen())).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(RoomRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
