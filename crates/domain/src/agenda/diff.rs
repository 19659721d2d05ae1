//! The difference between two versions of an agenda: all of it, so that one can be made of the
//! other; and what people read of it, item by item.

mod aspect;
mod entry;
mod item;
mod order;

use super::{Agenda, Track};
use crate::appearance::Appearance;

pub(super) use aspect::kinds;
pub use aspect::{ItemAspect, ItemChangeKind};
use entry::{Entries, read_alike, sorted};
pub use item::ItemChange;
use item::{appearance_changes, item_changes};

/// What has become of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<T> {
    /// It is new.
    Added(T),
    /// It is gone.
    Removed(T),
    /// It is otherwise.
    Changed {
        /// What it was.
        before: T,
        /// What it is.
        after: T,
    },
}

impl<T> Change<T> {
    /// What was there before.
    pub fn before(&self) -> Option<&T> {
        match self {
            Self::Added(_) => None,
            Self::Removed(before) | Self::Changed { before, .. } => Some(before),
        }
    }

    /// What is there now.
    pub fn after(&self) -> Option<&T> {
        match self {
            Self::Removed(_) => None,
            Self::Added(after) | Self::Changed { after, .. } => Some(after),
        }
    }
}

impl<T: Clone> Change<&T> {
    fn cloned(self) -> Change<T> {
        match self {
            Self::Added(after) => Change::Added(after.clone()),
            Self::Removed(before) => Change::Removed(before.clone()),
            Self::Changed { before, after } => Change::Changed {
                before: before.clone(),
                after: after.clone(),
            },
        }
    }
}

/// The difference between two versions of the agenda of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaDiff {
    entries: Entries,
    items: Vec<ItemChange>,
    event_appearances: Vec<Change<Appearance>>,
    surroundings: Surroundings,
}

/// What is read on an agenda besides its items: the event, tracks, rooms, groups, people and
/// organizations themselves, and what is made public or awarded at no item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surroundings {
    AsBefore,
    Otherwise,
}

impl Agenda {
    /// What makes a newer version of this one.
    pub fn diff(&self, newer: &Agenda) -> AgendaDiff {
        let entries = Entries::between(self, newer);
        AgendaDiff {
            items: item_changes(self, newer),
            event_appearances: appearance_changes(self.appearances(None), newer.appearances(None)),
            surroundings: surroundings(&entries, self, newer),
            entries,
        }
    }
}

impl AgendaDiff {
    /// The newer version, of the older one. Of any other agenda, what becomes of it when all that is
    /// otherwise in the newer version is put, as it is there, in the place of what it has.
    #[must_use]
    pub fn apply(&self, to: &Agenda) -> Agenda {
        Agenda::new(self.entries.lay_over(to))
    }

    /// Whether there is nothing new to read: but for versions, revisions, the callers' own names and
    /// numbers of places that make no other order, and for what the organisers plan with, all is as
    /// before.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
            && self.event_appearances.is_empty()
            && self.surroundings == Surroundings::AsBefore
    }

    /// Whether there is something new to read besides the items and who appears on the whole event.
    pub fn surroundings_changed(&self) -> bool {
        self.surroundings == Surroundings::Otherwise
    }

    /// The items of which there is something new to read, in the order of the newer version. What
    /// was removed stands behind its nearest earlier neighbour that is left, or at the head.
    pub fn items(&self) -> &[ItemChange] {
        &self.items
    }

    /// Who appears on the whole event otherwise than before, in the order of
    /// [`ItemChange::appearances`].
    pub fn event_appearances(&self) -> &[Change<Appearance>] {
        &self.event_appearances
    }
}

/// What is read besides the items, but for who appears on the whole event.
fn surroundings(entries: &Entries, older: &Agenda, newer: &Agenda) -> Surroundings {
    let same = entries.leave_the_surroundings()
        && read_alike(tracks(older), tracks(newer))
        && read_alike(
            older.releases.get(&None).into_iter().flatten(),
            newer.releases.get(&None).into_iter().flatten(),
        )
        && read_alike(
            older.awards.get(&None).into_iter().flatten(),
            newer.awards.get(&None).into_iter().flatten(),
        );
    if same {
        Surroundings::AsBefore
    } else {
        Surroundings::Otherwise
    }
}

/// The tracks in the order of their list.
fn tracks(agenda: &Agenda) -> Vec<&Track> {
    sorted(agenda.tracks.values(), |track| track.position)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::agenda::AgendaParts;
    use crate::agenda::sample::{id, versions};
    use crate::availability::{Availability, Window};

    fn parts(agenda: &Agenda) -> AgendaParts {
        agenda.diff(agenda).entries.lay_over(agenda)
    }

    /// The same, with every number that nobody reads made another by `by`, and planned otherwise.
    fn numbered(agenda: &Agenda, by: i32) -> Agenda {
        let mut parts = parts(agenda);
        let other = |version: &mut i32, position: &mut i32| {
            *version += by;
            *position = *position * (by + 1) + by;
        };
        parts.event.version += by;
        parts.event.agenda_revision += by;
        parts.event.room_change_minutes = Some(100 + by);
        let day: chrono::NaiveDate = "2024-01-15".parse().unwrap();
        let windows = Availability::new(vec![Window {
            starts_at: day.into(),
            ends_at: day.and_hms_opt(by.unsigned_abs(), 30, 0).unwrap(),
        }]);
        let windows = windows.unwrap();
        parts.availability = [(id(0), windows.clone())].into();
        for one in &mut parts.items {
            other(&mut one.version, &mut one.position);
            one.external_id = Some(format!("k{by}").parse().unwrap());
            one.expected_audience = Some(100 + by);
        }
        for one in &mut parts.tracks {
            other(&mut one.version, &mut one.position);
        }
        for one in &mut parts.rooms {
            other(&mut one.version, &mut one.position);
            one.availability = windows.clone();
        }
        for one in &mut parts.appearances {
            other(&mut one.version, &mut one.position);
        }
        for one in &mut parts.groups {
            other(&mut one.version, &mut one.position);
        }
        for one in &mut parts.releases {
            other(&mut one.version, &mut one.position);
        }
        for one in &mut parts.awards {
            other(&mut one.version, &mut one.position);
            for got in &mut one.recipients {
                other(&mut got.version, &mut got.position);
            }
        }
        for one in &mut parts.people {
            one.version += by;
        }
        for one in &mut parts.organizations {
            one.version += by;
        }
        Agenda::new(parts)
    }

    /// All that is read on an agenda, written out in order, without what is not read.
    fn read(agenda: &Agenda) -> Vec<String> {
        let lists = |of| {
            let who = agenda.appearances(of).iter().map(|one| Appearance {
                version: 0,
                position: 0,
                ..one.clone()
            });
            let released = agenda.releases.get(&of).into_iter().flatten();
            let released = released.map(|one| (one.id, &one.title, &one.kind, &one.url));
            let awarded = agenda.awards.get(&of).into_iter().flatten().map(|one| {
                let got = one.recipients.iter().map(|one| one.recipient);
                let got: Vec<_> = got.collect();
                (one.id, &one.title, one.kind, &one.grantors, got)
            });
            let who: Vec<_> = who.collect();
            let released: Vec<_> = released.collect();
            format!("{who:?} {released:?} {:?}", awarded.collect::<Vec<_>>())
        };
        let zone = agenda.event.time.zone;
        let mut lines = vec![format!("{zone:?}"), lists(None)];
        let mut items: Vec<_> = agenda.items.iter().collect();
        // Each list of siblings is read in its order.
        items.sort_by_key(|item| (item.parent_id, item.position, item.id));
        for item in items {
            let mut read = item.clone();
            (read.version, read.position, read.external_id) = (0, 0, None);
            read.expected_audience = None;
            lines.push(format!("{read:?} {}", lists(Some(item.id))));
        }
        for one in tracks(agenda) {
            lines.push(format!("{:?} {} {:?}", one.id, one.name, one.color));
        }
        for one in sorted(agenda.rooms.values().map(AsRef::as_ref), |_| ()) {
            lines.push(format!("{:?} {}", one.id, one.name));
        }
        for one in sorted(agenda.groups.values(), |_| ()) {
            lines.push(format!("{:?} {}", one.id, one.description));
        }
        for one in sorted(agenda.people.values().map(AsRef::as_ref), |_| ()) {
            lines.push(format!("{:?} {}", one.id, one.name));
        }
        for one in sorted(agenda.organizations.values().map(AsRef::as_ref), |_| ()) {
            lines.push(format!("{:?} {:?}", one.id, one.name));
        }
        lines
    }

    proptest! {
        #[test]
        fn one_version_is_made_of_the_other((older, newer) in versions()) {
            prop_assert_eq!(&older.diff(&newer).apply(&older), &newer);
            prop_assert_eq!(&newer.diff(&older).apply(&newer), &older);
        }

        #[test]
        fn nothing_is_otherwise_than_itself((agenda, _) in versions()) {
            let diff = agenda.diff(&agenda);
            prop_assert!(diff.is_empty());
            prop_assert!(diff.items().is_empty());
            prop_assert!(diff.event_appearances().is_empty());
        }

        /// There is nothing new to read when, and only when, all reads alike.
        #[test]
        fn is_empty_when_all_reads_alike((older, newer) in versions()) {
            prop_assert_eq!(older.diff(&newer).is_empty(), read(&older) == read(&newer));
        }

        /// Versions, the callers' own names, places with gaps and what the organisers plan with are
        /// nothing to read, and are kept.
        #[test]
        fn numbers_are_not_read((older, newer) in versions(), by in 1i32..9) {
            let other = numbered(&newer, by);
            let (diff, same) = (older.diff(&other), older.diff(&newer));
            prop_assert_eq!(diff.is_empty(), same.is_empty());
            prop_assert!(newer.diff(&other).is_empty());
            let told = |diff: &AgendaDiff| -> Vec<_> {
                let told = diff.items().iter();
                told.map(|one| (one.id, one.aspects.clone(), one.appearances.len())).collect()
            };
            prop_assert_eq!(told(&diff), told(&same));
            prop_assert_eq!(diff.apply(&older), other);
        }
    }
}
