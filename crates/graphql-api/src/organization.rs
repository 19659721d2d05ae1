//! Organizations, who belongs to them, and what is either a person or an organization.

mod change;
mod membership;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, Union};
use domain::agenda::Agenda;
use domain::id::{OrganizationId, kind};

use persistence::AuditOf;

use crate::appointment_letter::AppointmentLetter;
use crate::audit::{AuditEntryConnection, Slice, audit_log};
use crate::bounds::{distinct, search};
use crate::connection::connection;
use crate::event::Event;
use crate::failure::Vanished;
use crate::http::error::fault;
use crate::id::{GlobalId, global};
use crate::list::List;
use crate::load::MembershipsOf;
use crate::person::Person;
use crate::request::{found, session, text};
use crate::requires::requires;
use crate::scalar::{Date, LanguageTag};
use crate::translation::{Translation, translations};
use crate::word::{OrganizationKind, Permission};

pub(crate) use change::OrganizationMutation;
pub(crate) use membership::MembershipMutation;

/// An organization.
#[derive(Clone)]
pub(crate) struct Organization(pub(crate) Arc<domain::organization::Organization>);

/// A department, university, company, association, or a body founded at an event, as the workspace
/// knows it now. What it was called at an event, the event says (`printedName`).
#[Object]
impl Organization {
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

    /// What it is.
    async fn kind(&self) -> OrganizationKind {
        self.0.kind.into()
    }

    /// What it is called, in the language that suits the reader best.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wished; else what the request accepts.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        text(ctx, &self.0.name, language.as_ref())
    }

    /// What it is called in each language, the main one first.
    async fn name_translations(&self) -> List<Translation> {
        translations(&self.0.name)
    }

    /// What it is also called.
    async fn aliases(&self) -> &[String] {
        &self.0.aliases
    }

    /// The organization that it is part of; null if there is none, or none the reader may see.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Organization>> {
        Ok(found(ctx, self.0.parent_id).await?.map(Organization))
    }

    /// Its rank among its siblings by protocol, from 0; null if none was given.
    async fn protocol_order(&self) -> Option<i32> {
        self.0.protocol_order
    }

    /// Its standing: "provincial backbone"; null if it has none.
    async fn level(&self) -> Option<&str> {
        self.0.level.as_deref()
    }

    /// What it was founded for, in order.
    async fn goals(&self) -> &[String] {
        &self.0.goals
    }

    /// The event at which it was founded; null if that is not known, or none the reader may see.
    async fn founding_event(&self, ctx: &Context<'_>) -> Result<Option<Event>> {
        Ok(found(ctx, self.0.founding_event_id).await?.map(Event))
    }

    /// Who belongs to it, in order. Empty without the permission `EVENT_READ`: who belongs to what,
    /// an event does not publish.
    #[graphql(directive = requires::apply(Permission::EventRead))]
    async fn memberships(&self, ctx: &Context<'_>) -> Result<List<Membership>> {
        Ok(session(ctx)?
            .list(MembershipsOf(self.0.id))
            .await?
            .into_iter()
            .map(Membership)
            .collect())
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

/// A membership.
#[derive(Clone)]
pub(crate) struct Membership(pub(crate) Arc<domain::organization::Membership>);

/// That a person or an organization belongs to a body, with a post and for a term.
#[Object]
impl Membership {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Its place in the list, from 0.
    async fn order(&self) -> i32 {
        self.0.position
    }

    /// Who belongs to it.
    async fn member(&self, ctx: &Context<'_>) -> Result<Party> {
        let party = Party::of(ctx, Some(self.0.member)).await?;
        // Whoever sees the membership sees the workspace, and so the member.
        party.ok_or_else(|| fault(&Vanished))
    }

    /// As what: "deputy director"; null if no post was given.
    async fn post(&self) -> Option<&str> {
        self.0.post.as_deref()
    }

    /// The first day of the term; null if it is not known.
    async fn since(&self) -> Option<Date> {
        self.0.since.map(Date)
    }

    /// The last day of the term; null if it is not known, or there is none.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }

    /// The letter that it rests on; null if there is none, and without the permission `LETTER_READ`.
    #[graphql(directive = requires::apply(Permission::LetterRead))]
    async fn letter(&self, ctx: &Context<'_>) -> Result<Option<AppointmentLetter>> {
        Ok(found(ctx, self.0.letter_id).await?.map(AppointmentLetter))
    }
}

/// A person or an organization.
#[derive(Union)]
pub(crate) enum Party {
    /// A person.
    Person(Person),
    /// An organization.
    Organization(Organization),
}

impl Party {
    /// The party that a part of an agenda refers to: as the agenda has them, if it does; else as far
    /// as the reader may see them now.
    pub(crate) async fn within(
        ctx: &Context<'_>,
        agenda: Option<&Arc<Agenda>>,
        party: Option<domain::organization::Party>,
    ) -> Result<Option<Self>> {
        use domain::organization::Party as Who;
        let at_hand = agenda.zip(party).and_then(|(agenda, party)| match party {
            Who::Person(id) => {
                let person = agenda.person(id)?;
                Some(Self::Person(Person(Arc::clone(person))))
            }
            Who::Organization(id) => {
                let organization = agenda.organization(id)?;
                Some(Self::Organization(Organization(Arc::clone(organization))))
            }
        });
        match at_hand {
            Some(party) => Ok(Some(party)),
            None => Self::of(ctx, party).await,
        }
    }

    /// The party that a row refers to, as far as the reader may see it.
    pub(crate) async fn of(
        ctx: &Context<'_>,
        party: Option<domain::organization::Party>,
    ) -> Result<Option<Self>> {
        let session = session(ctx)?;
        Ok(match party {
            Some(domain::organization::Party::Person(id)) => {
                session.one(id).await?.map(|one| Self::Person(Person(one)))
            }
            Some(domain::organization::Party::Organization(id)) => session
                .one(id)
                .await?
                .map(|one| Self::Organization(Organization(one))),
            None => None,
        })
    }
}

/// Organizations by id, in the order in which they are named: as an agenda has them, if they are
/// spoken of in one and it does; else as far as the reader may see them now.
pub(crate) async fn organizations(
    ctx: &Context<'_>,
    agenda: Option<&Arc<Agenda>>,
    ids: &[OrganizationId],
) -> Result<List<Organization>> {
    let at_hand = |id: &OrganizationId| agenda.and_then(|agenda| agenda.organization(*id));
    let others: Vec<_> = ids
        .iter()
        .filter(|id| at_hand(id).is_none())
        .copied()
        .collect();
    let mut found = session(ctx)?.many(&others).await?;
    Ok(ids
        .iter()
        .filter_map(|id| at_hand(id).cloned().or_else(|| found.remove(id)))
        .map(Organization)
        .collect())
}

/// Which organizations. What is left out restricts nothing.
#[derive(InputObject, Default)]
pub(crate) struct OrganizationFilter {
    /// Words, each of them a part of a name or an alias in any language, in any order. Case, accents
    /// and the width of letters make no difference. The best match comes first: what is called just
    /// so; whose name begins so; in whose names words begin so; the others. Among equals the name in
    /// the main language goes before other names and aliases, and then it goes by name.
    search: Option<String>,
    /// Of one of these kinds.
    kind: Option<Vec<OrganizationKind>>,
    /// Parts of this organization.
    parent_id: Option<GlobalId<kind::Organization>>,
}

impl OrganizationFilter {
    /// The filter as the store takes it, if it is no larger than is answered.
    pub(crate) fn checked(self) -> Result<persistence::OrganizationFilter> {
        Ok(persistence::OrganizationFilter {
            search: search(self.search)?,
            kind: distinct(self.kind),
            parent: self.parent_id.map(|id| id.0),
        })
    }
}

connection!(
    OrganizationConnection,
    OrganizationEdge,
    Organization,
    domain::organization::Organization,
    "organizations",
    "organization"
);
