//! Reading what remains of an event: resolutions, action items, reports.

use std::collections::HashMap;

use domain::access::{Actor, Permission};
use domain::action_item::ActionItem;
use domain::id::{ActionItemId, OrganizationId, kind};
use domain::report::Report;
use domain::resolution::Resolution;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::follow_up::{action_item, action_item_responsible, report, resolution};
use crate::error::Fault;
use crate::owned::{self, Of};
use crate::store::Store;

impl Store {
    /// Resolutions, in order, as far as the actor sees them.
    pub async fn resolutions(
        &self,
        actor: &Actor,
        of: Of<kind::Resolution>,
    ) -> Result<Vec<Resolution>, Fault> {
        let permission = Permission::FollowUpRead;
        let rows = owned::rows::<resolution::Entity>(self.read(), actor, permission, of);
        Ok(rows.await?.into_iter().map(Resolution::from).collect())
    }

    /// Action items with those responsible, in order, as far as the actor sees them. Two
    /// statements.
    pub async fn action_items(
        &self,
        actor: &Actor,
        of: Of<kind::ActionItem>,
    ) -> Result<Vec<ActionItem>, Fault> {
        action_items(self.read(), actor, of).await
    }

    /// Reports, in order.
    pub async fn reports(&self, actor: &Actor, of: Of<kind::Report>) -> Result<Vec<Report>, Fault> {
        let permission = Permission::PublicRead;
        let rows = owned::rows::<report::Entity>(self.read(), actor, permission, of);
        Ok(rows.await?.into_iter().map(Report::from).collect())
    }
}

pub(crate) async fn action_items(
    on: &impl ConnectionTrait,
    actor: &Actor,
    of: Of<kind::ActionItem>,
) -> Result<Vec<ActionItem>, Fault> {
    let permission = Permission::FollowUpRead;
    let rows = owned::rows::<action_item::Entity>(on, actor, permission, of).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut responsible: HashMap<ActionItemId, Vec<OrganizationId>> = HashMap::new();
    if !ids.is_empty() {
        let query = action_item_responsible::Entity::find()
            .filter(action_item_responsible::Column::ActionItemId.is_in(ids))
            .order_by_asc(action_item_responsible::Column::Position);
        for row in query.all(on).await? {
            responsible
                .entry(row.action_item_id.0)
                .or_default()
                .push(row.organization_id.0);
        }
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let responsible = responsible.remove(&row.id.0).unwrap_or_default();
            row.action_item(responsible)
        })
        .collect())
}
