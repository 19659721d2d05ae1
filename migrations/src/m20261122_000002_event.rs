//! Events, with their series and the places where they are held.

use sea_orm_migration::prelude::*;

use crate::column::{
    Draft, day, drop, id, instant, instant_or_null, integer, integer_or_null, json, json_or_null,
    local_or_null, reference, reference_or_null, sort_by_bytes, text, text_or_null,
};

const TABLES: &[&str] = &["series", "venue", "room", "event"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::new(
            "series",
            vec![
                id(),
                reference("workspace_id"),
                text_or_null("external_id"),
                json("title"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .unique(&["workspace_id", "external_id"])
        .create(manager)
        .await?;
        Draft::new(
            "venue",
            vec![
                id(),
                reference("workspace_id"),
                text_or_null("external_id"),
                text("name"),
                text_or_null("address"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .unique(&["workspace_id", "external_id"])
        .create(manager)
        .await?;
        Draft::new(
            "room",
            vec![
                id(),
                reference("workspace_id"),
                reference_or_null("venue_id"),
                text_or_null("external_id"),
                text("name"),
                text_or_null("floor"),
                integer_or_null("capacity"),
                text_or_null("accessibility"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("venue_id", "venue")
        .unique(&["venue_id", "external_id"])
        .check("capacity IS NULL OR capacity > 0")
        .create(manager)
        .await?;
        // `starts_at` and `ends_at` are wall-clock times in `time_zone`: instants follow from them.
        Draft::new(
            "event",
            vec![
                id(),
                reference("workspace_id"),
                integer("version"),
                text("slug"),
                text("kind"),
                text("status"),
                instant_or_null("published_at"),
                instant_or_null("ended_at"),
                text_or_null("cancellation_reason"),
                text("visibility"),
                json("title"),
                text("sort_title"),
                text("search_text"),
                json("alternative_titles"),
                json_or_null("theme"),
                json("topics"),
                text_or_null("locality"),
                text("time_zone"),
                day("starts_on"),
                day("ends_on"),
                text_or_null("day_part"),
                local_or_null("starts_at"),
                local_or_null("ends_at"),
                reference_or_null("venue_id"),
                reference_or_null("room_id"),
                integer_or_null("capacity"),
                reference_or_null("parent_id"),
                reference_or_null("series_id"),
                integer("agenda_revision"),
                instant("created_at"),
                instant("updated_at"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .refers("venue_id", "venue")
        .refers("room_id", "room")
        .refers("parent_id", "event")
        .refers("series_id", "series")
        .unique(&["workspace_id", "slug"])
        .indexed(&["slug"])
        .indexed(&["starts_on", "id"])
        .indexed(&["sort_title", "id"])
        .indexed(&["created_at", "id"])
        .check("ends_on >= starts_on")
        .check("capacity IS NULL OR capacity > 0")
        .create(manager)
        .await?;
        sort_by_bytes(manager, "event", "sort_title").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
