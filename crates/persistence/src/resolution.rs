//! Recording what an event decided.

use domain::access::{Actor, Permission};
use domain::id::{EventId, ResolutionId, kind};
use domain::resolution::{
    Resolution, ResolutionAddRefused, ResolutionPatch, ResolutionRemoveRefused,
    ResolutionUpdateRefused,
};
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition};

use crate::column::DbId;
use crate::entity::agenda::agenda_item;
use crate::entity::follow_up::resolution;
use crate::operation::{Refused, Retry, Seen};
use crate::store::Store;

fn list(event: EventId) -> Condition {
    Condition::all().add(resolution::Column::EventId.eq(DbId(event)))
}

impl Store {
    /// Records what an event decided.
    pub async fn add_resolution(
        &self,
        actor: &Actor,
        event: EventId,
        fields: ResolutionPatch,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<ResolutionId, Refused<ResolutionAddRefused>> {
        let mut operation = self
            .operate_in(actor, "resolutionAdd", Permission::FollowUpEdit, event)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        operation
            .refer::<agenda_item::Entity, _>("itemId", fields.item_id.set().copied(), &mut refusals)
            .await?;
        let id = operation.mint()?;
        let place = operation
            .place::<resolution::Entity, _>(list(event), id, order, None, &mut refusals)
            .await?;
        let mut resolution = Resolution::unknown(id, event, place);
        fields.apply(&mut resolution, &mut refusals);
        let row = resolution::Model::of(operation.workspace(), resolution);
        operation.add::<resolution::Entity, _>(row, refusals).await
    }

    /// Changes the record of a resolution.
    pub async fn update_resolution(
        &self,
        actor: &Actor,
        seen: Seen<kind::Resolution>,
        patch: ResolutionPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<ResolutionUpdateRefused>> {
        let (mut operation, before, mut refusals) = self
            .change::<resolution::Entity, _>(
                actor,
                "resolutionUpdate",
                Permission::FollowUpEdit,
                seen,
            )
            .await?;
        refusals.enter("patch");
        operation
            .refer::<agenda_item::Entity, _>("itemId", patch.item_id.set().copied(), &mut refusals)
            .await?;
        let mut resolution = Resolution::from(before.clone());
        patch.apply(&mut resolution, &mut refusals);
        resolution.position = operation
            .place::<resolution::Entity, _>(
                list(resolution.event_id),
                seen.id,
                order,
                Some(resolution.position),
                &mut refusals,
            )
            .await?;
        let after = resolution::Model::of(operation.workspace(), resolution);
        operation
            .write::<resolution::Entity, _>(&before, after, refusals)
            .await
    }

    /// Removes a resolution.
    pub async fn remove_resolution(
        &self,
        actor: &Actor,
        seen: Seen<kind::Resolution>,
    ) -> Result<(), Refused<ResolutionRemoveRefused>> {
        let (operation, row, refusals) = self
            .change::<resolution::Entity, _>(
                actor,
                "resolutionRemove",
                Permission::FollowUpEdit,
                seen,
            )
            .await?;

        operation
            .delete_from::<resolution::Entity, _>(list(row.event_id.0), &row, refusals)
            .await
    }
}
