//! Resolutions.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use crate::agenda::{AgendaItem, item};
use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::id::global;
use crate::requires::requires;
use crate::word::Permission;

pub(crate) use change::ResolutionMutation;

/// A resolution.
#[derive(Clone)]
pub(crate) struct Resolution(pub(crate) Arc<domain::resolution::Resolution>);

/// What an event decided.
#[Object]
impl Resolution {
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

    /// What was decided, in words.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// The item at which it was decided; null if it is none, or while the reader may not see the
    /// agenda.
    async fn item(&self, ctx: &Context<'_>) -> Result<Option<AgendaItem>> {
        item(ctx, self.0.event_id, self.0.item_id).await
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
