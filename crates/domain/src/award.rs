//! Awards: an honour, a prize or a plaque, by whom it is granted, and who got it.

use crate::id::{AgendaItemId, AwardId, AwardRecipientId, EventId, OrganizationId};
use crate::organization::Party;
use crate::patch::{Patch, TextDraft};
use crate::refusal::{Invalid, Refusals};
use crate::text::{Key, LocalizedText, line, passage};

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
    /// Raised by every change.
    pub version: i32,
    /// The award.
    pub award_id: AwardId,
    /// Who.
    pub recipient: Party,
    /// Their place in the list, from 0.
    pub position: i32,
}

/// What is to be said of an award.
#[derive(Debug, Clone, Default)]
pub struct AwardPatch {
    /// See [`Award::external_id`].
    pub external_id: Patch<String>,
    /// See [`Award::item_id`].
    pub item_id: Patch<AgendaItemId>,
    /// See [`Award::title`].
    pub title: Patch<TextDraft>,
    /// See [`Award::kind`].
    pub kind: Patch<AwardKind>,
    /// See [`Award::level`].
    pub level: Patch<String>,
    /// See [`Award::citation`].
    pub citation: Patch<TextDraft>,
    /// See [`Award::grantors`].
    pub grantors: Patch<Vec<OrganizationId>>,
}

impl Award {
    /// An award of which nothing is known yet.
    pub fn unknown(id: AwardId, event_id: EventId, position: i32) -> Self {
        Self {
            id,
            event_id,
            version: 1,
            item_id: None,
            external_id: None,
            title: LocalizedText::nothing_yet(),
            kind: AwardKind::Honour,
            level: None,
            citation: None,
            grantors: Vec::new(),
            recipients: Vec::new(),
            position,
        }
    }
}

impl AwardPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Award, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.put_or_clear("itemId", self.item_id, &mut to.item_id);
        refusals.text("title", self.title, &mut to.title, line);
        refusals.put("kind", self.kind, &mut to.kind);
        refusals.line_or_clear("level", self.level, &mut to.level);
        refusals.text_or_clear("citation", self.citation, &mut to.citation, passage);
        refusals.each_once("grantorIds", self.grantors, &mut to.grantors);
    }
}

refusals! {
    /// Why an award is not added.
    AwardAddRefused { Invalid, Missing, Taken, KeyReused }
    /// Why an award is not changed.
    AwardUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why an award is not removed.
    AwardRemoveRefused { Stale, InUse }
    /// Why someone is not entered as having got an award.
    AwardRecipientAddRefused { Missing, Taken, KeyReused }
    /// Why someone stays entered as having got an award.
    AwardRecipientRemoveRefused { Stale, InUse }
}
