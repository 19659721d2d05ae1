//! Venues and their rooms: where things happen.

use crate::availability::{Availability, Window};
use crate::id::{RoomId, VenueId, WorkspaceId};
use crate::patch::{Patch, positive};
use crate::refusal::{Invalid, Refusals};
use crate::text::Key;

/// A building or a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venue {
    /// Its id.
    pub id: VenueId,
    /// Where it is known.
    pub workspace_id: WorkspaceId,
    /// Raised by every change.
    pub version: i32,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What it is called.
    pub name: String,
    /// Its postal address.
    pub address: Option<String>,
}

/// A room, hall or place in a venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// Where it is known.
    pub workspace_id: WorkspaceId,
    /// Raised by every change.
    pub version: i32,
    /// The venue that it is in.
    pub venue_id: Option<VenueId>,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What it is called.
    pub name: String,
    /// The floor, as people there say it: "second floor".
    pub floor: Option<String>,
    /// How many it holds.
    pub capacity: Option<i32>,
    /// How it can be reached and used by people with disabilities.
    pub accessibility: Option<String>,
    /// When it can be used, if not always.
    pub availability: Availability,
    /// Its place in the venue's list, from 0.
    pub position: i32,
}

/// What is to be said of a venue.
#[derive(Debug, Clone, Default)]
pub struct VenuePatch {
    /// See [`Venue::external_id`].
    pub external_id: Patch<String>,
    /// See [`Venue::name`].
    pub name: Patch<String>,
    /// See [`Venue::address`].
    pub address: Patch<String>,
}

impl VenuePatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Venue, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.line("name", self.name, &mut to.name);
        refusals.passage_or_clear("address", self.address, &mut to.address);
    }
}

impl Venue {
    /// A venue of which nothing is known yet.
    pub fn unknown(id: VenueId, workspace_id: WorkspaceId) -> Self {
        Self {
            id,
            workspace_id,
            version: 1,
            external_id: None,
            name: String::new(),
            address: None,
        }
    }
}

/// What is to be said of a room.
#[derive(Debug, Clone, Default)]
pub struct RoomPatch {
    /// See [`Room::external_id`].
    pub external_id: Patch<String>,
    /// See [`Room::name`].
    pub name: Patch<String>,
    /// See [`Room::floor`].
    pub floor: Patch<String>,
    /// See [`Room::capacity`].
    pub capacity: Patch<i32>,
    /// See [`Room::accessibility`].
    pub accessibility: Patch<String>,
    /// See [`Room::availability`].
    pub availability: Patch<Vec<Window>>,
}

impl RoomPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Room, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.line("name", self.name, &mut to.name);
        refusals.line_or_clear("floor", self.floor, &mut to.floor);
        refusals.set_or_clear("capacity", self.capacity, &mut to.capacity, positive);
        refusals.passage_or_clear("accessibility", self.accessibility, &mut to.accessibility);
        refusals.availability("availability", self.availability, &mut to.availability);
    }
}

impl Room {
    /// A room of which nothing is known yet.
    pub fn unknown(
        id: RoomId,
        workspace_id: WorkspaceId,
        venue_id: VenueId,
        position: i32,
    ) -> Self {
        Self {
            id,
            workspace_id,
            version: 1,
            venue_id: Some(venue_id),
            external_id: None,
            name: String::new(),
            floor: None,
            capacity: None,
            accessibility: None,
            availability: Availability::default(),
            position,
        }
    }
}

refusals! {
    /// Why a venue is not made known.
    VenueCreateRefused { Invalid, Taken, KeyReused }
    /// Why a venue is not changed.
    VenueUpdateRefused { Invalid, Stale, Taken }
    /// Why a venue is not removed.
    VenueRemoveRefused { Stale, InUse }
    /// Why a room is not added.
    RoomAddRefused { Invalid, Taken, KeyReused }
    /// Why a room is not changed.
    RoomUpdateRefused { Invalid, Stale, Taken }
    /// Why a room is not removed.
    RoomRemoveRefused { Stale, InUse }
}
