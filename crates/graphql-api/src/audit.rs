//! The audit log, for those who answer for the workspace.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::access::Permission as Act;
use domain::id::{WorkspaceId, kind, split};
use persistence::{AuditOf, AuditPageOf};

use crate::connection::{Count, connection, page};
use crate::failure::{bad_input, bad_page, or_null};
use crate::id::{GlobalId, global};
use crate::list::List;
use crate::request::{found, session};
use crate::scalar::DateTime;
use crate::word::AuditAction;
use crate::workspace::Account;

/// An entry of the log.
#[derive(Clone)]
pub(crate) struct AuditEntry(pub(crate) Arc<domain::audit::AuditEntry>);

/// What one operation did to one thing. The log is only ever added to.
#[Object]
impl AuditEntry {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Shared by all entries of what was done at once.
    async fn operation_id(&self) -> ID {
        global(self.0.operation_id)
    }

    /// What was asked for, by the name of the mutation.
    async fn operation(&self) -> &str {
        &self.0.operation
    }

    /// What became of the thing.
    async fn action(&self) -> AuditAction {
        self.0.action.into()
    }

    /// The thing, by its id: `node` tells what it is now, if it is still there.
    async fn object_id(&self) -> ID {
        ID(self.0.object_id.clone())
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Whose token it was; null if it was the program itself.
    async fn account_id(&self) -> Option<ID> {
        match &self.0.by {
            domain::audit::Doer::Account { account_id, .. } => Some(global(*account_id)),
            domain::audit::Doer::System { .. } => None,
        }
    }

    /// The account whose token it was; null if it was the program itself, or the account of somebody
    /// else, of whom the reader sees the id alone.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let domain::audit::Doer::Account { account_id, .. } = &self.0.by else {
            return Ok(None);
        };
        Ok(found(ctx, Some(*account_id)).await?.map(Account))
    }

    /// The token, by its id; null if it was the program itself.
    async fn token_id(&self) -> Option<ID> {
        match &self.0.by {
            domain::audit::Doer::Account { token_id, .. } => Some(global(*token_id)),
            domain::audit::Doer::System { .. } => None,
        }
    }

    /// What the program was doing; null if it was an account.
    async fn reason(&self) -> Option<&str> {
        match &self.0.by {
            domain::audit::Doer::Account { .. } => None,
            domain::audit::Doer::System { reason } => Some(reason),
        }
    }

    /// What of it is otherwise, in the order of the alphabet, as far as the reader may see it of the
    /// thing itself: of people no addresses, of letters, participants and follow-up nothing, without
    /// the right to read those.
    async fn changes(&self) -> List<AuditChange> {
        let changes = self.0.changes.iter();
        changes
            .map(|change| AuditChange {
                field: change.field.clone(),
                before: change.before.clone(),
                after: change.after.clone(),
            })
            .collect()
    }
}

/// What became of one member of a thing.
#[derive(SimpleObject)]
pub(crate) struct AuditChange {
    /// Which member, as it is stored.
    field: String,
    /// What it was, as JSON; null if nothing was known.
    before: Option<String>,
    /// What it is since, as JSON; null if nothing is known any more.
    after: Option<String>,
}

/// Which entries. What is left out restricts nothing.
#[derive(InputObject, Default)]
pub(crate) struct AuditFilter {
    /// Of this operation, by the name of the mutation.
    operation: Option<String>,
    /// Of this thing, by its id.
    object_id: Option<ID>,
    /// By this account.
    account_id: Option<GlobalId<kind::Account>>,
}

impl AuditFilter {
    fn checked(self) -> Result<persistence::AuditFilter> {
        let object = self.object_id.map(|id| split(&id).map(|(_, uuid)| uuid));
        Ok(persistence::AuditFilter {
            operation: self.operation,
            object: object
                .transpose()
                .map_err(|refused| bad_input(refused.to_string()))?,
            account: self.account_id.map(|id| id.0),
        })
    }
}

/// Which entries of a log, and from where on: the four arguments of a connection.
#[derive(Debug, Default)]
pub(crate) struct Slice {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

/// A page of a log, for who may read it.
pub(crate) async fn audit_log(
    ctx: &Context<'_>,
    workspace: WorkspaceId,
    of: AuditOf,
    filter: Option<AuditFilter>,
    slice: Slice,
) -> Result<Option<AuditEntryConnection>> {
    let session = session(ctx)?;
    if session.actor.may(Act::AuditRead, workspace).is_err() {
        return Ok(None);
    }
    let read = async {
        let filter = filter.unwrap_or_default().checked()?;
        let page = page(slice.first, slice.after, slice.last, slice.before)?;
        let key = AuditPageOf {
            of,
            filter: filter.clone(),
            page,
        };
        let Some(page) = session.one(key).await? else {
            return Ok(None);
        };
        let count = Count::Audit(of, filter);
        Ok(Some(AuditEntryConnection::new(
            page.map_err(bad_page)?,
            count,
        )))
    };
    or_null(ctx, read.await)
}

/// The log of something that belongs to an event.
pub(crate) async fn audit_log_of_part<K: domain::id::Kind>(
    ctx: &Context<'_>,
    event: domain::id::EventId,
    id: domain::Id<K>,
    slice: Slice,
) -> Result<Option<AuditEntryConnection>> {
    let Some(event) = found(ctx, Some(event)).await? else {
        return Ok(None);
    };
    let of = AuditOf::Thing(id.uuid());
    audit_log(ctx, event.workspace_id, of, None, slice).await
}

connection!(
    AuditEntryConnection,
    AuditEntryEdge,
    AuditEntry,
    domain::audit::AuditEntry,
    "entries",
    "entry"
);
