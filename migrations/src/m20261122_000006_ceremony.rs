//! What is given at an event: awards and letters; and the memberships that rest on letters.

use sea_orm_migration::prelude::*;

use crate::column::{
    Draft, day_or_null, drop, id, integer, json, json_or_null, reference, reference_or_null, text,
    text_or_null,
};

const TABLES: &[&str] = &[
    "award",
    "award_grantor",
    "award_recipient",
    "appointment_letter",
    "letter_issuer",
    "membership",
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[expect(clippy::too_many_lines, reason = "it lists tables, column by column")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::new(
            "award",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                integer("version"),
                reference_or_null("item_id"),
                text_or_null("external_id"),
                json("title"),
                text("kind"),
                text_or_null("level"),
                json_or_null("citation"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .refers("item_id", "agenda_item")
        .unique(&["event_id", "external_id"])
        .create(manager)
        .await?;
        Draft::new(
            "award_grantor",
            vec![
                reference("award_id"),
                integer("position"),
                reference("organization_id"),
            ],
        )
        .keyed_by(&["award_id", "organization_id"])
        .part_of("award_id", "award")
        .refers("organization_id", "organization")
        .create(manager)
        .await?;
        Draft::new(
            "award_recipient",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                reference("award_id"),
                reference_or_null("person_id"),
                reference_or_null("organization_id"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .part_of("award_id", "award")
        .refers("person_id", "person")
        .refers("organization_id", "organization")
        .unique(&["award_id", "person_id"])
        .unique(&["award_id", "organization_id"])
        .check("(person_id IS NULL) <> (organization_id IS NULL)")
        .create(manager)
        .await?;
        Draft::new(
            "appointment_letter",
            vec![
                id(),
                reference("workspace_id"),
                reference("event_id"),
                integer("version"),
                text_or_null("external_id"),
                text("status"),
                day_or_null("issued_on"),
                day_or_null("revoked_on"),
                text_or_null("revocation_reason"),
                reference("appointee_id"),
                reference("body_id"),
                text("post"),
                day_or_null("since"),
                day_or_null("until"),
                text_or_null("signatory"),
                text_or_null("number"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("event_id", "event")
        .refers("appointee_id", "person")
        .refers("body_id", "organization")
        .unique(&["event_id", "external_id"])
        .indexed(&["event_id", "position", "id"])
        .check("status = 'DRAFT' OR issued_on IS NOT NULL")
        .create(manager)
        .await?;
        Draft::new(
            "letter_issuer",
            vec![
                reference("letter_id"),
                integer("position"),
                reference("organization_id"),
            ],
        )
        .keyed_by(&["letter_id", "organization_id"])
        .part_of("letter_id", "appointment_letter")
        .refers("organization_id", "organization")
        .create(manager)
        .await?;
        Draft::new(
            "membership",
            vec![
                id(),
                reference("workspace_id"),
                reference("organization_id"),
                reference_or_null("member_person_id"),
                reference_or_null("member_organization_id"),
                text_or_null("post"),
                day_or_null("since"),
                day_or_null("until"),
                reference_or_null("letter_id"),
                integer("position"),
            ],
        )
        .part_of("workspace_id", "workspace")
        .part_of("organization_id", "organization")
        .refers("member_person_id", "person")
        .refers("member_organization_id", "organization")
        .refers("letter_id", "appointment_letter")
        .check("(member_person_id IS NULL) <> (member_organization_id IS NULL)")
        .create(manager)
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
