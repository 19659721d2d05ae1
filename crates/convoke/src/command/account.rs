//! `convoke account`.

use crate::cli::{AccountArguments, AccountCommand, DatabaseSettings};
use crate::command::{OPERATOR, open_current};
use crate::failure::Failure;
use crate::output::say;

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: AccountArguments,
) -> Result<(), Failure> {
    let store = open_current(settings).await?;
    match arguments.command {
        AccountCommand::Create { slug, name } => {
            let name = super::name_or_slug(name, &slug)?;
            let account = store.create_account(&OPERATOR, slug, name).await?;
            say(&account.id.to_string());
        }
    }
    Ok(())
}
