//! Event documents at random, as wild as the domain allows, for property tests.

mod agenda;
mod directory;
mod follow_up;
mod participation;
mod text;
mod tidy;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use domain::availability::{Availability, Window};
use domain::event_document::{EventDocument, SeriesEntry};
use domain::time::{EventTime, TimeZone};
use domain::{Key, Word};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A document in which [`domain::event_document::check`] finds nothing wrong.
pub fn event_document() -> impl Strategy<Value = EventDocument> {
    pools()
        .prop_flat_map(|pools| document(&pools))
        .prop_map(tidy::tidy)
}

/// Two documents of one event, with some keys in common.
pub fn two_of_one_event() -> impl Strategy<Value = (EventDocument, EventDocument)> {
    (event_document(), event_document()).prop_map(|(one, other)| {
        let other = EventDocument {
            key: one.key.clone(),
            parent: None,
            ..other
        };
        (
            EventDocument {
                parent: None,
                ..one
            },
            other,
        )
    })
}

/// The keys that a document defines, and the days that it lasts.
#[derive(Debug, Clone)]
struct Pools {
    venues: Vec<Key>,
    rooms: Vec<Key>,
    organizations: Vec<Key>,
    people: Vec<Key>,
    groups: Vec<Key>,
    tracks: Vec<Key>,
    letters: Vec<Key>,
    time: EventTime,
}

fn pools() -> impl Strategy<Value = Pools> {
    let places = (text::keys(0..3), text::keys(0..4));
    let parties = (text::keys(0..6), text::keys(0..6), text::keys(0..4));
    let others = (text::keys(0..3), text::keys(0..5));
    (places, parties, others, event_time()).prop_map(|(places, parties, others, time)| Pools {
        // Rooms need a venue to be in.
        rooms: if places.0.is_empty() {
            Vec::new()
        } else {
            places.1
        },
        venues: places.0,
        organizations: parties.0,
        people: parties.1,
        groups: parties.2,
        tracks: others.0,
        letters: others.1,
        time,
    })
}

fn document(pools: &Pools) -> BoxedStrategy<EventDocument> {
    let head = (
        text::slug(),
        (option::of(word()), option::of(word()), option::of(word())),
        option::of(text::passage()),
        (
            text::localized(text::line().boxed()),
            vec(text::line(), 0..3),
        ),
        (
            option::of(text::localized(text::passage().boxed())),
            vec(text::line(), 0..3),
        ),
        option::of(text::line()),
        (maybe(&pools.venues), maybe(&pools.rooms)),
        (option::of(1..=i32::MAX), option::of(0..=240)),
        option::of(text::slug()),
        option::of((text::key(), text::localized(text::line().boxed()))),
    );
    let directory = (
        directory::venues(pools),
        directory::organizations(pools),
        directory::people(pools),
    );
    let participation = (
        participation::roles(pools),
        participation::groups(pools),
        participation::participants(pools),
        agenda::appearances(pools),
    );
    let happening = (
        agenda::tracks(pools),
        agenda::items(pools),
        agenda::releases(),
        agenda::awards(pools),
        agenda::resolutions(),
    );
    let after = (
        follow_up::letters(pools),
        follow_up::action_items(pools),
        follow_up::reports(),
    );
    let time = pools.time.clone();
    (head, directory, participation, happening, after)
        .prop_map(move |(head, directory, participation, happening, after)| {
            let (key, (kind, status, visibility), cancellation_reason, title, theme, ..) =
                head.clone();
            let (.., locality, place, capacity, parent, series) = head;
            EventDocument {
                key,
                kind,
                status,
                cancellation_reason,
                visibility,
                title: title.0,
                alternative_titles: title.1,
                theme: theme.0,
                topics: theme.1,
                locality,
                time: time.clone(),
                venue: place.0,
                room: place.1,
                capacity: capacity.0,
                room_change_minutes: capacity.1,
                parent,
                series: series.map(|(key, title)| SeriesEntry { key, title }),
                venues: directory.0,
                organizations: directory.1,
                people: directory.2,
                roles: participation.0,
                groups: participation.1,
                participants: participation.2,
                appearances: participation.3,
                tracks: happening.0,
                agenda: happening.1,
                releases: happening.2,
                awards: happening.3,
                resolutions: happening.4,
                letters: after.0,
                action_items: after.1,
                reports: after.2,
            }
        })
        .boxed()
}

fn event_time() -> impl Strategy<Value = EventTime> {
    let zone = select(vec![
        "Asia/Shanghai",
        "Europe/Berlin",
        "UTC",
        "America/St_Johns",
    ]);
    let zone = zone.prop_filter_map("a zone", |name| name.parse::<TimeZone>().ok());
    let times = option::of((clock(), option::of((0_u64..2, clock()))));
    (zone, date(), 0_u64..3, option::of(word()), times).prop_map(
        |(zone, first, more, day_part, times)| {
            let last = later(first, more);
            let starts_at = times.as_ref().map(|(start, _)| first.and_time(*start));
            let ends_at = times
                .and_then(|(_, end)| end)
                .map(|(past, end)| later(last, past).and_time(end));
            EventTime {
                zone,
                starts_on: first,
                ends_on: last,
                day_part,
                starts_at,
                ends_at: ends_at.filter(|end| starts_at.is_some_and(|start| start <= *end)),
            }
        },
    )
}

/// A beginning and an end, as far as they are known, in the days of an event or a little off them.
fn span(
    time: &EventTime,
) -> impl Strategy<Value = (Option<NaiveDateTime>, Option<NaiveDateTime>)> + use<> {
    let first = time.starts_on;
    let moment =
        move || (0_u64..3, clock()).prop_map(move |(day, clock)| later(first, day).and_time(clock));
    option::of((moment(), option::of(moment()))).prop_map(|span| match span {
        None => (None, None),
        Some((start, end)) => (Some(start), end.filter(|end| start <= *end)),
    })
}

/// Windows as they are kept, in the days of an event or a little off them.
fn windows(time: &EventTime) -> impl Strategy<Value = Vec<Window>> + use<> {
    let first = time.starts_on;
    let moment =
        move || (0_u64..3, clock()).prop_map(move |(day, clock)| later(first, day).and_time(clock));
    vec((moment(), moment()), 0..3).prop_map(|pairs| {
        let windows = pairs.into_iter().map(|(one, other)| Window {
            starts_at: one.min(other),
            ends_at: one.max(other),
        });
        let windows = windows.filter(|window| window.starts_at < window.ends_at);
        let availability = Availability::new(windows.collect()).unwrap_or_default();
        availability.windows().to_vec()
    })
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0_u64..100_000).prop_map(|days| {
        later(
            NaiveDate::from_ymd_opt(1901, 1, 1).unwrap_or_default(),
            days,
        )
    })
}

/// Two days in order, either of which may be unknown.
fn term() -> impl Strategy<Value = (Option<NaiveDate>, Option<NaiveDate>)> {
    (option::of(date()), option::of(date())).prop_map(|(since, until)| match (since, until) {
        (Some(since), Some(until)) if until < since => (Some(until), Some(since)),
        term => term,
    })
}

fn clock() -> impl Strategy<Value = NaiveTime> {
    let seconds = prop_oneof![3 => Just(0_u32), 1 => 0..60_u32];
    (0..24_u32, 0..60_u32, seconds).prop_map(|(hour, minute, second)| {
        NaiveTime::from_hms_opt(hour, minute, second).unwrap_or_default()
    })
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// Any word of a closed set.
fn word<T: Word>() -> impl Strategy<Value = T> {
    select(T::ALL)
}

/// One of the keys, or none.
fn maybe(keys: &[Key]) -> BoxedStrategy<Option<Key>> {
    if keys.is_empty() {
        Just(None).boxed()
    } else {
        option::of(select(keys.to_vec())).boxed()
    }
}

/// Some of the keys, each once, in any order.
fn some(keys: &[Key]) -> BoxedStrategy<Vec<Key>> {
    if keys.is_empty() {
        return Just(Vec::new()).boxed();
    }
    let keys = keys.to_vec();
    vec(any::<Index>(), 0..3)
        .prop_map(move |places| {
            let mut some: Vec<Key> = Vec::new();
            for place in places {
                let key = place.get(&keys);
                if !some.contains(key) {
                    some.push(key.clone());
                }
            }
            some
        })
        .boxed()
}
