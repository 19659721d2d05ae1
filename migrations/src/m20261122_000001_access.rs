//! Workspaces, accounts and their tokens.

use sea_orm_migration::prelude::*;

use crate::column::{Draft, drop, id, instant, instant_or_null, json_or_null, reference, text};

const TABLES: &[&str] = &["workspace", "account", "access_token", "access_token_grant"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::new(
            "workspace",
            vec![id(), text("slug"), text("name"), instant("created_at")],
        )
        .unique(&["slug"])
        .create(manager)
        .await?;
        Draft::new(
            "account",
            vec![id(), text("slug"), text("name"), instant("created_at")],
        )
        .unique(&["slug"])
        .create(manager)
        .await?;
        // Only a hash of the secret is kept.
        Draft::new(
            "access_token",
            vec![
                id(),
                reference("account_id"),
                text("label"),
                text("secret_hash"),
                json_or_null("scopes"),
                instant("created_at"),
                instant_or_null("expires_at"),
                instant_or_null("revoked_at"),
            ],
        )
        .part_of("account_id", "account")
        .unique(&["secret_hash"])
        .create(manager)
        .await?;
        Draft::new(
            "access_token_grant",
            vec![
                reference("access_token_id"),
                reference("workspace_id"),
                text("role"),
            ],
        )
        .keyed_by(&["access_token_id", "workspace_id"])
        .part_of("access_token_id", "access_token")
        .part_of("workspace_id", "workspace")
        .create(manager)
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
