//! Bringing a draft to what it was, or to what was published once: whatever differs is written as any
//! change is, with its line in the log and its next version.

use std::collections::{BTreeSet, HashMap};

use domain::Id;
use domain::id::{AwardId, Kind, OrganizationId};
use domain::organization::Party;
use domain::refusal::{Contradicted, Refusals};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::rows::{AgendaRows, References};
use crate::award::beside;
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{award, award_grantor, award_recipient};
use crate::entity::directory::{organization, party, person};
use crate::entity::follow_up::resolution;
use crate::entity::participation::participant_group;
use crate::entity::place::room;
use crate::error::Fault;
use crate::listed::Listed;
use crate::operation::Operation;
use crate::record::{Record, Thing};

/// What of a table is to be otherwise.
struct Differences<E: Thing> {
    new: Vec<E::Model>,
    changed: Vec<(E::Model, E::Model)>,
    gone: Vec<E::Model>,
}

impl<E: Thing> Differences<E> {
    fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }

    /// Those whose names of the caller's something else may get before they themselves are written.
    fn freed<'a>(&'a self, key: impl Fn(&'a E::Model) -> Option<&'a str>) -> Vec<Uuid> {
        let changed = self.changed.iter();
        let renamed = changed.filter(|(before, after)| key(before) != key(after));
        let renamed = renamed.map(|(before, _)| before);
        let freed = self.gone.iter().chain(renamed);
        let freed = freed.filter(|row| key(row).is_some());
        freed.map(E::uuid).collect()
    }
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

/// All that is to be otherwise for a draft to become what it was.
pub(super) struct Redrawing {
    tracks: Differences<track::Entity>,
    groups: Differences<participant_group::Entity>,
    items: Differences<agenda_item::Entity>,
    appearances: Differences<appearance::Entity>,
    releases: Differences<release::Entity>,
    recipients: Differences<award_recipient::Entity>,
    awards: Differences<award::Entity>,
    /// What the log is told of each award besides its row: as it is now, and as it was then.
    beside: (HashMap<Uuid, Record>, HashMap<Uuid, Record>),
    /// Who grants each award then.
    grantors: HashMap<AwardId, Vec<OrganizationId>>,
}

impl Redrawing {
    /// From what a draft is now to what it was then.
    pub(super) fn of(now: &AgendaRows, then: AgendaRows, coming: Coming) -> Self {
        let beside = (beside_awards(now), beside_awards(&then));
        let mut awards = differences::<award::Entity>(&now.awards, then.awards, coming);
        // An award is otherwise too if others grant it or got it.
        let listed = awards.changed.iter().map(|(before, _)| before.id.0.uuid());
        let listed: BTreeSet<_> = listed.collect();
        for row in &now.awards {
            let id = row.id.0.uuid();
            let lists = (beside.0.get(&id), beside.1.get(&id));
            if lists.1.is_some() && lists.0 != lists.1 && !listed.contains(&id) {
                awards.changed.push((row.clone(), row.clone()));
            }
        }
        Self {
            tracks: differences(&now.tracks, then.tracks, coming),
            groups: differences(&now.groups, then.groups, coming),
            items: differences(&now.items, then.items, coming),
            appearances: differences(&now.appearances, then.appearances, coming),
            releases: differences(&now.releases, then.releases, coming),
            recipients: differences(&now.recipients, then.recipients, coming),
            awards,
            beside,
            grantors: then.grantors,
        }
    }

    /// Whether it is about what is given or made public.
    pub(super) fn is_of_ceremonies(&self) -> bool {
        !(self.releases.is_empty() && self.awards.is_empty() && self.recipients.is_empty())
    }
}

/// What stands beside the row of each award: who grants it, and who got it, in order.
fn beside_awards(rows: &AgendaRows) -> HashMap<Uuid, Record> {
    let mut recipients: HashMap<Uuid, Vec<Party>> = HashMap::new();
    let mut in_order: Vec<_> = rows.recipients.iter().collect();
    in_order.sort_by_key(|row| (row.position, row.id.0));
    for row in in_order {
        let who = party(row.person_id, row.organization_id);
        recipients
            .entry(row.award_id.0.uuid())
            .or_default()
            .extend(who);
    }
    let awards = rows.awards.iter().map(|row| {
        let id = row.id.0.uuid();
        let grantors = rows.grantors.get(&row.id.0);
        let grantors = grantors.map_or(&[][..], Vec::as_slice);
        let recipients = recipients.remove(&id).unwrap_or_default();
        (id, beside(grantors, &recipients))
    });
    awards.collect()
}

impl Operation<'_> {
    /// Says so at `member` if something that the agenda is to refer to again is there no longer, or if
    /// two parts of it are to go by one name of the caller's.
    pub(super) async fn can_be<R: From<Contradicted>>(
        &self,
        now: &AgendaRows,
        then: &AgendaRows,
        member: &str,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        // What is referred to now is there.
        let (known, wanted) = (References::of(now), References::of(then));
        self.are_there::<room::Entity, R>(&wanted.rooms - &known.rooms, member, refusals)
            .await?;
        self.are_there::<person::Entity, R>(&wanted.people - &known.people, member, refusals)
            .await?;
        let bodies = &wanted.organizations - &known.organizations;
        self.are_there::<organization::Entity, R>(bodies, member, refusals)
            .await?;
        macro_rules! told_apart {
            ($($rows:ident of $table:ident),+) => {$(
                let mut keys = BTreeSet::new();
                let named = then.$rows.iter().filter_map(|row| row.external_id.as_ref());
                for key in named.map(|key| key.0.as_str()) {
                    if !keys.insert(key) {
                        let noun = <<$table::Entity as Thing>::Kind as Kind>::NOUN;
                        let message = format!("`{key}` is the name of another {noun} since");
                        refusals.say(member, Contradicted(message));
                    }
                }
            )+};
        }
        told_apart!(
            tracks of track, groups of participant_group, items of agenda_item,
            releases of release, awards of award
        );
        Ok(())
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

    /// Brings the draft to what it is to be.
    pub(super) async fn redraw(&mut self, redrawing: Redrawing) -> Result<(), Fault> {
        let Redrawing {
            tracks,
            groups,
            items,
            appearances,
            releases,
            recipients,
            awards,
            beside: (was, is),
            grantors,
        } = redrawing;
        let lists = |of: &HashMap<Uuid, Record>, id| of.get(&id).cloned().unwrap_or_default();

        // First goes what nothing else refers to, and gives its name and place free.
        self.remove_all::<appearance::Entity>(&appearances.gone)
            .await?;
        self.remove_all::<release::Entity>(&releases.gone).await?;
        self.remove_all::<award_recipient::Entity>(&recipients.gone)
            .await?;
        for row in &awards.gone {
            let rest = lists(&was, row.id.0.uuid());
            self.remove_with::<award::Entity>(row, rest).await?;
        }
        macro_rules! free_keys {
            ($($rows:ident of $table:ident),+) => {$(
                let freed = $rows.freed(|row| row.external_id.as_ref().map(|key| key.0.as_str()));
                if !freed.is_empty() {
                    $table::Entity::update_many()
                        .col_expr($table::Column::ExternalId, Expr::value(None::<String>))
                        .filter($table::Column::Id.is_in(freed))
                        .exec(self.on())
                        .await?;
                }
            )+};
        }
        free_keys!(
            tracks of track, groups of participant_group, items of agenda_item,
            releases of release, awards of award
        );

        self.insert_all::<track::Entity>(tracks.new).await?;
        self.insert_all::<participant_group::Entity>(groups.new)
            .await?;
        self.insert_tree(items.new).await?;
        let appearing = appearances.new.iter().filter_map(|row| row.person_id);
        self.take_part(appearing.map(|id| id.0).collect()).await?;
        self.insert_all::<appearance::Entity>(appearances.new)
            .await?;
        self.insert_all::<release::Entity>(releases.new).await?;
        for row in awards.new {
            let id = row.id.0;
            let rest = lists(&is, id.uuid());
            self.insert_with::<award::Entity>(row, rest).await?;
            let granting = grantors.get(&id).map_or(&[][..], Vec::as_slice);
            self.link::<award_grantor::Entity>(id.uuid(), granting)
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
        let mut places = Vec::new();
        for (before, after) in awards.changed {
            let id = before.id.0;
            let rest = (lists(&was, id.uuid()), lists(&is, id.uuid()));
            let in_place = award::Model {
                position: before.position,
                ..after.clone()
            };
            if in_place == before && rest.0 == rest.1 {
                places.push((before, after.position));
                continue;
            }
            if rest.0.get("grantors") != rest.1.get("grantors") {
                let granting = grantors.get(&id).map_or(&[][..], Vec::as_slice);
                self.link::<award_grantor::Entity>(id.uuid(), granting)
                    .await?;
            }
            self.update_with::<award::Entity>(&before, after, rest)
                .await?;
        }
        self.shift::<award::Entity>(places).await?;

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
}
