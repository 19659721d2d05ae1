//! Agendas over time: every change makes a revision, and what is published is a version that never
//! changes.

use chrono::{DateTime, Utc};

use crate::audit::Doer;
use crate::id::{AgendaVersionId, EventId, OperationId};

/// A state of an agenda that was published: numbered from 1, and the same for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaVersion {
    /// Its id.
    pub id: AgendaVersionId,
    /// The event.
    pub event_id: EventId,
    /// Its number: 1, 2, 3 …
    pub number: i32,
    /// The revision of the agenda that was published.
    pub revision: i32,
    /// When.
    pub published_at: DateTime<Utc>,
    /// By whom.
    pub published_by: Doer,
    /// What the one who published it says of it.
    pub comment: Option<String>,
}

/// A change of an agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaRevision {
    /// The event.
    pub event_id: EventId,
    /// Its number: the revision that the agenda is at since.
    pub number: i32,
    /// Under which operation the log has it.
    pub operation_id: OperationId,
    /// What was asked for: `agendaItemMove`.
    pub operation: String,
    /// Who did it.
    pub by: Doer,
    /// When.
    pub at: DateTime<Utc>,
    /// The revision that it took back.
    pub undoes: Option<i32>,
}
