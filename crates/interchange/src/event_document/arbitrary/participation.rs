//! Who takes part, at random.

use chrono::{DateTime, Utc};
use domain::event_document::{DelegationEntry, GroupEntry, ParticipantEntry, RoleEntry};
use domain::event_organization::EventOrganizationRole;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::directory::maybe_party;
use super::{Pools, maybe, some, text, windows, word};

pub(super) fn roles(pools: &Pools) -> BoxedStrategy<Vec<RoleEntry>> {
    let entry = (
        maybe(&pools.organizations),
        // Only who attends sends a delegation.
        prop_oneof![word(), Just(EventOrganizationRole::Attending)],
        option::of(text::line()),
        option::of(delegation(pools)),
    );
    let entry = entry.prop_map(|(organization, role, printed_name, delegation)| {
        Some(RoleEntry {
            organization: organization?,
            role,
            printed_name,
            delegation,
        })
    });
    vec(entry, 0..5)
        .prop_map(|entries| entries.into_iter().flatten().collect())
        .boxed()
}

fn delegation(pools: &Pools) -> BoxedStrategy<DelegationEntry> {
    let people = &pools.people;
    let times = (option::of(instant()), option::of(instant()));
    (
        option::of(0..=i32::MAX),
        maybe(people),
        maybe(people),
        times,
        some(people),
    )
        .prop_map(|(quota, head, liaison, times, delegates)| DelegationEntry {
            quota,
            head,
            liaison,
            due_at: times.0,
            returned_at: times.1,
            delegates,
        })
        .boxed()
}

fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..4_000_000_000)
        .prop_filter_map("an instant", |seconds| DateTime::from_timestamp(seconds, 0))
}

pub(super) fn groups(pools: &Pools) -> BoxedStrategy<Vec<GroupEntry>> {
    let entries = pools.groups.iter().map(|key| {
        let key = key.clone();
        (
            text::passage(),
            option::of(1..=i32::MAX),
            maybe(&pools.organizations),
        )
            .prop_map(
                move |(description, expected_count, organization)| GroupEntry {
                    key: key.clone(),
                    description,
                    expected_count,
                    organization,
                },
            )
            .boxed()
    });
    entries.collect::<Vec<_>>().boxed()
}

pub(super) fn participants(pools: &Pools) -> BoxedStrategy<Vec<ParticipantEntry>> {
    let printed = (
        option::of(text::line()),
        option::of(vec(text::line(), 0..3)),
        windows(&pools.time),
    );
    let status = (option::of(word()), option::of(word()));
    let entry = (
        maybe(&pools.people),
        status,
        maybe(&pools.organizations),
        maybe_party(pools),
        printed,
    );
    let entry = entry.prop_map(|(person, status, representing, on_behalf_of, printed)| {
        Some(ParticipantEntry {
            person: person?,
            category: status.0,
            status: status.1,
            representing,
            on_behalf_of,
            printed_name: printed.0,
            printed_posts: printed.1,
            availability: printed.2,
        })
    });
    vec(entry, 0..5)
        .prop_map(|entries| entries.into_iter().flatten().collect())
        .boxed()
}
