//! An event of a schedule as an item of an agenda.

use std::collections::{BTreeMap, BTreeSet};

use domain::Key;
use domain::agenda::AgendaItemKind;
use domain::event_document::ItemEntry;
use domain::link::Link;
use domain::text::LINE;

use super::language_of;
use super::people::People;
use super::places::Places;
use super::texts::Texts;
use super::when::Times;
use crate::schedule::oddity::{OddityKind, Place, quoted};
use crate::schedule::url::{Address, address};
use crate::schedule::{self, Conference, Event, key, kind};

/// Where an item comes from.
pub(super) struct Source {
    /// What the schedule calls the event.
    pub(super) id: String,
    /// Where it stands.
    pub(super) place: Place,
}

/// The items so far.
#[derive(Default)]
pub(super) struct Items {
    list: Vec<(Source, ItemEntry)>,
    used: BTreeSet<Key>,
    /// The numbers by which doubles are told apart.
    numbers: BTreeMap<String, u32>,
}

impl Event {
    /// What the schedule calls it: its guid, else its id, slug or title.
    pub(super) fn name(&self) -> Option<String> {
        let title = self.title.first().map(|title| &title.text);
        let named = [&self.guid, &self.id, &self.slug].into_iter().flatten();
        let short = |name: &String| name.chars().take(80).collect();
        named.chain(title).next().map(short)
    }
}

impl Items {
    /// Makes an item of an event.
    pub(super) fn add(
        &mut self,
        event: &Event,
        time: Times,
        places: &Places,
        people: &mut People,
        texts: &mut Texts,
        conference: &Conference,
    ) {
        let id = event.name();
        let id = id.as_deref();
        let place = &event.place;
        let all = texts.language.clone();
        let (language, tongue) = language_of(event.language.as_deref(), &all);
        if let (Some(written), None) = (&event.language, &language) {
            let message = format!("the language {} is no tag", quoted(written));
            texts
                .oddities
                .add(OddityKind::NotALanguage, place, id, message);
        }
        let title = texts.localized(&event.title, &tongue, LINE, place, id);
        if title.is_none() {
            let message = "has no title";
            texts
                .oddities
                .add(OddityKind::TitleMissing, place, id, message);
        }
        let kind = item_kind(event, texts);
        let base = conference.base_url.as_deref();
        // There is always a key: at the worst a number.
        let Some(key) = self.key(event, time, texts) else {
            return;
        };
        let item = ItemEntry {
            key,
            kind,
            title,
            subtitle: texts.localized(&event.subtitle, &tongue, LINE, place, id),
            summary: texts.passage(&event.summary, &event.description, &tongue, place, id),
            language,
            starts_at: time.starts_at,
            ends_at: time.ends_at,
            room: room(event, places, texts),
            track: event.track.as_deref().and_then(Places::track_named),
            expected_audience: None,
            url: event
                .url
                .as_deref()
                .and_then(|url| web_address(url, base, place, id, texts)),
            links: links(&event.links, base, id, texts),
            attachments: links(&event.attachments, base, id, texts),
            appearances: people.appearances(event, kind, texts),
            releases: Vec::new(),
            awards: Vec::new(),
            resolutions: Vec::new(),
            items: Vec::new(),
        };
        let source = Source {
            id: id.map_or_else(|| item.key.to_string(), ToOwned::to_owned),
            place: place.clone(),
        };
        self.list.push((source, item));
    }

    /// The key: guid, else id, else what there is. Of several events with one key, the later ones
    /// are told from the first by what they have besides.
    fn key(&mut self, event: &Event, time: Times, texts: &mut Texts) -> Option<Key> {
        let guid = event.guid.as_deref().and_then(key::of_guid);
        let id = event.id.as_deref().and_then(key::of_id);
        if guid.is_none() && id.is_none() {
            let message = "has neither guid nor id";
            let (kind, name) = (OddityKind::IdMissing, event.name());
            texts
                .oddities
                .add(kind, &event.place, name.as_deref(), message);
        }
        let slug = event.slug.as_deref().and_then(key::of_id);
        let title = event
            .title
            .first()
            .and_then(|title| key::of_name(&title.text));
        let first = guid.clone().or_else(|| id.clone()).or(slug).or(title);
        let wanted = first.map_or_else(|| "event".to_owned(), |key| key.to_string());
        let with_time = time
            .starts_at
            .map(|at| format!("{wanted}@{}", at.format("%Y-%m-%dT%H:%M")));
        let number = self.numbers.get(&wanted).copied().unwrap_or(2);
        let numbered = (number..).map(|number| format!("{wanted}#{number}"));
        let alternatives = guid.and(id).map(|id| id.to_string()).into_iter();
        let alternatives = alternatives.chain(with_time).chain(numbered);
        let mut candidates = std::iter::once(wanted.clone()).chain(alternatives);
        let key = candidates.find_map(|candidate| {
            // From the end, where it is too long.
            let surplus = candidate.chars().count().saturating_sub(domain::text::KEY);
            let candidate: String = candidate.chars().skip(surplus).collect();
            let key: Key = candidate.parse().ok()?;
            self.used.insert(key.clone()).then_some(key)
        });
        let key = key?;
        // The next one need not try all numbers again.
        self.numbers.insert(wanted.clone(), number + 1);
        if key.as_str() != wanted && (event.guid.is_some() || event.id.is_some()) {
            let message = format!(
                "there is an event {} already: this one is {}",
                quoted(&wanted),
                quoted(key.as_str())
            );
            let (kind, name) = (OddityKind::DuplicateId, event.name());
            texts
                .oddities
                .add(kind, &event.place, name.as_deref(), message);
        }
        Some(key)
    }

    /// The items by when they begin, then by their rooms; those without a time come last.
    pub(super) fn sorted(self, places: &Places) -> Vec<(Source, ItemEntry)> {
        let mut items = self.list;
        let order = places.order();
        items.sort_by_cached_key(|(_, item)| {
            let room = item.room.as_ref().and_then(|key| order.get(key));
            let room = room.copied().unwrap_or(usize::MAX);
            (item.starts_at.is_none(), item.starts_at, room)
        });
        items
    }
}

fn item_kind(event: &Event, texts: &mut Texts) -> AgendaItemKind {
    let Some(written) = event.kind.as_deref() else {
        return AgendaItemKind::Talk;
    };
    kind::item(written).unwrap_or_else(|| {
        let message = format!("events of the type {} are taken for talks", quoted(written));
        texts
            .oddities
            .tally(OddityKind::TypeUnknown, &event.place, message);
        AgendaItemKind::Talk
    })
}

/// The room: the one that the event names, else the one that it stands in.
fn room(event: &Event, places: &Places, texts: &mut Texts) -> Option<Key> {
    let own = event.room.as_deref().and_then(|name| places.room(name));
    let around = event.in_room.as_deref().and_then(|name| places.room(name));
    let name = event.name();
    if own.is_none() && around.is_none() {
        let (kind, message) = (OddityKind::OutsideRoom, "stands in no room");
        texts
            .oddities
            .add(kind, &event.place, name.as_deref(), message);
    } else if event.in_room.is_none() && event.day.is_some() {
        let message = "stands in no room of its day, but names one";
        let kind = OddityKind::OutsideRoom;
        texts
            .oddities
            .add(kind, &event.place, name.as_deref(), message);
    }
    if let (Some(own), Some(around)) = (&own, &around)
        && own != around
    {
        let message = format!(
            "stands in the room {}, but names {}",
            quoted(event.in_room.as_deref().unwrap_or_default()),
            quoted(event.room.as_deref().unwrap_or_default())
        );
        let kind = OddityKind::RoomsDiffer;
        texts
            .oddities
            .add(kind, &event.place, name.as_deref(), message);
    }
    own.or(around)
}

fn links(
    written: &[schedule::Link],
    base: Option<&str>,
    event: Option<&str>,
    texts: &mut Texts,
) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for link in written {
        let Some(url) = &link.url else { continue };
        let Some(url) = web_address(url, base, &link.place, event, texts) else {
            continue;
        };
        let mut said = |text: &Option<String>| {
            let text = text.as_deref()?;
            texts.line(text, &link.place, event)
        };
        let link = Link {
            url,
            title: said(&link.title),
            kind: said(&link.kind),
        };
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

fn web_address(
    written: &str,
    base: Option<&str>,
    place: &Place,
    event: Option<&str>,
    texts: &mut Texts,
) -> Option<String> {
    let found = address(written, base);
    let (kind, message, url) = match found {
        Address::Sound(url) if url.chars().count() <= LINE => return Some(url),
        Address::Mended(url) if url.chars().count() <= LINE => {
            let message = format!("the address {} was made {}", quoted(written), quoted(&url));
            (OddityKind::UrlMended, message, Some(url))
        }
        Address::Sound(_) | Address::Mended(_) | Address::Unreadable => {
            let message = format!("{} is no web address", quoted(written));
            (OddityKind::UrlUnreadable, message, None)
        }
    };
    texts.oddities.add(kind, place, event, message);
    url
}
