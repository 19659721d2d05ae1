//! Bringing an event to what a document says: all of it, or nothing.

mod retold;
mod write;

use domain::access::{Actor, Denied, Permission};
use domain::event::{Event, EventState};
use domain::event_document::{EventDocument, check, merge, replace};
use domain::id::{EventId, WorkspaceId};
use domain::{Problem, Slug};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use retold::{contradictions, retold};

use super::directory::{Directory, Scope};
use super::export::export;
use super::sync::ImportChanges;
use crate::column::DbId;
use crate::entity::event::event;
use crate::error::{Error, Fault};
use crate::operation::Effect;
use crate::store::Store;

/// An event to be imported.
#[derive(Debug, Clone)]
pub struct EventImport {
    /// Into which workspace.
    pub workspace: WorkspaceId,
    /// What the event is to be.
    pub document: EventDocument,
    /// What becomes of what the document does not mention.
    pub missing: Missing,
    /// Whether it happens, or is only tried.
    pub effect: Effect,
}

/// What becomes of things and values that a document sent again does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// They stay.
    Keep,
    /// They go, as far as they are the event's own; people, organizations and places stay.
    Remove,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportStage {
    /// What is known of the event and of those it speaks of is read.
    Reading,
    /// The document is laid over what is known.
    Comparing,
    /// What is new or otherwise is written.
    Writing,
    /// It is made so, or undone.
    Ending,
}

/// Everything that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the document has {} problems", .0.len())]
pub struct ImportRefused(pub Vec<Problem>);

impl Store {
    /// Creates an event from a document, or brings it up to date; ids stay. Tells the event as it
    /// is then (or would be), and what that changed.
    pub async fn import_event(
        &self,
        actor: &Actor,
        import: EventImport,
    ) -> Result<(Event, ImportChanges), Error<ImportRefused>> {
        self.import_event_telling(actor, import, &|_stage| {}).await
    }

    /// The same, telling `progress` how far it has come.
    pub async fn import_event_telling(
        &self,
        actor: &Actor,
        import: EventImport,
        progress: &(dyn Fn(ImportStage) + Send + Sync),
    ) -> Result<(Event, ImportChanges), Error<ImportRefused>> {
        actor.may(Permission::EventImport, import.workspace)?;
        refuse_if_any(check(&import.document))?;

        progress(ImportStage::Reading);
        let tx = self.begin().await?;
        if !tx.lock_workspace(import.workspace).await? {
            return Err(Denied::NotFound.into());
        }
        // Always the workspace first, then the event: others lock the event alone.
        let existing = match event_of(tx.on(), import.workspace, &import.document.key).await? {
            Some(row) => tx.lock_event(row.id.0).await?,
            None => None,
        };
        let known = known(
            tx.on(),
            import.workspace,
            existing.as_ref(),
            &import.document,
        )
        .await?;
        progress(ImportStage::Comparing);
        let document = match import.missing {
            Missing::Keep => merge(import.document.clone(), known),
            Missing::Remove => replace(import.document.clone(), known),
        };
        // What was sound by itself may contradict what was known before.
        let problems = check(&document);
        refuse_if_any(contradictions(problems, &document, &import.document))?;
        progress(ImportStage::Writing);
        let written = Box::pin(write::write(
            self,
            tx.on(),
            actor,
            import.workspace,
            existing,
            document.clone(),
        ))
        .await;
        let (event, changes) = written.map_err(|error| match error {
            Error::Refused(ImportRefused(problems)) => {
                Error::Refused(ImportRefused(retold(problems, &document, &import.document)))
            }
            other @ (Error::Denied(_) | Error::Fault(_)) => other,
        })?;
        progress(ImportStage::Ending);
        match import.effect {
            Effect::Apply => tx.commit().await?,
            Effect::Rehearse => drop(tx),
        }
        if import.effect == Effect::Apply && event.status.state() == EventState::Published {
            self.calendars_follow_import(actor, event.id).await?;
        }
        Ok((event, changes))
    }

    /// Calendars follow what a document says of an event. By itself: should it fail, the same document
    /// brought in again makes up for it.
    async fn calendars_follow_import(
        &self,
        actor: &Actor,
        event: EventId,
    ) -> Result<(), Error<ImportRefused>> {
        let name = "eventImport";
        let mut operation = self
            .operate_in(actor, name, Permission::EventImport, event)
            .await?;
        operation.calendars_of_event().await?;
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }
}

fn refuse_if_any(problems: Vec<Problem>) -> Result<(), Error<ImportRefused>> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(ImportRefused(problems)))
    }
}

async fn event_of(
    on: &impl ConnectionTrait,
    workspace: WorkspaceId,
    slug: &Slug,
) -> Result<Option<event::Model>, Fault> {
    Ok(event::Entity::find()
        .filter(event::Column::WorkspaceId.eq(DbId(workspace)))
        .filter(event::Column::Slug.eq(slug.as_str()))
        .one(on)
        .await?)
}

/// What is known of the things that a document speaks of.
async fn known(
    on: &impl ConnectionTrait,
    workspace: WorkspaceId,
    existing: Option<&event::Model>,
    document: &EventDocument,
) -> Result<EventDocument, Fault> {
    let mut scope = Scope::default();
    scope.add_keys_of(document);
    if let Some(row) = existing {
        return export(on, row.clone().event()?, scope).await;
    }
    // A new event: only its directory can be known already.
    let directory = Directory::load(on, workspace, &scope).await?;
    Ok(EventDocument {
        venues: directory.venue_entries()?,
        organizations: directory.organization_entries(None, &std::collections::BTreeMap::new())?,
        people: directory.person_entries()?,
        ..bare(document)
    })
}

/// A document that says no more than another must.
fn bare(document: &EventDocument) -> EventDocument {
    EventDocument {
        key: document.key.clone(),
        kind: None,
        status: None,
        cancellation_reason: None,
        visibility: None,
        title: document.title.clone(),
        alternative_titles: Vec::new(),
        theme: None,
        topics: Vec::new(),
        locality: None,
        time: document.time.clone(),
        venue: None,
        room: None,
        capacity: None,
        room_change_minutes: None,
        parent: None,
        series: None,
        venues: Vec::new(),
        organizations: Vec::new(),
        people: Vec::new(),
        roles: Vec::new(),
        groups: Vec::new(),
        participants: Vec::new(),
        appearances: Vec::new(),
        tracks: Vec::new(),
        agenda: Vec::new(),
        releases: Vec::new(),
        awards: Vec::new(),
        letters: Vec::new(),
        resolutions: Vec::new(),
        action_items: Vec::new(),
        reports: Vec::new(),
    }
}
