//! What calendars show of an event: its agenda as it was published last, and what was taken from it since.

use std::collections::HashSet;

use calendar::{Entry, Feed, Organizer, Status, When};
use chrono::{DateTime, Utc};
use domain::LanguageTag;
use domain::agenda::{Agenda, AgendaItem, Track};
use domain::event::EventStatus;
use domain::id::AgendaItemId;
use persistence::EventCalendar;

/// Who convenes, in a calendar that nobody answers to: an office, at an address where there never is
/// anybody (RFC 2606). What is published has an ORGANIZER, always (RFC 5546, 3.2.1).
pub(super) fn organizer(office: &str) -> Organizer {
    Organizer {
        name: Some(office.to_owned()),
        address: "noreply@convoke.invalid".to_owned(),
        sent_by: None,
    }
}

/// The strand that an item is in, or that it has from the item that it is part of.
pub(super) fn track<'a>(agenda: &'a Agenda, item: &'a AgendaItem) -> Option<&'a Track> {
    let mut seen = HashSet::new();
    let mut next = Some(item);
    while let Some(item) = next.filter(|item| seen.insert(item.id)) {
        if let Some(track) = item.track_id {
            return agenda.track(track);
        }
        next = item.parent_id.and_then(|id| agenda.item(id));
    }
    None
}

/// An event as calendars show it. All is in its main language, whoever asks: one feed has one text.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    calendar: &'a EventCalendar,
    /// When the event was called off, if it was.
    off_at: Option<DateTime<Utc>>,
}

impl<'a> Shown<'a> {
    pub(super) fn of(calendar: &'a EventCalendar) -> Self {
        let off_at = match &calendar.event.status {
            EventStatus::Cancelled { at, .. } => Some(*at),
            EventStatus::Draft | EventStatus::Published { .. } | EventStatus::Concluded { .. } => {
                None
            }
        };
        Self { calendar, off_at }
    }

    /// The agenda that is shown, and those before, the last first.
    pub(super) fn agendas(&self) -> impl Iterator<Item = &'a Agenda> + use<'a> {
        let shown = self.calendar.shown.iter();
        let all = shown.chain(&self.calendar.before);
        all.map(|one| &*one.agenda)
    }

    /// A feed of some entries, called by the event and perhaps by what it is a part of.
    pub(super) fn feed(
        &self,
        part: Option<&str>,
        source: String,
        color: Option<&str>,
        entries: Vec<Entry>,
    ) -> Feed {
        let title = self.calendar.event.title.main_text();
        let theme = self.calendar.event.theme.as_ref();
        Feed {
            name: match part {
                Some(part) => format!("{part} · {title}"),
                None => title.to_owned(),
            },
            description: theme.map(|theme| theme.best_for(&[self.language()]).to_owned()),
            source: Some(source),
            refresh: super::REFRESH,
            color: color.and_then(|color| color.parse().ok()),
            entries,
        }
    }

    /// The entry of the event itself. SEQUENCE is its version, which every change of it raises.
    pub(super) fn whole(&self) -> Entry {
        let event = &self.calendar.event;
        let language = self.language();
        let theme = event.theme.as_ref();
        Entry {
            uid: format!("{}@convoke", event.id),
            sequence: u32::try_from(event.version).unwrap_or_default(),
            created: None,
            last_modified: self.calendar.changed_at,
            status: self.status(),
            when: When::of_event(&event.time),
            summary: event.title.main_text().to_owned(),
            description: theme
                .map(|theme| theme.best_for(std::slice::from_ref(&language)).to_owned()),
            location: self.calendar.place.clone(),
            position: None,
            url: None,
            categories: event.topics.clone(),
            conference: None,
            organizer: organizer(&self.calendar.office),
            language: Some(language),
        }
    }

    /// The entries of items that have an hour of their own; and, as cancelled, of those that stood in a
    /// version before and are gone from the agenda.
    pub(super) fn items(&self, wanted: impl Fn(&Agenda, &AgendaItem) -> bool) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut seen: HashSet<AgendaItemId> = HashSet::new();
        for (age, agenda) in self.agendas().enumerate() {
            for item in agenda.items() {
                // What is still there, elsewhere or without an hour, is no longer here, and not cancelled.
                let is_first = seen.insert(item.id);
                if is_first && item.starts_at.is_some() && wanted(agenda, item) {
                    entries.extend(self.entry(agenda, item, age > 0));
                }
            }
        }
        entries
    }

    /// The entry of one item, if it is or was on the agenda and has an hour, be it that of the item that
    /// it is part of.
    pub(super) fn item(&self, id: AgendaItemId) -> Option<Entry> {
        let agendas = self.agendas().enumerate();
        let mut found = agendas.filter_map(|(age, agenda)| Some((age, agenda, agenda.item(id)?)));
        let (age, agenda, item) = found.next()?;
        self.entry(agenda, item, age > 0)
    }

    /// SEQUENCE is the number of the version that is shown: it never goes back, and stands still until
    /// the next. An event that is called off has no next; it raises all by one.
    fn entry(&self, agenda: &Agenda, item: &AgendaItem, is_gone: bool) -> Option<Entry> {
        let version = &self.calendar.shown.as_ref()?.version;
        let place = agenda.takes_place(item);
        let zone = agenda.event().time.zone;
        let when = When::of_item(zone, place.starts_at, place.ends_at)?;
        let language = self.language();
        let wished = std::slice::from_ref(&language);
        let title = match &item.title {
            Some(title) => title.best_for(wished),
            None => item.kind.label(wished),
        };
        let room = place.room_id.and_then(|id| agenda.room(id)).map(|room| {
            let venue = room.venue_id.and_then(|id| self.calendar.venues.get(&id));
            match venue {
                Some(venue) => format!("{}, {venue}", room.name),
                None => room.name.clone(),
            }
        });
        let track = track(agenda, item);
        let number = version
            .number
            .saturating_add(i32::from(self.off_at.is_some()));
        Some(Entry {
            uid: format!("{}@convoke", item.id),
            sequence: u32::try_from(number).unwrap_or_default(),
            created: None,
            last_modified: self.off_at.unwrap_or_default().max(version.published_at),
            status: if is_gone {
                Status::Cancelled
            } else {
                self.status()
            },
            when,
            summary: title.to_owned(),
            description: described(agenda, item, wished),
            location: room.or_else(|| self.calendar.place.clone()),
            position: None,
            url: item.url.clone(),
            categories: track.iter().map(|track| track.name.clone()).collect(),
            conference: None,
            organizer: organizer(&self.calendar.office),
            language: Some(language),
        })
    }

    fn status(&self) -> Status {
        match self.off_at {
            Some(_) => Status::Cancelled,
            None => Status::Confirmed,
        }
    }

    fn language(&self) -> LanguageTag {
        self.calendar.event.title.main_language().clone()
    }
}

/// What stands below the title, who appears, and what it is about, each a paragraph.
fn described(agenda: &Agenda, item: &AgendaItem, wished: &[LanguageTag]) -> Option<String> {
    let subtitle = item.subtitle.as_ref().map(|text| text.best_for(wished));
    let summary = item.summary.as_ref().map(|text| text.best_for(wished));
    let who: Vec<_> = agenda
        .appearances(Some(item.id))
        .iter()
        .map(|one| one.printed_name.as_str())
        .collect();
    let who = (!who.is_empty()).then(|| who.join("\n"));
    let parts = [subtitle, who.as_deref(), summary];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}
