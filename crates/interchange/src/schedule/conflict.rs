//! Conflicts: two things at the same time in one room, or with one person.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

/// When, where and with whom something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot<'a> {
    /// In which room.
    pub room: Option<&'a str>,
    /// With whom.
    pub people: Vec<&'a str>,
    /// From when.
    pub starts_at: NaiveDateTime,
    /// Until when.
    pub ends_at: NaiveDateTime,
}

/// What cannot be in two things at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where<'a> {
    /// A room.
    Room(&'a str),
    /// A person.
    Person(&'a str),
}

/// Two slots, by their places in the list, that overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict<'a> {
    /// The one that begins first.
    pub first: usize,
    /// The one that begins while the first still lasts.
    pub second: usize,
    /// What they share.
    pub shared: Where<'a>,
}

/// The conflicts, in order. A slot that begins while several others last, is in conflict with the
/// one that lasts longest: so there are at most as many conflicts as there are slots, each with
/// its room and its people. What ends when another begins does not overlap it, and nor does what
/// takes no time.
pub fn conflicts<'a>(slots: &[Slot<'a>]) -> Vec<Conflict<'a>> {
    let mut order: Vec<usize> = (0..slots.len()).collect();
    order.sort_by_key(|place| slots.get(*place).map(|slot| (slot.starts_at, *place)));
    let mut lasting: BTreeMap<Where<'a>, (NaiveDateTime, usize)> = BTreeMap::new();
    let mut found = Vec::new();
    for second in order {
        let Some(slot) = slots.get(second) else {
            continue;
        };
        if slot.ends_at <= slot.starts_at {
            continue;
        }
        let mut people = slot.people.clone();
        people.sort_unstable();
        people.dedup();
        let shared = slot.room.map(Where::Room).into_iter();
        for shared in shared.chain(people.into_iter().map(Where::Person)) {
            let longest = lasting.entry(shared).or_insert((slot.starts_at, second));
            if longest.0 > slot.starts_at {
                found.push(Conflict {
                    first: longest.1,
                    second,
                    shared,
                });
            }
            if slot.ends_at > longest.0 {
                *longest = (slot.ends_at, second);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn slot<'a>(room: Option<&'a str>, people: &[&'a str], from: u32, until: u32) -> Slot<'a> {
        let day = NaiveDate::from_ymd_opt(2024, 2, 3).unwrap();
        let at = |minute: u32| day.and_hms_opt(minute / 60, minute % 60, 0).unwrap();
        Slot {
            room,
            people: people.to_vec(),
            starts_at: at(from),
            ends_at: at(until),
        }
    }

    #[test]
    fn what_follows_directly_does_not_overlap() {
        let slots = [
            slot(Some("hall"), &["ada"], 0, 30),
            slot(Some("hall"), &["ada"], 30, 60),
            slot(Some("attic"), &["bob"], 45, 45),
            slot(Some("attic"), &["bob"], 40, 50),
        ];
        assert_eq!(conflicts(&slots), []);
    }

    #[test]
    fn tells_rooms_and_people_apart() {
        let slots = [
            slot(Some("hall"), &["ada", "bob"], 0, 60),
            slot(Some("hall"), &[], 10, 20),
            slot(Some("attic"), &["bob"], 50, 70),
        ];
        let conflict = |first, second, shared| Conflict {
            first,
            second,
            shared,
        };
        assert_eq!(
            conflicts(&slots),
            [
                conflict(0, 1, Where::Room("hall")),
                conflict(0, 2, Where::Person("bob")),
            ]
        );
    }

    proptest! {
        /// Something is found exactly where there is something to find.
        #[test]
        fn finds_one_wherever_there_is_one(
            spans in prop::collection::vec((0u32..40, 1u32..20, 0usize..3), 0..12),
        ) {
            let rooms = ["a", "b", "c"];
            let slots: Vec<_> = spans
                .iter()
                .map(|(from, long, room)| slot(Some(rooms[*room]), &[], *from, from + long))
                .collect();
            let found = conflicts(&slots);
            for (second, one) in slots.iter().enumerate() {
                let overlaps = slots.iter().enumerate().any(|(first, other)| {
                    first != second
                        && other.room == one.room
                        && (other.starts_at, first) < (one.starts_at, second)
                        && other.ends_at > one.starts_at
                });
                let told = found.iter().any(|conflict| conflict.second == second);
                prop_assert_eq!(overlaps, told);
            }
        }
    }
}
