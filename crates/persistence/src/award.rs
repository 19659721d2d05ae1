//! Changing what is awarded at an event, and who got it.

use domain::access::{Actor, Permission};
use domain::award::{
    Award, AwardAddRefused, AwardPatch, AwardRecipientAddRefused, AwardRecipientRemoveRefused,
    AwardRemoveRefused, AwardUpdateRefused,
};
use domain::credential::CredentialState;
use domain::id::{AwardId, AwardRecipientId, EventId, OrganizationId, kind};
use domain::organization::Party;
use domain::refusal::Missing;
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use crate::column::{DbId, Spelled};
use crate::entity::agenda::agenda_item;
use crate::entity::ceremony::{award, award_grantor, award_recipient};
use crate::entity::credential::credential;
use crate::entity::directory::{organization, party, party_columns};
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Retry, Seen, Uses};
use crate::record::{Record, ids, parties};
use crate::store::Store;

fn list(event: EventId) -> Condition {
    Condition::all().add(award::Column::EventId.eq(DbId(event)))
}

/// The certificates in force that say that somebody got an award: what they rest on stays.
fn in_force(recipient: AwardRecipientId) -> Uses {
    let valid = credential::Column::Status.eq(Spelled(CredentialState::Valid));
    Uses::within::<credential::Entity>(
        credential::Column::AwardRecipientId,
        recipient.uuid(),
        valid,
    )
}

impl Store {
    /// Adds an award to an event.
    pub async fn add_award(
        &self,
        actor: &Actor,
        event: EventId,
        fields: AwardPatch,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<AwardId, Refused<AwardAddRefused>> {
        let mut operation = self
            .operate_in(actor, "awardAdd", Permission::EventEdit, event)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        operation.award_references(&fields, &mut refusals).await?;
        let id = operation.mint()?;
        let place = operation
            .place::<award::Entity, _>(list(event), id, order, None, &mut refusals)
            .await?;
        let mut award = Award::unknown(id, event, place);
        fields.apply(&mut award, &mut refusals);
        let row = award::Model::of(operation.workspace(), &award);
        operation
            .claim::<award::Entity, _>(&row, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        operation
            .insert_with::<award::Entity>(row, beside(&award.grantors, &[]))
            .await?;
        operation
            .link::<award_grantor::Entity>(id.uuid(), &award.grantors)
            .await?;
        operation.finish(Effect::Apply, &[id.uuid()]).await?;
        Ok(id)
    }

    /// Changes what is said of an award.
    pub async fn update_award(
        &self,
        actor: &Actor,
        seen: Seen<kind::Award>,
        patch: AwardPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<AwardUpdateRefused>> {
        let (mut operation, before, mut refusals) = self
            .change::<award::Entity, _>(actor, "awardUpdate", Permission::EventEdit, seen)
            .await?;
        refusals.enter("patch");
        operation.award_references(&patch, &mut refusals).await?;
        let (grantors, recipients) = operation.beside_award(seen.id).await?;
        let mut award = before.clone().award(grantors.clone(), Vec::new());
        patch.apply(&mut award, &mut refusals);
        award.position = operation
            .place::<award::Entity, _>(
                list(award.event_id),
                seen.id,
                order,
                Some(award.position),
                &mut refusals,
            )
            .await?;
        let after = award::Model::of(operation.workspace(), &award);
        operation
            .claim::<award::Entity, _>(&after, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        let rest = (
            beside(&grantors, &recipients),
            beside(&award.grantors, &recipients),
        );
        operation
            .update_with::<award::Entity>(&before, after, rest)
            .await?;
        if grantors != award.grantors {
            operation
                .link::<award_grantor::Entity>(seen.id.uuid(), &award.grantors)
                .await?;
        }
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Removes an award, with the record of who got it.
    pub async fn remove_award(
        &self,
        actor: &Actor,
        seen: Seen<kind::Award>,
    ) -> Result<(), Refused<AwardRemoveRefused>> {
        let (mut operation, row, mut refusals) = self
            .change::<award::Entity, _>(actor, "awardRemove", Permission::EventEdit, seen)
            .await?;
        let rows = operation.recipients(seen.id).await?;
        let certified = rows.iter().map(|row| in_force(row.id.0)).collect();
        operation.must_be_unused(certified, &mut refusals).await?;
        refusals.refuse_if_any()?;
        let (grantors, recipients) = operation.beside_award(seen.id).await?;
        operation
            .remove_all::<award_recipient::Entity>(&rows)
            .await?;
        operation
            .close_gap::<award::Entity>(list(row.event_id.0), seen.id)
            .await?;
        operation
            .remove_with::<award::Entity>(&row, beside(&grantors, &recipients))
            .await?;
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Enters who got an award. That makes it another version of the award.
    pub async fn add_award_recipient(
        &self,
        actor: &Actor,
        award: AwardId,
        recipient: Party,
        retry: Option<&Retry>,
    ) -> Result<AwardRecipientId, Refused<AwardRecipientAddRefused>> {
        let name = "awardRecipientAdd";
        let (mut operation, before) = self
            .operate_on::<award::Entity, _>(actor, name, Permission::EventEdit, award)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        operation
            .refer_party("recipient", Some(&recipient), &mut refusals)
            .await?;
        let of_award = Condition::all().add(award_recipient::Column::AwardId.eq(DbId(award)));
        let position = operation
            .last_place::<award_recipient::Entity>(of_award)
            .await?;
        let (person_id, organization_id) = party_columns(Some(recipient));
        let id = operation.mint()?;
        let row = award_recipient::Model {
            id: DbId(id),
            workspace_id: DbId(operation.workspace()),
            event_id: before.event_id,
            version: 1,
            award_id: DbId(award),
            person_id,
            organization_id,
            position,
        };
        operation
            .claim::<award_recipient::Entity, _>(&row, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        let (grantors, recipients) = operation.beside_award(award).await?;
        let mut now = recipients.clone();
        now.push(recipient);
        operation.insert::<award_recipient::Entity>(row).await?;
        let rest = (beside(&grantors, &recipients), beside(&grantors, &now));
        operation
            .update_with::<award::Entity>(&before, before.clone(), rest)
            .await?;
        operation.finish(Effect::Apply, &[id.uuid()]).await?;
        Ok(id)
    }

    /// Takes back that someone got an award. That makes it another version of the award.
    pub async fn remove_award_recipient(
        &self,
        actor: &Actor,
        seen: Seen<kind::AwardRecipient>,
    ) -> Result<AwardId, Refused<AwardRecipientRemoveRefused>> {
        let name = "awardRecipientRemove";
        let (mut operation, row, mut refusals) = self
            .change::<award_recipient::Entity, _>(actor, name, Permission::EventEdit, seen)
            .await?;
        operation
            .must_be_unused(vec![in_force(seen.id)], &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        let award = row.award_id.0;
        let (grantors, recipients) = operation.beside_award(award).await?;
        let gone = party(row.person_id, row.organization_id);
        let left: Vec<_> = recipients
            .iter()
            .copied()
            .filter(|one| Some(*one) != gone)
            .collect();
        operation.remove::<award_recipient::Entity>(&row).await?;
        let before = award::Entity::find_by_id(row.award_id)
            .one(operation.on())
            .await?;
        if let Some(before) = before {
            let rest = (beside(&grantors, &recipients), beside(&grantors, &left));
            operation
                .update_with::<award::Entity>(&before, before.clone(), rest)
                .await?;
        }
        operation.finish(Effect::Apply, &[]).await?;
        Ok(award)
    }
}

/// What other tables keep of an award.
pub(crate) fn beside(grantors: &[OrganizationId], recipients: &[Party]) -> Record {
    Record::from_iter([
        ("grantors".to_owned(), ids(grantors)),
        ("recipients".to_owned(), parties(recipients)),
    ])
}

impl Operation<'_> {
    async fn award_references<R: From<Missing>>(
        &self,
        fields: &AwardPatch,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        let item = fields.item_id.set().copied();
        self.refer::<agenda_item::Entity, _>("itemId", item, refusals)
            .await?;
        self.refer_each::<organization::Entity, _>("grantorIds", fields.grantors.set(), refusals)
            .await
    }

    async fn recipients(&self, award: AwardId) -> Result<Vec<award_recipient::Model>, Fault> {
        Ok(award_recipient::Entity::find()
            .filter(award_recipient::Column::AwardId.eq(DbId(award)))
            .order_by_asc(award_recipient::Column::Position)
            .order_by_asc(award_recipient::Column::Id)
            .all(self.on())
            .await?)
    }

    /// Who grants an award, and who got it.
    pub(crate) async fn beside_award(
        &self,
        award: AwardId,
    ) -> Result<(Vec<OrganizationId>, Vec<Party>), Fault> {
        let grantors = award_grantor::Entity::find()
            .filter(award_grantor::Column::AwardId.eq(DbId(award)))
            .order_by_asc(award_grantor::Column::Position)
            .all(self.on())
            .await?;
        let recipients = self.recipients(award).await?.into_iter();
        Ok((
            grantors
                .into_iter()
                .map(|row| row.organization_id.0)
                .collect(),
            recipients
                .filter_map(|row| party(row.person_id, row.organization_id))
                .collect(),
        ))
    }
}
