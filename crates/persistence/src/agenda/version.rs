//! Versions: what is published of an agenda is frozen whole, and read back whole.

use std::collections::HashMap;
use std::sync::Arc;

use domain::access::{Actor, Permission};
use domain::agenda::{Agenda, AgendaVersion};
use domain::id::{EventId, OperationId, kind};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::rows::AgendaRows;
use crate::audit::{columns_of, doer};
use crate::column::DbId;
use crate::entity::agenda::{agenda_version, published_part};
use crate::entity::event::event;
use crate::error::Fault;
use crate::event_document::insert_all;
use crate::sight;
use crate::store::Store;

/// An agenda as it was published, with the version that it is.
#[derive(Debug, Clone)]
pub struct PublishedAgenda {
    /// Which version.
    pub version: Arc<AgendaVersion>,
    /// What stood in it.
    pub agenda: Arc<Agenda>,
}

/// A version without its content.
#[derive(Debug, FromQueryResult)]
struct Head {
    id: DbId<kind::AgendaVersion>,
    event_id: DbId<kind::Event>,
    number: i32,
    revision: i32,
    published_at: chrono::DateTime<chrono::Utc>,
    comment: Option<String>,
    account_id: Option<DbId<kind::Account>>,
    token_id: Option<DbId<kind::AccessToken>>,
    reason: Option<String>,
}

impl From<Head> for AgendaVersion {
    fn from(head: Head) -> Self {
        Self {
            id: head.id.0,
            event_id: head.event_id.0,
            number: head.number,
            revision: head.revision,
            published_at: head.published_at,
            published_by: doer((head.account_id, head.token_id, head.reason)),
            comment: head.comment,
        }
    }
}

/// Which versions.
#[derive(Debug, Clone)]
pub enum Versions {
    /// Those that events have published last.
    Latest(Vec<EventId>),
    /// One of an event by its number, each.
    Numbered(Vec<(EventId, i32)>),
    /// All of these events.
    All(Vec<EventId>),
    /// Those with these ids.
    Ids(Vec<domain::id::AgendaVersionId>),
}

impl Versions {
    fn condition(&self) -> Condition {
        use agenda_version::Column;
        let latest = || {
            let number = Expr::col((event::Entity, event::Column::AgendaVersion));
            Expr::col((agenda_version::Entity, Column::Number)).eq(number)
        };
        match self {
            Self::Latest(events) => Condition::all()
                .add(Column::EventId.is_in(events.iter().copied().map(DbId)))
                .add(latest()),
            Self::All(events) => {
                Condition::all().add(Column::EventId.is_in(events.iter().copied().map(DbId)))
            }
            Self::Numbered(wanted) => {
                wanted
                    .iter()
                    .fold(Condition::any(), |any, (event, number)| {
                        any.add(
                            Column::EventId
                                .eq(DbId(*event))
                                .and(Column::Number.eq(*number)),
                        )
                    })
            }
            Self::Ids(ids) => Condition::all().add(Column::Id.is_in(ids.iter().copied().map(DbId))),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Latest(events) | Self::All(events) => events.is_empty(),
            Self::Numbered(wanted) => wanted.is_empty(),
            Self::Ids(ids) => ids.is_empty(),
        }
    }
}

impl Store {
    /// Versions, the last of each event first, without what stood in them, as far as the actor sees
    /// the events.
    pub async fn agenda_versions(
        &self,
        actor: &Actor,
        which: &Versions,
    ) -> Result<Vec<AgendaVersion>, Fault> {
        let seen = sight::events(&actor.sight(Permission::PublicRead));
        self.heads(which, seen).await
    }

    /// Agendas as they were published. Two statements, or one where what stood in them is at hand.
    pub async fn published_agendas(
        &self,
        actor: &Actor,
        which: &Versions,
    ) -> Result<Vec<PublishedAgenda>, Fault> {
        let seen = sight::events(&actor.sight(Permission::PublicRead));
        let heads = self.heads(which, seen).await?;
        self.contents(heads).await
    }

    /// What those who do not edit agendas see of them: the versions published last. Of events whose
    /// drafts the actor edits, none.
    pub(crate) async fn readers_agendas(
        &self,
        actor: &Actor,
        events: Vec<EventId>,
    ) -> Result<Vec<PublishedAgenda>, Fault> {
        let seen = sight::events(&actor.sight(Permission::PublicRead));
        let edited = sight::in_workspaces(
            &actor.sight(Permission::AgendaEdit),
            event::Column::WorkspaceId,
        );
        let heads = self
            .heads(&Versions::Latest(events), seen.add(edited.not()))
            .await?;
        self.contents(heads).await
    }

    /// The events that have published some of these things as parts of their agendas.
    pub(crate) async fn publishers(&self, ids: Vec<Uuid>) -> Result<Vec<EventId>, Fault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<DbId<kind::Event>> = published_part::Entity::find()
            .select_only()
            .column(published_part::Column::EventId)
            .distinct()
            .filter(published_part::Column::ObjectId.is_in(ids))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|id| id.0).collect())
    }

    /// Versions of whatever event, for one who has seen it.
    pub(super) async fn all_heads(&self, which: &Versions) -> Result<Vec<AgendaVersion>, Fault> {
        self.heads(which, Condition::all()).await
    }

    async fn heads(&self, which: &Versions, seen: Condition) -> Result<Vec<AgendaVersion>, Fault> {
        use agenda_version::Column;
        if which.is_empty() {
            return Ok(Vec::new());
        }
        let column = |column| (agenda_version::Entity, column);
        let query = Query::select()
            .columns([
                column(Column::Id),
                column(Column::EventId),
                column(Column::Number),
                column(Column::Revision),
                column(Column::PublishedAt),
                column(Column::Comment),
                column(Column::AccountId),
                column(Column::TokenId),
                column(Column::Reason),
            ])
            .from(agenda_version::Entity)
            .inner_join(
                event::Entity,
                Expr::col((event::Entity, event::Column::Id))
                    .eq(Expr::col(column(Column::EventId))),
            )
            .cond_where(which.condition())
            .cond_where(seen)
            .order_by(column(Column::EventId), sea_orm::Order::Asc)
            .order_by(column(Column::Number), sea_orm::Order::Desc)
            .take();
        let heads = Head::find_by_statement(self.backend().build(&query))
            .all(self.read())
            .await?;
        Ok(heads.into_iter().map(AgendaVersion::from).collect())
    }

    /// What stood in versions: kept at hand for as long as there is room, since it never changes.
    pub(super) async fn contents(
        &self,
        heads: Vec<AgendaVersion>,
    ) -> Result<Vec<PublishedAgenda>, Fault> {
        let mut found: HashMap<Uuid, Arc<Agenda>> = HashMap::new();
        let mut missing = Vec::new();
        for head in &heads {
            match self.kept_versions().get(&head.id.uuid()) {
                Some(agenda) => drop(found.insert(head.id.uuid(), agenda)),
                None => missing.push(DbId(head.id)),
            }
        }
        if !missing.is_empty() {
            let rows: Vec<(DbId<kind::AgendaVersion>, String)> = agenda_version::Entity::find()
                .select_only()
                .column(agenda_version::Column::Id)
                .column(agenda_version::Column::Content)
                .filter(agenda_version::Column::Id.is_in(missing))
                .into_tuple()
                .all(self.read())
                .await?;
            for (id, content) in rows {
                let broken = || Fault::inconsistent("agenda_version", "content", id.0.uuid());
                let agenda = AgendaRows::read(&content).ok_or_else(broken)?.agenda()?;
                let agenda = Arc::new(agenda);
                self.kept_versions()
                    .insert(id.0.uuid(), Arc::clone(&agenda));
                found.insert(id.0.uuid(), agenda);
            }
        }
        let published = heads.into_iter().filter_map(|head| {
            Some(PublishedAgenda {
                agenda: Arc::clone(found.get(&head.id.uuid())?),
                version: Arc::new(head),
            })
        });
        Ok(published.collect())
    }
}

/// Freezes an agenda as the next version, and shows it to everybody who may see the event.
pub(crate) async fn freeze(
    store: &Store,
    on: &impl ConnectionTrait,
    actor: &Actor,
    operation_id: OperationId,
    rows: &AgendaRows,
    comment: Option<String>,
) -> Result<AgendaVersion, Fault> {
    let event = &rows.event;
    let (account_id, token_id, reason) = columns_of(actor);
    let version = AgendaVersion {
        id: store.mint()?,
        event_id: event.id.0,
        number: event.agenda_version.unwrap_or(0).saturating_add(1),
        revision: event.agenda_revision,
        published_at: store.now(),
        published_by: doer((account_id, token_id, reason.clone())),
        comment,
    };
    let row = agenda_version::Model {
        id: DbId(version.id),
        workspace_id: event.workspace_id,
        event_id: event.id,
        number: version.number,
        revision: version.revision,
        published_at: version.published_at,
        comment: version.comment.clone(),
        operation_id: DbId(operation_id),
        account_id,
        token_id,
        reason,
        content: rows.written(),
    };
    agenda_version::Entity::insert(row.into_active_model())
        .exec_without_returning(on)
        .await?;
    event::Entity::update_many()
        .col_expr(event::Column::AgendaVersion, Expr::value(version.number))
        .filter(event::Column::Id.eq(event.id))
        .exec(on)
        .await?;
    published_part::Entity::delete_many()
        .filter(published_part::Column::EventId.eq(event.id))
        .exec(on)
        .await?;
    let parts = rows
        .parts()
        .into_iter()
        .map(|object_id| published_part::Model {
            event_id: event.id,
            object_id,
        });
    insert_all::<published_part::Entity>(on, parts.collect()).await?;
    Ok(version)
}
