//! Participants: the one record of a person at an event; and groups of people nobody has named.

mod waiting;

use chrono::{DateTime, Utc};

use crate::availability::{Availability, Window};
use crate::id::{
    EventId, EventOrganizationId, OrganizationId, ParticipantGroupId, ParticipantId, PersonId,
};
use crate::invitation::{AnswerChannel, InvitationAnswer};
use crate::organization::Party;
use crate::patch::{Patch, positive};
use crate::refusal::{IllegalState, Invalid, Refusals};
use crate::text::{Key, LINE, line};

pub use waiting::let_in;

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
    /// When they are there, if not all the time.
    pub availability: Availability,
    /// Which of the links that were ever made for them is good, from 1.
    pub link_generation: i32,
    /// By which way they answered, if they did.
    pub answered_through: Option<AnswerChannel>,
    /// Until when they are asked to answer.
    pub answer_by: Option<DateTime<Utc>>,
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
    /// Raised by every change.
    pub version: i32,
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

/// What is to be said of a participant.
#[derive(Debug, Clone, Default)]
pub struct ParticipantPatch {
    /// See [`Participant::category`].
    pub category: Patch<ParticipantCategory>,
    /// See [`Participant::status`].
    pub status: Patch<ParticipantState>,
    /// See [`Participant::representing_id`].
    pub representing_id: Patch<OrganizationId>,
    /// See [`Participant::on_behalf_of`].
    pub on_behalf_of: Patch<Party>,
    /// See [`Participant::printed_name`].
    pub printed_name: Patch<String>,
    /// See [`Participant::printed_posts`].
    pub printed_posts: Patch<Vec<String>>,
    /// See [`Participant::delegation_id`].
    pub delegation_id: Patch<EventOrganizationId>,
    /// See [`Participant::delegate_role`].
    pub delegate_role: Patch<DelegateRole>,
    /// See [`Participant::availability`].
    pub availability: Patch<Vec<Window>>,
}

impl Participant {
    /// Someone who is merely put on the list, as they are printed there.
    pub fn listed(
        id: ParticipantId,
        event_id: EventId,
        person_id: PersonId,
        printed: (String, Vec<String>),
        position: i32,
    ) -> Self {
        Self {
            id,
            event_id,
            version: 1,
            person_id,
            category: ParticipantCategory::Regular,
            status: ParticipantStatus::Listed,
            representing_id: None,
            on_behalf_of: None,
            printed_name: printed.0,
            printed_posts: printed.1,
            position,
            delegation_id: None,
            delegate_role: None,
            availability: Availability::default(),
            link_generation: 1,
            answered_through: None,
            answer_by: None,
        }
    }
}

impl ParticipantPatch {
    /// Lays it over what is known. What an organiser records has no time of its own, but who is
    /// struck off or waits is so from now on.
    pub fn apply<R: From<Invalid> + From<IllegalState>>(
        self,
        to: &mut Participant,
        now: DateTime<Utc>,
        refusals: &mut Refusals<R>,
    ) {
        refusals.put("category", self.category, &mut to.category);
        match self.status {
            Patch::Keep => {}
            Patch::Clear => refusals.invalid("status", "cannot be taken away"),
            Patch::Set(state) => {
                let from_now_on = matches!(
                    state,
                    ParticipantState::Waitlisted | ParticipantState::Cancelled
                );
                match to.status.clone().reach(state, from_now_on.then_some(now)) {
                    Ok(status) if status != to.status => {
                        let answers = InvitationAnswer::of(state).is_some();
                        to.answered_through = answers.then_some(AnswerChannel::Organiser);
                        to.status = status;
                    }
                    Ok(_) => {}
                    Err(refused) => refusals.say("status", IllegalState(refused.to_string())),
                }
            }
        }
        refusals.put_or_clear(
            "representingId",
            self.representing_id,
            &mut to.representing_id,
        );
        refusals.put_or_clear("onBehalfOf", self.on_behalf_of, &mut to.on_behalf_of);
        refusals.line("printedName", self.printed_name, &mut to.printed_name);
        refusals.lines("printedPosts", self.printed_posts, &mut to.printed_posts);
        refusals.put_or_clear("delegationId", self.delegation_id, &mut to.delegation_id);
        refusals.put_or_clear("delegateRole", self.delegate_role, &mut to.delegate_role);
        refusals.availability("availability", self.availability, &mut to.availability);
        match (to.delegation_id, to.delegate_role) {
            (None, Some(_)) => refusals.invalid("delegateRole", "is nothing without a delegation"),
            (Some(_), None) => to.delegate_role = Some(DelegateRole::Delegate),
            _ => {}
        }
        if to.on_behalf_of == Some(Party::Person(to.person_id)) {
            refusals.invalid("onBehalfOf", "nobody comes in their own stead");
        }
    }
}

impl Participant {
    /// Answers whether they come. Who has answered so before has said nothing new. Who waits for a
    /// place does not get it by saying that they come; they may say that they do not.
    pub fn answer(
        &mut self,
        answer: InvitationAnswer,
        channel: AnswerChannel,
        now: DateTime<Utc>,
    ) -> Result<(), ParticipantTransitionRefused> {
        let from = self.status.state();
        let waits = from == ParticipantState::Waitlisted;
        let theirs = channel != AnswerChannel::Organiser;
        if waits && theirs && answer != InvitationAnswer::Declined {
            let to = answer.state();
            return Err(ParticipantTransitionRefused { from, to });
        }
        let status = self.status.clone().reach(answer.state(), Some(now))?;
        if status != self.status {
            self.status = status;
            self.answered_through = Some(channel);
        }
        Ok(())
    }

    /// Takes back that they were asked, of which they have not heard.
    pub fn never_asked(&mut self) {
        if self.status.state() == ParticipantState::Invited {
            self.status = ParticipantStatus::Listed;
            self.answer_by = None;
        }
    }

    /// Whether they are asked to come and may yet: what changes is told to them.
    pub fn is_expected(&self) -> bool {
        matches!(
            self.status.state(),
            ParticipantState::Invited
                | ParticipantState::Tentative
                | ParticipantState::Confirmed
                | ParticipantState::Attended
        )
    }
}

/// What is to be said of a group.
#[derive(Debug, Clone, Default)]
pub struct ParticipantGroupPatch {
    /// See [`ParticipantGroup::external_id`].
    pub external_id: Patch<String>,
    /// See [`ParticipantGroup::description`].
    pub description: Patch<String>,
    /// See [`ParticipantGroup::expected_count`].
    pub expected_count: Patch<i32>,
    /// See [`ParticipantGroup::organization_id`].
    pub organization_id: Patch<OrganizationId>,
}

impl ParticipantGroup {
    /// A group of which nothing is known yet.
    pub fn unknown(id: ParticipantGroupId, event_id: EventId, position: i32) -> Self {
        Self {
            id,
            event_id,
            version: 1,
            external_id: None,
            description: String::new(),
            expected_count: None,
            organization_id: None,
            position,
        }
    }

    /// The name as printed: a name is a line, who a group is may be told in a passage.
    pub fn printed_name(&self) -> String {
        line(&self.description).unwrap_or_else(|_passage| {
            let words: Vec<_> = self.description.split_whitespace().collect();
            let name: String = words.join(" ").chars().take(LINE).collect();
            name.trim_end().to_owned()
        })
    }
}

impl ParticipantGroupPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut ParticipantGroup, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.passage("description", self.description, &mut to.description);
        refusals.set_or_clear(
            "expectedCount",
            self.expected_count,
            &mut to.expected_count,
            positive,
        );
        refusals.put_or_clear(
            "organizationId",
            self.organization_id,
            &mut to.organization_id,
        );
    }
}

refusals! {
    /// Why a person is not put on the list.
    ParticipantAddRefused { Invalid, Missing, Taken, IllegalState, KeyReused }
    /// Why people are not put on the list.
    ParticipantBulkAddRefused { Invalid, Missing, Taken, IllegalState, KeyReused }
    /// Why what is said of a participant is not changed.
    ParticipantUpdateRefused { Invalid, Missing, Stale, Taken, IllegalState }
    /// Why a participant is not struck off.
    ParticipantCancelRefused { Invalid, Stale, IllegalState }
    /// Why somebody's link stays good.
    ParticipantLinkRenewRefused { Invalid, Stale, Taken }
    /// Why a participant stays on the list.
    ParticipantRemoveRefused { Stale, InUse, IllegalState }
    /// Why a group is not added.
    ParticipantGroupAddRefused { Invalid, Missing, Taken, KeyReused }
    /// Why a group is not changed.
    ParticipantGroupUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why a group is not removed.
    ParticipantGroupRemoveRefused { Stale, InUse }
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

    #[test]
    fn nobody_gets_a_place_by_saying_that_they_come() {
        let id = uuid::Uuid::from_u128;
        let mut one = Participant::listed(
            crate::Id::from_uuid(id(1)),
            crate::Id::from_uuid(id(2)),
            crate::Id::from_uuid(id(3)),
            ("Ada Example".to_owned(), Vec::new()),
            0,
        );
        one.status = ParticipantStatus::Waitlisted { at: at(1) };
        let now = at(2).unwrap();
        for channel in [AnswerChannel::Link, AnswerChannel::Calendar] {
            for answer in [InvitationAnswer::Accepted, InvitationAnswer::Tentative] {
                assert!(one.clone().answer(answer, channel, now).is_err());
            }
            let declined = one.clone().answer(InvitationAnswer::Declined, channel, now);
            assert_eq!(declined, Ok(()));
        }
        let organiser = AnswerChannel::Organiser;
        assert_eq!(
            one.answer(InvitationAnswer::Accepted, organiser, now),
            Ok(())
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
