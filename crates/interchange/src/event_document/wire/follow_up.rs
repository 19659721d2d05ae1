//! What came of an event, as it is written: letters, tasks, reports.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use domain::action_item::ActionItemState;
use domain::{Key, LanguageTag, UnknownWord, Word};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event_document::leaf::{Figure, Line, LocalTime, OneOf, Passage, Written};

/// A letter by which a person is appointed to a post.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Letter {
    /// Its key.
    pub(in crate::event_document) key: Written<Key>,
    /// Who is appointed, by the key in `people`.
    pub(in crate::event_document) appointee: Written<Key>,
    /// To which body, by the key in `organizations`.
    pub(in crate::event_document) body: Written<Key>,
    /// To which post.
    pub(in crate::event_document) post: Written<Line>,
    /// The first day of the term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) since: Option<Written<NaiveDate>>,
    /// The last day of the term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) until: Option<Written<NaiveDate>>,
    /// Who issues it, by the keys in `organizations`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) issuers: Vec<Written<Key>>,
    /// Who signs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) signatory: Option<Written<Line>>,
    /// The number that it bears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) number: Option<Written<Line>>,
    /// What it is worth. Left out: untouched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) status: Option<OneOf<LetterWord>>,
    /// The date that it bears, once it is issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) issued_on: Option<Written<NaiveDate>>,
    /// The day from which it is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) revoked_on: Option<Written<NaiveDate>>,
    /// Why it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) revocation_reason: Option<Written<Passage>>,
}

/// Something that must now be done.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct ActionItem {
    /// Its key.
    pub(in crate::event_document) key: Written<Key>,
    /// What.
    pub(in crate::event_document) description: Written<Passage>,
    /// How far it has come. Left out: untouched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) status: Option<OneOf<ActionItemState>>,
    /// What was reported of it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) progress: Option<Written<Passage>>,
    /// Who set it, by the key in `people`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) set_by: Option<Written<Key>>,
    /// The organizations that are to do it, by their keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) responsible: Vec<Written<Key>>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) due_on: Option<Written<NaiveDate>>,
    /// Whether it is to be done again and again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) recurring: Option<bool>,
}

/// How the event was reported.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Report {
    /// Its key.
    pub(in crate::event_document) key: Written<Key>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) title: Option<Written<Line>>,
    /// Who published it.
    pub(in crate::event_document) publisher: Written<Line>,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) published_on: Option<Written<NaiveDate>>,
    /// Day and time, by the clocks of the event's time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) published_at: Option<Written<LocalTime>>,
    /// The language that it is written in.
    pub(in crate::event_document) language: Written<LanguageTag>,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) url: Option<Written<Line>>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) credits: Vec<Credit>,
    /// The figures that it gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) key_figures: Vec<KeyFigure>,
    /// The documents that it cites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::event_document) documents_cited: Vec<Written<Line>>,
}

/// Someone who made a report.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct Credit {
    /// As what.
    pub(in crate::event_document) role: Written<Line>,
    /// Who.
    pub(in crate::event_document) name: Written<Line>,
}

/// A figure that a report gives.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::event_document) struct KeyFigure {
    /// What it counts.
    pub(in crate::event_document) label: Written<Line>,
    /// The figure.
    pub(in crate::event_document) value: Figure,
    /// What it is counted in, where the figure does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) unit: Option<Written<Line>>,
    /// What is said of it besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::event_document) note: Option<Written<Passage>>,
}

/// What a letter can be said to be. That its term is over follows from `until` and the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::event_document) enum LetterWord {
    /// Being prepared.
    Draft,
    /// Issued, and good.
    Issued,
    /// Taken back.
    Revoked,
}

impl Word for LetterWord {
    const SET: &'static str = "letter status";
    const ALL: &'static [Self] = &[Self::Draft, Self::Issued, Self::Revoked];

    fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Issued => "ISSUED",
            Self::Revoked => "REVOKED",
        }
    }
}

impl fmt::Display for LetterWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for LetterWord {
    type Err = UnknownWord;

    fn from_str(spelling: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .iter()
            .copied()
            .find(|word| word.as_str() == spelling)
            .ok_or_else(|| UnknownWord {
                set: Self::SET,
                found: spelling.to_owned(),
                all: Self::ALL.iter().map(|word| word.as_str()).collect(),
            })
    }
}
