//! Where things happen: the building, its rooms; and the strands.

use std::collections::{BTreeMap, BTreeSet};

use domain::event_document::{RoomEntry, TrackEntry, VenueEntry};
use domain::{Key, Slug};

use super::texts::{self, Texts};
use crate::schedule::oddity::{OddityKind, Place, quoted};
use crate::schedule::{Schedule, Track, key};

/// The places and strands of a schedule.
pub(super) struct Places {
    /// The building, if there are rooms or it is named.
    pub(super) venue: Option<VenueEntry>,
    /// The strands, in order.
    pub(super) tracks: Vec<TrackEntry>,
    /// The keys of rooms, and their places, by what is made of their names.
    rooms: BTreeMap<Key, (Key, usize)>,
}

impl Places {
    pub(super) fn of(schedule: &Schedule, slug: &Slug, title: &str, texts: &mut Texts) -> Self {
        let mut places = Self {
            venue: None,
            tracks: Vec::new(),
            rooms: BTreeMap::new(),
        };
        let entries = places.rooms(schedule, texts);
        let name = schedule.conference.venue.as_deref();
        let name = name.and_then(|name| texts.line(name, &Place::Whole, None));
        let named = name.and_then(|name| Some((key::of_name(&name)?, name)));
        places.venue = if let Some((key, name)) = named {
            Some(VenueEntry {
                key,
                name,
                address: None,
                rooms: entries,
            })
        } else if entries.is_empty() {
            None
        } else {
            let message = format!(
                "no building is named: the rooms are in one that is called {}",
                quoted(title)
            );
            let kind = OddityKind::VenueUnknown;
            texts.oddities.add(kind, &Place::Whole, None, message);
            format!("{slug}-venue").parse().ok().map(|key| VenueEntry {
                key,
                name: title.to_owned(),
                address: None,
                rooms: entries,
            })
        };
        let declared = schedule.tracks.iter().cloned();
        let named = schedule.events.iter().filter_map(|event| {
            Some(Track {
                name: event.track.clone()?,
                color: None,
                place: event.place.clone(),
            })
        });
        let mut seen = BTreeMap::new();
        for track in declared.chain(named) {
            places.track(&track, &mut seen, texts);
        }
        places
    }

    fn rooms(&mut self, schedule: &Schedule, texts: &mut Texts) -> Vec<RoomEntry> {
        let mut entries: Vec<RoomEntry> = Vec::new();
        let mut guids: BTreeMap<usize, Key> = BTreeMap::new();
        let mut used: BTreeSet<Key> = BTreeSet::new();
        for room in &schedule.rooms {
            let Some(name) = texts::name(&room.name) else {
                continue;
            };
            let Some(by_name) = key::of_name(&name) else {
                continue;
            };
            let known = self.rooms.get(&by_name).map(|(_, place)| *place);
            let place = known.unwrap_or(entries.len());
            if known.is_none() {
                entries.push(RoomEntry {
                    key: by_name.clone(),
                    name,
                    floor: None,
                    capacity: None,
                    accessibility: None,
                    availability: Vec::new(),
                });
                self.rooms.insert(by_name.clone(), (by_name, place));
            }
            let Some(entry) = entries.get_mut(place) else {
                continue;
            };
            if let Some(written) = &room.capacity {
                let seats = written
                    .parse::<f64>()
                    .ok()
                    .filter(|seats| seats.fract() == 0.0);
                let seats = seats.and_then(|seats| format!("{seats:.0}").parse::<i32>().ok());
                match seats {
                    Some(seats) if seats > 0 => entry.capacity = entry.capacity.or(Some(seats)),
                    // Nobody has counted.
                    Some(0) => {}
                    Some(_) | None => {
                        let kind = OddityKind::ValueUnreadable;
                        let message = format!("the number of seats {} is none", quoted(written));
                        texts.oddities.add(kind, &room.place, None, message);
                    }
                }
            }
            if let Some(guid) = room.guid.as_deref().and_then(key::of_guid) {
                let known = guids.get(&place);
                if known.is_none() && used.insert(guid.clone()) {
                    guids.insert(place, guid);
                } else if known != Some(&guid) {
                    let message = format!(
                        "the room {} shares its guid or has two: it keeps the first, or goes by its name",
                        quoted(&room.name)
                    );
                    let kind = OddityKind::DuplicateId;
                    texts.oddities.add(kind, &room.place, None, message);
                }
            }
        }
        // A name may be what another room has for a guid.
        for (place, guid) in guids {
            if let Some(entry) = entries.get_mut(place) {
                entry.key = guid;
            }
        }
        for event in &schedule.events {
            for written in event.in_room.iter().chain(&event.room) {
                let name = texts::name(written);
                let named = name.and_then(|name| Some((key::of_name(&name)?, name)));
                let Some((key, name)) = named else {
                    continue;
                };
                if !self.rooms.contains_key(&key) {
                    self.rooms.insert(key.clone(), (key.clone(), entries.len()));
                    entries.push(RoomEntry {
                        key,
                        name,
                        floor: None,
                        capacity: None,
                        accessibility: None,
                        availability: Vec::new(),
                    });
                }
            }
        }
        let mut taken: BTreeSet<Key> = BTreeSet::new();
        for entry in &mut entries {
            if !taken.insert(entry.key.clone())
                && let Some(other) = key::within("room", &entry.key)
            {
                entry.key = other;
            }
        }
        for (key, place) in self.rooms.values_mut() {
            if let Some(entry) = entries.get(*place) {
                key.clone_from(&entry.key);
            }
        }
        entries
    }

    fn track(&mut self, track: &Track, seen: &mut BTreeMap<Key, usize>, texts: &mut Texts) {
        let Some(name) = texts::name(&track.name) else {
            return;
        };
        let Some(key) = key::of_name(&name) else {
            return;
        };
        let color = track.color.as_deref().and_then(|written| {
            let color = color(written);
            if color.is_none() {
                let message = format!("the colour {} is none", quoted(written));
                let kind = OddityKind::ValueUnreadable;
                texts.oddities.add(kind, &track.place, None, message);
            }
            color
        });
        let place = *seen.entry(key.clone()).or_insert_with(|| {
            self.tracks.push(TrackEntry {
                key,
                name,
                color: None,
            });
            self.tracks.len() - 1
        });
        if let Some(entry) = self.tracks.get_mut(place) {
            entry.color = entry.color.take().or(color);
        }
    }

    /// The key of a room, by its name.
    pub(super) fn room(&self, name: &str) -> Option<Key> {
        let (key, _) = self.rooms.get(&key::of_name(&texts::name(name)?)?)?;
        Some(key.clone())
    }

    /// The key of a strand, by its name.
    pub(super) fn track_named(name: &str) -> Option<Key> {
        key::of_name(&texts::name(name)?)
    }

    /// The places of the rooms among each other.
    pub(super) fn order(&self) -> BTreeMap<&Key, usize> {
        let places = self.rooms.values();
        places.map(|(key, place)| (key, *place)).collect()
    }

    /// The names of rooms by their keys.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let rooms = self.venue.iter().flat_map(|venue| &venue.rooms);
        rooms.map(|room| (room.key.as_str(), room.name.as_str()))
    }
}

/// A colour as `#rrggbb`.
fn color(written: &str) -> Option<String> {
    let digits = written.trim().trim_start_matches('#');
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match digits.len() {
        6 => Some(format!("#{digits}")),
        3 => Some(format!(
            "#{}",
            digits
                .chars()
                .flat_map(|digit| [digit, digit])
                .collect::<String>()
        )),
        _ => None,
    }
}
