//! Steps that an event can and cannot take.

use proptest::prelude::*;

use super::*;
use crate::Word;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

#[test]
fn keeps_the_facts_of_each_state() {
    let published = EventStatus::Draft.publish(at(1)).unwrap();
    assert_eq!(published.published_at(), Some(at(1)));
    let cancelled = published
        .clone()
        .cancel(at(2), Some("storm".to_owned()))
        .unwrap();
    assert_eq!(
        cancelled,
        EventStatus::Cancelled {
            published_at: Some(at(1)),
            at: at(2),
            reason: Some("storm".to_owned())
        }
    );
    assert_eq!(
        cancelled.publish(at(3)),
        Err(EventTransitionRefused {
            from: EventState::Cancelled,
            to: EventState::Published
        })
    );
    assert_eq!(
        published.conclude(at(2)).unwrap().published_at(),
        Some(at(1))
    );
}

#[test]
fn a_room_change_takes_no_longer_than_four_hours() {
    let day = "2024-01-15".parse().unwrap();
    let time = EventTime {
        zone: crate::time::TimeZone::UTC,
        starts_on: day,
        ends_on: day,
        day_part: None,
        starts_at: None,
        ends_at: None,
    };
    let nil = uuid::Uuid::nil();
    let mut event = Event::draft(crate::Id::from_uuid(nil), crate::Id::from_uuid(nil), time);
    let mut set = |minutes| {
        let mut refusals = Refusals::<Invalid>::default();
        let patch = EventPatch {
            room_change_minutes: minutes,
            ..EventPatch::default()
        };
        patch.apply(&mut event, &mut refusals);
        (event.room_change_minutes, refusals.len())
    };
    assert_eq!(set(Patch::Set(0)), (Some(0), 0));
    assert_eq!(set(Patch::Set(240)), (Some(240), 0));
    assert_eq!(set(Patch::Set(241)), (Some(240), 1));
    assert_eq!(set(Patch::Set(-1)), (Some(240), 1));
    assert_eq!(set(Patch::Clear), (None, 0));
}

proptest! {
    /// Whatever is tried, what was once announced stays announced, and what is over or called
    /// off stays as it is.
    #[test]
    fn no_way_leads_back(steps in prop::collection::vec(0usize..4, 0..8)) {
        let mut status = EventStatus::Draft;
        for (second, step) in steps.into_iter().enumerate() {
            let before = status.clone();
            let wanted = EventState::ALL[step];
            let now = at(i64::try_from(second).unwrap());
            if let Ok(next) = status.clone().reach(wanted, now, None) {
                prop_assert_eq!(next.state(), wanted);
                status = next;
            }
            if before.published_at().is_some() {
                prop_assert_eq!(before.published_at(), status.published_at());
            }
            if matches!(before.state(), EventState::Concluded | EventState::Cancelled) {
                prop_assert_eq!(before, status.clone());
            }
        }
    }
}
