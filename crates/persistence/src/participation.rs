//! Reading who takes part: organizations with their roles, participants, groups.

use std::collections::HashMap;

use domain::access::{Actor, Permission};
use domain::event_organization::EventOrganization;
use domain::id::{EventId, EventOrganizationId, OrganizationId, ParticipantId, kind};
use domain::participant::{Participant, ParticipantCategory, ParticipantGroup, ParticipantState};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query, WindowStatement};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityTrait, FromQueryResult, Order, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::column::{DbId, Spelled};
use crate::directory::sort_key;
use crate::entity::directory::person;
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::error::Fault;
use crate::owned::{self, Of};
use crate::page::{Keyset, Page, PageError, PageRequest, SortKind};
use crate::search::Search;
use crate::sight;
use crate::store::Store;

/// Which participants.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ParticipantFilter {
    /// A part of the person's name, in any script.
    pub search: Option<String>,
    /// In one of these states.
    pub status: Option<Vec<ParticipantState>>,
    /// In one of these capacities.
    pub category: Option<Vec<ParticipantCategory>>,
    /// Who come from this organization.
    pub organization: Option<OrganizationId>,
}

/// A page of the participants of one event; pages of several events alike are read at once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ParticipantsOf {
    /// The event.
    pub event: EventId,
    /// Which of them.
    pub filter: ParticipantFilter,
    /// Which page.
    pub page: PageRequest,
}

impl Store {
    /// The organizations of events with their roles, in protocol order.
    pub async fn event_organizations(
        &self,
        actor: &Actor,
        of: Of<kind::EventOrganization>,
    ) -> Result<Vec<EventOrganization>, Fault> {
        let rows = owned::rows::<event_organization::Entity>(
            self.read(),
            actor,
            Permission::PublicRead,
            of,
        );
        Ok(rows
            .await?
            .into_iter()
            .map(EventOrganization::from)
            .collect())
    }

    /// Groups that nobody has named, in order.
    pub async fn participant_groups(
        &self,
        actor: &Actor,
        of: Of<kind::ParticipantGroup>,
    ) -> Result<Vec<ParticipantGroup>, Fault> {
        let rows = owned::rows::<participant_group::Entity>(
            self.read(),
            actor,
            Permission::PublicRead,
            of,
        );
        Ok(rows
            .await?
            .into_iter()
            .map(ParticipantGroup::from)
            .collect())
    }

    /// Participants by id, as far as the actor sees them.
    pub async fn participants(
        &self,
        actor: &Actor,
        ids: Vec<ParticipantId>,
    ) -> Result<Vec<Participant>, Fault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = participant::Entity::find()
            .filter(participant::Column::Id.is_in(ids.into_iter().map(DbId)))
            .filter(sight::participants(actor))
            .all(self.read());
        Ok(rows
            .await?
            .into_iter()
            .map(participant::Model::participant)
            .collect())
    }

    /// Who is expected at an event, in protocol order, as far as the actor sees them: all who did not say no
    /// and were not struck from the list.
    pub async fn expected_participants(
        &self,
        actor: &Actor,
        event: EventId,
    ) -> Result<Vec<Participant>, Fault> {
        let not = [
            ParticipantState::Waitlisted,
            ParticipantState::Declined,
            ParticipantState::Cancelled,
        ];
        let rows = participant::Entity::find()
            .filter(participant::Column::EventId.eq(DbId(event)))
            .filter(participant::Column::Status.is_not_in(not.map(Spelled)))
            .filter(sight::participants(actor))
            .order_by_asc(participant::Column::Position)
            .order_by_asc(participant::Column::Id)
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(participant::Model::participant)
            .collect())
    }

    /// The delegates of delegations, in protocol order.
    pub async fn delegates(
        &self,
        actor: &Actor,
        delegations: &[EventOrganizationId],
    ) -> Result<Vec<Participant>, Fault> {
        let rows = participant::Entity::find()
            .filter(participant::Column::DelegationId.is_in(delegations.iter().copied().map(DbId)))
            .filter(sight::participants(actor))
            .order_by_asc(participant::Column::Position)
            .order_by_asc(participant::Column::Id)
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(participant::Model::participant)
            .collect())
    }

    /// The places of those who wait, by participant: 1 is the next to be let in. Two of one
    /// instant stand in the order of their ids.
    pub async fn waitlist_positions(
        &self,
        actor: &Actor,
        events: &[EventId],
    ) -> Result<HashMap<ParticipantId, i32>, Fault> {
        // A guest knows how many stand before them, and not who they are.
        let seen = match actor {
            Actor::Guest(guest) => {
                let event = participant::Column::EventId.eq(DbId(guest.event_id));
                Condition::all().add(event)
            }
            Actor::Anonymous | Actor::Account(_) | Actor::System { .. } => {
                sight::participants(actor)
            }
        };
        let shown = |id: &ParticipantId| match actor {
            Actor::Guest(guest) => guest.participant_id == *id,
            Actor::Anonymous | Actor::Account(_) | Actor::System { .. } => true,
        };
        let rows: Vec<(DbId<kind::Participant>, DbId<kind::Event>)> = participant::Entity::find()
            .select_only()
            .column(participant::Column::Id)
            .column(participant::Column::EventId)
            .filter(participant::Column::EventId.is_in(events.iter().copied().map(DbId)))
            .filter(participant::Column::Status.eq(Spelled(ParticipantState::Waitlisted)))
            .filter(seen)
            .order_by_asc(participant::Column::StatusSince)
            .order_by_asc(participant::Column::Id)
            .into_tuple()
            .all(self.read())
            .await?;
        let mut waiting: HashMap<EventId, i32> = HashMap::new();
        Ok(rows
            .into_iter()
            .map(|(id, event)| {
                let place = waiting.entry(event.0).or_default();
                *place += 1;
                (id.0, *place)
            })
            .filter(|(id, _)| shown(id))
            .collect())
    }

    /// Pages of participants, in protocol order. Pages that differ in the event alone are read in
    /// one statement.
    pub async fn participants_pages(
        &self,
        actor: &Actor,
        wanted: &[ParticipantsOf],
    ) -> Result<HashMap<ParticipantsOf, Result<Page<Participant>, PageError>>, Fault> {
        let mut alike: HashMap<(&ParticipantFilter, &PageRequest), Vec<EventId>> = HashMap::new();
        for one in wanted {
            alike
                .entry((&one.filter, &one.page))
                .or_default()
                .push(one.event);
        }
        let mut pages = HashMap::new();
        for ((filter, page), events) in alike {
            let of = |event| ParticipantsOf {
                event,
                filter: filter.clone(),
                page: page.clone(),
            };
            let keys = vec![
                sort_key(participant::Column::Position, SortKind::Integer),
                sort_key(participant::Column::Id, SortKind::Uuid),
            ];
            let keyset = match Keyset::new(page, keys, &("participants", filter)) {
                Ok(keyset) => keyset,
                Err(refused) => {
                    pages.extend(events.into_iter().map(|event| (of(event), Err(refused))));
                    continue;
                }
            };
            let which =
                participants_in(self.backend(), actor, filter, &events).add(keyset.condition());
            let rows: Vec<participant::Model> = first_of_each(
                self,
                participant::Entity,
                participant::Column::EventId,
                which,
                &keyset,
            )
            .await?;
            let mut rows_of: HashMap<EventId, Vec<_>> = HashMap::new();
            for row in rows {
                rows_of.entry(row.event_id.0).or_default().push(row);
            }
            for event in events {
                let rows = rows_of.remove(&event).unwrap_or_default();
                let values = |row: &participant::Model| {
                    vec![row.position.to_string(), row.id.0.uuid().to_string()]
                };
                let page = keyset.page(rows, values, participant::Model::participant);
                pages.insert(of(event), Ok(page));
            }
        }
        Ok(pages)
    }

    /// How many participants events have.
    pub async fn participants_counts(
        &self,
        actor: &Actor,
        filter: &ParticipantFilter,
        events: &[EventId],
    ) -> Result<HashMap<EventId, u64>, Fault> {
        counts(
            self,
            participant::Entity,
            participant::Column::EventId,
            participants_in(self.backend(), actor, filter, events),
        )
        .await
    }
}

fn participants_in(
    backend: DbBackend,
    actor: &Actor,
    filter: &ParticipantFilter,
    events: &[EventId],
) -> Condition {
    sight::participants(actor)
        .add(participant::Column::EventId.is_in(events.iter().copied().map(DbId)))
        .add(participants_like(backend, filter))
}

/// Those who are like this.
pub(crate) fn participants_like(backend: DbBackend, filter: &ParticipantFilter) -> Condition {
    let mut condition = Condition::all();
    if let Some(search) = Search::of(backend, filter.search.as_deref()) {
        let named = Query::select()
            .column((person::Entity, person::Column::Id))
            .from(person::Entity)
            .cond_where(search.matching(person::Entity))
            .take();
        condition = condition.add(participant::Column::PersonId.in_subquery(named));
    }
    if let Some(states) = &filter.status {
        let states = states.iter().copied().map(Spelled);
        condition = condition.add(participant::Column::Status.is_in(states));
    }
    if let Some(categories) = &filter.category {
        let categories = categories.iter().copied().map(Spelled);
        condition = condition.add(participant::Column::Category.is_in(categories));
    }
    if let Some(id) = filter.organization {
        condition = condition.add(participant::Column::RepresentingId.eq(DbId(id)));
    }
    condition
}

/// The first rows of each event, as many as a page holds and one more, in one statement.
pub(crate) async fn first_of_each<E: EntityTrait>(
    store: &Store,
    entity: E,
    event: E::Column,
    which: Condition,
    keyset: &Keyset,
) -> Result<Vec<E::Model>, Fault> {
    let place = Alias::new("place_in_event");
    let mut window = WindowStatement::partition_by(event);
    for (expression, order) in keyset.order() {
        window.order_by_expr(expression, order);
    }
    let ranked = Query::select()
        .column(sea_orm::sea_query::Asterisk)
        .expr_window_as(Func::cust(Alias::new("ROW_NUMBER")), window, place.clone())
        .from(entity)
        .cond_where(which)
        .take();
    let limit = i64::try_from(keyset.limit()).unwrap_or(i64::MAX);
    let page = Query::select()
        .column(sea_orm::sea_query::Asterisk)
        .from_subquery(ranked, Alias::new("ranked"))
        .and_where(Expr::col(place.clone()).lte(limit))
        .order_by(place, Order::Asc)
        .take();
    Ok(E::Model::find_by_statement(store.backend().build(&page))
        .all(store.read())
        .await?)
}

/// How many rows each event has.
pub(crate) async fn counts<E: EntityTrait>(
    store: &Store,
    _entity: E,
    event: E::Column,
    which: Condition,
) -> Result<HashMap<EventId, u64>, Fault> {
    let rows: Vec<(DbId<kind::Event>, i64)> = E::find()
        .select_only()
        .column(event)
        .column_as(event.count(), "how_many")
        .filter(which)
        .group_by(event)
        .into_tuple()
        .all(store.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(event, count)| (event.0, u64::try_from(count).unwrap_or_default()))
        .collect())
}
