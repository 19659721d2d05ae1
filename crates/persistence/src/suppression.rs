//! Addresses that take no mail: put on the list and taken off it. What mail servers say puts them there
//! too (`delivery`).

use domain::access::{Actor, Permission};
use domain::id::{SuppressionId, WorkspaceId, kind};
use domain::message::{SuppressionAddRefused, SuppressionReason, SuppressionRemoveRefused};
use domain::person::is_email;
use domain::refusal::Refusals;
use domain::text::passage;

use crate::column::{DbId, Spelled};
use crate::entity::message::suppression;
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
}
