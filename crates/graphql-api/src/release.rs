//! Releases: what is made public at an event.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use crate::agenda::{AgendaItem, item};
use crate::id::global;
use crate::request::text;
use crate::scalar::{LanguageTag, Url};

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
}
