//! Appearances: who does what, on an item of the agenda or on the whole event.

use crate::id::{
    AgendaItemId, AppearanceId, EventId, OrganizationId, ParticipantGroupId, PersonId,
};
use crate::organization::Party;

words! {
    /// What someone does.
    AppearanceRole, "role of an appearance" {
        /// Chairs (主持).
        Chair = "CHAIR",
        /// Leads a discussion.
        Moderator = "MODERATOR",
        /// Speaks.
        Speaker = "SPEAKER",
        /// Gives a keynote.
        KeynoteSpeaker = "KEYNOTE_SPEAKER",
        /// Sits on a panel.
        Panelist = "PANELIST",
        /// Presents something made public, or hands something over.
        Presenter = "PRESENTER",
        /// Leads a visit or a delegation.
        Lead = "LEAD",
        /// Receives the guests.
        Host = "HOST",
        /// Keeps the record.
        Secretary = "SECRETARY",
        /// Interprets.
        Interpreter = "INTERPRETER",
        /// Is appointed and receives the letter.
        Appointee = "APPOINTEE",
    }
}

/// Who appears: exactly one of three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Appearing {
    /// A person.
    Person(PersonId),
    /// An organization as such.
    Organization(OrganizationId),
    /// People whom nobody has named.
    Group(ParticipantGroupId),
}

/// Who does what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appearance {
    /// Its id.
    pub id: AppearanceId,
    /// The event.
    pub event_id: EventId,
    /// The item of the agenda; none for the whole event.
    pub item_id: Option<AgendaItemId>,
    /// What they do.
    pub role: AppearanceRole,
    /// Their place among those of the same item, from 0.
    pub position: i32,
    /// Who.
    pub who: Appearing,
    /// In whose name.
    pub on_behalf_of: Option<Party>,
    /// The name as printed for this event.
    pub printed_name: String,
    /// The posts as printed for this event, in order.
    pub printed_posts: Vec<String>,
}
