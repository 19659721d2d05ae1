//! What a mail would say, without sending it: of made-up things, or of what is so now.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Result, SimpleObject};
use domain::id::{DeliveryId, WorkspaceId};
use wording::facts::{self, Facts};
use wording::template::{Rendered, TemplateFault, TemplateName, Templates};
use wording::words::Language;

use crate::failure::bad_input;
use crate::http::error::fault;
use crate::list::{List, pay};
use crate::load::{TemplatesOf, Unwritten};
use crate::request::session;
use crate::word::MessageKind;

/// As many things as a preview costs.
const A_PREVIEW: usize = 5;
/// The longest template that is tried, in characters.
const SOURCE: usize = domain::text::PASSAGE;

/// What a mail would say.
#[derive(SimpleObject)]
pub(crate) struct MessagePreview {
    /// The subject.
    subject: String,
    /// The text, for those who see no HTML.
    text: String,
    /// The HTML.
    html: String,
    /// Templates that failed, in whose place ours were used.
    faults: List<MailTemplateFault>,
}

/// A template that failed.
#[derive(SimpleObject)]
pub(crate) struct MailTemplateFault {
    /// Which: `en/invitation.html`.
    name: String,
    /// In which of its lines; null where that is not known.
    line: Option<i32>,
    /// Why.
    message: String,
}

/// A template that is tried.
#[derive(InputObject)]
pub(crate) struct MailTemplateTrialInput {
    /// In place of which of ours: `en/invitation.html`.
    name: String,
    /// What it is written as.
    source: String,
}

impl From<TemplateFault> for MailTemplateFault {
    fn from(fault: TemplateFault) -> Self {
        Self {
            name: fault.name.to_string(),
            line: fault.line.and_then(|line| i32::try_from(line).ok()),
            message: fault.reason.to_string(),
        }
    }
}

impl From<Rendered> for MessagePreview {
    fn from(rendered: Rendered) -> Self {
        let faults = rendered.faults.into_iter();
        Self {
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            faults: faults.map(MailTemplateFault::from).collect(),
        }
    }
}

impl MessagePreview {
    /// Of made-up people and events.
    pub(crate) async fn of_samples(
        ctx: &Context<'_>,
        workspace: WorkspaceId,
        kind: MessageKind,
        language: Option<domain::LanguageTag>,
        tried: Vec<MailTemplateTrialInput>,
    ) -> Result<Self> {
        pay(ctx, A_PREVIEW)?;
        let language = Language::best_for(language.as_slice());
        let theirs: Vec<Arc<domain::mail_template::MailTemplate>> =
            session(ctx)?.list(TemplatesOf(workspace)).await?;
        let named = |name: &str| name.parse::<TemplateName>();
        let theirs = theirs
            .iter()
            .filter_map(|one| Some((named(&one.name).ok()?, one.source.clone())));
        let mut used: Vec<_> = theirs.collect();
        for one in tried {
            let name = named(&one.name)
                .map_err(|none| bad_input(format!("templates: `{}` {none}", one.name)))?;
            if one.source.chars().count() > SOURCE {
                let message = format!("templates: {name} has more than {SOURCE} characters");
                return Err(bad_input(message));
            }
            used.push((name, one.source));
        }
        // Only what this mail is made of is read.
        used.retain(|(name, _)| {
            name.kind == domain::message::MessageKind::from(kind) && name.language == language
        });
        let rendered =
            aside(move || Templates::with_overrides(used).preview(kind.into(), language));
        Ok(rendered.await?.map_err(|ours| fault(&ours))?.into())
    }

    /// Of a mail that nobody has written yet, if there is anything to say.
    pub(crate) async fn of_delivery(ctx: &Context<'_>, id: DeliveryId) -> Result<Option<Self>> {
        pay(ctx, A_PREVIEW)?;
        let session = session(ctx)?;
        let Some(outgoing) = session.one(Unwritten(id)).await? else {
            return Ok(None);
        };
        let (site, reached) = (Arc::clone(&session.site), session.mail_from.clone());
        let rendered = aside(move || {
            let leave = facts::leave_of(&outgoing, &site);
            let facts = Facts {
                outgoing: &outgoing,
                site: &site,
                reached: reached.as_deref(),
                leave: leave.as_deref(),
                language: facts::language_of(&outgoing),
            };
            let templates = Templates::from(outgoing.templates.as_slice());
            let said = facts.message()?;
            Some(templates.render(&said, facts.language))
        });
        let rendered = rendered.await?.transpose();
        Ok(rendered.map_err(|ours| fault(&ours))?.map(Self::from))
    }
}

/// Does what is work for the processor beside what answers requests.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|broke| fault(&broke))
}
