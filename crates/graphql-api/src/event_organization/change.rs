//! Changing the roles of organizations in an event, and the delegations that they send.

use async_graphql::{Context, MaybeUndefined, Object, Result};
use domain::event_organization as facts;
use domain::id::kind;

use super::EventOrganization;
use crate::change::{Wire, about, editable, outcome, patch, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::scalar::DateTime;
use crate::word::{EventOrganizationRole, Permission};

/// Whom an attending organization sends. What is left out stays; null takes away.
#[derive(Clone, async_graphql::InputObject)]
pub(crate) struct DelegationInput {
    /// How many it may send, if that is limited.
    quota: MaybeUndefined<i32>,
    /// The person at the organization who sees to it.
    liaison_id: MaybeUndefined<GlobalId<kind::Person>>,
    /// Until when the list of delegates is to be returned.
    due_at: MaybeUndefined<DateTime>,
    /// When it was returned.
    returned_at: MaybeUndefined<DateTime>,
}

impl Wire for DelegationInput {
    type Plain = facts::DelegationPatch;
    fn plain(self) -> facts::DelegationPatch {
        facts::DelegationPatch {
            quota: patch(self.quota),
            liaison_id: patch(self.liaison_id),
            due_at: patch(self.due_at),
            returned_at: patch(self.returned_at),
        }
    }
}

editable! {
    facts::EventOrganizationPatch [order] {
        /// The role.
        role: Required EventOrganizationRole => role,
        /// Its name as printed for this event; what it is called, if nothing is said.
        printed_name: Optional String => printed_name,
        /// The delegation that it sends.
        delegation: Optional DelegationInput => delegation,
    }
    /// The role of an organization in an event. The place is that by protocol.
    create EventOrganizationAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
        /// The organization.
        organization_id: GlobalId<kind::Organization>,
    }
    /// What is to be otherwise of a role.
    patch EventOrganizationPatch
    /// Which role to change, and how.
    update EventOrganizationUpdateInput (kind::EventOrganization)
}

payload! {
    /// What became of adding a role.
    EventOrganizationAddPayload {
        /// The role; null if there were problems.
        event_organization: EventOrganization
    }
}
payload! {
    /// What became of changing the role.
    EventOrganizationUpdatePayload {
        /// The role as it is now; null if there were problems.
        event_organization: EventOrganization
    }
}
removal!(
    EventOrganizationRemoveInput,
    EventOrganizationRemovePayload,
    kind::EventOrganization,
    "role"
);

/// Changing roles of organizations.
#[derive(Debug, Default)]
pub(crate) struct EventOrganizationMutation;

#[Object]
impl EventOrganizationMutation {
    /// Gives an organization a role in an event. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn event_organization_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: EventOrganizationAddInput,
    ) -> Result<EventOrganizationAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_event_organization(
            &session.actor,
            persistence::NewEventOrganization {
                event: input.event_id.0,
                organization: input.organization_id.0,
                role: input.role.into(),
                fields: input.fields(),
                order: input.order(),
            },
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(EventOrganizationAddPayload {
            event_organization: thing!(ctx, id, EventOrganization),
            user_errors,
        })
    }

    /// Changes the role of an organization, its place by protocol, or its delegation. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn event_organization_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: EventOrganizationUpdateInput,
    ) -> Result<EventOrganizationUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_event_organization(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(EventOrganizationUpdatePayload {
            event_organization: thing!(ctx, id, EventOrganization),
            user_errors,
        })
    }

    /// Takes its role from an organization that has no delegates. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn event_organization_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: EventOrganizationRemoveInput,
    ) -> Result<EventOrganizationRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .remove_event_organization(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(EventOrganizationRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
