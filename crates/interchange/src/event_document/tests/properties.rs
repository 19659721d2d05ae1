//! What holds for every document.

use std::collections::BTreeMap;

use domain::Key;
use domain::event_document::{
    EventDocument, ItemEntry, OrganizationEntry, PersonEntry, VenueEntry, check, merge,
};
use proptest::prelude::*;

use crate::event_document::arbitrary::{event_document, two_of_one_event};
use crate::event_document::{read, write};

fn told(text: &str) -> Result<EventDocument, String> {
    read(text).map_err(|problems| {
        problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
            + "\n\n"
            + text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn random_documents_have_no_problems(document in event_document()) {
        prop_assert_eq!(check(&document), vec![]);
    }

    #[test]
    fn what_is_written_is_read_as_it_was(document in event_document()) {
        let written = write(&document);
        match told(&written) {
            Ok(found) => prop_assert_eq!(found, document, "{}", written),
            Err(problems) => prop_assert!(false, "{}", problems),
        }
    }

    #[test]
    fn sending_a_document_again_changes_nothing(document in event_document()) {
        prop_assert_eq!(merge(document.clone(), document.clone()), document);
    }

    #[test]
    fn merging_loses_nothing_and_moves_only_what_was_moved((new, known) in two_of_one_event()) {
        let (of_new, of_known) = (places(&new), places(&known));
        let merged = merge(new, known);
        let mut expected = of_known;
        expected.extend(of_new);
        prop_assert_eq!(places(&merged), expected);
    }

    #[test]
    fn mentioning_one_entry_unchanged_changes_nothing(
        document in event_document(),
        which in any::<proptest::sample::Index>(),
    ) {
        let mut mentions = mentions(&document);
        let mention = mentions.swap_remove(which.index(mentions.len()));
        prop_assert_eq!(merge(mention, document.clone()), document);
    }

    #[test]
    fn the_order_of_a_whole_document_wins(document in event_document(), shift in 0..7_usize) {
        let mut other = document.clone();
        reorder(&mut other, shift);
        prop_assert_eq!(merge(document.clone(), other), document);
    }

    #[test]
    fn never_panics_on_any_text(text in "\\PC{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn never_panics_on_any_yaml(text in "([ \\n\\t:,?#&*!|>%@'\"{}\\[\\]-]|key|time|agenda|items|- |: |\n  ){0,60}") {
        let _ = read(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn never_panics_on_a_broken_example(
        example in proptest::sample::select(super::examples::ALL),
        cuts in proptest::collection::vec((any::<proptest::sample::Index>(), 0..40_usize, ".{0,8}"), 1..6),
    ) {
        let mut text: Vec<char> = super::examples::text(example).chars().collect();
        for (place, length, put) in cuts {
            let from = place.index(text.len());
            let until = (from + length).min(text.len());
            text.splice(from..until, put.chars());
        }
        let text: String = text.into_iter().collect();
        if let Err(problems) = read(&text) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert!(!problem.message.is_empty());
            }
        }
    }
}

/// A document for each entry of this one, which says no more than that entry, with the items that it
/// stands under.
fn mentions(document: &EventDocument) -> Vec<EventDocument> {
    let bare = EventDocument {
        alternative_titles: Vec::new(),
        topics: Vec::new(),
        venues: Vec::new(),
        organizations: Vec::new(),
        people: Vec::new(),
        roles: Vec::new(),
        groups: Vec::new(),
        participants: Vec::new(),
        appearances: Vec::new(),
        tracks: Vec::new(),
        agenda: Vec::new(),
        releases: Vec::new(),
        awards: Vec::new(),
        letters: Vec::new(),
        resolutions: Vec::new(),
        action_items: Vec::new(),
        reports: Vec::new(),
        ..document.clone()
    };
    let mut mentions = vec![bare.clone()];
    macro_rules! each {
        ($($list:ident),+) => {$(
            mentions.extend(document.$list.iter().map(|entry| EventDocument {
                $list: vec![entry.clone()],
                ..bare.clone()
            }));
        )+};
    }
    each!(
        venues,
        organizations,
        people,
        roles,
        groups,
        participants,
        appearances,
        tracks,
        releases,
        awards,
        letters,
        resolutions,
        action_items,
        reports
    );
    for lineage in lineages(&document.agenda) {
        mentions.push(EventDocument {
            agenda: vec![lineage],
            ..bare.clone()
        });
    }
    // And those whose entries are parts of others.
    for venue in &document.venues {
        mentions.extend(venue.rooms.iter().map(|room| EventDocument {
            venues: vec![VenueEntry {
                rooms: vec![room.clone()],
                ..venue.clone()
            }],
            ..bare.clone()
        }));
    }
    for person in &document.people {
        mentions.extend(person.posts.iter().map(|post| EventDocument {
            people: vec![PersonEntry {
                posts: vec![post.clone()],
                ..person.clone()
            }],
            ..bare.clone()
        }));
    }
    for body in &document.organizations {
        mentions.extend(body.memberships.iter().map(|membership| EventDocument {
            organizations: vec![OrganizationEntry {
                memberships: vec![membership.clone()],
                ..body.clone()
            }],
            ..bare.clone()
        }));
    }
    mentions
}

/// Each item without what hangs on it, in the items that it stands under.
fn lineages(items: &[ItemEntry]) -> Vec<ItemEntry> {
    let mut lineages = Vec::new();
    for item in items {
        let alone = ItemEntry {
            appearances: Vec::new(),
            releases: Vec::new(),
            awards: Vec::new(),
            resolutions: Vec::new(),
            items: Vec::new(),
            ..item.clone()
        };
        lineages.extend(lineages_of(&item.items, &alone));
        lineages.push(alone);
    }
    lineages
}

fn lineages_of(items: &[ItemEntry], parent: &ItemEntry) -> Vec<ItemEntry> {
    let below = lineages(items).into_iter();
    below
        .map(|item| ItemEntry {
            items: vec![item],
            ..parent.clone()
        })
        .collect()
}

/// Puts every list into another order.
fn reorder(document: &mut EventDocument, shift: usize) {
    fn turn<T>(list: &mut [T], shift: usize) {
        let steps = shift.checked_rem(list.len()).unwrap_or_default();
        list.rotate_left(steps);
    }
    fn of_items(items: &mut [ItemEntry], shift: usize) {
        turn(items, shift);
        for item in items {
            turn(&mut item.appearances, shift);
            turn(&mut item.releases, shift);
            turn(&mut item.awards, shift);
            turn(&mut item.resolutions, shift);
            of_items(&mut item.items, shift);
        }
    }
    turn(&mut document.venues, shift);
    for venue in &mut document.venues {
        turn(&mut venue.rooms, shift);
    }
    turn(&mut document.organizations, shift);
    for body in &mut document.organizations {
        turn(&mut body.memberships, shift);
    }
    turn(&mut document.people, shift);
    for person in &mut document.people {
        turn(&mut person.posts, shift);
    }
    turn(&mut document.roles, shift);
    turn(&mut document.groups, shift);
    turn(&mut document.participants, shift);
    turn(&mut document.appearances, shift);
    turn(&mut document.tracks, shift);
    turn(&mut document.releases, shift);
    turn(&mut document.awards, shift);
    turn(&mut document.letters, shift);
    turn(&mut document.resolutions, shift);
    turn(&mut document.action_items, shift);
    turn(&mut document.reports, shift);
    of_items(&mut document.agenda, shift);
}

type Places = BTreeMap<(&'static str, Key), Option<Key>>;

/// Every keyed thing with the item that it stands under.
fn places(document: &EventDocument) -> Places {
    let mut places = BTreeMap::new();
    of_items(&document.agenda, None, &mut places);
    let mut top = |noun: &'static str, keys: Vec<&Key>| {
        places.extend(keys.into_iter().map(|key| ((noun, key.clone()), None)));
    };
    top(
        "release",
        document.releases.iter().map(|entry| &entry.key).collect(),
    );
    top(
        "award",
        document.awards.iter().map(|entry| &entry.key).collect(),
    );
    top(
        "resolution",
        document
            .resolutions
            .iter()
            .map(|entry| &entry.key)
            .collect(),
    );
    top(
        "venue",
        document.venues.iter().map(|entry| &entry.key).collect(),
    );
    top(
        "organization",
        document
            .organizations
            .iter()
            .map(|entry| &entry.key)
            .collect(),
    );
    top(
        "person",
        document.people.iter().map(|entry| &entry.key).collect(),
    );
    top(
        "role",
        document
            .roles
            .iter()
            .map(|entry| &entry.organization)
            .collect(),
    );
    top(
        "group",
        document.groups.iter().map(|entry| &entry.key).collect(),
    );
    top(
        "participant",
        document
            .participants
            .iter()
            .map(|entry| &entry.person)
            .collect(),
    );
    top(
        "track",
        document.tracks.iter().map(|entry| &entry.key).collect(),
    );
    top(
        "letter",
        document.letters.iter().map(|entry| &entry.key).collect(),
    );
    top(
        "action item",
        document
            .action_items
            .iter()
            .map(|entry| &entry.key)
            .collect(),
    );
    top(
        "report",
        document.reports.iter().map(|entry| &entry.key).collect(),
    );
    places
}

fn of_items(items: &[ItemEntry], parent: Option<&Key>, places: &mut Places) {
    for item in items {
        places.insert(("item", item.key.clone()), parent.cloned());
        let here = Some(item.key.clone());
        places.extend(
            item.releases
                .iter()
                .map(|entry| (("release", entry.key.clone()), here.clone())),
        );
        places.extend(
            item.awards
                .iter()
                .map(|entry| (("award", entry.key.clone()), here.clone())),
        );
        let resolutions = item.resolutions.iter();
        places.extend(resolutions.map(|entry| (("resolution", entry.key.clone()), here.clone())));
        of_items(&item.items, here.as_ref(), places);
    }
}
