//! Changing people and their posts.

use domain::access::{Actor, Permission};
use domain::id::{PersonId, PostId, WorkspaceId, kind};
use domain::person::{
    Person, PersonBulkCreateRefused, PersonCreateRefused, PersonPatch, PersonRemoveRefused,
    PersonUpdateRefused, Post, PostAddRefused, PostPatch, PostRemoveRefused, PostUpdateRefused,
};
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::bulk::{Bulk, BulkRow, Bulky};
use crate::column::DbId;
use crate::entity::agenda::appearance;
use crate::entity::ceremony::{appointment_letter, award_recipient};
use crate::entity::credential::credential;
use crate::entity::directory::{membership, organization, person, post};
use crate::entity::follow_up::action_item;
use crate::entity::participation::{event_organization, participant};
use crate::operation::{Refused, Retry, Seen, Uses};
use crate::store::Store;

fn posts_of(person: PersonId) -> Condition {
    Condition::all().add(post::Column::PersonId.eq(DbId(person)))
}

/// Everything that may refer to a person, but for their posts: those are their own.
pub(crate) fn uses_of_person(id: Uuid) -> Vec<Uses> {
    vec![
        Uses::of::<membership::Entity>(membership::Column::MemberPersonId, id),
        Uses::of::<participant::Entity>(participant::Column::PersonId, id),
        Uses::of::<participant::Entity>(participant::Column::OnBehalfOfPersonId, id),
        Uses::of::<appearance::Entity>(appearance::Column::PersonId, id),
        Uses::of::<appearance::Entity>(appearance::Column::OnBehalfOfPersonId, id),
        Uses::of::<event_organization::Entity>(event_organization::Column::LiaisonId, id),
        Uses::of::<award_recipient::Entity>(award_recipient::Column::PersonId, id),
        Uses::of::<appointment_letter::Entity>(appointment_letter::Column::AppointeeId, id),
        Uses::of::<action_item::Entity>(action_item::Column::SetById, id),
        Uses::of::<credential::Entity>(credential::Column::HolderPersonId, id),
    ]
}

impl Store {
    /// Makes a person known.
    pub async fn create_person(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        fields: PersonPatch,
        retry: Option<&Retry>,
    ) -> Result<PersonId, Refused<PersonCreateRefused>> {
        let mut operation = self
            .operate(actor, "personCreate", Permission::DirectoryEdit, workspace)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let mut person = Person::unknown(operation.mint()?, workspace);
        fields.apply(&mut person, &mut refusals);
        operation
            .add::<person::Entity, _>(person.into(), refusals)
            .await
    }

    /// Makes many people known at once.
    pub async fn create_people(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        bulk: Bulk<PersonPatch>,
        retry: Option<&Retry>,
    ) -> Result<Bulky<kind::Person, PersonBulkCreateRefused>, Refused<PersonBulkCreateRefused>>
    {
        let name = "personBulkCreate";
        let mut operation = self
            .operate(actor, name, Permission::DirectoryEdit, workspace)
            .await?;
        let before = operation.answered(retry).await?;
        let mut people = Vec::with_capacity(bulk.rows.len());
        for fields in bulk.rows {
            let mut refusals = Refusals::default();
            let mut person = Person::unknown(operation.mint()?, workspace);
            fields.apply(&mut person, &mut refusals);
            people.push(BulkRow {
                row: person.into(),
                refusals,
            });
        }
        operation
            .add_bulk::<person::Entity, _>(before, people, bulk.on_error, bulk.effect)
            .await
    }

    /// Changes what is known of a person. What was printed for an event stays.
    pub async fn update_person(
        &self,
        actor: &Actor,
        seen: Seen<kind::Person>,
        patch: PersonPatch,
    ) -> Result<(), Refused<PersonUpdateRefused>> {
        let (operation, before, mut refusals) = self
            .change::<person::Entity, _>(actor, "personUpdate", Permission::DirectoryEdit, seen)
            .await?;
        refusals.enter("patch");
        let mut person = Person::from(before.clone());
        patch.apply(&mut person, &mut refusals);
        operation
            .write::<person::Entity, _>(&before, person.into(), refusals)
            .await
    }

    /// Removes a person of whom nothing speaks, with their posts.
    pub async fn remove_person(
        &self,
        actor: &Actor,
        seen: Seen<kind::Person>,
    ) -> Result<(), Refused<PersonRemoveRefused>> {
        let (mut operation, row, mut refusals) = self
            .change::<person::Entity, _>(actor, "personRemove", Permission::DirectoryEdit, seen)
            .await?;
        operation
            .must_be_unused(uses_of_person(seen.id.uuid()), &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        let posts = post::Entity::find()
            .filter(posts_of(seen.id))
            .all(operation.on())
            .await?;
        operation.remove_all::<post::Entity>(&posts).await?;
        operation
            .delete::<person::Entity, _>(&row, Refusals::default())
            .await
    }

    /// Adds a post to a person.
    pub async fn add_post(
        &self,
        actor: &Actor,
        person: PersonId,
        fields: PostPatch,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<PostId, Refused<PostAddRefused>> {
        let (mut operation, _) = self
            .operate_on::<person::Entity, _>(actor, "postAdd", Permission::DirectoryEdit, person)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let at = fields.organization_id.set().copied();
        operation
            .refer::<organization::Entity, _>("organizationId", at, &mut refusals)
            .await?;
        let id = operation.mint()?;
        let place = operation
            .place::<post::Entity, _>(posts_of(person), id, order, None, &mut refusals)
            .await?;
        let mut post = Post::unknown(id, person, place);
        fields.apply(&mut post, &mut refusals);
        let row = post::Model::of(operation.workspace(), post);
        operation.add::<post::Entity, _>(row, refusals).await
    }

    /// Changes what is known of a post.
    pub async fn update_post(
        &self,
        actor: &Actor,
        seen: Seen<kind::Post>,
        patch: PostPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<PostUpdateRefused>> {
        let (mut operation, before, mut refusals) = self
            .change::<post::Entity, _>(actor, "postUpdate", Permission::DirectoryEdit, seen)
            .await?;
        refusals.enter("patch");
        let at = patch.organization_id.set().copied();
        operation
            .refer::<organization::Entity, _>("organizationId", at, &mut refusals)
            .await?;
        let mut post = Post::from(before.clone());
        patch.apply(&mut post, &mut refusals);
        let list = posts_of(post.person_id);
        post.position = operation
            .place::<post::Entity, _>(list, seen.id, order, Some(post.position), &mut refusals)
            .await?;
        let after = post::Model::of(operation.workspace(), post);
        operation
            .write::<post::Entity, _>(&before, after, refusals)
            .await
    }

    /// Removes a post, as if it had never been held.
    pub async fn remove_post(
        &self,
        actor: &Actor,
        seen: Seen<kind::Post>,
    ) -> Result<(), Refused<PostRemoveRefused>> {
        let (operation, row, refusals) = self
            .change::<post::Entity, _>(actor, "postRemove", Permission::DirectoryEdit, seen)
            .await?;
        operation
            .delete_from::<post::Entity, _>(posts_of(row.person_id.0), &row, refusals)
            .await
    }
}
