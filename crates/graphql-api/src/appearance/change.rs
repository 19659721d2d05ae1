//! Changing who does what.

use async_graphql::{Context, Object, Result, SimpleObject};
use domain::appearance as facts;
use domain::id::kind;

use super::Appearance;
use crate::agenda::{AgendaConflict, conflicts};
use crate::change::{PartyInput, Wire, about, editable, outcome, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::user_error::UserError;
use crate::word::{AppearanceRole, Permission};

/// Who appears: exactly one of these.
#[derive(Clone, async_graphql::OneofObject)]
pub(crate) enum AppearingInput {
    /// A person.
    #[graphql(name = "personId")]
    Person(GlobalId<kind::Person>),
    /// An organization as such.
    #[graphql(name = "organizationId")]
    Organization(GlobalId<kind::Organization>),
    /// People whom nobody has named.
    #[graphql(name = "groupId")]
    Group(GlobalId<kind::ParticipantGroup>),
}

impl Wire for AppearingInput {
    type Plain = facts::Appearing;
    fn plain(self) -> facts::Appearing {
        match self {
            Self::Person(id) => facts::Appearing::Person(id.0),
            Self::Organization(id) => facts::Appearing::Organization(id.0),
            Self::Group(id) => facts::Appearing::Group(id.0),
        }
    }
}

editable! {
    facts::AppearancePatch [order] {
        /// What they do.
        role: Required AppearanceRole => role,
        /// In whose name.
        on_behalf_of: Optional PartyInput => on_behalf_of,
        /// The name as printed for this event; what they are called, if nothing is said.
        printed_name: Optional String => printed_name,
        /// The posts as printed for this event, in order; those held when it begins, if nothing is
        /// said. Given, it replaces all.
        printed_posts: Optional Vec<String> => printed_posts,
    }
    /// Who does what, on an item or on the whole event.
    create AppearanceAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
        /// The item; left out, it is the whole event.
        item_id: Option<GlobalId<kind::AgendaItem>>,
        /// Who.
        who: AppearingInput,
    }
    /// What is to be otherwise of an appearance.
    patch AppearancePatch
    /// Which appearance to change, and how.
    update AppearanceUpdateInput (kind::Appearance)
}

/// What became of adding an appearance.
#[derive(SimpleObject)]
pub(crate) struct AppearanceAddPayload {
    /// The appearance; null if there were problems.
    appearance: Option<Appearance>,
    /// What on the agenda cannot all happen as planned now. Warnings: nothing was refused for them.
    conflicts: List<AgendaConflict>,
    /// Everything that was wrong, at once. If there is anything, nothing was changed.
    user_errors: List<UserError>,
}

/// What became of changing the appearance.
#[derive(SimpleObject)]
pub(crate) struct AppearanceUpdatePayload {
    /// The appearance as it is now; null if there were problems.
    appearance: Option<Appearance>,
    /// What on the agenda cannot all happen as planned now. Warnings: nothing was refused for them.
    conflicts: List<AgendaConflict>,
    /// Everything that was wrong, at once. If there is anything, nothing was changed.
    user_errors: List<UserError>,
}

removal!(
    AppearanceRemoveInput,
    AppearanceRemovePayload,
    kind::Appearance,
    "appearance"
);

/// Changing appearances.
#[derive(Debug, Default)]
pub(crate) struct AppearanceMutation;

#[Object]
impl AppearanceMutation {
    /// Puts someone on an item, or on the whole event. Speaking at an event makes one a participant. Needs the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn appearance_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: AppearanceAddInput,
    ) -> Result<AppearanceAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_appearance(
            &session.actor,
            persistence::NewAppearance {
                event: input.event_id.0,
                item: input.item_id.as_ref().map(|id| id.0),
                who: input.who.clone().plain(),
                role: input.role.into(),
                fields: input.fields(),
                order: input.order(),
            },
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(AppearanceAddPayload {
            conflicts: conflicts(ctx, id.map(|_| input.event_id.0)).await?,
            appearance: thing!(ctx, id, Appearance),
            user_errors,
        })
    }

    /// Changes what is said of an appearance. Needs the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn appearance_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: AppearanceUpdateInput,
    ) -> Result<AppearanceUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_appearance(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        let appearance = thing!(ctx, id, Appearance);
        let event = appearance.as_ref().map(Appearance::event_id);
        Ok(AppearanceUpdatePayload {
            conflicts: conflicts(ctx, event).await?,
            appearance,
            user_errors,
        })
    }

    /// Takes someone off. They stay a participant. Needs the permission `AGENDA_EDIT`.
    #[graphql(directive = requires::apply(Permission::AgendaEdit))]
    async fn appearance_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: AppearanceRemoveInput,
    ) -> Result<AppearanceRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .remove_appearance(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(AppearanceRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
