//! What holds for every schedule, and for every text that is none.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::writer;
use crate::schedule::{
    Choices, Conference, Day, Event, Format, Link, Oddities, Person, Place, Room, Schedule, Text,
    Track, import, lower, read,
};

/// Text as it can stand in a schedule, without blanks at its ends.
fn text() -> impl Strategy<Value = String> {
    "[!-~é中][ -~é中😀]{0,12}[!-~é中]".prop_filter("no tags", |text| !text.contains('<'))
}

fn one_text() -> impl Strategy<Value = Vec<Text>> {
    option::of(text()).prop_map(|text| text.into_iter().map(Text::plain).collect())
}

fn conference() -> impl Strategy<Value = Conference> {
    let texts = (text(), one_text(), one_text(), option::of(text()));
    let times = (
        option::of(select(vec![
            "2024-02-03",
            "2024-02-03T09:00:00+01:00",
            "soon",
        ])),
        option::of(select(vec!["2024-02-04", "2024-02-05T04:00:00+01:00"])),
        option::of(select(vec!["04:00", "09:00:00", "never"])),
        option::of(select(vec!["Europe/Brussels", "UTC", "Mars/Olympus"])),
    );
    let places = (
        option::of(text()),
        option::of(text()),
        option::of(Just("https://example.org/2024/")),
        option::of(select(vec!["en", "de", "englisch!"])),
    );
    (texts, times, places).prop_map(|(texts, times, places)| Conference {
        title: vec![Text::plain(texts.0)],
        subtitle: texts.1,
        description: texts.2,
        acronym: texts.3,
        start: times.0.map(str::to_owned),
        end: times.1.map(str::to_owned),
        day_change: times.2.map(str::to_owned),
        time_zone: times.3.map(str::to_owned),
        languages: places.3.map(str::to_owned).into_iter().collect(),
        venue: places.0,
        city: places.1,
        base_url: places.2.map(str::to_owned),
        keywords: Vec::new(),
    })
}

fn person() -> impl Strategy<Value = Person> {
    let ids = (
        option::of("[1-9]"),
        option::of(select(vec!["qNx4Wg==", "guid-2"])),
    );
    let role = option::of(select(vec!["speaker", "moderator", "juggler"]));
    (ids, option::weighted(0.9, text()), role).prop_map(|(ids, name, role)| Person {
        id: ids.0,
        guid: ids.1.map(str::to_owned),
        name,
        role: role.map(str::to_owned),
        place: Place::Whole,
    })
}

fn links() -> impl Strategy<Value = Vec<Link>> {
    let url = select(vec!["https://example.org/a?b&c", "/a.pdf", "nowhere:"]);
    let link = (url, option::of(text()), option::of(text()));
    let link = link.prop_map(|(url, title, kind)| Link {
        url: Some(url.to_owned()),
        title,
        kind,
        place: Place::Whole,
    });
    vec(link, 0..3)
}

fn event(days: usize, rooms: Vec<String>) -> impl Strategy<Value = Event> {
    let ids = (
        option::of("[1-9]"),
        option::of("[a-c]"),
        option::of("[a-z]{3}"),
    );
    let when = (
        0..days,
        option::of(select(vec![
            "2024-02-03T10:00:00+01:00",
            "2024-02-04T01:30:00",
            "yesterday",
        ])),
        option::of(select(vec!["10:00", "01:30", "noon"])),
        option::of(select(vec!["00:30", "1:02:30", "long"])),
    );
    let texts = (one_text(), one_text(), one_text(), one_text());
    let words = (
        option::of(text()),
        option::of(select(vec!["lecture", "keynote", "juggling"])),
        option::of(select(vec!["en", "de-AT", "klingon"])),
        option::of(select(vec!["https://example.org/1", "1"])),
    );
    let contents = (vec(person(), 0..3), links(), links());
    (ids, when, any::<Index>(), texts, words, contents).prop_map(
        move |(ids, when, room, texts, words, contents)| {
            let room = room.get(&rooms).clone();
            Event {
                id: ids.0,
                guid: ids.1,
                slug: ids.2,
                day: Some(when.0),
                in_room: Some(room.clone()),
                room: Some(room),
                date: when.1.map(str::to_owned),
                start: when.2.map(str::to_owned),
                end: None,
                duration: when.3.map(str::to_owned),
                title: texts.0,
                subtitle: texts.1,
                summary: texts.2,
                description: texts.3,
                track: words.0,
                kind: words.1.map(str::to_owned),
                language: words.2.map(str::to_owned),
                url: words.3.map(str::to_owned),
                persons: contents.0,
                links: contents.1,
                attachments: contents.2,
                place: Place::Whole,
            }
        },
    )
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let day = |number: usize| Day {
        index: Some((number + 1).to_string()),
        date: Some(format!("2024-02-0{}", 3 + number)),
        start: None,
        end: Some(format!("2024-02-0{}T04:00:00+01:00", 4 + number)),
        place: Place::Whole,
    };
    let days = (1_usize..3).prop_map(move |count| (0..count).map(day).collect::<Vec<_>>());
    let rooms = prop::collection::btree_map(text(), option::of("[a-f0-9]{4}"), 1..4);
    (
        conference(),
        days,
        rooms,
        vec((text(), option::of("#[0-9a-f]{6}")), 0..3),
    )
        .prop_flat_map(|(conference, days, rooms, tracks)| {
            let names: Vec<String> = rooms.keys().cloned().collect();
            let rooms: Vec<Room> = rooms
                .into_iter()
                .map(|(name, guid)| Room {
                    name,
                    guid,
                    capacity: None,
                    place: Place::Whole,
                })
                .collect();
            let tracks: Vec<Track> = tracks
                .into_iter()
                .map(|(name, color)| Track {
                    name,
                    color,
                    place: Place::Whole,
                })
                .collect();
            vec(event(days.len(), names.clone()), 0..8).prop_map(move |mut events| {
                // As they come in a file: by day, then by room.
                events.sort_by_key(|event| {
                    let room = names
                        .iter()
                        .position(|name| Some(name) == event.in_room.as_ref());
                    (event.day, room)
                });
                Schedule {
                    conference: conference.clone(),
                    tracks: tracks.clone(),
                    rooms: rooms.clone(),
                    days: days.clone(),
                    events,
                }
            })
        })
}

/// The same without where everything stands.
fn nowhere(mut schedule: Schedule) -> Schedule {
    schedule
        .tracks
        .iter_mut()
        .for_each(|one| one.place = Place::Whole);
    schedule
        .rooms
        .iter_mut()
        .for_each(|one| one.place = Place::Whole);
    schedule
        .days
        .iter_mut()
        .for_each(|one| one.place = Place::Whole);
    for event in &mut schedule.events {
        event.place = Place::Whole;
        event
            .persons
            .iter_mut()
            .for_each(|one| one.place = Place::Whole);
        let links = event.links.iter_mut().chain(&mut event.attachments);
        links.for_each(|one| one.place = Place::Whole);
    }
    schedule
}

fn read_as(text: &str, format: Format) -> Schedule {
    let (schedule, _) = read(text, format).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
    nowhere(schedule)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_written_as_xml_is_read_as_what_it_was(schedule in schedule(), shift in 0_usize..16) {
        prop_assert_eq!(read_as(&writer::xml(&schedule, 0), Format::Xml), schedule.clone());
        // In whatever order the elements stand.
        prop_assert_eq!(read_as(&writer::xml(&schedule, shift), Format::Xml), schedule);
    }

    #[test]
    fn what_is_written_as_json_is_read_as_what_it_was(schedule in schedule()) {
        prop_assert_eq!(read_as(&writer::json_1(&schedule), Format::Json), schedule.clone());
        // In version 2 events stand in no day and in no room.
        let mut second = schedule;
        for event in &mut second.events {
            (event.day, event.in_room) = (None, None);
        }
        let read = read_as(&writer::json_2(&second), Format::Json);
        prop_assert_eq!(read.events.len(), second.events.len());
        let distinct: std::collections::BTreeSet<_> =
            second.rooms.iter().filter_map(|room| room.guid.as_ref()).collect();
        let with_guid = second.rooms.iter().filter(|room| room.guid.is_some()).count();
        if distinct.len() == with_guid {
            prop_assert_eq!(read, second);
        }
    }

    /// What comes out is a sound document with everything in it, however odd what went in.
    #[test]
    fn whatever_is_read_is_sound(schedule in schedule()) {
        let choices = Choices { slug: Some("camp-2024".parse().unwrap()), ..Choices::default() };
        let lowered = lower(&schedule, &choices, Oddities::default()).unwrap();
        let document = &lowered.document;
        prop_assert_eq!(domain::event_document::check(document), vec![]);
        prop_assert_eq!(document.agenda.len(), schedule.events.len());
        prop_assert_eq!(
            document.venues.iter().map(|venue| venue.rooms.len()).sum::<usize>() > 0,
            !schedule.rooms.is_empty()
        );
        // And can be written down and read again.
        let text = crate::event_document::write(document);
        let read = crate::event_document::read(&text);
        prop_assert_eq!(read.as_ref(), Ok(document), "{}", text);
        // And again the same.
        let again = lower(&schedule, &choices, Oddities::default()).unwrap();
        prop_assert_eq!(&again, &lowered);
    }

    #[test]
    fn nothing_panics_on_bytes(bytes in vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        for format in [Format::Xml, Format::Json] {
            let _ = import(&text, format, &Choices::default());
        }
        let _ = crate::schedule::html::plain(&text);
    }

    #[test]
    fn nothing_panics_on_markup(text in "(<[a-z/!&;=\"' -]{0,8}>?|[ -~é]{0,6}|&[a-z#0-9]{0,6};?){0,30}") {
        let plain = crate::schedule::html::plain(&text);
        prop_assert!(plain.len() <= text.len() * 4 + 64);
    }

    #[test]
    fn nothing_panics_on_mutations(
        schedule in schedule(),
        cuts in vec((any::<Index>(), 0_usize..12, "[ -~é\n]{0,6}"), 1..6),
    ) {
        for (text, format) in [
            (writer::xml(&schedule, 0), Format::Xml),
            (writer::json_1(&schedule), Format::Json),
            (writer::json_2(&schedule), Format::Json),
        ] {
            let mut characters: Vec<char> = text.chars().collect();
            for (place, length, put) in &cuts {
                let from = place.index(characters.len().max(1)).min(characters.len());
                let until = (from + length).min(characters.len());
                characters.splice(from..until, put.chars());
            }
            let mutated: String = characters.into_iter().collect();
            if let Ok(lowered) = import(&mutated, format, &Choices::default()) {
                prop_assert_eq!(domain::event_document::check(&lowered.document), vec![]);
            }
        }
    }
}
