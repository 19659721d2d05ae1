//! Calendars to subscribe to, and items to put into one once: of an event for everybody, of one
//! participant for whoever has their secret.

mod shown;

use chrono::{DateTime, TimeDelta, Utc};
use domain::access::Actor;
use domain::id::{EventId, Id, Kind};
use domain::invitation::{Invitation, InvitationAnswer};
use domain::participant::{Participant, ParticipantState};
use persistence::{EventCalendar, Fault, MailSecret, Store};
use poem::error::NotFoundError;
use poem::{Request, Response, Result};

use self::shown::{Shown, organizer};
use super::{Pages, failed, named};
use crate::http::Representation;

/// After how long a calendar is looked at again.
const REFRESH: TimeDelta = TimeDelta::hours(1);

const CALENDAR: &str = "text/calendar; charset=utf-8";

/// The entries of one participant.
pub(super) async fn personal(pages: Pages, request: Request) -> Result<Response> {
    let file: String = request.path_params()?;
    let secret = of_calendar(&file)?;
    let found = Personal::by(&pages.store, secret).await.map_err(failed)?;
    let found = found.ok_or(NotFoundError)?;
    let source = pages.site.calendar(secret);
    let feed = found.feed(source);
    Ok(answered(&request, &feed, "private, max-age=300"))
}

/// All of an event.
pub(super) async fn event(pages: Pages, request: Request) -> Result<Response> {
    let file: String = request.path_params()?;
    let id: EventId = named(of_calendar(&file)?)?;
    let calendar = public(&pages.store, id).await?;
    let shown = Shown::of(&calendar);
    let mut entries = vec![shown.whole()];
    entries.extend(shown.items(|_, _| true));
    let source = pages.site.event_calendar(id);
    let feed = shown.feed(None, source, None, entries);
    Ok(answered(&request, &feed, "public, max-age=300"))
}

/// What is in one room.
pub(super) async fn room(pages: Pages, request: Request) -> Result<Response> {
    let (event, id) = part(&request)?;
    let calendar = public(&pages.store, event).await?;
    let shown = Shown::of(&calendar);
    let room = shown.agendas().find_map(|agenda| agenda.room(id));
    let room = room.ok_or(NotFoundError)?;
    let entries = shown.items(|agenda, item| agenda.takes_place(item).room_id == Some(id));
    let source = pages.site.room_calendar(event, id);
    let feed = shown.feed(Some(&room.name), source, None, entries);
    Ok(answered(&request, &feed, "public, max-age=300"))
}

/// One strand.
pub(super) async fn track(pages: Pages, request: Request) -> Result<Response> {
    let (event, id) = part(&request)?;
    let calendar = public(&pages.store, event).await?;
    let shown = Shown::of(&calendar);
    let track = shown.agendas().find_map(|agenda| agenda.track(id));
    let track = track.ok_or(NotFoundError)?;
    let entries =
        shown.items(|agenda, item| shown::track(agenda, item).is_some_and(|of| of.id == id));
    let source = pages.site.track_calendar(event, id);
    let color = track.color.as_deref();
    let feed = shown.feed(Some(&track.name), source, color, entries);
    Ok(answered(&request, &feed, "public, max-age=300"))
}

/// One item, to be saved.
pub(super) async fn item(pages: Pages, request: Request) -> Result<Response> {
    let (event, id) = part(&request)?;
    let calendar = public(&pages.store, event).await?;
    let entry = Shown::of(&calendar).item(id).ok_or(NotFoundError)?;
    let digits = id.to_string();
    let name: String = digits
        .chars()
        .skip(digits.len().saturating_sub(8))
        .collect();
    let representation = Representation {
        modified: Some(entry.last_modified),
        bytes: calendar::download(&[entry]),
        content_type: CALENDAR,
        cache: "public, max-age=300",
        saved_as: Some(format!("{}-{name}.ics", calendar.event.slug)),
    };
    Ok(representation.answer(request.headers()))
}

/// The part of a path before `.ics`.
fn of_calendar(file: &str) -> Result<&str> {
    Ok(file.strip_suffix(".ics").ok_or(NotFoundError)?)
}

/// The event and the part of it that a path names.
fn part<K: Kind>(request: &Request) -> Result<(EventId, Id<K>)> {
    let (event, file): (String, String) = request.path_params()?;
    Ok((named(&event)?, named(of_calendar(&file)?)?))
}

/// What everybody may see of an event, whoever asks: an address of a calendar is given on.
async fn public(store: &Store, id: EventId) -> Result<EventCalendar> {
    let calendar = store.event_calendar(&Actor::Anonymous, id).await;
    let calendar = calendar.map_err(failed)?;
    Ok(calendar.ok_or(NotFoundError)?)
}

fn answered(request: &Request, feed: &calendar::Feed, cache: &'static str) -> Response {
    let representation = Representation {
        modified: feed.entries.iter().map(|entry| entry.last_modified).max(),
        bytes: calendar::feed(feed),
        content_type: CALENDAR,
        cache,
        saved_as: None,
    };
    representation.answer(request.headers())
}

/// What stands in the calendar of one participant.
struct Personal {
    event: domain::event::Event,
    office: String,
    participant: Participant,
    invitations: Vec<Invitation>,
}

impl Personal {
    /// Five statements.
    async fn by(store: &Store, secret: &str) -> Result<Option<Self>, Fault> {
        let Some(guest) = store.holder_of(secret, MailSecret::Calendar).await? else {
            return Ok(None);
        };
        let actor = Actor::Guest(guest);
        let events = store.events(&actor, &[guest.event_id]).await?;
        let list = vec![guest.participant_id];
        let participants = store.participants(&actor, list).await?;
        let (Some(event), Some(participant)) =
            (events.into_iter().next(), participants.into_iter().next())
        else {
            return Ok(None);
        };
        let offices = store.workspaces(&actor, &[event.workspace_id]).await?;
        let office = offices.into_iter().next().map(|one| one.name);
        Ok(Some(Self {
            invitations: store.invitations(&actor, &[participant.id]).await?,
            office: office.unwrap_or_default(),
            event,
            participant,
        }))
    }

    fn feed(&self, source: String) -> calendar::Feed {
        let language = self.event.title.main_language();
        let entries = self.invitations.iter().map(|one| {
            let organizer = organizer(&self.office);
            let mut entry = calendar::Entry::of_invitation(one, organizer, Some(language.clone()));
            self.as_answered(&mut entry, one.changed_at);
            entry
        });
        calendar::Feed {
            name: self.event.title.main_text().to_owned(),
            description: None,
            source: Some(source),
            refresh: REFRESH,
            color: None,
            entries: entries.collect(),
        }
    }

    /// In a mail the answer stands beside the attendee; a feed has none, so it shows in the entry: who
    /// said no is not kept busy by it.
    fn as_answered(&self, entry: &mut calendar::Entry, told_at: DateTime<Utc>) {
        let status = &self.participant.status;
        entry.status = match (entry.status, InvitationAnswer::of(status.state())) {
            (calendar::Status::Cancelled, _) | (_, Some(InvitationAnswer::Declined)) => {
                calendar::Status::Cancelled
            }
            (_, Some(InvitationAnswer::Tentative)) => calendar::Status::Tentative,
            (other, _) => other,
        };
        let answered = status.state() != ParticipantState::Cancelled;
        let since = status.since().filter(|_| answered);
        entry.last_modified = since.map_or(told_at, |since| since.max(told_at));
    }
}
