//! Operations: how every change is made. One begins on a workspace, which it has to itself until it
//! ends; what it writes goes into the audit log with it, and either all of it happens or nothing.
//!
//! A use case reads: begin (which asks whether the actor may), has it been answered before, look
//! things up, decide, refuse all that is wrong at once, write, finish.

mod uses;
mod writing;

use std::collections::{BTreeSet, HashMap};

use data_encoding::HEXLOWER;
use domain::access::{Actor, Denied, Permission};
use domain::id::{EventId, WorkspaceId};
use domain::organization::Party;
use domain::refusal::{Invalid, KeyReused, Missing, Refusals, Stale, Taken};
use domain::{Id, Patch};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::agenda::revision;
use crate::agenda::rows::event_row;
use crate::audit::Trail;
use crate::column::DbId;
use crate::entity::audit::idempotency_key;
use crate::entity::directory::{organization, person};
use crate::entity::event::event;
use crate::error::{Error, Fault};
use crate::listed::Listed;
use crate::record::Thing;
use crate::store::Store;
use crate::tx::Tx;

pub(crate) use uses::Uses;

/// Whether something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It happens.
    Apply,
    /// It is tried to the end, and then it has never happened.
    Rehearse,
}

/// How a caller asks again without doing it twice: its own key, and the input that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// The caller's key, unique for what it does.
    pub key: String,
    /// All of the input, in one spelling.
    pub input: String,
}

/// For how long an answer is kept, in hours.
pub const ANSWERS_ARE_KEPT: i64 = 24;

/// A thing as the caller has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen<K: domain::id::Kind> {
    /// Which.
    pub id: Id<K>,
    /// The version that it was at.
    pub version: i32,
}

/// Why a use case did not happen: `R` is what its business refuses, all of it at once.
pub type Refused<R> = Error<Refusals<R>>;

/// A change that is being made.
pub(crate) struct Operation<'a> {
    store: &'a Store,
    actor: &'a Actor,
    tx: Tx,
    workspace: WorkspaceId,
    event: Option<event::Model>,
    trail: Trail,
    /// The events whose agendas are otherwise than they were.
    agendas: BTreeSet<EventId>,
    /// The revision of the agenda that it takes back.
    undoes: Option<i32>,
    /// The answer to be kept, still without what was made.
    answer: Option<idempotency_key::Model>,
}

impl Store {
    /// Begins an operation on a workspace.
    pub(crate) async fn operate<'a, R>(
        &'a self,
        actor: &'a Actor,
        name: &'static str,
        permission: Permission,
        workspace: WorkspaceId,
    ) -> Result<Operation<'a>, Error<R>> {
        actor.may(permission, workspace)?;
        let tx = self.begin().await?;
        if !tx.lock_workspace(workspace).await? {
            return Err(Denied::NotFound.into());
        }
        Ok(Operation {
            store: self,
            actor,
            tx,
            workspace,
            event: None,
            trail: Trail::new(self.mint()?, name),
            agendas: BTreeSet::new(),
            undoes: None,
            answer: None,
        })
    }

    /// Begins an operation on a thing, and reads it. A part of an event comes with its event.
    pub(crate) async fn operate_on<'a, E: Thing, R>(
        &'a self,
        actor: &'a Actor,
        name: &'static str,
        permission: Permission,
        id: Id<E::Kind>,
    ) -> Result<(Operation<'a>, E::Model), Error<R>> {
        // Before anything is looked up: whether there is such a thing is nobody else's business.
        actor.might(permission)?;
        let workspace: Option<DbId<domain::id::kind::Workspace>> = E::find()
            .select_only()
            .column(E::WORKSPACE)
            .filter(E::ID.eq(id.uuid()))
            .into_tuple()
            .one(self.read())
            .await?;
        let workspace = workspace.ok_or(Denied::NotFound)?.0;
        let mut operation = self.operate(actor, name, permission, workspace).await?;
        let row = E::find()
            .filter(E::ID.eq(id.uuid()))
            .one(operation.on())
            .await?;
        // It may have gone while we waited.
        let row = row.ok_or(Denied::NotFound)?;
        if let Some(event) = E::event(&row) {
            operation.event = operation.tx.lock_event(event).await?;
        }
        Ok((operation, row))
    }

    /// Begins to change or remove a thing that the caller has seen at a version.
    pub(crate) async fn change<'a, E: Thing, R: From<Stale>>(
        &'a self,
        actor: &'a Actor,
        name: &'static str,
        permission: Permission,
        seen: Seen<E::Kind>,
    ) -> Result<(Operation<'a>, E::Model, Refusals<R>), Refused<R>> {
        let (operation, row) = self
            .operate_on::<E, _>(actor, name, permission, seen.id)
            .await?;
        let mut refusals = Refusals::default();
        if E::version(&row) != seen.version {
            let stale = Stale {
                id: seen.id.to_string(),
                current: E::version(&row),
            };
            refusals.say("expectedVersion", stale);
        }
        Ok((operation, row, refusals))
    }

    /// Begins an operation on something that belongs to an event.
    pub(crate) async fn operate_in<'a, R>(
        &'a self,
        actor: &'a Actor,
        name: &'static str,
        permission: Permission,
        event: EventId,
    ) -> Result<Operation<'a>, Error<R>> {
        let begun = self.operate_on::<event::Entity, R>(actor, name, permission, event);
        Ok(begun.await?.0)
    }
}

impl<'a> Operation<'a> {
    /// What statements are sent on.
    pub(crate) fn on(&self) -> &DatabaseTransaction {
        self.tx.on()
    }

    pub(crate) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.store.now()
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// The event that it is about.
    pub(crate) fn event(&self) -> Result<&event::Model, Fault> {
        let none = || Fault::inconsistent("event", "id", Uuid::nil());
        self.event.as_ref().ok_or_else(none)
    }

    pub(crate) fn store(&self) -> &'a Store {
        self.store
    }

    pub(crate) fn actor(&self) -> &'a Actor {
        self.actor
    }

    pub(crate) fn operation_id(&self) -> domain::id::OperationId {
        self.trail.operation_id()
    }

    /// The event that it is about, with what was done to it so far.
    pub(crate) async fn event_as_it_is(&self) -> Result<event::Model, Fault> {
        event_row(self.on(), self.event()?.id.0).await
    }

    /// That it takes back a revision of the agenda.
    pub(crate) fn undoes(&mut self, revision: i32) {
        self.undoes = Some(revision);
    }

    pub(crate) fn mint<K>(&self) -> Result<Id<K>, Fault> {
        self.store.mint()
    }

    /// What was made when the caller asked the same with the same key before.
    pub(crate) async fn answered<R: From<KeyReused>>(
        &mut self,
        retry: Option<&Retry>,
    ) -> Result<Option<Vec<Uuid>>, Refused<R>> {
        let (Some(retry), Actor::Account(session)) = (retry, self.actor) else {
            return Ok(None);
        };
        let account_id = DbId(session.account_id);
        let now = self.store.now();
        let kept_since = now - chrono::TimeDelta::hours(ANSWERS_ARE_KEPT);
        idempotency_key::Entity::delete_many()
            .filter(idempotency_key::Column::AccountId.eq(account_id))
            .filter(idempotency_key::Column::CreatedAt.lt(kept_since))
            .exec(self.on())
            .await?;
        let before = idempotency_key::Entity::find()
            .filter(idempotency_key::Column::WorkspaceId.eq(DbId(self.workspace)))
            .filter(idempotency_key::Column::AccountId.eq(account_id))
            .filter(idempotency_key::Column::Operation.eq(self.trail.operation()))
            .filter(idempotency_key::Column::Key.eq(&retry.key))
            .one(self.on())
            .await?;
        let input_hash = HEXLOWER.encode(&Sha256::digest(retry.input.as_bytes()));
        match before {
            Some(before) if before.input_hash == input_hash => {
                let ids = before.answer.as_array().map_or(&[][..], Vec::as_slice);
                let ids = ids.iter().filter_map(|id| id.as_str()?.parse().ok());
                Ok(Some(ids.collect()))
            }
            Some(_) => Err(Error::Refused(Refusals::one("idempotencyKey", KeyReused))),
            None => {
                self.answer = Some(idempotency_key::Model {
                    id: DbId(self.trail.operation_id()),
                    workspace_id: DbId(self.workspace),
                    account_id,
                    operation: self.trail.operation().to_owned(),
                    key: retry.key.clone(),
                    input_hash,
                    answer: serde_json::Value::Null,
                    created_at: now,
                });
                Ok(None)
            }
        }
    }

    /// The one thing that was made when the caller asked the same before.
    pub(crate) async fn answered_one<K, R: From<KeyReused>>(
        &mut self,
        retry: Option<&Retry>,
    ) -> Result<Option<Id<K>>, Refused<R>> {
        let before = self.answered(retry).await?;
        Ok(before.and_then(|ids| ids.first().copied().map(Id::from_uuid)))
    }

    /// The rows with these ids that belong here: to the workspace and, if they belong to an event,
    /// to this one.
    pub(crate) async fn known<E: Thing>(
        &self,
        ids: impl IntoIterator<Item = Id<E::Kind>>,
    ) -> Result<HashMap<Id<E::Kind>, E::Model>, Fault> {
        let ids: BTreeSet<_> = ids.into_iter().map(Id::uuid).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<_> = ids.into_iter().collect();
        let mut rows = Vec::with_capacity(ids.len());
        // A statement takes only so many values.
        for some in ids.chunks(5_000) {
            let found = E::find()
                .filter(E::ID.is_in(some.iter().copied()))
                .filter(E::WORKSPACE.eq(DbId(self.workspace)))
                .all(self.on())
                .await?;
            rows.extend(found);
        }
        let own = self.event.as_ref().map(|event| event.id.0);
        let is_part = <E::Kind as domain::id::Kind>::PREFIX
            != <domain::id::kind::Event as domain::id::Kind>::PREFIX;
        let here = |row: &E::Model| match (E::event(row), own) {
            (Some(of), Some(own)) if is_part => of == own,
            _ => true,
        };
        Ok(rows
            .into_iter()
            .filter(here)
            .map(|row| (E::id(&row), row))
            .collect())
    }

    /// What a member refers to; if it is not there, that is said.
    pub(crate) async fn refer<E: Thing, R: From<Missing>>(
        &self,
        member: &str,
        id: Option<Id<E::Kind>>,
        refusals: &mut Refusals<R>,
    ) -> Result<Option<E::Model>, Fault> {
        let Some(id) = id else { return Ok(None) };
        let found = self.known::<E>([id]).await?.remove(&id);
        if found.is_none() {
            refusals.say(member, Missing::of::<E::Kind>());
        }
        Ok(found)
    }

    /// The same of a list.
    pub(crate) async fn refer_each<E: Thing, R: From<Missing>>(
        &self,
        member: &str,
        ids: Option<&Vec<Id<E::Kind>>>,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let Some(ids) = ids else { return Ok(()) };
        let known = self.known::<E>(ids.iter().copied()).await?;
        refusals.enter(member);
        for (index, id) in ids.iter().enumerate() {
            if !known.contains_key(id) {
                refusals.say(&index.to_string(), Missing::of::<E::Kind>());
            }
        }
        refusals.leave();
        Ok(())
    }

    /// The same of a person or an organization.
    pub(crate) async fn refer_party<R: From<Missing>>(
        &self,
        member: &str,
        party: Option<&Party>,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        match party {
            Some(Party::Person(id)) => {
                let place = format!("{member}.personId");
                self.refer::<person::Entity, R>(&place, Some(*id), refusals)
                    .await?;
            }
            Some(Party::Organization(id)) => {
                let place = format!("{member}.organizationId");
                self.refer::<organization::Entity, R>(&place, Some(*id), refusals)
                    .await?;
            }
            None => {}
        }
        Ok(())
    }

    /// Says so if another thing is, or is called, what this one is to be.
    pub(crate) async fn claim<E: Thing, R: From<Taken>>(
        &self,
        row: &E::Model,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        for claim in E::claims(row) {
            let other = E::find()
                .filter(claim.by)
                .filter(E::ID.ne(E::uuid(row)))
                .one(self.on())
                .await?;
            if let Some(other) = other {
                let taken = Taken {
                    what: claim.what,
                    by: E::id(&other).to_string(),
                };
                refusals.say(claim.member, taken);
            }
        }
        Ok(())
    }

    /// The place behind the last of a list.
    pub(crate) async fn last_place<E: Listed>(&self, list: Condition) -> Result<i32, Fault> {
        let found: Option<Option<i32>> = E::find()
            .select_only()
            .column_as(E::POSITION.max(), "last")
            .filter(E::WORKSPACE.eq(DbId(self.workspace)))
            .filter(list)
            .into_tuple()
            .one(self.on())
            .await?;
        Ok(found.flatten().map_or(0, |last| last.saturating_add(1)))
    }

    /// Closes the gap that something leaves in a list.
    pub(crate) async fn close_gap<E: Listed>(
        &mut self,
        list: Condition,
        id: Id<E::Kind>,
    ) -> Result<(), Fault> {
        let others = self.list_without::<E>(list, id).await?;
        self.shift::<E>(others.into_iter().zip(0..).collect()).await
    }

    /// A list in order, all but one.
    async fn list_without<E: Listed>(
        &self,
        list: Condition,
        id: Id<E::Kind>,
    ) -> Result<Vec<E::Model>, Fault> {
        Ok(E::find()
            .filter(E::WORKSPACE.eq(DbId(self.workspace)))
            .filter(list)
            .filter(E::ID.ne(id.uuid()))
            .order_by_asc(E::POSITION)
            .order_by_asc(E::ID)
            .all(self.on())
            .await?)
    }

    /// The place of something in a list: the one that is wished, at which the others make room; else
    /// the one it has; else the last.
    pub(crate) async fn place<E: Listed, R: From<Invalid>>(
        &mut self,
        list: Condition,
        id: Id<E::Kind>,
        wished: Patch<i32>,
        has: Option<i32>,
        refusals: &mut Refusals<R>,
    ) -> Result<i32, Fault> {
        match (wished, has) {
            (Patch::Set(order), _) => self.make_room::<E, R>(list, id, order, refusals).await,
            (Patch::Keep, Some(place)) => Ok(place),
            (Patch::Keep, None) => self.last_place::<E>(list).await,
            (Patch::Clear, _) => {
                refusals.invalid("order", "cannot be taken away");
                Ok(0)
            }
        }
    }

    /// Makes room in a list for something at `order`: the others move. Gives the place it gets;
    /// beyond the last is the last.
    pub(crate) async fn make_room<E: Listed, R: From<Invalid>>(
        &mut self,
        list: Condition,
        id: Id<E::Kind>,
        order: i32,
        refusals: &mut Refusals<R>,
    ) -> Result<i32, Fault> {
        if order < 0 {
            refusals.invalid("order", "must not be less than 0");
            return Ok(0);
        }
        let others = self.list_without::<E>(list, id).await?;
        let at = usize::try_from(order)
            .unwrap_or(usize::MAX)
            .min(others.len());
        let place = i32::try_from(at).unwrap_or(i32::MAX);
        let moved = (0..).zip(others).map(|(index, other)| {
            let moved = if index < place { index } else { index + 1 };
            (other, moved)
        });
        self.shift::<E>(moved.collect()).await?;
        Ok(place)
    }

    /// The revisions that the agendas are at which are otherwise now.
    async fn revisions(&self) -> Result<Vec<(EventId, i32)>, Fault> {
        if let Some(event) = &self.event
            && self.agendas.iter().eq([&event.id.0])
        {
            // Nobody else has raised it since it was locked.
            return Ok(vec![(event.id.0, event.agenda_revision.saturating_add(1))]);
        }
        let rows: Vec<(DbId<domain::id::kind::Event>, i32)> = event::Entity::find()
            .select_only()
            .column(event::Column::Id)
            .column(event::Column::AgendaRevision)
            .filter(event::Column::Id.is_in(self.agendas.iter().copied().map(DbId)))
            .into_tuple()
            .all(self.on())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, revision)| (id.0, revision))
            .collect())
    }

    /// Writes the log, keeps the answer, and makes it so; or, after a rehearsal, nothing was.
    pub(crate) async fn finish(self, effect: Effect, made: &[Uuid]) -> Result<(), Fault> {
        if effect == Effect::Rehearse {
            return Ok(());
        }
        if !self.agendas.is_empty() {
            let next = Expr::col(event::Column::AgendaRevision).add(1);
            let touched = self.agendas.iter().copied().map(DbId);
            event::Entity::update_many()
                .col_expr(event::Column::AgendaRevision, next)
                .col_expr(event::Column::UpdatedAt, Expr::value(self.store.now()))
                .filter(event::Column::Id.is_in(touched))
                .exec(self.tx.on())
                .await?;
            let revisions = self.revisions().await?;
            let change = revision::Change {
                workspace: self.workspace,
                operation_id: self.trail.operation_id(),
                operation: self.trail.operation(),
                undoes: self.undoes,
            };
            revision::note(self.store, self.tx.on(), self.actor, &change, &revisions).await?;
        }
        if let Some(mut answer) = self.answer {
            answer.answer = made.iter().map(Uuid::to_string).collect();
            answer.into_active_model().insert(self.tx.on()).await?;
        }
        self.trail
            .write(self.store, self.tx.on(), self.actor)
            .await?;
        self.tx.commit().await
    }
}
