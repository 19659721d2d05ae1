//! Events: something convened, from a round table to a conference of several days.

use chrono::{DateTime, Utc};

use crate::id::{EventId, RoomId, SeriesId, VenueId, WorkspaceId};
use crate::text::{Key, LocalizedText, Slug};
use crate::time::EventTime;

words! {
    /// What kind of event it is.
    EventKind, "event kind" {
        /// A conference.
        Conference = "CONFERENCE",
        /// A conference at which two sides exchange what they need and offer.
        ExchangeConference = "EXCHANGE_CONFERENCE",
        /// A forum.
        Forum = "FORUM",
        /// A round table.
        RoundTable = "ROUND_TABLE",
        /// A visit of leaders to see for themselves, often with talks on the spot.
        ResearchVisit = "RESEARCH_VISIT",
        /// A meeting.
        Meeting = "MEETING",
        /// A conference at which something is founded or set going.
        LaunchConference = "LAUNCH_CONFERENCE",
        /// A ceremony.
        Ceremony = "CEREMONY",
        /// A course or a training.
        Training = "TRAINING",
        /// Anything else.
        Other = "OTHER",
    }
}

words! {
    /// How far an event has come.
    EventState, "event status" {
        /// Being planned; seen by organisers only.
        Draft = "DRAFT",
        /// Announced.
        Published = "PUBLISHED",
        /// Over.
        Concluded = "CONCLUDED",
        /// Called off.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// Who may see an event once it is published.
    EventVisibility, "visibility" {
        /// Everybody.
        Public = "PUBLIC",
        /// Those with a role in its workspace.
        Workspace = "WORKSPACE",
    }
}

/// How far an event has come, with the facts of each state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventStatus {
    /// Being planned.
    Draft,
    /// Announced.
    Published {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Over.
    Concluded {
        /// When it had been announced.
        published_at: DateTime<Utc>,
        /// When it was declared over.
        at: DateTime<Utc>,
    },
    /// Called off.
    Cancelled {
        /// When it had been announced, if it ever was.
        published_at: Option<DateTime<Utc>>,
        /// When it was called off.
        at: DateTime<Utc>,
        /// Why, for those concerned.
        reason: Option<String>,
    },
}

/// Why an event cannot go from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event that is {from} cannot become {to}")]
pub struct EventTransitionRefused {
    /// What it is.
    pub from: EventState,
    /// What it was to become.
    pub to: EventState,
}

impl EventStatus {
    /// The state without its facts.
    pub fn state(&self) -> EventState {
        match self {
            Self::Draft => EventState::Draft,
            Self::Published { .. } => EventState::Published,
            Self::Concluded { .. } => EventState::Concluded,
            Self::Cancelled { .. } => EventState::Cancelled,
        }
    }

    /// When it was announced, if it was.
    pub fn published_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Draft => None,
            Self::Published { at } => Some(*at),
            Self::Concluded { published_at, .. } => Some(*published_at),
            Self::Cancelled { published_at, .. } => *published_at,
        }
    }

    /// Announces a draft.
    pub fn publish(self, now: DateTime<Utc>) -> Result<Self, EventTransitionRefused> {
        match self {
            Self::Draft => Ok(Self::Published { at: now }),
            other @ (Self::Published { .. } | Self::Concluded { .. } | Self::Cancelled { .. }) => {
                Err(other.refuse(EventState::Published))
            }
        }
    }

    /// Declares what was announced to be over.
    pub fn conclude(self, now: DateTime<Utc>) -> Result<Self, EventTransitionRefused> {
        match self {
            Self::Published { at } => Ok(Self::Concluded {
                published_at: at,
                at: now,
            }),
            other @ (Self::Draft | Self::Concluded { .. } | Self::Cancelled { .. }) => {
                Err(other.refuse(EventState::Concluded))
            }
        }
    }

    /// Calls off what is planned or announced.
    pub fn cancel(
        self,
        now: DateTime<Utc>,
        reason: Option<String>,
    ) -> Result<Self, EventTransitionRefused> {
        match self {
            Self::Draft => Ok(Self::Cancelled {
                published_at: None,
                at: now,
                reason,
            }),
            Self::Published { at } => Ok(Self::Cancelled {
                published_at: Some(at),
                at: now,
                reason,
            }),
            other @ (Self::Concluded { .. } | Self::Cancelled { .. }) => {
                Err(other.refuse(EventState::Cancelled))
            }
        }
    }

    /// Brings it to the state that a document names, by the steps above; what it is already, it
    /// stays, with the facts it has.
    pub fn reach(
        self,
        state: EventState,
        now: DateTime<Utc>,
        reason: Option<String>,
    ) -> Result<Self, EventTransitionRefused> {
        match (self, state) {
            (status, state) if status.state() == state => Ok(status),
            (status, EventState::Draft) => Err(status.refuse(EventState::Draft)),
            (status, EventState::Published) => status.publish(now),
            (Self::Draft, EventState::Concluded) => Self::Draft.publish(now)?.conclude(now),
            (status, EventState::Concluded) => status.conclude(now),
            (status, EventState::Cancelled) => status.cancel(now, reason),
        }
    }

    fn refuse(&self, to: EventState) -> EventTransitionRefused {
        EventTransitionRefused {
            from: self.state(),
            to,
        }
    }
}

/// Something convened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Where it belongs.
    pub workspace_id: WorkspaceId,
    /// Raised by every change to the event itself.
    pub version: i32,
    /// Its name in addresses and in documents, unique in the workspace.
    pub slug: Slug,
    /// What kind of event.
    pub kind: EventKind,
    /// How far it has come.
    pub status: EventStatus,
    /// Who may see it once it is published.
    pub visibility: EventVisibility,
    /// What it is called.
    pub title: LocalizedText,
    /// What it is also called.
    pub alternative_titles: Vec<String>,
    /// What it is about.
    pub theme: Option<LocalizedText>,
    /// The subjects it deals with, in order.
    pub topics: Vec<String>,
    /// The town or district, as people say it.
    pub locality: Option<String>,
    /// When it takes place.
    pub time: EventTime,
    /// The building.
    pub venue_id: Option<VenueId>,
    /// The room, where the whole event is in one.
    pub room_id: Option<RoomId>,
    /// How many can take part, if there is a limit.
    pub capacity: Option<i32>,
    /// The event that it is part of.
    pub parent_id: Option<EventId>,
    /// The series that it is one of.
    pub series_id: Option<SeriesId>,
    /// Raised by every change to the agenda.
    pub agenda_revision: i32,
}

/// Events that belong together over the years: "Jimei Forum".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its id.
    pub id: SeriesId,
    /// Where it belongs.
    pub workspace_id: WorkspaceId,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What it is called.
    pub title: LocalizedText,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Word;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn keeps_the_facts_of_each_state() {
        let published = EventStatus::Draft.publish(at(1)).unwrap();
        assert_eq!(published.published_at(), Some(at(1)));
        let cancelled = published
            .clone()
            .cancel(at(2), Some("storm".to_owned()))
            .unwrap();
        assert_eq!(
            cancelled,
            EventStatus::Cancelled {
                published_at: Some(at(1)),
                at: at(2),
                reason: Some("storm".to_owned())
            }
        );
        assert_eq!(
            cancelled.publish(at(3)),
            Err(EventTransitionRefused {
                from: EventState::Cancelled,
                to: EventState::Published
            })
        );
        assert_eq!(
            published.conclude(at(2)).unwrap().published_at(),
            Some(at(1))
        );
    }

    proptest! {
        /// Whatever is tried, what was once announced stays announced, and what is over or called
        /// off stays as it is.
        #[test]
        fn no_way_leads_back(steps in prop::collection::vec(0usize..4, 0..8)) {
            let mut status = EventStatus::Draft;
            for (second, step) in steps.into_iter().enumerate() {
                let before = status.clone();
                let wanted = EventState::ALL[step];
                let now = at(i64::try_from(second).unwrap());
                if let Ok(next) = status.clone().reach(wanted, now, None) {
                    prop_assert_eq!(next.state(), wanted);
                    status = next;
                }
                if before.published_at().is_some() {
                    prop_assert_eq!(before.published_at(), status.published_at());
                }
                if matches!(before.state(), EventState::Concluded | EventState::Cancelled) {
                    prop_assert_eq!(before, status.clone());
                }
            }
        }
    }
}
