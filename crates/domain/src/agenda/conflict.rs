//! Conflicts: what on an agenda cannot all happen as planned. They warn; they forbid nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Duration, NaiveDateTime, Utc};

use super::{Agenda, AgendaItem};
use crate::appearance::Appearing;
use crate::id::{AgendaItemId, PersonId, RoomId};

words! {
    /// What cannot all happen as planned.
    ConflictKind, "kind of conflict" {
        /// Two items in one room at one time.
        RoomOverlap = "ROOM_OVERLAP",
        /// One person at two places at one time.
        PersonOverlap = "PERSON_OVERLAP",
        /// An item before the event begins or after it ends.
        OutsideEvent = "OUTSIDE_EVENT",
        /// An item before the one that it is part of begins, or after it ends.
        OutsideParent = "OUTSIDE_PARENT",
        /// More people appear on an item than its room holds, or are expected at it.
        OverCapacity = "OVER_CAPACITY",
        /// Someone appears on an item at a time when they are not there.
        PersonAway = "PERSON_AWAY",
        /// An item in a room at a time when it cannot be used.
        RoomAway = "ROOM_AWAY",
        /// Too little time for a person to get from one room to the next.
        ShortChange = "SHORT_CHANGE",
        /// An item begins or ends at a time that no clock shows, since clocks are put forward then.
        SkippedTime = "SKIPPED_TIME",
    }
}

/// Something that cannot all happen as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What.
    pub kind: ConflictKind,
    /// The items concerned, in the order of the agenda.
    pub items: Vec<AgendaItemId>,
    /// The room, if it is about one.
    pub room_id: Option<RoomId>,
    /// The person, if it is about one.
    pub person_id: Option<PersonId>,
}

/// When an item takes place. One of which the end is not known is there for a moment at least.
type Span = (DateTime<Utc>, DateTime<Utc>);

/// The minutes that people have to get from one room to another, where the event says nothing.
const ROOM_CHANGE_MINUTES: i32 = 5;

/// So many conflicts are told of an agenda: where there are more, these are mended first.
pub(super) const MOST_CONFLICTS: usize = 1_000;

impl Agenda {
    /// The conflicts, by the first item concerned: every one, as long as there are no more than a
    /// thousand, and else a thousand of them.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut found = self.between_items();
        for item in self.items() {
            if self.is_outside_event(item) {
                found.push(conflict(ConflictKind::OutsideEvent, vec![item.id]));
            }
            if let Some(parent) = item.parent_id.and_then(|id| self.item(id))
                && is_outside(item, parent)
            {
                found.push(conflict(
                    ConflictKind::OutsideParent,
                    vec![parent.id, item.id],
                ));
            }
            if let Some(room) = item.room_id.and_then(|id| self.room(id))
                && room
                    .capacity
                    .is_some_and(|capacity| self.heads(item) > capacity)
            {
                found.push(Conflict {
                    room_id: Some(room.id),
                    ..conflict(ConflictKind::OverCapacity, vec![item.id])
                });
            }
            if self.is_skipped(item.starts_at) || self.is_skipped(item.ends_at) {
                found.push(conflict(ConflictKind::SkippedTime, vec![item.id]));
            }
            found.extend(self.away(item));
        }
        let place = |one: &Conflict| one.items.iter().filter_map(|id| self.place(*id)).min();
        found.sort_by_key(|one| (place(one), one.kind, one.person_id));
        found.truncate(MOST_CONFLICTS);
        found
    }

    fn span(&self, item: &AgendaItem) -> Option<Span> {
        let start = self.instant(item.starts_at?);
        let moment = start + Duration::seconds(1);
        let end = item.ends_at.map_or(moment, |end| self.instant(end));
        (start < end).then_some((start, end))
    }

    /// Whether no clock shows a time.
    fn is_skipped(&self, local: Option<NaiveDateTime>) -> bool {
        let zone = self.event().time.zone;
        local.is_some_and(|local| zone.local(zone.instant(local)) != local)
    }

    /// What cannot be since a room, or someone who appears, is not to be had at the time.
    fn away(&self, item: &AgendaItem) -> Vec<Conflict> {
        let Some((start, end)) = hours(item) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        if let Some(room) = item.room_id.and_then(|id| self.room(id))
            && !room.availability.covers(start, end)
        {
            found.push(Conflict {
                room_id: Some(room.id),
                ..conflict(ConflictKind::RoomAway, vec![item.id])
            });
        }
        for person in self.people_on(item) {
            if self
                .availability(person)
                .is_some_and(|availability| !availability.covers(start, end))
            {
                found.push(Conflict {
                    person_id: Some(person),
                    ..conflict(ConflictKind::PersonAway, vec![item.id])
                });
            }
        }
        found
    }

    /// The people who appear on an item, each once.
    fn people_on(&self, item: &AgendaItem) -> impl Iterator<Item = PersonId> {
        let mut here = HashSet::new();
        let all = self.appearances(Some(item.id)).iter();
        all.filter_map(move |appearance| match appearance.who {
            Appearing::Person(person) => here.insert(person).then_some(person),
            Appearing::Organization(_) | Appearing::Group(_) => None,
        })
    }

    /// What cannot be since items are at one time, or too close to each other.
    fn between_items(&self) -> Vec<Conflict> {
        let mut rooms: BTreeMap<RoomId, Vec<(Span, &AgendaItem)>> = BTreeMap::new();
        let mut people: BTreeMap<PersonId, Vec<(Span, &AgendaItem)>> = BTreeMap::new();
        for item in self.items() {
            let Some(span) = self.span(item) else {
                continue;
            };
            if let Some(room) = item.room_id {
                rooms.entry(room).or_default().push((span, item));
            }
            for person in self.people_on(item) {
                people.entry(person).or_default().push((span, item));
            }
        }
        let mut found = Vec::new();
        for (room, items) in rooms {
            if found.len() >= MOST_CONFLICTS {
                return found;
            }
            for (one, other) in self.pairs(items) {
                found.push(Conflict {
                    room_id: Some(room),
                    ..conflict(ConflictKind::RoomOverlap, vec![one.id, other.id])
                });
            }
        }
        for (person, items) in people {
            if found.len() >= MOST_CONFLICTS {
                return found;
            }
            for (one, other) in self.short_changes(&items) {
                found.push(Conflict {
                    person_id: Some(person),
                    ..conflict(ConflictKind::ShortChange, vec![one.id, other.id])
                });
            }
            for (one, other) in self.pairs(items) {
                // Two items in one room are one place, and a conflict of the room.
                if one.room_id.is_none() || one.room_id != other.room_id {
                    found.push(Conflict {
                        person_id: Some(person),
                        ..conflict(ConflictKind::PersonOverlap, vec![one.id, other.id])
                    });
                }
            }
        }
        found
    }

    /// The pairs that overlap, each in the order of the agenda, as many as are told. What is part of
    /// another, at any depth, takes place in its time and room by nature.
    fn pairs<'a>(
        &self,
        mut items: Vec<(Span, &'a AgendaItem)>,
    ) -> Vec<(&'a AgendaItem, &'a AgendaItem)> {
        items.sort_by_key(|(span, item)| (*span, item.id));
        let mut open: Vec<(Span, &AgendaItem)> = Vec::new();
        let mut pairs = Vec::new();
        for (span, item) in items {
            open.retain(|((_, end), _)| *end > span.0);
            for (_, other) in &open {
                if !self.is_within(item, other) && !self.is_within(other, item) {
                    pairs.push(self.in_order(other, item));
                }
            }
            if pairs.len() >= MOST_CONFLICTS {
                break;
            }
            open.push((span, item));
        }
        pairs
    }

    /// The pairs in different rooms of which one follows the other too soon, each in the order of
    /// the agenda. One follows another when no third of the items lies between them: of several
    /// that end or begin together, each does.
    fn short_changes<'a>(
        &self,
        items: &[(Span, &'a AgendaItem)],
    ) -> Vec<(&'a AgendaItem, &'a AgendaItem)> {
        let minutes = self.event().room_change_minutes;
        let needed = Duration::minutes(minutes.unwrap_or(ROOM_CHANGE_MINUTES).into());
        let mut by_start: Vec<_> = items.iter().collect();
        by_start.sort_by_key(|(span, item)| (*span, item.id));
        let mut by_end = by_start.clone();
        by_end.sort_by_key(|((start, end), item)| (*end, *start, item.id));

        let mut pairs = Vec::new();
        let mut rest = by_start.as_slice();
        for ((_, end), item) in by_end {
            if pairs.len() >= MOST_CONFLICTS {
                break;
            }
            // When people get away from it, is not known.
            if item.ends_at.is_none() {
                continue;
            }
            while let Some((_, behind)) = rest
                .split_first()
                .filter(|(((start, _), _), _)| start < end)
            {
                rest = behind;
            }
            // Whatever begins once another of these has ended follows that one.
            let mut first_end = DateTime::<Utc>::MAX_UTC;
            for ((start, next_ends_at), next) in rest {
                if *start >= first_end || *start - *end >= needed {
                    break;
                }
                first_end = first_end.min(*next_ends_at);
                if item.room_id.is_some()
                    && next.room_id.is_some()
                    && item.room_id != next.room_id
                    && !self.is_within(item, next)
                    && !self.is_within(next, item)
                {
                    pairs.push(self.in_order(item, next));
                }
            }
        }
        pairs
    }

    /// Two items in the order of the agenda.
    fn in_order<'a>(
        &self,
        one: &'a AgendaItem,
        other: &'a AgendaItem,
    ) -> (&'a AgendaItem, &'a AgendaItem) {
        if self.place(one.id) < self.place(other.id) {
            (one, other)
        } else {
            (other, one)
        }
    }

    fn is_within(&self, item: &AgendaItem, whole: &AgendaItem) -> bool {
        let mut seen = HashSet::new();
        let mut next = item.parent_id;
        while let Some(id) = next.filter(|id| seen.insert(*id)) {
            if id == whole.id {
                return true;
            }
            next = self.item(id).and_then(|item| item.parent_id);
        }
        false
    }

    fn is_outside_event(&self, item: &AgendaItem) -> bool {
        let time = &self.event().time;
        let first = time
            .starts_at
            .or_else(|| time.starts_on.and_hms_opt(0, 0, 0));
        // Where the hour of the end is not known, a dinner may go past midnight of the last day.
        let last = time.ends_at.or_else(|| {
            let night = time.ends_on.checked_add_signed(Duration::days(1));
            night.and_then(|day| day.and_hms_opt(6, 0, 0))
        });
        let early = item
            .starts_at
            .is_some_and(|start| first.is_some_and(|first| start < first));
        let late = item
            .ends_at
            .or(item.starts_at)
            .is_some_and(|end| last.is_some_and(|last| end > last));
        early || late
    }

    /// How many there are at an item: as many as appear on it, or as many as are expected at it.
    fn heads(&self, item: &AgendaItem) -> i32 {
        let expected = item.expected_audience.unwrap_or_default();
        self.crowd(item).max(expected)
    }

    /// How many appear on an item for certain: people, and groups that were counted.
    fn crowd(&self, item: &AgendaItem) -> i32 {
        let mut counted: HashMap<Appearing, i32> = HashMap::new();
        for appearance in self.appearances(Some(item.id)) {
            let heads = match appearance.who {
                Appearing::Person(_) => 1,
                Appearing::Group(id) => self
                    .group(id)
                    .and_then(|group| group.expected_count)
                    .unwrap_or_default(),
                Appearing::Organization(_) => 0,
            };
            counted.insert(appearance.who, heads);
        }
        counted.into_values().fold(0, i32::saturating_add)
    }
}

/// When an item takes place by the clocks there; for a moment, if its end is not known.
fn hours(item: &AgendaItem) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let start = item.starts_at?;
    let end = item.ends_at.unwrap_or(start);
    (start <= end).then_some((start, end))
}

/// Whether an item is outside the time of the one that it is part of.
fn is_outside(item: &AgendaItem, parent: &AgendaItem) -> bool {
    let before = |one: Option<_>, other: Option<_>| match (one, other) {
        (Some(one), Some(other)) => one < other,
        _ => false,
    };
    before(item.starts_at, parent.starts_at)
        || before(parent.ends_at, item.ends_at)
        || before(parent.ends_at, item.starts_at)
}

fn conflict(kind: ConflictKind, items: Vec<AgendaItemId>) -> Conflict {
    Conflict {
        kind,
        items,
        room_id: None,
        person_id: None,
    }
}

#[cfg(test)]
mod tests;
