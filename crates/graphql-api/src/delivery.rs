//! Deliveries: one mail to one person, and how far it has come.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::access::Permission as Act;

use crate::bounds::distinct;
use crate::connection::connection;
use crate::failure::{Vanished, or_null};
use crate::http::error::fault;
use crate::id::global;
use crate::invitation::Invitation;
use crate::message::Message;
use crate::message_preview::MessagePreview;
use crate::participant::Participant;
use crate::person::Person;
use crate::request::{found, session};
use crate::requires::requires;
use crate::scalar::DateTime;
use crate::word::{DeliveryState, MessageKind, Permission};

pub(crate) use change::DeliveryMutation;

/// A delivery.
#[derive(Clone)]
pub(crate) struct Delivery(pub(crate) Arc<domain::message::Delivery>);

/// One mail to one person, with how far it has come.
#[Object]
impl Delivery {
    /// Its id; the mail's `Message-ID` is made of it.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// The message that it is of.
    async fn message(&self, ctx: &Context<'_>) -> Result<Message> {
        let message = session(ctx)?.one(self.0.message_id).await?;
        message.map(Message).ok_or_else(|| fault(&Vanished))
    }

    /// What it tells.
    async fn kind(&self) -> MessageKind {
        self.0.kind.into()
    }

    /// To whom; null if they are in the directory no longer.
    async fn person(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
        Ok(found(ctx, Some(self.0.person_id)).await?.map(Person))
    }

    /// The participant that they are; null if they are not on the list.
    async fn participant(&self, ctx: &Context<'_>) -> Result<Option<Participant>> {
        Ok(found(ctx, self.0.participant_id).await?.map(Participant))
    }

    /// What it puts into their calendar, changes there or takes from it; null if nothing.
    async fn invitation(&self, ctx: &Context<'_>) -> Result<Option<Invitation>> {
        Ok(found(ctx, self.0.invitation_id).await?.map(Invitation))
    }

    /// How far it has come.
    async fn state(&self) -> DeliveryState {
        self.0.state.into()
    }

    /// Why it is as it is, for people; null if there is nothing to say.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// What the mail server said last; null until it said something, and without the permission
    /// `CONTACT_READ`: it names addresses.
    #[graphql(directive = requires::apply(Permission::ContactRead))]
    async fn answer(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let may = self.may_reach(ctx).await?;
        Ok(self.0.answer.as_deref().filter(|_| may))
    }

    /// Where it goes, or went; null until it was written, and without the permission `CONTACT_READ`.
    #[graphql(directive = requires::apply(Permission::ContactRead))]
    async fn address(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let may = self.may_reach(ctx).await?;
        Ok(self.0.address.as_deref().filter(|_| may))
    }

    /// What it is called; null until it was written.
    async fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// What it would say now; null once it was written, and where there is nothing left to say. Its links
    /// open nothing.
    async fn preview(&self, ctx: &Context<'_>) -> Result<Option<MessagePreview>> {
        or_null(ctx, MessagePreview::of_delivery(ctx, self.0.id).await)
    }

    /// How often it was tried.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// How often of these it may have arrived, and nobody knows: it may have come so many times more than
    /// once.
    async fn uncertain_attempts(&self) -> i32 {
        self.0.unsure
    }

    /// When it was written down to be sent.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Not before then it is tried next, or was tried last.
    async fn available_at(&self) -> DateTime {
        DateTime(self.0.available_at)
    }

    /// Since when it is in a state that lasts; null while it is not.
    async fn settled_at(&self) -> Option<DateTime> {
        self.0.settled_at.map(DateTime)
    }
}

impl Delivery {
    /// Whether the reader may see how people are reached.
    async fn may_reach(&self, ctx: &Context<'_>) -> Result<bool> {
        let Some(event) = found(ctx, Some(self.0.event_id)).await? else {
            return Ok(false);
        };
        let actor = &session(ctx)?.actor;
        Ok(actor.may(Act::ContactRead, event.workspace_id).is_ok())
    }
}

/// Which mails. What is left out restricts nothing.
#[derive(InputObject, Default)]
pub(crate) struct DeliveryFilter {
    /// In one of these states.
    state: Option<Vec<DeliveryState>>,
}

impl DeliveryFilter {
    /// The filter as the store takes it.
    pub(crate) fn checked(self) -> persistence::DeliveryFilter {
        persistence::DeliveryFilter {
            state: distinct(self.state),
        }
    }
}

connection!(
    DeliveryConnection,
    DeliveryEdge,
    Delivery,
    domain::message::Delivery,
    "deliveries",
    "delivery"
);
