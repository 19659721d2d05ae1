//! Invitations: what an organiser asks of a participant, as it stands in the participant's calendar, and
//! what they answered.

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::id::{AgendaItemId, EventId, InvitationId, ParticipantId};
use crate::participant::ParticipantState;
use crate::time::EventTime;

words! {
    /// What somebody answers to an invitation.
    InvitationAnswer, "answer to an invitation" {
        /// They come.
        Accepted = "ACCEPTED",
        /// They may come.
        Tentative = "TENTATIVE",
        /// They do not come.
        Declined = "DECLINED",
    }
}

impl InvitationAnswer {
    /// What becomes of a participant who answers so.
    pub fn state(self) -> ParticipantState {
        match self {
            Self::Accepted => ParticipantState::Confirmed,
            Self::Tentative => ParticipantState::Tentative,
            Self::Declined => ParticipantState::Declined,
        }
    }

    /// What a participant in a state has answered, if they have.
    pub fn of(state: ParticipantState) -> Option<Self> {
        match state {
            ParticipantState::Confirmed | ParticipantState::Attended => Some(Self::Accepted),
            ParticipantState::Tentative => Some(Self::Tentative),
            ParticipantState::Declined => Some(Self::Declined),
            ParticipantState::Listed
            | ParticipantState::Invited
            | ParticipantState::Waitlisted
            | ParticipantState::Cancelled => None,
        }
    }
}

words! {
    /// By which way an answer came.
    AnswerChannel, "way of an answer" {
        /// By the buttons of a calendar application: an iTIP REPLY (RFC 5546, 3.2.3).
        Calendar = "CALENDAR",
        /// By the participant's own link.
        Link = "LINK",
        /// An organiser recorded it.
        Organiser = "ORGANISER",
    }
}

words! {
    /// Whether an invitation stands.
    InvitationStatus, "status of an invitation" {
        /// It stands.
        Standing = "STANDING",
        /// It was taken back: they are not expected there any more.
        Withdrawn = "WITHDRAWN",
    }
}

/// When what somebody is invited to takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitedTime {
    /// The event.
    Event(EventTime),
    /// An item of its agenda, by the clocks of the event.
    Item {
        /// The event's zone.
        zone: crate::time::TimeZone,
        /// When it begins.
        starts_at: NaiveDateTime,
        /// When it ends, if that is known.
        ends_at: Option<NaiveDateTime>,
    },
}

/// What a calendar shows of an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEntry {
    /// What it is called, in the language of the invited.
    pub title: String,
    /// When.
    pub time: InvitedTime,
    /// Where, in words.
    pub place: Option<String>,
    /// The page that tells more.
    pub url: Option<String>,
    /// What there is to know besides.
    pub description: Option<String>,
}

impl CalendarEntry {
    /// When it begins, by the clocks there; of a day without an hour, when the day does.
    pub fn starts_at(&self) -> NaiveDateTime {
        match &self.time {
            InvitedTime::Event(time) => time.starts_at.unwrap_or_else(|| time.starts_on.into()),
            InvitedTime::Item { starts_at, .. } => *starts_at,
        }
    }

    /// Whether somebody who has planned by one must plan anew by the other: SEQUENCE is raised then
    /// (RFC 5546, 2.1.4).
    fn moves(&self, other: &Self) -> bool {
        self.time != other.time || self.place != other.place
    }
}

/// What somebody answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationReply {
    /// What.
    pub answer: InvitationAnswer,
    /// When it was received.
    pub at: DateTime<Utc>,
    /// By which way.
    pub channel: AnswerChannel,
    /// The sequence that they had seen.
    pub sequence: i32,
    /// When their calendar says that they answered (DTSTAMP): a later one goes before an earlier,
    /// in whatever order they come.
    pub stamp: Option<DateTime<Utc>>,
    /// What they said besides.
    pub comment: Option<String>,
}

impl InvitationReply {
    /// When it was given, as far as that is known: a calendar's mail may have been long on its way, while
    /// what came otherwise was heard at once.
    fn given_at(&self) -> Option<DateTime<Utc>> {
        let heard_at_once = self.channel != AnswerChannel::Calendar;
        self.stamp.or(heard_at_once.then_some(self.at))
    }
}

/// An entry in the calendar of one participant: for the event, or for one item that they appear on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The event.
    pub event_id: EventId,
    /// Who is invited.
    pub participant_id: ParticipantId,
    /// To which item; none for the event.
    pub item_id: Option<AgendaItemId>,
    /// Raised when time, place or status change (SEQUENCE; RFC 5545, 3.8.7.4).
    pub sequence: i32,
    /// Whether it stands.
    pub status: InvitationStatus,
    /// What was told last.
    pub entry: CalendarEntry,
    /// When that was decided.
    pub changed_at: DateTime<Utc>,
    /// What they answered last.
    pub reply: Option<InvitationReply>,
}

/// What a calendar is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarMethod {
    /// The entry is new or otherwise (REQUEST).
    Request,
    /// The entry goes (CANCEL).
    Cancel,
}

/// What is to be made of an answer that a calendar sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyJudgement {
    /// It counts.
    Counts,
    /// They answered to what was otherwise by then: noted, and nothing follows.
    Outdated,
    /// A later answer of theirs came before it.
    Overtaken,
    /// It was taken back by then.
    Withdrawn,
}

impl Invitation {
    /// A new one, of which nothing was told yet.
    pub fn new(
        (id, event_id): (InvitationId, EventId),
        participant_id: ParticipantId,
        item_id: Option<AgendaItemId>,
        entry: CalendarEntry,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            event_id,
            participant_id,
            item_id,
            sequence: 0,
            status: InvitationStatus::Standing,
            entry,
            changed_at: now,
            reply: None,
        }
    }

    /// By what calendars know it for ever (UID; RFC 7986, 5.3).
    pub fn uid(&self) -> String {
        format!("{}@convoke", self.id)
    }

    /// Follows what is so now: `wanted` is what the calendar is to show, nothing if the participant is
    /// not expected there. What must be sent for it, if anything.
    pub fn follow(
        &mut self,
        wanted: Option<CalendarEntry>,
        now: DateTime<Utc>,
    ) -> Option<CalendarMethod> {
        let stands = self.status == InvitationStatus::Standing;
        let Some(wanted) = wanted else {
            if !stands {
                return None;
            }
            self.status = InvitationStatus::Withdrawn;
            self.sequence = self.sequence.saturating_add(1);
            self.changed_at = now;
            return Some(CalendarMethod::Cancel);
        };
        if stands && wanted == self.entry {
            return None;
        }
        if !stands || self.entry.moves(&wanted) {
            self.sequence = self.sequence.saturating_add(1);
        }
        self.status = InvitationStatus::Standing;
        self.entry = wanted;
        self.changed_at = now;
        Some(CalendarMethod::Request)
    }

    /// What is to be made of an answer of theirs to a sequence, of a moment.
    pub fn judge(&self, sequence: i32, stamp: Option<DateTime<Utc>>) -> ReplyJudgement {
        let last = self.reply.as_ref().and_then(InvitationReply::given_at);
        if self.status == InvitationStatus::Withdrawn {
            ReplyJudgement::Withdrawn
        } else if sequence < self.sequence {
            ReplyJudgement::Outdated
        } else if last.is_some_and(|last| stamp.is_none_or(|stamp| stamp <= last)) {
            ReplyJudgement::Overtaken
        } else {
            ReplyJudgement::Counts
        }
    }
}

refusals! {
    /// Why participants are not invited.
    ParticipantInviteRefused { Invalid, Missing, IllegalState, KeyReused }
    /// Why nobody is reminded.
    ParticipantRemindRefused { Invalid, Missing, IllegalState, KeyReused }
    /// Why an answer is not taken.
    ParticipantAnswerRefused { Invalid, IllegalState, Stale }
}
