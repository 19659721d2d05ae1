//! Reading organizations and people: the workspace's directory.

use domain::access::{Actor, Permission};
use domain::id::{EventId, MembershipId, OrganizationId, PersonId, PostId};
use domain::organization::{Membership, Organization, OrganizationKind};
use domain::person::{Person, Post};
use sea_orm::sea_query::{NullOrdering, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
};

use crate::column::{DbId, Spelled};
use crate::entity::agenda::appearance;
use crate::entity::directory::{membership, organization, person, post};
use crate::entity::participation::participant;
use crate::error::Fault;
use crate::page::{Direction, Keyset, Page, PageError, PageRequest, SortKey, SortKind};
use crate::sight;
use crate::store::Store;

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

/// A text as search sees it: lower case, white space and control characters run together.
pub(crate) fn folded<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let folded = texts.into_iter().map(|text| {
        let lower = text.to_lowercase();
        let words =
            lower.split(|character: char| character.is_whitespace() || character.is_control());
        words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    folded.collect::<Vec<_>>().join("\n")
}

/// The rows whose search text holds every word that is looked for.
pub(crate) fn matching(column: impl ColumnTrait, search: &str) -> Condition {
    let folded = folded([search]);
    let mut condition = Condition::all();
    for word in folded.split_whitespace() {
        let escaped = word
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let pattern = sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('\\');
        condition = condition.add(column.like(pattern));
    }
    condition
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

    /// A page of people, by name.
    pub async fn people_page(
        &self,
        actor: &Actor,
        filter: &PersonFilter,
        page: &PageRequest,
    ) -> Result<Result<Page<Person>, PageError>, Fault> {
        let keys = vec![
            sort_key(person::Column::Name, SortKind::Text),
            sort_key(person::Column::Id, SortKind::Uuid),
        ];
        let keyset = match Keyset::new(page, keys, &("people", filter)) {
            Ok(keyset) => keyset,
            Err(refused) => return Ok(Err(refused)),
        };
        let query = person::Entity::find().filter(people_in(actor, filter));
        let rows = keyset.apply(query).all(self.read()).await?;
        let values = |row: &person::Model| vec![row.name.clone(), row.id.0.uuid().to_string()];
        Ok(Ok(keyset.page(rows, values, |row| seen_by(actor, row))))
    }

    /// How many people there are.
    pub async fn people_count(&self, actor: &Actor, filter: &PersonFilter) -> Result<u64, Fault> {
        let query = person::Entity::find().filter(people_in(actor, filter));
        Ok(query.count(self.read()).await?)
    }

    /// A page of organizations, by name.
    pub async fn organizations_page(
        &self,
        actor: &Actor,
        filter: &OrganizationFilter,
        page: &PageRequest,
    ) -> Result<Result<Page<Organization>, PageError>, Fault> {
        let keys = vec![
            sort_key(organization::Column::SortName, SortKind::Text),
            sort_key(organization::Column::Id, SortKind::Uuid),
        ];
        let keyset = match Keyset::new(page, keys, &("organizations", filter)) {
            Ok(keyset) => keyset,
            Err(refused) => return Ok(Err(refused)),
        };
        let query = organization::Entity::find().filter(organizations_in(actor, filter));
        let rows = keyset.apply(query).all(self.read()).await?;
        let values =
            |row: &organization::Model| vec![row.sort_name.clone(), row.id.0.uuid().to_string()];
        Ok(Ok(keyset.page(rows, values, Organization::from)))
    }

    /// How many organizations there are.
    pub async fn organizations_count(
        &self,
        actor: &Actor,
        filter: &OrganizationFilter,
    ) -> Result<u64, Fault> {
        let query = organization::Entity::find().filter(organizations_in(actor, filter));
        Ok(query.count(self.read()).await?)
    }
}

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

fn people_in(actor: &Actor, filter: &PersonFilter) -> Condition {
    let sight = actor.sight(Permission::PublicRead);
    let mut condition = Condition::all().add(sight::people(
        &sight,
        person::Column::WorkspaceId,
        person::Column::Id,
    ));
    if let Some(search) = &filter.search {
        condition = condition.add(matching(person::Column::SearchText, search));
    }
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
            .take();
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
                .add(person::Column::Id.in_subquery(taking_part)),
        );
    }
    condition
}

fn organizations_in(actor: &Actor, filter: &OrganizationFilter) -> Condition {
    let mut condition =
        Condition::all().add(sight::organizations(&actor.sight(Permission::PublicRead)));
    if let Some(search) = &filter.search {
        condition = condition.add(matching(organization::Column::SearchText, search));
    }
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
