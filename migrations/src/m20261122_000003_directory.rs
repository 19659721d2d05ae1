//! Organizations and people.

use sea_orm_migration::prelude::*;

use crate::column::{
    Draft, day_or_null, drop, id, integer, integer_or_null, json, reference, reference_or_null,
    sort_by_bytes, text, text_or_null,
};

const TABLES: &[&str] = &["organization", "person", "post"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::new(
            "organization",
            vec![
                id(),
                reference("workspace_id"),
                integer("version"),
                text_or_null("external_id"),
                text("kind"),
                json("name"),
                text("sort_name"),
                text("search_text"),
                json("aliases"),
                reference_or_null("parent_id"),
                integer_or_null("protocol_order"),
                reference_or_null("founding_event_id"),
                text_or_null("level"),
                json("goals"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .refers("parent_id", "organization")
        .refers("founding_event_id", "event")
        .unique(&["workspace_id", "external_id"])
        .indexed(&["sort_name", "id"])
        .create(manager)
        .await?;
        sort_by_bytes(manager, "organization", "sort_name").await?;
        Draft::new(
            "person",
            vec![
                id(),
                reference("workspace_id"),
                integer("version"),
                text_or_null("external_id"),
                text("name"),
                text("search_text"),
                text_or_null("transcription"),
                json("further_names"),
                text_or_null("email"),
                text_or_null("telephone"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .unique(&["workspace_id", "external_id"])
        .indexed(&["name", "id"])
        .create(manager)
        .await?;
        sort_by_bytes(manager, "person", "name").await?;
        Draft::new(
            "post",
            vec![
                id(),
                reference("workspace_id"),
                reference("person_id"),
                text("title"),
                reference_or_null("organization_id"),
                day_or_null("since"),
                day_or_null("until"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("person_id", "person")
        .refers("organization_id", "organization")
        .create(manager)
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
