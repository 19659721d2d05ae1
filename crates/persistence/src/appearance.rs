//! Changing who does what, on an item or on the whole event.

use std::collections::{HashMap, HashSet};

use domain::Patch;
use domain::access::{Actor, Permission};
use domain::appearance::{
    Appearance, AppearanceAddRefused, AppearancePatch, AppearanceRemoveRefused, AppearanceRole,
    AppearanceUpdateRefused, Appearing,
};
use domain::id::{AgendaItemId, AppearanceId, EventId, PersonId, kind};
use domain::organization::Organization;
use domain::participant::{Participant, ParticipantGroup};
use domain::person::held_on;
use domain::refusal::{Missing, Refusals};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance};
use crate::entity::directory::{organization, person, post};
use crate::entity::participation::{participant, participant_group};
use crate::error::Fault;
use crate::operation::{Operation, Refused, Retry, Seen};
use crate::store::Store;

/// Who is to appear where.
#[derive(Debug, Clone)]
pub struct NewAppearance {
    /// At which event.
    pub event: EventId,
    /// On which item; none for the whole event.
    pub item: Option<AgendaItemId>,
    /// Who.
    pub who: Appearing,
    /// As what.
    pub role: AppearanceRole,
    /// What is said of it besides. What is printed is what they are called, if nothing else is said.
    pub fields: AppearancePatch,
    /// The place among those of the same item.
    pub order: Patch<i32>,
}

fn list(event: DbId<kind::Event>, item: Option<DbId<kind::AgendaItem>>) -> Condition {
    Condition::all()
        .add(appearance::Column::EventId.eq(event))
        .add(match item {
            Some(item) => appearance::Column::ItemId.eq(item),
            None => appearance::Column::ItemId.is_null(),
        })
}

impl Store {
    /// Puts someone on an item or on the whole event. Speaking at an event makes one a participant.
    pub async fn add_appearance(
        &self,
        actor: &Actor,
        new: NewAppearance,
        retry: Option<&Retry>,
    ) -> Result<AppearanceId, Refused<AppearanceAddRefused>> {
        let mut operation = self
            .operate_in(actor, "appearanceAdd", Permission::AgendaEdit, new.event)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        operation
            .refer::<agenda_item::Entity, _>("itemId", new.item, &mut refusals)
            .await?;
        let stead = new.fields.on_behalf_of.set();
        operation
            .refer_party("onBehalfOf", stead, &mut refusals)
            .await?;
        let (printed_name, printed_posts) = operation.printed(new.who, &mut refusals).await?;
        let id = operation.mint()?;
        let place = list(DbId(new.event), new.item.map(DbId));
        let position = operation
            .place::<appearance::Entity, _>(place, id, new.order, None, &mut refusals)
            .await?;
        let mut appearance = Appearance {
            id,
            event_id: new.event,
            version: 1,
            item_id: new.item,
            role: new.role,
            position,
            who: new.who,
            on_behalf_of: None,
            printed_name,
            printed_posts,
        };
        new.fields.apply(&mut appearance, &mut refusals);
        if refusals.is_empty()
            && let Appearing::Person(person) = new.who
        {
            operation.take_part(vec![person]).await?;
        }
        let row = appearance::Model::of(operation.workspace(), appearance);
        operation.add::<appearance::Entity, _>(row, refusals).await
    }

    /// Changes what is said of an appearance.
    pub async fn update_appearance(
        &self,
        actor: &Actor,
        seen: Seen<kind::Appearance>,
        patch: AppearancePatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<AppearanceUpdateRefused>> {
        let name = "appearanceUpdate";
        let (mut operation, before, mut refusals) = self
            .change::<appearance::Entity, _>(actor, name, Permission::AgendaEdit, seen)
            .await?;
        refusals.enter("patch");
        operation
            .refer_party("onBehalfOf", patch.on_behalf_of.set(), &mut refusals)
            .await?;
        let mut appearance = before.clone().appearance()?;
        patch.apply(&mut appearance, &mut refusals);
        appearance.position = operation
            .place::<appearance::Entity, _>(
                list(before.event_id, before.item_id),
                seen.id,
                order,
                Some(appearance.position),
                &mut refusals,
            )
            .await?;
        let after = appearance::Model::of(operation.workspace(), appearance);
        operation
            .write::<appearance::Entity, _>(&before, after, refusals)
            .await
    }

    /// Takes someone off. They stay a participant.
    pub async fn remove_appearance(
        &self,
        actor: &Actor,
        seen: Seen<kind::Appearance>,
    ) -> Result<(), Refused<AppearanceRemoveRefused>> {
        let name = "appearanceRemove";
        let (operation, row, refusals) = self
            .change::<appearance::Entity, _>(actor, name, Permission::AgendaEdit, seen)
            .await?;
        operation
            .delete_from::<appearance::Entity, _>(list(row.event_id, row.item_id), &row, refusals)
            .await
    }
}

impl Operation<'_> {
    /// What is printed of someone at this event, if nothing else is said: what they are called now,
    /// and of a person the posts that they hold when the event begins.
    pub(crate) async fn printed<R: From<Missing>>(
        &self,
        who: Appearing,
        refusals: &mut Refusals<R>,
    ) -> Result<(String, Vec<String>), Fault> {
        Ok(match who {
            Appearing::Person(id) => {
                let person = self
                    .refer::<person::Entity, _>("who.personId", Some(id), refusals)
                    .await?;
                match person {
                    Some(person) => {
                        let posts = self.posts_held([id]).await?.remove(&id);
                        (person.name, posts.unwrap_or_default())
                    }
                    None => Default::default(),
                }
            }
            Appearing::Organization(id) => {
                let found = self
                    .refer::<organization::Entity, _>("who.organizationId", Some(id), refusals)
                    .await?;
                let name = |row| Organization::from(row).name.main_text().to_owned();
                (found.map(name).unwrap_or_default(), Vec::new())
            }
            Appearing::Group(id) => {
                let found = self
                    .refer::<participant_group::Entity, _>("who.groupId", Some(id), refusals)
                    .await?;
                let name = |row| ParticipantGroup::from(row).printed_name();
                (found.map(name).unwrap_or_default(), Vec::new())
            }
        })
    }

    /// The titles of the posts that people hold when the event begins, in order.
    pub(crate) async fn posts_held(
        &self,
        people: impl IntoIterator<Item = PersonId>,
    ) -> Result<HashMap<PersonId, Vec<String>>, Fault> {
        let first_day = self.event()?.starts_on;
        let posts = post::Entity::find()
            .filter(post::Column::PersonId.is_in(people.into_iter().map(DbId)))
            .order_by_asc(post::Column::Position)
            .order_by_asc(post::Column::Id)
            .all(self.on())
            .await?;
        let mut held: HashMap<_, Vec<_>> = HashMap::new();
        for post in posts {
            if held_on(post.since, post.until, first_day) {
                held.entry(post.person_id.0).or_default().push(post.title);
            }
        }
        Ok(held)
    }

    /// Puts people on the list of the event, in this order, who are not on it. Four statements,
    /// however many, and one for those who are on it already.
    pub(crate) async fn take_part(&mut self, people: Vec<PersonId>) -> Result<(), Fault> {
        if people.is_empty() {
            return Ok(());
        }
        let event = self.event()?.id;
        let listed: Vec<DbId<kind::Person>> = participant::Entity::find()
            .select_only()
            .column(participant::Column::PersonId)
            .filter(participant::Column::EventId.eq(event))
            .filter(participant::Column::PersonId.is_in(people.iter().copied().map(DbId)))
            .into_tuple()
            .all(self.on())
            .await?;
        let mut listed: HashSet<_> = listed.into_iter().map(|id| id.0).collect();
        let mut new = people;
        new.retain(|person| listed.insert(*person));
        if new.is_empty() {
            return Ok(());
        }
        let mut known = self.known::<person::Entity>(new.iter().copied()).await?;
        let mut posts = self.posts_held(new.iter().copied()).await?;
        let list = Condition::all().add(participant::Column::EventId.eq(event));
        let mut place = self.last_place::<participant::Entity>(list).await?;
        let mut rows = Vec::with_capacity(new.len());
        for person in new {
            let Some(row) = known.remove(&person) else {
                continue;
            };
            let printed = (row.name, posts.remove(&person).unwrap_or_default());
            let participant = Participant::listed(self.mint()?, event.0, person, printed, place);
            rows.push(participant::Model::of(self.workspace(), participant));
            place = place.saturating_add(1);
        }
        self.insert_all::<participant::Entity>(rows).await
    }
}
