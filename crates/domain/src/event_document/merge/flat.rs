//! The agenda without its tree, for as long as two of them are laid over each other.

use std::collections::BTreeMap;

use super::rows;
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

    pub(super) fn over(self, known: Self) -> Self {
        Self {
            items: rows(self.items, known.items),
            releases: rows(self.releases, known.releases),
            awards: rows(self.awards, known.awards),
            resolutions: rows(self.resolutions, known.resolutions),
        }
    }

    /// Puts the agenda back into a document.
    pub(super) fn put(self, document: &mut EventDocument) {
        let mut placed = Placed {
            items: by_place(self.items),
            releases: by_place(self.releases),
            awards: by_place(self.awards),
            resolutions: by_place(self.resolutions),
        };
        document.releases = placed.releases.remove(&None).unwrap_or_default();
        document.awards = placed.awards.remove(&None).unwrap_or_default();
        document.resolutions = placed.resolutions.remove(&None).unwrap_or_default();
        document.agenda = placed.tree(None);
    }
}

/// The agenda again, each thing with those of the same place.
struct Placed {
    items: ByPlace<ItemEntry>,
    releases: ByPlace<ReleaseEntry>,
    awards: ByPlace<AwardEntry>,
    resolutions: ByPlace<ResolutionEntry>,
}

type ByPlace<T> = BTreeMap<Option<Key>, Vec<T>>;

impl Placed {
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

fn by_place<T>(entries: Vec<(Option<Key>, T)>) -> ByPlace<T> {
    let mut places: ByPlace<T> = BTreeMap::new();
    for (place, entry) in entries {
        places.entry(place).or_default().push(entry);
    }
    places
}
