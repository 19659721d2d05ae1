//! Making two people or two organizations one, and two again.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::id::kind;
use persistence::Seen;

use crate::bulk::effect;
use crate::change::{outcome, retry, thing};
use crate::id::{GlobalId, global};
use crate::list::List;
use crate::organization::Organization;
use crate::person::Person;
use crate::request::session;
use crate::requires::requires;
use crate::user_error::UserError;
use crate::word::Permission;

/// Declares how two of a kind are made one, and two again.
macro_rules! merging {
    (
        $type:ident, $field:ident, $nouns:literal,
        $input:ident, $payload:ident, $undo_input:ident, $undo_payload:ident
    ) => {
        #[doc = concat!("Which two ", $nouns, " are one.")]
        #[derive(InputObject)]
        pub(crate) struct $input {
            /// The one that stays: what refers to the other refers to this one since. What it does not
            /// say, the other says.
            winner_id: GlobalId<kind::$type>,
            /// The version of the winner that the caller has seen.
            expected_version: i32,
            /// The one that goes.
            loser_id: GlobalId<kind::$type>,
            /// The version of the loser that the caller has seen.
            loser_expected_version: i32,
            /// Whether it is only tried: the answer says what would happen, and nothing does.
            #[graphql(default = false)]
            dry_run: bool,
            /// The caller's own key for this request: sent again within 24 hours with the same input,
            /// it does nothing new and gets the same answer.
            idempotency_key: Option<String>,
        }

        impl $input {
            fn seen(&self) -> (Seen<kind::$type>, Seen<kind::$type>) {
                (
                    Seen {
                        id: self.winner_id.0,
                        version: self.expected_version,
                    },
                    Seen {
                        id: self.loser_id.0,
                        version: self.loser_expected_version,
                    },
                )
            }
        }

        #[doc = concat!("What became of making two ", $nouns, " one.")]
        #[derive(SimpleObject)]
        pub(crate) struct $payload {
            /// The one that stays, as it is now; null if there were problems.
            $field: Option<$type>,
            /// By what it is undone; null after a dry run, and if there were problems.
            merge_id: Option<ID>,
            /// How many things refer to the one that stays since, or would.
            moved_count: i32,
            /// How many things went, or would go, since the one that stays has the same: two records of
            /// taking part in one event, the same post twice. They come back when it is undone.
            dropped_count: i32,
            /// Everything that was wrong, at once. If there is anything, nothing was changed.
            user_errors: List<UserError>,
        }

        #[doc = concat!("Which merge of two ", $nouns, " to undo.")]
        #[derive(InputObject)]
        pub(crate) struct $undo_input {
            /// Which: the `mergeId` of its payload.
            merge_id: GlobalId<kind::Merge>,
        }

        #[doc = concat!("What became of making two ", $nouns, " of one again.")]
        #[derive(SimpleObject)]
        pub(crate) struct $undo_payload {
            /// The one that had stayed, as it is now; null if there were problems.
            winner: Option<$type>,
            /// The one that had gone, back again; null if there were problems.
            loser: Option<$type>,
            /// Everything that contradicts, at once. If there is anything, nothing was changed.
            user_errors: List<UserError>,
        }
    };
}

merging!(
    Person,
    person,
    "people",
    PersonMergeInput,
    PersonMergePayload,
    PersonMergeUndoInput,
    PersonMergeUndoPayload
);
merging!(
    Organization,
    organization,
    "organizations",
    OrganizationMergeInput,
    OrganizationMergePayload,
    OrganizationMergeUndoInput,
    OrganizationMergeUndoPayload
);

fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Making two things one, and two again.
#[derive(Debug, Default)]
pub(crate) struct MergeMutation;

#[Object]
impl MergeMutation {
    /// Makes two people one: whatever refers to the loser refers to the winner since, and the loser is
    /// no more. It is logged, and undone by `personMergeUndo`. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn person_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which two are one.")] input: PersonMergeInput,
    ) -> Result<PersonMergePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let (winner, loser) = input.seen();
        let effect = effect(input.dry_run);
        let done = Box::pin(session.store.merge_people(
            &session.actor,
            winner,
            loser,
            effect,
            retry.as_ref(),
        ))
        .await;
        let (done, user_errors) = outcome(ctx, done).await?;
        Ok(PersonMergePayload {
            person: thing!(ctx, done.map(|done| done.winner), Person),
            merge_id: done
                .filter(|_| !input.dry_run)
                .map(|done| global(done.merge)),
            moved_count: done.map_or(0, |done| count(done.moved)),
            dropped_count: done.map_or(0, |done| count(done.dropped)),
            user_errors,
        })
    }

    /// Makes two people of one again, as they were before they were merged, unless what has happened
    /// since contradicts. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn person_merge_undo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which merge to undo.")] input: PersonMergeUndoInput,
    ) -> Result<PersonMergeUndoPayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .undo_person_merge(&session.actor, input.merge_id.0),
        )
        .await;
        let (done, user_errors) = outcome(ctx, done).await?;
        Ok(PersonMergeUndoPayload {
            winner: thing!(ctx, done.map(|(winner, _)| winner), Person),
            loser: thing!(ctx, done.map(|(_, loser)| loser), Person),
            user_errors,
        })
    }

    /// Makes two organizations one: whatever refers to the loser refers to the winner since, which has
    /// the loser's names as aliases, and the loser is no more. It is logged, and undone by
    /// `organizationMergeUndo`. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn organization_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which two are one.")] input: OrganizationMergeInput,
    ) -> Result<OrganizationMergePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let (winner, loser) = input.seen();
        let effect = effect(input.dry_run);
        let done = Box::pin(session.store.merge_organizations(
            &session.actor,
            winner,
            loser,
            effect,
            retry.as_ref(),
        ))
        .await;
        let (done, user_errors) = outcome(ctx, done).await?;
        Ok(OrganizationMergePayload {
            organization: thing!(ctx, done.map(|done| done.winner), Organization),
            merge_id: done
                .filter(|_| !input.dry_run)
                .map(|done| global(done.merge)),
            moved_count: done.map_or(0, |done| count(done.moved)),
            dropped_count: done.map_or(0, |done| count(done.dropped)),
            user_errors,
        })
    }

    /// Makes two organizations of one again, as they were before they were merged, unless what has
    /// happened since contradicts. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn organization_merge_undo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which merge to undo.")] input: OrganizationMergeUndoInput,
    ) -> Result<OrganizationMergeUndoPayload> {
        let session = session(ctx)?;
        let done = Box::pin(
            session
                .store
                .undo_organization_merge(&session.actor, input.merge_id.0),
        )
        .await;
        let (done, user_errors) = outcome(ctx, done).await?;
        Ok(OrganizationMergeUndoPayload {
            winner: thing!(ctx, done.map(|(winner, _)| winner), Organization),
            loser: thing!(ctx, done.map(|(_, loser)| loser), Organization),
            user_errors,
        })
    }
}
