//! Setting action items, and recording how far they have come.

use async_graphql::{Context, MaybeUndefined, Object, Result};
use domain::action_item as facts;
use domain::id::kind;

use super::ActionItem;
use crate::change::{about, editable, outcome, patch, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::scalar::Date;
use crate::word::{ActionItemStatus, Permission};

editable! {
    facts::ActionItemPatch [order] {
        /// The caller's own name for it, unique among the action items of the event.
        external_id: Optional String => external_id,
        /// What is to be done.
        description: Required String => description,
        /// Who set it.
        set_by_id: Optional GlobalId<kind::Person> => set_by_id,
        /// Who is to do it, in order. Given, it replaces all.
        responsible_ids: Optional Vec<GlobalId<kind::Organization>> => responsible,
        /// Until when.
        due_on: Optional Date => due_on,
        /// Whether it is to be done again and again.
        recurring: Optional bool => recurrence,
    }
    /// Something that is to be done.
    create ActionItemAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
    }
    /// What is to be otherwise of an action item.
    patch ActionItemPatch
    /// Which action item to change, and how.
    update ActionItemUpdateInput (kind::ActionItem)
}

payload! {
    /// What became of adding an action item.
    ActionItemAddPayload {
        /// The action item; null if there were problems.
        action_item: ActionItem
    }
}
payload! {
    /// What became of changing the action item.
    ActionItemUpdatePayload {
        /// The action item as it is now; null if there were problems.
        action_item: ActionItem
    }
}
removal!(
    ActionItemRemoveInput,
    ActionItemRemovePayload,
    kind::ActionItem,
    "action item"
);

/// How far an action item has come.
#[derive(async_graphql::InputObject)]
pub(crate) struct ActionItemProgressInput {
    /// Which.
    id: GlobalId<kind::ActionItem>,
    /// The version that the caller has seen: if it is at another by now, nothing is recorded.
    expected_version: i32,
    /// How far it has come. What is done or dropped can only be taken up again as open.
    status: MaybeUndefined<ActionItemStatus>,
    /// What is reported of it; null takes away what was reported last.
    progress: MaybeUndefined<String>,
}

payload! {
    /// What became of recording how far an action item has come.
    ActionItemProgressPayload {
        /// The action item as it is now; null if there were problems.
        action_item: ActionItem
    }
}

/// Setting action items.
#[derive(Debug, Default)]
pub(crate) struct ActionItemMutation;

#[Object]
impl ActionItemMutation {
    /// Sets something to be done. Needs the permission `FOLLOW_UP_EDIT`.
    #[graphql(directive = requires::apply(Permission::FollowUpEdit))]
    async fn action_item_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: ActionItemAddInput,
    ) -> Result<ActionItemAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_action_item(
            &session.actor,
            input.event_id.0,
            input.fields(),
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(ActionItemAddPayload {
            action_item: thing!(ctx, id, ActionItem),
            user_errors,
        })
    }

    /// Changes what is to be done. Needs the permission `FOLLOW_UP_EDIT`.
    #[graphql(directive = requires::apply(Permission::FollowUpEdit))]
    async fn action_item_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: ActionItemUpdateInput,
    ) -> Result<ActionItemUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_action_item(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ActionItemUpdatePayload {
            action_item: thing!(ctx, id, ActionItem),
            user_errors,
        })
    }

    /// Removes an action item, as if it had never been set; what is given up is dropped instead (`actionItemProgress`). Needs the permission `FOLLOW_UP_EDIT`.
    #[graphql(directive = requires::apply(Permission::FollowUpEdit))]
    async fn action_item_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: ActionItemRemoveInput,
    ) -> Result<ActionItemRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .remove_action_item(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ActionItemRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }

    /// Records how far something has come. Needs the permission `FOLLOW_UP_EDIT`.
    #[graphql(directive = requires::apply(Permission::FollowUpEdit))]
    async fn action_item_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How far what has come.")] input: ActionItemProgressInput,
    ) -> Result<ActionItemProgressPayload> {
        let session = session(ctx)?;
        let seen = persistence::Seen {
            id: input.id.0,
            version: input.expected_version,
        };
        let progress = facts::ActionItemProgress {
            status: patch(input.status),
            progress: patch(input.progress),
        };
        let done = Box::pin(
            session
                .store
                .progress_action_item(&session.actor, seen, progress),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ActionItemProgressPayload {
            action_item: thing!(ctx, id, ActionItem),
            user_errors,
        })
    }
}
