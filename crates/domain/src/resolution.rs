//! Resolutions: what an event decided.

use crate::id::{AgendaItemId, EventId, ResolutionId};
use crate::text::Key;

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Its id.
    pub id: ResolutionId,
    /// The event.
    pub event_id: EventId,
    /// The item at which it was decided.
    pub item_id: Option<AgendaItemId>,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What was decided, in words.
    pub text: String,
    /// Its place in the list, from 0.
    pub position: i32,
}
