//! Mail that came in, for who looks after the participants.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::access::Permission as Act;
use domain::id::EventId;
use persistence::{ReceivedMailOf, ReceivedMailPageOf};

use crate::audit::Slice;
use crate::bounds::distinct;
use crate::connection::{Count, connection, page};
use crate::event::Event;
use crate::failure::{bad_page, or_null};
use crate::id::global;
use crate::list::List;
use crate::participant::Participant;
use crate::request::{found, session};
use crate::requires::requires;
use crate::scalar::{Date, DateTime};
use crate::word::{InvitationAnswer, Permission, ReceivedMailKind, ReceivedMailOutcome};

/// A mail that came in.
#[derive(Clone)]
pub(crate) struct ReceivedMail(pub(crate) Arc<domain::received_mail::ReceivedMail>);

/// A mail that came in: an answer of a calendar, a mail of ours that came back, a letter. Each is taken
/// once, and kept whether anything followed from it or not.
#[Object]
impl ReceivedMail {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// The event that it concerns; null if that is not known.
    async fn event(&self, ctx: &Context<'_>) -> Result<Option<Event>> {
        Ok(found(ctx, self.0.event_id).await?.map(Event))
    }

    /// Whose address it came by, or whom the mail that came back was for; null if that is not known.
    async fn participant(&self, ctx: &Context<'_>) -> Result<Option<Participant>> {
        Ok(found(ctx, self.0.participant_id).await?.map(Participant))
    }

    /// What it is.
    async fn kind(&self) -> ReceivedMailKind {
        self.0.kind.into()
    }

    /// What became of it.
    async fn outcome(&self) -> ReceivedMailOutcome {
        self.0.outcome.into()
    }

    /// Why that became of it, in English; null if there is nothing to say.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// When it came.
    async fn received_at(&self) -> DateTime {
        DateTime(self.0.received_at)
    }

    /// What they answer; null if it is no answer.
    async fn answer(&self) -> Option<InvitationAnswer> {
        self.0.facts.answer.map(Into::into)
    }

    /// The time that they would rather have; null if they propose none.
    async fn proposed_time(&self) -> Option<ProposedTime> {
        self.0.facts.proposed.map(Into::into)
    }

    /// What it says, and from which address. Null without the permission `CONTACT_READ`.
    #[graphql(directive = requires::apply(Permission::ContactRead))]
    async fn content(&self, ctx: &Context<'_>) -> Result<Option<ReceivedMailContent>> {
        let actor = &session(ctx)?.actor;
        let may = |id| actor.may(Act::ContactRead, id).is_ok();
        if !self.0.workspace_id.is_some_and(may) {
            return Ok(None);
        }
        let facts = &self.0.facts;
        Ok(Some(ReceivedMailContent {
            sender: self.0.sender.clone(),
            subject: self.0.subject.clone(),
            attendee: facts.attendee.clone(),
            text: facts.text.clone(),
            delegated_to: facts.delegated_to.iter().cloned().collect(),
            diagnostic: facts.diagnostic.clone(),
        }))
    }
}

/// What a mail says. All of it is the word of whoever sent it.
#[derive(SimpleObject)]
pub(crate) struct ReceivedMailContent {
    /// The address that it says it is from; null if it names none.
    sender: Option<String>,
    /// Its subject; null if it has none.
    subject: Option<String>,
    /// The address that answers, as their calendar has it; null if it is no answer.
    attendee: Option<String>,
    /// What they say besides, or write; null if they say nothing.
    text: Option<String>,
    /// The addresses of those who come instead.
    delegated_to: List<String>,
    /// Why a mail came back: a status code (RFC 3463), and the words of whoever refused it; null if none
    /// came back.
    diagnostic: Option<String>,
}

/// A time that somebody would rather have: by the hour, or by the day.
#[derive(SimpleObject)]
pub(crate) struct ProposedTime {
    /// When it would begin; null if days are proposed.
    starts_at: Option<DateTime>,
    /// When it would end; null if days are proposed, or they do not say.
    ends_at: Option<DateTime>,
    /// The first day; null if hours are proposed.
    starts_on: Option<Date>,
    /// The last day; null if hours are proposed, or they do not say.
    ends_on: Option<Date>,
}

impl From<domain::received_mail::ProposedTime> for ProposedTime {
    fn from(time: domain::received_mail::ProposedTime) -> Self {
        use domain::received_mail::ProposedTime as Told;
        let mut proposed = Self {
            starts_at: None,
            ends_at: None,
            starts_on: None,
            ends_on: None,
        };
        match time {
            Told::Hours { starts_at, ends_at } => {
                proposed.starts_at = Some(DateTime(starts_at));
                proposed.ends_at = ends_at.map(DateTime);
            }
            Told::Days { starts_on, ends_on } => {
                proposed.starts_on = Some(Date(starts_on));
                proposed.ends_on = ends_on.map(Date);
            }
        }
        proposed
    }
}

/// Which mails. What is left out restricts nothing.
#[derive(InputObject, Default)]
pub(crate) struct ReceivedMailFilter {
    /// Of which one of these became.
    outcome: Option<Vec<ReceivedMailOutcome>>,
    /// Of one of these kinds.
    kind: Option<Vec<ReceivedMailKind>>,
}

/// A page of the mail of an event that the reader may read.
pub(crate) async fn received_mail(
    ctx: &Context<'_>,
    event: EventId,
    filter: Option<ReceivedMailFilter>,
    slice: Slice,
) -> Result<Option<ReceivedMailConnection>> {
    let read = async {
        let filter = filter.unwrap_or_default();
        let filter = persistence::ReceivedMailFilter {
            outcomes: distinct(filter.outcome),
            kinds: distinct(filter.kind),
        };
        let of = ReceivedMailOf::Event(event);
        let key = ReceivedMailPageOf {
            of,
            filter: filter.clone(),
            page: page(slice.first, slice.after, slice.last, slice.before)?,
        };
        let Some(page) = session(ctx)?.one(key).await? else {
            return Ok(None);
        };
        let count = Count::ReceivedMail(of, filter);
        Ok(Some(ReceivedMailConnection::new(
            page.map_err(bad_page)?,
            count,
        )))
    };
    or_null(ctx, read.await)
}

connection!(
    ReceivedMailConnection,
    ReceivedMailEdge,
    ReceivedMail,
    domain::received_mail::ReceivedMail,
    "mails",
    "mail"
);
