//! A conference of any size, made up: what is big is tested and measured with it.

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

/// Items in one room, half an hour each, twelve a day: three days for any number of items.
const ITEMS_A_ROOM: usize = 35;
const ITEMS_A_DAY: usize = 12;

/// The document of a conference with so many talks, no two in one room at a time: each with an
/// abstract of some 300 characters, in a room and a track, by one person who speaks on behalf of an
/// organization and nowhere else.
pub fn conference(items: usize) -> Value {
    let rooms = items.div_ceil(ITEMS_A_ROOM);
    let each =
        |count: usize, one: &dyn Fn(usize) -> Value| -> Vec<_> { (0..count).map(one).collect() };
    let rooms_of_it = each(
        rooms,
        &|number| json!({ "key": format!("room-{number}"), "name": format!("Room {number}") }),
    );
    json!({
        "key": format!("conference-{items}"),
        "language": "en",
        "title": format!("A conference of {items} talks"),
        "visibility": "PUBLIC",
        "time": { "timeZone": "Europe/Brussels", "startsOn": "2025-02-01", "endsOn": "2025-02-03" },
        "venues": [{ "key": "campus", "name": "Campus", "rooms": rooms_of_it }],
        "tracks": each(rooms, &|number| {
            json!({ "key": format!("track-{number}"), "name": format!("Track {number}") })
        }),
        "organizations": each(rooms, &|number| {
            json!({ "key": format!("house-{number}"), "kind": "COMPANY", "name": format!("House {number}") })
        }),
        "people": each(items, &|number| {
            json!({ "key": format!("person-{number}"), "name": format!("Person {number} Example") })
        }),
        "agenda": each(items, &|number| talk(number, rooms)),
    })
}

/// A talk. Those of one time stand together, so neighbours are in different rooms.
fn talk(number: usize, rooms: usize) -> Value {
    let (room, slot) = (number % rooms, number / rooms);
    let morning = NaiveDate::from_ymd_opt(2025, 2, 1).and_then(|day| day.and_hms_opt(10, 0, 0));
    let minutes = slot / ITEMS_A_DAY * 24 * 60 + slot % ITEMS_A_DAY * 30;
    let after = TimeDelta::minutes(i64::try_from(minutes).expect("three days"));
    let starts_at = morning.expect("a time") + after;
    let clock = |time: chrono::NaiveDateTime| time.format("%Y-%m-%dT%H:%M:%S").to_string();
    json!({
        "key": format!("talk-{number}"),
        "kind": "TALK",
        "title": format!("Talk {number}: what was found out, and how"),
        "abstract": format!(
            "Number {number} of the talks tells what its speaker has found out in the year since \
             the last conference, what was tried on the way and did not work, what it takes to do \
             the same elsewhere, and what is left to do. There are ten minutes for questions. Who \
             wants to follow along brings a computer; nothing needs to be known before."
        ),
        "language": "en",
        "startsAt": clock(starts_at),
        "endsAt": clock(starts_at + TimeDelta::minutes(30)),
        "room": format!("room-{room}"),
        "track": format!("track-{room}"),
        "appearances": [{
            "role": "SPEAKER",
            "person": format!("person-{number}"),
            "onBehalfOf": { "organization": format!("house-{room}") },
        }],
    })
}
