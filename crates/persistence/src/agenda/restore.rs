//! Bringing a draft to what it was, or to what was published once: whatever differs is written as any
//! change is, with its line in the log and its next version.

use std::collections::{BTreeSet, HashMap};

use domain::Id;
use domain::id::{AwardId, Kind, OrganizationId};
use domain::refusal::{Contradicted, Refusals};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::rows::AgendaRows;
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{award, award_grantor, award_recipient};
use crate::entity::directory::{organization, person};
use crate::entity::follow_up::resolution;
use crate::entity::participation::participant_group;
use crate::entity::place::room;
use crate::error::Fault;
use crate::listed::Listed;
use crate::operation::Operation;
use crate::record::{Record, Thing, ids};

/// Who grants each award, in order.
type Grantors = HashMap<AwardId, Vec<OrganizationId>>;

/// What of a table is to be otherwise.
struct Differences<E: Thing> {
    new: Vec<E::Model>,
    changed: Vec<(E::Model, E::Model)>,
    gone: Vec<E::Model>,
}

/// How rows come that are not there now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coming {
    /// For the first time.
    New,
    /// Back: whoever has seen them before they went has not seen them now.
    Back,
}

/// What of the rows as they are now is to be otherwise, whatever their versions are.
fn differences<E: Thing>(now: &[E::Model], then: Vec<E::Model>, coming: Coming) -> Differences<E> {
    let mut left: HashMap<Uuid, &E::Model> = now.iter().map(|row| (E::uuid(row), row)).collect();
    let mut differences = Differences {
        new: Vec::new(),
        changed: Vec::new(),
        gone: Vec::new(),
    };
    for mut row in then {
        if let Some(before) = left.remove(&E::uuid(&row)) {
            E::set_version(&mut row, E::version(before));
            if row != *before {
                differences.changed.push((before.clone(), row));
            }
            continue;
        }
        if coming == Coming::Back {
            let next = E::version(&row).saturating_add(1);
            E::set_version(&mut row, next);
        }
        differences.new.push(row);
    }
    let is_left = |row: &&E::Model| left.contains_key(&E::uuid(row));
    differences.gone = now.iter().filter(is_left).cloned().collect();
    differences
}

impl Operation<'_> {
    /// Says so at `member` if something that the agenda referred to then is there no longer.
    pub(super) async fn all_is_there<R: From<Contradicted>>(
        &self,
        then: &AgendaRows,
        member: &str,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let rooms = then.items.iter().filter_map(|row| row.room_id);
        let mut people: BTreeSet<_> = BTreeSet::new();
        let mut organizations: BTreeSet<_> = then.grantors.values().flatten().copied().collect();
        for row in &then.appearances {
            people.extend(
                [row.person_id, row.on_behalf_of_person_id]
                    .into_iter()
                    .flatten()
                    .map(|id| id.0),
            );
            let bodies = [row.organization_id, row.on_behalf_of_organization_id];
            organizations.extend(bodies.into_iter().flatten().map(|id| id.0));
        }
        for row in &then.recipients {
            people.extend(row.person_id.map(|id| id.0));
            organizations.extend(row.organization_id.map(|id| id.0));
        }
        let of_groups = then.groups.iter().filter_map(|row| row.organization_id);
        organizations.extend(of_groups.map(|id| id.0));
        let rooms = rooms.map(|id| id.0).collect();
        self.are_there::<room::Entity, R>(rooms, member, refusals)
            .await?;
        self.are_there::<person::Entity, R>(people, member, refusals)
            .await?;
        self.are_there::<organization::Entity, R>(organizations, member, refusals)
            .await
    }

    async fn are_there<E: Thing, R: From<Contradicted>>(
        &self,
        wanted: BTreeSet<Id<E::Kind>>,
        member: &str,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let known = self.known::<E>(wanted.iter().copied()).await?;
        for id in wanted.into_iter().filter(|id| !known.contains_key(id)) {
            let noun = <E::Kind as Kind>::NOUN;
            let message = format!("the {noun} {id} that it speaks of is there no longer");
            refusals.say(member, Contradicted(message));
        }
        Ok(())
    }

    /// Brings the draft from what it is now to what it was then.
    pub(super) async fn redraw(
        &mut self,
        now: &AgendaRows,
        then: AgendaRows,
        coming: Coming,
    ) -> Result<(), Fault> {
        let grantors = (&now.grantors, then.grantors);
        let tracks = differences::<track::Entity>(&now.tracks, then.tracks, coming);
        let groups = differences::<participant_group::Entity>(&now.groups, then.groups, coming);
        let items = differences::<agenda_item::Entity>(&now.items, then.items, coming);
        let appearances =
            differences::<appearance::Entity>(&now.appearances, then.appearances, coming);
        let releases = differences::<release::Entity>(&now.releases, then.releases, coming);
        let recipients =
            differences::<award_recipient::Entity>(&now.recipients, then.recipients, coming);
        let awards = differences::<award::Entity>(&now.awards, then.awards.clone(), coming);

        // First goes what nothing else refers to, and gives its name and place free.
        self.remove_all::<appearance::Entity>(&appearances.gone)
            .await?;
        self.remove_all::<release::Entity>(&releases.gone).await?;
        self.remove_all::<award_recipient::Entity>(&recipients.gone)
            .await?;
        for row in &awards.gone {
            let rest = granted(grantors.0, row.id.0);
            self.remove_with::<award::Entity>(row, rest).await?;
        }
        self.free_keys(&items.gone, &tracks.gone, &groups.gone)
            .await?;

        self.insert_all::<track::Entity>(tracks.new).await?;
        self.insert_all::<participant_group::Entity>(groups.new)
            .await?;
        self.insert_tree(items.new).await?;
        for row in &appearances.new {
            if let Some(person) = row.person_id {
                self.take_part(person.0).await?;
            }
        }
        self.insert_all::<appearance::Entity>(appearances.new)
            .await?;
        self.insert_all::<release::Entity>(releases.new).await?;
        for row in awards.new {
            let id = row.id.0;
            let rest = granted(&grantors.1, id);
            self.insert_with::<award::Entity>(row, rest).await?;
            let granting = grantors.1.get(&id).cloned().unwrap_or_default();
            self.link::<award_grantor::Entity>(id.uuid(), &granting)
                .await?;
        }
        self.insert_all::<award_recipient::Entity>(recipients.new)
            .await?;

        self.rewrite::<track::Entity>(tracks.changed).await?;
        self.rewrite::<participant_group::Entity>(groups.changed)
            .await?;
        self.rewrite::<agenda_item::Entity>(items.changed).await?;
        self.rewrite::<appearance::Entity>(appearances.changed)
            .await?;
        self.rewrite::<release::Entity>(releases.changed).await?;
        self.rewrite::<award_recipient::Entity>(recipients.changed)
            .await?;
        self.rewrite_awards(&now.awards, then.awards, grantors)
            .await?;

        self.detach_resolutions(&items.gone).await?;
        self.remove_tree(&items.gone).await?;
        self.remove_all::<participant_group::Entity>(&groups.gone)
            .await?;
        self.remove_all::<track::Entity>(&tracks.gone).await
    }

    /// What was decided at items that go stays with the event.
    async fn detach_resolutions(&mut self, gone: &[agenda_item::Model]) -> Result<(), Fault> {
        if gone.is_empty() {
            return Ok(());
        }
        let rows = resolution::Entity::find()
            .filter(resolution::Column::ItemId.is_in(gone.iter().map(|row| row.id)))
            .all(self.on())
            .await?;
        for row in rows {
            let after = resolution::Model {
                item_id: None,
                ..row.clone()
            };
            self.update::<resolution::Entity>(&row, after).await?;
        }
        Ok(())
    }

    /// Takes the callers' own names from what is about to go: something else may get them before.
    async fn free_keys(
        &self,
        items: &[agenda_item::Model],
        tracks: &[track::Model],
        groups: &[participant_group::Model],
    ) -> Result<(), Fault> {
        macro_rules! free {
            ($($rows:ident of $table:ident),+) => {$(
                if !$rows.is_empty() {
                    $table::Entity::update_many()
                        .col_expr($table::Column::ExternalId, Expr::value(None::<String>))
                        .filter($table::Column::Id.is_in($rows.iter().map(|row| row.id)))
                        .exec(self.on())
                        .await?;
                }
            )+};
        }
        free!(items of agenda_item, tracks of track, groups of participant_group);
        Ok(())
    }

    /// Writes rows that are otherwise: at their next version, but where it is their place alone.
    async fn rewrite<E: Listed>(
        &mut self,
        changed: Vec<(E::Model, E::Model)>,
    ) -> Result<(), Fault> {
        let mut places = Vec::new();
        for (before, after) in changed {
            let mut in_place = after.clone();
            E::set_position(&mut in_place, E::position(&before));
            if in_place == before {
                places.push((before, E::position(&after)));
            } else {
                self.update::<E>(&before, after).await?;
            }
        }
        self.shift::<E>(places).await
    }

    /// The same of awards, whose grantors stand in rows of their own.
    async fn rewrite_awards(
        &mut self,
        now: &[award::Model],
        then: Vec<award::Model>,
        grantors: (&Grantors, Grantors),
    ) -> Result<(), Fault> {
        let now: HashMap<_, _> = now.iter().map(|row| (row.id.0, row)).collect();
        let mut places = Vec::new();
        for mut after in then {
            let id = after.id.0;
            let Some(before) = now.get(&id).copied() else {
                continue;
            };
            after.version = before.version;
            let (was, is) = (grantors.0.get(&id), grantors.1.get(&id));
            let in_place = award::Model {
                position: before.position,
                ..after.clone()
            };
            if in_place == *before && was == is {
                places.push((before.clone(), after.position));
                continue;
            }
            let rest = (granted(grantors.0, id), granted(&grantors.1, id));
            self.update_with::<award::Entity>(before, after, rest)
                .await?;
            if was != is {
                let granting = is.cloned().unwrap_or_default();
                self.link::<award_grantor::Entity>(id.uuid(), &granting)
                    .await?;
            }
        }
        self.shift::<award::Entity>(places).await
    }
}

/// What the log is told of an award besides its row.
fn granted(grantors: &Grantors, award: AwardId) -> Record {
    let grantors = grantors.get(&award).map_or(&[][..], Vec::as_slice);
    Record::from_iter([("grantors".to_owned(), ids(grantors))])
}
