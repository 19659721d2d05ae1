//! The agenda without its tree, for as long as two of them are laid over each other.

use std::collections::BTreeMap;

use super::{Entry, in_order};
use crate::event_document::{AwardEntry, EventDocument, ItemEntry, ReleaseEntry, ResolutionEntry};
use crate::text::Key;

/// The agenda laid out flat: each thing with the key of the item that it stands under. So a thing
/// that a document has moved is moved, with all that hangs on it, and neither doubled nor lost.
pub(super) struct Flat {
    items: Vec<(Option<Key>, ItemEntry)>,
    releases: Vec<(Option<Key>, ReleaseEntry)>,
    awards: Vec<(Option<Key>, AwardEntry)>,
    resolutions: Vec<(Option<Key>, ResolutionEntry)>,
}

impl Flat {
    /// Takes the agenda out of a document.
    pub(super) fn take(document: &mut EventDocument) -> Self {
        let mut flat = Self {
            items: Vec::new(),
            releases: placed(None, &mut document.releases),
            awards: placed(None, &mut document.awards),
            resolutions: placed(None, &mut document.resolutions),
        };
        flat.lay_out(None, &mut document.agenda);
        flat
    }

    fn lay_out(&mut self, parent: Option<&Key>, items: &mut Vec<ItemEntry>) {
        for mut item in std::mem::take(items) {
            let here = item.key.clone();
            self.releases
                .append(&mut placed(Some(&here), &mut item.releases));
            self.awards
                .append(&mut placed(Some(&here), &mut item.awards));
            self.resolutions
                .append(&mut placed(Some(&here), &mut item.resolutions));
            let mut below = std::mem::take(&mut item.items);
            self.items.push((parent.cloned(), item));
            self.lay_out(Some(&here), &mut below);
        }
    }

    pub(super) fn over(self, known: Self) -> Placed {
        Placed {
            items: laid_over(self.items, known.items),
            releases: laid_over(self.releases, known.releases),
            awards: laid_over(self.awards, known.awards),
            resolutions: laid_over(self.resolutions, known.resolutions),
        }
    }
}

/// Lays things over what is known of them, wherever that stands, and puts each place in order.
fn laid_over<T: Entry>(new: Vec<(Option<Key>, T)>, known: Vec<(Option<Key>, T)>) -> ByPlace<T> {
    let mut known_places: ByPlace<Option<T>> = BTreeMap::new();
    let mut selves = BTreeMap::new();
    for (place, entry) in known {
        let key = entry.key();
        let siblings = known_places.entry(place.clone()).or_default();
        selves.entry(key).or_insert((place, siblings.len()));
        siblings.push(Some(entry));
    }
    let mut merged: ByPlace<(Option<usize>, T)> = BTreeMap::new();
    for (place, entry) in new {
        let old = selves.get(&entry.key()).and_then(|(old_place, index)| {
            let old = known_places.get_mut(old_place)?.get_mut(*index)?.take()?;
            // What comes from elsewhere has no place among those that it joins.
            Some(((*old_place == place).then_some(*index), old))
        });
        let entry = match old {
            Some((index, old)) => (index, entry.over(old)),
            None => (None, entry),
        };
        merged.entry(place).or_default().push(entry);
    }
    for place in known_places.keys() {
        merged.entry(place.clone()).or_default();
    }
    merged
        .into_iter()
        .map(|(place, entries)| {
            let known = known_places.remove(&place).unwrap_or_default();
            (place, in_order(entries, known))
        })
        .collect()
}

/// The agenda again, each thing with those of the same place.
pub(super) struct Placed {
    items: ByPlace<ItemEntry>,
    releases: ByPlace<ReleaseEntry>,
    awards: ByPlace<AwardEntry>,
    resolutions: ByPlace<ResolutionEntry>,
}

type ByPlace<T> = BTreeMap<Option<Key>, Vec<T>>;

impl Placed {
    /// Puts the agenda back into a document.
    pub(super) fn put(mut self, document: &mut EventDocument) {
        document.releases = self.releases.remove(&None).unwrap_or_default();
        document.awards = self.awards.remove(&None).unwrap_or_default();
        document.resolutions = self.resolutions.remove(&None).unwrap_or_default();
        document.agenda = self.tree(None);
    }

    fn tree(&mut self, parent: Option<&Key>) -> Vec<ItemEntry> {
        let mut items = self.items.remove(&parent.cloned()).unwrap_or_default();
        for item in &mut items {
            let here = Some(item.key.clone());
            item.releases = self.releases.remove(&here).unwrap_or_default();
            item.awards = self.awards.remove(&here).unwrap_or_default();
            item.resolutions = self.resolutions.remove(&here).unwrap_or_default();
            item.items = self.tree(here.as_ref());
        }
        items
    }
}

fn placed<T>(place: Option<&Key>, entries: &mut Vec<T>) -> Vec<(Option<Key>, T)> {
    std::mem::take(entries)
        .into_iter()
        .map(|entry| (place.cloned(), entry))
        .collect()
}
