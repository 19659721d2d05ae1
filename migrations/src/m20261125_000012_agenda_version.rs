//! Agendas over time: what each revision did, the versions that were published, what of them
//! everybody may see, and what is to be told to whom.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::column::{
    Draft, drop, id, instant, instant_or_null, integer, integer_or_null, json, reference,
    reference_or_null, text, text_or_null,
};

const TABLES: &[&str] = &[
    "agenda_revision",
    "agenda_version",
    "published_part",
    "outbox",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = integer_or_null("agenda_version");
        let table = Table::alter().table("event").add_column(column).take();
        manager.alter_table(table).await?;
        // What a revision did stands in the log, under its operation.
        manager.create_index(of_operation()).await?;
        Draft::new(
            "agenda_revision",
            vec![
                reference("event_id"),
                integer("number"),
                reference("workspace_id"),
                reference("operation_id"),
                text("operation"),
                reference_or_null("account_id"),
                reference_or_null("token_id"),
                text_or_null("reason"),
                instant("at"),
                integer_or_null("undoes"),
            ],
        )
        .keyed_by(&["event_id", "number"])
        .part_of("event_id", "event")
        .create(manager)
        .await?;
        Draft::new(
            "agenda_version",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                integer("number"),
                integer("revision"),
                instant("published_at"),
                text_or_null("comment"),
                reference("operation_id"),
                reference_or_null("account_id"),
                reference_or_null("token_id"),
                text_or_null("reason"),
                // Read whole and by nobody but this program: the database need not understand it.
                text("content"),
            ],
        )
        .part_of("event_id", "event")
        .unique(&["event_id", "number"])
        .create(manager)
        .await?;
        never_changed(manager).await?;
        // A part may be gone from the directory or the draft, and stay in the version.
        Draft::new(
            "published_part",
            vec![reference("event_id"), reference("object_id")],
        )
        .keyed_by(&["event_id", "object_id"])
        .part_of("event_id", "event")
        .indexed(&["object_id"])
        .create(manager)
        .await?;
        outbox().create(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            let statement = "DROP FUNCTION agenda_version_is_never_changed()";
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
        let index = Index::drop()
            .name("audit_entry_operation_id_idx")
            .table("audit_entry")
            .to_owned();
        manager.drop_index(index).await?;
        let table = Table::alter()
            .table("event")
            .drop_column("agenda_version")
            .take();
        manager.alter_table(table).await
    }
}

/// What waited to be told, until there were messages.
pub(crate) fn outbox() -> Draft {
    Draft::new(
        "outbox",
        vec![
            id(),
            reference("workspace_id"),
            reference_or_null("event_id"),
            text("kind"),
            reference("person_id"),
            reference_or_null("agenda_version_id"),
            json("payload"),
            text("state"),
            instant("created_at"),
            instant("available_at"),
            integer("attempts").default(0).take(),
            instant_or_null("claimed_until"),
            text_or_null("message_id"),
            text_or_null("last_error"),
        ],
    )
    .part_of("workspace_id", "workspace")
    .part_of("event_id", "event")
    .indexed(&["state", "available_at"])
    .indexed(&["agenda_version_id"])
    .indexed(&["person_id"])
}

fn of_operation() -> IndexCreateStatement {
    Index::create()
        .name("audit_entry_operation_id_idx")
        .table("audit_entry")
        .col("operation_id")
        .take()
}

/// What was published stays as it was, whoever asks: the database itself refuses.
async fn never_changed(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements: &[&str] = if manager.get_database_backend() == DbBackend::Postgres {
        &[
            "CREATE FUNCTION agenda_version_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'agenda_version is never changed'; END $$",
            "CREATE TRIGGER agenda_version_is_never_changed BEFORE UPDATE ON agenda_version
             FOR EACH ROW EXECUTE FUNCTION agenda_version_is_never_changed()",
        ]
    } else {
        &[
            "CREATE TRIGGER agenda_version_stays_as_it_is BEFORE UPDATE ON agenda_version
             BEGIN SELECT RAISE(ABORT, 'agenda_version is never changed'); END",
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
