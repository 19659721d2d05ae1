//! What an organization is at an event, and the delegation that it sends.

use chrono::{DateTime, Utc};

use crate::id::{EventId, EventOrganizationId, OrganizationId, PersonId};

words! {
    /// The role of an organization in an event.
    EventOrganizationRole, "role of an organization" {
        /// Guides it from above (指导).
        Guiding = "GUIDING",
        /// Hosts it (主办).
        Host = "HOST",
        /// Carries it out (承办).
        Organizer = "ORGANIZER",
        /// Helps to carry it out (协办).
        CoOrganizer = "CO_ORGANIZER",
        /// Supports it (支持).
        Supporter = "SUPPORTER",
        /// Reports on it.
        Media = "MEDIA",
        /// Attends (参会).
        Attending = "ATTENDING",
    }
}

/// The role of an organization in an event, in its place by protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventOrganization {
    /// Its id.
    pub id: EventOrganizationId,
    /// The event.
    pub event_id: EventId,
    /// The role.
    pub role: EventOrganizationRole,
    /// Its place by protocol among all of the event, from 0. Never alphabetical.
    pub position: i32,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its name as printed for this event; what it is called later does not change it.
    pub printed_name: String,
    /// The delegation that it sends.
    pub delegation: Option<Delegation>,
}

/// Whom an attending organization sends. The delegates are participants who name it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delegation {
    /// How many it may send, if that is limited.
    pub quota: Option<i32>,
    /// The person at the organization who sees to it.
    pub liaison_id: Option<PersonId>,
    /// Until when the list of delegates is to be returned (回执).
    pub due_at: Option<DateTime<Utc>>,
    /// When it was returned.
    pub returned_at: Option<DateTime<Utc>>,
}
