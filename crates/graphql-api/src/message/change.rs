//! Deciding about messages that are held.

use async_graphql::{Context, InputObject, Object, Result};
use domain::id::kind;
use persistence::Seen;

use super::Message;
use crate::change::{about, payload, thing};
use crate::id::GlobalId;
use crate::request::session;
use crate::requires::requires;
use crate::word::Permission;

/// Which message is to go out.
#[derive(InputObject)]
pub(crate) struct MessageReleaseInput {
    /// Which.
    id: GlobalId<kind::Message>,
    /// The version that the caller has seen: if it is at another by now, nothing happens.
    expected_version: i32,
}

/// Which message is to be dropped.
#[derive(InputObject)]
pub(crate) struct MessageDiscardInput {
    /// Which.
    id: GlobalId<kind::Message>,
    /// The version that the caller has seen: if it is at another by now, nothing happens.
    expected_version: i32,
}

payload! {
    /// What became of letting a message go out.
    MessageReleasePayload {
        /// The message as it is now; null if there were problems.
        message: Message
    }
}
payload! {
    /// What became of dropping a message.
    MessageDiscardPayload {
        /// The message as it is now; null if there were problems.
        message: Message
    }
}

/// Deciding about messages.
#[derive(Debug, Default)]
pub(crate) struct MessageMutation;

#[Object]
impl MessageMutation {
    /// Lets a message go out that was held to be looked at. To who has declined by now, or was struck
    /// off, nothing is sent. Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn message_release(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which message.")] input: MessageReleaseInput,
    ) -> Result<MessageReleasePayload> {
        let session = session(ctx)?;
        let seen = Seen {
            id: input.id.0,
            version: input.expected_version,
        };
        let done = Box::pin(session.store.release_message(&session.actor, seen)).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(MessageReleasePayload {
            message: thing!(ctx, id, Message),
            user_errors,
        })
    }

    /// Drops a message that was held to be looked at. Whom it was to invite is on the list as before,
    /// and may be invited anew. Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn message_discard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which message.")] input: MessageDiscardInput,
    ) -> Result<MessageDiscardPayload> {
        let session = session(ctx)?;
        let seen = Seen {
            id: input.id.0,
            version: input.expected_version,
        };
        let done = Box::pin(session.store.discard_message(&session.actor, seen)).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(MessageDiscardPayload {
            message: thing!(ctx, id, Message),
            user_errors,
        })
    }
}
