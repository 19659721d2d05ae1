//! Mail that came in: what it was taken for, and what became of it. Each is kept for a look, whether
//! anything followed from it or not.

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{DeliveryId, EventId, ParticipantId, ReceivedMailId, WorkspaceId};
use crate::invitation::{InvitationAnswer, ReplyJudgement};

words! {
    /// What a mail is.
    ReceivedMailKind, "kind of received mail" {
        /// A calendar answers an invitation (iTIP REPLY; RFC 5546, 3.2.3).
        Answer = "ANSWER",
        /// A calendar proposes another time (iTIP COUNTER; RFC 5546, 3.2.7).
        Counter = "COUNTER",
        /// A calendar says something else, or nothing that can be read.
        Calendar = "CALENDAR",
        /// A mail of ours was not delivered, or not yet (RFC 3464).
        Bounce = "BOUNCE",
        /// Somebody called a mail of ours spam (RFC 5965).
        Complaint = "COMPLAINT",
        /// A machine answers for somebody who is away (RFC 3834).
        AutoReply = "AUTO_REPLY",
        /// A person writes.
        Letter = "LETTER",
        /// No mail that can be read.
        Unreadable = "UNREADABLE",
    }
}

words! {
    /// What became of a mail.
    ReceivedMailOutcome, "outcome of a received mail" {
        /// What it says was taken down.
        Applied = "APPLIED",
        /// It proposes another time: that is for an organiser to decide.
        Proposed = "PROPOSED",
        /// Somebody else comes instead, and was invited.
        Delegated = "DELEGATED",
        /// It answers to what was otherwise by then: nothing follows.
        Outdated = "OUTDATED",
        /// A later answer came before it: nothing follows.
        Overtaken = "OVERTAKEN",
        /// It answers to what was taken back by then: nothing follows.
        Withdrawn = "WITHDRAWN",
        /// The rules say against it, such as of who was struck off: nothing follows.
        Refused = "REFUSED",
        /// It claims what the address that it came by does not bear out: nothing follows.
        Forged = "FORGED",
        /// It came by no address that says whose it is: nothing follows.
        Unknown = "UNKNOWN",
        /// It says nothing that anything follows from.
        Noted = "NOTED",
    }
}

impl ReceivedMailOutcome {
    /// What becomes of an answer that is so judged; nothing yet of one that counts.
    pub fn of(judgement: ReplyJudgement) -> Option<Self> {
        match judgement {
            ReplyJudgement::Counts => None,
            ReplyJudgement::Outdated => Some(Self::Outdated),
            ReplyJudgement::Overtaken => Some(Self::Overtaken),
            ReplyJudgement::Withdrawn => Some(Self::Withdrawn),
        }
    }
}

/// A time that somebody would rather have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposedTime {
    /// By the hour.
    Hours {
        /// When it would begin.
        starts_at: DateTime<Utc>,
        /// When it would end, if they say so.
        ends_at: Option<DateTime<Utc>>,
    },
    /// By the day.
    Days {
        /// The first.
        starts_on: NaiveDate,
        /// The last, if they say so.
        ends_on: Option<NaiveDate>,
    },
}

/// What a mail says, as far as it is of use to people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceivedMailFacts {
    /// What they answer.
    pub answer: Option<InvitationAnswer>,
    /// The address that answers, as their calendar has it.
    pub attendee: Option<String>,
    /// What they say besides, or write.
    pub text: Option<String>,
    /// The time that they would rather have.
    pub proposed: Option<ProposedTime>,
    /// The addresses of those who come instead.
    pub delegated_to: Vec<String>,
    /// Why a mail of ours came back: a status code and the words of whoever refused it.
    pub diagnostic: Option<String>,
}

/// A mail that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// Its id.
    pub id: ReceivedMailId,
    /// The workspace that it concerns, if that is known.
    pub workspace_id: Option<WorkspaceId>,
    /// The event that it concerns, if that is known.
    pub event_id: Option<EventId>,
    /// Whose address it came by.
    pub participant_id: Option<ParticipantId>,
    /// The mail of ours that came back.
    pub delivery_id: Option<DeliveryId>,
    /// What it is.
    pub kind: ReceivedMailKind,
    /// What became of it.
    pub outcome: ReceivedMailOutcome,
    /// From whom it says it is.
    pub sender: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// Why that became of it, for people.
    pub note: Option<String>,
    /// What it says.
    pub facts: ReceivedMailFacts,
    /// When it came.
    pub received_at: DateTime<Utc>,
}
