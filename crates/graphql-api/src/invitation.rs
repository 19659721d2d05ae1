//! Invitations: what stands in the calendars of participants, and what they answered.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::invitation::InvitedTime;

use crate::agenda::{AgendaItem, item};
use crate::event::{Event, EventTime};
use crate::failure::Vanished;
use crate::http::error::fault;
use crate::id::global;
use crate::participant::Participant;
use crate::request::session;
use crate::scalar::{DateTime, Url};
use crate::word::{AnswerChannel, InvitationAnswer, InvitationStatus};

pub(crate) use change::InvitationMutation;

/// An invitation.
#[derive(Clone)]
pub(crate) struct Invitation(pub(crate) Arc<domain::invitation::Invitation>);

/// An entry in the calendar of one participant: for the event, or for one item that they appear on. It
/// follows what is so: moved, it is the same entry with a higher sequence.
#[Object]
impl Invitation {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Who is invited.
    async fn participant(&self, ctx: &Context<'_>) -> Result<Participant> {
        let participant = session(ctx)?.one(self.0.participant_id).await?;
        participant.map(Participant).ok_or_else(|| fault(&Vanished))
    }

    /// The event.
    async fn event(&self, ctx: &Context<'_>) -> Result<Event> {
        let event = session(ctx)?.one(self.0.event_id).await?;
        event.map(Event).ok_or_else(|| fault(&Vanished))
    }

    /// The item that they appear on; null for the invitation to the event, and where the item is not
    /// on the agenda as the reader knows it.
    async fn item(&self, ctx: &Context<'_>) -> Result<Option<AgendaItem>> {
        item(ctx, self.0.event_id, self.0.item_id).await
    }

    /// Raised when time, place or status change (`SEQUENCE` of RFC 5545).
    async fn sequence(&self) -> i32 {
        self.0.sequence
    }

    /// Whether it stands.
    async fn status(&self) -> InvitationStatus {
        self.0.status.into()
    }

    /// By what calendars know it, for ever (`UID` of RFC 5545).
    async fn uid(&self) -> String {
        self.0.uid()
    }

    /// What it is called in the calendar.
    async fn title(&self) -> &str {
        &self.0.entry.title
    }

    /// When, as the calendar shows it.
    async fn time(&self) -> EventTime {
        let time = match &self.0.entry.time {
            InvitedTime::Event(time) => time.clone(),
            InvitedTime::Item {
                zone,
                starts_at,
                ends_at,
            } => domain::time::EventTime {
                zone: *zone,
                starts_on: starts_at.date(),
                ends_on: ends_at.unwrap_or(*starts_at).date(),
                day_part: None,
                starts_at: Some(*starts_at),
                ends_at: *ends_at,
            },
        };
        EventTime::from(&time)
    }

    /// Where, in words; null if that is not known.
    async fn place(&self) -> Option<&str> {
        self.0.entry.place.as_deref()
    }

    /// The page that tells more; null if there is none.
    async fn url(&self) -> Option<Url> {
        self.0.entry.url.clone().map(Url)
    }

    /// What there is to know besides; null if nothing is said.
    async fn description(&self) -> Option<&str> {
        self.0.entry.description.as_deref()
    }

    /// Since when it is so.
    async fn changed_at(&self) -> DateTime {
        DateTime(self.0.changed_at)
    }

    /// What they answered last; null if they have not.
    async fn reply(&self) -> Option<InvitationReply> {
        let reply = self.0.reply.as_ref()?;
        Some(InvitationReply {
            answer: reply.answer.into(),
            at: DateTime(reply.at),
            channel: reply.channel.into(),
            sequence: reply.sequence,
            comment: reply.comment.clone(),
        })
    }
}

/// What somebody answered to an invitation.
#[derive(SimpleObject)]
pub(crate) struct InvitationReply {
    /// What.
    answer: InvitationAnswer,
    /// When it was received.
    at: DateTime,
    /// By which way.
    channel: AnswerChannel,
    /// The sequence of the invitation that they had seen.
    sequence: i32,
    /// What they said besides; null if nothing.
    comment: Option<String>,
}
