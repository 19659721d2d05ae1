//! Versions of an agenda, as they were published.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use domain::access::Permission as Act;
use domain::agenda::Agenda as Facts;

use super::Agenda;
use super::diff::{AgendaDiff, AgendaNotice};
use crate::event::Event;
use crate::failure::{Vanished, or_null};
use crate::http::error::fault;
use crate::id::global;
use crate::list::{List, pay};
use crate::load::{AgendaNumbered, NotifiedOf};
use crate::request::session;
use crate::requires::requires;
use crate::scalar::DateTime;
use crate::word::Permission;

/// A version.
#[derive(Clone)]
pub(crate) struct AgendaVersion(pub(crate) Arc<domain::agenda::AgendaVersion>);

/// As how many things a version counts that is read whole, before anything of it is asked.
pub(crate) const A_VERSION: usize = 300;

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
        pay(ctx, A_VERSION)?;
        let key = AgendaNumbered(self.0.event_id, self.0.number);
        let found = session(ctx)?.one(key).await?;
        found.map(Agenda::from).ok_or_else(|| fault(&Vanished))
    }

    /// What is otherwise than in the version before; of the first, all that stands in it.
    async fn diff(&self, ctx: &Context<'_>) -> Result<AgendaDiff> {
        self.since_the_one_before(ctx).await
    }

    /// Who was told of it when it was published, and what: one notice a person. Null without the
    /// permission `PARTICIPANT_READ`.
    #[graphql(directive = requires::apply(Permission::ParticipantRead))]
    async fn notices(&self, ctx: &Context<'_>) -> Result<Option<List<AgendaNotice>>> {
        let notices = async {
            let session = session(ctx)?;
            let Some(event) = session.one(self.0.event_id).await? else {
                return Ok(None);
            };
            let may = session.actor.may(Act::ParticipantRead, event.workspace_id);
            if may.is_err() {
                return Ok(None);
            }
            let told = session
                .one(NotifiedOf(self.0.id))
                .await?
                .unwrap_or_default();
            if told.is_empty() {
                return Ok(Some(List::default()));
            }
            let diff = self.since_the_one_before(ctx).await?;
            Ok(Some(diff.notices(|person| told.contains(person))))
        };
        or_null(ctx, notices.await)
    }
}

impl AgendaVersion {
    async fn since_the_one_before(&self, ctx: &Context<'_>) -> Result<AgendaDiff> {
        pay(ctx, 2 * A_VERSION)?;
        let (event, number) = (self.0.event_id, self.0.number);
        let keys = [number, number.saturating_sub(1)].map(|number| AgendaNumbered(event, number));
        let mut found = session(ctx)?.many(&keys).await?;
        let [now, before] = keys.map(|key| found.remove(&key).map(|one| one.agenda));
        let now = now.ok_or_else(|| fault(&Vanished))?;
        let before = before.unwrap_or_else(|| Arc::new(Facts::empty(now.event().clone())));
        Ok(AgendaDiff::between(before, now))
    }
}
