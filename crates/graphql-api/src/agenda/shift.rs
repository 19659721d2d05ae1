//! Making what is still to come on an agenda later, or earlier.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::agenda::shift::Shift;
use domain::id::kind;

use super::history::{conflicts_asked_for, drafted};
use super::{Agenda, AgendaConflict};
use crate::bulk::effect;
use crate::change::outcome;
use crate::id::{GlobalId, global};
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::scalar::LocalDateTime;
use crate::user_error::UserError;
use crate::word::Permission;

/// What of an agenda is to be later, or earlier, and by how much.
#[derive(InputObject)]
pub(crate) struct AgendaShiftInput {
    /// The event.
    event_id: GlobalId<kind::Event>,
    /// The revision of the draft that the caller has seen: if it is at another by now, nothing is
    /// moved.
    expected_revision: i32,
    /// What begins then or later moves, with all below it, by the clocks there.
    from_local: LocalDateTime,
    /// What begins then or later stays.
    until_local: Option<LocalDateTime>,
    /// By how many minutes it is later by the clocks there; less than 0, earlier. At most a week either
    /// way.
    minutes: i32,
    /// Only what is in this room moves.
    room_id: Option<GlobalId<kind::Room>>,
    /// Only what is in this strand moves.
    track_id: Option<GlobalId<kind::Track>>,
    /// Whether it is only tried: the answer tells the draft as it would be, and nothing changes.
    #[graphql(default = false)]
    dry_run: bool,
}

/// What became of making what is still to come later, or earlier.
#[derive(SimpleObject)]
pub(crate) struct AgendaShiftPayload {
    /// The draft as it is now, or would be; null if there were problems.
    agenda: Option<Agenda>,
    /// The items that are at another time now, or would be, the one that begins first first: those
    /// that moved with all below them, and those that began before and end later.
    shifted_ids: List<ID>,
    /// What on the agenda cannot all happen as planned now. Warnings: nothing was refused for them.
    conflicts: List<AgendaConflict>,
    /// Everything that was wrong, at once. If there is anything, nothing was moved.
    user_errors: List<UserError>,
}

/// Running late, or early.
#[derive(Debug, Default)]
pub(crate) struct AgendaShiftMutation;

#[Object]
impl AgendaShiftMutation {
    /// Makes what begins from some time on later, or earlier, all by as many minutes: a session ran
    /// late. What goes on until a part of it ends that is later now, ends later too. Needs the
    /// permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_shift(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to move, and by how much.")] input: AgendaShiftInput,
    ) -> Result<AgendaShiftPayload> {
        let session = session(ctx)?;
        let event = input.event_id.0;
        let shift = Shift {
            from: input.from_local.0,
            until: input.until_local.map(|local| local.0),
            minutes: input.minutes,
            room_id: input.room_id.map(|id| id.0),
            track_id: input.track_id.map(|id| id.0),
        };
        let done = Box::pin(session.store.shift_agenda(
            &session.actor,
            event,
            shift,
            input.expected_revision,
            effect(input.dry_run),
        ))
        .await;
        let (done, user_errors) = outcome(ctx, done).await?;
        let (agenda, shifted) = drafted(ctx, event, done).await?;
        Ok(AgendaShiftPayload {
            conflicts: conflicts_asked_for(ctx, agenda.as_ref()),
            agenda,
            shifted_ids: shifted
                .unwrap_or_default()
                .into_iter()
                .map(global)
                .collect(),
            user_errors,
        })
    }
}
