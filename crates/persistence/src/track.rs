//! Changing the strands of an agenda.

use domain::access::{Actor, Permission};
use domain::agenda::Track;
use domain::agenda::edit::{TrackAddRefused, TrackPatch, TrackRemoveRefused, TrackUpdateRefused};
use domain::id::{EventId, TrackId, kind};
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition};

use crate::column::DbId;
use crate::entity::agenda::{agenda_item, track};
use crate::operation::{Refused, Retry, Seen, Uses};
use crate::store::Store;

fn list(event: EventId) -> Condition {
    Condition::all().add(track::Column::EventId.eq(DbId(event)))
}

impl Store {
    /// Adds a track to an event.
    pub async fn add_track(
        &self,
        actor: &Actor,
        event: EventId,
        fields: TrackPatch,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<TrackId, Refused<TrackAddRefused>> {
        let mut operation = self
            .operate_in(actor, "trackAdd", Permission::AgendaEdit, event)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let id = operation.mint()?;
        let place = operation
            .place::<track::Entity, _>(list(event), id, order, None, &mut refusals)
            .await?;
        let mut track = Track::unknown(id, event, place);
        fields.apply(&mut track, &mut refusals);
        let row = track::Model::of(operation.workspace(), track);
        operation.add::<track::Entity, _>(row, refusals).await
    }

    /// Changes a track.
    pub async fn update_track(
        &self,
        actor: &Actor,
        seen: Seen<kind::Track>,
        patch: TrackPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<TrackUpdateRefused>> {
        let (mut operation, before, mut refusals) = self
            .change::<track::Entity, _>(actor, "trackUpdate", Permission::AgendaEdit, seen)
            .await?;
        refusals.enter("patch");
        let mut track = Track::from(before.clone());
        patch.apply(&mut track, &mut refusals);
        track.position = operation
            .place::<track::Entity, _>(
                list(track.event_id),
                seen.id,
                order,
                Some(track.position),
                &mut refusals,
            )
            .await?;
        let after = track::Model::of(operation.workspace(), track);
        operation
            .write::<track::Entity, _>(&before, after, refusals)
            .await
    }

    /// Removes a track in which no item is.
    pub async fn remove_track(
        &self,
        actor: &Actor,
        seen: Seen<kind::Track>,
    ) -> Result<(), Refused<TrackRemoveRefused>> {
        let (operation, row, mut refusals) = self
            .change::<track::Entity, _>(actor, "trackRemove", Permission::AgendaEdit, seen)
            .await?;
        let items = Uses::of::<agenda_item::Entity>(agenda_item::Column::TrackId, seen.id.uuid());
        operation.must_be_unused(vec![items], &mut refusals).await?;
        operation
            .delete_from::<track::Entity, _>(list(row.event_id.0), &row, refusals)
            .await
    }
}
