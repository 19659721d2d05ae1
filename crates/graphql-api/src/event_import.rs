//! Importing an event document.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use domain::id::kind;
use persistence::{Effect, Error, EventImport, ImportRefused, Missing};
use tokio::sync::Semaphore;

use crate::event::Event;
use crate::failure::denied;
use crate::http::error::fault;
use crate::id::GlobalId;
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::user_error::{UserError, user_errors};
use crate::word::Permission;

/// An event document, and what to do with it.
#[derive(InputObject)]
pub(crate) struct EventImportInput {
    /// The workspace in which the event is created or brought up to date.
    workspace_id: GlobalId<kind::Workspace>,
    /// The document, as YAML or JSON: the format of `convoke import`.
    document: String,
    /// Whether it is only tried: the answer says what would happen, and nothing does.
    #[graphql(default = false)]
    dry_run: bool,
    /// Whether what belongs to the event and is not in the document is removed. Otherwise what the
    /// document leaves out stays as it is.
    #[graphql(default = false)]
    remove_missing: bool,
}

/// What became of an event document.
#[derive(SimpleObject)]
pub(crate) struct EventImportPayload {
    /// The event as it is now; null after a dry run that would have created it, and if there were
    /// problems.
    event: Option<Event>,
    /// What was changed, or would have been; null if there were problems.
    changes: Option<EventImportChanges>,
    /// Every problem, at once, with its path in `document`.
    user_errors: List<UserError>,
}

/// What an import changed, counted by things: people, items, appearances, and so on.
#[derive(SimpleObject)]
pub(crate) struct EventImportChanges {
    /// How many were not there before.
    created: i32,
    /// How many were otherwise before.
    updated: i32,
    /// How many are there no longer.
    removed: i32,
    /// How many were so before.
    unchanged: i32,
}

impl From<persistence::ImportChanges> for EventImportChanges {
    fn from(changes: persistence::ImportChanges) -> Self {
        let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        Self {
            created: count(changes.created),
            updated: count(changes.updated),
            removed: count(changes.removed),
            unchanged: count(changes.unchanged),
        }
    }
}

/// Importing event documents.
#[derive(Debug, Default)]
pub(crate) struct ImportMutation;

#[Object]
impl ImportMutation {
    /// A whole event as one document (the format of `convoke import`), created or brought up to
    /// date; every problem at once, all or nothing. Sent again it updates in place, and ids stay.
    /// Needs the permission `EVENT_IMPORT`.
    #[graphql(directive = requires::apply(Permission::EventImport))]
    async fn event_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document, and what to do with it.")] input: EventImportInput,
    ) -> Result<EventImportPayload> {
        event_import(ctx, input).await
    }
}

/// Imports an event document.
async fn event_import(ctx: &Context<'_>, input: EventImportInput) -> Result<EventImportPayload> {
    let session = session(ctx)?;
    let workspace = input.workspace_id.0;
    let permission = domain::access::Permission::EventImport;
    // Before the document is read: what is wrong with it is nobody's business who may not send it.
    session.actor.may(permission, workspace).map_err(denied)?;
    let refused = |problems| EventImportPayload {
        event: None,
        changes: None,
        user_errors: user_errors(problems, &["input", "document"]),
    };
    let document = input.document;
    let read = read_aside(move || interchange::event_document::read(&document));
    let document = match read.await? {
        Ok(document) => document,
        Err(problems) => return Ok(refused(problems)),
    };
    let import = EventImport {
        workspace,
        document,
        missing: if input.remove_missing {
            Missing::Remove
        } else {
            Missing::Keep
        },
        effect: if input.dry_run {
            Effect::Rehearse
        } else {
            Effect::Apply
        },
    };
    match Box::pin(session.store.import_event(&session.actor, import)).await {
        Ok((event, changes)) => {
            session.forget();
            // After a rehearsal, what is there is what was there before.
            let event = if input.dry_run {
                session.one(event.id).await?
            } else {
                Some(event.into())
            };
            Ok(EventImportPayload {
                event: event.map(Event),
                changes: Some(changes.into()),
                user_errors: List::default(),
            })
        }
        Err(Error::Refused(ImportRefused(problems))) => Ok(refused(problems)),
        Err(Error::Denied(reason)) => Err(denied(reason)),
        Err(Error::Fault(error)) => Err(error.into()),
    }
}

/// How many documents are read at the same time: a large one takes a processor for a second and
/// many times its size in memory.
static READERS: Semaphore = Semaphore::const_new(2);

/// Reads a document, away from the threads that answer requests.
pub(crate) async fn read_aside<T: Send + 'static>(
    read: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let turn = READERS.acquire().await.map_err(|error| fault(&error))?;
    let read = tokio::task::spawn_blocking(move || {
        // Held until it is read, also if by then nobody waits for it any longer.
        let _turn = turn;
        read()
    });
    read.await.map_err(|error| fault(&error))
}
