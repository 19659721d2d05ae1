//! Changing what is made public at an event.

use domain::access::{Actor, Permission};
use domain::id::{EventId, ReleaseId, kind};
use domain::release::{
    Release, ReleaseAddRefused, ReleasePatch, ReleaseRemoveRefused, ReleaseUpdateRefused,
};
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition};

use crate::column::DbId;
use crate::entity::agenda::{agenda_item, release};
use crate::operation::{Refused, Retry, Seen};
use crate::store::Store;

fn list(event: EventId) -> Condition {
    Condition::all().add(release::Column::EventId.eq(DbId(event)))
}

impl Store {
    /// Adds something that is made public at an event.
    pub async fn add_release(
        &self,
        actor: &Actor,
        event: EventId,
        fields: ReleasePatch,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<ReleaseId, Refused<ReleaseAddRefused>> {
        let mut operation = self
            .operate_in(actor, "releaseAdd", Permission::EventEdit, event)
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
            .place::<release::Entity, _>(list(event), id, order, None, &mut refusals)
            .await?;
        let mut release = Release::unknown(id, event, place);
        fields.apply(&mut release, &mut refusals);
        let row = release::Model::of(operation.workspace(), release);
        operation.add::<release::Entity, _>(row, refusals).await
    }

    /// Changes what is said of a release.
    pub async fn update_release(
        &self,
        actor: &Actor,
        seen: Seen<kind::Release>,
        patch: ReleasePatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<ReleaseUpdateRefused>> {
        let (mut operation, before, mut refusals) = self
            .change::<release::Entity, _>(actor, "releaseUpdate", Permission::EventEdit, seen)
            .await?;
        refusals.enter("patch");
        operation
            .refer::<agenda_item::Entity, _>("itemId", patch.item_id.set().copied(), &mut refusals)
            .await?;
        let mut release = Release::from(before.clone());
        patch.apply(&mut release, &mut refusals);
        release.position = operation
            .place::<release::Entity, _>(
                list(release.event_id),
                seen.id,
                order,
                Some(release.position),
                &mut refusals,
            )
            .await?;
        let after = release::Model::of(operation.workspace(), release);
        operation
            .write::<release::Entity, _>(&before, after, refusals)
            .await
    }

    /// Removes a release.
    pub async fn remove_release(
        &self,
        actor: &Actor,
        seen: Seen<kind::Release>,
    ) -> Result<(), Refused<ReleaseRemoveRefused>> {
        let (operation, row, refusals) = self
            .change::<release::Entity, _>(actor, "releaseRemove", Permission::EventEdit, seen)
            .await?;

        operation
            .delete_from::<release::Entity, _>(list(row.event_id.0), &row, refusals)
            .await
    }
}
