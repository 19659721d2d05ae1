//! Drafting appointment letters. What was issued is not changed here any more.

use domain::access::{Actor, Permission};
use domain::appointment_letter::{
    AppointmentLetter, LetterDraftRefused, LetterPatch, LetterRemoveRefused, LetterUpdateRefused,
};
use domain::id::{AppointmentLetterId, EventId, OrganizationId, PersonId, kind};
use domain::refusal::Missing;
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use crate::column::DbId;
use crate::entity::ceremony::{appointment_letter, letter_issuer};
use crate::entity::directory::{membership, organization, person};
use crate::error::Fault;
use crate::operation::{Effect, Operation, Refused, Retry, Seen, Uses};
use crate::record::{Record, ids};
use crate::store::Store;

/// A letter to be drafted.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// At which event it is given.
    pub event: EventId,
    /// Who is appointed.
    pub appointee: PersonId,
    /// To which body.
    pub body: OrganizationId,
    /// What is said besides.
    pub fields: LetterPatch,
    /// The place among the letters of the event.
    pub order: Patch<i32>,
}

fn list(event: EventId) -> Condition {
    Condition::all().add(appointment_letter::Column::EventId.eq(DbId(event)))
}

impl Store {
    /// Drafts a letter.
    pub async fn draft_letter(
        &self,
        actor: &Actor,
        new: NewLetter,
        retry: Option<&Retry>,
    ) -> Result<AppointmentLetterId, Refused<LetterDraftRefused>> {
        let mut operation = self
            .operate_in(actor, "letterDraft", Permission::LetterEdit, new.event)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        operation
            .refer::<person::Entity, _>("appointeeId", Some(new.appointee), &mut refusals)
            .await?;
        operation
            .refer::<organization::Entity, _>("bodyId", Some(new.body), &mut refusals)
            .await?;
        let fields = new.fields;
        operation.letter_references(&fields, &mut refusals).await?;
        let id = operation.mint()?;
        let place = operation
            .place::<appointment_letter::Entity, _>(
                list(new.event),
                id,
                new.order,
                None,
                &mut refusals,
            )
            .await?;
        let mut letter = AppointmentLetter::draft(id, new.event, new.appointee, new.body, place);
        fields.apply(&mut letter, &mut refusals);
        let row = appointment_letter::Model::of(operation.workspace(), &letter);
        operation
            .claim::<appointment_letter::Entity, _>(&row, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        operation
            .insert_with::<appointment_letter::Entity>(row, beside(&letter.issuers))
            .await?;
        operation
            .link::<letter_issuer::Entity>(id.uuid(), &letter.issuers)
            .await?;
        operation.finish(Effect::Apply, &[id.uuid()]).await?;
        Ok(id)
    }

    /// Changes a draft.
    pub async fn update_letter(
        &self,
        actor: &Actor,
        seen: Seen<kind::AppointmentLetter>,
        patch: LetterPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<LetterUpdateRefused>> {
        let (mut operation, before, mut refusals) = self
            .change::<appointment_letter::Entity, _>(
                actor,
                "letterUpdate",
                Permission::LetterEdit,
                seen,
            )
            .await?;
        let issuers = operation.issuers(seen.id).await?;
        let mut letter = before.clone().letter(issuers.clone())?;
        if let Err(why) = letter.must_be_a_draft() {
            refusals.say("id", why);
        }
        refusals.enter("patch");
        operation
            .refer::<person::Entity, _>(
                "appointeeId",
                patch.appointee_id.set().copied(),
                &mut refusals,
            )
            .await?;
        operation
            .refer::<organization::Entity, _>("bodyId", patch.body_id.set().copied(), &mut refusals)
            .await?;
        operation.letter_references(&patch, &mut refusals).await?;
        patch.apply(&mut letter, &mut refusals);
        letter.position = operation
            .place::<appointment_letter::Entity, _>(
                list(letter.event_id),
                seen.id,
                order,
                Some(letter.position),
                &mut refusals,
            )
            .await?;
        let after = appointment_letter::Model::of(operation.workspace(), &letter);
        operation
            .claim::<appointment_letter::Entity, _>(&after, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        let rest = (beside(&issuers), beside(&letter.issuers));
        operation
            .update_with::<appointment_letter::Entity>(&before, after, rest)
            .await?;
        if issuers != letter.issuers {
            operation
                .link::<letter_issuer::Entity>(seen.id.uuid(), &letter.issuers)
                .await?;
        }
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }

    /// Removes a draft on which no membership rests.
    pub async fn remove_letter(
        &self,
        actor: &Actor,
        seen: Seen<kind::AppointmentLetter>,
    ) -> Result<(), Refused<LetterRemoveRefused>> {
        let (mut operation, row, mut refusals) = self
            .change::<appointment_letter::Entity, _>(
                actor,
                "letterRemove",
                Permission::LetterEdit,
                seen,
            )
            .await?;
        let issuers = operation.issuers(seen.id).await?;
        if let Err(why) = row.clone().letter(issuers.clone())?.must_be_a_draft() {
            refusals.say("id", why);
        }
        let memberships =
            Uses::of::<membership::Entity>(membership::Column::LetterId, seen.id.uuid());
        operation
            .must_be_unused(vec![memberships], &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        operation
            .close_gap::<appointment_letter::Entity>(list(row.event_id.0), seen.id)
            .await?;
        operation
            .remove_with::<appointment_letter::Entity>(&row, beside(&issuers))
            .await?;
        Ok(operation.finish(Effect::Apply, &[]).await?)
    }
}

/// What other tables keep of a letter.
fn beside(issuers: &[OrganizationId]) -> Record {
    Record::from_iter([("issuers".to_owned(), ids(issuers))])
}

impl Operation<'_> {
    async fn letter_references<R: From<Missing>>(
        &self,
        fields: &LetterPatch,
        refusals: &mut Refusals<R>,
    ) -> Result<(), Fault> {
        self.refer_each::<organization::Entity, _>("issuerIds", fields.issuers.set(), refusals)
            .await
    }

    async fn issuers(&self, letter: AppointmentLetterId) -> Result<Vec<OrganizationId>, Fault> {
        let rows = letter_issuer::Entity::find()
            .filter(letter_issuer::Column::LetterId.eq(DbId(letter)))
            .order_by_asc(letter_issuer::Column::Position)
            .all(self.on())
            .await?;
        Ok(rows.into_iter().map(|row| row.organization_id.0).collect())
    }
}
