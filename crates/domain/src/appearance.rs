//! Appearances: who does what, on an item of the agenda or on the whole event.

use crate::id::{
    AgendaItemId, AppearanceId, EventId, OrganizationId, ParticipantGroupId, PersonId,
};
use crate::organization::Party;
use crate::patch::Patch;
use crate::refusal::{Invalid, Refusals};

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
    /// Raised by every change.
    pub version: i32,
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

/// What is to be said of an appearance.
#[derive(Debug, Clone, Default)]
pub struct AppearancePatch {
    /// See [`Appearance::role`].
    pub role: Patch<AppearanceRole>,
    /// See [`Appearance::on_behalf_of`].
    pub on_behalf_of: Patch<Party>,
    /// See [`Appearance::printed_name`].
    pub printed_name: Patch<String>,
    /// See [`Appearance::printed_posts`].
    pub printed_posts: Patch<Vec<String>>,
}

impl AppearancePatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Appearance, refusals: &mut Refusals<R>) {
        refusals.put("role", self.role, &mut to.role);
        refusals.put_or_clear("onBehalfOf", self.on_behalf_of, &mut to.on_behalf_of);
        refusals.line("printedName", self.printed_name, &mut to.printed_name);
        refusals.lines("printedPosts", self.printed_posts, &mut to.printed_posts);
        let oneself = match to.who {
            Appearing::Person(id) => Some(Party::Person(id)),
            Appearing::Organization(id) => Some(Party::Organization(id)),
            Appearing::Group(_) => None,
        };
        if to.on_behalf_of.is_some() && to.on_behalf_of == oneself {
            refusals.invalid("onBehalfOf", "nobody appears in their own stead");
        }
    }
}

refusals! {
    /// Why an appearance is not added.
    AppearanceAddRefused { Invalid, Missing, Taken, KeyReused }
    /// Why an appearance is not changed.
    AppearanceUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why an appearance is not removed.
    AppearanceRemoveRefused { Stale }
}
