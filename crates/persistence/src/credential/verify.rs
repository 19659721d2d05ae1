//! What anybody who has a paper may ask about it: what it says, and what it is worth.

use domain::credential::{Credential, CredentialState, CredentialStatus, VerificationCode};
use domain::time::TimeZone;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::column::{DbId, Spelled};
use crate::entity::access::workspace;
use crate::entity::credential::{credential, print};
use crate::entity::event::event;
use crate::error::Fault;
use crate::store::Store;

/// The answer to somebody who asks about a paper: what stands on it, and no more.
#[derive(Debug, Clone)]
pub struct Verification {
    /// The credential.
    pub credential: Credential,
    /// The office that issued it.
    pub office: String,
    /// What it is worth today, by the calendar of the place where it was given.
    pub state: CredentialState,
    /// The number and the code of the one that stands in its place.
    pub superseded_by: Option<(String, VerificationCode)>,
    /// By whose clocks the days are.
    pub zone: TimeZone,
}

impl Store {
    /// What is known of the paper with a code. Nobody needs an account to ask. Four statements at most.
    pub async fn verify(&self, code: VerificationCode) -> Result<Option<Verification>, Fault> {
        let row = credential::Entity::find()
            .filter(credential::Column::Code.eq(Spelled(code)))
            .one(self.read())
            .await?;
        match row {
            Some(row) => self.verified(row).await,
            None => Ok(None),
        }
    }

    /// What is known of the paper that a document is, by the SHA-256 of its bytes.
    pub async fn verify_document(&self, hash: &str) -> Result<Option<Verification>, Fault> {
        let found = print::Entity::find()
            .filter(print::Column::Document.eq(hash))
            .one(self.read())
            .await?;
        let Some(found) = found else { return Ok(None) };
        let row = credential::Entity::find_by_id(found.credential_id)
            .one(self.read())
            .await?;
        match row {
            Some(row) => self.verified(row).await,
            None => Ok(None),
        }
    }

    /// What the holder of a secret was given, with its document. Five statements at most.
    pub async fn held(&self, secret: &str) -> Result<Option<Verification>, Fault> {
        let Some(id) = self.opened_credential(secret).await? else {
            return Ok(None);
        };
        let row = credential::Entity::find_by_id(DbId(id))
            .one(self.read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let made = print::Entity::find_by_id(DbId(id)).one(self.read()).await?;
        let mut found = self.verified(row).await?;
        if let Some(found) = &mut found {
            found.credential.document = made.and_then(|row| row.document);
        }
        Ok(found)
    }

    async fn verified(&self, row: credential::Model) -> Result<Option<Verification>, Fault> {
        let office = workspace::Entity::find_by_id(row.workspace_id)
            .one(self.read())
            .await?;
        let event = event::Entity::find_by_id(row.event_id)
            .one(self.read())
            .await?;
        let (Some(office), Some(event)) = (office, event) else {
            return Ok(None);
        };
        let credential = row.credential(None)?;
        let superseded_by = match credential.status {
            CredentialStatus::Superseded { by, .. } => {
                let next = credential::Entity::find_by_id(DbId(by))
                    .one(self.read())
                    .await?;
                next.map(|row| (row.number, row.code.0))
            }
            CredentialStatus::Valid | CredentialStatus::Revoked { .. } => None,
        };
        let today = event.time_zone.0.local(self.now()).date();
        Ok(Some(Verification {
            state: credential.state_on(today),
            office: office.name,
            zone: event.time_zone.0,
            superseded_by,
            credential,
        }))
    }
}
