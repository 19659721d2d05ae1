//! Templates of papers: ours, and what a workspace has put in place of them.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use domain::Word as _;
use domain::credential::PaperKind as Kind;
use persistence::AuditOf;

use crate::audit::{AuditEntryConnection, Slice, audit_log};
use crate::id::global;
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::scalar::DateTime;
use crate::word::{PaperKind, Permission};

pub(crate) use change::PaperTemplateMutation;

/// A template that a workspace has put in place of ours.
#[derive(Clone)]
pub(crate) struct PaperTemplate(pub(crate) Arc<domain::letterhead::PaperTemplate>);

/// A template of papers that a workspace has put in place of ours.
#[Object]
impl PaperTemplate {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Of which papers.
    async fn kind(&self) -> PaperKind {
        self.0.kind.into()
    }

    /// What it is written as, in the language of Typst.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// When it was changed last.
    async fn changed_at(&self) -> DateTime {
        DateTime(self.0.changed_at)
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

/// How papers of a kind are set, and what a workspace has put in place of that.
pub(crate) struct PaperLayout {
    kind: Kind,
    theirs: Option<PaperTemplate>,
}

impl PaperLayout {
    /// All there are, in one workspace.
    pub(crate) fn all(theirs: &[Arc<domain::letterhead::PaperTemplate>]) -> List<Self> {
        let kinds = Kind::ALL.iter();
        kinds
            .map(|kind| Self {
                kind: *kind,
                theirs: theirs
                    .iter()
                    .find(|one| one.kind == *kind)
                    .map(|one| PaperTemplate(Arc::clone(one))),
            })
            .collect()
    }
}

/// How papers of a kind are set: by our template, or by what a workspace has put in place of it.
#[Object]
impl PaperLayout {
    /// Which papers.
    async fn kind(&self) -> PaperKind {
        self.kind.into()
    }

    /// What is used: the template of the workspace if there is one, else ours; null if ours is not known
    /// here, because papers are set elsewhere.
    async fn source(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        if let Some(theirs) = &self.theirs {
            return Ok(Some(theirs.0.source.clone()));
        }
        self.built_in_source(ctx).await
    }

    /// Ours, to begin one's own with; null if it is not known here, because papers are set elsewhere.
    async fn built_in_source(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let ours = session(ctx)?.typesetter.template(self.kind);
        Ok(ours.map(ToOwned::to_owned))
    }

    /// Whether the workspace has put one in place of ours.
    async fn is_overridden(&self) -> bool {
        self.theirs.is_some()
    }

    /// The version of the one that it has put there; null where it is ours.
    async fn version(&self) -> Option<i32> {
        self.theirs.as_ref().map(|theirs| theirs.0.version)
    }

    /// What the workspace has put in place of ours; null where it is ours.
    async fn template(&self) -> Option<&PaperTemplate> {
        self.theirs.as_ref()
    }
}
