//! The schema: what can be asked, and what can be done.

use async_graphql::{Context, EmptySubscription, ID, Object, Result, SDLExportOptions};
use domain::Slug;

use crate::connection::{Count, page};
use crate::event::{Event, EventConnection, EventFilter, EventOrder};
use crate::event_import::{EventImportInput, EventImportPayload, event_import};
use crate::failure::{bad_input, bad_page, or_null};
use crate::list::List;
use crate::node::{Node, node};
use crate::organization::{OrganizationConnection, OrganizationFilter};
use crate::person::{PersonConnection, PersonFilter};
use crate::request::session;
use crate::requires::requires;
use crate::schedule_import::{ScheduleImportInput, ScheduleImportPayload, schedule_import};
use crate::word::Permission;
use crate::workspace::{Viewer, Workspace};

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// Makes the schema.
pub fn schema() -> Schema {
    // What a request may cost is decided before it gets here: `http::limits`.
    Schema::build(Query, Mutation, EmptySubscription).finish()
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

    /// Events, the earliest first if no order is given. Needs the permission `PUBLIC_READ`.
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
        let mut order: Vec<persistence::EventOrder> = order_by
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect();
        if order.is_empty() {
            order.push(persistence::EventOrder {
                field: persistence::EventOrderField::StartsOn,
                direction: persistence::Direction::Ascending,
            });
        }
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

    /// People, by name. The anonymous see those who appear at a public event. Needs the permission
    /// `PUBLIC_READ`.
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

    /// Organizations, by name. The anonymous see those with a part in a public event. Needs the
    /// permission `PUBLIC_READ`.
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

/// What can be done.
#[derive(Debug)]
pub struct Mutation;

/// What can be done.
#[Object]
impl Mutation {
    /// A whole event as one document (the format of `convoke import`), created or brought up to
    /// date; every problem at once, all or nothing. Sent again it updates in place, and ids stay.
    /// Needs the permission `EVENT_IMPORT`.
    #[graphql(directive = requires::apply(Permission::EventImport))]
    async fn event_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document, and what to do with it.")] input: EventImportInput,
    ) -> Result<EventImportPayload> {
        event_import(ctx, input).await
    }

    /// The schedule that a conference publishes, as an event with its agenda: created or brought up
    /// to date, all or nothing. Reading is liberal: what is odd is told, and keeps nothing from
    /// being imported. Sent again it updates in place, and ids stay. The whole request has at most
    /// 4 MiB; `convoke import` takes larger files. Needs the permission `EVENT_IMPORT`.
    #[graphql(directive = requires::apply(Permission::EventImport))]
    async fn schedule_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The schedule, and what to do with it.")] input: ScheduleImportInput,
    ) -> Result<ScheduleImportPayload> {
        schedule_import(ctx, input).await
    }
}
