//! Conflicts: what on an agenda cannot all happen as planned. They warn; they forbid nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};

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
        /// More people appear on an item than its room holds.
        OverCapacity = "OVER_CAPACITY",
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

/// When an item takes place, if both ends are known.
type Span = (DateTime<Utc>, DateTime<Utc>);

impl Agenda {
    /// Every conflict, by the first item concerned.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut found = self.overlaps();
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
                    .is_some_and(|capacity| self.crowd(item) > capacity)
            {
                found.push(Conflict {
                    room_id: Some(room.id),
                    ..conflict(ConflictKind::OverCapacity, vec![item.id])
                });
            }
        }
        let place = |one: &Conflict| one.items.iter().filter_map(|id| self.place(*id)).min();
        found.sort_by_key(|one| (place(one), one.kind, one.person_id));
        found
    }

    fn span(&self, item: &AgendaItem) -> Option<Span> {
        let (start, end) = (item.starts_at?, item.ends_at?);
        let span = (self.instant(start), self.instant(end));
        (span.0 < span.1).then_some(span)
    }

    fn overlaps(&self) -> Vec<Conflict> {
        let mut rooms: BTreeMap<RoomId, Vec<(Span, &AgendaItem)>> = BTreeMap::new();
        let mut people: BTreeMap<PersonId, Vec<(Span, &AgendaItem)>> = BTreeMap::new();
        for item in self.items() {
            let Some(span) = self.span(item) else {
                continue;
            };
            if let Some(room) = item.room_id {
                rooms.entry(room).or_default().push((span, item));
            }
            let mut here = HashSet::new();
            for appearance in self.appearances(Some(item.id)) {
                if let Appearing::Person(person) = appearance.who
                    && here.insert(person)
                {
                    people.entry(person).or_default().push((span, item));
                }
            }
        }
        let mut found = Vec::new();
        for (room, items) in rooms {
            for (one, other) in self.pairs(items) {
                found.push(Conflict {
                    room_id: Some(room),
                    ..conflict(ConflictKind::RoomOverlap, vec![one.id, other.id])
                });
            }
        }
        for (person, items) in people {
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

    /// The pairs that overlap, each in the order of the agenda. What is part of another, at any
    /// depth, takes place in its time and room by nature.
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
                    let in_order = self.place(other.id) < self.place(item.id);
                    pairs.push(if in_order {
                        (*other, item)
                    } else {
                        (item, *other)
                    });
                }
            }
            open.push((span, item));
        }
        pairs
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
