//! Workspaces, accounts, and who is looking.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use domain::access::{Actor, Permission as Act};

use persistence::{AuditOf, SuppressionsOf, letterhead_of};

use crate::audit::{AuditEntryConnection, AuditFilter, Slice, audit_log};
use crate::connection::{Count, page};
use crate::failure::{bad_page, denied, or_null};
use crate::id::global;
use crate::letterhead::Letterhead;
use crate::list::List;
use crate::load::{PaperTemplatesOf, TemplatesOf};
use crate::mail_template::MailText;
use crate::message_preview::{MailTemplateTrialInput, MessagePreview};
use crate::paper_template::PaperLayout;
use crate::printout::Printout;
use crate::request::{found, session};
use crate::requires::requires;
use crate::scalar::LanguageTag;
use crate::suppression::SuppressionConnection;
use crate::word::{MessageKind, PaperKind, PaperLanguages, Permission};

/// A workspace.
#[derive(Clone)]
pub(crate) struct Workspace(pub(crate) Arc<domain::workspace::Workspace>);

/// The space of one organising office. Nothing in it is seen from another.
#[Object]
impl Workspace {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Its name in addresses, unique in the installation.
    async fn slug(&self) -> &str {
        self.0.slug.as_str()
    }

    /// What the office is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The addresses that take no mail of it, the latest first. Null without the permission
    /// `CONTACT_READ`.
    #[graphql(directive = requires::apply(Permission::ContactRead))]
    async fn suppressions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<SuppressionConnection>> {
        let session = session(ctx)?;
        if session.actor.may(Act::ContactRead, self.0.id).is_err() {
            return Ok(None);
        }
        let found = async {
            let key = SuppressionsOf {
                workspace: self.0.id,
                page: page(first, after, last, before)?,
            };
            let Some(page) = session.one(key).await? else {
                return Ok(None);
            };
            let count = Count::Suppressions(self.0.id);
            let page = page.map_err(bad_page)?;
            Ok(Some(SuppressionConnection::new(page, count)))
        };
        or_null(ctx, found.await)
    }

    /// The templates that its mails are made by: of each kind of mail in each language the subject, the text
    /// and the HTML, ours or what it has put in place of it. Null without the permission
    /// `PARTICIPANT_READ`.
    #[graphql(directive = requires::apply(Permission::ParticipantRead))]
    async fn mail_templates(&self, ctx: &Context<'_>) -> Result<Option<List<MailText>>> {
        let session = session(ctx)?;
        if session.actor.may(Act::ParticipantRead, self.0.id).is_err() {
            return Ok(None);
        }
        let found = async {
            Ok(Some(MailText::all(
                session.list(TemplatesOf(self.0.id)).await?,
            )))
        };
        or_null(ctx, found.await)
    }

    /// What a mail of a kind would say, of made-up people and events. Null without the permission
    /// `PARTICIPANT_READ`.
    #[graphql(directive = requires::apply(Permission::ParticipantRead))]
    async fn message_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is told; an invitation, if nothing is said.")] kind: Option<
            MessageKind,
        >,
        #[graphql(
            desc = "In which language; English where mails are not written in it, and where nothing is said."
        )]
        language: Option<LanguageTag>,
        #[graphql(
            desc = "Templates to be tried, in place of ours and of those that the workspace has put in place of ours."
        )]
        templates: Option<Vec<MailTemplateTrialInput>>,
    ) -> Result<Option<MessagePreview>> {
        if session(ctx)?
            .actor
            .may(Act::ParticipantRead, self.0.id)
            .is_err()
        {
            return Ok(None);
        }
        let tried = templates.unwrap_or_default();
        let language = language.map(|tag| tag.0);
        let kind = kind.unwrap_or(MessageKind::Invitation);
        let preview = MessagePreview::of_samples(ctx, self.0.id, kind, language, tried);
        or_null(ctx, preview.await.map(Some))
    }

    /// How its papers look, and how it counts them. Null without the permission `LETTER_READ`.
    #[graphql(directive = requires::apply(Permission::LetterRead))]
    async fn letterhead(&self, ctx: &Context<'_>) -> Result<Option<Letterhead>> {
        let own = found(ctx, Some(letterhead_of(self.0.id))).await?;
        Ok(own.map(Letterhead))
    }

    /// How its papers of each kind are set: by our template, or by what it has put in place of that. Null
    /// without the permission `LETTER_READ`.
    #[graphql(directive = requires::apply(Permission::LetterRead))]
    async fn paper_templates(&self, ctx: &Context<'_>) -> Result<Option<List<PaperLayout>>> {
        let session = session(ctx)?;
        if session.actor.may(Act::LetterRead, self.0.id).is_err() {
            return Ok(None);
        }
        let found = async {
            let theirs = session.list(PaperTemplatesOf(self.0.id)).await?;
            Ok(Some(PaperLayout::all(&theirs)))
        };
        or_null(ctx, found.await)
    }

    /// What a paper of a kind looks like, of made-up people, with the pictures of the workspace; across each
    /// page it says that it is a specimen. A template is tried for those alone who might put it in place
    /// (`LETTER_EDIT`). Null without the permission `LETTER_READ`.
    #[graphql(directive = requires::apply(Permission::LetterRead))]
    async fn document_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which paper.")] kind: PaperKind,
        #[graphql(desc = "In which languages; in both, if nothing is said.")] languages: Option<
            PaperLanguages,
        >,
        #[graphql(
            desc = "A template to be tried, in place of ours and of that which the workspace has put in place of ours."
        )]
        template: Option<String>,
    ) -> Result<Option<Printout>> {
        let session = session(ctx)?;
        if session.actor.may(Act::LetterRead, self.0.id).is_err() {
            return Ok(None);
        }
        if template.is_some()
            && let Err(why) = session.actor.may(Act::LetterEdit, self.0.id)
        {
            return or_null(ctx, Err(denied(why)));
        }
        let languages = languages.unwrap_or(PaperLanguages::Bilingual).into();
        let preview = Printout::of_samples(ctx, self.0.id, kind.into(), languages, template);
        or_null(ctx, preview.await.map(Some))
    }

    /// Who changed what in it, and when, the latest first. Null without the permission `AUDIT_READ`.
    #[graphql(directive = requires::apply(Permission::AuditRead))]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entries.")] filter: Option<AuditFilter>,
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
        let of = AuditOf::Workspace(self.0.id);
        audit_log(ctx, self.0.id, of, filter, slice).await
    }
}

/// An account.
#[derive(Clone)]
pub(crate) struct Account(pub(crate) Arc<domain::account::Account>);

/// Someone or something that signs in. Seen by itself alone.
#[Object]
impl Account {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }
}

/// Who is looking.
pub(crate) struct Viewer {
    account: Account,
    workspaces: Vec<domain::id::WorkspaceId>,
}

impl Viewer {
    /// The holder of the request's token, if it has one.
    pub(crate) async fn of(ctx: &Context<'_>) -> Result<Option<Self>> {
        let session = session(ctx)?;
        let Actor::Account(holder) = session.actor.as_ref() else {
            return Ok(None);
        };
        let account = session.one(holder.account_id).await?;
        Ok(account.map(|account| Self {
            account: Account(account),
            workspaces: holder
                .grants
                .iter()
                .map(|grant| grant.workspace_id)
                .collect(),
        }))
    }
}

/// Who is looking: the holder of the request's token.
#[Object]
impl Viewer {
    /// The account that the token belongs to.
    async fn account(&self) -> &Account {
        &self.account
    }

    /// The workspaces that the token opens.
    async fn workspaces(&self, ctx: &Context<'_>) -> Result<List<Workspace>> {
        let session = session(ctx)?;
        let mut workspaces = session
            .store
            .workspaces(&session.actor, &self.workspaces)
            .await?;
        workspaces.sort_by(|one, other| one.slug.cmp(&other.slug));
        Ok(workspaces
            .into_iter()
            .map(|one| Workspace(Arc::new(one)))
            .collect())
    }
}
