//! Messages: what is told to many at once, and how far the mail to each of them has come. It is written
//! with the change that it tells of, and sent later.

mod standing;

use chrono::{DateTime, Utc};

use crate::id::{
    AccountId, AgendaVersionId, DeliveryId, EventId, InvitationId, MessageId, ParticipantId,
    PersonId, WorkspaceId,
};
use crate::refusal::IllegalState;

pub use standing::{Overtaken, Standing};

words! {
    /// What somebody is told.
    MessageKind, "kind of message" {
        /// They are asked whether they come.
        Invitation = "INVITATION",
        /// They have not answered yet.
        Reminder = "REMINDER",
        /// Their answer was received: they come.
        Confirmed = "CONFIRMED",
        /// They are not expected any more.
        Cancelled = "CANCELLED",
        /// The agenda was published, and what concerns them is otherwise than before.
        AgendaChanged = "AGENDA_CHANGED",
        /// The event was called off.
        EventCancelled = "EVENT_CANCELLED",
        /// A letter or a certificate was issued to them.
        CredentialIssued = "CREDENTIAL_ISSUED",
        /// What their calendar shows is otherwise, without more to say about it.
        CalendarUpdate = "CALENDAR_UPDATE",
    }
}

impl MessageKind {
    /// Whether it goes to many, and one may want no more of it. What takes somebody off an event, or tells
    /// that their own answer was heard, is not such.
    pub fn is_bulk(self) -> bool {
        match self {
            Self::Invitation | Self::Reminder | Self::AgendaChanged | Self::CalendarUpdate => true,
            Self::Confirmed | Self::Cancelled | Self::EventCancelled | Self::CredentialIssued => {
                false
            }
        }
    }
}

words! {
    /// Whether a message goes out.
    MessageState, "state of a message" {
        /// It is looked at first, and goes when somebody says so.
        Held = "HELD",
        /// It goes out.
        Released = "RELEASED",
        /// It does not go out.
        Discarded = "DISCARDED",
    }
}

words! {
    /// How far a mail has come.
    DeliveryState, "state of a delivery" {
        /// It waits until its message is released.
        Held = "HELD",
        /// It waits to be sent.
        Queued = "QUEUED",
        /// It is being sent.
        Sending = "SENDING",
        /// It may have arrived: the connection broke when it had been handed over and nothing was
        /// heard yet. It is sent again, the same to the byte, a few times.
        Uncertain = "UNCERTAIN",
        /// A mail server took it on.
        Sent = "SENT",
        /// It was not taken on now, and is tried again.
        Deferred = "DEFERRED",
        /// It was given up.
        Failed = "FAILED",
        /// It is not sent: there is no address, or the address takes no mail.
        Suppressed = "SUPPRESSED",
        /// A newer one says what it would have said.
        Superseded = "SUPERSEDED",
        /// It was sent, and came back.
        Bounced = "BOUNCED",
        /// Its message was discarded.
        Discarded = "DISCARDED",
    }
}

impl DeliveryState {
    /// Whether it is still to be sent, as far as anybody knows.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Held | Self::Queued | Self::Sending | Self::Uncertain | Self::Deferred
        )
    }

    /// Whether somebody may ask for it to be tried once more.
    pub fn may_be_retried(self) -> bool {
        matches!(
            self,
            Self::Deferred | Self::Failed | Self::Suppressed | Self::Bounced
        )
    }
}

words! {
    /// Why an address takes no mail.
    SuppressionReason, "reason of a suppression" {
        /// There is no such mailbox.
        Unknown = "UNKNOWN",
        /// It does not take mail for good.
        Bounced = "BOUNCED",
        /// Whoever reads it wants no more.
        Unsubscribed = "UNSUBSCRIBED",
        /// An organiser said so.
        Organiser = "ORGANISER",
    }
}

/// One thing told to many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// What it is about.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
    /// What is told.
    pub kind: MessageKind,
    /// Whether it goes out.
    pub state: MessageState,
    /// What an organiser says besides.
    pub note: Option<String>,
    /// The version of the agenda that it tells of.
    pub agenda_version_id: Option<AgendaVersionId>,
    /// Whose doing it is; none, where it is the program's own.
    pub account_id: Option<AccountId>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was released.
    pub released_at: Option<DateTime<Utc>>,
}

/// One mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id; the mail's Message-ID is made of it.
    pub id: DeliveryId,
    /// Of which message.
    pub message_id: MessageId,
    /// The event.
    pub event_id: EventId,
    /// What is told.
    pub kind: MessageKind,
    /// To whom.
    pub person_id: PersonId,
    /// The participant that they are.
    pub participant_id: Option<ParticipantId>,
    /// What it puts into their calendar, changes there or takes from it.
    pub invitation_id: Option<InvitationId>,
    /// How far it has come.
    pub state: DeliveryState,
    /// Where it goes, or went; none until it was tried.
    pub address: Option<String>,
    /// What it is called; none until it was written.
    pub subject: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// How often of these it may have arrived.
    pub unsure: i32,
    /// What the mail server said last.
    pub answer: Option<String>,
    /// Why it is as it is, for people.
    pub reason: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Not before then it is tried next.
    pub available_at: DateTime<Utc>,
    /// Since when it is in a state that lasts.
    pub settled_at: Option<DateTime<Utc>>,
}

/// An address that takes no mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Its id.
    pub id: crate::id::SuppressionId,
    /// The office whose mail it does not take.
    pub workspace_id: WorkspaceId,
    /// Raised by every change, of which there are none yet.
    pub version: i32,
    /// The address, in lower case.
    pub address: String,
    /// Why.
    pub reason: SuppressionReason,
    /// What was said about it.
    pub detail: Option<String>,
    /// Since when.
    pub at: DateTime<Utc>,
}

impl Message {
    /// Lets it go out, or drops it: only what is held is decided.
    pub fn decide(&mut self, state: MessageState, now: DateTime<Utc>) -> Result<(), IllegalState> {
        match self.state {
            MessageState::Held => {}
            MessageState::Released => return Err(IllegalState("it goes out already".to_owned())),
            MessageState::Discarded => return Err(IllegalState("it was discarded".to_owned())),
        }
        self.state = state;
        self.released_at = (state == MessageState::Released).then_some(now);
        Ok(())
    }
}

refusals! {
    /// Why a message does not go out now.
    MessageReleaseRefused { Stale, IllegalState }
    /// Why a message is not dropped.
    MessageDiscardRefused { Stale, IllegalState }
    /// Why a mail is not tried again.
    DeliveryRetryRefused { Missing, IllegalState }
    /// Why an address is not put on the list of those that take no mail.
    SuppressionAddRefused { Invalid, Taken, KeyReused }
    /// Why an address stays on it.
    SuppressionRemoveRefused { Stale }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_held_is_decided() {
        let now = DateTime::from_timestamp(5, 0).unwrap();
        let held = Message {
            id: MessageId::from_uuid(uuid::Uuid::nil()),
            event_id: EventId::from_uuid(uuid::Uuid::nil()),
            version: 1,
            kind: MessageKind::Invitation,
            state: MessageState::Held,
            note: None,
            agenda_version_id: None,
            account_id: None,
            created_at: now,
            released_at: None,
        };
        for (state, released_at) in [
            (MessageState::Released, Some(now)),
            (MessageState::Discarded, None),
        ] {
            let mut message = held.clone();
            message.decide(state, now).unwrap();
            assert_eq!((message.state, message.released_at), (state, released_at));
            for again in [MessageState::Released, MessageState::Discarded] {
                assert!(message.decide(again, now).is_err(), "{state} {again}");
            }
        }
    }
}
