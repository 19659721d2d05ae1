//! Reading venues and rooms.

use domain::access::{Actor, Permission};
use domain::id::{RoomId, VenueId};
use domain::venue::{Room, Venue};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::column::DbId;
use crate::entity::place::{room, venue};
use crate::error::Fault;
use crate::sight;
use crate::store::Store;

impl Store {
    /// Venues by id, as far as the actor sees them.
    pub async fn venues(&self, actor: &Actor, ids: &[VenueId]) -> Result<Vec<Venue>, Fault> {
        let sight = actor.sight(Permission::PublicRead);
        let rows = venue::Entity::find()
            .filter(venue::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::venues(
                &sight,
                venue::Column::WorkspaceId,
                venue::Column::Id,
            ))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Venue::from).collect())
    }

    /// Rooms by id, as far as the actor sees them.
    pub async fn rooms(&self, actor: &Actor, ids: &[RoomId]) -> Result<Vec<Room>, Fault> {
        let rows = room::Entity::find()
            .filter(room::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::rooms(&actor.sight(Permission::PublicRead)))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Room::from).collect())
    }

    /// The rooms of venues, in order.
    pub async fn rooms_of_venues(
        &self,
        actor: &Actor,
        venues: &[VenueId],
    ) -> Result<Vec<Room>, Fault> {
        let rows = room::Entity::find()
            .filter(room::Column::VenueId.is_in(venues.iter().copied().map(DbId)))
            .filter(sight::rooms(&actor.sight(Permission::PublicRead)))
            .order_by_asc(room::Column::Position)
            .order_by_asc(room::Column::Id)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Room::from).collect())
    }
}
