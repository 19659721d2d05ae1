//! Notices: what of a newer version of an agenda each person who appears on it is to be told.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::diff::{AgendaDiff, ItemAspect, ItemChangeKind, kinds};
use super::{Agenda, TakesPlace};
use crate::appearance::{Appearance, AppearanceRole, Appearing};
use crate::id::{AgendaItemId, PersonId};
use crate::organization::Party;

/// What one person is to be told of one item, or of the whole event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalChange {
    /// The item; none for the whole event.
    pub item_id: Option<AgendaItemId>,
    /// What has become of it for this person, in order: an item that they are newly on is added
    /// for them, and one that they are no longer on is removed.
    pub kinds: Vec<ItemChangeKind>,
    /// What of it is otherwise, in order; nothing, where it is added or removed for them.
    pub aspects: Vec<ItemAspect>,
    /// As what they appeared on it.
    pub before: Vec<Appearance>,
    /// As what they appear on it.
    pub after: Vec<Appearance>,
}

/// As what one person appears on an item, in either version.
#[derive(Default)]
struct Part<'a> {
    before: Vec<&'a Appearance>,
    after: Vec<&'a Appearance>,
}

impl AgendaDiff {
    /// What each person concerned is to be told, when this is the difference between the two
    /// versions: of the whole event first, then of the items in the order of
    /// [`AgendaDiff::items`], then of those that take place at another time or in another room because
    /// what they are part of does. Concerned is who appears themselves, in either version, on what is
    /// otherwise; by another's coming, going or doing otherwise, nobody is.
    pub fn notices(
        &self,
        before: &Agenda,
        after: &Agenda,
    ) -> BTreeMap<PersonId, Vec<PersonalChange>> {
        let event = (!self.event_appearances().is_empty()).then_some((None, BTreeSet::new()));
        let items = self.items().iter().map(|change| {
            let mut aspects: BTreeSet<_> = change.aspects.iter().copied().collect();
            aspects.extend(moved_along(before, after, change.id));
            (Some(change.id), aspects)
        });
        let spoken: HashSet<_> = self.items().iter().map(|change| change.id).collect();
        let others = after
            .items()
            .iter()
            .filter(|item| !spoken.contains(&item.id));
        let others = others.map(|item| {
            let aspects = moved_along(before, after, item.id);
            (Some(item.id), aspects.into_iter().collect())
        });
        let mut notices: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (item_id, aspects) in event.into_iter().chain(items).chain(others) {
            let parts = parts(before.appearances(item_id), after.appearances(item_id));
            for (person, part) in parts {
                if let Some((kinds, aspects)) = part.told(&aspects) {
                    notices.entry(person).or_default().push(PersonalChange {
                        item_id,
                        kinds,
                        aspects,
                        before: part.before.into_iter().cloned().collect(),
                        after: part.after.into_iter().cloned().collect(),
                    });
                }
            }
        }
        notices
    }
}

impl Part<'_> {
    /// What is to be told of an item of which some aspects are otherwise, if anything is.
    fn told(
        &self,
        aspects: &BTreeSet<ItemAspect>,
    ) -> Option<(Vec<ItemChangeKind>, Vec<ItemAspect>)> {
        if self.before.is_empty() {
            return Some((vec![ItemChangeKind::Added], Vec::new()));
        }
        if self.after.is_empty() {
            return Some((vec![ItemChangeKind::Removed], Vec::new()));
        }
        let mut told = aspects.clone();
        told.remove(&ItemAspect::People);
        if deeds(&self.before) != deeds(&self.after) {
            told.insert(ItemAspect::People);
        }
        let told: Vec<_> = told.into_iter().collect();
        (!told.is_empty()).then(|| (kinds(&told), told))
    }
}

/// What is otherwise for those on an item, whether the item says so itself or what it is part of does:
/// when it takes place, and where.
fn moved_along(before: &Agenda, after: &Agenda, id: AgendaItemId) -> Vec<ItemAspect> {
    let (Some(was), Some(is)) = (before.item(id), after.item(id)) else {
        return Vec::new();
    };
    let (was, is) = (before.takes_place(was), after.takes_place(is));
    let hours = |place: &TakesPlace| [place.starts_at, place.ends_at];
    let instants =
        |agenda: &Agenda, place| hours(place).map(|local| local.map(|local| agenda.instant(local)));
    let same_hours = hours(&was) == hours(&is) && instants(before, &was) == instants(after, &is);
    let time = (!same_hours).then_some(ItemAspect::Time);
    let room = (was.room_id != is.room_id).then_some(ItemAspect::Room);
    time.into_iter().chain(room).collect()
}

/// Who appears in either of two lists, and as what.
fn parts<'a>(before: &'a [Appearance], after: &'a [Appearance]) -> BTreeMap<PersonId, Part<'a>> {
    let mut parts: BTreeMap<PersonId, Part<'a>> = BTreeMap::new();
    for appearance in before {
        if let Appearing::Person(person) = appearance.who {
            parts.entry(person).or_default().before.push(appearance);
        }
    }
    for appearance in after {
        if let Appearing::Person(person) = appearance.who {
            parts.entry(person).or_default().after.push(appearance);
        }
    }
    parts
}

/// What someone does, in whose name, and as printed how. Entered anew, it is the same; and so it is
/// in another order.
type Deed<'a> = (AppearanceRole, Option<Party>, &'a str, &'a [String]);

fn deeds<'a>(appearances: &[&'a Appearance]) -> Vec<Deed<'a>> {
    let mut deeds: Vec<_> = appearances
        .iter()
        .map(|one| {
            (
                one.role,
                one.on_behalf_of,
                one.printed_name.as_str(),
                one.printed_posts.as_slice(),
            )
        })
        .collect();
    deeds.sort_unstable();
    deeds
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::agenda::sample::{agenda, id, item, speaker, versions};
    use crate::agenda::{AgendaItem, ItemChange};

    fn own(agenda: &Agenda, item: Option<AgendaItemId>, person: PersonId) -> Vec<Appearance> {
        let all = agenda.appearances(item).iter();
        all.filter(|one| one.who == Appearing::Person(person))
            .cloned()
            .collect()
    }

    /// Whether a person does the same in both versions: each thing they do, equally often.
    fn does_the_same(before: &[Appearance], after: &[Appearance]) -> bool {
        let count = |list: &[Appearance], deed: &Appearance| {
            let same = |one: &&Appearance| {
                one.role == deed.role
                    && one.on_behalf_of == deed.on_behalf_of
                    && one.printed_name == deed.printed_name
                    && one.printed_posts == deed.printed_posts
            };
            list.iter().filter(same).count()
        };
        let mut all = before.iter().chain(after);
        all.all(|deed| count(before, deed) == count(after, deed))
    }

    /// An item and all above it, from the bottom.
    fn upward(agenda: &Agenda, id: AgendaItemId) -> Vec<AgendaItem> {
        let mut all: Vec<AgendaItem> = Vec::new();
        let mut next = agenda.item(id);
        while let Some(item) = next.filter(|item| all.iter().all(|one| one.id != item.id)) {
            all.push(item.clone());
            next = item.parent_id.and_then(|id| agenda.item(id));
        }
        all
    }

    /// Whether an item takes place at another time, and in another room, found the long way.
    fn elsewhere(older: &Agenda, newer: &Agenda, id: AgendaItemId) -> Vec<ItemAspect> {
        if older.item(id).is_none() || newer.item(id).is_none() {
            return Vec::new();
        }
        let hours = |agenda: &Agenda| {
            let all = upward(agenda, id);
            let timed = all.iter().find(|item| item.starts_at.is_some());
            let zone = agenda.event().time.zone;
            let hours = timed.map_or([None, None], |item| [item.starts_at, item.ends_at]);
            (hours, hours.map(|at| at.map(|at| zone.instant(at))))
        };
        let room = |agenda: &Agenda| upward(agenda, id).iter().find_map(|item| item.room_id);
        let mut aspects = Vec::new();
        if hours(older) != hours(newer) {
            aspects.push(ItemAspect::Time);
        }
        if room(older) != room(newer) {
            aspects.push(ItemAspect::Room);
        }
        aspects
    }

    /// What a person is to be told of an item, found the long way.
    fn naive(
        before: &[Appearance],
        after: &[Appearance],
        change: Option<&ItemChange>,
        elsewhere: &[ItemAspect],
    ) -> Option<(Vec<ItemChangeKind>, Vec<ItemAspect>)> {
        match (before, after) {
            ([], []) => None,
            ([], _) => Some((vec![ItemChangeKind::Added], Vec::new())),
            (_, []) => Some((vec![ItemChangeKind::Removed], Vec::new())),
            _ => {
                let all = change
                    .map_or(&[][..], |change| change.aspects.as_slice())
                    .iter();
                let all = all.chain(elsewhere).copied();
                let mut aspects: Vec<_> = all.filter(|one| *one != ItemAspect::People).collect();
                if !does_the_same(before, after) {
                    aspects.push(ItemAspect::People);
                }
                aspects.sort_unstable();
                aspects.dedup();
                let mut kinds = vec![ItemChangeKind::Moved, ItemChangeKind::Changed];
                kinds.retain(|kind| aspects.iter().any(|aspect| aspect.kind() == *kind));
                (!aspects.is_empty()).then_some((kinds, aspects))
            }
        }
    }

    proptest! {
        /// Everybody is told of everything that concerns them, once, and of nothing else.
        #[test]
        fn everybody_concerned_is_told((older, newer) in versions()) {
            let diff = older.diff(&newer);
            let notices = diff.notices(&older, &newer);
            prop_assert!(notices.values().all(|list| !list.is_empty()));
            // People without a number here appear on nothing.
            for person in (0..5).map(id) {
                let mut told = notices.get(&person).into_iter().flatten();
                let items = diff.items().iter().map(|change| Some(change.id));
                let all = older.items().iter().chain(newer.items()).map(|item| Some(item.id));
                let untold: Vec<_> =
                    all.filter(|id| diff.items().iter().all(|one| Some(one.id) != *id)).collect();
                let others = newer.items().iter().map(|item| Some(item.id));
                let others = others.filter(|id| untold.contains(id));
                let elsewhere = |id: Option<AgendaItemId>| {
                    id.map(|id| elsewhere(&older, &newer, id)).unwrap_or_default()
                };
                for item_id in std::iter::once(None).chain(items).chain(others) {
                    let (before, after) = (own(&older, item_id, person), own(&newer, item_id, person));
                    let change = diff.items().iter().find(|one| Some(one.id) == item_id);
                    if let Some((kinds, aspects)) = naive(&before, &after, change, &elsewhere(item_id)) {
                        let expected = PersonalChange { item_id, kinds, aspects, before, after };
                        prop_assert_eq!(told.next(), Some(&expected));
                    }
                }
                prop_assert_eq!(told.next(), None);
                let gone = untold.iter().filter(|id| id.is_some_and(|id| newer.item(id).is_none()));
                for item_id in gone {
                    let (before, after) = (own(&older, *item_id, person), own(&newer, *item_id, person));
                    prop_assert_eq!(naive(&before, &after, None, &[]), None);
                }
            }
            prop_assert!(notices.keys().all(|person| (0..4).any(|number| id(number) == *person)));
        }
    }

    #[test]
    fn another_speaker_concerns_the_two_alone() {
        let chair = Appearance {
            role: AppearanceRole::Chair,
            ..speaker(0, Some(0), 0)
        };
        let older = agenda(
            vec![item(0, 0)],
            vec![chair.clone(), speaker(1, Some(0), 1)],
        );
        let newer = agenda(vec![item(0, 0)], vec![chair, speaker(1, Some(0), 2)]);
        let notices = older.diff(&newer).notices(&older, &newer);
        assert_eq!(notices.len(), 2);
        assert_eq!(notices[&id(1)][0].kinds, [ItemChangeKind::Removed]);
        assert_eq!(notices[&id(2)][0].kinds, [ItemChangeKind::Added]);
    }

    #[test]
    fn another_room_concerns_all_but_those_of_parts_elsewhere() {
        let whole = |room| AgendaItem {
            room_id: Some(id(room)),
            ..item(0, 0)
        };
        let part = AgendaItem {
            parent_id: Some(id(0)),
            ..item(1, 0)
        };
        let elsewhere = AgendaItem {
            parent_id: Some(id(0)),
            room_id: Some(id(2)),
            ..item(2, 1)
        };
        let here = vec![
            speaker(0, Some(0), 0),
            speaker(1, Some(0), 1),
            speaker(2, Some(1), 2),
            speaker(3, Some(2), 3),
        ];
        let all = |room| vec![whole(room), part.clone(), elsewhere.clone()];
        let older = agenda(all(0), here.clone());
        let newer = agenda(all(1), here);
        let notices = older.diff(&newer).notices(&older, &newer);
        assert_eq!(notices.keys().collect::<Vec<_>>(), [&id(0), &id(1), &id(2)]);
        assert_eq!(notices[&id(2)][0].aspects, [ItemAspect::Room]);
        let moved = &notices[&id(0)][0];
        assert_eq!(moved.kinds, [ItemChangeKind::Moved]);
        assert_eq!(moved.aspects, [ItemAspect::Room]);
        assert_eq!(moved.before, moved.after);
    }

    #[test]
    fn an_item_that_goes_is_removed_for_each_and_from_nobody_else() {
        let here = vec![speaker(0, Some(0), 0), speaker(1, Some(1), 1)];
        let older = agenda(vec![item(0, 0), item(1, 1)], here.clone());
        let newer = agenda(vec![item(1, 0)], here[1..].to_vec());
        let notices = older.diff(&newer).notices(&older, &newer);
        assert_eq!(notices.keys().collect::<Vec<_>>(), [&id(0)]);
        assert_eq!(notices[&id(0)][0].kinds, [ItemChangeKind::Removed]);
    }

    #[test]
    fn entered_anew_or_in_another_order_it_is_the_same() {
        let older = agenda(
            vec![item(0, 0)],
            vec![speaker(0, Some(0), 0), speaker(1, Some(0), 1)],
        );
        let last = Appearance {
            position: 1,
            ..speaker(2, Some(0), 0)
        };
        let newer = agenda(vec![item(0, 0)], vec![last, speaker(1, Some(0), 1)]);
        let diff = older.diff(&newer);
        assert_eq!(diff.items()[0].aspects, [ItemAspect::People]);
        assert!(diff.notices(&older, &newer).is_empty());
    }
}
