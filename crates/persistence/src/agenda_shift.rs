//! Running late: what is still to come on an agenda is made later, or earlier, at once.

use std::collections::HashMap;

use domain::access::{Actor, Permission};
use domain::agenda::AgendaItem;
use domain::agenda::edit::AgendaShiftRefused;
use domain::agenda::shift::{Shift, shift};
use domain::id::{AgendaItemId, EventId};
use domain::refusal::Refusals;

use crate::agenda::Drafted;
use crate::entity::agenda::{agenda_item, track};
use crate::entity::place::room;
use crate::operation::{Effect, Refused};
use crate::store::Store;

impl Store {
    /// Makes what begins in a stretch of time later, or earlier. Tells the items that are at another
    /// time by that, the one that begins first first.
    pub async fn shift_agenda(
        &self,
        actor: &Actor,
        event: EventId,
        wanted: Shift,
        expected_revision: i32,
        effect: Effect,
    ) -> Result<Drafted<Vec<AgendaItemId>>, Refused<AgendaShiftRefused>> {
        let mut operation = self
            .operate_in(actor, "agendaShift", Permission::AgendaEdit, event)
            .await?;
        let mut refusals = Refusals::default();
        operation.expect_revision(expected_revision, &mut refusals)?;
        operation
            .refer::<room::Entity, _>("roomId", wanted.room_id, &mut refusals)
            .await?;
        operation
            .refer::<track::Entity, _>("trackId", wanted.track_id, &mut refusals)
            .await?;
        let rows = operation.items().await?;
        let items: Vec<_> = rows.iter().cloned().map(AgendaItem::from).collect();
        let mut shifted = shift(&items, &wanted, &mut refusals);
        refusals.refuse_if_any()?;
        shifted.sort_by_key(|item| (item.starts_at, item.ends_at, item.position, item.id));

        let workspace = operation.workspace();
        let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id.0, row)).collect();
        let mut ids = Vec::with_capacity(shifted.len());
        for item in shifted {
            let id = item.id;
            let Some(before) = rows.get(&id) else {
                continue;
            };
            let after = agenda_item::Model::of(workspace, item);
            operation
                .update::<agenda_item::Entity>(before, after)
                .await?;
            ids.push(id);
        }
        Ok(operation.finish_draft(ids, effect, &[]).await?)
    }
}
