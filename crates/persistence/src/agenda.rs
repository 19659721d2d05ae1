//! Reading agendas: each whole, as one value, in a fixed number of statements however many
//! items it has and however many agendas are read. Those who edit an agenda read its draft; all
//! others, what was published of it last.

mod edit;
mod merged;
pub(crate) mod publish;
mod restore;
mod revert;
pub(crate) mod revision;
pub(crate) mod rows;
mod undo;
pub(crate) mod version;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::access::{Actor, Permission};
use domain::agenda::{Agenda, Track};
use domain::appearance::Appearance;
use domain::award::Award;
use domain::id::{AgendaItemId, EventId, Id, Kind, kind};
use domain::release::Release;
use sea_orm::sea_query::{Query, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::ceremony;
use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance, published_part, release, track};
use crate::entity::ceremony::award;
use crate::entity::event::event;
use crate::error::Fault;
use crate::operation::{Effect, Operation};
use crate::owned::{self, Of, Owned};
use crate::sight;
use crate::store::Store;

pub use edit::{AgendaEdit, Edited};
pub use publish::{AgendaPublish, Notify, Publication};
use rows::{AgendaRows, rows_of};
pub use undo::Direction as HistoryDirection;
pub use version::{PublishedAgenda, Versions};

/// What a change of an agenda did.
#[derive(Debug, Clone)]
pub struct Drafted<T> {
    /// What it did, or would do.
    pub done: T,
    /// The draft as it would be; none where it is so.
    pub tried: Option<Arc<Agenda>>,
}

impl Operation<'_> {
    /// Ends a change of an agenda. Where it was only tried, the draft is told as it would be.
    pub(crate) async fn finish_draft<T>(
        self,
        done: T,
        effect: Effect,
        made: &[uuid::Uuid],
    ) -> Result<Drafted<T>, Fault> {
        let tried = match effect {
            Effect::Apply => None,
            Effect::Rehearse => {
                let rows = rows_of(self.on(), self.event_as_it_is().await?).await?;
                Some(Arc::new(rows.agenda()?))
            }
        };
        self.finish(effect, made).await?;
        Ok(Drafted { done, tried })
    }
}

impl Store {
    /// The agendas of events as they are being worked on, for who may edit them. Thirteen statements,
    /// which see one moment.
    pub async fn draft_agendas(
        &self,
        actor: &Actor,
        events: &[EventId],
    ) -> Result<Vec<Agenda>, Fault> {
        let tx = self.snapshot().await?;
        let events = event::Entity::find()
            .filter(event::Column::Id.is_in(events.iter().copied().map(DbId)))
            .filter(sight::drafts(actor, event::Column::WorkspaceId))
            .all(tx.on())
            .await?;
        let rows = AgendaRows::load(tx.on(), events).await?;
        tx.commit().await?;
        rows.into_iter().map(AgendaRows::agenda).collect()
    }

    /// The agendas of events as the actor knows them: the drafts of those that they edit, and of all
    /// others what was published last.
    pub async fn agendas(
        &self,
        actor: &Actor,
        events: &[EventId],
    ) -> Result<Vec<Arc<Agenda>>, Fault> {
        let drafts = self.draft_agendas(actor, events).await?;
        let mut known: Vec<_> = drafts.into_iter().map(Arc::new).collect();
        let drafted: HashSet<_> = known.iter().map(|agenda| agenda.event().id).collect();
        let others = events.iter().copied().filter(|id| !drafted.contains(id));
        let published = self.readers_agendas(actor, others.collect()).await?;
        known.extend(published.into_iter().map(|one| one.agenda));
        Ok(known)
    }

    /// Which events agenda items belong to: the way from an item to its agenda.
    pub async fn events_of_items(
        &self,
        actor: &Actor,
        ids: &[AgendaItemId],
    ) -> Result<HashMap<AgendaItemId, EventId>, Fault> {
        let drafts: Vec<(DbId<kind::AgendaItem>, DbId<kind::Event>)> = agenda_item::Entity::find()
            .select_only()
            .column(agenda_item::Column::Id)
            .column(agenda_item::Column::EventId)
            .filter(agenda_item::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::drafts(actor, agenda_item::Column::WorkspaceId))
            .into_tuple()
            .all(self.read())
            .await?;
        let mut found: HashMap<_, _> = drafts.into_iter().map(|row| (row.0.0, row.1.0)).collect();
        let others: Vec<_> = ids.iter().filter(|id| !found.contains_key(id)).collect();
        if others.is_empty() {
            return Ok(found);
        }
        let published: Vec<(DbId<kind::AgendaItem>, DbId<kind::Event>)> =
            published_part::Entity::find()
                .select_only()
                .column(published_part::Column::ObjectId)
                .column(published_part::Column::EventId)
                .filter(published_part::Column::ObjectId.is_in(others.iter().map(|id| id.uuid())))
                .into_tuple()
                .all(self.read())
                .await?;
        // Whether the event is seen, its agenda tells.
        found.extend(published.into_iter().map(|row| (row.0.0, row.1.0)));
        Ok(found)
    }

    /// What those who do not edit agendas see of the agendas of things that stand on an item, or did.
    async fn readers_things<E: OnItem>(
        &self,
        actor: &Actor,
        of: &Of<E::Kind>,
    ) -> Result<Vec<PublishedAgenda>, Fault> {
        let events = match of {
            Of::Events(events) => events.clone(),
            Of::Ids(ids) if ids.is_empty() => return Ok(Vec::new()),
            Of::Ids(ids) => {
                // Those that stood beside the agenda, and that the draft has on an item.
                let draft = Query::select()
                    .column(E::EVENT)
                    .from(E::default())
                    .and_where(E::ID.is_in(ids.iter().copied().map(DbId)))
                    .and_where(E::ITEM.is_not_null())
                    .take();
                let published = published_part::Column::ObjectId;
                let query = Query::select()
                    .column(published_part::Column::EventId)
                    .from(published_part::Entity)
                    .and_where(published.is_in(ids.iter().map(|id| id.uuid())))
                    .union(UnionType::Distinct, draft)
                    .take();
                let rows = self.read().query_all(&query).await?;
                let event =
                    |row: sea_orm::QueryResult| row.try_get_by_index::<DbId<kind::Event>>(0);
                let events: Result<Vec<_>, _> = rows.into_iter().map(event).collect();
                events?.into_iter().map(|id| id.0).collect()
            }
        };
        self.readers_agendas(actor, events).await
    }

    /// What those who do not edit agendas see of some of their parts.
    async fn readers_parts<K: Kind>(
        &self,
        actor: &Actor,
        of: &Of<K>,
    ) -> Result<Vec<PublishedAgenda>, Fault> {
        let events = match of {
            Of::Events(events) => events.clone(),
            Of::Ids(ids) => {
                let ids = ids.iter().map(|id| id.uuid());
                self.publishers(ids.collect()).await?
            }
        };
        self.readers_agendas(actor, events).await
    }

    /// Tracks, in order.
    pub async fn tracks(&self, actor: &Actor, of: Of<kind::Track>) -> Result<Vec<Track>, Fault> {
        let published = self.readers_parts(actor, &of).await?;
        let wanted = wanted(&of);
        let rows =
            owned::rows::<track::Entity>(self.read(), actor, Permission::PublicRead, of).await?;
        let seen = published.iter().flat_map(|one| one.agenda.all_tracks());
        let mut all: Vec<_> = seen.filter(|one| wanted(one.id)).cloned().collect();
        all.extend(rows.into_iter().map(Track::from));
        all.sort_by_key(|one| (one.position, one.id));
        Ok(all)
    }

    /// Appearances, in order, on items and on whole events.
    pub async fn appearances(
        &self,
        actor: &Actor,
        of: Of<kind::Appearance>,
    ) -> Result<Vec<Appearance>, Fault> {
        let published = self
            .readers_things::<appearance::Entity>(actor, &of)
            .await?;
        let wanted = wanted(&of);
        let on = self.read();
        let rows = owned::rows::<appearance::Entity>(on, actor, Permission::PublicRead, of).await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            all.push(row.appearance()?);
        }
        let seen = published.iter();
        let seen = seen.flat_map(|one| one.agenda.all_appearances());
        all.extend(seen.filter(|one| wanted(one.id)).cloned());
        let beside = published.iter();
        let beside = beside.flat_map(|one| one.agenda.appearances(None));
        let beside = beside.filter(|one| wanted(one.id));
        let moved = self.moved::<appearance::Entity, _>(beside, &all, |one| one.id);
        all.extend(moved.await?);
        all.sort_by_key(|one| (one.position, one.id));
        Ok(all)
    }

    /// Releases, in order.
    pub async fn releases(
        &self,
        actor: &Actor,
        of: Of<kind::Release>,
    ) -> Result<Vec<Release>, Fault> {
        let published = self.readers_things::<release::Entity>(actor, &of).await?;
        let wanted = wanted(&of);
        let on = self.read();
        let rows = owned::rows::<release::Entity>(on, actor, Permission::PublicRead, of).await?;
        let mut all: Vec<_> = rows.into_iter().map(Release::from).collect();
        let seen = published.iter().flat_map(|one| one.agenda.all_releases());
        all.extend(seen.filter(|one| wanted(one.id)).cloned());
        let beside = published.iter();
        let beside = beside.flat_map(|one| one.agenda.releases_beside());
        let beside = beside.filter(|one| wanted(one.id));
        let moved = self.moved::<release::Entity, _>(beside, &all, |one| one.id);
        all.extend(moved.await?);
        all.sort_by_key(|one| (one.position, one.id));
        Ok(all)
    }

    /// Awards with their grantors and recipients, in order.
    pub async fn awards(&self, actor: &Actor, of: Of<kind::Award>) -> Result<Vec<Award>, Fault> {
        let published = self.readers_things::<award::Entity>(actor, &of).await?;
        let wanted = wanted(&of);
        let mut all = ceremony::awards(self.read(), actor, of).await?;
        let seen = published.iter().flat_map(|one| one.agenda.all_awards());
        all.extend(seen.filter(|one| wanted(one.id)).cloned());
        let beside = published.iter();
        let beside = beside.flat_map(|one| one.agenda.awards_beside());
        let beside = beside.filter(|one| wanted(one.id));
        let moved = self.moved::<award::Entity, _>(beside, &all, |one| one.id);
        all.extend(moved.await?);
        all.sort_by_key(|one| (one.position, one.id));
        Ok(all)
    }

    /// Of what stood beside the agenda when it was published, what the draft has put on an item since:
    /// for readers it stands where it stood. One statement, if there is anything that is not among
    /// what they see already.
    async fn moved<'a, E: OnItem, T: Clone + 'a>(
        &self,
        beside: impl Iterator<Item = &'a T>,
        seen: &[T],
        id: impl Fn(&T) -> Id<E::Kind>,
    ) -> Result<Vec<T>, Fault> {
        let seen: HashSet<_> = seen.iter().map(&id).collect();
        let unseen: Vec<_> = beside.filter(|one| !seen.contains(&id(one))).collect();
        if unseen.is_empty() {
            return Ok(Vec::new());
        }
        let moved: Vec<DbId<E::Kind>> = E::find()
            .select_only()
            .column(E::ID)
            .filter(E::ID.is_in(unseen.iter().map(|one| DbId(id(one)))))
            .filter(E::ITEM.is_not_null())
            .into_tuple()
            .all(self.read())
            .await?;
        let moved: HashSet<_> = moved.into_iter().map(|id| id.0).collect();
        let unseen = unseen.into_iter();
        Ok(unseen
            .filter(|one| moved.contains(&id(one)))
            .cloned()
            .collect())
    }
}

/// A table whose rows stand on an item, or beside the agenda.
trait OnItem: Owned {
    const ITEM: Self::Column;
}

impl OnItem for appearance::Entity {
    const ITEM: appearance::Column = appearance::Column::ItemId;
}

impl OnItem for release::Entity {
    const ITEM: release::Column = release::Column::ItemId;
}

impl OnItem for award::Entity {
    const ITEM: award::Column = award::Column::ItemId;
}

/// Whether a part of an event that is spoken of is one of those that are spoken of.
fn wanted<K: Kind>(of: &Of<K>) -> impl Fn(Id<K>) -> bool + use<K> {
    let ids: Option<HashSet<Id<K>>> = match of {
        Of::Ids(ids) => Some(ids.iter().copied().collect()),
        Of::Events(_) => None,
    };
    move |id| ids.as_ref().is_none_or(|ids| ids.contains(&id))
}
