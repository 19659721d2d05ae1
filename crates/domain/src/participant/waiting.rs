//! Who is let in when a place is free: those who wait longest, and never more than there are places.

use chrono::{DateTime, Utc};

use crate::id::ParticipantId;

/// Who of those who wait are let in, the first first. `taken` places of `capacity` are taken; each who
/// waits comes with the instant since when, and who has none stands behind those who have.
pub fn let_in(
    capacity: i32,
    taken: usize,
    mut waiting: Vec<(Option<DateTime<Utc>>, ParticipantId)>,
) -> Vec<ParticipantId> {
    let places = usize::try_from(capacity).unwrap_or_default();
    waiting.sort_by_key(|(since, id)| (since.is_none(), *since, *id));
    let free = places.saturating_sub(taken);
    waiting.into_iter().map(|(_, id)| id).take(free).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn waiting() -> impl Strategy<Value = Vec<(Option<DateTime<Utc>>, ParticipantId)>> {
        let one = (prop::option::of(0_i64..6), any::<u128>());
        let one = one.prop_map(|(since, number)| {
            let since = since.and_then(|second| DateTime::from_timestamp(second, 0));
            (
                since,
                ParticipantId::from_uuid(uuid::Uuid::from_u128(number)),
            )
        });
        prop::collection::vec(one, 0..12)
    }

    proptest! {
        #[test]
        fn the_first_are_let_in_while_there_are_places(
            capacity in -1_i32..10, taken in 0_usize..12, waiting in waiting(),
        ) {
            let places = usize::try_from(capacity).unwrap_or_default();
            let admitted = let_in(capacity, taken, waiting.clone());
            // Never more than there are places, and none stays free while somebody waits.
            prop_assert!(admitted.is_empty() || taken + admitted.len() <= places);
            prop_assert!(admitted.len() == waiting.len() || taken + admitted.len() >= places);
            // Nobody is passed over by who came later.
            let place = |wanted: &ParticipantId| {
                let one = waiting.iter().find(|(_, id)| id == wanted);
                let since = one.and_then(|(since, _)| *since);
                (since.is_none(), since, *wanted)
            };
            let out: Vec<_> = waiting.iter().filter(|(_, id)| !admitted.contains(id)).collect();
            for one in &admitted {
                prop_assert!(out.iter().all(|(_, other)| place(one) < place(other)));
            }
            let mut sorted = admitted.clone();
            sorted.sort_by_key(place);
            prop_assert_eq!(sorted, admitted);
        }
    }
}
