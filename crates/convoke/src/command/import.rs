//! `convoke import`.

mod reading;

use std::io::Read;
use std::path::Path;

use domain::Problem;
use domain::event::{Event, EventState};
use domain::event_document::EventDocument;
use domain::workspace::Workspace;
use persistence::{
    AgendaPublish, Effect, Error, EventImport, Fault, ImportRefused, ImportStage, Missing, Notify,
    Store, Versions,
};

use crate::cli::{DatabaseSettings, ImportArguments};
use crate::command::{OPERATOR, open_current, workspace_of};
use crate::failure::Failure;
use crate::output::{note, progress_bar, say};

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: ImportArguments,
) -> Result<(), Failure> {
    if arguments.slug.is_some() && arguments.files.len() > 1 {
        let message = "--slug names one event, and there are several files";
        return Err(Failure::Refused(message.to_owned()));
    }
    // Every file is read before the first is imported, so that all problems are told at once.
    let mut documents = Vec::new();
    let mut unreadable = 0_usize;
    for file in &arguments.files {
        let name = file.display().to_string();
        match reading::read(file, &text_of(file)?, &arguments) {
            Ok((document, oddities)) => {
                reading::tell_oddities(&name, &oddities, arguments.verbose);
                documents.push((name, document));
            }
            Err(problems) => {
                unreadable += 1;
                tell(&name, &problems);
            }
        }
    }
    if unreadable > 0 {
        return Err(nothing_imported(unreadable));
    }
    let store = open_current(settings).await?;
    let workspace = workspace_of(&store, arguments.workspace.as_ref()).await?;
    let files = u64::try_from(documents.len()).unwrap_or(u64::MAX);
    let progress = progress_bar(files, "{spinner} {pos}/{len} {wide_msg}");
    let mut refused = 0_usize;
    for (file, document) in documents {
        progress.set_message(file.clone());
        let told = |stage| progress.set_message(format!("{file}: {}", reading::stage(stage)));
        match import(&store, &workspace, document, &arguments, &told).await {
            Ok(line) => progress.suspend(|| say(&format!("{file}: {line}"))),
            Err(Error::Refused(ImportRefused(problems))) => {
                refused += 1;
                progress.suspend(|| tell(&file, &problems));
            }
            Err(other) => return Err(other.into()),
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    if refused > 0 {
        Err(nothing_imported(refused))
    } else {
        Ok(())
    }
}

fn text_of(file: &Path) -> Result<String, Failure> {
    if file.as_os_str() == "-" {
        let mut text = String::new();
        let read = std::io::stdin().lock().read_to_string(&mut text);
        read.map_err(Failure::io("cannot read standard input"))?;
        return Ok(text);
    }
    std::fs::read_to_string(file).map_err(Failure::io(format!("cannot read {}", file.display())))
}

fn tell(file: &str, problems: &[Problem]) {
    for problem in problems {
        note(&format!("{file}: {problem} [{}]", problem.code));
    }
}

fn nothing_imported(files: usize) -> Failure {
    Failure::Refused(match files {
        1 => "one document was refused; nothing of it was imported".to_owned(),
        files => format!("{files} documents were refused; nothing of them was imported"),
    })
}

/// Imports one document, and says in a line what that did.
async fn import(
    store: &Store,
    workspace: &Workspace,
    document: EventDocument,
    arguments: &ImportArguments,
    told: &(dyn Fn(ImportStage) + Send + Sync),
) -> Result<String, Error<ImportRefused>> {
    let slug = document.key.clone();
    let import = EventImport {
        workspace: workspace.id,
        document,
        missing: if arguments.prune {
            Missing::Remove
        } else {
            Missing::Keep
        },
        effect: if arguments.dry_run {
            Effect::Rehearse
        } else {
            Effect::Apply
        },
    };
    let (event, changes) = store.import_event_telling(&OPERATOR, import, told).await?;
    let mut line = format!(
        "{slug} {}: {} created, {} updated, {} removed, {} unchanged",
        if arguments.dry_run {
            "would be imported"
        } else {
            "imported"
        },
        changes.created,
        changes.updated,
        changes.removed,
        changes.unchanged,
    );
    if !arguments.publish || arguments.dry_run {
        return Ok(line);
    }
    let published = match event.status.state() {
        EventState::Draft => {
            let announced = store.publish_event(&OPERATOR, event.id, None).await;
            announced
                .map(|_| "published")
                .map_err(|error| error.map(|why| why.to_string()))
        }
        EventState::Cancelled => return Ok(line),
        EventState::Published | EventState::Concluded
            if agenda_is_as_published(store, &event).await? =>
        {
            return Ok(line);
        }
        EventState::Published | EventState::Concluded => {
            let publish = AgendaPublish {
                event: event.id,
                expected_revision: event.agenda_revision,
                comment: None,
                notify: Notify::Nobody,
                effect: Effect::Apply,
            };
            let agenda = store.publish_agenda(&OPERATOR, publish, None).await;
            agenda
                .map(|_| "its agenda is published, nobody is told")
                .map_err(|error| error.map(|why| why.to_string()))
        }
    };
    match published {
        Ok(said) => line = format!("{line}; {said}"),
        Err(Error::Fault(fault)) => return Err(fault.into()),
        Err(Error::Denied(denied)) => return Err(denied.into()),
        Err(Error::Refused(refused)) => line = format!("{line}; not published: {refused}"),
    }
    Ok(line)
}

/// Whether nothing was done to the agenda of an event since it was published last.
async fn agenda_is_as_published(store: &Store, event: &Event) -> Result<bool, Fault> {
    let last = Versions::Latest(vec![event.id]);
    let last = store.agenda_versions(&OPERATOR, &last).await?;
    Ok(last
        .iter()
        .any(|version| version.revision == event.agenda_revision))
}
