//! Making organizations known, changing what is known of them, and who belongs to them.

use async_graphql::{Context, Object, Result};
use domain::id::kind;
use domain::organization as facts;

use super::Organization;
use crate::bulk::{OnError, bulk, bulk_payload, bulky, effect};
use crate::change::{
    LocalizedTextInput, Wire, about, editable, given, outcome, payload, removal, retry, thing,
};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::word::{OrganizationKind, Permission};

editable! {
    facts::OrganizationPatch [] {
        /// The caller's own name for it, unique among the organizations of the workspace.
        external_id: Optional String => external_id,
        /// What it is.
        kind: Required OrganizationKind => kind,
        /// What it is called.
        name: Required LocalizedTextInput => name,
        /// What it is also called. Given, it replaces all.
        aliases: Optional Vec<String> => aliases,
        /// The organization that it is part of.
        parent_id: Optional GlobalId<kind::Organization> => parent_id,
        /// Its rank among its siblings by protocol, from 0.
        protocol_order: Optional i32 => protocol_order,
        /// The event at which it was founded.
        founding_event_id: Optional GlobalId<kind::Event> => founding_event_id,
        /// Its standing: "provincial backbone".
        level: Optional String => level,
        /// What it was founded for, in order. Given, it replaces all.
        goals: Optional Vec<String> => goals,
    }
    /// An organization to be made known.
    create OrganizationCreateInput {
        /// The workspace.
        workspace_id: GlobalId<kind::Workspace>,
    }
    /// What is to be otherwise of an organization.
    patch OrganizationPatch
    /// Which organization to change, and how.
    update OrganizationUpdateInput (kind::Organization)
}

payload! {
    /// What became of making an organization known.
    OrganizationCreatePayload {
        /// The organization; null if there were problems.
        organization: Organization
    }
}
payload! {
    /// What became of changing the organization.
    OrganizationUpdatePayload {
        /// The organization as it is now; null if there were problems.
        organization: Organization
    }
}
removal!(
    OrganizationRemoveInput,
    OrganizationRemovePayload,
    kind::Organization,
    "organization"
);

/// An organization to be made known, one of many.
#[derive(Clone, async_graphql::InputObject)]
pub(crate) struct OrganizationBulkCreateRow {
    /// The caller's own name for it, unique among the organizations of the workspace.
    external_id: Option<String>,
    /// What it is.
    kind: OrganizationKind,
    /// What it is called.
    name: LocalizedTextInput,
    /// What it is also called.
    aliases: Option<Vec<String>>,
    /// The organization that it is part of.
    parent_id: Option<GlobalId<kind::Organization>>,
    /// Its rank among its siblings by protocol, from 0.
    protocol_order: Option<i32>,
    /// The event at which it was founded.
    founding_event_id: Option<GlobalId<kind::Event>>,
    /// Its standing: "provincial backbone".
    level: Option<String>,
    /// What it was founded for, in order.
    goals: Option<Vec<String>>,
}

bulk! {
    /// Organizations to be made known.
    OrganizationBulkCreateInput of OrganizationBulkCreateRow {
        /// The workspace.
        workspace_id: GlobalId<kind::Workspace>,
    }
}
bulk_payload! {
    /// What became of making organizations known.
    OrganizationBulkCreatePayload of
    /// What became of one of many organizations.
    OrganizationBulkCreateResult {
        /// The organization; null if this row was bad, and if none was made known.
        organization: Organization
    }
}

/// Making organizations known.
#[derive(Debug, Default)]
pub(crate) struct OrganizationMutation;

#[Object]
impl OrganizationMutation {
    /// Makes an organization known. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn organization_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: OrganizationCreateInput,
    ) -> Result<OrganizationCreatePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.create_organization(
            &session.actor,
            input.workspace_id.0,
            input.fields(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(OrganizationCreatePayload {
            organization: thing!(ctx, id, Organization),
            user_errors,
        })
    }

    /// Changes what is known of an organization. What was printed for an event stays as it was. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn organization_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: OrganizationUpdateInput,
    ) -> Result<OrganizationUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_organization(
            &session.actor,
            input.seen(),
            input.patch.fields(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(OrganizationUpdatePayload {
            organization: thing!(ctx, id, Organization),
            user_errors,
        })
    }

    /// Removes an organization of which nothing speaks, with the list of its members. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn organization_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: OrganizationRemoveInput,
    ) -> Result<OrganizationRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .remove_organization(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(OrganizationRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }

    /// Makes many organizations known at once. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn organization_bulk_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What they are, and what becomes of the good rows where some are bad.")]
        input: OrganizationBulkCreateInput,
    ) -> Result<OrganizationBulkCreatePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let keys = input.rows.iter().map(|row| row.external_id.clone());
        let keys: Vec<_> = keys.collect();
        let bulk = input.bulk(|row| facts::OrganizationPatch {
            external_id: row.external_id.into(),
            kind: domain::Patch::Set(row.kind.into()),
            name: domain::Patch::Set(row.name.plain()),
            aliases: row.aliases.into(),
            parent_id: given(row.parent_id),
            protocol_order: row.protocol_order.into(),
            founding_event_id: given(row.founding_event_id),
            level: row.level.into(),
            goals: row.goals.into(),
        })?;
        let workspace = input.workspace_id.0;
        let made = Box::pin(session.store.create_organizations(
            &session.actor,
            workspace,
            bulk,
            retry.as_ref(),
        ))
        .await;
        bulky!(ctx, made, keys, OrganizationBulkCreatePayload, OrganizationBulkCreateResult, organization: Organization)
    }
}
