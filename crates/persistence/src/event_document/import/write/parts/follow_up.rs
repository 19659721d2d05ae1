//! Writing letters, action items and reports.

use domain::action_item::ActionItemStatus;
use domain::appointment_letter::LetterStatus;
use domain::event_document::{EventDocument, LetterEntry};
use domain::id::AppointmentLetterId;
use domain::problem::Path;
use domain::release::Recurrence;

use super::Parts;
use crate::column::{DbId, Json, Spelled};
use crate::entity::ceremony::appointment_letter;
use crate::entity::follow_up::{action_item, report};
use crate::error::Fault;
use crate::event_document::import::write::{Writing, place, unnamed};

impl Parts {
    pub(super) fn letters(
        &mut self,
        writing: &mut Writing<'_>,
        document: &EventDocument,
    ) -> Result<(), Fault> {
        for (index, entry) in document.letters.iter().enumerate() {
            let id: AppointmentLetterId = *writing
                .ids
                .letters
                .get(&entry.key)
                .ok_or_else(|| unnamed("appointment_letter", "external_id"))?;
            let (Some(appointee_id), Some(body_id)) = (
                writing.ids.person(Some(&entry.appointee)),
                writing.ids.organization(Some(&entry.body)),
            ) else {
                continue;
            };
            let existing = self.letters.existing(&entry.key);
            let status = letter_status(writing, existing, entry, index)?;
            let mut row = appointment_letter::Model {
                id: DbId(id),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                version: 1,
                external_id: stored_key!(existing, entry),
                status: Spelled(domain::appointment_letter::LetterState::Draft),
                issued_on: None,
                revoked_on: None,
                revocation_reason: None,
                appointee_id,
                body_id,
                post: entry.post.clone(),
                since: entry.since,
                until: entry.until,
                signatory: entry.signatory.clone(),
                number: entry.number.clone(),
                position: place(index),
            };
            row.set_status(status);
            let rest = self
                .issuers
                .should_be(id, writing.organizations(&entry.issuers));
            self.letters.should_be_with(&entry.key, row, rest);
        }
        Ok(())
    }

    pub(super) fn action_items(
        &mut self,
        writing: &mut Writing<'_>,
        document: &EventDocument,
    ) -> Result<(), Fault> {
        for (index, entry) in document.action_items.iter().enumerate() {
            let existing = self.action_items.existing(&entry.key);
            let before = match existing {
                Some(row) => row.status(),
                None => ActionItemStatus::Open,
            };
            let status = match entry.status {
                None => before,
                Some(state) if existing.is_none() => ActionItemStatus::new(state, None),
                Some(state) => match before.clone().reach(state, None) {
                    Ok(status) => status,
                    Err(refused) => {
                        let path = Path::root().at("actionItems").at(index).at("status");
                        writing.illegal(&path, refused);
                        before
                    }
                },
            };
            let row = action_item::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                event_id: writing.event_id(),
                version: 1,
                external_id: stored_key!(existing, entry),
                description: entry.description.clone(),
                status: Spelled(status.state()),
                status_since: status.since(),
                progress: entry.progress.clone(),
                set_by_id: writing.ids.person(entry.set_by.as_ref()),
                due_on: entry.due_on,
                recurrence: Spelled(Recurrence::from_flag(entry.recurring)),
                position: place(index),
            };
            let id = row.id.0;
            let rest = self
                .responsible
                .should_be(id, writing.organizations(&entry.responsible));
            self.action_items.should_be_with(&entry.key, row, rest);
        }
        Ok(())
    }

    pub(super) fn reports(
        &mut self,
        writing: &Writing<'_>,
        document: &EventDocument,
    ) -> Result<(), Fault> {
        for (index, entry) in document.reports.iter().enumerate() {
            let existing = self.reports.existing(&entry.key);
            let row = report::Model {
                id: own_or_new!(writing, existing),
                workspace_id: writing.workspace_id(),
                version: 1,
                event_id: writing.event_id(),
                external_id: stored_key!(existing, entry),
                title: entry.title.clone(),
                publisher: entry.publisher.clone(),
                published_on: entry.published_on,
                published_at: entry.published_at,
                language: Spelled(entry.language.clone()),
                url: entry.url.clone(),
                credits: Json(entry.credits.clone()),
                key_figures: Json(entry.key_figures.clone()),
                documents_cited: Json(entry.documents_cited.clone()),
                position: place(index),
            };
            self.reports.should_be(&entry.key, row);
        }
        Ok(())
    }
}

fn letter_status(
    writing: &mut Writing<'_>,
    existing: Option<&appointment_letter::Model>,
    entry: &LetterEntry,
    index: usize,
) -> Result<LetterStatus, Fault> {
    let before = match existing {
        Some(row) => row.status()?,
        None => LetterStatus::Draft,
    };
    let Some(wanted) = &entry.status else {
        return Ok(before);
    };
    match before.clone().reach(wanted) {
        Ok(status) => Ok(status),
        Err(refused) => {
            let path = Path::root().at("letters").at(index).at("status");
            writing.illegal(&path, refused);
            Ok(before)
        }
    }
}
