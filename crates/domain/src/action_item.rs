//! Action items: what must now be done, by whom, and until when.

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{ActionItemId, EventId, OrganizationId, PersonId};
use crate::patch::Patch;
use crate::refusal::{IllegalState, Invalid, Refusals};
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

/// What is to be said of an action item. How far it has come is a matter of its progress.
#[derive(Debug, Clone, Default)]
pub struct ActionItemPatch {
    /// See [`ActionItem::external_id`].
    pub external_id: Patch<String>,
    /// See [`ActionItem::description`].
    pub description: Patch<String>,
    /// See [`ActionItem::set_by_id`].
    pub set_by_id: Patch<PersonId>,
    /// See [`ActionItem::responsible`].
    pub responsible: Patch<Vec<OrganizationId>>,
    /// See [`ActionItem::due_on`].
    pub due_on: Patch<NaiveDate>,
    /// See [`ActionItem::recurrence`].
    pub recurrence: Patch<Recurrence>,
}

/// How far an action item has come since.
#[derive(Debug, Clone, Default)]
pub struct ActionItemProgress {
    /// See [`ActionItem::status`].
    pub status: Patch<ActionItemState>,
    /// See [`ActionItem::progress`].
    pub progress: Patch<String>,
}

impl ActionItem {
    /// An action item of which nothing is known yet.
    pub fn unknown(id: ActionItemId, event_id: EventId, position: i32) -> Self {
        Self {
            id,
            event_id,
            version: 1,
            external_id: None,
            description: String::new(),
            status: ActionItemStatus::Open,
            progress: None,
            set_by_id: None,
            responsible: Vec::new(),
            due_on: None,
            recurrence: Recurrence::Once,
            position,
        }
    }
}

impl ActionItemPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut ActionItem, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.passage("description", self.description, &mut to.description);
        refusals.put_or_clear("setById", self.set_by_id, &mut to.set_by_id);
        refusals.each_once("responsibleIds", self.responsible, &mut to.responsible);
        refusals.put_or_clear("dueOn", self.due_on, &mut to.due_on);
        refusals.put("recurring", self.recurrence, &mut to.recurrence);
    }
}

impl ActionItemProgress {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid> + From<IllegalState>>(
        self,
        to: &mut ActionItem,
        now: DateTime<Utc>,
        refusals: &mut Refusals<R>,
    ) {
        match self.status {
            Patch::Keep => {}
            Patch::Clear => refusals.invalid("status", "cannot be taken away"),
            Patch::Set(state) => match to.status.clone().reach(state, Some(now)) {
                Ok(status) => to.status = status,
                Err(refused) => refusals.say("status", IllegalState(refused.to_string())),
            },
        }
        refusals.passage_or_clear("progress", self.progress, &mut to.progress);
    }
}

refusals! {
    /// Why an action item is not set.
    ActionItemAddRefused { Invalid, Missing, Taken, KeyReused }
    /// Why an action item is not changed.
    ActionItemUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why the progress of an action item is not recorded.
    ActionItemProgressRefused { Invalid, Stale, IllegalState }
    /// Why an action item is not removed.
    ActionItemRemoveRefused { Stale }
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
