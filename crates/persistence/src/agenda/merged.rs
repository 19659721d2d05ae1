//! Those who have become one since an agenda was published: what was published of the one is the
//! other's.

use std::collections::HashMap;

use domain::Id;
use domain::id::{Kind, WorkspaceId, kind};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::rows::AgendaRows;
use crate::column::DbId;
use crate::entity::audit::merge;
use crate::error::Fault;

/// Of people and organizations that are one with others now, who they are.
pub(super) struct Merged(HashMap<Uuid, Uuid>);

impl Merged {
    /// Those of a workspace. One statement.
    pub(super) async fn of(
        on: &impl ConnectionTrait,
        workspace: WorkspaceId,
    ) -> Result<Self, Fault> {
        let pairs: Vec<(Uuid, Uuid)> = merge::Entity::find()
            .select_only()
            .column(merge::Column::LoserId)
            .column(merge::Column::WinnerId)
            .filter(merge::Column::WorkspaceId.eq(DbId(workspace)))
            .filter(
                merge::Column::ObjectKind.is_in([kind::Person::PREFIX, kind::Organization::PREFIX]),
            )
            .filter(merge::Column::UndoneAt.is_null())
            .order_by_asc(merge::Column::Id)
            .into_tuple()
            .all(on)
            .await?;
        Ok(Self(pairs.into_iter().collect()))
    }

    /// Who one is now, by as many steps as it took.
    fn now<K>(&self, id: DbId<K>) -> DbId<K> {
        let mut found = id.0.uuid();
        // Each loser goes, so that no chain comes back to where it began.
        for _ in 0..=self.0.len() {
            match self.0.get(&found) {
                Some(winner) => found = *winner,
                None => break,
            }
        }
        DbId(Id::from_uuid(found))
    }

    /// Names them in an agenda as who they are.
    pub(super) fn rename(&self, rows: &mut AgendaRows) {
        if self.0.is_empty() {
            return;
        }
        macro_rules! each {
            ($($rows:ident: $($column:ident),+;)+) => {$(
                for row in &mut rows.$rows {
                    $(row.$column = row.$column.map(|id| self.now(id));)+
                }
            )+};
        }
        each! {
            appearances: person_id, on_behalf_of_person_id, organization_id, on_behalf_of_organization_id;
            recipients: person_id, organization_id;
            groups: organization_id;
        }
        for grantor in rows.grantors.values_mut().flatten() {
            *grantor = self.now(DbId(*grantor)).0;
        }
        macro_rules! known {
            ($($rows:ident),+) => {$(
                let there: Vec<_> = rows.$rows.iter().map(|row| row.id.0).collect();
                for row in &mut rows.$rows {
                    let now = self.now(row.id);
                    if !there.contains(&now.0) {
                        row.id = now;
                    }
                }
            )+};
        }
        known!(people, organizations);
    }
}
