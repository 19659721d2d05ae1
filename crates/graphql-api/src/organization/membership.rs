//! Changing who belongs to a body.

use async_graphql::{Context, Object, Result};
use domain::id::kind;
use domain::organization as facts;

use super::Membership;
use crate::change::{PartyInput, Wire, about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::scalar::Date;
use crate::word::Permission;

editable! {
    facts::MembershipPatch [order] {
        /// As what: "deputy director".
        post: Optional String => post,
        /// The first day of the term.
        since: Optional Date => since,
        /// The last day of the term.
        until: Optional Date => until,
        /// The letter that it rests on.
        letter_id: Optional GlobalId<kind::AppointmentLetter> => letter_id,
    }
    /// A member of a body.
    create MembershipAddInput {
        /// The body.
        organization_id: GlobalId<kind::Organization>,
        /// Who belongs to it.
        member: PartyInput,
    }
    /// What is to be otherwise of a membership.
    patch MembershipPatch
    /// Which membership to change, and how.
    update MembershipUpdateInput (kind::Membership)
}

payload! {
    /// What became of adding a membership.
    MembershipAddPayload {
        /// The membership; null if there were problems.
        membership: Membership
    }
}
payload! {
    /// What became of changing the membership.
    MembershipUpdatePayload {
        /// The membership as it is now; null if there were problems.
        membership: Membership
    }
}
removal!(
    MembershipRemoveInput,
    MembershipRemovePayload,
    kind::Membership,
    "membership"
);

/// Changing memberships.
#[derive(Debug, Default)]
pub(crate) struct MembershipMutation;

#[Object]
impl MembershipMutation {
    /// Adds a member to a body. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn membership_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: MembershipAddInput,
    ) -> Result<MembershipAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_membership(
            &session.actor,
            input.organization_id.0,
            input.member.clone().plain(),
            input.fields(),
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(MembershipAddPayload {
            membership: thing!(ctx, id, Membership),
            user_errors,
        })
    }

    /// Changes what is known of a membership. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn membership_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: MembershipUpdateInput,
    ) -> Result<MembershipUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_membership(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(MembershipUpdatePayload {
            membership: thing!(ctx, id, Membership),
            user_errors,
        })
    }

    /// Removes a member from a body, as if it had never belonged to it. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn membership_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: MembershipRemoveInput,
    ) -> Result<MembershipRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .remove_membership(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(MembershipRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
