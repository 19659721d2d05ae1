//! The shape of the database, step by step, the same on SQLite and PostgreSQL.
//!
//! A step that has been released is never changed: what is to be different comes as a new step.

#![expect(
    elided_lifetimes_in_paths,
    reason = "the trait writes `&SchemaManager`, and `async_trait` tells it from `&SchemaManager<'_>`"
)]

mod column;
mod folding;
mod m20261122_000001_access;
mod m20261122_000002_event;
mod m20261122_000003_directory;
mod m20261122_000004_participation;
mod m20261122_000005_agenda;
mod m20261122_000006_ceremony;
mod m20261122_000007_follow_up;
mod m20261124_000008_change;
mod m20261124_000009_links;
mod m20261124_000010_search;
mod m20261125_000011_participant_link;
mod m20261125_000012_agenda_version;
mod m20261125_000013_availability;
mod m20261125_000014_invitation;
mod m20261130_000015_received_mail;
mod m20261130_000016_mail_template;
mod m20261130_000017_person_language;
mod m20261130_000018_mail_storage;
mod m20261130_000019_credential;

pub use folding::{folded, words};
pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// Every step, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_access::Migration),
            Box::new(m20261122_000002_event::Migration),
            Box::new(m20261122_000003_directory::Migration),
            Box::new(m20261122_000004_participation::Migration),
            Box::new(m20261122_000005_agenda::Migration),
            Box::new(m20261122_000006_ceremony::Migration),
            Box::new(m20261122_000007_follow_up::Migration),
            Box::new(m20261124_000008_change::Migration),
            Box::new(m20261124_000009_links::Migration),
            Box::new(m20261124_000010_search::Migration),
            Box::new(m20261125_000011_participant_link::Migration),
            Box::new(m20261125_000012_agenda_version::Migration),
            Box::new(m20261125_000013_availability::Migration),
            Box::new(m20261125_000014_invitation::Migration),
            Box::new(m20261130_000015_received_mail::Migration),
            Box::new(m20261130_000016_mail_template::Migration),
            Box::new(m20261130_000017_person_language::Migration),
            Box::new(m20261130_000018_mail_storage::Migration),
            Box::new(m20261130_000019_credential::Migration),
        ]
    }
}
