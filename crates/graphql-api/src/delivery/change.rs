//! Trying mails again.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use domain::id::kind;

use super::Delivery;
use crate::change::outcome;
use crate::failure::bad_input;
use crate::id::GlobalId;
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::user_error::UserError;
use crate::word::Permission;

/// The most mails that are named at once.
const MOST: usize = 500;

/// Which mails to try again.
#[derive(InputObject)]
pub(crate) struct DeliveryRetryInput {
    /// Of which message.
    message_id: GlobalId<kind::Message>,
    /// Which of its mails, at most 500; else all that were given up, put off, held back for their
    /// address, or came back. Of all, those whose address takes no mail still are left out.
    ids: Option<Vec<GlobalId<kind::Delivery>>>,
}

/// What became of trying mails again.
#[derive(SimpleObject)]
pub(crate) struct DeliveryRetryPayload {
    /// The first hundred of those that wait to be sent again. Empty for who may not see who takes part.
    deliveries: List<Delivery>,
    /// How many they are.
    count: i32,
    /// Everything that was wrong, at once. If there is anything, none is tried again.
    user_errors: List<UserError>,
}

/// Trying mails again.
#[derive(Debug, Default)]
pub(crate) struct DeliveryMutation;

/// How many are shown.
const SHOWN: usize = 100;

#[Object]
impl DeliveryMutation {
    /// Tries mails again, at once. What was given up is written anew, to the address that is known now.
    /// Needs the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn delivery_retry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which mails.")] input: DeliveryRetryInput,
    ) -> Result<DeliveryRetryPayload> {
        let session = session(ctx)?;
        let named = input.ids.as_ref().map_or(0, Vec::len);
        if named > MOST {
            return Err(bad_input(format!("ids takes at most {MOST}, not {named}")));
        }
        let ids = input
            .ids
            .map(|ids| ids.into_iter().map(|id| id.0).collect());
        let message = input.message_id.0;
        let done = Box::pin(session.store.retry_deliveries(&session.actor, message, ids)).await;
        let (ids, user_errors) = outcome(ctx, done).await?;
        let mut ids = ids.unwrap_or_default();
        let count = i32::try_from(ids.len()).unwrap_or(i32::MAX);
        ids.truncate(SHOWN);
        let mut found = session.many(&ids).await?;
        let found = ids.iter().filter_map(|id| found.remove(id));
        Ok(DeliveryRetryPayload {
            deliveries: found.map(Delivery).collect(),
            count,
            user_errors,
        })
    }
}
