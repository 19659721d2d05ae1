//! Who takes part in an event: organizations, people, groups.

use sea_orm_migration::prelude::*;

use crate::column::{
    Draft, drop, id, instant_or_null, integer, integer_or_null, json, reference, reference_or_null,
    text, text_or_null,
};

const TABLES: &[&str] = &["event_organization", "participant", "participant_group"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A delegation is there when `has_delegation` is 1; what is known of it may be nothing.
        Draft::new(
            "event_organization",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                text("role"),
                integer("position"),
                reference("organization_id"),
                text("printed_name"),
                integer("has_delegation"),
                integer_or_null("quota"),
                reference_or_null("liaison_id"),
                instant_or_null("due_at"),
                instant_or_null("returned_at"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .refers("organization_id", "organization")
        .refers("liaison_id", "person")
        .unique(&["event_id", "organization_id", "role"])
        .check("quota IS NULL OR quota >= 0")
        .create(manager)
        .await?;
        Draft::new(
            "participant",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                integer("version"),
                reference("person_id"),
                text("category"),
                text("status"),
                instant_or_null("status_since"),
                reference_or_null("representing_id"),
                reference_or_null("on_behalf_of_person_id"),
                reference_or_null("on_behalf_of_organization_id"),
                text("printed_name"),
                json("printed_posts"),
                integer("position"),
                reference_or_null("delegation_id"),
                text_or_null("delegate_role"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .refers("person_id", "person")
        .refers("representing_id", "organization")
        .refers("on_behalf_of_person_id", "person")
        .refers("on_behalf_of_organization_id", "organization")
        .refers("delegation_id", "event_organization")
        .unique(&["event_id", "person_id"])
        .indexed(&["event_id", "position", "id"])
        .check("on_behalf_of_person_id IS NULL OR on_behalf_of_organization_id IS NULL")
        .create(manager)
        .await?;
        Draft::new(
            "participant_group",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                text_or_null("external_id"),
                text("description"),
                integer_or_null("expected_count"),
                reference_or_null("organization_id"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .refers("organization_id", "organization")
        .unique(&["event_id", "external_id"])
        .check("expected_count IS NULL OR expected_count > 0")
        .create(manager)
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
