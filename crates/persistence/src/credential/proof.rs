//! Papers before they are issued: what they would say, and the number that would be the next.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::LocalizedText;
use domain::access::{Actor, Permission};
use domain::agenda::Agenda;
use domain::credential::{
    Credential, CredentialIssueRefused, CredentialSubject, NumberPattern, PaperKind,
    PaperLanguages, VerificationCode,
};
use domain::event_organization::EventOrganizationRole;
use domain::id::{AgendaItemId, WorkspaceId};
use domain::participant::Participant;
use domain::person::Person;
use domain::refusal::{IllegalState, Refusals};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::Unchecked;
use super::issue::{PATTERN, counted_as};
use crate::column::DbId;
use crate::entity::ceremony::{appointment_letter, award_recipient};
use crate::entity::credential::{credential, letterhead, number_count};
use crate::entity::participation::participant;
use crate::error::Fault;
use crate::operation::{Effect, Refused};
use crate::sight;
use crate::store::Store;

/// A paper to be looked at.
#[derive(Debug, Clone)]
pub enum Proof {
    /// One of made-up people.
    Sample(PaperKind, PaperLanguages),
    /// One that could be issued, as a draft that nobody takes for it.
    Draft(Box<Credential>),
    /// The programme of an event.
    Programme(Box<Programme>),
    /// The sheet at the door.
    SignIn(Box<SignIn>),
}

/// The programme of an event, to be set as a booklet.
#[derive(Debug, Clone)]
pub struct Programme {
    /// What happens.
    pub agenda: Arc<Agenda>,
    /// Who stands behind it, in protocol order.
    pub organizers: Vec<(EventOrganizationRole, LocalizedText)>,
    /// Where it is.
    pub place: Option<String>,
    /// As of which day it is.
    pub as_of: NaiveDate,
    /// In which languages.
    pub languages: PaperLanguages,
}

/// Who is expected, to sign at the door.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// What happens.
    pub agenda: Arc<Agenda>,
    /// The item that they come to; none for the whole event.
    pub item: Option<AgendaItemId>,
    /// Where the event is.
    pub place: Option<String>,
    /// Who is expected, in protocol order.
    pub rows: Vec<Expected>,
    /// In which languages.
    pub languages: PaperLanguages,
}

/// Somebody who is expected.
#[derive(Debug, Clone)]
pub struct Expected {
    /// As they are on the list.
    pub participant: Participant,
    /// Who they are.
    pub person: Option<Arc<Person>>,
    /// Where they are from.
    pub from: Option<LocalizedText>,
}

/// A paper that was set.
#[derive(Debug, Clone)]
pub struct ProofSheet {
    /// The bytes of the PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Something that could be issued.
#[derive(Debug, Clone, Copy)]
pub struct DraftOf {
    /// For what.
    pub subject: CredentialSubject,
    /// In which languages.
    pub languages: PaperLanguages,
}

impl Store {
    /// What would be issued today, with the number that it would have. Nothing is changed: nobody has that
    /// number yet, and its code is that of nothing.
    pub async fn draft_credential(
        &self,
        actor: &Actor,
        draft: DraftOf,
    ) -> Result<Option<Credential>, Refused<CredentialIssueRefused>> {
        use credential::Column;
        let name = "documentPreview";
        let may = Permission::LetterRead;
        let (mut operation, column, id) = match draft.subject {
            CredentialSubject::Letter(id) => {
                let begun = self.operate_on::<appointment_letter::Entity, _>(actor, name, may, id);
                (begun.await?.0, Column::LetterId, id.uuid())
            }
            CredentialSubject::Award(id) => {
                let begun = self.operate_on::<award_recipient::Entity, _>(actor, name, may, id);
                (begun.await?.0, Column::AwardRecipientId, id.uuid())
            }
            CredentialSubject::Attendance(id) => {
                let begun = self.operate_on::<participant::Entity, _>(actor, name, may, id);
                (begun.await?.0, Column::ParticipantId, id.uuid())
            }
        };
        let mut refusals = Refusals::default();
        if let Some(number) = operation.in_force(column, &[id]).await?.get(&draft.subject) {
            let said = format!("was issued before, as {number}: its document is there to be read");
            refusals.say("id", IllegalState(said));
        }
        refusals.refuse_if_any()?;
        let mut refusals = Refusals::default();
        let found = operation.draft_again(draft.subject, &mut refusals).await?;
        refusals.refuse_if_any()?;
        let Some(found) = found else { return Ok(None) };
        let mut refusals: Refusals<CredentialIssueRefused> = Refusals::default();
        let numbered = vec![(operation.mint()?, found)];
        let languages = draft.languages;
        let issued = operation
            .issue_drafts(numbered, languages, false, &Unchecked, &mut refusals)
            .await?;
        refusals.refuse_if_any()?;
        operation.finish(Effect::Rehearse, &[]).await?;
        let drawn = issued.credentials.into_iter().next();
        Ok(drawn.map(|drawn| Credential {
            code: VerificationCode::of([0; 10]),
            ..drawn
        }))
    }

    /// The number that would be given next in offices, on something dated today by UTC, as far as the actor
    /// sees it. Numbers that somebody gave by hand are left out when it comes to it. Two statements.
    pub async fn next_numbers(
        &self,
        actor: &Actor,
        workspaces: &[WorkspaceId],
    ) -> Result<HashMap<WorkspaceId, String>, Fault> {
        let today = self.now().date_naive();
        let sight = actor.sight(Permission::LetterRead);
        let own = letterhead::Entity::find()
            .filter(letterhead::Column::WorkspaceId.is_in(workspaces.iter().copied().map(DbId)))
            .all(self.read())
            .await?;
        let counted = number_count::Entity::find()
            .filter(number_count::Column::WorkspaceId.is_in(workspaces.iter().copied().map(DbId)))
            .filter(sight::in_workspaces(
                &sight,
                number_count::Column::WorkspaceId,
            ))
            .all(self.read())
            .await?;
        let mut next = HashMap::with_capacity(workspaces.len());
        for workspace in workspaces {
            if actor.may(Permission::LetterRead, *workspace).is_err() {
                continue;
            }
            let theirs = own.iter().find(|row| row.workspace_id.0 == *workspace);
            let pattern: NumberPattern = match theirs.and_then(|row| row.number_pattern.clone()) {
                Some(pattern) => pattern.0,
                None => PATTERN.parse().map_err(|_it_is_right| {
                    Fault::inconsistent("letterhead", "number_pattern", Uuid::nil())
                })?,
            };
            let scope = counted_as(&pattern, today);
            let last = counted
                .iter()
                .find(|row| row.workspace_id.0 == *workspace && row.scope == scope);
            let last = last.map_or(0, |row| u64::try_from(row.last).unwrap_or_default());
            next.insert(*workspace, pattern.format(today, last.saturating_add(1)));
        }
        Ok(next)
    }
}
