//! The agenda: strands, items, and who appears on them.

use sea_orm_migration::prelude::*;

use crate::column::{
    Draft, drop, id, integer, json, json_or_null, local_or_null, reference, reference_or_null,
    text, text_or_null,
};

const TABLES: &[&str] = &["track", "agenda_item", "appearance", "release"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[expect(clippy::too_many_lines, reason = "it lists tables, column by column")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::new(
            "track",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                text_or_null("external_id"),
                text("name"),
                text_or_null("color"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .unique(&["event_id", "external_id"])
        .create(manager)
        .await?;
        Draft::new(
            "agenda_item",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                integer("version"),
                text_or_null("external_id"),
                text("kind"),
                json_or_null("title"),
                json_or_null("summary"),
                text_or_null("language"),
                reference_or_null("parent_id"),
                integer("position"),
                local_or_null("starts_at"),
                local_or_null("ends_at"),
                reference_or_null("room_id"),
                reference_or_null("track_id"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .refers("parent_id", "agenda_item")
        .refers("room_id", "room")
        .refers("track_id", "track")
        .unique(&["event_id", "external_id"])
        .check("ends_at IS NULL OR (starts_at IS NOT NULL AND ends_at >= starts_at)")
        .create(manager)
        .await?;
        Draft::new(
            "appearance",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                reference_or_null("item_id"),
                text("role"),
                integer("position"),
                reference_or_null("person_id"),
                reference_or_null("organization_id"),
                reference_or_null("group_id"),
                reference_or_null("on_behalf_of_person_id"),
                reference_or_null("on_behalf_of_organization_id"),
                text("printed_name"),
                json("printed_posts"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .part_of("item_id", "agenda_item")
        .refers("person_id", "person")
        .refers("organization_id", "organization")
        .refers("group_id", "participant_group")
        .refers("on_behalf_of_person_id", "person")
        .refers("on_behalf_of_organization_id", "organization")
        .check(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + \
             (CASE WHEN organization_id IS NULL THEN 0 ELSE 1 END) + \
             (CASE WHEN group_id IS NULL THEN 0 ELSE 1 END) = 1",
        )
        .check("on_behalf_of_person_id IS NULL OR on_behalf_of_organization_id IS NULL")
        .create(manager)
        .await?;
        Draft::new(
            "release",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                reference_or_null("item_id"),
                text_or_null("external_id"),
                json("title"),
                text_or_null("kind"),
                text_or_null("url"),
                text("recurrence"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .refers("item_id", "agenda_item")
        .unique(&["event_id", "external_id"])
        .create(manager)
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
