//! Suppressions: addresses that take no mail.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use persistence::AuditOf;

use crate::audit::{AuditEntryConnection, Slice, audit_log};
use crate::connection::connection;
use crate::id::global;
use crate::requires::requires;
use crate::scalar::DateTime;
use crate::word::{Permission, SuppressionReason};

pub(crate) use change::SuppressionMutation;

/// A suppression.
#[derive(Clone)]
pub(crate) struct Suppression(pub(crate) Arc<domain::message::Suppression>);

/// An address that takes no mail of an office: because there is no such mailbox, because whoever reads it
/// wants none, or because an organiser said so.
#[Object]
impl Suppression {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The address, in lower case.
    async fn address(&self) -> &str {
        &self.0.address
    }

    /// Why.
    async fn reason(&self) -> SuppressionReason {
        self.0.reason.into()
    }

    /// What was said about it; null if nothing.
    async fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// Since when.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who put it on the list, and when; what a mail server said is not in the log. Null without the
    /// permission `AUDIT_READ`.
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
        let of = AuditOf::Thing(self.0.id.uuid());
        audit_log(ctx, self.0.workspace_id, of, None, slice).await
    }
}

connection!(
    SuppressionConnection,
    SuppressionEdge,
    Suppression,
    domain::message::Suppression,
    "suppressions",
    "suppression"
);
