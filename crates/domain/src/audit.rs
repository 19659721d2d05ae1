//! The audit log: who changed what, through which token, when, and what it was before and after.
//! It is only ever added to.

use chrono::{DateTime, Utc};

use crate::id::{AccessTokenId, AccountId, AuditEntryId, EventId, OperationId, WorkspaceId};

words! {
    /// What became of a thing.
    AuditAction, "audit action" {
        /// It was not there before.
        Created = "CREATED",
        /// It is otherwise than it was.
        Updated = "UPDATED",
        /// It is there no longer.
        Removed = "REMOVED",
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doer {
    /// An account, through one of its tokens.
    Account {
        /// Whose token it was.
        account_id: AccountId,
        /// The token.
        token_id: AccessTokenId,
    },
    /// The program itself, and why.
    System {
        /// What it was doing.
        reason: String,
    },
}

/// What one operation did to one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id; those of later operations are greater.
    pub id: AuditEntryId,
    /// Where.
    pub workspace_id: WorkspaceId,
    /// The event that the thing is or belongs to.
    pub event_id: Option<EventId>,
    /// Shared by all that was done at once.
    pub operation_id: OperationId,
    /// What was asked for: `agendaItemMove`.
    pub operation: String,
    /// What became of the thing.
    pub action: AuditAction,
    /// The thing, by its id. It may be there no longer.
    pub object_id: String,
    /// Who did it.
    pub by: Doer,
    /// When.
    pub at: DateTime<Utc>,
    /// What of it is otherwise, in the order of the alphabet.
    pub changes: Vec<AuditChange>,
}

/// What became of one member of a thing. Values are JSON; nothing is there where nothing was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditChange {
    /// Which member: `startsAt`.
    pub field: String,
    /// What it was, as JSON.
    pub before: Option<String>,
    /// What it is since, as JSON.
    pub after: Option<String>,
}
