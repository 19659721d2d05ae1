//! Events: something convened, from a round table to a conference of several days.

use chrono::{DateTime, Utc};

use crate::id::{EventId, RoomId, SeriesId, VenueId, WorkspaceId};
use crate::patch::{Patch, TextDraft, positive};
use crate::refusal::{IllegalState, Invalid, Refusals};
use crate::text::{Key, LocalizedText, Slug, line, passage};
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
        /// Being planned; seen by those alone who have a role in the workspace.
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
    /// How many minutes people have to get from one room to another; five, if nothing is said. With
    /// 0 it is not looked at.
    pub room_change_minutes: Option<i32>,
    /// The event that it is part of.
    pub parent_id: Option<EventId>,
    /// The series that it is one of.
    pub series_id: Option<SeriesId>,
    /// Raised by every change to the agenda.
    pub agenda_revision: i32,
    /// The number of the version of the agenda that was published last, if any was.
    pub agenda_version: Option<i32>,
}

impl Event {
    /// Whether everybody may see it.
    pub fn is_for_everybody(&self) -> bool {
        self.visibility == EventVisibility::Public && self.status.published_at().is_some()
    }
}

/// Events that belong together over the years: "Jimei Forum".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its id.
    pub id: SeriesId,
    /// Where it belongs.
    pub workspace_id: WorkspaceId,
    /// Raised by every change.
    pub version: i32,
    /// The caller's own name for it.
    pub external_id: Option<Key>,
    /// What it is called.
    pub title: LocalizedText,
}

/// What is to be said of an event. How far it has come is a matter of publishing, concluding and
/// calling it off.
#[derive(Debug, Clone, Default)]
pub struct EventPatch {
    /// See [`Event::slug`].
    pub slug: Patch<String>,
    /// See [`Event::kind`].
    pub kind: Patch<EventKind>,
    /// See [`Event::visibility`].
    pub visibility: Patch<EventVisibility>,
    /// See [`Event::title`].
    pub title: Patch<TextDraft>,
    /// See [`Event::alternative_titles`].
    pub alternative_titles: Patch<Vec<String>>,
    /// See [`Event::theme`].
    pub theme: Patch<TextDraft>,
    /// See [`Event::topics`].
    pub topics: Patch<Vec<String>>,
    /// See [`Event::locality`].
    pub locality: Patch<String>,
    /// See [`Event::time`].
    pub time: Patch<EventTime>,
    /// See [`Event::venue_id`].
    pub venue_id: Patch<VenueId>,
    /// See [`Event::room_id`].
    pub room_id: Patch<RoomId>,
    /// See [`Event::capacity`].
    pub capacity: Patch<i32>,
    /// See [`Event::room_change_minutes`].
    pub room_change_minutes: Patch<i32>,
    /// See [`Event::parent_id`].
    pub parent_id: Patch<EventId>,
    /// See [`Event::series_id`].
    pub series_id: Patch<SeriesId>,
}

impl EventPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Event, refusals: &mut Refusals<R>) {
        refusals.set("slug", self.slug, &mut to.slug, |text| text.parse());
        refusals.put("kind", self.kind, &mut to.kind);
        refusals.put("visibility", self.visibility, &mut to.visibility);
        refusals.text("title", self.title, &mut to.title, line);
        refusals.lines(
            "alternativeTitles",
            self.alternative_titles,
            &mut to.alternative_titles,
        );
        refusals.text_or_clear("theme", self.theme, &mut to.theme, passage);
        refusals.lines("topics", self.topics, &mut to.topics);
        refusals.line_or_clear("locality", self.locality, &mut to.locality);
        refusals.set("time", self.time, &mut to.time, |time| {
            time.check().map(|()| time)
        });
        refusals.put_or_clear("venueId", self.venue_id, &mut to.venue_id);
        refusals.put_or_clear("roomId", self.room_id, &mut to.room_id);
        refusals.set_or_clear("capacity", self.capacity, &mut to.capacity, positive);
        refusals.set_or_clear(
            "roomChangeMinutes",
            self.room_change_minutes,
            &mut to.room_change_minutes,
            room_change,
        );
        refusals.put_or_clear("parentId", self.parent_id, &mut to.parent_id);
        refusals.put_or_clear("seriesId", self.series_id, &mut to.series_id);
    }
}

/// The most minutes that anybody is given to get from one room to another.
const LONGEST_ROOM_CHANGE: i32 = 240;

/// That people are given so many minutes to get from one room to another.
pub(crate) fn room_change(minutes: i32) -> Result<i32, Invalid> {
    if (0..=LONGEST_ROOM_CHANGE).contains(&minutes) {
        Ok(minutes)
    } else {
        let why = format!("must be between 0 and {LONGEST_ROOM_CHANGE}");
        Err(Invalid(why))
    }
}

impl Event {
    /// A draft of which nothing is known yet but when it is to be.
    pub fn draft(id: EventId, workspace_id: WorkspaceId, time: EventTime) -> Self {
        Self {
            id,
            workspace_id,
            version: 1,
            slug: Slug::nothing_yet(),
            kind: EventKind::Other,
            status: EventStatus::Draft,
            visibility: EventVisibility::Public,
            title: LocalizedText::nothing_yet(),
            alternative_titles: Vec::new(),
            theme: None,
            topics: Vec::new(),
            locality: None,
            time,
            venue_id: None,
            room_id: None,
            capacity: None,
            room_change_minutes: None,
            parent_id: None,
            series_id: None,
            agenda_revision: 0,
            agenda_version: None,
        }
    }

    /// Every text by which it can be found.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let theme = self.theme.iter().flat_map(LocalizedText::main_first);
        let further = self.alternative_titles.iter().map(String::as_str);
        let names = self.title.main_first().chain(further).chain(theme);
        names.chain(self.locality.as_deref())
    }
}

/// What is to be said of a series.
#[derive(Debug, Clone, Default)]
pub struct SeriesPatch {
    /// See [`Series::external_id`].
    pub external_id: Patch<String>,
    /// See [`Series::title`].
    pub title: Patch<TextDraft>,
}

impl SeriesPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Series, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.text("title", self.title, &mut to.title, line);
    }
}

impl Series {
    /// A series of which nothing is known yet.
    pub fn unknown(id: SeriesId, workspace_id: WorkspaceId) -> Self {
        Self {
            id,
            workspace_id,
            version: 1,
            external_id: None,
            title: LocalizedText::nothing_yet(),
        }
    }
}

impl From<EventTransitionRefused> for IllegalState {
    fn from(refused: EventTransitionRefused) -> Self {
        Self(refused.to_string())
    }
}

refusals! {
    /// Why an event is not created.
    EventCreateRefused { Invalid, Missing, Taken, KeyReused }
    /// Why an event is not changed.
    EventUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why an event is not announced.
    EventPublishRefused { Stale, IllegalState }
    /// Why an event is not declared over.
    EventConcludeRefused { Stale, IllegalState }
    /// Why an event is not called off.
    EventCancelRefused { Invalid, Stale, IllegalState }
    /// Why an event is not removed.
    EventRemoveRefused { Stale, IllegalState, InUse }
    /// Why an event is not made after another.
    EventCopyRefused { Invalid, Taken, KeyReused }
    /// Why a series is not made.
    SeriesCreateRefused { Invalid, Taken, KeyReused }
    /// Why a series is not changed.
    SeriesUpdateRefused { Invalid, Stale, Taken }
    /// Why a series is not removed.
    SeriesRemoveRefused { Stale, InUse }
}

#[cfg(test)]
mod tests;
