//! `convoke workspace`.

use crate::cli::{DatabaseSettings, WorkspaceArguments, WorkspaceCommand};
use crate::command::{OPERATOR, open_current};
use crate::failure::Failure;
use crate::output::say;

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: WorkspaceArguments,
) -> Result<(), Failure> {
    let store = open_current(settings).await?;
    match arguments.command {
        WorkspaceCommand::Create { slug, name } => {
            let name = super::name_or_slug(name, &slug)?;
            let workspace = store.create_workspace(&OPERATOR, slug, name).await?;
            say(&workspace.id.to_string());
        }
        WorkspaceCommand::List => {
            for one in store.all_workspaces(&OPERATOR).await? {
                say(&format!("{}\t{}\t{}", one.id, one.slug, one.name));
            }
        }
    }
    Ok(())
}
