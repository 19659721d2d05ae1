//! Papers that are set when somebody asks: previews of what may be issued, and what nobody issues.

use std::sync::Arc;

use async_graphql::{Context, Result, SimpleObject};
use data_encoding::BASE64;
use domain::Refusal as _;
use domain::credential::{CredentialSubject, PaperKind, PaperLanguages};
use domain::id::WorkspaceId;
use persistence::{DraftOf, Error, Look, Proof, ProofSheet};

use crate::failure::bad_input;
use crate::list::{List, pay};
use crate::message_preview::aside;
use crate::request::session;

/// As many things as a paper costs: ten go into one answer.
pub(crate) const A_PRINTOUT: usize = 20_000;
/// The largest document that goes into an answer, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;
/// The longest template that is tried, in bytes.
const SOURCE: usize = 256 * 1024;

/// A paper that was set because somebody asked: nothing is kept of it.
#[derive(SimpleObject)]
pub(crate) struct Printout {
    /// The PDF, in Base64; null if there were problems, and if it has more than 4 MiB.
    pdf_base64: Option<String>,
    /// How many pages it has; null if there were problems.
    page_count: Option<i32>,
    /// Why there is none: what is wrong with the template, and in which line; a character that no font has;
    /// what could not be issued either. Empty if there is one.
    problems: List<String>,
}

impl Printout {
    fn none(problems: impl IntoIterator<Item = String>) -> Self {
        Self {
            pdf_base64: None,
            page_count: None,
            problems: problems.into_iter().collect(),
        }
    }

    fn of(set: Result<ProofSheet, Vec<String>>) -> Self {
        match set {
            Ok(sheet) if sheet.pdf.len() > LARGEST => {
                let size = sheet.pdf.len();
                Self::none([format!(
                    "it has {size} bytes: more than the {LARGEST} that go into an answer"
                )])
            }
            Ok(sheet) => Self {
                pdf_base64: Some(BASE64.encode(&sheet.pdf)),
                page_count: Some(i32::try_from(sheet.pages).unwrap_or(i32::MAX)),
                problems: List::default(),
            },
            Err(problems) => Self::none(problems),
        }
    }

    /// By whoever sets type here, aside.
    pub(crate) async fn set(ctx: &Context<'_>, proof: Proof, look: Look) -> Result<Self> {
        let typesetter = Arc::clone(&session(ctx)?.typesetter);
        let set = aside(move || typesetter.proof(&proof, &look)).await?;
        Ok(Self::of(set))
    }

    /// Of made-up people, as the papers of an office look. Whoever asks may see that.
    pub(crate) async fn of_samples(
        ctx: &Context<'_>,
        workspace: WorkspaceId,
        kind: PaperKind,
        languages: PaperLanguages,
        template: Option<String>,
    ) -> Result<Self> {
        pay(ctx, A_PRINTOUT)?;
        let mut look = session(ctx)?.store.look(workspace).await?;
        if let Some(tried) = template {
            if tried.len() > SOURCE {
                return Err(bad_input("template: has more than 256 KiB"));
            }
            look.templates.insert(kind, tried);
        }
        Self::set(ctx, Proof::Sample(kind, languages), look).await
    }

    /// Of what could be issued today, if the reader may see that.
    pub(crate) async fn of_draft(
        ctx: &Context<'_>,
        subject: CredentialSubject,
        languages: PaperLanguages,
    ) -> Result<Option<Self>> {
        let session = session(ctx)?;
        if session
            .actor
            .might(domain::access::Permission::LetterRead)
            .is_err()
        {
            return Ok(None);
        }
        pay(ctx, A_PRINTOUT)?;
        let draft = DraftOf { subject, languages };
        let drawn = Box::pin(session.store.draft_credential(&session.actor, draft)).await;
        let drawn = match drawn {
            Ok(Some(drawn)) => drawn,
            Ok(None) | Err(Error::Denied(_)) => return Ok(None),
            Err(Error::Refused(refused)) => {
                let why = refused.into_vec().into_iter();
                return Ok(Some(Self::none(why.map(|one| one.why.reason().message()))));
            }
            Err(Error::Fault(fault)) => return Err(fault.into()),
        };
        let look = session.store.look(drawn.workspace_id).await?;
        let set = Self::set(ctx, Proof::Draft(Box::new(drawn)), look);
        Ok(Some(set.await?))
    }
}
