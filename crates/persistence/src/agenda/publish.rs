//! Publishing agendas.

use domain::access::Actor;
use domain::id::EventId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::rows::{event_row, rows_of};
use super::version::freeze;
use crate::column::DbId;
use crate::entity::event::event;
use crate::error::Fault;
use crate::operation::Operation;
use crate::store::Store;

/// On whose behalf what was published before there were versions is frozen.
const UPGRADE: Actor = Actor::System {
    reason: "bringing the database to the shape of this program",
};

impl Store {
    /// Freezes the agendas of events that were published before there were versions of agendas.
    pub(crate) async fn freeze_what_was_published(&self) -> Result<(), Fault> {
        let events: Vec<DbId<domain::id::kind::Event>> = event::Entity::find()
            .select_only()
            .column(event::Column::Id)
            .filter(event::Column::PublishedAt.is_not_null())
            .filter(event::Column::AgendaVersion.is_null())
            .into_tuple()
            .all(self.read())
            .await?;
        for id in events {
            let tx = self.begin().await?;
            let row = event_row(tx.on(), id.0).await?;
            // Another node may have done it while we waited.
            if row.agenda_version.is_none() {
                let rows = rows_of(tx.on(), row).await?;
                freeze(self, tx.on(), &UPGRADE, self.mint()?, &rows, None).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }
}

impl Operation<'_> {
    /// Freezes the agenda of an event that is announced, if none of it was published so far: from
    /// now on, it is shown.
    pub(crate) async fn freeze_first_agenda(&self, event: EventId) -> Result<(), Fault> {
        let row = event_row(self.on(), event).await?;
        if row.published_at.is_some() && row.agenda_version.is_none() {
            let rows = rows_of(self.on(), row).await?;
            freeze(
                self.store(),
                self.on(),
                self.actor(),
                self.operation_id(),
                &rows,
                None,
            )
            .await?;
        }
        Ok(())
    }
}
