//! Participants, and groups of people nobody has named.

mod change;
mod group;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::agenda::Agenda;
use domain::credential::CredentialSubject;
use domain::id::kind;
use persistence::MailSecret;

use crate::appearance::Appearance;
use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::availability::{AvailabilityWindow, windows};
use crate::bounds::{distinct, search};
use crate::connection::connection;
use crate::event::Event;
use crate::failure::{Vanished, or_null};
use crate::http::error::fault;
use crate::id::{GlobalId, global};
use crate::invitation::Invitation;
use crate::list::List;
use crate::load::{AppearancesOf, InvitationsOf, WaitlistOf};
use crate::organization::{Organization, Party};
use crate::person::Person;
use crate::printout::Printout;
use crate::request::{found, session};
use crate::requires::requires;
use crate::scalar::{DateTime, Url};
use crate::word::{
    AnswerChannel, PaperLanguages, ParticipantCategory, ParticipantStatus, Permission,
};

pub(crate) use change::ParticipantMutation;
pub(crate) use group::ParticipantGroupMutation;

/// A participant.
#[derive(Clone)]
pub(crate) struct Participant(pub(crate) Arc<domain::participant::Participant>);

/// The one record of a person at an event. Speaking at an event makes one a participant.
#[Object]
impl Participant {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The event.
    async fn event(&self, ctx: &Context<'_>) -> Result<Event> {
        let event = session(ctx)?.one(self.0.event_id).await?;
        event.map(Event).ok_or_else(|| fault(&Vanished))
    }

    /// The person, as they are now.
    async fn person(&self, ctx: &Context<'_>) -> Result<Person> {
        let person = session(ctx)?.one(self.0.person_id).await?;
        person.map(Person).ok_or_else(|| fault(&Vanished))
    }

    /// In what capacity.
    async fn category(&self) -> ParticipantCategory {
        self.0.category.into()
    }

    /// How far it has come.
    async fn status(&self) -> ParticipantStatus {
        self.0.status.state().into()
    }

    /// Since when the status is so; null for those who are merely listed, and where nobody
    /// recorded it.
    async fn status_since(&self) -> Option<DateTime> {
        self.0.status.since().map(DateTime)
    }

    /// The organization they come from; null if it is not known.
    async fn representing(&self, ctx: &Context<'_>) -> Result<Option<Organization>> {
        Ok(found(ctx, self.0.representing_id).await?.map(Organization))
    }

    /// In whose stead they come; null if in nobody's.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> Result<Option<Party>> {
        or_null(ctx, Party::of(ctx, self.0.on_behalf_of).await)
    }

    /// The name as printed for this event.
    async fn printed_name(&self) -> &str {
        &self.0.printed_name
    }

    /// The posts as printed for this event, in order.
    async fn printed_posts(&self) -> &[String] {
        &self.0.printed_posts
    }

    /// When they are there, in order; empty if nothing is said, so that they are there all the time.
    async fn availability(&self) -> List<AvailabilityWindow> {
        windows(&self.0.availability)
    }

    /// What they do at the event, on items and on the whole, in order.
    async fn appearances(&self, ctx: &Context<'_>) -> Result<List<Appearance>> {
        let person = domain::appearance::Appearing::Person(self.0.person_id);
        let all = session(ctx)?.list(AppearancesOf(self.0.event_id)).await?;
        Ok(all
            .into_iter()
            .filter(|one| one.who == person)
            .map(Appearance::Loose)
            .collect())
    }

    /// Their place in the line of those who would come if there were room, from 1; null for those
    /// who are not waiting.
    async fn waitlist_position(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        if self.0.status.state() != domain::participant::ParticipantState::Waitlisted {
            return Ok(None);
        }
        let positions = found(ctx, Some(WaitlistOf(self.0.event_id))).await?;
        Ok(positions.and_then(|positions| positions.get(&self.0.id).copied()))
    }

    /// When they were checked in; null if they were not, or nobody recorded when.
    async fn checked_in_at(&self) -> Option<DateTime> {
        let domain::participant::ParticipantStatus::Attended { at } = self.0.status else {
            return None;
        };
        at.map(DateTime)
    }

    /// Their certificate of attendance as it would be, were it issued today; across each page it says that it is a specimen, and its
    /// code is that of nothing. Nothing is changed by it. Null without the permission `LETTER_READ`.
    #[graphql(directive = requires::apply(Permission::LetterRead))]
    async fn document_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which languages; in both, if nothing is said.")] languages: Option<
            PaperLanguages,
        >,
    ) -> Result<Option<Printout>> {
        let subject = CredentialSubject::Attendance(self.0.id);
        let languages = languages.unwrap_or(PaperLanguages::Bilingual).into();
        or_null(ctx, Printout::of_draft(ctx, subject, languages).await)
    }

    /// What stands in their calendar: the invitation to the event first, then those to the items that
    /// they appear on. Empty until they are invited.
    async fn invitations(&self, ctx: &Context<'_>) -> Result<List<Invitation>> {
        let all = session(ctx)?.list(InvitationsOf(self.0.id)).await?;
        Ok(all.into_iter().map(Invitation).collect())
    }

    /// Until when they are asked to answer; null if nothing was said.
    async fn answer_by(&self) -> Option<DateTime> {
        self.0.answer_by.map(DateTime)
    }

    /// By which way they answered; null if they have not, or what they answered holds no longer.
    async fn answered_through(&self) -> Option<AnswerChannel> {
        self.0.answered_through.map(Into::into)
    }

    /// The page where they answer, as it stands in their mails: who has it answers for them. Null
    /// without the permission `PARTICIPANT_EDIT`, but for the participant themselves.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn answer_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        let secret = self.secret(ctx, MailSecret::Answer).await?;
        let site = &session(ctx)?.site;
        Ok(secret.map(|secret| Url(site.answer(&secret))))
    }

    /// The feed of their own entries, to be subscribed to by a calendar: who has it sees them. Null
    /// without the permission `PARTICIPANT_EDIT`, but for the participant themselves.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn calendar_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        let secret = self.secret(ctx, MailSecret::Calendar).await?;
        let site = &session(ctx)?.site;
        Ok(secret.map(|secret| Url(site.calendar(&secret))))
    }

    /// The secret of their link, `convoke_link_…`: who sends it as a token sees the event as this
    /// attendee, once it is published, and nothing else that is not public. It is the same until it
    /// is renewed. Null without the permission `PARTICIPANT_EDIT`.
    #[graphql(directive = requires::apply(Permission::ParticipantEdit))]
    async fn link(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(event) = found(ctx, Some(self.0.event_id)).await? else {
            return Ok(None);
        };
        let session = session(ctx)?;
        let link = session
            .store
            .participant_link(&session.actor, event.workspace_id, &self.0);
        match link.await {
            Ok(link) => Ok(Some(link)),
            Err(persistence::Error::Denied(_)) => Ok(None),
            Err(persistence::Error::Fault(error)) => or_null(ctx, Err(fault(&error))),
            Err(persistence::Error::Refused(never)) => match never {},
        }
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

impl Participant {
    /// What opens one thing to them, for who may know it.
    async fn secret(&self, ctx: &Context<'_>, opens: MailSecret) -> Result<Option<String>> {
        let Some(event) = found(ctx, Some(self.0.event_id)).await? else {
            return Ok(None);
        };
        let session = session(ctx)?;
        let secret =
            session
                .store
                .participant_secret(&session.actor, event.workspace_id, &self.0, opens);
        match secret.await {
            Ok(secret) => Ok(Some(secret)),
            Err(persistence::Error::Denied(_)) => Ok(None),
            Err(persistence::Error::Fault(error)) => or_null(ctx, Err(fault(&error))),
            Err(persistence::Error::Refused(never)) => match never {},
        }
    }
}

/// A group: read by itself, or as a part of an agenda that has all it refers to.
#[derive(Clone)]
pub(crate) enum ParticipantGroup {
    Loose(Arc<domain::participant::ParticipantGroup>),
    In(Arc<Agenda>, domain::participant::ParticipantGroup),
}

impl ParticipantGroup {
    fn facts(&self) -> &domain::participant::ParticipantGroup {
        match self {
            Self::Loose(facts) => facts,
            Self::In(_, facts) => facts,
        }
    }
}

/// People whom the notice or the record does not name: "three more guests".
#[Object]
impl ParticipantGroup {
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

    /// Who they are.
    async fn description(&self) -> &str {
        &self.facts().description
    }

    /// How many; null if that is not known.
    async fn expected_count(&self) -> Option<i32> {
        self.facts().expected_count
    }

    /// The organization they come from; null if it is not known, or they are of several.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>> {
        let from = self.facts().organization_id;
        if let Self::In(agenda, _) = self
            && let Some(organization) = from.and_then(|id| agenda.organization(id))
        {
            return Ok(Some(Organization(Arc::clone(organization))));
        }
        Ok(found(ctx, from).await?.map(Organization))
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

/// Which participants. What is left out restricts nothing.
#[derive(InputObject, Default)]
pub(crate) struct ParticipantFilter {
    /// Words, each of them a part of the person's name in any script, in any order. Case, accents and
    /// the width of letters make no difference, as in `PersonFilter.search`; the order of the list
    /// stays.
    search: Option<String>,
    /// In one of these states.
    status: Option<Vec<ParticipantStatus>>,
    /// In one of these capacities.
    category: Option<Vec<ParticipantCategory>>,
    /// Who come from this organization.
    organization_id: Option<GlobalId<kind::Organization>>,
}

impl ParticipantFilter {
    /// The filter as the store takes it, if it is no larger than is answered.
    pub(crate) fn checked(self) -> Result<persistence::ParticipantFilter> {
        Ok(persistence::ParticipantFilter {
            search: search(self.search)?,
            status: distinct(self.status),
            category: distinct(self.category),
            organization: self.organization_id.map(|id| id.0),
        })
    }
}

connection!(
    ParticipantConnection,
    ParticipantEdge,
    Participant,
    domain::participant::Participant,
    "participants",
    "participant"
);
