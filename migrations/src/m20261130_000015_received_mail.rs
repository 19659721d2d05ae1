//! Mail that came in: each once, with what it was taken for and what became of it.

use sea_orm_migration::prelude::*;

use crate::column::{
    Draft, bytes_or_null, drop, id, instant, json, reference_or_null, text, text_or_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::new(
            "received_mail",
            vec![
                id(),
                // Of what came by no address that says whose it is, nobody knows where it belongs.
                reference_or_null("workspace_id"),
                reference_or_null("event_id"),
                reference_or_null("participant_id"),
                reference_or_null("delivery_id"),
                text("digest"),
                text_or_null("recipient"),
                text_or_null("sender"),
                text_or_null("subject"),
                text("kind"),
                text("outcome"),
                text_or_null("note"),
                json("facts"),
                bytes_or_null("raw"),
                instant("received_at"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .indexed(&["event_id", "id"])
        .indexed(&["participant_id"])
        .unique(&["digest"])
        .create(manager)
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["received_mail"]).await
    }
}
