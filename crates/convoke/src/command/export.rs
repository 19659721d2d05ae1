//! `convoke export`.

use crate::cli::{DatabaseSettings, ExportArguments};
use crate::command::{OPERATOR, open_current, workspace_of};
use crate::failure::Failure;
use crate::output::print;

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: ExportArguments,
) -> Result<(), Failure> {
    let store = open_current(settings).await?;
    let workspace = workspace_of(&store, arguments.workspace.as_ref()).await?;
    let within = Some(&workspace.slug);
    let found = store
        .events_by_slug(&OPERATOR, &arguments.event, within)
        .await?;
    let event = found.into_iter().next().ok_or_else(|| {
        Failure::Refused(format!(
            "there is no event `{}` in the workspace `{}`",
            arguments.event, workspace.slug
        ))
    })?;
    let document = store.export_event(&OPERATOR, event.id).await?;
    print(&interchange::event_document::write(&document));
    Ok(())
}
