//! Several changes of a draft at once.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{
    Context, InputObject, MaybeUndefined, Object, OneofObject, Result, SimpleObject,
};
use domain::Patch;
use domain::agenda::batch::{Edit, ItemRef};
use domain::agenda::edit::Placement;
use domain::id::kind;
use persistence::Edited;

use super::change::{AgendaItemPatch, AgendaItemUpdateInput};
use super::history::{conflicts_asked_for, drafted};
use super::{Agenda, AgendaConflict, AgendaItem};
use crate::appearance::{Appearance, AppearancePatch, AppearanceUpdateInput, AppearingInput};
use crate::bulk::effect;
use crate::change::{Wire, given, outcome, patch, retry};
use crate::failure::bad_input;
use crate::id::GlobalId;
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::scalar::LocalDateTime;
use crate::user_error::UserError;
use crate::word::{AgendaItemKind, AppearanceRole, Permission};

/// The most changes that are made at once.
const MOST: usize = 500;

/// Changes of a draft, to be made in one go.
#[derive(InputObject)]
pub(crate) struct AgendaEditInput {
    /// The event.
    event_id: GlobalId<kind::Event>,
    /// The changes, in order, at most 500: each builds upon those before it. If anything is wrong with any,
    /// none is made.
    operations: Vec<AgendaEditOperation>,
    /// The revision of the draft that the caller has seen, if it is to be at no other; the versions of
    /// items and appearances are those of before the first change.
    expected_revision: Option<i32>,
    /// Whether it is only tried: the answer tells the draft as it would be, or what would be wrong, and
    /// nothing changes.
    #[graphql(default = false)]
    dry_run: bool,
    /// The caller's own name for this request: sent again within 24 hours, it gets the same answer, and
    /// nothing is done twice.
    idempotency_key: Option<String>,
}

/// One change: exactly one of these.
#[derive(OneofObject)]
pub(crate) enum AgendaEditOperation {
    /// An item is added.
    ItemAdd(AgendaEditItemAddInput),
    /// What is said of an item is changed.
    ItemUpdate(AgendaItemUpdateInput),
    /// An item is moved with all below it.
    ItemMove(AgendaEditItemMoveInput),
    /// An item is removed with all below it.
    ItemRemove(AgendaEditItemRemoveInput),
    /// Somebody is put on an item, or on the whole event.
    AppearanceAdd(AgendaEditAppearanceAddInput),
    /// What is said of an appearance is changed.
    AppearanceUpdate(AppearanceUpdateInput),
    /// Somebody is taken off.
    AppearanceRemove(AgendaEditAppearanceRemoveInput),
}

/// An item to be added in a batch.
#[derive(InputObject)]
pub(crate) struct AgendaEditItemAddInput {
    /// What later changes of the same request call it.
    handle: Option<String>,
    /// What happens; `OTHER`, if nothing is said here or in `fields`.
    kind: Option<AgendaItemKind>,
    /// What else is said of it.
    fields: Option<AgendaItemPatch>,
    /// The item that it is part of.
    parent_id: Option<GlobalId<kind::AgendaItem>>,
    /// The same, by the handle of an item that was added before.
    parent_handle: Option<String>,
    /// Its place among its siblings, from 0; left out, it is the last.
    order: Option<i32>,
    /// When it begins, by the clocks there.
    starts_at_local: Option<LocalDateTime>,
    /// When it ends, by the clocks there.
    ends_at_local: Option<LocalDateTime>,
    /// Where.
    room_id: Option<GlobalId<kind::Room>>,
}

/// An item to be moved in a batch. What is left out stays.
#[derive(InputObject)]
pub(crate) struct AgendaEditItemMoveInput {
    /// Which.
    id: GlobalId<kind::AgendaItem>,
    /// The version that the caller has seen, before the first change.
    expected_version: i32,
    /// When it is to begin: all below it moves by the same time.
    starts_at_local: MaybeUndefined<LocalDateTime>,
    /// When it is to end; left out, it lasts as long as before.
    ends_at_local: MaybeUndefined<LocalDateTime>,
    /// The room; null if in none.
    room_id: MaybeUndefined<GlobalId<kind::Room>>,
    /// The item that it is to be part of; null to stand at the top.
    parent_id: MaybeUndefined<GlobalId<kind::AgendaItem>>,
    /// The same, by the handle of an item that was added before.
    parent_handle: Option<String>,
    /// Its place among its siblings, from 0.
    order: MaybeUndefined<i32>,
}

/// An item to be removed in a batch.
#[derive(InputObject)]
pub(crate) struct AgendaEditItemRemoveInput {
    /// Which: all below it goes too.
    id: GlobalId<kind::AgendaItem>,
    /// The version that the caller has seen, before the first change.
    expected_version: i32,
}

/// Somebody to be put on an item in a batch.
#[derive(InputObject)]
pub(crate) struct AgendaEditAppearanceAddInput {
    /// The item; left out with the handle, it is the whole event.
    item_id: Option<GlobalId<kind::AgendaItem>>,
    /// The same, by the handle of an item that was added before.
    item_handle: Option<String>,
    /// Who.
    who: AppearingInput,
    /// As what.
    role: AppearanceRole,
    /// What else is said of it.
    fields: Option<AppearancePatch>,
}

/// Somebody to be taken off in a batch.
#[derive(InputObject)]
pub(crate) struct AgendaEditAppearanceRemoveInput {
    /// Which appearance.
    id: GlobalId<kind::Appearance>,
    /// The version that the caller has seen, before the first change.
    expected_version: i32,
}

/// What became of changes that were made in one go.
#[derive(SimpleObject)]
pub(crate) struct AgendaEditPayload {
    /// The draft as it is now, or would be; null if there were problems.
    agenda: Option<Agenda>,
    /// What each change was about, in their order; none if there were problems.
    results: List<AgendaEditResult>,
    /// What on the agenda cannot all happen as planned now, or could not. Warnings: nothing was refused for them.
    conflicts: List<AgendaConflict>,
    /// Everything that was wrong, at once. If there is anything, nothing was changed.
    user_errors: List<UserError>,
}

/// What one of several changes was about.
#[derive(SimpleObject)]
pub(crate) struct AgendaEditResult {
    /// Its place in the request, from 0.
    index: i32,
    /// The item as it is now; null if it was about none, and if it is gone.
    item: Option<AgendaItem>,
    /// The appearance as it is now; null if it was about none, and if it is gone.
    appearance: Option<Appearance>,
}

/// Changing much of an agenda.
#[derive(Debug, Default)]
pub(crate) struct AgendaEditMutation;

#[Object]
impl AgendaEditMutation {
    /// Makes several changes of a draft in one go: all of them, or none. They are one revision, which can
    /// be taken back as one. Needs the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn agenda_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which changes, in order.")] input: AgendaEditInput,
    ) -> Result<AgendaEditPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        if input.operations.len() > MOST {
            let found = input.operations.len();
            let message = format!("operations takes at most {MOST} changes, not {found}");
            return Err(bad_input(message));
        }
        let event = input.event_id.0;
        let mut edits = Vec::with_capacity(input.operations.len());
        for operation in input.operations {
            edits.push(lowered(&session.store, operation)?);
        }
        let edit = persistence::AgendaEdit {
            event,
            expected_revision: input.expected_revision,
            edits,
            effect: effect(input.dry_run),
        };
        let done = Box::pin(
            session
                .store
                .edit_agenda(&session.actor, edit, retry.as_ref()),
        )
        .await;
        let (done, user_errors) = outcome(ctx, done).await?;
        let (agenda, done) = drafted(ctx, event, done).await?;
        let results = match &agenda {
            Some(agenda) => results(agenda, done.unwrap_or_default()),
            None => List::default(),
        };
        Ok(AgendaEditPayload {
            conflicts: conflicts_asked_for(ctx, agenda.as_ref()),
            agenda,
            results,
            user_errors,
        })
    }
}

/// What each change was about, as the draft has it.
fn results(agenda: &Agenda, done: Vec<Edited>) -> List<AgendaEditResult> {
    let agenda = &agenda.facts;
    let beside = agenda.appearances(None).iter();
    let appearances = beside.chain(agenda.all_appearances());
    let appearances: HashMap<_, _> = appearances.map(|one| (one.id, one)).collect();
    let result = |(index, about)| {
        let (item, appearance) = match about {
            Edited::Item(id) => (AgendaItem::of(agenda, id), None),
            Edited::Appearance(id) => (None, appearances.get(&id).copied()),
        };
        let appearance = appearance.cloned();
        AgendaEditResult {
            index,
            item,
            appearance: appearance.map(|one| Appearance::In(Arc::clone(agenda), one)),
        }
    };
    (0..).zip(done).map(result).collect()
}

/// A change as the domain takes it.
fn lowered(store: &persistence::Store, operation: AgendaEditOperation) -> Result<Edit> {
    Ok(match operation {
        AgendaEditOperation::ItemAdd(add) => {
            let mut fields = add
                .fields
                .as_ref()
                .map(AgendaItemPatch::fields)
                .unwrap_or_default();
            if let Some(kind) = add.kind {
                fields.kind = Patch::Set(kind.into());
            }
            Edit::AddItem {
                id: store.mint_item()?,
                under: one_of(add.parent_id, add.parent_handle),
                handle: add.handle,
                fields: Box::new(fields),
                placement: Placement {
                    starts_at: given(add.starts_at_local),
                    ends_at: given(add.ends_at_local),
                    room_id: given(add.room_id),
                    parent_id: Patch::Keep,
                    order: add.order.map_or(Patch::Keep, Patch::Set),
                },
            }
        }
        AgendaEditOperation::ItemUpdate(update) => {
            let seen = update.seen();
            Edit::UpdateItem {
                seen: (seen.id, seen.version),
                patch: Box::new(update.patch.fields()),
            }
        }
        AgendaEditOperation::ItemMove(to) => {
            let by_handle = one_of(None, to.parent_handle);
            let by_id = patch(to.parent_id);
            Edit::MoveItem {
                seen: (to.id.0, to.expected_version),
                under: match (by_handle, by_id) {
                    (Some(_), Patch::Set(_) | Patch::Clear) => Patch::Set(ItemRef::Both),
                    (Some(handle), Patch::Keep) => Patch::Set(handle),
                    (None, Patch::Set(id)) => Patch::Set(ItemRef::Id(id)),
                    (None, Patch::Clear) => Patch::Clear,
                    (None, Patch::Keep) => Patch::Keep,
                },
                placement: Placement {
                    starts_at: patch(to.starts_at_local),
                    ends_at: patch(to.ends_at_local),
                    room_id: patch(to.room_id),
                    parent_id: Patch::Keep,
                    order: patch(to.order),
                },
            }
        }
        AgendaEditOperation::ItemRemove(remove) => Edit::RemoveItem {
            seen: (remove.id.0, remove.expected_version),
        },
        AgendaEditOperation::AppearanceAdd(add) => {
            let order = add.fields.as_ref().map(AppearancePatch::order);
            let fields = add
                .fields
                .as_ref()
                .map(AppearancePatch::fields)
                .unwrap_or_default();
            Edit::AddAppearance {
                id: store.mint_appearance()?,
                item: one_of(add.item_id, add.item_handle),
                who: add.who.plain(),
                role: add.role.into(),
                fields: Box::new(fields),
                order: order.unwrap_or(Patch::Keep),
            }
        }
        AgendaEditOperation::AppearanceUpdate(update) => {
            let seen = update.seen();
            Edit::UpdateAppearance {
                seen: (seen.id, seen.version),
                order: update.patch.order(),
                patch: Box::new(update.patch.fields()),
            }
        }
        AgendaEditOperation::AppearanceRemove(remove) => Edit::RemoveAppearance {
            seen: (remove.id.0, remove.expected_version),
        },
    })
}

/// An item by its id or by its handle, whichever is given.
fn one_of(id: Option<GlobalId<kind::AgendaItem>>, handle: Option<String>) -> Option<ItemRef> {
    match (id, handle) {
        (Some(_), Some(_)) => Some(ItemRef::Both),
        (Some(id), None) => Some(ItemRef::Id(id.0)),
        (None, Some(handle)) => Some(ItemRef::Handle(handle)),
        (None, None) => None,
    }
}
