//! Putting addresses on the list of those that take no mail, and taking them off it.

use async_graphql::{Context, InputObject, Object, Result};
use domain::id::kind;

use super::Suppression;
use crate::change::{about, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::word::Permission;

/// An address that is to take no mail.
#[derive(InputObject)]
pub(crate) struct SuppressionAddInput {
    /// Of which office.
    workspace_id: GlobalId<kind::Workspace>,
    /// The address.
    address: String,
    /// What there is to say about it.
    detail: Option<String>,
    /// The caller's own key for this request: sent again within 24 hours with the same input, it makes
    /// nothing new and gets the same answer.
    idempotency_key: Option<String>,
}

payload! {
    /// What became of putting an address on the list.
    SuppressionAddPayload {
        /// The address on the list; null if there were problems, and for who may not see addresses.
        suppression: Suppression
    }
}
removal!(
    SuppressionRemoveInput,
    SuppressionRemovePayload,
    kind::Suppression,
    "suppression"
);

/// Addresses that take no mail.
#[derive(Debug, Default)]
pub(crate) struct SuppressionMutation;

#[Object]
impl SuppressionMutation {
    /// Puts an address on the list of those that take no mail: nothing is sent there any more. Needs
    /// the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn suppression_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which address.")] input: SuppressionAddInput,
    ) -> Result<SuppressionAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let new = persistence::NewSuppression {
            workspace: input.workspace_id.0,
            address: input.address,
            detail: input.detail,
        };
        let made = Box::pin(
            session
                .store
                .add_suppression(&session.actor, new, retry.as_ref()),
        )
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(SuppressionAddPayload {
            suppression: thing!(ctx, id, Suppression),
            user_errors,
        })
    }

    /// Takes an address off that list: mail goes there again. What was held back for it is sent by
    /// `deliveryRetry`. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn suppression_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to take off.")] input: SuppressionRemoveInput,
    ) -> Result<SuppressionRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .remove_suppression(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(SuppressionRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
