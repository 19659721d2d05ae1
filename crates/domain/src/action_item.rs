//! Action items: what must now be done, by whom, and until when.

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{ActionItemId, EventId, OrganizationId, PersonId};
use crate::release::Recurrence;
use crate::text::Key;

words! {
    /// How far it has come.
    ActionItemState, "action item status" {
        /// To be done.
        Open = "OPEN",
        /// Begun.
        InProgress = "IN_PROGRESS",
        /// Done.
        Done = "DONE",
        /// Given up.
        Dropped = "DROPPED",
    }
}

/// How far it has come, with the facts of each state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionItemStatus {
    /// To be done.
    Open,
    /// Begun.
    InProgress {
        /// When.
        at: Option<DateTime<Utc>>,
    },
    /// Done.
    Done {
        /// When.
        at: Option<DateTime<Utc>>,
    },
    /// Given up.
    Dropped {
        /// When.
        at: Option<DateTime<Utc>>,
    },
}

/// Why it cannot go from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an action item that is {from} cannot become {to}")]
pub struct ActionItemTransitionRefused {
    /// What it is.
    pub from: ActionItemState,
    /// What it was to become.
    pub to: ActionItemState,
}

impl ActionItemStatus {
    /// A state that was reached at an instant, if that is known: what is recorded afterwards may
    /// say that someone was there, and not when.
    pub fn new(state: ActionItemState, at: Option<DateTime<Utc>>) -> Self {
        match state {
            ActionItemState::Open => Self::Open,
            ActionItemState::InProgress => Self::InProgress { at },
            ActionItemState::Done => Self::Done { at },
            ActionItemState::Dropped => Self::Dropped { at },
        }
    }

    /// The state without its facts.
    pub fn state(&self) -> ActionItemState {
        match self {
            Self::Open => ActionItemState::Open,
            Self::InProgress { .. } => ActionItemState::InProgress,
            Self::Done { .. } => ActionItemState::Done,
            Self::Dropped { .. } => ActionItemState::Dropped,
        }
    }

    /// Since when it is so, if that is known; nothing for what is merely open.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Open => None,
            Self::InProgress { at } | Self::Done { at } | Self::Dropped { at } => *at,
        }
    }

    /// Goes to another state. What is done or dropped can only be taken up again as open.
    pub fn reach(
        self,
        state: ActionItemState,
        at: Option<DateTime<Utc>>,
    ) -> Result<Self, ActionItemTransitionRefused> {
        use ActionItemState as State;
        match (self.state(), state) {
            (same, wanted) if same == wanted => Ok(self),
            (State::Done, State::InProgress | State::Dropped)
            | (State::Dropped, State::InProgress | State::Done) => {
                Err(ActionItemTransitionRefused {
                    from: self.state(),
                    to: state,
                })
            }
            _ => Ok(Self::new(state, at)),
        }
    }
}

/// What must now be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionItem {
    /// Its id.
    pub id: ActionItemId,
    /// The event that set it.
    pub event_id: EventId,
    /// Raised by every change.
    pub version: i32,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What is to be done.
    pub description: String,
    /// How far it has come.
    pub status: ActionItemStatus,
    /// What was reported of it last.
    pub progress: Option<String>,
    /// Who set it.
    pub set_by_id: Option<PersonId>,
    /// Who is to do it, in order; empty where nobody was named.
    pub responsible: Vec<OrganizationId>,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// Once, or again and again.
    pub recurrence: Recurrence,
    /// Its place in the list, from 0.
    pub position: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_taken_up_again_only_as_open() {
        use ActionItemState as State;
        let now = DateTime::from_timestamp(1, 0);
        let done = ActionItemStatus::Open.reach(State::Done, now).unwrap();
        assert_eq!(done.since(), now);
        assert_eq!(
            done.clone().reach(State::Dropped, now),
            Err(ActionItemTransitionRefused {
                from: State::Done,
                to: State::Dropped
            })
        );
        let open = done.reach(State::Open, now).unwrap();
        assert_eq!(
            open.reach(State::InProgress, now).unwrap().state(),
            State::InProgress
        );
    }
}
