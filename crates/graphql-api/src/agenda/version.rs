//! Versions of an agenda, as they were published.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::Agenda;
use crate::event::Event;
use crate::failure::Vanished;
use crate::http::error::fault;
use crate::id::global;
use crate::load::AgendaNumbered;
use crate::request::session;
use crate::scalar::DateTime;

/// A version.
#[derive(Clone)]
pub(crate) struct AgendaVersion(pub(crate) Arc<domain::agenda::AgendaVersion>);

/// An agenda as it was published: numbered from 1, and the same for ever.
#[Object]
impl AgendaVersion {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Its number: 1, 2, 3 …
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// The event.
    async fn event(&self, ctx: &Context<'_>) -> Result<Event> {
        let event = session(ctx)?.one(self.0.event_id).await?;
        event.map(Event).ok_or_else(|| fault(&Vanished))
    }

    /// The revision of the agenda that was published.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When it was published.
    async fn published_at(&self) -> DateTime {
        DateTime(self.0.published_at)
    }

    /// What the one who published it says of it; null if nothing was said.
    async fn comment(&self) -> Option<&str> {
        self.0.comment.as_deref()
    }

    /// What stands in it.
    async fn agenda(&self, ctx: &Context<'_>) -> Result<Agenda> {
        let key = AgendaNumbered(self.0.event_id, self.0.number);
        let found = session(ctx)?.one(key).await?;
        found.map(Agenda::from).ok_or_else(|| fault(&Vanished))
    }
}
