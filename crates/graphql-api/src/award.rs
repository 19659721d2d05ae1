//! Awards and who got them.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use crate::agenda::{AgendaItem, item};
use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::failure::Vanished;
use crate::http::error::fault;
use crate::id::global;
use crate::list::List;
use crate::organization::{Organization, Party, organizations};
use crate::request::text;
use crate::requires::requires;
use crate::scalar::LanguageTag;
use crate::word::{AwardKind, Permission};

pub(crate) use change::AwardMutation;

/// An award.
#[derive(Clone)]
pub(crate) struct Award(pub(crate) Arc<domain::award::Award>);

/// An honour, a prize or a plaque.
#[Object]
impl Award {
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

    /// What is given.
    async fn kind(&self) -> AwardKind {
        self.0.kind.into()
    }

    /// Its standing: "first prize"; null if it has none.
    async fn level(&self) -> Option<&str> {
        self.0.level.as_deref()
    }

    /// What it is given for; null if that is not said.
    async fn citation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> Option<String> {
        self.0
            .citation
            .as_ref()
            .map(|citation| text(ctx, citation, language.as_ref()))
    }

    /// Who grants it, in order.
    async fn grantors(&self, ctx: &Context<'_>) -> Result<List<Organization>> {
        organizations(ctx, &self.0.grantors).await
    }

    /// The item at which it is given; null if it is none, or while the reader may not see the
    /// agenda.
    async fn item(&self, ctx: &Context<'_>) -> Result<Option<AgendaItem>> {
        item(ctx, self.0.event_id, self.0.item_id).await
    }

    /// Who got it, in order. Empty where that is not known.
    async fn recipients(&self) -> List<AwardRecipient> {
        let recipients = self.0.recipients.iter();
        recipients
            .map(|one| AwardRecipient(Arc::new(one.clone())))
            .collect()
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

/// A recipient.
#[derive(Clone)]
pub(crate) struct AwardRecipient(pub(crate) Arc<domain::award::AwardRecipient>);

/// One who got an award.
#[Object]
impl AwardRecipient {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Who.
    async fn recipient(&self, ctx: &Context<'_>) -> Result<Party> {
        let party = Party::of(ctx, Some(self.0.recipient)).await?;
        party.ok_or_else(|| fault(&Vanished))
    }
}
