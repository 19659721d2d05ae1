//! Setting action items, and recording how far they have come.

use domain::access::{Actor, Permission};
use domain::action_item::{
    ActionItem, ActionItemAddRefused, ActionItemPatch, ActionItemProgress,
    ActionItemProgressRefused, ActionItemRemoveRefused, ActionItemUpdateRefused,
};
use domain::id::{ActionItemId, EventId, OrganizationId, kind};
use domain::refusal::Missing;
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use crate::column::DbId;
use crate::entity::directory::{organization, person};
use crate::entity::follow_up::{action_item, action_item_responsible};
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Retry, Seen};
use crate::record::{Record, ids};
use crate::store::Store;

fn list(event: EventId) -> Condition {
    Condition::all().add(action_item::Column::EventId.eq(DbId(event)))
}

impl Store {
    /// Sets something to be done.
    pub async fn add_action_item(
        &self,
        actor: &Actor,
        event: EventId,
        fields: ActionItemPatch,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<ActionItemId, Refused<ActionItemAddRefused>> {
        let mut operation = self
            .operate_in(actor, "actionItemAdd", Permission::FollowUpEdit, event)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        operation.setting(&fields, &mut refusals).await?;
        let id = operation.mint()?;
        let place = operation
            .place::<action_item::Entity, _>(list(event), id, order, None, &mut refusals)
            .await?;
        let mut item = ActionItem::unknown(id, event, place);
        fields.apply(&mut item, &mut refusals);
        let row = action_item::Model::of(operation.workspace(), &item);
        operation
            .claim::<action_item::Entity, _>(&row, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        operation
            .insert_with::<action_item::Entity>(row, beside(&item.responsible))
            .await?;
        operation
            .link::<action_item_responsible::Entity>(id.uuid(), &item.responsible)
            .await?;
        operation.finish(Effect::Apply, &[id.uuid()]).await?;
        Ok(id)
    }

    /// Changes what is to be done.
    pub async fn update_action_item(
        &self,
        actor: &Actor,
        seen: Seen<kind::ActionItem>,
        patch: ActionItemPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<ActionItemUpdateRefused>> {
        let name = "actionItemUpdate";
        let (mut operation, before, mut refusals) = self
            .change::<action_item::Entity, _>(actor, name, Permission::FollowUpEdit, seen)
            .await?;
        refusals.enter("patch");
        operation.setting(&patch, &mut refusals).await?;
        let responsible = operation.responsible(seen.id).await?;
        let mut item = before.clone().action_item(responsible.clone());
        patch.apply(&mut item, &mut refusals);
        item.position = operation
            .place::<action_item::Entity, _>(
                list(item.event_id),
                seen.id,
                order,
                Some(item.position),
                &mut refusals,
            )
            .await?;
        let after = action_item::Model::of(operation.workspace(), &item);
        operation
            .claim::<action_item::Entity, _>(&after, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        let rest = (beside(&responsible), beside(&item.responsible));
        operation
            .update_with::<action_item::Entity>(&before, after, rest)
            .await?;
        if responsible != item.responsible {
            operation
                .link::<action_item_responsible::Entity>(seen.id.uuid(), &item.responsible)
                .await?;
        }
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Records how far something has come.
    pub async fn progress_action_item(
        &self,
        actor: &Actor,
        seen: Seen<kind::ActionItem>,
        progress: ActionItemProgress,
    ) -> Result<(), Refused<ActionItemProgressRefused>> {
        let name = "actionItemProgress";
        let (mut operation, before, mut refusals) = self
            .change::<action_item::Entity, _>(actor, name, Permission::FollowUpEdit, seen)
            .await?;
        let mut item = before.clone().action_item(Vec::new());
        progress.apply(&mut item, self.now(), &mut refusals);
        refusals.refuse_if_any()?;
        let after = action_item::Model::of(operation.workspace(), &item);
        operation
            .update::<action_item::Entity>(&before, after)
            .await?;
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Removes an action item, as if it had never been set. What is given up is dropped instead:
    /// that is remembered.
    pub async fn remove_action_item(
        &self,
        actor: &Actor,
        seen: Seen<kind::ActionItem>,
    ) -> Result<(), Refused<ActionItemRemoveRefused>> {
        let name = "actionItemRemove";
        let (mut operation, row, refusals) = self
            .change::<action_item::Entity, _>(actor, name, Permission::FollowUpEdit, seen)
            .await?;
        refusals.refuse_if_any()?;
        let responsible = operation.responsible(seen.id).await?;
        operation
            .close_gap::<action_item::Entity>(list(row.event_id.0), seen.id)
            .await?;
        operation
            .remove_with::<action_item::Entity>(&row, beside(&responsible))
            .await?;
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }
}

/// What other tables keep of an action item.
fn beside(responsible: &[OrganizationId]) -> Record {
    Record::from_iter([("responsible".to_owned(), ids(responsible))])
}

impl Operation<'_> {
    async fn setting<R: From<Missing>>(
        &self,
        fields: &ActionItemPatch,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let set_by = fields.set_by_id.set().copied();
        self.refer::<person::Entity, _>("setById", set_by, refusals)
            .await?;
        let responsible = fields.responsible.set();
        self.refer_each::<organization::Entity, _>("responsibleIds", responsible, refusals)
            .await
    }

    async fn responsible(&self, item: ActionItemId) -> Result<Vec<OrganizationId>, Fault> {
        let rows = action_item_responsible::Entity::find()
            .filter(action_item_responsible::Column::ActionItemId.eq(DbId(item)))
            .order_by_asc(action_item_responsible::Column::Position)
            .all(self.on())
            .await?;
        Ok(rows.into_iter().map(|row| row.organization_id.0).collect())
    }
}
