//! Several changes of a draft in one transaction: all of them, or none.

use std::collections::BTreeSet;

use domain::access::{Actor, Permission};
use domain::agenda::AgendaItem;
use domain::agenda::batch::{Batch, Edit, Surroundings};
use domain::agenda::edit::AgendaEditRefused;
use domain::appearance::{Appearance, Appearing};
use domain::id::{AgendaItemId, AppearanceId, EventId, OrganizationId, PersonId};
use domain::organization::{Organization, Party};
use domain::participant::ParticipantGroup;
use domain::refusal::Refusals;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Drafted;
use super::restore::{Coming, Redrawing};
use super::rows::rows_of;
use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance, track};
use crate::entity::directory::{organization, person, post};
use crate::entity::participation::participant_group;
use crate::entity::place::room;
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Retry};
use crate::store::Store;

/// The changes that are to be made at once.
#[derive(Debug, Clone)]
pub struct AgendaEdit {
    /// The event.
    pub event: EventId,
    /// The revision of the agenda that the caller has seen, if that matters to it.
    pub expected_revision: Option<i32>,
    /// The changes, in order.
    pub edits: Vec<Edit>,
    /// Whether they happen, or are only tried.
    pub effect: Effect,
}

/// What a change of a batch was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// An item.
    Item(AgendaItemId),
    /// An appearance.
    Appearance(AppearanceId),
}

/// What each change was about, in their order.
fn edited(edits: &[Edit]) -> Vec<Edited> {
    let about = |edit: &Edit| match edit {
        Edit::AddItem { id, .. } => Edited::Item(*id),
        Edit::UpdateItem { seen, .. } | Edit::MoveItem { seen, .. } | Edit::RemoveItem { seen } => {
            Edited::Item(seen.0)
        }
        Edit::AddAppearance { id, .. } => Edited::Appearance(*id),
        Edit::UpdateAppearance { seen, .. } | Edit::RemoveAppearance { seen } => {
            Edited::Appearance(seen.0)
        }
    };
    edits.iter().map(about).collect()
}

impl Store {
    /// Makes several changes of a draft at once, each upon those before it. Tells what each was about.
    pub async fn edit_agenda(
        &self,
        actor: &Actor,
        edit: AgendaEdit,
        retry: Option<&Retry>,
    ) -> Result<Drafted<Vec<Edited>>, Refused<AgendaEditRefused>> {
        let name = "agendaEdit";
        let mut operation = self
            .operate_in(actor, name, Permission::AgendaEdit, edit.event)
            .await?;
        let about = edited(&edit.edits);
        if let Some(before) = operation.answered(retry).await? {
            // What was added then has the ids that it got then.
            let again = about.into_iter().zip(before).map(|(one, id)| match one {
                Edited::Item(_) => Edited::Item(AgendaItemId::from_uuid(id)),
                Edited::Appearance(_) => Edited::Appearance(AppearanceId::from_uuid(id)),
            });
            return Ok(Drafted {
                done: again.collect(),
                tried: None,
            });
        }
        let mut wrong = Refusals::default();
        if let Some(expected) = edit.expected_revision {
            operation.expect_revision(expected, &mut wrong)?;
        }
        let now = rows_of(operation.on(), operation.event()?.clone()).await?;
        let around = operation.surroundings(&edit.edits).await?;
        let items = now.items.iter().cloned().map(AgendaItem::from).collect();
        let appearances = now.appearances.iter().cloned();
        let appearances = appearances
            .map(appearance::Model::appearance)
            .collect::<Result<Vec<_>, _>>()?;
        let mut batch = Batch::new(edit.event, items, appearances, &around);
        for (index, edit) in edit.edits.into_iter().enumerate() {
            let member = member_of(&edit);
            wrong.enter("operations");
            wrong.enter(index);
            wrong.enter(member);
            batch.apply(edit, &mut wrong);
            wrong.leave();
            wrong.leave();
            wrong.leave();
        }
        wrong.refuse_if_any()?;

        let (items, appearances) = batch.finish();
        let mut then = now.clone();
        let workspace = operation.workspace();
        let left: BTreeSet<_> = items.iter().map(|item| item.id).collect();
        then.items = items
            .into_iter()
            .map(|item| agenda_item::Model::of(workspace, item))
            .collect();
        then.appearances = appearances
            .into_iter()
            .map(|one: Appearance| appearance::Model::of(workspace, one))
            .collect();
        // What is made public or given at an item that goes stays with the event.
        for release in &mut then.releases {
            release.item_id = release.item_id.filter(|id| left.contains(&id.0));
        }
        for award in &mut then.awards {
            award.item_id = award.item_id.filter(|id| left.contains(&id.0));
        }
        let redrawing = Redrawing::of(&now, then, Coming::New);
        Box::pin(operation.redraw(redrawing)).await?;
        let ids: Vec<_> = about
            .iter()
            .map(|one| match one {
                Edited::Item(id) => id.uuid(),
                Edited::Appearance(id) => id.uuid(),
            })
            .collect();
        Ok(operation.finish_draft(about, edit.effect, &ids).await?)
    }

    /// An id for an item that a batch is to add.
    pub fn mint_item(&self) -> Result<AgendaItemId, Fault> {
        self.mint()
    }

    /// An id for an appearance that a batch is to add.
    pub fn mint_appearance(&self) -> Result<AppearanceId, Fault> {
        self.mint()
    }
}

/// What a change is called in an input.
fn member_of(edit: &Edit) -> &'static str {
    match edit {
        Edit::AddItem { .. } => "itemAdd",
        Edit::UpdateItem { .. } => "itemUpdate",
        Edit::MoveItem { .. } => "itemMove",
        Edit::RemoveItem { .. } => "itemRemove",
        Edit::AddAppearance { .. } => "appearanceAdd",
        Edit::UpdateAppearance { .. } => "appearanceUpdate",
        Edit::RemoveAppearance { .. } => "appearanceRemove",
    }
}

impl Operation<'_> {
    /// What changes refer to besides the draft. A fixed number of statements.
    async fn surroundings(&self, edits: &[Edit]) -> Result<Surroundings, Fault> {
        let (mut rooms, mut tracks, mut groups) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut people: BTreeSet<PersonId> = BTreeSet::new();
        let mut bodies: BTreeSet<OrganizationId> = BTreeSet::new();
        for edit in edits {
            match edit {
                Edit::AddItem {
                    fields, placement, ..
                } => {
                    tracks.extend(fields.track_id.set().copied());
                    rooms.extend(placement.room_id.set().copied());
                }
                Edit::UpdateItem { patch, .. } => tracks.extend(patch.track_id.set().copied()),
                Edit::MoveItem { placement, .. } => rooms.extend(placement.room_id.set().copied()),
                Edit::AddAppearance { who, fields, .. } => {
                    match who {
                        Appearing::Person(id) => drop(people.insert(*id)),
                        Appearing::Organization(id) => drop(bodies.insert(*id)),
                        Appearing::Group(id) => drop(groups.insert(*id)),
                    }
                    stead(fields.on_behalf_of.set(), &mut people, &mut bodies);
                }
                Edit::UpdateAppearance { patch, .. } => {
                    stead(patch.on_behalf_of.set(), &mut people, &mut bodies);
                }
                Edit::RemoveItem { .. } | Edit::RemoveAppearance { .. } => {}
            }
        }
        let rooms = self.known::<room::Entity>(rooms).await?;
        let tracks = self.known::<track::Entity>(tracks).await?;
        let groups = self.known::<participant_group::Entity>(groups).await?;
        let people = self.known::<person::Entity>(people).await?;
        let bodies = self.known::<organization::Entity>(bodies).await?;
        let mut around = Surroundings {
            rooms: rooms.into_keys().collect(),
            tracks: tracks.into_keys().collect(),
            people: people
                .into_iter()
                .map(|(id, row)| (id, (row.name, Vec::new())))
                .collect(),
            organizations: bodies
                .into_iter()
                .map(|(id, row)| (id, Organization::from(row).name.main_text().to_owned()))
                .collect(),
            groups: groups
                .into_iter()
                .map(|(id, row)| (id, ParticipantGroup::from(row).printed_name()))
                .collect(),
        };
        let first_day = self.event()?.starts_on;
        let posts = post::Entity::find()
            .filter(post::Column::PersonId.is_in(around.people.keys().copied().map(DbId)))
            .order_by_asc(post::Column::Position)
            .order_by_asc(post::Column::Id)
            .all(self.on())
            .await?;
        for row in posts {
            if domain::person::held_on(row.since, row.until, first_day)
                && let Some((_, posts)) = around.people.get_mut(&row.person_id.0)
            {
                posts.push(row.title);
            }
        }
        Ok(around)
    }
}

fn stead(
    party: Option<&Party>,
    people: &mut BTreeSet<PersonId>,
    bodies: &mut BTreeSet<OrganizationId>,
) {
    match party {
        Some(Party::Person(id)) => drop(people.insert(*id)),
        Some(Party::Organization(id)) => drop(bodies.insert(*id)),
        None => {}
    }
}
