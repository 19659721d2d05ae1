//! Bringing the rows of a table to what they should be: what is new is inserted, what differs is
//! updated, what should not be there is deleted, and what is right already is left alone.

use std::collections::HashMap;
use std::hash::Hash;

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use crate::audit::Trail;
use crate::error::Fault;
use crate::record::{Record, Thing};
use crate::store::Store;

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

/// What an import writes down of itself: counts, and the log.
pub(crate) struct Ledger<'a> {
    pub(crate) store: &'a Store,
    pub(crate) changes: ImportChanges,
    pub(crate) trail: Trail,
}

/// Those parts of a thing that other tables keep, before and after.
pub(crate) type Rest = (Record, Record);

/// The rows of one table as they are and as they should be.
pub(crate) struct Table<K, E: Thing> {
    existing: HashMap<K, E::Model>,
    inserts: Vec<(E::Model, Record)>,
    updates: Vec<(E::Model, E::Model, Rest)>,
    unchanged: usize,
    leftovers: Vec<(E::Model, Record)>,
    wanted: HashMap<K, Uuid>,
}

impl<K: Clone + Hash + Eq, E: Thing> Table<K, E> {
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

    /// A row that should be there. Its version is the one that it had, or the next, if it is to be
    /// otherwise.
    pub(crate) fn should_be(&mut self, key: &K, row: E::Model) {
        self.should_be_with(key, row, (Record::new(), Record::new()));
    }

    /// The same, where a part of the thing is kept in rows of another table: what changes there
    /// changes the thing.
    pub(crate) fn should_be_with(&mut self, key: &K, row: E::Model, rest: Rest) {
        self.should_be_as(key, row, rest, |row| {
            E::set_version(row, E::version(row).saturating_add(1));
        });
    }

    /// The same, where not every change makes it another version.
    pub(crate) fn should_be_as(
        &mut self,
        key: &K,
        mut row: E::Model,
        rest: Rest,
        changed: impl FnOnce(&mut E::Model),
    ) {
        self.wanted.insert(key.clone(), E::uuid(&row));
        match self.existing.remove(key) {
            None => self.inserts.push((row, rest.1)),
            Some(existing) => {
                E::set_version(&mut row, E::version(&existing));
                if existing == row && rest.0 == rest.1 {
                    self.unchanged += 1;
                } else {
                    changed(&mut row);
                    self.updates.push((existing, row, rest));
                }
            }
        }
    }

    /// That everything that should be there has been named: the rest is to go.
    pub(crate) fn nothing_else(&mut self) {
        self.nothing_else_with(|_| Record::new());
    }

    /// The same, where a part of what goes is kept in rows of another table.
    pub(crate) fn nothing_else_with(&mut self, mut rest: impl FnMut(&E::Model) -> Record) {
        let gone = self.existing.drain().map(|(_, row)| {
            let rest = rest(&row);
            (row, rest)
        });
        self.leftovers.extend(gone);
    }

    /// The id of a row that should be there, once it has been named.
    pub(crate) fn wanted_id(&self, key: &K) -> Option<Uuid> {
        self.wanted.get(key).copied()
    }

    /// The rows that are to go.
    pub(crate) fn leftovers(&self) -> Vec<Uuid> {
        self.leftovers.iter().map(|(row, _)| E::uuid(row)).collect()
    }

    /// Whether anything is to be written or deleted.
    pub(crate) fn has_changes(&self) -> bool {
        !(self.inserts.is_empty() && self.updates.is_empty() && self.leftovers.is_empty())
    }

    /// Writes what is new or differs.
    pub(crate) async fn write(
        &mut self,
        on: &impl ConnectionTrait,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), Fault> {
        ledger.changes.created += count(self.inserts.len());
        ledger.changes.updated += count(self.updates.len());
        ledger.changes.unchanged += count(self.unchanged);
        let mut rows = Vec::with_capacity(self.inserts.len());
        for (row, rest) in std::mem::take(&mut self.inserts) {
            let rest = (Record::new(), rest);
            ledger
                .trail
                .add::<E>(ledger.store, None, Some(&row), rest)?;
            rows.push(row);
        }
        insert_all::<E>(on, rows).await?;
        for (before, row, rest) in std::mem::take(&mut self.updates) {
            ledger
                .trail
                .add::<E>(ledger.store, Some(&before), Some(&row), rest)?;
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
        ledger: &mut Ledger<'_>,
    ) -> Result<(), Fault> {
        ledger.changes.removed += count(self.leftovers.len());
        let mut ids = Vec::with_capacity(self.leftovers.len());
        for (row, rest) in self.leftovers.drain(..) {
            let rest = (rest, Record::new());
            ledger
                .trail
                .add::<E>(ledger.store, Some(&row), None, rest)?;
            ids.push(E::uuid(&row));
        }
        for ids in ids.chunks(IDS_A_STATEMENT) {
            let these = E::ID.is_in(ids.iter().copied());
            E::delete_many().filter(these).exec(on).await?;
        }
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
