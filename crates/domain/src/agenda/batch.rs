//! Several changes of a draft at once, in order: each builds upon those before it, and all of them are
//! judged before any is made.
//!
//! Everything here is a pure function of the draft: what the changes refer to in the directory is given
//! with them.

use std::collections::{HashMap, HashSet};

use super::AgendaItem;
use super::edit::{AgendaEditRefused, AgendaItemPatch, Placement, close_gap, place, subtree};
use crate::appearance::{Appearance, AppearancePatch, AppearanceRole, Appearing};
use crate::id::{
    AgendaItemId, AppearanceId, EventId, Id, Kind, OrganizationId, ParticipantGroupId, PersonId,
    RoomId, TrackId, kind,
};
use crate::organization::Party;
use crate::patch::Patch;
use crate::refusal::{Missing, Refusals, Stale, Taken};

/// An item of the draft: one that is there, or one that an earlier change of the same batch adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemRef {
    /// By its id.
    Id(AgendaItemId),
    /// By the handle that the batch gives it.
    Handle(String),
    /// By both, so that nobody knows which.
    Both,
}

/// One change of a draft.
#[derive(Debug, Clone)]
pub enum Edit {
    /// An item is added.
    AddItem {
        /// Its id.
        id: AgendaItemId,
        /// What later changes call it.
        handle: Option<String>,
        /// What is said of it.
        fields: Box<AgendaItemPatch>,
        /// When and where it stands; under which item, `under` says.
        placement: Placement,
        /// The item that it is part of.
        under: Option<ItemRef>,
    },
    /// What is said of an item is changed.
    UpdateItem {
        /// Which, at which version.
        seen: (AgendaItemId, i32),
        /// How.
        patch: Box<AgendaItemPatch>,
    },
    /// An item is moved with all below it.
    MoveItem {
        /// Which, at which version.
        seen: (AgendaItemId, i32),
        /// Where to; under which item, `under` says.
        placement: Placement,
        /// The item that it is to be part of.
        under: Patch<ItemRef>,
    },
    /// An item is removed with all below it.
    RemoveItem {
        /// Which, at which version.
        seen: (AgendaItemId, i32),
    },
    /// Somebody is put on an item.
    AddAppearance {
        /// Its id.
        id: AppearanceId,
        /// On which item; none for the whole event.
        item: Option<ItemRef>,
        /// Who.
        who: Appearing,
        /// As what.
        role: AppearanceRole,
        /// What else is said of it.
        fields: Box<AppearancePatch>,
        /// The place among those of the same item.
        order: Patch<i32>,
    },
    /// What is said of an appearance is changed.
    UpdateAppearance {
        /// Which, at which version.
        seen: (AppearanceId, i32),
        /// How.
        patch: Box<AppearancePatch>,
        /// The place among those of the same item.
        order: Patch<i32>,
    },
    /// Somebody is taken off.
    RemoveAppearance {
        /// Which, at which version.
        seen: (AppearanceId, i32),
    },
}

/// What changes may refer to besides the draft, and what is printed of those who may appear.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The rooms that there are.
    pub rooms: HashSet<RoomId>,
    /// The strands of the event.
    pub tracks: HashSet<TrackId>,
    /// The people that there are: their names, and the posts that they hold.
    pub people: HashMap<PersonId, (String, Vec<String>)>,
    /// The organizations that there are, with their names.
    pub organizations: HashMap<OrganizationId, String>,
    /// The groups of the event, with what is printed of them.
    pub groups: HashMap<ParticipantGroupId, String>,
}

/// A draft that is being changed.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    event: EventId,
    around: &'a Surroundings,
    /// The versions that items and appearances had before the first change.
    items_seen: HashMap<AgendaItemId, i32>,
    appearances_seen: HashMap<AppearanceId, i32>,
    handles: HashMap<String, AgendaItemId>,
    items: Vec<AgendaItem>,
    appearances: Vec<Appearance>,
}

type Wrong = Refusals<AgendaEditRefused>;

impl<'a> Batch<'a> {
    /// Begins with a draft as it is.
    pub fn new(
        event: EventId,
        items: Vec<AgendaItem>,
        appearances: Vec<Appearance>,
        around: &'a Surroundings,
    ) -> Self {
        Self {
            event,
            around,
            items_seen: items.iter().map(|item| (item.id, item.version)).collect(),
            appearances_seen: appearances
                .iter()
                .map(|one| (one.id, one.version))
                .collect(),
            handles: HashMap::new(),
            items,
            appearances,
        }
    }

    /// The draft with all changes made.
    pub fn finish(self) -> (Vec<AgendaItem>, Vec<Appearance>) {
        (self.items, self.appearances)
    }

    /// Makes one change, and says what is wrong with it.
    pub fn apply(&mut self, edit: Edit, wrong: &mut Wrong) {
        match edit {
            Edit::AddItem {
                id,
                handle,
                fields,
                placement,
                under,
            } => self.add_item((id, handle), *fields, placement, under, wrong),
            Edit::UpdateItem { seen, patch } => {
                let Some(at) = self.seen_item(seen, wrong) else {
                    return;
                };
                wrong.enter("patch");
                self.check_track(&patch.track_id, wrong);
                let mut item = at;
                patch.apply(&mut item, wrong);
                self.claim_key(&item, wrong);
                wrong.leave();
                self.put(vec![item]);
            }
            Edit::MoveItem {
                seen,
                mut placement,
                under,
            } => {
                if self.seen_item(seen, wrong).is_none() {
                    return;
                }
                placement.parent_id = self.under(under, wrong);
                self.check_room(&placement.room_id, wrong);
                self.place(seen.0, placement, wrong);
            }
            Edit::RemoveItem { seen } => self.remove_item(seen, wrong),
            Edit::AddAppearance {
                id,
                item,
                who,
                role,
                fields,
                order,
            } => {
                let item_id = match item {
                    Some(item) => match self.resolve(&item, "item", wrong) {
                        Some(id) => Some(id),
                        None => return,
                    },
                    None => None,
                };
                let Some((printed_name, printed_posts)) = self.printed(who, wrong) else {
                    return;
                };
                let mut one = Appearance {
                    id,
                    event_id: self.event,
                    version: 1,
                    item_id,
                    role,
                    position: i32::MAX,
                    who,
                    on_behalf_of: None,
                    printed_name,
                    printed_posts,
                };
                self.claim_role(&one, wrong);
                wrong.enter("fields");
                self.check_party(&fields.on_behalf_of, wrong);
                fields.apply(&mut one, wrong);
                self.appearances.push(one);
                self.order(id, &order, wrong);
                wrong.leave();
            }
            Edit::UpdateAppearance { seen, patch, order } => {
                let Some(mut one) = self.seen_appearance(seen, wrong) else {
                    return;
                };
                wrong.enter("patch");
                self.check_party(&patch.on_behalf_of, wrong);
                patch.apply(&mut one, wrong);
                self.claim_role(&one, wrong);
                if let Some(at) = self.appearances.iter_mut().find(|at| at.id == one.id) {
                    *at = one;
                }
                if !order.is_keep() {
                    self.order(seen.0, &order, wrong);
                }
                wrong.leave();
            }
            Edit::RemoveAppearance { seen } => {
                let Some(one) = self.seen_appearance(seen, wrong) else {
                    return;
                };
                self.appearances.retain(|other| other.id != one.id);
                self.renumber(one.item_id, None);
            }
        }
    }

    fn add_item(
        &mut self,
        (id, handle): (AgendaItemId, Option<String>),
        fields: AgendaItemPatch,
        mut placement: Placement,
        under: Option<ItemRef>,
        wrong: &mut Wrong,
    ) {
        placement.parent_id = self.under(under.map_or(Patch::Keep, Patch::Set), wrong);
        let mut item = AgendaItem::unknown(id, self.event);
        self.check_room(&placement.room_id, wrong);
        wrong.enter("fields");
        self.check_track(&fields.track_id, wrong);
        fields.apply(&mut item, wrong);
        self.claim_key(&item, wrong);
        wrong.leave();
        self.items.push(item);
        self.place(id, placement, wrong);
        if let Some(handle) = handle {
            if handle.trim().is_empty() {
                wrong.invalid("handle", "must not be blank");
            } else if self.handles.insert(handle, id).is_some() {
                wrong.invalid("handle", "is given twice");
            }
        }
    }

    fn remove_item(&mut self, seen: (AgendaItemId, i32), wrong: &mut Wrong) {
        if self.seen_item(seen, wrong).is_none() {
            return;
        }
        let gone = subtree(&self.items, seen.0);
        let closed = close_gap(&self.items, seen.0);
        self.put(closed);
        self.items.retain(|item| !gone.contains(&item.id));
        self.appearances
            .retain(|one| one.item_id.is_none_or(|item| !gone.contains(&item)));
    }

    fn put(&mut self, changed: Vec<AgendaItem>) {
        let mut changed: HashMap<_, _> = changed.into_iter().map(|one| (one.id, one)).collect();
        for item in &mut self.items {
            if let Some(one) = changed.remove(&item.id) {
                *item = one;
            }
        }
    }

    fn place(&mut self, id: AgendaItemId, placement: Placement, wrong: &mut Wrong) {
        let changed = place(&self.items, id, placement, wrong);
        self.put(changed);
    }

    fn under(&self, under: Patch<ItemRef>, wrong: &mut Wrong) -> Patch<AgendaItemId> {
        match under {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(item) => match self.resolve(&item, "parent", wrong) {
                Some(id) => Patch::Set(id),
                None => Patch::Keep,
            },
        }
    }

    /// The item that is meant, if it is there.
    fn resolve(&self, item: &ItemRef, member: &str, wrong: &mut Wrong) -> Option<AgendaItemId> {
        let (id, member) = match item {
            ItemRef::Both => {
                let why = format!("give {member}Id or {member}Handle, not both");
                wrong.invalid(&format!("{member}Handle"), why);
                return None;
            }
            ItemRef::Id(id) => (Some(*id), format!("{member}Id")),
            ItemRef::Handle(handle) => {
                (self.handles.get(handle).copied(), format!("{member}Handle"))
            }
        };
        let found = id.filter(|id| self.items.iter().any(|item| item.id == *id));
        if found.is_none() {
            wrong.say(&member, Missing::of::<kind::AgendaItem>());
        }
        found
    }

    fn seen_item(
        &self,
        (id, version): (AgendaItemId, i32),
        wrong: &mut Wrong,
    ) -> Option<AgendaItem> {
        let found = self.items.iter().find(|item| item.id == id);
        if found.is_none() {
            wrong.say("id", Missing::of::<kind::AgendaItem>());
        }
        expect(self.items_seen.get(&id), id, version, wrong);
        found.cloned()
    }

    fn seen_appearance(
        &self,
        (id, version): (AppearanceId, i32),
        wrong: &mut Wrong,
    ) -> Option<Appearance> {
        let found = self.appearances.iter().find(|one| one.id == id);
        if found.is_none() {
            wrong.say("id", Missing::of::<kind::Appearance>());
        }
        expect(self.appearances_seen.get(&id), id, version, wrong);
        found.cloned()
    }

    fn check_track(&self, track: &Patch<TrackId>, wrong: &mut Wrong) {
        if track
            .set()
            .is_some_and(|id| !self.around.tracks.contains(id))
        {
            wrong.say("trackId", Missing::of::<kind::Track>());
        }
    }

    fn check_room(&self, room: &Patch<RoomId>, wrong: &mut Wrong) {
        if room.set().is_some_and(|id| !self.around.rooms.contains(id)) {
            wrong.say("roomId", Missing::of::<kind::Room>());
        }
    }

    fn check_party(&self, party: &Patch<Party>, wrong: &mut Wrong) {
        match party.set() {
            Some(Party::Person(id)) if !self.around.people.contains_key(id) => {
                wrong.say("onBehalfOf.personId", Missing::of::<kind::Person>());
            }
            Some(Party::Organization(id)) if !self.around.organizations.contains_key(id) => {
                wrong.say(
                    "onBehalfOf.organizationId",
                    Missing::of::<kind::Organization>(),
                );
            }
            Some(Party::Person(_) | Party::Organization(_)) | None => {}
        }
    }

    /// What is printed of someone, if they are there.
    fn printed(&self, who: Appearing, wrong: &mut Wrong) -> Option<(String, Vec<String>)> {
        let unposted = |name: &String| (name.clone(), Vec::new());
        match who {
            Appearing::Person(id) => {
                let found = self.around.people.get(&id).cloned();
                found.or_else(|| missing::<kind::Person, _>("who.personId", wrong))
            }
            Appearing::Organization(id) => {
                let found = self.around.organizations.get(&id).map(unposted);
                found.or_else(|| missing::<kind::Organization, _>("who.organizationId", wrong))
            }
            Appearing::Group(id) => {
                let found = self.around.groups.get(&id).map(unposted);
                found.or_else(|| missing::<kind::ParticipantGroup, _>("who.groupId", wrong))
            }
        }
    }

    fn claim_key(&self, item: &AgendaItem, wrong: &mut Wrong) {
        let key = item.external_id.as_ref();
        let other = self.items.iter().find(|other| {
            key.is_some() && other.external_id.as_ref() == key && other.id != item.id
        });
        if let Some(other) = other {
            let taken = Taken {
                what: "external id",
                by: other.id.to_string(),
            };
            wrong.say("externalId", taken);
        }
    }

    fn claim_role(&self, one: &Appearance, wrong: &mut Wrong) {
        let told = |one: &Appearance| (one.item_id, one.role, one.who);
        let other = self
            .appearances
            .iter()
            .find(|other| told(other) == told(one) && other.id != one.id);
        if let Some(other) = other {
            let taken = Taken {
                what: "item, role and name",
                by: other.id.to_string(),
            };
            wrong.say("role", taken);
        }
    }

    /// Gives an appearance its place among those of the same item.
    fn order(&mut self, id: AppearanceId, order: &Patch<i32>, wrong: &mut Wrong) {
        let order = match order {
            Patch::Keep => None,
            Patch::Set(order) if *order >= 0 => usize::try_from(*order).ok(),
            Patch::Set(_) => {
                wrong.invalid("order", "must not be less than 0");
                None
            }
            Patch::Clear => {
                wrong.invalid("order", "cannot be taken away");
                None
            }
        };
        let item = self.appearances.iter().find(|one| one.id == id);
        let item = item.and_then(|one| one.item_id);
        self.renumber(item, Some((id, order.unwrap_or(usize::MAX))));
    }

    /// Numbers the appearances of an item without gaps, one of them at a place of its own.
    fn renumber(&mut self, item: Option<AgendaItemId>, one: Option<(AppearanceId, usize)>) {
        let here = self
            .appearances
            .iter()
            .filter(|other| other.item_id == item);
        let mut list: Vec<_> = here.map(|other| (other.position, other.id)).collect();
        list.sort_unstable();
        let mut list: Vec<_> = list.into_iter().map(|(_, id)| id).collect();
        if let Some((id, at)) = one {
            list.retain(|other| *other != id);
            list.insert(at.min(list.len()), id);
        }
        let places: HashMap<_, i32> = list.into_iter().zip(0..).collect();
        for other in &mut self.appearances {
            if let Some(place) = places.get(&other.id) {
                other.position = *place;
            }
        }
    }
}

/// That a thing is at the version that the caller has seen. What the batch itself has added has none yet.
fn expect<K: Kind>(before: Option<&i32>, id: Id<K>, version: i32, wrong: &mut Wrong) {
    if let Some(current) = before.copied().filter(|before| *before != version) {
        let stale = Stale {
            id: id.to_string(),
            current,
        };
        wrong.say("expectedVersion", stale);
    }
}

fn missing<K: Kind, T>(member: &str, wrong: &mut Wrong) -> Option<T> {
    wrong.say(member, Missing::of::<K>());
    None
}
