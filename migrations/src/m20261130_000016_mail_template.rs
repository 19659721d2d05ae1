//! Templates of mails that a workspace has put in place of ours, and what there was to say of how a mail
//! was written.

use sea_orm_migration::prelude::*;

use crate::column::{Draft, drop, id, instant, integer, reference, text, text_or_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What is kept with a mail until it is settled: that a template failed, say.
fn remark() -> ColumnDef {
    text_or_null("remark")
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::new(
            "mail_template",
            vec![
                id(),
                reference("workspace_id"),
                integer("version").default(1).take(),
                text("name"),
                text("source"),
                instant("changed_at"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .unique(&["workspace_id", "name"])
        .create(manager)
        .await?;
        let delivery = Table::alter().table("delivery").add_column(remark()).take();
        manager.alter_table(delivery).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let delivery = Table::alter()
            .table("delivery")
            .drop_column("remark")
            .take();
        manager.alter_table(delivery).await?;
        drop(manager, &["mail_template"]).await
    }
}
