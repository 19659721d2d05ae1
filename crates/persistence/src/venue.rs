//! Changing venues and their rooms.

use domain::access::{Actor, Permission};
use domain::id::{RoomId, VenueId, WorkspaceId, kind};
use domain::venue::{
    Room, RoomAddRefused, RoomPatch, RoomRemoveRefused, RoomUpdateRefused, Venue,
    VenueCreateRefused, VenuePatch, VenueRemoveRefused, VenueUpdateRefused,
};
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition};

use crate::column::DbId;
use crate::entity::agenda::agenda_item;
use crate::entity::event::event;
use crate::entity::place::{room, venue};
use crate::operation::{Refused, Retry, Seen, Uses};
use crate::store::Store;

fn rooms_of(venue: Option<DbId<kind::Venue>>) -> Condition {
    Condition::all().add(match venue {
        Some(id) => room::Column::VenueId.eq(id),
        None => room::Column::VenueId.is_null(),
    })
}

impl Store {
    /// Makes a venue known.
    pub async fn create_venue(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        fields: VenuePatch,
        retry: Option<&Retry>,
    ) -> Result<VenueId, Refused<VenueCreateRefused>> {
        let mut operation = self
            .operate(actor, "venueCreate", Permission::DirectoryEdit, workspace)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let mut venue = Venue::unknown(operation.mint()?, workspace);
        fields.apply(&mut venue, &mut refusals);
        operation
            .add::<venue::Entity, _>(venue.into(), refusals)
            .await
    }

    /// Changes what is known of a venue.
    pub async fn update_venue(
        &self,
        actor: &Actor,
        seen: Seen<kind::Venue>,
        patch: VenuePatch,
    ) -> Result<(), Refused<VenueUpdateRefused>> {
        let (operation, before, mut refusals) = self
            .change::<venue::Entity, _>(actor, "venueUpdate", Permission::DirectoryEdit, seen)
            .await?;
        refusals.enter("patch");
        let mut venue = Venue::from(before.clone());
        patch.apply(&mut venue, &mut refusals);
        operation
            .write::<venue::Entity, _>(&before, venue.into(), refusals)
            .await
    }

    /// Removes a venue that has no rooms and where no event takes place.
    pub async fn remove_venue(
        &self,
        actor: &Actor,
        seen: Seen<kind::Venue>,
    ) -> Result<(), Refused<VenueRemoveRefused>> {
        let (operation, row, mut refusals) = self
            .change::<venue::Entity, _>(actor, "venueRemove", Permission::DirectoryEdit, seen)
            .await?;
        let uses = vec![
            Uses::of::<room::Entity>(room::Column::VenueId, seen.id.uuid()),
            Uses::of::<event::Entity>(event::Column::VenueId, seen.id.uuid()),
        ];
        operation.must_be_unused(uses, &mut refusals).await?;
        operation.delete::<venue::Entity, _>(&row, refusals).await
    }

    /// Adds a room to a venue.
    pub async fn add_room(
        &self,
        actor: &Actor,
        venue: VenueId,
        fields: RoomPatch,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<RoomId, Refused<RoomAddRefused>> {
        let (mut operation, _) = self
            .operate_on::<venue::Entity, _>(actor, "roomAdd", Permission::DirectoryEdit, venue)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let id = operation.mint()?;
        let list = rooms_of(Some(DbId(venue)));
        let place = operation
            .place::<room::Entity, _>(list, id, order, None, &mut refusals)
            .await?;
        let mut room = Room::unknown(id, operation.workspace(), venue, place);
        fields.apply(&mut room, &mut refusals);
        operation
            .add::<room::Entity, _>(room.into(), refusals)
            .await
    }

    /// Changes what is known of a room.
    pub async fn update_room(
        &self,
        actor: &Actor,
        seen: Seen<kind::Room>,
        patch: RoomPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<RoomUpdateRefused>> {
        let (mut operation, before, mut refusals) = self
            .change::<room::Entity, _>(actor, "roomUpdate", Permission::DirectoryEdit, seen)
            .await?;
        refusals.enter("patch");
        let mut room = Room::from(before.clone());
        patch.apply(&mut room, &mut refusals);
        let list = rooms_of(before.venue_id);
        room.position = operation
            .place::<room::Entity, _>(list, seen.id, order, Some(room.position), &mut refusals)
            .await?;
        operation
            .write::<room::Entity, _>(&before, room.into(), refusals)
            .await
    }

    /// Removes a room in which nothing takes place.
    pub async fn remove_room(
        &self,
        actor: &Actor,
        seen: Seen<kind::Room>,
    ) -> Result<(), Refused<RoomRemoveRefused>> {
        let (operation, row, mut refusals) = self
            .change::<room::Entity, _>(actor, "roomRemove", Permission::DirectoryEdit, seen)
            .await?;
        let uses = vec![
            Uses::of::<event::Entity>(event::Column::RoomId, seen.id.uuid()),
            Uses::of::<agenda_item::Entity>(agenda_item::Column::RoomId, seen.id.uuid()),
        ];
        operation.must_be_unused(uses, &mut refusals).await?;
        operation
            .delete_from::<room::Entity, _>(rooms_of(row.venue_id), &row, refusals)
            .await
    }
}
