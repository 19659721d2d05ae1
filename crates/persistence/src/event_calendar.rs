//! What a calendar of an event is made of: the event, and its agenda as it was published, now and before.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::access::{Actor, Permission};
use domain::event::Event;
use domain::id::{EventId, VenueId};
use sea_orm::{EntityTrait, QueryFilter};

use crate::agenda::{PublishedAgenda, Versions};
use crate::column::DbId;
use crate::entity::event::event;
use crate::error::Fault;
use crate::sight;
use crate::store::Store;

/// How many versions before the one that is shown are looked at for what was taken from the agenda. It
/// bounds what a feed costs: they are kept at hand as all versions are.
const LOOKED_BACK: i32 = 5;

/// What a calendar of an event is made of.
#[derive(Debug, Clone)]
pub struct EventCalendar {
    /// The event as it is now.
    pub event: Event,
    /// When anything about the event itself was changed last.
    pub changed_at: DateTime<Utc>,
    /// The office that convenes it.
    pub office: String,
    /// Its agenda as it was published last, if it was.
    pub shown: Option<PublishedAgenda>,
    /// As it was published before, the last first: five at most.
    pub before: Vec<PublishedAgenda>,
    /// Where the event is, in words.
    pub place: Option<String>,
    /// What the buildings are called that its rooms are in.
    pub venues: HashMap<VenueId, String>,
}

impl Store {
    /// What the calendar of an event is made of for readers, whoever asks: never a draft. None, if the
    /// actor does not see the event. Six statements, five where what was published is at hand.
    pub async fn event_calendar(
        &self,
        actor: &Actor,
        id: EventId,
    ) -> Result<Option<EventCalendar>, Fault> {
        let row = event::Entity::find_by_id(DbId(id))
            .filter(sight::events(&actor.sight(Permission::PublicRead)))
            .one(self.read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let changed_at = row.updated_at;
        let event = row.event()?;
        let last = event.agenda_version.unwrap_or(0);
        let first = last.saturating_sub(LOOKED_BACK).max(1);
        let which = Versions::Numbered((first..=last).map(|number| (id, number)).collect());
        let mut versions = self.published_agendas(actor, &which).await?;
        versions.sort_by_key(|one| std::cmp::Reverse(one.version.number));
        let mut versions = versions.into_iter();
        let (shown, before) = (versions.next(), versions.collect::<Vec<_>>());
        let workspaces = self.workspaces(actor, &[event.workspace_id]).await?;
        let office = workspaces.into_iter().next().map(|one| one.name);

        let room = match event.room_id {
            Some(room) => self.rooms(actor, &[room]).await?.pop(),
            None => None,
        };
        let agendas = shown.iter().chain(&before);
        let of_rooms = agendas.flat_map(|one| {
            let rooms = one.agenda.items().iter();
            rooms.filter_map(|item| one.agenda.room(item.room_id?)?.venue_id)
        });
        let mut wanted: Vec<_> = of_rooms.chain(event.venue_id).collect();
        wanted.extend(room.as_ref().and_then(|room| room.venue_id));
        wanted.sort_unstable();
        wanted.dedup();
        let venues = self.venues(actor, &wanted).await?;
        let venues: HashMap<_, _> = venues.into_iter().map(|one| (one.id, one.name)).collect();
        let building = room.as_ref().and_then(|room| room.venue_id);
        let building = building.or(event.venue_id).and_then(|id| venues.get(&id));
        let parts = [
            room.map(|room| room.name),
            building.cloned(),
            event.locality.clone(),
        ];
        let place: Vec<_> = parts.into_iter().flatten().collect();
        Ok(Some(EventCalendar {
            place: (!place.is_empty()).then(|| place.join(", ")),
            office: office.unwrap_or_default(),
            changed_at,
            event,
            shown,
            before,
            venues,
        }))
    }
}
