//! Saying how the papers of an office look.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use domain::Patch;
use domain::id::kind;
use domain::letterhead::LetterheadPatch as Said;

use super::Letterhead;
use crate::change::{outcome, patch, payload, thing};
use crate::id::GlobalId;
use crate::request::session;
use crate::requires::requires;
use crate::word::Permission;

/// What is to be otherwise of a letterhead. Pictures are put on it in another way: they are files.
#[derive(Clone, InputObject)]
pub(crate) struct LetterheadPatch {
    /// How its papers are numbered: `HY-{year}-{n:6}` gives `HY-2027-000123`. There is `{n}`, or `{n:6}` with
    /// as many figures at least, once, and `{year}`, or `{year}` and `{month}`: within one of these it is
    /// counted from 1.
    number_pattern: MaybeUndefined<String>,
    /// Whether the dates of Chinese papers are written in Chinese numerals.
    chinese_numerals: MaybeUndefined<bool>,
}

/// A change of how the papers of an office look.
#[derive(InputObject)]
pub(crate) struct LetterheadUpdateInput {
    /// Which.
    id: GlobalId<kind::Letterhead>,
    /// The version that the caller has seen, 0 at first: if it is at another by now, nothing is changed.
    expected_version: i32,
    /// What is to be otherwise. What is left out stays; null takes away what is known.
    patch: LetterheadPatch,
}

payload! {
    /// What became of changing a letterhead.
    LetterheadUpdatePayload {
        /// The letterhead as it is now; null if there were problems.
        letterhead: Letterhead
    }
}

/// Letterheads.
#[derive(Debug, Default)]
pub(crate) struct LetterheadMutation;

#[Object]
impl LetterheadMutation {
    /// Says how the papers of an office look, and how it counts them. What is issued already stays as it is.
    /// Needs the permission `LETTER_EDIT`.
    #[graphql(directive = requires::apply(Permission::LetterEdit))]
    async fn letterhead_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what is to be otherwise.")] input: LetterheadUpdateInput,
    ) -> Result<LetterheadUpdatePayload> {
        let session = session(ctx)?;
        let said = Said {
            number_pattern: patch(input.patch.number_pattern),
            chinese_numerals: match input.patch.chinese_numerals {
                MaybeUndefined::Undefined => Patch::Keep,
                MaybeUndefined::Null => Patch::Clear,
                MaybeUndefined::Value(numerals) => Patch::Set(numerals),
            },
        };
        let seen = persistence::Seen {
            id: input.id.0,
            version: input.expected_version,
        };
        let done = Box::pin(session.store.update_letterhead(&session.actor, seen, said)).await;
        let (id, user_errors) = outcome(ctx, done).await?;
        Ok(LetterheadUpdatePayload {
            letterhead: thing!(ctx, id, Letterhead),
            user_errors,
        })
    }
}
