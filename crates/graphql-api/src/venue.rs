//! Venues and rooms.

mod change;
mod room;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use domain::access::Permission as Act;
use persistence::AuditOf;

use crate::audit::{AuditEntryConnection, Slice, audit_log};
use crate::availability::{AvailabilityWindow, windows};
use crate::id::global;
use crate::list::List;
use crate::load::RoomsOf;
use crate::request::{found, session};
use crate::requires::requires;
use crate::word::Permission;

pub(crate) use change::VenueMutation;
pub(crate) use room::RoomMutation;

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

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
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

    /// Who changed it, and when, the latest first. Null without the permission `AUDIT_READ`.
    #[graphql(directive = requires::apply(Permission::AuditRead))]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<AuditEntryConnection>> {
        let slice = Slice {
            first,
            after,
            last,
            before,
        };
        let of = AuditOf::Thing(self.0.id.uuid());
        audit_log(ctx, self.0.workspace_id, of, None, slice).await
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

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
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

    /// When it can be used, as far as is known now, in order; empty if nothing is said, so that it
    /// always can. Null without the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn availability(&self, ctx: &Context<'_>) -> Result<Option<List<AvailabilityWindow>>> {
        let may = session(ctx)?
            .actor
            .may(Act::AgendaEdit, self.0.workspace_id);
        // The room of a published agenda does not tell.
        let room = found(ctx, may.is_ok().then_some(self.0.id)).await?;
        Ok(room.map(|room| windows(&room.availability)))
    }

    /// The venue that it is in; null if that is not known.
    async fn venue(&self, ctx: &Context<'_>) -> Result<Option<Venue>> {
        Ok(found(ctx, self.0.venue_id).await?.map(Venue))
    }

    /// Who changed it, and when, the latest first. Null without the permission `AUDIT_READ`.
    #[graphql(directive = requires::apply(Permission::AuditRead))]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<AuditEntryConnection>> {
        let slice = Slice {
            first,
            after,
            last,
            before,
        };
        let of = AuditOf::Thing(self.0.id.uuid());
        audit_log(ctx, self.0.workspace_id, of, None, slice).await
    }
}
