//! Small agendas of every shape, for tests: whole ones, and two versions of one.

use std::collections::{BTreeMap, HashMap};

use proptest::collection::{hash_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use super::{Agenda, AgendaItem, AgendaItemKind, AgendaParts, Track};
use crate::appearance::{Appearance, AppearanceRole, Appearing};
use crate::availability::{Availability, Window};
use crate::award::{Award, AwardRecipient};
use crate::event::Event;
use crate::id::PersonId;
use crate::link::Link;
use crate::organization::{Organization, Party};
use crate::participant::ParticipantGroup;
use crate::person::Person;
use crate::release::Release;
use crate::text::LocalizedText;
use crate::time::EventTime;
use crate::venue::Room;
use crate::{Id, LanguageTag};

/// How many items an agenda has at most.
const ITEMS: usize = 10;

/// The id of the thing with this number.
pub(super) fn id<K>(number: usize) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(number as u128 + 1))
}

/// An event that goes by the clocks of this zone.
pub(super) fn event(zone: &str) -> Event {
    let day = "2024-01-15".parse().unwrap();
    let time = EventTime {
        zone: zone.parse().unwrap(),
        starts_on: day,
        ends_on: day,
        day_part: None,
        starts_at: None,
        ends_at: None,
    };
    Event::draft(id(0), id(0), time)
}

/// An item of the top level, without anything.
pub(super) fn item(number: usize, position: i32) -> AgendaItem {
    AgendaItem {
        position,
        ..AgendaItem::unknown(id(number), id(0))
    }
}

/// That a person speaks.
pub(super) fn speaker(number: usize, item: Option<usize>, person: usize) -> Appearance {
    Appearance {
        id: id(number),
        event_id: id(0),
        version: 1,
        item_id: item.map(id),
        role: AppearanceRole::Speaker,
        position: 0,
        who: Appearing::Person(id(person)),
        on_behalf_of: None,
        printed_name: "A. Lovelace".to_owned(),
        printed_posts: Vec::new(),
    }
}

/// An agenda of items and those who appear on them.
pub(super) fn agenda(items: Vec<AgendaItem>, appearances: Vec<Appearance>) -> Agenda {
    Agenda::new(AgendaParts {
        event: event("Europe/London"),
        items,
        tracks: Vec::new(),
        rooms: Vec::new(),
        appearances,
        groups: Vec::new(),
        releases: Vec::new(),
        awards: Vec::new(),
        people: Vec::new(),
        organizations: Vec::new(),
        availability: HashMap::new(),
    })
}

fn text(word: &str) -> LocalizedText {
    LocalizedText::single(LanguageTag::undetermined(), word)
}

fn version() -> impl Strategy<Value = i32> {
    1..3
}

fn events() -> impl Strategy<Value = Event> {
    let zone = select(vec!["UTC", "Europe/London", "Asia/Shanghai"]);
    let minutes = option::of(select(vec![0, 15]));
    let title = select(vec!["a", "b"]);
    (zone, version(), version(), title, minutes).prop_map(
        |(zone, version, agenda_revision, title, room_change_minutes)| Event {
            version,
            agenda_revision,
            title: text(title),
            room_change_minutes,
            ..event(zone)
        },
    )
}

/// Items under any others: strangers and circles included.
fn items() -> impl Strategy<Value = Vec<AgendaItem>> {
    // In London, clocks show the time of UTC in January, and another in July.
    let times = [
        "2024-01-15T09:00:00",
        "2024-01-15T10:00:00",
        "2024-07-15T09:00:00",
    ];
    let times = times.map(|time| time.parse().unwrap());
    let time = option::of(select(times.to_vec()));
    let words = || option::of(select(vec!["a", "b"]).prop_map(text));
    let place = (
        option::of((0..ITEMS).prop_map(id)),
        0..5,
        time.clone(),
        time,
        option::of((0usize..2).prop_map(id)),
        option::of((0usize..2).prop_map(id)),
    );
    let kind = select(vec![AgendaItemKind::Talk, AgendaItemKind::Speech]);
    let links = || {
        vec(
            Just(Link {
                url: "https://example.org".to_owned(),
                title: None,
                kind: None,
            }),
            0..2,
        )
    };
    let told = (kind, words(), words(), words(), links(), links(), version());
    let audience = option::of(1..5);
    let item = (any::<bool>(), place, told, audience).prop_map(|(there, place, told, audience)| {
        let (parent_id, position, starts_at, ends_at, room_id, track_id) = place;
        let (kind, title, subtitle, summary, links, attachments, version) = told;
        there.then(|| AgendaItem {
            version,
            external_id: (version == 2).then(|| "key".parse().unwrap()),
            kind,
            title,
            subtitle,
            summary,
            language: (position == 0).then(LanguageTag::undetermined),
            parent_id,
            position,
            starts_at,
            ends_at,
            room_id,
            track_id,
            expected_audience: audience,
            url: (position == 1).then(|| "https://example.org/1".to_owned()),
            links,
            attachments,
            ..AgendaItem::unknown(id(0), id(0))
        })
    });
    numbered(item, ITEMS, |item, number| item.id = id(number))
}

fn appearances() -> impl Strategy<Value = Vec<Appearance>> {
    let who = prop_oneof![
        3 => (0usize..4).prop_map(|number| Appearing::Person(id(number))),
        1 => (0usize..2).prop_map(|number| Appearing::Organization(id(number))),
        1 => (0usize..2).prop_map(|number| Appearing::Group(id(number))),
    ];
    let role = select(vec![AppearanceRole::Speaker, AppearanceRole::Chair]);
    let post = select(vec!["dean", "rector"]).prop_map(str::to_owned);
    let appearance = (
        any::<bool>(),
        option::of((0..ITEMS).prop_map(id)),
        (role, 0..4, who, option::of(party()), vec(post, 0..2)),
        (select(vec!["a", "b"]), version()),
    );
    let appearance = appearance.prop_map(|(there, item_id, does, (name, version))| {
        let (role, position, who, on_behalf_of, printed_posts) = does;
        there.then(|| Appearance {
            version,
            item_id,
            role,
            position,
            who,
            on_behalf_of,
            printed_name: name.to_owned(),
            printed_posts,
            ..speaker(0, None, 0)
        })
    });
    numbered(appearance, 16, |one, number| one.id = id(number))
}

fn party() -> impl Strategy<Value = Party> {
    prop_oneof![
        (0usize..4).prop_map(|number| Party::Person(id(number))),
        (0usize..2).prop_map(|number| Party::Organization(id(number))),
    ]
}

fn releases() -> impl Strategy<Value = Vec<Release>> {
    let release = (any::<bool>(), option::of(0..ITEMS), 0..3, version());
    let release = release.prop_map(|(there, item, position, version)| {
        there.then(|| Release {
            version,
            item_id: item.map(id),
            title: text(if position == 0 { "a" } else { "b" }),
            ..Release::unknown(id(0), id(0), position)
        })
    });
    numbered(release, 5, |one, number| one.id = id(number))
}

fn awards() -> impl Strategy<Value = Vec<Award>> {
    let recipient = (party(), version());
    let award = (
        (any::<bool>(), option::of(0..ITEMS), 0..3, version()),
        vec((0usize..2).prop_map(id), 0..2),
        vec(recipient, 0..3),
    );
    let award = award.prop_map(|((there, item, position, version), grantors, got)| {
        let recipients = got.into_iter().enumerate();
        let recipients = recipients.map(|(number, (recipient, version))| AwardRecipient {
            id: id(number),
            version,
            award_id: id(0),
            recipient,
            position: i32::try_from(number).unwrap(),
        });
        there.then(|| Award {
            version,
            item_id: item.map(id),
            grantors,
            recipients: recipients.collect(),
            ..Award::unknown(id(0), id(0), position)
        })
    });
    numbered(award, 4, |one, number| one.id = id(number))
}

/// Up to `most` things, each of which may be there or not, with its number as its id.
fn numbered<T: std::fmt::Debug>(
    thing: impl Strategy<Value = Option<T>>,
    most: usize,
    number: impl Fn(&mut T, usize),
) -> impl Strategy<Value = Vec<T>> {
    vec(thing, most).prop_map(move |things| {
        let things = things.into_iter().enumerate();
        let there = things.filter_map(|(place, thing)| {
            let mut thing = thing?;
            number(&mut thing, place);
            Some(thing)
        });
        there.collect()
    })
}

/// Things of the directory, or strands and rooms: what matters is whether they are there, what
/// they are called, and where they stand in their list.
fn named<T: std::fmt::Debug>(
    make: impl Fn(usize, i32, &'static str, i32) -> T,
) -> impl Strategy<Value = Vec<T>> {
    let thing = (any::<bool>(), 0..2, select(vec!["a", "b"]), version());
    vec(thing, 3).prop_map(move |things| {
        let things = things.into_iter().enumerate();
        things
            .filter(|(_, (there, ..))| *there)
            .map(|(number, (_, position, name, version))| make(number, position, name, version))
            .collect()
    })
}

fn tracks() -> impl Strategy<Value = Vec<Track>> {
    named(|number, position, name, version| Track {
        version,
        name: name.to_owned(),
        ..Track::unknown(id(number), id(0), position)
    })
}

fn rooms() -> impl Strategy<Value = Vec<Room>> {
    let rooms = named(|number, position, name, version| Room {
        version,
        name: name.to_owned(),
        ..Room::unknown(id(number), id(0), id(0), position)
    });
    (rooms, vec(windows(), 3)).prop_map(|(mut rooms, windows)| {
        for (room, availability) in rooms.iter_mut().zip(windows) {
            room.availability = availability;
        }
        rooms
    })
}

/// When someone is there, or a room can be used: often always.
fn windows() -> impl Strategy<Value = Availability> {
    let day: chrono::NaiveDate = "2024-01-15".parse().unwrap();
    let at = move |quarters: u32| day.and_hms_opt(9 + quarters / 4, quarters % 4 * 15, 0);
    let window = (0u32..8, 1u32..8).prop_map(move |(start, length)| Window {
        starts_at: at(start).unwrap(),
        ends_at: at(start + length).unwrap(),
    });
    vec(window, 0..3).prop_map(|windows| Availability::new(windows).unwrap())
}

fn availability() -> impl Strategy<Value = HashMap<PersonId, Availability>> {
    hash_map((0usize..4).prop_map(id), windows(), 0..4)
}

fn groups() -> impl Strategy<Value = Vec<ParticipantGroup>> {
    named(|number, position, name, version| ParticipantGroup {
        version,
        description: name.to_owned(),
        ..ParticipantGroup::unknown(id(number), id(0), position)
    })
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    named(|number, _, name, version| Person {
        version,
        name: name.to_owned(),
        ..Person::unknown(id(number), id(0))
    })
}

fn organizations() -> impl Strategy<Value = Vec<Organization>> {
    named(|number, _, name, version| Organization {
        version,
        name: text(name),
        ..Organization::unknown(id(number), id(0))
    })
}

/// All that an agenda is made of.
pub(super) fn wholes() -> impl Strategy<Value = AgendaParts> {
    let first = (events(), items(), tracks(), rooms(), appearances());
    let second = (groups(), releases(), awards(), people(), organizations());
    (first, second, availability()).prop_map(|(first, second, availability)| {
        let (event, items, tracks, rooms, appearances) = first;
        let (groups, releases, awards, people, organizations) = second;
        AgendaParts {
            event,
            items,
            tracks,
            rooms,
            appearances,
            groups,
            releases,
            awards,
            people,
            organizations,
            availability,
        }
    })
}

/// Two versions of one agenda, from those with nothing in common to those that hardly differ.
pub(super) fn versions() -> impl Strategy<Value = (Agenda, Agenda)> {
    let kept = select(vec![0.0, 0.5, 0.9, 0.98])
        .prop_flat_map(|share| vec(prop::bool::weighted(share), 64));
    (wholes(), wholes(), kept).prop_map(|(older, fresh, kept)| {
        let mut kept = kept.into_iter().cycle();
        let kept = &mut kept;
        let newer = AgendaParts {
            event: if kept.next() == Some(true) {
                older.event.clone()
            } else {
                fresh.event
            },
            items: mixed(&older.items, fresh.items, kept, |one| one.id),
            tracks: mixed(&older.tracks, fresh.tracks, kept, |one| one.id),
            rooms: mixed(&older.rooms, fresh.rooms, kept, |one| one.id),
            appearances: mixed(&older.appearances, fresh.appearances, kept, |one| one.id),
            groups: mixed(&older.groups, fresh.groups, kept, |one| one.id),
            releases: mixed(&older.releases, fresh.releases, kept, |one| one.id),
            awards: mixed(&older.awards, fresh.awards, kept, |one| one.id),
            people: mixed(&older.people, fresh.people, kept, |one| one.id),
            organizations: mixed(&older.organizations, fresh.organizations, kept, |one| {
                one.id
            }),
            availability: if kept.next() == Some(true) {
                older.availability.clone()
            } else {
                fresh.availability
            },
        };
        (Agenda::new(older), Agenda::new(newer))
    })
}

/// Of each thing, what was, its absence included, or what is drawn afresh.
fn mixed<T: Clone, K: Ord>(
    older: &[T],
    fresh: Vec<T>,
    kept: &mut impl Iterator<Item = bool>,
    id: impl Fn(&T) -> K,
) -> Vec<T> {
    let mut pairs: BTreeMap<K, (Option<T>, Option<T>)> = BTreeMap::new();
    for thing in older {
        pairs.entry(id(thing)).or_default().0 = Some(thing.clone());
    }
    for thing in fresh {
        let pair = pairs.entry(id(&thing)).or_default();
        pair.1 = Some(thing);
    }
    pairs
        .into_values()
        .filter_map(|(before, after)| if kept.next()? { before } else { after })
        .collect()
}
