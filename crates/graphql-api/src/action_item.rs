//! Action items.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::id::global;
use crate::list::List;
use crate::organization::{Organization, organizations};
use crate::person::Person;
use crate::request::found;
use crate::requires::requires;
use crate::scalar::{Date, DateTime};
use crate::word::{ActionItemStatus, Permission};

pub(crate) use change::ActionItemMutation;

/// An action item.
#[derive(Clone)]
pub(crate) struct ActionItem(pub(crate) Arc<domain::action_item::ActionItem>);

/// What must now be done, by whom, and until when.
#[Object]
impl ActionItem {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The caller's own name for it; null if no caller gave one.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_ref().map(domain::Key::as_str)
    }

    /// What is to be done.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// How far it has come.
    async fn status(&self) -> ActionItemStatus {
        self.0.status.state().into()
    }

    /// Since when the status is so; null for what is merely open, and where nobody recorded it.
    async fn status_since(&self) -> Option<DateTime> {
        self.0.status.since().map(DateTime)
    }

    /// What was reported of it last; null if nothing was.
    async fn progress(&self) -> Option<&str> {
        self.0.progress.as_deref()
    }

    /// Who set it; null if that is not known.
    async fn set_by(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
        Ok(found(ctx, self.0.set_by_id).await?.map(Person))
    }

    /// Who is to do it, in order. Empty where nobody was named.
    async fn responsible(&self, ctx: &Context<'_>) -> Result<List<Organization>> {
        organizations(ctx, None, &self.0.responsible).await
    }

    /// Until when; null if no day was set.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// Whether it is to be done again and again.
    async fn recurring(&self) -> bool {
        self.0.recurrence.is_recurring()
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
