//! Two that turn out to be one: what refers to the loser refers to the winner since, and what that
//! took is kept, so that it can be undone while nothing contradicts.

mod apart;
mod awards;
mod references;

use domain::access::{Actor, Permission};
use domain::id::{Kind, MergeId, OrganizationId, PersonId, kind};
use domain::organization::{
    Organization, OrganizationMergeRefused, OrganizationMergeUndoRefused, Party,
};
use domain::person::{Person, PersonMergeRefused, PersonMergeUndoRefused};
use domain::refusal::{Contradicted, IllegalState};
use domain::{Id, Refusals};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use serde_json::{Value, json};
use uuid::Uuid;

use self::apart::goes_with;
use self::references::{columns_of_organization, columns_of_person, lists_of_organizations};
use crate::column::DbId;
use crate::entity::agenda::appearance;
use crate::entity::audit::merge;
use crate::entity::ceremony::{
    appointment_letter, award, award_grantor, award_recipient, letter_issuer,
};
use crate::entity::credential::credential;
use crate::entity::directory::{membership, organization, person, post};
use crate::entity::follow_up::{action_item, action_item_responsible};
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Retry, Seen};
use crate::record::{Record, Recorded, Thing, ids};
use crate::store::Store;

/// What it takes to make two things one, and to make them two again.
#[derive(Default)]
struct Moves {
    /// Rows that refer to the winner since, by table, id and column.
    moved: Vec<Value>,
    /// Rows that would have been the same as one of the winner's, and went.
    dropped: Vec<Value>,
    /// Lists of organizations beside things, before and after.
    lists: Vec<Value>,
}

/// What came of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged<K: Kind> {
    /// The one that stays.
    pub winner: Id<K>,
    /// By what it is undone.
    pub merge: MergeId,
    /// How many rows refer to the winner since.
    pub moved: u32,
    /// How many rows went, since the winner has the same.
    pub dropped: u32,
}

/// Moves what refers to the loser in one column to the winner.
macro_rules! move_column {
    ($operation:ident $moves:ident $loser:ident $winner:ident $table:ident $column:ident $field:ident) => {
        let rows = $table::Entity::find()
            .filter($table::Column::$column.eq(DbId($loser)))
            .order_by_asc($table::Column::Id)
            .all($operation.on())
            .await?;
        for row in rows {
            let after = $table::Model {
                $field: DbId($winner).into(),
                ..row.clone()
            };
            if $operation.is_claimed::<$table::Entity>(&after).await? {
                $moves.dropped.push(kept::<$table::Entity>(&row));
                $operation.remove::<$table::Entity>(&row).await?;
            } else {
                $moves.moved.push(json!({
                    "table": stringify!($table),
                    "id": row.id.0.uuid().to_string(),
                    "column": stringify!($field),
                }));
                $operation.update::<$table::Entity>(&row, after).await?;
            }
        }
    };
}

/// Gives back what was moved in one column, if it still refers to the winner.
macro_rules! give_back_column {
    ($operation:ident $one:ident $winner:ident $loser:ident $contradicted:ident $table:ident $column:ident $field:ident) => {
        if $one["table"] == stringify!($table) && $one["column"] == stringify!($field) {
            let id = $one["id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
            let row = $table::Entity::find()
                .filter($table::Column::Id.eq(id.unwrap_or_default()))
                .one($operation.on())
                .await?;
            // What has gone since, contradicts nothing.
            if let Some(row) = row {
                if row.$field == DbId($winner).into() {
                    let after = $table::Model {
                        $field: DbId($loser).into(),
                        ..row.clone()
                    };
                    $operation.update::<$table::Entity>(&row, after).await?;
                } else {
                    $contradicted.push(row.id.0.to_string());
                }
            }
        }
    };
}

/// Puts back what had gone from one table.
macro_rules! put_back_row {
    ($operation:ident $one:ident $contradicted:ident $($table:ident)+) => {$(
        if $one["table"] == stringify!($table)
            && let Value::Object(record) = &$one["record"]
            && let Some(row) = $table::Model::from_record(record.clone())
        {
            let id = row.id.0.to_string();
            let lacks = $operation.lacks(record).await?;
            if lacks.iter().any(|column| goes_with(stringify!($table), column)) {
                // It would have gone with what it belongs to.
            } else if !lacks.is_empty() || $operation.is_claimed::<$table::Entity>(&row).await? {
                $contradicted.push(id);
            } else if !$operation.put_back::<$table::Entity>(row).await? {
                $contradicted.push(id);
                // The database takes no further statement.
                break;
            }
        }
    )+};
}

/// Moves the loser in lists of one sort.
macro_rules! move_list {
    ($operation:ident $moves:ident $loser:ident $winner:ident $links:ident $owner:ident $field:ident $table:ident $name:literal) => {
        let rows = $links::Entity::find()
            .filter($links::Column::OrganizationId.eq(DbId($loser)))
            .all($operation.on())
            .await?;
        for row in rows {
            let owner = row.$field.0.uuid();
            let list = $links::Entity::find()
                .filter($links::Column::$owner.eq(row.$field))
                .order_by_asc($links::Column::Position)
                .all($operation.on())
                .await?;
            let before: Vec<_> = list.iter().map(|one| one.organization_id.0).collect();
            let mut after: Vec<OrganizationId> = Vec::new();
            for id in &before {
                let id = if *id == $loser { $winner } else { *id };
                if !after.contains(&id) {
                    after.push(id);
                }
            }
            $moves.lists.push(json!({
                "table": stringify!($links),
                "owner": owner.to_string(),
                "before": ids(&before),
                "after": ids(&after),
            }));
            let thing = $table::Entity::find_by_id(row.$field).one($operation.on()).await?;
            if let Some(thing) = thing {
                $operation.relist::<$table::Entity, $links::Entity>(&thing, $name, &before, &after).await?;
            }
        }
    };
}

/// Gives back lists of one sort, if they are as they were left.
macro_rules! give_back_list {
    ($operation:ident $one:ident $contradicted:ident $links:ident $owner:ident $field:ident $table:ident $name:literal) => {
        if $one["table"] == stringify!($links) {
            let owner = $one["owner"]
                .as_str()
                .and_then(|id| id.parse::<Uuid>().ok());
            let owner = DbId(Id::from_uuid(owner.unwrap_or_default()));
            let list = $links::Entity::find()
                .filter($links::Column::$owner.eq(owner))
                .order_by_asc($links::Column::Position)
                .all($operation.on())
                .await?;
            let now: Vec<_> = list.iter().map(|one| one.organization_id.0).collect();
            let thing = $table::Entity::find_by_id(owner)
                .one($operation.on())
                .await?;
            if let Some(thing) = thing {
                if ids(&now) == $one["after"] {
                    let before: Vec<OrganizationId> = $one["before"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(|id| id.as_str()?.parse().ok())
                        .collect();
                    $operation
                        .relist::<$table::Entity, $links::Entity>(&thing, $name, &now, &before)
                        .await?;
                } else {
                    $contradicted.push(thing.id.0.to_string());
                }
            }
        }
    };
}

/// A row that goes, as it is kept.
fn kept<E: Thing>(row: &E::Model) -> Value {
    json!({ "table": E::default().table_name(), "record": row.record() })
}

impl Store {
    /// Makes two people one. What the winner does not say of themselves, the loser says.
    pub async fn merge_people(
        &self,
        actor: &Actor,
        winner: Seen<kind::Person>,
        loser: Seen<kind::Person>,
        effect: Effect,
        retry: Option<&Retry>,
    ) -> Result<Merged<kind::Person>, Refused<PersonMergeRefused>> {
        let (mut operation, before) = self
            .operate_on::<person::Entity, _>(
                actor,
                "personMerge",
                Permission::DirectoryEdit,
                winner.id,
            )
            .await?;
        if let Some(merge) = operation.answered_one(retry).await? {
            return Ok(operation.merged_before(winner.id, merge).await?);
        }
        let mut refusals = Refusals::default();
        if winner.id == loser.id {
            refusals.invalid("loserId", "two are made one, not one");
        }
        let gone = operation
            .both::<person::Entity, _>(winner, &before, loser, &mut refusals)
            .await?;
        if winner.id != loser.id {
            operation
                .people_are_apart(winner.id, loser.id, &mut refusals)
                .await?;
        }
        refusals.refuse_if_any()?;
        let Some(gone) = gone else {
            return Err(Fault::inconsistent("person", "id", loser.id.uuid()).into());
        };

        let (lost, won) = (loser.id, winner.id);
        let mut moves = Moves::default();
        let awards = operation.awards_of(Party::Person(lost)).await?;
        columns_of_person!(move_column!(operation moves lost won));
        operation.tell_of_awards(awards).await?;
        operation.mails_go_to(lost, won).await?;
        let mut person = Person::from(before.clone());
        let other = Person::from(gone.clone());
        person.external_id = person.external_id.or(other.external_id);
        person.transcription = person.transcription.or(other.transcription);
        person.email = person.email.or(other.email);
        person.telephone = person.telephone.or(other.telephone);
        person.language = person.language.or(other.language);
        for (language, name) in other.further_names {
            person.further_names.entry(language).or_insert(name);
        }
        operation.remove::<person::Entity>(&gone).await?;
        let after = person::Model::from(person);
        operation
            .one::<person::Entity>(&before, after, &gone, moves, effect)
            .await
            .map_err(Into::into)
    }

    /// Makes two people of one again, as they were before they were merged.
    pub async fn undo_person_merge(
        &self,
        actor: &Actor,
        merge: MergeId,
    ) -> Result<(PersonId, PersonId), Refused<PersonMergeUndoRefused>> {
        let (mut operation, row) = self
            .operate_on_merge::<kind::Person, _>(actor, "personMergeUndo", merge)
            .await?;
        let (winner, loser) = (Id::from_uuid(row.winner_id), Id::from_uuid(row.loser_id));
        let mut refusals = Refusals::default();
        let mut contradicted = operation
            .restore::<person::Entity, _>(&row, |row| Person::from(row).into(), &mut refusals)
            .await?;
        let awards = operation.awards_of(Party::Person(winner)).await?;
        // Only to one who is back can anything be given back.
        if refusals.is_empty() && contradicted.is_empty() {
            for one in listed(&row.dropped) {
                put_back_row!(operation one contradicted post membership participant appearance
                    event_organization award_recipient appointment_letter action_item);
            }
            for one in listed(&row.moved) {
                columns_of_person!(give_back_column!(operation one winner loser contradicted));
            }
        }
        operation.tell_of_awards(awards).await?;
        operation.part(row, contradicted, refusals).await?;
        Ok((winner, loser))
    }

    /// Makes two organizations one. What the winner does not say of itself, the loser says; the
    /// loser's names are aliases of the winner since.
    pub async fn merge_organizations(
        &self,
        actor: &Actor,
        winner: Seen<kind::Organization>,
        loser: Seen<kind::Organization>,
        effect: Effect,
        retry: Option<&Retry>,
    ) -> Result<Merged<kind::Organization>, Refused<OrganizationMergeRefused>> {
        let (mut operation, before) = self
            .operate_on::<organization::Entity, _>(
                actor,
                "organizationMerge",
                Permission::DirectoryEdit,
                winner.id,
            )
            .await?;
        if let Some(merge) = operation.answered_one(retry).await? {
            return Ok(operation.merged_before(winner.id, merge).await?);
        }
        let mut refusals = Refusals::default();
        if winner.id == loser.id {
            refusals.invalid("loserId", "two are made one, not one");
        } else if operation.is_within(winner.id, loser.id).await?
            || operation.is_within(loser.id, winner.id).await?
        {
            refusals.invalid("loserId", "one of them is part of the other");
        }
        let gone = operation
            .both::<organization::Entity, _>(winner, &before, loser, &mut refusals)
            .await?;
        if winner.id != loser.id {
            operation
                .organizations_are_apart(winner.id, loser.id, &mut refusals)
                .await?;
        }
        refusals.refuse_if_any()?;
        let Some(gone) = gone else {
            return Err(Fault::inconsistent("organization", "id", loser.id.uuid()).into());
        };

        let (lost, won) = (loser.id, winner.id);
        let mut moves = Moves::default();
        let awards = operation.awards_of(Party::Organization(lost)).await?;
        columns_of_organization!(move_column!(operation moves lost won));
        operation.tell_of_awards(awards).await?;
        lists_of_organizations!(move_list!(operation moves lost won));
        // A part may have been moved to the winner, and the winner itself is otherwise then.
        let before = operation.again::<organization::Entity>(before).await?;
        let mut organization = Organization::from(before.clone());
        let other = Organization::from(gone.clone());
        for name in other.names() {
            if !organization.names().any(|known| known == name) {
                organization.aliases.push(name.to_owned());
            }
        }
        organization.external_id = organization.external_id.or(other.external_id);
        organization.level = organization.level.or(other.level);
        organization.protocol_order = organization.protocol_order.or(other.protocol_order);
        organization.founding_event_id = organization.founding_event_id.or(other.founding_event_id);
        if organization.goals.is_empty() {
            organization.goals = other.goals;
        }
        operation.remove::<organization::Entity>(&gone).await?;
        let after = organization::Model::from(organization);
        operation
            .one::<organization::Entity>(&before, after, &gone, moves, effect)
            .await
            .map_err(Into::into)
    }

    /// Makes two organizations of one again, as they were before they were merged.
    pub async fn undo_organization_merge(
        &self,
        actor: &Actor,
        merge: MergeId,
    ) -> Result<(OrganizationId, OrganizationId), Refused<OrganizationMergeUndoRefused>> {
        let (mut operation, row) = self
            .operate_on_merge::<kind::Organization, _>(actor, "organizationMergeUndo", merge)
            .await?;
        let (winner, loser) = (Id::from_uuid(row.winner_id), Id::from_uuid(row.loser_id));
        let mut refusals = Refusals::default();
        let mut contradicted = operation
            .restore::<organization::Entity, _>(
                &row,
                |row| Organization::from(row).into(),
                &mut refusals,
            )
            .await?;
        let awards = operation.awards_of(Party::Organization(winner)).await?;
        // Only to one who is back can anything be given back.
        if refusals.is_empty() && contradicted.is_empty() {
            for one in listed(&row.lists) {
                lists_of_organizations!(give_back_list!(operation one contradicted));
            }
            for one in listed(&row.dropped) {
                put_back_row!(operation one contradicted organization post membership participant
                    participant_group appearance event_organization award_recipient
                    appointment_letter);
            }
            for one in listed(&row.moved) {
                columns_of_organization!(
                    give_back_column!(operation one winner loser contradicted)
                );
            }
        }
        operation.tell_of_awards(awards).await?;
        operation.part(row, contradicted, refusals).await?;
        Ok((winner, loser))
    }

    /// Begins to undo a merge of two things of a kind.
    async fn operate_on_merge<'a, K: Kind, R>(
        &'a self,
        actor: &'a Actor,
        name: &'static str,
        id: MergeId,
    ) -> Result<(Operation<'a>, merge::Model), Refused<R>> {
        use domain::access::Denied;
        actor.might(Permission::DirectoryEdit)?;
        let of_kind =
            || merge::Entity::find_by_id(DbId(id)).filter(merge::Column::ObjectKind.eq(K::PREFIX));
        let row = of_kind().one(self.read()).await?.ok_or(Denied::NotFound)?;
        let operation = self
            .operate(actor, name, Permission::DirectoryEdit, row.workspace_id.0)
            .await?;
        // It may have been undone while we waited.
        let row = of_kind().one(operation.on()).await?;
        Ok((operation, row.ok_or(Denied::NotFound)?))
    }
}

fn listed(json: &Value) -> impl Iterator<Item = &Value> {
    json.as_array().into_iter().flatten()
}

impl Operation<'_> {
    /// Gives a thing another list of organizations beside it.
    async fn relist<E: Thing, L: crate::listed::Links>(
        &mut self,
        thing: &E::Model,
        name: &str,
        before: &[OrganizationId],
        after: &[OrganizationId],
    ) -> Result<(), Fault> {
        let list = |of: &[OrganizationId]| Record::from_iter([(name.to_owned(), ids(of))]);
        self.update_with::<E>(thing, thing.clone(), (list(before), list(after)))
            .await?;
        self.link::<L>(E::uuid(thing), after).await
    }

    /// Ends a merge: writes the winner, and what it takes to undo it.
    async fn one<E: Thing>(
        mut self,
        before: &E::Model,
        after: E::Model,
        loser: &E::Model,
        moves: Moves,
        effect: Effect,
    ) -> Result<Merged<E::Kind>, Fault> {
        let said = |row: &E::Model| Value::Object(row.record());
        let filled = json!({ "before": said(before), "after": said(&after) });
        self.update::<E>(before, after).await?;
        let count = |list: &[Value]| u32::try_from(list.len()).unwrap_or(u32::MAX);
        let merged = Merged {
            winner: E::id(before),
            merge: self.mint()?,
            moved: count(&moves.moved).saturating_add(count(&moves.lists)),
            dropped: count(&moves.dropped),
        };
        let row = merge::Model {
            id: DbId(merged.merge),
            workspace_id: DbId(self.workspace()),
            object_kind: <E::Kind as Kind>::PREFIX.to_owned(),
            winner_id: E::uuid(before),
            loser_id: E::uuid(loser),
            loser: said(loser),
            moved: Value::Array(moves.moved),
            dropped: Value::Array(moves.dropped),
            lists: Value::Array(moves.lists),
            filled,
            at: self.now(),
            undone_at: None,
        };
        merge::Entity::insert(row.into_active_model())
            .exec_without_returning(self.on())
            .await?;
        self.finish(effect, &[merged.merge.uuid()]).await?;
        Ok(merged)
    }

    /// What a merge came to that was made before.
    async fn merged_before<K: Kind>(
        &self,
        winner: Id<K>,
        merge: MergeId,
    ) -> Result<Merged<K>, Fault> {
        let row = merge::Entity::find_by_id(DbId(merge))
            .one(self.on())
            .await?;
        let count = |list: Option<&Value>| {
            u32::try_from(list.map_or(0, |list| listed(list).count())).unwrap_or(u32::MAX)
        };
        let row = row.as_ref();
        Ok(Merged {
            winner,
            merge,
            moved: count(row.map(|row| &row.moved))
                .saturating_add(count(row.map(|row| &row.lists))),
            dropped: count(row.map(|row| &row.dropped)),
        })
    }

    /// Brings the loser back, and takes from the winner what it had of the loser, as far as the
    /// winner still says it. Tells what contradicts.
    async fn restore<E: Thing, R: From<IllegalState>>(
        &mut self,
        merge: &merge::Model,
        rebuilt: impl Fn(E::Model) -> E::Model,
        refusals: &mut Refusals<R>,
    ) -> Result<Vec<String>, Fault> {
        let mut contradicted = Vec::new();
        if let Some(at) = merge.undone_at {
            refusals.say(
                "mergeId",
                IllegalState(format!("it was undone before, at {at}")),
            );
            return Ok(contradicted);
        }
        // The winner first: it may have the loser's key.
        let winner = E::find()
            .filter(E::ID.eq(merge.winner_id))
            .one(self.on())
            .await?;
        let Some(winner) = winner else {
            contradicted.push(Id::<E::Kind>::from_uuid(merge.winner_id).to_string());
            return Ok(contradicted);
        };
        let mut now = winner.record();
        let said = |when: &str, column: &str| merge.filled.get(when)?.get(column).cloned();
        for (column, value) in &mut now {
            let (before, after) = (said("before", column), said("after", column));
            if before != after && after.as_ref() == Some(value) {
                *value = before.unwrap_or_default();
            }
        }
        now.insert("version".to_owned(), json!(E::version(&winner)));
        if let Some(restored) = E::Model::from_record(now) {
            self.update::<E>(&winner, rebuilt(restored)).await?;
        }
        let lost = || Fault::inconsistent("merge", "loser", merge.id.0.uuid());
        let record = merge.loser.as_object().cloned().ok_or_else(lost)?;
        let loser = rebuilt(E::Model::from_record(record).ok_or_else(lost)?);
        let id = E::id(&loser).to_string();
        if self.is_claimed::<E>(&loser).await? || !self.put_back::<E>(loser).await? {
            contradicted.push(id);
        }
        Ok(contradicted)
    }

    /// Ends the undoing of a merge, unless something contradicts.
    async fn part<R: From<Contradicted>>(
        self,
        merge: merge::Model,
        contradicted: Vec<String>,
        mut refusals: Refusals<R>,
    ) -> Result<(), Refused<R>> {
        for id in contradicted {
            let message = format!(
                "{id} was changed since, something else is in its place, or what it refers to has gone"
            );
            refusals.say("mergeId", Contradicted(message));
        }
        refusals.refuse_if_any()?;
        let undone = merge::Model {
            undone_at: Some(self.now()),
            ..merge
        };
        undone
            .into_active_model()
            .reset_all()
            .update(self.on())
            .await?;
        Ok(self.finish(Effect::Apply, &[]).await?)
    }
}
