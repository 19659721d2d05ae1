//! Putting templates in place of ours, and taking them away again.

use async_graphql::{Context, InputObject, Object, Result};
use domain::access::Permission as Act;
use domain::id::kind;

use super::MailTemplate;
use crate::change::{about, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::message_preview::aside;
use crate::request::session;
use crate::requires::requires;
use crate::word::Permission;

/// A template that is to be used in place of ours.
#[derive(InputObject)]
pub(crate) struct MailTemplateSetInput {
    /// Of which office.
    workspace_id: GlobalId<kind::Workspace>,
    /// In place of which of ours: `en/invitation.html`.
    name: String,
    /// What it is written as, in the language of Jinja templates; what it can name is what ours name.
    source: String,
    /// The version that the caller has seen; nothing, where they have seen ours.
    expected_version: Option<i32>,
    /// The caller's own key for this request: sent again within 24 hours with the same input, it makes
    /// nothing new and gets the same answer.
    idempotency_key: Option<String>,
}

payload! {
    /// What became of putting a template in place of ours.
    MailTemplateSetPayload {
        /// The template as it is now; null if there were problems.
        mail_template: MailTemplate
    }
}
removal!(
    MailTemplateResetInput,
    MailTemplateResetPayload,
    kind::MailTemplate,
    "template"
);

/// Templates of mails.
#[derive(Debug, Default)]
pub(crate) struct MailTemplateMutation;

#[Object]
impl MailTemplateMutation {
    /// Puts a template in place of ours, or another in place of that. One that cannot be read, or fails
    /// with what made-up mails say, is refused. Mails that are written already stay as they are. Needs the
    /// permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn mail_template_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what it is.")] input: MailTemplateSetInput,
    ) -> Result<MailTemplateSetPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let workspace = input.workspace_id.0;
        // It is rendered for nobody who may not set it; the store says no to them.
        let problems = if session.actor.may(Act::DirectoryEdit, workspace).is_ok() {
            let (name, source) = (input.name.clone(), input.source.clone());
            aside(move || wording::template::judge(&name, &source)).await?
        } else {
            Vec::new()
        };
        let new = persistence::NewMailTemplate {
            workspace,
            name: input.name,
            source: input.source,
            seen: input.expected_version,
            problems,
        };
        let made = Box::pin(
            session
                .store
                .set_mail_template(&session.actor, new, retry.as_ref()),
        )
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(MailTemplateSetPayload {
            mail_template: thing!(ctx, id, MailTemplate),
            user_errors,
        })
    }

    /// Takes a template away again: ours is used. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn mail_template_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to take away.")] input: MailTemplateResetInput,
    ) -> Result<MailTemplateResetPayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .reset_mail_template(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(MailTemplateResetPayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
