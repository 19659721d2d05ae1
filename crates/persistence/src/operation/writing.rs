//! What an operation writes: each row with its line in the log, and its next version.

use std::collections::HashMap;

use domain::Id;
use domain::id::OrganizationId;
use domain::refusal::{Refusals, Taken};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Effect, Operation, Refused};
use crate::entity::agenda::agenda_item;
use crate::error::Fault;
use crate::listed::{Links, Listed};
use crate::record::{Record, Thing};

/// Whether a thing was otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    Yes,
    No,
}

impl Operation<'_> {
    /// Writes a new thing.
    pub(crate) async fn insert<E: Thing>(&mut self, row: E::Model) -> Result<(), Fault> {
        self.insert_with::<E>(row, Record::new()).await
    }

    /// Writes a new thing of which other tables keep a part.
    pub(crate) async fn insert_with<E: Thing>(
        &mut self,
        row: E::Model,
        rest: Record,
    ) -> Result<(), Fault> {
        self.agenda_changes::<E>(&row);
        self.trail
            .add::<E>(self.store, None, Some(&row), (Record::new(), rest))?;
        E::insert(row.into_active_model())
            .exec_without_returning(self.on())
            .await?;
        Ok(())
    }

    /// Writes many new things.
    pub(crate) async fn insert_all<E: Thing>(&mut self, rows: Vec<E::Model>) -> Result<(), Fault> {
        for row in &rows {
            self.agenda_changes::<E>(row);
            let nothing = (Record::new(), Record::new());
            self.trail.add::<E>(self.store, None, Some(row), nothing)?;
        }
        crate::event_document::insert_all::<E>(self.on(), rows).await
    }

    /// Writes a thing that is otherwise than it was, at its next version. Whether it was otherwise.
    pub(crate) async fn update<E: Thing>(
        &mut self,
        before: &E::Model,
        after: E::Model,
    ) -> Result<Changed, Fault> {
        let nothing = (Record::new(), Record::new());
        self.update_with::<E>(before, after, nothing).await
    }

    /// The same of a thing of which other tables keep a part.
    pub(crate) async fn update_with<E: Thing>(
        &mut self,
        before: &E::Model,
        mut after: E::Model,
        rest: (Record, Record),
    ) -> Result<Changed, Fault> {
        if *before == after && rest.0 == rest.1 {
            return Ok(Changed::No);
        }
        E::set_version(&mut after, E::version(before).saturating_add(1));
        self.write_over::<E>(before, after, rest).await?;
        Ok(Changed::Yes)
    }

    /// Writes the new places of things of a list: that makes them no other versions. Those that move
    /// by the same are written in one statement.
    pub(crate) async fn shift<E: Listed>(
        &mut self,
        places: Vec<(E::Model, i32)>,
    ) -> Result<(), Fault> {
        let mut by: HashMap<i32, Vec<Uuid>> = HashMap::new();
        for (before, place) in places {
            let distance = place.saturating_sub(E::position(&before));
            if distance == 0 {
                continue;
            }
            by.entry(distance).or_default().push(E::uuid(&before));
            let mut after = before.clone();
            E::set_position(&mut after, place);
            self.agenda_changes::<E>(&after);
            let nothing = (Record::new(), Record::new());
            self.trail
                .add::<E>(self.store, Some(&before), Some(&after), nothing)?;
        }
        for (distance, ids) in by {
            for some in ids.chunks(500) {
                let place = Expr::col(E::POSITION).add(distance);
                E::update_many()
                    .col_expr(E::POSITION, place)
                    .filter(E::ID.is_in(some.iter().copied()))
                    .exec(self.on())
                    .await?;
            }
        }
        Ok(())
    }

    /// Writes a thing that got another place because of others: that makes it no other version.
    pub(crate) async fn put<E: Thing>(
        &mut self,
        before: &E::Model,
        after: E::Model,
    ) -> Result<(), Fault> {
        let nothing = (Record::new(), Record::new());
        self.write_over::<E>(before, after, nothing).await
    }

    async fn write_over<E: Thing>(
        &mut self,
        before: &E::Model,
        after: E::Model,
        rest: (Record, Record),
    ) -> Result<(), Fault> {
        self.agenda_changes::<E>(&after);
        self.trail
            .add::<E>(self.store, Some(before), Some(&after), rest)?;
        E::update(after.into_active_model().reset_all())
            .exec(self.on())
            .await?;
        Ok(())
    }

    /// Removes a thing. What is a part of it in the database goes with it, and must have been
    /// removed before for the log to know of it.
    pub(crate) async fn remove<E: Thing>(&mut self, row: &E::Model) -> Result<(), Fault> {
        self.remove_with::<E>(row, Record::new()).await
    }

    /// Removes a thing of which other tables keep a part.
    pub(crate) async fn remove_with<E: Thing>(
        &mut self,
        row: &E::Model,
        rest: Record,
    ) -> Result<(), Fault> {
        self.agenda_changes::<E>(row);
        self.trail
            .add::<E>(self.store, Some(row), None, (rest, Record::new()))?;
        E::delete_many()
            .filter(E::ID.eq(E::uuid(row)))
            .exec(self.on())
            .await?;
        Ok(())
    }

    /// Removes many things.
    pub(crate) async fn remove_all<E: Thing>(&mut self, rows: &[E::Model]) -> Result<(), Fault> {
        for row in rows {
            self.agenda_changes::<E>(row);
            let nothing = (Record::new(), Record::new());
            self.trail.add::<E>(self.store, Some(row), None, nothing)?;
        }
        for some in rows.chunks(500) {
            E::delete_many()
                .filter(E::ID.is_in(some.iter().map(E::uuid)))
                .exec(self.on())
                .await?;
        }
        Ok(())
    }

    /// Writes the items of a tree: all in one statement where the database looks at references when a
    /// statement is over, and each above those below it where they are too many for one.
    pub(crate) async fn insert_tree(
        &mut self,
        items: Vec<agenda_item::Model>,
    ) -> Result<(), Fault> {
        let mut waiting: HashMap<_, Vec<_>> = HashMap::new();
        let known: std::collections::HashSet<_> = items.iter().map(|item| item.id.0).collect();
        for item in items {
            let above = item
                .parent_id
                .map(|id| id.0)
                .filter(|id| known.contains(id));
            waiting.entry(above).or_default().push(item);
        }
        let mut level = waiting.remove(&None).unwrap_or_default();
        while !level.is_empty() {
            let below = level
                .iter()
                .filter_map(|item| waiting.remove(&Some(item.id.0)));
            let below: Vec<_> = below.flatten().collect();
            self.insert_all::<agenda_item::Entity>(level).await?;
            level = below;
        }
        Ok(())
    }

    /// Removes the items of a tree, each after those below it.
    pub(crate) async fn remove_tree(&mut self, items: &[agenda_item::Model]) -> Result<(), Fault> {
        let mut left: Vec<_> = items.to_vec();
        while !left.is_empty() {
            let above: std::collections::HashSet<_> = left
                .iter()
                .filter_map(|item| item.parent_id)
                .map(|id| id.0)
                .collect();
            let (more, leaves): (Vec<_>, Vec<_>) = left
                .into_iter()
                .partition(|item| above.contains(&item.id.0));
            // Only a circle, which no agenda has, would have no leaves.
            let all = leaves.is_empty();
            let gone = if all { more.clone() } else { leaves };
            self.remove_all::<agenda_item::Entity>(&gone).await?;
            left = if all { Vec::new() } else { more };
        }
        Ok(())
    }

    /// The organizations that stand in order beside things.
    pub(crate) async fn lists_beside<L: Links>(
        &self,
        owners: impl IntoIterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, Vec<OrganizationId>>, Fault> {
        let rows = L::find()
            .filter(L::OWNER.is_in(owners))
            .order_by_asc(L::POSITION)
            .all(self.on())
            .await?;
        let mut lists: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            lists
                .entry(L::owner(&row))
                .or_default()
                .push(L::organization(&row));
        }
        Ok(lists)
    }

    /// Writes the organizations that stand in order beside a thing.
    pub(crate) async fn link<L: Links>(
        &self,
        owner: Uuid,
        organizations: &[OrganizationId],
    ) -> Result<(), Fault> {
        L::delete_many()
            .filter(L::OWNER.eq(owner))
            .exec(self.on())
            .await?;
        let rows = (0..)
            .zip(organizations)
            .map(|(place, id)| L::row(owner, place, *id));
        crate::event_document::insert_all::<L>(self.on(), rows.collect()).await
    }

    /// Ends with a new thing, unless something was wrong.
    pub(crate) async fn add<E: Thing, R: From<Taken>>(
        mut self,
        row: E::Model,
        mut refusals: Refusals<R>,
    ) -> Result<Id<E::Kind>, Refused<R>> {
        self.claim::<E, R>(&row, &mut refusals).await?;
        refusals.refuse_if_any()?;
        let id = E::id(&row);
        self.insert::<E>(row).await?;
        self.finish(Effect::Apply, &[id.uuid()]).await?;
        Ok(id)
    }

    /// Ends with a thing that is otherwise than it was, unless something was wrong.
    pub(crate) async fn write<E: Thing, R: From<Taken>>(
        mut self,
        before: &E::Model,
        after: E::Model,
        mut refusals: Refusals<R>,
    ) -> Result<(), Refused<R>> {
        self.claim::<E, R>(&after, &mut refusals).await?;
        refusals.refuse_if_any()?;
        self.update::<E>(before, after).await?;
        Ok(self.finish(Effect::Apply, &[]).await?)
    }

    /// Ends without a thing of a list, unless something was wrong: the others close the gap.
    pub(crate) async fn delete_from<E: Listed, R>(
        mut self,
        list: Condition,
        row: &E::Model,
        refusals: Refusals<R>,
    ) -> Result<(), Refused<R>> {
        refusals.refuse_if_any()?;
        self.close_gap::<E>(list, E::id(row)).await?;
        self.remove::<E>(row).await?;
        Ok(self.finish(Effect::Apply, &[]).await?)
    }

    /// Ends without a thing, unless something was wrong.
    pub(crate) async fn delete<E: Thing, R>(
        mut self,
        row: &E::Model,
        refusals: Refusals<R>,
    ) -> Result<(), Refused<R>> {
        refusals.refuse_if_any()?;
        self.remove::<E>(row).await?;
        Ok(self.finish(Effect::Apply, &[]).await?)
    }

    fn agenda_changes<E: Thing>(&mut self, row: &E::Model) {
        if E::is_in_agenda(row) {
            self.agendas.extend(E::event(row));
        }
    }

    /// Notes in the log that a row is otherwise, which is written by other means.
    pub(crate) fn noted<E: Thing>(
        &mut self,
        before: &E::Model,
        after: &E::Model,
    ) -> Result<(), Fault> {
        let nothing = (Record::new(), Record::new());
        self.trail
            .add::<E>(self.store, Some(before), Some(after), nothing)
    }

    /// Notes in the log that something of a row is otherwise which is no thing of its own.
    pub(crate) fn marked<K: domain::id::Kind>(
        &mut self,
        event: domain::id::EventId,
        id: Id<K>,
        change: (Record, Record),
    ) -> Result<(), Fault> {
        let place = (self.workspace, event);
        self.trail.mark(self.store, place, id, change)
    }

    /// That an agenda has gone with its event: it has no revision any more.
    pub(crate) fn agenda_is_gone(&mut self, event: domain::id::EventId) {
        self.agendas.remove(&event);
    }

    /// That the agenda is otherwise though none of its rows is: its event's clocks are.
    pub(crate) fn touch_agenda(&mut self) {
        self.agendas
            .extend(self.event.as_ref().map(|event| event.id.0));
    }
}
