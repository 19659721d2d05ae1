//! What offices issue: letters and certificates with their numbers, the documents made of them, and how
//! their papers look.

use sea_orm_migration::prelude::*;

use crate::column::{
    Draft, drop, id, instant, instant_or_null, integer, json, reference, reference_or_null, text,
    text_or_null,
};

const TABLES: &[&str] = &[
    "stored_file",
    "job",
    "credential",
    "print",
    "number_count",
    "letterhead",
    "paper_template",
];

/// For whatever something is issued, one of it is in force at most.
const IN_FORCE: [&str; 3] = [
    "CREATE UNIQUE INDEX credential_letter_in_force_key ON credential (letter_id) WHERE status = 'VALID'",
    "CREATE UNIQUE INDEX credential_award_in_force_key ON credential (award_recipient_id) WHERE status = 'VALID'",
    "CREATE UNIQUE INDEX credential_attendance_in_force_key ON credential (participant_id) WHERE status = 'VALID'",
];

/// What is not made yet: few rows of many.
const OPEN: &str =
    "CREATE INDEX print_open_idx ON print (attempts, credential_id) WHERE state <> 'PRINTED'";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn credential() -> Draft {
    Draft::new(
        "credential",
        vec![
            id(),
            reference("workspace_id"),
            reference("event_id"),
            integer("version").default(1).take(),
            text("kind"),
            reference_or_null("letter_id"),
            reference_or_null("award_recipient_id"),
            reference_or_null("participant_id"),
            reference_or_null("holder_person_id"),
            reference_or_null("holder_organization_id"),
            text("number"),
            text("code"),
            json("paper"),
            text("languages"),
            text("status"),
            instant_or_null("status_at"),
            text_or_null("revocation_reason"),
            reference_or_null("superseded_by_id"),
            instant("issued_at"),
            instant_or_null("accepted_at"),
            integer("status_index"),
        ],
    )
    .part_of("workspace_id", "workspace")
    .refers("event_id", "event")
    .refers("letter_id", "appointment_letter")
    .refers("holder_person_id", "person")
    .refers("holder_organization_id", "organization")
    .indexed(&["award_recipient_id"])
    .indexed(&["participant_id"])
    .unique(&["workspace_id", "number"])
    .unique(&["workspace_id", "status_index"])
    .unique(&["code"])
    .check(
        "(holder_person_id IS NULL) <> (holder_organization_id IS NULL) \
         AND (status = 'VALID') = (status_at IS NULL) \
         AND (status = 'SUPERSEDED') = (superseded_by_id IS NOT NULL) \
         AND (status = 'REVOKED') = (revocation_reason IS NOT NULL)",
    )
}

fn print() -> Draft {
    Draft::new(
        "print",
        vec![
            ColumnDef::new("credential_id").uuid().not_null().take(),
            reference("workspace_id"),
            reference("event_id"),
            reference("job_id"),
            text("state"),
            integer("is_sent"),
            integer("attempts").default(0).take(),
            integer("claims").default(0).take(),
            instant_or_null("claimed_until"),
            text_or_null("document"),
            text_or_null("fault"),
            instant_or_null("done_at"),
        ],
    )
    .keyed_by(&["credential_id"])
    .part_of("credential_id", "credential")
    .indexed(&["job_id", "state"])
    .indexed(&["event_id"])
    .indexed(&["document"])
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let bytes = ColumnDef::new("bytes").blob().null().take();
        Draft::new(
            "stored_file",
            vec![
                text("hash"),
                reference("workspace_id"),
                text("media_type"),
                bytes,
                instant("created_at"),
            ],
        )
        .keyed_by(&["hash", "workspace_id"])
        .part_of("workspace_id", "workspace")
        .create(manager)
        .await?;
        Draft::new(
            "job",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                integer("total"),
                reference_or_null("account_id"),
                reference_or_null("message_id"),
                instant("created_at"),
            ],
        )
        .part_of("event_id", "event")
        .create(manager)
        .await?;
        credential().create(manager).await?;
        for index in IN_FORCE {
            manager.get_connection().execute_unprepared(index).await?;
        }
        print().create(manager).await?;
        manager.get_connection().execute_unprepared(OPEN).await?;
        Draft::new(
            "number_count",
            vec![reference("workspace_id"), text("scope"), integer("last")],
        )
        .keyed_by(&["workspace_id", "scope"])
        .part_of("workspace_id", "workspace")
        .create(manager)
        .await?;
        Draft::new(
            "letterhead",
            vec![
                id(),
                reference("workspace_id"),
                integer("version").default(1).take(),
                text_or_null("number_pattern"),
                integer("chinese_numerals").default(0).take(),
                text_or_null("logo"),
                text_or_null("seal"),
                text_or_null("signature"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .unique(&["workspace_id"])
        .create(manager)
        .await?;
        Draft::new(
            "paper_template",
            vec![
                id(),
                reference("workspace_id"),
                integer("version").default(1).take(),
                text("kind"),
                text("source"),
                instant("changed_at"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .unique(&["workspace_id", "kind"])
        .create(manager)
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Programs of before cannot spell what these mails are.
        for table in ["delivery", "message"] {
            let statement = format!("DELETE FROM {table} WHERE kind = 'CREDENTIAL_ISSUED'");
            manager
                .get_connection()
                .execute_unprepared(&statement)
                .await?;
        }
        drop(manager, TABLES).await
    }
}
