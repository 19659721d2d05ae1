//! Changing the roles of organizations in an event, and the delegations that they send.

use domain::access::{Actor, Permission};
use domain::event_organization::{
    EventOrganization, EventOrganizationAddRefused, EventOrganizationPatch,
    EventOrganizationRemoveRefused, EventOrganizationRole, EventOrganizationUpdateRefused,
};
use domain::id::{EventId, EventOrganizationId, OrganizationId, kind};
use domain::organization::Organization;
use domain::refusal::Missing;
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::column::DbId;
use crate::entity::directory::{organization, person};
use crate::entity::participation::{event_organization, participant};
use crate::error::Fault;
use crate::operation::{Operation, Refused, Retry, Seen, Uses};
use crate::store::Store;

/// The role that an organization is to have.
#[derive(Debug, Clone)]
pub struct NewEventOrganization {
    /// In which event.
    pub event: EventId,
    /// Which organization.
    pub organization: OrganizationId,
    /// Which role.
    pub role: EventOrganizationRole,
    /// What is said of it besides. What is printed is what it is called, if nothing else is said.
    pub fields: EventOrganizationPatch,
    /// The place by protocol.
    pub order: Patch<i32>,
}

fn list(event: EventId) -> Condition {
    Condition::all().add(event_organization::Column::EventId.eq(DbId(event)))
}

impl Store {
    /// Gives an organization a role in an event.
    pub async fn add_event_organization(
        &self,
        actor: &Actor,
        new: NewEventOrganization,
        retry: Option<&Retry>,
    ) -> Result<EventOrganizationId, Refused<EventOrganizationAddRefused>> {
        let name = "eventOrganizationAdd";
        let mut operation = self
            .operate_in(actor, name, Permission::EventEdit, new.event)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let found = operation
            .refer::<organization::Entity, _>(
                "organizationId",
                Some(new.organization),
                &mut refusals,
            )
            .await?;
        operation.liaison(&new.fields, &mut refusals).await?;
        let id = operation.mint()?;
        let position = operation
            .place::<event_organization::Entity, _>(
                list(new.event),
                id,
                new.order,
                None,
                &mut refusals,
            )
            .await?;
        let name = |row| Organization::from(row).name.main_text().to_owned();
        let mut role = EventOrganization {
            id,
            event_id: new.event,
            version: 1,
            role: new.role,
            position,
            organization_id: new.organization,
            printed_name: found.map(name).unwrap_or_default(),
            delegation: None,
        };
        new.fields.apply(&mut role, &mut refusals);
        let row = event_organization::Model::of(operation.workspace(), role);
        operation
            .add::<event_organization::Entity, _>(row, refusals)
            .await
    }

    /// Changes the role of an organization, or its delegation.
    pub async fn update_event_organization(
        &self,
        actor: &Actor,
        seen: Seen<kind::EventOrganization>,
        patch: EventOrganizationPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<EventOrganizationUpdateRefused>> {
        let name = "eventOrganizationUpdate";
        let (mut operation, before, mut refusals) = self
            .change::<event_organization::Entity, _>(actor, name, Permission::EventEdit, seen)
            .await?;
        refusals.enter("patch");
        operation.liaison(&patch, &mut refusals).await?;
        let mut role = EventOrganization::from(before.clone());
        patch.apply(&mut role, &mut refusals);
        if before.has_delegation != 0 && role.delegation.is_none() {
            let delegate = participant::Entity::find()
                .filter(participant::Column::DelegationId.eq(before.id))
                .one(operation.on())
                .await?;
            if delegate.is_some() {
                refusals.invalid("delegation", "there are delegates, who belong to it");
            }
        }
        role.position = operation
            .place::<event_organization::Entity, _>(
                list(role.event_id),
                seen.id,
                order,
                Some(role.position),
                &mut refusals,
            )
            .await?;
        let after = event_organization::Model::of(operation.workspace(), role);
        operation
            .write::<event_organization::Entity, _>(&before, after, refusals)
            .await
    }

    /// Takes its role from an organization that has no delegates.
    pub async fn remove_event_organization(
        &self,
        actor: &Actor,
        seen: Seen<kind::EventOrganization>,
    ) -> Result<(), Refused<EventOrganizationRemoveRefused>> {
        let name = "eventOrganizationRemove";
        let (operation, row, mut refusals) = self
            .change::<event_organization::Entity, _>(actor, name, Permission::EventEdit, seen)
            .await?;
        let delegates =
            Uses::of::<participant::Entity>(participant::Column::DelegationId, seen.id.uuid());
        operation
            .must_be_unused(vec![delegates], &mut refusals)
            .await?;
        operation
            .delete_from::<event_organization::Entity, _>(list(row.event_id.0), &row, refusals)
            .await
    }
}

impl Operation<'_> {
    async fn liaison<R: From<Missing>>(
        &self,
        fields: &EventOrganizationPatch,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let delegation = fields.delegation.set();
        let liaison = delegation.and_then(|delegation| delegation.liaison_id.set());
        self.refer::<person::Entity, _>("delegation.liaisonId", liaison.copied(), refusals)
            .await?;
        Ok(())
    }
}
