//! What is told of a paper, by a page or to a program: what stands on it, what it is worth, and no more.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use domain::credential::{CredentialKind, CredentialStatus, PaperLanguages};
use domain::{LocalizedText, Site};
use persistence::Verification;
use serde::Serialize;
use serde_json::{Map, Value};
use words::Language;

use super::say::credential as say;

/// One thing that stands on a paper.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    label: &'static str,
    value: String,
}

/// What a paper is worth, in words.
#[derive(Debug, Serialize)]
pub(super) struct Standing {
    kind: &'static str,
    words: &'static str,
    more: Option<String>,
    /// To the one that stands in its place.
    pub(super) link: Option<Link>,
    /// That its holder accepted it.
    pub(super) accepted: Option<String>,
}

/// A link, relative to the page.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) words: String,
}

/// A text in the languages that the paper has it in, each with its tag.
fn texts(text: &LocalizedText, languages: PaperLanguages) -> Vec<(&str, &str)> {
    let shown: &[Language] = match languages {
        PaperLanguages::Chinese => &[Language::Chinese],
        PaperLanguages::English => &[Language::English],
        PaperLanguages::Bilingual => &[Language::Chinese, Language::English],
    };
    let mut found: Vec<(&str, &str)> = Vec::new();
    for language in shown {
        let wished = language.tag().parse().ok();
        let best = text.best_for(wished.as_slice());
        let mut all = text.texts().iter();
        let tag = all.find(|(_, text)| text.as_str() == best);
        let tag = tag.map_or(text.main_language().as_str(), |(tag, _)| tag.as_str());
        if !found.iter().any(|(_, known)| *known == best) {
            found.push((tag, best));
        }
    }
    found
}

/// A text for people: in their language first, if the paper has it in two.
fn lines(text: &LocalizedText, languages: PaperLanguages, language: Language) -> String {
    let mut found = texts(text, languages);
    if language == Language::English {
        found.reverse();
    }
    let lines: Vec<_> = found.into_iter().map(|(_, text)| text).collect();
    lines.join("\n")
}

/// What stands on it, in the order in which one reads it.
pub(super) fn facts(found: &Verification, language: Language) -> Vec<Fact> {
    let credential = &found.credential;
    let (kind, paper) = (credential.kind, &credential.paper);
    let said = |text: &LocalizedText| lines(text, credential.languages, language);
    // Each in a line of its own, however many languages it is in.
    let issuers = paper.issuers.iter();
    let issuers: Vec<_> = issuers.map(|one| said(one).replace('\n', " · ")).collect();
    let all = [
        (say::number(language), Some(credential.number.clone())),
        (say::holder(language), Some(said(&paper.holder))),
        (say::title(language, kind), Some(said(&paper.title))),
        (say::body(language, kind), paper.body.as_ref().map(said)),
        (
            say::term(language, kind),
            say::span(language, paper.since, paper.until),
        ),
        (say::event(language), Some(said(&paper.event))),
        (
            say::issuers(language),
            Some(issuers.join("\n")).filter(|issuers| !issuers.is_empty()),
        ),
        (say::signatory(language), paper.signatory.clone()),
        (
            say::dated(language),
            Some(say::date(language, paper.issued_on)),
        ),
        (say::office(language), Some(found.office.clone())),
    ];
    let known = all.into_iter();
    known
        .filter_map(|(label, value)| {
            let value = value?;
            Some(Fact { label, value })
        })
        .collect()
}

/// What it is worth.
pub(super) fn standing(found: &Verification, language: Language) -> Standing {
    let day = |at: DateTime<Utc>| say::date(language, found.zone.local(at).date());
    let more = match &found.credential.status {
        CredentialStatus::Revoked { at, reason } => Some(say::revoked(language, &day(*at), reason)),
        CredentialStatus::Superseded { at, .. } => Some(say::superseded(language, &day(*at))),
        CredentialStatus::Valid => {
            use domain::credential::CredentialState as State;
            let until = found.credential.paper.until;
            let until = until.filter(|_| found.state == State::Expired);
            until.map(|last| say::expired(language, &say::date(language, last)))
        }
    };
    let (kind, words) = say::state(language, found.state);
    Standing {
        kind,
        words,
        more,
        link: None,
        accepted: None,
    }
}

/// What it is, as a title.
pub(super) fn title(kind: CredentialKind, language: Language) -> String {
    let words = words::credential(kind, language);
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// The same for programs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    status: String,
    kind: String,
    number: String,
    code: String,
    verification_url: String,
    holder: Value,
    title: Value,
    body: Option<Value>,
    event_title: Value,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    issuers: Vec<Value>,
    signatory: Option<String>,
    issued_on: NaiveDate,
    office: String,
    status_since: Option<String>,
    revocation_reason: Option<String>,
    superseded_by: Option<Successor>,
    /// Of the file that was sent, which is its document.
    #[serde(skip_serializing_if = "Option::is_none")]
    document_hash: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Successor {
    number: String,
    code: String,
    verification_url: String,
}

impl Told {
    pub(super) fn of(found: Verification, site: &Site, document_hash: Option<String>) -> Self {
        let Verification {
            credential,
            office,
            state,
            superseded_by,
            zone: _,
        } = found;
        let said = |text: &LocalizedText| {
            let all = texts(text, credential.languages).into_iter();
            let all: Map<_, _> = all
                .map(|(tag, text)| (tag.to_owned(), Value::from(text)))
                .collect();
            Value::Object(all)
        };
        let paper = &credential.paper;
        let (status_since, revocation_reason) = match &credential.status {
            CredentialStatus::Valid => (None, None),
            CredentialStatus::Revoked { at, reason } => (Some(*at), Some(reason.clone())),
            CredentialStatus::Superseded { at, .. } => (Some(*at), None),
        };
        let status_since = status_since.map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true));
        Self {
            status: state.to_string(),
            kind: credential.kind.to_string(),
            code: credential.code.to_string(),
            verification_url: site.verify(&credential.code),
            holder: said(&paper.holder),
            title: said(&paper.title),
            body: paper.body.as_ref().map(said),
            event_title: said(&paper.event),
            valid_from: paper.since,
            valid_until: paper.until,
            issuers: paper.issuers.iter().map(said).collect(),
            signatory: paper.signatory.clone(),
            issued_on: paper.issued_on,
            office,
            status_since,
            revocation_reason,
            superseded_by: superseded_by.map(|(number, code)| Successor {
                number,
                verification_url: site.verify(&code),
                code: code.to_string(),
            }),
            document_hash,
            number: credential.number,
        }
    }
}
