//! Working on the agenda.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use domain::Patch;
use domain::agenda::edit as facts;
use domain::id::{EventId, kind};

use super::{Agenda, AgendaConflict, AgendaItem};
use crate::bulk::effect;
use crate::change::{LocalizedTextInput, editable, given, outcome, patch, payload, retry, thing};
use crate::id::{GlobalId, global};
use crate::link::LinkInput;
use crate::list::List;
use crate::load::AgendaOf;
use crate::request::session;
use crate::requires::requires;
use crate::scalar::{LanguageTag, LocalDateTime, Url};
use crate::user_error::UserError;
use crate::word::{AgendaItemKind, Permission};

editable! {
    facts::AgendaItemPatch [] {
        /// The caller's own name for it, unique among the items of the event.
        external_id: Optional String => external_id,
        /// What happens.
        kind: Required AgendaItemKind => kind,
        /// What it is called; without a title it goes by its kind.
        title: Optional LocalizedTextInput => title,
        /// What stands below the title.
        subtitle: Optional LocalizedTextInput => subtitle,
        /// What it is about.
        #[graphql(name = "abstract")]
        summary: Optional LocalizedTextInput => summary,
        /// The language it is held in.
        language: Optional LanguageTag => language,
        /// In which strand.
        track_id: Optional GlobalId<kind::Track> => track_id,
        /// How many will come to it, as far as the organisers can tell.
        expected_audience: Optional i32 => expected_audience,
        /// Its own page: an address that begins with https:// or http://.
        url: Optional Url => url,
        /// Where more about it is to be read, in order. Given, it replaces all.
        links: Optional Vec<LinkInput> => links,
        /// What is handed out, such as slides, in order. Given, it replaces all.
        attachments: Optional Vec<LinkInput> => attachments,
    }
    /// An item to be added to the agenda, and where it is to stand.
    create AgendaItemAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
        /// The item that it is part of; left out, it stands at the top.
        parent_id: Option<GlobalId<kind::AgendaItem>>,
        /// Its place among its siblings, from 0; the others make room. Left out, it is the last.
        order: Option<i32>,
        /// When it begins, by the clocks there.
        starts_at_local: Option<LocalDateTime>,
        /// When it ends, by the clocks there.
        ends_at_local: Option<LocalDateTime>,
        /// Where.
        room_id: Option<GlobalId<kind::Room>>,
    }
    /// What is to be otherwise of an item. When, where and under which item it stands is changed by
    /// moving it (`agendaItemMove`).
    patch AgendaItemPatch
    /// Which item to change, and how.
    update AgendaItemUpdateInput (kind::AgendaItem)
}

/// Which item to move, and where to. What is left out stays.
#[derive(InputObject)]
pub(crate) struct AgendaItemMoveInput {
    /// Which.
    id: GlobalId<kind::AgendaItem>,
    /// The version that the caller has seen: if it is at another by now, nothing is moved.
    expected_version: i32,
    /// When it is to begin, by the clocks there: all below it moves by the same time.
    starts_at_local: MaybeUndefined<LocalDateTime>,
    /// When it is to end, by the clocks there; left out, it lasts as long as before.
    ends_at_local: MaybeUndefined<LocalDateTime>,
    /// The room; null if in none.
    room_id: MaybeUndefined<GlobalId<kind::Room>>,
    /// The item that it is to be part of; null to stand at the top.
    parent_id: MaybeUndefined<GlobalId<kind::AgendaItem>>,
    /// Its place among its siblings, from 0; the others make room.
    order: MaybeUndefined<i32>,
}

/// The items of one list, in the order in which they are to stand.
#[derive(InputObject)]
pub(crate) struct AgendaItemReorderInput {
    /// The event.
    event_id: GlobalId<kind::Event>,
    /// The item whose parts they are; left out, those at the top.
    parent_id: Option<GlobalId<kind::AgendaItem>>,
    /// The revision of the agenda that the caller has seen: if it is at another by now, nothing is
    /// changed.
    expected_revision: i32,
    /// Every item that stands there, once.
    item_ids: Vec<GlobalId<kind::AgendaItem>>,
}

/// Which item to remove.
#[derive(InputObject)]
pub(crate) struct AgendaItemRemoveInput {
    /// Which: all below it goes too.
    id: GlobalId<kind::AgendaItem>,
    /// The version that the caller has seen: if it is at another by now, nothing is removed.
    expected_version: i32,
    /// Whether it is only tried: the answer says what would go, and nothing does.
    #[graphql(default = false)]
    dry_run: bool,
}

/// What became of an item.
macro_rules! item_payload {
    ($payload:ident, $doing:literal) => {
        #[doc = concat!("What became of ", $doing, " an item.")]
        #[derive(SimpleObject)]
        pub(crate) struct $payload {
            /// The item as it is now; null if there were problems.
            item: Option<AgendaItem>,
            /// What on the agenda cannot all happen as planned now. Warnings: nothing was refused for
            /// them.
            conflicts: List<AgendaConflict>,
            /// Everything that was wrong, at once. If there is anything, nothing was changed.
            user_errors: List<UserError>,
        }
    };
}

item_payload!(AgendaItemAddPayload, "adding");
item_payload!(AgendaItemUpdatePayload, "changing");
item_payload!(AgendaItemMovePayload, "moving");

payload! {
    /// What became of putting items in another order.
    AgendaItemReorderPayload {
        /// The agenda as it is now; null if there were problems.
        agenda: Agenda
    }
}

/// What became of removing an item.
#[derive(SimpleObject)]
pub(crate) struct AgendaItemRemovePayload {
    /// The items that went, or would go: the one that was named and all below it, each before what
    /// is below it.
    removed_ids: List<ID>,
    /// The appearances that went with them, or would go. The people stay participants.
    removed_appearance_ids: List<ID>,
    /// The releases, awards and resolutions that stay with the event, but on no item any longer.
    detached_ids: List<ID>,
    /// Everything that was wrong, at once. If there is anything, nothing was removed.
    user_errors: List<UserError>,
}

/// Working on the agenda.
#[derive(Debug, Default)]
pub(crate) struct AgendaItemMutation;

#[Object]
impl AgendaItemMutation {
    /// Adds an item to the agenda. Needs the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_item_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What happens, when and where.")] input: AgendaItemAddInput,
    ) -> Result<AgendaItemAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let event = input.event_id.0;
        let placement = facts::Placement {
            starts_at: given(input.starts_at_local.clone()),
            ends_at: given(input.ends_at_local.clone()),
            room_id: given(input.room_id.clone()),
            parent_id: given(input.parent_id.clone()),
            order: input.order.map_or(Patch::Keep, Patch::Set),
        };
        let made = Box::pin(session.store.add_agenda_item(
            &session.actor,
            event,
            input.fields(),
            placement,
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(AgendaItemAddPayload {
            conflicts: conflicts(ctx, id.map(|_| event)).await?,
            item: thing!(ctx, id, AgendaItem),
            user_errors,
        })
    }

    /// Changes what is said of an item. Needs the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_item_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which item to change, and how.")] input: AgendaItemUpdateInput,
    ) -> Result<AgendaItemUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_agenda_item(
            &session.actor,
            input.seen(),
            input.patch.fields(),
        ))
        .await;
        let (event, user_errors) = outcome(ctx, done).await?;
        Ok(AgendaItemUpdatePayload {
            conflicts: conflicts(ctx, event).await?,
            item: thing!(ctx, event.map(|_| input.id.0), AgendaItem),
            user_errors,
        })
    }

    /// Moves an item with all below it: to another time, room, parent, or place in the order. Needs
    /// the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_item_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which item to move, and where to.")] input: AgendaItemMoveInput,
    ) -> Result<AgendaItemMovePayload> {
        let session = session(ctx)?;
        let seen = persistence::Seen {
            id: input.id.0,
            version: input.expected_version,
        };
        let placement = facts::Placement {
            starts_at: patch(input.starts_at_local),
            ends_at: patch(input.ends_at_local),
            room_id: patch(input.room_id),
            parent_id: patch(input.parent_id),
            order: patch(input.order),
        };
        let done = Box::pin(
            session
                .store
                .move_agenda_item(&session.actor, seen, placement),
        )
        .await;
        let (event, user_errors) = outcome(ctx, done).await?;
        Ok(AgendaItemMovePayload {
            conflicts: conflicts(ctx, event).await?,
            item: thing!(ctx, event.map(|_| input.id.0), AgendaItem),
            user_errors,
        })
    }

    /// Puts the items of one list in another order. Needs the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_item_reorder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which items, in which order.")] input: AgendaItemReorderInput,
    ) -> Result<AgendaItemReorderPayload> {
        let session = session(ctx)?;
        let event = input.event_id.0;
        let items: Vec<_> = input.item_ids.iter().map(|id| id.0).collect();
        let done = Box::pin(session.store.reorder_agenda_items(
            &session.actor,
            event,
            input.parent_id.map(|id| id.0),
            &items,
            input.expected_revision,
        ))
        .await;
        let (done, user_errors) = outcome(ctx, done).await?;
        let agenda = match done {
            Some(()) => session.one(AgendaOf(event)).await?.map(Agenda::draft),
            None => None,
        };
        Ok(AgendaItemReorderPayload {
            agenda,
            user_errors,
        })
    }

    /// Removes an item with all below it, and says what goes with it. Needs the permission
    /// `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_item_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which item to remove.")] input: AgendaItemRemoveInput,
    ) -> Result<AgendaItemRemovePayload> {
        let session = session(ctx)?;
        let seen = persistence::Seen {
            id: input.id.0,
            version: input.expected_version,
        };
        let done = Box::pin(session.store.remove_agenda_item(
            &session.actor,
            seen,
            effect(input.dry_run),
        ))
        .await;
        let (gone, user_errors) = outcome(ctx, done).await?;
        let gone = gone.unwrap_or_default();
        Ok(AgendaItemRemovePayload {
            removed_ids: gone.items.into_iter().map(global).collect(),
            removed_appearance_ids: gone.appearances.into_iter().map(global).collect(),
            detached_ids: gone.detached.into_iter().map(ID).collect(),
            user_errors,
        })
    }
}

/// The conflicts of an event's agenda as it is now, if they are asked for.
pub(crate) async fn conflicts(
    ctx: &Context<'_>,
    event: Option<EventId>,
) -> Result<List<AgendaConflict>> {
    let Some(event) = event.filter(|_| ctx.look_ahead().field("conflicts").exists()) else {
        return Ok(List::from_iter([]));
    };
    let agenda = session(ctx)?.one(AgendaOf(event)).await?;
    Ok(agenda
        .map(|agenda| AgendaConflict::all(&agenda))
        .unwrap_or_default())
}
