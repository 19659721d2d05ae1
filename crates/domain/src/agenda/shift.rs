//! Running late, or early: from some hour on, all that is still to come moves by as many minutes.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDateTime, TimeDelta};

use super::AgendaItem;
use crate::id::{AgendaItemId, RoomId, TrackId};
use crate::refusal::{Invalid, Refusals};
use crate::time::{TimeError, check_year};

/// By how many minutes an agenda moves at most, either way: a week.
pub const LONGEST_SHIFT: i32 = 10_080;

/// What is to move, and by how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// What begins then or later moves, by the clocks there.
    pub from: NaiveDateTime,
    /// What begins then or later stays.
    pub until: Option<NaiveDateTime>,
    /// By how many minutes it is later; earlier, if it is less than 0.
    pub minutes: i32,
    /// Only what is in this room moves.
    pub room_id: Option<RoomId>,
    /// Only what is in this strand moves.
    pub track_id: Option<TrackId>,
}

impl Shift {
    /// Whether an item moves for its own sake, and not because what it is part of does.
    fn meets(&self, item: &AgendaItem) -> bool {
        let in_time = item.starts_at.is_some_and(|start| {
            start >= self.from && self.until.is_none_or(|until| start < until)
        });
        in_time
            && (self.room_id.is_none() || self.room_id == item.room_id)
            && (self.track_id.is_none() || self.track_id == item.track_id)
    }

    fn check<R: From<Invalid>>(&self, refusals: &mut Refusals<R>) -> bool {
        let before = refusals.len();
        if self.minutes == 0 {
            refusals.invalid("minutes", "must not be 0");
        }
        if !(-LONGEST_SHIFT..=LONGEST_SHIFT).contains(&self.minutes) {
            let why = format!("must be between -{LONGEST_SHIFT} and {LONGEST_SHIFT}");
            refusals.invalid("minutes", why);
        }
        if self.until.is_some_and(|until| until <= self.from) {
            refusals.invalid(
                "untilLocal",
                "must be after the time from which on it moves",
            );
        }
        refusals.len() == before
    }
}

/// Shifts what begins in a stretch of time, each item with all below it, wherever that is. `items`
/// are all items of the event.
///
/// What began before, and goes on until a part of it that is now later had ended, or longer, ends as
/// much later. When its parts are earlier it ends as before. A part of which the end is not known
/// ends when it begins.
pub fn shift<R: From<Invalid>>(
    items: &[AgendaItem],
    shift: &Shift,
    refusals: &mut Refusals<R>,
) -> Vec<AgendaItem> {
    if !shift.check(refusals) {
        return Vec::new();
    }
    let moving = moving(items, shift);
    let lasting = if shift.minutes > 0 {
        drawn_out(items, shift.from, &moving)
    } else {
        HashSet::new()
    };

    let by = TimeDelta::minutes(shift.minutes.into());
    let mut are_planned = true;
    let mut shifted = |time: NaiveDateTime| {
        let shifted = time.checked_add_signed(by);
        let shifted = shifted.filter(|time| check_year(time.date()).is_ok());
        are_planned &= shifted.is_some();
        shifted
    };
    let mut differing = Vec::new();
    for item in items {
        let moves = moving.contains(&item.id);
        if moves || lasting.contains(&item.id) {
            let starts_at = if moves {
                item.starts_at.and_then(&mut shifted)
            } else {
                item.starts_at
            };
            let other = AgendaItem {
                starts_at,
                ends_at: item.ends_at.and_then(&mut shifted),
                ..item.clone()
            };
            if other != *item {
                differing.push(other);
            }
        }
    }
    if !are_planned {
        refusals.invalid("minutes", TimeError::YearOutOfRange);
        return Vec::new();
    }
    differing
}

/// The items that are to move, with all below them, each once.
fn moving(items: &[AgendaItem], shift: &Shift) -> HashSet<AgendaItemId> {
    let mut parts: HashMap<AgendaItemId, Vec<AgendaItemId>> = HashMap::new();
    for item in items {
        if let Some(parent) = item.parent_id {
            parts.entry(parent).or_default().push(item.id);
        }
    }
    let met = items.iter().filter(|item| shift.meets(item));
    let mut open: Vec<_> = met.map(|item| item.id).collect();
    let mut moving = HashSet::new();
    while let Some(id) = open.pop() {
        if moving.insert(id) {
            open.extend(parts.remove(&id).unwrap_or_default());
        }
    }
    moving
}

/// The items that began before and are to end later, since a part of them does. Those that move
/// anyway may be among them.
fn drawn_out(
    items: &[AgendaItem],
    from: NaiveDateTime,
    moving: &HashSet<AgendaItemId>,
) -> HashSet<AgendaItemId> {
    let by_id: HashMap<_, _> = items.iter().map(|item| (item.id, item)).collect();
    let parts = items.iter().filter(|item| moving.contains(&item.id));
    let mut parts: Vec<_> = parts
        .filter_map(|part| Some((part.ends_at.or(part.starts_at)?, part)))
        .collect();
    parts.sort_by_key(|(end, part)| (*end, part.id));
    // From the part that ends first: a whole that comes up again was held against an earlier end,
    // and so were all above it.
    let mut seen = HashSet::new();
    let mut found = HashSet::new();
    for (part_ends_at, part) in parts {
        let mut next = part.parent_id;
        while let Some(whole) = next.and_then(|id| by_id.get(&id))
            && seen.insert(whole.id)
        {
            if whole.starts_at.is_some_and(|start| start < from)
                && whole.ends_at.is_some_and(|end| end >= part_ends_at)
            {
                found.insert(whole.id);
            }
            next = whole.parent_id;
        }
    }
    found
}

#[cfg(test)]
mod tests;
