//! Rows of events and series.

pub(crate) mod series {
    //! A series.
    use domain::id::kind;
    use domain::{Key, LocalizedText};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};

    thing!("series" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Series>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        external_id: Option<Spelled<Key>>,
        title: Json<LocalizedText>,
    });

    mapped!(directory domain::event::Series {
        id, workspace_id, version, external_id, title,
    });
}

#[expect(
    clippy::module_inception,
    reason = "the table is called so, and so is its noun"
)]
pub(crate) mod event {
    //! An event.
    use domain::event::{EventKind, EventState, EventStatus, EventVisibility};
    use domain::id::kind;
    use domain::time::{DayPart, EventTime, TimeZone};
    use domain::{LocalizedText, Slug};
    use sea_orm::entity::prelude::*;

    use crate::column::{DbId, Json, Spelled};
    use crate::error::Fault;

    thing!("event" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: DbId<kind::Event>,
        workspace_id: DbId<kind::Workspace>,
        version: i32,
        slug: Spelled<Slug>,
        kind: Spelled<EventKind>,
        status: Spelled<EventState>,
        published_at: Option<DateTimeUtc>,
        ended_at: Option<DateTimeUtc>,
        cancellation_reason: Option<String>,
        visibility: Spelled<EventVisibility>,
        title: Json<LocalizedText>,
        sort_title: String,
        search_text: String,
        alternative_titles: Json<Vec<String>>,
        theme: Option<Json<LocalizedText>>,
        topics: Json<Vec<String>>,
        locality: Option<String>,
        time_zone: Spelled<TimeZone>,
        starts_on: Date,
        ends_on: Date,
        day_part: Option<Spelled<DayPart>>,
        starts_at: Option<DateTime>,
        ends_at: Option<DateTime>,
        venue_id: Option<DbId<kind::Venue>>,
        room_id: Option<DbId<kind::Room>>,
        capacity: Option<i32>,
        room_change_minutes: Option<i32>,
        parent_id: Option<DbId<kind::Event>>,
        series_id: Option<DbId<kind::Series>>,
        agenda_revision: i32,
        agenda_version: Option<i32>,
        created_at: DateTimeUtc,
        updated_at: DateTimeUtc,
    });

    impl Model {
        /// The status with its facts, or which of them the row lacks.
        pub(crate) fn status(&self) -> Result<EventStatus, Fault> {
            let lacks = |column| Fault::inconsistent("event", column, self.id.0.uuid());
            Ok(match self.status.0 {
                EventState::Draft => EventStatus::Draft,
                EventState::Published => EventStatus::Published {
                    at: self.published_at.ok_or_else(|| lacks("published_at"))?,
                },
                EventState::Concluded => EventStatus::Concluded {
                    published_at: self.published_at.ok_or_else(|| lacks("published_at"))?,
                    at: self.ended_at.ok_or_else(|| lacks("ended_at"))?,
                },
                EventState::Cancelled => EventStatus::Cancelled {
                    published_at: self.published_at,
                    at: self.ended_at.ok_or_else(|| lacks("ended_at"))?,
                    reason: self.cancellation_reason.clone(),
                },
            })
        }

        /// Takes a status over into the columns.
        pub(crate) fn set_status(&mut self, status: EventStatus) {
            self.status = Spelled(status.state());
            self.published_at = status.published_at();
            (self.ended_at, self.cancellation_reason) = match status {
                EventStatus::Draft | EventStatus::Published { .. } => (None, None),
                EventStatus::Concluded { at, .. } => (Some(at), None),
                EventStatus::Cancelled { at, reason, .. } => (Some(at), reason),
            };
        }

        pub(crate) fn event(self) -> Result<domain::event::Event, Fault> {
            Ok(domain::event::Event {
                status: self.status()?,
                id: self.id.0,
                workspace_id: self.workspace_id.0,
                version: self.version,
                slug: self.slug.0,
                kind: self.kind.0,
                visibility: self.visibility.0,
                title: self.title.0,
                alternative_titles: self.alternative_titles.0,
                theme: self.theme.map(|theme| theme.0),
                topics: self.topics.0,
                locality: self.locality,
                time: EventTime {
                    zone: self.time_zone.0,
                    starts_on: self.starts_on,
                    ends_on: self.ends_on,
                    day_part: self.day_part.map(|part| part.0),
                    starts_at: self.starts_at,
                    ends_at: self.ends_at,
                },
                venue_id: self.venue_id.map(|id| id.0),
                room_id: self.room_id.map(|id| id.0),
                capacity: self.capacity,
                room_change_minutes: self.room_change_minutes,
                parent_id: self.parent_id.map(|id| id.0),
                series_id: self.series_id.map(|id| id.0),
                agenda_revision: self.agenda_revision,
                agenda_version: self.agenda_version,
            })
        }

        /// The row of an event that was made at an instant.
        pub(crate) fn of(thing: domain::event::Event, created_at: DateTimeUtc) -> Self {
            let status = thing.status.clone();
            let mut row = Self {
                sort_title: thing.title.main_text().to_owned(),
                search_text: crate::directory::folded(thing.names()),
                id: DbId(thing.id),
                workspace_id: DbId(thing.workspace_id),
                version: thing.version,
                slug: Spelled(thing.slug),
                kind: Spelled(thing.kind),
                status: Spelled(EventState::Draft),
                published_at: None,
                ended_at: None,
                cancellation_reason: None,
                visibility: Spelled(thing.visibility),
                title: Json(thing.title),
                alternative_titles: Json(thing.alternative_titles),
                theme: thing.theme.map(Json),
                topics: Json(thing.topics),
                locality: thing.locality,
                time_zone: Spelled(thing.time.zone),
                starts_on: thing.time.starts_on,
                ends_on: thing.time.ends_on,
                day_part: thing.time.day_part.map(Spelled),
                starts_at: thing.time.starts_at,
                ends_at: thing.time.ends_at,
                venue_id: thing.venue_id.map(DbId),
                room_id: thing.room_id.map(DbId),
                capacity: thing.capacity,
                room_change_minutes: thing.room_change_minutes,
                parent_id: thing.parent_id.map(DbId),
                series_id: thing.series_id.map(DbId),
                agenda_revision: thing.agenda_revision,
                agenda_version: thing.agenda_version,
                created_at,
                updated_at: created_at,
            };
            row.set_status(status);
            row
        }
    }
}
