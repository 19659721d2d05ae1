//! What an agenda item refers to: its page, links, attachments; and its subtitle.

use sea_orm_migration::prelude::*;

use crate::column::{json, json_or_null, text_or_null};

const TABLE: &str = "agenda_item";
const COLUMNS: &[&str] = &["subtitle", "url", "links", "attachments"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [
            json_or_null("subtitle"),
            text_or_null("url"),
            // The items that are there already have none.
            json("links").default("[]").take(),
            json("attachments").default("[]").take(),
        ] {
            let table = Table::alter().table(TABLE).add_column(column).take();
            manager.alter_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS.iter().rev() {
            let table = Table::alter().table(TABLE).drop_column(*column).take();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
