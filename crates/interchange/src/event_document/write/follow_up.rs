//! Letters, tasks and reports, as they are written.

use domain::appointment_letter::LetterStatus;
use domain::event_document::{ActionItemEntry, LetterEntry, ReportEntry};
use domain::report::{Credit, KeyFigure};

use super::{keys, line, lines, passage, value, word};
use crate::event_document::leaf::{Figure, Line, LocalTime, OneOf, Passage, Written};
use crate::event_document::wire::{self, LetterWord};

pub(super) fn letter(letter: &LetterEntry) -> wire::Letter {
    let (status, issued_on, revoked_on, reason) = match &letter.status {
        None => (None, None, None, None),
        Some(LetterStatus::Draft) => (Some(LetterWord::Draft), None, None, None),
        Some(LetterStatus::Issued { on }) => (Some(LetterWord::Issued), Some(on), None, None),
        Some(LetterStatus::Revoked {
            issued_on,
            on,
            reason,
        }) => (
            Some(LetterWord::Revoked),
            Some(issued_on),
            Some(on),
            reason.as_ref(),
        ),
    };
    wire::Letter {
        key: Written(letter.key.clone()),
        appointee: Written(letter.appointee.clone()),
        body: Written(letter.body.clone()),
        post: Written(Line(letter.post.clone())),
        since: value(letter.since.as_ref()),
        until: value(letter.until.as_ref()),
        issuers: keys(&letter.issuers),
        signatory: line(letter.signatory.as_ref()),
        number: line(letter.number.as_ref()),
        status: word(status),
        issued_on: value(issued_on),
        revoked_on: value(revoked_on),
        revocation_reason: passage(reason),
    }
}

pub(super) fn action_item(action: &ActionItemEntry) -> wire::ActionItem {
    wire::ActionItem {
        key: Written(action.key.clone()),
        description: Written(Passage(action.description.clone())),
        status: action.status.map(OneOf),
        progress: passage(action.progress.as_ref()),
        set_by: value(action.set_by.as_ref()),
        responsible: keys(&action.responsible),
        due_on: value(action.due_on.as_ref()),
        recurring: action.recurring,
    }
}

pub(super) fn report(report: &ReportEntry) -> wire::Report {
    wire::Report {
        key: Written(report.key.clone()),
        title: line(report.title.as_ref()),
        publisher: Written(Line(report.publisher.clone())),
        published_on: value(report.published_on.as_ref()),
        published_at: report.published_at.map(|time| Written(LocalTime::On(time))),
        language: Written(report.language.clone()),
        url: line(report.url.as_ref()),
        credits: report.credits.iter().map(credit).collect(),
        key_figures: report.key_figures.iter().map(key_figure).collect(),
        documents_cited: lines(&report.documents_cited),
    }
}

fn credit(credit: &Credit) -> wire::Credit {
    wire::Credit {
        role: Written(Line(credit.role.clone())),
        name: Written(Line(credit.name.clone())),
    }
}

fn key_figure(figure: &KeyFigure) -> wire::KeyFigure {
    wire::KeyFigure {
        label: Written(Line(figure.label.clone())),
        value: Figure(figure.value.clone()),
        unit: line(figure.unit.as_ref()),
        note: passage(figure.note.as_ref()),
    }
}
