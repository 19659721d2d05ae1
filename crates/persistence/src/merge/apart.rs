//! What two cannot be one for; and what is there no longer when they are to be two again.

use domain::id::{Kind, OrganizationId, PersonId, kind};
use domain::refusal::{Invalid, Missing, Refusals, Stale, Taken};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, SqlErr};

use crate::column::DbId;
use crate::entity::agenda::{agenda_item, appearance};
use crate::entity::ceremony::{appointment_letter, award};
use crate::entity::directory::{membership, organization, person};
use crate::entity::event::event;
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::error::Fault;
use crate::operation::{Operation, Seen};
use crate::record::{Record, Thing};

/// That one stands in one column and the other in the other, either way round.
fn either_way<C: ColumnTrait>(
    (one, other): (C, C),
    (this, that): (
        impl Into<sea_orm::Value> + Copy,
        impl Into<sea_orm::Value> + Copy,
    ),
) -> Condition {
    Condition::any()
        .add(Condition::all().add(one.eq(this)).add(other.eq(that)))
        .add(Condition::all().add(one.eq(that)).add(other.eq(this)))
}

/// Whether a row goes when what it refers to in a column goes.
pub(super) fn goes_with(table: &str, column: &str) -> bool {
    match column {
        "event_id" | "item_id" | "award_id" => true,
        "organization_id" => table == "membership",
        _ => false,
    }
}

impl Operation<'_> {
    /// The loser, if both are as the caller has seen them.
    pub(super) async fn both<E: Thing, R: From<Stale> + From<Missing>>(
        &self,
        winner: Seen<E::Kind>,
        row: &E::Model,
        loser: Seen<E::Kind>,
        refusals: &mut Refusals<R>,
    ) -> Result<Option<E::Model>, Fault> {
        let other = self
            .refer::<E, R>("loserId", Some(loser.id), refusals)
            .await?;
        let seen = [
            ("expectedVersion", Some(row), winner),
            ("loserExpectedVersion", other.as_ref(), loser),
        ];
        for (member, row, seen) in seen {
            if let Some(row) = row.filter(|row| E::version(row) != seen.version) {
                let stale = Stale {
                    id: seen.id.to_string(),
                    current: E::version(row),
                };
                refusals.say(member, stale);
            }
        }
        Ok(other)
    }

    /// Says so if one of two people is somewhere in the other's stead: nobody is in their own.
    pub(super) async fn people_are_apart<R: From<Invalid>>(
        &self,
        winner: PersonId,
        loser: PersonId,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        use {appearance::Column as Appears, participant::Column as Comes};
        let two = (DbId(winner), DbId(loser));
        let comes = participant::Entity::find()
            .filter(either_way(
                (Comes::PersonId, Comes::OnBehalfOfPersonId),
                two,
            ))
            .one(self.on())
            .await?;
        let appears = appearance::Entity::find()
            .filter(either_way(
                (Appears::PersonId, Appears::OnBehalfOfPersonId),
                two,
            ))
            .one(self.on())
            .await?;
        if comes.is_some() || appears.is_some() {
            refusals.invalid("loserId", "one of them is somewhere in the other's stead");
        }
        Ok(())
    }

    /// Says so if one of two organizations is a member of the other, or somewhere in its stead; or if
    /// both have delegates in the same role: nobody knows which delegation theirs would be.
    pub(super) async fn organizations_are_apart<R: From<Invalid>>(
        &self,
        winner: OrganizationId,
        loser: OrganizationId,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        use {appearance::Column as Appears, membership::Column as Belongs};
        let two = (DbId(winner), DbId(loser));
        let belongs = membership::Entity::find()
            .filter(either_way(
                (Belongs::OrganizationId, Belongs::MemberOrganizationId),
                two,
            ))
            .one(self.on())
            .await?;
        if belongs.is_some() {
            refusals.invalid("loserId", "one of them is a member of the other");
        }
        let appears = appearance::Entity::find()
            .filter(either_way(
                (Appears::OrganizationId, Appears::OnBehalfOfOrganizationId),
                two,
            ))
            .one(self.on())
            .await?;
        if appears.is_some() {
            refusals.invalid("loserId", "one of them is somewhere in the other's stead");
        }
        let roles = |of: OrganizationId| {
            event_organization::Entity::find()
                .filter(event_organization::Column::OrganizationId.eq(DbId(of)))
                .all(self.on())
        };
        let (ours, theirs) = (roles(winner).await?, roles(loser).await?);
        let same = theirs.iter().filter(|row| {
            let row = (row.event_id, row.role.0);
            ours.iter().any(|own| (own.event_id, own.role.0) == row)
        });
        let delegate = participant::Entity::find()
            .filter(participant::Column::DelegationId.is_in(same.map(|row| row.id)))
            .one(self.on())
            .await?;
        if let Some(delegate) = delegate {
            let message = format!(
                "both send a delegation to {}: its delegates must be in one of them first",
                delegate.event_id.0
            );
            refusals.invalid("loserId", message);
        }
        Ok(())
    }

    /// The columns of a row in which it refers to what is there no longer.
    pub(super) async fn lacks(&self, record: &Record) -> Result<Vec<String>, Fault> {
        let mut lacks = Vec::new();
        for (column, value) in record {
            let Some(id) = value
                .as_str()
                .filter(|_| column.ends_with("_id") && column != "external_id")
            else {
                continue;
            };
            let Ok((prefix, uuid)) = domain::id::split(id) else {
                continue;
            };
            macro_rules! is_there {
                ($($kind:ident $table:ident),+ $(,)?) => {
                    match prefix {
                        $(
                            prefix if prefix == <kind::$kind as Kind>::PREFIX => {
                                let row = $table::Entity::find()
                                    .filter($table::Column::Id.eq(uuid))
                                    .one(self.on())
                                    .await?;
                                row.is_some()
                            }
                        )+
                        _ => true,
                    }
                };
            }
            let is_there = is_there!(
                Event event,
                AgendaItem agenda_item,
                Award award,
                Organization organization,
                Person person,
                ParticipantGroup participant_group,
                EventOrganization event_organization,
                AppointmentLetter appointment_letter,
            );
            if !is_there {
                lacks.push(column.clone());
            }
        }
        Ok(lacks)
    }

    /// Whether another row is what this one is to be.
    pub(super) async fn is_claimed<E: Thing>(&self, row: &E::Model) -> Result<bool, Fault> {
        let mut claimed = Refusals::<Taken>::default();
        self.claim::<E, _>(row, &mut claimed).await?;
        Ok(!claimed.is_empty())
    }

    /// Writes a row that had gone as it was, unless something that it refers to has gone since. If so,
    /// nothing can follow: PostgreSQL takes no statement after one that failed.
    pub(super) async fn put_back<E: Thing>(&mut self, row: E::Model) -> Result<bool, Fault> {
        match self.insert::<E>(row).await {
            Ok(()) => Ok(true),
            Err(Fault::Database(error))
                if matches!(
                    error.sql_err(),
                    Some(SqlErr::ForeignKeyConstraintViolation(_))
                ) =>
            {
                Ok(false)
            }
            Err(fault) => Err(fault),
        }
    }

    /// A row as it is by now.
    pub(super) async fn again<E: Thing>(&self, row: E::Model) -> Result<E::Model, Fault> {
        let now = E::find()
            .filter(E::ID.eq(E::uuid(&row)))
            .one(self.on())
            .await?;
        Ok(now.unwrap_or(row))
    }
}
