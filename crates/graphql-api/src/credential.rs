//! What was issued: letters and certificates, the work of making their documents, and what anybody may ask
//! about them.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::access::Permission as Act;
use domain::id::kind;

use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::badge::badge;
use crate::bounds::distinct;
use crate::connection::connection;
use crate::event::Event;
use crate::failure::Vanished;
use crate::http::error::fault;
use crate::id::{GlobalId, global};
use crate::list::List;
use crate::load::BadgeOf;
use crate::organization::Party;
use crate::request::{found, languages, session, text};
use crate::requires::requires;
use crate::scalar::{Date, DateTime, LanguageTag, Url};
use crate::word::{CredentialKind, CredentialStatus, PaperLanguages, Permission};

pub(crate) use change::CredentialMutation;

/// A credential.
#[derive(Clone)]
pub(crate) struct Credential(pub(crate) Arc<domain::credential::Credential>);

/// A letter or a certificate that was issued: it says for ever what it said then, and anybody who has it can
/// ask what it is worth.
#[Object]
impl Credential {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The event at which it is given.
    async fn event(&self, ctx: &Context<'_>) -> Result<Event> {
        let event = session(ctx)?.one(self.0.event_id).await?;
        event.map(Event).ok_or_else(|| fault(&Vanished))
    }

    /// What it is.
    async fn kind(&self) -> CredentialKind {
        self.0.kind.into()
    }

    /// Its number, as the office counts: never given twice.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// What anybody who has the paper asks by, as it is printed: `7K3M-9QXT-0A2B-ZZ1W`.
    async fn code(&self) -> String {
        self.0.code.to_string()
    }

    /// The address at which anybody can ask what it is worth; the square code on the paper holds it.
    async fn verification_url(&self, ctx: &Context<'_>) -> Result<Url> {
        Ok(Url(session(ctx)?.site.verify(&self.0.code)))
    }

    /// What it is worth today, by the calendar of the place of its event.
    async fn status(&self, ctx: &Context<'_>) -> Result<CredentialStatus> {
        let session = session(ctx)?;
        let now = session.store.now();
        // Credentials may be seen by one who may not see the event: for them the day is that of UTC.
        let event = session.one(self.0.event_id).await?;
        let today = event.map_or(now.date_naive(), |event| event.time.zone.local(now).date());
        Ok(self.0.state_on(today).into())
    }

    /// Whose it is; null if they are nobody the reader may see.
    async fn holder(&self, ctx: &Context<'_>) -> Result<Option<Party>> {
        Party::of(ctx, Some(self.0.holder)).await
    }

    /// Whose it is, as the paper says, in the language that suits the reader best.
    async fn holder_name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        text(ctx, &self.0.paper.holder, language.as_ref())
    }

    /// The post, the award or the title, as the paper says, in the language that suits the reader best.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        text(ctx, &self.0.paper.title, language.as_ref())
    }

    /// In which languages its document is.
    async fn languages(&self) -> PaperLanguages {
        self.0.languages.into()
    }

    /// The date that it bears.
    async fn issued_on(&self) -> Date {
        Date(self.0.paper.issued_on)
    }

    /// The first day of the term; null if it has none.
    async fn since(&self) -> Option<Date> {
        self.0.paper.since.map(Date)
    }

    /// The last day of the term; null if it has none.
    async fn until(&self) -> Option<Date> {
        self.0.paper.until.map(Date)
    }

    /// When it was taken back or another took its place; null while it is in force.
    async fn status_since(&self) -> Option<DateTime> {
        use domain::credential::CredentialStatus as Status;
        match &self.0.status {
            Status::Valid => None,
            Status::Revoked { at, .. } | Status::Superseded { at, .. } => Some(DateTime(*at)),
        }
    }

    /// Why it was taken back; null if it was not.
    async fn revocation_reason(&self) -> Option<&str> {
        use domain::credential::CredentialStatus as Status;
        match &self.0.status {
            Status::Revoked { reason, .. } => Some(reason),
            Status::Valid | Status::Superseded { .. } => None,
        }
    }

    /// What was issued in its place; null if nothing was.
    async fn superseded_by(&self, ctx: &Context<'_>) -> Result<Option<Credential>> {
        use domain::credential::CredentialStatus as Status;
        let by = match &self.0.status {
            Status::Superseded { by, .. } => Some(*by),
            Status::Valid | Status::Revoked { .. } => None,
        };
        Ok(found(ctx, by).await?.map(Credential))
    }

    /// When the one whom it appoints accepted; null if they have not, and for all but appointments.
    async fn accepted_at(&self) -> Option<DateTime> {
        self.0.accepted_at.map(DateTime)
    }

    /// Where its document is read, with the token that this was asked with. There is none until it is made,
    /// which takes some moments (`documentHash`).
    async fn document_url(&self, ctx: &Context<'_>) -> Result<Url> {
        let site = &session(ctx)?.site;
        Ok(Url(site.document(&self.0.id.to_string())))
    }

    /// The SHA-256 of its document, in hexadecimal; null until it is made.
    async fn document_hash(&self) -> Option<&str> {
        self.0.document.as_deref()
    }

    /// It as a badge, for wallets: a credential of Open Badges 3.0, as the JWT of a verifiable credential
    /// (`application/vc+jwt`), whose keys are under `/.well-known/jwks.json`. Null where it is not in force,
    /// where documents are not signed, and without the permission `LETTER_ISSUE`: whoever has it may find out
    /// whether an address of mail is that of the holder.
    #[graphql(directive = requires::apply(Permission::LetterIssue))]
    async fn open_badge(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let session = session(ctx)?;
        let may = session.actor.may(Act::LetterIssue, self.0.workspace_id);
        let Some(keys) = session.badge_keys.as_ref().filter(|_| may.is_ok()) else {
            return Ok(None);
        };
        let Some(facts) = session.one(BadgeOf(self.0.id)).await? else {
            return Ok(None);
        };
        let signed = badge(&session.site, &facts).issue(&keys.current);
        signed.map(Some).map_err(|broken| fault(&broken))
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
        audit_log_of_part(ctx, self.0.event_id, self.0.id, slice).await
    }
}

/// Which credentials. What is left out restricts nothing.
#[derive(InputObject, Default)]
pub(crate) struct CredentialFilter {
    /// Of one of these kinds.
    kind: Option<Vec<CredentialKind>>,
    /// In one of these states. One whose term is over counts as `VALID` here: nobody took it back.
    status: Option<Vec<CredentialStatus>>,
    /// Those that were issued together, by the job that makes their documents.
    job_id: Option<GlobalId<kind::Job>>,
}

impl CredentialFilter {
    /// The filter as the store takes it.
    pub(crate) fn checked(self) -> persistence::CredentialFilter {
        persistence::CredentialFilter {
            kind: distinct(self.kind),
            state: distinct(self.status),
            job: self.job_id.map(|id| id.0),
        }
    }
}

connection!(
    CredentialConnection,
    CredentialEdge,
    Credential,
    domain::credential::Credential,
    "credentials",
    "credential"
);

/// A job.
#[derive(Clone)]
pub(crate) struct Job(pub(crate) Arc<persistence::Job>);

/// Work that goes on after the request that asked for it: the documents of what was issued together.
#[Object]
impl Job {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// The event.
    async fn event(&self, ctx: &Context<'_>) -> Result<Event> {
        let event = session(ctx)?.one(self.0.event_id).await?;
        event.map(Event).ok_or_else(|| fault(&Vanished))
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// How many documents there are to be made.
    async fn total_count(&self) -> i32 {
        self.0.total
    }

    /// How many are made.
    async fn done_count(&self) -> i32 {
        self.0.done
    }

    /// How many could not be made, though they were tried several times. They are tried again, once an hour.
    async fn failed_count(&self) -> i32 {
        self.0.failed
    }

    /// Whether all are made, or have failed for now.
    async fn is_finished(&self) -> bool {
        self.0.done + self.0.failed >= self.0.total
    }

    /// What is wrong with one that was not made, the first of them; null if nothing is.
    async fn fault(&self) -> Option<&str> {
        self.0.fault.as_deref()
    }
}

/// What anybody may know of a paper who has its code: what stands on it, and what it is worth.
#[derive(SimpleObject)]
pub(crate) struct Verification {
    /// What it is, in the language that suits the reader: `letter of appointment`, 聘书.
    kind: &'static str,
    /// Its number.
    number: String,
    /// What it is worth today.
    status: CredentialStatus,
    /// The office that issued it.
    office: String,
    /// Whose it is, as it says.
    holder: String,
    /// The post, the award or the title that it says.
    title: String,
    /// The body that it appoints to, or where somebody who was there is from; null if it says none.
    body: Option<String>,
    /// The event that it says.
    event_title: String,
    /// Who issued it, in order, as it says.
    issuers: List<String>,
    /// Who signed, with the post; null if it says nobody.
    signatory: Option<String>,
    /// The date that it bears.
    issued_on: Option<Date>,
    /// The first day of the term; null if it has none.
    valid_from: Option<Date>,
    /// The last day of the term; null if it has none.
    valid_until: Option<Date>,
    /// Since when it is taken back; null if it was not.
    revoked_at: Option<DateTime>,
    /// Why it was taken back; null if it was not.
    revocation_reason: Option<String>,
    /// The code of the one that was issued in its place; null if none was.
    superseded_by_code: Option<String>,
}

impl Verification {
    /// What is told of a paper, in the languages that suit the reader.
    pub(crate) fn of(ctx: &Context<'_>, found: persistence::Verification) -> Self {
        use domain::credential::CredentialStatus as Status;
        let paper = &found.credential.paper;
        let said = |one: &domain::LocalizedText| text(ctx, one, None);
        let (revoked_at, revocation_reason) = match &found.credential.status {
            Status::Revoked { at, reason } => (Some(DateTime(*at)), Some(reason.clone())),
            Status::Valid | Status::Superseded { .. } => (None, None),
        };
        let language = words::Language::best_for(languages(ctx));
        Self {
            kind: words::credential(found.credential.kind, language),
            number: found.credential.number.clone(),
            status: found.state.into(),
            holder: said(&paper.holder),
            title: said(&paper.title),
            body: paper.body.as_ref().map(said),
            event_title: said(&paper.event),
            issuers: paper.issuers.iter().map(said).collect(),
            signatory: paper.signatory.clone(),
            issued_on: Some(Date(paper.issued_on)),
            valid_from: paper.since.map(Date),
            valid_until: paper.until.map(Date),
            revoked_at,
            revocation_reason,
            superseded_by_code: found.superseded_by.map(|(_, code)| code.to_string()),
            office: found.office,
        }
    }
}
