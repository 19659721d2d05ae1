//! Reading events and series.

mod change;
mod copy;

use chrono::NaiveDate;
use domain::Slug;
use domain::access::{Actor, Permission};
use domain::event::{Event, EventKind, EventState, Series};
use domain::id::{EventId, SeriesId, WorkspaceId};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::column::{DbId, Spelled};
use crate::directory::{Asked, sort_key};
use crate::entity::access::workspace;
use crate::entity::event::{event, series};
use crate::error::Fault;
use crate::page::{Direction, Keyset, Page, PageError, PageRequest, SortKey, SortKind};
use crate::search::Search;
use crate::sight;
use crate::store::Store;

pub use change::NewEvent;
pub use copy::{EventCopy, EventPart};

/// Which events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct EventFilter {
    /// A part of a title, a theme or a locality, in any language.
    pub search: Option<String>,
    /// Of one of these kinds.
    pub kind: Option<Vec<EventKind>>,
    /// In one of these states.
    pub status: Option<Vec<EventState>>,
    /// Of this workspace.
    pub workspace: Option<WorkspaceId>,
    /// Of this series.
    pub series: Option<SeriesId>,
    /// Parts of this event.
    pub parent: Option<EventId>,
    /// Beginning on this day or later.
    pub starts_on_or_after: Option<NaiveDate>,
    /// Beginning on this day or earlier.
    pub starts_on_or_before: Option<NaiveDate>,
    /// All of these as well.
    pub and: Vec<EventFilter>,
    /// One of these at least, if there are any.
    pub or: Vec<EventFilter>,
    /// Not this.
    pub not: Option<Box<EventFilter>>,
}

/// One level of the order of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventOrder {
    /// By what.
    pub field: EventOrderField,
    /// Which way.
    pub direction: Direction,
}

/// What events are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventOrderField {
    /// The first day.
    StartsOn,
    /// When they were entered.
    CreatedAt,
    /// The title in the main language, by code point.
    Title,
}

impl Store {
    /// Events by id, as far as the actor sees them.
    pub async fn events(&self, actor: &Actor, ids: &[EventId]) -> Result<Vec<Event>, Fault> {
        let rows = event::Entity::find()
            .filter(event::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::events(&actor.sight(Permission::PublicRead)))
            .all(self.read())
            .await?;
        rows.into_iter().map(event::Model::event).collect()
    }

    /// The events of this slug that the actor sees, at most two: a slug is unique in a workspace
    /// only, so without one there may be several.
    pub async fn events_by_slug(
        &self,
        actor: &Actor,
        slug: &Slug,
        in_workspace: Option<&Slug>,
    ) -> Result<Vec<Event>, Fault> {
        let mut query = event::Entity::find()
            .filter(event::Column::Slug.eq(slug.as_str()))
            .filter(sight::events(&actor.sight(Permission::PublicRead)));
        if let Some(workspace_slug) = in_workspace {
            let of_slug = sea_orm::sea_query::Query::select()
                .column(workspace::Column::Id)
                .from(workspace::Entity)
                .and_where(workspace::Column::Slug.eq(workspace_slug.as_str()))
                .take();
            query = query.filter(event::Column::WorkspaceId.in_subquery(of_slug));
        }
        let rows = query
            .order_by_asc(event::Column::Id)
            .limit(2)
            .all(self.read())
            .await?;
        rows.into_iter().map(event::Model::event).collect()
    }

    /// Series by id, as far as the actor sees them.
    pub async fn series(&self, actor: &Actor, ids: &[SeriesId]) -> Result<Vec<Series>, Fault> {
        let sight = actor.sight(Permission::PublicRead);
        let rows = series::Entity::find()
            .filter(series::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::series(
                &sight,
                series::Column::WorkspaceId,
                series::Column::Id,
            ))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Series::from).collect())
    }

    /// A page of events. Where no order is given: those that are searched, the best match first
    /// and then by title; otherwise the earliest first.
    pub async fn events_page(
        &self,
        actor: &Actor,
        filter: &EventFilter,
        order: &[EventOrder],
        page: &PageRequest,
    ) -> Result<Result<Page<Event>, PageError>, Fault> {
        let (search, keyset, query) = match self.events_asked(actor, filter, order, page) {
            Ok(asked) => asked,
            Err(refused) => return Ok(Err(refused)),
        };
        let rows = query.all(self.read()).await?;
        let (ranked, order) = ordered(search.as_ref(), order);
        let values = |row: &event::Model| {
            let rank = ranked.iter().map(|one| one.sort_value(&row.search_text));
            let levels = order.iter().map(|order| match order.field {
                EventOrderField::StartsOn => row.starts_on.to_string(),
                EventOrderField::CreatedAt => row.created_at.to_rfc3339(),
                EventOrderField::Title => row.sort_title.clone(),
            });
            rank.chain(levels)
                .chain([row.id.0.uuid().to_string()])
                .collect()
        };
        let page = keyset.page(rows, values, event::Model::event);
        let items: Result<_, Fault> = page
            .items
            .into_iter()
            .map(|(cursor, event)| Ok((cursor, event?)))
            .collect();
        Ok(Ok(Page {
            items: items?,
            has_next: page.has_next,
            has_previous: page.has_previous,
        }))
    }

    /// What a page of events is read by.
    pub(crate) fn events_asked(
        &self,
        actor: &Actor,
        filter: &EventFilter,
        order: &[EventOrder],
        page: &PageRequest,
    ) -> Result<Asked<event::Entity>, PageError> {
        let search = Search::of(self.backend(), filter.search.as_deref());
        let (ranked, levels) = ordered(search.as_ref(), order);
        let ranked = ranked.into_iter().map(|one| one.sort_key(event::Entity));
        let keys = ranked
            .chain(levels.into_iter().map(key))
            .chain([sort_key(event::Column::Id, SortKind::Uuid)]);
        let keyset = Keyset::new(page, keys.collect(), &("events", filter, order))?;
        let query = event::Entity::find().filter(self.seen_events_in(actor, filter));
        let query = keyset.apply(query);
        Ok((search, keyset, query))
    }

    /// How many events there are.
    pub async fn events_count(&self, actor: &Actor, filter: &EventFilter) -> Result<u64, Fault> {
        let query = event::Entity::find().filter(self.seen_events_in(actor, filter));
        Ok(query.count(self.read()).await?)
    }

    /// The events that the filter is about, as far as the actor sees them.
    fn seen_events_in(&self, actor: &Actor, filter: &EventFilter) -> Condition {
        let seen = sight::events(&actor.sight(Permission::PublicRead));
        let condition = events_in(self.backend(), actor, filter);
        match Search::of(self.backend(), filter.search.as_deref()) {
            // What is searched for in the first place is looked up.
            Some(search) => condition
                .add(search.among(seen))
                .add(search.in_question(event::Entity)),
            None => condition.add(seen),
        }
    }
}

/// What events are ordered by: how well they match, if anything, and then these levels.
fn ordered<'a>(
    search: Option<&'a Search>,
    order: &[EventOrder],
) -> (Option<&'a Search>, Vec<EventOrder>) {
    let ascending = |field| EventOrder {
        field,
        direction: Direction::Ascending,
    };
    match search {
        _ if !order.is_empty() => (None, order.to_vec()),
        Some(search) => (Some(search), vec![ascending(EventOrderField::Title)]),
        None => (None, vec![ascending(EventOrderField::StartsOn)]),
    }
}

fn key(order: EventOrder) -> SortKey {
    let key = match order.field {
        EventOrderField::StartsOn => sort_key(event::Column::StartsOn, SortKind::Day),
        EventOrderField::CreatedAt => sort_key(event::Column::CreatedAt, SortKind::Instant),
        EventOrderField::Title => sort_key(event::Column::SortTitle, SortKind::Text),
    };
    SortKey {
        direction: order.direction,
        ..key
    }
}

fn events_in(backend: DbBackend, actor: &Actor, filter: &EventFilter) -> Condition {
    let mut condition = Condition::all();
    if let Some(search) = Search::of(backend, filter.search.as_deref()) {
        condition = condition.add(search.containing(event::Entity));
    }
    if let Some(kinds) = &filter.kind {
        condition = condition.add(event::Column::Kind.is_in(kinds.iter().copied().map(Spelled)));
    }
    if let Some(states) = &filter.status {
        condition = condition.add(event::Column::Status.is_in(states.iter().copied().map(Spelled)));
    }
    if let Some(id) = filter.workspace {
        condition = condition.add(event::Column::WorkspaceId.eq(DbId(id)));
    }
    if let Some(id) = filter.series {
        condition = condition.add(event::Column::SeriesId.eq(DbId(id)));
    }
    if let Some(id) = filter.parent {
        // What the reader may not see, it cannot ask for either.
        let whole = sea_orm::sea_query::Query::select()
            .column(event::Column::Id)
            .from(event::Entity)
            .and_where(event::Column::Id.eq(DbId(id)))
            .cond_where(sight::events(&actor.sight(Permission::PublicRead)))
            .take();
        condition = condition.add(event::Column::ParentId.in_subquery(whole));
    }
    if let Some(day) = filter.starts_on_or_after {
        condition = condition.add(event::Column::StartsOn.gte(day));
    }
    if let Some(day) = filter.starts_on_or_before {
        condition = condition.add(event::Column::StartsOn.lte(day));
    }
    for also in &filter.and {
        condition = condition.add(events_in(backend, actor, also));
    }
    if !filter.or.is_empty() {
        let any = filter.or.iter().fold(Condition::any(), |any, one| {
            any.add(events_in(backend, actor, one))
        });
        condition = condition.add(any);
    }
    if let Some(not) = &filter.not {
        // `parent_id = …` is unknown, not false, for an event without a parent; so is its negation.
        let holds = sea_orm::sea_query::Expr::case(events_in(backend, actor, not), 1).finally(0);
        condition = condition.add(sea_orm::sea_query::ExprTrait::eq(holds, 0));
    }
    condition
}
