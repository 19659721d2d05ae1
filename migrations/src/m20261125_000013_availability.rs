//! What agendas are planned with: when people are there and rooms can be used, how many are expected
//! at an item, and how long the way from one room to another takes.

use sea_orm_migration::prelude::*;

use crate::column::{integer_or_null, json};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The columns, each with its table.
fn columns() -> [(&'static str, ColumnDef); 4] {
    [
        // Of those who are there already, nothing is said.
        ("participant", json("availability").default("[]").take()),
        ("room", json("availability").default("[]").take()),
        ("agenda_item", integer_or_null("expected_audience")),
        ("event", integer_or_null("room_change_minutes")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            let table = Table::alter().table(table).add_column(column).take();
            manager.alter_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            let name = column.get_column_name();
            let table = Table::alter().table(table).drop_column(name).take();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
