//! The language that people are written to in.

use sea_orm_migration::prelude::*;

use crate::column::text_or_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let person = Table::alter()
            .table("person")
            .add_column(text_or_null("language"))
            .take();
        manager.alter_table(person).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let person = Table::alter()
            .table("person")
            .drop_column("language")
            .take();
        manager.alter_table(person).await
    }
}
