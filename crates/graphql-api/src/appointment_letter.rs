//! Appointment letters.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use domain::credential::CredentialSubject;

use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::connection::connection;
use crate::credential::Credential;
use crate::failure::{Vanished, or_null};
use crate::http::error::fault;
use crate::id::global;
use crate::list::List;
use crate::load::CredentialFor;
use crate::organization::{Organization, organizations};
use crate::person::Person;
use crate::printout::Printout;
use crate::request::{found, session};
use crate::requires::requires;
use crate::scalar::Date;
use crate::word::{LetterStatus, PaperLanguages, Permission};

pub(crate) use change::LetterMutation;

/// A letter.
#[derive(Clone)]
pub(crate) struct AppointmentLetter(pub(crate) Arc<domain::appointment_letter::AppointmentLetter>);

/// A letter by which a person is appointed to a post in a body.
#[Object]
impl AppointmentLetter {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The caller's own name for it; null if no caller gave one.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_ref().map(domain::Key::as_str)
    }

    /// What it is worth today, by the calendar of the place of its event.
    async fn status(&self, ctx: &Context<'_>) -> Result<LetterStatus> {
        let session = session(ctx)?;
        let now = session.store.now();
        // Letters may be seen by one who may not see the event: for them the day is that of UTC.
        let event = session.one(self.0.event_id).await?;
        let today = event.map_or(now.date_naive(), |event| event.time.zone.local(now).date());
        Ok(self.0.status.state_on(today, self.0.until).into())
    }

    /// Who is appointed.
    async fn appointee(&self, ctx: &Context<'_>) -> Result<Person> {
        let person = session(ctx)?.one(self.0.appointee_id).await?;
        person.map(Person).ok_or_else(|| fault(&Vanished))
    }

    /// To which body.
    async fn body(&self, ctx: &Context<'_>) -> Result<Organization> {
        let body = session(ctx)?.one(self.0.body_id).await?;
        body.map(Organization).ok_or_else(|| fault(&Vanished))
    }

    /// To which post.
    async fn post(&self) -> &str {
        &self.0.post
    }

    /// The first day of the term; null if none was given.
    async fn since(&self) -> Option<Date> {
        self.0.since.map(Date)
    }

    /// The last day of the term; null if none was given.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }

    /// Who issues it, in order.
    async fn issuers(&self, ctx: &Context<'_>) -> Result<List<Organization>> {
        organizations(ctx, None, &self.0.issuers).await
    }

    /// Who signs, with the post; null if nobody was named.
    async fn signatory(&self) -> Option<&str> {
        self.0.signatory.as_deref()
    }

    /// The number it bears; null if it has none yet.
    async fn number(&self) -> Option<&str> {
        self.0.number.as_deref()
    }

    /// The date it bears; null for a draft.
    async fn issued_on(&self) -> Option<Date> {
        self.0.status.issued_on().map(Date)
    }

    /// Its document as it would be, were it issued today; across each page it says that it is a specimen, and its
    /// code is that of nothing. Nothing is changed by it. Null without the permission `LETTER_READ`.
    #[graphql(directive = requires::apply(Permission::LetterRead))]
    async fn document_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which languages; in both, if nothing is said.")] languages: Option<
            PaperLanguages,
        >,
    ) -> Result<Option<Printout>> {
        let subject = CredentialSubject::Letter(self.0.id);
        let languages = languages.unwrap_or(PaperLanguages::Bilingual).into();
        or_null(ctx, Printout::of_draft(ctx, subject, languages).await)
    }

    /// What was issued: what is in force, else what was issued last; null while it is a draft, and for one that
    /// was issued elsewhere.
    async fn credential(&self, ctx: &Context<'_>) -> Result<Option<Credential>> {
        let subject = CredentialSubject::Letter(self.0.id);
        Ok(found(ctx, Some(CredentialFor(subject)))
            .await?
            .map(Credential))
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

connection!(
    AppointmentLetterConnection,
    AppointmentLetterEdge,
    AppointmentLetter,
    domain::appointment_letter::AppointmentLetter,
    "appointment letters",
    "letter"
);
