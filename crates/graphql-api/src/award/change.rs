//! Changing what is awarded at an event, and who got it.

use async_graphql::{Context, Object, Result};
use domain::award as facts;
use domain::id::kind;

use super::{Award, AwardRecipient};
use crate::change::{
    LocalizedTextInput, PartyInput, Wire, about, editable, outcome, payload, removal, retry, thing,
};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::word::{AwardKind, Permission};

editable! {
    facts::AwardPatch [order] {
        /// The caller's own name for it, unique among the awards of the event.
        external_id: Optional String => external_id,
        /// The item at which it is given.
        item_id: Optional GlobalId<kind::AgendaItem> => item_id,
        /// What it is called.
        title: Required LocalizedTextInput => title,
        /// What is given.
        kind: Required AwardKind => kind,
        /// Its standing: "first prize".
        level: Optional String => level,
        /// What it is given for.
        citation: Optional LocalizedTextInput => citation,
        /// Who grants it, in order. Given, it replaces all.
        grantor_ids: Optional Vec<GlobalId<kind::Organization>> => grantors,
    }
    /// Something that is awarded at an event.
    create AwardAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
    }
    /// What is to be otherwise of an award.
    patch AwardPatch
    /// Which award to change, and how.
    update AwardUpdateInput (kind::Award)
}

payload! {
    /// What became of adding an award.
    AwardAddPayload {
        /// The award; null if there were problems.
        award: Award
    }
}
payload! {
    /// What became of changing the award.
    AwardUpdatePayload {
        /// The award as it is now; null if there were problems.
        award: Award
    }
}
removal!(AwardRemoveInput, AwardRemovePayload, kind::Award, "award");

/// Who got an award.
#[derive(async_graphql::InputObject)]
pub(crate) struct AwardRecipientAddInput {
    /// The award.
    award_id: GlobalId<kind::Award>,
    /// Who got it.
    recipient: PartyInput,
    /// The caller's own key for this request: sent again within 24 hours with the same input, it
    /// makes nothing new and gets the same answer.
    idempotency_key: Option<String>,
}

payload! {
    /// What became of entering who got an award.
    AwardRecipientAddPayload {
        /// Who got it; null if there were problems.
        recipient: AwardRecipient
    }
}
removal!(
    AwardRecipientRemoveInput,
    AwardRecipientRemovePayload,
    kind::AwardRecipient,
    "recipient"
);

/// Changing awards.
#[derive(Debug, Default)]
pub(crate) struct AwardMutation;

#[Object]
impl AwardMutation {
    /// Adds an award to an event. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn award_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: AwardAddInput,
    ) -> Result<AwardAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_award(
            &session.actor,
            input.event_id.0,
            input.fields(),
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(AwardAddPayload {
            award: thing!(ctx, id, Award),
            user_errors,
        })
    }

    /// Changes what is said of an award. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn award_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: AwardUpdateInput,
    ) -> Result<AwardUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_award(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(AwardUpdatePayload {
            award: thing!(ctx, id, Award),
            user_errors,
        })
    }

    /// Removes an award, with the record of who got it. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn award_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: AwardRemoveInput,
    ) -> Result<AwardRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.remove_award(&session.actor, input.seen())).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(AwardRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }

    /// Enters who got an award. That makes it another version of the award. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn award_recipient_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who got which award.")] input: AwardRecipientAddInput,
    ) -> Result<AwardRecipientAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_award_recipient(
            &session.actor,
            input.award_id.0,
            input.recipient.clone().plain(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(AwardRecipientAddPayload {
            recipient: thing!(ctx, id, AwardRecipient),
            user_errors,
        })
    }

    /// Takes back that someone got an award. That makes it another version of the award. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn award_recipient_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which record to remove.")] input: AwardRecipientRemoveInput,
    ) -> Result<AwardRecipientRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .remove_award_recipient(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(AwardRecipientRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
