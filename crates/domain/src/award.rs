//! Awards: an honour, a prize or a plaque, by whom it is granted, and who got it.

use crate::id::{AgendaItemId, AwardId, AwardRecipientId, EventId, OrganizationId};
use crate::organization::Party;
use crate::text::{Key, LocalizedText};

words! {
    /// What is given.
    AwardKind, "award kind" {
        /// An honour: a title given to a person.
        Honour = "HONOUR",
        /// A prize, won.
        Prize = "PRIZE",
        /// A plaque (授牌): a designation given to an organization.
        Plaque = "PLAQUE",
    }
}

/// An honour, a prize or a plaque.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Award {
    /// Its id.
    pub id: AwardId,
    /// The event.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
    /// The item at which it is given.
    pub item_id: Option<AgendaItemId>,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What it is called.
    pub title: LocalizedText,
    /// What is given.
    pub kind: AwardKind,
    /// Its standing: "first prize".
    pub level: Option<String>,
    /// What it is given for.
    pub citation: Option<LocalizedText>,
    /// Who grants it, in order.
    pub grantors: Vec<OrganizationId>,
    /// Who got it, in order; empty where that is not known.
    pub recipients: Vec<AwardRecipient>,
    /// Its place in the list, from 0.
    pub position: i32,
}

/// One who got an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardRecipient {
    /// Its id.
    pub id: AwardRecipientId,
    /// The award.
    pub award_id: AwardId,
    /// Who.
    pub recipient: Party,
    /// Their place in the list, from 0.
    pub position: i32,
}
