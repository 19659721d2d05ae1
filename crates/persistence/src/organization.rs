//! Changing organizations, and who belongs to them.

use domain::Patch;
use domain::access::{Actor, Permission};
use domain::id::{MembershipId, OrganizationId, WorkspaceId, kind};
use domain::organization::{
    Membership, MembershipAddRefused, MembershipPatch, MembershipRemoveRefused,
    MembershipUpdateRefused, Organization, OrganizationBulkCreateRefused,
    OrganizationCreateRefused, OrganizationPatch, OrganizationRemoveRefused,
    OrganizationUpdateRefused, Party,
};
use domain::refusal::{Invalid, Missing, Refusals};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::bulk::{Bulk, BulkRow, Bulky};
use crate::column::DbId;
use crate::entity::agenda::appearance;
use crate::entity::ceremony::{appointment_letter, award_grantor, award_recipient, letter_issuer};
use crate::entity::credential::credential;
use crate::entity::directory::{membership, organization, post};
use crate::entity::event::event;
use crate::entity::follow_up::action_item_responsible;
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::error::Fault;
use crate::operation::{Operation, Refused, Retry, Seen, Uses};
use crate::store::Store;

fn members_of(organization: OrganizationId) -> Condition {
    Condition::all().add(membership::Column::OrganizationId.eq(DbId(organization)))
}

/// Everything that may refer to an organization, but for its members: those are its own.
pub(crate) fn uses_of_organization(id: Uuid) -> Vec<Uses> {
    vec![
        Uses::of::<organization::Entity>(organization::Column::ParentId, id),
        Uses::of::<post::Entity>(post::Column::OrganizationId, id),
        Uses::of::<membership::Entity>(membership::Column::MemberOrganizationId, id),
        Uses::of::<event_organization::Entity>(event_organization::Column::OrganizationId, id),
        Uses::of::<participant::Entity>(participant::Column::RepresentingId, id),
        Uses::of::<participant::Entity>(participant::Column::OnBehalfOfOrganizationId, id),
        Uses::of::<participant_group::Entity>(participant_group::Column::OrganizationId, id),
        Uses::of::<appearance::Entity>(appearance::Column::OrganizationId, id),
        Uses::of::<appearance::Entity>(appearance::Column::OnBehalfOfOrganizationId, id),
        Uses::of::<award_recipient::Entity>(award_recipient::Column::OrganizationId, id),
        Uses::of::<appointment_letter::Entity>(appointment_letter::Column::BodyId, id),
        Uses::of::<credential::Entity>(credential::Column::HolderOrganizationId, id),
        Uses::beside::<award_grantor::Entity>(award_grantor::Column::OrganizationId, "Award", id),
        Uses::beside::<letter_issuer::Entity>(
            letter_issuer::Column::OrganizationId,
            "AppointmentLetter",
            id,
        ),
        Uses::beside::<action_item_responsible::Entity>(
            action_item_responsible::Column::OrganizationId,
            "ActionItem",
            id,
        ),
    ]
}

impl Store {
    /// Makes an organization known.
    pub async fn create_organization(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        fields: OrganizationPatch,
        retry: Option<&Retry>,
    ) -> Result<OrganizationId, Refused<OrganizationCreateRefused>> {
        let name = "organizationCreate";
        let mut operation = self
            .operate(actor, name, Permission::DirectoryEdit, workspace)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let mut organization = Organization::unknown(operation.mint()?, workspace);
        operation
            .organization_references(&fields, &mut refusals)
            .await?;
        fields.apply(&mut organization, &mut refusals);
        operation
            .add::<organization::Entity, _>(organization.into(), refusals)
            .await
    }

    /// Makes many organizations known at once.
    pub async fn create_organizations(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        bulk: Bulk<OrganizationPatch>,
        retry: Option<&Retry>,
    ) -> Result<
        Bulky<kind::Organization, OrganizationBulkCreateRefused>,
        Refused<OrganizationBulkCreateRefused>,
    > {
        let name = "organizationBulkCreate";
        let mut operation = self
            .operate(actor, name, Permission::DirectoryEdit, workspace)
            .await?;
        let before = operation.answered(retry).await?;
        let parents = bulk.rows.iter().filter_map(|row| row.parent_id.set());
        let parents = operation
            .known::<organization::Entity>(parents.copied())
            .await?;
        let events = bulk
            .rows
            .iter()
            .filter_map(|row| row.founding_event_id.set());
        let events = operation.known::<event::Entity>(events.copied()).await?;
        let mut organizations = Vec::with_capacity(bulk.rows.len());
        for fields in bulk.rows {
            let mut refusals = Refusals::default();
            let mut organization = Organization::unknown(operation.mint()?, workspace);
            if fields
                .parent_id
                .set()
                .is_some_and(|id| !parents.contains_key(id))
            {
                refusals.say("parentId", Missing::of::<kind::Organization>());
            }
            let founded_at = fields.founding_event_id.set();
            if founded_at.is_some_and(|id| !events.contains_key(id)) {
                refusals.say("foundingEventId", Missing::of::<kind::Event>());
            }
            fields.apply(&mut organization, &mut refusals);
            organizations.push(BulkRow {
                row: organization.into(),
                refusals,
            });
        }
        operation
            .add_bulk::<organization::Entity, _>(before, organizations, bulk.on_error, bulk.effect)
            .await
    }

    /// Changes what is known of an organization. What was printed for an event stays.
    pub async fn update_organization(
        &self,
        actor: &Actor,
        seen: Seen<kind::Organization>,
        patch: OrganizationPatch,
    ) -> Result<(), Refused<OrganizationUpdateRefused>> {
        let name = "organizationUpdate";
        let (operation, before, mut refusals) = self
            .change::<organization::Entity, _>(actor, name, Permission::DirectoryEdit, seen)
            .await?;
        refusals.enter("patch");
        operation
            .organization_references(&patch, &mut refusals)
            .await?;
        if let Some(parent) = patch.parent_id.set()
            && operation.is_within(*parent, seen.id).await?
        {
            refusals.invalid("parentId", "an organization cannot be part of itself");
        }
        let mut organization = Organization::from(before.clone());
        patch.apply(&mut organization, &mut refusals);
        operation
            .write::<organization::Entity, _>(&before, organization.into(), refusals)
            .await
    }

    /// Removes an organization of which nothing speaks, with the list of its members.
    pub async fn remove_organization(
        &self,
        actor: &Actor,
        seen: Seen<kind::Organization>,
    ) -> Result<(), Refused<OrganizationRemoveRefused>> {
        let name = "organizationRemove";
        let (mut operation, row, mut refusals) = self
            .change::<organization::Entity, _>(actor, name, Permission::DirectoryEdit, seen)
            .await?;
        operation
            .must_be_unused(uses_of_organization(seen.id.uuid()), &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        let memberships = membership::Entity::find()
            .filter(members_of(seen.id))
            .all(operation.on())
            .await?;
        operation
            .remove_all::<membership::Entity>(&memberships)
            .await?;
        operation
            .delete::<organization::Entity, _>(&row, Refusals::default())
            .await
    }

    /// Adds a member to a body.
    pub async fn add_membership(
        &self,
        actor: &Actor,
        organization: OrganizationId,
        member: Party,
        fields: MembershipPatch,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<MembershipId, Refused<MembershipAddRefused>> {
        let name = "membershipAdd";
        let (mut operation, _) = self
            .operate_on::<organization::Entity, _>(
                actor,
                name,
                Permission::DirectoryEdit,
                organization,
            )
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        operation
            .refer_party("member", Some(&member), &mut refusals)
            .await?;
        if member == Party::Organization(organization) {
            refusals.invalid("member", "a body is no member of itself");
        }
        let letter = fields.letter_id.set().copied();
        operation
            .refer::<appointment_letter::Entity, _>("letterId", letter, &mut refusals)
            .await?;
        let id = operation.mint()?;
        let place = operation
            .place::<membership::Entity, _>(
                members_of(organization),
                id,
                order,
                None,
                &mut refusals,
            )
            .await?;
        let mut membership = Membership {
            id,
            version: 1,
            organization_id: organization,
            member,
            post: None,
            since: None,
            until: None,
            letter_id: None,
            position: place,
        };
        fields.apply(&mut membership, &mut refusals);
        let row = membership::Model::of(operation.workspace(), membership);
        operation.add::<membership::Entity, _>(row, refusals).await
    }

    /// Changes what is known of a membership.
    pub async fn update_membership(
        &self,
        actor: &Actor,
        seen: Seen<kind::Membership>,
        patch: MembershipPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<MembershipUpdateRefused>> {
        let name = "membershipUpdate";
        let (mut operation, before, mut refusals) = self
            .change::<membership::Entity, _>(actor, name, Permission::DirectoryEdit, seen)
            .await?;
        refusals.enter("patch");
        let letter = patch.letter_id.set().copied();
        operation
            .refer::<appointment_letter::Entity, _>("letterId", letter, &mut refusals)
            .await?;
        let nobody = || Fault::inconsistent("membership", "member_person_id", seen.id.uuid());
        let mut membership = before.clone().membership().ok_or_else(nobody)?;
        patch.apply(&mut membership, &mut refusals);
        let list = members_of(membership.organization_id);
        membership.position = operation
            .place::<membership::Entity, _>(
                list,
                seen.id,
                order,
                Some(membership.position),
                &mut refusals,
            )
            .await?;
        let after = membership::Model::of(operation.workspace(), membership);
        operation
            .write::<membership::Entity, _>(&before, after, refusals)
            .await
    }

    /// Removes a member from a body, as if it had never belonged to it.
    pub async fn remove_membership(
        &self,
        actor: &Actor,
        seen: Seen<kind::Membership>,
    ) -> Result<(), Refused<MembershipRemoveRefused>> {
        let name = "membershipRemove";
        let (operation, row, refusals) = self
            .change::<membership::Entity, _>(actor, name, Permission::DirectoryEdit, seen)
            .await?;
        operation
            .delete_from::<membership::Entity, _>(members_of(row.organization_id.0), &row, refusals)
            .await
    }
}

impl Operation<'_> {
    async fn organization_references<R: From<Missing> + From<Invalid>>(
        &self,
        fields: &OrganizationPatch,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let parent = fields.parent_id.set().copied();
        self.refer::<organization::Entity, _>("parentId", parent, refusals)
            .await?;
        let event = fields.founding_event_id.set().copied();
        self.refer::<event::Entity, _>("foundingEventId", event, refusals)
            .await?;
        Ok(())
    }

    /// Whether an organization is this one or a part of it, at any depth.
    pub(crate) async fn is_within(
        &self,
        organization: OrganizationId,
        whole: OrganizationId,
    ) -> Result<bool, Fault> {
        let mut seen = std::collections::HashSet::new();
        let mut next = Some(organization);
        while let Some(id) = next.filter(|id| seen.insert(*id)) {
            if id == whole {
                return Ok(true);
            }
            let row = organization::Entity::find_by_id(DbId(id))
                .one(self.on())
                .await?;
            next = row.and_then(|row| row.parent_id).map(|id| id.0);
        }
        Ok(false)
    }
}
