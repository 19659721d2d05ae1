//! Places, organizations and people at random.

use domain::Key;
use domain::event_document::{
    MembershipEntry, OrganizationEntry, PartyKey, PersonEntry, PostEntry, RoomEntry, VenueEntry,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Pools, maybe, term, text, windows, word};

pub(super) fn venues(pools: &Pools) -> BoxedStrategy<Vec<VenueEntry>> {
    let rooms = pools
        .rooms
        .iter()
        .map(|key| room(key.clone(), pools))
        .collect::<Vec<_>>();
    let venues = pools
        .venues
        .iter()
        .map(|key| venue(key.clone()))
        .collect::<Vec<_>>();
    (venues, rooms)
        .prop_map(|(mut venues, rooms)| {
            let count = venues.len();
            for (place, room) in rooms.into_iter().enumerate() {
                if let Some(venue) = venues.get_mut(place % count) {
                    venue.rooms.push(room);
                }
            }
            venues
        })
        .boxed()
}

fn venue(key: Key) -> BoxedStrategy<VenueEntry> {
    (text::line(), option::of(text::passage()))
        .prop_map(move |(name, address)| VenueEntry {
            key: key.clone(),
            name,
            address,
            rooms: Vec::new(),
        })
        .boxed()
}

fn room(key: Key, pools: &Pools) -> BoxedStrategy<RoomEntry> {
    (
        text::line(),
        option::of(text::line()),
        option::of(1..=i32::MAX),
        option::of(text::passage()),
        windows(&pools.time),
    )
        .prop_map(
            move |(name, floor, capacity, accessibility, availability)| RoomEntry {
                key: key.clone(),
                name,
                floor,
                capacity,
                accessibility,
                availability,
            },
        )
        .boxed()
}

pub(super) fn organizations(pools: &Pools) -> BoxedStrategy<Vec<OrganizationEntry>> {
    let entries = pools.organizations.iter().enumerate().map(|(place, key)| {
        // Part of one before it, so that nothing is part of itself.
        let before: Vec<_> = pools.organizations.iter().take(place).cloned().collect();
        let key = key.clone();
        let name = (
            text::localized(text::line().boxed()),
            vec(text::line(), 0..2),
        );
        let rank = (
            option::of(0..=i32::MAX),
            option::of(any::<bool>()),
            option::of(text::line()),
        );
        let memberships = vec(membership(pools), 0..3);
        (
            option::of(word()),
            name,
            maybe(&before),
            rank,
            vec(text::line(), 0..2),
            memberships,
        )
            .prop_map(
                move |(kind, name, parent, rank, goals, memberships)| OrganizationEntry {
                    key: key.clone(),
                    kind,
                    name: name.0,
                    aliases: name.1,
                    parent,
                    protocol_order: rank.0,
                    founded_here: rank.1,
                    level: rank.2,
                    goals,
                    memberships: memberships
                        .into_iter()
                        .flatten()
                        .filter(|membership| {
                            membership.member != PartyKey::Organization(key.clone())
                        })
                        .collect(),
                },
            )
            .boxed()
    });
    entries.collect::<Vec<_>>().boxed()
}

fn membership(pools: &Pools) -> BoxedStrategy<Option<MembershipEntry>> {
    (
        maybe_party(pools),
        option::of(text::line()),
        term(),
        maybe(&pools.letters),
    )
        .prop_map(|(member, post, (since, until), letter)| {
            Some(MembershipEntry {
                member: member?,
                post,
                since,
                until,
                letter,
            })
        })
        .boxed()
}

/// A person or an organization, or nobody.
pub(super) fn maybe_party(pools: &Pools) -> BoxedStrategy<Option<PartyKey>> {
    let people = pools.people.iter().cloned().map(PartyKey::Person);
    let organizations = pools
        .organizations
        .iter()
        .cloned()
        .map(PartyKey::Organization);
    let parties: Vec<_> = people.chain(organizations).collect();
    if parties.is_empty() {
        Just(None).boxed()
    } else {
        option::of(select(parties)).boxed()
    }
}

pub(super) fn people(pools: &Pools) -> BoxedStrategy<Vec<PersonEntry>> {
    let entries = pools.people.iter().map(|key| {
        let key = key.clone();
        let names = (
            text::line(),
            option::of(text::line()),
            btree_map(text::language(), text::line(), 0..3),
        );
        let email = option::of("[a-z]{1,9}(\\.[a-z]{1,9})?@[a-z]{1,9}\\.example");
        (
            names,
            email,
            option::of("\\+[0-9]{6,12}"),
            option::of(text::language()),
            vec(post(pools), 0..3),
        )
            .prop_map(
                move |(names, email, telephone, language, posts)| PersonEntry {
                    key: key.clone(),
                    name: names.0,
                    transcription: names.1,
                    further_names: names.2,
                    email,
                    telephone,
                    language,
                    posts,
                },
            )
            .boxed()
    });
    entries.collect::<Vec<_>>().boxed()
}

fn post(pools: &Pools) -> BoxedStrategy<PostEntry> {
    (text::line(), maybe(&pools.organizations), term())
        .prop_map(|(title, organization, (since, until))| PostEntry {
            title,
            organization,
            since,
            until,
        })
        .boxed()
}
