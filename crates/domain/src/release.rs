//! Releases: something made public at an event, such as a directory, a route, a standard.

use crate::id::{AgendaItemId, EventId, ReleaseId};
use crate::patch::{Patch, TextDraft, web_address};
use crate::refusal::{Invalid, Refusals};
use crate::text::{Key, LocalizedText, line};

/// Something made public at an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its id.
    pub id: ReleaseId,
    /// The event.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
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

/// What is to be said of a release.
#[derive(Debug, Clone, Default)]
pub struct ReleasePatch {
    /// See [`Release::external_id`].
    pub external_id: Patch<String>,
    /// See [`Release::item_id`].
    pub item_id: Patch<AgendaItemId>,
    /// See [`Release::title`].
    pub title: Patch<TextDraft>,
    /// See [`Release::kind`].
    pub kind: Patch<String>,
    /// See [`Release::url`].
    pub url: Patch<String>,
    /// See [`Release::recurrence`].
    pub recurrence: Patch<Recurrence>,
}

impl Release {
    /// A release of which nothing is known yet.
    pub fn unknown(id: ReleaseId, event_id: EventId, position: i32) -> Self {
        Self {
            id,
            event_id,
            version: 1,
            item_id: None,
            external_id: None,
            title: LocalizedText::nothing_yet(),
            kind: None,
            url: None,
            recurrence: Recurrence::Once,
            position,
        }
    }
}

impl ReleasePatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Release, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.put_or_clear("itemId", self.item_id, &mut to.item_id);
        refusals.text("title", self.title, &mut to.title, line);
        refusals.line_or_clear("kind", self.kind, &mut to.kind);
        refusals.set_or_clear("url", self.url, &mut to.url, web_address);
        refusals.put("recurring", self.recurrence, &mut to.recurrence);
    }
}

refusals! {
    /// Why a release is not added.
    ReleaseAddRefused { Invalid, Missing, Taken, KeyReused }
    /// Why a release is not changed.
    ReleaseUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why a release is not removed.
    ReleaseRemoveRefused { Stale }
}
