//! Series: events that belong together over the years.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use domain::event as facts;
use domain::id::kind;
use persistence::AuditOf;

use crate::audit::{AuditEntryConnection, Slice, audit_log};
use crate::change::{LocalizedTextInput, about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::{session, text};
use crate::requires::requires;
use crate::scalar::LanguageTag;
use crate::word::Permission;

/// A series.
#[derive(Clone)]
pub(crate) struct Series(pub(crate) Arc<domain::event::Series>);

/// Events that belong together over the years.
#[Object]
impl Series {
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
        let of = AuditOf::Thing(self.0.id.uuid());
        audit_log(ctx, self.0.workspace_id, of, None, slice).await
    }
}

editable! {
    facts::SeriesPatch [] {
        /// The caller's own name for it, unique among the series of the workspace.
        external_id: Optional String => external_id,
        /// What it is called.
        title: Required LocalizedTextInput => title,
    }
    /// A series to be made.
    create SeriesCreateInput {
        /// The workspace.
        workspace_id: GlobalId<kind::Workspace>,
    }
    /// What is to be otherwise of a series.
    patch SeriesPatch
    /// Which series to change, and how.
    update SeriesUpdateInput (kind::Series)
}

payload! {
    /// What became of making a series known.
    SeriesCreatePayload {
        /// The series; null if there were problems.
        series: Series
    }
}
payload! {
    /// What became of changing the series.
    SeriesUpdatePayload {
        /// The series as it is now; null if there were problems.
        series: Series
    }
}
removal!(
    SeriesRemoveInput,
    SeriesRemovePayload,
    kind::Series,
    "series"
);

/// Changing series.
#[derive(Debug, Default)]
pub(crate) struct SeriesMutation;

#[Object]
impl SeriesMutation {
    /// Makes a series: events that belong together over the years. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn series_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: SeriesCreateInput,
    ) -> Result<SeriesCreatePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.create_series(
            &session.actor,
            input.workspace_id.0,
            input.fields(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(SeriesCreatePayload {
            series: thing!(ctx, id, Series),
            user_errors,
        })
    }

    /// Changes a series. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn series_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: SeriesUpdateInput,
    ) -> Result<SeriesUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_series(
            &session.actor,
            input.seen(),
            input.patch.fields(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(SeriesUpdatePayload {
            series: thing!(ctx, id, Series),
            user_errors,
        })
    }

    /// Removes a series of which there is no event. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn series_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: SeriesRemoveInput,
    ) -> Result<SeriesRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.remove_series(&session.actor, input.seen())).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(SeriesRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
