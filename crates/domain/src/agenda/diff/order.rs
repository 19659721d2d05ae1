//! Order: what of a list stands elsewhere than before, and what has only made room.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Change;
use super::entry::Entry;

/// One of a list, with where it stood before.
pub(super) struct Stood<K> {
    /// Its id.
    pub(super) id: K,
    /// Where among the older list.
    pub(super) place: usize,
    /// Whether it is otherwise as it was, so that it is rather the others that moved past it.
    pub(super) steady: bool,
}

/// Those of a list, given in its newer order, that have changed their places among each other: the
/// fewest whose going makes the order of the rest the old one; of several such choices, the one that
/// leaves the most of the steady where they are.
pub(super) fn out_of_order<K: Copy>(list: &[Stood<K>]) -> impl Iterator<Item = K> {
    // By the place at which it ends, the longest row that keeps the old order, with how many of it
    // are steady. Each is better than all that end before it: what is not, leads to nothing.
    let mut rows: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut previous = HashMap::new();
    for one in list {
        let (before, (length, steady)) = rows
            .range(..one.place)
            .next_back()
            .map_or((None, (0, 0)), |(place, row)| (Some(*place), *row));
        let row = (length + 1, steady + usize::from(one.steady));
        let beaten: Vec<_> = rows
            .range(one.place..)
            .take_while(|(_, other)| **other <= row)
            .map(|(place, _)| *place)
            .collect();
        for place in beaten {
            rows.remove(&place);
        }
        rows.insert(one.place, row);
        previous.insert(one.place, before);
    }
    let end = rows.last_key_value().map(|(place, _)| *place);
    let kept: HashSet<usize> =
        std::iter::successors(end, |place| previous.get(place).copied().flatten()).collect();
    list.iter()
        .filter(move |one| !kept.contains(&one.place))
        .map(|one| one.id)
}

/// Lays two lists side by side, in the order of the newer one. What is gone stands behind its
/// nearest earlier neighbour that is left, or at the head. What is in both is given as changed,
/// whether or not it is.
pub(super) fn side_by_side<'a, T: Entry>(
    older: impl IntoIterator<Item = &'a T>,
    newer: &[&'a T],
) -> Vec<Change<&'a T>> {
    let left: HashSet<T::Id> = newer.iter().map(|thing| thing.id()).collect();
    let mut known: HashMap<T::Id, &T> = HashMap::new();
    let mut gone: HashMap<Option<T::Id>, Vec<&T>> = HashMap::new();
    let mut neighbour = None;
    for thing in older {
        if left.contains(&thing.id()) {
            neighbour = Some(thing.id());
            known.insert(thing.id(), thing);
        } else {
            gone.entry(neighbour).or_default().push(thing);
        }
    }
    let mut lines = Vec::new();
    let removed = |gone: Option<Vec<&'a T>>| gone.unwrap_or_default().into_iter();
    lines.extend(removed(gone.remove(&None)).map(Change::Removed));
    for &after in newer {
        lines.push(match known.remove(&after.id()) {
            Some(before) => Change::Changed { before, after },
            None => Change::Added(after),
        });
        lines.extend(removed(gone.remove(&Some(after.id()))).map(Change::Removed));
    }
    lines
}

/// Where each thing of a list stands.
pub(super) fn places<T: Entry>(list: &[T]) -> HashMap<T::Id, usize> {
    (0..)
        .zip(list)
        .map(|(place, thing)| (thing.id(), place))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The best of all rows that keep the old order, by trying every one.
    fn best(list: &[Stood<usize>]) -> (u32, u32) {
        let mut best = (0, 0);
        for choice in 0u32..1 << list.len() {
            let row: Vec<_> = (0..)
                .zip(list)
                .filter(|(bit, _)| choice >> bit & 1 == 1)
                .map(|(_, one): (u32, _)| one)
                .collect();
            if row.is_sorted_by_key(|one| one.place) {
                let steady = row.iter().map(|one| u32::from(one.steady)).sum();
                best = best.max((choice.count_ones(), steady));
            }
        }
        best
    }

    fn list(order: &[usize], steady: &[bool]) -> Vec<Stood<usize>> {
        let stood = |(&place, &steady)| Stood {
            id: place,
            place,
            steady,
        };
        order.iter().zip(steady).map(stood).collect()
    }

    proptest! {
        /// What is left when those out of order go, stands in the old order; no smaller number
        /// would do, and none that leaves more of the steady.
        #[test]
        fn the_fewest_have_moved(
            order in Just((0..9).collect::<Vec<usize>>()).prop_shuffle(),
            steady in prop::collection::vec(any::<bool>(), 0..9),
        ) {
            let list = list(&order, &steady);
            let out: HashSet<_> = out_of_order(&list).collect();
            let rest: Vec<_> = list.iter().filter(|one| !out.contains(&one.id)).collect();
            prop_assert!(rest.is_sorted_by_key(|one| one.place));
            let count = |steady: bool| {
                u32::try_from(rest.iter().filter(|one| one.steady || !steady).count()).unwrap()
            };
            prop_assert_eq!((count(false), count(true)), best(&list));
        }
    }

    #[test]
    fn the_one_that_is_otherwise_has_passed_the_others() {
        let moved = |steady| out_of_order(&list(&[1, 0], steady)).collect::<Vec<_>>();
        assert_eq!(moved(&[true, false]), [0]);
        assert_eq!(moved(&[false, true]), [1]);
    }
}
