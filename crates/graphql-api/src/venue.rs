//! Venues and rooms.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use crate::id::global;
use crate::list::List;
use crate::load::RoomsOf;
use crate::request::{found, session};

/// A venue.
#[derive(Clone)]
pub(crate) struct Venue(pub(crate) Arc<domain::venue::Venue>);

/// A building or a site.
#[Object]
impl Venue {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// The caller's own name for it; null if no caller gave one.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_ref().map(domain::Key::as_str)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its postal address; null if it is not known.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Its rooms, in order.
    async fn rooms(&self, ctx: &Context<'_>) -> Result<List<Room>> {
        Ok(session(ctx)?
            .list(RoomsOf(self.0.id))
            .await?
            .into_iter()
            .map(Room)
            .collect())
    }
}

/// A room.
#[derive(Clone)]
pub(crate) struct Room(pub(crate) Arc<domain::venue::Room>);

/// A room, a hall or a place in a venue.
#[Object]
impl Room {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// The caller's own name for it; null if no caller gave one.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_ref().map(domain::Key::as_str)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The floor, as people there say it; null if it is not known.
    async fn floor(&self) -> Option<&str> {
        self.0.floor.as_deref()
    }

    /// How many it holds; null if that is not known.
    async fn capacity(&self) -> Option<i32> {
        self.0.capacity
    }

    /// How it can be reached and used by people with disabilities; null if that is not known.
    async fn accessibility(&self) -> Option<&str> {
        self.0.accessibility.as_deref()
    }

    /// The venue that it is in; null if that is not known.
    async fn venue(&self, ctx: &Context<'_>) -> Result<Option<Venue>> {
        Ok(found(ctx, self.0.venue_id).await?.map(Venue))
    }
}
