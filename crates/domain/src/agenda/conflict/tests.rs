//! Conflicts as they are found, against all pairs looked at one by one.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::agenda::sample::{agenda, id, item, speaker, wholes};
use crate::appearance::Appearance;
use crate::availability::{Availability, Window};

/// A conflict as it is told.
type Told = (ConflictKind, Vec<usize>, Option<RoomId>, Option<PersonId>);

fn at(minutes: i64) -> NaiveDateTime {
    let day: chrono::NaiveDate = "2024-01-15".parse().unwrap();
    day.and_hms_opt(9, 0, 0).unwrap() + Duration::minutes(minutes)
}

/// A stretch of a morning in January, or of the night in which clocks go back, or forth; now and
/// then it ends before it begins, or is not known to the end.
fn spans() -> impl Strategy<Value = (Option<NaiveDateTime>, Option<NaiveDateTime>)> {
    let nights = ["2024-03-31T00:30:00", "2024-10-27T00:30:00"];
    let nights = nights.map(|night| night.parse::<NaiveDateTime>().unwrap());
    let minute = || prop_oneof![4 => (0i64..10).prop_map(|slot| slot * 3), 1 => 0i64..60];
    let morning = (minute(), select(vec![0, 1, 2, 3, 3, 6, 6, 9, 15, -3]));
    let night = (select(nights.to_vec()), minute(), 0i64..120);
    prop_oneof![
        12 => morning.prop_map(|(start, length)| (Some(at(start)), Some(at(start + length)))),
        2 => night.prop_map(|(night, start, length)| {
            let start = night + Duration::minutes(start * 2);
            (Some(start), Some(start + Duration::minutes(length)))
        }),
        1 => minute().prop_map(|start| (Some(at(start)), None)),
        1 => Just((None, None)),
    ]
}

/// When someone is there, or a room can be used: often always.
fn windows() -> impl Strategy<Value = Availability> {
    let window = (0i64..10, 1i64..10).prop_map(|(start, length)| Window {
        starts_at: at(start * 3),
        ends_at: at((start + length) * 3),
    });
    vec(window, 0..3).prop_map(|windows| Availability::new(windows).unwrap())
}

/// Agendas on which all happens within half an hour, in few rooms, by few people.
fn crowded() -> impl Strategy<Value = Agenda> {
    let placed = (
        spans(),
        option::weighted(0.9, 0usize..3),
        prop::bool::weighted(0.6),
    );
    let hours = (
        option::of((0i64..5).prop_map(at)),
        option::of((10i64..30).prop_map(at)),
        option::of(select(vec![0, 1, 4, 15])),
    );
    let sizes = (vec(option::of(1..5), 3), vec(option::of(1..4), 3));
    let given = (vec(windows(), 3), vec(windows(), 4));
    let who = vec((0usize..4, 0usize..10), 16);
    (wholes(), vec(placed, 10), hours, sizes, given, who).prop_map(
        |(mut parts, placed, hours, (capacities, counts), (of_rooms, of_people), who)| {
            for (item, ((starts_at, ends_at), room, at_the_top)) in
                parts.items.iter_mut().zip(placed)
            {
                (item.starts_at, item.ends_at) = (starts_at, ends_at);
                item.room_id = room.map(id);
                item.parent_id = item.parent_id.filter(|_| !at_the_top);
            }
            let more = who.into_iter().enumerate();
            let more = more.map(|(number, (person, on))| speaker(number + 50, Some(on), person));
            parts.appearances.extend(more);
            let time = &mut parts.event.time;
            (time.starts_at, time.ends_at) = (hours.0, hours.1);
            parts.event.room_change_minutes = hours.2;
            for (room, (capacity, windows)) in parts
                .rooms
                .iter_mut()
                .zip(capacities.into_iter().zip(of_rooms))
            {
                (room.capacity, room.availability) = (capacity, windows);
            }
            for (group, count) in parts.groups.iter_mut().zip(counts) {
                group.expected_count = count;
            }
            let of_people = of_people.into_iter().enumerate();
            parts.availability = of_people.map(|(number, one)| (id(number), one)).collect();
            Agenda::new(parts)
        },
    )
}

fn told(agenda: &Agenda, conflicts: &[Conflict]) -> Vec<Told> {
    let told = conflicts.iter().map(|one| {
        let places = one.items.iter().map(|id| agenda.place(*id).unwrap());
        (one.kind, places.collect(), one.room_id, one.person_id)
    });
    told.collect()
}

/// Every conflict, found the long way: each item, and each pair, is held against what the kinds say
/// that they are.
struct Oracle<'a> {
    agenda: &'a Agenda,
    found: BTreeSet<Told>,
}

impl Oracle<'_> {
    fn find(agenda: &Agenda) -> BTreeSet<Told> {
        let mut oracle = Oracle {
            agenda,
            found: BTreeSet::new(),
        };
        for (place, item) in agenda.items().iter().enumerate() {
            oracle.alone(place, item);
            oracle.in_its_whole(place, item);
            for (other_place, other) in agenda.items().iter().enumerate() {
                if other_place > place && !oracle.is_one_thing(item, other) {
                    oracle.beside(vec![place, other_place], item, other);
                }
            }
        }
        oracle.found
    }

    fn span(&self, item: &AgendaItem) -> Option<Span> {
        let instant = |local| self.agenda.event().time.zone.instant(local);
        let start = instant(item.starts_at?);
        match item.ends_at.map(instant) {
            Some(end) => (start < end).then_some((start, end)),
            None => Some((start, start + Duration::seconds(1))),
        }
    }

    /// Whether one is part of the other, at any depth.
    fn is_one_thing(&self, one: &AgendaItem, other: &AgendaItem) -> bool {
        let all = self.agenda.items();
        let is_below = |low: &AgendaItem, high: &AgendaItem| {
            let mut above = low.parent_id;
            for _ in all {
                if above == Some(high.id) {
                    return true;
                }
                let whole = all.iter().find(|item| Some(item.id) == above);
                above = whole.and_then(|item| item.parent_id);
            }
            false
        };
        is_below(one, other) || is_below(other, one)
    }

    fn people(&self, item: &AgendaItem) -> BTreeSet<PersonId> {
        let everybody = self.agenda.all_appearances();
        let here = everybody.filter(|one| one.item_id == Some(item.id));
        here.filter_map(|one| match one.who {
            Appearing::Person(person) => Some(person),
            Appearing::Organization(_) | Appearing::Group(_) => None,
        })
        .collect()
    }

    /// Whether a stretch is within one of the windows.
    fn is_to_be_had(availability: &Availability, start: NaiveDateTime, end: NaiveDateTime) -> bool {
        let windows = availability.windows();
        windows.is_empty()
            || windows
                .iter()
                .any(|window| window.starts_at <= start && end <= window.ends_at)
    }

    fn alone(&mut self, place: usize, item: &AgendaItem) {
        let agenda = self.agenda;
        let time = &agenda.event().time;
        let midnight = NaiveDateTime::from(time.starts_on);
        let morning_after = NaiveDateTime::from(time.ends_on) + Duration::hours(30);
        let first = time.starts_at.unwrap_or(midnight);
        let last = time.ends_at.unwrap_or(morning_after);
        let ends_at = item.ends_at.or(item.starts_at);
        if item.starts_at.is_some_and(|start| start < first)
            || ends_at.is_some_and(|end| end > last)
        {
            let told = (ConflictKind::OutsideEvent, vec![place], None, None);
            self.found.insert(told);
        }

        let room = item.room_id.and_then(|id| agenda.room(id));
        if let Some(room) = room
            && let Some(capacity) = room.capacity
        {
            let groups: BTreeSet<_> = agenda
                .appearances(Some(item.id))
                .iter()
                .filter_map(|one| match one.who {
                    Appearing::Group(group) => Some(group),
                    Appearing::Organization(_) | Appearing::Person(_) => None,
                })
                .collect();
            let counts = groups
                .iter()
                .filter_map(|id| agenda.group(*id)?.expected_count);
            let heads = counts.sum::<i32>() + i32::try_from(self.people(item).len()).unwrap();
            if heads > capacity || item.expected_audience.is_some_and(|guess| guess > capacity) {
                let told = (ConflictKind::OverCapacity, vec![place], Some(room.id), None);
                self.found.insert(told);
            }
        }

        let shown = |local: NaiveDateTime| {
            let zone: chrono_tz::Tz = time.zone.as_str().parse().unwrap();
            chrono::TimeZone::from_local_datetime(&zone, &local) != chrono::LocalResult::None
        };
        let times = [item.starts_at, item.ends_at];
        if !times.into_iter().flatten().all(shown) {
            let told = (ConflictKind::SkippedTime, vec![place], None, None);
            self.found.insert(told);
        }

        if let Some(start) = item.starts_at
            && let end = item.ends_at.unwrap_or(start)
            && start <= end
        {
            if let Some(room) = room
                && !Self::is_to_be_had(&room.availability, start, end)
            {
                let told = (ConflictKind::RoomAway, vec![place], Some(room.id), None);
                self.found.insert(told);
            }
            for person in self.people(item) {
                let availability = agenda.availability(person).cloned().unwrap_or_default();
                if !Self::is_to_be_had(&availability, start, end) {
                    let told = (ConflictKind::PersonAway, vec![place], None, Some(person));
                    self.found.insert(told);
                }
            }
        }
    }

    fn in_its_whole(&mut self, place: usize, item: &AgendaItem) {
        for (whole_place, whole) in self.agenda.items().iter().enumerate() {
            if item.parent_id != Some(whole.id) {
                continue;
            }
            let is_early = item
                .starts_at
                .is_some_and(|start| whole.starts_at.is_some_and(|first| start < first));
            let is_late = [item.starts_at, item.ends_at]
                .into_iter()
                .flatten()
                .any(|time| whole.ends_at.is_some_and(|last| time > last));
            if is_early || is_late {
                let told = (
                    ConflictKind::OutsideParent,
                    vec![whole_place, place],
                    None,
                    None,
                );
                self.found.insert(told);
            }
        }
    }

    fn beside(&mut self, places: Vec<usize>, one: &AgendaItem, other: &AgendaItem) {
        let (Some(span), Some(other_span)) = (self.span(one), self.span(other)) else {
            return;
        };
        let overlap = span.0 < other_span.1 && other_span.0 < span.1;
        let one_room = one.room_id.is_some() && one.room_id == other.room_id;
        let people = self.people(one);
        let both = people
            .intersection(&self.people(other))
            .copied()
            .collect::<Vec<_>>();
        if overlap {
            if one_room {
                let told = (ConflictKind::RoomOverlap, places, one.room_id, None);
                self.found.insert(told);
                return;
            }
            for person in both {
                let told = (
                    ConflictKind::PersonOverlap,
                    places.clone(),
                    None,
                    Some(person),
                );
                self.found.insert(told);
            }
            return;
        }
        if one_room || one.room_id.is_none() || other.room_id.is_none() {
            return;
        }
        let (leaves, arrives, first) = if span.1 <= other_span.0 {
            (span.1, other_span.0, one)
        } else {
            (other_span.1, span.0, other)
        };
        if first.ends_at.is_none() {
            return;
        }
        let minutes = self.agenda.event().room_change_minutes.unwrap_or(5);
        if arrives - leaves >= Duration::minutes(minutes.into()) {
            return;
        }
        for person in both {
            let mut own = self.agenda.items().iter();
            let elsewhere_in_between = own.any(|third| {
                self.people(third).contains(&person)
                    && self
                        .span(third)
                        .is_some_and(|(start, end)| leaves <= start && end <= arrives)
            });
            if !elsewhere_in_between {
                let told = (
                    ConflictKind::ShortChange,
                    places.clone(),
                    None,
                    Some(person),
                );
                self.found.insert(told);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Every conflict of every kind is found, none is made up, and each is told once, by the first
    /// item concerned.
    #[test]
    fn every_conflict_is_found(agenda in crowded()) {
        let found = told(&agenda, &agenda.conflicts());
        let set: BTreeSet<_> = found.iter().cloned().collect();
        prop_assert_eq!(&set, &Oracle::find(&agenda));
        prop_assert_eq!(found.len(), set.len());
        let places = found.iter().map(|(_, items, ..)| items.iter().min());
        prop_assert!(places.is_sorted());
    }
}

fn timed(number: usize, room: usize, start: i64, end: i64) -> AgendaItem {
    AgendaItem {
        starts_at: Some(at(start)),
        ends_at: Some(at(end)),
        room_id: Some(id(room)),
        ..item(number, i32::try_from(number).unwrap())
    }
}

#[test]
fn a_person_needs_time_to_change_rooms() {
    let items = vec![timed(0, 0, 0, 30), timed(1, 1, 34, 60), timed(2, 0, 65, 90)];
    let appearances: Vec<Appearance> = (0..3).map(|one| speaker(one, Some(one), 7)).collect();
    let told_with = |minutes| {
        let mut agenda = agenda(items.clone(), appearances.clone());
        agenda.event.room_change_minutes = minutes;
        told(&agenda, &agenda.conflicts())
    };
    let short = |one, other| {
        (
            ConflictKind::ShortChange,
            vec![one, other],
            None,
            Some(id(7)),
        )
    };
    assert_eq!(told_with(None), [short(0, 1)]);
    assert_eq!(told_with(Some(6)), [short(0, 1), short(1, 2)]);
    assert_eq!(told_with(Some(0)), []);
}

/// As many items as the largest agendas have, each person on many of them.
#[test]
fn a_large_agenda_is_looked_through_at_once() {
    let items = (0..10_000).map(|number| {
        let slot = i64::try_from(number / 20).unwrap() * 10;
        timed(number, number % 20, slot, slot + 10)
    });
    let appearances = (0..10_000).map(|number| speaker(number, Some(number), number % 19));
    let agenda = agenda(items.collect(), appearances.collect());
    let found = agenda.conflicts();
    assert_eq!(found.len(), MOST_CONFLICTS);
}

#[test]
fn where_nothing_fits_no_more_is_told_than_anybody_reads() {
    let items = (0..200).map(|number| timed(number, 0, 0, 30)).collect();
    let told = agenda(items, vec![]).conflicts();
    assert_eq!(told.len(), MOST_CONFLICTS);
}
