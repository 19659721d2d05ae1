//! Awards and who got them.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use domain::agenda::Agenda;
use domain::credential::CredentialSubject;

use crate::agenda::{AgendaItem, item};
use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::credential::Credential;
use crate::failure::{Vanished, or_null};
use crate::http::error::fault;
use crate::id::global;
use crate::list::List;
use crate::load::CredentialFor;
use crate::organization::{Organization, Party, organizations};
use crate::printout::Printout;
use crate::request::{found, text};
use crate::requires::requires;
use crate::scalar::LanguageTag;
use crate::word::{AwardKind, PaperLanguages, Permission};

pub(crate) use change::AwardMutation;

/// An award: read by itself, or as a part of an agenda that has all it refers to.
#[derive(Clone)]
pub(crate) enum Award {
    Loose(Arc<domain::award::Award>),
    In(Arc<Agenda>, Arc<domain::award::Award>),
}

impl Award {
    fn facts(&self) -> &domain::award::Award {
        match self {
            Self::Loose(facts) | Self::In(_, facts) => facts,
        }
    }

    fn agenda(&self) -> Option<&Arc<Agenda>> {
        match self {
            Self::Loose(_) => None,
            Self::In(agenda, _) => Some(agenda),
        }
    }
}

/// An honour, a prize or a plaque.
#[Object]
impl Award {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.facts().id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.facts().version
    }

    /// The caller's own name for it; null if no caller gave one.
    async fn external_id(&self) -> Option<&str> {
        self.facts().external_id.as_ref().map(domain::Key::as_str)
    }

    /// What it is called, in the language that suits the reader best.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        text(ctx, &self.facts().title, language.as_ref())
    }

    /// What is given.
    async fn kind(&self) -> AwardKind {
        self.facts().kind.into()
    }

    /// Its standing: "first prize"; null if it has none.
    async fn level(&self) -> Option<&str> {
        self.facts().level.as_deref()
    }

    /// What it is given for; null if that is not said.
    async fn citation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> Option<String> {
        self.facts()
            .citation
            .as_ref()
            .map(|citation| text(ctx, citation, language.as_ref()))
    }

    /// Who grants it, in order.
    async fn grantors(&self, ctx: &Context<'_>) -> Result<List<Organization>> {
        organizations(ctx, self.agenda(), &self.facts().grantors).await
    }

    /// The item at which it is given; null if it is none, or while the reader may not see the
    /// agenda.
    async fn item(&self, ctx: &Context<'_>) -> Result<Option<AgendaItem>> {
        item(ctx, self.facts().event_id, self.facts().item_id).await
    }

    /// Who got it, in order. Empty where that is not known.
    async fn recipients(&self) -> List<AwardRecipient> {
        let recipients = self.facts().recipients.iter();
        recipients
            .map(|one| AwardRecipient::Of(self.clone(), Arc::new(one.clone())))
            .collect()
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
        audit_log_of_part(ctx, self.facts().event_id, self.facts().id, slice).await
    }
}

/// A recipient: read by itself, or of an award in an agenda that has all it refers to.
#[derive(Clone)]
pub(crate) enum AwardRecipient {
    Loose(Arc<domain::award::AwardRecipient>),
    Of(Award, Arc<domain::award::AwardRecipient>),
}

impl AwardRecipient {
    fn facts(&self) -> &domain::award::AwardRecipient {
        match self {
            Self::Loose(facts) | Self::Of(_, facts) => facts,
        }
    }

    fn agenda(&self) -> Option<&Arc<Agenda>> {
        match self {
            Self::Loose(_) => None,
            Self::Of(award, _) => award.agenda(),
        }
    }
}

/// One who got an award.
#[Object]
impl AwardRecipient {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.facts().id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.facts().version
    }

    /// Who.
    async fn recipient(&self, ctx: &Context<'_>) -> Result<Party> {
        let party = Party::within(ctx, self.agenda(), Some(self.facts().recipient)).await?;
        party.ok_or_else(|| fault(&Vanished))
    }

    /// Their certificate or plaque as it would be, were it issued today; across each page it says that it is a specimen, and its
    /// code is that of nothing. Nothing is changed by it. Null without the permission `LETTER_READ`.
    #[graphql(directive = requires::apply(Permission::LetterRead))]
    async fn document_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which languages; in both, if nothing is said.")] languages: Option<
            PaperLanguages,
        >,
    ) -> Result<Option<Printout>> {
        let subject = CredentialSubject::Award(self.facts().id);
        let languages = languages.unwrap_or(PaperLanguages::Bilingual).into();
        or_null(ctx, Printout::of_draft(ctx, subject, languages).await)
    }

    /// What was issued to them for it: what is in force, else what was issued last; null if nothing was, and
    /// without the permission `LETTER_READ`.
    #[graphql(directive = requires::apply(Permission::LetterRead))]
    async fn credential(&self, ctx: &Context<'_>) -> Result<Option<Credential>> {
        let subject = CredentialSubject::Award(self.facts().id);
        Ok(found(ctx, Some(CredentialFor(subject)))
            .await?
            .map(Credential))
    }
}
