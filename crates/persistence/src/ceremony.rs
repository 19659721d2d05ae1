//! Reading awards and appointment letters.

use std::collections::HashMap;

use domain::access::{Actor, Permission};
use domain::appointment_letter::AppointmentLetter;
use domain::award::{Award, AwardRecipient};
use domain::id::{AppointmentLetterId, AwardId, AwardRecipientId, EventId, OrganizationId, kind};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::column::DbId;
use crate::directory::sort_key;
use crate::entity::ceremony::{
    appointment_letter, award, award_grantor, award_recipient, letter_issuer,
};
use crate::error::Fault;
use crate::owned::{self, Of};
use crate::page::{Keyset, Page, PageError, PageRequest, SortKind};
use crate::participation::{counts, first_of_each};
use crate::sight;
use crate::store::Store;

/// A page of the letters of one event; pages of several events alike are read at once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LettersOf {
    /// The event.
    pub event: EventId,
    /// Which page.
    pub page: PageRequest,
}

impl Store {
    /// Recipients by id, as far as the actor sees them.
    pub async fn award_recipients(
        &self,
        actor: &Actor,
        ids: Vec<AwardRecipientId>,
    ) -> Result<Vec<AwardRecipient>, Fault> {
        let rows = owned::rows::<award_recipient::Entity>(
            self.read(),
            actor,
            Permission::PublicRead,
            Of::Ids(ids),
        );
        rows.await?.into_iter().map(recipient).collect()
    }

    /// Letters by id with their issuers, as far as the actor sees them. Two statements.
    pub async fn appointment_letters(
        &self,
        actor: &Actor,
        of: Of<kind::AppointmentLetter>,
    ) -> Result<Vec<AppointmentLetter>, Fault> {
        let rows = owned::rows::<appointment_letter::Entity>(
            self.read(),
            actor,
            Permission::LetterRead,
            of,
        );
        letters(self.read(), rows.await?).await
    }

    /// Pages of letters, in order. Pages that differ in the event alone are read in two
    /// statements.
    pub async fn letters_pages(
        &self,
        actor: &Actor,
        wanted: &[LettersOf],
    ) -> Result<HashMap<LettersOf, Result<Page<AppointmentLetter>, PageError>>, Fault> {
        let mut alike: HashMap<&PageRequest, Vec<EventId>> = HashMap::new();
        for one in wanted {
            alike.entry(&one.page).or_default().push(one.event);
        }
        let mut pages = HashMap::new();
        for (page, events) in alike {
            let of = |event| LettersOf {
                event,
                page: page.clone(),
            };
            let keys = vec![
                sort_key(appointment_letter::Column::Position, SortKind::Integer),
                sort_key(appointment_letter::Column::Id, SortKind::Uuid),
            ];
            let keyset = match Keyset::new(page, keys, &"letters") {
                Ok(keyset) => keyset,
                Err(refused) => {
                    pages.extend(events.into_iter().map(|event| (of(event), Err(refused))));
                    continue;
                }
            };
            let rows = first_of_each(
                self,
                appointment_letter::Entity,
                appointment_letter::Column::EventId,
                letters_in(actor, &events).add(keyset.condition()),
                &keyset,
            );
            let mut letters_of: HashMap<EventId, Vec<_>> = HashMap::new();
            for letter in letters(self.read(), rows.await?).await? {
                letters_of.entry(letter.event_id).or_default().push(letter);
            }
            for event in events {
                let values = |letter: &AppointmentLetter| {
                    vec![letter.position.to_string(), letter.id.uuid().to_string()]
                };
                let letters = letters_of.remove(&event).unwrap_or_default();
                pages.insert(of(event), Ok(keyset.page(letters, values, |letter| letter)));
            }
        }
        Ok(pages)
    }

    /// How many letters events have.
    pub async fn letters_counts(
        &self,
        actor: &Actor,
        events: &[EventId],
    ) -> Result<HashMap<EventId, u64>, Fault> {
        counts(
            self,
            appointment_letter::Entity,
            appointment_letter::Column::EventId,
            letters_in(actor, events),
        )
        .await
    }
}

fn letters_in(actor: &Actor, events: &[EventId]) -> Condition {
    sight::owned_by_event(
        &actor.sight(Permission::LetterRead),
        appointment_letter::Column::WorkspaceId,
        appointment_letter::Column::EventId,
    )
    .add(appointment_letter::Column::EventId.is_in(events.iter().copied().map(DbId)))
}

pub(crate) async fn awards(
    on: &impl ConnectionTrait,
    actor: &Actor,
    of: Of<kind::Award>,
) -> Result<Vec<Award>, Fault> {
    let rows = owned::rows::<award::Entity>(on, actor, Permission::PublicRead, of).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut grantors: HashMap<AwardId, Vec<OrganizationId>> = HashMap::new();
    let mut recipients: HashMap<AwardId, Vec<AwardRecipient>> = HashMap::new();
    if !ids.is_empty() {
        let query = award_grantor::Entity::find()
            .filter(award_grantor::Column::AwardId.is_in(ids.iter().copied()))
            .order_by_asc(award_grantor::Column::Position);
        for row in query.all(on).await? {
            grantors
                .entry(row.award_id.0)
                .or_default()
                .push(row.organization_id.0);
        }
        let query = award_recipient::Entity::find()
            .filter(award_recipient::Column::AwardId.is_in(ids))
            .order_by_asc(award_recipient::Column::Position);
        for row in query.all(on).await? {
            let recipient = recipient(row)?;
            recipients
                .entry(recipient.award_id)
                .or_default()
                .push(recipient);
        }
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let id = row.id.0;
            let grantors = grantors.remove(&id).unwrap_or_default();
            row.award(grantors, recipients.remove(&id).unwrap_or_default())
        })
        .collect())
}

pub(crate) fn recipient(row: award_recipient::Model) -> Result<AwardRecipient, Fault> {
    let id = row.id.0.uuid();
    row.recipient()
        .ok_or_else(|| Fault::inconsistent("award_recipient", "person_id", id))
}

pub(crate) async fn letters(
    on: &impl ConnectionTrait,
    rows: Vec<appointment_letter::Model>,
) -> Result<Vec<AppointmentLetter>, Fault> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut issuers: HashMap<AppointmentLetterId, Vec<OrganizationId>> = HashMap::new();
    if !ids.is_empty() {
        let query = letter_issuer::Entity::find()
            .filter(letter_issuer::Column::LetterId.is_in(ids))
            .order_by_asc(letter_issuer::Column::Position);
        for row in query.all(on).await? {
            issuers
                .entry(row.letter_id.0)
                .or_default()
                .push(row.organization_id.0);
        }
    }
    rows.into_iter()
        .map(|row| {
            let issuers = issuers.remove(&row.id.0).unwrap_or_default();
            row.letter(issuers)
        })
        .collect()
}
