//! Addresses that take no mail: put on the list and taken off it, by organisers and by whoever reads it
//! there. What mail servers say puts them there too (`delivery`).

use domain::LanguageTag;
use domain::access::{Actor, Guest, Permission};
use domain::id::{SuppressionId, WorkspaceId, kind};
use domain::message::{SuppressionAddRefused, SuppressionReason, SuppressionRemoveRefused};
use domain::person::is_email;
use domain::refusal::Refusals;
use domain::text::passage;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::column::{DbId, Spelled};
use crate::entity::access::workspace;
use crate::entity::directory::person;
use crate::entity::event::event;
use crate::entity::message::suppression;
use crate::error::Fault;
use crate::operation::{Refused, Retry, Seen};
use crate::store::Store;

/// An address that an organiser wants no mail to go to.
#[derive(Debug, Clone)]
pub struct NewSuppression {
    /// Of which office.
    pub workspace: WorkspaceId,
    /// The address.
    pub address: String,
    /// What is said about it.
    pub detail: Option<String>,
}

/// What there is to say to somebody who wants no more mail, whatever became of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// The office that writes.
    pub office: String,
    /// The main language of the event that they were written to about.
    pub language: LanguageTag,
    /// Where their mail goes, if an address is known.
    pub address: Option<String>,
    /// Why none goes there, if so.
    pub suppressed: Option<SuppressionReason>,
}

impl Store {
    /// Puts an address on the list of those that take no mail.
    pub async fn add_suppression(
        &self,
        actor: &Actor,
        new: NewSuppression,
        retry: Option<&Retry>,
    ) -> Result<SuppressionId, Refused<SuppressionAddRefused>> {
        let name = "suppressionAdd";
        let mut operation = self
            .operate(actor, name, Permission::DirectoryEdit, new.workspace)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let address = new.address.trim().to_lowercase();
        if !is_email(&address) {
            refusals.invalid("address", "must be an e-mail address");
        }
        let detail = new.detail.as_deref().map(passage).transpose();
        let detail = refusals.checked("detail", detail).flatten();
        let row = suppression::Model {
            id: DbId(operation.mint()?),
            workspace_id: DbId(new.workspace),
            version: 1,
            address,
            reason: Spelled(SuppressionReason::Organiser),
            detail,
            delivery_id: None,
            at: self.now(),
        };
        operation.add::<suppression::Entity, _>(row, refusals).await
    }

    /// Takes an address off it: mail goes there again.
    pub async fn remove_suppression(
        &self,
        actor: &Actor,
        seen: Seen<kind::Suppression>,
    ) -> Result<(), Refused<SuppressionRemoveRefused>> {
        let name = "suppressionRemove";
        let (operation, row, refusals) = self
            .change::<suppression::Entity, _>(actor, name, Permission::DirectoryEdit, seen)
            .await?;
        operation
            .delete::<suppression::Entity, _>(&row, refusals)
            .await
    }

    /// How it stands with the mail of the holder of a secret that opens this
    /// ([`MailSecret::Leave`](crate::MailSecret)). Four statements.
    pub async fn leaving(&self, guest: &Guest) -> Result<Option<Leaving>, Fault> {
        let event = event::Entity::find_by_id(DbId(guest.event_id))
            .one(self.read())
            .await?;
        let Some(event) = event else { return Ok(None) };
        let office = workspace::Entity::find_by_id(event.workspace_id)
            .one(self.read())
            .await?;
        let Some(office) = office else {
            return Ok(None);
        };
        let address = self.address_of(guest).await?;
        let suppressed = match &address {
            Some(address) => {
                suppression::Entity::find()
                    .filter(suppression::Column::WorkspaceId.eq(event.workspace_id))
                    .filter(suppression::Column::Address.eq(address.to_lowercase()))
                    .one(self.read())
                    .await?
            }
            None => None,
        };
        Ok(Some(Leaving {
            office: office.name,
            language: event.title.0.main_language().clone(),
            address,
            suppressed: suppressed.map(|row| row.reason.0),
        }))
    }

    /// No more mail goes from the office to the address of the holder of such a secret. Where none
    /// goes for another reason, that one stays.
    pub async fn leave(&self, guest: &Guest) -> Result<(), Fault> {
        let Some((event, address)) = self.written_to(guest).await? else {
            return Ok(());
        };
        let tx = self.begin().await?;
        let reason = (SuppressionReason::Unsubscribed, None);
        self.suppress(tx.on(), event.workspace_id.0, &address, reason, None)
            .await?;
        tx.commit().await
    }

    /// Mail goes again to whoever had wanted no more. An address that takes none for another reason
    /// is not brought back by this.
    pub async fn come_back(&self, guest: &Guest) -> Result<(), Fault> {
        let Some((event, address)) = self.written_to(guest).await? else {
            return Ok(());
        };
        let tx = self.begin().await?;
        suppression::Entity::delete_many()
            .filter(suppression::Column::WorkspaceId.eq(event.workspace_id))
            .filter(suppression::Column::Address.eq(address.to_lowercase()))
            .filter(suppression::Column::Reason.eq(Spelled(SuppressionReason::Unsubscribed)))
            .exec(tx.on())
            .await?;
        tx.commit().await
    }

    async fn written_to(&self, guest: &Guest) -> Result<Option<(event::Model, String)>, Fault> {
        let event = event::Entity::find_by_id(DbId(guest.event_id))
            .one(self.read())
            .await?;
        let address = self.address_of(guest).await?;
        Ok(event.zip(address))
    }

    async fn address_of(&self, guest: &Guest) -> Result<Option<String>, Fault> {
        let row = person::Entity::find_by_id(DbId(guest.person_id))
            .one(self.read())
            .await?;
        Ok(row.and_then(|row| row.email))
    }
}
