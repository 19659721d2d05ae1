//! Reading organizations and people: the workspace's directory.

use domain::access::{Actor, Permission};
use domain::id::{EventId, MembershipId, OrganizationId, PersonId, PostId};
use domain::organization::{Membership, Organization, OrganizationKind};
use domain::person::{Person, Post};
use sea_orm::sea_query::{NullOrdering, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, Select,
};

use crate::column::{DbId, Spelled};
use crate::entity::agenda::appearance;
use crate::entity::directory::{membership, organization, person, post};
use crate::entity::participation::participant;
use crate::error::Fault;
use crate::page::{Direction, Keyset, Page, PageError, PageRequest, SortKey, SortKind};
use crate::search::Search;
use crate::sight;
use crate::store::Store;

pub(crate) use crate::search::folded;

/// Which people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PersonFilter {
    /// A part of a name, in any script.
    pub search: Option<String>,
    /// Those with a post at this organization.
    pub organization: Option<OrganizationId>,
    /// Those who appear at this event, and, for who may see them, those who take part in it.
    pub event: Option<EventId>,
}

/// Which organizations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct OrganizationFilter {
    /// A part of a name or an alias, in any language.
    pub search: Option<String>,
    /// Of one of these kinds.
    pub kind: Option<Vec<OrganizationKind>>,
    /// Parts of this organization.
    pub parent: Option<OrganizationId>,
}

impl Store {
    /// People by id, as far as the actor sees them.
    pub async fn people(&self, actor: &Actor, ids: &[PersonId]) -> Result<Vec<Person>, Fault> {
        let sight = actor.sight(Permission::PublicRead);
        let rows = person::Entity::find()
            .filter(person::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::people(
                &sight,
                person::Column::WorkspaceId,
                person::Column::Id,
            ))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|row| seen_by(actor, row)).collect())
    }

    /// Organizations by id, as far as the actor sees them.
    pub async fn organizations(
        &self,
        actor: &Actor,
        ids: &[OrganizationId],
    ) -> Result<Vec<Organization>, Fault> {
        let rows = organization::Entity::find()
            .filter(organization::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::organizations(&actor.sight(Permission::PublicRead)))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Organization::from).collect())
    }

    /// The organizations founded at these events, by protocol, then in the order in which they
    /// were entered.
    pub async fn organizations_founded_at(
        &self,
        actor: &Actor,
        events: &[EventId],
    ) -> Result<Vec<Organization>, Fault> {
        let rows = organization::Entity::find()
            .filter(organization::Column::FoundingEventId.is_in(events.iter().copied().map(DbId)))
            .filter(sight::organizations(&actor.sight(Permission::PublicRead)))
            .order_by_with_nulls(
                organization::Column::ProtocolOrder,
                Order::Asc,
                NullOrdering::Last,
            )
            .order_by_asc(organization::Column::Id)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Organization::from).collect())
    }

    /// The posts of people, each person's in order. The anonymous see none: what an event shows
    /// of them, it has printed.
    pub async fn posts_of(&self, actor: &Actor, people: &[PersonId]) -> Result<Vec<Post>, Fault> {
        let sight = actor.sight(Permission::EventRead);
        let rows = post::Entity::find()
            .filter(post::Column::PersonId.is_in(people.iter().copied().map(DbId)))
            .filter(sight::people(
                &sight,
                post::Column::WorkspaceId,
                post::Column::PersonId,
            ))
            .order_by_asc(post::Column::Position)
            .order_by_asc(post::Column::Id)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Post::from).collect())
    }

    /// Posts by id, as far as the actor sees them.
    pub async fn posts(&self, actor: &Actor, ids: &[PostId]) -> Result<Vec<Post>, Fault> {
        let sight = actor.sight(Permission::EventRead);
        let rows = post::Entity::find()
            .filter(post::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::people(
                &sight,
                post::Column::WorkspaceId,
                post::Column::PersonId,
            ))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Post::from).collect())
    }

    /// The members of bodies, each body's in order. The anonymous see none: who belongs to what
    /// is not published by an event.
    pub async fn memberships_of(
        &self,
        actor: &Actor,
        organizations: &[OrganizationId],
    ) -> Result<Vec<Membership>, Fault> {
        self.memberships_where(
            actor,
            membership::Column::OrganizationId.is_in(organizations.iter().copied().map(DbId)),
        )
        .await
    }

    /// Memberships by id.
    pub async fn memberships(
        &self,
        actor: &Actor,
        ids: &[MembershipId],
    ) -> Result<Vec<Membership>, Fault> {
        let which = membership::Column::Id.is_in(ids.iter().copied().map(DbId));
        self.memberships_where(actor, which).await
    }

    async fn memberships_where(
        &self,
        actor: &Actor,
        which: sea_orm::sea_query::SimpleExpr,
    ) -> Result<Vec<Membership>, Fault> {
        let sight = actor.sight(Permission::EventRead);
        let seen = sight::people(
            &sight,
            membership::Column::WorkspaceId,
            membership::Column::MemberPersonId,
        );
        let rows = membership::Entity::find()
            .filter(which)
            .filter(seen)
            .order_by_asc(membership::Column::Position)
            .order_by_asc(membership::Column::Id)
            .all(self.read())
            .await?;
        rows.into_iter()
            .map(|row| {
                let id = row.id.0.uuid();
                row.membership()
                    .ok_or_else(|| Fault::inconsistent("membership", "member_person_id", id))
            })
            .collect()
    }

    /// A page of people: those who are searched, the best match first; otherwise by name.
    pub async fn people_page(
        &self,
        actor: &Actor,
        filter: &PersonFilter,
        page: &PageRequest,
    ) -> Result<Result<Page<Person>, PageError>, Fault> {
        let (search, keyset, query) = match self.people_asked(actor, filter, page) {
            Ok(asked) => asked,
            Err(refused) => return Ok(Err(refused)),
        };
        let rows = query.all(self.read()).await?;
        let values = |row: &person::Model| {
            let rank = search.iter().map(|one| one.sort_value(&row.search_text));
            rank.chain([row.name.clone(), row.id.0.uuid().to_string()])
                .collect()
        };
        Ok(Ok(keyset.page(rows, values, |row| seen_by(actor, row))))
    }

    /// What a page of people is read by.
    pub(crate) fn people_asked(
        &self,
        actor: &Actor,
        filter: &PersonFilter,
        page: &PageRequest,
    ) -> Result<Asked<person::Entity>, PageError> {
        let search = Search::of(self.backend(), filter.search.as_deref());
        let ranked = search.iter().map(|one| one.sort_key(person::Entity));
        let keys = ranked.chain([
            sort_key(person::Column::Name, SortKind::Text),
            sort_key(person::Column::Id, SortKind::Uuid),
        ]);
        let keyset = Keyset::new(page, keys.collect(), &("people", filter))?;
        let query = person::Entity::find().filter(people_in(actor, filter, search.as_ref()));
        let query = keyset.apply(query);
        Ok((search, keyset, query))
    }

    /// How many people there are.
    pub async fn people_count(&self, actor: &Actor, filter: &PersonFilter) -> Result<u64, Fault> {
        let search = Search::of(self.backend(), filter.search.as_deref());
        let query = person::Entity::find().filter(people_in(actor, filter, search.as_ref()));
        Ok(query.count(self.read()).await?)
    }

    /// A page of organizations: those that are searched, the best match first; otherwise by name.
    pub async fn organizations_page(
        &self,
        actor: &Actor,
        filter: &OrganizationFilter,
        page: &PageRequest,
    ) -> Result<Result<Page<Organization>, PageError>, Fault> {
        let (search, keyset, query) = match self.organizations_asked(actor, filter, page) {
            Ok(asked) => asked,
            Err(refused) => return Ok(Err(refused)),
        };
        let rows = query.all(self.read()).await?;
        let values = |row: &organization::Model| {
            let rank = search.iter().map(|one| one.sort_value(&row.search_text));
            rank.chain([row.sort_name.clone(), row.id.0.uuid().to_string()])
                .collect()
        };
        Ok(Ok(keyset.page(rows, values, Organization::from)))
    }

    /// What a page of organizations is read by.
    pub(crate) fn organizations_asked(
        &self,
        actor: &Actor,
        filter: &OrganizationFilter,
        page: &PageRequest,
    ) -> Result<Asked<organization::Entity>, PageError> {
        let search = Search::of(self.backend(), filter.search.as_deref());
        let ranked = search.iter().map(|one| one.sort_key(organization::Entity));
        let keys = ranked.chain([
            sort_key(organization::Column::SortName, SortKind::Text),
            sort_key(organization::Column::Id, SortKind::Uuid),
        ]);
        let keyset = Keyset::new(page, keys.collect(), &("organizations", filter))?;
        let which = organizations_in(actor, filter, search.as_ref());
        let query = keyset.apply(organization::Entity::find().filter(which));
        Ok((search, keyset, query))
    }

    /// How many organizations there are.
    pub async fn organizations_count(
        &self,
        actor: &Actor,
        filter: &OrganizationFilter,
    ) -> Result<u64, Fault> {
        let search = Search::of(self.backend(), filter.search.as_deref());
        let which = organizations_in(actor, filter, search.as_ref());
        let query = organization::Entity::find().filter(which);
        Ok(query.count(self.read()).await?)
    }
}

/// A page as the database is asked for it: what is searched, the checked request, the query.
pub(crate) type Asked<E> = (Option<Search>, Keyset, Select<E>);

/// An ascending sort key.
pub(crate) fn sort_key(column: impl ColumnTrait, kind: SortKind) -> SortKey {
    SortKey {
        expression: sea_orm::sea_query::Expr::col(column.as_column_ref()),
        kind,
        direction: Direction::Ascending,
    }
}

/// A person, without contacts for those who may not know them.
fn seen_by(actor: &Actor, row: person::Model) -> Person {
    let person = Person::from(row);
    match actor.may(Permission::ContactRead, person.workspace_id) {
        Ok(()) => person,
        Err(_denied) => person.without_contacts(),
    }
}

fn people_in(actor: &Actor, filter: &PersonFilter, search: Option<&Search>) -> Condition {
    let sight = actor.sight(Permission::PublicRead);
    let seen = sight::people(&sight, person::Column::WorkspaceId, person::Column::Id);
    let mut condition = match search {
        Some(search) => search.matching(person::Entity).add(search.among(seen)),
        None => Condition::all().add(seen),
    };
    if let Some(id) = filter.organization {
        let there = Query::select()
            .column(post::Column::PersonId)
            .from(post::Entity)
            .and_where(post::Column::OrganizationId.eq(DbId(id)))
            .cond_where(sight::people(
                &actor.sight(Permission::EventRead),
                post::Column::WorkspaceId,
                post::Column::PersonId,
            ))
            .take();
        condition = condition.add(person::Column::Id.in_subquery(there));
    }
    if let Some(id) = filter.event {
        let appearing = Query::select()
            .column(appearance::Column::PersonId)
            .from(appearance::Entity)
            .and_where(appearance::Column::EventId.eq(DbId(id)))
            .and_where(appearance::Column::PersonId.is_not_null())
            .cond_where(sight::owned_by_event(
                &sight,
                appearance::Column::WorkspaceId,
                appearance::Column::EventId,
            ))
            // Who does not edit the agenda knows those on its items as they were published.
            .cond_where(
                Condition::any()
                    .add(appearance::Column::ItemId.is_null())
                    .add(sight::drafts(actor, appearance::Column::WorkspaceId)),
            )
            .take();
        let published = sight::parts_of(actor, DbId(id));
        let taking_part = Query::select()
            .column(participant::Column::PersonId)
            .from(participant::Entity)
            .and_where(participant::Column::EventId.eq(DbId(id)))
            .cond_where(sight::owned_by_event(
                &actor.sight(Permission::ParticipantRead),
                participant::Column::WorkspaceId,
                participant::Column::EventId,
            ))
            .take();
        condition = condition.add(
            Condition::any()
                .add(person::Column::Id.in_subquery(appearing))
                .add(person::Column::Id.in_subquery(published))
                .add(person::Column::Id.in_subquery(taking_part)),
        );
    }
    condition
}

fn organizations_in(
    actor: &Actor,
    filter: &OrganizationFilter,
    search: Option<&Search>,
) -> Condition {
    let seen = sight::organizations(&actor.sight(Permission::PublicRead));
    let mut condition = match search {
        Some(search) => search
            .matching(organization::Entity)
            .add(search.among(seen)),
        None => Condition::all().add(seen),
    };
    if let Some(kinds) = &filter.kind {
        let kinds = kinds.iter().copied().map(Spelled);
        condition = condition.add(organization::Column::Kind.is_in(kinds));
    }
    if let Some(id) = filter.parent {
        // What the reader may not see, it cannot ask for either.
        let whole = Query::select()
            .column(organization::Column::Id)
            .from(organization::Entity)
            .and_where(organization::Column::Id.eq(DbId(id)))
            .cond_where(sight::organizations(&actor.sight(Permission::PublicRead)))
            .take();
        condition = condition.add(organization::Column::ParentId.in_subquery(whole));
    }
    condition
}
