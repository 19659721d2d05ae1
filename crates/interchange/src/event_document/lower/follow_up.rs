//! Letters, tasks and reports, from what is written to what the domain knows.

use domain::appointment_letter::LetterStatus;
use domain::event_document::{ActionItemEntry, LetterEntry, ReportEntry};
use domain::problem::{Path, Problem};
use domain::report::{Credit, KeyFigure};

use super::{Lowering, line, lines, passage, value, values, word};
use crate::event_document::leaf::{LocalTime, OneOf, Written};
use crate::event_document::wire::{self, LetterWord};

impl Lowering {
    pub(super) fn letter(&mut self, letter: wire::Letter, at: &Path) -> LetterEntry {
        let status = self.letter_status(&letter, at);
        LetterEntry {
            key: letter.key.0,
            appointee: letter.appointee.0,
            body: letter.body.0,
            post: letter.post.0.0,
            since: value(letter.since),
            until: value(letter.until),
            issuers: values(letter.issuers),
            signatory: line(letter.signatory),
            number: line(letter.number),
            status,
        }
    }

    /// The status with its facts: each that it needs, and none that it cannot have.
    fn letter_status(&mut self, letter: &wire::Letter, at: &Path) -> Option<LetterStatus> {
        let issued = letter.issued_on.as_ref().map(|day| day.0);
        let revoked = letter.revoked_on.as_ref().map(|day| day.0);
        let reason = letter
            .revocation_reason
            .as_ref()
            .map(|reason| reason.0.0.clone());
        let status = letter.status.map(|OneOf(status)| status);

        let mut refuse = |member, message: &str| {
            self.problems
                .push(Problem::invalid(&at.at(member), message));
        };
        if status.is_none() && (issued.is_some() || revoked.is_some() || reason.is_some()) {
            let word = if revoked.is_some() || reason.is_some() {
                "REVOKED"
            } else {
                "ISSUED"
            };
            refuse(
                "status",
                &format!("is missing: write `status: {word}` with these dates"),
            );
            return None;
        }
        if status == Some(LetterWord::Draft) && issued.is_some() {
            refuse(
                "issuedOn",
                "cannot be said of a draft: write `status: ISSUED`",
            );
        }
        if matches!(status, Some(LetterWord::Draft | LetterWord::Issued)) {
            let message = "can be said of a revoked letter only: write `status: REVOKED`";
            if revoked.is_some() {
                refuse("revokedOn", message);
            }
            if reason.is_some() {
                refuse("revocationReason", message);
            }
        }
        let needs_issue = matches!(status, Some(LetterWord::Issued | LetterWord::Revoked));
        if needs_issue && issued.is_none() {
            refuse("issuedOn", "is missing: the date that the letter bears");
        }
        if status == Some(LetterWord::Revoked) && revoked.is_none() {
            refuse(
                "revokedOn",
                "is missing: the day from which the letter is revoked",
            );
        }

        match status? {
            LetterWord::Draft => Some(LetterStatus::Draft),
            LetterWord::Issued => Some(LetterStatus::Issued { on: issued? }),
            LetterWord::Revoked => Some(LetterStatus::Revoked {
                issued_on: issued?,
                on: revoked?,
                reason,
            }),
        }
    }

    pub(super) fn report(&mut self, report: wire::Report, at: &Path) -> ReportEntry {
        let published_on = value(report.published_on);
        let published_at = match report.published_at {
            Some(Written(LocalTime::On(time))) => Some(time),
            Some(Written(LocalTime::Clock(time))) if published_on.is_some() => {
                published_on.map(|day| day.and_time(time))
            }
            Some(Written(LocalTime::Clock(time))) => {
                let time = time.format("%H:%M");
                let message = format!("must be written with its day, such as 2024-05-14T{time}");
                self.problems
                    .push(Problem::invalid(&at.at("publishedAt"), message));
                None
            }
            None => None,
        };
        ReportEntry {
            key: report.key.0,
            title: line(report.title),
            publisher: report.publisher.0.0,
            published_on,
            published_at,
            language: report.language.0,
            url: line(report.url),
            credits: report
                .credits
                .into_iter()
                .map(|credit| Credit {
                    role: credit.role.0.0,
                    name: credit.name.0.0,
                })
                .collect(),
            key_figures: report.key_figures.into_iter().map(key_figure).collect(),
            documents_cited: lines(report.documents_cited),
        }
    }
}

fn key_figure(figure: wire::KeyFigure) -> KeyFigure {
    KeyFigure {
        label: figure.label.0.0,
        value: figure.value.0,
        unit: line(figure.unit),
        note: passage(figure.note),
    }
}

pub(super) fn action_item(action: wire::ActionItem) -> ActionItemEntry {
    ActionItemEntry {
        key: action.key.0,
        description: action.description.0.0,
        status: word(action.status),
        progress: passage(action.progress),
        set_by: value(action.set_by),
        responsible: values(action.responsible),
        due_on: value(action.due_on),
        recurring: action.recurring,
    }
}
