//! Releases: what is made public at an event.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use crate::agenda::{AgendaItem, item};
use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::id::global;
use crate::request::text;
use crate::requires::requires;
use crate::scalar::{LanguageTag, Url};
use crate::word::Permission;

pub(crate) use change::ReleaseMutation;

/// A release.
#[derive(Clone)]
pub(crate) struct Release(pub(crate) Arc<domain::release::Release>);

/// Something made public at an event: a route, a directory, a policy, a standard.
#[Object]
impl Release {
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

    /// What it is called, in the language that suits the reader best.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        text(ctx, &self.0.title, language.as_ref())
    }

    /// What it is: "directory", "policy"; null if that is not said.
    async fn kind(&self) -> Option<&str> {
        self.0.kind.as_deref()
    }

    /// The item at which it is made public; null if it is none, or while the reader may not see
    /// the agenda.
    async fn item(&self, ctx: &Context<'_>) -> Result<Option<AgendaItem>> {
        item(ctx, self.0.event_id, self.0.item_id).await
    }

    /// Where it can be read; null if that is not known.
    async fn url(&self) -> Option<Url> {
        self.0.url.clone().map(Url)
    }

    /// Whether it is made public again and again ("published regularly").
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
