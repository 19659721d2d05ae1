//! Venues and their rooms: where things happen.

use crate::id::{RoomId, VenueId, WorkspaceId};
use crate::text::Key;

/// A building or a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venue {
    /// Its id.
    pub id: VenueId,
    /// Where it is known.
    pub workspace_id: WorkspaceId,
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
    /// Its place in the venue's list, from 0.
    pub position: i32,
}
