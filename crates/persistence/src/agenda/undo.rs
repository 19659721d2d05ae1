//! Taking changes of an agenda back, doing them again, and starting again from what was published once.
//! Each is a change like any other: a revision of its own, which can be taken back.

use std::collections::{BTreeSet, HashMap};

use domain::access::{Actor, Permission};
use domain::agenda::AgendaRevision;
use domain::agenda::edit::{AgendaRevertRefused, AgendaUndoRefused};
use domain::agenda::history::{Step, to_redo, to_undo};
use domain::audit::{AuditAction, AuditEntry};
use domain::id::{AwardId, EventId, Kind, OperationId, OrganizationId, WorkspaceId, kind};
use domain::refusal::{Contradicted, IllegalState, Missing, Refusals, Stale};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;

use super::restore::Coming;
use super::revision::revision;
use super::rows::{AgendaRows, rows_of};
use crate::column::DbId;
use crate::entity::agenda::{
    agenda_item, agenda_revision, agenda_version, appearance, release, track,
};
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
    ) -> Result<AgendaRevision, Refused<AgendaUndoRefused>> {
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
        if touches_awards(&entries) {
            actor.may(Permission::EventEdit, operation.workspace())?;
        }

        let now = rows_of(operation.on(), operation.event_as_it_is().await?).await?;
        let mut then = now.clone();
        for entry in &entries {
            if let Err(why) = take_back(&mut then, entry, operation.workspace()) {
                refusals.say("eventId", why);
            }
        }
        operation
            .all_is_there(&then, "eventId", &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        operation.undoes(number);
        operation.touch_agenda();
        operation.redraw(&now, then, Coming::Back).await?;
        operation.attach_resolutions(&entries).await?;
        operation.finish(effect, &[]).await?;
        Ok(revision(row))
    }

    /// Makes the draft what was published as a version.
    pub async fn revert_agenda(
        &self,
        actor: &Actor,
        event: EventId,
        version: i32,
        expected_revision: i32,
        effect: Effect,
    ) -> Result<(), Refused<AgendaRevertRefused>> {
        let mut operation = self
            .operate_in(actor, "agendaRevert", Permission::AgendaEdit, event)
            .await?;
        let mut refusals = Refusals::default();
        operation.expect_revision(expected_revision, &mut refusals)?;
        let row = agenda_version::Entity::find()
            .filter(agenda_version::Column::EventId.eq(DbId(event)))
            .filter(agenda_version::Column::Number.eq(version))
            .one(operation.on())
            .await?;
        let Some(row) = row else {
            refusals.say("version", Missing::of::<kind::AgendaVersion>());
            return Err(refusals.into());
        };
        let broken = || Fault::inconsistent("agenda_version", "content", row.id.0.uuid());
        let then = AgendaRows::read(&row.content).ok_or_else(broken)?;
        operation
            .all_is_there(&then, "version", &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        let now = rows_of(operation.on(), operation.event_as_it_is().await?).await?;
        // What is given and made public beside the agenda, and by whom, is no part of it.
        let then = as_to_the_agenda(then, &now);
        if now.releases != then.releases || now.awards != then.awards {
            actor.may(Permission::EventEdit, operation.workspace())?;
        }
        operation.redraw(&now, then, Coming::Back).await?;
        Ok(operation.finish(effect, &[]).await?)
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
        use sea_orm::QuerySelect as _;
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

/// What stands in a version, and beside it what is there now that no version has.
fn as_to_the_agenda(mut then: AgendaRows, now: &AgendaRows) -> AgendaRows {
    macro_rules! beside {
        ($($rows:ident),+) => {$(
            then.$rows.retain(|row| row.item_id.is_some());
            let listed: BTreeSet<_> = then.$rows.iter().map(|row| row.id.0.uuid()).collect();
            let beside = now.$rows.iter().filter(|row| row.item_id.is_none());
            then.$rows.extend(beside.filter(|row| !listed.contains(&row.id.0.uuid())).cloned());
        )+};
    }
    beside!(appearances, releases, awards);
    // What no version tells stays as it is.
    let expected: HashMap<_, _> = now
        .items
        .iter()
        .map(|row| (row.id.0, row.expected_audience))
        .collect();
    for row in &mut then.items {
        row.expected_audience = expected.get(&row.id.0).copied().flatten();
    }
    for (place, row) in (0..).zip(in_place(&mut then.releases, |row| {
        (row.position, row.id.0.uuid())
    })) {
        row.position = place;
    }
    for (place, row) in (0..).zip(in_place(&mut then.awards, |row| {
        (row.position, row.id.0.uuid())
    })) {
        row.position = place;
    }
    // Groups are the event's. One that is gone since comes back if it appears.
    let appearing: BTreeSet<_> = then
        .appearances
        .iter()
        .filter_map(|row| row.group_id.map(|id| id.0))
        .collect();
    let there: BTreeSet<_> = now.groups.iter().map(|row| row.id.0).collect();
    then.groups
        .retain(|row| appearing.contains(&row.id.0) && !there.contains(&row.id.0));
    then.groups.extend(now.groups.iter().cloned());
    let awarded: BTreeSet<_> = then.awards.iter().map(|row| row.id.0).collect();
    let published: BTreeSet<_> = then
        .awards
        .iter()
        .filter(|row| row.item_id.is_some())
        .map(|row| row.id.0)
        .collect();
    then.recipients
        .retain(|row| published.contains(&row.award_id.0));
    then.grantors.retain(|award, _| published.contains(award));
    let others = now
        .recipients
        .iter()
        .filter(|row| !published.contains(&row.award_id.0));
    then.recipients.extend(others.cloned());
    for (award, list) in &now.grantors {
        if awarded.contains(award) && !published.contains(award) {
            then.grantors.insert(*award, list.clone());
        }
    }
    then
}

/// A list in its order.
fn in_place<T, K: Ord>(rows: &mut [T], place: impl Fn(&T) -> K) -> impl Iterator<Item = &mut T> {
    rows.sort_by_key(place);
    rows.iter_mut()
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

fn touches_awards(entries: &[audit_entry::Model]) -> bool {
    let ceremonial = [
        kind::Award::PREFIX,
        kind::AwardRecipient::PREFIX,
        kind::Release::PREFIX,
    ];
    entries
        .iter()
        .any(|entry| ceremonial.contains(&entry.object_kind.as_str()))
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
