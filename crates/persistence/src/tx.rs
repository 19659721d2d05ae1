//! Transactions: the one place where they begin, and the one way to lock.

use domain::id::{EventId, WorkspaceId};
use sea_orm::sea_query::LockType;
use sea_orm::{
    AccessMode, DatabaseTransaction, EntityTrait, IsolationLevel, QuerySelect,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use tokio::sync::OwnedSemaphorePermit;

use crate::column::DbId;
use crate::entity::access::workspace;
use crate::entity::event::event;
use crate::error::Fault;
use crate::store::Store;

/// A transaction. Dropped without [`Tx::commit`], it has never happened.
#[must_use = "a transaction that is not committed has never happened"]
pub(crate) struct Tx(
    DatabaseTransaction,
    #[expect(dead_code, reason = "held until the end")] Option<OwnedSemaphorePermit>,
);

impl Store {
    /// Begins to write. On SQLite the lock is taken at once (`BEGIN IMMEDIATE`): a transaction
    /// that reads first and then wants to write would fail as busy, not wait.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where transactions begin"
    )]
    pub(crate) async fn begin(&self) -> Result<Tx, Fault> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let turn = self.turn_to_write().await?;
        let begun = self.write().begin_with_options(options).await?;
        Ok(Tx(begun, Some(turn)))
    }

    /// Begins to read several tables as they are at one moment.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where transactions begin"
    )]
    pub(crate) async fn snapshot(&self) -> Result<Tx, Fault> {
        let options = if self.is_embedded() {
            // A reader of a write-ahead log sees one moment by nature.
            TransactionOptions::default()
        } else {
            TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            }
        };
        Ok(Tx(self.read().begin_with_options(options).await?, None))
    }
}

impl Tx {
    /// What statements are sent on.
    pub(crate) fn on(&self) -> &DatabaseTransaction {
        &self.0
    }

    /// Makes it so.
    pub(crate) async fn commit(self) -> Result<(), Fault> {
        Ok(self.0.commit().await?)
    }

    /// Waits until nobody else is changing the directory of a workspace: who imports into it,
    /// does so alone. Whether there is such a workspace.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where rows are locked"
    )]
    pub(crate) async fn lock_workspace(&self, id: WorkspaceId) -> Result<bool, Fault> {
        // On SQLite nothing is printed for the lock, and none is needed: one writes at a time.
        let row = workspace::Entity::find_by_id(DbId(id))
            .lock(LockType::NoKeyUpdate)
            .one(&self.0)
            .await?;
        Ok(row.is_some())
    }

    /// Waits until nobody else is changing an event, and reads it.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where rows are locked"
    )]
    pub(crate) async fn lock_event(&self, id: EventId) -> Result<Option<event::Model>, Fault> {
        Ok(event::Entity::find_by_id(DbId(id))
            .lock(LockType::NoKeyUpdate)
            .one(&self.0)
            .await?)
    }
}
