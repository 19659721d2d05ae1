//! Participants: the one record of a person at an event; and groups of people nobody has named.

use chrono::{DateTime, Utc};

use crate::id::{
    EventId, EventOrganizationId, OrganizationId, ParticipantGroupId, ParticipantId, PersonId,
};
use crate::organization::Party;
use crate::text::Key;

words! {
    /// In what capacity a person takes part.
    ParticipantCategory, "category of participant" {
        /// A member of the meeting (出席).
        Regular = "REGULAR",
        /// Sits in and may speak, without a vote (列席).
        NonVoting = "NON_VOTING",
        /// Listens (旁听).
        Observer = "OBSERVER",
        /// A special guest (特邀).
        SpecialGuest = "SPECIAL_GUEST",
        /// Works there.
        Staff = "STAFF",
        /// Reports on it.
        Media = "MEDIA",
    }
}

words! {
    /// How far a person's participation has come.
    ParticipantState, "participant status" {
        /// On the list, not asked yet.
        Listed = "LISTED",
        /// Asked.
        Invited = "INVITED",
        /// May come.
        Tentative = "TENTATIVE",
        /// Comes.
        Confirmed = "CONFIRMED",
        /// Would come, if there were room.
        Waitlisted = "WAITLISTED",
        /// Does not come.
        Declined = "DECLINED",
        /// Struck from the list.
        Cancelled = "CANCELLED",
        /// Was there.
        Attended = "ATTENDED",
    }
}

/// How far a person's participation has come, with the facts of each state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParticipantStatus {
    /// On the list, not asked yet.
    Listed,
    /// Asked.
    Invited {
        /// When.
        at: Option<DateTime<Utc>>,
    },
    /// May come.
    Tentative {
        /// When they said so.
        at: Option<DateTime<Utc>>,
    },
    /// Comes.
    Confirmed {
        /// When they said so.
        at: Option<DateTime<Utc>>,
    },
    /// Would come, if there were room.
    Waitlisted {
        /// Since when: their place in the line.
        at: Option<DateTime<Utc>>,
    },
    /// Does not come.
    Declined {
        /// When they said so.
        at: Option<DateTime<Utc>>,
    },
    /// Struck from the list.
    Cancelled {
        /// When.
        at: Option<DateTime<Utc>>,
    },
    /// Was there.
    Attended {
        /// When they were checked in.
        at: Option<DateTime<Utc>>,
    },
}

/// Why a participation cannot go from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a participant who is {from} cannot become {to}")]
pub struct ParticipantTransitionRefused {
    /// What it is.
    pub from: ParticipantState,
    /// What it was to become.
    pub to: ParticipantState,
}

impl ParticipantStatus {
    /// A state that was reached at an instant, if that is known: what is recorded afterwards may
    /// say that someone was there, and not when.
    pub fn new(state: ParticipantState, at: Option<DateTime<Utc>>) -> Self {
        match state {
            ParticipantState::Listed => Self::Listed,
            ParticipantState::Invited => Self::Invited { at },
            ParticipantState::Tentative => Self::Tentative { at },
            ParticipantState::Confirmed => Self::Confirmed { at },
            ParticipantState::Waitlisted => Self::Waitlisted { at },
            ParticipantState::Declined => Self::Declined { at },
            ParticipantState::Cancelled => Self::Cancelled { at },
            ParticipantState::Attended => Self::Attended { at },
        }
    }

    /// The state without its facts.
    pub fn state(&self) -> ParticipantState {
        match self {
            Self::Listed => ParticipantState::Listed,
            Self::Invited { .. } => ParticipantState::Invited,
            Self::Tentative { .. } => ParticipantState::Tentative,
            Self::Confirmed { .. } => ParticipantState::Confirmed,
            Self::Waitlisted { .. } => ParticipantState::Waitlisted,
            Self::Declined { .. } => ParticipantState::Declined,
            Self::Cancelled { .. } => ParticipantState::Cancelled,
            Self::Attended { .. } => ParticipantState::Attended,
        }
    }

    /// Since when it is so, if that is known; nothing for those who are merely listed.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Listed => None,
            Self::Invited { at }
            | Self::Tentative { at }
            | Self::Confirmed { at }
            | Self::Waitlisted { at }
            | Self::Declined { at }
            | Self::Cancelled { at }
            | Self::Attended { at } => *at,
        }
    }

    /// Goes to another state, if the rules allow it: people may answer and change their minds
    /// until they were there; who was struck off must be listed anew; who was there, was there.
    pub fn reach(
        self,
        state: ParticipantState,
        at: Option<DateTime<Utc>>,
    ) -> Result<Self, ParticipantTransitionRefused> {
        use ParticipantState as State;
        let from = self.state();
        let allowed = match (from, state) {
            (same, wanted) if same == wanted => return Ok(self),
            (State::Attended, _) | (State::Cancelled, State::Listed) => from == State::Cancelled,
            // Who has answered is not asked again; who declined may be.
            (State::Listed | State::Declined, State::Invited) => true,
            (State::Cancelled, _) | (_, State::Listed | State::Invited) => false,
            _ => true,
        };
        if allowed {
            Ok(Self::new(state, at))
        } else {
            Err(ParticipantTransitionRefused { from, to: state })
        }
    }
}

/// The one record of a person at an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Its id.
    pub id: ParticipantId,
    /// The event.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
    /// The person.
    pub person_id: PersonId,
    /// In what capacity.
    pub category: ParticipantCategory,
    /// How far it has come.
    pub status: ParticipantStatus,
    /// The organization they come from.
    pub representing_id: Option<OrganizationId>,
    /// In whose stead they come.
    pub on_behalf_of: Option<Party>,
    /// The name as printed for this event.
    pub printed_name: String,
    /// The posts as printed for this event, in order.
    pub printed_posts: Vec<String>,
    /// Their place by protocol, from 0.
    pub position: i32,
    /// Whose delegate they are.
    pub delegation_id: Option<EventOrganizationId>,
    /// What they are in that delegation.
    pub delegate_role: Option<DelegateRole>,
}

words! {
    /// What a delegate is in a delegation.
    DelegateRole, "role in a delegation" {
        /// Leads it.
        Head = "HEAD",
        /// Belongs to it.
        Delegate = "DELEGATE",
    }
}

/// People whom the notice or the record does not name: "three more guests".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantGroup {
    /// Its id.
    pub id: ParticipantGroupId,
    /// The event.
    pub event_id: EventId,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// Who they are.
    pub description: String,
    /// How many, if that is known.
    pub expected_count: Option<i32>,
    /// The organization they come from.
    pub organization_id: Option<OrganizationId>,
    /// Its place in the list, from 0.
    pub position: i32,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Word;

    fn at(second: i64) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(second, 0)
    }

    #[test]
    fn people_may_change_their_minds() {
        use ParticipantState as State;
        let mut status = ParticipantStatus::Listed;
        for state in [
            State::Invited,
            State::Tentative,
            State::Confirmed,
            State::Declined,
        ] {
            status = status.reach(state, at(5)).unwrap();
            assert_eq!((status.state(), status.since()), (state, at(5)));
        }
        let struck = status.reach(State::Cancelled, at(6)).unwrap();
        assert!(struck.clone().reach(State::Confirmed, at(7)).is_err());
        assert_eq!(
            struck.reach(State::Listed, at(7)),
            Ok(ParticipantStatus::Listed)
        );
    }

    proptest! {
        #[test]
        fn who_was_there_was_there(steps in prop::collection::vec(0usize..8, 0..12)) {
            let mut status = ParticipantStatus::Listed;
            for step in steps {
                let wanted = ParticipantState::ALL[step];
                let before = status.clone();
                match status.clone().reach(wanted, at(1)) {
                    Ok(next) => {
                        prop_assert_eq!(next.state(), wanted);
                        status = next;
                    }
                    Err(refused) => {
                        prop_assert_eq!((refused.from, refused.to), (before.state(), wanted));
                    }
                }
                if before.state() == ParticipantState::Attended {
                    prop_assert_eq!(status.state(), ParticipantState::Attended);
                }
            }
        }
    }
}
