//! Changing the strands of an agenda.

use async_graphql::{Context, Object, Result};
use domain::agenda::edit as facts;
use domain::id::kind;

use super::Track;
use crate::change::{about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::word::Permission;

editable! {
    facts::TrackPatch [order] {
        /// The caller's own name for it, unique among the tracks of the event.
        external_id: Optional String => external_id,
        /// What it is called.
        name: Required String => name,
        /// Its colour, `#rrggbb`.
        color: Optional String => color,
    }
    /// A strand of an agenda.
    create TrackAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
    }
    /// What is to be otherwise of a track.
    patch TrackPatch
    /// Which track to change, and how.
    update TrackUpdateInput (kind::Track)
}

payload! {
    /// What became of adding a track.
    TrackAddPayload {
        /// The track; null if there were problems.
        track: Track
    }
}
payload! {
    /// What became of changing the track.
    TrackUpdatePayload {
        /// The track as it is now; null if there were problems.
        track: Track
    }
}
removal!(TrackRemoveInput, TrackRemovePayload, kind::Track, "track");

/// Changing tracks.
#[derive(Debug, Default)]
pub(crate) struct TrackMutation;

#[Object]
impl TrackMutation {
    /// Adds a track to an event. Needs the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn track_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: TrackAddInput,
    ) -> Result<TrackAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_track(
            &session.actor,
            input.event_id.0,
            input.fields(),
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(TrackAddPayload {
            track: thing!(ctx, id, Track),
            user_errors,
        })
    }

    /// Changes a track. Needs the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn track_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: TrackUpdateInput,
    ) -> Result<TrackUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_track(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(TrackUpdatePayload {
            track: thing!(ctx, id, Track),
            user_errors,
        })
    }

    /// Removes a track in which no item is. Needs the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn track_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: TrackRemoveInput,
    ) -> Result<TrackRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.remove_track(&session.actor, input.seen())).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(TrackRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
