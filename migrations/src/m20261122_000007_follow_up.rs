//! What remains of an event: resolutions, action items, reports.

use sea_orm_migration::prelude::*;

use crate::column::{
    Draft, day_or_null, drop, id, instant_or_null, integer, json, local_or_null, reference,
    reference_or_null, text, text_or_null,
};

const TABLES: &[&str] = &[
    "resolution",
    "action_item",
    "action_item_responsible",
    "report",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::new(
            "resolution",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                reference_or_null("item_id"),
                text_or_null("external_id"),
                text("text"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .refers("item_id", "agenda_item")
        .unique(&["event_id", "external_id"])
        .create(manager)
        .await?;
        Draft::new(
            "action_item",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                integer("version"),
                text_or_null("external_id"),
                text("description"),
                text("status"),
                instant_or_null("status_since"),
                text_or_null("progress"),
                reference_or_null("set_by_id"),
                day_or_null("due_on"),
                text("recurrence"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .refers("set_by_id", "person")
        .unique(&["event_id", "external_id"])
        .create(manager)
        .await?;
        Draft::new(
            "action_item_responsible",
            vec![
                reference("action_item_id"),
                integer("position"),
                reference("organization_id"),
            ],
        )
        .keyed_by(&["action_item_id", "organization_id"])
        .part_of("action_item_id", "action_item")
        .refers("organization_id", "organization")
        .create(manager)
        .await?;
        // Credits, key figures and documents cited are values of the report, not things of their own.
        Draft::new(
            "report",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                text_or_null("external_id"),
                text_or_null("title"),
                text("publisher"),
                day_or_null("published_on"),
                local_or_null("published_at"),
                text("language"),
                text_or_null("url"),
                json("credits"),
                json("key_figures"),
                json("documents_cited"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .unique(&["event_id", "external_id"])
        .create(manager)
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
