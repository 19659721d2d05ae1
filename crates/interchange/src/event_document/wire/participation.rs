//! Who takes part in an event, as it is written.

use chrono::{DateTime, Utc};
use domain::Key;
use domain::event_organization::EventOrganizationRole;
use domain::participant::{ParticipantCategory, ParticipantState};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Party, Window};
use crate::event_document::leaf::{Line, OneOf, Passage, Written};

/// What an organization is at the event.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "what the member is called")]
pub(in crate::event_document) struct Role {
    /// The organization, by its key.
    pub(in crate::event_document) organization: Written<Key>,
    /// The role.
    pub(in crate::event_document) role: OneOf<EventOrganizationRole>,
    /// Its name as printed for this event, where that is not what it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) printed_name: Option<Written<Line>>,
    /// The delegation that it sends; only in the role ATTENDING.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) delegation: Option<Delegation>,
}

/// Whom an organization sends.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Delegation {
    /// How many it may send.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 2_147_483_647))]
    pub(in crate::event_document) quota: Option<i32>,
    /// Who leads it, by the key in `people`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) head: Option<Written<Key>>,
    /// Who sees to it at the organization, by the key in `people`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) liaison: Option<Written<Key>>,
    /// Until when the list of delegates is to be returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) due_at: Option<Written<DateTime<Utc>>>,
    /// When it was returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) returned_at: Option<Written<DateTime<Utc>>>,
    /// The delegates, by their keys in `people`; the head is not among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) delegates: Vec<Written<Key>>,
}

/// People whom nobody has named.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Group {
    /// Its key.
    pub(in crate::event_document) key: Written<Key>,
    /// Who they are.
    pub(in crate::event_document) description: Written<Passage>,
    /// How many, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub(in crate::event_document) expected_count: Option<i32>,
    /// Where they come from, by the key in `organizations`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) organization: Option<Written<Key>>,
}

/// A person at the event.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Participant {
    /// Who, by the key in `people`.
    pub(in crate::event_document) person: Written<Key>,
    /// In what capacity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) category: Option<OneOf<ParticipantCategory>>,
    /// How far it has come. Left out: untouched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) status: Option<OneOf<ParticipantState>>,
    /// The organization that they come from, by its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) representing: Option<Written<Key>>,
    /// In whose stead they come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) on_behalf_of: Option<Party>,
    /// The name as printed for this event, where that is not the person's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) printed_name: Option<Written<Line>>,
    /// The posts as printed for this event, where those are not the ones held on its first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) printed_posts: Option<Vec<Written<Line>>>,
    /// When they are there, if not all the time. Only organisers are told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) availability: Vec<Window>,
}
