//! How the papers of an office look, and how it counts them.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use domain::letterhead::LetterheadPicture;
use persistence::AuditOf;

use crate::audit::{AuditEntryConnection, Slice, audit_log};
use crate::failure::Vanished;
use crate::http::error::fault;
use crate::id::global;
use crate::load::NextNumberOf;
use crate::request::session;
use crate::requires::requires;
use crate::scalar::Url;
use crate::word::Permission;

pub(crate) use change::LetterheadMutation;

/// A letterhead.
#[derive(Clone)]
pub(crate) struct Letterhead(pub(crate) Arc<domain::letterhead::Letterhead>);

impl Letterhead {
    async fn picture(
        &self,
        ctx: &Context<'_>,
        which: LetterheadPicture,
        picture: Option<&String>,
    ) -> Result<Option<Url>> {
        if picture.is_none() {
            return Ok(None);
        }
        let session = session(ctx)?;
        let office = session.one(self.0.workspace_id).await?;
        let office = office.ok_or_else(|| fault(&Vanished))?;
        Ok(Some(Url(session
            .site
            .letterhead_picture(&office.slug, which))))
    }
}

/// How the papers of an office look, and how it counts them. Each office has one, plain until it says how
/// it looks.
#[Object]
impl Letterhead {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change; 0 as long as the office has said nothing.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// How its papers are numbered: `HY-{year}-{n:6}`; null as long as that is not said, and they are
    /// numbered `{year}-{n:6}`.
    async fn number_pattern(&self) -> Option<String> {
        self.0.number_pattern.as_ref().map(ToString::to_string)
    }

    /// The number that would be given next, on a paper dated today in UTC; one that somebody gave by hand
    /// is left out when it comes to it. Null for those who may not see it.
    async fn next_number(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        session(ctx)?.one(NextNumberOf(self.0.workspace_id)).await
    }

    /// Whether the dates of Chinese papers are written in Chinese numerals: 二〇二七年三月一日.
    async fn chinese_numerals(&self) -> bool {
        self.0.chinese_numerals
    }

    /// Where the emblem at the head is read, with the token that this was asked with; null if there is none.
    async fn logo_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        self.picture(ctx, LetterheadPicture::Logo, self.0.logo.as_ref())
            .await
    }

    /// Where the picture of the seal is read, with the token that this was asked with; null if there is none.
    async fn seal_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        self.picture(ctx, LetterheadPicture::Seal, self.0.seal.as_ref())
            .await
    }

    /// Where the picture of the signature is read, with the token that this was asked with; null if there is
    /// none. It is no signature: that is in the document.
    async fn signature_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        self.picture(ctx, LetterheadPicture::Signature, self.0.signature.as_ref())
            .await
    }

    /// Who changed it, and when, the latest first. Null without the permission `AUDIT_READ`.
    #[graphql(directive = requires::apply(Permission::AuditRead))]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<AuditEntryConnection>> {
        let slice = Slice {
            first,
            after,
            last,
            before,
        };
        let of = AuditOf::Thing(self.0.id.uuid());
        audit_log(ctx, self.0.workspace_id, of, None, slice).await
    }
}
