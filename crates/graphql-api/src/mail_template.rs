//! Templates of mails: ours, and what a workspace has put in place of them.

mod change;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use persistence::AuditOf;
use wording::template::{TemplateName, Templates};

use crate::audit::{AuditEntryConnection, Slice, audit_log};
use crate::id::global;
use crate::list::List;
use crate::requires::requires;
use crate::scalar::{DateTime, LanguageTag};
use crate::word::{MessageKind, Permission};

pub(crate) use change::MailTemplateMutation;

/// Which of the texts of a mail.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::mail_template::MailPart")]
pub(crate) enum MailPart {
    /// The subject.
    Subject,
    /// The text, for those who see no HTML.
    Text,
    /// The HTML.
    Html,
}

/// A template that a workspace has put in place of ours.
#[derive(Clone)]
pub(crate) struct MailTemplate(pub(crate) Arc<domain::mail_template::MailTemplate>);

/// A template that a workspace has put in place of ours. Where it fails, a mail is written by ours, and
/// its delivery says so.
#[Object]
impl MailTemplate {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// In place of which of ours: `en/invitation.html`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is written as, in the language of Jinja templates.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// When it was changed last.
    async fn changed_at(&self) -> DateTime {
        DateTime(self.0.changed_at)
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

/// One of the texts that mails are made of, and what a workspace has put in place of it.
pub(crate) struct MailText {
    name: TemplateName,
    theirs: Option<MailTemplate>,
}

impl MailText {
    /// All there are, in one workspace.
    pub(crate) fn all(theirs: Vec<Arc<domain::mail_template::MailTemplate>>) -> List<Self> {
        let theirs = theirs.into_iter();
        let mut theirs: HashMap<_, _> = theirs.map(|one| (one.name.clone(), one)).collect();
        TemplateName::all()
            .map(|name| Self {
                name,
                theirs: theirs.remove(&name.to_string()).map(MailTemplate),
            })
            .collect()
    }

    fn ours(&self) -> &'static str {
        Templates::built_in(self.name).unwrap_or_default()
    }
}

/// One of the texts that mails are made of: of one kind of mail in one language the subject, the text or
/// the HTML.
#[Object]
impl MailText {
    /// What it is called: `en/invitation.html`.
    async fn name(&self) -> String {
        self.name.to_string()
    }

    /// What is told.
    async fn kind(&self) -> MessageKind {
        self.name.kind.into()
    }

    /// The language that it is in.
    async fn language(&self) -> Option<LanguageTag> {
        self.name.language.tag().parse().ok().map(LanguageTag)
    }

    /// Which of the texts of a mail it is.
    async fn part(&self) -> MailPart {
        self.name.part.into()
    }

    /// What is used: the template of the workspace if there is one, else ours.
    async fn source(&self) -> &str {
        let theirs = self.theirs.as_ref();
        theirs.map_or(self.ours(), |theirs| &theirs.0.source)
    }

    /// Ours, to begin one's own with.
    async fn built_in_source(&self) -> &str {
        self.ours()
    }

    /// Whether the workspace has put one in place of ours.
    async fn is_overridden(&self) -> bool {
        self.theirs.is_some()
    }

    /// The version of the one that it has put there; null where it is ours.
    async fn version(&self) -> Option<i32> {
        self.theirs.as_ref().map(|theirs| theirs.0.version)
    }

    /// What the workspace has put in place of ours; null where it is ours.
    async fn template(&self) -> Option<&MailTemplate> {
        self.theirs.as_ref()
    }
}
