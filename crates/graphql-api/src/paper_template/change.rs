//! Putting templates of papers in place of ours, and taking them away again.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result};
use domain::access::Permission as Act;
use domain::id::kind;

use super::PaperTemplate;
use crate::change::{about, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::message_preview::aside;
use crate::request::session;
use crate::requires::requires;
use crate::word::{PaperKind, Permission};

/// A template of papers that is to be used in place of ours.
#[derive(InputObject)]
pub(crate) struct TemplateUpdateInput {
    /// Of which office.
    workspace_id: GlobalId<kind::Workspace>,
    /// For which papers.
    kind: PaperKind,
    /// What it is written as, in the language of Typst, 256 KiB at most. It begins with
    /// `#import "/house.typ": *`, and what it can name is what ours names.
    source: String,
    /// The version that the caller has seen; nothing, where they have seen ours.
    expected_version: Option<i32>,
    /// The caller's own key for this request: sent again within 24 hours with the same input, it makes
    /// nothing new and gets the same answer.
    idempotency_key: Option<String>,
}

payload! {
    /// What became of putting a template of papers in place of ours.
    TemplateUpdatePayload {
        /// The template as it is now; null if there were problems.
        template: PaperTemplate
    }
}
removal!(
    TemplateResetInput,
    TemplateResetPayload,
    kind::PaperTemplate,
    "template"
);

/// Templates of papers.
#[derive(Debug, Default)]
pub(crate) struct PaperTemplateMutation;

#[Object]
impl PaperTemplateMutation {
    /// Puts a template of papers in place of ours, or another in place of that. One by which made-up papers
    /// cannot be set, in Chinese, in English and in both, is refused with the line. What is issued already
    /// stays as it is. Needs the permission `LETTER_EDIT`.
    #[graphql(directive = requires::apply(Permission::LetterEdit))]
    async fn template_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what it is.")] input: TemplateUpdateInput,
    ) -> Result<TemplateUpdatePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let (workspace, kind) = (input.workspace_id.0, input.kind.into());
        // It is set for nobody who may not put it there; the store says no to them.
        let problems = if session.actor.may(Act::LetterEdit, workspace).is_ok() {
            let (typesetter, source) = (Arc::clone(&session.typesetter), input.source.clone());
            aside(move || typesetter.judge_template(kind, &source)).await?
        } else {
            Vec::new()
        };
        let new = persistence::NewPaperTemplate {
            workspace,
            kind,
            source: input.source,
            seen: input.expected_version,
            problems,
        };
        let made = Box::pin(
            session
                .store
                .set_paper_template(&session.actor, new, retry.as_ref()),
        )
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(TemplateUpdatePayload {
            template: thing!(ctx, id, PaperTemplate),
            user_errors,
        })
    }

    /// Takes a template of papers away again: ours is used. Needs the permission `LETTER_EDIT`.
    #[graphql(directive = requires::apply(Permission::LetterEdit))]
    async fn template_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to take away.")] input: TemplateResetInput,
    ) -> Result<TemplateResetPayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .reset_paper_template(&session.actor, input.seen()),
        )
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(TemplateResetPayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
