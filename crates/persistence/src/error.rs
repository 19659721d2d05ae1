//! How an operation fails: the business says no, the actor may not, or we broke. Never mixed.

use domain::access::Denied;
use domain::refusal::Refusals;
use sea_orm::DbErr;
use uuid::Uuid;

/// Why a use case did not happen. `R` is what its business refuses.
#[derive(Debug, thiserror::Error)]
pub enum Error<R> {
    /// The business says no.
    #[error("refused")]
    Refused(R),
    /// The actor may not, or there is no such thing for it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl<R> Error<R> {
    /// The same, with what the business says put otherwise.
    pub fn map<S>(self, refused: impl FnOnce(R) -> S) -> Error<S> {
        match self {
            Self::Refused(why) => Error::Refused(refused(why)),
            Self::Denied(denied) => Error::Denied(denied),
            Self::Fault(fault) => Error::Fault(fault),
        }
    }
}

/// We broke. Logged once at the edge, with the request's id; never shown.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed, or could not be reached.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    /// A row says what cannot be.
    #[error("row {row} of {table} is inconsistent in {column}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's id.
        row: Uuid,
    },
    /// The operating system gave no random numbers.
    #[error("no random numbers: {0}")]
    Random(String),
    /// The configuration names a database that is none of ours.
    #[error("`{0}` is no database we know: use sqlite://… or postgres://…")]
    UnknownDatabase(String),
    /// The folder or the object store failed in which documents and pictures are kept.
    #[error("where documents are kept failed: {0}")]
    Storage(#[from] object_store::Error),
    /// What was put there is something else now.
    #[error("{0} is not what it was when it was put there")]
    Altered(String),
    /// Bytes are neither in the database nor where the configuration says.
    #[error("documents are kept elsewhere, and it is not said where (--files, CONVOKE_FILES)")]
    Elsewhere,
    /// Work that was done beside broke off.
    #[error("broke off: {0}")]
    Broke(String),
}

impl Fault {
    pub(crate) fn inconsistent(table: &'static str, column: &'static str, row: Uuid) -> Self {
        Self::Inconsistent { table, column, row }
    }
}

impl<R> From<Refusals<R>> for Error<Refusals<R>> {
    fn from(refusals: Refusals<R>) -> Self {
        Self::Refused(refusals)
    }
}

impl<R> From<DbErr> for Error<R> {
    fn from(error: DbErr) -> Self {
        Self::Fault(Fault::Database(error))
    }
}
