//! Working on the agenda: items are added, changed, moved with all below them, put in another
//! order, and removed.

use domain::access::{Actor, Permission};
use domain::agenda::AgendaItem;
use domain::agenda::edit::{
    AgendaItemAddRefused, AgendaItemMoveRefused, AgendaItemPatch, AgendaItemRemoveRefused,
    AgendaItemReorderRefused, AgendaItemUpdateRefused, Placement, close_gap, place, subtree,
};
use domain::id::{AgendaItemId, EventId, kind};
use domain::refusal::{Invalid, Missing, Refusals};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::award;
use crate::entity::follow_up::resolution;
use crate::entity::place::room;
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Retry, Seen};
use crate::store::Store;

/// What goes when an item is removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RemovedItem {
    /// The event.
    pub event: Option<EventId>,
    /// The item and all items below it, in the order of the agenda.
    pub items: Vec<AgendaItemId>,
    /// Who appeared on them.
    pub appearances: Vec<domain::id::AppearanceId>,
    /// What stays with the event, but on no item any longer: releases, awards, resolutions, by
    /// their ids.
    pub detached: Vec<String>,
}

impl Store {
    /// Adds an item to the agenda.
    pub async fn add_agenda_item(
        &self,
        actor: &Actor,
        event: EventId,
        fields: AgendaItemPatch,
        placement: Placement,
        retry: Option<&Retry>,
    ) -> Result<AgendaItemId, Refused<AgendaItemAddRefused>> {
        let mut operation = self
            .operate_in(actor, "agendaItemAdd", Permission::AgendaEdit, event)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        operation.where_to(&placement, &mut refusals).await?;
        let on = fields.track_id.set().copied();
        operation
            .refer::<track::Entity, _>("trackId", on, &mut refusals)
            .await?;
        let id = operation.mint()?;
        let mut item = AgendaItem::unknown(id, event);
        fields.apply(&mut item, &mut refusals);
        let rows = operation.items().await?;
        let mut items: Vec<_> = rows.iter().cloned().map(AgendaItem::from).collect();
        // At the end of the top level, until it is placed.
        items.push(item.clone());
        let changed = place(&items, id, placement, &mut refusals);
        let mut others = Vec::new();
        for one in changed {
            if one.id == id {
                item = one;
            } else {
                others.push(one);
            }
        }
        operation.put_items(&rows, others, id).await?;
        let row = agenda_item::Model::of(operation.workspace(), item);
        operation.add::<agenda_item::Entity, _>(row, refusals).await
    }

    /// Changes what is said of an item.
    pub async fn update_agenda_item(
        &self,
        actor: &Actor,
        seen: Seen<kind::AgendaItem>,
        patch: AgendaItemPatch,
    ) -> Result<EventId, Refused<AgendaItemUpdateRefused>> {
        let name = "agendaItemUpdate";
        let (operation, before, mut refusals) = self
            .change::<agenda_item::Entity, _>(actor, name, Permission::AgendaEdit, seen)
            .await?;
        refusals.enter("patch");
        let on = patch.track_id.set().copied();
        operation
            .refer::<track::Entity, _>("trackId", on, &mut refusals)
            .await?;
        let mut item = AgendaItem::from(before.clone());
        patch.apply(&mut item, &mut refusals);
        let event = item.event_id;
        let after = agenda_item::Model::of(operation.workspace(), item);
        operation
            .write::<agenda_item::Entity, _>(&before, after, refusals)
            .await?;
        Ok(event)
    }

    /// Moves an item with all below it: to another time, room, parent, or place in the order.
    pub async fn move_agenda_item(
        &self,
        actor: &Actor,
        seen: Seen<kind::AgendaItem>,
        placement: Placement,
    ) -> Result<EventId, Refused<AgendaItemMoveRefused>> {
        let name = "agendaItemMove";
        let (mut operation, before, mut refusals) = self
            .change::<agenda_item::Entity, _>(actor, name, Permission::AgendaEdit, seen)
            .await?;
        operation.where_to(&placement, &mut refusals).await?;
        let rows = operation.items().await?;
        let items: Vec<_> = rows.iter().cloned().map(AgendaItem::from).collect();
        let changed = place(&items, seen.id, placement, &mut refusals);
        refusals.refuse_if_any()?;
        operation.put_items(&rows, changed, seen.id).await?;
        operation.finish(Effect::Apply, &[]).await?;
        Ok(before.event_id.0)
    }

    /// Puts the items under `parent`, or at the top, in another order: each of them is named.
    pub async fn reorder_agenda_items(
        &self,
        actor: &Actor,
        event: EventId,
        parent: Option<AgendaItemId>,
        order: &[AgendaItemId],
        expected_revision: i32,
    ) -> Result<(), Refused<AgendaItemReorderRefused>> {
        let name = "agendaItemReorder";
        let mut operation = self
            .operate_in(actor, name, Permission::AgendaEdit, event)
            .await?;
        let mut refusals = Refusals::default();
        operation.expect_revision(expected_revision, &mut refusals)?;
        let under = operation
            .refer::<agenda_item::Entity, _>("parentId", parent, &mut refusals)
            .await?;
        if parent.is_some() && under.is_none() {
            // Of what is not there, nothing is to be said of what it is made of.
            return Err(refusals.into());
        }
        let rows = operation.items().await?;
        let list: Vec<_> = rows
            .iter()
            .filter(|row| row.parent_id.map(|id| id.0) == parent)
            .collect();
        let mut changed = Vec::new();
        for (index, id) in (0_i32..).zip(order) {
            let named_before = order.iter().take(usize::try_from(index).unwrap_or(0));
            match list.iter().find(|row| row.id.0 == *id) {
                None => refusals.say(
                    &format!("itemIds.{index}"),
                    Missing::of::<kind::AgendaItem>(),
                ),
                Some(_) if named_before.into_iter().any(|other| other == id) => {
                    refusals.invalid(&format!("itemIds.{index}"), "is there twice");
                }
                Some(row) if row.position != index => {
                    let mut item = AgendaItem::from((*row).clone());
                    item.position = index;
                    changed.push(item);
                }
                Some(_) => {}
            }
        }
        if order.len() < list.len() && refusals.is_empty() {
            let message = format!(
                "must name each of the {} items that stand there",
                list.len()
            );
            refusals.invalid("itemIds", message);
        }
        refusals.refuse_if_any()?;
        // Their order is a matter of the list: it makes none of them another version.
        operation
            .put_items(&rows, changed, domain::Id::from_uuid(Uuid::nil()))
            .await?;
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Removes an item with all below it, and says what goes with it.
    pub async fn remove_agenda_item(
        &self,
        actor: &Actor,
        seen: Seen<kind::AgendaItem>,
        effect: Effect,
    ) -> Result<RemovedItem, Refused<AgendaItemRemoveRefused>> {
        let name = "agendaItemRemove";
        let (mut operation, before, refusals) = self
            .change::<agenda_item::Entity, _>(actor, name, Permission::AgendaEdit, seen)
            .await?;
        refusals.refuse_if_any()?;
        let rows = operation.items().await?;
        let items: Vec<_> = rows.iter().cloned().map(AgendaItem::from).collect();
        let below = subtree(&items, seen.id);
        let ids: Vec<Uuid> = below.iter().map(|id| id.uuid()).collect();
        let mut gone = RemovedItem {
            event: Some(before.event_id.0),
            ..RemovedItem::default()
        };

        let appearances = appearance::Entity::find()
            .filter(appearance::Column::ItemId.is_in(ids.iter().copied()))
            .all(operation.on())
            .await?;
        gone.appearances = appearances.iter().map(|row| row.id.0).collect();
        operation
            .remove_all::<appearance::Entity>(&appearances)
            .await?;
        macro_rules! detach {
            ($($table:ident),+) => {$(
                let rows = $table::Entity::find()
                    .filter($table::Column::ItemId.is_in(ids.iter().copied()))
                    .all(operation.on())
                    .await?;
                for row in rows {
                    gone.detached.push(row.id.0.to_string());
                    let after = $table::Model { item_id: None, ..row.clone() };
                    operation.update::<$table::Entity>(&row, after).await?;
                }
            )+};
        }
        detach!(release, award, resolution);

        let removed: Vec<_> = rows
            .iter()
            .filter(|row| below.contains(&row.id.0))
            .cloned()
            .collect();
        gone.items = in_order(&items, &below);
        operation.remove_tree(&removed).await?;
        let rest = close_gap(&items, seen.id);
        operation.put_items(&rows, rest, seen.id).await?;
        operation.finish(effect, &[]).await?;
        Ok(gone)
    }
}

/// The items of a subtree, each before what is below it.
fn in_order(
    items: &[AgendaItem],
    below: &std::collections::HashSet<AgendaItemId>,
) -> Vec<AgendaItemId> {
    let parents: std::collections::HashMap<_, _> =
        items.iter().map(|item| (item.id, item.parent_id)).collect();
    let depth = |id: AgendaItemId| {
        let up = std::iter::successors(Some(id), |id| parents.get(id).copied().flatten());
        up.take(items.len() + 1).count()
    };
    let mut gone: Vec<_> = items
        .iter()
        .filter(|item| below.contains(&item.id))
        .collect();
    gone.sort_by_key(|item| (depth(item.id), item.position, item.id));
    gone.into_iter().map(|item| item.id).collect()
}

impl Operation<'_> {
    /// All items of the event.
    pub(crate) async fn items(&self) -> Result<Vec<agenda_item::Model>, Fault> {
        let event = self.event()?.id;
        Ok(agenda_item::Entity::find()
            .filter(agenda_item::Column::EventId.eq(event))
            .all(self.on())
            .await?)
    }

    /// What a placement refers to.
    async fn where_to<R: From<Missing> + From<Invalid>>(
        &self,
        placement: &Placement,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let room = placement.room_id.set().copied();
        self.refer::<room::Entity, _>("roomId", room, refusals)
            .await?;
        let parent = placement.parent_id.set().copied();
        self.refer::<agenda_item::Entity, _>("parentId", parent, refusals)
            .await?;
        Ok(())
    }

    /// Writes items that are otherwise. What merely got another place because of others is no other
    /// version; what was moved, or shifted along, is.
    async fn put_items(
        &mut self,
        rows: &[agenda_item::Model],
        changed: Vec<AgendaItem>,
        moved: AgendaItemId,
    ) -> Result<(), Fault> {
        let workspace = self.workspace();
        let rows: std::collections::HashMap<_, _> =
            rows.iter().map(|row| (row.id.0, row)).collect();
        for item in changed {
            let Some(before) = rows.get(&item.id).copied() else {
                continue;
            };
            let only_its_place = item.id != moved
                && AgendaItem {
                    position: before.position,
                    ..item.clone()
                } == AgendaItem::from(before.clone());
            let after = agenda_item::Model::of(workspace, item);
            if only_its_place {
                self.put::<agenda_item::Entity>(before, after).await?;
            } else {
                self.update::<agenda_item::Entity>(before, after).await?;
            }
        }
        Ok(())
    }
}
