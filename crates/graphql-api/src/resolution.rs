//! Resolutions.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use crate::agenda::{AgendaItem, item};
use crate::id::global;

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
}
