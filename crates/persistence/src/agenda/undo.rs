//! Taking changes of an agenda back, and doing them again. Each is a change like any other: a revision
//! of its own, which can be taken back.

use std::collections::{BTreeSet, HashMap};

use domain::access::{Actor, Permission};
use domain::agenda::AgendaRevision;
use domain::agenda::edit::AgendaUndoRefused;
use domain::agenda::history::{Step, to_redo, to_undo};
use domain::audit::{AuditAction, AuditEntry};
use domain::id::{
    AccountId, AwardId, EventId, Kind, OperationId, OrganizationId, WorkspaceId, kind,
};
use domain::refusal::{Contradicted, IllegalState, Refusals, Stale};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use super::Drafted;
use super::restore::{Coming, Redrawing};
use super::revision::revision;
use super::rows::{AgendaRows, rows_of};
use crate::column::DbId;
use crate::entity::access::account;
use crate::entity::agenda::{agenda_item, agenda_revision, appearance, release, track};
use crate::entity::audit::audit_entry;
use crate::entity::ceremony::{award, award_recipient};
use crate::entity::follow_up::resolution;
use crate::entity::participation::participant_group;
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused};
use crate::record::{Record, Recorded, Thing, Written};
use crate::store::Store;

/// Which way along the changes of an agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The last change that stands is taken back.
    Back,
    /// What was taken back last is done again.
    Forth,
}

/// What the log says of a thing that does not stand in its row: who got an award has rows of its own,
/// and a version is never had twice.
const BESIDE: &[&str] = &["version", "grantors", "recipients"];

impl Store {
    /// Takes the last change of an agenda back, or does again what was taken back last. Tells which
    /// revision that was.
    pub async fn undo_agenda(
        &self,
        actor: &Actor,
        event: EventId,
        direction: Direction,
        expected_revision: i32,
        effect: Effect,
    ) -> Result<Drafted<AgendaRevision>, Refused<AgendaUndoRefused>> {
        let name = match direction {
            Direction::Back => "agendaUndo",
            Direction::Forth => "agendaRedo",
        };
        let mut operation = self
            .operate_in(actor, name, Permission::AgendaEdit, event)
            .await?;
        let mut refusals = Refusals::default();
        operation.expect_revision(expected_revision, &mut refusals)?;
        refusals.refuse_if_any()?;
        let mut refusals = Refusals::default();

        let steps = operation.steps().await?;
        let (found, nothing) = match direction {
            Direction::Back => (to_undo(&steps), "there is no change to take back"),
            Direction::Forth => (to_redo(&steps), "nothing was taken back last"),
        };
        let Some(number) = found else {
            let refused = Refusals::one("eventId", IllegalState(nothing.to_owned()));
            return Err(refused.into());
        };
        let row = agenda_revision::Entity::find_by_id((DbId(event), number))
            .one(operation.on())
            .await?;
        let row =
            row.ok_or_else(|| Fault::inconsistent("agenda_revision", "number", event.uuid()))?;
        let entries = audit_entry::Entity::find()
            .filter(audit_entry::Column::OperationId.eq(row.operation_id))
            .order_by_desc(audit_entry::Column::Id)
            .all(operation.on())
            .await?;
        if let Some(why) = more_than_the_agenda(&entries, event) {
            let message = format!("revision {number} ({}) {why}", row.operation);
            return Err(Refusals::one("eventId", IllegalState(message)).into());
        }
        for permission in needed(&entries) {
            actor.may(permission, operation.workspace())?;
        }

        let now = rows_of(operation.on(), operation.event_as_it_is().await?).await?;
        let mut then = now.clone();
        for entry in &entries {
            if let Err(why) = take_back(&mut then, entry, operation.workspace()) {
                refusals.say("eventId", why);
            }
        }
        operation
            .can_be(&now, &then, "eventId", &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        operation.undoes(number);
        operation.touch_agenda();
        let redrawing = Redrawing::of(&now, then, Coming::Back);
        Box::pin(operation.redraw(redrawing)).await?;
        operation.attach_resolutions(&entries).await?;
        Ok(operation.finish_draft(revision(row), effect, &[]).await?)
    }

    /// The changes of agendas behind revisions, the first first, each time at most so many; for who may
    /// edit them. Those that begin at the same revision are read in one statement.
    pub async fn agenda_revisions(
        &self,
        actor: &Actor,
        wanted: &[(EventId, i32, u32)],
    ) -> Result<HashMap<(EventId, i32, u32), Vec<AgendaRevision>>, Fault> {
        use agenda_revision::Column;
        let mut alike: HashMap<(i32, u32), Vec<EventId>> = HashMap::new();
        for (event, after, first) in wanted {
            alike.entry((*after, *first)).or_default().push(*event);
        }
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        for ((after, first), events) in alike {
            // Revisions have no gaps: so many behind one are those up to a number.
            let last = after.saturating_add(i32::try_from(first).unwrap_or(i32::MAX));
            let rows = agenda_revision::Entity::find()
                .filter(Column::EventId.is_in(events.into_iter().map(DbId)))
                .filter(Column::Number.gt(after))
                .filter(Column::Number.lte(last))
                .filter(crate::sight::drafts(actor, Column::WorkspaceId))
                .order_by_asc(Column::Number)
                .all(self.read())
                .await?;
            for row in rows {
                let key = (row.event_id.0, after, first);
                found.entry(key).or_default().push(revision(row));
            }
        }
        Ok(found)
    }
}

impl Store {
    /// What the accounts are called that have changed agendas, for who may edit those.
    pub async fn editors(
        &self,
        actor: &Actor,
        ids: &[AccountId],
    ) -> Result<HashMap<AccountId, String>, Fault> {
        let edited = Query::select()
            .column(agenda_revision::Column::AccountId)
            .from(agenda_revision::Entity)
            .and_where(agenda_revision::Column::AccountId.is_in(ids.iter().copied().map(DbId)))
            .cond_where(crate::sight::drafts(
                actor,
                agenda_revision::Column::WorkspaceId,
            ))
            .take();
        let rows: Vec<(DbId<kind::Account>, String)> = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .column(account::Column::Name)
            .filter(account::Column::Id.in_subquery(edited))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|(id, name)| (id.0, name)).collect())
    }

    /// What changes of agendas did, thing by thing, for who may edit them.
    pub async fn agenda_revision_entries(
        &self,
        actor: &Actor,
        operations: &[OperationId],
    ) -> Result<Vec<AuditEntry>, Fault> {
        let parts = [
            kind::AgendaItem::PREFIX,
            kind::Track::PREFIX,
            kind::Appearance::PREFIX,
            kind::Release::PREFIX,
            kind::Award::PREFIX,
            kind::AwardRecipient::PREFIX,
            kind::ParticipantGroup::PREFIX,
        ];
        let rows = audit_entry::Entity::find()
            .filter(audit_entry::Column::OperationId.is_in(operations.iter().copied().map(DbId)))
            .filter(audit_entry::Column::ObjectKind.is_in(parts))
            .filter(crate::sight::drafts(
                actor,
                audit_entry::Column::WorkspaceId,
            ))
            .order_by_asc(audit_entry::Column::Id)
            .all(self.read())
            .await?;
        let entries = rows.into_iter().map(|row| crate::audit::entry(actor, row));
        Ok(entries.collect())
    }
}

impl Operation<'_> {
    /// Says so if the agenda is at another revision than the caller has seen.
    pub(crate) fn expect_revision<R: From<Stale>>(
        &self,
        expected: i32,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let event = self.event()?;
        if event.agenda_revision != expected {
            let stale = Stale {
                id: event.id.0.to_string(),
                current: event.agenda_revision,
            };
            refusals.say("expectedRevision", stale);
        }
        Ok(())
    }

    /// Puts resolutions back on the items that they stood on.
    async fn attach_resolutions(&mut self, entries: &[audit_entry::Model]) -> Result<(), Fault> {
        let detached = entries
            .iter()
            .filter(|entry| entry.object_kind == kind::Resolution::PREFIX);
        for entry in detached {
            let Some(row) = resolution::Entity::find()
                .filter(resolution::Column::Id.eq(entry.object_id))
                .one(self.on())
                .await?
            else {
                continue;
            };
            // Where it was put since, it stays.
            if !agrees(&row.record(), &entry.after) {
                continue;
            }
            let item_id = entry.before.get("item_id").cloned().and_then(Written::read);
            let after = resolution::Model {
                item_id,
                ..row.clone()
            };
            self.update::<resolution::Entity>(&row, after).await?;
        }
        Ok(())
    }

    async fn steps(&self) -> Result<Vec<Step>, Fault> {
        let rows: Vec<(i32, Option<i32>)> = agenda_revision::Entity::find()
            .select_only()
            .column(agenda_revision::Column::Number)
            .column(agenda_revision::Column::Undoes)
            .filter(agenda_revision::Column::EventId.eq(self.event()?.id))
            .order_by_asc(agenda_revision::Column::Number)
            .into_tuple()
            .all(self.on())
            .await?;
        let step = |(number, undoes)| Step { number, undoes };
        Ok(rows.into_iter().map(step).collect())
    }
}

/// Why a change cannot be taken back as one of the agenda alone, if so.
fn more_than_the_agenda(entries: &[audit_entry::Model], event: EventId) -> Option<&'static str> {
    if entries.is_empty() {
        return Some("has nothing in the log that could be taken back");
    }
    let elsewhere = entries
        .iter()
        .any(|entry| entry.event_id.map(|id| id.0) != Some(event));
    // Whoever was put on an item became a participant, and stays one.
    let besides = entries
        .iter()
        .any(|entry| match entry.object_kind.as_str() {
            kind::AgendaItem::PREFIX
            | kind::Track::PREFIX
            | kind::Appearance::PREFIX
            | kind::Release::PREFIX
            | kind::Award::PREFIX
            | kind::AwardRecipient::PREFIX
            | kind::ParticipantGroup::PREFIX => false,
            kind::Participant::PREFIX => entry.action.0 != AuditAction::Created,
            kind::Resolution::PREFIX => !is_detached(entry),
            _ => true,
        });
    (elsewhere || besides).then_some("changed more than this agenda: it cannot be taken back here")
}

/// Whether all that became of a resolution is that it stands on another item, or on none.
fn is_detached(entry: &audit_entry::Model) -> bool {
    let (before, after) = (object(&entry.before), object(&entry.after));
    let mut members = before.keys().chain(after.keys());
    entry.action.0 == AuditAction::Updated
        && members.all(|member| ["item_id", "version"].contains(&member.as_str()))
}

/// What one must be allowed to do besides, to take back what these entries did.
fn needed(entries: &[audit_entry::Model]) -> BTreeSet<Permission> {
    let needed = entries
        .iter()
        .filter_map(|entry| match entry.object_kind.as_str() {
            kind::Award::PREFIX | kind::AwardRecipient::PREFIX | kind::Release::PREFIX => {
                Some(Permission::EventEdit)
            }
            kind::ParticipantGroup::PREFIX => Some(Permission::ParticipantEdit),
            _ => None,
        });
    needed.collect()
}

/// Takes back what one entry of the log did.
fn take_back(
    rows: &mut AgendaRows,
    entry: &audit_entry::Model,
    workspace: WorkspaceId,
) -> Result<(), Contradicted> {
    match entry.object_kind.as_str() {
        kind::AgendaItem::PREFIX => {
            take_back_row::<agenda_item::Entity>(&mut rows.items, entry, workspace)
        }
        kind::Track::PREFIX => take_back_row::<track::Entity>(&mut rows.tracks, entry, workspace),
        kind::Appearance::PREFIX => {
            take_back_row::<appearance::Entity>(&mut rows.appearances, entry, workspace)
        }
        kind::Release::PREFIX => {
            take_back_row::<release::Entity>(&mut rows.releases, entry, workspace)
        }
        kind::ParticipantGroup::PREFIX => {
            take_back_row::<participant_group::Entity>(&mut rows.groups, entry, workspace)
        }
        kind::AwardRecipient::PREFIX => {
            take_back_row::<award_recipient::Entity>(&mut rows.recipients, entry, workspace)
        }
        kind::Award::PREFIX => {
            let id = AwardId::from_uuid(entry.object_id);
            if let Some(grantors) = entry.before.get("grantors").and_then(organizations) {
                rows.grantors.insert(id, grantors);
            }
            take_back_row::<award::Entity>(&mut rows.awards, entry, workspace)
        }
        // A participant, who stays one; a resolution, which is put back on its item by itself.
        _ => Ok(()),
    }
}

fn organizations(list: &Value) -> Option<Vec<OrganizationId>> {
    let ids = list.as_array()?.iter();
    ids.map(|id| id.as_str()?.parse().ok()).collect()
}

fn take_back_row<E: Thing>(
    rows: &mut Vec<E::Model>,
    entry: &audit_entry::Model,
    workspace: WorkspaceId,
) -> Result<(), Contradicted> {
    let place = rows.iter().position(|row| E::uuid(row) == entry.object_id);
    let noun = <E::Kind as Kind>::NOUN;
    let otherwise = || Contradicted(format!("a {noun} is otherwise since: {}", entry.object_id));
    match (entry.action.0, place) {
        (AuditAction::Created, Some(place)) => {
            let row = rows.remove(place);
            agrees(&row.record(), &entry.after)
                .then_some(())
                .ok_or_else(otherwise)
        }
        (AuditAction::Removed, None) => {
            let mut record = object(&entry.before);
            record.insert(
                "workspace_id".to_owned(),
                DbId::<kind::Workspace>(workspace).write(),
            );
            rows.push(E::Model::from_record(record).ok_or_else(otherwise)?);
            Ok(())
        }
        (AuditAction::Updated, Some(place)) => {
            let row = rows.get_mut(place).ok_or_else(otherwise)?;
            let mut record = row.record();
            if !agrees(&record, &entry.after) {
                return Err(otherwise());
            }
            let (before, after) = (object(&entry.before), object(&entry.after));
            for member in before.keys().chain(after.keys()) {
                if !BESIDE.contains(&member.as_str()) {
                    let was = before.get(member).cloned().unwrap_or_default();
                    record.insert(member.clone(), was);
                }
            }
            *row = E::Model::from_record(record).ok_or_else(otherwise)?;
            Ok(())
        }
        (AuditAction::Created | AuditAction::Updated, None) | (AuditAction::Removed, Some(_)) => {
            Err(otherwise())
        }
    }
}

fn object(value: &Value) -> Record {
    value.as_object().cloned().unwrap_or_default()
}

/// Whether a row still says what an entry of the log says it does.
fn agrees(record: &Record, after: &Value) -> bool {
    let nothing = Value::Null;
    object(after)
        .iter()
        .filter(|(member, _)| !BESIDE.contains(&member.as_str()))
        .all(|(member, value)| record.get(member).unwrap_or(&nothing) == value)
}
