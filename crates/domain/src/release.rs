//! Releases: something made public at an event, such as a directory, a route, a standard.

use crate::id::{AgendaItemId, EventId, ReleaseId};
use crate::text::{Key, LocalizedText};

/// Something made public at an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its id.
    pub id: ReleaseId,
    /// The event.
    pub event_id: EventId,
    /// The item at which it is made public.
    pub item_id: Option<AgendaItemId>,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What it is called.
    pub title: LocalizedText,
    /// What it is: "directory", "policy".
    pub kind: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// Whether it is made public again and again, or this once.
    pub recurrence: Recurrence,
    /// Its place in the list, from 0.
    pub position: i32,
}

words! {
    /// Whether something is done once or again and again.
    Recurrence, "recurrence" {
        /// Once.
        Once = "ONCE",
        /// Again and again ("published regularly").
        Recurring = "RECURRING",
    }
}

impl Recurrence {
    /// Whether it is again and again.
    pub fn is_recurring(self) -> bool {
        self == Self::Recurring
    }

    /// From the yes or no of a document.
    pub fn from_flag(recurring: Option<bool>) -> Self {
        if recurring == Some(true) {
            Self::Recurring
        } else {
            Self::Once
        }
    }
}
