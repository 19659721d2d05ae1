//! Reading agendas: each whole, as one value, in a fixed number of statements however many
//! items it has and however many agendas are read. Those who edit an agenda read its draft; all
//! others, what was published of it last.

mod edit;
pub(crate) mod publish;
mod restore;
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
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::ceremony;
use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance, published_part, release, track};
use crate::entity::event::event;
use crate::error::Fault;
use crate::owned::{self, Of};
use crate::sight;
use crate::store::Store;

pub use edit::{AgendaEdit, Edited};
pub use publish::{AgendaPublish, Notify, Publication};
use rows::AgendaRows;
pub use undo::Direction as HistoryDirection;
pub use version::{PublishedAgenda, Versions};

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
        let published = self.readers_parts(actor, &of).await?;
        let wanted = wanted(&of);
        let rows =
            owned::rows::<appearance::Entity>(self.read(), actor, Permission::PublicRead, of)
                .await?;
        let seen = published
            .iter()
            .flat_map(|one| one.agenda.all_appearances());
        let mut all: Vec<_> = seen.filter(|one| wanted(one.id)).cloned().collect();
        for row in rows {
            all.push(row.appearance()?);
        }
        all.sort_by_key(|one| (one.position, one.id));
        Ok(all)
    }

    /// Releases, in order.
    pub async fn releases(
        &self,
        actor: &Actor,
        of: Of<kind::Release>,
    ) -> Result<Vec<Release>, Fault> {
        let published = self.readers_parts(actor, &of).await?;
        let wanted = wanted(&of);
        let rows =
            owned::rows::<release::Entity>(self.read(), actor, Permission::PublicRead, of).await?;
        let seen = published.iter().flat_map(|one| one.agenda.all_releases());
        let mut all: Vec<_> = seen.filter(|one| wanted(one.id)).cloned().collect();
        all.extend(rows.into_iter().map(Release::from));
        all.sort_by_key(|one| (one.position, one.id));
        Ok(all)
    }

    /// Awards with their grantors and recipients, in order.
    pub async fn awards(&self, actor: &Actor, of: Of<kind::Award>) -> Result<Vec<Award>, Fault> {
        let published = self.readers_parts(actor, &of).await?;
        let wanted = wanted(&of);
        let rows = ceremony::awards(self.read(), actor, of).await?;
        let seen = published.iter().flat_map(|one| one.agenda.all_awards());
        let mut all: Vec<_> = seen.filter(|one| wanted(one.id)).cloned().collect();
        all.extend(rows);
        all.sort_by_key(|one| (one.position, one.id));
        Ok(all)
    }
}

/// Whether a part of an event that is spoken of is one of those that are spoken of.
fn wanted<K: Kind>(of: &Of<K>) -> impl Fn(Id<K>) -> bool + use<K> {
    let ids: Option<HashSet<Id<K>>> = match of {
        Of::Ids(ids) => Some(ids.iter().copied().collect()),
        Of::Events(_) => None,
    };
    move |id| ids.as_ref().is_none_or(|ids| ids.contains(&id))
}
