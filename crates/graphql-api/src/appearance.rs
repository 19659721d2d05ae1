//! Appearances: who does what.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use domain::appearance::Appearing;
use domain::id::EventId;

use crate::agenda::AgendaItem;
use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::failure::or_null;
use crate::id::global;
use crate::load::AgendaOf;
use crate::organization::{Organization, Party};
use crate::participant::ParticipantGroup;
use crate::person::Person;
use crate::request::found;
use crate::requires::requires;
use crate::word::{AppearanceRole, Permission};

pub(crate) use change::{
    AppearanceMutation, AppearancePatch, AppearanceUpdateInput, AppearingInput,
};

/// An appearance: read by itself, or as a part of an agenda that has all it refers to.
#[derive(Clone)]
pub(crate) enum Appearance {
    Loose(Arc<domain::appearance::Appearance>),
    In(Arc<domain::agenda::Agenda>, domain::appearance::Appearance),
}

impl Appearance {
    fn event_id(&self) -> EventId {
        self.facts().event_id
    }

    fn facts(&self) -> &domain::appearance::Appearance {
        match self {
            Self::Loose(facts) => facts,
            Self::In(_, facts) => facts,
        }
    }

    fn agenda(&self) -> Option<&Arc<domain::agenda::Agenda>> {
        match self {
            Self::Loose(_) => None,
            Self::In(agenda, _) => Some(agenda),
        }
    }
}

/// Who does what, on an item of the agenda or on the whole event: exactly one of person,
/// organization and group is given.
#[Object]
impl Appearance {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.facts().id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.facts().version
    }

    /// What they do.
    async fn role(&self) -> AppearanceRole {
        self.facts().role.into()
    }

    /// Their place among those of the same item, or of the whole event, from 0.
    async fn order(&self) -> i32 {
        self.facts().position
    }

    /// The item; null for the whole event, and while the reader may not see the agenda.
    async fn item(&self, ctx: &Context<'_>) -> Result<Option<AgendaItem>> {
        let Some(item) = self.facts().item_id else {
            return Ok(None);
        };
        let agenda = match self.agenda() {
            Some(agenda) => Some(Arc::clone(agenda)),
            None => found(ctx, Some(AgendaOf(self.facts().event_id))).await?,
        };
        Ok(agenda.and_then(|agenda| AgendaItem::of(&agenda, item)))
    }

    /// The person; null if it is not a person.
    async fn person(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
        let Appearing::Person(id) = self.facts().who else {
            return Ok(None);
        };
        if let Some(person) = self.agenda().and_then(|agenda| agenda.person(id)) {
            return Ok(Some(Person(Arc::clone(person))));
        }
        Ok(found(ctx, Some(id)).await?.map(Person))
    }

    /// The organization; null if it is not an organization.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>> {
        let Appearing::Organization(id) = self.facts().who else {
            return Ok(None);
        };
        if let Some(organization) = self.agenda().and_then(|agenda| agenda.organization(id)) {
            return Ok(Some(Organization(Arc::clone(organization))));
        }
        Ok(found(ctx, Some(id)).await?.map(Organization))
    }

    /// The group; null if it is not a group.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<ParticipantGroup>> {
        let Appearing::Group(id) = self.facts().who else {
            return Ok(None);
        };
        if let Some(agenda) = self.agenda()
            && let Some(group) = agenda.group(id)
        {
            return Ok(Some(ParticipantGroup::In(
                Arc::clone(agenda),
                group.clone(),
            )));
        }
        Ok(found(ctx, Some(id)).await?.map(ParticipantGroup::Loose))
    }

    /// In whose name; null if in nobody else's.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> Result<Option<Party>> {
        let who = self.facts().on_behalf_of;
        or_null(ctx, Party::within(ctx, self.agenda(), who).await)
    }

    /// The name as printed for this event.
    async fn printed_name(&self) -> &str {
        &self.facts().printed_name
    }

    /// The posts as printed for this event, in order.
    async fn printed_posts(&self) -> &[String] {
        &self.facts().printed_posts
    }

    /// Who changed it, and when, the latest first. Null without the permission `AUDIT_READ`.
    #[graphql(directive = requires::apply(Permission::AuditRead))]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<AuditEntryConnection>> {
        let slice = Slice {
            first,
            after,
            last,
            before,
        };
        audit_log_of_part(ctx, self.facts().event_id, self.facts().id, slice).await
    }
}
