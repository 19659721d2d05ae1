//! What badges are made of: a credential in a form that wallets keep, and which are taken back.

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
    /// What the badge of a credential says, as long as it is in force; for whoever has its secret. Five
    /// statements at most.
    pub async fn badge(&self, id: CredentialId) -> Result<Option<BadgeFacts>, Fault> {
        let row = credential::Entity::find_by_id(DbId(id))
            .one(self.read())
            .await?;
        let row = row.filter(|row| row.status == Spelled(CredentialState::Valid));
        let Some(row) = row else { return Ok(None) };
        let office = workspace::Entity::find_by_id(row.workspace_id)
            .one(self.read())
            .await?;
        let Some(office) = office else {
            return Ok(None);
        };
        let credential = row.credential(None)?;
        let email = match credential.holder {
            Party::Person(id) => {
                let person = person::Entity::find_by_id(DbId(id))
                    .one(self.read())
                    .await?;
                person.and_then(|person| person.email)
            }
            Party::Organization(_) => None,
        };
        let achievement = match credential.subject {
            CredentialSubject::Letter(id) => id.uuid(),
            CredentialSubject::Attendance(_) => credential.event_id.uuid(),
            CredentialSubject::Award(id) => {
                let found = award_recipient::Entity::find_by_id(DbId(id))
                    .one(self.read())
                    .await?;
                found.map_or(id.uuid(), |row| row.award_id.0.uuid())
            }
        };
        let until = match credential.paper.until.and_then(|last| last.succ_opt()) {
            None => None,
            Some(next) => {
                let midnight = next.and_time(NaiveTime::MIN);
                let event = event::Entity::find_by_id(DbId(credential.event_id))
                    .one(self.read())
                    .await?;
                event.map(|event| event.time_zone.0.instant(midnight))
            }
        };
        Ok(Some(BadgeFacts {
            until,
            credential,
            office: office.into(),
            email,
            achievement,
        }))
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
