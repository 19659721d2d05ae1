//! Working on an agenda: what is said of an item, and where in the tree it stands.
//!
//! Everything here is a pure function of all items of one event: it gives those that are otherwise
//! afterwards, the one that was spoken of first.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;

use super::{AgendaItem, AgendaItemKind, DEEPEST, Track};
use crate::id::{AgendaItemId, EventId, RoomId, TrackId};
use crate::link::Link;
use crate::patch::{Patch, TextDraft, positive, web_address};
use crate::refusal::{Invalid, Refusals};
use crate::text::{LanguageTag, line, passage};
use crate::time::{TimeError, check_span, check_year};

/// What is to be said of an item. When, where and under which item it stands is its [`Placement`].
#[derive(Debug, Clone, Default)]
pub struct AgendaItemPatch {
    /// See [`AgendaItem::external_id`].
    pub external_id: Patch<String>,
    /// See [`AgendaItem::kind`].
    pub kind: Patch<AgendaItemKind>,
    /// See [`AgendaItem::title`].
    pub title: Patch<TextDraft>,
    /// See [`AgendaItem::subtitle`].
    pub subtitle: Patch<TextDraft>,
    /// See [`AgendaItem::summary`].
    pub summary: Patch<TextDraft>,
    /// See [`AgendaItem::language`].
    pub language: Patch<LanguageTag>,
    /// See [`AgendaItem::track_id`].
    pub track_id: Patch<TrackId>,
    /// See [`AgendaItem::expected_audience`].
    pub expected_audience: Patch<i32>,
    /// See [`AgendaItem::url`].
    pub url: Patch<String>,
    /// See [`AgendaItem::links`].
    pub links: Patch<Vec<Link>>,
    /// See [`AgendaItem::attachments`].
    pub attachments: Patch<Vec<Link>>,
}

impl AgendaItem {
    /// An item of which nothing is known yet, at the end of the top level.
    pub fn unknown(id: AgendaItemId, event_id: EventId) -> Self {
        Self {
            id,
            event_id,
            version: 1,
            external_id: None,
            kind: AgendaItemKind::Other,
            title: None,
            subtitle: None,
            summary: None,
            language: None,
            parent_id: None,
            position: i32::MAX,
            starts_at: None,
            ends_at: None,
            room_id: None,
            track_id: None,
            expected_audience: None,
            url: None,
            links: Vec::new(),
            attachments: Vec::new(),
        }
    }
}

impl AgendaItemPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut AgendaItem, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.put("kind", self.kind, &mut to.kind);
        refusals.text_or_clear("title", self.title, &mut to.title, line);
        refusals.text_or_clear("subtitle", self.subtitle, &mut to.subtitle, line);
        refusals.text_or_clear("abstract", self.summary, &mut to.summary, passage);
        refusals.put_or_clear("language", self.language, &mut to.language);
        refusals.put_or_clear("trackId", self.track_id, &mut to.track_id);
        refusals.set_or_clear(
            "expectedAudience",
            self.expected_audience,
            &mut to.expected_audience,
            positive,
        );
        refusals.set_or_clear("url", self.url, &mut to.url, web_address);
        refusals.list("links", self.links, &mut to.links, Link::checked);
        refusals.list(
            "attachments",
            self.attachments,
            &mut to.attachments,
            Link::checked,
        );
    }
}

/// When, where and under which item an item is to stand. What is left out stays.
#[derive(Debug, Clone, Default)]
pub struct Placement {
    /// When it begins, by the clocks there. What it is made of moves along.
    pub starts_at: Patch<NaiveDateTime>,
    /// When it ends. Left out, it lasts as long as before.
    pub ends_at: Patch<NaiveDateTime>,
    /// Where.
    pub room_id: Patch<RoomId>,
    /// The item that it is part of; taken away, it stands at the top.
    pub parent_id: Patch<AgendaItemId>,
    /// Its place among its siblings, from 0; beyond the last is the last.
    pub order: Patch<i32>,
}

/// Places an item. `items` are all items of the event, this one among them.
pub fn place<R: From<Invalid>>(
    items: &[AgendaItem],
    id: AgendaItemId,
    placement: Placement,
    refusals: &mut Refusals<R>,
) -> Vec<AgendaItem> {
    let Some(before) = items.iter().find(|item| item.id == id) else {
        return Vec::new();
    };
    let mut item = before.clone();
    let below = subtree(items, id);
    refusals.put_or_clear("roomId", placement.room_id, &mut item.room_id);
    match placement.parent_id {
        Patch::Set(parent) if below.contains(&parent) => {
            refusals.invalid("parentId", "an item cannot be part of itself");
        }
        parent @ (Patch::Keep | Patch::Clear | Patch::Set(_)) => {
            refusals.put_or_clear("parentId", parent, &mut item.parent_id);
        }
    }

    let height = levels(items, below.iter().copied()).saturating_sub(levels(items, [id])) + 1;
    if item.parent_id != before.parent_id && levels(items, item.parent_id) + height > DEEPEST {
        let why = format!("an agenda has at most {DEEPEST} levels");
        refusals.invalid("parentId", why);
    }

    let lasting = placement.ends_at.is_keep();
    refusals.put_or_clear("startsAtLocal", placement.starts_at, &mut item.starts_at);
    refusals.put_or_clear("endsAtLocal", placement.ends_at, &mut item.ends_at);
    let by = match (before.starts_at, item.starts_at) {
        (Some(from), Some(to)) => to - from,
        _ => chrono::TimeDelta::zero(),
    };
    let shifted = |time: NaiveDateTime| time.checked_add_signed(by);
    if lasting {
        item.ends_at = item.ends_at.and_then(shifted);
    }
    check_times(&item, refusals);

    let mut changed = HashMap::new();
    let mut parts_are_planned = true;
    if !by.is_zero() {
        for part in items
            .iter()
            .filter(|part| part.id != id && below.contains(&part.id))
        {
            let moved = AgendaItem {
                starts_at: part.starts_at.and_then(shifted),
                ends_at: part.ends_at.and_then(shifted),
                ..part.clone()
            };
            parts_are_planned &= [moved.starts_at, moved.ends_at]
                .into_iter()
                .flatten()
                .all(is_planned);
            changed.insert(part.id, moved);
        }
    }
    if !parts_are_planned {
        refusals.invalid("startsAtLocal", TimeError::YearOutOfRange);
    }

    let order = match placement.order {
        Patch::Set(order) if order < 0 => {
            refusals.invalid("order", "must not be less than 0");
            None
        }
        Patch::Set(order) => Some(order),
        Patch::Clear => {
            refusals.invalid("order", "cannot be taken away");
            None
        }
        Patch::Keep if item.parent_id == before.parent_id => Some(before.position),
        Patch::Keep => None,
    };
    if item.parent_id != before.parent_id {
        for (place, sibling) in (0..).zip(siblings(items, before.parent_id, id)) {
            changed.insert(
                sibling.id,
                AgendaItem {
                    position: place,
                    ..sibling.clone()
                },
            );
        }
    }
    let mut list: Vec<&AgendaItem> = siblings(items, item.parent_id, id);
    let at = order.map_or(list.len(), |order| {
        usize::try_from(order).unwrap_or_default().min(list.len())
    });
    item.position = i32::try_from(at).unwrap_or(i32::MAX);
    let behind = list.split_off(at);
    for (place, sibling) in (0..).zip(list).chain((item.position + 1..).zip(behind)) {
        changed.insert(
            sibling.id,
            AgendaItem {
                position: place,
                ..sibling.clone()
            },
        );
    }
    changed.insert(id, item);
    those_that_differ(items, changed, id)
}

/// Whether a time is of a year that anything is planned in.
fn is_planned(time: NaiveDateTime) -> bool {
    check_year(time.date()).is_ok()
}

/// That an item may begin and end when it does.
fn check_times<R: From<Invalid>>(item: &AgendaItem, refusals: &mut Refusals<R>) {
    let start = ("startsAtLocal", item.starts_at);
    for (member, time) in [start, ("endsAtLocal", item.ends_at)] {
        if !time.is_none_or(is_planned) {
            refusals.invalid(member, TimeError::YearOutOfRange);
        }
    }
    refusals.checked("endsAtLocal", check_span(item.starts_at, item.ends_at));
}

/// What is left of a list when an item and all below it goes: its siblings, each in its new place.
pub fn close_gap(items: &[AgendaItem], id: AgendaItemId) -> Vec<AgendaItem> {
    let Some(gone) = items.iter().find(|item| item.id == id) else {
        return Vec::new();
    };
    let changed = (0..)
        .zip(siblings(items, gone.parent_id, id))
        .map(|(place, sibling)| {
            (
                sibling.id,
                AgendaItem {
                    position: place,
                    ..sibling.clone()
                },
            )
        });
    those_that_differ(items, changed.collect(), id)
}

/// An item and all below it: what moves or goes with it.
pub fn subtree(items: &[AgendaItem], id: AgendaItemId) -> HashSet<AgendaItemId> {
    let mut parts: HashMap<AgendaItemId, Vec<AgendaItemId>> = HashMap::new();
    for item in items {
        if let Some(parent) = item.parent_id {
            parts.entry(parent).or_default().push(item.id);
        }
    }
    let mut found = HashSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(parts.remove(&id).unwrap_or_default());
        }
    }
    found
}

/// On which level the deepest of some items stands; the top is the first.
fn levels(items: &[AgendaItem], of: impl IntoIterator<Item = AgendaItemId>) -> usize {
    let parents: HashMap<_, _> = items.iter().map(|item| (item.id, item.parent_id)).collect();
    let level = |id: AgendaItemId| {
        let up = std::iter::successors(Some(id), |id| parents.get(id).copied().flatten());
        up.take(items.len()).count()
    };
    of.into_iter().map(level).max().unwrap_or_default()
}

/// The items under `parent` in order, all but one.
fn siblings(
    items: &[AgendaItem],
    parent: Option<AgendaItemId>,
    but: AgendaItemId,
) -> Vec<&AgendaItem> {
    let mut list: Vec<_> = items
        .iter()
        .filter(|item| item.parent_id == parent && item.id != but)
        .collect();
    list.sort_by_key(|item| (item.position, item.id));
    list
}

fn those_that_differ(
    items: &[AgendaItem],
    mut changed: HashMap<AgendaItemId, AgendaItem>,
    first: AgendaItemId,
) -> Vec<AgendaItem> {
    let mut differing: Vec<_> = items
        .iter()
        .filter_map(|item| changed.remove(&item.id).filter(|changed| changed != item))
        .collect();
    differing.sort_by_key(|item| (item.id != first, item.position, item.id));
    differing
}

/// What is to be said of a track.
#[derive(Debug, Clone, Default)]
pub struct TrackPatch {
    /// See [`Track::external_id`].
    pub external_id: Patch<String>,
    /// See [`Track::name`].
    pub name: Patch<String>,
    /// See [`Track::color`].
    pub color: Patch<String>,
}

impl Track {
    /// A track of which nothing is known yet.
    pub fn unknown(id: TrackId, event_id: EventId, position: i32) -> Self {
        Self {
            id,
            event_id,
            version: 1,
            external_id: None,
            name: String::new(),
            color: None,
            position,
        }
    }
}

impl TrackPatch {
    /// Lays it over what is known.
    pub fn apply<R: From<Invalid>>(self, to: &mut Track, refusals: &mut Refusals<R>) {
        refusals.key(self.external_id, &mut to.external_id);
        refusals.line("name", self.name, &mut to.name);
        refusals.set_or_clear("color", self.color, &mut to.color, |text| {
            let digits = text.strip_prefix('#').unwrap_or_default();
            if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                Ok(text.to_ascii_lowercase())
            } else {
                Err("must be a colour such as #0a7f3c")
            }
        });
    }
}

refusals! {
    /// Why an item is not added.
    AgendaItemAddRefused { Invalid, Missing, Taken, KeyReused }
    /// Why an item is not changed.
    AgendaItemUpdateRefused { Invalid, Missing, Stale, Taken }
    /// Why an item is not moved.
    AgendaItemMoveRefused { Invalid, Missing, Stale }
    /// Why the parts of an item are not put in another order.
    AgendaItemReorderRefused { Invalid, Missing, Stale }
    /// Why what is still to come is not made later, or earlier.
    AgendaShiftRefused { Invalid, Missing, Stale }
    /// Why an item is not removed.
    AgendaItemRemoveRefused { Stale }
    /// Why several changes of an agenda are not made at once.
    AgendaEditRefused { Invalid, Missing, Stale, Taken, KeyReused }
    /// Why a change of the agenda is not taken back, or done again.
    AgendaUndoRefused { Stale, IllegalState, Contradicted }
    /// Why the draft does not become what was published once.
    AgendaRevertRefused { Missing, Stale, Contradicted }
    /// Why an agenda is not published.
    AgendaPublishRefused { Invalid, Stale, IllegalState, KeyReused }
    /// Why a track is not added.
    TrackAddRefused { Invalid, Taken, KeyReused }
    /// Why a track is not changed.
    TrackUpdateRefused { Invalid, Stale, Taken }
    /// Why a track is not removed.
    TrackRemoveRefused { Stale, InUse }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::Id;

    fn id(number: usize) -> AgendaItemId {
        Id::from_uuid(Uuid::from_u128(number as u128))
    }

    fn at(minutes: i64) -> NaiveDateTime {
        chrono::DateTime::from_timestamp(1_700_000_000 + minutes * 60, 0)
            .unwrap()
            .naive_utc()
    }

    /// A tree: each item's parent is an earlier one or none, places are dense.
    fn trees() -> impl Strategy<Value = Vec<AgendaItem>> {
        prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..12).prop_map(
            |parents| {
                let mut items: Vec<AgendaItem> = Vec::new();
                for (number, (parent, top)) in parents.into_iter().enumerate() {
                    let parent = (!top && number > 0).then(|| id(parent.index(number)));
                    let place = items.iter().filter(|item| item.parent_id == parent).count();
                    let start = i64::try_from(number).unwrap() * 30;
                    items.push(AgendaItem {
                        parent_id: parent,
                        position: i32::try_from(place).unwrap(),
                        starts_at: Some(at(start)),
                        ends_at: Some(at(start + 30)),
                        ..AgendaItem::unknown(id(number), Id::from_uuid(Uuid::nil()))
                    });
                }
                items
            },
        )
    }

    fn lay_over(items: &[AgendaItem], changed: &[AgendaItem]) -> Vec<AgendaItem> {
        items
            .iter()
            .map(|item| {
                let other = changed.iter().find(|other| other.id == item.id);
                other.unwrap_or(item).clone()
            })
            .collect()
    }

    fn places_are_dense(items: &[AgendaItem]) -> bool {
        let mut lists: HashMap<_, Vec<i32>> = HashMap::new();
        for item in items {
            lists.entry(item.parent_id).or_default().push(item.position);
        }
        lists.into_values().all(|mut places| {
            places.sort_unstable();
            (0..)
                .zip(&places)
                .all(|(index, place): (i32, _)| *place == index)
        })
    }

    proptest! {
        /// Wherever an item is put: it stands there, the tree stays a tree without gaps, all that
        /// is below moves by the same time, and nothing else but places changes.
        #[test]
        fn an_item_moves_with_all_below_it(
            items in trees(),
            which in any::<prop::sample::Index>(),
            under in prop::option::of(any::<prop::sample::Index>()),
            order in prop::option::of(0i32..14),
            minutes in prop::option::of(-500i64..500),
        ) {
            let moved = id(which.index(items.len()));
            let parent = under.map(|under| id(under.index(items.len())));
            let below = subtree(&items, moved);
            let before = items[which.index(items.len())].clone();
            let mut refusals = Refusals::<Invalid>::default();
            let placement = Placement {
                starts_at: minutes.map(at).into(),
                parent_id: parent.map_or(Patch::Clear, Patch::Set),
                order: order.into(),
                ..Placement::default()
            };
            let changed = place(&items, moved, placement, &mut refusals);
            let too_deep = |parent| {
                let mut there = items.clone();
                for item in &mut there {
                    if item.id == moved {
                        item.parent_id = Some(parent);
                    }
                }
                below.contains(&parent) || levels(&there, below.iter().copied()) > DEEPEST
            };
            if parent.is_some_and(too_deep) {
                prop_assert!(!refusals.is_empty());
                return Ok(());
            }
            prop_assert!(refusals.is_empty());
            let after = lay_over(&items, &changed);
            let item = after.iter().find(|item| item.id == moved).unwrap();
            prop_assert_eq!(item.parent_id, parent);
            let list = i32::try_from(siblings(&after, parent, moved).len()).unwrap();
            if let Some(order) = order {
                prop_assert_eq!(item.position, order.min(list));
            }
            prop_assert!(places_are_dense(&after));
            let by = minutes.map_or(chrono::TimeDelta::zero(), |minutes| {
                at(minutes) - before.starts_at.unwrap()
            });
            for (old, new) in items.iter().zip(&after) {
                let by = if below.contains(&old.id) { by } else { chrono::TimeDelta::zero() };
                prop_assert_eq!(new.starts_at, old.starts_at.map(|time| time + by));
                prop_assert_eq!(new.ends_at, old.ends_at.map(|time| time + by));
            }
            prop_assert!(changed.iter().all(|item| items.iter().any(|old| old.id == item.id && old != item)));
        }

        /// Put back where it was, everything is as it was.
        #[test]
        fn and_back_again(
            items in trees(),
            which in any::<prop::sample::Index>(),
            order in 0i32..14,
            minutes in -500i64..500,
        ) {
            let before = items[which.index(items.len())].clone();
            let mut refusals = Refusals::<Invalid>::default();
            let away = Placement {
                starts_at: Patch::Set(at(minutes)),
                parent_id: Patch::Clear,
                order: Patch::Set(order),
                ..Placement::default()
            };
            let after = lay_over(&items, &place(&items, before.id, away, &mut refusals));
            let back = Placement {
                starts_at: Patch::Set(before.starts_at.unwrap()),
                parent_id: before.parent_id.map_or(Patch::Clear, Patch::Set),
                order: Patch::Set(before.position),
                ..Placement::default()
            };
            let again = lay_over(&after, &place(&after, before.id, back, &mut refusals));
            prop_assert!(refusals.is_empty());
            prop_assert_eq!(again, items);
        }

        #[test]
        fn what_is_left_closes_the_gap(items in trees(), which in any::<prop::sample::Index>()) {
            let gone = id(which.index(items.len()));
            let below = subtree(&items, gone);
            let left: Vec<_> = lay_over(&items, &close_gap(&items, gone))
                .into_iter()
                .filter(|item| !below.contains(&item.id))
                .collect();
            prop_assert!(places_are_dense(&left));
        }
    }

    #[test]
    fn an_end_before_the_start_is_refused() {
        let item = AgendaItem {
            starts_at: Some(at(0)),
            ends_at: Some(at(30)),
            ..AgendaItem::unknown(id(1), Id::from_uuid(Uuid::nil()))
        };
        let mut refusals = Refusals::<Invalid>::default();
        let placement = Placement {
            ends_at: Patch::Set(at(-1)),
            ..Placement::default()
        };
        place(&[item], id(1), placement, &mut refusals);
        assert_eq!(refusals.into_vec()[0].path, ["endsAtLocal"]);
    }
}
