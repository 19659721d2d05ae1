//! The schema: what can be asked, and what can be done.

use async_graphql::{
    Context, EmptySubscription, ID, MergedObject, Object, Result, SDLExportOptions,
};
use domain::Slug;
use domain::access::Actor;

use crate::action_item::ActionItemMutation;
use crate::agenda::{
    AgendaEditMutation, AgendaHistoryMutation, AgendaItemMutation, AgendaPublishMutation,
    AgendaShiftMutation, TrackMutation,
};
use crate::appearance::AppearanceMutation;
use crate::appointment_letter::LetterMutation;
use crate::award::AwardMutation;
use crate::connection::{Count, page};
use crate::credential::{CredentialMutation, Verification};
use crate::delivery::DeliveryMutation;
use crate::event::{
    Event, EventConnection, EventFilter, EventMutation, EventOrder, SeriesMutation,
};
use crate::event_import::ImportMutation;
use crate::event_organization::EventOrganizationMutation;
use crate::failure::{bad_input, bad_page, or_null};
use crate::invitation::InvitationMutation;
use crate::letterhead::LetterheadMutation;
use crate::list::List;
use crate::mail_template::MailTemplateMutation;
use crate::merge::MergeMutation;
use crate::message::MessageMutation;
use crate::node::{Node, node};
use crate::organization::{
    MembershipMutation, OrganizationConnection, OrganizationFilter, OrganizationMutation,
};
use crate::paper_template::PaperTemplateMutation;
use crate::participant::{Participant, ParticipantGroupMutation, ParticipantMutation};
use crate::person::{PersonConnection, PersonFilter, PersonMutation};
use crate::release::ReleaseMutation;
use crate::report::ReportMutation;
use crate::request::{found, session};
use crate::requires::requires;
use crate::resolution::ResolutionMutation;
use crate::schedule_import::ScheduleMutation;
use crate::suppression::SuppressionMutation;
use crate::venue::{RoomMutation, VenueMutation};
use crate::word::Permission;
use crate::workspace::{Viewer, Workspace};

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// Makes the schema.
pub fn schema() -> Schema {
    // What a request may cost is decided before it gets here: `http::limits`.
    Schema::build(Query, Mutation::default(), EmptySubscription).finish()
}

/// The schema in the schema language, sorted, so that a change shows as nothing but itself.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident();
    let sdl = schema().sdl_with_options(options);
    let lines: Vec<_> = sdl.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim())
}

/// The most ids that `nodes` takes.
const MOST_NODES: usize = 100;

/// What can be asked.
#[derive(Debug)]
pub struct Query;

/// What can be asked. The anonymous see what is published for everybody; who has a token sees what
/// its role lets them see in the workspaces that it opens, and nothing of any other.
#[Object]
impl Query {
    /// What an id names. Null if there is no such thing, or none the reader may see. Needs the
    /// permission `PUBLIC_READ`.
    #[graphql(directive = requires::apply(Permission::PublicRead))]
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id.")] id: ID,
    ) -> Result<Option<Node>> {
        or_null(ctx, node(ctx, &id).await)
    }

    /// What these ids name, in their order; null where there is no such thing, or none the reader
    /// may see. Needs the permission `PUBLIC_READ`.
    #[graphql(directive = requires::apply(Permission::PublicRead))]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<List<Option<Result<Node>>>> {
        if ids.len() > MOST_NODES {
            let message = format!("nodes takes at most {MOST_NODES} ids, not {}", ids.len());
            return Err(bad_input(message));
        }
        // One that fails is null in its place, and leaves the others alone.
        let found = ids.iter().map(async |id| node(ctx, id).await.transpose());
        let found = async_graphql::futures_util::future::join_all(found).await;
        Ok(found.into_iter().collect())
    }

    /// Who is looking: the holder of the request's token; null for the anonymous. Needs the
    /// permission `PUBLIC_READ`.
    #[graphql(directive = requires::apply(Permission::PublicRead))]
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        or_null(ctx, Viewer::of(ctx).await)
    }

    /// Who is attending: the participant whose link the request came with; null for everybody else,
    /// and until the event is published. Needs the permission `PUBLIC_READ`.
    #[graphql(directive = requires::apply(Permission::PublicRead))]
    async fn attendee(&self, ctx: &Context<'_>) -> Result<Option<Participant>> {
        let Actor::Guest(guest) = session(ctx)?.actor.as_ref() else {
            return Ok(None);
        };
        let attending = found(ctx, Some(guest.participant_id)).await?;
        Ok(attending.map(Participant))
    }

    /// The workspace with this slug. Null if there is none, or none the reader may see. Needs the
    /// permission `PUBLIC_READ`.
    #[graphql(directive = requires::apply(Permission::PublicRead))]
    async fn workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its slug.")] slug: String,
    ) -> Result<Option<Workspace>> {
        // What is no slug names no workspace.
        let Ok(slug) = slug.parse::<Slug>() else {
            return Ok(None);
        };
        let found = async {
            let session = session(ctx)?;
            let found = session
                .store
                .workspace_by_slug(&session.actor, &slug)
                .await?;
            Ok(found.map(|found| Workspace(found.into())))
        };
        or_null(ctx, found.await)
    }

    /// The event with this slug. Null if there is none, or none the reader may see. Needs the
    /// permission `PUBLIC_READ`.
    #[graphql(directive = requires::apply(Permission::PublicRead))]
    async fn event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its slug, unique in its workspace.")] slug: String,
        #[graphql(
            desc = "The slug of its workspace; needed only where the reader sees several with such an event."
        )]
        workspace: Option<String>,
    ) -> Result<Option<Event>> {
        let Ok(slug) = slug.parse::<Slug>() else {
            return Ok(None);
        };
        let within = match workspace.map(|workspace| workspace.parse::<Slug>()) {
            Some(Err(_no_slug)) => return Ok(None),
            Some(Ok(within)) => Some(within),
            None => None,
        };
        let found = async {
            let session = session(ctx)?;
            let found = session
                .store
                .events_by_slug(&session.actor, &slug, within.as_ref())
                .await?;
            let mut found = found.into_iter();
            match (found.next(), found.next()) {
                (Some(_), Some(_)) => Err(bad_input(format!(
                    "several workspaces have an event `{slug}`: say which, with `workspace`"
                ))),
                (one, _) => Ok(one.map(|one| Event(one.into()))),
            }
        };
        or_null(ctx, found.await)
    }

    /// Events. If no order is given: the earliest first; with `filter.search`, the best match first
    /// (`EventFilter.search` says which), then by title. Needs the permission `PUBLIC_READ`.
    #[graphql(directive = requires::apply(Permission::PublicRead))]
    #[expect(
        clippy::too_many_arguments,
        reason = "a connection has four, a filter and an order"
    )]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<EventFilter>,
        #[graphql(desc = "In which order, the first level first; at most three levels.")]
        order_by: Option<Vec<EventOrder>>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<EventConnection> {
        let filter = filter.unwrap_or_default().checked()?;
        let order = order_by.unwrap_or_default().into_iter();
        let order: Vec<persistence::EventOrder> = order.map(Into::into).collect();
        if order.len() > 3 {
            return Err(bad_input("orderBy takes at most three levels"));
        }
        let page = page(first, after, last, before)?;
        let session = session(ctx)?;
        let found = session
            .store
            .events_page(&session.actor, &filter, &order, &page)
            .await?;
        Ok(EventConnection::new(
            found.map_err(bad_page)?,
            Count::Events(filter),
        ))
    }

    /// What is known of the letter or the certificate with this code. Null if there is none. Anybody may ask,
    /// without a token; who asks for 20 that there are not within a minute has to wait for the next one.
    /// Needs the permission `PUBLIC_READ`.
    #[graphql(directive = requires::apply(Permission::PublicRead))]
    async fn verification(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The code, as it is printed; spaces, hyphens and case make no difference."
        )]
        code: String,
    ) -> Result<Option<Verification>> {
        let session = session(ctx)?;
        let look = async {
            // What is no code is the code of nothing.
            let Ok(code) = code.parse() else {
                return Ok(None);
            };
            let found = session.store.verify(code).await?;
            Ok(found.map(|found| Verification::of(ctx, found)))
        };
        or_null(ctx, session.guessed(look).await)
    }

    /// People, by name; with `filter.search`, the best match first (`PersonFilter.search` says which).
    /// The anonymous see those who appear at a public event. Needs the permission `PUBLIC_READ`.
    #[graphql(directive = requires::apply(Permission::PublicRead))]
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<PersonFilter>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<PersonConnection> {
        let filter = filter.unwrap_or_default().checked()?;
        let page = page(first, after, last, before)?;
        let session = session(ctx)?;
        let found = session
            .store
            .people_page(&session.actor, &filter, &page)
            .await?;
        Ok(PersonConnection::new(
            found.map_err(bad_page)?,
            Count::People(filter),
        ))
    }

    /// Organizations, by name; with `filter.search`, the best match first
    /// (`OrganizationFilter.search` says which). The anonymous see those with a part in a public
    /// event. Needs the permission `PUBLIC_READ`.
    #[graphql(directive = requires::apply(Permission::PublicRead))]
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<OrganizationFilter>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<OrganizationConnection> {
        let filter = filter.unwrap_or_default().checked()?;
        let page = page(first, after, last, before)?;
        let session = session(ctx)?;
        let found = session
            .store
            .organizations_page(&session.actor, &filter, &page)
            .await?;
        Ok(OrganizationConnection::new(
            found.map_err(bad_page)?,
            Count::Organizations(filter),
        ))
    }
}

/// What can be done: each act has one input and one payload. What is wrong with an input is told in
/// `userErrors`, all of it at once, and then nothing was done.
#[derive(Debug, Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutation(
    ImportMutation,
    ScheduleMutation,
    EventMutation,
    SeriesMutation,
    EventOrganizationMutation,
    PersonMutation,
    OrganizationMutation,
    MembershipMutation,
    VenueMutation,
    RoomMutation,
    AgendaItemMutation,
    AgendaPublishMutation,
    AgendaShiftMutation,
    AgendaHistoryMutation,
    AgendaEditMutation,
    TrackMutation,
    AppearanceMutation,
    ParticipantMutation,
    ParticipantGroupMutation,
    InvitationMutation,
    MessageMutation,
    DeliveryMutation,
    SuppressionMutation,
    MailTemplateMutation,
    ReleaseMutation,
    AwardMutation,
    LetterMutation,
    CredentialMutation,
    LetterheadMutation,
    PaperTemplateMutation,
    ResolutionMutation,
    ActionItemMutation,
    ReportMutation,
    MergeMutation,
);
