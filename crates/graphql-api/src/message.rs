//! Messages: what is told to many at once.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use persistence::DeliveriesOf;

use crate::agenda::AgendaVersion;
use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::bounds::distinct;
use crate::connection::{Count, connection, page};
use crate::delivery::{DeliveryConnection, DeliveryFilter};
use crate::event::Event;
use crate::failure::{Vanished, bad_page};
use crate::http::error::fault;
use crate::id::global;
use crate::list::List;
use crate::load::StatesOf;
use crate::request::{found, session};
use crate::requires::requires;
use crate::scalar::DateTime;
use crate::word::{DeliveryState, MessageKind, MessageState, Permission};
use crate::workspace::Account;

pub(crate) use change::MessageMutation;

/// A message.
#[derive(Clone)]
pub(crate) struct Message(pub(crate) Arc<domain::message::Message>);

/// One thing told to many, with a mail to each of them: an invitation, a reminder, what is otherwise on
/// an agenda. It is written with the change that it tells of, and sent later.
#[Object]
impl Message {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised when it is released or discarded. How far its mails have come makes it no other version.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The event.
    async fn event(&self, ctx: &Context<'_>) -> Result<Event> {
        let event = session(ctx)?.one(self.0.event_id).await?;
        event.map(Event).ok_or_else(|| fault(&Vanished))
    }

    /// What is told.
    async fn kind(&self) -> MessageKind {
        self.0.kind.into()
    }

    /// Whether it goes out.
    async fn state(&self) -> MessageState {
        self.0.state.into()
    }

    /// What an organiser says besides; null if nothing.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The version of the agenda that it tells of; null if it tells of none.
    async fn agenda_version(&self, ctx: &Context<'_>) -> Result<Option<AgendaVersion>> {
        let version = found(ctx, self.0.agenda_version_id).await?;
        Ok(version.map(AgendaVersion))
    }

    /// Whose token it was written with; null if it was the program itself.
    async fn account_id(&self) -> Option<ID> {
        self.0.account_id.map(global)
    }

    /// The account whose token it was written with; null if it was the program itself, or the account
    /// of somebody else, of whom the reader sees the id alone.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        Ok(found(ctx, self.0.account_id).await?.map(Account))
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it went out, or was let go out; null if it was not.
    async fn released_at(&self) -> Option<DateTime> {
        self.0.released_at.map(DateTime)
    }

    /// Its mails, one to each whom it is for, in the order in which they were written. Who has several
    /// entries in their calendar gets a mail for each.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<DeliveryFilter>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<DeliveryConnection> {
        let filter = filter.unwrap_or_default().checked();
        let key = DeliveriesOf {
            message: self.0.id,
            filter: filter.clone(),
            page: page(first, after, last, before)?,
        };
        let page = session(ctx)?.one(key).await?;
        let page = page.ok_or_else(|| fault(&Vanished))?;
        let count = Count::Deliveries(self.0.id, filter);
        Ok(DeliveryConnection::new(page.map_err(bad_page)?, count))
    }

    /// How many of its mails have come how far: of the states in which there are any.
    async fn delivery_counts(&self, ctx: &Context<'_>) -> Result<List<DeliveryCount>> {
        let states = session(ctx)?.one(StatesOf(self.0.id)).await?;
        let states = states.unwrap_or_default();
        Ok(states
            .iter()
            .map(|(state, count)| DeliveryCount {
                state: (*state).into(),
                count: i32::try_from(*count).unwrap_or(i32::MAX),
            })
            .collect())
    }

    /// Who wrote it and decided about it, and when, the latest first. Null without the permission
    /// `AUDIT_READ`.
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

/// How many mails of a message are in one state.
#[derive(SimpleObject)]
pub(crate) struct DeliveryCount {
    /// How far they have come.
    state: DeliveryState,
    /// How many there are.
    count: i32,
}

/// Which messages. What is left out restricts nothing.
#[derive(InputObject, Default)]
pub(crate) struct MessageFilter {
    /// Of one of these kinds.
    kind: Option<Vec<MessageKind>>,
    /// In one of these states.
    state: Option<Vec<MessageState>>,
}

impl MessageFilter {
    /// The filter as the store takes it.
    pub(crate) fn checked(self) -> persistence::MessageFilter {
        persistence::MessageFilter {
            kind: distinct(self.kind),
            state: distinct(self.state),
        }
    }
}

connection!(
    MessageConnection,
    MessageEdge,
    Message,
    domain::message::Message,
    "messages",
    "message"
);
