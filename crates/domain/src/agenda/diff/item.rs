//! What people read of the difference: item by item, and who appears otherwise.

use std::collections::{HashMap, HashSet};

use super::Change;
use super::aspect::{ItemAspect, ItemChangeKind, is_at_the_same_time, kinds, own_aspects};
use super::entry::Entry as _;
use super::order::{Stood, out_of_order, places, side_by_side};
use crate::agenda::{Agenda, AgendaItem};
use crate::appearance::Appearance;
use crate::id::AgendaItemId;

/// What has become of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemChange {
    /// The item.
    pub id: AgendaItemId,
    /// What has become of it: added, or removed, or moved and changed or one of both, in order.
    pub kinds: Vec<ItemChangeKind>,
    /// What of it is otherwise, in order; nothing, where it was added or removed.
    pub aspects: Vec<ItemAspect>,
    /// Who appears on it otherwise than before, in the order of the newer version; who does no
    /// longer stands behind their nearest earlier neighbour who still does. Of an item that was
    /// added or removed, all of them.
    pub appearances: Vec<Change<Appearance>>,
}

/// What has become of every item of which there is something new to read, in the order of
/// [`super::AgendaDiff::items`].
pub(super) fn item_changes(older: &Agenda, newer: &Agenda) -> Vec<ItemChange> {
    let reordered = reordered(older, newer);
    let items: Vec<_> = newer.items.iter().collect();
    let change = |line: Change<&AgendaItem>| {
        let item = line.after().or(line.before())?;
        let id = Some(item.id);
        let appearances = appearance_changes(older.appearances(id), newer.appearances(id));
        let (kinds, aspects) = match line {
            Change::Added(_) => (vec![ItemChangeKind::Added], Vec::new()),
            Change::Removed(_) => (vec![ItemChangeKind::Removed], Vec::new()),
            Change::Changed { before, after } => {
                let mut aspects = own_aspects((older, before), (newer, after));
                aspects.extend(reordered.contains(&item.id).then_some(ItemAspect::Order));
                aspects.extend((!appearances.is_empty()).then_some(ItemAspect::People));
                aspects.sort_unstable();
                (kinds(&aspects), aspects)
            }
        };
        (!kinds.is_empty()).then_some(ItemChange {
            id: item.id,
            kinds,
            aspects,
            appearances,
        })
    };
    side_by_side(&older.items, &items)
        .into_iter()
        .filter_map(change)
        .collect()
}

/// The items that stand elsewhere among those that had the same parent before and have it still.
fn reordered(older: &Agenda, newer: &Agenda) -> HashSet<AgendaItemId> {
    let mut lists: HashMap<Option<AgendaItemId>, Vec<Stood<AgendaItemId>>> = HashMap::new();
    for after in &newer.items {
        if let Some(place) = older.place(after.id)
            && let Some(before) = older.items.get(place)
            && before.parent_id == after.parent_id
        {
            let same_time = is_at_the_same_time((older, before), (newer, after));
            lists.entry(after.parent_id).or_default().push(Stood {
                id: after.id,
                place,
                steady: same_time && before.room_id == after.room_id,
            });
        }
    }
    lists.values().flat_map(|list| out_of_order(list)).collect()
}

/// Who of two lists appears otherwise.
pub(super) fn appearance_changes(
    older: &[Appearance],
    newer: &[Appearance],
) -> Vec<Change<Appearance>> {
    let stood = places(older);
    let list: Vec<_> = newer
        .iter()
        .filter_map(|after| {
            let place = *stood.get(&after.id)?;
            Some(Stood {
                id: after.id,
                place,
                steady: older.get(place)?.reads_like(after),
            })
        })
        .collect();
    let mut otherwise: HashSet<_> = out_of_order(&list).collect();
    otherwise.extend(list.iter().filter(|one| !one.steady).map(|one| one.id));
    let newer: Vec<_> = newer.iter().collect();
    side_by_side(older, &newer)
        .into_iter()
        .filter(|line| match line {
            Change::Added(_) | Change::Removed(_) => true,
            Change::Changed { after, .. } => otherwise.contains(&after.id),
        })
        .map(Change::cloned)
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::agenda::AgendaParts;
    use crate::agenda::diff::entry::Entries;
    use crate::agenda::sample::{agenda, event, id, item, speaker, versions};

    fn placed(number: usize, parent: Option<usize>, position: i32) -> AgendaItem {
        AgendaItem {
            parent_id: parent.map(id),
            ..item(number, position)
        }
    }

    fn at(hour: u32) -> NaiveDateTime {
        let day: chrono::NaiveDate = "2024-07-15".parse().unwrap();
        day.and_hms_opt(hour, 0, 0).unwrap()
    }

    /// Everything that is otherwise: the number of the item, and what of it.
    fn told(older: &Agenda, newer: &Agenda) -> Vec<(u128, Vec<ItemChangeKind>, Vec<ItemAspect>)> {
        let diff = older.diff(newer);
        assert_eq!(diff.apply(older), *newer);
        diff.items
            .into_iter()
            .map(|one| (one.id.uuid().as_u128() - 1, one.kinds, one.aspects))
            .collect()
    }

    /// What is left of a list of appearances without those that were spoken of, as it is read.
    fn unspoken<'a>(
        list: &'a [Appearance],
        spoken: impl Iterator<Item = &'a Appearance>,
    ) -> Vec<Appearance> {
        let spoken: HashSet<_> = spoken.map(|one| one.id).collect();
        list.iter()
            .filter(|one| !spoken.contains(&one.id))
            .map(|one| Appearance {
                version: 0,
                position: 0,
                ..one.clone()
            })
            .collect()
    }

    /// What of an item is otherwise, found the long way; without its order and its people.
    fn naive(
        older: &Agenda,
        newer: &Agenda,
        before: &AgendaItem,
        after: &AgendaItem,
    ) -> Vec<ItemAspect> {
        let times = |agenda: &Agenda, item: &AgendaItem| {
            let instant = |local: NaiveDateTime| agenda.event().time.zone.instant(local);
            (
                item.starts_at.map(|at| (at, instant(at))),
                item.ends_at.map(|at| (at, instant(at))),
            )
        };
        let releases = |agenda: &Agenda| {
            let list = agenda.releases(before.id).iter();
            let read =
                list.map(|one| (one.id, one.title.clone(), one.kind.clone(), one.url.clone()));
            read.collect::<Vec<_>>()
        };
        let awards = |agenda: &Agenda| {
            let read = agenda.awards(before.id).iter().map(|one| {
                let got = one.recipients.iter().map(|one| one.recipient);
                let got: Vec<_> = got.collect();
                (
                    one.id,
                    one.title.clone(),
                    one.kind,
                    one.grantors.clone(),
                    got,
                )
            });
            read.collect::<Vec<_>>()
        };
        let mut aspects = Vec::new();
        let mut unless = |aspect, same: bool| {
            if !same {
                aspects.push(aspect);
            }
        };
        unless(
            ItemAspect::Time,
            times(older, before) == times(newer, after),
        );
        unless(ItemAspect::Room, before.room_id == after.room_id);
        unless(ItemAspect::Parent, before.parent_id == after.parent_id);
        unless(ItemAspect::Title, before.title == after.title);
        unless(ItemAspect::Subtitle, before.subtitle == after.subtitle);
        unless(ItemAspect::Abstract, before.summary == after.summary);
        unless(ItemAspect::Kind, before.kind == after.kind);
        unless(ItemAspect::Language, before.language == after.language);
        unless(ItemAspect::Track, before.track_id == after.track_id);
        let links = |item: &AgendaItem| {
            (
                item.url.clone(),
                item.links.clone(),
                item.attachments.clone(),
            )
        };
        unless(ItemAspect::Links, links(before) == links(after));
        unless(ItemAspect::Releases, releases(older) == releases(newer));
        unless(ItemAspect::Awards, awards(older) == awards(newer));
        aspects
    }

    proptest! {
        /// All that is told of the items is so, and nothing is left untold.
        #[test]
        fn tells_what_is_otherwise((older, newer) in versions()) {
            let diff = older.diff(&newer);
            let all: HashMap<_, _> = diff.items().iter().map(|one| (one.id, one)).collect();
            prop_assert_eq!(all.len(), diff.items().len());
            for id in older.items().iter().chain(newer.items()).map(|item| item.id) {
                let told = all.get(&id);
                let (was, is) = (older.appearances(Some(id)), newer.appearances(Some(id)));
                let spoken = || told.iter().flat_map(|one| &one.appearances);
                prop_assert_eq!(
                    unspoken(was, spoken().filter_map(Change::before)),
                    unspoken(is, spoken().filter_map(Change::after))
                );
                let (kinds, aspects) = match (older.item(id), newer.item(id)) {
                    (Some(before), Some(after)) => {
                        let mut aspects = naive(&older, &newer, before, after);
                        if told.is_some_and(|one| one.aspects.contains(&ItemAspect::Order)) {
                            prop_assert_eq!(before.parent_id, after.parent_id);
                            aspects.push(ItemAspect::Order);
                        }
                        let everyone = [].iter();
                        if unspoken(was, everyone.clone()) != unspoken(is, everyone) {
                            aspects.push(ItemAspect::People);
                        }
                        aspects.sort_unstable();
                        (kinds(&aspects), aspects)
                    }
                    (None, _) => (vec![ItemChangeKind::Added], Vec::new()),
                    (_, None) => (vec![ItemChangeKind::Removed], Vec::new()),
                };
                prop_assert_eq!(told.is_some(), !kinds.is_empty());
                if let Some(told) = told {
                    prop_assert_eq!((&told.kinds, &told.aspects), (&kinds, &aspects));
                }
            }
            // Those of whose order nothing is told stand among each other as before.
            for parent in newer.items().iter().map(|item| item.parent_id) {
                let row = |agenda: &Agenda| -> Vec<AgendaItemId> {
                    let here = |of: &Agenda, id| of.item(id).is_some_and(|item| item.parent_id == parent);
                    let unmoved = |id| {
                        all.get(&id).is_none_or(|one| !one.aspects.contains(&ItemAspect::Order))
                    };
                    let ids = agenda.items().iter().map(|item| item.id);
                    ids.filter(|id| here(&older, *id) && here(&newer, *id) && unmoved(*id)).collect()
                };
                prop_assert_eq!(row(&older), row(&newer));
            }
        }

        /// Told in the order of the newer version, with what is gone behind its neighbour.
        #[test]
        fn tells_in_order((older, newer) in versions()) {
            let diff = older.diff(&newer);
            let behind = |id| {
                if let Some(place) = newer.place(id) {
                    return (Some(place), None);
                }
                let place = older.place(id).unwrap();
                let earlier = older.items()[..place].iter().rev();
                (earlier.clone().find_map(|item| newer.place(item.id)), Some(place))
            };
            prop_assert!(diff.items().is_sorted_by_key(|one| behind(one.id)));
        }

        /// Whatever is put among the others, or taken away, moves none of them.
        #[test]
        fn making_room_is_no_move((agenda, _) in versions(), place in 0usize..12, at_top in any::<bool>()) {
            let mut items = agenda.items().to_vec();
            let parent = items.first().filter(|_| !at_top).map(|item| item.id);
            let list: Vec<_> = items.iter().filter(|item| item.parent_id == parent).collect();
            let ids: Vec<_> = list.iter().map(|item| item.id).collect();
            let place = place.min(ids.len());
            for item in &mut items {
                if let Some(stood) = ids.iter().position(|id| *id == item.id) {
                    item.position = i32::try_from(stood + usize::from(stood >= place)).unwrap();
                }
            }
            let position = i32::try_from(place).unwrap();
            items.push(AgendaItem { parent_id: parent, ..item(99, position) });
            let more = Agenda::new(AgendaParts {
                items,
                ..Entries::between(&agenda, &agenda).lay_over(&agenda)
            });
            let added = (99, vec![ItemChangeKind::Added], Vec::new());
            prop_assert_eq!(told(&agenda, &more), [added]);
            let removed = (99, vec![ItemChangeKind::Removed], Vec::new());
            prop_assert_eq!(told(&more, &agenda), [removed]);
        }
    }

    #[test]
    fn an_item_is_moved_and_changed_at_once() {
        let older = agenda(vec![item(0, 0), item(1, 1)], Vec::new());
        let other = AgendaItem {
            starts_at: Some(at(9)),
            url: Some("https://example.org".to_owned()),
            ..placed(1, Some(0), 0)
        };
        let newer = agenda(vec![item(0, 0), other], vec![speaker(0, Some(1), 0)]);
        let kinds = vec![ItemChangeKind::Moved, ItemChangeKind::Changed];
        let aspects = vec![
            ItemAspect::Time,
            ItemAspect::Parent,
            ItemAspect::Links,
            ItemAspect::People,
        ];
        assert_eq!(told(&older, &newer), [(1, kinds, aspects)]);
    }

    #[test]
    fn another_zone_moves_what_has_a_time() {
        let hour = AgendaItem {
            starts_at: Some(at(9)),
            ..item(0, 0)
        };
        let older = agenda(vec![hour, item(1, 1)], Vec::new());
        let mut newer = older.clone();
        newer.event = event("Asia/Shanghai");
        let moved = (0, vec![ItemChangeKind::Moved], vec![ItemAspect::Time]);
        assert_eq!(told(&older, &newer), [moved]);
        newer.event = event("Europe/Jersey");
        assert_eq!(told(&older, &newer), []);
        assert!(!older.diff(&newer).is_empty());
    }

    #[test]
    fn whoever_got_another_hour_has_passed_the_others() {
        let hours = |first, second, third| {
            let item = |number, hour| AgendaItem {
                starts_at: Some(at(hour)),
                ..item(number, i32::try_from(hour).unwrap())
            };
            agenda(
                vec![item(0, first), item(1, second), item(2, third)],
                Vec::new(),
            )
        };
        let aspects = vec![ItemAspect::Time, ItemAspect::Order];
        let moved = (0, vec![ItemChangeKind::Moved], aspects.clone());
        assert_eq!(told(&hours(9, 10, 14), &hours(11, 10, 14)), [moved]);
        let moved = (1, vec![ItemChangeKind::Moved], aspects);
        assert_eq!(told(&hours(9, 10, 14), &hours(9, 8, 14)), [moved]);
    }

    #[test]
    fn an_appearance_goes_from_the_event_to_an_item() {
        let older = agenda(vec![item(0, 0)], vec![speaker(0, None, 0)]);
        let newer = agenda(vec![item(0, 0)], vec![speaker(0, Some(0), 0)]);
        let diff = older.diff(&newer);
        assert_eq!(
            diff.event_appearances(),
            [Change::Removed(speaker(0, None, 0))]
        );
        assert_eq!(
            diff.items()[0].appearances,
            [Change::Added(speaker(0, Some(0), 0))]
        );
        assert_eq!(diff.apply(&older), newer);
    }

    #[test]
    fn ten_thousand_items_upside_down_are_compared_at_once() {
        let rows = |flip: i32| {
            let item = |number| item(number, flip * i32::try_from(number).unwrap());
            agenda((0..10_000).map(item).collect(), Vec::new())
        };
        assert_eq!(rows(1).diff(&rows(-1)).items().len(), 9_999);
    }
}
