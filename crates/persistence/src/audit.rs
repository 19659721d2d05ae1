//! The audit log: written with the change itself, read by those who answer for the workspace.

use std::collections::HashMap;

use domain::access::{Actor, Permission};
use domain::audit::{AuditAction, AuditChange, AuditEntry, Doer};
use domain::id::{AuditEntryId, EventId, Kind, OperationId, WorkspaceId, kind};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use uuid::Uuid;

use crate::column::{DbId, Spelled};
use crate::directory::sort_key;
use crate::entity::audit::audit_entry;
use crate::error::Fault;
use crate::page::{Direction, Keyset, Page, PageError, PageRequest, SortKey, SortKind};
use crate::participation::first_of_each;
use crate::record::{Record, Recorded, Thing};
use crate::sight;
use crate::store::Store;

/// What follows from other columns, or from the log itself, is not written into it.
const DERIVED: &[&str] = &[
    "workspace_id",
    "search_text",
    "sort_name",
    "sort_title",
    "agenda_revision",
    "updated_at",
];

/// Who does something, as columns: an account, its token, or why the program does it itself.
pub(crate) type DoerColumns = (
    Option<DbId<kind::Account>>,
    Option<DbId<kind::AccessToken>>,
    Option<String>,
);

/// The columns of who does something.
pub(crate) fn columns_of(actor: &Actor) -> DoerColumns {
    match actor {
        Actor::Account(session) => (
            Some(DbId(session.account_id)),
            Some(DbId(session.token_id)),
            None,
        ),
        Actor::System { reason } => (None, None, Some((*reason).to_owned())),
        // Neither changes anything.
        Actor::Anonymous | Actor::Guest(_) => (None, None, None),
    }
}

/// Who did something, from its columns.
pub(crate) fn doer(columns: DoerColumns) -> Doer {
    match columns {
        (Some(account), Some(token), _) => Doer::Account {
            account_id: account.0,
            token_id: token.0,
        },
        (_, _, reason) => Doer::System {
            reason: reason.unwrap_or_default(),
        },
    }
}

/// What one operation does, thing by thing, until it is written into the log.
#[derive(Debug)]
pub(crate) struct Trail {
    operation_id: OperationId,
    operation: &'static str,
    entries: Vec<audit_entry::Model>,
}

impl Trail {
    pub(crate) fn new(operation_id: OperationId, operation: &'static str) -> Self {
        Self {
            operation_id,
            operation,
            entries: Vec::new(),
        }
    }

    pub(crate) fn operation_id(&self) -> OperationId {
        self.operation_id
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    /// That a row came, changed or went. `rest` is what other tables keep of the thing, before and
    /// after.
    pub(crate) fn add<E: Thing>(
        &mut self,
        store: &Store,
        before: Option<&E::Model>,
        after: Option<&E::Model>,
        rest: (Record, Record),
    ) -> Result<(), Fault> {
        let Some(row) = after.or(before) else {
            return Ok(());
        };
        let record = |row: Option<&E::Model>, rest: Record| {
            let mut record = row.map(Recorded::record).unwrap_or_default();
            record.extend(rest);
            record.retain(|column, value| !DERIVED.contains(&column.as_str()) && !value.is_null());
            record
        };
        let mut was = record(before, rest.0);
        let mut is = record(after, rest.1);
        let action = match (before, after) {
            (None, _) => AuditAction::Created,
            (Some(_), None) => AuditAction::Removed,
            (Some(_), Some(_)) => {
                let same: Vec<_> = was
                    .iter()
                    .filter(|(column, value)| is.get(*column) == Some(value))
                    .map(|(column, _)| column.clone())
                    .collect();
                for column in same {
                    was.remove(&column);
                    is.remove(&column);
                }
                AuditAction::Updated
            }
        };
        self.entries.push(audit_entry::Model {
            id: DbId(store.mint()?),
            workspace_id: DbId(E::workspace(row)),
            event_id: E::event(row).map(DbId),
            operation_id: DbId(self.operation_id),
            operation: self.operation.to_owned(),
            action: Spelled(action),
            object_kind: <E::Kind as Kind>::PREFIX.to_owned(),
            object_id: E::uuid(row),
            account_id: None,
            token_id: None,
            reason: None,
            at: store.now(),
            before: Value::Object(was),
            after: Value::Object(is),
        });
        Ok(())
    }

    /// That something of a row is otherwise which is no thing of its own: it has no version, and what
    /// becomes of it by itself is not told.
    pub(crate) fn mark<K: Kind>(
        &mut self,
        store: &Store,
        (workspace, event): (WorkspaceId, EventId),
        id: domain::Id<K>,
        (was, is): (Record, Record),
    ) -> Result<(), Fault> {
        self.entries.push(audit_entry::Model {
            id: DbId(store.mint()?),
            workspace_id: DbId(workspace),
            event_id: Some(DbId(event)),
            operation_id: DbId(self.operation_id),
            operation: self.operation.to_owned(),
            action: Spelled(AuditAction::Updated),
            object_kind: K::PREFIX.to_owned(),
            object_id: id.uuid(),
            account_id: None,
            token_id: None,
            reason: None,
            at: store.now(),
            before: Value::Object(was),
            after: Value::Object(is),
        });
        Ok(())
    }

    /// Writes it into the log.
    pub(crate) async fn write(
        self,
        store: &Store,
        on: &impl ConnectionTrait,
        actor: &Actor,
    ) -> Result<(), Fault> {
        let (account_id, token_id, reason) = columns_of(actor);
        let mut entries = self.entries;
        // The workspace is ours: what was logged in it before, by whatever node, has smaller ids.
        if let Some(workspace) = entries.first().map(|entry| entry.workspace_id) {
            let last: Option<DbId<domain::id::kind::AuditEntry>> = audit_entry::Entity::find()
                .select_only()
                .column(audit_entry::Column::Id)
                .filter(audit_entry::Column::WorkspaceId.eq(workspace))
                .order_by_desc(audit_entry::Column::Id)
                .into_tuple()
                .one(on)
                .await?;
            if let Some(last) = last {
                store.mint_above(last.0);
            }
        }
        for entry in &mut entries {
            entry.id = DbId(store.mint()?);
            entry.account_id = account_id;
            entry.token_id = token_id;
            entry.reason.clone_from(&reason);
        }
        crate::event_document::insert_all::<audit_entry::Entity>(on, entries).await
    }
}

/// Whose log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditOf {
    /// Everything in a workspace.
    Workspace(WorkspaceId),
    /// An event, with all that belongs to it.
    Event(EventId),
    /// One thing.
    Thing(Uuid),
}

/// Which entries of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AuditFilter {
    /// Of this operation.
    pub operation: Option<String>,
    /// Of this thing.
    pub object: Option<Uuid>,
    /// By this account.
    pub account: Option<domain::id::AccountId>,
}

/// A page of the log of one thing; pages of several alike are read at once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AuditPageOf {
    /// Whose.
    pub of: AuditOf,
    /// Which entries.
    pub filter: AuditFilter,
    /// Which page.
    pub page: PageRequest,
}

impl AuditOf {
    fn column(self) -> audit_entry::Column {
        match self {
            Self::Workspace(_) => audit_entry::Column::WorkspaceId,
            Self::Event(_) => audit_entry::Column::EventId,
            Self::Thing(_) => audit_entry::Column::ObjectId,
        }
    }

    fn uuid(self) -> Uuid {
        match self {
            Self::Workspace(id) => id.uuid(),
            Self::Event(id) => id.uuid(),
            Self::Thing(id) => id,
        }
    }

    /// Which of such a row says whose it is.
    fn of_row(self, row: &audit_entry::Model) -> Uuid {
        match self {
            Self::Workspace(_) => row.workspace_id.0.uuid(),
            Self::Event(_) => row.event_id.map_or(Uuid::nil(), |id| id.0.uuid()),
            Self::Thing(_) => row.object_id,
        }
    }
}

impl Store {
    /// Pages of logs, the latest entry first, as far as the actor may read them. Pages that differ
    /// in the thing alone are read in one statement.
    pub async fn audit_pages(
        &self,
        actor: &Actor,
        wanted: &[AuditPageOf],
    ) -> Result<HashMap<AuditPageOf, Result<Page<AuditEntry>, PageError>>, Fault> {
        type Alike<'a> = (
            std::mem::Discriminant<AuditOf>,
            &'a AuditFilter,
            &'a PageRequest,
        );
        let mut alike: HashMap<Alike<'_>, Vec<AuditOf>> = HashMap::new();
        for one in wanted {
            let key = (std::mem::discriminant(&one.of), &one.filter, &one.page);
            alike.entry(key).or_default().push(one.of);
        }
        let mut pages = HashMap::new();
        for ((_, filter, page), logs) in alike {
            let Some(any) = logs.first().copied() else {
                continue;
            };
            let key = |of| AuditPageOf {
                of,
                filter: filter.clone(),
                page: page.clone(),
            };
            let latest_first = SortKey {
                direction: Direction::Descending,
                ..sort_key(audit_entry::Column::Id, SortKind::Uuid)
            };
            let keyset = match Keyset::new(page, vec![latest_first], &("audit", filter)) {
                Ok(keyset) => keyset,
                Err(refused) => {
                    pages.extend(logs.into_iter().map(|of| (key(of), Err(refused))));
                    continue;
                }
            };
            let which = entries_in(actor, &logs, filter).add(keyset.condition());
            let rows: Vec<audit_entry::Model> =
                first_of_each(self, audit_entry::Entity, any.column(), which, &keyset).await?;
            let mut rows_of: HashMap<Uuid, Vec<_>> = HashMap::new();
            for row in rows {
                rows_of.entry(any.of_row(&row)).or_default().push(row);
            }
            for of in logs {
                let rows = rows_of.remove(&of.uuid()).unwrap_or_default();
                let values = |row: &audit_entry::Model| vec![row.id.0.uuid().to_string()];
                let told = |row| entry(actor, row);
                pages.insert(key(of), Ok(keyset.page(rows, values, told)));
            }
        }
        Ok(pages)
    }

    /// How many entries logs have.
    pub async fn audit_counts(
        &self,
        actor: &Actor,
        wanted: &[(AuditOf, AuditFilter)],
    ) -> Result<HashMap<(AuditOf, AuditFilter), u64>, Fault> {
        let mut alike: HashMap<_, Vec<AuditOf>> = HashMap::new();
        for (of, filter) in wanted {
            let key = (std::mem::discriminant(of), filter);
            alike.entry(key).or_default().push(*of);
        }
        let mut counts: HashMap<_, _> = wanted.iter().map(|one| (one.clone(), 0)).collect();
        for ((_, filter), logs) in alike {
            let Some(any) = logs.first().copied() else {
                continue;
            };
            let rows: Vec<(Uuid, i64)> = audit_entry::Entity::find()
                .select_only()
                .column(any.column())
                .column_as(audit_entry::Column::Id.count(), "how_many")
                .filter(entries_in(actor, &logs, filter))
                .group_by(any.column())
                .into_tuple()
                .all(self.read())
                .await?;
            let found: HashMap<_, _> = rows.into_iter().collect();
            for of in logs {
                let count = found.get(&of.uuid()).copied().unwrap_or_default();
                let count = u64::try_from(count).unwrap_or_default();
                counts.insert((of, filter.clone()), count);
            }
        }
        Ok(counts)
    }

    /// Entries by id, as far as the actor may read them.
    pub async fn audit_entries(
        &self,
        actor: &Actor,
        ids: &[AuditEntryId],
    ) -> Result<Vec<AuditEntry>, Fault> {
        let rows = audit_entry::Entity::find()
            .filter(audit_entry::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(readable(actor))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|row| entry(actor, row)).collect())
    }
}

fn readable(actor: &Actor) -> Condition {
    sight::in_workspaces(
        &actor.sight(Permission::AuditRead),
        audit_entry::Column::WorkspaceId,
    )
}

/// The entries of logs of one sort.
fn entries_in(actor: &Actor, of: &[AuditOf], filter: &AuditFilter) -> Condition {
    let mut condition = readable(actor);
    if let Some(any) = of.first() {
        condition = condition.add(any.column().is_in(of.iter().map(|of| of.uuid())));
    }
    if let Some(operation) = &filter.operation {
        condition = condition.add(audit_entry::Column::Operation.eq(operation));
    }
    if let Some(object) = filter.object {
        condition = condition.add(audit_entry::Column::ObjectId.eq(object));
    }
    if let Some(account) = filter.account {
        condition = condition.add(audit_entry::Column::AccountId.eq(DbId(account)));
    }
    condition
}

/// An entry, without what the actor may not see of the thing itself.
pub(crate) fn entry(actor: &Actor, row: audit_entry::Model) -> AuditEntry {
    let hidden = hidden(actor, &row);
    let by = doer((row.account_id, row.token_id, row.reason));
    AuditEntry {
        id: row.id.0,
        workspace_id: row.workspace_id.0,
        event_id: row.event_id.map(|id| id.0),
        operation_id: row.operation_id.0,
        operation: row.operation,
        action: row.action.0,
        object_id: format!("{}_{}", row.object_kind, row.object_id.as_simple()),
        by,
        at: row.at,
        changes: changes(row.before, row.after)
            .into_iter()
            .filter(|change| {
                hidden.is_none_or(|hidden| {
                    !hidden.is_empty() && !hidden.contains(&change.field.as_str())
                })
            })
            .collect(),
    }
}

/// Which members of a thing stand behind a finer right that the actor lacks; all of them, where none
/// is named.
fn hidden(actor: &Actor, row: &audit_entry::Model) -> Option<&'static [&'static str]> {
    let (right, members): (_, &[&str]) = match row.object_kind.as_str() {
        "per" => (Permission::ContactRead, &["email", "telephone"]),
        "ltr" => (Permission::LetterRead, &[]),
        "ptc" | "msg" | "dlv" => (Permission::ParticipantRead, &[]),
        "sup" => (Permission::ContactRead, &[]),
        "act" | "rsl" => (Permission::FollowUpRead, &[]),
        _ => return None,
    };
    let may = actor.may(right, row.workspace_id.0).is_ok();
    (!may).then_some(members)
}

/// Member by member what was and what is.
fn changes(before: Value, after: Value) -> Vec<AuditChange> {
    let members = |value| {
        if let Value::Object(members) = value {
            members
        } else {
            Record::new()
        }
    };
    let (before, after) = (members(before), members(after));
    let columns: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let said = |record: &Record, column: &str| record.get(column).map(Value::to_string);
    columns
        .into_iter()
        .map(|column| AuditChange {
            field: in_camel_case(column),
            before: said(&before, column),
            after: said(&after, column),
        })
        .collect()
}

/// A column's name as the graph writes names: `starts_at` is `startsAt`.
fn in_camel_case(column: &str) -> String {
    let mut name = String::with_capacity(column.len());
    let mut words = column.split('_');
    name.extend(words.next());
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}
