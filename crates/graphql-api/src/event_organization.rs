//! What organizations are at an event, and their delegations.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use domain::access::Permission as Act;

use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::failure::Vanished;
use crate::http::error::fault;
use crate::id::global;
use crate::list::List;
use crate::load::DelegatesOf;
use crate::organization::Organization;
use crate::participant::Participant;
use crate::person::Person;
use crate::request::{found, session};
use crate::requires::requires;
use crate::scalar::DateTime;
use crate::word::{EventOrganizationRole, Permission};

pub(crate) use change::EventOrganizationMutation;

/// An organization's role in an event.
#[derive(Clone)]
pub(crate) struct EventOrganization(pub(crate) Arc<domain::event_organization::EventOrganization>);

/// The role of an organization in an event, in its place by protocol.
#[Object]
impl EventOrganization {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The role.
    async fn role(&self) -> EventOrganizationRole {
        self.0.role.into()
    }

    /// Its place by protocol among all organizations of the event, from 0. Never alphabetical.
    async fn order(&self) -> i32 {
        self.0.position
    }

    /// The organization, as it is now.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Organization> {
        let organization = session(ctx)?.one(self.0.organization_id).await?;
        organization
            .map(Organization)
            .ok_or_else(|| fault(&Vanished))
    }

    /// Its name as printed for this event; what it is called later does not change it.
    async fn printed_name(&self) -> &str {
        &self.0.printed_name
    }

    /// The delegation that it sends. Null if it sends none, and without the permission
    /// `PARTICIPANT_READ`.
    #[graphql(directive = requires::apply(Permission::ParticipantRead))]
    async fn delegation(&self, ctx: &Context<'_>) -> Result<Option<Delegation>> {
        // Who may see participants, sees the event's workspace; the organization tells which.
        let Some(_) = &self.0.delegation else {
            return Ok(None);
        };
        let Some(organization) = found(ctx, Some(self.0.organization_id)).await? else {
            return Ok(None);
        };
        let may = session(ctx)?
            .actor
            .may(Act::ParticipantRead, organization.workspace_id)
            .is_ok();
        Ok(may.then(|| Delegation(Arc::clone(&self.0))))
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
        audit_log_of_part(ctx, self.0.event_id, self.0.id, slice).await
    }
}

/// A delegation.
pub(crate) struct Delegation(Arc<domain::event_organization::EventOrganization>);

impl Delegation {
    fn facts(&self) -> domain::event_organization::Delegation {
        self.0.delegation.clone().unwrap_or_default()
    }
}

/// Whom an attending organization sends.
#[Object]
impl Delegation {
    /// How many it may send; null if that is not limited.
    async fn quota(&self) -> Option<i32> {
        self.facts().quota
    }

    /// Who leads it; null if nobody was named.
    async fn head(&self, ctx: &Context<'_>) -> Result<Option<Participant>> {
        let delegates = found(ctx, Some(DelegatesOf(self.0.id))).await?;
        let head = Some(domain::participant::DelegateRole::Head);
        Ok(delegates
            .into_iter()
            .flatten()
            .find(|one| one.delegate_role == head)
            .map(Participant))
    }

    /// The person at the organization who sees to it; null if nobody was named.
    async fn liaison(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
        Ok(found(ctx, self.facts().liaison_id).await?.map(Person))
    }

    /// Until when the list of delegates is to be returned; null if there is no such day.
    async fn due_at(&self) -> Option<DateTime> {
        self.facts().due_at.map(DateTime)
    }

    /// When the list was returned; null if it was not.
    async fn returned_at(&self) -> Option<DateTime> {
        self.facts().returned_at.map(DateTime)
    }

    /// The delegates, the head among them, in protocol order.
    async fn delegates(&self, ctx: &Context<'_>) -> Result<List<Participant>> {
        let delegates = session(ctx)?.list(DelegatesOf(self.0.id)).await?;
        Ok(delegates.into_iter().map(Participant).collect())
    }
}
