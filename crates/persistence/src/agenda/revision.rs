//! Revisions: each change of an agenda has a number, and the log has what it did.

use domain::access::Actor;
use domain::agenda::AgendaRevision;
use domain::id::{EventId, OperationId, WorkspaceId};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};

use crate::audit::{columns_of, doer};
use crate::column::DbId;
use crate::entity::agenda::agenda_revision;
use crate::error::Fault;
use crate::store::Store;

/// What is written down of a change of an agenda, besides what it did.
pub(crate) struct Change<'a> {
    pub(crate) workspace: WorkspaceId,
    pub(crate) operation_id: OperationId,
    pub(crate) operation: &'a str,
    pub(crate) undoes: Option<i32>,
}

/// Writes down which change led to a revision.
pub(crate) async fn note(
    store: &Store,
    on: &impl ConnectionTrait,
    actor: &Actor,
    change: &Change<'_>,
    revisions: &[(EventId, i32)],
) -> Result<(), Fault> {
    if revisions.is_empty() {
        return Ok(());
    }
    let rows = revisions.iter().map(|(event, number)| {
        let (account_id, token_id, reason) = columns_of(actor);
        agenda_revision::Model {
            event_id: DbId(*event),
            number: *number,
            workspace_id: DbId(change.workspace),
            operation_id: DbId(change.operation_id),
            operation: change.operation.to_owned(),
            account_id,
            token_id,
            reason,
            at: store.now(),
            undoes: change.undoes,
        }
        .into_active_model()
    });
    agenda_revision::Entity::insert_many(rows.collect::<Vec<_>>())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

pub(crate) fn revision(row: agenda_revision::Model) -> AgendaRevision {
    AgendaRevision {
        event_id: row.event_id.0,
        number: row.number,
        operation_id: row.operation_id.0,
        operation: row.operation,
        by: doer((row.account_id, row.token_id, row.reason)),
        at: row.at,
        undoes: row.undoes,
    }
}
