//! Changing the groups at an event whom nobody has named.

use domain::access::{Actor, Permission};
use domain::id::{EventId, ParticipantGroupId, kind};
use domain::participant::{
    ParticipantGroup, ParticipantGroupAddRefused, ParticipantGroupPatch,
    ParticipantGroupRemoveRefused, ParticipantGroupUpdateRefused,
};
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition};

use crate::column::DbId;
use crate::entity::agenda::appearance;
use crate::entity::directory::organization;
use crate::entity::participation::participant_group;
use crate::operation::{Refused, Retry, Seen, Uses};
use crate::store::Store;

fn list(event: EventId) -> Condition {
    Condition::all().add(participant_group::Column::EventId.eq(DbId(event)))
}

impl Store {
    /// Adds a group to an event.
    pub async fn add_participant_group(
        &self,
        actor: &Actor,
        event: EventId,
        fields: ParticipantGroupPatch,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<ParticipantGroupId, Refused<ParticipantGroupAddRefused>> {
        let mut operation = self
            .operate_in(
                actor,
                "participantGroupAdd",
                Permission::ParticipantEdit,
                event,
            )
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        operation
            .refer::<organization::Entity, _>(
                "organizationId",
                fields.organization_id.set().copied(),
                &mut refusals,
            )
            .await?;
        let id = operation.mint()?;
        let place = operation
            .place::<participant_group::Entity, _>(list(event), id, order, None, &mut refusals)
            .await?;
        let mut participant_group = ParticipantGroup::unknown(id, event, place);
        fields.apply(&mut participant_group, &mut refusals);
        let row = participant_group::Model::of(operation.workspace(), participant_group);
        operation
            .add::<participant_group::Entity, _>(row, refusals)
            .await
    }

    /// Changes what is said of a group.
    pub async fn update_participant_group(
        &self,
        actor: &Actor,
        seen: Seen<kind::ParticipantGroup>,
        patch: ParticipantGroupPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<ParticipantGroupUpdateRefused>> {
        let (mut operation, before, mut refusals) = self
            .change::<participant_group::Entity, _>(
                actor,
                "participantGroupUpdate",
                Permission::ParticipantEdit,
                seen,
            )
            .await?;
        refusals.enter("patch");
        operation
            .refer::<organization::Entity, _>(
                "organizationId",
                patch.organization_id.set().copied(),
                &mut refusals,
            )
            .await?;
        let mut participant_group = ParticipantGroup::from(before.clone());
        patch.apply(&mut participant_group, &mut refusals);
        participant_group.position = operation
            .place::<participant_group::Entity, _>(
                list(participant_group.event_id),
                seen.id,
                order,
                Some(participant_group.position),
                &mut refusals,
            )
            .await?;
        let after = participant_group::Model::of(operation.workspace(), participant_group);
        operation
            .write::<participant_group::Entity, _>(&before, after, refusals)
            .await
    }

    /// Removes a group that appears nowhere.
    pub async fn remove_participant_group(
        &self,
        actor: &Actor,
        seen: Seen<kind::ParticipantGroup>,
    ) -> Result<(), Refused<ParticipantGroupRemoveRefused>> {
        let (operation, row, mut refusals) = self
            .change::<participant_group::Entity, _>(
                actor,
                "participantGroupRemove",
                Permission::ParticipantEdit,
                seen,
            )
            .await?;
        let appearances =
            Uses::of::<appearance::Entity>(appearance::Column::GroupId, seen.id.uuid());
        operation
            .must_be_unused(vec![appearances], &mut refusals)
            .await?;
        operation
            .delete_from::<participant_group::Entity, _>(list(row.event_id.0), &row, refusals)
            .await
    }
}
