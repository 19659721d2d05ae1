//! Invitations and mail: what stands in whose calendar, what is told to whom, how far each mail has
//! come, and which addresses take none.

use sea_orm_migration::prelude::*;

use crate::column::{
    Draft, bytes_or_null, drop, id, instant, instant_or_null, integer, json, json_or_null,
    reference, reference_or_null, text, text_or_null,
};
use crate::m20261125_000012_agenda_version::outbox;

const TABLES: &[&str] = &["message", "invitation", "delivery", "suppression"];

/// To the event, everybody is invited once.
const ONCE: &str = "CREATE UNIQUE INDEX invitation_to_event_key ON invitation (participant_id) WHERE item_id IS NULL";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The columns of tables that are there already.
fn columns() -> [(&'static str, ColumnDef); 2] {
    [
        ("participant", text_or_null("answered_through")),
        ("participant", instant_or_null("answer_by")),
    ]
}

/// The mails, each with how far it has come.
fn delivery() -> Draft {
    Draft::new(
        "delivery",
        vec![
            id(),
            reference("workspace_id"),
            reference("event_id"),
            reference("message_id"),
            text("kind"),
            reference("person_id"),
            reference_or_null("participant_id"),
            reference_or_null("invitation_id"),
            json("payload"),
            text("state"),
            integer("lane"),
            instant("created_at"),
            instant("available_at"),
            instant_or_null("useful_until"),
            integer("attempts").default(0).take(),
            integer("unsure").default(0).take(),
            integer("claims").default(0).take(),
            instant_or_null("first_tried_at"),
            instant_or_null("claimed_until"),
            text_or_null("address"),
            text_or_null("subject"),
            bytes_or_null("raw"),
            text_or_null("answer"),
            text_or_null("reason"),
            instant_or_null("settled_at"),
        ],
    )
    .part_of("message_id", "message")
    .indexed(&["state", "lane", "available_at"])
    .indexed(&["message_id", "id"])
    .indexed(&["person_id"])
    .indexed(&["invitation_id"])
    .indexed(&["participant_id"])
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            let table = Table::alter().table(table).add_column(column).take();
            manager.alter_table(table).await?;
        }
        Draft::new(
            "message",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                integer("version").default(1).take(),
                text("kind"),
                text("state"),
                text_or_null("note"),
                reference_or_null("agenda_version_id"),
                reference_or_null("account_id"),
                instant("created_at"),
                instant_or_null("released_at"),
            ],
        )
        .part_of("event_id", "event")
        .indexed(&["event_id", "id"])
        .indexed(&["agenda_version_id"])
        .create(manager)
        .await?;
        Draft::new(
            "invitation",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                reference("participant_id"),
                // The item may be gone from the draft, and stays what somebody was invited to.
                reference_or_null("item_id"),
                integer("sequence"),
                text("status"),
                json("entry"),
                instant("changed_at"),
                json_or_null("reply"),
            ],
        )
        .part_of("event_id", "event")
        .part_of("participant_id", "participant")
        .unique(&["participant_id", "item_id"])
        .create(manager)
        .await?;
        manager.get_connection().execute_unprepared(ONCE).await?;
        delivery().create(manager).await?;
        take_over(manager).await?;
        Draft::new(
            "suppression",
            vec![
                id(),
                reference("workspace_id"),
                integer("version").default(1).take(),
                text("address"),
                text("reason"),
                text_or_null("detail"),
                reference_or_null("delivery_id"),
                instant("at"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .unique(&["workspace_id", "address"])
        .create(manager)
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await?;
        outbox().create(manager).await?;
        for (table, column) in columns() {
            let name = column.get_column_name();
            let table = Table::alter().table(table).drop_column(name).take();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}

/// Notices of agendas waited in a table of their own until there were messages.
async fn take_over(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements = [
        // One message a version. The two are never mixed up, and may share a number.
        "INSERT INTO message (id, workspace_id, event_id, kind, state, agenda_version_id, created_at, released_at)
         SELECT agenda_version_id, workspace_id, event_id, kind, 'RELEASED', agenda_version_id, MIN(created_at), MIN(created_at)
         FROM outbox WHERE agenda_version_id IS NOT NULL AND event_id IS NOT NULL
         GROUP BY agenda_version_id, workspace_id, event_id, kind",
        "INSERT INTO delivery (id, workspace_id, event_id, message_id, kind, person_id, payload, state, lane, created_at, available_at)
         SELECT id, workspace_id, event_id, agenda_version_id, kind, person_id, payload, state, 1, created_at, available_at
         FROM outbox WHERE agenda_version_id IS NOT NULL AND event_id IS NOT NULL",
        "DROP TABLE outbox",
    ];
    for statement in statements {
        manager
            .get_connection()
            .execute_unprepared(statement)
            .await?;
    }
    Ok(())
}
