//! What stands in the calendars of participants: entries follow what is so, and what became of each is
//! sent to the one whose it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::agenda::Agenda;
use domain::appearance::Appearing;
use domain::event::EventState;
use domain::id::{AgendaItemId, InvitationId, ParticipantId, PersonId};
use domain::invitation::{CalendarEntry, Invitation, InvitationReply, InvitedTime};
use domain::message::MessageKind;
use domain::participant::ParticipantState;
use domain::time::EventTime;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::{Value as JsonValue, json};

use crate::column::AsJson;
use crate::entity::event::event;
use crate::entity::message::invitation;
use crate::entity::participation::participant;
use crate::entity::place::{room, venue};
use crate::error::Fault;
use crate::message::{Going, NewDelivery, NewMessage};
use crate::operation::Operation;
use crate::record::Written;

impl Operation<'_> {
    /// The calendar of a participant follows their participation, which an organiser has changed: who is
    /// struck off is told so, and why, and their entries go. Who was never invited has none.
    pub(crate) async fn calendar_of(
        &mut self,
        row: &participant::Model,
        reason: Option<&str>,
    ) -> Result<(), Fault> {
        let rows = std::slice::from_ref(row);
        if self.invitations_of(rows).await?.is_empty() {
            return Ok(());
        }
        let event = self.event_as_it_is().await?;
        let agenda = self.shown_agenda(&event).await?;
        let mut followed = self.follow(&event, agenda.as_deref(), rows).await?;
        let is_struck_off = row.status.0 == ParticipantState::Cancelled;
        if is_struck_off {
            // Of what they have not heard of yet, they need not hear that it is nothing.
            let told = self.told(followed.iter().map(|one| one.id)).await?;
            followed.retain(|one| told.contains(&one.id));
        }
        let mut mails: Vec<_> = followed.into_iter().map(Followed::mail).collect();
        let kind = if is_struck_off {
            MessageKind::Cancelled
        } else {
            MessageKind::CalendarUpdate
        };
        // What takes them off the event itself says so in words.
        if let Some(first) = mails.first_mut() {
            first.kind = kind;
            if let Some(reason) = reason {
                first.payload = json!({ "reason": reason });
            }
        }
        let new = NewMessage {
            kind,
            going: Going::Now,
            note: reason.map(str::to_owned),
            version: None,
        };
        self.tell(event.id.0, new, mails).await?;
        Ok(())
    }

    /// Those who were invited to an event, in the order of the list.
    async fn invited(&self, event: &event::Model) -> Result<Vec<participant::Model>, Fault> {
        let invited = Query::select()
            .column(invitation::Column::ParticipantId)
            .from(invitation::Entity)
            .and_where(invitation::Column::EventId.eq(event.id))
            .take();
        let which = Condition::all().add(participant::Column::Id.in_subquery(invited));
        self.listed(which).await
    }

    /// What all who were invited are to be sent for their calendars to show what is so now.
    pub(crate) async fn calendars_follow(
        &mut self,
        event: &event::Model,
        agenda: &Agenda,
    ) -> Result<Vec<NewDelivery>, Fault> {
        let rows = self.invited(event).await?;
        let followed = self.follow(event, Some(agenda), &rows).await?;
        Ok(followed.into_iter().map(Followed::mail).collect())
    }

    /// Calendars follow an event of which something else is said, or that is at another time.
    pub(crate) async fn calendars_of_event(&mut self) -> Result<(), Fault> {
        let event = self.event_as_it_is().await?;
        let rows = self.invited(&event).await?;
        if rows.is_empty() || event.status.0 != EventState::Published {
            return Ok(());
        }
        let agenda = self.shown_agenda(&event).await?;
        let followed = self.follow(&event, agenda.as_deref(), &rows).await?;
        let new = NewMessage {
            kind: MessageKind::CalendarUpdate,
            going: Going::Now,
            note: None,
            version: None,
        };
        let mails = followed.into_iter().map(Followed::mail).collect();
        self.tell(event.id.0, new, mails).await?;
        Ok(())
    }

    /// What becomes of the entries of an event that is called off: they go, and each is told why.
    pub(crate) async fn call_off(
        &mut self,
        event: &event::Model,
        reason: Option<&str>,
    ) -> Result<(), Fault> {
        let rows = self.invited(event).await?;
        let followed = self.follow(event, None, &rows).await?;
        let mut told = BTreeSet::new();
        let mails = followed.into_iter().map(|one| {
            let first = told.insert(one.of);
            let mut mail = one.mail();
            if first {
                mail.kind = MessageKind::EventCancelled;
                mail.payload = json!({ "reason": reason });
            }
            mail
        });
        let mails = mails.collect();
        let new = NewMessage {
            kind: MessageKind::EventCancelled,
            going: Going::Now,
            note: reason.map(str::to_owned),
            version: None,
        };
        self.tell(event.id.0, new, mails).await?;
        Ok(())
    }

    /// The invitations of participants.
    pub(crate) async fn invitations_of(
        &self,
        rows: &[participant::Model],
    ) -> Result<HashMap<(ParticipantId, Option<AgendaItemId>), Invitation>, Fault> {
        let mut found = HashMap::new();
        for some in rows.chunks(5_000) {
            let all = invitation::Entity::find()
                .filter(invitation::Column::ParticipantId.is_in(some.iter().map(|row| row.id)))
                .all(self.on())
                .await?;
            let all = all.into_iter().map(Invitation::from);
            found.extend(all.map(|one| ((one.participant_id, one.item_id), one)));
        }
        Ok(found)
    }

    /// Keeps what became of many, some hundreds in a statement.
    async fn keep_invitations(&self, rows: Vec<invitation::Model>) -> Result<(), Fault> {
        use invitation::Column;
        let overwrite = OnConflict::column(Column::Id)
            .update_columns([
                Column::Sequence,
                Column::Status,
                Column::Entry,
                Column::ChangedAt,
                Column::Reply,
            ])
            .to_owned();
        for some in rows.chunks(500) {
            let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
            invitation::Entity::insert_many(some)
                .on_conflict(overwrite.clone())
                .exec_without_returning(self.on())
                .await?;
        }
        Ok(())
    }

    pub(crate) async fn keep_invitation(&self, one: Invitation) -> Result<(), Fault> {
        let row = invitation::Model::of(self.workspace(), one);
        invitation::Entity::update(row.into_active_model().reset_all())
            .exec(self.on())
            .await?;
        Ok(())
    }

    /// Brings the invitations of participants to what is so now. What changed, that to the event first.
    pub(crate) async fn follow(
        &mut self,
        event: &event::Model,
        agenda: Option<&Agenda>,
        rows: &[participant::Model],
    ) -> Result<Vec<Followed>, Fault> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.now();
        let standing = self.invitations_of(rows).await?;
        let mut by_participant: HashMap<_, Vec<_>> = HashMap::new();
        for (key, one) in standing {
            by_participant.entry(key.0).or_default().push(one);
        }
        let places = self.places(event, agenda).await?;
        let entries = Entries::of(event, agenda, &places)?;
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        let mut followed = Vec::new();
        for row in rows {
            let participant = row.clone().participant();
            let mut known = by_participant.remove(&participant.id).unwrap_or_default();
            let declined = participant.status.state() == ParticipantState::Declined;
            // Who said no is left alone: their calendar has it as they want it.
            if declined {
                continue;
            }
            let mut wanted = if participant.is_expected() {
                entries.of_person(participant.person_id)
            } else {
                BTreeMap::new()
            };
            known.sort_by_key(|one| (one.item_id.is_some(), one.id));
            for mut one in known {
                let wanted = wanted.remove(&one.item_id);
                let sequence = one.sequence;
                if one.follow(wanted, now).is_some() {
                    let moved = one.sequence != sequence;
                    followed.push(Followed::of(&one, participant.person_id, moved));
                    changed.push(invitation::Model::of(self.workspace(), one));
                }
            }
            for (item, entry) in wanted {
                let ids = (self.mint()?, event.id.0);
                let one = Invitation::new(ids, participant.id, item, entry, now);
                followed.push(Followed::of(&one, participant.person_id, false));
                new.push(invitation::Model::of(self.workspace(), one));
            }
        }
        crate::event_document::insert_all::<invitation::Entity>(self.on(), new).await?;
        self.keep_invitations(changed).await?;
        Ok(followed)
    }

    /// What places are called, in words.
    async fn places(&self, event: &event::Model, agenda: Option<&Agenda>) -> Result<Places, Fault> {
        let of_items = agenda.into_iter().flat_map(Agenda::items);
        let rooms = of_items.filter_map(|item| item.room_id);
        let rooms = rooms.chain(event.room_id.map(|id| id.0));
        let rooms = self.known::<room::Entity>(rooms).await?;
        let venues = rooms.values().filter_map(|row| row.venue_id);
        let venues = venues.chain(event.venue_id).map(|id| id.0);
        let venues = self.known::<venue::Entity>(venues).await?;
        let mut names = HashMap::new();
        for (id, row) in rooms {
            let venue = row.venue_id.and_then(|id| venues.get(&id.0));
            let parts = [Some(row.name), venue.map(|row| row.name.clone())];
            names.insert(
                id,
                parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            );
        }
        let room = event.room_id.and_then(|id| names.get(&id.0).cloned());
        let venue = event.venue_id.and_then(|id| venues.get(&id.0));
        let venue = venue.map(|row| row.name.clone());
        let parts = [room.or(venue), event.locality.clone()];
        let whole: Vec<_> = parts.into_iter().flatten().collect();
        Ok(Places {
            rooms: names,
            event: (!whole.is_empty()).then(|| whole.join(", ")),
        })
    }
}

/// What places are called, in words.
struct Places {
    rooms: HashMap<domain::id::RoomId, String>,
    event: Option<String>,
}

/// An invitation that is otherwise than it was.
pub(crate) struct Followed {
    pub(crate) id: InvitationId,
    pub(crate) of: ParticipantId,
    pub(crate) item: Option<AgendaItemId>,
    person: PersonId,
    /// Whether it is at another time or place.
    moved: bool,
}

impl Followed {
    fn of(one: &Invitation, person: PersonId, moved: bool) -> Self {
        Self {
            id: one.id,
            of: one.participant_id,
            item: one.item_id,
            person,
            moved,
        }
    }

    /// The mail that brings it.
    pub(crate) fn mail(self) -> NewDelivery {
        NewDelivery {
            kind: MessageKind::CalendarUpdate,
            person: self.person,
            participant: Some(self.of),
            invitation: Some(self.id),
            payload: json!({ "moved": self.moved }),
        }
    }
}

/// What stands in calendars, by whom it concerns.
struct Entries {
    event: Option<CalendarEntry>,
    items: HashMap<PersonId, BTreeMap<Option<AgendaItemId>, CalendarEntry>>,
}

impl Entries {
    /// Of an event and of the items of its agenda; of one that was called off, nothing.
    fn of(event: &event::Model, agenda: Option<&Agenda>, places: &Places) -> Result<Self, Fault> {
        let mut entries = Self {
            event: None,
            items: HashMap::new(),
        };
        if event.status.0 == EventState::Cancelled {
            return Ok(entries);
        }
        let time = event.clone().event()?.time;
        let language = event.title.0.main_language().clone();
        entries.event = Some(CalendarEntry {
            title: event.title.0.main_text().to_owned(),
            time: InvitedTime::Event(time.clone()),
            place: places.event.clone(),
            url: None,
            description: None,
        });
        let Some(agenda) = agenda else {
            return Ok(entries);
        };
        for item in agenda.items() {
            let place = agenda.takes_place(item);
            // What has no hour has no place in a calendar.
            let Some(starts_at) = place.starts_at else {
                continue;
            };
            let title = match &item.title {
                Some(title) => title.best_for(std::slice::from_ref(&language)),
                None => item.kind.label(std::slice::from_ref(&language)),
            };
            let room = place.room_id.and_then(|id| places.rooms.get(&id).cloned());
            let entry = CalendarEntry {
                title: title.to_owned(),
                time: InvitedTime::Item {
                    zone: time.zone,
                    starts_at,
                    ends_at: place.ends_at,
                },
                place: room.or_else(|| places.event.clone()),
                url: item.url.clone(),
                description: Some(event.title.0.main_text().to_owned()),
            };
            for appearance in agenda.appearances(Some(item.id)) {
                if let Appearing::Person(person) = appearance.who {
                    let theirs = entries.items.entry(person).or_default();
                    theirs.insert(Some(item.id), entry.clone());
                }
            }
        }
        Ok(entries)
    }

    fn of_person(&self, person: PersonId) -> BTreeMap<Option<AgendaItemId>, CalendarEntry> {
        let mut theirs = self.items.get(&person).cloned().unwrap_or_default();
        if let Some(entry) = &self.event {
            theirs.insert(None, entry.clone());
        }
        theirs
    }
}

impl AsJson for CalendarEntry {
    fn to_json(&self) -> JsonValue {
        let time = match &self.time {
            InvitedTime::Event(time) => json!({
                "timeZone": time.zone.as_str(),
                "startsOn": time.starts_on.write(),
                "endsOn": time.ends_on.write(),
                "dayPart": time.day_part.map(|part| part.to_string()),
                "startsAtLocal": time.starts_at.map(|at| at.write()),
                "endsAtLocal": time.ends_at.map(|at| at.write()),
            }),
            InvitedTime::Item {
                zone,
                starts_at,
                ends_at,
            } => json!({
                "timeZone": zone.as_str(),
                "startsAtLocal": starts_at.write(),
                "endsAtLocal": ends_at.map(|at| at.write()),
            }),
        };
        json!({
            "title": self.title,
            "time": time,
            "place": self.place,
            "url": self.url,
            "description": self.description,
        })
    }

    fn from_json(mut json: JsonValue) -> Option<Self> {
        let mut time = json.get_mut("time")?.take();
        let zone = text(&time, "timeZone")?.parse().ok()?;
        let starts_at = read(&mut time, "startsAtLocal")?;
        let ends_at = read(&mut time, "endsAtLocal")?;
        let time = if time.get("startsOn").is_some() {
            let day_part = match text(&time, "dayPart") {
                Some(part) => Some(part.parse().ok()?),
                None => None,
            };
            InvitedTime::Event(EventTime {
                zone,
                starts_on: read(&mut time, "startsOn")?,
                ends_on: read(&mut time, "endsOn")?,
                day_part,
                starts_at,
                ends_at,
            })
        } else {
            InvitedTime::Item {
                zone,
                starts_at: starts_at?,
                ends_at,
            }
        };
        Some(Self {
            title: text(&json, "title")?,
            time,
            place: text(&json, "place"),
            url: text(&json, "url"),
            description: text(&json, "description"),
        })
    }
}

fn text(json: &JsonValue, name: &str) -> Option<String> {
    json.get(name)?.as_str().map(str::to_owned)
}

fn read<T: Written>(json: &mut JsonValue, name: &str) -> Option<T> {
    let value = json.get_mut(name).map(JsonValue::take);
    T::read(value.unwrap_or_default())
}

impl AsJson for InvitationReply {
    fn to_json(&self) -> JsonValue {
        json!({
            "answer": self.answer.to_string(),
            "at": self.at.write(),
            "channel": self.channel.to_string(),
            "sequence": self.sequence,
            "stamp": self.stamp.map(|at| at.write()),
            "comment": self.comment,
        })
    }

    fn from_json(mut json: JsonValue) -> Option<Self> {
        Some(Self {
            answer: text(&json, "answer")?.parse().ok()?,
            at: read(&mut json, "at")?,
            channel: text(&json, "channel")?.parse().ok()?,
            sequence: i32::try_from(json.get("sequence")?.as_i64()?).ok()?,
            stamp: read(&mut json, "stamp")?,
            comment: text(&json, "comment"),
        })
    }
}
