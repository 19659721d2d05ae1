//! What badges are made of: a credential in a form that wallets keep, and which are taken back.

use std::collections::HashMap;

use chrono::{DateTime, NaiveTime, Utc};
use domain::Slug;
use domain::credential::{Credential, CredentialState, CredentialSubject};
use domain::id::CredentialId;
use domain::organization::Party;
use domain::workspace::Workspace;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::column::{DbId, Spelled};
use crate::entity::access::workspace;
use crate::entity::ceremony::award_recipient;
use crate::entity::credential::credential;
use crate::entity::directory::person;
use crate::entity::event::event;
use crate::error::Fault;
use crate::store::Store;

/// What the badge of a credential says.
#[derive(Debug, Clone)]
pub struct BadgeFacts {
    /// The credential.
    pub credential: Credential,
    /// The office that issued it.
    pub office: Workspace,
    /// The address of the holder, if they are a person and it is known.
    pub email: Option<String>,
    /// The end of its last day, by the calendar of the place where it was given.
    pub until: Option<DateTime<Utc>>,
    /// What the holder reads it by. It stands in no badge: what hides them there is made of it.
    pub secret: String,
    /// What it is given for: the letter, the award, the event. All who were given the same share it.
    pub achievement: Uuid,
}

/// Which badges of an office are taken back.
#[derive(Debug, Clone)]
pub struct BadgeStatuses {
    /// The office.
    pub office: Workspace,
    /// How many places the list has.
    pub entries: usize,
    /// The places of those that are in force no longer.
    pub revoked: Vec<usize>,
}

impl Store {
    /// What the badge of a credential says, as long as it is in force; for whoever has its secret.
    pub async fn badge(&self, id: CredentialId) -> Result<Option<BadgeFacts>, Fault> {
        Ok(self.badges(&[id]).await?.pop())
    }

    /// What the badges of credentials say, of those that are in force; for whoever may have them. Five
    /// statements at most, however many they are.
    pub async fn badges(&self, ids: &[CredentialId]) -> Result<Vec<BadgeFacts>, Fault> {
        use credential::Column;
        let rows = credential::Entity::find()
            .filter(Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(Column::Status.eq(Spelled(CredentialState::Valid)))
            .all(self.read())
            .await?;
        let offices = workspace::Entity::find()
            .filter(workspace::Column::Id.is_in(rows.iter().map(|row| row.workspace_id)))
            .all(self.read())
            .await?;
        let offices: HashMap<_, _> = offices.into_iter().map(|row| (row.id.0, row)).collect();
        let events = event::Entity::find()
            .filter(event::Column::Id.is_in(rows.iter().map(|row| row.event_id)))
            .all(self.read())
            .await?;
        let events: HashMap<_, _> = events.into_iter().map(|row| (row.id.0, row)).collect();
        let people = person::Entity::find()
            .filter(person::Column::Id.is_in(rows.iter().filter_map(|row| row.holder_person_id)))
            .all(self.read())
            .await?;
        let people: HashMap<_, _> = people.into_iter().map(|row| (row.id.0, row)).collect();
        let recipients = award_recipient::Entity::find()
            .filter(
                award_recipient::Column::Id
                    .is_in(rows.iter().filter_map(|row| row.award_recipient_id)),
            )
            .all(self.read())
            .await?;
        let recipients: HashMap<_, _> = recipients.into_iter().map(|row| (row.id.0, row)).collect();
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let (Some(office), Some(event)) = (
                offices.get(&row.workspace_id.0),
                events.get(&row.event_id.0),
            ) else {
                continue;
            };
            let credential = row.credential(None)?;
            let email = match credential.holder {
                Party::Person(id) => people.get(&id).and_then(|person| person.email.clone()),
                Party::Organization(_) => None,
            };
            let achievement = match credential.subject {
                CredentialSubject::Letter(id) => id.uuid(),
                CredentialSubject::Attendance(_) => credential.event_id.uuid(),
                CredentialSubject::Award(id) => {
                    let found = recipients.get(&id);
                    found.map_or(id.uuid(), |row| row.award_id.0.uuid())
                }
            };
            let after = credential.paper.until.and_then(|last| last.succ_opt());
            let until = after.map(|day| event.time_zone.0.instant(day.and_time(NaiveTime::MIN)));
            all.push(BadgeFacts {
                until,
                secret: self.credential_secret(credential.id).await?,
                credential,
                office: office.clone().into(),
                email,
                achievement,
            });
        }
        Ok(all)
    }

    /// Which badges of an office are taken back: what everybody may know. Three statements.
    pub async fn badge_statuses(&self, office: &Slug) -> Result<Option<BadgeStatuses>, Fault> {
        use credential::Column;
        let office = workspace::Entity::find()
            .filter(workspace::Column::Slug.eq(office.as_str()))
            .one(self.read())
            .await?;
        let Some(office) = office else {
            return Ok(None);
        };
        let of = Column::WorkspaceId.eq(office.id);
        let last: Option<i32> = credential::Entity::find()
            .select_only()
            .column(Column::StatusIndex)
            .filter(of.clone())
            .order_by_desc(Column::StatusIndex)
            .limit(1)
            .into_tuple()
            .one(self.read())
            .await?;
        let Some(last) = last else { return Ok(None) };
        let gone: Vec<i32> = credential::Entity::find()
            .select_only()
            .column(Column::StatusIndex)
            .filter(of)
            .filter(Column::Status.ne(Spelled(CredentialState::Valid)))
            .into_tuple()
            .all(self.read())
            .await?;
        let place = |index: i32| usize::try_from(index).unwrap_or_default();
        Ok(Some(BadgeStatuses {
            office: office.into(),
            entries: place(last).saturating_add(1),
            revoked: gone.into_iter().map(place).collect(),
        }))
    }
}
