//! The language that people are written to in; and mails as bytes, which PostgreSQL need not make small: they
//! are gone when they are sent.

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
        manager.alter_table(person).await?;
        if manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Postgres {
            let whole = "ALTER TABLE delivery ALTER COLUMN raw SET STORAGE EXTERNAL";
            manager.get_connection().execute_unprepared(whole).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let person = Table::alter()
            .table("person")
            .drop_column("language")
            .take();
        manager.alter_table(person).await
    }
}
