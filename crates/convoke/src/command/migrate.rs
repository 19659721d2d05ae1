//! `convoke migrate`.

use crate::cli::DatabaseSettings;
use crate::failure::Failure;
use crate::output::note;

pub(crate) async fn run(settings: &DatabaseSettings) -> Result<(), Failure> {
    let store = super::open(settings).await?;
    let pending = store.pending_migrations().await?;
    store.migrate().await?;
    note(&match pending {
        0 => "the database was up to date".to_owned(),
        1 => "the database was brought up to date by one step".to_owned(),
        steps => format!("the database was brought up to date by {steps} steps"),
    });
    Ok(())
}
