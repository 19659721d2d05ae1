//! Resolutions: what an event decided.

use crate::id::{AgendaItemId, EventId, ResolutionId};
use crate::patch::Patch;
use crate::refusal::{Invalid, Refusals};
use crate::text::Key;

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Its id.
    pub id: ResolutionId,
    /// The event.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
    /// The item at which it was decided.
    pub item_id: Option<AgendaItemId>,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What was decided, in words.
    pub text: String,
    /// Its place in the list, from 0.
    pub position: i32,
}

/// What is to be said of a resolution.
#[derive(Debug, Clone, Default)]
pub struct ResolutionPatch {
    /// See [`Resolution::external_id`].
    pub external_id: Patch<String>,
    /// See [`Resolution::item_id`].
    pub item_id: Patch<AgendaItemId>,
    /// See [`Resolution::text`].
    pub text: Patch<String>,
}

impl Resolution {
    /// A resolution of which nothing is known yet.
    pub fn unknown(id: ResolutionId, event_id: EventId, position: i32) -> Self {
        Self {
            id,
            event_id,
            version: 1,
            item_id: None,
            external_id: None,
            text: String::new(),
            position,
        }
    }
}

impl ResolutionPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Resolution, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.put_or_clear("itemId", self.item_id, &mut to.item_id);
        refusals.passage("text", self.text, &mut to.text);
    }
}

refusals! {
    /// Why a resolution is not recorded.
    ResolutionAddRefused { Invalid, Missing, Taken, KeyReused }
    /// Why a resolution is not changed.
    ResolutionUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why a resolution is not removed.
    ResolutionRemoveRefused { Stale }
}
