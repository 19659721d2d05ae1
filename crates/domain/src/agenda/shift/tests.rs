//! What is shifted, what is not, and back again.

use proptest::prelude::*;

use super::*;
use crate::agenda::edit::subtree;
use crate::agenda::sample::{id, item};

const ITEMS: usize = 10;

fn at(minutes: i64) -> NaiveDateTime {
    let day: chrono::NaiveDate = "2024-01-15".parse().unwrap();
    day.and_hms_opt(9, 0, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn times() -> impl Strategy<Value = NaiveDateTime> {
    (0i64..4).prop_map(|slot| at(slot * 15))
}

/// Seldom nothing.
fn mostly<T: std::fmt::Debug>(thing: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.85, thing)
}

/// Items under any others, strangers and circles included, at any time.
fn items() -> impl Strategy<Value = Vec<AgendaItem>> {
    let one = (
        mostly(0..ITEMS),
        mostly(times()),
        mostly(0i64..5),
        (prop::option::of(0usize..2), prop::option::of(0usize..2)),
    );
    prop::collection::vec(one, 0..ITEMS).prop_map(|all| {
        let all = all.into_iter().enumerate();
        all.map(
            |(number, (parent, starts_at, length, (room, track)))| AgendaItem {
                parent_id: parent.map(id),
                starts_at,
                ends_at: starts_at.and_then(|start| Some(start + TimeDelta::minutes(length? * 15))),
                room_id: room.map(id),
                track_id: track.map(id),
                ..item(number, 0)
            },
        )
        .collect()
    })
}

fn shifts() -> impl Strategy<Value = Shift> {
    let minutes = prop_oneof![-60i32..0, 1i32..60];
    let one_of_two = || prop::option::weighted(0.4, 0usize..2);
    let place = (one_of_two(), one_of_two());
    let until = prop::option::of(1i64..90);
    (times(), until, minutes, place).prop_map(|(from, until, minutes, (room, track))| Shift {
        from,
        until: until.map(|until| from + TimeDelta::minutes(until)),
        minutes,
        room_id: room.map(id),
        track_id: track.map(id),
    })
}

fn lay_over(items: &[AgendaItem], changed: &[AgendaItem]) -> Vec<AgendaItem> {
    let now = |item: &AgendaItem| changed.iter().find(|other| other.id == item.id).cloned();
    items
        .iter()
        .map(|item| now(item).unwrap_or_else(|| item.clone()))
        .collect()
}

fn shifted(items: &[AgendaItem], by: &Shift) -> Vec<AgendaItem> {
    let mut refusals = Refusals::<Invalid>::default();
    let changed = shift(items, by, &mut refusals);
    assert!(refusals.is_empty());
    for other in &changed {
        assert!(!items.contains(other));
    }
    lay_over(items, &changed)
}

/// The items that are to move, found the long way.
fn told_to_move(items: &[AgendaItem], by: &Shift) -> HashSet<AgendaItemId> {
    let met = items.iter().filter(|item| {
        let Some(start) = item.starts_at else {
            return false;
        };
        let in_time = by.from <= start && by.until.is_none_or(|until| start < until);
        let in_room = by.room_id.is_none_or(|room| item.room_id == Some(room));
        in_time && in_room && by.track_id.is_none_or(|track| item.track_id == Some(track))
    });
    met.flat_map(|item| subtree(items, item.id)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// What is told to move does, with all below it, once; what began before and holds a part of
    /// it lasts longer; all else is as before.
    #[test]
    fn nothing_outside_moves(items in items(), by in shifts()) {
        let told = told_to_move(&items, &by);
        let later = |time: Option<NaiveDateTime>| {
            time.map(|time| time + TimeDelta::minutes(by.minutes.into()))
        };
        let expected: Vec<_> = items
            .iter()
            .map(|item| {
                let mut expected = item.clone();
                if told.contains(&item.id) {
                    expected.starts_at = later(item.starts_at);
                    expected.ends_at = later(item.ends_at);
                    return expected;
                }
                let below = subtree(&items, item.id);
                let mut parts = items
                    .iter()
                    .filter(|part| below.contains(&part.id) && told.contains(&part.id))
                    .filter_map(|part| part.ends_at.or(part.starts_at));
                let began_before = item.starts_at.is_some_and(|start| start < by.from);
                if by.minutes > 0
                    && began_before
                    && parts.any(|end| item.ends_at.is_some_and(|last| last >= end))
                {
                    expected.ends_at = later(item.ends_at);
                }
                expected
            })
            .collect();
        prop_assert_eq!(shifted(&items, &by), expected);
    }

    /// What was shifted and is shifted back stands where it stood.
    #[test]
    fn back_again_is_as_before(items in items(), by in shifts()) {
        let minutes = TimeDelta::minutes(by.minutes.into());
        let back = Shift {
            from: by.from + minutes,
            until: by.until.map(|until| until + minutes),
            minutes: -by.minutes,
            ..by.clone()
        };
        let again = shifted(&shifted(&items, &by), &back);
        let told = told_to_move(&items, &by);
        for (before, after) in items.iter().zip(&again) {
            if told.contains(&before.id) {
                prop_assert_eq!(before, after);
            }
        }
    }

    /// What moves keeps its order; and where all that is still to come is later, so does the rest.
    #[test]
    fn the_order_stays(items in items(), by in shifts()) {
        let after = shifted(&items, &by);
        let told = told_to_move(&items, &by);
        let all_later = by.minutes > 0
            && (by.until, by.room_id, by.track_id) == (None, None, None)
            && items.iter().all(|item| {
                !told.contains(&item.id) || item.starts_at.is_none_or(|start| start >= by.from)
            });
        let both: Vec<_> = items
            .iter()
            .zip(&after)
            .filter(|(item, _)| all_later || told.contains(&item.id))
            .filter_map(|(before, after)| Some((before.starts_at?, after.starts_at?)))
            .collect();
        for (before, after) in &both {
            for (other_before, other_after) in &both {
                if before < other_before {
                    prop_assert!(after < other_after);
                }
            }
        }
    }
}

fn half_past_nine() -> Shift {
    Shift {
        from: at(30),
        until: None,
        minutes: 10,
        room_id: None,
        track_id: None,
    }
}

#[test]
fn tells_all_that_is_wrong() {
    let told = |by: Shift, items: &[AgendaItem]| {
        let mut refusals = Refusals::<Invalid>::default();
        assert!(shift(items, &by, &mut refusals).is_empty());
        let told = refusals.into_vec().into_iter();
        told.map(|one| (one.path.join("."), one.why.0))
            .collect::<Vec<_>>()
    };
    let members = |by: Shift| {
        let told = told(by, &[]).into_iter();
        told.map(|(member, _)| member).collect::<Vec<_>>()
    };
    for minutes in [0, LONGEST_SHIFT + 1, -LONGEST_SHIFT - 1, i32::MIN] {
        let by = Shift {
            minutes,
            until: Some(at(30)),
            ..half_past_nine()
        };
        assert_eq!(members(by), ["minutes", "untilLocal"]);
    }
    for minutes in [LONGEST_SHIFT, -LONGEST_SHIFT] {
        let by = Shift {
            minutes,
            ..half_past_nine()
        };
        assert!(members(by).is_empty());
    }
    for last in ["2200-12-31T23:55:00".parse().unwrap(), NaiveDateTime::MAX] {
        let late = AgendaItem {
            starts_at: Some(at(30)),
            ends_at: Some(last),
            ..item(0, 0)
        };
        let why = TimeError::YearOutOfRange.to_string();
        assert_eq!(
            told(half_past_nine(), &[late]),
            [("minutes".to_owned(), why)]
        );
    }
}

#[test]
fn a_morning_that_runs_late_ends_later() {
    let timed = |number, parent: Option<usize>, start, end| AgendaItem {
        parent_id: parent.map(id),
        starts_at: Some(at(start)),
        ends_at: Some(at(end)),
        ..item(number, 0)
    };
    let items = [
        timed(0, None, 0, 60),
        timed(1, Some(0), 0, 30),
        timed(2, Some(0), 30, 60),
    ];
    let after = shifted(&items, &half_past_nine());
    assert_eq!(
        after,
        [
            timed(0, None, 0, 70),
            timed(1, Some(0), 0, 30),
            timed(2, Some(0), 40, 70),
        ]
    );
    let early = Shift {
        minutes: -10,
        ..half_past_nine()
    };
    assert_eq!(shifted(&items, &early)[0], items[0]);
}
