//! Organizations: departments, universities, companies, and the bodies that events found.

use chrono::NaiveDate;

use crate::id::{
    AppointmentLetterId, EventId, MembershipId, OrganizationId, PersonId, WorkspaceId,
};
use crate::text::{Key, LocalizedText};

words! {
    /// What an organization is.
    OrganizationKind, "organization kind" {
        /// A department, bureau or office of a government or a party.
        Department = "DEPARTMENT",
        /// A university or college.
        University = "UNIVERSITY",
        /// A school, vocational schools included.
        School = "SCHOOL",
        /// A company.
        Company = "COMPANY",
        /// An association or society.
        Association = "ASSOCIATION",
        /// A newspaper, a station, a portal.
        Media = "MEDIA",
        /// A committee.
        Committee = "COMMITTEE",
        /// A vocational-education group.
        VocationalEducationGroup = "VOCATIONAL_EDUCATION_GROUP",
        /// A consortium.
        Consortium = "CONSORTIUM",
        /// An alliance.
        Alliance = "ALLIANCE",
        /// Anything else.
        Other = "OTHER",
    }
}

/// An organization, as the workspace knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Where it belongs.
    pub workspace_id: WorkspaceId,
    /// Raised by every change.
    pub version: i32,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What it is.
    pub kind: OrganizationKind,
    /// What it is called.
    pub name: LocalizedText,
    /// What it is also called.
    pub aliases: Vec<String>,
    /// The organization that it is part of.
    pub parent_id: Option<OrganizationId>,
    /// Its rank among its siblings by protocol, from 0.
    pub protocol_order: Option<i32>,
    /// The event at which it was founded.
    pub founding_event_id: Option<EventId>,
    /// Its standing: "provincial backbone".
    pub level: Option<String>,
    /// What it was founded for, in order.
    pub goals: Vec<String>,
}

/// A person or an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// A human being.
    Person(PersonId),
    /// An organization.
    Organization(OrganizationId),
}

/// That a person or an organization belongs to a body, with a post and for a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// The body.
    pub organization_id: OrganizationId,
    /// Who belongs to it.
    pub member: Party,
    /// As what: "deputy director".
    pub post: Option<String>,
    /// The first day of the term.
    pub since: Option<NaiveDate>,
    /// The last day of the term.
    pub until: Option<NaiveDate>,
    /// The letter that it rests on.
    pub letter_id: Option<AppointmentLetterId>,
    /// Its place in the list, from 0.
    pub position: i32,
}
