//! Starting again from what was published once: a change of the draft like any other, which can be taken
//! back.

use std::collections::{HashMap, HashSet};

use domain::access::{Actor, Permission};
use domain::agenda::edit::AgendaRevertRefused;
use domain::audit::AuditAction;
use domain::id::{EventId, kind};
use domain::refusal::{Missing, Refusals};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::Drafted;
use super::merged::Merged;
use super::restore::{Coming, Redrawing};
use super::rows::{AgendaRows, rows_of};
use crate::column::{DbId, Spelled};
use crate::entity::agenda::agenda_version;
use crate::entity::audit::audit_entry;
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused};
use crate::store::Store;

impl Store {
    /// Makes the draft what was published as a version.
    pub async fn revert_agenda(
        &self,
        actor: &Actor,
        event: EventId,
        version: i32,
        expected_revision: i32,
        effect: Effect,
    ) -> Result<Drafted<()>, Refused<AgendaRevertRefused>> {
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
        let mut then = AgendaRows::read(&row.content).ok_or_else(broken)?;
        let merged = Merged::of(operation.on(), operation.workspace()).await?;
        merged.rename(&mut then);
        refusals.refuse_if_any()?;
        let now = rows_of(operation.on(), operation.event_as_it_is().await?).await?;
        let mut then = as_to_the_agenda(then, &now);
        let mut refusals = Refusals::default();
        operation
            .can_be(&now, &then, "version", &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        operation.as_they_went(&now, &mut then).await?;
        let redrawing = Redrawing::of(&now, then, Coming::Back);
        if redrawing.is_of_ceremonies() {
            actor.may(Permission::EventEdit, operation.workspace())?;
        }
        Box::pin(operation.redraw(redrawing)).await?;
        Ok(operation.finish_draft((), effect, &[]).await?)
    }
}

impl Operation<'_> {
    /// What comes back comes as it went, in what no version tells, and with versions counted on from the
    /// last one that each had, which somebody may have seen, and not from the one that was published.
    async fn as_they_went(&self, now: &AgendaRows, then: &mut AgendaRows) -> Result<(), Fault> {
        let mut coming = HashSet::new();
        macro_rules! each {
            ($with:ident: $($rows:ident),+) => {$( $with!($rows); )+};
        }
        macro_rules! collect {
            ($rows:ident) => {
                let there: HashSet<_> = now.$rows.iter().map(|row| row.id.0).collect();
                let new = then.$rows.iter().filter(|row| !there.contains(&row.id.0));
                coming.extend(new.map(|row| row.id.0.uuid()));
            };
        }
        each!(collect: tracks, groups, items, appearances, releases, recipients, awards);
        if coming.is_empty() {
            return Ok(());
        }
        let gone = audit_entry::Entity::find()
            .filter(audit_entry::Column::ObjectId.is_in(coming.iter().copied()))
            .filter(audit_entry::Column::Action.eq(Spelled(AuditAction::Removed)))
            .order_by_asc(audit_entry::Column::Id)
            .all(self.on())
            .await?;
        let number = |entry: &audit_entry::Model, member| {
            let number = entry.before.get(member)?.as_i64()?;
            i32::try_from(number).ok()
        };
        let last: HashMap<Uuid, i32> = gone
            .iter()
            .filter_map(|entry| Some((entry.object_id, number(entry, "version")?)))
            .collect();
        // What no version tells is as it was when the item went.
        let expected: HashMap<Uuid, Option<i32>> = gone
            .iter()
            .map(|entry| (entry.object_id, number(entry, "expected_audience")))
            .collect();
        for row in &mut then.items {
            if let Some(expected) = expected.get(&row.id.0.uuid())
                && coming.contains(&row.id.0.uuid())
            {
                row.expected_audience = *expected;
            }
        }
        macro_rules! count_on {
            ($rows:ident) => {
                for row in &mut then.$rows {
                    if let Some(version) = last.get(&row.id.0.uuid()) {
                        row.version = row.version.max(*version);
                    }
                }
            };
        }
        each!(count_on: tracks, groups, items, appearances, releases, recipients, awards);
        Ok(())
    }
}

/// What stands in a version, and beside it what is there now that is no part of an agenda: what is
/// given and made public on no item, who appears on the whole event, the groups.
fn as_to_the_agenda(mut then: AgendaRows, now: &AgendaRows) -> AgendaRows {
    macro_rules! beside {
        ($($rows:ident),+) => {$(
            let (on_items, beside): (Vec<_>, Vec<_>) =
                std::mem::take(&mut then.$rows).into_iter().partition(|row| row.item_id.is_some());
            let listed: HashSet<_> = on_items.iter().map(|row| row.id.0).collect();
            let beside: HashSet<_> = beside.into_iter().map(|row| row.id.0).collect();
            then.$rows = on_items;
            for row in now.$rows.iter().filter(|row| !listed.contains(&row.id.0)) {
                // What was put on an item since stands beside the agenda again.
                if row.item_id.is_none() || beside.contains(&row.id.0) {
                    let mut row = row.clone();
                    row.item_id = None;
                    then.$rows.push(row);
                }
            }
        )+};
    }
    let published: HashSet<_> = then
        .awards
        .iter()
        .filter(|row| row.item_id.is_some())
        .map(|row| row.id.0)
        .collect();
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
    then.releases.sort_by_key(|row| (row.position, row.id.0));
    for (place, row) in (0..).zip(&mut then.releases) {
        row.position = place;
    }
    then.awards.sort_by_key(|row| (row.position, row.id.0));
    for (place, row) in (0..).zip(&mut then.awards) {
        row.position = place;
    }
    // Groups are the event's. One that is gone since comes back if it appears.
    let appearing: HashSet<_> = then
        .appearances
        .iter()
        .filter_map(|row| row.group_id.map(|id| id.0))
        .collect();
    let there: HashSet<_> = now.groups.iter().map(|row| row.id.0).collect();
    then.groups
        .retain(|row| appearing.contains(&row.id.0) && !there.contains(&row.id.0));
    then.groups.extend(now.groups.iter().cloned());
    // Who grants and who got what is given at items is as published; of what is given beside them, as
    // it is now. With an award that goes, go those who got it.
    let kept: HashSet<_> = then.awards.iter().map(|row| row.id.0).collect();
    let as_now = |award| kept.contains(award) && !published.contains(award);
    then.recipients
        .retain(|row| published.contains(&row.award_id.0));
    let recipients = now.recipients.iter();
    let recipients = recipients.filter(|row| as_now(&row.award_id.0));
    then.recipients.extend(recipients.cloned());
    then.grantors.retain(|award, _| published.contains(award));
    let grantors = now.grantors.iter().filter(|(award, _)| as_now(award));
    then.grantors
        .extend(grantors.map(|(award, list)| (*award, list.clone())));
    then
}
