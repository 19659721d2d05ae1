//! Organizations: departments, universities, companies, and the bodies that events found.

use chrono::NaiveDate;

use crate::id::{
    AppointmentLetterId, EventId, MembershipId, OrganizationId, PersonId, WorkspaceId,
};
use crate::patch::{Patch, TextDraft, check_term, not_negative};
use crate::refusal::{Invalid, Refusals};
use crate::text::{Key, LocalizedText, line};

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
    /// Raised by every change.
    pub version: i32,
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

/// What is to be said of an organization.
#[derive(Debug, Clone, Default)]
pub struct OrganizationPatch {
    /// See [`Organization::external_id`].
    pub external_id: Patch<String>,
    /// See [`Organization::kind`].
    pub kind: Patch<OrganizationKind>,
    /// See [`Organization::name`].
    pub name: Patch<TextDraft>,
    /// See [`Organization::aliases`].
    pub aliases: Patch<Vec<String>>,
    /// See [`Organization::parent_id`].
    pub parent_id: Patch<OrganizationId>,
    /// See [`Organization::protocol_order`].
    pub protocol_order: Patch<i32>,
    /// See [`Organization::founding_event_id`].
    pub founding_event_id: Patch<EventId>,
    /// See [`Organization::level`].
    pub level: Patch<String>,
    /// See [`Organization::goals`].
    pub goals: Patch<Vec<String>>,
}

impl Organization {
    /// An organization of which nothing is known yet.
    pub fn unknown(id: OrganizationId, workspace_id: WorkspaceId) -> Self {
        Self {
            id,
            workspace_id,
            version: 1,
            external_id: None,
            kind: OrganizationKind::Other,
            name: LocalizedText::nothing_yet(),
            aliases: Vec::new(),
            parent_id: None,
            protocol_order: None,
            founding_event_id: None,
            level: None,
            goals: Vec::new(),
        }
    }

    /// Every text by which it can be found.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let aliases = self.aliases.iter().map(String::as_str);
        self.name.main_first().chain(aliases)
    }
}

impl OrganizationPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Organization, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.put("kind", self.kind, &mut to.kind);
        refusals.text("name", self.name, &mut to.name, line);
        refusals.lines("aliases", self.aliases, &mut to.aliases);
        refusals.put_or_clear("parentId", self.parent_id, &mut to.parent_id);
        let rank = &mut to.protocol_order;
        refusals.set_or_clear("protocolOrder", self.protocol_order, rank, not_negative);
        let founded_at = &mut to.founding_event_id;
        refusals.put_or_clear("foundingEventId", self.founding_event_id, founded_at);
        refusals.line_or_clear("level", self.level, &mut to.level);
        refusals.lines("goals", self.goals, &mut to.goals);
    }
}

/// What is to be said of a membership.
#[derive(Debug, Clone, Default)]
pub struct MembershipPatch {
    /// See [`Membership::post`].
    pub post: Patch<String>,
    /// See [`Membership::since`].
    pub since: Patch<NaiveDate>,
    /// See [`Membership::until`].
    pub until: Patch<NaiveDate>,
    /// See [`Membership::letter_id`].
    pub letter_id: Patch<AppointmentLetterId>,
}

impl MembershipPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Membership, refusals: &mut Refusals<R>) {
        refusals.line_or_clear("post", self.post, &mut to.post);
        refusals.put_or_clear("since", self.since, &mut to.since);
        refusals.put_or_clear("until", self.until, &mut to.until);
        refusals.put_or_clear("letterId", self.letter_id, &mut to.letter_id);
        refusals.checked("until", check_term(to.since, to.until));
    }
}

refusals! {
    /// Why an organization is not made known.
    OrganizationCreateRefused { Invalid, Missing, Taken, KeyReused }
    /// Why an organization is not changed.
    OrganizationUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why an organization is not removed.
    OrganizationRemoveRefused { Stale, InUse }
    /// Why organizations are not made known.
    OrganizationBulkCreateRefused { Invalid, Missing, Taken, KeyReused }
    /// Why two organizations are not one.
    OrganizationMergeRefused { Invalid, Missing, Stale, KeyReused }
    /// Why a merge of two organizations is not undone.
    OrganizationMergeUndoRefused { Contradicted, IllegalState }
    /// Why a membership is not added.
    MembershipAddRefused { Invalid, Missing, Taken, KeyReused }
    /// Why a membership is not changed.
    MembershipUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why a membership is not removed.
    MembershipRemoveRefused { Stale }
}
