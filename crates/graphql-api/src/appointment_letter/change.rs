//! Drafting appointment letters.

use async_graphql::{Context, Object, Result};
use domain::appointment_letter as facts;
use domain::id::kind;

use super::AppointmentLetter;
use crate::change::{about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::scalar::Date;
use crate::word::Permission;

editable! {
    facts::LetterPatch [order] {
        /// The caller's own name for it, unique among the letters of the event.
        external_id: Optional String => external_id,
        /// Who is appointed.
        appointee_id: Required GlobalId<kind::Person> => appointee_id,
        /// To which body.
        body_id: Required GlobalId<kind::Organization> => body_id,
        /// To which post.
        post: Required String => post,
        /// The first day of the term.
        since: Optional Date => since,
        /// The last day of the term.
        until: Optional Date => until,
        /// Who issues it, in order. Given, it replaces all.
        issuer_ids: Optional Vec<GlobalId<kind::Organization>> => issuers,
        /// Who signs, with the post: "Example Name, President".
        signatory: Optional String => signatory,
        /// The number it bears.
        number: Optional String => number,
    }
    /// A letter to be drafted.
    create LetterDraftInput {
        /// The event at which it is given.
        event_id: GlobalId<kind::Event>,
    }
    /// What is to be otherwise of a letter.
    patch LetterPatch
    /// Which letter to change, and how.
    update LetterUpdateInput (kind::AppointmentLetter)
}

payload! {
    /// What became of adding a letter.
    LetterDraftPayload {
        /// The letter; null if there were problems.
        letter: AppointmentLetter
    }
}
payload! {
    /// What became of changing the letter.
    LetterUpdatePayload {
        /// The letter as it is now; null if there were problems.
        letter: AppointmentLetter
    }
}
removal!(
    LetterRemoveInput,
    LetterRemovePayload,
    kind::AppointmentLetter,
    "letter"
);

/// Drafting letters.
#[derive(Debug, Default)]
pub(crate) struct LetterMutation;

#[Object]
impl LetterMutation {
    /// Drafts an appointment letter. Needs the permission `LETTER_EDIT`.
    #[graphql(directive = requires::apply(Permission::LetterEdit))]
    async fn letter_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: LetterDraftInput,
    ) -> Result<LetterDraftPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.draft_letter(
            &session.actor,
            persistence::NewLetter {
                event: input.event_id.0,
                appointee: input.appointee_id.0,
                body: input.body_id.0,
                fields: input.fields(),
                order: input.order(),
            },
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(LetterDraftPayload {
            letter: thing!(ctx, id, AppointmentLetter),
            user_errors,
        })
    }

    /// Changes a draft. What was issued is not changed any more. Needs the permission `LETTER_EDIT`.
    #[graphql(directive = requires::apply(Permission::LetterEdit))]
    async fn letter_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: LetterUpdateInput,
    ) -> Result<LetterUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_letter(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(LetterUpdatePayload {
            letter: thing!(ctx, id, AppointmentLetter),
            user_errors,
        })
    }

    /// Removes a draft on which no membership rests. Needs the permission `LETTER_EDIT`.
    #[graphql(directive = requires::apply(Permission::LetterEdit))]
    async fn letter_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: LetterRemoveInput,
    ) -> Result<LetterRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.remove_letter(&session.actor, input.seen())).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(LetterRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
