//! The documents of an event, to be handed out together.

use domain::access::Actor;
use domain::credential::{Credential, CredentialKind, CredentialState};
use domain::id::{CredentialId, EventId, OrganizationId};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::credentials_seen;
use crate::column::{DbId, Spelled};
use crate::entity::ceremony::appointment_letter;
use crate::entity::credential::credential;
use crate::entity::participation::{event_organization, participant};
use crate::error::Fault;
use crate::store::Store;

/// Which documents are handed out together: of what holds, for nobody is handed what was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentsOf {
    /// Of which event.
    pub event: EventId,
    /// Of this kind alone.
    pub kind: Option<CredentialKind>,
    /// Those that concern one organization: letters that appoint to it, what it was given itself, and what
    /// its delegates were given.
    pub organization: Option<OrganizationId>,
}

impl Store {
    /// What was issued, as far as the actor sees it, each with its document where that is made: some, behind one, in
    /// the order of issue. Three statements.
    pub async fn documents_of(
        &self,
        actor: &Actor,
        of: DocumentsOf,
        after: Option<CredentialId>,
        most: u64,
    ) -> Result<Vec<(Credential, Option<Vec<u8>>)>, Fault> {
        use credential::Column;
        let mut rows = credential::Entity::find()
            .filter(Column::EventId.eq(DbId(of.event)))
            .filter(Column::Status.eq(Spelled(CredentialState::Valid)))
            .filter(credentials_seen(actor));
        if let Some(kind) = of.kind {
            rows = rows.filter(Column::Kind.eq(Spelled(kind)));
        }
        if let Some(organization) = of.organization {
            rows = rows.filter(concern(of.event, organization));
        }
        if let Some(after) = after {
            rows = rows.filter(Column::Id.gt(DbId(after)));
        }
        let rows = rows
            .order_by_asc(Column::Id)
            .limit(most)
            .all(self.read())
            .await?;
        let Some(workspace) = rows.first().map(|row| row.workspace_id) else {
            return Ok(Vec::new());
        };
        let credentials = self.with_documents(rows).await?;
        let hashes = credentials.iter().filter_map(|one| one.document.clone());
        let mut files = self.files(workspace.0, hashes).await?;
        let mut documents = Vec::with_capacity(credentials.len());
        for one in credentials {
            let Some(hash) = &one.document else {
                documents.push((one, None));
                continue;
            };
            let gone = || Fault::inconsistent("print", "document", one.id.uuid());
            let bytes = files.remove(hash).ok_or_else(gone)?.bytes;
            documents.push((one, Some(bytes)));
        }
        Ok(documents)
    }
}

/// What concerns an organization, of what was issued at an event.
fn concern(event: EventId, organization: OrganizationId) -> Condition {
    use credential::Column;
    let organization = DbId(organization);
    let appointing = Query::select()
        .column(appointment_letter::Column::Id)
        .from(appointment_letter::Entity)
        .and_where(appointment_letter::Column::BodyId.eq(organization))
        .take();
    let delegations = Query::select()
        .column(event_organization::Column::Id)
        .from(event_organization::Entity)
        .and_where(event_organization::Column::OrganizationId.eq(organization))
        .take();
    let delegates: SelectStatement = Query::select()
        .column(participant::Column::PersonId)
        .from(participant::Entity)
        .and_where(participant::Column::EventId.eq(DbId(event)))
        .cond_where(
            Condition::any()
                .add(participant::Column::RepresentingId.eq(organization))
                .add(participant::Column::OnBehalfOfOrganizationId.eq(organization))
                .add(participant::Column::DelegationId.in_subquery(delegations)),
        )
        .take();
    Condition::any()
        .add(Column::LetterId.in_subquery(appointing))
        .add(Column::HolderOrganizationId.eq(organization))
        .add(Column::HolderPersonId.in_subquery(delegates))
}
