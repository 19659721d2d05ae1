//! Changing things: a version of each, the log of what was changed, answers kept for those who ask
//! again, and merges that can be undone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::column::{
    Draft, drop, id, instant, instant_or_null, json, reference, reference_or_null, text,
    text_or_null,
};

const TABLES: &[&str] = &["audit_entry", "idempotency_key", "merge"];

/// What could not be changed by itself so far.
const VERSIONED: &[&str] = &[
    "series",
    "venue",
    "room",
    "post",
    "membership",
    "event_organization",
    "participant_group",
    "track",
    "appearance",
    "release",
    "award_recipient",
    "resolution",
    "report",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in VERSIONED {
            let mut version = ColumnDef::new("version").integer().not_null().take();
            version.default(1);
            let altered = Table::alter().table(*table).add_column(version).take();
            manager.alter_table(altered).await?;
        }
        // What an entry speaks of may be gone: so it refers to nothing but its workspace.
        Draft::new(
            "audit_entry",
            vec![
                id(),
                reference("workspace_id"),
                reference_or_null("event_id"),
                reference("operation_id"),
                text("operation"),
                text("action"),
                text("object_kind"),
                reference("object_id"),
                reference_or_null("account_id"),
                reference_or_null("token_id"),
                text_or_null("reason"),
                instant("at"),
                json("before"),
                json("after"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .indexed(&["workspace_id", "id"])
        .indexed(&["event_id", "id"])
        .indexed(&["object_id", "id"])
        .create(manager)
        .await?;
        append_only(manager).await?;
        Draft::new(
            "idempotency_key",
            vec![
                id(),
                reference("workspace_id"),
                reference("account_id"),
                text("operation"),
                text("key"),
                text("input_hash"),
                json("answer"),
                instant("created_at"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("account_id", "account")
        .unique(&["workspace_id", "account_id", "operation", "key"])
        .indexed(&["account_id", "created_at"])
        .create(manager)
        .await?;
        Draft::new(
            "merge",
            vec![
                id(),
                reference("workspace_id"),
                text("object_kind"),
                reference("winner_id"),
                reference("loser_id"),
                json("loser"),
                json("moved"),
                json("dropped"),
                json("lists"),
                json("filled"),
                instant("at"),
                instant_or_null("undone_at"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .indexed(&["winner_id"])
        .create(manager)
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            let statement = "DROP FUNCTION audit_entry_is_append_only()";
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
        for table in VERSIONED {
            let altered = Table::alter().table(*table).drop_column("version").take();
            manager.alter_table(altered).await?;
        }
        Ok(())
    }
}

/// What was written into the log stays there, whoever asks: the database itself refuses.
async fn append_only(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements: &[&str] = if manager.get_database_backend() == DbBackend::Postgres {
        &[
            "CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$",
            "CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE ON audit_entry
             FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only()",
        ]
    } else {
        &[
            "CREATE TRIGGER audit_entry_stays_as_it_is BEFORE UPDATE ON audit_entry
             BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
            "CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
             BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
        ]
    };
    for statement in statements {
        manager
            .get_connection()
            .execute_unprepared(statement)
            .await?;
    }
    Ok(())
}
