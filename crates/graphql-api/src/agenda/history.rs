//! The changes of an agenda: listed, taken back, done again, and all of them since a version.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use domain::audit::Doer;
use domain::id::{EventId, kind};
use persistence::{Drafted, HistoryDirection};

use super::{Agenda, AgendaConflict};
use crate::audit::AuditEntry;
use crate::bulk::effect;
use crate::change::{outcome, payload};
use crate::id::GlobalId;
use crate::list::List;
use crate::load::{AgendaOf, EditorNamed, EntriesOf};
use crate::request::session;
use crate::requires::requires;
use crate::scalar::DateTime;
use crate::user_error::UserError;
use crate::word::Permission;

/// A change of an agenda.
#[derive(Clone)]
pub(crate) struct AgendaRevision(pub(crate) Arc<domain::agenda::AgendaRevision>);

/// A change of an agenda: what led to the revision of this number.
#[Object]
impl AgendaRevision {
    /// Its number: the revision that the agenda is at since.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// What was asked for: `agendaItemMove`.
    async fn operation(&self) -> &str {
        &self.0.operation
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// What the account is called that did it; null if no account did.
    async fn done_by(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Doer::Account { account_id, .. } = self.0.by else {
            return Ok(None);
        };
        let name = session(ctx)?.one(EditorNamed(account_id)).await?;
        Ok(name.map(|name| name.to_string()))
    }

    /// The revision that it took back; null if it took none back.
    async fn undoes(&self) -> Option<i32> {
        self.0.undoes
    }

    /// What it did, thing by thing.
    async fn entries(&self, ctx: &Context<'_>) -> Result<List<AuditEntry>> {
        let key = EntriesOf(self.0.operation_id);
        let entries = session(ctx)?.list(key).await?;
        Ok(entries.into_iter().map(AuditEntry).collect())
    }
}

/// Which agenda to take a step back or forth in.
#[derive(InputObject)]
pub(crate) struct AgendaUndoInput {
    /// The event.
    event_id: GlobalId<kind::Event>,
    /// The revision of the draft that the caller has seen: if it is at another by now, nothing happens.
    expected_revision: i32,
    /// Whether it is only tried: the answer tells the draft as it would be, and nothing changes.
    #[graphql(default = false)]
    dry_run: bool,
}

/// Which agenda to take a step forth in, after one back.
#[derive(InputObject)]
pub(crate) struct AgendaRedoInput {
    /// The event.
    event_id: GlobalId<kind::Event>,
    /// The revision of the draft that the caller has seen: if it is at another by now, nothing happens.
    expected_revision: i32,
    /// Whether it is only tried: the answer tells the draft as it would be, and nothing changes.
    #[graphql(default = false)]
    dry_run: bool,
}

/// What became of taking a change back.
#[derive(SimpleObject)]
pub(crate) struct AgendaUndoPayload {
    /// The draft as it is now, or would be; null if there were problems.
    agenda: Option<Agenda>,
    /// The change that was taken back, or would be; null if there were problems.
    undone: Option<AgendaRevision>,
    /// Everything that was wrong, at once. If there is anything, nothing was taken back.
    user_errors: List<UserError>,
}

/// What became of doing a change again.
#[derive(SimpleObject)]
pub(crate) struct AgendaRedoPayload {
    /// The draft as it is now, or would be; null if there were problems.
    agenda: Option<Agenda>,
    /// The change that had taken back what is done again, or would be; null if there were problems.
    undone: Option<AgendaRevision>,
    /// Everything that was wrong, at once. If there is anything, nothing was done.
    user_errors: List<UserError>,
}

/// To which version the draft is to go back.
#[derive(InputObject)]
pub(crate) struct AgendaRevertInput {
    /// The event.
    event_id: GlobalId<kind::Event>,
    /// The number of the version that was published.
    version: i32,
    /// The revision of the draft that the caller has seen: if it is at another by now, nothing happens.
    expected_revision: i32,
    /// Whether it is only tried: the answer tells the draft as it would be, and nothing changes.
    #[graphql(default = false)]
    dry_run: bool,
}

payload! {
    /// What became of going back to a version.
    AgendaRevertPayload {
        /// The draft as it is now, or would be; null if there were problems.
        agenda: Agenda
    }
}

/// Going back and forth in an agenda.
#[derive(Debug, Default)]
pub(crate) struct AgendaHistoryMutation;

#[Object]
impl AgendaHistoryMutation {
    /// Takes the last change of the draft back that stands. Needs the permission `AGENDA_EDIT`, and
    /// `EVENT_EDIT` where awards or releases change.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_undo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agenda.")] input: AgendaUndoInput,
    ) -> Result<AgendaUndoPayload> {
        let (event, effect) = (input.event_id.0, effect(input.dry_run));
        let step = step(
            ctx,
            event,
            HistoryDirection::Back,
            input.expected_revision,
            effect,
        );
        let (agenda, undone, user_errors) = step.await?;
        Ok(AgendaUndoPayload {
            agenda,
            undone,
            user_errors,
        })
    }

    /// Does again what was taken back last, as long as nothing else was done since. Needs the permission
    /// `AGENDA_EDIT`, and `EVENT_EDIT` where awards or releases change.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_redo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agenda.")] input: AgendaRedoInput,
    ) -> Result<AgendaRedoPayload> {
        let (event, effect) = (input.event_id.0, effect(input.dry_run));
        let step = step(
            ctx,
            event,
            HistoryDirection::Forth,
            input.expected_revision,
            effect,
        );
        let (agenda, undone, user_errors) = step.await?;
        Ok(AgendaRedoPayload {
            agenda,
            undone,
            user_errors,
        })
    }

    /// Makes the draft what was published as a version, to start again from there. Needs the permission
    /// `AGENDA_EDIT`, and `EVENT_EDIT` where awards or releases change.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_revert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agenda, and to which version.")] input: AgendaRevertInput,
    ) -> Result<AgendaRevertPayload> {
        let session = session(ctx)?;
        let event = input.event_id.0;
        let done = Box::pin(session.store.revert_agenda(
            &session.actor,
            event,
            input.version,
            input.expected_revision,
            effect(input.dry_run),
        ))
        .await;
        let (done, user_errors) = outcome(ctx, done).await?;
        let (agenda, _) = drafted(ctx, event, done).await?;
        Ok(AgendaRevertPayload {
            agenda,
            user_errors,
        })
    }
}

async fn step(
    ctx: &Context<'_>,
    event: EventId,
    direction: HistoryDirection,
    expected_revision: i32,
    effect: persistence::Effect,
) -> Result<(Option<Agenda>, Option<AgendaRevision>, List<UserError>)> {
    let session = session(ctx)?;
    let done = Box::pin(session.store.undo_agenda(
        &session.actor,
        event,
        direction,
        expected_revision,
        effect,
    ))
    .await;
    let (done, user_errors) = outcome(ctx, done).await?;
    let (agenda, undone) = drafted(ctx, event, done).await?;
    let undone = undone.map(|undone| AgendaRevision(Arc::new(undone)));
    Ok((agenda, undone, user_errors))
}

/// The draft as it is after a change, or as it would be, and what the change did.
pub(super) async fn drafted<T>(
    ctx: &Context<'_>,
    event: EventId,
    done: Option<Drafted<T>>,
) -> Result<(Option<Agenda>, Option<T>)> {
    let Some(Drafted { done, tried }) = done else {
        return Ok((None, None));
    };
    let agenda = match tried {
        Some(tried) => Some(tried),
        None => session(ctx)?.one(AgendaOf(event)).await?,
    };
    Ok((agenda.map(Agenda::draft), Some(done)))
}

/// What on a draft cannot all happen as planned, if that is asked for.
pub(super) fn conflicts_asked_for(
    ctx: &Context<'_>,
    agenda: Option<&Agenda>,
) -> List<AgendaConflict> {
    match agenda.filter(|_| ctx.look_ahead().field("conflicts").exists()) {
        Some(agenda) => AgendaConflict::all(&agenda.facts),
        None => List::default(),
    }
}
