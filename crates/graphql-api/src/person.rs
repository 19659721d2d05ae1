//! People and their posts.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::access::Permission as Act;
use domain::id::kind;

use persistence::AuditOf;

use crate::audit::{AuditEntryConnection, Slice, audit_log};
use crate::bounds::search;
use crate::connection::connection;
use crate::id::{GlobalId, global};
use crate::list::List;
use crate::load::PostsOf;
use crate::organization::Organization;
use crate::request::{found, session};
use crate::requires::requires;
use crate::scalar::{Date, LanguageTag};
use crate::translation::{Translation, named};
use crate::word::Permission;

pub(crate) use change::PersonMutation;

/// A person.
#[derive(Clone)]
pub(crate) struct Person(pub(crate) Arc<domain::person::Person>);

/// A human being, as the workspace knows them now. How they were called at an event, the event
/// says (`printedName`).
#[Object]
impl Person {
    /// Their id.
    pub(crate) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The caller's own name for them; null if no caller gave one, and without the permission
    /// `EVENT_READ`: who imports may know people by a number that is nobody else's business.
    #[graphql(directive = requires::apply(Permission::EventRead))]
    async fn external_id(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let may = self.may(ctx, Act::EventRead)?;
        let key = self.0.external_id.as_ref().filter(|_| may);
        Ok(key.map(domain::Key::as_str))
    }

    /// Their full name, as they write it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The name in Latin letters; null if it is in them already, or not known.
    async fn transcription(&self) -> Option<&str> {
        self.0.transcription.as_deref()
    }

    /// The name in further scripts and languages.
    async fn further_names(&self) -> List<Translation> {
        named(&self.0.further_names)
    }

    /// Their e-mail address; null if it is not known, and without the permission `CONTACT_READ`.
    #[graphql(directive = requires::apply(Permission::ContactRead))]
    async fn email(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let contact = self.contact(ctx).await?;
        Ok(contact.and_then(|person| person.email.clone()))
    }

    /// Their telephone number; null if it is not known, and without the permission `CONTACT_READ`.
    #[graphql(directive = requires::apply(Permission::ContactRead))]
    async fn telephone(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let contact = self.contact(ctx).await?;
        Ok(contact.and_then(|person| person.telephone.clone()))
    }

    /// The language that they are written to in; null if it is that of the event, and without the
    /// permission `CONTACT_READ`.
    #[graphql(directive = requires::apply(Permission::ContactRead))]
    async fn language(&self, ctx: &Context<'_>) -> Result<Option<LanguageTag>> {
        let contact = self.contact(ctx).await?;
        Ok(contact.and_then(|person| person.language.clone().map(LanguageTag)))
    }

    /// The positions they hold or held, in order. Empty without the permission `EVENT_READ`: what an
    /// event shows of them, it has printed (`printedPosts`).
    #[graphql(directive = requires::apply(Permission::EventRead))]
    async fn posts(&self, ctx: &Context<'_>) -> Result<List<Post>> {
        Ok(session(ctx)?
            .list(PostsOf(self.0.id))
            .await?
            .into_iter()
            .map(Post)
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

impl Person {
    /// The person with what they are reached by, for who may see that. Read by itself: the value at
    /// hand may be of an agenda, which comes without.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<Arc<domain::person::Person>>> {
        let may = self.may(ctx, Act::ContactRead)?;
        found(ctx, may.then_some(self.0.id)).await
    }

    fn may(&self, ctx: &Context<'_>, act: Act) -> Result<bool> {
        Ok(session(ctx)?.actor.may(act, self.0.workspace_id).is_ok())
    }
}

/// A position.
#[derive(Clone)]
pub(crate) struct Post(pub(crate) Arc<domain::person::Post>);

/// A position that a person holds or held.
#[Object]
impl Post {
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

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Where; null if that is not known, or nothing the reader may see.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>> {
        Ok(found(ctx, self.0.organization_id).await?.map(Organization))
    }

    /// The first day; null if it is not known.
    async fn since(&self) -> Option<Date> {
        self.0.since.map(Date)
    }

    /// The last day; null if it is not known, or there is none yet.
    async fn until(&self) -> Option<Date> {
        self.0.until.map(Date)
    }
}

/// Which people. What is left out restricts nothing.
#[derive(InputObject, Default)]
pub(crate) struct PersonFilter {
    /// Words, each of them a part of a name: of the name, its transcription or a further name, in
    /// any order. Case, accents and the width of letters make no difference. The best match comes
    /// first: who is called just so; whose name begins so; in whose names words begin so; the
    /// others. Among equals the name goes before the transcription and further names, and then it
    /// goes by name.
    search: Option<String>,
    /// Those with a post at this organization.
    organization_id: Option<GlobalId<kind::Organization>>,
    /// Those who appear at this event or, for who may see them, take part in it.
    event_id: Option<GlobalId<kind::Event>>,
}

impl PersonFilter {
    /// The filter as the store takes it, if it is no larger than is answered.
    pub(crate) fn checked(self) -> Result<persistence::PersonFilter> {
        Ok(persistence::PersonFilter {
            search: search(self.search)?,
            organization: self.organization_id.map(|id| id.0),
            event: self.event_id.map(|id| id.0),
        })
    }
}

connection!(
    PersonConnection,
    PersonEdge,
    Person,
    domain::person::Person,
    "people",
    "person"
);
