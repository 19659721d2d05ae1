//! Links of attendees: which of somebody's links is good, and the key that they are computed with.

use sea_orm_migration::prelude::*;

use crate::column::{Draft, drop, text};

const TABLE: &str = "participant";
const COLUMN: &str = "link_generation";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = ColumnDef::new(COLUMN).integer().not_null().take();
        column.default(1);
        let table = Table::alter().table(TABLE).add_column(column).take();
        manager.alter_table(table).await?;
        Draft::new("installation_key", vec![text("name"), text("secret")])
            .keyed_by(&["name"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["installation_key"]).await?;
        let table = Table::alter().table(TABLE).drop_column(COLUMN).take();
        manager.alter_table(table).await
    }
}
