//! What an organization is at an event, and the delegation that it sends.

use chrono::{DateTime, Utc};

use crate::id::{EventId, EventOrganizationId, OrganizationId, PersonId};
use crate::patch::{Patch, not_negative};
use crate::refusal::{Invalid, Refusals};

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
    /// Raised by every change.
    pub version: i32,
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

/// What is to be said of an organization's role in an event.
#[derive(Debug, Clone, Default)]
pub struct EventOrganizationPatch {
    /// See [`EventOrganization::role`].
    pub role: Patch<EventOrganizationRole>,
    /// See [`EventOrganization::printed_name`].
    pub printed_name: Patch<String>,
    /// See [`EventOrganization::delegation`].
    pub delegation: Patch<DelegationPatch>,
}

/// What is to be said of a delegation.
#[derive(Debug, Clone, Default)]
pub struct DelegationPatch {
    /// See [`Delegation::quota`].
    pub quota: Patch<i32>,
    /// See [`Delegation::liaison_id`].
    pub liaison_id: Patch<PersonId>,
    /// See [`Delegation::due_at`].
    pub due_at: Patch<DateTime<Utc>>,
    /// See [`Delegation::returned_at`].
    pub returned_at: Patch<DateTime<Utc>>,
}

impl EventOrganizationPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut EventOrganization, refusals: &mut Refusals<R>) {
        refusals.put("role", self.role, &mut to.role);
        refusals.line("printedName", self.printed_name, &mut to.printed_name);
        match self.delegation {
            Patch::Keep => {}
            Patch::Clear => to.delegation = None,
            Patch::Set(patch) => {
                let mut delegation = to.delegation.take().unwrap_or_default();
                refusals.within("delegation", |at| patch.apply(&mut delegation, at));
                to.delegation = Some(delegation);
            }
        }
        if to.delegation.is_some() && to.role != EventOrganizationRole::Attending {
            let attending = EventOrganizationRole::Attending;
            let why = format!("only an organization in the role {attending} sends a delegation");
            refusals.invalid("delegation", why);
        }
    }
}

impl DelegationPatch {
    fn apply<R: From<Invalid>>(self, to: &mut Delegation, refusals: &mut Refusals<R>) {
        refusals.set_or_clear("quota", self.quota, &mut to.quota, not_negative);
        refusals.put_or_clear("liaisonId", self.liaison_id, &mut to.liaison_id);
        refusals.put_or_clear("dueAt", self.due_at, &mut to.due_at);
        refusals.put_or_clear("returnedAt", self.returned_at, &mut to.returned_at);
    }
}

refusals! {
    /// Why an organization gets no role in an event.
    EventOrganizationAddRefused { Invalid, Missing, Taken, KeyReused }
    /// Why the role of an organization is not changed.
    EventOrganizationUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why an organization keeps its role.
    EventOrganizationRemoveRefused { Stale, InUse }
}
