//! Bringing the rows of a table to what they should be: what is new is inserted, what differs is
//! updated, what should not be there is deleted, and what is right already is left alone.

use std::collections::HashMap;
use std::hash::Hash;

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{appointment_letter, award, award_recipient};
use crate::entity::directory::{membership, organization, person, post};
use crate::entity::event::{event, series};
use crate::entity::follow_up::{action_item, report, resolution};
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::entity::place::{room, venue};
use crate::error::Fault;

/// What an import did, or would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportChanges {
    /// Things that were not there before.
    pub created: u32,
    /// Things that were otherwise before.
    pub updated: u32,
    /// Things that are there no longer.
    pub removed: u32,
    /// Things that were so before.
    pub unchanged: u32,
}

/// SQLite takes 32,766 values in a statement, PostgreSQL 65,535; no table has 60 columns.
const ROWS_A_STATEMENT: usize = 500;
/// The same limit, for statements with one value a row.
const IDS_A_STATEMENT: usize = 30_000;

/// Whether that part of a thing that other tables keep is to be otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    Same,
    Changed,
}

impl Rest {
    /// Changed also if this is so.
    pub(crate) fn or_changed(self, differs: bool) -> Self {
        if differs { Self::Changed } else { self }
    }
}

/// A table whose rows have an id.
pub(crate) trait Row:
    EntityTrait<
        Model: IntoActiveModel<Self::ActiveModel> + PartialEq,
        ActiveModel: ActiveModelBehavior + Send,
    >
{
    const ID: Self::Column;
    fn id(row: &Self::Model) -> Uuid;
}

macro_rules! rows {
    ($($table:ident),+ $(,)?) => {$(
        impl Row for $table::Entity {
            const ID: $table::Column = $table::Column::Id;
            fn id(row: &$table::Model) -> Uuid {
                row.id.0.uuid()
            }
        }
    )+};
}

rows! {
    series, venue, room, event, organization, person, post, membership, event_organization,
    participant, participant_group, track, agenda_item, appearance, release, award,
    award_recipient, appointment_letter, resolution, action_item, report,
}

/// The rows of one table as they are and as they should be.
pub(crate) struct Table<K, E: Row> {
    existing: HashMap<K, E::Model>,
    inserts: Vec<E::Model>,
    updates: Vec<E::Model>,
    unchanged: usize,
    leftovers: Vec<Uuid>,
    wanted: HashMap<K, Uuid>,
}

impl<K: Clone + Hash + Eq, E: Row> Table<K, E> {
    /// The rows as they are, by what they are known by.
    pub(crate) fn new(rows: impl IntoIterator<Item = (K, E::Model)>) -> Self {
        Self {
            existing: rows.into_iter().collect(),
            inserts: Vec::new(),
            updates: Vec::new(),
            unchanged: 0,
            leftovers: Vec::new(),
            wanted: HashMap::new(),
        }
    }

    /// The row as it is.
    pub(crate) fn existing(&self, key: &K) -> Option<&E::Model> {
        self.existing.get(key)
    }

    /// A row that should be there. `changed` does what every change of such a row brings with it,
    /// such as raising its version.
    pub(crate) fn should_be(
        &mut self,
        key: &K,
        row: E::Model,
        changed: impl FnOnce(&mut E::Model),
    ) {
        self.should_be_with(key, row, Rest::Same, changed);
    }

    /// The same, where a part of the thing is kept in rows of another table: what changes there
    /// changes the thing.
    pub(crate) fn should_be_with(
        &mut self,
        key: &K,
        mut row: E::Model,
        rest: Rest,
        changed: impl FnOnce(&mut E::Model),
    ) {
        self.wanted.insert(key.clone(), E::id(&row));
        match self.existing.remove(key) {
            None => self.inserts.push(row),
            Some(existing) if existing == row && rest == Rest::Same => self.unchanged += 1,
            Some(_) => {
                changed(&mut row);
                self.updates.push(row);
            }
        }
    }

    /// That everything that should be there has been named: the rest is to go.
    pub(crate) fn nothing_else(&mut self) {
        self.leftovers
            .extend(self.existing.drain().map(|(_, row)| E::id(&row)));
    }

    /// The id of a row that should be there, once it has been named.
    pub(crate) fn wanted_id(&self, key: &K) -> Option<Uuid> {
        self.wanted.get(key).copied()
    }

    /// The rows that are to go.
    pub(crate) fn leftovers(&self) -> &[Uuid] {
        &self.leftovers
    }

    /// Whether anything is to be written or deleted.
    pub(crate) fn has_changes(&self) -> bool {
        !(self.inserts.is_empty() && self.updates.is_empty() && self.leftovers.is_empty())
    }

    /// Writes what is new or differs.
    pub(crate) async fn write(
        &mut self,
        on: &impl ConnectionTrait,
        changes: &mut ImportChanges,
    ) -> Result<(), Fault> {
        changes.created += count(self.inserts.len());
        changes.updated += count(self.updates.len());
        changes.unchanged += count(self.unchanged);
        insert_all::<E>(on, std::mem::take(&mut self.inserts)).await?;
        for row in std::mem::take(&mut self.updates) {
            E::update(row.into_active_model().reset_all())
                .exec(on)
                .await?;
        }
        Ok(())
    }

    /// Deletes what should not be there. Called in the reverse order of writing, since a row goes
    /// only when nothing refers to it any more.
    pub(crate) async fn delete(
        &mut self,
        on: &impl ConnectionTrait,
        changes: &mut ImportChanges,
    ) -> Result<(), Fault> {
        changes.removed += count(self.leftovers.len());
        for ids in self.leftovers.chunks(IDS_A_STATEMENT) {
            let these = E::ID.is_in(ids.iter().copied());
            E::delete_many().filter(these).exec(on).await?;
        }
        self.leftovers.clear();
        Ok(())
    }
}

/// Inserts rows, many in a statement.
pub(crate) async fn insert_all<E>(
    on: &impl ConnectionTrait,
    rows: Vec<E::Model>,
) -> Result<(), Fault>
where
    E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>, ActiveModel: ActiveModelBehavior + Send>,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some = rows
            .by_ref()
            .take(ROWS_A_STATEMENT)
            .map(IntoActiveModel::into_active_model);
        E::insert_many(some.collect::<Vec<_>>())
            .exec_without_returning(on)
            .await?;
    }
    Ok(())
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
